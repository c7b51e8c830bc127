//! Reading both sides into the mirror.
//!
//! Pages go into the mirror as they arrive, each in one transaction, and the place to go on from is
//! saved in the transaction of the last page. So planning never depends on an answer that could be
//! lost, and a crash or a limit loses no change. A list that did not complete deletes nothing; an
//! absence is believed only after a direct look.

use std::collections::BTreeSet;

use renraku_core::contact::Side;
use renraku_core::timestamp::Timestamp;
use renraku_services::RemoteError;
use renraku_services::google::PeoplePage;
use renraku_services::zoho::RecordPage;
use renraku_store::{Db, Place, Store, StoreError, fields_feed};

use crate::api::Phase;
use crate::sync::cursor::Cursor;
use crate::sync::deleted::{deleted_feed, read_deleted};
use crate::sync::error::{OfSide, RunError};
use crate::sync::look::{look_at_people, look_at_records, newest_of, take_person, take_record};
use crate::sync::merged::judge_losses;
use crate::sync::outside::look_outside;
use crate::sync::session::Session;

/// Reads both sides. Answers Zoho's newest time that was known when the read's first page had come:
/// whatever this read did not bring has not changed up to then.
pub(crate) async fn pull(session: &Session, pass: i64) -> Result<Option<Timestamp>, RunError> {
    google_side(session, pass).await?;
    zoho_side(session, pass).await
}

/// Google: what changed since the sync token, or everything where there is none or it expired.
async fn google_side(session: &Session, pass: i64) -> Result<(), RunError> {
    let feed = "google";
    let token = session.store.cursor(session.sync.ledger, feed)?;
    if let Some(token) = token {
        look_at_the_missing(session, Place::Google, i64::MAX).await?;
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
    look_at_the_missing(session, Place::Google, i64::MAX).await
}

/// Where it is noted which full list of a place missed somebody who is still to be looked at.
fn missing_feed(place: Place) -> String {
    format!("{}:missing", place.name())
}

fn note_the_missing(session: &Session, db: &Db, place: Place, pass: i64) -> Result<(), StoreError> {
    let (feed, pass) = (missing_feed(place), pass.to_string());
    Store::put_cursor(db, session.sync.ledger, &feed, Some(&pass))
}

/// Looks at whoever a full list missed, apart from those behind a fence. It is noted with the list's last page,
/// so that a run which is cut off here leaves it to the next one: no other list tells of them.
async fn look_at_the_missing(session: &Session, place: Place, now: i64) -> Result<(), RunError> {
    let (ledger, feed) = (session.sync.ledger, missing_feed(place));
    let noted = session.store.cursor(ledger, &feed)?;
    let Some(pass) = noted.and_then(|pass| pass.parse().ok()) else { return Ok(()) };
    let missing = session.store.unseen(ledger, place, pass, now)?;
    match place.side() {
        Side::Google => look_at_people(session, &missing, pass).await,
        Side::Zoho => look_at_records(session, &missing, pass).await,
    }?;
    session.store.write(|db| Store::put_cursor(db, ledger, &feed, None)).map_err(RunError::from)
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
    let is_full = token.is_none();
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
                if is_full {
                    note_the_missing(session, db, Place::Google, pass)?;
                }
            }
            Ok(())
        })?;
        session.progress(Phase::Reading, Some(Side::Google), done, total);
        Ok(())
    };
    let reading = async { session.google.people(token, &mut on_page).await.of(Side::Google) };
    unless_endless(session, Place::Google, reading).await.map(|_| ())
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
        None => {
            if old.is_some() {
                look_at_the_missing(session, Place::Zoho(module), session.now()).await?;
            }
            read_records(session, old, pass, &feed, &fields_feed, &asked).await?
        }
    };
    // The first read asks once, too: whoever is in the bin then may come back with an old time of change.
    let mut for_good = BTreeSet::new();
    if had_any || session.store.cursor(ledger, &deleted_feed(module))?.is_none() {
        for_good = read_deleted(session, pass).await?;
    }
    if session.rules.view.is_none() {
        look_at_the_missing(session, Place::Zoho(module), session.now()).await?;
    }
    if session.rules.view.is_some() {
        look_outside(session, pass).await?;
    }
    judge_losses(session, &for_good, pass).await?;
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
                if old.is_none() {
                    note_the_missing(session, db, Place::Zoho(module), pass)?;
                }
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
