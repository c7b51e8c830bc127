//! `left_out`: contacts that the person left out of a sync.

use renraku_core::contact::{RecordId, Side};
use renraku_core::plan::{Heir, duplicate_key};
use rusqlite::{Connection, params};

use crate::{Place, Store, StoreError};

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

    /// Who took the place of a contact that was left out stays left out in its stead.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn inherit(db: &Connection, sync: i64, heir: &Heir) -> Result<(), StoreError> {
        Store::leave_out(db, sync, heir.side, &heir.id)?;
        Store::take_up(db, sync, heir.side, &heir.of)?;
        Store::forget_question(db, sync, &duplicate_key(heir.side, &heir.of))
    }

    /// A contact of which the person said whether it is left out is another one now.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn move_left_out(
        db: &Connection,
        sync: i64,
        side: Side,
        from: &str,
        to: &str,
    ) -> Result<(), StoreError> {
        db.prepare_cached(
            "INSERT OR IGNORE INTO left_out (sync, side, id)
             SELECT sync, side, ?4 FROM left_out WHERE sync = ?1 AND side = ?2 AND id = ?3",
        )?
        .execute(params![sync, side.name(), from, to])?;
        Ok(())
    }

    /// The contacts that are gone and were left out, be it by an answer, or whose pair was kept apart; the
    /// last one tells whether it was left out.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn gone_apart(
        db: &Connection,
        (sync, ledger): (i64, i64),
        zoho: Place,
    ) -> Result<Vec<(Side, RecordId, bool)>, StoreError> {
        let mut found = Vec::new();
        for side in Side::BOTH {
            let end = super::links::column(side);
            let sql = format!(
                "WITH apart (id, left_out) AS (
                     SELECT id, 1 FROM left_out WHERE sync = ?1 AND side = ?2
                     UNION SELECT {end}, 1 FROM review
                     WHERE sync = ?1 AND {end} IS NOT NULL AND chosen = 'ignore'
                         AND key GLOB 'duplicate:*'
                     UNION SELECT {end}, 0 FROM link WHERE sync = ?1 AND state = 'stopped')
                 SELECT a.id, max(a.left_out) FROM apart a
                     CROSS JOIN mirror m ON m.ledger = ?3 AND m.place = ?4 AND m.id = a.id
                 WHERE m.state IN ('gone', 'merged') GROUP BY a.id"
            );
            let place = if side == Side::Zoho { zoho } else { Place::Google };
            let mut query = db.prepare_cached(&sql)?;
            let rows = query
                .query_map(params![sync, side.name(), ledger, place.name()], |row| {
                    Ok((side, row.get(0)?, row.get(1)?))
                })?;
            found.extend(rows.collect::<Result<Vec<_>, _>>()?);
        }
        Ok(found)
    }
}
