//! A real Chromium without a screen, as the person's browser.

use serde_json::{Map, json};

use super::driver::{Driver, free_port};
use super::page::Page;
use crate::world::Surroundings;

/// Chromium with a profile of its own.
#[derive(Debug)]
pub struct Chromium {
    page: Page,
    _driver: Driver,
}

impl Chromium {
    /// Starts the browser with an empty page.
    pub async fn start(surroundings: &Surroundings) -> Self {
        let port = free_port().await;
        let mut command = surroundings.command("chromedriver");
        command.arg(format!("--port={port}"));
        let driver = Driver::start("chromedriver", command, port, None).await;
        let profile = surroundings.home().join("chromium");
        let mut capabilities = Map::new();
        capabilities.insert("browserName".to_owned(), json!("chrome"));
        let arguments = json!([
            "--headless=new",
            // Chromium's own sandbox does not run as root, as which CI machines test.
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            // Without it Chromium waits for the keychain.
            "--password-store=basic",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1200,900",
            format!("--user-data-dir={}", profile.display()),
        ]);
        capabilities.insert("goog:chromeOptions".to_owned(), json!({ "args": arguments }));
        let client = driver.session(capabilities).await;
        Self { page: Page::new(client), _driver: driver }
    }

    /// Goes to an address.
    pub async fn visit(&self, address: &str) -> &Page {
        let went = self.page.client().goto(address).await;
        went.unwrap_or_else(|error| panic!("Chromium goes to {address}: {error}"));
        &self.page
    }

    /// The page it shows.
    pub fn page(&self) -> &Page {
        &self.page
    }
}
