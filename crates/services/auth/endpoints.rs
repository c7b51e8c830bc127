//! Where the services are: the real addresses, or those of a file.

use std::net::IpAddr;
use std::path::Path;

use renraku_core::message::{Failure, FailureCode};
use reqwest::Url;
use serde::{Deserialize, Serialize};

use crate::strict_json;

/// The services' addresses; the file of `RENRAKU_ENDPOINTS` has exactly these keys, and what it
/// leaves out stays real.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Endpoints {
    /// Google's addresses.
    pub google: GoogleEndpoints,
    /// Zoho's address to start from; everything else comes from its answers.
    pub zoho: ZohoEndpoints,
}

/// Google's addresses (its OpenID configuration and the People API's discovery document).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GoogleEndpoints {
    /// The login page.
    pub authorize: String,
    /// The token endpoint.
    pub token: String,
    /// Where a grant is taken back.
    pub revoke: String,
    /// Who is signed in.
    pub userinfo: String,
    /// What stands before `/v1/people/…`.
    pub people: String,
}

impl Default for GoogleEndpoints {
    fn default() -> Self {
        GoogleEndpoints {
            authorize: "https://accounts.google.com/o/oauth2/v2/auth".to_owned(),
            token: "https://oauth2.googleapis.com/token".to_owned(),
            revoke: "https://oauth2.googleapis.com/revoke".to_owned(),
            userinfo: "https://openidconnect.googleapis.com/v1/userinfo".to_owned(),
            people: "https://people.googleapis.com".to_owned(),
        }
    }
}

/// Zoho's accounts server to start a login at, in place of the one of the data centre where the
/// client is registered; Zoho sends the person on to their own data centre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ZohoEndpoints {
    /// The accounts server.
    pub accounts: String,
}

impl Default for ZohoEndpoints {
    fn default() -> Self {
        ZohoEndpoints { accounts: "https://accounts.zoho.com".to_owned() }
    }
}

impl Endpoints {
    /// The addresses of the file that `RENRAKU_ENDPOINTS` names, or the real ones.
    ///
    /// # Errors
    /// As [`Endpoints::load`].
    pub fn from_env() -> Result<Endpoints, Failure> {
        let file = std::env::var_os("RENRAKU_ENDPOINTS").filter(|file| !file.is_empty());
        Endpoints::load(file.as_deref().map(Path::new))
    }

    /// The addresses of this file, or the real ones without a file.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] where the file cannot be read, has an unknown key, or names an
    /// address that is neither `https` nor loopback.
    pub fn load(file: Option<&Path>) -> Result<Endpoints, Failure> {
        let Some(file) = file else { return Ok(Endpoints::default()) };
        let text = strict_json::text_of(file)
            .map_err(|e| refuse(&format!("the file {} cannot be read: {e}", file.display())))?;
        Endpoints::parse(&text)
    }

    /// The addresses in this text.
    ///
    /// # Errors
    /// As [`Endpoints::load`].
    pub fn parse(text: &str) -> Result<Endpoints, Failure> {
        let value = strict_json::parse(text).map_err(|e| refuse(&e.to_string()))?;
        // A list would be read as the values of the keys in their order.
        let parts = value.as_object().into_iter().flat_map(|all| all.values());
        if !std::iter::once(&value).chain(parts).all(serde_json::Value::is_object) {
            return Err(refuse("it is no object with the services' addresses"));
        }
        let endpoints: Endpoints =
            serde_json::from_value(value).map_err(|e| refuse(&e.to_string()))?;
        for address in endpoints.all() {
            checked(address).map_err(|()| {
                refuse(&format!("{address} is neither https nor a loopback address"))
            })?;
        }
        Ok(endpoints)
    }

    fn all(&self) -> [&str; 6] {
        [
            &self.google.authorize,
            &self.google.token,
            &self.google.revoke,
            &self.google.userinfo,
            &self.google.people,
            &self.zoho.accounts,
        ]
    }

    /// Whether all services are on this computer: only there they may be talked to by plain `http`.
    pub(crate) fn are_near(&self) -> bool {
        self.all().iter().all(|address| address.starts_with("http://"))
    }

    /// Whether Zoho is the real one.
    pub(crate) fn zoho_is_real(&self) -> bool {
        self.zoho == ZohoEndpoints::default()
    }

    /// A text that is the same exactly for the same services: keeps the stand-ins' tokens apart
    /// from real ones in the keychain.
    #[must_use]
    pub fn identity(&self) -> String {
        if *self == Endpoints::default() { "real".to_owned() } else { self.all().join(" ") }
    }
}

/// Whether an address is on this computer.
pub(super) fn is_near(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    host == "localhost"
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// An address that may be talked to: `https`, or `http` on loopback.
///
/// # Errors
/// Where it is neither, or no address at all.
pub(crate) fn checked(address: &str) -> Result<Url, ()> {
    let url = Url::parse(address).map_err(|_| ())?;
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_near(&url) => Ok(url),
        _ => Err(()),
    }
}

fn refuse(why: &str) -> Failure {
    Failure::new(FailureCode::Invalid, "error-endpoints").with("why", why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_addresses_is_taken_whole_or_its_mistake_is_named() {
        let near = r#"{"zoho": {"accounts": "http://127.0.0.1:9002"}}"#;
        assert!(Endpoints::parse(near).is_ok_and(|all| !all.zoho_is_real()));
        for (text, named) in [
            (
                r#"{"zoho": {"accounts": "http://a", "accounts": "http://b"}}"#,
                "zoho.accounts stands",
            ),
            (r#"{"zoho": {}, "zoho": {}}"#, "zoho stands there twice"),
            (r#"{"zoho": {"account": "x"}}"#, "account"),
            (r#"{"zoho": {"accounts": "http://10.0.0.1"}}"#, "http://10.0.0.1"),
            (r#"{"zoho": []}"#, "no object"),
            ("zoho", "no JSON"),
        ] {
            let failure = Endpoints::parse(text).expect_err(text);
            assert_eq!(failure.code, FailureCode::Invalid, "{text}");
            assert!(failure.args.values().any(|told| told.contains(named)), "{text}: {failure:?}");
        }
    }
}
