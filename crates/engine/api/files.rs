//! Contacts as files.

use renraku_core::contact::Module;
use serde::{Deserialize, Serialize};
use specta::Type;

/// Whose contacts go into a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// Zoho's records of the module.
    Zoho,
    /// The Google account's contacts.
    Google,
    /// The pairs that are kept in step, a line a pair.
    Linked,
}

/// What a file is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum FileForm {
    /// A table for spreadsheets and for Zoho's import.
    Csv,
    /// Address cards for address books and for Google's import.
    Vcard,
}

/// Both sides as they were before a sync's first run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Snapshot {
    /// What it is called; also its folder's name.
    pub name: String,
    /// The module.
    pub module: Module,
    /// When it was taken.
    pub taken_at: String,
    /// How many records of Zoho it holds.
    pub zoho: u32,
    /// How many contacts of Google it holds.
    pub google: u32,
    /// Where it is.
    pub folder: String,
}

/// What was forgotten on this computer, and what could not be removed, a sentence each.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
pub struct Forgotten {
    /// What went.
    pub gone: Vec<String>,
    /// What stays, because it could not be removed.
    pub left: Vec<String>,
}
