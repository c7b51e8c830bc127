//! What a plan consists of: steps, beliefs and the lists of contacts that need neither.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::contact::{Card, Pair, RecordId, Side, Text};
use crate::matching::Reason;
use crate::seen::Seen;

use super::difference::Difference;
use super::question::{About, Question};
use super::sent::Sent;

/// What the bases of both sides hold from now on, by rule. A plan has one for every contact: a list
/// in the order of the rules is a quarter of a tree's size.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Learned(Vec<(usize, Pair<Option<Text>>)>);

impl Learned {
    fn place(&self, rule: usize) -> Result<usize, usize> {
        self.0.binary_search_by_key(&rule, |(of, _)| *of)
    }

    /// What both sides say in this rule's field, where it was learned.
    #[must_use]
    pub fn get(&self, rule: usize) -> Option<&Pair<Option<Text>>> {
        self.place(rule).ok().and_then(|at| self.0.get(at)).map(|(_, said)| said)
    }

    /// As [`Learned::get`], to be changed.
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
    pub learn: Learned,
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
        let mut learn = Learned::default();
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

/// Something the ledger takes note of without a write.
#[derive(Debug, Clone, PartialEq)]
pub enum Belief {
    /// Two contacts are one person.
    Link {
        /// Both ends.
        ids: Pair<RecordId>,
        /// How it was recognised.
        by: Reason,
        /// The e-mail address or phone number that both have, where one tells.
        shared: Option<Text>,
        /// What each of the two is called.
        names: Pair<String>,
        /// Fields that already agree.
        learn: Learned,
        /// How the person's entries stand.
        seen: Seen,
        /// Fields in which the two differ and stay so, by Zoho's `api_name`.
        differs: BTreeSet<String>,
        /// Whether something of it is still to be written, now or by a later run.
        fresh: bool,
        /// Whether no rule can tell which of two values of it is the newer one: the person is asked.
        doubted: bool,
        /// Why it sleeps from the start.
        asleep: Option<Asleep>,
    },
    /// Both sides agree on these fields.
    Learn {
        /// The link.
        link: i64,
        /// The bases by rule.
        learn: Learned,
        /// How the person's entries stand.
        seen: Seen,
        /// What was written to Zoho and need not have arrived.
        sent: Option<Sent>,
        /// Fields in which the two differ and stay so, by Zoho's `api_name`.
        differs: BTreeSet<String>,
        /// Whether the link was matched and something of it is still to be written.
        fresh: bool,
    },
    /// The link sleeps (or wakes).
    Sleep {
        /// The link.
        link: i64,
        /// Why it sleeps; `None` wakes it.
        reason: Option<Asleep>,
    },
    /// The link ends; nothing is left to pair.
    End {
        /// The link.
        link: i64,
    },
    /// The pair is kept apart from now on, by rule or decision.
    Stop {
        /// The link.
        link: i64,
    },
    /// One end was merged into another contact; of a person that took the place nothing was seen
    /// before.
    Move {
        /// The link.
        link: i64,
        /// The side of the merge.
        side: Side,
        /// The survivor.
        to: RecordId,
    },
}

/// Why a link sleeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asleep {
    /// The contact left the label or view on this side.
    OutOfScope(Side),
    /// The contact is not to be seen on this side.
    Hidden(Side),
    /// The counterpart on the written side of a one-way sync was deleted.
    TargetGone(Side),
    /// It was merged into a contact that has a link of its own.
    Merged(Side),
    /// A question about it waits.
    Asked,
    /// It vanished on this side together with many others: one question about all of them waits.
    Alarm(Side),
    /// What the service answers about it on this side cannot be read.
    Unreadable(Side),
    /// A run that added the person to the sync's label was undone.
    Undone,
    /// The person left it out of the sync.
    LeftOut,
}

impl Asleep {
    /// Whether it waits for something that the services tell only when they are asked: a contact
    /// that was taken out of the bin, or one that can be read again.
    #[must_use]
    pub fn is_looked_after(self) -> bool {
        match self {
            Asleep::TargetGone(_) | Asleep::Asked | Asleep::Alarm(_) | Asleep::Unreadable(_) => {
                true
            }
            Asleep::OutOfScope(_)
            | Asleep::Hidden(_)
            | Asleep::Merged(_)
            | Asleep::Undone
            | Asleep::LeftOut => false,
        }
    }
}

/// Everything a run means to do.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Writes, in the order in which they are sent.
    pub steps: Vec<Step>,
    /// What is taken note of without a write.
    pub beliefs: Vec<Belief>,
    /// Questions.
    pub questions: Vec<Question>,
    /// Contacts that a limit leaves for later runs, by side and id.
    pub waiting: BTreeSet<(Side, RecordId)>,
    /// Contacts, a pair once, of which something waits in Google until its Zoho field takes it.
    pub resting: BTreeSet<(Side, RecordId)>,
    /// Whether Google's cap is what stopped creates there.
    pub google_full: bool,
    /// Contacts whose newest state is not believed yet.
    pub lagging: BTreeSet<(Side, RecordId)>,
    /// Contacts with nothing to write: done by the beliefs alone, or held by a question.
    pub quiet: BTreeSet<(Side, RecordId)>,
    /// Conflicts that the winner decides.
    pub conflicts: u32,
    /// What these conflicts are about.
    pub differences: Vec<Difference>,
    /// What comes of those whom an alarm is about, once the person approves of it.
    pub alarmed: Alarmed,
    /// Deletions that the person approved of and that a limit leaves for later runs.
    pub agreed: Vec<Step>,
}

/// What the deletion rule makes of everybody whom an alarm is about. Without an approval they sleep.
#[derive(Debug, Clone, Default)]
pub struct Alarmed {
    /// The pairs, each with the side on which it vanished.
    pub pairs: BTreeMap<i64, (Side, Pair<RecordId>)>,
    /// Deletions.
    pub steps: Vec<Step>,
    /// Deletions that a limit leaves for later runs.
    pub later: Vec<Step>,
    /// What is believed about those who are asked about alone.
    pub beliefs: Vec<Belief>,
    /// The questions about them.
    pub questions: Vec<Question>,
}

impl Plan {
    /// Every write, with those that an approval adds.
    pub fn once_approved(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().chain(&self.alarmed.steps).chain(&self.alarmed.later)
    }

    /// The person approves of what the alarms hold: it takes the place of the sleep and the one
    /// question about all of them.
    pub fn approve(&mut self) {
        let Alarmed { pairs, steps, later, beliefs, questions } = std::mem::take(&mut self.alarmed);
        if pairs.is_empty() {
            return;
        }
        self.beliefs.retain(|belief| match belief {
            Belief::Sleep { link, reason: Some(Asleep::Alarm(_)) } => !pairs.contains_key(link),
            Belief::Sleep { .. }
            | Belief::Link { .. }
            | Belief::Learn { .. }
            | Belief::End { .. }
            | Belief::Stop { .. }
            | Belief::Move { .. } => true,
        });
        let over = |side: Side| pairs.values().any(|(gone, _)| *gone == side);
        self.questions.retain(
            |question| !matches!(question.about, About::MassChange { side, .. } if over(side)),
        );
        let waits = later.iter().map(|step| (step, true));
        for (step, waits) in steps.iter().map(|step| (step, false)).chain(waits) {
            if let Subject::Link(link) = &step.subject
                && let Some((_, ids)) = pairs.get(link)
            {
                for side in Side::BOTH {
                    let contact = (side, ids[side].clone());
                    self.quiet.remove(&contact);
                    self.waiting.extend(waits.then_some(contact));
                }
            }
        }
        self.steps.extend(steps);
        self.agreed.extend(later);
        self.beliefs.extend(beliefs);
        self.questions.extend(questions);
    }
}
