//! Everything that a plan holds: its steps, ledger updates and questions, and who needs neither.

use crate::contact::{Pair, RecordId, Side};
use std::collections::{BTreeMap, BTreeSet};

use super::apart::Inheritance;
use super::ledger_update::{LedgerUpdate, Suspended};
use super::question::{About, Difference, Question};
use super::step::{Step, Subject};

/// Everything a run means to do.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Writes, in the order in which they are sent.
    pub steps: Vec<Step>,
    /// What is taken note of without a write.
    pub ledger_updates: Vec<LedgerUpdate>,
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
    /// Contacts that stay left out because they took the place of one that was.
    pub inherited: Vec<Inheritance>,
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
    pub ledger_updates: Vec<LedgerUpdate>,
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
        let Alarmed { pairs, steps, later, ledger_updates, questions } =
            std::mem::take(&mut self.alarmed);
        if pairs.is_empty() {
            return;
        }
        self.ledger_updates.retain(|ledger_update| match ledger_update {
            LedgerUpdate::Suspend { link, reason: Some(Suspended::Alarm(_)) } => {
                !pairs.contains_key(link)
            }
            LedgerUpdate::Suspend { .. }
            | LedgerUpdate::Link { .. }
            | LedgerUpdate::Learn { .. }
            | LedgerUpdate::End { .. }
            | LedgerUpdate::Stop { .. }
            | LedgerUpdate::Move { .. } => true,
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
        self.ledger_updates.extend(ledger_updates);
        self.questions.extend(questions);
    }
}
