//! Who is lost for the moment: contacts with a tombstone that a question is open about, and contacts
//! that cannot be read. The services tell of their return only when they are asked, so everybody who
//! is waited for is looked at directly in each run, and before an answer is carried out.

use renraku_core::contact::{Pair, RecordId, Side};
use renraku_core::message::Message;
use renraku_core::plan::{
    About, LedgerUpdate, Plan, Question, Step, Subject, Suspended, deletion_key, mass_key,
    recreate_key, unreadable_key,
};
use renraku_core::setup::OnDelete;
use renraku_store::{Db, MirrorRow, Place, State, Store, StoreError};

use crate::api::Alarm;
use crate::sync::error::RunError;
use crate::sync::look::{look_at_people, look_at_records};
use crate::sync::session::Session;

/// Looks at everybody who is waited for, on both sides, and has them planned afresh.
pub(crate) async fn look_for_the_lost(session: &Session, pass: i64) -> Result<(), RunError> {
    let sync = session.sync.id;
    let ids = session.store.read(|db| waited_for(session, db))?;
    look_at_people(session, &ids.google, pass).await?;
    look_at_records(session, &ids.zoho, pass).await?;
    session
        .store
        .write(|db| {
            for side in Side::BOTH {
                ids[side].iter().try_for_each(|id| Store::mark_dirty_for(db, sync, side, id))?;
            }
            Ok(())
        })
        .map_err(RunError::from)
}

fn waited_for(session: &Session, db: &Db) -> Result<Pair<Vec<RecordId>>, StoreError> {
    let mut found = Pair::<Vec<RecordId>>::default();
    for (_, ids, _) in Store::looked_after(db, session.sync.id)? {
        found.zoho.push(ids.zoho);
        found.google.push(ids.google);
    }
    for ((side, id), _) in vanished(session, db)? {
        found[side].push(id);
    }
    for side in Side::BOTH {
        let place = Place::of(side, session.module());
        let rows = Store::unreadable(db, session.sync.ledger, place)?;
        found[side].extend(rows.into_iter().map(|row| row.id).filter(|id| !id.is_empty()));
        found[side].sort();
        found[side].dedup();
    }
    Ok(found)
}

/// A contact of a side.
type Contact = (Side, RecordId);

/// The contacts with a tombstone beside which the person is still asked about another, which is there:
/// each with that other one.
pub(crate) fn vanished(session: &Session, db: &Db) -> Result<Vec<(Contact, Contact)>, StoreError> {
    let mut found = Vec::new();
    for (zoho, google) in Store::asked_beside(db, session.sync.id)?.open.into_keys() {
        let ids = Pair { zoho, google };
        let state = |side: Side| {
            let place = Place::of(side, session.module());
            let row = Store::mirrored(db, session.sync.ledger, place, &ids[side])?;
            Ok::<_, StoreError>(row.map(|row| row.state))
        };
        let states = Pair { zoho: state(Side::Zoho)?, google: state(Side::Google)? };
        let gone = |side: &Side| {
            states[*side] == Some(State::Gone) && states[side.other()] == Some(State::Here)
        };
        if let Some(side) = Side::BOTH.into_iter().find(gone) {
            let contact = |side: Side| (side, ids[side].clone());
            found.push((contact(side), contact(side.other())));
        }
    }
    Ok(found)
}

/// The question about a contact that cannot be read.
pub(crate) fn unreadable(
    side: Side,
    row: &MirrorRow,
    other: Option<RecordId>,
    contact: String,
) -> Question {
    let mut ids = Pair { zoho: None, google: None };
    ids[side] = Some(row.id.clone()).filter(|id| !id.is_empty());
    ids[side.other()] = other;
    let key = unreadable_key(side, &row.id);
    Question { key, contact, ids, about: About::Unreadable { side } }
}

/// The plan's alarms.
fn alarms(plan: &Plan) -> impl Iterator<Item = &Question> {
    plan.questions.iter().filter(|question| matches!(question.about, About::MassChange { .. }))
}

/// What a run says about contacts that vanished; the rule *delete* holds it.
pub(crate) fn alarm(session: &Session, plan: &Plan) -> Option<Message> {
    let held = session.sync.setup.on_delete == OnDelete::Delete;
    mass_change(gone(plan), held)
}

/// What is said of so many who vanished, on one side or on both; `held` tells whether the whole run waits for
/// the answer.
fn mass_change(gone: Pair<u32>, held: bool) -> Option<Message> {
    let id = |one: &'static str, held_one| if held { held_one } else { one };
    let alone = |side: Side| {
        Message::between(id("engine-mass-change", "engine-mass-change-held"), side)
            .with("contacts", gone[side])
    };
    match (gone.zoho, gone.google) {
        (0, 0) => None,
        (_, 0) => Some(alone(Side::Zoho)),
        (0, _) => Some(alone(Side::Google)),
        (zoho, google) => {
            let both = id("engine-mass-change-both", "engine-mass-change-both-held");
            Some(Message::new(both).with("zoho", zoho).with("google", google))
        }
    }
}

/// How many vanished on each side, by the plan's alarms.
pub(crate) fn gone(plan: &Plan) -> Pair<u32> {
    let mut gone = Pair::default();
    for question in alarms(plan) {
        if let About::MassChange { side, contacts, .. } = &question.about {
            gone[*side] = *contacts;
        }
    }
    gone
}

/// Whether an alarm holds the whole run.
pub(crate) fn holds(session: &Session, plan: &Plan) -> bool {
    session.sync.setup.on_delete == OnDelete::Delete && alarms(plan).next().is_some()
}

/// A run that is held, by whatever, asks an alarm's question all the same, and remembers whom it is
/// about.
pub(crate) fn sound(session: &Session, plan: &Plan) -> Result<(), StoreError> {
    session.store.write(|db| {
        for ledger_update in &plan.ledger_updates {
            if let LedgerUpdate::Suspend { link, reason: reason @ Some(Suspended::Alarm(_)) } =
                ledger_update
                && let Some(mut row) = Store::link(db, *link)?
            {
                row.suspended = *reason;
                Store::save_link(db, &row)?;
            }
        }
        alarms(plan).try_for_each(|question| Store::ask(db, session.sync.id, question))
    })
}

/// The answer to an alarm becomes the answer about each contact, so that it is carried out to the
/// end whatever a limit leaves for later, and says nothing about whoever vanishes next.
pub(crate) fn spread(session: &Session, db: &Db) -> Result<(), StoreError> {
    let sync = session.sync.id;
    for side in Side::BOTH {
        let question = Store::question_called(db, sync, &mass_key(side))?;
        let Some(choice) = question.and_then(|row| row.chosen) else { continue };
        for (link, ids, _) in members(db, sync, side)? {
            let Some(mut row) = Store::link(db, link)? else { continue };
            row.suspended = Some(Suspended::Asked);
            Store::save_link(db, &row)?;
            let deletes = session.sync.setup.direction.writes(side.other());
            let keys = match (deletes, choice.as_str()) {
                (_, "one_by_one") => Vec::new(),
                (false, _) => vec![recreate_key(link, &ids[side])],
                // An edited contact is asked about alone.
                (true, "delete") => vec![deletion_key(link, false)],
                (true, _) => [false, true].map(|edited| deletion_key(link, edited)).to_vec(),
            };
            for key in keys {
                let ids = Pair { zoho: Some(ids.zoho.clone()), google: Some(ids.google.clone()) };
                let about = About::Recreate { side };
                let question = Question { key, contact: String::new(), ids, about };
                Store::answer(db, sync, &question, &choice)?;
            }
        }
        Store::forget_question(db, sync, &mass_key(side))?;
    }
    Ok(())
}

/// A deletion that was approved together with the others of its alarm, and that a limit leaves for a later run, is
/// the answer about its pair.
pub(crate) fn agree(db: &Db, sync: i64, step: &Step) -> Result<(), StoreError> {
    let Subject::Link(link) = step.subject else { return Ok(()) };
    let Some(mut row) = Store::link(db, link)? else { return Ok(()) };
    row.suspended = Some(Suspended::Asked);
    Store::save_link(db, &row)?;
    let ids = Pair::of(|side| Some(row.ids[side].clone()));
    let about = About::Recreate { side: step.side.other() };
    let question = Question { key: deletion_key(link, false), contact: String::new(), ids, about };
    Store::answer(db, sync, &question, "delete")
}

fn members(
    db: &Db,
    sync: i64,
    side: Side,
) -> Result<Vec<(i64, Pair<RecordId>, Suspended)>, StoreError> {
    let mut found = Store::looked_after(db, sync)?;
    found.retain(|(_, _, suspended)| *suspended == Suspended::Alarm(side));
    Ok(found)
}

/// An open alarm tells how many are still in it; one that nobody is in any more is over.
pub(crate) fn tend(session: &Session, db: &Db) -> Result<(), StoreError> {
    let sync = session.sync.id;
    for side in Side::BOTH {
        let row = Store::question_called(db, sync, &mass_key(side))?;
        let Some(row) = row.filter(|row| row.chosen.is_none()) else { continue };
        let left = u32::try_from(members(db, sync, side)?.len()).unwrap_or(u32::MAX);
        if left == 0 {
            Store::forget_question(db, sync, &row.question.key)?;
            continue;
        }
        let mut question = row.question;
        if let About::MassChange { contacts, .. } = &mut question.about
            && *contacts != left
        {
            *contacts = left;
            Store::ask(db, sync, &question)?;
        }
    }
    Ok(())
}

/// The alarms that nobody has answered yet.
pub(crate) fn unanswered(db: &Db, sync: i64) -> Result<Vec<Alarm>, StoreError> {
    let mut found = Vec::new();
    for side in Side::BOTH {
        let row = Store::question_called(db, sync, &mass_key(side))?;
        let Some(row) = row.filter(|row| row.chosen.is_none()) else { continue };
        if let About::MassChange { contacts, .. } = row.question.about {
            let choices = row.question.about.choices().iter().map(|c| (*c).to_owned()).collect();
            found.push(Alarm { item: row.id.to_string(), side, contacts, choices });
        }
    }
    Ok(found)
}

/// On which sides an alarm is open.
pub(crate) fn open(session: &Session) -> Result<Pair<bool>, StoreError> {
    session.store.read(|db| {
        let mut open = Pair::default();
        for side in Side::BOTH {
            let row = Store::question_called(db, session.sync.id, &mass_key(side))?;
            open[side] = row.is_some_and(|row| row.chosen.is_none());
        }
        Ok(open)
    })
}

/// What was decided about the loss of a pair is done: another loss is another question.
pub(crate) fn forget_decisions(
    db: &Db,
    sync: i64,
    link: i64,
    lost: Option<&RecordId>,
) -> Result<(), StoreError> {
    let keys = [false, true].map(|edited| deletion_key(link, edited));
    for key in keys.into_iter().chain(lost.map(|id| recreate_key(link, id))) {
        Store::forget_question(db, sync, &key)?;
    }
    Ok(())
}
