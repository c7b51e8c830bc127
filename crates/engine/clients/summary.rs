//! What is told of the clients in force: never a secret.

use renraku_core::contact::Side;
use renraku_core::message::Message;
use renraku_services::auth::Registration;
use renraku_services::auth::clients::{missing, wrong_secret};

use super::{Found, Kept, Shelf};
use crate::api::clients::Clients;
use crate::api::{ClientSource, Failure, GoogleClient, ZohoClient};
use crate::auth::given::Unused;
use crate::text::catalogue::Catalogue;

impl Shelf {
    pub(crate) fn told(&self, catalogue: &Catalogue) -> Result<Clients, Failure> {
        let google = self.in_force(Side::Google)?;
        let zoho = self.in_force(Side::Zoho)?;
        let source = |found: &Option<(Found, bool)>| {
            found.as_ref().map_or(ClientSource::None, |(found, _)| found.source)
        };
        let id = |found: &Option<(Found, bool)>| {
            let id = found.as_ref().map(|(found, _)| found.client.id.clone());
            id.filter(|id| !id.is_empty())
        };
        // A secret without its id is not used: it is none.
        let secret = |found: &Option<(Found, bool)>| {
            found.as_ref().is_some_and(|(found, secret)| *secret && !found.client.id.is_empty())
        };
        let Registration { data_centre, redirect, pkce, .. } = match &zoho {
            Some((found, _)) => self.learned(&found.client)?,
            None => Registration::default(),
        };
        Ok(Clients {
            google: GoogleClient {
                source: source(&google),
                client_id: id(&google),
                secret: secret(&google),
                notices: self.notices(Side::Google, google.as_ref(), catalogue)?,
            },
            zoho: ZohoClient {
                source: source(&zoho),
                client_id: id(&zoho),
                secret: secret(&zoho),
                data_centre,
                redirect: redirect.to_string(),
                pkce,
                notices: self.notices(Side::Zoho, zoho.as_ref(), catalogue)?,
            },
        })
    }

    /// What is to be said of the client in force, before anybody is sent to a browser in vain.
    fn notices(
        &self,
        side: Side,
        found: Option<&(Found, bool)>,
        catalogue: &Catalogue,
    ) -> Result<Vec<String>, Failure> {
        let flaw = found.and_then(|(found, secret)| {
            missing(side, Some(&found.client.id), *secret)
                .or_else(|| wrong_secret(side, found.client.secret.as_ref()))
        });
        let mut said: Vec<String> = flaw.iter().map(|failure| catalogue.failure(failure)).collect();
        if self.outranks(side, found)? {
            let outranked = Message::new("client-outranked").with("service", side.service());
            said.push(catalogue.tell(&outranked));
        }
        said.extend(self.in_vain(side, catalogue));
        Ok(said)
    }

    /// What the environment says of a client of this service in vain.
    pub(crate) fn in_vain(&self, side: Side, catalogue: &Catalogue) -> Vec<String> {
        let mine = self.given.unused.iter().filter(|unused| unused.side == side);
        let said = mine.map(|Unused { names, without_id, .. }| {
            let why = if *without_id { "id" } else { "name" };
            let said = Message::new("client-environment-unused").with("why", why);
            catalogue.tell(&said.with("variables", names.join(", ")).with("side", side.name()))
        });
        said.collect()
    }

    /// Whether another source has a client that counts before the one of a file that was taken.
    fn outranks(&self, side: Side, found: Option<&(Found, bool)>) -> Result<bool, Failure> {
        let taken = self.saved(side, Kept::Taken)?.map(|saved| saved.id);
        let in_force = found.map(|(found, _)| found.client.id.clone());
        Ok(taken.is_some() && taken != in_force)
    }
}
