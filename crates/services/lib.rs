//! The two services: one HTTP sender, per service the calls (IO) beside the wire (pure JSON), and the
//! sign-in (`auth`): OAuth, data centres, tokens, the keychain.
//!
//! Nothing here knows the database, and nothing has words: a failure is data of the core. What a call returns is what the service said, reduced to what
//! a run needs: pages of contacts as received, one reply per written item, or a [`RemoteError`].

pub(crate) mod answer;
pub mod auth;
mod certificates;
mod error;
pub mod google;
pub mod http;
mod pagination;
pub mod received;
mod reply;
mod sender;
#[cfg(test)]
mod slow_tests;
#[cfg(test)]
pub(crate) mod stand_ins;
pub mod strict_json;
mod unreached;
pub mod unreadable;
pub mod zoho;

pub use error::RemoteError;
pub use google::Google;
pub use http::Http;
pub use reply::{ItemReply, Refusal, Written};
pub use sender::RetryBudget;
pub use zoho::Zoho;

/// A flaw of an answer about which nothing was written.
pub(crate) fn broken(what: &str) -> RemoteError {
    error::broken(what, false)
}
