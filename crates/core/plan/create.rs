//! A counterpart that does not exist yet: every field fitted, defaults for what is empty, one step.

use crate::contact::{Card, Pair, RecordId, Side, Text};
use crate::field::Misfit;
use crate::mapping::Mapping;

use super::name::name;
use super::patch::PairPatch;
use super::planner::Planner;
use super::step::{BaseUpdate, FieldNote, Step, Subject, Verb, Why};
use super::twice::drop_twins;

impl PairPatch {
    /// A value that was there before.
    fn bring_back(&mut self, mapping: &Mapping, rule: usize, to: Side, value: Option<Text>) {
        let Some(spec) = mapping.rules().get(rule) else { return };
        if to == Side::Zoho && !spec.zoho_writable {
            return;
        }
        self.notes[to].push(FieldNote {
            field: spec.zoho.clone(),
            before: None,
            after: value.clone(),
            overwritten: None,
            why: Why::PutBack(to),
        });
        self.patch[to].insert(rule, value);
    }
}

/// Adds to a step's notes what the lost counterpart said at last and the history would tell nowhere: what
/// was typed there and never came to the other side, as the person had yet to decide about it.
pub(super) fn note_lost(mapping: &Mapping, notes: &mut Vec<FieldNote>, lost: &Card, why: Why) {
    for (rule, spec) in mapping.rules().iter().enumerate() {
        let Some(said) = lost.get(rule) else { continue };
        let told = |value: &Option<Text>| !spec.kind.edited(value.as_deref(), Some(said));
        match notes.iter_mut().find(|note| note.field == spec.zoho) {
            Some(note) if [&note.before, &note.after].into_iter().any(told) => {}
            Some(note) => note.overwritten = Some(said.into()),
            None => notes.push(FieldNote {
                field: spec.zoho.clone(),
                before: None,
                after: None,
                overwritten: Some(said.into()),
                why,
            }),
        }
    }
}

/// Whose counterpart is created.
pub(super) struct Origin<'a> {
    /// The pair it will be.
    pub(super) subject: Subject,
    /// The side it is on.
    pub(super) side: Side,
    /// Its id there.
    pub(super) id: &'a RecordId,
    /// What it says.
    pub(super) card: &'a Card,
    /// Where the counterpart was there before: what both said when they were settled last.
    pub(super) last: Option<Pair<&'a Card>>,
    /// What the lost counterpart said at last, be it that it never came here.
    pub(super) lost: Option<&'a Card>,
    /// The reason.
    pub(super) why: Why,
}

impl Planner<'_> {
    /// Creates a contact's counterpart. `ids` are the contacts that this is about, empty where there
    /// is none.
    pub(super) fn create_for(&mut self, origin: Origin<'_>, ids: &Pair<RecordId>) {
        let Origin { subject, side, id, card, last, lost, why } = origin;
        let mapping = self.rules.mapping;
        let to = side.other();
        let about =
            || Side::BOTH.into_iter().filter(|s| !ids[*s].is_empty()).map(|s| (s, ids[s].clone()));
        let mut known = ids.clone();
        known[side].clone_from(id);
        let empty = Card::empty(mapping.rules().len());
        let base = Pair { zoho: &empty, google: &empty };
        let mut now = base;
        now[side] = card;
        let mut out = PairPatch::default();
        for rule in 0..mapping.rules().len() {
            // What was not edited since comes back as it was there, be it longer or finer than what
            // the other side could hold of it.
            let rests = self.rules.held.contains(&rule) || self.rules.closed.contains(&rule);
            let kept = last.filter(|last| {
                !(rests && to == Side::Zoho)
                    && last[to].get(rule).is_some()
                    && !mapping.edited(rule, last[side].get(rule), card.get(rule))
            });
            match kept {
                Some(last) => out.bring_back(mapping, rule, to, last[to].text(rule)),
                None => self.field(rule, &known, base, now, true, &mut out),
            }
        }
        // What Google would get twice stays unsettled.
        let twins = drop_twins(mapping, now.google, &[], &mut out);
        let contact = || name(mapping, card);
        // A company without an account holds its field alone.
        self.without_accounts(&mut out, &known, card, contact);
        let mut asked = self.misfits(&mut out, &known, contact);
        if !asked && out.patch[to].values().all(Option::is_none) {
            // Nothing of it can travel: an empty contact helps nobody.
            self.plan.quiet.extend(about());
            return;
        }
        if to == Side::Zoho {
            self.stand_in(&mut out);
            asked |= self.misfits(&mut out, &known, contact);
        }
        let mut fields = std::mem::take(&mut out.notes[to]);
        for note in fields.iter_mut().filter(|note| note.why != Why::Default) {
            note.why = why;
        }
        if to == Side::Zoho {
            fields.extend(self.rules.extra_defaults.iter().map(|(field, value)| FieldNote {
                field: field.clone(),
                before: None,
                after: Some(value.as_str().into()),
                overwritten: None,
                why: Why::Default,
            }));
        }
        if asked || self.refused(&known, to, &fields).is_some() {
            self.plan.quiet.extend(about());
            return;
        }
        if !self.take(to == Side::Google) {
            self.plan.waiting.extend(about());
            return;
        }
        if let Some(lost) = lost {
            note_lost(mapping, &mut fields, lost, why);
        }
        // Both sides are settled in every field, in those too that did not travel.
        let mut sent = empty.clone();
        let mut learn = BaseUpdate::default();
        out.resting.extend(self.held_back(self.rules.held, base.google, now.google));
        if !out.resting.is_empty() {
            self.plan.resting.insert((side, id.clone()));
        }
        let settled = |rule: &usize| {
            let open = [self.rules.held, &out.resting, &twins, &out.without_account];
            !open.iter().any(|rules| rules.contains(rule))
        };
        for rule in (0..mapping.rules().len()).filter(settled) {
            let value = out.patch[to].remove(&rule).flatten();
            sent.put(rule, value.clone());
            let mut said = Pair { zoho: None, google: None };
            said[side] = card.text(rule);
            said[to] = value;
            learn.insert(rule, said);
        }
        self.plan.steps.push(Step {
            subject,
            side: to,
            verb: Verb::Create { card: sent },
            learn,
            contact: contact(),
            fields,
            why,
        });
    }

    /// Defaults for everything that is still empty in a new Zoho record.
    fn stand_in(&self, out: &mut PairPatch) {
        for (rule, spec) in self.rules.mapping.rules().iter().enumerate() {
            if !spec.zoho_writable
                || self.rules.held.contains(&rule)
                || out.patch.zoho.contains_key(&rule)
            {
                continue;
            }
            match spec.default.as_deref().filter(|default| !default.trim().is_empty()) {
                Some(default) => {
                    let value: Text = default.into();
                    out.patch.zoho.insert(rule, Some(value.clone()));
                    out.notes.zoho.push(FieldNote {
                        field: spec.zoho.clone(),
                        before: None,
                        after: Some(value),
                        overwritten: None,
                        why: Why::Default,
                    });
                }
                None if spec.required => {
                    out.misfits.push((rule, Side::Zoho, Misfit::Required, Text::default()));
                }
                None => {}
            }
        }
    }
}
