//! Every way in which the services refuse a call (their published error tables), each with its one
//! right end of the run: wait and go on, one contact asked about, one side stopped with a sentence
//! that says what to do, or signing in again. Whatever it was, nothing is lost: once it has passed,
//! both sides agree.

use renraku_engine::api::Outcome;
use renraku_engine::core::contact::Side;
use serde_json::{Value, json};

use super::edits::in_step;
use super::people::person;
use super::rig::{LAG, Rig, at, wrote};

/// How a run ends.
#[derive(Debug, PartialEq)]
enum End {
    /// It waited or read again, and did everything.
    Done,
    /// It stopped with a sentence that has this word in it.
    Stopped(&'static str),
}

fn google(status: u16, word: &str, message: &str, details: Value) -> Value {
    let error = json!({"code": status, "status": word, "message": message, "details": details});
    json!({"answer": {"status": status, "json": {"error": error}}})
}

fn zoho(status: u16, code: &str, details: Value) -> Value {
    let error = json!({"code": code, "details": details, "message": "m", "status": "error"});
    json!({"answer": {"status": status, "json": error}})
}

/// A filter in between denies every call, in JSON of its own.
fn foreign(json: Value) -> Value {
    json!({"answer": {"status": 401, "json": json}})
}

fn html(status: u16) -> Value {
    json!({"answer": {"status": status, "html": "<html><body><h1>Error</h1></body></html>"}})
}

/// A sync with something to write in both directions, one call of which is refused `times` times.
async fn ends(side: Side, method: &str, path: &str, times: u64, what: &Value) -> (End, Rig) {
    let rig = in_step(4, json!({})).await;
    for (number, side) in Side::BOTH.into_iter().enumerate() {
        rig.add(side, &person(10 + number));
        let id = rig.find(side, "Email", &format!("p{number}@a.test"));
        rig.edit(side, &id, "Title", Some("Chief"));
    }
    rig.later(LAG);
    rig.fault(
        json!({"side": at(side), "method": method, "path": path, "times": times, "do": what}),
    );
    rig.tick();
    let end = match rig.engine().sync(None, true).await {
        Ok(runs) => {
            let run = runs.runs.first().expect("one run");
            match (run.outcome, &run.message) {
                (Outcome::Completed | Outcome::Partial, _) => End::Done,
                (_, message) => {
                    let message = message.clone().expect("a sentence");
                    assert!(
                        message.contains("Nothing was lost") || message.contains("again"),
                        "{message}"
                    );
                    End::Stopped(Box::leak(message.into_boxed_str()))
                }
            }
        }
        Err(failure) => panic!("{failure:?}"),
    };
    (end, rig)
}

async fn check(side: Side, method: &str, path: &str, times: u64, what: Value, expected: End) {
    let (end, rig) = ends(side, method, path, times, &what).await;
    match (&end, &expected) {
        (End::Stopped(message), End::Stopped(word)) => {
            assert!(message.contains(word), "{what}: \"{word}\" in \"{message}\"");
        }
        (end, expected) => assert_eq!(end, expected, "{what}"),
    }
    rig.control.clear_rules();
    rig.settle().await;
    rig.agree(6);
    assert_eq!(rig.review(), Vec::new(), "{what}: nobody is asked about");
}

const LIST: (&str, &str) = ("GET", "/v1/people/me/connections");
const CREATE: (&str, &str) = ("POST", "/v1/people:batchCreateContacts");
const UPDATE: (&str, &str) = ("POST", "/v1/people:batchUpdateContacts");

fn info(reason: &str) -> Value {
    json!([{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com"}])
}

#[tokio::test]
async fn each_of_googles_refusals_has_one_end() {
    let side = Side::Google;
    let quota = json!([{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "RATE_LIMIT_EXCEEDED",
        "metadata": {"quota_limit": "CriticalWritesPerMinutePerProjectPerUser"}}]);
    let fbs = json!([{"@type": "type.googleapis.com/google.rpc.QuotaFailure",
        "violations": [{"subject": "QUOTA_EXCEEDED", "description": "FBS quota limit exceeded"}]}]);
    let day = json!([{"reason": "RATE_LIMIT_EXCEEDED", "metadata": {"quota_limit": "DailyContactWritesPerProjectPerUser"}}]);
    let old = json!({"answer": {"status": 403, "json": {"error": {"code": 403, "message": "Rate Limit Exceeded",
        "errors": [{"domain": "usageLimits", "reason": "rateLimitExceeded"}]}}}});
    let expired = |status, word| {
        google(
            status,
            word,
            "Sync token is expired. Clear local cache and retry call without the sync token.",
            info("EXPIRED_SYNC_TOKEN"),
        )
    };
    let stale = "Request person.etag is different than the current person.etag. Clear local cache and get the latest person.";
    for ((method, path), times, what, end) in [
        (LIST, 1, expired(400, "FAILED_PRECONDITION"), End::Done),
        (LIST, 1, expired(400, "INVALID_ARGUMENT"), End::Done),
        (LIST, 1, expired(410, "GONE"), End::Done),
        (
            LIST,
            1,
            google(400, "INVALID_ARGUMENT", "Request contains an invalid argument.", json!([])),
            End::Done,
        ),
        (UPDATE, 1, google(400, "FAILED_PRECONDITION", stale, json!([])), End::Done),
        (
            LIST,
            1,
            google(
                401,
                "UNAUTHENTICATED",
                "Request had invalid authentication credentials.",
                json!([]),
            ),
            End::Done,
        ),
        (
            LIST,
            1,
            google(401, "UNAUTHENTICATED", "expired", info("ACCESS_TOKEN_EXPIRED")),
            End::Done,
        ),
        (LIST, 99, foreign(json!({"error": "unauthorized"})), End::Stopped("A web page answers")),
        (LIST, 99, foreign(json!({})), End::Stopped("A web page answers")),
        (
            CREATE,
            1,
            google(401, "UNAUTHENTICATED", "missing", info("CREDENTIALS_MISSING")),
            End::Done,
        ),
        (
            LIST,
            99,
            google(
                401,
                "UNAUTHENTICATED",
                "Request had invalid authentication credentials.",
                json!([]),
            ),
            End::Stopped("did not take the sign-in"),
        ),
        (
            LIST,
            99,
            google(
                403,
                "PERMISSION_DENIED",
                "Request had insufficient authentication scopes.",
                info("ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
            ),
            End::Stopped("tick the box"),
        ),
        (
            LIST,
            99,
            google(
                403,
                "PERMISSION_DENIED",
                "People API has not been used in project 1 before or it is disabled.",
                info("SERVICE_DISABLED"),
            ),
            End::Stopped("People API"),
        ),
        (
            CREATE,
            99,
            google(403, "PERMISSION_DENIED", "The caller does not have permission", json!([])),
            End::Stopped("right"),
        ),
        (CREATE, 2, old, End::Done),
        (CREATE, 1, google(409, "ABORTED", "The operation was aborted.", json!([])), End::Done),
        (
            CREATE,
            2,
            google(429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric", quota.clone()),
            End::Done,
        ),
        (
            LIST,
            1,
            google(
                429,
                "RESOURCE_EXHAUSTED",
                "Resource has been exhausted (e.g. check quota).",
                json!([]),
            ),
            End::Done,
        ),
        (
            CREATE,
            99,
            google(
                429,
                "RESOURCE_EXHAUSTED",
                "Resource has been exhausted (e.g. check quota).",
                fbs,
            ),
            End::Stopped("has asked Renraku to wait"),
        ),
        (
            CREATE,
            99,
            google(429, "RESOURCE_EXHAUSTED", "Quota exceeded", day),
            End::Stopped("has asked Renraku to wait"),
        ),
        (CREATE, 1, json!({"too_many": 0}), End::Done),
        (CREATE, 99, json!({"too_many": 7200}), End::Stopped("has asked Renraku to wait until")),
        (LIST, 2, google(500, "INTERNAL", "Internal error encountered.", json!([])), End::Done),
        (CREATE, 1, google(500, "INTERNAL", "Internal error encountered.", json!([])), End::Done),
        (LIST, 2, html(502), End::Done),
        (
            LIST,
            2,
            google(503, "UNAVAILABLE", "The service is currently unavailable.", json!([])),
            End::Done,
        ),
        (LIST, 99, html(503), End::Stopped("cannot be reached")),
        (LIST, 1, html(200), End::Done),
        (LIST, 1, json!("truncate"), End::Done),
        (LIST, 1, json!("drop_before"), End::Done),
        (LIST, 99, html(404), End::Stopped("web page answers in place")),
        (LIST, 99, json!("drop_after"), End::Stopped("cannot be reached")),
    ] {
        check(side, method, path, times, what, end).await;
    }
}

const QUERY: (&str, &str) = ("POST", "/crm/v8/coql");
const INSERT: (&str, &str) = ("POST", "/crm/v8/Contacts");
const PUT: (&str, &str) = ("PUT", "/crm/v8/Contacts");
const DELETED: (&str, &str) = ("GET", "/crm/v8/Contacts/deleted");
const ANY: (&str, &str) = ("POST", "*");

#[tokio::test]
async fn each_of_zohos_refusals_has_one_end() {
    let side = Side::Zoho;
    let rights = |name: &str| json!({"permissions": [name]});
    let wrapped = |status: u16, code: &str, details: Value| json!({"answer": {"status": status, "json": {"data": [{"code": code, "details": details, "message": "m", "status": "error"}]}}});
    for ((method, path), times, what, end) in [
        (QUERY, 1, zoho(401, "INVALID_TOKEN", json!({})), End::Done),
        (INSERT, 1, zoho(401, "AUTHENTICATION_FAILURE", json!({})), End::Done),
        (PUT, 1, zoho(401, "INVALID_OAUTHTOKEN", json!({})), End::Done),
        (
            DELETED,
            99,
            zoho(401, "INVALID_TOKEN", json!({})),
            End::Stopped("did not take the sign-in"),
        ),
        (QUERY, 99, foreign(json!({"message": "denied"})), End::Stopped("A web page answers")),
        (DELETED, 99, foreign(json!({})), End::Stopped("A web page answers")),
        (DELETED, 99, foreign(json!({"code": "denied"})), End::Stopped("A web page answers")),
        (
            DELETED,
            99,
            zoho(401, "OAUTH_SCOPE_MISMATCH", json!({})),
            End::Stopped("Connect Zoho again"),
        ),
        (QUERY, 99, zoho(401, "OAUTH_SCOPE_MISMATCH", json!({})), End::Done),
        (
            INSERT,
            99,
            zoho(403, "NO_PERMISSION", rights("Crm_Implied_Create_Contacts")),
            End::Stopped("the right to create contacts"),
        ),
        (
            INSERT,
            99,
            wrapped(403, "NO_PERMISSION", rights("Crm_Implied_Create_Contacts")),
            End::Stopped("the right to create contacts"),
        ),
        (PUT, 99, zoho(400, "AUTHORIZATION_FAILED", json!({})), End::Stopped("does not say which")),
        (
            DELETED,
            99,
            zoho(403, "NO_PERMISSION", rights("Crm_Implied_Api_Access")),
            End::Stopped("\"Zoho CRM API Access\""),
        ),
        (
            DELETED,
            99,
            zoho(400, "INVALID_MODULE", json!({"resource_path_index": 0})),
            End::Stopped("INVALID_MODULE"),
        ),
        (
            DELETED,
            99,
            zoho(404, "INVALID_URL_PATTERN", json!({})),
            End::Stopped("INVALID_URL_PATTERN"),
        ),
        (
            DELETED,
            99,
            zoho(400, "INVALID_REQUEST_METHOD", json!({})),
            End::Stopped("INVALID_REQUEST_METHOD"),
        ),
        (
            DELETED,
            99,
            zoho(400, "REQUIRED_PARAM_MISSING", json!({"param_name": "x"})),
            End::Stopped("REQUIRED_PARAM_MISSING"),
        ),
        (QUERY, 99, zoho(400, "SYNTAX_ERROR", json!({})), End::Done),
        (QUERY, 99, zoho(400, "INVALID_QUERY", json!({})), End::Done),
        (QUERY, 99, zoho(400, "LIMIT_EXCEEDED", json!({"limit": 200})), End::Done),
        (PUT, 1, wrapped(412, "ALREADY_MODIFIED", json!({})), End::Done),
        (QUERY, 2, zoho(429, "TOO_MANY_REQUESTS", json!({})), End::Done),
        (INSERT, 2, zoho(429, "RATE_LIMIT_EXCEEDED", json!({})), End::Done),
        (INSERT, 1, html(429), End::Done),
        (INSERT, 1, json!({"too_many": 0}), End::Done),
        (INSERT, 99, json!({"too_many": 7200}), End::Stopped("has asked Renraku to wait until")),
        (QUERY, 2, zoho(500, "INTERNAL_ERROR", json!({})), End::Done),
        (INSERT, 1, zoho(500, "INTERNAL_ERROR", json!({})), End::Done),
        (PUT, 1, wrapped(502, "SERVICE_UNAVAILABLE", json!({})), End::Done),
        (QUERY, 2, zoho(503, "SERVICE_UNAVAILABLE", json!({})), End::Done),
        (DELETED, 99, html(503), End::Stopped("cannot be reached")),
        (QUERY, 1, html(200), End::Done),
        (INSERT, 1, html(200), End::Done),
        (QUERY, 1, json!("truncate"), End::Done),
        (ANY, 1, json!("drop_before"), End::Done),
        (DELETED, 99, json!("drop_before"), End::Stopped("cannot be reached")),
    ] {
        check(side, method, path, times, what, end).await;
    }
}

#[tokio::test]
async fn the_days_credits_stop_zoho_and_nothing_is_lost() {
    let rig = in_step(2, json!({})).await;
    rig.add(Side::Google, &person(10));
    // Yesterday's calls are forgotten; what is left of today's credits is told with each answer.
    rig.later(std::time::Duration::from_secs(86_401));
    rig.control.set_switches(|switches| switches.zoho.credits = Some(1));
    let run = rig.approve().await;
    assert_eq!((run.outcome, wrote(&run)), (Outcome::Failed, 0), "{run:?}");
    assert!(run.message.is_some_and(|message| message.contains("has asked Renraku to wait")));
    rig.control.set_switches(|switches| switches.zoho.credits = None);
    rig.settle().await;
    rig.agree(3);
}

#[tokio::test]
async fn rights_lost_in_the_middle_stop_that_side_alone() {
    let rig = in_step(3, json!({})).await;
    for side in Side::BOTH {
        let number = if side == Side::Zoho { 0 } else { 1 };
        let id = rig.find(side, "Email", &format!("p{number}@a.test"));
        rig.edit(side, &id, "Title", Some("Chief"));
    }
    // They are there when the run reads, and gone when it writes.
    let act = json!({"side": "zoho", "op": "rights", "module": "Contacts", "edit": false, "create": false, "delete": false});
    rig.fault(json!({"side": "zoho", "method": "PUT", "times": 1, "do": {"human_before": [act]}}));
    let run = rig.approve().await;
    assert_eq!(run.outcome, Outcome::Failed, "{run:?}");
    let message = run.message.unwrap_or_default();
    assert!(message.contains("the right to edit contacts"), "{message}");
    assert_eq!((run.zoho.updated, run.google.updated), (0, 1), "the other side goes on");
    rig.act(
        Side::Zoho,
        json!({"op": "rights", "module": "Contacts", "edit": true, "create": true, "delete": true}),
    );
    rig.settle().await;
    rig.agree(3);
}
