//! What a person does about one contact: leaves it out, unlinks it, keeps two apart, takes it up again.

use std::collections::BTreeSet;
use std::sync::Arc;

use renraku_core::compile::Compiled;
use renraku_core::contact::{Card, Pair, RecordId, Side};
use renraku_core::plan::{About, Question, Suspended, deletion_key, recreate_key};
use renraku_services::{google, zoho};
use renraku_store::{Db, LinkRow, Place, State, Store, StoreError, SyncRow};

use super::list::ids;
use crate::api::{Event, Failure, FailureCode};
use crate::handle::engine::Engine;
use crate::sync::settle::FLIPS;

/// A contact that is about to be acted on.
struct Meant {
    sync: Arc<SyncRow>,
    ids: Pair<Option<RecordId>>,
}

impl Engine {
    /// Leaves contacts out of their sync: nothing is written for them until they are taken up again.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] where there is no such contact, [`FailureCode::Busy`] while a run is
    /// under way.
    pub async fn leave_out(&self, contacts: &[impl AsRef<str>]) -> Result<(), Failure> {
        self.act_on(contacts, leave_out).await
    }

    /// Takes contacts up again: whatever was left out, unlinked, kept or left aside is in the next run.
    ///
    /// # Errors
    /// As [`Engine::leave_out`].
    pub async fn take_up(&self, contacts: &[impl AsRef<str>]) -> Result<(), Failure> {
        self.act_on(contacts, take_up).await
    }

    /// Ends the pair that a contact is in. Both stay as they are, and neither is created again.
    ///
    /// # Errors
    /// As [`Engine::leave_out`], and where the contact has no counterpart.
    pub async fn unlink(&self, contact: &str) -> Result<(), Failure> {
        self.pair_of(contact)?;
        self.act_on(&[contact], unlink).await
    }

    /// As [`Engine::separate`], of the pair that a contact is in.
    ///
    /// # Errors
    /// As [`Engine::unlink`].
    pub async fn separate_contact(&self, contact: &str) -> Result<(), Failure> {
        let (meant, zoho, google) = self.pair_of(contact)?;
        self.separate(meant.sync.setup.module, &zoho, &google).await
    }

    fn meant(&self, contact: &str) -> Result<Meant, Failure> {
        let (part, row) = self.listed(contact)?;
        Ok(Meant { ids: ids(&row), sync: Arc::new(part.sync) })
    }

    fn pair_of(&self, contact: &str) -> Result<(Meant, RecordId, RecordId), Failure> {
        let meant = self.meant(contact)?;
        match meant.ids.clone() {
            Pair { zoho: Some(zoho), google: Some(google) } => Ok((meant, zoho, google)),
            Pair { .. } => {
                let alone = Failure::new(FailureCode::Invalid, "error-no-counterpart");
                Err(alone.with("contact", contact))
            }
        }
    }

    async fn act_on(
        &self,
        contacts: &[impl AsRef<str>],
        act: fn(&Db, &Meant) -> Result<(), StoreError>,
    ) -> Result<(), Failure> {
        // A run under way could settle a contact after this.
        let _slot = self.slot().await?;
        let listed = self.listed_among(contacts)?;
        let meant: Vec<Meant> =
            listed.into_iter().map(|(sync, row)| Meant { ids: ids(&row), sync }).collect();
        self.inner.store.write_kept(|db| meant.iter().try_for_each(|one| act(db, one)))?;
        self.tell(Event::Changed);
        Ok(())
    }
}

/// Both ends of a contact, as far as it has them.
fn ends(meant: &Meant) -> impl Iterator<Item = (Side, &RecordId)> {
    Side::BOTH.into_iter().filter_map(|side| Some((side, meant.ids[side].as_ref()?)))
}

/// The link of a contact.
fn link_of(db: &Db, meant: &Meant) -> Result<Option<LinkRow>, StoreError> {
    match &meant.ids {
        Pair { zoho: Some(zoho), google: Some(_) } => {
            Store::link_of(db, meant.sync.id, Side::Zoho, zoho)
        }
        Pair { .. } => Ok(None),
    }
}

fn leave_out(db: &Db, meant: &Meant) -> Result<(), StoreError> {
    let sync = meant.sync.id;
    for (side, id) in ends(meant) {
        Store::leave_out(db, sync, side, id)?;
        Store::mark_dirty_for(db, sync, side, id)?;
    }
    close_questions(db, meant)
}

fn unlink(db: &Db, meant: &Meant) -> Result<(), StoreError> {
    if let Some(mut link) = link_of(db, meant)? {
        link.stopped = true;
        Store::save_link(db, &link)?;
    }
    for (side, id) in ends(meant) {
        Store::mark_dirty_for(db, meant.sync.id, side, id)?;
    }
    close_questions(db, meant)
}

/// Open questions that are about nobody else have no object any more.
fn close_questions(db: &Db, meant: &Meant) -> Result<(), StoreError> {
    for row in Store::decided_or_asked(db, meant.sync.id, &meant.ids)? {
        let of = |side: Side| {
            row.question.ids[side].is_none() || row.question.ids[side] == meant.ids[side]
        };
        if row.chosen.is_none() && Side::BOTH.into_iter().all(of) {
            Store::close_question(db, meant.sync.id, &row.question.key)?;
        }
    }
    Ok(())
}

fn take_up(db: &Db, meant: &Meant) -> Result<(), StoreError> {
    let sync = meant.sync.id;
    for (side, id) in ends(meant) {
        Store::take_up(db, sync, side, id)?;
        Store::mark_dirty_for(db, sync, side, id)?;
    }
    let mut link = link_of(db, meant)?;
    // What was left aside by an answer, or flips, is tried again from what was settled.
    let flips = link.iter().flat_map(|link| &link.flips);
    let frozen = flips.filter(|(_, flip)| flip.count >= FLIPS);
    let mut settled: BTreeSet<String> = frozen.map(|(field, _)| field.clone()).collect();
    for row in Store::decided_or_asked(db, sync, &meant.ids)? {
        if !matches!(row.chosen.as_deref(), Some("ignore" | "keep" | "leave")) {
            continue;
        }
        let about = &row.question.about;
        settled.extend(about.unwritten().map(|(_, field)| field.to_owned()));
        if let About::InOnePiece { fields } = about {
            settled.extend(fields.iter().cloned());
        }
        Store::forget_question(db, sync, &row.question.key)?;
        if let (Some(link), Some((side, field))) = (&mut link, row.question.about.unwritten()) {
            // A value that was settled without travelling is one that is still to travel.
            let from = side.other();
            if link.base[from].get(field) != link.base[side].get(field) {
                link.base[from].remove(field);
            }
        }
    }
    let Some(mut link) = link else { return Ok(()) };
    travel_again(db, meant, &mut link, &settled)?;
    take_up_link(db, meant, link)
}

/// The fields in which a pair differs travel again, but for those in `settled`: from the source of a
/// one-way sync; in a two-way sync the winner decides, or the person.
fn travel_again(
    db: &Db,
    meant: &Meant,
    link: &mut LinkRow,
    settled: &BTreeSet<String>,
) -> Result<(), StoreError> {
    let fields = std::mem::take(&mut link.differs);
    // What was refused without a name may be any of them.
    let fields =
        fields.into_iter().filter(|field| !settled.contains(field) && !settled.contains(""));
    let fields: Vec<String> = fields.collect();
    let sync = &meant.sync;
    let direction = sync.setup.direction;
    let Some(source) = direction.source().filter(|_| !fields.is_empty()) else {
        for side in Side::BOTH {
            link.base[side].retain(|field, _| !fields.contains(field));
        }
        return Ok(());
    };
    let target = source.other();
    let module = sync.setup.module;
    let mapping = serde_json::from_str::<Compiled>(&sync.rules)?.mapping(module);
    let copy = Store::mirrored(db, sync.ledger, Place::of(target, module), &link.ids[target])?;
    let Some(copy) = copy else { return Ok(()) };
    let read = match target {
        Side::Zoho => zoho::wire::record(&copy.raw, &mapping).ok(),
        Side::Google => google::wire::record(&copy.raw, &mapping).ok(),
    };
    let Some(read) = read else { return Ok(()) };
    let said = mapping.rules().iter().map(|rule| link.base[target].get(&rule.zoho).cloned());
    let card = mapping.resolve(&read.card, &read.listed, &Card(said.collect())).into_owned();
    for field in fields {
        let value = mapping.by_zoho(&field).and_then(|rule| card.text(rule));
        // The source is the one that changed since both said what the target says.
        for side in Side::BOTH {
            match &value {
                Some(value) => link.base[side].insert(field.clone(), value.clone()),
                None => link.base[side].remove(&field),
            };
        }
    }
    Ok(())
}

fn take_up_link(db: &Db, meant: &Meant, mut link: LinkRow) -> Result<(), StoreError> {
    match link.suspended {
        // Its counterpart is somebody else's now: it looks for one of its own.
        Some(Suspended::Merged(_)) => return Store::end_link(db, link.id),
        // The one question about all of them is open.
        Some(Suspended::Alarm(_)) => return Ok(()),
        // It joins the label again, as a pair does that was just matched.
        Some(Suspended::Undone) => {
            link.suspended = None;
            link.fresh = true;
        }
        Some(
            Suspended::OutOfScope(_)
            | Suspended::Hidden(_)
            | Suspended::TargetGone(_)
            | Suspended::Asked
            | Suspended::Unreadable(_)
            | Suspended::LeftOut,
        )
        | None => {}
    }
    let sync = &meant.sync;
    let mut gone = None;
    for side in Side::BOTH {
        let place = Place::of(side, sync.setup.module);
        let copy = Store::mirrored(db, sync.ledger, place, &link.ids[side])?;
        if copy.is_some_and(|copy| copy.state == State::Gone) {
            gone = Some(side);
        }
    }
    // A pair that lost its bases with a database is matched afresh.
    link.fresh |= link.base.zoho.is_empty() && link.base.google.is_empty();
    link.stopped = false;
    link.flips.clear();
    if let Some(side) = gone {
        // Both are looked at again before anything is made anew.
        link.suspended = Some(Suspended::Asked);
        put_back(db, sync, &link, side)?;
    }
    Store::save_link(db, &link)
}

/// What is gone is made again where the sync may write; else the person is asked anew.
fn put_back(db: &Db, sync: &SyncRow, link: &LinkRow, gone: Side) -> Result<(), StoreError> {
    crate::sync::lost::forget_decisions(db, sync.id, link.id, Some(&link.ids[gone]))?;
    let direction = sync.setup.direction;
    if !direction.writes(gone) {
        return Ok(());
    }
    let (keys, choice) = match direction.writes(gone.other()) {
        true => ([false, true].map(|edited| deletion_key(link.id, edited)).to_vec(), "put_back"),
        false => (vec![recreate_key(link.id, &link.ids[gone])], "create"),
    };
    for key in keys {
        let ids = Pair { zoho: Some(link.ids.zoho.clone()), google: Some(link.ids.google.clone()) };
        let about = About::Recreate { side: gone };
        let question = Question { key, contact: String::new(), ids, about };
        Store::answer(db, sync.id, &question, choice)?;
    }
    Ok(())
}
