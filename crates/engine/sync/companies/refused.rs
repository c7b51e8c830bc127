//! What Zoho refused of companies' accounts: it is not asked for again in vain until the rights or fields
//! are read anew, the person wants it tried again, or a day has passed.

use chrono::TimeDelta;
use renraku_core::field::{Misfit, same_company};
use renraku_core::timestamp::Timestamp;
use renraku_services::{Refusal, RemoteError};
use renraku_store::{Db, Store, StoreError};
use serde::{Deserialize, Serialize};

use crate::sync::session::Session;

/// One refusal.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Refused {
    at: Timestamp,
    why: Misfit,
    /// The company; none where it meets every name without an account.
    company: Option<String>,
    /// The account that was refused as a contact's company.
    account: Option<String>,
    /// Whether no look-up finds that account.
    unseen: bool,
}

impl Refused {
    /// That no account of this name was created; nothing where Zoho did not refuse it.
    pub(super) fn name(session: &Session, company: &str, why: &Misfit) -> Option<Refused> {
        let company = Some(company.to_owned()).filter(|_| !why.is_every_companys());
        let at = (session.clock)();
        let refused = Refused { at, why: why.clone(), company, account: None, unseen: false };
        Some(refused).filter(|_| *why != Misfit::NoAccount)
    }

    /// That this account was not taken as the company of a contact.
    pub(super) fn account(
        session: &Session,
        company: &str,
        why: Misfit,
        account: String,
        unseen: bool,
    ) -> Refused {
        let (at, company) = ((session.clock)(), Some(company.to_owned()));
        Refused { at, why, company, account: Some(account), unseen }
    }

    fn is_of(&self, name: &str) -> bool {
        self.company.as_ref().is_some_and(|company| same_company(company, name))
    }
}

/// Every refusal that still holds.
#[derive(Debug, Default)]
pub(super) struct Refusals(Vec<Refused>);

/// Where they are kept.
const FEED: &str = "zoho:Accounts:refused";

/// How long one holds.
const HOLDS: TimeDelta = TimeDelta::days(1);

impl Refusals {
    pub(super) fn of(session: &Session) -> Result<Refusals, StoreError> {
        let kept = session.store.cursor(session.sync.ledger, FEED)?;
        let mut kept: Vec<Refused> =
            kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        let now = (session.clock)();
        kept.retain(|refused| now >= refused.at && now.duration_since(refused.at) < HOLDS);
        Ok(Refusals(kept))
    }

    /// Why this account is not written as this company.
    pub(super) fn account(&self, name: &str, id: &str) -> Option<Misfit> {
        let same = |refused: &&Refused| refused.account.as_deref() == Some(id);
        self.0.iter().filter(same).find(|refused| refused.is_of(name)).map(|r| r.why.clone())
    }

    /// Why this company, which no look-up finds, gets no account.
    pub(super) fn name(&self, name: &str) -> Option<Misfit> {
        let missing = |refused: &&Refused| refused.account.is_none() || refused.unseen;
        self.0.iter().filter(missing).find(|refused| refused.is_of(name)).map(|r| r.why.clone())
    }

    /// Why no company at all gets an account.
    pub(super) fn every_name(&self) -> Option<Misfit> {
        self.0.iter().find(|refused| refused.company.is_none()).map(|refused| refused.why.clone())
    }

    /// Keeps these beside those that hold.
    pub(super) fn keep(
        &mut self,
        session: &Session,
        db: &Db,
        refused: Vec<Refused>,
    ) -> Result<(), StoreError> {
        if refused.is_empty() {
            return Ok(());
        }
        for new in refused {
            let same = |old: &Refused| old.why == new.why && old.company == new.company;
            self.0.retain(|old| !same(old));
            self.0.push(new);
        }
        let text = serde_json::to_string(&self.0)?;
        Store::put_cursor(db, session.sync.ledger, FEED, Some(&text))
    }
}

/// Rights or fields were read anew, or the person wants it tried again.
pub(crate) fn forget_refusals(db: &Db, ledger: i64) -> Result<(), StoreError> {
    Store::put_cursor(db, ledger, FEED, None)
}

pub(super) fn out_of_reach(by_sign_in: bool, creating: bool) -> Misfit {
    Misfit::AccountsOutOfReach { by_sign_in, creating }
}

/// Why the account of a company was refused. A refusal of its name is the company's matter, whatever else
/// it says meets every company.
pub(super) fn refusal(company: &str, told: &Refusal) -> Misfit {
    let code = if let Misfit::Refused(code) = &told.misfit { code.clone() } else { String::new() };
    let field = told.field.clone().unwrap_or_default();
    let own = field == "Account_Name" || (field.is_empty() && code == "INVALID_DATA");
    let company = Some(company.to_owned()).filter(|_| own);
    Misfit::AccountRefused { field, code, company }
}

/// Why no account at all is created, where an error is about that and not about the run.
pub(super) fn account_refused(error: &RemoteError) -> Option<Misfit> {
    let refused = || {
        let RemoteError::Refused { code, field } = error else { return None };
        let field = field.clone().unwrap_or_default();
        Some(Misfit::AccountRefused { field, code: code.clone(), company: None })
    };
    missing_right(error, true).or_else(refused)
}

/// The right to accounts that an error says is missing: without it nothing is found and nothing made,
/// and the rest of a contact goes on.
pub(super) fn missing_right(error: &RemoteError, creating: bool) -> Option<Misfit> {
    let misfit = |by_sign_in| Some(out_of_reach(by_sign_in, creating));
    match error {
        RemoteError::ScopeMissing { .. } => misfit(true),
        RemoteError::Rights { .. } => misfit(false),
        // Hidden modules do not exist for this user.
        RemoteError::Refused { code, .. } if code == "INVALID_MODULE" => misfit(false),
        RemoteError::Refused { .. }
        | RemoteError::Offline
        | RemoteError::Untrusted
        | RemoteError::SignedOut
        | RemoteError::Throttled { .. }
        | RemoteError::Expired
        | RemoteError::Full
        | RemoteError::Broken { .. }
        | RemoteError::Local(_) => None,
    }
}
