//! Records outside the view that limits a sync. They are not read, so those that an unlinked person may
//! be are looked up, so that no twin is created beside them: by the e-mail addresses, by our mark, and
//! whom none of these finds by the name.

use std::collections::{BTreeMap, BTreeSet};

use renraku_core::contact::{Module, Record, RecordId, Side};
use renraku_core::field::company_cores;
use renraku_core::plan::About;
use renraku_services::received::{Evidence, Received};
use renraku_store::{Db, Place, Store, StoreError, Traces};

use crate::sync::error::{OfSide, RunError};
use crate::sync::look::{mark_trace, record, take_record};
use crate::sync::session::Session;

fn feed(session: &Session) -> String {
    format!("zoho:{}:unasked", session.module().api_name())
}

/// Looks them up, and remembers whom Zoho could not be asked about: the addresses that its query
/// language does not take, and the ids of people whose name it does not.
pub(crate) async fn look_outside(session: &Session, pass: i64) -> Result<(), RunError> {
    ask_again(session)?;
    let mut unasked = by_address(session, pass).await?;
    unasked.append(&mut by_name(session, pass).await?);
    if !unasked.is_empty() {
        tracing::warn!(values = unasked.len(), "Zoho's queries do not take some values");
    }
    session
        .store
        .write(|db| {
            let text = serde_json::to_string(&unasked)?;
            let text = (!unasked.is_empty()).then_some(text.as_str());
            Store::put_cursor(db, session.sync.ledger, &feed(session), text)
        })
        .map_err(RunError::from)
}

/// Whoever the person is asked about because Zoho could not be is looked up and planned again: it may
/// answer now.
fn ask_again(session: &Session) -> Result<(), StoreError> {
    let sync = session.sync.id;
    let mut open = session.store.open_questions(sync)?;
    open.retain(|row| matches!(row.question.about, About::Duplicate { unasked: true, .. }));
    if open.is_empty() {
        return Ok(());
    }
    session.store.write(|db| {
        for ids in open.iter().map(|row| &row.question.ids) {
            for side in Side::BOTH {
                ids[side].iter().try_for_each(|id| Store::mark_dirty_for(db, sync, side, id))?;
            }
        }
        Ok(())
    })
}

/// Answers the addresses that could not be asked for.
async fn by_address(session: &Session, pass: i64) -> Result<Vec<String>, RunError> {
    session.store.list_traces()?;
    let keys =
        session.store.read(|db| Store::unanswered_keys(db, &session.sync, session.module()))?;
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let fields = session.zoho_fields();
    let looked_up = session.zoho.by_emails(session.module(), &keys, fields).await.of(Side::Zoho)?;
    take(session, &looked_up.found, pass)?;
    Ok(looked_up.left_out)
}

/// Whoever no address brought to light. Answers the ids of those whose names could not be asked for.
async fn by_name(session: &Session, pass: i64) -> Result<Vec<RecordId>, RunError> {
    session.store.list_traces()?;
    let wanted = session.store.read(|db| Wanted::of(session, db))?;
    let (module, fields) = (session.module(), session.zoho_fields());
    let marked: Vec<RecordId> = wanted.marked.iter().cloned().collect();
    if !marked.is_empty() {
        take(session, &session.zoho.by_ids(module, &marked, fields).await.of(Side::Zoho)?, pass)?;
    }
    let names: Vec<String> = wanted.asked.keys().cloned().collect();
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let mut looked_up = session.zoho.by_names(module, &names, fields).await.of(Side::Zoho)?;
    looked_up.found.retain(|read| wanted.may_be(session, read));
    take(session, &looked_up.found, pass)?;
    let unasked = looked_up.left_out.iter().filter_map(|name| wanted.asked.get(name));
    Ok(unasked.flatten().cloned().collect())
}

fn take(session: &Session, found: &[Received], pass: i64) -> Result<(), RunError> {
    session
        .store
        .write(|db| found.iter().try_for_each(|r| take_record(session, db, r, None, pass, None)))
        .map_err(RunError::from)
}

/// The people who are looked for.
#[derive(Default)]
struct Wanted {
    /// What is asked for, and who wants it: family names, words of companies' names.
    asked: BTreeMap<String, Vec<RecordId>>,
    /// The records that our marks name and nobody has read.
    marked: BTreeSet<RecordId>,
    /// What they are called, as it is looked up in the mirror.
    called: BTreeSet<String>,
    /// Whether somebody is called nothing at all.
    uncalled: bool,
}

impl Wanted {
    fn of(session: &Session, db: &Db) -> Result<Wanted, StoreError> {
        let mut wanted = Wanted::default();
        let (ledger, module) = (session.sync.ledger, session.module());
        let prefix = mark_trace(module, "");
        Store::people_to_find(db, &session.sync, module, |row| {
            let Some((record, found)) = session.digest(Place::Google.side(), &row.raw) else {
                return Ok(());
            };
            for id in row.traces.marks.iter().filter_map(|mark| mark.strip_prefix(&prefix)) {
                if Store::mirrored(db, ledger, Place::Zoho(module), id)?.is_none() {
                    wanted.marked.insert(id.to_owned());
                }
            }
            for name in asked_for(session, &record, &found) {
                wanted.asked.entry(name).or_default().push(row.id.clone());
            }
            let called = called(module, row.traces);
            wanted.uncalled |= called.is_empty();
            wanted.called.extend(called);
            Ok(())
        })?;
        Ok(wanted)
    }

    /// Whether a record is called as one of them. Whoever is not is left unread.
    fn may_be(&self, session: &Session, read: &Received) -> bool {
        let called = called(session.module(), record(session, read, None).traces);
        called.iter().any(|name| self.called.contains(name)) || (self.uncalled && called.is_empty())
    }
}

fn called(module: Module, traces: Traces) -> Vec<String> {
    match module {
        Module::Contacts | Module::Leads => traces.names,
        Module::Vendors => traces.orgs,
    }
}

/// What may stand as the name in Zoho: the family name; where there is none, any end of the whole
/// name, or what stands in for one.
fn asked_for(session: &Session, record: &Record, found: &Evidence) -> BTreeSet<String> {
    let mapping = &session.mapping;
    let family = mapping.by_zoho("Last_Name");
    match session.module() {
        Module::Vendors => found.organisation.iter().flat_map(|name| company_cores(name)).collect(),
        Module::Contacts | Module::Leads => {
            let whole = found.names.iter().filter(|_| !found.nameless).map(|name| name.trim());
            let mut asked: BTreeSet<String> = whole.clone().map(str::to_owned).collect();
            match family.and_then(|rule| record.card.get(rule)) {
                Some(family) => drop(asked.insert(family.trim().to_owned())),
                None => {
                    let ends = whole.flat_map(|name| {
                        name.char_indices()
                            .filter(|(_, c)| c.is_whitespace())
                            .map(|(at, _)| name.get(at..).unwrap_or_default().trim().to_owned())
                    });
                    asked.extend(ends);
                    let rule = family.and_then(|rule| mapping.rules().get(rule));
                    asked.extend(rule.and_then(|rule| rule.default.clone()));
                }
            }
            asked.retain(|name| !name.is_empty());
            asked
        }
    }
}

/// The addresses and people of whom nobody knows whether a record outside the view is theirs.
pub(crate) fn unasked(session: &Session, db: &Db) -> Result<BTreeSet<String>, StoreError> {
    let text = Store::cursor_of(db, session.sync.ledger, &feed(session))?;
    Ok(text.map(|text| serde_json::from_str(&text)).transpose()?.unwrap_or_default())
}
