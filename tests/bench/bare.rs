//! The anchor: what the machine needs at least to read both sides and to compare 15 fields of every
//! contact. A bare loop with the usual crates: typed, borrowed parsing, values normalised and
//! hashed on the way, a key and 15 hashes kept a contact.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use renraku_sandbox::{Control, Side};
use serde::Deserialize;
use serde_json::Value;

use crate::cost::{Cost, cpu};

type Text<'a> = Option<Cow<'a, str>>;
type Hashes = [u64; 15];

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Person<'a> {
    #[serde(borrow)]
    names: Vec<Entry<'a>>,
    #[serde(borrow)]
    email_addresses: Vec<Entry<'a>>,
    #[serde(borrow)]
    phone_numbers: Vec<Entry<'a>>,
    #[serde(borrow)]
    organizations: Vec<Entry<'a>>,
    #[serde(borrow)]
    addresses: Vec<Entry<'a>>,
    #[serde(borrow)]
    biographies: Vec<Entry<'a>>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Entry<'a> {
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
    #[serde(borrow)]
    value: Text<'a>,
    #[serde(borrow)]
    given_name: Text<'a>,
    #[serde(borrow)]
    family_name: Text<'a>,
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    department: Text<'a>,
    #[serde(borrow)]
    street_address: Text<'a>,
    #[serde(borrow)]
    city: Text<'a>,
    #[serde(borrow)]
    region: Text<'a>,
    #[serde(borrow)]
    postal_code: Text<'a>,
    #[serde(borrow)]
    country: Text<'a>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Record<'a> {
    #[serde(borrow, rename = "First_Name")]
    given: Text<'a>,
    #[serde(borrow, rename = "Last_Name")]
    family: Text<'a>,
    #[serde(borrow)]
    email: Text<'a>,
    #[serde(borrow)]
    phone: Text<'a>,
    #[serde(borrow)]
    mobile: Text<'a>,
    #[serde(borrow)]
    fax: Text<'a>,
    #[serde(borrow, rename = "Account_Name")]
    company: Option<Lookup<'a>>,
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    department: Text<'a>,
    #[serde(borrow, rename = "Mailing_Street")]
    street: Text<'a>,
    #[serde(borrow, rename = "Mailing_City")]
    city: Text<'a>,
    #[serde(borrow, rename = "Mailing_State")]
    state: Text<'a>,
    #[serde(borrow, rename = "Mailing_Zip")]
    zip: Text<'a>,
    #[serde(borrow, rename = "Mailing_Country")]
    country: Text<'a>,
    #[serde(borrow)]
    description: Text<'a>,
}

#[derive(Deserialize)]
struct Lookup<'a> {
    #[serde(borrow, default)]
    name: Text<'a>,
}

fn text(value: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.trim().hash(&mut hasher);
    hasher.finish()
}

fn email(value: &str) -> u64 {
    text(&value.to_lowercase())
}

fn digits(value: &str) -> u64 {
    text(&value.chars().filter(char::is_ascii_digit).collect::<String>())
}

fn said(value: &Text<'_>, hash: fn(&str) -> u64) -> u64 {
    value.as_deref().map_or(0, hash)
}

fn first<'a, 'b>(entries: &'a [Entry<'b>], kind: &str) -> Option<&'a Entry<'b>> {
    entries.iter().find(|entry| kind.is_empty() || entry.kind.as_deref() == Some(kind))
}

fn person(raw: &str) -> (u64, Hashes) {
    let person: Person<'_> = serde_json::from_str(raw).expect("a person");
    let none = Entry::default();
    let name = first(&person.names, "").unwrap_or(&none);
    let work = first(&person.email_addresses, "work").unwrap_or(&none);
    let number =
        |kind| first(&person.phone_numbers, kind).map_or(0, |entry| said(&entry.value, digits));
    let company = first(&person.organizations, "").unwrap_or(&none);
    let place = first(&person.addresses, "work").unwrap_or(&none);
    let note = first(&person.biographies, "").unwrap_or(&none);
    let key = said(&work.value, email);
    (
        key,
        [
            said(&name.given_name, text),
            said(&name.family_name, text),
            key,
            number("work"),
            number("mobile"),
            number("workFax"),
            said(&company.name, text),
            said(&company.title, text),
            said(&company.department, text),
            said(&place.street_address, text),
            said(&place.city, text),
            said(&place.region, text),
            said(&place.postal_code, text),
            said(&place.country, text),
            said(&note.value, text),
        ],
    )
}

fn record(raw: &str) -> (u64, Hashes) {
    let record: Record<'_> = serde_json::from_str(raw).expect("a record");
    let key = said(&record.email, email);
    (
        key,
        [
            said(&record.given, text),
            said(&record.family, text),
            key,
            said(&record.phone, digits),
            said(&record.mobile, digits),
            said(&record.fax, digits),
            record.company.as_ref().map_or(0, |company| said(&company.name, text)),
            said(&record.title, text),
            said(&record.department, text),
            said(&record.street, text),
            said(&record.city, text),
            said(&record.state, text),
            said(&record.zip, text),
            said(&record.country, text),
            said(&record.description, text),
        ],
    )
}

/// The texts of everybody on a side.
fn texts(control: &Control, side: Side, list: &str) -> Vec<String> {
    let store = control.store(side);
    let list = store.pointer(list).and_then(Value::as_array).expect("a list");
    list.iter().map(Value::to_string).collect()
}

/// Runs the loop on everybody of both sides.
pub(crate) fn run(control: &Control) -> Cost {
    let zoho = texts(control, Side::Zoho, "/modules/Contacts/records");
    let google = texts(control, Side::Google, "/people");
    let now = || cpu(&getrusage(UsageWho::RUSAGE_THREAD).expect("the kernel tells our CPU time"));
    let (before, begun) = (now(), Instant::now());
    let records: HashMap<u64, Hashes> = zoho.iter().map(|raw| record(raw)).collect();
    let mut equal = 0;
    for (key, hashes) in google.iter().map(|raw| person(raw)) {
        let other = records.get(&key).expect("everybody is on both sides");
        equal += hashes.iter().zip(other).filter(|(a, b)| a == b).count();
    }
    assert!(equal > google.len() * 10, "most fields are equal: {equal}");
    Cost { cpu: now() - before, wall: begun.elapsed(), ..Cost::default() }
}
