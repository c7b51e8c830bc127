//! Pure: what Zoho's refusals mean. Request-level errors come flat or wrapped in a list, item-level
//! ones always in `data`.

use renraku_core::field::Misfit;
use serde::Deserialize;
use serde_json::Value;

use crate::answer::{Answer, Meaning};
use crate::zoho::id::id_in;
use crate::{ItemReply, Refusal, RemoteError, Written};

/// One error or success item.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Item {
    pub(super) code: String,
    pub(super) message: String,
    pub(super) details: Value,
    /// `MULTIPLE_OR_MULTI_ERRORS` lists them here or inside the details.
    errors: Vec<Item>,
}

/// An answer to a write: one item per record, in order.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Items {
    pub(super) data: Vec<Item>,
}

impl Item {
    pub(super) fn detail(&self, name: &str) -> Option<&str> {
        self.details.get(name)?.as_str()
    }

    /// The record that the item is about, where it tells; other refusals name another's id.
    pub(super) fn record(&self) -> Option<&str> {
        let told = matches!(self.code.as_str(), "SUCCESS" | "ALREADY_MODIFIED");
        self.detail("id").filter(|_| told)
    }

    fn permission(&self) -> Option<String> {
        Some(self.details.get("permissions")?.get(0)?.as_str()?.to_owned())
    }
}

/// The request-level error of an answer: flat, or the only item of whatever list wraps it.
pub(super) fn error(answer: &Answer) -> Item {
    let Ok(body) = serde_json::from_str::<Value>(&answer.body) else { return Item::default() };
    let mut lists = body.as_object().into_iter().flat_map(|map| map.values());
    let wrapped = lists.find_map(|v| v.as_array()?.first().cloned());
    let item = if body.get("code").is_some() { Some(body) } else { wrapped };
    item.and_then(|item| serde_json::from_value(item).ok()).unwrap_or_default()
}

/// More credits than any one call costs: with fewer left, a 429 is about the day's budget.
const DEAREST: u64 = 15;

/// What an answer means for the sender.
pub(crate) fn judge(answer: &Answer) -> Meaning {
    if answer.ok() {
        return Meaning::Read;
    }
    let error = error(answer);
    let code = error.code.as_str();
    match (answer.status, code) {
        (401, "OAUTH_SCOPE_MISMATCH") => Meaning::Scope,
        // Who says no code in Zoho's form is somebody in between.
        (401, code) if !is_code(code) => Meaning::Foreign,
        (401, _) => Meaning::Token,
        (429, _) | (_, "TOO_MANY_REQUESTS" | "RATE_LIMIT_EXCEEDED") => Meaning::Wait {
            what: if code.is_empty() { "TOO_MANY_REQUESTS".to_owned() } else { code.to_owned() },
            // With the day's credits used up only time helps; otherwise too many calls ran at once.
            long: answer.credits_left.is_some_and(|left| left < DEAREST),
        },
        (status, code) if status == 403 || is_right(code) => {
            let items = serde_json::from_str::<Items>(&answer.body).unwrap_or_default().data.len();
            if answer.status != 403 && items > 1 {
                return Meaning::Read;
            }
            if code.is_empty() {
                return Meaning::Foreign;
            }
            let permission = error.permission().unwrap_or_else(|| code.to_owned());
            Meaning::No(RemoteError::Rights { permission })
        }
        (_, "TOKEN_BOUND_DATA_MISMATCH" | "EXPIRED_VALUE") => Meaning::No(RemoteError::Expired),
        _ => Meaning::Read,
    }
}

/// The right that every item of an answer says is missing.
pub(super) fn rights(items: &[Item]) -> Option<RemoteError> {
    let first = items.first().filter(|_| items.iter().all(|item| is_right(&item.code)))?;
    let permission = first.permission().unwrap_or_else(|| first.code.clone());
    Some(RemoteError::Rights { permission })
}

/// Whether it has the form of Zoho's codes: capitals and underscores.
fn is_code(code: &str) -> bool {
    !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

fn is_right(code: &str) -> bool {
    matches!(code, "NO_PERMISSION" | "AUTHORIZATION_FAILED")
}

/// The error of an answer that no caller expects.
pub(super) fn refused(answer: &Answer) -> RemoteError {
    let error = error(answer);
    let field = ["api_name", "param_name"].into_iter().find_map(|n| error.detail(n));
    RemoteError::Refused {
        field: field.map(ToOwned::to_owned),
        code: if error.code.is_empty() { format!("status {}", answer.status) } else { error.code },
    }
}

/// What one item of a write's answer means.
/// A write towards this module.
pub(super) fn item_reply(item: &Item, module: &str) -> ItemReply {
    match item.code.as_str() {
        "SUCCESS" => written(item).map_or(ItemReply::Unknown, ItemReply::Done),
        "ALREADY_MODIFIED" => ItemReply::Stale,
        "DUPLICATE_DATA" => duplicate(item, module),
        "INVALID_DATA" if unknown_record(item) => ItemReply::Gone,
        "" => ItemReply::Unknown,
        _ => ItemReply::Refused(refusal(item)),
    }
}

/// A value is taken. An organisation may have leads compared with contacts: then the other record is
/// of another module, and nobody to match this one with.
fn duplicate(item: &Item, module: &str) -> ItemReply {
    let holder = item.details.get("duplicate_record");
    let of = holder.and_then(|record| record.get("module")).and_then(|m| {
        let named = m.get("api_name").or_else(|| m.get("name"));
        named.unwrap_or(m).as_str()
    });
    match of {
        Some(other) if other != module => ItemReply::Refused(Refusal {
            misfit: Misfit::TakenElsewhere { module: other.to_owned() },
            field: item.detail("api_name").map(ToOwned::to_owned),
        }),
        Some(_) | None => {
            let id = holder.and_then(|record| record.get("id"));
            ItemReply::Duplicate {
                id: id.or_else(|| item.details.get("id")).and_then(id_in),
                field: item.detail("api_name").map(ToOwned::to_owned),
            }
        }
    }
}

/// Whether a record is refused for what it is going through, not for what is written.
pub(super) fn on_hold(code: &str) -> bool {
    matches!(code, "RECORD_LOCKED" | "NOT_REVIEWED" | "NOT_APPROVED" | "RECORD_IN_BLUEPRINT")
}

fn written(item: &Item) -> Option<Written> {
    let version = item.detail("Modified_Time").unwrap_or_default();
    Some(Written {
        id: id_in(item.details.get("id")?)?,
        modified: version.parse().ok()?,
        version: version.to_owned(),
        raw: None,
    })
}

/// "the id given seems to be invalid": the record is gone.
fn unknown_record(item: &Item) -> bool {
    // The id of a lookup's record is no word about the record that names it.
    if named_field(item).is_some() {
        return false;
    }
    let names_id = item.detail("api_name") == Some("id")
        || item.detail("json_path").is_some_and(|path| path.ends_with(".id"));
    let typed = item.details.get("expected_data_type").is_some();
    (names_id && !typed) || item.message.contains("the id given seems to be invalid")
}

/// The field of the record that an item names; its own id is none.
pub(super) fn named_field(item: &Item) -> Option<&str> {
    let named = item.detail("api_name").filter(|name| *name != "id");
    // The id of a lookup's record stands below its field.
    let above = || Some(item.detail("json_path")?.split_once("].")?.1.split_once('.')?.0);
    named.or_else(above)
}

/// The code of an item, or of the first of several errors that it lists.
pub(super) fn told_code(item: &Item) -> &str {
    item.errors.first().map_or(item.code.as_str(), |first| first.code.as_str())
}

/// Why an item was refused, as a misfit of a field where the answer tells that much.
pub(super) fn refusal(item: &Item) -> Refusal {
    let inner = || -> Option<Item> {
        if let Some(first) = item.errors.first() {
            return Some(first.clone());
        }
        serde_json::from_value(item.details.get("errors")?.get(0)?.clone()).ok()
    };
    if item.code == "MULTIPLE_OR_MULTI_ERRORS"
        && let Some(first) = inner()
    {
        return refusal(&first);
    }
    let longest = item.details.get("maximum_length").and_then(|l| {
        l.as_u64().or_else(|| l.as_str()?.parse().ok()).and_then(|l| u32::try_from(l).ok())
    });
    let misfit = match (item.code.as_str(), longest, item.detail("expected_data_type")) {
        ("MANDATORY_NOT_FOUND", _, _) => Misfit::Required,
        ("INVALID_DATA", Some(max), _) => Misfit::TooLong { max },
        ("INVALID_DATA", None, Some("email")) => Misfit::Email,
        ("INVALID_DATA", None, Some("phone")) => Misfit::Phone,
        ("INVALID_DATA", None, Some("website" | "url")) => Misfit::Url,
        ("INVALID_DATA", None, Some("date")) => Misfit::Date,
        ("INVALID_DATA", None, Some("boolean")) => Misfit::Flag,
        ("INVALID_DATA", None, Some("integer" | "bigint" | "double" | "currency" | "percent")) => {
            Misfit::Number
        }
        ("INVALID_DATA", None, _) if item.details.get("supported_values").is_some() => {
            Misfit::NotInList
        }
        (code, _, _) if on_hold(code) => Misfit::OnHold { code: code.to_owned() },
        (code, _, _) => Misfit::Refused(code.to_owned()),
    };
    // A record that is refused as such (locked, under approval) is named by its id.
    Refusal { misfit, field: named_field(item).map(ToOwned::to_owned) }
}
