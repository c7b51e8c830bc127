//! Whatever comes from outside, nothing panics, nothing is believed that was not said, and nobody else's
//! sentence is turned around. `PROPTEST_CASES` sets how many cases there are; those that once failed are
//! kept in `proptest-regressions` and tried first.

use proptest::prelude::*;
use renraku_core::compile::{FieldFacts, compile};
use renraku_core::contact::Module;
use renraku_core::mapping::Mapping;
use renraku_core::message::Message;
use renraku_core::setup::Setup;
use serde_json::{Value, json};

use crate::words::{Language, Words};
use renraku_services::auth::client_file;
use renraku_services::strict_json;
use renraku_services::{google, zoho};

/// The keys that the services' answers are made of, and some that no service knows.
const KEYS: [&str; 26] = [
    "resourceName",
    "etag",
    "metadata",
    "names",
    "emailAddresses",
    "phoneNumbers",
    "addresses",
    "birthdays",
    "date",
    "year",
    "month",
    "day",
    "text",
    "value",
    "type",
    "givenName",
    "clientData",
    "memberships",
    "id",
    "Modified_Time",
    "Email",
    "Last_Name",
    "Phone",
    "Owner",
    "deleted",
    "odd",
];

/// Texts that readers trip over.
const TEXTS: [&str; 16] = [
    "",
    " ",
    "people/c1",
    "4150868000001234567",
    "a@b.test",
    "2026-11-22T10:00:00+09:00",
    "2026-99-99",
    "\u{0}",
    "\u{202e}",
    "\u{2069}\u{2067}",
    "9999999999999999999999",
    "NaN",
    "-0",
    "\u{feff}",
    "ﬁ",
    "👩‍👩‍👧",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![prop::sample::select(&TEXTS[..]).prop_map(str::to_owned), any::<String>()]
}

fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 6, |inner| {
        let key = prop::sample::select(&KEYS[..]).prop_map(str::to_owned);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..8)
                .prop_map(|all| Value::Object(all.into_iter().collect())),
        ]
    })
}

fn mapping() -> Mapping {
    let rows = [
        ("First_Name", "text", "names.givenName"),
        ("Last_Name", "text", "names.familyName"),
        ("Email", "email", "emailAddresses[work]"),
        ("Phone", "phone", "phoneNumbers[work]"),
        ("Date_of_Birth", "date", "birthdays"),
        ("Mailing_City", "text", "addresses[work].city"),
    ];
    let facts = rows.map(|(zoho, data_type, _)| FieldFacts {
        api_name: zoho.to_owned(),
        label: zoho.to_owned(),
        data_type: data_type.to_owned(),
        length: None,
        mandatory: false,
        writable: true,
        choices: Vec::new(),
        options: std::collections::BTreeMap::new(),
        lookup: None,
    });
    let rows = rows.map(|(zoho, _, google)| json!({"zoho": zoho, "google": google}));
    let setup: Setup =
        serde_json::from_value(json!({"module": "Contacts", "mapping": rows})).expect("a setup");
    compile(&setup, &facts, None).expect("it fits").mapping(Module::Contacts)
}

/// How deep the isolations of a text are open at its end; none where one is closed that was not opened.
fn left_open(text: &str) -> Option<u32> {
    text.chars().try_fold(0_u32, |open, c| match c {
        '\u{2066}'..='\u{2068}' => Some(open + 1),
        '\u{2069}' => open.checked_sub(1),
        '\u{202a}'..='\u{202e}' => None,
        _ => Some(open),
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(
        std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(128)
    ))]

    #[test]
    fn any_answer_of_a_service_is_read_or_refused(answer in document(), cut in any::<prop::sample::Index>()) {
        let mapping = mapping();
        let whole = answer.to_string();
        let mut end = cut.index(whole.len() + 1);
        while !whole.is_char_boundary(end) {
            end -= 1;
        }
        for text in [whole.as_str(), &whole[..end]] {
            let _ = google::wire::digest(text, &mapping);
            let _ = zoho::wire::digest(text, &mapping);
        }
    }

    #[test]
    fn a_file_that_people_write_is_read_as_json_or_refused(text in text(), document in document()) {
        for text in [text, document.to_string(), format!("{document}{document}")] {
            let strict = strict_json::parse(&text).ok();
            let plain = serde_json::from_str::<Value>(&text).ok();
            // Stricter than JSON, never laxer.
            prop_assert!(strict.is_none() || strict == plain);
            if let Err(failure) = client_file::parse(&text, "a file") {
                prop_assert!(failure.args.values().any(|told| told.contains("a file")), "{failure:?}");
            }
            let _ = serde_json::from_str::<Setup>(&text);
        }
    }

    #[test]
    fn no_argument_turns_a_sentence_around(contact in text(), number in any::<u32>()) {
        for language in [Language::En, Language::Ja] {
            let words = Words::of(language);
            for id in ["engine-set-aside", "forget-sign-in", "error-unexpected", "engine-ask-frozen"] {
                let message = Message::new(id)
                    .with("file", &contact)
                    .with("service", &contact)
                    .with("account", &contact)
                    .with("detail", &contact)
                    .with("field", number);
                prop_assert_eq!(left_open(&words.tell(&message)), Some(0), "{}", id);
            }
        }
    }
}
