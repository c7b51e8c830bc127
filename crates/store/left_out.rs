//! `left_out`: contacts that the person left out of a sync.

use renraku_core::contact::Side;
use rusqlite::{Connection, params};

use crate::{Store, StoreError};

impl Store {
    /// Remembers that a contact is left out.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn leave_out(db: &Connection, sync: i64, side: Side, id: &str) -> Result<(), StoreError> {
        db.prepare_cached("INSERT OR IGNORE INTO left_out (sync, side, id) VALUES (?1, ?2, ?3)")?
            .execute(params![sync, side.name(), id])?;
        Ok(())
    }

    /// A contact is no longer left out.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn take_up(db: &Connection, sync: i64, side: Side, id: &str) -> Result<(), StoreError> {
        db.prepare_cached("DELETE FROM left_out WHERE sync = ?1 AND side = ?2 AND id = ?3")?
            .execute(params![sync, side.name(), id])?;
        Ok(())
    }
}
