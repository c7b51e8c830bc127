//! The app as a person meets it: its real window, its tray, the real browser, the real keychain.

mod choices;
mod deletions;
mod edits;
mod hindrances;
mod keyboard;
mod logins;
mod main_job;
mod newcomer;
mod settings;
mod sign_in;
mod starts;
mod tray;
mod unattended;
mod wizard;

use renraku_sandbox::Side;
use renraku_tests::desktop::{App, Chromium, Display, Notices, Page, Start, TrayHost};
use renraku_tests::world::{KeychainState, World};
use serde_json::{Value, json};

/// A desk with a screen, a tray, notifications and a browser; the app is opened on it.
struct Desk {
    display: Display,
    tray: TrayHost,
    notices: Notices,
    /// Started when it is first needed.
    browser: Option<Chromium>,
    world: World,
}

impl Desk {
    async fn new() -> Self {
        Self::on(World::new().await).await
    }

    async fn with_keychain(state: KeychainState) -> Self {
        Self::on(World::with_keychain(state).await).await
    }

    /// Both accounts are connected and the contacts in step, synced every so many minutes; the
    /// stand-ins keep what they know in a file.
    async fn in_step(minutes: u32) -> Self {
        Self::on(World::in_step(minutes).await).await
    }

    async fn on(mut world: World) -> Self {
        let display = Display::start(world.surroundings()).await;
        let tray = TrayHost::start(world.bus()).await;
        let notices = Notices::start(world.bus()).await;
        Self { display, tray, notices, browser: None, world }
    }

    /// Goes to an address in the person's browser.
    async fn visit(&mut self, address: &str) -> Page {
        if self.browser.is_none() {
            self.browser = Some(Chromium::start(self.world.surroundings()).await);
        }
        self.browser.as_ref().expect("it was started").visit(address).await.clone()
    }

    /// Opens the app as `cargo xtask run` does.
    async fn open_app(&mut self) -> App {
        App::start(self.world.surroundings(), Start::Sandbox).await
    }

    /// Opens the app on the accounts that are connected.
    async fn open_connected(&mut self) -> App {
        App::start(self.world.surroundings(), Start::Plain).await
    }

    /// Opens the app on accounts whose contacts are in step, once it says so.
    async fn open_in_step(&mut self) -> App {
        let app = self.open_connected().await;
        app.page().see("Up to date").await;
        app
    }

    /// Somebody gives these contacts another title in Zoho.
    fn title_in_zoho(&self, emails: &[String], title: &str) {
        let control = self.world.control();
        for email in emails {
            let act = json!({"op": "edit", "module": "Contacts", "record": email,
                "fields": {"Title": title}});
            control.human(Side::Zoho, act).expect("the edit is possible");
        }
    }

    /// How many contacts of Google's have this title.
    fn titled_in_google(&self, title: &str) -> usize {
        self.world.control().store(Side::Google).to_string().matches(title).count()
    }

    /// Presses what opens the browser, and goes there in Chromium.
    async fn follow(&mut self, app: &Page, button: &str) -> Page {
        app.press(button).await;
        let address = self.world.browser().opened().await;
        self.visit(&address).await
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
        app.choose("All contacts").await;
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

    /// The stand-ins of the world.
    fn services(&self) -> StandIns {
        let (google, zoho) = self.world.pages();
        StandIns { google, zoho }
    }

    /// Opens the form of the contact with this e-mail on one of the stand-ins' pages.
    async fn open_contact(&mut self, page: &str, email: &str) -> Page {
        let page = self.visit(page).await;
        page.fill("Search", email).await;
        page.press("Find").await;
        page.see(email).await;
        page.press_css("a.open").await;
        page.see("Save").await;
        page
    }

    /// Edits a field of the contact with this e-mail on one of the stand-ins' pages.
    async fn edit(&mut self, page: &str, email: &str, field: &str, value: &str) {
        let page = self.open_contact(page, email).await;
        page.fill(field, value).await;
        page.press("Save").await;
        let listed = |text: &str| text.to_lowercase().contains("create contact");
        page.wait_for_text("see the list again", listed).await;
    }
}

/// The newest run that the overview lists.
async fn newest_run(window: &Page) -> u32 {
    let newest = fantoccini::Locator::Css("[data-testid^=run-]");
    let wait = window.client().wait().at_most(std::time::Duration::from_secs(30));
    let line = wait.for_element(newest).await.expect("the overview lists runs");
    let name = line.attr("data-testid").await.ok().flatten().unwrap_or_default();
    name.trim_start_matches("run-").parse().unwrap_or_else(|_| panic!("a run: {name}"))
}

/// Waits until the overview lists this run and none is under way.
async fn run_is_listed(window: &Page, run: u32) {
    let line = format!("[data-testid=run-{run}]");
    let wait = window.client().wait().at_most(std::time::Duration::from_secs(30));
    let found = wait.for_element(fantoccini::Locator::Css(&line)).await;
    assert!(found.is_ok(), "run {run} is listed:\n{}", window.text().await);
    window.miss("Syncing…").await;
}

/// Presses *Sync now* on the overview and waits for the run's end; its number.
async fn sync_now(window: &Page) -> u32 {
    let next = newest_run(window).await + 1;
    window.press_css("[data-testid=sync-now]").await;
    run_is_listed(window, next).await;
    next
}

/// Whether a field of the form holds this text.
async fn holds(page: &Page, text: &str) -> bool {
    page.client().source().await.is_ok_and(|html| html.contains(text))
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
