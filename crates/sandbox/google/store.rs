//! One Google account's contacts and labels, with the order in which they changed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::field::Field;
use super::person::render;
use crate::random::mix;

/// The label that a contact without any other gets.
pub(crate) const MY_CONTACTS: &str = "myContacts";

/// Google's own groups, as the list shows them: id and English name.
pub(crate) const SYSTEM_GROUPS: [(&str, &str); 8] = [
    ("myContacts", "My Contacts"),
    ("starred", "Starred"),
    ("friends", "Friends"),
    ("family", "Family"),
    ("coworkers", "Coworkers"),
    ("chatBuddies", "Chat contacts"),
    ("all", "All Contacts"),
    ("blocked", "Blocked"),
];

/// One contact as it stands: rendered fields, labels, photo.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) id: u64,
    /// Fields as JSON text, ready to be sent.
    pub(crate) fields: BTreeMap<Field, Box<str>>,
    pub(crate) groups: BTreeSet<String>,
    /// The photo's number when a person or client set one.
    pub(crate) photo: Option<u64>,
    /// Items of the contact's public profile, by field name, with the profile's id under `id`.
    pub(crate) profile: Option<Value>,
    pub(crate) version: u64,
    /// Microseconds since 1970.
    pub(crate) updated: i64,
}

impl Record {
    /// The etag of the CONTACT source, without its leading `#`: 12 characters.
    pub(crate) fn source_etag(&self) -> String {
        STANDARD.encode(mix(self.version ^ self.id.rotate_left(32)).to_be_bytes())
    }

    /// The field's items as stored, with what the server derived.
    pub(crate) fn items(&self, field: Field) -> Vec<Value> {
        self.fields.get(&field).and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default()
    }

    /// Sets a field to accepted items; none clears it.
    pub(crate) fn set(&mut self, field: Field, items: &[Value], region: &str) {
        match render(field, items, self.id, region) {
            Some(text) => {
                self.fields.insert(field, text);
            }
            None => {
                self.fields.remove(&field);
            }
        }
    }
}

/// A place for one contact: as it is, as lists still show it, and in the bin.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// The contact; `None` once deleted or renamed away.
    pub(crate) now: Option<Arc<Record>>,
    /// What it was before the change that lists may not see yet.
    pub(crate) before: Option<Arc<Record>>,
    pub(crate) seq: u64,
    pub(crate) changed_at: i64,
    /// Former ids of this contact.
    pub(crate) previous: Vec<u64>,
    /// The contact in the bin.
    pub(crate) binned: Option<Arc<Record>>,
    /// The version under which the tombstone is known.
    pub(crate) version: u64,
}

impl Entry {
    /// The contact as a list shows it, when writes stay invisible for `lag` microseconds.
    pub(crate) fn seen(&self, now: i64, lag: i64) -> Option<&Arc<Record>> {
        if lag > 0 && self.changed_at + lag > now {
            self.before.as_ref()
        } else {
            self.now.as_ref()
        }
    }
}

/// A label.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) version: u64,
    pub(crate) updated: i64,
    pub(crate) seq: u64,
    pub(crate) deleted: bool,
    pub(crate) client_data: Vec<Value>,
}

impl Group {
    pub(crate) fn resource(&self) -> String {
        format!("contactGroups/{}", self.id)
    }

    pub(crate) fn etag(&self) -> String {
        STANDARD.encode(mix(self.version ^ 0x6772_6f75).to_be_bytes())
    }
}

/// One account's contacts.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Store {
    pub(crate) people: BTreeMap<u64, Entry>,
    /// Change number -> contact: every contact stands at its newest change.
    pub(crate) by_seq: BTreeMap<u64, u64>,
    pub(crate) alive: usize,
    pub(crate) binned: usize,
    pub(crate) groups: BTreeMap<String, Group>,
    /// Members per group id.
    pub(crate) members: BTreeMap<String, BTreeSet<u64>>,
    /// Old id -> new id.
    pub(crate) renamed: BTreeMap<u64, u64>,
    pub(crate) photos: BTreeMap<u64, Vec<u8>>,
    pub(crate) seq: u64,
    /// How long writes stay invisible to lists, microseconds.
    #[serde(skip)]
    pub(crate) lag: i64,
    next_id: u64,
}

impl Store {
    pub(crate) fn new() -> Self {
        Self { next_id: 7_300_000_000_000_000_000, ..Self::default() }
    }

    pub(crate) fn take_id(&mut self) -> u64 {
        let step = 1 + mix(self.next_id) % 97;
        self.next_id += step;
        self.next_id
    }

    pub(crate) fn next_seq(&mut self) -> u64 {
        self.seq += 1;
        self.seq
    }

    pub(crate) fn get(&self, id: u64) -> Option<&Arc<Record>> {
        self.people.get(&id).and_then(|e| e.now.as_ref())
    }

    /// Follows renames to the present id.
    pub(crate) fn follow(&self, id: u64) -> u64 {
        let mut id = id;
        for _ in 0..self.renamed.len() {
            match self.renamed.get(&id) {
                Some(next) => id = *next,
                None => break,
            }
        }
        id
    }

    /// Puts a contact's next state in place: bumps its etag and its place in the order of changes.
    pub(crate) fn put(&mut self, id: u64, next: Option<Record>, now: i64) {
        let seq = self.next_seq();
        let next = next.map(|mut record| {
            record.version = seq;
            record.updated = now;
            record.id = id;
            if record.groups.is_empty() {
                record.groups.insert(MY_CONTACTS.to_owned());
            }
            Arc::new(record)
        });
        let entry = self.people.entry(id).or_default();
        if let Some(old) = &entry.now {
            self.alive -= 1;
            for group in &old.groups {
                if let Some(set) = self.members.get_mut(group) {
                    set.remove(&id);
                }
            }
        }
        if let Some(new) = &next {
            self.alive += 1;
            for group in &new.groups {
                self.members.entry(group.clone()).or_default().insert(id);
            }
        }
        self.by_seq.remove(&entry.seq);
        // Two changes in quick succession: lists go on showing what was there before the first.
        if entry.changed_at + self.lag <= now {
            entry.before = entry.now.clone();
        }
        if self.lag == 0 {
            entry.before = None;
        }
        entry.now = next;
        entry.seq = seq;
        entry.version = seq;
        entry.changed_at = now;
        self.by_seq.insert(seq, id);
    }

    /// Changes a contact in place; false when it does not exist.
    pub(crate) fn edit(&mut self, id: u64, now: i64, change: impl FnOnce(&mut Record)) -> bool {
        let Some(old) = self.get(id) else { return false };
        let mut record = Record::clone(old);
        change(&mut record);
        self.put(id, Some(record), now);
        true
    }

    /// Moves a contact to the bin; false when it does not exist.
    pub(crate) fn bin(&mut self, id: u64, now: i64) -> bool {
        let Some(old) = self.get(id).cloned() else { return false };
        self.put(id, None, now);
        if let Some(entry) = self.people.get_mut(&id) {
            entry.binned = Some(old);
            self.binned += 1;
        }
        true
    }

    /// Takes a contact out of the bin, under its own id or a new one; gives the id.
    pub(crate) fn restore(
        &mut self,
        id: u64,
        same_id: bool,
        region: &str,
        now: i64,
    ) -> Option<u64> {
        let record = self.people.get_mut(&id).and_then(|e| e.binned.take())?;
        self.binned -= 1;
        let target = if same_id { id } else { self.take_id() };
        let record = rehomed(&record, target, region);
        self.put(target, Some(record), now);
        Some(target)
    }

    /// Gives a contact another resource name, as linking to a profile does.
    pub(crate) fn rename(&mut self, id: u64, region: &str, now: i64) -> Option<u64> {
        let old = self.get(id).cloned()?;
        let target = self.take_id();
        let mut previous = self.people.get(&id).map(|e| e.previous.clone()).unwrap_or_default();
        previous.push(id);
        self.put(id, None, now);
        if let Some(entry) = self.people.remove(&id) {
            self.by_seq.remove(&entry.seq);
        }
        self.renamed.insert(id, target);
        self.put(target, Some(rehomed(&old, target, region)), now);
        if let Some(entry) = self.people.get_mut(&target) {
            entry.previous = previous;
        }
        Some(target)
    }

    /// The newest change that lists may see, when writes stay invisible for `lag` microseconds.
    pub(crate) fn seen_seq(&self, now: i64, lag: i64) -> u64 {
        if lag <= 0 {
            return self.seq;
        }
        let hidden = |id: &u64| self.people.get(id).is_some_and(|e| e.changed_at + lag > now);
        let first_hidden = self.by_seq.iter().rev().take_while(|(_, id)| hidden(id)).last();
        first_hidden.map_or(self.seq, |(seq, _)| seq - 1)
    }

    /// Ids of the contacts that exist, oldest first.
    pub(crate) fn ids(&self) -> Vec<u64> {
        self.people.iter().filter(|(_, e)| e.now.is_some()).map(|(id, _)| *id).collect()
    }

    pub(crate) fn group_named(&self, name: &str) -> Option<&Group> {
        self.groups.values().find(|g| !g.deleted && g.name == name)
    }

    pub(crate) fn add_group(&mut self, name: &str, now: i64) -> String {
        let seq = self.next_seq();
        let id = format!("{:016x}", mix(seq ^ 0x006c_6162_656c));
        let group = Group {
            id: id.clone(),
            name: name.to_owned(),
            version: seq,
            updated: now,
            seq,
            deleted: false,
            client_data: Vec::new(),
        };
        self.groups.insert(id.clone(), group);
        id
    }

    /// Deletes a label; its members go along when `with_members`, else they keep at least myContacts.
    pub(crate) fn drop_group(&mut self, id: &str, with_members: bool, now: i64) {
        let members: Vec<u64> =
            self.members.get(id).map(|m| m.iter().copied().collect()).unwrap_or_default();
        for member in members {
            if with_members {
                self.bin(member, now);
            } else {
                self.edit(member, now, |r| {
                    r.groups.remove(id);
                });
            }
        }
        let seq = self.next_seq();
        if let Some(group) = self.groups.get_mut(id) {
            group.deleted = true;
            group.version = seq;
            group.seq = seq;
            group.updated = now;
        }
    }

    pub(crate) fn group_exists(&self, id: &str) -> bool {
        SYSTEM_GROUPS.iter().any(|(g, _)| *g == id)
            || self.groups.get(id).is_some_and(|g| !g.deleted)
    }
}

/// The same contact under another id: the id stands inside every item.
fn rehomed(old: &Record, id: u64, region: &str) -> Record {
    let mut record = old.clone();
    record.id = id;
    for field in old.fields.keys() {
        let items: Vec<Value> = old
            .items(*field)
            .into_iter()
            .map(|mut item| {
                if let Some(map) = item.as_object_mut() {
                    map.remove("metadata");
                }
                item
            })
            .collect();
        record.set(*field, &items, region);
    }
    record
}
