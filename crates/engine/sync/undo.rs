//! Undo of a run, or of what it did to one contact: a plan like any other. For each field that still
//! holds what the run wrote, what was there before is written back; created contacts go to the bin;
//! deleted ones are created again. What was edited since is left and listed.

pub(crate) mod begun;
pub(crate) mod carry_out;
pub(crate) mod fold;
mod label;
pub(crate) mod preview;

use std::collections::{BTreeMap, BTreeSet};

use renraku_core::contact::{Card, Pair, Record, Side, Text};
use renraku_core::plan::{
    About, BaseUpdate, FieldNote, Obstacle, Question, Step, Subject, Verb, Why,
};
use renraku_store::{ChangeRow, Db, MirrorRow, Place, State, Store, StoreError};

use self::begun::Begun;
use self::fold::{Written, fold, written};
use self::label::Way;
use crate::api::{OperationKind, Outcome, Run};
use crate::sync::companies::Companies;
use crate::sync::error::RunError;
use crate::sync::execute::apply;
use crate::sync::label::LABELS;
use crate::sync::pull::pull;
use crate::sync::recover::recover;
use crate::sync::run::{ROUNDS, refetch};
use crate::sync::session::Session;
use crate::text::message;

/// What an undo means to do.
#[derive(Default)]
struct Undoing {
    steps: Vec<Step>,
    left: Vec<Question>,
    /// Whom these are about.
    left_open: BTreeSet<Written>,
    /// People who leave a label that they were added to.
    leaving: Vec<(String, ChangeRow)>,
    /// People who join a label again that an undo took them out of.
    joining: Vec<(String, ChangeRow)>,
    /// What is beyond an undo: the contact is gone, or its label.
    beyond: BTreeSet<Written>,
    /// Those whose label is no longer this sync's.
    unlabelled: BTreeSet<Written>,
}

pub(crate) async fn work(
    session: &mut Session,
    begun: &Begun,
    number: i64,
    report: &mut Run,
) -> Result<(), RunError> {
    // What is found of the run that is undone belongs to it, and is undone with the rest.
    recover(session, None).await?;
    let changes = session.store.whole_changes(i64::from(begun.run))?;
    let changes = fold(changes, begun.contact.as_deref());
    let changes = changes.as_slice();
    let stop = session.stop.clone();
    let Some(known) = stop.or(pull(session, number)).await else {
        report.stop(message::stopped_reading());
        return Ok(());
    };
    let mut known = known?;
    session.store.is_whole()?;
    let mut left = BTreeSet::new();
    let mut open: BTreeSet<Written> = BTreeSet::new();
    let mut failed = 0;
    let mut wrote = 0;
    let mut unlabelled = BTreeSet::new();
    let mut rest = changes.to_vec();
    for _ in 0..ROUNDS {
        let undoing = preview::plan_now(session, &rest, number, &mut known).await?;
        left.extend(undoing.left.iter().map(|question| question.key.clone()));
        open.extend(undoing.left_open);
        let steps = undoing.steps.len();
        wrote += steps + undoing.leaving.len() + undoing.joining.len();
        open.extend(undoing.beyond);
        unlabelled.extend(undoing.unlabelled);
        session.store.write(|db| {
            let mut asked = undoing.left.iter();
            asked.try_for_each(|question| Store::ask(db, session.sync.id, question))
        })?;
        if steps > 0 {
            session.generation.raise().await?;
        }
        let mut companies = Companies::default();
        let applied = apply(session, number, undoing.steps, None, known, &mut companies).await?;
        crate::sync::report::note(report, &applied);
        let tallies = [applied.zoho, applied.google];
        let sent: u32 = tallies.iter().map(|t| t.created + t.updated + t.deleted).sum();
        failed += steps.saturating_sub(sent as usize + applied.reread.len());
        if let Some(stop) = applied.stopped.into_iter().next() {
            return Err(stop);
        }
        if applied.cut {
            report.stopped = true;
            break;
        }
        let (leaving, joining) = (undoing.leaving, undoing.joining);
        open.extend(label::change(session, number, leaving, Way::Leaves, report).await?);
        let still = label::change(session, number, joining, Way::Joins, report).await?;
        unlabelled.extend(still.iter().cloned());
        open.extend(still);
        // What changed under our hands is looked at and planned again, alone.
        refetch(session, &applied.reread, number).await?;
        rest.retain(|change| {
            change.id().is_some_and(|id| applied.reread.contains(&(change.side, id.clone())))
        });
        if rest.is_empty() {
            break;
        }
    }
    session.store.write(|db| mark_dirty_for(session, db, changes))?;
    if !left.is_empty() {
        // What holds everything holds the run; beside what was put back it is a part of it.
        let sides = [&report.zoho, &report.google];
        let put_back = sides.iter().any(|t| t.created + t.updated + t.deleted > 0);
        report.outcome = if put_back { Outcome::Partial } else { Outcome::Held };
    }
    open.extend(rest.iter().map(written));
    let done = changes.len().saturating_sub(open.len() + failed);
    if left.is_empty() && done < changes.len() {
        report.outcome = Outcome::Partial;
    }
    // One that was cut off may have written before.
    let nothing = wrote == 0 && begun.number.is_none() && done == changes.len();
    report.said = Some(match nothing {
        true => message::nothing_undone(),
        false => message::undone(done, changes.len(), left.len(), unlabelled.len()),
    });
    Ok(())
}

/// Fields that were left alone travel with the next run: an undo writes only a part of a contact.
fn mark_dirty_for(session: &Session, db: &Db, changes: &[ChangeRow]) -> Result<(), StoreError> {
    for change in changes {
        for (side, id) in [(Side::Zoho, &change.zoho_id), (Side::Google, &change.google_id)] {
            if let Some(id) = id {
                Store::mark_dirty_for(db, session.sync.id, side, id)?;
            }
        }
    }
    Ok(())
}

fn plan(session: &Session, db: &Db, changes: &[ChangeRow]) -> Result<Undoing, StoreError> {
    let mut undoing = Undoing::default();
    for change in changes {
        let Some(id) = change.id() else { continue };
        let place = Place::of(change.side, session.module());
        let row = Store::mirrored(db, session.sync.ledger, place, id)?;
        let here = row.filter(|row| row.state == State::Here);
        let record =
            here.as_ref().and_then(|row| session.parse(change.side, &row.raw)).map(|mut r| {
                if let Some(row) = &here {
                    r.version.clone_from(&row.version);
                }
                r
            });
        if let (Some(label), Some(row), OperationKind::Update) = (&change.label, &here, change.kind)
            && row.scopes.split(' ').any(|scope| scope == label)
        {
            let bare = ChangeRow { fields: Vec::new(), label: None, ..change.clone() };
            undoing.leaving.push((label.clone(), bare));
        }
        match (change.kind, record) {
            (OperationKind::Create, Some(record)) => {
                undoing.uncreate(session, db, change, &record)?;
            }
            (OperationKind::Update, Some(record)) => {
                if let (Some(left), Some(row)) = (label::left(change), &here) {
                    undoing.join_again(session, db, change, (left, row))?;
                }
                undoing.restore(session, db, change, &record)?;
            }
            (OperationKind::Delete, None) if is_back(session, db, change)? => {}
            (OperationKind::Delete, None) => undoing.recreate(session, change),
            (OperationKind::Update, None) => drop(undoing.beyond.insert(written(change))),
            (OperationKind::Create, None) | (OperationKind::Delete, Some(_)) => {}
        }
    }
    Ok(undoing)
}

/// Whether a deleted contact was made again already, or may have been.
fn is_back(session: &Session, db: &Db, change: &ChangeRow) -> Result<bool, StoreError> {
    let other = change.side.other();
    let lost = match other {
        Side::Zoho => change.zoho_id.as_ref(),
        Side::Google => change.google_id.as_ref(),
    };
    let Some(lost) = lost else { return Ok(false) };
    if Store::unsure(db, session.sync.id)?[other].contains(lost) {
        return Ok(true);
    }
    let place = Place::of(change.side, session.module());
    let link = Store::link_of(db, session.sync.id, other, lost)?;
    let linked = link.map(|link| link.ids[change.side].clone());
    let made = Store::made_again(db, session.sync.id, change.side, lost)?;
    for id in linked.into_iter().chain(made) {
        let row = Store::mirrored(db, session.sync.ledger, place, &id)?;
        if row.is_some_and(|row| row.state == State::Here) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What keeps a field from going back to what it was before a change.
fn obstacle(
    session: &Session,
    (side, note): (Side, &FieldNote),
    rule: usize,
    now: Option<&str>,
) -> Option<Obstacle> {
    let to_zoho = side == Side::Zoho;
    if to_zoho && session.held.contains(&rule) {
        Some(Obstacle::Hidden)
    } else if !session.mapping.same(rule, now, note.after.as_deref()) {
        Some(Obstacle::Edited)
    } else if to_zoho && session.closed.contains(&rule) {
        Some(Obstacle::ReadOnly)
    } else {
        None
    }
}

/// The card a change left behind, as far as it wrote it.
fn wrote(session: &Session, change: &ChangeRow, of: impl Fn(&FieldNote) -> Option<Text>) -> Card {
    let mut card = Card::empty(session.mapping.rules().len());
    for note in &change.fields {
        if let Some(rule) = session.mapping.by_zoho(&note.field) {
            card.set(rule, of(note).as_deref());
        }
    }
    card
}

impl Undoing {
    fn leave(&mut self, change: &ChangeRow, field: &str, obstacle: Obstacle) {
        self.left_open.insert(written(change));
        self.left.push(Question {
            key: format!(
                "undo:{}:{}:{}:{field}",
                change.side.name(),
                change.zoho_id.as_deref().unwrap_or_default(),
                change.google_id.as_deref().unwrap_or_default()
            ),
            contact: change.contact.clone(),
            ids: Pair { zoho: change.zoho_id.clone(), google: change.google_id.clone() },
            about: About::UndoLeft { side: change.side, field: field.to_owned(), obstacle },
        });
    }

    /// A created contact goes to the bin, unless somebody edited it.
    fn uncreate(
        &mut self,
        session: &Session,
        db: &Db,
        change: &ChangeRow,
        record: &Record,
    ) -> Result<(), StoreError> {
        let sent = wrote(session, change, |note| note.after.clone());
        let now = session.mapping.resolve(&record.card, &record.listed, &sent);
        let edited = session
            .mapping
            .rules()
            .iter()
            .enumerate()
            .find(|(rule, _)| !session.mapping.same(*rule, now.get(*rule), sent.get(*rule)));
        if let Some((_, rule)) = edited {
            self.leave(change, &rule.zoho, Obstacle::Edited);
            return Ok(());
        }
        // Its counterpart may be another one by now: one that was put back, or a merge's survivor.
        let subject = match Store::link_of(db, session.sync.id, change.side, &record.id)? {
            Some(link) => Subject::Link(link.id),
            None => match change.side {
                Side::Zoho => {
                    Subject::Origin(Side::Google, change.google_id.clone().unwrap_or_default())
                }
                Side::Google => {
                    Subject::Origin(Side::Zoho, change.zoho_id.clone().unwrap_or_default())
                }
            },
        };
        let fields = change.fields.iter().map(|note| FieldNote {
            before: note.after.clone(),
            after: None,
            overwritten: None,
            why: Why::Undo,
            field: note.field.clone(),
        });
        self.steps.push(Step {
            subject,
            side: change.side,
            verb: Verb::Delete { id: record.id.clone(), version: record.version.clone() },
            learn: BaseUpdate::default(),
            contact: change.contact.clone(),
            fields: fields.collect(),
            why: Why::Undo,
        });
        Ok(())
    }

    /// A person whom an undo took out of the sync's label joins it again.
    fn join_again(
        &mut self,
        session: &Session,
        db: &Db,
        change: &ChangeRow,
        (left, row): (&str, &MirrorRow),
    ) -> Result<(), StoreError> {
        match label::called(session, db, left)? {
            Some(label) if row.scopes.split(' ').any(|scope| scope == label) => {}
            Some(label) => {
                let bare = ChangeRow { fields: Vec::new(), label: None, ..change.clone() };
                self.joining.push((label, bare));
            }
            None => {
                self.beyond.insert(written(change));
                self.unlabelled.insert(written(change));
            }
        }
        Ok(())
    }

    /// Fields that still hold what the run wrote go back.
    fn restore(
        &mut self,
        session: &Session,
        db: &Db,
        change: &ChangeRow,
        record: &Record,
    ) -> Result<(), StoreError> {
        // One that is linked no more, unlinked or kept apart since, is put back alone.
        let link = Store::link_of(db, session.sync.id, change.side, &record.id)?;
        let subject = match &link {
            Some(link) => Subject::Link(link.id),
            None => Subject::Origin(change.side, record.id.clone()),
        };
        let other = change.side.other();
        let base = link.map(|link| session.card(&link.base[other])).unwrap_or_default();
        let sent = wrote(session, change, |note| note.after.clone());
        let now = session.mapping.resolve(&record.card, &record.listed, &sent);
        let mut patch = BTreeMap::new();
        let mut learn = BaseUpdate::default();
        let mut fields = Vec::new();
        for note in change.fields.iter().filter(|note| note.field != LABELS) {
            let Some(rule) = session.mapping.by_zoho(&note.field) else {
                self.leave(change, &note.field, Obstacle::Unmapped);
                continue;
            };
            // It was put back before, by an undo or by hand.
            let unseen = change.side == Side::Zoho && session.held.contains(&rule);
            if !unseen && session.mapping.same(rule, now.get(rule), note.before.as_deref()) {
                continue;
            }
            if let Some(obstacle) = obstacle(session, (change.side, note), rule, now.get(rule)) {
                self.leave(change, &note.field, obstacle);
                continue;
            }
            let mut said = Pair { zoho: None, google: None };
            said[change.side].clone_from(&note.before);
            said[other] = base.get(rule).map(Into::into);
            learn.insert(rule, said);
            patch.insert(rule, note.before.clone());
            fields.push(FieldNote {
                field: note.field.clone(),
                before: note.after.clone(),
                after: note.before.clone(),
                overwritten: None,
                why: Why::Undo,
            });
        }
        if !patch.is_empty() {
            self.steps.push(Step {
                subject,
                side: change.side,
                verb: Verb::Update {
                    id: record.id.clone(),
                    version: record.version.clone(),
                    before: now.into_owned(),
                    patch,
                    label: false,
                },
                learn,
                contact: change.contact.clone(),
                fields,
                why: Why::Undo,
            });
        }
        Ok(())
    }

    /// A deleted contact is made again from what it held.
    fn recreate(&mut self, session: &Session, change: &ChangeRow) {
        let card = wrote(session, change, |note| note.before.clone());
        let fields = change.fields.iter().map(|note| FieldNote {
            field: note.field.clone(),
            before: None,
            after: note.before.clone(),
            overwritten: None,
            why: Why::Undo,
        });
        let lost = match change.side {
            Side::Zoho => change.google_id.clone(),
            Side::Google => change.zoho_id.clone(),
        };
        self.steps.push(Step {
            subject: Subject::Origin(change.side.other(), lost.unwrap_or_default()),
            side: change.side,
            verb: Verb::Create { card },
            learn: BaseUpdate::default(),
            contact: change.contact.clone(),
            fields: fields.collect(),
            why: Why::Undo,
        });
    }
}
