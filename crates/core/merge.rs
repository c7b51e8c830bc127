//! The three-way merge of one field of a linked pair.
//!
//! Each side is compared only with what that same side last said, never with the other side's
//! base. So what a service shortened or reformatted is never taken for an edit, and our own writes
//! coming back are no change. A freshly matched pair is no special case: its bases are empty.

use crate::contact::{Pair, Side};
use crate::setup::Direction;

/// What is to be done about one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Neither side changed.
    Quiet,
    /// Both say the same now: remember it.
    Settle,
    /// The other side changed and this one takes its value.
    Write(Side),
    /// Both changed; this side takes the winner's value, its own goes to the history.
    Overwrite(Side),
    /// Both changed, and the person says which value counts.
    Ask,
    /// This side changed, and the direction does not let the change travel.
    Drift(Side),
}

/// The merge table of the design's section 4, for one field. `changed` tells which sides no longer
/// say what they last said; `equal` whether both say the same now; `winner` is none where the person
/// has yet to say it.
#[must_use]
pub fn verdict(
    changed: Pair<bool>,
    equal: bool,
    direction: Direction,
    winner: Option<Side>,
) -> Verdict {
    match (changed.zoho, changed.google, winner) {
        (false, false, _) => Verdict::Quiet,
        (true, true, _) | (true, false, _) | (false, true, _) if equal => Verdict::Settle,
        (true, false, _) => travel(Side::Zoho, direction),
        (false, true, _) => travel(Side::Google, direction),
        (true, true, None) => Verdict::Ask,
        (true, true, Some(winner)) if direction.writes(winner.other()) => {
            Verdict::Overwrite(winner.other())
        }
        (true, true, Some(winner)) => Verdict::Drift(winner),
    }
}

/// What changed since a base that may be older than what was last settled: where either side no longer
/// says what it holds, both may have been settled at something else since.
#[must_use]
pub(crate) fn doubtful(changed: Pair<bool>) -> Pair<bool> {
    let either = changed.zoho || changed.google;
    Pair { zoho: either, google: either }
}

fn travel(from: Side, direction: Direction) -> Verdict {
    if direction.writes(from.other()) { Verdict::Write(from.other()) } else { Verdict::Drift(from) }
}
