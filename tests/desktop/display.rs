//! A screen that nobody sees, and what stands on it.

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{AtomEnum, ConnectionExt};
use x11rb::rust_connection::RustConnection;

use crate::world::{Owned, Surroundings};

/// An X server of the test's own.
#[derive(Debug)]
pub struct Display {
    name: String,
    _server: Owned,
}

impl Display {
    /// Starts the server on a free number and sets `DISPLAY` for programs started later.
    pub async fn start(surroundings: &mut Surroundings) -> Self {
        let mut command = surroundings.command("Xvfb");
        // The server picks a free number and tells it on descriptor 1.
        command.args(["-displayfd", "1", "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]);
        command.args(["-noreset", "-dpi", "96"]).stderr(std::process::Stdio::null());
        let mut server = Owned::start("Xvfb", command);
        let name = format!(":{}", server.line().await.trim());
        surroundings.set("DISPLAY", &name);
        // No accessibility bus, no portals, software drawing: nothing that a test would wait for.
        for (variable, value) in [
            ("GDK_BACKEND", "x11"),
            ("NO_AT_BRIDGE", "1"),
            ("GTK_A11Y", "none"),
            ("GTK_USE_PORTAL", "0"),
            ("GSETTINGS_BACKEND", "memory"),
            ("LIBGL_ALWAYS_SOFTWARE", "1"),
        ] {
            surroundings.set(variable, value);
        }
        Self { name, _server: server }
    }

    /// The titles of all windows that are shown.
    pub fn titles(&self) -> Vec<String> {
        let (connection, screen) =
            RustConnection::connect(Some(&self.name)).expect("the X server answers");
        let root = connection.setup().roots.get(screen).expect("it has a screen").root;
        let tree = connection.query_tree(root).expect("a question").reply().expect("an answer");
        let shown = tree.children.into_iter().filter_map(|window| {
            let attributes = connection.get_window_attributes(window).ok()?.reply().ok()?;
            let viewable = x11rb::protocol::xproto::MapState::VIEWABLE;
            let property = (AtomEnum::WM_NAME, AtomEnum::ANY);
            let title = connection
                .get_property(false, window, property.0, property.1, 0, 256)
                .ok()?
                .reply()
                .ok()?;
            let title = String::from_utf8_lossy(&title.value).into_owned();
            (attributes.map_state == viewable && !title.is_empty()).then_some(title)
        });
        shown.collect()
    }

    /// Waits until a window whose title begins with `start` is shown, or is gone.
    pub async fn wait_for_window(&self, start: &str, shown: bool) {
        let what = format!("a window \"{start}…\" to be {}", if shown { "shown" } else { "gone" });
        let look = async {
            while self.titles().iter().any(|title| title.starts_with(start)) != shown {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        };
        crate::world::within(30, &what, look).await;
    }
}
