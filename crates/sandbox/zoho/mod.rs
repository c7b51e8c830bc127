//! The stand-in of Zoho: accounts servers of several data centres, CRM API v8.

pub(crate) mod act;
pub(crate) mod actions;
pub(crate) mod check;
pub(crate) mod columns;
pub(crate) mod consent;
pub(crate) mod coql;
pub(crate) mod deleted;
mod device;
pub(crate) mod draft;
pub(crate) mod duplicate;
pub(crate) mod errors;
pub(crate) mod fields;
pub(crate) mod form;
pub(crate) mod layout;
pub(crate) mod metadata;
pub(crate) mod oauth;
pub(crate) mod page;
pub(crate) mod paging;
pub(crate) mod picks;
pub(crate) mod records;
pub(crate) mod search;
pub(crate) mod setup_page;
pub(crate) mod store;
pub(crate) mod write;

use std::collections::BTreeMap;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::DAY;
use crate::http::{Call, Door, Reply};
use crate::log::Traffic;
use crate::switches::ZohoSwitches;

use columns::Look;
use errors::{
    Fault, invalid_data, invalid_module, invalid_url, no_permission, scope_mismatch, too_many,
    unauthorized, wrong_method,
};
use oauth::{Auth, Grant};
use store::{Module, Org};

/// The data centres by name: Zoho's ten, and one that no client has ever heard of.
pub(crate) const CENTRES: [&str; 11] =
    ["us", "eu", "in", "au", "jp", "ca", "sa", "uk", "ae", "cn", "zz"];

/// Queries and writes that may run at once, whatever the edition.
const HEAVY_AT_ONCE: usize = 10;

/// Addresses of one data centre's servers.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Hosts {
    pub(crate) accounts: String,
    pub(crate) api: String,
}

/// Everything that Zoho knows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Zoho {
    pub(crate) orgs: Vec<Org>,
    pub(crate) auth: Auth,
    #[serde(skip)]
    pub(crate) hosts: BTreeMap<String, Hosts>,
}

/// One authorised request with all that its answer depends on.
pub(crate) struct Asked<'a> {
    pub(crate) call: &'a Call,
    pub(crate) switches: &'a ZohoSwitches,
    pub(crate) now: i64,
    pub(crate) look: Look,
    pub(crate) scopes: Vec<String>,
}

impl Asked<'_> {
    /// The body as a JSON object.
    pub(crate) fn body(&self) -> Result<Value, Fault> {
        let body = self.call.json().filter(Value::is_object);
        body.ok_or_else(|| invalid_data(&json!({"expected_data_type": "jsonobject"})))
    }

    /// Whether the token may do `verb` (READ, CREATE, UPDATE, DELETE) with records of a module.
    pub(crate) fn scoped(&self, module: &str, verb: &str) -> bool {
        let module = module.to_lowercase();
        self.scopes.iter().any(|scope| {
            let scope = scope.to_lowercase();
            let Some(rest) = scope.strip_prefix("zohocrm.modules.") else { return false };
            let (of, may) = rest.split_once('.').unwrap_or(("", rest));
            let verb = verb.to_lowercase();
            (of.is_empty() || of == module)
                && (may == "all"
                    || may == verb
                    || may == "write" && verb != "read" && verb != "delete")
        })
    }

    /// Whether the token holds a settings-like scope.
    fn has(&self, area: &str, verb: &str) -> bool {
        let parent = area.split('.').next().unwrap_or("");
        let wanted = [
            format!("zohocrm.{area}.{verb}"),
            format!("zohocrm.{area}.all"),
            format!("zohocrm.{parent}.all"),
        ];
        self.scopes.iter().any(|s| wanted.contains(&s.to_lowercase()))
    }

    pub(crate) fn may_view(&self, module: &Module) -> Result<(), Fault> {
        if module.rights.view {
            Ok(())
        } else {
            Err(no_permission(&[format!("Crm_Implied_View_{}", module.api_name)]))
        }
    }
}

/// What kind of traffic a path belongs to.
pub(crate) fn traffic(path: &str) -> Traffic {
    if path.starts_with("/oauth/v2/auth") || path.starts_with("/oauth/consent") {
        Traffic::Login
    } else if path.starts_with("/oauth/") {
        Traffic::Token
    } else {
        Traffic::Api
    }
}

/// Answers one request of any kind.
pub(crate) fn answer(zoho: &mut Zoho, call: &Call, switches: &ZohoSwitches, now: i64) -> Reply {
    for org in &mut zoho.orgs {
        if !org.due.is_empty() {
            org.run_due(now);
        }
    }
    match (&call.door, traffic(&call.path)) {
        (Door::ZohoAccounts(centre), Traffic::Login) => {
            consent::answer(zoho, call, switches, centre, now)
        }
        (Door::ZohoAccounts(centre), Traffic::Token) => {
            oauth::answer(zoho, call, switches, centre, now)
        }
        (Door::ZohoApi(centre), _) => api(zoho, call, switches, centre, now),
        (Door::ZohoAccounts(_), Traffic::Api) | (Door::Google, _) => Reply::html(
            404,
            crate::html::notice(
                crate::html::Brand::Zoho,
                "Not found",
                "There is no such page on the accounts server.",
            ),
        ),
    }
}

fn api(zoho: &mut Zoho, call: &Call, switches: &ZohoSwitches, centre: &str, now: i64) -> Reply {
    let before = zoho.orgs.iter().map(|o| o.credits.len()).sum::<usize>();
    let mut wrapped = false;
    let reply = match authorised(zoho, call, switches, centre, now) {
        Ok((org, asked)) => match zoho.orgs.get_mut(org) {
            Some(org) => route(org, &asked, &mut wrapped)
                .unwrap_or_else(|fault| fault.reply(wrapped && switches.wrapped_write_errors)),
            None => unauthorized(&switches.unauthorized_code).reply(false),
        },
        Err(fault) => fault.reply(false),
    };
    let after = zoho.orgs.iter().map(|o| o.credits.len()).sum::<usize>();
    let left =
        if after > before { zoho.orgs.first().and_then(|o| remaining(o, switches)) } else { None };
    match left {
        Some(left) => reply.with("x-api-credits-remaining", left.to_string()),
        None => reply,
    }
}

fn authorised<'a>(
    zoho: &Zoho,
    call: &'a Call,
    switches: &'a ZohoSwitches,
    centre: &str,
    now: i64,
) -> Result<(usize, Asked<'a>), Fault> {
    let Some(header) = call.header("authorization") else {
        return Err(unauthorized("AUTHENTICATION_FAILURE"));
    };
    let token = header
        .strip_prefix("Zoho-oauthtoken ")
        .or_else(|| header.strip_prefix("Bearer "))
        .unwrap_or("")
        .trim();
    let grant: Option<&Grant> =
        zoho.auth.access.get(token).filter(|g| g.mark > now && g.centre == centre);
    let grant = grant.ok_or_else(|| unauthorized(&switches.unauthorized_code))?;
    let cap = switches.concurrency.unwrap_or_else(|| switches.edition.concurrency());
    let enforced = switches.concurrency_enforced || switches.concurrency.is_some();
    if enforced && (call.in_flight > cap || call.heavy_in_flight > HEAVY_AT_ONCE) {
        return Err(too_many(&switches.too_many_code));
    }
    let zone = switches.time_zone.parse().unwrap_or(Tz::UTC);
    let look = Look {
        zone,
        lookup_id_only: false,
        empty_multi_null: switches.empty_multiselect_null,
        actual_picks: switches.pick_lists_speak_actual,
        withheld: switches.withheld_fields.clone(),
    };
    Ok((grant.account, Asked { call, switches, now, look, scopes: grant.scopes.clone() }))
}

/// Credits left in the rolling day, once half of them are used.
fn remaining(org: &Org, switches: &ZohoSwitches) -> Option<u64> {
    let budget = switches.credits.unwrap_or_else(|| switches.edition.credits());
    let used: u64 = org.credits.iter().map(|(_, n)| n).sum();
    (used * 2 >= budget).then(|| budget.saturating_sub(used))
}

fn charge(org: &mut Org, asked: &Asked<'_>, cost: u64) -> Result<(), Fault> {
    while org.credits.front().is_some_and(|(at, _)| at + DAY <= asked.now) {
        org.credits.pop_front();
    }
    let budget = asked.switches.credits.unwrap_or_else(|| asked.switches.edition.credits());
    let used: u64 = org.credits.iter().map(|(_, n)| n).sum();
    if asked.switches.credits_enforced && used + cost > budget {
        return Err(too_many(&asked.switches.too_many_code));
    }
    org.credits.push_back((asked.now, cost));
    Ok(())
}

fn route(org: &mut Org, asked: &Asked<'_>, wrapped: &mut bool) -> Result<Reply, Fault> {
    let path = asked
        .call
        .path
        .strip_prefix("/crm/v8/")
        .or_else(|| asked.call.path.strip_prefix("/crm/v7/"))
        .ok_or_else(invalid_url)?;
    if !org.api_access {
        return Err(no_permission(&["Crm_Implied_Api_Access".to_owned()]));
    }
    let parts: Vec<&str> = path.trim_end_matches('/').split('/').collect();
    let verb = asked.call.method.as_str();
    match parts.as_slice() {
        ["settings", rest @ ..] => settings(org, asked, verb, rest),
        ["users"] if verb == "GET" => {
            need(asked, "users", "read")?;
            charge(org, asked, 1)?;
            Ok(metadata::users(asked, org))
        }
        ["org"] if verb == "GET" => {
            need(asked, "org", "read")?;
            charge(org, asked, 1)?;
            Ok(metadata::org(asked, org))
        }
        ["coql"] if verb == "POST" => {
            need(asked, "coql", "read")?;
            let (reply, limit) = records::coql(asked, org)?;
            charge(
                org,
                asked,
                if limit <= 200 {
                    1
                } else if limit <= 1000 {
                    2
                } else {
                    3
                },
            )?;
            Ok(reply)
        }
        ["users" | "org" | "coql"] => Err(wrong_method()),
        [module, rest @ ..] => {
            *wrapped = verb != "GET";
            record_call(org, asked, verb, module, rest)
        }
        [] => Err(invalid_url()),
    }
}

fn need(asked: &Asked<'_>, area: &str, verb: &str) -> Result<(), Fault> {
    if asked.has(area, verb) { Ok(()) } else { Err(scope_mismatch()) }
}

fn settings(org: &mut Org, asked: &Asked<'_>, verb: &str, rest: &[&str]) -> Result<Reply, Fault> {
    if verb != "GET" {
        return Err(wrong_method());
    }
    let (area, id) = match rest {
        [area] => (*area, None),
        [area, id] => (*area, Some(*id)),
        _ => return Err(invalid_url()),
    };
    if !["modules", "fields", "layouts", "custom_views", "profiles"].contains(&area) {
        return Err(invalid_url());
    }
    need(asked, &format!("settings.{area}"), "read")?;
    charge(org, asked, 1)?;
    match area {
        "modules" => metadata::modules(org, id),
        "fields" => metadata::fields(asked, org),
        "layouts" => metadata::layouts(asked, org),
        "custom_views" => metadata::views(asked, org),
        _ => metadata::profiles(org, id),
    }
}

fn record_call(
    org: &mut Org,
    asked: &Asked<'_>,
    verb: &str,
    module: &str,
    rest: &[&str],
) -> Result<Reply, Fault> {
    let here = org.modules.get(module).filter(|m| m.visible).ok_or_else(invalid_module)?;
    let (scope, right, allowed) = match verb {
        "GET" => ("READ", "View", here.rights.view),
        "POST" if rest == ["upsert"] => ("UPDATE", "Edit", here.rights.edit && here.rights.create),
        "POST" => ("CREATE", "Create", here.rights.create),
        "PUT" => ("UPDATE", "Edit", here.rights.edit),
        "DELETE" => ("DELETE", "Delete", here.rights.delete),
        _ => return Err(wrong_method()),
    };
    if !asked.scoped(module, scope) {
        return Err(scope_mismatch());
    }
    if !allowed {
        return Err(no_permission(&[format!("Crm_Implied_{right}_{module}")]));
    }
    let count = asked
        .call
        .json()
        .and_then(|b| b.get("data").and_then(Value::as_array).map(Vec::len))
        .unwrap_or(1);
    let tens = u64::try_from(count.div_ceil(10).max(1)).unwrap_or(1);
    match (verb, rest) {
        ("GET", []) => {
            charge(org, asked, if asked.call.param("cvid").is_some() { 3 } else { 1 })?;
            records::list(asked, org, module)
        }
        ("GET", ["deleted"]) => {
            charge(org, asked, 2)?;
            deleted::list(asked, org, module)
        }
        ("GET", ["search"]) => {
            if !asked.scopes.iter().any(|s| s.eq_ignore_ascii_case("ZohoSearch.securesearch.READ"))
            {
                return Err(scope_mismatch());
            }
            charge(org, asked, 1)?;
            search::search(asked, org, module)
        }
        ("GET", ["actions", "count"]) => {
            charge(org, asked, 1)?;
            records::count(asked, org, module)
        }
        ("GET", [id]) => {
            charge(org, asked, 1)?;
            records::get(asked, org, module, id)
        }
        ("POST", []) => {
            charge(org, asked, tens)?;
            write::insert(asked, org, module)
        }
        ("POST", ["upsert"]) => {
            charge(org, asked, tens)?;
            write::upsert(asked, org, module)
        }
        ("PUT", []) => {
            charge(org, asked, tens)?;
            write::update(asked, org, module, None)
        }
        ("PUT", [id]) => {
            charge(org, asked, 1)?;
            write::update(asked, org, module, Some(id))
        }
        ("DELETE", []) => {
            let count = asked.call.param("ids").map_or(1, |t| t.split(',').count());
            charge(org, asked, u64::try_from(count.div_ceil(10)).unwrap_or(1))?;
            write::delete(asked, org, module, None)
        }
        ("DELETE", [id]) => {
            charge(org, asked, 1)?;
            write::delete(asked, org, module, Some(id))
        }
        (_, ["deleted" | "search" | "upsert"] | ["actions", "count"] | [_]) => Err(wrong_method()),
        _ => Err(invalid_url()),
    }
}
