//! `link`: the pairs that are kept in step.

use renraku_core::contact::{Pair, RecordId};
use rusqlite::Connection;

use crate::{Store, StoreError};

impl Store {
    /// The pairs of a sync that are kept in step.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn awake(db: &Connection, sync: i64) -> Result<Vec<Pair<RecordId>>, StoreError> {
        let mut query = db.prepare_cached(
            "SELECT zoho_id, google_id FROM link
             WHERE sync = ?1 AND state = 'live' AND asleep IS NULL ORDER BY id",
        )?;
        let rows =
            query.query_map([sync], |row| Ok(Pair { zoho: row.get(0)?, google: row.get(1)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
