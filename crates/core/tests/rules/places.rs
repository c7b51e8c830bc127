//! Which entry fills which place: a table, and what holds for all lists of entries.

use std::collections::BTreeSet;

use proptest::prelude::*;
use renraku_core::contact::{Card, Listed, Module};
use renraku_core::field::Kind;
use renraku_core::mapping::{GooglePath, Mapping, Rule, defaults};
use renraku_core::seen::{Hint, Seen};

use crate::table::{check, expect};
use crate::worlds::listed;

/// The default mapping of contacts, its values compared as text.
pub(crate) fn mapping() -> Mapping {
    mapping_of(Module::Contacts)
}

fn mapping_of(module: Module) -> Mapping {
    let rule = |(zoho, google): (&str, &str)| Rule {
        zoho: zoho.to_owned(),
        google: GooglePath::parse(google).expect("a place"),
        kind: Kind::Text,
        zoho_length: None,
        required: zoho == "Last_Name",
        zoho_writable: true,
        default: (zoho == "Last_Name").then(|| "-".to_owned()),
    };
    Mapping::new(module, defaults(module).into_iter().map(rule).collect())
}

fn pairs(cell: &str) -> impl Iterator<Item = (&str, &str)> {
    cell.split_whitespace().map(|word| word.split_once('=').expect("a label and a value"))
}

fn card(mapping: &Mapping, cell: &str) -> Card {
    let mut card = Card::empty(mapping.rules().len());
    for (field, value) in pairs(cell) {
        card.set(mapping.by_zoho(field).expect("a field"), Some(value));
    }
    card
}

fn shown(mapping: &Mapping, card: &Card) -> String {
    let rules = mapping.rules().iter().enumerate();
    let said = rules.filter_map(|(rule, spec)| Some(format!("{}={}", spec.zoho, card.get(rule)?)));
    said.collect::<Vec<_>>().join(" ")
}

#[test]
fn which_entry_fills_which_place() {
    check(include_str!("tables/places.txt"), 3, |cells| {
        let mapping = mapping();
        let entries: Vec<Listed> =
            pairs(&cells[0]).map(|(label, value)| listed("phoneNumbers", label, value)).collect();
        let empty = Card::empty(mapping.rules().len());
        let hint = card(&mapping, &cells[1]);
        let found = mapping.resolve(&empty, &entries, &hint);
        expect(&cells[2], &shown(&mapping, &found))?;
        let again = mapping.resolve(&empty, &entries, &found);
        expect(&cells[2], &shown(&mapping, &again)).map_err(|e| format!("read again: {e}"))
    });
}

/// What the places say at the last of several looks.
fn followed(mapping: &Mapping, first: &Card, looks: &[Vec<Listed>]) -> Card {
    let empty = Card::empty(mapping.rules().len());
    let (mut base, mut seen) = (first.clone(), Seen::default());
    for entries in looks {
        let hint = Hint { said: &base, base: Some(&base), seen: Some(&seen) };
        let reading = mapping.reading(&empty, entries, hint);
        (base, seen) = (reading.card.into_owned(), reading.seen);
    }
    base
}

#[test]
fn a_place_follows_its_entry() {
    check(include_str!("tables/followed.txt"), 2, |cells| {
        let mapping = mapping();
        let list = |cell: &str| -> Vec<Listed> {
            let each = pairs(cell.trim_matches(['∅', ' ']));
            each.map(|(label, value)| listed("phoneNumbers", label, value)).collect()
        };
        let looks: Vec<Vec<Listed>> = cells[0].split('>').map(list).collect();
        let empty = Card::empty(mapping.rules().len());
        expect(&cells[1], &shown(&mapping, &followed(&mapping, &empty, &looks)))
    });
}

#[test]
fn every_kind_of_place_follows_its_entry() {
    let mapping = mapping();
    let empty = Card::empty(mapping.rules().len());
    let entry = |field: &'static str, label: &str, parts: &[(&'static str, &str)]| Listed {
        field,
        label: label.to_owned(),
        parts: parts.iter().map(|(part, value)| (*part, (*value).into())).collect(),
    };
    let says = |first: &str, looks: &[Vec<Listed>]| {
        shown(&mapping, &followed(&mapping, &card(&mapping, first), looks))
    };
    let mail = |label: &str, value: &str| vec![entry("emailAddresses", label, &[("value", value)])];
    let edited = [mail("work", "a@x"), mail("desk", "a@x"), mail("desk", "b@x")];
    assert_eq!(says("", &edited), "Email=b@x", "an e-mail");
    let at = |label: &str, street: &str, city: &str| {
        entry("addresses", label, &[("streetAddress", street), ("city", city)])
    };
    let moved = "Mailing_Street=c Mailing_City=d";
    let looks =
        [vec![at("work", "a", "b")], vec![at("cabin", "a", "b")], vec![at("cabin", "c", "d")]];
    assert_eq!(says("", &looks), moved, "an address, all of it");
    let looks = [vec![at("work", "a", "b")], vec![at("cabin", "c", "b")]];
    assert_eq!(says("", &looks), "Mailing_Street=c Mailing_City=b", "a part of it, at once");
    let two = |first: Listed, second: Listed| vec![first, second];
    let looks = [
        two(at("work", "a", "b"), at("home", "e", "f")),
        two(at("lake", "e", "g"), at("cabin", "c", "b")),
    ];
    let both = "Mailing_Street=c Mailing_City=b Other_Street=e Other_City=g";
    assert_eq!(says("", &looks), both, "two, told apart by what stayed");
    // A place that reads the second of two with one label.
    let number = |label: &str, value: &str| entry("phoneNumbers", label, &[("value", value)]);
    let looks = [
        two(number("work", "1"), number("work", "2")),
        two(number("work", "1"), number("work", "3")),
    ];
    assert_eq!(says("Phone=2", &looks), "Phone=3", "a second number");
    let company = |name: &str| entry("organizations", "", &[("name", name)]);
    let looks = [two(company("A"), company("B")), two(company("A"), company("C"))];
    assert_eq!(says("Account_Name=B", &looks), "Account_Name=C", "a second company");
    let leads = mapping_of(Module::Leads);
    let site = |label: &str, value: &str| vec![entry("urls", label, &[("value", value)])];
    let looks = [site("work", "a.test"), site("blog", "a.test"), site("blog", "b.test")];
    let none = Card::empty(leads.rules().len());
    assert_eq!(shown(&leads, &followed(&leads, &none, &looks)), "Website=b.test", "a web address");
    assert_eq!(says("", &[Vec::new()]), shown(&mapping, &empty));
}

#[test]
fn every_kind_of_entry_follows_the_same_rule() {
    let mapping = mapping();
    let empty = Card::empty(mapping.rules().len());
    let address = |label: &str, street: &str, city: &str| Listed {
        field: "addresses",
        label: label.to_owned(),
        parts: vec![("streetAddress", street.into()), ("city", city.into())],
    };
    let read = |entries: &[Listed], hint: &str| {
        shown(&mapping, &mapping.resolve(&empty, entries, &card(&mapping, hint)))
    };
    let work = "Mailing_Street=a Mailing_City=b";
    assert_eq!(read(&[address("", "a", "b")], ""), work, "without a label");
    assert_eq!(read(&[address("cabin", "a", "b")], work), work, "under another label");
    let edited = "Mailing_Street=a Mailing_City=c";
    assert_eq!(read(&[address("cabin", "a", "c")], work), "", "half of it is another address");
    assert_eq!(read(&[address("work", "a", "c")], work), edited, "with its label it is an edit");
    assert_eq!(read(&[listed("emailAddresses", "", "a@x")], ""), "Email=a@x");
    assert_eq!(read(&[listed("emailAddresses", "cabin", "a@x")], "Email=a@x"), "Email=a@x");
    let leads = mapping_of(Module::Leads);
    let none = Card::empty(leads.rules().len());
    let url = leads.resolve(&none, &[listed("urls", "", "https://a.test")], &none).into_owned();
    assert_eq!(shown(&leads, &url), "Website=https://a.test");
    let moved = [listed("urls", "", "https://b.test"), listed("urls", "blog", "https://a.test")];
    assert_eq!(*leads.resolve(&none, &moved, &url), url, "a web address too");
    let kept = [listed("userDefined", "", "a")];
    assert_eq!(read(&kept, ""), "", "a custom field without a key is nobody's");
}

#[test]
fn content_that_no_rule_reads_fills_its_place() {
    let mapping = mapping();
    let empty = Card::empty(mapping.rules().len());
    let whole = Listed { field: "addresses", label: "work".to_owned(), parts: Vec::new() };
    let bare =
        Listed { field: "addresses", label: String::new(), parts: vec![("city", "b".into())] };
    let entries = [whole, bare];
    let read = mapping.resolve(&empty, &entries, &empty);
    assert_eq!(shown(&mapping, &read), "Other_City=b", "the next place is filled");
    let unread = mapping.unread(&read, &entries);
    let of = |field: &str| unread.contains(&mapping.by_zoho(field).expect("a field"));
    assert!(of("Mailing_City") && of("Mailing_Street"), "the place is not empty");
    assert!(!of("Other_City") && !of("Other_Street"), "the others are told");
}

const LABELS: [&str; 8] = ["work", "mobile", "home", "other", "workFax", "", "main", "cabin"];

fn entries() -> impl Strategy<Value = Vec<Listed>> {
    let entry = (prop::sample::select(&LABELS[..]), 1_u8..7)
        .prop_map(|(label, value)| listed("phoneNumbers", label, &value.to_string()));
    prop::collection::vec(entry, 0..6)
}

fn hints() -> impl Strategy<Value = String> {
    const FIELDS: [&str; 5] = ["Phone", "Mobile", "Home_Phone", "Other_Phone", "Fax"];
    prop::collection::btree_map(prop::sample::select(&FIELDS[..]), 1_u8..7, 0..5).prop_map(|said| {
        said.iter().map(|(field, value)| format!("{field}={value}")).collect::<Vec<_>>().join(" ")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_entry_fills_one_place_and_what_is_read_stays(entries in entries(), hint in hints()) {
        let mapping = mapping();
        let empty = Card::empty(mapping.rules().len());
        let hint = card(&mapping, &hint);
        let reading = mapping.reading(&empty, &entries, (&hint).into());
        let filled = reading.card.0.iter().flatten().count();
        prop_assert_eq!(filled + reading.spare.len(), entries.len());
        let again = mapping.reading(&empty, &entries, (&*reading.card).into());
        prop_assert_eq!(&*again.card, &*reading.card, "read in the light of itself");
    }

    #[test]
    fn a_stranger_says_no_value_twice(entries in entries()) {
        let mapping = mapping();
        let empty = Card::empty(mapping.rules().len());
        let read = mapping.resolve(&empty, &entries, &empty);
        let said: Vec<_> = read.0.iter().flatten().collect();
        prop_assert_eq!(said.len(), said.iter().collect::<BTreeSet<_>>().len());
    }

    /// Of people whose labels are each there once, which is what address books make.
    #[test]
    fn a_changed_label_is_no_edit(entries in entries(), which in 0_usize..6, to in prop::sample::select(&LABELS[..])) {
        let mapping = mapping();
        let empty = Card::empty(mapping.rules().len());
        let mut labels = BTreeSet::new();
        let mut entries: Vec<Listed> =
            entries.into_iter().filter(|e| e.label.is_empty() || labels.insert(e.label.clone())).collect();
        let before = mapping.reading(&empty, &entries, (&empty).into());
        let read: Vec<Listed> = entries.iter().filter(|e| !before.spare.contains(e)).cloned().collect();
        let before = before.card.into_owned();
        if let Some(entry) = read.get(which) {
            let at = entries.iter().position(|e| e == entry).expect("an entry");
            if let Some(entry) = entries.get_mut(at) {
                entry.label = to.to_owned();
            }
            let after = mapping.resolve(&empty, &entries, &before);
            prop_assert_eq!(&*after, &before);
        }
    }
}
