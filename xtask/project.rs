//! Where things lie: the repository, the target folder and what the verbs keep in it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The repository as the verbs see it.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    /// The folder of the workspace's `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Cargo's target folder, absolute.
    pub(crate) target: PathBuf,
    /// Cargo itself, the one that started us.
    pub(crate) cargo: OsString,
    /// A machine builds, not a person: the lock files must fit, nobody answers questions.
    pub(crate) ci: bool,
}

impl Project {
    /// Finds the project around this source file's crate, and the environment's wishes.
    pub(crate) fn find() -> Result<Self, String> {
        let here = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let here = here.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
        let root = here
            .ancestors()
            .find(|folder| {
                folder.join("tauri.conf.json").exists() || folder.join("Cargo.lock").exists()
            })
            .ok_or_else(|| format!("no workspace was found above {}", here.display()))?
            .to_path_buf();
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => root.join(folder),
            None => root.join("target"),
        };
        Ok(Self {
            root,
            target,
            cargo: std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
            ci: std::env::var_os("CI").is_some_and(|value| value != "false" && value != "0"),
        })
    }

    /// The front-end's folder.
    pub(crate) fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// Where tools built for the tests go; their programs lie in `bin` below it.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// Where the notes "this is done for that input" are kept.
    pub(crate) fn stamps(&self) -> PathBuf {
        self.target.join("xtask")
    }

    /// A program that the development build made.
    pub(crate) fn built(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// A path as a person in the repository would write it.
    pub(crate) fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }
}
