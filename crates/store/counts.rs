//! How many pairs of a sync stand how.

use crate::{Store, StoreError};

impl Store {
    /// How many live pairs a sync has.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn count_links(&self, sync: i64) -> Result<u32, StoreError> {
        self.read(|db| {
            Ok(db.query_row(
                "SELECT count(*) FROM link WHERE sync = ?1 AND state = 'live'",
                [sync],
                |row| row.get(0),
            )?)
        })
    }

    /// How many pairs of a sync were in step at the last look. Pairs that sleep or are asked about are not.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn count_in_step(&self, sync: i64) -> Result<u32, StoreError> {
        self.count_awake(sync, "differs = '[]'")
    }

    /// How many pairs of a sync differed in a field at the last look and were left so.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn count_differing(&self, sync: i64) -> Result<u32, StoreError> {
        self.count_awake(sync, "differs <> '[]'")
    }

    /// How many pairs of a sync are not synced now because they left its scope or the person left them out.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn count_kept_out(&self, sync: i64) -> Result<u32, StoreError> {
        self.read(|db| {
            Ok(db.query_row(
                "SELECT count(*) FROM link WHERE sync = ?1 AND state = 'live'
                     AND (asleep LIKE '{\"out_of_scope\"%' OR asleep = '\"left_out\"')",
                [sync],
                |row| row.get(0),
            )?)
        })
    }

    fn count_awake(&self, sync: i64, which: &str) -> Result<u32, StoreError> {
        let asked = |end: &str| {
            format!(
                "SELECT l.id FROM review r JOIN link l ON l.sync = r.sync AND l.{end} = r.{end}
                 WHERE r.sync = ?1 AND r.open = 1 AND r.chosen IS NULL"
            )
        };
        let sql = format!(
            "SELECT count(*) FROM link WHERE sync = ?1 AND {which} AND state = 'live'
                 AND asleep IS NULL AND id NOT IN ({} UNION {})",
            asked("zoho_id"),
            asked("google_id")
        );
        self.read(|db| Ok(db.prepare_cached(&sql)?.query_row([sync], |row| row.get(0))?))
    }
}
