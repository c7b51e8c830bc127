//! Companies: what Google keeps as a name is a record of its own in Zoho (a lookup to Accounts), found
//! by its name and created where this user may.
//!
//! Every name that a plan writes is looked up before anything is written, those that waited for an
//! account among them; what has none and gets none is left out of the plan and asked about.

mod refused;

use std::collections::{BTreeMap, BTreeSet};

use renraku_core::compile::Compiled;
use renraku_core::contact::Side;
use renraku_core::field::{Kind, Misfit, fold_company, same_company};
use renraku_core::mapping::Mapping;
use renraku_core::plan::{About, Decisions, Question, Step, Verb, Why, misfit_value};
use renraku_services::zoho::NewAccounts;
use renraku_services::{ItemReply, Refusal};
use renraku_store::{Db, ReviewRow, Store, StoreError};

pub(crate) use refused::forget_refusals;
use refused::{Refusals, Refused, account_refused, missing_right, out_of_reach, refusal};

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
    /// Accounts that no look-up has found: they were made in this run, or stand where nobody sees them.
    made: BTreeSet<String>,
    /// What keeps every company from an account, if anything, where that is known.
    bar: Option<Option<Misfit>>,
    /// What Zoho refused earlier and is not asked for again in vain, once it was looked up.
    refused: Option<Refusals>,
}

/// Has everybody planned again whose company waits for its account, or was left while a cause lasts that
/// passes: whatever was in the way may be gone.
pub(crate) fn plan_again(session: &Session) -> Result<(), StoreError> {
    let mut waiting = waiting(session)?;
    let left = session.store.left_for_a_cause(session.sync.id)?;
    waiting.extend(left.into_iter().map(|row| row.question));
    if waiting.is_empty() {
        return Ok(());
    }
    session.store.write(|db| {
        for question in &waiting {
            for side in Side::BOTH {
                if let Some(id) = &question.ids[side] {
                    Store::mark_dirty_for(db, session.sync.id, side, id)?;
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

/// The company that a question about a value names.
fn named(question: &Question) -> Option<&str> {
    let About::Misfit { side, field, .. } = &question.about else { return None };
    misfit_value(&question.key, *side, field).map(str::trim)
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
                let right = missing_right(&error, false).ok_or(error).of(Side::Zoho)?;
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
        for (name, id) in looked_up.found {
            match self.refused(session)?.account(&name, &id) {
                Some(why) => drop(self.denied.insert(name, why)),
                None => drop(self.ids.insert(name, id)),
            }
        }
        self.miss(session, names).await?;
        Ok(self.denied.len() > before)
    }

    /// What Zoho refused earlier.
    fn refused(&mut self, session: &Session) -> Result<&mut Refusals, StoreError> {
        let known = match self.refused.take() {
            Some(known) => known,
            None => Refusals::of(session)?,
        };
        Ok(self.refused.insert(known))
    }

    fn deny(&mut self, names: Vec<String>, why: &Misfit) {
        self.denied.extend(names.into_iter().map(|name| (name, why.clone())));
    }

    /// Sorts the names without an account: those that get one, and those that do not.
    async fn miss(&mut self, session: &Session, names: Vec<String>) -> Result<(), RunError> {
        let known = |name: &String| self.ids.contains_key(name) || self.denied.contains_key(name);
        let names: Vec<String> = names.into_iter().filter(|name| !known(name)).collect();
        let mut missing = Vec::new();
        for name in names {
            match self.refused(session)?.name(&name) {
                Some(why) => drop(self.denied.insert(name, why)),
                None => missing.push(name),
            }
        }
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

    /// What keeps every company from an account, as the sign-in, an earlier refusal and Zoho's list of
    /// modules tell. Where that is not to be seen, trying tells.
    async fn bar(&mut self, session: &Session) -> Result<Option<Misfit>, RunError> {
        if let Some(known) = &self.bar {
            return Ok(known.clone());
        }
        let bar = match self.refused(session)?.every_name() {
            _ if session.lacks_new_accounts => Some(out_of_reach(true, true)),
            Some(refused) => Some(refused),
            None => listed_bar(session).await?,
        };
        self.bar = Some(bar.clone());
        Ok(bar)
    }

    /// Says at each step that writes a company without an account that one is made for it.
    pub(crate) fn forecast(&self, session: &Session, steps: &mut [Step]) {
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
        let (ids, refused, barred) = match session.zoho.create_accounts(&first).await {
            Ok(NewAccounts { ids, refused }) => (ids, refused, None),
            Err(error) => {
                let why = account_refused(&error).ok_or(error).of(Side::Zoho)?;
                (BTreeMap::new(), BTreeMap::new(), Some(why))
            }
        };
        let mut made = BTreeSet::new();
        let mut kept = Vec::new();
        for names in missing {
            let first = names.first().cloned().unwrap_or_default();
            if let Some(id) = ids.get(&first) {
                made.extend(names.iter().cloned());
                self.made.insert(id.clone());
                self.ids.extend(names.into_iter().map(|name| (name, id.clone())));
                continue;
            }
            let told = || Some(refusal(&first, refused.get(&first)?));
            let why = barred.clone().or_else(told).unwrap_or(Misfit::NoAccount);
            if why.is_every_companys() {
                self.bar = Some(Some(why.clone()));
            }
            kept.extend(Refused::name(session, &first, &why));
            self.deny(names, &why);
        }
        let known = self.refused(session)?;
        session.store.write(|db| known.keep(session, db, kept))?;
        note(session, steps, &made);
        Ok(())
    }

    /// Whether Zoho refused a contact because of the account that a step writes as its company. Then the
    /// contact is planned again without the company, and so is everybody who names it.
    pub(crate) fn not_taken(
        &mut self,
        session: &Session,
        db: &Db,
        step: &Step,
        reply: &ItemReply,
    ) -> Result<bool, StoreError> {
        let ItemReply::Refused(Refusal { misfit, field: Some(field) }) = reply else {
            return Ok(false);
        };
        let invalid = matches!(misfit, Misfit::Number)
            || matches!(misfit, Misfit::Refused(code) if code == "INVALID_DATA");
        let rule = session.mapping.by_zoho(field);
        let named = written(step, &session.mapping).find(|(at, _)| Some(*at) == rule);
        let account = named.and_then(|(_, name)| Some((name, self.ids.get(name)?.clone())));
        let Some((name, id)) = account.filter(|_| invalid) else { return Ok(false) };
        let why = Misfit::AccountNotTaken { company: name.to_owned() };
        let names = self.ids.extract_if(.., |_, other| *other == id);
        let names: Vec<String> = names.map(|(name, _)| name).collect();
        self.deny(names, &why);
        let made = self.made.contains(&id);
        let refused = Refused::account(session, name, why, id, made);
        self.refused(session)?.keep(session, db, vec![refused])?;
        Ok(true)
    }

    /// What was left only while a cause lasted, and the cause is over: it is written again.
    pub(crate) fn end_decisions(&self, session: &Session) -> Result<(), StoreError> {
        let mut over = session.store.left_for_a_cause(session.sync.id)?;
        over.retain(|row| {
            let is_known = |name| self.asked.contains(name) && !self.denied.contains_key(name);
            named(&row.question).is_some_and(is_known)
        });
        if over.is_empty() {
            return Ok(());
        }
        session.store.write(|db| {
            let forget =
                |row: &ReviewRow| Store::forget_question(db, session.sync.id, &row.question.key);
            over.iter().try_for_each(forget)
        })
    }

    /// The decisions that hold now: what was left while a cause lasts is left no longer than that.
    pub(crate) fn holding(&self, session: &Session) -> Result<Decisions, StoreError> {
        let mut decisions = session.store.decisions(session.sync.id)?;
        for row in session.store.left_for_a_cause(session.sync.id)? {
            if !named(&row.question).is_some_and(|name| self.denied.contains_key(name)) {
                decisions.remove(&row.question.key);
            }
        }
        Ok(decisions)
    }

    /// The rules of a step whose company has no account, and why.
    pub(crate) fn without_account(&self, step: &Step, mapping: &Mapping) -> Vec<(usize, Misfit)> {
        let without_account =
            written(step, mapping).filter(|(_, name)| !self.ids.contains_key(*name));
        let why = |name| self.denied.get(name).cloned().unwrap_or(Misfit::NoAccount);
        without_account.map(|(rule, name)| (rule, why(name))).collect()
    }
}

/// The missing right as Zoho's list of modules tells it.
async fn listed_bar(session: &Session) -> Result<Option<Misfit>, RunError> {
    let may = match session.zoho.modules().await {
        Ok(modules) => modules.iter().find(|m| m.api_name == "Accounts").is_none_or(|m| m.create),
        Err(error) if missing_right(&error, true).is_some() => true,
        Err(error) => return Err(error).of(Side::Zoho),
    };
    Ok((!may).then(|| out_of_reach(false, true)))
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
