//! How a person's entries stood when they were looked at last, and which entry of today each of them
//! became. A label that was changed makes no other entry, nor does a value that was edited; so the
//! place of an entry is found again after both, be it in one look or in two.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::contact::{Card, Listed, Text};
use crate::mapping::{Group, Slot};

/// The entries that a person had at the last look, by field: of those fields where labels do not tell
/// which place each one filled. Kept with the bases.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seen(BTreeMap<String, Vec<SeenEntry>>);

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct SeenEntry {
    label: String,
    /// The label of the place that it filled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    place: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    parts: BTreeMap<String, Text>,
}

impl Seen {
    /// Notes a field's entries with the places that they fill. Where each stands in the place of its
    /// own label there is nothing to note.
    pub(crate) fn note(&mut self, entries: &[(&Listed, Option<&Slot>)]) {
        let plain = |(entry, slot): &(&Listed, Option<&Slot>)| {
            slot.is_some_and(|slot| slot.label == entry.label)
        };
        let Some((first, _)) = entries.first().filter(|_| !entries.iter().all(plain)) else {
            return;
        };
        let noted = entries.iter().map(|(entry, slot)| SeenEntry {
            label: entry.label.clone(),
            place: slot.map(|slot| slot.label.clone()),
            parts: entry.parts.iter().map(|(p, v)| ((*p).to_owned(), v.clone())).collect(),
        });
        self.0.insert(first.field.to_owned(), noted.collect());
    }

    /// These fields as they are seen now, all others as before.
    pub fn renew(&mut self, mut now: Seen, fields: impl Fn(&str) -> bool) {
        self.0.retain(|field, _| !fields(field));
        now.0.retain(|field, _| fields(field));
        self.0.append(&mut now.0);
    }
}

/// What is known of a person's entries before they are read.
#[derive(Debug, Clone, Copy)]
pub struct Hint<'a> {
    /// What the places are looked for by.
    pub said: &'a Card,
    /// What they said at the last look; none where nobody looked.
    pub base: Option<&'a Card>,
    /// The entries of that look.
    pub seen: Option<&'a Seen>,
}

impl<'a> From<&'a Card> for Hint<'a> {
    /// The values alone are known.
    fn from(said: &'a Card) -> Hint<'a> {
        Hint { said, base: None, seen: None }
    }
}

/// An entry as it stood at the last look.
struct Known<'a> {
    label: &'a str,
    /// The index of the slot that it filled.
    slot: Option<usize>,
    parts: BTreeMap<&'a str, &'a str>,
}

impl Known<'_> {
    fn says_the_same(&self, entry: &Listed) -> bool {
        self.parts.len() == entry.parts.len() && self.shared(entry) == entry.parts.len()
    }

    /// In how many parts the entry still says the same.
    fn shared(&self, entry: &Listed) -> usize {
        let same = |(part, value): &&(&'static str, Text)| self.parts.get(part) == Some(&&**value);
        entry.parts.iter().filter(same).count()
    }
}

/// Which entry of a field each place's entry of the last look became: pairs of a slot's index and the
/// place in the list.
#[derive(Debug, Default)]
pub(crate) struct Successors {
    /// Those whose label or value tells.
    pub(crate) told: BTreeMap<usize, usize>,
    /// Those of which both changed at once, in the order of the list: as many are new as are missed.
    pub(crate) likely: BTreeMap<usize, usize>,
    /// Entries that got the label of a place which its own entry left: they belong to that place now.
    pub(crate) meant: BTreeSet<usize>,
}

/// A sign that an entry is the one that was known.
type Sign<'a> = &'a dyn Fn(&Known<'_>, &Listed) -> bool;

/// Follows a field's entries from the last look to `entries`. `slots` are those of the field, with
/// their index in the mapping.
pub(crate) fn successors(
    group: Group,
    slots: &[(usize, &Slot)],
    entries: &[&Listed],
    hint: Hint<'_>,
) -> Successors {
    let known = known(group, slots, hint);
    let mut found = vec![None; known.len()];
    let moves = group.relabels();
    // From the surest sign to the weakest, each for all entries before the next.
    let told: [Sign<'_>; 4] = [
        &|was, is| was.label == is.label && was.says_the_same(is),
        &|was, is| moves && !is.parts.is_empty() && was.says_the_same(is),
        &|was, is| was.label == is.label && was.shared(is) > 0,
        &|was, is| was.label == is.label,
    ];
    told.iter().for_each(|sign| follow(&known, entries, &mut found, sign));
    let by_slot = |found: &[Option<usize>]| {
        let each = known.iter().zip(found);
        each.filter_map(|(was, at)| Some((was.slot?, (*at)?))).collect::<BTreeMap<_, _>>()
    };
    let meant = taken_over(slots, &known, entries, &found);
    let mut told = by_slot(&found);
    let missed = found.iter().filter(|at| at.is_none()).count();
    let new = entries.len() - (found.len() - missed);
    if moves && missed == new {
        follow(&known, entries, &mut found, &|was, is| was.shared(is) > 0);
        follow(&known, entries, &mut found, &|_, is| !is.parts.is_empty());
    }
    let mut likely = by_slot(&found);
    likely.retain(|slot, at| !told.contains_key(slot) && !meant.contains(at));
    told.retain(|_, at| !meant.contains(at));
    Successors { told, likely, meant }
}

/// The entries that came from a place to the label of another one whose entry does not stand there: two
/// labels that changed places, or the second of which was given to the first one's place.
fn taken_over(
    slots: &[(usize, &Slot)],
    known: &[Known<'_>],
    entries: &[&Listed],
    found: &[Option<usize>],
) -> BTreeSet<usize> {
    let label = |at: usize| entries.get(at).map(|entry| entry.label.as_str());
    let each = || known.iter().zip(found);
    let stands_away = |slot: usize, here: &str| {
        each().any(|(was, at)| was.slot == Some(slot) && at.and_then(label) != Some(here))
    };
    let over = each().filter_map(|(was, at)| {
        let (mine, at) = (was.slot?, (*at)?);
        let now = label(at).filter(|now| *now != was.label)?;
        let (other, _) = slots.iter().find(|(_, slot)| slot.label == now)?;
        (*other != mine && stands_away(*other, now)).then_some(at)
    });
    over.collect()
}

/// Gives each known entry that has none yet the first free entry for which the sign holds.
fn follow(
    known: &[Known<'_>],
    entries: &[&Listed],
    found: &mut [Option<usize>],
    sign: &dyn Fn(&Known<'_>, &Listed) -> bool,
) {
    for (at, was) in known.iter().enumerate() {
        if found.get(at).is_some_and(Option::is_some) {
            continue;
        }
        let free = |place: &usize| !found.contains(&Some(*place));
        let mut places = (0..entries.len()).filter(free);
        let successor = places.find(|place| entries.get(*place).is_some_and(|is| sign(was, is)));
        if let Some(mine) = found.get_mut(at) {
            *mine = successor;
        }
    }
}

/// The field's entries at the last look. Where nothing was noted, each place that said something had
/// an entry with its own label.
fn known<'a>(group: Group, slots: &[(usize, &'a Slot)], hint: Hint<'a>) -> Vec<Known<'a>> {
    let noted = hint.seen.and_then(|seen| seen.0.get(group.name()));
    let noted: Vec<Known<'a>> = noted
        .into_iter()
        .flatten()
        .map(|entry| Known {
            label: &entry.label,
            slot: entry.place.as_ref().and_then(|place| {
                slots.iter().find(|(_, slot)| slot.label == *place).map(|(index, _)| *index)
            }),
            parts: entry.parts.iter().map(|(part, value)| (part.as_str(), &**value)).collect(),
        })
        .collect();
    if !noted.is_empty() {
        return noted;
    }
    let base = hint.base.into_iter().flat_map(|base| {
        slots.iter().map(move |(index, slot)| {
            let said = slot.rules.iter().filter_map(|(rule, part)| Some((*part, base.get(*rule)?)));
            Known { label: &slot.label, slot: Some(*index), parts: said.collect() }
        })
    });
    base.filter(|entry| !entry.parts.is_empty()).collect()
}
