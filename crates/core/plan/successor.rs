//! Who lost its counterpart, and the new contact that is the same person: an address book that was
//! imported again, two records of which one was merged away. They are brought together before
//! anything is asked or created.

use std::collections::BTreeSet;

use crate::contact::{Card, Pair, Side};
use crate::matching::{Entry, Evidence, Matched, pair_up};

use super::input::{CreateBlock, Linked, Presence, Unlinked};
use super::ledger_update::{LedgerUpdate, Suspended};
use super::planner::{Past, Planner, Successor};

/// Who lost its counterpart.
struct Bereft {
    /// The place of the pair in the list of linked ones.
    place: usize,
    /// The end that is left, as a contact that looks for a counterpart.
    lone: Unlinked,
    /// What the pair is recognised by, be it by what only one of the two said.
    evidence: Evidence,
    /// What the lost one said last.
    said: Card,
}

impl Planner<'_> {
    /// Links whoever lost its counterpart with the contact that took its place, as freshly matched:
    /// what the lost one said last is no base for another contact.
    pub(super) fn reunite(&mut self, linked: &mut Vec<Linked>, unlinked: &mut Pair<Vec<Unlinked>>) {
        let bereft = bereft(linked);
        let any = |side: Side| !(unlinked[side].is_empty() && bereft[side].is_empty());
        let may_meet =
            Side::BOTH.into_iter().any(|side| !bereft[side].is_empty() && any(side.other()));
        if !may_meet {
            return;
        }
        let entries = Pair::of(|side| {
            let known = unlinked[side].iter().map(Unlinked::entry);
            let lost = bereft[side].iter().map(|left| Entry {
                record: &left.lone.record,
                evidence: &left.evidence,
                twin: false,
                bereft: Some(&left.said),
            });
            known.chain(lost).collect::<Vec<_>>()
        });
        let Matched { matches, doubtful, .. } = pair_up(&entries, self.ways());
        let mut over: BTreeSet<usize> = BTreeSet::new();
        let mut met: Pair<BTreeSet<usize>> = Pair::default();
        let found = matches.into_iter().map(|(z, g, by)| (z, g, by, true));
        let doubts = doubtful.into_iter().map(|(z, g, by)| (z, g, by, false));
        for (z, g, by, sure) in found.chain(doubts) {
            let places = Pair { zoho: z, google: g };
            let lost = Side::BOTH.map(|side| {
                let at = places[side].checked_sub(unlinked[side].len());
                at.and_then(|at| bereft[side].get(at))
            });
            let [zoho, google] = &lost;
            if zoho.is_none() && google.is_none() {
                continue;
            }
            let lone = |side: Side, lost: Option<&Bereft>| {
                lost.map(|left| &left.lone).or_else(|| unlinked[side].get(places[side])).cloned()
            };
            let ends = (lone(Side::Zoho, *zoho), lone(Side::Google, *google));
            let (Some(z), Some(g)) = ends else { continue };
            if !(z.in_scope || g.in_scope) || [&z, &g].into_iter().any(may_not_take_a_place) {
                continue;
            }
            let sure = sure && !self.needs_word(&z, &g, by);
            for left in lost.into_iter().flatten() {
                over.insert(left.place);
                let Some(pair) = linked.get(left.place) else { continue };
                self.lose(pair, sure);
            }
            for side in Side::BOTH {
                met[side].insert(places[side]);
            }
            // Where each end lost its own counterpart, the person who is still there is known better.
            let past = google.or(*zoho).and_then(|left| linked.get(left.place));
            if sure && let Some(Linked { base, seen, .. }) = past {
                let past = Past { said: base.google.clone(), seen: seen.clone() };
                self.successors.push(Successor { ends: Pair { zoho: z, google: g }, by, past });
            } else {
                self.ask_whether_one(&z, &g, by);
            }
        }
        for side in Side::BOTH {
            let mut place = 0;
            unlinked[side].retain(|_| {
                place += 1;
                !met[side].contains(&(place - 1))
            });
        }
        let mut place = 0;
        linked.retain(|_| {
            place += 1;
            !over.contains(&(place - 1))
        });
    }

    /// The pair as it was is over, or waits for the answer whether it is.
    fn lose(&mut self, pair: &Linked, sure: bool) {
        let Some(gone) = gone(pair) else { return };
        self.plan.quiet.insert((gone, pair.ids[gone].clone()));
        let left_out = self.is_pair_left_out(&pair.ids);
        let waits = if left_out { Suspended::LeftOut } else { Suspended::Asked };
        self.plan.ledger_updates.push(match sure {
            true => LedgerUpdate::End { link: pair.link },
            false => LedgerUpdate::Suspend { link: pair.link, reason: Some(waits) },
        });
    }
}

/// Those whose counterpart is gone.
fn bereft(linked: &[Linked]) -> Pair<Vec<Bereft>> {
    let mut found: Pair<Vec<Bereft>> = Pair::default();
    for (place, pair) in linked.iter().enumerate() {
        let Some(gone) = gone(pair) else { continue };
        if let (Presence::Here { record, in_scope }, Some(left)) =
            (&pair.now[gone.other()], &pair.left)
        {
            let lone = Unlinked {
                record: record.clone(),
                in_scope: *in_scope,
                evidence: left.evidence.clone(),
                block: None,
            };
            let evidence = left.evidence.with(&left.lost);
            found[gone.other()].push(Bereft { place, lone, evidence, said: left.said.clone() });
        }
    }
    found
}

/// The side on which a pair has a tombstone.
fn gone(pair: &Linked) -> Option<Side> {
    Side::BOTH.into_iter().find(|side| pair.now[*side] == Presence::Gone)
}

/// Whether nothing may be believed of a contact yet, or it is a mere copy.
fn may_not_take_a_place(lone: &Unlinked) -> bool {
    matches!(lone.block, Some(CreateBlock::Unsure | CreateBlock::OtherModule | CreateBlock::Echo))
}
