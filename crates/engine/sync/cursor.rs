//! Where the next read of a Zoho feed begins.

use chrono::TimeDelta;
use renraku_core::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// How far behind Zoho's newest time a read begins again: a record that was being saved while we
/// read may show up with a time that has passed already.
const OVERLAP: TimeDelta = TimeDelta::seconds(10);

/// Where the next read of a Zoho feed begins. Only Zoho's own times, never this computer's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cursor {
    /// The newest time that was seen.
    pub(crate) at: Timestamp,
    /// Wall-clock second of the read that saw it first.
    read: i64,
    /// Whether a later read, after the overlap had passed, found nothing more up to `at`.
    settled: bool,
}

impl Cursor {
    /// The earliest time of change that it asks for.
    pub(crate) fn since(self) -> Timestamp {
        // Zoho's times are whole seconds.
        let step = if self.settled { TimeDelta::seconds(1) } else { -OVERLAP };
        self.at.checked_add(step).unwrap_or(self.at)
    }

    /// Where the read after this one begins. A read of many pages goes on for a while, and what
    /// changes behind it is older than what changes ahead of it: no later than `began`, Zoho's
    /// clock at its first page, may the next one begin.
    pub(crate) fn advance(
        old: Option<Cursor>,
        newest: Option<Timestamp>,
        began: Option<Timestamp>,
        now: i64,
    ) -> Option<Cursor> {
        let newest = newest.map(|newest| began.map_or(newest, |began| newest.min(began)));
        match (old, newest) {
            (Some(old), Some(newest)) if newest > old.at => {
                Some(Cursor { at: newest, read: now, settled: false })
            }
            (Some(old), _) => {
                // A read that lies ahead was timed by a clock that has been set back since.
                let over = now < old.read || now - old.read > OVERLAP.num_seconds() + 5;
                let settled = old.settled || over;
                Some(Cursor { settled, ..old })
            }
            (None, newest) => newest.map(|at| Cursor { at, read: now, settled: false }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).expect("a time")
    }

    #[test]
    fn a_read_begins_where_the_last_one_can_have_missed_nothing() {
        let was = Cursor { at: at(0), read: 0, settled: false };
        let settled = Cursor { settled: true, ..was };
        // What it was, the newest time seen, Zoho's clock at the first page, our clock, the next
        // read's first time of change.
        let table = [
            ("nothing was ever there", None, None, Some(at(50)), 9, None),
            ("the first read", None, Some(at(40)), Some(at(50)), 9, Some(at(30))),
            ("changes behind a long read", None, Some(at(90)), Some(at(50)), 9, Some(at(40))),
            ("without Zoho's clock", None, Some(at(90)), None, 9, Some(at(80))),
            ("something newer", Some(settled), Some(at(40)), Some(at(50)), 9, Some(at(30))),
            ("nothing newer, at once", Some(was), Some(at(0)), Some(at(5)), 9, Some(at(-10))),
            ("nothing newer, later", Some(was), Some(at(0)), Some(at(50)), 99, Some(at(1))),
            (
                "the clock was set back",
                Some(Cursor { read: 500, ..was }),
                None,
                None,
                99,
                Some(at(1)),
            ),
            ("nothing at all, later", Some(was), None, Some(at(50)), 99, Some(at(1))),
        ];
        for (what, was, newest, began, now, next) in table {
            let found = Cursor::advance(was, newest, began, now).map(Cursor::since);
            assert_eq!(found, next, "{what}");
        }
    }
}
