//! The app in its real window.

use serde_json::{Map, json};

use super::driver::{Driver, free_port, tool};
use super::page::Page;
use crate::world::{Owned, Surroundings, program, within};

/// How the app is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// Against the sandbox inside, as `cargo xtask run` does.
    Sandbox,
    /// Against the endpoints of the environment.
    Plain,
}

impl Start {
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Sandbox => &["--sandbox"],
            Self::Plain => &[],
        }
    }
}

/// The running app with its window under a WebDriver.
#[derive(Debug)]
pub struct App {
    page: Page,
    _driver: Driver,
}

impl App {
    /// Starts the app and waits for its window.
    pub async fn start(surroundings: &Surroundings, start: Start) -> Self {
        let (port, native) = (free_port().await, free_port().await);
        let mut command = surroundings.command(tool("tauri-driver"));
        command.args(["--port", &port.to_string(), "--native-port", &native.to_string()]);
        command.args(["--native-driver", "/usr/bin/WebKitWebDriver"]);
        let driver = Driver::start("tauri-driver", command, port, Some(native)).await;
        let mut capabilities = Map::new();
        capabilities.insert("browserName".to_owned(), json!("wry"));
        let options = json!({ "application": program("renraku"), "args": start.arguments() });
        capabilities.insert("tauri:options".to_owned(), options);
        let client = driver.session(capabilities).await;
        Self { page: Page::new(client), _driver: driver }
    }

    /// Starts the app once more by hand, beside whatever runs already.
    pub fn start_by_hand(surroundings: &Surroundings, arguments: &[&str]) -> Owned {
        let mut command = surroundings.command(program("renraku"));
        command.args(arguments);
        Owned::start("renraku", command)
    }

    /// Turns to the window that the app opened anew after it was closed.
    pub async fn reopened(&self) -> &Page {
        let client = self.page.client();
        let window = within(30, "the app's new window", async {
            loop {
                // None while the web view is being made.
                if let Some(window) =
                    client.windows().await.ok().and_then(|all| all.into_iter().next())
                {
                    return window;
                }
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        });
        client.switch_to_window(window.await).await.expect("the new window can be driven");
        &self.page
    }

    /// What the window shows.
    pub fn page(&self) -> &Page {
        &self.page
    }
}
