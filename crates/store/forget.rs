//! The files of the database go, and a new, empty one takes its place.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::{Store, StoreError, damage, essentials, lock, open_file};

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

/// Every file of ours in a data folder.
pub(super) fn everything(folder: &Path) -> Vec<PathBuf> {
    files(folder, |name| {
        name == essentials::FILE || name == "run.lock" || name.starts_with("renraku.")
    })
}

impl Store {
    /// Removes the database and what was kept of it beside it; a new one takes its place. False where a
    /// file stays: then the old database is still the one in use. Called inside the run slot.
    ///
    /// # Errors
    /// Where no new database can be made.
    pub fn forget(&self) -> Result<bool, StoreError> {
        let mut writer = lock(&self.writer);
        lock(&self.idle).take();
        // Where a file cannot be removed while it is open, it must be closed first.
        writer.connection = Connection::open_in_memory()?;
        let tails = damage::TAILS.map(|tail| format!("renraku.db{tail}"));
        let is_ours = |name: &str| {
            name == essentials::FILE
                || tails.iter().any(|tail| tail == name)
                || UNFINISHED.iter().any(|start| name.starts_with(start))
        };
        let gone = remove(&files(&self.folder, is_ours));
        *writer = open_file(&self.file)?;
        Ok(gone)
    }
}
