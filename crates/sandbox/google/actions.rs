//! What a person does in Google Contacts, for hooks, the browser page and sample data.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::Google;
use super::field::{Field, Mask};
use super::people::contact_id;
use super::person::accept;
use super::store::{MY_CONTACTS, Record, Store};
use crate::switches::GoogleSwitches;

/// One act of a person in Google Contacts. `contact` is a resource name (`people/c…`) or an e-mail address.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
pub enum GoogleAct {
    /// Adds a contact. `fields` is a Person; labels by name are made when missing.
    Create {
        /// The person's fields as in the People API.
        #[serde(default)]
        fields: Map<String, Value>,
        /// Label names.
        #[serde(default)]
        labels: Vec<String>,
    },
    /// Replaces the given fields of a contact; an empty list clears one.
    Edit {
        /// Which contact.
        contact: String,
        /// The fields to replace.
        fields: Map<String, Value>,
    },
    /// Moves a contact to the bin.
    Delete {
        /// Which contact.
        contact: String,
    },
    /// Moves every contact to the bin.
    DeleteAll {},
    /// Takes a contact out of the bin.
    Restore {
        /// Its resource name.
        contact: String,
        /// Whether it comes back under its old name (default) or a new one.
        #[serde(default = "yes")]
        same_id: bool,
    },
    /// Forgets the bin.
    EmptyBin {},
    /// Joins contacts: the survivor takes over list fields and what it lacks; the losers are gone.
    Merge {
        /// Who stays.
        survivor: String,
        /// Who goes.
        losers: Vec<String>,
    },
    /// Gives a contact another resource name, as linking it to a profile does.
    Rename {
        /// Which contact.
        contact: String,
    },
    /// Moves a contact's etag without any change to see.
    Enrich {
        /// Which contact.
        contact: String,
    },
    /// Links a contact to a public profile whose items mix in (`{"id": "1178…", "names": […], "emailAddresses": […]}`), or unlinks with null.
    Profile {
        /// Which contact.
        contact: String,
        /// The profile.
        profile: Value,
    },
    /// Makes a label.
    CreateLabel {
        /// Its name.
        name: String,
    },
    /// Renames a label.
    RenameLabel {
        /// Its name.
        name: String,
        /// Its new name.
        to: String,
    },
    /// Deletes a label, with its contacts or without.
    DeleteLabel {
        /// Its name.
        name: String,
        /// Whether its contacts are deleted too.
        #[serde(default)]
        with_contacts: bool,
    },
    /// Puts contacts under a label (made when missing; `starred` and `myContacts` too).
    AddToLabel {
        /// The label's name.
        label: String,
        /// Which contacts.
        contacts: Vec<String>,
    },
    /// Takes contacts out of a label.
    RemoveFromLabel {
        /// The label's name.
        label: String,
        /// Which contacts.
        contacts: Vec<String>,
    },
}

fn yes() -> bool {
    true
}

/// Does one act; gives what it made, or a sentence about what is wrong.
pub(crate) fn act(
    google: &mut Google,
    account: usize,
    act: GoogleAct,
    switches: &GoogleSwitches,
    now: i64,
) -> Result<Value, String> {
    google.set_lag(switches);
    let store = google
        .accounts
        .get_mut(account)
        .map(|a| &mut a.store)
        .ok_or_else(|| format!("there is no Google account {account}"))?;
    let region = switches.region.as_str();
    let named = |id: u64| json!({"resourceName": format!("people/c{id}")});
    match act {
        GoogleAct::Create { fields, labels } => {
            let id = store.take_id();
            let mut record = Record { id, ..Record::default() };
            fill(&mut record, &fields, region)?;
            record.groups.insert(MY_CONTACTS.to_owned());
            for label in labels {
                let group = label_id(store, &label, now);
                record.groups.insert(group);
            }
            store.put(id, Some(record), now);
            Ok(named(id))
        }
        GoogleAct::Edit { contact, fields } => {
            let id = find(store, &contact)?;
            let mut record =
                store.get(id).map(|r| Record::clone(r)).ok_or_else(|| missing(&contact))?;
            fill(&mut record, &fields, region)?;
            store.put(id, Some(record), now);
            Ok(named(id))
        }
        GoogleAct::Delete { contact } => {
            let id = find(store, &contact)?;
            store.bin(id, now);
            Ok(named(id))
        }
        GoogleAct::DeleteAll {} => {
            let ids = store.ids();
            for id in &ids {
                store.bin(*id, now);
            }
            Ok(json!({"deleted": ids.len()}))
        }
        GoogleAct::Restore { contact, same_id } => {
            let id = contact_id(&contact).ok_or_else(|| missing(&contact))?;
            store
                .restore(id, same_id, region, now)
                .map(named)
                .ok_or_else(|| format!("{contact} is not in the bin"))
        }
        GoogleAct::EmptyBin {} => {
            for entry in store.people.values_mut() {
                entry.binned = None;
            }
            store.binned = 0;
            Ok(json!({}))
        }
        GoogleAct::Merge { survivor, losers } => merge(store, &survivor, &losers, region, now),
        GoogleAct::Rename { contact } => {
            let id = find(store, &contact)?;
            store.rename(id, region, now).map(named).ok_or_else(|| missing(&contact))
        }
        GoogleAct::Enrich { contact } => {
            let id = find(store, &contact)?;
            store.edit(id, now, |_| {});
            Ok(named(id))
        }
        GoogleAct::Profile { contact, profile } => {
            let id = find(store, &contact)?;
            store.edit(id, now, |r| r.profile = Some(profile).filter(|p| !p.is_null()));
            Ok(named(id))
        }
        GoogleAct::CreateLabel { name } => {
            let id = label_id(store, &name, now);
            Ok(json!({"resourceName": format!("contactGroups/{id}")}))
        }
        GoogleAct::RenameLabel { name, to } => {
            let id = own_label(store, &name)?;
            let seq = store.next_seq();
            if let Some(group) = store.groups.get_mut(&id) {
                group.name = to;
                group.version = seq;
                group.seq = seq;
                group.updated = now;
            }
            Ok(json!({}))
        }
        GoogleAct::DeleteLabel { name, with_contacts } => {
            let id = own_label(store, &name)?;
            store.drop_group(&id, with_contacts, now);
            Ok(json!({}))
        }
        GoogleAct::AddToLabel { label, contacts } => {
            let group = label_id(store, &label, now);
            member(store, &contacts, now, |r| {
                r.groups.insert(group.clone());
            })
        }
        GoogleAct::RemoveFromLabel { label, contacts } => {
            let group = label_id(store, &label, now);
            member(store, &contacts, now, |r| {
                r.groups.remove(&group);
            })
        }
    }
}

fn member(
    store: &mut Store,
    contacts: &[String],
    now: i64,
    mut change: impl FnMut(&mut Record),
) -> Result<Value, String> {
    for contact in contacts {
        let id = find(store, contact)?;
        store.edit(id, now, &mut change);
    }
    Ok(json!({}))
}

fn missing(contact: &str) -> String {
    format!("there is no Google contact {contact}")
}

fn own_label(store: &Store, name: &str) -> Result<String, String> {
    store.group_named(name).map(|g| g.id.clone()).ok_or_else(|| format!("there is no label {name}"))
}

/// The id of the label of that name, made when there is none.
pub(crate) fn label_id(store: &mut Store, name: &str, now: i64) -> String {
    if super::store::SYSTEM_GROUPS.iter().any(|(id, _)| *id == name) {
        return name.to_owned();
    }
    match store.group_named(name) {
        Some(group) => group.id.clone(),
        None => store.add_group(name, now),
    }
}

/// The id behind a resource name or an e-mail address.
pub(crate) fn find(store: &Store, contact: &str) -> Result<u64, String> {
    if let Some(id) = contact_id(contact) {
        let id = store.follow(id);
        return store.get(id).map(|r| r.id).ok_or_else(|| missing(contact));
    }
    let wanted = format!("\"value\":{}", Value::String(contact.to_owned())).to_lowercase();
    let holds = |r: &Record| {
        r.fields.get(&Field::EMAILS).is_some_and(|t| t.to_lowercase().contains(&wanted))
    };
    store
        .people
        .values()
        .filter_map(|e| e.now.as_ref())
        .find(|r| holds(r))
        .map(|r| r.id)
        .ok_or_else(|| missing(contact))
}

/// Sets the given fields of a person, as a human or a seed does: organizations may have dates here.
pub(crate) fn fill(
    record: &mut Record,
    fields: &Map<String, Value>,
    region: &str,
) -> Result<(), String> {
    let free = GoogleSwitches {
        organization_dates_fail: false,
        text_birthdays_fail: false,
        ..GoogleSwitches::default()
    };
    for (name, value) in fields {
        let mask =
            Mask::update(name).map_err(|path| format!("a person has no field {path} to set"))?;
        for field in mask.fields().filter(|f| *f != Field::MEMBERSHIPS) {
            let items = accept(field, Some(value), &free)
                .map_err(|fault| format!("{name}: {}", fault.message))?;
            record.set(field, &items, region);
        }
    }
    Ok(())
}

fn merge(
    store: &mut Store,
    survivor: &str,
    losers: &[String],
    region: &str,
    now: i64,
) -> Result<Value, String> {
    let keep = find(store, survivor)?;
    let mut record = store.get(keep).map(|r| Record::clone(r)).ok_or_else(|| missing(survivor))?;
    for loser in losers {
        let id = find(store, loser)?;
        let Some(other) = store.get(id).filter(|_| id != keep).cloned() else {
            return Err(missing(loser));
        };
        for field in other.fields.keys() {
            let mut items = record.items(*field);
            if field.is_singleton() && !items.is_empty() {
                continue;
            }
            let same = |a: &Value, b: &Value| {
                ["value", "name", "formattedValue", "key"].iter().all(|k| a.get(k) == b.get(k))
            };
            for item in other.items(*field) {
                if !items.iter().any(|i| same(i, &item)) {
                    items.push(item);
                }
            }
            for item in items.iter_mut().filter_map(Value::as_object_mut) {
                item.remove("metadata");
            }
            record.set(*field, &items, region);
        }
        record.groups.extend(other.groups.iter().cloned());
        store.put(id, None, now);
    }
    store.put(keep, Some(record), now);
    Ok(json!({"resourceName": format!("people/c{keep}")}))
}
