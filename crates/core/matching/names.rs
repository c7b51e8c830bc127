//! Namesakes: sure with a shared number that is nobody else's of that name, and a doubt where one of
//! the two can be told by nothing else. Work and memory follow the number of contacts, not the number
//! of pairs that a hundred namesakes on each side make.

use std::collections::{BTreeMap, BTreeSet};

use super::{Entry, Evidence, Pairing, Reason, phone_keys};
use crate::contact::{Pair, Side};

/// Contacts of both sides that have something in common, by place.
pub(super) type Group = Pair<Vec<usize>>;

impl<'a> Pairing<'a> {
    /// The free contacts of each name that both sides have.
    fn same_name(&self) -> Vec<Group> {
        let mut groups: BTreeMap<&'a str, Group> = BTreeMap::new();
        for side in Side::BOTH {
            for (place, entry) in self.lists[side].iter().enumerate() {
                if self.free(side, place) {
                    let names: BTreeSet<&str> =
                        entry.evidence.names.iter().map(String::as_str).collect();
                    for name in names {
                        groups.entry(name).or_default()[side].push(place);
                    }
                }
            }
        }
        let mut both: Vec<Group> =
            groups.into_values().filter(|g| !g.zoho.is_empty() && !g.google.is_empty()).collect();
        both.iter_mut().for_each(|group| self.in_order(group));
        both
    }

    fn evidence(&self, side: Side, place: usize) -> Option<&'a Evidence> {
        self.entry(side, place).map(|entry: Entry<'a>| entry.evidence)
    }

    /// Links namesakes without a key on one side who share a number that only these two have, where
    /// that is `allowed`, and answers those whose number is not unique: the likeliest pairs, and
    /// everybody who has one. Where it is not allowed the person is asked about all of them.
    pub(super) fn by_name_and_phone(&mut self, allowed: bool) -> (Vec<(usize, usize)>, Vec<Group>) {
        let mut reached: BTreeMap<(Side, usize), BTreeSet<usize>> = BTreeMap::new();
        let groups = self.same_name();
        let keyless = |side, place| self.is_keyless(side, place);
        let mut shared = Vec::new();
        for group in groups {
            let mut numbers: BTreeMap<String, Group> = BTreeMap::new();
            for side in Side::BOTH {
                for place in &group[side] {
                    for number in self.evidence(side, *place).map(phone_keys).unwrap_or_default() {
                        numbers.entry(number).or_default()[side].push(*place);
                    }
                }
            }
            for number in numbers.into_values() {
                if number.zoho.is_empty() || number.google.is_empty() {
                    continue;
                }
                for side in Side::BOTH {
                    let other = side.other();
                    // Whoever can be met at all, and two of them are as good as all.
                    let mut met = number[other].clone();
                    met.sort_by_key(|place| !keyless(other, *place));
                    for place in &number[side] {
                        let mine = keyless(side, *place);
                        let met =
                            met.iter().take_while(|other_one| mine || keyless(other, **other_one));
                        let apart = |other_one: &&usize| match side {
                            Side::Zoho => self.settled(*place, **other_one),
                            Side::Google => self.settled(**other_one, *place),
                        };
                        let met: Vec<usize> =
                            met.filter(|one| !apart(one)).take(2).copied().collect();
                        reached.entry((side, *place)).or_default().extend(met);
                    }
                }
                shared.push(number);
            }
        }
        let mut unsure = BTreeSet::new();
        let alone = |side, place| reached.get(&(side, place)).is_some_and(|met| met.len() == 1);
        let mut sure = Vec::new();
        for ((side, place), met) in &reached {
            for other in met {
                let (z, g) = match side {
                    Side::Zoho => (*place, *other),
                    Side::Google => (*other, *place),
                };
                match allowed && alone(Side::Zoho, z) && alone(Side::Google, g) {
                    true => sure.push((z, g)),
                    false => drop(unsure.insert((z, g))),
                }
            }
        }
        for (z, g) in sure {
            if self.is_open(Side::Zoho, z) && self.is_open(Side::Google, g) {
                self.link(z, g, Reason::NameAndPhone);
            }
        }
        for (z, g) in &unsure {
            self.rival([(Side::Zoho, *z), (Side::Google, *g)]);
        }
        let mut unsure: Vec<_> = unsure.into_iter().collect();
        unsure.sort_by_cached_key(|(z, g)| self.rank(*z, *g));
        (unsure, shared)
    }

    /// Asks about namesakes with a common number who found nobody beside whom they are asked about
    /// yet: those without a key first, then those whose addresses differ. Whoever finds nobody left is
    /// shown: nobody is made beside a namesake with the same number.
    pub(super) fn doubt_numbers(&mut self, groups: &[Group]) {
        for group in groups {
            for keyless in [Some(Side::Zoho), Some(Side::Google), None] {
                let open: Group = Pair::of(|side| {
                    let all = group[side].iter().copied();
                    let open = |place: &usize| {
                        self.is_open(side, *place)
                            && (keyless != Some(side) || self.is_keyless(side, *place))
                    };
                    all.filter(open).collect()
                });
                let pairs = self.couples(&open.zoho, &open.google);
                self.doubt(pairs, Reason::NameAndPhone);
            }
            let free: Group = Pair::of(|side| {
                group[side].iter().copied().filter(|place| self.free(side, *place)).collect()
            });
            for side in Side::BOTH {
                let others = &free[side.other()];
                let could = |place: &&usize| self.could_be_any(side, **place, others);
                let could: Vec<_> = free[side].iter().filter(could).map(|p| (side, *p)).collect();
                if !others.is_empty() {
                    self.rivals.extend(could);
                }
            }
        }
    }

    fn is_keyless(&self, side: Side, place: usize) -> bool {
        self.evidence(side, place).is_some_and(|evidence| evidence.keys.is_empty())
    }

    /// Asks about namesakes one of whom nothing but the name tells: each contact beside one other,
    /// those that say the same beside each other first. Whoever finds nobody left is shown.
    pub(super) fn doubt_namesakes(&mut self) {
        for group in self.same_name() {
            let is_asked = |side: Side, i: &usize| self.asked.contains(&(side, *i));
            let all: Pair<(Vec<usize>, Vec<usize>)> = Pair::of(|side| {
                let all = group[side].iter();
                all.partition(|i| self.evidence(side, **i).is_some_and(is_bare))
            });
            let open = |side: Side, of: &[usize]| -> Vec<usize> {
                of.iter().filter(|i| !is_asked(side, i)).copied().collect()
            };
            let (bare_z, told_z) = (open(Side::Zoho, &all.zoho.0), open(Side::Zoho, &all.zoho.1));
            let (bare_g, told_g) =
                (open(Side::Google, &all.google.0), open(Side::Google, &all.google.1));
            let before = Side::BOTH.into_iter().all(|s| group[s].iter().any(|i| is_asked(s, i)));
            let (mut met_z, mut met_g) = (BTreeSet::new(), BTreeSet::new());
            let several = group.zoho.len() > 1 || group.google.len() > 1;
            let reason = if several { Reason::Namesakes } else { Reason::NameOnly };
            for (zoho, google) in [(&bare_z, &bare_g), (&bare_z, &told_g), (&told_z, &bare_g)] {
                let zoho: Vec<usize> =
                    zoho.iter().filter(|z| !met_z.contains(*z)).copied().collect();
                let google: Vec<usize> =
                    google.iter().filter(|g| !met_g.contains(*g)).copied().collect();
                for (z, g) in self.couples(&zoho, &google) {
                    met_z.insert(z);
                    met_g.insert(g);
                    self.doubt(vec![(z, g)], reason);
                }
            }
            // Of those who were told apart, only the others whom they never met are left to ask about.
            let goes_on = before || !met_z.is_empty();
            let mut left = |side: Side, places: &[usize], others: &[usize]| {
                let could = |place: &&usize| {
                    (goes_on || self.is_apart(side, **place))
                        && self.could_be_any(side, **place, others)
                };
                let could: Vec<_> =
                    places.iter().filter(could).map(|place| (side, *place)).collect();
                if !others.is_empty() {
                    self.rivals.extend(could);
                }
            };
            left(Side::Zoho, &bare_z, &group.google);
            left(Side::Zoho, &told_z, &all.google.0);
            left(Side::Google, &bare_g, &group.zoho);
            left(Side::Google, &told_g, &all.zoho.0);
        }
    }

    /// Each contact beside one of the other side, where the person has not settled that, those with
    /// equal cards first.
    pub(super) fn couples(&self, zoho: &[usize], google: &[usize]) -> Vec<(usize, usize)> {
        let card = |side: Side, place: usize| self.card_key(side, place);
        // Of those who were told apart from enough, none is looked for beside one another.
        let fresh = google.iter().any(|g| !self.is_told_enough(Side::Google, *g));
        let zoho: Vec<usize> = zoho
            .iter()
            .filter(|z| fresh || !self.is_told_enough(Side::Zoho, **z))
            .copied()
            .collect();
        // By their places in the list, which is in the order of their ids.
        let mut by_card: BTreeMap<_, BTreeMap<usize, usize>> = BTreeMap::new();
        for (at, g) in google.iter().enumerate() {
            by_card.entry(card(Side::Google, *g)).or_default().insert(at, *g);
        }
        let mut free: BTreeMap<usize, usize> = google.iter().copied().enumerate().collect();
        let mut couples = Vec::new();
        let mut rest = Vec::new();
        for z in &zoho {
            let alike = by_card.get_mut(&card(Side::Zoho, *z));
            let found = alike.as_ref().and_then(|all| self.first_open(*z, all));
            match found {
                Some((at, g)) => {
                    alike.map(|all| all.remove(&at));
                    free.remove(&at);
                    couples.push((*z, g));
                }
                None => rest.push(*z),
            }
        }
        for z in rest {
            if let Some((at, g)) = self.first_open(z, &free) {
                free.remove(&at);
                couples.push((z, g));
            }
        }
        couples
    }

    fn first_open(&self, zoho: usize, google: &BTreeMap<usize, usize>) -> Option<(usize, usize)> {
        let mut open = google.iter().filter(|(_, g)| !self.needs_no_question(zoho, **g));
        open.next().map(|(at, g)| (*at, *g))
    }
}

/// Whether nothing but its name tells a contact from its namesakes.
fn is_bare(evidence: &Evidence) -> bool {
    evidence.emails.is_empty() && evidence.phones.is_empty()
}
