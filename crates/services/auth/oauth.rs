//! The browser login: authorisation code with PKCE and state, answered on a loopback port.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::Utc;
use oauth2::{AuthUrl, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope};
use renraku_core::contact::Side;
use renraku_core::message::{Failure, FailureCode};
use renraku_core::timestamp::Timestamp;
use tokio::time::Instant;

use crate::auth::clients::OauthClient;
use crate::auth::data_centre::{accounts_server, data_centre};
use crate::auth::endpoints::{Endpoints, checked};
use crate::auth::grant::Grant;
use crate::auth::loopback::{self, Door, PageKind, Visitor};
use crate::auth::redirect::ZohoRedirect;
use crate::auth::signed_in::{SignedIn, lasting};
use crate::auth::token_endpoint::{self, TokenGrant};
use crate::auth::tokens::zoho_token_url;
use crate::auth::{identity, organisation, scopes};
use crate::{Http, RemoteError};

/// How long the browser may take. Some refusals never come back (an administrator's policy, a
/// wrong client), so there must be an end.
const PATIENCE: Duration = Duration::from_secs(300);

/// A login under way: the listener is open. Dropping it ends it.
pub struct Login {
    side: Side,
    url: String,
    door: Door,
    state: CsrfToken,
    /// None where the sign-in goes without PKCE.
    verifier: Option<PkceCodeVerifier>,
    authorize: AuthUrl,
    redirect: RedirectUrl,
    /// The redirect's path, from its slash on; may be empty.
    path: String,
    /// Zoho: the accounts server it began at.
    began: String,
    http: Http,
    endpoints: Endpoints,
    client: OauthClient,
    retry_budget: Duration,
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
            super::data_centre::start_server(http, endpoints, client.registered.data_centre)
                .await?;
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
        let door = loopback::listen(wanted).await.map_err(taken)?;
        back.port = door.port().unwrap_or(wanted);
        let unusable = || Failure::new(FailureCode::Invalid, "error-login-address");
        let address = checked(&authorize).map_err(|()| unusable())?;
        let authorize = AuthUrl::new(address.into()).map_err(|_| unusable())?;
        let redirect = RedirectUrl::new(back.to_string()).map_err(|_| unusable())?;
        let mut login = Login {
            side,
            url: String::new(),
            door,
            state: CsrfToken::new_random(),
            verifier: None,
            authorize,
            redirect,
            path: back.path,
            began: String::new(),
            http: http.clone(),
            endpoints: endpoints.clone(),
            client,
            retry_budget: PATIENCE,
        };
        let pkce = login.client.registered.pkce;
        login.ask(pkce);
        Ok(login)
    }

    /// Makes the address to open, with a state of its own.
    fn ask(&mut self, pkce: bool) {
        let oauth = token_endpoint::oauth(&self.client)
            .set_auth_uri(self.authorize.clone())
            .set_redirect_uri(self.redirect.clone());
        // Zoho separates scopes by commas, so its list is one scope to the library.
        let scopes = match self.side {
            Side::Google => scopes::GOOGLE.map(|s| Scope::new(s.to_owned())).to_vec(),
            Side::Zoho => vec![Scope::new(scopes::ZOHO.join(","))],
        };
        let mut request = oauth
            .authorize_url(CsrfToken::new_random)
            .add_scopes(scopes)
            .add_extra_param("access_type", "offline")
            // Without it a second login of the same person brings no refresh token.
            .add_extra_param("prompt", "consent");
        self.verifier = None;
        if pkce {
            let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
            request = request.set_pkce_challenge(challenge);
            self.verifier = Some(verifier);
        }
        let (url, state) = request.url();
        (self.url, self.state) = (url.into(), state);
    }

    /// The address to open in the browser.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The same login with another limit of time.
    #[must_use]
    pub fn within(mut self, retry_budget: Duration) -> Login {
        self.retry_budget = retry_budget;
        self
    }

    /// As [`Login::finish_beside`], where no account is connected.
    ///
    /// # Errors
    /// As there.
    pub async fn finish(self) -> Result<SignedIn, Failure> {
        self.finish_beside(None).await
    }

    /// Waits for the browser, at most five minutes, and fetches the tokens. The browser's page says whether
    /// it is the account that is connected.
    ///
    /// # Errors
    /// [`crate::FailureCode::LoginAborted`], [`crate::FailureCode::ScopeMissing`],
    /// [`crate::FailureCode::Throttled`], [`crate::FailureCode::Offline`].
    pub async fn finish_beside(mut self, connected: Option<&Grant>) -> Result<SignedIn, Failure> {
        let until = Instant::now() + self.retry_budget;
        loop {
            let waited = loopback::visitor(&self.door, &self.path, self.state.secret());
            let visitor = match tokio::time::timeout_at(until, waited).await {
                Ok(Ok(visitor)) => visitor,
                Ok(Err(_)) | Err(_) => return Err(self.late()),
            };
            let Some(code) = visitor.query.get("code").cloned() else {
                if self.goes_on_without_pkce(visitor.query.get("error")) {
                    visitor.send_on(&self.url).await;
                    continue;
                }
                return Err(self.denied(visitor).await);
            };
            let server = match self.token_server(&visitor.query) {
                Ok(server) => server,
                Err(failure) => {
                    visitor.show(PageKind::Failed).await;
                    return Err(failure);
                }
            };
            let token_grant = match self.buy(code, &server).await {
                Err(RemoteError::Refused { code, .. })
                    if self.goes_on_without_pkce(Some(&code)) =>
                {
                    visitor.send_on(&self.url).await;
                    continue;
                }
                token_grant => token_grant.map_err(|error| error.at_sign_in(self.side)),
            };
            let query = visitor.query.clone();
            let pkce = Some(self.verifier.is_some());
            let done = match (token_grant, self.side) {
                (Err(failure), _) => Err(failure),
                (Ok(token_grant), Side::Google) => self.google_signed_in(token_grant, &query).await,
                (Ok(token_grant), Side::Zoho) => {
                    self.zoho_signed_in(token_grant, server, &query).await
                }
            };
            let done = done.map(|signed_in| SignedIn {
                grant: Grant { pkce, ..signed_in.grant },
                ..signed_in
            });
            let shown = match &done {
                Ok(SignedIn { grant, .. }) if connected.is_some_and(|c| grant.is_other_than(c)) => {
                    PageKind::Other(grant.called())
                }
                Ok(signed_in) => PageKind::Done(signed_in.grant.called()),
                Err(_) => PageKind::Failed,
            };
            visitor.show(shown).await;
            return done;
        }
    }

    /// Whether Zoho's refusal is one of a request with PKCE, which a client of the type for servers
    /// may not take: then the sign-in is asked for once more, without.
    fn goes_on_without_pkce(&mut self, refusal: Option<&String>) -> bool {
        let about_the_request = refusal.is_some_and(|code| {
            let code = code.to_lowercase();
            ["invalid_request", "unsupported", "pkce", "code_challenge", "code_verifier"]
                .into_iter()
                .any(|word| code.contains(word))
        });
        let goes_on = about_the_request && self.side == Side::Zoho && self.verifier.is_some();
        if goes_on {
            tracing::info!("the client takes no PKCE: the sign-in goes on without");
            self.ask(false);
        }
        goes_on
    }

    /// Nobody came back: what likely kept them.
    fn late(&self) -> Failure {
        Failure::of(FailureCode::LoginAborted, "error-login-late", self.side)
            .with("side", self.side.name())
            .with("redirect", self.redirect.as_str())
            .with("pkce", if self.verifier.is_some() { "yes" } else { "no" })
            .with("minutes", self.retry_budget.as_secs().div_ceil(60).max(1))
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

    /// Zoho's accounts server that the code is taken to; Google's has no choice.
    fn token_server(&self, query: &BTreeMap<String, String>) -> Result<String, Failure> {
        let (named, location) = (query.get("accounts-server"), query.get("location"));
        match self.side {
            Side::Google => Ok(String::new()),
            Side::Zoho => accounts_server(named, location, &self.began, &self.endpoints),
        }
    }

    async fn buy(&self, code: String, server: &str) -> Result<TokenGrant, RemoteError> {
        let token_url = match self.side {
            Side::Google => self.endpoints.google.token.clone(),
            Side::Zoho => zoho_token_url(server, &self.endpoints)?,
        };
        let verifier = self.verifier.as_ref().map(|v| PkceCodeVerifier::new(v.secret().clone()));
        let (http, side, client) = (&self.http, self.side, &self.client);
        token_endpoint::by_code(http, side, client, &token_url, &self.redirect, code, verifier)
            .await
    }

    async fn google_signed_in(
        self,
        mut token_grant: TokenGrant,
        query: &BTreeMap<String, String>,
    ) -> Result<SignedIn, Failure> {
        if let (true, Some(told)) = (token_grant.scopes.is_empty(), query.get("scope")) {
            token_grant.scopes = told.split_whitespace().map(ToOwned::to_owned).collect();
        }
        let secrets = lasting(Side::Google, &self.client, &token_grant)?;
        let scope = scopes::GOOGLE_CONTACTS;
        if !token_grant.scopes.is_empty() && !token_grant.scopes.iter().any(|told| told == scope) {
            // Taken back at Google, it would end the sign-ins of before as well, on every computer.
            return Err(RemoteError::ScopeMissing { scope }.at_sign_in(Side::Google));
        }
        let told = token_grant
            .id_token
            .as_deref()
            .and_then(|t| identity::from_id_token(t, &self.client.id));
        let person = match told {
            Some(person) => person,
            None => {
                let url = &self.endpoints.google.userinfo;
                let asked = identity::from_userinfo(&self.http, url, &token_grant.access.0).await;
                asked.map_err(|e| e.at_sign_in(Side::Google))?
            }
        };
        let grant = Grant {
            side: Side::Google,
            account: person.sub,
            email: person.email,
            name: person.name,
            zoho: None,
            scopes: token_grant.scopes,
            at: Timestamp::from(Utc::now()),
            client: None,
            began: None,
            pkce: None,
        };
        Ok(SignedIn { grant, secrets })
    }

    async fn zoho_signed_in(
        self,
        token_grant: TokenGrant,
        server: String,
        query: &BTreeMap<String, String>,
    ) -> Result<SignedIn, Failure> {
        let data_centre =
            data_centre(query.get("location"), &server, self.client.registered.data_centre);
        let Login { http, endpoints, client, .. } = self;
        organisation::signed_in(&http, &endpoints, client, server, data_centre, token_grant).await
    }
}
