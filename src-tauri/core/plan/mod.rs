//! What a run means to write. [`plan`] takes everything that changed as data and answers with
//! steps, beliefs and questions; it cannot fail and touches nothing.
//!
//! A [`Step`] is one write to one contact on one side, together with what the ledger believes once
//! it is done: one decision, one step, so that a crash between two of them leaves nothing half
//! believed. A [`Belief`] needs no write.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::contact::{Card, Pair, Record, RecordId, Side, Text};
use crate::field::{Fit, Misfit};
use crate::mapping::Mapping;
use crate::matching::{Evidence, Outcome, pair_up};
use crate::merge::{Verdict, verdict};
use crate::setup::{Direction, OnDelete};

/// What a side knows of one end of a link.
#[derive(Debug, Clone, PartialEq)]
pub enum Presence {
    /// It is there; `in_scope` tells whether the label or view holds it.
    Here {
        /// The contact.
        record: Record,
        /// Whether the sync's scope on this side holds it.
        in_scope: bool,
    },
    /// Deleted: there is a positive tombstone.
    Gone,
    /// Not to be seen, and not known to be deleted (rights, sharing, approval).
    Hidden,
    /// A lead that became a contact.
    Converted,
    /// Merged into another contact of the same side.
    MergedInto {
        /// The survivor.
        survivor: RecordId,
        /// Whether the survivor is linked already.
        linked: bool,
    },
    /// Its newest state is not believed yet: our own write is younger than the service's lag.
    Lagging,
}

/// A link and what both sides know of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Linked {
    /// The link's number.
    pub link: i64,
    /// The ids of both ends.
    pub ids: Pair<RecordId>,
    /// What each side said last time both were settled.
    pub base: Pair<Card>,
    /// Whether both sides were ever settled (a fresh match has not been).
    pub fresh: bool,
    /// Fields that flipped too often and are left alone.
    pub frozen: BTreeSet<usize>,
    /// Whether it sleeps now.
    pub asleep: bool,
    /// Both ends as they are now.
    pub now: Pair<Presence>,
}

/// A contact without a link.
#[derive(Debug, Clone, PartialEq)]
pub struct Stranger {
    /// The contact.
    pub record: Record,
    /// Whether the sync's scope on its side holds it.
    pub in_scope: bool,
    /// What it can be recognised by.
    pub evidence: Evidence,
    /// Whether a create for it is under way with unknown outcome, or it is linked in another
    /// module, or the person decided to leave it: it may be matched but not created.
    pub bar: Option<Bar>,
}

/// Why a stranger is not created on the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bar {
    /// A create for it was sent and its outcome is not known yet.
    Unsure,
    /// It is the counterpart of a contact in another module.
    OtherModule,
    /// Its pair was stopped by a decision.
    Stopped,
    /// A contact on the other side that has a counterpart already carries the same key.
    Twin,
}

/// What a person decided about a review item, by the item's key.
pub type Decisions = BTreeMap<String, String>;

/// The rules of one run.
#[derive(Debug, Clone)]
pub struct Rules<'a> {
    /// The mapping.
    pub mapping: &'a Mapping,
    /// Which way.
    pub direction: Direction,
    /// Who wins a conflict.
    pub winner: Side,
    /// The deletion rule.
    pub on_delete: OnDelete,
    /// Whether name and phone may match contacts without a key.
    pub match_without_email: bool,
    /// Whether a label limits the Google side (matched persons are added to it).
    pub label: bool,
    /// Whether this is the sync's very first run: no deletions.
    pub first_run: bool,
    /// How many contacts may be written.
    pub limit: u32,
    /// How many more contacts the Google account can take.
    pub google_room: u32,
    /// Values for Zoho fields outside the mapping, set on create.
    pub extra_defaults: &'a BTreeMap<String, String>,
    /// What was decided earlier.
    pub decisions: &'a Decisions,
}

/// The words of a decision; see [`crate::explain`] for the sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The value changed on this side.
    Changed(Side),
    /// The field was empty here and is filled from the other side at the first match.
    Filled(Side),
    /// Both sides changed; this side is the winner.
    Won(Side),
    /// The contact is new on this side.
    New(Side),
    /// The contact was deleted on this side.
    Deleted(Side),
    /// A default value stands in for an empty field.
    Default,
    /// It joins the sync's label.
    Label,
    /// It is outside a narrower label or view, and the person chose to remove it.
    Scope,
    /// A run is undone.
    Undo,
}

/// One field of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldNote {
    /// Zoho's `api_name`.
    pub field: String,
    /// The written side's value before.
    pub before: Option<Text>,
    /// What is written.
    pub after: Option<Text>,
    /// The loser of a conflict.
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
    pub learn: BTreeMap<usize, Pair<Option<Text>>>,
    /// The contact's name as a person reads it.
    pub contact: String,
    /// The fields, for plan and history.
    pub fields: Vec<FieldNote>,
    /// The reason of the whole.
    pub why: Why,
}

/// Something the ledger takes note of without a write.
#[derive(Debug, Clone, PartialEq)]
pub enum Belief {
    /// Two contacts are one person.
    Link {
        /// Both ends.
        ids: Pair<RecordId>,
        /// How it was recognised.
        by: crate::matching::Reason,
        /// Fields that already agree.
        learn: BTreeMap<usize, Pair<Option<Text>>>,
    },
    /// Both sides agree on these fields.
    Learn {
        /// The link.
        link: i64,
        /// The bases by rule.
        learn: BTreeMap<usize, Pair<Option<Text>>>,
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
    /// One end was merged into another contact.
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
}

/// A question for the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// What it is about; the same question has the same key in every run.
    pub key: String,
    /// The contact's name.
    pub contact: String,
    /// The ids that are known.
    pub ids: Pair<Option<RecordId>>,
    /// What is asked.
    pub about: About,
}

/// What a question is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// A counterpart was deleted on this side; delete the other or keep it?
    Deletion {
        /// Where it was deleted.
        side: Side,
        /// Whether the other was edited since.
        edited: bool,
    },
    /// The counterpart on the written side of a one-way sync was deleted; create it again?
    Recreate {
        /// Where it was deleted.
        side: Side,
    },
    /// Is this one person?
    Doubtful(crate::matching::Reason),
    /// Several contacts carry the same key.
    Duplicate {
        /// The side with several.
        side: Side,
    },
    /// Two linked contacts were merged on one side.
    Merged {
        /// Where.
        side: Side,
    },
    /// A value cannot be written to this side.
    Misfit {
        /// The side that would be written.
        side: Side,
        /// Zoho's `api_name`.
        field: String,
        /// Why not.
        misfit: Misfit,
    },
    /// A field flips back and forth.
    Frozen {
        /// Zoho's `api_name`.
        field: String,
    },
    /// The label or view became narrower.
    Scope {
        /// How many linked contacts are outside it now.
        contacts: u32,
    },
    /// An undo left a field alone that was edited since.
    UndoLeft {
        /// The side of the edit.
        side: Side,
        /// Zoho's `api_name`.
        field: String,
    },
}

impl About {
    /// What can be chosen, the careful choice last.
    #[must_use]
    pub fn choices(&self) -> &'static [&'static str] {
        match self {
            About::Deletion { .. } => &["delete", "keep"],
            About::Recreate { .. } => &["create", "leave"],
            About::Doubtful(_) => &["link", "separate"],
            About::Duplicate { .. } => &["separate", "ignore"],
            About::Merged { .. } => &["keep"],
            About::Misfit { .. } => &["retry", "ignore"],
            About::Frozen { .. } => &["retry", "ignore"],
            About::Scope { .. } => &["leave", "unlink", "remove"],
            About::UndoLeft { .. } => &["ignore"],
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
    /// Whether Google's cap is what stopped creates there.
    pub google_full: bool,
    /// Contacts whose newest state is not believed yet.
    pub lagging: BTreeSet<(Side, RecordId)>,
    /// Contacts with nothing to do, or done by the beliefs alone.
    pub quiet: BTreeSet<(Side, RecordId)>,
    /// Conflicts that the winner decides.
    pub conflicts: u32,
}

/// What changed since it was last settled.
#[derive(Debug, Clone, Default)]
pub struct World {
    /// Links with a changed end.
    pub linked: Vec<Linked>,
    /// Contacts without a link, and those they could be matched with.
    pub strangers: Pair<Vec<Stranger>>,
}

/// Works out what a run should write.
#[must_use]
pub fn plan(world: World, rules: &Rules<'_>) -> Plan {
    let mut planner = Planner { rules, plan: Plan::default(), written: 0, room: rules.google_room };
    for linked in world.linked {
        planner.linked(linked);
    }
    planner.strangers(world.strangers);
    planner.plan
}

struct Planner<'a> {
    rules: &'a Rules<'a>,
    plan: Plan,
    written: u32,
    room: u32,
}

/// A merged pair, before limits: the fields to write on each side and what is believed anyway.
#[derive(Default)]
struct Merged {
    patch: Pair<BTreeMap<usize, Option<Text>>>,
    notes: Pair<Vec<FieldNote>>,
    learn: Pair<BTreeMap<usize, Pair<Option<Text>>>>,
    settled: BTreeMap<usize, Pair<Option<Text>>>,
    misfits: Vec<(usize, Side, Misfit, Text)>,
    conflicts: u32,
}

impl Planner<'_> {
    fn linked(&mut self, pair: Linked) {
        let Linked { link, ids, base, fresh, frozen, asleep, now } = pair;
        let done = |planner: &mut Self| planner.quiet(&ids);
        match (now.zoho, now.google) {
            (Presence::Lagging, _) | (_, Presence::Lagging) => {
                for side in Side::BOTH {
                    self.plan.lagging.insert((side, ids[side].clone()));
                }
            }
            (Presence::Converted, _) | (Presence::Gone, Presence::Gone) => {
                self.plan.beliefs.push(Belief::End { link });
                done(self);
            }
            (Presence::MergedInto { survivor, linked }, _) => {
                self.merged_away(link, &ids, Side::Zoho, survivor, linked);
            }
            (_, Presence::MergedInto { survivor, linked }) => {
                self.merged_away(link, &ids, Side::Google, survivor, linked);
            }
            (Presence::Hidden, _) => self.sleep(link, &ids, Asleep::Hidden(Side::Zoho)),
            (_, Presence::Hidden | Presence::Converted) => {
                self.sleep(link, &ids, Asleep::Hidden(Side::Google));
            }
            (Presence::Gone, Presence::Here { record, in_scope }) => {
                self.one_gone(link, &ids, &base, Side::Zoho, &record, in_scope);
            }
            (Presence::Here { record, in_scope }, Presence::Gone) => {
                self.one_gone(link, &ids, &base, Side::Google, &record, in_scope);
            }
            (
                Presence::Here { record: zoho, in_scope: zoho_in },
                Presence::Here { record: google, in_scope: google_in },
            ) => {
                let out = [(Side::Zoho, zoho_in), (Side::Google, google_in)]
                    .into_iter()
                    .find(|(_, inside)| !inside);
                if let Some((side, _)) = out {
                    self.sleep(link, &ids, Asleep::OutOfScope(side));
                    return;
                }
                if asleep {
                    self.plan.beliefs.push(Belief::Sleep { link, reason: None });
                }
                let records = Pair { zoho, google };
                self.merge(Subject::Link(link), &records, &base, fresh, &frozen, false);
            }
        }
    }

    fn quiet(&mut self, ids: &Pair<RecordId>) {
        for side in Side::BOTH {
            self.plan.quiet.insert((side, ids[side].clone()));
        }
    }

    fn sleep(&mut self, link: i64, ids: &Pair<RecordId>, reason: Asleep) {
        self.plan.beliefs.push(Belief::Sleep { link, reason: Some(reason) });
        self.quiet(ids);
    }

    fn merged_away(
        &mut self,
        link: i64,
        ids: &Pair<RecordId>,
        side: Side,
        to: RecordId,
        linked: bool,
    ) {
        if linked {
            self.sleep(link, ids, Asleep::Merged(side));
            self.ask(Question {
                key: format!("merged:{link}"),
                contact: String::new(),
                ids: Pair { zoho: Some(ids.zoho.clone()), google: Some(ids.google.clone()) },
                about: About::Merged { side },
            });
        } else {
            self.plan.beliefs.push(Belief::Move { link, side, to });
        }
    }

    /// One end has a tombstone, the other is there.
    fn one_gone(
        &mut self,
        link: i64,
        ids: &Pair<RecordId>,
        base: &Pair<Card>,
        gone: Side,
        left: &Record,
        in_scope: bool,
    ) {
        let here = gone.other();
        let card = self.rules.mapping.resolve(&left.card, &left.alternatives, &base[here]);
        let rules = self.rules.mapping.rules();
        let edited = (0..rules.len())
            .any(|rule| !self.rules.mapping.same(rule, card.get(rule), base[here].get(rule)));
        let contact = name(self.rules.mapping, &card);
        let known = Pair { zoho: Some(ids.zoho.clone()), google: Some(ids.google.clone()) };
        if !self.rules.direction.writes(here) {
            let key = format!("recreate:{link}");
            match self.rules.decisions.get(&key).map(String::as_str) {
                Some("create") => {
                    self.create_for(Subject::Link(link), here, &left.id, &card);
                }
                Some("leave") => {
                    self.plan.beliefs.push(Belief::Stop { link });
                    self.quiet(ids);
                }
                Some(_) | None => {
                    self.sleep(link, ids, Asleep::TargetGone(gone));
                    self.ask(Question {
                        key,
                        contact,
                        ids: known,
                        about: About::Recreate { side: gone },
                    });
                }
            }
            return;
        }
        if !in_scope {
            self.sleep(link, ids, Asleep::OutOfScope(here));
            return;
        }
        let key = format!("deletion:{link}");
        let decided = self.rules.decisions.get(&key).map(String::as_str);
        let delete = match (decided, self.rules.on_delete) {
            (Some("delete"), _) => true,
            (Some(_), _) => {
                self.plan.beliefs.push(Belief::Stop { link });
                self.quiet(ids);
                return;
            }
            (None, OnDelete::Keep) if !edited => {
                self.plan.beliefs.push(Belief::Stop { link });
                self.quiet(ids);
                return;
            }
            (None, OnDelete::Delete) => !edited && !self.rules.first_run,
            (None, OnDelete::Ask | OnDelete::Keep) => false,
        };
        if !delete {
            self.sleep(link, ids, Asleep::Asked);
            self.ask(Question {
                key,
                contact,
                ids: known,
                about: About::Deletion { side: gone, edited },
            });
            return;
        }
        if !self.take(false) {
            self.wait(ids);
            return;
        }
        let fields = rules
            .iter()
            .enumerate()
            .filter_map(|(rule, r)| {
                card.get(rule).map(|before| FieldNote {
                    field: r.zoho.clone(),
                    before: Some(before.into()),
                    after: None,
                    overwritten: None,
                    why: Why::Deleted(gone),
                })
            })
            .collect();
        self.plan.steps.push(Step {
            subject: Subject::Link(link),
            side: here,
            verb: Verb::Delete { id: left.id.clone(), version: left.version.clone() },
            learn: BTreeMap::new(),
            contact,
            fields,
            why: Why::Deleted(gone),
        });
    }

    /// Counts a contact against the limits; false where it has to wait.
    fn take(&mut self, google_create: bool) -> bool {
        if self.written >= self.rules.limit {
            return false;
        }
        if google_create {
            if self.room == 0 {
                self.plan.google_full = true;
                return false;
            }
            self.room -= 1;
        }
        self.written += 1;
        true
    }

    fn wait(&mut self, ids: &Pair<RecordId>) {
        for side in Side::BOTH {
            self.plan.waiting.insert((side, ids[side].clone()));
        }
    }

    fn ask(&mut self, question: Question) {
        self.plan.questions.push(question);
    }

    /// Both ends are there: every mapped field by the merge table.
    fn merge(
        &mut self,
        subject: Subject,
        records: &Pair<Record>,
        base: &Pair<Card>,
        fresh: bool,
        frozen: &BTreeSet<usize>,
        join_label: bool,
    ) {
        let mapping = self.rules.mapping;
        let zoho = mapping.resolve(&records.zoho.card, &records.zoho.alternatives, &base.zoho);
        let hint = if fresh { &zoho } else { &base.google };
        let google = mapping.resolve(&records.google.card, &records.google.alternatives, hint);
        let now = Pair { zoho, google };
        let ids = Pair { zoho: records.zoho.id.clone(), google: records.google.id.clone() };
        let contact = name(mapping, &now.zoho);
        let mut merged = Merged::default();
        for rule in (0..mapping.rules().len()).filter(|rule| !frozen.contains(rule)) {
            self.field(rule, base, &now, fresh, &mut merged);
        }
        let mut asked = false;
        for (rule, side, misfit, value) in std::mem::take(&mut merged.misfits) {
            asked |= self.misfit(rule, side, misfit, &value, &ids, &contact, &mut merged);
        }
        let label = join_label && self.rules.label && self.rules.direction.writes(Side::Google);
        let writes: Vec<Side> = Side::BOTH
            .into_iter()
            .filter(|side| !merged.patch[*side].is_empty() || (label && *side == Side::Google))
            .collect();
        match &subject {
            Subject::Link(link) if !merged.settled.is_empty() => {
                self.plan.beliefs.push(Belief::Learn { link: *link, learn: merged.settled });
            }
            Subject::Match(_) => {
                if let Some(Belief::Link { learn, .. }) = self.plan.beliefs.last_mut() {
                    *learn = merged.settled;
                }
            }
            Subject::Link(_) | Subject::Origin(..) => {}
        }
        if writes.is_empty() || asked {
            self.quiet(&ids);
            return;
        }
        if !self.take(false) {
            self.wait(&ids);
            return;
        }
        self.plan.conflicts += merged.conflicts;
        for side in writes {
            let why = merged.notes[side].first().map_or(Why::Label, |note| note.why);
            self.plan.steps.push(Step {
                subject: subject.clone(),
                side,
                verb: Verb::Update {
                    id: records[side].id.clone(),
                    version: records[side].version.clone(),
                    before: now[side].clone(),
                    patch: std::mem::take(&mut merged.patch[side]),
                    label: label && side == Side::Google,
                },
                learn: std::mem::take(&mut merged.learn[side]),
                contact: contact.clone(),
                fields: std::mem::take(&mut merged.notes[side]),
                why,
            });
        }
    }

    fn field(
        &mut self,
        rule: usize,
        base: &Pair<Card>,
        now: &Pair<Card>,
        fresh: bool,
        out: &mut Merged,
    ) {
        let Some(spec) = self.rules.mapping.rules().get(rule) else {
            return;
        };
        let same = |a: Option<&str>, b: Option<&str>| spec.kind.same(a, b);
        let changed = Pair::of(|side| !same(now[side].get(rule), base[side].get(rule)));
        let (zoho, google) = (now.zoho.get(rule), now.google.get(rule));
        // A default stands for an empty value: it is no news for Google.
        let stands_in =
            google.is_none() && spec.default.is_some() && zoho == spec.default.as_deref();
        let equal = same(zoho, google) || stands_in;
        let both = |zoho: Option<&str>, google: Option<&str>| Pair {
            zoho: zoho.map(Text::from),
            google: google.map(Text::from),
        };
        let (to, lost) = match verdict(changed, equal, self.rules.direction, self.rules.winner) {
            Verdict::Quiet | Verdict::Drift(_) => return,
            Verdict::Settle => {
                out.settled.insert(rule, both(zoho, google));
                return;
            }
            Verdict::Write(to) => (to, false),
            Verdict::Overwrite(to) => (to, true),
        };
        let from = to.other();
        let value = now[from].get(rule);
        let (sent, by_default) = match to {
            Side::Google => (value.map(|v| spec.kind.fit_google(v)), false),
            Side::Zoho if !spec.zoho_writable => {
                out.settled.insert(rule, both(zoho, google));
                return;
            }
            Side::Zoho => match value.map(|v| spec.kind.fit_zoho(v, spec.zoho_length)) {
                Some(Fit::Value(text)) => (Some(text), false),
                Some(Fit::Skip) => {
                    out.settled.insert(rule, both(zoho, google));
                    return;
                }
                Some(Fit::Invalid(misfit)) => {
                    out.misfits.push((rule, to, misfit, value.unwrap_or_default().into()));
                    return;
                }
                None if spec.required => match &spec.default {
                    Some(default) => (Some(default.clone()), true),
                    None => {
                        out.misfits.push((rule, to, Misfit::Required, Text::default()));
                        return;
                    }
                },
                None => (None, false),
            },
        };
        if lost {
            out.conflicts += 1;
        }
        let before = now[to].get(rule);
        let why = match (by_default, lost, fresh && before.is_none()) {
            (true, _, _) => Why::Default,
            (false, true, _) => Why::Won(from),
            (false, false, true) => Why::Filled(from),
            (false, false, false) => Why::Changed(from),
        };
        let sent = sent.filter(|s| !s.trim().is_empty());
        let mut learn = both(zoho, google);
        learn[to] = sent.as_deref().map(Text::from);
        out.learn[to].insert(rule, learn);
        out.notes[to].push(FieldNote {
            field: spec.zoho.clone(),
            before: before.map(Text::from),
            after: sent.as_deref().map(Text::from),
            overwritten: before.filter(|_| lost).map(Text::from),
            why,
        });
        out.patch[to].insert(rule, sent.map(Text::from));
    }

    /// A value that does not fit: true where the contact has to wait for the person.
    #[expect(clippy::too_many_arguments, reason = "all of it goes into one question")]
    fn misfit(
        &mut self,
        rule: usize,
        side: Side,
        misfit: Misfit,
        value: &str,
        ids: &Pair<RecordId>,
        contact: &str,
        merged: &mut Merged,
    ) -> bool {
        let field =
            self.rules.mapping.rules().get(rule).map_or_else(String::new, |r| r.zoho.clone());
        let key = format!("misfit:{}:{}:{}:{field}:{value}", ids.zoho, ids.google, side.name());
        if self.rules.decisions.get(&key).is_some_and(|choice| choice == "ignore") {
            merged.settled.remove(&rule);
            return false;
        }
        let known = |id: &RecordId| Some(id.clone()).filter(|id| !id.is_empty());
        self.ask(Question {
            key,
            contact: contact.to_owned(),
            ids: Pair { zoho: known(&ids.zoho), google: known(&ids.google) },
            about: About::Misfit { side, field, misfit },
        });
        true
    }

    fn strangers(&mut self, strangers: Pair<Vec<Stranger>>) {
        let evidence = Pair {
            zoho: strangers.zoho.iter().map(|s| (&s.record, &s.evidence)).collect::<Vec<_>>(),
            google: strangers.google.iter().map(|s| (&s.record, &s.evidence)).collect(),
        };
        let outcome = pair_up(
            &evidence,
            self.rules.mapping,
            self.rules.match_without_email,
            self.rules.decisions,
        );
        let Outcome { matches, doubtful, duplicates } = outcome;
        let mut held: BTreeSet<(Side, usize)> = BTreeSet::new();
        let mut pairs = Vec::new();
        for (zoho, google, reason) in matches {
            held.insert((Side::Zoho, zoho));
            held.insert((Side::Google, google));
            pairs.push((zoho, google, reason));
        }
        let at = |side: Side, index: usize| strangers[side].get(index);
        for (zoho, google, reason) in pairs {
            let (Some(z), Some(g)) = (at(Side::Zoho, zoho), at(Side::Google, google)) else {
                continue;
            };
            if !z.in_scope && !g.in_scope {
                self.quiet(&Pair { zoho: z.record.id.clone(), google: g.record.id.clone() });
                continue;
            }
            self.matched(z, g, reason);
        }
        for (zoho, google, reason) in doubtful {
            let (Some(z), Some(g)) = (at(Side::Zoho, zoho), at(Side::Google, google)) else {
                continue;
            };
            if !z.in_scope && !g.in_scope {
                continue;
            }
            held.insert((Side::Zoho, zoho));
            held.insert((Side::Google, google));
            self.quiet(&Pair { zoho: z.record.id.clone(), google: g.record.id.clone() });
            self.ask(Question {
                key: match_key(&z.record.id, &g.record.id),
                contact: name(self.rules.mapping, &z.record.card),
                ids: Pair { zoho: Some(z.record.id.clone()), google: Some(g.record.id.clone()) },
                about: About::Doubtful(reason),
            });
        }
        for (side, index) in duplicates {
            let Some(twin) = at(side, index).filter(|s| s.in_scope) else {
                continue;
            };
            held.insert((side, index));
            self.plan.quiet.insert((side, twin.record.id.clone()));
            let mut ids = Pair { zoho: None, google: None };
            ids[side] = Some(twin.record.id.clone());
            self.ask(Question {
                key: duplicate_key(side, &twin.record.id),
                contact: name(self.rules.mapping, &twin.record.card),
                ids,
                about: About::Duplicate { side },
            });
        }
        for side in Side::BOTH {
            for (index, stranger) in strangers[side].iter().enumerate() {
                if !held.contains(&(side, index)) {
                    self.create(side, stranger);
                }
            }
        }
    }

    fn separate(&self, side: Side, id: &str) -> bool {
        self.rules.decisions.get(&duplicate_key(side, id)).is_some_and(|c| c == "separate")
    }

    fn duplicate(&mut self, side: Side, twin: &Record) {
        let mut ids = Pair { zoho: None, google: None };
        ids[side] = Some(twin.id.clone());
        self.ask(Question {
            key: duplicate_key(side, &twin.id),
            contact: name(self.rules.mapping, &twin.card),
            ids,
            about: About::Duplicate { side },
        });
    }

    fn matched(&mut self, zoho: &Stranger, google: &Stranger, reason: crate::matching::Reason) {
        let ids = Pair { zoho: zoho.record.id.clone(), google: google.record.id.clone() };
        self.plan.beliefs.push(Belief::Link {
            ids: ids.clone(),
            by: reason,
            learn: BTreeMap::new(),
        });
        // A record outside the view sleeps; a person outside the label joins it where we may write.
        let joins = !google.in_scope && self.rules.direction.writes(Side::Google);
        if !zoho.in_scope || (!google.in_scope && !joins) {
            self.quiet(&ids);
            return;
        }
        let empty = Card::empty(self.rules.mapping.rules().len());
        let base = Pair { zoho: empty.clone(), google: empty };
        let records = Pair { zoho: zoho.record.clone(), google: google.record.clone() };
        self.merge(Subject::Match(ids), &records, &base, true, &BTreeSet::new(), joins);
    }

    /// A contact that nobody on the other side answers to.
    fn create(&mut self, side: Side, stranger: &Stranger) {
        let mapping = self.rules.mapping;
        let key = (side, stranger.record.id.clone());
        let card = &stranger.record.card;
        let worth = (0..mapping.rules().len()).any(|rule| card.get(rule).is_some());
        if !stranger.in_scope || !self.rules.direction.writes(side.other()) || !worth {
            self.plan.quiet.insert(key);
            return;
        }
        match stranger.bar {
            Some(Bar::Unsure) => {
                self.plan.lagging.insert(key);
                return;
            }
            Some(Bar::OtherModule | Bar::Stopped) => {
                self.plan.quiet.insert(key);
                return;
            }
            Some(Bar::Twin) if !self.separate(side, &stranger.record.id) => {
                self.plan.quiet.insert(key);
                self.duplicate(side, &stranger.record);
                return;
            }
            Some(Bar::Twin) | None => {}
        }
        self.create_for(
            Subject::Origin(side, stranger.record.id.clone()),
            side,
            &stranger.record.id,
            card,
        );
    }

    /// The create itself: every field fitted, defaults for what is empty, one step.
    fn create_for(&mut self, subject: Subject, side: Side, id: &RecordId, card: &Card) {
        let mapping = self.rules.mapping;
        let to = side.other();
        let key = (side, id.clone());
        let mut ids = Pair { zoho: String::new(), google: String::new() };
        ids[side].clone_from(id);
        let len = mapping.rules().len();
        let empty = Card::empty(len);
        let base = Pair { zoho: empty.clone(), google: empty.clone() };
        let mut now = Pair { zoho: empty.clone(), google: empty };
        now[side] = card.clone();
        let mut merged = Merged::default();
        for rule in 0..len {
            self.field(rule, &base, &now, true, &mut merged);
        }
        if to == Side::Zoho {
            self.stand_in(&mut merged);
        }
        let contact = name(mapping, card);
        let mut asked = false;
        for (rule, side, misfit, value) in std::mem::take(&mut merged.misfits) {
            asked |= self.misfit(rule, side, misfit, &value, &ids, &contact, &mut merged);
        }
        if asked {
            self.plan.quiet.insert(key);
            return;
        }
        if !self.take(to == Side::Google) {
            self.plan.waiting.insert(key);
            return;
        }
        let mut sent = Card::empty(len);
        for (rule, value) in &merged.patch[to] {
            sent.set(*rule, value.as_deref());
        }
        let mut learn = std::mem::take(&mut merged.learn[to]);
        learn.extend(merged.settled);
        let mut fields = std::mem::take(&mut merged.notes[to]);
        for note in &mut fields {
            if note.why != Why::Default {
                note.why = Why::New(side);
            }
        }
        if to == Side::Zoho {
            for (field, value) in self.rules.extra_defaults {
                fields.push(FieldNote {
                    field: field.clone(),
                    before: None,
                    after: Some(value.as_str().into()),
                    overwritten: None,
                    why: Why::Default,
                });
            }
        }
        self.plan.steps.push(Step {
            subject,
            side: to,
            verb: Verb::Create { card: sent },
            learn,
            contact,
            fields,
            why: Why::New(side),
        });
    }

    /// Defaults for everything that is still empty in a new Zoho record.
    fn stand_in(&self, merged: &mut Merged) {
        for (rule, spec) in self.rules.mapping.rules().iter().enumerate() {
            if merged.patch.zoho.contains_key(&rule) || !spec.zoho_writable {
                continue;
            }
            if merged.misfits.iter().any(|(r, ..)| *r == rule) {
                continue;
            }
            match &spec.default {
                Some(default) => {
                    let value: Text = default.as_str().into();
                    merged.patch.zoho.insert(rule, Some(value.clone()));
                    merged
                        .learn
                        .zoho
                        .insert(rule, Pair { zoho: Some(value.clone()), google: None });
                    merged.notes.zoho.push(FieldNote {
                        field: spec.zoho.clone(),
                        before: None,
                        after: Some(value),
                        overwritten: None,
                        why: Why::Default,
                    });
                }
                None if spec.required => {
                    merged.misfits.push((rule, Side::Zoho, Misfit::Required, Text::default()));
                }
                None => {}
            }
        }
    }
}

/// The key of the question whether two contacts are one person.
#[must_use]
pub fn match_key(zoho: &str, google: &str) -> String {
    format!("match:{zoho}:{google}")
}

/// The key of the question what to do about a contact that shares its key with others.
#[must_use]
pub fn duplicate_key(side: Side, id: &str) -> String {
    format!("duplicate:{}:{id}", side.name())
}

/// A contact's name as a person reads it: family name first where it is written in Japanese or
/// Chinese characters; else the organisation, else the e-mail.
#[must_use]
pub fn name(mapping: &Mapping, card: &Card) -> String {
    use crate::mapping::Group;
    let part = |group: Group, label: &str, part: &str| {
        mapping.by_google(group, label, part).and_then(|rule| card.get(rule))
    };
    let given = part(Group::Names, "", "givenName");
    let family = part(Group::Names, "", "familyName");
    let full = match (family, given) {
        (Some(family), Some(given)) if family.chars().any(is_cjk) => format!("{family} {given}"),
        (Some(family), Some(given)) => format!("{given} {family}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => String::new(),
    };
    if !full.is_empty() {
        return full;
    }
    part(Group::Organizations, "", "name")
        .or_else(|| part(Group::EmailAddresses, "work", "value"))
        .or_else(|| part(Group::PhoneNumbers, "work", "value"))
        .unwrap_or_default()
        .to_owned()
}

fn is_cjk(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}
