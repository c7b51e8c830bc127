//! Files and folders that others on this computer may not read: a person's address book. On Windows the folder of a person's own data is theirs alone already.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

/// Opens a file, or makes it, with its content as it is.
pub fn open(path: &Path) -> io::Result<File> {
    opened(path, false)
}

/// Begins a file anew.
pub fn create(path: &Path) -> io::Result<File> {
    opened(path, true)
}

fn opened(path: &Path, anew: bool) -> io::Result<File> {
    // Who opens a pipe waits for its other end.
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut options = File::options();
    options.write(true).create(true).truncate(anew);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let file = options.open(path)?;
    // One that was there already may have been open to others.
    shut(path, 0o600)?;
    Ok(file)
}

/// Makes a folder with those above it, none of which others may look into at any moment.
pub fn folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(path)?;
    shut(path, 0o700)
}

/// Reads a file of ours; neither a pipe, which may never end, nor more than any of them holds.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    const MOST_BYTES: u64 = 64 * 1024 * 1024;
    let found = fs::metadata(path)?;
    if !found.is_file() || found.len() > MOST_BYTES {
        return Err(io::ErrorKind::InvalidData.into());
    }
    fs::read(path)
}

/// Writes a text beside its place and puts it there at once: what was in its place is still there where
/// that fails, and nothing is left beside it.
///
/// # Errors
/// Where the folder cannot be written.
pub fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut beside = tempfile::Builder::new()
        .prefix(".renraku-")
        .tempfile_in(folder.unwrap_or_else(|| Path::new(".")))?;
    beside.write_all(text.as_bytes())?;
    beside.as_file().sync_all()?;
    beside.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Shuts what earlier versions left open to others. What belongs to somebody else stays as it is.
pub fn shut_all(paths: impl IntoIterator<Item = impl AsRef<Path>>) {
    for path in paths {
        let path = path.as_ref();
        let _ = if path.is_dir() {
            let inside = fs::read_dir(path).into_iter().flatten().flatten();
            shut_all(inside.map(|entry| entry.path()).collect::<Vec<_>>());
            shut(path, 0o700)
        } else if path.is_file() {
            shut(path, 0o600)
        } else {
            Ok(())
        };
    }
}

fn shut(path: &Path, mode: u32) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if fs::metadata(path)?.permissions().mode() & 0o777 != mode {
            fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
        }
    }
    #[cfg(not(unix))]
    let _ = (path, mode);
    Ok(())
}
