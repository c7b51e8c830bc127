//! Pure: a Zoho record's JSON to and from records and cards.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use renraku_core::contact::{Card, Module, Record, Text};
use renraku_core::field::Kind;
use renraku_core::mapping::Mapping;
use renraku_core::timestamp::Timestamp;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::received::{Digest, full_names};
pub use crate::received::{Evidence, WireError};

/// A field's value, as a person would read it.
enum Cell<'a> {
    Empty,
    Text(Cow<'a, str>),
    /// Something is there that the answer does not tell: a lookup to what this user may not see.
    Untold,
}

impl Cell<'_> {
    fn text(&self) -> Option<&str> {
        match self {
            Cell::Empty | Cell::Untold => None,
            Cell::Text(text) => Some(text),
        }
    }
}

struct CellVisitor;

impl<'de> Visitor<'de> for CellVisitor {
    type Value = Cell<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field's value")
    }
    fn visit_borrowed_str<E>(self, v: &'de str) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Borrowed(v)))
    }
    fn visit_str<E>(self, v: &str) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Owned(v.to_owned())))
    }
    fn visit_bool<E>(self, v: bool) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Borrowed(if v { "true" } else { "false" })))
    }
    fn visit_u64<E>(self, v: u64) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Owned(v.to_string())))
    }
    fn visit_i64<E>(self, v: i64) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Owned(v.to_string())))
    }
    fn visit_f64<E>(self, v: f64) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Owned(v.to_string())))
    }
    fn visit_unit<E>(self) -> Result<Cell<'de>, E> {
        Ok(Cell::Empty)
    }
    /// A lookup: its name. What is no lookup is nothing that a field could hold.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Cell<'de>, A::Error> {
        let (mut name, mut id) = (None, None);
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            match &*key {
                "name" => name = Some(map.next_value_seed(CellSeed)?),
                "id" => id = Some(map.next_value_seed(CellSeed)?),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if name.is_none() && id.is_none() {
            return Err(serde::de::Error::custom("an object that is no lookup"));
        }
        let there = |cell: &Option<Cell<'_>>| said(cell.as_ref().and_then(Cell::text)).is_some();
        Ok(match (there(&name), there(&id)) {
            (false, true) => Cell::Untold,
            (true, _) | (false, false) => name.unwrap_or(Cell::Empty),
        })
    }
    /// Several values, in one text.
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Cell<'de>, A::Error> {
        let mut all = String::new();
        let mut untold = false;
        while let Some(cell) = seq.next_element_seed(CellSeed)? {
            untold |= matches!(cell, Cell::Untold);
            if let Some(text) = said(cell.text()) {
                if !all.is_empty() {
                    all.push(';');
                }
                all.push_str(text);
            }
        }
        Ok(match all.is_empty() {
            _ if untold => Cell::Untold,
            true => Cell::Empty,
            false => Cell::Text(Cow::Owned(all)),
        })
    }
}

struct CellSeed;

impl<'de> DeserializeSeed<'de> for CellSeed {
    type Value = Cell<'de>;
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Cell<'de>, D::Error> {
        d.deserialize_any(CellVisitor)
    }
}

/// Reads a record's fields one by one, without building a tree: `f` gets each field whose place
/// `find` knows.
struct RecordFields<F, G>(F, G);

impl<'de, P, F: Fn(&str) -> Option<P>, G: FnMut(P, Cell<'de>)> Visitor<'de> for RecordFields<F, G> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }
    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = map.next_key()? {
            match (self.0)(&key) {
                Some(place) => {
                    let cell = map.next_value_seed(CellSeed)?;
                    (self.1)(place, cell);
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

fn each<'de, P>(
    raw: &'de str,
    find: impl Fn(&str) -> Option<P>,
    found: impl FnMut(P, Cell<'de>),
) -> Result<(), WireError> {
    let mut reader = serde_json::Deserializer::from_str(raw);
    reader.deserialize_map(RecordFields(find, found)).map_err(|_| WireError)
}

/// What a field of a record is for.
struct FieldUse {
    rule: Option<usize>,
    told: Option<&'static str>,
    id: bool,
    modified: bool,
}

/// [`record`] and [`evidence`] at once, for the mapping's module.
///
/// # Errors
/// Where the text is no record.
pub fn digest(raw: &str, mapping: &Mapping) -> Result<Digest, WireError> {
    let (record, mut told) = read(raw, mapping, evidence_fields(mapping.module))?;
    unname(&mut told, stand_in(mapping));
    Ok(Digest { evidence: told_evidence(&told, mapping.module), record })
}

/// The record reduced to the mapping. Lookups give their names, numbers and flags their text.
///
/// # Errors
/// Where the text is no record.
pub fn record(raw: &str, mapping: &Mapping) -> Result<Record, WireError> {
    read(raw, mapping, &[]).map(|(record, _)| record)
}

type Told = BTreeMap<&'static str, String>;

fn read(
    raw: &str,
    mapping: &Mapping,
    fields: &'static [&'static str],
) -> Result<(Record, Told), WireError> {
    let mut card = Card::empty(mapping.rules().len());
    let mut unread: BTreeSet<usize> = (0..mapping.rules().len()).collect();
    let mut told = Told::new();
    let mut id = None;
    let mut version = String::new();
    let find = |key: &str| {
        let place = FieldUse {
            rule: mapping.by_zoho(key),
            told: fields.iter().copied().find(|f| *f == key),
            id: key == "id",
            modified: key == "Modified_Time",
        };
        let wanted = place.rule.is_some() || place.told.is_some() || place.id || place.modified;
        wanted.then_some(place)
    };
    each(raw, find, |place, cell| {
        let text = cell.text();
        if let Some(rule) = place.rule {
            card.set(rule, text);
            if !matches!(cell, Cell::Untold) {
                unread.remove(&rule);
            }
        }
        if let (Some(field), Some(text)) = (place.told, said(text)) {
            told.insert(field, text.to_owned());
        }
        if place.id {
            id = text.map(ToOwned::to_owned);
        }
        if place.modified {
            version = text.unwrap_or_default().to_owned();
        }
    })?;
    let record = Record {
        id: id.ok_or(WireError)?,
        modified: version.parse().unwrap_or(Timestamp::UNIX_EPOCH),
        version,
        card,
        unread,
        whole: BTreeSet::new(),
        listed: Vec::new(),
        marks: Vec::new(),
    };
    Ok((record, told))
}

fn said(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|t| !t.is_empty())
}

/// The fields that a read should ask for besides the mapped ones, so that records can be named and
/// matched; those the module lacks must be left out.
#[must_use]
pub fn evidence_fields(module: Module) -> &'static [&'static str] {
    match module {
        Module::Contacts => &[
            "First_Name",
            "Last_Name",
            "Full_Name",
            "Email",
            "Secondary_Email",
            "Phone",
            "Mobile",
            "Home_Phone",
            "Other_Phone",
            "Account_Name",
        ],
        Module::Leads => &[
            "First_Name",
            "Last_Name",
            "Full_Name",
            "Email",
            "Secondary_Email",
            "Phone",
            "Mobile",
            "Company",
        ],
        Module::Vendors => &["Vendor_Name", "Email", "Phone"],
    }
}

/// What a record says of itself, by `api_name`.
fn told(raw: &str, module: Module) -> Result<Told, WireError> {
    let fields = evidence_fields(module);
    let mut told = Told::new();
    each(
        raw,
        |key| fields.iter().copied().find(|f| *f == key),
        |field, cell| {
            if let Some(text) = said(cell.text()) {
                told.insert(field, text.to_owned());
            }
        },
    )?;
    Ok(told)
}

fn names(told: &Told, module: Module) -> Vec<String> {
    let get = |name: &str| told.get(name).map(String::as_str);
    match module {
        Module::Vendors => get("Vendor_Name").map(ToOwned::to_owned).into_iter().collect(),
        Module::Contacts | Module::Leads => {
            full_names(get("Full_Name"), get("First_Name"), None, get("Last_Name"))
        }
    }
}

/// The name a person reads, or whatever else tells the record apart.
///
/// # Errors
/// Where the text is no record.
pub fn name_of(raw: &str, mapping: &Mapping) -> Result<String, WireError> {
    let mut told = told(raw, mapping.module)?;
    unname(&mut told, stand_in(mapping));
    Ok(told_name(&told, mapping.module))
}

/// [`name_of`] and [`record`] at once, for the mapping's module.
///
/// # Errors
/// Where the text is no record.
pub fn named(raw: &str, mapping: &Mapping) -> Result<(String, Record), WireError> {
    let (record, mut told) = read(raw, mapping, evidence_fields(mapping.module))?;
    unname(&mut told, stand_in(mapping));
    Ok((told_name(&told, mapping.module), record))
}

fn told_name(told: &Told, module: Module) -> String {
    let other = ["Company", "Account_Name", "Email", "Phone", "Mobile"];
    names(told, module)
        .into_iter()
        .next()
        .or_else(|| other.iter().find_map(|f| told.get(f).cloned()))
        .unwrap_or_default()
}

/// What to match the record by; `work_emails` holds the primary address alone. Needs the fields of
/// [`evidence_fields`] in the read.
///
/// # Errors
/// Where the text is no record.
pub fn evidence(raw: &str, mapping: &Mapping) -> Result<Evidence, WireError> {
    let mut told = told(raw, mapping.module)?;
    unname(&mut told, stand_in(mapping));
    Ok(told_evidence(&told, mapping.module))
}

/// What stands in Zoho for a family name that nobody gave.
fn stand_in(mapping: &Mapping) -> Option<&str> {
    let rule = mapping.rules().get(mapping.by_zoho("Last_Name")?)?;
    rule.default.as_deref().map(str::trim)
}

/// Takes a family name away that only stands in for one: it names nobody.
fn unname(told: &mut Told, stand_in: Option<&str>) {
    if stand_in.is_some() && told.get("Last_Name").map(String::as_str) == stand_in {
        told.remove("Last_Name");
        told.remove("Full_Name");
    }
}

fn told_evidence(told: &Told, module: Module) -> Evidence {
    let all = |fields: &[&str]| fields.iter().filter_map(|f| told.get(f).cloned()).collect();
    let company = match module {
        Module::Contacts => "Account_Name",
        Module::Leads => "Company",
        Module::Vendors => "Vendor_Name",
    };
    let found = Evidence {
        work_emails: all(&["Email"]),
        emails: all(&["Email", "Secondary_Email"]),
        phones: all(&["Phone", "Mobile", "Home_Phone", "Other_Phone"]),
        names: names(told, module),
        nameless: false,
        organisation: told.get(company).cloned(),
    };
    found.called()
}

/// The body of a new record. `companies` are account ids by name; a company without one is left
/// out, as is everything that this user may not write.
#[must_use]
pub fn new_record(card: &Card, mapping: &Mapping, companies: &BTreeMap<String, String>) -> Value {
    let mut record = Map::new();
    for (index, rule) in mapping.rules().iter().enumerate().filter(|(_, r)| r.zoho_writable) {
        if let Some(value) = card.get(index).and_then(|v| json_value(&rule.kind, v, companies)) {
            record.insert(rule.zoho.clone(), value);
        }
    }
    Value::Object(record)
}

/// The body of an update: the id and the patched fields, `null` where one is cleared.
#[must_use]
pub fn changed_record(
    id: &str,
    patch: &BTreeMap<usize, Option<Text>>,
    mapping: &Mapping,
    companies: &BTreeMap<String, String>,
) -> Value {
    let mut record = Map::new();
    record.insert("id".to_owned(), Value::from(id));
    for (index, value) in patch {
        let Some(rule) = mapping.rules().get(*index) else { continue };
        let value = match value {
            None => Some(Value::Null),
            Some(value) => json_value(&rule.kind, value, companies),
        };
        record.extend(value.map(|value| (rule.zoho.clone(), value)));
    }
    Value::Object(record)
}

/// A fitted value in the JSON type that Zoho takes for the field.
pub fn json_value(kind: &Kind, value: &str, companies: &BTreeMap<String, String>) -> Option<Value> {
    match kind {
        Kind::Choices(_) => Some(value.split(';').map(Value::from).collect()),
        Kind::Flag => match value.trim() {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            text => Some(Value::from(text)),
        },
        // As it was typed where it is no JSON number: Zoho then names the field.
        Kind::Number => Some(
            value
                .trim()
                .parse::<serde_json::Number>()
                .map_or_else(|_| Value::from(value), Value::Number),
        ),
        Kind::Company => companies.get(value).map(|id| serde_json::json!({"id": id})),
        Kind::Text
        | Kind::Note
        | Kind::Email
        | Kind::Phone { .. }
        | Kind::Url
        | Kind::Date
        | Kind::Moment
        | Kind::Choice(_) => Some(Value::from(value)),
    }
}
