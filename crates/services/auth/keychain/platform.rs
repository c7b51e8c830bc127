//! The store of each operating system, and whether it is open.

#[cfg(target_os = "linux")]
pub(super) use linux::{open, store};

#[cfg(target_os = "linux")]
mod linux {
    use std::sync::Arc;

    use keyring_core::Result;
    use keyring_core::api::CredentialStore;
    use secret_service::EncryptionType;
    use secret_service::blocking::SecretService;

    use super::super::Trouble;

    pub(in super::super) fn store() -> Result<Arc<CredentialStore>> {
        let store = zbus_secret_service_keyring_store::Store::new()?;
        Ok(store)
    }

    /// Whether the default collection is there and open. Where there is none, nothing is in it; `make`
    /// makes one, for which the person may be asked for a password.
    pub(in super::super) fn open(make: bool) -> std::result::Result<(), Trouble> {
        let service = SecretService::connect(EncryptionType::Plain).map_err(|_| Trouble::Absent)?;
        let collection = match service.get_default_collection() {
            Ok(collection) => collection,
            Err(secret_service::Error::NoResult) if make => service
                .create_collection("Default", "default")
                .map_err(|_| Trouble::NoCollection)?,
            Err(secret_service::Error::NoResult) => return Ok(()),
            Err(_) => return Err(Trouble::Locked),
        };
        match collection.is_locked() {
            Ok(false) => Ok(()),
            Ok(true) | Err(_) => Err(Trouble::Locked),
        }
    }
}

#[cfg(target_os = "macos")]
pub(super) use macos::{open, store};

#[cfg(target_os = "macos")]
mod macos {
    use std::sync::Arc;

    use keyring_core::Result;
    use keyring_core::api::CredentialStore;

    use super::super::Trouble;

    pub(in super::super) fn store() -> Result<Arc<CredentialStore>> {
        let store = apple_native_keyring_store::keychain::Store::new()?;
        Ok(store)
    }

    /// A locked keychain prompts by itself, and refuses instead of finding nothing.
    pub(in super::super) fn open(_make: bool) -> std::result::Result<(), Trouble> {
        Ok(())
    }
}

#[cfg(target_os = "windows")]
pub(super) use windows::{open, store};

#[cfg(target_os = "windows")]
mod windows {
    use std::sync::Arc;

    use keyring_core::Result;
    use keyring_core::api::CredentialStore;

    use super::super::Trouble;

    pub(in super::super) fn store() -> Result<Arc<CredentialStore>> {
        let store = windows_native_keyring_store::Store::new()?;
        Ok(store)
    }

    /// The credential store is open whenever the person is signed in.
    pub(in super::super) fn open(_make: bool) -> std::result::Result<(), Trouble> {
        Ok(())
    }
}
