//! What holds for every contact that is exported.

use calcard::vcard::{VCard, VCardProperty};
use proptest::prelude::*;
use renraku_core::contact::{Card, Pair};

use super::tests::mapping;
use super::*;

#[test]
fn what_is_kept_stays_in_its_place_too() {
    for (name, value) in crate::hostile_tests::kept("cells") {
        for values in [[Some(value.clone()), None, None], [None, Some(value.clone()), Some(value)]]
        {
            stays(&values).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(
        std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(128)
    ))]

    /// No value leaves its place: not its line, not its cell, not its card.
    #[test]
    fn no_value_leaves_its_place(values in prop::collection::vec(prop::option::of("[-+=@\t\r\n,;:\"'\\\\ a1(|\u{3000}＝あ\u{fe0f}\u{2800}\u{115f}\u{2212}]{1,8}"), 3)) {
        stays(&values)?;
    }
}

/// Whether nobody sees a character of those that are tried here.
fn is_unseen(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{fe0f}' | '\u{2800}' | '\u{115f}')
}

/// Whether each of these values stays in its cell, its line and its card, and none is a formula.
fn stays(values: &[Option<String>]) -> Result<(), TestCaseError> {
    let mapping = mapping(&[
        ("Last_Name", "text", "names.familyName"),
        ("Phone", "phone", "phoneNumbers[work]"),
        ("Description", "textarea", "biographies"),
    ]);
    let person = Person {
        ids: Pair { zoho: Some("57".to_owned()), google: None },
        name: values.iter().flatten().next().cloned().unwrap_or_default(),
        card: Card(values.iter().map(|value| value.as_deref().map(Into::into)).collect()),
    };
    let card = vcard::of(&mapping, &person);
    let begins = |line: &&str| line.eq_ignore_ascii_case("BEGIN:VCARD");
    // Some readers end a line at either sign.
    prop_assert_eq!(card.split(['\r', '\n']).filter(begins).count(), 1, "{:?}", card);
    let bare = card.replace("\r\n", "").contains(['\r', '\n']);
    prop_assert!(!bare, "one kind of line end: {:?}", card);
    let read = VCard::parse(&card);
    prop_assert!(read.is_ok(), "a reader takes it: {:?}", card);
    prop_assert!(read.is_ok_and(|card| card.property(&VCardProperty::Fn).is_some()));

    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("people.csv");
    let mut sheet = Sheet::begin(&file, FileForm::Csv, Whose::Zoho, &mapping).expect("a table");
    sheet.add(&person).expect("a line");
    prop_assert_eq!(sheet.finish().expect("it is whole"), 1);
    let text = std::fs::read_to_string(&file).expect("a file");
    let mut table = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<csv::StringRecord> = table.records().collect::<Result<_, _>>().expect("a table");
    prop_assert_eq!(rows.len(), 1);
    for (cell, value) in rows[0].iter().skip(1).zip(values) {
        let value = value.as_deref().unwrap_or_default();
        // Nothing is added but the sign that tells of text.
        let said = |text: &str| text.replace('\'', "");
        prop_assert_eq!(said(cell), said(value), "{:?}", cell);
        let number = |c: char| c.is_ascii_digit() || " ()-./".contains(c);
        prop_assert!(!cell.starts_with(['\t', '\r']), "a formula: {:?}", cell);
        let seen = cell.trim_start_matches(is_unseen);
        prop_assert!(!seen.starts_with(['=', '@', '＝', '\u{2212}']), "a formula: {:?}", cell);
        if let Some(rest) = cell.strip_prefix(['+', '-']) {
            let mut first =
                rest.split(super::harmless::SPLITS).next().into_iter().flat_map(str::chars);
            prop_assert!(first.all(number), "a formula: {:?}", cell);
        }
    }
    // Whoever splits elsewhere than at commas reads other cells.
    let line = text.split_once("\r\n").map_or("", |(_, line)| line);
    for part in line.split(super::harmless::SPLITS) {
        let cell = part.trim_start_matches(|c: char| c == '"' || is_unseen(c));
        let formula = cell.starts_with(['=', '@', '＝', '\u{2212}']);
        prop_assert!(!formula, "a formula: {:?} of {:?}", part, line);
    }
    Ok(())
}
