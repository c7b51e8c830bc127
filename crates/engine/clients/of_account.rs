//! The client that an account was connected with. What the services gave is renewed for that one
//! alone, so another one that is in force since then never stands in for it.

use renraku_core::contact::Side;
use renraku_services::auth::clients::missing;
use renraku_services::auth::{ClientKey, Grant, OauthClient, Registration};

use super::Shelf;
use crate::api::{Failure, FailureCode};

/// Where the ids of clients are kept with which Zoho takes a sign-in only without PKCE, and whether each
/// was said to go with it.
const WITHOUT_PKCE: &str = "zoho.without_pkce";

/// The most of them.
const REMEMBERED: usize = 20;

impl Shelf {
    /// The last sign-in with this client: what it taught about the client is true of the next one.
    ///
    /// # Errors
    /// [`FailureCode::Store`].
    pub(crate) fn last_sign_in(&self, side: Side, id: &str) -> Result<Option<Grant>, Failure> {
        let last: Option<(Grant, _)> = self.store.account(side)?;
        let last = last.map(|(grant, _)| grant);
        Ok(last.filter(|grant| grant.client.as_deref() == Some(id)))
    }

    /// How a client of Zoho's is registered, with what its last sign-in taught.
    pub(crate) fn learned(&self, client: &OauthClient) -> Result<Registration, Failure> {
        let mut registered = client.registered.clone();
        if let Some(last) = self.last_sign_in(Side::Zoho, &client.id)? {
            registered.data_centre = registered.data_centre.or(last.began);
            registered.learn_pkce(last.pkce == Some(false));
        }
        registered.pkce &= !self.goes_without_pkce(client)?;
        Ok(registered)
    }

    /// Whether Zoho took a sign-in with this client only without PKCE. Who says afterwards that it goes
    /// with it is believed.
    pub(crate) fn goes_without_pkce(&self, client: &OauthClient) -> Result<bool, Failure> {
        let mut known = self.without_pkce()?.into_iter();
        let told = client.registered.pkce_is_told;
        Ok(known.any(|(id, was_told)| id == client.id && (was_told || !told)))
    }

    /// Remembers that Zoho took a sign-in with this client without PKCE although it was to go with it.
    pub(crate) fn remember_without_pkce(&self, id: &str, was_told: bool) -> Result<(), Failure> {
        let mut known = self.without_pkce()?;
        known.retain(|(other, _)| other != id);
        known.push((id.to_owned(), was_told));
        let newest = known.split_off(known.len().saturating_sub(REMEMBERED));
        let text = serde_json::to_string(&newest).unwrap_or_default();
        self.store.put_setting(WITHOUT_PKCE, &text).map_err(Failure::from)
    }

    fn without_pkce(&self) -> Result<Vec<(String, bool)>, Failure> {
        let text = self.store.setting(WITHOUT_PKCE)?.unwrap_or_default();
        Ok(serde_json::from_str(&text).unwrap_or_default())
    }

    /// The client of a sign-in: the one with this id, by the secret that counts for it now, else by
    /// the one that was kept with the sign-in. The one in force for a sign-in of which an earlier
    /// version did not keep the client.
    ///
    /// # Errors
    /// As [`Shelf::client`]; [`FailureCode::SignedOut`] where its secret is gone with it.
    pub(crate) async fn client_of(
        &self,
        side: Side,
        id: Option<&str>,
        kept: Option<ClientKey>,
    ) -> Result<OauthClient, Failure> {
        let kept = kept.filter(|key| id.is_none_or(|id| id == key.id));
        let Some(id) = id.or(kept.as_ref().map(|key| key.id.as_str())) else {
            return self.client(side).await;
        };
        let same = self.all(side).filter_map(Result::ok).filter(|found| found.client.id == id);
        let mut known = false;
        for found in same.collect::<Vec<_>>() {
            known = true;
            let client = self.whole(side, found).await?;
            if client.secret.is_some() {
                return Ok(client);
            }
        }
        if let Some(kept) = kept {
            return Ok(kept.into());
        }
        // Whoever still has the client lacks its secret alone.
        let lacks = known.then(|| missing(side, Some(id), false)).flatten();
        Err(lacks
            .unwrap_or_else(|| Failure::of(FailureCode::SignedOut, "error-client-changed", side)))
    }
}
