//! The changes of a run for who writes by them, as an undo does: none of them may be missing.

use rusqlite::{Connection, OptionalExtension};

use crate::history::{ChangeRow, Stored, changes_in, count_changes, document};
use crate::{Store, StoreError, damage, rows};

/// How many changes a run had when it was saved last.
fn noted_changes(db: &Connection, run: i64) -> Result<Option<u32>, StoreError> {
    let sound = rows::RUN.sound("r.");
    let noted = db
        .prepare_cached(&format!("SELECT r.report, {sound} FROM run r WHERE r.id = ?1"))?
        .query_row([run], |row| {
            damage::checked(row, 1)?;
            document::<Stored<serde::de::IgnoredAny>>(row, 0)
        })
        .optional()?;
    Ok(noted.and_then(|stored| stored.changes))
}

impl Store {
    /// As [`Store::changes`], for who writes by it: none may be missing because its row was damaged. Where the
    /// run has as many as it had, none is; else each of the history is looked at.
    ///
    /// # Errors
    /// [`StoreError::Damaged`].
    pub fn whole_changes(&self, run: i64) -> Result<Vec<ChangeRow>, StoreError> {
        self.read(|db| match noted_changes(db, run)? {
            Some(noted) if noted == count_changes(db, run)? => changes_in(db, run, ""),
            Some(_) | None => {
                rows::CHANGE.check(db)?;
                // An index may have lost one.
                changes_in(db, run, "NOT INDEXED")
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use renraku_core::compile::Compiled;
    use renraku_core::contact::{Module, Side};
    use renraku_core::plan::Why;

    use super::*;
    use crate::run::{OperationKind, Run};

    /// Two runs that are over, each with changes of these contacts.
    fn made(folder: &std::path::Path) -> Store {
        let store = Store::open(folder).expect("a database");
        let ledger = store.ledger("o", "u", "g").expect("a ledger");
        let setup = serde_json::from_str(r#"{"module": "Contacts"}"#).expect("a plain setup");
        store.put_sync(ledger, &setup, &Compiled::default()).expect("a sync");
        for contacts in [["A", "B"], ["C", "D"]] {
            let report = Run::begun(Module::Contacts, String::new());
            let run = store.begin_run(1, &report, None).expect("a run");
            let noted = store.write(|db| {
                for contact in contacts {
                    Store::note_change(db, run, &change(contact))?;
                }
                Store::report_run(db, run, &report, false)
            });
            noted.expect("it is over");
        }
        store
    }

    fn change(contact: &str) -> ChangeRow {
        ChangeRow {
            side: Side::Zoho,
            kind: OperationKind::Update,
            contact: contact.to_owned(),
            zoho_id: Some(contact.to_owned()),
            google_id: None,
            why: Why::Undo,
            fields: Vec::new(),
            label: None,
        }
    }

    #[test]
    fn no_change_of_a_run_is_missed_and_no_other_run_is_looked_at() {
        let found = |harm: &str| {
            let folder = tempfile::tempdir().expect("a folder");
            let store = made(folder.path());
            let db = Connection::open(folder.path().join("renraku.db")).expect("the file");
            damage::teach(&db).expect("it learns");
            db.execute_batch(harm).expect("harm is done");
            let changes = store.whole_changes(1);
            changes.map(|all| all.into_iter().map(|change| change.contact).collect::<String>())
        };
        assert_eq!(found("").expect("whole"), "AB");
        let moved = "DROP TRIGGER change_spoilt; UPDATE change SET run = 2 WHERE contact = 'B'";
        assert!(matches!(found(moved), Err(StoreError::Damaged)), "one is another run's now");
        let spoilt = "DROP TRIGGER change_spoilt; UPDATE change SET fields = '[1]' WHERE run = 1";
        assert!(matches!(found(spoilt), Err(StoreError::Damaged)), "one is not what was written");
        let other = "DROP TRIGGER change_spoilt; UPDATE change SET fields = '[1]' WHERE run = 2";
        assert_eq!(found(other).expect("this one is whole"), "AB", "another run's changes");
    }

    #[test]
    fn a_change_that_was_found_since_is_looked_for_in_the_whole_history() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = made(folder.path());
        store.write(|db| Store::note_change(db, 1, &change("E"))).expect("it is found");
        assert_eq!(store.whole_changes(1).expect("all of them").len(), 3);
    }
}
