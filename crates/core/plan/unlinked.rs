//! Contacts without a link: matched, doubted, shown as duplicates, or created on the other side.

use std::collections::BTreeSet;

use crate::contact::{Card, Pair, Record, RecordId, Side, Text};
use crate::decision::{duplicate_key, is, match_key};
use crate::field::email_key;
use crate::mapping::{Group, Mapping};
use crate::matching::{Matched, Reason, pair_up, shared};
use crate::seen::Seen;

use super::apart::{Inheritance, Kin};
use super::create::Origin;
use super::fields::{Meeting, Met};
use super::input::{CreateBlock, Unlinked};
use super::ledger_update::{LedgerUpdate, Suspended};
use super::name::name;
use super::planner::{Past, Planner, Successor};
use super::question::{About, Question, both, one};
use super::step::{BaseUpdate, FieldNote, Step, Subject, Verb, Why};

/// Why a contact is asked about alone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doubt {
    /// The contact that it may be has or awaits a counterpart.
    Twin,
    /// The other side could not be asked.
    Unasked,
    /// The contact that it may be was set apart.
    Apart,
}

/// What the plan does to the keys of a side's contacts, as far as it knows.
#[derive(Default)]
struct Keys {
    /// Keys that are carried once the plan is done.
    carried: Pair<BTreeSet<String>>,
    /// Keys that a linked contact gives up.
    freed: Pair<BTreeSet<String>>,
}

impl Planner<'_> {
    pub(super) fn unlinked(&mut self, unlinked: &Pair<Vec<Unlinked>>) {
        let entries = Pair::of(|side| unlinked[side].iter().map(Unlinked::entry).collect());
        let Matched { matches, doubtful, duplicates } = pair_up(&entries, self.ways());
        let mut keys = self.keys_of_links();
        let mut held: BTreeSet<(Side, usize)> = BTreeSet::new();
        let at = |zoho: usize, google: usize| {
            Some((unlinked.zoho.get(zoho)?, unlinked.google.get(google)?))
        };
        let successors = std::mem::take(&mut self.successors);
        let mut met: Vec<(&Unlinked, &Unlinked, Reason, Option<&Past>)> = successors
            .iter()
            .map(|Successor { ends, by, past }| (&ends.zoho, &ends.google, *by, Some(past)))
            .collect();
        let mut asked = Vec::new();
        for (zoho, google, reason) in matches {
            let Some((z, g)) = at(zoho, google) else { continue };
            held.extend([(Side::Zoho, zoho), (Side::Google, google)]);
            match self.needs_word(z, g, reason) {
                true => asked.push((z, g, reason)),
                false => met.push((z, g, reason, None)),
            }
        }
        for (z, g, reason, past) in met {
            self.matched(z, g, reason, past);
            for (side, lone) in [(Side::Zoho, z), (Side::Google, g)] {
                keys.carried[side].extend(lone.evidence.keys.iter().cloned());
            }
            self.carry(&ids(z, g), &mut keys.carried);
        }
        for (zoho, google, reason) in doubtful {
            let Some((z, g)) = at(zoho, google).filter(|(z, g)| z.in_scope || g.in_scope) else {
                continue;
            };
            held.extend([(Side::Zoho, zoho), (Side::Google, google)]);
            asked.push((z, g, reason));
        }
        for (z, g, reason) in asked.into_iter().filter(|(z, g, _)| z.in_scope || g.in_scope) {
            self.ask_whether_one(z, g, reason);
        }
        for (side, index) in duplicates {
            if let Some(twin) = unlinked[side].get(index)
                && twin.in_scope
                && held.insert((side, index))
            {
                self.duplicate(side, twin, Doubt::Twin);
            }
        }
        for side in Side::BOTH {
            for (index, lone) in unlinked[side].iter().enumerate() {
                if !held.contains(&(side, index)) {
                    self.create(side, lone, &mut keys);
                }
            }
        }
    }

    /// Whether two that are recognised as one are put to the person all the same: they answered of one
    /// of them that it stays as it is beside others.
    pub(super) fn needs_word(&self, zoho: &Unlinked, google: &Unlinked, by: Reason) -> bool {
        let ids = ids(zoho, google);
        !matches!(by, Reason::Decided | Reason::Mark)
            && !self.is_pair_left_out(&ids)
            && Side::BOTH.into_iter().any(|side| self.is_left_aside(side, &ids[side]))
    }

    /// Asks whether two contacts are one person, unless the person left both out.
    pub(super) fn ask_whether_one(&mut self, zoho: &Unlinked, google: &Unlinked, by: Reason) {
        let ids = ids(zoho, google);
        self.quiet(&ids);
        if Side::BOTH.into_iter().all(|side| self.is_left_out(side, &ids[side])) {
            return;
        }
        self.ask(Question {
            key: match_key(&ids.zoho, &ids.google),
            contact: name(self.rules.mapping, &zoho.record.card),
            ids: both(&ids),
            about: About::Doubtful(by),
        });
    }

    fn duplicate(&mut self, side: Side, twin: &Unlinked, doubt: Doubt) {
        self.plan.quiet.insert((side, twin.record.id.clone()));
        if self.is_left_out(side, &twin.record.id) {
            return;
        }
        let (unasked, apart) = (doubt == Doubt::Unasked, doubt == Doubt::Apart);
        let namesakes =
            doubt == Doubt::Twin && self.apart.contains_key(&(side, twin.record.id.clone()));
        self.ask(Question {
            key: duplicate_key(side, &twin.record.id),
            contact: name(self.rules.mapping, &twin.record.card),
            ids: one(side, &twin.record.id),
            about: About::Duplicate { side, unasked, namesakes, apart },
        });
    }

    fn matched(&mut self, zoho: &Unlinked, google: &Unlinked, reason: Reason, past: Option<&Past>) {
        let ids = ids(zoho, google);
        if !zoho.in_scope && !google.in_scope {
            self.quiet(&ids);
            return;
        }
        // A create of unknown outcome may have made another counterpart: only our mark tells.
        let unsure =
            zoho.block == Some(CreateBlock::Unsure) || google.block == Some(CreateBlock::Unsure);
        if unsure && reason != Reason::Mark {
            self.lag(&ids);
            return;
        }
        // A record outside the view sleeps; a person outside the label joins it where we may write.
        let left_out = self.is_pair_left_out(&ids);
        let joins = !google.in_scope && !left_out && self.may_join();
        let suspended = match (zoho.in_scope, google.in_scope || joins) {
            (_, _) if left_out => Some(Suspended::LeftOut),
            (false, _) => Some(Suspended::OutOfScope(Side::Zoho)),
            (true, false) => Some(Suspended::OutOfScope(Side::Google)),
            (true, true) => None,
        };
        let empty = Card::empty(self.rules.mapping.rules().len());
        let Met { settled, pending, doubted, seen, differs } = self.merge(Meeting {
            subject: Subject::Match(ids.clone()),
            records: Pair { zoho: &zoho.record, google: &google.record },
            base: Pair { zoho: &empty, google: &empty },
            said: past.map_or(&empty, |past| &past.said),
            seen: past.map_or(&Seen::default(), |past| &past.seen),
            fresh: true,
            doubted: false,
            forgotten: self.rules.lost,
            frozen: &BTreeSet::new(),
            joins,
            suspended: suspended.is_some(),
        });
        self.plan.ledger_updates.push(LedgerUpdate::Link {
            ids,
            by: reason,
            shared: shared(reason, &zoho.evidence, &google.evidence).map(Text::from),
            names: Pair {
                zoho: name(self.rules.mapping, &zoho.record.card),
                google: name(self.rules.mapping, &google.record.card),
            },
            learn: settled,
            seen,
            differs,
            fresh: pending,
            doubted,
            suspended,
        });
    }

    /// The keys that linked contacts get and give up by this plan.
    fn keys_of_links(&self) -> Keys {
        let mut keys = Keys::default();
        let Some(rule) = key_rule(self.rules.mapping) else { return keys };
        for step in &self.plan.steps {
            if let Verb::Update { before, patch, .. } = &step.verb
                && let Some(value) = patch.get(&rule)
            {
                keys.freed[step.side].extend(before.get(rule).map(email_key));
                keys.carried[step.side].extend(value.as_deref().map(email_key));
            }
        }
        keys
    }

    /// What the steps of a matched pair do to the keys of its ends.
    fn carry(&self, ids: &Pair<RecordId>, carried: &mut Pair<BTreeSet<String>>) {
        let Some(rule) = key_rule(self.rules.mapping) else { return };
        for step in self.plan.steps.iter().rev().take(2) {
            if let (Subject::Match(of), Verb::Update { before, patch, .. }) =
                (&step.subject, &step.verb)
                && of == ids
                && let Some(value) = patch.get(&rule)
            {
                if let Some(before) = before.get(rule) {
                    carried[step.side].remove(&email_key(before));
                }
                carried[step.side].extend(value.as_deref().map(email_key));
            }
        }
    }

    /// A contact that nobody on the other side answers to.
    fn create(&mut self, side: Side, lone: &Unlinked, keys: &mut Keys) {
        let Unlinked { record, in_scope, evidence, block } = lone;
        let contact = (side, record.id.clone());
        let to = side.other();
        let worth = record.card.0.iter().any(Option::is_some);
        let left_out = self.is_left_out(side, &record.id) || self.is_left_aside(side, &record.id);
        if !in_scope || left_out || !self.rules.direction.writes(to) || !worth {
            self.plan.quiet.insert(contact);
            return;
        }
        // Of whom the person said that it is nobody else is a contact of its own.
        let apart = self.apart.contains_key(&contact);
        // Nobody is made about whom the person was asked and has not answered.
        let open = self.rules.asked.alone.contains(&contact);
        let twin = match block {
            Some(CreateBlock::Unsure) => {
                self.plan.lagging.insert(contact);
                return;
            }
            Some(CreateBlock::OtherModule | CreateBlock::Unreadable) => {
                self.plan.quiet.insert(contact);
                return;
            }
            Some(CreateBlock::Vanished) => {
                self.ask_still(side, record);
                return;
            }
            Some(CreateBlock::Echo) if !apart => {
                self.remove_echo(side, record);
                return;
            }
            // A key that the plan takes away from the other contact makes no twin.
            Some(CreateBlock::Twin) => {
                let kept = |key: &String| !keys.freed[to].contains(key);
                !evidence.marks.is_empty()
                    || evidence.keys.is_empty()
                    || evidence.keys.iter().any(kept)
            }
            Some(CreateBlock::Unasked) => true,
            Some(CreateBlock::Echo) | None => false,
        } || open
            || evidence.keys.iter().any(|key| keys.carried[to].contains(key));
        let unasked = *block == Some(CreateBlock::Unasked);
        let candidates = self.candidates(side, lone);
        if let Kin::LeftOut(of) = &candidates
            && !apart
        {
            self.plan.inherited.push(Inheritance { side, of: of.clone(), id: record.id.clone() });
            self.plan.quiet.insert(contact);
            return;
        }
        let twin = twin || !matches!(candidates, Kin::Nobody);
        let answered = match unasked {
            true => is(self.rules.decisions, &duplicate_key(side, &record.id), "separate"),
            false => apart,
        };
        if twin && !answered {
            let doubt = match candidates {
                _ if unasked => Doubt::Unasked,
                Kin::Apart => Doubt::Apart,
                Kin::Nobody | Kin::Linked | Kin::LeftOut(_) => Doubt::Twin,
            };
            self.duplicate(side, lone, doubt);
            return;
        }
        let key = key_rule(self.rules.mapping).and_then(|rule| record.card.get(rule));
        keys.carried[to].extend(key.map(email_key));
        let mut ids = Pair { zoho: RecordId::new(), google: RecordId::new() };
        ids[side].clone_from(&record.id);
        if side == Side::Google {
            self.ask_about_pieces(&ids, Pair { zoho: None, google: Some(record) });
        }
        let origin = Origin {
            subject: Subject::Origin(side, record.id.clone()),
            side,
            id: &record.id,
            card: &record.card,
            last: None,
            lost: None,
            why: Why::New(side),
        };
        self.create_for(origin, &ids);
    }

    /// The open question about a contact whose possible counterpart was deleted.
    fn ask_still(&mut self, side: Side, record: &Record) {
        self.plan.quiet.insert((side, record.id.clone()));
        let rules = self.rules;
        let mut open = rules.asked.open.iter();
        let of = |(zoho, google): &(RecordId, RecordId)| match side {
            Side::Zoho => *zoho == record.id,
            Side::Google => *google == record.id,
        };
        let Some(((zoho, google), reason)) = open.find(|(ids, _)| of(ids)) else { return };
        self.ask(Question {
            key: match_key(zoho, google),
            contact: name(rules.mapping, &record.card),
            ids: Pair { zoho: Some(zoho.clone()), google: Some(google.clone()) },
            about: About::Doubtful(*reason),
        });
    }

    /// The second copy of our own create goes to the bin, where it has been made.
    fn remove_echo(&mut self, side: Side, record: &Record) {
        if !self.take(false) {
            self.plan.waiting.insert((side, record.id.clone()));
            return;
        }
        let rules = self.rules.mapping.rules().iter().enumerate();
        let fields = rules.filter_map(|(rule, spec)| {
            record.card.get(rule).map(|before| FieldNote {
                field: spec.zoho.clone(),
                before: Some(before.into()),
                after: None,
                overwritten: None,
                why: Why::Echo,
            })
        });
        self.plan.steps.push(Step {
            subject: Subject::Origin(side, record.id.clone()),
            side,
            verb: Verb::Delete { id: record.id.clone(), version: record.version.clone() },
            learn: BaseUpdate::default(),
            contact: name(self.rules.mapping, &record.card),
            fields: fields.collect(),
            why: Why::Echo,
        });
    }
}

/// The rule of the field that pairs people.
fn key_rule(mapping: &Mapping) -> Option<usize> {
    mapping.by_google(Group::EmailAddresses, "work", "value")
}

fn ids(zoho: &Unlinked, google: &Unlinked) -> Pair<RecordId> {
    Pair { zoho: zoho.record.id.clone(), google: google.record.id.clone() }
}
