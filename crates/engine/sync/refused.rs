//! What a service refused. It stays a question until its cause is gone; where another record stood in
//! the way, it is tried again by itself once that record has changed.

use std::collections::{BTreeMap, BTreeSet};

use renraku_core::contact::{Pair, RecordId, Side};
use renraku_core::field::Misfit;
use renraku_core::message::SEVERAL;
use renraku_core::plan::{
    About, Holder, Question, Step, Unique, Verb, Why, misfit_key, name, written,
};
use renraku_services::Refusal;
use renraku_store::{Db, Place, State, Store, StoreError};

use crate::sync::pair::known_ids;
use crate::sync::session::Session;

/// Asks the person about a value that a side does not take. The key is the plan's own, so that the
/// answer is heard by the next one. `judged` tells whether the service itself said so.
pub(crate) fn ask_misfit(
    session: &Session,
    db: &Db,
    step: &Step,
    refusal: &Refusal,
    judged: bool,
) -> Result<(), StoreError> {
    if let Misfit::TakenElsewhere { module } = &refusal.misfit {
        let holder = Holder::Module(module.clone());
        return ask_taken(session, db, step, refusal.field.as_deref(), holder);
    }
    let (key, field) = key(session, db, step, refusal.field.as_deref())?;
    let about = About::Misfit { side: step.side, field, misfit: refusal.misfit.clone(), judged };
    ask(session, db, step, key, about)
}

/// A unique field's value is taken by this record, where the service tells.
pub(crate) fn ask_duplicate(
    session: &Session,
    db: &Db,
    step: &Step,
    field: Option<&str>,
    id: Option<&RecordId>,
) -> Result<(), StoreError> {
    let holder = match id {
        Some(id) => record(session, db, id)?,
        None => Holder::Unknown,
    };
    ask_taken(session, db, step, field, holder)
}

/// The record in the way, as it is known.
fn record(session: &Session, db: &Db, id: &RecordId) -> Result<Holder, StoreError> {
    let place = Place::Zoho(session.module());
    let row = Store::mirrored(db, session.sync.ledger, place, id)?;
    let contact = row.as_ref().and_then(|row| session.parse(Side::Zoho, &row.raw));
    Ok(Holder::Record {
        id: id.clone(),
        contact: contact.map(|found| name(&session.mapping, &found.card)).unwrap_or_default(),
        version: row.map(|row| row.version).unwrap_or_default(),
    })
}

fn ask_taken(
    session: &Session,
    db: &Db,
    step: &Step,
    field: Option<&str>,
    holder: Holder,
) -> Result<(), StoreError> {
    let (key, field) = key(session, db, step, field)?;
    // A new contact may be the one that is there already, unless that has its counterpart.
    let alike = match (&step.verb, &holder) {
        (Verb::Create { .. }, Holder::Record { id, .. }) => {
            !Store::is_linked(db, session.sync.id, step.side, id)?
        }
        (Verb::Create { .. } | Verb::Update { .. } | Verb::Delete { .. }, _) => false,
    };
    ask(session, db, step, key, About::Refused { side: step.side, field, holder, alike })
}

fn ask(
    session: &Session,
    db: &Db,
    step: &Step,
    key: String,
    about: About,
) -> Result<(), StoreError> {
    let ids = known_ids(db, step)?;
    Store::ask(db, session.sync.id, &Question { key, contact: step.contact.clone(), ids, about })
}

/// The key of the question, and the field as the person knows it.
fn key(
    session: &Session,
    db: &Db,
    step: &Step,
    field: Option<&str>,
) -> Result<(String, String), StoreError> {
    let ids = known_ids(db, step)?;
    let known = Pair::of(|side| ids[side].clone().unwrap_or_default());
    // A write that empties one field is refused for that field, whatever the service names.
    let emptied = step.fields.first().filter(|_| step.why == Why::HandedOn);
    let field = emptied.map(|note| note.field.as_str()).or(field);
    // Where only one field is written it is the one that is meant.
    let only = || match step.fields.as_slice() {
        [note] => session.mapping.by_zoho(&note.field),
        _ => None,
    };
    let rule = field.and_then(|field| refused_rule(session, step, field)).or_else(only);
    let (named, value) = match rule {
        Some(rule) => {
            let source = step.learn.get(rule).and_then(|said| said[step.side.other()].clone());
            let spec = session.mapping.rules().get(rule).map(|spec| spec.zoho.clone());
            (spec.unwrap_or_default(), source.unwrap_or_default().to_string())
        }
        // A field outside the mapping (a default's), or none that is known.
        None => (String::new(), written(&step.fields)),
    };
    let key = misfit_key(&known, step.side, &named, &value);
    let shown = if named.is_empty() { meant(session, step, field) } else { named };
    Ok((key, shown))
}

/// So many fields are named where the service does not say which one it means.
const FEW: usize = 3;

/// The field outside the mapping that the service names, as the person knows it; where it names none
/// that is known, the fields that it may mean.
fn meant(session: &Session, step: &Step, field: Option<&str>) -> String {
    let known = |field: &&str| {
        session.rules.labels.contains_key(*field)
            || session.rules.extra_defaults.contains_key(*field)
    };
    match (field.filter(known), step.fields.len()) {
        (Some(field), _) => field.to_owned(),
        (None, 0..=FEW) => {
            let all: Vec<&str> = step.fields.iter().map(|note| note.field.as_str()).collect();
            all.join(SEVERAL)
        }
        (None, _) => String::new(),
    }
}

/// The written rule that a refusal means: Zoho names its field, Google only the group.
fn refused_rule(session: &Session, step: &Step, field: &str) -> Option<usize> {
    let written = step.fields.iter().filter_map(|note| session.mapping.by_zoho(&note.field));
    written
        .filter(|rule| {
            session
                .mapping
                .rules()
                .get(*rule)
                .is_some_and(|spec| spec.zoho == field || spec.google.group.name() == field)
        })
        .min_by_key(|rule| session.mapping.rules().get(*rule).map(|spec| spec.zoho != field))
}

/// The fields whose values may stand in one record only: as Zoho describes its fields, or because it
/// refused one of their values for that.
pub(crate) fn unique(session: &Session) -> Result<Unique<'_>, StoreError> {
    let sync = session.sync.id;
    let mut fields = session.store.read(|db| Store::fields_taken(db, sync))?;
    fields.extend(session.rules.unique.iter().cloned());
    let rules: BTreeSet<usize> =
        fields.iter().filter_map(|field| session.mapping.by_zoho(field)).collect();
    let mut never_empty = BTreeSet::new();
    if !rules.is_empty() {
        for question in session.store.refused(sync)?.into_values() {
            if let (About::Misfit { side: Side::Zoho, field, .. }, Some(id)) =
                (&question.about, &question.ids.zoho)
                && question.key == emptied_key(&question, field)
            {
                let rule = session.mapping.by_zoho(field);
                never_empty.extend(rule.map(|rule| (id.clone(), rule)));
            }
        }
    }
    Ok(Unique { mapping: &session.mapping, rules, never_empty })
}

/// The key of the question why a field of this question's contact may not be empty.
fn emptied_key(question: &Question, field: &str) -> String {
    let ids = Pair::of(|side| question.ids[side].clone().unwrap_or_default());
    misfit_key(&ids, Side::Zoho, field, "")
}

/// The refused values that are worth another try: the record in the way has changed since, or waits for
/// a value itself that it may get now; so does a circle of which one may let go first. Of a record that
/// is not known here nobody hears when it changes; `first` says whether this is the time in a run at
/// which such are tried.
pub(crate) fn free(
    session: &Session,
    db: &Db,
    refused: &BTreeMap<String, Question>,
    first: bool,
) -> Result<BTreeSet<String>, StoreError> {
    let mut free = BTreeSet::new();
    for (key, question) in refused {
        if is_free(session, db, question, first)? {
            free.insert(key.clone());
        }
    }
    let waits = waits(refused);
    free.extend(circles(session, refused, &waits));
    let behind = waits.values().filter(|wait| {
        let mut ahead = Some(**wait);
        // Whoever is in a circle walks round it for as long as it takes.
        for _ in 0..waits.len() {
            let Some(wait) = ahead.filter(|wait| !free.contains(wait.key)) else { break };
            ahead = waits.get(&(wait.holder, wait.field)).copied();
        }
        ahead.is_some_and(|wait| free.contains(wait.key))
    });
    let behind: Vec<String> = behind.map(|wait| wait.key.clone()).collect();
    free.extend(behind);
    Ok(free)
}

/// A record that waits for the value of a field that another one holds.
#[derive(Clone, Copy)]
struct Wait<'a> {
    key: &'a String,
    question: &'a Question,
    field: &'a String,
    holder: &'a RecordId,
}

/// Who waits for what, by record and field.
fn waits(refused: &BTreeMap<String, Question>) -> BTreeMap<(&RecordId, &String), Wait<'_>> {
    let mut waits = BTreeMap::new();
    for (key, question) in refused {
        if let About::Refused { field, holder: Holder::Record { id, .. }, .. } = &question.about
            && let Some(own) = &question.ids.zoho
        {
            waits.insert((own, field), Wait { key, question, field, holder: id });
        }
    }
    waits
}

fn is_free(
    session: &Session,
    db: &Db,
    question: &Question,
    first: bool,
) -> Result<bool, StoreError> {
    let About::Refused { holder, .. } = &question.about else { return Ok(false) };
    let Holder::Record { id, version, .. } = holder else { return Ok(first) };
    let place = Place::Zoho(session.module());
    Ok(match Store::mirrored(db, session.sync.ledger, place, id)? {
        Some(row) => row.state != State::Here || row.version != *version,
        None => first || !version.is_empty(),
    })
}

/// Contacts each of which waits for the value that the next one holds, the last for the first one's.
fn circles(
    session: &Session,
    refused: &BTreeMap<String, Question>,
    waits: &BTreeMap<(&RecordId, &String), Wait<'_>>,
) -> Vec<String> {
    let required = |field: &str| {
        let rule = session.mapping.by_zoho(field);
        rule.and_then(|rule| session.mapping.rules().get(rule)).is_none_or(|spec| spec.required)
    };
    let mut found = Vec::new();
    for ((own, field), first) in waits.iter().filter(|((_, field), _)| !required(field)) {
        let mut ahead = Some(first);
        for _ in 0..waits.len() {
            let may = |wait: &&Wait<'_>| !refused.contains_key(&emptied_key(wait.question, field));
            let Some(wait) = ahead.filter(may) else { break };
            if wait.holder == *own {
                found.push(first.key.clone());
                break;
            }
            ahead = waits.get(&(wait.holder, *field));
        }
    }
    found
}

/// Has everybody planned afresh whose way is free; whether there is anybody.
pub(crate) fn try_again(session: &Session, first: bool) -> Result<bool, StoreError> {
    let refused = session.store.refused(session.sync.id)?;
    let free = session.store.read(|db| free(session, db, &refused, first))?;
    if free.is_empty() {
        return Ok(false);
    }
    session.store.write(|db| {
        for question in free.iter().filter_map(|key| refused.get(key)) {
            for side in Side::BOTH {
                if let Some(id) = &question.ids[side] {
                    Store::mark_dirty_for(db, session.sync.id, side, id)?;
                }
            }
        }
        Ok(true)
    })
}
