//! One run on one page: recover → pull → gather → plan → guard → apply → close.

use std::collections::BTreeSet;

use renraku_core::contact::{Pair, Side};
use renraku_core::plan::{About, Belief, Plan, Step, Subject, Verb};
use renraku_core::seen::Seen;
use renraku_core::timestamp::Timestamp;
use renraku_store::{Db, LinkRow, NewLink, Store, StoreError};

use crate::api::{Failure, Outcome, Phase, Run};
use crate::approval;
use crate::companies::foretell;
use crate::decide::{Decided, count, decide, left_over, unsettled, waiting};
use crate::error::RunError;
use crate::execute::apply;
use crate::fields;
use crate::gather::gather;
use crate::guard;
use crate::label::label;
use crate::lost::{self, look_for_the_lost};
use crate::message;
use crate::pull::{look_at_people, look_at_records, pull};
use crate::readable;
use crate::recover::recover;
use crate::refused::try_again;
use crate::report::{blank, differences, end, matches, note, operation, tally_plan};
use crate::session::Session;
use crate::snapshot;
use renraku_services::RemoteError;

/// How often contacts that change under our hands are read and planned again in one run.
pub(crate) const ROUNDS: u32 = 4;

/// What the caller asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ask {
    /// What would be written.
    Preview,
    /// Write, but stop before what a guard holds.
    Sync,
    /// As [`Ask::Sync`], begun by the timer: nobody sees what it holds.
    Due,
    /// Write, what a guard holds too.
    Approved,
}

/// Runs one sync.
pub(crate) async fn run(session: &mut Session, ask: Ask) -> Result<Run, Failure> {
    let started = session.stamp();
    let mut report = blank(session, started);
    let number = match ask {
        Ask::Preview => 0,
        Ask::Sync | Ask::Due | Ask::Approved => {
            session.store.end_interrupted(&message::interrupted())?;
            session.store.begin_run(session.sync.id, &report, None)?
        }
    };
    report.run = u32::try_from(number).unwrap_or(u32::MAX);
    report.preview = ask == Ask::Preview;
    let result = work(session, ask, number, &mut report).await;
    end(session, number, &mut report, result)?;
    Ok(report)
}

async fn work(
    session: &mut Session,
    ask: Ask,
    number: i64,
    report: &mut Run,
) -> Result<(), RunError> {
    fields::recall(session).await?;
    if ask != Ask::Preview {
        note(report, &recover(session, Some(number)).await?);
    }
    // A preview reads under a pass of its own: nothing is deleted by comparing passes with it.
    let pass = if number == 0 { -session.now() } else { number };
    let stop = session.stop.clone();
    let reading = read(session, pass);
    let known = match ask {
        // Whoever reads a plan leaves it by looking elsewhere.
        Ask::Preview => Some(reading.await),
        Ask::Sync | Ask::Due | Ask::Approved => stop.or(reading).await,
    };
    let Some(known) = known else {
        // Nothing is known about what is left: it stays at what was waiting before.
        report.waiting = session.sync.waiting;
        report.stop(message::stopped_reading());
        return Ok(());
    };
    let mut known = known?;
    if session.store.read(|db| Store::any_dirty(db, session.sync.id))? {
        notice_an_older_copy(session).await?;
    }
    let mut raised = false;
    let mut doubted = false;
    let mut whole = false;
    let mut later = BTreeSet::new();
    let mut label = label(session, false).await?;
    let mut reread = BTreeSet::new();
    let mut written = BTreeSet::new();
    let mut unheard = 0;
    let mut left = BTreeSet::new();
    for round in 0..ROUNDS {
        try_again(session, round == 0)?;
        look_again(session, &reread, pass).await?;
        session.progress(Phase::Planning, None, 0, None);
        let mut gathered = gather(session, label.as_deref())?;
        if !doubted && (gathered.cleared || !gathered.unread.is_empty()) {
            doubted = true;
            fields::look_and_read(session, pass, &mut known).await?;
            let left_out: Vec<String> = gathered.unread.into_iter().collect();
            look_at_records(session, &left_out, pass).await?;
            gathered = gather(session, label.as_deref())?;
        }
        let already = u32::try_from(written.len()).unwrap_or(u32::MAX);
        let world = std::mem::take(&mut gathered.world);
        let mut decided = decide(session, world, already, round == 0, ask)?;
        let planned = &decided.planned;
        if fields::is_due(session, planned.once_approved(), &planned.questions)
            && fields::look_and_read(session, pass, &mut known).await?
        {
            gathered = gather(session, label.as_deref())?;
            let world = std::mem::take(&mut gathered.world);
            decided = decide(session, world, already, round == 0, ask)?;
        }
        let Decided { mut planned, held, shown, unseen } = decided;
        let left_out = gathered.unread.len();
        report.said = report.said.take().or_else(|| fields::said(session));
        if left_out > 0 {
            report.said.get_or_insert(message::left_out(left_out));
        }
        later = gathered.unread.iter().map(|id| (Side::Zoho, id.clone())).collect();
        later.append(&mut planned.resting);
        planned.questions.extend(gathered.unreadable);
        left = waiting(session, &planned)?;
        if !unseen.is_empty() {
            report.said.get_or_insert(message::came_since(unseen.len()));
        }
        let unseen_waits = !unseen.is_empty();
        left.extend(unseen);
        report.waiting = count(&left);
        report.said = lost::alarm(session, &planned).or(report.said.take());
        if ask == Ask::Preview {
            approval::ask_ahead(session, &planned, &gathered.touched)?;
            foretell(session, &mut planned.steps).await?;
            report.operations = Some(planned.steps.iter().map(|s| operation(session, s)).collect());
            report.differences = Some(differences(&planned));
            report.outside = Some(guard::outside(session, &planned)?);
            if let Some((reason, held)) = held {
                report.said.get_or_insert(reason);
                report.held = Some(held);
            }
            report.matches = Some(matches(session, &planned));
            tally_plan(&planned, report);
            report.review += u32::try_from(planned.questions.len()).unwrap_or(u32::MAX);
            return Ok(());
        }
        if let Some((reason, held)) = held {
            if lost::holds(session, &planned) {
                lost::sound(session, &planned)?;
            }
            approval::ask_ahead(session, &planned, &gathered.touched)?;
            tally_plan(&planned, report);
            report.outcome = Outcome::Held;
            report.said = Some(reason);
            report.held = Some(held);
            return Ok(());
        }
        if !(raised || planned.beliefs.is_empty() && planned.steps.is_empty()) {
            session.generation.raise().await?;
            raised = true;
        }
        let matched = accept(session, &planned, &gathered.idle, &gathered.touched)?;
        readable::look_later(session, &later)?;
        report.matched += matched;
        report.conflicts += planned.conflicts;
        if planned.google_full {
            let full = message::google_full(session.sync.setup.limits.google_contacts);
            report.said.get_or_insert(full);
        }
        // An approval outlives a crash of the run that it was given for.
        let limited = (ask != Ask::Approved && !planned.waiting.is_empty()) || unseen_waits;
        approval::given(session, shown.as_ref(), limited)?;
        // A link that moved to a merge's survivor is planned on with the survivor.
        let moved = planned.beliefs.iter().any(|belief| matches!(belief, Belief::Move { .. }));
        if planned.steps.is_empty() && !moved {
            reread.clear();
            break;
        }
        if !session.sync.first_done {
            snapshot::keep(session)?;
        }
        let makes = |step: &Step| matches!(step.verb, Verb::Create { .. });
        if !whole && planned.steps.iter().any(makes) {
            session.store.is_whole()?;
            whole = true;
        }
        let writes = session.sync.setup.direction.writes(Side::Google);
        if label.is_none() && session.rules.label.is_some() && writes {
            label = crate::label::label(session, true).await?;
        }
        let wanted: BTreeSet<Subject> =
            planned.steps.iter().map(|step| step.subject.clone()).collect();
        let applied = apply(session, number, planned.steps, label.as_deref(), known).await?;
        note(report, &applied);
        written.extend(applied.written.iter().cloned());
        if applied.full {
            let full = message::google_full(session.sync.setup.limits.google_contacts);
            report.said.get_or_insert(full);
            left.extend(left_over(session)?);
            report.waiting = count(&left);
        }
        if let Some(stop) = applied.stopped.into_iter().next() {
            return Err(stop);
        }
        unheard += applied.unknown;
        if applied.unknown > 0 {
            let found = recover(session, Some(number)).await?;
            note(report, &found);
            written.extend(found.written);
        }
        if applied.cut {
            let unsent = wanted.difference(&applied.written).count();
            report.waiting = count(&left).saturating_add(u32::try_from(unsent).unwrap_or(u32::MAX));
            report.stop(message::stopped(report.waiting));
            return Ok(());
        }
        reread = applied.reread;
        let over = reread.is_empty() && applied.unknown == 0 && !moved;
        if over && !try_again(session, false)? {
            break;
        }
    }
    // Somebody was quicker each time: the next run tries again.
    report.failed = u32::try_from(reread.len()).unwrap_or(u32::MAX);
    readable::look_later(session, &later)?;
    let unsettled = unsettled(session, &mut left)?;
    if unsettled > 0 {
        report.waiting = count(&left);
        report.said.get_or_insert_with(|| message::unsettled(unsettled));
    }
    report.waiting += count(&later);
    if unheard > 0 && written.is_empty() {
        // Not one write was heard of: a run like this never looks fresh.
        report.outcome = Outcome::Failed;
        report.said.get_or_insert_with(|| {
            message::unsettled(usize::try_from(unheard).unwrap_or(usize::MAX))
        });
        return Ok(());
    }
    session.store.write(|db| {
        Store::forget_shown(db, session.sync.id)?;
        Store::forget_aside(db, session.sync.id)?;
        Store::whole_again(db)?;
        Store::trust(db, session.sync.id)?;
        lost::tend(session, db)
    })?;
    if !written.is_empty() {
        // A copy that was made in the middle of the writes is an older one too.
        session.generation.raise().await?;
    }
    session.sync.first_done = true;
    if session.sync.narrowed {
        guard::forget_scope(session)?;
        session.sync.narrowed = false;
    }
    if report.waiting > 0 || report.failed > 0 {
        report.outcome = Outcome::Partial;
    }
    Ok(())
}

/// What is to be written is decided on what was last settled: not on an older copy of it.
async fn notice_an_older_copy(session: &mut Session) -> Result<(), RunError> {
    let older = session.generation.is_older().await;
    if older? {
        session.sync.approved = false;
        session.sync.first_done = false;
        session.sync.renewed = None;
    }
    Ok(())
}

/// Reads what is new on both sides. Each page is kept with the place to go on from: in the middle of
/// it nothing is lost.
async fn read(session: &mut Session, pass: i64) -> Result<Option<Timestamp>, RunError> {
    let mut known = pull(session, pass).await;
    // Perhaps a field that is asked for is gone.
    if matches!(known, Err(RunError::Service(Side::Zoho, RemoteError::Refused { .. })))
        && fields::look(session).await?.asks
    {
        known = pull(session, pass).await;
    }
    let known = known?;
    look_for_the_lost(session, pass).await?;
    Ok(known)
}

/// Reads contacts that changed under our hands.
pub(crate) async fn look_again(
    session: &Session,
    reread: &BTreeSet<(Side, String)>,
    pass: i64,
) -> Result<(), RunError> {
    for side in Side::BOTH {
        let ids: Vec<String> =
            reread.iter().filter(|(at, _)| *at == side).map(|(_, id)| id.clone()).collect();
        match side {
            Side::Google => look_at_people(session, &ids, pass).await,
            Side::Zoho => look_at_records(session, &ids, pass).await,
        }?;
    }
    Ok(())
}

/// The ledger takes note of everything that needs no write, in one transaction.
fn accept(
    session: &Session,
    plan: &Plan,
    idle: &[(Side, String)],
    touched: &BTreeSet<(Side, String)>,
) -> Result<u32, StoreError> {
    let sync = session.sync.id;
    session.store.write(|db| {
        let mut matched = 0;
        lost::spread(session, db)?;
        for belief in &plan.beliefs {
            match belief {
                Belief::Link { ids, by, learn, seen, differs, fresh, doubted, asleep, .. } => {
                    let mut base = Pair::default();
                    session.learn(&mut base, learn);
                    let link = NewLink {
                        ids: ids.clone(),
                        base,
                        seen: seen.clone(),
                        sent: None,
                        differs: differs.clone(),
                        fresh: *fresh,
                        doubted: *doubted,
                        asleep: *asleep,
                        by: Some(*by),
                    };
                    Store::insert_link(db, sync, &link)?;
                    matched += 1;
                }
                Belief::Learn { link, learn, seen, sent, differs, fresh } => {
                    edit(db, *link, |row| {
                        session.learn(&mut row.base, learn);
                        row.seen.clone_from(seen);
                        row.sent.clone_from(sent);
                        row.differs.clone_from(differs);
                        row.fresh = *fresh;
                    })?
                }
                Belief::Sleep { link, reason } => {
                    edit(db, *link, |row| row.asleep = *reason)?;
                    if reason.is_none() {
                        lost::forget_decisions(db, sync, *link, None)?;
                    }
                }
                Belief::End { link } => Store::end_link(db, *link)?,
                Belief::Stop { link } => edit(db, *link, |row| row.stopped = true)?,
                Belief::Move { link, side, to } => {
                    edit(db, *link, |row| {
                        row.ids[*side].clone_from(to);
                        match side {
                            Side::Google => row.seen = Seen::default(),
                            Side::Zoho => row.sent = None,
                        }
                    })?;
                    Store::soil(db, sync, *side, to)?;
                }
            }
        }
        for (side, id) in plan.quiet.iter().chain(idle) {
            Store::clean(db, sync, *side, id)?;
        }
        let asked: BTreeSet<&str> = plan.questions.iter().map(|q| q.key.as_str()).collect();
        for row in Store::questions_about(db, sync, touched)? {
            // Asked by a write, not by a plan: they stay until the person has decided.
            let lasting =
                matches!(row.question.about, About::Frozen { .. } | About::UndoLeft { .. })
                    && row.chosen.is_none();
            if lasting || asked.contains(row.question.key.as_str()) {
                continue;
            }
            let again = matches!(row.question.about, About::Refused { .. }) && row.chosen.is_none();
            match again {
                true => Store::put_aside(db, sync, &row.question.key)?,
                false => Store::close_question(db, sync, &row.question.key)?,
            }
        }
        for question in &plan.questions {
            Store::ask(db, sync, question)?;
        }
        lost::tend(session, db)?;
        Ok(matched)
    })
}

fn edit(db: &Db, link: i64, change: impl FnOnce(&mut LinkRow)) -> Result<(), StoreError> {
    if let Some(mut row) = Store::link(db, link)? {
        change(&mut row);
        Store::save_link(db, &row)?;
    }
    Ok(())
}
