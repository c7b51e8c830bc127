//! Which entry of a Google person fills a mapped place.
//!
//! A place reads the entry with its label. It remembers the entry that it read last, so a label that
//! was changed or taken off moves nothing, also where the value is edited with it or later; unless it
//! got the label of another place whose own entry stands there no more: then both are meant. Where a
//! person has no entry with the label, entries without one fill the empty places, then those labelled
//! *other*. A place is not empty where Zoho says something: then only an entry that says the same is its
//! own. An entry fills one place, and a value that stands under two labels fills one too.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::contact::{Card, Listed, Pair, Text};
use crate::mapping::{Group, Mapping, Slot};
use crate::seen::{Hint, Seen, Successors, successors};
use crate::split::{complete_each_other, forms, wholes};

/// Entries with this label belong to no place in particular.
const OTHER: &str = "other";

impl Group {
    /// Whether people sort its entries by labels that mean little: an entry may fill a place of
    /// another label. A custom field's key, on the other hand, is what it is.
    #[must_use]
    pub fn relabels(self) -> bool {
        match self {
            Group::EmailAddresses | Group::PhoneNumbers | Group::Addresses | Group::Urls => true,
            Group::Names
            | Group::Nicknames
            | Group::Organizations
            | Group::Birthdays
            | Group::Biographies
            | Group::UserDefined => false,
        }
    }
}

/// A person's entries read in the light of a hint.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading<'a> {
    /// The values of the mapped places.
    pub card: Cow<'a, Card>,
    /// Entries that fill no place.
    pub spare: Vec<&'a Listed>,
    /// How the entries stand now, for the next time.
    pub seen: Seen,
}

impl Mapping {
    /// The card of a record whose entries are read in the light of `hint`, which is what they said
    /// before. So neither the order in which a service lists entries nor a changed label is taken
    /// for an edit.
    #[must_use]
    pub fn resolve<'a>(&self, card: &'a Card, listed: &'a [Listed], hint: &Card) -> Cow<'a, Card> {
        self.reading(card, listed, hint.into()).card
    }

    /// As [`Mapping::resolve`], with the entries that are left over.
    #[must_use]
    pub fn reading<'a>(&self, card: &'a Card, listed: &'a [Listed], hint: Hint<'_>) -> Reading<'a> {
        let mut reading =
            Reading { card: Cow::Borrowed(card), spare: Vec::new(), seen: Seen::default() };
        for (group, field) in Group::ALL {
            let entries: Vec<&Listed> =
                listed.iter().filter(|entry| entry.field == field).collect();
            if entries.is_empty() {
                continue;
            }
            let seats = self.seats(group, &entries, hint);
            for (slot, seat) in &seats {
                let entry = seat.and_then(|at| entries.get(at));
                for (rule, part) in self.slots().get(*slot).into_iter().flat_map(|s| &s.rules) {
                    let value = entry.and_then(|entry| entry.part(part));
                    if value.map(|v| &**v) != reading.card.get(*rule) {
                        reading.card.to_mut().put(*rule, value.cloned());
                    }
                }
            }
            let of = |at: usize| {
                let (slot, _) = seats.iter().find(|(_, seat)| *seat == Some(at))?;
                self.slots().get(*slot)
            };
            let filled = entries.iter().enumerate().map(|(at, entry)| (*entry, of(at)));
            let filled: Vec<(&'a Listed, Option<&Slot>)> = filled.collect();
            reading.seen.note(&filled);
            reading.spare.extend(filled.iter().filter(|(_, slot)| slot.is_none()).map(|(e, _)| e));
        }
        reading
    }

    /// What the places of a Google person are looked for by: by what they said, and where they said
    /// nothing by what Zoho says now. The person may have that value already, under another label or
    /// further down a list. `base` is what both sides said, `fresh` whether the two were never settled.
    #[must_use]
    pub fn sought<'a>(&self, base: Pair<&'a Card>, zoho: &Card, fresh: bool) -> Cow<'a, Card> {
        let mut sought = Cow::Borrowed(base.google);
        for slot in self.slots() {
            let known = slot.rules.iter().any(|(rule, _)| base.google.get(*rule).is_some());
            if known && !fresh {
                continue;
            }
            for (rule, _) in slot.rules.iter().filter(|(rule, _)| base.google.get(*rule).is_none())
            {
                // What was settled as empty stays so where a label means something.
                if fresh || slot.group.relabels() || base.zoho.get(*rule).is_none() {
                    sought.to_mut().put(*rule, zoho.text(*rule));
                }
            }
        }
        sought
    }

    /// What a person has in entries for which no place is left, and in no other entry: of the fields of
    /// which the mapping reads any.
    #[must_use]
    pub fn without_place(&self, card: &Card, listed: &[Listed], hint: Hint<'_>) -> Vec<String> {
        let spare = self.reading(card, listed, hint).spare;
        let mut left: Vec<&Listed> = Vec::new();
        for entry in spare.iter().copied().filter(|entry| !entry.parts.is_empty()) {
            let mut slots = self.slots().iter().filter(|slot| slot.group.name() == entry.field);
            let Some(slot) = slots.find(|slot| slot.group.relabels()) else { continue };
            let same = |other: &&Listed| {
                other.field == entry.field && self.says_the_same(slot, entry, other)
            };
            let read = |other: &&Listed| !spare.iter().any(|one| std::ptr::eq(*one, *other));
            if !left.iter().any(same) && !listed.iter().filter(read).any(|other| same(&other)) {
                left.push(entry);
            }
        }
        let whole = |entry: &Listed| {
            let parts: Vec<&str> = entry.parts.iter().map(|(_, value)| &**value).collect();
            parts.join(" ")
        };
        left.into_iter().map(whole).collect()
    }

    /// The rules of places whose only entry holds what no rule reads. It is content: such a place is
    /// neither empty nor filled over.
    #[must_use]
    pub fn unread(&self, card: &Card, listed: &[Listed]) -> BTreeSet<usize> {
        let unread = |slot: &&Slot| {
            let own =
                |entry: &&Listed| entry.field == slot.group.name() && entry.label == slot.label;
            let mut own = listed.iter().filter(own).peekable();
            own.peek().is_some()
                && own.all(|entry| entry.parts.is_empty())
                && slot.rules.iter().all(|(rule, _)| card.get(*rule).is_none())
        };
        let slots = self.slots().iter().filter(unread);
        slots.flat_map(|slot| slot.rules.iter().map(|(rule, _)| *rule)).collect()
    }

    /// The rules of places whose content stands in one piece: those that [`Mapping::unread`] tells,
    /// and empty ones that an entry without a label would fill if it had parts.
    #[must_use]
    pub fn in_one_piece(&self, card: &Card, listed: &[Listed]) -> BTreeSet<usize> {
        let mut whole = self.unread(card, listed);
        let mapped = |entry: &Listed| {
            let mut slots = self.slots().iter();
            slots.any(|slot| slot.group.name() == entry.field && slot.label == entry.label)
        };
        for (group, field) in Group::ALL.into_iter().filter(|(group, _)| group.relabels()) {
            let loose = |entry: &&Listed| {
                let label = entry.label.as_str();
                let free = label.is_empty() || label == OTHER && !mapped(entry);
                entry.field == field && entry.parts.is_empty() && free
            };
            let mut slots: Vec<&Slot> = self.slots().iter().filter(|s| s.group == group).collect();
            slots.sort_by_key(|slot| slot.rules.first().map(|(rule, _)| *rule));
            let empty = |slot: &&Slot| {
                slot.rules
                    .iter()
                    .all(|(rule, _)| card.get(*rule).is_none() && !whole.contains(rule))
            };
            let filled: Vec<usize> = slots
                .into_iter()
                .filter(empty)
                .take(listed.iter().filter(loose).count())
                .flat_map(|slot| slot.rules.iter().map(|(rule, _)| *rule))
                .collect();
            whole.extend(filled);
        }
        whole
    }

    /// Which of a field's entries each slot reads: pairs of a slot's index and an entry's.
    #[must_use]
    pub fn seats(
        &self,
        group: Group,
        entries: &[&Listed],
        hint: Hint<'_>,
    ) -> Vec<(usize, Option<usize>)> {
        let mut slots: Vec<(usize, &Slot)> =
            self.slots().iter().enumerate().filter(|(_, slot)| slot.group == group).collect();
        slots.sort_by_key(|(_, slot)| slot.rules.first().map(|(rule, _)| *rule));
        let successors = successors(group, &slots, entries, hint);
        let mut seating = Seating {
            mapping: self,
            sought: hint.said,
            remembered: hint.base.unwrap_or(hint.said),
            successors,
            entries,
            taken: BTreeSet::new(),
        };
        let mut seats: Vec<(usize, Option<usize>)> =
            slots.iter().map(|(index, _)| (*index, None)).collect();
        for pass in PASSES {
            // An entry that is taken may leave another place without one of its own label.
            let mut before = None;
            while before != Some(seating.taken.len()) {
                before = Some(seating.taken.len());
                for ((index, slot), (_, seat)) in slots.iter().zip(&mut seats) {
                    if seat.is_none() {
                        *seat = pass(&seating, *index, slot);
                        seating.taken.extend(*seat);
                    }
                }
            }
        }
        seats
    }
}

type Pass = fn(&Seating<'_>, usize, &Slot) -> Option<usize>;

/// In this order, each for all slots before the next.
const PASSES: [Pass; 11] = [
    |seating, _, slot| seating.labelled_as_before(slot),
    |seating, index, slot| seating.followed(&seating.successors.told, index, slot),
    |seating, _, slot| seating.moved(slot),
    |seating, _, slot| seating.labelled(slot),
    // A place whose entry was edited comes before those that never had one.
    |seating, _, slot| seating.filled(slot, "").filter(|_| seating.has_said(slot)),
    |seating, _, slot| seating.filled(slot, OTHER).filter(|_| seating.has_said(slot)),
    |seating, index, slot| seating.followed(&seating.successors.likely, index, slot),
    |seating, _, slot| seating.completed(slot, ""),
    |seating, _, slot| seating.completed(slot, OTHER),
    |seating, _, slot| seating.filled(slot, ""),
    |seating, _, slot| seating.filled(slot, OTHER),
];

struct Seating<'a> {
    mapping: &'a Mapping,
    /// What the places are looked for by.
    sought: &'a Card,
    /// What they said at the last look.
    remembered: &'a Card,
    successors: Successors,
    entries: &'a [&'a Listed],
    taken: BTreeSet<usize>,
}

impl Seating<'_> {
    fn free(&self) -> impl Iterator<Item = (usize, &Listed)> {
        let all = self.entries.iter().enumerate().map(|(at, entry)| (at, *entry));
        all.filter(|(at, _)| !self.taken.contains(at))
    }

    /// Entries with the slot's label that say something to its rules, or what no rule reads.
    fn own(&self, slot: &Slot) -> impl Iterator<Item = (usize, &Listed)> {
        self.free().filter(move |(_, entry)| {
            entry.label == slot.label && (entry.parts.is_empty() || entry.is_read_by(slot))
        })
    }

    /// Whether the place had an entry at the last look.
    fn has_said(&self, slot: &Slot) -> bool {
        says(self.remembered, slot)
    }

    /// Whether Zoho says something in a place that had no entry: it is not empty.
    fn is_occupied(&self, slot: &Slot) -> bool {
        slot.group.relabels() && !self.has_said(slot) && says(self.sought, slot)
    }

    /// How many of the slot's parts the entry still says, and how many it says otherwise.
    fn agreement(&self, slot: &Slot, entry: &Listed) -> (usize, usize) {
        let mut points = (0, 0);
        for (rule, part) in &slot.rules {
            match (entry.part(part), self.sought.get(*rule)) {
                (Some(now), Some(before)) if self.mapping.same(*rule, Some(now), Some(before)) => {
                    points.0 += 1;
                }
                (None, None) => {}
                (Some(_), _) | (None, Some(_)) => points.1 += 1,
            }
        }
        points
    }

    /// Whether the entry says what the slot is looked for by, all of it, in whatever split.
    fn says_all(&self, slot: &Slot, entry: &Listed) -> bool {
        let (same, other) = self.agreement(slot, entry);
        let rule = |part: &str| slot.rules.iter().find(|(_, name)| *name == part);
        let alike = wholes(slot.group).iter().any(|orders| {
            let there = forms(orders, |part| rule(part).and(entry.part(part)).map(|v| &**v));
            let sought = forms(orders, |part| self.sought.get(rule(part)?.0));
            !there.is_disjoint(&sought)
        });
        alike || (same > 0 && other == 0)
    }

    /// The entry with the slot's label that says most of what the slot said; the first among equals.
    fn labelled_as_before(&self, slot: &Slot) -> Option<usize> {
        let points = self.own(slot).map(|(at, entry)| (at, self.agreement(slot, entry).0));
        points.filter(|(_, points)| *points > 0).reduce(most).map(|(at, _)| at)
    }

    /// What became of the slot's entry of the last look. A new one with the slot's own label comes
    /// before one that has another now, and so does what Zoho came to say in a place that never was
    /// settled.
    fn followed(
        &self,
        successors: &BTreeMap<usize, usize>,
        index: usize,
        slot: &Slot,
    ) -> Option<usize> {
        let successor = *successors.get(&index)?;
        let (_, entry) = self.free().find(|(at, _)| *at == successor)?;
        let free = self.own(slot).next().is_none() && !self.is_occupied(slot);
        ((free || entry.label == slot.label) && entry.is_read_by(slot)).then_some(successor)
    }

    /// The entry that says what the slot said, under whatever label it is now.
    fn moved(&self, slot: &Slot) -> Option<usize> {
        // A second entry with a value that another place reads says nothing new of this one.
        if !slot.group.relabels() || self.own(slot).any(|(_, entry)| !self.is_read(slot, entry)) {
            return None;
        }
        let slots = || self.mapping.slots().iter().filter(|s| s.group == slot.group);
        let mapped = |label: &str| slots().any(|s| s.label == label);
        let nearness = |label: &str| match label {
            "" => 3,
            label if mapped(label) => 2,
            OTHER => 1,
            _ => 0,
        };
        // A place that never had an entry takes none from one that had.
        let elsewhere = |label: &str| slots().any(|s| s.label == label && self.has_said(s));
        let meant = |at: &usize| self.successors.meant.contains(at);
        let points = self.free().filter(|(at, _)| !meant(at)).filter_map(|(at, entry)| {
            let (same, other) = self.agreement(slot, entry);
            let mine = match self.is_occupied(slot) {
                true => self.says_all(slot, entry) && !elsewhere(&entry.label),
                false => same > other,
            };
            mine.then(|| (at, (same, nearness(&entry.label))))
        });
        points.reduce(most).map(|(at, _)| at)
    }

    /// The first entry with the slot's label.
    fn labelled(&self, slot: &Slot) -> Option<usize> {
        let known = says(self.sought, slot);
        let twice = |entry: &Listed| !known && slot.group.relabels() && self.is_read(slot, entry);
        let first = self.own(slot).find(|(_, entry)| entry.is_read_by(slot) && !twice(entry));
        first.map(|(at, _)| at)
    }

    /// The first entry of this label that is the same address as Zoho's but for parts that one of them
    /// left out.
    fn completed(&self, slot: &Slot, label: &str) -> Option<usize> {
        if !self.is_occupied(slot) || self.own(slot).next().is_some() {
            return None;
        }
        let parts = |entry: &Listed| {
            let part = |(rule, part): &(usize, &'static str)| {
                let (now, sought) = (entry.part(part), self.sought.get(*rule));
                let same = self.mapping.same(*rule, now.map(|v| &**v), sought);
                ([now.is_some(), sought.is_some()], same)
            };
            complete_each_other(slot.rules.iter().map(part))
        };
        let mut free = self.free().filter(|(_, entry)| entry.label == label);
        free.find(|(_, entry)| parts(entry)).map(|(at, _)| at)
    }

    /// The first entry of this label, where the place is empty and the person has none with its own.
    fn filled(&self, slot: &Slot, label: &str) -> Option<usize> {
        let full = self.own(slot).next().is_some() || self.is_occupied(slot);
        if !slot.group.relabels() || full {
            return None;
        }
        let mut free = self.free().filter(|(_, entry)| entry.label == label);
        let first = free.find(|(_, entry)| entry.is_read_by(slot) && !self.is_read(slot, entry));
        first.map(|(at, _)| at)
    }

    /// Whether another place reads the same value from another entry.
    fn is_read(&self, slot: &Slot, entry: &Listed) -> bool {
        let taken = self.taken.iter().filter_map(|at| self.entries.get(*at));
        taken.into_iter().any(|other| self.mapping.says_the_same(slot, entry, other))
    }
}

/// Whether a card says anything in a slot's fields.
fn says(card: &Card, slot: &Slot) -> bool {
    slot.rules.iter().any(|(rule, _)| card.get(*rule).is_some())
}

/// The one with more points; the first among equals.
fn most<P: PartialOrd>(a: (usize, P), b: (usize, P)) -> (usize, P) {
    if b.1 > a.1 { b } else { a }
}

impl Listed {
    /// The value of a part.
    #[must_use]
    pub fn part(&self, part: &str) -> Option<&Text> {
        self.parts.iter().find(|(name, _)| *name == part).map(|(_, value)| value)
    }

    /// Whether the slot's rules see anything in it.
    #[must_use]
    pub fn is_read_by(&self, slot: &Slot) -> bool {
        slot.rules.iter().any(|(_, part)| self.part(part).is_some())
    }
}

impl Mapping {
    /// Whether two entries mean the same to a slot's rules.
    #[must_use]
    pub fn says_the_same(&self, slot: &Slot, a: &Listed, b: &Listed) -> bool {
        let same = |(rule, part): &(usize, &str)| {
            self.same(*rule, a.part(part).map(|v| &**v), b.part(part).map(|v| &**v))
        };
        slot.rules.iter().all(same)
    }
}
