//! The accounts: who is connected, signing in and out.

use std::collections::BTreeMap;
use std::sync::{Arc, MutexGuard, PoisonError};

use renraku_core::contact::Side;

use crate::api::{Account, Accounts, DataCentre, Event, Failure, FailureCode};
use crate::auth::device::DeviceLogin;
use crate::auth::oauth::Login;
use crate::auth::tokens::ClientOf;
use crate::auth::{Grant, Tokens, browser, centre, scopes};
use crate::engine::{BrowserChoice, Engine};
use crate::message::Message;
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
                    warning: self.lacking(&grant),
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

    /// What will not work because Zoho's sign-in left rights out.
    fn lacking(&self, grant: &Grant) -> Option<String> {
        let missing = match grant.side {
            Side::Zoho => scopes::missing(&grant.scopes),
            Side::Google => Vec::new(),
        };
        let words = self.words();
        let mut purposes: Vec<String> =
            missing.iter().map(|scope| words.say(scopes::purpose(scope))).collect();
        purposes.dedup();
        let all = Message::new("lack-some").with("purposes", purposes.join(&words.say("lack-and")));
        (!purposes.is_empty()).then(|| words.tell(&all.with("scopes", missing.join(", "))))
    }

    /// Logs in in the browser; waits at most five minutes. Dropping the future ends the login.
    ///
    /// # Errors
    /// The codes that begin with a login: [`FailureCode::NoClient`], [`FailureCode::LoginAborted`],
    /// [`FailureCode::ScopeMissing`], [`FailureCode::Keychain`], …
    pub async fn connect(&self, service: Side, browser: BrowserChoice) -> Result<Account, Failure> {
        self.connect_at(service, browser, None).await
    }

    /// As [`Engine::connect`]; where nothing says in which of Zoho's data centres the client is
    /// registered, it is this one.
    ///
    /// # Errors
    /// As [`Engine::connect`]; [`FailureCode::Invalid`] where it is registered at another one.
    pub async fn connect_at(
        &self,
        service: Side,
        browser: BrowserChoice,
        wanted: Option<DataCentre>,
    ) -> Result<Account, Failure> {
        let inner = &self.inner;
        let mut client = inner.shelf.client(service).await?;
        if service == Side::Zoho {
            let start = centre::start(client.registered.data_centre, wanted)?;
            client.registered.data_centre = Some(start);
        }
        let client_id = client.id.clone();
        // A keychain that refuses is found out before the person has logged in, not after.
        inner.keychain.ready().await?;
        let begin = async |client| match service {
            Side::Google => Login::google(&inner.http, &inner.endpoints, client).await,
            Side::Zoho => Login::zoho(&inner.http, &inner.endpoints, client).await,
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
        let grant = Grant { client: Some(client_id), ..signed_in.grant };
        inner.keychain.put(service, &grant.account, &signed_in.secrets).await?;
        inner.store.put_account(service, &grant).map_err(store_failure)?;
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
        let (shelf, id) = (Arc::clone(&inner.shelf), grant.client.clone());
        let client = ClientOf::Asked(Arc::new(move || {
            let (shelf, id) = (Arc::clone(&shelf), id.clone());
            Box::pin(async move { shelf.client_of(side, id.as_deref()).await })
        }));
        let keychain = inner.keychain.clone();
        let tokens = Tokens::new(&inner.http, &inner.endpoints, client, keychain, &grant);
        self.tokens_mut().insert(side, (grant, Arc::clone(&tokens)));
        Ok(tokens)
    }
}

fn no_code() -> Failure {
    Failure::new(FailureCode::Invalid, "error-login-no-code")
}
