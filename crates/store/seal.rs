//! `seal`: one checksum over the few rows that everything is written from: whose contacts are synced, by
//! which rules, who was left out, how far each feed was read.
//!
//! SQLite takes a flipped letter in a row for what was written there, and a row that a damaged index no
//! longer leads to for none at all. So each look and each write begins by comparing these rows with their
//! seal, and a write that changed them seals them anew. What may be long (the contacts, the pairs, the
//! questions, what was approved and what is under way) carries a checksum a row, and of each such table the
//! number of its rows and the sum of their checksums are sealed.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension};

use super::{StoreError, damage};

/// The rows that are sealed, read without any index.
const SEALED: [&str; 9] = [
    "SELECT * FROM setting ORDER BY key",
    "SELECT * FROM account NOT INDEXED ORDER BY service",
    "SELECT * FROM ledger NOT INDEXED ORDER BY id",
    "SELECT * FROM sync NOT INDEXED ORDER BY id",
    "SELECT * FROM cursor ORDER BY ledger, feed",
    "SELECT * FROM generation ORDER BY id",
    "SELECT * FROM left_out ORDER BY sync, side, id",
    "SELECT * FROM total ORDER BY name",
    // Which numbers were given: at its end, SQLite says that the disk is full.
    "SELECT * FROM sqlite_sequence ORDER BY name",
];

/// Rows that the index by which they are looked up does not lead to.
const UNREACHED: [&str; 3] = [
    "SELECT 1 FROM account t NOT INDEXED WHERE NOT EXISTS (
         SELECT 1 FROM account i INDEXED BY sqlite_autoindex_account_1
         WHERE i.service = t.service AND i.grant_json = t.grant_json)",
    "SELECT 1 FROM ledger t NOT INDEXED WHERE NOT EXISTS (
         SELECT 1 FROM ledger i INDEXED BY sqlite_autoindex_ledger_1
         WHERE i.org = t.org AND i.zoho_user = t.zoho_user AND i.google = t.google AND i.id = t.id)",
    "SELECT 1 FROM sync t NOT INDEXED WHERE NOT EXISTS (
         SELECT 1 FROM sync i INDEXED BY sqlite_autoindex_sync_1
         WHERE i.ledger = t.ledger AND i.module = t.module AND i.id = t.id)",
];

fn sum(db: &Connection) -> Result<i64, StoreError> {
    let mut sum = crc32fast::Hasher::new();
    for sql in SEALED {
        let mut query = db.prepare_cached(sql)?;
        let width = query.column_count();
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            for column in 0..width {
                match row.get_ref(column)? {
                    ValueRef::Null => sum.update(&[0]),
                    ValueRef::Integer(number) => sum.update(&number.to_le_bytes()),
                    ValueRef::Real(number) => sum.update(&number.to_le_bytes()),
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) => sum.update(bytes),
                }
                // No text contains this byte, so that nothing can move from one value to the next.
                sum.update(&[0xFF]);
            }
        }
        sum.update(&[0xFE]);
    }
    Ok(i64::from(sum.finalize()))
}

/// Goes on only where the sealed rows are what was written there, and each is found where it is looked for.
///
/// # Errors
/// [`damage::found`].
pub(super) fn check(db: &Connection) -> Result<(), StoreError> {
    let sealed: Option<i64> = db
        .prepare_cached("SELECT sum FROM seal WHERE id = 1")?
        .query_row([], |row| row.get(0))
        .optional()?;
    if sealed != Some(sum(db)?) {
        return Err(damage::found(0).into());
    }
    for sql in UNREACHED {
        if db.prepare_cached(sql)?.exists([])? {
            return Err(damage::found(0).into());
        }
    }
    Ok(())
}

/// Seals the rows as they are now, at the end of the transaction that changed them.
///
/// # Errors
/// What SQLite answers.
pub(super) fn renew(db: &Connection) -> Result<(), StoreError> {
    let now = sum(db)?;
    db.prepare_cached(
        "INSERT INTO seal (id, sum) VALUES (1, ?1)
         ON CONFLICT DO UPDATE SET sum = ?1 WHERE sum <> ?1",
    )?
    .execute([now])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use renraku_core::contact::Side;
    use rusqlite::Connection;

    use crate::{Anew, Store, StoreError, damage};

    /// A store with a row in each sealed table.
    fn filled(folder: &Path) -> Store {
        let store = Store::open(folder).expect("a database");
        for side in Side::BOTH {
            store.put_account(side, &"granted").expect("an account");
        }
        let ledger = store.ledger("org", "user", "google").expect("a ledger");
        store
            .write_kept(|db| {
                db.execute_batch(&format!(
                    "INSERT INTO sync (ledger, module, setup, rules)
                         VALUES ({ledger}, 'Contacts', '{{\"module\":\"Contacts\"}}', 'rules');
                     INSERT INTO cursor VALUES (1, 'feed', 'far');
                     INSERT INTO generation VALUES (1, 7);
                     INSERT INTO left_out VALUES (1, 'zoho', '57');",
                ))?;
                Ok(())
            })
            .expect("rows");
        store.put_setting("theme", "light").expect("a setting");
        store
    }

    #[test]
    fn whatever_is_flipped_or_missing_in_a_sealed_table_is_damage() {
        let tables =
            "setting account ledger sync cursor generation left_out total sqlite_sequence seal";
        for table in tables.split(' ') {
            let columns: Vec<String> = {
                let folder = tempfile::tempdir().expect("a folder");
                let store = filled(folder.path());
                let list = |db: &Connection| {
                    let mut query = db.prepare("SELECT name FROM pragma_table_info(?1)")?;
                    let names = query.query_map([table], |row| row.get(0))?;
                    Ok(names.collect::<Result<_, _>>()?)
                };
                store.read(list).expect("its columns")
            };
            let harms = columns.iter().map(|column| {
                format!(
                    "UPDATE {table} SET {column} = CASE typeof({column})
                         WHEN 'integer' THEN {column} + 1
                         WHEN 'null' THEN 'x'
                         ELSE {column} || 'x' END"
                )
            });
            for harm in harms.chain([format!("DELETE FROM {table}")]) {
                let folder = tempfile::tempdir().expect("a folder");
                drop(filled(folder.path()));
                let db = Connection::open(folder.path().join("renraku.db")).expect("the file");
                db.execute_batch("PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF")
                    .expect("it obeys");
                damage::teach(&db).expect("it learns");
                db.execute_batch(&harm).unwrap_or_else(|error| panic!("{harm}: {error}"));
                drop(db);
                let store = Store::open(folder.path()).expect("it opens");
                let anew = store.anew();
                assert!(matches!(anew, Ok(Some(Anew::Damaged { .. }))), "{harm}: {anew:?}");
                let account = store.account::<String>(Side::Zoho).expect("a look");
                assert!(account.is_some(), "{harm}: the accounts are known");
                let theme = store.setting("theme").expect("a look");
                assert_eq!(theme.as_deref(), Some("light"), "{harm}: so are the settings");
            }
        }
    }

    #[test]
    fn a_row_that_its_index_no_longer_leads_to_is_damage() {
        for table in ["account", "ledger", "sync"] {
            let folder = tempfile::tempdir().expect("a folder");
            let store = filled(folder.path());
            let (root, size): (u32, u32) = store
                .read(|db| {
                    let root = format!(
                        "SELECT rootpage FROM sqlite_schema
                         WHERE name = 'sqlite_autoindex_{table}_1'"
                    );
                    let size = db.pragma_query_value(None, "page_size", |row| row.get(0))?;
                    Ok((db.query_row(&root, [], |row| row.get(0))?, size))
                })
                .expect("where its index is");
            drop(store);
            let file = folder.path().join("renraku.db");
            let mut bytes = std::fs::read(&file).expect("the file");
            // The keys stand at the end of the page.
            let end = usize::try_from(root * size).expect("a place");
            bytes.iter_mut().take(end).skip(end - 6).for_each(|byte| *byte ^= 0x01);
            std::fs::write(&file, bytes).expect("it is written");
            let store = Store::open(folder.path()).expect("it opens");
            let found = store.account::<String>(Side::Zoho);
            assert!(matches!(found, Ok(Some(_)) | Err(StoreError::Damaged)), "{table}: {found:?}");
            let anew = store.anew().expect("a look");
            assert!(matches!(anew, Some(Anew::Damaged { .. })), "{table}: it is noticed");
        }
    }

    #[test]
    fn what_is_written_is_sealed_whichever_way_it_is_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = filled(folder.path());
        store.put_generation(8).expect("a number");
        store.forget_setting("theme").expect("it goes");
        store.enable(1, false).expect("it is turned off");
        drop(store);
        let store = Store::open(folder.path()).expect("it opens");
        assert_eq!(store.anew().expect("a look"), None, "nothing is damaged");
        assert_eq!(store.generation().expect("a number"), Some(8));
    }
}
