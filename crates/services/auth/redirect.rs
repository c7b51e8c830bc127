//! Where Zoho sends the browser back: what of it a person may choose, and what is wrong with it.

use std::fmt;

use renraku_core::message::{Failure, FailureCode};
use reqwest::Url;

/// The lowest port that a program may listen on without an administrator's rights.
const LOWEST_PORT: u16 = 1024;

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
    /// It has capitals, which Zoho compares.
    Spelling,
}

impl RedirectMistake {
    /// Its word in the catalogue.
    pub(crate) fn word(self) -> &'static str {
        match self {
            RedirectMistake::Scheme => "scheme",
            RedirectMistake::Host => "host",
            RedirectMistake::Port => "port",
            RedirectMistake::Form => "form",
            RedirectMistake::Spelling => "spelling",
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
            port: url.port().filter(|port| *port >= LOWEST_PORT).ok_or(RedirectMistake::Port)?,
            path: url.path().to_owned(),
        };
        let bare = ZohoRedirect { path: String::new(), ..redirect.clone() };
        // What comes out is what was written: no user, query, fragment or capitals.
        let all = [redirect, bare];
        let capitals = all.iter().any(|one| one.to_string().eq_ignore_ascii_case(text));
        let spelled = all.into_iter().find(|one| one.to_string() == text);
        spelled.ok_or(if capitals { RedirectMistake::Spelling } else { RedirectMistake::Form })
    }
}

/// The redirect that a person wrote.
///
/// # Errors
/// [`FailureCode::Invalid`], which says what is wrong with it.
pub fn redirect_of(text: &str) -> Result<ZohoRedirect, Failure> {
    ZohoRedirect::parse(text).map_err(|mistake| {
        let failure = Failure::new(FailureCode::Invalid, "error-client-redirect");
        failure.with("redirect", text).with("what", mistake.word())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_leads_to_a_port_of_this_computer() {
        for text in [
            "http://localhost:48620/callback",
            "http://127.0.0.1:48620/callback",
            "http://localhost:8080/",
            "http://localhost:1024/",
            "http://localhost:65535/",
            "http://localhost:8080",
            "http://localhost:8080/a/b",
        ] {
            let parsed = ZohoRedirect::parse(text).map(|redirect| redirect.to_string());
            assert_eq!(parsed.as_deref(), Ok(text), "it is sent to the letter");
        }
        use RedirectMistake::{Form, Host, Port, Scheme, Spelling};
        for (text, mistake, why) in [
            ("https://localhost:48620/callback", Scheme, "encrypted, which nobody here answers"),
            ("renraku://callback", Scheme, "an app's own scheme"),
            ("localhost:48620", Scheme, "no address"),
            ("", Scheme, "nothing"),
            ("http://localhost/callback", Port, "no port"),
            ("http://localhost:80/callback", Port, "the one that is left out of addresses"),
            ("http://localhost:0/callback", Port, "any port"),
            ("http://localhost:443/callback", Port, "an administrator's"),
            ("http://localhost:1023/callback", Port, "the last of an administrator's"),
            ("http://localhost:abc/callback", Port, "no number"),
            ("http://localhost:77777/callback", Port, "a port too high"),
            ("http://[::1]:48620/callback", Host, "a spelling that Zoho does not register"),
            ("http://example.com:48620/callback", Host, "another computer"),
            ("http://localhost.example.com:48620/callback", Host, "another computer's name"),
            ("http://localhost@example.com:48620/", Host, "a user name, no host"),
            ("http://127.0.0.2:48620/callback", Host, "another address"),
            ("http://localhost:48620/callback?x=1", Form, "a query"),
            ("http://localhost:48620/callback#x", Form, "a fragment"),
            ("http://Localhost:48620/callback", Spelling, "a capital"),
            ("http://LOCALHOST:48620/callback", Spelling, "capitals"),
            ("HTTP://localhost:48620/callback", Spelling, "capitals at its beginning"),
            ("http://localhost:48620/a/../callback", Form, "a way round"),
            ("http://me@localhost:48620/callback", Form, "a user name"),
            ("http://", Form, "the beginning alone"),
        ] {
            assert_eq!(ZohoRedirect::parse(text), Err(mistake), "{why}");
        }
    }
}
