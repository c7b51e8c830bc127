//! Rows of a mapping that come, go or point elsewhere.

use std::collections::BTreeMap;

use renraku_core::contact::{Module, Pair, Side};
use renraku_core::mapping::Mapping;
use renraku_core::plan::{
    About, BaseUpdate, Linked, Plan, PlanInput, Step, Subject, Verb, Why, plan,
};
use renraku_core::setup::Winner;

use crate::worlds::{EMAIL, FAMILY, FIELDS, GIVEN, NOTE, PHONE, Sync, card, here, linked, mapping};

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
    let mut learn = BaseUpdate::default();
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

#[test]
fn a_name_that_differs_is_one_difference_where_the_person_decides() {
    let mut sync = Sync { winner: Winner::Ask, ..Sync::new() };
    let pair = || {
        let zoho = card(&[(GIVEN, "John"), (FAMILY, "Smith"), (PHONE, "03-1234-5678")]);
        let google = card(&[(GIVEN, "Jack"), (FAMILY, "Smith"), (NOTE, "note")]);
        let now = Pair { zoho: here("z1", zoho, true), google: here("people/1", google, true) };
        let base = Pair { zoho: card(&[]), google: card(&[]) };
        let pair = Linked { fresh: true, ..linked(1, base, now) };
        PlanInput { linked: vec![pair], ..PlanInput::default() }
    };
    let planned = plan(pair(), &sync.rules());
    let [question] = planned.questions.as_slice() else { panic!("{:?}", planned.questions) };
    let About::Difference { zoho, google, .. } = &question.about else { panic!("{question:?}") };
    let mut said = [zoho.clone(), google.clone()];
    said.iter_mut().flatten().for_each(|text| {
        let mut words: Vec<&str> = text.split(' ').collect();
        words.sort_unstable();
        *text = words.join(" ");
    });
    assert_eq!(said, ["John Smith", "Jack Smith"].map(|text| Some(text.to_owned())));
    let names = |planned: &Plan| -> Vec<(Side, usize)> {
        let patches = planned.steps.iter().filter_map(|step| match &step.verb {
            Verb::Update { patch, .. } => Some((step.side, patch.keys().copied())),
            Verb::Create { .. } | Verb::Delete { .. } => None,
        });
        patches.flat_map(|(side, rules)| rules.map(move |rule| (side, rule))).collect()
    };
    let others = [(Side::Zoho, NOTE), (Side::Google, PHONE)];
    assert_eq!(names(&planned), others, "nothing of the name is written, the rest is");
    sync.decisions.insert(question.key.clone(), "google".to_owned());
    let planned = plan(pair(), &sync.rules());
    assert!(planned.questions.is_empty(), "decided: {:?}", planned.questions);
    assert!(names(&planned).contains(&(Side::Zoho, GIVEN)), "{:?}", names(&planned));
}
