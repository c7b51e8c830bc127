//! The start: from the command line to an engine, a tray and a window.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::NaiveTime;
use renraku_core::timestamp::{Timestamp, on_the_wall};
use renraku_engine::api::Event;
use renraku_engine::auth::{OauthClient, Registration, Secret};
use renraku_engine::{Endpoints, Engine, Failure, FailureCode, GivenClients, Options};
use tauri::{AppHandle, Manager};
use tauri_specta::Event as _;
use tokio::sync::broadcast::error::RecvError;

use crate::state::{Running, SandboxPages, Shell};
use crate::tray::host;
use crate::window::EngineEvent;
use crate::{notifications, state, tray, window};

/// How long a desktop may take after login until its tray is there.
const TRAY_COMES_UP: Duration = Duration::from_secs(20);

const HOUR: Duration = Duration::from_secs(3600);

/// What the command line asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Arguments {
    /// Play against the built-in stand-ins.
    pub(crate) sandbox: bool,
    /// Start in the tray.
    pub(crate) hidden: bool,
}

impl Arguments {
    /// Reads the arguments after the program's name.
    ///
    /// # Errors
    /// A sentence that names the unknown argument.
    pub(crate) fn parse(words: impl Iterator<Item = String>) -> Result<Arguments, String> {
        let mut arguments = Arguments::default();
        for word in words {
            match word.as_str() {
                "--sandbox" => arguments.sandbox = true,
                "--hidden" => arguments.hidden = true,
                other => {
                    return Err(format!(
                        "renraku: unknown argument {other}\nusage: renraku [--sandbox] [--hidden]"
                    ));
                }
            }
        }
        Ok(arguments)
    }

    /// The arguments of a start at login.
    pub(crate) fn at_login(self) -> Vec<&'static str> {
        if self.sandbox { vec!["--hidden", "--sandbox"] } else { vec!["--hidden"] }
    }
}

/// Opens the engine, the tray and, unless hidden, the window.
pub(crate) fn begin(app: &AppHandle, arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let data_dir = data_dir(app, arguments.sandbox)?;
    let running = tauri::async_runtime::block_on(run(data_dir.clone(), arguments.sandbox));
    app.manage(Shell::new(running, data_dir));
    tray::show(app)?;
    listen(app);
    if arguments.hidden {
        let app = app.clone();
        tauri::async_runtime::spawn(async move {
            if !host::comes_up(TRAY_COMES_UP).await {
                window::show(&app, None);
            }
        });
    } else {
        window::show(app, None);
    }
    Ok(())
}

/// A second start: the first one's window is shown, unless it was the start at login.
pub(crate) fn again(app: &AppHandle, words: &[String]) {
    let arguments = Arguments::parse(words.iter().skip(1).cloned()).unwrap_or_default();
    if !arguments.hidden {
        window::show(app, None);
    }
}

/// `RENRAKU_DATA_DIR`, else the platform's folder for the app; the sandbox has one of its own in it.
fn data_dir(app: &AppHandle, sandbox: bool) -> tauri::Result<PathBuf> {
    let base = match std::env::var_os("RENRAKU_DATA_DIR") {
        Some(dir) => PathBuf::from(dir),
        None => app.path().data_dir()?.join("renraku"),
    };
    Ok(if sandbox { base.join("sandbox") } else { base })
}

async fn run(data_dir: PathBuf, sandbox: bool) -> Result<Running, Failure> {
    let sandbox = if sandbox { Some(start_sandbox(&data_dir).await?) } else { None };
    let (endpoints, clients) = match &sandbox {
        Some((stand_ins, _)) => {
            (Endpoints::parse(&stand_ins.endpoints().to_string())?, sandbox_clients())
        }
        None => (Endpoints::load(endpoints_file().as_deref())?, GivenClients::from_env()),
    };
    let engine = Engine::open(Options { data_dir, endpoints, clients })?;
    // A locked keychain asks for its password: the window does not wait for that.
    let settling = engine.clone();
    tauri::async_runtime::spawn(async move {
        settling.settle_in().await;
        if let Err(failure) = settling.without_token().await {
            tracing::warn!(code = ?failure.code, "whether the tokens are there is not known");
        }
    });
    let timer = engine.start_timer();
    Ok(Running { engine, _timer: timer, sandbox })
}

/// The stand-ins, with the people and sign-ins they had when the app was last closed.
async fn start_sandbox(
    data_dir: &Path,
) -> Result<(renraku_sandbox::Sandbox, SandboxPages), Failure> {
    let refuse =
        |error: String| Failure::new(FailureCode::Failed, "error-sandbox").with("detail", error);
    std::fs::create_dir_all(data_dir).map_err(|error| refuse(error.to_string()))?;
    let options = renraku_sandbox::Options {
        keep: Some(data_dir.join("sandbox-people.json")),
        switches: renraku_sandbox::Switches::quick(),
        ..renraku_sandbox::Options::default()
    };
    let started = renraku_sandbox::start(options).await;
    let stand_ins = started.map_err(|error| refuse(error.to_string()))?;
    let pages = SandboxPages { google: stand_ins.google_page(), zoho: stand_ins.zoho_page() };
    Ok((stand_ins, pages))
}

/// The file that replaces the services' addresses, where one is named.
fn endpoints_file() -> Option<PathBuf> {
    std::env::var_os("RENRAKU_ENDPOINTS").filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// The OAuth clients that the stand-ins know.
fn sandbox_clients() -> GivenClients {
    let known = renraku_sandbox::clients();
    let client = |id: &str, secret: &str| {
        let (id, secret) = (id.to_owned(), Some(Secret::new(secret)));
        Some(OauthClient { id, secret, registered: Registration::default() })
    };
    GivenClients {
        google: client(known.google_client_id, known.google_client_secret),
        zoho: client(known.zoho_client_id, known.zoho_client_secret),
        ..GivenClients::default()
    }
}

/// Passes the engine's events on to window, tray and notifications.
fn listen(app: &AppHandle) {
    let app = app.clone();
    let Ok(engine) = app.state::<Shell>().engine().cloned() else { return };
    let mut events = engine.events();
    tauri::async_runtime::spawn(async move {
        let mut busy = false;
        loop {
            let event = match tokio::time::timeout(until_tomorrow(), events.recv()).await {
                Ok(Ok(event)) => event,
                // Some were missed: what they said can be asked for again. And on a new day a time
                // of yesterday is said with its date.
                Ok(Err(RecvError::Lagged(_))) | Err(_) => Event::Changed,
                Ok(Err(RecvError::Closed)) => return,
            };
            let was_busy = busy;
            busy = matches!(event, Event::Progress(_));
            if !(busy && was_busy) {
                tray::refresh(&app);
                tell(&app, &engine, &event);
            }
            let _ = EngineEvent(event).emit(&app);
        }
    });
}

/// To midnight, but never longer than an hour: a clock that sleeps with the computer is late.
fn until_tomorrow() -> Duration {
    let now = state::now();
    let tomorrow = now.date_naive().succ_opt().map(|day| day.and_time(NaiveTime::MIN));
    let midnight = tomorrow.and_then(|midnight| on_the_wall(&now.timezone(), midnight));
    let rest = midnight.map(|midnight| Timestamp::from(now.to_utc()).time_until(midnight));
    rest.unwrap_or(HOUR).min(HOUR)
}

fn tell(app: &AppHandle, engine: &Engine, event: &Event) {
    let shell = app.state::<Shell>();
    let syncs = engine.syncs().unwrap_or_default();
    let notice = match event {
        Event::Progress(_) => None,
        Event::Changed => shell.episodes().look(&syncs),
        Event::Finished(run) => {
            let linked = syncs.iter().find(|s| s.module == run.module).map_or(0, |s| s.linked);
            let mut episodes = shell.episodes();
            episodes.finished(run, linked).or_else(|| episodes.look(&syncs))
        }
    };
    if let Some(notice) = notice.filter(|_| shell.preferences().notifications) {
        shell.with_catalogue(|catalogue| notifications::show(app, catalogue, notice));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_takes_two_flags_and_names_anything_else() {
        let check = |words: &[&str], expected: Option<Arguments>, why: &str| {
            let parsed = Arguments::parse(words.iter().map(ToString::to_string));
            assert_eq!(parsed.ok(), expected, "{why}");
        };
        check(&[], Some(Arguments::default()), "nothing");
        check(&["--hidden"], Some(Arguments { sandbox: false, hidden: true }), "login start");
        check(
            &["--sandbox", "--hidden"],
            Some(Arguments { sandbox: true, hidden: true }),
            "both, in any order",
        );
        check(&["--sandbx"], None, "a slip");
    }

    #[test]
    fn a_login_start_comes_back_hidden_and_in_the_same_world() {
        let at_login = Arguments { sandbox: true, hidden: false }.at_login();
        let again = Arguments::parse(at_login.iter().map(ToString::to_string)).unwrap();
        assert_eq!(again, Arguments { sandbox: true, hidden: true });
    }
}
