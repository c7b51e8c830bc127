//! A value that a person already has under any label is never added a second time.

use std::collections::BTreeSet;

use crate::contact::{Card, Listed, Side, Text};
use crate::mapping::{Mapping, Slot};

use super::patch::PairPatch;

/// Takes out of the patch for Google what would add an entry with a value that the person has after
/// it anyway: in an entry that no place reads, or in another place's. Answers the rules that were
/// taken out; they stay unsettled, so that the value goes there once it stands nowhere else.
pub(super) fn drop_twins(
    mapping: &Mapping,
    now: &Card,
    spare: &[&Listed],
    out: &mut PairPatch,
) -> BTreeSet<usize> {
    let mut slots: Vec<&Slot> = mapping.slots().iter().filter(|s| s.group.relabels()).collect();
    slots.sort_by_key(|slot| slot.rules.first().map(|(rule, _)| *rule));
    let after = |out: &PairPatch, slot: &Slot| -> Listed {
        let value = |rule: &usize| -> Option<Text> {
            out.patch.google.get(rule).cloned().unwrap_or_else(|| now.text(*rule))
        };
        let parts = slot.rules.iter();
        Listed {
            field: slot.group.name(),
            label: slot.label.clone(),
            parts: parts.filter_map(|(rule, part)| Some((*part, value(rule)?))).collect(),
        }
    };
    let mut dropped = BTreeSet::new();
    for (at, slot) in slots.iter().enumerate() {
        let adds = after(out, slot);
        let empty = slot.rules.iter().all(|(rule, _)| now.get(*rule).is_none());
        if adds.parts.is_empty() || !empty {
            continue;
        }
        let others = slots.iter().enumerate().filter(|(other, _)| *other != at);
        let others = others.filter(|(_, other)| other.group == slot.group);
        let twin =
            others.map(|(other, slot)| (other, slot, after(out, slot))).any(|(o, s, entry)| {
                // Of two that are added the first stays.
                let there = o < at || s.rules.iter().any(|(rule, _)| now.get(*rule).is_some());
                there && mapping.says_the_same(slot, &adds, &entry)
            });
        let mut spare = spare.iter().filter(|entry| entry.field == slot.group.name());
        if twin || spare.any(|entry| mapping.says_the_same(slot, &adds, entry)) {
            dropped.extend(slot.rules.iter().map(|(rule, _)| *rule));
            for (rule, _) in &slot.rules {
                out.take_back(mapping, Side::Google, *rule);
            }
        }
    }
    dropped
}
