//! What leads nowhere: a pair, a key, a change or a merge names a contact of which there is no copy. It is read
//! again, or the database is damaged; and whoever is to be looked at stays so until they were.

use std::time::Duration;

use renraku_engine::api::Outcome;
use renraku_engine::core::contact::Side;
use renraku_store::{Place, Reading, State, Store};
use serde_json::json;

use super::damage::{approved, aside, five, flip, lived_through};
use super::edits::in_step;
use super::people::card;
use super::rig::Rig;

/// Flips the last letter of the name of a contact's place, which stands before its id, or the last of the id:
/// to either nobody's copy is there any more. A place is in no row's checksum.
fn lose(rig: &mut Rig, side: Side, id: &str, in_place: bool) {
    let place = if side == Side::Google { "google" } else { "Contacts" };
    let text = format!("{place}{id}");
    let last = if in_place { place.len() } else { text.len() } - 1;
    assert!(flip(rig, text.as_bytes(), last) > 0, "{text} is in the database");
}

#[tokio::test]
async fn a_pair_of_which_one_copy_is_not_there_is_never_passed_over() {
    for side in Side::BOTH {
        for in_place in [true, false] {
            let what = format!("{} {in_place}", side.name());
            let mut rig = five().await;
            let ids = Side::BOTH.map(|side| rig.find(side, "Email", "ada@a.test"));
            let [zoho, google] = &ids;
            let (lost, edited) = if side == Side::Zoho { (zoho, google) } else { (google, zoho) };
            lose(&mut rig, side, lost, in_place);
            rig.edit(side.other(), edited, "Title", Some("Countess"));
            lived_through(&rig, &what).await;
            let damaged = usize::from(!in_place);
            assert_eq!(aside(rig.home()), damaged, "{what}: read again, or set aside");
            assert_eq!(rig.sync().await.outcome, Outcome::Completed, "{what}: in step");
            rig.agree(5);
        }
    }
}

#[tokio::test]
async fn a_key_that_leads_to_no_copy_makes_nobody_a_second_time() {
    for in_place in [true, false] {
        let mut rig = Rig::new().await;
        rig.add_with(Side::Google, &card(&[("Last_Name", "In"), ("Email", "in@a.test")]), &["CRM"]);
        let out = rig.add(Side::Google, &card(&[("Last_Name", "Out"), ("Email", "out@a.test")]));
        rig.contacts(json!({"google_label": "CRM"})).await;
        rig.settle().await;
        lose(&mut rig, Side::Google, &out, in_place);
        rig.add(Side::Zoho, &card(&[("Last_Name", "Outer"), ("Email", "out@a.test")]));
        approved(&rig).await;
        let cards = rig.cards(Side::Google);
        let twins = cards.iter().filter(|c| c.get("Email").is_some_and(|e| e == "out@a.test"));
        assert_eq!(twins.count(), 1, "nobody is made a second time: {cards:?}");
    }
}

#[tokio::test]
async fn who_waits_and_whose_copy_is_not_there_is_read_again() {
    let mut rig = in_step(1, json!({"limits": {"first_run": 1, "later_run": 1}})).await;
    let names = ["Ada", "Grace", "Hedy"];
    for name in names {
        let address = format!("{name}@a.test");
        rig.add(Side::Zoho, &card(&[("Last_Name", name), ("Email", &address)]));
    }
    // What changed shortly before a run is read once more by the next one, and then no more.
    for waiting in [2, 1] {
        rig.later(Duration::from_secs(3_600));
        assert_eq!(rig.sync().await.waiting, waiting, "a limit leaves some");
    }
    let made = rig.cards(Side::Google);
    let is_made = |name: &&str| made.iter().any(|c| c.get("Last_Name").is_some_and(|n| n == *name));
    let waits = names.into_iter().find(|name| !is_made(name)).expect("one waits");
    let id = rig.find(Side::Zoho, "Last_Name", waits);
    lose(&mut rig, Side::Zoho, &id, true);
    // Where the name is in another place of the index now, the damage is met before anybody is made.
    approved(&rig).await;
    rig.settle().await;
    rig.agree(4);
}

#[tokio::test]
async fn a_copy_under_a_name_that_is_not_its_own_makes_nobody() {
    let mut rig = in_step(2, json!({})).await;
    rig.add(Side::Zoho, &card(&[("Last_Name", "Solo")]));
    rig.settle().await;
    let solo = rig.find(Side::Google, "Last_Name", "Solo");
    rig.closed(|file| {
        let store = Store::open(file.parent().expect("a folder")).expect("the database");
        let row = store.read(|db| Store::mirrored(db, 1, Place::Google, &solo));
        let row = row.expect("a look").expect("her copy");
        let (version, modified, seen, traces) = (row.version, row.modified, row.seen, row.traces);
        let (id, raw, scopes) = ("people/c1".to_owned(), row.raw.into(), Some(row.scopes));
        let other = Reading { id, version, modified, raw, seen, scopes, traces, readable: true };
        let taken = store.write(|db| Store::take_in(db, 1, Place::Google, &other, 1, 0).map(drop));
        taken.expect("it is kept");
    });
    assert_eq!(rig.sync().await.outcome, Outcome::Completed);
    rig.settle().await;
    rig.agree(3);
}

#[tokio::test]
async fn a_survivor_of_a_merge_of_which_there_is_no_copy_is_read_before_anybody_goes() {
    for side in Side::BOTH {
        let what = side.name();
        let mut rig = in_step(3, json!({"on_delete": "delete"})).await;
        rig.later(Duration::from_secs(86_400));
        rig.synced().await;
        let ids = ["p0@a.test", "p1@a.test"].map(|email| rig.find(side, "Email", email));
        let [lost, survivor] = ids;
        let merged = State::Merged(survivor.clone());
        rig.closed(|file| {
            let store = Store::open(file.parent().expect("a folder")).expect("the database");
            let place = Place::of(side, renraku_engine::core::contact::Module::Contacts);
            let noted = store.write(|db| Store::set_state(db, 1, place, &lost, &merged));
            noted.expect("it is noted");
        });
        lose(&mut rig, side, &survivor, true);
        assert_eq!(rig.sync().await.outcome, Outcome::Completed, "{what}");
        assert_eq!(rig.review(), Vec::new(), "{what}: nobody is asked about");
        assert_eq!(rig.cards(side.other()).len(), 3, "{what}: nobody is deleted");
        rig.settle().await;
        rig.agree(3);
    }
}

#[tokio::test]
async fn who_is_to_be_looked_at_after_a_full_list_is_looked_at_whatever_cuts_it_off() {
    let rig = in_step(3, json!({"on_delete": "delete"})).await;
    rig.delete(Side::Google, &rig.find(Side::Google, "Email", "p0@a.test"));
    rig.later(Duration::from_secs(3_600));
    rig.control.call("POST", "expire", json!({"what": "google_sync_tokens"})).expect("expired");
    let fault = rig.fault(json!({"side": "google", "path": "*batchGet", "do": "drop_before"}));
    assert_eq!(rig.approve().await.outcome, Outcome::Failed, "it is cut off in the middle");
    rig.over(fault);
    rig.settle().await;
    rig.agree(2);
}

#[tokio::test]
async fn looks_at_many_are_kept_portion_by_portion() {
    let many = 201;
    let rig = in_step(many, json!({})).await;
    for id in rig.everybody(Side::Google).into_iter().map(|(id, _)| id) {
        rig.delete(Side::Google, &id);
    }
    rig.later(Duration::from_secs(3_600));
    rig.control.call("POST", "expire", json!({"what": "google_sync_tokens"})).expect("expired");
    for nth in 2..12 {
        let drop = json!({"nth": nth, "side": "google", "path": "*batchGet", "do": "drop_before"});
        rig.fault(drop);
    }
    assert_eq!(rig.approve().await.outcome, Outcome::Failed, "the second portion is cut off");
    rig.control.clear_rules();
    rig.control.clear_requests();
    let run = rig.sync().await;
    assert!(run.alarm, "everybody is gone: {run:?}");
    let said = run.message.unwrap_or_default();
    assert!(said.contains(&many.to_string()), "both portions count: {said}");
    let looks = rig.calls().into_iter().filter(|call| call.contains("batchGet")).count();
    assert_eq!(looks, 1, "who was looked at is not asked for again");
}
