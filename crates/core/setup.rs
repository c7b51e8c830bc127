//! A sync's configuration: what the wizard asks, what the setup file holds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::contact::{Module, Side};

/// Which way changes travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Both ways.
    #[default]
    TwoWay,
    /// Zoho is the source; nothing is written there.
    ZohoToGoogle,
    /// Google is the source; nothing is written there.
    GoogleToZoho,
}

impl Direction {
    /// Whether this direction lets a run write to the side.
    #[must_use]
    pub fn writes(self, side: Side) -> bool {
        match (self, side) {
            (Direction::TwoWay, _)
            | (Direction::ZohoToGoogle, Side::Google)
            | (Direction::GoogleToZoho, Side::Zoho) => true,
            (Direction::ZohoToGoogle, Side::Zoho) | (Direction::GoogleToZoho, Side::Google) => {
                false
            }
        }
    }

    /// The side that is only read; none where both are written.
    #[must_use]
    pub fn source(self) -> Option<Side> {
        Side::BOTH.into_iter().find(|side| !self.writes(*side))
    }
}

/// Who wins where both sides changed the same field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Winner {
    /// Zoho's value.
    Zoho,
    /// Google's value.
    Google,
    /// The person decides each difference.
    Ask,
}

impl Winner {
    /// The side that wins; none where the person is asked.
    #[must_use]
    pub fn side(self) -> Option<Side> {
        match self {
            Winner::Zoho => Some(Side::Zoho),
            Winner::Google => Some(Side::Google),
            Winner::Ask => None,
        }
    }
}

impl From<Side> for Winner {
    fn from(side: Side) -> Winner {
        match side {
            Side::Zoho => Winner::Zoho,
            Side::Google => Winner::Google,
        }
    }
}

/// What happens to a contact whose counterpart was deleted by a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum OnDelete {
    /// Review asks.
    #[default]
    Ask,
    /// It is deleted too (to the recycle bin).
    Delete,
    /// It stays and is no longer synced.
    Keep,
}

/// How many contacts a run may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Contacts written by a sync's very first run.
    pub first_run: u32,
    /// Contacts written by every later run.
    pub later_run: u32,
    /// Contacts of the Google account at which creates towards Google stop (Google's own cap is
    /// 25,000).
    pub google_contacts: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { first_run: 10_000, later_run: 500, google_contacts: 25_000 }
    }
}

/// One row of a mapping, as people write it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(deny_unknown_fields)]
pub struct MappingRow {
    /// Zoho's `api_name`.
    pub zoho: String,
    /// The Google place, for instance `phoneNumbers[work]`.
    pub google: String,
}

/// The mapping a setup asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(untagged, expecting = "expected \"default\" or a list of rows, each with zoho and google")]
pub enum MappingChoice {
    /// The word `default`.
    Named(String),
    /// The rows themselves.
    Rows(Vec<MappingRow>),
}

impl Default for MappingChoice {
    fn default() -> Self {
        MappingChoice::Named("default".to_owned())
    }
}

/// A sync's whole configuration; the setup file of the command line has exactly these keys, and
/// those that are left out take the wizard's defaults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    /// The module.
    pub module: Module,
    /// Which way.
    #[serde(default)]
    pub direction: Direction,
    /// Who wins where both sides changed the same field; where nothing is said, [`Setup::winner`] tells.
    #[serde(default)]
    pub conflict_winner: Option<Winner>,
    /// Minutes between runs; 0 means only when asked.
    #[serde(default = "hourly")]
    pub frequency_minutes: u32,
    /// Custom view (id or name) that limits the Zoho side; none means all records.
    #[serde(default)]
    pub zoho_view: Option<String>,
    /// Label that limits the Google side, made if missing; none means all contacts.
    #[serde(default)]
    pub google_label: Option<String>,
    /// The field mapping.
    #[serde(default)]
    pub mapping: MappingChoice,
    /// Zoho fields synced as Google custom fields, by `api_name`.
    #[serde(default)]
    pub custom_fields: Vec<String>,
    /// Values for Zoho fields that are required or wanted and empty, by `api_name`.
    #[serde(default)]
    pub defaults: BTreeMap<String, String>,
    /// The deletion rule.
    #[serde(default)]
    pub on_delete: OnDelete,
    /// Whether contacts without an e-mail may be matched by name and phone.
    #[serde(default = "yes")]
    pub match_without_email: bool,
    /// Limits.
    #[serde(default)]
    pub limits: Limits,
}

fn hourly() -> u32 {
    60
}

fn yes() -> bool {
    true
}

impl Setup {
    /// The wizard's starting point for a module.
    #[must_use]
    pub fn new(module: Module) -> Setup {
        Setup {
            module,
            direction: Direction::default(),
            conflict_winner: None,
            frequency_minutes: hourly(),
            zoho_view: None,
            google_label: None,
            mapping: MappingChoice::default(),
            custom_fields: Vec::new(),
            defaults: BTreeMap::new(),
            on_delete: OnDelete::default(),
            match_without_email: yes(),
            limits: Limits::default(),
        }
    }

    /// Who wins where both sides changed the same field: in one direction its source, unless something
    /// else was said, or what is typed there would not arrive.
    #[must_use]
    pub fn winner(&self) -> Winner {
        self.conflict_winner.unwrap_or(match self.direction {
            Direction::TwoWay | Direction::ZohoToGoogle => Winner::Zoho,
            Direction::GoogleToZoho => Winner::Google,
        })
    }
}
