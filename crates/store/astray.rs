//! References that lead nowhere: a pair, a key, a question or a change names a contact of which there is no
//! copy.
//!
//! No copy is taken out without everything that leads to it, so whatever names a contact without one was
//! damaged, or the copy was.

use std::collections::BTreeSet;

use renraku_core::contact::{Module, RecordId, Side};
use rusqlite::{Connection, params};

use crate::{Place, Store, StoreError, fields_feed, rows};

impl Store {
    /// Has contacts known of which there is no copy, so that what a look at them finds has its place, and
    /// their sides read anew by the next run: there may be a copy under a name that was never its own.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] where a copy or a pair is not what was written there.
    pub fn await_anew(
        &self,
        ledger: i64,
        module: Module,
        astray: &BTreeSet<(Side, RecordId)>,
    ) -> Result<(), StoreError> {
        self.write(|db| {
            rows::MIRROR.check(db)?;
            rows::LINK.check(db)?;
            for (side, id) in astray {
                await_one(db, ledger, Place::of(*side, module).name(), id)?;
                let feed = match side {
                    Side::Google => "google".to_owned(),
                    Side::Zoho => fields_feed(module),
                };
                Store::put_cursor(db, ledger, &feed, None)?;
            }
            Ok(())
        })
    }
}

impl Store {
    /// Which copy is the newest one: those that are made later have a higher number.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn newest_copy(&self) -> Result<i64, StoreError> {
        self.read(|db| {
            let sql = "SELECT coalesce(max(rowid), 0) FROM mirror";
            Ok(db.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
        })
    }

    /// Takes out the copies of a place that were made after this one, and whatever leads to them, and gives
    /// their room on the disk back. For what a service told of and is not to be believed.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn forget_copies(&self, ledger: i64, place: Place, after: i64) -> Result<(), StoreError> {
        let copies = "SELECT id FROM mirror WHERE ledger = ?1 AND place = ?2 AND rowid > ?3";
        self.write(|db| {
            let named = params![ledger, place.name(), after];
            let syncs = "SELECT id FROM sync WHERE ledger = ?1 AND ?2 IN ('google', module)";
            let dirty = format!(
                "DELETE FROM dirty WHERE sync IN ({syncs}) AND side = ?4 AND id IN ({copies})"
            );
            let side = place.side().name();
            db.execute(&dirty, params![ledger, place.name(), after, side])?;
            let of_place = "ledger = ?1 AND place = ?2";
            let found_by =
                format!("DELETE FROM evidence WHERE {of_place} AND id IN ({copies}) RETURNING sum");
            rows::EVIDENCE.counting(db, -1, &found_by, named)?;
            for table in ["unlisted", "unlisted_names", "listed"] {
                let sql = format!("DELETE FROM {table} WHERE {of_place} AND id IN ({copies})");
                db.execute(&sql, named)?;
            }
            let all = "DELETE FROM mirror WHERE ledger = ?1 AND place = ?2 AND rowid > ?3";
            db.execute(all, named)?;
            Ok(())
        })?;
        self.shrink();
        Ok(())
    }
}

/// Has a contact known, as out of sight.
///
/// # Errors
/// [`StoreError::Sql`].
pub(super) fn await_one(
    db: &Connection,
    ledger: i64,
    place: &str,
    id: &str,
) -> Result<(), StoreError> {
    let columns = [
        ("id", "?3"),
        ("version", "''"),
        ("modified", "0"),
        ("raw", "'{}'"),
        ("traces", "'{}'"),
        ("state", "'hidden'"),
        ("survivor", "NULL"),
        ("scopes", "''"),
        ("fence", "0"),
        ("seen", "0"),
    ];
    let sql = format!(
        "INSERT OR IGNORE INTO mirror (ledger, place, id, version, modified, state, raw, traces, sum)
         VALUES (?1, ?2, ?3, '', 0, 'hidden', '{{}}', '{{}}', {})",
        rows::MIRROR.sum("", &columns)
    );
    db.prepare_cached(&sql)?.execute(params![ledger, place, id])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use renraku_core::compile::Compiled;
    use renraku_core::contact::Module;

    use super::*;
    use crate::run::Run;
    use crate::{Reading, Traces};

    const PLACE: Place = Place::Google;

    fn made(folder: &Path) -> Store {
        let store = Store::open(folder).expect("a database");
        let ledger = store.ledger("o", "u", "g").expect("a ledger");
        let setup = serde_json::from_str(r#"{"module": "Contacts"}"#).expect("a plain setup");
        store.put_sync(ledger, &setup, &Compiled::default()).expect("a sync");
        store
    }

    fn read(id: &str) -> Reading {
        Reading {
            id: id.to_owned(),
            version: "v".to_owned(),
            modified: 7,
            raw: "{}".into(),
            seen: 0,
            scopes: None,
            traces: Traces { keys: vec![format!("{id}@a.test")], ..Traces::default() },
            readable: true,
        }
    }

    fn take(store: &Store, id: &str) {
        let taken = store.write(|db| Store::take_in(db, 1, PLACE, &read(id), 1, 0).map(drop));
        taken.expect("it is kept");
    }

    /// Changes a row behind the back of whatever guards it.
    fn harm(folder: &Path, sql: &str) {
        let db = Connection::open(folder.join("renraku.db")).expect("the file");
        crate::damage::teach(&db).expect("it learns");
        db.execute_batch(&format!("PRAGMA foreign_keys = OFF; {sql}")).expect("harm is done");
    }

    #[test]
    fn what_names_a_row_that_is_not_there_is_damage() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = made(folder.path());
        store.begin_run(1, &Run::begun(Module::Contacts, String::new()), None).expect("a run");
        let row = "INSERT INTO change (run, side, kind, contact, why, fields, sum) VALUES
            (1, 'zoho', '\"update\"', 'A', '\"undo\"', '[]', checksum(
                1, 'zoho', '\"update\"', 'A', NULL, NULL, '\"undo\"', '[]', NULL))";
        store.write(|db| Ok(db.execute_batch(row)?)).expect("a change");
        assert_eq!(store.whole_changes(1).expect("all of them").len(), 1);
        harm(folder.path(), "UPDATE run SET id = 9");
        let found = store.whole_changes(9);
        assert!(matches!(found, Err(StoreError::Damaged)), "no change passes for none: {found:?}");
    }

    #[test]
    fn whoever_is_to_be_listed_and_is_not_there_is_damage() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = made(folder.path());
        take(&store, "people/c1");
        harm(folder.path(), "UPDATE mirror SET place = 'googld'");
        let found = store.list_traces();
        assert!(matches!(found, Err(StoreError::Damaged)), "{found:?}");
    }

    #[test]
    fn who_is_awaited_is_known_and_both_sides_are_read_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = made(folder.path());
        let feed = fields_feed(Module::Contacts);
        for feed in ["google", &feed] {
            store.write(|db| Store::put_cursor(db, 1, feed, Some("far"))).expect("a cursor");
        }
        let astray = [(Side::Google, "people/c7".to_owned()), (Side::Zoho, "7".to_owned())];
        let astray: BTreeSet<_> = astray.into_iter().collect();
        store.await_anew(1, Module::Contacts, &astray).expect("they are known");
        for (side, id) in &astray {
            let place = Place::of(*side, Module::Contacts);
            let row = store.read(|db| Store::mirrored(db, 1, place, id)).expect("a look");
            assert_eq!(row.map(|row| row.state), Some(crate::State::Hidden), "{}", side.name());
        }
        for feed in ["google", &feed] {
            assert_eq!(store.cursor(1, feed).expect("a look"), None, "{feed} is read anew");
        }
        harm(folder.path(), "DROP TRIGGER mirror_spoilt; UPDATE mirror SET modified = 1");
        let found = store.await_anew(1, Module::Contacts, &astray);
        assert!(matches!(found, Err(StoreError::Damaged)), "more is damaged: {found:?}");
    }

    #[test]
    fn room_is_given_back_where_much_of_it_is_free() {
        for (many, given_back) in [(2, false), (2_000, true)] {
            let folder = tempfile::tempdir().expect("a folder");
            let store = made(folder.path());
            let known = store.newest_copy().expect("a number");
            let taken = store.write(|db| {
                (0..many).try_for_each(|n| {
                    let reading = read(&format!("people/c{n}"));
                    Store::take_in(db, 1, PLACE, &reading, 1, 0).map(drop)
                })
            });
            taken.expect("they are kept");
            let pages = || -> i64 {
                let count =
                    |db: &Connection| db.query_row("PRAGMA page_count", [], |row| row.get(0));
                store.read(|db| Ok(count(db)?)).expect("a number")
            };
            let before = pages();
            store.forget_copies(1, PLACE, known).expect("they go");
            assert_eq!(pages() < before, given_back, "{many} of them");
        }
    }

    #[test]
    fn of_copies_that_are_taken_out_nothing_is_left_that_leads_to_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = made(folder.path());
        take(&store, "people/c1");
        store.list_traces().expect("it is listed");
        let known = store.newest_copy().expect("a number");
        take(&store, "people/c2");
        store.list_traces().expect("it is listed");
        take(&store, "people/c3");
        store.forget_copies(1, PLACE, known).expect("they go");
        let left = store.read(|db| {
            let mut all = Store::dirty(db, 1, Side::Google)?;
            for id in ["people/c1", "people/c2", "people/c3"] {
                all.extend(Store::with_trace(db, 1, PLACE, "key", &format!("{id}@a.test"))?);
                all.extend(Store::mirrored(db, 1, PLACE, id)?.map(|row| row.id));
            }
            Ok(all)
        });
        assert_eq!(left.expect("a look"), ["people/c1"; 3], "whoever was known before stays");
        store.list_traces().expect("nobody is awaited in vain");
    }
}
