//! What a service says of a contact is taken into the mirror, from a list or by a direct look.

use std::collections::BTreeSet;

use renraku_core::contact::{Mark, Module, RecordId, Side};
use renraku_core::timestamp::Timestamp;
use renraku_services::received::Received;
use renraku_services::{google, unreadable, zoho};
use renraku_store::{Db, Place, Reading, State, Store, StoreError, Traces};

use crate::api::progress::Phase;
use crate::sync::error::{OfSide, RunError};
use crate::sync::options;
use crate::sync::session::Session;

/// The most records that are looked at with one call.
pub(crate) const AT_ONCE: usize = 100;

/// What a person is in the mirror. It serves every module of the account alike.
pub(crate) fn person(session: &Session, read: &Received) -> Reading {
    let sight = google::wire::sight(&read.raw).ok().filter(|_| read.readable);
    let readable = sight.is_some();
    let sight = sight.unwrap_or_else(|| unreadable::sight(&read.raw));
    let found = traces(&sight.evidence, &sight.marks, &session.zoho_grant.org);
    Reading {
        readable,
        id: read.id.clone(),
        version: read.version.clone(),
        modified: read.modified.as_microsecond(),
        raw: read.raw.clone(),
        // Every etag guards its own person.
        seen: 0,
        scopes: Some(sight.memberships.join(" ")),
        traces: found,
    }
}

/// What a record is in the mirror.
pub(crate) fn record(session: &Session, read: &Received, view: Option<&str>) -> Reading {
    let digest = zoho::wire::digest(&read.raw, &session.mapping).ok().filter(|_| read.readable);
    let readable = digest.is_some();
    let found = digest.map_or_else(
        || unreadable::evidence(&read.raw, session.module()),
        |digest| digest.evidence,
    );
    Reading {
        readable,
        id: read.id.clone(),
        version: read.version.clone(),
        modified: read.modified.as_microsecond(),
        raw: read.raw.clone(),
        seen: read.modified.as_microsecond(),
        scopes: view.map(str::to_owned),
        traces: traces(&found, &[], &session.zoho_grant.org),
    }
}

/// What a contact can be looked up by, normalised.
pub(crate) fn traces(
    found: &renraku_services::received::Evidence,
    marks: &[Mark],
    org: &str,
) -> Traces {
    use renraku_core::field::{email_key, fold, fold_company};
    let tidy = |mut values: Vec<String>| {
        values.retain(|value| !value.is_empty());
        values.sort();
        values.dedup();
        values
    };
    let keys = tidy(found.work_emails.iter().map(|e| email_key(e)).collect());
    let others = found.emails.iter().map(|e| email_key(e)).filter(|e| !keys.contains(e));
    Traces {
        emails: tidy(others.collect()),
        keys,
        names: tidy(found.names.iter().map(|name| fold(name).replace(' ', "")).collect()),
        orgs: tidy(found.organisation.iter().map(|o| fold_company(o).replace(' ', "")).collect()),
        marks: tidy(
            marks
                .iter()
                .filter(|mark| mark.org == org)
                .map(|mark| mark_trace(mark.module, &mark.zoho_id))
                .collect(),
        ),
    }
}

/// The trace of our mark for a Zoho record.
pub(crate) fn mark_trace(module: Module, zoho_id: &str) -> String {
    format!("{}:{zoho_id}", module.api_name())
}

pub(crate) fn take_person(
    session: &Session,
    db: &Db,
    read: &Received,
    pass: i64,
) -> Result<(), StoreError> {
    let ledger = session.sync.ledger;
    if read.deleted {
        return Store::set_state(db, ledger, Place::Google, &read.id, &State::Gone);
    }
    let reading = person(session, read);
    if !reading.readable {
        return Store::take_unreadable(db, ledger, Place::Google, &reading, pass);
    }
    Store::take_in(db, ledger, Place::Google, &reading, pass, session.now())?;
    for former in read.former.iter().filter(|former| **former != read.id) {
        Store::set_state(db, ledger, Place::Google, former, &State::Merged(read.id.clone()))?;
    }
    Ok(())
}

/// Looks at people one by one: a missing one is gone for certain, another id means a rename. What each
/// call brings is kept, however many follow.
pub(crate) async fn look_at_people(
    session: &Session,
    ids: &[RecordId],
    pass: i64,
) -> Result<(), RunError> {
    for (portion, ids) in ids.chunks(google::BATCH).enumerate() {
        tell_portion(session, Side::Google, portion * google::BATCH);
        look_at_some_people(session, ids, pass).await?;
    }
    Ok(())
}

/// Many looks are told of as they go on.
fn tell_portion(session: &Session, side: Side, done: usize) {
    if done > 0 {
        let done = u32::try_from(done).unwrap_or(u32::MAX);
        session.progress(Phase::Reading, Some(side), done, None);
    }
}

async fn look_at_some_people(
    session: &Session,
    ids: &[RecordId],
    pass: i64,
) -> Result<(), RunError> {
    let found = session.google.batch_get(ids).await.of(Side::Google)?;
    let ledger = session.sync.ledger;
    session
        .store
        .write(|db| {
            for (asked, read) in &found {
                match read {
                    None => Store::set_state(db, ledger, Place::Google, asked, &State::Gone)?,
                    Some(read) => {
                        take_person(session, db, read, pass)?;
                        if read.id != *asked {
                            let merged = State::Merged(read.id.clone());
                            Store::set_state(db, ledger, Place::Google, asked, &merged)?;
                        }
                    }
                }
            }
            Ok(())
        })
        .map_err(RunError::from)
}

pub(crate) fn newest_of(records: &[Received]) -> Option<Timestamp> {
    records.iter().map(|read| read.modified).max()
}

pub(crate) fn take_record(
    session: &Session,
    db: &Db,
    read: &Received,
    view: Option<&str>,
    pass: i64,
    newest: Option<Timestamp>,
) -> Result<(), StoreError> {
    let (ledger, place) = (session.sync.ledger, Place::Zoho(session.module()));
    if read.converted {
        return Store::set_state(db, ledger, place, &read.id, &State::Converted);
    }
    let mut reading = record(session, read, view);
    if !reading.readable {
        return Store::take_unreadable(db, ledger, place, &reading, pass);
    }
    reading.seen = newest.map_or(reading.seen, Timestamp::as_microsecond);
    match Store::take_in(db, ledger, place, &reading, pass, session.now())? {
        Some(old) => options::follow(session, db, &old, &reading),
        None => Ok(()),
    }
}

/// Looks at records one by one. One that cannot be found and has no tombstone is hidden from this
/// user (sharing, territory, approval): never taken for a deletion.
pub(crate) async fn look_at_records(
    session: &Session,
    ids: &[RecordId],
    pass: i64,
) -> Result<(), RunError> {
    for (portion, ids) in ids.chunks(AT_ONCE).enumerate() {
        tell_portion(session, Side::Zoho, portion * AT_ONCE);
        look_at_some_records(session, ids, pass).await?;
    }
    Ok(())
}

async fn look_at_some_records(
    session: &Session,
    ids: &[RecordId],
    pass: i64,
) -> Result<(), RunError> {
    let (ledger, module) = (session.sync.ledger, session.module());
    let found = session.zoho.by_ids(module, ids, session.zoho_fields()).await.of(Side::Zoho)?;
    let there: BTreeSet<&str> = found.iter().map(|read| read.id.as_str()).collect();
    let newest = newest_of(&found);
    session
        .store
        .write(|db| {
            for read in &found {
                take_record(session, db, read, None, pass, newest)?;
            }
            for id in ids.iter().filter(|id| !there.contains(id.as_str())) {
                let place = Place::Zoho(module);
                let gone = Store::mirrored(db, ledger, place, id)?
                    .is_some_and(|row| row.state == State::Gone);
                if !gone {
                    Store::set_state(db, ledger, place, id, &State::Hidden)?;
                }
            }
            Ok(())
        })
        .map_err(RunError::from)
}
