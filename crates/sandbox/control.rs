//! The control API: hooks for tests, in process through [`Control`] and over HTTP under `/_sandbox/`.
//!
//! Every address works on every server of the sandbox. Bodies and answers are JSON; a call that
//! cannot be done answers 400 with `{"error": "a sentence"}`.
//!
//! | method and path | body | answer |
//! | --- | --- | --- |
//! | `GET endpoints` | | the document for `RENRAKU_ENDPOINTS` |
//! | `GET clients` | | the OAuth clients |
//! | `GET store/google` `GET store/zoho` (`?account=0`) | | everything stored on that side |
//! | `GET log` (`?side=google&traffic=api`) | | `{"requests": [LogEntry]}` |
//! | `DELETE log` | | `{}` |
//! | `GET counts` | | `{"google": {"api": 0, "token": 0, "login": 0}, "zoho": {...}}` |
//! | `GET switches` | | all switches |
//! | `PATCH switches` | a part of them, e.g. `{"google": {"write_lag_ms": 10000}}` | all switches |
//! | `PUT switches` | `"default"` or `"strict"` | all switches |
//! | `GET rules` | | `{"rules": [RuleState]}` |
//! | `POST rules` | a [`Rule`] | `{"id": 1}` |
//! | `DELETE rules` `DELETE rules/1` | | `{}` |
//! | `POST human/google` `POST human/zoho` (`?account=0`) | one act or a list of acts | `{"results": [...]}` |
//! | `GET clock` | | `{"now": "2026-…Z", "micros": …}` |
//! | `POST clock` | `{"advance_s": 60}`, `{"advance_ms": 5}`, `{"stopped": true}` | as above |
//! | `POST expire` | `{"what": "google_sync_tokens"}`; also `google_access`, `google_refresh`, `google_account`, `zoho_access`, `zoho_refresh`, `zoho_pages` | `{}` |
//! | `POST device` | `{"user_code": "…", "approve": true}` | `{}` |
//! | `POST self_client` | `{"scope": "ZohoCRM.modules.ALL,…", "life_s": 180}` | `{"code": "…"}`, as made in Zoho's console: for a login without a redirect |
//! | `POST reset` | | `{}`: people, tokens, rules and log as at the start; switches stay |

use std::sync::Arc;

use serde_json::{Value, json};

use crate::clock::{SECOND, utc_micros};
use crate::faults::{Rule, RuleState};
use crate::google::actions::GoogleAct;
use crate::http::{Call, Reply};
use crate::log::{LogEntry, Side, Traffic};
use crate::switches::Switches;
use crate::world::{Snapshot, World};
use crate::zoho::act::ZohoAct;
use crate::{dump, google, zoho};

/// The test hooks of a running sandbox, in process.
#[derive(Debug, Clone)]
pub struct Control {
    pub(crate) world: Arc<World>,
    pub(crate) endpoints: Value,
}

impl Control {
    /// Any call of the control API, by method (`GET`) and path (`store/google?account=0`).
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn call(&self, method: &str, path: &str, body: Value) -> Result<Value, String> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let query: Vec<(String, String)> =
            url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        if method == "GET" && path == "endpoints" {
            return Ok(self.endpoints.clone());
        }
        answer(&self.world, method, path, &query, body)
    }

    /// Everything stored on a side (account 0).
    pub fn store(&self, side: Side) -> Value {
        match side {
            Side::Google => dump::google(&self.world.google(), 0).unwrap_or(Value::Null),
            Side::Zoho => dump::zoho(&self.world, 0).unwrap_or(Value::Null),
        }
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<LogEntry> {
        self.world.log().entries(|_| true)
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.world.log().clear();
    }

    /// How many requests of a kind a side has had.
    pub fn count(&self, side: Side, traffic: Traffic) -> u64 {
        self.world.log().counts().get(&side).and_then(|c| c.get(&traffic)).copied().unwrap_or(0)
    }

    /// The switches.
    pub fn switches(&self) -> Switches {
        Switches::clone(&self.world.switches())
    }

    /// Sets the switches by changing them in place.
    pub fn set_switches(&self, change: impl FnOnce(&mut Switches)) {
        let mut switches = self.switches();
        change(&mut switches);
        self.world.set_switches(switches);
    }

    /// Adds a rule and gives its id.
    pub fn add_rule(&self, rule: Rule) -> u64 {
        self.world.rules().add(rule)
    }

    /// The rules with what they struck.
    pub fn rules(&self) -> Vec<RuleState> {
        self.world.rules().states()
    }

    /// Ends all rules.
    pub fn clear_rules(&self) {
        self.world.rules().clear();
    }

    /// A person does something on a side (account 0): a [`GoogleAct`] or [`ZohoAct`] as JSON.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn human(&self, side: Side, act: Value) -> Result<Value, String> {
        human(&self.world, side, act)
    }

    /// Moves the sandbox clock.
    pub fn advance(&self, time: std::time::Duration) {
        self.world.clock.advance(i64::try_from(time.as_micros()).unwrap_or(i64::MAX));
    }

    /// Microseconds since 1970 on the sandbox clock.
    pub fn now(&self) -> i64 {
        self.world.clock.now()
    }

    /// Everything that is stored now, for [`Control::restore`].
    pub fn snapshot(&self) -> Snapshot {
        self.world.copy()
    }

    /// Everything stored, and the clock, as in a snapshot of this sandbox; sign-ins and switches
    /// stay, rules and log are forgotten.
    pub fn restore(&self, snapshot: &Snapshot) {
        self.world.put_back(snapshot);
    }

    /// People, tokens, rules and log as at the start; switches stay.
    pub fn reset(&self) {
        self.world.reset();
    }
}

/// Answers a control call over HTTP.
pub(crate) fn http(world: &World, call: &Call, path: &str) -> Reply {
    let body =
        if call.body.is_empty() { Ok(Value::Null) } else { serde_json::from_slice(&call.body) };
    let outcome = match body {
        Err(error) => Err(format!("the body is not JSON: {error}")),
        Ok(_) if path == "endpoints" => Ok(crate::endpoints(world)),
        Ok(body) => answer(world, &call.method, path, &call.query, body),
    };
    match outcome {
        Ok(value) => Reply::json(200, &value),
        Err(text) => Reply::json(400, &json!({"error": text})),
    }
}

fn answer(
    world: &World,
    method: &str,
    path: &str,
    query: &[(String, String)],
    body: Value,
) -> Result<Value, String> {
    let param = |name: &str| query.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str());
    let account = param("account").map_or(Ok(0), |t| {
        t.parse::<usize>().map_err(|_| format!("account must be a number, not {t}"))
    })?;
    match (method, path) {
        ("GET", "clients") => serde_json::to_value(crate::clients()).map_err(|e| e.to_string()),
        ("GET", "store/google") => dump::google(&world.google(), account),
        ("GET", "store/zoho") => dump::zoho(world, account),
        ("GET", "log") => {
            let word =
                |v: Option<&str>, own: &Value| v.is_none_or(|wanted| own.as_str() == Some(wanted));
            let requests = world.log().entries(|e| {
                word(param("side"), &json!(e.side)) && word(param("traffic"), &json!(e.traffic))
            });
            Ok(json!({"requests": requests}))
        }
        ("DELETE", "log") => {
            world.log().clear();
            Ok(json!({}))
        }
        ("GET", "counts") => Ok(json!(world.log().counts())),
        ("GET", "switches") => Ok(json!(*world.switches())),
        ("PATCH" | "PUT", "switches") => switch(world, method, body),
        ("GET", "rules") => Ok(json!({"rules": world.rules().states()})),
        ("POST", "rules") => {
            let rule: Rule =
                serde_json::from_value(body).map_err(|e| format!("this is no rule: {e}"))?;
            Ok(json!({"id": world.rules().add(rule)}))
        }
        ("DELETE", "rules") => {
            world.rules().clear();
            Ok(json!({}))
        }
        ("POST", "human/google") => acts(body, |act| human_as(world, Side::Google, account, act)),
        ("POST", "human/zoho") => acts(body, |act| human_as(world, Side::Zoho, account, act)),
        ("GET", "clock") => Ok(clock(world)),
        ("POST", "clock") => {
            let number = |key: &str| body.get(key).and_then(Value::as_i64).unwrap_or(0);
            world.clock.advance(number("advance_s") * SECOND + number("advance_ms") * 1000);
            if let Some(stopped) = body.get("stopped").and_then(Value::as_bool) {
                world.clock.set_stopped(stopped);
            }
            Ok(clock(world))
        }
        ("POST", "expire") => expire(world, body.get("what").and_then(Value::as_str).unwrap_or("")),
        ("POST", "device") => {
            let code = body.get("user_code").and_then(Value::as_str).unwrap_or("").to_owned();
            let approve = body.get("approve").and_then(Value::as_bool).unwrap_or(true);
            let mut zoho = world.zoho();
            let device = zoho.auth.devices.values_mut().find(|d| d.user_code == code);
            device
                .map(|d| d.approved = Some(approve))
                .ok_or_else(|| format!("no app waits with the code {code}"))?;
            Ok(json!({}))
        }
        ("POST", "self_client") => {
            let scope = body.get("scope").and_then(Value::as_str).unwrap_or("");
            if scope.is_empty() {
                return Err("a code needs a scope".to_owned());
            }
            let life = body.get("life_s").and_then(Value::as_i64).unwrap_or(180);
            let (centre, now) = (world.switches().zoho.data_centre.clone(), world.clock.now());
            let expires = now + life * SECOND;
            Ok(json!({"code": world.zoho().auth.console_code(scope, &centre, expires)}))
        }
        ("POST", "reset") => {
            world.reset();
            Ok(json!({}))
        }
        ("DELETE", path) if path.starts_with("rules/") => {
            let id = path
                .trim_start_matches("rules/")
                .parse::<u64>()
                .map_err(|_| "a rule's id is a number".to_owned())?;
            if world.rules().remove(id) {
                Ok(json!({}))
            } else {
                Err(format!("there is no rule {id}"))
            }
        }
        _ => Err(format!("the sandbox has no control call {method} {path}; see its README")),
    }
}

fn clock(world: &World) -> Value {
    let now = world.clock.now();
    json!({"now": utc_micros(now), "micros": now})
}

fn switch(world: &World, method: &str, body: Value) -> Result<Value, String> {
    let switches = match (method, body.as_str()) {
        ("PUT", Some("default")) => Switches::default(),
        ("PUT", Some("quick")) => Switches::quick(),
        ("PUT", Some("strict")) => Switches::strict(),
        ("PUT", _) => return Err("PUT takes \"default\", \"quick\" or \"strict\"".to_owned()),
        _ => {
            let mut all = json!(*world.switches());
            merge(&mut all, body);
            serde_json::from_value(all).map_err(|e| format!("these are no switches: {e}"))?
        }
    };
    world.set_switches(switches);
    Ok(json!(*world.switches()))
}

/// Lays `part` over `all`, objects key by key.
fn merge(all: &mut Value, part: Value) {
    match part {
        Value::Object(part) if all.is_object() => {
            if let Some(map) = all.as_object_mut() {
                for (key, value) in part {
                    merge(map.entry(key).or_insert(Value::Null), value);
                }
            }
        }
        other @ (Value::Object(_)
        | Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)) => *all = other,
    }
}

fn acts(
    body: Value,
    mut each: impl FnMut(Value) -> Result<Value, String>,
) -> Result<Value, String> {
    let list = match body {
        Value::Array(list) => list,
        one @ (Value::Object(_)
        | Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)) => vec![one],
    };
    let mut results = Vec::new();
    for act in list {
        results.push(each(act)?);
    }
    Ok(json!({"results": results}))
}

/// A person does something on account 0. A hook may name the other side with `"side"`.
pub(crate) fn human(world: &World, side: Side, mut act: Value) -> Result<Value, String> {
    let other = act.as_object_mut().and_then(|map| map.remove("side"));
    let side = match other {
        Some(name) => serde_json::from_value(name).map_err(|e| e.to_string())?,
        None => side,
    };
    human_as(world, side, 0, act)
}

fn human_as(world: &World, side: Side, account: usize, act: Value) -> Result<Value, String> {
    let (switches, now) = (world.switches(), world.clock.now());
    match side {
        Side::Google => {
            let act: GoogleAct = serde_json::from_value(act)
                .map_err(|e| format!("this is no act in Google: {e}"))?;
            google::actions::act(&mut world.google(), account, act, &switches.google, now)
        }
        Side::Zoho => {
            let act: ZohoAct =
                serde_json::from_value(act).map_err(|e| format!("this is no act in Zoho: {e}"))?;
            zoho::actions::act(&mut world.zoho(), account, act, &switches.zoho, now)
        }
    }
}

/// Ends tokens of one kind.
pub(crate) fn expire(world: &World, what: &str) -> Result<Value, String> {
    match what {
        "google_sync_tokens" => world.google().generation += 1,
        "google_access" => world.google().auth.access.clear(),
        "google_refresh" => world.google().auth.refresh.clear(),
        "google_account" => world.google().auth.revoke_account(0),
        "zoho_access" => world.zoho().auth.access.clear(),
        "zoho_refresh" => {
            let mut zoho = world.zoho();
            zoho.auth.refresh.clear();
            zoho.auth.access.clear();
        }
        "zoho_pages" => {
            for org in &mut world.zoho().orgs {
                for place in org.pages.values_mut() {
                    place.expires = 0;
                }
            }
        }
        other => return Err(format!("nothing called {other:?} can expire")),
    }
    Ok(json!({}))
}
