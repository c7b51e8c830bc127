//! What a decision is about.

use renraku_core::contact::Side;
use serde::{Deserialize, Serialize};
use specta::Type;

/// The contacts that a review item is about, side by side.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
pub struct Evidence {
    /// The Zoho record.
    pub zoho: Option<Seen>,
    /// The Google person.
    pub google: Option<Seen>,
    /// Where the two are on one side: the second one. The first is the one above on that side.
    pub beside: Option<Beside>,
}

/// A contact that stands beside another of its own side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Beside {
    /// The side of both.
    pub side: Side,
    /// The second one.
    pub contact: Seen,
}

/// A contact as it was last read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Seen {
    /// The service's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What tells it apart from others of its name.
    pub details: Vec<String>,
    /// When the service says that it was last changed.
    pub changed_at: Option<String>,
    /// Whether it is no longer there.
    pub gone: bool,
    /// The values of the mapped fields, in the mapping's order.
    pub fields: Vec<SeenField>,
}

/// One value of a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SeenField {
    /// Zoho's `api_name`.
    pub field: String,
    /// The value.
    pub value: String,
}
