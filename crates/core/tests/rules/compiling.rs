//! From a setup to rules: every error has its case, and the default mappings compile.

use std::collections::BTreeMap;

use renraku_core::compile::{FieldFacts, SetupError, compile};
use renraku_core::contact::Module;
use renraku_core::mapping::defaults;
use renraku_core::setup::{Direction, MappingChoice, MappingRow, Setup};

fn field(api_name: &str, data_type: &str) -> FieldFacts {
    FieldFacts {
        api_name: api_name.to_owned(),
        label: api_name.to_owned(),
        data_type: data_type.to_owned(),
        length: Some(100),
        mandatory: api_name == "Last_Name",
        writable: true,
        choices: Vec::new(),
        options: BTreeMap::new(),
        lookup: (data_type == "lookup").then(|| "Accounts".to_owned()),
    }
}

fn fields() -> Vec<FieldFacts> {
    vec![
        field("Last_Name", "text"),
        field("First_Name", "text"),
        field("Email", "email"),
        field("Phone", "phone"),
        field("Account_Name", "lookup"),
        field("Date_of_Birth", "date"),
        field("Description", "textarea"),
        field("Score", "integer"),
        field("Tags", "multiselectpicklist"),
        field("Deals", "multiselectlookup"),
    ]
}

fn rows(rows: &[(&str, &str)]) -> MappingChoice {
    let row = |(zoho, google): &(&str, &str)| MappingRow {
        zoho: (*zoho).to_owned(),
        google: (*google).to_owned(),
    };
    MappingChoice::Rows(rows.iter().map(row).collect())
}

fn errors(change: impl FnOnce(&mut Setup, &mut Vec<FieldFacts>)) -> Vec<SetupError> {
    let (mut setup, mut fields) = (Setup::new(Module::Contacts), fields());
    change(&mut setup, &mut fields);
    compile(&setup, &fields, Some("JP")).err().unwrap_or_default()
}

fn text(text: &str) -> String {
    text.to_owned()
}

#[test]
fn what_is_wrong_with_a_setup() {
    type Change = Box<dyn FnOnce(&mut Setup, &mut Vec<FieldFacts>)>;
    let cases: Vec<(Change, Vec<SetupError>, &str)> = vec![
        (Box::new(|_, _| {}), vec![], "the wizard's start is fine"),
        (
            Box::new(|s, _| s.mapping = rows(&[("Nothing", "biographies")])),
            vec![SetupError::UnknownField { module: "Contacts", field: text("Nothing") }],
            "a field that is not there",
        ),
        (
            Box::new(|s, _| s.mapping = rows(&[("Description", "nowhere")])),
            vec![SetupError::UnknownPlace(text("nowhere"))],
            "a place that is not there",
        ),
        (
            Box::new(|s, _| s.mapping = rows(&[("Email", "birthdays")])),
            vec![SetupError::Types {
                field: text("Email"),
                data_type: text("email"),
                place: text("birthdays"),
            }],
            "an e-mail is no birthday",
        ),
        (
            Box::new(|_, f| f[5].data_type = text("integer")),
            vec![],
            "a default row whose field has another type is left out",
        ),
        (
            Box::new(|s, _| s.mapping = rows(&[("Deals", "biographies")])),
            vec![SetupError::Types {
                field: text("Deals"),
                data_type: text("multiselectlookup"),
                place: text("biographies"),
            }],
            "a type that cannot be synced",
        ),
        (
            Box::new(|s, _| {
                s.mapping = rows(&[("First_Name", "biographies"), ("Description", "biographies")]);
            }),
            vec![SetupError::Twice(text("biographies"))],
            "two fields in one place",
        ),
        (
            Box::new(|s, _| {
                s.mapping =
                    rows(&[("Email", "emailAddresses[work]"), ("Email", "emailAddresses[home]")])
            }),
            vec![SetupError::Twice(text("Email"))],
            "one field in two places",
        ),
        (
            Box::new(|_, f| f[7].mandatory = true),
            vec![SetupError::NoDefault(text("Score"))],
            "a mandatory field without a default",
        ),
        (
            Box::new(|s, f| {
                f[7].mandatory = true;
                s.direction = Direction::ZohoToGoogle;
            }),
            vec![],
            "which does not matter where Zoho is only read",
        ),
        (
            Box::new(|s, _| {
                s.defaults.insert(text("Score"), text("many"));
            }),
            vec![SetupError::BadDefault(text("Score"))],
            "a default that does not fit",
        ),
        (
            Box::new(|s, f| {
                f[1].writable = false;
                s.defaults.insert(text("First_Name"), text("x"));
            }),
            vec![SetupError::ReadOnly(text("First_Name"))],
            "a default for what cannot be written",
        ),
        (
            Box::new(|s, f| {
                f.iter_mut().for_each(|field| field.writable = false);
                s.direction = Direction::ZohoToGoogle;
                s.defaults.insert(text("Last_Name"), text("-"));
            }),
            vec![],
            "who may only look can still sync towards Google",
        ),
        (
            Box::new(|s, _| s.mapping = MappingChoice::Named(text("mine"))),
            vec![SetupError::UnknownMapping(text("mine"))],
            "a word that stands for nothing",
        ),
        (
            Box::new(|s, _| s.frequency_minutes = 50_000),
            vec![SetupError::OutOfRange("frequency_minutes")],
            "a month and more is no frequency",
        ),
    ];
    for (change, expected, sentence) in cases {
        assert_eq!(errors(change), expected, "{sentence}");
    }
}

#[test]
fn what_a_setup_becomes() {
    let mut setup = Setup::new(Module::Contacts);
    setup.custom_fields = vec!["Score".to_owned()];
    setup.defaults.insert("First_Name".to_owned(), "x".to_owned());
    let compiled = compile(&setup, &fields(), Some("JP")).expect("it compiles");
    let mapping = compiled.mapping(Module::Contacts);
    let told: Vec<String> = mapping
        .rules()
        .iter()
        .map(|r| format!("{} {} {}", r.zoho, r.google, r.default.as_deref().unwrap_or("")))
        .collect();
    assert_eq!(
        told,
        [
            "First_Name names.givenName x",
            "Last_Name names.familyName -",
            "Email emailAddresses[work] ",
            "Phone phoneNumbers[work] ",
            "Account_Name organizations.name ",
            "Date_of_Birth birthdays ",
            "Description biographies ",
            "Score userDefined[Score] ",
        ]
    );
}

#[test]
fn every_default_place_exists_once() {
    for module in Module::ALL {
        let mut seen = std::collections::BTreeSet::new();
        for (zoho, place) in defaults(module) {
            let path = renraku_core::mapping::GooglePath::parse(place).expect(place);
            assert_eq!(path.to_string(), place, "a place is written in one way");
            assert!(seen.insert(place) && seen.insert(zoho), "{zoho} {place} is mapped twice");
        }
    }
}

#[test]
fn a_reading_is_known_by_its_label() {
    let family = Some("names.phoneticFamilyName");
    let given = Some("names.phoneticGivenName");
    for (label, place) in [
        ("姓（フリガナ）", family),
        ("セイ（ふりがな）", family),
        ("ﾌﾘｶﾞﾅ 姓", family),
        ("よみがな(姓)", family),
        ("姓カナ", family),
        ("姓の読み", family),
        ("Phonetic Last Name", family),
        ("Last Name (Furigana)", family),
        ("名（フリガナ）", given),
        ("メイ（カナ）", given),
        ("First Name Kana", given),
        ("氏名フリガナ", None),
        ("ふりがな", None),
        ("会社名フリガナ", None),
        ("姓", None),
        ("Last Name", None),
        ("Middle Name", None),
    ] {
        assert_eq!(renraku_core::reading::reading_place(label), place, "{label}");
    }
}

#[test]
fn readings_are_mapped_by_default_where_zoho_has_fields_for_them() {
    let labelled =
        |name: &str, label: &str| FieldFacts { label: label.to_owned(), ..field(name, "text") };
    let more = [
        labelled("Sei_Kana", "姓（フリガナ）"),
        labelled("Sei_Kana_2", "セイ（カナ）"),
        labelled("Mei_Kana", "名（フリガナ）"),
    ];
    let fields: Vec<FieldFacts> = fields().into_iter().chain(more).collect();
    let mut setup = Setup::new(Module::Contacts);
    setup.defaults.insert("Last_Name".to_owned(), "-".to_owned());
    let rules = compile(&setup, &fields, None).expect("it compiles");
    let mapped: Vec<&str> = rules.mapped().filter(|name| name.contains("Kana")).collect();
    assert_eq!(mapped.len(), 2, "each place once: {mapped:?}");
    assert!(mapped.contains(&"Mei_Kana"), "{mapped:?}");
    let offered = renraku_core::compile::default_places(Module::Contacts, &fields);
    for name in mapped {
        assert!(offered.contains_key(name), "the wizard says the same: {name}");
    }
    let vendors = renraku_core::compile::default_places(Module::Vendors, &fields);
    assert!(vendors.keys().all(|name| !name.contains("Kana")), "a supplier's name is a company's");
}
