//! Zoho's login without a redirect: the person types a code on a page, and this program asks now
//! and then whether they did. For where the browser cannot come back to this computer.

use std::time::Duration;

use renraku_core::contact::Side;
use renraku_core::message::{Failure, FailureCode};
use serde::Deserialize;

use crate::Http;
use crate::auth::clients::OauthClient;
use crate::auth::data_centre::{DataCentre, data_centre, listed, start_server, strange};
use crate::auth::endpoints::Endpoints;
use crate::auth::organisation;
use crate::auth::signed_in::SignedIn;
use crate::auth::token_endpoint::{self, Polled};

/// Zoho answers no two questions within this time.
const PACE: Duration = Duration::from_secs(31);
/// How long the code lives where the answer does not tell.
const LIFE: Duration = Duration::from_secs(300);

/// A login that waits for its code to be typed.
pub struct DeviceLogin {
    http: Http,
    endpoints: Endpoints,
    client: OauthClient,
    code: DeviceCode,
    /// The accounts server it began at.
    began: String,
    pace: Duration,
}

#[derive(Deserialize)]
struct DeviceCode {
    user_code: String,
    device_code: String,
    #[serde(alias = "verification_uri")]
    verification_url: String,
    #[serde(default)]
    verification_uri_complete: Option<String>,
    #[serde(default)]
    expires_in: Option<u64>,
}

impl DeviceLogin {
    /// Asks for a code.
    ///
    /// # Errors
    /// [`FailureCode::Offline`]; [`FailureCode::NoClient`] where the client is not of the type for
    /// devices.
    pub async fn begin(
        http: &Http,
        endpoints: &Endpoints,
        client: OauthClient,
    ) -> Result<DeviceLogin, Failure> {
        let began = start_server(http, endpoints, client.registered.data_centre).await?;
        let url = format!("{began}/oauth/v3/device/code");
        let scope = super::scopes::ZOHO.join(",");
        let form = [
            ("client_id", client.id.as_str()),
            ("grant_type", "device_request"),
            ("scope", &scope),
            ("access_type", "offline"),
            ("prompt", "consent"),
        ];
        let body = token_endpoint::post_form(http, &url, &form)
            .await
            .map_err(|e| e.at_sign_in(Side::Zoho))?;
        let centre = client.registered.data_centre.unwrap_or(DataCentre::Us);
        let code = serde_json::from_str(&body).map_err(|_| {
            let failure = token_endpoint::error_of(Side::Zoho, &body).at_sign_in(Side::Zoho);
            // No secret was sent yet: nothing but the client itself can be unknown here.
            if failure.id == "error-client-refused" { unknown_at(centre) } else { failure }
        })?;
        Ok(DeviceLogin {
            http: http.clone(),
            endpoints: endpoints.clone(),
            client,
            code,
            began,
            pace: PACE,
        })
    }

    /// The code that the person types.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code.user_code
    }

    /// The page where it is typed (with the code filled in, where Zoho offers that).
    #[must_use]
    pub fn url(&self) -> &str {
        self.code.verification_uri_complete.as_deref().unwrap_or(&self.code.verification_url)
    }

    /// The same login with another time between two questions.
    #[must_use]
    pub fn every(mut self, pace: Duration) -> DeviceLogin {
        self.pace = pace;
        self
    }

    /// Waits for the person, as long as the code lives.
    ///
    /// # Errors
    /// [`FailureCode::LoginAborted`] where the code was refused or ran out; as every login.
    pub async fn finish(self) -> Result<SignedIn, Failure> {
        // Zoho's answers give the life in milliseconds, the standard in seconds.
        let life = match self.code.expires_in {
            Some(ms) if ms > 10_000 => Duration::from_millis(ms),
            Some(seconds) => Duration::from_secs(seconds),
            None => LIFE,
        };
        let asked = tokio::time::timeout(life, self.asked());
        asked.await.unwrap_or_else(|_| Err(aborted("error-login-untyped")))
    }

    async fn asked(&self) -> Result<SignedIn, Failure> {
        let mut server = self.began.clone();
        let mut location = None;
        let mut pace = self.pace;
        loop {
            tokio::time::sleep(pace).await;
            let code = &self.code.device_code;
            let polled = token_endpoint::by_device(&self.http, &self.client, &server, code).await;
            match polled.map_err(|e| e.at_sign_in(Side::Zoho)) {
                Ok(Polled::Pending) => {}
                Ok(Polled::SlowDown) => pace += self.pace,
                Ok(Polled::Elsewhere(centre)) => {
                    server = self.server_of(&centre).await?;
                    location = Some(centre);
                }
                Ok(Polled::Refused) => return Err(aborted("error-login-denied")),
                Ok(Polled::Late) => return Err(aborted("error-login-untyped")),
                Ok(Polled::TokenGrant(token_grant)) => {
                    let centre =
                        data_centre(location.as_ref(), &server, self.client.registered.data_centre);
                    let (http, endpoints) = (&self.http, &self.endpoints);
                    let client = self.client.clone();
                    return organisation::signed_in(
                        http,
                        endpoints,
                        client,
                        server,
                        centre,
                        token_grant,
                    )
                    .await;
                }
                Err(failure) if failure.code == FailureCode::Offline => {}
                Err(failure) => return Err(failure),
            }
        }
    }

    /// The accounts server of the data centre that the account lives in.
    async fn server_of(&self, centre: &str) -> Result<String, Failure> {
        if self.endpoints.zoho_is_real() {
            let known = DataCentre::named(centre).map(DataCentre::accounts);
            return known.ok_or_else(|| strange(centre));
        }
        let listed = listed(&self.http, &self.endpoints, &self.began, centre).await?;
        listed.ok_or_else(|| strange(centre))
    }
}

/// A data centre that does not know the client, or not as one for devices.
fn unknown_at(centre: DataCentre) -> Failure {
    let failure = Failure::of(FailureCode::NoClient, "error-client-unknown-there", Side::Zoho);
    failure.with("centre", centre.name())
}

fn aborted(id: &str) -> Failure {
    Failure::of(FailureCode::LoginAborted, id, Side::Zoho)
}
