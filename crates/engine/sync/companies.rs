//! Companies: what Google keeps as a name is a record of its own in Zoho (a lookup to Accounts), found
//! by its name and created where this user may.
//!
//! Every name that a plan writes is looked up before anything is written, those that waited for an
//! account among them; what has none and gets none is left out of the plan and asked about.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use renraku_core::compile::Compiled;
use renraku_core::contact::Side;
use renraku_core::field::{Kind, Misfit, fold_company, same_company};
use renraku_core::mapping::Mapping;
use renraku_core::plan::{About, Question, Step, Verb, Why, misfit_value};
use renraku_core::timestamp::Timestamp;
use renraku_services::RemoteError;
use renraku_store::{Db, Store, StoreError};
use serde::{Deserialize, Serialize};

use crate::sync::error::{OfSide, RunError};
use crate::sync::session::Session;

/// What a run knows of the companies that contacts name.
#[derive(Debug, Default)]
pub(crate) struct Companies {
    /// Names that were looked up.
    asked: BTreeSet<String>,
    /// Zoho's account ids by the names that contacts say.
    ids: BTreeMap<String, String>,
    /// Names without an account for which one is to be made, those that mean the same company together.
    missing: Vec<Vec<String>>,
    /// Names that have no account and get none for now, and why.
    denied: BTreeMap<String, Misfit>,
    /// The right to create accounts that is missing, if any, where that is known.
    bar: Option<Option<Misfit>>,
}

/// That Zoho refused to create accounts although nothing told so before: it is not asked again in
/// vain until rights are read anew, a day later at the latest.
#[derive(Serialize, Deserialize)]
struct RefusedRight {
    at: Timestamp,
    by_sign_in: bool,
}

/// Where that is kept.
const REFUSED_RIGHT: &str = "zoho:Accounts:refused";

/// How long it holds.
const HOLDS: TimeDelta = TimeDelta::days(1);

/// Rights were read anew, or the person wants it tried again.
pub(crate) fn forget_refused_right(db: &Db, ledger: i64) -> Result<(), StoreError> {
    Store::put_cursor(db, ledger, REFUSED_RIGHT, None)
}

/// The refusal that still holds.
fn refused_right(session: &Session) -> Result<Option<Misfit>, StoreError> {
    let kept = session.store.cursor(session.sync.ledger, REFUSED_RIGHT)?;
    let kept: Option<RefusedRight> = kept.and_then(|text| serde_json::from_str(&text).ok());
    let now = (session.clock)();
    let holds = |kept: &RefusedRight| now >= kept.at && now.duration_since(kept.at) < HOLDS;
    Ok(kept.filter(holds).map(|kept| out_of_reach(kept.by_sign_in, true)))
}

fn remember_refused_right(session: &Session, by_sign_in: bool) -> Result<(), StoreError> {
    let text = serde_json::to_string(&RefusedRight { at: (session.clock)(), by_sign_in })?;
    let ledger = session.sync.ledger;
    session.store.write(|db| Store::put_cursor(db, ledger, REFUSED_RIGHT, Some(&text)))
}

fn out_of_reach(by_sign_in: bool, creating: bool) -> Misfit {
    Misfit::AccountsOutOfReach { by_sign_in, creating }
}

/// Has everybody planned again whose company waits for its account: whatever was in the way may be gone.
pub(crate) fn plan_again(session: &Session) -> Result<(), StoreError> {
    let waiting = waiting(session)?;
    if waiting.is_empty() {
        return Ok(());
    }
    session.store.write(|db| {
        for question in &waiting {
            for side in Side::BOTH {
                if let Some(id) = &question.ids[side] {
                    Store::soil(db, session.sync.id, side, id)?;
                }
            }
        }
        Ok(())
    })
}

/// The open questions about companies that have no account.
fn waiting(session: &Session) -> Result<Vec<Question>, StoreError> {
    let open = session.store.open_questions(session.sync.id)?.into_iter();
    let open = open.filter(|row| row.chosen.is_none()).map(|row| row.question);
    Ok(open.filter(|question| question.about.account().is_some()).collect())
}

/// The names of which Zoho refused to make an account: it is not asked again before somebody has made
/// one there, or wants it tried again.
fn refused(session: &Session) -> Result<BTreeSet<String>, StoreError> {
    let value = |question: Question| {
        let About::Misfit { side, field, misfit: Misfit::NoAccount, .. } = &question.about else {
            return None;
        };
        misfit_value(&question.key, *side, field).map(|name| name.trim().to_owned())
    };
    Ok(waiting(session)?.into_iter().filter_map(value).collect())
}

impl Companies {
    /// Zoho's account ids by the names that contacts say.
    pub(crate) fn ids(&self) -> &BTreeMap<String, String> {
        &self.ids
    }

    /// Names that have no account and get none for now, and why.
    pub(crate) fn denied(&self) -> &BTreeMap<String, Misfit> {
        &self.denied
    }

    /// Looks up the companies that these steps write and that nobody knows yet. Whether one of them has
    /// no account and gets none: then it is to be left out.
    pub(crate) async fn look_up<'a>(
        &mut self,
        session: &Session,
        steps: impl Iterator<Item = &'a Step>,
    ) -> Result<bool, RunError> {
        let towards: Vec<&Step> = steps.filter(|step| step.side == Side::Zoho).collect();
        let named = towards.iter().flat_map(|step| written(step, &session.mapping));
        let mut names: BTreeSet<&str> = named.map(|(_, name)| name).collect();
        if towards.iter().any(|step| matches!(step.verb, Verb::Create { .. })) {
            names.extend(by_default(&session.rules));
        }
        names.retain(|name| !self.asked.contains(*name));
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        if names.is_empty() {
            return Ok(false);
        }
        self.asked.extend(names.iter().cloned());
        let before = self.denied.len();
        let looked_up = match session.zoho.accounts_by_name(&names).await {
            Err(error) => {
                // Where the accounts cannot be seen, nobody knows which are missing.
                let right = right(&error, false).ok_or(error).of(Side::Zoho)?;
                self.deny(names, &right);
                return Ok(true);
            }
            Ok(looked_up) => looked_up,
        };
        if !looked_up.left_out.is_empty() {
            let names = looked_up.left_out.len();
            tracing::warn!(names, "Zoho's queries do not take some names");
        }
        self.deny(looked_up.left_out, &Misfit::Unasked);
        self.deny(looked_up.several, &Misfit::SeveralAccounts);
        self.ids.extend(looked_up.found);
        self.miss(session, names).await?;
        Ok(self.denied.len() > before)
    }

    fn deny(&mut self, names: Vec<String>, why: &Misfit) {
        self.denied.extend(names.into_iter().map(|name| (name, why.clone())));
    }

    /// Sorts the names without an account: those that get one, and those that do not.
    async fn miss(&mut self, session: &Session, names: Vec<String>) -> Result<(), RunError> {
        let known = |name: &String| self.ids.contains_key(name) || self.denied.contains_key(name);
        let (mut missing, mut never) = (Vec::new(), Vec::new());
        let refused = refused(session)?;
        for name in names.into_iter().filter(|name| !known(name)) {
            let list = if refused.contains(name.trim()) { &mut never } else { &mut missing };
            list.push(name);
        }
        self.deny(never, &Misfit::NoAccount);
        if missing.is_empty() {
            return Ok(());
        }
        if let Some(right) = self.bar(session).await? {
            self.deny(missing, &right);
            return Ok(());
        }
        let mut groups: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
        for group in std::mem::take(&mut self.missing) {
            let folded = group.first().map(|name| fold_company(name)).unwrap_or_default();
            groups.entry(folded).or_default().push(group);
        }
        for name in missing {
            let alike = groups.entry(fold_company(&name)).or_default();
            let same =
                |group: &&mut Vec<String>| group.iter().all(|other| same_company(other, &name));
            match alike.iter_mut().find(same) {
                Some(group) => group.push(name),
                None => alike.push(vec![name]),
            }
        }
        self.missing = groups.into_values().flatten().collect();
        Ok(())
    }

    /// The right that is missing for creating accounts, as the sign-in, an earlier refusal and Zoho's
    /// list of modules tell. Where that is not to be seen, trying tells.
    async fn bar(&mut self, session: &Session) -> Result<Option<Misfit>, RunError> {
        if let Some(known) = &self.bar {
            return Ok(known.clone());
        }
        let bar = match refused_right(session)? {
            _ if session.lacks_new_accounts => Some(out_of_reach(true, true)),
            Some(refused) => Some(refused),
            None => listed_bar(session).await?,
        };
        self.bar = Some(bar.clone());
        Ok(bar)
    }

    /// Says at each step that writes a company without an account that one is made for it.
    pub(crate) fn foretell(&self, session: &Session, steps: &mut [Step]) {
        note(session, steps, &self.missing.iter().flatten().cloned().collect());
    }

    /// Creates the accounts that these steps want, one for all spellings of a name, and they say so.
    pub(crate) async fn make(
        &mut self,
        session: &Session,
        steps: &mut [Step],
    ) -> Result<(), RunError> {
        self.look_up(session, steps.iter()).await?;
        let mut wanted: BTreeSet<&str> =
            steps.iter().flat_map(|step| written(step, &session.mapping)).map(|(_, n)| n).collect();
        if steps.iter().any(|step| matches!(step.verb, Verb::Create { .. })) {
            wanted.extend(by_default(&session.rules));
        }
        let is_wanted = |group: &mut Vec<String>| group.iter().any(|n| wanted.contains(n.as_str()));
        let missing: Vec<Vec<String>> = self.missing.extract_if(.., is_wanted).collect();
        let first: Vec<String> =
            missing.iter().filter_map(|names| names.first().cloned()).collect();
        if first.is_empty() {
            return Ok(());
        }
        let (ids, why) = match session.zoho.create_accounts(&first).await {
            Ok(ids) => (ids, Misfit::NoAccount),
            Err(error) => {
                let why = right(&error, true).ok_or(error).of(Side::Zoho)?;
                if let Misfit::AccountsOutOfReach { by_sign_in, .. } = why {
                    remember_refused_right(session, by_sign_in)?;
                }
                self.bar = Some(Some(why.clone()));
                (BTreeMap::new(), why)
            }
        };
        let mut made = BTreeSet::new();
        for names in missing {
            match names.first().and_then(|name| ids.get(name)) {
                Some(id) => {
                    made.extend(names.iter().cloned());
                    self.ids.extend(names.into_iter().map(|name| (name, id.clone())));
                }
                None => self.deny(names, &why),
            }
        }
        note(session, steps, &made);
        Ok(())
    }

    /// The rules of a step whose company has no account, and why.
    pub(crate) fn homeless(&self, step: &Step, mapping: &Mapping) -> Vec<(usize, Misfit)> {
        let homeless = written(step, mapping).filter(|(_, name)| !self.ids.contains_key(*name));
        let why = |name| self.denied.get(name).cloned().unwrap_or(Misfit::NoAccount);
        homeless.map(|(rule, name)| (rule, why(name))).collect()
    }
}

/// The missing right as Zoho's list of modules tells it.
async fn listed_bar(session: &Session) -> Result<Option<Misfit>, RunError> {
    let may = match session.zoho.modules().await {
        Ok(modules) => modules.iter().find(|m| m.api_name == "Accounts").is_none_or(|m| m.create),
        Err(error) if right(&error, true).is_some() => true,
        Err(error) => return Err(error).of(Side::Zoho),
    };
    Ok((!may).then(|| out_of_reach(false, true)))
}

/// The right to accounts that an error says is missing: without it nothing is found and nothing made,
/// and the rest of a contact goes on.
fn right(error: &RemoteError, creating: bool) -> Option<Misfit> {
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

/// Notes at every field that writes one of these names why there is an account of it.
fn note(session: &Session, steps: &mut [Step], made: &BTreeSet<String>) {
    let mapped = session.mapping.rules().iter().map(|rule| (&rule.zoho, &rule.kind));
    let companies = mapped.chain(&session.rules.default_kinds);
    let companies: BTreeSet<&String> =
        companies.filter(|(_, kind)| **kind == Kind::Company).map(|(field, _)| field).collect();
    let steps = steps.iter_mut().filter(|step| step.side == Side::Zoho);
    for note in steps.flat_map(|step| &mut step.fields) {
        let named = note.after.as_deref().is_some_and(|name| made.contains(name));
        if named && companies.contains(&note.field) {
            note.why = Why::Account;
        }
    }
}

/// The company names that a step writes, by rule.
fn written<'a>(
    step: &'a Step,
    mapping: &'a Mapping,
) -> impl Iterator<Item = (usize, &'a str)> + use<'a> {
    let rules = mapping.rules().iter().enumerate().filter(|(_, spec)| spec.kind == Kind::Company);
    rules.filter_map(|(rule, _)| {
        let name = match &step.verb {
            Verb::Create { card } => card.get(rule),
            Verb::Update { patch, .. } => patch.get(&rule).and_then(|value| value.as_deref()),
            Verb::Delete { .. } => None,
        };
        Some((rule, name?))
    })
}

/// The companies that new records get where no rule of the mapping gives them one.
fn by_default(rules: &Compiled) -> impl Iterator<Item = &str> {
    let companies = rules.default_kinds.iter().filter(|(_, kind)| **kind == Kind::Company);
    companies.filter_map(|(field, _)| rules.extra_defaults.get(field).map(String::as_str))
}

/// Takes one field out of a step: it is neither sent nor believed.
pub(crate) fn leave_out(step: &mut Step, rule: usize, field: &str) {
    match &mut step.verb {
        Verb::Create { card } => card.set(rule, None),
        Verb::Update { patch, .. } => drop(patch.remove(&rule)),
        Verb::Delete { .. } => {}
    }
    step.learn.remove(rule);
    step.fields.retain(|note| note.field != field);
}
