//! What the window hears while a run is under way, and what its wizard starts from.

use renraku_core::contact::{Module, Side};
use renraku_core::setup::Setup;
use renraku_store::run::Run;
use serde::{Deserialize, Serialize};
use specta::Type;

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Settling what an interrupted run left.
    Recovering,
    /// Reading a side.
    Reading,
    /// Working out what to do.
    Planning,
    /// Writing to a side.
    Writing,
    /// The service asked to wait.
    Waiting,
}

/// Progress of the run under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Progress {
    /// The module.
    pub module: Module,
    /// What it is doing.
    pub phase: Phase,
    /// The side it is about.
    pub side: Option<Side>,
    /// How many are done.
    pub done: u32,
    /// Of how many, where that is known.
    pub total: Option<u32>,
    /// Seconds that are likely left, where that can be told honestly.
    pub seconds_left: Option<u32>,
    /// Until when the service asked to wait.
    pub waiting_until: Option<String>,
}

/// What the window hears without asking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// How far a run is.
    Progress(Progress),
    /// A run ended. A preview's lists go to whoever asked for them alone.
    Finished(Box<Run>),
    /// Accounts, syncs, review or settings changed: ask again.
    Changed,
}

/// What the wizard and the edit page start from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SetupDraft {
    /// The saved setup, or the wizard's defaults for the module.
    pub setup: Setup,
    /// Whether it is saved.
    pub saved: bool,
}
