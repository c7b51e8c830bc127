//! Where the OAuth clients come from: the environment, an organisation's file, the settings, this
//! release; the first that has one counts. Their secrets rest in the keychain.

mod of_account;
mod own_redirect;
mod summary;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use renraku_core::contact::Side;
use renraku_services::auth::client_file::{self, ClientFile};
use renraku_services::auth::clients::{built_in, missing, wrong_secret};
use renraku_services::auth::redirect::redirect_of;
use renraku_services::auth::{GivenClients, Keychain, OauthClient, Registration, Secret};
use renraku_services::strict_json::{self, Unread};
use renraku_store::Store;
use serde::{Deserialize, Serialize};

use crate::api::{ClientSource, DataCentre, Failure};

/// What a file beside the program or in the data folder is called.
pub(crate) const FILES: [&str; 2] = ["renraku-clients.json", "clients.json"];

/// The clients of all sources.
pub(crate) struct Shelf {
    pub(crate) store: Arc<Store>,
    pub(crate) keychain: Keychain,
    pub(crate) given: GivenClients,
    pub(crate) data_dir: PathBuf,
}

/// What a person gave here: typed into the settings, or as a file that was dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    Typed,
    Taken,
}

impl Kept {
    const BOTH: [Kept; 2] = [Kept::Typed, Kept::Taken];

    fn source(self) -> ClientSource {
        match self {
            Kept::Typed => ClientSource::Settings,
            Kept::Taken => ClientSource::File,
        }
    }

    /// Its slot in the keychain.
    fn slot(self, side: Side) -> String {
        match self {
            Kept::Typed => side.name().to_owned(),
            Kept::Taken => format!("{}-file", side.name()),
        }
    }

    /// Its setting.
    fn key(self, side: Side) -> String {
        format!("oauth.{}", self.slot(side))
    }
}

/// A client as the settings hold it: without its secret, which earlier versions kept here.
#[derive(Serialize, Deserialize)]
struct Saved {
    id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    /// Whether its secret is in the keychain.
    #[serde(default)]
    kept: bool,
    #[serde(default)]
    data_centre: Option<DataCentre>,
    #[serde(default)]
    redirect: Option<String>,
    #[serde(default)]
    pkce: Option<bool>,
    #[serde(default)]
    pkce_is_told: bool,
}

impl Saved {
    fn registered(&self) -> Result<Registration, Failure> {
        Ok(Registration {
            data_centre: self.data_centre,
            redirect: self.redirect.as_deref().map(redirect_of).transpose()?.unwrap_or_default(),
            pkce: self.pkce.unwrap_or(true),
            pkce_is_told: self.pkce_is_told,
        })
    }
}

/// A client of one source.
struct Found {
    source: ClientSource,
    client: OauthClient,
    /// Where the keychain holds its secret.
    kept: Option<Kept>,
}

/// Looks for a client in one source.
type Source<'a> = Box<dyn Fn() -> Result<Option<Found>, Failure> + 'a>;

impl Shelf {
    fn saved(&self, side: Side, kept: Kept) -> Result<Option<Saved>, Failure> {
        let text = self.store.setting(&kept.key(side))?;
        let saved: Option<Saved> = text.and_then(|text| serde_json::from_str(&text).ok());
        Ok(saved.filter(|saved| !saved.id.trim().is_empty()))
    }

    /// `secret`: whether the keychain holds its secret.
    fn save(
        &self,
        side: Side,
        kept: Kept,
        client: &OauthClient,
        secret: bool,
    ) -> Result<(), Failure> {
        let saved = Saved {
            id: client.id.clone(),
            secret: None,
            kept: secret,
            data_centre: client.registered.data_centre,
            redirect: Some(client.registered.redirect.to_string()),
            pkce: Some(client.registered.pkce),
            pkce_is_told: client.registered.pkce_is_told,
        };
        let text = serde_json::to_string(&saved).unwrap_or_default();
        let key = kept.key(side);
        self.store.setting_or(&key, "")?;
        self.store.put_setting_over(&key, &text).map_err(Failure::from)
    }

    fn kept(&self, side: Side, kept: Kept) -> Result<Option<Found>, Failure> {
        let Some(saved) = self.saved(side, kept)? else { return Ok(None) };
        let secret = saved.secret.clone().filter(|secret| !secret.is_empty()).map(Secret::new);
        let client = OauthClient { id: saved.id.clone(), secret, registered: saved.registered()? };
        Ok(Some(Found { source: kept.source(), client, kept: saved.kept.then_some(kept) }))
    }

    /// The client of a file in one of the usual places; none where no file is there.
    fn laid(&self, side: Side) -> Result<Option<Found>, Failure> {
        let folders = std::iter::once(&self.data_dir).chain(&self.given.beside);
        for place in folders.flat_map(|folder| FILES.map(|name| folder.join(name))) {
            // Whatever else has the name is said to be none: somebody meant it.
            if std::fs::symlink_metadata(&place).is_ok() {
                return Ok(of_file(side, &read(&place)?));
            }
        }
        Ok(None)
    }

    /// The clients of a service, the one that counts first. A source that cannot be read is told
    /// where it would be asked.
    fn all(&self, side: Side) -> impl Iterator<Item = Result<Found, Failure>> {
        let given = self.given.of(side).cloned();
        let of = |source| move |client| Found { source, client, kept: None };
        let whole = given.clone().filter(|client| !client.id.is_empty());
        let alone = given.filter(|client| client.id.is_empty());
        let sources: [Source<'_>; 6] = [
            Box::new(move || match (&whole, &self.given.wrong) {
                (Some(_), Some(wrong)) if side == Side::Zoho => Err(wrong.clone()),
                (whole, _) => Ok(whole.clone().map(of(ClientSource::Environment))),
            }),
            Box::new(move || match &self.given.file {
                Some(file) => Ok(of_file(side, &read(file)?)),
                None => Ok(None),
            }),
            Box::new(move || self.kept(side, Kept::Taken)),
            Box::new(move || match &self.given.file {
                Some(_) => Ok(None),
                None => self.laid(side),
            }),
            Box::new(move || self.kept(side, Kept::Typed)),
            Box::new(move || {
                let built = built_in(side).map(of(ClientSource::BuiltIn));
                // A secret without an id counts only to be told.
                Ok(built.or_else(|| alone.clone().map(of(ClientSource::Environment))))
            }),
        ];
        let found = sources.into_iter().filter_map(|source| source().transpose());
        found.map(move |found| self.with_own_redirect(side, found?))
    }

    async fn whole(&self, side: Side, found: Found) -> Result<OauthClient, Failure> {
        let Found { mut client, kept, .. } = found;
        if let (Some(kept), None) = (kept, &client.secret) {
            client.secret = self.keychain.client_secret(&kept.slot(side), &client.id).await?;
        }
        Ok(client)
    }

    /// The client to sign in with.
    ///
    /// # Errors
    /// [`crate::FailureCode::NoClient`], which names what is missing; a file that cannot be read.
    pub(crate) async fn client(&self, side: Side) -> Result<OauthClient, Failure> {
        let first = self.all(side).next();
        let client = match first {
            Some(found) => Some(self.whole(side, found?).await?),
            None => None,
        };
        let id = client.as_ref().map(|client| client.id.as_str());
        let secret = client.as_ref().is_some_and(|client| client.secret.is_some());
        match (missing(side, id, secret), client) {
            (None, Some(client)) => match wrong_secret(side, client.secret.as_ref()) {
                None => Ok(client),
                Some(failure) => Err(failure),
            },
            (Some(failure), _) => Err(failure),
            (None, None) => Err(crate::text::message::not_connected(side)),
        }
    }

    /// The secret of the client with this id, whatever source has it.
    pub(crate) async fn secret_of(&self, side: Side, id: &str) -> Result<Option<Secret>, Failure> {
        let same = |found: &Found| {
            found.client.id == id && (found.kept.is_some() || found.client.secret.is_some())
        };
        let known = self.all(side).filter_map(Result::ok).find(same);
        match known {
            Some(found) => Ok(self.whole(side, found).await?.secret),
            None => Ok(None),
        }
    }

    fn in_force(&self, side: Side) -> Result<Option<(Found, bool)>, Failure> {
        let found = self.all(side).next().transpose()?;
        Ok(found.map(|found| {
            let secret = found.kept.is_some() || found.client.secret.is_some();
            (found, secret)
        }))
    }

    /// Keeps a client: its secret first, so that nothing is kept where that cannot be. One without
    /// a secret goes by the one that is kept for its id.
    pub(crate) async fn keep(
        &self,
        side: Side,
        kept: Kept,
        client: &OauthClient,
    ) -> Result<(), Failure> {
        let before = self.saved(side, kept)?;
        let known = before.is_some_and(|saved| saved.id == client.id && saved.kept);
        if let Some(secret) = &client.secret {
            self.keychain.keep_client(&kept.slot(side), &client.id, secret).await?;
        }
        self.save(side, kept, client, known || client.secret.is_some())
    }

    pub(crate) async fn forget(&self, side: Side, kept: Kept) -> Result<(), Failure> {
        if self.saved(side, kept)?.is_some() {
            self.keychain.forget_client(&kept.slot(side)).await?;
            self.store.forget_setting(&kept.key(side))?;
        }
        Ok(())
    }

    /// Whether any client was typed or taken in here.
    pub(crate) fn any_kept(&self) -> Result<bool, Failure> {
        for (side, kept) in places() {
            if self.saved(side, kept)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Forgets every client that was typed or taken in here, with its secret; each is tried.
    pub(crate) async fn forget_all(&self) -> Result<(), Failure> {
        let mut done = Ok(());
        for (side, kept) in places() {
            done = self.forget(side, kept).await.and(done);
        }
        done
    }

    /// What is kept in the database of the clients whose secrets the keychain has.
    pub(crate) fn rows(&self) -> Result<Vec<(String, String)>, Failure> {
        let rows = places().map(|(side, kept)| kept.key(side)).filter_map(|key| {
            let value = self.store.setting(&key).map_err(Failure::from);
            value.map(|value| value.map(|value| (key, value))).transpose()
        });
        rows.collect()
    }

    /// Whether the secret of this id is kept where typed clients are.
    pub(crate) fn has_typed(&self, side: Side, id: &str) -> Result<bool, Failure> {
        let saved = self.saved(side, Kept::Typed)?;
        Ok(saved.is_some_and(|saved| saved.id == id.trim() && saved.kept))
    }

    /// Carries the secrets of an earlier version from the database into the keychain.
    pub(crate) async fn carry_over(&self) -> Result<(), Failure> {
        for (side, kept) in places() {
            if let Some(Found { client, .. }) = self.kept(side, kept)?
                && client.secret.is_some()
            {
                self.keep(side, kept, &client).await?;
            }
        }
        Ok(())
    }
}

/// Where clients are kept.
fn places() -> impl Iterator<Item = (Side, Kept)> {
    Side::BOTH.into_iter().flat_map(|side| Kept::BOTH.map(|kept| (side, kept)))
}

fn of_file(side: Side, file: &ClientFile) -> Option<Found> {
    let client = file.of(side).cloned()?;
    Some(Found { source: ClientSource::File, client, kept: None })
}

/// Reads a client file.
///
/// # Errors
/// [`crate::FailureCode::Invalid`], which names the file and what is wrong with it.
pub(crate) fn read(place: &Path) -> Result<ClientFile, Failure> {
    let name = place.display().to_string();
    let text = strict_json::text_of(place).map_err(|why| {
        let (id, why) = if why == Unread::Long { ("long", "") } else { ("unread", why.word()) };
        client_file::refuse(&name, id, "", why)
    })?;
    client_file::parse(&text, &name)
}
