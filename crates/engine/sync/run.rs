//! One run on one page: recover → pull → gather → plan → guard → execute → close.

mod accept;
mod reading;

use std::collections::BTreeSet;

use accept::accept;
use reading::{look_for_the_astray, notice_an_older_copy};
use renraku_core::contact::Side;
use renraku_core::message::Message;
use renraku_core::plan::{LedgerUpdate, Plan, Step, Subject, Verb, count_items};
use renraku_core::timestamp::Timestamp;
use renraku_store::Store;

use crate::api::{Failure, Held, Outcome, Phase, Run};
use crate::sync::companies::{self, Companies};
use crate::sync::decide::{Decided, decide, left_over, propose, unsettled, waiting};
use crate::sync::error::RunError;
use crate::sync::execute::{Applied, apply};
use crate::sync::gather::{Gathered, gather};
use crate::sync::label::label;
use crate::sync::look::look_at_records;
use crate::sync::recover::recover;
use crate::sync::refused::try_again;
use crate::sync::report::{blank, differences, end, matches, note, operation, tally_plan};
use crate::sync::session::{Contacts, RunMode, Session, count};
use crate::sync::{approval, fields, guard, lost, readable, snapshot};
use crate::text::message;

pub(crate) use reading::refetch;

/// How often contacts that change under our hands are read and planned again in one run.
pub(crate) const ROUNDS: u32 = 4;

/// Runs one sync.
pub(crate) async fn run(session: &mut Session, mode: RunMode) -> Result<Run, Failure> {
    let started = session.stamp();
    let mut report = blank(session, started);
    let number = match mode {
        RunMode::Preview => 0,
        RunMode::Sync | RunMode::Due | RunMode::Approved => {
            session.store.end_interrupted(message::interrupted)?;
            session.store.begin_run(session.sync.id, &report, None)?
        }
    };
    report.run = u32::try_from(number).unwrap_or(u32::MAX);
    report.preview = mode == RunMode::Preview;
    let result = work(session, mode, number, &mut report).await;
    end(session, number, &mut report, result)?;
    Ok(report)
}

async fn work(
    session: &mut Session,
    mode: RunMode,
    number: i64,
    report: &mut Run,
) -> Result<(), RunError> {
    fields::recall(session).await?;
    if mode != RunMode::Preview {
        note(report, &recover(session, Some(number)).await?);
    }
    // A preview reads under a pass of its own: nothing is deleted by comparing passes with it.
    let pass = if number == 0 { -session.now() } else { number };
    let Some(known) = reading::read(session, mode, pass).await? else {
        // Nothing is known about what is left: it stays at what was waiting before.
        report.waiting = session.sync.waiting;
        report.stop(message::stopped_reading());
        return Ok(());
    };
    companies::plan_again(session)?;
    if session.store.has_work(session.sync.id)? {
        session.store.has_its_pairs()?;
        notice_an_older_copy(session).await?;
    }
    let label = label(session, false).await?;
    let mut course = Course {
        session,
        report,
        mode,
        number,
        pass,
        known,
        label,
        written: BTreeSet::new(),
        unheard: 0,
        reread: BTreeSet::new(),
        later: BTreeSet::new(),
        left: Contacts::new(),
        companies: Companies::default(),
        done: Done::default(),
    };
    for round in 0..ROUNDS {
        match course.round(round == 0).await? {
            Next::Round => {}
            Next::Close => break,
            Next::End => return Ok(()),
        }
    }
    course.close().await
}

/// Whether somebody is created or paired for whom nobody was found, or somebody else.
fn meets_anybody(planned: &Plan) -> bool {
    let creates = |step: &Step| matches!(step.verb, Verb::Create { .. });
    let matches = |step: &Step| matches!(step.subject, Subject::Match(_));
    planned.steps.iter().any(|step| creates(step) || matches(step))
        || planned
            .ledger_updates
            .iter()
            .any(|ledger_update| matches!(ledger_update, LedgerUpdate::Link { .. }))
}

/// What follows a round.
enum Next {
    /// Another one: something changed under our hands.
    Round,
    /// Everything is written.
    Close,
    /// The run ends here: it only shows, is held, or was stopped.
    End,
}

/// What is done once in a run.
#[derive(Default)]
struct Done {
    /// What may not be as it seems was asked for again.
    doubted: bool,
    /// The database's counter was raised before the first write.
    raised: bool,
    /// The database was looked through before somebody is created or paired.
    whole: bool,
}

/// A run whose reading is done.
struct Course<'a> {
    session: &'a mut Session,
    report: &'a mut Run,
    mode: RunMode,
    /// The run's number.
    number: i64,
    /// Under which what it reads is kept.
    pass: i64,
    /// Zoho's newest time that was known when the reading of its records began.
    known: Option<Timestamp>,
    /// The id of the sync's label in Google.
    label: Option<String>,
    /// Pairs that were written.
    written: BTreeSet<Subject>,
    /// How many writes were not heard of.
    unheard: u32,
    /// Contacts that changed under our hands, to be read and planned again.
    reread: BTreeSet<(Side, String)>,
    /// Contacts that the next run looks at again.
    later: BTreeSet<(Side, String)>,
    /// Contacts that wait.
    left: Contacts,
    /// What this run knows of Zoho's accounts.
    companies: Companies,
    done: Done,
}

impl Course<'_> {
    /// Plans what is to be done now, and does it.
    async fn round(&mut self, first: bool) -> Result<Next, RunError> {
        try_again(self.session, first)?;
        refetch(self.session, &self.reread, self.pass).await?;
        self.session.progress(Phase::Planning, None, 0, None);
        let mut gathered = self.gather().await?;
        let planned = self.plan(&mut gathered, first).await?;
        let Decided { mut planned, held, shown, unseen } =
            decide(self.session, planned, self.already(), self.mode)?;
        self.count_waiting(&mut planned, &mut gathered, &unseen)?;
        if self.mode == RunMode::Preview {
            self.show(planned, held, &gathered)?;
            return Ok(Next::End);
        }
        if let Some(held) = held {
            self.hold(&planned, held, &gathered)?;
            return Ok(Next::End);
        }
        self.accept(&planned, &gathered).await?;
        // An approval outlives a crash of the run that it was given for.
        let limited = self.mode != RunMode::Approved && !planned.waiting.is_empty();
        approval::given(self.session, shown.as_ref(), limited || !unseen.is_empty())?;
        // A link that moved to a merge's survivor is planned on with the survivor.
        let moved = planned
            .ledger_updates
            .iter()
            .any(|ledger_update| matches!(ledger_update, LedgerUpdate::Move { .. }));
        if planned.steps.is_empty() && !moved {
            self.reread.clear();
            return Ok(Next::Close);
        }
        self.prepare().await?;
        self.execute(planned.steps, moved).await
    }

    /// Collects what changed. Where something may not be as it seems, Zoho is asked once more.
    async fn gather(&mut self) -> Result<Gathered, RunError> {
        let mut gathered = gather(self.session, self.label.as_deref())?;
        if !gathered.astray.is_empty() {
            look_for_the_astray(self.session, &gathered.astray, self.pass).await?;
            gathered = gather(self.session, self.label.as_deref())?;
        }
        let is_doubtful = gathered.cleared || !gathered.unread.is_empty();
        if self.done.doubted || !is_doubtful {
            return Ok(gathered);
        }
        self.done.doubted = true;
        fields::look_and_read(self.session, self.pass, &mut self.known).await?;
        let left_out: Vec<String> = gathered.unread.into_keys().collect();
        look_at_records(self.session, &left_out, self.pass).await?;
        Ok(gather(self.session, self.label.as_deref())?)
    }

    /// Plans; again where it depends on Zoho's fields and these have changed.
    async fn plan(&mut self, gathered: &mut Gathered, first: bool) -> Result<Plan, RunError> {
        let so_far = (self.already(), first);
        let label = self.label.as_deref();
        let planned = propose(self.session, gathered, label, so_far, &mut self.companies).await?;
        if !fields::is_due(self.session, planned.once_approved(), &planned.questions)
            || !fields::look_and_read(self.session, self.pass, &mut self.known).await?
        {
            return Ok(planned);
        }
        *gathered = gather(self.session, label)?;
        propose(self.session, gathered, label, so_far, &mut self.companies).await
    }

    /// How many contacts this run has written.
    fn already(&self) -> u32 {
        u32::try_from(self.written.len()).unwrap_or(u32::MAX)
    }

    /// Says and counts who waits.
    fn count_waiting(
        &mut self,
        planned: &mut Plan,
        gathered: &mut Gathered,
        unseen: &Contacts,
    ) -> Result<(), RunError> {
        let (session, report) = (&*self.session, &mut *self.report);
        report.said = report.said.take().or_else(|| fields::said(session));
        if !gathered.unread.is_empty() {
            report.said.get_or_insert_with(|| readable::said(session, &gathered.unread));
        }
        self.later = gathered.unread.keys().map(|id| (Side::Zoho, id.clone())).collect();
        self.later.append(&mut planned.resting);
        planned.questions.append(&mut gathered.unreadable);
        self.left = waiting(session, planned)?;
        if !unseen.is_empty() {
            report.said.get_or_insert(message::came_since(unseen.len()));
        }
        self.left.extend(unseen.iter().cloned());
        report.waiting = count(&self.left);
        report.said = lost::alarm(session, planned).or(report.said.take());
        Ok(())
    }

    /// Reports what would be written.
    fn show(
        &mut self,
        mut planned: Plan,
        held: Option<(Message, Held)>,
        gathered: &Gathered,
    ) -> Result<(), RunError> {
        let (session, report) = (&*self.session, &mut *self.report);
        approval::ask_ahead(session, &planned, &gathered.touched)?;
        self.companies.forecast(session, &mut planned.steps);
        report.operations = Some(planned.steps.iter().map(|s| operation(session, s)).collect());
        report.differences = Some(differences(&planned));
        report.outside = Some(guard::outside(session, &planned)?);
        if let Some((reason, held)) = held {
            report.said.get_or_insert(reason);
            report.held = Some(held);
        }
        report.matches = Some(matches(session, &planned));
        tally_plan(&planned, report);
        report.review += count_items(&planned.questions);
        Ok(())
    }

    /// Writes nothing: the plan waits for the person.
    fn hold(
        &mut self,
        planned: &Plan,
        (reason, held): (Message, Held),
        gathered: &Gathered,
    ) -> Result<(), RunError> {
        let (session, report) = (&*self.session, &mut *self.report);
        lost::sound(session, planned)?;
        approval::ask_ahead(session, planned, &gathered.touched)?;
        tally_plan(planned, report);
        report.outcome = Outcome::Held;
        report.said = Some(reason);
        report.held = Some(held);
        Ok(())
    }

    /// The ledger takes note of what needs no write.
    async fn accept(&mut self, planned: &Plan, gathered: &Gathered) -> Result<(), RunError> {
        if !(self.done.raised || planned.ledger_updates.is_empty() && planned.steps.is_empty()) {
            self.session.generation.raise().await?;
            self.done.raised = true;
        }
        if !self.done.whole && meets_anybody(planned) {
            self.session.store.is_whole()?;
            self.done.whole = true;
        }
        let matched = accept(self.session, planned, &gathered.idle, &gathered.touched)?;
        self.companies.end_decisions(self.session)?;
        readable::look_later(self.session, &self.later)?;
        self.report.matched += matched;
        self.report.conflicts += planned.conflicts;
        if planned.google_full {
            self.say_full();
        }
        Ok(())
    }

    /// What must be so before the first write: both sides as they were before a sync's first run are
    /// kept, and the label is there.
    async fn prepare(&mut self) -> Result<(), RunError> {
        if !self.session.sync.first_done {
            snapshot::keep(self.session)?;
        }
        let writes = self.session.sync.setup.direction.writes(Side::Google);
        if self.label.is_none() && self.session.rules.label.is_some() && writes {
            self.label = label(self.session, true).await?;
        }
        Ok(())
    }

    /// Sends the steps, and says what follows.
    async fn execute(&mut self, steps: Vec<Step>, moved: bool) -> Result<Next, RunError> {
        let wanted: BTreeSet<Subject> = steps.iter().map(|step| step.subject.clone()).collect();
        let label = self.label.as_deref();
        let companies = &mut self.companies;
        let applied = apply(self.session, self.number, steps, label, self.known, companies).await?;
        self.note(&applied);
        if applied.full {
            self.say_full();
            self.left.extend(left_over(self.session)?);
            self.report.waiting = count(&self.left);
        }
        if let Some(stop) = applied.stopped.into_iter().next() {
            return Err(stop);
        }
        self.unheard += applied.unknown;
        if applied.unknown > 0 {
            let found = recover(self.session, Some(self.number)).await?;
            self.note(&found);
        }
        if applied.cut {
            let unsent = wanted.difference(&applied.written).count();
            let unsent = u32::try_from(unsent).unwrap_or(u32::MAX);
            self.report.waiting = count(&self.left).saturating_add(unsent);
            self.report.stop(message::stopped(self.report.waiting));
            return Ok(Next::End);
        }
        self.reread = applied.reread;
        let over = self.reread.is_empty() && applied.unknown == 0 && !moved;
        Ok(match over && !try_again(self.session, false)? {
            true => Next::Close,
            false => Next::Round,
        })
    }

    fn note(&mut self, applied: &Applied) {
        note(self.report, applied);
        self.written.extend(applied.written.iter().cloned());
    }

    fn say_full(&mut self) {
        let full = message::google_full(self.session.sync.setup.limits.google_contacts);
        self.report.said.get_or_insert(full);
    }

    /// Everything is written, or waits for the next run.
    async fn close(mut self) -> Result<(), RunError> {
        // Somebody was quicker each time: the next run tries again.
        self.report.failed = u32::try_from(self.reread.len()).unwrap_or(u32::MAX);
        readable::look_later(self.session, &self.later)?;
        let unsettled = unsettled(self.session, &mut self.left)?;
        if unsettled > 0 {
            self.report.waiting = count(&self.left);
            self.report.said.get_or_insert_with(|| message::unsettled(unsettled));
        }
        self.report.waiting += count(&self.later);
        if self.unheard > 0 && self.written.is_empty() {
            // Not one write was heard of: a run like this never looks fresh.
            self.report.outcome = Outcome::Failed;
            let unheard = usize::try_from(self.unheard).unwrap_or(usize::MAX);
            self.report.said.get_or_insert_with(|| message::unsettled(unheard));
            return Ok(());
        }
        let session = self.session;
        session.store.write(|db| {
            Store::forget_shown(db, session.sync.id)?;
            Store::forget_aside(db, session.sync.id)?;
            Store::whole_again(db)?;
            Store::trust(db, session.sync.id)?;
            lost::tend(session, db)
        })?;
        if !self.written.is_empty() {
            // A copy that was made in the middle of the writes is an older one too.
            session.generation.raise().await?;
        }
        session.sync.first_done = true;
        if session.sync.narrowed {
            guard::forget_scope(session, self.report.waiting)?;
        }
        if self.report.waiting > 0 || self.report.failed > 0 {
            self.report.outcome = Outcome::Partial;
        }
        Ok(())
    }
}
