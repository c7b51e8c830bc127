//! Search: late to see writes, and with little sense for punctuation.

use serde_json::json;

use super::Asked;
use super::columns::{Column, record};
use super::errors::{Fault, fault, invalid_module};
use super::paging::per_page;
use super::records::{Filter, columns};
use super::store::{Org, Rec};
use crate::http::Reply;

/// Letters and digits only, lower case: what search can tell apart.
fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// `GET /{module}/search`: criteria, e-mail, phone or word; sees writes late.
pub(crate) fn search(asked: &Asked<'_>, org: &Org, module: &str) -> Result<Reply, Fault> {
    let here = org.modules.get(module).ok_or_else(invalid_module)?;
    let call = asked.call;
    let given = |name: &str| call.param(name).filter(|t| !t.is_empty());
    let size = per_page(call)?;
    let page = call.param("page").and_then(|t| t.parse::<usize>().ok()).unwrap_or(1).max(1);
    if page * size > 2000 {
        return Err(fault(400, "LIMIT_REACHED", "limit reached", &json!({"limit": 2000})));
    }
    let kinds = |wanted: &[&str]| -> Vec<String> {
        here.fields
            .iter()
            .filter(|f| wanted.is_empty() || wanted.contains(&f.kind.name()))
            .map(|f| f.api_name.clone())
            .collect()
    };
    let tests: Vec<(Vec<String>, String)> = if let Some(criteria) = given("criteria") {
        criteria_parts(criteria)
    } else if let Some(email) = given("email") {
        vec![(kinds(&["email"]), email.to_owned())]
    } else if let Some(phone) = given("phone") {
        vec![(kinds(&["phone"]), phone.to_owned())]
    } else if let Some(word) = given("word") {
        vec![(kinds(&[]), word.to_owned())]
    } else {
        let details = json!({"param_names": ["criteria", "email", "phone", "word"]});
        return Err(fault(
            400,
            "EXPECTED_PARAM_MISSING",
            "one of the expected parameter is missing",
            &details,
        ));
    };
    let names: Vec<(String, Column)> = match call.param("fields") {
        Some(_) => columns(asked, here)?,
        None => Column::all(here),
    };
    let filter = Filter::read(asked, org, here)?;
    let lag = asked.switches.search_lag_ms * 1000;
    let hit = |rec: &&Rec| {
        rec.searchable_at + lag <= asked.now
            && filter.fits(org, here, rec)
            && tests.iter().all(|(fields, text)| {
                let text = folded(text);
                fields.iter().any(|f| folded(&here.text(rec, f)).contains(&text))
            })
    };
    let hits: Vec<&Rec> =
        here.records.values().rev().filter(hit).skip((page - 1) * size).take(size + 1).collect();
    if hits.is_empty() {
        return Ok(Reply::empty(204));
    }
    let more = hits.len() > size;
    let rows: Vec<String> =
        hits.iter().take(size).map(|r| record(org, here, r, &names, &asked.look)).collect();
    let info = json!({"per_page": size, "count": rows.len(), "page": page, "more_records": more});
    Ok(Reply::json_text(200, format!("{{\"data\":[{}],\"info\":{info}}}", rows.join(","))))
}

/// `((Last_Name:equals:Doe)and(Email:starts_with:a))` as pairs of field and text; all must hold.
fn criteria_parts(text: &str) -> Vec<(Vec<String>, String)> {
    text.split(['(', ')'])
        .filter_map(|part| {
            let mut parts = part.splitn(3, ':');
            let (field, _, value) = (parts.next()?, parts.next()?, parts.next()?);
            Some((vec![field.to_owned()], value.replace('\\', "")))
        })
        .collect()
}
