//! What a plan is made from: the links and contacts that changed, and the rules of the run.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::contact::{Card, Pair, Record, RecordId, Side};
use crate::decision::Decisions;
use crate::field::Misfit;
use crate::mapping::Mapping;
use crate::matching::{Asked, Entry, Evidence};
use crate::seen::Seen;
use crate::setup::{Direction, OnDelete, Winner};

use super::apart::Known;
use super::ledger_update::Suspended;
use super::question::Question;
use super::sent::Sent;

/// What a side knows of one end of a link.
#[derive(Debug, Clone, PartialEq)]
pub enum Presence {
    /// It is there; `in_scope` tells whether the label or view holds it.
    Here {
        /// The contact.
        record: Record,
        /// Whether the sync's scope on this side holds it.
        in_scope: bool,
    },
    /// Deleted: there is a positive tombstone.
    Gone,
    /// Not to be seen, and not known to be deleted (rights, sharing, approval).
    Hidden,
    /// It is there, and what the service answers about it cannot be read.
    Unreadable,
    /// A lead that became a contact.
    Converted,
    /// Merged into another contact of the same side.
    MergedInto {
        /// The survivor.
        survivor: RecordId,
        /// Whether the survivor is linked already.
        linked: bool,
    },
    /// Its newest state is not believed yet: our own write is younger than the service's lag.
    Lagging,
}

/// A link and what both sides know of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Linked {
    /// The link's number.
    pub link: i64,
    /// The ids of both ends.
    pub ids: Pair<RecordId>,
    /// What each side said last time both were settled.
    pub base: Pair<Card>,
    /// How the person's entries stood at the last look.
    pub seen: Seen,
    /// What was written to Zoho and need not have arrived.
    pub sent: Option<Sent>,
    /// Whether the two were matched and not settled yet: their first common write is still to come.
    pub fresh: bool,
    /// Whether the base may be older than what was last settled: where one side does not say what it
    /// holds and the two differ, nobody can tell which value is the newer one, and the person decides.
    pub doubted: bool,
    /// Fields that flipped too often and are left alone.
    pub frozen: BTreeSet<usize>,
    /// Fields in which the two differed at the last look and were left so, by Zoho's `api_name`.
    pub differs: BTreeSet<String>,
    /// Why it sleeps now.
    pub suspended: Option<Suspended>,
    /// Both ends as they are now.
    pub now: Pair<Presence>,
    /// Where one end is gone: what whoever took its place is recognised by.
    pub left: Option<Left>,
    /// Where one end is gone: whether it may have been merged into another contact. A service that
    /// tells of a merge only as of a deletion leaves that open.
    pub perhaps_merged: bool,
}

/// A pair one end of which is gone.
#[derive(Debug, Clone, PartialEq)]
pub struct Left {
    /// What the end that is there can be recognised by.
    pub evidence: Evidence,
    /// What the lost one was recognised by. The two need not say the same: in a one-way sync what is
    /// typed on the written side stays there.
    pub lost: Evidence,
    /// What the lost one said last.
    pub said: Card,
}

/// A contact without a link.
#[derive(Debug, Clone, PartialEq)]
pub struct Unlinked {
    /// The contact.
    pub record: Record,
    /// Whether the sync's scope on its side holds it.
    pub in_scope: bool,
    /// What it can be recognised by.
    pub evidence: Evidence,
    /// Why it may be matched but not created, such as a create under way with unknown outcome.
    pub block: Option<CreateBlock>,
}

impl Unlinked {
    /// What it is recognised by, for the matching.
    pub(super) fn entry(&self) -> Entry<'_> {
        Entry {
            record: &self.record,
            evidence: &self.evidence,
            twin: self.block == Some(CreateBlock::Twin),
            bereft: None,
        }
    }
}

/// Why a contact without a link is not created on the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreateBlock {
    /// A create for it was sent and its outcome is not known yet.
    Unsure,
    /// It is the counterpart of a contact in another module.
    OtherModule,
    /// A contact on the other side that has a counterpart already carries the same key.
    Twin,
    /// A contact on the other side that cannot be read carries the same key or name: it may be the
    /// counterpart.
    Unreadable,
    /// Zoho could not be asked whether somebody outside the view carries its e-mail address or name.
    Unasked,
    /// The contact beside which the person is asked about it was deleted: the question is theirs all the
    /// same, and nobody is created before they have answered it.
    Vanished,
    /// It is a second copy of a contact that this sync created, with its mark: the service carried one
    /// write out twice. It holds exactly what was sent and nothing else.
    Echo,
}

/// The rules of one run.
#[derive(Debug, Clone)]
pub struct Rules<'a> {
    /// The mapping.
    pub mapping: &'a Mapping,
    /// Which way.
    pub direction: Direction,
    /// Who wins a conflict.
    pub winner: Winner,
    /// The deletion rule.
    pub on_delete: OnDelete,
    /// Whether name and phone may match contacts without a key.
    pub match_without_email: bool,
    /// Whether a label limits the Google side (matched persons are added to it).
    pub label: bool,
    /// Whether the label or view changed and no run has completed since: who was linked before does
    /// not join the new label unasked.
    pub narrowed: bool,
    /// Whether this is the sync's very first run: no deletions.
    pub first_run: bool,
    /// Whether pairs may be without their link because a database was lost: in a sync's first run whoever
    /// says the same in every mapped field is found again by that, and of two values nobody can tell which
    /// one is the newer: the person decides.
    pub lost: bool,
    /// How many pairs are linked: of how many a loss is a mass change.
    pub links: u32,
    /// Whether an alarm about contacts that vanished on this side is open: whoever else vanishes
    /// there joins it.
    pub alarms: Pair<bool>,
    /// How many contacts may be written.
    pub limit: u32,
    /// How many more contacts the Google account can take.
    pub google_room: u32,
    /// Values for Zoho fields outside the mapping, set on create.
    pub extra_defaults: &'a BTreeMap<String, String>,
    /// What was decided earlier.
    pub decisions: &'a Decisions,
    /// Whom the person was or is asked about beside one of the other side.
    pub asked: &'a Asked,
    /// Zoho fields whose row of the mapping is new: what it writes was not approved yet.
    pub renewed: &'a BTreeSet<String>,
    /// Rules whose Zoho field this user can no longer read: left alone on both sides.
    pub held: &'a BTreeSet<usize>,
    /// Rules whose Zoho field this user can no longer write: what is typed in Google waits there.
    pub closed: &'a BTreeSet<usize>,
    /// Open questions about values that only the service can judge, by their keys: until they are
    /// answered the values are not sent again.
    pub refused: &'a BTreeMap<String, Question>,
    /// Names of companies that have no account in Zoho and get none for now, and why: who names one goes
    /// without it, and it is asked about.
    pub companies: &'a BTreeMap<String, Misfit>,
}

/// What changed since it was last settled.
#[derive(Debug, Clone, Default)]
pub struct PlanInput {
    /// Links with a changed end.
    pub linked: Vec<Linked>,
    /// Contacts without a link, and those they could be matched with.
    pub unlinked: Pair<Vec<Unlinked>>,
    /// Contacts that are none, and that an unlinked contact may be.
    pub known: Vec<Known>,
}

impl PlanInput {
    /// Whether nobody stands in it twice, in two pairs or in one and alone: what no ledger says that is
    /// whole, and what no plan could be made from.
    #[must_use]
    pub fn is_coherent(&self) -> bool {
        Side::BOTH.into_iter().all(|side| {
            let mut met = BTreeSet::new();
            let linked = self.linked.iter().map(|pair| &pair.ids[side]);
            linked.chain(self.unlinked[side].iter().map(|s| &s.record.id)).all(|id| met.insert(id))
        })
    }
}
