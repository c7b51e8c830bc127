//! The planner's own state: what it has decided so far, its counts against the limits, and whom it asks.

use crate::contact::{Card, Pair, RecordId, Side};
use crate::decision::{is, left_out_key};
use crate::matching::{Reason, Ways};
use crate::seen::Seen;
use std::collections::{BTreeMap, BTreeSet};

use super::apart::Circle;
use super::contents::Plan;
use super::input::{Rules, Unlinked};
use super::question::{About, Question};

pub(super) struct Planner<'a> {
    pub(super) rules: &'a Rules<'a>,
    pub(super) plan: Plan,
    /// Contacts that this plan writes to, a pair once.
    pub(super) written: u32,
    /// How many more contacts Google takes.
    pub(super) room: u32,
    /// Survivors of merges that a link moved to.
    pub(super) moved: BTreeSet<(Side, RecordId)>,
    /// Contacts that lost their counterpart and the ones that took its place.
    pub(super) successors: Vec<Successor>,
    /// On which sides so many vanished that one question is asked about all of them.
    pub(super) alarms: Pair<bool>,
    /// Contacts of which the person said that they are nobody whom they were shown beside.
    pub(super) apart: BTreeMap<(Side, RecordId), usize>,
    /// Everybody who is known already.
    pub(super) circle: Circle,
    /// Whether the person ever chose between two values.
    pub(super) chooses: bool,
}

impl Planner<'_> {
    /// How contacts are recognised in this run.
    pub(super) fn ways(&self) -> Ways<'_> {
        Ways {
            mapping: self.rules.mapping,
            by_name_and_phone: self.rules.match_without_email,
            by_card: self.rules.first_run,
            lost: self.rules.lost,
            decisions: self.rules.decisions,
            asked: self.rules.asked,
        }
    }

    /// Whether the person left this contact out of the sync.
    pub(super) fn is_left_out(&self, side: Side, id: &str) -> bool {
        self.rules.decisions.contains_key(&left_out_key(side, id))
    }

    /// Whether the person left either contact of a pair out of the sync.
    pub(super) fn is_pair_left_out(&self, ids: &Pair<RecordId>) -> bool {
        Side::BOTH.into_iter().any(|side| self.is_left_out(side, &ids[side]))
    }

    pub(super) fn quiet(&mut self, ids: &Pair<RecordId>) {
        for side in Side::BOTH {
            self.plan.quiet.insert((side, ids[side].clone()));
        }
    }

    pub(super) fn wait(&mut self, ids: &Pair<RecordId>) {
        for side in Side::BOTH {
            self.plan.waiting.insert((side, ids[side].clone()));
        }
    }

    pub(super) fn lag(&mut self, ids: &Pair<RecordId>) {
        for side in Side::BOTH {
            self.plan.lagging.insert((side, ids[side].clone()));
        }
    }

    /// Asks, unless the person answered that it stays as it is.
    pub(super) fn ask(&mut self, question: Question) {
        let settled = match &question.about {
            About::Merged { .. } => is(self.rules.decisions, &question.key, "keep"),
            About::Duplicate { .. } | About::InOnePiece { .. } => {
                is(self.rules.decisions, &question.key, "ignore")
            }
            About::Deletion { .. }
            | About::Recreate { .. }
            | About::Doubtful(_)
            | About::Misfit { .. }
            | About::Refused { .. }
            | About::Difference { .. }
            | About::Frozen { .. }
            | About::Scope { .. }
            | About::MassChange { .. }
            | About::Unreadable { .. }
            | About::UndoLeft { .. } => false,
        };
        if !settled {
            self.plan.questions.push(question);
        }
    }

    /// Counts a contact against the limits; false where it has to wait.
    pub(super) fn take(&mut self, google_create: bool) -> bool {
        if self.written >= self.rules.limit {
            return false;
        }
        if google_create {
            if self.room == 0 {
                self.plan.google_full = true;
                return false;
            }
            self.room -= 1;
        }
        self.written += 1;
        true
    }
}

/// How a person's places and entries stood at the last look: no base, but it tells which place an
/// entry belongs to whose label says nothing.
pub(super) struct Past {
    /// What the places said.
    pub(super) said: Card,
    /// The entries.
    pub(super) seen: Seen,
}

/// A contact that lost its counterpart and the one that took its place.
pub(super) struct Successor {
    pub(super) ends: Pair<Unlinked>,
    pub(super) by: Reason,
    pub(super) past: Past,
}
