//! `journal`: writes that were sent or are about to be. A row is on disk before its write leaves,
//! and goes only in the transaction that stores the outcome.

use std::collections::BTreeSet;

use renraku_core::contact::{Pair, RecordId, Side};
use renraku_core::mapping::Mapping;
use renraku_core::plan::{Step, Subject};
use rusqlite::{Connection, params};

use crate::{Store, StoreError, rows};

/// One write of unknown outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct JournalRow {
    /// Its number.
    pub id: i64,
    /// The run that meant it.
    pub run: i64,
    /// What was meant.
    pub step: Step,
    /// The written service's own newest time that was known before the send (RFC 3339), or empty.
    pub since: String,
    /// Wall-clock second of the intent.
    pub at: i64,
}

impl Store {
    /// Notes the intents of a batch.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn intend(
        db: &Connection,
        run: i64,
        sync: i64,
        steps: &[Step],
        since: &str,
        at: i64,
    ) -> Result<Vec<i64>, StoreError> {
        let mut insert = db.prepare_cached(
            "INSERT INTO journal (run, sync, side, step, since, at, origin_side, origin_id, sum)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, checksum(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8))",
        )?;
        let mut ids = Vec::with_capacity(steps.len());
        for step in steps {
            let origin: Option<(Side, &RecordId)> = match &step.subject {
                Subject::Origin(side, id) => Some((*side, id)),
                Subject::Link(_) | Subject::Match(_) => None,
            };
            insert.execute(params![
                run,
                sync,
                step.side.name(),
                serde_json::to_string(step)?,
                since,
                at,
                origin.map(|(side, _)| side.name()),
                origin.map(|(_, id)| id)
            ])?;
            ids.push(db.last_insert_rowid());
        }
        Ok(ids)
    }

    /// Takes a row out, in the transaction that stores its outcome.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn settle_row(db: &Connection, id: i64) -> Result<(), StoreError> {
        db.prepare_cached("DELETE FROM journal WHERE id = ?1")?.execute([id])?;
        Ok(())
    }

    /// All writes of unknown outcome of a sync, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn unfinished(&self, sync: i64) -> Result<Vec<JournalRow>, StoreError> {
        self.read(|db| {
            rows::JOURNAL.check(db)?;
            let mut query = db.prepare_cached(
                "SELECT id, run, step, since, at FROM journal WHERE sync = ?1 ORDER BY id",
            )?;
            let rows = query.query_map([sync], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?, row.get(3)?, row.get(4)?))
            })?;
            rows.map(|row| {
                let (id, run, step, since, at) = row?;
                Ok(JournalRow { id, run, step: serde_json::from_str(&step)?, since, at })
            })
            .collect()
        })
    }

    /// Brings the writes of unknown outcome to another mapping, so that what is learned from them is
    /// learned of the rows that they were about.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn move_journal(
        db: &Connection,
        sync: i64,
        old: &Mapping,
        new: &Mapping,
    ) -> Result<(), StoreError> {
        let mut query = db.prepare_cached("SELECT id, step FROM journal WHERE sync = ?1")?;
        let rows = query.query_map([sync], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)))?;
        let rows = rows.collect::<Result<Vec<(i64, String)>, _>>()?;
        let place = |rule: usize| {
            let rule = old.rules().get(rule)?;
            new.row(&rule.zoho, &rule.google)
        };
        for (id, step) in rows {
            let step: Step = serde_json::from_str(&step)?;
            let step = step.moved_to(new.rules().len(), place);
            db.prepare_cached(
                "UPDATE journal SET step = ?2,
                     sum = checksum(run, sync, side, ?2, since, at, origin_side, origin_id)
                 WHERE id = ?1",
            )?
            .execute(params![id, serde_json::to_string(&step)?])?;
        }
        Ok(())
    }

    /// Writes that seem to have been sent later than `now` were sent by then.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn sent_by_now(&self, sync: i64, now: i64) -> Result<(), StoreError> {
        self.write(|db| {
            db.prepare_cached(
                "UPDATE journal SET at = ?2,
                     sum = checksum(run, sync, side, step, since, ?2, origin_side, origin_id)
                 WHERE sync = ?1 AND at > ?2",
            )?
            .execute((sync, now))?;
            Ok(())
        })
    }

    /// The pairs one end of which may just have been made again: a create of unknown outcome.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn unsure_links(db: &Connection, sync: i64) -> Result<Pair<BTreeSet<i64>>, StoreError> {
        rows::JOURNAL.check(db)?;
        let mut query = db.prepare_cached(
            "SELECT side = 'zoho', json_extract(step, '$.subject.link') FROM journal
             WHERE sync = ?1 AND json_extract(step, '$.subject.link') IS NOT NULL
               AND json_extract(step, '$.verb.create') IS NOT NULL",
        )?;
        let mut found = Pair::<BTreeSet<i64>>::default();
        let mut rows = query.query([sync])?;
        while let Some(row) = rows.next()? {
            let side = if row.get(0)? { Side::Zoho } else { Side::Google };
            found[side].insert(row.get(1)?);
        }
        Ok(found)
    }

    /// The contacts for which a create has an unknown outcome.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn unsure(db: &Connection, sync: i64) -> Result<Pair<BTreeSet<RecordId>>, StoreError> {
        rows::JOURNAL.check(db)?;
        let mut query = db.prepare_cached(
            "SELECT origin_side = 'zoho', origin_id FROM journal
             WHERE sync = ?1 AND origin_id IS NOT NULL",
        )?;
        let mut found = Pair::<BTreeSet<RecordId>>::default();
        let mut rows = query.query([sync])?;
        while let Some(row) = rows.next()? {
            let side = if row.get(0)? { Side::Zoho } else { Side::Google };
            found[side].insert(row.get(1)?);
        }
        Ok(found)
    }
}
