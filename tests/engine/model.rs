//! Random lives against a simple reference: edits, deletions, merges, labels, views, runs, lost
//! answers, kills, expired tokens, restarts, turning off and on, a lost database. At every stop
//! nobody is doubled, nothing is lost, both sides agree, and the second run is quiet.
//!
//! `RENRAKU_MODEL_SEED` replays one sequence, `RENRAKU_MODEL_SEQUENCES` sets their number.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use super::life::Life;

const SEQUENCES: u64 = 2000;
const STEPS: usize = 12;

async fn sequence(seed: u64) -> Result<(), Vec<String>> {
    let mut life = Life::begin(seed).await;
    for _ in 0..2 {
        life.add();
    }
    let lived = futures_util::FutureExt::catch_unwind(AssertUnwindSafe(async {
        for _ in 0..STEPS {
            life.step().await;
        }
        life.stop().await;
    }));
    let lived = lived.await;
    lived.map_err(|_| life.steps)
}

#[test]
fn random_lives_keep_every_promise() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seeds: Vec<u64> = match number("RENRAKU_MODEL_SEED") {
        Some(seed) => vec![seed],
        None => (0..number("RENRAKU_MODEL_SEQUENCES").unwrap_or(SEQUENCES)).collect(),
    };
    let began = Instant::now();
    let workers = std::thread::available_parallelism().map_or(2, |n| n.get().min(8));
    let failed = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..workers)
            .map(|worker| {
                let mine: Vec<u64> = seeds.iter().copied().skip(worker).step_by(workers).collect();
                scope.spawn(move || {
                    let mut failed = Vec::new();
                    for seed in mine {
                        let runtime =
                            tokio::runtime::Builder::new_current_thread().enable_all().build();
                        let runtime = runtime.expect("a runtime");
                        let lived =
                            catch_unwind(AssertUnwindSafe(|| runtime.block_on(sequence(seed))));
                        if let Err(steps) = lived.unwrap_or_else(|_| Err(Vec::new())) {
                            println!("RENRAKU_MODEL_SEED={seed}:\n  {}", steps.join("\n  "));
                            failed.push(seed);
                        }
                    }
                    failed
                })
            })
            .collect();
        let all = workers.into_iter().flat_map(|worker| worker.join().expect("a worker"));
        all.collect::<BTreeSet<u64>>()
    });
    println!("{} sequences in {:?}, failed: {failed:?}", seeds.len(), began.elapsed());
    assert_eq!(failed, BTreeSet::new(), "replay one with RENRAKU_MODEL_SEED");
}
