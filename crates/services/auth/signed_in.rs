//! What a sign-in ends with.

use std::time::Duration;

use renraku_core::contact::Side;
use renraku_core::message::{Failure, FailureCode};

use crate::Http;
use crate::auth::clients::OauthClient;
use crate::auth::endpoints::Endpoints;
use crate::auth::grant::Grant;
use crate::auth::secret::Secrets;
use crate::auth::token_endpoint::TokenGrant;
use crate::auth::tokens::Tokens;

/// A login that succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// For the store.
    pub grant: Grant,
    /// For the keychain.
    pub secrets: Secrets,
}

/// The secrets of what was bought; a grant without a refresh token would end in an hour.
pub(super) fn lasting(
    side: Side,
    client: &OauthClient,
    token_grant: &TokenGrant,
) -> Result<Secrets, Failure> {
    let refresh = token_grant
        .refresh
        .clone()
        .ok_or_else(|| Failure::of(FailureCode::LoginAborted, "error-login-not-lasting", side))?;
    let access = Some(token_grant.access.clone());
    Ok(Secrets { refresh, access, shut: None, client: client.key() })
}

/// A grant at Zoho that cannot be used is not left behind; those of before stay.
pub async fn take_back(
    http: &Http,
    endpoints: &Endpoints,
    client: OauthClient,
    server: Option<&str>,
    secrets: Secrets,
) {
    let tokens = Tokens::fresh(Side::Zoho, http, endpoints, client, server, secrets, None);
    // Nothing was kept, so nothing can fail but the service's own answer.
    let _ = tokens.revoke(Duration::from_millis(300), || true).await;
}
