//! Where the two contacts of a pair differ and stay so: what was edited on the side that a one-way sync
//! only writes to, what an undo put back, what the person chose to leave, what flips, what Zoho takes no
//! changes of. Such a pair is not in step, and nothing is to be written for it.

use std::collections::BTreeSet;

use crate::contact::{Card, Listed, Pair, Record, Side, Text};
use crate::mapping::{Mapping, Rule, Slot};
use crate::setup::Direction;

use super::fitted::{Fitted, fit, stands_in};
use super::patch::PairPatch;
use super::planner::Planner;
use super::whole;

/// The rules in which two cards differ, of those that the direction lets a run write on either side.
/// `spare` are the person's entries that fill no place. What a field has no form for (a birthday without a
/// year in Zoho), what only stands in for an empty field, and another split of the same name or address
/// are no difference.
#[must_use]
pub fn differing(
    mapping: &Mapping,
    direction: Direction,
    now: Pair<&Card>,
    spare: &[&Listed],
) -> BTreeSet<usize> {
    let rules = mapping.rules().iter().enumerate();
    let differs = |(rule, spec): &(usize, &Rule)| {
        (direction.writes(Side::Google) || spec.zoho_writable) && !agree(spec, now, *rule)
    };
    let mut found: BTreeSet<usize> = rules.filter(differs).map(|(rule, _)| rule).collect();
    if found.is_empty() {
        return found;
    }
    let alike = whole::alike(mapping, now);
    found.retain(|rule| !alike.contains(rule));
    let there = |slot: &Slot| stands_elsewhere(mapping, slot, now, spare);
    let there: BTreeSet<usize> = (mapping.slots().iter())
        .filter(|slot| slot.rules.iter().any(|(rule, _)| found.contains(rule)) && there(slot))
        .flat_map(|slot| slot.rules.iter().map(|(rule, _)| *rule))
        .collect();
    found.retain(|rule| !there.contains(rule));
    found
}

/// Whether the two say the same in one field, as far as each can hold what the other says.
fn agree(spec: &Rule, now: Pair<&Card>, rule: usize) -> bool {
    let (zoho, google) = (now.zoho.get(rule), now.google.get(rule));
    let arrived = |to: Side| match fit(spec, to, now[to.other()].get(rule)) {
        Fitted::Sent(sent) => !spec.kind.edited(now[to].get(rule), sent.as_deref()),
        Fitted::Default(default) => spec.kind.same(zoho, Some(&default)),
        Fitted::Closed => spec.zoho_writable && zoho.is_none(),
        Fitted::Misfit(_) => false,
    };
    spec.kind.same(zoho, google)
        || (google.is_none() && stands_in(spec, zoho))
        || Side::BOTH.into_iter().any(arrived)
}

/// Whether a place of Google's is empty because the person has what Zoho says there under another label.
fn stands_elsewhere(mapping: &Mapping, slot: &Slot, now: Pair<&Card>, spare: &[&Listed]) -> bool {
    let entry = |slot: &Slot, card: &Card| {
        let part = |(rule, part): &(usize, &'static str)| -> Option<(&'static str, Text)> {
            Some((*part, card.text(*rule)?))
        };
        Listed {
            field: slot.group.name(),
            label: slot.label.clone(),
            parts: slot.rules.iter().filter_map(part).collect(),
        }
    };
    let wanted = entry(slot, now.zoho);
    if !slot.group.relabels()
        || wanted.parts.is_empty()
        || slot.rules.iter().any(|(rule, _)| now.google.get(*rule).is_some())
    {
        return false;
    }
    let others = mapping.slots().iter().filter(|other| other.group == slot.group);
    others
        .map(|other| entry(other, now.google))
        .any(|other| mapping.says_the_same(slot, &wanted, &other))
        || spare
            .iter()
            .filter(|entry| entry.field == slot.group.name())
            .any(|entry| mapping.says_the_same(slot, &wanted, entry))
}

impl Planner<'_> {
    /// The fields in which a pair differs and that this plan leaves so, by Zoho's `api_name`. What cannot
    /// be read tells nothing.
    pub(super) fn left_differing(
        &self,
        records: &Pair<&Record>,
        now: Pair<&Card>,
        spare: &[&Listed],
        out: &PairPatch,
    ) -> BTreeSet<String> {
        let mapping = self.rules.mapping;
        let mut differs = differing(mapping, self.rules.direction, now, spare);
        // What waits is on its way.
        let bound = whole::parts_with(mapping, self.rules.held);
        differs.retain(|rule| {
            ![self.rules.held, &bound, &out.resting].iter().any(|rules| rules.contains(rule))
                && Side::BOTH.into_iter().all(|side| {
                    !out.patch[side].contains_key(rule) && !records[side].unread.contains(rule)
                })
        });
        let names = differs.iter().filter_map(|rule| mapping.rules().get(*rule));
        let names = names.map(|spec| spec.zoho.clone());
        names.chain(self.in_pieces(&Pair::of(|side| Some(records[side])))).collect()
    }
}
