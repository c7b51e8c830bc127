//! Why a value cannot be written to a service.

use serde::{Deserialize, Serialize};

/// Why a value cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Misfit {
    /// Longer than the field takes.
    TooLong {
        /// The most characters it takes.
        max: u32,
    },
    /// Not an e-mail address that Zoho takes.
    Email,
    /// Not a phone number that Zoho takes.
    Phone,
    /// Not a web address.
    Url,
    /// Not a calendar date.
    Date,
    /// A day without a year, where Zoho has another day.
    NoYear,
    /// Not in the field's list.
    NotInList,
    /// Not a number.
    Number,
    /// Neither yes nor no.
    Flag,
    /// Required, empty, and without a default.
    Required,
    /// Google refuses changes to a company entry that has employment dates.
    EmploymentDates,
    /// Google shows a hundred entries of a field at most: one that has them all, or more, cannot be
    /// written without losing what is not shown.
    TooManyEntries,
    /// Zoho keeps no account of this name, and did not let this user create one.
    NoAccount,
    /// A right to Zoho's accounts is missing: whether it keeps one of this name nobody here can tell, or
    /// it keeps none and none can be made.
    AccountsOutOfReach {
        /// The sign-in did not grant it; else this user may not.
        by_sign_in: bool,
        /// Whether accounts can be seen, and none created.
        #[serde(default)]
        creating: bool,
    },
    /// Zoho keeps no account of this name, and refused to create one.
    AccountRefused {
        /// The account's field that it named, by its `api_name`; empty where it named none.
        field: String,
        /// Zoho's code.
        code: String,
        /// The company, where the refusal is about its name; else it meets every company.
        #[serde(default)]
        company: Option<String>,
    },
    /// Zoho keeps an account of this name, and did not take it as the company of a contact.
    AccountNotTaken {
        /// The company.
        company: String,
    },
    /// Zoho could not be asked whether it keeps an account of this name, so none was made.
    Unasked,
    /// Zoho keeps several accounts of this name, of different legal forms: which one is meant nobody here
    /// can tell.
    SeveralAccounts,
    /// Zoho's duplicate check finds the value in a record of another module.
    TakenElsewhere {
        /// That module.
        module: String,
    },
    /// Zoho takes no changes to the record for now: it is locked, under review or in approval.
    OnHold {
        /// Zoho's code.
        code: String,
    },
    /// The service refused the value; its own code.
    Refused(String),
}

impl Misfit {
    /// Whether the value may fit once the field is another one: longer, with another option, or no
    /// longer required.
    #[must_use]
    pub fn is_the_fields(&self) -> bool {
        match self {
            Misfit::TooLong { .. } | Misfit::NotInList | Misfit::Required => true,
            Misfit::Email
            | Misfit::Phone
            | Misfit::Url
            | Misfit::Date
            | Misfit::NoYear
            | Misfit::Number
            | Misfit::Flag
            | Misfit::EmploymentDates
            | Misfit::TooManyEntries
            | Misfit::NoAccount
            | Misfit::AccountsOutOfReach { .. }
            | Misfit::AccountRefused { .. }
            | Misfit::AccountNotTaken { .. }
            | Misfit::Unasked
            | Misfit::SeveralAccounts
            | Misfit::TakenElsewhere { .. }
            | Misfit::OnHold { .. }
            | Misfit::Refused(_) => false,
        }
    }

    /// Whether a company waits for its account in Zoho: each run looks it up again.
    #[must_use]
    pub fn is_the_accounts(&self) -> bool {
        match self {
            Misfit::NoAccount
            | Misfit::AccountsOutOfReach { .. }
            | Misfit::AccountRefused { .. }
            | Misfit::AccountNotTaken { .. }
            | Misfit::Unasked
            | Misfit::SeveralAccounts => true,
            Misfit::TooLong { .. }
            | Misfit::NotInList
            | Misfit::Required
            | Misfit::Email
            | Misfit::Phone
            | Misfit::Url
            | Misfit::Date
            | Misfit::NoYear
            | Misfit::Number
            | Misfit::Flag
            | Misfit::EmploymentDates
            | Misfit::TooManyEntries
            | Misfit::TakenElsewhere { .. }
            | Misfit::OnHold { .. }
            | Misfit::Refused(_) => false,
        }
    }

    /// Whether it keeps every company from its account, whatever its name: what is decided about it holds
    /// as long as it lasts.
    #[must_use]
    pub fn is_every_companys(&self) -> bool {
        match self {
            Misfit::AccountRefused { company, .. } => company.is_none(),
            Misfit::AccountsOutOfReach { .. } | Misfit::Unasked => true,
            Misfit::NoAccount
            | Misfit::AccountNotTaken { .. }
            | Misfit::SeveralAccounts
            | Misfit::TooLong { .. }
            | Misfit::NotInList
            | Misfit::Required
            | Misfit::Email
            | Misfit::Phone
            | Misfit::Url
            | Misfit::Date
            | Misfit::NoYear
            | Misfit::Number
            | Misfit::Flag
            | Misfit::EmploymentDates
            | Misfit::TooManyEntries
            | Misfit::TakenElsewhere { .. }
            | Misfit::OnHold { .. }
            | Misfit::Refused(_) => false,
        }
    }
}
