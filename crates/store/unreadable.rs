//! `mirror`: contacts whose newest answer cannot be read.

use rusqlite::{Connection, params};

use super::mirror::{COLUMNS, MirrorRow, Reading, row};
use super::place::Place;
use crate::{Store, StoreError};

impl Store {
    /// Notes a contact whose newest answer cannot be read. What could be read of it before stays; of
    /// one that is new, the answer as it is. It is found by whatever can still be told of it.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn take_unreadable(
        db: &Connection,
        ledger: i64,
        place: Place,
        reading: &Reading,
        pass: i64,
    ) -> Result<(), StoreError> {
        let old = Store::traces(db, ledger, place, &reading.id)?;
        let changed = db
            .prepare_cached(
                "INSERT INTO mirror
                     (ledger, place, id, version, modified, raw, state, scopes, pass, seen, traces,
                      sum)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'unreadable', coalesce(?7, ''), ?8, ?9, ?10,
                      checksum(?3, ?4, ?5, ?6, ?10, 'unreadable', NULL, coalesce(?7, ''), 0, ?9))
                 ON CONFLICT DO UPDATE SET version = ?4, state = 'unreadable', survivor = NULL,
                     gone_in = NULL, scopes = coalesce(?7, scopes), pass = ?8, traces = ?10,
                     sum = checksum(id, ?4, modified, raw, ?10, 'unreadable', NULL,
                         coalesce(?7, scopes), fence, seen)
                 WHERE state <> 'unreadable' OR version <> ?4 OR pass <> ?8",
            )?
            .execute(params![
                ledger,
                place.name(),
                reading.id,
                reading.version,
                reading.modified,
                &*reading.raw,
                reading.scopes,
                pass,
                reading.seen,
                serde_json::to_string(&reading.traces)?
            ])?;
        if changed > 0 {
            Store::put_traces(db, ledger, place, &reading.id, &old, &reading.traces)?;
            Store::mark_dirty(db, ledger, place, &reading.id, None)?;
        }
        Ok(())
    }

    /// The contacts of a place whose newest answer cannot be read.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn unreadable(
        db: &Connection,
        ledger: i64,
        place: Place,
    ) -> Result<Vec<MirrorRow>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM mirror m
             WHERE ledger = ?1 AND place = ?2 AND state = 'unreadable' ORDER BY id"
        );
        let mut query = db.prepare_cached(&sql)?;
        let rows = query.query_map(params![ledger, place.name()], row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
