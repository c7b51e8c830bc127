//! The window in which a keychain asks for a password, and the person who types one.

use std::io::IoSlice;

use x11rb::CURRENT_TIME;
use x11rb::connection::{Connection, RequestConnection};
use x11rb::protocol::xproto::{
    AtomEnum, ConnectionExt, GrabMode, GrabStatus, KEY_PRESS_EVENT, KEY_RELEASE_EVENT, MapState,
    Window,
};
use x11rb::rust_connection::RustConnection;

use super::display::Display;
use crate::world::{Bus, Owned, Surroundings, within};

/// GNOME's program that asks for passwords; it takes its window's class from its name.
const PROGRAM: &str = "gcr-prompter";
/// Where Debian and its like keep it.
const PLACE: &str = "/usr/libexec/gcr-prompter";
const NAME: &str = "org.gnome.keyring.SystemPrompter";
/// X's names of the keys that are no characters.
const TAB: u32 = 0xff09;
const RETURN: u32 = 0xff0d;

/// The running program.
#[derive(Debug)]
pub struct Prompter {
    _program: Owned,
}

impl Prompter {
    /// Starts it; it ends by itself when nobody has asked for anything for some seconds.
    pub async fn start(surroundings: &Surroundings, bus: &Bus) -> Self {
        let mut command = surroundings.command(PLACE);
        command.stderr(std::process::Stdio::null());
        let program = Owned::start(PROGRAM, command);
        bus.wait_for(NAME).await;
        Self { _program: program }
    }
}

impl Display {
    /// Waits for the question for a new password, types it twice, and sends it off.
    pub async fn choose_password(&self, password: &str) {
        let (connection, root) = self.connect();
        let asked = async {
            while !asks(&connection, root) {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        };
        within(30, "the question for a password", asked).await;
        let typed = || password.chars().map(u32::from);
        for key in typed().chain([TAB]).chain(typed()).chain([RETURN]) {
            press(&connection, root, key);
        }
    }
}

/// Whether the question is on the screen and hears every key: it takes the whole keyboard for itself.
fn asks(connection: &RustConnection, root: Window) -> bool {
    let tree = connection.query_tree(root).expect("a question").reply().expect("an answer");
    let shown = tree.children.into_iter().any(|window| {
        let class =
            connection.get_property(false, window, AtomEnum::WM_CLASS, AtomEnum::ANY, 0, 64);
        let class = class.ok().and_then(|asked| asked.reply().ok());
        let shown = connection.get_window_attributes(window).ok().and_then(|a| a.reply().ok());
        class.is_some_and(|class| class.value.starts_with(PROGRAM.as_bytes()))
            && shown.is_some_and(|shown| shown.map_state == MapState::VIEWABLE)
    });
    shown && {
        let (now, mode) = (CURRENT_TIME, GrabMode::ASYNC);
        let taken = connection.grab_keyboard(false, root, now, mode, mode).expect("a question");
        let taken = taken.reply().expect("an answer").status;
        let left = connection.ungrab_keyboard(now).expect("a message");
        left.check().expect("the keyboard is left to others");
        taken == GrabStatus::ALREADY_GRABBED
    }
}

/// Presses a key and lets it go, as a keyboard does (XTEST): what takes all keys for itself hears no
/// others.
fn press(connection: &RustConnection, root: Window, key: u32) {
    let setup = connection.setup();
    let (first, last) = (setup.min_keycode, setup.max_keycode);
    let map = connection.get_keyboard_mapping(first, last - first + 1).expect("a question");
    let map = map.reply().expect("an answer");
    let of_key = usize::from(map.keysyms_per_keycode);
    let place = map.keysyms.chunks(of_key).position(|syms| syms.first() == Some(&key));
    let code = first + u8::try_from(place.expect("the key is on the keyboard")).expect("a code");
    let extension = connection.extension_information("XTEST").expect("a question");
    let extension = extension.expect("the server has a keyboard for tests");
    for event in [KEY_PRESS_EVENT, KEY_RELEASE_EVENT] {
        // XTestFakeInput: nine words of four bytes.
        let mut request = [0_u8; 36];
        let start = [extension.major_opcode, 2, 9, 0, event, code];
        request.iter_mut().zip(start).for_each(|(at, byte)| *at = byte);
        let at_root = request.iter_mut().skip(12).zip(root.to_ne_bytes());
        at_root.for_each(|(at, byte)| *at = byte);
        let sent = connection.send_request_without_reply(&[IoSlice::new(&request)], Vec::new());
        sent.expect("a message").check().expect("the server takes it");
    }
}
