//! Who signed in, as Google tells it: from the id token, else from the userinfo endpoint.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use renraku_core::message::{Failure, FailureCode};
use serde::Deserialize;

use crate::auth::endpoints::checked;
use crate::auth::secret::Secret;
use crate::auth::token_endpoint::body;
use crate::unreached::lost;
use crate::{Http, RemoteError, broken};

/// The claims that are looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub(super) struct Person {
    /// The lasting id.
    pub(super) sub: String,
    /// For showing; may change.
    pub(super) email: String,
    /// The full name, where the scopes give it.
    pub(super) name: Option<String>,
    aud: String,
}

/// The claims of an id token that came straight from the token endpoint: over that connection no
/// signature needs to be checked (OpenID Connect Core 3.1.3.7), but it must be made for this
/// client.
pub(super) fn from_id_token(token: &str, client_id: &str) -> Option<Person> {
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?.trim_end_matches('=')).ok()?;
    let person: Person = serde_json::from_slice(&claims).ok()?;
    (person.aud == client_id && !person.sub.is_empty() && !person.email.is_empty())
        .then_some(person)
}

/// The claims of the userinfo endpoint.
///
/// # Errors
/// [`RemoteError::Offline`], or [`RemoteError::Broken`] where it does not say who it is.
pub(super) async fn from_userinfo(
    http: &Http,
    url: &str,
    access: &Secret,
) -> Result<Person, RemoteError> {
    let url = checked(url)
        .map_err(|()| broken("a userinfo address that is neither https nor loopback"))?;
    let request = http.client()?.get(url).bearer_auth(access.expose());
    let response = request.send().await.map_err(|error| lost(&error))?;
    let body = body(response).await?;
    let person: Person = serde_json::from_str(&body).map_err(|_| broken("unreadable userinfo"))?;
    if !person.sub.is_empty() && person.email.is_empty() {
        // The box for the address was left out, or the client's project does not ask for it.
        let failure = Failure::new(FailureCode::ScopeMissing, "error-scope-missing-email");
        return Err(failure.into());
    }
    if person.sub.is_empty() {
        return Err(broken("userinfo without an id and an address"));
    }
    Ok(person)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_token_counts_only_for_this_client_and_with_an_address() {
        let token = |claims: &str| format!("h.{}.s", URL_SAFE_NO_PAD.encode(claims));
        let check = |token: &str, known: bool, why: &str| {
            assert_eq!(from_id_token(token, "me").is_some(), known, "{why}");
        };
        check(&token(r#"{"sub":"1","email":"a@b.test","aud":"me","iss":"x"}"#), true, "ours");
        check(&token(r#"{"sub":"1","email":"a@b.test","aud":"other"}"#), false, "another client's");
        check(&token(r#"{"sub":"1","aud":"me"}"#), false, "no address");
        check("nonsense", false, "no token");
        check("a.!!.c", false, "no base64");
    }
}
