//! What the overview draws: who is on either side of each sync, and what the last days brought.

use renraku_core::contact::Module;
use renraku_store::Day;
use serde::{Deserialize, Serialize};
use specta::Type;

/// The overview's picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Overview {
    /// Both ends of each sync.
    pub syncs: Vec<Ends>,
    /// The last thirty days, oldest first; the last one is today.
    pub days: Vec<Day>,
}

/// Both ends of one sync.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Ends {
    /// The module.
    pub module: Module,
    /// Zoho's records.
    pub zoho: End,
    /// Google's contacts.
    pub google: End,
    /// Pairs that are not synced now: they left the scope, or the person left them out.
    pub kept_out: u32,
}

/// Who takes part on one side, as of the last reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct End {
    /// How many contacts; none until this side was read.
    pub contacts: Option<u32>,
    /// The list view or the label that they are in; none for everybody.
    pub within: Option<String>,
}
