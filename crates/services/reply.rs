//! What a service said about each item of a written batch.

use renraku_core::contact::RecordId;
use renraku_core::field::Misfit;
use renraku_core::timestamp::Timestamp;

/// One item's outcome. A batch of replies has exactly one per item, in the order sent.
#[derive(Debug, Clone, PartialEq)]
pub enum ItemReply {
    /// Written; for a delete also: it was gone already.
    Done(Written),
    /// Changed by someone else since it was read; nothing was written.
    Stale,
    /// There is no such contact (any more); nothing was written.
    Gone,
    /// The service refuses this item; nothing was written.
    Refused(Refusal),
    /// Refused because a unique field's value is taken, by this record where the service tells.
    Duplicate {
        /// The record that has the value.
        id: Option<RecordId>,
        /// The field, by Zoho's `api_name`.
        field: Option<String>,
    },
    /// Whether it was written cannot be told: the answer was lost, unreadable or a server error.
    Unknown,
}

/// A written contact, as its service has it now.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// The service's id.
    pub id: RecordId,
    /// What the next guarded write must carry; empty after a delete.
    pub version: String,
    /// The service's time of the write; the epoch after a delete.
    pub modified: Timestamp,
    /// The whole person as received, for Google's creates and updates; Zoho does not echo.
    pub raw: Option<Box<str>>,
}

impl Written {
    /// What a delete leaves.
    #[must_use]
    pub fn deleted(id: &str) -> Written {
        Written {
            id: id.to_owned(),
            version: String::new(),
            modified: Timestamp::UNIX_EPOCH,
            raw: None,
        }
    }
}

/// Why a service refuses an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong, as far as the answer tells.
    pub misfit: Misfit,
    /// Zoho's `api_name`, or the Google person's field; none where the answer names none.
    pub field: Option<String>,
}
