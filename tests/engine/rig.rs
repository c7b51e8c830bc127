//! One engine, one pair of stand-ins, one clock that only the test moves.

use std::collections::BTreeSet;
use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::TryRecvError;
use std::task::Poll;
use std::time::Duration;

use keyring_core::api::CredentialApi as _;
use renraku_core::timestamp::Timestamp;
use renraku_engine::api::{Account, DataCentre, Outcome, ReviewItem, ReviewKind, Run, RunChanges};
use renraku_engine::core::contact::{Module, Side};
use renraku_engine::{BrowserChoice, Endpoints, Engine, Failure, GivenClients, Options, SignInAs};
use renraku_sandbox::{AutoApprove, Control, People, Sandbox, Traffic};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::people::{ROWS, Row};
use super::registered::registered;
use super::visits::{follow, redirect_of};

/// How long Google's lists may trail a write, and a little more (sync.md, Lag).
pub(crate) const LAG: Duration = Duration::from_secs(11 * 60);

/// Everything one scenario works with.
pub(crate) struct Rig {
    pub(crate) control: Control,
    /// The rows in whose fields people look and type.
    pub(crate) rows: Vec<Row>,
    sandbox: Sandbox,
    pub(crate) keychain: Arc<keyring_core::CredentialStore>,
    engine: Engine,
    home: TempDir,
    /// By how many seconds the program's clock is ahead of the services'.
    pub(crate) ahead: Arc<AtomicI64>,
}

/// The stand-ins' name for a side.
pub(crate) fn at(side: Side) -> renraku_sandbox::Side {
    match side {
        Side::Zoho => renraku_sandbox::Side::Zoho,
        Side::Google => renraku_sandbox::Side::Google,
    }
}

impl Rig {
    /// Both accounts connected, nobody in them.
    pub(crate) async fn new() -> Rig {
        Rig::with(People::Empty).await
    }

    /// Both accounts connected.
    pub(crate) async fn with(people: People) -> Rig {
        Rig::under(people, json!({})).await
    }

    /// Both accounts connected, with these switches set from the sign-in on.
    pub(crate) async fn under(people: People, switches: Value) -> Rig {
        // Many tests look right after an act; whole lives have lists that trail (`open_points`).
        let quick = renraku_sandbox::Switches::quick();
        let options = renraku_sandbox::Options { people, switches: quick, ..Default::default() };
        let sandbox = renraku_sandbox::start(options).await.expect("the sandbox starts");
        let control = sandbox.control();
        control.set_switches(|switches| {
            switches.google.auto_approve = AutoApprove::Allow;
            switches.zoho.auto_approve = AutoApprove::Allow;
        });
        control.call("PATCH", "switches", switches).expect("the switches");
        control.call("POST", "clock", json!({"stopped": true})).expect("the clock stops");
        // The database is written through to its place: memory is quicker than a disk.
        let memory = Path::new("/dev/shm");
        let place = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let home = tempfile::Builder::new().prefix("renraku-engine-").tempdir_in(place);
        let home = home.expect("a temporary folder");
        let keychain: Arc<keyring_core::CredentialStore> =
            keyring_core::mock::Store::new().expect("a keychain in memory");
        let ahead = Arc::default();
        let engine = open(&sandbox, home.path(), &keychain, &ahead, registered());
        let rig = Rig { control, rows: ROWS.to_vec(), sandbox, keychain, engine, home, ahead };
        rig.connect().await;
        rig
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    async fn connect(&self) {
        for side in Side::BOTH {
            self.connect_one(side).await;
        }
    }

    /// Logs in at one service, as a browser in which everything is allowed; another account than the
    /// connected one is taken.
    pub(crate) async fn connect_one(&self, side: Side) {
        let mut account = self.log_in(side, None).await;
        if account.as_ref().is_err_and(Engine::asks_about_another_account) {
            account = self.engine.take_other_account(side).await;
        }
        assert!(account.expect("the login is done").connected, "{} is connected", side.name());
    }

    /// Logs in at one service; `wanted`: where Zoho's client is said to be registered.
    pub(crate) async fn log_in(
        &self,
        side: Side,
        wanted: Option<DataCentre>,
    ) -> Result<Account, Failure> {
        self.log_in_as(side, SignInAs { data_centre: wanted, ..SignInAs::default() }).await
    }

    /// As [`Rig::log_in`], with all that is said of Zoho's client.
    pub(crate) async fn log_in_as(&self, side: Side, said: SignInAs) -> Result<Account, Failure> {
        let (tell, hear) = std::sync::mpsc::channel();
        let print = move |address: &str| tell.send(address.to_owned()).expect("somebody listens");
        let login = self.engine.connect_as(side, BrowserChoice::Print(Box::new(print)), said);
        let visit = async {
            let address = loop {
                match hear.try_recv() {
                    Ok(address) => break address,
                    Err(TryRecvError::Empty) => tokio::task::yield_now().await,
                    // The login ended before there was an address: its answer says why.
                    Err(TryRecvError::Disconnected) => return None,
                }
            };
            // What it listens on is what is registered, to the letter.
            if let Some(sent) = redirect_of(&address).filter(|_| side == Side::Zoho) {
                self.control.set_switches(|switches| {
                    switches.zoho.redirect_uri = switches.zoho.redirect_uri.take().map(|_| sent);
                });
            }
            let page = follow(address).await;
            // Nothing comes back from such a page: the login would wait for a person.
            assert!(!page.contains("error-title"), "the service refuses: {page}");
            Some(page)
        };
        let (account, page) = tokio::join!(login, visit);
        if let Some(page) = page {
            let other = account.as_ref().is_err_and(Engine::asks_about_another_account);
            let says = |text: &str| page.contains(text);
            assert_eq!(says("Another account is connected"), other, "{page}");
            assert_eq!(says("<h1>Signed in</h1>"), account.is_ok(), "it says what is: {page}");
        }
        account
    }

    /// Sets a sync up from the keys of a setup file.
    pub(crate) async fn setup(&self, setup: Value) {
        let setup = serde_json::from_value(setup).expect("a setup");
        self.engine.setup(setup).await.expect("the setup is good");
    }

    /// The wizard's sync of contacts, with these keys beside.
    pub(crate) async fn contacts(&self, keys: Value) {
        let mut setup = json!({"module": "Contacts", "defaults": {"Last_Name": "-"}});
        if let (Some(all), Value::Object(keys)) = (setup.as_object_mut(), keys) {
            all.extend(keys);
        }
        self.setup(setup).await;
    }

    /// Time goes by.
    pub(crate) fn later(&self, time: Duration) {
        self.control.advance(time);
    }

    /// A moment goes by: Zoho's times are whole seconds, and Google's lists trail the writes by ten.
    pub(crate) fn tick(&self) {
        self.later(Duration::from_secs(11));
    }

    async fn run(&self, module: Module, approve: bool) -> Run {
        self.tick();
        let runs = self.engine.sync(Some(module), approve).await.expect("the run begins");
        runs.runs.into_iter().next().expect("one run")
    }

    /// A run of the contacts' sync.
    pub(crate) async fn sync(&self) -> Run {
        self.run(Module::Contacts, false).await
    }

    /// A run that may do what a guard holds.
    pub(crate) async fn approve(&self) -> Run {
        self.run(Module::Contacts, true).await
    }

    /// As [`Rig::approve`], for another module.
    pub(crate) async fn approve_of(&self, module: Module) -> Run {
        self.run(module, true).await
    }

    /// A run that may not even begin.
    pub(crate) async fn approve_or_fail(&self) -> Result<Run, Failure> {
        self.tick();
        let runs = self.engine.sync(Some(Module::Contacts), true).await?;
        Ok(runs.runs.into_iter().next().expect("one run"))
    }

    /// Lets something go on until the newest rule has struck; what it came to where it ended before
    /// that.
    pub(crate) async fn until_struck<F: Future>(&self, mut work: Pin<&mut F>) -> Option<F::Output> {
        let struck = || self.control.rules().last().is_some_and(|rule| rule.struck > 0);
        std::future::poll_fn(|context| match struck() {
            true => Poll::Ready(None),
            false => work.as_mut().poll(context).map(Some),
        })
        .await
    }

    /// A run whose program is killed at its n-th call: before the call has any effect, or after it
    /// had, with the answer unheard. What the run came to where it ended before that. Either way
    /// the program starts again.
    pub(crate) async fn killed_at(&mut self, nth: u64, before: bool) -> Option<Outcome> {
        let act = if before { json!("drop_before") } else { json!({"human_after": []}) };
        let fault = self.fault(json!({"nth": nth, "times": 1, "do": act}));
        let ended = {
            let run = std::pin::pin!(self.approve());
            self.until_struck(run).await.map(|run| run.outcome)
        };
        self.over(fault);
        self.reopen();
        ended
    }

    /// The members of a label.
    pub(crate) fn members(&self, label: &str) -> BTreeSet<String> {
        let store = self.control.store(renraku_sandbox::Side::Google);
        let labels = store.get("labels").and_then(Value::as_array).cloned().unwrap_or_default();
        let mine = labels.into_iter().find(|l| l.get("name").is_some_and(|name| name == label));
        let members = mine.and_then(|label| label.get("members").cloned()).unwrap_or(json!([]));
        serde_json::from_value(members).expect("names")
    }

    /// A run that ends well.
    pub(crate) async fn synced(&self) -> Run {
        done(self.approve().await)
    }

    /// Runs until nothing is left, the lists' lag included; the next one then proves quiet (P3).
    pub(crate) async fn settle(&self) -> u32 {
        let mut runs = 0;
        loop {
            self.later(LAG);
            let run = done(self.approve().await);
            runs += 1;
            if wrote(&run) == 0 && run.waiting == 0 {
                break;
            }
            assert!(runs < 20, "runs end: {run:?}");
        }
        let last = self.synced().await;
        assert_eq!((wrote(&last), last.matched), (0, 0), "the second run is quiet: {last:?}");
        runs
    }

    /// The open questions.
    pub(crate) fn review(&self) -> Vec<ReviewItem> {
        self.engine.review(None).expect("the review is read").items
    }

    /// Decides the one open question of a kind.
    pub(crate) fn decide(&self, kind: ReviewKind, choice: &str) {
        let open = self.review();
        let mut items = open.iter().filter(|i| i.kind == kind && i.chosen.is_none());
        let item = items.next().unwrap_or_else(|| panic!("a question of {kind:?}: {open:?}"));
        self.engine.resolve(&[&item.item], choice).expect("the choice is offered");
    }

    /// What a run wrote.
    pub(crate) fn history(&self, run: u32) -> RunChanges {
        self.engine.changes(run).expect("the run is known")
    }

    /// The database is lost; both accounts are connected again.
    pub(crate) async fn lose_database(&mut self) {
        let entries = std::fs::read_dir(self.home.path()).expect("the folder").flatten();
        for file in entries.map(|entry| entry.path()).filter(|path| path.is_file()) {
            std::fs::remove_file(file).expect("the file goes");
        }
        self.reopen();
        self.connect().await;
    }

    /// A file stands in the data folder where something else has to be.
    pub(crate) fn block(&self, name: &str) {
        std::fs::write(self.home.path().join(name), "").expect("the file is written");
    }

    /// The program ends and starts again.
    pub(crate) fn reopen(&mut self) {
        self.reopen_as(registered());
    }

    /// Another program is opened on the same data folder; answers the one that stays open.
    pub(crate) fn open_another(&mut self) -> Engine {
        let before = self.engine.clone();
        self.reopen();
        before
    }

    /// The program ends and starts again where these OAuth clients are in force.
    pub(crate) fn reopen_as(&mut self, clients: GivenClients) {
        let home = self.home.path();
        self.engine = open(&self.sandbox, home, &self.keychain, &self.ahead, clients);
    }

    /// The program ends, `work` is done to the database file, and it starts again.
    pub(crate) fn closed(&mut self, work: impl FnOnce(&Path)) {
        let elsewhere = tempfile::tempdir().expect("a folder");
        self.engine =
            open(&self.sandbox, elsewhere.path(), &self.keychain, &self.ahead, registered());
        let file = self.home.path().join("renraku.db");
        assert!(!file.with_extension("db-wal").exists(), "everything is in the file");
        work(&file);
        self.reopen();
    }

    /// The database as it is now; the program starts again.
    pub(crate) fn backup(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.closed(|file| bytes = std::fs::read(file).expect("the database"));
        bytes
    }

    /// The program ends, this database is put in the place of the one that is there, and it starts
    /// again.
    pub(crate) fn put_back(&mut self, database: &[u8]) {
        self.closed(|file| std::fs::write(file, database).expect("it is written"));
    }

    /// The program starts again on a computer with another keychain.
    pub(crate) fn move_away(&mut self) {
        self.keychain = keyring_core::mock::Store::new().expect("a keychain in memory");
        self.reopen();
    }

    /// Whether the keychain is asked for, or given, what it knows of the database while `work` goes on.
    pub(crate) async fn asks_keychain<T>(&self, work: impl Future<Output = T>) -> (bool, T) {
        let name = self.engine.setting("keychain.name").expect("a setting").expect("a name");
        let name = format!("database|{name}");
        let entry = self.keychain.build("Renraku", &name, None).expect("an entry");
        let entry = entry.as_any().downcast_ref::<keyring_core::mock::Cred>().expect("a mock");
        let refused = keyring_core::Error::NoStorageAccess("the test refuses".into());
        entry.set_error(refused);
        let done = work.await;
        let asked = entry.get_secret();
        (!matches!(asked, Err(keyring_core::Error::NoStorageAccess(_))), done)
    }

    pub(crate) fn entries(&self) -> Vec<Arc<keyring_core::mock::Cred>> {
        let store = self.keychain.as_any().downcast_ref::<keyring_core::mock::Store>();
        store.expect("a mock").inner.lock().expect("nobody panicked").borrow().clone()
    }

    /// The names of everything that the keychain holds.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let mut found = self.entries();
        found.retain(|entry| entry.get_secret().is_ok());
        found.iter().map(|entry| entry.specifiers.1.clone()).collect()
    }

    /// Each entry of the keychain refuses its next use.
    pub(crate) fn lock_keychain_once(&self) {
        for entry in self.entries() {
            entry.set_error(keyring_core::Error::NoStorageAccess("the test refuses".into()));
        }
    }

    /// The data folder.
    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// API calls that change something, on this side, since the log was cleared.
    pub(crate) fn writes(&self, side: Side) -> Vec<String> {
        let log = self.control.requests();
        let writes = log.iter().filter(|entry| {
            entry.side == at(side)
                && entry.traffic == Traffic::Api
                && entry.method != "GET"
                && !entry.path.ends_with("/coql")
        });
        writes.map(|entry| format!("{} {}", entry.method, entry.path)).collect()
    }

    /// API calls of any kind since the log was cleared.
    pub(crate) fn calls(&self) -> Vec<String> {
        let log = self.control.requests();
        let api = log.iter().filter(|entry| entry.traffic == Traffic::Api);
        api.map(|entry| format!("{} {}", entry.method, entry.path)).collect()
    }

    /// Adds a fault; its number.
    pub(crate) fn fault(&self, rule: Value) -> u64 {
        self.control.add_rule(serde_json::from_value(rule).expect("a rule"))
    }

    /// A fault is over.
    pub(crate) fn over(&self, fault: u64) {
        self.control.call("DELETE", &format!("rules/{fault}"), json!({})).expect("it was there");
    }
}

fn open(
    sandbox: &Sandbox,
    home: &Path,
    keychain: &Arc<keyring_core::CredentialStore>,
    ahead: &Arc<AtomicI64>,
    clients: GivenClients,
) -> Engine {
    let clock = sandbox.control();
    let options = Options {
        data_dir: home.to_owned(),
        endpoints: Endpoints::parse(&sandbox.endpoints().to_string()).expect("addresses"),
        clients,
    };
    let ahead = Arc::clone(ahead);
    let now = move || {
        let ahead = ahead.load(Ordering::Relaxed) * 1_000_000;
        Timestamp::from_microsecond(clock.now() + ahead).unwrap_or_default()
    };
    Engine::open_on(options, Arc::new(now), Arc::clone(keychain), Duration::from_millis(1))
        .expect("the engine opens")
}

/// How many contacts a run wrote.
pub(crate) fn wrote(run: &Run) -> u32 {
    [run.zoho, run.google].iter().map(|t| t.created + t.updated + t.deleted).sum()
}

/// Expects that a run neither failed nor was held.
pub(crate) fn done(run: Run) -> Run {
    assert!(matches!(run.outcome, Outcome::Completed | Outcome::Partial), "it ends well: {run:?}");
    run
}

/// What a run wrote: created, updated, deleted.
pub(crate) fn tally(run: &Run, side: Side) -> (u32, u32, u32) {
    let tally = match side {
        Side::Zoho => run.zoho,
        Side::Google => run.google,
    };
    (tally.created, tally.updated, tally.deleted)
}
