//! The note of an undo that is under way. It is noted before it writes anything, so that one that was
//! cut off, as the program was closed or the computer went off, goes on where it stopped.

use renraku_core::contact::Module;
use renraku_store::{Store, StoreError, SyncRow};
use serde::{Deserialize, Serialize};

use crate::api::Run;
use crate::sync::session::Session;

/// An undo that has begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Begun {
    /// The run that it undoes.
    pub(crate) run: u32,
    /// The one contact that it is about, by its id; none where it is the whole run.
    pub(crate) contact: Option<String>,
    /// Its own number in the history; none as long as it has none.
    pub(crate) number: Option<i64>,
}

/// Where it is noted which undo of a module is under way.
pub(super) fn feed(module: Module) -> String {
    format!("undo:{}", module.api_name())
}

/// The undo of a sync that was cut off, unless nobody knows any more what it was to put back.
pub(crate) fn cut_off(store: &Store, sync: &SyncRow) -> Result<Option<Begun>, StoreError> {
    let feed = feed(sync.setup.module);
    let Some(text) = store.cursor(sync.ledger, &feed)? else { return Ok(None) };
    let begun: Option<Begun> = serde_json::from_str(&text).ok();
    let known = |run: i64| Ok::<_, StoreError>(store.run(run)?.is_some());
    match begun {
        Some(begun) if known(i64::from(begun.run))? => Ok(Some(begun)),
        Some(_) | None => {
            store.write(|db| Store::put_cursor(db, sync.ledger, &feed, None))?;
            Ok(None)
        }
    }
}

/// Notes that an undo begins, or goes on, under its number.
pub(super) fn begin(session: &Session, begun: &Begun, report: &mut Run) -> Result<i64, StoreError> {
    let store = &session.store;
    let number = match begun.number {
        Some(number) => number,
        None => store.begin_run(session.sync.id, report, Some(i64::from(begun.run)))?,
    };
    report.run = u32::try_from(number).unwrap_or(u32::MAX);
    if let Some(before) = store.run(number)?.filter(|_| begun.number.is_some()) {
        report.started_at = before.report.started_at;
    }
    let noted = serde_json::to_string(&Begun { number: Some(number), ..begun.clone() })?;
    store.write(|db| {
        Store::report_run(db, number, report, true)?;
        let feed = feed(session.module());
        Store::put_cursor(db, session.sync.ledger, &feed, Some(&noted))
    })?;
    Ok(number)
}
