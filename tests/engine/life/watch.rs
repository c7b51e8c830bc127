//! What no run may touch in a life: entries and fields outside the mapping, fields that Zoho hides,
//! contacts that cannot be read.

use std::collections::BTreeMap;

use rand::Rng;
use rand::seq::IndexedRandom;
use renraku_engine::core::contact::{Pair, Side};
use serde_json::{Map, Value, json};

use super::super::people::{Row, id, read};
use super::super::reference::{FIELDS, Person};
use super::Life;
use super::fields::{Hidden, Way};
use super::rows::CHOICES;

/// This stands in whatever is planted.
const MARK: &str = "xtra";

/// What stands in each contact that has to stay as it is.
pub(super) type Kept = Pair<BTreeMap<String, Vec<String>>>;

impl Life {
    /// Everything that the next run has to leave alone.
    pub(super) fn kept(&self) -> Kept {
        Pair::of(|side| {
            let all = self.rig.raws(side);
            all.iter().map(|contact| (id(contact), self.kept_of(side, contact))).collect()
        })
    }

    fn kept_of(&self, side: Side, contact: &Value) -> Vec<String> {
        let mut kept = Vec::new();
        for (name, value) in contact.as_object().into_iter().flatten() {
            let planted = value.as_array().into_iter().flatten().chain([value]);
            let planted = planted.filter(|entry| !entry.is_array()).map(bare);
            kept.extend(
                planted.filter(|entry| entry.contains(MARK)).map(|e| format!("{name}: {e}")),
            );
        }
        let mut rows: Vec<Row> =
            CHOICES.iter().copied().filter(|row| self.is_outside(side, row)).collect();
        // Whoever was read before a field was left out is known, and can be written.
        let known = |hidden: &&Hidden| side == Side::Zoho && hidden.way == Way::LeftOut;
        if let Some(hidden) = self.hidden.as_ref().filter(|hidden| !known(hidden)) {
            rows.extend(self.rig.rows.iter().filter(|row| row.0 == hidden.field));
        }
        for row in rows {
            kept.extend(
                read(&[row], side, contact).into_iter().map(|told| format!("{row:?}: {told:?}")),
            );
        }
        let odd = self.odd.as_ref().filter(|odd| self.is_still_odd(odd));
        if odd.is_some_and(|odd| odd.ids[side].as_ref() == Some(&id(contact))) {
            kept.push(format!("{:?}", read(&self.rig.rows, side, contact)));
        }
        kept
    }

    /// Whether a field of Zoho's, or a place of Google's, is not mapped now. Which number is whose is
    /// told by what it says, not by its place.
    fn is_outside(&self, side: Side, row: &Row) -> bool {
        let mapped = |other: &Row| match side {
            Side::Zoho => other.0 == row.0,
            Side::Google => (other.1, other.2, other.3) == (row.1, row.2, row.3),
        };
        row.0 != "Mobile" && !self.rig.rows.iter().any(mapped)
    }

    /// After a run nobody stands twice, and what had to stay has stayed (P2, P5).
    pub(super) fn check(&self, before: &Kept) {
        let now = self.kept();
        for side in Side::BOTH {
            for (contact, kept) in &before[side] {
                if let Some(now) = now[side].get(contact) {
                    assert_eq!(now, kept, "{contact} in {} (P5)", side.name());
                }
            }
            let mut names: Vec<String> = self
                .rig
                .everybody(side)
                .into_iter()
                .filter_map(|(_, mut card)| card.remove("Last_Name"))
                .collect();
            let all = names.len();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), all, "nobody is twice in {} (P2)", side.name());
        }
    }

    /// A person gets something in Google that no rule reads, beside what is mapped: it goes along with
    /// every write, and into no one else's.
    pub(super) fn plant(&mut self) {
        let Some((index, side, contact, _)) = self.somebody() else { return };
        self.values += 1;
        let number = self.values;
        if side == Side::Zoho {
            let fields = json!({"Twitter": format!("{MARK}{number}")});
            self.rig.act(
                side,
                json!({"op": "edit", "module": "Contacts", "record": contact, "fields": fields}),
            );
            return;
        }
        let raw = self.rig.raw(side, &contact).expect("it is there");
        let list =
            |name: &str| raw.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
        let text = format!("{MARK} {number}");
        let mut closed = None;
        let agreed =
            |person: &Person| person.settled && !person.edits.contains_key("Secondary_Email");
        let agreed = self.people.get(index).is_some_and(agreed);
        let calls = |person: &Person| person.settled && !person.edits.contains_key("Mobile");
        let calls = self.people.get(index).is_some_and(calls);
        let kinds = if self.wide { 6 } else { 5 };
        let (name, entries) = match self.random.random_range(0..kinds) {
            5 if calls && !list("phoneNumbers").is_empty() => {
                let mut all = list("phoneNumbers");
                let label = format!("{MARK}{number}");
                let more = (all.len()..100).map(
                    |n| json!({"value": format!("+1 646 {:03} {n:04}", number % 1000), "type": label}),
                );
                all.extend(more);
                closed = Some("Mobile");
                ("phoneNumbers", all)
            }
            0 if agreed && !list("emailAddresses").is_empty() => {
                // As many as a list of Google's shows: whether there are more nobody knows.
                let mut all = list("emailAddresses");
                let more = (all.len()..100).map(
                    |n| json!({"value": format!("{MARK}{number}.{n}@c.test"), "type": "list"}),
                );
                all.extend(more);
                closed = Some("Secondary_Email");
                ("emailAddresses", all)
            }
            1 if list("birthdays").is_empty() && self.has_no("Date_of_Birth", index) => {
                closed = Some("Date_of_Birth");
                ("birthdays", vec![json!({"text": text})])
            }
            2 if list("addresses").is_empty() => {
                ("addresses", vec![json!({"type": "work", "formattedValue": text})])
            }
            3 => ("relations", vec![json!({"person": text, "type": "spouse"})]),
            _ => {
                let mut all = list("userDefined");
                all.push(json!({"key": text, "value": text}));
                ("userDefined", all)
            }
        };
        if let (Some(field), Some(person)) = (closed, self.people.get_mut(index)) {
            person.closed.insert(field);
        }
        self.rig.act(side, json!({"op": "edit", "contact": contact, "fields": {name: entries}}));
        self.note(format!("{contact} gets {name} that nobody reads"));
    }

    /// Whether nobody ever gave a person a value in a field.
    fn has_no(&self, field: &str, index: usize) -> bool {
        let Some(person) = self.people.get(index) else { return false };
        let there = |side: Side| self.there(side, &person.key);
        let mut cards = Side::BOTH.into_iter().flat_map(there);
        !person.edits.contains_key(field) && cards.all(|(_, card)| !card.contains_key(field))
    }

    /// Somebody types in a field or a place that is not mapped now.
    pub(super) fn type_outside(&mut self) {
        let Some((_, side, contact, _)) = self.somebody() else { return };
        let rows: Vec<Row> =
            CHOICES.iter().copied().filter(|row| self.is_outside(side, row)).collect();
        let Some(row) = rows.choose(&mut self.random).copied() else { return };
        if !FIELDS.contains(&row.0) || row.0 == "Secondary_Email" || row.0 == "Date_of_Birth" {
            return;
        }
        let value = self.value(row.0);
        let mapped = std::mem::replace(&mut self.rig.rows, vec![row]);
        self.rig.edit(side, &contact, row.0, Some(&value));
        self.rig.rows = mapped;
        self.note(format!("{contact} {row:?} := {value} outside the mapping"));
    }
}

/// An entry as its person wrote it.
fn bare(entry: &Value) -> String {
    let Value::Object(entry) = entry else { return entry.to_string() };
    let mut entry: Map<String, Value> = entry.clone();
    entry.remove("metadata");
    Value::Object(entry).to_string()
}
