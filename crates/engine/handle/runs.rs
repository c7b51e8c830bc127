//! Runs, as somebody asks for them.

use renraku_core::contact::{Module, Side};

use crate::api::{Event, Failure, FailureCode, Run, Runs};
use crate::handle::engine::Engine;
use crate::sync::run::run;
use crate::sync::session::RunMode;
use crate::sync::stop::Stop;

impl Engine {
    /// What runs would write; nothing is written anywhere.
    ///
    /// # Errors
    /// As every run.
    pub async fn preview(&self, module: Option<Module>) -> Result<Runs, Failure> {
        self.run_all(module, RunMode::Preview).await
    }

    /// Runs now; with no module, all syncs that are turned on.
    ///
    /// # Errors
    /// Where nothing could be begun, or an account must be connected again; every other end is in
    /// the answer.
    pub async fn sync(&self, module: Option<Module>, approve_held: bool) -> Result<Runs, Failure> {
        self.run_all(module, if approve_held { RunMode::Approved } else { RunMode::Sync }).await
    }

    /// As [`Engine::sync`] of one module, begun by the timer.
    pub(crate) async fn due(&self, module: Module) -> Result<Runs, Failure> {
        self.run_all(Some(module), RunMode::Due).await
    }

    async fn run_all(&self, module: Option<Module>, mode: RunMode) -> Result<Runs, Failure> {
        if self.is_signed_out() {
            // Perhaps only for want of a token, which is there again.
            self.without_token().await?;
        }
        let modules: Vec<Module> = match module {
            Some(module) => vec![self.sync_row(module)?.setup.module],
            None => {
                let rows = self.sync_rows()?;
                if rows.is_empty() {
                    return Err(self.nothing_set_up());
                }
                rows.into_iter().filter(|row| row.enabled).map(|row| row.setup.module).collect()
            }
        };
        let mut runs = Vec::new();
        let stop = Stop::from_now(&self.inner.stops);
        for module in modules {
            if !stop.is_asked() {
                runs.push(self.run_one(module, mode, &stop).await?);
            }
        }
        Ok(Runs { runs })
    }

    /// Why there is nothing to run: an account is missing, or these two have no sync yet.
    fn nothing_set_up(&self) -> Failure {
        let missing = Side::BOTH.into_iter().find_map(|side| self.connected(side).err());
        missing.unwrap_or_else(|| Failure::new(FailureCode::Invalid, "error-nothing-set-up"))
    }

    async fn run_one(&self, module: Module, mode: RunMode, stop: &Stop) -> Result<Run, Failure> {
        let _slot = self.slot().await?;
        if mode != RunMode::Preview {
            self.go_on_with_undo(module, stop).await?;
        }
        let result = self.at_work(module, self.run_alone(module, mode, stop)).await;
        if result.as_ref().is_err_and(|failure| failure.code == FailureCode::SignedOut) {
            self.without_token().await?;
        }
        result
    }

    /// Does the work of one module's sync: meanwhile it is under way for everybody who asks, and then,
    /// however the work ended, no longer.
    pub(crate) async fn at_work(
        &self,
        module: Module,
        work: impl Future<Output = Result<Run, Failure>>,
    ) -> Result<Run, Failure> {
        let mut under_way = UnderWay::begin(self, module);
        let mut ended = work.await;
        if let Ok(run) = &mut ended {
            under_way.ends_with = Event::Finished(run.brief());
        }
        ended
    }

    async fn run_alone(&self, module: Module, mode: RunMode, stop: &Stop) -> Result<Run, Failure> {
        // The row is read inside the slot: another process may just have changed it.
        let sync = self.sync_row(module)?;
        if !sync.enabled && mode != RunMode::Preview {
            let off = Failure::new(FailureCode::Invalid, "error-sync-off");
            return Err(off.with("module", module.api_name()));
        }
        let mut session = self.session(sync, stop.clone())?;
        run(&mut session, mode).await.map(|report| self.spoken(report))
    }

    /// Stops the run under way, and those that were asked for with it. What was written stays
    /// written, and what is left is done by the next run.
    pub fn stop(&self) {
        self.inner.stops.send_modify(|stops| *stops += 1);
    }
}

/// While it lives, the sync of this module is under way. Its end is told, be it that nobody waits for it any
/// more.
struct UnderWay<'a> {
    engine: &'a Engine,
    module: Module,
    ends_with: Event,
}

impl UnderWay<'_> {
    fn begin(engine: &Engine, module: Module) -> UnderWay<'_> {
        engine.running_mut().insert(module);
        engine.tell(Event::Changed);
        UnderWay { engine, module, ends_with: Event::Changed }
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.engine.running_mut().remove(&self.module);
        self.engine.tell(std::mem::replace(&mut self.ends_with, Event::Changed));
    }
}
