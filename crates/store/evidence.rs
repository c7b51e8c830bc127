//! `evidence`: what contacts can be looked up by. A contact's own traces stand in its mirror row too,
//! so that they come with it, and what has to go when they change is known.
//!
//! Values lie all over this table: a batch's new traces, put in one by one, would have almost every
//! page of it written again. So a contact whose traces are new is only noted as `unlisted` in the
//! transaction that stores them, and all of those are put in together, in order, before anybody is
//! looked up.

use renraku_core::contact::RecordId;
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use super::place::Place;
use crate::{Store, StoreError, damage, rows};

/// What a contact can be looked up by; all normalised.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Traces {
    /// The pairing keys.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
    /// Every other e-mail address.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<String>,
    /// The forms of its full name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// The organisation's name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub orgs: Vec<String>,
    /// The Zoho records our marks name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<String>,
}

impl Traces {
    /// Every value with its kind: the singular of its name in the stored document.
    fn each(&self) -> impl Iterator<Item = (&'static str, &String)> {
        let kinds = [
            ("key", &self.keys),
            ("email", &self.emails),
            ("name", &self.names),
            ("org", &self.orgs),
            ("mark", &self.marks),
        ];
        kinds.into_iter().flat_map(|(kind, values)| values.iter().map(move |value| (kind, value)))
    }
}

impl Store {
    /// Puts a contact's traces in the place of its old ones.
    pub(super) fn put_traces(
        db: &Connection,
        ledger: i64,
        place: Place,
        id: &str,
        old: &Traces,
        new: &Traces,
    ) -> Result<(), StoreError> {
        if old == new {
            return Ok(());
        }
        for (kind, value) in old.each() {
            let delete = "DELETE FROM evidence
                 WHERE ledger = ?1 AND place = ?2 AND kind = ?3 AND value = ?4 AND id = ?5
                 RETURNING sum";
            let named = params![ledger, place.name(), kind, value, id];
            rows::EVIDENCE.counting(db, -1, delete, named)?;
        }
        if *new != Traces::default() {
            db.prepare_cached(
                "INSERT OR IGNORE INTO unlisted (ledger, place, id, sum)
                 VALUES (?1, ?2, ?3, checksum(?1, ?2, ?3))",
            )?
            .execute(params![ledger, place.name(), id])?;
        }
        Ok(())
    }

    /// Lists every trace that is not listed yet, so that it is found.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn list_traces(&self) -> Result<(), StoreError> {
        let listed =
            self.read(|db| Ok(!db.prepare_cached("SELECT 1 FROM unlisted")?.exists([])?))?;
        if listed {
            return Ok(());
        }
        self.write(|db| {
            rows::UNLISTED.check(db)?;
            let nowhere = "SELECT 1 FROM unlisted u WHERE NOT EXISTS (
                 SELECT 1 FROM mirror m WHERE (m.ledger, m.place, m.id) = (u.ledger, u.place, u.id))";
            if db.prepare_cached(nowhere)?.exists([])? {
                return Err(damage::found(0).into());
            }
            let listed = "INSERT OR IGNORE INTO evidence (ledger, place, kind, value, id, sum)
                 SELECT m.ledger, m.place, rtrim(kind.key, 's'), trace.value, m.id,
                     checksum(m.ledger, m.place, rtrim(kind.key, 's'), trace.value, m.id)
                 FROM unlisted u CROSS JOIN mirror m USING (ledger, place, id)
                     CROSS JOIN json_each(m.traces) kind CROSS JOIN json_each(kind.value) trace
                 ORDER BY 1, 2, 3, 4, 5
                 RETURNING sum";
            rows::EVIDENCE.counting(db, 1, listed, [])?;
            db.execute("DELETE FROM unlisted", [])?;
            Ok(())
        })
    }

    /// The contacts of a place that carry this value as a trace of this kind, of those that are
    /// listed.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn with_trace(
        db: &Connection,
        ledger: i64,
        place: Place,
        kind: &str,
        value: &str,
    ) -> Result<Vec<RecordId>, StoreError> {
        let sql = format!(
            "SELECT id, {} FROM evidence
             WHERE ledger = ?1 AND place = ?2 AND kind = ?3 AND value = ?4",
            rows::EVIDENCE.sound("")
        );
        let mut query = db.prepare_cached(&sql)?;
        let ids = query
            .query_map(params![ledger, place.name(), kind, value], |row| {
                damage::checked(row, 1)?;
                row.get(0)
            })?
            .collect::<Result<_, _>>()?;
        Ok(ids)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Reading, State};

    #[test]
    fn who_is_looked_up_is_found_by_the_newest_traces_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).expect("a database");
        let ledger = store.ledger("org", "user", "google").expect("a ledger");
        let (place, id) = (Place::Google, "people/c1");
        let mirror = |key: &str, name: &str| {
            let traces = Traces {
                keys: vec![key.to_owned()],
                emails: vec![format!("other.{key}")],
                names: vec![name.to_owned()],
                orgs: Vec::new(),
                marks: vec!["Contacts:57".to_owned()],
            };
            let reading = Reading {
                id: id.to_owned(),
                version: key.to_owned(),
                modified: 0,
                raw: "{}".into(),
                seen: 0,
                scopes: None,
                readable: true,
                traces,
            };
            store
                .write(|db| Store::overwrite(db, ledger, place, &reading, 0, 0))
                .expect("it is mirrored");
        };
        let found = |kind: &str, value: &str| {
            store.list_traces().expect("everything is listed");
            let found = store.read(|db| Store::with_trace(db, ledger, place, kind, value));
            found.expect("the look-up").len()
        };
        mirror("old@a.test", "ann");
        mirror("a@a.test", "ann");
        assert_eq!(found("key", "old@a.test"), 0, "changed before it was listed");
        for (kind, value) in [
            ("key", "a@a.test"),
            ("email", "other.a@a.test"),
            ("name", "ann"),
            ("mark", "Contacts:57"),
        ] {
            assert_eq!(found(kind, value), 1, "its {kind}");
        }
        mirror("new@a.test", "ann");
        assert_eq!((found("key", "a@a.test"), found("key", "new@a.test")), (0, 1), "changed since");
        assert_eq!(found("name", "ann"), 1, "what did not change stays");
        mirror("last@a.test", "ann");
        store
            .write(|db| Store::set_state(db, ledger, place, id, &State::Gone))
            .expect("it is gone");
        for (kind, value) in [("key", "new@a.test"), ("key", "last@a.test"), ("name", "ann")] {
            assert_eq!(found(kind, value), 0, "nobody is found by {value}");
        }
    }
}
