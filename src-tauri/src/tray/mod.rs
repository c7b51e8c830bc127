//! The tray icon with its menu: draws a [`TrayMenu`] and does what is chosen.

pub(crate) mod host;
pub(crate) mod menu;

use renraku_engine::Failure;
use tauri::image::Image;
use tauri::menu::{IsMenuItem, Menu, MenuEvent, MenuItem, PredefinedMenuItem, Submenu};
use tauri::tray::{MouseButton, MouseButtonState, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager, Wry};

use self::menu::{Action, Entry, TrayMenu};
use crate::state::{self, Shell};
use crate::window::{self, Screen};

const ID: &str = "tray";

/// Puts the icon into the tray.
pub(crate) fn show(app: &AppHandle) -> tauri::Result<()> {
    let shell = app.state::<Shell>();
    let menu = shell.tray_menu();
    TrayIconBuilder::with_id(ID)
        .icon(Image::from_bytes(menu.icon)?)
        .tooltip(&menu.tooltip)
        .menu(&drawn(app, &menu)?)
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
    shell.shown().replace(menu);
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
    let shell = app.state::<Shell>();
    let menu = shell.tray_menu();
    let shown = shell.shown().replace(menu.clone());
    if shown.as_ref().map(|shown| &shown.entries) != Some(&menu.entries) {
        tray.set_menu(Some(drawn(app, &menu)?))?;
    }
    if shown.as_ref().map(|shown| &shown.tooltip) != Some(&menu.tooltip) {
        tray.set_tooltip(Some(&menu.tooltip))?;
    }
    if shown.as_ref().map(|shown| shown.icon) != Some(menu.icon) {
        tray.set_icon(Some(Image::from_bytes(menu.icon)?))?;
    }
    Ok(())
}

fn drawn(app: &AppHandle, shown: &TrayMenu) -> tauri::Result<Menu<Wry>> {
    let item = |action: Action, text: &str, enabled: bool| {
        MenuItem::with_id(app, action.id(), text, enabled, None::<&str>)
    };
    let menu = Menu::new(app)?;
    for entry in &shown.entries {
        let made: Box<dyn IsMenuItem<Wry>> = match entry {
            Entry::Status(text) => {
                Box::new(MenuItem::with_id(app, "status", text, false, None::<&str>)?)
            }
            Entry::Separator => Box::new(PredefinedMenuItem::separator(app)?),
            Entry::Choice { action, text, enabled } => Box::new(item(*action, text, *enabled)?),
            Entry::Sub { text, enabled, choices } => {
                let sub = Submenu::new(app, text, *enabled)?;
                for (action, text) in choices {
                    sub.append(&item(*action, text, true)?)?;
                }
                Box::new(sub)
            }
        };
        menu.append(made.as_ref())?;
    }
    Ok(menu)
}

fn chosen(app: &AppHandle, event: MenuEvent) {
    let Some(action) = Action::named(event.id.as_ref()) else { return };
    // What failed is on the screen that opens.
    if act(app, action).is_err() {
        window::show(app, None);
    }
}

fn act(app: &AppHandle, action: Action) -> Result<(), Failure> {
    let shell = app.state::<Shell>();
    match action {
        Action::Sync => {
            let engine = shell.engine()?.clone();
            // How it ended comes as an event, to the window and here.
            tauri::async_runtime::spawn(async move { engine.sync(None, false).await.map(|_| ()) });
        }
        Action::Open => window::show(app, None),
        Action::Pause(how) => shell.pause(how, &state::now())?,
        Action::Resume => shell.engine()?.resume()?,
        Action::NeedsYou => window::show(app, Some(Screen::NeedsYou)),
        Action::Settings => window::show(app, Some(Screen::Settings)),
        Action::Quit => window::quit(app),
    }
    Ok(())
}
