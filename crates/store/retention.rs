//! What has been kept long enough goes: runs with what they wrote, and the copies of contacts that were
//! deleted. The run during which something happened tells its age, whatever the clock said then.

use renraku_core::timestamp::Timestamp;
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};

use crate::{Store, StoreError};

/// The setting that holds [`Look`].
const LOOK: &str = "retention";

/// So many of the newest runs stay, whatever their age.
const NEWEST: u32 = 10;

/// So many runs and so many copies go in one transaction: nobody waits for it.
const RUNS: u32 = 5;
const COPIES: u32 = 200;

/// When it was last looked for what has been kept long enough, and what was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// When that was.
    pub at: Timestamp,
    /// The newest run that has been kept long enough; 0 where none has.
    pub run: i64,
}

impl Store {
    /// The last look.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn look(&self) -> Result<Option<Look>, StoreError> {
        // One that cannot be read is one that never was.
        Ok(self.setting(LOOK)?.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Notes a look.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn put_look(&self, look: Look) -> Result<(), StoreError> {
        let text = serde_json::to_string(&look)?;
        self.write(|db| {
            db.prepare_cached("INSERT OR REPLACE INTO setting (key, value) VALUES (?1, ?2)")?
                .execute([LOOK, text.as_str()])?;
            Ok(())
        })
    }

    /// The runs that could go, oldest first, each with the time that it says of itself. A run that is
    /// under way, or with a write of unknown outcome, ends the list.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn old_runs(&self) -> Result<Vec<(i64, Option<Timestamp>)>, StoreError> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT id, coalesce(json_extract(report, '$.finished_at'),
                     json_extract(report, '$.started_at')),
                     open = 1 OR EXISTS (SELECT 1 FROM journal WHERE journal.run = run.id)
                 FROM run
                 WHERE id NOT IN (SELECT id FROM run ORDER BY id DESC LIMIT ?1) ORDER BY id",
            )?;
            let mut rows = query.query([NEWEST])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                if row.get(2)? {
                    break;
                }
                let time: Option<String> = row.get(1)?;
                found.push((row.get(0)?, time.and_then(|text| text.parse().ok())));
            }
            Ok(found)
        })
    }

    /// Forgets a few of the runs up to this one, each as a whole, and a few of the copies of contacts
    /// that were found deleted by then. What a pair still waits with for the person stays.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn expire(&self, run: i64) -> Result<(), StoreError> {
        let any = self.read(|db| {
            let sql = "SELECT 1 FROM run WHERE id <= ?1 UNION ALL
                 SELECT 1 FROM mirror WHERE gone_in <= ?1 LIMIT 1";
            Ok(db.prepare_cached(sql)?.query_row([run], |_| Ok(())).optional()?.is_some())
        })?;
        if !any {
            return Ok(());
        }
        self.write(|db| {
            let old = "SELECT id FROM run WHERE id <= ?1 ORDER BY id LIMIT ?2";
            db.execute(&format!("DELETE FROM change WHERE run IN ({old})"), params![run, RUNS])?;
            db.execute(&format!("DELETE FROM run WHERE id IN ({old})"), params![run, RUNS])?;
            db.execute(
                "UPDATE mirror SET raw = '{}', version = '', traces = '{}', gone_in = NULL,
                     sum = checksum(id, '', modified, '{}', '{}', state, survivor, scopes, fence, seen)
                 WHERE rowid IN (
                     SELECT m.rowid FROM mirror m WHERE m.gone_in <= ?1 AND NOT EXISTS (
                         SELECT 1 FROM sync s JOIN link l ON l.sync = s.id
                         WHERE s.ledger = m.ledger AND l.state = 'live'
                             AND ((m.place = 'google' AND l.google_id = m.id)
                                 OR (m.place = s.module AND l.zoho_id = m.id)))
                     LIMIT ?2)",
                params![run, COPIES],
            )?;
            Ok(())
        })
    }
}
