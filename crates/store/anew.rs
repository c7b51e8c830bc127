//! A database that is damaged or gone: a new one takes its place, with what was kept beside it.
//!
//! The new one is whole before the old one goes. Whatever fails or is cut off in between, a full disk or
//! the power, leaves one of the two in its place, or the new one beside it.

use std::fs;
use std::path::Path;

use rusqlite::Transaction;

use super::decided::Decided;
use super::essentials::{self, Essentials};
use super::generation::Kept;
use super::{
    KEPT, KEYCHAIN_NAME, Open, SET_ASIDE, StoreError, damage, forget, open_file, seal, slot_file,
};

/// The database that is to take the place of a damaged one, until it does.
const NEW: &str = "renraku.new.db";

/// Sets a damaged database aside and begins a new one with the settings, the accounts, the syncs and
/// what was decided about whom. Where there is none any more there is nothing to set aside.
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
    let kept = take_over(folder, file, &transaction)?;
    let name = aside.file_name().filter(|_| file.exists());
    let name = name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    for (key, value) in [(SET_ASIDE, name.as_str()), (KEPT, kept.word())] {
        transaction
            .execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?1, ?2)", [key, value])?;
    }
    seal::renew(&transaction)?;
    transaction.commit()?;
    open.connection.close().map_err(|(_, error)| error)?;
    damage::set_aside(file, &aside)?;
    fs::rename(&new, file)?;
    open_file(file)
}

/// Takes over what was kept beside the database before, and what can still be read of it.
fn take_over(folder: &Path, file: &Path, db: &Transaction<'_>) -> Result<Kept, StoreError> {
    let Some(kept) = Essentials::kept(folder, file) else {
        // Without its name nothing in the keychain would be found again, nor taken back.
        if let Some(name) = essentials::keychain_name_in(file) {
            db.execute(
                "INSERT INTO setting (key, value) VALUES (?1, ?2)",
                [KEYCHAIN_NAME, name.as_str()],
            )?;
        }
        return Ok(Kept::Nothing);
    };
    kept.restore(db)?;
    // What the file says is newer than the copy.
    let (left, is_whole) = Decided::left_in(file);
    left.restore(db)?;
    if let Some(copied) = &kept.decided {
        copied.restore(db)?;
    }
    Ok(match kept.is_set_up() {
        false => Kept::Nothing,
        true if is_whole || kept.decided.is_some() => Kept::Everything,
        true => Kept::Settings,
    })
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
    use crate::essentials::FILE as COPY;
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
                    fs::remove_file(folder.join(COPY)).expect("the copy goes");
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
    fn what_is_told_is_what_happened_and_what_was_taken_over() {
        type Harm = fn(&Path);
        let spoil: Harm = |folder| {
            fs::write(folder.join("renraku.db"), "no database any more").expect("a file");
        };
        let lose: Harm = |folder| fs::remove_file(folder.join("renraku.db")).expect("it goes");
        let copy: Harm = |folder| fs::remove_file(folder.join(COPY)).expect("it goes");
        let earlier: Harm = |folder| {
            let old = r#"{"settings": [], "accounts": [["zoho", "\"granted\"", 0]], "ledgers": [],
                "syncs": []}"#;
            fs::write(folder.join(COPY), old).expect("an earlier version's copy");
        };
        let file = || "renraku.damaged-1.db".to_owned();
        for (harms, told) in [
            (vec![spoil], Some(Anew::Damaged { file: file(), kept: Kept::Everything })),
            (vec![spoil, copy], Some(Anew::Damaged { file: file(), kept: Kept::Nothing })),
            (vec![spoil, earlier], Some(Anew::Damaged { file: file(), kept: Kept::Settings })),
            (vec![lose], Some(Anew::Missing { kept: Kept::Everything })),
            (vec![lose, earlier], Some(Anew::Missing { kept: Kept::Settings })),
            (vec![lose, copy], None),
        ] {
            let folder = set_up();
            harms.iter().for_each(|harm| harm(folder.path()));
            let store = Store::open(folder.path()).expect("it opens");
            assert_eq!(store.anew().expect("a look"), told);
            drop(store);
            let made = fs::read_dir(folder.path()).expect("the folder").flatten();
            #[cfg(unix)]
            for file in made {
                use std::os::unix::fs::PermissionsExt as _;
                let mode = file.metadata().expect("it is there").permissions().mode() & 0o777;
                // What was put there by hand stays as it was put until the next start.
                let by_hand =
                    file.file_name() == COPY || file.path().ends_with("renraku.damaged-1.db");
                assert!(by_hand || mode == 0o600, "{told:?}: {:?} is {mode:o}", file.file_name());
            }
            #[cfg(not(unix))]
            drop(made);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_in_the_place_of_a_file_is_not_waited_for() {
        for name in [COPY, "renraku.db"] {
            let folder = set_up();
            let place = folder.path().join(name);
            fs::remove_file(&place).expect("it goes");
            let made = std::process::Command::new("mkfifo").arg(&place).status();
            assert!(made.expect("it runs").success(), "{name}: a pipe");
            let (tell, hear) = std::sync::mpsc::channel();
            let home = folder.path().to_owned();
            std::thread::spawn(move || tell.send(Store::open(&home).map(|store| known(&store))));
            let opened = hear.recv_timeout(std::time::Duration::from_secs(20));
            match opened.unwrap_or_else(|_| panic!("{name}: it waits for the pipe")) {
                Ok(known) => assert_eq!(known, (Some("light".to_owned()), 2), "{name}"),
                Err(error) => {
                    assert!(matches!(error, StoreError::Unreadable(_)), "{name}: {error}")
                }
            }
        }
    }

    #[test]
    fn a_database_that_cannot_be_opened_is_left_alone_and_called_so() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("renraku.db")).expect("something else in its place");
        let opened = Store::open(folder.path());
        assert!(matches!(opened, Err(StoreError::Unreadable(_))), "{opened:?}");
        assert!(folder.path().join("renraku.db").is_dir(), "it is left alone");
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
        assert!(matches!(anew, Some(Anew::Damaged { .. })), "it is said: {anew:?}");
    }
}
