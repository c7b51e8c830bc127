//! Whom a sync would bring into Zoho.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use specta::Type;

/// Google contacts without a counterpart in a module of Zoho's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Newcomers {
    /// Of the whole account.
    pub everybody: Crowd,
    /// Of each label, by the label's id; one that nobody has is missing.
    pub labels: BTreeMap<String, Crowd>,
}

/// Some of the account's contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
pub struct Crowd {
    /// How many there are.
    pub people: u32,
    /// How many of them would be new in Zoho.
    pub new: u32,
}

impl Crowd {
    pub(crate) fn add(&mut self, new: u32) {
        self.people += 1;
        self.new += new;
    }
}
