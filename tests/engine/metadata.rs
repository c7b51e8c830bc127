//! An administrator changes Zoho's fields after the set-up: one takes no changes any more, gets shorter,
//! is demanded, or holds another kind of value; options of a list get other names. A run that writes to
//! Zoho knows it before.

use renraku_engine::api::{ContactState, SyncState};
use renraku_engine::core::contact::{Module, Side};
use renraku_engine::core::mapping::defaults;
use serde_json::{Value, json};

use super::edits::in_step;
use super::people::{ROWS, person};
use super::rig::{LAG, Rig, done, wrote};

/// Sets an attribute of a field of contacts.
pub(super) fn field(rig: &Rig, api_name: &str, set: Value) {
    let act = json!({"op": "field", "module": "Contacts", "api_name": api_name, "set": set});
    rig.act(Side::Zoho, act);
}

/// Pairs in step, each with a title; each side's ids in the order of the numbers.
pub(super) async fn titled(many: usize, winner: &str) -> (Rig, Vec<[String; 2]>) {
    let rig = in_step(many, json!({"conflict_winner": winner})).await;
    let ids: Vec<[String; 2]> = (0..many)
        .map(|n| Side::BOTH.map(|side| rig.find(side, "Email", &format!("p{n}@a.test"))))
        .collect();
    for [zoho, _] in &ids {
        rig.edit(Side::Zoho, zoho, "Title", Some("Chief"));
    }
    rig.settle().await;
    rig.control.clear_requests();
    (rig, ids)
}

/// How often Zoho was asked for its fields.
fn looks(rig: &Rig) -> usize {
    rig.calls().iter().filter(|call| call.contains("settings/fields")).count()
}

#[tokio::test]
async fn what_is_typed_for_a_field_that_takes_no_changes_waits_until_it_does() {
    for (refused, winner) in [(false, "zoho"), (true, "google")] {
        let what = format!("refused {refused}, {winner} wins");
        let (rig, ids) = titled(2, winner).await;
        let [zoho, google] = &ids[0];
        rig.control.set_switches(|s| s.zoho.refuse_read_only = refused);
        field(&rig, "Title", json!({"read_only": true}));
        rig.edit(Side::Google, google, "Title", Some("Head"));
        rig.edit(Side::Google, google, "Phone", Some("+1 212 555 7777"));
        let mut new = person(5);
        new.insert("Title".to_owned(), "Novice".to_owned());
        let novice = rig.add(Side::Google, &new);
        for turn in 0..3 {
            rig.control.clear_requests();
            let run = done(rig.sync().await);
            let said = run.message.clone().unwrap_or_default();
            assert!(said.contains("Title") && said.contains("no longer"), "{what}: {said}");
            assert_eq!(looks(&rig), 1, "{what}: it is asked in each run: {:?}", rig.calls());
            let wrote = (run.zoho.created, run.zoho.updated, run.google.updated);
            let expected = if turn == 0 { (1, 1, 0) } else { (0, 0, turn % 2) };
            assert_eq!(wrote, expected, "{what}, run {turn}: nothing in vain: {run:?}");
            // A new pair is looked at again by the run after.
            assert_eq!(run.waiting, 2, "{what}, run {turn}: what waits is counted: {run:?}");
            assert_eq!(rig.review(), Vec::new(), "{what}");
            assert_eq!(rig.value(Side::Zoho, zoho, "Title").as_deref(), Some("Chief"), "{what}");
            assert_eq!(rig.value(Side::Google, google, "Title").as_deref(), Some("Head"), "{what}");
            let one = rig.one("p0@a.test");
            assert_eq!(one.state, ContactState::Waiting, "{what}: not in step: {one:?}");
            assert!(one.reason.contains("Title"), "{what}: {one:?}");
            assert_eq!(rig.one("p1@a.test").state, ContactState::InStep, "{what}");
            let state = rig.engine().syncs().expect("the syncs").first().expect("one").state;
            assert_eq!(state, SyncState::Waiting, "{what}");
            // Another field of the record changes.
            if turn == 0 {
                rig.edit(Side::Zoho, zoho, "Description", Some("Met in May"));
            }
            rig.later(LAG);
        }
        let phone = rig.value(Side::Zoho, zoho, "Phone");
        assert_eq!(phone.as_deref(), Some("+1 212 555 7777"), "{what}: the rest travels");
        // What others change in Zoho still reaches Google.
        rig.edit(Side::Zoho, &ids[1][0], "Title", Some("Chair"));
        done(rig.sync().await);
        assert_eq!(rig.value(Side::Google, &ids[1][1], "Title").as_deref(), Some("Chair"));
        field(&rig, "Title", json!({"read_only": false}));
        let run = done(rig.sync().await);
        assert_eq!(run.message, None, "{what}: {run:?}");
        rig.settle().await;
        assert_eq!(rig.value(Side::Zoho, zoho, "Title").as_deref(), Some("Head"), "{what}");
        assert_eq!(rig.value(Side::Google, &novice, "Title").as_deref(), Some("Novice"), "{what}");
        rig.agree(3);
        rig.control.clear_requests();
        done(rig.sync().await);
        assert_eq!(rig.calls().len(), 3, "{what}: a quiet run: {:?}", rig.calls());
    }
}

#[tokio::test]
async fn a_field_that_took_no_changes_at_the_set_up_is_no_news() {
    let rig = Rig::new().await;
    field(&rig, "Title", json!({"read_only": true}));
    rig.add(Side::Zoho, &person(0));
    let rows = defaults(Module::Contacts).into_iter();
    let rows: Value = rows.map(|(zoho, google)| json!({"zoho": zoho, "google": google})).collect();
    rig.contacts(json!({"mapping": rows})).await;
    rig.settle().await;
    let google = rig.find(Side::Google, "Email", "p0@a.test");
    rig.edit(Side::Google, &google, "Title", Some("Head"));
    rig.edit(Side::Google, &google, "Phone", Some("+1 212 555 7777"));
    let run = done(rig.sync().await);
    assert_eq!((run.zoho.updated, run.waiting, run.message.as_deref()), (1, 0, None), "{run:?}");
    assert_eq!(rig.one("p0@a.test").state, ContactState::Differs, "each keeps its own title");
    rig.settle().await;
    rig.control.clear_requests();
    done(rig.sync().await);
    assert_eq!(rig.calls().len(), 3, "a quiet run: {:?}", rig.calls());
}

#[tokio::test]
async fn where_nothing_is_written_to_zoho_nobody_minds_who_may_change_a_field() {
    let rig = in_step(2, json!({"direction": "zoho_to_google"})).await;
    let zoho = rig.find(Side::Zoho, "Email", "p0@a.test");
    field(&rig, "Title", json!({"read_only": true}));
    rig.edit(Side::Zoho, &zoho, "Phone", None);
    let run = done(rig.sync().await);
    assert_eq!((run.google.updated, run.waiting, run.message.as_deref()), (1, 0, None), "{run:?}");
    rig.settle().await;
    rig.control.clear_requests();
    done(rig.sync().await);
    assert_eq!(rig.calls().len(), 3, "a quiet run: {:?}", rig.calls());
}

#[tokio::test]
async fn without_a_sight_of_the_fields_a_refusal_holds_its_own_field_alone() {
    let (rig, ids) = titled(1, "zoho").await;
    let [zoho, google] = &ids[0];
    let details = json!({"permissions": ["Crm_Implied_Customize"]});
    let denied = json!({"code": "NO_PERMISSION", "details": details, "message": "permission denied",
                        "status": "error"});
    rig.fault(json!({"side": "zoho", "path": "*/settings/fields",
                     "do": {"answer": {"status": 403, "json": denied}}}));
    rig.control.set_switches(|s| s.zoho.refuse_read_only = true);
    field(&rig, "Title", json!({"read_only": true}));
    rig.edit(Side::Google, google, "Title", Some("Head"));
    rig.edit(Side::Google, google, "Phone", Some("+1 212 555 7777"));
    done(rig.sync().await);
    let phone = rig.value(Side::Zoho, zoho, "Phone");
    assert_eq!(phone.as_deref(), Some("+1 212 555 7777"), "the rest travels");
    assert_eq!(rig.review().len(), 1, "{:?}", rig.review());
    rig.settle().await;
    assert_eq!(rig.value(Side::Google, google, "Title").as_deref(), Some("Head"));
}

#[tokio::test]
async fn what_a_field_takes_no_more_holds_that_field_alone_and_goes_once_it_does() {
    // What changes in Zoho, what is typed in Google then, whether it is asked about, and what is said.
    for (set, back, typed, asked, said) in [
        (json!({"length": 5}), json!({"length": 100}), Some("Headmaster"), true, ""),
        (json!({"mandatory": true}), json!({"mandatory": false}), None, true, ""),
        (
            json!({"data_type": "date"}),
            json!({"data_type": "text"}),
            Some("Head"),
            false,
            "another kind",
        ),
    ] {
        let what = set.to_string();
        let (rig, ids) = titled(2, "zoho").await;
        let [zoho, google] = &ids[0];
        field(&rig, "Title", set);
        rig.edit(Side::Google, google, "Title", typed);
        rig.edit(Side::Google, google, "Phone", Some("+1 212 555 7777"));
        let run = done(rig.sync().await);
        let message = run.message.clone().unwrap_or_default();
        assert!(message.contains(said), "{what}: {message}");
        assert_eq!(rig.value(Side::Zoho, zoho, "Title").as_deref(), Some("Chief"), "{what}");
        let phone = rig.value(Side::Zoho, zoho, "Phone");
        assert_eq!(phone.as_deref(), Some("+1 212 555 7777"), "{what}: the rest travels");
        assert_eq!(rig.review().len(), usize::from(asked), "{what}: {:?}", rig.review());
        rig.later(LAG);
        let run = done(rig.sync().await);
        assert_eq!(wrote(&run), 0, "{what}: {run:?}");
        assert_eq!(rig.value(Side::Google, google, "Title").as_deref(), typed, "{what}");

        field(&rig, "Title", back);
        // A run that writes to Zoho notices.
        rig.edit(Side::Google, &ids[1][1], "Phone", Some("+1 212 555 8888"));
        done(rig.sync().await);
        rig.settle().await;
        assert_eq!(rig.value(Side::Zoho, zoho, "Title").as_deref(), typed, "{what}: it travels");
        assert_eq!(rig.review(), Vec::new(), "{what}");
        rig.agree(2);
    }
}

#[tokio::test]
async fn an_undo_leaves_a_field_that_takes_no_changes() {
    let (rig, ids) = titled(1, "zoho").await;
    let [zoho, google] = &ids[0];
    rig.edit(Side::Google, google, "Title", Some("Head"));
    rig.edit(Side::Google, google, "Phone", Some("+1 212 555 7777"));
    let before = rig.value(Side::Zoho, zoho, "Phone");
    let run = done(rig.sync().await);
    field(&rig, "Title", json!({"read_only": true}));
    let undone = rig.engine().undo(run.run, None).await.expect("the undo runs");
    assert_eq!(rig.value(Side::Zoho, zoho, "Phone"), before, "{undone:?}");
    assert_eq!(rig.value(Side::Zoho, zoho, "Title").as_deref(), Some("Head"), "{undone:?}");
    let left = rig.review();
    assert!(matches!(left.as_slice(), [one] if one.reason.contains("Title")), "told: {left:?}");
}

/// Names of options: new ones by old.
pub(super) fn rename(rig: &Rig, names: Value) {
    field(rig, "Customer_Rank", json!({"renamed": names}));
}

/// A setup that joins the rank in Zoho and the title in Google.
pub(super) fn ranking(keys: &Value) -> Value {
    let rows = defaults(Module::Contacts).into_iter().filter(|(field, _)| *field != "Title");
    let rows = rows.chain([("Customer_Rank", "organizations.title")]);
    let rows: Value = rows.map(|(zoho, google)| json!({"zoho": zoho, "google": google})).collect();
    let mut setup = keys.as_object().cloned().unwrap_or_default();
    setup.insert("mapping".to_owned(), rows);
    setup.into()
}

/// People whose title in Google is their rank in Zoho, by the given names; the ids of both ends.
pub(super) async fn ranked(ranks: &[&str], keys: Value) -> (Rig, Vec<[String; 2]>) {
    let mut rig = Rig::new().await;
    rig.rows = ROWS.into_iter().filter(|row| row.0 != "Title").collect();
    rig.rows.push(("Customer_Rank", "organizations", "", "title"));
    rename(&rig, json!({"Gold": "Silver", "Silver": "Gold"}));
    for (number, rank) in ranks.iter().enumerate() {
        let mut fields = person(number);
        fields.insert("Customer_Rank".to_owned(), (*rank).to_owned());
        rig.act(Side::Zoho, json!({"op": "create", "module": "Contacts", "fields": fields}));
    }
    rig.contacts(ranking(&keys)).await;
    rig.settle().await;
    let ids = (0..ranks.len())
        .map(|n| Side::BOTH.map(|side| rig.find(side, "Email", &format!("p{n}@a.test"))))
        .collect();
    (rig, ids)
}

/// What stands in both ends of each pair.
pub(super) fn ranks(rig: &Rig, ids: &[[String; 2]]) -> Vec<[String; 2]> {
    let value = |side: Side, id: &String| rig.value(side, id, "Customer_Rank").unwrap_or_default();
    ids.iter()
        .map(|[zoho, google]| [value(Side::Zoho, zoho), value(Side::Google, google)])
        .collect()
}

#[tokio::test]
async fn options_that_swap_their_names_stay_where_they_are_and_are_told_by_their_new_names() {
    for winner in ["zoho", "google"] {
        for rest in [false, true] {
            let what = format!("{winner} wins, after a quiet time {rest}");
            let keys = json!({"conflict_winner": winner});
            let (rig, ids) = ranked(&["Silver", "VIP", "Gold"], keys).await;
            rig.edit(Side::Google, &ids[0][1], "Customer_Rank", Some("Gold"));
            rig.edit(Side::Zoho, &ids[1][0], "Customer_Rank", Some("Gold"));
            done(rig.sync().await);
            let gold = ["Gold".to_owned(), "Gold".to_owned()];
            assert_eq!(ranks(&rig, &ids), vec![gold; 3], "{what}");
            if rest {
                rig.settle().await;
            }
            rename(&rig, json!({"Gold": "Silver", "Silver": "Gold"}));
            // Somebody else is changed in Google: this run writes to Zoho.
            rig.edit(Side::Google, &ids[2][1], "Phone", Some("+1 212 555 7777"));
            done(rig.sync().await);
            rig.settle().await;
            let silver = ["Silver".to_owned(), "Silver".to_owned()];
            assert_eq!(ranks(&rig, &ids), vec![silver; 3], "{what}: each keeps its option");
            assert_eq!(rig.review(), Vec::new(), "{what}");
        }
    }
}

#[tokio::test]
async fn a_new_name_of_an_option_reaches_whoever_holds_it_and_no_old_one_goes_to_zoho() {
    // Which way, whether the set-up is saved again instead of a run's look, and what Google says then.
    for (direction, saved, told) in [
        ("two_way", false, "Golden"),
        ("two_way", true, "Golden"),
        ("zoho_to_google", true, "Golden"),
        ("google_to_zoho", false, "Gold"),
    ] {
        let what = format!("{direction}, saved again {saved}");
        let (rig, ids) = ranked(&["Gold", "Gold", "VIP"], json!({})).await;
        let setup = ranking(&json!({"direction": direction}));
        rig.contacts(setup.clone()).await;
        rig.settle().await;
        rename(&rig, json!({"Gold": "Golden"}));
        if saved {
            rig.contacts(setup).await;
        }
        // One of them was given another rank in Google, just when the name changed.
        if direction != "zoho_to_google" {
            rig.edit(Side::Google, &ids[1][1], "Customer_Rank", Some("VIP"));
        }
        done(rig.approve().await);
        rig.settle().await;
        let found = ranks(&rig, &ids);
        assert_eq!(found[0], ["Golden", told], "{what}: {found:?}");
        let edited = if direction == "zoho_to_google" { "Golden" } else { "VIP" };
        assert_eq!(found[1], [edited, edited], "{what}: an edit is an edit: {found:?}");
        assert_eq!(rig.review(), Vec::new(), "{what}");
    }
}

#[tokio::test]
async fn defaults_follow_the_new_name_of_their_option() {
    let keys = json!({"defaults": {"Last_Name": "-", "Customer_Rank": "Standard"}});
    let (rig, _) = ranked(&["Gold"], keys).await;
    rename(&rig, json!({"Standard": "Plain"}));
    rig.add(Side::Google, &person(7));
    rig.settle().await;
    let made = rig.find(Side::Zoho, "Email", "p7@a.test");
    assert_eq!(rig.value(Side::Zoho, &made, "Customer_Rank").as_deref(), Some("Plain"));
}
