//! The accounts: who is connected, signing in and out.

use std::collections::BTreeMap;
use std::sync::{Arc, MutexGuard, PoisonError};

use renraku_core::contact::Side;

use crate::api::{Account, Accounts, Event, Failure, FailureCode};
use crate::auth::device::DeviceLogin;
use crate::auth::oauth::Login;
use crate::auth::{Grant, OauthClient, Tokens, browser, clients};
use crate::engine::{BrowserChoice, Engine};
use crate::session::store_failure;
use crate::store::Standing;

impl Engine {
    /// Who is connected.
    ///
    /// # Errors
    /// [`FailureCode::Store`].
    pub fn accounts(&self) -> Result<Accounts, Failure> {
        let account = |side| {
            Ok::<_, Failure>(self.grant(side)?.map_or_else(
                Account::default,
                |(grant, standing)| Account {
                    connected: standing == Standing::Connected,
                    email: Some(grant.email),
                    organisation: grant.zoho.as_ref().map(|z| z.organisation.clone()),
                    data_centre: grant.zoho.as_ref().map(|z| z.data_centre.clone()),
                    scopes: grant.scopes,
                    needs_sign_in: standing == Standing::SignedOut,
                },
            ))
        };
        Ok(Accounts { zoho: account(Side::Zoho)?, google: account(Side::Google)? })
    }

    fn client(&self, side: Side) -> Result<OauthClient, Failure> {
        let given = match side {
            Side::Zoho => self.inner.clients.zoho.clone(),
            Side::Google => self.inner.clients.google.clone(),
        };
        let saved = match given {
            Some(client) => Some(client),
            None => self.saved_client(side)?,
        };
        clients::client(side, |_| None, saved)
    }

    fn saved_client(&self, side: Side) -> Result<Option<OauthClient>, Failure> {
        #[derive(serde::Deserialize)]
        struct Saved {
            id: String,
            secret: Option<String>,
        }
        let text = self.setting(&format!("oauth.{}", side.name()))?;
        let saved: Option<Saved> = text.and_then(|text| serde_json::from_str(&text).ok());
        Ok(saved.map(|saved| OauthClient {
            id: saved.id,
            secret: saved.secret.filter(|s| !s.is_empty()).map(crate::auth::Secret::new),
        }))
    }

    /// Logs in in the browser; waits at most five minutes. Dropping the future ends the login.
    ///
    /// # Errors
    /// The codes that begin with a login: [`FailureCode::NoClient`], [`FailureCode::LoginAborted`],
    /// [`FailureCode::ScopeMissing`], [`FailureCode::Keychain`], …
    pub async fn connect(&self, service: Side, browser: BrowserChoice) -> Result<Account, Failure> {
        let client = self.client(service)?;
        let inner = &self.inner;
        // A keychain that refuses is found out before the person has logged in, not after.
        inner.keychain.ready().await?;
        let begin = async |client| match service {
            Side::Google => Login::google(&inner.http, &inner.endpoints, client).await,
            Side::Zoho => {
                Login::zoho(&inner.http, &inner.endpoints, client, &inner.clients.redirect).await
            }
        };
        let signed_in = match browser {
            BrowserChoice::Open => {
                let login = begin(client).await?;
                browser::open(login.url(), std::env::var("BROWSER").ok().as_deref())?;
                login.finish().await?
            }
            BrowserChoice::Print(print) => {
                let login = begin(client).await?;
                print(login.url());
                login.finish().await?
            }
            BrowserChoice::Code(show) => {
                if service == Side::Google {
                    return Err(no_code());
                }
                let login = DeviceLogin::begin(&inner.http, &inner.endpoints, client).await?;
                show(login.url(), login.code());
                login.finish().await?
            }
        };
        let account = &signed_in.grant.account;
        inner.keychain.put(service, account, &signed_in.secrets).await?;
        inner.store.put_account(service, &signed_in.grant).map_err(store_failure)?;
        self.tokens_mut().remove(&service);
        self.tell(Event::Changed);
        let accounts = self.accounts()?;
        Ok(match service {
            Side::Zoho => accounts.zoho,
            Side::Google => accounts.google,
        })
    }

    /// Takes the grant back at the service and forgets it; settings and links stay.
    ///
    /// # Errors
    /// [`FailureCode::Keychain`], [`FailureCode::Store`].
    pub async fn disconnect(&self, service: Side) -> Result<(), Failure> {
        if let Some((grant, standing)) = self.grant(service)? {
            if standing != Standing::Disconnected {
                self.tokens(service, grant)?.revoke().await?;
            }
            self.inner
                .store
                .set_standing(service, Standing::Disconnected)
                .map_err(store_failure)?;
        }
        self.tokens_mut().remove(&service);
        self.tell(Event::Changed);
        Ok(())
    }

    fn tokens_mut(&self) -> MutexGuard<'_, BTreeMap<Side, (Grant, Arc<Tokens>)>> {
        self.inner.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn tokens(&self, side: Side, grant: Grant) -> Result<Arc<Tokens>, Failure> {
        if let Some((known, tokens)) = self.tokens_mut().get(&side)
            && *known == grant
        {
            return Ok(Arc::clone(tokens));
        }
        let inner = &self.inner;
        let tokens = Tokens::new(
            &inner.http,
            &inner.endpoints,
            self.client(side)?,
            inner.keychain.clone(),
            &grant,
        );
        self.tokens_mut().insert(side, (grant, Arc::clone(&tokens)));
        Ok(tokens)
    }
}

fn no_code() -> Failure {
    Failure::new(FailureCode::Invalid, "error-login-no-code")
}
