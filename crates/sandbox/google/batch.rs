//! The batch calls: all items or none, with errors told by index or name.

use serde_json::{Map, Value, json};

use super::Asked;
use super::errors::{Fault, invalid, invalid_argument, not_found};
use super::field::Mask;
use super::people::{
    Change, check_etag, check_room, contact_id, create_mask, insert, read_mask, update_mask,
};
use super::render::person;
use super::store::Store;
use crate::http::Reply;

/// The body's read mask: `None` when it is empty and nothing is to be read back.
fn wanted(body: &Value) -> Result<Option<Mask>, Fault> {
    match body.get("readMask") {
        None => Err(invalid("readMask is required.")),
        Some(value) => {
            let text = value.as_str().ok_or_else(invalid_argument)?;
            if text.is_empty() { Ok(None) } else { read_mask(text).map(Some) }
        }
    }
}

fn refused(kind: &str, errors: Map<String, Value>) -> Fault {
    let message = errors
        .values()
        .next()
        .and_then(|e| e.get("message"))
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    invalid(message).details(json!([{
        "@type": format!("type.googleapis.com/google.people.v1.{kind}ErrorDetails"),
        "contactErrors": errors,
    }]))
}

/// `people.batchCreateContacts`.
pub(crate) fn create(asked: &Asked<'_>, store: &mut Store) -> Result<Reply, Fault> {
    let body = asked.body()?;
    let view = wanted(&body)?.map(|mask| asked.view_of_body(mask, &body));
    let contacts = body.get("contacts").and_then(Value::as_array).ok_or_else(invalid_argument)?;
    if contacts.is_empty() || contacts.len() > 200 {
        return Err(invalid(format!(
            "Request must have between 1 and 200 contacts, but has {}.",
            contacts.len()
        )));
    }
    check_room(asked, store, contacts.len())?;
    let mut errors = Map::new();
    let mut changes = Vec::new();
    for (index, contact) in contacts.iter().enumerate() {
        let read = contact.get("contactPerson").ok_or_else(invalid_argument);
        match read.and_then(|p| Change::read(asked, store, p, create_mask(), true)) {
            Ok(change) => changes.push(change),
            Err(fault) if fault.http == 500 => return Err(fault),
            Err(fault) => {
                errors.insert(index.to_string(), fault.item());
            }
        }
    }
    if !errors.is_empty() {
        return Err(refused("BatchCreateContacts", errors));
    }
    let region = asked.switches.region.as_str();
    let ids: Vec<u64> =
        changes.iter().map(|change| insert(store, change, region, asked.now)).collect();
    let Some(view) = view else { return Ok(Reply::json(200, &json!({}))) };
    let items: Vec<String> = ids
        .iter()
        .filter_map(|id| store.get(*id))
        .map(|r| format!("{{\"httpStatusCode\":200,\"person\":{},\"requestedResourceName\":\"people/c{}\",\"status\":{{}}}}", person(r, &[], &view), r.id))
        .collect();
    Ok(Reply::json_text(200, format!("{{\"createdPeople\":[{}]}}", items.join(","))))
}

/// `people.batchUpdateContacts`.
pub(crate) fn update(asked: &Asked<'_>, store: &mut Store) -> Result<Reply, Fault> {
    let body = asked.body()?;
    let view = wanted(&body)?.map(|mask| asked.view_of_body(mask, &body));
    let text = body.get("updateMask").and_then(Value::as_str).filter(|t| !t.is_empty());
    let mask = update_mask(text.ok_or_else(|| invalid("updateMask is required."))?, "update_mask")?;
    let contacts = body.get("contacts").and_then(Value::as_object).ok_or_else(invalid_argument)?;
    if contacts.is_empty() || contacts.len() > 200 {
        return Err(invalid(format!(
            "Request must have between 1 and 200 contacts, but has {}.",
            contacts.len()
        )));
    }
    let mut errors = Map::new();
    let mut changes = Vec::new();
    for (name, contact) in contacts {
        let read = contact_id(name).ok_or_else(not_found).and_then(|id| {
            let record = store.get(id).ok_or_else(not_found)?;
            check_etag(record, contact)?;
            Ok((id, Change::read(asked, store, contact, mask, false)?))
        });
        match read {
            Ok(change) => changes.push(change),
            Err(fault) if fault.http == 500 => return Err(fault),
            Err(fault) => {
                errors.insert(name.clone(), fault.item());
            }
        }
    }
    if errors.is_empty() || asked.switches.batch_update_partial {
        for (id, change) in &changes {
            store.edit(*id, asked.now, |r| change.apply(r, &asked.switches.region));
        }
    }
    if !errors.is_empty() {
        return Err(refused("BatchUpdateContacts", errors));
    }
    let Some(view) = view.filter(|_| !asked.switches.batch_update_silent) else {
        return Ok(Reply::json(200, &json!({})));
    };
    let items: Vec<String> = changes
        .iter()
        .filter_map(|(id, _)| store.get(*id))
        .map(|r| {
            let name = format!("people/c{}", r.id);
            format!("\"{name}\":{{\"httpStatusCode\":200,\"person\":{},\"requestedResourceName\":\"{name}\",\"status\":{{}}}}", person(r, &[], &view))
        })
        .collect();
    Ok(Reply::json_text(200, format!("{{\"updateResult\":{{{}}}}}", items.join(","))))
}

/// `people.batchDeleteContacts`.
pub(crate) fn delete(asked: &Asked<'_>, store: &mut Store) -> Result<Reply, Fault> {
    let body = asked.body()?;
    let names = body.get("resourceNames").and_then(Value::as_array).ok_or_else(invalid_argument)?;
    if names.is_empty() || names.len() > 500 {
        return Err(invalid(format!(
            "Request must have between 1 and 500 resource names, but has {}.",
            names.len()
        )));
    }
    let ids: Vec<Option<u64>> = names
        .iter()
        .map(|n| n.as_str().and_then(contact_id).filter(|id| store.get(*id).is_some()))
        .collect();
    if ids.iter().any(Option::is_none) && !asked.switches.batch_delete_ignores_unknown {
        return Err(not_found());
    }
    for id in ids.into_iter().flatten() {
        store.bin(id, asked.now);
    }
    Ok(Reply::json(200, &json!({})))
}
