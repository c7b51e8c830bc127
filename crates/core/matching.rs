//! Which contacts without a link are the same person.
//!
//! Evidence, strongest first: our own mark, the same key (Zoho's primary e-mail and a *work*
//! e-mail of Google's), the same full name with a shared phone number that is unique on both
//! sides. The same name is a doubt for the person to decide where neither has a key and they share
//! another e-mail, or where one of the two can be told by nothing else.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::contact::{Pair, Record, Side};
use crate::decision::{Decisions, duplicate_key, is, match_key, matched_ids};
use crate::field::phone_key;
use crate::mapping::Mapping;

/// What a contact can be recognised by. Keys are normalised already.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Evidence {
    /// The pairing keys: Zoho's primary e-mail; Google's *work* e-mails.
    pub keys: Vec<String>,
    /// Every e-mail of the contact, the keys among them.
    pub emails: Vec<String>,
    /// The forms of its full name, folded; the organisation's name for vendors.
    pub names: Vec<String>,
    /// Its phone numbers as typed.
    pub phones: Vec<String>,
    /// The Zoho ids our own marks on it name (Google only, this organisation and module only).
    pub marks: Vec<String>,
    /// Where national phone numbers belong (ISO 3166 alpha-2).
    pub region: Option<String>,
}

/// How two contacts were recognised as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Our own invisible mark.
    Mark,
    /// The same main e-mail.
    Email,
    /// The same name and a shared phone number.
    NameAndPhone,
    /// The same name and an e-mail address that is not the main one.
    NameAndEmail,
    /// The same name only.
    NameOnly,
    /// Zoho says that a field whose values are unique has this value in the other already.
    UniqueField,
    /// The person said so.
    Decided,
}

/// The one value that both have and that told they are one person, as Zoho's contact has it.
pub(crate) fn shared<'a>(by: Reason, zoho: &'a Evidence, google: &Evidence) -> Option<&'a str> {
    let value = match by {
        Reason::Email => zoho.keys.iter().find(|key| google.keys.contains(key)),
        Reason::NameAndEmail => zoho.emails.iter().find(|email| google.emails.contains(email)),
        Reason::NameAndPhone => {
            let known = phone_keys(google);
            let region = zoho.region.as_deref();
            zoho.phones.iter().find(|phone| known.contains(&phone_key(phone, region)))
        }
        Reason::Mark | Reason::NameOnly | Reason::UniqueField | Reason::Decided => None,
    };
    value.map(String::as_str)
}

/// Who belongs together, by place in the lists that were given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Pairs to link: Zoho's place, Google's place.
    pub matches: Vec<(usize, usize, Reason)>,
    /// Pairs that only the person can decide.
    pub doubtful: Vec<(usize, usize, Reason)>,
    /// Contacts that had a counterpart which another one got; they must not be created.
    pub duplicates: Vec<(Side, usize)>,
}

/// A contact to pair.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// The contact.
    pub record: &'a Record,
    /// What it can be recognised by.
    pub evidence: &'a Evidence,
    /// Whether a linked contact on the other side carries one of its keys.
    pub twin: bool,
}

/// Pairs two lists of contacts. The order of the lists does not matter.
#[must_use]
pub fn pair_up(
    lists: &Pair<Vec<Entry<'_>>>,
    mapping: &Mapping,
    by_name_and_phone: bool,
    decisions: &Decisions,
) -> Outcome {
    let mut pairing = Pairing {
        lists,
        mapping,
        decisions,
        taken: Pair::of(|side| vec![false; lists[side].len()]),
        rivals: BTreeSet::new(),
        out: Outcome::default(),
    };
    pairing.by_decision();
    pairing.by_mark();
    pairing.by_key();
    pairing.by_name(by_name_and_phone);
    pairing.leftovers();
    pairing.out
}

struct Pairing<'a> {
    lists: &'a Pair<Vec<Entry<'a>>>,
    mapping: &'a Mapping,
    decisions: &'a Decisions,
    taken: Pair<Vec<bool>>,
    /// Contacts that a mark or a key gives a counterpart.
    rivals: BTreeSet<(Side, usize)>,
    out: Outcome,
}

impl<'a> Pairing<'a> {
    fn entry(&self, side: Side, index: usize) -> Option<Entry<'a>> {
        self.lists[side].get(index).copied()
    }

    fn pair(&self, zoho: usize, google: usize) -> Option<(Entry<'a>, Entry<'a>)> {
        Some((self.entry(Side::Zoho, zoho)?, self.entry(Side::Google, google)?))
    }

    fn separate(&self, zoho: usize, google: usize) -> bool {
        if self.decisions.is_empty() {
            return false;
        }
        self.pair(zoho, google).is_some_and(|(z, g)| {
            is(self.decisions, &match_key(&z.record.id, &g.record.id), "separate")
        })
    }

    fn free(&self, side: Side, index: usize) -> bool {
        self.taken[side].get(index).is_some_and(|taken| !taken)
    }

    fn link(&mut self, zoho: usize, google: usize, reason: Reason) {
        if self.free(Side::Zoho, zoho) && self.free(Side::Google, google) {
            for (side, place) in [(Side::Zoho, zoho), (Side::Google, google)] {
                self.taken[side].get_mut(place).into_iter().for_each(|taken| *taken = true);
            }
            self.out.matches.push((zoho, google, reason));
        }
    }

    /// The pairs of free contacts that share a value of some evidence, each once and in order.
    fn sharing(&self, of: impl Fn(&'a Evidence) -> &'a [String]) -> Vec<(usize, usize)> {
        let values = |side: Side| {
            let entries = self.lists[side].iter().enumerate();
            let free = entries.filter(move |(place, _)| self.free(side, *place));
            free.map(|(place, entry)| (place, of(entry.evidence)))
        };
        let mut google: Vec<(&str, usize)> = values(Side::Google)
            .flat_map(|(place, all)| all.iter().map(move |value| (value.as_str(), place)))
            .collect();
        google.sort_unstable();
        let mut pairs = Vec::new();
        for (zoho, all) in values(Side::Zoho) {
            for value in all {
                pairs.extend(beside(&google, &value.as_str()).map(|google| (zoho, google)));
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    fn by_id(&self, side: Side) -> BTreeMap<&'a str, usize> {
        self.lists[side].iter().enumerate().map(|(i, e)| (e.record.id.as_str(), i)).collect()
    }

    fn by_decision(&mut self) {
        let linked: Vec<(&str, &str)> = self
            .decisions
            .iter()
            .filter(|(_, choice)| *choice == "link")
            .filter_map(|(key, _)| matched_ids(key))
            .collect();
        if linked.is_empty() {
            return;
        }
        let places = Pair::of(|side| self.by_id(side));
        for (zoho, google) in linked {
            if let (Some(z), Some(g)) = (places.zoho.get(zoho), places.google.get(google)) {
                self.link(*z, *g, Reason::Decided);
            }
        }
    }

    fn by_mark(&mut self) {
        let ids = self.by_id(Side::Zoho);
        let mut candidates = Vec::new();
        for (google, entry) in self.lists.google.iter().enumerate() {
            let marked = entry.evidence.marks.iter().filter_map(|mark| ids.get(mark.as_str()));
            candidates.extend(marked.map(|zoho| (*zoho, google)));
        }
        candidates.sort_unstable();
        candidates.dedup();
        for (zoho, google) in self.ranked(candidates) {
            self.link(zoho, google, Reason::Mark);
        }
    }

    /// The same key: the best candidate is linked. Where several compete for one contact, a further
    /// pair is linked only if its names are equal too; the rest is shown.
    fn by_key(&mut self) {
        let of_zoho = self.sharing(|e| &e.keys);
        let mut of_google: Vec<(usize, usize)> = of_zoho.iter().map(|(z, g)| (*g, *z)).collect();
        of_google.sort_unstable();
        for (z, g) in self.ranked(of_zoho.clone()) {
            let contested = beside(&of_zoho, &z).any(|rival| !self.free(Side::Google, rival))
                || beside(&of_google, &g).any(|rival| !self.free(Side::Zoho, rival));
            let contested = contested || self.pair(z, g).is_some_and(|(z, g)| z.twin || g.twin);
            let namesakes =
                self.pair(z, g).is_some_and(|(z, g)| share(&z.evidence.names, &g.evidence.names));
            if namesakes || !contested {
                self.link(z, g, Reason::Email);
            }
        }
    }

    /// Candidates that nobody decided against, best first; all of them are rivals from now on.
    fn ranked(&mut self, candidates: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
        let mut ranked: Vec<_> =
            candidates.into_iter().filter(|(z, g)| !self.separate(*z, *g)).collect();
        for (z, g) in &ranked {
            self.rivals.extend([(Side::Zoho, *z), (Side::Google, *g)]);
        }
        ranked.sort_by_cached_key(|(z, g)| self.rank(*z, *g));
        ranked
    }

    /// Best first: equal names, then most equal fields, then the lowest ids.
    fn rank(&self, zoho: usize, google: usize) -> (bool, usize, usize, &'a str, usize, &'a str) {
        let Some((z, g)) = self.pair(zoho, google) else {
            return (true, 0, 0, "", 0, "");
        };
        let names_differ = !share(&z.evidence.names, &g.evidence.names);
        let rules = self.mapping.rules().len();
        let unequal = (0..rules)
            .filter(|rule| {
                !self.mapping.same(*rule, z.record.card.get(*rule), g.record.card.get(*rule))
            })
            .count();
        let (z, g) = (&z.record.id, &g.record.id);
        (names_differ, unequal, z.len(), z, g.len(), g)
    }

    /// Namesakes: sure with a shared number that is nobody else's of that name, and a doubt where
    /// one of the two can be told by nothing else, or both by the same e-mail that is no key.
    fn by_name(&mut self, with_phone: bool) {
        let mut namesakes = self.sharing(|e| &e.names);
        namesakes.retain(|(z, g)| !self.separate(*z, *g));
        let mut phones: BTreeMap<(Side, usize), BTreeSet<String>> = BTreeMap::new();
        let mut reached: BTreeMap<(Side, usize), BTreeSet<usize>> = BTreeMap::new();
        let mut sure = Vec::new();
        let mut doubt = Vec::new();
        for (z, g) in namesakes {
            let Some((a, b)) = self.pair(z, g).map(|(a, b)| (a.evidence, b.evidence)) else {
                continue;
            };
            let keyless = a.keys.is_empty() || b.keys.is_empty();
            // Numbers are dear to read: only where they may decide.
            let shared = with_phone && keyless && {
                for (end, evidence) in [((Side::Zoho, z), a), ((Side::Google, g), b)] {
                    phones.entry(end).or_insert_with(|| phone_keys(evidence));
                }
                match (phones.get(&(Side::Zoho, z)), phones.get(&(Side::Google, g))) {
                    (Some(a), Some(b)) => !a.is_disjoint(b),
                    (None, _) | (_, None) => false,
                }
            };
            if shared {
                reached.entry((Side::Zoho, z)).or_default().insert(g);
                reached.entry((Side::Google, g)).or_default().insert(z);
                sure.push((z, g));
            } else if a.keys.is_empty() && b.keys.is_empty() && share(&a.emails, &b.emails) {
                doubt.push((z, g, Reason::NameAndEmail));
            } else if bare(a) || bare(b) {
                doubt.push((z, g, Reason::NameOnly));
            }
        }
        for (z, g) in sure {
            let alone = |end| reached.get(&end).is_some_and(|others| others.len() == 1);
            if alone((Side::Zoho, z)) && alone((Side::Google, g)) {
                self.link(z, g, Reason::NameAndPhone);
            } else {
                doubt.push((z, g, Reason::NameAndPhone));
            }
        }
        doubt.retain(|(z, g, _)| self.free(Side::Zoho, *z) && self.free(Side::Google, *g));
        doubt.sort_unstable();
        self.out.doubtful = doubt;
    }

    /// Contacts whose counterpart another one got: shown, and not created.
    fn leftovers(&mut self) {
        let doubted: BTreeSet<(Side, usize)> = self
            .out
            .doubtful
            .iter()
            .flat_map(|(z, g, _)| [(Side::Zoho, *z), (Side::Google, *g)])
            .collect();
        self.out.duplicates = std::mem::take(&mut self.rivals)
            .into_iter()
            .filter(|(side, index)| self.free(*side, *index) && !doubted.contains(&(*side, *index)))
            .filter(|(side, index)| {
                self.entry(*side, *index).is_some_and(|entry| {
                    !is(self.decisions, &duplicate_key(*side, &entry.record.id), "separate")
                })
            })
            .collect();
    }
}

/// What stands beside this in a list of pairs that is in order.
fn beside<T: Ord>(pairs: &[(T, usize)], this: &T) -> impl Iterator<Item = usize> {
    let first = pairs.partition_point(|(one, _)| one < this);
    pairs.iter().skip(first).take_while(move |(one, _)| one == this).map(|(_, other)| *other)
}

fn share(a: &[String], b: &[String]) -> bool {
    a.iter().any(|x| b.contains(x))
}

/// Whether nothing but its name tells a contact from its namesakes.
fn bare(evidence: &Evidence) -> bool {
    evidence.emails.is_empty() && evidence.phones.is_empty()
}

fn phone_keys(evidence: &Evidence) -> BTreeSet<String> {
    evidence.phones.iter().map(|phone| phone_key(phone, evidence.region.as_deref())).collect()
}
