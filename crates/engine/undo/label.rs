//! Labels that an undone run added people to.

use std::collections::{BTreeMap, BTreeSet};

use renraku_core::contact::{RecordId, Side};
use renraku_core::plan::{Asleep, FieldNote, Why};
use renraku_store::{ChangeRow, Db, Store, StoreError};

use super::{Written, written};
use crate::api::Run;
use crate::error::{OfSide, RunError};
use crate::pull::look_at_people;
use crate::session::Session;

/// What a change of a person's labels is called among the fields of a contact.
pub(crate) const LABELS: &str = "memberships";

/// Whether a change only took a person out of a label.
pub(super) fn has_left(change: &ChangeRow) -> bool {
    change.label.is_none() && change.fields.iter().all(|note| note.field == LABELS)
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
    let id = Store::cursor_of(db, session.sync.ledger, &crate::label::feed(name))?;
    Ok(id.filter(|id| id == label).map(|_| name.clone()))
}

/// Takes people out of a label that they were added to, and notes it; answers who stays in it.
pub(super) async fn leave(
    session: &Session,
    number: i64,
    leaving: Vec<(String, ChangeRow)>,
    report: &mut Run,
) -> Result<BTreeSet<Written>, RunError> {
    let mut labels: BTreeMap<String, Vec<ChangeRow>> = BTreeMap::new();
    for (label, change) in leaving {
        labels.entry(label).or_default().push(change);
    }
    let mut stay = BTreeSet::new();
    for (label, changes) in labels {
        // Known before they leave, so that the pair is explained wherever this ends.
        session.store.write(|db| rest(session, db, &changes))?;
        let ids: Vec<RecordId> = changes.iter().filter_map(|c| c.google_id.clone()).collect();
        let left = session.google.modify_members(&label, &[], &ids).await;
        let left = left.of(Side::Google)?;
        look_at_people(session, &ids, number).await?;
        let (still, gone): (Vec<_>, Vec<_>) = changes.into_iter().partition(|change| {
            let id = change.google_id.as_ref();
            id.is_some_and(|id| left.last_group.contains(id) || left.not_found.contains(id))
        });
        stay.extend(still.iter().map(written));
        let note = leaves(session, &label);
        report.google.updated += session.store.write(|db| {
            let mut fresh = 0;
            for change in &gone {
                // Whoever got values back in this undo is counted already.
                let counted = match change.id() {
                    Some(id) => Store::is_changed(db, number, Side::Google, id)?,
                    None => false,
                };
                fresh += u32::from(!counted);
                let fields = vec![note.clone()];
                let change = ChangeRow { why: Why::Undo, fields, ..change.clone() };
                Store::note_change(db, number, &change)?;
            }
            Ok(fresh)
        })?;
    }
    Ok(stay)
}

/// The pairs of people who leave the label sleep until somebody takes them up again.
fn rest(session: &Session, db: &Db, changes: &[ChangeRow]) -> Result<(), StoreError> {
    for id in changes.iter().filter_map(|change| change.google_id.as_ref()) {
        if let Some(mut link) = Store::link_of(db, session.sync.id, Side::Google, id)? {
            link.asleep = Some(Asleep::Undone);
            Store::save_link(db, &link)?;
        }
    }
    Ok(())
}
