//! `link`: the durable pairing, with what each side said last time both were settled.

use std::collections::{BTreeMap, BTreeSet};

use renraku_core::contact::{Pair, RecordId, Side, Text};
use renraku_core::mapping::Mapping;
use renraku_core::matching::Reason;
use renraku_core::news::Names;
use renraku_core::plan::{Sent, Suspended};
use renraku_core::seen::Seen;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::{Store, StoreError, damage};

/// A base: what a side last said, by Zoho's `api_name`. An empty field is left out.
pub type Base = BTreeMap<String, Text>;

/// One pairing.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkRow {
    /// Its number.
    pub id: i64,
    /// Both ends.
    pub ids: Pair<RecordId>,
    /// What each side last said.
    pub base: Pair<Base>,
    /// How the person's entries stood at the last look.
    pub seen: Seen,
    /// What was written to Zoho and need not have arrived.
    pub sent: Option<Sent>,
    /// Whether the two were never settled since they were matched.
    pub fresh: bool,
    /// How they were recognised; none where one was created from the other.
    pub by: Option<Reason>,
    /// Whether it is kept apart by rule or decision.
    pub stopped: bool,
    /// Why it sleeps.
    pub suspended: Option<Suspended>,
    /// Whether its bases may be older than what was last settled.
    pub doubted: bool,
    /// How often each field flipped.
    pub flips: BTreeMap<String, Flip>,
    /// Fields in which the two differed at the last look and were left so, by Zoho's `api_name`.
    pub differs: BTreeSet<String>,
}

/// How a field flips back and forth.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Flip {
    /// The value before our last write, on the written side.
    pub last: Option<Text>,
    /// What that write said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<Text>,
    /// How often a write brought back what stood there before, or said the same in vain.
    pub count: u32,
}

/// A pairing to be inserted.
#[derive(Debug, Clone)]
pub struct NewLink {
    /// Both ends.
    pub ids: Pair<RecordId>,
    /// What each side says.
    pub base: Pair<Base>,
    /// How the person's entries stand.
    pub seen: Seen,
    /// Whether the two still have to be settled.
    pub fresh: bool,
    /// Whether nobody can tell which of two values of it is the newer one.
    pub doubted: bool,
    /// What was written to Zoho and need not have arrived.
    pub sent: Option<Sent>,
    /// Why it sleeps from the start.
    pub suspended: Option<Suspended>,
    /// How they were recognised; none where one was created from the other.
    pub by: Option<Reason>,
    /// Fields in which the two differ and are left so, by Zoho's `api_name`.
    pub differs: BTreeSet<String>,
}

/// What [`row`] reads.
pub(super) const COLUMNS: &str = "id, zoho_id, google_id, base_zoho, base_google, fresh, state, asleep, flips, reason, \
     entries, doubted, sent, differs, sum = checksum(id, sync, zoho_id, google_id, base_zoho, base_google, \
     fresh, reason, state, asleep, flips, entries, doubted, sent, differs)";

/// How many columns these are.
pub(super) const WIDTH: usize = 15;

fn document<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    serde_json::from_str(row.get_ref(column)?.as_str()?).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, error.into())
    })
}

pub(super) fn row(row: &Row<'_>) -> rusqlite::Result<LinkRow> {
    damage::checked(row, WIDTH - 1)?;
    let state: String = row.get(6)?;
    let (suspended, sent): (Option<String>, Option<String>) = (row.get(7)?, row.get(12)?);
    Ok(LinkRow {
        id: row.get(0)?,
        ids: Pair { zoho: row.get(1)?, google: row.get(2)? },
        base: Pair { zoho: document(row, 3)?, google: document(row, 4)? },
        fresh: row.get(5)?,
        stopped: state == "stopped",
        suspended: suspended.map(|_| document(row, 7)).transpose()?,
        flips: document(row, 8)?,
        seen: document(row, 10)?,
        sent: sent.map(|_| document(row, 12)).transpose()?,
        doubted: row.get(11)?,
        differs: document(row, 13)?,
        by: if row.get_ref(9)?.as_str()?.is_empty() { None } else { Some(document(row, 9)?) },
    })
}

pub(super) fn column(side: Side) -> &'static str {
    match side {
        Side::Zoho => "zoho_id",
        Side::Google => "google_id",
    }
}

impl Store {
    /// The link of a contact.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn link_of(
        db: &Connection,
        sync: i64,
        side: Side,
        id: &str,
    ) -> Result<Option<LinkRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM link WHERE sync = ?1 AND {} = ?2", column(side));
        Ok(db.prepare_cached(&sql)?.query_row(params![sync, id], row).optional()?)
    }

    /// These contacts, and whom the sync links with one that is named alone.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn ends(
        db: &Connection,
        sync: i64,
        named: &Pair<Option<RecordId>>,
    ) -> Result<Pair<Option<RecordId>>, StoreError> {
        let mut ids = named.clone();
        for side in Side::BOTH {
            if let (Some(id), None) = (&named[side], &named[side.other()]) {
                let link = Store::link_of(db, sync, side, id)?;
                ids[side.other()] = link.map(|link| link.ids[side.other()].clone());
            }
        }
        Ok(ids)
    }

    /// Whether a contact has a link.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn is_linked(db: &Connection, sync: i64, side: Side, id: &str) -> Result<bool, StoreError> {
        let sql = format!("SELECT 1 FROM link WHERE sync = ?1 AND {} = ?2", column(side));
        Ok(db.prepare_cached(&sql)?.exists(params![sync, id])?)
    }

    /// Whether a sync has any link.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn any_link(db: &Connection, sync: i64) -> Result<bool, StoreError> {
        Ok(db.prepare_cached("SELECT 1 FROM link WHERE sync = ?1")?.exists([sync])?)
    }

    /// A link by its number.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn link(db: &Connection, id: i64) -> Result<Option<LinkRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM link WHERE id = ?1");
        Ok(db.prepare_cached(&sql)?.query_row([id], row).optional()?)
    }

    /// Inserts a pairing.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn insert_link(db: &Connection, sync: i64, link: &NewLink) -> Result<i64, StoreError> {
        let by = link.by.map(|by| serde_json::to_string(&by)).transpose()?.unwrap_or_default();
        db.prepare_cached(
            "INSERT INTO link
                 (sync, zoho_id, google_id, base_zoho, base_google, fresh, reason, asleep, entries,
                  sent, differs, doubted)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?
        .execute(params![
            sync,
            link.ids.zoho,
            link.ids.google,
            serde_json::to_string(&link.base.zoho)?,
            serde_json::to_string(&link.base.google)?,
            link.fresh,
            by,
            link.suspended.map(|suspended| serde_json::to_string(&suspended)).transpose()?,
            serde_json::to_string(&link.seen)?,
            link.sent.as_ref().map(serde_json::to_string).transpose()?,
            serde_json::to_string(&link.differs)?,
            link.doubted
        ])?;
        Ok(db.last_insert_rowid())
    }

    /// Saves everything but the number of a link.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn save_link(db: &Connection, link: &LinkRow) -> Result<(), StoreError> {
        let suspended = link.suspended.map(|a| serde_json::to_string(&a)).transpose()?;
        db.prepare_cached(
            "UPDATE link SET zoho_id = ?2, google_id = ?3, base_zoho = ?4, base_google = ?5,
                 fresh = ?6, state = ?7, asleep = ?8, flips = ?9, entries = ?10, doubted = ?11, sent = ?12,
                 differs = ?13
             WHERE id = ?1",
        )?
        .execute(params![
            link.id,
            link.ids.zoho,
            link.ids.google,
            serde_json::to_string(&link.base.zoho)?,
            serde_json::to_string(&link.base.google)?,
            link.fresh,
            if link.stopped { "stopped" } else { "live" },
            suspended,
            serde_json::to_string(&link.flips)?,
            serde_json::to_string(&link.seen)?,
            link.doubted,
            link.sent.as_ref().map(serde_json::to_string).transpose()?,
            serde_json::to_string(&link.differs)?
        ])?;
        Ok(())
    }

    /// Notes that a link was settled at least once.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn settle_link(db: &Connection, id: i64) -> Result<(), StoreError> {
        db.prepare_cached("UPDATE link SET fresh = 0 WHERE id = ?1 AND fresh = 1")?
            .execute([id])?;
        Ok(())
    }

    /// As [`Store::settle_link`], for the link of a contact.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn settle_link_of(
        db: &Connection,
        sync: i64,
        side: Side,
        id: &str,
    ) -> Result<(), StoreError> {
        let end = column(side);
        let sql = format!("UPDATE link SET fresh = 0 WHERE sync = ?1 AND {end} = ?2 AND fresh = 1");
        db.prepare_cached(&sql)?.execute(params![sync, id])?;
        Ok(())
    }

    /// Takes these fields out of every base: their rows point elsewhere now, and what was said of
    /// another place is no base for them.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn forget_bases(
        db: &Connection,
        sync: i64,
        fields: &BTreeSet<String>,
    ) -> Result<(), StoreError> {
        let without = |column: &str, value: &str| {
            format!(
                "{column} = (SELECT json_group_object(key, {value}) FROM json_each({column})
                     WHERE key NOT IN (SELECT value FROM json_each(?2)))"
            )
        };
        let sql = format!(
            "UPDATE link SET {}, {}, {}, sent = NULL WHERE sync = ?1",
            without("base_zoho", "value"),
            without("base_google", "value"),
            without("flips", "json(value)")
        );
        db.prepare_cached(&sql)?.execute(params![sync, serde_json::to_string(fields)?])?;
        Ok(())
    }

    /// Options of lists have other names now, and so has what stood in Zoho before our last writes. The
    /// bases follow once the records are read again.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn rename_in_sent(
        db: &Connection,
        sync: i64,
        mapping: &Mapping,
        renamed: &BTreeMap<String, Names>,
    ) -> Result<(), StoreError> {
        if renamed.is_empty() {
            return Ok(());
        }
        let sql =
            format!("SELECT {COLUMNS} FROM link WHERE sync = ?1 AND sent IS NOT NULL ORDER BY id");
        let mut query = db.prepare_cached(&sql)?;
        let links = query.query_map([sync], row)?.collect::<Result<Vec<_>, _>>()?;
        for mut link in links {
            let before = link.sent.clone();
            if let Some(sent) = &mut link.sent {
                sent.rename(mapping, renamed);
            }
            if link.sent != before {
                Store::save_link(db, &link)?;
            }
        }
        Ok(())
    }

    /// Ends a link.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn end_link(db: &Connection, id: i64) -> Result<(), StoreError> {
        db.prepare_cached("DELETE FROM link WHERE id = ?1")?.execute([id])?;
        Ok(())
    }

    /// The live links that sleep for something that the services tell only when they are asked.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn looked_after(
        db: &Connection,
        sync: i64,
    ) -> Result<Vec<(i64, Pair<RecordId>, Suspended)>, StoreError> {
        let mut query = db.prepare_cached(
            "SELECT id, zoho_id, google_id, asleep FROM link
             WHERE sync = ?1 AND state = 'live' AND asleep IS NOT NULL ORDER BY id",
        )?;
        let rows = query.query_map([sync], |row| {
            let ids = Pair { zoho: row.get(1)?, google: row.get(2)? };
            Ok((row.get(0)?, ids, document::<Suspended>(row, 3)?))
        })?;
        let all = rows.collect::<Result<Vec<_>, _>>()?;
        Ok(all.into_iter().filter(|(_, _, suspended)| suspended.is_looked_after()).collect())
    }

    /// Whether the ledger has another sync.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn any_other_sync(db: &Connection, ledger: i64, sync: i64) -> Result<bool, StoreError> {
        Ok(db
            .prepare_cached("SELECT 1 FROM sync WHERE ledger = ?1 AND id <> ?2")?
            .exists([ledger, sync])?)
    }

    /// Whether another sync of the ledger holds this Google person as a live counterpart, or asks whether
    /// it is one.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn taken_elsewhere(
        db: &Connection,
        ledger: i64,
        sync: i64,
        google_id: &str,
    ) -> Result<bool, StoreError> {
        Ok(db
            .prepare_cached(
                "SELECT 1 FROM sync s JOIN link l ON l.sync = s.id
                 WHERE s.ledger = ?1 AND s.id <> ?2 AND l.google_id = ?3
                 UNION ALL
                 SELECT 1 FROM sync s JOIN review r ON r.sync = s.id
                 WHERE s.ledger = ?1 AND s.id <> ?2 AND r.google_id = ?3
                     AND r.open = 1 AND r.chosen IS NULL AND r.key LIKE 'match:%'",
            )?
            .exists(params![ledger, sync, google_id])?)
    }

    /// Every Google person that any sync of the ledger holds as a live counterpart.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn linked_people(db: &Connection, ledger: i64) -> Result<BTreeSet<RecordId>, StoreError> {
        let mut all = db.prepare_cached(
            "SELECT l.google_id FROM sync s JOIN link l ON l.sync = s.id WHERE s.ledger = ?1",
        )?;
        let found = all.query_map([ledger], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(found)
    }
}
