//! Settling what an interrupted run left in the journal, before anything new is planned.
//!
//! An update or delete is looked at directly: where the target shows it, it is settled as if the
//! answer had come; otherwise the row goes and the plan is made afresh. A create is never sent
//! again before it was looked for: in Google by the mark it carried, in Zoho among the records that
//! this user created since the newest time known before the send, by payload. In Google it counts
//! as absent only when a complete list lacks it and the lists' lag is over.

use std::collections::{BTreeMap, BTreeSet};

use renraku_core::contact::{RecordId, Side};
use renraku_core::plan::{Step, Verb};
use renraku_core::timestamp::Timestamp;
use renraku_services::Written;
use renraku_services::google::PeoplePage;
use renraku_services::received::Received;
use renraku_store::{Db, JournalRow, Place, State, Store, StoreError};
use serde_json::Value;

use crate::api::Phase;
use crate::sync::error::{OfSide, RunError};
use crate::sync::execute::Applied;
use crate::sync::look::{look_at_people, look_at_records, person, record};
use crate::sync::pair::{clean_pair, known_ids};
use crate::sync::session::{QUIET, Session};
use crate::sync::settle::{Settled, done};

/// Settles the journal of a sync. Creates that are still unsure stay in it. What is found done counts
/// for the run that finds it, or, without one, for the run that sent it.
pub(crate) async fn recover(session: &Session, run: Option<i64>) -> Result<Applied, RunError> {
    let mut found = Applied::default();
    let mut rows = session.store.unfinished(session.sync.id)?;
    if rows.iter().any(|row| row.at > session.now()) {
        // Sent, by a clock that has been set back since: how long ago is not known, so each waits
        // once more as if it had just been sent, and not until that clock's time comes.
        session.store.sent_by_now(session.sync.id, session.now())?;
        rows = session.store.unfinished(session.sync.id)?;
    }
    if rows.is_empty() {
        return Ok(found);
    }
    let senders: BTreeSet<i64> = rows.iter().map(|row| row.run).collect();
    rows.iter_mut().for_each(|row| row.run = run.unwrap_or(row.run));
    session.progress(Phase::Recovering, None, 0, None);
    for side in Side::BOTH {
        let mine: Vec<&JournalRow> = rows.iter().filter(|row| row.step.side == side).collect();
        recover_side(session, side, &mine, &mut found).await?;
    }
    if run.is_none() {
        session
            .store
            .write(|db| senders.iter().try_for_each(|run| Store::count_again(db, *run)))?;
    }
    Ok(found)
}

async fn recover_side(
    session: &Session,
    side: Side,
    rows: &[&JournalRow],
    found: &mut Applied,
) -> Result<(), RunError> {
    let targets: BTreeSet<RecordId> = rows.iter().filter_map(|row| target(&row.step)).collect();
    let targets: Vec<RecordId> = targets.into_iter().collect();
    match side {
        Side::Google => look_at_people(session, &targets, 0).await?,
        Side::Zoho => look_at_records(session, &targets, 0).await?,
    }
    for row in rows.iter().filter(|row| target(&row.step).is_some()) {
        session.store.write(|db| settle_existing(session, db, row, found))?;
    }
    let creates: Vec<&&JournalRow> =
        rows.iter().filter(|row| target(&row.step).is_none()).collect();
    if creates.is_empty() {
        return Ok(());
    }
    match side {
        Side::Google => google_creates(session, &creates, found).await,
        Side::Zoho => zoho_creates(session, &creates, found).await,
    }
}

/// The contact that a step changes; none for a create.
fn target(step: &Step) -> Option<RecordId> {
    match &step.verb {
        Verb::Create { .. } => None,
        Verb::Update { id, .. } | Verb::Delete { id, .. } => Some(id.clone()),
    }
}

fn settle_existing(
    session: &Session,
    db: &Db,
    row: &JournalRow,
    found: &mut Applied,
) -> Result<(), StoreError> {
    let place = Place::of(row.step.side, session.module());
    let id = target(&row.step).unwrap_or_default();
    let now = Store::mirrored(db, session.sync.ledger, place, &id)?;
    // Whoever edits one field after our write leaves the others as it left them.
    let landed = match (&row.step.verb, &now) {
        (Verb::Update { before, patch, .. }, Some(now)) if now.state == State::Here => {
            let mut sent = before.clone();
            for (rule, value) in patch {
                sent.set(*rule, value.as_deref());
            }
            session.parse(row.step.side, &now.raw).and_then(|read| {
                let card = session.mapping.resolve(&read.card, &read.listed, &sent);
                let shown = |r: &&usize| !session.mapping.edited(**r, sent.get(**r), card.get(**r));
                let shown: BTreeSet<usize> = patch.keys().filter(shown).copied().collect();
                (!shown.is_empty()).then(|| only(session, &row.step, &shown))
            })
        }
        (Verb::Delete { .. }, Some(now)) if now.state != State::Here => Some(row.step.clone()),
        (Verb::Delete { .. }, None) => Some(row.step.clone()),
        (Verb::Update { .. } | Verb::Delete { .. } | Verb::Create { .. }, _) => None,
    };
    if let (Some(step), Some(now)) = (landed, now) {
        let written = Written {
            id,
            version: now.version,
            modified: Timestamp::from_microsecond(now.modified).unwrap_or_default(),
            raw: Some(now.raw.into()),
        };
        done(session, db, row.run, &step, &Value::Null, &written)?;
        found.count(&step, Settled::Done);
    }
    mark_dirty_for(session, db, &row.step)?;
    Store::settle_row(db, row.id)
}

/// The part of an update that these rules are. The others are planned afresh.
fn only(session: &Session, step: &Step, rules: &BTreeSet<usize>) -> Step {
    let mut step = step.clone();
    if let Verb::Update { patch, .. } = &mut step.verb {
        if patch.len() == rules.len() {
            return step;
        }
        patch.retain(|rule, _| rules.contains(rule));
    }
    let all: Vec<usize> = step.learn.iter().map(|(rule, _)| rule).collect();
    all.into_iter().filter(|rule| !rules.contains(rule)).for_each(|rule| step.learn.remove(rule));
    let field = |rule: &usize| session.mapping.rules().get(*rule).map(|spec| spec.zoho.as_str());
    let fields: BTreeSet<&str> = rules.iter().filter_map(field).collect();
    step.fields.retain(|note| fields.contains(note.field.as_str()));
    step
}

/// Everything the step was about is planned afresh.
fn mark_dirty_for(session: &Session, db: &Db, step: &Step) -> Result<(), StoreError> {
    let ids = known_ids(db, step)?;
    for side in Side::BOTH {
        if let Some(id) = &ids[side] {
            Store::mark_dirty_for(db, session.sync.id, side, id)?;
        }
    }
    Ok(())
}

/// Google: a complete list, without a sync token, is searched for our marks.
async fn google_creates(
    session: &Session,
    rows: &[&&JournalRow],
    out: &mut Applied,
) -> Result<(), RunError> {
    let mut wanted: BTreeMap<RecordId, &JournalRow> = BTreeMap::new();
    for row in rows {
        let ids = session.store.read(|db| known_ids(db, &row.step))?;
        if let Some(zoho) = ids.zoho {
            wanted.insert(zoho, row);
        }
    }
    let mut found = Vec::new();
    let mut on_page = |page: PeoplePage| {
        for read in page.people {
            let Some(record) = session.parse(Side::Google, &read.raw) else { continue };
            let ours = record.marks.iter().find(|mark| {
                mark.org == session.zoho_grant.org
                    && mark.module == session.module()
                    && wanted.contains_key(&mark.zoho_id)
            });
            if let Some(mark) = ours {
                found.push((mark.zoho_id.clone(), read));
            }
        }
        Ok(())
    };
    session.google.plain_list(&mut on_page).await.of(Side::Google)?;
    session
        .store
        .write(|db| {
            for (zoho, read) in &found {
                let Some(row) = wanted.remove(zoho) else { continue };
                Store::overwrite(
                    db,
                    session.sync.ledger,
                    Place::Google,
                    &person(session, read),
                    0,
                    session.now() + QUIET,
                )?;
                let written = Written::from(read.clone());
                done(session, db, row.run, &row.step, &Value::Null, &written)?;
                out.count(&row.step, Settled::Done);
                clean_pair(session, db, &row.step)?;
                Store::mark_dirty_for(db, session.sync.id, Side::Google, &read.id)?;
                Store::settle_row(db, row.id)?;
            }
            for row in wanted.values().filter(|row| session.now() >= row.at + QUIET) {
                mark_dirty_for(session, db, &row.step)?;
                Store::settle_row(db, row.id)?;
            }
            Ok(())
        })
        .map_err(RunError::from)
}

/// Zoho: the records this user made since then, compared by payload. COQL reads its own writes, so
/// one that is not among them was never made.
async fn zoho_creates(
    session: &Session,
    rows: &[&&JournalRow],
    out: &mut Applied,
) -> Result<(), RunError> {
    let since = rows.iter().filter_map(|row| row.since.parse::<Timestamp>().ok()).min();
    let module = session.module();
    let mut found: Vec<Received> = session
        .zoho
        .created_since(
            module,
            session.zoho_fields(),
            since.unwrap_or(Timestamp::UNIX_EPOCH),
            &session.zoho_grant.user,
        )
        .await
        .of(Side::Zoho)?;
    session
        .store
        .write(|db| {
            let place = Place::Zoho(module);
            found.retain(|read| {
                Store::link_of(db, session.sync.id, Side::Zoho, &read.id)
                    .is_ok_and(|link| link.is_none())
            });
            for row in rows {
                let Verb::Create { card } = &row.step.verb else { continue };
                let same = |read: &Received| {
                    session.parse(Side::Zoho, &read.raw).is_some_and(|made| {
                        let known = |rule: &usize| !made.unread.contains(rule);
                        (0..session.mapping.rules().len()).filter(known).all(|rule| {
                            session.mapping.same(rule, made.card.get(rule), card.get(rule))
                        })
                    })
                };
                let place_in_list = found.iter().position(same);
                match place_in_list.map(|index| found.swap_remove(index)) {
                    Some(read) => {
                        let reading = record(session, &read, session.rules.view.as_deref());
                        Store::overwrite(db, session.sync.ledger, place, &reading, 0, 0)?;
                        let written = Written {
                            id: read.id.clone(),
                            version: read.version.clone(),
                            modified: read.modified,
                            raw: None,
                        };
                        let body: Value = serde_json::from_str(&read.raw)?;
                        done(session, db, row.run, &row.step, &body, &written)?;
                        out.count(&row.step, Settled::Done);
                        clean_pair(session, db, &row.step)?;
                        Store::mark_dirty_for(db, session.sync.id, Side::Zoho, &read.id)?;
                    }
                    None => mark_dirty_for(session, db, &row.step)?,
                }
                Store::settle_row(db, row.id)?;
            }
            Ok(())
        })
        .map_err(RunError::from)
}
