//! `mirror`: the newest copy of each side.

use renraku_core::contact::RecordId;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::evidence::Traces;
use super::place::Place;
use crate::{Store, StoreError, damage};

/// Who took over from one that is gone: perhaps somebody, who is not known.
pub(super) const SOMEBODY: &str = "?";
/// Nobody did.
pub(super) const NOBODY: &str = "";

/// What is known of a mirrored contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It is there.
    Here,
    /// A positive tombstone.
    Gone,
    /// Not to be seen, not known to be deleted.
    Hidden,
    /// It is there, and the newest answer about it could not be read. What is kept of it is the last
    /// answer that could be.
    Unreadable,
    /// A converted lead.
    Converted,
    /// Merged into this survivor.
    Merged(RecordId),
}

impl State {
    fn columns(&self) -> (&'static str, Option<&str>) {
        match self {
            State::Here => ("here", None),
            State::Gone => ("gone", None),
            State::Hidden => ("hidden", None),
            State::Unreadable => ("unreadable", None),
            State::Converted => ("converted", None),
            State::Merged(survivor) => ("merged", Some(survivor)),
        }
    }
}

/// One mirrored contact.
#[derive(Debug, Clone)]
pub struct MirrorRow {
    /// The service's id.
    pub id: RecordId,
    /// Etag or `Modified_Time`.
    pub version: String,
    /// The service's time of the last change, in microseconds.
    pub modified: i64,
    /// The contact as it was received.
    pub raw: String,
    /// What is known of it.
    pub state: State,
    /// Google: the labels it is in, separated by spaces; Zoho: the view it is in.
    pub scopes: String,
    /// Wall-clock second until which its absence or an older version is not believed.
    pub fence: i64,
    /// The service's newest time that was known when it was read, in microseconds.
    pub seen: i64,
    /// What it can be looked up by.
    pub traces: Traces,
    /// Of one that is gone: whether it may have been merged; none as long as nobody has found out.
    pub perhaps_merged: Option<bool>,
}

/// A contact as it was just read.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The service's id.
    pub id: RecordId,
    /// Etag or `Modified_Time`.
    pub version: String,
    /// Microseconds.
    pub modified: i64,
    /// The contact as it was received.
    pub raw: Box<str>,
    /// The service's newest time that was known when it was read, in microseconds; its own where
    /// nothing newer is.
    pub seen: i64,
    /// Google: its labels. Zoho: left out where the read does not tell about the view.
    pub scopes: Option<String>,
    /// What it can be recognised by.
    pub traces: Traces,
    /// Whether it could be read as a whole.
    pub readable: bool,
}

pub(super) fn row(row: &Row<'_>) -> rusqlite::Result<MirrorRow> {
    damage::checked(row, WIDTH - 1)?;
    let survivor: Option<String> = row.get(4)?;
    let perhaps_merged = survivor.as_deref().map(|survivor| survivor != NOBODY);
    Ok(MirrorRow {
        perhaps_merged,
        id: row.get(0)?,
        version: row.get(1)?,
        modified: row.get(2)?,
        state: match (row.get_ref(3)?.as_str()?, survivor) {
            ("gone", _) => State::Gone,
            ("hidden", _) => State::Hidden,
            ("unreadable", _) => State::Unreadable,
            ("converted", _) => State::Converted,
            ("merged", Some(survivor)) => State::Merged(survivor),
            ("here", _) => State::Here,
            (_, _) => return Err(damage::found(3)),
        },
        scopes: row.get(5)?,
        fence: row.get(6)?,
        traces: traces(row.get_ref(7)?.as_str()?)?,
        seen: row.get(8)?,
        raw: row.get(9)?,
    })
}

fn traces(text: &str) -> rusqlite::Result<Traces> {
    serde_json::from_str(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(7, rusqlite::types::Type::Text, error.into())
    })
}

/// What [`row`] reads, of the table called `m`.
pub(super) const COLUMNS: &str = "m.id, m.version, m.modified, m.state, m.survivor, m.scopes, m.fence, m.traces, m.seen, \
     m.raw, m.sum = checksum(m.id, m.version, m.modified, m.raw, m.traces, m.state, m.survivor, m.scopes, \
     m.fence, m.seen)";
/// How many columns these are.
pub(super) const WIDTH: usize = 11;

impl Store {
    /// One contact's newest copy.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn mirrored(
        db: &Connection,
        ledger: i64,
        place: Place,
        id: &str,
    ) -> Result<Option<MirrorRow>, StoreError> {
        let sql =
            format!("SELECT {COLUMNS} FROM mirror m WHERE ledger = ?1 AND place = ?2 AND id = ?3");
        Ok(db.prepare_cached(&sql)?.query_row(params![ledger, place.name(), id], row).optional()?)
    }

    /// Takes a contact into the mirror and marks it as changed for every sync of the ledger that
    /// sees it. An older version than the mirror's, younger than the fence, is the service lagging
    /// behind our own write and is not taken. Answers the copy that it took the place of.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn take_in(
        db: &Connection,
        ledger: i64,
        place: Place,
        reading: &Reading,
        pass: i64,
        now: i64,
    ) -> Result<Option<MirrorRow>, StoreError> {
        let old = Store::mirrored(db, ledger, place, &reading.id)?;
        if let Some(old) = &old {
            let stale = reading.modified < old.modified && now < old.fence;
            let scopes = reading.scopes.as_ref().unwrap_or(&old.scopes);
            let same = old.state == State::Here
                && old.modified == reading.modified
                && old.raw == *reading.raw
                && old.scopes == *scopes;
            if stale || same {
                db.prepare_cached(
                    "UPDATE mirror SET pass = ?4, seen = max(seen, ?5),
                         sum = checksum(id, version, modified, raw, traces, state, survivor, scopes,
                             fence, max(seen, ?5))
                     WHERE ledger = ?1 AND place = ?2 AND id = ?3",
                )?
                .execute(params![
                    ledger,
                    place.name(),
                    reading.id,
                    pass,
                    reading.seen
                ])?;
                return Ok(None);
            }
        }
        let nothing = Traces::default();
        let traces = old.as_ref().map_or(&nothing, |old| &old.traces);
        Store::put(db, ledger, place, reading, pass, 0, traces)?;
        Store::mark_dirty(db, ledger, place, &reading.id, None)?;
        Ok(old)
    }

    /// Puts a contact into the mirror as it is, with its evidence, without marking it as changed.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn overwrite(
        db: &Connection,
        ledger: i64,
        place: Place,
        reading: &Reading,
        pass: i64,
        fence: i64,
    ) -> Result<(), StoreError> {
        let old = Store::traces(db, ledger, place, &reading.id)?;
        Store::put(db, ledger, place, reading, pass, fence, &old)?;
        Store::unlist(db, ledger, place, &reading.id)
    }

    /// What a contact can be looked up by; nothing where it is not known.
    pub(super) fn traces(
        db: &Connection,
        ledger: i64,
        place: Place,
        id: &str,
    ) -> Result<Traces, StoreError> {
        let found = db
            .prepare_cached(
                "SELECT traces FROM mirror WHERE ledger = ?1 AND place = ?2 AND id = ?3",
            )?
            .query_row(params![ledger, place.name(), id], |row| traces(row.get_ref(0)?.as_str()?))
            .optional()?;
        Ok(found.unwrap_or_default())
    }

    fn put(
        db: &Connection,
        ledger: i64,
        place: Place,
        reading: &Reading,
        pass: i64,
        fence: i64,
        old: &Traces,
    ) -> Result<(), StoreError> {
        db.prepare_cached(
            "INSERT INTO mirror
                 (ledger, place, id, version, modified, raw, state, scopes, fence, pass, seen, traces,
                  sum)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'here', coalesce(?7, ''), ?8, ?9, ?10, ?11,
                  checksum(?3, ?4, ?5, ?6, ?11, 'here', NULL, coalesce(?7, ''), ?8, ?10))
             ON CONFLICT DO UPDATE SET version = ?4, modified = ?5, raw = ?6, state = 'here',
                 survivor = NULL, gone_in = NULL, scopes = coalesce(?7, scopes), fence = max(fence, ?8),
                 pass = CASE ?9 WHEN 0 THEN pass ELSE ?9 END, seen = ?10, traces = ?11,
                 sum = checksum(?3, ?4, ?5, ?6, ?11, 'here', NULL, coalesce(?7, scopes),
                     max(fence, ?8), ?10)",
        )?
        .execute(params![
            ledger,
            place.name(),
            reading.id,
            reading.version,
            reading.modified,
            &*reading.raw,
            reading.scopes,
            fence,
            pass,
            reading.seen,
            serde_json::to_string(&reading.traces)?
        ])?;
        Store::put_traces(db, ledger, place, &reading.id, old, &reading.traces)
    }

    /// Changes what is known of a contact; marks it as changed where that is news.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn set_state(
        db: &Connection,
        ledger: i64,
        place: Place,
        id: &str,
        state: &State,
    ) -> Result<(), StoreError> {
        let (name, survivor) = state.columns();
        let changed = db
            .prepare_cached(
                "UPDATE mirror SET state = ?4, survivor = ?5,
                     sum = checksum(id, version, modified, raw, traces, ?4, ?5, scopes, fence, seen),
                     gone_in = CASE WHEN ?4 IN ('gone', 'converted', 'merged')
                         THEN (SELECT max(id) FROM run) END
                 WHERE ledger = ?1 AND place = ?2 AND id = ?3
                     AND (state <> ?4 OR (?4 = 'merged' AND survivor IS NOT ?5))",
            )?
            .execute(params![ledger, place.name(), id, name, survivor])?;
        if changed > 0 {
            if *state != State::Here {
                let old = Store::traces(db, ledger, place, id)?;
                Store::put_traces(db, ledger, place, id, &old, &Traces::default())?;
                db.prepare_cached(
                    "UPDATE mirror SET traces = '{}',
                         sum = checksum(id, version, modified, raw, '{}', state, survivor, scopes,
                             fence, seen)
                     WHERE ledger = ?1 AND place = ?2 AND id = ?3",
                )?
                .execute(params![ledger, place.name(), id])?;
            }
            Store::mark_dirty(db, ledger, place, id, None)?;
        }
        Ok(())
    }

    /// Changes the scope of a contact; marks it as changed where that is news.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn set_scopes(
        db: &Connection,
        ledger: i64,
        place: Place,
        id: &str,
        scopes: &str,
    ) -> Result<(), StoreError> {
        let changed = db
            .prepare_cached(
                "UPDATE mirror SET scopes = ?4,
                     sum = checksum(id, version, modified, raw, traces, state, survivor, ?4, fence, seen)
                 WHERE ledger = ?1 AND place = ?2 AND id = ?3 AND scopes <> ?4",
            )?
            .execute(params![ledger, place.name(), id, scopes])?;
        if changed > 0 {
            Store::mark_dirty(db, ledger, place, id, None)?;
        }
        Ok(())
    }

    /// The contacts that are there but were not seen by this pass of a full read, apart from those
    /// behind a fence.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn unseen(
        &self,
        ledger: i64,
        place: Place,
        pass: i64,
        now: i64,
    ) -> Result<Vec<RecordId>, StoreError> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT id FROM mirror
                 WHERE ledger = ?1 AND place = ?2 AND state = 'here' AND pass <> ?3 AND fence <= ?4",
            )?;
            let ids = query
                .query_map(params![ledger, place.name(), pass, now], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            Ok(ids)
        })
    }

    /// Forgets what a full read has seen: the one that begins again may miss who was there.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn forget_pass(&self, ledger: i64, place: Place, pass: i64) -> Result<(), StoreError> {
        self.write(|db| {
            db.prepare_cached(
                "UPDATE mirror SET pass = 0 WHERE ledger = ?1 AND place = ?2 AND pass = ?3",
            )?
            .execute(params![ledger, place.name(), pass])?;
            Ok(())
        })
    }

    /// Whether any contact is there or was.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn any_known(&self, ledger: i64, place: Place) -> Result<bool, StoreError> {
        self.read(|db| {
            Ok(db
                .prepare_cached("SELECT 1 FROM mirror WHERE ledger = ?1 AND place = ?2")?
                .exists(params![ledger, place.name()])?)
        })
    }

    /// How many contacts are there.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn count_here(db: &Connection, ledger: i64, place: Place) -> Result<u32, StoreError> {
        Ok(db
            .prepare_cached(
                "SELECT count(*) FROM mirror WHERE ledger = ?1 AND place = ?2 AND state = 'here'",
            )?
            .query_row(params![ledger, place.name()], |row| row.get(0))?)
    }

    /// The newest time of change of the contacts in a place, in microseconds.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn newest(&self, ledger: i64, place: Place) -> Result<Option<i64>, StoreError> {
        self.read(|db| {
            Ok(db.query_row(
                "SELECT max(modified) FROM mirror
                 WHERE ledger = ?1 AND place = ?2 AND state = 'here'",
                params![ledger, place.name()],
                |row| row.get(0),
            )?)
        })
    }
}
