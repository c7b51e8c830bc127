//! Everything is forgotten: the services, the keychain and the folder hold nothing any more, and the app
//! is as new.

use std::path::Path;

use renraku_engine::FailureCode;
use renraku_engine::api::{Outcome, ReviewKind};
use renraku_engine::core::contact::Side;
use serde_json::json;

use super::edits::in_step;
use super::rig::Rig;

/// Everything that the files of a folder hold, those of its folders too.
fn contents(folder: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        all.extend(entry.file_name().as_encoded_bytes());
        match path.is_dir() {
            true => all.extend(contents(&path)),
            false => all.extend(std::fs::read(&path).expect("a file")),
        }
    }
    all
}

fn holds(folder: &Path, text: &str) -> bool {
    contents(folder).windows(text.len()).any(|window| window == text.as_bytes())
}

/// A used app: contacts, history, snapshots, a client file, a database that was set aside.
async fn used() -> Rig {
    let mut rig = in_step(3, json!({})).await;
    rig.delete(Side::Google, &rig.find(Side::Google, "Email", "p1@a.test"));
    rig.settle().await;
    rig.decide(ReviewKind::Deletion, "delete");
    rig.settle().await;
    rig.closed(|file| {
        let mut bytes = std::fs::read(file).expect("the database");
        for (at, byte) in bytes.iter_mut().enumerate() {
            if (40..60).contains(&at) || (8_192..8_256).contains(&at) {
                *byte ^= 0x55;
            }
        }
        std::fs::write(file, bytes).expect("it is written");
    });
    for _ in 0..3 {
        let _ = rig.approve_or_fail().await;
    }
    rig.settle().await;
    let clients = json!({"zoho": {"client_id": "1000.ABC", "client_secret": "top-secret"}});
    std::fs::write(rig.home().join("renraku-clients.json"), clients.to_string()).expect("a file");
    let typed = json!({"client_id": "1000.TYPED", "client_secret": "typed-secret",
        "data_centre": "us", "redirect": null, "pkce": true});
    let typed = serde_json::from_value(typed).expect("a client");
    rig.engine().save_client(Side::Zoho, &typed).await.expect("it is kept");
    rig
}

#[tokio::test]
async fn nothing_is_left_and_the_app_is_as_new() {
    let rig = used().await;
    assert!(holds(rig.home(), "p0@a.test") && holds(rig.home(), "damaged-1"), "it was used");
    assert!(!rig.secrets().is_empty());
    let would = rig.engine().kept_here(false).expect("a list");
    let people = Side::BOTH.map(|side| rig.cards(side));
    rig.control.clear_requests();
    let forgotten = rig.engine().forget_everything(None).await.expect("it is forgotten");
    assert_eq!(forgotten.left, Vec::<String>::new());
    assert_eq!(forgotten.gone, would, "what was said is what went");
    assert_eq!(would.len(), 7, "both sign-ins and all that is kept: {would:?}");
    for text in ["a.test", "Family", "damaged", "secret", "snapshots", "1000."] {
        assert!(!holds(rig.home(), text), "no file holds {text}");
    }
    assert_eq!(rig.secrets(), Vec::<String>::new(), "the keychain holds nothing");
    let revoked = rig.control.requests();
    let revoked = revoked.iter().filter(|entry| entry.path.ends_with("/revoke")).count();
    assert_eq!(revoked, 2, "both services were told");
    assert_eq!(Side::BOTH.map(|side| rig.cards(side)), people, "nobody's contacts are touched");
    let accounts = rig.engine().accounts().expect("the accounts");
    assert!(!accounts.zoho.connected && !accounts.google.connected && !accounts.zoho.needs_sign_in);
    assert_eq!(rig.engine().syncs().expect("the syncs"), Vec::new());
    assert_eq!(rig.engine().notice().expect("it is told"), None);
    assert_eq!(rig.engine().kept_here(false).expect("a list").len(), 1, "an empty database");
    for side in Side::BOTH {
        rig.connect_one(side).await;
    }
    rig.contacts(json!({})).await;
    assert_eq!(rig.sync().await.outcome, Outcome::Held, "the first plan waits");
    rig.synced().await;
    rig.settle().await;
    rig.agree(2);
}

#[tokio::test]
async fn a_copy_that_somebody_made_beside_the_database_is_named_and_stays() {
    let mut rig = in_step(2, json!({})).await;
    rig.closed(|file| {
        for copy in ["Backup of May.db", "renraku.damaged-1.db"] {
            std::fs::copy(file, file.with_file_name(copy)).expect("a copy");
        }
        std::fs::write(file.with_file_name("notes.txt"), "SQLite").expect("another file");
    });
    let forgotten = rig.engine().forget_everything(None).await.expect("it is forgotten");
    let told = |name: &str| forgotten.left.iter().filter(|left| left.contains(name)).count();
    assert_eq!((told("Backup of May.db"), forgotten.left.len()), (1, 1), "{forgotten:?}");
    let there = |name: &str| rig.home().join(name).exists();
    assert!(there("Backup of May.db") && there("notes.txt"), "what others made is theirs");
    assert!(!there("renraku.damaged-1.db"), "what was set aside goes");
}

#[tokio::test]
async fn nothing_goes_while_a_run_is_under_way() {
    let rig = in_step(2, json!({})).await;
    let slot = std::fs::File::options().write(true).open(rig.home().join("run.lock"));
    let slot = slot.expect("the slot");
    slot.try_lock().expect("nobody runs");
    let refused = rig.engine().forget_everything(None).await.expect_err("it is refused");
    assert_eq!((refused.code, refused.id.as_str()), (FailureCode::Busy, "error-forget-busy"));
    drop(slot);
    assert_eq!(rig.sync().await.outcome, Outcome::Completed, "everything is as it was");
}

#[tokio::test]
async fn a_sign_in_that_is_still_live_stays_known_until_it_is_taken_back() {
    for why in ["the services do not answer", "the keychain is locked"] {
        let mut rig = in_step(2, json!({})).await;
        let faults = Side::BOTH.map(|side| {
            let rule = json!({"side": side.name(), "traffic": "token", "path": "*revoke*",
                "do": {"answer": {"status": 503, "json": {"error": "backend"}}}});
            (why == "the services do not answer").then(|| rig.fault(rule))
        });
        if faults.iter().all(Option::is_none) {
            rig.lock_keychain_once();
        }
        let forgotten = rig.engine().forget_everything(None).await.expect("the rest is forgotten");
        assert!(!holds(rig.home(), "p0@a.test"), "{why}: the contacts went");
        for page in ["connectedapps", "myaccount.google.com/connections"] {
            let told = forgotten.left.iter().any(|left| left.contains(page));
            assert!(told, "{why}: it says where the access can be taken back: {forgotten:?}");
        }
        let database = rig.engine().catalogue().say("forget-database");
        assert!(forgotten.gone.contains(&database), "{why}: the database went: {forgotten:?}");
        let live = |rig: &Rig| {
            let names = rig.secrets();
            names.iter().filter(|name| !name.starts_with("database|")).count()
        };
        assert_eq!(live(&rig), 2, "{why}: what is needed to try again is kept");
        faults.into_iter().flatten().for_each(|fault| rig.over(fault));
        rig.reopen();
        let accounts = rig.engine().accounts().expect("the accounts");
        assert!(!accounts.zoho.connected && !accounts.google.connected, "{why}");
        let would = rig.engine().kept_here(false).expect("a list");
        assert_eq!(would.len(), 3, "{why}: both are named the next time: {would:?}");
        rig.control.clear_requests();
        let forgotten = rig.engine().forget_everything(None).await.expect("it is forgotten");
        assert_eq!((forgotten.left, rig.secrets()), (Vec::new(), Vec::new()), "{why}");
        let log = rig.control.requests();
        let revoked = log.iter().filter(|entry| entry.path.ends_with("/revoke")).count();
        assert_eq!(revoked, 2, "{why}: both services were told");
    }
}

#[tokio::test]
async fn what_the_keychain_keeps_back_is_said_and_goes_the_next_time() {
    let rig = in_step(2, json!({})).await;
    rig.lock_keychain_once();
    let forgotten = rig.engine().forget_everything(None).await.expect("the rest is forgotten");
    assert!(!forgotten.left.is_empty(), "{forgotten:?}");
    assert!(!holds(rig.home(), "a.test"), "the database went all the same");
    for side in Side::BOTH {
        rig.connect_one(side).await;
    }
    let forgotten = rig.engine().forget_everything(None).await.expect("it is forgotten");
    assert_eq!((forgotten.left, rig.secrets()), (Vec::new(), Vec::new()));
}

#[tokio::test]
async fn what_a_service_may_still_accept_is_said_where_there_is_no_token_to_take_back() {
    let mut rig = in_step(2, json!({})).await;
    rig.move_away();
    let failure = rig.engine().disconnect(Side::Google).await.expect_err("it is said");
    assert_eq!(failure.id, "error-nothing-to-revoke", "{failure:?}");
    let accounts = rig.engine().accounts().expect("the accounts");
    assert!(!accounts.google.connected, "it is disconnected here all the same");
    let forgotten = rig.engine().forget_everything(None).await.expect("it is forgotten");
    let told = forgotten.left.iter().any(|left| left.contains("connectedapps"));
    assert!(told, "it says where the access can be taken back: {forgotten:?}");
    let claimed = forgotten.gone.iter().any(|gone| gone.contains("Zoho"));
    assert!(!claimed, "nothing was taken back: {forgotten:?}");
    let forgotten = rig.engine().forget_everything(None).await.expect("once more");
    assert_eq!(forgotten.left, Vec::<String>::new(), "there is nothing to try again with");
}

#[tokio::test]
async fn sign_ins_that_no_database_names_any_more_leave_the_keychain_and_are_told() {
    let mut rig = in_step(2, json!({})).await;
    rig.closed(|file| {
        let mut bytes = std::fs::read(file).expect("the database");
        bytes.iter_mut().take(100).for_each(|byte| *byte ^= 0x55);
        std::fs::write(file, bytes).expect("it is written");
        let copy = file.with_file_name("settings-copy.json");
        std::fs::remove_file(copy).expect("the copy goes too");
    });
    let accounts = rig.engine().accounts().expect("the accounts");
    assert!(!accounts.zoho.connected && !accounts.google.connected, "nobody is known");
    let forgotten = rig.engine().forget_everything(None).await.expect("it is forgotten");
    for page in ["connectedapps", "myaccount.google.com/connections"] {
        let told = forgotten.left.iter().any(|left| left.contains(page));
        assert!(told, "it says where the access can be taken back: {forgotten:?}");
    }
    assert_eq!(rig.secrets(), Vec::<String>::new(), "no token stays behind");
}
