//! What a run means to write. [`plan`] takes everything that changed as data and answers with
//! steps, beliefs and questions; it cannot fail and touches nothing.
//!
//! A [`Step`] is one write to one contact on one side, together with what the ledger believes once
//! it is done: one decision, one step, so that a crash between two of them leaves nothing half
//! believed. A [`Belief`] needs no write.
//!
//! *Invariant:* every contact of the world has exactly one [`Fate`] in the plan.

mod account;
mod company;
mod create;
mod difference;
mod differs;
mod fields;
mod fitted;
mod gone;
mod heir;
mod moved;
mod name;
mod pair;
mod piece;
mod question;
mod refusal;
mod sent;
mod step;
mod stranger;
mod turn;
mod twice;
mod whole;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use crate::contact::{Pair, RecordId, Side};
use crate::decision::{DIFFERENCE, is};
use crate::matching::{Ways, apart};

pub use self::account::{Fate, fates};
pub use self::difference::Difference;
pub use self::differs::differing;
pub use self::gone::is_mass;
pub use self::name::{details, name};
pub use self::pair::out_of_scope;
pub use self::question::{About, Holder, Obstacle, Question, count_items};
pub use self::refusal::written;
pub use self::sent::Sent;
pub use self::step::{Alarmed, Asleep, Belief, FieldNote, Learned, Plan, Step, Subject, Verb, Why};
pub use self::turn::{Unique, in_turns};
pub use self::world::{Bar, Left, Linked, Presence, Rules, Stranger, World};
pub use crate::decision::{
    Decisions, REMOVAL, deletion_key, difference_key, duplicate_key, left_out_key, mass_key,
    match_key, misfit_key, misfit_value, recreate_key, removal_key, removed_link, shown_beside,
    unreadable_key,
};

/// Works out what a run should write. The order in which the world lists its contacts does not
/// matter.
#[must_use]
pub fn plan(world: World, rules: &Rules<'_>) -> Plan {
    let roll = cfg!(debug_assertions).then(|| account::roll(&world));
    let mut planner = Planner {
        rules,
        plan: Plan::default(),
        written: 0,
        room: rules.google_room,
        moved: BTreeSet::new(),
        alarms: Pair::default(),
        heirs: Vec::new(),
        apart: apart(rules.decisions),
        chooses: rules.decisions.keys().any(|key| key.starts_with(DIFFERENCE)),
    };
    let World { mut linked, mut strangers } = world;
    linked.sort_by_key(|pair| pair.link);
    for side in Side::BOTH {
        // The lowest id first: ids are numbers of any length, or opaque.
        strangers[side].sort_by(|a, b| {
            (a.record.id.len(), &a.record.id).cmp(&(b.record.id.len(), &b.record.id))
        });
    }
    planner.reunite(&mut linked, &mut strangers);
    planner.sound(&linked);
    for pair in linked {
        planner.linked(pair, &mut strangers);
    }
    planner.strangers(&strangers);
    debug_assert!(
        roll.is_none_or(|roll| account::faults(&roll, &planner.plan).is_empty()),
        "a contact of the world has no fate in the plan, or two"
    );
    planner.plan
}

struct Planner<'a> {
    rules: &'a Rules<'a>,
    plan: Plan,
    /// Contacts that this plan writes to, a pair once.
    written: u32,
    /// How many more contacts Google takes.
    room: u32,
    /// Survivors of merges that a link moved to.
    moved: BTreeSet<(Side, RecordId)>,
    /// Contacts that lost their counterpart and the ones that took its place.
    heirs: Vec<heir::Heir>,
    /// On which sides so many vanished that one question is asked about all of them.
    alarms: Pair<bool>,
    /// Contacts of which the person said that they are nobody whom they were shown beside.
    apart: BTreeMap<(Side, RecordId), usize>,
    /// Whether the person ever chose between two values.
    chooses: bool,
}

impl Planner<'_> {
    /// How contacts are recognised in this run.
    fn ways(&self) -> Ways<'_> {
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
    fn is_left_out(&self, side: Side, id: &str) -> bool {
        self.rules.decisions.contains_key(&left_out_key(side, id))
    }

    /// Whether the person left either contact of a pair out of the sync.
    fn is_pair_left_out(&self, ids: &Pair<RecordId>) -> bool {
        Side::BOTH.into_iter().any(|side| self.is_left_out(side, &ids[side]))
    }

    fn quiet(&mut self, ids: &Pair<RecordId>) {
        for side in Side::BOTH {
            self.plan.quiet.insert((side, ids[side].clone()));
        }
    }

    fn wait(&mut self, ids: &Pair<RecordId>) {
        for side in Side::BOTH {
            self.plan.waiting.insert((side, ids[side].clone()));
        }
    }

    fn lag(&mut self, ids: &Pair<RecordId>) {
        for side in Side::BOTH {
            self.plan.lagging.insert((side, ids[side].clone()));
        }
    }

    /// Asks, unless the person answered that it stays as it is.
    fn ask(&mut self, question: Question) {
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
    fn take(&mut self, google_create: bool) -> bool {
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

fn both(ids: &Pair<RecordId>) -> Pair<Option<RecordId>> {
    Pair { zoho: Some(ids.zoho.clone()), google: Some(ids.google.clone()) }
}

fn one(side: Side, id: &RecordId) -> Pair<Option<RecordId>> {
    let mut ids = Pair { zoho: None, google: None };
    ids[side] = Some(id.clone());
    ids
}
