//! The rule *ask*: a difference waits for the person, and nothing is overwritten before.

use renraku_engine::api::{HeldBy, Outcome, ReviewKind};
use renraku_engine::core::contact::Side;
use serde_json::json;

use super::edits::in_step;
use super::people::person;
use super::rig::{LAG, Rig, done, wrote};

/// A pair whose titles were edited on both sides, and its ids.
async fn differing(direction: &str) -> (Rig, [String; 2]) {
    let rig = in_step(1, json!({"conflict_winner": "ask", "direction": direction})).await;
    let ids = Side::BOTH.map(|side| rig.find(side, "Email", "p0@a.test"));
    for (side, id) in Side::BOTH.iter().zip(&ids) {
        rig.edit(*side, id, "Title", Some(side.name()));
    }
    (rig, ids)
}

fn titles(rig: &Rig, ids: &[String; 2]) -> [Option<String>; 2] {
    let [zoho, google] = ids;
    [rig.value(Side::Zoho, zoho, "Title"), rig.value(Side::Google, google, "Title")]
}

#[tokio::test]
async fn a_difference_waits_and_takes_the_value_that_is_chosen() {
    for chosen in Side::BOTH {
        let what = chosen.name();
        let (rig, ids) = differing("two_way").await;
        rig.edit(Side::Zoho, &ids[0], "Description", Some("Met in May"));
        let run = done(rig.sync().await);
        assert_eq!((run.outcome, run.review), (Outcome::Completed, 1), "{what}: {run:?}");
        let both = ["zoho", "google"].map(|name| Some(name.to_owned()));
        assert_eq!(titles(&rig, &ids), both, "{what}: nothing is overwritten");
        let note = rig.value(Side::Google, &ids[1], "Description");
        assert_eq!(note.as_deref(), Some("Met in May"), "{what}: the rest goes on");
        let open = rig.review();
        let [item] = open.as_slice() else { panic!("{what}: one question: {open:?}") };
        assert_eq!(item.kind, ReviewKind::Difference, "{what}");
        assert_eq!(item.field.as_deref(), Some("Title"), "{what}");
        assert_eq!(item.choices, ["zoho", "google"], "{what}");
        let said = [item.zoho_value.clone(), item.google_value.clone()];
        assert_eq!(said, both, "{what}: both values are shown");
        rig.settle().await;
        assert_eq!(titles(&rig, &ids), both, "{what}: it still waits");

        rig.decide(ReviewKind::Difference, chosen.name());
        let run = done(rig.sync().await);
        let value = Some(chosen.name().to_owned());
        assert_eq!(titles(&rig, &ids), [value.clone(), value], "{what}: {run:?}");
        let changes = rig.history(run.run).changes;
        let change = changes.iter().find(|change| change.field.as_deref() == Some("Title"));
        let lost = change.and_then(|change| change.overwritten.as_deref());
        assert_eq!(lost, Some(chosen.other().name()), "{what}: the other is in the history");
        assert_eq!(run.review, 0, "{what}");
        rig.settle().await;

        // The same two values again are asked about again.
        rig.edit(Side::Zoho, &ids[0], "Title", Some("between"));
        rig.settle().await;
        for (side, id) in Side::BOTH.iter().zip(&ids) {
            rig.edit(*side, id, "Title", Some(side.name()));
        }
        assert_eq!(wrote(&done(rig.sync().await)), 0, "{what}: an answer is good for once");
        assert_eq!(rig.review().len(), 1, "{what}");
    }
}

#[tokio::test]
async fn another_value_is_another_difference_and_an_agreement_is_none() {
    let (rig, ids) = differing("two_way").await;
    done(rig.sync().await);
    rig.edit(Side::Google, &ids[1], "Title", Some("Head"));
    rig.later(LAG);
    done(rig.sync().await);
    let open = rig.review();
    let said: Vec<_> = open.iter().map(|item| item.google_value.as_deref()).collect();
    assert_eq!(said, [Some("Head")], "the values of now");
    rig.edit(Side::Zoho, &ids[0], "Title", Some("Head"));
    rig.later(LAG);
    let run = done(rig.sync().await);
    assert_eq!((wrote(&run), run.review), (0, 0), "they settled it themselves: {run:?}");
}

#[tokio::test]
async fn whoever_is_matched_with_other_values_is_asked_about() {
    let rig = Rig::new().await;
    for side in Side::BOTH {
        let mut card = person(0);
        card.insert("Title".to_owned(), side.name().to_owned());
        if side == Side::Google {
            card.insert("Description".to_owned(), "Met in May".to_owned());
        }
        rig.add(side, &card);
    }
    rig.contacts(json!({"conflict_winner": "ask"})).await;
    let run = rig.synced().await;
    assert_eq!((run.matched, run.review), (1, 1), "{run:?}");
    let zoho = rig.find(Side::Zoho, "Email", "p0@a.test");
    let there = |field: &str| rig.value(Side::Zoho, &zoho, field);
    assert_eq!(there("Description").as_deref(), Some("Met in May"), "what is empty is filled");
    assert_eq!(there("Title").as_deref(), Some("zoho"), "what differs waits");
    rig.settle().await;
}

#[tokio::test]
async fn the_source_of_a_one_way_sync_is_not_written_whatever_is_chosen() {
    for chosen in ["zoho", "google"] {
        let (rig, ids) = differing("zoho_to_google").await;
        done(rig.sync().await);
        rig.decide(ReviewKind::Difference, chosen);
        rig.later(LAG);
        let run = done(rig.sync().await);
        assert_eq!(run.review, 0, "{chosen}: {run:?}");
        let there = ["zoho", chosen].map(|value| Some(value.to_owned()));
        assert_eq!(titles(&rig, &ids), there, "{chosen}");
        rig.settle().await;
        assert_eq!(rig.review(), Vec::new(), "{chosen}: it is asked once");
    }
}

#[tokio::test]
async fn a_rule_that_would_decide_what_waits_is_approved_first() {
    let (rig, ids) = differing("two_way").await;
    done(rig.sync().await);
    rig.contacts(json!({"conflict_winner": "google"})).await;
    let run = rig.sync().await;
    assert_eq!(run.held.map(|held| (held.reason, held.updates)), Some((HeldBy::ChangedSetup, 1)));
    rig.synced().await;
    assert_eq!(titles(&rig, &ids), ["google", "google"].map(|value| Some(value.to_owned())));
    assert_eq!(rig.review(), Vec::new(), "nothing is left to ask");
}
