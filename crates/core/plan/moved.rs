//! A value that was moved to another place is not cleared in its old one. Where one side moved what a place
//! held and the other one edited it meanwhile, the place is empty because its value stands elsewhere:
//! nobody took away what the other side says there now.

use std::collections::BTreeMap;

use crate::contact::{Card, Listed, Pair, Side, Text};
use crate::mapping::{Mapping, Slot};
use crate::setup::Direction;

use super::fitted::{Fitted, fit};
use super::patch::PairPatch;
use super::question::Question;
use super::step::{FieldNote, Why};

/// What is known of a pair's places.
#[derive(Clone, Copy)]
pub(super) struct Places<'a> {
    pub(super) mapping: &'a Mapping,
    pub(super) base: Pair<&'a Card>,
    pub(super) now: Pair<&'a Card>,
    /// The person's entries that fill no place.
    pub(super) spare: &'a [&'a Listed],
}

/// Gives a value that this patch would take off both sides, because its place was moved away on one of
/// them, to that side in place of clearing it on the other.
///
/// `in_the_way` tells what is asked about a value that a side refused before, and of one that the person
/// left as it is that nothing is: neither is sent.
pub(super) fn keep_beside_moved(
    places: Places<'_>,
    direction: Direction,
    in_the_way: impl Fn(Side, &str, &str) -> Option<Vec<Question>>,
    out: &mut PairPatch,
) {
    let slots = || places.mapping.slots().iter().filter(|slot| slot.group.relabels());
    for side in Side::BOTH.into_iter().filter(|side| direction.writes(side.other())) {
        for slot in slots().filter(|_| direction.writes(side)) {
            let kept = entry(slot, |rule| places.now[side].text(rule));
            let cleared = !kept.parts.is_empty()
                && entry(slot, |rule| after(out, places, side, rule)).parts.is_empty();
            if cleared && places.moved(side.other(), slot) && !places.stands(slot, &kept, out) {
                places.give_back(side, slot, &in_the_way, out);
            }
        }
    }
}

/// What a place holds.
fn entry(slot: &Slot, value: impl Fn(usize) -> Option<Text>) -> Listed {
    let parts = slot.rules.iter().filter_map(|(rule, part)| Some((*part, value(*rule)?)));
    Listed { field: slot.group.name(), label: slot.label.clone(), parts: parts.collect() }
}

/// What a side says once the patch is written.
fn after(out: &PairPatch, places: Places<'_>, side: Side, rule: usize) -> Option<Text> {
    out.patch[side].get(&rule).cloned().unwrap_or_else(|| places.now[side].text(rule))
}

impl Places<'_> {
    fn beside<'a>(&'a self, slot: &'a Slot) -> impl Iterator<Item = &'a Slot> {
        let all = self.mapping.slots().iter();
        all.filter(move |other| other.group == slot.group && other.label != slot.label)
    }

    /// Whether a side's place is empty and what it held stands elsewhere on that side.
    fn moved(&self, side: Side, slot: &Slot) -> bool {
        let held = entry(slot, |rule| self.base[side].text(rule));
        let empty = slot.rules.iter().all(|(rule, _)| self.now[side].get(*rule).is_none());
        let same = |now: &Listed| self.mapping.says_the_same(slot, &held, now);
        let elsewhere = || {
            let spare = self.spare.iter().filter(|one| one.field == slot.group.name());
            let mut others = self.beside(slot);
            others.any(|other| same(&entry(other, |rule| self.now[side].text(rule))))
                || (side == Side::Google && spare.into_iter().any(|entry| same(entry)))
        };
        empty && !held.parts.is_empty() && elsewhere()
    }

    /// Whether a value stands in another place of either side once the patch is written.
    fn stands(&self, slot: &Slot, value: &Listed, out: &PairPatch) -> bool {
        let same = |entry: &Listed| self.mapping.says_the_same(slot, value, entry);
        let mut spare = self.spare.iter().filter(|one| one.field == slot.group.name());
        spare.any(|entry| same(entry))
            || Side::BOTH.into_iter().any(|side| {
                self.beside(slot)
                    .any(|other| same(&entry(other, |rule| after(out, *self, side, rule))))
            })
    }

    /// Writes what a side says in a place to the other one, which was about to empty it there.
    fn give_back(
        &self,
        side: Side,
        slot: &Slot,
        in_the_way: &impl Fn(Side, &str, &str) -> Option<Vec<Question>>,
        out: &mut PairPatch,
    ) {
        let to = side.other();
        let mut given: BTreeMap<usize, Text> = BTreeMap::new();
        let mut stays = false;
        for (rule, _) in &slot.rules {
            let Some(spec) = self.mapping.rules().get(*rule) else { continue };
            out.take_back(self.mapping, side, *rule);
            let Some(value) = self.now[side].get(*rule) else { continue };
            if let Some(questions) = in_the_way(to, &spec.zoho, value) {
                stays = true;
                out.open.extend(questions);
                continue;
            }
            match fit(spec, to, Some(value)) {
                Fitted::Sent(Some(sent)) => drop(given.insert(*rule, sent)),
                Fitted::Misfit(misfit) => {
                    stays = true;
                    out.misfits.push((*rule, to, misfit, value.into()));
                }
                Fitted::Sent(None) | Fitted::Default(_) | Fitted::Closed => {}
            }
        }
        // One address goes whole or not at all.
        if stays {
            return;
        }
        for (rule, sent) in given {
            let Some(spec) = self.mapping.rules().get(rule) else { continue };
            out.differences.retain(|decided| !decided.fields.contains(&spec.zoho));
            out.notes[to].push(FieldNote {
                field: spec.zoho.clone(),
                before: None,
                after: Some(sent.clone()),
                overwritten: None,
                why: Why::Changed(side),
            });
            let mut learn =
                Pair { zoho: self.now.zoho.text(rule), google: self.now.google.text(rule) };
            learn[to] = Some(sent.clone());
            out.learn[to].insert(rule, learn);
            out.patch[to].insert(rule, Some(sent));
        }
    }
}
