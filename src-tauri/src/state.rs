//! What the shell holds while the app runs: the engine's handle, the words, what was shown and told.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use chrono::{DateTime, Days, Local, NaiveTime, TimeDelta, TimeZone};
use renraku_core::contact::{Pair, Side};
use renraku_core::timestamp::{Timestamp, on_the_wall};
use renraku_engine::api::{Account, SyncState};
use renraku_engine::catalogue::{Catalogue, Language};
use renraku_engine::{BrowserChoice, Engine, Failure, FailureCode, SignInAs, Timer, Until};
use serde::{Deserialize, Serialize};
use specta::Type;
use tokio::sync::Notify;

use crate::notifications::Episodes;
use crate::preferences::Preferences;
use crate::status::{self, Status};
use crate::tray::menu::{PauseFor, TrayMenu};

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
    pub(crate) _timer: Timer,
    /// Keeps the stand-ins alive.
    pub(crate) sandbox: Option<(renraku_sandbox::Sandbox, SandboxPages)>,
}

impl Running {
    /// Engine and stand-ins speak this language from now on.
    fn speak(&self, language: Language) {
        self.engine.speak(language);
        if let Some((stand_ins, _)) = &self.sandbox {
            stand_ins.control().set_switches(|switches| {
                switches.zoho.language = match language {
                    Language::En => renraku_sandbox::Language::En,
                    Language::Ja => renraku_sandbox::Language::Ja,
                };
            });
        }
    }
}

/// A service's sign-in: one at a time waits for the browser.
#[derive(Default)]
struct Login {
    stop: Notify,
    waits: tokio::sync::Mutex<()>,
}

impl Login {
    /// Signs in by `login`, in the place of one that still waits: whoever begins anew has lost the
    /// other's page.
    async fn anew<T>(&self, login: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        self.stop();
        let stopped = self.stop.notified();
        let login = async {
            let _waits = self.waits.lock().await;
            login.await
        };
        tokio::select! {
            answer = login => answer,
            () = stopped => Err(Failure::new(FailureCode::LoginAborted, "error-login-cancelled")),
        }
    }

    /// Ends the sign-in that waits.
    fn stop(&self) {
        self.stop.notify_waiters();
    }
}

/// The app's state; one a process.
pub(crate) struct Shell {
    running: Result<Running, Failure>,
    data_dir: PathBuf,
    preferences: RwLock<Preferences>,
    catalogue: RwLock<Catalogue>,
    shown: Mutex<Option<TrayMenu>>,
    episodes: Mutex<Episodes>,
    logins: Pair<Login>,
    unsaved: AtomicBool,
}

impl Shell {
    /// The state around an engine, or around the reason why there is none.
    pub(crate) fn new(running: Result<Running, Failure>, data_dir: PathBuf) -> Shell {
        let engine = running.as_ref().ok().map(|r| &r.engine);
        let preferences = engine.map(Preferences::load).unwrap_or_default();
        if let Ok(running) = &running {
            running.speak(preferences.speaks());
        }
        let syncs = engine.and_then(|e| e.syncs().ok()).unwrap_or_default();
        Shell {
            catalogue: RwLock::new(Catalogue::of(preferences.speaks())),
            preferences: RwLock::new(preferences),
            episodes: Mutex::new(Episodes::running(&syncs)),
            shown: Mutex::new(None),
            logins: Pair::of(|_| Login::default()),
            unsaved: AtomicBool::new(false),
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
        new.save(self.engine()?)?;
        self.follow(new)
    }

    /// The app's settings are those of an app that was never used.
    pub(crate) fn begin_anew(&self) -> Result<(), Failure> {
        *self.episodes() = Episodes::running(&[]);
        self.follow(Preferences::load(self.engine()?))
    }

    fn follow(&self, new: Preferences) -> Result<(), Failure> {
        self.running.as_ref().map_err(Clone::clone)?.speak(new.speaks());
        *self.catalogue.write().unwrap_or_else(PoisonError::into_inner) =
            Catalogue::of(new.speaks());
        *self.preferences.write().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(())
    }

    /// Does something with the words of the person's language.
    pub(crate) fn with_catalogue<T>(&self, use_words: impl FnOnce(&Catalogue) -> T) -> T {
        use_words(&self.catalogue.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Signs in to a service; ends early when [`Shell::stop_login`] is called, or another begins.
    /// `open` is handed the address of its page.
    pub(crate) async fn connect(
        &self,
        service: Side,
        without_pkce: bool,
        open: impl Fn(&str) + Send + Sync + 'static,
    ) -> Result<Account, Failure> {
        let said = SignInAs { without_pkce, ..SignInAs::default() };
        let login = self.engine()?.connect_as(service, BrowserChoice::Print(Box::new(open)), said);
        self.logins[service].anew(login).await
    }

    /// Ends a service's sign-in that waits for the browser.
    pub(crate) fn stop_login(&self, service: Side) {
        self.logins[service].stop();
    }

    /// Rests the timer, counted from `now`.
    pub(crate) fn pause(&self, how: PauseFor, now: &DateTime<Local>) -> Result<(), Failure> {
        self.engine()?.pause(until(how, now))
    }

    /// Whether the timer rests.
    pub(crate) fn resting(&self) -> Option<Until> {
        self.engine().and_then(Engine::resting).ok().flatten()
    }

    /// How everything stands now, in the person's language.
    pub(crate) fn tray_menu(&self) -> TrayMenu {
        let rest = self.resting();
        let (status, needs_you) = match self.look(rest) {
            Ok(seen) => seen,
            Err(_) => (Status::Blocked, 0),
        };
        self.with_catalogue(|catalogue| TrayMenu::of(catalogue, &status, rest, needs_you, &now()))
    }

    fn look(&self, rest: Option<Until>) -> Result<(Status, u32), Failure> {
        let engine = self.engine()?;
        let (accounts, syncs) = (engine.accounts()?, engine.syncs()?);
        Ok((status::of(&accounts, &syncs, rest), status::needs_you(&syncs)))
    }

    /// Whether a run is under way.
    pub(crate) fn is_syncing(&self) -> bool {
        let syncs = self.engine().and_then(Engine::syncs).unwrap_or_default();
        syncs.iter().any(|sync| sync.state == SyncState::Syncing)
    }

    /// A window opened, or is gone: what other programs change is noticed soon while it is there.
    pub(crate) fn watch(&self, watched: bool) {
        if let Ok(engine) = self.engine() {
            engine.watch(watched);
        }
    }

    /// Whether something on the window is not saved.
    pub(crate) fn is_unsaved(&self) -> bool {
        self.unsaved.load(Ordering::Relaxed)
    }

    /// The window told whether something on it is not saved.
    pub(crate) fn set_unsaved(&self, unsaved: bool) {
        self.unsaved.store(unsaved, Ordering::Relaxed);
    }

    /// What the tray shows.
    pub(crate) fn shown(&self) -> MutexGuard<'_, Option<TrayMenu>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was already told to the person.
    pub(crate) fn episodes(&self) -> MutexGuard<'_, Episodes> {
        self.episodes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The end of a pause that begins at `now`.
fn until<Z: TimeZone>(how: PauseFor, now: &DateTime<Z>) -> Until {
    let end = match how {
        PauseFor::Hour => Timestamp::from(now.to_utc()).checked_add(TimeDelta::hours(1)),
        PauseFor::Tomorrow => {
            let eight = NaiveTime::from_hms_opt(8, 0, 0);
            let day = now.date_naive().checked_add_days(Days::new(1));
            let wall = day.zip(eight).map(|(day, eight)| day.and_time(eight));
            wall.and_then(|wall| on_the_wall(&now.timezone(), wall))
        }
        PauseFor::Resumed => return Until::Resumed,
    };
    end.map_or(Until::Resumed, Until::Time)
}

/// The time on this machine's clock, in its zone.
pub(crate) fn now() -> DateTime<Local> {
    Local::now()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono_tz::{Asia, Europe, Tz};

    use super::*;

    #[tokio::test]
    async fn a_sign_in_begun_anew_takes_the_place_of_one_that_waits() {
        let login = Arc::new(Login::default());
        let port = Arc::new(tokio::sync::Mutex::new(()));
        let wait = || {
            let (login, port) = (login.clone(), port.clone());
            async move {
                let taken = || Failure::new(FailureCode::Failed, "error-port-taken");
                let waiting = async {
                    let _listens = port.try_lock().map_err(|_| taken())?;
                    std::future::pending::<Result<(), Failure>>().await
                };
                login.anew(waiting).await
            }
        };
        let first = tokio::spawn(wait());
        while port.try_lock().is_ok() {
            tokio::task::yield_now().await;
        }
        let second = tokio::spawn(wait());
        assert_eq!(first.await.unwrap().unwrap_err().id, "error-login-cancelled");
        while port.try_lock().is_ok() {
            tokio::task::yield_now().await;
        }
        login.stop();
        assert_eq!(second.await.unwrap().unwrap_err().id, "error-login-cancelled");
    }

    #[test]
    fn a_pause_ends_when_it_was_promised() {
        let check = |how: PauseFor, now: DateTime<Tz>, expected: Option<&str>, why: &str| {
            let end = expected.map_or(Until::Resumed, |end| Until::Time(end.parse().unwrap()));
            assert_eq!(until(how, &now), end, "{why}");
        };
        let tokyo = Asia::Tokyo.with_ymd_and_hms(2026, 11, 22, 23, 30, 0).unwrap();
        check(PauseFor::Hour, tokyo, Some("2026-11-22T15:30:00Z"), "an hour, over midnight");
        check(PauseFor::Tomorrow, tokyo, Some("2026-11-22T23:00:00Z"), "eight in the morning here");
        check(PauseFor::Resumed, tokyo, None, "no end");
        let berlin = Europe::Berlin.with_ymd_and_hms(2026, 10, 24, 12, 0, 0).unwrap();
        check(
            PauseFor::Tomorrow,
            berlin,
            Some("2026-10-25T07:00:00Z"),
            "eight on the wall, also where the clocks change in the night",
        );
    }
}
