//! Everything around the product, made afresh for one test.

mod browser;
mod bus;
mod cli;
mod keychain;
mod process;

use std::path::{Path, PathBuf};

use tempfile::TempDir;

pub use self::browser::Browser;
pub use self::bus::Bus;
pub use self::cli::Answer;
pub(crate) use self::cli::{beside_tests, program};
pub use self::keychain::{Keychain, KeychainState};
pub use self::process::{Owned, Surroundings, within};

/// A private machine for one test: home, session bus, keychain and browser.
#[derive(Debug)]
pub struct World {
    keychain: Option<Keychain>,
    browser: Browser,
    bus: Bus,
    surroundings: Surroundings,
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
        Self { keychain, browser, bus, surroundings, home }
    }

    /// The addresses of the services' stand-ins, for every program started from now on.
    ///
    /// `endpoints` is the JSON document that `RENRAKU_ENDPOINTS` names; the OAuth clients are made
    /// up, as the stand-ins take any.
    pub fn use_endpoints(&mut self, endpoints: &serde_json::Value) {
        let file = self.home.path().join("endpoints.json");
        std::fs::write(&file, endpoints.to_string()).expect("the endpoints file is written");
        self.surroundings.set("RENRAKU_ENDPOINTS", &file);
        for service in ["GOOGLE", "ZOHO"] {
            self.surroundings.set(&format!("RENRAKU_{service}_CLIENT_ID"), "renraku-test");
            self.surroundings.set(&format!("RENRAKU_{service}_CLIENT_SECRET"), "made-up-for-tests");
        }
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

    /// Runs `renraku-cli --json connect SERVICE` and lets the browser follow the address it opens.
    /// The consent page has to answer by itself (the sandbox's `auto_approve`).
    pub async fn connect(&mut self, service: &str) -> Answer {
        let browser = &mut self.browser;
        let visit = async {
            let address = browser.opened().await;
            browser::follow(&address).await;
            std::future::pending::<()>().await;
        };
        let args = ["connect", service];
        let answer = cli::run(&self.surroundings, &args);
        tokio::select! {
            answer = answer => answer,
            () = visit => unreachable_end(),
        }
    }
}

/// The visit never ends by itself; the command does.
fn unreachable_end() -> Answer {
    panic!("the browser's visit ended before the command")
}

impl Drop for World {
    fn drop(&mut self) {
        self.surroundings.end_everyone();
    }
}
