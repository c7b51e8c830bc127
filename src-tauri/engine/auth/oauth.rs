//! The browser login: authorisation code with PKCE, answered on a loopback port.

use super::clients::OauthClient;
use super::endpoints::Endpoints;
use super::secret::Secrets;
use super::Grant;
use crate::api::Failure;
use crate::remote::Http;

/// Where Zoho sends the browser back: its clients register one fixed address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZohoRedirect {
    /// The host as it is spelled in the registration: `127.0.0.1` or `localhost`.
    pub host: String,
    /// The port.
    pub port: u16,
}

impl Default for ZohoRedirect {
    fn default() -> Self {
        ZohoRedirect { host: "127.0.0.1".to_owned(), port: 48620 }
    }
}

/// A login under way: the listener is open. Dropping it ends it.
pub struct Login {
    url: String,
}

/// A login that succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// For the store.
    pub grant: Grant,
    /// For the keychain.
    pub secrets: Secrets,
}

impl Login {
    /// Opens the listener for a Google login.
    ///
    /// # Errors
    /// [`crate::FailureCode::Failed`] where no port can be had.
    pub async fn google(
        _http: &Http,
        _endpoints: &Endpoints,
        _client: OauthClient,
    ) -> Result<Login, Failure> {
        Ok(Login { url: String::new() })
    }

    /// Opens the listener for a Zoho login.
    ///
    /// # Errors
    /// [`crate::FailureCode::Failed`] where the port is taken; the message names it.
    pub async fn zoho(
        _http: &Http,
        _endpoints: &Endpoints,
        _client: OauthClient,
        _redirect: &ZohoRedirect,
    ) -> Result<Login, Failure> {
        Ok(Login { url: String::new() })
    }

    /// The address to open in the browser.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Waits for the browser, at most five minutes, and fetches the tokens.
    ///
    /// # Errors
    /// [`crate::FailureCode::LoginAborted`], [`crate::FailureCode::ScopeMissing`] (the grant is
    /// taken back), [`crate::FailureCode::Throttled`], [`crate::FailureCode::Offline`].
    pub async fn finish(self) -> Result<SignedIn, Failure> {
        Err(crate::remote::RemoteError::SignedOut.failure(renraku_core::contact::Side::Google))
    }
}
