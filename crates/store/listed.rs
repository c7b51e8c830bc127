//! `listed`: every contact on either side, by name, with the cause of where it stands. A page reads the
//! contacts that it shows: everything else about the list comes from this table and its neighbours'
//! indexes.
//!
//! Names lie all over the index, so a contact about which something is new is only noted in the
//! transaction that stores it, and all of those are put in together before the list is asked for.

use renraku_core::contact::{RecordId, Side};
use rusqlite::{Connection, params, params_from_iter};

use super::cause::Cause;
use super::listing::{ContactFilter, Listing, Statement, list};
use super::mirror::{COLUMNS, MirrorRow, row};
use super::place::Place;
use crate::{Store, StoreError};

/// Sorts whoever has no name at the end.
const NAMELESS: &str = "\u{10ffff}";

/// One row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedRow {
    /// The sync.
    pub sync: i64,
    /// The Zoho record.
    pub zoho: Option<RecordId>,
    /// The Google person.
    pub google: Option<RecordId>,
    /// Why it stands where it stands.
    pub cause: Cause,
}

/// The statement for a page of the list, by name.
fn page(
    listings: &[Listing<'_>],
    filter: &ContactFilter,
    offset: u32,
    most: u32,
) -> (Statement, String) {
    let mut statement = list(listings, filter);
    let (most, offset) = (statement.bind(i64::from(most)), statement.bind(i64::from(offset)));
    let sql = format!("{} ORDER BY name, id LIMIT {most} OFFSET {offset}", statement.text);
    (statement, sql)
}

fn cause(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Cause> {
    let name = row.get_ref(column)?.as_str()?;
    Cause::of(name).ok_or_else(|| super::damage::found(column))
}

impl Store {
    /// Notes that something about a contact is new: it is listed afresh before the list is asked for.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub(super) fn unlist(
        db: &Connection,
        ledger: i64,
        place: Place,
        id: &str,
    ) -> Result<(), StoreError> {
        db.prepare_cached(
            "INSERT OR IGNORE INTO unlisted_names (ledger, place, id) VALUES (?1, ?2, ?3)",
        )?
        .execute(params![ledger, place.name(), id])?;
        Ok(())
    }

    /// The next contacts of a place that are to be listed afresh.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn to_list(
        &self,
        ledger: i64,
        place: Place,
        most: u32,
    ) -> Result<Vec<MirrorRow>, StoreError> {
        self.read(|db| {
            let sql = format!(
                "SELECT {COLUMNS} FROM unlisted_names u JOIN mirror m USING (ledger, place, id)
                 WHERE u.ledger = ?1 AND u.place = ?2 ORDER BY u.id LIMIT ?3"
            );
            let mut query = db.prepare_cached(&sql)?;
            let rows = query.query_map(params![ledger, place.name(), most], row)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Lists a contact by its name and by everything it is found by, both folded, as it was read.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn list(
        db: &Connection,
        ledger: i64,
        place: Place,
        read: &MirrorRow,
        name: &str,
        words: &str,
    ) -> Result<(), StoreError> {
        let name = if name.is_empty() { NAMELESS } else { name };
        // What changed while it was read is still to be listed.
        db.prepare_cached(
            "INSERT OR REPLACE INTO listed (ledger, place, id, name, words, state, scopes)
             SELECT ?1, ?2, ?3, ?4, ?5, state, scopes FROM mirror
             WHERE ledger = ?1 AND place = ?2 AND id = ?3 AND version = ?6 AND modified = ?7",
        )?
        .execute(params![
            ledger,
            place.name(),
            read.id,
            name,
            words,
            read.version,
            read.modified
        ])?;
        db.prepare_cached(
            "DELETE FROM unlisted_names WHERE ledger = ?1 AND place = ?2 AND id = ?3
             AND EXISTS (SELECT 1 FROM mirror WHERE ledger = ?1 AND place = ?2 AND id = ?3
                         AND version = ?4 AND modified = ?5)",
        )?
        .execute(params![ledger, place.name(), read.id, read.version, read.modified])?;
        Ok(())
    }

    /// A page of the list, by name.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn listed(
        db: &Connection,
        listings: &[Listing<'_>],
        filter: &ContactFilter,
        offset: u32,
        most: u32,
    ) -> Result<Vec<ListedRow>, StoreError> {
        if listings.is_empty() {
            return Ok(Vec::new());
        }
        let (statement, sql) = page(listings, filter, offset, most);
        let mut query = db.prepare_cached(&sql)?;
        let rows = query.query_map(params_from_iter(statement.values), |row| {
            Ok(ListedRow {
                zoho: row.get(2)?,
                google: row.get(3)?,
                sync: row.get(4)?,
                cause: cause(row, 5)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many contacts of the list there are of each cause.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn count_listed(
        db: &Connection,
        listings: &[Listing<'_>],
        filter: &ContactFilter,
    ) -> Result<Vec<(Cause, u32)>, StoreError> {
        if listings.is_empty() {
            return Ok(Vec::new());
        }
        let statement = list(listings, filter);
        let sql = format!("SELECT cause, count(*) FROM ({}) GROUP BY cause", statement.text);
        let mut query = db.prepare_cached(&sql)?;
        let rows = query.query_map(params_from_iter(statement.values), |row| {
            Ok((cause(row, 0)?, row.get(1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The contacts of a sync that changed, were answered about, or have a write of unknown outcome;
    /// no more than so many and one.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn perhaps_waiting(
        db: &Connection,
        sync: i64,
        most: u32,
    ) -> Result<Vec<(Side, RecordId)>, StoreError> {
        let mut query = db.prepare_cached(
            "SELECT side = 'zoho', id FROM dirty WHERE sync = ?1
             UNION SELECT 1, zoho_id FROM review
                 WHERE sync = ?1 AND open = 1 AND chosen IS NOT NULL AND zoho_id IS NOT NULL
             UNION SELECT 0, google_id FROM review
                 WHERE sync = ?1 AND open = 1 AND chosen IS NOT NULL AND google_id IS NOT NULL
             UNION SELECT origin_side = 'zoho', origin_id FROM journal
                 WHERE sync = ?1 AND origin_id IS NOT NULL
             LIMIT ?2",
        )?;
        let rows = query.query_map(params![sync, most.saturating_add(1)], |row| {
            Ok((if row.get(0)? { Side::Zoho } else { Side::Google }, row.get(1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One contact's row of the list, by its id on either side.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn listed_as(
        db: &Connection,
        listing: &Listing<'_>,
        side: Side,
        id: &str,
    ) -> Result<Option<ListedRow>, StoreError> {
        let listings = std::slice::from_ref(listing);
        let mut statement = list(listings, &ContactFilter::default());
        let id = statement.bind(id.to_owned());
        let sql = format!(
            "SELECT zoho, google, sync, cause FROM ({}) WHERE {} = {id}",
            statement.text,
            side.name()
        );
        let mut query = db.prepare_cached(&sql)?;
        let mut rows = query.query(params_from_iter(statement.values))?;
        let found = rows.next()?.map(|row| {
            Ok::<_, StoreError>(ListedRow {
                zoho: row.get(0)?,
                google: row.get(1)?,
                sync: row.get(2)?,
                cause: cause(row, 3)?,
            })
        });
        found.transpose()
    }
}

#[cfg(test)]
mod tests {
    use renraku_core::contact::Pair;
    use renraku_core::setup::Setup;
    use rusqlite::StatementStatus;

    use super::*;
    use crate::{NewLink, SyncRow};

    /// How many contacts a full address book has.
    const MANY: u32 = 25_000;

    /// A sync with as many pairs as a full address book, apart from one contact of Google's.
    fn full(store: &Store) -> SyncRow {
        let ledger = store.ledger("org", "user", "google").expect("a ledger");
        let setup: Setup =
            serde_json::from_str(r#"{"module": "Contacts"}"#).expect("a plain setup");
        let rules = renraku_core::compile::Compiled::default();
        let sync = store.put_sync(ledger, &setup, &rules).expect("a sync");
        store
            .write(|db| {
                let mut mirror = db.prepare(
                    "INSERT INTO mirror (ledger, place, id, version, modified, state, sum, traces, raw)
                     VALUES (?1, ?2, ?3, '', 0, 'here', 0, '{}', '{}')",
                )?;
                let mut list = db.prepare(
                    "INSERT INTO listed (ledger, place, id, name, words, state, scopes)
                     VALUES (?1, ?2, ?3, ?4, ?5, 'here', '')",
                )?;
                for number in 0..=MANY {
                    let name = format!("name{:05}", MANY - number);
                    let ids = Pair {
                        zoho: number.to_string(),
                        google: format!("people/c{number}"),
                    };
                    for (place, id) in [("Contacts", &ids.zoho), ("google", &ids.google)] {
                        if place == "Contacts" && number == MANY {
                            continue;
                        }
                        mirror.execute(params![ledger, place, id])?;
                        let words = format!("{name}\nmail{number}@a.test\n");
                        list.execute(params![ledger, place, id, name, words])?;
                    }
                    if number < MANY {
                        let base = Pair::default();
                        let link = NewLink { ids, base, fresh: false, doubted: false, suspended: None, by: None, seen: Default::default(), sent: None, differs: Default::default() };
                        Store::insert_link(db, sync, &link)?;
                    }
                }
                db.execute("DELETE FROM dirty", [])?;
                Store::mark_dirty_for(db, sync, Side::Zoho, "7")
            })
            .expect("everybody is there");
        store.syncs(ledger).expect("the syncs").pop().expect("the one")
    }

    /// How many steps a statement of the list takes, and its rows.
    fn steps(db: &Connection, statement: Statement, sql: &str) -> (i32, usize) {
        let mut query = db.prepare(sql).expect("a statement");
        let mut rows = query.query(params_from_iter(statement.values)).expect("it runs");
        let mut count = 0;
        while rows.next().expect("a row").is_some() {
            count += 1;
        }
        drop(rows);
        (query.get_status(StatementStatus::VmStep), count)
    }

    #[test]
    fn a_page_of_a_full_address_book_reads_no_contact_that_it_does_not_show() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).expect("a database");
        let sync = full(&store);
        let listings = [Listing { sync: &sync, view: None, label: None }];
        let find =
            |term: &str| ContactFilter { terms: vec![term.to_owned()], ..ContactFilter::default() };
        store
            .read(|db| {
                let of = |filter: &ContactFilter, offset: u32| {
                    Store::listed(db, &listings, filter, offset, 100)
                };
                let first = of(&ContactFilter::default(), 0)?;
                assert_eq!(first.len(), 100);
                assert_eq!(first[0].zoho, None, "by name: the one without a record is the first");
                assert_eq!(first[0].cause, Cause::Nothing);
                assert_eq!(of(&ContactFilter::default(), MANY)?.len(), 1, "the last page");
                let found = of(&find("mail123@"), 0)?;
                assert_eq!(found.len(), 1);
                assert_eq!(found[0].google.as_deref(), Some("people/c123"), "with its counterpart");
                let waiting = ContactFilter { causes: vec![Cause::Changed], ..find("mail") };
                assert_eq!(of(&waiting, 0)?.len(), 1, "one state alone");
                let counts = Store::count_listed(db, &listings, &ContactFilter::default())?;
                assert_eq!(counts.iter().map(|(_, count)| count).sum::<u32>(), MANY + 1);
                assert!(counts.contains(&(Cause::InStep, MANY - 1)), "{counts:?}");

                for (what, filter, most) in
                    [("a page", ContactFilter::default(), 40), ("a search", find("mail123@"), 150)]
                {
                    let (statement, sql) = page(&listings, &filter, 0, 100);
                    let plan: Vec<String> = {
                        let mut query = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
                        let values = params_from_iter(statement.values.clone());
                        let rows = query.query_map(values, |row| row.get(3))?;
                        rows.collect::<Result<_, _>>()?
                    };
                    let touched = |table: &str| plan.iter().any(|line| line.contains(table));
                    assert!(!touched("mirror"), "{what} reads no copy: {plan:#?}");
                    assert!(!touched("SCAN l"), "{what} scans no links: {plan:#?}");
                    let (steps, _) = steps(db, statement, &sql);
                    // So many instructions of SQLite's a contact of the address book at most.
                    let bound = most * i32::try_from(MANY).unwrap_or(i32::MAX);
                    assert!(steps < bound, "{what}: {steps} steps, at most {bound}");
                }
                Ok(())
            })
            .expect("the list");
    }
}
