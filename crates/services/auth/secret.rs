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
}
