//! The operating system's keychain: the only place where tokens rest.
//!
//! Every access runs on a thread of its own with a time-out, because a locked keychain blocks on
//! its prompt. Absent, locked and refusing are told apart: "no entry" is believed only where the
//! keychain is open, or a locked one would look like a signed-out account.

mod counter;
mod platform;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub use keyring_core::api::CredentialStore;
use keyring_core::{Entry, Error};
use renraku_core::contact::Side;
use renraku_core::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::auth::secret::is_sendable;
use crate::auth::secret::{ClientKey, Secret, Secrets};
use renraku_core::message::{Failure, FailureCode};

/// How long a person may take to unlock the keychain.
const PROMPT: Duration = Duration::from_secs(90);
/// The name under which entries are shown in the system's own keychain tool.
const NAME: &str = "Renraku";

/// The keychain's entries of one data folder and one set of services.
#[derive(Debug, Clone)]
pub struct Keychain {
    /// What the data folder is called here, whatever path leads to it.
    folder: String,
    endpoints: String,
    /// The paths by which earlier versions called it.
    paths: Vec<String>,
    /// Another store than the operating system's.
    elsewhere: Option<Arc<CredentialStore>>,
}

/// An entry's content.
#[derive(Serialize, Deserialize)]
struct Stored {
    account: String,
    refresh: Zeroizing<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access: Option<Zeroizing<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shut: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client: Option<StoredClient>,
}

/// What is kept of an OAuth client.
#[derive(Serialize, Deserialize)]
struct StoredClient {
    id: String,
    secret: Zeroizing<String>,
}

/// An entry's bytes: overwritten when they are dropped, as all here that holds a secret is.
type Bytes = Zeroizing<Vec<u8>>;

/// Why an access failed.
enum Trouble {
    Absent,
    /// There is no default collection, and none could be made.
    NoCollection,
    Locked,
    Refused,
    Late,
}

/// The entries that hold one thing: the one of today, and those that earlier versions may have left.
struct KeychainEntries {
    now: String,
    before: Vec<String>,
    elsewhere: Option<Arc<CredentialStore>>,
}

impl KeychainEntries {
    /// An entry, and whether it is in the operating system's own store.
    fn entry(&self, name: &str) -> Result<(Entry, bool), Trouble> {
        match &self.elsewhere {
            Some(store) => Ok((store.build(NAME, name, None).map_err(|e| trouble(&e))?, false)),
            None => Ok((entry(name)?, true)),
        }
    }

    fn held(&self, name: &str) -> Result<Option<Bytes>, Trouble> {
        match self.entry(name)?.0.get_secret() {
            Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(trouble(&error)),
        }
    }

    /// What is there. What lies under an earlier name is carried over to today's.
    fn read(&self) -> Result<Option<Bytes>, Trouble> {
        if let Some(bytes) = self.held(&self.now)? {
            return Ok(Some(bytes));
        }
        for name in &self.before {
            if let Some(bytes) = self.held(name)? {
                self.write(&bytes)?;
                self.erase(name)?;
                return Ok(Some(bytes));
            }
        }
        if self.elsewhere.is_none() {
            // A locked keychain finds nothing either.
            platform::open(false)?;
        }
        Ok(None)
    }

    fn write(&self, bytes: &[u8]) -> Result<(), Trouble> {
        self.entry(&self.now)?.0.set_secret(bytes).map_err(|e| trouble(&e))
    }

    fn erase(&self, name: &str) -> Result<(), Trouble> {
        let (entry, system) = self.entry(name)?;
        match entry.delete_credential() {
            Ok(()) => Ok(()),
            Err(Error::NoEntry) if system => platform::open(false),
            Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(trouble(&error)),
        }
    }
}

impl Keychain {
    /// The entries that belong to the data folder of this lasting name and to these services
    /// ([`super::Endpoints::identity`]). Opens nothing yet.
    #[must_use]
    pub fn new(folder: &str, endpoints: &str) -> Keychain {
        Keychain {
            folder: folder.to_owned(),
            endpoints: endpoints.to_owned(),
            paths: Vec::new(),
            elsewhere: None,
        }
    }

    /// The same entries, found also where earlier versions left them: under the data folder's path,
    /// as it was given or in full.
    #[must_use]
    pub fn once_called(self, data_dir: &Path) -> Keychain {
        let full = std::path::absolute(data_dir).ok();
        let mut paths: Vec<String> = [data_dir.canonicalize().ok(), full]
            .into_iter()
            .flatten()
            .chain([data_dir.to_owned()])
            .map(|path| path.display().to_string())
            .collect();
        paths.dedup();
        Keychain { paths, ..self }
    }

    /// The same entries, kept in this store instead of the operating system's.
    #[must_use]
    pub fn kept_in(self, store: Arc<CredentialStore>) -> Keychain {
        Keychain { elsewhere: Some(store), ..self }
    }

    /// What the data folder is called here.
    pub fn folder(&self) -> &str {
        &self.folder
    }

    fn account(&self, side: Side) -> KeychainEntries {
        let name = |folder: &String| format!("{}|{folder}|{}", side.name(), self.endpoints);
        KeychainEntries {
            now: name(&self.folder),
            before: self.paths.iter().map(name).collect(),
            elsewhere: self.elsewhere.clone(),
        }
    }

    fn client(&self, slot: &str) -> KeychainEntries {
        KeychainEntries {
            now: format!("client-{slot}|{}", self.folder),
            before: Vec::new(),
            elsewhere: self.elsewhere.clone(),
        }
    }

    /// Whether sign-ins can be kept: asked before a person is sent to a login in vain. A keychain
    /// that was never used gets its default collection, which may ask for a new password.
    ///
    /// # Errors
    /// [`FailureCode::Keychain`] where it is absent, locked or refuses.
    pub async fn ready(&self) -> Result<(), Failure> {
        if self.elsewhere.is_some() {
            return Ok(());
        }
        let name = self.folder.clone();
        apart(move || entry(&name).and_then(|_| platform::open(true))).await
    }

    /// What is kept for this account of the service; none where the keychain is open and holds
    /// nothing, or another account has taken its place.
    ///
    /// # Errors
    /// [`FailureCode::Keychain`] where it is absent, locked or refuses.
    pub async fn get(&self, side: Side, account: &str) -> Result<Option<Secrets>, Failure> {
        let place = self.account(side);
        let found = apart(move || place.read()).await?;
        // An entry of another shape is no entry of ours: the account is connected again.
        Ok(found.and_then(|bytes| decode(&bytes, account)))
    }

    /// Keeps an account's secrets, in place of what was there.
    ///
    /// # Errors
    /// As [`Keychain::get`].
    pub async fn put(&self, side: Side, account: &str, secrets: &Secrets) -> Result<(), Failure> {
        let place = self.account(side);
        let bytes = encode(account, secrets);
        apart(move || place.write(&bytes)).await
    }

    /// Whether anything is kept for the service, whosever it is.
    ///
    /// # Errors
    /// As [`Keychain::get`].
    pub async fn holds_any(&self, side: Side) -> Result<bool, Failure> {
        let place = self.account(side);
        Ok(apart(move || place.read()).await?.is_some())
    }

    /// Forgets an account's secrets; nothing there is no failure.
    ///
    /// # Errors
    /// As [`Keychain::get`].
    pub async fn remove(&self, side: Side) -> Result<(), Failure> {
        let place = self.account(side);
        apart(move || {
            let mut names = std::iter::once(&place.now).chain(&place.before);
            names.try_for_each(|name| place.erase(name))
        })
        .await
    }

    /// The secret of the OAuth client with this id, where it is kept in this slot.
    ///
    /// # Errors
    /// As [`Keychain::get`].
    pub async fn client_secret(&self, slot: &str, id: &str) -> Result<Option<Secret>, Failure> {
        let place = self.client(slot);
        let found = apart(move || place.read()).await?;
        let kept: Option<StoredClient> =
            found.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Ok(kept.filter(|kept| kept.id == id).map(|kept| Secret::new(kept.secret.as_str())))
    }

    /// Keeps the secret of an OAuth client in this slot.
    ///
    /// # Errors
    /// As [`Keychain::get`].
    pub async fn keep_client(&self, slot: &str, id: &str, secret: &Secret) -> Result<(), Failure> {
        let place = self.client(slot);
        let kept = StoredClient { id: id.to_owned(), secret: secret.expose().to_owned().into() };
        let bytes = bytes_of(&kept);
        apart(move || {
            if place.elsewhere.is_none() {
                platform::open(true)?;
            }
            place.write(&bytes)
        })
        .await
    }

    /// Forgets the secret in this slot; nothing there is no failure.
    ///
    /// # Errors
    /// As [`Keychain::get`].
    pub async fn forget_client(&self, slot: &str) -> Result<(), Failure> {
        let place = self.client(slot);
        apart(move || place.erase(&place.now)).await
    }
}

/// Runs `work` on a thread that nobody waits for longer than a person needs: it may hang on a
/// prompt, and must then keep neither the program nor its end waiting.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Trouble> + Send + 'static,
) -> Result<T, Failure> {
    let (answer, hear) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        // Nobody listens any more after the time-out.
        let _ = answer.send(work());
    });
    let heard = tokio::time::timeout(PROMPT, hear).await;
    match heard {
        Ok(Ok(done)) => done.map_err(|t| failure(&t)),
        Ok(Err(_)) => Err(failure(&Trouble::Refused)),
        Err(_) => Err(failure(&Trouble::Late)),
    }
}

fn entry(account: &str) -> Result<Entry, Trouble> {
    let store: Arc<CredentialStore> = platform::store().map_err(|error| {
        // Otherwise there is no bus, or a bus without the service.
        let locked = matches!(error, Error::NoStorageAccess(_));
        if locked { Trouble::Locked } else { Trouble::Absent }
    })?;
    store.build(NAME, account, None).map_err(|e| trouble(&e))
}

fn trouble(error: &Error) -> Trouble {
    if matches!(error, Error::NoStorageAccess(_)) { Trouble::Locked } else { Trouble::Refused }
}

fn failure(trouble: &Trouble) -> Failure {
    let id = match trouble {
        Trouble::Absent => "error-keychain-absent",
        Trouble::NoCollection => "error-keychain-empty",
        Trouble::Locked => "error-keychain-locked",
        Trouble::Refused => "error-keychain-refused",
        Trouble::Late => "error-keychain-late",
    };
    let failure = Failure::new(FailureCode::Keychain, id);
    match trouble {
        Trouble::NoCollection => {
            let desktop = std::env::var("XDG_CURRENT_DESKTOP").unwrap_or_default();
            failure.with("desktop", desktop_word(&desktop))
        }
        Trouble::Absent | Trouble::Locked | Trouble::Refused | Trouble::Late => failure,
    }
}

/// The catalogue's word for the desktop that `XDG_CURRENT_DESKTOP` names, by the keychain that it
/// comes with.
fn desktop_word(named: &str) -> &'static str {
    const GNOME: [&str; 7] =
        ["gnome", "gnome-classic", "unity", "x-cinnamon", "budgie", "mate", "xfce"];
    let is_one_of = |names: &[&str]| {
        named.split(':').any(|name| names.contains(&name.trim().to_lowercase().as_str()))
    };
    match (is_one_of(&["kde"]), is_one_of(&GNOME)) {
        (true, _) => "kde",
        (false, true) => "gnome",
        (false, false) => "other",
    }
}

fn bytes_of(stored: &impl Serialize) -> Bytes {
    Zeroizing::new(serde_json::to_vec(stored).unwrap_or_default())
}

fn encode(account: &str, secrets: &Secrets) -> Bytes {
    let mut stored = Stored {
        account: account.to_owned(),
        refresh: secrets.refresh.expose().to_owned().into(),
        access: secrets.access.as_ref().map(|(token, _)| token.expose().to_owned().into()),
        expires: secrets.access.as_ref().map(|(_, until)| *until),
        shut: secrets.shut,
        client: secrets.client.as_ref().map(|client| StoredClient {
            id: client.id.clone(),
            secret: client.secret.expose().to_owned().into(),
        }),
    };
    let bytes = bytes_of(&stored);
    // Windows takes 2,560 bytes an entry: a long access token then stays in memory only.
    if cfg!(target_os = "windows") && bytes.len() > 2500 {
        stored.access = None;
        stored.expires = None;
        return bytes_of(&stored);
    }
    bytes
}

fn decode(bytes: &[u8], account: &str) -> Option<Secrets> {
    let stored: Stored = serde_json::from_slice(bytes).ok()?;
    (stored.account == account).then(|| Secrets {
        refresh: Secret::new(stored.refresh.as_str()),
        access: stored
            .access
            .filter(|token| is_sendable(token))
            .map(|token| Secret::new(token.as_str()))
            .zip(stored.expires),
        shut: stored.shut,
        client: stored
            .client
            .map(|client| ClientKey { id: client.id, secret: Secret::new(client.secret.as_str()) }),
    })
}

#[cfg(test)]
mod tests {
    use super::{ClientKey, Secret, Secrets, Trouble, decode, desktop_word, encode, failure};

    #[test]
    fn the_desktop_at_hand_is_named() {
        for (named, word) in [
            ("GNOME", "gnome"),
            ("ubuntu:GNOME", "gnome"),
            ("XFCE", "gnome"),
            ("X-Cinnamon", "gnome"),
            ("KDE", "kde"),
            ("sway", "other"),
            ("", "other"),
        ] {
            assert_eq!(desktop_word(named), word, "{named}");
        }
        let told = failure(&Trouble::NoCollection);
        let named = told.args.get("desktop").map(String::as_str);
        assert!(matches!(named, Some("gnome" | "kde" | "other")), "{told:?}");
    }

    #[test]
    fn an_entry_comes_back_as_it_was_put() {
        let until = "2026-11-23T10:00:00Z".parse().expect("a time");
        let key = ClientKey { id: "1000.A".to_owned(), secret: Secret::new("s") };
        for (access, shut, client) in
            [(None, Some(until), None), (Some((Secret::new("a"), until)), None, Some(key))]
        {
            let secrets = Secrets { refresh: Secret::new("r"), access, shut, client };
            let kept = encode("me", &secrets);
            assert_eq!(decode(&kept, "you"), None, "another account's");
            assert_eq!(decode(&kept, "me"), Some(secrets));
        }
        let spoilt = encode(
            "me",
            &Secrets {
                refresh: Secret::new("r"),
                access: Some((Secret::new("a\r\nb"), until)),
                shut: None,
                client: None,
            },
        );
        let read = decode(&spoilt, "me").expect("an entry");
        assert_eq!(read.access, None, "one that cannot be sent is bought anew");
        assert_eq!(
            decode(b"something else", "me"),
            None,
            "another program's entry is none of ours"
        );
    }
}
