//! `left_out`: contacts that the person left out of a sync.

use renraku_core::contact::{RecordId, Side};
use renraku_core::plan::{Inheritance, duplicate_key};
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
    pub fn inherit(
        db: &Connection,
        sync: i64,
        inheritance: &Inheritance,
    ) -> Result<(), StoreError> {
        Store::leave_out(db, sync, inheritance.side, &inheritance.id)?;
        Store::take_up(db, sync, inheritance.side, &inheritance.of)?;
        Store::forget_question(db, sync, &duplicate_key(inheritance.side, &inheritance.of))
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
        let mut query = db.prepare_cached(
            "WITH apart (side, id, left_out) AS (
                 SELECT side, id, 1 FROM left_out WHERE sync = ?1
                 UNION SELECT 'zoho', zoho_id, 1 FROM review
                 WHERE sync = ?1 AND zoho_id IS NOT NULL AND chosen = 'ignore'
                     AND key GLOB 'duplicate:*'
                 UNION SELECT 'google', google_id, 1 FROM review
                 WHERE sync = ?1 AND google_id IS NOT NULL AND chosen = 'ignore'
                     AND key GLOB 'duplicate:*'
                 UNION SELECT 'zoho', zoho_id, 0 FROM link WHERE sync = ?1 AND state = 'stopped'
                 UNION SELECT 'google', google_id, 0 FROM link WHERE sync = ?1 AND state = 'stopped')
             SELECT a.side, a.id, max(a.left_out) FROM apart a
                 CROSS JOIN mirror m ON m.ledger = ?2 AND m.id = a.id
                     AND m.place = CASE a.side WHEN 'google' THEN 'google' ELSE ?3 END
             WHERE m.state IN ('gone', 'merged') GROUP BY a.side, a.id",
        )?;
        let rows = query.query_map(params![sync, ledger, zoho.name()], |row| {
            let google = row.get_ref(0)?.as_str()? == Side::Google.name();
            let side = if google { Side::Google } else { Side::Zoho };
            Ok((side, row.get(1)?, row.get(2)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
