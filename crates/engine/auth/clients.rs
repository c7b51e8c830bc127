//! The OAuth clients: from the environment, else those given (settings, built in).

use renraku_core::contact::Side;

use super::secret::Secret;
use crate::api::{Failure, FailureCode};

/// An OAuth client that was registered at a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OauthClient {
    /// Its id.
    pub id: String,
    /// Its secret. Google's desktop clients must send theirs (it is not confidential there);
    /// Zoho's mobile clients may have none.
    pub secret: Option<Secret>,
}

/// The client of a service: the environment's (`RENRAKU_GOOGLE_CLIENT_ID`, …), else the given one.
///
/// # Errors
/// [`FailureCode::NoClient`] where there is none.
pub fn client(
    side: Side,
    env: impl Fn(&str) -> Option<String>,
    given: Option<OauthClient>,
) -> Result<OauthClient, Failure> {
    let name = match side {
        Side::Zoho => "ZOHO",
        Side::Google => "GOOGLE",
    };
    let read = |what: &str| {
        env(&format!("RENRAKU_{name}_CLIENT_{what}"))
            .map(|v| v.trim().to_owned())
            .filter(|v| !v.is_empty())
    };
    match read("ID") {
        Some(id) => Ok(OauthClient { id, secret: read("SECRET").map(Secret::new) }),
        None => given.filter(|c| !c.id.trim().is_empty()).ok_or_else(|| {
            Failure::of(FailureCode::NoClient, "error-no-client", side).with("name", name)
        }),
    }
}
