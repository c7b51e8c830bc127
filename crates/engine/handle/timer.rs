//! The timer: runs each sync when it is due, while the app is open.
//!
//! It sleeps until the next due time and looks at the wall clock when it wakes, never trusting the
//! length of the sleep: a computer that was asleep, or whose clock was changed, finds an overdue
//! sync once and runs it once, after a short delay for the network to come up.

use std::sync::atomic::Ordering;
use std::time::Duration;

use chrono::TimeDelta;
use renraku_core::contact::{Module, Side};
use renraku_core::timestamp::Timestamp;
use renraku_store::{Standing, SyncRow};
use tokio::time::Instant;

use crate::api::{Event, Failure, FailureCode, Run};
use crate::handle::engine::Engine;

/// The longest sleep: monotonic clocks stand still while a computer sleeps.
const LONGEST: Duration = Duration::from_secs(60);

/// How late a sync must be before it counts as missed in sleep.
const OVERDUE: TimeDelta = TimeDelta::seconds(90);

/// What a computer gets after waking, before the network is asked.
const WAKE_UP: Duration = Duration::from_secs(10);

/// How soon it is noticed that another program, such as the command line, changed something, while somebody
/// looks or a sign-in is waited for.
const NOTICED: Duration = Duration::from_secs(2);

/// How many first pauses lie between two looks for a token that the keychain did not hold: a minute.
const BETWEEN_LOOKS: u32 = 120;

/// How many looks are left out after one that the keychain did not answer: it may ask for its password
/// each time.
const UNANSWERED: u32 = 15;

/// The longest pause after a run that a service could not be reached for, or was asked to wait.
const RETRY: TimeDelta = TimeDelta::minutes(15);

/// By how much a clock may be set back without anything being made of it.
const SET_BACK: TimeDelta = TimeDelta::minutes(1);

/// The setting that says how long the timer rests: it outlives the app.
const REST: &str = "rest";

/// How long the timer rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Until this time.
    Time(Timestamp),
    /// Until the person resumes it.
    Resumed,
}

impl Until {
    fn written(self) -> String {
        match self {
            Until::Time(at) => at.to_string(),
            Until::Resumed => "resumed".to_owned(),
        }
    }

    fn read(text: &str) -> Option<Until> {
        if text == "resumed" { Some(Until::Resumed) } else { text.parse().ok().map(Until::Time) }
    }

    fn is_over(self, now: Timestamp) -> bool {
        match self {
            Until::Time(at) => at <= now,
            Until::Resumed => false,
        }
    }
}

/// The timer. It stops when it is dropped.
pub struct Timer(tokio::task::JoinHandle<()>);

impl Drop for Timer {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Engine {
    /// Starts the timer. Must be called inside a Tokio runtime.
    #[must_use]
    pub fn start_timer(&self) -> Timer {
        Timer(tokio::spawn(keep_time(self.clone())))
    }

    /// Whether somebody looks at how things stand: then the timer notices soon what another program
    /// changes. Otherwise a look a minute is enough.
    pub fn watch(&self, watched: bool) {
        if self.inner.watched.swap(watched, Ordering::Relaxed) != watched && watched {
            // The timer sleeps for shorter from now on.
            self.tell(Event::Changed);
        }
    }

    /// Rests the timer, also after a restart; a run under way is not disturbed.
    ///
    /// # Errors
    /// [`FailureCode::Store`].
    pub fn pause(&self, until: Until) -> Result<(), Failure> {
        self.set_setting(REST, &until.written())
    }

    /// Lets the timer go on.
    ///
    /// # Errors
    /// [`FailureCode::Store`].
    pub fn resume(&self) -> Result<(), Failure> {
        self.set_setting(REST, "")
    }

    /// Whether the timer rests now, and how long.
    ///
    /// # Errors
    /// [`FailureCode::Store`].
    pub fn resting(&self) -> Result<Option<Until>, Failure> {
        let now = (self.inner.clock)();
        let kept = self.setting(REST)?;
        Ok(kept.as_deref().and_then(Until::read).filter(|until| !until.is_over(now)))
    }

    /// The sync that is due next, and when.
    fn next_due(&self) -> Result<Option<(Timestamp, Module)>, Failure> {
        for side in Side::BOTH {
            if !matches!(self.grant(side)?, Some((_, Standing::Connected))) {
                return Ok(None);
            }
        }
        let mut due = Vec::new();
        for row in self.sync_rows()? {
            due.extend(self.next_run(&row)?.map(|at| (at, row.setup.module)));
        }
        Ok(due.into_iter().min())
    }

    /// Whether an account waits for somebody to sign in again.
    pub(crate) fn is_signed_out(&self) -> bool {
        let stands = |side| self.grant(side).ok().flatten().map(|(_, standing)| standing);
        Side::BOTH.into_iter().any(|side| stands(side) == Some(Standing::SignedOut))
    }

    /// When the timer runs a sync next.
    pub(crate) fn next_run(&self, row: &SyncRow) -> Result<Option<Timestamp>, Failure> {
        // What was cut off is taken up by the run that is under way.
        let running = self.running_mut().contains(&row.setup.module);
        let last_run = if running { None } else { self.last_run(row)? };
        Ok(next_run(row, last_run.as_ref(), (self.inner.clock)()))
    }
}

/// When a sync runs next: after its frequency, counted from the end of the last run, sooner where
/// that run was stopped by something that passes, and at once where it was cut off or found an account
/// signed out. A last run in the
/// future was before the clock was set back: the sync is due at once, or it would wait until the
/// clock has caught up.
fn next_run(row: &SyncRow, last_run: Option<&Run>, now: Timestamp) -> Option<Timestamp> {
    if !row.enabled || !row.approved || row.setup.frequency_minutes == 0 {
        return None;
    }
    // Only connected accounts are asked for: whoever was signed out has signed in again.
    let resumes =
        |run: &Run| run.finished_at.is_none() || run.failure == Some(FailureCode::SignedOut);
    if last_run.is_some_and(resumes) {
        return Some(now);
    }
    let last: Timestamp = row.last_attempt_at.as_ref()?.parse().ok()?;
    if last.duration_since(now) > SET_BACK {
        return Some(now);
    }
    let frequency = TimeDelta::minutes(i64::from(row.setup.frequency_minutes));
    let passes = last_run.and_then(|run| run.failure).is_some_and(FailureCode::passes);
    last.checked_add(if passes { frequency.min(RETRY) } else { frequency })
}

/// What the timer does next.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    /// A run was missed: give the network a moment.
    WakeUp,
    /// Run this sync.
    Run(Module),
    /// The rest is over: let everybody know.
    EndRest,
    /// Nothing for so long.
    Sleep(Duration),
}

/// Decides it; `awake` says that the network had its moment.
fn step(
    now: Timestamp,
    rest: Option<Until>,
    due: Option<(Timestamp, Module)>,
    awake: bool,
) -> Step {
    let until = |at: Timestamp| Step::Sleep(now.time_until(at).min(LONGEST));
    match (rest, due) {
        (Some(rest), _) if rest.is_over(now) => Step::EndRest,
        (Some(Until::Time(at)), _) => until(at),
        (Some(Until::Resumed), _) | (None, None) => Step::Sleep(LONGEST),
        (None, Some((at, _))) if at > now => until(at),
        (None, Some((at, _))) if now.duration_since(at) > OVERDUE && !awake => Step::WakeUp,
        (None, Some((_, module))) => Step::Run(module),
    }
}

async fn keep_time(engine: Engine) {
    let mut events = engine.events();
    engine.go_on_with_undos().await;
    let mut awake = false;
    let mut seen = engine.inner.store.state().ok();
    let mut look_at = Instant::now();
    loop {
        if engine.is_signed_out() && look_at <= Instant::now() {
            // Whoever was signed out for want of a token goes on once the keychain has it again.
            let answered = engine.look_for_tokens().await.unwrap_or(false);
            let looks = if answered { 1 } else { UNANSWERED };
            look_at = Instant::now() + engine.inner.pause * BETWEEN_LOOKS * looks;
        }
        // Another process may have signed in, or have run a sync: nobody here was told.
        let state = engine.inner.store.state().ok();
        if std::mem::replace(&mut seen, state) != state {
            engine.tell(Event::Changed);
        }
        let now = (engine.inner.clock)();
        let rest = engine.setting(REST).ok().flatten().as_deref().and_then(Until::read);
        let due = engine.next_due().ok().flatten();
        let mut wait = LONGEST;
        match step(now, rest, due, awake) {
            Step::WakeUp => {
                tokio::time::sleep(WAKE_UP).await;
                awake = true;
                continue;
            }
            Step::EndRest => {
                if engine.resume().is_ok() {
                    continue;
                }
            }
            Step::Run(module) => {
                // How it ended is in the history and in the events.
                let _ = engine.due(module).await;
                while events.try_recv().is_ok() {}
                // A run that could not even begin is not due again at once.
                let due = engine.next_due().ok().flatten();
                if due.is_none_or(|(at, _)| at > (engine.inner.clock)()) {
                    awake = false;
                    continue;
                }
            }
            Step::Sleep(time) => wait = time,
        }
        awake = false;
        if engine.is_signed_out() || engine.inner.watched.load(Ordering::Relaxed) {
            wait = wait.min(NOTICED);
        }
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = changed(&mut events) => {}
        }
    }
}

/// Waits until syncs, accounts or settings changed.
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

#[cfg(test)]
mod tests {
    use renraku_core::setup::Setup;

    use super::*;
    use crate::api::Outcome;

    fn at(text: &str) -> Timestamp {
        format!("2026-11-22T{text}Z").parse().unwrap()
    }

    #[test]
    fn what_the_timer_does_next() {
        let now = at("10:00:00");
        let check =
            |rest: Option<Until>, due: Option<&str>, awake: bool, expected: Step, why: &str| {
                let due = due.map(|text| (at(text), Module::Leads));
                assert_eq!(step(now, rest, due, awake), expected, "{why}");
            };
        let sleep = |seconds| Step::Sleep(Duration::from_secs(seconds));
        let run = || Step::Run(Module::Leads);
        let until = |text: &str| Some(Until::Time(at(text)));
        check(None, None, false, sleep(60), "nothing is set up");
        check(None, Some("10:00:25"), false, sleep(25), "due in a moment");
        check(None, Some("11:00:00"), false, sleep(60), "never a long sleep: computers sleep too");
        check(None, Some("10:00:00"), false, run(), "due");
        check(None, Some("09:59:00"), false, run(), "a little late is due");
        check(None, Some("03:00:00"), false, Step::WakeUp, "missed in sleep: the network first");
        check(None, Some("03:00:00"), true, run(), "and then it runs");
        check(until("10:00:20"), Some("09:59:00"), false, sleep(20), "a rest outlasts a due run");
        check(until("12:00:00"), Some("03:00:00"), true, sleep(60), "a rest begun while waking");
        check(until("10:00:00"), Some("09:59:00"), false, Step::EndRest, "the rest is over");
        check(until("03:00:00"), None, false, Step::EndRest, "it was over in sleep");
        check(Some(Until::Resumed), Some("03:00:00"), true, sleep(60), "no end of its own");
    }

    fn row(frequency: u32, last: Option<&str>) -> SyncRow {
        SyncRow {
            id: 1,
            ledger: 1,
            setup: Setup { frequency_minutes: frequency, ..Setup::new(Module::Contacts) },
            rules: String::new(),
            enabled: true,
            approved: true,
            first_done: true,
            narrowed: false,
            last_synced_at: None,
            last_attempt_at: last.map(|text| at(text).to_string()),
            waiting: 0,
            renewed: None,
        }
    }

    fn failed(failure: FailureCode) -> Run {
        let mut run = Run::begun(Module::Contacts, String::new());
        run.outcome = Outcome::Failed;
        run.failure = Some(failure);
        run.finished_at = Some(at("09:50:00").to_string());
        run
    }

    #[test]
    fn when_a_sync_runs_next() {
        let now = at("10:00:00");
        let check =
            |row: &SyncRow, failure: Option<FailureCode>, expected: Option<&str>, why: &str| {
                let run = failure.map(failed);
                assert_eq!(next_run(row, run.as_ref(), now), expected.map(at), "{why}");
            };
        let hourly = row(60, Some("09:50:00"));
        check(&hourly, None, Some("10:50:00"), "its frequency after the last run's end");
        check(&hourly, Some(FailureCode::Rights), Some("10:50:00"), "what does not pass waits");
        check(&hourly, Some(FailureCode::Offline), Some("10:05:00"), "offline: soon again");
        check(&hourly, Some(FailureCode::Throttled), Some("10:05:00"), "a quota: soon again");
        check(&hourly, Some(FailureCode::SignedOut), Some("10:00:00"), "signed in again: at once");
        let asked = row(0, Some("09:50:00"));
        check(&asked, Some(FailureCode::SignedOut), None, "signed in again: only when asked");
        check(
            &row(5, Some("09:50:00")),
            Some(FailureCode::Offline),
            Some("09:55:00"),
            "never later than without the failure",
        );
        check(&row(60, Some("10:00:40")), None, Some("11:00:40"), "a clock that was trimmed");
        check(&row(60, Some("18:00:00")), None, Some("10:00:00"), "a clock that was set back");
        check(&row(0, Some("09:50:00")), None, None, "only when asked");
        check(&row(60, None), None, None, "before the first run");
        let cut = Run::begun(Module::Contacts, String::new());
        for (row, expected, why) in [
            (&hourly, Some("10:00:00"), "what was cut off goes on at once"),
            (&row(60, None), Some("10:00:00"), "a first run too"),
            (&row(0, None), None, "only when asked"),
        ] {
            assert_eq!(next_run(row, Some(&cut), now), expected.map(at), "{why}");
        }
        check(&SyncRow { enabled: false, ..hourly.clone() }, None, None, "turned off");
        check(&SyncRow { approved: false, ..hourly }, None, None, "the plan is not approved");
    }

    #[test]
    fn a_rest_is_written_as_it_is_read() {
        for until in [Until::Resumed, Until::Time(at("10:00:00"))] {
            assert_eq!(Until::read(&until.written()), Some(until));
        }
        assert_eq!(Until::read(""), None, "resumed");
        assert_eq!(Until::read("tomorrow"), None, "what cannot be read is no rest");
    }
}
