//! Both sides as they were before a sync's first run wrote anything: files in the data folder that
//! other programs can read, so that a person can put everything back without Renraku.
//!
//! A snapshot is a folder that appears at once, whole: it is written beside its place and renamed.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use renraku_core::contact::{Pair, RecordId, Side};
use serde_json::value::RawValue;

use crate::api::{Failure, FailureCode, FileForm, Snapshot, Whose};
use crate::engine::Engine;
use crate::export::{self, ExportError};
use crate::session::{Session, store_failure};
use crate::store::Place;

/// The folder of all snapshots, in the data folder.
const FOLDER: &str = "snapshots";

/// What a snapshot says of itself.
const ABOUT: &str = "about.json";

/// Keeps both sides as they were read, unless that was done before this sync's first write.
///
/// # Errors
/// Where the files cannot be written; then the run must not write either.
pub(crate) fn keep(session: &Session) -> Result<(), Failure> {
    let key = format!("snapshot.{}", session.sync.id);
    if session.store.setting(&key).map_err(store_failure)?.is_some() {
        return Ok(());
    }
    let taken_at = session.stamp();
    // A colon has no place in a file's name everywhere.
    let name = format!("{}-{}", taken_at.replace(':', "-"), session.module().api_name());
    let folder = session.data_dir.join(FOLDER);
    let taken = write(session, &folder, &name, taken_at).map_err(|error| match error {
        ExportError::Store(error) => store_failure(error),
        ExportError::File(_) => Failure::new(FailureCode::Store, "error-snapshot"),
    })?;
    session.store.put_setting(&key, &taken.name).map_err(store_failure)
}

fn write(
    session: &Session,
    folder: &Path,
    name: &str,
    taken_at: String,
) -> Result<Snapshot, ExportError> {
    let (beside, place) = (folder.join(format!("{name}.part")), folder.join(name));
    if beside.exists() {
        fs::remove_dir_all(&beside)?;
    }
    fs::create_dir_all(&beside)?;
    let mut count = Pair::of(|_| 0);
    for side in Side::BOTH {
        let whose = match side {
            Side::Zoho => Whose::Zoho,
            Side::Google => Whose::Google,
        };
        for (form, end) in [(FileForm::Csv, "csv"), (FileForm::Vcard, "vcf")] {
            let file = beside.join(format!("{}.{end}", side.name()));
            let mapping = &session.mapping;
            count[side] = export::write(&file, form, whose, mapping, |each| {
                export::read(&session.store, &session.sync, mapping, whose, each)
            })?;
        }
        received(session, side, &beside.join(format!("{}.jsonl", side.name())))?;
    }
    let snapshot = Snapshot {
        name: name.to_owned(),
        module: session.module(),
        taken_at,
        zoho: count.zoho,
        google: count.google,
        folder: place.display().to_string(),
    };
    let about = serde_json::to_string_pretty(&snapshot).map_err(std::io::Error::from)?;
    fs::write(beside.join(ABOUT), about)?;
    fs::rename(&beside, &place)?;
    Ok(snapshot)
}

/// Every contact as its service gave it, a line each: also what no table has a column for.
fn received(session: &Session, side: Side, file: &Path) -> Result<(), ExportError> {
    #[derive(serde::Serialize)]
    struct Line<'a> {
        id: &'a str,
        contact: &'a RawValue,
    }
    let place = Place::of(side, session.module());
    let mut out = BufWriter::new(File::create(file)?);
    let mut after = RecordId::new();
    loop {
        let page = session.store.page_here(session.sync.ledger, place, &after, export::PAGE)?;
        let Some((last, _)) = page.last() else { break };
        after.clone_from(last);
        for (id, raw) in &page {
            let contact: &RawValue = serde_json::from_str(raw).map_err(std::io::Error::from)?;
            let line = Line { id, contact };
            serde_json::to_writer(&mut out, &line).map_err(std::io::Error::from)?;
            out.write_all(b"\n")?;
        }
    }
    out.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
    Ok(())
}

impl Engine {
    /// The snapshots in the data folder, newest first.
    ///
    /// # Errors
    /// None now; a folder that cannot be read is left out.
    pub fn snapshots(&self) -> Result<Vec<Snapshot>, Failure> {
        let folder = self.inner.data_dir.join(FOLDER);
        let Ok(entries) = fs::read_dir(&folder) else { return Ok(Vec::new()) };
        let mut found: Vec<Snapshot> =
            entries.flatten().filter_map(|entry| about(&entry.path())).collect();
        found.sort_by(|a, b| b.taken_at.cmp(&a.taken_at));
        Ok(found)
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

/// What a folder says of itself; nothing where it is no whole snapshot. Its place is where it was
/// found: a data folder may have moved.
fn about(folder: &Path) -> Option<Snapshot> {
    if folder.extension().is_some_and(|end| end == "part") {
        return None;
    }
    let text = fs::read_to_string(folder.join(ABOUT)).ok()?;
    let snapshot: Snapshot = serde_json::from_str(&text).ok()?;
    Some(Snapshot { folder: folder.display().to_string(), ..snapshot })
}
