//! Labels that an undone run added people to, or that an undone undo took them out of.

use std::collections::{BTreeMap, BTreeSet};

use renraku_core::contact::{RecordId, Side};
use renraku_core::plan::{FieldNote, Suspended, Why};
use renraku_store::{ChangeRow, Db, Store, StoreError};

use super::fold::{Written, written};
use crate::api::Run;
use crate::sync::error::{OfSide, RunError};
use crate::sync::label::LABELS;
use crate::sync::look::look_at_people;
use crate::sync::session::Session;

/// Which way people change a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// They leave one that the undone run added them to.
    Leaves,
    /// They join one again that the undone undo took them out of.
    Joins,
}

/// The label that a change took a person out of, as it is called there.
pub(super) fn left(change: &ChangeRow) -> Option<&str> {
    let left = |note: &&FieldNote| note.field == LABELS && note.after.is_none();
    change.fields.iter().find(left).and_then(|note| note.before.as_deref())
}

/// That a person joins a label again.
pub(super) fn joins(session: &Session, label: &str) -> FieldNote {
    let FieldNote { field, before, overwritten, why, .. } = leaves(session, label);
    FieldNote { field, before: None, after: before, overwritten, why }
}

/// The id of the label of this name, where it is the one of this sync.
pub(super) fn called(
    session: &Session,
    db: &Db,
    label: &str,
) -> Result<Option<String>, StoreError> {
    let Some(name) = &session.rules.label else { return Ok(None) };
    let id = Store::cursor_of(db, session.sync.ledger, &crate::sync::label::feed(name))?;
    Ok(id.filter(|id| name == label || id == label))
}

/// That a person leaves a label.
pub(super) fn leaves(session: &Session, label: &str) -> FieldNote {
    let named = session.store.read(|db| name(db, session, label)).ok().flatten();
    FieldNote {
        field: LABELS.to_owned(),
        before: Some(named.as_deref().unwrap_or(label).into()),
        after: None,
        overwritten: None,
        why: Why::Undo,
    }
}

/// The name of a label, where it is the one of this sync.
fn name(db: &Db, session: &Session, label: &str) -> Result<Option<String>, StoreError> {
    let Some(name) = &session.rules.label else { return Ok(None) };
    let id = Store::cursor_of(db, session.sync.ledger, &crate::sync::label::feed(name))?;
    Ok(id.filter(|id| id == label).map(|_| name.clone()))
}

/// Takes people out of a label that they were added to, or adds them again, and notes it; answers with
/// whom that was not done.
pub(super) async fn change(
    session: &Session,
    number: i64,
    moving: Vec<(String, ChangeRow)>,
    way: Way,
    report: &mut Run,
) -> Result<BTreeSet<Written>, RunError> {
    let mut labels: BTreeMap<String, Vec<ChangeRow>> = BTreeMap::new();
    for (label, change) in moving {
        labels.entry(label).or_default().push(change);
    }
    let mut still = BTreeSet::new();
    for (label, changes) in labels {
        let ids: Vec<RecordId> = changes.iter().filter_map(|c| c.google_id.clone()).collect();
        let left = match way {
            Way::Leaves => {
                // Known before they leave, so that the pair is explained wherever this ends.
                let suspended = Some(Suspended::Undone);
                session.store.write(|db| rest(session, db, &changes, suspended))?;
                session.google.modify_members(&label, &[], &ids).await.of(Side::Google)?
            }
            Way::Joins => {
                let groups = session.google.groups().await.of(Side::Google)?;
                if !groups.iter().any(|group| group.id == label) {
                    still.extend(changes.iter().map(written));
                    continue;
                }
                session.google.modify_members(&label, &ids, &[]).await.of(Side::Google)?
            }
        };
        look_at_people(session, &ids, number).await?;
        let (undone, done): (Vec<_>, Vec<_>) = changes.into_iter().partition(|change| {
            let id = change.google_id.as_ref();
            id.is_some_and(|id| left.last_group.contains(id) || left.not_found.contains(id))
        });
        still.extend(undone.iter().map(written));
        report.google.updated += session.store.write(|db| {
            if way == Way::Joins {
                rest(session, db, &done, None)?;
            }
            note(session, db, number, (&label, way), &done)
        })?;
    }
    Ok(still)
}

/// Notes who left a label or joined it; answers how many were not counted yet: whoever got values back
/// in this undo is.
fn note(
    session: &Session,
    db: &Db,
    number: i64,
    (label, way): (&str, Way),
    changes: &[ChangeRow],
) -> Result<u32, StoreError> {
    let (fields, label) = match way {
        Way::Leaves => (vec![leaves(session, label)], None),
        Way::Joins => (Vec::new(), Some(label.to_owned())),
    };
    let mut fresh = 0;
    for change in changes {
        let counted = match change.id() {
            Some(id) => Store::is_changed(db, number, Side::Google, id)?,
            None => false,
        };
        fresh += u32::from(!counted);
        let (fields, label) = (fields.clone(), label.clone());
        let change = ChangeRow { why: Why::Undo, fields, label, ..change.clone() };
        Store::note_change(db, number, &change)?;
    }
    Ok(fresh)
}

/// The pairs of people who leave the label sleep until somebody takes them up again.
fn rest(
    session: &Session,
    db: &Db,
    changes: &[ChangeRow],
    suspended: Option<Suspended>,
) -> Result<(), StoreError> {
    for id in changes.iter().filter_map(|change| change.google_id.as_ref()) {
        if let Some(mut link) = Store::link_of(db, session.sync.id, Side::Google, id)? {
            link.suspended = suspended;
            Store::save_link(db, &link)?;
        }
    }
    Ok(())
}
