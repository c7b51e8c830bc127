//! The snapshots, as window and command line ask for them.

use crate::api::{Failure, FailureCode, Snapshot};
use crate::handle::engine::Engine;
use crate::sync::snapshot::{FOLDER, all};

impl Engine {
    /// The snapshots in the data folder, newest first.
    ///
    /// # Errors
    /// None now; a folder that cannot be read is left out.
    pub fn snapshots(&self) -> Result<Vec<Snapshot>, Failure> {
        Ok(all(&self.inner.data_dir.join(FOLDER)))
    }

    /// Shows a snapshot's folder in the computer's file manager.
    ///
    /// # Errors
    /// Where there is no such snapshot, or no file manager.
    pub fn open_snapshot(&self, name: &str) -> Result<(), Failure> {
        let known = self.snapshots()?.into_iter().find(|snapshot| snapshot.name == name);
        let opened = known.is_some_and(|snapshot| opener::open(snapshot.folder).is_ok());
        if opened {
            return Ok(());
        }
        Err(Failure::new(FailureCode::Failed, "error-open-folder"))
    }
}
