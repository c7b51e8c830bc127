//! Names and addresses are one thing each.

use std::collections::BTreeMap;

use proptest::prelude::*;
use renraku_core::contact::{Card, Pair, Side};
use renraku_core::decision::misfit_key;
use renraku_core::mapping::Mapping;
use renraku_core::plan::{
    About, BaseUpdate, LedgerUpdate, Linked, Plan, PlanInput, Step, Verb, plan,
};
use renraku_core::setup::{Direction, Winner};

use crate::places::mapping;
use crate::table::{check, expect};
use crate::worlds::{Sync, here, linked};

fn card(mapping: &Mapping, cell: &str) -> Card {
    let mut card = Card::empty(mapping.rules().len());
    let cell = cell.trim_matches(['∅', ' ']);
    for pair in cell.split(", ").filter(|pair| !pair.is_empty()) {
        let (field, value) = pair.split_once('=').expect("a field and a value");
        card.set(mapping.by_zoho(field.trim()).expect("a field"), Some(value.trim()));
    }
    card
}

/// Carries out a word of the settings, but those that tell of the pair.
fn set(sync: &mut Sync, pair: &mut Linked, word: &str) {
    let rule = |field: &str| sync.mapping.by_zoho(field).expect("a field");
    match word.split_once('=') {
        Some(("short", field)) => {
            let mut rules = sync.mapping.rules().to_vec();
            rules.get_mut(rule(field)).expect("a rule").zoho_length = Some(6);
            sync.mapping = Mapping::new(sync.mapping.module, rules);
        }
        Some((closed @ ("locked" | "shut"), field)) => {
            if closed == "shut" {
                sync.closed.insert(rule(field));
            }
            let mut rules = sync.mapping.rules().to_vec();
            rules.get_mut(rule(field)).expect("a rule").zoho_writable = false;
            sync.mapping = Mapping::new(sync.mapping.module, rules);
        }
        Some(("frozen", field)) => {
            pair.frozen.insert(rule(field));
        }
        Some(("held", field)) => {
            let rule = rule(field);
            sync.held.insert(rule);
        }
        Some(("left", field)) => {
            let (field, value) = field.split_once(':').expect("a value");
            let key = misfit_key(&pair.ids, Side::Zoho, field, value);
            sync.decisions.insert(key, "ignore".to_owned());
        }
        Some(_) => panic!("no setting {word}"),
        None => match word {
            "zoho" => sync.winner = Winner::Zoho,
            "google" => sync.winner = Winner::Google,
            "ask" => sync.winner = Winner::Ask,
            "to-google" => sync.direction = Direction::ZohoToGoogle,
            "to-zoho" => sync.direction = Direction::GoogleToZoho,
            "doubted" => pair.doubted = true,
            "meet" | "take-zoho" | "take-google" => {}
            other => panic!("no setting {other}"),
        },
    }
}

/// The keys under which a plan's differences are asked about, decided or not.
fn differences(plan: &Plan) -> Vec<String> {
    let asked = plan.questions.iter().filter(|q| matches!(q.about, About::Difference { .. }));
    let decided = plan.differences.iter().map(|decided| &decided.question);
    asked.chain(decided).map(|question| question.key.clone()).collect()
}

#[test]
fn names_and_addresses_are_one_thing_each() {
    check(include_str!("tables/wholes.txt"), 5, |cells| {
        let mapping = mapping();
        let met = cells[2].contains("meet");
        let of = |cell: &str| match cell.split_once("->") {
            Some((was, is)) => (card(&mapping, was), card(&mapping, is)),
            None => (card(&mapping, if met { "" } else { cell }), card(&mapping, cell)),
        };
        let (zoho, google) = (of(&cells[0]), of(&cells[1]));
        let now = Pair { zoho: here("z7", zoho.1, true), google: here("people/7", google.1, true) };
        let mut pair = linked(7, Pair { zoho: zoho.0, google: google.0 }, now);
        pair.fresh = met;
        let mut sync = Sync { mapping: mapping.clone(), ..Sync::new() };
        cells[2].split_whitespace().for_each(|word| set(&mut sync, &mut pair, word));
        let world = || PlanInput { linked: vec![pair.clone()], ..PlanInput::default() };
        let mut planned = plan(world(), &sync.rules());
        for (word, side) in [("take-zoho", Side::Zoho), ("take-google", Side::Google)] {
            if cells[2].contains(word) {
                let taken = |key| (key, side.name().to_owned());
                sync.decisions.extend(differences(&planned).into_iter().map(taken));
                planned = plan(world(), &sync.rules());
            }
        }
        let mut written = Vec::new();
        let mut bases = BTreeMap::new();
        let name = |rule: usize| mapping.rules()[rule].zoho.clone();
        let text = |value: Option<&str>| value.unwrap_or("~").to_owned();
        let mut learn = |learned: &BaseUpdate| {
            for (rule, said) in learned.iter() {
                let [zoho, google] = Side::BOTH.map(|side| text(said[side].as_deref()));
                let settled = zoho == "~" && google == "~";
                let patched = written_rules(&planned.steps).contains(&rule);
                if !settled || patched {
                    bases.insert(name(rule), format!("{} {zoho} / {google}", name(rule)));
                }
            }
        };
        for step in &planned.steps {
            learn(&step.learn);
            if let Verb::Update { patch, .. } = &step.verb {
                for (rule, value) in patch {
                    let value = text(value.as_deref());
                    written.push(format!("{} {} := {value}", step.side.name(), name(*rule)));
                }
            }
        }
        for ledger_update in &planned.ledger_updates {
            if let LedgerUpdate::Learn { learn: learned, .. } = ledger_update {
                learn(learned);
            }
        }
        for question in &planned.questions {
            if let About::Difference { field, zoho, google } = &question.about {
                let [zoho, google] = [zoho, google].map(|said| text(said.as_deref()));
                written.push(format!("ask {field}: {zoho} or {google}"));
            } else if let About::Misfit { field, .. } = &question.about {
                written.push(format!("ask about {field}"));
            } else {
                panic!("{question:?}");
            }
        }
        let list = |mut list: Vec<String>| {
            list.sort();
            if list.is_empty() { "nothing".to_owned() } else { list.join(", ") }
        };
        expect(&cells[3], &list(written))?;
        expect(&cells[4], &list(bases.into_values().collect()))
    });
}

/// The rules that any step writes.
fn written_rules(steps: &[Step]) -> Vec<usize> {
    let of = |step: &Step| match &step.verb {
        Verb::Update { patch, .. } => patch.keys().copied().collect(),
        Verb::Create { .. } | Verb::Delete { .. } => Vec::new(),
    };
    steps.iter().flat_map(of).collect()
}

/// The parts of a name and of an address, by Zoho's names.
const WHOLES: [&[&str]; 2] = [
    &["First_Name", "Last_Name"],
    &["Mailing_Street", "Mailing_City", "Mailing_Zip", "Mailing_Country"],
];

/// What the parts say; text that nobody else types in them.
fn parts(who: &'static str) -> impl Strategy<Value = Vec<Option<String>>> {
    let part =
        prop_oneof![1 => Just(None), 2 => (0_u8..2).prop_map(move |n| Some(format!("{who}{n}")))];
    prop::collection::vec(part, 4)
}

/// The parts that one side edits, and what it says in them then.
fn edits(who: &'static str) -> impl Strategy<Value = Vec<Option<Option<String>>>> {
    let part =
        prop_oneof![1 => Just(None), 1 => (0_u8..2).prop_map(move |n| Some(format!("{who}{n}")))];
    prop::collection::vec(prop::option::of(part), 4)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    /// What stands on either side after a merge was typed like this by somebody: it is what one of them
    /// said, or what both added to what stood there.
    #[test]
    fn nobody_gets_a_name_or_an_address_that_nobody_typed(
        which in 0_usize..2,
        base in parts("base"),
        same in edits("same"),
        zoho in edits("zoho"),
        google in edits("google"),
        settled in any::<bool>(),
        asks in any::<bool>(),
        doubted in prop::bool::weighted(0.2),
        winner in prop_oneof![Just(Winner::Zoho), Just(Winner::Google)],
        direction in prop_oneof![
            Just(Direction::TwoWay), Just(Direction::ZohoToGoogle), Just(Direction::GoogleToZoho)
        ],
    ) {
        let mapping = mapping();
        let rules: Vec<usize> =
            WHOLES[which].iter().map(|field| mapping.by_zoho(field).expect("a field")).collect();
        let with = |card: &Card, edits: &[Option<Option<String>>]| {
            let mut card = card.clone();
            for (rule, edit) in rules.iter().zip(edits) {
                if let Some(value) = edit {
                    card.set(*rule, value.as_deref());
                }
            }
            card
        };
        let empty = Card::empty(mapping.rules().len());
        let base = with(&empty, &base.into_iter().map(Some).collect::<Vec<_>>());
        let both = with(&base, &same);
        let now = Pair { zoho: with(&both, &zoho), google: with(&both, &google) };
        let base = if settled { base } else { empty };
        let here = Pair { zoho: here("z7", now.zoho.clone(), true), google: here("people/7", now.google.clone(), true) };
        let mut pair = linked(7, Pair { zoho: base.clone(), google: base.clone() }, here);
        pair.doubted = doubted;
        let winner = if asks { Winner::Ask } else { winner };
        let sync = Sync { mapping: mapping.clone(), winner, direction, ..Sync::new() };
        let planned = plan(PlanInput { linked: vec![pair], ..PlanInput::default() }, &sync.rules());
        prop_assert!(planned.questions.len() < 2, "asked once: {:?}", planned.questions);
        let mut after = now.clone();
        for step in &planned.steps {
            let Verb::Update { patch, .. } = &step.verb else { continue };
            patch.iter().for_each(|(rule, value)| after[step.side].put(*rule, value.clone()));
        }
        let whole = |card: &Card| -> Vec<Option<String>> {
            let said = |rule: &usize| card.get(*rule).filter(|value| *value != "-");
            rules.iter().map(|rule| said(rule).map(str::to_owned)).collect()
        };
        let (was, z, g) = (whole(&base), whole(&now.zoho), whole(&now.google));
        let both = || z.iter().zip(&g);
        let stands = both().any(|(z, g)| z.is_some() && z == g);
        let added = both().zip(&was).all(|((z, g), was)| {
            z == g || (was.is_none() && (z.is_none() || g.is_none()))
        });
        let mut typed = vec![z.clone(), g.clone()];
        if stands && added {
            typed.push(both().map(|(z, g)| z.clone().or_else(|| g.clone())).collect());
        }
        for side in Side::BOTH {
            let stands = whole(&after[side]);
            prop_assert!(typed.contains(&stands), "{side:?}: {stands:?} of {z:?} and {g:?}, was {was:?}");
        }
        if !planned.questions.is_empty() {
            prop_assert_eq!(after, now, "nothing is written before the answer");
        }
    }
}
