//! `people.connections.list`: full and incremental lists, their page and sync tokens.

use std::fmt::Write as _;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::Asked;
use super::errors::{Fault, error_info, invalid, invalid_argument};
use super::field::Field;
use super::render::{View, person, tombstone};
use super::store::{Record, Store};
use crate::clock::SECOND;
use crate::http::Reply;
use crate::random::hash;
use crate::switches::GoogleSwitches;

/// What a page token or sync token stands for. The text is opaque to clients and checked against forgery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Token {
    /// `true` for a sync token.
    sync: bool,
    /// Which generation of sync tokens it belongs to; older generations were expired by hand.
    generation: u64,
    /// Page token: the place where the next page starts. Sync token: the newest change seen.
    at: u64,
    /// Page token: the newest change that this run of pages may tell of.
    until: u64,
    /// When the full sync began that this token descends from.
    full_at: i64,
    issued_at: i64,
    /// Hash of the parameters it is bound to.
    bound: u64,
}

impl Token {
    fn text(self) -> String {
        let body = format!(
            "{}.{}.{}.{}.{}.{}.{}",
            u8::from(self.sync),
            self.generation,
            self.at,
            self.until,
            self.full_at,
            self.issued_at,
            self.bound
        );
        URL_SAFE_NO_PAD.encode(format!("{body}.{:x}", hash(body.as_bytes())))
    }

    fn read(text: &str, sync: bool) -> Result<Self, Fault> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| invalid_argument())?;
        let text = String::from_utf8(bytes).map_err(|_| invalid_argument())?;
        let (body, check) = text.rsplit_once('.').ok_or_else(invalid_argument)?;
        let parts: Vec<&str> = body.split('.').collect();
        let [kind, generation, at, until, full_at, issued_at, bound] = parts.as_slice() else {
            return Err(invalid_argument());
        };
        if format!("{:x}", hash(body.as_bytes())) != check || *kind != if sync { "1" } else { "0" }
        {
            return Err(invalid_argument());
        }
        let big = |t: &str| t.parse::<u64>().map_err(|_| invalid_argument());
        let time = |t: &str| t.parse::<i64>().map_err(|_| invalid_argument());
        Ok(Self {
            sync,
            generation: big(generation)?,
            at: big(at)?,
            until: big(until)?,
            full_at: time(full_at)?,
            issued_at: time(issued_at)?,
            bound: big(bound)?,
        })
    }
}

fn expired(switches: &GoogleSwitches) -> Fault {
    let status = if switches.expired_sync_status == "INVALID_ARGUMENT" {
        "INVALID_ARGUMENT"
    } else {
        "FAILED_PRECONDITION"
    };
    Fault::new(
        switches.expired_sync_http,
        status,
        "Sync token is expired. Clear local cache and retry call without the sync token.",
    )
    .details(json!([error_info(
        "EXPIRED_SYNC_TOKEN",
        "people.googleapis.com",
        &serde_json::Value::Null
    )]))
}

/// The size of a page: 0 or absent is `default`, above 1000 is refused or cut.
pub(crate) fn page_size(asked: &Asked<'_>, default: usize) -> Result<usize, Fault> {
    let text = asked.call.param("pageSize").unwrap_or("0");
    let size: i64 = text.parse().map_err(|_| invalid_argument())?;
    match usize::try_from(size) {
        Err(_) => Err(invalid_argument()),
        Ok(0) => Ok(default),
        Ok(n) if n > 1000 && asked.switches.clamp_page_size => Ok(1000),
        Ok(n) if n > 1000 => Err(invalid_argument()),
        Ok(n) => Ok(n),
    }
}

/// Whether the call is the first page of a full list, which has a quota of its own.
pub(crate) fn starts_full_list(asked: &Asked<'_>) -> bool {
    asked.call.param("syncToken").is_none_or(str::is_empty)
        && asked.call.param("pageToken").is_none_or(str::is_empty)
}

/// Answers the list.
pub(crate) fn list(asked: &Asked<'_>, store: &Store, view: &View) -> Result<Reply, Fault> {
    let call = asked.call;
    let given = |name: &str| call.param(name).filter(|t| !t.is_empty());
    let want_sync = given("requestSyncToken") == Some("true");
    let order = given("sortOrder").unwrap_or("LAST_MODIFIED_ASCENDING");
    let orders = [
        "LAST_MODIFIED_ASCENDING",
        "LAST_MODIFIED_DESCENDING",
        "FIRST_NAME_ASCENDING",
        "LAST_NAME_ASCENDING",
    ];
    if !orders.contains(&order) {
        return Err(invalid(format!("Invalid value at 'sort_order': \"{order}\"")));
    }
    let size = page_size(asked, 100)?;
    let bound = hash(
        format!("{} {} {order} {want_sync}", view.mask.bits(), call.params("sources").join(","))
            .as_bytes(),
    );
    let now = asked.now;
    let lag = asked.switches.write_lag_ms * 1000;

    let since = match given("syncToken") {
        None => None,
        Some(text) => {
            let token = Token::read(text, true)?;
            let age_from =
                if asked.switches.sync_age_from_full { token.full_at } else { token.issued_at };
            if token.generation != asked.generation
                || now - age_from > asked.switches.sync_token_life_s * SECOND
            {
                return Err(expired(asked.switches));
            }
            if token.bound != bound || token.at > store.seq {
                return Err(invalid_argument());
            }
            Some(token)
        }
    };
    let bound_page = hash(format!("{bound} {}", given("syncToken").unwrap_or("")).as_bytes());
    let page =
        match given("pageToken") {
            None => None,
            Some(text) => Some(Token::read(text, false).and_then(|t| {
                if t.bound == bound_page { Ok(t) } else { Err(invalid_argument()) }
            })?),
        };
    let until = page.map_or_else(|| store.seen_seq(now, lag), |p| p.until);
    let full_at = since.map_or_else(|| page.map_or(now, |p| p.full_at), |s| s.full_at);

    let mut people: Vec<String> = Vec::new();
    let mut next = None;
    let total;
    if let Some(since) = since {
        let from = page.map_or(since.at, |p| p.at);
        total = after(store, since.at, until).count();
        for (seq, id) in after(store, from, until) {
            if people.len() == size {
                next = Some(seq - 1);
                break;
            }
            let Some(entry) = store.people.get(id) else { continue };
            people.push(match &entry.now {
                Some(record) => person(record, &entry.previous, view),
                None => tombstone(*id, entry, view),
            });
        }
    } else {
        total = if asked.switches.empty_lists { 0 } else { store.alive };
        let from = page.map_or(0, |p| p.at);
        let lag = if asked.switches.full_lists_lag { lag } else { 0 };
        if !asked.switches.empty_lists {
            next = full(store, order, from, size, |r| people.push(person(r, &[], view)), now, lag);
        }
    }

    let mut body = String::with_capacity(people.iter().map(|p| p.len() + 1).sum::<usize>() + 256);
    body.push('{');
    if !people.is_empty() {
        body.push_str("\"connections\":[");
        for (i, text) in people.iter().enumerate() {
            if i > 0 {
                body.push(',');
            }
            body.push_str(text);
        }
        body.push_str("],");
    }
    let issued = Token {
        sync: next.is_none(),
        generation: asked.generation,
        at: next.unwrap_or(until),
        until,
        full_at,
        issued_at: now,
        bound,
    };
    if next.is_some() {
        let _ =
            write!(body, "\"nextPageToken\":\"{}\",", Token { bound: bound_page, ..issued }.text());
    } else if since.is_some()
        || (want_sync && (store.alive > 0 || asked.switches.empty_gives_sync_token))
    {
        let _ = write!(body, "\"nextSyncToken\":\"{}\",", issued.text());
    }
    if total > 0 {
        let _ = write!(body, "\"totalPeople\":{total},\"totalItems\":{total},");
    }
    if body.ends_with(',') {
        body.pop();
    }
    body.push('}');
    Ok(Reply::json_text(200, body))
}

/// One page of a full list; gives the place of the next page.
fn full(
    store: &Store,
    order: &str,
    from: u64,
    size: usize,
    mut each: impl FnMut(&Arc<Record>),
    now: i64,
    lag: i64,
) -> Option<u64> {
    if order == "LAST_MODIFIED_ASCENDING" {
        let mut count = 0;
        for (seq, id) in store.by_seq.range(from + 1..) {
            let Some(record) = store.people.get(id).and_then(|e| e.seen(now, lag)) else {
                continue;
            };
            if count == size {
                return Some(seq - 1);
            }
            each(record);
            count += 1;
        }
        return None;
    }
    let mut all: Vec<(&u64, &Arc<Record>)> = store
        .by_seq
        .iter()
        .filter_map(|(seq, id)| Some((seq, store.people.get(id)?.seen(now, lag)?)))
        .collect();
    match order {
        "FIRST_NAME_ASCENDING" => all.sort_by_cached_key(|(_, r)| name_key(r, "givenName")),
        "LAST_NAME_ASCENDING" => all.sort_by_cached_key(|(_, r)| name_key(r, "familyName")),
        _ => all.reverse(),
    }
    let skip = usize::try_from(from).unwrap_or(0);
    for (_, record) in all.iter().skip(skip).take(size) {
        each(record);
    }
    (all.len() > skip + size).then(|| u64::try_from(skip + size).unwrap_or(u64::MAX))
}

fn name_key(record: &Record, part: &str) -> String {
    let items = record.items(Field::NAMES);
    items
        .first()
        .and_then(|n| n.get(part))
        .and_then(serde_json::Value::as_str)
        .unwrap_or("\u{10ffff}")
        .to_lowercase()
}

/// What changed after `from`, up to `until`; nothing where that is no later.
fn after(store: &Store, from: u64, until: u64) -> impl Iterator<Item = (&u64, &u64)> {
    store.by_seq.range(from.saturating_add(1)..).take_while(move |(seq, _)| **seq <= until)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_cannot_be_forged() {
        let token = Token {
            sync: true,
            generation: 1,
            at: 7,
            until: 9,
            full_at: 5,
            issued_at: 6,
            bound: 3,
        };
        let text = token.text();
        assert_eq!(Token::read(&text, true).ok(), Some(token));
        assert!(Token::read(&text, false).is_err());
        assert!(Token::read("garbage", true).is_err());
        let forged = URL_SAFE_NO_PAD.encode("1.1.8.9.5.6.3.0");
        assert!(Token::read(&forged, true).is_err());
    }
}
