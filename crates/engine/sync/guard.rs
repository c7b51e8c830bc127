//! What holds a run before its first write: a scope that became narrower. What holds it because of
//! contacts that vanished is in [`crate::sync::lost`].

use std::collections::BTreeSet;

use renraku_core::contact::{Pair, Record, RecordId, Side};
use renraku_core::mapping::Mapping;
use renraku_core::message::Message;
use renraku_core::plan::{
    About, BaseUpdate, Decisions, FieldNote, LedgerUpdate, Plan, Question, REMOVAL, Step, Subject,
    Suspended, Verb, Why, details, is_mass, name, removal_key, removed_link,
};
use renraku_store::{Db, MirrorRow, Place, SCOPE_KEY, ShownRow, Store, StoreError, SyncRow};

use crate::api::{ContactId, Outside};
use crate::sync::approval::digest;
use crate::sync::session::{RunMode, Session};
use crate::text::message;

/// Contacts that fall out of a label or view that was changed: the person is asked whether to leave
/// them as they are, unlink them, or remove their counterparts. Answers why the run is held without
/// an approval: nobody has answered, or what is removed is looked at first. Of the removals those wait
/// that are more than the run has `room` for contacts. `shown` is the plan whose approval the run carries out.
pub(crate) fn narrowed(
    session: &Session,
    plan: &mut Plan,
    decisions: &Decisions,
    (mode, shown): (RunMode, Option<&ShownRow>),
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
    match (decisions.get(SCOPE_KEY).map(String::as_str), mode) {
        (Some("unlink"), _) => {
            for (index, link, _) in outside {
                if let Some(ledger_update) = plan.ledger_updates.get_mut(index) {
                    *ledger_update = LedgerUpdate::Stop { link };
                }
            }
            Ok(None)
        }
        (Some("remove"), _) => {
            let removals = removals(session, &outside)?;
            remove(session, plan, removals, decisions, (mode, shown), room)
        }
        (Some(_), _) => Ok(None),
        (None, RunMode::Approved) => Ok(Some(message::narrowed(contacts))),
        (None, RunMode::Preview | RunMode::Sync | RunMode::Due) => {
            let question = question(contacts);
            session.store.write(|db| {
                Store::forget_answers(db, session.sync.id, REMOVAL)?;
                Store::ask(db, session.sync.id, &question)
            })?;
            Ok(Some(message::narrowed(contacts)))
        }
    }
}

/// The counterpart of a contact outside the scope, which goes to the bin.
struct Removal {
    link: i64,
    ids: Pair<RecordId>,
    step: Step,
    /// What is shown of it.
    digest: String,
    /// Under which its approval is remembered.
    key: String,
}

fn removals(session: &Session, outside: &[(usize, i64, Side)]) -> Result<Vec<Removal>, StoreError> {
    session.store.read(|db| {
        let mut found = Vec::new();
        for (_, link, side) in outside {
            let Some((step, ids)) = removal(session, db, *link, side.other())? else { continue };
            let digest = digest(&step);
            let key = removal_key(*link, &digest);
            found.push(Removal { link: *link, ids, step, digest, key });
        }
        Ok(found)
    })
}

/// The counterparts go. All of them are shown at once, and what was approved is carried out to its end, in as
/// many portions as the limit makes of it. Who falls out later, or was edited since, is shown before anybody
/// else goes.
fn remove(
    session: &Session,
    plan: &mut Plan,
    removals: Vec<Removal>,
    decisions: &Decisions,
    (mode, shown): (RunMode, Option<&ShownRow>),
    room: u32,
) -> Result<Option<Message>, StoreError> {
    let removed = u32::try_from(removals.len()).unwrap_or(u32::MAX);
    // What the answer itself told of needs no second look, unless it is many.
    let told = !any_approved(decisions) && is_told(session, removed)?;
    let is_approved = |removal: &Removal| {
        let shown = shown.map(|shown| shown.writes.contains(&removal.digest));
        decisions.contains_key(&removal.key) || shown.unwrap_or(told || mode == RunMode::Approved)
    };
    let carried_out = mode == RunMode::Approved || shown.is_some();
    let held = !(carried_out || removals.iter().all(is_approved));
    if !held && mode != RunMode::Preview {
        let new = removals.iter().filter(|one| is_approved(one));
        note_approved(session, new.filter(|one| !decisions.contains_key(&one.key)))?;
    }
    let room = usize::try_from(room).unwrap_or(usize::MAX);
    let mut written: BTreeSet<Subject> =
        plan.steps.iter().map(|step| step.subject.clone()).collect();
    let mut wait = BTreeSet::new();
    for removal in removals {
        let fits = held || (is_approved(&removal) && written.len() < room);
        for side in Side::BOTH {
            let contact = (side, removal.ids[side].clone());
            plan.quiet.remove(&contact);
            if !fits {
                plan.waiting.insert(contact);
            }
        }
        if fits {
            written.insert(removal.step.subject.clone());
            plan.steps.push(removal.step);
        } else {
            wait.insert(removal.link);
        }
    }
    // Who waits stays awake, so that the next run finds them.
    plan.ledger_updates.retain(|ledger_update| match ledger_update {
        LedgerUpdate::Suspend { link, .. } => !wait.contains(link),
        LedgerUpdate::Link { .. }
        | LedgerUpdate::Learn { .. }
        | LedgerUpdate::End { .. }
        | LedgerUpdate::Stop { .. }
        | LedgerUpdate::Move { .. } => true,
    });
    Ok(held.then(|| message::scope_removes(removed, true)))
}

/// Whether any removal was approved and is not done yet.
fn any_approved(decisions: &Decisions) -> bool {
    let first = decisions.range(REMOVAL.to_owned()..).next();
    first.is_some_and(|(key, _)| key.starts_with(REMOVAL))
}

/// Whether so many removals were told of when the person chose them, and are few.
fn is_told(session: &Session, removed: u32) -> Result<bool, StoreError> {
    let told = session.store.read(|db| to_remove(db, session.sync.id))?;
    let links = session.store.count_links(session.sync.id)?;
    let many = is_mass(usize::try_from(removed).unwrap_or(usize::MAX), links);
    Ok(!many && told.is_some_and(|told| removed <= told))
}

/// Remembers what was approved: the runs that carry it out may be many.
fn note_approved<'a>(
    session: &Session,
    removals: impl Iterator<Item = &'a Removal>,
) -> Result<(), StoreError> {
    let mut removals = removals.peekable();
    if removals.peek().is_none() {
        return Ok(());
    }
    session.store.write(|db| {
        removals.try_for_each(|removal| {
            let approved = Question { key: removal.key.clone(), ..question(1) };
            Store::answer(db, session.sync.id, &approved, "remove")
        })
    })
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
    let contacts = store.read(|db| to_remove(db, sync.id))?.filter(|contacts| *contacts > 0);
    let Some(contacts) = contacts else { return Ok(None) };
    let many =
        is_mass(usize::try_from(contacts).unwrap_or(usize::MAX), store.count_links(sync.id)?);
    let waits = many && store.read(|db| Store::approved_removals(db, sync.id))?.is_empty();
    Ok(Some((message::scope_removes(contacts, waits), waits)))
}

/// Which pairs fall out of the scope by this plan: the place of the ledger update, the link, and the side whose
/// contact is outside.
fn falling_out(plan: &Plan) -> Vec<(usize, i64, Side)> {
    let ledger_updates = plan.ledger_updates.iter().enumerate();
    ledger_updates
        .filter_map(|(index, ledger_update)| match ledger_update {
            LedgerUpdate::Suspend { link, reason: Some(Suspended::OutOfScope(side)) } => {
                Some((index, *link, *side))
            }
            LedgerUpdate::Suspend { .. }
            | LedgerUpdate::Link { .. }
            | LedgerUpdate::Learn { .. }
            | LedgerUpdate::End { .. }
            | LedgerUpdate::Stop { .. }
            | LedgerUpdate::Move { .. } => None,
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

/// The question is answered by the run that it held, unless removals are left to a later one: then it tells how
/// many.
pub(crate) fn forget_scope(session: &mut Session, waiting: u32) -> Result<(), StoreError> {
    let sync = session.sync.id;
    let over = session.store.write(|db| {
        if waiting > 0 && to_remove(db, sync)?.is_some() {
            let left = u32::try_from(left_to_remove(db, sync)?).unwrap_or(u32::MAX);
            Store::ask(db, sync, &question(left))?;
            Store::choose_called(db, sync, SCOPE_KEY, "remove")?;
            return Ok(false);
        }
        Store::forget_answers(db, sync, REMOVAL)?;
        Store::forget_question(db, sync, SCOPE_KEY)?;
        Ok(true)
    })?;
    session.sync.narrowed &= !over;
    Ok(())
}

/// Of how many pairs the removal was approved and is not done. What is done is forgotten.
fn left_to_remove(db: &Db, sync: i64) -> Result<usize, StoreError> {
    let mut left = BTreeSet::new();
    for key in Store::approved_removals(db, sync)? {
        let link = removed_link(&key);
        match link.map(|link| Store::link(db, link)).transpose()?.flatten() {
            Some(link) => drop(left.insert(link.id)),
            None => Store::forget_question(db, sync, &key)?,
        }
    }
    Ok(left.len())
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
        learn: BaseUpdate::default(),
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
