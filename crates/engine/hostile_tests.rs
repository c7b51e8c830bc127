//! Whatever comes from outside, nothing panics, nothing is believed that was not said, and nobody else's
//! sentence is turned around. `PROPTEST_CASES` sets how many cases there are. What is kept in `corpus/`, a
//! file a case, is tried first: whatever once went wrong, and what services and people are known to give.

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use renraku_core::compile::{FieldFacts, compile};
use renraku_core::contact::Module;
use renraku_core::mapping::Mapping;
use renraku_core::message::Message;
use renraku_core::setup::Setup;
use renraku_services::auth::client_file;
use renraku_services::{google, strict_json, zoho};
use serde_json::{Value, json};

use crate::text::catalogue::{Catalogue, Language};

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

/// What is kept for a harness, by name.
pub(crate) fn kept(harness: &str) -> Vec<(String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(harness);
    let files = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{harness}: {e}")).flatten();
    let text = |file: std::fs::DirEntry| {
        let bytes = std::fs::read(file.path()).expect("a case");
        let name = file.file_name().to_string_lossy().into_owned();
        (name, String::from_utf8_lossy(&bytes).into_owned())
    };
    let all: Vec<_> = files.map(text).collect();
    assert!(!all.is_empty(), "{harness}: something is kept");
    all
}

/// How many random cases are tried.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(128)
}

/// Tries what is kept for a harness, then random cases.
fn tried<T: std::fmt::Debug>(
    harness: &str,
    read: impl Fn(&str) -> T,
    random: &impl Strategy<Value = T>,
    check: impl Fn(&T) -> Result<(), TestCaseError>,
) {
    for (name, text) in kept(harness) {
        check(&read(&text)).unwrap_or_else(|error| panic!("{harness}/{name}: {error}"));
    }
    let config =
        ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases()) };
    let done = TestRunner::new(config).run(random, |case| check(&case));
    // Whoever mends it keeps the case in the corpus.
    done.unwrap_or_else(|error| panic!("{harness}: {error}"));
}

#[test]
fn any_answer_of_a_service_is_read_or_refused() {
    let mapping = mapping();
    let random = (document(), any::<prop::sample::Index>()).prop_map(|(answer, cut)| {
        let whole = answer.to_string();
        let mut end = cut.index(whole.len() + 1);
        while !whole.is_char_boundary(end) {
            end -= 1;
        }
        (whole[..end].to_owned(), whole)
    });
    let read =
        |text: &str| (text[..text.floor_char_boundary(text.len() / 2)].to_owned(), text.to_owned());
    tried("answers", read, &random, |(part, whole)| {
        for text in [part, whole] {
            let _ = google::wire::digest(text, &mapping);
            let _ = zoho::wire::digest(text, &mapping);
        }
        Ok(())
    });
}

#[test]
fn a_file_that_people_write_is_read_as_json_or_refused() {
    let twice = document().prop_map(|document| format!("{document}{document}"));
    let one = document().prop_map(|document| document.to_string());
    tried("files", str::to_owned, &prop_oneof![text(), one, twice], |text| {
        let strict = strict_json::parse(text).ok();
        let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
        let plain = serde_json::from_str::<Value>(bare).ok();
        // Stricter than JSON, never laxer.
        prop_assert!(strict.is_none() || strict == plain);
        if let Err(failure) = client_file::parse(text, "a file") {
            prop_assert!(failure.args.values().any(|told| told.contains("a file")), "{failure:?}");
        }
        let _ = serde_json::from_str::<Setup>(text);
        Ok(())
    });
}

/// Every message of the catalogue, with the names of its arguments.
fn messages() -> Vec<(String, std::collections::BTreeSet<String>)> {
    let mut all: Vec<(String, std::collections::BTreeSet<String>)> = Vec::new();
    for line in include_str!("../../locales/en.ftl").lines() {
        let id = line.split_once(" =").map(|(id, _)| id);
        let id = id.filter(|id| id.starts_with(|c: char| c.is_ascii_lowercase()));
        all.extend(id.map(|id| (id.to_owned(), std::collections::BTreeSet::new())));
        let Some((_, names)) = all.last_mut() else { continue };
        for after in line.split('$').skip(1) {
            let name: String = after
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
                .collect();
            names.insert(name);
        }
    }
    all
}

#[test]
fn no_argument_of_any_message_turns_its_sentence_around() {
    let messages = messages();
    assert!(messages.len() > 500, "the whole catalogue: {}", messages.len());
    let spoken = [Language::En, Language::Ja].map(Catalogue::of);
    let huge = prop_oneof![
        any::<u32>().prop_map(|n| n.to_string()),
        any::<u128>().prop_map(|n| n.to_string()),
        any::<f64>().prop_map(|n| n.to_string()),
    ];
    // Marks of direction above all: closed, left open, closed too often.
    let marks = "[\u{202a}-\u{202e}\u{2066}-\u{2069}\u{200e}\u{200f}\u{61c}אب a1{}$\"]{0,12}";
    let random = prop_oneof![text(), huge, marks.prop_map(|text: String| text)];
    tried("arguments", str::to_owned, &random, |argument| {
        for (id, names) in &messages {
            let message =
                names.iter().fold(Message::new(id), |told, name| told.with(name, argument));
            for words in &spoken {
                let said = words.tell(&message);
                prop_assert_eq!(left_open(&said), Some(0), "{}: {}", id, said);
                prop_assert!(said != *id, "{}: it has words", id);
            }
        }
        Ok(())
    });
}
