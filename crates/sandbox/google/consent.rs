//! Google's authorize endpoint and the consent page with a box per data scope.

use serde::{Deserialize, Serialize};

use super::Google;
use super::oauth::{CONTACTS, CONTACTS_READONLY, Code, is_login_scope, secret_of, spelled};
use crate::html::{Brand, esc, notice, page};
use crate::http::{Call, Reply, field};
use crate::switches::{AutoApprove, GoogleSwitches};

/// An authorisation request that waits for its person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Pending {
    redirect: String,
    state: Option<String>,
    scopes: Vec<String>,
    challenge: Option<String>,
    plain: bool,
    account: usize,
    #[serde(default)]
    client: String,
}

fn refuse(status: u16, code: &str, text: &str) -> Reply {
    Reply::html(
        status,
        notice(Brand::Google, &format!("Access blocked: Error {status} {code}"), text),
    )
}

/// Answers the authorize address and the page's forms.
pub(crate) fn answer(
    google: &mut Google,
    call: &Call,
    switches: &GoogleSwitches,
    now: i64,
) -> Reply {
    match (call.method.as_str(), call.path.as_str()) {
        ("GET", "/o/oauth2/v2/auth" | "/o/oauth2/auth") => authorize(google, call, switches, now),
        ("POST", "/o/oauth2/consent") => decide(google, call, now),
        _ => super::errors::wrong_path(),
    }
}

/// Whether a redirect goes to this machine over plain http (any port, any path).
pub(crate) fn is_loopback(uri: &str) -> bool {
    url::Url::parse(uri).is_ok_and(|u| {
        u.scheme() == "http"
            && matches!(u.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"))
            && u.fragment().is_none()
    })
}

fn authorize(google: &mut Google, call: &Call, switches: &GoogleSwitches, now: i64) -> Reply {
    let given = |name: &str| call.param(name).filter(|t| !t.is_empty());
    if let Some(failure) = &switches.browser_failure {
        let status = if failure == "admin_policy_enforced" { 400 } else { 403 };
        return refuse(
            status,
            failure,
            "This request cannot be completed. The app is told nothing; close this window.",
        );
    }
    let Some(client) = given("client_id") else {
        return refuse(400, "invalid_request", "Missing required parameter: client_id");
    };
    if secret_of(client).is_none() {
        return refuse(401, "invalid_client", "The OAuth client was not found.");
    }
    let Some(redirect) = given("redirect_uri") else {
        return refuse(400, "invalid_request", "Missing required parameter: redirect_uri");
    };
    if !is_loopback(redirect) {
        return refuse(
            400,
            "redirect_uri_mismatch",
            "The redirect address is not a loopback address.",
        );
    }
    match given("response_type") {
        Some("code") => {}
        Some(_) => return refuse(400, "invalid_request", "Invalid response_type."),
        None => return refuse(400, "invalid_request", "Missing required parameter: response_type"),
    }
    let Some(scope) = given("scope") else {
        return refuse(400, "invalid_request", "Missing required parameter: scope");
    };
    let plain = match (given("code_challenge"), given("code_challenge_method")) {
        (None, None) => false,
        (Some(c), Some("S256")) if c.len() == 43 => false,
        (Some(_), None | Some("plain")) => true,
        (Some(_) | None, _) => {
            return refuse(
                400,
                "invalid_request",
                "Invalid code_challenge or code_challenge_method.",
            );
        }
    };
    let mut scopes: Vec<String> = Vec::new();
    for scope in scope.split_whitespace().map(spelled) {
        let known = is_login_scope(scope) || scope == CONTACTS || scope == CONTACTS_READONLY;
        if !known {
            return refuse(400, "invalid_scope", "Some requested scopes were invalid.");
        }
        if !scopes.iter().any(|s| s == scope) {
            scopes.push(scope.to_owned());
        }
    }
    let hinted = given("login_hint")
        .and_then(|hint| google.accounts.iter().position(|a| a.email == hint || a.sub == hint));
    let pending = Pending {
        redirect: redirect.to_owned(),
        state: given("state").map(str::to_owned),
        scopes,
        challenge: given("code_challenge").map(str::to_owned),
        plain,
        account: hinted.unwrap_or(switches.login_as).min(google.accounts.len().saturating_sub(1)),
        client: client.to_owned(),
    };
    match switches.auto_approve {
        AutoApprove::Off => show(google, pending, switches),
        AutoApprove::Allow => allow(google, pending, |_| true, now),
        AutoApprove::Untick => allow(google, pending, |_| false, now),
        AutoApprove::Deny => deny(&pending),
    }
}

fn box_id(scope: &str) -> &'static str {
    if scope == CONTACTS_READONLY { "scope-contacts-readonly" } else { "scope-contacts" }
}

fn show(google: &mut Google, pending: Pending, switches: &GoogleSwitches) -> Reply {
    let request = google.auth.random.hex(24);
    let accounts: String = google
        .accounts
        .iter()
        .enumerate()
        .map(|(i, a)| {
            let selected = if i == pending.account { " selected" } else { "" };
            format!(
                "<option value=\"{i}\"{selected}>{} &lt;{}&gt;</option>",
                esc(&a.name),
                esc(&a.email)
            )
        })
        .collect();
    let ticked = if switches.boxes_ticked { " checked" } else { "" };
    let boxes: String = pending
        .scopes
        .iter()
        .filter(|s| !is_login_scope(s))
        .map(|s| {
            let id = box_id(s);
            let text = if s == CONTACTS { "See, edit, download, and permanently delete your contacts" } else { "See and download your contacts" };
            format!("<label class=\"check\" for=\"{id}\"><input type=\"checkbox\" id=\"{id}\" name=\"{id}\" value=\"1\"{ticked}><span>{text}</span></label>")
        })
        .collect();
    let body = format!(
        "<div class=\"card narrow\"><p class=\"soft\">Google sandbox sign-in</p><h1>Renraku wants access to your Google Account</h1>\
         <form method=\"post\" action=\"/o/oauth2/consent\"><input type=\"hidden\" name=\"request\" value=\"{request}\">\
         <p><label for=\"account\">Account</label><select id=\"account\" name=\"account\">{accounts}</select></p>\
         <p>Select what Renraku can access:</p>{boxes}\
         <p class=\"soft\">Nothing leaves this computer: this page belongs to the sandbox.</p>\
         <div class=\"actions\"><button id=\"deny\" name=\"answer\" value=\"deny\">Cancel</button>\
         <button class=\"main\" id=\"allow\" name=\"answer\" value=\"allow\">Allow</button></div></form></div>"
    );
    google.auth.pending.insert(request, pending);
    Reply::html(200, page(Brand::Google, "Sign in \u{2013} Google sandbox", "", &body))
}

fn decide(google: &mut Google, call: &Call, now: i64) -> Reply {
    let form = call.form();
    let pending = field(&form, "request").and_then(|r| google.auth.pending.remove(r));
    let Some(mut pending) = pending else {
        return refuse(
            400,
            "invalid_request",
            "This sign-in page is no longer valid. Start again from the app.",
        );
    };
    if let Some(account) = field(&form, "account")
        .and_then(|t| t.parse::<usize>().ok())
        .filter(|i| *i < google.accounts.len())
    {
        pending.account = account;
    }
    if field(&form, "answer") == Some("allow") {
        allow(google, pending, |scope| field(&form, box_id(scope)).is_some(), now)
    } else {
        deny(&pending)
    }
}

fn allow(google: &mut Google, pending: Pending, ticked: impl Fn(&str) -> bool, now: i64) -> Reply {
    let scopes: Vec<String> =
        pending.scopes.into_iter().filter(|s| is_login_scope(s) || ticked(s)).collect();
    let code = format!("4/0A{}", google.auth.random.hex(40));
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if let Some(state) = &pending.state {
        query.append_pair("state", state);
    }
    query.append_pair("iss", "https://accounts.google.com").append_pair("code", &code);
    query
        .append_pair("scope", &scopes.join(" "))
        .append_pair("authuser", "0")
        .append_pair("prompt", "consent");
    let to = with_query(&pending.redirect, &query.finish());
    google.auth.codes.insert(
        code,
        Code {
            redirect: pending.redirect,
            scopes,
            challenge: pending.challenge,
            plain: pending.plain,
            account: pending.account,
            at: now,
            client: pending.client,
        },
    );
    Reply::redirect(&to)
}

fn deny(pending: &Pending) -> Reply {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("error", "access_denied");
    if let Some(state) = &pending.state {
        query.append_pair("state", state);
    }
    Reply::redirect(&with_query(&pending.redirect, &query.finish()))
}

/// Adds a query to an address that may have one already.
pub(crate) fn with_query(uri: &str, query: &str) -> String {
    let joint = if uri.contains('?') { '&' } else { '?' };
    format!("{uri}{joint}{query}")
}
