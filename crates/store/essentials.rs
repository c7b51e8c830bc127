//! What is needed to begin anew after a damage: the settings, the accounts, the syncs, and what was
//! decided about whom.
//!
//! They are few and are kept a second time, in a file beside the database that is written anew with
//! each change and after each run: a database that cannot be read any more costs nobody their settings.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;

use rusqlite::{Connection, Transaction, params};
use serde::{Deserialize, Serialize};

use super::decided::Decided;
use super::{StoreError, damage, private};

/// The name of the file beside the database.
pub(super) const FILE: &str = "settings-copy.json";

/// The rows of the small tables, as they are stored.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Essentials {
    settings: Vec<(String, String)>,
    /// Service, what was granted (tokens are in the keychain), where it stands.
    accounts: Vec<(String, String, i64)>,
    /// Number, organisation, Zoho user, Google account.
    ledgers: Vec<(i64, String, String, String)>,
    /// Number, ledger, module, setup, rules, whether it runs.
    syncs: Vec<(i64, i64, String, String, String, bool)>,
    /// Earlier versions kept none.
    #[serde(default)]
    pub(super) decided: Option<Decided>,
}

/// The file's content: the rows, and the checksum of their text.
#[derive(Serialize, Deserialize)]
struct Copy {
    sum: u32,
    text: String,
}

/// The rows of a table, as far as they can be read.
fn rows<T>(
    db: &Connection,
    sql: &str,
    row: impl Fn(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, StoreError> {
    let mut query = db.prepare_cached(sql)?;
    let rows = query.query_map([], row)?.collect::<Result<_, _>>()?;
    Ok(rows)
}

impl Essentials {
    /// What stands in a database.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub(super) fn of(db: &Connection) -> Result<Essentials, StoreError> {
        Ok(Essentials {
            settings: rows(db, "SELECT key, value FROM setting", |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?,
            accounts: rows(db, "SELECT service, grant_json, standing FROM account", |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?,
            ledgers: rows(db, "SELECT id, org, zoho_user, google FROM ledger", |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?,
            syncs: rows(db, "SELECT id, ledger, module, setup, rules, enabled FROM sync", |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
            })?,
            decided: Some(Decided::of(db)?),
        })
    }

    /// Whether anybody has signed in or set up a sync.
    pub(super) fn is_set_up(&self) -> bool {
        !self.accounts.is_empty() || !self.syncs.is_empty()
    }

    /// Keeps them beside the database, readable by their owner alone.
    ///
    /// # Errors
    /// Where the file cannot be written; the one that was there stays.
    pub(super) fn keep(&self, folder: &Path) -> Result<(), StoreError> {
        let text = serde_json::to_string(self)?;
        let text = serde_json::to_vec(&Copy { sum: crc32fast::hash(text.as_bytes()), text })?;
        if private::read(&folder.join(FILE)).is_ok_and(|old| old == text) {
            return Ok(());
        }
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(&text)?;
        file.as_file().sync_all()?;
        file.persist(folder.join(FILE)).map_err(|error| error.error)?;
        Ok(())
    }

    /// What was kept beside a database, else what can still be read of the damaged one.
    pub(super) fn kept(folder: &Path, aside: &Path) -> Option<Essentials> {
        Essentials::copy(folder).or_else(|| Essentials::of(&damage::open(aside).ok()?).ok())
    }

    /// What was kept beside a database, where it is what was written there.
    pub(super) fn copy(folder: &Path) -> Option<Essentials> {
        let bytes = private::read(&folder.join(FILE)).ok()?;
        match serde_json::from_slice::<Copy>(&bytes) {
            Ok(copy) if crc32fast::hash(copy.text.as_bytes()) == copy.sum => {
                serde_json::from_str(&copy.text).ok()
            }
            Ok(_) => None,
            // Earlier versions kept the rows as they are.
            Err(_) => serde_json::from_slice(&bytes).ok(),
        }
    }

    /// Whether they are kept beside the database.
    pub(super) fn are_kept(folder: &Path) -> bool {
        folder.join(FILE).exists()
    }

    /// Puts them into a new database, under the numbers they had. Each sync begins with a plan that is
    /// to be approved.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub(super) fn restore(&self, db: &Transaction<'_>) -> Result<(), StoreError> {
        for (key, value) in &self.settings {
            db.execute("INSERT INTO setting (key, value) VALUES (?1, ?2)", params![key, value])?;
        }
        for (service, grant, standing) in &self.accounts {
            db.execute(
                "INSERT INTO account (service, grant_json, standing) VALUES (?1, ?2, ?3)",
                params![service, grant, standing],
            )?;
        }
        for (id, org, user, google) in &self.ledgers {
            db.execute(
                "INSERT INTO ledger (id, org, zoho_user, google) VALUES (?1, ?2, ?3, ?4)",
                params![id, org, user, google],
            )?;
        }
        for (id, ledger, module, setup, rules, enabled) in &self.syncs {
            db.execute(
                "INSERT INTO sync (id, ledger, module, setup, rules, enabled)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![id, ledger, module, setup, rules, enabled],
            )?;
        }
        Ok(())
    }
}

/// What the data folder is called in the keychain, by a file that is no database any more: the digits that
/// stand behind the setting's name.
pub(super) fn keychain_name_in(file: &Path) -> Option<String> {
    const DIGITS: usize = 32;
    let key = super::KEYCHAIN_NAME.as_bytes();
    let file = fs::File::open(file).ok()?;
    let mut bytes = Vec::new();
    loop {
        let read = (&file).take(1024 * 1024).read_to_end(&mut bytes).ok()?;
        for (at, _) in bytes.windows(key.len()).enumerate().filter(|(_, window)| *window == key) {
            let name = bytes.get(at + key.len()..at + key.len() + DIGITS);
            if let Some(name) = name.filter(|name| name.iter().all(u8::is_ascii_hexdigit)) {
                return String::from_utf8(name.to_vec()).ok();
            }
        }
        if read == 0 {
            return None;
        }
        // What ends a piece may begin the name.
        let kept = bytes.len().min(key.len() + DIGITS);
        bytes.drain(..bytes.len() - kept);
    }
}
