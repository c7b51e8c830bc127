//! The connections: one pool for every call, the sign-in's too.

use std::time::Duration;

use renraku_core::message::{Failure, FailureCode};

use crate::RemoteError;
use crate::auth::endpoints::Endpoints;
use crate::certificates::no_certificates;

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

/// The connection pool that all calls of the process share; or why secure connections cannot be set up,
/// which is said where somebody is called.
#[derive(Debug, Clone)]
pub struct Http {
    client: Result<reqwest::Client, Failure>,
}

impl Http {
    /// A pool with gzip, TLS, time-outs, and no redirects followed. It goes by the environment's
    /// proxy, unless the services are on this computer: there no proxy finds them.
    #[must_use]
    pub fn new(endpoints: &Endpoints) -> Http {
        Http::within(endpoints, Limits::default())
    }

    /// As [`Http::new`], with these limits.
    pub(crate) fn within(endpoints: &Endpoints, limits: Limits) -> Http {
        let builder = reqwest::Client::builder();
        let builder = if endpoints.are_near() { builder.no_proxy() } else { builder };
        let client = builder
            .user_agent(concat!("Renraku/", env!("CARGO_PKG_VERSION"), " (gzip)"))
            .gzip(true)
            .connect_timeout(limits.connect)
            .read_timeout(limits.read)
            .timeout(limits.whole)
            .redirect(reqwest::redirect::Policy::none())
            .build();
        let failed =
            |_| no_certificates().unwrap_or_else(|| Failure::new(FailureCode::Failed, "error-tls"));
        Http { client: client.map_err(failed) }
    }

    /// The pool.
    ///
    /// # Errors
    /// Where the system's TLS cannot be set up: nobody can be called.
    pub(crate) fn client(&self) -> Result<&reqwest::Client, RemoteError> {
        self.client.as_ref().map_err(|failure| failure.clone().into())
    }
}
