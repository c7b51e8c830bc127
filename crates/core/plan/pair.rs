//! Linked pairs: the table of who is still there, and what a deletion means.

use crate::contact::{Card, Pair, Record, RecordId, Side};
use crate::decision::{deletion_key, merged_key, recreate_key};
use crate::setup::OnDelete;

use super::fields::Meeting;
use super::step::{Asleep, Belief, FieldNote, Step, Subject, Verb, Why};
use super::world::{Linked, Presence, Stranger};
use super::{About, Planner, Question, both, name};

impl Planner<'_> {
    /// The pair-level states of the design's section 4. A contact out of the scope makes its link
    /// sleep whatever happened to the other end.
    pub(super) fn linked(&mut self, pair: Linked, strangers: &mut Pair<Vec<Stranger>>) {
        let (link, ids) = (pair.link, pair.ids.clone());
        match (&pair.now.zoho, &pair.now.google) {
            (Presence::Lagging, _) | (_, Presence::Lagging) => self.lag(&ids),
            (Presence::Converted | Presence::Gone, Presence::Gone)
            | (Presence::Converted, _)
            | (
                Presence::Gone | Presence::MergedInto { linked: true, .. },
                Presence::MergedInto { linked: true, .. },
            )
            | (Presence::MergedInto { linked: true, .. }, Presence::Gone) => {
                self.plan.beliefs.push(Belief::End { link });
                self.quiet(&ids);
            }
            (Presence::MergedInto { survivor, linked }, _) => {
                let (survivor, linked) = (survivor.clone(), *linked);
                self.merged_away(pair, Side::Zoho, survivor, linked, strangers);
            }
            (_, Presence::MergedInto { survivor, linked }) => {
                let (survivor, linked) = (survivor.clone(), *linked);
                self.merged_away(pair, Side::Google, survivor, linked, strangers);
            }
            (Presence::Hidden, _) => self.sleep(link, &ids, Asleep::Hidden(Side::Zoho)),
            (_, Presence::Hidden | Presence::Converted) => {
                self.sleep(link, &ids, Asleep::Hidden(Side::Google));
            }
            (Presence::Here { in_scope: false, .. }, Presence::Gone) => {
                self.sleep(link, &ids, Asleep::OutOfScope(Side::Zoho));
            }
            (Presence::Gone, Presence::Here { in_scope: false, .. }) => {
                self.sleep(link, &ids, Asleep::OutOfScope(Side::Google));
            }
            (Presence::Gone, Presence::Here { record, .. }) => {
                let record = record.clone();
                self.one_gone(&pair, Side::Zoho, &record);
            }
            (Presence::Here { record, .. }, Presence::Gone) => {
                let record = record.clone();
                self.one_gone(&pair, Side::Google, &record);
            }
            (
                Presence::Here { record: zoho, in_scope: zoho_in },
                Presence::Here { record: google, in_scope: google_in },
            ) => {
                // A matched pair whose first write was put off still joins the label.
                let joins = pair.fresh && !google_in && self.may_join();
                let out = match (*zoho_in, *google_in || joins) {
                    (false, _) => Some(Side::Zoho),
                    (true, false) => Some(Side::Google),
                    (true, true) => None,
                };
                if let Some(side) = out {
                    self.sleep(link, &ids, Asleep::OutOfScope(side));
                    return;
                }
                if pair.asleep {
                    self.plan.beliefs.push(Belief::Sleep { link, reason: None });
                }
                let met = self.merge(Meeting {
                    subject: Subject::Link(link),
                    records: Pair { zoho, google },
                    base: pair.base.as_ref(),
                    fresh: pair.fresh,
                    frozen: &pair.frozen,
                    joins,
                    asleep: false,
                });
                if !met.settled.is_empty() || (pair.fresh && !met.pending) {
                    let fresh = pair.fresh && met.pending;
                    self.plan.beliefs.push(Belief::Learn { link, learn: met.settled, fresh });
                }
            }
        }
    }

    /// Whether a matched person outside the label can be added to it.
    pub(super) fn may_join(&self) -> bool {
        self.rules.label && self.rules.direction.writes(Side::Google)
    }

    fn sleep(&mut self, link: i64, ids: &Pair<RecordId>, reason: Asleep) {
        self.plan.beliefs.push(Belief::Sleep { link, reason: Some(reason) });
        self.quiet(ids);
    }

    /// One end was merged into another contact: the link moves to the survivor, unless that has a
    /// link of its own, be it one that this plan moved there.
    fn merged_away(
        &mut self,
        mut pair: Linked,
        side: Side,
        to: RecordId,
        linked: bool,
        strangers: &mut Pair<Vec<Stranger>>,
    ) {
        let link = pair.link;
        if linked || !self.moved.insert((side, to.clone())) {
            self.sleep(link, &pair.ids, Asleep::Merged(side));
            let card = match &pair.now[side.other()] {
                Presence::Here { record, .. } => &record.card,
                Presence::Gone
                | Presence::Hidden
                | Presence::Converted
                | Presence::MergedInto { .. }
                | Presence::Lagging => &pair.base[side.other()],
            };
            self.ask(Question {
                key: merged_key(link),
                contact: name(self.rules.mapping, card),
                ids: both(&pair.ids),
                about: About::Merged { side },
            });
            return;
        }
        self.plan.beliefs.push(Belief::Move { link, side, to: to.clone() });
        self.plan.quiet.insert((side, pair.ids[side].clone()));
        // The survivor is no stranger any more: alone it would be created on the other side.
        match strangers[side].iter().position(|stranger| stranger.record.id == to) {
            Some(index) => {
                let Stranger { record, in_scope, .. } = strangers[side].remove(index);
                pair.ids[side] = to;
                pair.now[side] = Presence::Here { record, in_scope };
                self.linked(pair, strangers);
            }
            None => {
                let other = side.other();
                self.plan.lagging.insert((other, pair.ids[other].clone()));
            }
        }
    }

    /// One end has a tombstone, the other is there and in the scope.
    fn one_gone(&mut self, pair: &Linked, gone: Side, left: &Record) {
        let here = gone.other();
        let mapping = self.rules.mapping;
        let base = &pair.base[here];
        let card = mapping.resolve(&left.card, &left.alternatives, base);
        if !self.rules.direction.writes(here) {
            self.target_gone(pair, gone, left, &card);
            return;
        }
        let edited = (0..mapping.rules().len())
            .any(|rule| mapping.edited(rule, base.get(rule), card.get(rule)));
        let key = deletion_key(pair.link, edited);
        match (self.rules.decisions.get(&key).map(String::as_str), self.rules.on_delete) {
            (Some("delete"), _) if self.rules.first_run => self.wait(&pair.ids),
            (Some("delete"), _) => self.delete(pair, gone, left, &card),
            (None, OnDelete::Delete) if !edited && !self.rules.first_run => {
                self.delete(pair, gone, left, &card);
            }
            (None, OnDelete::Keep) if !edited => self.stop(pair),
            (Some(_), _) => self.stop(pair),
            (None, OnDelete::Ask | OnDelete::Delete | OnDelete::Keep) => {
                self.sleep(pair.link, &pair.ids, Asleep::Asked);
                self.ask(Question {
                    key,
                    contact: name(mapping, &card),
                    ids: both(&pair.ids),
                    about: About::Deletion { side: gone, edited },
                });
            }
        }
    }

    /// The written side of a one-way sync lost the contact. The source is not touched.
    fn target_gone(&mut self, pair: &Linked, gone: Side, left: &Record, card: &Card) {
        let key = recreate_key(pair.link, &pair.ids[gone]);
        match self.rules.decisions.get(&key).map(String::as_str) {
            Some("create") => {
                self.create_for(Subject::Link(pair.link), gone.other(), &left.id, card, &pair.ids);
            }
            Some("leave") => self.stop(pair),
            Some(_) | None => {
                self.sleep(pair.link, &pair.ids, Asleep::TargetGone(gone));
                self.ask(Question {
                    key,
                    contact: name(self.rules.mapping, card),
                    ids: both(&pair.ids),
                    about: About::Recreate { side: gone },
                });
            }
        }
    }

    fn stop(&mut self, pair: &Linked) {
        self.plan.beliefs.push(Belief::Stop { link: pair.link });
        self.quiet(&pair.ids);
    }

    fn delete(&mut self, pair: &Linked, gone: Side, left: &Record, card: &Card) {
        if !self.take(false) {
            self.wait(&pair.ids);
            return;
        }
        let rules = self.rules.mapping.rules().iter().enumerate();
        let fields = rules
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
        self.plan.steps.push(Step {
            subject: Subject::Link(pair.link),
            side: gone.other(),
            verb: Verb::Delete { id: left.id.clone(), version: left.version.clone() },
            learn: Default::default(),
            contact: name(self.rules.mapping, card),
            fields,
            why: Why::Deleted(gone),
        });
    }
}
