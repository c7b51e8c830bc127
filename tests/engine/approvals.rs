//! A plan that waits for approval: the first one, one that a changed setup made, and what a guard
//! holds. An approval approves what was shown, and nothing else.

use renraku_engine::api::{HeldBy, Outcome, Run};
use renraku_engine::core::contact::Side;
use serde_json::{Value, json};

use super::edits::in_step;
use super::people::person;
use super::rig::{Rig, done, tally, wrote};
use super::rows::mapping;

async fn preview(rig: &Rig) -> Run {
    rig.tick();
    let runs = rig.engine().preview(None).await.expect("a preview").runs;
    runs.into_iter().next().expect("one run")
}

fn quiet(rig: &Rig, what: &str) {
    for side in Side::BOTH {
        assert_eq!(rig.writes(side), Vec::<String>::new(), "{what}: nothing is written");
    }
}

/// Contacts whose titles differ, in a sync that does not map the title.
async fn differing(many: usize) -> (Rig, Vec<[String; 2]>) {
    let rig = Rig::new().await;
    for number in 0..many {
        for side in Side::BOTH {
            let mut card = person(number);
            card.insert("Title".to_owned(), format!("Chief {number} in {}", side.name()));
            rig.add(side, &card);
        }
    }
    rig.contacts(json!({"mapping": mapping(&[("Title", "")])})).await;
    rig.synced().await;
    rig.settle().await;
    rig.control.clear_requests();
    let ids = (0..many)
        .map(|n| Side::BOTH.map(|side| rig.find(side, "Email", &format!("p{n}@a.test"))))
        .collect();
    (rig, ids)
}

#[tokio::test]
async fn a_newly_mapped_field_is_shown_before_it_is_written() {
    for previewed in [false, true] {
        let what = if previewed { "previewed" } else { "held" };
        let (rig, ids) = differing(3).await;
        rig.contacts(json!({})).await;
        if previewed {
            let shown = preview(&rig).await;
            let operations = shown.operations.expect("its operations");
            assert_eq!(operations.len(), 3, "{what}: {operations:?}");
            let field = operations.first().and_then(|one| one.fields.first()).expect("a field");
            assert_eq!(field.field, "Title", "{what}");
            assert_eq!(field.before.as_deref(), Some("Chief 0 in google"), "{what}");
            assert_eq!(field.after.as_deref(), Some("Chief 0 in zoho"), "{what}");
        }
        for _ in 0..2 {
            let run = rig.sync().await;
            assert_eq!(run.outcome, Outcome::Held, "{what}: {run:?}");
            let held = run.held.expect("what it would write");
            assert_eq!(held.reason, HeldBy::ChangedSetup, "{what}");
            assert_eq!((held.creates, held.updates, held.deletes), (0, 3, 0), "{what}");
            quiet(&rig, what);
        }
        let run = rig.synced().await;
        assert_eq!(tally(&run, Side::Google), (0, 3, 0), "{what}: {run:?}");
        let [_, google] = ids.first().expect("a pair");
        assert_eq!(rig.value(Side::Google, google, "Title").as_deref(), Some("Chief 0 in zoho"));
        // From now on it is a field like any other.
        rig.later(super::rig::LAG);
        rig.edit(Side::Google, google, "Title", Some("Head"));
        let run = done(rig.sync().await);
        assert_eq!(tally(&run, Side::Zoho), (0, 1, 0), "{what}: {run:?}");
    }
}

#[tokio::test]
async fn a_newly_mapped_field_says_what_is_filled_and_what_differs() {
    for side in Side::BOTH {
        let rig = Rig::new().await;
        for number in 0..2 {
            for at in Side::BOTH {
                let mut card = person(number);
                if at == side || number == 1 {
                    card.insert("Title".to_owned(), format!("Chief in {}", at.name()));
                }
                rig.add(at, &card);
            }
        }
        rig.contacts(json!({"mapping": mapping(&[("Title", "")]), "conflict_winner": side.name()}))
            .await;
        rig.settle().await;
        rig.contacts(json!({"conflict_winner": side.name()})).await;
        let operations = preview(&rig).await.operations.expect("its operations");
        let why = |name: &str| {
            let one = operations.iter().find(|one| one.contact.contains(name));
            one.map(|one| one.why.clone()).unwrap_or_default()
        };
        assert!(why("Given0").contains("was empty"), "{}: {operations:?}", side.name());
        assert!(!why("Given0").contains("changed"), "{}: {operations:?}", side.name());
        assert!(why("Given1").contains("differ"), "{}: {operations:?}", side.name());
        let run = rig.synced().await;
        let changes = rig.history(run.run).changes;
        let filled = changes.iter().filter(|change| change.why.contains("was empty")).count();
        assert_eq!(filled, 1, "{}: the history says the same: {changes:?}", side.name());
        // From now on whoever changes it did change it.
        let id = rig.find(side, "Email", "p0@a.test");
        rig.later(super::rig::LAG);
        rig.edit(side, &id, "Title", Some("Head"));
        let run = rig.synced().await;
        let changes = rig.history(run.run).changes;
        assert!(changes.iter().all(|change| change.why.contains("changed")), "{changes:?}");
    }
}

#[tokio::test]
async fn a_changed_setup_that_writes_nothing_needs_no_approval() {
    let changes = [
        json!({"frequency_minutes": 30}),
        json!({"conflict_winner": "google"}),
        json!({"on_delete": "delete"}),
        json!({"limits": {"later_run": 100}}),
        json!({"direction": "zoho_to_google"}),
        // Both sides say the same there, or nothing.
        json!({"mapping": mapping(&[("Fax", "phoneNumbers[main]")])}),
        json!({"mapping": mapping(&[("Fax", "")])}),
        json!({"custom_fields": ["Department"], "mapping": mapping(&[("Department", "")])}),
    ];
    for change in changes {
        let rig = in_step(2, json!({})).await;
        rig.contacts(change.clone()).await;
        let zoho = rig.find(Side::Zoho, "Email", "p0@a.test");
        rig.edit(Side::Zoho, &zoho, "Title", Some("Chief"));
        rig.add(Side::Zoho, &person(7));
        let run = rig.sync().await;
        assert_eq!(run.outcome, Outcome::Completed, "{change}: {run:?}");
        assert_eq!(tally(&run, Side::Google), (1, 1, 0), "{change}: {run:?}");
    }
}

#[tokio::test]
async fn a_setup_that_reaches_further_waits_for_approval() {
    let one_way = json!({"direction": "google_to_zoho"});
    let rig = in_step(2, one_way).await;
    let zoho = rig.find(Side::Zoho, "Email", "p0@a.test");
    rig.edit(Side::Zoho, &zoho, "Title", Some("Chief"));
    assert_eq!(wrote(&done(rig.sync().await)), 0, "it does not travel");
    rig.contacts(json!({})).await;
    let run = rig.sync().await;
    assert_eq!(run.outcome, Outcome::Held, "the other direction: {run:?}");
    assert_eq!(run.held.map(|held| held.reason), Some(HeldBy::ChangedSetup));
    quiet(&rig, "the other direction");
    assert!(wrote(&rig.synced().await) > 0, "approved, it travels");

    let rig = Rig::new().await;
    rig.add_with(Side::Google, &person(1), &["CRM"]);
    rig.add_with(Side::Google, &person(2), &[]);
    rig.contacts(json!({"google_label": "CRM"})).await;
    rig.synced().await;
    rig.settle().await;
    rig.control.clear_requests();
    rig.contacts(json!({})).await;
    let run = rig.sync().await;
    assert_eq!(run.outcome, Outcome::Held, "everybody instead of a label: {run:?}");
    assert_eq!(run.held.map(|held| held.creates), Some(1));
    quiet(&rig, "everybody instead of a label");
    assert_eq!(tally(&rig.synced().await, Side::Zoho), (1, 0, 0));
}

/// Three contacts in a first plan that somebody looks at in this way.
async fn looked_at(how: &str) -> Rig {
    let rig = Rig::new().await;
    for number in 0..3 {
        rig.add(Side::Zoho, &person(number));
    }
    rig.contacts(json!({})).await;
    match how {
        "previewed" => drop(preview(&rig).await),
        "held" => drop(rig.sync().await),
        _ => {}
    }
    rig
}

#[tokio::test]
async fn what_came_after_the_plan_was_shown_waits_for_the_next_one() {
    for how in ["previewed", "held"] {
        let rig = looked_at(how).await;
        for number in 3..7 {
            rig.add(Side::Zoho, &person(number));
        }
        let run = rig.approve().await;
        assert_eq!(tally(&run, Side::Google), (3, 0, 0), "{how}: what was shown: {run:?}");
        assert_eq!((run.outcome, run.waiting), (Outcome::Partial, 4), "{how}: {run:?}");
        assert!(run.message.is_some(), "{how}: it is said");
        let run = rig.sync().await;
        assert_eq!((run.outcome, run.waiting), (Outcome::Completed, 0), "{how}: {run:?}");
        assert_eq!(tally(&run, Side::Google), (4, 0, 0), "{how}: the next plan: {run:?}");
        rig.settle().await;
        rig.agree(7);
    }
    // Nobody looked at a plan: it approves the one that it makes.
    let rig = looked_at("not at all").await;
    rig.add(Side::Zoho, &person(3));
    let run = rig.approve().await;
    assert_eq!((tally(&run, Side::Google), run.waiting), ((4, 0, 0), 0), "{run:?}");
}

#[tokio::test]
async fn a_contact_that_changed_after_it_was_shown_waits() {
    let (rig, ids) = differing(2).await;
    rig.contacts(json!({})).await;
    assert_eq!(preview(&rig).await.operations.map(|all| all.len()), Some(2));
    let [zoho, google] = ids.first().expect("a pair");
    rig.edit(Side::Zoho, zoho, "Title", Some("Head"));
    let run = rig.approve().await;
    assert_eq!((tally(&run, Side::Google), run.waiting), ((0, 1, 0), 1), "{run:?}");
    let title = || rig.value(Side::Google, google, "Title");
    assert_eq!(title().as_deref(), Some("Chief 0 in google"), "nothing that was not shown");
    rig.settle().await;
    assert_eq!(title().as_deref(), Some("Head"), "the next plan has it");
}

#[tokio::test]
async fn an_approval_outlives_a_crash_and_stays_what_it_was() {
    let mut rig = looked_at("held").await;
    for number in 3..5 {
        rig.add(Side::Zoho, &person(number));
    }
    // The first write is never sent: only the reads, and what was approved, are on disk.
    let act: Value = json!({"side": "google", "method": "POST", "times": 1, "do": "drop_before"});
    rig.fault(act);
    let ended = {
        let run = std::pin::pin!(rig.approve());
        rig.until_struck(run).await.is_some()
    };
    assert!(!ended, "it is killed at its first write");
    rig.control.clear_rules();
    rig.reopen();
    rig.later(super::rig::LAG);
    let run = done(rig.sync().await);
    assert_eq!((tally(&run, Side::Google), run.waiting), ((3, 0, 0), 2), "{run:?}");
    rig.settle().await;
    rig.agree(5);
}

#[tokio::test]
async fn an_alarm_that_is_approved_deletes_whom_it_showed() {
    let rig = in_step(40, json!({"on_delete": "delete"})).await;
    let lose = |numbers: std::ops::Range<usize>| {
        for number in numbers {
            rig.delete(
                Side::Google,
                &rig.find(Side::Google, "Email", &format!("p{number}@a.test")),
            );
        }
    };
    lose(0..12);
    rig.later(super::rig::LAG);
    let run = rig.sync().await;
    assert_eq!(run.outcome, Outcome::Held, "{run:?}");
    let held = run.held.expect("what it would write");
    assert_eq!((held.reason, held.deletes), (HeldBy::MassChange, 12), "{held:?}");
    assert_eq!((held.gone.google, held.gone.zoho), (12, 0), "{held:?}");
    lose(12..14);
    rig.later(super::rig::LAG);
    let run = rig.approve().await;
    assert_eq!((tally(&run, Side::Zoho), run.waiting), ((0, 0, 12), 2), "{run:?}");
}

#[tokio::test]
async fn who_missed_the_approval_of_a_changed_setup_is_shown_before_it_is_written() {
    let (rig, ids) = differing(3).await;
    rig.contacts(json!({})).await;
    assert_eq!(rig.sync().await.outcome, Outcome::Held, "it is shown");
    for [zoho, _] in &ids {
        rig.edit(Side::Zoho, zoho, "Title", Some("Nobody saw this"));
    }
    assert_eq!(rig.approve().await.outcome, Outcome::Partial, "all of them changed since");
    rig.control.clear_requests();
    assert_eq!(rig.sync().await.outcome, Outcome::Held, "the next plan waits too");
    quiet(&rig, "shown again");
    assert_eq!(tally(&done(rig.approve().await), Side::Google), (0, 3, 0), "and is approved");
    rig.settle().await;
    rig.agree(3);
}
