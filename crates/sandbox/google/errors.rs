//! Google's error answers, in the words of the published interface.

use serde_json::{Value, json};

use crate::http::Reply;

/// An error before it is rendered.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) http: u16,
    pub(crate) status: &'static str,
    pub(crate) message: String,
    pub(crate) details: Option<Value>,
    pub(crate) header: Option<(&'static str, String)>,
}

impl Fault {
    pub(crate) fn new(http: u16, status: &'static str, message: impl Into<String>) -> Self {
        Self { http, status, message: message.into(), details: None, header: None }
    }

    pub(crate) fn details(mut self, details: Value) -> Self {
        self.details = Some(details);
        self
    }

    /// The number of the status in `google.rpc.Code`.
    pub(crate) fn code(&self) -> u16 {
        match self.status {
            "INVALID_ARGUMENT" => 3,
            "NOT_FOUND" => 5,
            "ALREADY_EXISTS" => 6,
            "PERMISSION_DENIED" => 7,
            "RESOURCE_EXHAUSTED" => 8,
            "FAILED_PRECONDITION" => 9,
            "ABORTED" => 10,
            "INTERNAL" => 13,
            "UNAVAILABLE" => 14,
            "UNAUTHENTICATED" => 16,
            _ => 2,
        }
    }

    /// The `Status` of one item inside a batch answer.
    pub(crate) fn item(&self) -> Value {
        json!({"code": self.code(), "message": self.message})
    }

    /// The whole answer; `old` adds the array of the old interface.
    pub(crate) fn reply(&self, old: bool) -> Reply {
        let mut error = json!({"code": self.http, "message": self.message, "status": self.status});
        if let Some(map) = error.as_object_mut() {
            if let Some(details) = &self.details {
                map.insert("details".to_owned(), details.clone());
            }
            if old {
                let reason = match self.status {
                    "FAILED_PRECONDITION" => "failedPrecondition",
                    "NOT_FOUND" => "notFound",
                    "RESOURCE_EXHAUSTED" => "rateLimitExceeded",
                    "PERMISSION_DENIED" => "forbidden",
                    _ => "badRequest",
                };
                let errors =
                    json!([{"message": self.message, "domain": "global", "reason": reason}]);
                map.insert("errors".to_owned(), errors);
            }
        }
        let reply = Reply::json(self.http, &json!({"error": error}));
        match &self.header {
            Some((name, value)) => reply.with(name, value.clone()),
            None => reply,
        }
    }
}

pub(crate) fn invalid(message: impl Into<String>) -> Fault {
    Fault::new(400, "INVALID_ARGUMENT", message)
}

pub(crate) fn invalid_argument() -> Fault {
    invalid("Request contains an invalid argument.")
}

pub(crate) fn not_found() -> Fault {
    Fault::new(404, "NOT_FOUND", "Requested entity was not found.")
}

pub(crate) fn stale_etag() -> Fault {
    Fault::new(
        400,
        "FAILED_PRECONDITION",
        "Request person.etag is different than the current person.etag. Clear local cache and get the latest person.",
    )
}

pub(crate) fn no_etag() -> Fault {
    invalid(
        "Request must set person.etag or person.metadata.sources.etag for the source that is being updated.",
    )
}

pub(crate) fn internal() -> Fault {
    Fault::new(500, "INTERNAL", "Internal error encountered.")
}

pub(crate) fn error_info(reason: &str, domain: &str, metadata: &Value) -> Value {
    let mut info = json!({"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": domain});
    if let (Some(map), false) = (info.as_object_mut(), metadata.is_null()) {
        map.insert("metadata".to_owned(), metadata.clone());
    }
    info
}

pub(crate) fn unauthenticated() -> Fault {
    let mut fault = Fault::new(
        401,
        "UNAUTHENTICATED",
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
    );
    fault.header = Some((
        "www-authenticate",
        "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"".to_owned(),
    ));
    fault
}

pub(crate) fn missing_scope(method: &str, scope: &str) -> Fault {
    let metadata = json!({"service": "people.googleapis.com", "method": format!("google.people.v1.PeopleService.{method}")});
    let mut fault =
        Fault::new(403, "PERMISSION_DENIED", "Request had insufficient authentication scopes.")
            .details(json!([error_info(
                "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
                "googleapis.com",
                &metadata
            )]));
    fault.header = Some((
        "www-authenticate",
        format!(
            "Bearer realm=\"https://accounts.google.com/\", error=\"insufficient_scope\", scope=\"{scope}\""
        ),
    ));
    fault
}

pub(crate) fn service_disabled() -> Fault {
    let metadata = json!({"service": "people.googleapis.com", "consumer": "projects/1"});
    Fault::new(
        403,
        "PERMISSION_DENIED",
        "People API has not been used in project 1 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/people.googleapis.com/overview?project=1 then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.",
    )
    .details(json!([error_info("SERVICE_DISABLED", "googleapis.com", &metadata)]))
}

/// The sentence of a page that the front end gives for a wrong host or path.
pub(crate) fn wrong_path() -> Reply {
    Reply::html(
        404,
        "<!DOCTYPE html><html lang=en><title>Error 404 (Not Found)!!1</title><p><b>404.</b> That\u{2019}s an error.<p>The requested URL was not found on this server.".to_owned(),
    )
}
