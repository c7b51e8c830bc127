//! What the runs of some days did, counted in one query.

use rusqlite::params;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::{Store, StoreError};

/// A day and the seconds from which to which it lasts; a day of a time zone need not have 24 hours.
pub type Span = (String, i64, i64);

/// What one day's runs did, in the person's own time zone.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
pub struct Day {
    /// The day, such as `2026-11-27`.
    pub date: String,
    /// Runs that began on it.
    pub runs: u32,
    /// Contacts that were added or changed, on both sides together.
    pub written: u32,
    /// Contacts that were deleted.
    pub deleted: u32,
    /// Contacts that an undo put back.
    pub undone: u32,
    /// Runs that failed.
    pub failed: u32,
    /// Runs that stopped for the person: a plan to approve, or many contacts that disappeared.
    pub held: u32,
}

impl Store {
    /// What the runs that began on each of these days did, in the order of the days; a run that said one
    /// of the messages `alarms` was one.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn activity(&self, days: &[Span], alarms: &[&str]) -> Result<Vec<Day>, StoreError> {
        let days = serde_json::to_string(days)?;
        let alarms = serde_json::to_string(alarms)?;
        self.read(|db| {
            let mut query = db.prepare_cached(
                "WITH day AS (
                     SELECT key AS place, value ->> 0 AS date, value ->> 1 AS begins,
                         value ->> 2 AS ends FROM json_each(?1)
                 ), done AS (
                     SELECT started, undoes IS NOT NULL AS undo,
                         report ->> '$.outcome' AS outcome,
                         ifnull(report ->> '$.said.id' IN
                             (SELECT value FROM json_each(?2)), 0) AS alarm,
                         -- A run that waits for an approval counts what it would write.
                         (report ->> '$.held' IS NULL)
                             * (ifnull(report ->> '$.zoho.created', 0)
                             + ifnull(report ->> '$.zoho.updated', 0)
                             + ifnull(report ->> '$.google.created', 0)
                             + ifnull(report ->> '$.google.updated', 0)) AS wrote,
                         (report ->> '$.held' IS NULL)
                             * (ifnull(report ->> '$.zoho.deleted', 0)
                             + ifnull(report ->> '$.google.deleted', 0)) AS deleted
                     FROM run WHERE open = 0
                 )
                 SELECT date, count(started),
                     ifnull(sum(wrote * (NOT undo)), 0), ifnull(sum(deleted * (NOT undo)), 0),
                     ifnull(sum((wrote + deleted) * undo), 0), ifnull(sum(outcome = 'failed'), 0),
                     ifnull(sum(outcome = 'held' OR (alarm AND outcome <> 'failed')), 0)
                 FROM day LEFT JOIN done ON started >= begins AND started < ends
                 GROUP BY place ORDER BY place",
            )?;
            let rows = query.query_map(params![days, alarms], |row| {
                Ok(Day {
                    date: row.get(0)?,
                    runs: row.get(1)?,
                    written: row.get(2)?,
                    deleted: row.get(3)?,
                    undone: row.get(4)?,
                    failed: row.get(5)?,
                    held: row.get(6)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}
