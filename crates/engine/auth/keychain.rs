//! The operating system's keychain: the only place where tokens rest.
//!
//! Every access runs on a thread of its own with a time-out, because a locked keychain blocks on
//! its prompt. Absent, locked and refusing are told apart: "no entry" is believed only where the
//! keychain is open, or a locked one would look like a signed-out account.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use keyring_core::api::CredentialStore;
use keyring_core::{Entry, Error};
use renraku_core::contact::Side;
use serde::{Deserialize, Serialize};

use super::secret::{Secret, Secrets};
use crate::api::{Failure, FailureCode};

/// How long a person may take to unlock the keychain.
const PROMPT: Duration = Duration::from_secs(90);
/// The name under which entries are shown in the system's own keychain tool.
const NAME: &str = "Renraku";

/// The keychain's entries of one data folder and one set of services.
#[derive(Debug, Clone)]
pub struct Keychain {
    scope: String,
    /// Another store than the operating system's.
    elsewhere: Option<Arc<CredentialStore>>,
}

/// An entry's content.
#[derive(Serialize, Deserialize)]
struct Stored {
    account: String,
    refresh: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    access: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shut: Option<Timestamp>,
}

/// Why an access failed.
enum Trouble {
    Absent,
    Locked,
    Refused,
    Late,
}

impl Keychain {
    /// The entries that belong to this data folder and these services
    /// ([`super::Endpoints::identity`]). Opens nothing yet.
    #[must_use]
    pub fn new(data_dir: &std::path::Path, endpoints: &str) -> Keychain {
        let folder = data_dir.canonicalize().unwrap_or_else(|_| data_dir.to_owned());
        Keychain { scope: format!("{}|{endpoints}", folder.display()), elsewhere: None }
    }

    /// The same entries, kept in this store instead of the operating system's.
    #[must_use]
    pub fn kept_in(self, store: Arc<CredentialStore>) -> Keychain {
        Keychain { elsewhere: Some(store), ..self }
    }

    /// An entry, and whether it is in the operating system's own store.
    fn entry(
        &self,
        side: Side,
    ) -> impl FnOnce() -> Result<(Entry, bool), Trouble> + Send + 'static {
        let (account, elsewhere) = (self.account(side), self.elsewhere.clone());
        move || match elsewhere {
            Some(store) => Ok((store.build(NAME, &account, None).map_err(|e| trouble(&e))?, false)),
            None => Ok((entry(&account)?, true)),
        }
    }

    fn account(&self, side: Side) -> String {
        format!("{}|{}", side.name(), self.scope)
    }

    /// Whether sign-ins can be kept: asked before a person is sent to a login in vain.
    ///
    /// # Errors
    /// [`FailureCode::Keychain`] where it is absent, locked or refuses.
    pub async fn ready(&self) -> Result<(), Failure> {
        if self.elsewhere.is_some() {
            return Ok(());
        }
        let account = self.scope.clone();
        apart(move || entry(&account).and_then(|_| platform::open())).await
    }

    /// What is kept for this account of the service; none where the keychain is open and holds
    /// nothing, or another account has taken its place.
    ///
    /// # Errors
    /// [`FailureCode::Keychain`] where it is absent, locked or refuses.
    pub async fn get(&self, side: Side, account: &str) -> Result<Option<Secrets>, Failure> {
        let entry = self.entry(side);
        let found = apart(move || {
            let (entry, system) = entry()?;
            match entry.get_secret() {
                Ok(bytes) => Ok(Some(bytes)),
                Err(Error::NoEntry) if system => platform::open().map(|()| None),
                Err(Error::NoEntry) => Ok(None),
                Err(error) => Err(trouble(&error)),
            }
        })
        .await?;
        // An entry of another shape is no entry of ours: the account is connected again.
        Ok(found.and_then(|bytes| decode(&bytes, account)))
    }

    /// Keeps an account's secrets, in place of what was there.
    ///
    /// # Errors
    /// As [`Keychain::get`].
    pub async fn put(&self, side: Side, account: &str, secrets: &Secrets) -> Result<(), Failure> {
        let entry = self.entry(side);
        let bytes = encode(account, secrets);
        apart(move || entry()?.0.set_secret(&bytes).map_err(|e| trouble(&e))).await
    }

    /// Forgets an account's secrets; nothing there is no failure.
    ///
    /// # Errors
    /// As [`Keychain::get`].
    pub async fn remove(&self, side: Side) -> Result<(), Failure> {
        let entry = self.entry(side);
        apart(move || {
            let (entry, system) = entry()?;
            match entry.delete_credential() {
                Ok(()) => Ok(()),
                Err(Error::NoEntry) if system => platform::open(),
                Err(Error::NoEntry) => Ok(()),
                Err(error) => Err(trouble(&error)),
            }
        })
        .await
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
        Trouble::Locked => "error-keychain-locked",
        Trouble::Refused => "error-keychain-refused",
        Trouble::Late => "error-keychain-late",
    };
    Failure::new(FailureCode::Keychain, id)
}

fn encode(account: &str, secrets: &Secrets) -> Vec<u8> {
    let mut stored = Stored {
        account: account.to_owned(),
        refresh: secrets.refresh.expose().to_owned(),
        access: secrets.access.as_ref().map(|(token, _)| token.expose().to_owned()),
        expires: secrets.access.as_ref().map(|(_, until)| *until),
        shut: secrets.shut,
    };
    let bytes = serde_json::to_vec(&stored).unwrap_or_default();
    // Windows takes 2,560 bytes an entry: a long access token then stays in memory only.
    if cfg!(target_os = "windows") && bytes.len() > 2500 {
        stored.access = None;
        stored.expires = None;
        return serde_json::to_vec(&stored).unwrap_or_default();
    }
    bytes
}

fn decode(bytes: &[u8], account: &str) -> Option<Secrets> {
    let stored: Stored = serde_json::from_slice(bytes).ok()?;
    (stored.account == account).then(|| Secrets {
        refresh: Secret::new(stored.refresh),
        access: stored.access.map(Secret::new).zip(stored.expires),
        shut: stored.shut,
    })
}

#[cfg(target_os = "linux")]
mod platform {
    use std::sync::Arc;

    use keyring_core::Result;
    use keyring_core::api::CredentialStore;
    use secret_service::EncryptionType;
    use secret_service::blocking::SecretService;

    use super::Trouble;

    pub(super) fn store() -> Result<Arc<CredentialStore>> {
        let store = zbus_secret_service_keyring_store::Store::new()?;
        Ok(store)
    }

    /// Whether the default collection is there and open; where it is locked, it is asked to open,
    /// which may prompt.
    pub(super) fn open() -> std::result::Result<(), Trouble> {
        let service = SecretService::connect(EncryptionType::Plain).map_err(|_| Trouble::Absent)?;
        let collection = service.get_default_collection().map_err(|_| Trouble::Locked)?;
        match collection.is_locked() {
            Ok(false) => Ok(()),
            Ok(true) | Err(_) => Err(Trouble::Locked),
        }
    }
}

#[cfg(target_os = "macos")]
mod platform {
    use std::sync::Arc;

    use keyring_core::Result;
    use keyring_core::api::CredentialStore;

    use super::Trouble;

    pub(super) fn store() -> Result<Arc<CredentialStore>> {
        let store = apple_native_keyring_store::keychain::Store::new()?;
        Ok(store)
    }

    /// A locked keychain prompts by itself, and refuses instead of finding nothing.
    pub(super) fn open() -> std::result::Result<(), Trouble> {
        Ok(())
    }
}

#[cfg(target_os = "windows")]
mod platform {
    use std::sync::Arc;

    use keyring_core::Result;
    use keyring_core::api::CredentialStore;

    use super::Trouble;

    pub(super) fn store() -> Result<Arc<CredentialStore>> {
        let store = windows_native_keyring_store::Store::new()?;
        Ok(store)
    }

    /// The credential store is open whenever the person is signed in.
    pub(super) fn open() -> std::result::Result<(), Trouble> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Secret, Secrets, decode, encode};

    #[test]
    fn an_entry_comes_back_as_it_was_put() {
        let until = "2026-11-23T10:00:00Z".parse().expect("a time");
        for (access, shut) in [(None, Some(until)), (Some((Secret::new("a"), until)), None)] {
            let secrets = Secrets { refresh: Secret::new("r"), access, shut };
            let kept = encode("me", &secrets);
            assert_eq!(decode(&kept, "you"), None, "another account's");
            assert_eq!(decode(&kept, "me"), Some(secrets));
        }
        assert_eq!(
            decode(b"something else", "me"),
            None,
            "another program's entry is none of ours"
        );
    }
}
