//! The OAuth clients, as window and command line ask for them.

use std::path::Path;

use renraku_core::contact::Side;
use renraku_services::auth::OauthClient;
use renraku_services::auth::client_file::{self, ClientFile};
use renraku_services::auth::clients::of_draft;
use renraku_services::auth::redirect::redirect_of;

use crate::api::clients::Clients;
use crate::api::{ClientDraft, Event, Failure};
use crate::clients::{Kept, read};
use crate::handle::engine::Engine;

impl Engine {
    /// The OAuth clients in force, and where they come from; never a secret.
    ///
    /// # Errors
    /// [`crate::FailureCode::Invalid`] for a client file that cannot be used.
    pub fn clients(&self) -> Result<Clients, Failure> {
        self.inner.shelf.told(&self.catalogue())
    }

    /// What the environment says of a service's client in vain.
    #[must_use]
    pub fn said_in_vain(&self, service: Side) -> Vec<String> {
        self.inner.shelf.in_vain(service, &self.catalogue())
    }

    /// What is wrong with a client that a person types; nothing is kept.
    ///
    /// # Errors
    /// [`crate::FailureCode::Store`].
    pub fn check_client(
        &self,
        service: Side,
        draft: &ClientDraft,
    ) -> Result<Option<Failure>, Failure> {
        if self.is_redirect_alone(service, draft)? {
            return Ok(draft.redirect.as_deref().and_then(|text| redirect_of(text).err()));
        }
        let kept = self.inner.shelf.has_typed(service, &draft.client_id)?;
        Ok(of_draft(service, draft, kept).err())
    }

    /// Whether a draft chooses another redirect alone, for a client that nobody typed.
    fn is_redirect_alone(&self, service: Side, draft: &ClientDraft) -> Result<bool, Failure> {
        let empty = draft.client_id.trim().is_empty() && draft.client_secret.trim().is_empty();
        Ok(empty && draft.redirect.is_some() && self.inner.shelf.takes_redirect(service)?)
    }

    /// Keeps a client that a person typed, in place of one that came with a file they gave; an empty
    /// draft forgets it, or chooses another redirect for the client that came with a file.
    ///
    /// # Errors
    /// What [`Engine::check_client`] tells; [`crate::FailureCode::Keychain`].
    pub async fn save_client(
        &self,
        service: Side,
        draft: &ClientDraft,
    ) -> Result<Clients, Failure> {
        let shelf = &self.inner.shelf;
        if let Some(redirect) = &draft.redirect
            && self.is_redirect_alone(service, draft)?
        {
            shelf.choose_redirect(service, redirect)?;
        } else if draft.client_id.trim().is_empty() && draft.client_secret.trim().is_empty() {
            shelf.forget(service, Kept::Typed).await?;
        } else {
            let kept = shelf.has_typed(service, &draft.client_id)?;
            let client = of_draft(service, draft, kept)?;
            shelf.keep(service, Kept::Typed, &client).await?;
            shelf.forget(service, Kept::Taken).await?;
        }
        self.tell(Event::Changed);
        self.clients()
    }

    /// Takes an organisation's file, or the one that Google's console offers.
    ///
    /// # Errors
    /// [`crate::FailureCode::Invalid`], which names what is wrong; nothing is kept then.
    pub async fn take_client_file(&self, text: &str) -> Result<Clients, Failure> {
        self.take(client_file::parse(text, "")?).await
    }

    /// Takes the organisation's file that lies there.
    ///
    /// # Errors
    /// As [`Engine::take_client_file`].
    pub async fn take_client_file_at(&self, place: &Path) -> Result<Clients, Failure> {
        self.take(read(place)?).await
    }

    async fn take(&self, file: ClientFile) -> Result<Clients, Failure> {
        let shelf = &self.inner.shelf;
        for side in Side::BOTH {
            if let Some(mut client) = file.of(side).cloned() {
                if client.secret.is_none() {
                    client.secret = shelf.secret_of(side, &client.id).await?;
                }
                if client.secret.is_none() {
                    shelf.forget(side, Kept::Taken).await?;
                }
                shelf.keep(side, Kept::Taken, &client).await?;
            }
        }
        self.tell(Event::Changed);
        self.clients()
    }

    /// A file for colleagues with the clients in force, their secrets included.
    ///
    /// # Errors
    /// [`crate::FailureCode::NoClient`] where there is none; [`crate::FailureCode::Keychain`].
    pub async fn client_file_text(&self) -> Result<String, Failure> {
        let shelf = &self.inner.shelf;
        let mut file = ClientFile::default();
        let mut lacking = None;
        for side in Side::BOTH {
            match (shelf.client(side).await, side) {
                (Ok(client), Side::Google) => file.google = Some(client),
                (Ok(client), Side::Zoho) => {
                    let registered = shelf.learned(&client)?;
                    file.zoho = Some(OauthClient { registered, ..client });
                }
                (Err(failure), _) => lacking = Some(failure),
            }
        }
        match lacking {
            Some(failure) if file == ClientFile::default() => Err(failure),
            Some(_) | None => Ok(client_file::write(&file)),
        }
    }

    /// Carries what an earlier version left over to where it belongs now: the clients' secrets into
    /// the keychain. What cannot be carried over now stays in force, and is tried again. So is taking
    /// access back that a service did not confirm.
    pub async fn settle_in(&self) {
        if let Err(failure) = self.inner.shelf.carry_over().await {
            tracing::warn!(code = ?failure.code, "the clients' secrets wait for the keychain");
        }
        self.revoke_what_is_due().await;
    }
}
