//! Contact groups (labels): the system's own and the person's.

use serde_json::{Value, json};

use super::Asked;
use super::errors::{Fault, invalid, invalid_argument, not_found};
use super::people::contact_id;
use super::store::{Group, MY_CONTACTS, SYSTEM_GROUPS, Store};
use super::sync::page_size;
use crate::clock::utc_micros;
use crate::http::Reply;

fn duplicate_name() -> Fault {
    Fault::new(409, "ALREADY_EXISTS", "Contact group name already exists.")
}

fn member_count(store: &Store, id: &str) -> usize {
    if id == "all" {
        store.alive
    } else {
        store.members.get(id).map_or(0, std::collections::BTreeSet::len)
    }
}

fn shown(store: &Store, id: &str, members: usize) -> Option<Value> {
    let count = member_count(store, id);
    let mut out = if let Some((_, name)) = SYSTEM_GROUPS.iter().find(|(g, _)| *g == id) {
        json!({
            "resourceName": format!("contactGroups/{id}"),
            "groupType": "SYSTEM_CONTACT_GROUP",
            "name": id,
            "formattedName": name,
        })
    } else {
        user_group(store.groups.get(id)?)
    };
    if let Some(map) = out.as_object_mut() {
        if count > 0 && map.get("metadata").is_none_or(|m| m.get("deleted").is_none()) {
            map.insert("memberCount".to_owned(), json!(count));
        }
        if members > 0 && count > 0 {
            let names: Vec<String> = if id == "all" {
                store.ids().into_iter().take(members).map(|m| format!("people/c{m}")).collect()
            } else {
                store
                    .members
                    .get(id)
                    .into_iter()
                    .flatten()
                    .take(members)
                    .map(|m| format!("people/c{m}"))
                    .collect()
            };
            map.insert("memberResourceNames".to_owned(), json!(names));
        }
    }
    Some(out)
}

fn user_group(group: &Group) -> Value {
    if group.deleted {
        return json!({
            "resourceName": group.resource(),
            "etag": group.etag(),
            "metadata": {"updateTime": utc_micros(group.updated), "deleted": true},
            "groupType": "USER_CONTACT_GROUP",
        });
    }
    let mut out = json!({
        "resourceName": group.resource(),
        "etag": group.etag(),
        "metadata": {"updateTime": utc_micros(group.updated)},
        "groupType": "USER_CONTACT_GROUP",
        "name": group.name,
        "formattedName": group.name,
    });
    if let (Some(map), false) = (out.as_object_mut(), group.client_data.is_empty()) {
        map.insert("clientData".to_owned(), json!(group.client_data));
    }
    out
}

/// `contactGroups.list`; with a sync token only what changed since, deleted labels flagged.
pub(crate) fn list(asked: &Asked<'_>, store: &Store) -> Result<Reply, Fault> {
    let size = page_size(asked, 30)?;
    let given = |name: &str| asked.call.param(name).filter(|t| !t.is_empty());
    let token = |text: &str, head: &str| {
        text.strip_prefix(head).and_then(|t| t.parse::<u64>().ok()).ok_or_else(invalid_argument)
    };
    let since = given("syncToken").map(|t| token(t, "groups-sync-")).transpose()?;
    if since.is_some_and(|s| s > store.seq) {
        return Err(invalid_argument());
    }
    let skip = given("pageToken").map(|t| token(t, "groups-page-")).transpose()?;
    let skip = usize::try_from(skip.unwrap_or(0)).unwrap_or(0);
    let system = SYSTEM_GROUPS.iter().map(|(id, _)| (*id).to_owned());
    let mut all: Vec<String> = if since.is_none() { system.collect() } else { Vec::new() };
    let mut own: Vec<&Group> = store.groups.values().collect();
    own.sort_by_key(|g| g.seq);
    all.extend(
        own.into_iter().filter(|g| since.map_or(!g.deleted, |s| g.seq > s)).map(|g| g.id.clone()),
    );
    let groups: Vec<Value> =
        all.iter().skip(skip).take(size).filter_map(|id| shown(store, id, 0)).collect();
    let mut body = json!({"totalItems": all.len()});
    if let Some(map) = body.as_object_mut() {
        if !groups.is_empty() {
            map.insert("contactGroups".to_owned(), json!(groups));
        }
        if all.len() > skip + size {
            map.insert("nextPageToken".to_owned(), json!(format!("groups-page-{}", skip + size)));
        } else {
            map.insert("nextSyncToken".to_owned(), json!(format!("groups-sync-{}", store.seq)));
        }
    }
    Ok(Reply::json(200, &body))
}

fn max_members(asked: &Asked<'_>) -> usize {
    asked.call.param("maxMembers").and_then(|t| t.parse().ok()).unwrap_or(0)
}

fn live(store: &Store, id: &str) -> Result<(), Fault> {
    if store.group_exists(id) { Ok(()) } else { Err(not_found()) }
}

/// `contactGroups.get`.
pub(crate) fn get(asked: &Asked<'_>, store: &Store, id: &str) -> Result<Reply, Fault> {
    live(store, id)?;
    shown(store, id, max_members(asked)).map(|g| Reply::json(200, &g)).ok_or_else(not_found)
}

/// `contactGroups.batchGet`.
pub(crate) fn batch_get(asked: &Asked<'_>, store: &Store) -> Result<Reply, Fault> {
    let names = asked.call.params("resourceNames");
    if names.is_empty() || names.len() > 200 {
        return Err(invalid_argument());
    }
    let members = max_members(asked);
    let responses: Vec<Value> = names
        .iter()
        .map(|name| {
            let id = name.strip_prefix("contactGroups/").unwrap_or("");
            match live(store, id).ok().and_then(|()| shown(store, id, members)) {
                Some(group) => {
                    json!({"requestedResourceName": name, "contactGroup": group, "status": {}})
                }
                None => json!({"requestedResourceName": name, "status": not_found().item()}),
            }
        })
        .collect();
    Ok(Reply::json(200, &json!({"responses": responses})))
}

fn name_in(body: &Value) -> Result<String, Fault> {
    let name = body.pointer("/contactGroup/name").and_then(Value::as_str).unwrap_or("").trim();
    if name.is_empty() { Err(invalid_argument()) } else { Ok(name.to_owned()) }
}

fn client_data(body: &Value) -> Option<Vec<Value>> {
    body.pointer("/contactGroup/clientData").and_then(Value::as_array).cloned()
}

/// `contactGroups.create`.
pub(crate) fn create(asked: &Asked<'_>, store: &mut Store) -> Result<Reply, Fault> {
    let body = asked.body()?;
    let name = name_in(&body)?;
    if store.group_named(&name).is_some() {
        return Err(duplicate_name());
    }
    let id = store.add_group(&name, asked.now);
    if let (Some(group), Some(data)) = (store.groups.get_mut(&id), client_data(&body)) {
        group.client_data = data;
    }
    shown(store, &id, 0).map(|g| Reply::json(200, &g)).ok_or_else(not_found)
}

fn own(store: &Store, id: &str) -> Result<(), Fault> {
    live(store, id)?;
    if store.groups.contains_key(id) {
        Ok(())
    } else {
        Err(invalid("System contact groups cannot be changed."))
    }
}

/// `contactGroups.update`: a stale etag is 409 here, unlike people.
pub(crate) fn update(asked: &Asked<'_>, store: &mut Store, id: &str) -> Result<Reply, Fault> {
    own(store, id)?;
    let body = asked.body()?;
    let name = name_in(&body)?;
    if store.group_named(&name).is_some_and(|g| g.id != id) {
        return Err(duplicate_name());
    }
    let seq = store.next_seq();
    let group = store.groups.get_mut(id).ok_or_else(not_found)?;
    let etag = body.pointer("/contactGroup/etag").and_then(Value::as_str).unwrap_or("");
    if etag != group.etag() {
        return Err(Fault::new(409, "ABORTED", "Contact group etag is outdated"));
    }
    group.name = name;
    if let Some(data) = client_data(&body) {
        group.client_data = data;
    }
    group.version = seq;
    group.seq = seq;
    group.updated = asked.now;
    shown(store, id, 0).map(|g| Reply::json(200, &g)).ok_or_else(not_found)
}

/// `contactGroups.delete`.
pub(crate) fn delete(asked: &Asked<'_>, store: &mut Store, id: &str) -> Result<Reply, Fault> {
    own(store, id)?;
    store.drop_group(id, asked.call.param("deleteContacts") == Some("true"), asked.now);
    Ok(Reply::json(200, &json!({})))
}

/// `contactGroups.members.modify`: 200 even when parts were refused.
pub(crate) fn modify(asked: &Asked<'_>, store: &mut Store, id: &str) -> Result<Reply, Fault> {
    live(store, id)?;
    let body = asked.body()?;
    let names = |key: &str| -> Vec<String> {
        let list = body.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let (add, remove) = (names("resourceNamesToAdd"), names("resourceNamesToRemove"));
    if add.len() + remove.len() > 1000 || add.is_empty() && remove.is_empty() {
        return Err(invalid_argument());
    }
    let addable = store.groups.contains_key(id) || id == MY_CONTACTS || id == "starred";
    if !add.is_empty() && !addable {
        return Err(invalid("Contacts can only be added to user groups, myContacts and starred."));
    }
    let mut missing = Vec::new();
    let mut last = Vec::new();
    for name in add {
        let Some(record) = contact_id(&name).and_then(|c| store.get(c)) else {
            missing.push(name);
            continue;
        };
        let (contact, has) = (record.id, record.groups.contains(id));
        if !has {
            store.edit(contact, asked.now, |r| {
                r.groups.insert(id.to_owned());
            });
        }
    }
    for name in remove {
        let Some(record) = contact_id(&name).and_then(|c| store.get(c)) else {
            missing.push(name);
            continue;
        };
        let (contact, has, only) =
            (record.id, record.groups.contains(id), record.groups.len() == 1);
        if has && only {
            last.push(name);
        } else if has {
            store.edit(contact, asked.now, |r| {
                r.groups.remove(id);
            });
        }
    }
    let mut out = json!({});
    if let Some(map) = out.as_object_mut() {
        if !missing.is_empty() {
            map.insert("notFoundResourceNames".to_owned(), json!(missing));
        }
        if !last.is_empty() {
            map.insert("canNotRemoveLastContactGroupResourceNames".to_owned(), json!(last));
        }
    }
    Ok(Reply::json(200, &out))
}
