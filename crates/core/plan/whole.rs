//! What belongs together: a name is one thing, and so is an address. Two sides that split one
//! differently agree, and where they do not, no part of one side is put among the other's.

use std::collections::{BTreeMap, BTreeSet};

use crate::contact::{Card, Pair, Side};
use crate::field::{fold, is_cjk};
use crate::mapping::{Group, Mapping, Rule};
use crate::merge::{Verdict, doubtful, verdict};
use crate::split::{Orders, complete_each_other, forms, holds_all_of, reads_alike, wholes};

use super::fitted::stands_in;
use super::input::Rules;

/// One name or address: its rules by part, and the orders of the parts.
struct Whole<'a> {
    mapping: &'a Mapping,
    group: Group,
    parts: Vec<(usize, &'static str)>,
    orders: Orders,
}

/// A pair's cards: what both said when they were settled, and what they say now.
#[derive(Clone, Copy)]
pub(super) struct Cards<'a> {
    pub(super) base: Pair<&'a Card>,
    pub(super) now: Pair<&'a Card>,
    /// Whether the base may be older than what was last settled.
    pub(super) doubted: bool,
    /// Whether nobody can tell which of two values is the newer one, for that or because a database was lost.
    pub(super) untold: bool,
}

/// The verdict about the rules that are judged together, with the first rule of each whole. They are
/// those of names and addresses that both sides have and that were never settled, or settled in
/// another split; and of those that both sides changed, be it in different parts, or of which a
/// doubted base cannot tell who changed them. All others are judged one by one, for what one side
/// alone changed mixes nothing. `known` tells of which rules both sides can be read, `apart` which
/// values on a side say nothing of who changed the whole, `winner` whose value counts where both say
/// something else, told whether the sync's rule would have a name, or an address that nobody
/// settled, lose a part that nobody took away.
pub(super) fn verdicts(
    rules: &Rules<'_>,
    cards: Cards<'_>,
    known: impl Fn(usize) -> bool,
    apart: impl Fn(usize, Side) -> bool,
    winner: impl Fn(usize, Pair<Option<&str>>, bool) -> Option<Side>,
) -> BTreeMap<usize, (Verdict, usize)> {
    let Cards { base, now, doubted, untold } = cards;
    let mut verdicts = BTreeMap::new();
    for whole in wholes_of(rules.mapping, known) {
        let settled =
            whole.rules().any(|rule| Side::BOTH.iter().any(|s| base[*s].get(rule).is_some()));
        let forms = Pair::of(|side| whole.forms(now[side]));
        let fuller = if settled { None } else { whole.fuller(now, &forms, rules) };
        let changed = Pair::of(|side| match fuller {
            Some(fuller) => side == fuller,
            None => whole.rules().any(|rule| whole.is_edited(rule, side, cards)),
        });
        let emptied = untold && forms.zoho.is_empty() != forms.google.is_empty();
        let doubted = doubted || emptied;
        let changed = if doubted { doubtful(changed) } else { changed };
        let judged = match settled {
            _ if doubted => changed.zoho,
            // One that is empty is filled part by part, and so are two that are one.
            false => {
                let both = !forms.zoho.is_empty() && !forms.google.is_empty();
                fuller.is_some() || (both && !whole.complete_each_other(now))
            }
            true => {
                // An option that was renamed is no part of another split.
                !whole.rules().all(|rule| whole.is_list(rule) || whole.agrees(rule, base))
                    || whole.would_mix(cards, &apart)
            }
        };
        if !judged {
            continue;
        }
        let same = whole.rules().all(|rule| whole.agrees(rule, now));
        let equal = same || !forms.zoho.is_disjoint(&forms.google);
        let first = whole.rules().next().unwrap_or_default();
        let parts: Vec<usize> = whole.rules().collect();
        let says = Pair::of(|side| said(rules.mapping, &parts, now[side]));
        let says = Pair { zoho: says.zoho.as_deref(), google: says.google.as_deref() };
        let may_lose = whole.group == Group::Names || !(settled || whole.contradicts(now));
        let loses = may_lose && whole.would_lose_a_part(cards, &forms, rules);
        let winner = winner(first, says, loses);
        let verdict = verdict(changed, equal, rules.direction, winner);
        verdicts.extend(whole.rules().map(|rule| (rule, (verdict, first))));
    }
    verdicts
}

/// What a card says in these parts, as the person is asked about it: of a name without what only stands
/// in for a part, and with the family name in front where it is written in Japanese or Chinese characters.
pub(super) fn said(mapping: &Mapping, parts: &[usize], card: &Card) -> Option<String> {
    let told =
        parts.iter().filter_map(|rule| Some((mapping.rules().get(*rule)?, card.get(*rule)?)));
    let mut told: Vec<(&Rule, &str)> =
        told.filter(|(spec, value)| !stands_in(spec, Some(value))).collect();
    let leads = |(spec, value): &(&Rule, &str)| {
        spec.google.group == Group::Names
            && spec.google.part == "familyName"
            && value.chars().any(is_cjk)
    };
    told.sort_by_key(|part| !leads(part));
    let parts: Vec<&str> = told.into_iter().map(|(_, value)| value).collect();
    Some(parts.join(" ")).filter(|text| !text.is_empty())
}

/// All parts of the wholes that have one of these rules among them.
pub(super) fn parts_with(mapping: &Mapping, one_of: &BTreeSet<usize>) -> BTreeSet<usize> {
    // Nearly every pair has none.
    if one_of.is_empty() {
        return BTreeSet::new();
    }
    let wholes = wholes_of(mapping, |_| true).into_iter();
    let with = wholes.filter(|whole| whole.rules().any(|rule| one_of.contains(&rule)));
    with.flat_map(|whole| whole.rules().collect::<Vec<_>>()).collect()
}

/// The parts of names and addresses that are the same, be they split otherwise.
pub(super) fn alike(mapping: &Mapping, now: Pair<&Card>) -> BTreeSet<usize> {
    let mut alike = BTreeSet::new();
    for whole in wholes_of(mapping, |_| true) {
        let forms = Pair::of(|side| whole.forms(now[side]));
        let empty = forms.zoho.is_empty() && forms.google.is_empty();
        if empty || !forms.zoho.is_disjoint(&forms.google) {
            alike.extend(whole.rules());
        }
    }
    alike
}

fn wholes_of(mapping: &Mapping, known: impl Fn(usize) -> bool) -> Vec<Whole<'_>> {
    let mut found = Vec::new();
    for slot in mapping.slots() {
        for orders in wholes(slot.group).iter().copied() {
            let of = |part: &&str| orders.iter().any(|order| order.contains(part));
            let parts = slot.rules.iter().copied();
            let parts: Vec<_> = parts.filter(|(rule, part)| of(part) && known(*rule)).collect();
            if parts.len() > 1 {
                found.push(Whole { mapping, group: slot.group, parts, orders });
            }
        }
    }
    found
}

impl Mapping {
    /// The Zoho fields that a person is asked about together with this one: the parts of its name or
    /// its address, and itself.
    #[must_use]
    pub fn asked_with<'a>(&'a self, field: &'a str) -> Vec<&'a str> {
        let name = |rule: usize| self.rules().get(rule).map(|spec| spec.zoho.as_str());
        let parts = |whole: &Whole<'_>| whole.rules().filter_map(name).collect::<Vec<_>>();
        let wholes = wholes_of(self, |_| true);
        let mut wholes = wholes.iter().map(parts);
        wholes.find(|parts| parts.contains(&field)).unwrap_or_else(|| vec![field])
    }
}

impl Whole<'_> {
    fn rules(&self) -> impl Iterator<Item = usize> {
        self.parts.iter().map(|(rule, _)| *rule)
    }

    fn is_list(&self, rule: usize) -> bool {
        self.mapping.rules().get(rule).is_some_and(|spec| spec.kind.is_list())
    }

    /// What a card says in a part. What stands in for a name that nobody gave is none.
    fn part<'a>(&self, rule: usize, card: &'a Card) -> Option<&'a str> {
        let value = card.get(rule)?;
        let spec = self.mapping.rules().get(rule)?;
        (!stands_in(spec, Some(value))).then_some(value)
    }

    /// The ways to write the whole out.
    fn forms(&self, card: &Card) -> BTreeSet<String> {
        forms(self.orders, |part| {
            let (rule, _) = self.parts.iter().find(|(_, name)| *name == part)?;
            self.part(*rule, card)
        })
    }

    /// Whether both say one name or one address, of which each may have left parts out.
    fn complete_each_other(&self, now: Pair<&Card>) -> bool {
        let part = |rule: usize| {
            let there = Side::BOTH.map(|side| self.part(rule, now[side]).is_some());
            // A name is compared to the letter: its parts are not filled one by one.
            let address = self.group == Group::Addresses;
            (there, self.agrees(rule, now) || (address && self.is_alike(rule, now)))
        };
        complete_each_other(self.rules().map(part))
    }

    /// The side that says the other's name and more of it: it counts, whoever wins. What only stands in
    /// for a name that nobody gave says nothing. Where the person decides, they are asked whether one
    /// name is a part of the other.
    fn fuller(
        &self,
        now: Pair<&Card>,
        forms: &Pair<BTreeSet<String>>,
        rules: &Rules<'_>,
    ) -> Option<Side> {
        let stood_in = |side: &Side| {
            let says_any = self.rules().any(|rule| now[side.other()].get(rule).is_some());
            forms[side.other()].is_empty() && says_any && !forms[*side].is_empty()
        };
        if let Some(side) = Side::BOTH.into_iter().find(stood_in) {
            return Some(side);
        }
        let asks = rules.winner.side().is_none();
        if asks || self.group != Group::Names || self.complete_each_other(now) {
            return None;
        }
        Side::BOTH.into_iter().find(|side| holds_all_of(&forms[*side], &forms[side.other()]))
    }

    /// Whether two say something else throughout: no part of them is the same, and one is another. So do
    /// two addresses.
    fn contradicts(&self, now: Pair<&Card>) -> bool {
        let both = |rule: &usize| Side::BOTH.iter().all(|s| self.part(*rule, now[*s]).is_some());
        let (same, other): (Vec<usize>, Vec<usize>) =
            self.rules().filter(both).partition(|rule| self.is_alike(*rule, now));
        same.is_empty() && !other.is_empty()
    }

    /// Whether two cards say the same in a part, but for case, width and where its lines end.
    fn is_alike(&self, rule: usize, now: Pair<&Card>) -> bool {
        let read = Side::BOTH.map(|side| self.part(rule, now[side]).map(fold));
        self.agrees(rule, now) || read.first() == read.last()
    }

    /// Whether a name or an address would lose a part by the sync's rule alone, as the winner never had one. Nobody
    /// took that part away.
    fn would_lose_a_part(
        &self,
        Cards { base, now, .. }: Cards<'_>,
        forms: &Pair<BTreeSet<String>>,
        rules: &Rules<'_>,
    ) -> bool {
        let Some(winner) = rules.winner.side() else { return false };
        let loser = winner.other();
        let lost = |rule: usize| {
            let never_had = [base, now].iter().all(|card| self.part(rule, card[winner]).is_none());
            never_had && self.part(rule, now[loser]).is_some()
        };
        rules.direction.writes(loser)
            && !reads_alike(&forms.zoho, &forms.google)
            && self.rules().any(lost)
    }

    /// Whether two cards say the same in a part.
    fn agrees(&self, rule: usize, cards: Pair<&Card>) -> bool {
        self.mapping.same(rule, cards.zoho.get(rule), cards.google.get(rule))
            || Side::BOTH.iter().all(|side| self.part(rule, cards[*side]).is_none())
    }

    fn is_edited(&self, rule: usize, side: Side, Cards { base, now, .. }: Cards<'_>) -> bool {
        self.mapping.edited(rule, base[side].get(rule), now[side].get(rule))
    }

    /// Whether parts of both sides would stand beside each other that nobody typed together: both
    /// changed it, be it in different parts. What both changed alike is one change, and where both only
    /// added a part to what stands on both sides the parts go well together.
    fn would_mix(&self, cards: Cards<'_>, apart: impl Fn(usize, Side) -> bool) -> bool {
        let (alike, differ): (Vec<usize>, Vec<usize>) =
            self.rules().partition(|rule| self.agrees(*rule, cards.now));
        let mut own = Pair { zoho: false, google: false };
        let mut adds = alike.iter().any(|rule| cards.now.google.get(*rule).is_some());
        for rule in differ {
            let edits = |side: &Side| self.is_edited(rule, *side, cards) && !apart(rule, *side);
            let sides: Vec<Side> = Side::BOTH.into_iter().filter(edits).collect();
            adds &= sides.len() < 2;
            for side in sides {
                own[side] = true;
                adds &= self.part(rule, cards.base[side]).is_none();
            }
        }
        own.zoho && own.google && !adds
    }
}
