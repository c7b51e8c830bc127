//! `run` and `change`: what was done, when and why.

use renraku_core::contact::{Pair, RecordId, Side};
use renraku_core::message::Message;
use renraku_core::plan::{FieldNote, Why};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use crate::run::{OperationKind, Outcome, Run, Tally};
use crate::{Store, StoreError, damage, rows};

/// One run.
#[derive(Debug, Clone, PartialEq)]
pub struct RunRow {
    /// The report, with the run's number.
    pub report: Run,
    /// The run it undoes.
    pub undoes: Option<i64>,
}

/// What a run wrote to one contact on one side.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeRow {
    /// The side that was written.
    pub side: Side,
    /// What was done.
    pub kind: OperationKind,
    /// The contact's name at the time.
    pub contact: String,
    /// The Zoho record.
    pub zoho_id: Option<String>,
    /// The Google person.
    pub google_id: Option<String>,
    /// Why.
    pub why: Why,
    /// The fields.
    pub fields: Vec<FieldNote>,
    /// The label that the person was added to.
    pub label: Option<String>,
}

impl ChangeRow {
    /// The written contact's id.
    #[must_use]
    pub fn id(&self) -> Option<&String> {
        match self.side {
            Side::Zoho => self.zoho_id.as_ref(),
            Side::Google => self.google_id.as_ref(),
        }
    }
}

pub(super) fn document<T: serde::de::DeserializeOwned>(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, error.into())
    })
}

/// A report as it is stored: with its message as data, so that it can be read in any language.
#[derive(Serialize, Deserialize)]
pub(super) struct Stored<R> {
    #[serde(flatten)]
    report: R,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    said: Option<Message>,
    /// How many changes it had when it was saved last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) changes: Option<u32>,
}

fn stored(report: &Run, changes: Option<u32>) -> Result<String, StoreError> {
    Ok(serde_json::to_string(&Stored { report, said: report.said.clone(), changes })?)
}

/// How many changes a run has.
pub(super) fn count_changes(db: &Connection, run: i64) -> Result<u32, StoreError> {
    let sql = "SELECT count(*) FROM change WHERE run = ?1";
    Ok(db.prepare_cached(sql)?.query_row([run], |row| row.get(0))?)
}

/// What a run wrote, in the order of the writes, found in this way.
pub(super) fn changes_in(
    db: &Connection,
    run: i64,
    way: &str,
) -> Result<Vec<ChangeRow>, StoreError> {
    let columns = change_columns();
    let sql = format!("SELECT {columns} FROM change c {way} WHERE run = ?1 ORDER BY id");
    let mut query = db.prepare_cached(&sql)?;
    Ok(query.query_map([run], change_row)?.collect::<Result<_, _>>()?)
}

/// The columns that [`run_row`] reads, of the table called `r`.
fn run_columns() -> String {
    format!("r.id, r.report, r.undoes, {}", rows::RUN.sound("r."))
}

fn run_row(row: &Row<'_>) -> rusqlite::Result<RunRow> {
    run_at(row, 0)
}

/// A run whose columns begin here.
fn run_at(row: &Row<'_>, first: usize) -> rusqlite::Result<RunRow> {
    damage::checked(row, first + 3)?;
    let Stored { mut report, said, .. }: Stored<Run> = document(row, first + 1)?;
    report.said = said;
    report.run = row.get(first)?;
    let undoes: Option<i64> = row.get(first + 2)?;
    report.undo = undoes.is_some();
    Ok(RunRow { report, undoes })
}

/// The columns that [`change_row`] reads, of the table called `c`.
fn change_columns() -> String {
    let sound = rows::CHANGE.sound("c.");
    format!("c.side, c.kind, c.contact, c.zoho_id, c.google_id, c.why, c.fields, c.label, {sound}")
}

/// How many columns these are.
const WIDTH: usize = 9;

fn change_row(row: &Row<'_>) -> rusqlite::Result<ChangeRow> {
    damage::checked(row, WIDTH - 1)?;
    let side: String = row.get(0)?;
    Ok(ChangeRow {
        side: if side == "zoho" { Side::Zoho } else { Side::Google },
        kind: document(row, 1)?,
        contact: row.get(2)?,
        zoho_id: row.get(3)?,
        google_id: row.get(4)?,
        why: document(row, 5)?,
        fields: document(row, 6)?,
        label: row.get(7)?,
    })
}

/// How many contacts a run has written on a side so far.
fn written(db: &Connection, run: i64, side: Side) -> Result<Tally, StoreError> {
    let mut query = db.prepare_cached(
        "SELECT kind, COUNT(DISTINCT CASE side WHEN 'zoho' THEN zoho_id ELSE google_id END)
         FROM change WHERE run = ?1 AND side = ?2 AND why <> '\"handed_on\"' GROUP BY kind",
    )?;
    let mut rows = query.query(params![run, side.name()])?;
    let mut tally = Tally::default();
    while let Some(row) = rows.next()? {
        let count = match document(row, 0)? {
            OperationKind::Create => &mut tally.created,
            OperationKind::Update => &mut tally.updated,
            OperationKind::Delete => &mut tally.deleted,
        };
        *count = row.get(1)?;
    }
    Ok(tally)
}

impl Store {
    /// Whether a run changed this contact already.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn is_changed(db: &Connection, run: i64, side: Side, id: &str) -> Result<bool, StoreError> {
        let column = if side == Side::Zoho { "zoho_id" } else { "google_id" };
        let sql = format!("SELECT 1 FROM change WHERE run = ?1 AND side = ?2 AND {column} = ?3");
        Ok(db.prepare_cached(&sql)?.exists(params![run, side.name(), id])?)
    }

    /// Begins a run; its number is never used again.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn begin_run(
        &self,
        sync: i64,
        report: &Run,
        undoes: Option<i64>,
    ) -> Result<i64, StoreError> {
        self.write(|db| {
            db.execute(
                "INSERT INTO run (sync, report, undoes, sum)
                 VALUES (?1, ?2, ?3, checksum(?1, ?2, 1, ?3))",
                params![sync, stored(report, None)?, undoes],
            )?;
            Ok(db.last_insert_rowid())
        })
    }

    /// Closes the runs that were cut off, with what they wrote until then and a sentence that says
    /// so. Called inside the run slot, where no other run can be under way.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn end_interrupted(&self, said: impl Fn(&Run) -> Message) -> Result<(), StoreError> {
        self.write(|db| {
            let sql = format!("SELECT {} FROM run r WHERE open = 1", run_columns());
            let mut query = db.prepare_cached(&sql)?;
            let cut: Vec<RunRow> = query.query_map([], run_row)?.collect::<Result<_, _>>()?;
            for RunRow { mut report, .. } in cut {
                let run = i64::from(report.run);
                report.zoho = written(db, run, Side::Zoho)?;
                report.google = written(db, run, Side::Google)?;
                report.outcome = Outcome::Failed;
                report.said = Some(said(&report));
                Store::report_run(db, run, &report, false)?;
            }
            Ok(())
        })
    }

    /// Counts what a run that is over has written: something of it was found done since.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn count_again(db: &Connection, run: i64) -> Result<(), StoreError> {
        let sql = format!("SELECT {} FROM run r WHERE id = ?1 AND open = 0", run_columns());
        let mut query = db.prepare_cached(&sql)?;
        let Some(RunRow { mut report, .. }) = query.query_row([run], run_row).optional()? else {
            return Ok(());
        };
        for (side, tally) in [(Side::Zoho, &mut report.zoho), (Side::Google, &mut report.google)] {
            *tally = Tally { requests: tally.requests, ..written(db, run, side)? };
        }
        Store::report_run(db, run, &report, false)
    }

    /// Saves a run's report; `open` while it is under way.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn report_run(
        db: &Connection,
        run: i64,
        report: &Run,
        open: bool,
    ) -> Result<(), StoreError> {
        db.prepare_cached(
            "UPDATE run SET report = ?2, open = ?3, sum = checksum(sync, ?2, ?3, undoes)
             WHERE id = ?1",
        )?
        .execute(params![run, stored(report, Some(count_changes(db, run)?))?, open])?;
        Ok(())
    }

    /// The newest so many runs that are over, newest first.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn runs(&self, so_many: u32) -> Result<Vec<RunRow>, StoreError> {
        self.read(|db| {
            let sql = format!(
                "SELECT {} FROM run r WHERE open = 0 ORDER BY id DESC LIMIT ?1",
                run_columns()
            );
            let mut query = db.prepare_cached(&sql)?;
            let rows = query.query_map([so_many], run_row)?.collect::<Result<_, _>>()?;
            Ok(rows)
        })
    }

    /// One run by its number.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn run(&self, id: i64) -> Result<Option<RunRow>, StoreError> {
        self.read(|db| {
            let sql = format!("SELECT {} FROM run r WHERE id = ?1", run_columns());
            let mut query = db.prepare_cached(&sql)?;
            Ok(query.query_row([id], run_row).optional()?)
        })
    }

    /// The newest run of a sync that is over.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn last_run(&self, sync: i64) -> Result<Option<Run>, StoreError> {
        self.read(|db| {
            let sql = format!(
                "SELECT {} FROM run r WHERE sync = ?1 AND open = 0 ORDER BY id DESC LIMIT 1",
                run_columns()
            );
            let mut query = db.prepare_cached(&sql)?;
            Ok(query.query_row([sync], run_row).optional()?.map(|row| row.report))
        })
    }

    /// Notes what was written to one contact.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn note_change(db: &Connection, run: i64, change: &ChangeRow) -> Result<(), StoreError> {
        db.prepare_cached(
            "INSERT INTO change
                 (run, side, kind, contact, zoho_id, google_id, why, fields, label, sum)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,
                 checksum(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9))",
        )?
        .execute(params![
            run,
            change.side.name(),
            serde_json::to_string(&change.kind)?,
            change.contact,
            change.zoho_id,
            change.google_id,
            serde_json::to_string(&change.why)?,
            serde_json::to_string(&change.fields)?,
            change.label
        ])?;
        Ok(())
    }

    /// The contact that an undo made again in the place of a deleted one, by the end that the pair
    /// lost before; the newest where there are several.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn made_again(
        db: &Connection,
        sync: i64,
        side: Side,
        lost: &str,
    ) -> Result<Option<String>, StoreError> {
        let (made, by) = match side {
            Side::Zoho => ("zoho_id", "google_id"),
            Side::Google => ("google_id", "zoho_id"),
        };
        let sql = format!(
            "SELECT c.{made}, {} FROM change c JOIN run r ON r.id = c.run
             WHERE r.sync = ?1 AND c.side = ?2 AND c.{by} = ?3 AND c.kind = ?4 AND c.why = ?5
             ORDER BY c.id DESC",
            rows::CHANGE.sound("c.")
        );
        let kind = serde_json::to_string(&OperationKind::Create)?;
        let why = serde_json::to_string(&Why::Undo)?;
        Ok(db
            .prepare_cached(&sql)?
            .query_row(params![sync, side.name(), lost, kind, why], |row| {
                damage::checked(row, 1)?;
                row.get(0)
            })
            .optional()?)
    }

    /// What a run wrote, in the order of the writes.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn changes(&self, run: i64) -> Result<Vec<ChangeRow>, StoreError> {
        self.read(|db| changes_in(db, run, ""))
    }

    /// What was written to a contact, by either of its ids, newest first, with the run that wrote it.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn changes_about(
        db: &Connection,
        sync: i64,
        ids: &Pair<Option<RecordId>>,
    ) -> Result<Vec<(Run, ChangeRow)>, StoreError> {
        let sql = format!(
            "SELECT {}, {} FROM change c JOIN run r ON r.id = c.run
             WHERE r.sync = ?1 AND r.open = 0 AND (c.zoho_id = ?2 OR c.google_id = ?3)
             ORDER BY c.run DESC, c.id",
            change_columns(),
            run_columns()
        );
        let mut query = db.prepare_cached(&sql)?;
        let mut rows = query.query(params![sync, ids.zoho, ids.google])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push((run_at(row, WIDTH)?.report, change_row(row)?));
        }
        Ok(found)
    }

    /// The runs with a change that `is_meant`, newest first.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn runs_with(&self, is_meant: impl Fn(&ChangeRow) -> bool) -> Result<Vec<u32>, StoreError> {
        self.read(|db| {
            let sql = format!("SELECT {}, run FROM change c ORDER BY run DESC", change_columns());
            let mut query = db.prepare_cached(&sql)?;
            let mut rows = query.query([])?;
            let mut found: Vec<u32> = Vec::new();
            while let Some(row) = rows.next()? {
                let run = row.get(WIDTH)?;
                if found.last() != Some(&run) && is_meant(&change_row(row)?) {
                    found.push(run);
                }
            }
            Ok(found)
        })
    }
}
