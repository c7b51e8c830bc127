//! The files of the database go, and a new, empty one takes its place.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use renraku_core::contact::Side;
use rusqlite::{Connection, params};

use crate::{Standing, Store, StoreError, damage, essentials, lock, open_file, seal};

/// What stays known in the new database, so that it can be tried again to be rid of it.
#[derive(Debug, Default)]
pub struct Remains {
    /// Settings, and their values.
    pub settings: Vec<(String, String)>,
    /// Accounts whose access is still to be taken back, and what was granted.
    pub accounts: Vec<(Side, serde_json::Value)>,
}

/// The database.
const FILE: &str = "renraku.db";

/// What a database begins with.
const HEAD: &[u8; 16] = b"SQLite format 3\0";

/// What a temporary file's name begins with, ours and those of the libraries that write beside a file.
const UNFINISHED: [&str; 2] = [".tmp", ".renraku-"];

/// The files in a folder whose name is meant.
pub fn files(folder: &Path, is_meant: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let named = entries.filter(|entry| entry.file_name().to_str().is_some_and(&is_meant));
    named.map(|entry| entry.path()).filter(|path| path.is_file()).collect()
}

/// Removes files; false where one stays.
pub fn remove(files: &[PathBuf]) -> bool {
    // Each is tried, whatever became of the others.
    let stayed = files.iter().filter(|file| match fs::remove_file(file) {
        Ok(()) => false,
        Err(error) => error.kind() != std::io::ErrorKind::NotFound,
    });
    stayed.count() == 0
}

/// The databases that were set aside, with their logs.
pub fn set_aside(folder: &Path) -> Vec<PathBuf> {
    files(folder, |name| name.starts_with(damage::ASIDE))
}

/// The databases in a folder that are not ours by their name: copies that somebody made.
pub fn copies(folder: &Path) -> Vec<PathBuf> {
    let mut found = files(folder, |name| name != FILE && !name.starts_with(damage::ASIDE));
    found.retain(|file| is_database(file));
    found.sort();
    found
}

fn is_database(file: &Path) -> bool {
    let mut head = [0; HEAD.len()];
    let read = fs::File::open(file).and_then(|mut file| file.read_exact(&mut head));
    read.is_ok() && head == *HEAD
}

/// Every file of ours in a data folder.
pub(super) fn everything(folder: &Path) -> Vec<PathBuf> {
    files(folder, |name| {
        name == essentials::FILE || name == "run.lock" || name.starts_with("renraku.")
    })
}

impl Store {
    /// Removes the database and what was kept of it beside it; a new one takes its place, in which only this
    /// remains. False where a file stays: then the old database may still be the one in use. Called inside
    /// the run slot.
    ///
    /// # Errors
    /// Where no new database can be made.
    pub fn forget(&self, remains: &Remains) -> Result<bool, StoreError> {
        let mut writer = lock(&self.writer);
        lock(&self.idle).take();
        // Where a file cannot be removed while it is open, it must be closed first.
        writer.connection = Connection::open_in_memory()?;
        let tails = damage::TAILS.map(|tail| format!("{FILE}{tail}"));
        let is_ours = |name: &str| {
            name == essentials::FILE
                || tails.iter().any(|tail| tail == name)
                || UNFINISHED.iter().any(|start| name.starts_with(start))
        };
        let gone = remove(&files(&self.folder, is_ours));
        *writer = open_file(&self.file)?;
        let transaction = writer.connection.transaction()?;
        for (key, value) in &remains.settings {
            let sql = "INSERT OR REPLACE INTO setting (key, value) VALUES (?1, ?2)";
            transaction.execute(sql, params![key, value])?;
        }
        for (side, grant) in &remains.accounts {
            let sql = "INSERT OR REPLACE INTO account (service, grant_json, standing) VALUES (?1, ?2, ?3)";
            let standing = Standing::Disconnected.number();
            transaction.execute(sql, params![side.name(), grant.to_string(), standing])?;
        }
        seal::renew(&transaction)?;
        transaction.commit()?;
        drop(writer);
        self.keep_essentials();
        Ok(gone)
    }
}
