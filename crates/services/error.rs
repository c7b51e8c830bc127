//! Why a call could not be done, by what the caller does next.

use renraku_core::contact::Side;
use renraku_core::message::{Failure, FailureCode};
use renraku_core::timestamp::Timestamp;

use crate::auth::scopes;

/// Why a call could not be done. Of a write that returns it, nothing was written, unless
/// [`RemoteError::outcome_unknown`] says otherwise. Holds no contact data, token or secret.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RemoteError {
    /// The service cannot be reached, or keeps failing: try again later.
    #[error("the service cannot be reached")]
    Offline,
    /// Who answers cannot prove to be the service.
    #[error("the certificate is not trusted")]
    Untrusted,
    /// The account must be connected again.
    #[error("the account is signed out")]
    SignedOut,
    /// The service asks to wait for longer than this run has patience.
    #[error("the service asks to wait ({what})")]
    Throttled {
        /// Until when, where it can be told.
        until: Option<Timestamp>,
        /// The quota or limit, in the service's own short name.
        what: String,
    },
    /// The person lacks a right; stop writing on this side.
    #[error("the right {permission} is missing")]
    Rights {
        /// The service's name of the right.
        permission: String,
    },
    /// The login did not grant the scope: connect again and accept it.
    #[error("the login did not grant {scope}")]
    ScopeMissing {
        /// The scope.
        scope: &'static str,
    },
    /// The sync token, page token or cursor no longer holds: read everything again.
    #[error("the place to go on from has expired")]
    Expired,
    /// The account is full; creates towards it stop, everything else goes on.
    #[error("the account is full")]
    Full,
    /// The service refuses the call as a whole.
    #[error("the service refuses the call ({code})")]
    Refused {
        /// The service's error code.
        code: String,
        /// The field or parameter it names.
        field: Option<String>,
    },
    /// The answer could not be understood, or the service failed inside.
    #[error("the service answered what cannot be read ({what})")]
    Broken {
        /// What was wrong with it: a status, the kind of flaw. Never the body.
        what: String,
        /// Whether a write that got this answer may have been done.
        unknown: bool,
    },
    /// Something on this computer: the keychain, the database.
    #[error(transparent)]
    Local(Box<Failure>),
}

/// Google's reason where the OAuth client's project has not switched the People API on.
pub(crate) const SERVICE_DISABLED: &str = "SERVICE_DISABLED";

/// What a token endpoint's answer is that gives a token without a character, or none in its place.
pub(crate) const NO_TOKEN: &str = "an answer without a sign-in";

/// What a token endpoint's answer is that is no JSON, or no object.
pub(crate) const UNREADABLE: &str = "an unreadable token answer";

/// A service does not take an access token that was renewed a moment ago. Its token endpoint gave that, so the
/// sign-in is alive.
pub(crate) fn not_taken(side: Side) -> RemoteError {
    Failure::of(FailureCode::Failed, "error-not-taken", side).into()
}

/// What a list is that a service would tell of for ever.
pub(crate) const ENDLESS: &str = "a list without an end";

/// What an answer is whose parts stand in each other as nothing does that a person wrote.
pub(crate) const DEEP: &str = "parts nested without an end";

/// What an answer is that began and did not come to its end in time.
pub(crate) const SLOW: &str = "an answer that comes too slowly";

/// What somebody in between answers in place of a service: a guest network's or a filter's page.
pub(crate) const PAGE: &str = "a page in between";

impl From<Failure> for RemoteError {
    fn from(failure: Failure) -> Self {
        RemoteError::Local(Box::new(failure))
    }
}

impl RemoteError {
    /// Whether nobody was there to answer, or who was has trouble that passes.
    #[must_use]
    pub(crate) fn is_away(&self) -> bool {
        match self {
            RemoteError::Offline | RemoteError::Broken { .. } => true,
            RemoteError::Local(failure) => failure.code == FailureCode::Offline,
            RemoteError::Untrusted
            | RemoteError::SignedOut
            | RemoteError::Throttled { .. }
            | RemoteError::Rights { .. }
            | RemoteError::ScopeMissing { .. }
            | RemoteError::Expired
            | RemoteError::Full
            | RemoteError::Refused { .. } => false,
        }
    }

    /// Whether a list was left because it has no end: what it told of is not to be believed.
    #[must_use]
    pub fn is_endless(&self) -> bool {
        matches!(self, RemoteError::Broken { what, .. } if what == ENDLESS)
    }

    /// Whether a write that ended like this may nevertheless have been done.
    #[must_use]
    pub fn outcome_unknown(&self) -> bool {
        match self {
            RemoteError::Broken { unknown, .. } => *unknown,
            RemoteError::Offline
            | RemoteError::Untrusted
            | RemoteError::SignedOut
            | RemoteError::Throttled { .. }
            | RemoteError::Rights { .. }
            | RemoteError::ScopeMissing { .. }
            | RemoteError::Expired
            | RemoteError::Full
            | RemoteError::Refused { .. }
            | RemoteError::Local(_) => false,
        }
    }

    /// The sentence for the person: what happened, that nothing was lost, what to do.
    #[must_use]
    pub fn failure(&self, side: Side) -> Failure {
        let of = |code, id| Failure::of(code, id, side);
        match self {
            RemoteError::Offline => of(FailureCode::Offline, "error-offline"),
            RemoteError::Untrusted => of(FailureCode::Failed, "error-untrusted"),
            RemoteError::SignedOut => of(FailureCode::SignedOut, "error-signed-out"),
            RemoteError::Throttled { until: Some(until), .. } => {
                of(FailureCode::Throttled, "error-throttled-until").with("until", until)
            }
            RemoteError::Throttled { until: None, .. } => {
                of(FailureCode::Throttled, "error-throttled")
            }
            RemoteError::Rights { permission } => {
                let (right, verb, area) = right(permission);
                of(FailureCode::Rights, "error-rights")
                    .with("right", right)
                    .with("verb", verb)
                    .with("area", area)
                    .with("permission", permission)
            }
            RemoteError::ScopeMissing { scope } => match side {
                Side::Zoho => of(FailureCode::ScopeMissing, "error-scope-missing-zoho")
                    .with("scope", scope)
                    .with("right", scopes::right(scope)),
                Side::Google => of(FailureCode::ScopeMissing, "error-scope-missing"),
            },
            RemoteError::Expired => of(FailureCode::Failed, "error-expired"),
            RemoteError::Full => of(FailureCode::Failed, "error-account-full"),
            RemoteError::Refused { code, .. } if code == SERVICE_DISABLED => {
                of(FailureCode::Failed, "error-service-disabled")
            }
            RemoteError::Refused { code, .. } => {
                of(FailureCode::Failed, "error-refused").with("code", code)
            }
            RemoteError::Broken { what, .. } if what == NO_TOKEN => {
                of(FailureCode::Failed, "error-no-token")
            }
            RemoteError::Broken { what, .. } if what == PAGE => {
                of(FailureCode::Offline, "error-page-in-between")
            }
            RemoteError::Broken { what, .. } if what == SLOW => {
                of(FailureCode::Offline, "error-too-slow")
            }
            // The service answered, and said that it failed.
            RemoteError::Broken { what, .. } if what.starts_with("status 5") => {
                of(FailureCode::Failed, "error-service-trouble").with("code", what)
            }
            RemoteError::Broken { what, .. } => {
                of(FailureCode::Failed, "error-broken-answer").with("what", what)
            }
            RemoteError::Local(failure) => (**failure).clone(),
        }
    }

    /// The sentence for the person whose sign-in ended like this: no run comes after it, and what was
    /// connected before stays.
    #[must_use]
    pub fn at_sign_in(&self, side: Side) -> Failure {
        let of = |code, id| Failure::of(code, id, side);
        match self {
            // A refused code is no dead grant: the login is simply to be repeated.
            RemoteError::SignedOut => of(FailureCode::LoginAborted, "error-login-code"),
            RemoteError::Throttled { until, .. } => {
                of(FailureCode::Throttled, "error-login-throttled")
                    .with("known", if until.is_some() { "yes" } else { "no" })
                    .with("until", until.map(|until| until.to_string()).unwrap_or_default())
            }
            RemoteError::Broken { what, .. }
                if ![NO_TOKEN, PAGE, SLOW].contains(&what.as_str()) =>
            {
                of(FailureCode::Failed, "error-login-answer").with("what", what)
            }
            RemoteError::Offline
            | RemoteError::Untrusted
            | RemoteError::Rights { .. }
            | RemoteError::ScopeMissing { .. }
            | RemoteError::Expired
            | RemoteError::Full
            | RemoteError::Refused { .. }
            | RemoteError::Broken { .. }
            | RemoteError::Local(_) => self.failure(side),
        }
    }
}

/// What kind of right a service's name is about; what it allows to do with a module's records, and
/// which module. The words are the catalogue's.
fn right(permission: &str) -> (&'static str, &'static str, &str) {
    let named = permission.strip_prefix("Crm_Implied_").and_then(|rest| rest.split_once('_'));
    match (permission, named) {
        ("admin_policy_enforced", _) => ("policy", "", ""),
        ("NO_PERMISSION" | "AUTHORIZATION_FAILED" | "PERMISSION_DENIED" | "forbidden", _) => {
            ("unnamed", "", "")
        }
        (_, Some(("Api", "Access"))) => ("api", "", ""),
        (_, Some(("Gcontact", "Sync"))) => ("sync", "", ""),
        (_, Some(("View", module))) => ("records", "view", module),
        (_, Some(("Create", module))) => ("records", "create", module),
        (_, Some(("Edit", module))) => ("records", "edit", module),
        (_, Some(("Delete", module))) => ("records", "delete", module),
        _ => ("other", "", ""),
    }
}

/// A broken answer; `unknown` where a write may have been carried out all the same.
pub(crate) fn broken(what: &str, unknown: bool) -> RemoteError {
    RemoteError::Broken { what: what.to_owned(), unknown }
}
