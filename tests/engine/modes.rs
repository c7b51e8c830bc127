//! Whatever is kept on this computer is readable by its owner alone.
#![cfg(unix)]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use renraku_engine::api::{FileForm, Whose};
use renraku_engine::core::contact::{Module, Side};
use serde_json::json;

use super::edits::in_step;
use super::rig::Rig;

/// What others may read or write in a folder, the folder itself and what is in its folders too.
fn open_to_others(folder: &Path) -> Vec<String> {
    let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    let mut found = Vec::new();
    if mode(folder) != 0o700 {
        found.push(format!("{} {:o}", folder.display(), mode(folder)));
    }
    for path in inside(folder) {
        if path.is_dir() {
            found.extend(open_to_others(&path));
        } else if mode(&path) != 0o600 {
            found.push(format!("{} {:o}", path.display(), mode(&path)));
        }
    }
    found
}

fn inside(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    entries.map(|entry| entry.path()).collect()
}

/// A life with a first run, edits, a damage and its new database; the program is still open.
async fn lived() -> Rig {
    let mut rig = in_step(3, json!({})).await;
    rig.edit(Side::Zoho, &rig.find(Side::Zoho, "Email", "p0@a.test"), "Title", Some("New"));
    rig.settle().await;
    rig.closed(|file| fs::write(file, "SQLite? Hardly.").expect("it is written"));
    for _ in 0..2 {
        let _ = rig.approve_or_fail().await;
    }
    rig.edit(Side::Zoho, &rig.find(Side::Zoho, "Email", "p0@a.test"), "Title", Some("Newer"));
    rig.settle().await;
    rig
}

#[tokio::test]
async fn no_file_of_a_life_can_be_read_by_others() {
    let rig = lived().await;
    let names: Vec<String> = inside(rig.home())
        .iter()
        .map(|path| path.file_name().expect("a name").to_string_lossy().into_owned())
        .collect();
    for wanted in ["renraku.db-wal", "renraku.db-shm", "renraku.damaged-1.db", "snapshots"] {
        assert!(names.iter().any(|name| name == wanted), "{wanted}: {names:?}");
    }
    assert_eq!(open_to_others(rig.home()), Vec::<String>::new());
    let elsewhere = tempfile::tempdir().expect("a folder");
    for form in [FileForm::Csv, FileForm::Vcard] {
        let file = elsewhere.path().join(format!("people.{form:?}"));
        rig.engine().export(Module::Contacts, Whose::Linked, form, &file).expect("it is exported");
    }
    renraku_engine::write_private(&elsewhere.path().join("text"), "text").expect("it is written");
    assert_eq!(inside(elsewhere.path()).len(), 3, "nothing is left beside them");
    fs::set_permissions(elsewhere.path(), Permissions::from_mode(0o700)).expect("the folder's own");
    assert_eq!(open_to_others(elsewhere.path()), Vec::<String>::new());
}

#[tokio::test]
async fn what_an_earlier_version_left_open_is_shut() {
    let mut rig = lived().await;
    fs::write(rig.home().join("renraku-clients.json"), "{}").expect("a file");
    let home = rig.home().to_owned();
    fn open(folder: &Path) {
        for path in inside(folder) {
            let mode = if path.is_dir() { 0o755 } else { 0o644 };
            fs::set_permissions(&path, Permissions::from_mode(mode)).expect("it is opened");
            if path.is_dir() {
                open(&path);
            }
        }
    }
    open(&home);
    fs::set_permissions(&home, Permissions::from_mode(0o755)).expect("it is opened");
    assert!(!open_to_others(&home).is_empty());
    rig.reopen();
    assert_eq!(open_to_others(&home), Vec::<String>::new());
}
