//! The plan's account of itself: what becomes of every contact of the world.

use std::collections::{BTreeMap, BTreeSet};

use crate::contact::{Pair, RecordId, Side};

use super::contents::Plan;
use super::input::PlanInput;
use super::ledger_update::LedgerUpdate;
use super::step::Subject;

/// What a plan does about one contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// A step writes it, or writes its counterpart.
    Written,
    /// A limit leaves it for a later run.
    Waiting,
    /// Its newest state is not believed yet; the next run looks again.
    Lagging,
    /// A question holds it: nothing of it is written.
    Asked,
    /// Nothing is to be written.
    Quiet,
}

/// Every contact of a world. `links` tells which pair a link's number means.
pub(super) struct Roll {
    contacts: BTreeSet<(Side, RecordId)>,
    links: BTreeMap<i64, Pair<RecordId>>,
}

pub(super) fn roll(world: &PlanInput) -> Roll {
    let mut contacts = BTreeSet::new();
    for side in Side::BOTH {
        contacts.extend(world.linked.iter().map(|pair| (side, pair.ids[side].clone())));
        contacts.extend(world.unlinked[side].iter().map(|s| (side, s.record.id.clone())));
    }
    let links = world.linked.iter().map(|pair| (pair.link, pair.ids.clone())).collect();
    Roll { contacts, links }
}

/// Contacts of the world that have no fate, or more than one.
pub(super) fn faults(roll: &Roll, plan: &Plan) -> Vec<(Side, RecordId)> {
    let found = of(&roll.links, plan);
    let well = |contact: &(Side, RecordId)| found.get(contact).is_some_and(|f| f.len() == 1);
    roll.contacts.iter().filter(|contact| !well(contact)).cloned().collect()
}

/// What the plan of this world does about each contact: exactly one fate for every one of them.
#[must_use]
pub fn fates(world: &PlanInput, plan: &Plan) -> BTreeMap<(Side, RecordId), BTreeSet<Fate>> {
    of(&roll(world).links, plan)
}

fn of(
    links: &BTreeMap<i64, Pair<RecordId>>,
    plan: &Plan,
) -> BTreeMap<(Side, RecordId), BTreeSet<Fate>> {
    let mut links = links.clone();
    for ledger_update in &plan.ledger_updates {
        if let LedgerUpdate::Move { link, side, to } = ledger_update
            && let Some(ids) = links.get_mut(link)
        {
            ids[*side].clone_from(to);
        }
    }
    let mut found: BTreeMap<(Side, RecordId), BTreeSet<Fate>> = BTreeMap::new();
    let mut note = |contact: (Side, RecordId), fate: Fate| {
        found.entry(contact).or_default().insert(fate);
    };
    let asked: BTreeSet<(Side, RecordId)> = plan
        .questions
        .iter()
        .flat_map(|q| Side::BOTH.map(|side| q.ids[side].clone().map(|id| (side, id))))
        .flatten()
        .collect();
    for contact in &plan.quiet {
        let fate = if asked.contains(contact) { Fate::Asked } else { Fate::Quiet };
        note(contact.clone(), fate);
    }
    for contact in &plan.waiting {
        note(contact.clone(), Fate::Waiting);
    }
    for contact in &plan.lagging {
        note(contact.clone(), Fate::Lagging);
    }
    for step in &plan.steps {
        match &step.subject {
            Subject::Origin(side, id) => note((*side, id.clone()), Fate::Written),
            Subject::Match(ids) => {
                Side::BOTH
                    .into_iter()
                    .for_each(|side| note((side, ids[side].clone()), Fate::Written));
            }
            Subject::Link(link) => {
                if let Some(ids) = links.get(link) {
                    for side in Side::BOTH {
                        note((side, ids[side].clone()), Fate::Written);
                    }
                }
            }
        }
    }
    found
}
