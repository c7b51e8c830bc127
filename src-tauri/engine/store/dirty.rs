//! `dirty`: what changed since it was last settled. A run's work follows this, not the address book's
//! size.

use renraku_core::contact::{RecordId, Side};
use rusqlite::{Connection, params};

use super::mirror::Place;
use super::{Store, StoreError};

impl Store {
    /// Marks a contact as changed for every sync of its ledger that sees its place.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub(crate) fn mark_dirty(
        db: &Connection,
        ledger: i64,
        place: Place,
        id: &str,
    ) -> Result<(), StoreError> {
        db.prepare_cached(
            "INSERT OR IGNORE INTO dirty (sync, side, id)
             SELECT id, ?3, ?4 FROM sync WHERE ledger = ?1 AND (?2 = 'google' OR module = ?2)",
        )?
        .execute(params![ledger, place.name(), place.side().name(), id])?;
        Ok(())
    }

    /// Marks everything that is mirrored as changed for one sync, after its rules changed.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub(crate) fn mark_all_dirty(db: &Connection, sync: i64) -> Result<(), StoreError> {
        db.execute(
            "INSERT OR IGNORE INTO dirty (sync, side, id)
             SELECT s.id, CASE m.place WHEN 'google' THEN 'google' ELSE 'zoho' END, m.id
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
    pub(crate) fn dirty(
        db: &Connection,
        sync: i64,
        side: Side,
    ) -> Result<Vec<RecordId>, StoreError> {
        let mut query =
            db.prepare_cached("SELECT id FROM dirty WHERE sync = ?1 AND side = ?2 ORDER BY id")?;
        let ids = query
            .query_map(params![sync, side.name()], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(ids)
    }

    /// Notes that a contact is settled.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub(crate) fn clean(
        db: &Connection,
        sync: i64,
        side: Side,
        id: &str,
    ) -> Result<(), StoreError> {
        db.prepare_cached("DELETE FROM dirty WHERE sync = ?1 AND side = ?2 AND id = ?3")?
            .execute(params![sync, side.name(), id])?;
        Ok(())
    }

    /// Marks one contact as changed for one sync.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub(crate) fn soil(db: &Connection, sync: i64, side: Side, id: &str) -> Result<(), StoreError> {
        db.prepare_cached("INSERT OR IGNORE INTO dirty (sync, side, id) VALUES (?1, ?2, ?3)")?
            .execute(params![sync, side.name(), id])?;
        Ok(())
    }

    /// Whether a contact changed since it was last settled.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub(crate) fn is_dirty(
        db: &Connection,
        sync: i64,
        side: Side,
        id: &str,
    ) -> Result<bool, StoreError> {
        Ok(db
            .prepare_cached("SELECT 1 FROM dirty WHERE sync = ?1 AND side = ?2 AND id = ?3")?
            .exists(params![sync, side.name(), id])?)
    }
}
