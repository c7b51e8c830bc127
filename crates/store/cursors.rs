//! `cursor`: how far each feed was read.

use renraku_core::contact::Module;
use rusqlite::{Connection, OptionalExtension, params};

use crate::{Store, StoreError};

/// Where it is kept which fields the mirror's records were read with.
#[must_use]
pub fn fields_feed(module: Module) -> String {
    format!("zoho:{}:fields", module.api_name())
}

impl Store {
    /// The value of a feed's cursor.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn cursor(&self, ledger: i64, feed: &str) -> Result<Option<String>, StoreError> {
        self.read(|db| Store::cursor_of(db, ledger, feed))
    }

    /// As [`Store::cursor`], in a transaction of the caller's.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn cursor_of(
        db: &Connection,
        ledger: i64,
        feed: &str,
    ) -> Result<Option<String>, StoreError> {
        Ok(db
            .prepare_cached("SELECT value FROM cursor WHERE ledger = ?1 AND feed = ?2")?
            .query_row(params![ledger, feed], |row| row.get(0))
            .optional()?)
    }

    /// Sets or clears a cursor, in a transaction of the caller's.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn put_cursor(
        db: &Connection,
        ledger: i64,
        feed: &str,
        value: Option<&str>,
    ) -> Result<(), StoreError> {
        match value {
            Some(value) => db
                .prepare_cached(
                    "INSERT OR REPLACE INTO cursor (ledger, feed, value) VALUES (?1, ?2, ?3)",
                )?
                .execute(params![ledger, feed, value])?,
            None => db
                .prepare_cached("DELETE FROM cursor WHERE ledger = ?1 AND feed = ?2")?
                .execute(params![ledger, feed])?,
        };
        Ok(())
    }
}
