//! Linked pairs: the table of who is still there.

use crate::contact::{Pair, RecordId, Side};
use crate::decision::merged_key;
use crate::seen::Seen;

use super::fields::Meeting;
use super::input::{Linked, Presence, Unlinked};
use super::ledger_update::{LedgerUpdate, Suspended};
use super::name::name;
use super::planner::Planner;
use super::question::{About, Question, both};
use super::sent::heard;
use super::step::Subject;

/// The side by which a pair is out of the scope; none where both ends are inside.
#[must_use]
pub fn out_of_scope(inside: Pair<bool>) -> Option<Side> {
    Side::BOTH.into_iter().find(|side| !inside[*side])
}

impl Planner<'_> {
    /// The pair-level states of the design's section 4. A contact out of the scope makes its link
    /// sleep whatever happened to the other end.
    pub(super) fn linked(&mut self, pair: Linked, unlinked: &mut Pair<Vec<Unlinked>>) {
        let (link, ids) = (pair.link, pair.ids.clone());
        match (&pair.now.zoho, &pair.now.google) {
            (Presence::Lagging, _) | (_, Presence::Lagging) => self.lag(&ids),
            (Presence::Unreadable, _) => self.sleep(link, &ids, Suspended::Unreadable(Side::Zoho)),
            (_, Presence::Unreadable) => {
                self.sleep(link, &ids, Suspended::Unreadable(Side::Google))
            }
            (Presence::Converted | Presence::Gone, Presence::Gone)
            | (Presence::Converted, _)
            | (
                Presence::Gone | Presence::MergedInto { linked: true, .. },
                Presence::MergedInto { linked: true, .. },
            )
            | (Presence::MergedInto { linked: true, .. }, Presence::Gone) => {
                self.plan.ledger_updates.push(LedgerUpdate::End { link });
                self.quiet(&ids);
            }
            (Presence::MergedInto { survivor, linked }, _) => {
                let (survivor, linked) = (survivor.clone(), *linked);
                self.merged_away(pair, Side::Zoho, survivor, linked, unlinked);
            }
            (_, Presence::MergedInto { survivor, linked }) => {
                let (survivor, linked) = (survivor.clone(), *linked);
                self.merged_away(pair, Side::Google, survivor, linked, unlinked);
            }
            (_, _) if self.is_pair_left_out(&ids) => self.sleep(link, &ids, Suspended::LeftOut),
            (Presence::Hidden, _) => self.sleep(link, &ids, Suspended::Hidden(Side::Zoho)),
            (_, Presence::Hidden | Presence::Converted) => {
                self.sleep(link, &ids, Suspended::Hidden(Side::Google));
            }
            (Presence::Here { in_scope: false, .. }, Presence::Gone) => {
                self.sleep(link, &ids, Suspended::OutOfScope(Side::Zoho));
            }
            (Presence::Gone, Presence::Here { in_scope: false, .. }) => {
                self.sleep(link, &ids, Suspended::OutOfScope(Side::Google));
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
                // A matched pair whose first write was put off still joins the label that it was
                // matched under.
                let undone = pair.suspended == Some(Suspended::Undone);
                let outside = pair.suspended == Some(Suspended::OutOfScope(Side::Google));
                let waits = pair.fresh && !undone && !outside && !self.rules.narrowed;
                let joins = waits && !google_in && self.may_join();
                let inside = Pair { zoho: *zoho_in, google: *google_in || joins };
                if let Some(side) = out_of_scope(inside) {
                    let undone = undone && side == Side::Google;
                    let reason =
                        if undone { Suspended::Undone } else { Suspended::OutOfScope(side) };
                    self.sleep(link, &ids, reason);
                    return;
                }
                if pair.suspended.is_some() {
                    self.plan.ledger_updates.push(LedgerUpdate::Suspend { link, reason: None });
                }
                let heard = heard(
                    self.rules.mapping,
                    self.rules.held,
                    &pair.base,
                    pair.sent.as_ref(),
                    zoho,
                );
                let met = self.merge(Meeting {
                    subject: Subject::Link(link),
                    records: Pair { zoho, google },
                    base: heard.base.as_ref(),
                    said: &pair.base.google,
                    seen: &pair.seen,
                    fresh: pair.fresh,
                    doubted: pair.doubted,
                    forgotten: false,
                    frozen: &pair.frozen,
                    joins,
                    suspended: false,
                });
                let mut learn = heard.learn;
                met.settled.iter().for_each(|(rule, said)| learn.insert(rule, said.clone()));
                let (seen, sent) = (met.seen, heard.sent);
                let differs = met.differs;
                let looks = seen != pair.seen || sent != pair.sent || differs != pair.differs;
                if !learn.is_empty() || looks || (pair.fresh && !met.pending) {
                    let fresh = pair.fresh && met.pending;
                    let ledger_update =
                        LedgerUpdate::Learn { link, learn, seen, sent, differs, fresh };
                    self.plan.ledger_updates.push(ledger_update);
                }
            }
        }
    }

    /// Whether a matched person outside the label can be added to it.
    pub(super) fn may_join(&self) -> bool {
        self.rules.label && self.rules.direction.writes(Side::Google)
    }

    pub(super) fn sleep(&mut self, link: i64, ids: &Pair<RecordId>, reason: Suspended) {
        self.plan.ledger_updates.push(LedgerUpdate::Suspend { link, reason: Some(reason) });
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
        unlinked: &mut Pair<Vec<Unlinked>>,
    ) {
        let link = pair.link;
        if linked || !self.moved.insert((side, to.clone())) {
            self.sleep(link, &pair.ids, Suspended::Merged(side));
            let card = match &pair.now[side.other()] {
                Presence::Here { record, .. } => &record.card,
                Presence::Gone
                | Presence::Hidden
                | Presence::Unreadable
                | Presence::Converted
                | Presence::MergedInto { .. }
                | Presence::Lagging => &pair.base[side.other()],
            };
            self.ask(Question {
                key: merged_key(link),
                contact: name(self.rules.mapping, card),
                ids: both(&pair.ids),
                about: About::Merged { side, into: to },
            });
            return;
        }
        self.plan.ledger_updates.push(LedgerUpdate::Move { link, side, to: to.clone() });
        match side {
            Side::Google => pair.seen = Seen::default(),
            Side::Zoho => pair.sent = None,
        }
        self.plan.quiet.insert((side, pair.ids[side].clone()));
        // The survivor counts as unlinked no more: alone it would be created on the other side.
        match unlinked[side].iter().position(|lone| lone.record.id == to) {
            Some(index) => {
                let Unlinked { record, in_scope, .. } = unlinked[side].remove(index);
                pair.ids[side] = to;
                pair.now[side] = Presence::Here { record, in_scope };
                self.linked(pair, unlinked);
            }
            None => {
                let other = side.other();
                self.plan.lagging.insert((other, pair.ids[other].clone()));
            }
        }
    }
}
