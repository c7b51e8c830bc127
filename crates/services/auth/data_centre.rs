//! Zoho's data centres: each has an accounts server, API servers and a console of its own. These
//! hosts alone are ever sent a token or a secret.

use std::collections::BTreeMap;

use renraku_core::message::{Failure, FailureCode};
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::Http;
use crate::answer::{MOST_TOKEN_BYTES, whole_body};
use crate::auth::endpoints::{Endpoints, checked, is_near};

/// One of Zoho's data centres.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type,
)]
#[serde(rename_all = "snake_case")]
pub enum DataCentre {
    /// The United States, and whoever has no other.
    Us,
    /// Europe.
    Eu,
    /// India.
    In,
    /// Australia.
    Au,
    /// Japan.
    Jp,
    /// Canada.
    Ca,
    /// Saudi Arabia.
    Sa,
    /// The United Kingdom.
    Uk,
    /// The United Arab Emirates.
    Ae,
    /// China.
    Cn,
}

impl DataCentre {
    /// All of them.
    pub const ALL: [DataCentre; 10] = [
        DataCentre::Us,
        DataCentre::Eu,
        DataCentre::In,
        DataCentre::Au,
        DataCentre::Jp,
        DataCentre::Ca,
        DataCentre::Sa,
        DataCentre::Uk,
        DataCentre::Ae,
        DataCentre::Cn,
    ];

    /// Its short name, as in files and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            DataCentre::Us => "us",
            DataCentre::Eu => "eu",
            DataCentre::In => "in",
            DataCentre::Au => "au",
            DataCentre::Jp => "jp",
            DataCentre::Ca => "ca",
            DataCentre::Sa => "sa",
            DataCentre::Uk => "uk",
            DataCentre::Ae => "ae",
            DataCentre::Cn => "cn",
        }
    }

    /// The one of this short name, in capitals or not.
    #[must_use]
    pub fn named(name: &str) -> Option<DataCentre> {
        DataCentre::ALL.into_iter().find(|centre| centre.name().eq_ignore_ascii_case(name))
    }

    /// The domain of its accounts server and its console.
    fn domain(self) -> &'static str {
        match self {
            DataCentre::Us => "zoho.com",
            DataCentre::Eu => "zoho.eu",
            DataCentre::In => "zoho.in",
            DataCentre::Au => "zoho.com.au",
            DataCentre::Jp => "zoho.jp",
            DataCentre::Ca => "zohocloud.ca",
            DataCentre::Sa => "zoho.sa",
            DataCentre::Uk => "zoho.uk",
            DataCentre::Ae => "zoho.ae",
            DataCentre::Cn => "zoho.com.cn",
        }
    }

    /// The domain of its API servers.
    fn api(self) -> &'static str {
        match self {
            DataCentre::Us => "zohoapis.com",
            DataCentre::Eu => "zohoapis.eu",
            DataCentre::In => "zohoapis.in",
            DataCentre::Au => "zohoapis.com.au",
            DataCentre::Jp => "zohoapis.jp",
            DataCentre::Ca => "zohoapis.ca",
            DataCentre::Sa => "zohoapis.sa",
            DataCentre::Uk => "zohoapis.uk",
            DataCentre::Ae => "zohoapis.ae",
            DataCentre::Cn => "zohoapis.com.cn",
        }
    }

    /// The address of its accounts server.
    #[must_use]
    pub fn accounts(self) -> String {
        format!("https://accounts.{}", self.domain())
    }

    /// The address where its clients are registered.
    #[must_use]
    pub fn console(self) -> String {
        format!("https://api-console.{}/", self.domain())
    }
}

/// Whether Zoho may be sent a token or a secret at this address: it is on Zoho's own list; with
/// stand-ins, one of this computer or the very server that was named.
pub(crate) fn is_zohos(address: &str, endpoints: &Endpoints) -> bool {
    let Ok(url) = checked(address) else { return false };
    let host = url.host_str().unwrap_or_default();
    if !endpoints.zoho_is_real() {
        let named = checked(&endpoints.zoho.accounts).ok();
        return is_near(&url) || named.is_some_and(|named| named.origin() == url.origin());
    }
    // The API of a developer's sandbox has a host of its own in each data centre.
    let ours = |centre: DataCentre| {
        host.strip_prefix("accounts.") == Some(centre.domain())
            || ["www.", "sandbox.", "developer."]
                .into_iter()
                .any(|start| host.strip_prefix(start) == Some(centre.api()))
    };
    url.scheme() == "https" && url.port().is_none() && DataCentre::ALL.into_iter().any(ours)
}

/// An accounts server that may be sent a code.
///
/// # Errors
/// Where it is none of Zoho's: it is refused, and no other one takes its place.
fn accepted(server: &str, endpoints: &Endpoints) -> Result<String, Failure> {
    match is_zohos(server, endpoints) {
        true => Ok(server.trim_end_matches('/').to_owned()),
        false => Err(strange(server)),
    }
}

/// The sentence for an address or a data centre that Zoho named and that is not known here.
pub(super) fn strange(named: &str) -> Failure {
    // It came from outside: enough of it to recognise it.
    let named: String = named.chars().filter(|c| !c.is_control()).take(80).collect();
    Failure::new(FailureCode::Failed, "error-centre-unknown").with("named", named)
}

/// The accounts server that the redirect names, else the one of the data centre that it names; the
/// one that the login began at where it names neither.
///
/// # Errors
/// Where what it names is none of Zoho's.
pub(super) fn accounts_server(
    named: Option<&String>,
    location: Option<&String>,
    began: &str,
    endpoints: &Endpoints,
) -> Result<String, Failure> {
    let place = location.filter(|_| endpoints.zoho_is_real());
    match (named, place) {
        (Some(server), _) => accepted(server, endpoints),
        (None, Some(place)) => {
            DataCentre::named(place).map(DataCentre::accounts).ok_or_else(|| strange(place))
        }
        (None, None) => accepted(began, endpoints),
    }
}

/// The data centre as the redirect names it, else by the accounts server, else where the sign-in
/// began.
pub(super) fn data_centre(
    location: Option<&String>,
    server: &str,
    began: Option<DataCentre>,
) -> String {
    let plain = |l: &&String| !l.is_empty() && l.len() <= 4 && l.chars().all(char::is_alphanumeric);
    if let Some(location) = location.filter(plain) {
        return location.to_lowercase();
    }
    let by_host = DataCentre::ALL.into_iter().find(|centre| centre.accounts() == server);
    by_host.or(began).unwrap_or(DataCentre::Us).name().to_owned()
}

/// The data centre at which a sign-in starts: where the client is registered, else the one that is
/// wanted, else the one where the last sign-in with it started.
///
/// # Errors
/// [`FailureCode::Invalid`] where the client is known to be registered at another one.
pub fn start(
    registered: Option<DataCentre>,
    wanted: Option<DataCentre>,
    last: Option<DataCentre>,
) -> Result<DataCentre, Failure> {
    match (registered, wanted) {
        (Some(registered), Some(wanted)) if registered != wanted => {
            let failure = Failure::new(FailureCode::Invalid, "error-client-elsewhere");
            Err(failure.with("registered", registered.name()).with("wanted", wanted.name()))
        }
        (told, wanted) => Ok(told.or(wanted).or(last).unwrap_or(DataCentre::Us)),
    }
}

/// The accounts servers of all data centres, as Zoho lists them.
#[derive(serde::Deserialize)]
struct ServerInfo {
    #[serde(default)]
    locations: BTreeMap<String, String>,
}

/// The accounts server of a data centre in the list that this one keeps; none where it keeps none.
///
/// # Errors
/// Where the list does not name it, or names an address that is none of Zoho's.
pub(super) async fn listed(
    http: &Http,
    endpoints: &Endpoints,
    began: &str,
    centre: &str,
) -> Result<Option<String>, Failure> {
    let list = async {
        let url = checked(&format!("{began}/oauth/serverinfo")).ok()?;
        let response = http.client().ok()?.get(url).send().await.ok()?;
        let body = whole_body(response, MOST_TOKEN_BYTES).await.ok()??;
        serde_json::from_slice::<ServerInfo>(&body).ok()
    };
    let Some(info) = list.await.filter(|info| !info.locations.is_empty()) else { return Ok(None) };
    let server = info.locations.get(centre).ok_or_else(|| strange(centre))?;
    accepted(server, endpoints).map(Some)
}

/// The accounts server at which the sign-in of a client of this data centre starts. Stand-ins are
/// asked which of them it is; where they keep no list, there is but the one that was named.
///
/// # Errors
/// As [`listed`].
pub(super) async fn start_server(
    http: &Http,
    endpoints: &Endpoints,
    centre: Option<DataCentre>,
) -> Result<String, Failure> {
    let named = endpoints.zoho.accounts.trim_end_matches('/');
    match centre {
        Some(centre) if endpoints.zoho_is_real() => Ok(centre.accounts()),
        None | Some(DataCentre::Us) => Ok(named.to_owned()),
        Some(centre) => {
            let listed = listed(http, endpoints, named, centre.name()).await?;
            Ok(listed.unwrap_or_else(|| named.to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stand_ins() -> Endpoints {
        let text = r#"{"zoho": {"accounts": "http://127.0.0.1:9002"}}"#;
        Endpoints::parse(text).expect("addresses")
    }

    #[test]
    fn only_zohos_own_hosts_are_sent_anything() {
        let real = Endpoints::default();
        for centre in DataCentre::ALL {
            for name in [centre.name().to_owned(), centre.name().to_uppercase()] {
                assert_eq!(DataCentre::named(&name), Some(centre));
            }
            assert!(is_zohos(&centre.accounts(), &real), "{centre:?}");
            assert!(is_zohos(&format!("https://www.{}", centre.api()), &real), "{centre:?}");
            assert!(is_zohos(&format!("https://sandbox.{}/x", centre.api()), &real), "{centre:?}");
            assert!(!is_zohos(&centre.accounts(), &stand_ins()), "no real one beside stand-ins");
        }
        for (address, why) in [
            ("https://evil.test", "no Zoho host"),
            ("https://accounts.zohoevil.com", "another company's domain"),
            ("https://accounts.zoho.qa", "no data centre that is known"),
            ("https://accounts.zoho.ca", "Canada's is another domain"),
            ("https://accounts.zoho.evil.test", "a host inside another domain"),
            ("https://accounts.zoho.com@evil.test", "a user name, no host"),
            ("https://accounts.zoho.com:8443", "another port"),
            ("https://accounts.zoho.com.", "another name"),
            ("http://accounts.zoho.eu", "not encrypted"),
            ("https://www.zoho.com", "Zoho's, but no accounts server"),
            ("https://evil.zohoapis.com", "no host of the API's"),
            ("http://127.0.0.1:9003", "a stand-in's, beside the real ones"),
            ("nonsense", "no address"),
        ] {
            assert!(!is_zohos(address, &real), "{why}");
        }
        assert!(is_zohos("http://127.0.0.1:9003", &stand_ins()), "another stand-in's");
        assert!(is_zohos("http://localhost:1/x", &stand_ins()), "by this computer's name");
        assert!(!is_zohos("http://10.0.0.1", &stand_ins()), "another computer");
        assert!(!is_zohos("https://evil.test", &stand_ins()), "encrypted, but away");
    }

    #[test]
    fn the_redirect_says_whose_accounts_server_goes_on() {
        let check = |named: Option<&str>, location: Option<&str>, expected: &str, why: &str| {
            let [named, location] = [named, location].map(|text| text.map(ToOwned::to_owned));
            let real = Endpoints::default();
            let us = "https://accounts.zoho.com";
            let got = accounts_server(named.as_ref(), location.as_ref(), us, &real);
            match got {
                Ok(server) => assert_eq!(server, expected, "{why}"),
                Err(refused) => assert!(
                    expected.is_empty() && refused.id == "error-centre-unknown",
                    "{why}: {refused:?}"
                ),
            }
        };
        let us = "https://accounts.zoho.com";
        let eu = "https://accounts.zoho.eu";
        check(Some(eu), Some("eu"), eu, "another centre");
        check(Some("https://accounts.zoho.eu/"), None, eu, "a slash");
        check(None, Some("eu"), eu, "by its place alone");
        check(
            Some("https://evil.test"),
            Some("eu"),
            "",
            "an unknown server is refused, not replaced",
        );
        check(Some("https://evil.test"), None, "", "wherever the sign-in began");
        check(None, Some("mars"), "", "no place of Zoho's");
        check(None, None, us, "not named");
        let named = "http://127.0.0.1:9003".to_owned();
        let began = "http://127.0.0.1:9002";
        assert_eq!(accounts_server(Some(&named), None, began, &stand_ins()), Ok(named));
    }

    #[test]
    fn the_data_centre_comes_from_the_redirect_or_the_server() {
        let check = |location: Option<&str>, server: &str, expected: &str| {
            let location = location.map(ToOwned::to_owned);
            assert_eq!(data_centre(location.as_ref(), server, None), expected);
        };
        check(Some("jp"), "https://accounts.zoho.com", "jp");
        check(Some("qa"), "http://127.0.0.1:1", "qa");
        check(None, "https://accounts.zohocloud.ca", "ca");
        check(Some("<script>"), "https://accounts.zoho.eu", "eu");
        check(None, "http://127.0.0.1:1", "us");
        let began = Some(DataCentre::Jp);
        assert_eq!(data_centre(None, "http://127.0.0.1:1", began), "jp", "where it began");
        assert_eq!(data_centre(None, "https://accounts.zoho.eu", began), "eu", "sent on");
    }

    #[test]
    fn a_sign_in_starts_where_the_client_is_registered() {
        let (us, jp, eu) = (Some(DataCentre::Us), Some(DataCentre::Jp), Some(DataCentre::Eu));
        for (registered, wanted, last, expected, why) in [
            (jp, None, None, jp, "the client says it"),
            (None, eu, None, eu, "the person says it"),
            (jp, jp, None, jp, "both say the same"),
            (jp, eu, None, None, "they disagree"),
            (None, None, None, us, "nobody says anything"),
            (None, None, jp, jp, "as the last time"),
            (None, eu, jp, eu, "the person knows better than the last time"),
            (eu, None, jp, eu, "so does the client"),
            (jp, eu, eu, None, "the last time does not settle it"),
        ] {
            assert_eq!(start(registered, wanted, last).ok(), expected, "{why}");
        }
    }
}
