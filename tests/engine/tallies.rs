//! What runs say they wrote is what was written: each write once, in the run that heard or found it.

use renraku_engine::api::OperationKind;
use renraku_engine::core::contact::Side;
use serde_json::json;

use super::edits::in_step;
use super::people::person;
use super::rig::{LAG, Rig, tally};

/// Two pairs in step; on each side two new people, one edit and one deletion.
async fn changed() -> Rig {
    let rig = in_step(4, json!({"on_delete": "delete"})).await;
    for (at, side) in Side::BOTH.into_iter().enumerate() {
        for number in 0..2 {
            rig.add(side, &person(10 + 2 * at + number));
        }
        let edited = rig.find(side, "Email", &format!("p{at}@a.test"));
        rig.edit(side, &edited, "Title", Some("Chief"));
        rig.delete(side, &rig.find(side, "Email", &format!("p{}@a.test", 2 + at)));
    }
    rig.later(LAG);
    rig
}

/// The number of the newest run that is over.
fn newest(rig: &Rig) -> u32 {
    rig.engine().history().expect("the runs").runs.first().expect("a run").run
}

/// What all runs since this one say they wrote on a side, and what their histories list.
fn told(rig: &Rig, side: Side, since: u32) -> ((u32, u32, u32), (u32, u32, u32)) {
    let runs = rig.engine().history().expect("the runs").runs;
    let mut said = (0, 0, 0);
    let mut listed = [0; 3];
    for run in runs.iter().filter(|run| run.run > since) {
        let (created, updated, deleted) = tally(run, side);
        said = (said.0 + created, said.1 + updated, said.2 + deleted);
        let mut changes = rig.history(run.run).changes;
        changes.retain(|change| change.side == side);
        // A line a field: each contact once.
        changes.dedup_by_key(|c| (c.kind, c.zoho_id.clone(), c.google.clone()));
        let mut own = [0; 3];
        let [made, changed, gone] = &mut own;
        for change in changes {
            *match change.kind {
                OperationKind::Create => &mut *made,
                OperationKind::Update => &mut *changed,
                OperationKind::Delete => &mut *gone,
            } += 1;
        }
        assert_eq!((created, updated, deleted), (own[0], own[1], own[2]), "{run:?}");
        own.iter().zip(&mut listed).for_each(|(own, all)| *all += own);
    }
    (said, (listed[0], listed[1], listed[2]))
}

#[tokio::test]
async fn what_is_found_done_after_a_crash_counts_once() {
    let all = (2, 1, 1);
    for before in [true, false] {
        for nth in 1.. {
            let what = format!("call {nth}, before it {before}");
            let mut rig = changed().await;
            let since = newest(&rig);
            let ended = rig.killed_at(nth, before).await;
            rig.settle().await;
            for side in Side::BOTH {
                assert_eq!(told(&rig, side, since), (all, all), "{what}, {}", side.name());
            }
            if ended.is_some() {
                assert!(nth > 5, "{what}: there are more calls than that");
                break;
            }
        }
    }
}

#[tokio::test]
async fn what_an_undo_finds_of_its_run_is_undone_and_counted_there() {
    for side in Side::BOTH {
        let mut rig = in_step(2, json!({})).await;
        rig.add(side.other(), &person(7));
        rig.later(LAG);
        let cut = newest(&rig) + 1;
        let path = if side == Side::Google { "*batchCreate*" } else { "*/Contacts" };
        // The create is carried out; the program ends before it hears so.
        rig.fault(json!({"side": super::rig::at(side), "method": "POST", "path": path, "times": 1,
                         "do": {"human_after": []}}));
        {
            let run = std::pin::pin!(rig.approve());
            assert!(rig.until_struck(run).await.is_none(), "it was struck");
        }
        rig.control.clear_rules();
        rig.reopen();
        rig.later(LAG);
        let undone = rig.engine().undo(cut, None).await.expect("the undo runs");
        assert_eq!(tally(&undone, side), (0, 0, 1), "{}: {undone:?}", side.name());
        assert_eq!(rig.cards(side).len(), 2, "{}: it went again", side.name());
        let runs = rig.engine().history().expect("the runs").runs;
        let cut = runs.iter().find(|run| run.run == cut).expect("the cut run");
        assert_eq!(tally(cut, side), (1, 0, 0), "{}: {cut:?}", side.name());
        rig.settle().await;
        assert_eq!(rig.cards(side).len(), 2, "{}: and does not come back", side.name());
    }
}
