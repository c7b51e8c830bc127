//! The local database: the only room with a connection. Each table's SQL, row type and tests live
//! in one file.
//!
//! Invariants. The ledger never claims more than was heard. A page of a read, a batch's outcomes
//! and a plan's beliefs each go in one transaction. A newer database is refused; a corrupt one is
//! set aside under another name, never deleted.

mod cursors;
mod dirty;
mod evidence;
mod history;
mod journal;
mod links;
mod look;
mod mirror;
mod pages;
mod review;
mod settings;
mod shown;
mod unreadable;
mod upgrade;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use rusqlite::{Connection, Transaction};

pub(crate) use evidence::Traces;
pub(crate) use history::ChangeRow;
pub(crate) use journal::JournalRow;
pub(crate) use links::{Base, LinkRow, NewLink};
pub(crate) use mirror::{MirrorRow, Place, Reading, State};
pub(crate) use review::ReviewRow;
pub(crate) use settings::{Standing, SyncRow};
pub(crate) use shown::ShownRow;

/// Why the database could not be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// The folder or file cannot be made or opened.
    #[error("the data folder cannot be used: {0}")]
    Folder(#[from] std::io::Error),
    /// A newer Renraku wrote it.
    #[error(
        "the database was written by a newer version of Renraku (schema {found}, this version knows {known})"
    )]
    Newer {
        /// Found in the file.
        found: i32,
        /// What this program knows.
        known: i32,
    },
    /// SQLite refused.
    #[error("the database refused: {0}")]
    Sql(#[from] rusqlite::Error),
    /// A stored document cannot be read.
    #[error("a stored document cannot be read: {0}")]
    Document(#[from] serde_json::Error),
}

/// The open database.
pub(crate) struct Store {
    file: PathBuf,
    writer: Mutex<Connection>,
    /// The connection of the next look, while no look has it; a look beside another opens its own.
    /// So what the window asks waits neither for a run's writes nor for its looks.
    idle: Mutex<Option<Connection>>,
}

impl Store {
    /// Opens the database in this folder, making both where they are missing, readable by their
    /// owner alone.
    ///
    /// # Errors
    /// [`StoreError::Newer`] for a database of a later version; a corrupt file is set aside and a
    /// new one begun.
    pub(crate) fn open(folder: &Path) -> Result<Store, StoreError> {
        private_folder(folder)?;
        let file = folder.join("renraku.db");
        match Store::open_file(&file) {
            Err(StoreError::Sql(error)) if is_corrupt(&error) => {
                set_aside(&file)?;
                Store::open_file(&file)
            }
            result => result,
        }
    }

    fn open_file(file: &Path) -> Result<Store, StoreError> {
        let mut connection = connect(file)?;
        // A contact as its service gives it is about 2 KB: pages of 4 would hold one each. A database
        // that was made with those keeps them.
        connection.pragma_update(None, "page_size", 8_192)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // A long run writes the same pages again and again: they are carried over from the log less
        // often, each 32 MiB of it. Whatever was committed is on disk all the same.
        connection.pragma_update(None, "wal_autocheckpoint", 4_000)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        if version(&connection)? != upgrade::VERSION {
            let transaction =
                connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            // Asked again inside: another process may just have made the tables.
            let found = version(&transaction)?;
            upgrade::upgrade(&transaction, found)?;
            transaction.commit()?;
        }
        Ok(Store { file: file.to_owned(), writer: Mutex::new(connection), idle: Mutex::new(None) })
    }

    /// Runs `work` in one transaction, committed where it succeeds and rolled back otherwise.
    ///
    /// # Errors
    /// What `work` or SQLite answers.
    pub(crate) fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut connection = lock(&self.writer);
        let transaction =
            connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let value = work(&transaction)?;
        transaction.commit()?;
        Ok(value)
    }

    /// Runs `work` on one unchanging view of the database, for reading.
    ///
    /// # Errors
    /// What `work` or SQLite answers.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let idle = lock(&self.idle).take();
        let mut connection = match idle {
            Some(connection) => connection,
            None => {
                let connection = connect(&self.file)?;
                connection.pragma_update(None, "query_only", "ON")?;
                connection
            }
        };
        let result = connection.transaction().map_err(StoreError::from).and_then(|t| work(&t));
        *lock(&self.idle) = Some(connection);
        result
    }
}

fn connect(file: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(file)?;
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    // A look at 25,000 contacts stays in memory: 16 MiB, in KiB as SQLite wants it.
    connection.pragma_update(None, "cache_size", -16_384)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

fn lock<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic while the lock was held cannot leave half a write: transactions roll back.
    what.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn version(db: &Connection) -> rusqlite::Result<i32> {
    db.query_row("PRAGMA user_version", [], |row| row.get(0))
}

fn is_corrupt(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase)
    )
}

fn set_aside(file: &Path) -> Result<(), StoreError> {
    let free =
        (1..).map(|n| file.with_extension(format!("db.damaged-{n}"))).find(|path| !path.exists());
    if let Some(aside) = free {
        fs::rename(file, aside)?;
    }
    for tail in ["db-wal", "db-shm"] {
        let side_file = file.with_extension(tail);
        if side_file.exists() {
            fs::remove_file(side_file)?;
        }
    }
    Ok(())
}

fn private_folder(folder: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_waits_for_no_write_and_for_no_other_look() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).expect("a database");
        let seen = || store.setting("theme").expect("a look");
        store.put_setting("theme", "light").expect("a write");
        let ledger = store.ledger("org", "user", "google").expect("it is made");
        store
            .write(|db| {
                db.execute("UPDATE setting SET value = 'dark'", [])?;
                assert_eq!(seen().as_deref(), Some("light"), "what is not committed is not seen");
                assert_eq!(store.ledger("org", "user", "google")?, ledger, "known, so looked up");
                Ok(())
            })
            .expect("a write with a look inside");
        store
            .read(|db| {
                assert_eq!(seen().as_deref(), Some("dark"), "a look inside a look");
                assert!(
                    db.execute("UPDATE setting SET value = ''", []).is_err(),
                    "a look only looks"
                );
                Ok(())
            })
            .expect("a look");
    }
}
