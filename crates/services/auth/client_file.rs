//! An organisation's client file: read strictly, and written for colleagues. The file that Google's
//! console offers for download is read too.

use renraku_core::contact::Side;
use renraku_core::message::{Failure, FailureCode};
use serde_json::{Map, Value, json};

use crate::auth::clients::{OauthClient, Registration, id_flaw, secret_flaw};
use crate::auth::data_centre::DataCentre;
use crate::auth::redirect::{RedirectMistake, ZohoRedirect};
use crate::auth::secret::Secret;
use crate::strict_json;

/// No client file is longer.
pub(crate) const LONGEST: u64 = 64 * 1024;

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClientFile {
    /// Google's client.
    pub google: Option<OauthClient>,
    /// Zoho's client.
    pub zoho: Option<OauthClient>,
}

impl ClientFile {
    /// The client of this service, where the file has one.
    #[must_use]
    pub fn of(&self, side: Side) -> Option<&OauthClient> {
        match side {
            Side::Zoho => self.zoho.as_ref(),
            Side::Google => self.google.as_ref(),
        }
    }
}

/// Why a file cannot be used: a word of the catalogue's message, what it is about, and what stood
/// there. Never a secret.
#[derive(Debug, PartialEq, Eq)]
struct Mistake {
    what: &'static str,
    key: String,
    value: String,
}

impl Mistake {
    fn of(what: &'static str, key: &str) -> Mistake {
        Mistake { what, key: key.to_owned(), value: String::new() }
    }
}

/// Reads a file's text; `name` is where it lies, empty where it was handed over.
///
/// # Errors
/// [`FailureCode::Invalid`], which names what is wrong.
pub fn parse(text: &str, name: &str) -> Result<ClientFile, Failure> {
    read(text).map_err(|mistake| refuse(name, mistake.what, &mistake.key, &mistake.value))
}

/// The sentence for a file that cannot be used.
pub fn refuse(name: &str, what: &str, key: &str, value: &str) -> Failure {
    // A slip can be long: what is shown of it is enough to find it.
    let short = |text: &str| text.chars().take(80).collect::<String>();
    // The space is the sentence's, where there is a name to set apart.
    let name = if name.is_empty() { String::new() } else { format!(" {name}") };
    Failure::new(FailureCode::Invalid, "error-client-file")
        .with("file", name)
        .with("what", what)
        .with("key", short(key))
        .with("value", short(value))
}

fn read(text: &str) -> Result<ClientFile, Mistake> {
    if text.len() as u64 > LONGEST {
        return Err(Mistake::of("long", ""));
    }
    // Windows' editors put this mark before everything.
    let text = text.trim_start_matches('\u{feff}');
    let value = strict_json::parse(text).map_err(|mistake| match mistake {
        strict_json::Mistake::Twice(key) => Mistake::of("twice", &key),
        strict_json::Mistake::NoJson(_) => Mistake::of("json", ""),
    })?;
    let Value::Object(parts) = value else { return Err(Mistake::of("other", "")) };
    if parts.contains_key("web") {
        return Err(Mistake::of("web", "web"));
    }
    if let Some(installed) = parts.get("installed") {
        let only = parts.keys().all(|key| key == "installed");
        let google = object(installed, "installed")?;
        let Value::Object(_) = installed else { return Err(Mistake::of("other", "installed")) };
        if !only {
            let other = parts.keys().find(|key| *key != "installed");
            return Err(Mistake::of("key", other.map_or("", String::as_str)));
        }
        let client = client(Side::Google, google, "installed", Registration::default())?;
        return Ok(ClientFile { google: Some(client), zoho: None });
    }
    let mut file = ClientFile::default();
    for (key, part) in &parts {
        match key.as_str() {
            "google" => file.google = Some(google(object(part, key)?)?),
            "zoho" => file.zoho = Some(zoho(object(part, key)?)?),
            _ => return Err(Mistake::of("key", key)),
        }
    }
    if file == ClientFile::default() {
        return Err(Mistake::of("empty", ""));
    }
    Ok(file)
}

fn object<'a>(part: &'a Value, key: &str) -> Result<&'a Map<String, Value>, Mistake> {
    part.as_object().ok_or_else(|| Mistake::of("value", key))
}

fn only(part: &Map<String, Value>, name: &str, keys: &[&str]) -> Result<(), Mistake> {
    match part.keys().find(|key| !keys.contains(&key.as_str())) {
        Some(key) if key == "web" => Err(Mistake::of("web", &format!("{name}.{key}"))),
        Some(key) => Err(Mistake::of("key", &format!("{name}.{key}"))),
        None => Ok(()),
    }
}

fn google(part: &Map<String, Value>) -> Result<OauthClient, Mistake> {
    only(part, "google", &["client_id", "client_secret"])?;
    client(Side::Google, part, "google", Registration::default())
}

fn zoho(part: &Map<String, Value>) -> Result<OauthClient, Mistake> {
    only(part, "zoho", &["client_id", "client_secret", "data_centre", "redirect", "pkce"])?;
    let mut registered = Registration::default();
    if let Some(name) = text(part, "zoho", "data_centre")? {
        let centre = DataCentre::named(&name);
        let unknown = || Mistake { value: name, ..Mistake::of("centre", "zoho.data_centre") };
        registered.data_centre = Some(centre.ok_or_else(unknown)?);
    }
    if let Some(address) = text(part, "zoho", "redirect")? {
        registered.redirect = ZohoRedirect::parse(&address).map_err(|mistake| {
            let what = match mistake {
                RedirectMistake::Scheme => "redirect-scheme",
                RedirectMistake::Host => "redirect-host",
                RedirectMistake::Port => "redirect-port",
                RedirectMistake::Form => "redirect-form",
                RedirectMistake::Spelling => "redirect-spelling",
            };
            Mistake { value: address, ..Mistake::of(what, "zoho.redirect") }
        })?;
    }
    match part.get("pkce") {
        None | Some(Value::Null) => {}
        Some(Value::Bool(pkce)) => {
            registered.pkce = *pkce;
            registered.pkce_is_told = true;
        }
        Some(Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_)) => {
            return Err(Mistake::of("value", "zoho.pkce"));
        }
    }
    client(Side::Zoho, part, "zoho", registered)
}

/// A text of a part; none where it is left out or null.
fn text(part: &Map<String, Value>, name: &str, key: &str) -> Result<Option<String>, Mistake> {
    match part.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => {
            let what = match key {
                "data_centre" => "blank-centre",
                "redirect" => "blank-redirect",
                _ => "blank",
            };
            Err(Mistake::of(what, &format!("{name}.{key}")))
        }
        Some(Value::String(text)) => Ok(Some(text.trim().to_owned())),
        Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            Err(Mistake::of("value", &format!("{name}.{key}")))
        }
    }
}

fn client(
    side: Side,
    part: &Map<String, Value>,
    name: &str,
    registered: Registration,
) -> Result<OauthClient, Mistake> {
    let place = format!("{name}.client_id");
    let id = text(part, name, "client_id")?.ok_or_else(|| Mistake::of("missing", &place))?;
    if let Some(flaw) = id_flaw(side, &id) {
        return Err(Mistake { value: id, ..Mistake::of(flaw, &place) });
    }
    let secret = text(part, name, "client_secret")?;
    if secret.as_deref().and_then(secret_flaw).is_some() {
        return Err(Mistake::of("id-as-secret", &format!("{name}.client_secret")));
    }
    let secret = secret.map(Secret::new);
    Ok(OauthClient { id, secret, registered })
}

/// The file for colleagues, with the secrets.
pub fn write(file: &ClientFile) -> String {
    let mut parts = Map::new();
    if let Some(OauthClient { id, secret, .. }) = &file.google {
        let secret = secret.as_ref().map(Secret::expose);
        parts.insert("google".to_owned(), json!({"client_id": id, "client_secret": secret}));
    }
    if let Some(OauthClient { id, secret, registered }) = &file.zoho {
        let Registration { data_centre, redirect, pkce, .. } = registered;
        let mut part = json!({
            "client_id": id,
            "client_secret": secret.as_ref().map(Secret::expose),
            "redirect": redirect.to_string(),
            "pkce": pkce,
        });
        if let (Some(centre), Some(part)) = (data_centre, part.as_object_mut()) {
            part.insert("data_centre".to_owned(), json!(centre));
        }
        parts.insert("zoho".to_owned(), part);
    }
    let text = serde_json::to_string_pretty(&Value::Object(parts)).unwrap_or_default();
    format!("{text}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_taken_whole_or_its_mistake_is_named() {
        let g = r#""client_id": "7-a.apps.googleusercontent.com", "client_secret": "s""#;
        let z = r#""client_id": "1000.A1", "client_secret": "s""#;
        let check = |text: &str, wrong: Option<(&'static str, &str)>, why: &str| {
            let said = read(text).err().map(|mistake| (mistake.what, mistake.key));
            assert_eq!(said, wrong.map(|(what, key)| (what, key.to_owned())), "{why}");
        };
        check(&format!(r#"{{"google": {{{g}}}, "zoho": {{{z}}}}}"#), None, "both");
        check(&format!(r#"{{"google": {{{g}}}}}"#), None, "Google alone");
        check(&format!("\u{feff}{{\"zoho\": {{{z}}}}}"), None, "Zoho alone, with an editor's mark");
        check(
            &format!(
                r#"{{"zoho": {{{z}, "data_centre": "jp", "pkce": false,
                    "redirect": "http://127.0.0.1:5000/x"}}}}"#
            ),
            None,
            "everything there is",
        );
        check(
            &format!(
                r#"{{"installed": {{{g}, "project_id": "p", "auth_uri": "https://a",
                    "redirect_uris": ["http://localhost"]}}}}"#
            ),
            None,
            "as Google's console gives it",
        );
        check(
            r#"{"zoho": {"client_id": "1000.A1"}}"#,
            None,
            "the secret is said when it is needed",
        );
        check(&format!(r#"{{"web": {{{g}}}}}"#), Some(("web", "web")), "a client for web sites");
        check(&format!(r#"{{"gogle": {{{g}}}}}"#), Some(("key", "gogle")), "an unknown service");
        check(
            &format!(r#"{{"zoho": {{{z}, "datacentre": "jp"}}}}"#),
            Some(("key", "zoho.datacentre")),
            "an unknown key",
        );
        check(
            &format!(r#"{{"installed": {{{g}}}, "zoho": {{{z}}}}}"#),
            Some(("key", "zoho")),
            "two kinds of file in one",
        );
        check(
            &format!(r#"{{"zoho": {{{z}, "data_centre": "mars"}}}}"#),
            Some(("centre", "zoho.data_centre")),
            "an unknown data centre",
        );
        check(
            &format!(r#"{{"zoho": {{{z}, "redirect": "https://example.com/cb"}}}}"#),
            Some(("redirect-scheme", "zoho.redirect")),
            "a redirect of another scheme",
        );
        for (redirect, what) in [
            ("http://example.com:1/cb", "redirect-host"),
            ("http://localhost/cb", "redirect-port"),
            ("http://localhost:5000/cb?x", "redirect-form"),
        ] {
            check(
                &format!(r#"{{"zoho": {{{z}, "redirect": "{redirect}"}}}}"#),
                Some((what, "zoho.redirect")),
                "what is wrong with a redirect is told apart",
            );
        }
        check(
            &format!(r#"{{"zoho": {{{z}, "data_centre": "JP"}}}}"#),
            None,
            "a data centre in capitals",
        );
        for (key, file) in [
            ("zoho.client_secret", r#"{"zoho": {"client_id": "1000.A1", "client_secret": " "}}"#),
            ("zoho.client_id", r#"{"zoho": {"client_id": ""}}"#),
        ] {
            check(file, Some(("blank", key)), "a value without a character");
        }
        for (key, what) in [("data_centre", "blank-centre"), ("redirect", "blank-redirect")] {
            let place = format!("zoho.{key}");
            let file = format!(r#"{{"zoho": {{{z}, "{key}": " "}}}}"#);
            check(&file, Some((what, &place)), "what to write there differs");
        }
        check(
            &format!(r#"{{"zoho": {{{z}, "pkce": "no"}}}}"#),
            Some(("value", "zoho.pkce")),
            "neither true nor false",
        );
        check(r#"{"zoho": {"client_id": 7}}"#, Some(("value", "zoho.client_id")), "a number");
        check(
            &format!(r#"{{"google": {{{z}}}}}"#),
            Some(("id-of-zoho", "google.client_id")),
            "Zoho's",
        );
        check(
            &format!(r#"{{"zoho": {{{g}}}}}"#),
            Some(("id-of-google", "zoho.client_id")),
            "Google's",
        );
        for id in ["1000.A1", "7.apps.googleusercontent.com"] {
            let file =
                format!(r#"{{"zoho": {{"client_id": "1000.A1", "client_secret": "{id}"}}}}"#);
            check(&file, Some(("id-as-secret", "zoho.client_secret")), "an id as the secret");
        }
        check(r#"{"zoho": {}}"#, Some(("missing", "zoho.client_id")), "no id");
        check(r#"{"zoho": [1]}"#, Some(("value", "zoho")), "no object");
        check("[]", Some(("other", "")), "a list");
        check("{}", Some(("empty", "")), "nothing");
        check("client_id=7", Some(("json", "")), "no JSON");
        for (key, file) in [
            ("zoho", format!(r#"{{"zoho": {{{z}}}, "zoho": {{{z}}}}}"#)),
            ("zoho.client_id", format!(r#"{{"zoho": {{{z}, "client_id": "1000.B2"}}}}"#)),
            (
                "installed.client_secret",
                format!(r#"{{"installed": {{{g}, "client_secret": ""}}}}"#),
            ),
        ] {
            check(&file, Some(("twice", key)), "which of both counts nobody knows");
        }
        check(&" ".repeat(70_000), Some(("long", "")), "endless");
    }

    #[test]
    fn a_file_for_colleagues_says_what_was_read() {
        let text = r#"{"google": {"client_id": "7-a.apps.googleusercontent.com",
            "client_secret": "g"}, "zoho": {"client_id": "1000.A1", "client_secret": "z",
            "data_centre": "jp", "redirect": "http://127.0.0.1:5000/x", "pkce": false}}"#;
        let file = read(text).expect("a file");
        assert_eq!(read(&write(&file)), Ok(file));
    }

    #[test]
    fn no_sentence_holds_a_secret() {
        let failure =
            parse(r#"{"zoho": {"client_secret": "hush", "x": 1}}"#, "f.json").expect_err("x");
        let told = format!("{failure:?}");
        assert!(!told.contains("hush"), "{told}");
        assert!(told.contains("zoho.x") && told.contains("f.json"), "{told}");
    }
}
