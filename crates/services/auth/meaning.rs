//! What the errors of a token endpoint mean.

use std::time::Duration;

use chrono::Utc;
use renraku_core::contact::Side;
use renraku_core::message::{Failure, FailureCode};
use renraku_core::timestamp::Timestamp;

use crate::RemoteError;

/// How long Zoho keeps the token endpoint shut after too many tokens.
pub(super) const ZOHO_LOCKOUT: Duration = Duration::from_secs(600);

/// What a token endpoint's error means. `error` is a code; `said` its description.
pub(super) fn meaning(side: Side, error: &str, said: &str) -> RemoteError {
    match (side, error) {
        (_, "invalid_grant" | "invalid_code" | "unauthorized_client") => RemoteError::SignedOut,
        (Side::Zoho, "Access Denied" | "access_denied") => throttled(),
        (_, _) if said.contains("too many requests") => throttled(),
        (_, "invalid_client" | "deleted_client" | "invalid_client_secret") => {
            client_refused(side, error)
        }
        (_, "invalid_redirect_uri" | "redirect_uri_mismatch") => {
            Failure::of(FailureCode::NoClient, "error-redirect-refused", side)
                .with("redirect", "none")
                .into()
        }
        (_, "invalid_request") if said.contains("client_secret") => client_refused(side, error),
        (_, "admin_policy_enforced") => RemoteError::Rights { permission: error.to_owned() },
        (_, "temporarily_unavailable" | "server_error" | "general_error") => trouble(side, error),
        (_, code) => RemoteError::Refused { code: code.to_owned(), field: None },
    }
}

fn throttled() -> RemoteError {
    RemoteError::Throttled {
        until: Timestamp::from(Utc::now()).after(ZOHO_LOCKOUT),
        what: "tokens".to_owned(),
    }
}

/// The service was reached and failed by itself: that passes, and no connection is at fault.
fn trouble(side: Side, code: &str) -> RemoteError {
    let failure = Failure::of(FailureCode::Offline, "error-service-trouble", side);
    failure.with("code", code).into()
}

fn client_refused(side: Side, code: &str) -> RemoteError {
    let failure = Failure::of(FailureCode::NoClient, "error-client-refused", side);
    failure.with("side", side.name()).with("code", code).into()
}

#[cfg(test)]
mod tests {
    use super::{FailureCode, Side, meaning};
    use crate::RemoteError;

    #[test]
    fn each_token_error_has_one_meaning() {
        let check = |side: Side, error: &str, said: &str, expected: &str| {
            let meant = match meaning(side, error, said) {
                RemoteError::SignedOut => "sign in",
                RemoteError::Throttled { until: Some(_), .. } => "wait",
                RemoteError::Local(failure) if failure.code == FailureCode::NoClient => "client",
                RemoteError::Rights { .. } => "rights",
                RemoteError::Broken { .. } => "other",
                error if error.is_away() => "later",
                RemoteError::Offline => "other",
                RemoteError::Refused { .. } => "refused",
                RemoteError::Throttled { until: None, .. }
                | RemoteError::Local(_)
                | RemoteError::ScopeMissing { .. }
                | RemoteError::Untrusted
                | RemoteError::Expired
                | RemoteError::Full => "other",
            };
            assert_eq!(meant, expected, "{error} / {said}");
        };
        check(Side::Google, "invalid_grant", "Token has been expired or revoked.", "sign in");
        check(Side::Google, "invalid_request", "client_secret is missing.", "client");
        check(Side::Google, "invalid_client", "The OAuth client was not found.", "client");
        check(Side::Google, "deleted_client", "", "client");
        check(Side::Google, "admin_policy_enforced", "", "rights");
        check(Side::Google, "something_new", "", "refused");
        check(Side::Zoho, "invalid_code", "", "sign in");
        check(Side::Zoho, "invalid_client", "", "client");
        check(
            Side::Zoho,
            "Access Denied",
            "You have made too many requests continuously. Please try again after some time.",
            "wait",
        );
        check(Side::Zoho, "access_denied", "", "wait");
        check(Side::Zoho, "general_error", "", "later");
    }
}
