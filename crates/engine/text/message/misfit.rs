//! Why a value cannot be written, in the catalogue's words.

use renraku_core::field::Misfit;
use renraku_core::message::Message;

/// Why a value does not fit, as the catalogue's selectors name it.
pub(super) fn misfit(misfit: &Misfit) -> &'static str {
    match misfit {
        Misfit::TooLong { .. } => "too-long",
        Misfit::Email => "email",
        Misfit::Phone => "phone",
        Misfit::Url => "url",
        Misfit::Date => "date",
        Misfit::NoYear => "no-year",
        Misfit::NotInList => "list",
        Misfit::Number => "number",
        Misfit::Flag => "flag",
        Misfit::Required => "required",
        Misfit::EmploymentDates => "employment",
        Misfit::TooManyEntries => "too-many",
        Misfit::NoAccount => "no-account",
        Misfit::AccountsOutOfReach { by_sign_in, creating } => match (by_sign_in, creating) {
            (true, false) => "accounts-sign-in",
            (true, true) => "accounts-sign-in-new",
            (false, false) => "accounts-rights",
            (false, true) => "accounts-rights-new",
        },
        Misfit::AccountRefused { code, company, .. } => match (code.as_str(), company) {
            ("MANDATORY_NOT_FOUND", _) => "account-field",
            ("INVALID_DATA", Some(_)) => "account-name",
            ("LICENSE_LIMIT_EXCEEDED" | "LIMIT_EXCEEDED", _) => "account-limit",
            _ => "account-refused",
        },
        Misfit::AccountNotTaken { .. } => "account-not-taken",
        Misfit::Unasked => "unasked",
        Misfit::SeveralAccounts => "accounts-several",
        Misfit::TakenElsewhere { .. } => "elsewhere",
        Misfit::OnHold { code } => match code.as_str() {
            "NOT_REVIEWED" => "review",
            "NOT_APPROVED" => "approval",
            "RECORD_IN_BLUEPRINT" => "blueprint",
            _ => "locked",
        },
        Misfit::Refused(code) => match code.as_str() {
            "" => "unsaid",
            "INVALID_DATA" | "INVALID_ARGUMENT" => "invalid",
            "NO_PERMISSION" | "PERMISSION_DENIED" => "not-permitted",
            "NOT_ALLOWED" => "not-allowed",
            "INTERNAL" | "INTERNAL_ERROR" => "internal",
            _ => "refused",
        },
    }
}

/// What becomes of it next, as the catalogue's selectors name it: the person corrects it, or it is tried
/// again by itself, or there is nothing to correct.
pub(super) fn next(misfit: &Misfit) -> &'static str {
    match misfit {
        Misfit::TooLong { .. }
        | Misfit::Email
        | Misfit::Phone
        | Misfit::Url
        | Misfit::Date
        | Misfit::NoYear
        | Misfit::NotInList
        | Misfit::Number
        | Misfit::Flag
        | Misfit::Required
        | Misfit::TakenElsewhere { .. } => "correct",
        Misfit::AccountsOutOfReach { .. }
        | Misfit::AccountRefused { .. }
        | Misfit::AccountNotTaken { .. }
        | Misfit::Unasked
        | Misfit::OnHold { .. } => "itself",
        Misfit::Refused(code) => match code.as_str() {
            "INVALID_DATA" | "INVALID_ARGUMENT" => "correct",
            _ => "again",
        },
        Misfit::SeveralAccounts => "correct",
        Misfit::EmploymentDates | Misfit::TooManyEntries | Misfit::NoAccount => "again",
    }
}

/// What so many contacts wait for.
pub(crate) fn cause(cause: &Misfit, contacts: usize) -> Message {
    Message::new("engine-ask-cause")
        .with("cause", misfit(cause))
        .with("contacts", contacts)
        .with("detail", detail(cause))
}

/// What the sentence about it takes besides.
pub(super) fn detail(misfit: &Misfit) -> String {
    match misfit {
        Misfit::TooLong { max } => max.to_string(),
        Misfit::Refused(code) => code.clone(),
        Misfit::TakenElsewhere { module } => module.clone(),
        Misfit::AccountRefused { company: Some(company), code, .. } if code == "INVALID_DATA" => {
            company.clone()
        }
        Misfit::AccountRefused { field, code, .. } => match code.as_str() {
            "MANDATORY_NOT_FOUND" => field.clone(),
            code => code.to_owned(),
        },
        Misfit::AccountNotTaken { company } => company.clone(),
        Misfit::Email
        | Misfit::Phone
        | Misfit::Url
        | Misfit::Date
        | Misfit::NoYear
        | Misfit::NotInList
        | Misfit::Number
        | Misfit::Flag
        | Misfit::Required
        | Misfit::EmploymentDates
        | Misfit::TooManyEntries
        | Misfit::NoAccount
        | Misfit::AccountsOutOfReach { .. }
        | Misfit::Unasked
        | Misfit::SeveralAccounts
        | Misfit::OnHold { .. } => String::new(),
    }
}

/// What the catalogue calls it.
pub(super) fn detail_name(misfit: &Misfit) -> &'static str {
    if matches!(misfit, Misfit::TakenElsewhere { .. }) { "module" } else { "detail" }
}
