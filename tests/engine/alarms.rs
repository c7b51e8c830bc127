//! Many contacts that vanish at once are one matter (N3): nothing of it is written before the person
//! has chosen.

use renraku_engine::api::{HeldBy, OperationKind, Outcome, ReviewKind, Run, SyncState};
use renraku_engine::core::contact::Side;
use serde_json::{Value, json};

use super::edits::in_step;
use super::people::{card, person};
use super::rig::{LAG, Rig, tally, wrote};

/// Sixteen pairs, twelve of which vanish on a side; p13 is edited on the other side as well as p0.
async fn vanished(gone: Side, keys: Value) -> Rig {
    let rig = in_step(16, keys).await;
    for number in 0..12 {
        rig.delete(gone, &rig.find(gone, "Email", &format!("p{number}@a.test")));
    }
    rig.control.clear_requests();
    rig.later(LAG);
    rig
}

fn said(run: &Run) -> &str {
    run.message.as_deref().unwrap_or_default()
}

/// Nothing that is told asks for a choice which was made.
fn calls_for_nothing(rig: &Rig, what: &str) {
    let syncs = rig.engine().syncs().expect("the syncs").into_iter().filter_map(|s| s.message);
    let runs = rig.engine().history().expect("the history").runs.into_iter();
    for told in syncs.chain(runs.filter_map(|run| run.message)) {
        assert!(!told.contains("choose under"), "{what}: {told}");
    }
}

fn state(rig: &Rig) -> SyncState {
    rig.engine().syncs().expect("the syncs").first().expect("one").state
}

/// The alarms that the sync shows: where, about how many, and how many of them are questions.
fn open_alarms(rig: &Rig) -> Vec<(Side, u32, usize)> {
    let syncs = rig.engine().syncs().expect("the syncs");
    let items: Vec<String> = rig.review().into_iter().map(|item| item.item).collect();
    let all = syncs.into_iter().flat_map(|sync| sync.alarms);
    all.map(|alarm| {
        (alarm.side, alarm.contacts, items.iter().filter(|i| **i == alarm.item).count())
    })
    .collect()
}

/// The alarm: how many it is about as its sentence says, and its choices.
fn alarm(rig: &Rig) -> (bool, Vec<String>) {
    let open = rig.review();
    let [item] = open.as_slice() else { panic!("one question: {open:?}") };
    assert_eq!(item.kind, ReviewKind::MassChange, "{item:?}");
    (item.reason.contains("12 contacts disappeared"), item.choices.clone())
}

#[tokio::test]
async fn many_that_vanish_are_one_question_and_nothing_is_written_for_them() {
    for gone in Side::BOTH {
        for rule in ["ask", "keep", "delete"] {
            let what = format!("gone in {}, {rule}", gone.name());
            let rig = vanished(gone, json!({"on_delete": rule})).await;
            let left = gone.other();
            rig.edit(left, &rig.find(left, "Email", "p14@a.test"), "Title", Some("Edit"));
            for _ in 0..3 {
                let run = rig.sync().await;
                let held = rule == "delete";
                assert_eq!(run.outcome == Outcome::Held, held, "{what}: {run:?}");
                assert_eq!(run.review, 1, "{what}: {run:?}");
                assert!(said(&run).contains("12 contacts disappeared from"), "{what}: {run:?}");
                let choices = ["put_back", "delete", "one_by_one"].map(str::to_owned).to_vec();
                assert_eq!(alarm(&rig), (true, choices), "{what}");
                assert_eq!(state(&rig), SyncState::NeedsYou, "{what}: it is not in step");
                assert!(run.alarm, "{what}: the run is none to be calm about");
                assert_eq!(open_alarms(&rig), [(gone, 12, rig.review().len())], "{what}");
                let one = rig.one("p1@a.test").reason;
                assert!(one.contains("together with many others"), "{what}: why: {one}");
                assert_eq!(rig.cards(left).len(), 16, "{what}: nobody is deleted");
                assert_eq!(rig.cards(gone).len(), 4, "{what}: nobody is made");
                let other = rig.find(gone, "Email", "p14@a.test");
                let edit = rig.value(gone, &other, "Title");
                assert_eq!(edit.is_some(), !held, "{what}: everybody else goes on");
                rig.later(LAG);
            }
        }
    }
}

#[tokio::test]
async fn the_alarm_is_raised_whatever_else_holds_the_run() {
    let rig = vanished(Side::Google, json!({})).await;
    rig.contacts(json!({"google_label": "CRM"})).await;
    for _ in 0..2 {
        let run = rig.sync().await;
        let held = run.held.map(|held| held.reason);
        assert_eq!(held, Some(HeldBy::NarrowedScope), "the narrower scope holds it: {run:?}");
        assert_eq!(
            open_alarms(&rig),
            [(Side::Google, 12, 1)],
            "and the alarm is there all the same"
        );
        assert_eq!(rig.cards(Side::Zoho).len(), 16, "nobody is deleted");
        rig.later(LAG);
    }
}

#[tokio::test]
async fn they_are_put_back_and_in_step() {
    for gone in Side::BOTH {
        for rule in ["ask", "delete"] {
            let what = format!("gone in {}, {rule}", gone.name());
            let rig = vanished(gone, json!({"on_delete": rule})).await;
            let left = gone.other();
            rig.edit(left, &rig.find(left, "Email", "p3@a.test"), "Title", Some("Edited since"));
            rig.sync().await;
            rig.decide(ReviewKind::MassChange, "put_back");
            assert_ne!(state(&rig), SyncState::UpToDate, "{what}: it is still to be carried out");
            calls_for_nothing(&rig, &what);
            let run = rig.sync().await;
            calls_for_nothing(&rig, &what);
            assert_eq!(run.outcome, Outcome::Completed, "{what}: {run:?}");
            assert_eq!(tally(&run, gone), (12, 0, 0), "{what}");
            assert_eq!(tally(&run, left), (0, 0, 0), "{what}");
            assert_eq!(rig.review(), Vec::new(), "{what}");
            rig.settle().await;
            rig.agree(16);
            assert_eq!(state(&rig), SyncState::UpToDate, "{what}");
            let again = rig.find(gone, "Email", "p1@a.test");
            assert_eq!(rig.card(gone, &again), Some(person(1)), "{what}: with all it had");
            rig.edit(gone, &again, "Title", Some("Back"));
            rig.settle().await;
            rig.agree(16);
            // What was decided is done: another loss is another question.
            rig.delete(gone, &again);
            rig.later(LAG);
            let run = rig.sync().await;
            assert_eq!(tally(&run, gone), (0, 0, 0), "{what}: it is not made once more: {run:?}");
        }
    }
}

#[tokio::test]
async fn their_counterparts_are_deleted_but_for_edited_ones() {
    for gone in Side::BOTH {
        for (rule, approved) in [("ask", false), ("delete", false), ("delete", true)] {
            let what = format!("gone in {}, {rule}, approved {approved}", gone.name());
            let rig = vanished(gone, json!({"on_delete": rule})).await;
            let left = gone.other();
            rig.edit(left, &rig.find(left, "Email", "p3@a.test"), "Title", Some("Edited since"));
            rig.sync().await;
            let run = if approved {
                rig.approve().await
            } else {
                rig.decide(ReviewKind::MassChange, "delete");
                rig.sync().await
            };
            assert_eq!(run.outcome, Outcome::Completed, "{what}: {run:?}");
            assert_eq!(tally(&run, left), (0, 0, 11), "{what}");
            let open = rig.review();
            assert_eq!(open.len(), 1, "{what}: one was edited: {open:?}");
            assert_eq!(open.first().map(|item| item.kind), Some(ReviewKind::Deletion), "{what}");
            rig.decide(ReviewKind::Deletion, "put_back");
            rig.settle().await;
            rig.agree(5);
        }
    }
}

#[tokio::test]
async fn one_by_one_they_are_single_questions() {
    for rule in ["ask", "delete"] {
        let rig = vanished(Side::Google, json!({"on_delete": rule})).await;
        rig.sync().await;
        rig.decide(ReviewKind::MassChange, "one_by_one");
        let run = rig.sync().await;
        assert_eq!((run.outcome, wrote(&run), run.review), (Outcome::Completed, 0, 12), "{run:?}");
        for choice in ["delete", "keep", "put_back"] {
            rig.decide(ReviewKind::Deletion, choice);
        }
        let run = rig.sync().await;
        assert_eq!((tally(&run, Side::Zoho), tally(&run, Side::Google)), ((0, 0, 1), (1, 0, 0)));
        assert_eq!(run.review, 9, "the others wait: {run:?}");
        assert_eq!(rig.cards(Side::Zoho).len(), 15, "and stay");
        rig.settle().await;
    }
}

#[tokio::test]
async fn whoever_comes_back_is_no_part_of_it_any_more() {
    let rig = in_step(16, json!({})).await;
    let ids: Vec<String> =
        (0..12).map(|n| rig.find(Side::Google, "Email", &format!("p{n}@a.test"))).collect();
    ids.iter().for_each(|id| rig.delete(Side::Google, id));
    rig.later(LAG);
    rig.sync().await;
    assert_eq!(rig.review().len(), 1, "one question");
    for (number, id) in ids.iter().enumerate() {
        let same = number % 2 == 0;
        rig.act(Side::Google, json!({"op": "restore", "contact": id, "same_id": same}));
    }
    rig.settle().await;
    assert_eq!(rig.review(), Vec::new(), "nothing is open");
    rig.agree(16);
}

#[tokio::test]
async fn a_limit_leaves_the_rest_of_an_answer_for_later_runs() {
    let limits = json!({"limits": {"first_run": 100, "later_run": 5, "google_contacts": 25_000}});
    let rig = vanished(Side::Google, limits).await;
    rig.sync().await;
    rig.decide(ReviewKind::MassChange, "put_back");
    for (made, waiting) in [(5, 7), (5, 2), (2, 0)] {
        let run = rig.sync().await;
        assert_eq!((tally(&run, Side::Google).0, run.waiting), (made, waiting), "{run:?}");
        assert_eq!(rig.review(), Vec::new(), "nothing is asked again");
        rig.later(LAG);
    }
    rig.settle().await;
    rig.agree(16);
}

#[tokio::test]
async fn the_source_of_a_one_way_sync_is_never_written() {
    for (direction, gone, choices) in [
        ("zoho_to_google", Side::Google, ["put_back", "keep", "one_by_one"]),
        ("zoho_to_google", Side::Zoho, ["delete", "keep", "one_by_one"]),
    ] {
        for choice in choices {
            let what = format!("{direction}, gone in {}, {choice}", gone.name());
            let rig = vanished(gone, json!({"direction": direction})).await;
            rig.sync().await;
            assert_eq!(alarm(&rig).1, choices.map(str::to_owned), "{what}");
            rig.decide(ReviewKind::MassChange, choice);
            rig.settle().await;
            assert_eq!(rig.writes(Side::Zoho), Vec::<String>::new(), "{what}");
            let many = match choice {
                "put_back" => 16,
                "delete" => 4,
                _ if gone == Side::Google => 4,
                _ => 16,
            };
            assert_eq!(rig.cards(Side::Google).len(), many, "{what}");
        }
    }
}

#[tokio::test]
async fn a_lost_answer_makes_no_twin_of_who_is_put_back() {
    for gone in Side::BOTH {
        for fault in ["drop_after", "drop_before"] {
            let what = format!("gone in {}, {fault}", gone.name());
            let rig = vanished(gone, json!({})).await;
            rig.sync().await;
            rig.decide(ReviewKind::MassChange, "put_back");
            let path = if gone == Side::Google { "*batchCreate*" } else { "*/Contacts" };
            rig.fault(json!({"side": gone.name(), "method": "POST", "path": path, "do": fault}));
            let run = rig.sync().await;
            // Who is found to be made counts; of everybody else the run does not say that all is well.
            let found = tally(&run, gone).0 == 12;
            assert_eq!(run.outcome == Outcome::Completed, found, "{what}: {run:?}");
            rig.sync().await;
            rig.control.clear_rules();
            rig.settle().await;
            rig.agree(16);
            assert_eq!(rig.review(), Vec::new(), "{what}");
        }
    }
}

#[tokio::test]
async fn a_preview_shows_whom_an_approval_deletes() {
    for gone in Side::BOTH {
        for direction in ["two_way", "zoho_to_google"] {
            let what = format!("gone in {}, {direction}", gone.name());
            let left = gone.other();
            let keys = json!({"on_delete": "delete", "direction": direction});
            let rig = in_step(16, keys).await;
            for number in 0..12 {
                rig.delete(gone, &rig.find(gone, "Email", &format!("p{number}@a.test")));
            }
            rig.edit(left, &rig.find(left, "Email", "p3@a.test"), "Title", Some("Edited since"));
            rig.later(LAG);
            rig.control.clear_requests();
            let shown = rig.engine().preview(None).await.expect("a preview").runs;
            let shown = shown.into_iter().next().expect("one");
            assert!(said(&shown).contains("12 contacts disappeared"), "{what}: {shown:?}");
            for side in Side::BOTH {
                assert_eq!(rig.writes(side), Vec::<String>::new(), "{what}: nothing is written");
            }
            let mut names: Vec<String> = (shown.operations.unwrap_or_default().iter())
                .filter(|operation| operation.kind == OperationKind::Delete)
                .inspect(|operation| assert_eq!(operation.side, left, "{what}"))
                .map(|operation| operation.contact.clone())
                .collect();
            names.sort();
            // The source of a one-way sync is never written.
            let writes = direction == "two_way" || direction.ends_with(left.name());
            let whom = (0..12).filter(|number| writes && *number != 3);
            let mut expected: Vec<String> =
                whom.map(|number| format!("Given{number} Family{number}")).collect();
            expected.sort();
            assert_eq!(names, expected, "{what}");
            // Whoever vanishes after it was shown is no part of what is approved.
            rig.delete(gone, &rig.find(gone, "Email", "p12@a.test"));
            rig.later(LAG);
            let run = rig.approve().await;
            let changes = rig.history(run.run).changes.into_iter();
            let mut deleted: Vec<String> = changes
                .filter(|change| change.kind == OperationKind::Delete)
                .map(|change| change.contact)
                .collect();
            deleted.sort();
            deleted.dedup();
            assert_eq!(deleted, expected, "{what}: exactly what was shown: {run:?}");
        }
    }
}

#[tokio::test]
async fn where_both_sides_lost_many_the_run_names_both() {
    for (rule, held) in [("ask", false), ("delete", true)] {
        let rig = in_step(40, json!({"on_delete": rule})).await;
        for number in 0..12 {
            rig.delete(Side::Zoho, &rig.find(Side::Zoho, "Email", &format!("p{number}@a.test")));
        }
        for number in 20..33 {
            rig.delete(
                Side::Google,
                &rig.find(Side::Google, "Email", &format!("p{number}@a.test")),
            );
        }
        rig.later(LAG);
        let run = rig.sync().await;
        assert_eq!(run.outcome == Outcome::Held, held, "{rule}: {run:?}");
        assert!(said(&run).contains("12 from Zoho and 13 from Google"), "{rule}: {run:?}");
        assert!(run.alarm, "{rule}: it is none to be calm about");
        let both = [(Side::Zoho, 12, 1), (Side::Google, 13, 1)];
        assert_eq!(open_alarms(&rig), both, "{rule}");
    }
}

/// The open questions whether two contacts are one, or what to do about one.
fn open_matches(rig: &Rig) -> Vec<String> {
    let mut open = rig.review();
    open.retain(|item| item.kind == ReviewKind::Match && item.chosen.is_none());
    open.into_iter().map(|item| item.item).collect()
}

#[tokio::test]
async fn an_open_question_outlives_the_loss_and_its_answer() {
    // Whom it is about, and whether the contact beside it vanishes too.
    for (case, beside_vanishes) in [("twin", false), ("namesake", false), ("namesake", true)] {
        for gone in Side::BOTH {
            for choice in ["put_back", "one_by_one", "delete"] {
                let what = format!("{case}, {beside_vanishes}, gone in {}, {choice}", gone.name());
                let left = gone.other();
                let rig = in_step(16, json!({})).await;
                let named = |note: &str| {
                    let name = [("First_Name", "Ana"), ("Last_Name", "Silva")];
                    card(&[name.as_slice(), &[("Description", note)]].concat())
                };
                let mut lost: Vec<String> =
                    (0..12).map(|n| rig.find(gone, "Email", &format!("p{n}@a.test"))).collect();
                let asked = if case == "twin" {
                    rig.add(left, &person(0))
                } else {
                    let beside = rig.add(gone, &named("beside"));
                    lost.extend(Some(beside).filter(|_| beside_vanishes));
                    rig.add(left, &named("asked"))
                };
                rig.settle().await;
                let open = open_matches(&rig);
                assert_eq!(open.len(), 1, "{what}");
                lost.iter().for_each(|id| rig.delete(gone, id));
                rig.later(LAG);
                let run = rig.sync().await;
                assert_eq!(
                    (wrote(&run), run.matched),
                    (0, 0),
                    "{what}: nothing is written: {run:?}"
                );
                assert_eq!(open_matches(&rig), open, "{what}: the alarm overrules no question");
                rig.decide(ReviewKind::MassChange, choice);
                let run = rig.sync().await;
                let (made, deleted) = (tally(&run, gone).0, tally(&run, left).2);
                let expected = match choice {
                    "put_back" => (12, 0),
                    "delete" => (0, 12),
                    _ => (0, 0),
                };
                assert_eq!((made, deleted), expected, "{what}: {run:?}");
                assert!(rig.card(left, &asked).is_some(), "{what}: nobody decided about it");
                if choice == "put_back" || case == "namesake" {
                    rig.later(LAG);
                    rig.edit(left, &asked, "Title", Some("Edited since"));
                    rig.settle().await;
                    assert_eq!(open_matches(&rig), open, "{what}: nor does the answer");
                    let id = open.first().expect("one");
                    rig.engine().resolve(&[id], "separate").expect("the choice is offered");
                    rig.settle().await;
                    let many = rig.cards(gone).len();
                    let stays = usize::from(case == "namesake" && !beside_vanishes);
                    let there = 5 + made as usize + stays;
                    assert_eq!(many, there, "{what}: it stands there once");
                    assert_eq!(open_matches(&rig), Vec::<String>::new(), "{what}: answered");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_question_goes_on_where_the_contact_beside_comes_back() {
    for gone in Side::BOTH {
        let rig = in_step(2, json!({})).await;
        let named = |note: &str| {
            card(&[("First_Name", "Ana"), ("Last_Name", "Silva"), ("Description", note)])
        };
        let beside = rig.add(gone, &named("same"));
        rig.add(gone.other(), &named("same"));
        rig.settle().await;
        let open = open_matches(&rig);
        assert_eq!(open.len(), 1);
        rig.delete(gone, &beside);
        rig.settle().await;
        assert_eq!(open_matches(&rig), open, "it is not answered by that");
        let restore = match gone {
            Side::Zoho => json!({"op": "restore", "module": "Contacts", "record": beside}),
            Side::Google => json!({"op": "restore", "contact": beside, "same_id": true}),
        };
        rig.act(gone, restore);
        rig.settle().await;
        assert_eq!(open_matches(&rig), open, "nor by that");
        rig.engine().resolve(&[open.first().expect("one")], "link").expect("it is offered");
        rig.settle().await;
        rig.agree(3);
    }
}
