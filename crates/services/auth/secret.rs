//! Secrets that cannot be printed, and do not outlast their use.

use std::fmt;

use renraku_core::timestamp::Timestamp;
use zeroize::Zeroizing;

/// A token or client secret: never printed, serialised only by the keychain, and its memory overwritten
/// when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<Box<str>>);

impl Secret {
    /// Wraps a secret text.
    #[must_use]
    pub fn new(text: impl Into<Box<str>>) -> Secret {
        Secret(Zeroizing::new(text.into()))
    }

    /// The text itself, for a request or the keychain.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What the keychain holds for one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secrets {
    /// Buys access tokens until it is revoked.
    pub refresh: Secret,
    /// The newest access token and when it ends: kept so that short-lived processes need not buy
    /// one each (Zoho sells ten in ten minutes).
    pub access: Option<(Secret, Timestamp)>,
    /// Until when the token endpoint is shut, where it said so: kept so that no process knocks in
    /// vain, which would lengthen it.
    pub shut: Option<Timestamp>,
    /// The OAuth client that they were given to: the services renew them for no other one, whichever
    /// is in force meanwhile. None where an earlier version did not keep it.
    pub client: Option<ClientKey>,
}

/// The id and the secret of an OAuth client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientKey {
    /// Its id.
    pub id: String,
    /// Its secret.
    pub secret: Secret,
}

/// No token of either service is near this length; what is longer than a server reads of a header is none.
const LONGEST: usize = 8_192;

/// Whether a token can stand in a request's header: one of visible ASCII (RFC 6749, appendix A),
/// not longer than a header.
pub(super) fn is_sendable(token: &str) -> bool {
    (1..=LONGEST).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use zeroize::{Zeroize, ZeroizeOnDrop};

    use super::*;

    /// What is dropped here is overwritten.
    fn is_overwritten(_: &impl ZeroizeOnDrop) {}

    #[test]
    fn a_secret_is_overwritten_when_it_is_dropped_and_never_printed() {
        let mut secret = Secret::new("top-secret");
        let copy = secret.clone();
        is_overwritten(&secret.0);
        // What its drop does.
        secret.0.zeroize();
        assert!(secret.expose().bytes().all(|byte| byte == 0), "nothing of it is left");
        assert_eq!(copy.expose(), "top-secret", "a copy is one of its own");
        let key = ClientKey { id: "id".to_owned(), secret: Secret::new("top-client") };
        let all = Secrets { refresh: copy, access: None, shut: None, client: Some(key) };
        assert!(!format!("{all:?}").contains("top"), "it is never printed");
    }
}
