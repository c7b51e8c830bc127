//! The pages of a list: by number up to 2,000 records, by token up to 100,000.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::errors::{Fault, fault, missing_param};
use crate::clock::{DAY, zoned_seconds};
use crate::http::Call;
use crate::random::hash;

/// What a page token continues.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct PagePosition {
    /// Hash of all parameters but the page itself.
    pub(crate) bound: u64,
    pub(crate) user: u64,
    /// Sort key and id of the last record given.
    pub(crate) after: (i64, u64),
    /// Records given so far.
    pub(crate) given: usize,
    pub(crate) page: usize,
    pub(crate) expires: i64,
}

/// Where a list begins.
#[derive(Debug, Clone)]
pub(crate) enum Start {
    Page(usize),
    After(PagePosition),
}

/// A hash of what a page token is bound to.
pub(crate) fn bound(call: &Call) -> u64 {
    let mut params: Vec<String> = call
        .query
        .iter()
        .filter(|(k, _)| k != "page_token" && k != "page")
        .map(|(k, v)| format!("{k}={v}"))
        .collect();
    params.sort();
    hash(
        format!(
            "{} {} {}",
            call.path,
            params.join("&"),
            call.header("if-modified-since").unwrap_or("")
        )
        .as_bytes(),
    )
}

/// Reads `per_page`: 1 to 200.
pub(crate) fn per_page(call: &Call) -> Result<usize, Fault> {
    let Some(text) = call.param("per_page") else { return Ok(200) };
    match text.parse::<usize>() {
        Ok(n) if (1..=200).contains(&n) => Ok(n),
        Ok(_) | Err(_) => Err(fault(
            400,
            "INVALID_DATA",
            "invalid data",
            &json!({"param_name": "per_page", "expected_data_type": "integer", "range": {"from": 1, "to": 200}}),
        )),
    }
}

/// Reads `page` or `page_token`.
pub(crate) fn start(
    call: &Call,
    size: usize,
    pages: &std::collections::BTreeMap<String, PagePosition>,
    user: u64,
    now: i64,
) -> Result<Start, Fault> {
    let Some(token) = call.param("page_token").filter(|t| !t.is_empty()) else {
        let page = match call.param("page") {
            None => 1,
            Some(text) => text
                .parse::<usize>()
                .ok()
                .filter(|p| *p > 0)
                .ok_or_else(|| missing_or_bad("page"))?,
        };
        if page * size > 2000 {
            let details = json!({"limit": 2000});
            let text = "You have reached the maximum number of records that can be fetched without page token. Use page_token to fetch more records";
            return Err(fault(400, "DISCRETE_PAGINATION_LIMIT_EXCEEDED", text, &details));
        }
        return Ok(Start::Page(page));
    };
    if call.param("page").is_some() {
        let details =
            json!({"ambiguity_due_to": [{"param_name": "page_token"}, {"param_name": "page"}]});
        return Err(fault(
            400,
            "AMBIGUITY_DURING_PROCESSING",
            "ambiguity while processing the request",
            &details,
        ));
    }
    let bad = |code: &str, text: &str| fault(400, code, text, &json!({"param_name": "page_token"}));
    let place = pages
        .get(token)
        .filter(|p| p.user == user)
        .ok_or_else(|| bad("INVALID_DATA", "invalid data"))?;
    if place.bound != bound(call) {
        return Err(bad(
            "TOKEN_BOUND_DATA_MISMATCH",
            "The other request params, cvid, filters or sort do not match those of the token",
        ));
    }
    if now > place.expires {
        return Err(bad("EXPIRED_VALUE", "page_token is expired"));
    }
    if place.given >= 100_000 {
        return Err(fault(
            400,
            "PAGINATION_LIMIT_EXCEEDED",
            "Pagination limit exceeded",
            &json!({"limit": 100_000}),
        ));
    }
    Ok(Start::After(place.clone()))
}

fn missing_or_bad(name: &str) -> Fault {
    let mut fault = missing_param(name);
    fault.body = json!({"code": "INVALID_DATA", "details": {"param_name": name, "expected_data_type": "integer"}, "message": "invalid data", "status": "error"});
    fault
}

/// The `info` of a list: all eleven keys.
pub(crate) struct Info<'a> {
    pub(crate) size: usize,
    pub(crate) count: usize,
    pub(crate) page: usize,
    pub(crate) sort_by: &'a str,
    pub(crate) sort_order: &'a str,
    pub(crate) more: bool,
    pub(crate) token: Option<String>,
    pub(crate) zone: chrono_tz::Tz,
    pub(crate) now: i64,
}

impl Info<'_> {
    pub(crate) fn json(&self) -> Value {
        json!({
            "call": false,
            "per_page": self.size,
            "next_page_token": self.token,
            "count": self.count,
            "sort_by": self.sort_by,
            "page": self.page,
            "previous_page_token": null,
            "page_token_expiry": self.token.as_ref().map(|_| zoned_seconds(self.now + DAY, self.zone)),
            "sort_order": self.sort_order,
            "email": false,
            "more_records": self.more,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use axum::http::HeaderMap;
    use bytes::Bytes;

    use super::*;
    use crate::http::Door;

    #[test]
    fn a_page_token_reaches_a_hundred_thousand_records() {
        let call = Call {
            door: Door::ZohoApi("us".to_owned()),
            method: "GET".to_owned(),
            path: "/crm/v8/Contacts".to_owned(),
            query: vec![("page_token".to_owned(), "t".to_owned())],
            headers: HeaderMap::new(),
            body: Bytes::new(),
            in_flight: 1,
            heavy_in_flight: 0,
        };
        for (given, user, code) in
            [(99_800, 1, ""), (100_000, 1, "PAGINATION_LIMIT_EXCEEDED"), (200, 2, "INVALID_DATA")]
        {
            let place = PagePosition {
                bound: bound(&call),
                user,
                after: (0, 1),
                given,
                page: 9,
                expires: 10,
            };
            let pages = BTreeMap::from([("t".to_owned(), place)]);
            let told = match start(&call, 200, &pages, 1, 0) {
                Ok(_) => String::new(),
                Err(fault) => fault.body["code"].as_str().unwrap_or_default().to_owned(),
            };
            assert_eq!(told, code, "{given} records given to user {user}");
        }
    }
}
