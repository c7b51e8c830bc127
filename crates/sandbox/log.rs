//! The request log: what was asked of each service and how it was answered.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A service of the sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Google: login, tokens, People API.
    Google,
    /// Zoho: accounts servers and CRM API.
    Zoho,
}

/// What a request was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Traffic {
    /// The People API or the CRM API.
    Api,
    /// Token, revoke, userinfo and the like.
    Token,
    /// Authorize and consent pages.
    Login,
}

/// One request as the service saw it. Tokens and secrets are not kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LogEntry {
    /// Counts up from 1 over both services.
    pub n: u64,
    /// Which service was asked.
    pub side: Side,
    /// What the request was for.
    pub traffic: Traffic,
    /// HTTP method.
    pub method: String,
    /// Percent-decoded path.
    pub path: String,
    /// Query parameters; values of a repeated one are joined by a line break.
    pub query: BTreeMap<String, String>,
    /// The body: JSON as JSON, a form as an object (secrets replaced by `***`), else null.
    pub body: Value,
    /// Request headers that matter to sync: `if-modified-since`, `if-unmodified-since`, `accept-encoding`, `accept-language`.
    pub headers: BTreeMap<String, String>,
    /// The status answered; 0 when the connection was dropped or the answer is still due.
    pub status: u16,
    /// Microseconds since 1970 on the sandbox clock.
    pub at: i64,
    /// The rules (faults and hooks) that acted on the call, by id.
    pub rules: Vec<u64>,
    /// Bytes of the answer before compression.
    pub bytes: usize,
    /// An API call's answer, where the switch `log_answers` is on, else null.
    pub answer: Value,
}

/// An entry with its body as it came: bodies of large batches are read only when somebody asks.
#[derive(Debug)]
struct Kept {
    entry: LogEntry,
    body: Bytes,
    answer: Bytes,
}

/// A body as JSON, else as text; null where there is none.
fn read(body: &Bytes) -> Value {
    if body.is_empty() {
        return Value::Null;
    }
    let text = || Value::String(String::from_utf8_lossy(body).into_owned());
    serde_json::from_slice(body).unwrap_or_else(|_| text())
}

impl Kept {
    fn read(&self) -> LogEntry {
        let mut entry = self.entry.clone();
        if !self.body.is_empty() {
            entry.body = read(&self.body);
        }
        entry.answer = read(&self.answer);
        entry
    }
}

/// How a request ended.
#[derive(Debug, Default)]
pub(crate) struct End {
    pub(crate) status: u16,
    pub(crate) rules: Vec<u64>,
    pub(crate) bytes: usize,
    pub(crate) answer: Bytes,
}

/// The log of both services, in the order of arrival.
#[derive(Debug, Default)]
pub(crate) struct Log {
    entries: Vec<Kept>,
    next: u64,
}

impl Log {
    /// Notes a request; `body` is an API call's, kept as it is.
    pub(crate) fn open(&mut self, mut entry: LogEntry, body: Bytes) -> u64 {
        self.next += 1;
        entry.n = self.next;
        self.entries.push(Kept { entry, body, answer: Bytes::new() });
        self.next
    }

    /// Notes how a request ended; `answer` is empty where it is not to be kept.
    pub(crate) fn close(&mut self, n: u64, end: End) {
        if let Some(kept) = self.entries.iter_mut().rev().find(|k| k.entry.n == n) {
            kept.entry.status = end.status;
            kept.entry.rules = end.rules;
            kept.entry.bytes = end.bytes;
            kept.answer = end.answer;
        }
    }

    pub(crate) fn entries(&self, fits: impl Fn(&LogEntry) -> bool) -> Vec<LogEntry> {
        self.entries.iter().filter(|k| fits(&k.entry)).map(Kept::read).collect()
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }

    /// Requests per service and kind: `{"google": {"api": 3, "token": 1, "login": 2}, "zoho": ...}`.
    pub(crate) fn counts(&self) -> BTreeMap<Side, BTreeMap<Traffic, u64>> {
        let mut counts: BTreeMap<Side, BTreeMap<Traffic, u64>> = BTreeMap::new();
        for side in [Side::Google, Side::Zoho] {
            for traffic in [Traffic::Api, Traffic::Token, Traffic::Login] {
                counts.entry(side).or_default().insert(traffic, 0);
            }
        }
        for Kept { entry, .. } in &self.entries {
            *counts.entry(entry.side).or_default().entry(entry.traffic).or_default() += 1;
        }
        counts
    }
}
