//! What a plan consists of: steps, beliefs and the lists of contacts that need neither.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::contact::{Card, Pair, RecordId, Side, Text};

/// What the bases of both sides hold from now on, by rule. A plan has one for every contact: a list
/// in the order of the rules is a quarter of a tree's size.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BaseUpdate(Vec<(usize, Pair<Option<Text>>)>);

impl BaseUpdate {
    fn place(&self, rule: usize) -> Result<usize, usize> {
        self.0.binary_search_by_key(&rule, |(of, _)| *of)
    }

    /// What both sides say in this rule's field, where it was learned.
    #[must_use]
    pub fn get(&self, rule: usize) -> Option<&Pair<Option<Text>>> {
        self.place(rule).ok().and_then(|at| self.0.get(at)).map(|(_, said)| said)
    }

    /// As [`BaseUpdate::get`], to be changed.
    pub fn get_mut(&mut self, rule: usize) -> Option<&mut Pair<Option<Text>>> {
        self.place(rule).ok().and_then(|at| self.0.get_mut(at)).map(|(_, said)| said)
    }

    /// Learns one field.
    pub fn insert(&mut self, rule: usize, said: Pair<Option<Text>>) {
        match self.get_mut(rule) {
            Some(old) => *old = said,
            None => {
                let at = self.0.partition_point(|(of, _)| *of < rule);
                self.0.insert(at, (rule, said));
            }
        }
    }

    /// Forgets one field.
    pub fn remove(&mut self, rule: usize) {
        self.0.retain(|(of, _)| *of != rule);
    }

    /// Whether nothing was learned.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every field, in the order of the rules.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &Pair<Option<Text>>)> {
        self.0.iter().map(|(rule, said)| (*rule, said))
    }
}

/// The reason of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The value changed on this side.
    Changed(Side),
    /// The field was empty here and is filled from the other side at the first match.
    Filled(Side),
    /// Both sides changed; this side is the winner.
    Won(Side),
    /// The two differ, and the person chose this side's value.
    Chosen(Side),
    /// The contact is new on this side.
    New(Side),
    /// The contact was deleted on this side.
    Deleted(Side),
    /// It vanished on this side, and the person had it made there again.
    PutBack(Side),
    /// Zoho keeps no account of this company's name yet: one is made.
    Account,
    /// A default value stands in for an empty field.
    Default,
    /// It joins the sync's label.
    Label,
    /// It is outside a narrower label or view, and the person chose to remove it.
    Scope,
    /// The service carried out one create twice; the second copy goes.
    Echo,
    /// A value that may stand in one record only goes to another contact: this one is emptied first.
    HandedOn,
    /// A run is undone.
    Undo,
}

/// One field of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldNote {
    /// Zoho's `api_name`.
    pub field: String,
    /// The written side's value before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Text>,
    /// What is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Text>,
    /// The loser of a conflict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overwritten: Option<Text>,
    /// Why.
    pub why: Why,
}

/// Which pair a step belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// An existing link.
    Link(i64),
    /// A pair that this plan matched; the link is inserted when the plan is accepted.
    Match(Pair<RecordId>),
    /// A contact whose counterpart this step creates.
    Origin(Side, RecordId),
}

/// What is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// A new contact with these values.
    Create {
        /// The mapped values.
        card: Card,
    },
    /// Some fields of a contact.
    Update {
        /// The contact.
        id: RecordId,
        /// The version that was read.
        version: String,
        /// The card as it was read.
        before: Card,
        /// New values by rule; `None` clears.
        patch: BTreeMap<usize, Option<Text>>,
        /// Whether the person joins the sync's label.
        label: bool,
    },
    /// The contact goes to the service's bin.
    Delete {
        /// The contact.
        id: RecordId,
        /// The version that was read.
        version: String,
    },
}

impl Verb {
    /// What the contact says once this is done; nothing where it goes to the bin.
    #[must_use]
    pub fn card_after(&self) -> Option<Cow<'_, Card>> {
        match self {
            Verb::Create { card } => Some(Cow::Borrowed(card)),
            Verb::Update { before, patch, .. } => {
                let mut card = Cow::Borrowed(before);
                for (rule, value) in patch {
                    card.to_mut().put(*rule, value.clone());
                }
                Some(card)
            }
            Verb::Delete { .. } => None,
        }
    }
}

/// One write and what is believed after it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Which pair.
    pub subject: Subject,
    /// The side that is written.
    pub side: Side,
    /// What is written.
    pub verb: Verb,
    /// What both bases hold for these rules once it is done: on the written side what was *sent*,
    /// on the other what was read. Never what is seen later, or an edit in between is swallowed.
    pub learn: BaseUpdate,
    /// The contact's name as a person reads it.
    pub contact: String,
    /// The fields, for plan and history.
    pub fields: Vec<FieldNote>,
    /// The reason of the whole.
    pub why: Why,
}

impl Step {
    /// The same step under another mapping of so many rules: `place` tells where each rule's row
    /// stands there. What belongs to a row that is no longer there is no part of it any more.
    #[must_use]
    pub fn moved_to(mut self, rules: usize, place: impl Fn(usize) -> Option<usize>) -> Step {
        let card = |old: &Card| {
            let mut new = Card::empty(rules);
            for (rule, value) in old.0.iter().enumerate() {
                if let Some(at) = place(rule) {
                    new.put(at, value.clone());
                }
            }
            new
        };
        let mut learn = BaseUpdate::default();
        for (rule, said) in self.learn.iter() {
            if let Some(at) = place(rule) {
                learn.insert(at, said.clone());
            }
        }
        match &mut self.verb {
            Verb::Create { card: sent } => *sent = card(sent),
            Verb::Update { before, patch, .. } => {
                *before = card(before);
                let kept = std::mem::take(patch).into_iter();
                patch.extend(kept.filter_map(|(rule, value)| Some((place(rule)?, value))));
            }
            Verb::Delete { .. } => {}
        }
        Step { learn, ..self }
    }
}
