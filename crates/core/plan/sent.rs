//! What was sent to Zoho counts as said there once a read has shown it. Zoho drops without a word what
//! is written to a field that is hidden, so a field that still says what stood there before our own
//! write was not edited: the write did not arrive.

use std::collections::{BTreeMap, BTreeSet};

use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

use crate::contact::{Card, Pair, Record, Side, Text};
use crate::mapping::{Mapping, Rule};
use crate::news::Names;

use super::step::{BaseUpdate, Step, Verb};

/// Our last writes to a Zoho record, as far as no read contradicts them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// The record's own time of change after the last of them.
    at: Timestamp,
    /// Whether the record itself was made by one of them: nothing stood there before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    made: bool,
    /// What stood in the written fields before, by Zoho's `api_name`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    before: BTreeMap<String, Option<Text>>,
    /// Fields that were out of sight since: whether they hold what was sent is open, whatever else
    /// was changed in the record meanwhile.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    unseen: BTreeSet<String>,
}

impl Sent {
    /// The last writes once this step is done at this time of the record's; `None` where it is no
    /// write of values to Zoho.
    #[must_use]
    pub fn and(
        earlier: Option<Sent>,
        step: &Step,
        mapping: &Mapping,
        at: Timestamp,
    ) -> Option<Sent> {
        if step.side != Side::Zoho {
            return earlier;
        }
        match &step.verb {
            Verb::Create { .. } => {
                Some(Sent { at, made: true, before: BTreeMap::new(), unseen: BTreeSet::new() })
            }
            Verb::Update { before, patch, .. } => {
                let mut sent = earlier.unwrap_or(Sent {
                    at,
                    made: false,
                    before: BTreeMap::new(),
                    unseen: BTreeSet::new(),
                });
                sent.at = at;
                for rule in patch.keys() {
                    if let Some(spec) = mapping.rules().get(*rule) {
                        sent.before.insert(spec.zoho.clone(), before.text(*rule));
                        sent.unseen.remove(&spec.zoho);
                    }
                }
                Some(sent)
            }
            Verb::Delete { .. } => None,
        }
    }

    /// Options of lists have other names now, by the field: what stood there before has them too.
    pub fn rename(&mut self, mapping: &Mapping, renamed: &BTreeMap<String, Names>) {
        for (field, names) in renamed {
            let rule = mapping.by_zoho(field).and_then(|rule| mapping.rules().get(rule));
            if let (Some(rule), Some(Some(value))) = (rule, self.before.get_mut(field)) {
                *value = rule.kind.renamed(value, names).into();
            }
        }
    }

    /// Whether a field that was written says what stood there before: the write did not arrive.
    #[must_use]
    pub fn is_lost(&self, rule: &Rule, now: &str) -> bool {
        let before = self.before.get(&rule.zoho);
        before.is_some_and(|before| rule.kind.same(before.as_deref(), Some(now)))
    }

    /// What stood in a field before it was written, where it was.
    fn before(&self, field: &str, said: Option<&str>) -> Option<Option<Text>> {
        let made = || (self.made && said.is_some()).then_some(None);
        self.before.get(field).cloned().or_else(made)
    }
}

/// A pair's bases without what did not arrive in Zoho.
pub(super) struct Heard {
    /// The bases: a field that lost a write says what it said before it, on both sides.
    pub(super) base: Pair<Card>,
    /// What is new in them.
    pub(super) learn: BaseUpdate,
    /// What is still to be heard of.
    pub(super) sent: Option<Sent>,
}

/// Takes what did not arrive out of a pair's bases. `held` are the rules whose field is out of sight.
pub(super) fn heard(
    mapping: &Mapping,
    held: &BTreeSet<usize>,
    base: &Pair<Card>,
    sent: Option<&Sent>,
    record: &Record,
) -> Heard {
    let mut heard = Heard { base: base.clone(), learn: BaseUpdate::default(), sent: sent.cloned() };
    let Some(sent) = &mut heard.sent else { return heard };
    for (rule, spec) in mapping.rules().iter().enumerate() {
        let said = base.zoho.get(rule);
        let Some(before) = sent.before(&spec.zoho, said) else { continue };
        if held.contains(&rule) || record.unread.contains(&rule) {
            sent.unseen.insert(spec.zoho.clone());
            continue;
        }
        let open = sent.unseen.remove(&spec.zoho) || record.modified == sent.at;
        let now = record.card.get(rule);
        let differs = mapping.edited(rule, said, now);
        if open && differs && !mapping.edited(rule, before.as_deref(), now) {
            heard.learn.insert(rule, Pair { zoho: before.clone(), google: before.clone() });
            for side in Side::BOTH {
                heard.base[side].put(rule, before.clone());
            }
        }
    }
    heard
}
