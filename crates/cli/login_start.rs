//! The desktop app's entry among what starts when the person logs in. It is made in the window; here it
//! can only end.

use std::path::Path;

use auto_launch::{AutoLaunch, AutoLaunchBuilder};

use crate::local::usual_data_dir;

/// The entry of the app that uses this data folder: the sandbox's has one of its own.
fn entry(data_dir: &Path) -> Option<AutoLaunch> {
    let sandbox = usual_data_dir().is_some_and(|usual| usual.join("sandbox") == data_dir);
    // An entry is known by its name; what it starts is only asked for where one is made.
    let program = std::env::current_exe().ok()?;
    AutoLaunchBuilder::new()
        .set_app_name(if sandbox { "Renraku Sandbox" } else { "Renraku" })
        .set_app_path(&program.display().to_string())
        .build()
        .ok()
}

/// Whether the app starts when the person logs in.
pub(crate) fn is_on(data_dir: &Path) -> bool {
    entry(data_dir).and_then(|entry| entry.is_enabled().ok()).unwrap_or_default()
}

/// Ends that; false where it goes on.
pub(crate) fn end(data_dir: &Path) -> bool {
    entry(data_dir).is_some_and(|entry| entry.disable().is_ok())
}
