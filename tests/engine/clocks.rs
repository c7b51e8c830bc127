//! The computer's clock jumps, ahead or back, by an hour or by a year, at every moment of a run's life; the
//! services' clocks go on. Nobody is doubled, nothing is lost, nothing waits for ever, and both sides agree.

use std::sync::atomic::Ordering;

use renraku_engine::core::contact::Side;
use serde_json::{Value, json};

use super::edits::in_step;
use super::people::{card, person};
use super::rig::{LAG, Rig, done};

const HOUR: i64 = 3_600;
const YEAR: i64 = 400 * 24 * HOUR;
const JUMPS: [i64; 6] = [HOUR, 24 * HOUR, YEAR, -HOUR, -24 * HOUR, -YEAR];

impl Rig {
    /// The program's clock is set to so many seconds before or after the right time.
    fn set_clock(&self, ahead: i64) {
        self.ahead.store(ahead, Ordering::Relaxed);
    }
}

/// What people do, on both sides, before the run that matters.
fn edits(rig: &Rig, turn: usize) {
    let at = |side: Side, number: usize| rig.find(side, "Email", &format!("p{number}@a.test"));
    let title = format!("Turn {turn}");
    rig.edit(Side::Zoho, &at(Side::Zoho, 0), "Title", Some(&title));
    rig.edit(Side::Google, &at(Side::Google, 1), "Description", Some(&title));
    for (side, name) in [(Side::Zoho, "z"), (Side::Google, "g")] {
        let address = format!("{name}{turn}@a.test");
        rig.add(side, &card(&[("Last_Name", &format!("New {name}{turn}")), ("Email", &address)]));
    }
}

/// The clock jumps and is set right later, with this fault at a write to each side, if any.
async fn jumped(jump: i64, fault: Option<&str>, restarts: bool) {
    let what = format!("{jump} seconds, {fault:?}, restarts {restarts}");
    let mut rig = in_step(3, json!({"on_delete": "delete"})).await;
    edits(&rig, 0);
    for (side, method) in [("zoho", "POST"), ("google", "POST")] {
        if let Some(fault) = fault {
            let act: Value = json!({"side": side, "method": method, "times": 1, "do": fault});
            rig.fault(act);
        }
    }
    // It jumps between the writes and what is heard of them by the next read.
    let _ = rig.approve_or_fail().await;
    rig.control.clear_rules();
    rig.set_clock(jump);
    if restarts {
        rig.reopen();
    }
    let _ = rig.approve_or_fail().await;
    edits(&rig, 1);
    done(rig.approve().await);
    // And is set right in the middle of things.
    edits(&rig, 2);
    rig.set_clock(0);
    if restarts {
        rig.reopen();
    }
    rig.later(LAG);
    rig.settle().await;
    rig.agree(9);
    assert_eq!(rig.review(), [], "{what}");
    let syncs = rig.engine().syncs().expect("the syncs");
    assert!(syncs.iter().all(|sync| sync.next_run_at.is_some()), "{what}: the timer goes on");
}

#[tokio::test]
async fn whenever_the_clock_jumps_both_sides_end_in_step_and_nobody_is_doubled() {
    for jump in JUMPS {
        for fault in [None, Some("drop_before"), Some("drop_after")] {
            for restarts in [false, true] {
                jumped(jump, fault, restarts).await;
            }
        }
    }
}

#[tokio::test]
async fn a_first_run_on_a_wrong_clock_is_as_good_as_any() {
    for jump in JUMPS {
        let rig = Rig::new().await;
        for number in 0..4 {
            rig.add(Side::Zoho, &person(number));
            rig.add(Side::Google, &person(number + 2));
        }
        rig.set_clock(jump);
        rig.contacts(json!({})).await;
        rig.synced().await;
        rig.set_clock(0);
        rig.settle().await;
        rig.agree(6);
        // Deletions are told by the services' own times.
        rig.set_clock(jump);
        rig.delete(Side::Google, &rig.find(Side::Google, "Email", "p1@a.test"));
        rig.later(LAG);
        rig.settle().await;
        assert_eq!(rig.review().len(), 1, "{jump}: it is asked about once: {:?}", rig.review());
    }
}
