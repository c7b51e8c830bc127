//! From a setup and what Zoho tells about its fields to the rules of a run.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::contact::{Module, Side};
use crate::field::{Fit, Kind};
use crate::mapping::{GooglePath, Group, Mapping, Rule, defaults};
use crate::reading::reading_place;
use crate::setup::{MappingChoice, Setup};

/// A Zoho field, as far as a mapping needs to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFacts {
    /// Zoho's key.
    pub api_name: String,
    /// What it is called in Zoho.
    pub label: String,
    /// Zoho's type.
    pub data_type: String,
    /// The most characters it takes.
    pub length: Option<u32>,
    /// Whether a record must have it (by the system or the layout).
    pub mandatory: bool,
    /// Whether this user may write it.
    pub writable: bool,
    /// Actual and display values of a list.
    pub choices: Vec<(String, String)>,
    /// What each of its options is called, by the option's id.
    pub options: BTreeMap<String, String>,
    /// The module a lookup points to.
    pub lookup: Option<String>,
}

/// The rules of a sync as they are stored.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Compiled {
    /// The mapping's rows.
    pub rows: Vec<Row>,
    /// Defaults of Zoho fields outside the mapping.
    pub extra_defaults: BTreeMap<String, String>,
    /// What kind of value each of those fields holds.
    #[serde(default)]
    pub default_kinds: BTreeMap<String, Kind>,
    /// The custom view's id.
    pub view: Option<String>,
    /// The custom view's name.
    #[serde(default)]
    pub view_name: Option<String>,
    /// The label's name.
    pub label: Option<String>,
    /// Where national phone numbers belong.
    pub region: Option<String>,
    /// The fields that are read from Zoho.
    #[serde(default)]
    pub fields: Vec<String>,
    /// What the mapped fields are called in Zoho, by `api_name`.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// The mapped fields whose values may stand in one record only.
    #[serde(default)]
    pub unique: BTreeSet<String>,
}

/// One row of the mapping as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub(crate) zoho: String,
    pub(crate) google: String,
    pub(crate) kind: Kind,
    pub(crate) length: Option<u32>,
    /// Whether Zoho demanded it at the set-up.
    pub(crate) required: bool,
    /// Whether this user could write it at the set-up.
    pub(crate) writable: bool,
    pub(crate) default: Option<String>,
    /// What the options of its list are called, by their ids.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) options: BTreeMap<String, String>,
    /// Whether Zoho demands it since.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) demanded: bool,
    /// Why it is at rest since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) rest: Option<Rest>,
}

/// What is wrong with a setup; each names what it is about. The words are the engine's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetupError {
    /// A Zoho field that the module does not have.
    UnknownField {
        /// The module.
        module: &'static str,
        /// The field.
        field: String,
    },
    /// A Google place that does not exist.
    UnknownPlace(String),
    /// Two values that cannot be exchanged.
    Types {
        /// The Zoho field.
        field: String,
        /// Its type.
        data_type: String,
        /// The Google place.
        place: String,
    },
    /// The same field or place twice.
    Twice(String),
    /// A mandatory field without a default.
    NoDefault(String),
    /// A default that the field does not take.
    BadDefault(String),
    /// A default for a field that cannot be written.
    ReadOnly(String),
    /// Not one field to sync.
    NoRows,
    /// A word that stands for no mapping.
    UnknownMapping(String),
    /// A number outside what makes sense.
    OutOfRange(&'static str),
}

/// The value that the wizard puts into a mandatory field, where it knows one.
#[must_use]
pub fn wizard_default(module: Module, field: &str) -> Option<&'static str> {
    match (module, field) {
        (Module::Contacts | Module::Leads, "Last_Name") => Some("-"),
        (Module::Leads, "Company") | (Module::Vendors, "Vendor_Name") => Some("Unknown"),
        (Module::Contacts | Module::Leads | Module::Vendors, _) => None,
    }
}

/// What kind of value a field holds; `None` where its type cannot be synced.
#[must_use]
pub fn kind(field: &FieldFacts, region: Option<&str>) -> Option<Kind> {
    match field.data_type.as_str() {
        "text" | "autonumber" | "formula" => Some(Kind::Text),
        "textarea" => Some(Kind::Note),
        "email" => Some(Kind::Email),
        "phone" => Some(Kind::Phone { region: region.map(str::to_owned) }),
        "website" => Some(Kind::Url),
        "date" => Some(Kind::Date),
        "datetime" => Some(Kind::Moment),
        "picklist" => Some(Kind::Choice(field.choices.clone())),
        "multiselectpicklist" => Some(Kind::Choices(field.choices.clone())),
        "integer" | "bigint" | "double" | "currency" | "percent" => Some(Kind::Number),
        "boolean" => Some(Kind::Flag),
        "lookup" if field.lookup.as_deref() == Some("Accounts") => Some(Kind::Company),
        _ => None,
    }
}

/// Whether a kind of value may stand in a group of Google's.
#[must_use]
pub fn fits(kind: &Kind, group: Group) -> bool {
    match kind {
        Kind::Email => matches!(group, Group::EmailAddresses | Group::UserDefined),
        Kind::Phone { .. } => matches!(group, Group::PhoneNumbers | Group::UserDefined),
        Kind::Date => matches!(group, Group::Birthdays | Group::UserDefined),
        Kind::Url => matches!(group, Group::Urls | Group::UserDefined),
        Kind::Text => group != Group::Birthdays,
        Kind::Note
        | Kind::Choice(_)
        | Kind::Choices(_)
        | Kind::Moment
        | Kind::Number
        | Kind::Flag
        | Kind::Company => matches!(
            group,
            Group::Names
                | Group::Nicknames
                | Group::Organizations
                | Group::Addresses
                | Group::Biographies
                | Group::UserDefined
        ),
    }
}

/// What kind of value a field holds at this place; `None` where the two cannot be exchanged. Plain
/// text among phone numbers is compared as a number.
pub(crate) fn kind_at(field: &FieldFacts, path: &GooglePath, region: Option<&str>) -> Option<Kind> {
    let mut kind = kind(field, region)?;
    if kind == Kind::Text && path.group == Group::PhoneNumbers {
        kind = Kind::Phone { region: region.map(str::to_owned) };
    }
    Some(kind).filter(|kind| fits(kind, path.group))
}

impl Compiled {
    /// The Zoho fields of the mapping.
    pub fn mapped(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().map(|row| row.zoho.as_str())
    }

    /// The mapping.
    #[must_use]
    pub fn mapping(&self, module: Module) -> Mapping {
        let rules = self.rows.iter().filter_map(|row| {
            Some(Rule {
                zoho: row.zoho.clone(),
                google: GooglePath::parse(&row.google).ok()?,
                kind: row.kind.clone(),
                zoho_length: row.length,
                required: row.required || row.demanded,
                zoho_writable: row.writable && row.rest != Some(Rest::ReadOnly),
                default: row.default.clone(),
            })
        });
        Mapping::new(module, rules.collect())
    }
}

/// Works out the rules of a setup.
///
/// # Errors
/// Everything that is wrong with it.
pub fn compile(
    setup: &Setup,
    fields: &[FieldFacts],
    region: Option<&str>,
) -> Result<Compiled, Vec<SetupError>> {
    let by_name: BTreeMap<&str, &FieldFacts> =
        fields.iter().map(|f| (f.api_name.as_str(), f)).collect();
    let mut errors = Vec::new();
    let creates = setup.direction.writes(Side::Zoho);
    let wanted = wanted_rows(setup, &by_name, &mut errors);
    let mut defaults = setup.defaults.clone();
    if !creates {
        // Nothing is written to Zoho: what could not be written there needs no default.
        defaults.retain(|name, _| by_name.get(name.as_str()).is_none_or(|f| f.writable));
    }
    for field in fields.iter().filter(|f| f.mandatory && f.writable) {
        if let Some(value) = wizard_default(setup.module, &field.api_name) {
            defaults.entry(field.api_name.clone()).or_insert_with(|| value.to_owned());
        }
    }
    check_defaults(setup.module, &mut defaults, &by_name, region, &mut errors);
    if creates {
        let missing = fields.iter().filter(|f| {
            f.mandatory
                && f.writable
                && kind(f, region).is_some()
                && defaults.get(&f.api_name).is_none_or(|v| v.trim().is_empty())
        });
        errors.extend(missing.map(|f| SetupError::NoDefault(f.api_name.clone())));
    }
    if wanted.is_empty() && errors.is_empty() {
        errors.push(SetupError::NoRows);
    }
    let mut rows = Vec::new();
    let mut seen = BTreeSet::new();
    for (field, place) in wanted {
        let path = match GooglePath::parse(&place) {
            Ok(path) => path,
            Err(place) => {
                errors.push(SetupError::UnknownPlace(place));
                continue;
            }
        };
        for name in [field.api_name.clone(), path.to_string()] {
            if !seen.insert(name.clone()) {
                errors.push(SetupError::Twice(name));
            }
        }
        match kind_at(field, &path, region) {
            Some(kind) => rows.push(Row {
                zoho: field.api_name.clone(),
                google: path.to_string(),
                kind,
                length: field.length,
                required: field.mandatory,
                writable: field.writable,
                default: defaults.remove(&field.api_name),
                options: field.options.clone(),
                demanded: false,
                rest: None,
            }),
            None => errors.push(SetupError::Types {
                field: field.api_name.clone(),
                data_type: field.data_type.clone(),
                place: path.to_string(),
            }),
        }
    }
    if setup.frequency_minutes > 43_200 {
        errors.push(SetupError::OutOfRange("frequency_minutes"));
    }
    if errors.is_empty() {
        let kind_of = |name: &String| kind(by_name.get(name.as_str())?, region);
        let kinds = defaults.keys().filter_map(|name| Some((name.clone(), kind_of(name)?)));
        Ok(Compiled {
            rows,
            default_kinds: kinds.collect(),
            extra_defaults: defaults,
            view: None,
            view_name: None,
            label: setup.google_label.clone(),
            region: region.map(str::to_owned),
            fields: Vec::new(),
            labels: BTreeMap::new(),
            unique: BTreeSet::new(),
        })
    } else {
        Err(errors)
    }
}

/// The rows a setup asks for; of the default mapping, those whose field the user has, may write and
/// has of a type that fits.
fn wanted_rows<'a>(
    setup: &Setup,
    fields: &BTreeMap<&str, &'a FieldFacts>,
    errors: &mut Vec<SetupError>,
) -> Vec<(&'a FieldFacts, String)> {
    let creates = setup.direction.writes(Side::Zoho);
    let mut rows = Vec::new();
    match &setup.mapping {
        MappingChoice::Named(word) if word == "default" => {
            let readings = readings(setup.module, fields.values().copied());
            for (name, place) in defaults(setup.module).into_iter().chain(readings) {
                let Some(field) = fields.get(name) else { continue };
                let fits =
                    GooglePath::parse(place).is_ok_and(|p| kind_at(field, &p, None).is_some());
                if (field.writable || !creates) && fits {
                    rows.push((*field, place.to_owned()));
                }
            }
        }
        MappingChoice::Named(word) => errors.push(SetupError::UnknownMapping(word.clone())),
        MappingChoice::Rows(list) => {
            for row in list {
                named(setup.module, &row.zoho, row.google.clone(), fields, &mut rows, errors);
            }
        }
    }
    for name in &setup.custom_fields {
        if !rows.iter().any(|(field, place): &(&FieldFacts, String)| {
            field.api_name == *name && *place == custom_place(name)
        }) {
            named(setup.module, name, custom_place(name), fields, &mut rows, errors);
        }
    }
    rows
}

/// The fields that hold the readings of names, where the module is about people; for each place the
/// first field by its key.
fn readings<'a>(
    module: Module,
    fields: impl Iterator<Item = &'a FieldFacts>,
) -> Vec<(&'a str, &'static str)> {
    let mut found: BTreeMap<&'static str, &'a str> = BTreeMap::new();
    for field in fields.filter(|f| f.data_type == "text" && module != Module::Vendors) {
        if let Some(place) = reading_place(&field.label) {
            let first = found.entry(place).or_insert(&field.api_name);
            *first = (*first).min(field.api_name.as_str());
        }
    }
    found.into_iter().map(|(place, name)| (name, place)).collect()
}

/// The default mapping of a module, with the readings of names where Zoho has fields for them.
#[must_use]
pub fn default_places(module: Module, fields: &[FieldFacts]) -> BTreeMap<&str, &str> {
    defaults(module).into_iter().chain(readings(module, fields.iter())).collect()
}

fn named<'a>(
    module: Module,
    name: &str,
    place: String,
    fields: &BTreeMap<&str, &'a FieldFacts>,
    rows: &mut Vec<(&'a FieldFacts, String)>,
    errors: &mut Vec<SetupError>,
) {
    match fields.get(name) {
        Some(field) => rows.push((field, place)),
        None => errors
            .push(SetupError::UnknownField { module: module.api_name(), field: name.to_owned() }),
    }
}

/// Where a custom field lives in Google: its `api_name` is the key, since labels can be renamed.
#[must_use]
pub fn custom_place(api_name: &str) -> String {
    format!("userDefined[{api_name}]")
}

fn check_defaults(
    module: Module,
    defaults: &mut BTreeMap<String, String>,
    fields: &BTreeMap<&str, &FieldFacts>,
    region: Option<&str>,
    errors: &mut Vec<SetupError>,
) {
    defaults.retain(|_, value| !value.trim().is_empty());
    for (name, value) in defaults.iter_mut() {
        let Some(field) = fields.get(name.as_str()) else {
            errors
                .push(SetupError::UnknownField { module: module.api_name(), field: name.clone() });
            continue;
        };
        if !field.writable {
            errors.push(SetupError::ReadOnly(name.clone()));
            continue;
        }
        match kind(field, region).map(|kind| kind.fit_zoho(&kind.setting(value), field.length)) {
            Some(Fit::Value(fitted)) => *value = fitted,
            Some(Fit::Skip | Fit::Invalid(_)) | None => {
                errors.push(SetupError::BadDefault(name.clone()));
            }
        }
    }
}

/// Why a row of the mapping is at rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rest {
    /// Its field is gone, or this user does not see it: it is left alone on both sides.
    Unseen,
    /// Its field is of a type now that does not go with its place in Google: it is left alone on both
    /// sides.
    OtherType,
    /// This user may no longer change its field: it is closed towards Zoho.
    ReadOnly,
}
