//! Databases of earlier versions, brought to this one in the transaction that opens them.

use rusqlite::Transaction;

use super::{StoreError, rows};

/// The schema version this program writes.
pub(super) const VERSION: i32 = 7;

/// What brings a database from each version to the next.
const STEPS: [&str; 6] = [
    include_str!("to-2.sql"),
    include_str!("to-3.sql"),
    include_str!("to-4.sql"),
    include_str!("to-5.sql"),
    include_str!("to-6.sql"),
    include_str!("to-7.sql"),
];

/// Makes the tables of an empty database, or brings those of an earlier version up to date.
///
/// # Errors
/// [`StoreError::Newer`] for a database of a later version.
pub(super) fn upgrade(db: &Transaction<'_>, found: i32) -> Result<(), StoreError> {
    if found == 0 {
        db.execute_batch(include_str!("../schema.sql"))?;
    } else {
        let steps = usize::try_from(found - 1).ok().and_then(|done| STEPS.get(done..));
        let steps = steps.ok_or(StoreError::Newer { found, known: VERSION })?;
        steps.iter().try_for_each(|step| db.execute_batch(step))?;
    }
    rows::protect(db)?;
    db.pragma_update(None, "user_version", VERSION)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use renraku_core::contact::{Module, Side};
    use rusqlite::Connection;

    use crate::{Place, Store, StoreError};

    /// A folder with a database of version 1 with some contacts and an unfinished write.
    fn version_1(folder: &Path) {
        let db = Connection::open(folder.join("renraku.db")).expect("a database");
        db.execute_batch(include_str!("schema-1.sql")).expect("the tables of version 1");
        db.execute_batch(
            r#"INSERT INTO ledger (org, zoho_user, google) VALUES ('o', 'u', 'g');
            INSERT INTO sync (ledger, module, setup, rules, message)
                VALUES (1, 'Contacts', '{"module":"Contacts"}', '{}', 'said');
            INSERT INTO run (sync, report) VALUES (1, '{}');
            INSERT INTO mirror (ledger, place, id, version, modified, raw, state)
                VALUES (1, 'google', 'people/c1', 'etag', 7,
                    '{"emailAddresses":[{"value":"A@b.test"},{"value":" O@b.test"},{}]}', 'here');
            INSERT INTO evidence VALUES (1, 'google', 'people/c1', 'key', 'a@b.test'),
                (1, 'google', 'people/c1', 'name', 'ab'), (1, 'google', 'people/c1', 'name', 'ba');
            INSERT INTO journal (run, sync, side, step, since, at) VALUES (1, 1, 'google',
                '{"subject":{"link":3},"side":"google","verb":{"delete":{"id":"people/c1","version":"e"}},
                  "learn":{"2":{"zoho":"x","google":null},"10":{"zoho":null,"google":"y"}},
                  "contact":"A","fields":[],"why":"label"}', '', 5);
            PRAGMA user_version = 1;"#,
        )
        .expect("what version 1 kept");
    }

    #[test]
    fn what_version_1_kept_is_read_by_this_one() {
        let folder = tempfile::tempdir().expect("a folder");
        version_1(folder.path());
        let store = Store::open(folder.path()).expect("it is brought up to date");
        store
            .read(|db| {
                let row = Store::mirrored(db, 1, Place::Google, "people/c1")?.expect("the contact");
                assert_eq!((row.version.as_str(), row.modified), ("etag", 7));
                assert!(row.raw.starts_with(r#"{"emailAddresses""#), "{}", row.raw);
                assert_eq!(row.traces.emails, ["o@b.test"], "the others, for looking up");
                assert_eq!(row.traces.keys, ["a@b.test"]);
                assert_eq!(row.traces.names, ["ab", "ba"]);
                let found = Store::with_trace(db, 1, Place::Google, "name", "ba")?;
                assert_eq!(found, ["people/c1"], "it is found by its traces");
                Ok(())
            })
            .expect("the mirror is read");
        let open = store.unfinished(1).expect("the journal is read");
        let learned: Vec<usize> = open[0].step.learn.iter().map(|(rule, _)| rule).collect();
        assert_eq!(learned, [2, 10], "in the order of the rules");
        assert_eq!(open[0].step.side, Side::Google);
        let syncs = store.syncs(1).expect("the syncs are read");
        assert_eq!(syncs[0].setup.module, Module::Contacts);
        drop(store);
        Store::open(folder.path()).expect("a second time there is nothing to do");
    }

    #[test]
    fn an_upgraded_database_has_the_tables_of_a_new_one() {
        let tables = |folder: &Path| {
            let store = Store::open(folder).expect("it opens");
            store
                .read(|db| {
                    let mut query =
                        db.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name")?;
                    let rows = query.query_map([], |row| {
                        let text: Option<String> = row.get(1)?;
                        let text = text.unwrap_or_default().replace('"', "");
                        Ok((row.get::<_, String>(0)?, text.split_whitespace().collect::<String>()))
                    })?;
                    Ok(rows.collect::<Result<Vec<_>, _>>()?)
                })
                .expect("its tables are read")
        };
        let new = tempfile::tempdir().expect("a new one");
        for (done, version) in (1..super::VERSION).enumerate() {
            let old = tempfile::tempdir().expect("an old one");
            version_1(old.path());
            let db = Connection::open(old.path().join("renraku.db")).expect("the file");
            crate::damage::teach(&db).expect("it learns");
            super::STEPS.iter().take(done).for_each(|step| {
                db.execute_batch(step).expect("the step is taken");
            });
            db.pragma_update(None, "user_version", version).expect("its version");
            drop(db);
            assert_eq!(tables(old.path()), tables(new.path()), "from version {version}");
        }
    }

    #[test]
    fn a_newer_database_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        drop(Store::open(folder.path()).expect("a new one"));
        let db = Connection::open(folder.path().join("renraku.db")).expect("the file");
        db.pragma_update(None, "user_version", 99).expect("a later version");
        let refused = Store::open(folder.path());
        assert!(matches!(refused, Err(StoreError::Newer { found: 99, known: super::VERSION })));
    }
}
