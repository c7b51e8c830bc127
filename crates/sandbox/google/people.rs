//! Single reads and writes of people, and their photos.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::Asked;
use super::errors::{Fault, invalid, invalid_argument, no_etag, not_found, stale_etag};
use super::field::{Field, Mask};
use super::person::accept;
use super::render::{View, inner_etag, person};
use super::store::{MY_CONTACTS, Record, Store};
use crate::http::Reply;
use crate::switches::CreateMemberships;

/// The id inside `people/c123`.
pub(crate) fn contact_id(resource: &str) -> Option<u64> {
    resource.strip_prefix("people/")?.strip_prefix('c')?.parse().ok()
}

/// A contact's id for a write; profiles and `people/me` are refused.
fn writable_id(resource: &str) -> Result<u64, Fault> {
    contact_id(resource).ok_or_else(|| {
        if resource == "people/me"
            || resource
                .strip_prefix("people/")
                .is_some_and(|t| t.chars().all(|c| c.is_ascii_digit()))
        {
            invalid(format!("Resource name \"{resource}\" is not a valid contact person resource."))
        } else {
            not_found()
        }
    })
}

/// The read mask of a call that demands one.
pub(crate) fn required_mask(asked: &Asked<'_>) -> Result<Mask, Fault> {
    match asked.call.param("personFields").filter(|t| !t.is_empty()) {
        Some(text) => read_mask(text),
        None => Err(invalid(
            "personFields mask is required. Please specify one or more valid paths. Valid paths are documented at https://developers.google.com/people/api/rest/v1/people/get.",
        )),
    }
}

pub(crate) fn read_mask(text: &str) -> Result<Mask, Fault> {
    Mask::read(text).map_err(|path| {
        invalid(format!("Invalid personFields mask path: \"{path}\". Valid paths are documented at https://developers.google.com/people/api/rest/v1/people/get."))
    })
}

fn optional_mask(text: Option<&str>) -> Result<Mask, Fault> {
    text.filter(|t| !t.is_empty()).map_or_else(|| Ok(Mask::all()), read_mask)
}

/// `people.get`.
pub(crate) fn get(asked: &Asked<'_>, store: &Store, resource: &str) -> Result<Reply, Fault> {
    let mask = required_mask(asked)?;
    let record = find(asked, store, resource)?;
    Ok(Reply::json_text(200, person(record, &[], &asked.view(mask))))
}

fn find<'s>(asked: &Asked<'_>, store: &'s Store, resource: &str) -> Result<&'s Record, Fault> {
    let id = contact_id(resource).ok_or_else(not_found)?;
    let id = if asked.switches.follow_renames { store.follow(id) } else { id };
    store.get(id).map(AsRef::as_ref).ok_or_else(not_found)
}

/// `people.getBatchGet`.
pub(crate) fn batch_get(asked: &Asked<'_>, store: &Store) -> Result<Reply, Fault> {
    let names = asked.call.params("resourceNames");
    let mask = required_mask(asked)?;
    if names.is_empty() || names.len() > 200 {
        return Err(invalid_argument());
    }
    let view = asked.view(mask);
    let items: Vec<String> = names
        .iter()
        .map(|name| match find(asked, store, name) {
            Ok(record) => {
                format!("{{\"httpStatusCode\":200,\"person\":{},\"requestedResourceName\":{},\"status\":{{}}}}", person(record, &[], &view), json!(name))
            }
            Err(fault) => json!({"httpStatusCode": fault.http, "requestedResourceName": name, "status": fault.item()}).to_string(),
        })
        .collect();
    Ok(Reply::json_text(200, format!("{{\"responses\":[{}]}}", items.join(","))))
}

/// What a create or update asks for, checked and ready to be stored.
pub(crate) struct Change {
    fields: Vec<(Field, Vec<Value>)>,
    groups: Option<Vec<String>>,
}

impl Change {
    /// Reads the masked fields of a person in a request body.
    pub(crate) fn read(
        asked: &Asked<'_>,
        store: &Store,
        body: &Value,
        mask: Mask,
        creating: bool,
    ) -> Result<Self, Fault> {
        let mut fields = Vec::new();
        let mut groups = None;
        for field in mask.fields() {
            let value = body.get(field.name());
            if field == Field::MEMBERSHIPS {
                let value = match asked.switches.create_memberships {
                    CreateMemberships::Ignored if creating => None,
                    CreateMemberships::Refused if creating && value.is_some() => {
                        return Err(invalid_argument());
                    }
                    CreateMemberships::Taken
                    | CreateMemberships::Ignored
                    | CreateMemberships::Refused => value,
                };
                groups = read_groups(store, value, creating)?;
            } else {
                fields.push((field, accept(field, value, asked.switches)?));
            }
        }
        if creating
            && asked.switches.refuse_empty_create
            && fields.iter().all(|(_, items)| items.is_empty())
        {
            return Err(invalid_argument());
        }
        Ok(Self { fields, groups })
    }

    pub(crate) fn apply(&self, record: &mut Record, region: &str) {
        for (field, items) in &self.fields {
            record.set(*field, items, region);
        }
        if let Some(groups) = &self.groups {
            record.groups = groups.iter().cloned().collect();
        }
    }
}

fn read_groups(
    store: &Store,
    value: Option<&Value>,
    creating: bool,
) -> Result<Option<Vec<String>>, Fault> {
    let items = value.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let mut groups = Vec::new();
    for item in items {
        let Some(membership) = item.get("contactGroupMembership") else { continue };
        let name = membership.get("contactGroupResourceName").and_then(Value::as_str);
        let id =
            name.and_then(|n| n.strip_prefix("contactGroups/")).ok_or_else(invalid_argument)?;
        if !store.group_exists(id) || id == "all" {
            return Err(not_found());
        }
        groups.push(id.to_owned());
    }
    match (groups.is_empty(), creating) {
        (true, true) => Ok(Some(vec![MY_CONTACTS.to_owned()])),
        (true, false) => Err(invalid(
            "Request must have at least one person.memberships.contactGroupMembership.",
        )),
        (false, _) => Ok(Some(groups)),
    }
}

/// All fields that a create may hold.
pub(crate) fn create_mask() -> Mask {
    Field::updatable().fold(Mask::EMPTY, Mask::with)
}

/// Refuses a create when the account is full.
pub(crate) fn check_room(asked: &Asked<'_>, store: &Store, more: usize) -> Result<(), Fault> {
    let held = store.alive + if asked.switches.cap_counts_trash { store.binned } else { 0 };
    if held + more <= asked.switches.contact_cap {
        return Ok(());
    }
    let status =
        if asked.switches.cap_status == 429 { "RESOURCE_EXHAUSTED" } else { "FAILED_PRECONDITION" };
    Err(Fault::new(
        asked.switches.cap_status,
        status,
        "Contacts limit reached. MY_CONTACTS_OVERFLOW_COUNT",
    ))
}

/// Stores a new contact and gives its id.
pub(crate) fn insert(store: &mut Store, change: &Change, region: &str, now: i64) -> u64 {
    let id = store.take_id();
    let mut record = Record { id, ..Record::default() };
    change.apply(&mut record, region);
    store.put(id, Some(record), now);
    id
}

/// `people.createContact`.
pub(crate) fn create(asked: &Asked<'_>, store: &mut Store) -> Result<Reply, Fault> {
    let body = asked.body()?;
    let view = asked.view(optional_mask(asked.call.param("personFields"))?);
    check_room(asked, store, 1)?;
    let change = Change::read(asked, store, &body, create_mask(), true)?;
    let id = insert(store, &change, &asked.switches.region, asked.now);
    rendered(store, id, &view)
}

fn rendered(store: &Store, id: u64, view: &View) -> Result<Reply, Fault> {
    let record = store.get(id).ok_or_else(not_found)?;
    Ok(Reply::json_text(200, person(record, &[], view)))
}

/// Compares the etag of a request with the contact's.
pub(crate) fn check_etag(record: &Record, body: &Value) -> Result<(), Fault> {
    let current = record.source_etag();
    let text =
        |v: Option<&Value>| v.and_then(Value::as_str).filter(|t| !t.is_empty()).map(str::to_owned);
    if let Some(etag) = text(body.get("etag")) {
        return if inner_etag(&etag).as_deref() == Some(&current) {
            Ok(())
        } else {
            Err(stale_etag())
        };
    }
    let sources =
        body.pointer("/metadata/sources").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let contact = sources.iter().find(|s| s.get("type").and_then(Value::as_str) == Some("CONTACT"));
    let etag = text(contact.and_then(|s| s.get("etag"))).ok_or_else(no_etag)?;
    if etag.strip_prefix('#') == Some(&current) { Ok(()) } else { Err(stale_etag()) }
}

/// `people.updateContact`.
pub(crate) fn update(asked: &Asked<'_>, store: &mut Store, resource: &str) -> Result<Reply, Fault> {
    let id = writable_id(resource)?;
    let text = asked.call.param("updatePersonFields").filter(|t| !t.is_empty());
    let text = text.ok_or_else(|| {
        invalid("updatePersonFields mask is required. Please specify one or more valid paths.")
    })?;
    let mask = update_mask(text, "update_person_fields")?;
    let view = asked.view(optional_mask(asked.call.param("personFields"))?);
    let body = asked.body()?;
    let record = store.get(id).ok_or_else(not_found)?;
    check_etag(record, &body)?;
    let change = Change::read(asked, store, &body, mask, false)?;
    store.edit(id, asked.now, |r| change.apply(r, &asked.switches.region));
    rendered(store, id, &view)
}

pub(crate) fn update_mask(text: &str, name: &str) -> Result<Mask, Fault> {
    Mask::update(text).map_err(|path| {
        let description = format!("Invalid value at '{name}' (type.googleapis.com/google.protobuf.FieldMask), Field '{path}' is not an updatable field");
        invalid(description.clone()).details(json!([{
            "@type": "type.googleapis.com/google.rpc.BadRequest",
            "fieldViolations": [{"field": name, "description": description}],
        }]))
    })
}

/// `people.deleteContact`: no etag is asked.
pub(crate) fn delete(asked: &Asked<'_>, store: &mut Store, resource: &str) -> Result<Reply, Fault> {
    let id = writable_id(resource)?;
    if store.bin(id, asked.now) { Ok(Reply::json(200, &json!({}))) } else { Err(not_found()) }
}

/// `people.updateContactPhoto` and `people.deleteContactPhoto`.
pub(crate) fn photo(
    asked: &Asked<'_>,
    store: &mut Store,
    resource: &str,
    set: bool,
) -> Result<Reply, Fault> {
    let id = writable_id(resource)?;
    let body = asked.body()?;
    let photo = if set {
        let text = body.get("photoBytes").and_then(Value::as_str).ok_or_else(invalid_argument)?;
        let bytes = STANDARD.decode(text).map_err(|_| invalid_argument())?;
        let image =
            bytes.starts_with(&[0xff, 0xd8, 0xff]) || bytes.starts_with(b"\x89PNG\r\n\x1a\n");
        if !image {
            return Err(invalid_argument());
        }
        let number = store.seq + 1;
        store.photos.insert(number, bytes);
        Some(number)
    } else {
        None
    };
    if !store.edit(id, asked.now, |r| r.photo = photo) {
        return Err(not_found());
    }
    let fields = body
        .get("personFields")
        .and_then(Value::as_str)
        .or_else(|| asked.call.param("personFields"));
    match fields.filter(|t| !t.is_empty()) {
        None => Ok(Reply::json(200, &json!({}))),
        Some(text) => {
            let view = asked.view(read_mask(text)?);
            let record = store.get(id).ok_or_else(not_found)?;
            Ok(Reply::json_text(200, format!("{{\"person\":{}}}", person(record, &[], &view))))
        }
    }
}

/// `people.searchContacts`: prefixes of names, e-mails, phones and organizations; at most 30.
pub(crate) fn search(asked: &Asked<'_>, store: &Store) -> Result<Reply, Fault> {
    let text =
        asked.call.param("readMask").filter(|t| !t.is_empty()).ok_or_else(invalid_argument)?;
    let view = asked.view(read_mask(text)?);
    let query = asked.call.param("query").unwrap_or("").to_lowercase();
    let size = asked
        .call
        .param("pageSize")
        .and_then(|t| t.parse::<usize>().ok())
        .filter(|n| *n > 0)
        .unwrap_or(10)
        .min(30);
    let lag = asked.switches.write_lag_ms * 1000;
    let mut results = Vec::new();
    for entry in store.people.values() {
        let Some(record) = entry.seen(asked.now, lag) else { continue };
        if results.len() == size || query.is_empty() {
            break;
        }
        let hit = [Field::NAMES, Field::EMAILS, Field::PHONES, Field::ORGANIZATIONS].iter().any(
            |field| {
                record.items(*field).iter().any(|item| {
                    ["displayName", "value", "name", "canonicalForm"].iter().any(|key| {
                        let value =
                            item.get(*key).and_then(Value::as_str).unwrap_or("").to_lowercase();
                        value.starts_with(&query)
                            || value.split_whitespace().any(|w| w.starts_with(&query))
                    })
                })
            },
        );
        if hit {
            results.push(format!("{{\"person\":{}}}", person(record, &[], &view)));
        }
    }
    let body = if results.is_empty() {
        "{}".to_owned()
    } else {
        format!("{{\"results\":[{}]}}", results.join(","))
    };
    Ok(Reply::json_text(200, body))
}
