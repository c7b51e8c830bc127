//! Contacts that vanish: when many of them are one matter.

use renraku_core::contact::{Card, Pair, Side};
use renraku_core::decision::{deletion_key, misfit_key};
use renraku_core::matching::Evidence;
use renraku_core::plan::{
    About, LedgerUpdate, Left, Linked, Plan, PlanInput, Presence, Suspended, Verb, plan,
};
use renraku_core::setup::{Direction, OnDelete};

use crate::worlds::{BORN, NOTE, Sync, card, here, linked, lone};

/// A pair that lost its end on this side.
fn lost(link: i64, side: Side) -> Linked {
    let base = card(&[(0, "山田"), (1, "太郎")]);
    let mut now = Pair {
        zoho: here(&format!("z{link}"), base.clone(), true),
        google: here(&format!("people/{link}"), base.clone(), true),
    };
    now[side] = Presence::Gone;
    linked(link, Pair { zoho: base.clone(), google: base }, now)
}

fn of(sync: &Sync, lost_in: Pair<i64>) -> Plan {
    let zoho = (0..lost_in.zoho).map(|number| lost(number, Side::Zoho));
    let google = (0..lost_in.google).map(|number| lost(1000 + number, Side::Google));
    plan(PlanInput { linked: zoho.chain(google).collect(), ..PlanInput::default() }, &sync.rules())
}

/// What is asked about all of a side's losses at once: side, how many, choices.
fn alarms(plan: &Plan) -> Vec<(Side, u32, Vec<&str>)> {
    let found = plan.questions.iter().filter_map(|question| {
        let About::MassChange { side, contacts, .. } = &question.about else { return None };
        Some((*side, *contacts, question.about.choices().to_vec()))
    });
    found.collect()
}

#[test]
fn of_whom_it_is_not_known_what_they_said_last_nobody_says_that_they_were_edited() {
    for (doubted, known, told) in
        [(true, false, false), (true, true, true), (false, false, true), (false, true, true)]
    {
        let mut pair = lost(7, Side::Zoho);
        pair.doubted = doubted;
        let base = if known { card(&[(0, "山田"), (1, "次郎")]) } else { card(&[]) };
        pair.base = Pair { zoho: base.clone(), google: base };
        let planned =
            plan(PlanInput { linked: vec![pair], ..PlanInput::default() }, &Sync::new().rules());
        let asked: Vec<_> = planned.questions.iter().map(|q| (q.key.clone(), &q.about)).collect();
        let about = About::Deletion { side: Side::Zoho, edited: told, put_back: true };
        assert_eq!(asked, [(deletion_key(7, true), &about)], "{doubted} {known}");
        assert!(planned.steps.is_empty(), "{doubted} {known}: nobody is deleted");
    }
}

#[test]
fn nobody_stands_in_two_pairs_or_in_one_and_alone() {
    let [one, two] = [7, 8].map(|link| lost(link, Side::Zoho));
    let mut shared = two.clone();
    shared.ids.google.clone_from(&one.ids.google);
    let alone = |id: &str| lone(id, card(&[(0, "山田")]), true, None);
    let unlinked = |id: &str| Pair { zoho: vec![alone(id)], google: Vec::new() };
    for (linked, unlinked, coherent, what) in [
        (vec![one.clone(), two.clone()], unlinked("z9"), true, "each once"),
        (vec![one.clone(), shared], Pair::default(), false, "a person in two pairs"),
        (vec![one], unlinked("z7"), false, "a record in a pair and alone"),
        (
            Vec::new(),
            Pair { zoho: vec![alone("z9"), alone("z9")], google: Vec::new() },
            false,
            "twice",
        ),
    ] {
        assert_eq!(
            PlanInput { linked, unlinked, ..PlanInput::default() }.is_coherent(),
            coherent,
            "{what}"
        );
    }
}

#[test]
fn what_the_lost_one_said_and_nobody_decided_about_is_in_the_history() {
    // Both notes were edited, and the person was asked whose counts when one end was deleted.
    for gone in Side::BOTH {
        for (choice, after) in [("put_back", Some("mine")), ("delete", None)] {
            let mut pair = lost(7, gone);
            let said = |note: &str| card(&[(0, "山田"), (1, "太郎"), (NOTE, note)]);
            let id = &pair.ids[gone.other()];
            pair.now[gone.other()] = here(id, said("mine"), true);
            pair.left = Some(Left {
                evidence: Evidence::default(),
                lost: Evidence::default(),
                said: said("theirs"),
            });
            let mut sync = Sync::new();
            sync.decisions.insert(deletion_key(7, true), choice.to_owned());
            let planned =
                plan(PlanInput { linked: vec![pair], ..PlanInput::default() }, &sync.rules());
            let notes = planned.steps.iter().flat_map(|step| &step.fields);
            let losers: Vec<_> =
                notes.clone().filter_map(|note| note.overwritten.as_deref()).collect();
            assert_eq!(losers, ["theirs"], "{gone:?} {choice}");
            let note = notes.clone().find(|note| note.field == "Description").expect("a note");
            assert_eq!(note.after.as_deref(), after, "{gone:?} {choice}");
        }
    }
}

#[test]
fn more_than_ten_and_five_percent_are_one_alarm() {
    let check =
        |links: u32, zoho: i64, google: i64, rule: OnDelete, expected: [u32; 2], why: &str| {
            let mut sync = Sync::new();
            (sync.links, sync.on_delete) = (links, rule);
            let planned = of(&sync, Pair { zoho, google });
            let found = alarms(&planned);
            let on =
                |side: Side| found.iter().find(|(at, ..)| *at == side).map_or(0, |found| found.1);
            assert_eq!([on(Side::Zoho), on(Side::Google)], expected, "{why}");
            let in_alarm: u32 = expected.iter().sum();
            if i64::from(in_alarm) == zoho + google {
                assert!(planned.steps.is_empty(), "{why}: nothing of it is written");
                assert_eq!(
                    planned.questions.len(),
                    found.len(),
                    "{why}: and nobody is asked about alone"
                );
            }
        };
    for rule in [OnDelete::Ask, OnDelete::Keep, OnDelete::Delete] {
        check(12, 0, 10, rule, [0, 0], "ten are never an alarm");
        check(12, 0, 11, rule, [0, 11], "eleven of twelve are");
        check(12, 11, 0, rule, [11, 0], "on either side");
        check(400, 0, 20, rule, [0, 0], "five percent of many are none");
        check(400, 0, 21, rule, [0, 21], "one more is");
        check(400, 21, 3, rule, [21, 0], "each side for itself")
    }
    check(100, 8, 8, OnDelete::Ask, [0, 0], "few on both sides are single questions");
    check(100, 8, 8, OnDelete::Delete, [8, 8], "but a rule deletes no more than that in one run");
}

#[test]
fn what_can_be_chosen_follows_from_what_may_be_written() {
    for (direction, side, choices) in [
        (Direction::TwoWay, Side::Google, ["put_back", "delete", "one_by_one"]),
        (Direction::TwoWay, Side::Zoho, ["put_back", "delete", "one_by_one"]),
        (Direction::ZohoToGoogle, Side::Google, ["put_back", "keep", "one_by_one"]),
        (Direction::ZohoToGoogle, Side::Zoho, ["delete", "keep", "one_by_one"]),
        (Direction::GoogleToZoho, Side::Zoho, ["put_back", "keep", "one_by_one"]),
        (Direction::GoogleToZoho, Side::Google, ["delete", "keep", "one_by_one"]),
    ] {
        let mut sync = Sync::new();
        sync.direction = direction;
        let mut vanished = Pair { zoho: 0, google: 0 };
        vanished[side] = 30;
        let planned = of(&sync, vanished);
        let found = alarms(&planned);
        assert_eq!(found, [(side, 30, choices.to_vec())], "{direction:?}, gone in {}", side.name());
    }
}

#[test]
fn whoever_vanishes_after_an_answer_is_another_matter() {
    let mut sync = Sync::new();
    sync.links = 100;
    sync.decisions.insert("mass_change:google".to_owned(), "delete".to_owned());
    let mut pairs: Vec<Linked> = (0..12).map(|number| lost(number, Side::Google)).collect();
    for pair in &mut pairs {
        pair.suspended = Some(Suspended::Alarm(Side::Google));
    }
    pairs.extend((20..31).map(|number| lost(number, Side::Google)));
    let planned = plan(PlanInput { linked: pairs, ..PlanInput::default() }, &sync.rules());
    assert_eq!(planned.steps.len(), 12, "the answer is carried out");
    assert_eq!(
        alarms(&planned).first().map(|found| found.1),
        Some(11),
        "the others are asked about"
    );
}

#[test]
fn what_is_put_back_holds_what_both_sides_held() {
    let mut sync = Sync::new();
    sync.decisions.insert("deletion:7:edited".to_owned(), "put_back".to_owned());
    let zoho = card(&[(0, "山田"), (1, "太郎")]);
    let google = card(&[(0, "山田 "), (1, "太")]);
    let now = Pair {
        zoho: Presence::Gone,
        google: here("people/7", card(&[(0, "山田 "), (1, "次郎")]), true),
    };
    let pair = linked(7, Pair { zoho, google }, now);
    let planned = plan(PlanInput { linked: vec![pair], ..PlanInput::default() }, &sync.rules());
    let made: Option<&Card> = planned.steps.iter().find_map(|step| match &step.verb {
        Verb::Create { card } => Some(card),
        Verb::Update { .. } | Verb::Delete { .. } => None,
    });
    let made = made.expect("it is made again");
    assert_eq!(made.get(0), Some("山田"), "as Zoho said it");
    assert_eq!(made.get(1), Some("次郎"), "but for what was edited since");
}

#[test]
fn what_cannot_travel_is_no_edit_when_the_other_end_vanishes() {
    let mut sync = Sync::new();
    sync.on_delete = OnDelete::Delete;
    let said = card(&[(0, "山田"), (1, "太郎")]);
    // A birthday without a year, a note that the person left where it is, and another note since.
    for (rule, value, edited) in
        [(BORN, "--05-17", false), (NOTE, "left", false), (NOTE, "typed since", true)]
    {
        let mut google = said.clone();
        google.set(rule, Some(value));
        let ends = Pair {
            zoho: here("z7", said.clone(), true),
            google: here("people/7", google.clone(), true),
        };
        let mut pair = linked(7, Pair { zoho: said.clone(), google: said.clone() }, ends);
        let key = misfit_key(&pair.ids, Side::Zoho, "Description", "left");
        sync.decisions.insert(key, "ignore".to_owned());
        let world =
            |pair: &Linked| PlanInput { linked: vec![pair.clone()], ..PlanInput::default() };
        if rule == BORN {
            for ledger_update in plan(world(&pair), &sync.rules()).ledger_updates {
                let LedgerUpdate::Learn { learn, .. } = ledger_update else {
                    panic!("{value}: {ledger_update:?}")
                };
                for (rule, said) in learn.iter() {
                    for side in Side::BOTH {
                        pair.base[side].put(rule, said[side].clone());
                    }
                }
            }
        }
        pair.now.zoho = Presence::Gone;
        let planned = plan(world(&pair), &sync.rules());
        let mut asked = planned.questions.iter();
        let asked = asked.any(|q| matches!(q.about, About::Deletion { edited: true, .. }));
        assert_eq!(asked, edited, "{value}: asked about as an edit");
        assert_eq!(planned.steps.len(), usize::from(!edited), "{value}: the rule holds");
    }
}
