//! The promises, over made-up worlds of every direction, winner, deletion rule and scope.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use renraku_core::contact::{Card, Pair, Side};
use renraku_core::plan::{About, Fate, Plan, PlanInput, Presence, Verb, fates, plan};
use renraku_core::setup::{Direction, OnDelete, Winner};

use crate::names::{Names, names_meet, part};
use crate::simulator::{Contact, Link, Simulator, State};
use crate::worlds::{BORN, EMAIL, FAMILY, FIELDS, GIVEN, LOCKED, SOURCE, Sync, here, linked};

/// Values of each field: few, so that contacts meet; some that Zoho does not take.
fn value(rule: usize, pick: u8) -> Option<&'static str> {
    let values: &[&str] = match rule {
        0 => &["山田", "Smith", "-", "a name that is much too long"],
        1 => &["太郎", "John"],
        2 => &["a@x.jp", "b@x.jp", "c@x.jp", "d@x.jp", "no mail"],
        3 => &["03-1234-5678", "+81 3-1234-5678", "090-1111-2222"],
        4 => &["note", "a\nb"],
        5 => &["1980-05-17", "--05-17", "1990-01-01"],
        6 => &["Web site", "Web site ", "Fair", "Radio"],
        _ => &["locked", "open"],
    };
    values.get(usize::from(pick)).copied()
}

fn card() -> impl Strategy<Value = Card> {
    prop::collection::vec(0_u8..8, FIELDS).prop_map(|picks| {
        let values = picks.iter().enumerate().map(|(rule, pick)| value(rule, *pick));
        Card(values.map(|value| value.map(Into::into)).collect())
    })
}

fn state() -> impl Strategy<Value = State> {
    prop_oneof![
        12 => Just(State::Here),
        3 => Just(State::Gone),
        1 => Just(State::Hidden),
        1 => Just(State::Lagging),
        1 => Just(State::MergedInto(String::new())),
    ]
}

type Drawn = (Card, Pair<Vec<Option<u8>>>, Pair<State>, Pair<bool>, bool);

/// A linked pair: what both said, what each says now, whether it is there and in the scope.
fn pair() -> impl Strategy<Value = Drawn> {
    let edits = || {
        prop::collection::vec(prop_oneof![4 => Just(None), 1 => (0_u8..6).prop_map(Some)], FIELDS)
    };
    let inside = || prop::bool::weighted(0.9);
    (
        card(),
        (edits(), edits()),
        (state(), state()),
        (inside(), inside()),
        prop::bool::weighted(0.2),
    )
        .prop_map(|(base, (a, b), (s, t), (i, j), fresh)| {
            let pair = |zoho, google| Pair { zoho, google };
            (base, pair(a, b), Pair { zoho: s, google: t }, Pair { zoho: i, google: j }, fresh)
        })
}

prop_compose! {
    fn simulator()(
        pairs in prop::collection::vec(pair(), 0..4),
        zoho in prop::collection::vec((card(), prop::bool::weighted(0.9)), 0..5),
        google in prop::collection::vec((card(), prop::bool::weighted(0.9)), 0..5),
    ) -> Simulator {
        let mut world = Simulator::default();
        for (side, list) in [(Side::Zoho, &zoho), (Side::Google, &google)] {
            for (card, in_scope) in list {
                let (card, in_scope) = (card.clone(), *in_scope);
                world.add(side, Contact { card, in_scope, state: State::Here });
            }
        }
        for (base, edits, states, inside, fresh) in &pairs {
            let mut ids = Pair { zoho: String::new(), google: String::new() };
            for side in Side::BOTH {
                let mut card = base.clone();
                for (rule, edit) in edits[side].iter().enumerate() {
                    if let Some(pick) = edit {
                        card.set(rule, value(rule, *pick));
                    }
                }
                let mut state = states[side].clone();
                if let State::MergedInto(survivor) = &mut state {
                    let Some(first) = world.sides[side].keys().next() else { continue };
                    survivor.clone_from(first);
                }
                ids[side] = world.add(side, Contact { card, in_scope: inside[side], state });
            }
            if Side::BOTH.iter().any(|side| ids[*side].is_empty()) {
                for side in Side::BOTH {
                    world.sides[side].remove(&ids[side]);
                }
                continue;
            }
            let base = if *fresh { Card::empty(FIELDS) } else { base.clone() };
            let base = Pair { zoho: base.clone(), google: base };
            world.link(Link { ids, base, fresh: *fresh, suspended: None, stopped: false });
        }
        world
    }
}

prop_compose! {
    fn sync()(
        direction in prop_oneof![
            Just(Direction::TwoWay), Just(Direction::ZohoToGoogle), Just(Direction::GoogleToZoho)
        ],
        winner in prop_oneof![Just(Winner::Zoho), Just(Winner::Google)],
        on_delete in prop_oneof![Just(OnDelete::Ask), Just(OnDelete::Delete), Just(OnDelete::Keep)],
        by_phone in any::<bool>(),
        label in any::<bool>(),
        first_run in any::<bool>(),
    ) -> Sync {
        Sync { direction, winner, on_delete, by_phone, label, first_run, ..Sync::new() }
    }
}

impl std::fmt::Debug for Sync {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Sync { direction, winner, on_delete, by_phone, label, first_run, .. } = self;
        write!(f, "{direction:?} {winner:?} {on_delete:?} {by_phone} {label} {first_run}")
    }
}

fn shown(plan: &Plan) -> String {
    format!(
        "{:?} {:?} {:?} {:?}",
        plan.steps,
        plan.ledger_updates,
        plan.questions,
        (&plan.quiet, &plan.waiting, &plan.lagging)
    )
}

/// P1: what was there is there still, or the history tells it.
fn nothing_lost(before: &Simulator, after: &Simulator, plan: &Plan) {
    for side in Side::BOTH {
        for (id, contact) in &before.sides[side] {
            let now = &after.sides[side][id];
            for (rule, was) in contact.card.0.iter().enumerate() {
                let field = &crate::worlds::mapping().rules()[rule].zoho.clone();
                let told = plan.steps.iter().filter(|step| step.side == side).any(|step| {
                    let same = match &step.verb {
                        Verb::Update { id: at, .. } | Verb::Delete { id: at, .. } => at == id,
                        Verb::Create { .. } => false,
                    };
                    same && step.fields.iter().any(|n| n.field == *field && n.before == *was)
                });
                let kept = now.state == contact.state && now.card.0[rule] == *was;
                assert!(was.is_none() || kept || told, "{side:?} {id} lost {field}");
            }
        }
    }
}

/// P4, and the half of P1 that says an edit arrives: see the merge table.
fn agreement(before: &PlanInput, after: &Simulator, sync: &Sync, plan: &Plan) {
    let fates = fates(before, plan);
    for pair in &before.linked {
        let (
            Presence::Here { record: z, in_scope: true },
            Presence::Here { record: g, in_scope: true },
        ) = (&pair.now.zoho, &pair.now.google)
        else {
            continue;
        };
        let held: BTreeSet<&str> = (plan.questions.iter())
            .filter(|q| q.ids.zoho.as_ref() == Some(&z.id))
            .filter_map(
                |q| if let About::Misfit { field, .. } = &q.about { Some(field) } else { None },
            )
            .map(String::as_str)
            .collect();
        let asked = fates[&(Side::Zoho, z.id.clone())].contains(&Fate::Asked);
        let winner = sync.winner.side().expect("a winner");
        let names = names_meet(pair, Pair { zoho: &z.card, google: &g.card }, winner);
        let in_doubt = names == Some(Names::Asked);
        // Nobody can empty the family name in Zoho: an answer without it tells nothing of the name.
        let lacks = pair.base.zoho.get(FAMILY).is_some() && z.card.get(FAMILY).is_none();
        assert!(!asked || in_doubt || !held.is_empty(), "a value that does not fit holds a pair");
        let now = Pair::of(|side| &after.sides[side][&pair.ids[side]].card);
        for (rule, spec) in sync.mapping.rules().iter().enumerate() {
            let met = names.filter(|_| [FAMILY, GIVEN].contains(&rule));
            // What belongs together agrees as a whole, and one part that does not fit holds it.
            let whole =
                met.is_some() && (held.contains("Last_Name") || held.contains("First_Name"));
            let settles = matches!(met, Some(Names::Same | Names::Asked));
            let untold = lacks && [FAMILY, GIVEN].contains(&rule);
            if held.contains(spec.zoho.as_str()) || whole || settles || untold {
                continue;
            }
            let mut changed = Pair {
                zoho: sync.mapping.edited(rule, pair.base.zoho.get(rule), z.card.get(rule)),
                google: sync.mapping.edited(rule, pair.base.google.get(rule), g.card.get(rule)),
            };
            if rule == FAMILY
                && pair.fresh
                && z.card.get(rule).is_some()
                && g.card.get(rule).is_some()
            {
                // Nobody typed what only stands in.
                changed.zoho &= part(&z.card, rule).is_some();
                changed.google &= part(&g.card, rule).is_some();
            }
            let both = met == Some(Names::Differ);
            if let Some(Names::Fuller(side)) = met {
                changed = Pair::of(|s| s == side);
            }
            let from = match (changed.zoho || both, changed.google || both) {
                (true, true) => winner,
                (true, false) => Side::Zoho,
                (false, true) => Side::Google,
                (false, false) => continue,
            };
            let to = from.other();
            let (said, heard) = (now[from].get(rule), now[to].get(rule));
            let closed = to == Side::Zoho
                && (rule == LOCKED || (rule == BORN && said.is_some_and(|v| v.starts_with("--"))));
            if !sync.direction.writes(to) || closed {
                let was = if to == Side::Zoho { &z.card } else { &g.card };
                assert_eq!(heard, was.get(rule), "a field that may not be written is left");
                continue;
            }
            let default =
                rule == FAMILY && now.google.get(rule).is_none() && now.zoho.get(rule) == Some("-");
            assert!(
                sync.mapping.same(rule, said, heard) || default,
                "rule {rule}: {said:?} {heard:?}"
            );
        }
    }
}

/// P5, P6 and P10.
fn hands_off(before: &PlanInput, sync: &Sync, plan: &Plan) {
    let links: BTreeMap<i64, _> = before.linked.iter().map(|pair| (pair.link, pair)).collect();
    for step in &plan.steps {
        assert!(sync.direction.writes(step.side), "the source of a one-way sync was written");
        let pair = match &step.subject {
            renraku_core::plan::Subject::Link(link) => Some(links[link]),
            renraku_core::plan::Subject::Match(_) | renraku_core::plan::Subject::Origin(..) => None,
        };
        match &step.verb {
            Verb::Create { .. } => assert!(!step.fields.is_empty(), "an empty contact"),
            Verb::Update { before: was, patch, label, .. } => {
                assert!(!patch.is_empty() || *label, "an update of nothing");
                for (rule, value) in patch {
                    assert!(
                        sync.mapping.edited(*rule, was.get(*rule), value.as_deref()),
                        "no change"
                    );
                    assert!(step.side == Side::Google || *rule != LOCKED, "a locked field");
                    let from = step.side.other();
                    if let Some(pair) = pair
                        && let Presence::Here { record, .. } = &pair.now[from]
                    {
                        let base = pair.base[from].get(*rule);
                        let (Presence::Here { record: z, .. }, Presence::Here { record: g, .. }) =
                            (&pair.now.zoho, &pair.now.google)
                        else {
                            continue;
                        };
                        let name = [FAMILY, GIVEN].contains(rule);
                        let cards = Pair { zoho: &z.card, google: &g.card };
                        let winner = sync.winner.side().expect("a winner");
                        let met = name
                            && matches!(
                                names_meet(pair, cards, winner),
                                Some(Names::Differ | Names::Fuller(_))
                            );
                        assert!(
                            met || sync.mapping.edited(*rule, base, record.card.get(*rule)),
                            "unedited"
                        );
                    }
                }
            }
            Verb::Delete { id, .. } => {
                let pair = pair.expect("only a linked contact is deleted");
                assert!(!sync.first_run && sync.on_delete == OnDelete::Delete, "by no rule");
                assert!(
                    pair.now[step.side.other()] == Presence::Gone
                        || matches!(pair.now[step.side.other()], Presence::MergedInto { .. })
                        || matches!(pair.now[step.side], Presence::MergedInto { .. }),
                    "without a tombstone"
                );
                if let Presence::Here { record, .. } = &pair.now[step.side]
                    && record.id == *id
                {
                    let base = &pair.base[step.side];
                    let same = (0..FIELDS).all(|rule| {
                        !sync.mapping.edited(rule, base.get(rule), record.card.get(rule))
                    });
                    assert!(same, "an edited contact was deleted");
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn promises_hold(start in simulator(), sync in sync()) {
        let world = start.world();
        let mut after = start.clone();
        let planned = after.run(&sync);
        for (contact, fates) in fates(&world, &planned) {
            prop_assert_eq!(fates.len(), 1, "{:?}", contact);
        }
        nothing_lost(&start, &after, &planned);
        agreement(&world, &after, &sync, &planned);
        hands_off(&world, &sync, &planned);
        // P3: nothing is left to write. Where a key was changed its twins are looked at once more.
        let mut third = after.clone();
        if changes_a_key(&planned) {
            third.run(&sync);
        }
        let again = third.run(&sync);
        prop_assert!(again.steps.is_empty(), "the second run writes {:?}", again.steps);
        prop_assert!(again.waiting.is_empty());
        // P2: nobody has two counterparts.
        for side in Side::BOTH {
            let ids: BTreeSet<_> = third.links.values().map(|link| &link.ids[side]).collect();
            prop_assert_eq!(ids.len(), third.links.len());
        }
    }

    #[test]
    fn a_row_without_a_base_clears_nothing(
        said in card(), zoho in card(), google in card(), row in 0_usize..FIELDS, sync in sync(),
    ) {
        // Both were in step, and then one row of the mapping came to point elsewhere.
        let mut base = said;
        base.set(row, None);
        let base = Pair { zoho: base.clone(), google: base };
        let now = Pair { zoho: here("z1", zoho.clone(), true), google: here("people/1", google.clone(), true) };
        let pair = linked(1, base, now);
        let sync = Sync { renewed: [sync.mapping.rules()[row].zoho.clone()].into(), ..sync };
        // Names are one thing: two that meet, or that both changed, are judged as a whole.
        let whole = [FAMILY, GIVEN].contains(&row);
        let rest = FAMILY + GIVEN - row.min(GIVEN);
        let changed = |now: &Card| sync.mapping.edited(rest, pair.base.zoho.get(rest), now.get(rest));
        let cards = Pair { zoho: &zoho, google: &google };
        let judged = names_meet(&pair, cards, Side::Zoho).is_some() || (changed(&zoho) && changed(&google));
        prop_assume!(!whole || !judged);
        let world = PlanInput { linked: vec![pair], ..PlanInput::default() };
        let planned = plan(world, &sync.rules());
        for step in &planned.steps {
            let Verb::Update { patch, .. } = &step.verb else { continue };
            prop_assert_ne!(patch.get(&row), Some(&None), "cleared: {:?}", step);
        }
        let wrote = |side: Side| planned.steps.iter().any(|step| {
            step.side == side && matches!(&step.verb, Verb::Update { patch, .. } if patch.contains_key(&row))
        });
        let (z, g) = (zoho.get(row), google.get(row));
        if sync.mapping.same(row, z, g) && row != BORN {
            prop_assert!(!wrote(Side::Zoho) && !wrote(Side::Google), "equal settles");
        }
        for side in Side::BOTH {
            // What is empty takes nothing from what is not.
            let empty = if side == Side::Zoho { z.is_none() } else { g.is_none() };
            prop_assert!(!(empty && wrote(side.other())) , "an empty place overwrites nothing");
        }
    }

    #[test]
    fn order_does_not_matter(start in simulator(), sync in sync(), turn in 0_usize..5) {
        let mut turned = start.world();
        turned.linked.reverse();
        for side in Side::BOTH {
            let list = &mut turned.unlinked[side];
            let by = if list.is_empty() { 0 } else { turn % list.len() };
            list.rotate_left(by);
            list.reverse();
        }
        let rules = sync.rules();
        prop_assert_eq!(shown(&plan(start.world(), &rules)), shown(&plan(turned, &rules)));
    }

    #[test]
    fn limits_hold_and_nothing_is_forgotten(start in simulator(), sync in sync(), limit in 1_u32..4, room in 0_u32..3) {
        let mut world = start.clone();
        let small = Sync { limit, room: 500, direction: sync.direction, winner: sync.winner, ..Sync::new() };
        for _ in 0..20 {
            let planned = world.run(&small);
            let changed = changes_a_key(&planned);
            let contacts: BTreeSet<_> = planned.steps.iter().map(|step| &step.subject).collect();
            prop_assert!(contacts.len() <= limit as usize, "over the limit");
            if planned.waiting.is_empty() && !changed {
                break;
            }
            let free = planned.waiting.is_empty() || contacts.len() == limit as usize;
            prop_assert!(free, "some wait although there is room");
        }
        let last = world.run(&small);
        prop_assert!(last.steps.is_empty() && last.waiting.is_empty());
        let full = Sync { room, ..sync };
        let planned = start.clone().run(&full);
        let made = planned.steps.iter().filter(|s| s.side == Side::Google && matches!(s.verb, Verb::Create { .. }));
        prop_assert!(made.count() <= room as usize);
        let open = Sync { room: 500, ..full };
        let free = start.clone().run(&open);
        let others = |plan: &Plan| plan.steps.iter()
            .filter(|s| s.side == Side::Zoho || !matches!(s.verb, Verb::Create { .. })).count();
        prop_assert_eq!(others(&planned), others(&free), "the cap stops creates towards Google only");
        prop_assert_eq!(planned.google_full, !planned.waiting.is_empty());
    }
}

/// Whether a linked contact stops to carry a key that others share.
fn changes_a_key(plan: &Plan) -> bool {
    plan.steps.iter().any(|step| match &step.verb {
        Verb::Update { patch, .. } => patch.contains_key(&EMAIL),
        Verb::Delete { .. } => true,
        Verb::Create { .. } => false,
    })
}

#[test]
fn the_pool_has_misfits() {
    let mapping = crate::worlds::mapping();
    let bad = |rule: usize, pick| {
        let spec = &mapping.rules()[rule];
        let fit = spec.kind.fit_zoho(value(rule, pick).expect("a value"), spec.zoho_length);
        assert!(matches!(fit, renraku_core::field::Fit::Invalid(_)));
    };
    bad(FAMILY, 3);
    bad(EMAIL, 4);
    bad(SOURCE, 3);
}
