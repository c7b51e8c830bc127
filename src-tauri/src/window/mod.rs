//! The one window: opened when it is wanted, destroyed (not hidden) when it is closed, so that the
//! app in the tray costs no web view.

pub(crate) mod context_menu;
pub(crate) mod file_drop;

use renraku_engine::Failure;
use renraku_engine::auth::browser;
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{
    AppHandle, CloseRequestApi, Manager, Theme as WindowTheme, WebviewUrl, WebviewWindow,
    WebviewWindowBuilder, WindowEvent,
};
use tauri_plugin_window_state::{AppHandleExt, StateFlags};
use tauri_specta::Event as _;

#[cfg(target_os = "linux")]
use crate::preferences::Theme;
use crate::state::Shell;
use crate::tray::host;

const LABEL: &str = "main";

/// What is remembered of the window.
pub(crate) const REMEMBERED: StateFlags =
    StateFlags::SIZE.union(StateFlags::POSITION).union(StateFlags::MAXIMIZED);

/// A screen that the tray can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Screen {
    /// What waits for the person.
    NeedsYou,
    /// The app's settings.
    Settings,
}

impl Screen {
    fn address(self) -> &'static str {
        match self {
            Screen::NeedsYou => "index.html#/needs-you",
            Screen::Settings => "index.html#/settings",
        }
    }
}

/// Asks the open window to show a screen.
#[derive(Debug, Clone, Serialize, Deserialize, Type, tauri_specta::Event)]
pub(crate) struct Navigate(Screen);

/// Asks the open window to tell, once, that closing leaves the app in the tray.
#[derive(Debug, Clone, Serialize, Deserialize, Type, tauri_specta::Event)]
pub(crate) struct CloseNotice;

/// A way out of the window that loses what is on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WayOut {
    /// The window closes.
    Close,
    /// The app ends.
    Quit,
}

/// Asks the open window what becomes of what is not saved, before this way out is taken.
#[derive(Debug, Clone, Serialize, Deserialize, Type, tauri_specta::Event)]
pub(crate) struct LeaveAsked(WayOut);

/// Asks the open window whether the app is to end in the middle of a run.
#[derive(Debug, Clone, Serialize, Deserialize, Type, tauri_specta::Event)]
pub(crate) struct EndAsked;

/// Shows the address of a sign-in that no browser has opened, for the person to open it.
#[derive(Debug, Clone, Serialize, Deserialize, Type, tauri_specta::Event)]
pub(crate) struct SignInAddress(String);

impl SignInAddress {
    /// What opens a sign-in's page in the browser; where none opens it, the window shows the address.
    pub(crate) fn opener(app: &AppHandle) -> impl Fn(&str) + Send + Sync + 'static {
        let app = app.clone();
        move |address| {
            if browser::open(address, std::env::var("BROWSER").ok().as_deref()).is_err() {
                // Without a window the sign-in ends by itself after its time.
                let _ = SignInAddress(address.to_owned()).emit(&app);
            }
        }
    }
}

/// What the engine told.
#[derive(Debug, Clone, Serialize, Deserialize, Type, tauri_specta::Event)]
pub(crate) struct EngineEvent(pub(crate) renraku_engine::api::Event);

/// Shows the window in front, on `screen` where one is asked for.
pub(crate) fn show(app: &AppHandle, screen: Option<Screen>) {
    let shown = match app.get_webview_window(LABEL) {
        Some(window) => bring_up(app, &window, screen),
        None => open(app, screen),
    };
    if let Err(error) = shown {
        tracing::error!(%error, "the window could not be opened");
    }
}

/// Puts the open window in front: what the person did in the browser goes on here.
pub(crate) fn raise(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(LABEL) {
        // Where programs may not put themselves in front, the system tells that it wants to be.
        let _ = bring_up(app, &window, None);
    }
}

fn bring_up(app: &AppHandle, window: &WebviewWindow, screen: Option<Screen>) -> tauri::Result<()> {
    if let Some(screen) = screen {
        Navigate(screen).emit(app)?;
    }
    window.unminimize()?;
    window.show()?;
    window.set_focus()
}

fn open(app: &AppHandle, screen: Option<Screen>) -> tauri::Result<()> {
    let shell = app.state::<Shell>();
    let address = screen.map_or("index.html", Screen::address);
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App(address.into()))
        .title(title(&shell))
        .inner_size(1120.0, 760.0)
        .min_inner_size(900.0, 600.0)
        .theme(theme(shell.preferences().theme))
        .build()?;
    // What another one held is gone with it.
    shell.set_unsaved(false);
    shell.watch(true);
    let (heard, scaled) = (app.clone(), window.clone());
    window.on_window_event(move |event| {
        if let WindowEvent::CloseRequested { api, .. } = event {
            close(&heard, api);
        } else if let WindowEvent::Destroyed = event {
            heard.state::<Shell>().watch(false);
        } else if let WindowEvent::DragDrop(drag) = event {
            file_drop::hear(&heard, drag, scaled.scale_factor().unwrap_or(1.0));
        }
    });
    #[cfg(target_os = "linux")]
    {
        outlive_crashes(&window)?;
        context_menu::replace(app, &window)?;
    }
    Ok(())
}

/// A web view whose process has ended shows nothing any more: it is loaded anew, unless that was
/// done only just now and did not help.
#[cfg(target_os = "linux")]
fn outlive_crashes(window: &WebviewWindow) -> tauri::Result<()> {
    use std::cell::Cell;
    use std::time::{Duration, Instant};

    use webkit2gtk::{WebProcessTerminationReason as Reason, WebViewExt};

    window.with_webview(|webview| {
        let last: Cell<Option<Instant>> = Cell::new(None);
        webview.inner().connect_web_process_terminated(move |view, reason| {
            tracing::warn!(?reason, "the web view's process has ended");
            let last = last.replace(Some(Instant::now()));
            let just_now = last.is_some_and(|at| at.elapsed() < Duration::from_secs(5));
            if reason != Reason::TerminatedByApi && !just_now {
                view.reload();
            }
        });
    })
}

/// The window's own theme for the chosen one.
fn theme(theme: Theme) -> Option<WindowTheme> {
    match theme {
        Theme::System => None,
        Theme::Light => Some(WindowTheme::Light),
        Theme::Dark => Some(WindowTheme::Dark),
    }
}

/// Lets the open window's frame follow a new theme and language.
pub(crate) fn dress(app: &AppHandle) {
    let shell = app.state::<Shell>();
    if let Some(window) = app.get_webview_window(LABEL) {
        let _ = window.set_theme(theme(shell.preferences().theme));
        let _ = window.set_title(&title(&shell));
    }
}

fn title(shell: &Shell) -> String {
    match shell.sandbox() {
        Some(_) => shell.with_catalogue(|catalogue| catalogue.say("window-title-sandbox")),
        None => "Renraku".to_owned(),
    }
}

/// What closing means is decided when it happens: a tray host can come and go.
fn close(app: &AppHandle, api: &CloseRequestApi) {
    api.prevent_close();
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let preferences = app.state::<Shell>().preferences();
        if asks_first(&app, WayOut::Close) {
            return;
        }
        if !preferences.close_to_tray || !host::is_there().await {
            if !app.state::<Shell>().is_syncing() || EndAsked.emit(&app).is_err() {
                app.exit(0);
            }
        } else if preferences.close_notice_seen || CloseNotice.emit(&app).is_err() {
            put_away(&app);
        }
    });
}

/// Destroys the window; the app goes on in the tray.
pub(crate) fn put_away(app: &AppHandle) {
    let _ = app.save_window_state(REMEMBERED);
    if let Some(window) = app.get_webview_window(LABEL) {
        let _ = window.destroy();
    }
}

/// Ends the app; the window is asked first where something on it is not saved.
pub(crate) fn quit(app: &AppHandle) {
    if !asks_first(app, WayOut::Quit) {
        app.exit(0);
    }
}

/// Whether the window asks the person first. One that is gone has nothing to lose.
fn asks_first(app: &AppHandle, way: WayOut) -> bool {
    let Some(window) = app.get_webview_window(LABEL) else { return false };
    if !app.state::<Shell>().is_unsaved() || LeaveAsked(way).emit(app).is_err() {
        return false;
    }
    let _ = bring_up(app, &window, None);
    true
}

/// The window tells whether something on it is not saved.
#[tauri::command]
#[specta::specta]
pub(crate) async fn hold_window(app: AppHandle, unsaved: bool) -> Result<(), Failure> {
    app.state::<Shell>().set_unsaved(unsaved);
    Ok(())
}

/// Takes the way out, whatever is not saved: the person was asked.
#[tauri::command]
#[specta::specta]
pub(crate) async fn leave_window(app: AppHandle, way: WayOut) -> Result<(), Failure> {
    app.state::<Shell>().set_unsaved(false);
    match (way, app.get_webview_window(LABEL)) {
        (WayOut::Close, Some(window)) => drop(window.close()),
        (WayOut::Close, None) => {}
        (WayOut::Quit, _) => app.exit(0),
    }
    Ok(())
}
