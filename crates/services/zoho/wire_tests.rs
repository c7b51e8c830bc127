//! The wire as tables: a record's JSON in, a card out, a patch back in.

use std::collections::BTreeMap;

use renraku_core::contact::{Card, Module, Text};
use renraku_core::field::Kind;
use renraku_core::mapping::{GooglePath, Mapping, Rule, defaults};
use serde_json::{Value, json};

use super::wire::*;

fn mapping(module: Module) -> Mapping {
    let extra = [
        ("Points", "userDefined[Points]"),
        ("VIP", "userDefined[VIP]"),
        ("Interests", "userDefined[Interests]"),
    ];
    let rule = |(zoho, google): (&str, &str)| Rule {
        zoho: zoho.to_owned(),
        google: GooglePath::parse(google).expect("a place"),
        kind: match zoho {
            "Account_Name" => Kind::Company,
            "Points" => Kind::Number,
            "VIP" => Kind::Flag,
            "Interests" => Kind::Choices(Vec::new()),
            _ => Kind::Text,
        },
        zoho_length: None,
        required: false,
        zoho_writable: zoho != "Fax",
        default: None,
    };
    Mapping::new(module, defaults(module).into_iter().chain(extra).map(rule).collect())
}

fn shown(mapping: &Mapping, card: &Card) -> BTreeMap<String, String> {
    let rules = mapping.rules().iter().enumerate();
    rules.filter_map(|(i, r)| Some((r.zoho.clone(), card.get(i)?.to_owned()))).collect()
}

#[test]
fn a_record_becomes_a_card() {
    let mapping = mapping(Module::Contacts);
    let raw = json!({
        "id": "5725767000000524157", "Modified_Time": "2026-01-02T03:04:05+05:30",
        "Last_Name": "Vell", "First_Name": null, "Email": " ", "Account_Name": {"id": "1", "name": "Acme"},
        "Points": 12, "VIP": false, "Interests": ["Golf", "Tea"], "Tag": [{"name": "x", "id": "2"}], "$editable": true,
        "Description": "a\nb \"c\""
    })
    .to_string();
    let record = record(&raw, &mapping).expect("a record");
    let expected = [
        ("Last_Name", "Vell"),
        ("Account_Name", "Acme"),
        ("Points", "12"),
        ("VIP", "false"),
        ("Interests", "Golf;Tea"),
        ("Description", "a\nb \"c\""),
    ];
    assert_eq!(
        shown(&mapping, &record.card),
        expected.map(|(k, v)| (k.to_owned(), v.to_owned())).into()
    );
    assert_eq!(record.id, "5725767000000524157", "never a number");
    assert_eq!(record.modified.to_string(), "2026-01-01T21:34:05Z", "an instant");
    assert_eq!(record.version, "2026-01-02T03:04:05+05:30", "as it was given");
    let all = digest(&raw, &mapping).expect("a record");
    assert_eq!(all.record, record, "the same in one pass");
    assert_eq!(all.evidence, evidence(&raw, &mapping).expect("a record"));
    for no in ["{}", "[]", "{\"id\": 7, ", "\"x\""] {
        assert!(super::wire::record(no, &mapping).is_err(), "{no}");
    }
}

#[test]
fn each_module_has_its_name_and_its_company() {
    let check = |module: Module, fields: Value, name: &str, company: Option<&str>| {
        let raw = fields.to_string();
        assert_eq!(name_of(&raw, &mapping(module)).as_deref(), Ok(name));
        let seen = evidence(&raw, &mapping(module)).expect("a record");
        assert_eq!(seen.organisation.as_deref(), company, "{raw}");
        assert!(seen.work_emails.len() <= 1, "the primary address alone is the key");
    };
    check(
        Module::Contacts,
        json!({"First_Name": "Mara", "Last_Name": "Vell", "Account_Name": {"name": "Acme", "id": "1"}}),
        "Mara Vell",
        Some("Acme"),
    );
    check(
        Module::Leads,
        json!({"Full_Name": "山田 太郎", "Company": "C", "Email": "a@x.test", "Secondary_Email": "b@x.test"}),
        "山田 太郎",
        Some("C"),
    );
    check(Module::Vendors, json!({"Vendor_Name": "Paper Ltd"}), "Paper Ltd", Some("Paper Ltd"));
    check(Module::Leads, json!({"Company": "C"}), "C", Some("C"));
    check(Module::Contacts, json!({"Phone": "1"}), "1", None);
}

#[test]
fn values_are_written_in_their_json_types() {
    let mapping = mapping(Module::Contacts);
    let rule = |name: &str| mapping.by_zoho(name).expect("a rule");
    let companies = BTreeMap::from([("Acme".to_owned(), "77".to_owned())]);
    let mut card = Card::empty(mapping.rules().len());
    for (name, value) in [
        ("Last_Name", "Vell"),
        ("Account_Name", "Acme"),
        ("Points", "12.5"),
        ("VIP", "true"),
        ("Fax", "1"),
    ] {
        card.set(rule(name), Some(value));
    }
    assert_eq!(
        new_record(&card, &mapping, &companies),
        json!({"Last_Name": "Vell", "Account_Name": {"id": "77"}, "Points": 12.5, "VIP": true}),
        "what this user may not write is left out"
    );
    let patch: BTreeMap<usize, Option<Text>> = [
        (rule("Last_Name"), Some(Text::from("New"))),
        (rule("Email"), None),
        (rule("Account_Name"), Some(Text::from("Unknown"))),
    ]
    .into();
    assert_eq!(
        changed_record("9", &patch, &mapping, &companies),
        json!({"id": "9", "Last_Name": "New", "Email": null}),
        "null clears; a company without an account is left alone"
    );
}
