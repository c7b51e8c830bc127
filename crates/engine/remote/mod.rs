//! The two services: one HTTP sender, and per service the calls (IO) beside the wire (pure JSON).
//!
//! Nothing here knows the database. What a call returns is what the service said, reduced to what
//! a run needs: pages of contacts as received, one reply per written item, or a [`RemoteError`].

pub(crate) mod answer;
pub(crate) mod error;
pub mod google;
pub mod http;
mod pagination;
mod reply;
#[cfg(test)]
mod slow_tests;
pub(crate) mod told;
#[cfg(test)]
pub(crate) mod world;
pub mod zoho;

pub use error::RemoteError;
pub(crate) use error::service_name;
pub use google::Google;
pub use http::{Http, Patience};
pub use reply::{ItemReply, Refusal, Written};
pub use zoho::Zoho;

/// A flaw of an answer about which nothing was written.
pub(crate) fn broken(what: &str) -> RemoteError {
    http::broken(what, false)
}
