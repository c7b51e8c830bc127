//! Contacts without a link: joined, created, held back, counted.

use std::collections::BTreeSet;

use renraku_core::contact::{Pair, Side, Text};
use renraku_core::plan::{
    About, CreateBlock, LedgerUpdate, Plan, PlanInput, Suspended, Unlinked, Verb, Why,
    left_out_key, plan,
};
use renraku_core::setup::{Direction, Winner};

use crate::worlds::{BORN, EMAIL, FAMILY, GIVEN, LOCKED, NOTE, Sync, card, here, linked, lone};

fn world(zoho: Vec<Unlinked>, google: Vec<Unlinked>) -> PlanInput {
    PlanInput { unlinked: Pair { zoho, google }, ..PlanInput::default() }
}

fn known(id: &str, email: &str, in_scope: bool) -> Unlinked {
    lone(id, card(&[(FAMILY, "Smith"), (EMAIL, email)]), in_scope, None)
}

fn links(plan: &Plan) -> Vec<(bool, Option<Suspended>)> {
    plan.ledger_updates
        .iter()
        .filter_map(|ledger_update| match ledger_update {
            LedgerUpdate::Link { fresh, suspended, .. } => Some((*fresh, *suspended)),
            LedgerUpdate::Learn { .. }
            | LedgerUpdate::Suspend { .. }
            | LedgerUpdate::End { .. }
            | LedgerUpdate::Stop { .. }
            | LedgerUpdate::Move { .. } => None,
        })
        .collect()
}

#[test]
fn a_match_and_the_scope() {
    let label = |plan: &Plan| {
        plan.steps.iter().any(|s| matches!(&s.verb, Verb::Update { label: true, .. }))
    };
    let out = |side| Some(Suspended::OutOfScope(side));
    let (two, google, zoho) = (Direction::TwoWay, Direction::ZohoToGoogle, Direction::GoogleToZoho);
    for (zoho_in, google_in, direction, linked, joins, sentence) in [
        (true, true, two, Some((false, None)), false, "both inside and equal: settled at once"),
        (true, false, two, Some((true, None)), true, "a person outside the label joins it"),
        (true, false, google, Some((true, None)), true, "where Google is written"),
        (
            true,
            false,
            zoho,
            Some((true, out(Side::Google))),
            false,
            "where it is only read, it sleeps",
        ),
        (
            false,
            true,
            two,
            Some((true, out(Side::Zoho))),
            false,
            "a record outside the view sleeps",
        ),
        (false, false, two, None, false, "both outside are nobody's business"),
    ] {
        let sync = Sync { direction, ..Sync::new() };
        let world = world(
            vec![known("1", "a@x.jp", zoho_in)],
            vec![known("people/1", "a@x.jp", google_in)],
        );
        let planned = plan(world, &sync.rules());
        assert_eq!(links(&planned).first().copied(), linked, "{sentence}");
        assert_eq!(label(&planned), joins, "{sentence}");
        assert_eq!(planned.steps.len(), usize::from(joins), "{sentence}");
    }
}

#[test]
fn of_two_values_of_a_pair_that_a_lost_database_knew_no_rule_tells_the_newer_one() {
    for (lost, winner, zoho, google, steps, questions, doubted, sentence) in [
        (
            false,
            Winner::Zoho,
            Some("a"),
            Some("b"),
            1,
            0,
            false,
            "met for the first time: the rule",
        ),
        (true, Winner::Zoho, Some("a"), Some("b"), 0, 1, true, "an edit made since is asked about"),
        (true, Winner::Google, Some("a"), Some("b"), 0, 1, true, "whoever wins otherwise"),
        (false, Winner::Zoho, Some("a"), None, 1, 0, false, "what is empty is filled"),
        (true, Winner::Zoho, Some("a"), None, 0, 1, true, "it may have been emptied since"),
        (true, Winner::Zoho, None, Some("b"), 0, 1, true, "on either side"),
        (true, Winner::Zoho, Some("a"), Some("a"), 0, 0, false, "what is equal is settled"),
    ] {
        let sync = Sync { first_run: true, lost, winner, ..Sync::new() };
        let of = |note: Option<&'static str>| {
            let mut values = vec![(FAMILY, "Smith"), (EMAIL, "a@x.jp")];
            values.extend(note.map(|note| (NOTE, note)));
            card(&values)
        };
        let world = world(
            vec![lone("1", of(zoho), true, None)],
            vec![lone("people/1", of(google), true, None)],
        );
        let planned = plan(world, &sync.rules());
        assert_eq!(planned.steps.len(), steps, "{sentence}: {:?}", planned.steps);
        assert_eq!(planned.questions.len(), questions, "{sentence}: {:?}", planned.questions);
        let kept = planned
            .ledger_updates
            .iter()
            .any(|b| matches!(b, LedgerUpdate::Link { doubted: true, .. }));
        assert_eq!(kept, doubted, "{sentence}: it is asked until it is answered");
    }
}

#[test]
fn who_is_created() {
    let some = || card(&[(FAMILY, "Smith")]);
    for (lone, direction, steps, questions, lagging, sentence) in [
        (lone("1", some(), true, None), Direction::TwoWay, 1, 0, 0, "a contact in the scope is"),
        (lone("1", some(), true, None), Direction::GoogleToZoho, 0, 0, 0, "not towards the source"),
        (lone("1", some(), false, None), Direction::TwoWay, 0, 0, 0, "not from outside the scope"),
        (lone("1", card(&[]), true, None), Direction::TwoWay, 0, 0, 0, "not out of nothing"),
        (
            lone("1", card(&[(FAMILY, "-")]), true, None),
            Direction::TwoWay,
            0,
            0,
            0,
            "nor out of a default",
        ),
        (
            lone("1", some(), true, Some(CreateBlock::Unsure)),
            Direction::TwoWay,
            0,
            0,
            1,
            "not while an earlier create is unsure",
        ),
        (
            lone("1", some(), true, Some(CreateBlock::OtherModule)),
            Direction::TwoWay,
            0,
            0,
            0,
            "not the counterpart of another module",
        ),
        (
            lone("1", some(), true, Some(CreateBlock::Twin)),
            Direction::TwoWay,
            0,
            1,
            0,
            "a twin is shown",
        ),
    ] {
        let sync = Sync { direction, ..Sync::new() };
        let planned = plan(world(vec![lone], Vec::new()), &sync.rules());
        assert_eq!(planned.steps.len(), steps, "{sentence}");
        assert_eq!(planned.questions.len(), questions, "{sentence}");
        assert_eq!(planned.lagging.len(), lagging, "{sentence}");
    }
}

#[test]
fn twins_of_one_side_are_created_once() {
    let twins = || world(vec![known("10", "a@x.jp", true), known("9", "A@x.jp", true)], Vec::new());
    let mut sync = Sync::new();
    let planned = plan(twins(), &sync.rules());
    assert_eq!(planned.steps.len(), 1, "one of them");
    assert!(planned.quiet.contains(&(Side::Zoho, "10".to_owned())), "the lowest id comes first");
    let shown =
        About::Duplicate { side: Side::Zoho, unasked: false, namesakes: false, apart: false };
    assert_eq!(planned.questions[0].about, shown);
    sync.decisions.insert("duplicate:zoho:10".to_owned(), "separate".to_owned());
    assert_eq!(plan(twins(), &sync.rules()).steps.len(), 2, "two people are two");
    sync.decisions.insert("duplicate:zoho:10".to_owned(), "ignore".to_owned());
    let planned = plan(twins(), &sync.rules());
    assert_eq!(
        (planned.steps.len(), planned.questions.len()),
        (1, 0),
        "ignored is not asked again"
    );
}

#[test]
fn a_key_that_was_handed_over_makes_no_twin() {
    // A linked person gets another address in Zoho, and somebody new has the old one.
    let world = |mark: Option<&str>| {
        let was = card(&[(FAMILY, "Smith"), (EMAIL, "desk@x.jp")]);
        let now = card(&[(FAMILY, "Smith"), (EMAIL, "smith@x.jp")]);
        let ends =
            Pair { zoho: here("z1", now, true), google: here("people/1", was.clone(), true) };
        let mut new = lone("z2", card(&[(FAMILY, "Jones"), (EMAIL, "desk@x.jp")]), true, None);
        new.block = Some(CreateBlock::Twin);
        new.evidence.marks = mark.map(str::to_owned).into_iter().collect();
        PlanInput {
            linked: vec![linked(1, Pair { zoho: was.clone(), google: was }, ends)],
            unlinked: Pair { zoho: vec![new], google: Vec::new() },
            known: Vec::new(),
        }
    };
    let planned = plan(world(None), &Sync::new().rules());
    assert_eq!((planned.steps.len(), planned.questions.len()), (2, 0), "both are written");
    let copy = plan(world(Some("z1")), &Sync::new().rules());
    assert_eq!((copy.steps.len(), copy.questions.len()), (1, 1), "a copy by its mark stays a twin");
    let one_way = Sync { direction: Direction::GoogleToZoho, ..Sync::new() };
    assert_eq!(plan(world(None), &one_way.rules()).steps.len(), 0, "where nothing is written");
}

#[test]
fn an_unsure_create_is_matched_by_its_mark_only() {
    let run = |marked: bool| {
        let zoho = lone("1", card(&[(EMAIL, "a@x.jp")]), true, Some(CreateBlock::Unsure));
        let mut google = known("people/1", "a@x.jp", true);
        google.evidence.marks = marked.then(|| "1".to_owned()).into_iter().collect();
        plan(world(vec![zoho], vec![google]), &Sync::new().rules())
    };
    assert_eq!((links(&run(false)).len(), run(false).lagging.len()), (0, 2), "a key is not enough");
    assert_eq!(links(&run(true)).len(), 1, "our own mark is");
}

#[test]
fn a_new_record_has_defaults_and_bases_for_every_field() {
    let mut sync = Sync::new();
    sync.extra.insert("Owner_Note".to_owned(), "from Google".to_owned());
    let person = card(&[(GIVEN, "太郎"), (BORN, "--05-17"), (LOCKED, "x")]);
    let person = lone("people/1", person, true, None);
    let planned = plan(world(Vec::new(), vec![person]), &sync.rules());
    let [step] = planned.steps.as_slice() else { panic!("one step") };
    let Verb::Create { card } = &step.verb else { panic!("a create") };
    assert_eq!(card.get(FAMILY), Some("-"), "what Zoho requires has its default");
    assert_eq!(card.get(BORN), None, "no year is invented");
    assert_eq!(card.get(LOCKED), None, "a locked field is not sent");
    let said = |zoho: Option<&str>, google: Option<&str>| Pair {
        zoho: zoho.map(Text::from),
        google: google.map(Text::from),
    };
    assert_eq!(step.learn.get(FAMILY), Some(&said(Some("-"), None)));
    assert_eq!(
        step.learn.get(BORN),
        Some(&said(None, Some("--05-17"))),
        "each base is what its side says"
    );
    let why: BTreeSet<(&str, Why)> =
        step.fields.iter().map(|n| (n.field.as_str(), n.why)).collect();
    assert!(
        why.contains(&("Owner_Note", Why::Default)) && why.contains(&("Last_Name", Why::Default))
    );
    assert!(why.contains(&("First_Name", Why::New(Side::Google))));
}

#[test]
fn limits_count_a_contact_once() {
    // Both sides of this pair are written, and it is one contact.
    let zoho = lone("1", card(&[(EMAIL, "a@x.jp"), (NOTE, "note")]), true, None);
    let google = lone("people/1", card(&[(EMAIL, "a@x.jp"), (BORN, "1980-05-17")]), true, None);
    let more = known("2", "b@x.jp", true);
    let sync = Sync { limit: 1, ..Sync::new() };
    let planned = plan(world(vec![zoho, more], vec![google]), &sync.rules());
    assert_eq!(planned.steps.len(), 2, "both sides of the pair");
    assert_eq!(planned.waiting.len(), 1, "the next one waits");
    assert!(!planned.google_full, "the limit is not Google's cap");
}

#[test]
fn the_cap_stops_only_creates_towards_google() {
    let sync = Sync { room: 0, ..Sync::new() };
    let planned = plan(
        world(vec![known("1", "a@x.jp", true)], vec![known("people/2", "b@x.jp", true)]),
        &sync.rules(),
    );
    assert_eq!(planned.steps.iter().map(|s| s.side).collect::<Vec<_>>(), [Side::Zoho]);
    assert!(planned.google_full && planned.waiting.len() == 1);
}

#[test]
fn a_put_off_match_is_still_a_link() {
    let sync = Sync { limit: 0, ..Sync::new() };
    let planned = plan(
        world(vec![known("1", "a@x.jp", true)], vec![known("people/1", "a@x.jp", false)]),
        &sync.rules(),
    );
    assert_eq!(links(&planned), [(true, None)], "with its first write to come");
    assert_eq!(planned.waiting.len(), 2);
}

#[test]
fn whom_the_person_left_out() {
    let left_out = |side: Side, id: &str| (left_out_key(side, id), "leave".to_owned());
    let zoho = || left_out(Side::Zoho, "1");
    let google = || left_out(Side::Google, "people/1");
    let alone = || world(vec![known("1", "a@a.test", true)], Vec::new());
    let pair =
        || world(vec![known("1", "a@a.test", true)], vec![known("people/1", "a@a.test", true)]);
    let bare = |id: &str| lone(id, card(&[(FAMILY, "Smith")]), true, None);
    let doubtful = || world(vec![bare("1")], vec![bare("people/1")]);
    let twins = || {
        let mut world = pair();
        world.unlinked.zoho.push(known("2", "a@a.test", true));
        world
    };
    let suspended = vec![(true, Some(Suspended::LeftOut))];
    for (world, decided, steps, questions, linked, sentence) in [
        (alone(), vec![], 1, 0, vec![], "a new contact is created on the other side"),
        (alone(), vec![zoho()], 0, 0, vec![], "unless the person left it out"),
        (
            pair(),
            vec![zoho()],
            0,
            0,
            suspended.clone(),
            "its counterpart is known, and left out too",
        ),
        (pair(), vec![google()], 0, 0, suspended.clone(), "whichever of the two was left out"),
        (doubtful(), vec![zoho()], 0, 1, vec![], "who may be the same is still asked about"),
        (doubtful(), vec![zoho(), google()], 0, 0, vec![], "unless both were left out"),
        (twins(), vec![left_out(Side::Zoho, "2")], 0, 0, vec![(false, None)], "nor a second one"),
    ] {
        let mut sync = Sync::new();
        sync.decisions.extend(decided);
        let planned = plan(world, &sync.rules());
        assert_eq!(planned.steps.len(), steps, "{sentence}");
        assert_eq!(planned.questions.len(), questions, "{sentence}");
        assert_eq!(links(&planned), linked, "{sentence}");
    }
}
