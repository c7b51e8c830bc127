//! Pure: a Google person's JSON to records and to what matching and scopes look at. The way back is
//! in [`super::change`].

use renraku_core::contact::{Card, Listed, Mark, Record, Text};
use renraku_core::mapping::{Group, Mapping};
use renraku_core::timestamp::Timestamp;

use crate::google::entry::{Entry, GroupMembership, Metadata, Person, Str, said};
use crate::received::{Digest, Evidence, Received, Sight, WireError, full_names};
use crate::unreadable;

pub use crate::google::change::{
    ChangeError, changed_person, new_person, unshared_fields, whole_person,
};

fn parse(raw: &str) -> Result<Person<'_>, WireError> {
    serde_json::from_str(raw).map_err(|_| WireError)
}

impl<'a> Person<'a> {
    /// The contact's own entries of a field, the primary one first.
    fn entries(&self, group: Group) -> impl Iterator<Item = &Entry<'a>> {
        let all = match group {
            Group::Names => &self.names,
            Group::Nicknames => &self.nicknames,
            Group::EmailAddresses => &self.email_addresses,
            Group::PhoneNumbers => &self.phone_numbers,
            Group::Addresses => &self.addresses,
            Group::Organizations => &self.organizations,
            Group::Birthdays => &self.birthdays,
            Group::Urls => &self.urls,
            Group::Biographies => &self.biographies,
            Group::UserDefined => &self.user_defined,
        };
        let primary = all.iter().filter(|e| e.own() && e.metadata.primary);
        primary.chain(all.iter().filter(|e| e.own() && !e.metadata.primary)).map(|e| &**e)
    }
}

/// The person as a page's item.
pub(super) fn read(raw: &str) -> Received {
    let Ok(person) = serde_json::from_str::<Head<'_>>(raw) else { return unreadable::person(raw) };
    Received {
        readable: true,
        created_by: None,
        converted: false,
        modified: updated(&person.metadata),
        deleted: person.metadata.deleted,
        former: person.metadata.previous_resource_names.iter().map(|n| n.0.to_string()).collect(),
        id: person.resource_name.0.into_owned(),
        version: person.etag.map(|e| e.0.into_owned()).unwrap_or_default(),
        raw: raw.into(),
    }
}

/// What a page needs of a person; the rest is skipped over, not read.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head<'a> {
    #[serde(borrow)]
    resource_name: Str<'a>,
    #[serde(borrow, default)]
    etag: Option<Str<'a>>,
    #[serde(borrow, default)]
    metadata: Metadata<'a>,
}

/// The `CONTACT` source's time; the epoch where there is none.
fn updated(metadata: &Metadata<'_>) -> Timestamp {
    let contact = metadata.sources.iter().find(|s| said(&s.kind) == Some("CONTACT"));
    contact
        .or(metadata.sources.first())
        .and_then(|s| said(&s.update_time)?.parse().ok())
        .unwrap_or(Timestamp::UNIX_EPOCH)
}

/// [`record`] and [`evidence`] at once.
///
/// # Errors
/// Where the text is no person.
pub fn digest(raw: &str, mapping: &Mapping) -> Result<Digest, WireError> {
    let person = parse(raw)?;
    Ok(Digest { record: person.record(mapping), evidence: person.evidence() })
}

/// [`memberships`], [`evidence`] and our marks at once.
///
/// # Errors
/// Where the text is no person.
pub fn sight(raw: &str) -> Result<Sight, WireError> {
    let person = parse(raw)?;
    Ok(Sight {
        memberships: person.memberships(),
        evidence: person.evidence(),
        marks: person.marks(),
    })
}

/// The person reduced to the mapping, as it is read where nothing is known of before: of several
/// entries that a place could mean the primary one (else the first) is on the card.
///
/// # Errors
/// Where the text is no person.
pub fn record(raw: &str, mapping: &Mapping) -> Result<Record, WireError> {
    Ok(parse(raw)?.record(mapping))
}

/// The groups a person is in.
///
/// # Errors
/// Where the text is no person.
pub fn memberships(raw: &str) -> Result<Vec<String>, WireError> {
    Ok(parse(raw)?.memberships())
}

/// The name a person reads, or whatever else tells the contact apart (nickname, company, e-mail
/// address, phone number); empty where there is nothing.
///
/// # Errors
/// Where the text is no person.
pub fn name_of(raw: &str) -> Result<String, WireError> {
    Ok(parse(raw)?.name())
}

/// [`name_of`] and [`record`] at once.
///
/// # Errors
/// Where the text is no person.
pub fn named(raw: &str, mapping: &Mapping) -> Result<(String, Record), WireError> {
    let person = parse(raw)?;
    Ok((person.name(), person.record(mapping)))
}

/// What to match the person by.
///
/// # Errors
/// Where the text is no person.
pub fn evidence(raw: &str) -> Result<Evidence, WireError> {
    Ok(parse(raw)?.evidence())
}

impl Person<'_> {
    fn record(&self, mapping: &Mapping) -> Record {
        let listed = self.listed(mapping);
        let empty = Card::empty(mapping.rules().len());
        let card = mapping.resolve(&empty, &listed, &empty).into_owned();
        let unread = mapping.unread(&card, &listed);
        let whole = mapping.in_one_piece(&card, &listed);
        // What can only be read in one way is on the card: thousands are planned at once.
        let relabels =
            |field: &str| Group::ALL.iter().any(|(g, name)| *name == field && g.relabels());
        let several = |a: &Listed| {
            let same = |b: &&Listed| a.field == b.field && a.label == b.label;
            listed.iter().filter(same).count() > 1
        };
        let open = |entry: &&Listed| relabels(entry.field) || several(entry);
        let listed = listed.iter().filter(open).cloned().collect();
        Record {
            id: self.resource_name.0.to_string(),
            version: said(&self.etag).unwrap_or_default().to_owned(),
            modified: updated(&self.metadata),
            card,
            unread,
            whole,
            listed,
            marks: self.marks(),
        }
    }

    /// The entries of all fields that the mapping reads, the primary one of each first.
    fn listed(&self, mapping: &Mapping) -> Vec<Listed> {
        let mut listed = Vec::new();
        for (group, field) in Group::ALL {
            let slots = || mapping.slots().iter().filter(|slot| slot.group == group);
            let read = |part: &str| slots().any(|s| s.rules.iter().any(|(_, name)| *name == part));
            if slots().next().is_none() {
                continue;
            }
            for entry in self.entries(group) {
                let parts = group.parts().iter().filter(|part| read(part));
                let parts =
                    parts.filter_map(|part| Some((*part, entry.part(part)?.as_ref().into())));
                let parts: Vec<(&'static str, Text)> = parts.collect();
                if parts.is_empty() && !entry.is_unread(group) {
                    continue;
                }
                let label = match (group, group.typed()) {
                    (Group::UserDefined, _) => said(&entry.key),
                    (_, true) => said(&entry.kind),
                    (_, false) => None,
                };
                listed.push(Listed { field, label: label.unwrap_or_default().to_owned(), parts });
            }
        }
        listed
    }

    fn marks(&self) -> Vec<Mark> {
        let ours = self.client_data.iter().filter(|d| said(&d.key) == Some(Mark::KEY));
        ours.filter_map(|d| Mark::parse(said(&d.value)?)).collect()
    }

    fn memberships(&self) -> Vec<String> {
        let groups = self.memberships.iter().filter_map(|m| m.contact_group_membership.as_ref());
        let name = |g: &GroupMembership<'_>| {
            let named = said(&g.contact_group_resource_name).map(ToOwned::to_owned);
            named.or_else(|| Some(format!("contactGroups/{}", said(&g.contact_group_id)?)))
        };
        groups.filter_map(name).collect()
    }

    fn first(&self, group: Group, part: &str) -> Option<String> {
        self.entries(group).find_map(|e| e.part(part)).map(|v| v.into_owned())
    }

    fn name(&self) -> String {
        self.names()
            .into_iter()
            .next()
            .or_else(|| self.first(Group::Nicknames, "value"))
            .or_else(|| self.first(Group::Organizations, "name"))
            .or_else(|| self.first(Group::EmailAddresses, "value"))
            .or_else(|| self.first(Group::PhoneNumbers, "value"))
            .unwrap_or_default()
    }

    fn names(&self) -> Vec<String> {
        let Some(name) = self.entries(Group::Names).next() else { return Vec::new() };
        let part = |part: &str| name.part(part).map(|v| v.trim().to_owned());
        full_names(
            said(&name.display_name),
            part("givenName").as_deref(),
            part("middleName").as_deref(),
            part("familyName").as_deref(),
        )
    }

    fn evidence(&self) -> Evidence {
        let values = |group: Group| {
            self.entries(group).filter_map(|e| e.part("value")).map(|v| v.into_owned()).collect()
        };
        let work = self.entries(Group::EmailAddresses).filter(|e| said(&e.kind) == Some("work"));
        let mut found = Evidence {
            work_emails: work.filter_map(|e| e.part("value")).map(|v| v.into_owned()).collect(),
            emails: values(Group::EmailAddresses),
            phones: values(Group::PhoneNumbers),
            names: self.names(),
            nameless: false,
            organisation: self.first(Group::Organizations, "name"),
        };
        if found.work_emails.is_empty() && found.names.is_empty() {
            // Nobody's name speaks against the address that is read at that place.
            let read = |label: &str| {
                let mut all = self.entries(Group::EmailAddresses);
                all.find(|e| said(&e.kind).unwrap_or_default() == label)?.part("value")
            };
            let key = read("").or_else(|| read("other"));
            found.work_emails.extend(key.map(|value| value.into_owned()));
        }
        found.called()
    }
}
