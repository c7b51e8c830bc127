//! What an undo would do.

use renraku_core::contact::Side;
use renraku_core::plan::{Why, details};
use renraku_core::timestamp::Timestamp;
use renraku_store::ChangeRow;

use super::{Undoing, label, plan};
use crate::api::{Failure, FieldChange, Operation, OperationKind, Run};
use crate::engine::Engine;
use crate::error::RunError;
use crate::fields;
use crate::message;
use crate::pull::pull;
use crate::report::mirrored;
use crate::session::Session;
use crate::stop::Stop;

impl Engine {
    /// What [`Engine::undo`] would do now; nothing is written.
    ///
    /// # Errors
    /// As [`Engine::undo`].
    pub async fn undo_preview(&self, run: u32, contact: Option<&str>) -> Result<Run, Failure> {
        let _slot = self.slot().await?;
        let contact = contact.map(|contact| self.written_id(run, contact)).transpose()?;
        let (mut session, changes) =
            self.undoing(run, contact.as_deref(), Stop::from_now(&self.inner.stops))?;
        let mut report = crate::report::blank(&session, session.stamp());
        report.undo = true;
        report.preview = true;
        show(&mut session, &changes, &mut report).await?;
        report.finished_at = Some(session.stamp());
        Ok(self.spoken(report))
    }
}

/// What an undo would write.
async fn show(
    session: &mut Session,
    changes: &[ChangeRow],
    report: &mut Run,
) -> Result<(), RunError> {
    // As every preview, it reads under a pass of its own.
    let pass = -session.now();
    let mut known = pull(session, pass).await?;
    let undoing = plan_now(session, changes, pass, &mut known).await?;
    let mut operations: Vec<Operation> =
        undoing.steps.iter().map(|step| crate::report::operation(session, step)).collect();
    let leaving = undoing.leaving.iter().map(|(l, change)| (label::leaves(session, l), change));
    let joining = undoing.joining.iter().map(|(l, change)| (label::joins(session, l), change));
    for (note, change) in leaving.chain(joining) {
        let moved = FieldChange {
            field: note.field,
            before: note.before.map(|name| name.to_string()),
            after: note.after.map(|name| name.to_string()),
        };
        let same = |one: &&mut Operation| {
            one.side == Side::Google
                && one.kind == OperationKind::Update
                && one.google == change.google_id
        };
        if let Some(operation) = operations.iter_mut().find(same) {
            operation.fields.push(moved);
            continue;
        }
        let card = change.google_id.as_deref().and_then(|id| mirrored(session, Side::Google, id));
        operations.push(Operation {
            side: Side::Google,
            kind: OperationKind::Update,
            contact: change.contact.clone(),
            details: details(&session.mapping, &card.unwrap_or_default()),
            zoho_id: change.zoho_id.clone(),
            google: change.google_id.clone(),
            fields: vec![moved],
            why: session.words.tell(&message::why(Why::Undo)),
        });
    }
    for operation in &operations {
        let tally = match operation.side {
            Side::Zoho => &mut report.zoho,
            Side::Google => &mut report.google,
        };
        match operation.kind {
            OperationKind::Create => tally.created += 1,
            OperationKind::Update => tally.updated += 1,
            OperationKind::Delete => tally.deleted += 1,
        }
    }
    if !undoing.unlabelled.is_empty() {
        report.said = Some(message::unlabelled(undoing.unlabelled.len()));
    }
    report.review = u32::try_from(undoing.left.len()).unwrap_or(u32::MAX);
    report.operations = Some(operations);
    Ok(())
}

/// What is to be put back, as far as Zoho's fields take it now.
pub(super) async fn plan_now(
    session: &mut Session,
    changes: &[ChangeRow],
    pass: i64,
    known: &mut Option<Timestamp>,
) -> Result<Undoing, RunError> {
    let undoing = session.store.read(|db| plan(session, db, changes))?;
    if fields::is_due(session, undoing.steps.iter(), &[])
        && fields::look_and_read(session, pass, known).await?
    {
        return session.store.read(|db| plan(session, db, changes)).map_err(RunError::from);
    }
    Ok(undoing)
}
