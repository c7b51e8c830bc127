//! The desktop's notifications, kept for whoever asks instead of being shown.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::watch;
use zbus::zvariant::OwnedValue;
use zbus::{Connection, interface};

use crate::world::{Bus, within};

const NAME: &str = "org.freedesktop.Notifications";

/// Title and body of everything that was shown.
type Shown = Vec<(String, String)>;

struct Server {
    shown: Arc<watch::Sender<Shown>>,
}

#[interface(name = "org.freedesktop.Notifications")]
impl Server {
    // The interface has so many.
    #[allow(clippy::too_many_arguments)]
    async fn notify(
        &self,
        _app: String,
        _replaces: u32,
        _icon: String,
        title: String,
        body: String,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _expires: i32,
    ) -> u32 {
        let mut number = 0;
        self.shown.send_modify(|shown| {
            shown.push((title, body));
            number = u32::try_from(shown.len()).unwrap_or(u32::MAX);
        });
        number
    }

    async fn close_notification(&self, _id: u32) {}

    async fn get_capabilities(&self) -> Vec<String> {
        vec!["body".to_owned()]
    }

    async fn get_server_information(&self) -> (String, String, String, String) {
        let text = |text: &str| text.to_owned();
        (text("tests"), text("Renraku"), text("1"), text("1.2"))
    }
}

/// The notification server of a world.
#[derive(Debug)]
pub struct Notices {
    shown: watch::Receiver<Shown>,
    _connection: Connection,
}

impl Notices {
    /// Begins to take notifications.
    pub async fn start(bus: &Bus) -> Self {
        let connection = bus.connect().await;
        let (sender, shown) = watch::channel(Vec::new());
        let server = Server { shown: Arc::new(sender) };
        let served = connection.object_server().at("/org/freedesktop/Notifications", server).await;
        assert!(served.is_ok_and(|new| new), "the notification server is on the bus");
        connection.request_name(NAME).await.expect("there is no other on this bus");
        Self { shown, _connection: connection }
    }

    /// Waits until so many were shown since the start, and returns the titles of all.
    pub async fn titles(&mut self, count: usize) -> Vec<String> {
        let wait = self.shown.wait_for(|shown| shown.len() >= count);
        let shown = within(30, &format!("notification {count}"), wait).await;
        let shown = shown.expect("the server lives");
        shown.iter().map(|(title, _)| title.clone()).collect()
    }

    /// The titles of those shown so far.
    pub fn so_far(&self) -> Vec<String> {
        self.shown.borrow().iter().map(|(title, _)| title.clone()).collect()
    }
}
