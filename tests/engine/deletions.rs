//! Never a surprise deletion (P10): the rule decides, an edited contact is asked about, too many
//! stop the run.

use renraku_engine::api::{Outcome, ReviewKind};
use renraku_engine::core::contact::Side;
use serde_json::json;

use super::edits::in_step;
use super::rig::{LAG, tally, wrote};

#[tokio::test]
async fn the_rule_decides_on_both_sides() {
    for gone in Side::BOTH {
        let left = gone.other();
        for rule in ["ask", "delete", "keep"] {
            let what = format!("deleted in {}, {rule}", gone.name());
            let rig = in_step(3, json!({"on_delete": rule})).await;
            let other = rig.find(left, "Email", "p1@a.test");
            rig.delete(gone, &rig.find(gone, "Email", "p1@a.test"));
            rig.later(LAG);
            let run = rig.sync().await;
            assert_eq!(run.outcome, Outcome::Completed, "{what}: {run:?}");
            let deleted = u32::from(rule == "delete");
            assert_eq!(tally(&run, left), (0, 0, deleted), "{what}");
            assert_eq!(rig.card(left, &other).is_none(), deleted == 1, "{what}");
            assert_eq!(rig.review().len(), usize::from(rule == "ask"), "{what}: a question");
            rig.settle().await;
            assert_eq!(rig.cards(gone).len(), 2, "{what}: it is not created again");
            if rule == "keep" {
                rig.edit(left, &other, "Title", Some("Alone"));
                rig.settle().await;
                assert_eq!(rig.cards(gone).len(), 2, "{what}: it stays alone");
            }
        }
    }
}

#[tokio::test]
async fn a_question_is_answered_and_done_by_the_next_run() {
    for gone in Side::BOTH {
        for choice in ["delete", "keep"] {
            let what = format!("deleted in {}, {choice}", gone.name());
            let rig = in_step(2, json!({"on_delete": "ask"})).await;
            let other = rig.find(gone.other(), "Email", "p1@a.test");
            rig.delete(gone, &rig.find(gone, "Email", "p1@a.test"));
            rig.settle().await;
            rig.decide(ReviewKind::Deletion, choice);
            rig.settle().await;
            assert_eq!(rig.card(gone.other(), &other).is_none(), choice == "delete", "{what}");
            assert_eq!(rig.cards(gone).len(), 1, "{what}: it does not come back");
            assert_eq!(rig.review(), Vec::new(), "{what}: nothing is open");
        }
    }
}

#[tokio::test]
async fn a_decision_shows_both_contacts_as_they_were_last_read() {
    for gone in Side::BOTH {
        let what = format!("deleted in {}", gone.name());
        let rig = in_step(3, json!({"on_delete": "ask"})).await;
        let other = rig.find(gone.other(), "Email", "p1@a.test");
        rig.delete(gone, &rig.find(gone, "Email", "p1@a.test"));
        rig.settle().await;
        let open = rig.review();
        let [item] = open.as_slice() else { panic!("{what}: {open:?}") };
        let seen = rig.engine().evidence(&item.item).expect("what it is about");
        let (left, lost) = match gone {
            Side::Zoho => (seen.google, seen.zoho),
            Side::Google => (seen.zoho, seen.google),
        };
        let left = left.expect("the one that is left");
        assert_eq!((left.id, left.gone), (other, false), "{what}");
        let email = left.fields.iter().find(|field| field.field == "Email");
        assert_eq!(email.map(|field| field.value.as_str()), Some("p1@a.test"), "{what}");
        assert!(left.changed_at.is_some(), "{what}: when it was last changed");
        assert!(lost.is_none_or(|lost| lost.gone), "{what}: the other is gone");
        rig.decide(ReviewKind::Deletion, "keep");
        rig.settle().await;
        assert!(rig.engine().evidence(&item.item).is_err(), "{what}: a closed one tells nothing");
    }
}

#[tokio::test]
async fn an_edited_contact_is_never_deleted_by_a_rule() {
    for gone in Side::BOTH {
        for rule in ["ask", "delete", "keep"] {
            let what = format!("deleted in {}, edited opposite, {rule}", gone.name());
            let rig = in_step(2, json!({"on_delete": rule})).await;
            let other = rig.find(gone.other(), "Email", "p1@a.test");
            rig.delete(gone, &rig.find(gone, "Email", "p1@a.test"));
            rig.edit(gone.other(), &other, "Title", Some("Still wanted"));
            rig.settle().await;
            let kept = rig.value(gone.other(), &other, "Title");
            assert_eq!(kept.as_deref(), Some("Still wanted"), "{what}");
            assert_eq!(rig.review().len(), 1, "{what}: a question");
        }
    }
}

#[tokio::test]
async fn gone_on_both_sides_is_gone() {
    let rig = in_step(2, json!({"on_delete": "ask"})).await;
    for side in Side::BOTH {
        rig.delete(side, &rig.find(side, "Email", "p1@a.test"));
    }
    rig.later(LAG);
    let run = rig.synced().await;
    assert_eq!((wrote(&run), run.review), (0, 0), "nothing to do or ask: {run:?}");
    rig.settle().await;
    rig.agree(1);
}

#[tokio::test]
async fn too_many_deletions_stop_the_run_and_ask() {
    // More than max(10, 5 %) of the linked contacts.
    for (many, held) in [(10, false), (11, true)] {
        for gone in Side::BOTH {
            let rig = in_step(15, json!({"on_delete": "delete"})).await;
            for number in 0..many {
                rig.delete(gone, &rig.find(gone, "Email", &format!("p{number}@a.test")));
            }
            rig.edit(gone, &rig.find(gone, "Email", "p14@a.test"), "Title", Some("Edit"));
            rig.control.clear_requests();
            rig.later(LAG);
            let run = rig.sync().await;
            assert_eq!(run.outcome == Outcome::Held, held, "{many} of 15: {run:?}");
            if held {
                assert_eq!(rig.writes(gone.other()), Vec::<String>::new(), "nothing is written");
                assert!(run.message.is_some_and(|m| m.contains("11")), "it says how many");
            }
            rig.settle().await;
            rig.agree(15 - many);
        }
    }
}

#[tokio::test]
async fn a_record_that_is_restored_is_the_same_contact_again() {
    let rig = in_step(2, json!({"on_delete": "ask"})).await;
    let zoho = rig.find(Side::Zoho, "Email", "p1@a.test");
    let google = rig.find(Side::Google, "Email", "p1@a.test");
    rig.delete(Side::Zoho, &zoho);
    rig.settle().await;
    rig.act(Side::Zoho, json!({"op": "restore", "module": "Contacts", "record": zoho}));
    rig.edit(Side::Google, &google, "Title", Some("Back"));
    rig.settle().await;
    rig.agree(2);
    assert_eq!(rig.value(Side::Zoho, &zoho, "Title").as_deref(), Some("Back"));
    rig.delete(Side::Google, &google);
    rig.settle().await;
    rig.act(Side::Google, json!({"op": "restore", "contact": google}));
    rig.edit(Side::Zoho, &zoho, "Title", Some("Both back"));
    rig.settle().await;
    rig.agree(2);
}

#[tokio::test]
async fn a_record_that_is_hidden_from_this_user_is_no_deletion() {
    let rig = in_step(2, json!({"on_delete": "delete"})).await;
    let zoho = rig.find(Side::Zoho, "Email", "p1@a.test");
    rig.act(
        Side::Zoho,
        json!({"op": "state", "module": "Contacts", "record": zoho, "hidden": true}),
    );
    rig.settle().await;
    assert_eq!(rig.cards(Side::Google).len(), 2, "the person stays");
    rig.act(
        Side::Zoho,
        json!({"op": "state", "module": "Contacts", "record": zoho, "hidden": false}),
    );
    let google = rig.find(Side::Google, "Email", "p1@a.test");
    rig.edit(Side::Google, &google, "Title", Some("Seen"));
    rig.settle().await;
    rig.agree(2);
}
