//! What a run means to write. [`plan`] takes everything that changed as data and answers with
//! steps, ledger updates and questions; it cannot fail and touches nothing.
//!
//! A [`Step`] is one write to one contact on one side, together with what the ledger believes once
//! it is done: one decision, one step, so that a crash between two of them leaves nothing half
//! believed. A [`LedgerUpdate`] needs no write.
//!
//! *Invariant:* every contact of the world has exactly one [`Fate`] in the plan.

mod apart;
mod company;
mod contents;
mod coverage;
mod create;
mod difference;
mod differs;
mod fields;
mod fitted;
mod gone;
mod input;
mod ledger_update;
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
mod successor;
mod turn;
mod twice;
mod unlinked;
mod whole;

use std::collections::BTreeSet;

use crate::contact::{Pair, Side};
use crate::decision::{DIFFERENCE, apart};

use self::apart::Circle;
pub use self::apart::{Inheritance, Known, Standing};
pub use self::contents::{Alarmed, Plan};
pub use self::coverage::{Fate, fates};
pub use self::differs::differing;
pub use self::gone::is_mass;
pub use self::input::{CreateBlock, Left, Linked, PlanInput, Presence, Rules, Unlinked};
pub use self::ledger_update::{LedgerUpdate, Suspended};
pub use self::name::{details, name};
pub use self::pair::out_of_scope;
use self::planner::Planner;
pub use self::question::{About, Difference, Holder, Obstacle, Question, count_items};
pub use self::refusal::written;
pub use self::sent::Sent;
pub use self::step::{BaseUpdate, FieldNote, Step, Subject, Verb, Why};
pub use self::turn::{Unique, in_turns};
pub use crate::decision::{
    Decisions, REMOVAL, deletion_key, difference_key, duplicate_key, left_out_key, mass_key,
    match_key, misfit_key, misfit_value, recreate_key, removal_key, removed_link, shown_beside,
    unreadable_key,
};

/// Works out what a run should write. The order in which the world lists its contacts does not
/// matter.
#[must_use]
pub fn plan(world: PlanInput, rules: &Rules<'_>) -> Plan {
    let roll = cfg!(debug_assertions).then(|| coverage::roll(&world));
    let PlanInput { mut linked, mut unlinked, known } = world;
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
        unlinked[side].sort_by(|a, b| {
            (a.record.id.len(), &a.record.id).cmp(&(b.record.id.len(), &b.record.id))
        });
    }
    planner.reunite(&mut linked, &mut unlinked);
    planner.sound(&linked);
    for pair in linked {
        planner.linked(pair, &mut unlinked);
    }
    planner.unlinked(&unlinked);
    debug_assert!(
        roll.is_none_or(|roll| coverage::faults(&roll, &planner.plan).is_empty()),
        "a contact of the world has no fate in the plan, or two"
    );
    planner.plan
}
