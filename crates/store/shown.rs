//! `shown`: what the plan that waits for approval showed, a digest of each of its writes.

use std::collections::BTreeSet;

use renraku_core::plan::REMOVAL;
use rusqlite::{Connection, OptionalExtension, params};

use crate::{Store, StoreError, damage};

/// A plan that was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownRow {
    /// The digests of its writes.
    pub writes: BTreeSet<String>,
    /// Whether it was approved; then the runs until one is done write this and nothing else.
    pub approved: bool,
}

impl Store {
    /// Keeps what a plan showed, in the place of whatever was shown before.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn show(db: &Connection, sync: i64, writes: &BTreeSet<String>) -> Result<(), StoreError> {
        db.prepare_cached(
            "INSERT INTO shown (sync, writes, approved, sum)
             VALUES (?1, ?2, 0, checksum(?1, ?2, 0))
             ON CONFLICT DO UPDATE SET writes = ?2, approved = 0, sum = checksum(?1, ?2, 0)",
        )?
        .execute(params![sync, serde_json::to_string(writes)?])?;
        Ok(())
    }

    /// What was shown last.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn shown(db: &Connection, sync: i64) -> Result<Option<ShownRow>, StoreError> {
        let found = db
            .prepare_cached(
                "SELECT writes, approved, sum = checksum(sync, writes, approved) FROM shown
                 WHERE sync = ?1",
            )?
            .query_row([sync], |row| {
                damage::checked(row, 2)?;
                Ok((row.get::<_, String>(0)?, row.get(1)?))
            })
            .optional()?;
        let row = found.map(|(writes, approved)| {
            Ok::<_, StoreError>(ShownRow { writes: serde_json::from_str(&writes)?, approved })
        });
        row.transpose()
    }

    /// Notes that the person approved what was shown.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn approve_shown(db: &Connection, sync: i64) -> Result<(), StoreError> {
        db.prepare_cached(
            "UPDATE shown SET approved = 1, sum = checksum(sync, writes, 1)
             WHERE sync = ?1",
        )?
        .execute([sync])?;
        Ok(())
    }

    /// The removals outside a narrower scope that were approved and that no run is known to have done: the keys
    /// under which that is remembered.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn approved_removals(db: &Connection, sync: i64) -> Result<Vec<String>, StoreError> {
        let mut query = db.prepare_cached(
            "SELECT key FROM review
             WHERE sync = ?1 AND substr(key, 1, length(?2)) = ?2 AND chosen IS NOT NULL",
        )?;
        let keys = query.query_map(params![sync, REMOVAL], |row| row.get(0))?;
        Ok(keys.collect::<Result<_, _>>()?)
    }

    /// What was shown is done, or no longer waits for an approval.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn forget_shown(db: &Connection, sync: i64) -> Result<(), StoreError> {
        db.prepare_cached("DELETE FROM shown WHERE sync = ?1")?.execute([sync])?;
        Ok(())
    }
}
