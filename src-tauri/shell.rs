//! What the shell holds while the app runs: the engine's handle, the timer, the words.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Zoned};
use renraku_core::contact::Side;
use renraku_engine::api::Account;
use renraku_engine::{BrowserChoice, Engine, Failure, FailureCode, Timer};
use serde::{Deserialize, Serialize};
use specta::Type;
use tokio::sync::Notify;

use crate::notify::Episodes;
use crate::preferences::Preferences;
use crate::status::{self, Rest, Status};
use renraku_engine::words::Words;

/// How long the person wants the timer to rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PauseFor {
    /// An hour.
    Hour,
    /// Until eight in the morning of the next day.
    Tomorrow,
    /// Until it is resumed.
    Resumed,
}

/// The pages of the built-in stand-ins, when the app plays against them.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub(crate) struct SandboxPages {
    /// Where Google's contacts can be edited by hand.
    pub(crate) google: String,
    /// Where Zoho's records can be edited by hand.
    pub(crate) zoho: String,
}

/// The engine with what lives as long as it.
pub(crate) struct Running {
    /// The handle.
    pub(crate) engine: Engine,
    /// Runs due syncs while it is held.
    pub(crate) timer: Timer,
    /// Keeps the stand-ins alive.
    pub(crate) sandbox: Option<(renraku_sandbox::Sandbox, SandboxPages)>,
}

/// The app's state; one a process.
pub(crate) struct Shell {
    running: Result<Running, Failure>,
    data_dir: PathBuf,
    preferences: RwLock<Preferences>,
    words: RwLock<Words>,
    rest: Mutex<Rest>,
    episodes: Mutex<Episodes>,
    stop_login: Notify,
}

impl Shell {
    /// The state around an engine, or around the reason why there is none.
    pub(crate) fn new(running: Result<Running, Failure>, data_dir: PathBuf) -> Shell {
        let engine = running.as_ref().ok().map(|r| &r.engine);
        let preferences = engine.map(Preferences::load).unwrap_or_default();
        if let Some(engine) = engine {
            engine.speak(preferences.speaks());
        }
        let syncs = engine.and_then(|e| e.syncs().ok()).unwrap_or_default();
        Shell {
            words: RwLock::new(Words::of(preferences.speaks())),
            preferences: RwLock::new(preferences),
            episodes: Mutex::new(Episodes::running(&syncs)),
            rest: Mutex::new(Rest::None),
            stop_login: Notify::new(),
            running,
            data_dir,
        }
    }

    /// The engine, or why it could not be opened.
    pub(crate) fn engine(&self) -> Result<&Engine, Failure> {
        self.running.as_ref().map(|r| &r.engine).map_err(Clone::clone)
    }

    /// The stand-ins' pages in sandbox mode.
    pub(crate) fn sandbox(&self) -> Option<&SandboxPages> {
        self.running.as_ref().ok()?.sandbox.as_ref().map(|(_, pages)| pages)
    }

    /// Where the database and the logs live.
    pub(crate) fn data_dir(&self) -> String {
        self.data_dir.display().to_string()
    }

    /// The app's settings.
    pub(crate) fn preferences(&self) -> Preferences {
        self.preferences.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Saves the app's settings; the words follow the language at once.
    pub(crate) fn set_preferences(&self, new: Preferences) -> Result<(), Failure> {
        let engine = self.engine()?;
        new.save(engine)?;
        engine.speak(new.speaks());
        *self.words.write().unwrap_or_else(PoisonError::into_inner) = Words::of(new.speaks());
        *self.preferences.write().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(())
    }

    /// Does something with the words of the person's language.
    pub(crate) fn with_words<T>(&self, use_words: impl FnOnce(&Words) -> T) -> T {
        use_words(&self.words.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Signs in to a service; ends early when [`Shell::stop_login`] is called.
    pub(crate) async fn connect(&self, service: Side) -> Result<Account, Failure> {
        let engine = self.engine()?;
        tokio::select! {
            answer = engine.connect(service, BrowserChoice::Open) => answer,
            () = self.stop_login.notified() => Err(Failure {
                code: FailureCode::LoginAborted,
                message: "The sign-in was cancelled. Nothing was changed.".to_owned(),
                id: "error-login-cancelled".to_owned(),
                args: std::collections::BTreeMap::new(),
            }),
        }
    }

    /// Ends a sign-in that waits for the browser.
    pub(crate) fn stop_login(&self) {
        self.stop_login.notify_waiters();
    }

    /// Rests the timer, counted from `now`.
    pub(crate) fn pause(&self, how: PauseFor, now: &Zoned) -> Result<(), Failure> {
        let rest = until(how, now);
        let running = self.running.as_ref().map_err(Clone::clone)?;
        running.timer.pause(match &rest {
            Rest::Until(at) => renraku_engine::Until::Time(at.parse().unwrap_or(Timestamp::MAX)),
            Rest::None | Rest::Resumed => renraku_engine::Until::Resumed,
        });
        *self.rest_mut() = rest;
        Ok(())
    }

    /// Lets the timer go on.
    pub(crate) fn resume(&self) -> Result<(), Failure> {
        self.running.as_ref().map_err(Clone::clone)?.timer.resume();
        *self.rest_mut() = Rest::None;
        Ok(())
    }

    /// Whether the timer rests at `now`.
    pub(crate) fn rest(&self, now: Timestamp) -> Rest {
        let mut rest = self.rest_mut();
        if let Rest::Until(at) = &*rest
            && at.parse::<Timestamp>().is_ok_and(|at| at <= now)
        {
            *rest = Rest::None;
        }
        rest.clone()
    }

    /// What the tray shows now.
    pub(crate) fn status(&self) -> Status {
        let Ok(engine) = self.engine() else { return Status::Error };
        match (engine.accounts(), engine.syncs()) {
            (Ok(accounts), Ok(syncs)) => {
                status::of(&accounts, &syncs, &self.rest(Timestamp::now()))
            }
            (Err(_), _) | (_, Err(_)) => Status::Error,
        }
    }

    /// How many things wait for the person.
    pub(crate) fn needs_you(&self) -> u32 {
        let syncs = self.engine().and_then(Engine::syncs).unwrap_or_default();
        status::needs_you(&syncs)
    }

    /// What was already told to the person.
    pub(crate) fn episodes(&self) -> MutexGuard<'_, Episodes> {
        self.episodes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn rest_mut(&self) -> MutexGuard<'_, Rest> {
        self.rest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The end of a pause that begins at `now`.
fn until(how: PauseFor, now: &Zoned) -> Rest {
    let end = match how {
        PauseFor::Hour => now.checked_add(SignedDuration::from_hours(1)),
        PauseFor::Tomorrow => {
            now.tomorrow().and_then(|day| day.with().time(jiff::civil::time(8, 0, 0, 0)).build())
        }
        PauseFor::Resumed => return Rest::Resumed,
    };
    end.map_or(Rest::Resumed, |end| Rest::Until(end.timestamp().to_string()))
}

/// The time on this machine's clock, in its zone.
pub(crate) fn now() -> Zoned {
    Timestamp::now().to_zoned(TimeZone::system())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_ends_when_it_was_promised() {
        let now: Zoned = "2026-11-22T23:30:00+09:00[Asia/Tokyo]".parse().unwrap();
        let check = |how: PauseFor, expected: Rest, why: &str| {
            assert_eq!(until(how, &now), expected, "{why}");
        };
        let at = |text: &str| Rest::Until(text.to_owned());
        check(PauseFor::Hour, at("2026-11-22T15:30:00Z"), "an hour, over midnight");
        check(PauseFor::Tomorrow, at("2026-11-22T23:00:00Z"), "eight in the morning here");
        check(PauseFor::Resumed, Rest::Resumed, "no end");
    }
}
