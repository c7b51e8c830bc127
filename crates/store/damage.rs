//! A damaged database: how it is noticed, and what is done about it.
//!
//! SQLite notices what breaks its own structure; a flipped digit inside a value it takes for what was
//! written. What a write is planned from therefore carries a checksum: a contact, a pair and a question
//! each its own, the few rows that everything hangs from one together ([`super::seal`]); and what no row
//! tells by itself, whether any is missing, older, or not found by its index, is looked through before
//! anything follows from a change ([`super::whole`]). A text that is no
//! text, a document that is none and a state that does not exist are damage too. Whatever else goes wrong
//! oddly, SQLite's own check decides.
//!
//! A damaged database is set aside whole, with its log, and a new one is begun with the settings and
//! the accounts ([`super::essentials`]): both sides are read anew, and the pairs are found again by
//! their marks and keys. That needs the run slot: nobody's run is cut in two by it.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::functions::FunctionFlags;
use rusqlite::types::{Type, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, Row};

use super::StoreError;

/// The files of one database, by what is put behind its name.
pub(super) const TAILS: [&str; 3] = ["", "-wal", "-shm"];

/// What the name of a database that was set aside begins with.
pub(super) const ASIDE: &str = "renraku.damaged-";

/// Teaches SQL the function `checksum(value, …)`.
///
/// # Errors
/// What SQLite answers.
pub(super) fn teach(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("checksum", -1, flags, |values| {
        let mut sum = crc32fast::Hasher::new();
        for position in 0..values.len() {
            match values.get_raw(position) {
                ValueRef::Null => sum.update(&[0]),
                ValueRef::Integer(number) => sum.update(&number.to_le_bytes()),
                ValueRef::Real(number) => sum.update(&number.to_le_bytes()),
                ValueRef::Text(bytes) | ValueRef::Blob(bytes) => sum.update(bytes),
            }
            // No text contains this byte, so that nothing can move from one value to the next.
            sum.update(&[0xFF]);
        }
        Ok(i64::from(sum.finalize()))
    })
}

/// Opens a database that is there; never makes one.
///
/// # Errors
/// What SQLite answers.
pub(super) fn open(file: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(
        file,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    teach(&connection)?;
    Ok(connection)
}

/// What SQLite answers where a trigger refuses: `SQLITE_CONSTRAINT_TRIGGER`.
const REFUSED: i32 = 1811;

/// The error for a row that is not what was written.
pub(super) fn found(column: usize) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(
        column,
        Type::Text,
        "not what was written there".into(),
    )
}

/// Goes on only with a row whose checksum, which `column` compares, is right.
///
/// # Errors
/// [`found`].
pub(super) fn checked(row: &Row<'_>, column: usize) -> rusqlite::Result<()> {
    if row.get(column)? { Ok(()) } else { Err(found(column)) }
}

/// What an error tells about the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// It is damaged.
    Damage,
    /// It may be: SQLite's check is to decide.
    Odd,
    /// Something else is the matter.
    Other,
}

/// What an error tells about the database.
pub(super) fn sign(error: &StoreError) -> Sign {
    let error = match error {
        StoreError::Document(_) => return Sign::Damage,
        StoreError::Sql(error) => error,
        StoreError::Folder(_)
        | StoreError::Unreadable(_)
        | StoreError::Newer { .. }
        | StoreError::Damaged => {
            return Sign::Other;
        }
    };
    // The library may name more errors one day: they are looked into.
    #[allow(clippy::wildcard_enum_match_arm)]
    match error {
        rusqlite::Error::FromSqlConversionFailure(..) | rusqlite::Error::Utf8Error(..) => {
            Sign::Damage
        }
        // Only a checksum that is not right makes a trigger refuse, and only our documents are looked into.
        rusqlite::Error::SqliteFailure(code, _) if code.extended_code == REFUSED => Sign::Damage,
        rusqlite::Error::SqliteFailure(_, Some(said)) if said == "malformed JSON" => Sign::Damage,
        _ => match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Sign::Damage,
            Some(
                ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::DiskFull
                | ErrorCode::ReadOnly
                | ErrorCode::CannotOpen
                | ErrorCode::PermissionDenied
                | ErrorCode::OperationInterrupted
                | ErrorCode::OutOfMemory
                | ErrorCode::FileLockingProtocolFailed,
            ) => Sign::Other,
            _ => Sign::Odd,
        },
    }
}

/// Whether SQLite's own check finds a database damaged, its indexes too: what an index does not lead to
/// looks as if it were not there; nor may a row belong to one that is not there. A check that cannot be made, on a full disk for
/// one, finds nothing: the database stays where it is.
pub(super) fn is_found_damaged(file: &Path) -> bool {
    let check = || -> rusqlite::Result<String> {
        let connection = open(file)?;
        let said: String =
            connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        let alone = connection.prepare("PRAGMA foreign_key_check")?.exists([])?;
        Ok(if alone { "a row belongs to none".to_owned() } else { said })
    };
    match check() {
        Ok(answer) => answer != "ok",
        Err(error) => {
            let io = error.sqlite_error_code() == Some(ErrorCode::SystemIoFailure);
            !io && sign(&StoreError::Sql(error)) != Sign::Other
        }
    }
}

/// A file of a database, by what is put behind its name.
pub(super) fn part(file: &Path, tail: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(tail);
    PathBuf::from(name)
}

/// The first name under which no database was set aside yet.
pub(super) fn free_name(file: &Path) -> std::io::Result<PathBuf> {
    let mut free = (1..u32::MAX).map(|n| file.with_file_name(format!("{ASIDE}{n}.db")));
    let is_free = |aside: &PathBuf| TAILS.iter().all(|tail| !part(aside, tail).exists());
    Ok(free.find(is_free).ok_or(std::io::ErrorKind::AlreadyExists)?)
}

/// Sets a database aside with its log. Whoever has it open keeps it open.
///
/// # Errors
/// Where the files cannot be renamed.
pub(super) fn set_aside(file: &Path, aside: &Path) -> std::io::Result<()> {
    // The log goes first: a new database must never meet the log of another one.
    for tail in TAILS.iter().rev() {
        let part_of = part(file, tail);
        if part_of.exists() {
            fs::rename(part_of, part(aside, tail))?;
        }
    }
    Ok(())
}

/// Which file stands under a name now: another one since a database was set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity(Option<(u64, u64)>);

impl Identity {
    /// The file that stands under this name.
    pub(super) fn of(file: &Path) -> Identity {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            Identity(fs::metadata(file).ok().map(|found| (found.dev(), found.ino())))
        }
        #[cfg(not(unix))]
        {
            // An open database cannot be renamed here: it is the same one as long as it is open.
            let _ = file;
            Identity(None)
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeSet;

    use renraku_core::compile::Compiled;
    use renraku_core::contact::Module;

    use super::*;
    use crate::rows::{self, Rows};
    use crate::run::Run;
    use crate::{Place, Store};

    #[test]
    fn a_checksum_tells_values_apart() {
        let connection = Connection::open_in_memory().expect("a database");
        teach(&connection).expect("it learns");
        let sum = |values: &str| -> i64 {
            connection
                .query_row(&format!("SELECT checksum({values})"), [], |row| row.get(0))
                .expect("a number")
        };
        let all = ["'12', '3'", "'1', '23'", "'123'", "123", "NULL", "''", "'', ''", "'123', NULL"];
        let sums: std::collections::BTreeSet<i64> = all.iter().map(|values| sum(values)).collect();
        assert_eq!(sums.len(), all.len(), "each has its own");
        assert_eq!(sum("'12', '3'"), sum("'12', '3'"), "and always the same");
    }

    /// A database with a pair and a question.
    pub(crate) fn linked(folder: &Path) -> Store {
        let store = Store::open(folder).expect("a database");
        let ledger = store.ledger("o", "u", "g").expect("a ledger");
        let setup = serde_json::from_str(r#"{"module": "Contacts"}"#).expect("a plain setup");
        store.put_sync(ledger, &setup, &Compiled::default()).expect("a sync");
        let run = Run::begun(Module::Contacts, String::new());
        store.begin_run(1, &run, None).expect("a run");
        let rows = "INSERT INTO link (sync, zoho_id, google_id, base_zoho, base_google, fresh, reason)
                VALUES (1, '57', 'people/c1', '{}', '{}', 0, '');
            INSERT INTO review (sync, key, question, chosen) VALUES (1, 'key', '{}', 'delete');
            INSERT INTO journal (run, sync, side, step, since, at, origin_side, origin_id, sum)
                VALUES (1, 1, 'google', '{}', '', 9, 'zoho', '57',
                    checksum(1, 1, 'google', '{}', '', 9, 'zoho', '57'));
            INSERT INTO shown (sync, writes, sum) VALUES (1, '[]', checksum(1, '[]', 0));
            INSERT INTO mirror (ledger, place, id, version, modified, state, sum, traces, raw)
                VALUES (1, 'google', 'people/c1', 'v', 0, 'here',
                    checksum('people/c1', 'v', 0, '{}', '{}', 'here', NULL, '', 0, 0), '{}', '{}');
            INSERT INTO evidence VALUES
                (1, 'google', 'key', 'k', 'people/c1', checksum(1, 'google', 'key', 'k', 'people/c1'));
            UPDATE total SET rows = 1, sum = (SELECT sum FROM evidence) WHERE name = 'evidence';
            INSERT INTO unlisted VALUES (1, 'google', 'people/c1', checksum(1, 'google', 'people/c1'));
            INSERT INTO dirty VALUES (1, 'google', 'people/c1', checksum(1, 'google', 'people/c1'));
            INSERT INTO change (run, side, kind, contact, why, fields, sum) VALUES
                (1, 'zoho', '\"update\"', 'A', '\"undo\"', '[]', checksum(
                    1, 'zoho', '\"update\"', 'A', NULL, NULL, '\"undo\"', '[]', NULL))";
        store.write(|db| Ok(db.execute_batch(rows)?)).expect("rows");
        store
    }

    /// By which column the rows of a table are looked up here.
    fn looked_up_by(table: &str) -> Option<&'static str> {
        let by = [("link", "id"), ("review", "id"), ("mirror", "id"), ("shown", "sync")];
        by.into_iter().find(|(name, _)| *name == table).map(|(_, column)| column)
    }

    #[test]
    fn whichever_value_of_a_row_was_flipped_is_damage_also_to_who_changes_the_row() {
        type Look = fn(&Store) -> Result<(), StoreError>;
        type Change = fn(&Connection) -> Result<(), StoreError>;
        // Some rows are only put in and taken out.
        let nothing: Change = |_| Ok(());
        let look: [(&Rows, Look, Change); 10] = [
            (
                &rows::LINK,
                |store| store.read(|db| Store::link(db, 1).map(drop)),
                |db| Store::settle_link(db, 1),
            ),
            (
                &rows::REVIEW,
                |store| store.decisions(1).map(drop),
                |db| Store::choose(db, 1, "keep"),
            ),
            (
                &rows::MIRROR,
                |store| {
                    store.read(|db| Store::mirrored(db, 1, Place::Google, "people/c1").map(drop))
                },
                |db| Store::set_scopes(db, 1, Place::Google, "people/c1", "friends"),
            ),
            (
                &rows::JOURNAL,
                |store| store.read(|db| Store::unsure(db, 1).map(drop)),
                |db| Store::settle_row(db, 2),
            ),
            (
                &rows::SHOWN,
                |store| store.read(|db| Store::shown(db, 1).map(drop)),
                |db| Store::approve_shown(db, 1),
            ),
            (&rows::EVIDENCE, Store::is_whole, nothing),
            (&rows::UNLISTED, Store::list_traces, nothing),
            (
                &rows::DIRTY,
                |store| store.read(|db| Store::changed_links(db, 1, |_, _| Ok(()))),
                nothing,
            ),
            (&rows::CHANGE, |store| store.runs_with(|_| false).map(drop), nothing),
            (
                &rows::RUN,
                |store| store.run(1).map(drop),
                |db| Store::report_run(db, 1, &Run::begun(Module::Leads, String::new()), false),
            ),
        ];
        let tables = |all: &[&Rows]| all.iter().map(|r| r.table).collect::<BTreeSet<_>>();
        assert_eq!(tables(&look.map(|(rows, _, _)| rows)), tables(&rows::ALL), "each table");
        for (rows, look, change) in look {
            let table = rows.table;
            let sound = tempfile::tempdir().expect("a folder");
            look(&linked(sound.path())).unwrap_or_else(|error| panic!("{table}: {error}"));
            for column in rows.columns.iter().filter(|name| looked_up_by(table) != Some(**name)) {
                let folder = tempfile::tempdir().expect("a folder");
                let store = linked(folder.path());
                let harm = format!(
                    "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF;
                     DROP TRIGGER IF EXISTS {table}_changed;
                     DROP TRIGGER IF EXISTS {table}_spoilt;
                     UPDATE {table} SET {column} = CASE typeof({column})
                         WHEN 'integer' THEN 1 - {column}
                         WHEN 'null' THEN '7' ELSE {column} || ' ' END"
                );
                let made = store.read(|db| {
                    let sql = "SELECT ifnull(group_concat(sql, ';'), '') FROM sqlite_schema
                               WHERE type = 'trigger' AND name IN (?1 || '_changed', ?1 || '_spoilt')";
                    Ok(db.query_row(sql, [table], |row| row.get::<_, String>(0))?)
                });
                let made = made.expect("its triggers");
                let db = Connection::open(folder.path().join("renraku.db")).expect("the file");
                teach(&db).expect("it learns");
                db.execute_batch(&harm).unwrap_or_else(|error| panic!("{harm}: {error}"));
                db.execute_batch(&made).unwrap_or_else(|error| panic!("{made}: {error}"));
                drop(db);
                let changed = store.transact(|db| change(db));
                // A change that says nothing new changes nothing.
                if let Err(error) = changed {
                    assert_eq!(sign(&error), Sign::Damage, "{table}.{column}: {error}");
                }
                let found = look(&store);
                let is_damage = matches!(found, Err(StoreError::Damaged));
                assert!(is_damage, "{table}.{column}: {found:?}");
            }
        }
    }

    #[test]
    fn only_a_check_that_finds_a_damage_tells_of_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let sound = folder.path().join("sound.db");
        let db = Connection::open(&sound).expect("a database");
        db.execute_batch("CREATE TABLE one (value)").expect("a table");
        drop(db);
        let garbage = folder.path().join("garbage.db");
        fs::write(&garbage, "no database at all, but long enough to be looked at").expect("a file");
        let strange = folder.path().join("strange.db");
        let mut bytes = fs::read(&sound).expect("the file");
        bytes.iter_mut().skip(40).take(20).for_each(|byte| *byte ^= 0x55);
        fs::write(&strange, bytes).expect("a file");
        for (file, damaged, why) in [
            (sound, false, "a sound one"),
            (strange, true, "one of no format that is known"),
            (garbage, true, "none at all"),
            (folder.path().to_owned(), false, "what cannot be opened may be sound"),
            (folder.path().join("none").join("x.db"), false, "so may what cannot be reached"),
        ] {
            assert_eq!(is_found_damaged(&file), damaged, "{why}");
        }
    }

    #[test]
    fn a_database_is_set_aside_with_its_log_and_beside_what_stands_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("renraku.db");
        for (n, content) in [(1, "one"), (2, "two")] {
            fs::write(&file, content).expect("a file");
            fs::write(folder.path().join("renraku.db-wal"), content).expect("its log");
            let aside = free_name(&file).expect("a name");
            set_aside(&file, &aside).expect("it goes");
            assert_eq!(
                aside.file_name().unwrap_or_default(),
                format!("renraku.damaged-{n}.db").as_str()
            );
            let log = folder.path().join(format!("renraku.damaged-{n}.db-wal"));
            assert_eq!(fs::read_to_string(aside).expect("it is there"), content);
            assert_eq!(fs::read_to_string(log).expect("its log too"), content);
            assert!(!file.exists());
        }
    }
}
