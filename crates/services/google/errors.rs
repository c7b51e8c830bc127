//! Pure: what Google's refusals mean, by their reason first and their status last.

use std::collections::BTreeMap;

use renraku_core::field::Misfit;
use serde::Deserialize;

use crate::answer::{Answer, Meaning};
use crate::error::SERVICE_DISABLED;
use crate::{ItemReply, Refusal, RemoteError};

/// Google's standard error envelope.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Envelope {
    pub(super) error: GoogleError,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct GoogleError {
    pub(super) message: String,
    pub(super) status: String,
    details: Vec<Detail>,
    errors: Vec<OldError>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Detail {
    reason: String,
    metadata: BTreeMap<String, String>,
    violations: Vec<Violation>,
    contact_errors: BTreeMap<String, ItemStatus>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Violation {
    description: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct OldError {
    reason: String,
}

/// One item's status inside a refused batch: a gRPC code and a text.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct ItemStatus {
    pub(super) code: i32,
    pub(super) message: String,
}

/// The service's word for "per minute" is enough to know that a minute helps.
const LONG: [&str; 3] = ["FBS quota", "aily", "per day"];
/// The code of an answer that is no error of Google's.
const UNKNOWN: &str = "unknown";
const FULL: &str = "MY_CONTACTS_OVERFLOW_COUNT";
const STALE: &str = "different than the current person";

/// The error of an answer; an empty one where the body is no envelope.
pub(super) fn error(answer: &Answer) -> GoogleError {
    serde_json::from_str::<Envelope>(&answer.body).unwrap_or_default().error
}

impl GoogleError {
    /// The reason that the answer gives in its details, if any.
    pub(super) fn reason(&self) -> &str {
        self.details
            .iter()
            .map(|d| d.reason.as_str())
            .chain(self.errors.iter().map(|e| e.reason.as_str()))
            .find(|r| !r.is_empty())
            .unwrap_or_default()
    }

    /// The most telling code: reason, else status.
    pub(super) fn code(&self) -> String {
        [self.reason(), &self.status]
            .into_iter()
            .find(|c| !c.is_empty())
            .unwrap_or(UNKNOWN)
            .to_owned()
    }

    /// Whether the etag that was sent is not the newest (old envelopes said 403).
    pub(super) fn stale(&self) -> bool {
        self.message.contains(STALE)
    }

    /// The items of a refused batch that were at fault, by index or resource name.
    pub(super) fn items(&self) -> BTreeMap<String, ItemStatus> {
        self.details.iter().flat_map(|d| d.contact_errors.clone()).collect()
    }

    fn full(&self) -> bool {
        self.message.contains(FULL) || self.items().values().any(|i| i.message.contains(FULL))
    }

    fn long(&self) -> bool {
        let said = |text: &str| LONG.iter().any(|l| text.contains(l));
        said(&self.message)
            || said(self.reason())
            || self.details.iter().any(|d| {
                d.violations.iter().any(|v| said(&v.description))
                    || d.metadata.get("quota_limit").is_some_and(|l| said(l))
            })
    }

    fn quota_name(&self) -> String {
        self.details
            .iter()
            .find_map(|d| d.metadata.get("quota_metric"))
            .and_then(|metric| metric.rsplit('/').next())
            .map_or_else(|| self.code(), ToOwned::to_owned)
    }
}

/// What an answer means for the sender.
pub(crate) fn judge(answer: &Answer) -> Meaning {
    if answer.ok() {
        return Meaning::Read;
    }
    let error = error(answer);
    let reason = error.reason();
    let quota = [
        "RATE_LIMIT_EXCEEDED",
        "rateLimitExceeded",
        "userRateLimitExceeded",
        "quotaExceeded",
        "dailyLimitExceeded",
    ];
    match answer.status {
        _ if error.full() => Meaning::No(RemoteError::Full),
        // Google says of every error what status it is; who does not is somebody in between.
        401 if error.status.is_empty() && reason.is_empty() => Meaning::Foreign,
        401 => Meaning::Token,
        429 => Meaning::Wait { what: error.quota_name(), long: error.long() },
        403 if quota.contains(&reason) || error.status == "RESOURCE_EXHAUSTED" => {
            Meaning::Wait { what: error.quota_name(), long: error.long() }
        }
        403 if error.stale() => Meaning::Read,
        403 if reason == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
            || error.message.contains("insufficient authentication scopes") =>
        {
            Meaning::Scope
        }
        403 if reason == SERVICE_DISABLED
            || error.message.contains("has not been used in project") =>
        {
            Meaning::No(RemoteError::Refused { code: SERVICE_DISABLED.to_owned(), field: None })
        }
        403 if error.code() == UNKNOWN => Meaning::Foreign,
        403 => Meaning::No(RemoteError::Rights { permission: error.code() }),
        409 if error.status == "ABORTED" => Meaning::Again,
        _ => Meaning::Read,
    }
}

/// The error of an answer that no caller expects.
pub(super) fn refused(answer: &Answer) -> RemoteError {
    let error = error(answer);
    let code =
        if error.code() == UNKNOWN { format!("status {}", answer.status) } else { error.code() };
    RemoteError::Refused { code, field: None }
}

/// Whether a list's token no longer holds: the documented reason, the message, 410, or any 400 on a
/// call that carried one (a malformed token gives no reason at all).
pub(super) fn expired(answer: &Answer) -> bool {
    matches!(answer.status, 400 | 410)
}

/// What one item's status in a refused batch means. Codes are gRPC's: 5 not found, 6 exists,
/// 9 failed precondition (a stale etag).
pub(super) fn item_reply(status: &ItemStatus) -> ItemReply {
    match status.code {
        5 => ItemReply::Gone,
        9 => ItemReply::Stale,
        _ if status.message.contains(STALE) => ItemReply::Stale,
        code => ItemReply::Refused(Refusal {
            misfit: Misfit::Refused(grpc_name(code)),
            field: field_of(&status.message),
        }),
    }
}

fn grpc_name(code: i32) -> String {
    match code {
        3 => "INVALID_ARGUMENT".to_owned(),
        7 => "PERMISSION_DENIED".to_owned(),
        8 => "RESOURCE_EXHAUSTED".to_owned(),
        13 => "INTERNAL".to_owned(),
        code => format!("status {code}"),
    }
}

/// The person's field that a message names, as in `person.names`.
pub(super) fn field_of(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("person.")?;
    let name: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    (!name.is_empty() && name != "etag" && name != "metadata").then_some(name)
}
