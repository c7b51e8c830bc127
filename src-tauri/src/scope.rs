//! What the window asks before it is chosen who takes part in a sync.

use renraku_core::contact::Module;
use renraku_engine::Failure;
use renraku_engine::api::Newcomers;
use tauri::State;

use crate::shell::Shell;

/// Whom each choice of label would bring into Zoho.
#[tauri::command]
#[specta::specta]
pub(crate) async fn newcomers(
    shell: State<'_, Shell>,
    module: Module,
) -> Result<Newcomers, Failure> {
    shell.engine()?.newcomers(module).await
}
