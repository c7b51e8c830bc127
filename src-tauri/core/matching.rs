//! Which contacts without a link are the same person.
//!
//! Evidence, strongest first: our own mark, the same key (Zoho's primary e-mail and a *work*
//! e-mail of Google's), the same full name with a shared phone number that is unique on both
//! sides. A name alone, where nothing contradicts it and one of the two can be told by nothing
//! else, is a doubt for the person to decide.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::contact::{Pair, Record, Side};
use crate::field::phone_key;
use crate::mapping::Mapping;
use crate::plan::{Decisions, duplicate_key, match_key};

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
    /// The same name only.
    NameOnly,
    /// Zoho says that a field whose values are unique has this value in the other already.
    UniqueField,
    /// The person said so.
    Decided,
}

/// Who belongs together, by place in the lists that were given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Pairs to link: Zoho's place, Google's place.
    pub matches: Vec<(usize, usize, Reason)>,
    /// Pairs that only the person can decide.
    pub doubtful: Vec<(usize, usize, Reason)>,
    /// Contacts that share their key with a linked one and must not be created.
    pub duplicates: Vec<(Side, usize)>,
}

type Entry<'a> = (&'a Record, &'a Evidence);

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
        taken: BTreeSet::new(),
        shared: BTreeSet::new(),
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
    taken: BTreeSet<(Side, usize)>,
    /// Contacts whose key a linked pair carries too.
    shared: BTreeSet<(Side, usize)>,
    out: Outcome,
}

impl<'a> Pairing<'a> {
    fn entry(&self, side: Side, index: usize) -> Option<Entry<'a>> {
        self.lists[side].get(index).copied()
    }

    fn decided(&self, zoho: usize, google: usize) -> Option<&str> {
        let (z, g) = (self.entry(Side::Zoho, zoho)?, self.entry(Side::Google, google)?);
        self.decisions.get(&match_key(&z.0.id, &g.0.id)).map(String::as_str)
    }

    fn free(&self, side: Side, index: usize) -> bool {
        !self.taken.contains(&(side, index))
    }

    fn link(&mut self, zoho: usize, google: usize, reason: Reason) {
        if self.free(Side::Zoho, zoho) && self.free(Side::Google, google) {
            self.taken.insert((Side::Zoho, zoho));
            self.taken.insert((Side::Google, google));
            self.out.matches.push((zoho, google, reason));
        }
    }

    fn index(
        &self,
        side: Side,
        of: impl Fn(&'a Evidence) -> &'a [String],
    ) -> BTreeMap<&'a str, Vec<usize>> {
        let mut index: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (place, (_, evidence)) in self.lists[side].iter().enumerate() {
            if self.free(side, place) {
                for value in of(evidence) {
                    index.entry(value.as_str()).or_default().push(place);
                }
            }
        }
        index
    }

    fn by_decision(&mut self) {
        if !self.decisions.iter().any(|(key, choice)| key.starts_with("match:") && choice == "link")
        {
            return;
        }
        for zoho in 0..self.lists.zoho.len() {
            for google in 0..self.lists.google.len() {
                if self.decided(zoho, google) == Some("link") {
                    self.link(zoho, google, Reason::Decided);
                }
            }
        }
    }

    fn by_mark(&mut self) {
        let ids: BTreeMap<&str, usize> =
            self.lists.zoho.iter().enumerate().map(|(i, (r, _))| (r.id.as_str(), i)).collect();
        for google in 0..self.lists.google.len() {
            let Some((_, evidence)) = self.entry(Side::Google, google) else {
                continue;
            };
            for mark in &evidence.marks {
                if let Some(zoho) = ids.get(mark.as_str()) {
                    self.link(*zoho, google, Reason::Mark);
                }
            }
        }
    }

    /// The same key: one candidate each is linked; of several the best is, and the rest is shown.
    fn by_key(&mut self) {
        let google = self.index(Side::Google, |e| &e.keys);
        let zoho = self.index(Side::Zoho, |e| &e.keys);
        let mut candidates = Vec::new();
        for (key, left) in &zoho {
            let right = google.get(key).map_or(&[][..], Vec::as_slice);
            for z in left {
                for g in right {
                    if self.decided(*z, *g) != Some("separate") {
                        candidates.push((*z, *g, left.len() > 1 || right.len() > 1));
                    }
                }
            }
        }
        candidates.sort_by_cached_key(|(z, g, _)| self.rank(*z, *g));
        for (z, g, several) in candidates {
            if several {
                self.shared.insert((Side::Zoho, z));
                self.shared.insert((Side::Google, g));
            }
            self.link(z, g, Reason::Email);
        }
    }

    /// Best first: equal names, then most equal fields, then the lowest ids.
    fn rank(&self, zoho: usize, google: usize) -> (bool, usize, usize, &'a str, usize, &'a str) {
        let (Some(z), Some(g)) = (self.entry(Side::Zoho, zoho), self.entry(Side::Google, google))
        else {
            return (true, 0, 0, "", 0, "");
        };
        let names_differ = !share(&z.1.names, &g.1.names);
        let rules = self.mapping.rules().len();
        let unequal = (0..rules)
            .filter(|rule| !self.mapping.same(*rule, z.0.card.get(*rule), g.0.card.get(*rule)))
            .count();
        (names_differ, unequal, z.0.id.len(), &z.0.id, g.0.id.len(), &g.0.id)
    }

    fn by_name(&mut self, with_phone: bool) {
        let google = self.index(Side::Google, |e| &e.names);
        let zoho = self.index(Side::Zoho, |e| &e.names);
        let mut sure = BTreeSet::new();
        let mut doubt = BTreeSet::new();
        for (name, left) in &zoho {
            let Some(right) = google.get(name) else {
                continue;
            };
            for z in left {
                for g in right {
                    let (Some(a), Some(b)) =
                        (self.entry(Side::Zoho, *z), self.entry(Side::Google, *g))
                    else {
                        continue;
                    };
                    if self.decided(*z, *g) == Some("separate") {
                        continue;
                    }
                    let keyless = a.1.keys.is_empty() || b.1.keys.is_empty();
                    let bare = |e: &Evidence| e.emails.is_empty() && e.phones.is_empty();
                    if with_phone && keyless && share_phone(a.1, b.1) {
                        sure.insert((*z, *g));
                    } else if bare(a.1) || bare(b.1) {
                        doubt.insert((*z, *g));
                    }
                }
            }
        }
        let unique = |set: &BTreeSet<(usize, usize)>, z: usize, g: usize| {
            set.iter().filter(|(a, b)| *a == z || *b == g).count() == 1
        };
        for (z, g) in &sure {
            if unique(&sure, *z, *g) {
                self.link(*z, *g, Reason::NameAndPhone);
            } else {
                doubt.insert((*z, *g));
            }
        }
        for (z, g) in doubt {
            if self.free(Side::Zoho, z) && self.free(Side::Google, g) {
                self.out.doubtful.push((z, g, Reason::NameOnly));
            }
        }
    }

    /// Contacts that share their key with a pair that was linked: shown, and not created.
    fn leftovers(&mut self) {
        for (side, index) in std::mem::take(&mut self.shared) {
            let separate = self.entry(side, index).is_some_and(|(record, _)| {
                self.decisions
                    .get(&duplicate_key(side, &record.id))
                    .is_some_and(|c| c == "separate")
            });
            if self.free(side, index) && !separate {
                self.out.duplicates.push((side, index));
            }
        }
    }
}

fn share(a: &[String], b: &[String]) -> bool {
    a.iter().any(|x| b.contains(x))
}

fn share_phone(a: &Evidence, b: &Evidence) -> bool {
    let keys = |e: &Evidence| -> BTreeSet<String> {
        e.phones.iter().map(|p| phone_key(p, e.region.as_deref())).collect()
    };
    !a.phones.is_empty() && !b.phones.is_empty() && !keys(a).is_disjoint(&keys(b))
}
