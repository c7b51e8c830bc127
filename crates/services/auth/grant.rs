//! Who signed in and what was granted.

use renraku_core::contact::Side;
use renraku_core::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

use crate::auth::data_centre::DataCentre;

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
