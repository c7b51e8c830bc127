//! Everything around the product, made afresh for one test.

mod browser;
mod bus;
mod cli;
mod keychain;
mod process;
mod redirect;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

pub use self::browser::Browser;
pub use self::bus::Bus;
pub(crate) use self::cli::beside_tests;
pub use self::cli::{Answer, program};
pub use self::keychain::{Keychain, KeychainState};
pub use self::process::{Owned, Surroundings, within};
use self::redirect::RedirectPort;

/// A private machine for one test: home, session bus, keychain and browser.
#[derive(Debug)]
pub struct World {
    sandbox: Option<renraku_sandbox::Sandbox>,
    keychain: Option<Keychain>,
    browser: Browser,
    bus: Bus,
    surroundings: Surroundings,
    redirect: RedirectPort,
    // Dropped last: everything above writes into it.
    home: TempDir,
}

impl World {
    /// A world with an unlocked keychain.
    pub async fn new() -> Self {
        Self::with_keychain(KeychainState::Unlocked).await
    }

    /// A world whose keychain is in the state given.
    pub async fn with_keychain(state: KeychainState) -> Self {
        let home =
            tempfile::Builder::new().prefix("renraku-").tempdir().expect("a temporary folder");
        let mut surroundings = Surroundings::in_home(home.path());
        let bus = Bus::start(&surroundings).await;
        surroundings.set("DBUS_SESSION_BUS_ADDRESS", bus.address());
        let keychain = Keychain::start(&surroundings, &bus, state).await;
        let browser = Browser::install(&surroundings).await;
        surroundings.set("BROWSER", browser.command());
        surroundings.set("RENRAKU_DATA_DIR", home.path().join("data"));
        let redirect = RedirectPort::take();
        Self { sandbox: None, keychain, browser, bus, surroundings, redirect, home }
    }

    /// A world with an unlocked keychain and the stand-ins of both services.
    pub async fn in_sandbox(options: renraku_sandbox::Options) -> Self {
        let mut world = Self::new().await;
        world.start_sandbox(options).await;
        world
    }

    /// The sandbox's sample people in step: a sync of contacts runs every `minutes`, and nothing
    /// waits for the person.
    pub async fn in_step(minutes: u32) -> Self {
        let mut world = Self::new().await;
        let keep = Some(world.home().join("stand-ins.json"));
        world.start_sandbox(renraku_sandbox::Options { keep, ..Default::default() }).await;
        world.connect_both().await;
        let setup = json!({"module": "Contacts", "frequency_minutes": minutes});
        let setup = world.file("setup.json", &setup.to_string());
        world.cli(&["setup", &setup]).await.done();
        world.cli(&["sync", "--approve-held"]).await.done();
        // The sample asks something on purpose: nothing is to be open when a test begins.
        let review = world.cli(&["review"]).await.done();
        for item in review.pointer("/items").and_then(Value::as_array).into_iter().flatten() {
            let id = item.get("item").and_then(Value::as_str).unwrap_or_default();
            let choices = item.get("choices").and_then(Value::as_array);
            let leave = choices.and_then(|all| all.last()).and_then(Value::as_str);
            world.cli(&["resolve", id, leave.unwrap_or_default()]).await.done();
        }
        world.cli(&["sync"]).await.done();
        let usual = world.registered(renraku_sandbox::Switches::default());
        world.control().set_switches(|switches| *switches = usual);
        world
    }

    /// Starts the stand-ins of both services, and points every program started from now on there.
    pub async fn start_sandbox(&mut self, mut options: renraku_sandbox::Options) {
        options.switches = self.registered(options.switches);
        let sandbox = renraku_sandbox::start(options).await.expect("the sandbox starts");
        let file = self.home.path().join("endpoints.json");
        std::fs::write(&file, sandbox.endpoints().to_string()).expect("the endpoints are written");
        let clients = renraku_sandbox::clients();
        for (name, value) in [
            ("RENRAKU_GOOGLE_CLIENT_ID", clients.google_client_id),
            ("RENRAKU_GOOGLE_CLIENT_SECRET", clients.google_client_secret),
            ("RENRAKU_ZOHO_CLIENT_ID", clients.zoho_client_id),
            ("RENRAKU_ZOHO_CLIENT_SECRET", clients.zoho_client_secret),
            ("RENRAKU_ZOHO_REDIRECT", &self.redirect.redirect()),
        ] {
            self.surroundings.set(name, value);
        }
        self.surroundings.set("RENRAKU_ENDPOINTS", &file);
        self.sandbox = Some(sandbox);
    }

    /// Switches under which Zoho's client has this world's redirect, unless they name another one.
    /// This world's clock is the computer's: lists show a write at once.
    fn registered(&self, mut switches: renraku_sandbox::Switches) -> renraku_sandbox::Switches {
        switches.google.write_lag_ms = 0;
        if switches.zoho.redirect_uri == renraku_sandbox::ZohoSwitches::default().redirect_uri {
            switches.zoho.redirect_uri = Some(self.redirect.redirect());
        }
        switches
    }

    /// The stand-ins are gone, as if the network were: what they keep is only in their file.
    pub async fn stop_sandbox(&mut self) {
        self.sandbox.take().expect("this world has a sandbox").stop().await;
    }

    /// The addresses of the pages where a person edits Google's and Zoho's contacts.
    pub fn pages(&self) -> (String, String) {
        let sandbox = self.sandbox.as_ref().expect("this world has a sandbox");
        (sandbox.google_page(), sandbox.zoho_page())
    }

    /// The stand-ins' hooks: people's acts, faults, the request log.
    pub fn control(&self) -> renraku_sandbox::Control {
        self.sandbox.as_ref().expect("this world has a sandbox").control()
    }

    /// The environment of every program of this world; changes hold for programs started later.
    pub fn surroundings(&mut self) -> &mut Surroundings {
        &mut self.surroundings
    }

    /// The private session bus.
    pub fn bus(&self) -> &Bus {
        &self.bus
    }

    /// The keychain, unless this world has none.
    pub fn keychain(&self) -> Option<&Keychain> {
        self.keychain.as_ref()
    }

    /// The login browser: what the product opened, and how it is answered.
    pub fn browser(&mut self) -> &mut Browser {
        &mut self.browser
    }

    /// The home folder of this world.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Where the product keeps its database and logs.
    pub fn data_dir(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// Runs `renraku-cli --json` with the arguments given, as a real process, to its end.
    pub async fn cli(&self, args: &[&str]) -> Answer {
        cli::run(&self.surroundings, args).await
    }

    /// Writes a file into the home and returns its path, for commands that read one.
    pub fn file(&self, name: &str, text: &str) -> String {
        let file = self.home.path().join(name);
        std::fs::write(&file, text).expect("the file is written");
        file.to_str().expect("its path is text").to_owned()
    }

    /// Runs `renraku-cli --json connect SERVICE`; the browser follows the address that it opens.
    /// The consent page has to answer by itself (the sandbox's `auto_approve`).
    pub async fn connect(&mut self, service: &str) -> Answer {
        let args = ["connect", service];
        let command = cli::run(&self.surroundings, &args);
        tokio::pin!(command);
        let address = tokio::select! {
            // It failed before it opened anything.
            answer = &mut command => return answer,
            address = self.browser.opened() => address,
        };
        let (answer, _page) = tokio::join!(command, browser::follow(&address));
        answer
    }

    /// Connects both services with everything allowed.
    pub async fn connect_both(&mut self) {
        self.control().set_switches(|switches| {
            switches.google.auto_approve = renraku_sandbox::AutoApprove::Allow;
            switches.zoho.auto_approve = renraku_sandbox::AutoApprove::Allow;
        });
        for service in ["zoho", "google"] {
            self.connect(service).await.done();
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.surroundings.end_everyone();
    }
}
