//! The OAuth clients that the stand-ins know.

use renraku_engine::GivenClients;
use renraku_engine::auth::{OauthClient, Registration, Secret, ZohoRedirect};

fn client(id: &str, secret: &str, pkce: bool) -> Option<OauthClient> {
    // Tests run side by side: each login has a port of its own.
    let redirect = ZohoRedirect { port: 0, ..ZohoRedirect::default() };
    let registered = Registration { redirect, pkce, ..Registration::default() };
    let secret = Some(Secret::new(secret.to_owned()));
    Some(OauthClient { id: id.to_owned(), secret, registered })
}

/// The usual ones.
pub(crate) fn registered() -> GivenClients {
    let known = renraku_sandbox::clients();
    GivenClients {
        google: client(known.google_client_id, known.google_client_secret, true),
        zoho: client(known.zoho_client_id, known.zoho_client_secret, true),
        ..GivenClients::default()
    }
}

/// The ones that a company registered after those.
pub(crate) fn next() -> GivenClients {
    let known = renraku_sandbox::clients();
    GivenClients {
        google: client(known.google_next_client_id, known.google_next_client_secret, true),
        zoho: client(known.zoho_server_client_id, known.zoho_server_client_secret, false),
        ..GivenClients::default()
    }
}
