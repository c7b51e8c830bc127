//! Doubts: who is asked about, and what the person's answers settle. Each contact is asked about beside
//! one other at a time, and beside few in all, however many it could be.

use super::{Asked, Entry, Pairing, Reason};
use crate::contact::{Pair, Side};
use crate::decision::{duplicate_key, is, match_key};

/// From so many others a contact is told apart before it is offered to nobody else who is as well, and
/// the person is asked about it alone.
const ENOUGH: usize = 3;

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
    pub(super) fn is_apart(&self, side: Side, place: usize) -> bool {
        let entry = self.entry(side, place).filter(|_| !self.apart.is_empty());
        entry.is_some_and(|entry| self.apart.contains_key(&(side, entry.record.id.clone())))
    }

    /// Whether nothing but the person links two: they were called separate, or one of them was from
    /// somebody, when the other could be seen as well. So two answers link nobody crosswise.
    pub(super) fn settled(&self, zoho: usize, google: usize) -> bool {
        let shown = |side: Side, place: usize| {
            let entry = self.entry(side, place);
            entry.is_some_and(|entry| self.shown.contains(&(side, entry.record.id.clone())))
        };
        self.separate(zoho, google)
            || (self.is_apart(Side::Zoho, zoho) && shown(Side::Google, google))
            || (self.is_apart(Side::Google, google) && shown(Side::Zoho, zoho))
    }

    /// Whether two are offered beside each other no more: the person said that they are not one, or
    /// both were called separate from so many that each is asked about alone. So each question spends
    /// one of few answers, and the questions grow with the contacts.
    pub(super) fn needs_no_question(&self, zoho: usize, google: usize) -> bool {
        self.is_told_enough(Side::Zoho, zoho) && self.is_told_enough(Side::Google, google)
            || self.is_answered(zoho, google)
    }

    /// Whether the person said that two are not one: of these two, or of one of them beside everybody.
    fn is_answered(&self, zoho: usize, google: usize) -> bool {
        let own = self.is_own(Side::Zoho, zoho) || self.is_own(Side::Google, google);
        self.separate(zoho, google) || (own && self.settled(zoho, google))
    }

    /// Whether a contact was called separate from so many that it is offered only to who was not.
    pub(super) fn is_told_enough(&self, side: Side, place: usize) -> bool {
        self.refusals(side, place) >= ENOUGH
    }

    /// From how many the person said that this contact is another.
    fn refusals(&self, side: Side, place: usize) -> usize {
        let entry = self.entry(side, place).filter(|_| !self.apart.is_empty());
        let of = |entry: Entry<'_>| self.apart.get(&(side, entry.record.id.clone())).copied();
        entry.and_then(of).unwrap_or_default()
    }

    /// Whether the person said of a contact beside all others that it is one of its own.
    fn is_own(&self, side: Side, place: usize) -> bool {
        let entry = self.entry(side, place).filter(|_| !self.decisions.is_empty());
        entry.is_some_and(|entry| {
            is(self.decisions, &duplicate_key(side, &entry.record.id), "separate")
        })
    }

    /// Whether a contact could still be one of these, as far as the person has answered.
    pub(super) fn could_be_any(&self, side: Side, place: usize, others: &[usize]) -> bool {
        !self.is_apart(side, place)
            || others.iter().any(|other| match side {
                Side::Zoho => !self.is_answered(place, *other),
                Side::Google => !self.is_answered(*other, place),
            })
    }

    /// Whether the person answered of one of the two that it stays as it is beside the others.
    pub(super) fn is_left_aside(&self, zoho: usize, google: usize) -> bool {
        [(Side::Zoho, zoho), (Side::Google, google)].into_iter().any(|(side, place)| {
            let entry = self.entry(side, place).filter(|_| !self.decisions.is_empty());
            entry.is_some_and(|entry| {
                is(self.decisions, &duplicate_key(side, &entry.record.id), "ignore")
            })
        })
    }

    /// The candidates about whom nothing is settled.
    pub(super) fn open_ones(&self, candidates: &[(usize, usize)]) -> Vec<(usize, usize)> {
        candidates.iter().filter(|(z, g)| !self.settled(*z, *g)).copied().collect()
    }

    /// Contacts that some evidence gives a counterpart, unless the person said that it is none.
    pub(super) fn rival(&mut self, contacts: impl IntoIterator<Item = (Side, usize)>) {
        for (side, place) in contacts {
            if !self.is_apart(side, place) {
                self.rivals.insert((side, place));
            }
        }
    }

    /// Whether a contact has no counterpart and is not asked about.
    pub(super) fn is_open(&self, side: Side, place: usize) -> bool {
        self.free(side, place) && !self.asked.contains(&(side, place))
    }

    /// Asks about the pairs whose ends are both free and not asked about yet.
    pub(super) fn doubt(&mut self, pairs: Vec<(usize, usize)>, reason: Reason) {
        for (z, g) in pairs {
            let ends = [(Side::Zoho, z), (Side::Google, g)];
            if ends.iter().all(|(side, place)| self.is_open(*side, *place))
                && !self.needs_no_question(z, g)
            {
                self.asked.extend(ends);
                self.out.doubtful.push((z, g, reason));
            }
        }
    }

    /// Who was asked about stays so until the person has answered or something tells for certain:
    /// what was typed since, a number or an address of one's own, is no answer, nor is what was
    /// answered about others.
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
            .filter(|(side, index)| self.is_open(*side, *index))
            .filter(|(side, index)| {
                self.entry(*side, *index)
                    .is_some_and(|entry| entry.bereft.is_none() && !self.is_own(*side, *index))
            })
            .collect();
    }
}
