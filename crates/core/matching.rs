//! Which contacts without a link are the same person, and who took the place of a linked contact that
//! is gone.
//!
//! Evidence, strongest first: our own mark; the same key (Zoho's primary e-mail and a *work* e-mail
//! of Google's); any other e-mail that both have, with the same name; the same full name with a
//! shared phone number that is unique on both sides; where nothing else could tell, everything that
//! is mapped. A shared e-mail under another name, and the same name where one of the two can be told
//! by nothing else, are doubts for the person to decide: each contact beside one other at a time.

mod alike;
mod doubt;
mod names;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::contact::{Card, Pair, Record, RecordId, Side};
use crate::decision::{Decisions, apart, matched_ids};
use crate::field::phone_key;
use crate::mapping::Mapping;

pub(crate) use self::alike::{Likely, alike, shared};

/// What a contact can be recognised by. Keys are normalised already.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Evidence {
    /// The pairing keys: Zoho's primary e-mail; Google's *work* e-mails.
    pub keys: Vec<String>,
    /// Every e-mail of the contact, the keys among them.
    pub emails: Vec<String>,
    /// The forms of its full name, folded; the organisation's name for vendors.
    pub names: Vec<String>,
    /// Whether it has no name: [`Evidence::names`] is what address books show instead.
    pub nameless: bool,
    /// Its phone numbers as typed.
    pub phones: Vec<String>,
    /// The Zoho ids our own marks on it name (Google only, this organisation and module only).
    pub marks: Vec<String>,
    /// Where national phone numbers belong (ISO 3166 alpha-2).
    pub region: Option<String>,
}

impl Evidence {
    /// What either of two tells of the person that both are.
    #[must_use]
    pub fn with(&self, other: &Evidence) -> Evidence {
        let all = |of: fn(&Evidence) -> &Vec<String>| {
            let both: BTreeSet<&String> = of(self).iter().chain(of(other)).collect();
            both.into_iter().cloned().collect()
        };
        Evidence {
            keys: all(|e| &e.keys),
            emails: all(|e| &e.emails),
            // What is shown in the place of a name is none beside one.
            names: match (self.nameless, other.nameless) {
                (true, false) => other.names.clone(),
                (false, true) => self.names.clone(),
                (_, _) => all(|e| &e.names),
            },
            nameless: self.nameless && other.nameless,
            phones: all(|e| &e.phones),
            marks: all(|e| &e.marks),
            region: self.region.clone(),
        }
    }
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
    /// The same e-mail address under another name.
    SharedEmail,
    /// The same name only.
    NameOnly,
    /// The same name only, and several contacts have it.
    Namesakes,
    /// Everything that is mapped is the same.
    WholeCard,
    /// Zoho says that a field whose values are unique has this value in the other already.
    UniqueField,
    /// The person said so.
    Decided,
}

/// Who belongs together, by place in the lists that were given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Matched {
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
    /// Where it is linked and its counterpart is gone: what that one said last. Who takes its place
    /// has to be the same person, and a key alone (a role address, a couple's) does not say so.
    pub bereft: Option<&'a Card>,
}

/// What a run says about recognising contacts.
#[derive(Debug, Clone, Copy)]
pub struct Ways<'a> {
    /// The mapping.
    pub mapping: &'a Mapping,
    /// Whether name and phone may match contacts without a key.
    pub by_name_and_phone: bool,
    /// Whether everything that is mapped may tell of those who have neither name nor address: nothing is
    /// linked yet.
    pub by_card: bool,
    /// Whether a database was lost: then it also tells of those who have a name.
    pub lost: bool,
    /// What was decided earlier.
    pub decisions: &'a Decisions,
    /// Whom the person was or is asked about beside one of the other side.
    pub asked: &'a Asked,
}

/// Whom the person was or is asked about beside contacts of the other side.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asked {
    /// Every contact of such a question, answered or not.
    pub contacts: BTreeSet<(Side, RecordId)>,
    /// Those of a question about one alone that waits for its answer.
    pub alone: BTreeSet<(Side, RecordId)>,
    /// The questions that wait for their answer, by the ids in Zoho and in Google, and why they were
    /// asked.
    pub open: BTreeMap<(RecordId, RecordId), Reason>,
}

/// Pairs two lists of contacts. The order of the lists does not matter.
#[must_use]
pub fn pair_up(lists: &Pair<Vec<Entry<'_>>>, ways: Ways<'_>) -> Matched {
    let mut pairing = Pairing {
        lists,
        mapping: ways.mapping,
        decisions: ways.decisions,
        shown: &ways.asked.contacts,
        apart: apart(ways.decisions),
        taken: Pair::of(|side| vec![false; lists[side].len()]),
        rivals: BTreeSet::new(),
        asked: BTreeSet::new(),
        out: Matched::default(),
    };
    pairing.by_decision();
    pairing.by_mark();
    pairing.by_key();
    let other_names = pairing.by_email();
    pairing.still_open(ways.asked);
    let (unsure, numbers) = pairing.by_name_and_phone(ways.by_name_and_phone);
    pairing.by_card(ways.by_card, ways.lost);
    pairing.doubt(other_names, Reason::SharedEmail);
    pairing.doubt(unsure, Reason::NameAndPhone);
    pairing.doubt_numbers(&numbers);
    pairing.doubt_namesakes();
    pairing.leftovers();
    pairing.out.doubtful.sort_unstable();
    pairing.out
}

struct Pairing<'a> {
    lists: &'a Pair<Vec<Entry<'a>>>,
    mapping: &'a Mapping,
    decisions: &'a Decisions,
    /// Contacts that the person was or is asked about.
    shown: &'a BTreeSet<(Side, RecordId)>,
    /// Contacts that are nobody of whom the person was asked about, as they answered.
    apart: BTreeMap<(Side, RecordId), usize>,
    taken: Pair<Vec<bool>>,
    /// Contacts that some evidence gives a counterpart.
    rivals: BTreeSet<(Side, usize)>,
    /// Contacts that are asked about.
    asked: BTreeSet<(Side, usize)>,
    out: Matched,
}

impl<'a> Pairing<'a> {
    fn entry(&self, side: Side, index: usize) -> Option<Entry<'a>> {
        self.lists[side].get(index).copied()
    }

    fn pair(&self, zoho: usize, google: usize) -> Option<(Entry<'a>, Entry<'a>)> {
        Some((self.entry(Side::Zoho, zoho)?, self.entry(Side::Google, google)?))
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

    /// The pairs of contacts that share a value of some evidence, each once and in order.
    fn sharing(&self, of: impl Fn(&'a Evidence) -> &'a [String]) -> Vec<(usize, usize)> {
        let values = |side: Side| {
            let entries = self.lists[side].iter().enumerate();
            entries.map(|(place, entry)| (place, of(entry.evidence)))
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
        candidates.retain(|(zoho, google)| !self.separate(*zoho, *google));
        for (zoho, google) in self.ranked(candidates) {
            self.link(zoho, google, Reason::Mark);
        }
    }

    /// The same key: the best candidate is linked. Where several compete for one contact, a further
    /// pair is linked only if its names are equal too; the rest is shown.
    fn by_key(&mut self) {
        let mut of_zoho = self.sharing(|e| &e.keys);
        of_zoho.retain(|(z, g)| {
            self.free(Side::Zoho, *z) && self.free(Side::Google, *g) && self.succeeds(*z, *g)
        });
        let open = self.open_ones(&of_zoho);
        let mut of_google: Vec<(usize, usize)> = of_zoho.iter().map(|(z, g)| (*g, *z)).collect();
        of_google.sort_unstable();
        for (z, g) in self.ranked(open) {
            let contested = beside(&of_zoho, &z).any(|rival| !self.free(Side::Google, rival))
                || beside(&of_google, &g).any(|rival| !self.free(Side::Zoho, rival));
            let contested = contested || self.pair(z, g).is_some_and(|(z, g)| z.twin || g.twin);
            if !contested || self.namesakes(z, g) {
                self.link(z, g, Reason::Email);
            }
        }
    }

    /// Any other e-mail that both have, under whatever label. Answers the pairs with another name.
    fn by_email(&mut self) -> Vec<(usize, usize)> {
        let keys: BTreeSet<(usize, usize)> = self.sharing(|e| &e.keys).into_iter().collect();
        let mut all = self.sharing(|e| &e.emails);
        all.retain(|pair| !keys.contains(pair) && self.succeeds(pair.0, pair.1));
        let (same, mut other): (Vec<_>, Vec<_>) =
            self.open_ones(&all).into_iter().partition(|(z, g)| self.agree(*z, *g));
        for (z, g) in self.ranked(same) {
            self.link(z, g, Reason::NameAndEmail);
        }
        other.sort_by_cached_key(|(z, g)| self.rank(*z, *g));
        other
    }

    /// What a contact says in everything that is mapped; for one whose counterpart is gone what that
    /// one said, since whoever takes its place stands where it stood.
    fn card_key(&self, side: Side, place: usize) -> Option<Vec<String>> {
        self.entry(side, place).map(|entry| match entry.bereft {
            Some(lost) => self.mapping.card_key(side.other(), lost),
            None => self.mapping.card_key(side, &entry.record.card),
        })
    }

    /// Whether two carry the same name.
    fn namesakes(&self, zoho: usize, google: usize) -> bool {
        self.pair(zoho, google).is_some_and(|(z, g)| share(&z.evidence.names, &g.evidence.names))
    }

    /// Whether no name of one contradicts the other's.
    fn agree(&self, zoho: usize, google: usize) -> bool {
        let nameless = |(z, g): (Entry<'_>, Entry<'_>)| z.evidence.nameless || g.evidence.nameless;
        self.namesakes(zoho, google) || self.pair(zoho, google).is_some_and(nameless)
    }

    /// Whether the two may be one person after one of them lost its counterpart: a name or a phone
    /// number has to agree.
    fn succeeds(&self, zoho: usize, google: usize) -> bool {
        self.pair(zoho, google).is_some_and(|(z, g)| {
            !(z.bereft.is_some() || g.bereft.is_some())
                || self.namesakes(zoho, google)
                || !phone_keys(z.evidence).is_disjoint(&phone_keys(g.evidence))
        })
    }

    /// Where nothing else could tell: contacts that say the same in everything that is mapped, as
    /// many on one side as on the other. Where they are not as many, the person decides. `first` tells
    /// whether nothing is linked yet, `lost` whether that is because a database was lost.
    fn by_card(&mut self, first: bool, lost: bool) {
        let mut alike: BTreeMap<Vec<String>, Pair<Vec<usize>>> = BTreeMap::new();
        for side in Side::BOTH {
            for place in 0..self.lists[side].len() {
                let Some(card) = self.card_key(side, place) else { continue };
                let says = card.iter().any(|value| !value.is_empty());
                if says && self.is_open(side, place) {
                    alike.entry(card).or_default()[side].push(place);
                }
            }
        }
        for mut group in alike.into_values() {
            self.in_order(&mut group);
            let Pair { zoho, google } = group;
            let both = [(Side::Zoho, &zoho), (Side::Google, &google)];
            let all =
                || both.into_iter().flat_map(|(side, all)| all.iter().map(move |i| (side, *i)));
            let entries = || all().filter_map(|(side, place)| self.entry(side, place));
            let bereft = entries().any(|entry| entry.bereft.is_some());
            let untold = entries().all(|e| e.evidence.nameless && e.evidence.emails.is_empty());
            let unmarked =
                |e: Entry<'_>| e.evidence.emails.is_empty() && e.evidence.marks.is_empty();
            let tells = bereft || (first && untold) || (lost && entries().all(unmarked));
            if zoho.is_empty() || google.is_empty() || !tells {
                continue;
            }
            let pairs = self.couples(&zoho, &google);
            let sure = pairs.iter().all(|(z, g)| !self.settled(*z, *g));
            if sure && pairs.len() == zoho.len() && pairs.len() == google.len() {
                for (z, g) in pairs {
                    self.link(z, g, Reason::WholeCard);
                }
            } else if !pairs.is_empty() {
                let all: Vec<_> = all().collect();
                self.rival(all);
                self.doubt(pairs, Reason::WholeCard);
            }
        }
    }

    /// The lowest ids first.
    fn in_order(&self, group: &mut Pair<Vec<usize>>) {
        for side in Side::BOTH {
            group[side].sort_by_cached_key(|place| {
                self.entry(side, *place).map(|e| (e.record.id.len(), e.record.id.as_str()))
            });
        }
    }

    /// Candidates, best first; all of them are rivals from now on.
    fn ranked(&mut self, mut ranked: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
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
        let names_differ =
            !share(&z.evidence.names, &g.evidence.names) || self.is_left_aside(zoho, google);
        let rules = self.mapping.rules().len();
        let unequal = (0..rules)
            .filter(|rule| {
                !self.mapping.same(*rule, z.record.card.get(*rule), g.record.card.get(*rule))
            })
            .count();
        let (z, g) = (&z.record.id, &g.record.id);
        (names_differ, unequal, z.len(), z, g.len(), g)
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

fn phone_keys(evidence: &Evidence) -> BTreeSet<String> {
    evidence.phones.iter().map(|phone| phone_key(phone, evidence.region.as_deref())).collect()
}
