//! Values that may stand in one record only and go from one contact to another. Whoever gives such a
//! value up is written before whoever takes it. Where each in a circle waits for the next, one of them
//! is emptied first: a write of its own, after which the pair has yet to agree on that field, so that a
//! run which ends there leaves nothing but a field to be filled.

use std::collections::{BTreeMap, BTreeSet};

use crate::contact::{Pair, RecordId};
use crate::mapping::{Group, Mapping};

use super::step::{BaseUpdate, FieldNote, Step, Verb, Why};

/// The fields whose values may stand in one record only.
#[derive(Debug, Clone)]
pub struct Unique<'a> {
    /// The mapping.
    pub mapping: &'a Mapping,
    /// The rules of these fields.
    pub rules: BTreeSet<usize>,
    /// Contacts in which the service does not let a field be empty, be it for a moment.
    pub never_empty: BTreeSet<(RecordId, usize)>,
}

/// What a step waits for: another step, and the rule of the value that this one gives up.
type Wait = (usize, usize);

/// Puts the updates of one side in turns: the steps of a turn wait for nothing but earlier turns.
#[must_use]
pub fn in_turns(steps: Vec<Step>, unique: &Unique<'_>) -> Vec<Vec<Step>> {
    let mut waits = unique.waits(&steps);
    if waits.iter().all(BTreeSet::is_empty) {
        return vec![steps];
    }
    let mut steps: Vec<Option<Step>> = steps.into_iter().map(Some).collect();
    let mut rest: BTreeSet<usize> = (0..steps.len()).collect();
    let mut emptied = Vec::new();
    let mut turns = Vec::new();
    while !rest.is_empty() {
        let waiting = |at: &usize| waits.get(*at).is_some_and(|waits| !waits.is_empty());
        let (later, now): (BTreeSet<usize>, BTreeSet<usize>) = rest.into_iter().partition(waiting);
        rest = later;
        if now.is_empty() {
            let circle = circle(&waits, &rest);
            debug_assert!(!circle.is_empty(), "whoever is left waits for somebody who is left");
            let first = circle.iter().find_map(|wait| {
                let step = steps.get_mut(wait.0)?.as_mut()?;
                Some((*wait, unique.empty_first(step, wait.1)?))
            });
            // Where nobody may be empty the service says who stands in the way.
            let over = first.as_ref().map(|(wait, _)| *wait).or(circle.first().copied());
            emptied.extend(first.map(|(_, step)| step));
            waits
                .iter_mut()
                .for_each(|waits| waits.retain(|wait| over.is_some_and(|o| *wait != o)));
            continue;
        }
        waits.iter_mut().for_each(|waits| waits.retain(|(giver, _)| !now.contains(giver)));
        turns.push(now.iter().filter_map(|at| steps.get_mut(*at)?.take()).collect());
    }
    if !emptied.is_empty() {
        turns.insert(0, emptied);
    }
    turns
}

/// Steps that wait for each other, where everybody in `rest` waits for somebody in it.
fn circle(waits: &[BTreeSet<Wait>], rest: &BTreeSet<usize>) -> Vec<Wait> {
    let mut walked: Vec<Wait> = Vec::new();
    let mut at = rest.first().copied();
    while let Some(step) = at {
        let Some(next) = waits.get(step).and_then(BTreeSet::first) else { return Vec::new() };
        if let Some(begin) = walked.iter().position(|(giver, _)| *giver == next.0) {
            // The walk has come to this step before: from there on it is the circle.
            walked.push(*next);
            return walked.split_off(begin + 1);
        }
        walked.push(*next);
        at = Some(next.0);
    }
    Vec::new()
}

impl Unique<'_> {
    /// Values are compared as loosely as a service may compare them.
    fn key(value: &str) -> String {
        value.trim().to_lowercase()
    }

    fn waits(&self, steps: &[Step]) -> Vec<BTreeSet<Wait>> {
        let changes = |step: &Step| {
            let Verb::Update { before, patch, .. } = &step.verb else { return Vec::new() };
            let unique = patch.iter().filter(|(rule, _)| self.rules.contains(rule));
            let change = |(rule, value): (&usize, &Option<_>)| {
                let (gives, takes) =
                    (before.get(*rule).map(Self::key), value.as_deref().map(Self::key));
                (gives != takes).then_some((*rule, gives, takes))
            };
            unique.filter_map(change).collect()
        };
        let mut givers: BTreeMap<(usize, String), usize> = BTreeMap::new();
        for (at, step) in steps.iter().enumerate() {
            for (rule, gives, _) in changes(step) {
                givers.extend(gives.map(|value| ((rule, value), at)));
            }
        }
        let waits = steps.iter().enumerate().map(|(at, step)| {
            let takes = changes(step).into_iter().filter_map(|(rule, _, takes)| {
                Some((*givers.get(&(rule, takes?))?, rule)).filter(|(giver, _)| *giver != at)
            });
            takes.collect()
        });
        waits.collect()
    }

    /// The write that empties a field before this step fills it; `None` where it may not be empty.
    fn empty_first(&self, step: &mut Step, rule: usize) -> Option<Step> {
        let spec = self.mapping.rules().get(rule)?;
        let Verb::Update { id, version, before, .. } = &mut step.verb else { return None };
        // A part of a name or an address is not taken out of its whole.
        let part = matches!(spec.google.group, Group::Names | Group::Addresses);
        if spec.required || part || self.never_empty.contains(&(id.clone(), rule)) {
            return None;
        }
        let value = before.text(rule)?;
        let mut learn = BaseUpdate::default();
        learn.insert(rule, Pair { zoho: None, google: None });
        let first = Step {
            subject: step.subject.clone(),
            side: step.side,
            verb: Verb::Update {
                id: id.clone(),
                version: version.clone(),
                before: before.clone(),
                patch: BTreeMap::from([(rule, None)]),
                label: false,
            },
            learn,
            contact: step.contact.clone(),
            fields: vec![FieldNote {
                field: spec.zoho.clone(),
                before: Some(value),
                after: None,
                overwritten: None,
                why: Why::HandedOn,
            }],
            why: Why::HandedOn,
        };
        before.put(rule, None);
        let own = step.fields.iter_mut().filter(|note| note.field == spec.zoho);
        own.for_each(|note| note.before = None);
        Some(first)
    }
}
