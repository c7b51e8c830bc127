//! A contact that cannot be read is one question that names it; everybody else goes on, and nothing is
//! deleted or cleared for it.

use renraku_engine::api::{ContactState, Outcome, ReviewItem, ReviewKind, SyncState};
use renraku_engine::core::contact::Side;
use serde_json::json;

use super::edits::in_step;
use super::people::{card, person};
use super::rig::{LAG, Rig, done, wrote};

/// What stands in the answers about p1, and what is sent in its place: the title "ODD" is only there.
fn garbled(side: Side) -> Vec<(&'static str, &'static str)> {
    match side {
        Side::Google => vec![
            (r#""title":"ODD""#, r#""title":"ODD \ud83d""#),
            (r#""title":"ODD""#, r#""title":"\ude00 ODD""#),
            (r#""title":"ODD""#, r#""title":5"#),
            (r#""title":"ODD""#, r#""title":{"a":[]}"#),
            (r#""title":"ODD""#, r#""title":"ODD","department":["a"]"#),
        ],
        Side::Zoho => vec![
            (r#""Title":"ODD""#, r#""Title":"ODD \ud83d""#),
            (r#""Title":"ODD""#, r#""Title":{"a":1}"#),
            (r#""Title":"ODD""#, r#""Title":[{"b":2}]"#),
        ],
    }
}

fn plant(rig: &Rig, side: Side, this: &str, with: &str) {
    rig.fault(json!({"side": side.name(), "do": {"garble": {"this": this, "with": with}}}));
}

fn unreadable(rig: &Rig) -> Vec<ReviewItem> {
    rig.review().into_iter().filter(|item| item.kind == ReviewKind::Unreadable).collect()
}

#[tokio::test]
async fn a_linked_contact_that_cannot_be_read_waits_and_everybody_else_goes_on() {
    for side in Side::BOTH {
        for (this, with) in garbled(side) {
            let what = format!("{}: {with}", side.name());
            let rig = in_step(3, json!({"on_delete": "delete"})).await;
            let [odd, well] = ["p1@a.test", "p2@a.test"].map(|key| rig.find(side, "Email", key));
            let other = rig.find(side.other(), "Email", "p1@a.test");
            plant(&rig, side, this, with);
            rig.edit(side, &odd, "Title", Some("ODD"));
            rig.edit(side, &well, "Title", Some("Well"));
            let run = rig.synced().await;
            assert_eq!(run.outcome, Outcome::Completed, "{what}: {run:?}");
            assert_eq!(wrote(&run), 1, "{what}: the other one travels");
            let open = unreadable(&rig);
            let [item] = open.as_slice() else { panic!("{what}: one question: {open:?}") };
            assert!(item.contact.contains("Given1"), "{what}: it is named: {item:?}");
            assert_eq!(item.choices, ["retry"], "{what}");
            let state = rig.engine().syncs().expect("the syncs").first().expect("one").state;
            assert_eq!(state, SyncState::NeedsYou, "{what}");
            let one = rig.one("p1@a.test");
            assert_eq!(one.state, ContactState::Failed, "{what}: it is not in step: {one:?}");
            // An edit opposite waits, the question stays, and nothing is written.
            rig.edit(side.other(), &other, "Description", Some("Later"));
            rig.settle().await;
            assert_eq!(unreadable(&rig).len(), 1, "{what}");
            assert_eq!(rig.value(side.other(), &other, "Title"), None, "{what}: not touched");
            rig.decide(ReviewKind::Unreadable, "retry");
            rig.settle().await;
            assert_eq!(unreadable(&rig).len(), 1, "{what}: it is asked again");
            // Readable again: the question closes by itself, and both edits travel.
            rig.control.clear_rules();
            rig.settle().await;
            assert_eq!(rig.review(), Vec::new(), "{what}");
            rig.agree(3);
            let title = rig.value(side.other(), &other, "Title");
            assert_eq!(title.as_deref(), Some("ODD"), "{what}: it travels");
        }
    }
}

#[tokio::test]
async fn a_new_contact_that_cannot_be_read_is_asked_about_and_not_doubled() {
    for side in Side::BOTH {
        for (this, with) in garbled(side) {
            let what = format!("{}: {with}", side.name());
            let rig = Rig::new().await;
            let mut odd = person(1);
            odd.extend(card(&[("Title", "ODD")]));
            rig.add(side, &odd);
            // The same person on the other side, whom nobody may make a twin of.
            rig.add(side.other(), &person(1));
            rig.add(side, &person(2));
            rig.contacts(json!({})).await;
            plant(&rig, side, this, with);
            done(rig.approve().await);
            rig.settle().await;
            assert_eq!(rig.cards(side.other()).len(), 2, "{what}: the other one arrived");
            assert_eq!(rig.cards(side).len(), 2, "{what}: no twin");
            assert_eq!(unreadable(&rig).len(), 1, "{what}");
            rig.control.clear_rules();
            rig.settle().await;
            assert_eq!(rig.review(), Vec::new(), "{what}");
            rig.agree(2);
        }
    }
}

#[tokio::test]
async fn whose_counterpart_was_imported_again_gets_no_twin() {
    for side in Side::BOTH {
        for (this, with) in garbled(side) {
            let what = format!("{}: {with}", side.name());
            let rig = in_step(3, json!({"on_delete": "delete"})).await;
            let odd = rig.find(side, "Email", "p1@a.test");
            plant(&rig, side, this, with);
            rig.edit(side, &odd, "Title", Some("ODD"));
            let other = side.other();
            rig.delete(other, &rig.find(other, "Email", "p1@a.test"));
            rig.add(other, &person(1));
            rig.settle().await;
            assert_eq!(rig.cards(side).len(), 3, "{what}: no twin");
            rig.control.clear_rules();
            rig.settle().await;
            assert_eq!(rig.review(), Vec::new(), "{what}");
            rig.agree(3);
        }
    }
}

#[tokio::test]
async fn whoever_cannot_be_read_and_is_deleted_is_gone() {
    for side in Side::BOTH {
        let (this, with) = garbled(side)[0];
        let rig = in_step(2, json!({"on_delete": "delete"})).await;
        let odd = rig.find(side, "Email", "p1@a.test");
        plant(&rig, side, this, with);
        rig.edit(side, &odd, "Title", Some("ODD"));
        rig.settle().await;
        assert_eq!(unreadable(&rig).len(), 1);
        rig.delete(side, &odd);
        rig.later(LAG);
        rig.settle().await;
        assert_eq!(rig.review(), Vec::new(), "nothing is left to ask");
        assert_eq!(rig.cards(side.other()).len(), 1, "the rule holds");
    }
}

#[tokio::test]
async fn odd_dates_and_lists_that_are_none_are_asked_about() {
    let odd_day = r#""birthdays":[{"date":{"day":45,"month":13,"year":1980}"#;
    for with in [odd_day, r#""birthdays":[{"date":"yesterday""#, r#""birthdays":null,"x":[{"a":0"#]
    {
        let rig = in_step(2, json!({})).await;
        let id = rig.find(Side::Google, "Email", "p1@a.test");
        let fields = json!({"birthdays": [{"date": {"year": 1980, "month": 1, "day": 4}}]});
        rig.act(Side::Google, json!({"op": "edit", "contact": id, "fields": fields}));
        plant(&rig, Side::Google, r#""birthdays":[{"date":{"day":4,"month":1,"year":1980}"#, with);
        rig.settle().await;
        assert_eq!(unreadable(&rig).len(), 1, "{with}");
        rig.control.clear_rules();
        rig.settle().await;
        assert_eq!(rig.review(), Vec::new(), "{with}");
    }
    let rig = in_step(2, json!({})).await;
    let id = rig.find(Side::Zoho, "Email", "p1@a.test");
    rig.edit(Side::Zoho, &id, "Title", Some("ODD"));
    let raw = rig.raw(Side::Zoho, &id).expect("the record");
    let time = raw.get("Modified_Time").and_then(|time| time.as_str()).expect("a time").to_owned();
    plant(
        &rig,
        Side::Zoho,
        &format!(r#""Modified_Time":"{time}""#),
        r#""Modified_Time":"yesterday""#,
    );
    rig.settle().await;
    assert_eq!(unreadable(&rig).len(), 1, "an odd time: {time}");
    rig.control.clear_rules();
    rig.settle().await;
    assert_eq!(rig.review(), Vec::new());
    rig.agree(2);
}
