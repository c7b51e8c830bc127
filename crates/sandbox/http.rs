//! What a stand-in gets and gives: one request taken apart, one answer put together.

use axum::http::HeaderMap;
use bytes::Bytes;
use serde_json::Value;

use crate::catalogue::Language;

/// Which door a request came through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Door {
    /// Google's login, token and People API.
    Google,
    /// The accounts server of one of Zoho's data centres.
    ZohoAccounts(String),
    /// The API server of one of Zoho's data centres.
    ZohoApi(String),
}

/// One request, read completely.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) door: Door,
    pub(crate) method: String,
    /// The path, percent-decoded.
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The API calls that are being answered at this moment, this one included.
    pub(crate) in_flight: usize,
    /// Those of them that are heavy (Zoho's queries and writes), this one included if it is.
    pub(crate) heavy_in_flight: usize,
}

impl Call {
    /// The first value of a query parameter.
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str())
    }

    /// All values of a repeated query parameter.
    pub(crate) fn params(&self, name: &str) -> Vec<&str> {
        self.query.iter().filter(|(k, _)| k == name).map(|(_, v)| v.as_str()).collect()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }

    /// The body as JSON; `None` when it is not JSON. An empty body is `{}`.
    pub(crate) fn json(&self) -> Option<Value> {
        if self.body.is_empty() {
            return Some(Value::Object(serde_json::Map::new()));
        }
        serde_json::from_slice(&self.body).ok()
    }

    /// Form fields of the body, then those of the query.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> =
            url::form_urlencoded::parse(&self.body).into_owned().collect();
        all.extend(self.query.iter().cloned());
        all
    }
}

/// The first non-empty value of `name` in a form.
pub(crate) fn field<'a>(form: &'a [(String, String)], name: &str) -> Option<&'a str> {
    form.iter().find(|(k, v)| k == name && !v.is_empty()).map(|(_, v)| v.as_str())
}

/// One answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
    /// The body comes in pieces, over this time.
    pub(crate) trickle: Option<std::time::Duration>,
}

impl Reply {
    /// With one text in the place of another.
    pub(crate) fn garbled(mut self, this: &str, with: &str) -> Self {
        let body = String::from_utf8_lossy(&self.body);
        if body.contains(this) {
            self.body = body.replace(this, with).into();
        }
        self
    }

    /// A page in this language; anything else as it is.
    pub(crate) fn spoken(mut self, language: Language) -> Self {
        let page = |(name, value): &(&str, String)| {
            *name == "content-type" && value.starts_with("text/html")
        };
        if language != Language::En && self.headers.iter().any(page) {
            self.body = language.page(&String::from_utf8_lossy(&self.body)).into();
        }
        self
    }

    pub(crate) fn new(status: u16, kind: &str, body: impl Into<Bytes>) -> Self {
        Self {
            headers: vec![("content-type", kind.to_owned())],
            body: body.into(),
            ..Self::empty(status)
        }
    }

    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::json_text(status, body.to_string())
    }

    pub(crate) fn json_text(status: u16, body: String) -> Self {
        Self::new(status, "application/json; charset=UTF-8", body)
    }

    pub(crate) fn html(status: u16, body: String) -> Self {
        Self::new(status, "text/html; charset=UTF-8", body)
    }

    /// No body at all, not even a content type (204, 304).
    pub(crate) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Bytes::new(), trickle: None }
    }

    pub(crate) fn redirect(to: &str) -> Self {
        Self::empty(302).with("location", to)
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}
