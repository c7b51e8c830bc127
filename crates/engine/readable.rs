//! Which mapped fields this user can still read in Zoho. A field that was removed, hidden, or put out
//! of this user's sight is not empty: its row is held on both sides until it can be read again.
//!
//! Zoho tells no reader that a field went: some answers leave it out, others show it empty. So the
//! fields are asked for where a run finds a field left out, or empty that was not; and as long as any
//! is held, at the beginning of each run.

use std::collections::BTreeSet;

use renraku_core::contact::{Record, RecordId, Side};
use renraku_core::plan::{Linked, Presence};

use renraku_core::message::Message;

use crate::message;
use crate::pull::fields_feed;
use crate::remote::RemoteError;
use crate::session::{Session, store_failure};
use renraku_store::{Store, StoreError};

type Failed = (Side, RemoteError);

fn local(error: StoreError) -> Failed {
    (Side::Zoho, RemoteError::from(store_failure(error)))
}

fn feed(session: &Session) -> String {
    format!("zoho:{}:unreadable", session.module().api_name())
}

/// Looks again at the fields where the last run held some.
pub(crate) async fn recall(session: &mut Session) -> Result<(), Failed> {
    let held = session.store.cursor(session.sync.ledger, &feed(session)).map_err(local)?;
    if held.is_some() {
        look(session).await?;
    }
    Ok(())
}

/// Asks Zoho which fields there are for this user, and holds the rows of all others. Whether that
/// changed what is read.
pub(crate) async fn look(session: &mut Session) -> Result<bool, Failed> {
    let known = match session.zoho.fields(session.module()).await {
        // Who may not see the fields' list is told by the records alone.
        Err(RemoteError::Rights { .. } | RemoteError::ScopeMissing { .. }) => return Ok(false),
        known => known.map_err(|error| (Side::Zoho, error))?,
    };
    let shown: BTreeSet<&str> =
        known.iter().filter(|field| field.visible).map(|field| field.api_name.as_str()).collect();
    let readable = |field: &&String| shown.contains(field.as_str());
    let fields: Vec<String> = session.rules.fields.iter().filter(readable).cloned().collect();
    let gone: Vec<&str> = session.rules.mapped().filter(|field| !shown.contains(field)).collect();
    let gone = gone.join(",");
    let feed = feed(session);
    let (ledger, sync) = (session.sync.ledger, session.sync.id);
    let before = session.store.cursor(ledger, &feed).map_err(local)?.unwrap_or_default();
    if before != gone {
        let known: Vec<&str> = before.split(',').collect();
        let newly = gone.split(',').filter(|field| !field.is_empty() && !known.contains(field));
        let mut back = before.split(',').filter(|field| shown.contains(field));
        let back = back.next().is_some();
        session
            .store
            .write(|db| {
                let gone = Some(gone.as_str()).filter(|gone| !gone.is_empty());
                Store::put_cursor(db, ledger, &feed, gone)?;
                for field in newly {
                    Store::lose_sight(db, sync, field)?;
                }
                if !back {
                    return Ok(());
                }
                // Records that were read without it are read again, and whatever happened to it
                // meanwhile on either side travels now.
                Store::put_cursor(db, ledger, &fields_feed(session), None)?;
                Store::mark_all_dirty(db, sync)
            })
            .map_err(local)?;
    }
    session.held = (session.mapping.rules().iter().enumerate())
        .filter(|(_, rule)| !shown.contains(rule.zoho.as_str()))
        .map(|(index, _)| index)
        .collect();
    let changed = session.fields != fields;
    session.fields = fields;
    Ok(changed)
}

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

/// Records from which an answer left a field out are looked at again by the next run.
pub(crate) fn look_later(
    session: &Session,
    records: &BTreeSet<RecordId>,
) -> Result<(), StoreError> {
    if records.is_empty() {
        return Ok(());
    }
    session.store.write(|db| {
        records.iter().try_for_each(|id| Store::soil(db, session.sync.id, Side::Zoho, id))
    })
}

/// What is to be said of fields that are held, or that were left out of some records.
pub(crate) fn said(session: &Session, unread: usize) -> Option<Message> {
    let rules = session.mapping.rules();
    let label = |rule: &usize| {
        let name = &rules.get(*rule)?.zoho;
        Some(session.rules.labels.get(name).unwrap_or(name).clone())
    };
    let held: Vec<String> = session.held.iter().filter_map(label).collect();
    match (held.as_slice(), unread) {
        ([], 0) => None,
        ([], unread) => Some(message::left_out(unread)),
        (held, _) => Some(message::unreadable(held)),
    }
}
