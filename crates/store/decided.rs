//! What was decided about whom, as it outlives a damage: whom nothing may be made for.
//!
//! These are the pairs that are kept apart by rule or answer, those that are asked about because one end is
//! gone, whom the person left out, and who was said to be somebody else. Other answers were about what the
//! services said at that time.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde::{Deserialize, Serialize};

use super::astray::await_one;
use super::{StoreError, damage, rows};

/// The decisions of all syncs, each with its sync's number.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Decided {
    /// Both ends of a pair, and why it sleeps; one that does not is kept apart.
    apart: Vec<(i64, String, String, Option<String>)>,
    /// Side and id.
    left_out: Vec<(i64, String, String)>,
    /// The key of the question, and what was asked.
    separate: Vec<(i64, String, String)>,
}

/// The rows of a table up to the first that cannot be read, and why it cannot.
fn readable<T>(
    db: &Connection,
    sql: &str,
    row: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> (Vec<T>, Result<(), StoreError>) {
    let mut found = Vec::new();
    let mut read = || -> Result<(), StoreError> {
        let mut query = db.prepare(sql)?;
        let mut all = query.query([])?;
        while let Some(one) = all.next()? {
            found.push(row(one)?);
        }
        Ok(())
    };
    let end = read();
    (found, end)
}

/// Has both ends of a pair known, as out of sight, so that what a look at them finds has its place.
fn await_both(db: &Transaction<'_>, sync: i64, zoho: &str, google: &str) -> Result<(), StoreError> {
    let found = db
        .prepare_cached("SELECT ledger, module FROM sync WHERE id = ?1")?
        .query_row([sync], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))
        .optional()?;
    let Some((ledger, module)) = found else { return Ok(()) };
    await_one(db, ledger, &module, zoho)?;
    await_one(db, ledger, "google", google)
}

impl Decided {
    /// What stands in a database.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub(super) fn of(db: &Connection) -> Result<Decided, StoreError> {
        let (found, end) = Decided::readable(db);
        end.map(|()| found)
    }

    /// What can still be read of a damaged database, and whether that is everything.
    pub(super) fn left_in(aside: &Path) -> (Decided, bool) {
        let Ok(old) = damage::open(aside) else { return (Decided::default(), false) };
        let (found, end) = Decided::readable(&old);
        (found, end.is_ok())
    }

    fn readable(db: &Connection) -> (Decided, Result<(), StoreError>) {
        let (apart, apart_end) = readable(
            db,
            &format!(
                "SELECT sync, zoho_id, google_id, CASE state WHEN 'live' THEN asleep END FROM link
                 WHERE {} AND (state = 'stopped'
                     OR (asleep IS NOT NULL AND asleep <> '\"left_out\"'))",
                rows::LINK.sound("")
            ),
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        );
        let (left_out, left_out_end) = readable(db, "SELECT sync, side, id FROM left_out", |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        });
        let (separate, separate_end) = readable(
            db,
            &format!(
                "SELECT sync, key, question FROM review
                 WHERE {} AND chosen = 'separate' AND open = 0",
                rows::REVIEW.sound("")
            ),
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        );
        let end = apart_end.and(left_out_end).and(separate_end);
        (Decided { apart, left_out, separate }, end)
    }

    /// Puts them into a new database, beside those that are there. A pair whose loss is asked about is looked
    /// at again; what it said last is not known any more, so no value of it passes for the newer one.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub(super) fn restore(&self, db: &Transaction<'_>) -> Result<(), StoreError> {
        for (sync, zoho, google, suspended) in &self.apart {
            db.prepare_cached(
                "INSERT OR IGNORE INTO link (sync, zoho_id, google_id, base_zoho, base_google, fresh,
                     reason, state, asleep, doubted)
                 SELECT ?1, ?2, ?3, '{}', '{}', ?4 IS NOT NULL, '',
                     CASE WHEN ?4 IS NULL THEN 'stopped' ELSE 'live' END, ?4, ?4 IS NOT NULL
                 WHERE EXISTS (SELECT 1 FROM sync WHERE id = ?1)",
            )?
            .execute(params![sync, zoho, google, suspended])?;
            if suspended.is_some() {
                await_both(db, *sync, zoho, google)?;
            }
        }
        for (sync, side, id) in &self.left_out {
            db.prepare_cached(
                "INSERT OR IGNORE INTO left_out (sync, side, id)
                 SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM sync WHERE id = ?1)",
            )?
            .execute(params![sync, side, id])?;
        }
        for (sync, key, question) in &self.separate {
            db.prepare_cached(
                "INSERT OR IGNORE INTO review (sync, key, question, chosen, open)
                 SELECT ?1, ?2, ?3, 'separate', 0 WHERE EXISTS (SELECT 1 FROM sync WHERE id = ?1)",
            )?
            .execute(params![sync, key, question])?;
        }
        Ok(())
    }
}
