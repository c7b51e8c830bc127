//! Turns a stored contact into the JSON of an answer. Stored fields are ready text: a list of
//! thousands is put together without parsing anything.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::field::{Field, Mask};
use super::person::{formatted_type, source_id};
use super::store::{Entry, Record};
use crate::clock::utc_micros;

/// How a request wants to see people.
#[derive(Debug, Clone)]
pub(crate) struct View {
    pub(crate) mask: Mask,
    /// Whether profile items are mixed in (`sources` names READ_SOURCE_TYPE_PROFILE or is absent).
    pub(crate) profiles: bool,
    /// Most e-mails and phones; lists cut, single reads do not.
    pub(crate) cap: Option<usize>,
    /// Language of formatted types: `en` or `ja`.
    pub(crate) language: &'static str,
    /// By how many places the items of a field are turned on: none come in their own order.
    pub(crate) turn: usize,
    pub(crate) etag_varies: bool,
    /// Address that photo URLs begin with.
    pub(crate) base: String,
}

/// The person's etag for this view: it holds the mask and the sources beside the source's etag.
pub(crate) fn person_etag(source_etag: &str, view: &View) -> String {
    let mut bytes = vec![0x12];
    let numbers = if view.etag_varies { view.mask.numbers() } else { vec![1] };
    bytes.push(u8::try_from(numbers.len()).unwrap_or(0));
    bytes.extend(numbers);
    bytes.extend(if view.profiles && view.etag_varies {
        &[0x1a, 2, 1, 2][..]
    } else {
        &[0x1a, 1, 2][..]
    });
    bytes.extend([0x22, 12]);
    bytes.extend(source_etag.as_bytes());
    format!("%{}", STANDARD.encode(bytes))
}

/// The source's etag inside a person etag, if it is one.
pub(crate) fn inner_etag(person_etag: &str) -> Option<String> {
    let bytes = STANDARD.decode(person_etag.strip_prefix('%')?).ok()?;
    let start = bytes.len().checked_sub(12)?;
    String::from_utf8(bytes.get(start..)?.to_vec()).ok()
}

/// A person as an answer holds it.
pub(crate) fn person(record: &Record, previous: &[u64], view: &View) -> String {
    let mut out = String::with_capacity(1024);
    let etag = record.source_etag();
    let _ = write!(
        out,
        "{{\"resourceName\":\"people/c{}\",\"etag\":\"{}\"",
        record.id,
        person_etag(&etag, view)
    );
    if view.mask.has(Field::METADATA) {
        let _ = write!(
            out,
            ",\"metadata\":{{\"sources\":[{{\"type\":\"CONTACT\",\"id\":\"{}\",\"etag\":\"#{etag}\",\"updateTime\":\"{}\"}}",
            source_id(record.id),
            utc_micros(record.updated)
        );
        if let Some(id) = record
            .profile
            .as_ref()
            .filter(|_| view.profiles)
            .and_then(|p| p.get("id"))
            .and_then(Value::as_str)
        {
            let _ = write!(
                out,
                ",{{\"type\":\"PROFILE\",\"id\":\"{id}\",\"etag\":\"#{etag}\",\"profileMetadata\":{{\"objectType\":\"PERSON\",\"userTypes\":[\"GOOGLE_USER\"]}}}}"
            );
        }
        out.push(']');
        if !previous.is_empty() {
            let names: Vec<String> =
                previous.iter().map(|id| format!("\"people/c{id}\"")).collect();
            let _ = write!(out, ",\"previousResourceNames\":[{}]", names.join(","));
        }
        out.push_str(",\"objectType\":\"PERSON\"}");
    }
    for field in view.mask.fields() {
        if field == Field::MEMBERSHIPS {
            memberships(record, &mut out);
        } else if field == Field::PHOTOS {
            photos(record, view, &mut out);
        } else if field != Field::METADATA {
            plain(record, field, view, &mut out);
        }
    }
    out.push('}');
    out
}

fn plain(record: &Record, field: Field, view: &View, out: &mut String) {
    let stored = record.fields.get(&field);
    let profile = record
        .profile
        .as_ref()
        .filter(|_| view.profiles)
        .and_then(|p| p.get(field.name()))
        .and_then(Value::as_array);
    // An item takes more than 70 bytes, so a shorter text holds fewer items than the cap.
    let cap = view.cap.filter(|_| field == Field::EMAILS || field == Field::PHONES);
    let cut = cap.filter(|c| stored.is_some_and(|t| t.len() > c * 70));
    // A text with this in it may hold several.
    let turned = view.turn > 0 && stored.is_some_and(|text| text.contains("},{"));
    if profile.is_none() && view.language == "en" && !turned && cut.is_none() {
        if let Some(text) = stored {
            let _ = write!(out, ",\"{}\":{text}", field.name());
        }
        return;
    }
    // The rarer views are worked out item by item.
    let mut items = record.items(field);
    if let Some(cap) = cut {
        items.truncate(cap);
    }
    items.extend(profile.into_iter().flatten().cloned());
    if view.language != "en" {
        for item in items.iter_mut().filter_map(Value::as_object_mut) {
            if let Some(kind) = item.get("type").and_then(Value::as_str).map(str::to_owned) {
                item.insert(
                    "formattedType".to_owned(),
                    json!(formatted_type(&kind, view.language)),
                );
            }
        }
    }
    if !items.is_empty() {
        let places = view.turn % items.len();
        items.rotate_left(places);
    }
    if !items.is_empty() {
        let _ = write!(out, ",\"{}\":{}", field.name(), Value::Array(items));
    }
}

fn memberships(record: &Record, out: &mut String) {
    let source = source_id(record.id);
    let items: Vec<String> = record
        .groups
        .iter()
        .map(|g| {
            format!(
                "{{\"metadata\":{{\"source\":{{\"type\":\"CONTACT\",\"id\":\"{source}\"}}}},\"contactGroupMembership\":{{\"contactGroupId\":\"{g}\",\"contactGroupResourceName\":\"contactGroups/{g}\"}}}}"
            )
        })
        .collect();
    if !items.is_empty() {
        let _ = write!(out, ",\"memberships\":[{}]", items.join(","));
    }
}

fn photos(record: &Record, view: &View, out: &mut String) {
    let source = source_id(record.id);
    let (name, default) = match record.photo {
        Some(photo) => (photo.to_string(), ""),
        None => ("default".to_owned(), ",\"default\":true"),
    };
    let _ = write!(
        out,
        ",\"photos\":[{{\"metadata\":{{\"primary\":true,\"source\":{{\"type\":\"CONTACT\",\"id\":\"{source}\"}}}},\"url\":\"{}/photos/{name}=s100\"{default}}}]",
        view.base
    );
}

/// The marker of a deleted contact in an incremental list.
pub(crate) fn tombstone(id: u64, entry: &Entry, view: &View) -> String {
    let gone = Record { id, version: entry.version, ..Record::default() };
    let etag = gone.source_etag();
    format!(
        "{{\"resourceName\":\"people/c{id}\",\"etag\":\"{}\",\"metadata\":{{\"sources\":[{{\"type\":\"CONTACT\",\"id\":\"{}\",\"etag\":\"#{etag}\",\"updateTime\":\"1970-01-01T00:00:00Z\"}}],\"deleted\":true,\"objectType\":\"PERSON\"}}}}",
        person_etag(&etag, view),
        source_id(id)
    )
}
