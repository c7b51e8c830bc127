//! The OAuth clients: where they come from.

use renraku_services::auth::DataCentre;
use serde::{Deserialize, Serialize};
use specta::Type;

/// Where a client comes from; the first one that has it counts, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ClientSource {
    /// `RENRAKU_GOOGLE_CLIENT_ID` and its like.
    Environment,
    /// An organisation's file.
    File,
    /// The app's settings.
    Settings,
    /// Given when this release was built.
    BuiltIn,
    /// There is none.
    None,
}

/// Google's client that is in force. Never holds the secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct GoogleClient {
    /// Where it comes from.
    pub source: ClientSource,
    /// Its id.
    pub client_id: Option<String>,
    /// Whether its secret is there.
    pub secret: bool,
    /// What it lacks before anybody can sign in with it, that it is in force although a file with
    /// another one was taken, and what the environment says in vain.
    pub notices: Vec<String>,
}

/// Zoho's client that is in force. Never holds the secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ZohoClient {
    /// Where it comes from.
    pub source: ClientSource,
    /// Its id.
    pub client_id: Option<String>,
    /// Whether its secret is there.
    pub secret: bool,
    /// Where it is registered, where that was told.
    pub data_centre: Option<DataCentre>,
    /// Where Zoho sends the browser back, as it is registered.
    pub redirect: String,
    /// Whether its sign-ins use PKCE.
    pub pkce: bool,
    /// As Google's.
    pub notices: Vec<String>,
}

/// The clients in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Clients {
    /// Google's.
    pub google: GoogleClient,
    /// Zoho's.
    pub zoho: ZohoClient,
}
