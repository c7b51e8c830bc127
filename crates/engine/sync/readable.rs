//! Absent is not empty: where a record leaves it open whether a mapped field holds nothing or was left
//! out of Zoho's answer.

use std::collections::{BTreeMap, BTreeSet};

use renraku_core::contact::{Record, RecordId, Side};
use renraku_core::message::Message;
use renraku_core::plan::{Linked, Presence};
use renraku_store::{Store, StoreError};

use crate::sync::session::Session;
use crate::text::message;

/// Where an empty field of a linked record may not be what it seems.
#[derive(Default)]
pub(crate) struct Doubts {
    /// The record from which Zoho's answer left out mapped fields, and which.
    pub(crate) unread: Option<(RecordId, BTreeSet<String>)>,
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
    let left_out = left_out(session, record);
    doubts.unread = (!left_out.is_empty()).then(|| (record.id.clone(), left_out));
    doubts
}

/// The mapped fields that Zoho's answer left out of a record: nobody knows what stands there.
pub(crate) fn left_out(session: &Session, record: &Record) -> BTreeSet<String> {
    let unread = record.unread.iter().filter(|rule| !session.held.contains(rule));
    let specs = unread.filter_map(|rule| session.mapping.rules().get(*rule));
    specs.map(|spec| spec.zoho.clone()).collect()
}

/// What is to be said of the fields that Zoho's answers left out.
pub(crate) fn said(session: &Session, unread: &BTreeMap<RecordId, BTreeSet<String>>) -> Message {
    let fields: BTreeSet<&String> = unread.values().flatten().collect();
    let label = |field: &String| session.rules.labels.get(field).unwrap_or(field).clone();
    let fields: Vec<String> = fields.into_iter().map(label).collect();
    message::left_out(unread.len(), &fields)
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
        contacts
            .iter()
            .try_for_each(|(side, id)| Store::mark_dirty_for(db, session.sync.id, *side, id))
    })
}
