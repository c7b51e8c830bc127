//! Pure: pages of records, as received.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::answer::{Answer, Effect};
use crate::received::Received;
use crate::zoho::id::id;
use crate::{RemoteError, unreadable};

/// A page of the list, of a query, or of whatever answers records. One that leaves the records out is no
/// empty one.
#[derive(Default, Deserialize)]
pub(super) struct Page<'a> {
    #[serde(borrow)]
    pub(super) data: Vec<&'a RawValue>,
    #[serde(default)]
    pub(super) info: Info,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Info {
    pub(super) more_records: bool,
    pub(super) next_page_token: Option<String>,
}

/// Reads an answer that has records, or none: 204 and 304 have no body. Any other answer without one
/// is no answer: taken for the end of a list, it would hide everything that was still to come.
pub(super) fn page(answer: &Answer) -> Result<Page<'_>, RemoteError> {
    if matches!(answer.status, 204 | 304) {
        return Ok(Page::default());
    }
    answer.json(Effect::Read)
}

#[derive(Deserialize)]
struct Head<'a> {
    #[serde(deserialize_with = "id")]
    id: String,
    #[serde(borrow, rename = "Modified_Time", default)]
    modified: Option<Cow<'a, str>>,
    #[serde(rename = "Created_By", default)]
    created_by: Option<Lookup>,
    #[serde(rename = "$converted", default)]
    converted: Option<bool>,
    #[serde(rename = "Converted__s", default)]
    converted_s: Option<bool>,
}

/// A lookup's value; a bare id in some answers.
#[derive(Deserialize)]
#[serde(untagged)]
enum Lookup {
    Full {
        #[serde(deserialize_with = "id")]
        id: String,
    },
    Bare(#[serde(deserialize_with = "id")] String),
}

/// One record of a page, be it unreadable.
pub(super) fn record(raw: &str) -> Received {
    read(raw).unwrap_or_else(|| unreadable::record(raw))
}

fn read(raw: &str) -> Option<Received> {
    let head: Head<'_> = serde_json::from_str(raw).ok()?;
    let version = head.modified.map(Cow::into_owned).unwrap_or_default();
    let modified = match version.as_str() {
        // A module may hide the field; then everything is read each time.
        "" => renraku_core::timestamp::Timestamp::UNIX_EPOCH,
        text => text.parse().ok()?,
    };
    Some(Received {
        id: Some(head.id).filter(|id| !id.is_empty())?,
        modified,
        readable: true,
        deleted: false,
        former: Vec::new(),
        version,
        created_by: head.created_by.map(|l| match l {
            Lookup::Full { id } | Lookup::Bare(id) => id,
        }),
        converted: head.converted.or(head.converted_s).unwrap_or(false),
        raw: raw.into(),
    })
}

pub(super) fn records(page: &Page<'_>) -> Vec<Received> {
    page.data.iter().map(|raw| record(raw.get())).collect()
}

type Members<'a> = BTreeMap<Cow<'a, str>, &'a RawValue>;

#[derive(Deserialize)]
struct Reference<'a> {
    #[serde(default, deserialize_with = "id")]
    id: String,
    #[serde(borrow, default)]
    name: Option<Cow<'a, str>>,
}

/// The records that have lookups without a name in these fields, with those lookups' ids.
pub(super) fn nameless(
    records: &[Received],
    fields: &[String],
) -> BTreeMap<String, BTreeSet<String>> {
    let ids = |record: &Received| -> BTreeSet<String> {
        references(&record.raw, fields).into_iter().map(|(_, id)| id).collect()
    };
    let found = records.iter().map(|record| (record.id.clone(), ids(record)));
    found.filter(|(_, ids)| !ids.is_empty()).collect()
}

/// Whether a record seems to hold an object under this key, however its text is spaced.
fn holds_object(raw: &str, field: &str) -> bool {
    let key = format!("\"{field}\"");
    raw.match_indices(&key).any(|(at, _)| {
        let rest = raw.get(at + key.len()..).unwrap_or_default().trim_start();
        rest.strip_prefix(':').is_some_and(|value| value.trim_start().starts_with('{'))
    })
}

fn references(raw: &str, fields: &[String]) -> Vec<(String, String)> {
    // Most records hold no object at all in these fields: look before parsing.
    if !fields.iter().any(|field| holds_object(raw, field)) {
        return Vec::new();
    }
    let Ok(members) = serde_json::from_str::<Members<'_>>(raw) else { return Vec::new() };
    fields
        .iter()
        .filter_map(|field| {
            let value = members.get(field.as_str())?.get();
            let reference: Reference<'_> = serde_json::from_str(value).ok()?;
            let named = reference.name.is_some() || reference.id.is_empty();
            (!named).then_some((field.clone(), reference.id))
        })
        .collect()
}

/// The records with the names of their lookups put in, where they are known.
pub(super) fn with_names(
    records: &mut [Received],
    fields: &[String],
    names: &BTreeMap<String, String>,
) {
    for record in records {
        let found = references(&record.raw, fields);
        if found.iter().all(|(_, id)| !names.contains_key(id)) {
            continue;
        }
        let Ok(members) = serde_json::from_str::<Members<'_>>(&record.raw) else { continue };
        let parts: Vec<String> = members
            .iter()
            .map(|(key, value)| {
                let named = found.iter().find(|(field, _)| field == key);
                let value = named.and_then(|(_, id)| Some((id, names.get(id)?))).map_or_else(
                    || value.get().to_owned(),
                    |(id, name)| serde_json::json!({"name": name, "id": id}).to_string(),
                );
                format!("{}:{value}", serde_json::Value::from(key.as_ref()))
            })
            .collect();
        record.raw = format!("{{{}}}", parts.join(",")).into();
    }
}

/// Joins the halves of records that were read in two passes because they have more than 50 fields;
/// records that the second pass did not bring are left out: they are gone.
pub(super) fn joined(first: Vec<Received>, second: &[Received]) -> Vec<Received> {
    let others: BTreeMap<&str, &Received> = second.iter().map(|r| (r.id.as_str(), r)).collect();
    let join = |mut record: Received| {
        let other = others.get(record.id.as_str())?;
        let mut members: Members<'_> = serde_json::from_str(&other.raw).ok()?;
        let own: Members<'_> = serde_json::from_str(&record.raw).ok()?;
        members.extend(own);
        let parts: Vec<String> = members
            .iter()
            .map(|(key, value)| {
                format!("{}:{}", serde_json::Value::from(key.as_ref()), value.get())
            })
            .collect();
        record.raw = format!("{{{}}}", parts.join(",")).into();
        Some(record)
    };
    first.into_iter().filter_map(join).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_digits_with_or_without_quotes() {
        for quote in ["\"", ""] {
            let id = |digits: &str| format!("{quote}{digits}{quote}");
            let raw = format!(
                r#"{{"id":{},"Created_By":{{"id":{}}},"Account_Name":{{"id": {}}}}}"#,
                id("554023000002000001"),
                id("55402300000026001"),
                id("554023000003000001")
            );
            let read = record(&raw);
            assert_eq!(read.id, "554023000002000001", "{raw}");
            assert_eq!(read.created_by.as_deref(), Some("55402300000026001"), "{raw}");
            let unnamed = nameless(&[read], &["Account_Name".to_owned()]);
            let account = BTreeSet::from(["554023000003000001".to_owned()]);
            assert_eq!(unnamed.into_values().collect::<Vec<_>>(), [account], "{raw}");
        }
        for raw in ["{}", r#"{"id": null}"#, r#"{"id": ""}"#, r#"{"id": 1.5}"#] {
            assert!(!record(raw).readable, "{raw} is no record");
        }
    }
}
