//! Reading both sides into the mirror.
//!
//! Pages go into the mirror as they arrive, each in one transaction, and the place to go on from is
//! saved in the transaction of the last page. So planning never depends on an answer that could be
//! lost, and a crash or a limit loses no change. A list that did not complete deletes nothing; an
//! absence is believed only after a direct look.

use std::collections::BTreeSet;

use renraku_core::contact::{Mark, Module, RecordId, Side};
use renraku_core::timestamp::Timestamp;
use renraku_store::{Db, Place, Reading, State, Store, StoreError, Traces, fields_feed};

use crate::api::Phase;
use crate::cursor::Cursor;
use crate::deleted::read_deleted;
use crate::error::{OfSide, RunError};
use crate::merged::judge_losses;
use crate::options;
use crate::outside::look_outside;
use crate::session::Session;
use renraku_services::google::{PeoplePage, PersonRead};
use renraku_services::zoho::{RecordPage, RecordRead};
use renraku_services::{RemoteError, google, told, zoho};

/// The most records that are looked at with one call.
pub(crate) const AT_ONCE: usize = 100;

/// Reads both sides. Answers Zoho's newest time that was known when the read's first page had come:
/// whatever this read did not bring has not changed up to then.
pub(crate) async fn pull(session: &Session, pass: i64) -> Result<Option<Timestamp>, RunError> {
    google_side(session, pass).await?;
    zoho_side(session, pass).await
}

/// What a person is in the mirror. It serves every module of the account alike.
pub(crate) fn person(session: &Session, read: &PersonRead) -> Reading {
    let sight = google::wire::sight(&read.raw).ok().filter(|_| read.readable);
    let readable = sight.is_some();
    let sight = sight.unwrap_or_else(|| told::sight(&read.raw));
    let found = traces(&sight.evidence, &sight.marks, &session.zoho_grant.org);
    Reading {
        readable,
        id: read.id.clone(),
        version: read.etag.clone(),
        modified: read.updated.as_microsecond(),
        raw: read.raw.clone(),
        // Every etag guards its own person.
        seen: 0,
        scopes: Some(sight.memberships.join(" ")),
        traces: found,
    }
}

/// What a record is in the mirror.
pub(crate) fn record(session: &Session, read: &RecordRead, view: Option<&str>) -> Reading {
    let digest = zoho::wire::digest(&read.raw, &session.mapping).ok().filter(|_| read.readable);
    let readable = digest.is_some();
    let found = digest
        .map_or_else(|| told::evidence(&read.raw, session.module()), |digest| digest.evidence);
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
pub(crate) fn traces(found: &google::wire::Evidence, marks: &[Mark], org: &str) -> Traces {
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

/// Google: what changed since the sync token, or everything where there is none or it expired.
async fn google_side(session: &Session, pass: i64) -> Result<(), RunError> {
    let feed = "google";
    let token = session.store.cursor(session.sync.ledger, feed)?;
    if let Some(token) = token {
        match read_people(session, Some(&token), pass).await {
            Err(RunError::Service(_, RemoteError::Expired)) => {}
            result => return result,
        }
    }
    match everybody(session, pass).await {
        // A page's token was refused in the middle: once more from the beginning.
        Err(RunError::Service(_, RemoteError::Expired)) => everybody(session, pass).await?,
        result => result?,
    }
    // Whoever is missing is looked at directly, our own fresh writes too: only lists lag, and no
    // later list says again that somebody is gone.
    let missing = session.store.unseen(session.sync.ledger, Place::Google, pass, i64::MAX)?;
    look_at_people(session, &missing, pass).await
}

/// The full list. Who was seen by a list that broke off may be gone by now, so that counts no more.
async fn everybody(session: &Session, pass: i64) -> Result<(), RunError> {
    session.store.forget_pass(session.sync.ledger, Place::Google, pass)?;
    read_people(session, None, pass).await
}

/// Reads a list; of one that has no end nobody is kept who was not known before. Where to go on from is
/// not saved then, so whoever is really there is told of again.
async fn unless_endless<T>(
    session: &Session,
    place: Place,
    reading: impl Future<Output = Result<T, RunError>>,
) -> Result<T, RunError> {
    let known = session.store.newest_copy()?;
    let read = reading.await;
    if let Err(RunError::Service(_, error)) = &read
        && error.is_endless()
    {
        session.store.forget_copies(session.sync.ledger, place, known)?;
    }
    read
}

async fn read_people(session: &Session, token: Option<&str>, pass: i64) -> Result<(), RunError> {
    let mut done = 0;
    let mut total = None;
    let mut on_page = |page: PeoplePage| {
        done += u32::try_from(page.people.len()).unwrap_or(u32::MAX);
        total = page.total.or(total);
        session.store.write(|db| {
            for read in &page.people {
                take_person(session, db, read, pass)?;
            }
            if page.last {
                let token = page.next_sync_token.as_deref();
                Store::put_cursor(db, session.sync.ledger, "google", token)?;
            }
            Ok(())
        })?;
        session.progress(Phase::Reading, Some(Side::Google), done, total);
        Ok(())
    };
    let reading = async { session.google.people(token, &mut on_page).await.of(Side::Google) };
    unless_endless(session, Place::Google, reading).await.map(|_| ())
}

fn take_person(session: &Session, db: &Db, read: &PersonRead, pass: i64) -> Result<(), StoreError> {
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

/// Zoho: what changed since the cursor, or everything where the fields are read anew.
pub(crate) async fn zoho_side(session: &Session, pass: i64) -> Result<Option<Timestamp>, RunError> {
    let module = session.module();
    let ledger = session.sync.ledger;
    let name = module.api_name();
    let feed = format!("zoho:{name}:modified");
    let fields_feed = fields_feed(module);
    let asked = session.zoho_fields().join(",");
    let known = session.store.cursor(ledger, &fields_feed)?;
    let old: Option<Cursor> = session
        .store
        .cursor(ledger, &feed)?
        .filter(|_| known.as_deref() == Some(asked.as_str()))
        .and_then(|text| serde_json::from_str(&text).ok());
    let had_any = session.store.any_known(ledger, Place::Zoho(module))?;
    let known = match session.rules.view.clone() {
        // Every member is read, so nothing else has to be known of them.
        Some(view) => {
            read_view(session, &view, pass).await?;
            None
        }
        None => read_records(session, old, pass, &feed, &fields_feed, &asked).await?,
    };
    if had_any {
        read_deleted(session, pass).await?;
        if old.is_none() && session.rules.view.is_none() {
            let missing = session.store.unseen(ledger, Place::Zoho(module), pass, session.now())?;
            look_at_records(session, &missing, pass).await?;
        }
    }
    if session.rules.view.is_some() {
        look_outside(session, pass).await?;
    }
    judge_losses(session, pass).await?;
    Ok(known)
}

async fn read_records(
    session: &Session,
    old: Option<Cursor>,
    pass: i64,
    feed: &str,
    fields_feed: &str,
    asked: &str,
) -> Result<Option<Timestamp>, RunError> {
    let module = session.module();
    let ledger = session.sync.ledger;
    let mut newest = old.map(|old| old.at);
    let mut first = None;
    let mut done = 0;
    let mut on_page = |page: RecordPage| {
        done += u32::try_from(page.records.len()).unwrap_or(u32::MAX);
        newest = newest.max(newest_of(&page.records));
        first = first.or(Some(newest));
        session.store.write(|db| {
            for read in &page.records {
                take_record(session, db, read, None, pass, newest)?;
            }
            if page.last {
                let began = page.server_time.or(first.flatten());
                let next = Cursor::advance(old, newest, began, session.now());
                if let Some(cursor) = next {
                    let text = serde_json::to_string(&cursor)?;
                    Store::put_cursor(db, ledger, feed, Some(&text))?;
                }
                Store::put_cursor(db, ledger, fields_feed, Some(asked))?;
            }
            Ok(())
        })?;
        session.progress(Phase::Reading, Some(Side::Zoho), done, None);
        Ok(())
    };
    let since = match old.map(Cursor::since) {
        Some(since) => {
            let known = session.store.read(|db| {
                Store::count_since(db, ledger, Place::Zoho(module), since.as_microsecond())
            });
            Some((since, known?))
        }
        None => None,
    };
    let reading = async {
        let fields = session.zoho_fields();
        session.zoho.records(module, fields, since, &mut on_page).await.of(Side::Zoho)
    };
    unless_endless(session, Place::Zoho(module), reading).await?;
    Ok(first.flatten())
}

fn newest_of(records: &[RecordRead]) -> Option<Timestamp> {
    records.iter().map(|read| read.modified).max()
}

pub(crate) fn take_record(
    session: &Session,
    db: &Db,
    read: &RecordRead,
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

/// The whole view: a record that leaves it is reported nowhere, so its members are compared.
async fn read_view(session: &Session, view: &str, pass: i64) -> Result<(), RunError> {
    let (ledger, module) = (session.sync.ledger, session.module());
    let mut seen = BTreeSet::new();
    let mut newest = None;
    let mut done = 0;
    let mut on_page = |page: RecordPage| {
        done += u32::try_from(page.records.len()).unwrap_or(u32::MAX);
        newest = newest.max(newest_of(&page.records));
        session.store.write(|db| {
            for read in &page.records {
                seen.insert(read.id.clone());
                take_record(session, db, read, Some(view), pass, newest)?;
            }
            Ok(())
        })?;
        session.progress(Phase::Reading, Some(Side::Zoho), done, None);
        Ok(())
    };
    let reading = async {
        let fields = session.zoho_fields();
        session.zoho.view(module, view, fields, &mut on_page).await.of(Side::Zoho)
    };
    unless_endless(session, Place::Zoho(module), reading).await?;
    session
        .store
        .write(|db| {
            let place = Place::Zoho(module);
            for id in Store::in_scope(db, ledger, place, view)? {
                if !seen.contains(&id) {
                    Store::set_scopes(db, ledger, place, &id, "")?;
                }
            }
            Ok(())
        })
        .map_err(RunError::from)
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
