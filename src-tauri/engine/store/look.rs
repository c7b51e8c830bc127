//! Looking things up in the mirror: scopes, keys, traces, searches.

use renraku_core::contact::{Module, RecordId};
use rusqlite::{Connection, params};

use super::mirror::{COLUMNS, MirrorRow, Place, Traces, row};
use super::{Store, StoreError};

/// Look-ups of the reads that are limited to a view.
impl Store {
    /// The contacts of a place whose scope is exactly this.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub(crate) fn in_scope(
        db: &Connection,
        ledger: i64,
        place: Place,
        scope: &str,
    ) -> Result<Vec<RecordId>, StoreError> {
        let mut query = db.prepare_cached(
            "SELECT id FROM mirror WHERE ledger = ?1 AND place = ?2 AND scopes = ?3",
        )?;
        let ids = query
            .query_map(params![ledger, place.name(), scope], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(ids)
    }

    /// The keys of changed people without a link that no mirrored record of the module carries.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub(crate) fn unanswered_keys(
        db: &Connection,
        sync: &super::SyncRow,
        module: Module,
    ) -> Result<Vec<String>, StoreError> {
        let mut query = db.prepare_cached(
            "SELECT DISTINCT e.value FROM dirty d
             JOIN evidence e ON e.ledger = ?2 AND e.place = 'google' AND e.id = d.id AND e.kind = 'key'
             WHERE d.sync = ?1 AND d.side = 'google'
               AND NOT EXISTS (SELECT 1 FROM link l WHERE l.sync = ?1 AND l.google_id = d.id)
               AND NOT EXISTS (SELECT 1 FROM evidence z WHERE z.ledger = ?2 AND z.place = ?3
                               AND z.kind = 'key' AND z.value = e.value)",
        )?;
        let keys = query
            .query_map(params![sync.id, sync.ledger, module.api_name()], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(keys)
    }
}

impl Store {
    /// What a contact can be looked up by.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub(crate) fn traces(
        db: &Connection,
        ledger: i64,
        place: Place,
        id: &str,
    ) -> Result<Traces, StoreError> {
        let mut query = db.prepare_cached(
            "SELECT kind, value FROM evidence WHERE ledger = ?1 AND place = ?2 AND id = ?3",
        )?;
        let mut traces = Traces::default();
        let rows = query.query_map(params![ledger, place.name(), id], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
        for row in rows {
            let (kind, value) = row?;
            match kind.as_str() {
                "key" => traces.keys.push(value),
                "name" => traces.names.push(value),
                "org" => traces.orgs.push(value),
                _ => traces.marks.push(value),
            }
        }
        Ok(traces)
    }
}

impl Store {
    /// The first contacts of a place that `wanted` takes, in the order of their ids.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub(crate) fn search(
        db: &Connection,
        ledger: i64,
        place: Place,
        most: usize,
        wanted: impl Fn(&MirrorRow) -> bool,
    ) -> Result<Vec<MirrorRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM mirror WHERE ledger = ?1 AND place = ?2");
        let mut query = db.prepare_cached(&sql)?;
        let rows = query.query_map(params![ledger, place.name()], row)?;
        let found = rows.filter(|row| row.as_ref().map_or(true, &wanted)).take(most);
        Ok(found.collect::<Result<_, _>>()?)
    }
}
