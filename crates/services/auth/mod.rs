//! Accounts: logging in in the browser, keeping tokens in the keychain, handing out access tokens.
//!
//! Tokens live in the OS keychain and in memory, and nowhere else.

pub mod browser;
pub mod centre;
pub mod client_file;
pub mod clients;
pub mod device;
mod draft;
pub mod endpoints;
mod exchange;
pub mod given;
mod identity;
pub mod keychain;
#[cfg(test)]
mod login_tests;
mod loopback;
mod meaning;
pub mod oauth;
mod organisation;
pub mod redirect;
mod region;
pub mod scopes;
mod secret;
#[cfg(test)]
mod sign_in_tests;
pub mod tokens;

pub use centre::{CentreOffer, DataCentre, DataCentres, offers};
pub use clients::{OauthClient, Registration};
pub use draft::ClientDraft;
pub use endpoints::Endpoints;
pub use given::GivenClients;
pub use keychain::{CredentialStore, Keychain};
pub use redirect::ZohoRedirect;
pub use secret::{ClientKey, Secret, Secrets};
pub use tokens::{Access, TakenBack, Tokens};

use renraku_core::contact::Side;
use renraku_core::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// Who signed in and what was granted: everything about an account that is stored outside the
/// keychain. Holds no token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The service.
    pub side: Side,
    /// The service's lasting id of the account: Google's `sub`, Zoho's `zuid` (or user id).
    pub account: String,
    /// The e-mail address, for showing.
    pub email: String,
    /// The person's name, where the service tells it.
    pub name: Option<String>,
    /// Zoho: what concerns the organisation.
    pub zoho: Option<ZohoGrant>,
    /// The granted scopes, as the service spelled them, sorted.
    pub scopes: Vec<String>,
    /// When the login was done.
    pub at: Timestamp,
    /// The id of the OAuth client that it was done with.
    #[serde(default)]
    pub client: Option<String>,
    /// Zoho: the data centre at which the login started, where that client is registered.
    #[serde(default)]
    pub began: Option<DataCentre>,
    /// Zoho: whether the login went with PKCE, where that was kept.
    #[serde(default)]
    pub pkce: Option<bool>,
}

impl Grant {
    /// What a person knows the account by.
    pub fn called(&self) -> String {
        match &self.zoho {
            Some(zoho) if !zoho.organisation.is_empty() => {
                format!("{} ({})", self.email, zoho.organisation)
            }
            Some(_) | None => self.email.clone(),
        }
    }

    /// Whether another person, or another organisation, is signed in than in the earlier one.
    pub fn is_other_than(&self, before: &Grant) -> bool {
        let org = |grant: &Grant| grant.zoho.as_ref().map(|zoho| zoho.org.clone());
        self.account != before.account || org(self) != org(before)
    }
}

/// The Zoho part of a [`Grant`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZohoGrant {
    /// The organisation's id.
    pub org: String,
    /// The organisation's name.
    pub organisation: String,
    /// The user's id inside the organisation (what `Created_By` and `deleted_by` name).
    pub user: String,
    /// The data centre (`us`, `eu`, `jp`, …).
    pub data_centre: String,
    /// The accounts server to refresh at.
    pub accounts_server: String,
    /// The API's address, from the token response.
    pub api_domain: String,
}
