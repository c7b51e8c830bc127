//! The OAuth clients: where they come from, and what is typed or pasted of one.

use serde::{Deserialize, Serialize};
use specta::Type;

/// One of Zoho's data centres.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type,
)]
#[serde(rename_all = "snake_case")]
pub enum DataCentre {
    /// The United States, and whoever has no other.
    Us,
    /// Europe.
    Eu,
    /// India.
    In,
    /// Australia.
    Au,
    /// Japan.
    Jp,
    /// Canada.
    Ca,
    /// Saudi Arabia.
    Sa,
    /// The United Kingdom.
    Uk,
    /// The United Arab Emirates.
    Ae,
    /// China.
    Cn,
}

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
    /// That it is in force although a file with another one was taken, or what it lacks before
    /// anybody can sign in with it.
    pub notice: Option<String>,
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
    pub notice: Option<String>,
}

/// The clients in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Clients {
    /// Google's.
    pub google: GoogleClient,
    /// Zoho's.
    pub zoho: ZohoClient,
}

/// A data centre, and where its clients are registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct CentreOffer {
    /// The data centre.
    pub data_centre: DataCentre,
    /// The address of its API console.
    pub console: String,
}

/// The data centres to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct DataCentres {
    /// All of them.
    pub centres: Vec<CentreOffer>,
    /// The one of this computer's region.
    pub suggested: DataCentre,
}

/// A client as it is typed or pasted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ClientDraft {
    /// Its id.
    pub client_id: String,
    /// Its secret; empty to keep the one that is kept for this id.
    pub client_secret: String,
    /// Zoho only: where it is registered.
    pub data_centre: Option<DataCentre>,
    /// Zoho only: its redirect; none for the usual one.
    pub redirect: Option<String>,
    /// Zoho only: whether its sign-ins use PKCE, as its type for mobile and desktop apps must. The
    /// one for servers, which Connect leads to, may refuse it on a page that never comes back.
    pub pkce: bool,
}

impl std::fmt::Debug for ClientDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientDraft").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}
