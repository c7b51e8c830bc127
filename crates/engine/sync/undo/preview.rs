//! What an undo would do.

use renraku_core::contact::Side;
use renraku_core::plan::{Why, details};
use renraku_core::timestamp::Timestamp;
use renraku_store::ChangeRow;

use super::{Undoing, label, plan};
use crate::api::{FieldChange, Operation, OperationKind, Run};
use crate::sync::error::RunError;
use crate::sync::fields;
use crate::sync::pull::pull;
use crate::sync::report::mirrored;
use crate::sync::session::Session;
use crate::text::message;

/// What an undo would write.
pub(crate) async fn show(
    session: &mut Session,
    changes: &[ChangeRow],
    report: &mut Run,
) -> Result<(), RunError> {
    // As every preview, it reads under a pass of its own.
    let pass = -session.now();
    let mut known = pull(session, pass).await?;
    let undoing = plan_now(session, changes, pass, &mut known).await?;
    let mut operations: Vec<Operation> =
        undoing.steps.iter().map(|step| crate::sync::report::operation(session, step)).collect();
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
            why: session.catalogue.tell(&message::why(Why::Undo)),
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
