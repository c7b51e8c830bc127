//! What can be handed to somebody who helps: how things stand, in counts and states. No name, address
//! or value of a person, no account, no id, no folder: what is not listed here cannot get in.

use renraku_core::contact::Module;
use renraku_core::setup::Direction;
use serde::Serialize;

use crate::api::{Account, Failure, FailureCode, HeldBy, Outcome, Run, Sync, SyncState, Tally};
use crate::handle::engine::Engine;

/// How many runs are told of, the newest.
const RUNS: u32 = 50;

/// What only the app knows, with its window and tray.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Desktop {
    /// Whether a tray is there.
    pub tray: bool,
    /// Whether the timer rests.
    pub paused: bool,
}

#[derive(Serialize)]
struct Support {
    renraku: &'static str,
    system: &'static str,
    processor: &'static str,
    sandbox: bool,
    desktop: Option<Desktop>,
    retention_days: u32,
    zoho: SupportAccount,
    google: SupportAccount,
    syncs: Vec<SupportSync>,
    runs: Vec<SupportRun>,
}

#[derive(Serialize)]
struct SupportAccount {
    connected: bool,
    needs_sign_in: bool,
    data_centre: Option<String>,
    scopes: Vec<String>,
}

impl From<Account> for SupportAccount {
    fn from(account: Account) -> SupportAccount {
        SupportAccount {
            connected: account.connected,
            needs_sign_in: account.needs_sign_in,
            data_centre: account.data_centre,
            scopes: account.scopes,
        }
    }
}

#[derive(Serialize)]
struct SupportSync {
    module: Module,
    enabled: bool,
    direction: Direction,
    state: SyncState,
    last_synced_at: Option<String>,
    complete_as_of: Option<String>,
    next_run_at: Option<String>,
    frequency_minutes: u32,
    linked: u32,
    differ: u32,
    waiting: u32,
    needs_you: u32,
    alarms: usize,
}

impl From<Sync> for SupportSync {
    fn from(sync: Sync) -> SupportSync {
        SupportSync {
            module: sync.module,
            enabled: sync.enabled,
            direction: sync.direction,
            state: sync.state,
            last_synced_at: sync.last_synced_at,
            complete_as_of: sync.complete_as_of,
            next_run_at: sync.next_run_at,
            frequency_minutes: sync.frequency_minutes,
            linked: sync.linked,
            differ: sync.differ,
            waiting: sync.waiting,
            needs_you: sync.needs_you,
            alarms: sync.alarms.len(),
        }
    }
}

#[derive(Serialize)]
struct SupportRun {
    run: u32,
    module: Module,
    started_at: String,
    finished_at: Option<String>,
    outcome: Outcome,
    failure: Option<FailureCode>,
    held: Option<HeldBy>,
    alarm: bool,
    undo: bool,
    stopped: bool,
    /// The key of what it said, without the arguments.
    said: Option<String>,
    zoho: Tally,
    google: Tally,
    matched: u32,
    conflicts: u32,
    review: u32,
    failed: u32,
    waiting: u32,
    differ: u32,
}

impl From<Run> for SupportRun {
    fn from(run: Run) -> SupportRun {
        SupportRun {
            run: run.run,
            module: run.module,
            started_at: run.started_at,
            finished_at: run.finished_at,
            outcome: run.outcome,
            failure: run.failure,
            held: run.held.map(|held| held.reason),
            alarm: run.alarm,
            undo: run.undo,
            stopped: run.stopped,
            said: run.said.map(|said| said.id),
            zoho: run.zoho,
            google: run.google,
            matched: run.matched,
            conflicts: run.conflicts,
            review: run.review,
            failed: run.failed,
            waiting: run.waiting,
            differ: run.differ,
        }
    }
}

impl Engine {
    /// The text of the file for somebody who helps, as JSON to be read before it is handed over.
    ///
    /// # Errors
    /// [`FailureCode::Store`].
    pub fn support(&self, desktop: Option<Desktop>) -> Result<String, Failure> {
        let accounts = self.accounts()?;
        let runs = self.inner.store.runs(RUNS)?;
        let support = Support {
            renraku: env!("CARGO_PKG_VERSION"),
            system: std::env::consts::OS,
            processor: std::env::consts::ARCH,
            sandbox: self.inner.endpoints.identity() != "real",
            desktop,
            retention_days: self.retention()?,
            zoho: accounts.zoho.into(),
            google: accounts.google.into(),
            syncs: self.syncs()?.into_iter().map(SupportSync::from).collect(),
            runs: runs.into_iter().map(|row| row.report.into()).collect(),
        };
        let text = serde_json::to_string_pretty(&support);
        let unreadable =
            |error| Failure::new(FailureCode::Failed, "error-unexpected").with("detail", error);
        let text = text.map_err(unreadable)?;
        Ok(text + "\n")
    }
}
