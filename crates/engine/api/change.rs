//! What a run wrote, field by field.

use renraku_core::contact::Side;
use renraku_store::run::OperationKind;
use serde::{Deserialize, Serialize};
use specta::Type;

/// One field that a run wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Change {
    /// The contact's name at the time.
    pub contact: String,
    /// The Zoho record.
    pub zoho_id: Option<String>,
    /// The Google person.
    pub google: Option<String>,
    /// The side that was written.
    pub side: Side,
    /// What was done.
    pub kind: OperationKind,
    /// Zoho's `api_name`.
    pub field: Option<String>,
    /// The value before.
    pub before: Option<String>,
    /// The value after.
    pub after: Option<String>,
    /// The loser of a conflict.
    pub overwritten: Option<String>,
    /// Why, in words.
    pub why: String,
}

/// The changes of one run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct RunChanges {
    /// The run's number.
    pub run: u32,
    /// Its writes, a line a field.
    pub changes: Vec<Change>,
}
