//! What was deleted in Zoho, and what was taken out of its bin again.
//!
//! A record that comes back may keep its old time of change, so that no read of what changed tells of
//! it. But then the deleted list tells of it no more: it is read from the oldest tombstone that is
//! watched, and whoever is missing there is looked at directly. As long as so few are watched that
//! they fit on one page that costs no call.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use renraku_core::contact::{Module, RecordId, Side};
use renraku_core::timestamp::Timestamp;
use renraku_services::zoho::Deleted;
use renraku_store::{Place, State, Store};

use crate::api::progress::Phase;
use crate::sync::cursor::Cursor;
use crate::sync::error::{OfSide, RunError};
use crate::sync::look::{AT_ONCE, look_at_records};
use crate::sync::session::Session;

/// How long a record can be taken out of the bin again, in seconds.
const BIN: i64 = 60 * 86_400;

/// How many tombstones are watched, the newest ones: as many as a page of the list shows. Where one
/// of them comes back everybody in the bin is looked at.
const WATCHED: u32 = 200;

/// Under which name it is kept up to where the deleted list was read.
pub(crate) fn deleted_feed(module: Module) -> String {
    format!("zoho:{}:deleted", module.api_name())
}

/// The deleted list: the only thing that counts as a deletion in Zoho. Answers who went without having been in
/// the bin: what is deleted by hand goes there, and leaves it for good after its days.
pub(crate) async fn read_deleted(
    session: &Session,
    pass: i64,
) -> Result<BTreeSet<RecordId>, RunError> {
    let (ledger, module) = (session.sync.ledger, session.module());
    let place = Place::Zoho(module);
    let feed = deleted_feed(module);
    let text = session.store.cursor(ledger, &feed)?;
    let old: Option<Cursor> = text.and_then(|text| serde_json::from_str(&text).ok());
    let binned = session.now().saturating_sub(BIN).saturating_mul(1_000_000);
    let tombstones = |most: u32| {
        let found = session.store.read(|db| Store::tombstones(db, ledger, place, binned, most));
        found.map_err(RunError::from)
    };
    let watched = tombstones(WATCHED)?;
    // The list may tell of what was deleted in a second only to whoever asks from the one before.
    let oldest = watched.iter().filter_map(|(_, at)| Timestamp::from_microsecond(*at)).min();
    let oldest = oldest.and_then(|at| at.checked_sub(TimeDelta::seconds(1)));
    let since = old.map(|old| oldest.map_or(old.since(), |oldest| oldest.min(old.since())));
    let told = |count: usize| {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        session.progress(Phase::Reading, Some(Side::Zoho), count, None);
    };
    let (deleted, began) = session.zoho.deleted(module, since, &told).await.of(Side::Zoho)?;
    let newest = deleted.iter().map(|d| d.at).max();
    session.store.write(|db| {
        for entry in &deleted {
            if !entry.for_good && entry.at.as_microsecond() >= binned {
                // Nobody has read it yet, and yet it may come back.
                Store::know_of(db, ledger, place, &entry.id)?;
            }
            Store::set_state(db, ledger, place, &entry.id, &State::Gone)?;
            Store::gone_at(db, ledger, place, &entry.id, entry.at.as_microsecond())?;
        }
        match Cursor::advance(old, newest, began, session.now()) {
            Some(cursor) => {
                Store::put_cursor(db, ledger, &feed, Some(&serde_json::to_string(&cursor)?))
            }
            // It was asked, and told of nothing to go on from.
            None if old.is_none() => Store::put_cursor(db, ledger, &feed, Some("null")),
            None => Ok(()),
        }
    })?;
    let now = began.map_or(session.now(), |began| began.as_second());
    let past_the_bin =
        |entry: &&Deleted| entry.for_good && now.saturating_sub(entry.at.as_second()) < BIN;
    let for_good = deleted.iter().filter(past_the_bin).map(|entry| entry.id.clone()).collect();
    let told: BTreeSet<&str> = deleted.iter().map(|entry| entry.id.as_str()).collect();
    let back = |all: Vec<(RecordId, i64)>| -> Vec<RecordId> {
        all.into_iter().map(|(id, _)| id).filter(|id| !told.contains(id.as_str())).collect()
    };
    let full = watched.len() == WATCHED as usize;
    let mut missing = back(watched);
    if !missing.is_empty() {
        missing = back(tombstones(u32::MAX)?);
    } else if full {
        missing = back(next_portion(session, tombstones(u32::MAX)?)?);
    }
    look_at_records(session, &missing, pass).await?;
    Ok(for_good)
}

/// Of the tombstones that are too old to be watched the next few: run by run everybody in the bin has
/// its turn.
fn next_portion(
    session: &Session,
    all: Vec<(RecordId, i64)>,
) -> Result<Vec<(RecordId, i64)>, RunError> {
    let old: Vec<_> = all.into_iter().skip(WATCHED as usize).collect();
    let feed = format!("zoho:{}:bin", session.module().api_name());
    let ledger = session.sync.ledger;
    let last = session.store.cursor(ledger, &feed)?;
    let at = old.iter().position(|(id, _)| last.as_ref() == Some(id)).map_or(0, |at| at + 1);
    let from = if at < old.len() { at } else { 0 };
    let portion: Vec<_> = old.into_iter().skip(from).take(AT_ONCE).collect();
    let last = portion.last().map(|(id, _)| id.as_str());
    let noted = session.store.write(|db| Store::put_cursor(db, ledger, &feed, last));
    noted?;
    Ok(portion)
}
