//! A run's report: counted while it goes on, saved when it closes.

use renraku_core::contact::{Card, Pair, Side};
use renraku_core::message::Message;
use renraku_core::plan::{About, LedgerUpdate, Plan, Step, Verb, details};
use renraku_store::{Place, Store};

use crate::api::{
    Difference, Failure, FailureCode, FieldChange, Gone, Held, HeldBy, Match, Operation,
    OperationKind, Outcome, Run,
};
use crate::sync::error::RunError;
use crate::sync::execute::Applied;
use crate::sync::retention;
use crate::sync::session::Session;
use crate::text::message;

pub(crate) fn note(report: &mut Run, applied: &Applied) {
    for (total, more) in [(&mut report.zoho, applied.zoho), (&mut report.google, applied.google)] {
        total.created += more.created;
        total.updated += more.updated;
        total.deleted += more.deleted;
    }
}

/// A plan's totals, for a preview and for a run that is held.
pub(crate) fn tally_plan(plan: &Plan, report: &mut Run) {
    for step in &plan.steps {
        let tally = match step.side {
            Side::Zoho => &mut report.zoho,
            Side::Google => &mut report.google,
        };
        match step.verb {
            Verb::Create { .. } => tally.created += 1,
            Verb::Update { .. } => tally.updated += 1,
            Verb::Delete { .. } => tally.deleted += 1,
        }
    }
    let links =
        plan.ledger_updates.iter().filter(|b| matches!(b, LedgerUpdate::Link { .. })).count();
    report.matched = u32::try_from(links).unwrap_or(u32::MAX);
    report.conflicts = plan.conflicts;
}

/// What a held plan waits for, and its totals.
pub(crate) fn holding(reason: HeldBy, plan: &Plan, gone: Pair<u32>) -> Held {
    let gone = Gone { google: gone.google, zoho: gone.zoho };
    let mut held = Held { reason, creates: 0, updates: 0, deletes: 0, gone };
    for step in plan.once_approved() {
        match step.verb {
            Verb::Create { .. } => held.creates += 1,
            Verb::Update { .. } => held.updates += 1,
            Verb::Delete { .. } => held.deletes += 1,
        }
    }
    held
}

pub(crate) fn operation(session: &Session, step: &Step) -> Operation {
    let mut ids = session
        .store
        .read(|db| crate::sync::pair::known_ids(db, step))
        .unwrap_or(Pair { zoho: None, google: None });
    // A contact that is written has its id, whatever the step begins from: an undo from the other one.
    if let Verb::Update { id, .. } | Verb::Delete { id, .. } = &step.verb {
        ids[step.side].get_or_insert_with(|| id.clone());
    }
    let card = match &step.verb {
        Verb::Create { .. } => after(session, step),
        Verb::Update { id, .. } | Verb::Delete { id, .. } => {
            mirrored(session, step.side, id).unwrap_or_else(|| after(session, step))
        }
    };
    // Each reason once: a company's new account among them, which is a record of its own.
    let mut reasons = vec![step.why];
    for note in &step.fields {
        if !reasons.contains(&note.why) {
            reasons.push(note.why);
        }
    }
    let why = reasons.into_iter().map(|why| session.catalogue.tell(&message::why(why)));
    Operation {
        side: step.side,
        kind: kind(&step.verb),
        contact: step.contact.clone(),
        details: details(&session.mapping, &card),
        zoho_id: ids.zoho,
        google: ids.google,
        fields: step
            .fields
            .iter()
            .map(|note| FieldChange {
                field: note.field.clone(),
                before: note.before.as_deref().map(str::to_owned),
                after: note.after.as_deref().map(str::to_owned),
            })
            .collect(),
        why: why.collect::<Vec<_>>().join(" "),
    }
}

/// What a contact holds as it was last read.
pub(crate) fn mirrored(session: &Session, side: Side, id: &str) -> Option<Card> {
    let place = Place::of(side, session.module());
    let copy =
        session.store.read(|db| Store::mirrored(db, session.sync.ledger, place, id)).ok().flatten();
    Some(session.parse(side, &copy?.raw)?.card)
}

/// What a step writes.
fn after(session: &Session, step: &Step) -> Card {
    let mut card = Card::empty(session.mapping.rules().len());
    for note in &step.fields {
        if let Some(rule) = session.mapping.by_zoho(&note.field) {
            card.put(rule, note.after.clone());
        }
    }
    card
}

/// Who a plan recognises as one person, and how.
pub(crate) fn matches(session: &Session, plan: &Plan) -> Vec<Match> {
    let recognised = plan.ledger_updates.iter().filter_map(|ledger_update| match ledger_update {
        LedgerUpdate::Link { ids, by, shared, names, .. } => Some(Match {
            zoho_id: ids.zoho.clone(),
            google: ids.google.clone(),
            contact: names.zoho.clone(),
            counterpart: names.google.clone(),
            shared: shared.as_deref().map(str::to_owned),
            why: session.catalogue.tell(&message::alike("engine-alike", *by)),
        }),
        LedgerUpdate::Learn { .. }
        | LedgerUpdate::Suspend { .. }
        | LedgerUpdate::End { .. }
        | LedgerUpdate::Stop { .. }
        | LedgerUpdate::Move { .. } => None,
    });
    recognised.collect()
}

/// The differences that a plan decides.
pub(crate) fn differences(plan: &Plan) -> Vec<Difference> {
    let decided = plan.differences.iter().filter_map(|decided| {
        let About::Difference { zoho, google, .. } = &decided.question.about else { return None };
        Some(Difference {
            contact: decided.question.contact.clone(),
            zoho_id: decided.question.ids.zoho.clone()?,
            google: decided.question.ids.google.clone()?,
            fields: decided.fields.clone(),
            zoho_value: zoho.clone(),
            google_value: google.clone(),
            taken: decided.taken,
        })
    });
    decided.collect()
}

fn kind(verb: &Verb) -> OperationKind {
    match verb {
        Verb::Create { .. } => OperationKind::Create,
        Verb::Update { .. } => OperationKind::Update,
        Verb::Delete { .. } => OperationKind::Delete,
    }
}

pub(crate) fn blank(session: &Session, started_at: String) -> Run {
    let mut report = Run::begun(session.module(), started_at);
    report.last_synced_at.clone_from(&session.sync.last_synced_at);
    report
}

/// Ends a run as it went: a failure is told in its report; a sign-in that was found ended is the caller's.
pub(crate) fn end(
    session: &mut Session,
    number: i64,
    report: &mut Run,
    result: Result<(), RunError>,
) -> Result<(), Failure> {
    let Err(error) = result else { return close(session, number, report) };
    let side = error.side();
    let failure = Failure::from(error);
    report.outcome = Outcome::Failed;
    report.said = Some(Message::from(&failure));
    report.failure = Some(failure.code);
    close(session, number, report)?;
    match side.filter(|_| failure.code == FailureCode::SignedOut) {
        Some(side) => {
            session.store.sign_out(side, session.sync.ledger)?;
            Err(failure)
        }
        None => Ok(()),
    }
}

/// The report and the last-synced time close the run.
fn close(session: &mut Session, number: i64, report: &mut Run) -> Result<(), Failure> {
    let finished = session.stamp();
    report.zoho.requests = session.zoho.requests();
    report.google.requests = session.google.requests();
    report.finished_at = Some(finished.clone());
    let open = session.store.count_questions(session.sync.id)?;
    if report.preview {
        return Ok(());
    }
    report.review = open;
    report.differ = session.store.count_differing(session.sync.id)?;
    let sync = &mut session.sync;
    if matches!(report.outcome, Outcome::Completed | Outcome::Partial) {
        // A run that was stopped says nothing about what it did not come to.
        if !report.stopped {
            sync.last_synced_at = Some(finished.clone());
        }
        // Whoever could not be written waits too.
        sync.waiting = report.waiting.saturating_add(report.failed);
    }
    sync.last_attempt_at = Some(finished);
    report.last_synced_at.clone_from(&sync.last_synced_at);
    session.store.write(|db| {
        Store::report_run(db, number, report, false)?;
        Store::save_standing(db, sync)
    })?;
    retention::tidy(session);
    Ok(())
}
