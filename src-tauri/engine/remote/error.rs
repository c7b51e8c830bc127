//! Why a call could not be done, by what the caller does next.

use std::collections::BTreeMap;

use jiff::Timestamp;
use renraku_core::contact::Side;

use crate::api::{Failure, FailureCode};

/// Why a call could not be done. Of a write that returns it, nothing was written, unless
/// [`RemoteError::outcome_unknown`] says otherwise. Holds no contact data, token or secret.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RemoteError {
    /// The service cannot be reached, or keeps failing: try again later.
    #[error("the service cannot be reached")]
    Offline,
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
    /// The login did not grant the scope: connect again and tick the box.
    #[error("the login did not grant access to contacts")]
    ScopeMissing,
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

impl From<Failure> for RemoteError {
    fn from(failure: Failure) -> Self {
        RemoteError::Local(Box::new(failure))
    }
}

impl RemoteError {
    /// Whether a write that ended like this may nevertheless have been done.
    #[must_use]
    pub fn outcome_unknown(&self) -> bool {
        match self {
            RemoteError::Broken { unknown, .. } => *unknown,
            RemoteError::Offline
            | RemoteError::SignedOut
            | RemoteError::Throttled { .. }
            | RemoteError::Rights { .. }
            | RemoteError::ScopeMissing
            | RemoteError::Expired
            | RemoteError::Full
            | RemoteError::Refused { .. }
            | RemoteError::Local(_) => false,
        }
    }

    /// The sentence for the person: what happened, that nothing was lost, what to do.
    #[must_use]
    pub fn failure(&self, side: Side) -> Failure {
        let service = service_name(side);
        let (code, id, message, extra) = match self {
            RemoteError::Offline => (
                FailureCode::Offline,
                "error-offline",
                format!(
                    "{service} cannot be reached. Nothing was lost; the next run goes on from here."
                ),
                None,
            ),
            RemoteError::SignedOut => (
                FailureCode::SignedOut,
                "error-signed-out",
                format!(
                    "You are signed out of {service}. All settings and links are kept; sign in again."
                ),
                None,
            ),
            RemoteError::Throttled { until: Some(until), .. } => (
                FailureCode::Throttled,
                "error-throttled-until",
                format!(
                    "{service} asks us to wait until {until}. Nothing was lost; the rest is done after that."
                ),
                Some(("until", until.to_string())),
            ),
            RemoteError::Throttled { until: None, .. } => (
                FailureCode::Throttled,
                "error-throttled",
                format!("{service} asks us to wait. Nothing was lost; later runs do the rest."),
                None,
            ),
            RemoteError::Rights { permission } => (
                FailureCode::Rights,
                "error-rights",
                format!(
                    "Your {service} account lacks a right ({permission}). Nothing was lost; ask your administrator for it."
                ),
                Some(("permission", permission.clone())),
            ),
            RemoteError::ScopeMissing => (
                FailureCode::ScopeMissing,
                "error-scope-missing",
                format!(
                    "The {service} sign-in did not grant access to your contacts. Connect again and tick the box for contacts."
                ),
                None,
            ),
            RemoteError::Expired => (
                FailureCode::Failed,
                "error-expired",
                format!(
                    "{service} no longer knows where the last run stopped. Nothing was lost; the next run reads everything again."
                ),
                None,
            ),
            RemoteError::Full => (
                FailureCode::Failed,
                "error-account-full",
                format!(
                    "Your {service} account is full, so no contacts can be added there. Everything else goes on."
                ),
                None,
            ),
            RemoteError::Refused { code, .. } if code == SERVICE_DISABLED => (
                FailureCode::Failed,
                "error-service-disabled",
                "The People API is switched off for the OAuth client. Nothing was lost; its owner switches it on in Google's console, which may take some minutes."
                    .to_owned(),
                None,
            ),
            RemoteError::Refused { code, .. } => (
                FailureCode::Failed,
                "error-refused",
                format!(
                    "{service} refused a request ({code}). Nothing was lost; if this stays, send the support file."
                ),
                Some(("code", code.clone())),
            ),
            RemoteError::Broken { what, .. } => (
                FailureCode::Failed,
                "error-broken-answer",
                format!(
                    "{service} gave an answer that cannot be read ({what}). Nothing was lost; the next run looks again."
                ),
                Some(("what", what.clone())),
            ),
            RemoteError::Local(failure) => return (**failure).clone(),
        };
        let mut args = BTreeMap::from([("service".to_owned(), service.to_owned())]);
        args.extend(extra.map(|(name, value)| (name.to_owned(), value)));
        Failure { code, message, id: id.to_owned(), args }
    }
}

/// The service as a person names it.
#[must_use]
pub(crate) fn service_name(side: Side) -> &'static str {
    match side {
        Side::Zoho => "Zoho CRM",
        Side::Google => "Google Contacts",
    }
}
