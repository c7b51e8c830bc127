//! An undo from its beginning to its end. It is noted before it writes anything, so that one that was
//! cut off, as the program was closed or the computer went off, goes on where it stopped.

use renraku_core::contact::Module;
use renraku_store::{Store, StoreError, SyncRow};
use serde::{Deserialize, Serialize};

use super::work;
use crate::api::{Event, Failure, Run};
use crate::engine::Engine;
use crate::message;
use crate::session::Session;
use crate::stop::Stop;

/// An undo that has begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Begun {
    /// The run that it undoes.
    pub(super) run: u32,
    /// The one contact that it is about, by its id; none where it is the whole run.
    pub(super) contact: Option<String>,
    /// Its own number in the history; none as long as it has none.
    pub(super) number: Option<i64>,
}

/// Where it is noted which undo of a module is under way.
fn feed(module: Module) -> String {
    format!("undo:{}", module.api_name())
}

impl Engine {
    /// Undoes a run, or what it wrote to one contact, named by its id on either side. One that was cut
    /// off before goes on first.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] where there is no such run, or it wrote nothing to the contact; else
    /// as every run.
    pub async fn undo(&self, run: u32, contact: Option<&str>) -> Result<Run, Failure> {
        let stop = Stop::from_now(&self.inner.stops);
        let _slot = self.slot().await?;
        let contact = contact.map(|contact| self.written_id(run, contact)).transpose()?;
        let wanted = Begun { run, contact, number: None };
        let module = self.known_run(run)?.module;
        if let Some(cut_off) = self.cut_off(&self.sync_row(module)?)? {
            let ended = self.put_back(&cut_off, stop.clone()).await?;
            if (Begun { number: None, ..cut_off }) == wanted {
                return Ok(ended);
            }
        }
        self.put_back(&wanted, stop).await
    }

    /// Goes on with the undos that were cut off.
    pub(crate) async fn go_on_with_undos(&self) {
        let stop = Stop::from_now(&self.inner.stops);
        for sync in self.sync_rows().unwrap_or_default() {
            let Ok(Some(_)) = self.cut_off(&sync) else { continue };
            let Ok(_slot) = self.slot().await else { continue };
            // How it ended is in the history; what could not even begin is begun by the next run.
            let _ = self.go_on_with_undo(sync.setup.module, &stop).await;
        }
    }

    /// Goes on with an undo of a module's sync that was cut off; inside the run slot.
    pub(crate) async fn go_on_with_undo(&self, module: Module, stop: &Stop) -> Result<(), Failure> {
        match self.cut_off(&self.sync_row(module)?)? {
            Some(begun) => self.put_back(&begun, stop.clone()).await.map(|_| ()),
            None => Ok(()),
        }
    }

    /// The undo of a sync that was cut off, unless nobody knows any more what it was to put back.
    fn cut_off(&self, sync: &SyncRow) -> Result<Option<Begun>, StoreError> {
        let (store, feed) = (&self.inner.store, feed(sync.setup.module));
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

    async fn put_back(&self, begun: &Begun, stop: Stop) -> Result<Run, Failure> {
        let (mut session, _) = self.undoing(begun.run, begun.contact.as_deref(), stop)?;
        let module = session.module();
        self.running_mut().insert(module);
        self.tell(Event::Changed);
        let ended = carry_out(&mut session, begun).await;
        self.running_mut().remove(&module);
        match ended {
            Ok(report) => {
                let mut report = self.spoken(report);
                self.tell(Event::Finished(report.brief()));
                Ok(report)
            }
            Err(failure) => {
                self.tell(Event::Changed);
                Err(failure)
            }
        }
    }
}

/// Puts back what is to be put back, and closes the report.
async fn carry_out(session: &mut Session, begun: &Begun) -> Result<Run, Failure> {
    let mut report = crate::report::blank(session, session.stamp());
    report.undo = true;
    session.store.end_interrupted(message::interrupted)?;
    let number = begin(session, begun, &mut report)?;
    let result = work(session, begun, number, &mut report).await;
    let ended = crate::report::end(session, number, &mut report, result);
    let (store, ledger) = (&session.store, session.sync.ledger);
    store.write(|db| {
        // What it wrote before it was cut off counts as well.
        Store::count_again(db, number)?;
        Store::put_cursor(db, ledger, &feed(session.module()), None)
    })?;
    ended?;
    let closed = store.run(number)?;
    Ok(closed.map_or(report, |row| row.report))
}

/// Notes that an undo begins, or goes on, under its number.
fn begin(session: &Session, begun: &Begun, report: &mut Run) -> Result<i64, StoreError> {
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
