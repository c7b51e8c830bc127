//! The redirect that a person chose in place of the one that a file, or this release, says of Zoho's client:
//! its port may be taken on this computer. Its id and secret stay where they come from.

use renraku_core::contact::Side;
use renraku_services::auth::redirect::redirect_of;
use serde::{Deserialize, Serialize};

use super::{Found, Shelf};
use crate::api::{ClientSource, Failure};

/// Where it is kept.
const KEY: &str = "zoho.redirect";

#[derive(Serialize, Deserialize)]
struct Chosen {
    /// The client's id.
    id: String,
    /// What the file said: where that changes, the file is believed again.
    instead_of: String,
    redirect: String,
}

impl Shelf {
    /// A client that was found, with the redirect that was chosen for it.
    pub(super) fn with_own_redirect(&self, side: Side, mut found: Found) -> Result<Found, Failure> {
        if let Some(chosen) = self.chosen()?
            && may_choose(side, found.source)
            && chosen.id == found.client.id
            && chosen.instead_of == found.client.registered.redirect.to_string()
        {
            found.client.registered.redirect = redirect_of(&chosen.redirect)?;
        }
        Ok(found)
    }

    fn chosen(&self) -> Result<Option<Chosen>, Failure> {
        let text = self.store.setting(KEY)?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Whether the redirect alone can be chosen: the client in force is not one that was typed.
    pub(crate) fn takes_redirect(&self, side: Side) -> Result<bool, Failure> {
        let found = self.all(side).next().transpose()?;
        Ok(found.is_some_and(|found| may_choose(side, found.source)))
    }

    /// Chooses the redirect of the client in force; the one that it comes with ends the choice.
    ///
    /// # Errors
    /// [`crate::FailureCode::Invalid`] where it is not on this computer.
    pub(crate) fn choose_redirect(&self, side: Side, redirect: &str) -> Result<(), Failure> {
        let redirect = redirect_of(redirect)?.to_string();
        self.store.forget_setting(KEY)?;
        let Some(found) = self.all(side).next().transpose()? else { return Ok(()) };
        let instead_of = found.client.registered.redirect.to_string();
        if instead_of == redirect {
            return Ok(());
        }
        let chosen = Chosen { id: found.client.id, instead_of, redirect };
        let text = serde_json::to_string(&chosen).unwrap_or_default();
        self.store.put_setting(KEY, &text).map_err(Failure::from)
    }
}

fn may_choose(side: Side, source: ClientSource) -> bool {
    side == Side::Zoho && matches!(source, ClientSource::File | ClientSource::BuiltIn)
}
