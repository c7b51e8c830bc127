//! Who signed in at Zoho, and what they granted: asked from the API with the fresh token.

use jiff::Timestamp;
use renraku_core::contact::Side;

use super::clients::OauthClient;
use super::endpoints::Endpoints;
use super::exchange::Bought;
use super::oauth::{SignedIn, lasting, take_back};
use super::tokens::Tokens;
use super::{Grant, ZohoGrant};
use crate::api::Failure;
use crate::remote::{Http, Patience, RemoteError, Zoho};

/// What a sync needs, module by module (Zoho's own list of scopes per call).
pub(super) const SCOPES: [&str; 13] = [
    "ZohoCRM.modules.contacts.ALL",
    "ZohoCRM.modules.leads.ALL",
    "ZohoCRM.modules.vendors.ALL",
    "ZohoCRM.modules.accounts.READ",
    "ZohoCRM.modules.accounts.CREATE",
    "ZohoCRM.coql.READ",
    "ZohoCRM.settings.fields.READ",
    "ZohoCRM.settings.modules.READ",
    "ZohoCRM.settings.layouts.READ",
    "ZohoCRM.settings.custom_views.READ",
    "ZohoCRM.settings.profiles.READ",
    "ZohoCRM.users.READ",
    "ZohoCRM.org.READ",
];

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
    bought: Bought,
) -> Result<SignedIn, Failure> {
    let secrets = lasting(Side::Zoho, &bought)?;
    let Some(api_domain) = bought.api_domain else {
        let error = crate::remote::broken("a token answer without an API address");
        return Err(error.failure(Side::Zoho));
    };
    if !all_granted(&bought.scopes) {
        take_back(Side::Zoho, http, endpoints, client, Some(&server), secrets).await;
        return Err(RemoteError::ScopeMissing.failure(Side::Zoho));
    }
    let tokens = Tokens::fresh(
        Side::Zoho,
        http,
        endpoints,
        client,
        Some(&server),
        secrets.clone(),
        Some(api_domain.clone()),
    );
    let zoho = Zoho::new(http, tokens, Patience::default());
    let me = zoho.me().await.map_err(|e| e.failure(Side::Zoho))?;
    let org = zoho.org().await.map_err(|e| e.failure(Side::Zoho))?;
    let scopes = match bought.scopes.as_slice() {
        [] => SCOPES.map(ToOwned::to_owned).to_vec(),
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
        at: Timestamp::now(),
        client: None,
    };
    Ok(SignedIn { grant, secrets })
}

/// Whether an answer that tells its scopes has all that were asked for. Zoho spells module names
/// with and without capitals.
fn all_granted(scopes: &[String]) -> bool {
    let has = |asked: &str| scopes.iter().any(|s| s.eq_ignore_ascii_case(asked));
    scopes.is_empty() || SCOPES.into_iter().all(has)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_that_are_told_must_be_all_there() {
        let all: Vec<String> = SCOPES.iter().map(|s| s.to_uppercase()).collect();
        assert!(all_granted(&all), "spelled differently");
        assert!(all_granted(&[]), "not told");
        assert!(!all_granted(&all[1..]), "one was dropped");
    }
}
