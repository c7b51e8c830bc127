//! `evidence`: what contacts can be looked up by. A contact's own traces stand in its mirror row too,
//! so that they come with it, and what has to go when they change is known.

use renraku_core::contact::RecordId;
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use super::mirror::Place;
use super::{Store, StoreError};

/// What a contact can be looked up by; all normalised.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Traces {
    /// The pairing keys.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
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
    fn each(&self) -> impl Iterator<Item = (&'static str, &String)> {
        let kinds = [
            ("key", &self.keys),
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
        let mut delete = db.prepare_cached(
            "DELETE FROM evidence
             WHERE ledger = ?1 AND place = ?2 AND kind = ?3 AND value = ?4 AND id = ?5",
        )?;
        for (kind, value) in old.each() {
            delete.execute(params![ledger, place.name(), kind, value, id])?;
        }
        let mut insert = db.prepare_cached(
            "INSERT OR IGNORE INTO evidence (ledger, place, kind, value, id)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for (kind, value) in new.each() {
            insert.execute(params![ledger, place.name(), kind, value, id])?;
        }
        Ok(())
    }

    /// The contacts of a place that carry one of these values as a trace of this kind.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub(crate) fn with_trace(
        db: &Connection,
        ledger: i64,
        place: Place,
        kind: &str,
        value: &str,
    ) -> Result<Vec<RecordId>, StoreError> {
        let mut query = db.prepare_cached(
            "SELECT id FROM evidence WHERE ledger = ?1 AND place = ?2 AND kind = ?3 AND value = ?4",
        )?;
        let ids = query
            .query_map(params![ledger, place.name(), kind, value], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(ids)
    }
}
