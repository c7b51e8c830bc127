//! Looking things up in the mirror: scopes, keys, traces.

use renraku_core::contact::{Module, RecordId};
use rusqlite::{Connection, params};

use super::astray::await_one;
use super::mirror::{self, COLUMNS, MirrorRow, NOBODY, SOMEBODY};
use super::place::Place;
use crate::{Store, StoreError};

impl Store {
    /// The linked records of a sync that are gone and of which nobody has found out yet whether they were
    /// merged into another one, and when each went, in microseconds.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn unjudged(
        db: &Connection,
        sync: i64,
        ledger: i64,
        module: Module,
    ) -> Result<Vec<(RecordId, i64)>, StoreError> {
        let mut query = db.prepare_cached(
            "SELECT m.id, m.seen FROM mirror m INDEXED BY mirror_gone
             JOIN link l ON l.sync = ?1 AND l.zoho_id = m.id AND l.state = 'live'
             WHERE m.gone_in IS NOT NULL AND m.ledger = ?2 AND m.place = ?3 AND m.state = 'gone'
                 AND m.survivor IS NULL",
        )?;
        let rows = query.query_map(params![sync, ledger, module.api_name()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Notes whether a contact that is gone may have been merged into another one.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn judge(
        db: &Connection,
        ledger: i64,
        place: Place,
        id: &str,
        perhaps_merged: bool,
    ) -> Result<(), StoreError> {
        let survivor = if perhaps_merged { SOMEBODY } else { NOBODY };
        db.prepare_cached(
            "UPDATE mirror SET survivor = ?4,
                 sum = checksum(id, version, modified, raw, traces, state, ?4, scopes, fence, seen)
             WHERE ledger = ?1 AND place = ?2 AND id = ?3 AND state = 'gone'",
        )?
        .execute(params![ledger, place.name(), id, survivor])?;
        Ok(())
    }

    /// Hands over the contacts of a place that were changed at or after a moment, in microseconds.
    ///
    /// # Errors
    /// What `each` or SQLite answers.
    pub fn changed_since(
        db: &Connection,
        ledger: i64,
        place: Place,
        moment: i64,
        mut each: impl FnMut(MirrorRow) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut query = db.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM mirror m
             WHERE m.ledger = ?1 AND m.place = ?2 AND m.state = 'here' AND m.modified >= ?3",
        ))?;
        let mut rows = query.query(params![ledger, place.name(), moment])?;
        while let Some(row) = rows.next()? {
            each(mirror::row(row)?)?;
        }
        Ok(())
    }

    /// How many contacts were changed at or after a time, in microseconds.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn count_since(
        db: &Connection,
        ledger: i64,
        place: Place,
        since: i64,
    ) -> Result<u32, StoreError> {
        Ok(db
            .prepare_cached(
                "SELECT count(*) FROM mirror
                 WHERE ledger = ?1 AND place = ?2 AND state = 'here' AND modified >= ?3",
            )?
            .query_row(params![ledger, place.name(), since], |row| row.get(0))?)
    }

    /// The contacts of a place that are gone since a moment and of which a copy is still kept, and when
    /// each went, in microseconds; the newest ones, as many as are asked for.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn tombstones(
        db: &Connection,
        ledger: i64,
        place: Place,
        since: i64,
        most: u32,
    ) -> Result<Vec<(RecordId, i64)>, StoreError> {
        let mut query = db.prepare_cached(
            "SELECT id, seen FROM mirror INDEXED BY mirror_gone
             WHERE gone_in IS NOT NULL AND ledger = ?1 AND place = ?2 AND state = 'gone' AND seen >= ?3
             ORDER BY seen DESC, id LIMIT ?4",
        )?;
        let rows = query.query_map(params![ledger, place.name(), since, most], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Has a contact known by its id alone, where nothing was read of it: one that is deleted is then
    /// watched as any other, and noticed when it comes back.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn know_of(db: &Connection, ledger: i64, place: Place, id: &str) -> Result<(), StoreError> {
        await_one(db, ledger, place.name(), id)
    }

    /// Notes when the service says that a contact was deleted.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn gone_at(
        db: &Connection,
        ledger: i64,
        place: Place,
        id: &str,
        moment: i64,
    ) -> Result<(), StoreError> {
        db.prepare_cached(
            "UPDATE mirror SET seen = ?4,
                 sum = checksum(id, version, modified, raw, traces, state, survivor, scopes, fence, ?4)
             WHERE ledger = ?1 AND place = ?2 AND id = ?3
             AND state = 'gone' AND seen <> ?4",
        )?
        .execute(params![ledger, place.name(), id, moment])?;
        Ok(())
    }
}

/// Look-ups of the reads that are limited to a view.
impl Store {
    /// The contacts of a place whose scope is exactly this.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn in_scope(
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

    /// How many contacts of a place are there and in this view or label.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn count_within(
        db: &Connection,
        ledger: i64,
        place: Place,
        scope: &str,
    ) -> Result<u32, StoreError> {
        Ok(db
            .prepare_cached(
                "SELECT count(*) FROM mirror WHERE ledger = ?1 AND place = ?2 AND state = 'here'
                 AND instr(' ' || scopes || ' ', ' ' || ?3 || ' ') > 0",
            )?
            .query_row(params![ledger, place.name(), scope], |row| row.get(0))?)
    }

    /// Whether any person of the mirror is in this label.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn any_member(db: &Connection, ledger: i64, label: &str) -> Result<bool, StoreError> {
        Ok(db
            .prepare_cached(
                "SELECT 1 FROM mirror WHERE ledger = ?1 AND place = 'google' AND state = 'here'
                 AND instr(' ' || scopes || ' ', ' ' || ?2 || ' ') > 0",
            )?
            .exists(params![ledger, label])?)
    }

    /// The e-mail addresses of the people of [`WANTED`] that no mirrored record of the module carries.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn unanswered_keys(
        db: &Connection,
        sync: &super::SyncRow,
        module: Module,
    ) -> Result<Vec<String>, StoreError> {
        let mut query = db.prepare_cached(&format!(
            "SELECT DISTINCT k.value FROM mirror m
             JOIN (SELECT '$.keys' path UNION SELECT '$.emails') kind
             JOIN json_each(m.traces, kind.path) k
             WHERE m.ledger = ?2 AND m.place = 'google' AND m.state = 'here' AND m.id IN ({WANTED})
               AND NOT EXISTS (SELECT 1 FROM evidence z WHERE z.ledger = ?2 AND z.place = ?3
                               AND z.kind IN ('key', 'email') AND z.value = k.value)",
        ))?;
        let keys = query
            .query_map(params![sync.id, sync.ledger, module.api_name()], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(keys)
    }

    /// Hands over the people of [`WANTED`] none of whose addresses a mirrored record of the module
    /// carries.
    ///
    /// # Errors
    /// What `each` or SQLite answers.
    pub fn people_to_find(
        db: &Connection,
        sync: &super::SyncRow,
        module: Module,
        mut each: impl FnMut(MirrorRow) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut query = db.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM mirror m
             WHERE m.ledger = ?2 AND m.place = 'google' AND m.state = 'here' AND m.id IN ({WANTED})
               AND NOT EXISTS (
                   SELECT 1 FROM (SELECT '$.keys' path UNION SELECT '$.emails') kind
                   JOIN json_each(m.traces, kind.path) k
                   JOIN evidence z ON z.ledger = ?2 AND z.place = ?3
                       AND z.kind IN ('key', 'email') AND z.value = k.value)",
        ))?;
        let mut rows = query.query(params![sync.id, sync.ledger, module.api_name()])?;
        while let Some(row) = rows.next()? {
            each(mirror::row(row)?)?;
        }
        Ok(())
    }
}

/// The changed people who have no counterpart: no link, or one whose record is gone.
const WANTED: &str = "SELECT d.id FROM dirty d WHERE d.sync = ?1 AND d.side = 'google'
         AND NOT EXISTS (SELECT 1 FROM link l WHERE l.sync = ?1 AND l.google_id = d.id)
     UNION SELECT l.google_id FROM dirty d
         JOIN link l ON l.sync = ?1 AND l.zoho_id = d.id AND l.state = 'live'
         JOIN mirror z ON z.ledger = ?2 AND z.place = ?3 AND z.id = d.id AND z.state = 'gone'
         WHERE d.sync = ?1 AND d.side = 'zoho'";
