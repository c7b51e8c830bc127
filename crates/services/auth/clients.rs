//! The OAuth clients: what one is, those that this release was built with, and what is wrong with one
//! that a person enters.

use renraku_core::contact::Side;
use renraku_core::message::{Failure, FailureCode};

use crate::auth::data_centre::DataCentre;
use crate::auth::draft::ClientDraft;
use crate::auth::redirect::{ZohoRedirect, redirect_of};
use crate::auth::secret::{ClientKey, Secret};

/// What Google's ids end in.
const GOOGLE_END: &str = ".apps.googleusercontent.com";
/// What Google's secrets begin with.
const GOOGLE_SECRET: &str = "GOCSPX-";
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

impl OauthClient {
    /// What has to be kept of it to renew what it was given.
    pub(crate) fn key(&self) -> Option<ClientKey> {
        let secret = self.secret.clone()?;
        Some(ClientKey { id: self.id.clone(), secret })
    }
}

impl From<ClientKey> for OauthClient {
    fn from(key: ClientKey) -> OauthClient {
        let registered = Registration::default();
        OauthClient { id: key.id, secret: Some(key.secret), registered }
    }
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
    /// Whether whoever registered it said so.
    pub pkce_is_told: bool,
}

impl Registration {
    /// Takes in whether the last sign-in had to go without PKCE: that counts where nobody says how the
    /// client is registered.
    pub fn learn_pkce(&mut self, went_without: bool) {
        self.pkce &= !went_without || self.pkce_is_told;
    }
}

impl Default for Registration {
    fn default() -> Self {
        Registration {
            data_centre: None,
            redirect: ZohoRedirect::default(),
            pkce: true,
            pkce_is_told: false,
        }
    }
}

/// How Zoho's client is registered, by the texts of `DATA_CENTRE`, `REDIRECT` and `PKCE`.
///
/// # Errors
/// [`FailureCode::Invalid`], which names the text that says nothing.
pub(super) fn registration(read: impl Fn(&str) -> Option<String>) -> Result<Registration, Failure> {
    let told = |what: &str| read(what).map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    let wrong = |what: &str, value: &str| {
        let failure = Failure::new(FailureCode::Invalid, "error-client-environment");
        failure.with("what", what).with("value", value)
    };
    let mut registered = Registration::default();
    if let Some(name) = told("DATA_CENTRE") {
        let centre = DataCentre::named(&name).ok_or_else(|| wrong("centre", &name))?;
        registered.data_centre = Some(centre);
    }
    if let Some(text) = told("REDIRECT") {
        registered.redirect = redirect_of(&text)?;
    }
    if let Some(text) = told("PKCE") {
        let pkce = text.to_lowercase().parse();
        registered.pkce = pkce.map_err(|_| wrong("pkce", &text))?;
        registered.pkce_is_told = true;
    }
    Ok(registered)
}

pub(super) fn of_texts(
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
            let registered = registration(|what| match what {
                "DATA_CENTRE" => own(option_env!("RENRAKU_BUILD_ZOHO_DATA_CENTRE")),
                "REDIRECT" => own(option_env!("RENRAKU_BUILD_ZOHO_REDIRECT")),
                "PKCE" => own(option_env!("RENRAKU_BUILD_ZOHO_PKCE")),
                _ => None,
            });
            of_texts(
                own(option_env!("RENRAKU_BUILD_ZOHO_CLIENT_ID")),
                own(option_env!("RENRAKU_BUILD_ZOHO_CLIENT_SECRET")),
                registered.unwrap_or_default(),
            )
        }
    };
    client.filter(|client| !client.id.is_empty())
}

/// What is wrong with an id, as the catalogue names it; none where it has the form that the service
/// gives its clients.
pub(super) fn id_flaw(side: Side, id: &str) -> Option<&'static str> {
    let plain = |part: &str| {
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_' || c == '.';
        !part.is_empty() && part.chars().all(fits)
    };
    let (google, zoho) = (id.strip_suffix(GOOGLE_END), id.strip_prefix(ZOHO_START));
    let (own, foreign) = match side {
        Side::Google => (google, zoho.map(|_| "id-of-zoho")),
        Side::Zoho => (zoho, google.map(|_| "id-of-google")),
    };
    match (own, foreign) {
        (Some(rest), _) if plain(rest) => None,
        (Some(rest), _) if !rest.is_empty() => Some("id-letters"),
        (None, Some(foreign)) => Some(foreign),
        (None, None) if id.starts_with(GOOGLE_SECRET) => Some("secret-of-google"),
        (Some(_) | None, _) => Some(match side {
            Side::Google => "id-google",
            Side::Zoho => "id-zoho",
        }),
    }
}

/// Whose client id stands where a secret belongs, as the catalogue names it. No secret has the form of
/// an id: Google's have another beginning and no such end, Zoho's are letters and digits alone.
pub(super) fn secret_flaw(secret: &str) -> Option<&'static str> {
    let ids = [(Side::Google, "id-of-google"), (Side::Zoho, "id-of-zoho")];
    ids.into_iter().find_map(|(side, flaw)| id_flaw(side, secret).is_none().then_some(flaw))
}

/// What is wrong with a client's secret, before anybody can sign in with it.
pub fn wrong_secret(side: Side, secret: Option<&Secret>) -> Option<Failure> {
    let flaw = secret_flaw(secret?.expose())?;
    let failure = Failure::of(FailureCode::Invalid, "error-client-secret-form", side);
    Some(failure.with("side", side.name()).with("flaw", flaw))
}

/// The client that a person has typed; `kept` says whether a secret for this id is kept already.
///
/// # Errors
/// [`FailureCode::Invalid`], which names what is missing or wrong.
pub fn of_draft(side: Side, draft: &ClientDraft, kept: bool) -> Result<OauthClient, Failure> {
    let wrong = |id: &str| Failure::of(FailureCode::Invalid, id, side).with("side", side.name());
    let (id, secret) = (draft.client_id.trim(), draft.client_secret.trim());
    // It is chosen before there is an id to paste.
    let registered = match side {
        Side::Google => Registration::default(),
        Side::Zoho => registered_as(draft)?,
    };
    if id.is_empty() {
        return Err(wrong("error-client-id-missing"));
    }
    if let Some(flaw) = id_flaw(side, id) {
        return Err(wrong("error-client-id-form").with("flaw", flaw));
    }
    if secret.is_empty() && !kept {
        return Err(wrong("error-client-secret-missing"));
    }
    let secret = Some(secret).filter(|secret| !secret.is_empty()).map(Secret::new);
    if let Some(failure) = wrong_secret(side, secret.as_ref()) {
        return Err(failure);
    }
    Ok(OauthClient { id: id.to_owned(), secret, registered })
}

/// How a person says that Zoho's client is registered.
fn registered_as(draft: &ClientDraft) -> Result<Registration, Failure> {
    let redirect = draft.redirect.as_deref().map(str::trim).filter(|text| !text.is_empty());
    Ok(Registration {
        data_centre: draft.data_centre,
        redirect: redirect.map(redirect_of).transpose()?.unwrap_or_default(),
        pkce: draft.pkce,
        pkce_is_told: false,
    })
}

/// What a client lacks, or what is wrong with its id, before anybody can sign in with it.
pub fn missing(side: Side, id: Option<&str>, secret: bool) -> Option<Failure> {
    let name = match side {
        Side::Zoho => "ZOHO",
        Side::Google => "GOOGLE",
    };
    let flaw = |id: &str| id_flaw(side, id);
    let (code, said) = match id {
        None => (FailureCode::NoClient, "error-no-client"),
        Some("") => (FailureCode::NoClient, "error-client-id-missing"),
        Some(id) if flaw(id).is_some() => (FailureCode::Invalid, "error-client-id-form"),
        Some(_) if !secret => (FailureCode::NoClient, "error-client-secret-missing"),
        Some(_) => return None,
    };
    let failure = Failure::of(code, said, side).with("name", name).with("side", side.name());
    Some(match id.and_then(flaw) {
        Some(flaw) => failure.with("flaw", flaw),
        None => failure,
    })
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
        for (side, id, flaw) in [
            (Side::Google, zoho, "id-of-zoho"),
            (Side::Zoho, google, "id-of-google"),
            (Side::Google, "GOCSPX-abc", "secret-of-google"),
            (Side::Zoho, "GOCSPX-abc", "secret-of-google"),
            (Side::Zoho, "1000.A 1", "id-letters"),
            (Side::Google, "7 a.apps.googleusercontent.com", "id-letters"),
            (Side::Zoho, "1000.", "id-zoho"),
            (Side::Zoho, "A1000.B", "id-zoho"),
            (Side::Google, ".apps.googleusercontent.com", "id-google"),
            (Side::Google, "7-a", "id-google"),
        ] {
            assert_eq!(id_flaw(side, id), Some(flaw), "{id}");
        }
        let nobody = draft("", "", Some("http://localhost:99999/callback"));
        check(Side::Zoho, nobody, Some("error-client-redirect"), "before there is an id");
        check(Side::Google, draft(zoho, "s", None), form, "Zoho's at Google");
        check(Side::Zoho, draft(google, "s", None), form, "Google's at Zoho");
        check(Side::Zoho, draft("1000.", "s", None), form, "the beginning alone");
        check(Side::Zoho, draft("1000.A 1", "s", None), form, "a space inside");
        check(Side::Zoho, draft("", "s", None), Some("error-client-id-missing"), "no id");
        check(Side::Zoho, draft(zoho, " ", None), Some("error-client-secret-missing"), "no secret");
        let pasted = Some("error-client-secret-form");
        check(Side::Google, draft(google, google, None), pasted, "the id once more");
        check(Side::Google, draft(google, zoho, None), pasted, "Zoho's id as Google's secret");
        check(Side::Zoho, draft(zoho, zoho, None), pasted, "the id once more");
        check(Side::Zoho, draft(zoho, google, None), pasted, "Google's id as Zoho's secret");
        check(Side::Google, draft(google, "GOCSPX-1000.a", None), None, "Google's secret");
        check(Side::Zoho, draft(zoho, "1000a0f9", None), None, "Zoho's secret");
        let away = Some("https://example.com/callback");
        check(Side::Zoho, draft(zoho, "s", away), Some("error-client-redirect"), "elsewhere");
        let shut = of_draft(Side::Zoho, &draft(zoho, "s", Some("http://localhost/cb")), false);
        let told = shut.expect_err("no port").id;
        assert_ne!(Some(told.as_str()), away, "not that it is on another computer");
        assert!(of_draft(Side::Zoho, &draft(zoho, "", None), true).is_ok(), "its secret is kept");
    }
}
