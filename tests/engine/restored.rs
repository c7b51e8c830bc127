//! Contacts that come back while a question about them is open: the services tell of it only when
//! they are asked.

use renraku_engine::api::ReviewKind;
use renraku_engine::core::contact::Side;
use serde_json::{Value, json};

use super::edits::in_step;
use super::people::person;
use super::rig::{LAG, Rig};

/// Two pairs, one of which was deleted on a side and asked about: its ids there and opposite.
async fn asked(gone: Side, bumps: bool) -> (Rig, String, String) {
    let rig = in_step(2, json!({"on_delete": "ask"})).await;
    rig.control.set_switches(|switches| switches.zoho.restore_bumps = bumps);
    let id = rig.find(gone, "Email", "p1@a.test");
    let other = rig.find(gone.other(), "Email", "p1@a.test");
    rig.delete(gone, &id);
    rig.settle().await;
    assert_eq!(rig.review().len(), 1, "it is asked about");
    (rig, id, other)
}

fn restore(rig: &Rig, side: Side, id: &str, same_id: bool) {
    rig.act(
        side,
        match side {
            Side::Zoho => json!({"op": "restore", "module": "Contacts", "record": id}),
            Side::Google => json!({"op": "restore", "contact": id, "same_id": same_id}),
        },
    );
}

#[tokio::test]
async fn the_question_about_a_restored_contact_closes() {
    for (gone, same_id, bumps) in [
        (Side::Zoho, true, false),
        (Side::Zoho, true, true),
        (Side::Google, true, false),
        (Side::Google, false, false),
    ] {
        let what = format!("restored in {}, same id {same_id}, bumps {bumps}", gone.name());
        let (rig, id, other) = asked(gone, bumps).await;
        restore(&rig, gone, &id, same_id);
        rig.settle().await;
        assert_eq!(rig.review(), Vec::new(), "{what}: nothing is open");
        rig.edit(gone.other(), &other, "Title", Some("Back"));
        rig.settle().await;
        rig.agree(2);
        let back = rig.find(gone, "Email", "p1@a.test");
        assert_eq!(rig.value(gone, &back, "Title").as_deref(), Some("Back"), "{what}: in step");
    }
}

#[tokio::test]
async fn an_answer_given_after_the_restore_deletes_nobody() {
    for gone in Side::BOTH {
        for choice in ["delete", "keep", "put_back"] {
            let what = format!("restored in {}, {choice}", gone.name());
            let (rig, id, _) = asked(gone, false).await;
            restore(&rig, gone, &id, true);
            rig.decide(ReviewKind::Deletion, choice);
            rig.settle().await;
            rig.agree(2);
            assert_eq!(rig.review(), Vec::new(), "{what}: nothing is open");
            // The answer was about that loss and is none about the next.
            rig.delete(gone, &rig.find(gone, "Email", "p1@a.test"));
            rig.settle().await;
            assert_eq!(rig.cards(gone.other()).len(), 2, "{what}: nobody is deleted");
            assert_eq!(rig.review().len(), 1, "{what}: it is asked about");
        }
    }
}

#[tokio::test]
async fn one_contact_is_put_back_where_it_was_deleted() {
    for gone in Side::BOTH {
        let (rig, _, other) = asked(gone, false).await;
        rig.decide(ReviewKind::Deletion, "put_back");
        rig.settle().await;
        rig.agree(2);
        rig.edit(gone.other(), &other, "Title", Some("In step"));
        rig.settle().await;
        rig.agree(2);
    }
}

#[tokio::test]
async fn a_contact_that_a_one_way_sync_lost_is_looked_at_again_too() {
    let rig = in_step(2, json!({"direction": "zoho_to_google"})).await;
    let id = rig.find(Side::Google, "Email", "p1@a.test");
    rig.delete(Side::Google, &id);
    rig.settle().await;
    assert_eq!(rig.review().len(), 1, "it is asked about");
    restore(&rig, Side::Google, &id, false);
    rig.settle().await;
    assert_eq!(rig.review(), Vec::new(), "nothing is open");
    rig.agree(2);
}

#[tokio::test]
async fn an_edited_number_without_a_label_keeps_its_place_under_a_new_id() {
    // Who stands under a new id, and whether Zoho's number was edited too.
    for side in Side::BOTH {
        for winner in ["zoho", "google"] {
            let what = format!("a new id in {}, {winner} wins", side.name());
            let rig = in_step(1, json!({"conflict_winner": winner})).await;
            let zoho = rig.find(Side::Zoho, "Email", "p0@a.test");
            let google = rig.find(Side::Google, "Email", "p0@a.test");
            let phones = |numbers: &[Value]| {
                let fields = json!({"phoneNumbers": numbers});
                rig.act(Side::Google, json!({"op": "edit", "contact": google, "fields": fields}));
            };
            // The only number is the mobile one, and nothing in Google says so.
            rig.edit(Side::Zoho, &zoho, "Phone", None);
            rig.edit(Side::Zoho, &zoho, "Mobile", Some("+1 212 555 4321"));
            rig.settle().await;
            phones(&[json!({"value": "+1 212 555 4321"})]);
            rig.settle().await;
            phones(&[json!({"value": "+1 212 555 4322"})]);
            let gone = if side == Side::Zoho { &zoho } else { &google };
            let mut raw = rig.raw(side, gone).expect("it is there");
            let keep = [
                "First_Name",
                "Last_Name",
                "Email",
                "Mobile",
                "names",
                "emailAddresses",
                "phoneNumbers",
            ];
            raw.as_object_mut().expect("a contact").retain(|key, _| keep.contains(&key.as_str()));
            rig.delete(side, gone);
            rig.make(side, raw, &[]);
            rig.settle().await;
            assert_eq!(rig.review(), Vec::new(), "{what}");
            let zoho = rig.find(Side::Zoho, "Email", "p0@a.test");
            let number = if winner == "zoho" { "+1 212 555 4321" } else { "+1 212 555 4322" };
            let says = |field: &str| rig.value(Side::Zoho, &zoho, field);
            assert_eq!(says("Mobile").as_deref(), Some(number), "{what}");
            assert_eq!(says("Phone"), None, "{what}: no number moves");
            let google = rig.find(Side::Google, "Email", "p0@a.test");
            let person = rig.raw(Side::Google, &google).expect("the person");
            let all = person["phoneNumbers"].as_array().expect("numbers");
            let [one] = all.as_slice() else { panic!("{what}: one number: {all:?}") };
            assert_eq!((one["value"].as_str(), one.get("type")), (Some(number), None), "{what}");
        }
    }
}

#[tokio::test]
async fn who_comes_back_after_both_sides_were_deleted_is_in_step_again() {
    for (gone, same_id, bumps) in [
        (Side::Zoho, true, false),
        (Side::Zoho, true, true),
        (Side::Google, true, false),
        (Side::Google, false, false),
    ] {
        // With one pair alone nobody is left in between.
        for many in [1, 3] {
            let what = format!("{} of {many}, same id {same_id}, bumps {bumps}", gone.name());
            let rig = in_step(many, json!({"on_delete": "delete"})).await;
            rig.control.set_switches(|switches| switches.zoho.restore_bumps = bumps);
            let id = rig.find(gone, "Email", "p0@a.test");
            rig.delete(gone, &id);
            rig.settle().await;
            rig.agree(many - 1);
            rig.later(LAG);
            rig.control.clear_requests();
            rig.synced().await;
            assert_eq!(rig.calls().len(), 3, "{what}: a quiet run costs what it always does");
            restore(&rig, gone, &id, same_id);
            rig.settle().await;
            rig.agree(many);
            assert_eq!(rig.review(), Vec::new(), "{what}: nothing is asked");
        }
    }
}

#[tokio::test]
async fn who_comes_back_is_seen_however_many_were_deleted_since() {
    let rig = Rig::new().await;
    rig.control.set_switches(|switches| switches.zoho.restore_bumps = false);
    rig.contacts(json!({"direction": "google_to_zoho"})).await;
    let here = |rig: &Rig| {
        let overview = rig.engine().overview().expect("the overview is drawn");
        overview.syncs.first().expect("one").zoho.contacts
    };
    let first = rig.add(Side::Zoho, &person(0));
    rig.settle().await;
    rig.delete(Side::Zoho, &first);
    rig.settle().await;
    // More than are watched.
    let many: Vec<String> = (1..=320).map(|n| rig.add(Side::Zoho, &person(n))).collect();
    rig.synced().await;
    many.iter().for_each(|id| rig.delete(Side::Zoho, id));
    rig.synced().await;
    assert_eq!(here(&rig), Some(0), "all are gone");
    restore(&rig, Side::Zoho, &first, true);
    let mut runs = 0;
    while here(&rig) == Some(0) {
        rig.synced().await;
        runs += 1;
        assert!(runs <= 2, "each has its turn");
    }
    assert_eq!(here(&rig), Some(1), "it is seen");
}

#[tokio::test]
async fn who_was_in_the_bin_before_the_first_run_and_comes_back_is_noticed() {
    for side in Side::BOTH {
        let rig = Rig::new().await;
        rig.control.set_switches(|switches| switches.zoho.restore_bumps = false);
        let first = rig.add(side, &person(1));
        rig.add(side, &person(2));
        rig.later(LAG);
        rig.delete(side, &first);
        rig.contacts(json!({})).await;
        rig.synced().await;
        rig.agree(1);
        rig.later(LAG);
        restore(&rig, side, &first, true);
        rig.settle().await;
        rig.agree(2);
    }
}
