//! Zoho's error answers: flat for requests, items for records.

use serde_json::{Value, json};

use crate::http::Reply;

/// A request-level error.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) http: u16,
    pub(crate) body: Value,
}

pub(crate) fn item(code: &str, message: &str, details: &Value) -> Value {
    json!({"code": code, "details": details, "message": message, "status": "error"})
}

pub(crate) fn fault(http: u16, code: &str, message: &str, details: &Value) -> Fault {
    Fault { http, body: item(code, message, details) }
}

impl Fault {
    pub(crate) fn reply(&self, wrapped: bool) -> Reply {
        if wrapped {
            Reply::json(self.http, &json!({"data": [self.body]}))
        } else {
            Reply::json(self.http, &self.body)
        }
    }
}

pub(crate) fn invalid_data(details: &Value) -> Fault {
    fault(400, "INVALID_DATA", "invalid data", details)
}

pub(crate) fn bad_param(name: &str) -> Fault {
    fault(400, "INVALID_DATA", "the value given seems to be invalid", &json!({"param_name": name}))
}

pub(crate) fn missing_param(name: &str) -> Fault {
    fault(400, "REQUIRED_PARAM_MISSING", "required param is missing", &json!({"param_name": name}))
}

pub(crate) fn invalid_module() -> Fault {
    fault(
        400,
        "INVALID_MODULE",
        "the module name given seems to be invalid",
        &json!({"resource_path_index": 0}),
    )
}

pub(crate) fn invalid_url() -> Fault {
    fault(
        404,
        "INVALID_URL_PATTERN",
        "Please check if the URL trying to access is a correct one",
        &json!({}),
    )
}

pub(crate) fn wrong_method() -> Fault {
    fault(
        400,
        "INVALID_REQUEST_METHOD",
        "The http request method type is not a valid one",
        &json!({}),
    )
}

pub(crate) fn no_permission(permissions: &[String]) -> Fault {
    fault(403, "NO_PERMISSION", "permission denied", &json!({"permissions": permissions}))
}

pub(crate) fn scope_mismatch() -> Fault {
    fault(401, "OAUTH_SCOPE_MISMATCH", "invalid oauth scope to access this URL", &json!({}))
}

pub(crate) fn unauthorized(code: &str) -> Fault {
    let message = if code == "AUTHENTICATION_FAILURE" {
        "Authentication failed"
    } else {
        "invalid oauth token"
    };
    fault(401, code, message, &json!({}))
}

pub(crate) fn too_many(code: &str) -> Fault {
    let message = if code == "RATE_LIMIT_EXCEEDED" {
        "Too many requests. Please try again later."
    } else {
        "The number of requests fired in concurrent is more than the allowed limit"
    };
    fault(429, code, message, &json!({}))
}
