//! Why the database could not be used.

use renraku_core::message::{Failure, FailureCode};
use renraku_core::unread::Unread;

use super::damage;

/// Why the database could not be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder or file cannot be made or opened.
    #[error("the data folder cannot be used: {0}")]
    Folder(#[from] std::io::Error),
    /// The database is there and cannot be opened.
    #[error("the database cannot be opened: {0}")]
    Unreadable(std::io::Error),
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
    /// The database is damaged: it is set aside, and a new one is begun.
    #[error("the database is damaged")]
    Damaged,
}

impl StoreError {
    /// Two things stand in the database that cannot both be so: a damage like any other.
    #[must_use]
    pub fn contradiction() -> StoreError {
        damage::found(0).into()
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        match &error {
            // The sentence says all there is to say.
            StoreError::Damaged | StoreError::Unreadable(_) => {}
            StoreError::Folder(_)
            | StoreError::Newer { .. }
            | StoreError::Sql(_)
            | StoreError::Document(_) => tracing::error!(%error, "the local database failed"),
        }
        let failed = |id| Failure::new(FailureCode::Store, id);
        match error {
            StoreError::Newer { .. } => failed("error-database-newer"),
            StoreError::Folder(cause) => {
                let kind = cause.kind();
                let full = kind == std::io::ErrorKind::StorageFull;
                let taken = kind == std::io::ErrorKind::AlreadyExists;
                let cause = match (full, taken) {
                    (true, _) => "full",
                    (false, true) => "taken",
                    (false, false) => Unread::from(kind).word(),
                };
                failed("error-data-folder").with("cause", cause)
            }
            StoreError::Unreadable(cause) => {
                let cause = Unread::from(cause.kind()).word();
                failed("error-database-unreadable").with("cause", cause)
            }
            StoreError::Damaged => failed("error-database-damaged"),
            StoreError::Sql(_) | StoreError::Document(_) => failed("error-database"),
        }
    }
}
