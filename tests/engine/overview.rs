//! What the overview draws: who is on either side, and what each of the last thirty days brought.

use std::time::Duration;

use renraku_engine::api::{Day, End, Event, Overview};
use renraku_engine::core::contact::Side;
use serde_json::json;

use super::edits::in_step;
use super::people::person;
use super::rig::{LAG, Rig};

const A_DAY: Duration = Duration::from_secs(24 * 3600);

fn overview(rig: &Rig) -> Overview {
    rig.engine().overview().expect("the overview is drawn")
}

/// What today brought: written, deleted, undone, failed runs, held runs.
fn today(rig: &Rig) -> (u32, u32, u32, u32, u32) {
    let days = overview(rig).days;
    let Day { written, deleted, undone, failed, held, .. } = days.last().expect("today").clone();
    (written, deleted, undone, failed, held)
}

#[tokio::test]
async fn each_day_tells_what_its_runs_did() {
    let rig = in_step(3, json!({"on_delete": "delete"})).await;
    rig.later(A_DAY);
    assert_eq!(today(&rig), (0, 0, 0, 0, 0), "nothing yet");
    rig.edit(Side::Zoho, &rig.find(Side::Zoho, "Email", "p0@a.test"), "Title", Some("Chief"));
    rig.edit(Side::Google, &rig.find(Side::Google, "Email", "p1@a.test"), "Title", Some("Head"));
    let run = rig.synced().await;
    assert_eq!(today(&rig), (2, 0, 0, 0, 0), "one on each side");
    rig.later(LAG);
    rig.engine().undo(run.run, None).await.expect("the undo runs");
    assert_eq!(today(&rig), (2, 0, 2, 0, 0), "what was undone is no new write");
    rig.later(LAG);
    rig.delete(Side::Zoho, &rig.find(Side::Zoho, "Email", "p2@a.test"));
    rig.synced().await;
    assert_eq!(today(&rig), (2, 1, 2, 0, 0), "a deletion is called one");
    rig.fault(json!({"do": {"answer": {"status": 400, "json": {"code": "INVALID_DATA"}}}}));
    rig.sync().await;
    rig.control.clear_rules();
    assert_eq!(today(&rig), (2, 1, 2, 1, 0), "a run that failed");
    rig.later(A_DAY);
    let days = overview(&rig).days;
    assert_eq!(days.len(), 30);
    let dates: Vec<&str> = days.iter().map(|day| day.date.as_str()).collect();
    assert!(dates.is_sorted(), "oldest first: {dates:?}");
    let told: Vec<u32> = days.iter().rev().take(3).map(|day| day.written).collect();
    assert_eq!(told, [0, 2, 3], "each day its own");
}

#[tokio::test]
async fn a_run_that_stops_for_the_person_is_seen() {
    let rig = Rig::new().await;
    rig.add(Side::Zoho, &person(1));
    rig.contacts(json!({})).await;
    rig.sync().await;
    assert_eq!(today(&rig), (0, 0, 0, 0, 1), "the first plan waits");
    let rig = in_step(16, json!({})).await;
    for number in 0..12 {
        rig.delete(Side::Google, &rig.find(Side::Google, "Email", &format!("p{number}@a.test")));
    }
    rig.later(A_DAY);
    rig.sync().await;
    assert_eq!(today(&rig), (0, 0, 0, 0, 1), "nothing was deleted, and it is no quiet run");
}

#[tokio::test]
async fn who_is_on_either_side_is_counted_within_the_label_and_the_view() {
    let rig = Rig::new().await;
    rig.add_with(Side::Google, &person(1), &["CRM"]);
    rig.add(Side::Google, &person(2));
    rig.add(Side::Zoho, &person(3));
    rig.contacts(json!({})).await;
    let ends = |rig: &Rig| {
        let ends = overview(rig).syncs.into_iter().next().expect("one sync");
        (ends.zoho, ends.google)
    };
    let end = |contacts: Option<u32>, within: Option<&str>| End {
        contacts,
        within: within.map(str::to_owned),
    };
    assert_eq!(ends(&rig), (end(None, None), end(None, None)), "nobody was read yet");
    rig.synced().await;
    rig.settle().await;
    assert_eq!(ends(&rig), (end(Some(3), None), end(Some(3), None)), "everybody");
    rig.contacts(json!({"google_label": "CRM"})).await;
    rig.synced().await;
    rig.settle().await;
    assert_eq!(ends(&rig), (end(Some(3), None), end(Some(1), Some("CRM"))), "the label's members");
    let kept_out = overview(&rig).syncs.first().map(|ends| ends.kept_out);
    assert_eq!(kept_out, Some(2), "who left the scope explains the difference");
}

#[tokio::test]
async fn a_setup_that_another_program_changes_is_noticed_while_somebody_looks() {
    let mut rig = in_step(1, json!({"frequency_minutes": 60})).await;
    let open = rig.open_another();
    let _timer = open.start_timer();
    open.watch(true);
    let mut events = open.events();
    rig.contacts(json!({"frequency_minutes": 15})).await;
    let frequency = || open.syncs().expect("the syncs").pop().expect("one").frequency_minutes;
    let begun = std::time::Instant::now();
    loop {
        let told = events.recv().await.expect("the engine tells");
        if matches!(told, Event::Changed) && frequency() == 15 {
            break;
        }
    }
    let soon = std::time::Duration::from_secs(30);
    assert!(begun.elapsed() < soon, "not with the timer's next look: {:?}", begun.elapsed());
}
