//! What the fields of a pair come to before the limits: what is written on each side, what is believed, and
//! what holds a field back.

use crate::contact::{Pair, Side, Text};
use crate::field::Misfit;
use crate::mapping::Mapping;
use crate::merge::Verdict;
use std::collections::{BTreeMap, BTreeSet};

use super::question::{Difference, Question};
use super::step::{BaseUpdate, FieldNote};
use super::whole;

/// The fields of a pair, before limits: what to write on each side and what is believed anyway.
#[derive(Default)]
pub(super) struct PairPatch {
    pub(super) patch: Pair<BTreeMap<usize, Option<Text>>>,
    pub(super) notes: Pair<Vec<FieldNote>>,
    /// What the bases hold once the side is written.
    pub(super) learn: Pair<BaseUpdate>,
    pub(super) settled: BaseUpdate,
    pub(super) misfits: Vec<(usize, Side, Misfit, Text)>,
    /// Questions that hold a field: about what the service refused before, and about differences.
    pub(super) open: Vec<Question>,
    /// Differences that are decided.
    pub(super) differences: Vec<Difference>,
    /// What was judged together with other fields, and the first rule of its whole.
    pub(super) together: BTreeMap<usize, (Verdict, usize)>,
    /// Whether the base may be older than what was last settled.
    pub(super) doubted: bool,
    /// Whether no rule can tell which of two values is the newer one.
    pub(super) untold: bool,
    /// Wholes with a part that stays where it is: so do the others.
    pub(super) stuck: BTreeSet<usize>,
    /// Rules whose value waits in Google until its Zoho field takes it.
    pub(super) resting: BTreeSet<usize>,
    /// Rules whose company has no account.
    pub(super) without_account: BTreeSet<usize>,
}

impl PairPatch {
    /// Takes back what this patch writes of a whole of which a part stays where it is.
    pub(super) fn hold_wholes(&mut self, mapping: &Mapping) {
        let held = |(rule, (_, whole)): (&usize, &(Verdict, usize))| {
            self.stuck.contains(whole).then_some(*rule)
        };
        let held: Vec<usize> = self.together.iter().filter_map(held).collect();
        for rule in held {
            for side in Side::BOTH {
                self.take_back(mapping, side, rule);
            }
        }
    }

    /// A name or an address of which a part waits in Google waits there whole.
    pub(super) fn rest_whole(&mut self, mapping: &Mapping) {
        let mut waits = whole::parts_with(mapping, &self.resting);
        waits.retain(|rule| self.patch[Side::Zoho].contains_key(rule));
        for rule in &waits {
            self.take_back(mapping, Side::Zoho, *rule);
        }
        self.resting.append(&mut waits);
    }

    /// Takes one field out of what is written on a side.
    pub(super) fn take_back(&mut self, mapping: &Mapping, side: Side, rule: usize) {
        self.patch[side].remove(&rule);
        self.learn[side].remove(rule);
        let field = mapping.rules().get(rule).map(|spec| spec.zoho.as_str());
        self.notes[side].retain(|note| Some(note.field.as_str()) != field);
    }
}
