//! Zoho's token side: code exchange, refresh, revoke, device flow, self-client codes.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Zoho;
use super::device::{self, Device};
use crate::clock::SECOND;
use crate::google::oauth::s256;
use crate::http::{Call, Reply, field};
use crate::random::Random;
use crate::switches::{Pkce, ScopeSpelling, ZohoSwitches};

/// The client that the sandbox's Zoho knows: of the type for mobile and desktop apps, with PKCE.
pub(crate) const CLIENT_ID: &str = "1000.RENRAKUSANDBOX";
/// A second client, of the type for servers, which takes no PKCE.
pub(crate) const SERVER_CLIENT_ID: &str = "1000.RENRAKUSANDBOXSERVER";
/// Its secret.
pub(crate) const SERVER_CLIENT_SECRET: &str = "renraku-sandbox-zoho-server-secret";
/// The one redirect that they are registered with.
pub(crate) const REDIRECT: &str = "http://localhost:48620/callback";
/// Its secret; needed unless the switch says otherwise.
pub(crate) const CLIENT_SECRET: &str = "renraku-sandbox-zoho-secret";

/// The secret of a client; none where there is no such client.
pub(crate) fn secret_of(id: Option<&str>) -> Option<&'static str> {
    match id {
        Some(CLIENT_ID) => Some(CLIENT_SECRET),
        Some(SERVER_CLIENT_ID) => Some(SERVER_CLIENT_SECRET),
        Some(_) | None => None,
    }
}

/// What an authorisation code stands for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Code {
    /// `None` for a code made in the console (self client).
    pub(crate) redirect: Option<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) challenge: Option<String>,
    pub(crate) plain: bool,
    /// Whether a refresh token comes with it.
    pub(crate) lasting: bool,
    pub(crate) account: usize,
    pub(crate) centre: String,
    pub(crate) expires: i64,
    /// The client that asked for it: nobody else's.
    #[serde(default)]
    pub(crate) client: String,
}

/// A live right to use an organisation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(crate) account: usize,
    pub(crate) scopes: Vec<String>,
    pub(crate) centre: String,
    pub(crate) at: i64,
    /// End of life of an access token.
    pub(crate) mark: i64,
    /// The refresh token it came from.
    pub(crate) parent: String,
    /// Times of the access tokens given for this refresh token.
    pub(crate) issued: VecDeque<i64>,
    /// The client that it was given to: no other one renews it.
    #[serde(default)]
    pub(crate) client: String,
}

/// Everything that was given out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Auth {
    pub(crate) random: Random,
    pub(crate) codes: BTreeMap<String, Code>,
    pub(crate) refresh: BTreeMap<String, Grant>,
    pub(crate) access: BTreeMap<String, Grant>,
    pub(crate) pending: BTreeMap<String, super::consent::Pending>,
    pub(crate) devices: BTreeMap<String, Device>,
    /// Accounts that have consented before, for the refresh-token rule.
    pub(crate) consented: Vec<usize>,
}

impl Auth {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            random: Random::new(seed),
            codes: BTreeMap::new(),
            refresh: BTreeMap::new(),
            access: BTreeMap::new(),
            pending: BTreeMap::new(),
            devices: BTreeMap::new(),
            consented: Vec::new(),
        }
    }

    pub(crate) fn token(&mut self) -> String {
        format!("1000.{}.{}", self.random.hex(32), self.random.hex(32))
    }

    /// A code as a person makes it in Zoho's console (self client): it has no redirect.
    pub(crate) fn console_code(&mut self, scope: &str, centre: &str, expires: i64) -> String {
        let text = self.token();
        let code = Code {
            redirect: None,
            scopes: scopes(scope),
            challenge: None,
            plain: false,
            lasting: true,
            account: 0,
            centre: centre.to_owned(),
            expires,
            client: CLIENT_ID.to_owned(),
        };
        self.codes.insert(text.clone(), code);
        text
    }

    /// Ends a refresh token and everything that came from it.
    pub(crate) fn revoke(&mut self, refresh: &str) -> bool {
        self.access.retain(|_, g| g.parent != refresh);
        self.refresh.remove(refresh).is_some()
    }
}

pub(super) fn error(switches: &ZohoSwitches, code: &str) -> Reply {
    Reply::json(switches.token_error_status, &json!({"error": code}))
}

/// Answers everything under `/oauth/` but the consent pages.
pub(crate) fn answer(
    zoho: &mut Zoho,
    call: &Call,
    switches: &ZohoSwitches,
    centre: &str,
    now: i64,
) -> Reply {
    let form = call.form();
    match (call.method.as_str(), call.path.as_str()) {
        ("GET", "/oauth/serverinfo") => {
            let locations: BTreeMap<&String, &String> =
                zoho.hosts.iter().map(|(name, h)| (name, &h.accounts)).collect();
            Reply::json(200, &json!({"result": "success", "locations": locations}))
        }
        ("POST", "/oauth/v2/token") => match field(&form, "grant_type") {
            Some("authorization_code") => exchange(zoho, &form, switches, centre, now),
            Some("refresh_token") => refresh(zoho, &form, switches, centre, now),
            Some(_) | None => error(switches, "invalid_grant_type"),
        },
        ("POST", "/oauth/v2/token/revoke") => {
            match field(&form, "token").map(|t| zoho.auth.revoke(t)) {
                Some(true) => Reply::json(200, &json!({"status": "success"})),
                Some(false) | None => Reply::json(400, &json!({"error": "invalid_token"})),
            }
        }
        ("POST", "/oauth/v3/device/code") => device::code(zoho, &form, switches, centre, now),
        ("POST", "/oauth/v3/device/token") => device::token(zoho, &form, switches, centre, now),
        _ => Reply::html(
            404,
            crate::html::notice(
                crate::html::Brand::Zoho,
                "Not found",
                "There is no such address on the accounts server.",
            ),
        ),
    }
}

pub(super) fn client(
    form: &[(String, String)],
    switches: &ZohoSwitches,
    centre: &str,
) -> Result<(), &'static str> {
    let known = centre == switches.client_centre || switches.multi_dc;
    let Some(right) = secret_of(field(form, "client_id")).filter(|_| known) else {
        return Err("invalid_client");
    };
    match field(form, "client_secret") {
        Some(secret) if secret != right => Err("invalid_client_secret"),
        None if switches.secret_required => Err("invalid_client_secret"),
        Some(_) | None => Ok(()),
    }
}

fn exchange(
    zoho: &mut Zoho,
    form: &[(String, String)],
    switches: &ZohoSwitches,
    centre: &str,
    now: i64,
) -> Reply {
    if let Err(code) = client(form, switches, centre) {
        return error(switches, code);
    }
    let text = field(form, "code").unwrap_or("");
    // The code of another data centre, or another client, is unknown here, and lives on there.
    let code = zoho.auth.codes.get(text);
    if code.is_none_or(|c| c.centre != centre || is_anothers(&c.client, form)) {
        return error(switches, "invalid_code");
    }
    let Some(code) = zoho.auth.codes.remove(text) else { return error(switches, "invalid_code") };
    if now > code.expires {
        return error(switches, "invalid_code");
    }
    if code.redirect.is_some() && field(form, "redirect_uri") != code.redirect.as_deref() {
        return error(switches, "invalid_redirect_uri");
    }
    if switches.pkce == Pkce::RefusedWithTokens && field(form, "code_verifier").is_some() {
        return error(switches, "invalid_request");
    }
    if let Some(challenge) = &code.challenge {
        let verifier = field(form, "code_verifier").unwrap_or("");
        let given = if code.plain { verifier.to_owned() } else { s256(verifier) };
        if given != *challenge {
            return error(switches, "invalid_code");
        }
    }
    let to = To { client: code.client, account: code.account, scopes: code.scopes };
    grant(zoho, to, code.lasting, centre, switches, now)
}

/// Whether what was given to this client is asked for by another one.
pub(super) fn is_anothers(given_to: &str, form: &[(String, String)]) -> bool {
    !given_to.is_empty() && field(form, "client_id") != Some(given_to)
}

/// Who is granted what.
pub(super) struct To {
    pub(super) client: String,
    pub(super) account: usize,
    pub(super) scopes: Vec<String>,
}

pub(super) fn grant(
    zoho: &mut Zoho,
    To { client, account, scopes }: To,
    lasting: bool,
    centre: &str,
    switches: &ZohoSwitches,
    now: i64,
) -> Reply {
    let refresh = zoho.auth.token();
    let dropped =
        |scope: &String| switches.scopes_dropped.iter().any(|d| d.eq_ignore_ascii_case(scope));
    let grant = Grant {
        account,
        scopes: scopes.into_iter().filter(|scope| !dropped(scope)).collect(),
        centre: centre.to_owned(),
        at: now,
        mark: 0,
        parent: refresh.clone(),
        issued: VecDeque::from([now]),
        client,
    };
    if lasting {
        let mut live: Vec<(i64, String)> = zoho
            .auth
            .refresh
            .iter()
            .filter(|(_, g)| g.account == account)
            .map(|(t, g)| (g.at, t.clone()))
            .collect();
        live.sort();
        let surplus = (live.len() + 1).saturating_sub(switches.refresh_token_cap);
        for (_, token) in live.into_iter().take(surplus) {
            zoho.auth.revoke(&token);
        }
        zoho.auth.refresh.insert(refresh.clone(), grant.clone());
    }
    let mut body = access(zoho, &grant, centre, switches, now);
    if let (Some(map), true) = (body.as_object_mut(), lasting) {
        map.insert("refresh_token".to_owned(), json!(refresh));
    }
    Reply::json(200, &body)
}

fn access(
    zoho: &mut Zoho,
    grant: &Grant,
    centre: &str,
    switches: &ZohoSwitches,
    now: i64,
) -> Value {
    let token = zoho.auth.token();
    zoho.auth.access.retain(|_, g| g.mark > now);
    let mut of_parent: Vec<(i64, String)> = zoho
        .auth
        .access
        .iter()
        .filter(|(_, g)| g.parent == grant.parent)
        .map(|(t, g)| (g.at, t.clone()))
        .collect();
    of_parent.sort();
    for (_, old) in of_parent.iter().take((of_parent.len() + 1).saturating_sub(10)) {
        zoho.auth.access.remove(old);
    }
    let life = switches.access_token_life_s;
    let live =
        Grant { mark: now + life * SECOND, at: now, issued: VecDeque::new(), ..grant.clone() };
    let scope = spelled(&grant.scopes, switches.scope_spelling);
    zoho.auth.access.insert(token.clone(), live);
    let api = zoho.hosts.get(centre).map(|h| h.api.clone()).unwrap_or_default();
    let mut body = json!({"access_token": token, "api_domain": api, "token_type": "Bearer", "expires_in": life});
    if let (Some(scope), Some(body)) = (scope, body.as_object_mut()) {
        body.insert("scope".to_owned(), json!(scope));
    }
    body
}

fn refresh(
    zoho: &mut Zoho,
    form: &[(String, String)],
    switches: &ZohoSwitches,
    centre: &str,
    now: i64,
) -> Reply {
    if let Err(code) = client(form, switches, centre) {
        return error(switches, code);
    }
    let token = field(form, "refresh_token").unwrap_or("").to_owned();
    let known = zoho.auth.refresh.get_mut(&token);
    let known = known.filter(|g| g.centre == centre && !is_anothers(&g.client, form));
    let Some(grant) = known else { return error(switches, "invalid_code") };
    while grant.issued.front().is_some_and(|at| at + 600 * SECOND <= now) {
        grant.issued.pop_front();
    }
    if switches.throttle_refresh && grant.issued.len() >= 10 {
        let text =
            "You have made too many requests continuously. Please try again after some time.";
        return Reply::json(
            switches.throttle_status,
            &json!({"error_description": text, "error": "Access Denied", "status": "failure"}),
        );
    }
    grant.issued.push_back(now);
    let grant = grant.clone();
    Reply::json(200, &access(zoho, &grant, centre, switches, now))
}

/// Granted scopes as an answer spells them.
fn spelled(granted: &[String], how: ScopeSpelling) -> Option<String> {
    let capital = |part: &str| {
        let mut letters = part.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
    };
    let capitals = |scope: &String| scope.split('.').map(capital).collect::<Vec<_>>().join(".");
    match how {
        ScopeSpelling::Capitals => {
            let mut scopes: Vec<String> = granted.iter().map(capitals).collect();
            scopes.sort();
            Some(scopes.join(" "))
        }
        ScopeSpelling::Asked => Some(granted.join(" ")),
        ScopeSpelling::Commas => Some(granted.join(",").to_lowercase()),
        ScopeSpelling::Silent => None,
    }
}

/// The scopes of a request: separated by commas, or by spaces.
pub(crate) fn scopes(text: &str) -> Vec<String> {
    text.split([',', ' ']).map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect()
}
