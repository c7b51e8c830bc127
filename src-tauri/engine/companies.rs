//! Companies: what Google keeps as a name is a record of its own in Zoho (a lookup to Accounts), found
//! by its name and created where this user may.

use std::collections::{BTreeMap, BTreeSet};

use renraku_core::compile::Compiled;
use renraku_core::field::{Kind, fold_company};
use renraku_core::mapping::Mapping;
use renraku_core::plan::{Step, Verb};

use crate::remote::RemoteError;
use crate::session::Session;

/// Zoho's account ids by the names that contacts say.
pub(crate) type Companies = BTreeMap<String, String>;

/// The accounts that the written companies point to; missing ones are created, one for all spellings
/// of a name. What this user may neither see nor create is not among them.
pub(crate) async fn companies(session: &Session, steps: &[Step]) -> Result<Companies, RemoteError> {
    let named = steps.iter().flat_map(|step| written(step, &session.mapping));
    let mut names: BTreeSet<&str> = named.map(|(_, name)| name).collect();
    if steps.iter().any(|step| matches!(step.verb, Verb::Create { .. })) {
        names.extend(by_default(&session.rules));
    }
    if names.is_empty() {
        return Ok(Companies::new());
    }
    let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
    let mut found = allowed(session.zoho.accounts_by_name(&names).await)?;
    let mut missing: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for name in names.into_iter().filter(|name| !found.contains_key(name)) {
        missing.entry(fold_company(&name)).or_default().push(name);
    }
    let first: Vec<String> = missing.values().filter_map(|names| names.first().cloned()).collect();
    if !first.is_empty() {
        let made = allowed(session.zoho.create_accounts(&first).await)?;
        for names in missing.into_values() {
            if let Some(id) = names.first().and_then(|name| made.get(name)) {
                found.extend(names.into_iter().map(|name| (name, id.clone())));
            }
        }
    }
    Ok(found)
}

/// Without the right to accounts nothing is found and nothing made; the rest of a contact goes on.
fn allowed(answer: Result<Companies, RemoteError>) -> Result<Companies, RemoteError> {
    match answer {
        Err(RemoteError::Rights { .. } | RemoteError::ScopeMissing) => Ok(Companies::new()),
        // Hidden modules do not exist for this user.
        Err(RemoteError::Refused { code, .. }) if code == "INVALID_MODULE" => Ok(Companies::new()),
        answer => answer,
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

/// The rules whose company has no account.
pub(crate) fn homeless(step: &Step, mapping: &Mapping, companies: &Companies) -> Vec<usize> {
    let homeless = written(step, mapping).filter(|(_, name)| !companies.contains_key(*name));
    homeless.map(|(rule, _)| rule).collect()
}

/// Takes one field out of a step: it is neither sent nor believed.
pub(crate) fn leave_out(step: &mut Step, rule: usize, field: &str) {
    match &mut step.verb {
        Verb::Create { card } => {
            card.set(rule, None);
            if let Some(said) = step.learn.get_mut(rule) {
                said[step.side] = None;
            }
        }
        Verb::Update { patch, .. } => {
            patch.remove(&rule);
            step.learn.remove(rule);
        }
        Verb::Delete { .. } => {}
    }
    step.fields.retain(|note| note.field != field);
}
