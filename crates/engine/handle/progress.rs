//! How far a run is, and how long the rest will take at the pace so far, waits included.

use renraku_core::contact::{Module, Side};
use renraku_core::timestamp::Timestamp;

use crate::api::{Phase, Progress};

/// Before this many seconds of a phase nothing is said about its end: it would only jump about.
const SOONEST: i64 = 3;

/// What was heard of the run under way.
#[derive(Debug, Default)]
pub(crate) struct Pulse {
    /// Where the phase stood when it began, and when that was.
    began: Option<(Timestamp, u32)>,
    last: Option<Progress>,
}

impl Pulse {
    /// The same progress with the time that is left.
    pub(crate) fn heard(&mut self, mut progress: Progress, now: Timestamp) -> Progress {
        let same = self.last.as_ref().is_some_and(|last| {
            (last.module, last.phase, last.side) == (progress.module, progress.phase, progress.side)
                && last.done <= progress.done
        });
        if !same {
            self.began = Some((now, progress.done));
        }
        if let (Some((began, from)), Some(total)) = (self.began, progress.total) {
            let (done, rest) = (progress.done - from, total.saturating_sub(progress.done));
            let elapsed = now.as_second() - began.as_second();
            if done > 0 && elapsed >= SOONEST {
                let left = i128::from(elapsed) * i128::from(rest) / i128::from(done);
                progress.seconds_left = u32::try_from(left).ok();
            }
        }
        self.last = Some(progress.clone());
        progress
    }

    /// The progress of a run that waits: where it stood, and until when a service asks it to wait.
    pub(crate) fn waits(&self, module: Module, side: Side, until: Timestamp) -> Progress {
        let last = self.last.as_ref().filter(|last| last.module == module);
        Progress {
            module,
            phase: Phase::Waiting,
            side: Some(side),
            done: last.map_or(0, |last| last.done),
            total: last.and_then(|last| last.total),
            seconds_left: last.and_then(|last| last.seconds_left),
            waiting_until: Some(until.stamp()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_takes_as_long_as_the_pace_so_far_says() {
        let mut pulse = Pulse::default();
        let mut check =
            |at: i64, phase: Phase, done: u32, total: Option<u32>, left: Option<u32>| {
                let now = Timestamp::from_second(1_000 + at).expect("a time");
                let progress = Progress {
                    module: Module::Contacts,
                    phase,
                    side: Some(Side::Google),
                    done,
                    total,
                    seconds_left: None,
                    waiting_until: None,
                };
                assert_eq!(pulse.heard(progress, now).seconds_left, left, "{done} after {at} s");
            };
        check(0, Phase::Writing, 0, Some(1000), None);
        check(1, Phase::Writing, 200, Some(1000), None);
        check(10, Phase::Writing, 400, Some(1000), Some(15));
        // A minute of waiting is part of the pace.
        check(70, Phase::Writing, 500, Some(1000), Some(70));
        check(80, Phase::Writing, 1000, Some(1000), Some(0));
        check(90, Phase::Reading, 100, None, None);
        check(99, Phase::Reading, 300, None, None);
        let until = Timestamp::from_second(2_000).expect("a time");
        let waits = pulse.waits(Module::Contacts, Side::Google, until);
        assert_eq!((waits.phase, waits.done), (Phase::Waiting, 300), "where it stood");
        assert_eq!(waits.waiting_until.as_deref(), Some("1970-01-01T00:33:20Z"));
    }
}
