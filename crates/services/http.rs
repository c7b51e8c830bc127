//! The connections: one pool for every call, the sign-in's too.

use std::time::Duration;

use renraku_core::message::{Failure, FailureCode};

use crate::auth::endpoints::Endpoints;

/// How long a request may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Until somebody answers at all.
    pub(crate) connect: Duration,
    /// From one piece of an answer to the next.
    pub(crate) read: Duration,
    /// From its beginning to the end of its answer, in however small pieces that comes.
    pub(crate) whole: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        let seconds = Duration::from_secs;
        Limits { connect: seconds(15), read: seconds(45), whole: seconds(180) }
    }
}

/// The connection pool that all calls of the process share.
#[derive(Debug, Clone)]
pub struct Http {
    pub(crate) client: reqwest::Client,
}

impl Http {
    /// A pool with gzip, TLS, time-outs, and no redirects followed. It goes by the environment's
    /// proxy, unless the services are on this computer: there no proxy finds them.
    ///
    /// # Errors
    /// [`FailureCode::Failed`] where the system's TLS cannot be set up.
    pub fn new(endpoints: &Endpoints) -> Result<Http, Failure> {
        Http::within(endpoints, Limits::default())
    }

    /// As [`Http::new`], with these limits.
    pub(crate) fn within(endpoints: &Endpoints, limits: Limits) -> Result<Http, Failure> {
        let builder = reqwest::Client::builder();
        let builder = if endpoints.are_near() { builder.no_proxy() } else { builder };
        let client = builder
            .user_agent(concat!("Renraku/", env!("CARGO_PKG_VERSION"), " (gzip)"))
            .gzip(true)
            .connect_timeout(limits.connect)
            .read_timeout(limits.read)
            .timeout(limits.whole)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|_| Failure::new(FailureCode::Failed, "error-tls"))?;
        Ok(Http { client })
    }
}
