//! A value that may stand in one record only, and stands in another one: the refusal names whose
//! record is in the way, holds nothing but its field, and is over by itself when its cause is.

use renraku_engine::api::{ReviewItem, ReviewKind};
use renraku_engine::core::contact::Side;
use serde_json::json;

use super::edits::in_step;
use super::people::person;
use super::rig::{LAG, Rig, done, tally};

/// Zoho lets each value of this field stand in one record only.
fn unique(rig: &Rig, field: &str) {
    let act =
        json!({"op": "field", "module": "Contacts", "api_name": field, "set": {"unique": false}});
    rig.act(Side::Zoho, act);
}

/// The one open question: about a refused value.
fn refusal(rig: &Rig, what: &str) -> ReviewItem {
    let open = rig.review();
    let [item] = open.as_slice() else { panic!("{what}: one question: {open:?}") };
    assert_eq!(item.kind, ReviewKind::Refused, "{what}: {item:?}");
    item.clone()
}

fn ids(rig: &Rig, number: usize) -> [String; 2] {
    Side::BOTH.map(|side| rig.find(side, "Email", &format!("p{number}@a.test")))
}

#[tokio::test]
async fn an_address_that_is_handed_on_arrives_with_both() {
    for (gives, takes) in [(0, 1), (1, 0)] {
        let what = format!("{gives} hands its address on to {takes}");
        let rig = in_step(2, json!({})).await;
        unique(&rig, "Email");
        let ([giver_zoho, giver], [taker_zoho, taker]) = (ids(&rig, gives), ids(&rig, takes));
        rig.edit(Side::Google, &giver, "Email", Some("new@a.test"));
        let old = format!("p{gives}@a.test");
        rig.edit(Side::Google, &taker, "Email", Some(&old));
        rig.edit(Side::Google, &taker, "Title", Some("Chief"));
        rig.later(LAG);
        done(rig.sync().await);
        let there = |id: &str, field: &str| rig.value(Side::Zoho, id, field);
        assert_eq!(there(&giver_zoho, "Email").as_deref(), Some("new@a.test"), "{what}");
        assert_eq!(there(&taker_zoho, "Email"), Some(old), "{what}");
        assert_eq!(there(&taker_zoho, "Title").as_deref(), Some("Chief"), "{what}");
        assert_eq!(rig.review(), Vec::new(), "{what}: nothing is left to ask");
        rig.settle().await;
    }
}

#[tokio::test]
async fn a_taken_value_holds_its_field_alone_and_is_asked_about_until_it_is_free() {
    let rig = in_step(2, json!({})).await;
    unique(&rig, "Email");
    let ([zoho, google], [holder, _]) = (ids(&rig, 0), ids(&rig, 1));
    rig.edit(Side::Google, &google, "Email", Some("p1@a.test"));
    rig.edit(Side::Google, &google, "Title", Some("Chief"));
    let run = done(rig.sync().await);
    assert_eq!(run.review, 1, "{run:?}");
    let item = refusal(&rig, "at once");
    assert_eq!(item.field.as_deref(), Some("Email"));
    assert!(item.reason.contains("Given1 Family1"), "whose record: {}", item.reason);
    assert_eq!(rig.value(Side::Zoho, &zoho, "Title").as_deref(), Some("Chief"), "the rest goes on");
    // Nothing is tried in vain, and no run says that all is well.
    rig.settle().await;
    rig.control.clear_requests();
    for number in 0..2 {
        rig.later(LAG);
        rig.edit(Side::Google, &google, "Description", Some(&format!("Note {number}")));
        let run = done(rig.sync().await);
        assert_eq!((tally(&run, Side::Zoho), run.review), ((0, 1, 0), 1), "{run:?}");
        refusal(&rig, "later");
    }
    assert_eq!(rig.writes(Side::Zoho).len(), 2, "the refused value is not sent again");
    // The record in the way lets it go.
    rig.later(LAG);
    rig.edit(Side::Zoho, &holder, "Email", Some("other@a.test"));
    done(rig.sync().await);
    assert_eq!(rig.value(Side::Zoho, &zoho, "Email").as_deref(), Some("p1@a.test"), "by itself");
    assert_eq!(rig.review(), Vec::new(), "and the question is over");
    rig.settle().await;
}

#[tokio::test]
async fn a_refused_create_stays_until_the_contact_has_arrived() {
    for end in ["free", "ignore", "mended"] {
        let rig = in_step(1, json!({})).await;
        unique(&rig, "Phone");
        let [holder, _] = ids(&rig, 0);
        let mut card = person(7);
        card.insert("Phone".to_owned(), person(0).remove("Phone").expect("a phone"));
        let google = rig.add(Side::Google, &card);
        let run = done(rig.sync().await);
        assert_eq!((tally(&run, Side::Zoho), run.review), ((0, 0, 0), 1), "{end}: {run:?}");
        let item = refusal(&rig, end);
        assert!(item.reason.contains("Given0 Family0"), "{end}: whose record: {}", item.reason);
        rig.edit(Side::Google, &google, "Title", Some("Chief"));
        for _ in 0..2 {
            rig.later(LAG);
            let run = done(rig.sync().await);
            assert_eq!(run.review, 1, "{end}: it does not vanish: {run:?}");
        }
        match end {
            "free" => rig.edit(Side::Zoho, &holder, "Phone", Some("+1 212 555 9999")),
            "mended" => rig.edit(Side::Google, &google, "Phone", Some("+1 212 555 9999")),
            choice => rig.decide(ReviewKind::Refused, choice),
        }
        rig.later(LAG);
        let run = done(rig.sync().await);
        assert_eq!((tally(&run, Side::Zoho).0, run.review), (1, 0), "{end}: it arrives: {run:?}");
        let zoho = rig.find(Side::Zoho, "Email", "p7@a.test");
        let phone = rig.value(Side::Zoho, &zoho, "Phone");
        assert_eq!(phone.is_none(), end == "ignore", "{end}: {phone:?}");
        rig.settle().await;
        assert_eq!(rig.review(), Vec::new(), "{end}");
    }
}

#[tokio::test]
async fn the_record_in_the_way_can_be_the_same_person() {
    let rig = in_step(0, json!({"direction": "google_to_zoho", "conflict_winner": "google"})).await;
    unique(&rig, "Phone");
    let mut card = person(3);
    let holder = rig.add(Side::Zoho, &card);
    card.insert("First_Name".to_owned(), "Other".to_owned());
    card.insert("Email".to_owned(), "other@a.test".to_owned());
    rig.add(Side::Google, &card);
    done(rig.sync().await);
    assert_eq!(refusal(&rig, "taken").choices, ["link", "retry", "ignore"]);
    rig.decide(ReviewKind::Refused, "link");
    rig.later(LAG);
    let run = done(rig.sync().await);
    assert_eq!((run.matched, run.review), (1, 0), "{run:?}");
    rig.settle().await;
    assert_eq!(rig.cards(Side::Zoho).len(), 1, "nobody twice");
    assert_eq!(rig.value(Side::Zoho, &holder, "Email").as_deref(), Some("other@a.test"));
}
