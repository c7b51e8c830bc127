//! Reading records: lists, single records, COQL.

use serde_json::{Value, json};

use super::Asked;
use super::columns::{Column, record};
use super::coql::eval::{Ready, ready, run};
use super::coql::{Refused, parse};
use super::errors::{Fault, bad_param, fault, invalid_data, invalid_module, missing_param};
use super::paging::{Info, PagePosition, Start, bound, per_page, start};
use super::store::{Module, Org, Rec};
use crate::clock::{DAY, SECOND, parse_time};
use crate::http::Reply;

/// The columns that `fields` names; unknown ones are left out, as the service does.
pub(super) fn columns(asked: &Asked<'_>, module: &Module) -> Result<Vec<(String, Column)>, Fault> {
    let text = asked
        .call
        .param("fields")
        .filter(|t| !t.trim().is_empty())
        .ok_or_else(|| missing_param("fields"))?;
    let names: Vec<&str> = text.split(',').map(str::trim).filter(|n| !n.is_empty()).collect();
    if names.len() > 50 {
        let details = json!({"param_name": "fields", "limit": 50});
        return Err(fault(
            400,
            "LIMIT_EXCEEDED",
            "The number of fields requested exceeds the limit",
            &details,
        ));
    }
    if asked.switches.refuse_unknown_fields
        && let Some(unknown) = names.iter().find(|name| Column::of(module, name).is_none())
    {
        let details = json!({"param_name": "fields", "api_name": unknown});
        let message = "the field api name given seems to be invalid";
        return Err(fault(400, "INVALID_DATA", message, &details));
    }
    Ok(names.into_iter().filter_map(|n| Column::of(module, n).map(|c| (n.to_owned(), c))).collect())
}

/// Which records a list may show at all.
pub(super) struct Filter {
    condition: Option<Ready>,
    converted: Option<bool>,
    ids: Option<Vec<u64>>,
    /// Whole seconds; earlier records are left out.
    since: Option<i64>,
}

impl Filter {
    pub(super) fn read(asked: &Asked<'_>, org: &Org, module: &Module) -> Result<Self, Fault> {
        let call = asked.call;
        let condition = match call.param("cvid") {
            None => None,
            Some(_) if call.param("sort_by").is_some() => {
                let details = json!({"ambiguity_due_to": [{"param_name": "cvid"}, {"param_name": "sort_by"}]});
                return Err(fault(
                    400,
                    "AMBIGUITY_DURING_PROCESSING",
                    "ambiguity while processing the request",
                    &details,
                ));
            }
            Some(id) => {
                let view = module
                    .views
                    .iter()
                    .find(|v| v.id.to_string() == id)
                    .ok_or_else(|| bad_param("cvid"))?;
                if view.condition.is_empty() {
                    None
                } else {
                    let cond = parse::condition(&view.condition).map_err(|_| bad_param("cvid"))?;
                    Some(ready(org, module, &cond, 1000).map_err(|_| bad_param("cvid"))?)
                }
            }
        };
        let converted = match call.param("converted") {
            Some("true") => Some(true),
            Some("both") => None,
            Some(_) | None => Some(false),
        };
        let ids =
            call.param("ids").map(|t| t.split(',').filter_map(|i| i.trim().parse().ok()).collect());
        let since =
            call.header("if-modified-since").and_then(parse_time).map(|at| at.div_euclid(SECOND));
        let since = since.map(|s| if asked.switches.modified_since_inclusive { s } else { s + 1 });
        Ok(Self { condition, converted, ids, since })
    }

    pub(super) fn fits(&self, org: &Org, module: &Module, rec: &Rec) -> bool {
        !rec.hidden
            && self.converted.is_none_or(|c| rec.converted == c)
            && self.since.is_none_or(|s| rec.modified >= s)
            && self.condition.as_ref().is_none_or(|c| c.holds(org, module, rec))
    }
}

/// `GET /{module}`.
pub(crate) fn list(asked: &Asked<'_>, org: &mut Org, module: &str) -> Result<Reply, Fault> {
    let (user, now) = (org.users.first().map_or(0, |u| u.id), asked.now);
    let here = org.modules.get(module).ok_or_else(invalid_module)?;
    let columns = columns(asked, here)?;
    let size = per_page(asked.call)?;
    let begin = start(asked.call, size, &org.pages, user, now)?;
    let filter = Filter::read(asked, org, here)?;
    let sort_by = match asked.call.param("sort_by") {
        None | Some("id") => "id",
        Some("Modified_Time") => "Modified_Time",
        Some("Created_Time") => "Created_Time",
        Some(_) => return Err(bad_param("sort_by")),
    };
    let up = match asked.call.param("sort_order") {
        Some("asc") => true,
        None | Some("desc") => false,
        Some(_) => return Err(bad_param("sort_order")),
    };
    let key = |rec: &Rec| -> (i64, u64) {
        match sort_by {
            "Modified_Time" => (rec.modified, rec.id),
            "Created_Time" => (rec.created, rec.id),
            _ => (0, rec.id),
        }
    };
    let skip = match &begin {
        Start::Page(page) => (page - 1) * size,
        Start::After(_) => 0,
    };
    let after = match &begin {
        Start::Page(_) => None,
        Start::After(place) => Some(place.after),
    };
    let past = |rec: &&Rec| after.is_none_or(|a| if up { key(rec) > a } else { key(rec) < a });
    let hits: Vec<&Rec> = ordered(here, &filter, sort_by, up, after)
        .filter(past)
        .filter(|r| filter.fits(org, here, r))
        .skip(skip)
        .take(size + 1)
        .collect();
    if hits.is_empty() {
        let status = match (filter.since, asked.call.param("cvid")) {
            (None, _) => 204,
            (Some(_), None) => 304,
            (Some(_), Some(_)) => asked.switches.unchanged_view_status,
        };
        return Ok(Reply::empty(status));
    }
    let more = hits.len() > size;
    let shown = hits.get(..size.min(hits.len())).unwrap_or(&[]);
    let (page, given) = match &begin {
        Start::Page(page) => (*page, skip + shown.len()),
        Start::After(place) => (place.page, place.given + shown.len()),
    };
    let rows: Vec<String> =
        shown.iter().map(|r| record(org, here, r, &columns, &asked.look)).collect();
    let place = shown.last().filter(|_| more).map(|r| PagePosition {
        bound: bound(asked.call),
        user,
        after: key(r),
        given,
        page: page + 1,
        expires: now + DAY,
    });
    let token = place.map(|place| {
        let text = format!(
            "{:016x}{:016x}",
            place.bound,
            crate::random::mix(place.after.1 ^ u64::try_from(place.given).unwrap_or(0))
        );
        org.pages.retain(|_, p| p.expires + DAY > now);
        org.pages.insert(text.clone(), place);
        text
    });
    let sort_order = if up { "asc" } else { "desc" };
    let info = Info {
        size,
        count: rows.len(),
        page,
        sort_by,
        sort_order,
        more,
        token,
        zone: asked.look.zone,
        now,
    };
    Ok(Reply::json_text(200, format!("{{\"data\":[{}],\"info\":{}}}", rows.join(","), info.json())))
}

/// The records in the list's order, narrowed by the indexes where the filter allows it.
fn ordered<'m>(
    module: &'m Module,
    filter: &Filter,
    sort_by: &str,
    up: bool,
    after: Option<(i64, u64)>,
) -> Box<dyn Iterator<Item = &'m Rec> + 'm> {
    let find = |id: &u64| module.records.get(id);
    let by_key = |mut list: Vec<&'m Rec>, by_modified: bool| {
        list.sort_by_key(|r| {
            (
                if by_modified {
                    r.modified
                } else if sort_by == "Created_Time" {
                    r.created
                } else {
                    0
                },
                r.id,
            )
        });
        if !up {
            list.reverse();
        }
        Box::new(list.into_iter())
    };
    if let Some(ids) = &filter.ids {
        return by_key(ids.iter().filter_map(find).collect(), sort_by == "Modified_Time");
    }
    if let Some(since) = filter.since {
        let list = module.by_modified.range((since, 0)..).filter_map(|(_, id)| find(id)).collect();
        return by_key(list, sort_by == "Modified_Time");
    }
    match (sort_by, up) {
        ("id", true) => Box::new(module.records.range(after.map_or(0, |a| a.1)..).map(|(_, r)| r)),
        ("id", false) => {
            Box::new(module.records.range(..after.map_or(u64::MAX, |a| a.1)).rev().map(|(_, r)| r))
        }
        ("Modified_Time", true) => {
            let from = after.unwrap_or((i64::MIN, 0));
            Box::new(
                module.by_modified.range(from..).filter_map(move |(_, id)| module.records.get(id)),
            )
        }
        ("Modified_Time", false) => {
            let to = after.unwrap_or((i64::MAX, u64::MAX));
            Box::new(
                module
                    .by_modified
                    .range(..to)
                    .rev()
                    .filter_map(move |(_, id)| module.records.get(id)),
            )
        }
        _ => by_key(module.records.values().collect(), false),
    }
}

/// `GET /{module}/{id}`.
pub(crate) fn get(asked: &Asked<'_>, org: &Org, module: &str, id: &str) -> Result<Reply, Fault> {
    let here = org.modules.get(module).ok_or_else(invalid_module)?;
    let number: u64 = id.parse().map_err(|_| invalid_id())?;
    let Some(rec) = here.records.get(&number).filter(|r| !r.hidden) else {
        return if asked.switches.missing_record_status == 400 {
            Err(invalid_id())
        } else {
            Ok(Reply::empty(204))
        };
    };
    let columns = if asked.call.param("fields").is_some() {
        columns(asked, here)?
    } else {
        Column::all(here)
    };
    Ok(Reply::json_text(
        200,
        format!("{{\"data\":[{}]}}", record(org, here, rec, &columns, &asked.look)),
    ))
}

pub(crate) fn invalid_id() -> Fault {
    fault(
        400,
        "INVALID_DATA",
        "the id given seems to be invalid",
        &json!({"resource_path_index": 1}),
    )
}

/// `GET /{module}/actions/count`.
pub(crate) fn count(asked: &Asked<'_>, org: &Org, module: &str) -> Result<Reply, Fault> {
    let here = org.modules.get(module).ok_or_else(invalid_module)?;
    let filter = Filter::read(asked, org, here)?;
    let count = here.records.values().filter(|r| filter.fits(org, here, r)).count();
    Ok(Reply::json(200, &json!({"count": count})))
}

/// `POST /coql`.
pub(crate) fn coql(asked: &Asked<'_>, org: &Org) -> Result<(Reply, usize), Fault> {
    let body = asked
        .call
        .json()
        .ok_or_else(|| invalid_data(&json!({"expected_data_type": "jsonobject"})))?;
    let text = body.get("select_query").and_then(Value::as_str);
    let text = text.ok_or_else(|| {
        fault(
            400,
            "MANDATORY_NOT_FOUND",
            "required field not found",
            &json!({"api_name": "select_query"}),
        )
    })?;
    let query = parse::query(text, asked.switches).map_err(refused)?;
    let here = org.modules.get(&query.module).filter(|m| m.visible).ok_or_else(invalid_module)?;
    asked.may_view(here)?;
    if !asked.scoped(&query.module, "READ") {
        return Err(super::errors::scope_mismatch());
    }
    let mut columns = Vec::new();
    for name in &query.columns {
        let column =
            Column::of(here, name).ok_or_else(|| refused(Refused::Invalid(name.clone())))?;
        columns.push((name.clone(), column));
    }
    let (ids, more) = run(org, here, &query, asked.switches.coql_in_limit).map_err(refused)?;
    if ids.is_empty() {
        return Ok((Reply::empty(204), query.limit));
    }
    let mut look = asked.look.clone();
    look.lookup_id_only = asked.switches.coql_lookup_id_only;
    let rows: Vec<String> = ids
        .iter()
        .filter_map(|id| here.records.get(id))
        .map(|r| record(org, here, r, &columns, &look))
        .collect();
    let body = format!(
        "{{\"data\":[{}],\"info\":{{\"count\":{},\"more_records\":{more}}}}}",
        rows.join(","),
        rows.len()
    );
    Ok((Reply::json_text(200, body), query.limit))
}

fn refused(why: Refused) -> Fault {
    match why {
        Refused::Syntax(near) => fault(
            400,
            "SYNTAX_ERROR",
            "error occured while parsing the query",
            &json!({"near": near, "clause": "where"}),
        ),
        Refused::Invalid(name) => fault(
            400,
            "INVALID_QUERY",
            "invalid query formed",
            &json!({"column_name": name, "reason": "column given seems to be invalid"}),
        ),
        Refused::Limit(limit) => {
            fault(400, "LIMIT_EXCEEDED", "limit exceeded", &json!({"limit": limit}))
        }
    }
}
