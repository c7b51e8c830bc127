//! Access tokens for the calls: one refresh at a time, early, shared by everything in the process.
//!
//! The newest access token is kept in the keychain beside the refresh token, so that several
//! short-lived processes use one: Zoho sells ten in ten minutes and then shuts the door for ten.
//! That the door is shut is kept there too.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use renraku_core::contact::Side;
use renraku_core::message::Failure;
use renraku_core::timestamp::Timestamp;
use tokio::sync::Mutex;

use crate::auth::clients::OauthClient;
use crate::auth::data_centre::is_zohos;
use crate::auth::endpoints::Endpoints;
use crate::auth::grant::Grant;
use crate::auth::keychain::Keychain;
use crate::auth::meaning::ZOHO_LOCKOUT;
use crate::auth::secret::{ClientKey, Secret, Secrets};
use crate::auth::token_endpoint::{self, TokenGrant};
use crate::{Http, RemoteError, broken};

/// A token is renewed when it has less than this left.
const EARLY: Duration = Duration::from_secs(300);

/// Asks for the client of a refresh: the one that is kept with what it was given, or another one
/// where that is not known.
pub(crate) type AskClient = Arc<
    dyn Fn(Option<ClientKey>) -> Pin<Box<dyn Future<Output = Result<OauthClient, Failure>> + Send>>
        + Send
        + Sync,
>;

/// The client that tokens are bought with.
#[derive(Clone)]
pub enum ClientOf {
    /// This one.
    Given(OauthClient),
    /// The one that is known when it is needed: its secret is in the keychain.
    Asked(AskClient),
}

impl ClientOf {
    async fn get(&self, kept: Option<ClientKey>) -> Result<OauthClient, Failure> {
        match self {
            ClientOf::Given(client) => Ok(client.clone()),
            ClientOf::Asked(ask) => ask(kept).await,
        }
    }
}

/// One account's tokens. Shared by all syncs (and by window and timer) through an [`Arc`].
pub struct Tokens {
    side: Side,
    /// Whose they are: another account's never stand in for them.
    account: String,
    http: Http,
    client: ClientOf,
    endpoints: Endpoints,
    token_url: String,
    revoke_url: String,
    /// None during a login, before anything is kept.
    keychain: Option<Keychain>,
    state: Mutex<State>,
}

struct State {
    secrets: Option<Secrets>,
    api_domain: Option<String>,
    /// A refresh token that the service called dead: not tried again.
    dead: Option<Secret>,
    /// How much life must be left in a token: [`EARLY`], less where tokens live shortly.
    early: Duration,
}

/// What became of a grant that was to be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenBack {
    /// The service says that it is gone.
    Confirmed,
    /// The service says so too, and the keychain does not give the dead token up.
    OnlyThere,
    /// The service does not say so.
    Unconfirmed,
    /// No token is kept by which it could be taken back: it may still be in force.
    NothingHere,
}

/// What a call needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The access token.
    pub token: Secret,
    /// Zoho: the API's address.
    pub api_domain: Option<String>,
}

/// The addresses of an account's token endpoint and of its revocation.
fn addresses(side: Side, endpoints: &Endpoints, accounts_server: Option<&str>) -> (String, String) {
    match side {
        Side::Google => (endpoints.google.token.clone(), endpoints.google.revoke.clone()),
        Side::Zoho => {
            let server = accounts_server.unwrap_or(&endpoints.zoho.accounts).trim_end_matches('/');
            (format!("{server}{TOKEN}"), format!("{server}{TOKEN}/revoke"))
        }
    }
}

/// The path of Zoho's token endpoint.
const TOKEN: &str = "/oauth/v2/token";

/// The token endpoint of a Zoho accounts server.
///
/// # Errors
/// Where it is none of Zoho's: nobody else is sent a code or a secret.
pub(super) fn zoho_token_url(server: &str, endpoints: &Endpoints) -> Result<String, RemoteError> {
    trusted(Side::Zoho, &format!("{}{TOKEN}", server.trim_end_matches('/')), endpoints)
}

/// An address that may be sent a token or a secret.
fn trusted(side: Side, address: &str, endpoints: &Endpoints) -> Result<String, RemoteError> {
    let fits = match side {
        // Its addresses are never told by an answer.
        Side::Google => true,
        Side::Zoho => is_zohos(address, endpoints),
    };
    if fits { Ok(address.to_owned()) } else { Err(broken("an address that is none of Zoho's")) }
}

impl Tokens {
    /// The tokens of a connected account. Reads the keychain at the first use.
    #[must_use]
    pub fn new(
        http: &Http,
        endpoints: &Endpoints,
        client: ClientOf,
        keychain: Keychain,
        grant: &Grant,
    ) -> Arc<Tokens> {
        let server = grant.zoho.as_ref().map(|z| z.accounts_server.as_str());
        let (token_url, revoke_url) = addresses(grant.side, endpoints, server);
        Arc::new(Tokens {
            side: grant.side,
            account: grant.account.clone(),
            http: http.clone(),
            client,
            endpoints: endpoints.clone(),
            token_url,
            revoke_url,
            keychain: Some(keychain),
            state: Mutex::new(State {
                secrets: None,
                api_domain: grant.zoho.as_ref().map(|z| z.api_domain.clone()),
                dead: None,
                early: EARLY,
            }),
        })
    }

    /// The tokens of a login that is not finished: kept nowhere.
    pub(crate) fn fresh(
        side: Side,
        http: &Http,
        endpoints: &Endpoints,
        client: OauthClient,
        accounts_server: Option<&str>,
        secrets: Secrets,
        api_domain: Option<String>,
    ) -> Arc<Tokens> {
        let (token_url, revoke_url) = addresses(side, endpoints, accounts_server);
        Arc::new(Tokens {
            side,
            account: String::new(),
            http: http.clone(),
            client: ClientOf::Given(client),
            endpoints: endpoints.clone(),
            token_url,
            revoke_url,
            keychain: None,
            state: Mutex::new(State {
                secrets: Some(secrets),
                api_domain,
                dead: None,
                early: EARLY,
            }),
        })
    }

    /// The service.
    #[must_use]
    pub fn side(&self) -> Side {
        self.side
    }

    /// A token that is good for some minutes at least.
    ///
    /// # Errors
    /// [`RemoteError::SignedOut`] where the grant is dead or nothing is in the keychain.
    pub async fn access(&self) -> Result<Access, RemoteError> {
        self.checked(self.usable().await?)
    }

    /// The access, unless what is kept about the account names an address that is none of the
    /// service's.
    fn checked(&self, access: Access) -> Result<Access, RemoteError> {
        if let Some(address) = &access.api_domain {
            trusted(self.side, address, &self.endpoints)?;
        }
        Ok(access)
    }

    async fn usable(&self) -> Result<Access, RemoteError> {
        let mut state = self.state.lock().await;
        if let Some(access) = state.good(state.early, None) {
            return Ok(access);
        }
        self.reread(&mut state).await?;
        if let Some(access) = state.good(state.early, None) {
            return Ok(access);
        }
        match self.refresh(&mut state).await {
            // Early was early enough: what is left of the old one still does.
            Err(error)
                if (error.is_away() || matches!(error, RemoteError::Throttled { .. }))
                    && state.good(Duration::ZERO, None).is_some() =>
            {
                state.good(Duration::ZERO, None).ok_or(RemoteError::Offline)
            }
            done => done,
        }
    }

    /// A token other than the one that was just refused.
    ///
    /// # Errors
    /// As [`Tokens::access`].
    pub async fn renewed(&self, refused: &Secret) -> Result<Access, RemoteError> {
        self.checked(self.another(refused).await?)
    }

    async fn another(&self, refused: &Secret) -> Result<Access, RemoteError> {
        let mut state = self.state.lock().await;
        // Another call, or another process, may have renewed it meanwhile.
        if let Some(access) = state.good(Duration::ZERO, Some(refused)) {
            return Ok(access);
        }
        self.reread(&mut state).await?;
        if let Some(access) = state.good(Duration::ZERO, Some(refused)) {
            return Ok(access);
        }
        self.refresh(&mut state).await
    }

    async fn reread(&self, state: &mut State) -> Result<(), RemoteError> {
        if let Some(keychain) = &self.keychain {
            state.secrets = keychain.get(self.side, &self.account).await?;
        }
        Ok(())
    }

    async fn refresh(&self, state: &mut State) -> Result<Access, RemoteError> {
        let kept = |state: &State| state.secrets.as_ref().map(|secrets| secrets.refresh.clone());
        let before = kept(state);
        match self.refresh_once(state).await {
            // Somebody may have signed in anew meanwhile, here or in another process.
            Err(RemoteError::SignedOut) => {
                self.reread(state).await?;
                match kept(state) == before {
                    true => Err(RemoteError::SignedOut),
                    false => match state.good(state.early, None) {
                        Some(access) => Ok(access),
                        None => self.refresh_once(state).await,
                    },
                }
            }
            done => done,
        }
    }

    async fn refresh_once(&self, state: &mut State) -> Result<Access, RemoteError> {
        let held = state.secrets.clone().filter(|s| !s.refresh.expose().is_empty());
        let held = held.ok_or(RemoteError::SignedOut)?;
        let refresh = held.refresh.clone();
        if state.dead.as_ref() == Some(&refresh) {
            return Err(RemoteError::SignedOut);
        }
        if let Some(until) = held.shut.filter(|until| is_shut(*until, Timestamp::from(Utc::now())))
        {
            return Err(RemoteError::Throttled { until: Some(until), what: "tokens".to_owned() });
        }
        let token_url = trusted(self.side, &self.token_url, &self.endpoints)?;
        let client = self.client.get(held.client.clone()).await?;
        let token_grant =
            token_endpoint::by_refresh(&self.http, self.side, &client, &token_url, &refresh).await;
        let TokenGrant { access, life, refresh: rotated, api_domain, .. } = match token_grant {
            Ok(token_grant) => token_grant,
            Err(error) => {
                match &error {
                    RemoteError::SignedOut => state.dead = Some(refresh),
                    RemoteError::Throttled { until, .. } => {
                        self.keep(state, Secrets { shut: *until, ..held }).await;
                    }
                    RemoteError::Offline
                    | RemoteError::Rights { .. }
                    | RemoteError::ScopeMissing { .. }
                    | RemoteError::Untrusted
                    | RemoteError::Expired
                    | RemoteError::Full
                    | RemoteError::Refused { .. }
                    | RemoteError::Broken { .. }
                    | RemoteError::Local(_) => {}
                }
                return Err(error);
            }
        };
        let refresh = rotated.unwrap_or(refresh);
        let client = client.key();
        let secrets = Secrets { refresh, access: Some(access.clone()), shut: None, client };
        self.keep(state, secrets).await;
        state.early = EARLY.min(life / 10);
        state.api_domain = api_domain.or(state.api_domain.take());
        Ok(Access { token: access.0, api_domain: state.api_domain.clone() })
    }

    /// Keeps what was learned, in memory and in the keychain. It is good whether or not the keychain
    /// takes it: the next process then learns it by itself.
    async fn keep(&self, state: &mut State, secrets: Secrets) {
        if let Some(keychain) = &self.keychain
            && keychain.put(self.side, &self.account, &secrets).await.is_err()
        {
            tracing::warn!(side = self.side.name(), "the newest token could not be kept");
        }
        state.secrets = Some(secrets);
    }

    /// Takes the grant back at the service, and forgets it in the keychain once the service has
    /// confirmed that and it is `noted` here: asked once more, by the dead token, the service says it again.
    /// `pause`: before the first of two more tries.
    ///
    /// # Errors
    /// [`crate::FailureCode::Keychain`] where the entry cannot be read or removed.
    pub async fn revoke(
        &self,
        pause: Duration,
        noted: impl FnOnce() -> bool,
    ) -> Result<TakenBack, Failure> {
        let mut state = self.state.lock().await;
        if let Some(keychain) = &self.keychain {
            state.secrets = keychain.get(self.side, &self.account).await?;
        }
        let refresh = state.secrets.as_ref().map(|secrets| secrets.refresh.clone());
        let mut taken_back = TakenBack::NothingHere;
        if let Some(refresh) = refresh {
            taken_back = TakenBack::Confirmed;
            let mut tries = [Duration::ZERO, pause, pause * 4].into_iter();
            let confirmed = loop {
                let Some(pause) = tries.next() else { break false };
                tokio::time::sleep(pause).await;
                if self.revoked_at_service(&refresh).await {
                    break true;
                }
            };
            if !confirmed {
                tracing::warn!(side = self.side.name(), "the grant was not taken back");
                return Ok(TakenBack::Unconfirmed);
            }
            if !noted() {
                return Ok(TakenBack::Confirmed);
            }
        }
        state.secrets = None;
        let Some(keychain) = &self.keychain else { return Ok(taken_back) };
        match (keychain.remove(self.side).await, taken_back) {
            (Err(_), TakenBack::Confirmed) => Ok(TakenBack::OnlyThere),
            (removed, _) => removed.map(|()| taken_back),
        }
    }

    /// Whether the service says that the grant is taken back, or was dead already.
    async fn revoked_at_service(&self, refresh: &Secret) -> bool {
        let Ok(url) = trusted(self.side, &self.revoke_url, &self.endpoints) else { return false };
        let Ok(url) = super::endpoints::checked(&url) else { return false };
        let token = [("token", refresh.expose())];
        let Ok(client) = self.http.client() else { return false };
        let request = match self.side {
            Side::Google => client.post(url).form(&token),
            // Zoho documents the query.
            Side::Zoho => client.post(url).query(&token).header("Content-Length", "0"),
        };
        let Ok(response) = request.timeout(Duration::from_secs(20)).send().await else {
            return false;
        };
        let fine = response.status().is_success();
        let Ok(body) = token_endpoint::body(response).await else { return false };
        // Zoho says also with a 200 that it did not.
        match serde_json::from_str::<serde_json::Value>(&body).unwrap_or_default().get("error") {
            Some(error) => {
                let dead = ["invalid_token", "invalid_code", "invalid_grant"];
                error.as_str().is_some_and(|error| dead.contains(&error))
            }
            None => fine,
        }
    }
}

impl State {
    /// The access token, if it is not the refused one and has this much life left.
    fn good(&self, left: Duration, refused: Option<&Secret>) -> Option<Access> {
        let (token, until) = self.secrets.as_ref()?.access.as_ref()?;
        let enough = Timestamp::from(Utc::now()).after(left).is_some_and(|then| then < *until);
        (enough && Some(token) != refused)
            .then(|| Access { token: token.clone(), api_domain: self.api_domain.clone() })
    }
}

/// Whether the token endpoint is shut until then. A time further ahead than the endpoint is ever shut
/// for was written by a clock that has been set back since: it counts as past.
fn is_shut(until: Timestamp, now: Timestamp) -> bool {
    until > now && now.time_until(until) <= ZOHO_LOCKOUT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_clock_does_not_shut_the_endpoint_for_long() {
        let now = Timestamp::from_second(1_000_000).expect("a time");
        for (second, expected, why) in [
            (1_000_001, true, "a second is left"),
            (1_000_600, true, "just shut"),
            (1_000_000, false, "over"),
            (900_000, false, "long over"),
            (1_000_601, false, "longer than it is ever shut for"),
            (33_000_000, false, "a year ahead"),
        ] {
            let until = Timestamp::from_second(second).expect("a time");
            assert_eq!(is_shut(until, now), expected, "{why}");
        }
    }
}
