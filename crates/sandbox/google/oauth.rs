//! Google's token side: code exchange, refresh, revoke, userinfo.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::Google;
use crate::clock::SECOND;
use crate::http::{Call, Reply, field};
use crate::random::Random;
use crate::switches::GoogleSwitches;

/// The client that the sandbox's Google knows: of the type "Desktop app".
pub(crate) const CLIENT_ID: &str = "renraku-sandbox.apps.googleusercontent.com";
/// Its secret, which the token endpoint demands of desktop clients too.
pub(crate) const CLIENT_SECRET: &str = "GOCSPX-renraku-sandbox";
/// A second client of the same type, as a company has after it registered a new one.
pub(crate) const NEXT_CLIENT_ID: &str = "renraku-sandbox-next.apps.googleusercontent.com";
/// Its secret.
pub(crate) const NEXT_CLIENT_SECRET: &str = "GOCSPX-renraku-sandbox-next";

/// The secret of a client; none where there is no such client.
pub(crate) fn secret_of(id: &str) -> Option<&'static str> {
    match id {
        CLIENT_ID => Some(CLIENT_SECRET),
        NEXT_CLIENT_ID => Some(NEXT_CLIENT_SECRET),
        _ => None,
    }
}

pub(crate) const CONTACTS: &str = "https://www.googleapis.com/auth/contacts";
pub(crate) const CONTACTS_READONLY: &str = "https://www.googleapis.com/auth/contacts.readonly";
const EMAIL: &str = "https://www.googleapis.com/auth/userinfo.email";
const PROFILE: &str = "https://www.googleapis.com/auth/userinfo.profile";

/// The full spelling of a scope, as tokens carry it.
pub(crate) fn spelled(scope: &str) -> &str {
    match scope {
        "email" => EMAIL,
        "profile" => PROFILE,
        other => other,
    }
}

/// Scopes that log in; all others are ticked one by one.
pub(crate) fn is_login_scope(scope: &str) -> bool {
    ["openid", EMAIL, PROFILE].contains(&scope)
}

/// What an authorisation code stands for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Code {
    pub(crate) redirect: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) challenge: Option<String>,
    pub(crate) plain: bool,
    pub(crate) account: usize,
    pub(crate) at: i64,
    /// The client that asked for it: nobody else's.
    #[serde(default)]
    pub(crate) client: String,
}

/// A live right to use an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(crate) account: usize,
    pub(crate) scopes: Vec<String>,
    pub(crate) at: i64,
    /// Last use of a refresh token; end of life of an access token.
    pub(crate) mark: i64,
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
    /// Requests whose consent page is open.
    pub(crate) pending: BTreeMap<String, super::consent::Pending>,
}

impl Auth {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            random: Random::new(seed),
            codes: BTreeMap::new(),
            refresh: BTreeMap::new(),
            access: BTreeMap::new(),
            pending: BTreeMap::new(),
        }
    }

    /// The grant behind the call's bearer token, if it is alive.
    pub(crate) fn bearer(&self, call: &Call, now: i64) -> Option<Grant> {
        let token = call
            .header("authorization")
            .and_then(|h| h.strip_prefix("Bearer "))
            .or_else(|| call.param("access_token"))?;
        self.access.get(token.trim()).filter(|g| g.mark > now).cloned()
    }

    /// Ends every grant of an account.
    pub(crate) fn revoke_account(&mut self, account: usize) {
        self.refresh.retain(|_, g| g.account != account);
        self.access.retain(|_, g| g.account != account);
    }

    fn give_access(&mut self, grant: &Grant, life_s: i64, now: i64) -> String {
        let token = format!("ya29.{}", self.random.hex(48));
        self.access.retain(|_, g| g.mark > now);
        self.access
            .insert(token.clone(), Grant { mark: now + life_s * SECOND, at: now, ..grant.clone() });
        token
    }

    fn give_refresh(&mut self, grant: &Grant, cap: usize) -> String {
        let mut live: Vec<(i64, String)> = self
            .refresh
            .iter()
            .filter(|(_, g)| g.account == grant.account)
            .map(|(t, g)| (g.at, t.clone()))
            .collect();
        live.sort();
        let surplus = (live.len() + 1).saturating_sub(cap);
        for (_, token) in live.into_iter().take(surplus) {
            self.refresh.remove(&token);
        }
        let token = format!("1//0{}", self.random.hex(40));
        self.refresh.insert(token.clone(), grant.clone());
        token
    }
}

fn error(status: u16, error: &str, description: &str) -> Reply {
    Reply::json(status, &json!({"error": error, "error_description": description}))
}

/// Answers the token, revoke and userinfo endpoints.
pub(crate) fn answer(
    google: &mut Google,
    call: &Call,
    switches: &GoogleSwitches,
    now: i64,
) -> Reply {
    match (call.method.as_str(), call.path.as_str()) {
        ("POST", "/token") => token(google, call, switches, now),
        ("POST" | "GET", "/revoke") => revoke(google, call),
        ("GET" | "POST", _) => userinfo(google, call, now),
        _ => error(405, "invalid_request", "Method not allowed."),
    }
}

/// The client that asks, if its secret is right.
fn client(call: &Call, form: &[(String, String)]) -> Result<String, Reply> {
    let basic = call
        .header("authorization")
        .and_then(|h| h.strip_prefix("Basic "))
        .and_then(|t| STANDARD.decode(t).ok());
    let basic = basic.and_then(|b| String::from_utf8(b).ok());
    let (id, secret) = match basic.as_deref().and_then(|b| b.split_once(':')) {
        Some((id, secret)) => (Some(id), Some(secret)),
        None => (field(form, "client_id"), field(form, "client_secret")),
    };
    let Some(id) = id else {
        return Err(error(400, "invalid_request", "Could not determine client ID from request."));
    };
    match (secret_of(id), secret) {
        (None, _) => Err(error(401, "invalid_client", "The OAuth client was not found.")),
        (Some(_), None) => Err(error(400, "invalid_request", "client_secret is missing.")),
        (Some(right), Some(secret)) if secret == right => Ok(id.to_owned()),
        (Some(_), Some(_)) => Err(error(401, "invalid_client", "Unauthorized")),
    }
}

/// The answer where what was given to one client is asked for by another one.
fn anothers(given_to: &str, asks: &str) -> Option<Reply> {
    let same = given_to.is_empty() || given_to == asks;
    (!same).then(|| error(401, "unauthorized_client", "Unauthorized"))
}

fn token(google: &mut Google, call: &Call, switches: &GoogleSwitches, now: i64) -> Reply {
    let form = call.form();
    let asks = match client(call, &form) {
        Ok(id) => id,
        Err(reply) => return reply,
    };
    match field(&form, "grant_type") {
        Some("authorization_code") => exchange(google, &asks, &form, switches, now),
        Some("refresh_token") => refresh(google, &asks, &form, switches, now),
        Some(_) => error(400, "unsupported_grant_type", "Invalid grant_type"),
        None => error(400, "invalid_request", "Missing required parameter: grant_type"),
    }
}

fn exchange(
    google: &mut Google,
    asks: &str,
    form: &[(String, String)],
    switches: &GoogleSwitches,
    now: i64,
) -> Reply {
    let Some(text) = field(form, "code") else {
        return error(400, "invalid_request", "Missing required parameter: code");
    };
    // A code dies with its first use, good or bad.
    let Some(code) = google.auth.codes.remove(text) else {
        return error(400, "invalid_grant", "Malformed auth code.");
    };
    if let Some(reply) = anothers(&code.client, asks) {
        return reply;
    }
    if now - code.at > switches.code_life_s * SECOND {
        return error(400, "invalid_grant", "Bad Request");
    }
    if field(form, "redirect_uri") != Some(code.redirect.as_str()) {
        return error(400, "redirect_uri_mismatch", "Bad Request");
    }
    if let Some(challenge) = &code.challenge {
        let Some(verifier) = field(form, "code_verifier") else {
            return error(400, "invalid_grant", "Missing code verifier.");
        };
        let answer = if code.plain { verifier.to_owned() } else { s256(verifier) };
        if answer != *challenge {
            return error(400, "invalid_grant", "Invalid code verifier.");
        }
    }
    let dropped = |scope: &String| switches.scopes_dropped.iter().any(|d| spelled(d) == scope);
    let scopes = code.scopes.into_iter().filter(|scope| !dropped(scope)).collect();
    let client = code.client;
    let grant = Grant { account: code.account, scopes, at: now, mark: now, client };
    let access = google.auth.give_access(&grant, switches.access_token_life_s, now);
    let refresh = google.auth.give_refresh(&grant, switches.refresh_token_cap);
    let mut body = tokens(google, &grant, &access, switches, now);
    if let Some(map) = body.as_object_mut() {
        map.insert("refresh_token".to_owned(), json!(refresh));
        if let Some(life) = switches.refresh_token_life_s {
            map.insert("refresh_token_expires_in".to_owned(), json!(life - 1));
        }
    }
    Reply::json(200, &body)
}

fn refresh(
    google: &mut Google,
    asks: &str,
    form: &[(String, String)],
    switches: &GoogleSwitches,
    now: i64,
) -> Reply {
    let Some(text) = field(form, "refresh_token") else {
        return error(400, "invalid_request", "Missing required parameter: refresh_token");
    };
    let half_year = 183 * 86_400 * SECOND;
    let too_old = |g: &Grant| {
        switches.refresh_token_life_s.is_some_and(|life| now - g.at > life * SECOND)
            || now - g.mark > half_year
    };
    let given_to = google.auth.refresh.get(text).map(|grant| grant.client.as_str());
    if let Some(reply) = given_to.and_then(|given_to| anothers(given_to, asks)) {
        return reply;
    }
    let grant = match google.auth.refresh.get_mut(text) {
        Some(grant) if !too_old(grant) => {
            grant.mark = now;
            grant.clone()
        }
        Some(_) | None => {
            google.auth.refresh.remove(text);
            return error(400, "invalid_grant", "Token has been expired or revoked.");
        }
    };
    let access = google.auth.give_access(&grant, switches.access_token_life_s, now);
    Reply::json(200, &tokens(google, &grant, &access, switches, now))
}

fn tokens(
    google: &Google,
    grant: &Grant,
    access: &str,
    switches: &GoogleSwitches,
    now: i64,
) -> serde_json::Value {
    let mut body = json!({
        "access_token": access,
        "expires_in": switches.access_token_life_s - 1,
        "scope": grant.scopes.join(" "),
        "token_type": "Bearer",
    });
    let account = google.accounts.get(grant.account);
    if let (Some(map), Some(account), true) =
        (body.as_object_mut(), account, grant.scopes.iter().any(|s| s == "openid"))
    {
        let seconds = now / SECOND;
        let client = Some(grant.client.as_str()).filter(|id| !id.is_empty()).unwrap_or(CLIENT_ID);
        let mut claims = json!({
            "iss": "https://accounts.google.com", "azp": client, "aud": client, "sub": account.sub,
            "iat": seconds, "exp": seconds + 3600,
        });
        if let (Some(claims), true) =
            (claims.as_object_mut(), grant.scopes.iter().any(|s| s == EMAIL))
        {
            claims.insert("email".to_owned(), json!(account.email));
            claims.insert("email_verified".to_owned(), json!(true));
        }
        let part = |v: &serde_json::Value| URL_SAFE_NO_PAD.encode(v.to_string());
        let head = part(&json!({"alg": "RS256", "kid": "sandbox", "typ": "JWT"}));
        map.insert(
            "id_token".to_owned(),
            json!(format!("{head}.{}.{}", part(&claims), URL_SAFE_NO_PAD.encode("sandbox"))),
        );
    }
    body
}

/// The S256 transform of a code verifier (RFC 7636).
pub(crate) fn s256(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

fn revoke(google: &mut Google, call: &Call) -> Reply {
    let form = call.form();
    let Some(token) = field(&form, "token") else {
        return error(400, "invalid_request", "Missing required parameter: token");
    };
    let grant = google.auth.refresh.get(token).or_else(|| google.auth.access.get(token));
    match grant.map(|g| g.account) {
        Some(account) => {
            google.auth.revoke_account(account);
            Reply::json(200, &json!({}))
        }
        None => error(400, "invalid_token", "Token expired or revoked"),
    }
}

fn userinfo(google: &Google, call: &Call, now: i64) -> Reply {
    let grant = google.auth.bearer(call, now);
    let Some((grant, account)) = grant.and_then(|g| google.accounts.get(g.account).map(|a| (g, a)))
    else {
        return error(401, "invalid_request", "Invalid Credentials");
    };
    let scopes: BTreeSet<&str> = grant.scopes.iter().map(String::as_str).collect();
    let mut body = if call.path.ends_with("/oauth2/v2/userinfo") {
        json!({"id": account.sub})
    } else {
        json!({"sub": account.sub})
    };
    if let Some(map) = body.as_object_mut() {
        if scopes.contains(EMAIL) {
            map.insert("email".to_owned(), json!(account.email));
            let verified = if map.contains_key("id") { "verified_email" } else { "email_verified" };
            map.insert(verified.to_owned(), json!(true));
        }
        if scopes.contains(PROFILE) {
            map.insert("name".to_owned(), json!(account.name));
        }
    }
    Reply::json(200, &body)
}
