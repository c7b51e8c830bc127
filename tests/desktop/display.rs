//! A screen that nobody sees, and what stands on it.

use std::collections::BTreeSet;

use x11rb::CURRENT_TIME;
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConfigureWindowAux, ConnectionExt, EventMask, ImageFormat,
    MapState, Window,
};
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
        let (connection, root) = self.connect();
        shown(&connection, root).into_iter().map(|(_, title)| title).collect()
    }

    /// Presses the cross of the window whose title begins with `start`, as a window manager does.
    pub fn close_window(&self, start: &str) {
        let (connection, window) = self.window(start);
        let atom = |name: &[u8]| {
            let asked = connection.intern_atom(false, name).expect("a question");
            asked.reply().expect("an answer").atom
        };
        let data = [atom(b"WM_DELETE_WINDOW"), CURRENT_TIME, 0, 0, 0];
        let event = ClientMessageEvent::new(32, window, atom(b"WM_PROTOCOLS"), data);
        connection
            .send_event(false, window, EventMask::NO_EVENT, event)
            .expect("a message")
            .check()
            .expect("the window takes it");
    }

    /// Waits until something is drawn in the window whose title begins with `start`.
    pub async fn wait_for_paint(&self, start: &str) {
        let look = async {
            while !self.is_painted(start) {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        };
        crate::world::within(30, "something drawn in the window", look).await;
    }

    /// Whether something is drawn in the window whose title begins with `start`: more than one
    /// colour in its middle.
    fn is_painted(&self, start: &str) -> bool {
        let (connection, root) = self.connect();
        let all = shown(&connection, root);
        let Some((window, _)) = all.into_iter().find(|(_, title)| title.starts_with(start)) else {
            return false;
        };
        let size = connection.get_geometry(window).ok().and_then(|asked| asked.reply().ok());
        let Some(size) = size else { return false };
        let line = (size.width, size.height / 4);
        let asked = connection.get_image(
            ImageFormat::Z_PIXMAP,
            window,
            0,
            i16::try_from(line.1).unwrap_or(0),
            line.0,
            line.1,
            u32::MAX,
        );
        let image = asked.ok().and_then(|asked| asked.reply().ok());
        let colours: BTreeSet<[u8; 4]> = image
            .iter()
            .flat_map(|image| image.data.chunks_exact(4))
            .filter_map(|pixel| pixel.try_into().ok())
            .collect();
        colours.len() > 1
    }

    /// Width and height of the window whose title begins with `start`.
    pub fn size(&self, start: &str) -> (u32, u32) {
        let (connection, window) = self.window(start);
        let asked = connection.get_geometry(window).expect("a question");
        let geometry = asked.reply().expect("the window has a size");
        (geometry.width.into(), geometry.height.into())
    }

    /// Gives the window whose title begins with `start` another size, and waits until it has it.
    pub async fn resize(&self, start: &str, (width, height): (u32, u32)) {
        let (connection, window) = self.window(start);
        let wanted = ConfigureWindowAux::new().width(width).height(height);
        let sent = connection.configure_window(window, &wanted).expect("a message");
        sent.check().expect("the window takes it");
        self.wait_for_size(start, (width, height)).await;
    }

    /// Waits until the window whose title begins with `start` has this size.
    pub async fn wait_for_size(&self, start: &str, size: (u32, u32)) {
        let look = async {
            while self.size(start) != size {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        };
        crate::world::within(30, &format!("a window of {size:?}"), look).await;
    }

    /// A connection of its own, and the window whose title begins with `start`.
    pub(super) fn window(&self, start: &str) -> (RustConnection, Window) {
        let (connection, root) = self.connect();
        let windows = shown(&connection, root);
        let found = windows.iter().find(|(_, title)| title.starts_with(start));
        let window = found.unwrap_or_else(|| panic!("a window \"{start}…\" among {windows:?}")).0;
        (connection, window)
    }

    pub(super) fn connect(&self) -> (RustConnection, Window) {
        let (connection, screen) =
            RustConnection::connect(Some(&self.name)).expect("the X server answers");
        let root = connection.setup().roots.get(screen).expect("it has a screen").root;
        (connection, root)
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

/// Every window that is shown and has a title.
fn shown(connection: &RustConnection, root: Window) -> Vec<(Window, String)> {
    let asked = connection.intern_atom(false, b"_NET_WM_NAME").expect("a question");
    let title = asked.reply().expect("an answer").atom;
    let tree = connection.query_tree(root).expect("a question").reply().expect("an answer");
    let titled = tree.children.into_iter().filter_map(|window| {
        // A window may go between the questions: then it is not shown.
        let attributes = connection.get_window_attributes(window).ok()?.reply().ok()?;
        let title = connection.get_property(false, window, title, AtomEnum::ANY, 0, 256).ok()?;
        let title = String::from_utf8_lossy(&title.reply().ok()?.value).into_owned();
        let visible = attributes.map_state == MapState::VIEWABLE;
        (visible && !title.is_empty()).then_some((window, title))
    });
    titled.collect()
}
