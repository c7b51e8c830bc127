//! The pair that a step belongs to: its ids and its link.

use renraku_core::contact::{Pair, RecordId, Side};
use renraku_core::plan::{Step, Subject};
use renraku_store::{Db, LinkRow, Store, StoreError};

use crate::sync::session::Session;

/// The ids of a step's pair, as far as they are known.
pub(crate) fn known_ids(db: &Db, step: &Step) -> Result<Pair<Option<RecordId>>, StoreError> {
    let mut ids = Pair { zoho: None, google: None };
    match &step.subject {
        Subject::Origin(side, id) => ids[*side] = Some(id.clone()),
        Subject::Match(pair) => {
            ids = Pair { zoho: Some(pair.zoho.clone()), google: Some(pair.google.clone()) };
        }
        Subject::Link(link) => {
            if let Some(link) = Store::link(db, *link)? {
                ids = Pair { zoho: Some(link.ids.zoho), google: Some(link.ids.google) };
            }
        }
    }
    Ok(ids)
}

/// Nothing is left to do for a pair.
pub(crate) fn clean_pair(session: &Session, db: &Db, step: &Step) -> Result<(), StoreError> {
    let ids = known_ids(db, step)?;
    for side in Side::BOTH {
        if let Some(id) = &ids[side] {
            Store::clear_dirty(db, session.sync.id, side, id)?;
        }
    }
    Ok(())
}

/// The link of a step's pair, where there is one.
pub(crate) fn link_of(
    session: &Session,
    db: &Db,
    step: &Step,
) -> Result<Option<LinkRow>, StoreError> {
    match &step.subject {
        Subject::Link(link) => Store::link(db, *link),
        Subject::Match(ids) => Store::link_of(db, session.sync.id, Side::Zoho, &ids.zoho),
        Subject::Origin(side, id) => Store::link_of(db, session.sync.id, *side, id),
    }
}
