//! The tray icon with its menu.

use fluent_bundle::FluentValue;
use renraku_engine::Failure;
use tauri::image::Image;
use tauri::menu::{IsMenuItem, Menu, MenuEvent, MenuItem, PredefinedMenuItem, Submenu};
use tauri::tray::{MouseButton, MouseButtonState, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager, Wry};

use crate::desktop;
use crate::shell::{self, PauseFor, Shell};
use crate::status::{Rest, Status};
use crate::window::{self, Screen};
use renraku_engine::words::Words;

const ID: &str = "tray";

/// Puts the icon into the tray.
pub(crate) fn show(app: &AppHandle) -> tauri::Result<()> {
    let (status, needs_you) = look(app);
    let words = |words: &Words| -> tauri::Result<(Menu<Wry>, String)> {
        Ok((menu(app, words, &status, needs_you)?, tooltip(words, &status)))
    };
    let (menu, tooltip) = app.state::<Shell>().with_words(words)?;
    TrayIconBuilder::with_id(ID)
        .icon(Image::from_bytes(status.icon())?)
        .tooltip(tooltip)
        .menu(&menu)
        .show_menu_on_left_click(false)
        .on_menu_event(chosen)
        .on_tray_icon_event(|tray, event| {
            if let TrayIconEvent::Click {
                button: MouseButton::Left,
                button_state: MouseButtonState::Up,
                ..
            } = event
            {
                window::show(tray.app_handle(), None);
            }
        })
        .build(app)?;
    Ok(())
}

/// Brings icon, tooltip and menu to the present state and language.
pub(crate) fn refresh(app: &AppHandle) {
    let app = app.clone();
    let on_main = app.clone();
    // Menus belong to the main thread.
    let _ = on_main.run_on_main_thread(move || {
        if let Err(error) = draw(&app) {
            tracing::warn!(%error, "the tray could not be drawn");
        }
    });
}

fn draw(app: &AppHandle) -> tauri::Result<()> {
    let Some(tray) = app.tray_by_id(ID) else { return Ok(()) };
    let (status, needs_you) = look(app);
    app.state::<Shell>().with_words(|words| {
        tray.set_menu(Some(menu(app, words, &status, needs_you)?))?;
        tray.set_tooltip(Some(tooltip(words, &status)))?;
        tray.set_icon(Some(Image::from_bytes(status.icon())?))
    })
}

fn look(app: &AppHandle) -> (Status, u32) {
    let shell = app.state::<Shell>();
    (shell.status(), shell.needs_you())
}

fn menu(
    app: &AppHandle,
    words: &Words,
    status: &Status,
    needs_you: u32,
) -> tauri::Result<Menu<Wry>> {
    let item = |id: &str, text: String, enabled: bool| {
        MenuItem::with_id(app, id, text, enabled, None::<&str>)
    };
    let line = item("status", line(words, status), false)?;
    let ready = !matches!(status, Status::SetUp | Status::Off | Status::Syncing);
    let sync = item("sync", words.say("tray-sync-now"), ready)?;
    let open = item("open", words.say("tray-open"), true)?;
    let pause = Submenu::with_id(app, "pause", words.say("tray-pause"), ready)?;
    pause.append(&item("pause-hour", words.say("tray-pause-hour"), true)?)?;
    pause.append(&item("pause-tomorrow", words.say("tray-pause-tomorrow"), true)?)?;
    pause.append(&item("pause-resumed", words.say("tray-pause-until-resumed"), true)?)?;
    let resume = item("resume", words.say("tray-resume"), true)?;
    let rests = matches!(status, Status::Paused(_));
    let pause: &dyn IsMenuItem<Wry> = if rests { &resume } else { &pause };
    let count = [("count", FluentValue::from(needs_you))];
    let open_items = item("needs-you", words.say_with("tray-needs-you", &count), true)?;
    let settings = item("settings", words.say("tray-settings"), true)?;
    let quit = item("quit", words.say("tray-quit"), true)?;
    let line_between = PredefinedMenuItem::separator(app)?;
    let line_before_quit = PredefinedMenuItem::separator(app)?;
    Menu::with_items(
        app,
        &[
            &line,
            &line_between,
            &sync,
            &open,
            pause,
            &open_items,
            &settings,
            &line_before_quit,
            &quit,
        ],
    )
}

/// The status in one line, with the time where there is one.
fn line(words: &Words, status: &Status) -> String {
    let at = |id: &str, bare: &str, time: Option<&str>| match words.when_text(time) {
        Some(time) => words.say_with(id, &[("time", FluentValue::from(time))]),
        None => words.say(bare),
    };
    match status {
        Status::SetUp => words.say("tray-status-set-up"),
        Status::SignedOut => words.say("tray-status-signed-out"),
        Status::Error => words.say("tray-status-error"),
        Status::Syncing => words.say("tray-status-syncing"),
        Status::NeedsYou(n) => {
            words.say_with("tray-status-needs-you", &[("count", FluentValue::from(*n))])
        }
        Status::Paused(Rest::Until(time)) => {
            at("tray-status-paused-until", "tray-status-paused", Some(time))
        }
        Status::Paused(Rest::None | Rest::Resumed) => words.say("tray-status-paused"),
        Status::Waiting(n) => {
            words.say_with("tray-status-waiting", &[("count", FluentValue::from(*n))])
        }
        Status::UpToDate(time) => {
            at("tray-status-up-to-date-at", "tray-status-up-to-date", time.as_deref())
        }
        Status::Off => words.say("tray-status-off"),
    }
}

fn tooltip(words: &Words, status: &Status) -> String {
    words.say_with("tray-tooltip", &[("status", FluentValue::from(line(words, status)))])
}

fn chosen(app: &AppHandle, event: MenuEvent) {
    let done: Result<(), Failure> = match event.id.as_ref() {
        "sync" => sync_now(app),
        "open" => open(app, None),
        "needs-you" => open(app, Some(Screen::NeedsYou)),
        "settings" => open(app, Some(Screen::Settings)),
        "pause-hour" => desktop::pause(app, PauseFor::Hour, &shell::now()),
        "pause-tomorrow" => desktop::pause(app, PauseFor::Tomorrow, &shell::now()),
        "pause-resumed" => desktop::pause(app, PauseFor::Resumed, &shell::now()),
        "resume" => desktop::resume(app),
        "quit" => {
            app.exit(0);
            Ok(())
        }
        _ => Ok(()),
    };
    // What failed is on the screen that opens.
    if done.is_err() {
        window::show(app, None);
    }
}

fn open(app: &AppHandle, screen: Option<Screen>) -> Result<(), Failure> {
    window::show(app, screen);
    Ok(())
}

/// Runs all syncs; how it ended comes as an event, to the window and here.
fn sync_now(app: &AppHandle) -> Result<(), Failure> {
    let engine = app.state::<Shell>().engine()?.clone();
    tauri::async_runtime::spawn(async move { engine.sync(None, false).await.map(|_| ()) });
    Ok(())
}
