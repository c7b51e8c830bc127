//! Checksums of rows: which tables keep one, over which columns, and what keeps it right.
//!
//! Whatever a write or a decision is planned from is guarded: a contact and what it is looked up by, a pair, a
//! question, a write under way, what was approved, what changed and what was done. The few rows that everything
//! hangs from have one checksum together ([`super::seal`]).
//!
//! A row that is missing, or an older one that the disk kept in the place of the newest, is right by itself. So
//! `total` has, of each table that a write is planned from, how many rows it has and the sum of their checksums:
//! it is kept in the transaction that changes a row, and it is sealed. History may miss rows: nobody's contact
//! hangs from it.
//!
//! Not guarded are what contacts are listed by and
//! whose names are to be listed anew (they are only shown, and made again from the mirror), and of a contact the
//! pass that saw it and the run that found it gone: who seems absent is looked at before that is believed.

use rusqlite::{Connection, Params, params};

use super::{StoreError, damage};

/// What brings a row's checksum up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    /// Whoever writes the row: for tables with many rows or with few statements that write them.
    Writer,
    /// Triggers, at the price of a second write a row.
    Triggers,
}

/// A table whose rows each carry a checksum, in their column `sum`.
pub(super) struct Rows {
    pub(super) table: &'static str,
    /// What the checksum is over.
    pub(super) columns: &'static [&'static str],
    by: By,
}

pub(super) const MIRROR: Rows = Rows {
    table: "mirror",
    columns: &[
        "id", "version", "modified", "raw", "traces", "state", "survivor", "scopes", "fence",
        "seen",
    ],
    by: By::Writer,
};

pub(super) const EVIDENCE: Rows = Rows {
    table: "evidence",
    columns: &["ledger", "place", "kind", "value", "id"],
    by: By::Writer,
};

pub(super) const UNLISTED: Rows =
    Rows { table: "unlisted", columns: &["ledger", "place", "id"], by: By::Writer };

pub(super) const DIRTY: Rows =
    Rows { table: "dirty", columns: &["sync", "side", "id"], by: By::Writer };

pub(super) const LINK: Rows = Rows {
    table: "link",
    columns: &[
        "id",
        "sync",
        "zoho_id",
        "google_id",
        "base_zoho",
        "base_google",
        "fresh",
        "reason",
        "state",
        "asleep",
        "flips",
        "entries",
        "doubted",
        "sent",
        "differs",
    ],
    by: By::Triggers,
};

pub(super) const JOURNAL: Rows = Rows {
    table: "journal",
    columns: &["run", "sync", "side", "step", "since", "at", "origin_side", "origin_id"],
    by: By::Writer,
};

pub(super) const REVIEW: Rows = Rows {
    table: "review",
    columns: &["id", "sync", "key", "question", "chosen", "open"],
    by: By::Triggers,
};

pub(super) const SHOWN: Rows =
    Rows { table: "shown", columns: &["sync", "writes", "approved"], by: By::Writer };

pub(super) const RUN: Rows =
    Rows { table: "run", columns: &["sync", "report", "open", "undoes"], by: By::Writer };

pub(super) const CHANGE: Rows = Rows {
    table: "change",
    columns: &["run", "side", "kind", "contact", "zoho_id", "google_id", "why", "fields", "label"],
    by: By::Writer,
};

/// Every table whose rows carry a checksum.
pub(super) const ALL: [&Rows; 10] =
    [&MIRROR, &EVIDENCE, &UNLISTED, &DIRTY, &LINK, &JOURNAL, &REVIEW, &SHOWN, &RUN, &CHANGE];

/// How a table's rows are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    /// Their number and the sum of their checksums, by triggers.
    Sum,
    /// The same, by whoever writes them: a trigger costs too much where one statement writes them all.
    SumByWriter,
    /// Their number alone, by triggers. A copy of a contact that is an older one is met with the version that
    /// its service does not take any more.
    Number,
}

/// The tables whose rows are counted; those with few rows come first.
pub(super) const COUNTED: [(&Rows, Counted); 7] = [
    (&DIRTY, Counted::Sum),
    (&JOURNAL, Counted::Sum),
    (&SHOWN, Counted::Sum),
    (&REVIEW, Counted::Sum),
    (&LINK, Counted::Sum),
    (&EVIDENCE, Counted::SumByWriter),
    (&MIRROR, Counted::Number),
];

/// Which tables are counted again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// What changed, what is under way and what waits: few rows, looked at by each run.
    Pending,
    /// Pairs and questions too.
    Pairs,
    /// And the contacts with what they are looked up by.
    All,
}

/// Goes on only where the tables have exactly the rows that were written there.
///
/// # Errors
/// [`damage::found`].
pub(super) fn complete(db: &Connection, which: Which) -> Result<(), StoreError> {
    let some = match which {
        Which::Pending => 3,
        Which::Pairs => 5,
        Which::All => COUNTED.len(),
    };
    COUNTED.iter().take(some).try_for_each(|(rows, by)| rows.complete(db, *by))
}

impl Rows {
    /// How many rows there are, and the sum of their checksums, where that is kept.
    fn count(&self, by: Counted) -> String {
        let sum = if by == Counted::Number { "0" } else { "coalesce(sum(sum), 0)" };
        format!("SELECT '{0}', count(*), {sum} FROM {0} NOT INDEXED", self.table)
    }

    /// Goes on only where the table has exactly the rows that were written there.
    fn complete(&self, db: &Connection, by: Counted) -> Result<(), StoreError> {
        let kept = "SELECT name, rows, sum FROM total";
        let sql = format!("SELECT EXISTS ({} INTERSECT {kept})", self.count(by));
        match db.prepare_cached(&sql)?.query_row([], |row| row.get(0))? {
            true => Ok(()),
            false => Err(damage::found(0).into()),
        }
    }

    /// Notes which rows a statement put in (`one` is 1) or took out (-1), whose checksums it returns.
    ///
    /// # Errors
    /// What SQLite answers.
    pub(super) fn counting(
        &self,
        db: &Connection,
        one: i64,
        returning: &str,
        named: impl Params,
    ) -> Result<(), StoreError> {
        let (mut rows, mut sum) = (0_i64, 0_i64);
        let mut statement = db.prepare_cached(returning)?;
        let mut sums = statement.query(named)?;
        while let Some(row) = sums.next()? {
            rows += one;
            sum += one * row.get::<_, i64>(0)?;
        }
        let change =
            "UPDATE total SET rows = rows + ?2, sum = sum + ?3 WHERE name = ?1 AND ?2 <> 0";
        db.prepare_cached(change)?.execute(params![self.table, rows, sum])?;
        Ok(())
    }

    /// Counts the table's rows, and makes the triggers that keep the count right.
    fn counts(&self, by: Counted) -> String {
        let table = self.table;
        let count = |name: &str, when: &str, change: &str| {
            format!(
                "DROP TRIGGER IF EXISTS {table}_{name};
                 CREATE TRIGGER {table}_{name} AFTER {when}
                 BEGIN UPDATE total SET {change} WHERE name = '{table}'; END;"
            )
        };
        let now = format!("INSERT OR REPLACE INTO total {};", self.count(by));
        let [insert, delete] = ["INSERT", "DELETE"].map(|what| format!("{what} ON {table}"));
        let update = format!("UPDATE OF sum ON {table} WHEN new.sum <> old.sum");
        let triggers = match by {
            Counted::SumByWriter => Vec::new(),
            Counted::Number => vec![
                count("added", &insert, "rows = rows + 1"),
                count("removed", &delete, "rows = rows - 1"),
            ],
            Counted::Sum => vec![
                count("added", &insert, "rows = rows + 1, sum = sum + new.sum"),
                count("removed", &delete, "rows = rows - 1, sum = sum - old.sum"),
                count("summed", &update, "sum = sum + new.sum - old.sum"),
            ],
        };
        now + &triggers.concat()
    }

    /// The checksum of a row, of the table that `prefix` names, where these columns get these values.
    pub(super) fn sum(&self, prefix: &str, changed: &[(&str, &str)]) -> String {
        let value = |column: &&'static str| {
            let new = changed.iter().find(|(name, _)| name == column);
            new.map_or_else(|| format!("{prefix}{column}"), |(_, value)| (*value).to_owned())
        };
        let values: Vec<String> = self.columns.iter().map(value).collect();
        format!("checksum({})", values.join(", "))
    }

    /// Whether a row is what was written there.
    pub(super) fn sound(&self, prefix: &str) -> String {
        format!("({prefix}sum = {})", self.sum(prefix, &[]))
    }

    /// Goes on only where every row of the table is what was written there, and what each belongs to is
    /// there too.
    ///
    /// # Errors
    /// [`damage::found`].
    pub(super) fn check(&self, db: &Connection) -> Result<(), StoreError> {
        let spoilt = format!("SELECT 1 FROM {} WHERE NOT {}", self.table, self.sound(""));
        let alone = format!("PRAGMA foreign_key_check({})", self.table);
        for sql in [spoilt, alone] {
            if db.prepare_cached(&sql)?.exists([])? {
                return Err(damage::found(0).into());
            }
        }
        Ok(())
    }

    /// The triggers of the table: a row that was damaged is not made whole by a change of it, and a
    /// checksum that is kept by triggers follows each change.
    fn triggers(&self) -> String {
        let Rows { table, columns, by } = self;
        let columns = columns.join(", ");
        let spoilt = format!(
            "DROP TRIGGER IF EXISTS {table}_spoilt;
             CREATE TRIGGER {table}_spoilt BEFORE UPDATE OF {columns} ON {table} WHEN NOT {}
             BEGIN SELECT RAISE(ABORT, 'not what was written there'); END;",
            self.sound("old.")
        );
        let kept = |name: &str, when: String| {
            format!(
                "DROP TRIGGER IF EXISTS {table}_{name};
                 CREATE TRIGGER {table}_{name} AFTER {when} ON {table}
                 BEGIN UPDATE {table} SET sum = {} WHERE id = new.id; END;",
                self.sum("", &[])
            )
        };
        match by {
            By::Writer => spoilt,
            By::Triggers => [
                spoilt,
                kept("made", "INSERT".to_owned()),
                kept("changed", format!("UPDATE OF {columns}")),
            ]
            .concat(),
        }
    }
}

/// Gives every table its triggers, in the place of those it had, and counts what it has.
///
/// # Errors
/// What SQLite answers.
pub(super) fn protect(db: &Connection) -> rusqlite::Result<()> {
    ALL.iter().try_for_each(|rows| db.execute_batch(&rows.triggers()))?;
    COUNTED.iter().try_for_each(|(rows, by)| db.execute_batch(&rows.counts(*by)))
}
