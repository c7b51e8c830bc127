//! The vocabulary: sides, ids, records and cards.

use std::collections::BTreeSet;
use std::ops::{Index, IndexMut};
use std::sync::Arc;

use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

use crate::text::is_blank;

/// One of the two services; a side of every pair.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, specta::Type,
)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Zoho CRM.
    Zoho,
    /// Google Contacts.
    Google,
}

impl Side {
    /// Both sides, Zoho first.
    pub const BOTH: [Side; 2] = [Side::Zoho, Side::Google];

    /// The opposite side.
    #[must_use]
    pub fn other(self) -> Side {
        match self {
            Side::Zoho => Side::Google,
            Side::Google => Side::Zoho,
        }
    }

    /// The stored and printed name: `zoho` or `google`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Side::Zoho => "zoho",
            Side::Google => "google",
        }
    }

    /// The service's name in a sentence.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Side::Zoho => "Zoho",
            Side::Google => "Google",
        }
    }

    /// The product that holds the contacts, as a person names it.
    #[must_use]
    pub fn service(self) -> &'static str {
        match self {
            Side::Zoho => "Zoho CRM",
            Side::Google => "Google Contacts",
        }
    }
}

/// The Zoho module a sync is about.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, specta::Type,
)]
pub enum Module {
    /// People of customers.
    Contacts,
    /// People who may become customers.
    Leads,
    /// Suppliers; their name is the organisation's name.
    Vendors,
}

impl Module {
    /// All modules, in the order in which they are offered.
    pub const ALL: [Module; 3] = [Module::Contacts, Module::Leads, Module::Vendors];

    /// Zoho's `api_name` of the module.
    #[must_use]
    pub fn api_name(self) -> &'static str {
        match self {
            Module::Contacts => "Contacts",
            Module::Leads => "Leads",
            Module::Vendors => "Vendors",
        }
    }

    /// The module with this `api_name`; case counts, as it does for Zoho.
    #[must_use]
    pub fn parse(name: &str) -> Option<Module> {
        Module::ALL.into_iter().find(|m| m.api_name() == name)
    }
}

/// Two values, one a side; indexed by [`Side`] so that every rule is written once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Pair<T> {
    /// Zoho's.
    pub zoho: T,
    /// Google's.
    pub google: T,
}

impl<T> Pair<T> {
    /// A pair made by asking `f` for each side.
    pub fn of(mut f: impl FnMut(Side) -> T) -> Self {
        Pair { zoho: f(Side::Zoho), google: f(Side::Google) }
    }

    /// The pair of references.
    pub fn as_ref(&self) -> Pair<&T> {
        Pair { zoho: &self.zoho, google: &self.google }
    }
}

impl<T> Index<Side> for Pair<T> {
    type Output = T;
    fn index(&self, side: Side) -> &T {
        match side {
            Side::Zoho => &self.zoho,
            Side::Google => &self.google,
        }
    }
}

impl<T> IndexMut<Side> for Pair<T> {
    fn index_mut(&mut self, side: Side) -> &mut T {
        match side {
            Side::Zoho => &mut self.zoho,
            Side::Google => &mut self.google,
        }
    }
}

/// A service's own id of a contact: Zoho's digits, Google's resource name. Opaque, never parsed,
/// never a number (Zoho's ids pass 2^53).
pub type RecordId = String;

/// A field's value in its neutral text form: what a person would read. Dates are `1980-05-17`, or
/// `--05-17` without a year. Never empty: an empty value is `None`.
///
/// Shared, so that what a plan says of a contact costs no copy of it.
pub type Text = Arc<str>;

/// A contact reduced to the mapped fields, in the order of the mapping's rules.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Card(pub Vec<Option<Text>>);

impl Card {
    /// A card of `len` empty fields.
    #[must_use]
    pub fn empty(len: usize) -> Card {
        Card(vec![None; len])
    }

    /// The value at this rule; `None` where it is empty or beyond the card.
    #[must_use]
    pub fn get(&self, rule: usize) -> Option<&str> {
        self.0.get(rule).and_then(|v| v.as_deref())
    }

    /// As [`Card::get`], to be shared.
    #[must_use]
    pub fn text(&self, rule: usize) -> Option<Text> {
        self.0.get(rule).cloned().flatten()
    }

    /// Puts a value at this rule; blank text is stored as empty. Beyond the card nothing happens.
    pub fn set(&mut self, rule: usize, value: Option<&str>) {
        self.put(rule, value.map(Into::into));
    }

    /// As [`Card::set`], shared.
    pub fn put(&mut self, rule: usize, value: Option<Text>) {
        if let Some(place) = self.0.get_mut(rule) {
            *place = value.filter(|v| !is_blank(v));
        }
    }
}

/// One entry of a Google field that holds several: an e-mail address, a phone number, an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The field, as the People API names it.
    pub field: &'static str,
    /// The entry's type or key; empty where it has none.
    pub label: String,
    /// What the mapping could read of it, by part; nothing where no rule reads what it holds.
    pub parts: Vec<(&'static str, Text)>,
}

/// One contact as one service has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The service's id.
    pub id: RecordId,
    /// What a guarded write must carry: Google's etag, Zoho's `Modified_Time` as it was given.
    pub version: String,
    /// The service's own time of the last change. Never compared with the other service's.
    pub modified: Timestamp,
    /// The mapped fields, as they are read where nothing is known of before.
    pub card: Card,
    /// Rules whose value cannot be told, and is not empty: Zoho's answer left the field out, or a
    /// Google entry holds only what no rule reads.
    pub unread: BTreeSet<usize>,
    /// Rules of places whose content a Google person holds in one piece, so that it travels nowhere:
    /// nobody can tell what belongs where in it.
    pub whole: BTreeSet<usize>,
    /// The entries of fields that hold several, the primary one of each first; empty for Zoho.
    pub listed: Vec<Listed>,
    /// Our own marks on a Google person; empty for Zoho.
    pub marks: Vec<Mark>,
}

/// What Renraku writes into a Google person's invisible `clientData`: the Zoho record that the
/// person is the counterpart of. It survives the loss of the local database.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Mark {
    /// The id of the Zoho organisation.
    pub org: String,
    /// The module.
    pub module: Module,
    /// The Zoho record's id.
    pub zoho_id: RecordId,
}

impl Mark {
    /// The key of our `clientData` entries.
    pub const KEY: &'static str = "renraku";

    /// The entry's value: `Contacts:org:id`.
    #[must_use]
    pub fn value(&self) -> String {
        format!("{}:{}:{}", self.module.api_name(), self.org, self.zoho_id)
    }

    /// Reads a value back; `None` where it is not ours.
    #[must_use]
    pub fn parse(value: &str) -> Option<Mark> {
        let mut parts = value.splitn(3, ':');
        Some(Mark {
            module: Module::parse(parts.next()?)?,
            org: parts.next()?.to_owned(),
            zoho_id: parts.next().filter(|id| !id.is_empty())?.to_owned(),
        })
    }
}
