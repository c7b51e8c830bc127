//! Entries without a label, and those labelled *other*: they fill empty places, and nothing is cleared
//! or overwritten for them.

use std::collections::BTreeSet;

use proptest::prelude::*;
use renraku_core::contact::{Card, Listed, Pair, Side};
use renraku_core::decision::misfit_key;
use renraku_core::field::Misfit;
use renraku_core::mapping::{Group, Mapping};
use renraku_core::plan::{About, Plan, PlanInput, Presence, Question, Verb, plan};
use renraku_core::seen::{Hint, Seen};
use renraku_core::setup::{Direction, Winner};

use crate::places::mapping;
use crate::table::{check, expect};
use crate::worlds::{Sync, here, linked};

/// Entries of one Google field, and the Zoho fields of its places.
#[derive(Debug)]
struct Kind {
    group: Group,
    parts: &'static [&'static str],
    /// A place's name in the tables, and Zoho's field for each part.
    places: &'static [(&'static str, &'static [&'static str])],
}

const PHONES: Kind = Kind {
    group: Group::PhoneNumbers,
    parts: &["value"],
    places: &[
        ("Phone", &["Phone"]),
        ("Mobile", &["Mobile"]),
        ("Home_Phone", &["Home_Phone"]),
        ("Other_Phone", &["Other_Phone"]),
        ("Fax", &["Fax"]),
    ],
};
const EMAILS: Kind = Kind {
    group: Group::EmailAddresses,
    parts: &["value"],
    places: &[("Email", &["Email"]), ("Secondary_Email", &["Secondary_Email"])],
};
const ADDRESSES: Kind = Kind {
    group: Group::Addresses,
    parts: &["streetAddress", "city"],
    places: &[
        ("Mailing", &["Mailing_Street", "Mailing_City"]),
        ("Other", &["Other_Street", "Other_City"]),
    ],
};

impl Kind {
    fn of(name: &str) -> Kind {
        match name {
            "phone" => PHONES,
            "e-mail" => EMAILS,
            "address" => ADDRESSES,
            other => panic!("no kind {other}"),
        }
    }

    /// A value's parts, `~` where it has none.
    fn split<'a>(&self, value: &'a str) -> impl Iterator<Item = (usize, &'a str)> + use<'a> {
        value.split('/').enumerate().filter(|(_, part)| *part != "~")
    }

    fn entry(&self, label: &str, value: &str) -> Listed {
        let parts = self.split(value).map(|(at, part)| (self.parts[at], part.into()));
        Listed { field: self.group.name(), label: label.to_owned(), parts: parts.collect() }
    }

    fn entries(&self, cell: &str) -> Vec<Listed> {
        let pairs = cell.split_whitespace();
        let pairs = pairs.map(|word| word.split_once('=').expect("a label and a value"));
        pairs.map(|(label, value)| self.entry(label, value)).collect()
    }

    fn put(&self, mapping: &Mapping, card: &mut Card, place: &str, value: &str) {
        let (_, fields) = self.places.iter().find(|(name, _)| *name == place).expect("a place");
        for (at, part) in self.split(value) {
            card.set(mapping.by_zoho(fields[at]).expect("a field"), Some(part));
        }
    }

    fn card(&self, mapping: &Mapping, cell: &str) -> Card {
        let mut card = Card::empty(mapping.rules().len());
        for word in cell.split_whitespace() {
            let (place, value) = word.split_once('=').expect("a place and a value");
            self.put(mapping, &mut card, place, value);
        }
        card
    }

    fn written(&self, mapping: &Mapping, card: &Card) -> String {
        let said = |(name, fields): &(&str, &[&str])| {
            let part = |field: &&str| card.get(mapping.by_zoho(field).expect("a field"));
            let parts: Vec<&str> = fields.iter().map(|field| part(field).unwrap_or("~")).collect();
            parts.iter().any(|part| *part != "~").then(|| format!("{name}={}", parts.join("/")))
        };
        self.places.iter().filter_map(said).collect::<Vec<_>>().join(" ")
    }

    fn listed(&self, entries: &[Listed]) -> String {
        let one = |entry: &Listed| {
            let part = |name: &&str| entry.part(name).map_or("~", |value| &**value);
            let parts: Vec<&str> = self.parts.iter().map(part).collect();
            format!("{}={}", entry.label, parts.join("/"))
        };
        entries.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    /// The entries once a step is carried out, as the People API is written.
    fn carried_out(&self, mapping: &Mapping, entries: &[Listed], planned: &Plan) -> Vec<Listed> {
        let mut after = entries.to_vec();
        for step in planned.steps.iter().filter(|step| step.side == Side::Google) {
            let Verb::Update { patch, before, .. } = &step.verb else { panic!("{step:?}") };
            let given: Vec<&Listed> = entries.iter().collect();
            let seats = mapping.seats(self.group, &given, before.into());
            for (index, seat) in seats {
                let slot = &mapping.slots()[index];
                let mut changed =
                    slot.rules.iter().filter(|(rule, _)| patch.contains_key(rule)).peekable();
                if changed.peek().is_none() {
                    continue;
                }
                let known = slot.rules.iter().any(|(rule, _)| before.get(*rule).is_some());
                let at = seat.filter(|_| known).unwrap_or_else(|| {
                    after.push(self.entry(&slot.label, "~"));
                    after.len() - 1
                });
                for (rule, part) in changed {
                    after[at].parts.retain(|(name, _)| name != part);
                    after[at].parts.extend(patch[rule].clone().map(|value| (*part, value)));
                }
            }
        }
        after.retain(|entry| !entry.parts.is_empty());
        after
    }
}

/// A pair of which both sides are in step, or that meets: its plan, and what stands on both sides once
/// it is carried out.
fn met(
    kind: &Kind,
    sync: &Sync,
    base: Option<(&Card, &[Listed])>,
    zoho: &Card,
    entries: &[Listed],
) -> (Plan, Card, Vec<Listed>) {
    let mapping = &sync.mapping;
    let empty = Card::empty(mapping.rules().len());
    let mut google = here("people/7", empty.clone(), true);
    let Presence::Here { record, .. } = &mut google else { panic!("it is there") };
    record.listed = entries.to_vec();
    record.card = mapping.resolve(&empty, entries, &empty).into_owned();
    let now = Pair { zoho: here("z7", zoho.clone(), true), google };
    let fresh = base.is_none();
    let (base, seen) = match base {
        None => (Pair { zoho: empty.clone(), google: empty }, Seen::default()),
        Some((zoho, entries)) => {
            let hint = Hint { said: zoho, base: Some(&empty), seen: None };
            let reading = mapping.reading(&empty, entries, hint);
            let mut google = reading.card.into_owned();
            // What the target of a one-way sync says alone was never settled.
            for (rule, value) in google.0.iter_mut().enumerate() {
                let settled = sync.direction.writes(Side::Zoho) || zoho.get(rule).is_some();
                *value = value.take().filter(|_| settled);
            }
            (Pair { zoho: zoho.clone(), google }, reading.seen)
        }
    };
    let mut pair = linked(7, base.clone(), now);
    pair.fresh = fresh;
    pair.seen = seen;
    let planned = plan(PlanInput { linked: vec![pair], ..PlanInput::default() }, &sync.rules());
    let mut after = zoho.clone();
    for step in planned.steps.iter().filter(|step| step.side == Side::Zoho) {
        let Verb::Update { patch, .. } = &step.verb else { panic!("{step:?}") };
        patch.iter().for_each(|(rule, value)| after.put(*rule, value.clone()));
    }
    let there = kind.carried_out(mapping, entries, &planned);
    (planned, after, there)
}

/// A value that Zoho refused before, or that the person said to leave where it is.
fn stays(sync: &mut Sync, word: &str) {
    let (why, value) = word.split_once('=').expect("a setting");
    let (field, value) = value.split_once(':').expect("a field and a value");
    let ids = Pair { zoho: "z7".to_owned(), google: "people/7".to_owned() };
    let key = misfit_key(&ids, Side::Zoho, field, value);
    if why == "left" {
        sync.decisions.insert(key, "ignore".to_owned());
        return;
    }
    assert_eq!(why, "refused", "no setting {word}");
    let about = About::Misfit {
        side: Side::Zoho,
        field: field.to_owned(),
        misfit: Misfit::Refused("INVALID_DATA".to_owned()),
        judged: true,
    };
    let ids = Pair { zoho: Some(ids.zoho), google: Some(ids.google) };
    let question = Question { key: key.clone(), contact: String::new(), ids, about };
    sync.refused.insert(key, question);
}

#[test]
fn entries_without_a_label_fill_what_is_empty() {
    check(include_str!("tables/loose.txt"), 6, |cells| {
        let kind = Kind::of(&cells[0]);
        let mut sync = Sync { mapping: mapping(), ..Sync::new() };
        for word in cells[3].split_whitespace() {
            match word {
                "zoho" => sync.winner = Winner::Zoho,
                "google" => sync.winner = Winner::Google,
                "to-google" => sync.direction = Direction::ZohoToGoogle,
                "to-zoho" => sync.direction = Direction::GoogleToZoho,
                other => stays(&mut sync, other),
            }
        }
        let side = |cell: &str| -> [String; 2] {
            let (was, is) = cell.split_once('>').unwrap_or(("", cell));
            [was, is].map(|text| text.trim_matches(['∅', ' ']).to_owned())
        };
        let [zoho_was, zoho] = side(&cells[1]).map(|cell| kind.card(&sync.mapping, &cell));
        let [google_was, google] = side(&cells[2]).map(|cell| kind.entries(&cell));
        let settled = cells[1].contains('>');
        let base = settled.then_some((&zoho_was, google_was.as_slice()));
        let (_, after, there) = met(&kind, &sync, base, &zoho, &google);
        expect(&cells[4], &kind.written(&sync.mapping, &after))?;
        expect(&cells[5], &kind.listed(&there))
    });
}

#[test]
fn two_labels_that_change_places_are_meant() {
    let sync = Sync { mapping: mapping(), ..Sync::new() };
    let empty = Card::empty(sync.mapping.rules().len());
    for (name, labels, places) in [
        ("phone", ["work", "home"], ["Phone", "Home_Phone"]),
        ("phone", ["work", "mobile"], ["Phone", "Mobile"]),
        ("phone", ["mobile", "other"], ["Mobile", "Other_Phone"]),
        ("phone", ["home", "workFax"], ["Home_Phone", "Fax"]),
        ("e-mail", ["work", "home"], ["Email", "Secondary_Email"]),
        ("address", ["work", "home"], ["Mailing", "Other"]),
    ] {
        let kind = Kind::of(name);
        let [first, second] = ["1", "2"].map(|value| vec![value; kind.parts.len()].join("/"));
        for beside in ["", "=3", "cabin=3", "cabin=1", "=1"] {
            for turned in [false, true] {
                let list = |labels: [&str; 2]| {
                    let mut all =
                        kind.entries(&format!("{}={first} {}={second}", labels[0], labels[1]));
                    if turned {
                        all.reverse();
                    }
                    all.extend(kind.entries(beside));
                    all
                };
                let was = list(labels);
                let (_, settled, _) = met(&kind, &sync, None, &empty, &was);
                let now = list([labels[1], labels[0]]);
                let base = Some((&settled, was.as_slice()));
                let (_, after, there) = met(&kind, &sync, base, &settled, &now);
                let mut exchanged = settled.clone();
                kind.put(&sync.mapping, &mut exchanged, places[0], &second);
                kind.put(&sync.mapping, &mut exchanged, places[1], &first);
                let what = format!("{name} {labels:?} beside {beside}, turned {turned}");
                assert_eq!(after, exchanged, "{what}");
                assert_eq!(there, now, "{what}");
            }
        }
    }
}

/// Labels, those of loose entries more often than those of places.
const LABELS: [&str; 8] = ["", "", "", "other", "other", "work", "home", "cabin"];

fn value(kind: &Kind) -> impl Strategy<Value = String> + use<> {
    let part = prop_oneof![1 => Just("~".to_owned()), 4 => (1_u8..5).prop_map(|n| n.to_string())];
    prop::collection::vec(part, kind.parts.len()).prop_map(|parts| parts.join("/"))
}

type Drawn = (Kind, Vec<(String, String)>, Vec<(usize, String)>);

/// A kind, entries with their labels, and values of places.
fn drawn() -> impl Strategy<Value = Drawn> {
    prop::sample::select(vec!["phone", "e-mail", "address"]).prop_flat_map(|name| {
        let kind = Kind::of(name);
        let label = prop::sample::select(&LABELS[..]).prop_map(str::to_owned);
        let entries = prop::collection::vec((label, value(&kind)), 0..5);
        let places = prop::collection::vec((0..kind.places.len(), value(&kind)), 0..4);
        (entries, places).prop_map(move |(entries, places)| (Kind::of(name), entries, places))
    })
}

/// Every value of a kind that stands on either side.
fn values(mapping: &Mapping, kind: &Kind, zoho: &Card, google: &[Listed]) -> BTreeSet<String> {
    let fields = kind.places.iter().flat_map(|(_, fields)| fields.iter());
    let said = fields.filter_map(|field| zoho.get(mapping.by_zoho(field).expect("a field")));
    let there = google.iter().flat_map(|entry| entry.parts.iter().map(|(_, value)| &**value));
    said.chain(there).map(str::to_owned).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_when_two_meet_but_what_is_shown(
        (kind, entries, places) in drawn(),
        winner in prop_oneof![Just(Winner::Zoho), Just(Winner::Google), Just(Winner::Ask)],
        direction in prop_oneof![
            Just(Direction::TwoWay), Just(Direction::ZohoToGoogle), Just(Direction::GoogleToZoho)
        ],
        // How much of both stood there before, in step.
        before in prop::option::of(0_usize..3),
    ) {
        let sync = Sync { mapping: mapping(), winner, direction, ..Sync::new() };
        let mapping = &sync.mapping;
        let entries: Vec<Listed> = entries.iter()
            .map(|(label, value)| kind.entry(label, value))
            .filter(|entry| !entry.parts.is_empty())
            .collect();
        let empty = Card::empty(mapping.rules().len());
        let was: Vec<Listed> = entries.iter().take(before.unwrap_or(0)).cloned().collect();
        let settled = mapping.resolve(&empty, &was, &empty).into_owned();
        let mut zoho = settled.clone();
        for (place, value) in &places {
            let (name, fields) = kind.places[*place];
            // Only what is empty is typed: everything else is an edit.
            if fields.iter().all(|field| zoho.get(mapping.by_zoho(field).expect("a field")).is_none()) {
                kind.put(mapping, &mut zoho, name, value);
            }
        }
        let base = (!was.is_empty()).then_some((&settled, was.as_slice()));
        let (planned, after, there) = met(&kind, &sync, base, &zoho, &entries);
        let shown: Vec<String> = planned.differences.iter().filter_map(|decided| {
            let About::Difference { zoho, google, .. } = &decided.question.about else { return None };
            Some(format!("{zoho:?} {google:?}"))
        }).collect();
        let left = values(mapping, &kind, &after, &there);
        for value in values(mapping, &kind, &zoho, &entries) {
            let told = shown.iter().any(|text| text.contains(&value));
            prop_assert!(left.contains(&value) || told, "{value} is lost: {there:?} {planned:?}");
        }
        let own = |entry: &Listed| mapping.slots().iter().any(|slot| slot.group == kind.group && slot.label == entry.label);
        for (at, entry) in entries.iter().enumerate().filter(|(_, entry)| !own(entry)) {
            // Of an address that Zoho has too it gets what it lacks.
            let kept = there.get(at).is_some_and(|now| {
                let mut parts = entry.parts.iter();
                now.label == entry.label && parts.all(|part| now.parts.contains(part))
            });
            prop_assert!(kept, "{:?} is touched: {:?}", entry, there);
        }
    }

    #[test]
    fn what_is_relabelled_and_edited_at_once_is_not_lost(
        (kind, entries, places) in drawn(),
        labels in prop::collection::vec(prop::sample::select(&["", "other", "work", "home", "mobile", "cabin"][..]), 5),
        winner in prop_oneof![Just(Winner::Zoho), Just(Winner::Google)],
    ) {
        let sync = Sync { mapping: mapping(), winner, ..Sync::new() };
        let mapping = &sync.mapping;
        let was: Vec<Listed> = entries.iter()
            .map(|(label, value)| kind.entry(label, value))
            .filter(|entry| !entry.parts.is_empty())
            .collect();
        let empty = Card::empty(mapping.rules().len());
        let settled = mapping.resolve(&empty, &was, &empty).into_owned();
        let mut google = was.clone();
        google.iter_mut().zip(&labels).for_each(|(entry, label)| (*label).clone_into(&mut entry.label));
        let mut zoho = settled.clone();
        for (place, value) in &places {
            let (name, fields) = kind.places[*place];
            fields.iter().for_each(|field| zoho.set(mapping.by_zoho(field).expect("a field"), None));
            kind.put(mapping, &mut zoho, name, value);
        }
        let base = (!was.is_empty()).then_some((&settled, was.as_slice()));
        let (planned, after, there) = met(&kind, &sync, base, &zoho, &google);
        let typed = values(mapping, &kind, &zoho, &[]);
        let moved = |field: &str| {
            let held = settled.get(mapping.by_zoho(field).expect("a field"));
            held.is_some_and(|held| typed.contains(held))
        };
        // Two values in one place are a difference, and so is one that was taken away on the other side:
        // what gives way is in the history.
        let shown: Vec<String> = planned.differences.iter().filter_map(|decided| {
            let About::Difference { field, zoho, google } = &decided.question.about else { return None };
            let google = google.as_ref()?;
            match zoho {
                Some(zoho) => Some(format!("{zoho} {google}")),
                None => (!moved(field)).then(|| google.clone()),
            }
        }).collect();
        let left = values(mapping, &kind, &after, &there);
        let before = values(mapping, &kind, &settled, &[]);
        for value in values(mapping, &kind, &zoho, &google) {
            let told = shown.iter().any(|text| text.contains(&value));
            let taken_away = before.contains(&value) && !typed.contains(&value);
            prop_assert!(left.contains(&value) || told || taken_away, "{value} is lost: {after:?} {there:?} {planned:?}");
        }
    }
}
