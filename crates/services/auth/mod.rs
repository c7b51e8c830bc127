//! Accounts: logging in in the browser, keeping tokens in the keychain, handing out access tokens.
//!
//! Tokens live in the OS keychain and in memory, and nowhere else.

pub mod browser;
pub mod client_file;
pub mod clients;
pub mod data_centre;
pub mod device;
mod draft;
pub mod endpoints;
pub mod given;
pub mod grant;
mod identity;
pub mod keychain;
#[cfg(test)]
mod login_tests;
mod loopback;
mod meaning;
pub mod oauth;
mod offers;
mod organisation;
pub mod redirect;
mod region;
pub mod scopes;
mod secret;
#[cfg(test)]
mod sign_in_tests;
pub mod signed_in;
mod token_endpoint;
pub mod tokens;

pub use clients::{OauthClient, Registration};
pub use data_centre::DataCentre;
pub use draft::ClientDraft;
pub use endpoints::Endpoints;
pub use given::GivenClients;
pub use grant::{Grant, ZohoGrant};
pub use keychain::{CredentialStore, Keychain};
pub use offers::{CentreOffer, DataCentres, offers};
pub use redirect::ZohoRedirect;
pub use secret::{ClientKey, Secret, Secrets};
pub use tokens::{Access, TakenBack, Tokens};
