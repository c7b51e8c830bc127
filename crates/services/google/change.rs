//! Pure: cards back into a Google person's JSON.
//!
//! Google replaces every field of the mask as a whole, so a change is merged *inside* the entry it
//! belongs to, and all other entries, types, keys and parts go back as they came. Only what Google
//! itself derives (metadata, display and formatted forms) is left out.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;
use renraku_core::contact::{Card, Mark, Text};
use renraku_core::field::Misfit;
use renraku_core::mapping::{Group, Mapping, Slot};
use renraku_core::timestamp::calendar_day;
use serde_json::{Map, Value, json};

use crate::google::seat::{chosen, is_own, is_primary};
use crate::received::WireError;

/// Why a change cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// The stored person cannot be read.
    #[error("the contact as received cannot be read")]
    Wire(#[from] WireError),
    /// A company entry has employment dates, which Google returns but refuses to take back
    /// (HTTP 500, measured in 2026): the field cannot be replaced without losing them.
    #[error("a company entry has employment dates")]
    EmploymentDates,
    /// The field has a hundred entries: lists cut it off there, so a write could drop the others.
    #[error("the field {0} has more entries than a list shows")]
    TooManyEntries(&'static str),
    /// A value cannot be written; the rule is its place in the mapping.
    #[error("the change would be refused")]
    Misfit {
        /// The rule that cannot be written.
        rule: usize,
        /// Why.
        misfit: Misfit,
    },
}

impl ChangeError {
    /// The reason as the plan knows it.
    #[must_use]
    pub fn misfit(&self) -> Misfit {
        match self {
            ChangeError::Wire(_) => Misfit::Refused(String::new()),
            ChangeError::EmploymentDates => Misfit::EmploymentDates,
            ChangeError::TooManyEntries(_) => Misfit::TooManyEntries,
            ChangeError::Misfit { misfit, .. } => misfit.clone(),
        }
    }

    /// Whether it is this rule that cannot be written.
    #[must_use]
    pub fn is_about(&self, rule: usize, mapping: &Mapping) -> bool {
        let within = |field: &str| {
            mapping.rules().get(rule).is_some_and(|spec| spec.google.group.name() == field)
        };
        match self {
            ChangeError::Wire(_) => false,
            ChangeError::EmploymentDates => within(Group::Organizations.name()),
            ChangeError::TooManyEntries(field) => within(field),
            ChangeError::Misfit { rule: at, .. } => *at == rule,
        }
    }
}

/// People's main list; a contact outside it vanishes from their sight.
pub const MY_CONTACTS: &str = "contactGroups/myContacts";
/// Lists show at most this many e-mail addresses and phone numbers of a person.
const LIST_ENTRIES: usize = 100;

/// The body of a new person: the card's fields, our mark, and the label where there is one (with
/// the main list, or the contact would not be in it). A value that is no date is left out.
#[must_use]
pub fn new_person(card: &Card, mapping: &Mapping, mark: &Mark, label: Option<&str>) -> Value {
    let mut person = Map::new();
    for slot in mapping.slots() {
        let mut entry = Map::new();
        for (rule, part) in &slot.rules {
            if let Some(value) = card.get(*rule) {
                // A value that is no date cannot be there: the plan fits values before.
                let _ = put(&mut entry, slot.group, part, Some(value));
            }
        }
        if !entry.is_empty() {
            finish(&mut entry, slot);
            push(&mut person, slot.group.name(), Value::Object(entry));
        }
    }
    push(&mut person, "clientData", json!({"key": Mark::KEY, "value": mark.value()}));
    if let Some(label) = label {
        for group in BTreeSet::from([MY_CONTACTS, label]) {
            push(&mut person, "memberships", membership(group));
        }
    }
    Value::Object(person)
}

/// The person with a patch merged in: the whole of every field that changes with the etag, and the
/// mask of those fields. `before` is the card that was read: it says which of several entries is
/// meant. `mark` is added where it is not there yet, `label` where the person is not in it.
///
/// # Errors
/// Where the text is no person, or Google would refuse the change.
pub fn changed_person(
    raw: &str,
    mapping: &Mapping,
    before: &Card,
    patch: &BTreeMap<usize, Option<Text>>,
    mark: Option<&Mark>,
    label: Option<&str>,
) -> Result<(Value, BTreeSet<&'static str>), ChangeError> {
    let mut person = parse(raw)?;
    let touched = |slot: &&Slot| slot.rules.iter().any(|(rule, _)| patch.contains_key(rule));
    let slots: Vec<&Slot> = mapping.slots().iter().filter(touched).collect();
    let mut mask: BTreeSet<&'static str> = slots.iter().map(|slot| slot.group.name()).collect();
    whole(&person, &mask)?;
    // The places are told before anything changes; an entry that goes leaves a gap till the end.
    let places: Vec<Option<usize>> =
        slots.iter().map(|slot| chosen(&person, mapping, slot, before)).collect();
    for (slot, place) in slots.into_iter().zip(places) {
        change_slot(&mut person, slot, place, patch)?;
    }
    for field in &mask {
        if let Some(list) = person.get_mut(*field).and_then(Value::as_array_mut) {
            list.retain(|entry| !entry.is_null());
        }
    }
    if let Some(mark) = mark {
        let ours = json!({"key": Mark::KEY, "value": mark.value()});
        let there = entries(&person, "clientData")
            .any(|d| d.get("key") == ours.get("key") && d.get("value") == ours.get("value"));
        if !there {
            mask.insert("clientData");
            push(&mut person, "clientData", ours);
        }
    }
    if let Some(label) = label {
        let name = Some(label);
        if !entries(&person, "memberships").any(|m| group_of(m) == name) {
            mask.insert("memberships");
            push(&mut person, "memberships", membership(label));
        }
    }
    Ok((cleaned(&person, &mask), mask))
}

/// The person's own content of the mask's fields, with its etag: lets people whose changes differ
/// share one batch with the union of their masks.
///
/// # Errors
/// Where the text is no person, or one of the fields cannot go back whole.
pub fn whole_person(raw: &str, mask: &BTreeSet<&'static str>) -> Result<Value, ChangeError> {
    let person = parse(raw)?;
    whole(&person, mask)?;
    Ok(cleaned(&person, mask))
}

/// The fields of a person that another one's change must not make us send along, because they would
/// not come back as they are: Google refuses employment dates, cuts long lists off before we see
/// them, takes no birthday that is only text, and splits a name that was never split.
///
/// # Errors
/// Where the text is no person.
pub fn unshared_fields(raw: &str) -> Result<BTreeSet<&'static str>, WireError> {
    let person = parse(raw)?;
    let own = |field: &str| entries(&person, field).filter(|entry| is_own(entry)).count();
    let cut = Group::ALL.iter().map(|(_, field)| *field).filter(|f| own(f) >= LIST_ENTRIES);
    let mut fields: BTreeSet<&'static str> = cut.collect();
    if entries(&person, "organizations").any(is_dated) {
        fields.insert("organizations");
    }
    if entries(&person, "birthdays").any(|entry| !entry.contains_key("date")) {
        fields.insert("birthdays");
    }
    let split = |entry: &Map<String, Value>| {
        Group::Names.parts().iter().any(|part| entry.contains_key(*part))
    };
    if entries(&person, "names").any(|entry| is_own(entry) && !split(entry)) {
        fields.insert("names");
    }
    Ok(fields)
}

fn parse(raw: &str) -> Result<Map<String, Value>, WireError> {
    serde_json::from_str(raw).map_err(|_| WireError)
}

fn entries<'a>(
    person: &'a Map<String, Value>,
    field: &str,
) -> impl Iterator<Item = &'a Map<String, Value>> {
    person.get(field).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

fn push(person: &mut Map<String, Value>, field: &str, entry: Value) {
    let list = person.entry(field).or_insert_with(|| json!([]));
    if let Some(list) = list.as_array_mut() {
        list.push(entry);
    }
}

fn membership(group: &str) -> Value {
    json!({"contactGroupMembership": {"contactGroupResourceName": group}})
}

fn group_of(membership: &Map<String, Value>) -> Option<&str> {
    membership.get("contactGroupMembership")?.get("contactGroupResourceName")?.as_str()
}

/// Merges the patch into the entry that the slot's rules mean, adds one where there is none, and
/// takes it out where nothing is left in it.
fn change_slot(
    person: &mut Map<String, Value>,
    slot: &Slot,
    place: Option<usize>,
    patch: &BTreeMap<usize, Option<Text>>,
) -> Result<(), ChangeError> {
    let list = person.entry(slot.group.name()).or_insert_with(|| json!([]));
    let Some(list) = list.as_array_mut() else { return Err(WireError.into()) };
    let mut entry = match place.and_then(|at| list.get(at)).and_then(Value::as_object) {
        Some(entry) => entry.clone(),
        None => Map::new(),
    };
    for (rule, part) in &slot.rules {
        if let Some(value) = patch.get(rule) {
            put(&mut entry, slot.group, part, value.as_deref())
                .map_err(|misfit| ChangeError::Misfit { rule: *rule, misfit })?;
        }
    }
    let empty = !has_content(&entry, slot.group);
    if !empty && place.is_none() {
        finish(&mut entry, slot);
    }
    let entry = if empty { Value::Null } else { Value::Object(entry) };
    match place.and_then(|at| list.get_mut(at)) {
        Some(old) => *old = entry,
        None => list.push(entry),
    }
    Ok(())
}

/// Puts or removes one part, with what Google derives from it.
fn put(
    entry: &mut Map<String, Value>,
    group: Group,
    part: &str,
    value: Option<&str>,
) -> Result<(), Misfit> {
    let derived: &[&str] = match (group, part) {
        (Group::Names, "phoneticGivenName" | "phoneticFamilyName") => {
            &["unstructuredName", "phoneticFullName"]
        }
        (Group::Names, _) => &["unstructuredName"],
        (Group::Addresses, "country") => &["formattedValue", "countryCode"],
        (Group::Addresses, _) => &["formattedValue"],
        (Group::Birthdays, _) => &["text"],
        _ => &[],
    };
    let new = match (group, value) {
        (_, None) => None,
        (Group::Birthdays, Some(text)) => Some(date(text).ok_or(Misfit::Date)?),
        (_, Some(text)) => Some(Value::from(text)),
    };
    match new {
        Some(new) => entry.insert(part.to_owned(), new),
        None => entry.remove(part),
    };
    for name in derived {
        entry.remove(*name);
    }
    Ok(())
}

/// A neutral date as Google writes it.
fn date(text: &str) -> Option<Value> {
    let text = text.trim();
    match text.strip_prefix("--") {
        // 2000 was a leap year: 29 February is a birthday too.
        Some(day) => {
            let date = calendar_day(&format!("2000-{day}"))?;
            Some(json!({"month": date.month(), "day": date.day()}))
        }
        None => {
            let date = calendar_day(text)?;
            Some(json!({"year": date.year(), "month": date.month(), "day": date.day()}))
        }
    }
}

/// What a new entry has besides its parts.
fn finish(entry: &mut Map<String, Value>, slot: &Slot) {
    let label = Value::from(slot.label.as_str());
    if slot.group == Group::UserDefined {
        entry.insert("key".to_owned(), label);
    } else if slot.group.typed() {
        entry.insert("type".to_owned(), label);
    } else if slot.group == Group::Biographies {
        entry.entry("contentType").or_insert_with(|| Value::from("TEXT_PLAIN"));
    }
}

/// Whether anything is left that a person put in: not only types, keys and derived forms.
fn has_content(entry: &Map<String, Value>, group: Group) -> bool {
    const FRAME: [&str; 9] = [
        "metadata",
        "type",
        "key",
        "contentType",
        "current",
        "formattedType",
        "displayName",
        "displayNameLastFirst",
        "canonicalForm",
    ];
    let framed = |name: &str| {
        FRAME.contains(&name) && !(group == Group::EmailAddresses && name == "displayName")
            || (group == Group::EmailAddresses || group == Group::UserDefined) && name != "value"
    };
    entry.iter().any(|(name, value)| !framed(name) && *value != Value::Null && value != "")
}

/// Whether a company entry has employment dates.
fn is_dated(entry: &Map<String, Value>) -> bool {
    entry.contains_key("startDate") || entry.contains_key("endDate")
}

/// Whether the mask's fields can go back whole.
fn whole(person: &Map<String, Value>, mask: &BTreeSet<&'static str>) -> Result<(), ChangeError> {
    if mask.contains("organizations") && entries(person, "organizations").any(is_dated) {
        return Err(ChangeError::EmploymentDates);
    }
    let mut listed = mask.iter().filter(|f| matches!(**f, "emailAddresses" | "phoneNumbers"));
    match listed.find(|field| entries(person, field).count() >= LIST_ENTRIES) {
        Some(field) => Err(ChangeError::TooManyEntries(field)),
        None => Ok(()),
    }
}

/// The mask's fields, without what Google derives or does not take back. Answers have the entries in any
/// order, and the one that is sent first may become the primary one: so the one that is goes first.
fn cleaned(person: &Map<String, Value>, mask: &BTreeSet<&'static str>) -> Value {
    let mut clean = Map::new();
    for name in ["resourceName", "etag"] {
        if let Some(value) = person.get(name) {
            clean.insert(name.to_owned(), value.clone());
        }
    }
    for field in mask {
        let own = entries(person, field).filter(|entry| is_own(entry));
        let (first, rest): (Vec<_>, Vec<_>) = own.partition(|entry| is_primary(entry));
        let own = first.into_iter().chain(rest);
        let list = if *field == "memberships" {
            own.filter_map(group_of).map(membership).collect()
        } else {
            own.map(|entry| plain(entry, field)).collect()
        };
        clean.insert((*field).to_owned(), Value::Array(list));
    }
    Value::Object(clean)
}

/// An entry without what Google derives.
fn plain(entry: &Map<String, Value>, field: &str) -> Value {
    let mut entry = entry.clone();
    let structured = Group::Names.parts().iter().any(|p| entry.contains_key(*p));
    entry.retain(|name, _| match name.as_str() {
        "metadata" | "formattedType" | "canonicalForm" => false,
        "displayName" | "displayNameLastFirst" => field != "names",
        "unstructuredName" => !structured,
        _ => true,
    });
    Value::Object(entry)
}
