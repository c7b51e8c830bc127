//! What a plan that waits for approval showed, and what an approval lets a run write: exactly that.
//! Whoever changed since waits for the next plan.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use renraku_core::contact::Side;
use renraku_core::plan::{About, LedgerUpdate, Plan, Question, Step, Subject, Suspended, Verb};
use renraku_store::{ShownRow, Store, StoreError};
use sha2::{Digest, Sha256};

use crate::sync::pair::known_ids;
use crate::sync::session::{Contacts, RunMode, Session};

/// What one write shows: where, to whom, and each field's value before and after. Neither the reason
/// nor the version of the contact is part of it: they may change without the write being another one.
pub(crate) fn digest(step: &Step) -> String {
    let mut hash = Sha256::new();
    let mut part = |text: Option<&str>| {
        let length = text.map_or(u64::MAX, |text| text.len() as u64);
        hash.update(length.to_be_bytes());
        hash.update(text.unwrap_or_default());
    };
    part(Some(step.side.name()));
    let (kind, whom) = match &step.verb {
        Verb::Create { .. } => ("create", origin(&step.subject)),
        Verb::Update { id, label: false, .. } => ("update", id.clone()),
        Verb::Update { id, label: true, .. } => ("update and label", id.clone()),
        Verb::Delete { id, .. } => ("delete", id.clone()),
    };
    part(Some(kind));
    part(Some(&whom));
    for note in &step.fields {
        part(Some(&note.field));
        part(note.before.as_deref());
        part(note.after.as_deref());
    }
    let bytes = hash.finalize();
    let mut text = String::new();
    for byte in bytes.iter().take(16) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Whose counterpart a create is.
fn origin(subject: &Subject) -> String {
    match subject {
        Subject::Link(link) => format!("link {link}"),
        Subject::Match(ids) => format!("{} {}", ids.zoho, ids.google),
        Subject::Origin(side, id) => format!("{} {id}", side.name()),
    }
}

/// Whether a plan writes something because of a changed setup: it waits for approval like the first.
pub(crate) fn is_due(session: &Session, plan: &Plan) -> bool {
    let Some(renewed) = &session.sync.renewed else { return false };
    let newly = |step: &Step| match &step.verb {
        Verb::Update { .. } => step.fields.iter().any(|note| renewed.fields.contains(&note.field)),
        // A new contact is new under any setup.
        Verb::Create { .. } | Verb::Delete { .. } => false,
    };
    plan.steps.iter().any(|step| renewed.anything || newly(step))
}

/// A plan that is shown has its questions stand under review, so that they are answered beside it. Who
/// is gone is looked at again before an answer about the loss is carried out.
pub(crate) fn ask_ahead(
    session: &Session,
    plan: &Plan,
    touched: &Contacts,
) -> Result<(), StoreError> {
    let sync = session.sync.id;
    let asked: BTreeMap<&str, &Question> =
        plan.questions.iter().map(|question| (question.key.as_str(), question)).collect();
    session.store.write(|db| {
        for ledger_update in &plan.ledger_updates {
            if let LedgerUpdate::Suspend {
                link,
                reason: reason @ Some(Suspended::Asked | Suspended::TargetGone(_)),
            } = ledger_update
                && let Some(mut row) = Store::link(db, *link)?
            {
                row.suspended = *reason;
                Store::save_link(db, &row)?;
            }
        }
        for row in Store::questions_about(db, sync, touched)? {
            let over = row.chosen.is_none() && is_planned(&row.question.about);
            if over && !asked.contains_key(row.question.key.as_str()) {
                Store::forget_question(db, sync, &row.question.key)?;
            }
        }
        for question in asked.values().filter(|question| is_planned(&question.about)) {
            let row = Store::question_called(db, sync, &question.key)?;
            if row.is_none_or(|row| row.chosen.is_none()) {
                Store::ask(db, sync, question)?;
            }
        }
        Ok(())
    })
}

/// Whether a plan alone knows when this is asked, and when no longer.
fn is_planned(about: &About) -> bool {
    match about {
        About::Deletion { .. }
        | About::Unreadable { .. }
        | About::Recreate { .. }
        | About::Doubtful(_)
        | About::Duplicate { .. }
        | About::Merged { .. }
        | About::Misfit { judged: false, .. }
        | About::InOnePiece { .. }
        | About::Difference { .. } => true,
        // An alarm names whom it is about when it is raised; the others are asked by a write.
        About::MassChange { .. }
        | About::Misfit { judged: true, .. }
        | About::Refused { .. }
        | About::Frozen { .. }
        | About::Scope { .. }
        | About::UndoLeft { .. } => false,
    }
}

/// Keeps what a plan shows, for the approval. A run that the timer began is seen by nobody: it does
/// not take the place of a plan that somebody looks at.
pub(crate) fn show(session: &Session, plan: &Plan, mode: RunMode) -> Result<(), StoreError> {
    let sync = session.sync.id;
    if mode == RunMode::Due && session.store.read(|db| Store::shown(db, sync))?.is_some() {
        return Ok(());
    }
    let writes: BTreeSet<String> = plan.once_approved().map(digest).collect();
    session.store.write(|db| Store::show(db, sync, &writes))
}

/// What this run may write and nothing else, where it carries an approval out.
pub(crate) fn bound(session: &Session, mode: RunMode) -> Result<Option<ShownRow>, StoreError> {
    let shown = session.store.read(|db| Store::shown(db, session.sync.id))?;
    Ok(shown.filter(|shown| shown.approved || mode == RunMode::Approved))
}

/// Takes out of a plan whatever was not shown; a pair goes as a whole. What the person decided since
/// was seen as well. Answers who waits for the next plan.
pub(crate) fn keep_to(
    session: &Session,
    plan: &mut Plan,
    shown: &ShownRow,
) -> Result<Contacts, StoreError> {
    let new = |step: &&Step| !shown.writes.contains(&digest(step));
    plan.agreed.retain(|step| !new(&step));
    if !plan.steps.iter().any(|step| new(&step)) {
        return Ok(Contacts::new());
    }
    let decided = session.store.answered(session.sync.id)?;
    let mut unseen: BTreeSet<Subject> = BTreeSet::new();
    let mut left = Contacts::new();
    session.store.read(|db| {
        for step in plan.steps.iter().filter(new) {
            let ids = known_ids(db, step)?;
            let answered = Side::BOTH.into_iter().any(|side| {
                ids[side].as_ref().is_some_and(|id| decided.contains(&(side, id.clone())))
            });
            if !answered {
                unseen.insert(step.subject.clone());
                let zoho = ids.zoho.map(|id| (Side::Zoho, id));
                left.extend(zoho.or(ids.google.map(|id| (Side::Google, id))));
            }
        }
        Ok(())
    })?;
    plan.steps.retain(|step| !unseen.contains(&step.subject));
    Ok(left)
}

/// The approval is given, or nothing needed one; it outlives a crash of the run that carries it out.
/// As long as a limit leaves somebody waiting, nobody knows what a changed setup writes to them.
pub(crate) fn given(
    session: &mut Session,
    shown: Option<&ShownRow>,
    limited: bool,
) -> Result<(), StoreError> {
    let sync = &mut session.sync;
    let bound = shown.is_some_and(|shown| !shown.approved);
    let over = sync.renewed.is_some() && !limited;
    if sync.approved && !over && !bound {
        return Ok(());
    }
    sync.approved = true;
    sync.renewed = sync.renewed.take().filter(|_| !over);
    session.store.write(|db| {
        if bound {
            Store::approve_shown(db, sync.id)?;
        }
        Store::save_standing(db, sync)
    })
}
