//! What a question is about: both contacts as they were last read, so that nobody decides blind.

use renraku_core::contact::{Pair, RecordId, Side};
use renraku_core::timestamp::Timestamp;
use renraku_store::{MirrorRow, Place, State, Store, SyncRow};

use crate::api::{Evidence, Failure, FailureCode, Seen, SeenField};
use crate::engine::Engine;
use crate::export::parse;
use crate::session::store_failure;
use crate::views::rules;

impl Engine {
    /// Both contacts of a review item, as they were last read; nothing is asked of the services.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] where there is no such open item.
    pub fn evidence(&self, item: &str) -> Result<Evidence, Failure> {
        let row = self.asked(item)?;
        let unknown = || Failure::new(FailureCode::Invalid, "error-no-question").with("item", item);
        let syncs = self.sync_rows()?;
        let sync = syncs.iter().find(|sync| sync.id == row.sync).ok_or_else(unknown)?;
        self.seen(sync, &row.question.ids)
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
        let found = store
            .read(|db| {
                let ids = Store::ends(db, sync.id, ids)?;
                let read = |side: Side| match &ids[side] {
                    Some(id) => {
                        Store::mirrored(db, sync.ledger, Place::of(side, sync.setup.module), id)
                    }
                    None => Ok(None),
                };
                Ok(Pair { zoho: read(Side::Zoho)?, google: read(Side::Google)? })
            })
            .map_err(store_failure)?;
        let seen = |side: Side, row: MirrorRow| {
            let (name, card) = parse(side, &row.raw, &mapping).unwrap_or_default();
            let values = mapping.rules().iter().zip(card.0);
            Seen {
                id: row.id,
                name,
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
        };
        Ok(Evidence {
            zoho: found.zoho.map(|row| seen(Side::Zoho, row)),
            google: found.google.map(|row| seen(Side::Google, row)),
        })
    }
}
