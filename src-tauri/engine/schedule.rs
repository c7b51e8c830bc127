//! The timer: runs each sync when it is due, while the app is open.
//!
//! It sleeps until the next due time and looks at the wall clock when it wakes, never trusting the
//! length of the sleep: a computer that was asleep, or whose clock was changed, finds an overdue
//! sync once and runs it once, after a short delay for the network to come up.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use renraku_core::contact::{Module, Side};
use tokio::sync::Notify;

use crate::api::{Event, Failure};
use crate::engine::Engine;
use crate::store::Standing;
use crate::views::next_run;

/// The longest sleep: monotonic clocks stand still while a computer sleeps.
const LONGEST: Duration = Duration::from_secs(60);

/// How late a sync must be before it counts as missed in sleep.
const OVERDUE: i64 = 90;

/// What a computer gets after waking, before the network is asked.
const WAKE_UP: Duration = Duration::from_secs(10);

/// How long the timer rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Until this time.
    Time(Timestamp),
    /// Until the person resumes it.
    Resumed,
}

#[derive(Default)]
struct Shared {
    rest: Mutex<Option<Until>>,
    nudge: Notify,
}

/// The timer. It stops when it is dropped.
pub struct Timer {
    shared: Arc<Shared>,
    task: tokio::task::JoinHandle<()>,
}

impl Timer {
    /// Rests; a run under way is not disturbed.
    pub fn pause(&self, until: Until) {
        self.set(Some(until));
    }

    /// Goes on.
    pub fn resume(&self) {
        self.set(None);
    }

    fn set(&self, rest: Option<Until>) {
        *self.shared.rest.lock().unwrap_or_else(PoisonError::into_inner) = rest;
        self.shared.nudge.notify_one();
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Engine {
    /// Starts the timer. Must be called inside a Tokio runtime.
    #[must_use]
    pub fn start_timer(&self) -> Timer {
        let shared = Arc::new(Shared::default());
        let task = tokio::spawn(keep_time(self.clone(), Arc::clone(&shared)));
        Timer { shared, task }
    }

    /// The sync that is due next, and when.
    fn next_due(&self) -> Result<Option<(Timestamp, Module)>, Failure> {
        for side in Side::BOTH {
            if !matches!(self.grant(side)?, Some((_, Standing::Connected))) {
                return Ok(None);
            }
        }
        let rows = self.sync_rows()?;
        Ok(rows.iter().filter_map(|row| Some((next_run(row)?, row.setup.module))).min())
    }
}

async fn keep_time(engine: Engine, shared: Arc<Shared>) {
    let mut events = engine.events();
    loop {
        let now = (engine.inner.clock)();
        let resting = shared.rest.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(
            |rest| match rest {
                Until::Time(at) => at > now,
                Until::Resumed => true,
            },
        );
        let due = if resting { None } else { engine.next_due().ok().flatten() };
        let wait = match due {
            Some((at, module)) if at <= now => {
                if now.as_second() - at.as_second() > OVERDUE {
                    tokio::time::sleep(WAKE_UP).await;
                }
                // How it ended is in the history and in the events.
                let _ = engine.sync(Some(module), false).await;
                while events.try_recv().is_ok() {}
                // A run that could not even begin is not due again at once.
                match engine.next_due().ok().flatten() {
                    Some((at, _)) if at <= (engine.inner.clock)() => LONGEST,
                    Some(_) | None => continue,
                }
            }
            Some((at, _)) => {
                Duration::try_from(at.duration_since(now)).unwrap_or(LONGEST).min(LONGEST)
            }
            None => LONGEST,
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = shared.nudge.notified() => {}
            () = changed(&mut events) => {}
        }
    }
}

/// Waits until syncs or accounts changed.
async fn changed(events: &mut tokio::sync::broadcast::Receiver<Event>) {
    loop {
        match events.recv().await {
            Ok(Event::Changed | Event::Finished(_))
            | Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => return,
            Ok(Event::Progress(_)) => {}
            Err(tokio::sync::broadcast::error::RecvError::Closed) => {
                std::future::pending::<()>().await;
            }
        }
    }
}
