//! Whoever comes later and may be somebody who was set apart, or who has a counterpart: nobody is made
//! beside them unasked.

use renraku_core::contact::{Card, Pair, Side};
use renraku_core::plan::{
    About, Inheritance, Known, LedgerUpdate, Plan, PlanInput, Standing, Suspended, Unlinked,
    duplicate_key, plan,
};

use crate::worlds::{EMAIL, FAMILY, NOTE, PHONE, Sync, card, evidence, lone, record};

type Said = &'static [(usize, &'static str)];

fn known(side: Side, said: Said, standing: Standing, gone: bool) -> Known {
    let card = card(said);
    let id = if side == Side::Zoho { "z9" } else { "people/9" };
    Known { side, evidence: evidence(&card), record: record(id, card), standing, gone }
}

/// A newcomer in Google beside somebody who is known.
fn planned(sync: &Sync, said: Said, known: Known) -> Plan {
    let newcomer = vec![lone("people/1", card(said), true, None)];
    let unlinked = Pair { zoho: Vec::new(), google: newcomer };
    plan(PlanInput { unlinked, known: vec![known], ..PlanInput::default() }, &sync.rules())
}

/// What becomes of a newcomer: it is made, asked about, or stays left out.
fn fate(plan: &Plan) -> &'static str {
    match (plan.steps.len(), plan.questions.as_slice(), plan.inherited.len()) {
        (1, [], 0) => "made",
        (0, [], 1) => "left out",
        (0, [], 0) => "nothing",
        (0, [question], 0) => {
            let About::Duplicate { apart, .. } = question.about else { panic!("{question:?}") };
            if apart { "asked" } else { "twin" }
        }
        (steps, questions, inherited) => panic!("{steps} {questions:?} {inherited}"),
    }
}

const ANN: Said = &[(FAMILY, "Ann"), (EMAIL, "ann@a.test"), (PHONE, "+81 3 1234 5678")];
const PHONED: Said = &[(FAMILY, "Ann"), (PHONE, "03-1234-5678")];
const NOTED: Said = &[(FAMILY, "Ann"), (NOTE, "a note")];
const OTHER_NOTE: Said = &[(FAMILY, "Ann"), (NOTE, "another note")];
const UNNAMED: Said = &[(NOTE, "a note")];
const MOVED: Said = &[(FAMILY, "Ann"), (EMAIL, "new@a.test"), (PHONE, "03-1234-5678")];
const ROLE: Said = &[(FAMILY, "Bob"), (EMAIL, "ann@a.test")];
const OTHER: Said = &[(FAMILY, "Ann"), (EMAIL, "other@a.test"), (PHONE, "03-9999-0000")];

#[test]
fn whom_a_newcomer_may_be() {
    for (newcomer, was, apart, gone_left_out, linked, sentence) in [
        (ANN, ANN, "asked", "left out", "made", "one whose key is linked is found by its key"),
        (PHONED, ANN, "asked", "left out", "twin", "the name and the number"),
        (NOTED, NOTED, "asked", "left out", "twin", "everything that is mapped"),
        (UNNAMED, UNNAMED, "asked", "left out", "twin", "be it without a name"),
        (OTHER_NOTE, NOTED, "asked", "asked", "made", "the name alone is a doubt"),
        (MOVED, ANN, "asked", "asked", "twin", "another address is one too"),
        (ROLE, ANN, "asked", "asked", "made", "and an address under another name"),
        (OTHER, ANN, "made", "made", "made", "who can be told from it is somebody else"),
        (PHONED, OTHER, "made", "made", "made", "by the number as well"),
    ] {
        let sync = Sync::new();
        for side in Side::BOTH {
            let known = known(side, was, Standing::Apart, side == Side::Google);
            let found = fate(&planned(&sync, newcomer, known));
            assert_eq!(found, apart, "kept apart in {}: {sentence}", side.name());
        }
        let left_out = known(Side::Google, was, Standing::LeftOut, true);
        assert_eq!(fate(&planned(&sync, newcomer, left_out)), gone_left_out, "{sentence}");
        let live = known(Side::Zoho, was, Standing::Linked, false);
        assert_eq!(fate(&planned(&sync, newcomer, live)), linked, "{sentence}");
    }
}

#[test]
fn who_takes_the_place_of_one_that_was_left_out_is_left_out_in_its_stead() {
    let sync = Sync::new();
    let planned = planned(&sync, PHONED, known(Side::Google, ANN, Standing::LeftOut, true));
    let inheritance =
        Inheritance { side: Side::Google, of: "people/9".to_owned(), id: "people/1".to_owned() };
    assert_eq!(planned.inherited, [inheritance]);
}

#[test]
fn an_answer_about_a_newcomer_holds() {
    let key = duplicate_key(Side::Google, "people/1");
    for (answer, fate_of) in [("separate", "made"), ("ignore", "nothing")] {
        let mut sync = Sync::new();
        sync.decisions.insert(key.clone(), answer.to_owned());
        for was in [ANN, OTHER] {
            let known = known(Side::Zoho, was, Standing::Apart, false);
            assert_eq!(fate(&planned(&sync, PHONED, known)), fate_of, "{answer}");
        }
    }
}

#[test]
fn who_stays_as_it_is_beside_others_is_linked_with_nobody_unasked() {
    let of = |id: &str, said: Said| -> Unlinked { lone(id, card(said), true, None) };
    let unlinked = || Pair { zoho: vec![of("1", ANN)], google: vec![of("people/1", ANN)] };
    let world = || PlanInput { unlinked: unlinked(), ..PlanInput::default() };
    let links = |plan: &Plan| {
        plan.ledger_updates
            .iter()
            .filter(|b| matches!(b, LedgerUpdate::Link { suspended: None, .. }))
            .count()
    };
    let mut sync = Sync::new();
    assert_eq!(links(&plan(world(), &sync.rules())), 1, "the key tells");
    sync.decisions.insert(duplicate_key(Side::Google, "people/1"), "ignore".to_owned());
    let asked = plan(world(), &sync.rules());
    assert_eq!((links(&asked), asked.steps.len(), asked.questions.len()), (0, 0, 1), "{asked:?}");
    let key = asked.questions.first().map(|question| question.key.clone()).expect("it is asked");
    sync.decisions.insert(key, "link".to_owned());
    assert_eq!(links(&plan(world(), &sync.rules())), 1, "until the person says so");
    // One that was left aside is nobody's first choice.
    let mut two = world();
    two.unlinked.google.push(of("people/2", ANN));
    let mut sync = Sync::new();
    sync.decisions.insert(duplicate_key(Side::Google, "people/1"), "ignore".to_owned());
    let planned = plan(two, &sync.rules());
    let found = planned
        .ledger_updates
        .iter()
        .any(|ledger_update| matches!(ledger_update, LedgerUpdate::Link { ids, .. } if ids.google == "people/2"));
    assert!(found && planned.questions.is_empty(), "{planned:?}");
}

#[test]
fn a_pair_that_was_left_out_goes_on_with_whoever_took_the_place_of_one() {
    use crate::worlds::{here, linked};
    use renraku_core::plan::{Left, Presence, left_out_key};
    let (all, empty) = (card(ANN), Card::empty(crate::worlds::FIELDS));
    let now = Pair { zoho: here("z1", all.clone(), true), google: Presence::Gone };
    let mut pair = linked(1, Pair { zoho: all.clone(), google: empty }, now);
    pair.suspended = Some(Suspended::LeftOut);
    pair.left = Some(Left { evidence: evidence(&all), lost: evidence(&all), said: all.clone() });
    let mut sync = Sync::new();
    sync.decisions.insert(left_out_key(Side::Zoho, "z1"), "leave".to_owned());
    let newcomer = vec![lone("people/2", all, true, None)];
    let unlinked = Pair { zoho: Vec::new(), google: newcomer };
    let planned =
        plan(PlanInput { linked: vec![pair], unlinked, known: Vec::new() }, &sync.rules());
    let suspended = planned.ledger_updates.iter().any(|ledger_update| {
        matches!(ledger_update, LedgerUpdate::Link { ids, suspended: Some(Suspended::LeftOut), .. }
            if ids.google == "people/2")
    });
    assert!(suspended && planned.steps.is_empty(), "{planned:?}");
}
