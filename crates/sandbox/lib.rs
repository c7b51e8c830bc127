//! The sandbox: stand-ins of Google (login, People API v1) and Zoho (accounts, CRM v8) on this
//! machine only, with sample people, pages for a person's hand, and hooks for tests.
//!
//! It is an independent reading of the published interfaces: it shares no code with the product.
//! [`start`] runs it; [`Control`] documents the hooks, which are also served under `/_sandbox/`.

mod catalogue;
mod clock;
mod control;
mod data;
mod dump;
mod faults;
mod faults_page;
mod google;
mod html;
mod http;
mod log;
mod persist;
mod random;
mod sample;
mod server;
mod switches;
mod world;
mod zoho;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use control::Control;
pub use data::DataError;
pub use faults::{Action, Answer, Rule, RuleState};
pub use google::actions::GoogleAct;
pub use log::{LogEntry, Side, Traffic};
pub use switches::{
    AutoApprove, Automation, CoqlBackslash, CreateMemberships, DeviceLife, Edition, GoogleSwitches,
    Language, LongText, OpenPoint, ParallelWrites, Pkce, Quotas, ScopeSpelling, StaleBatch,
    Switches, ZohoSwitches, open_points,
};
pub use world::Snapshot;
pub use zoho::act::{Who, ZohoAct};

use clock::Clock;
use http::Door;
use world::{Keep, Seed, World};
use zoho::{CENTRES, Hosts};

/// Who lives in the sandbox at the start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum People {
    /// The sample: about 200 contacts a side, 120 of them on both, leads, vendors, labels, views.
    #[default]
    Sample,
    /// Nobody.
    Empty,
    /// Made-up contacts for measuring: `count` a side, the first `shared` of them the same on both.
    Generated {
        /// Contacts on each side.
        count: usize,
        /// How many of them are on both sides (by work e-mail = Zoho Email).
        shared: usize,
        /// The same seed gives the same people.
        seed: u64,
    },
}

/// How to start.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Google's port; Zoho's accounts server takes the next one. `None` or 0: free ones.
    pub port: Option<u16>,
    /// A JSON file with people (see README.md); read after `people` is set up, usually with [`People::Empty`].
    pub data: Option<PathBuf>,
    /// Who lives there.
    pub people: People,
    /// The switches at the start.
    pub switches: Switches,
    /// A file that keeps people, sign-ins and ports between starts; `people` and `data` count only
    /// when it does not exist yet. Every change is written before it is answered, which suits the
    /// sample's size, not thousands of contacts.
    pub keep: Option<PathBuf>,
}

/// Why the sandbox did not start.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The port belongs to another program.
    #[error("port {0} is already in use: choose another one, or end the program that holds it")]
    PortTaken(u16),
    /// The ports could not be opened for another reason.
    #[error("the sandbox cannot listen on 127.0.0.1:{0}: {1}")]
    Listen(u16, std::io::Error),
    /// The data file cannot be used.
    #[error(transparent)]
    Data(#[from] DataError),
}

/// The OAuth clients that the sandbox accepts.
#[derive(Debug, Clone, Serialize)]
pub struct Clients {
    /// Google's client id, of the type "Desktop app": any loopback redirect, any port.
    pub google_client_id: &'static str,
    /// Google's client secret; the token endpoint demands it.
    pub google_client_secret: &'static str,
    /// The id of Google's second client, of the same type.
    pub google_next_client_id: &'static str,
    /// Its secret.
    pub google_next_client_secret: &'static str,
    /// Zoho's client id, of the type for mobile and desktop apps (PKCE).
    pub zoho_client_id: &'static str,
    /// Zoho's client secret; needed unless the switch `zoho.secret_required` is off, and checked when sent.
    pub zoho_client_secret: &'static str,
    /// The id of Zoho's second client, of the type for servers (no PKCE).
    pub zoho_server_client_id: &'static str,
    /// Its secret.
    pub zoho_server_client_secret: &'static str,
    /// The redirect rule of Zoho's clients in words.
    pub zoho_redirect: &'static str,
}

/// The OAuth clients that the sandbox accepts.
pub fn clients() -> Clients {
    Clients {
        google_client_id: google::oauth::CLIENT_ID,
        google_client_secret: google::oauth::CLIENT_SECRET,
        google_next_client_id: google::oauth::NEXT_CLIENT_ID,
        google_next_client_secret: google::oauth::NEXT_CLIENT_SECRET,
        zoho_client_id: zoho::oauth::CLIENT_ID,
        zoho_client_secret: zoho::oauth::CLIENT_SECRET,
        zoho_server_client_id: zoho::oauth::SERVER_CLIENT_ID,
        zoho_server_client_secret: zoho::oauth::SERVER_CLIENT_SECRET,
        zoho_redirect: "http://localhost:48620/callback, to the letter; the switch zoho.redirect_uri names another one, or none for any of this computer",
    }
}

/// A running sandbox. It stops when dropped.
#[derive(Debug)]
pub struct Sandbox {
    world: Arc<World>,
    stop: watch::Sender<bool>,
    doors: Vec<JoinHandle<()>>,
}

/// Starts both stand-ins on 127.0.0.1.
///
/// # Errors
/// A port that is taken or cannot be opened; a data file that cannot be read or is malformed.
pub async fn start(options: Options) -> Result<Sandbox, SandboxError> {
    let clock = Clock::new();
    let now = clock.now();
    let (mut google, mut zoho) = sample::people(&options.people, now);
    if let Some(path) = &options.data {
        data::load(path, &mut google, &mut zoho, now)?;
    }
    let seed = match (&options.people, &options.data) {
        (People::Generated { .. }, None) => Seed::Made(options.people.clone(), now),
        (People::Generated { .. } | People::Sample | People::Empty, _) => {
            Seed::Copy(Box::new((google.clone(), zoho.clone())))
        }
    };
    let mut ports = BTreeMap::new();
    if let Some(kept) = options.keep.as_deref().map(persist::load).transpose()?.flatten() {
        clock.advance(kept.clock_offset.max(0));
        (google, zoho, ports) = (kept.google, kept.zoho, kept.ports);
    }

    let first = options.port.unwrap_or(0);
    let mut doors = Doors { ports, listeners: Vec::new() };
    google.base = doors.open(Door::Google, "google".to_owned(), first).await?;
    for (n, centre) in CENTRES.iter().enumerate() {
        let port = if first == 0 || n > 0 { 0 } else { first.saturating_add(1) };
        let accounts = doors
            .open(Door::ZohoAccounts((*centre).to_owned()), format!("{centre}-accounts"), port)
            .await?;
        let api =
            doors.open(Door::ZohoApi((*centre).to_owned()), format!("{centre}-api"), 0).await?;
        zoho.hosts.insert((*centre).to_owned(), Hosts { accounts, api });
    }

    let Doors { ports, listeners } = doors;
    let keep = options.keep.map(|path| Keep { path, ports });
    let world = Arc::new(World::new(clock, options.switches, (google, zoho), seed, keep));
    world.save();
    let (stop, stopped) = watch::channel(false);
    let doors = listeners
        .into_iter()
        .map(|(door, listener)| {
            tokio::spawn(server::serve(Arc::clone(&world), door, listener, stopped.clone()))
        })
        .collect();
    Ok(Sandbox { world, stop, doors })
}

/// The open doors and the ports that they got.
struct Doors {
    ports: BTreeMap<String, u16>,
    listeners: Vec<(Door, TcpListener)>,
}

impl Doors {
    /// Opens a door on the wanted port, else on the one it had before, else on a free one.
    async fn open(
        &mut self,
        door: Door,
        name: String,
        wanted: u16,
    ) -> Result<String, SandboxError> {
        let before = self.ports.get(&name).copied().filter(|_| wanted == 0);
        let opened = match before {
            Some(port) => match server::bind(port).await {
                Ok(opened) => Ok(opened),
                Err(_) => server::bind(0).await,
            },
            None => server::bind(wanted).await,
        };
        let (listener, address) = opened.map_err(|error| {
            if error.kind() == std::io::ErrorKind::AddrInUse {
                SandboxError::PortTaken(wanted)
            } else {
                SandboxError::Listen(wanted, error)
            }
        })?;
        self.ports.insert(name, address.port());
        self.listeners.push((door, listener));
        Ok(format!("http://{address}"))
    }
}

/// The document for `RENRAKU_ENDPOINTS`.
fn endpoints(world: &World) -> Value {
    let google = world.google().base.clone();
    let zoho = world.zoho().hosts.get("us").map(|h| h.accounts.clone()).unwrap_or_default();
    json!({
        "google": {
            "authorize": format!("{google}/o/oauth2/v2/auth"),
            "token": format!("{google}/token"),
            "revoke": format!("{google}/revoke"),
            "userinfo": format!("{google}/v1/userinfo"),
            "people": google,
        },
        "zoho": {"accounts": zoho},
    })
}

impl Sandbox {
    /// The services' addresses, exactly as `RENRAKU_ENDPOINTS` wants them.
    pub fn endpoints(&self) -> Value {
        endpoints(&self.world)
    }

    /// The address of the page where a person edits Google's contacts.
    pub fn google_page(&self) -> String {
        format!("{}/", self.world.google().base)
    }

    /// The address of the page where a person edits Zoho's records.
    pub fn zoho_page(&self) -> String {
        let accounts =
            self.world.zoho().hosts.get("us").map(|h| h.accounts.clone()).unwrap_or_default();
        format!("{accounts}/")
    }

    /// The hooks for tests.
    pub fn control(&self) -> Control {
        Control { world: Arc::clone(&self.world), endpoints: self.endpoints() }
    }

    /// Stops serving and waits until every door is closed.
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        for door in std::mem::take(&mut self.doors) {
            let _ = door.await;
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
        for door in &self.doors {
            door.abort();
        }
    }
}
