//! What counts as a difference that stays: the two say another thing in a field that a run may write, and
//! nothing is about to change it.

use std::collections::{BTreeMap, BTreeSet};

use renraku_core::contact::{Card, Pair};
use renraku_core::plan::{LedgerUpdate, PlanInput, differing, plan};
use renraku_core::setup::Direction;

use crate::worlds::{
    BORN, EMAIL, FAMILY, GIVEN, LOCKED, NOTE, PHONE, SOURCE, Sync, card, here, linked, listed,
    mapping,
};

use Direction::{GoogleToZoho, TwoWay, ZohoToGoogle};

type Values = &'static [(usize, &'static str)];

#[test]
fn what_differs_and_what_does_not() {
    let mapping = mapping();
    let spare = listed("phoneNumbers", "Boat", "03-1234-5678");
    let check = |direction, zoho: Values, google: Values, fields: &[&str], why: &str| {
        let (zoho, google) = (card(zoho), card(google));
        let now = Pair { zoho: &zoho, google: &google };
        let found = differing(&mapping, direction, now, &[&spare]);
        let rules = found.iter().filter_map(|rule| mapping.rules().get(*rule));
        let found: Vec<&str> = rules.map(|rule| rule.zoho.as_str()).collect();
        assert_eq!(found, fields, "{why}");
    };
    for direction in [TwoWay, ZohoToGoogle, GoogleToZoho] {
        check(direction, &[(NOTE, "a")], &[(NOTE, "a ")], &[], "the same");
        check(direction, &[(NOTE, "a")], &[(NOTE, "b")], &["Description"], "two notes");
        check(direction, &[], &[(NOTE, "b")], &["Description"], "only in Google");
        check(direction, &[(EMAIL, "a@b.c")], &[], &["Email"], "only in Zoho");
    }
    check(TwoWay, &[(LOCKED, "x")], &[(LOCKED, "y")], &["Locked"], "Google could take it");
    check(GoogleToZoho, &[(LOCKED, "x")], &[(LOCKED, "y")], &[], "nothing may be written for it");
    check(TwoWay, &[(SOURCE, "Web site")], &[(SOURCE, " Web site")], &[], "one option");
    check(TwoWay, &[(PHONE, "03 1234 5678")], &[(PHONE, "+81-3-1234-5678")], &[], "one number");
    check(TwoWay, &[(PHONE, "03 1234 5678")], &[], &[], "the person has it under another label");
    check(TwoWay, &[(PHONE, "03 1234 5679")], &[], &["Phone"], "nobody has this one");
    check(
        TwoWay,
        &[(BORN, "1980-01-04")],
        &[(BORN, "--01-04")],
        &[],
        "a birthday without its year",
    );
    check(TwoWay, &[], &[(BORN, "--01-04")], &[], "Zoho has no form for it");
    check(TwoWay, &[(BORN, "1980-01-05")], &[(BORN, "--01-04")], &["Date_of_Birth"], "another day");
    check(TwoWay, &[(FAMILY, "-")], &[], &[], "what stands in for a name is none");
    let whole: Values = &[(FAMILY, "de Vries"), (GIVEN, "Jan")];
    let split: Values = &[(GIVEN, "Jan de"), (FAMILY, "Vries")];
    check(TwoWay, whole, split, &[], "one name, split in two ways");
    check(TwoWay, whole, &[(GIVEN, "Jan")], &["Last_Name"], "another name");
}

/// What a plan says of the differences of pair 1; nothing where it has no news.
fn told(sync: &Sync, pair: renraku_core::plan::Linked) -> Option<BTreeSet<String>> {
    let planned = plan(PlanInput { linked: vec![pair], ..PlanInput::default() }, &sync.rules());
    planned.ledger_updates.into_iter().find_map(|ledger_update| match ledger_update {
        LedgerUpdate::Learn { differs, .. } => Some(differs),
        LedgerUpdate::Link { .. }
        | LedgerUpdate::Suspend { .. }
        | LedgerUpdate::End { .. }
        | LedgerUpdate::Stop { .. }
        | LedgerUpdate::Move { .. } => None,
    })
}

#[test]
fn a_plan_tells_of_what_it_leaves_different() {
    let note = |text: &str| card(&[(FAMILY, "F"), (NOTE, text)]);
    let pair = |base: [&str; 2], now: [&str; 2]| {
        let [zoho, google] = now.map(note);
        let now = Pair { zoho: here("z1", zoho, true), google: here("people/1", google, true) };
        let [zoho, google] = base.map(note);
        linked(1, Pair { zoho, google }, now)
    };
    let fields = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
    let sync = Sync::new();
    let check = |sync: &Sync, pair, expected: Option<BTreeSet<String>>, why: &str| {
        assert_eq!(told(sync, pair), expected, "{why}");
    };
    check(&sync, pair(["b", "a"], ["b", "a"]), fields(&["Description"]), "an undo put it back");
    let mut known = pair(["b", "a"], ["b", "a"]);
    known.differs.insert("Description".to_owned());
    check(&sync, known, None, "that is no news");
    let mut over = pair(["b", "b"], ["b", "b"]);
    over.differs.insert("Description".to_owned());
    check(&sync, over, fields(&[]), "they are the same again");
    check(&sync, pair(["a", "a"], ["b", "a"]), None, "an edit travels");
    let one_way = Sync { direction: ZohoToGoogle, ..Sync::new() };
    check(&one_way, pair(["a", "a"], ["a", "b"]), fields(&["Description"]), "edited at the target");
    let mut frozen = pair(["a", "a"], ["b", "a"]);
    frozen.frozen.insert(NOTE);
    check(&sync, frozen, fields(&["Description"]), "it flips, and is left alone");
    let held = Sync { held: BTreeSet::from([NOTE]), ..Sync::new() };
    check(&held, pair(["b", "a"], ["b", "a"]), None, "what cannot be read tells nothing");
}

#[test]
fn what_a_step_leaves_is_the_card_with_its_patch() {
    use renraku_core::plan::Verb;
    let before = card(&[(FAMILY, "F"), (NOTE, "a")]);
    let update = Verb::Update {
        id: "z1".to_owned(),
        version: String::new(),
        before: before.clone(),
        patch: BTreeMap::from([(NOTE, None), (GIVEN, Some("G".into()))]),
        label: false,
    };
    let after = |verb: &Verb| verb.card_after().map(std::borrow::Cow::into_owned);
    assert_eq!(after(&update), Some(card(&[(FAMILY, "F"), (GIVEN, "G")])));
    assert_eq!(after(&Verb::Create { card: before.clone() }), Some(before));
    let delete = Verb::Delete { id: "z1".to_owned(), version: String::new() };
    assert_eq!(after(&delete), None::<Card>);
}
