//! A database that is damaged or gone: a new one takes its place, with what was kept beside it.
//!
//! The new one is whole before the old one goes. Whatever fails or is cut off in between, a full disk or
//! the power, leaves one of the two in its place, or the new one beside it.

use std::fs;
use std::path::Path;

use super::essentials::{self, Essentials};
use super::{Open, SET_ASIDE, StoreError, damage, forget, open_file, seal, slot_file};

/// The database that is to take the place of a damaged one, until it does.
const NEW: &str = "renraku.new.db";

/// Sets a damaged database aside and begins a new one with the settings, the accounts, the syncs and
/// the pairs that are kept apart.
///
/// # Errors
/// [`StoreError::Damaged`] while a run is under way, here or in another process.
pub(super) fn begin_anew(folder: &Path, file: &Path) -> Result<Open, StoreError> {
    let slot = slot_file(folder)?;
    slot.try_lock().map_err(|_| StoreError::Damaged)?;
    let aside = damage::free_name(file)?;
    // The new one is whole before the old one goes: whatever fails or ends in between loses nothing.
    let new = folder.join(NEW);
    forget::remove(&forget::files(folder, |name| name.starts_with(NEW)));
    let mut open = open_file(&new)?;
    let transaction = open.connection.transaction()?;
    if let Some(kept) = Essentials::kept(folder, file) {
        kept.restore(&transaction)?;
        essentials::salvage(file, &transaction)?;
    }
    let name = aside.file_name().map(|name| name.to_string_lossy().into_owned());
    transaction.execute(
        "INSERT OR REPLACE INTO setting (key, value) VALUES (?1, ?2)",
        [SET_ASIDE, name.unwrap_or_default().as_str()],
    )?;
    seal::renew(&transaction)?;
    transaction.commit()?;
    open.connection.close().map_err(|(_, error)| error)?;
    damage::set_aside(file, &aside)?;
    fs::rename(&new, file)?;
    open_file(file)
}

/// Whether there is no database, or one without a single byte: nothing that Renraku ever leaves.
pub(super) fn is_lost(file: &Path) -> bool {
    fs::metadata(file).map_or_else(
        |error| error.kind() == std::io::ErrorKind::NotFound,
        |found| found.is_file() && found.len() == 0,
    )
}

/// Where there is no database, but one was to take its place, or the settings were kept beside it, they
/// are taken from there. On a computer where nothing was ever set up there is neither.
pub(super) fn find_again(folder: &Path, file: &Path) -> Result<(), StoreError> {
    let new = folder.join(NEW);
    let slot = slot_file(folder)?;
    if slot.try_lock().is_err() {
        return Ok(());
    }
    if !file.exists() && new.exists() {
        return Ok(fs::rename(&new, file)?);
    }
    if Essentials::are_kept(folder) && is_lost(file) {
        drop(slot);
        begin_anew(folder, file)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use renraku_core::contact::Side;

    use super::*;
    use crate::{Anew, Store};

    /// A folder with a setting and two accounts in it.
    fn set_up() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).expect("a database");
        store.put_setting("theme", "light").expect("a setting");
        for side in Side::BOTH {
            store.put_account(side, &"granted").expect("an account");
        }
        folder
    }

    fn known(store: &Store) -> (Option<String>, usize) {
        let accounts = Side::BOTH.map(|side| store.account::<String>(side).expect("a look"));
        let theme = store.setting("theme").expect("a look");
        (theme, accounts.into_iter().flatten().count())
    }

    #[test]
    fn a_database_that_is_gone_or_half_replaced_costs_nobody_the_settings() {
        type Harm = fn(&Path);
        let cases: [(Harm, &str); 4] = [
            (|folder| fs::write(folder.join("renraku.db"), "").expect("emptied"), "emptied"),
            (|folder| fs::remove_file(folder.join("renraku.db")).expect("it goes"), "removed"),
            (
                |folder| {
                    let [old, new] = ["renraku.db", NEW].map(|name| folder.join(name));
                    fs::rename(old, new).expect("it is moved");
                    fs::remove_file(folder.join(essentials::FILE)).expect("the copy goes");
                },
                "ended before the new one was in its place",
            ),
            (
                |folder| {
                    fs::write(folder.join(NEW), "half written").expect("a file");
                    fs::write(folder.join("renraku.db"), "no database any more").expect("a file");
                },
                "ended while the new one was written",
            ),
        ];
        for (harm, why) in cases {
            let folder = set_up();
            harm(folder.path());
            for time in ["at once", "and from then on"] {
                let store = Store::open(folder.path()).expect("it opens");
                assert_eq!(known(&store), (Some("light".to_owned()), 2), "{why}, {time}");
            }
            assert!(!folder.path().join(NEW).exists(), "{why}: nothing is left over");
        }
    }

    #[test]
    fn what_another_process_writes_is_noticed() {
        let folder = set_up();
        let [here, elsewhere] = [(); 2].map(|()| Store::open(folder.path()).expect("a database"));
        let before = here.state().expect("a look");
        assert_eq!(here.state().expect("a look"), before, "nothing happened");
        elsewhere.put_account(Side::Zoho, &"granted again").expect("an account");
        assert_ne!(here.state().expect("a look"), before, "somebody signed in");
    }

    #[test]
    fn an_account_that_cannot_be_read_is_damage() {
        let folder = set_up();
        let store = Store::open(folder.path()).expect("a database");
        store
            .write(|db| Ok(db.execute("UPDATE account SET grant_json = 'granted'", [])?))
            .expect("it is spoilt");
        assert!(matches!(store.account::<String>(Side::Zoho), Err(StoreError::Damaged)));
        assert_eq!(known(&store), (Some("light".to_owned()), 2), "both are known again");
        let anew = store.anew().expect("a look");
        assert!(matches!(anew, Some(Anew::Damaged(_))), "it is said: {anew:?}");
    }
}
