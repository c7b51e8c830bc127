//! The local database: the only room with a connection. Each table's SQL, row type and tests live
//! in one file.
//!
//! Invariants. The ledger never claims more than was heard. A page of a read, a batch's outcomes
//! and a plan's ledger updates each go in one transaction. A newer database is refused; a damaged one is
//! set aside under another name, never deleted.

mod activity;
mod anew;
mod astray;
mod awake;
mod cause;
mod changes;
mod counts;
mod cursors;
mod damage;
mod decided;
mod dirty;
mod error;
mod essentials;
mod evidence;
pub mod forget;
mod generation;
mod history;
mod journal;
mod left_out;
mod links;
mod listed;
mod listing;
mod look;
mod mirror;
mod pages;
mod place;
pub mod private;
mod questions;
mod retention;
mod review;
mod rows;
pub mod run;
mod seal;
mod settings;
mod shown;
mod unreadable;
mod upgrade;
mod whole;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, TryLockError};

use rusqlite::{Connection, Transaction};

/// The open database, as every statement takes it.
pub use rusqlite::Connection as Db;

use anew::{begin_anew, find_again, is_lost};
use damage::{Identity, Sign};
use essentials::Essentials;

pub use activity::{Day, Span};
pub use cause::Cause;
pub use cursors::fields_feed;
pub use error::StoreError;
pub use evidence::Traces;
pub use generation::{Anew, Kept};
pub use history::ChangeRow;
pub use journal::JournalRow;
pub use links::{Base, LinkRow, NewLink};
pub use listed::ListedRow;
pub use listing::{ContactFilter, Listing};
pub use mirror::{MirrorRow, Reading, State};
pub use place::Place;
pub use retention::Look;
pub use review::{ReviewRow, SCOPE_KEY};
pub use settings::{Standing, SyncRow};
pub use shown::ShownRow;

/// The setting that holds what the data folder is called in the keychain.
pub const KEYCHAIN_NAME: &str = "keychain.name";
/// The setting that names the damaged database which was set aside, until a run has completed since.
const SET_ASIDE: &str = "damaged_database";
/// The setting that tells what the new one took over, as long.
const KEPT: &str = "damaged_kept";

/// What part of a database has to be free for its room to be given back: a fourth.
const MUCH_ROOM: i64 = 4;

/// The file in a data folder whose lock is the only run slot.
///
/// # Errors
/// Where it cannot be opened.
pub fn slot_file(folder: &Path) -> std::io::Result<fs::File> {
    private::open(&folder.join("run.lock"))
}

/// A connection and the file that it is to.
struct Open {
    connection: Connection,
    file: Identity,
}

/// The open database.
pub struct Store {
    folder: PathBuf,
    file: PathBuf,
    writer: Mutex<Open>,
    /// The connection of the next look, while no look has it; a look beside another opens its own.
    /// So what the window asks waits neither for a run's writes nor for its looks.
    idle: Mutex<Option<Open>>,
    /// Whether a damage was met that could not be dealt with at once.
    damaged: AtomicBool,
}

impl Store {
    /// Opens the database in this folder, making both where they are missing, readable by their
    /// owner alone. A damaged one is set aside.
    ///
    /// # Errors
    /// [`StoreError::Newer`] for a database of a later version; [`StoreError::Damaged`] for a damaged
    /// one while somebody's run holds it.
    pub fn open(folder: &Path) -> Result<Store, StoreError> {
        private::folder(folder)?;
        private::shut_all(forget::everything(folder));
        let file = folder.join("renraku.db");
        if is_lost(&file) {
            find_again(folder, &file)?;
        }
        let writer = match open_file(&file) {
            Err(error) if is_damage(&file, &error) => begin_anew(folder, &file)?,
            result => result?,
        };
        let store = Store {
            folder: folder.to_owned(),
            file,
            writer: Mutex::new(writer),
            idle: Mutex::new(None),
            damaged: AtomicBool::new(false),
        };
        // What the program cannot start without is looked at first: a damage there is dealt with now.
        let copied = Essentials::copy(folder).is_some_and(|copy| copy.decided.is_some());
        if store.read(Essentials::of).is_ok() && !copied {
            store.keep_essentials();
        }
        Ok(store)
    }

    /// Runs `work` in one transaction, committed where it succeeds and rolled back otherwise.
    ///
    /// # Errors
    /// What `work` or SQLite answers; [`StoreError::Damaged`] where that means a damage.
    pub fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.mend();
        let result = self.transact(work);
        result.map_err(|error| self.looked_into(error))
    }

    /// A number that changes with every change of the database that somebody else makes: another
    /// process, or another store on the same folder.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn state(&self) -> Result<i64, StoreError> {
        let writer = lock(&self.writer);
        Ok(writer.connection.query_row("PRAGMA data_version", [], |row| row.get(0))?)
    }

    /// As [`Store::write`], for what is to survive a damage: settings, accounts and syncs.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn write_kept<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let value = self.write(work)?;
        self.keep_essentials();
        Ok(value)
    }

    fn keep_essentials(&self) {
        // The copy is a precaution: what was asked for is done without it too.
        if let Err(error) = self.read(Essentials::of).and_then(|all| all.keep(&self.folder)) {
            tracing::warn!(%error, "the copy of the settings could not be written");
        }
    }

    fn transact<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut writer = lock(&self.writer);
        if writer.file != Identity::of(&self.file) {
            // Another process set the database aside.
            *writer = open_file(&self.file)?;
        }
        let transaction = writer
            .connection
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        seal::check(&transaction)?;
        let value = work(&transaction)?;
        seal::renew(&transaction)?;
        transaction.commit()?;
        Ok(value)
    }

    /// As [`Store::write`], and nothing of what `work` replaces stays in the files, neither in the
    /// database nor in its log.
    ///
    /// # Errors
    /// What `work` or SQLite answers.
    pub fn wiping<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let done = self.write_kept(work);
        // Another reader may hold the log back: then it is emptied by a later one.
        let emptied =
            lock(&self.writer)
                .connection
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        done.and_then(|value| emptied.map(|()| value).map_err(StoreError::from))
    }

    /// Gives room that is not needed any more back to the disk, where nobody else is at work. Of a database that
    /// is mostly in use nothing is given back: that would copy it whole, and the room is used again.
    fn shrink(&self) {
        let writer = lock(&self.writer);
        let pages = |name: &str| -> rusqlite::Result<i64> {
            writer.connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))
        };
        let shrunk = || -> rusqlite::Result<()> {
            if pages("freelist_count")? * MUCH_ROOM > pages("page_count")? {
                writer.connection.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)")?;
            }
            Ok(())
        };
        if let Err(error) = shrunk() {
            tracing::debug!(%error, "the database stays as large as it is");
        }
    }

    /// Runs `work` on one unchanging view of the database, for reading.
    ///
    /// # Errors
    /// What `work` or SQLite answers; [`StoreError::Damaged`] where that means a damage.
    pub fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.mend();
        let look = || -> Result<T, StoreError> {
            let file = Identity::of(&self.file);
            let idle = lock(&self.idle).take().filter(|open| open.file == file);
            let mut open = match idle {
                Some(open) => open,
                None => {
                    let connection = connect(&self.file)?;
                    connection.pragma_update(None, "query_only", "ON")?;
                    Open { connection, file }
                }
            };
            let result = open
                .connection
                .transaction()
                .map_err(StoreError::from)
                .and_then(|view| seal::check(&view).and_then(|()| work(&view)));
            *lock(&self.idle) = Some(open);
            result
        };
        look().map_err(|error| self.looked_into(error))
    }

    /// Deals with a damage that was met while a run held the database, now that it has ended.
    pub fn run_ended(&self) {
        self.mend();
        // What it decided about whom is to survive a damage too.
        self.keep_essentials();
    }

    /// What an error turns out to be: a damage is dealt with at once where nobody is at work.
    fn looked_into(&self, error: StoreError) -> StoreError {
        if !is_damage(&self.file, &error) {
            return error;
        }
        // A person reads the sentence about it; how it was met helps only who looks for the cause.
        tracing::debug!(%error, "the local database is damaged");
        self.damaged.store(true, Ordering::SeqCst);
        self.mend();
        StoreError::Damaged
    }

    /// Sets a damaged database aside and begins a new one, unless a run is under way: it is to end
    /// on the database that it began with. The next call tries again then.
    fn mend(&self) {
        if !self.damaged.load(Ordering::SeqCst) {
            return;
        }
        let mut writer = match self.writer.try_lock() {
            Ok(writer) => writer,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        if writer.file == Identity::of(&self.file) {
            lock(&self.idle).take();
            match begin_anew(&self.folder, &self.file) {
                Ok(open) => *writer = open,
                Err(error) => {
                    tracing::error!(%error, "the damaged database could not be set aside");
                    return;
                }
            }
        }
        self.damaged.store(false, Ordering::SeqCst);
    }
}

fn open_file(file: &Path) -> Result<Open, StoreError> {
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
    // What is deleted is overwritten.
    connection.pragma_update(None, "secure_delete", "ON")?;
    if version(&connection)? != upgrade::VERSION {
        let transaction =
            connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        // Asked again inside: another process may just have made the tables.
        let found = version(&transaction)?;
        upgrade::upgrade(&transaction, found)?;
        seal::renew(&transaction)?;
        transaction.commit()?;
    }
    Ok(Open { connection, file: Identity::of(file) })
}

/// Whether an error means that the database is damaged.
fn is_damage(file: &Path, error: &StoreError) -> bool {
    match damage::sign(error) {
        Sign::Damage => true,
        Sign::Odd => damage::is_found_damaged(file),
        Sign::Other => false,
    }
}

fn connect(file: &Path) -> Result<Connection, StoreError> {
    // What SQLite writes beside a database is as open to others as that is.
    drop(private::open(file).map_err(|error| {
        let full = error.kind() == std::io::ErrorKind::StorageFull;
        match !full && file.exists() {
            true => StoreError::Unreadable(error),
            false => StoreError::Folder(error),
        }
    })?);
    let connection = Connection::open(file)?;
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    // A look at 25,000 contacts stays in memory: 16 MiB, in KiB as SQLite wants it.
    connection.pragma_update(None, "cache_size", -16_384)?;
    connection.set_prepared_statement_cache_capacity(96);
    damage::teach(&connection)?;
    Ok(connection)
}

fn lock<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic while the lock was held cannot leave half a write: transactions roll back.
    what.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn version(db: &Connection) -> rusqlite::Result<i32> {
    db.query_row("PRAGMA user_version", [], |row| row.get(0))
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

    #[test]
    fn what_somebody_else_writes_is_noticed_and_what_is_written_here_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let [store, other] = [(); 2].map(|()| Store::open(folder.path()).expect("a database"));
        let before = store.state().expect("a look");
        store.put_setting("theme", "light").expect("a write");
        assert_eq!(store.state().expect("a look"), before, "its own write");
        other.put_setting("theme", "dark").expect("a write");
        assert_ne!(store.state().expect("a look"), before, "another's");
    }
}
