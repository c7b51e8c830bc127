//! What has been kept long enough goes: whole runs with what they wrote, and the copies of deleted
//! contacts; a clock that jumps takes nothing along.

use std::time::Duration;

use renraku_engine::api::ReviewKind;
use renraku_engine::core::contact::Side;
use serde_json::json;

use super::edits::in_step;
use super::rig::Rig;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Whether the database's file holds a text; the program starts again.
fn holds(rig: &mut Rig, text: &str) -> bool {
    rig.backup().windows(text.len()).any(|window| window == text.as_bytes())
}

/// A run that writes, so that there are newer ones than those that matter.
async fn busy(rig: &Rig, days: u32) {
    for day in 0..days {
        rig.later(DAY);
        let id = rig.find(Side::Zoho, "Email", "p0@a.test");
        rig.edit(Side::Zoho, &id, "Title", Some(&format!("Day {day}")));
        rig.synced().await;
    }
}

/// An edit of one contact, a deletion of another, a question about a third.
async fn lived() -> Rig {
    let rig = in_step(4, json!({"on_delete": "ask"})).await;
    rig.edit(Side::Zoho, &rig.find(Side::Zoho, "Email", "p0@a.test"), "Title", Some("Secretary"));
    rig.delete(Side::Google, &rig.find(Side::Google, "Email", "p1@a.test"));
    rig.settle().await;
    rig.decide(ReviewKind::Deletion, "delete");
    rig.settle().await;
    rig.edit(Side::Zoho, &rig.find(Side::Zoho, "Email", "p0@a.test"), "Title", Some("Boss"));
    rig.delete(Side::Google, &rig.find(Side::Google, "Email", "p2@a.test"));
    rig.settle().await;
    rig
}

#[tokio::test]
async fn what_is_old_goes_and_what_is_asked_about_stays() {
    let mut rig = lived().await;
    assert!(holds(&mut rig, "Secretary") && holds(&mut rig, "p1@a.test"), "kept at first");
    let first = rig.engine().history().expect("the runs").runs.len();
    busy(&rig, 12).await;
    assert!(holds(&mut rig, "Secretary"), "twelve days are not long");
    rig.later(DAY * 80);
    busy(&rig, 12).await;
    assert!(!holds(&mut rig, "Secretary"), "what was written in March is gone in July");
    assert!(!holds(&mut rig, "p1@a.test"), "and so is the copy of who was deleted");
    assert!(holds(&mut rig, "p2@a.test"), "who is asked about is kept");
    assert_eq!(rig.review().len(), 1);
    let runs = rig.engine().history().expect("the runs").runs;
    assert!(runs.len() > 10 && runs.iter().all(|run| run.run as usize > first), "{runs:?}");
    let last = runs.first().expect("a run").run;
    let undone = rig.engine().undo(last, None).await.expect("what is not old can be undone");
    assert_eq!(undone.google.updated, 1, "{undone:?}");
    rig.decide(ReviewKind::Deletion, "put_back");
    rig.settle().await;
    for side in Side::BOTH {
        rig.find(side, "Email", "p2@a.test");
    }
}

#[tokio::test]
async fn nothing_goes_where_it_is_kept_for_ever() {
    let mut rig = lived().await;
    rig.engine().set_retention(0).expect("it is chosen");
    // A grant that nobody uses for half a year is dead.
    for _ in 0..3 {
        rig.later(DAY * 150);
        rig.synced().await;
    }
    busy(&rig, 12).await;
    assert!(holds(&mut rig, "Secretary") && holds(&mut rig, "p1@a.test"));
    assert_eq!(rig.engine().retention().expect("a setting"), 0);
}

#[tokio::test]
async fn a_clock_that_jumps_takes_nothing_along() {
    let mut rig = lived().await;
    busy(&rig, 12).await;
    // For an afternoon it is half a year later.
    rig.later(DAY * 150);
    for _ in 0..3 {
        rig.later(Duration::from_secs(3600));
        rig.synced().await;
    }
    assert!(holds(&mut rig, "Secretary") && holds(&mut rig, "p1@a.test"), "nothing is old yet");
}
