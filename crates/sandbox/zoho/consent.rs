//! Zoho's authorize endpoint, its consent page, and the page where a device's code is typed.

use serde::{Deserialize, Serialize};

use super::Zoho;
use super::oauth::{Code, SERVER_CLIENT_ID, scopes, secret_of};
use crate::clock::SECOND;
use crate::google::consent::{is_loopback, with_query};
use crate::html::{Brand, esc, notice, page};
use crate::http::{Call, Reply, field};
use crate::switches::{AutoApprove, Pkce, ZohoSwitches};

/// An authorisation request that waits for its person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Pending {
    redirect: String,
    state: Option<String>,
    scopes: Vec<String>,
    challenge: Option<String>,
    plain: bool,
    offline: bool,
    consent: bool,
    account: usize,
    #[serde(default)]
    client: String,
}

/// Says that another data centre sent the browser on.
const SENT_ON: &str = "sent_on";

fn refuse(title: &str, text: &str) -> Reply {
    Reply::html(400, notice(Brand::Zoho, title, text))
}

/// Answers the authorize address and the pages' forms.
pub(crate) fn answer(
    zoho: &mut Zoho,
    call: &Call,
    switches: &ZohoSwitches,
    centre: &str,
    now: i64,
) -> Reply {
    match (call.method.as_str(), call.path.as_str()) {
        ("GET", "/oauth/v2/auth") => authorize(zoho, call, switches, centre, now),
        ("POST", "/oauth/consent") => decide(zoho, call, switches, now),
        ("GET", "/oauth/v2/auth/device") => device_page(call),
        ("POST", "/oauth/consent/device") => device_decide(zoho, call),
        _ => refuse("Not found", "There is no such page on the accounts server."),
    }
}

fn authorize(
    zoho: &mut Zoho,
    call: &Call,
    switches: &ZohoSwitches,
    centre: &str,
    now: i64,
) -> Reply {
    let given = |name: &str| call.param(name).filter(|t| !t.is_empty());
    // A sign-in starts where the client is registered; from there it may be sent on.
    let sent_on = switches.multi_dc && given(SENT_ON).is_some();
    let known = centre == switches.client_centre || sent_on;
    if secret_of(given("client_id")).is_none() || !known {
        return refuse("Invalid Client", "The client that asks is not known to this data centre.");
    }
    let redirect = given("redirect_uri").unwrap_or("");
    let registered = match &switches.redirect_uri {
        Some(exact) => exact == redirect,
        None => is_loopback(redirect),
    };
    if !registered {
        return refuse(
            "Invalid Redirect Uri",
            "The redirect URI is not one of those that are registered for the client.",
        );
    }
    if given("response_type") != Some("code") {
        return refuse("Invalid Response Type", "response_type must be code.");
    }
    let scopes = scopes(given("scope").unwrap_or(""));
    let known = |s: &String| {
        let lower = s.to_lowercase();
        ["zohocrm.", "zohosearch.", "aaaserver."].iter().any(|p| lower.starts_with(p))
    };
    if scopes.is_empty() || !scopes.iter().all(known) {
        return refuse("Invalid OAuth Scope", "The scope does not exist.");
    }
    let for_servers = given("client_id") == Some(SERVER_CLIENT_ID);
    let with = given("code_challenge").is_some();
    if switches.pkce == Pkce::ByType && !for_servers && !with {
        return refuse("Invalid Request", "This client must send a code_challenge.");
    }
    if with {
        match switches.pkce {
            Pkce::Checked | Pkce::RefusedWithTokens => {}
            Pkce::ByType if !for_servers => {}
            Pkce::ByType | Pkce::RefusedOnPage => {
                return refuse("Invalid Request", "This client takes no code_challenge.");
            }
            Pkce::RefusedByRedirect => {
                let mut query = url::form_urlencoded::Serializer::new(String::new());
                query.append_pair("error", "invalid_request");
                if let Some(state) = given("state") {
                    query.append_pair("state", state);
                }
                return Reply::redirect(&with_query(redirect, &query.finish()));
            }
        }
    }
    let plain = match given("code_challenge_method") {
        None | Some("plain") => true,
        Some("S256") => false,
        Some(_) => {
            return refuse(
                "Invalid Code Challenge Method",
                "code_challenge_method must be S256 or plain.",
            );
        }
    };
    let pending = Pending {
        redirect: redirect.to_owned(),
        state: given("state").map(str::to_owned),
        scopes,
        challenge: given("code_challenge").map(str::to_owned),
        plain,
        offline: given("access_type") == Some("offline"),
        consent: given("prompt") == Some("consent"),
        account: switches.login_as.min(zoho.orgs.len().saturating_sub(1)),
        client: given("client_id").unwrap_or_default().to_owned(),
    };
    // The user's own data centre shows the page.
    if centre != switches.data_centre
        && let Some(home) = zoho.hosts.get(&switches.data_centre)
    {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (key, value) in &call.query {
            query.append_pair(key, value);
        }
        if !switches.multi_dc {
            return refuse(
                "Invalid Client",
                "The client is not open to users of your data centre.",
            );
        }
        query.append_pair(SENT_ON, "1");
        return Reply::redirect(&format!("{}/oauth/v2/auth?{}", home.accounts, query.finish()));
    }
    match switches.auto_approve {
        AutoApprove::Off => show(zoho, pending),
        AutoApprove::Allow | AutoApprove::Untick => accept(zoho, pending, switches, now),
        AutoApprove::Deny => reject(&pending),
    }
}

fn words(scope: &str) -> String {
    let lower = scope.to_lowercase();
    if lower.starts_with("zohocrm.modules") {
        "Read and write the records of your CRM".to_owned()
    } else if lower.starts_with("zohocrm.settings") {
        "Read how your CRM is set up".to_owned()
    } else if lower.starts_with("zohocrm.users")
        || lower.starts_with("zohocrm.org")
        || lower.starts_with("aaaserver")
    {
        "See who you are and your organisation".to_owned()
    } else {
        "Search and query your CRM".to_owned()
    }
}

fn show(zoho: &mut Zoho, pending: Pending) -> Reply {
    let request = zoho.auth.random.hex(24);
    let mut rights: Vec<String> = pending.scopes.iter().map(|s| words(s)).collect();
    rights.dedup();
    let rights: String = rights.iter().map(|r| format!("<li>{}</li>", esc(r))).collect();
    let scopes: String =
        pending.scopes.iter().map(|s| format!("<span class=\"pill\">{}</span> ", esc(s))).collect();
    let accounts: String = zoho
        .orgs
        .iter()
        .enumerate()
        .map(|(i, o)| {
            let selected = if i == pending.account { " selected" } else { "" };
            let email = o.users.first().map_or("", |u| u.email.as_str());
            format!(
                "<option value=\"{i}\"{selected}>{} &lt;{}&gt;</option>",
                esc(&o.company),
                esc(email)
            )
        })
        .collect();
    let body = format!(
        "<div class=\"card narrow\"><p class=\"soft\">Zoho sandbox sign-in</p><h1>Renraku would like to access your Zoho CRM</h1>\
         <form method=\"post\" action=\"/oauth/consent\"><input type=\"hidden\" name=\"request\" value=\"{request}\">\
         <p><label for=\"account\">Organisation</label><select id=\"account\" name=\"account\">{accounts}</select></p>\
         <ul>{rights}</ul><details><summary>Scopes</summary><p>{scopes}</p></details>\
         <p class=\"soft\">Nothing leaves this computer: this page belongs to the sandbox.</p>\
         <div class=\"actions\"><button id=\"reject\" name=\"answer\" value=\"reject\">Reject</button>\
         <button class=\"main\" id=\"accept\" name=\"answer\" value=\"accept\">Accept</button></div></form></div>"
    );
    zoho.auth.pending.insert(request, pending);
    Reply::html(200, page(Brand::Zoho, "Sign in \u{2013} Zoho sandbox", "", &body))
}

fn decide(zoho: &mut Zoho, call: &Call, switches: &ZohoSwitches, now: i64) -> Reply {
    let form = call.form();
    let Some(mut pending) = field(&form, "request").and_then(|r| zoho.auth.pending.remove(r))
    else {
        return refuse(
            "Invalid Request",
            "This page is no longer valid. Start again from the app.",
        );
    };
    if let Some(account) = field(&form, "account")
        .and_then(|t| t.parse::<usize>().ok())
        .filter(|i| *i < zoho.orgs.len())
    {
        pending.account = account;
    }
    if field(&form, "answer") == Some("accept") {
        accept(zoho, pending, switches, now)
    } else {
        reject(&pending)
    }
}

fn accept(zoho: &mut Zoho, pending: Pending, switches: &ZohoSwitches, now: i64) -> Reply {
    let first = !zoho.auth.consented.contains(&pending.account);
    if first {
        zoho.auth.consented.push(pending.account);
    }
    let centre = switches.data_centre.clone();
    let server = zoho.hosts.get(&centre).map(|h| h.accounts.clone()).unwrap_or_default();
    let text = zoho.auth.token();
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if let Some(state) = &pending.state {
        query.append_pair("state", state);
    }
    query
        .append_pair("code", &text)
        .append_pair("location", &centre)
        .append_pair("accounts-server", &server);
    let to = with_query(&pending.redirect, &query.finish());
    zoho.auth.codes.insert(
        text,
        Code {
            redirect: Some(pending.redirect),
            scopes: pending.scopes,
            challenge: pending.challenge,
            plain: pending.plain,
            lasting: pending.offline && (first || pending.consent),
            account: pending.account,
            centre,
            expires: now + switches.code_life_s * SECOND,
            client: pending.client,
        },
    );
    Reply::redirect(&to)
}

fn reject(pending: &Pending) -> Reply {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("error", "access_denied");
    if let Some(state) = &pending.state {
        query.append_pair("state", state);
    }
    Reply::redirect(&with_query(&pending.redirect, &query.finish()))
}

fn device_page(call: &Call) -> Reply {
    let code = esc(call.param("user_code").unwrap_or(""));
    let body = format!(
        "<div class=\"card narrow\"><h1>Connect a device</h1><form method=\"post\" action=\"/oauth/consent/device\">\
         <label for=\"user_code\">Code shown by the app</label><input type=\"text\" id=\"user_code\" name=\"user_code\" value=\"{code}\" required>\
         <div class=\"actions\"><button id=\"reject\" name=\"answer\" value=\"reject\">Reject</button>\
         <button class=\"main\" id=\"accept\" name=\"answer\" value=\"accept\">Accept</button></div></form></div>"
    );
    Reply::html(200, page(Brand::Zoho, "Connect a device \u{2013} Zoho sandbox", "", &body))
}

fn device_decide(zoho: &mut Zoho, call: &Call) -> Reply {
    let form = call.form();
    let code = field(&form, "user_code").unwrap_or("").trim().to_uppercase();
    let approved = field(&form, "answer") == Some("accept");
    match zoho.auth.devices.values_mut().find(|d| d.user_code == code) {
        Some(device) => {
            device.approved = Some(approved);
            Reply::html(
                200,
                notice(Brand::Zoho, "Done", "You can close this window and go back to the app."),
            )
        }
        None => refuse("Invalid Code", "No app waits with this code."),
    }
}
