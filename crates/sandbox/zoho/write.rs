//! Writing records: insert, update, upsert, delete. Every item has its own outcome.

use serde_json::{Map, Value, json};

use super::Asked;
use super::check::{Cell, check};
use super::draft::{Draft, prepare};
use super::duplicate::unique;
use super::errors::{Fault, fault, invalid_data, invalid_module, item, missing_param};
use super::store::{ME, Org, Rec, Waiting, blank};
use crate::clock::{SECOND, parse_time, zoned_seconds};
use crate::http::Reply;
use crate::switches::StaleBatch;

/// The outcome of one item.
pub(crate) type ItemResult = Result<Value, Value>;

/// The records of a request body: 1 to 100.
fn items(body: &Value) -> Result<Vec<Map<String, Value>>, Fault> {
    let Some(list) = body.get("data").and_then(Value::as_array) else {
        return Err(fault(
            400,
            "MANDATORY_NOT_FOUND",
            "required field not found",
            &json!({"api_name": "data", "json_path": "$.data"}),
        ));
    };
    if list.is_empty() {
        return Err(invalid_data(
            &json!({"api_name": "data", "json_path": "$.data", "expected_data_type": "jsonarray"}),
        ));
    }
    if list.len() > 100 {
        let details = json!({"maximum_length": 100, "api_name": "data", "json_path": "$.data"});
        return Err(fault(
            400,
            "LIMIT_EXCEEDED",
            "count of records in your request exceeds the limit",
            &details,
        ));
    }
    let objects: Vec<_> = list.iter().filter_map(Value::as_object).cloned().collect();
    if objects.len() == list.len() {
        Ok(objects)
    } else {
        Err(invalid_data(
            &json!({"api_name": "data", "json_path": "$.data", "expected_data_type": "jsonobject"}),
        ))
    }
}

/// Puts outcomes together: all good, mixed 207, all bad.
pub(crate) fn finish(asked: &Asked<'_>, outcomes: Vec<ItemResult>, good: u16) -> Reply {
    let bad = outcomes.iter().filter(|o| o.is_err()).count();
    let stale = outcomes.iter().any(|o| matches!(o, Err(e) if e.get("code").and_then(Value::as_str) == Some("ALREADY_MODIFIED")));
    let status = if bad == 0 {
        good
    } else if bad == outcomes.len() {
        if stale { 412 } else { asked.switches.all_failed_status }
    } else {
        207
    };
    let data: Vec<Value> = outcomes.into_iter().map(|o| o.unwrap_or_else(|e| e)).collect();
    Reply::json(status, &json!({"data": data}))
}

fn stamps(asked: &Asked<'_>, org: &Org, rec: &Rec) -> Value {
    let user = |index: usize| {
        org.users
            .get(index)
            .map_or(Value::Null, |u| json!({"name": u.name, "id": u.id.to_string()}))
    };
    json!({
        "Modified_Time": zoned_seconds(rec.modified * SECOND, asked.look.zone),
        "Modified_By": user(rec.modified_by),
        "Created_Time": zoned_seconds(rec.created * SECOND, asked.look.zone),
        "id": rec.id.to_string(),
        "Created_By": user(rec.created_by),
        "$approval_state": "approved",
    })
}

fn done(message: &str, details: &Value) -> Value {
    json!({"code": "SUCCESS", "details": details, "message": message, "status": "success"})
}

/// What a write keeps quiet.
#[derive(Debug, Clone, Copy)]
struct Quiet {
    workflows: bool,
    cadences: bool,
}

/// Notes what the organisation's automations will do to a written record.
fn automate(asked: &Asked<'_>, org: &mut Org, module: &str, id: u64, quiet: Quiet) {
    let fires = |always: bool| always || !quiet.workflows;
    for rule in asked.switches.automations.iter().filter(|a| a.module == module && fires(a.always))
    {
        org.due.push((
            asked.now + rule.delay_ms * 1000,
            module.to_owned(),
            id,
            rule.field.clone(),
            rule.value.clone(),
        ));
    }
    org.workflow_firings += u64::from(!quiet.workflows);
    org.cadence_firings += u64::from(asked.switches.cadences && !quiet.cadences);
}

/// What the body keeps quiet: workflows by `trigger: []`, or a list without `workflow`; cadences,
/// which no `trigger` stops, by `skip_feature_execution`.
fn quiet(body: &Value) -> Quiet {
    let list = |name: &str| body.get(name).and_then(Value::as_array);
    let skipped = |feature: &Value| feature.get("name").and_then(Value::as_str) == Some("cadences");
    Quiet {
        workflows: list("trigger")
            .is_some_and(|t| !t.iter().any(|v| v.as_str() == Some("workflow"))),
        cadences: list("skip_feature_execution").is_some_and(|all| all.iter().any(skipped)),
    }
}

fn store(
    asked: &Asked<'_>,
    org: &mut Org,
    module: &str,
    mut rec: Rec,
    draft: Draft,
) -> Option<Value> {
    let renamed = module == "Accounts" && draft.cells.iter().any(|(i, _)| *i == 0);
    draft.apply(&mut rec);
    rec.modified = asked.now.div_euclid(SECOND);
    rec.modified_by = ME;
    rec.searchable_at = asked.now;
    let id = rec.id;
    let tags = rec.tags.clone();
    for tag in tags {
        org.tag_id(&tag);
    }
    org.modules.get_mut(module)?.put(rec);
    if renamed && asked.switches.account_rename_bumps {
        bump_contacts(org, id, asked.now);
    }
    let here = org.modules.get(module)?;
    here.records.get(&id).map(|r| stamps(asked, org, r))
}

pub(crate) fn bump_contacts(org: &mut Org, account: u64, now: i64) {
    let Some(contacts) = org.modules.get_mut("Contacts") else { return };
    let Some(index) = contacts.index("Account_Name") else { return };
    let wanted = format!("\"{account}\"");
    let ids: Vec<u64> = contacts
        .records
        .values()
        .filter(|r| r.cell(index) == Some(&wanted))
        .map(|r| r.id)
        .collect();
    for id in ids {
        contacts.edit(id, ME, now, |_| {});
    }
}

fn insert_one(
    asked: &Asked<'_>,
    org: &mut Org,
    module: &str,
    map: &Map<String, Value>,
    index: usize,
    quiet: Quiet,
) -> ItemResult {
    let draft = prepare(asked, org, module, map, &format!("$.data[{index}]"), None)?;
    unique(asked, org, module, &draft, index, (None, &[]))?;
    let id = org.take_id();
    let rec = blank(id, ME, asked.now);
    let stamps = store(asked, org, module, rec, draft).unwrap_or(Value::Null);
    automate(asked, org, module, id, quiet);
    Ok(done("record added", &stamps))
}

/// `POST /{module}`.
pub(crate) fn insert(asked: &Asked<'_>, org: &mut Org, module: &str) -> Result<Reply, Fault> {
    let body = asked.body()?;
    let quiet = quiet(&body);
    let outcomes = items(&body)?
        .iter()
        .enumerate()
        .map(|(i, m)| insert_one(asked, org, module, m, i, quiet))
        .collect();
    Ok(finish(asked, outcomes, 201))
}

fn number_of(map: &Map<String, Value>) -> Option<u64> {
    map.get("id").and_then(|v| v.as_str().and_then(|t| t.parse().ok()).or_else(|| v.as_u64()))
}

fn invalid_item(index: usize) -> Value {
    let details = json!({"api_name": "id", "json_path": format!("$.data[{index}].id")});
    item("INVALID_DATA", "the id given seems to be invalid", &details)
}

/// The reason why a record may not be written now, as an error item.
fn blocked(rec: &Rec, index: usize, verb: &str) -> Option<Value> {
    let at = json!({"api_name": "id", "json_path": format!("$.data[{index}].id"), "action": "record_locking", "id": rec.id.to_string()});
    if rec.locked {
        return Some(item(
            "RECORD_LOCKED",
            &format!("The record cannot be {verb} as the record is locked."),
            &at,
        ));
    }
    rec.waiting.map(|waiting| match waiting {
        Waiting::Approval => item("NOT_APPROVED", "record not approved", &json!({})),
        Waiting::Review => item("NOT_REVIEWED", "record not reviewed", &json!({})),
    })
}

fn stale(asked: &Asked<'_>, org: &Org, rec: &Rec) -> Option<Value> {
    let limit = asked.call.header("if-unmodified-since").and_then(parse_time)?.div_euclid(SECOND);
    (rec.modified > limit).then(|| {
        let mut details = stamps(asked, org, rec);
        if let Some(map) = details.as_object_mut() {
            map.remove("$approval_state");
        }
        item(
            "ALREADY_MODIFIED",
            "record updated time has already passed if-unmodified-since time",
            &details,
        )
    })
}

/// The first of these records that is newer than the call allows.
fn any_stale(
    asked: &Asked<'_>,
    org: &Org,
    module: &str,
    list: &[Map<String, Value>],
) -> Option<Value> {
    let here = org.modules.get(module)?;
    let records = list.iter().filter_map(|map| here.records.get(&number_of(map)?));
    records.filter(|rec| !rec.hidden).find_map(|rec| stale(asked, org, rec))
}

fn update_one(
    asked: &Asked<'_>,
    org: &mut Org,
    module: &str,
    map: &Map<String, Value>,
    (index, before): (usize, &[Rec]),
    quiet: Quiet,
) -> ItemResult {
    let rec = number_of(map)
        .and_then(|id| org.modules.get(module)?.records.get(&id))
        .filter(|r| !r.hidden)
        .cloned();
    let rec = rec.ok_or_else(|| invalid_item(index))?;
    if let Some(error) = blocked(&rec, index, "updated").or_else(|| stale(asked, org, &rec)) {
        return Err(error);
    }
    let draft = prepare(asked, org, module, map, &format!("$.data[{index}]"), Some(&rec))?;
    unique(asked, org, module, &draft, index, (Some(rec.id), before))?;
    let id = rec.id;
    let mut rec = rec;
    if asked.switches.review_process {
        rec.waiting = Some(Waiting::Review);
    }
    let stamps = store(asked, org, module, rec, draft).unwrap_or(Value::Null);
    automate(asked, org, module, id, quiet);
    Ok(done("record updated", &stamps))
}

/// `PUT /{module}` and `PUT /{module}/{id}`.
pub(crate) fn update(
    asked: &Asked<'_>,
    org: &mut Org,
    module: &str,
    id: Option<&str>,
) -> Result<Reply, Fault> {
    let body = asked.body()?;
    let quiet = quiet(&body);
    let mut list = items(&body)?;
    if let (Some(id), Some(first)) = (id, list.first_mut()) {
        first.insert("id".to_owned(), json!(id));
        list.truncate(1);
    }
    if let (StaleBatch::Whole, Some(error)) =
        (asked.switches.stale_batch, any_stale(asked, org, module, &list))
    {
        return Ok(Reply::json(412, &json!({"data": [error]})));
    }
    let before: Vec<Rec> = match asked.switches.unique_sees_own_call {
        true => Vec::new(),
        false => {
            let here = org.modules.get(module);
            let known = |map| here?.records.get(&number_of(map)?).cloned();
            list.iter().filter_map(known).collect()
        }
    };
    let items = list.iter().enumerate();
    let outcomes =
        items.map(|(i, m)| update_one(asked, org, module, m, (i, &before), quiet)).collect();
    Ok(finish(asked, outcomes, 200))
}

/// The fields that an upsert compares, in order.
fn duplicate_fields(org: &Org, module: &str, body: &Value) -> Vec<String> {
    let Some(here) = org.modules.get(module) else { return Vec::new() };
    let system = match module {
        "Vendors" => "Vendor_Name",
        "Accounts" => "Account_Name",
        _ => "Email",
    };
    let marked: Vec<String> =
        here.fields.iter().filter(|f| f.unique.is_some()).map(|f| f.api_name.clone()).collect();
    let mut fields: Vec<String> = match body.get("duplicate_check_fields").and_then(Value::as_array)
    {
        None => vec![system.to_owned()],
        Some(given) => {
            let given = given.iter().filter_map(Value::as_str).map(str::to_owned);
            given.filter(|g| g == system || marked.contains(g)).collect()
        }
    };
    for field in marked {
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    fields
}

/// `POST /{module}/upsert`.
pub(crate) fn upsert(asked: &Asked<'_>, org: &mut Org, module: &str) -> Result<Reply, Fault> {
    let body = asked.body()?;
    let quiet = quiet(&body);
    let fields = duplicate_fields(org, module, &body);
    let mut outcomes = Vec::new();
    for (index, map) in items(&body)?.iter().enumerate() {
        let found = number_of(map)
            .map(|id| (id, "id".to_owned()))
            .or_else(|| match_by(org, module, map, &fields));
        let (outcome, action, field) = match found {
            Some((id, field)) => {
                let mut map = map.clone();
                map.insert("id".to_owned(), json!(id.to_string()));
                (update_one(asked, org, module, &map, (index, &[]), quiet), "update", json!(field))
            }
            None => (insert_one(asked, org, module, map, index, quiet), "insert", Value::Null),
        };
        outcomes.push(outcome.map(|mut value| {
            if let Some(map) = value.as_object_mut() {
                map.insert("action".to_owned(), json!(action));
                map.insert("duplicate_field".to_owned(), field);
            }
            value
        }));
    }
    Ok(finish(asked, outcomes, 200))
}

fn match_by(
    org: &Org,
    module: &str,
    map: &Map<String, Value>,
    fields: &[String],
) -> Option<(u64, String)> {
    let here = org.modules.get(module)?;
    fields.iter().find_map(|name| {
        let wanted = map.get(name)?.as_str()?.to_lowercase();
        if name == "Email" {
            return here.by_email.get(&wanted)?.iter().next().map(|id| (*id, name.clone()));
        }
        here.records
            .values()
            .find(|r| here.text(r, name).to_lowercase() == wanted)
            .map(|r| (r.id, name.clone()))
    })
}

/// `DELETE /{module}?ids=` and `DELETE /{module}/{id}`: into the recycle bin.
pub(crate) fn delete(
    asked: &Asked<'_>,
    org: &mut Org,
    module: &str,
    id: Option<&str>,
) -> Result<Reply, Fault> {
    let ids = id
        .or_else(|| asked.call.param("ids").filter(|t| !t.is_empty()))
        .ok_or_else(|| missing_param("ids"))?;
    let ids: Vec<&str> = ids.split(',').map(str::trim).collect();
    if ids.len() > 100 {
        return Err(fault(
            400,
            "LIMIT_EXCEEDED",
            "count of records in your request exceeds the limit",
            &json!({"param_name": "ids", "limit": 100}),
        ));
    }
    let silent = asked.call.param("wf_trigger") == Some("false");
    let here = org.modules.get_mut(module).ok_or_else(invalid_module)?;
    let mut outcomes = Vec::new();
    for (index, text) in ids.iter().enumerate() {
        let missing = || item("INVALID_DATA", "record not deleted", &json!({"id": text}));
        let number = text.parse::<u64>().ok();
        let rec = number.and_then(|n| here.records.get(&n)).filter(|r| !r.hidden);
        outcomes.push(match rec.map(|r| (r.id, blocked(r, index, "deleted"))) {
            None => Err(missing()),
            Some((_, Some(error))) => Err(error),
            Some((id, None)) => {
                here.recycle(id, ME, asked.now);
                Ok(done("record deleted", &json!({"id": text})))
            }
        });
    }
    if !silent {
        org.workflow_firings += 1;
    }
    Ok(finish(asked, outcomes, 200))
}

/// A value checked outside a request (hooks, pages, sample data).
pub(crate) fn checked(
    org: &Org,
    module: &str,
    name: &str,
    value: &Value,
) -> Result<(usize, Cell), String> {
    let here = org.modules.get(module).ok_or_else(|| format!("there is no module {module}"))?;
    let index = here.index(name).ok_or_else(|| format!("{module} has no field {name}"))?;
    let field = here.fields.get(index).ok_or_else(|| format!("{module} has no field {name}"))?;
    let cell = check(field, value, name, false).map_err(|_| {
        format!("{module}: {value} does not fit the field {name} ({})", field.kind.name())
    })?;
    Ok((index, cell))
}
