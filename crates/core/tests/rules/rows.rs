//! Rows of a mapping that come, go or point elsewhere.

use std::collections::BTreeMap;

use renraku_core::contact::{Module, Pair, Side};
use renraku_core::mapping::Mapping;
use renraku_core::plan::{Learned, Step, Subject, Verb, Why};

use crate::worlds::{EMAIL, FIELDS, GIVEN, NOTE, PHONE, card, mapping};

/// The mapping of the tests without one row, or with one that points elsewhere.
fn changed(row: usize, place: Option<&str>) -> Mapping {
    let mut rules = mapping().rules().to_vec();
    match place {
        Some(place) => {
            let place = renraku_core::mapping::GooglePath::parse(place).expect("a place");
            rules.get_mut(row).expect("a rule").google = place;
        }
        None => {
            rules.remove(row);
        }
    }
    Mapping::new(Module::Contacts, rules)
}

#[test]
fn a_row_is_another_one_as_soon_as_either_end_is() {
    let cases = [
        ("nothing changed", mapping(), mapping(), vec![]),
        ("a row is gone", mapping(), changed(PHONE, None), vec!["Phone"]),
        ("a row is new", changed(PHONE, None), mapping(), vec!["Phone"]),
        ("another label", mapping(), changed(PHONE, Some("phoneNumbers[main]")), vec!["Phone"]),
        ("another list", mapping(), changed(NOTE, Some("nicknames")), vec!["Description"]),
    ];
    for (what, before, now, moved) in cases {
        let found: Vec<String> = now.moved_since(&before).into_iter().collect();
        assert_eq!(found, moved, "{what}");
    }
}

#[test]
fn a_write_of_unknown_outcome_keeps_what_it_says_of_rows_that_are_still_there() {
    let said = |text: &str| Pair { zoho: Some(text.into()), google: Some(text.into()) };
    let mut learn = Learned::default();
    learn.insert(EMAIL, said("a@x.jp"));
    learn.insert(PHONE, said("090"));
    learn.insert(NOTE, said("note"));
    let before = card(&[(GIVEN, "John"), (PHONE, "03"), (NOTE, "old")]);
    let patch = [(EMAIL, "a@x.jp"), (PHONE, "090"), (NOTE, "note")];
    let patch: BTreeMap<_, _> = patch.into_iter().map(|(r, v)| (r, Some(v.into()))).collect();
    let verb =
        Verb::Update { id: "z1".to_owned(), version: "v".to_owned(), before, patch, label: false };
    let step = Step {
        subject: Subject::Link(1),
        side: Side::Zoho,
        verb,
        learn,
        contact: "John".to_owned(),
        fields: Vec::new(),
        why: Why::Changed(Side::Google),
    };
    let (old, new) = (mapping(), changed(PHONE, None));
    let place = |rule: usize| {
        let rule = old.rules().get(rule)?;
        new.row(&rule.zoho, &rule.google)
    };
    let moved = step.moved_to(new.rules().len(), place);
    let learned: Vec<usize> = moved.learn.iter().map(|(rule, _)| rule).collect();
    assert_eq!(learned, [EMAIL, NOTE - 1], "what was learned of the row that went is forgotten");
    let Verb::Update { before, patch, .. } = moved.verb else { panic!("an update") };
    assert_eq!(before.0.len(), FIELDS - 1);
    assert_eq!(before.get(NOTE - 1), Some("old"));
    assert_eq!(before.get(PHONE), Some("old"), "its place is taken by the next row");
    assert_eq!(patch.keys().copied().collect::<Vec<_>>(), [EMAIL, NOTE - 1]);
}
