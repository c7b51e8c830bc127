//! Linked pairs: who is still there, what was decided, and what a plan says about it.

use renraku_core::contact::{Card, Pair, Side, Text};
use renraku_core::mapping::Mapping;
use renraku_core::plan::{
    About, BaseUpdate, LedgerUpdate, Plan, PlanInput, Presence, Subject, Suspended, Verb, fates,
    name, plan,
};
use renraku_core::setup::{Direction, OnDelete, Winner};

use crate::table::{check, expect};
use crate::worlds::{EMAIL, FAMILY, GIVEN, NOTE, PHONE, Sync, card, here, linked, lone, mapping};

fn told(plan: &Plan) -> String {
    let mut told: Vec<String> = Vec::new();
    for step in &plan.steps {
        let verb = match &step.verb {
            Verb::Create { .. } => "create in",
            Verb::Update { label: true, .. } => "label in",
            Verb::Update { .. } => "update in",
            Verb::Delete { .. } => "delete in",
        };
        let lone = if matches!(step.subject, Subject::Origin(..)) { " stranger" } else { "" };
        told.push(format!("{verb} {}{lone}", step.side.name()));
    }
    for ledger_update in &plan.ledger_updates {
        told.push(match ledger_update {
            LedgerUpdate::Link { .. } => "link".to_owned(),
            LedgerUpdate::Learn { .. } => "learn".to_owned(),
            LedgerUpdate::Suspend { reason: None, .. } => "wake".to_owned(),
            LedgerUpdate::Suspend { reason: Some(reason), .. } => match reason {
                Suspended::OutOfScope(side) => format!("sleep, out in {}", side.name()),
                Suspended::Hidden(side) => format!("sleep, hidden in {}", side.name()),
                Suspended::TargetGone(side) => format!("sleep, target gone in {}", side.name()),
                Suspended::Merged(side) => format!("sleep, merged in {}", side.name()),
                Suspended::Asked => "sleep".to_owned(),
                Suspended::LeftOut => "sleep, left out".to_owned(),
                Suspended::Alarm(side) => format!("sleep, alarm in {}", side.name()),
                Suspended::Unreadable(side) => format!("sleep, unreadable in {}", side.name()),
                Suspended::Undone => "sleep, undone".to_owned(),
            },
            LedgerUpdate::End { .. } => "end".to_owned(),
            LedgerUpdate::Stop { .. } => "stop".to_owned(),
            LedgerUpdate::Move { side, .. } => format!("move in {}", side.name()),
        });
    }
    for question in &plan.questions {
        told.push(match &question.about {
            About::Deletion { edited: true, .. } => "ask, edited".to_owned(),
            About::Deletion { .. } => "ask".to_owned(),
            About::Recreate { .. } => "ask to create".to_owned(),
            About::Merged { .. } => "show as one".to_owned(),
            About::Misfit { .. } => "ask about a value".to_owned(),
            About::Difference { .. } => "ask whose value".to_owned(),
            About::MassChange { contacts, .. } => format!("alarm about {contacts}"),
            About::Doubtful(_)
            | About::Unreadable { .. }
            | About::InOnePiece { .. }
            | About::Duplicate { .. }
            | About::Frozen { .. }
            | About::Refused { .. }
            | About::Scope { .. }
            | About::UndoLeft { .. } => "ask something else".to_owned(),
        });
    }
    if !plan.waiting.is_empty() {
        told.push("wait".to_owned());
    }
    if !plan.lagging.is_empty() {
        told.push("look again".to_owned());
    }
    if told.is_empty() { "nothing".to_owned() } else { told.join("; ") }
}

fn presence(side: Side, word: &str) -> Presence {
    let id = if side == Side::Zoho { "z7" } else { "people/7" };
    let same = card(&[(0, "山田"), (1, "太郎")]);
    match word {
        "here" => here(id, same, true),
        "edited" => here(id, card(&[(0, "山田"), (1, "次郎")]), true),
        "out" => here(id, same, false),
        "gone" => Presence::Gone,
        "hidden" => Presence::Hidden,
        "unreadable" => Presence::Unreadable,
        "lagging" => Presence::Lagging,
        "converted" => Presence::Converted,
        "merged" => Presence::MergedInto { survivor: "s".to_owned(), linked: false },
        "merged-linked" => Presence::MergedInto { survivor: "s".to_owned(), linked: true },
        other => panic!("no presence {other}"),
    }
}

#[test]
fn pair_states() {
    check(include_str!("tables/pairs.txt"), 5, |cells| {
        let mut sync = Sync::new();
        for word in cells[2].split_whitespace() {
            match word {
                "two-way" => sync.direction = Direction::TwoWay,
                "to-google" => sync.direction = Direction::ZohoToGoogle,
                "to-zoho" => sync.direction = Direction::GoogleToZoho,
                "ask" => sync.on_delete = OnDelete::Ask,
                "delete" => sync.on_delete = OnDelete::Delete,
                "keep" => sync.on_delete = OnDelete::Keep,
                "first" => sync.first_run = true,
                "no-label" => sync.label = false,
                "no-room" => sync.limit = 0,
                "approved" | "fresh" | "asleep" | "doubted" | "undone" | "survivor" | "asked"
                | "alarm-zoho" | "alarm-google" => {}
                other => panic!("no setting {other}"),
            }
        }
        if let Some((key, choice)) = cells[3].split_once('=') {
            sync.decisions.insert(key.to_owned(), choice.to_owned());
        }
        let base = card(&[(0, "山田"), (1, "太郎")]);
        let now = Pair {
            zoho: presence(Side::Zoho, &cells[0]),
            google: presence(Side::Google, &cells[1]),
        };
        let mut pair = linked(7, Pair { zoho: base.clone(), google: base }, now);
        pair.fresh = cells[2].contains("fresh");
        pair.doubted = cells[2].contains("doubted");
        pair.suspended = cells[2].contains("asleep").then_some(Suspended::Hidden(Side::Zoho));
        if cells[2].contains("undone") {
            pair.suspended = Some(Suspended::Undone);
        }
        if cells[2].contains("asked") {
            pair.suspended = Some(Suspended::Asked);
        }
        if let Some((_, side)) = cells[2].split_once("alarm-") {
            let side = if side.starts_with("zoho") { Side::Zoho } else { Side::Google };
            pair.suspended = Some(Suspended::Alarm(side));
            sync.alarms[side] = true;
        }
        let mut world = PlanInput { linked: vec![pair], ..PlanInput::default() };
        if cells[2].contains("survivor") {
            let survivor = card(&[(0, "山田"), (1, "三郎")]);
            world.unlinked.zoho.push(lone("s", survivor, true, None));
        }
        let mut planned = plan(world.clone(), &sync.rules());
        if cells[2].contains("approved") {
            planned.approve();
        }
        for (contact, fates) in fates(&world, &planned) {
            assert_eq!(fates.len(), 1, "{contact:?} has one fate");
        }
        expect(&cells[4], &told(&planned))
    });
}

#[test]
fn fields_of_a_pair() {
    check(include_str!("tables/fields.txt"), 6, |cells| {
        let mapping = mapping();
        let rule = mapping.by_zoho(&cells[0]).expect("a field");
        let of = |text: &str| {
            let (was, is) = text.split_once("->").map_or((text, text), |(a, b)| (a, b));
            let one = |v: &str| {
                let mut card = Card::empty(mapping.rules().len());
                let v = v.trim();
                if rule != 0 {
                    card.set(0, Some("山田"));
                }
                card.set(rule, Some(v).filter(|v| *v != "-" || rule == 0).filter(|v| *v != "~"));
                card
            };
            (one(was), one(is))
        };
        let (zoho_was, zoho) = of(&cells[1]);
        let (google_was, google) = of(&cells[2]);
        let mut sync = Sync::new();
        let (mut frozen, mut doubted) = (false, false);
        for word in cells[3].split_whitespace() {
            match word {
                "zoho" => sync.winner = Winner::Zoho,
                "google" => sync.winner = Winner::Google,
                "ask" => sync.winner = Winner::Ask,
                "to-google" => sync.direction = Direction::ZohoToGoogle,
                "to-zoho" => sync.direction = Direction::GoogleToZoho,
                "frozen" => frozen = true,
                "doubted" => doubted = true,
                key if key.contains('=') => {
                    let (key, choice) = key.split_once('=').expect("a decision");
                    sync.decisions.insert(key.to_owned(), choice.to_owned());
                }
                other => panic!("no setting {other}"),
            }
        }
        let now = Pair { zoho: here("z7", zoho, true), google: here("people/7", google, true) };
        let mut pair = linked(7, Pair { zoho: zoho_was, google: google_was }, now);
        pair.doubted = doubted;
        if frozen {
            pair.frozen.insert(rule);
        }
        let planned = plan(PlanInput { linked: vec![pair], ..PlanInput::default() }, &sync.rules());
        let mut found = Vec::new();
        let mut bases = Vec::new();
        let text = |v: &Option<Text>| v.as_deref().unwrap_or("~").to_owned();
        let learned =
            |all: &BaseUpdate| all.get(rule).map(|both| (text(&both.zoho), text(&both.google)));
        for step in &planned.steps {
            if let Verb::Update { patch, .. } = &step.verb {
                for value in patch.values() {
                    found.push(format!("{} := {}", step.side.name(), text(value)));
                }
            }
            bases.extend(learned(&step.learn));
        }
        for ledger_update in &planned.ledger_updates {
            if let LedgerUpdate::Learn { learn, .. } = ledger_update {
                bases.extend(learned(learn));
            }
        }
        found.extend(planned.questions.iter().map(|q| q.key.clone()));
        let bases: Vec<String> = bases.iter().map(|(z, g)| format!("{z} / {g}")).collect();
        let list = |list: Vec<String>| {
            if list.is_empty() { "nothing".to_owned() } else { list.join(", ") }
        };
        expect(&cells[4], &list(found))?;
        expect(&cells[5], &list(bases))
    });
}

#[test]
fn a_value_that_does_not_fit_holds_its_field_alone() {
    let base = card(&[(FAMILY, "山田"), (NOTE, "note")]);
    let zoho = card(&[(FAMILY, "山田"), (NOTE, "new"), (PHONE, "03-1234-5678")]);
    let google = card(&[(FAMILY, "山田"), (NOTE, "new"), (EMAIL, "no mail"), (GIVEN, "太郎")]);
    let pair = linked(
        7,
        Pair { zoho: base.clone(), google: base },
        Pair { zoho: here("z7", zoho, true), google: here("people/7", google, true) },
    );
    let world = PlanInput { linked: vec![pair], ..PlanInput::default() };
    let written = |planned: &Plan, side: Side| {
        let step = planned.steps.iter().find(|step| step.side == side).expect("a step");
        let Verb::Update { patch, .. } = &step.verb else { panic!("an update") };
        assert!(step.learn.get(EMAIL).is_none(), "no base claims that the e-mail was settled");
        patch.keys().copied().collect::<Vec<_>>()
    };
    let mut sync = Sync::new();
    let planned = plan(world.clone(), &sync.rules());
    let [question] = planned.questions.as_slice() else { panic!("the e-mail is asked about") };
    assert_eq!(written(&planned, Side::Zoho), [GIVEN], "the rest goes on, the e-mail stays");
    assert_eq!(written(&planned, Side::Google), [PHONE], "either way");
    let learned = |ledger_update: &LedgerUpdate| matches!(ledger_update, LedgerUpdate::Learn { learn, .. } if learn.get(NOTE).is_some());
    assert!(planned.ledger_updates.iter().any(learned), "the notes agree and are settled");
    sync.decisions.insert(question.key.clone(), "ignore".to_owned());
    let planned = plan(world, &sync.rules());
    assert_eq!(planned.questions, [], "what is ignored is not asked about");
    assert_eq!(written(&planned, Side::Zoho), [GIVEN], "and is left alone");
}

#[test]
fn two_contacts_merged_into_one_survivor_are_one_link() {
    let gone = |link| {
        let base = card(&[(0, "山田")]);
        let now = Pair {
            zoho: Presence::MergedInto { survivor: "s".to_owned(), linked: false },
            google: here(&format!("people/{link}"), base.clone(), true),
        };
        linked(link, Pair { zoho: base.clone(), google: base }, now)
    };
    let world = PlanInput { linked: vec![gone(8), gone(7)], ..PlanInput::default() };
    let planned = plan(world, &Sync::new().rules());
    let moves: Vec<i64> = planned
        .ledger_updates
        .iter()
        .filter_map(|b| if let LedgerUpdate::Move { link, .. } = b { Some(*link) } else { None })
        .collect();
    assert_eq!(moves, [7], "the older link moves, the other sleeps");
    assert_eq!(planned.questions.len(), 1, "and the two persons are shown as one");
}

#[test]
fn what_a_contact_is_called() {
    for (values, called) in [
        (&[(0, "山田"), (1, "太郎")][..], "山田 太郎"),
        (&[(0, "ﾔﾏﾀﾞ"), (1, "ﾀﾛｳ")], "ﾔﾏﾀﾞ ﾀﾛｳ"),
        (&[(0, "Smith"), (1, "John")], "John Smith"),
        (&[(0, "Smith")], "Smith"),
        (&[(1, "太郎")], "太郎"),
        (&[(2, "a@x.jp"), (3, "03-1234-5678")], "a@x.jp"),
        (&[(3, "03-1234-5678")], "03-1234-5678"),
        (&[], ""),
    ] {
        assert_eq!(name(&mapping(), &card(values)), called);
    }
}

#[test]
fn a_field_that_cannot_be_read_is_left_alone_on_both_sides() {
    for (what, held, unread) in [("held", true, false), ("left out", false, true)] {
        for change in [None, Some("edited in Google")] {
            let mut sync = Sync::new();
            let base = card(&[(FAMILY, "山田"), (EMAIL, "a@a.test"), (NOTE, "note")]);
            let zoho = card(&[(FAMILY, "鈴木"), (EMAIL, "a@a.test")]);
            let mut google = base.clone();
            if let Some(note) = change {
                google.set(NOTE, Some(note));
            }
            let mut now =
                Pair { zoho: here("z7", zoho, true), google: here("people/7", google, true) };
            if held {
                sync.held.insert(NOTE);
            }
            if let (true, Presence::Here { record, .. }) = (unread, &mut now.zoho) {
                record.unread.insert(NOTE);
            }
            let pair = linked(7, Pair { zoho: base.clone(), google: base }, now);
            let world = PlanInput { linked: vec![pair], ..PlanInput::default() };
            let found = plan(world, &sync.rules());
            let [step] = found.steps.as_slice() else { panic!("{what}: {:?}", found.steps) };
            let fields: Vec<&str> = step.fields.iter().map(|note| note.field.as_str()).collect();
            assert_eq!(fields, ["Last_Name"], "{what}: the others travel");
            assert_eq!(step.learn.get(NOTE), None, "{what}: its bases stay");
        }
    }
}

#[test]
fn a_new_contact_goes_without_a_field_that_cannot_be_read() {
    for from in Side::BOTH {
        let mut sync = Sync::new();
        sync.held.insert(NOTE);
        let mut world = PlanInput::default();
        let values = card(&[(FAMILY, "山田"), (NOTE, "note")]);
        world.unlinked[from].push(lone("one", values, true, None));
        let found = plan(world, &sync.rules());
        let [step] = found.steps.as_slice() else { panic!("{:?}", found.steps) };
        let Verb::Create { card } = &step.verb else { panic!("{step:?}") };
        assert_eq!((card.get(FAMILY), card.get(NOTE)), (Some("山田"), None));
        assert_eq!(step.learn.get(NOTE), None, "so that it travels once it can be read");
    }
}

/// Everything as before, but Zoho takes no changes to the notes any more.
fn closed() -> Sync {
    let mut sync = Sync::new();
    let mut rules = sync.mapping.rules().to_vec();
    rules.get_mut(NOTE).expect("the notes").zoho_writable = false;
    sync.mapping = Mapping::new(sync.mapping.module, rules);
    sync.closed.insert(NOTE);
    sync
}

#[test]
fn what_zoho_does_not_take_rests_in_google() {
    let held = || {
        let mut sync = Sync::new();
        sync.held.insert(NOTE);
        sync
    };
    for (what, sync) in [("closed", closed()), ("held", held())] {
        for direction in [Direction::TwoWay, Direction::GoogleToZoho, Direction::ZohoToGoogle] {
            let sync = Sync { direction, ..sync_like(&sync) };
            let rests = direction.writes(Side::Zoho);
            let base = card(&[(FAMILY, "山田"), (EMAIL, "a@a.test"), (NOTE, "note")]);
            let mut google = base.clone();
            google.set(NOTE, Some("edited"));
            let now = Pair {
                zoho: here("z7", base.clone(), true),
                google: here("people/7", google, true),
            };
            let pair = linked(7, Pair { zoho: base.clone(), google: base }, now);
            let world = PlanInput { linked: vec![pair], ..PlanInput::default() };
            let found = plan(world, &sync.rules());
            assert!(found.steps.is_empty(), "{what}: {:?}", found.steps);
            assert_eq!(found.resting.contains(&(Side::Zoho, "z7".to_owned())), rests, "{what}");

            let mut world = PlanInput::default();
            let values = card(&[(FAMILY, "鈴木"), (NOTE, "note")]);
            world.unlinked.google.push(lone("one", values, true, None));
            let found = plan(world, &sync.rules());
            let one = (Side::Google, "one".to_owned());
            assert_eq!(found.resting.contains(&one), rests, "{what}: a new one's too");
            if let [step] = found.steps.as_slice() {
                assert_eq!(step.learn.get(NOTE), None, "{what}: so that it travels later");
            }
        }
    }
}

/// The same rules in one more sync.
fn sync_like(sync: &Sync) -> Sync {
    Sync {
        mapping: sync.mapping.clone(),
        held: sync.held.clone(),
        closed: sync.closed.clone(),
        ..Sync::new()
    }
}
