//! How long the history and the copies of deleted contacts are kept. What has been kept long enough goes
//! at the end of a run, a little at a time.
//!
//! A clock can be wrong. What is old is judged by the earlier of two times, now and the last look a day
//! or more ago: a clock that has just jumped ahead makes nothing old. A run goes only with all runs
//! before it, a time that is still to come tells nothing, and the newest runs stay.

use chrono::TimeDelta;
use renraku_core::timestamp::Timestamp;
use renraku_store::{Look, StoreError};

use crate::sync::session::Session;
use crate::sync::snapshot;

/// The setting that holds the days; 0 keeps for ever.
pub(crate) const DAYS: &str = "retention.days";
/// Where nothing was chosen.
const USUAL: u32 = 90;
/// The longest time that can be chosen, in days.
pub(crate) const LONGEST: u32 = 3650;

/// A day's look is enough.
const DAY: TimeDelta = TimeDelta::hours(24);

/// Forgets a little of what has been kept long enough. What cannot be forgotten now goes another time.
pub(crate) fn tidy(session: &Session) {
    if let Err(error) = look(session) {
        tracing::warn!(%error, "what has been kept long enough stays for now");
    }
}

fn look(session: &Session) -> Result<(), StoreError> {
    let store = &session.store;
    let days = days(store.setting(DAYS)?.as_deref());
    if days == 0 {
        return Ok(());
    }
    let keep = TimeDelta::hours(24 * i64::from(days));
    let now = (session.clock)();
    let last = store.look()?;
    let fresh = |look: &Look| now >= look.at && now.duration_since(look.at) < DAY;
    let run = match last {
        Some(look) if fresh(&look) => look.run,
        last => {
            let at = last.map_or(now, |look| look.at).min(now);
            let run = oldest_that_stays(&store.old_runs()?, at, keep);
            snapshot::forget_old(&session.data_dir, at, keep);
            store.put_look(Look { at: now, run })?;
            run
        }
    };
    store.expire(run)
}

pub(crate) fn days(text: Option<&str>) -> u32 {
    text.and_then(|text| text.parse().ok()).unwrap_or(USUAL).min(LONGEST)
}

/// The last run of those that can go, oldest first: it and all before it have been kept long enough.
fn oldest_that_stays(runs: &[(i64, Option<Timestamp>)], now: Timestamp, keep: TimeDelta) -> i64 {
    let mut last = 0;
    for (run, time) in runs {
        match time {
            Some(time) if *time <= now && now.duration_since(*time) >= keep => last = *run,
            Some(time) if *time <= now => break,
            // Still to come, or not known: the runs around it tell.
            Some(_) | None => {}
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_goes_only_with_all_before_it() {
        let day = |day: i64| Timestamp::from_second(day * 86_400).expect("a time");
        let now = day(1000);
        let check = |times: &[Option<i64>], expected: i64, why: &str| {
            let runs: Vec<_> = (1..).zip(times.iter().map(|time| time.map(day))).collect();
            let keep = TimeDelta::hours(24 * 90);
            assert_eq!(oldest_that_stays(&runs, now, keep), expected, "{why}");
        };
        check(&[], 0, "nothing was done yet");
        check(&[Some(900), Some(909), Some(911)], 2, "two are older than 90 days");
        check(&[Some(910)], 1, "90 days are enough");
        check(&[Some(999), Some(1)], 0, "a clock that was set back makes no earlier run old");
        check(&[Some(2000), Some(900), Some(999)], 2, "a time to come counts as past, in its turn");
        check(&[Some(2000), Some(999)], 0, "and not before");
        check(&[None, Some(900)], 2, "nor does a run without a time stay for ever");
        check(&[Some(2000), Some(2001)], 0, "all to come: nobody knows");
    }
}
