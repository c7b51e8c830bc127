//! Names and addresses are one thing each.

use std::collections::BTreeMap;

use renraku_core::contact::{Card, Pair, Side};
use renraku_core::mapping::Mapping;
use renraku_core::plan::{Belief, Learned, Verb, World, plan};
use renraku_core::setup::{Direction, Winner};

use crate::places::mapping;
use crate::table::{check, expect};
use crate::worlds::{Sync, here, linked};

fn card(mapping: &Mapping, cell: &str) -> Card {
    let mut card = Card::empty(mapping.rules().len());
    for pair in cell.split(", ").filter(|pair| !pair.trim().is_empty()) {
        let (field, value) = pair.split_once('=').expect("a field and a value");
        card.set(mapping.by_zoho(field.trim()).expect("a field"), Some(value.trim()));
    }
    card
}

#[test]
fn names_and_addresses_are_one_thing_each() {
    check(include_str!("tables/wholes.txt"), 5, |cells| {
        let mapping = mapping();
        let mut sync = Sync { mapping: mapping.clone(), ..Sync::new() };
        for word in cells[2].split_whitespace() {
            match word {
                "zoho" => sync.winner = Winner::Zoho,
                "google" => sync.winner = Winner::Google,
                "meet" => {}
                "to-google" => sync.direction = Direction::ZohoToGoogle,
                other => panic!("no setting {other}"),
            }
        }
        let met = cells[2].contains("meet");
        let of = |cell: &str| match cell.split_once("->") {
            Some((was, is)) => (card(&mapping, was), card(&mapping, is)),
            None => (card(&mapping, if met { "" } else { cell }), card(&mapping, cell)),
        };
        let (zoho, google) = (of(&cells[0]), of(&cells[1]));
        let now = Pair { zoho: here("z7", zoho.1, true), google: here("people/7", google.1, true) };
        let mut pair = linked(7, Pair { zoho: zoho.0, google: google.0 }, now);
        pair.fresh = met;
        let planned = plan(World { linked: vec![pair], ..World::default() }, &sync.rules());
        let mut written = Vec::new();
        let mut bases = BTreeMap::new();
        let name = |rule: usize| mapping.rules()[rule].zoho.clone();
        let text = |value: Option<&str>| value.unwrap_or("~").to_owned();
        let mut learn = |learned: &Learned| {
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
        for belief in &planned.beliefs {
            if let Belief::Learn { learn: learned, .. } = belief {
                learn(learned);
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
fn written_rules(steps: &[renraku_core::plan::Step]) -> Vec<usize> {
    let of = |step: &renraku_core::plan::Step| match &step.verb {
        Verb::Update { patch, .. } => patch.keys().copied().collect(),
        Verb::Create { .. } | Verb::Delete { .. } => Vec::new(),
    };
    steps.iter().flat_map(of).collect()
}
