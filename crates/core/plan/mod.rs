//! What a run means to write. [`plan`] takes everything that changed as data and answers with
//! steps, beliefs and questions; it cannot fail and touches nothing.
//!
//! A [`Step`] is one write to one contact on one side, together with what the ledger believes once
//! it is done: one decision, one step, so that a crash between two of them leaves nothing half
//! believed. A [`Belief`] needs no write.
//!
//! *Invariant:* every contact of the world has exactly one [`Fate`] in the plan.

mod account;
mod apart;
mod belief;
mod company;
mod contents;
mod create;
mod difference;
mod differs;
mod fields;
mod fitted;
mod gone;
mod moved;
mod name;
mod pair;
mod patch;
mod piece;
mod planner;
mod question;
mod refusal;
mod sent;
mod step;
mod stranger;
mod successor;
mod turn;
mod twice;
mod whole;
mod world;

use std::collections::BTreeSet;

use crate::contact::{Pair, Side};
use crate::decision::{DIFFERENCE, apart};

pub use self::account::{Fate, fates};
use self::apart::Circle;
pub use self::apart::{Heir, Known, Standing};
pub use self::belief::{Asleep, Belief};
pub use self::contents::{Alarmed, Plan};
pub use self::differs::differing;
pub use self::gone::is_mass;
pub use self::name::{details, name};
pub use self::pair::out_of_scope;
use self::planner::Planner;
pub use self::question::{About, Difference, Holder, Obstacle, Question, count_items};
pub use self::refusal::written;
pub use self::sent::Sent;
pub use self::step::{FieldNote, Learned, Step, Subject, Verb, Why};
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
    let World { mut linked, mut strangers, known } = world;
    let mut planner = Planner {
        rules,
        plan: Plan::default(),
        written: 0,
        room: rules.google_room,
        moved: BTreeSet::new(),
        alarms: Pair::default(),
        successors: Vec::new(),
        circle: Circle::of(rules.mapping, known),
        apart: apart(rules.decisions),
        chooses: rules.decisions.keys().any(|key| key.starts_with(DIFFERENCE)),
    };
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
