//! A file that is dragged from another program and dropped on a window: what a file manager says to
//! the window (XDND), without a hand on a mouse.

use std::path::Path;
use std::time::Duration;

use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ClientMessageEvent, ConnectionExt, CreateWindowAux, EventMask, PropMode,
    SELECTION_NOTIFY_EVENT, SelectionNotifyEvent, SelectionRequestEvent, Window, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;
use x11rb::{COPY_FROM_PARENT, CURRENT_TIME, NONE};

use super::display::Display;
use crate::world::within;

/// The protocol's version, in the place where it is told.
const VERSION: u32 = 5 << 24;

/// The program that the file is dragged from.
struct Source {
    connection: RustConnection,
    window: Window,
    target: Window,
    uris: String,
}

impl Display {
    /// Drags a file to this place in the window whose title begins with `start`, and drops it.
    pub async fn drop_file(&self, start: &str, (x, y): (i16, i16), file: &Path) {
        let (connection, target) = self.window(start);
        let root = connection.setup().roots.first().expect("a screen").root;
        let window = connection.generate_id().expect("an id");
        let (class, nothing) = (WindowClass::INPUT_OUTPUT, CreateWindowAux::new());
        connection
            .create_window(0, window, root, 0, 0, 1, 1, 0, class, COPY_FROM_PARENT, &nothing)
            .expect("a window of the source's own");
        let place = connection.translate_coordinates(target, root, x, y).expect("a question");
        let place = place.reply().expect("an answer");
        let uris = format!("file://{}\r\n", file.display());
        let source = Source { connection, window, target, uris };
        let at =
            (u32::from(place.dst_x.unsigned_abs()) << 16) | u32::from(place.dst_y.unsigned_abs());
        within(30, "the window to take the file", source.drop_at(at)).await;
    }
}

impl Source {
    async fn drop_at(&self, place: u32) {
        let selection = self.atom("XdndSelection");
        let owned = self.connection.set_selection_owner(self.window, selection, CURRENT_TIME);
        owned.expect("a message").check().expect("the drag is ours");
        self.say("XdndEnter", [VERSION, self.atom("text/uri-list"), NONE, NONE]);
        // The window looks at the file first, and takes it later.
        let (status, copy) = (self.atom("XdndStatus"), self.atom("XdndActionCopy"));
        loop {
            self.say("XdndPosition", [0, place, CURRENT_TIME, copy]);
            let [_, taken, ..] = self.heard(status).await;
            if taken & 1 == 1 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.say("XdndDrop", [0, CURRENT_TIME, NONE, NONE]);
        self.heard(self.atom("XdndFinished")).await;
    }

    fn atom(&self, name: &str) -> Atom {
        let asked = self.connection.intern_atom(false, name.as_bytes()).expect("a question");
        asked.reply().expect("an answer").atom
    }

    fn say(&self, what: &str, [a, b, c, d]: [u32; 4]) {
        let data = [self.window, a, b, c, d];
        let event = ClientMessageEvent::new(32, self.target, self.atom(what), data);
        let sent = self.connection.send_event(false, self.target, EventMask::NO_EVENT, event);
        sent.expect("a message").check().expect("the window hears it");
    }

    /// Waits for a message from the window; meanwhile the file is handed over as often as it asks.
    async fn heard(&self, what: Atom) -> [u32; 5] {
        loop {
            match self.connection.poll_for_event().expect("the X server answers") {
                Some(Event::SelectionRequest(asked)) => self.hand_over(&asked),
                Some(Event::ClientMessage(heard)) if heard.type_ == what => {
                    return heard.data.as_data32();
                }
                Some(_) => {}
                None => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
    }

    fn hand_over(&self, asked: &SelectionRequestEvent) {
        let (to, property) = (asked.requestor, asked.property);
        let kind: Atom = if asked.target == self.atom("TARGETS") {
            let all = [self.atom("text/uri-list")];
            let told = self.connection.change_property32(
                PropMode::REPLACE,
                to,
                property,
                AtomEnum::ATOM,
                &all,
            );
            told.expect("a message").ignore_error();
            property
        } else if asked.target == self.atom("text/uri-list") {
            let told = self.connection.change_property8(
                PropMode::REPLACE,
                to,
                property,
                asked.target,
                self.uris.as_bytes(),
            );
            told.expect("a message").ignore_error();
            property
        } else {
            NONE
        };
        let answer = SelectionNotifyEvent {
            response_type: SELECTION_NOTIFY_EVENT,
            sequence: 0,
            time: asked.time,
            requestor: to,
            selection: asked.selection,
            target: asked.target,
            property: kind,
        };
        let sent = self.connection.send_event(false, to, EventMask::NO_EVENT, answer);
        sent.expect("a message").check().expect("the window hears it");
    }
}
