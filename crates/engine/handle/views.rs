//! What the person is shown: where the syncs stand, what waits, what was done.

use std::collections::BTreeMap;

use renraku_core::contact::{Module, Pair, Side, Text};
use renraku_core::field::fold;
use renraku_core::matching::Reason;
use renraku_core::plan::{About, Question, Why, match_key};
use renraku_core::timestamp::Timestamp;
use renraku_store::{ChangeRow, SCOPE_KEY, Standing, Store, SyncRow};

use crate::api::{
    Change, Event, Failure, FailureCode, HeldBy, Outcome, Run, RunChanges, Runs, Sync, SyncState,
};
use crate::handle::engine::Engine;
use crate::sync::label::LABELS;
use crate::sync::session::rules;
use crate::sync::{guard, lost};
use crate::text::catalogue::Catalogue;
use crate::text::message;

impl Engine {
    /// The configured syncs.
    ///
    /// # Errors
    /// [`FailureCode::Store`].
    pub fn syncs(&self) -> Result<Vec<Sync>, Failure> {
        let signed_out = Side::BOTH.into_iter().try_fold(false, |out, side| {
            let standing = self.grant(side)?.map(|(_, standing)| standing);
            Ok::<_, Failure>(out || standing != Some(Standing::Connected))
        })?;
        self.sync_rows()?.into_iter().map(|row| self.sync_view(row, signed_out)).collect()
    }

    /// What the person is to know before anything else: that a damaged database was set aside, or that
    /// it is an older copy, until a run has completed since.
    ///
    /// # Errors
    /// [`FailureCode::Store`].
    pub fn notice(&self) -> Result<Option<String>, Failure> {
        let anew = self.inner.store.anew()?;
        Ok(anew.map(|anew| self.catalogue().tell(&message::anew(&anew))))
    }

    fn sync_view(&self, row: SyncRow, signed_out: bool) -> Result<Sync, Failure> {
        let store = &self.inner.store;
        let questions = store.count_questions(row.id)?;
        let answered = store.any_answer_waits(row.id)?;
        let waiting = self.waiting(&row)?;
        let linked = store.count_in_step(row.id)?;
        let differ = store.count_differing(row.id)?;
        // Signed in again, what the last run found is over: the next one follows.
        let over = |run: &Run| !signed_out && run.failure == Some(FailureCode::SignedOut);
        let last = self.last_run(&row)?;
        let resumes = last.as_ref().is_some_and(over);
        let message = last
            .as_ref()
            .filter(|_| !resumes)
            .filter(|run| run.outcome != Outcome::Completed || questions > 0)
            .and_then(|run| run.message.clone());
        let removes = guard::announced(store, &row)?;
        let removal_waits = removes.as_ref().is_some_and(|(_, waits)| *waits);
        let scope_asked = store.read(|db| {
            let question = Store::question_called(db, row.id, SCOPE_KEY)?;
            Ok(question.is_some_and(|question| question.chosen.is_none()))
        })?;
        let held = row.enabled
            && row.approved
            && (removal_waits
                || last.as_ref().is_some_and(|run| waits_for_a_look(run, scope_asked)));
        // A plan beside which a question says the same is no other matter.
        let needs_you = questions + u32::from(held && !scope_asked);
        let message = match (message, removes) {
            (_, Some((said, _))) if row.approved => Some(self.catalogue().tell(&said)),
            (None, _) if !row.approved => self.notice()?,
            (message, _) => message,
        };
        let state = if !row.enabled {
            SyncState::Disabled
        } else if self.running_mut().contains(&row.setup.module) {
            SyncState::Syncing
        } else if signed_out {
            SyncState::SignedOut
        } else if !row.approved {
            SyncState::AwaitingApproval
        } else if resumes {
            SyncState::Waiting
        } else {
            let stopped = last.as_ref().is_some_and(|run| run.stopped);
            match last.map(|run| (run.outcome, run.failure)) {
                Some((Outcome::Failed, Some(FailureCode::Offline))) => SyncState::Offline,
                Some((Outcome::Failed, Some(FailureCode::Throttled))) => SyncState::Throttled,
                Some((Outcome::Failed, _)) => SyncState::Failed,
                Some((Outcome::Completed | Outcome::Partial | Outcome::Held, _)) | None => {
                    if needs_you > 0 {
                        SyncState::NeedsYou
                    } else if waiting > 0 || answered || stopped {
                        SyncState::Waiting
                    } else {
                        SyncState::UpToDate
                    }
                }
            }
        };
        Ok(Sync {
            module: row.setup.module,
            enabled: row.enabled,
            direction: row.setup.direction,
            state,
            complete_as_of: row.last_synced_at.clone(),
            next_run_at: self.next_run(&row)?.map(Timestamp::stamp),
            last_synced_at: row.last_synced_at,
            waiting,
            needs_you,
            held,
            linked,
            differ,
            frequency_minutes: row.setup.frequency_minutes,
            message,
            // A sync that is off rings no bell.
            alarms: match row.enabled {
                true => store.read(|db| lost::unanswered(db, row.id))?,
                false => Vec::new(),
            },
        })
    }

    pub(crate) fn last_run(&self, row: &SyncRow) -> Result<Option<Run>, Failure> {
        let last = self.inner.store.last_run(row.id)?;
        Ok(last.map(|run| self.spoken(run)))
    }

    /// What the fields of all syncs are called for the person, by Zoho's `api_name`.
    #[must_use]
    pub fn field_labels(&self) -> BTreeMap<String, String> {
        let syncs = self.sync_rows().unwrap_or_default();
        syncs.iter().filter_map(|sync| rules(sync).ok()).flat_map(|rules| rules.labels).collect()
    }

    /// Keeps two contacts apart from now on: the person says that they are not one. A link between
    /// them ends; what was written stays written, and each is a person of its own in the next plan.
    ///
    /// # Errors
    /// [`FailureCode::Busy`] while a run is under way, [`FailureCode::Invalid`] where the module has
    /// no sync.
    pub async fn separate(&self, module: Module, zoho: &str, google: &str) -> Result<(), Failure> {
        // A run under way could link the two after this.
        let _slot = self.slot().await?;
        let sync = self.sync_row(module)?.id;
        let ids = Pair { zoho: Some(zoho.to_owned()), google: Some(google.to_owned()) };
        let question = Question {
            key: match_key(zoho, google),
            contact: String::new(),
            ids,
            about: About::Doubtful(Reason::Decided),
        };
        self.inner.store.write_kept(|db| {
            let link = Store::link_of(db, sync, Side::Zoho, zoho)?;
            if let Some(link) = link.filter(|link| link.ids.google == google) {
                Store::end_link(db, link.id)?;
            }
            Store::mark_dirty_for(db, sync, Side::Zoho, zoho)?;
            Store::mark_dirty_for(db, sync, Side::Google, google)?;
            Store::answer(db, sync, &question, "separate")
        })?;
        self.tell(Event::Changed);
        Ok(())
    }

    /// Every run, newest first.
    ///
    /// # Errors
    /// [`FailureCode::Store`].
    pub fn history(&self) -> Result<Runs, Failure> {
        self.newest(u32::MAX)
    }

    /// The newest so many runs, newest first.
    ///
    /// # Errors
    /// [`FailureCode::Store`].
    pub fn newest(&self, so_many: u32) -> Result<Runs, Failure> {
        let rows = self.inner.store.runs(so_many)?;
        Ok(Runs { runs: rows.into_iter().map(|row| self.spoken(row.report)).collect() })
    }

    /// The runs that wrote to a contact whose name, or any of whose written values, holds this text
    /// as people read it, newest first.
    ///
    /// # Errors
    /// [`FailureCode::Store`].
    pub fn runs_about(&self, text: &str) -> Result<Vec<u32>, Failure> {
        let wanted = fold(text);
        let holds = |text: &str| fold(text).contains(&wanted);
        let told = |change: &ChangeRow| {
            let values = change.fields.iter().flat_map(|f| [&f.before, &f.after, &f.overwritten]);
            holds(&change.contact) || values.flatten().any(|value| holds(value))
        };
        self.inner.store.runs_with(told).map_err(Failure::from)
    }

    /// What one run wrote, a line a field.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] where there is no such run.
    pub fn changes(&self, run: u32) -> Result<RunChanges, Failure> {
        let module = self.known_run(run)?.module;
        let rows = self.inner.store.changes(i64::from(run))?;
        let catalogue = self.catalogue();
        let label = match self.sync_rows()?.iter().find(|row| row.setup.module == module) {
            Some(sync) => self.label_of(sync)?,
            None => None,
        };
        let told = rows.into_iter().flat_map(|row| told_changes(&catalogue, row, label.as_ref()));
        let changes = told.collect();
        Ok(RunChanges { run, changes })
    }

    /// The label that a sync is limited to: its id and its name.
    pub(crate) fn label_of(&self, sync: &SyncRow) -> Result<Option<(String, String)>, Failure> {
        let Some(name) = &sync.setup.google_label else { return Ok(None) };
        let id = self.inner.store.cursor(sync.ledger, &crate::sync::label::feed(name));
        Ok(id?.map(|id| (id, name.clone())))
    }

    /// A report with its message in words.
    pub(crate) fn spoken(&self, mut run: Run) -> Run {
        if let Some(mut said) = run.said.take() {
            run.alarm = message::is_alarm(&said);
            if run.alarm && !run.preview && !self.is_alarm_open(run.module) {
                said = message::alarm_over(said);
            }
            run.message = Some(self.catalogue().tell(&said));
        }
        run
    }

    /// Whether an alarm of a module's sync waits for its answer, as far as that can be read.
    fn is_alarm_open(&self, module: Module) -> bool {
        let open = |sync: &SyncRow| {
            let alarms = self.inner.store.read(|db| lost::unanswered(db, sync.id));
            alarms.map_or(true, |alarms| !alarms.is_empty())
        };
        let syncs = self.sync_rows();
        syncs.map_or(true, |all| all.iter().filter(|s| s.setup.module == module).any(open))
    }

    pub(crate) fn known_run(&self, run: u32) -> Result<Run, Failure> {
        let found = self.inner.store.run(i64::from(run))?;
        found
            .map(|row| row.report)
            .ok_or_else(|| Failure::new(FailureCode::Invalid, "error-no-run").with("run", run))
    }
}

/// Whether a run was held for its plan, which nobody has looked at since: an alarm is a question of its
/// own, and so is what becomes of those outside a scope once it is answered.
fn waits_for_a_look(run: &Run, scope_asked: bool) -> bool {
    let held = run.outcome == Outcome::Held && !run.undo;
    held && match run.held.map(|held| held.reason) {
        Some(HeldBy::FirstPlan | HeldBy::ChangedSetup) | None => true,
        Some(HeldBy::NarrowedScope) => scope_asked,
        Some(HeldBy::MassChange) => false,
    }
}

/// A write in words, a line a field.
pub(crate) fn told_changes(
    catalogue: &Catalogue,
    row: ChangeRow,
    label: Option<&(String, String)>,
) -> Vec<Change> {
    let blank = Change {
        contact: row.contact.clone(),
        zoho_id: row.zoho_id.clone(),
        google: row.google_id.clone(),
        side: row.side,
        kind: row.kind,
        field: None,
        before: None,
        after: None,
        overwritten: None,
        why: catalogue.tell(&message::why(row.why)),
    };
    let joined = row.label.as_ref().map(|id| Change {
        field: Some(LABELS.to_owned()),
        after: label.filter(|(known, _)| known == id).map(|(_, name)| name).or(Some(id)).cloned(),
        why: catalogue.tell(&message::why(Why::Label)),
        ..blank.clone()
    });
    if row.fields.is_empty() {
        return vec![joined.unwrap_or(blank)];
    }
    let text = |value: &Option<Text>| value.as_deref().map(str::to_owned);
    let lines = row.fields.iter().map(|note| Change {
        field: Some(note.field.clone()),
        before: text(&note.before),
        after: text(&note.after),
        overwritten: text(&note.overwritten),
        why: catalogue.tell(&message::why(note.why)),
        ..blank.clone()
    });
    lines.chain(joined).collect()
}
