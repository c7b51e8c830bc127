//! A client as a person gives it.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::auth::data_centre::DataCentre;

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
