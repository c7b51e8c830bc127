//! The database on the disk is damaged: it is noticed, set aside and begun anew; nobody's value is
//! overwritten by what the damage made of it, nobody is doubled, and the settings stay.

use std::path::Path;

use renraku_engine::api::{Failure, FailureCode, Outcome, ReviewKind};
use renraku_engine::core::contact::Side;
use serde_json::json;

use super::edits::in_step;
use super::people::card;
use super::rig::Rig;

const PHONE: &str = "+1 212 555 0147";

/// Five pairs in step.
pub(super) async fn five() -> Rig {
    let rig = in_step(4, json!({})).await;
    rig.add(
        Side::Zoho,
        &card(&[("Last_Name", "Byron"), ("Email", "ada@a.test"), ("Phone", PHONE)]),
    );
    rig.settle().await;
    rig.agree(5);
    rig
}

/// Five pairs in step, one of them edited in Google since.
async fn edited() -> Rig {
    let rig = five().await;
    let ada = rig.find(Side::Google, "Email", "ada@a.test");
    rig.edit(Side::Google, &ada, "Title", Some("Countess"));
    rig
}

/// Syncs as a person does who reads what is said and approves the plan.
pub(super) async fn lived_through(rig: &Rig, what: &str) {
    let mut trouble = 0;
    loop {
        match rig.engine().sync(None, false).await {
            Ok(runs) if runs.runs.iter().any(|run| run.outcome == Outcome::Held) => {
                let run = rig.approve_or_fail().await.unwrap_or_else(|e| panic!("{what}: {e:?}"));
                assert_eq!(run.outcome, Outcome::Completed, "{what}: {run:?}");
                break;
            }
            Ok(runs) if runs.runs.iter().all(|run| run.outcome == Outcome::Completed) => break,
            // The sentence about the damage, once or twice where the damage is in two places.
            Ok(runs) => {
                let store =
                    |run: &renraku_engine::api::Run| run.failure == Some(FailureCode::Store);
                assert!(runs.runs.iter().all(store), "{what}: {runs:?}");
                trouble += 1;
            }
            Err(failure) => {
                assert_eq!(failure.code, FailureCode::Store, "{what}: {failure:?}");
                assert_eq!(failure.id, "error-database-damaged", "{what}");
                trouble += 1;
            }
        }
        assert!(trouble < 4, "{what}: it goes on");
    }
    // The new database cannot tell whether a value was typed on one side or taken out on the other.
    if rig.review().iter().any(|item| item.kind == ReviewKind::Difference) {
        let ada = rig.find(Side::Zoho, "Email", "ada@a.test");
        let typed = rig.value(Side::Zoho, &ada, "Title").map_or(Side::Google, |_| Side::Zoho);
        rig.decide(ReviewKind::Difference, typed.name());
    }
    rig.settle().await;
    rig.agree(5);
    let ada = rig.find(Side::Zoho, "Email", "ada@a.test");
    assert_eq!(rig.value(Side::Zoho, &ada, "Title").as_deref(), Some("Countess"), "{what}");
    assert_eq!(rig.value(Side::Zoho, &ada, "Phone").as_deref(), Some(PHONE), "{what}");
}

/// Syncs and approves until what was to be done is done, whatever is said in between.
pub(crate) async fn approved(rig: &Rig) {
    for _ in 0..3 {
        let _ = rig.engine().sync(None, false).await;
        let _ = rig.approve_or_fail().await;
    }
}

pub(super) fn aside(home: &Path) -> usize {
    let files = std::fs::read_dir(home).expect("the folder").flatten();
    files.filter(|file| file.file_name().to_string_lossy().ends_with(".damaged-1.db")).count()
}

#[tokio::test]
async fn whichever_page_is_damaged_both_sides_end_in_step_and_nobody_is_doubled() {
    let (mut page, mut noticed) = (0, 0);
    loop {
        let mut rig = edited().await;
        let mut last = false;
        rig.closed(|file| {
            let mut bytes = std::fs::read(file).expect("the database");
            // What a page says of itself is at its beginning.
            let at = page * 8_192;
            for (place, byte) in bytes.iter_mut().skip(at).take(24).enumerate() {
                if place % 8 == 3 {
                    *byte ^= 0x55;
                }
            }
            last = bytes.len() <= at + 8_192;
            std::fs::write(file, bytes).expect("it is written");
        });
        lived_through(&rig, &format!("page {page}")).await;
        noticed += aside(rig.home());
        if last {
            break;
        }
        page += 1;
    }
    assert!(noticed > 5, "it was set aside {noticed} times of {page}");
}

/// What a look says at once, or after the one sentence about a damage.
fn told<T: std::fmt::Debug>(look: impl Fn() -> Result<T, Failure>, what: &str) -> T {
    match look() {
        Ok(told) => told,
        Err(failure) => {
            assert_eq!(failure.id, "error-database-damaged", "{what}: {failure:?}");
            look().unwrap_or_else(|failure| panic!("{what}: it stays damaged: {failure:?}"))
        }
    }
}

#[tokio::test]
async fn three_bytes_flipped_in_any_page_make_nobody_look_as_if_never_connected() {
    let (mut page, mut noticed) = (0, 0);
    loop {
        let mut rig = edited().await;
        let mut last = false;
        rig.closed(|file| {
            let mut bytes = std::fs::read(file).expect("the database");
            let at = page * 8_192;
            last = bytes.len() <= at + 8_192;
            // What is kept stands at the end of a page.
            for place in [8_191 - page % 7, 8_180 - page % 11, 4_099 * (page % 2) + 8] {
                let byte = bytes.get_mut(at + place).expect("whole pages");
                *byte ^= 1 << (page % 7);
            }
            std::fs::write(file, bytes).expect("it is written");
        });
        let what = format!("page {page}");
        let accounts = told(|| rig.engine().accounts(), &what);
        assert!(accounts.zoho.connected && accounts.google.connected, "{what}: {accounts:?}");
        assert_eq!(told(|| rig.engine().syncs(), &what).len(), 1, "{what}: the sync is there");
        lived_through(&rig, &what).await;
        rig.contacts(json!({})).await;
        noticed += aside(rig.home());
        if last {
            break;
        }
        page += 1;
    }
    assert!(noticed > 5, "it was set aside {noticed} times of {page}");
}

#[tokio::test]
async fn a_letter_that_flipped_in_the_rules_is_never_written_to_a_service() {
    for (text, flipped) in [(&b"phoneNumbers[work]"[..], 13), (&b"http://127."[..], 3)] {
        let mut rig = edited().await;
        let mut found = 0;
        rig.closed(|file| {
            let mut bytes = std::fs::read(file).expect("the database");
            let places: Vec<usize> = bytes
                .windows(text.len())
                .enumerate()
                .filter(|(_, window)| *window == text)
                .map(|(at, _)| at)
                .collect();
            found = places.len();
            for at in places {
                if let Some(byte) = bytes.get_mut(at + flipped) {
                    *byte ^= 0x01;
                }
            }
            std::fs::write(file, bytes).expect("it is written");
        });
        let what = String::from_utf8_lossy(text).into_owned();
        assert!(found > 0, "{what} stands in the database");
        lived_through(&rig, &what).await;
        assert_eq!(aside(rig.home()), 1, "{what}: it was set aside");
    }
}

#[tokio::test]
async fn a_digit_that_flipped_on_the_disk_is_never_written_to_a_service() {
    let (mut place, mut noticed) = (0, 0);
    loop {
        let mut rig = edited().await;
        let mut found = false;
        rig.closed(|file| {
            let mut bytes = std::fs::read(file).expect("the database");
            let places: Vec<usize> = bytes
                .windows(4)
                .enumerate()
                .filter(|(_, window)| window == b"0147")
                .map(|(at, _)| at)
                .collect();
            if let Some(byte) = places.get(place).and_then(|at| bytes.get_mut(*at)) {
                *byte = b'9';
                found = true;
            }
            std::fs::write(file, bytes).expect("it is written");
        });
        if !found {
            break;
        }
        lived_through(&rig, &format!("place {place}")).await;
        noticed += aside(rig.home());
        place += 1;
    }
    assert!(place >= 4, "the number stands in {place} places");
    assert!(noticed >= 2, "it was noticed in {noticed} of {place}");
}

#[tokio::test]
async fn a_text_that_is_no_text_any_more_is_damage() {
    let mut rig = edited().await;
    rig.closed(|file| {
        let mut bytes = std::fs::read(file).expect("the database");
        let places: Vec<usize> = bytes
            .windows(8)
            .enumerate()
            .filter(|(_, window)| window == b"Countess" || window == b"ada@a.te")
            .map(|(at, _)| at)
            .collect();
        assert!(!places.is_empty());
        for at in places {
            bytes[at..].iter_mut().take(1).for_each(|byte| *byte = 0xFE);
        }
        std::fs::write(file, bytes).expect("it is written");
    });
    lived_through(&rig, "no text").await;
    assert_eq!(aside(rig.home()), 1, "it was set aside");
}

#[tokio::test]
async fn after_a_damage_the_accounts_and_the_sync_are_there_and_the_plan_waits() {
    let mut rig = edited().await;
    let before = rig.engine().accounts().expect("the accounts");
    rig.closed(|file| std::fs::write(file, "SQLite? Hardly.").expect("it is written"));
    assert_eq!(rig.engine().accounts().expect("the accounts"), before, "nobody signs in again");
    let notice = rig.engine().notice().expect("it is told").expect("a sentence");
    assert!(notice.contains("renraku.damaged-1.db"), "it names the old file: {notice}");
    let syncs = rig.engine().syncs().expect("the syncs");
    assert_eq!(syncs.first().and_then(|sync| sync.message.clone()), Some(notice), "the window too");
    rig.control.clear_requests();
    let held = rig.sync().await;
    assert_eq!(held.outcome, Outcome::Held, "the plan waits: {held:?}");
    assert!(held.message.unwrap_or_default().contains("renraku.damaged-1.db"));
    for side in Side::BOTH {
        assert!(rig.writes(side).is_empty(), "nothing is written before");
    }
    lived_through(&rig, "approved").await;
    assert_eq!(rig.engine().notice().expect("it is told"), None, "said until it is whole again");
}

#[tokio::test]
async fn who_was_kept_apart_stays_apart_after_a_damage() {
    let mut rig = in_step(4, json!({"on_delete": "keep"})).await;
    rig.delete(Side::Google, &rig.find(Side::Google, "Email", "p1@a.test"));
    rig.settle().await;
    let before = Side::BOTH.map(|side| rig.cards(side));
    rig.closed(|file| {
        // The end is gone, as after a disk that did not write everything.
        let bytes = std::fs::read(file).expect("the database");
        let mut bytes = bytes;
        let at = bytes.windows(4).position(|window| window == b"p2@a").expect("a contact");
        bytes[at..].iter_mut().take(1).for_each(|byte| *byte = 0xFF);
        std::fs::write(file, bytes).expect("it is written");
    });
    approved(&rig).await;
    assert_eq!(Side::BOTH.map(|side| rig.cards(side)), before, "nobody came back");
}

#[tokio::test]
async fn who_was_decided_about_is_not_made_by_a_damage() {
    type Harm = fn(&Path);
    let harms: [(&str, Harm); 2] = [
        ("damaged", |file| std::fs::write(file, "SQLite? Hardly.").expect("it is written")),
        ("gone", |file| std::fs::remove_file(file).expect("it goes")),
    ];
    for (what, harm) in harms {
        let mut rig = in_step(4, json!({})).await;
        // One end of a pair is gone and asked about.
        rig.delete(Side::Google, &rig.find(Side::Google, "Email", "p1@a.test"));
        // A pair that was unlinked.
        let pair = rig.one("p2@a.test").contact;
        rig.engine().unlink(&pair).await.expect("it is unlinked");
        rig.delete(Side::Google, &rig.find(Side::Google, "Email", "p2@a.test"));
        rig.settle().await;
        // Somebody new whom the person left out.
        rig.add(Side::Zoho, &card(&[("Last_Name", "Byron"), ("Email", "ada@a.test")]));
        rig.engine().preview(None).await.expect("a preview reads");
        let alone = rig.one("ada@a.test").contact;
        rig.engine().leave_out(&[alone]).await.expect("she is left out");
        let before = Side::BOTH.map(|side| rig.cards(side));
        rig.closed(harm);
        approved(&rig).await;
        assert_eq!(Side::BOTH.map(|side| rig.cards(side)), before, "{what}: nobody was made");
        assert_eq!(rig.review().len(), 1, "{what}: it is asked again: {:?}", rig.review());
    }
}

/// Flips the byte that stands `ahead` of the beginning of each such text in the database; answers how many
/// there are.
pub(super) fn flip(rig: &mut Rig, text: &[u8], ahead: usize) -> usize {
    let mut places = Vec::new();
    rig.closed(|file| {
        let mut bytes = std::fs::read(file).expect("the database");
        let windows = bytes.windows(text.len()).enumerate();
        places = windows.filter(|(_, window)| *window == text).map(|(at, _)| at).collect();
        for at in &places {
            if let Some(byte) = bytes.get_mut(at + ahead) {
                *byte ^= 0x01;
            }
        }
        std::fs::write(file, bytes).expect("it is written");
    });
    places.len()
}

#[tokio::test]
async fn a_letter_that_flipped_in_a_key_hides_nobody() {
    let mut rig = Rig::new().await;
    // Known, but outside the label: found by what it is looked up by, and by nothing else.
    rig.add_with(Side::Google, &card(&[("Last_Name", "In"), ("Email", "in@a.test")]), &["CRM"]);
    rig.add(Side::Google, &card(&[("Last_Name", "Out"), ("Email", "out@a.test")]));
    rig.contacts(json!({"google_label": "CRM"})).await;
    rig.settle().await;
    assert!(flip(&mut rig, b"googlekeyout@a.test", 9) > 0, "the key is in the database");
    rig.add(Side::Zoho, &card(&[("Last_Name", "Outer"), ("Email", "out@a.test")]));
    approved(&rig).await;
    let cards = rig.cards(Side::Google);
    let twins = cards.iter().filter(|c| c.get("Email").is_some_and(|e| e == "out@a.test"));
    assert_eq!(twins.count(), 1, "nobody is made a second time: {cards:?}");
    assert_eq!(aside(rig.home()), 1, "it was set aside");
}

#[tokio::test]
async fn a_letter_that_flipped_in_the_history_is_written_by_no_undo() {
    let mut rig = edited().await;
    rig.settle().await;
    let ada = rig.find(Side::Google, "Email", "ada@a.test");
    rig.edit(Side::Google, &ada, "Title", Some("Lady"));
    let run = rig.synced().await;
    rig.settle().await;
    assert!(flip(&mut rig, b"Countess", 2) > 0, "the old value is in the database");
    let failure = rig.engine().undo(run.run, None).await.expect_err("it is noticed");
    assert_eq!(failure.id, "error-database-damaged", "{failure:?}");
    for side in Side::BOTH {
        let ada = rig.find(side, "Email", "ada@a.test");
        assert_eq!(rig.value(side, &ada, "Title").as_deref(), Some("Lady"), "{}", side.name());
    }
}
