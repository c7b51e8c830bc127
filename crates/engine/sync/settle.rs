//! What the ledger believes after a write: link, bases, mirror and history, in one transaction.
//!
//! The written side's base takes what was *sent*, never what is seen later: so a person's edit
//! between the send and the next read is seen as an edit.

use std::collections::BTreeSet;

use renraku_core::contact::{Card, Pair, RecordId, Side};
use renraku_core::field::Misfit;
use renraku_core::plan::{
    About, Question, Sent, Step, Subject, Suspended, Verb, Why, difference_key, misfit_key,
    misfit_value,
};
use renraku_core::seen::Seen;
use renraku_core::timestamp::Timestamp;
use renraku_services::received::Received;
use renraku_services::{ItemReply, Written};
use renraku_store::{ChangeRow, Db, LinkRow, NewLink, Place, State, Store, StoreError};
use serde_json::Value;

use crate::api::OperationKind;
use crate::sync::entries::{adopt_next_entry, look};
use crate::sync::guard::is_inside;
use crate::sync::look::{person, record};
use crate::sync::pair::{clean_pair, known_ids, link_of};
use crate::sync::payload::zoho_raw;
use crate::sync::refused::{ask_duplicate, ask_misfit};
use crate::sync::session::{QUIET, Session};

/// How often a field may flip back before it is frozen.
pub(crate) const FLIPS: u32 = 3;

/// What became of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Settled {
    /// Written and noted.
    Done,
    /// Changed under our hands: to be read and planned again.
    Reread,
    /// The person was asked.
    Asked,
    /// The person was asked about one value; the rest of the contact is planned again.
    Rest,
    /// Nobody knows; the journal keeps it.
    Unknown,
}

/// Notes the outcome of one step. `last` tells whether it was the pair's last open step.
pub(crate) fn settle(
    session: &Session,
    db: &Db,
    run: i64,
    step: &Step,
    body: &Value,
    reply: &ItemReply,
    last: bool,
) -> Result<Settled, StoreError> {
    match reply {
        ItemReply::Done(written) => {
            done(session, db, run, step, body, written)?;
            if last {
                settled_pair(session, db, step)?;
                clean_pair(session, db, step)?;
            }
            Ok(Settled::Done)
        }
        ItemReply::Stale | ItemReply::Gone => Ok(Settled::Reread),
        ItemReply::Refused(refusal) => {
            // A record on hold is told of nowhere when it is free again: it is tried again.
            let on_hold = matches!(refusal.misfit, Misfit::OnHold { .. });
            ask_misfit(session, db, step, refusal, !on_hold)?;
            if on_hold { Ok(Settled::Asked) } else { asked(session, db, step) }
        }
        ItemReply::Duplicate { id, field } => {
            ask_duplicate(session, db, step, field.as_deref(), id.as_ref())?;
            asked(session, db, step)
        }
        ItemReply::Unknown => Ok(Settled::Unknown),
    }
}

/// The service judged a contact: what it refused waits, and holds nothing else of it.
fn asked(session: &Session, db: &Db, step: &Step) -> Result<Settled, StoreError> {
    match &step.verb {
        Verb::Update { .. } => Ok(Settled::Rest),
        Verb::Create { .. } | Verb::Delete { .. } => {
            clean_pair(session, db, step)?;
            Ok(Settled::Asked)
        }
    }
}

/// Everything a match had to write is written.
fn settled_pair(session: &Session, db: &Db, step: &Step) -> Result<(), StoreError> {
    match &step.subject {
        Subject::Link(link) => Store::settle_link(db, *link),
        Subject::Match(ids) => Store::settle_link_of(db, session.sync.id, Side::Zoho, &ids.zoho),
        Subject::Origin(side, id) => Store::settle_link_of(db, session.sync.id, *side, id),
    }
}

/// A write that was done, however it was heard of.
pub(crate) fn done(
    session: &Session,
    db: &Db,
    run: i64,
    step: &Step,
    body: &Value,
    written: &Written,
) -> Result<(), StoreError> {
    let sync = session.sync.id;
    let mut ids = known_ids(db, step)?;
    let kind = match &step.verb {
        Verb::Create { card } => {
            mirror(session, db, step.side, None, body, card, written)?;
            ids[step.side] = Some(written.id.clone());
            created(session, db, step, &written.id, written.modified)?;
            OperationKind::Create
        }
        Verb::Update { id, .. } => {
            let card = step.verb.card_after().unwrap_or_default();
            mirror(session, db, step.side, Some(id), body, &card, written)?;
            if let Some(mut link) = link_of(session, db, step)? {
                session.learn(&mut link.base, &step.learn);
                session.compare(&mut link.differs, &link.base, &step.learn);
                link.sent = Sent::and(link.sent.take(), step, &session.mapping, written.modified);
                if step.side == Side::Google {
                    adopt_next_entry(session, db, &mut link, &card, body)?;
                }
                count_flips(session, db, step, &mut link)?;
                forget_choices(session, db, step, &link.ids)?;
                Store::save_link(db, &link)?;
            }
            OperationKind::Update
        }
        Verb::Delete { id, .. } => {
            ids[step.side] = Some(id.clone());
            let place = Place::of(step.side, session.module());
            Store::set_state(db, session.sync.ledger, place, id, &State::Gone)?;
            if let Some(mut link) = link_of(session, db, step)? {
                if step.why == Why::Undo {
                    // What an undo takes away is not created again by the next run.
                    link.stopped = true;
                    Store::save_link(db, &link)?;
                } else {
                    Store::end_link(db, link.id)?;
                }
            }
            for side in Side::BOTH {
                if let Some(id) = &ids[side] {
                    Store::clear_dirty(db, sync, side, id)?;
                }
            }
            OperationKind::Delete
        }
    };
    crate::sync::shortened::hold(session, db, step, written)?;
    Store::note_change(
        db,
        run,
        &ChangeRow {
            side: step.side,
            kind,
            contact: step.contact.clone(),
            zoho_id: ids.zoho,
            google_id: ids.google,
            why: step.why,
            fields: step.fields.clone(),
            label: joined(session, db, step)?,
        },
    )
}

/// The label that a step adds its person to.
fn joined(session: &Session, db: &Db, step: &Step) -> Result<Option<String>, StoreError> {
    match (&step.verb, &session.rules.label) {
        (Verb::Update { label: true, .. }, Some(name)) if step.side == Side::Google => {
            Store::cursor_of(db, session.sync.ledger, &crate::sync::label::feed(name))
        }
        (Verb::Update { .. } | Verb::Create { .. } | Verb::Delete { .. }, _) => Ok(None),
    }
}

/// What was chosen of two values is carried out: the same difference is another question next time.
fn forget_choices(
    session: &Session,
    db: &Db,
    step: &Step,
    ids: &Pair<RecordId>,
) -> Result<(), StoreError> {
    let chosen = step.fields.iter().filter(|note| matches!(note.why, Why::Chosen(_)));
    // Of a name or an address the first part is asked about, which need not be one that was written.
    let asked = chosen.flat_map(|note| session.mapping.asked_with(&note.field));
    for field in asked.collect::<BTreeSet<_>>() {
        let key = difference_key(ids, field, None, None);
        let stem = key.strip_suffix("0::").unwrap_or(&key);
        Store::forget_answers(db, session.sync.id, stem)?;
    }
    Ok(())
}

/// A created contact gets its link: one decision, one step.
fn created(
    session: &Session,
    db: &Db,
    step: &Step,
    id: &RecordId,
    at: Timestamp,
) -> Result<(), StoreError> {
    if let Some(mut link) = link_of(session, db, step)? {
        // The lost end of a pair was created again; one that an undo took away is a pair again.
        let lost = std::mem::replace(&mut link.ids[step.side], id.clone());
        crate::sync::lost::forget_decisions(db, session.sync.id, link.id, Some(&lost))?;
        Store::clear_dirty(db, session.sync.id, step.side, &lost)?;
        link.stopped = false;
        session.learn(&mut link.base, &step.learn);
        session.compare(&mut link.differs, &link.base, &step.learn);
        link.suspended = None;
        link.sent = Sent::and(None, step, &session.mapping, at);
        if step.side == Side::Google {
            link.seen = Seen::default();
        }
        return Store::save_link(db, &link);
    }
    let Subject::Origin(side, origin) = &step.subject else { return Ok(()) };
    if step.why == Why::Undo {
        // It came back because a deletion was undone. The next run finds its counterpart, or makes
        // it again: then both are in step.
        rests_outside(session, db, *side, (origin, id))?;
        return Store::mark_dirty_for(db, session.sync.id, step.side, id);
    }
    let mut base = Pair::default();
    session.learn(&mut base, &step.learn);
    let seen = match side {
        Side::Google => look(session, db, origin, &base.google)?,
        Side::Zoho => Seen::default(),
    };
    let ids = Session::ends(*side, origin, id);
    let sent = Sent::and(None, step, &session.mapping, at);
    let mut differs = BTreeSet::new();
    session.compare(&mut differs, &base, &step.learn);
    let (fresh, doubted) = (false, false);
    let link =
        NewLink { ids, base, seen, sent, differs, fresh, doubted, suspended: None, by: None };
    Store::insert_link(db, session.sync.id, &link)?;
    both_known(session, db, *side, &link.ids)
}

/// What an undo put back beside a contact outside the scope is its pair again, and rests as it would
/// have: nobody joins the label for it.
fn rests_outside(
    session: &Session,
    db: &Db,
    side: Side,
    (origin, id): (&RecordId, &RecordId),
) -> Result<(), StoreError> {
    let (sync, ledger) = (session.sync.id, session.sync.ledger);
    let row = Store::mirrored(db, ledger, Place::of(side, session.module()), origin)?;
    let label = match &session.rules.label {
        Some(name) => Store::cursor_of(db, ledger, &crate::sync::label::feed(name))?,
        None => None,
    };
    let outside = row.is_some_and(|row| {
        row.state == State::Here && !is_inside(session, side, &row, label.as_deref())
    });
    if !outside || Store::is_linked(db, sync, side, origin)? {
        return Ok(());
    }
    let link = NewLink {
        ids: Session::ends(side, origin, id),
        base: Pair::default(),
        seen: Seen::default(),
        sent: None,
        differs: BTreeSet::new(),
        fresh: true,
        doubted: false,
        suspended: Some(Suspended::OutOfScope(side)),
        by: None,
    };
    Store::insert_link(db, sync, &link).map(|_| ())
}

/// A question about values of a contact is one about its new counterpart too.
fn both_known(
    session: &Session,
    db: &Db,
    origin: Side,
    ids: &Pair<RecordId>,
) -> Result<(), StoreError> {
    let about = std::iter::once((origin, ids[origin].clone())).collect();
    for mut row in Store::questions_about(db, session.sync.id, &about)? {
        let values = matches!(row.question.about, About::Misfit { .. } | About::InOnePiece { .. });
        if values && row.chosen.is_none() {
            row.question.ids = Pair::of(|side| Some(ids[side].clone()));
            let old = row.question.key.clone();
            if let About::Misfit { side, field, .. } = &row.question.about
                && let Some(value) = misfit_value(&old, *side, field)
            {
                row.question.key = misfit_key(ids, *side, field, value);
            }
            Store::ask_under(db, session.sync.id, &old, &row.question)?;
        }
    }
    Ok(())
}

/// The mirror takes the contact as it was written, behind the fence of the service's lag.
fn mirror(
    session: &Session,
    db: &Db,
    side: Side,
    old: Option<&RecordId>,
    body: &Value,
    card: &Card,
    written: &Written,
) -> Result<(), StoreError> {
    let (ledger, fence) = (session.sync.ledger, session.now() + QUIET);
    let reading = match (side, &written.raw) {
        (Side::Google, Some(raw)) => person(session, &Received::after(written, raw.clone())),
        (Side::Google, None) => {
            // A delete shows nothing; every other write was read directly before it came here.
            return Ok(());
        }
        (Side::Zoho, _) => {
            let place = Place::Zoho(session.module());
            let before = match old {
                Some(id) => Store::mirrored(db, ledger, place, id)?,
                None => None,
            };
            let raw = zoho_raw(
                before.as_ref().map(|row| row.raw.as_str()),
                body,
                card,
                session,
                &written.id,
                &written.version,
            );
            let received = Received::after(written, raw.into());
            let mut reading = record(session, &received, None);
            reading.scopes = before.map(|row| row.scopes);
            if old.is_none() {
                // A record that this sync made counts as inside until the view says otherwise.
                reading.scopes.clone_from(&session.rules.view);
            }
            reading
        }
    };
    let place = Place::of(side, session.module());
    let lag = if side == Side::Google { fence } else { 0 };
    Store::overwrite(db, ledger, place, &reading, 0, lag)?;
    Store::mark_dirty(db, ledger, place, &reading.id, Some(session.sync.id))
}

/// A write that brings back what stood there before our last write is a flip, and so is one that says
/// again what our last write said in vain.
fn count_flips(
    session: &Session,
    db: &Db,
    step: &Step,
    link: &mut LinkRow,
) -> Result<(), StoreError> {
    for note in &step.fields {
        let flip = link.flips.entry(note.field.clone()).or_default();
        let back = flip.last.is_some() && flip.last == note.after;
        let said = flip.said.is_some() || flip.last.is_some();
        let again = said && flip.said == note.after && flip.last == note.before;
        flip.count = if back || again { flip.count + 1 } else { 0 };
        flip.last.clone_from(&note.before);
        flip.said.clone_from(&note.after);
        if flip.count == FLIPS {
            let about = About::Frozen { field: note.field.clone() };
            let ids =
                Pair { zoho: Some(link.ids.zoho.clone()), google: Some(link.ids.google.clone()) };
            let key = format!("frozen:{}:{}", link.id, note.field);
            Store::ask(
                db,
                session.sync.id,
                &Question { key, contact: step.contact.clone(), ids, about },
            )?;
        }
    }
    link.flips.retain(|_, flip| flip.last.is_some() || flip.said.is_some() || flip.count > 0);
    Ok(())
}
