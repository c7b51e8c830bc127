//! The app as a person meets it: its real window, its tray, the real browser, the real keychain.

mod logins;
mod main_job;
mod starts;

use renraku_tests::desktop::{App, Chromium, Display, Page, Start, TrayHost};
use renraku_tests::world::World;
use serde_json::Value;

/// A desk with a screen, a tray and a browser; the app is opened on it.
struct Desk {
    display: Display,
    tray: TrayHost,
    browser: Chromium,
    world: World,
}

impl Desk {
    async fn new() -> Self {
        let mut world = World::new().await;
        let display = Display::start(world.surroundings()).await;
        let tray = TrayHost::start(world.bus()).await;
        let browser = Chromium::start(world.surroundings()).await;
        Self { display, tray, browser, world }
    }

    /// Opens the app as `cargo xtask run` does.
    async fn open_app(&mut self) -> App {
        App::start(self.world.surroundings(), Start::Sandbox).await
    }

    /// Presses what opens the browser, and goes there in Chromium.
    async fn follow(&mut self, app: &Page, button: &str) -> &Page {
        app.press(button).await;
        let address = self.world.browser().opened().await;
        self.browser.visit(&address).await
    }

    /// Signs in to both services with everything allowed.
    async fn sign_in(&mut self, app: &Page) {
        let zoho = self.follow(app, "Connect Zoho").await;
        zoho.see("Renraku would like to access your Zoho CRM").await;
        zoho.press("Accept").await;
        app.see("Aozora Trading").await;
        let google = self.follow(app, "Connect Google").await;
        google.see("Renraku wants access to your Google Account").await;
        google.press("Allow").await;
        app.see("sora.sales@gmail.example").await;
    }

    /// Goes through the wizard with what it suggests, up to the plan.
    async fn set_up_contacts(&mut self, app: &Page) {
        app.press("Set up the sync").await;
        app.see("What should be kept in step, and which way?").await;
        app.press("Next").await;
        app.see("Map the fields").await;
        app.press("Next").await;
        app.see("Default values for Zoho").await;
        app.press("See the plan").await;
        app.see("The first plan for Contacts").await;
    }

    /// The stand-ins inside the app, seen from their own side.
    async fn stand_ins(&mut self, app: &Page) -> StandIns {
        app.press("Open Google's page").await;
        let google = self.world.browser().opened().await;
        app.press("Open Zoho's page").await;
        let zoho = self.world.browser().opened().await;
        StandIns { google, zoho }
    }
}

/// The addresses of the stand-ins' pages.
struct StandIns {
    google: String,
    zoho: String,
}

impl StandIns {
    /// How many contacts have been written so far on either side, by requests.
    async fn writes(&self) -> usize {
        let log = self.ask("log?traffic=api").await;
        let requests = log.pointer("/requests").and_then(Value::as_array).cloned();
        crate::people::writing(&requests.expect("the stand-ins keep a log"))
    }

    /// E-mails of contacts that are on both sides.
    async fn shared_emails(&self) -> Vec<String> {
        crate::people::shared_emails(&self.ask("store/zoho").await, &self.ask("store/google").await)
    }

    async fn ask(&self, what: &str) -> Value {
        let address = format!("{}_sandbox/{what}", self.google);
        let answer = reqwest::get(&address).await.expect("the stand-ins answer");
        let text = answer.text().await.expect("they answer in full");
        serde_json::from_str(&text).expect("they answer in JSON")
    }
}
