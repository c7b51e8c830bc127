//! Who comes later and may be somebody whom a decision or a rule set apart, or who has a counterpart
//! already. Nobody is made beside them unasked.

use std::collections::{BTreeMap, BTreeSet};

use crate::contact::{Record, RecordId, Side};
use crate::decision::{duplicate_key, is};
use crate::mapping::Mapping;
use crate::matching::{Evidence, Likely, Reason, alike};

use super::input::Unlinked;
use super::planner::Planner;

/// A contact that is known already: linked, set apart, or gone after it was set apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// Its side.
    pub side: Side,
    /// The contact as it was read last.
    pub record: Record,
    /// What it can be recognised by.
    pub evidence: Evidence,
    /// What became of it.
    pub standing: Standing,
    /// Whether it is gone.
    pub gone: bool,
}

/// What became of a contact that is known already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It has its counterpart.
    Linked,
    /// Its pair was kept apart by a rule, an answer or an undo.
    Apart,
    /// The person left it out of the sync.
    LeftOut,
}

/// A contact that stays left out because it took the place of one that was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inheritance {
    /// The side of both.
    pub side: Side,
    /// Who was left out and is gone.
    pub of: RecordId,
    /// Who took its place.
    pub id: RecordId,
}

/// Whom a newcomer may be.
pub(super) enum Kin {
    /// Nobody who is known.
    Nobody,
    /// A contact that has its counterpart.
    Linked,
    /// A contact that was set apart.
    Apart,
    /// The one that was left out and is gone, for certain.
    LeftOut(RecordId),
}

/// Everybody who is known already, and under what they are found.
#[derive(Default)]
pub(super) struct Circle {
    known: Vec<Known>,
    found_by: BTreeMap<(&'static str, Vec<String>), Vec<usize>>,
}

impl Known {
    fn likely(&self) -> Likely<'_> {
        Likely { side: self.side, record: &self.record, evidence: &self.evidence }
    }
}

impl Circle {
    pub(super) fn of(mapping: &Mapping, known: Vec<Known>) -> Circle {
        let mut found_by: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (place, one) in known.iter().enumerate() {
            for trace in one.likely().traces(mapping) {
                found_by.entry(trace).or_default().push(place);
            }
        }
        Circle { known, found_by }
    }

    fn near(&self, mapping: &Mapping, newcomer: Likely<'_>) -> impl Iterator<Item = &Known> {
        let traces = newcomer.traces(mapping);
        let places = traces.iter().filter_map(|trace| self.found_by.get(trace)).flatten();
        let places: BTreeSet<usize> = places.copied().collect();
        places.into_iter().filter_map(|place| self.known.get(place))
    }
}

impl Planner<'_> {
    /// Whether the person answered that this contact stays as it is beside the others.
    pub(super) fn is_left_aside(&self, side: Side, id: &str) -> bool {
        is(self.rules.decisions, &duplicate_key(side, id), "ignore")
    }

    /// Whom of those who are known already this newcomer may be.
    pub(super) fn candidates(&self, side: Side, lone: &Unlinked) -> Kin {
        // In most runs nobody is near.
        if self.circle.known.is_empty() {
            return Kin::Nobody;
        }
        let mapping = self.rules.mapping;
        let Unlinked { record, evidence, .. } = lone;
        let newcomer = Likely { side, record, evidence };
        let mut candidates = Kin::Nobody;
        for known in self.circle.near(mapping, newcomer) {
            // Beside one that is there on its own side it is a copy, and meets whom that one met.
            if known.side == side && !known.gone {
                continue;
            }
            let Some((reason, sure)) = alike(mapping, newcomer, known.likely()) else { continue };
            let left_out = known.standing == Standing::LeftOut;
            if left_out && sure && known.side == side {
                return Kin::LeftOut(known.record.id.clone());
            }
            candidates = match (known.standing, reason) {
                (Standing::Apart | Standing::LeftOut, _) => Kin::Apart,
                // An address that both have was looked up before.
                (Standing::Linked, Reason::NameAndPhone | Reason::WholeCard) => match candidates {
                    Kin::Apart => Kin::Apart,
                    Kin::Nobody | Kin::Linked | Kin::LeftOut(_) => Kin::Linked,
                },
                (
                    Standing::Linked,
                    Reason::Mark
                    | Reason::Email
                    | Reason::NameAndEmail
                    | Reason::SharedEmail
                    | Reason::NameOnly
                    | Reason::Namesakes
                    | Reason::UniqueField
                    | Reason::Decided,
                ) => candidates,
            };
        }
        candidates
    }
}
