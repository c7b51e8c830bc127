//! A real keychain: gnome-keyring as the Secret Service of the private bus.

use std::collections::{BTreeMap, HashMap};
use std::process::Stdio;

use tokio::io::AsyncWriteExt;
use zbus::Connection;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Type, Value};

use super::bus::Bus;
use super::process::{Owned, Surroundings};

/// An empty password would leave the keychain locked.
const PASSWORD: &[u8] = b"a password of the tests";
const NAME: &str = "org.freedesktop.secrets";
const SERVICE: &str = "org.freedesktop.Secret.Service";
const ROOT: &str = "/org/freedesktop/secrets";
/// The attribute by which the product knows its entries.
const USER: &str = "username";

/// In which state a world's keychain is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeychainState {
    /// It takes and gives secrets.
    Unlocked,
    /// It exists with a password that nobody entered, and there is nobody to ask.
    Locked,
    /// It was never used: it has no collection that is the default, and there is nobody to ask for
    /// the password of a new one.
    Empty,
    /// No Secret Service is on the bus.
    Absent,
}

/// The running keychain.
#[derive(Debug)]
pub struct Keychain {
    connection: Connection,
    _daemon: Owned,
}

impl Keychain {
    /// Starts the keychain in the state wanted and proves that state.
    pub(crate) async fn start(
        surroundings: &Surroundings,
        bus: &Bus,
        state: KeychainState,
    ) -> Option<Self> {
        if state == KeychainState::Absent {
            return None;
        }
        if state == KeychainState::Empty {
            return Some(Self::started(surroundings, bus, None).await);
        }
        let keychain = Self::started(surroundings, bus, Some(PASSWORD)).await;
        keychain.put("renraku tests", "proof", "開").await;
        let read = keychain.secrets().await;
        assert!(
            read.iter().any(|(_, secret)| secret == "開"),
            "the keychain gives back what it took"
        );
        keychain.forget("renraku tests").await;
        if state == KeychainState::Locked {
            keychain.lock().await;
            assert!(keychain.is_locked().await, "the keychain is locked now");
        }
        Some(keychain)
    }

    /// With a password it makes its collection and opens it.
    async fn started(surroundings: &Surroundings, bus: &Bus, password: Option<&[u8]>) -> Self {
        let mut command = surroundings.command("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]);
        if password.is_some() {
            command.arg("--unlock");
        }
        command.stdin(Stdio::piped()).stderr(Stdio::null());
        let mut daemon = Owned::start("gnome-keyring-daemon", command);
        let mut input = daemon.input().expect("the daemon reads its password");
        input.write_all(password.unwrap_or_default()).await.expect("the password is given");
        // It reads until the end of the input.
        drop(input);
        bus.wait_for(NAME).await;
        Self { connection: bus.connect().await, _daemon: daemon }
    }

    /// Every secret in the keychain, with its label: to look whether a token is there, and where.
    pub async fn secrets(&self) -> Vec<(String, String)> {
        let session = self.session().await;
        let anything: BTreeMap<&str, &str> = BTreeMap::new();
        let (open, _locked): (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) =
            self.call(ROOT, SERVICE, "SearchItems", &(anything,)).await;
        let mut all = Vec::new();
        for item in open {
            let secret: (Secret,) = self
                .call(item.as_str(), "org.freedesktop.Secret.Item", "GetSecret", &(&session,))
                .await;
            let label: OwnedValue =
                self.property(&item, "org.freedesktop.Secret.Item", "Label").await;
            let label = String::try_from(label).expect("a label is text");
            all.push((label, String::from_utf8_lossy(&secret.0.value).into_owned()));
        }
        all.sort();
        all
    }

    /// What the keychain knows of databases, to be put back with them.
    pub async fn databases(&self) -> Vec<(OwnedObjectPath, Vec<u8>)> {
        let session = self.session().await;
        let mut found = Vec::new();
        for item in self.items().await {
            if self.is_of_a_database(&item).await {
                let secret: (Secret,) = self
                    .call(item.as_str(), "org.freedesktop.Secret.Item", "GetSecret", &(&session,))
                    .await;
                found.push((item, secret.0.value));
            }
        }
        found
    }

    /// Puts back what [`Keychain::databases`] found, and nothing else of that kind.
    pub async fn put_databases_back(&self, kept: &[(OwnedObjectPath, Vec<u8>)]) {
        let session = self.session().await;
        for item in self.items().await {
            match kept.iter().find(|(path, _)| *path == item) {
                Some((_, value)) => {
                    let secret = Secret {
                        session: session.clone(),
                        parameters: Vec::new(),
                        value: value.clone(),
                        content_type: "text/plain".to_owned(),
                    };
                    let (item, of) = (item.as_str(), "org.freedesktop.Secret.Item");
                    let () = self.call(item, of, "SetSecret", &(secret,)).await;
                }
                None if self.is_of_a_database(&item).await => {
                    let _: OwnedObjectPath = self
                        .call(item.as_str(), "org.freedesktop.Secret.Item", "Delete", &())
                        .await;
                }
                None => {}
            }
        }
    }

    /// What its entries are called, in order.
    pub async fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        for item in self.items().await {
            names.extend(self.attributes(&item).await.remove(USER));
        }
        names.sort();
        names
    }

    /// Calls an entry otherwise, as another version of the product did.
    pub async fn rename(&self, from: &str, to: &str) {
        for item in self.items().await {
            let mut all = self.attributes(&item).await;
            if all.get(USER).is_some_and(|name| name == from) {
                all.insert(USER.to_owned(), to.to_owned());
                let of = "org.freedesktop.Secret.Item";
                let () = self
                    .call(
                        item.as_str(),
                        "org.freedesktop.DBus.Properties",
                        "Set",
                        &(of, "Attributes", Value::from(all)),
                    )
                    .await;
                return;
            }
        }
        panic!("an entry {from} is in the keychain");
    }

    /// Whether it has a collection that is the default.
    pub async fn has_default(&self) -> bool {
        self.default_collection().await.as_str() != "/"
    }

    async fn attributes(&self, item: &OwnedObjectPath) -> HashMap<String, String> {
        let all = self.property(item, "org.freedesktop.Secret.Item", "Attributes").await;
        HashMap::try_from(all).expect("attributes are texts")
    }

    async fn items(&self) -> Vec<OwnedObjectPath> {
        let anything: BTreeMap<&str, &str> = BTreeMap::new();
        let (open, _locked): (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) =
            self.call(ROOT, SERVICE, "SearchItems", &(anything,)).await;
        open
    }

    async fn is_of_a_database(&self, item: &OwnedObjectPath) -> bool {
        let all = self.attributes(item).await;
        all.get(USER).is_some_and(|name| name.starts_with("database|"))
    }

    /// Locks the default collection, as a screen lock may do in the middle of anything.
    pub async fn lock(&self) {
        let collection = self.default_collection().await;
        let _: (Vec<OwnedObjectPath>, OwnedObjectPath) =
            self.call(ROOT, SERVICE, "Lock", &(vec![collection],)).await;
    }

    /// Whether the default collection is locked.
    pub async fn is_locked(&self) -> bool {
        let collection = self.default_collection().await;
        let locked =
            self.property(&collection, "org.freedesktop.Secret.Collection", "Locked").await;
        bool::try_from(locked).expect("it is locked or not")
    }

    async fn put(&self, label: &str, key: &str, secret: &str) {
        let session = self.session().await;
        let collection = self.default_collection().await;
        let attributes = HashMap::from([("key", key)]);
        let properties = BTreeMap::from([
            ("org.freedesktop.Secret.Item.Label", Value::from(label)),
            ("org.freedesktop.Secret.Item.Attributes", Value::from(attributes)),
        ]);
        let secret = Secret {
            session,
            parameters: Vec::new(),
            value: secret.as_bytes().to_vec(),
            content_type: "text/plain".to_owned(),
        };
        let _: (OwnedObjectPath, OwnedObjectPath) = self
            .call(
                collection.as_str(),
                "org.freedesktop.Secret.Collection",
                "CreateItem",
                &(properties, secret, true),
            )
            .await;
    }

    async fn forget(&self, label: &str) {
        let anything: BTreeMap<&str, &str> = BTreeMap::new();
        let (open, _locked): (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) =
            self.call(ROOT, SERVICE, "SearchItems", &(anything,)).await;
        for item in open {
            let named = self.property(&item, "org.freedesktop.Secret.Item", "Label").await;
            if String::try_from(named).is_ok_and(|named| named == label) {
                let _: OwnedObjectPath =
                    self.call(item.as_str(), "org.freedesktop.Secret.Item", "Delete", &()).await;
            }
        }
    }

    async fn session(&self) -> OwnedObjectPath {
        let answer: (OwnedValue, OwnedObjectPath) =
            self.call(ROOT, SERVICE, "OpenSession", &("plain", Value::from(""))).await;
        answer.1
    }

    async fn default_collection(&self) -> OwnedObjectPath {
        self.call(ROOT, SERVICE, "ReadAlias", &("default",)).await
    }

    async fn property(&self, path: &OwnedObjectPath, interface: &str, name: &str) -> OwnedValue {
        let get = "org.freedesktop.DBus.Properties";
        self.call(path.as_str(), get, "Get", &(interface, name)).await
    }

    async fn call<B, R>(&self, path: &str, interface: &str, method: &str, body: &B) -> R
    where
        B: serde::Serialize + zbus::zvariant::DynamicType,
        R: serde::de::DeserializeOwned + Type,
    {
        let reply = self
            .connection
            .call_method(Some(NAME), path, Some(interface), method, body)
            .await
            .unwrap_or_else(|error| panic!("the keychain refuses {method}: {error}"));
        let body = reply.body();
        body.deserialize()
            .unwrap_or_else(|error| panic!("the keychain's answer to {method}: {error}"))
    }
}

/// A secret as the Secret Service carries it, in a session without encryption.
#[derive(Debug, serde::Serialize, serde::Deserialize, Type)]
struct Secret {
    session: OwnedObjectPath,
    parameters: Vec<u8>,
    value: Vec<u8>,
    content_type: String,
}
