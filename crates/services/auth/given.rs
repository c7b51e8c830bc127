//! The clients that are given from outside: by the environment, and where an organisation's file may
//! lie.

use std::collections::BTreeMap;
use std::path::PathBuf;

use renraku_core::contact::Side;
use renraku_core::message::Failure;

use crate::auth::clients::{OauthClient, Registration, of_texts, registration};

/// The clients that are given from outside, and where an organisation's file may lie.
#[derive(Debug, Clone, Default)]
pub struct GivenClients {
    /// Google's, of the environment. One without an id is a secret that has lost its id.
    pub google: Option<OauthClient>,
    /// Zoho's, of the environment.
    pub zoho: Option<OauthClient>,
    /// What is wrong with how the environment says that Zoho's is registered.
    pub wrong: Option<Failure>,
    /// Variables of the environment that are set and count for nothing.
    pub unused: Vec<Unused>,
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
        let all = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        let file = std::env::var_os("RENRAKU_CLIENTS").filter(|file| !file.is_empty());
        GivenClients {
            file: file.map(PathBuf::from),
            beside: beside_the_program(),
            ..GivenClients::of_env(&all.collect())
        }
    }

    /// The clients of these variables.
    fn of_env(env: &BTreeMap<String, String>) -> GivenClients {
        let read = |side, what: &str| env.get(&format!("{}{what}", prefix(side))).cloned();
        let client = |side, registered| {
            of_texts(read(side, "CLIENT_ID"), read(side, "CLIENT_SECRET"), registered)
        };
        let registered = registration(|what| read(Side::Zoho, what));
        GivenClients {
            google: client(Side::Google, Registration::default()),
            zoho: client(Side::Zoho, registered.clone().unwrap_or_default()),
            wrong: registered.err(),
            unused: Side::BOTH.into_iter().flat_map(|side| unused(side, env)).collect(),
            ..GivenClients::default()
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

/// Variables of a service that are set and count for nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unused {
    /// Whose they are.
    pub side: Side,
    /// Their names.
    pub names: Vec<String>,
    /// Whether there are such settings, and the id is missing to which they belong.
    pub without_id: bool,
}

/// What the names of a service's variables begin with.
fn prefix(side: Side) -> &'static str {
    match side {
        Side::Zoho => "RENRAKU_ZOHO_",
        Side::Google => "RENRAKU_GOOGLE_",
    }
}

/// What the environment can say of a service's client.
fn settings(side: Side) -> &'static [&'static str] {
    match side {
        Side::Zoho => &["CLIENT_ID", "CLIENT_SECRET", "DATA_CENTRE", "REDIRECT", "PKCE"],
        Side::Google => &["CLIENT_ID", "CLIENT_SECRET"],
    }
}

/// The variables of a service that count for nothing: those that no setting is called, and all where
/// the id is missing, for a client is taken from one source as a whole.
fn unused(side: Side, env: &BTreeMap<String, String>) -> Vec<Unused> {
    let set = env.iter().filter(|(_, value)| !value.trim().is_empty());
    let set = set.filter_map(|(name, _)| name.strip_prefix(prefix(side)));
    let (known, unknown): (Vec<&str>, Vec<&str>) =
        set.partition(|what| settings(side).contains(what));
    let lost = if known.contains(&"CLIENT_ID") { Vec::new() } else { known };
    [(lost, true), (unknown, false)]
        .into_iter()
        .filter(|(names, _)| !names.is_empty())
        .map(|(names, without_id)| Unused {
            side,
            names: names.into_iter().map(|what| format!("{}{what}", prefix(side))).collect(),
            without_id,
        })
        .collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::DataCentre;
    use crate::auth::clients::missing;

    fn env(all: &[(&str, &str)]) -> BTreeMap<String, String> {
        all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_environment_gives_an_id_a_secret_or_both() {
        let check = |id: Option<&str>, secret: Option<&str>, expected: Option<&str>| {
            let all = [("RENRAKU_ZOHO_CLIENT_ID", id), ("RENRAKU_ZOHO_CLIENT_SECRET", secret)];
            let set: Vec<_> = all.into_iter().filter_map(|(n, v)| Some((n, v?))).collect();
            let client = GivenClients::of_env(&env(&set)).zoho;
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

    #[test]
    fn the_environment_says_how_its_client_is_registered() {
        let check = |what: &str, value: &str, expected: Result<(), &str>| {
            let all = [("RENRAKU_ZOHO_CLIENT_ID", "1000.A"), (what, value)];
            let given = GivenClients::of_env(&env(&all));
            let named =
                given.wrong.as_ref().is_none_or(|f| f.args.values().any(|arg| arg == value));
            assert!(named, "{value}: {:?}", given.wrong);
            let said = given.wrong.map(|failure| failure.id);
            assert_eq!(said, expected.err().map(str::to_owned), "{what} {value}");
            given.zoho.expect("a client").registered
        };
        let usual = Registration::default();
        let pkce = |value| check("RENRAKU_ZOHO_PKCE", value, Ok(())).pkce;
        assert_eq!(["false", " FALSE ", "true", " "].map(pkce), [false, false, true, true]);
        let jp = check("RENRAKU_ZOHO_DATA_CENTRE", "JP", Ok(())).data_centre;
        assert_eq!(jp, Some(DataCentre::Jp));
        let redirect = "http://127.0.0.1:5000/x";
        let given = check("RENRAKU_ZOHO_REDIRECT", redirect, Ok(())).redirect;
        assert_eq!(given.to_string(), redirect);
        for (what, value, wrong) in [
            ("RENRAKU_ZOHO_PKCE", "off", "error-client-environment"),
            ("RENRAKU_ZOHO_DATA_CENTRE", "mars", "error-client-environment"),
            ("RENRAKU_ZOHO_REDIRECT", "http://[::1]:5000/x", "error-client-redirect"),
        ] {
            assert_eq!(check(what, value, Err(wrong)), usual, "nothing of it is taken");
        }
    }

    #[test]
    fn what_counts_for_nothing_is_told() {
        let check = |all: &[(&str, &str)], expected: &[(Side, &[&str], bool)], why: &str| {
            let told = GivenClients::of_env(&env(all)).unused;
            let told: Vec<(Side, Vec<&str>, bool)> = told
                .iter()
                .map(|all| {
                    (all.side, all.names.iter().map(String::as_str).collect(), all.without_id)
                })
                .collect();
            let expected: Vec<_> = expected.iter().map(|(s, n, w)| (*s, n.to_vec(), *w)).collect();
            assert_eq!(told, expected, "{why}");
        };
        let (zoho, google) = (Side::Zoho, Side::Google);
        check(&[], &[], "nothing is set");
        check(
            &[("RENRAKU_DATA_DIR", "/x"), ("RENRAKU_ZOHO_PKCE", " ")],
            &[],
            "no setting of a client",
        );
        let whole = [("RENRAKU_ZOHO_CLIENT_ID", "1000.A"), ("RENRAKU_ZOHO_PKCE", "false")];
        check(&whole, &[], "they belong to the id");
        for name in ["PKCE", "DATA_CENTRE", "REDIRECT", "CLIENT_SECRET"] {
            let name = format!("RENRAKU_ZOHO_{name}");
            check(&[(&name, "x")], &[(zoho, &[&name], true)], "they belong to no id");
        }
        let secret = "RENRAKU_GOOGLE_CLIENT_SECRET";
        check(
            &[(secret, "s"), ("RENRAKU_ZOHO_CLIENT_ID", "1000.A")],
            &[(google, &[secret], true)],
            "",
        );
        let (odd, none) = ("RENRAKU_ZOHO_DATA_CENTER", "RENRAKU_GOOGLE_PKCE");
        let all = [("RENRAKU_ZOHO_CLIENT_ID", "1000.A"), (odd, "jp"), (none, "true")];
        let expected: &[(Side, &[&str], bool)] = &[(zoho, &[odd], false), (google, &[none], false)];
        check(&all, expected, "no setting is called so");
    }
}
