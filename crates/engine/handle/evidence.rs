//! What a question is about: both contacts as they were last read, so that nobody decides blind.

use std::collections::BTreeSet;

use renraku_core::contact::{Pair, RecordId, Side};
use renraku_core::mapping::Mapping;
use renraku_core::plan::{About, Question, details};
use renraku_core::timestamp::Timestamp;
use renraku_store::{Db, MirrorRow, Place, State, Store, StoreError, SyncRow};

use crate::api::{Beside, Evidence, Failure, FailureCode, Seen, SeenField};
use crate::export::parse;
use crate::handle::engine::Engine;
use crate::sync::session::rules;

impl Engine {
    /// The contacts of a review item, as they were last read; nothing is asked of the services.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] where there is no such open item.
    pub fn evidence(&self, item: &str) -> Result<Evidence, Failure> {
        let row = self.asked(item)?;
        let unknown = || Failure::new(FailureCode::Invalid, "error-no-question").with("item", item);
        let syncs = self.sync_rows()?;
        let sync = syncs.iter().find(|sync| sync.id == row.sync).ok_or_else(unknown)?;
        let mut evidence = self.seen(sync, &row.question.ids)?;
        let mapping = rules(sync)?.mapping(sync.setup.module);
        let found = self.inner.store.read(|db| beside(db, sync, &row.question));
        evidence.beside =
            found?.map(|(side, row)| Beside { side, contact: as_read(side, row, &mapping) });
        Ok(evidence)
    }

    /// Both of a sync's contacts with these ids, as they were last read; the counterpart of one is
    /// looked up.
    pub(crate) fn seen(
        &self,
        sync: &SyncRow,
        ids: &Pair<Option<RecordId>>,
    ) -> Result<Evidence, Failure> {
        let mapping = rules(sync)?.mapping(sync.setup.module);
        let store = &self.inner.store;
        let found = store.read(|db| {
            let ids = Store::ends(db, sync.id, ids)?;
            let read = |side: Side| match &ids[side] {
                Some(id) => copy(db, sync, side, id),
                None => Ok(None),
            };
            Ok(Pair { zoho: read(Side::Zoho)?, google: read(Side::Google)? })
        })?;
        Ok(Evidence {
            zoho: found.zoho.map(|row| as_read(Side::Zoho, row, &mapping)),
            google: found.google.map(|row| as_read(Side::Google, row, &mapping)),
            beside: None,
        })
    }
}

fn copy(db: &Db, sync: &SyncRow, side: Side, id: &str) -> Result<Option<MirrorRow>, StoreError> {
    Store::mirrored(db, sync.ledger, Place::of(side, sync.setup.module), id)
}

/// A contact as it was last read.
fn as_read(side: Side, row: MirrorRow, mapping: &Mapping) -> Seen {
    let (name, card) = parse(side, &row.raw, mapping).unwrap_or_default();
    let details = details(mapping, &card);
    let values = mapping.rules().iter().zip(card.0);
    Seen {
        id: row.id,
        name,
        details,
        changed_at: Timestamp::from_microsecond(row.modified)
            .filter(|_| row.modified > 0)
            .map(|at| at.to_string()),
        gone: !matches!(row.state, State::Here | State::Unreadable),
        fields: values
            .filter_map(|(rule, value)| {
                let value = value.as_deref()?.to_owned();
                Some(SeenField { field: rule.zoho.clone(), value })
            })
            .collect(),
    }
}

/// The second contact of a question about two on one side, and that side.
fn beside(
    db: &Db,
    sync: &SyncRow,
    question: &Question,
) -> Result<Option<(Side, MirrorRow)>, StoreError> {
    let found = match &question.about {
        // Whom it was not shown beside is on the other side.
        About::Duplicate { namesakes: true, .. } => None,
        About::Duplicate { side, .. } => match &question.ids[*side] {
            Some(id) => shares_its_key(db, sync, *side, id)?.map(|id| (*side, id)),
            None => None,
        },
        About::Merged { side, into } => {
            let link = Store::link_of(db, sync.id, *side, into)?;
            link.map(|link| (side.other(), link.ids[side.other()].clone()))
        }
        About::Deletion { .. }
        | About::MassChange { .. }
        | About::Unreadable { .. }
        | About::InOnePiece { .. }
        | About::Recreate { .. }
        | About::Doubtful(_)
        | About::Misfit { .. }
        | About::Refused { .. }
        | About::Difference { .. }
        | About::Frozen { .. }
        | About::Scope { .. }
        | About::UndoLeft { .. } => None,
    };
    let Some((side, id)) = found else { return Ok(None) };
    Ok(copy(db, sync, side, &id)?.map(|row| (side, row)))
}

/// Another contact of a side with an e-mail address of this one, or else with its name; one that is in
/// step before others.
fn shares_its_key(
    db: &Db,
    sync: &SyncRow,
    side: Side,
    id: &str,
) -> Result<Option<RecordId>, StoreError> {
    let Some(own) = copy(db, sync, side, id)? else { return Ok(None) };
    let addresses = own.traces.keys.iter().chain(&own.traces.emails);
    let by_address = addresses.flat_map(|value| [("key", value), ("email", value)]).collect();
    let by_name = own.traces.names.iter().map(|value| ("name", value)).collect();
    for traces in [by_address, by_name] {
        let found = first_with(db, sync, (side, id), traces)?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Another contact of a side with one of these traces; one that is in step before others.
fn first_with(
    db: &Db,
    sync: &SyncRow,
    (side, id): (Side, &str),
    traces: Vec<(&str, &String)>,
) -> Result<Option<RecordId>, StoreError> {
    let place = Place::of(side, sync.setup.module);
    let mut alike = BTreeSet::new();
    for (kind, value) in traces {
        let found = Store::with_trace(db, sync.ledger, place, kind, value)?;
        alike.extend(found.into_iter().filter(|other| other != id));
    }
    let mut first = None;
    for other in alike {
        let here = copy(db, sync, side, &other)?.is_some_and(|row| row.state == State::Here);
        if here && Store::is_linked(db, sync.id, side, &other)? {
            return Ok(Some(other));
        }
        first = first.or(Some(other).filter(|_| here));
    }
    Ok(first)
}
