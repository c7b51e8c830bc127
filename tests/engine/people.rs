//! People's hands on both sides, and what stands there, in the words of Zoho's fields.

use std::collections::BTreeMap;

use renraku_engine::core::contact::Side;
use serde_json::{Map, Value, json};

use super::rig::{Rig, at};

/// A contact by Zoho's `api_name`.
pub(crate) type Card = BTreeMap<String, String>;

/// A row of a mapping: Zoho's name, Google's list, the entry's type or key, the part.
pub(crate) type Row = (&'static str, &'static str, &'static str, &'static str);

/// A few rows of the default mapping.
pub(crate) const ROWS: [Row; 8] = [
    ("First_Name", "names", "", "givenName"),
    ("Last_Name", "names", "", "familyName"),
    ("Email", "emailAddresses", "work", "value"),
    ("Secondary_Email", "emailAddresses", "home", "value"),
    ("Phone", "phoneNumbers", "work", "value"),
    ("Mobile", "phoneNumbers", "mobile", "value"),
    ("Title", "organizations", "", "title"),
    ("Description", "biographies", "", "value"),
];

/// A contact from its fields.
pub(crate) fn card(fields: &[(&str, &str)]) -> Card {
    fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect()
}

/// A contact with a name, an e-mail and a phone made from its number.
pub(crate) fn person(number: usize) -> Card {
    card(&[
        ("First_Name", &format!("Given{number}")),
        ("Last_Name", &format!("Family{number}")),
        ("Email", &format!("p{number}@a.test")),
        ("Phone", &format!("+1 212 555 {:04}", 1000 + number)),
    ])
}

fn row(rows: &[Row], field: &str) -> Row {
    *rows.iter().find(|(zoho, ..)| *zoho == field).expect("a mapped field")
}

/// Whether an entry stands under a place's label.
fn is_under(kind: &str, entry: &Value) -> bool {
    kind.is_empty() || label(entry) == kind
}

/// Sets or clears one value in a Google person.
fn put(person: &mut Map<String, Value>, row: Row, value: Option<&str>) {
    let (field, list, kind, part) = row;
    let items = person.entry(list).or_insert_with(|| json!([]));
    let items = items.as_array_mut().expect("a list");
    let only = only_phone(field, items).cloned();
    let mine = |item: &Value| is_under(kind, item) || only.as_ref() == Some(item);
    match (items.iter_mut().find(|item| mine(item)), value) {
        (Some(item), Some(value)) => {
            if let Some(item) = item.as_object_mut() {
                item.insert(part.to_owned(), said(part, value));
                item.remove("formattedValue");
            }
        }
        (Some(_), None) if ["value", "date"].contains(&part) => items.retain(|item| !mine(item)),
        (Some(item), None) => {
            item.as_object_mut().map(|item| item.remove(part));
        }
        (None, Some(value)) => items.push(match (list, kind) {
            (_, "") => json!({part: said(part, value)}),
            ("userDefined", key) => json!({"key": key, part: value}),
            (_, kind) => json!({"type": kind, part: value}),
        }),
        (None, None) => {}
    }
    for name in items.iter_mut().filter_map(Value::as_object_mut).filter(|_| list == "names") {
        // What Google makes of the parts by itself.
        name.retain(|key, _| !key.starts_with("display") && key != "unstructuredName");
    }
    items.retain(|item| item.as_object().is_some_and(|i| i.keys().any(|k| k != "type")));
}

/// A value as Google keeps it in a part.
fn said(part: &str, value: &str) -> Value {
    let number = |text: &str| text.parse::<u16>().expect("a date");
    match (part, value.split('-').collect::<Vec<_>>().as_slice()) {
        ("date", [year, month, day]) => {
            json!({"year": number(year), "month": number(month), "day": number(day)})
        }
        _ => json!(value),
    }
}

pub(crate) fn google_fields(card: &Card) -> Map<String, Value> {
    let mut person = Map::new();
    for (field, value) in card {
        put(&mut person, row(&ROWS, field), Some(value));
    }
    person
}

/// A person's only phone number is the mobile one under whatever label, unless it is a place of its
/// own: labels that change and go are no edits.
fn only_phone<'a>(field: &str, items: &'a [Value]) -> Option<&'a Value> {
    match items {
        [item] if field == "Mobile" && label(item) != "work" => Some(item),
        _ => None,
    }
}

/// An entry's label or key; nothing where it has none.
fn label(item: &Value) -> &str {
    item.get("type").or(item.get("key")).and_then(Value::as_str).unwrap_or_default()
}

/// What a contact says in the fields of these rows.
pub(crate) fn read(rows: &[Row], side: Side, contact: &Value) -> Card {
    let value = |row: &Row| match side {
        Side::Zoho => contact.get(row.0).and_then(Value::as_str).map(str::to_owned),
        Side::Google => {
            let (field, list, kind, part) = *row;
            let items = contact.get(list).and_then(Value::as_array)?;
            let mine = |item: &&Value| is_under(kind, item);
            let found = items.iter().find(mine).or_else(|| only_phone(field, items));
            let value = found?.get(part)?;
            if let Value::Object(day) = value {
                let part = |name: &str| day.get(name).and_then(Value::as_u64);
                return Some(format!(
                    "{:04}-{:02}-{:02}",
                    part("year")?,
                    part("month")?,
                    part("day")?
                ));
            }
            value.as_str().map(str::to_owned)
        }
    };
    rows.iter().filter_map(|row| Some((row.0.to_owned(), value(row)?))).collect()
}

impl Rig {
    /// A person does something; the answer of the stand-in.
    pub(crate) fn act(&self, side: Side, act: Value) -> Value {
        self.tick();
        self.control.human(at(side), act.clone()).unwrap_or_else(|e| panic!("{act}: {e}"))
    }

    /// A person adds a contact; its id.
    pub(crate) fn add(&self, side: Side, card: &Card) -> String {
        self.add_with(side, card, &[])
    }

    /// As [`Rig::add`], with labels (Google).
    pub(crate) fn add_with(&self, side: Side, card: &Card, labels: &[&str]) -> String {
        match side {
            Side::Zoho => self.make(side, json!(card), labels),
            Side::Google => self.make(side, json!(google_fields(card)), labels),
        }
    }

    /// A person adds a contact in the service's own words; its id.
    pub(crate) fn make(&self, side: Side, fields: Value, labels: &[&str]) -> String {
        let act = match side {
            Side::Zoho => json!({"op": "create", "module": "Contacts", "fields": fields}),
            Side::Google => json!({"op": "create", "fields": fields, "labels": labels}),
        };
        id(&self.act(side, act))
    }

    /// A person changes one field of a contact, or clears it.
    pub(crate) fn edit(&self, side: Side, id: &str, field: &str, value: Option<&str>) {
        let act = self.edit_act(side, id, field, value);
        self.act(side, act);
    }

    /// The act of [`Rig::edit`], for hooks.
    pub(crate) fn edit_act(&self, side: Side, id: &str, f: &str, value: Option<&str>) -> Value {
        match side {
            Side::Zoho => {
                json!({"op": "edit", "module": "Contacts", "record": id, "fields": {f: value}})
            }
            Side::Google => {
                let row = row(&self.rows, f);
                let list = row.1;
                let now = self.raw(side, id).unwrap_or_else(|| panic!("{id} is there"));
                let mut person = Map::new();
                let mut items = now.get(list).cloned().unwrap_or_else(|| json!([]));
                for item in items.as_array_mut().into_iter().flatten() {
                    item.as_object_mut().map(|item| item.remove("metadata"));
                }
                person.insert(list.to_owned(), items);
                put(&mut person, row, value);
                json!({"op": "edit", "contact": id, "fields": person})
            }
        }
    }

    /// The label of a person's only phone number; none where there is no such number.
    pub(crate) fn phone_label(&self, id: &str) -> Option<String> {
        let person = self.raw(Side::Google, id)?;
        let items = person.get("phoneNumbers").and_then(Value::as_array)?;
        only_phone("Mobile", items).map(|item| label(item).to_owned())
    }

    /// Somebody gives a person's only phone number another label, or takes it off, and perhaps
    /// changes the number at once.
    pub(crate) fn relabel_phone(&self, id: &str, label: &str, number: &str) {
        let entry = match label {
            "" => json!({"value": number}),
            label => json!({"value": number, "type": label}),
        };
        let fields = json!({"phoneNumbers": [entry]});
        self.act(Side::Google, json!({"op": "edit", "contact": id, "fields": fields}));
    }

    /// A person deletes a contact.
    pub(crate) fn delete(&self, side: Side, id: &str) {
        let act = match side {
            Side::Zoho => json!({"op": "delete", "module": "Contacts", "record": id}),
            Side::Google => json!({"op": "delete", "contact": id}),
        };
        self.act(side, act);
    }

    /// Everything that stands there, as the stand-in keeps it.
    pub(crate) fn raws(&self, side: Side) -> Vec<Value> {
        let store = self.control.store(at(side));
        let path = match side {
            Side::Zoho => "/modules/Contacts/records",
            Side::Google => "/people",
        };
        store.pointer(path).and_then(Value::as_array).cloned().unwrap_or_default()
    }

    /// One contact as the stand-in keeps it.
    pub(crate) fn raw(&self, side: Side, id: &str) -> Option<Value> {
        self.raws(side).into_iter().find(|contact| self::id(contact) == id)
    }

    /// A deleted contact's fields, as its service keeps them in the bin.
    pub(crate) fn binned(&self, side: Side, id: &str) -> Card {
        let store = self.control.store(at(side));
        let path = match side {
            Side::Zoho => "/modules/Contacts/deleted",
            Side::Google => "/bin",
        };
        let all = store.pointer(path).and_then(Value::as_array).cloned().unwrap_or_default();
        let mut all = all.into_iter().map(|one| one.get("record").cloned().unwrap_or(one));
        let found = all.find(|contact| self::id(contact) == id).expect("it is in the bin");
        read(&self.rows, side, &found)
    }

    /// One contact's fields.
    pub(crate) fn card(&self, side: Side, id: &str) -> Option<Card> {
        self.raw(side, id).map(|contact| read(&self.rows, side, &contact))
    }

    /// One field of a contact that is there.
    pub(crate) fn value(&self, side: Side, id: &str, field: &str) -> Option<String> {
        let card = self.card(side, id).unwrap_or_else(|| panic!("{id} is there"));
        card.get(field).cloned()
    }

    /// All contacts of a side by their ids.
    pub(crate) fn everybody(&self, side: Side) -> Vec<(String, Card)> {
        let all = self.raws(side);
        all.iter().map(|contact| (id(contact), read(&self.rows, side, contact))).collect()
    }

    /// All contacts of a side, sorted.
    pub(crate) fn cards(&self, side: Side) -> Vec<Card> {
        let mut all: Vec<Card> =
            self.raws(side).iter().map(|c| read(&self.rows, side, c)).collect();
        all.sort();
        all
    }

    /// Expects the same contacts on both sides, these many (P2, P4).
    pub(crate) fn agree(&self, many: usize) {
        let (zoho, google) = (self.cards(Side::Zoho), self.cards(Side::Google));
        assert_eq!(zoho, google, "both sides agree");
        assert_eq!(zoho.len(), many, "so many contacts");
    }

    /// The id of the only contact with this value.
    pub(crate) fn find(&self, side: Side, field: &str, value: &str) -> String {
        let all = self.raws(side);
        let says = |c: &&Value| read(&self.rows, side, c).get(field).is_some_and(|v| v == value);
        let mut found = all.iter().filter(says);
        let one = found.next().unwrap_or_else(|| panic!("{field} {value} in {}", side.name()));
        assert!(found.next().is_none(), "{field} {value} is once in {}", side.name());
        id(one)
    }
}

/// The id of a contact, or of what an act made.
pub(crate) fn id(contact: &Value) -> String {
    let id = contact.get("id").or_else(|| contact.get("resourceName"));
    id.and_then(Value::as_str).expect("an id").to_owned()
}
