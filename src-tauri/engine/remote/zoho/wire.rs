//! Pure: a Zoho record's JSON to and from records and cards.

use std::collections::BTreeMap;

use renraku_core::contact::{Card, Module, Record, Text};
use renraku_core::mapping::Mapping;
use serde_json::Value;

pub use crate::remote::google::wire::{Evidence, WireError};

/// The record reduced to the mapping.
///
/// # Errors
/// Where the text is no record.
pub fn record(_raw: &str, _mapping: &Mapping) -> Result<Record, WireError> {
    Err(WireError)
}

/// The name a person reads, or whatever else tells the record apart.
///
/// # Errors
/// Where the text is no record.
pub fn name_of(_raw: &str, _module: Module) -> Result<String, WireError> {
    Err(WireError)
}

/// What to match the record by; `work_emails` holds the primary address alone. Needs the fields of
/// [`evidence_fields`] in the read.
///
/// # Errors
/// Where the text is no record.
pub fn evidence(_raw: &str, _module: Module) -> Result<Evidence, WireError> {
    Err(WireError)
}

/// The fields that a read must ask for besides the mapped ones, so that records can be named and
/// matched; those the module lacks must be left out.
#[must_use]
pub fn evidence_fields(_module: Module) -> &'static [&'static str] {
    &[]
}

/// The body of a new record. `companies` are account ids by name; a company without one is left
/// out.
#[must_use]
pub fn new_record(_card: &Card, _mapping: &Mapping, _companies: &BTreeMap<String, String>) -> Value {
    Value::Null
}

/// The body of an update: the id and the patched fields, `null` where one is cleared.
#[must_use]
pub fn changed_record(
    _id: &str,
    _patch: &BTreeMap<usize, Option<Text>>,
    _mapping: &Mapping,
    _companies: &BTreeMap<String, String>,
) -> Value {
    Value::Null
}
