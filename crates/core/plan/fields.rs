//! Two contacts that are there: every mapped field by the merge table, one step a side.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::contact::{Card, Pair, Record, RecordId, Side};
use crate::field::Misfit;
use crate::merge::{Verdict, doubtful, verdict};
use crate::place::Reading;
use crate::seen::{Hint, Seen};

use super::fitted::{
    Fitted, fit, has_other_name, holds_already, is_default, lacks_required, stands_in,
};
use super::moved::{Places, keep_beside_moved};
use super::name::name;
use super::patch::PairPatch;
use super::planner::Planner;
use super::question::{About, Question};
use super::step::{BaseUpdate, FieldNote, Step, Subject, Verb, Why};
use super::twice::drop_twins;
use super::whole::{self, Cards};

/// A pair whose ends are both there.
pub(super) struct Meeting<'a> {
    pub(super) subject: Subject,
    pub(super) records: Pair<&'a Record>,
    pub(super) base: Pair<&'a Card>,
    /// What the person's places said at the last look, be it as somebody else's counterpart.
    pub(super) said: &'a Card,
    /// How the person's entries stood then.
    pub(super) seen: &'a Seen,
    /// Whether it was matched and never settled.
    pub(super) fresh: bool,
    /// Whether the base may be older than what was last settled.
    pub(super) doubted: bool,
    /// Whether it was known before and is met anew, because a database was lost: then too no rule can tell
    /// which of two values is the newer one.
    pub(super) forgotten: bool,
    /// Rules that are left alone.
    pub(super) frozen: &'a BTreeSet<usize>,
    /// Whether the person is added to the sync's label.
    pub(super) joins: bool,
    /// Whether nothing travels now. What both agree on is remembered all the same, so that what is
    /// edited while the pair sleeps is an edit when it wakes.
    pub(super) suspended: bool,
}

/// What came of it.
pub(super) struct Met {
    /// Bases of the fields on which both agree.
    pub(super) settled: BaseUpdate,
    /// Whether something is still to be written: by this plan, a later run, or after an answer.
    pub(super) pending: bool,
    /// Whether the person is asked which of two values is the newer one, as no rule can tell.
    pub(super) doubted: bool,
    /// How the person's entries stand now.
    pub(super) seen: Seen,
    /// Fields in which the two differ and that nothing is about to change.
    pub(super) differs: BTreeSet<String>,
}

impl Planner<'_> {
    pub(super) fn merge(&mut self, meeting: Meeting<'_>) -> Met {
        let Meeting { subject, records, base, said, seen, fresh, frozen, joins, suspended, .. } =
            meeting;
        let (doubted, untold) = (meeting.doubted, meeting.doubted || meeting.forgotten);
        let mapping = self.rules.mapping;
        let google = &records.google;
        let sought = match google.listed.is_empty() {
            true => Cow::Borrowed(base.google),
            false => mapping.sought(base, &records.zoho.card, fresh),
        };
        let hint = Hint { said: &sought, base: Some(said), seen: Some(seen) };
        let Reading { card, spare, seen } = mapping.reading(&google.card, &google.listed, hint);
        let now = Pair { zoho: &records.zoho.card, google: &*card };
        let ids = Pair { zoho: records.zoho.id.clone(), google: records.google.id.clone() };
        let contact = || name(mapping, now.zoho);
        let mut out = PairPatch { doubted, untold, ..PairPatch::default() };
        let unseen = |rule: &usize| {
            let unread = Side::BOTH.iter().any(|side| records[*side].unread.contains(rule));
            unread || self.rules.held.contains(rule) || lacks_required(mapping, *rule, base, now)
        };
        // A name or an address of which nobody can read a part is left alone whole.
        let unseen: BTreeSet<usize> = (0..mapping.rules().len()).filter(unseen).collect();
        let bound = whole::parts_with(mapping, &unseen);
        let known =
            |rule: &usize| ![frozen, &unseen, &bound].iter().any(|rules| rules.contains(rule));
        let winner = |rule: usize, said: Pair<Option<&str>>, loses: bool| {
            self.winner(rule, &ids, said, untold || loses)
        };
        // What Zoho does not take or the person said to leave drifts for good, and in a row of the
        // mapping that is new nobody changed anything.
        let apart = |rule: usize, side: Side| {
            let Some(spec) = mapping.rules().get(rule) else { return false };
            let value = now[side].get(rule).unwrap_or_default();
            (side == Side::Google && !spec.zoho_writable)
                || self.is_left(&ids, side.other(), &spec.zoho, value)
                || self.is_new(&spec.zoho, rule, base)
        };
        let cards = Cards { base, now, doubted, untold };
        out.together = whole::verdicts(self.rules, cards, |rule| known(&rule), apart, winner);
        for rule in (0..mapping.rules().len()).filter(known) {
            self.field(rule, &ids, base, now, fresh, &mut out);
        }
        out.hold_wholes(mapping);
        out.rest_whole(mapping);
        let places = Places { mapping, base, now, spare: &spare };
        let in_the_way = |to: Side, field: &str, value: &str| {
            let left = self.is_left(&ids, to, field, value).then(Vec::new);
            left.or_else(|| self.refused_before(&ids, to, field, value).map(|asked| vec![asked]))
        };
        keep_beside_moved(places, self.rules.direction, in_the_way, &mut out);
        drop_twins(mapping, now.google, &spare, &mut out);
        let differs = |question: &Question| matches!(question.about, About::Difference { .. });
        let doubted = untold && out.open.iter().any(differs);
        if suspended {
            self.quiet(&ids);
            let (settled, differs) = (out.settled, BTreeSet::new());
            return Met { settled, pending: true, doubted, seen, differs };
        }
        let mut held = whole::parts_with(mapping, self.rules.held);
        held.extend(self.rules.held);
        out.resting.extend(self.held_back(&held, base.google, now.google));
        if out.resting.iter().any(|rule| !frozen.contains(rule)) {
            self.plan.resting.insert((Side::Zoho, ids.zoho.clone()));
        }
        self.ask_about_pieces(
            &ids,
            Pair { zoho: Some(records.zoho), google: Some(records.google) },
        );
        let mut asked = self.without_accounts(&mut out, &ids, now.google, contact);
        asked |= self.misfits(&mut out, &ids, contact);
        for side in Side::BOTH {
            if let Some(waits) = self.refused(&ids, side, &out.notes[side]) {
                out.patch[side].clear();
                asked |= waits;
            }
        }
        let differs = self.left_differing(&records, now, &spare, &out);
        let settled = std::mem::take(&mut out.settled);
        let writes: Vec<Side> = Side::BOTH
            .into_iter()
            .filter(|side| !out.patch[*side].is_empty() || (joins && *side == Side::Google))
            .collect();
        let pending = asked || !writes.is_empty();
        if writes.is_empty() {
            self.quiet(&ids);
            return Met { settled, pending, doubted, seen, differs };
        }
        if !self.take(false) {
            self.wait(&ids);
            return Met { settled, pending, doubted, seen, differs };
        }
        let decided = out.decided(mapping);
        self.plan.conflicts += u32::try_from(decided.len()).unwrap_or(u32::MAX);
        self.plan.differences.extend(decided);
        for side in writes {
            let why = out.notes[side].first().map_or(Why::Label, |note| note.why);
            self.plan.steps.push(Step {
                subject: subject.clone(),
                side,
                verb: Verb::Update {
                    id: records[side].id.clone(),
                    version: records[side].version.clone(),
                    before: now[side].clone(),
                    patch: std::mem::take(&mut out.patch[side]),
                    label: joins && side == Side::Google,
                },
                learn: std::mem::take(&mut out.learn[side]),
                contact: contact(),
                fields: std::mem::take(&mut out.notes[side]),
                why,
            });
        }
        Met { settled, pending, doubted, seen, differs }
    }

    /// What was typed in Google in these fields, which Zoho does not show to this user.
    pub(super) fn held_back(&self, held: &BTreeSet<usize>, base: &Card, now: &Card) -> Vec<usize> {
        let edited =
            |rule: &usize| self.rules.mapping.edited(*rule, base.get(*rule), now.get(*rule));
        let held = held.iter().filter(|_| self.rules.direction.writes(Side::Zoho));
        held.copied().filter(edited).collect()
    }

    /// One field: the merge table, then what the written side can hold. What the person said to
    /// ignore stays where it is, and so do its bases.
    pub(super) fn field(
        &self,
        rule: usize,
        ids: &Pair<RecordId>,
        base: Pair<&Card>,
        now: Pair<&Card>,
        fresh: bool,
        out: &mut PairPatch,
    ) {
        let mapping = self.rules.mapping;
        let Some(spec) = mapping.rules().get(rule).filter(|_| !self.rules.held.contains(&rule))
        else {
            return;
        };
        let mut edited =
            Pair::of(|side| mapping.edited(rule, base[side].get(rule), now[side].get(rule)));
        let judged = out.together.get(&rule).copied();
        // An option that has another name now: nobody chose another one, and Google is told the name.
        edited.zoho |= judged.is_none() && !edited.google && has_other_name(spec, rule, base);
        let (zoho, google) = (now.zoho.get(rule), now.google.get(rule));
        // Nothing was known of the field before, for the contact or for all: nobody changed it now.
        let first = fresh || self.is_new(&spec.zoho, rule, base);
        // Nobody typed the default of a field that Zoho requires: what the other side says counts.
        if first && zoho.is_some() && google.is_some() {
            edited.zoho &= !is_default(spec, zoho);
            edited.google &= !is_default(spec, google);
        }
        // Where a database was lost, what is empty on one side may have been emptied there as well as filled on
        // the other.
        let emptied = out.untold && zoho.is_none() != google.is_none();
        let changed = if out.doubted || emptied { doubtful(edited) } else { edited };
        let equal = spec.kind.same(zoho, google) || (google.is_none() && stands_in(spec, zoho));
        let said = || Pair { zoho: now.zoho.text(rule), google: now.google.text(rule) };
        // Of one day with and without its year the year travels: nothing of the other is lost.
        let tells_the_year = |from: &Side| {
            self.rules.direction.writes(from.other())
                && edited[*from]
                && spec.kind.tells_the_year(now[from.other()].get(rule), now[*from].get(rule))
        };
        let verdict = match (Side::BOTH.into_iter().find(tells_the_year), judged) {
            (Some(from), _) => Verdict::Write(from.other()),
            (None, Some((verdict, _))) => verdict,
            (None, None) => {
                let differs = changed.zoho && changed.google;
                let winner = || self.winner(rule, ids, Pair { zoho, google }, out.untold);
                let winner = if differs { winner() } else { None };
                verdict(changed, equal, self.rules.direction, winner)
            }
        };
        let (to, lost) = match verdict {
            Verdict::Quiet | Verdict::Drift(_) => return,
            Verdict::Settle => {
                out.settled.insert(rule, said());
                return;
            }
            Verdict::Ask => {
                let held = |to: &Side| holds_already(spec, *to, now, rule);
                if judged.is_none() && Side::BOTH.iter().any(held) {
                    out.settled.insert(rule, said());
                } else {
                    self.ask_difference(rule, ids, now, out);
                }
                return;
            }
            Verdict::Write(to) => (to, false),
            Verdict::Overwrite(to) => {
                self.note_difference(rule, ids, now, to.other(), out);
                (to, true)
            }
        };
        let from = to.other();
        let none = to == Side::Google && stands_in(spec, zoho);
        let value = now[from].get(rule).filter(|_| !none);
        let whole = judged.map(|(_, whole)| whole);
        if self.is_left(ids, to, &spec.zoho, value.unwrap_or_default()) {
            out.stuck.extend(whole);
            return;
        }
        let (sent, by_default) = match fit(spec, to, value) {
            Fitted::Sent(sent) => (sent, false),
            Fitted::Default(default) => (Some(default), true),
            // The field cannot take the change: it drifts, as in a one-way sync.
            Fitted::Closed => {
                if self.rules.closed.contains(&rule) && !spec.kind.same(zoho, google) {
                    out.resting.insert(rule);
                    out.stuck.extend(whole);
                } else if spec.zoho_writable && zoho.is_some() && !spec.kind.same(zoho, value) {
                    // Another day than Zoho's is a difference, though its year is not known.
                    out.misfits.push((rule, to, Misfit::NoYear, value.unwrap_or_default().into()));
                } else if spec.zoho_writable {
                    // It has no form there, and that it was typed is known from now on.
                    out.settled.insert(rule, said());
                }
                return;
            }
            Fitted::Misfit(misfit) => {
                out.stuck.extend(whole);
                out.misfits.push((rule, to, misfit, value.unwrap_or_default().into()));
                return;
            }
        };
        let before = now[to].get(rule);
        if !spec.kind.edited(before, sent.as_deref()) {
            // A part that is the same on both sides is settled with its whole.
            let learn = if judged.is_some() { &mut out.learn[to] } else { &mut out.settled };
            learn.insert(rule, said());
            return;
        }
        if let Some(question) = self.refused_before(ids, to, &spec.zoho, value.unwrap_or_default())
        {
            out.stuck.extend(whole);
            out.open.push(question);
            // Why it may not be empty for a moment, so that somebody else could have its value.
            out.open.extend(self.refused_before(ids, to, &spec.zoho, ""));
            return;
        }
        let why = match (by_default, lost, first && before.is_none()) {
            (true, _, _) => Why::Default,
            (false, true, _) if out.untold || self.rules.winner.side() != Some(from) => {
                Why::Chosen(from)
            }
            (false, true, _) => Why::Won(from),
            (false, false, true) => Why::Filled(from),
            (false, false, false) => Why::Changed(from),
        };
        out.notes[to].push(FieldNote {
            field: spec.zoho.clone(),
            before: now[to].text(rule),
            after: sent.clone(),
            overwritten: now[to].text(rule).filter(|_| lost),
            why,
        });
        let mut learn = said();
        learn[to].clone_from(&sent);
        out.learn[to].insert(rule, learn);
        out.patch[to].insert(rule, sent);
    }

    /// Whether a row of the mapping is new, and neither side of this pair ever said anything in it.
    fn is_new(&self, field: &str, rule: usize, base: Pair<&Card>) -> bool {
        let said = |side: &Side| base[*side].get(rule).is_some();
        self.rules.renewed.contains(field) && !Side::BOTH.iter().any(said)
    }

    /// Asks about values that do not fit; true where there are any. Each stays where it is until the
    /// person has decided; the other fields of a pair travel.
    pub(super) fn misfits(
        &mut self,
        out: &mut PairPatch,
        ids: &Pair<RecordId>,
        contact: impl Fn() -> String,
    ) -> bool {
        let mut asked = !out.open.is_empty();
        out.open.drain(..).for_each(|question| self.ask(question));
        for (rule, side, misfit, value) in std::mem::take(&mut out.misfits) {
            self.ask_misfit(ids, (rule, side), misfit, &value, contact());
            asked = true;
        }
        asked
    }
}
