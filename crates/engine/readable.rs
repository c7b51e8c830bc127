//! Absent is not empty: where a record leaves it open whether a mapped field holds nothing or was left
//! out of Zoho's answer.

use std::collections::BTreeSet;

use renraku_core::contact::{Record, RecordId, Side};
use renraku_core::plan::{Linked, Presence};
use renraku_store::{Store, StoreError};

use crate::session::Session;

/// Where an empty field of a linked record may not be what it seems.
#[derive(Default)]
pub(crate) struct Doubts {
    /// The record, where Zoho's answer left out a mapped field.
    pub(crate) unread: Option<RecordId>,
    /// Whether a field is empty that was not: cleared, or hidden from this user.
    pub(crate) cleared: bool,
}

/// What may not be as it seems in a pair.
pub(crate) fn doubts(session: &Session, pair: &Linked) -> Doubts {
    let mut doubts = Doubts::default();
    let Presence::Here { record, .. } = &pair.now.zoho else { return doubts };
    let rules = (0..session.mapping.rules().len()).filter(|rule| !session.held.contains(rule));
    for rule in rules {
        let was = pair.base.zoho.get(rule).is_some();
        doubts.cleared |= was && record.card.get(rule).is_none();
    }
    doubts.unread = is_cut(session, record).then(|| record.id.clone());
    doubts
}

/// Whether Zoho's answer left a mapped field out of a record: nobody knows what stands there.
pub(crate) fn is_cut(session: &Session, record: &Record) -> bool {
    record.unread.iter().any(|rule| !session.held.contains(rule))
}

/// Contacts of which something waits for Zoho's fields are looked at again by the next run.
pub(crate) fn look_later(
    session: &Session,
    contacts: &BTreeSet<(Side, RecordId)>,
) -> Result<(), StoreError> {
    if contacts.is_empty() {
        return Ok(());
    }
    session.store.write(|db| {
        contacts.iter().try_for_each(|(side, id)| Store::soil(db, session.sync.id, *side, id))
    })
}
