//! What the window can ask for. Each command is one call.

mod choices;
mod files;

use renraku_core::contact::{Module, Side};
use renraku_core::setup::Setup;
use renraku_engine::Failure;
use renraku_engine::api::clients::Clients;
use renraku_engine::api::{
    Account, Accounts, ClientDraft, ContactDetail, ContactPage, ContactQuery, DataCentres,
    Evidence, Fields, Forgotten, Overview, Review, RunChanges, Runs, Scopes, SetupDraft, Sync,
};
use tauri::{AppHandle, State, Wry};
use tauri_specta::{Builder, ErrorHandlingMode, collect_commands, collect_events};

use crate::about::{About, Link};
use crate::drafts::DraftOf;
use crate::preferences::Preferences;
use crate::state::{self, Shell};
use crate::tray::menu::PauseFor;
use crate::window::context_menu;
use crate::window::file_drop::FileDrag;
use crate::window::{
    self, CloseNotice, EndAsked, EngineEvent, LeaveAsked, Navigate, SignInAddress,
};

type Held<'a> = State<'a, Shell>;
type Answer<T> = Result<T, Failure>;

#[tauri::command]
#[specta::specta]
async fn about(app: AppHandle) -> Answer<About> {
    Ok(About::of(&app).await)
}

#[tauri::command]
#[specta::specta]
async fn accounts(shell: Held<'_>) -> Answer<Accounts> {
    shell.engine()?.accounts()
}

#[tauri::command]
#[specta::specta]
async fn connect(
    app: AppHandle,
    shell: Held<'_>,
    service: Side,
    without_pkce: bool,
) -> Answer<Account> {
    let open = SignInAddress::opener(&app);
    shell.connect(service, without_pkce, open).await.inspect(|_| window::raise(&app))
}

#[tauri::command]
#[specta::specta]
async fn stop_login(shell: Held<'_>, service: Side) -> Answer<()> {
    shell.stop_login(service);
    Ok(())
}

#[tauri::command]
#[specta::specta]
async fn take_other_account(shell: Held<'_>, service: Side) -> Answer<Account> {
    shell.engine()?.take_other_account(service).await
}

#[tauri::command]
#[specta::specta]
async fn leave_other_account(shell: Held<'_>, service: Side) -> Answer<()> {
    shell.engine()?.leave_other_account(service).await;
    Ok(())
}

#[tauri::command]
#[specta::specta]
async fn disconnect(shell: Held<'_>, service: Side) -> Answer<()> {
    shell.engine()?.disconnect(service).await
}

#[tauri::command]
#[specta::specta]
async fn kept_here(app: AppHandle) -> Answer<Vec<String>> {
    crate::desktop::kept_here(&app)
}

#[tauri::command]
#[specta::specta]
async fn forget_everything(app: AppHandle) -> Answer<Forgotten> {
    crate::desktop::forget_everything(&app).await
}

#[tauri::command]
#[specta::specta]
async fn retention(shell: Held<'_>) -> Answer<u32> {
    shell.engine()?.retention()
}

#[tauri::command]
#[specta::specta]
async fn set_retention(shell: Held<'_>, days: u32) -> Answer<()> {
    shell.engine()?.set_retention(days)
}

#[tauri::command]
#[specta::specta]
async fn clients(shell: Held<'_>) -> Answer<Clients> {
    shell.engine()?.clients()
}

#[tauri::command]
#[specta::specta]
async fn data_centres() -> Answer<DataCentres> {
    Ok(renraku_engine::auth::offers(sys_locale::get_locale().as_deref()))
}

#[tauri::command]
#[specta::specta]
async fn check_client(
    shell: Held<'_>,
    service: Side,
    draft: ClientDraft,
) -> Answer<Option<Failure>> {
    shell.engine()?.check_client(service, &draft)
}

#[tauri::command]
#[specta::specta]
async fn save_client(shell: Held<'_>, service: Side, draft: ClientDraft) -> Answer<Clients> {
    shell.engine()?.save_client(service, &draft).await
}

#[tauri::command]
#[specta::specta]
async fn take_client_file(shell: Held<'_>, text: String) -> Answer<Clients> {
    shell.engine()?.take_client_file(&text).await
}

#[tauri::command]
#[specta::specta]
async fn save_client_file(app: AppHandle, name: String) -> Answer<bool> {
    crate::desktop::save_client_file(&app, &name).await
}

#[tauri::command]
#[specta::specta]
async fn fields(shell: Held<'_>, module: Module) -> Answer<Fields> {
    shell.engine()?.fields(module).await
}

#[tauri::command]
#[specta::specta]
async fn scopes(shell: Held<'_>, module: Module) -> Answer<Scopes> {
    shell.engine()?.scopes(module).await
}

#[tauri::command]
#[specta::specta]
async fn setup_draft(shell: Held<'_>, module: Module) -> Answer<SetupDraft> {
    shell.engine()?.setup_draft(module)
}

#[tauri::command]
#[specta::specta]
async fn setup(shell: Held<'_>, setup: Setup) -> Answer<()> {
    shell.engine()?.setup(setup).await
}

#[tauri::command]
#[specta::specta]
async fn syncs(shell: Held<'_>) -> Answer<Vec<Sync>> {
    shell.engine()?.syncs()
}

#[tauri::command]
#[specta::specta]
async fn overview(shell: Held<'_>) -> Answer<Overview> {
    shell.engine()?.overview()
}

#[tauri::command]
#[specta::specta]
async fn preview(shell: Held<'_>, module: Option<Module>) -> Answer<Runs> {
    shell.engine()?.preview(module).await
}

#[tauri::command]
#[specta::specta]
async fn sync(shell: Held<'_>, module: Option<Module>, approve_held: bool) -> Answer<Runs> {
    shell.engine()?.sync(module, approve_held).await
}

#[tauri::command]
#[specta::specta]
async fn stop(shell: Held<'_>) -> Answer<()> {
    shell.engine()?.stop();
    Ok(())
}

#[tauri::command]
#[specta::specta]
async fn review(shell: Held<'_>, module: Option<Module>) -> Answer<Review> {
    shell.engine()?.review(module)
}

#[tauri::command]
#[specta::specta]
async fn resolve(shell: Held<'_>, items: Vec<String>, choice: String) -> Answer<()> {
    shell.engine()?.resolve(&items, &choice)
}

#[tauri::command]
#[specta::specta]
async fn history(shell: Held<'_>, newest: Option<u32>) -> Answer<Runs> {
    shell.engine()?.newest(newest.unwrap_or(u32::MAX))
}

#[tauri::command]
#[specta::specta]
async fn runs_about(shell: Held<'_>, text: String) -> Answer<Vec<u32>> {
    shell.engine()?.runs_about(&text)
}

#[tauri::command]
#[specta::specta]
async fn changes(shell: Held<'_>, run: u32) -> Answer<RunChanges> {
    shell.engine()?.changes(run)
}

#[tauri::command]
#[specta::specta]
async fn set_enabled(shell: Held<'_>, module: Module, enabled: bool) -> Answer<()> {
    shell.engine()?.set_enabled(module, enabled)
}

#[tauri::command]
#[specta::specta]
async fn evidence(shell: Held<'_>, item: String) -> Answer<Evidence> {
    shell.engine()?.evidence(&item)
}

#[tauri::command]
#[specta::specta]
async fn open_contact(app: AppHandle, module: Module, side: Side, id: String) -> Answer<()> {
    crate::about::open_contact(&app, module, side, &id)
}

#[tauri::command]
#[specta::specta]
async fn contacts(shell: Held<'_>, query: ContactQuery) -> Answer<ContactPage> {
    shell.engine()?.contacts(&query)
}

#[tauri::command]
#[specta::specta]
async fn contact(shell: Held<'_>, contact: String) -> Answer<ContactDetail> {
    shell.engine()?.contact(&contact)
}

#[tauri::command]
#[specta::specta]
async fn draft(shell: Held<'_>, of: DraftOf) -> Answer<Option<String>> {
    of.kept(shell.engine()?)
}

#[tauri::command]
#[specta::specta]
async fn keep_draft(shell: Held<'_>, of: DraftOf, text: Option<String>) -> Answer<()> {
    of.keep(shell.engine()?, text.as_deref())
}

#[tauri::command]
#[specta::specta]
async fn preferences(shell: Held<'_>) -> Answer<Preferences> {
    Ok(shell.preferences())
}

#[tauri::command]
#[specta::specta]
async fn set_preferences(app: AppHandle, preferences: Preferences) -> Answer<()> {
    crate::desktop::set_preferences(&app, preferences)
}

#[tauri::command]
#[specta::specta]
async fn start_at_login(app: AppHandle) -> Answer<bool> {
    crate::desktop::starts_at_login(&app)
}

#[tauri::command]
#[specta::specta]
async fn set_start_at_login(app: AppHandle, on: bool) -> Answer<()> {
    crate::desktop::set_start_at_login(&app, on)
}

#[tauri::command]
#[specta::specta]
async fn pause(shell: Held<'_>, how: PauseFor) -> Answer<()> {
    shell.pause(how, &state::now())
}

#[tauri::command]
#[specta::specta]
async fn resume(shell: Held<'_>) -> Answer<()> {
    shell.engine()?.resume()
}

#[tauri::command]
#[specta::specta]
async fn open_link(app: AppHandle, link: Link) -> Answer<()> {
    link.open(&app)
}

#[tauri::command]
#[specta::specta]
async fn try_sandbox() -> Answer<()> {
    crate::desktop::try_sandbox()
}

#[tauri::command]
#[specta::specta]
async fn close_to_tray(app: AppHandle) -> Answer<()> {
    crate::desktop::close_to_tray(&app)
}

#[tauri::command]
#[specta::specta]
async fn quit(app: AppHandle) -> Answer<()> {
    app.exit(0);
    Ok(())
}

/// All commands and events, for the app and for the generated TypeScript.
pub(crate) fn builder() -> Builder<Wry> {
    Builder::new()
        .commands(collect_commands![
            about,
            accounts,
            connect,
            stop_login,
            take_other_account,
            leave_other_account,
            disconnect,
            kept_here,
            forget_everything,
            retention,
            set_retention,
            clients,
            data_centres,
            check_client,
            save_client,
            take_client_file,
            save_client_file,
            fields,
            scopes,
            choices::newcomers,
            context_menu::context_menu,
            window::hold_window,
            window::leave_window,
            setup_draft,
            setup,
            choices::leaves_out,
            choices::setup_leaving,
            syncs,
            overview,
            preview,
            sync,
            stop,
            review,
            resolve,
            choices::take_back,
            choices::separate,
            choices::take_value,
            history,
            runs_about,
            changes,
            choices::undo,
            choices::undo_preview,
            set_enabled,
            evidence,
            open_contact,
            contacts,
            contact,
            choices::leave_out,
            choices::take_up,
            choices::unlink,
            draft,
            keep_draft,
            preferences,
            set_preferences,
            start_at_login,
            set_start_at_login,
            pause,
            resume,
            open_link,
            try_sandbox,
            files::save_text,
            files::support_text,
            files::export_contacts,
            files::snapshots,
            files::open_snapshot,
            close_to_tray,
            quit,
        ])
        .events(collect_events![
            EngineEvent,
            Navigate,
            CloseNotice,
            EndAsked,
            LeaveAsked,
            SignInAddress,
            FileDrag
        ])
        .error_handling(ErrorHandlingMode::Throw)
        .disable_serde_phases()
}

#[cfg(test)]
#[path = "commands_tests.rs"]
mod tests;
