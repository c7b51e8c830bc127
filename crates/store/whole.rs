//! Whether the database has exactly what was written there: what no checksum of a row tells.

use rusqlite::Connection;

use super::{Store, StoreError, damage, rows};

impl Store {
    /// Goes on only with a database in which each pair is there as it was written, and found: asked before
    /// anything follows from a change. A page that the disk lost shows an older pair, or none, and a damaged
    /// index leads to nobody.
    ///
    /// # Errors
    /// [`StoreError::Damaged`].
    pub fn has_its_pairs(&self) -> Result<(), StoreError> {
        self.read(|db| {
            rows::complete(db, rows::Which::Pairs)?;
            ["link", "review"].into_iter().try_for_each(|table| agrees(db, table))
        })
    }

    /// Goes on only with a database in which whoever is there is found: asked before somebody is made or
    /// paired for whom nobody was found, be it by an index that is damaged or a key that is missing.
    ///
    /// # Errors
    /// [`StoreError::Damaged`].
    pub fn is_whole(&self) -> Result<(), StoreError> {
        self.read(|db| {
            rows::complete(db, rows::Which::All)?;
            ["link", "evidence", "mirror", "review"]
                .into_iter()
                .try_for_each(|table| agrees(db, table))?;
            // A key of which a letter was flipped leads to nobody.
            rows::EVIDENCE.check(db)
        })
    }

    /// Whether anything changed for a sync. What changed, what is under way and what waits is looked
    /// through for it: what is missing there would never be carried over.
    ///
    /// # Errors
    /// [`StoreError::Damaged`].
    pub fn has_work(&self, sync: i64) -> Result<bool, StoreError> {
        self.read(|db| {
            rows::complete(db, rows::Which::Pending)?;
            Store::any_dirty(db, sync)
        })
    }
}

/// Goes on only where a table and its indexes agree.
fn agrees(db: &Connection, table: &str) -> Result<(), StoreError> {
    let check = format!("PRAGMA integrity_check({table})");
    let said: String = db.query_row(&check, [], |row| row.get(0))?;
    if said == "ok" { Ok(()) } else { Err(damage::found(0).into()) }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::damage::tests::linked;
    use crate::{Place, Traces};

    /// Where a table or an index begins in the file, and how long a page is.
    fn root(store: &Store, name: &str) -> (usize, usize) {
        let found: (i64, i64) = store
            .read(|db| {
                let root = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
                let size = db.pragma_query_value(None, "page_size", |row| row.get(0))?;
                Ok((db.query_row(root, [name], |row| row.get(0))?, size))
            })
            .expect("where it is");
        let [root, size] = [found.0, found.1].map(|n| usize::try_from(n).expect("a place"));
        ((root - 1) * size, size)
    }

    /// The page of a table as the disk has it.
    fn page(folder: &Path, (at, size): (usize, usize)) -> Vec<u8> {
        let bytes = fs::read(folder.join("renraku.db")).expect("the file");
        bytes.into_iter().skip(at).take(size).collect()
    }

    /// Puts a page back to what it was.
    fn lose(folder: &Path, (at, _): (usize, usize), old: &[u8]) {
        let file = folder.join("renraku.db");
        let mut bytes = fs::read(&file).expect("the file");
        for (byte, old) in bytes.iter_mut().skip(at).zip(old) {
            *byte = *old;
        }
        fs::write(&file, bytes).expect("it is written");
    }

    /// Whether a run that has something to do would go on.
    fn goes_on(folder: &Path) -> bool {
        let store = Store::open(folder).expect("it opens");
        let looked =
            store.has_work(1).and_then(|_| store.has_its_pairs()).and_then(|()| store.is_whole());
        match looked {
            Ok(()) => true,
            Err(StoreError::Damaged) => false,
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn a_page_that_the_disk_lost_is_damage() {
        for (rows, by) in rows::COUNTED {
            let table = rows.table;
            for change in ["DELETE FROM", "UPDATE"] {
                if change == "UPDATE" && by != rows::Counted::Sum {
                    continue;
                }
                let folder = tempfile::tempdir().expect("a folder");
                let store = linked(folder.path());
                let place = root(&store, table);
                drop(store);
                let before = page(folder.path(), place);
                assert!(goes_on(folder.path()), "{table}: it is whole");
                let store = Store::open(folder.path()).expect("it opens");
                let sql = match change {
                    "UPDATE" => format!("UPDATE {table} SET sum = sum + 1"),
                    _ => format!("DELETE FROM {table}"),
                };
                let make = |db: &Connection| match by {
                    rows::Counted::SumByWriter => {
                        rows.counting(db, -1, &format!("{sql} RETURNING sum"), [])
                    }
                    rows::Counted::Sum | rows::Counted::Number => Ok(db.execute_batch(&sql)?),
                };
                store.write(|db| make(db)).expect("a change");
                drop(store);
                let after = page(folder.path(), place);
                assert_ne!(before, after, "{table}: the page has changed");
                lose(folder.path(), place, &before);
                assert!(!goes_on(folder.path()), "{table}: {change}, and the older page");
            }
        }
    }

    #[test]
    fn a_row_that_comes_and_goes_leaves_the_database_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = linked(folder.path());
        let writes = |writes: &[&str]| writes.iter().map(|w| (*w).to_owned()).collect();
        store
            .write(|db| {
                Store::show(db, 1, &writes(&["a", "b"]))?;
                Store::show(db, 1, &writes(&["c"]))?;
                db.execute_batch(
                    "UPDATE link SET reason = 'again'; UPDATE review SET chosen = NULL;
                     DELETE FROM dirty; DELETE FROM journal;",
                )?;
                let old = Traces { keys: vec!["k".to_owned()], ..Traces::default() };
                let new = Traces { keys: vec!["l".to_owned()], ..Traces::default() };
                Store::put_traces(db, 1, Place::Google, "people/c1", &old, &new)
            })
            .expect("changes");
        store.list_traces().expect("they are listed");
        drop(store);
        assert!(goes_on(folder.path()), "nothing is missing");
    }

    #[test]
    fn whichever_index_a_letter_is_flipped_in_is_damage() {
        let folder = tempfile::tempdir().expect("a folder");
        let indices: Vec<String> = linked(folder.path())
            .read(|db| {
                let sql = "SELECT name FROM sqlite_schema WHERE type = 'index'
                     AND tbl_name IN ('link', 'mirror', 'review')";
                let mut query = db.prepare(sql)?;
                let names = query.query_map([], |row| row.get(0))?;
                Ok(names.collect::<Result<_, _>>()?)
            })
            .expect("the indices");
        let mut tried = 0;
        for index in indices {
            let folder = tempfile::tempdir().expect("a folder");
            let store = linked(folder.path());
            let (at, size) = root(&store, &index);
            drop(store);
            let mut bytes = page(folder.path(), (at, size));
            // Of a part of the rows alone: none is in it here.
            if bytes.get(3..5) == Some(&[0, 0]) {
                continue;
            }
            // The last letter of what the contact is looked up by, or the number of its row.
            bytes.iter_mut().skip(size - 2).take(1).for_each(|byte| *byte ^= 0x01);
            lose(folder.path(), (at, size), &bytes);
            assert!(!goes_on(folder.path()), "{index}");
            tried += 1;
        }
        assert!(tried > 4, "{tried} indices");
    }
}
