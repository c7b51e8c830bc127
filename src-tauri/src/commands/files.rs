//! What is saved as a file, or opened from one.

use renraku_core::contact::Module;
use renraku_engine::api::{FileForm, Snapshot, Whose};
use tauri::AppHandle;

use super::{Answer, Held};

#[tauri::command]
#[specta::specta]
pub(super) async fn support_text(app: AppHandle) -> Answer<String> {
    crate::about::support_text(&app).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn save_text(app: AppHandle, name: String, text: String) -> Answer<bool> {
    crate::desktop::save_text(&app, &name, &text).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn export_contacts(
    app: AppHandle,
    module: Module,
    whose: Whose,
    form: FileForm,
    name: String,
) -> Answer<Option<u32>> {
    crate::desktop::export_contacts(&app, module, whose, form, &name).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn snapshots(shell: Held<'_>) -> Answer<Vec<Snapshot>> {
    shell.engine()?.snapshots()
}

#[tauri::command]
#[specta::specta]
pub(super) async fn open_snapshot(shell: Held<'_>, name: String) -> Answer<()> {
    shell.engine()?.open_snapshot(&name)
}
