//! What a service refused. It stays a question until its cause is gone; where another record stood in
//! the way, it is tried again by itself once that record has changed.

use renraku_core::contact::{Pair, RecordId, Side};
use renraku_core::field::Misfit;
use renraku_core::plan::{About, Holder, Question, Step, Verb, misfit_key, name, written};
use rusqlite::Connection;

use crate::remote::Refusal;
use crate::session::Session;
use crate::settle::known_ids;
use crate::store::{Place, State, Store, StoreError};

/// Asks the person about a value that a side does not take. The key is the plan's own, so that the
/// answer is heard by the next one. `judged` tells whether the service itself said so.
pub(crate) fn ask_misfit(
    session: &Session,
    db: &Connection,
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
    db: &Connection,
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
fn record(session: &Session, db: &Connection, id: &RecordId) -> Result<Holder, StoreError> {
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
    db: &Connection,
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
    db: &Connection,
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
    db: &Connection,
    step: &Step,
    field: Option<&str>,
) -> Result<(String, String), StoreError> {
    let ids = known_ids(db, step)?;
    let known = Pair::of(|side| ids[side].clone().unwrap_or_default());
    let rule = field.and_then(|field| refused_rule(session, step, field));
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
    let shown = if named.is_empty() { field.unwrap_or_default().to_owned() } else { named };
    Ok((key, shown))
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

/// Whether what was refused is worth another try: the record in the way has changed since. Of a
/// record that is not known here nobody hears when it does; `first` says whether this is the time in
/// a run at which such are tried.
pub(crate) fn is_free(
    session: &Session,
    db: &Connection,
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

/// Has everybody planned afresh whose way is free.
pub(crate) fn try_again(session: &Session, first: bool) -> Result<(), StoreError> {
    let refused = session.store.refused(session.sync.id)?;
    let mut free = Vec::new();
    session.store.read(|db| {
        for question in refused.into_values() {
            if is_free(session, db, &question, first)? {
                free.push(question.ids);
            }
        }
        Ok(())
    })?;
    if free.is_empty() {
        return Ok(());
    }
    session.store.write(|db| {
        for ids in &free {
            for side in Side::BOTH {
                if let Some(id) = &ids[side] {
                    Store::soil(db, session.sync.id, side, id)?;
                }
            }
        }
        Ok(())
    })
}
