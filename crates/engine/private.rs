//! What others on this computer may not read: files and folders of a person's address book, and the
//! memory that holds their tokens. On Windows the folder of a person's own data is theirs alone already.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

/// Opens a file, or makes it, with its content as it is.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    opened(path, false)
}

/// Begins a file anew.
pub(crate) fn create(path: &Path) -> io::Result<File> {
    opened(path, true)
}

fn opened(path: &Path, anew: bool) -> io::Result<File> {
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

/// Keeps what is in this process's memory to it: no core dump is written when it fails, and on Linux no
/// other program of the same person may attach to it. To be called before the first secret is read.
///
/// A debug build lets others attach, or no debugger could and no test would find what it started. Windows
/// writes a dump only where its user asked for one. What a system refuses stays open: that is no reason
/// not to start.
pub fn shut_memory() {
    #[cfg(unix)]
    {
        use nix::sys::resource::{Resource, setrlimit};
        if let Err(error) = setrlimit(Resource::RLIMIT_CORE, 0, 0) {
            tracing::warn!(%error, "core dumps stay possible");
        }
    }
    #[cfg(target_os = "linux")]
    if cfg!(not(debug_assertions)) {
        attached_by_nobody();
    }
}

#[cfg(target_os = "linux")]
fn attached_by_nobody() {
    if let Err(error) = nix::sys::prctl::set_dumpable(false) {
        tracing::warn!(%error, "other programs may attach");
    }
}

/// Makes a folder with those above it.
pub(crate) fn folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)?;
    shut(path, 0o700)
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
pub(crate) fn shut_all(paths: impl IntoIterator<Item = impl AsRef<Path>>) {
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

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use nix::sys::prctl::get_dumpable;
    use nix::sys::resource::{Resource, getrlimit};

    #[test]
    fn memory_leaves_this_process_in_no_way() {
        assert_eq!(get_dumpable(), Ok(true), "as a program starts");
        super::shut_memory();
        assert_eq!(getrlimit(Resource::RLIMIT_CORE), Ok((0, 0)), "no core is written");
        super::attached_by_nobody();
        assert_eq!(get_dumpable(), Ok(false), "nobody attaches");
    }
}
