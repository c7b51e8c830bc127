//! Both sides as they were before a sync's first run wrote anything: files in the data folder that
//! other programs can read, so that a person can put everything back without Renraku.
//!
//! A snapshot is a folder that appears at once, whole: it is written beside its place and renamed.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use renraku_core::contact::{Module, Pair, Side};
use renraku_core::timestamp::Timestamp;
use renraku_store::private;
use serde_json::value::RawValue;

use crate::api::{Failure, FailureCode, FileForm, Snapshot, Whose};
use crate::export::{self, ExportError, Person, Sheet};
use crate::sync::session::Session;

/// The folder of all snapshots, in the data folder.
pub(crate) const FOLDER: &str = "snapshots";

/// So many snapshots of a module are kept; setting a sync up anew takes another one.
const KEPT: usize = 5;

/// What a snapshot says of itself.
const ABOUT: &str = "about.json";

/// Keeps both sides as they were read, unless that was done before this sync's first write.
///
/// # Errors
/// Where the files cannot be written; then the run must not write either.
pub(crate) fn keep(session: &Session) -> Result<(), Failure> {
    let key = format!("snapshot.{}", session.sync.id);
    if session.store.setting(&key)?.is_some() {
        return Ok(());
    }
    let taken_at = session.stamp();
    // A colon has no place in a file's name everywhere.
    let name = format!("{}-{}", taken_at.replace(':', "-"), session.module().api_name());
    let folder = session.data_dir.join(FOLDER);
    let taken = write(session, &folder, &name, taken_at).map_err(|error| match error {
        ExportError::Store(error) => Failure::from(error),
        ExportError::File(_) => Failure::new(FailureCode::Store, "error-snapshot"),
    })?;
    session.store.put_setting(&key, &taken.name)?;
    for old in outdated(&folder, taken.module) {
        if let Err(error) = fs::remove_dir_all(&old) {
            tracing::warn!(%error, "an old snapshot stays");
        }
    }
    Ok(())
}

/// What is no longer kept of a module: its older snapshots. Those that were never finished are
/// nobody's; called inside the run slot, where none is being written.
fn outdated(folder: &Path, module: Module) -> Vec<PathBuf> {
    let old = all(folder).into_iter().filter(|snapshot| snapshot.module == module).skip(KEPT);
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let unfinished = entries.filter(|path| is_unfinished(path));
    old.map(|snapshot| PathBuf::from(snapshot.folder)).chain(unfinished).collect()
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
    private::folder(folder)?;
    private::folder(&beside)?;
    let mut count = Pair::of(|_| 0);
    for side in Side::BOTH {
        count[side] = write_side(session, side, &beside)?;
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
    private::create(&beside.join(ABOUT))?.write_all(about.as_bytes())?;
    fs::rename(&beside, &place)?;
    Ok(snapshot)
}

/// One side in every form: as a table, as address cards, and as its service gave it, a line each: also
/// what no table has a column for. Says how many can be read.
fn write_side(session: &Session, side: Side, folder: &Path) -> Result<u32, ExportError> {
    #[derive(serde::Serialize)]
    struct Line<'a> {
        id: &'a str,
        contact: &'a RawValue,
    }
    let whose = match side {
        Side::Zoho => Whose::Zoho,
        Side::Google => Whose::Google,
    };
    let mapping = &session.mapping;
    let file = |end: &str| folder.join(format!("{}.{end}", side.name()));
    let (csv, vcf) = (file("csv"), file("vcf"));
    let mut table = Sheet::begin(&csv, FileForm::Csv, whose, mapping)?;
    let mut cards = Sheet::begin(&vcf, FileForm::Vcard, whose, mapping)?;
    let mut lines = BufWriter::new(private::create(&file("jsonl"))?);
    export::received(&session.store, &session.sync, side, &mut |id, raw| {
        let contact: &RawValue = serde_json::from_str(raw).map_err(std::io::Error::from)?;
        serde_json::to_writer(&mut lines, &Line { id: &id, contact })
            .map_err(std::io::Error::from)?;
        lines.write_all(b"\n")?;
        if let Some(person) = Person::read(side, id, raw, mapping) {
            table.add(&person)?;
            cards.add(&person)?;
        }
        Ok(())
    })?;
    lines.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
    table.finish()?;
    cards.finish()
}

/// The snapshots in a folder, newest first.
pub(crate) fn all(folder: &Path) -> Vec<Snapshot> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<Snapshot> = entries.filter_map(|entry| about(&entry.path())).collect();
    found.sort_by(|a, b| b.taken_at.cmp(&a.taken_at));
    found
}

/// Removes the snapshots that have been kept long enough by then.
pub(crate) fn forget_old(data_dir: &Path, now: Timestamp, keep: TimeDelta) {
    let old = |snapshot: &Snapshot| {
        let taken = snapshot.taken_at.parse::<Timestamp>();
        taken.is_ok_and(|taken| now.duration_since(taken) >= keep)
    };
    for snapshot in all(&data_dir.join(FOLDER)).into_iter().filter(old) {
        if let Err(error) = fs::remove_dir_all(&snapshot.folder) {
            tracing::warn!(%error, "an old snapshot stays");
        }
    }
}

/// Every snapshot in a data folder, whole or not.
pub(crate) fn everything(data_dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(data_dir.join(FOLDER)).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    paths.filter(|path| path.is_dir() && (is_unfinished(path) || about(path).is_some())).collect()
}

/// Removes every snapshot of a data folder; what a person put beside them stays. False where one stays.
pub(crate) fn forget_all(data_dir: &Path) -> bool {
    // Each is tried, whatever became of the others.
    let stayed = everything(data_dir).into_iter().filter(|path| fs::remove_dir_all(path).is_err());
    let gone = stayed.count() == 0;
    // A folder with something else in it is kept.
    let _ = fs::remove_dir(data_dir.join(FOLDER));
    gone
}

fn is_unfinished(folder: &Path) -> bool {
    folder.extension().is_some_and(|end| end == "part")
}

/// What a folder says of itself; nothing where it is no whole snapshot. Its place is where it was
/// found: a data folder may have moved.
fn about(folder: &Path) -> Option<Snapshot> {
    if is_unfinished(folder) {
        return None;
    }
    let text = fs::read_to_string(folder.join(ABOUT)).ok()?;
    let snapshot: Snapshot = serde_json::from_str(&text).ok()?;
    Some(Snapshot { folder: folder.display().to_string(), ..snapshot })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_few_of_each_module_are_kept() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path();
        let take = |day: u32, module: Module| {
            let name = format!("2026-11-{day:02}-{}", module.api_name());
            fs::create_dir_all(folder.join(&name)).unwrap();
            let taken_at = format!("2026-11-{day:02}T10:00:00Z");
            let snapshot = Snapshot {
                name: name.clone(),
                module,
                taken_at,
                zoho: 1,
                google: 1,
                folder: String::new(),
            };
            let about = serde_json::to_string(&snapshot).unwrap();
            fs::write(folder.join(&name).join(ABOUT), about).unwrap();
            name
        };
        let days: Vec<u32> = (1..=7).collect();
        let contacts: Vec<String> = days.iter().map(|day| take(*day, Module::Contacts)).collect();
        take(1, Module::Leads);
        let cut = "2026-11-02T10-00-00Z-Contacts.part";
        fs::create_dir_all(folder.join(cut)).unwrap();
        fs::write(folder.join("notes.txt"), "the person's own").unwrap();

        let mut gone: Vec<String> = outdated(folder, Module::Contacts)
            .iter()
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        gone.sort();
        let mut expected = vec![contacts[0].clone(), contacts[1].clone(), cut.to_owned()];
        expected.sort();
        assert_eq!(gone, expected, "the oldest two and what was never finished");
    }
}
