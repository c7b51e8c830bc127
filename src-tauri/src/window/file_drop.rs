//! Files that are dragged over the window. WebKitGTK hands a page none of the files that are dropped
//! on it, so the shell reads what was dropped, and the page says where it belongs.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{AppHandle, DragDropEvent, PhysicalPosition};
use tauri_specta::Event as _;

/// Nothing that is dropped here is longer: what is, is another file than the one that was meant.
const LONGEST: u64 = 1 << 20;

/// A file that is dragged over the window; places are in the page's own measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type, tauri_specta::Event)]
#[serde(tag = "drag", rename_all = "snake_case")]
pub(crate) enum FileDrag {
    /// It is here now.
    Over {
        /// From the left.
        x: i32,
        /// From the top.
        y: i32,
    },
    /// It was carried away again.
    Left,
    /// It was dropped.
    Dropped {
        /// From the left.
        x: i32,
        /// From the top.
        y: i32,
        /// What is in the file; empty where that is no short text.
        text: String,
    },
}

/// Tells the page of it. `scale` is how many of the window's pixels make one of the page's.
pub(crate) fn hear(app: &AppHandle, event: &DragDropEvent, scale: f64) {
    // Only Windows counts the screen's own pixels here.
    let scale = if cfg!(windows) { scale } else { 1.0 };
    let place = |at: &PhysicalPosition<f64>| {
        let at = at.to_logical::<i32>(scale);
        (at.x, at.y)
    };
    match event {
        DragDropEvent::Enter { position, .. } | DragDropEvent::Over { position } => {
            let (x, y) = place(position);
            let _ = FileDrag::Over { x, y }.emit(app);
        }
        DragDropEvent::Drop { paths, position } => {
            let (app, paths, (x, y)) = (app.clone(), paths.clone(), place(position));
            // A file can lie far away.
            tauri::async_runtime::spawn_blocking(move || {
                let _ = FileDrag::Dropped { x, y, text: text_of(&paths) }.emit(&app);
            });
        }
        DragDropEvent::Leave => {
            let _ = FileDrag::Left.emit(app);
        }
        // More than these is not known today.
        _ => {}
    }
}

/// What is in the file that was dropped. Of several nobody knows which one was meant, and a folder
/// or a film is none that was.
fn text_of(paths: &[PathBuf]) -> String {
    match paths {
        [path] => read(path).unwrap_or_default(),
        _ => String::new(),
    }
}

fn read(path: &Path) -> Option<String> {
    let about = path.metadata().ok()?;
    if !about.is_file() || about.len() > LONGEST {
        return None;
    }
    let mut text = String::new();
    File::open(path).ok()?.take(LONGEST).read_to_string(&mut text).ok()?;
    // Some editors begin every text with this mark.
    Some(text.strip_prefix('\u{feff}').map_or(text.clone(), ToOwned::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_short_text_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        std::fs::write(place("short"), "{\"連絡\": 1}").unwrap();
        std::fs::write(place("marked"), "\u{feff}{}").unwrap();
        std::fs::write(place("picture"), [0xff, 0xd8, 0xff]).unwrap();
        let film = File::create(place("film")).unwrap();
        film.set_len(LONGEST + 1).unwrap();
        let check = |names: &[&str], expected: &str| {
            let paths: Vec<_> = names.iter().map(|name| place(name)).collect();
            assert_eq!(text_of(&paths), expected, "{names:?}");
        };
        check(&["short"], "{\"連絡\": 1}");
        check(&["marked"], "{}");
        check(&["short", "picture"], "");
        check(&["picture"], "");
        check(&["film"], "");
        check(&["."], "");
        check(&["nowhere"], "");
        check(&[], "");
    }
}
