//! Keeping the sandbox's state in a file, so that a restart finds people, sign-ins and addresses
//! as they were.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::data::DataError;
use crate::google::Google;
use crate::zoho::Zoho;

/// What a file keeps.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) google: Google,
    pub(crate) zoho: Zoho,
    /// Ports by door, so that addresses which clients remember stay right.
    pub(crate) ports: BTreeMap<String, u16>,
    /// How far the sandbox clock is ahead, microseconds.
    pub(crate) clock_offset: i64,
}

/// The same, borrowed for writing.
#[derive(Debug, Serialize)]
pub(crate) struct Keeping<'a> {
    pub(crate) google: &'a Google,
    pub(crate) zoho: &'a Zoho,
    pub(crate) ports: &'a BTreeMap<String, u16>,
    pub(crate) clock_offset: i64,
}

/// What was kept; `None` when there is no file yet.
///
/// # Errors
/// The file cannot be read, or is not what [`save`] writes.
pub(crate) fn load(path: &Path) -> Result<Option<Kept>, DataError> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(DataError::Unreadable { path: path.to_owned(), error }),
    };
    serde_json::from_slice(&text).map(Some).map_err(|error| DataError::Malformed {
        path: path.to_owned(),
        line: error.line(),
        what: format!("the kept state cannot be read ({error}); remove the file to begin afresh"),
    })
}

/// Writes the state beside the file and puts it in its place in one step.
///
/// # Errors
/// The folder cannot be written.
pub(crate) fn save(path: &Path, state: &Keeping<'_>) -> std::io::Result<()> {
    let text = serde_json::to_vec(state).map_err(std::io::Error::other)?;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let new = path.with_extension("new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(&new)?;
    file.write_all(&text)?;
    drop(file);
    std::fs::rename(new, path)
}
