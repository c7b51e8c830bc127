//! `dirty`: what changed since it was last settled.

use renraku_core::contact::{Pair, RecordId, Side};
use rusqlite::{Connection, params};

use super::links::{self, LinkRow};
use super::mirror::{self, MirrorRow};
use super::place::Place;
use crate::{Store, StoreError, rows};

impl Store {
    /// Marks a contact as changed for every sync of its ledger that sees its place, but for the one
    /// that has just written it: to the others it is an edit like any other.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn mark_dirty(
        db: &Connection,
        ledger: i64,
        place: Place,
        id: &str,
        writer: Option<i64>,
    ) -> Result<(), StoreError> {
        db.prepare_cached(
            "INSERT OR IGNORE INTO dirty (sync, side, id, sum)
             SELECT id, ?3, ?4, checksum(id, ?3, ?4) FROM sync
             WHERE ledger = ?1 AND (?2 = 'google' OR module = ?2) AND id IS NOT ?5",
        )?
        .execute(params![ledger, place.name(), place.side().name(), id, writer])?;
        Store::unlist(db, ledger, place, id)
    }

    /// Marks everything that is mirrored as changed for one sync, after its rules changed.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn mark_all_dirty(db: &Connection, sync: i64) -> Result<(), StoreError> {
        db.execute(
            "INSERT OR IGNORE INTO dirty (sync, side, id, sum)
             SELECT s.id, CASE m.place WHEN 'google' THEN 'google' ELSE 'zoho' END, m.id,
                 checksum(s.id, CASE m.place WHEN 'google' THEN 'google' ELSE 'zoho' END, m.id)
             FROM sync s JOIN mirror m ON m.ledger = s.ledger AND m.place IN ('google', s.module)
             WHERE s.id = ?1",
            params![sync],
        )?;
        Ok(())
    }

    /// What changed for a sync, on one side.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn dirty(db: &Connection, sync: i64, side: Side) -> Result<Vec<RecordId>, StoreError> {
        let mut query =
            db.prepare_cached("SELECT id FROM dirty WHERE sync = ?1 AND side = ?2 ORDER BY id")?;
        let ids = query
            .query_map(params![sync, side.name()], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(ids)
    }

    /// Whether anything changed for a sync.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn any_dirty(db: &Connection, sync: i64) -> Result<bool, StoreError> {
        Ok(db.prepare_cached("SELECT 1 FROM dirty WHERE sync = ?1")?.exists([sync])?)
    }

    /// Notes that a contact is settled.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn clear_dirty(db: &Connection, sync: i64, side: Side, id: &str) -> Result<(), StoreError> {
        db.prepare_cached("DELETE FROM dirty WHERE sync = ?1 AND side = ?2 AND id = ?3")?
            .execute(params![sync, side.name(), id])?;
        Ok(())
    }

    /// Marks one contact as changed for one sync.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn mark_dirty_for(
        db: &Connection,
        sync: i64,
        side: Side,
        id: &str,
    ) -> Result<(), StoreError> {
        db.prepare_cached(
            "INSERT OR IGNORE INTO dirty (sync, side, id, sum)
             VALUES (?1, ?2, ?3, checksum(?1, ?2, ?3))",
        )?
        .execute(params![sync, side.name(), id])?;
        Ok(())
    }

    /// Hands over each link with a changed end, and which of its ends changed.
    ///
    /// # Errors
    /// What `each` or SQLite answers.
    pub fn changed_links(
        db: &Connection,
        sync: i64,
        mut each: impl FnMut(LinkRow, Pair<bool>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        // A change under a damaged name would never be carried over.
        rows::DIRTY.check(db)?;
        let sql = format!(
            "SELECT {columns},
                 EXISTS (SELECT 1 FROM dirty WHERE sync = ?1 AND side = 'zoho' AND id = zoho_id),
                 EXISTS (SELECT 1 FROM dirty WHERE sync = ?1 AND side = 'google' AND id = google_id)
             FROM link WHERE id IN (
                 SELECT l.id FROM dirty d JOIN link l ON l.sync = d.sync AND l.zoho_id = d.id
                 WHERE d.sync = ?1 AND d.side = 'zoho'
                 UNION SELECT l.id FROM dirty d JOIN link l ON l.sync = d.sync AND l.google_id = d.id
                 WHERE d.sync = ?1 AND d.side = 'google')
             ORDER BY id",
            columns = links::COLUMNS
        );
        let mut query = db.prepare_cached(&sql)?;
        let mut rows = query.query([sync])?;
        while let Some(row) = rows.next()? {
            let changed = Pair { zoho: row.get(links::WIDTH)?, google: row.get(links::WIDTH + 1)? };
            each(links::row(row)?, changed)?;
        }
        Ok(())
    }

    /// Hands over each changed contact of a place that has no link, with its newest copy.
    ///
    /// # Errors
    /// What `each` or SQLite answers.
    pub fn changed_alone(
        db: &Connection,
        sync: i64,
        ledger: i64,
        place: Place,
        mut each: impl FnMut(RecordId, Option<MirrorRow>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT {columns}, d.id FROM dirty d
             LEFT JOIN mirror m ON m.ledger = ?2 AND m.place = ?3 AND m.id = d.id
             WHERE d.sync = ?1 AND d.side = ?4
               AND NOT EXISTS (SELECT 1 FROM link WHERE sync = ?1 AND {end} = d.id)
             ORDER BY d.id",
            columns = mirror::COLUMNS,
            end = links::column(place.side())
        );
        let mut query = db.prepare_cached(&sql)?;
        let mut rows = query.query(params![sync, ledger, place.name(), place.side().name()])?;
        while let Some(row) = rows.next()? {
            let there = row.get_ref(0)? != rusqlite::types::ValueRef::Null;
            let copy = there.then(|| mirror::row(row)).transpose()?;
            each(row.get(mirror::WIDTH)?, copy)?;
        }
        Ok(())
    }
}
