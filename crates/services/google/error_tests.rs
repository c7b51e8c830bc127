//! Every refusal of Google's that is known, and its one meaning.

use serde_json::{Value, json};

use super::errors::{ItemStatus, item_reply, judge};
use crate::answer::{Answer, Meaning};
use crate::{ItemReply, RemoteError};

/// What somebody in between may say with a 401.
pub(crate) const FOREIGN: [(&str, &str); 4] = [
    ("{}", "nothing"),
    (r#"{"message": "denied"}"#, "words"),
    (r#"{"error": "unauthorized"}"#, "a word where Google has an object"),
    (r#"{"code": "denied", "error": {"message": "no"}}"#, "codes of another form"),
];

pub(crate) fn answer(status: u16, body: String) -> Answer {
    Answer { status, body, date: None, retry_after: None, credits_left: None }
}

pub(crate) fn word(verdict: Meaning) -> &'static str {
    match verdict {
        Meaning::Read => "the caller's",
        Meaning::Token => "renew",
        Meaning::Wait { long: false, .. } => "wait",
        Meaning::Wait { long: true, .. } => "hours",
        Meaning::Again => "again",
        Meaning::Scope => "scope",
        Meaning::Foreign => "foreign",
        Meaning::No(error) => match error {
            RemoteError::Untrusted => "untrusted",
            RemoteError::Rights { .. } => "rights",
            RemoteError::Full => "full",
            RemoteError::Expired => "expired",
            RemoteError::Refused { .. } => "refused",
            RemoteError::Offline
            | RemoteError::SignedOut
            | RemoteError::ScopeMissing { .. }
            | RemoteError::Throttled { .. }
            | RemoteError::Broken { .. }
            | RemoteError::Local(_) => "other",
        },
    }
}

#[test]
fn each_refusal_has_one_meaning() {
    let check = |status: u16, word_of: &str, message: &str, details: Value, expected: &str| {
        let body = json!({"error": {"code": status, "status": word_of, "message": message, "details": details}});
        assert_eq!(
            word(judge(&answer(status, body.to_string()))),
            expected,
            "{status} {word_of} {message}"
        );
    };
    let reason = |reason: &str| json!([{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}]);
    check(
        400,
        "INVALID_ARGUMENT",
        "Request contains an invalid argument.",
        json!([]),
        "the caller's",
    );
    check(
        400,
        "FAILED_PRECONDITION",
        "Request person.etag is different than the current person.etag. Clear local cache and get the latest person.",
        json!([]),
        "the caller's",
    );
    check(
        400,
        "FAILED_PRECONDITION",
        "Sync token is expired.",
        reason("EXPIRED_SYNC_TOKEN"),
        "the caller's",
    );
    check(400, "FAILED_PRECONDITION", "x MY_CONTACTS_OVERFLOW_COUNT y", json!([]), "full");
    check(429, "RESOURCE_EXHAUSTED", "MY_CONTACTS_OVERFLOW_COUNT", json!([]), "full");
    check(
        401,
        "UNAUTHENTICATED",
        "Request had invalid authentication credentials.",
        json!([]),
        "renew",
    );
    for (body, why) in FOREIGN {
        assert_eq!(word(judge(&answer(401, body.to_owned()))), "foreign", "{why}: {body}");
    }
    check(
        403,
        "PERMISSION_DENIED",
        "Request had insufficient authentication scopes.",
        reason("ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
        "scope",
    );
    check(
        403,
        "PERMISSION_DENIED",
        "Request had insufficient authentication scopes.",
        json!([]),
        "scope",
    );
    check(
        403,
        "PERMISSION_DENIED",
        "People API has not been used in project 1 before or it is disabled.",
        reason("SERVICE_DISABLED"),
        "refused",
    );
    check(403, "PERMISSION_DENIED", "The caller does not have permission", json!([]), "rights");
    check(
        403,
        "PERMISSION_DENIED",
        "Request person.etag is different than the current person.etag.",
        json!([]),
        "the caller's",
    );
    check(404, "NOT_FOUND", "Requested entity was not found.", json!([]), "the caller's");
    check(409, "ALREADY_EXISTS", "Contact group name already exists.", json!([]), "the caller's");
    check(409, "ABORTED", "The operation was aborted.", json!([]), "again");
    let minute = json!([{"reason": "RATE_LIMIT_EXCEEDED", "metadata": {"quota_limit": "CriticalWritesPerMinutePerProjectPerUser", "quota_metric": "people.googleapis.com/critical_write_requests"}}]);
    check(
        429,
        "RESOURCE_EXHAUSTED",
        "Quota exceeded for quota metric 'Critical write requests'",
        minute.clone(),
        "wait",
    );
    check(403, "PERMISSION_DENIED", "Rate limit", reason("rateLimitExceeded"), "wait");
    let day = json!([{"reason": "RATE_LIMIT_EXCEEDED", "metadata": {"quota_limit": "DailyContactWritesPerProjectPerUser"}}]);
    check(429, "RESOURCE_EXHAUSTED", "Quota exceeded", day, "hours");
    let hidden = json!([{"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"subject": "QUOTA_EXCEEDED", "description": "FBS quota limit exceeded"}]}]);
    check(
        429,
        "RESOURCE_EXHAUSTED",
        "Resource has been exhausted (e.g. check quota).",
        hidden,
        "hours",
    );
    assert_eq!(
        word(judge(&answer(404, "<html>no such page</html>".to_owned()))),
        "the caller's",
        "no JSON"
    );
    assert_eq!(word(judge(&answer(200, "{}".to_owned()))), "the caller's");
    let Meaning::Wait { what, .. } =
        judge(&answer(429, json!({"error": {"details": minute}}).to_string()))
    else {
        panic!()
    };
    assert_eq!(what, "critical_write_requests", "the quota is named");
}

#[test]
fn each_item_status_has_one_meaning() {
    let check = |code: i32, message: &str, expected: &str| {
        let reply = item_reply(&ItemStatus { code, message: message.to_owned() });
        let got = match &reply {
            ItemReply::Stale => "stale".to_owned(),
            ItemReply::Gone => "gone".to_owned(),
            ItemReply::Refused(refusal) => {
                format!("refused {}", refusal.field.as_deref().unwrap_or("-"))
            }
            ItemReply::Done(_) | ItemReply::Duplicate { .. } | ItemReply::Unknown => {
                format!("{reply:?}")
            }
        };
        assert_eq!(got, expected, "{code} {message}");
    };
    check(9, "Request person.etag is different than the current person.etag.", "stale");
    check(3, "Request person.etag is different than the current person.etag.", "stale");
    check(5, "Requested entity was not found.", "gone");
    check(3, "Cannot have more than one person.names per source.", "refused names");
    check(3, "Request must set person.etag or person.metadata.sources.etag", "refused -");
    check(3, "Request contains an invalid argument.", "refused -");
}
