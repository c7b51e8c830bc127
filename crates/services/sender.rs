//! The one HTTP sender: retries what may safely be sent again, waits when a service asks for it,
//! renews the access token once, counts requests. It never logs or returns a body in an error.
//!
//! What is sent again, and what never:
//! - a read, after any failure that may pass;
//! - a write, only where the answer proves that nothing was done (no connection, 401, 429, an
//!   aborted transaction). A write whose answer was lost ends with `unknown`: the caller looks for
//!   it first.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use backon::{ExponentialBuilder, Retryable};
use chrono::Utc;
use renraku_core::timestamp::Timestamp;
use reqwest::Method;

use crate::RemoteError;
use crate::answer::{Answer, Effect, Meaning, http_date, judge, retry_after, text, whole_body};
use crate::auth::endpoints::checked;
use crate::auth::tokens::{Access, Tokens};
use crate::error::{PAGE, SLOW, broken, not_taken};
use crate::http::Http;
use crate::unreached::lost;

/// The most bytes of an answer that are read. 1,000 people are about 2 MB, 2,000 records about 4; what is made
/// of an answer may take ten times as much as itself.
const MOST_BYTES: usize = 24 * 1024 * 1024;
/// How often a failure that may pass is tried again.
const SOFT_TRIES: u32 = 4;

/// How long a caller is ready to wait, and who hears of it.
#[derive(Clone)]
pub struct RetryBudget {
    /// The most that waits, and tries that brought no answer, may add up to in a row. What would
    /// need longer ends: a service that asks for patience in [`RemoteError::Throttled`]. Each
    /// answer gives all of it back: a long list of writes is worth waiting for as long as it moves.
    pub total: Duration,
    /// The first pause after a failure that may pass; doubles from there, with jitter.
    pub first: Duration,
    /// Hears until when the client waits, each time a service asks it to.
    pub on_wait: Arc<dyn Fn(Timestamp) + Send + Sync>,
}

impl Default for RetryBudget {
    fn default() -> Self {
        RetryBudget {
            total: Duration::from_secs(120),
            first: Duration::from_millis(500),
            on_wait: Arc::new(|_| ()),
        }
    }
}

/// One call.
pub(crate) struct Call {
    pub(crate) method: Method,
    /// From `/` on, with the query.
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) effect: Effect,
}

impl Call {
    pub(crate) fn get(path: String) -> Call {
        Call { method: Method::GET, path, headers: Vec::new(), body: None, effect: Effect::Read }
    }

    pub(crate) fn send(
        method: Method,
        path: String,
        body: Option<Vec<u8>>,
        effect: Effect,
    ) -> Call {
        Call { method, path, headers: Vec::new(), body, effect }
    }

    pub(crate) fn with(mut self, header: &'static str, value: String) -> Call {
        self.headers.push((header, value));
        self
    }
}

/// Why one attempt brought no answer for the caller.
enum AttemptError {
    Wait {
        what: String,
        after: Option<Duration>,
        long: bool,
    },
    Unsent,
    Again,
    /// `away`: as far as one can tell the service was not there, rather than broken.
    Lost {
        what: String,
        away: bool,
    },
    No(RemoteError),
}

impl AttemptError {
    fn may_repeat(&self, effect: Effect) -> bool {
        match self {
            AttemptError::Wait { long, .. } => !long,
            AttemptError::Unsent | AttemptError::Again => true,
            AttemptError::Lost { .. } => effect == Effect::Read,
            AttemptError::No(_) => false,
        }
    }

    fn last(self, effect: Effect) -> RemoteError {
        match self {
            AttemptError::Wait { what, after, .. } => RemoteError::Throttled {
                until: after.and_then(|after| Timestamp::from(Utc::now()).after(after)),
                what,
            },
            AttemptError::Unsent => RemoteError::Offline,
            AttemptError::Again => broken("conflicting changes", false),
            AttemptError::Lost { away: true, .. } if effect == Effect::Read => RemoteError::Offline,
            AttemptError::Lost { what, .. } => broken(&what, effect == Effect::Write),
            AttemptError::No(error) => error,
        }
    }
}

/// How a service wants to be talked to.
pub(crate) struct ServicePolicy {
    /// The word before the token.
    pub(crate) scheme: &'static str,
    /// Where a token response names no API address.
    pub(crate) base: String,
    /// The first pause after a 429 without `Retry-After`, as a multiple of [`RetryBudget::first`].
    pub(crate) pause: u32,
    /// What an answer means.
    pub(crate) judge: fn(&Answer) -> Meaning,
    /// The scope that a call needs.
    pub(crate) scope: fn(&Call) -> &'static str,
}

/// Sends one account's calls.
pub(crate) struct Sender {
    http: Http,
    tokens: Arc<Tokens>,
    policy: ServicePolicy,
    retry_budget: RetryBudget,
    requests: AtomicU32,
    waited_ms: AtomicU64,
    throttles: AtomicU32,
    /// The credits last told; `u64::MAX` before that.
    credits: AtomicU64,
}

impl Sender {
    pub(crate) fn new(
        http: &Http,
        tokens: Arc<Tokens>,
        policy: ServicePolicy,
        retry_budget: RetryBudget,
    ) -> Sender {
        Sender {
            http: http.clone(),
            tokens,
            policy,
            retry_budget,
            requests: AtomicU32::new(0),
            waited_ms: AtomicU64::new(0),
            throttles: AtomicU32::new(0),
            credits: AtomicU64::new(u64::MAX),
        }
    }

    /// API requests sent so far.
    pub(crate) fn requests(&self) -> u32 {
        self.requests.load(Ordering::Relaxed)
    }

    /// How often the service has asked to wait so far.
    pub(crate) fn throttles(&self) -> u32 {
        self.throttles.load(Ordering::Relaxed)
    }

    /// How long one list may take, however fast its pages come: five times as long as one that moves may
    /// be waited for.
    pub(crate) fn longest_list(&self) -> Duration {
        self.retry_budget.total * 5
    }

    /// Takes this long from what is left of the patience; false where that is not enough.
    fn afford(&self, time: Duration) -> bool {
        let total = milliseconds(self.retry_budget.total);
        self.waited_ms
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |spent| {
                spent.checked_add(milliseconds(time)).filter(|sum| *sum <= total)
            })
            .is_ok()
    }

    /// Tells the listener that the client waits this long from now.
    pub(crate) fn announce(&self, pause: Duration) {
        if let Some(until) = Timestamp::from(Utc::now()).after(pause) {
            (self.retry_budget.on_wait)(until);
        }
    }

    /// Sends a call and returns the answer that the caller is to read: a success, or a refusal that
    /// only the caller can interpret (400, 404, 409, 410, 412).
    pub(crate) async fn send(&self, ask: &Call) -> Result<Answer, RemoteError> {
        let steps = ExponentialBuilder::default()
            .with_min_delay(self.retry_budget.first)
            .with_max_delay(Duration::from_secs(60))
            .with_max_times(20)
            .with_jitter();
        let mut soft = 0;
        // When the latest try began, in milliseconds of this call.
        let call = Instant::now();
        let begun = AtomicU64::new(0);
        // The compiler proves the retries' closures fit for another thread only behind a box.
        let attempts =
            || -> Pin<Box<dyn Future<Output = Result<Answer, AttemptError>> + Send + '_>> {
                begun.store(milliseconds(call.elapsed()), Ordering::Relaxed);
                Box::pin(self.attempt(ask))
            };
        attempts
            .retry(steps)
            .when(|failed| failed.may_repeat(ask.effect))
            .adjust(|failed, step| {
                let step = step?;
                let pause = match failed {
                    AttemptError::Wait { after: Some(after), .. } => after.saturating_add(step / 8),
                    AttemptError::Wait { after: None, .. } => {
                        (step * self.policy.pause).min(Duration::from_secs(75))
                    }
                    AttemptError::Unsent
                    | AttemptError::Again
                    | AttemptError::Lost { .. }
                    | AttemptError::No(_) => {
                        soft += 1;
                        if soft > SOFT_TRIES {
                            return None;
                        }
                        step
                    }
                };
                // An answer that trickles in for minutes costs as much patience as a pause.
                let tried = Duration::from_millis(begun.load(Ordering::Relaxed));
                let spent = call.elapsed().saturating_sub(tried);
                self.afford(pause.saturating_add(spent)).then_some(pause)
            })
            .notify(|failed, pause| {
                if matches!(failed, AttemptError::Wait { .. }) {
                    self.announce(pause);
                }
            })
            .await
            .map_err(|failed| failed.last(ask.effect))
    }

    async fn attempt(&self, ask: &Call) -> Result<Answer, AttemptError> {
        let mut access = self.tokens.access().await.map_err(AttemptError::No)?;
        let mut renewed = false;
        loop {
            let answer = self.once(ask, &access).await?;
            return match judge(&answer, self.policy.judge) {
                Ok(Meaning::Read) => {
                    self.waited_ms.store(0, Ordering::Relaxed);
                    Ok(answer)
                }
                // The sign-in was just renewed, so it is alive: only who renews it can end it.
                Ok(Meaning::Token) if renewed => {
                    Err(AttemptError::No(not_taken(self.tokens.side())))
                }
                Ok(Meaning::Token) => {
                    renewed = true;
                    access = self.tokens.renewed(&access.token).await.map_err(AttemptError::No)?;
                    continue;
                }
                Ok(Meaning::Wait { what, long }) => {
                    self.throttles.fetch_add(1, Ordering::Relaxed);
                    Err(AttemptError::Wait { what, after: answer.retry_after, long })
                }
                Ok(Meaning::Again) => Err(AttemptError::Again),
                Ok(Meaning::Scope) => {
                    let scope = (self.policy.scope)(ask);
                    Err(AttemptError::No(RemoteError::ScopeMissing { scope }))
                }
                Ok(Meaning::No(error)) => Err(AttemptError::No(error)),
                Ok(Meaning::Foreign) => {
                    Err(AttemptError::Lost { what: PAGE.to_owned(), away: false })
                }
                Err(what) => {
                    let away = answer.status > 500 && what != PAGE;
                    Err(AttemptError::Lost { what, away })
                }
            };
        }
    }

    async fn once(&self, ask: &Call, access: &Access) -> Result<Answer, AttemptError> {
        let base = access.api_domain.as_deref().unwrap_or(&self.policy.base);
        let url =
            checked(&format!("{}{}", base.trim_end_matches('/'), ask.path)).map_err(|()| {
                AttemptError::No(broken("an address that is neither https nor loopback", false))
            })?;
        let authorization = format!("{} {}", self.policy.scheme, access.token.expose());
        let client = self.http.client().map_err(AttemptError::No)?;
        let mut request = client
            .request(ask.method.clone(), url)
            .header("Authorization", authorization)
            // One fixed language, or display forms would differ from read to read.
            .header("Accept-Language", "en");
        for (name, value) in &ask.headers {
            request = request.header(*name, value);
        }
        if let Some(body) = &ask.body {
            request = request.header("Content-Type", "application/json").body(body.clone());
        } else if ask.method != Method::GET {
            request = request.header("Content-Length", "0");
        }
        self.requests.fetch_add(1, Ordering::Relaxed);
        let missed = |e: reqwest::Error| {
            let why = lost(&e);
            if why != RemoteError::Offline {
                AttemptError::No(why)
            } else if e.is_connect() || e.is_builder() {
                AttemptError::Unsent
            } else if e.is_timeout() {
                AttemptError::Lost { what: "no answer in time".to_owned(), away: true }
            } else {
                AttemptError::Lost { what: "the connection was lost".to_owned(), away: true }
            }
        };
        let mut response = request.send().await.map_err(missed)?;
        let status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        let bytes = whole_body(response, MOST_BYTES)
            .await
            .map_err(|e| match e.is_timeout() {
                true => AttemptError::Lost { what: SLOW.to_owned(), away: false },
                false => missed(e),
            })?
            .ok_or_else(|| AttemptError::Lost {
                what: "an endless body".to_owned(),
                away: false,
            })?;
        let body = String::from_utf8(bytes).map_err(|_| AttemptError::Lost {
            what: format!("status {status}, not text"),
            away: false,
        })?;
        let told = text(&headers, "x-api-credits-remaining").and_then(|v| v.trim().parse().ok());
        if let Some(credits) = told {
            self.credits.store(credits, Ordering::Relaxed);
        }
        Ok(Answer {
            status,
            body,
            date: text(&headers, "date").and_then(|d| http_date(&d)),
            retry_after: text(&headers, "retry-after")
                .and_then(|v| retry_after(&v, Timestamp::from(Utc::now()))),
            credits_left: Some(self.credits.load(Ordering::Relaxed)).filter(|c| *c != u64::MAX),
        })
    }
}

/// Whole milliseconds, at most a year of them: sums of them cannot overflow.
fn milliseconds(time: Duration) -> u64 {
    time.min(Duration::from_secs(365 * 24 * 60 * 60)).as_millis() as u64
}

/// A path with its query, percent-encoded.
pub(crate) fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs);
    format!("{path}?{}", query.finish())
}
