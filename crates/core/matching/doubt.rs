//! Doubts: who is asked about, and what the person's answers settle. Each contact is asked about once,
//! however many it could be.

use std::collections::BTreeSet;

use super::{Asked, Pairing, Reason};
use crate::contact::{Pair, Side};
use crate::decision::{Decisions, duplicate_key, is, match_key, matched_ids};

impl Pairing<'_> {
    pub(super) fn separate(&self, zoho: usize, google: usize) -> bool {
        if self.decisions.is_empty() {
            return false;
        }
        self.pair(zoho, google).is_some_and(|(z, g)| {
            is(self.decisions, &match_key(&z.record.id, &g.record.id), "separate")
        })
    }

    /// Whether the person said of this contact that it is not the one it was shown beside.
    fn is_apart(&self, side: Side, place: usize) -> bool {
        let entry = self.entry(side, place).filter(|_| !self.apart[side].is_empty());
        entry.is_some_and(|entry| self.apart[side].contains(entry.record.id.as_str()))
    }

    /// Whether a doubt about two contacts is settled: they were called separate, or one of them was
    /// from somebody, when the other could be seen as well. So each contact is asked about once,
    /// however many it could be.
    pub(super) fn settled(&self, zoho: usize, google: usize) -> bool {
        let shown = |side: Side, place: usize| {
            let entry = self.entry(side, place);
            entry.is_some_and(|entry| self.shown.contains(&(side, entry.record.id.clone())))
        };
        self.separate(zoho, google)
            || (self.is_apart(Side::Zoho, zoho) && shown(Side::Google, google))
            || (self.is_apart(Side::Google, google) && shown(Side::Zoho, zoho))
    }

    /// Contacts that some evidence gives a counterpart, unless the person said that it is none.
    pub(super) fn rival(&mut self, contacts: impl IntoIterator<Item = (Side, usize)>) {
        for (side, place) in contacts {
            if !self.is_apart(side, place) {
                self.rivals.insert((side, place));
            }
        }
    }

    /// Asks about the pairs whose ends are both free and not asked about yet.
    pub(super) fn doubt(&mut self, pairs: Vec<(usize, usize)>, reason: Reason) {
        for (z, g) in pairs {
            let ends = [(Side::Zoho, z), (Side::Google, g)];
            let open = |end: &(Side, usize)| self.free(end.0, end.1) && !self.asked.contains(end);
            if ends.iter().all(open) && !self.settled(z, g) {
                self.asked.extend(ends);
                self.out.doubtful.push((z, g, reason));
            }
        }
    }

    /// Who was asked about stays so until the person has answered or something tells for certain:
    /// what was typed since, a number or an address of one's own, is no answer.
    pub(super) fn still_open(&mut self, asked: &Asked) {
        if asked.open.is_empty() {
            return;
        }
        let places = Pair::of(|side| self.by_id(side));
        for ((zoho, google), reason) in &asked.open {
            if let (Some(z), Some(g)) =
                (places.zoho.get(zoho.as_str()), places.google.get(google.as_str()))
            {
                self.doubt(vec![(*z, *g)], *reason);
            }
        }
    }

    /// Contacts whose counterpart another one got: shown, and not created.
    pub(super) fn leftovers(&mut self) {
        self.out.duplicates = std::mem::take(&mut self.rivals)
            .into_iter()
            .filter(|(side, index)| {
                self.free(*side, *index) && !self.asked.contains(&(*side, *index))
            })
            .filter(|(side, index)| {
                self.entry(*side, *index).is_some_and(|entry| {
                    entry.bereft.is_none()
                        && !is(self.decisions, &duplicate_key(*side, &entry.record.id), "separate")
                })
            })
            .collect();
    }
}

/// The contacts of which the person said that they are not the one they were shown beside.
pub(super) fn apart(decisions: &Decisions) -> Pair<BTreeSet<&str>> {
    let mut apart: Pair<BTreeSet<&str>> = Pair::default();
    for (key, _) in decisions.iter().filter(|(_, choice)| *choice == "separate") {
        if let Some((zoho, google)) = matched_ids(key) {
            apart.zoho.insert(zoho);
            apart.google.insert(google);
        }
    }
    apart
}
