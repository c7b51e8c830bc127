//! The browser login: authorisation code with PKCE and state, answered on a loopback port.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use oauth2::{AuthUrl, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope};
use renraku_core::contact::Side;
use tokio::net::TcpListener;

use super::Grant;
use super::centre::{accounts_server, data_centre};
use super::clients::{OauthClient, ZohoRedirect};
use super::endpoints::{Endpoints, checked};
use super::exchange::{self, Bought};
use super::identity;
use super::loopback::{self, PageKind, Visitor};
use super::organisation;
use super::secret::Secrets;
use super::tokens::{Tokens, zoho_token_url};
use crate::api::{Failure, FailureCode};
use crate::remote::{Http, RemoteError};

/// How long the browser may take. Some refusals never come back (an administrator's policy, a
/// wrong client), so there must be an end.
const PATIENCE: Duration = Duration::from_secs(300);
/// The scope without which nothing can be synced.
const CONTACTS: &str = "https://www.googleapis.com/auth/contacts";
const GOOGLE_SCOPES: [&str; 3] = ["openid", "email", CONTACTS];

/// A login under way: the listener is open. Dropping it ends it.
pub struct Login {
    side: Side,
    url: String,
    listener: TcpListener,
    state: CsrfToken,
    verifier: PkceCodeVerifier,
    redirect: RedirectUrl,
    /// The redirect's path, from its slash on; may be empty.
    path: String,
    /// Zoho: the accounts server it began at.
    began: String,
    http: Http,
    endpoints: Endpoints,
    client: OauthClient,
    patience: Duration,
}

/// A login that succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// For the store.
    pub grant: Grant,
    /// For the keychain.
    pub secrets: Secrets,
}

impl Login {
    /// Opens the listener for a Google login, on a free port.
    ///
    /// # Errors
    /// [`crate::FailureCode::Failed`] where no port can be had.
    pub async fn google(
        http: &Http,
        endpoints: &Endpoints,
        client: OauthClient,
    ) -> Result<Login, Failure> {
        let authorize = endpoints.google.authorize.clone();
        // Its clients take any port of this computer.
        let redirect =
            ZohoRedirect { host: "127.0.0.1".to_owned(), port: 0, ..ZohoRedirect::default() };
        Login::begin(Side::Google, http, endpoints, client, authorize, redirect).await
    }

    /// Opens the listener for a Zoho login, at the data centre where the client is registered.
    ///
    /// # Errors
    /// [`crate::FailureCode::Failed`] where the port is taken; the message names it.
    pub async fn zoho(
        http: &Http,
        endpoints: &Endpoints,
        client: OauthClient,
    ) -> Result<Login, Failure> {
        let server =
            super::centre::start_server(http, endpoints, client.registered.data_centre).await;
        let authorize = format!("{server}/oauth/v2/auth");
        let redirect = client.registered.redirect.clone();
        let mut login =
            Login::begin(Side::Zoho, http, endpoints, client, authorize, redirect).await?;
        login.began = server;
        Ok(login)
    }

    async fn begin(
        side: Side,
        http: &Http,
        endpoints: &Endpoints,
        client: OauthClient,
        authorize: String,
        mut back: ZohoRedirect,
    ) -> Result<Login, Failure> {
        let wanted = back.port;
        let taken = |_| Failure::new(FailureCode::Failed, "error-port-taken").with("port", wanted);
        let listener = loopback::listen(wanted).await.map_err(taken)?;
        back.port = listener.local_addr().map_or(wanted, |a| a.port());
        let unusable = || Failure::new(FailureCode::Invalid, "error-login-address");
        let address = checked(&authorize).map_err(|()| unusable())?;
        let address = AuthUrl::new(address.into()).map_err(|_| unusable())?;
        let redirect = RedirectUrl::new(back.to_string()).map_err(|_| unusable())?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let oauth =
            exchange::oauth(&client).set_auth_uri(address).set_redirect_uri(redirect.clone());
        // Zoho separates scopes by commas, so its list is one scope to the library.
        let scopes = match side {
            Side::Google => GOOGLE_SCOPES.map(|s| Scope::new(s.to_owned())).to_vec(),
            Side::Zoho => vec![Scope::new(organisation::SCOPES.join(","))],
        };
        let (url, state) = oauth
            .authorize_url(CsrfToken::new_random)
            .add_scopes(scopes)
            .set_pkce_challenge(challenge)
            .add_extra_param("access_type", "offline")
            // Without it a second login of the same person brings no refresh token.
            .add_extra_param("prompt", "consent")
            .url();
        Ok(Login {
            side,
            url: url.into(),
            listener,
            state,
            verifier,
            redirect,
            path: back.path,
            began: String::new(),
            http: http.clone(),
            endpoints: endpoints.clone(),
            client,
            patience: PATIENCE,
        })
    }

    /// The address to open in the browser.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The same login with another limit of time.
    #[must_use]
    pub fn within(mut self, patience: Duration) -> Login {
        self.patience = patience;
        self
    }

    /// Waits for the browser, at most five minutes, and fetches the tokens.
    ///
    /// # Errors
    /// [`crate::FailureCode::LoginAborted`], [`crate::FailureCode::ScopeMissing`] (the grant is
    /// taken back), [`crate::FailureCode::Throttled`], [`crate::FailureCode::Offline`].
    pub async fn finish(self) -> Result<SignedIn, Failure> {
        let waited = loopback::visitor(&self.listener, &self.path, self.state.secret());
        let visitor = match tokio::time::timeout(self.patience, waited).await {
            Ok(Ok(visitor)) => visitor,
            Ok(Err(_)) | Err(_) => {
                return Err(Failure::of(FailureCode::LoginAborted, "error-login-late", self.side));
            }
        };
        let Some(code) = visitor.query.get("code").cloned() else {
            return Err(self.denied(visitor).await);
        };
        let query = visitor.query.clone();
        let side = self.side;
        let done = match side {
            Side::Google => self.google_signed_in(code, &query).await,
            Side::Zoho => self.zoho_signed_in(code, &query).await,
        };
        let shown = if done.is_ok() { PageKind::Done } else { PageKind::Failed };
        visitor.show(shown).await;
        done
    }

    async fn denied(&self, visitor: Visitor) -> Failure {
        let error = visitor.query.get("error").cloned().unwrap_or_default();
        // Only the code's letters: the text came through the browser.
        let error: String =
            error.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(40).collect();
        visitor.show(PageKind::Denied).await;
        let failure = Failure::of(FailureCode::LoginAborted, "error-login-denied", self.side);
        failure.with("reason", error)
    }

    async fn buy(&mut self, code: String, token_url: &str) -> Result<Bought, Failure> {
        let verifier = PkceCodeVerifier::new(self.verifier.secret().clone());
        let redirect = &self.redirect;
        let bought = exchange::by_code(
            &self.http,
            self.side,
            &self.client,
            token_url,
            redirect,
            code,
            verifier,
        );
        bought.await.map_err(|error| {
            if error != RemoteError::SignedOut {
                return error.failure(self.side);
            }
            // A refused code is no dead grant: the login is simply to be repeated.
            Failure::of(FailureCode::LoginAborted, "error-login-code", self.side)
        })
    }

    async fn google_signed_in(
        mut self,
        code: String,
        query: &BTreeMap<String, String>,
    ) -> Result<SignedIn, Failure> {
        let token_url = self.endpoints.google.token.clone();
        let mut bought = self.buy(code, &token_url).await?;
        if let (true, Some(told)) = (bought.scopes.is_empty(), query.get("scope")) {
            bought.scopes = told.split_whitespace().map(ToOwned::to_owned).collect();
        }
        let secrets = lasting(Side::Google, &bought)?;
        if !bought.scopes.is_empty() && !bought.scopes.iter().any(|s| s == CONTACTS) {
            let Login { http, endpoints, client, .. } = self;
            take_back(Side::Google, &http, &endpoints, client, None, secrets).await;
            return Err(RemoteError::ScopeMissing.failure(Side::Google));
        }
        let told =
            bought.id_token.as_deref().and_then(|t| identity::from_id_token(t, &self.client.id));
        let person = match told {
            Some(person) => person,
            None => {
                let url = &self.endpoints.google.userinfo;
                let asked = identity::from_userinfo(&self.http, url, &bought.access.0).await;
                asked.map_err(|e| e.failure(Side::Google))?
            }
        };
        let grant = Grant {
            side: Side::Google,
            account: person.sub,
            email: person.email,
            name: person.name,
            zoho: None,
            scopes: bought.scopes,
            at: Timestamp::now(),
            client: None,
        };
        Ok(SignedIn { grant, secrets })
    }

    async fn zoho_signed_in(
        mut self,
        code: String,
        query: &BTreeMap<String, String>,
    ) -> Result<SignedIn, Failure> {
        let (named, location) = (query.get("accounts-server"), query.get("location"));
        let server = accounts_server(named, location, &self.began, &self.endpoints);
        let bought = self.buy(code, &zoho_token_url(&server)).await?;
        let data_centre = data_centre(location, &server);
        let Login { http, endpoints, client, .. } = self;
        organisation::signed_in(&http, &endpoints, client, server, data_centre, bought).await
    }
}

/// The secrets of what was bought; a grant without a refresh token would end in an hour.
pub(super) fn lasting(side: Side, bought: &Bought) -> Result<Secrets, Failure> {
    let refresh = bought
        .refresh
        .clone()
        .ok_or_else(|| Failure::of(FailureCode::LoginAborted, "error-login-not-lasting", side))?;
    Ok(Secrets { refresh, access: Some(bought.access.clone()), shut: None })
}

/// A grant that cannot be used is not left behind.
pub(super) async fn take_back(
    side: Side,
    http: &Http,
    endpoints: &Endpoints,
    client: OauthClient,
    server: Option<&str>,
    secrets: Secrets,
) {
    let tokens = Tokens::fresh(side, http, endpoints, client, server, secrets, None);
    // Nothing was kept, so nothing can fail but the service's own answer.
    let _ = tokens.revoke().await;
}
