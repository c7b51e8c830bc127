//! Who signed in at Zoho, and what they granted: asked from the API with the fresh token.

use chrono::Utc;
use renraku_core::contact::{Module, Side};
use renraku_core::message::Failure;
use renraku_core::timestamp::Timestamp;

use crate::auth::clients::OauthClient;
use crate::auth::endpoints::Endpoints;
use crate::auth::grant::{Grant, ZohoGrant};
use crate::auth::scopes::{self, Contacts};
use crate::auth::signed_in::{SignedIn, lasting, take_back};
use crate::auth::token_endpoint::TokenGrant;
use crate::auth::tokens::Tokens;
use crate::{Http, RemoteError, RetryBudget, Zoho};

/// The login's result: the user and the organisation behind what was bought.
///
/// # Errors
/// [`crate::FailureCode::ScopeMissing`] where scopes were dropped; as every call.
pub(super) async fn signed_in(
    http: &Http,
    endpoints: &Endpoints,
    client: OauthClient,
    server: String,
    data_centre: String,
    token_grant: TokenGrant,
) -> Result<SignedIn, Failure> {
    let secrets = lasting(Side::Zoho, &client, &token_grant)?;
    let Some(api_domain) = token_grant.api_domain else {
        let error = crate::broken("a token answer without an API address");
        return Err(error.at_sign_in(Side::Zoho));
    };
    let granted = scopes::contacts(&token_grant.scopes);
    let refused = async |error: RemoteError| {
        if matches!(error, RemoteError::ScopeMissing { .. }) {
            let (client, secrets) = (client.clone(), secrets.clone());
            take_back(http, endpoints, client, Some(&server), secrets).await;
        }
        error.at_sign_in(Side::Zoho)
    };
    if granted == Contacts::Missing {
        let scope = scopes::of_module(Module::Contacts);
        return Err(refused(RemoteError::ScopeMissing { scope }).await);
    }
    let tokens = Tokens::fresh(
        Side::Zoho,
        http,
        endpoints,
        client.clone(),
        Some(&server),
        secrets.clone(),
        Some(api_domain.clone()),
    );
    let zoho = Zoho::new(http, tokens, RetryBudget::default());
    let asked = async {
        let (me, org) = (zoho.me().await?, zoho.org().await?);
        // What was told is not understood: the service itself says whether contacts may be read.
        if granted == Contacts::Unclear {
            zoho.reads(Module::Contacts).await?;
        }
        Ok((me, org))
    };
    let (me, org) = match asked.await {
        Ok(asked) => asked,
        Err(error) => return Err(refused(error).await),
    };
    let scopes = match token_grant.scopes.as_slice() {
        [] => scopes::ZOHO.map(ToOwned::to_owned).to_vec(),
        told => told.to_vec(),
    };
    let grant = Grant {
        side: Side::Zoho,
        account: me.zuid.unwrap_or_else(|| me.id.clone()),
        email: me.email,
        name: me.name,
        zoho: Some(ZohoGrant {
            org: org.id,
            organisation: org.name,
            user: me.id,
            data_centre,
            accounts_server: server,
            api_domain,
        }),
        scopes,
        at: Timestamp::from(Utc::now()),
        client: None,
        began: None,
        pkce: None,
    };
    Ok(SignedIn { grant, secrets })
}
