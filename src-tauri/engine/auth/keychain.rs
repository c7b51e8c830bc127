//! The operating system's keychain: the only place where tokens rest.

use renraku_core::contact::Side;

use super::secret::Secrets;
use crate::api::{Failure, FailureCode};

/// The keychain's entries of one data folder and one set of services.
#[derive(Debug, Clone)]
pub struct Keychain {
    scope: String,
}

impl Keychain {
    /// The entries that belong to this data folder and these services
    /// ([`super::Endpoints::identity`]). Opens nothing yet.
    #[must_use]
    pub fn new(data_dir: &std::path::Path, endpoints: &str) -> Keychain {
        Keychain { scope: format!("{}|{endpoints}", data_dir.display()) }
    }

    /// What is kept for the service's account; none where the keychain is open and holds nothing.
    ///
    /// # Errors
    /// [`FailureCode::Keychain`] where it is absent, locked or refuses.
    pub async fn get(&self, _side: Side) -> Result<Option<Secrets>, Failure> {
        Err(absent(&self.scope))
    }

    /// Keeps an account's secrets, in place of what was there.
    ///
    /// # Errors
    /// As [`Keychain::get`].
    pub async fn put(&self, _side: Side, _secrets: &Secrets) -> Result<(), Failure> {
        Err(absent(&self.scope))
    }

    /// Forgets an account's secrets; nothing there is no failure.
    ///
    /// # Errors
    /// As [`Keychain::get`].
    pub async fn remove(&self, _side: Side) -> Result<(), Failure> {
        Err(absent(&self.scope))
    }
}

fn absent(_: &str) -> Failure {
    Failure {
        code: FailureCode::Keychain,
        message: String::new(),
        id: "error-keychain-absent".to_owned(),
        args: std::collections::BTreeMap::new(),
    }
}
