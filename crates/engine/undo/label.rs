//! Labels that an undone run added people to.

use std::collections::BTreeMap;

use renraku_core::contact::{RecordId, Side};
use renraku_core::plan::{Asleep, Why};
use renraku_store::{ChangeRow, Db, Store, StoreError};

use crate::api::Run;
use crate::pull::look_at_people;
use crate::session::{Session, store_failure};
use renraku_services::RemoteError;

/// Takes people out of a label that they were added to, and notes it.
pub(super) async fn leave(
    session: &Session,
    number: i64,
    leaving: Vec<(String, ChangeRow)>,
    report: &mut Run,
) -> Result<usize, (Side, RemoteError)> {
    let local = |e: StoreError| (Side::Zoho, RemoteError::from(store_failure(e)));
    let mut labels: BTreeMap<String, Vec<ChangeRow>> = BTreeMap::new();
    for (label, change) in leaving {
        labels.entry(label).or_default().push(change);
    }
    let mut stay = 0;
    for (label, changes) in labels {
        // Known before they leave, so that the pair is explained wherever this ends.
        session.store.write(|db| rest(session, db, &changes)).map_err(local)?;
        let ids: Vec<RecordId> = changes.iter().filter_map(|c| c.google_id.clone()).collect();
        let left = session.google.modify_members(&label, &[], &ids).await;
        let left = left.map_err(|error| (Side::Google, error))?;
        look_at_people(session, &ids, number).await.map_err(|error| (Side::Google, error))?;
        let (still, gone): (Vec<_>, Vec<_>) = changes.into_iter().partition(|change| {
            let id = change.google_id.as_ref();
            id.is_some_and(|id| left.last_group.contains(id) || left.not_found.contains(id))
        });
        stay += still.len();
        session
            .store
            .write(|db| {
                for change in &gone {
                    let change = ChangeRow { why: Why::Undo, ..change.clone() };
                    Store::note_change(db, number, &change)?;
                }
                Ok(())
            })
            .map_err(local)?;
        report.google.updated += u32::try_from(gone.len()).unwrap_or(u32::MAX);
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
