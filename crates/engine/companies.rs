//! Companies: what Google keeps as a name is a record of its own in Zoho (a lookup to Accounts), found
//! by its name and created where this user may.

use std::collections::{BTreeMap, BTreeSet};

use renraku_core::compile::Compiled;
use renraku_core::contact::Side;
use renraku_core::field::{Kind, Misfit, fold_company, same_company};
use renraku_core::mapping::Mapping;
use renraku_core::plan::{Step, Verb, Why};

use crate::error::{OfSide, RunError};
use crate::session::Session;
use renraku_services::RemoteError;

/// The accounts of the companies that contacts name.
#[derive(Debug, Default)]
pub(crate) struct Companies {
    /// Zoho's account ids by the names that contacts say.
    pub(crate) ids: BTreeMap<String, String>,
    /// Names of which nobody knows whether Zoho has them: no account is made of one.
    unasked: BTreeSet<String>,
    /// Why those without an account have none.
    denied: Option<Denied>,
}

/// What keeps Zoho's accounts out of reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Denied {
    /// The sign-in did not grant it.
    SignIn,
    /// This user may not see them.
    Seeing,
    /// This user may not create any.
    Creating,
}

/// Names without an account, those that mean the same company together.
type Missing = Vec<Vec<String>>;

/// Says at each step that writes a company without an account that one is made for it.
pub(crate) async fn foretell(session: &Session, steps: &mut [Step]) -> Result<(), RunError> {
    let (_, missing) = look_up(session, steps).await?;
    note(session, steps, &missing.into_iter().flatten().collect());
    Ok(())
}

/// The accounts that the written companies point to; missing ones are created, one for all spellings
/// of a name, and their steps say so. What this user may neither see nor create is not among them.
pub(crate) async fn companies(
    session: &Session,
    steps: &mut [Step],
) -> Result<Companies, RunError> {
    let (mut found, missing) = look_up(session, steps).await?;
    let first: Vec<String> = missing.iter().filter_map(|names| names.first().cloned()).collect();
    if !first.is_empty() {
        let made = allowed(session.zoho.create_accounts(&first).await, Denied::Creating)?;
        found.denied = made.as_ref().err().copied();
        let ids = made.unwrap_or_default();
        let mut made = BTreeSet::new();
        for names in missing {
            if let Some(id) = names.first().and_then(|name| ids.get(name)) {
                made.extend(names.iter().cloned());
                found.ids.extend(names.into_iter().map(|name| (name, id.clone())));
            }
        }
        note(session, steps, &made);
    }
    Ok(found)
}

/// The accounts of the written companies, and the names without one.
async fn look_up(session: &Session, steps: &[Step]) -> Result<(Companies, Missing), RunError> {
    let towards = || steps.iter().filter(|step| step.side == Side::Zoho);
    let named = towards().flat_map(|step| written(step, &session.mapping));
    let mut names: BTreeSet<&str> = named.map(|(_, name)| name).collect();
    if towards().any(|step| matches!(step.verb, Verb::Create { .. })) {
        names.extend(by_default(&session.rules));
    }
    let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
    let mut missing = Missing::new();
    if names.is_empty() {
        return Ok((Companies::default(), missing));
    }
    // Where the accounts cannot be seen, nobody knows which are missing.
    let looked_up = session.zoho.accounts_by_name(&names).await;
    let looked_up = match allowed(looked_up, Denied::Seeing)? {
        Ok(looked_up) => looked_up,
        Err(denied) => {
            return Ok((Companies { denied: Some(denied), ..Companies::default() }, missing));
        }
    };
    let unasked = looked_up.left_out.into_iter().collect();
    let found = Companies { ids: looked_up.found, unasked, denied: None };
    if !found.unasked.is_empty() {
        tracing::warn!(names = found.unasked.len(), "Zoho's queries do not take some names");
    }
    let known = |name: &String| found.ids.contains_key(name) || found.unasked.contains(name);
    let mut groups: BTreeMap<String, Missing> = BTreeMap::new();
    for name in names.into_iter().filter(|name| !known(name)) {
        let alike = groups.entry(fold_company(&name)).or_default();
        let same = |group: &&mut Vec<String>| group.iter().all(|other| same_company(other, &name));
        match alike.iter_mut().find(same) {
            Some(group) => group.push(name),
            None => alike.push(vec![name]),
        }
    }
    missing.extend(groups.into_values().flatten());
    Ok((found, missing))
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

/// Without the right to accounts nothing is found and nothing made; the rest of a contact goes on.
fn allowed<T>(answer: Result<T, RemoteError>, what: Denied) -> Result<Result<T, Denied>, RunError> {
    match answer {
        Err(RemoteError::ScopeMissing { .. }) => Ok(Err(Denied::SignIn)),
        Err(RemoteError::Rights { .. }) => Ok(Err(what)),
        // Hidden modules do not exist for this user.
        Err(RemoteError::Refused { code, .. }) if code == "INVALID_MODULE" => Ok(Err(what)),
        answer => answer.of(Side::Zoho).map(Ok),
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

/// The rules whose company has no account, and why.
pub(crate) fn homeless(
    step: &Step,
    mapping: &Mapping,
    companies: &Companies,
) -> Vec<(usize, Misfit)> {
    let homeless = written(step, mapping).filter(|(_, name)| !companies.ids.contains_key(*name));
    let why = |name| match (companies.unasked.contains(name), companies.denied) {
        (true, _) => Misfit::Unasked,
        (false, Some(Denied::SignIn)) => Misfit::AccountsOutOfReach { by_sign_in: true },
        (false, Some(Denied::Seeing)) => Misfit::AccountsOutOfReach { by_sign_in: false },
        (false, Some(Denied::Creating) | None) => Misfit::NoAccount,
    };
    homeless.map(|(rule, name)| (rule, why(name))).collect()
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
