//! What holds a run before its first write: a scope that became narrower. What holds it because of
//! contacts that vanished is in [`crate::sync::lost`].

use std::collections::BTreeSet;

use renraku_core::contact::{Pair, Record, RecordId, Side};
use renraku_core::mapping::Mapping;
use renraku_core::message::Message;
use renraku_core::plan::{
    About, Asleep, Belief, Decisions, FieldNote, Learned, Plan, Question, Step, Subject, Verb, Why,
    details, is_mass, name,
};
use renraku_store::{Db, MirrorRow, Place, SCOPE_KEY, Store, StoreError, SyncRow};

use crate::api::{ContactId, Outside};
use crate::sync::session::{Ask, Session};
use crate::text::message;

/// Contacts that fall out of a label or view that was changed: the person is asked whether to leave
/// them as they are, unlink them, or remove their counterparts. Answers why the run is held without
/// an approval: nobody has answered, or so many are removed that the plan is looked at first, unless
/// that is `approved` already. Of the removals those wait that are more than the run has `room` for
/// contacts.
pub(crate) fn narrowed(
    session: &Session,
    plan: &mut Plan,
    decisions: &Decisions,
    (ask, approved): (Ask, bool),
    room: u32,
) -> Result<Option<Message>, StoreError> {
    if !session.sync.narrowed {
        return Ok(None);
    }
    let outside = falling_out(plan);
    if outside.is_empty() {
        return Ok(None);
    }
    let contacts = u32::try_from(outside.len()).unwrap_or(u32::MAX);
    match (decisions.get(SCOPE_KEY).map(String::as_str), ask) {
        (Some("unlink"), _) => {
            for (index, link, _) in outside {
                if let Some(belief) = plan.beliefs.get_mut(index) {
                    *belief = Belief::Stop { link };
                }
            }
            Ok(None)
        }
        (Some("remove"), _) => {
            let mut removed = 0;
            let mut written: BTreeSet<Subject> =
                plan.steps.iter().map(|step| step.subject.clone()).collect();
            let mut wait = BTreeSet::new();
            for (_, link, side) in outside {
                let step = session.store.read(|db| removal(session, db, link, side.other()))?;
                let Some((step, ids)) = step else { continue };
                let fits = written.len() < usize::try_from(room).unwrap_or(usize::MAX);
                for side in Side::BOTH {
                    let contact = (side, ids[side].clone());
                    plan.quiet.remove(&contact);
                    if !fits {
                        plan.waiting.insert(contact);
                    }
                }
                if fits {
                    written.insert(step.subject.clone());
                    plan.steps.push(step);
                } else {
                    wait.insert(link);
                }
                removed += 1;
            }
            // Who waits stays awake, so that the next run finds them.
            plan.beliefs.retain(|belief| match belief {
                Belief::Sleep { link, .. } => !wait.contains(link),
                Belief::Link { .. }
                | Belief::Learn { .. }
                | Belief::End { .. }
                | Belief::Stop { .. }
                | Belief::Move { .. } => true,
            });
            let links = session.store.count_links(session.sync.id)?;
            let seen = session.store.read(|db| to_remove(db, session.sync.id))?;
            let unseen = seen.is_none_or(|seen| removed > seen);
            let many = is_mass(usize::try_from(removed).unwrap_or(usize::MAX), links);
            Ok((!approved && (many || unseen)).then(|| message::scope_removes(removed, true)))
        }
        (Some(_), _) => Ok(None),
        (None, Ask::Approved) => Ok(Some(message::narrowed(contacts))),
        (None, Ask::Preview | Ask::Sync | Ask::Due) => {
            let question = question(contacts);
            session.store.write(|db| Store::ask(db, session.sync.id, &question))?;
            Ok(Some(message::narrowed(contacts)))
        }
    }
}

/// Of how many contacts the person chose to remove the counterparts, where no run has done so yet.
fn to_remove(db: &Db, sync: i64) -> Result<Option<u32>, StoreError> {
    let row = Store::question_called(db, sync, SCOPE_KEY)?;
    let row = row.filter(|row| row.chosen.as_deref() == Some("remove"));
    Ok(row.and_then(|row| match row.question.about {
        About::Scope { contacts } => Some(contacts),
        About::Deletion { .. }
        | About::MassChange { .. }
        | About::Unreadable { .. }
        | About::InOnePiece { .. }
        | About::Recreate { .. }
        | About::Doubtful(_)
        | About::Duplicate { .. }
        | About::Merged { .. }
        | About::Misfit { .. }
        | About::Refused { .. }
        | About::Difference { .. }
        | About::Frozen { .. }
        | About::UndoLeft { .. } => None,
    }))
}

/// What a narrower scope is about to remove, in words, and whether that waits for an approval.
pub(crate) fn announced(
    store: &Store,
    sync: &SyncRow,
) -> Result<Option<(Message, bool)>, StoreError> {
    let Some(contacts) = store.read(|db| to_remove(db, sync.id))? else { return Ok(None) };
    let many = usize::try_from(contacts).unwrap_or(usize::MAX);
    let waits = is_mass(many, store.count_links(sync.id)?);
    Ok(Some((message::scope_removes(contacts, waits), waits)))
}

/// Which pairs fall out of the scope by this plan: the belief's place, the link, and the side whose
/// contact is outside.
fn falling_out(plan: &Plan) -> Vec<(usize, i64, Side)> {
    let beliefs = plan.beliefs.iter().enumerate();
    beliefs
        .filter_map(|(index, belief)| match belief {
            Belief::Sleep { link, reason: Some(Asleep::OutOfScope(side)) } => {
                Some((index, *link, *side))
            }
            Belief::Sleep { .. }
            | Belief::Link { .. }
            | Belief::Learn { .. }
            | Belief::End { .. }
            | Belief::Stop { .. }
            | Belief::Move { .. } => None,
        })
        .collect()
}

/// Whom the question about a narrower scope is about.
pub(crate) fn outside(session: &Session, plan: &Plan) -> Result<Vec<Outside>, StoreError> {
    if !session.sync.narrowed {
        return Ok(Vec::new());
    }
    session.store.read(|db| {
        let mut found = Vec::new();
        for (_, link, side) in falling_out(plan) {
            let Some(link) = Store::link(db, link)? else { continue };
            let place = Place::of(side, session.module());
            let copy = Store::mirrored(db, session.sync.ledger, place, &link.ids[side])?;
            let record = copy.and_then(|copy| session.parse(side, &copy.raw));
            found.push(told_outside(&session.mapping, &link.ids, side, record));
        }
        Ok(found)
    })
}

/// The question is answered by the run that it held, unless removals are left to a later one.
pub(crate) fn forget_scope(session: &mut Session, waiting: u32) -> Result<(), StoreError> {
    let removes = session.store.read(|db| to_remove(db, session.sync.id))?.is_some();
    if removes && waiting > 0 {
        return Ok(());
    }
    session.store.write(|db| Store::forget_question(db, session.sync.id, SCOPE_KEY))?;
    session.sync.narrowed = false;
    Ok(())
}

/// The counterpart of a contact outside the scope goes to the bin, where the sync may write.
fn removal(
    session: &Session,
    db: &Db,
    link: i64,
    side: Side,
) -> Result<Option<(Step, Pair<RecordId>)>, StoreError> {
    if !session.sync.setup.direction.writes(side) {
        return Ok(None);
    }
    let Some(link) = Store::link(db, link)? else { return Ok(None) };
    let place = Place::of(side, session.module());
    let Some(row) = Store::mirrored(db, session.sync.ledger, place, &link.ids[side])? else {
        return Ok(None);
    };
    let Some(record) = session.parse(side, &row.raw) else { return Ok(None) };
    let fields = session.mapping.rules().iter().enumerate().filter_map(|(rule, spec)| {
        record.card.get(rule).map(|before| FieldNote {
            field: spec.zoho.clone(),
            before: Some(before.into()),
            after: None,
            overwritten: None,
            why: Why::Scope,
        })
    });
    let step = Step {
        subject: Subject::Link(link.id),
        side,
        verb: Verb::Delete { id: row.id, version: row.version },
        learn: Learned::default(),
        contact: name(&session.mapping, &record.card),
        fields: fields.collect(),
        why: Why::Scope,
    };
    Ok(Some((step, link.ids)))
}

/// The question what becomes of so many contacts outside a narrower scope.
pub(crate) fn question(contacts: u32) -> Question {
    Question {
        key: SCOPE_KEY.to_owned(),
        contact: String::new(),
        ids: Pair { zoho: None, google: None },
        about: About::Scope { contacts },
    }
}

/// A pair that is outside a scope on a side, with what is read of its contact there.
pub(crate) fn told_outside(
    mapping: &Mapping,
    ids: &Pair<RecordId>,
    side: Side,
    read: Option<Record>,
) -> Outside {
    let card = read.map(|read| read.card).unwrap_or_default();
    Outside {
        contact: ContactId::of(mapping.module, &Pair::of(|side| Some(ids[side].clone()))),
        name: name(mapping, &card),
        details: details(mapping, &card),
        side,
    }
}

/// Whether a contact is inside the scope; `label` is the id of the label that limits it, where there is
/// one.
pub(crate) fn is_inside(
    session: &Session,
    side: Side,
    row: &MirrorRow,
    label: Option<&str>,
) -> bool {
    match side {
        Side::Zoho => session.rules.view.as_ref().is_none_or(|view| row.scopes == *view),
        Side::Google => match (&session.rules.label, label) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(_), Some(label)) => row.scopes.split(' ').any(|scope| scope == label),
        },
    }
}
