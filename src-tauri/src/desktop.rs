//! What the window asks of the desktop: login start, files, the tray.

use std::path::PathBuf;

use renraku_core::contact::Module;
use renraku_engine::api::{FileForm, Forgotten, Whose};
use renraku_engine::{Failure, FailureCode};
use tauri::{AppHandle, Manager};
use tauri_plugin_autostart::ManagerExt;
use tauri_plugin_dialog::DialogExt;

use crate::preferences::Preferences;
use crate::state::Shell;
use crate::{tray, window};

/// Saves the settings and lets tray and window follow them at once.
pub(crate) fn set_preferences(app: &AppHandle, new: Preferences) -> Result<(), Failure> {
    app.state::<Shell>().set_preferences(new)?;
    window::dress(app);
    tray::refresh(app);
    Ok(())
}

/// Whether the app starts when the person logs in.
pub(crate) fn starts_at_login(app: &AppHandle) -> Result<bool, Failure> {
    app.autolaunch().is_enabled().map_err(|_| refused("error-autostart"))
}

/// Turns the start at login on or off.
pub(crate) fn set_start_at_login(app: &AppHandle, on: bool) -> Result<(), Failure> {
    let start = app.autolaunch();
    let done = if on { start.enable() } else { start.disable() };
    done.map_err(|_| refused("error-autostart"))
}

/// What [`forget_everything`] would remove.
pub(crate) fn kept_here(app: &AppHandle) -> Result<Vec<String>, Failure> {
    app.state::<Shell>().engine()?.kept_here(starts_at_login(app).unwrap_or_default())
}

/// Forgets everything on this computer; the app is as new then, and starts with nobody's login.
pub(crate) async fn forget_everything(app: &AppHandle) -> Result<Forgotten, Failure> {
    let shell = app.state::<Shell>();
    let end_login_start = || set_start_at_login(app, false).is_ok();
    let starts = starts_at_login(app).unwrap_or_default();
    let end_login_start: Option<&(dyn Fn() -> bool + Sync)> =
        if starts { Some(&end_login_start) } else { None };
    let forgotten = shell.engine()?.forget_everything(end_login_start).await?;
    shell.begin_anew()?;
    window::dress(app);
    tray::refresh(app);
    Ok(forgotten)
}

/// Opens the app once more, on the built-in stand-ins; it runs beside this one with data of its own.
pub(crate) fn try_sandbox() -> Result<(), Failure> {
    let started = std::env::current_exe()
        .and_then(|app| std::process::Command::new(app).arg("--sandbox").spawn());
    let mut app = started.map_err(|_| refused("error-sandbox-start"))?;
    // Someone must collect it when it ends, or it stays a zombie while this one runs.
    std::thread::spawn(move || app.wait());
    Ok(())
}

/// Asks where to save a file; nothing where the person thought better of it.
async fn place_for(app: &AppHandle, name: &str) -> Option<PathBuf> {
    let (answer, asked) = tokio::sync::oneshot::channel();
    app.dialog().file().set_file_name(name).save_file(move |path| {
        let _ = answer.send(path);
    });
    asked.await.ok().flatten()?.into_path().ok()
}

/// Asks where to save a module's contacts and saves them there; says how many.
pub(crate) async fn export_contacts(
    app: &AppHandle,
    module: Module,
    whose: Whose,
    form: FileForm,
    name: &str,
) -> Result<Option<u32>, Failure> {
    let Some(path) = place_for(app, name).await else { return Ok(None) };
    app.state::<Shell>().engine()?.export(module, whose, form, &path).map(Some)
}

/// Asks where to save a text and saves it there; false where the person thought better of it.
pub(crate) async fn save_text(app: &AppHandle, name: &str, text: &str) -> Result<bool, Failure> {
    let Some(path) = place_for(app, name).await else { return Ok(false) };
    renraku_engine::write_private(&path, text).map_err(|_| refused("error-save"))?;
    Ok(true)
}

/// Asks where to save the file of OAuth clients for colleagues and saves it there; false where the person
/// thought better of it. The window never sees the secrets in it.
pub(crate) async fn save_client_file(app: &AppHandle, name: &str) -> Result<bool, Failure> {
    let text = app.state::<Shell>().engine()?.client_file_text().await?;
    save_text(app, name, &text).await
}

/// The person has read that closing leaves the app in the tray, and wants that.
pub(crate) fn close_to_tray(app: &AppHandle) -> Result<(), Failure> {
    let shell = app.state::<Shell>();
    shell.set_preferences(Preferences { close_notice_seen: true, ..shell.preferences() })?;
    window::put_away(app);
    Ok(())
}

fn refused(id: &str) -> Failure {
    Failure::new(FailureCode::Failed, id)
}
