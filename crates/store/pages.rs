//! Reading the mirror from one end to the other, a page at a time.

use renraku_core::contact::{Pair, RecordId};
use rusqlite::params;

use super::{Place, Store, StoreError};

/// A live pair with both contacts as they were received.
#[derive(Debug, Clone)]
pub struct LinkedPair {
    /// The link's number.
    pub link: i64,
    /// Both ends.
    pub ids: Pair<RecordId>,
    /// Both contacts.
    pub raw: Pair<String>,
}

impl Store {
    /// The next contacts of a place that are there, by id.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn page_here(
        &self,
        ledger: i64,
        place: Place,
        after: &str,
        most: usize,
    ) -> Result<Vec<(RecordId, String)>, StoreError> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT id, raw FROM mirror
                 WHERE ledger = ?1 AND place = ?2 AND state = 'here' AND id > ?3
                 ORDER BY id LIMIT ?4",
            )?;
            let rows = query
                .query_map(params![ledger, place.name(), after, most], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })?
                .collect::<Result<_, _>>()?;
            Ok(rows)
        })
    }

    /// The next pairs that are kept in step and that both sides have.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn page_linked(
        &self,
        sync: i64,
        ledger: i64,
        zoho: Place,
        after: i64,
        most: usize,
    ) -> Result<Vec<LinkedPair>, StoreError> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT l.id, l.zoho_id, l.google_id, z.raw, g.raw FROM link l
                 JOIN mirror z ON z.ledger = ?2 AND z.place = ?3 AND z.id = l.zoho_id
                 JOIN mirror g ON g.ledger = ?2 AND g.place = 'google' AND g.id = l.google_id
                 WHERE l.sync = ?1 AND l.id > ?4 AND l.state = 'live'
                   AND z.state = 'here' AND g.state = 'here'
                 ORDER BY l.id LIMIT ?5",
            )?;
            let rows = query
                .query_map(params![sync, ledger, zoho.name(), after, most], |row| {
                    Ok(LinkedPair {
                        link: row.get(0)?,
                        ids: Pair { zoho: row.get(1)?, google: row.get(2)? },
                        raw: Pair { zoho: row.get(3)?, google: row.get(4)? },
                    })
                })?
                .collect::<Result<_, _>>()?;
            Ok(rows)
        })
    }
}
