//! What the person chooses about single contacts and values, and takes back.

use renraku_core::contact::{Module, Side};
use renraku_core::setup::Setup;
use renraku_engine::api::{Difference, Newcomers, Outside, Run};

use super::{Answer, Held};

#[tauri::command]
#[specta::specta]
pub(super) async fn take_value(
    shell: Held<'_>,
    module: Module,
    difference: Difference,
    side: Side,
) -> Answer<()> {
    shell.engine()?.take_value(module, &difference, side).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn leave_out(shell: Held<'_>, contacts: Vec<String>) -> Answer<()> {
    shell.engine()?.leave_out(&contacts).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn take_up(shell: Held<'_>, contacts: Vec<String>) -> Answer<()> {
    shell.engine()?.take_up(&contacts).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn unlink(shell: Held<'_>, contact: String) -> Answer<()> {
    shell.engine()?.unlink(&contact).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn separate(
    shell: Held<'_>,
    module: Module,
    zoho_id: String,
    google: String,
) -> Answer<()> {
    shell.engine()?.separate(module, &zoho_id, &google).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn undo(shell: Held<'_>, run: u32, contact: Option<String>) -> Answer<Run> {
    shell.engine()?.undo(run, contact.as_deref()).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn undo_preview(
    shell: Held<'_>,
    run: u32,
    contact: Option<String>,
) -> Answer<Run> {
    shell.engine()?.undo_preview(run, contact.as_deref()).await
}

/// Whom each choice of label would bring into Zoho.
#[tauri::command]
#[specta::specta]
pub(super) async fn newcomers(shell: Held<'_>, module: Module) -> Answer<Newcomers> {
    shell.engine()?.newcomers(module).await
}

/// Whom another label or list view would leave out.
#[tauri::command]
#[specta::specta]
pub(super) async fn leaves_out(shell: Held<'_>, setup: Setup) -> Answer<Vec<Outside>> {
    shell.engine()?.leaves_out(setup).await
}

/// Saves a setup with what becomes of so many contacts that it leaves out.
#[tauri::command]
#[specta::specta]
pub(super) async fn setup_leaving(
    shell: Held<'_>,
    setup: Setup,
    contacts: u32,
    choice: String,
) -> Answer<()> {
    shell.engine()?.setup_leaving(setup, contacts, &choice).await
}

/// Takes answers back that no run has carried out yet.
#[tauri::command]
#[specta::specta]
pub(super) async fn take_back(shell: Held<'_>, items: Vec<String>) -> Answer<()> {
    shell.engine()?.take_back(&items)
}
