//! Undo, as somebody asks for it.

use renraku_core::contact::Module;
use renraku_store::ChangeRow;

use crate::api::{ContactId, Failure, FailureCode, Run};
use crate::handle::engine::Engine;
use crate::sync::session::Session;
use crate::sync::stop::Stop;
use crate::sync::undo::begun::{Begun, cut_off};
use crate::sync::undo::carry_out::carry_out;
use crate::sync::undo::fold::fold;
use crate::sync::undo::preview::show;

impl Engine {
    /// The id under which a run's changes know a contact: also the list's name of it, such as
    /// `Contacts:12`, is taken.
    fn written_id(&self, run: u32, contact: &str) -> Result<String, Failure> {
        let undone = self.known_run(run)?;
        Ok(match ContactId::parse(contact) {
            Some(named) if named.module == undone.module => named.id,
            Some(_) | None => contact.to_owned(),
        })
    }

    fn undoing(
        &self,
        run: u32,
        contact: Option<&str>,
        stop: Stop,
    ) -> Result<(Session, Vec<ChangeRow>), Failure> {
        let undone = self.known_run(run)?;
        let changes = self.inner.store.whole_changes(i64::from(run))?;
        let changes = fold(changes, contact);
        if let Some(contact) = contact.filter(|_| changes.is_empty()) {
            let nothing = Failure::new(FailureCode::Invalid, "error-no-change");
            return Err(nothing.with("run", run).with("contact", contact));
        }
        Ok((self.session(self.sync_row(undone.module)?, stop)?, changes))
    }

    /// What [`Engine::undo`] would do now; nothing is written.
    ///
    /// # Errors
    /// As [`Engine::undo`].
    pub async fn undo_preview(&self, run: u32, contact: Option<&str>) -> Result<Run, Failure> {
        let _slot = self.slot().await?;
        let contact = contact.map(|contact| self.written_id(run, contact)).transpose()?;
        let (mut session, changes) =
            self.undoing(run, contact.as_deref(), Stop::from_now(&self.inner.stops))?;
        let module = session.module();
        let preview = async {
            let mut report = crate::sync::report::blank(&session, session.stamp());
            report.undo = true;
            report.preview = true;
            show(&mut session, &changes, &mut report).await?;
            report.finished_at = Some(session.stamp());
            Ok(self.spoken(report))
        };
        self.at_work(module, preview).await
    }

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
        if let Some(cut_off) = cut_off(&self.inner.store, &self.sync_row(module)?)? {
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
            let Ok(Some(_)) = cut_off(&self.inner.store, &sync) else { continue };
            let Ok(_slot) = self.slot().await else { continue };
            // How it ended is in the history; what could not even begin is begun by the next run.
            let _ = self.go_on_with_undo(sync.setup.module, &stop).await;
        }
    }

    /// Goes on with an undo of a module's sync that was cut off; inside the run slot.
    pub(crate) async fn go_on_with_undo(&self, module: Module, stop: &Stop) -> Result<(), Failure> {
        match cut_off(&self.inner.store, &self.sync_row(module)?)? {
            Some(begun) => self.put_back(&begun, stop.clone()).await.map(|_| ()),
            None => Ok(()),
        }
    }

    async fn put_back(&self, begun: &Begun, stop: Stop) -> Result<Run, Failure> {
        let (mut session, _) = self.undoing(begun.run, begun.contact.as_deref(), stop)?;
        let module = session.module();
        let work = async { carry_out(&mut session, begun).await.map(|report| self.spoken(report)) };
        self.at_work(module, work).await
    }
}
