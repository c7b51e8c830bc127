//! What is told of the clients in force: never a secret.

use renraku_core::contact::Side;
use renraku_core::message::Message;
use renraku_services::auth::Registration;
use renraku_services::auth::clients::{missing, wrong_secret};

use super::{Found, Kept, Shelf};
use crate::api::clients::Clients;
use crate::api::{ClientSource, Failure, GoogleClient, ZohoClient};
use crate::text::words::Words;

impl Shelf {
    pub(crate) fn told(&self, words: &Words) -> Result<Clients, Failure> {
        let google = self.in_force(Side::Google)?;
        let zoho = self.in_force(Side::Zoho)?;
        let notice = |side, found: &Option<(Found, bool)>| -> Result<Option<String>, Failure> {
            if self.outranks(side, found.as_ref())? {
                let said = Message::new("client-outranked").with("service", side.service());
                return Ok(Some(words.tell(&said)));
            }
            // Said before anybody is sent to a browser in vain.
            let flaw = found.as_ref().and_then(|(found, secret)| {
                missing(side, Some(&found.client.id), *secret)
                    .or_else(|| wrong_secret(side, found.client.secret.as_ref()))
            });
            Ok(flaw.map(|failure| words.failure(&failure)))
        };
        let source = |found: &Option<(Found, bool)>| {
            found.as_ref().map_or(ClientSource::None, |(found, _)| found.source)
        };
        let id = |found: &Option<(Found, bool)>| {
            let id = found.as_ref().map(|(found, _)| found.client.id.clone());
            id.filter(|id| !id.is_empty())
        };
        let secret = |found: &Option<(Found, bool)>| found.as_ref().is_some_and(|(_, s)| *s);
        let Registration { data_centre, redirect, pkce, .. } = match &zoho {
            Some((found, _)) => self.learned(&found.client)?,
            None => Registration::default(),
        };
        Ok(Clients {
            google: GoogleClient {
                source: source(&google),
                client_id: id(&google),
                secret: secret(&google),
                notice: notice(Side::Google, &google)?,
            },
            zoho: ZohoClient {
                source: source(&zoho),
                client_id: id(&zoho),
                secret: secret(&zoho),
                data_centre,
                redirect: redirect.to_string(),
                pkce,
                notice: notice(Side::Zoho, &zoho)?,
            },
        })
    }

    /// Whether another source has a client that counts before the one of a file that was taken.
    fn outranks(&self, side: Side, found: Option<&(Found, bool)>) -> Result<bool, Failure> {
        let taken = self.saved(side, Kept::Taken)?.map(|saved| saved.id);
        let in_force = found.map(|(found, _)| found.client.id.clone());
        Ok(taken.is_some() && taken != in_force)
    }
}
