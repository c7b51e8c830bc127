//! What the ledger takes note of without a write.

use crate::contact::{Pair, RecordId, Side, Text};
use crate::matching::Reason;
use crate::seen::Seen;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

use super::sent::Sent;
use super::step::BaseUpdate;

/// Something the ledger takes note of without a write.
#[derive(Debug, Clone, PartialEq)]
pub enum LedgerUpdate {
    /// Two contacts are one person.
    Link {
        /// Both ends.
        ids: Pair<RecordId>,
        /// How it was recognised.
        by: Reason,
        /// The e-mail address or phone number that both have, where one tells.
        shared: Option<Text>,
        /// What each of the two is called.
        names: Pair<String>,
        /// Fields that already agree.
        learn: BaseUpdate,
        /// How the person's entries stand.
        seen: Seen,
        /// Fields in which the two differ and stay so, by Zoho's `api_name`.
        differs: BTreeSet<String>,
        /// Whether something of it is still to be written, now or by a later run.
        fresh: bool,
        /// Whether no rule can tell which of two values of it is the newer one: the person is asked.
        doubted: bool,
        /// Why it sleeps from the start.
        suspended: Option<Suspended>,
    },
    /// Both sides agree on these fields.
    Learn {
        /// The link.
        link: i64,
        /// The bases by rule.
        learn: BaseUpdate,
        /// How the person's entries stand.
        seen: Seen,
        /// What was written to Zoho and need not have arrived.
        sent: Option<Sent>,
        /// Fields in which the two differ and stay so, by Zoho's `api_name`.
        differs: BTreeSet<String>,
        /// Whether the link was matched and something of it is still to be written.
        fresh: bool,
    },
    /// The link sleeps (or wakes).
    Suspend {
        /// The link.
        link: i64,
        /// Why it sleeps; `None` wakes it.
        reason: Option<Suspended>,
    },
    /// The link ends; nothing is left to pair.
    End {
        /// The link.
        link: i64,
    },
    /// The pair is kept apart from now on, by rule or decision.
    Stop {
        /// The link.
        link: i64,
    },
    /// One end was merged into another contact; of a person that took the place nothing was seen
    /// before.
    Move {
        /// The link.
        link: i64,
        /// The side of the merge.
        side: Side,
        /// The survivor.
        to: RecordId,
    },
}

/// Why a link sleeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Suspended {
    /// The contact left the label or view on this side.
    OutOfScope(Side),
    /// The contact is not to be seen on this side.
    Hidden(Side),
    /// The counterpart on the written side of a one-way sync was deleted.
    TargetGone(Side),
    /// It was merged into a contact that has a link of its own.
    Merged(Side),
    /// A question about it waits.
    Asked,
    /// It vanished on this side together with many others: one question about all of them waits.
    Alarm(Side),
    /// What the service answers about it on this side cannot be read.
    Unreadable(Side),
    /// A run that added the person to the sync's label was undone.
    Undone,
    /// The person left it out of the sync.
    LeftOut,
}

impl Suspended {
    /// Whether it waits for something that the services tell only when they are asked: a contact
    /// that was taken out of the bin, or one that can be read again.
    #[must_use]
    pub fn is_looked_after(self) -> bool {
        match self {
            Suspended::TargetGone(_)
            | Suspended::Asked
            | Suspended::Alarm(_)
            | Suspended::Unreadable(_) => true,
            Suspended::OutOfScope(_)
            | Suspended::Hidden(_)
            | Suspended::Merged(_)
            | Suspended::Undone
            | Suspended::LeftOut => false,
        }
    }
}
