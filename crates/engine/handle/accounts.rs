//! The accounts: who is connected, signing in and out.

use std::collections::BTreeMap;
use std::sync::{Arc, MutexGuard, PoisonError};

use renraku_core::contact::Side;
use renraku_core::message::Message;
use renraku_services::auth::device::DeviceLogin;
use renraku_services::auth::oauth::Login;
use renraku_services::auth::signed_in::{SignedIn, take_back};
use renraku_services::auth::tokens::ClientOf;
use renraku_services::auth::{Grant, OauthClient, TakenBack, Tokens, data_centre, scopes};
use renraku_store::Standing;

use crate::api::{Account, Accounts, DataCentre, Event, Failure, FailureCode};
use crate::handle::engine::{BrowserChoice, Engine};

/// The message that asks about another account than the connected one.
const OTHER_ACCOUNT: &str = "error-account-other";

/// What a person says of Zoho's client when they sign in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SignInAs {
    /// In which data centre it is registered, where nothing else says it.
    pub data_centre: Option<DataCentre>,
    /// Without PKCE: a client of the type for servers may refuse it on a page that never comes back.
    pub without_pkce: bool,
    /// The data centre that this computer's region suggests, for where nothing says another.
    pub suggested: Option<DataCentre>,
}

/// The setting, and its value, that says that a service has not yet confirmed the end of its access.
pub(crate) fn revocation_due(side: Side) -> (String, String) {
    (format!("revocation-due.{}", side.name()), "due".to_owned())
}

/// The setting, and its value, that says that an account counts as signed out because the keychain had no
/// token for it.
fn token_missing(side: Side) -> (String, String) {
    (format!("token-missing.{}", side.name()), "missing".to_owned())
}

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

    /// What it costs that Zoho's sign-in left rights out; none where it costs nothing.
    fn lacking(&self, grant: &Grant) -> Option<String> {
        let costs = match grant.side {
            Side::Zoho => scopes::costs(&grant.scopes),
            Side::Google => Vec::new(),
        };
        let catalogue = self.catalogue();
        let missing: Vec<&str> = costs.iter().map(|(scope, _)| *scope).collect();
        let mut told: Vec<&str> = costs.iter().map(|(_, cost)| *cost).collect();
        told.dedup();
        // Who cannot see accounts cannot make one either: that is the same cost.
        if told.contains(&"lack-companies") {
            told.retain(|cost| *cost != "lack-new-companies");
        }
        let told: Vec<String> = told.into_iter().map(|cost| catalogue.say(cost)).collect();
        let all = Message::new("lack-some").with("costs", told.join(&catalogue.say("lack-and")));
        (!told.is_empty()).then(|| catalogue.tell(&all.with("scopes", missing.join(", "))))
    }

    /// Logs in in the browser; waits at most five minutes. Dropping the future ends the login.
    ///
    /// # Errors
    /// The codes that begin with a login: [`FailureCode::NoClient`], [`FailureCode::LoginAborted`],
    /// [`FailureCode::ScopeMissing`], [`FailureCode::Keychain`], …
    pub async fn connect(&self, service: Side, browser: BrowserChoice) -> Result<Account, Failure> {
        self.connect_as(service, browser, SignInAs::default()).await
    }

    /// As [`Engine::connect`], with what is said of Zoho's client.
    ///
    /// # Errors
    /// As [`Engine::connect`]; [`FailureCode::Invalid`] where it is registered at another data centre.
    pub async fn connect_as(
        &self,
        service: Side,
        browser: BrowserChoice,
        said: SignInAs,
    ) -> Result<Account, Failure> {
        let inner = &self.inner;
        let mut client = inner.shelf.client(service).await?;
        let client_id = client.id.clone();
        let (mut wants_pkce, mut pkce_is_told) = (false, false);
        if service == Side::Zoho {
            let last = inner.shelf.last_sign_in(service, &client_id)?;
            let began = last.as_ref().and_then(|last| last.began);
            let begins = began.or(said.suggested);
            let start =
                data_centre::start(client.registered.data_centre, said.data_centre, begins)?;
            client.registered.data_centre = Some(start);
            let learned = last.is_some_and(|last| last.pkce == Some(false));
            client.registered.learn_pkce(learned);
            client.registered.pkce &= !inner.shelf.goes_without_pkce(&client)?;
            wants_pkce = client.registered.pkce;
            pkce_is_told = client.registered.pkce_is_told;
            client.registered.pkce &= !said.without_pkce;
        }
        let began = client.registered.data_centre;
        // A keychain that refuses is found out before the person has logged in, not after.
        inner.keychain.ready().await?;
        let begin = async |client| match service {
            Side::Google => Login::google(&inner.http, &inner.endpoints, client).await,
            Side::Zoho => Login::zoho(&inner.http, &inner.endpoints, client).await,
        };
        let connected = match self.grant(service)? {
            Some((before, Standing::Connected | Standing::SignedOut)) => Some(before),
            Some((_, Standing::Disconnected)) | None => None,
        };
        let signed_in = match browser {
            BrowserChoice::Print(print) => {
                let login = begin(client).await?;
                print(login.url());
                login.finish_beside(connected.as_ref()).await?
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
        if wants_pkce && signed_in.grant.pkce == Some(false) {
            inner.shelf.remember_without_pkce(&client_id, pkce_is_told)?;
        }
        let grant = Grant { client: Some(client_id), began, ..signed_in.grant };
        let signed_in = SignedIn { grant, ..signed_in };
        if let Some(before) = connected
            && signed_in.grant.is_other_than(&before)
        {
            let failure = Failure::of(FailureCode::Held, OTHER_ACCOUNT, service);
            let failure = failure.with("before", before.called());
            let failure = failure.with("now", signed_in.grant.called());
            self.others_mut().insert(service, signed_in);
            return Err(failure);
        }
        self.take_in(service, signed_in).await
    }

    async fn take_in(&self, service: Side, signed_in: SignedIn) -> Result<Account, Failure> {
        let SignedIn { grant, secrets } = signed_in;
        let store = &self.inner.store;
        self.inner.keychain.put(service, &grant.account, &secrets).await?;
        store.put_account(service, &grant)?;
        self.note(revocation_due(service), false)?;
        self.note(token_missing(service), false)?;
        self.tokens_mut().remove(&service);
        self.forget_refused_accounts()?;
        self.tell(Event::Changed);
        let accounts = self.accounts()?;
        Ok(match service {
            Side::Zoho => accounts.zoho,
            Side::Google => accounts.google,
        })
    }

    /// Whether a failure asks about another account: one has signed in that is not the connected
    /// one, which stays until [`Engine::take_other_account`] or [`Engine::leave_other_account`].
    #[must_use]
    pub fn asks_about_another_account(failure: &Failure) -> bool {
        failure.id == OTHER_ACCOUNT
    }

    /// Connects the other account that has signed in, in place of the one before; what was set up
    /// for that one is kept.
    ///
    /// # Errors
    /// [`FailureCode::NotConnected`] where none is asked about; as [`Engine::connect`].
    pub async fn take_other_account(&self, service: Side) -> Result<Account, Failure> {
        let other = self.others_mut().remove(&service);
        self.take_in(service, other.ok_or_else(|| crate::text::message::not_connected(service))?)
            .await
    }

    /// The services whose sign-in is known here and whose token the keychain does not hold: it is
    /// another one, or was emptied. Whoever was connected is signed out, until the token is there again.
    ///
    /// # Errors
    /// [`FailureCode::Store`].
    pub async fn without_token(&self) -> Result<Vec<Side>, Failure> {
        let mut lost = Vec::new();
        for side in Side::BOTH {
            // A keychain that is shut tells nothing.
            if self.lacks_token(side).await?.unwrap_or(false) {
                lost.push(side);
            }
        }
        Ok(lost)
    }

    /// Whether the token of a known sign-in is missing, and what follows from that; none for a keychain
    /// that does not answer.
    async fn lacks_token(&self, side: Side) -> Result<Option<bool>, Failure> {
        let known = self.grant(side)?.filter(|(_, s)| *s != Standing::Disconnected);
        let Some((grant, standing)) = known else { return Ok(Some(false)) };
        let (missing, stands) = match self.inner.keychain.get(side, &grant.account).await {
            Ok(None) => (true, Standing::SignedOut),
            Ok(Some(_)) => (false, Standing::Connected),
            Err(_) => return Ok(None),
        };
        let noted = self.is_token_missing(side)?;
        self.note(token_missing(side), missing)?;
        if standing != stands && (missing || noted) {
            self.inner.store.set_standing(side, stands)?;
            self.tokens_mut().remove(&side);
            self.tell(Event::Changed);
        }
        Ok(Some(missing))
    }

    fn is_token_missing(&self, side: Side) -> Result<bool, Failure> {
        Ok(self.inner.store.setting(&token_missing(side).0)?.is_some())
    }

    /// Looks whether the tokens are there again for want of which somebody was signed out. Whether the
    /// keychain answered.
    pub(crate) async fn look_for_tokens(&self) -> Result<bool, Failure> {
        let mut answered = true;
        for side in Side::BOTH {
            if self.is_token_missing(side)? {
                answered &= self.lacks_token(side).await?.is_some();
            }
        }
        Ok(answered)
    }

    /// Forgets the other account that has signed in; the one before stays connected.
    pub async fn leave_other_account(&self, service: Side) {
        let other = self.others_mut().remove(&service);
        // At Google it would end the access of every computer of whoever that is.
        let Some((SignedIn { grant, secrets }, Side::Zoho)) = other.map(|other| (other, service))
        else {
            return;
        };
        if let Some(client) = secrets.client.clone().map(OauthClient::from) {
            let server = grant.zoho.as_ref().map(|zoho| zoho.accounts_server.as_str());
            let (http, endpoints) = (&self.inner.http, &self.inner.endpoints);
            take_back(http, endpoints, client, server, secrets).await;
        }
    }

    /// Takes the grant back at the service and forgets it; settings and links stay. Where the service
    /// does not confirm it, the account is disconnected all the same, and it is tried again: with the
    /// next call, and at the next start.
    ///
    /// # Errors
    /// [`FailureCode::Keychain`], [`FailureCode::Store`]; [`FailureCode::Failed`] where the service
    /// does not confirm it, or no token is kept here to do it by: the message says where a person takes
    /// the access back.
    pub async fn disconnect(&self, service: Side) -> Result<(), Failure> {
        // Noted before the token goes: on a full disk it stays, so that the service can be asked once more.
        let note = || self.note_parted(service, TakenBack::OnlyThere).is_ok();
        let Some(revoked) = self.end_access(service, note).await? else { return Ok(()) };
        // A disk that is full changes nothing of what the service said.
        let noted = self.note_parted(service, revoked).is_ok();
        self.tell(Event::Changed);
        let id = match (revoked, noted) {
            (TakenBack::Confirmed | TakenBack::OnlyThere, true) => return Ok(()),
            (TakenBack::Confirmed | TakenBack::OnlyThere, false) => "error-parted-unnoted",
            (TakenBack::Unconfirmed, true) => "error-not-revoked",
            (TakenBack::NothingHere, true) => "error-nothing-to-revoke",
            (TakenBack::Unconfirmed | TakenBack::NothingHere, false) => "error-not-revoked-unnoted",
        };
        // Where it may still be in force, a person takes it back on this page.
        let failure = Failure::of(FailureCode::Failed, id, service);
        Err(failure.with("address", self.access_page(service)))
    }

    /// Takes the access to an account back; what became of it, where it was not disconnected before. Nothing
    /// is written in the database but by `noted`, as [`Tokens::revoke`] has it.
    pub(crate) async fn end_access(
        &self,
        service: Side,
        noted: impl FnOnce() -> bool,
    ) -> Result<Option<TakenBack>, Failure> {
        let Some((grant, standing)) = self.grant(service)? else { return Ok(None) };
        if standing == Standing::Disconnected && !self.is_revocation_due(service)? {
            return Ok(None);
        }
        let revoked = self.tokens(service, grant)?.revoke(self.inner.pause, noted).await;
        self.tokens_mut().remove(&service);
        revoked.map(Some)
    }

    /// Notes that an account is disconnected, and whether anything of its access is left to be rid of.
    pub(crate) fn note_parted(&self, service: Side, revoked: TakenBack) -> Result<(), Failure> {
        let left = matches!(revoked, TakenBack::Unconfirmed | TakenBack::OnlyThere);
        self.note(revocation_due(service), left)?;
        Ok(self.inner.store.set_standing(service, Standing::Disconnected)?)
    }

    pub(crate) fn is_revocation_due(&self, service: Side) -> Result<bool, Failure> {
        let setting = self.inner.store.setting(&revocation_due(service).0);
        Ok(setting?.is_some())
    }

    /// Notes, or forgets, what this setting says.
    fn note(&self, (key, value): (String, String), holds: bool) -> Result<(), Failure> {
        let store = &self.inner.store;
        match (store.setting(&key)?.is_some(), holds) {
            (false, true) => store.put_setting(&key, &value)?,
            (true, false) => store.forget_setting(&key)?,
            (true, true) | (false, false) => {}
        }
        Ok(())
    }

    /// Tries again to take back what a service did not confirm when its account was disconnected.
    pub(crate) async fn revoke_what_is_due(&self) {
        for side in Side::BOTH {
            let parted = matches!(self.grant(side), Ok(Some((_, Standing::Disconnected))));
            let due = self.is_revocation_due(side) == Ok(true);
            if !parted || !due {
                continue;
            }
            let done = match self.end_access(side, || true).await {
                Ok(Some(revoked)) => {
                    self.note_parted(side, revoked).is_ok() && revoked == TakenBack::Confirmed
                }
                Ok(None) | Err(_) => false,
            };
            if !done {
                tracing::warn!(side = side.name(), "the access is still to be taken back");
            }
        }
    }

    /// The page on which a person takes an app's access back by hand.
    #[must_use]
    pub fn access_page(&self, service: Side) -> String {
        match service {
            Side::Google => "https://myaccount.google.com/connections".to_owned(),
            Side::Zoho => {
                // Where the database does not say, the first one leads on to the others.
                let zoho = self.grant(service).ok().flatten().and_then(|(grant, _)| grant.zoho);
                let centre = zoho.and_then(|zoho| DataCentre::named(&zoho.data_centre));
                let accounts = centre.unwrap_or(DataCentre::Us).accounts();
                format!("{accounts}/home#sessions/connectedapps")
            }
        }
    }

    fn others_mut(&self) -> MutexGuard<'_, BTreeMap<Side, SignedIn>> {
        self.inner.others.lock().unwrap_or_else(PoisonError::into_inner)
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
        let client = ClientOf::Asked(Arc::new(move |kept| {
            let (shelf, id) = (Arc::clone(&shelf), id.clone());
            Box::pin(async move { shelf.client_of(side, id.as_deref(), kept).await })
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
