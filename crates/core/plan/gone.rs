//! One end of a pair has a tombstone, the other is there: what the rule, a decision or an alarm makes
//! of it.

use crate::contact::{Card, Pair, Record, Side};
use crate::decision::{deletion_key, mass_key, recreate_key};
use crate::seen::Hint;
use crate::setup::OnDelete;

use super::create::{Origin, note_lost};
use super::input::{Linked, Presence};
use super::ledger_update::{LedgerUpdate, Suspended};
use super::name::name;
use super::planner::Planner;
use super::question::{About, Question, both};
use super::step::{FieldNote, Step, Subject, Verb, Why};

/// So many may vanish at once without an alarm, however few are linked.
const FEW: usize = 10;

/// Whether so many deletions at once are more than a person makes by the way: more than the larger of
/// 10 and 5 % of the linked pairs.
#[must_use]
pub fn is_mass(contacts: usize, links: u32) -> bool {
    contacts > FEW.max(links as usize / 20)
}

/// What is done about a pair that lost one end.
enum Course {
    /// The other end goes to the bin too.
    Delete,
    /// The lost end is made again.
    PutBack,
    /// The other end stays, alone.
    Stop,
    /// It waits for the answer to the one question about everybody who vanished.
    Alarm,
    /// The person is asked about this one.
    Ask,
}

impl Planner<'_> {
    /// Finds out whether more contacts vanished on a side since the last run than the larger of 10
    /// and 5 % of the linked ones. Where the rule deletes, both sides count together.
    pub(super) fn sound(&mut self, linked: &[Linked]) {
        let mut vanished = Pair { zoho: 0, google: 0 };
        for pair in linked {
            if let Some(side) = vanished_on(pair)
                && !self.is_answered(pair, side)
            {
                vanished[side] += 1;
            }
        }
        let is_mass = |contacts: usize| is_mass(contacts, self.rules.links);
        let many = Pair::of(|side| is_mass(vanished[side]));
        let together = self.rules.on_delete == OnDelete::Delete
            && !(many.zoho || many.google)
            && is_mass(vanished.zoho + vanished.google);
        self.alarms = Pair::of(|side| {
            many[side] || (vanished[side] > 0 && (together || self.rules.alarms[side]))
        });
        for side in Side::BOTH {
            if !self.alarms[side] {
                continue;
            }
            self.ask(Question {
                key: mass_key(side),
                contact: String::new(),
                ids: Pair { zoho: None, google: None },
                about: About::MassChange {
                    side,
                    contacts: u32::try_from(vanished[side]).unwrap_or(u32::MAX),
                    put_back: self.rules.direction.writes(side),
                    delete: self.rules.direction.writes(side.other()),
                },
            });
        }
    }

    /// Whether the loss of this pair was asked about or decided before.
    fn is_answered(&self, pair: &Linked, gone: Side) -> bool {
        let decided = |key: &str| self.rules.decisions.contains_key(key);
        was_asked(pair)
            || self.is_pair_left_out(&pair.ids)
            || (pair.suspended == Some(Suspended::Alarm(gone)) && decided(&mass_key(gone)))
            || decided(&deletion_key(pair.link, false))
            || decided(&deletion_key(pair.link, true))
            || decided(&recreate_key(pair.link, &pair.ids[gone]))
    }

    /// One end has a tombstone, the other is there and in the scope.
    pub(super) fn one_gone(&mut self, pair: &Linked, gone: Side, left: &Record) {
        let here = gone.other();
        let mapping = self.rules.mapping;
        let base = &pair.base[here];
        let hint = Hint { said: base, base: Some(base), seen: Some(&pair.seen) };
        let card = mapping.reading(&left.card, &left.listed, hint).card;
        // What the person said to leave where it is was no edit since.
        let edited = mapping.rules().iter().enumerate().any(|(rule, spec)| {
            let now = card.get(rule);
            mapping.edited(rule, base.get(rule), now)
                && !self.is_left(&pair.ids, gone, &spec.zoho, now.unwrap_or_default())
        });
        match self.course(pair, gone, edited) {
            Course::Delete if self.rules.first_run => self.wait(&pair.ids),
            Course::Delete => self.delete(pair, gone, left, &card),
            Course::PutBack => self.create_for(
                Origin {
                    subject: Subject::Link(pair.link),
                    side: here,
                    id: &left.id,
                    card: &card,
                    last: Some(pair.base.as_ref()),
                    lost: pair.left.as_ref().map(|left| &left.said),
                    why: Why::PutBack(gone),
                },
                &pair.ids,
            ),
            Course::Stop => self.stop(pair),
            Course::Alarm => {
                self.once_approved(pair, gone, edited, left, &card);
                self.sleep(pair.link, &pair.ids, Suspended::Alarm(gone));
            }
            Course::Ask => self.ask_about(pair, gone, edited, &card),
        }
    }

    fn course(&self, pair: &Linked, gone: Side, edited: bool) -> Course {
        // The source of a one-way sync is never written.
        let deletes = self.rules.direction.writes(gone.other());
        let put_back = self.rules.direction.writes(gone);
        let decided = |key: &str| self.rules.decisions.get(key).map(String::as_str);
        let own = match deletes {
            true => decided(&deletion_key(pair.link, edited)),
            false => decided(&recreate_key(pair.link, &pair.ids[gone])),
        };
        let in_alarm = pair.suspended == Some(Suspended::Alarm(gone));
        let of_all = if in_alarm { decided(&mass_key(gone)) } else { None };
        match own.or(of_all) {
            Some("put_back" | "create") if put_back => Course::PutBack,
            // What was decided about all of them says nothing about an edited one.
            Some("delete") if own.is_none() && edited => Course::Ask,
            Some("delete") if deletes => Course::Delete,
            Some("one_by_one") => Course::Ask,
            Some(_) => Course::Stop,
            None if self.alarms[gone] && !self.is_answered(pair, gone) => Course::Alarm,
            None if edited || pair.doubted || !deletes || in_alarm || was_asked(pair) => {
                Course::Ask
            }
            None => match self.rules.on_delete {
                OnDelete::Delete if pair.perhaps_merged => Course::Ask,
                OnDelete::Delete if !self.rules.first_run => Course::Delete,
                OnDelete::Keep => Course::Stop,
                OnDelete::Delete | OnDelete::Ask => Course::Ask,
            },
        }
    }

    /// What the rule makes of a pair in an alarm. Where it deletes, it holds the whole run until the
    /// person approves of it.
    fn once_approved(
        &mut self,
        pair: &Linked,
        gone: Side,
        edited: bool,
        left: &Record,
        card: &Card,
    ) {
        let here = gone.other();
        let deletes = self.rules.on_delete == OnDelete::Delete && self.rules.direction.writes(here);
        if !deletes || self.rules.first_run {
            return;
        }
        let (ledger_updates, questions) =
            (self.plan.ledger_updates.len(), self.plan.questions.len());
        if edited || pair.doubted || pair.perhaps_merged {
            self.ask_about(pair, gone, edited, card);
        } else {
            let fits = self.take(false);
            let step = self.deletion(pair, gone, left, card);
            let alarmed = &mut self.plan.alarmed;
            if fits { &mut alarmed.steps } else { &mut alarmed.later }.push(step);
        }
        self.plan.alarmed.ledger_updates.extend(self.plan.ledger_updates.split_off(ledger_updates));
        self.plan.alarmed.questions.extend(self.plan.questions.split_off(questions));
        self.plan.alarmed.pairs.insert(pair.link, (gone, pair.ids.clone()));
    }

    fn ask_about(&mut self, pair: &Linked, gone: Side, edited: bool, card: &Card) {
        let put_back = self.rules.direction.writes(gone);
        let (key, reason, about) = match self.rules.direction.writes(gone.other()) {
            true => (
                deletion_key(pair.link, edited),
                Suspended::Asked,
                About::Deletion { side: gone, edited: edited && self.is_known(pair), put_back },
            ),
            // The written side of a one-way sync lost the contact.
            false => (
                recreate_key(pair.link, &pair.ids[gone]),
                Suspended::TargetGone(gone),
                About::Recreate { side: gone },
            ),
        };
        self.sleep(pair.link, &pair.ids, reason);
        let contact = name(self.rules.mapping, card);
        self.ask(Question { key, contact, ids: both(&pair.ids), about });
    }

    /// Whether it is known what a pair said last. After a lost database it may not be: such a pair counts as
    /// edited, and nobody says that it was.
    fn is_known(&self, pair: &Linked) -> bool {
        let rules = 0..self.rules.mapping.rules().len();
        let said = |rule: usize| Side::BOTH.iter().any(|side| pair.base[*side].get(rule).is_some());
        !pair.doubted || rules.into_iter().any(said)
    }

    fn stop(&mut self, pair: &Linked) {
        self.plan.ledger_updates.push(LedgerUpdate::Stop { link: pair.link });
        self.quiet(&pair.ids);
    }

    fn delete(&mut self, pair: &Linked, gone: Side, left: &Record, card: &Card) {
        if !self.take(false) {
            self.wait(&pair.ids);
            return;
        }
        let step = self.deletion(pair, gone, left, card);
        self.plan.steps.push(step);
    }

    fn deletion(&self, pair: &Linked, gone: Side, left: &Record, card: &Card) -> Step {
        let rules = self.rules.mapping.rules().iter().enumerate();
        let mut fields: Vec<FieldNote> = rules
            .filter_map(|(rule, spec)| {
                card.get(rule).map(|before| FieldNote {
                    field: spec.zoho.clone(),
                    before: Some(before.into()),
                    after: None,
                    overwritten: None,
                    why: Why::Deleted(gone),
                })
            })
            .collect();
        if let Some(lost) = &pair.left {
            note_lost(self.rules.mapping, &mut fields, &lost.said, Why::Deleted(gone));
        }
        Step {
            subject: Subject::Link(pair.link),
            side: gone.other(),
            verb: Verb::Delete { id: left.id.clone(), version: left.version.clone() },
            learn: Default::default(),
            contact: name(self.rules.mapping, card),
            fields,
            why: Why::Deleted(gone),
        }
    }
}

/// Whether a question about this pair alone is open.
fn was_asked(pair: &Linked) -> bool {
    matches!(pair.suspended, Some(Suspended::Asked | Suspended::TargetGone(_)))
}

/// The side on which a pair that is there and in the scope on the other has a tombstone.
fn vanished_on(pair: &Linked) -> Option<Side> {
    match (&pair.now.zoho, &pair.now.google) {
        (Presence::Gone, Presence::Here { in_scope: true, .. }) => Some(Side::Zoho),
        (Presence::Here { in_scope: true, .. }, Presence::Gone) => Some(Side::Google),
        (
            Presence::Here { .. }
            | Presence::Gone
            | Presence::Hidden
            | Presence::Unreadable
            | Presence::Converted
            | Presence::MergedInto { .. }
            | Presence::Lagging,
            _,
        ) => None,
    }
}
