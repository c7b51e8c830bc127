//! The one handle that the window and the command line hold.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use chrono::Utc;
use renraku_core::compile::Compiled;
use renraku_core::contact::{Module, Side};
use renraku_core::mapping::Mapping;
use renraku_core::timestamp::Timestamp;
use renraku_services::auth::signed_in::SignedIn;
use renraku_services::auth::{
    CredentialStore, Endpoints, GivenClients, Grant, Keychain, Tokens, ZohoGrant, scopes,
};
use renraku_services::{Google, Http, RemoteError, RetryBudget, Zoho};
use renraku_store::{KEYCHAIN_NAME, Standing, Store, StoreError, SyncRow, private, slot_file};
use serde::Deserialize;
use tokio::sync::broadcast;

use crate::api::{Event, Failure, FailureCode, Outcome, Runs};
use crate::clients::{self, Shelf};
use crate::handle::progress::Pulse;
use crate::sync::generation::Generation;
use crate::sync::session::{Clock, Session, rules};
use crate::sync::snapshot;
use crate::sync::stop::{Stop, Stops};
use crate::text::catalogue::{Catalogue, Language};
use crate::text::message::{self, not_connected};

/// The setting that holds what the person chose for the app itself.
pub const PREFERENCES: &str = "preferences";

/// How long a run waits for another process's run before it says so.
const WAIT_FOR_OTHERS: Duration = Duration::from_secs(60);

/// How the engine is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the database lives.
    pub data_dir: PathBuf,
    /// Where the services are.
    pub endpoints: Endpoints,
    /// The OAuth clients that come from outside.
    pub clients: GivenClients,
}

/// Shows the person an address and the code to type there.
pub type ShowCode = Box<dyn Fn(&str, &str) + Send + Sync>;

/// How the person gets to the login page.
pub enum BrowserChoice {
    /// The address is handed over, to be opened or shown.
    Print(Box<dyn Fn(&str) + Send + Sync>),
    /// Zoho only: the person types a code in a browser anywhere, for where none can come back to
    /// this computer. The address and the code are handed over.
    Code(ShowCode),
}

/// The run slot while it is held. A damage that a run met is dealt with once it is free again.
pub(crate) struct Slot {
    file: Option<std::fs::File>,
    store: Arc<Store>,
}

impl Drop for Slot {
    fn drop(&mut self) {
        drop(self.file.take());
        self.store.run_ended();
    }
}

pub(crate) struct Inner {
    pub(crate) store: Arc<Store>,
    pub(crate) data_dir: PathBuf,
    pub(crate) endpoints: Endpoints,
    pub(crate) shelf: Arc<Shelf>,
    pub(crate) keychain: Keychain,
    pub(crate) generation: Arc<Generation>,
    pub(crate) http: Http,
    pub(crate) clock: Clock,
    /// The first pause after a failure that may pass.
    pub(crate) pause: Duration,
    pub(crate) events: broadcast::Sender<Event>,
    pub(crate) running: Mutex<BTreeSet<Module>>,
    pulse: Mutex<Pulse>,
    pub(crate) stops: Stops,
    pub(crate) watched: AtomicBool,
    pub(crate) tokens: Mutex<std::collections::BTreeMap<Side, (Grant, Arc<Tokens>)>>,
    /// Accounts that have signed in beside the connected ones: the person is asked about them.
    pub(crate) others: Mutex<std::collections::BTreeMap<Side, SignedIn>>,
    catalogue: RwLock<Arc<Catalogue>>,
}

/// The engine. Cheap to clone; all clones share one database and one set of tokens.
#[derive(Clone)]
pub struct Engine {
    pub(crate) inner: Arc<Inner>,
}

impl Engine {
    /// Opens the engine on a data folder.
    ///
    /// # Errors
    /// Where the folder, the database or the system's TLS cannot be used.
    pub fn open(options: Options) -> Result<Engine, Failure> {
        Engine::begin(options, None, Arc::new(|| Utc::now().into()), RetryBudget::default().first)
    }

    /// Opens the engine on another clock and another keychain than the computer's; `pause` is the
    /// first pause after a failure that may pass.
    ///
    /// # Errors
    /// As [`Engine::open`].
    pub fn open_on(
        options: Options,
        clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
        keychain: Arc<CredentialStore>,
        pause: Duration,
    ) -> Result<Engine, Failure> {
        Engine::begin(options, Some(keychain), clock, pause)
    }

    fn begin(
        options: Options,
        elsewhere: Option<Arc<CredentialStore>>,
        clock: Clock,
        pause: Duration,
    ) -> Result<Engine, Failure> {
        let store = Arc::new(Store::open(&options.data_dir)?);
        private::shut_all([options.data_dir.join(snapshot::FOLDER)]);
        private::shut_all(clients::FILES.map(|name| options.data_dir.join(name)));
        let http = Http::new(&options.endpoints);
        // The folder keeps its name in the keychain, whichever path leads to it, now and later.
        let name = format!("{:032x}", rand::random::<u128>());
        let name = store.setting_or(KEYCHAIN_NAME, &name)?;
        let keychain = Keychain::new(&name, &options.endpoints.identity());
        let keychain = keychain.once_called(&options.data_dir);
        let keychain = match elsewhere {
            Some(store) => keychain.kept_in(store),
            None => keychain,
        };
        let shelf = Arc::new(Shelf {
            store: Arc::clone(&store),
            keychain: keychain.clone(),
            given: options.clients,
            data_dir: options.data_dir.clone(),
        });
        let engine = Engine {
            inner: Arc::new(Inner {
                generation: Arc::new(Generation::new(Arc::clone(&store), keychain.clone())),
                store,
                keychain,
                data_dir: options.data_dir,
                endpoints: options.endpoints,
                shelf,
                http,
                clock,
                pause,
                events: broadcast::channel(256).0,
                running: Mutex::new(BTreeSet::new()),
                pulse: Mutex::new(Pulse::default()),
                stops: Stops::default(),
                watched: AtomicBool::new(false),
                tokens: Mutex::new(std::collections::BTreeMap::new()),
                others: Mutex::new(std::collections::BTreeMap::new()),
                catalogue: RwLock::new(Arc::new(Catalogue::of(Language::En))),
            }),
        };
        engine.look_back()?;
        Ok(engine)
    }

    /// A run that was cut off is told as such from the start, unless another process is in the
    /// middle of one.
    fn look_back(&self) -> Result<(), Failure> {
        let slot = slot_file(&self.inner.data_dir).map_err(StoreError::from)?;
        if slot.try_lock().is_err() {
            return Ok(());
        }
        let told = self.inner.store.end_interrupted(message::interrupted);
        drop(slot);
        match told {
            // Now that the slot is free, the next call begins a new one, in which no run was cut off.
            Err(StoreError::Damaged) => self.inner.store.anew().map(|_| ()),
            told => told,
        }
        .map_err(Failure::from)
    }

    /// What happens, without asking.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.inner.events.subscribe()
    }

    pub(crate) fn tell(&self, event: Event) {
        // Nobody listens: nobody misses it.
        let _ = self.inner.events.send(event);
    }

    /// Everything is said in this language from now on; English before that.
    pub fn speak(&self, language: Language) {
        *self.inner.catalogue.write().unwrap_or_else(PoisonError::into_inner) =
            Arc::new(Catalogue::of(language));
        self.tell(Event::Changed);
    }

    /// The words of the language that is spoken.
    #[must_use]
    pub fn catalogue(&self) -> Arc<Catalogue> {
        Arc::clone(&self.inner.catalogue.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn grant(&self, side: Side) -> Result<Option<(Grant, Standing)>, Failure> {
        self.inner.store.account(side).map_err(Failure::from)
    }

    /// The grant of a side that can be used now.
    pub(crate) fn connected(&self, side: Side) -> Result<Grant, Failure> {
        match self.grant(side)? {
            Some((grant, Standing::Connected)) => Ok(grant),
            Some((_, Standing::SignedOut)) => Err(RemoteError::SignedOut.failure(side)),
            Some((_, Standing::Disconnected)) | None => Err(not_connected(side)),
        }
    }

    fn retry_budget(&self, module: Option<Module>, side: Side) -> RetryBudget {
        let engine = self.clone();
        let on_wait = move |until: Timestamp| {
            if let Some(module) = module {
                let waits = engine.pulse().waits(module, side, until);
                engine.tell(Event::Progress(waits));
            }
        };
        RetryBudget {
            on_wait: Arc::new(on_wait),
            first: self.inner.pause,
            ..RetryBudget::default()
        }
    }

    pub(crate) fn zoho(&self, module: Option<Module>) -> Result<(Zoho, ZohoGrant), Failure> {
        let grant = self.connected(Side::Zoho)?;
        let zoho = grant.zoho.clone().ok_or_else(|| not_connected(Side::Zoho))?;
        let tokens = self.tokens(Side::Zoho, grant)?;
        Ok((Zoho::new(&self.inner.http, tokens, self.retry_budget(module, Side::Zoho)), zoho))
    }

    pub(crate) fn google(&self, module: Option<Module>) -> Result<Google, Failure> {
        let tokens = self.tokens(Side::Google, self.connected(Side::Google)?)?;
        let people = &self.inner.endpoints.google.people;
        Ok(Google::new(&self.inner.http, people, tokens, self.retry_budget(module, Side::Google)))
    }

    /// The ledger of the accounts that were connected last.
    pub(crate) fn ledger(&self) -> Result<Option<i64>, Failure> {
        let (zoho, google) = (self.grant(Side::Zoho)?, self.grant(Side::Google)?);
        match (zoho.and_then(|(grant, _)| grant.zoho), google) {
            (Some(zoho), Some((google, _))) => self
                .inner
                .store
                .ledger(&zoho.org, &zoho.user, &google.account)
                .map(Some)
                .map_err(Failure::from),
            (None, _) | (_, None) => Ok(None),
        }
    }

    pub(crate) fn sync_rows(&self) -> Result<Vec<SyncRow>, Failure> {
        match self.ledger()? {
            Some(ledger) => self.inner.store.syncs(ledger).map_err(Failure::from),
            None => Ok(Vec::new()),
        }
    }

    pub(crate) fn sync_row(&self, module: Module) -> Result<SyncRow, Failure> {
        let found = self.sync_rows()?.into_iter().find(|row| row.setup.module == module);
        found.ok_or_else(|| {
            Failure::new(FailureCode::Invalid, "error-not-set-up").with("module", module.api_name())
        })
    }

    pub(crate) fn session(&self, sync: SyncRow, stop: Stop) -> Result<Session, Failure> {
        let module = sync.setup.module;
        let (zoho, zoho_grant) = self.zoho(Some(module))?;
        let scopes = self.connected(Side::Zoho)?.scopes;
        let google = self.google(Some(module))?;
        let rules = rules(&sync)?;
        let engine = self.clone();
        let mut session = Session {
            store: Arc::clone(&self.inner.store),
            generation: Arc::clone(&self.inner.generation),
            data_dir: self.inner.data_dir.clone(),
            google,
            zoho,
            zoho_grant,
            mapping: Mapping::new(module, Vec::new()),
            fields: rules.fields.clone(),
            held: BTreeSet::new(),
            closed: BTreeSet::new(),
            renamed: BTreeMap::new(),
            lacks_new_accounts: scopes::withholds_new_accounts(&scopes),
            looked: false,
            rules: Compiled::default(),
            sync,
            clock: Arc::clone(&self.inner.clock),
            catalogue: self.catalogue(),
            stop,
            on_progress: Arc::new(move |progress| {
                let progress = engine.pulse().heard(progress, (engine.inner.clock)());
                engine.tell(Event::Progress(progress));
            }),
        };
        session.follow(rules);
        Ok(session)
    }

    fn pulse(&self) -> std::sync::MutexGuard<'_, Pulse> {
        self.inner.pulse.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn running_mut(&self) -> std::sync::MutexGuard<'_, BTreeSet<Module>> {
        self.inner.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The only run slot of the data folder, held by an OS file lock that dies with its process.
    /// Google wants the changes of one account strictly one after another, so there is one slot.
    pub(crate) async fn slot(&self) -> Result<Slot, Failure> {
        let inner = Arc::clone(&self.inner);
        let locked = tokio::task::spawn_blocking(move || {
            let file = slot_file(&inner.data_dir)?;
            file.lock()?;
            Ok::<_, std::io::Error>(file)
        });
        match tokio::time::timeout(WAIT_FOR_OTHERS, locked).await {
            Ok(Ok(Ok(file))) => Ok(Slot { file: Some(file), store: Arc::clone(&self.inner.store) }),
            Ok(Ok(Err(error))) => Err(StoreError::from(error).into()),
            Ok(Err(_)) | Err(_) => Err(Failure::new(FailureCode::Busy, "error-busy")),
        }
    }

    /// The language that the person chose for the window; none follows the system.
    #[must_use]
    pub fn chosen_language(&self) -> Option<Language> {
        let kept: serde_json::Value =
            serde_json::from_str(&self.setting(PREFERENCES).ok().flatten()?).ok()?;
        Language::deserialize(kept.get("language")?).ok()
    }

    /// A setting of the app.
    ///
    /// # Errors
    /// [`FailureCode::Store`].
    pub fn setting(&self, key: &str) -> Result<Option<String>, Failure> {
        self.inner.store.setting(key).map_err(Failure::from)
    }

    /// Saves a setting of the app.
    ///
    /// # Errors
    /// [`FailureCode::Store`].
    pub fn set_setting(&self, key: &str, value: &str) -> Result<(), Failure> {
        self.inner.store.put_setting(key, value)?;
        self.tell(Event::Changed);
        Ok(())
    }
}

/// Whether a run's end asks for the person (exit code 3).
#[must_use]
pub fn held(runs: &Runs) -> bool {
    runs.runs.iter().any(|run| run.outcome == Outcome::Held)
}
