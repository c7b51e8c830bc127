//! Pure: the entry of a Google person's JSON that a mapped place was read from.

use renraku_core::contact::{Card, Listed};
use renraku_core::mapping::{Group, Mapping, Slot};
use serde_json::{Map, Value};

/// The entry that `before` was read from, by the rule by which it was read; an entry with other
/// values in all parts is somebody else's, unless the field holds only one. Where nothing was read,
/// an entry of the slot in which nothing is mapped.
pub(super) fn chosen(
    person: &Map<String, Value>,
    mapping: &Mapping,
    slot: &Slot,
    before: &Card,
) -> Option<usize> {
    let single = matches!(slot.group, Group::Names | Group::Birthdays | Group::Biographies);
    let list = person.get(slot.group.name()).and_then(Value::as_array)?;
    let own = list.iter().enumerate().filter_map(|(at, entry)| Some((at, entry.as_object()?)));
    let own = own.filter(|(_, entry)| is_own(entry));
    let (mut entries, rest): (Vec<_>, Vec<_>) = own.partition(|(_, entry)| is_primary(entry));
    entries.extend(rest);
    let listed: Vec<Listed> = entries.iter().map(|(_, entry)| listed(entry, slot.group)).collect();
    let unread = |at: usize| entries.get(at).is_some_and(|(_, entry)| is_unread(entry, slot.group));
    let read = |at: &usize| listed.get(*at).is_some_and(|e| !e.parts.is_empty()) || unread(*at);
    let told: Vec<usize> = (0..listed.len()).filter(read).collect();
    let given: Vec<&Listed> = told.iter().filter_map(|at| listed.get(*at)).collect();
    let seats = mapping.seats(slot.group, &given, before.into());
    let seat = seats.into_iter().find_map(|(index, seat)| {
        let at = *told.get(seat?)?;
        mapping.slots().get(index).filter(|found| *found == slot).map(|_| at)
    });
    let says = |entry: &Listed| {
        let said = |(rule, part): &(usize, &str)| {
            let now = entry.part(part).map(|value| &**value);
            now.is_some() && mapping.same(*rule, now, before.get(*rule))
        };
        slot.rules.iter().any(said)
    };
    let known = slot.rules.iter().any(|(rule, _)| before.get(*rule).is_some());
    let read = seat.filter(|at| listed.get(*at).is_some_and(|e| (single && known) || says(e)));
    let bare = |at: &usize| {
        let own = listed.get(*at).filter(|entry| entry.label == slot.label);
        own.is_some_and(|entry| single || (!entry.is_read_by(slot) && !unread(*at)))
    };
    let at = match (read, known) {
        (Some(at), _) => Some(at),
        (None, true) => None,
        (None, false) => (0..listed.len()).find(bare),
    };
    at.and_then(|at| entries.get(at)).map(|(at, _)| *at)
}

/// An entry as the mapping reads it.
fn listed(entry: &Map<String, Value>, group: Group) -> Listed {
    let label = match (group, group.typed()) {
        (Group::UserDefined, _) => entry.get("key"),
        (_, true) => entry.get("type"),
        (_, false) => None,
    };
    let label = label.and_then(Value::as_str).filter(|label| !label.trim().is_empty());
    let parts = group.parts().iter();
    let parts = parts.filter_map(|part| Some((*part, get(entry, group, part)?.into())));
    Listed {
        field: group.name(),
        label: label.unwrap_or_default().to_owned(),
        parts: parts.collect(),
    }
}

/// Whether an address has only the form as a whole, which nobody split.
fn is_unread(entry: &Map<String, Value>, group: Group) -> bool {
    let said = |part: &str| get(entry, group, part).is_some();
    let split = group.parts().iter().any(|part| said(part)) || said("poBox");
    group == Group::Addresses && said("formattedValue") && !split
}

pub(super) fn is_primary(entry: &Map<String, Value>) -> bool {
    entry.get("metadata").and_then(|m| m.get("primary")) == Some(&Value::Bool(true))
}

/// A part's value, in its neutral text form.
pub(super) fn get(entry: &Map<String, Value>, group: Group, part: &str) -> Option<String> {
    if group == Group::Birthdays {
        let date = entry.get("date").and_then(Value::as_object);
        let number = |name: &str| date.and_then(|d| d.get(name)?.as_u64()).unwrap_or(0);
        return match (number("year"), number("month"), number("day")) {
            (_, 0, _) | (_, _, 0) => None,
            (0, month, day) => Some(format!("--{month:02}-{day:02}")),
            (year, month, day) => Some(format!("{year:04}-{month:02}-{day:02}")),
        };
    }
    entry.get(part).and_then(Value::as_str).filter(|v| !v.trim().is_empty()).map(ToOwned::to_owned)
}

/// Whether an entry is the contact's own, and not one that Google adds from a profile.
pub(super) fn is_own(entry: &Map<String, Value>) -> bool {
    let source = entry.get("metadata").and_then(|m| m.get("source")?.get("type")?.as_str());
    source.is_none_or(|source| source == "CONTACT")
}
