//! Why a file cannot be read, by what a person can do about it.

use std::fmt::{self, Display, Formatter};
use std::io::ErrorKind;

/// Why a file cannot be read, in words instead of the system's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// Nothing is there.
    Missing,
    /// This user may not read it.
    Denied,
    /// A folder is there.
    Folder,
    /// Something is there that is no file: a device, or a pipe that would keep its reader waiting.
    NoFile,
    /// It is longer than anything that a person writes for this program.
    Long,
    /// Its bytes are no UTF-8.
    NoText,
    /// The disk or whatever it lies on gives it not.
    Broken,
}

impl Unread {
    /// Its word in the catalogue.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Unread::Missing => "missing",
            Unread::Denied => "denied",
            Unread::Folder => "folder",
            Unread::NoFile => "file",
            Unread::Long => "long",
            Unread::NoText => "text",
            Unread::Broken => "broken",
        }
    }
}

impl From<ErrorKind> for Unread {
    fn from(kind: ErrorKind) -> Unread {
        const KNOWN: [(ErrorKind, Unread); 5] = [
            (ErrorKind::NotFound, Unread::Missing),
            (ErrorKind::NotADirectory, Unread::Missing),
            (ErrorKind::PermissionDenied, Unread::Denied),
            (ErrorKind::IsADirectory, Unread::Folder),
            (ErrorKind::InvalidData, Unread::NoText),
        ];
        let known = KNOWN.into_iter().find(|(known, _)| *known == kind);
        known.map_or(Unread::Broken, |(_, why)| why)
    }
}

impl Display for Unread {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unread::Missing => "there is no such file",
            Unread::Denied => "this user may not read it",
            Unread::Folder => "it is a folder",
            Unread::NoFile => "it is no file",
            Unread::Long => "it is too long",
            Unread::NoText => "it is no text in UTF-8",
            Unread::Broken => "the disk does not give it",
        })
    }
}

impl std::error::Error for Unread {}
