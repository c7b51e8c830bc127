//! The OAuth clients: what one is, those of the environment, those that this release was built with,
//! and what is wrong with one that a person enters.

use std::fmt;
use std::path::PathBuf;

use renraku_core::contact::Side;
use reqwest::Url;

use super::secret::Secret;
use crate::auth::{ClientDraft, DataCentre};
use renraku_core::message::{Failure, FailureCode};

/// What Google's ids end in.
const GOOGLE_END: &str = ".apps.googleusercontent.com";
/// What Zoho's ids begin with.
const ZOHO_START: &str = "1000.";

/// An OAuth client that was registered at a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OauthClient {
    /// Its id.
    pub id: String,
    /// Its secret. Both services want it at the token endpoint, of desktop clients too (it is not
    /// confidential there).
    pub secret: Option<Secret>,
    /// Zoho only: how it is registered.
    pub registered: Registration,
}

/// How a client is registered at Zoho.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// The data centre whose sign-in knows it; the US one where none was told.
    pub data_centre: Option<DataCentre>,
    /// Where the browser comes back to.
    pub redirect: ZohoRedirect,
    /// Whether its sign-ins use PKCE. A client of the type for servers may refuse it.
    pub pkce: bool,
}

impl Default for Registration {
    fn default() -> Self {
        Registration { data_centre: None, redirect: ZohoRedirect::default(), pkce: true }
    }
}

/// Where Zoho sends the browser back: its clients register one fixed address, which is sent to the
/// letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZohoRedirect {
    /// The host as it is spelled in the registration: `localhost` or `127.0.0.1`.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The path, from its slash on; may be empty.
    pub path: String,
}

impl Default for ZohoRedirect {
    fn default() -> Self {
        ZohoRedirect { host: "localhost".to_owned(), port: 48620, path: "/callback".to_owned() }
    }
}

impl fmt::Display for ZohoRedirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "http://{}:{}{}", self.host, self.port, self.path)
    }
}

/// What is wrong with a redirect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedirectMistake {
    /// It does not begin with `http://`.
    Scheme,
    /// It is not on this computer, or not by a name that Zoho registers.
    Host,
    /// It has no port that a program can listen on.
    Port,
    /// It has more to it than a host, a port and a path, or spells them otherwise.
    Form,
}

impl RedirectMistake {
    /// Its word in the catalogue.
    pub(crate) fn word(self) -> &'static str {
        match self {
            RedirectMistake::Scheme => "scheme",
            RedirectMistake::Host => "host",
            RedirectMistake::Port => "port",
            RedirectMistake::Form => "form",
        }
    }
}

impl ZohoRedirect {
    /// The redirect that is spelled so.
    ///
    /// # Errors
    /// What of it does not lead to a port of this computer.
    pub fn parse(text: &str) -> Result<ZohoRedirect, RedirectMistake> {
        if !text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("http://")) {
            return Err(RedirectMistake::Scheme);
        }
        let url = Url::parse(text).map_err(|error| {
            let port = error == url::ParseError::InvalidPort;
            if port { RedirectMistake::Port } else { RedirectMistake::Form }
        })?;
        let host = url.host_str().filter(|host| ["localhost", "127.0.0.1"].contains(host));
        let redirect = ZohoRedirect {
            host: host.ok_or(RedirectMistake::Host)?.to_owned(),
            port: url.port().filter(|port| *port != 0).ok_or(RedirectMistake::Port)?,
            path: url.path().to_owned(),
        };
        let bare = ZohoRedirect { path: String::new(), ..redirect.clone() };
        // What comes out is what was written: no user, query, fragment or capitals.
        let spelled = [redirect, bare].into_iter().find(|one| one.to_string() == text);
        spelled.ok_or(RedirectMistake::Form)
    }
}

/// The clients that are given from outside, and where an organisation's file may lie.
#[derive(Debug, Clone, Default)]
pub struct GivenClients {
    /// Google's, of the environment. One without an id is a secret that has lost its id.
    pub google: Option<OauthClient>,
    /// Zoho's, of the environment.
    pub zoho: Option<OauthClient>,
    /// The file that is named (`RENRAKU_CLIENTS`); no other is looked for then.
    pub file: Option<PathBuf>,
    /// Folders besides the data folder in which one may lie.
    pub beside: Vec<PathBuf>,
}

impl GivenClients {
    /// What the environment gives (`RENRAKU_GOOGLE_CLIENT_ID`, …, `RENRAKU_CLIENTS`), and the folder
    /// of this program.
    #[must_use]
    pub fn from_env() -> GivenClients {
        let env = |name: &str| std::env::var(name).ok();
        let file = std::env::var_os("RENRAKU_CLIENTS").filter(|file| !file.is_empty());
        GivenClients {
            google: of_env(Side::Google, env),
            zoho: of_env(Side::Zoho, env),
            file: file.map(PathBuf::from),
            beside: beside_the_program(),
        }
    }

    /// The client that is given for this service.
    #[must_use]
    pub fn of(&self, side: Side) -> Option<&OauthClient> {
        match side {
            Side::Zoho => self.zoho.as_ref(),
            Side::Google => self.google.as_ref(),
        }
    }
}

/// The folders in which an administrator would lay a file beside the program: its own, that of the
/// bundle it is in, that of the image it runs from.
fn beside_the_program() -> Vec<PathBuf> {
    let program = std::env::current_exe().ok();
    let own = program.as_deref().and_then(|program| program.parent()).map(PathBuf::from);
    let bundle = program.as_deref().and_then(|program| {
        let bundle = program.ancestors().find(|at| at.extension().is_some_and(|e| e == "app"))?;
        bundle.parent().map(PathBuf::from)
    });
    let image = std::env::var_os("APPIMAGE").map(PathBuf::from);
    let image = image.as_deref().and_then(|image| image.parent()).map(PathBuf::from);
    [own, bundle, image].into_iter().flatten().collect()
}

fn of_env(side: Side, env: impl Fn(&str) -> Option<String>) -> Option<OauthClient> {
    let name = match side {
        Side::Zoho => "ZOHO",
        Side::Google => "GOOGLE",
    };
    let read = |what: &str| env(&format!("RENRAKU_{name}_CLIENT_{what}"));
    of_texts(read("ID"), read("SECRET"), Registration::default())
}

fn of_texts(
    id: Option<String>,
    secret: Option<String>,
    registered: Registration,
) -> Option<OauthClient> {
    let told = |text: Option<String>| {
        text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let (id, secret) = (told(id), told(secret).map(Secret::new));
    (id.is_some() || secret.is_some()).then(|| OauthClient {
        id: id.unwrap_or_default(),
        secret,
        registered,
    })
}

/// The client that this release was built with (`RENRAKU_BUILD_GOOGLE_CLIENT_ID`, …).
pub fn built_in(side: Side) -> Option<OauthClient> {
    let own = |text: Option<&str>| text.map(ToOwned::to_owned);
    let client = match side {
        Side::Google => of_texts(
            own(option_env!("RENRAKU_BUILD_GOOGLE_CLIENT_ID")),
            own(option_env!("RENRAKU_BUILD_GOOGLE_CLIENT_SECRET")),
            Registration::default(),
        ),
        Side::Zoho => {
            let centre = option_env!("RENRAKU_BUILD_ZOHO_DATA_CENTRE");
            let redirect = option_env!("RENRAKU_BUILD_ZOHO_REDIRECT");
            let registered = Registration {
                data_centre: centre.and_then(DataCentre::named),
                redirect: redirect
                    .and_then(|text| ZohoRedirect::parse(text).ok())
                    .unwrap_or_default(),
                pkce: option_env!("RENRAKU_BUILD_ZOHO_PKCE") != Some("false"),
            };
            of_texts(
                own(option_env!("RENRAKU_BUILD_ZOHO_CLIENT_ID")),
                own(option_env!("RENRAKU_BUILD_ZOHO_CLIENT_SECRET")),
                registered,
            )
        }
    };
    client.filter(|client| !client.id.is_empty())
}

/// Whether an id has the form that the service gives its clients.
pub(super) fn has_form(side: Side, id: &str) -> bool {
    let plain = |part: &str| {
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_' || c == '.';
        !part.is_empty() && part.chars().all(fits)
    };
    match side {
        Side::Google => id.strip_suffix(GOOGLE_END).is_some_and(plain),
        Side::Zoho => id.strip_prefix(ZOHO_START).is_some_and(plain),
    }
}

/// The client that a person has typed; `kept` says whether a secret for this id is kept already.
///
/// # Errors
/// [`FailureCode::Invalid`], which names what is missing or wrong.
pub fn of_draft(side: Side, draft: &ClientDraft, kept: bool) -> Result<OauthClient, Failure> {
    let wrong = |id: &str| Failure::of(FailureCode::Invalid, id, side).with("side", side.name());
    let (id, secret) = (draft.client_id.trim(), draft.client_secret.trim());
    if id.is_empty() {
        return Err(wrong("error-client-id-missing"));
    }
    if !has_form(side, id) {
        return Err(wrong("error-client-id-form"));
    }
    if secret.is_empty() && !kept {
        return Err(wrong("error-client-secret-missing"));
    }
    let usual = Registration::default();
    let registered = match side {
        Side::Google => usual,
        Side::Zoho => Registration {
            data_centre: draft.data_centre,
            redirect: match draft.redirect.as_deref().map(str::trim).filter(|r| !r.is_empty()) {
                None => usual.redirect,
                Some(text) => ZohoRedirect::parse(text).map_err(|mistake| {
                    let failure = Failure::new(FailureCode::Invalid, "error-client-redirect");
                    failure.with("redirect", text).with("what", mistake.word())
                })?,
            },
            pkce: draft.pkce,
        },
    };
    let secret = Some(secret).filter(|secret| !secret.is_empty()).map(Secret::new);
    Ok(OauthClient { id: id.to_owned(), secret, registered })
}

/// What a client lacks, or what is wrong with its id, before anybody can sign in with it.
pub fn missing(side: Side, id: Option<&str>, secret: bool) -> Option<Failure> {
    let name = match side {
        Side::Zoho => "ZOHO",
        Side::Google => "GOOGLE",
    };
    let (code, said) = match id {
        None => (FailureCode::NoClient, "error-no-client"),
        Some("") => (FailureCode::NoClient, "error-client-id-missing"),
        Some(id) if !has_form(side, id) => (FailureCode::Invalid, "error-client-id-form"),
        Some(_) if !secret => (FailureCode::NoClient, "error-client-secret-missing"),
        Some(_) => return None,
    };
    Some(Failure::of(code, said, side).with("name", name).with("side", side.name()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(id: &str, secret: &str, redirect: Option<&str>) -> ClientDraft {
        ClientDraft {
            client_id: id.to_owned(),
            client_secret: secret.to_owned(),
            data_centre: None,
            redirect: redirect.map(ToOwned::to_owned),
            pkce: false,
        }
    }

    #[test]
    fn what_is_typed_is_taken_or_its_mistake_is_named() {
        let check = |side: Side, draft: ClientDraft, wrong: Option<&str>, why: &str| {
            let said = of_draft(side, &draft, false).err().map(|failure| failure.id);
            assert_eq!(said.as_deref(), wrong, "{why}");
        };
        let (google, zoho) = ("7-a1.apps.googleusercontent.com", "1000.A1B2");
        check(Side::Google, draft(google, "s", None), None, "Google's");
        check(Side::Google, draft(&format!(" {google}\n"), " s ", None), None, "blanks around it");
        check(Side::Zoho, draft(zoho, "s", None), None, "Zoho's");
        let form = Some("error-client-id-form");
        check(Side::Google, draft(zoho, "s", None), form, "Zoho's at Google");
        check(Side::Zoho, draft(google, "s", None), form, "Google's at Zoho");
        check(Side::Zoho, draft("1000.", "s", None), form, "the beginning alone");
        check(Side::Zoho, draft("1000.A 1", "s", None), form, "a space inside");
        check(Side::Zoho, draft("", "s", None), Some("error-client-id-missing"), "no id");
        check(Side::Zoho, draft(zoho, " ", None), Some("error-client-secret-missing"), "no secret");
        let away = Some("https://example.com/callback");
        check(Side::Zoho, draft(zoho, "s", away), Some("error-client-redirect"), "elsewhere");
        let shut = of_draft(Side::Zoho, &draft(zoho, "s", Some("http://localhost/cb")), false);
        let told = shut.expect_err("no port").id;
        assert_ne!(Some(told.as_str()), away, "not that it is on another computer");
        assert!(of_draft(Side::Zoho, &draft(zoho, "", None), true).is_ok(), "its secret is kept");
    }

    #[test]
    fn a_redirect_leads_to_a_port_of_this_computer() {
        for text in [
            "http://localhost:48620/callback",
            "http://127.0.0.1:48620/callback",
            "http://localhost:8080/",
            "http://localhost:8080",
            "http://localhost:8080/a/b",
        ] {
            let parsed = ZohoRedirect::parse(text).map(|redirect| redirect.to_string());
            assert_eq!(parsed.as_deref(), Ok(text), "it is sent to the letter");
        }
        use RedirectMistake::{Form, Host, Port, Scheme};
        for (text, mistake, why) in [
            ("https://localhost:48620/callback", Scheme, "encrypted, which nobody here answers"),
            ("renraku://callback", Scheme, "an app's own scheme"),
            ("localhost:48620", Scheme, "no address"),
            ("", Scheme, "nothing"),
            ("http://localhost/callback", Port, "no port"),
            ("http://localhost:80/callback", Port, "the one that is left out of addresses"),
            ("http://localhost:0/callback", Port, "any port"),
            ("http://localhost:77777/callback", Port, "a port too high"),
            ("http://[::1]:48620/callback", Host, "a spelling that Zoho does not register"),
            ("http://example.com:48620/callback", Host, "another computer"),
            ("http://localhost.example.com:48620/callback", Host, "another computer's name"),
            ("http://localhost@example.com:48620/", Host, "a user name, no host"),
            ("http://127.0.0.2:48620/callback", Host, "another address"),
            ("http://localhost:48620/callback?x=1", Form, "a query"),
            ("http://localhost:48620/callback#x", Form, "a fragment"),
            ("http://Localhost:48620/callback", Form, "capitals"),
            ("http://me@localhost:48620/callback", Form, "a user name"),
            ("http://", Form, "the beginning alone"),
        ] {
            assert_eq!(ZohoRedirect::parse(text), Err(mistake), "{why}");
        }
    }

    #[test]
    fn the_environment_gives_an_id_a_secret_or_both() {
        let check = |id: Option<&str>, secret: Option<&str>, expected: Option<&str>| {
            let env = |name: &str| {
                let value = if name == "RENRAKU_ZOHO_CLIENT_ID" { id } else { secret };
                value.map(ToOwned::to_owned)
            };
            let client = of_env(Side::Zoho, env);
            let id = client.as_ref().map(|client| client.id.as_str());
            let secret = client.as_ref().is_some_and(|client| client.secret.is_some());
            let said = missing(Side::Zoho, id, secret).map(|failure| failure.id);
            assert_eq!(said.as_deref(), expected, "{id:?} {secret:?}");
        };
        check(Some("1000.A"), Some("s"), None);
        check(Some("1000.A"), None, Some("error-client-secret-missing"));
        check(Some("1000.A"), Some(" "), Some("error-client-secret-missing"));
        for odd in ["7.apps.googleusercontent.com", "1000.", "A1000.A", "1000.A B", "1000.A/b", "-"]
        {
            check(Some(odd), Some("s"), Some("error-client-id-form"));
            check(Some(odd), None, Some("error-client-id-form"));
        }
        check(None, Some("s"), Some("error-client-id-missing"));
        check(None, None, Some("error-no-client"));
        check(Some(""), None, Some("error-no-client"));
    }
}
