//! The one HTTP sender.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::api::{Failure, FailureCode};

/// The connection pool that all calls of the process share.
#[derive(Debug, Clone)]
pub struct Http {
    pub(crate) client: reqwest::Client,
}

impl Http {
    /// A pool with gzip, TLS, time-outs, and no redirects followed.
    ///
    /// # Errors
    /// [`FailureCode::Failed`] where the system's TLS cannot be set up.
    pub fn new() -> Result<Http, Failure> {
        let client = reqwest::Client::builder()
            .user_agent(concat!("Renraku/", env!("CARGO_PKG_VERSION")))
            .gzip(true)
            .connect_timeout(Duration::from_secs(15))
            .read_timeout(Duration::from_secs(45))
            .timeout(Duration::from_secs(180))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|_| Failure {
                code: FailureCode::Failed,
                message: "Secure connections cannot be set up on this computer.".to_owned(),
                id: "error-tls".to_owned(),
                args: std::collections::BTreeMap::new(),
            })?;
        Ok(Http { client })
    }
}

/// How long a caller is ready to wait, and who hears of it.
#[derive(Clone)]
pub struct Patience {
    /// The most that all waits of one client may add up to; what would need longer ends in
    /// [`super::RemoteError::Throttled`].
    pub total: Duration,
    /// The first pause after a failure that may pass; doubles from there, with jitter.
    pub first: Duration,
    /// Hears until when the client waits, each time it begins to.
    pub on_wait: Arc<dyn Fn(Timestamp) + Send + Sync>,
}

impl Default for Patience {
    fn default() -> Self {
        Patience {
            total: Duration::from_secs(120),
            first: Duration::from_millis(500),
            on_wait: Arc::new(|_| ()),
        }
    }
}
