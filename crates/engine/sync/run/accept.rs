//! What a plan teaches the ledger without a write.

use std::collections::BTreeSet;

use renraku_core::contact::{Pair, RecordId, Side};
use renraku_core::matching::Reason;
use renraku_core::plan::{About, LedgerUpdate, Plan, Suspended, duplicate_key};
use renraku_core::seen::Seen;
use renraku_store::{Db, LinkRow, NewLink, Store, StoreError};

use crate::sync::lost;
use crate::sync::session::Session;

/// The ledger takes note of everything that needs no write, in one transaction. Answers how many pairs
/// were linked.
pub(super) fn accept(
    session: &Session,
    plan: &Plan,
    idle: &[(Side, String)],
    touched: &BTreeSet<(Side, String)>,
) -> Result<u32, StoreError> {
    let sync = session.sync.id;
    session.store.write(|db| {
        lost::spread(session, db)?;
        plan.ledger_updates
            .iter()
            .try_for_each(|ledger_update| believe(session, db, ledger_update))?;
        plan.inherited.iter().try_for_each(|inheritance| Store::inherit(db, sync, inheritance))?;
        for (side, id) in plan.quiet.iter().chain(idle) {
            Store::clear_dirty(db, sync, *side, id)?;
        }
        plan.agreed.iter().try_for_each(|step| lost::agree(db, sync, step))?;
        close_questions(session, db, plan, touched)?;
        plan.questions.iter().try_for_each(|question| Store::ask(db, sync, question))?;
        lost::tend(session, db)
    })?;
    let linked = plan
        .ledger_updates
        .iter()
        .filter(|ledger_update| matches!(ledger_update, LedgerUpdate::Link { .. }));
    Ok(u32::try_from(linked.count()).unwrap_or(u32::MAX))
}

fn believe(session: &Session, db: &Db, ledger_update: &LedgerUpdate) -> Result<(), StoreError> {
    let sync = session.sync.id;
    match ledger_update {
        LedgerUpdate::Link { ids, by, learn, seen, differs, fresh, doubted, suspended, .. } => {
            let mut base = Pair::default();
            session.learn(&mut base, learn);
            let link = NewLink {
                ids: ids.clone(),
                base,
                seen: seen.clone(),
                sent: None,
                differs: differs.clone(),
                fresh: *fresh,
                doubted: *doubted,
                suspended: *suspended,
                by: Some(*by),
            };
            decided_about(db, sync, ids, *by, *suspended)?;
            Store::insert_link(db, sync, &link).map(|_| ())
        }
        LedgerUpdate::Learn { link, learn, seen, sent, differs, fresh } => edit(db, *link, |row| {
            session.learn(&mut row.base, learn);
            row.seen.clone_from(seen);
            row.sent.clone_from(sent);
            row.differs.clone_from(differs);
            row.fresh = *fresh;
        }),
        LedgerUpdate::Suspend { link, reason } => {
            edit(db, *link, |row| row.suspended = *reason)?;
            match reason {
                None => lost::forget_decisions(db, sync, *link, None),
                Some(_) => Ok(()),
            }
        }
        LedgerUpdate::End { link } => Store::end_link(db, *link),
        LedgerUpdate::Stop { link } => edit(db, *link, |row| row.stopped = true),
        LedgerUpdate::Move { link, side, to } => {
            if let Some(row) = Store::link(db, *link)? {
                Store::move_left_out(db, sync, *side, &row.ids[*side], to)?;
            }
            edit(db, *link, |row| {
                row.ids[*side].clone_from(to);
                match side {
                    Side::Google => row.seen = Seen::default(),
                    Side::Zoho => row.sent = None,
                }
            })?;
            Store::mark_dirty_for(db, sync, *side, to)
        }
    }
}

/// Who is the counterpart of a contact that was left out is left out too. Whom the person linked does no
/// longer stay as it was beside others.
fn decided_about(
    db: &Db,
    sync: i64,
    ids: &Pair<RecordId>,
    by: Reason,
    suspended: Option<Suspended>,
) -> Result<(), StoreError> {
    for side in Side::BOTH {
        if suspended == Some(Suspended::LeftOut) {
            Store::leave_out(db, sync, side, &ids[side])?;
        } else if by == Reason::Decided {
            Store::forget_question(db, sync, &duplicate_key(side, &ids[side]))?;
        }
    }
    Ok(())
}

/// Questions about the contacts that were looked at, which this plan asks no more, are over.
fn close_questions(
    session: &Session,
    db: &Db,
    plan: &Plan,
    touched: &BTreeSet<(Side, String)>,
) -> Result<(), StoreError> {
    let sync = session.sync.id;
    let asked: BTreeSet<&str> = plan.questions.iter().map(|q| q.key.as_str()).collect();
    for row in Store::questions_about(db, sync, touched)? {
        let open = row.chosen.is_none();
        // Asked by a write, not by a plan: they stay until the person has decided.
        let lasting =
            open && matches!(row.question.about, About::Frozen { .. } | About::UndoLeft { .. });
        if lasting || asked.contains(row.question.key.as_str()) {
            continue;
        }
        match open && matches!(row.question.about, About::Refused { .. }) {
            true => Store::put_aside(db, sync, &row.question.key)?,
            false => Store::close_question(db, sync, &row.question.key)?,
        }
    }
    Ok(())
}

fn edit(db: &Db, link: i64, change: impl FnOnce(&mut LinkRow)) -> Result<(), StoreError> {
    if let Some(mut row) = Store::link(db, link)? {
        change(&mut row);
        Store::save_link(db, &row)?;
    }
    Ok(())
}
