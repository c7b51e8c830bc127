//! The list of deleted records.

use serde_json::{Value, json};

use super::Asked;
use super::errors::{Fault, fault, invalid_module};
use super::paging::per_page;
use super::store::Org;
use crate::clock::{SECOND, parse_time};
use crate::http::Reply;

/// `GET /{module}/deleted`.
pub(crate) fn list(asked: &Asked<'_>, org: &mut Org, module: &str) -> Result<Reply, Fault> {
    let size = per_page(asked.call)?;
    let page = asked.call.param("page").and_then(|t| t.parse::<usize>().ok()).unwrap_or(1).max(1);
    let kind = asked.call.param("type").unwrap_or("all");
    if !["all", "recycle", "permanent"].contains(&kind) {
        return Err(fault(
            400,
            "PATTERN_NOT_MATCHED",
            "Please check whether the input values are correct",
            &json!({"param_name": "type"}),
        ));
    }
    let since =
        asked.call.header("if-modified-since").and_then(parse_time).map(|at| at.div_euclid(SECOND));
    if let Some(here) = org.modules.get_mut(module) {
        here.age_bin(asked.now);
    }
    let here = org.modules.get(module).ok_or_else(invalid_module)?;
    let mut gone: Vec<_> = here
        .bin
        .values()
        .filter(|b| !b.rec.hidden && (kind == "all" || b.permanent == (kind == "permanent")))
        .filter(|b| {
            since.is_none_or(|s| {
                if asked.switches.modified_since_inclusive { b.deleted >= s } else { b.deleted > s }
            })
        })
        .collect();
    gone.sort_by_key(|b| (std::cmp::Reverse(b.deleted), b.rec.id));
    let rows: Vec<Value> = gone
        .iter()
        .skip((page - 1) * size)
        .take(size)
        .map(|b| {
            let person = |index: usize| {
                if b.permanent {
                    Value::Null
                } else {
                    org.users
                        .get(index)
                        .map_or(Value::Null, |u| json!({"name": u.name, "id": u.id.to_string()}))
                }
            };
            json!({
                "id": b.rec.id.to_string(),
                "display_name": if b.permanent { Value::Null } else { json!(b.display_name) },
                "type": if b.permanent { "permanent" } else { "recycle" },
                "deleted_time": crate::clock::zoned_seconds(b.deleted * SECOND, asked.look.zone),
                "deleted_by": person(b.deleted_by),
                "created_by": person(b.rec.created_by),
            })
        })
        .collect();
    if rows.is_empty() {
        return Ok(Reply::empty(if since.is_some() { 304 } else { 204 }));
    }
    let info = json!({"per_page": size, "count": rows.len(), "page": page, "more_records": gone.len() > page * size});
    Ok(Reply::json(200, &json!({"data": rows, "info": info})))
}
