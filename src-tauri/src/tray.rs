//! The tray icon with its menu: draws a [`Face`] and does what is chosen.

use renraku_engine::Failure;
use tauri::image::Image;
use tauri::menu::{IsMenuItem, Menu, MenuEvent, MenuItem, PredefinedMenuItem, Submenu};
use tauri::tray::{MouseButton, MouseButtonState, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager, Wry};

use crate::face::{Action, Entry, Face};
use crate::shell::{self, Shell};
use crate::window::{self, Screen};

const ID: &str = "tray";

/// Puts the icon into the tray.
pub(crate) fn show(app: &AppHandle) -> tauri::Result<()> {
    let shell = app.state::<Shell>();
    let face = shell.face();
    TrayIconBuilder::with_id(ID)
        .icon(Image::from_bytes(face.icon)?)
        .tooltip(&face.tooltip)
        .menu(&menu(app, &face)?)
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
    shell.shown().replace(face);
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
    let face = shell.face();
    let shown = shell.shown().replace(face.clone());
    if shown.as_ref().map(|shown| &shown.menu) != Some(&face.menu) {
        tray.set_menu(Some(menu(app, &face)?))?;
    }
    if shown.as_ref().map(|shown| &shown.tooltip) != Some(&face.tooltip) {
        tray.set_tooltip(Some(&face.tooltip))?;
    }
    if shown.as_ref().map(|shown| shown.icon) != Some(face.icon) {
        tray.set_icon(Some(Image::from_bytes(face.icon)?))?;
    }
    Ok(())
}

fn menu(app: &AppHandle, face: &Face) -> tauri::Result<Menu<Wry>> {
    let item = |action: Action, text: &str, enabled: bool| {
        MenuItem::with_id(app, action.id(), text, enabled, None::<&str>)
    };
    let menu = Menu::new(app)?;
    for entry in &face.menu {
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
        Action::Pause(how) => shell.pause(how, &shell::now())?,
        Action::Resume => shell.engine()?.resume()?,
        Action::NeedsYou => window::show(app, Some(Screen::NeedsYou)),
        Action::Settings => window::show(app, Some(Screen::Settings)),
        Action::Quit => window::quit(app),
    }
    Ok(())
}
