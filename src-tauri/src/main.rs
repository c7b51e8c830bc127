//! The desktop app: a tray icon and one window on the engine. It wires, translates and never
//! decides.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod about;
mod commands;
mod desktop;
mod drafts;
mod notifications;
mod preferences;
mod start;
mod state;
mod status;
mod tray;
mod window;

use std::process::ExitCode;

use tauri::RunEvent;

/// The configuration with the window's pages in it.
#[cfg(not(test))]
fn context() -> tauri::Context {
    tauri::generate_context!()
}

/// Unit tests open no window. If they had the pages in them too, two compilers would write the packed
/// pages at the same time, and either could put in what the other had half written.
#[cfg(test)]
fn context() -> tauri::Context {
    unreachable!("unit tests do not start the app")
}

fn main() -> ExitCode {
    let arguments = match start::Arguments::parse(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(why) => {
            eprintln!("{why}");
            return ExitCode::from(2);
        }
    };
    renraku_engine::shut_memory();
    let commands = commands::builder();
    let mut context = context();
    if arguments.sandbox {
        // An id of its own: the sandbox app and the real one run beside each other.
        context.config_mut().identifier.push_str(".sandbox");
    }
    let app = tauri::Builder::default()
        .plugin(
            tauri_plugin_single_instance::Builder::new()
                .callback(|app, catalogue, _| start::again(app, &catalogue))
                .dbus_id(context.config().identifier.clone())
                .build(),
        )
        .plugin(
            tauri_plugin_autostart::Builder::new()
                // The sandbox and the real app have an entry each.
                .app_name(if arguments.sandbox { "Renraku Sandbox" } else { "Renraku" })
                .args(arguments.at_login())
                .build(),
        )
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(
            tauri_plugin_window_state::Builder::new().with_state_flags(window::REMEMBERED).build(),
        )
        .invoke_handler(commands.invoke_handler())
        .setup(move |app| {
            commands.mount_events(app);
            start::begin(app.handle(), arguments)
        })
        .build(context);
    match app {
        Ok(app) => {
            app.run(|_app, event| {
                // The person clicked the icon in the dock.
                #[cfg(target_os = "macos")]
                if let RunEvent::Reopen { .. } = event {
                    window::show(_app, None);
                }
                // The last window is gone; the app stays until Quit gives an exit code.
                if let RunEvent::ExitRequested { code: None, api, .. } = event {
                    api.prevent_exit();
                }
            });
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("Renraku could not start: {error}");
            ExitCode::FAILURE
        }
    }
}
