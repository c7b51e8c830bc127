//! Notes that a step is done for exactly this input, so that a second run is quick.

use std::fs;
use std::path::{Path, PathBuf};

/// A note "done" with the fingerprint of what it was done for.
#[derive(Debug)]
pub(crate) struct Stamp {
    file: PathBuf,
    now: String,
}

impl Stamp {
    /// A stamp called `name` in `folder` for the state that `fingerprint` tells.
    pub(crate) fn new(folder: &Path, name: &str, fingerprint: &Fingerprint) -> Self {
        Self { file: folder.join(name), now: format!("{:016x}", fingerprint.0) }
    }

    /// Whether the step was done for this very state.
    pub(crate) fn is_fresh(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|then| then == self.now)
    }

    /// Notes that the step is done.
    pub(crate) fn set(&self) -> Result<(), String> {
        let folder = self.file.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&self.file, &self.now))
            .map_err(|error| format!("{} cannot be written: {error}", self.file.display()))
    }
}

/// A running hash (FNV-1a, 64 bits) over names and contents.
#[derive(Clone, Debug)]
pub(crate) struct Fingerprint(u64);

impl Fingerprint {
    /// Starts from a word that tells what is hashed.
    pub(crate) fn of(word: &str) -> Self {
        Self(0xcbf2_9ce4_8422_2325).with(word.as_bytes())
    }

    /// Adds bytes.
    pub(crate) fn with(mut self, bytes: &[u8]) -> Self {
        for byte in bytes.iter().chain(&[0]) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        self
    }

    /// Adds a file, or every file of a folder in order of name, without those below a folder in `skip`.
    /// What cannot be read counts as absent.
    pub(crate) fn with_path(self, path: &Path, skip: &[&str]) -> Self {
        let mut files = Vec::new();
        collect(path, skip, &mut files);
        files.sort();
        files.iter().fold(self, |hash, file| {
            hash.with(file.to_string_lossy().as_bytes()).with(&fs::read(file).unwrap_or_default())
        })
    }
}

fn collect(path: &Path, skip: &[&str], files: &mut Vec<PathBuf>) {
    if path.is_file() {
        files.push(path.to_path_buf());
        return;
    }
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        if !skip.iter().any(|name| entry.file_name() == *name) {
            collect(&entry.path(), skip, files);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Fingerprint, Stamp};

    #[test]
    fn a_stamp_is_fresh_only_for_the_state_it_was_set_for() {
        let folder = std::env::temp_dir().join(format!("renraku-stamp-{}", std::process::id()));
        let before = Fingerprint::of("npm").with(b"one");
        let after = Fingerprint::of("npm").with(b"two");
        let stamp = Stamp::new(&folder, "npm", &before);
        assert!(!stamp.is_fresh(), "nothing is done yet");
        stamp.set().expect("the stamp is written");
        assert!(stamp.is_fresh(), "done for this state");
        assert!(!Stamp::new(&folder, "npm", &after).is_fresh(), "another state is not done");
        std::fs::remove_dir_all(&folder).expect("the folder goes");
    }
}
