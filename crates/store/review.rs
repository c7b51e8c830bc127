//! `review`: questions that wait for the person, and what was decided.

use std::collections::{BTreeMap, BTreeSet};

use renraku_core::contact::{Pair, RecordId, Side};
use renraku_core::field::Misfit;
use renraku_core::matching::{Asked, Reason};
use renraku_core::plan::{About, Decisions, Question, shown_beside};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{Store, StoreError, damage, rows};

/// The key of the question what becomes of contacts outside a narrower scope.
pub const SCOPE_KEY: &str = "scope";

/// One question.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewRow {
    /// Its number.
    pub id: i64,
    /// The sync it belongs to.
    pub sync: i64,
    /// What is asked.
    pub question: Question,
    /// What was chosen and waits for the next run.
    pub chosen: Option<String>,
}

pub(super) fn among(
    db: &Connection,
    condition: &str,
    parameter: i64,
) -> Result<Vec<ReviewRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM review WHERE {condition} ORDER BY id");
    let mut query = db.prepare_cached(&sql)?;
    let rows = query.query_map([parameter], columns)?;
    rows.map(|row| document(row?)).collect()
}

/// What [`columns`] reads.
const COLUMNS: &str =
    "id, sync, question, chosen, sum = checksum(id, sync, key, question, chosen, open)";

/// A question as it is stored.
type Stored = (i64, i64, String, Option<String>);

fn columns(row: &rusqlite::Row<'_>) -> rusqlite::Result<Stored> {
    damage::checked(row, 4)?;
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
}

fn document((id, sync, question, chosen): Stored) -> Result<ReviewRow, StoreError> {
    Ok(ReviewRow { id, sync, question: serde_json::from_str(&question)?, chosen })
}

impl Store {
    /// Asks, or renews a question that was asked before. An answered one stays answered.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn ask(db: &Connection, sync: i64, question: &Question) -> Result<(), StoreError> {
        db.prepare_cached(
            "INSERT INTO review (sync, key, question) VALUES (?1, ?2, ?3)
             ON CONFLICT (sync, key) DO UPDATE SET question = ?3, open = (chosen IS NULL)",
        )?
        .execute(params![sync, question.key, serde_json::to_string(question)?])?;
        Ok(())
    }

    /// The open questions of a sync.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn open_questions(&self, sync: i64) -> Result<Vec<ReviewRow>, StoreError> {
        self.read(|db| Store::open_among(db, sync))
    }

    /// As [`Store::open_questions`], within one look.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn open_among(db: &Connection, sync: i64) -> Result<Vec<ReviewRow>, StoreError> {
        among(db, "sync = ?1 AND open = 1", sync)
    }

    /// The open questions about values that only the service can judge, by their keys.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn refused(&self, sync: i64) -> Result<BTreeMap<String, Question>, StoreError> {
        let mut open: Vec<ReviewRow> = self.open_questions(sync)?;
        open.retain(|row| {
            let judged = match &row.question.about {
                About::Misfit { judged: true, .. } | About::Refused { .. } => true,
                About::Misfit { misfit, judged: false, .. } => {
                    matches!(misfit, Misfit::TakenElsewhere { .. } | Misfit::Refused(_))
                }
                About::Deletion { .. }
                | About::Recreate { .. }
                | About::Doubtful(_)
                | About::Duplicate { .. }
                | About::Merged { .. }
                | About::Frozen { .. }
                | About::Scope { .. }
                | About::MassChange { .. }
                | About::Unreadable { .. }
                | About::InOnePiece { .. }
                | About::Difference { .. }
                | About::UndoLeft { .. } => false,
            };
            judged && row.chosen.is_none()
        });
        Ok(open.into_iter().map(|row| (row.question.key.clone(), row.question)).collect())
    }

    /// Whom the person was or is asked about beside others they may be.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn asked_beside(db: &Connection, sync: i64) -> Result<Asked, StoreError> {
        let mut query = db.prepare_cached(
            "SELECT key, zoho_id, google_id,
                 CASE WHEN open = 1 AND chosen IS NULL
                     THEN json_extract(question, '$.about.doubtful') END,
                 open = 1 AND chosen IS NULL
                     AND json_extract(question, '$.about.duplicate.unasked') IS 0
             FROM review WHERE sync = ?1 AND (key GLOB 'match:*' OR key GLOB 'duplicate:*')",
        )?;
        let mut rows = query.query([sync])?;
        let mut asked = Asked::default();
        while let Some(row) = rows.next()? {
            let key = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
            let contacts = shown_beside(key);
            if row.get(4)? {
                asked.alone.extend(contacts.iter().cloned());
            }
            asked.contacts.extend(contacts);
            if let (Some(zoho), Some(google), Some(reason)) =
                (row.get(1)?, row.get(2)?, row.get::<_, Option<String>>(3)?)
            {
                let reason: Reason = serde_json::from_value(reason.into())?;
                asked.open.insert((zoho, google), reason);
            }
        }
        Ok(asked)
    }

    /// The contacts beside which one is asked about, as far as nobody has answered yet.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn asked_with(
        db: &Connection,
        sync: i64,
        side: Side,
        id: &str,
    ) -> Result<Vec<(Side, RecordId)>, StoreError> {
        let (own, other) = match side {
            Side::Zoho => ("zoho_id", "google_id"),
            Side::Google => ("google_id", "zoho_id"),
        };
        let mut query = db.prepare_cached(&format!(
            "SELECT {other} FROM review WHERE sync = ?1 AND {own} = ?2 AND key GLOB 'match:*'
                 AND open = 1 AND chosen IS NULL AND {other} IS NOT NULL",
        ))?;
        let ids = query.query_map(params![sync, id], |row| row.get(0))?;
        ids.map(|other_id| Ok((side.other(), other_id?))).collect()
    }

    /// The fields of Zoho's of which it refused a value because another record holds it.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn fields_taken(db: &Connection, sync: i64) -> Result<BTreeSet<String>, StoreError> {
        let mut query = db.prepare_cached(
            "SELECT DISTINCT json_extract(question, '$.about.refused.field') FROM review
             WHERE sync = ?1 AND json_extract(question, '$.about.refused.side') = 'zoho'",
        )?;
        let fields = query.query_map([sync], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(fields)
    }

    /// What a service judged is tried again: the rules have changed.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn try_judged(db: &Connection, sync: i64) -> Result<(), StoreError> {
        for mut row in among(db, "sync = ?1 AND open = 1 AND chosen IS NULL", sync)? {
            if let About::Misfit { judged, .. } = &mut row.question.about
                && std::mem::take(judged)
            {
                Store::ask(db, sync, &row.question)?;
            }
        }
        Ok(())
    }

    /// Whether the person is asked about any difference.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn any_difference(db: &Connection, sync: i64) -> Result<bool, StoreError> {
        let open = Store::open_among(db, sync)?;
        Ok(open.iter().any(|row| matches!(row.question.about, About::Difference { .. })))
    }

    /// One question by its number.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn question(&self, id: i64) -> Result<Option<ReviewRow>, StoreError> {
        self.read(|db| Ok(among(db, "id = ?1 AND open = 1", id)?.into_iter().next()))
    }

    /// A question by its key, open or answered.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn question_called(
        db: &Connection,
        sync: i64,
        key: &str,
    ) -> Result<Option<ReviewRow>, StoreError> {
        let id: Option<i64> = db
            .prepare_cached("SELECT id FROM review WHERE sync = ?1 AND key = ?2")?
            .query_row(params![sync, key], |row| row.get(0))
            .optional()?;
        Ok(match id {
            Some(id) => among(db, "id = ?1", id)?.pop(),
            None => None,
        })
    }

    /// Whether an answer waits for the next run to carry it out.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn any_answer_waits(&self, sync: i64) -> Result<bool, StoreError> {
        self.read(|db| {
            Ok(db
                .prepare_cached(
                    "SELECT 1 FROM review WHERE sync = ?1 AND open = 1 AND chosen IS NOT NULL",
                )?
                .exists([sync])?)
        })
    }

    /// The contacts about whom an answer waits for the next run.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn answered(&self, sync: i64) -> Result<BTreeSet<(Side, String)>, StoreError> {
        let open = self.open_questions(sync)?;
        let answered = open.into_iter().filter(|row| row.chosen.is_some());
        let ids = answered.flat_map(|row| {
            Side::BOTH.map(|side| row.question.ids[side].clone().map(|id| (side, id)))
        });
        Ok(ids.flatten().collect())
    }

    /// How many questions of a sync wait for the person; an answered one waits for the next run, and all
    /// who wait for one cause are one.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn count_questions(&self, sync: i64) -> Result<u32, StoreError> {
        self.read(|db| {
            Ok(db.query_row(
                "SELECT count(DISTINCT coalesce(
                     json_extract(question, '$.about.misfit.misfit.accounts_out_of_reach'),
                     json_extract(question, '$.about.misfit.misfit.account_refused'),
                     json_extract(question, '$.about.misfit.misfit.account_not_taken'),
                     CASE json_extract(question, '$.about.misfit.misfit')
                         WHEN 'unasked' THEN 'unasked' END,
                     key))
                 FROM review WHERE sync = ?1 AND open = 1 AND chosen IS NULL",
                [sync],
                |row| row.get(0),
            )?)
        })
    }

    /// The open questions about any of these contacts.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn questions_about(
        db: &Connection,
        sync: i64,
        contacts: &BTreeSet<(Side, String)>,
    ) -> Result<Vec<ReviewRow>, StoreError> {
        if contacts.is_empty() {
            return Ok(Vec::new());
        }
        let mut open = Store::open_among(db, sync)?;
        open.retain(|row| {
            Side::BOTH.into_iter().any(|side| {
                let id = row.question.ids[side].as_ref();
                id.is_some_and(|id| contacts.contains(&(side, id.clone())))
            })
        });
        Ok(open)
    }

    /// What is asked about a contact, and what was decided about it, by either of its ids.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn decided_or_asked(
        db: &Connection,
        sync: i64,
        ids: &Pair<Option<RecordId>>,
    ) -> Result<Vec<ReviewRow>, StoreError> {
        let mut query = db.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM review
             WHERE sync = ?1 AND (zoho_id = ?2 OR google_id = ?3)
                 AND (open = 1 OR chosen IS NOT NULL) ORDER BY id"
        ))?;
        let rows = query.query_map(params![sync, ids.zoho, ids.google], columns)?;
        rows.map(|row| document(row?)).collect()
    }

    /// Remembers a choice.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn choose(db: &Connection, id: i64, choice: &str) -> Result<(), StoreError> {
        db.execute("UPDATE review SET chosen = ?2 WHERE id = ?1", params![id, choice])?;
        Ok(())
    }

    /// Forgets what was chosen about an open question.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn reopen(db: &Connection, id: i64) -> Result<(), StoreError> {
        db.execute("UPDATE review SET chosen = NULL WHERE id = ?1 AND open = 1", [id])?;
        Ok(())
    }

    /// Remembers a choice about the question with this key; it waits for the next run.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn choose_called(
        db: &Connection,
        sync: i64,
        key: &str,
        choice: &str,
    ) -> Result<(), StoreError> {
        db.prepare_cached("UPDATE review SET chosen = ?3, open = 1 WHERE sync = ?1 AND key = ?2")?
            .execute(params![sync, key, choice])?;
        Ok(())
    }

    /// Remembers an answer that nobody was asked for.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn answer(
        db: &Connection,
        sync: i64,
        question: &Question,
        choice: &str,
    ) -> Result<(), StoreError> {
        Store::ask(db, sync, question)?;
        db.prepare_cached("UPDATE review SET chosen = ?3, open = 0 WHERE sync = ?1 AND key = ?2")?
            .execute(params![sync, question.key, choice])?;
        Ok(())
    }

    /// Closes a question: it no longer arises. A decision is remembered, an open one forgotten.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn close_question(db: &Connection, sync: i64, key: &str) -> Result<(), StoreError> {
        db.prepare_cached("DELETE FROM review WHERE sync = ?1 AND key = ?2 AND chosen IS NULL")?
            .execute(params![sync, key])?;
        db.prepare_cached("UPDATE review SET open = 0 WHERE sync = ?1 AND key = ?2")?
            .execute(params![sync, key])?;
        Ok(())
    }

    /// Puts a question aside while what it is about is tried again: asked again, it is the same one.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn put_aside(db: &Connection, sync: i64, key: &str) -> Result<(), StoreError> {
        db.prepare_cached("UPDATE review SET open = 0 WHERE sync = ?1 AND key = ?2")?
            .execute(params![sync, key])?;
        Ok(())
    }

    /// Forgets the questions that were put aside and not asked again.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn forget_aside(db: &Connection, sync: i64) -> Result<(), StoreError> {
        db.prepare_cached("DELETE FROM review WHERE sync = ?1 AND open = 0 AND chosen IS NULL")?
            .execute([sync])?;
        Ok(())
    }

    /// Forgets a question and its answer.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn forget_question(db: &Connection, sync: i64, key: &str) -> Result<(), StoreError> {
        db.prepare_cached("DELETE FROM review WHERE sync = ?1 AND key = ?2")?
            .execute(params![sync, key])?;
        Ok(())
    }

    /// Forgets answers to the questions whose key begins like this.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn forget_answers(db: &Connection, sync: i64, stem: &str) -> Result<(), StoreError> {
        db.prepare_cached(
            "DELETE FROM review
             WHERE sync = ?1 AND substr(key, 1, length(?2)) = ?2 AND chosen IS NOT NULL",
        )?
        .execute(params![sync, stem])?;
        Ok(())
    }

    /// Everything that was ever decided for a sync.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn decisions(&self, sync: i64) -> Result<Decisions, StoreError> {
        self.read(|db| {
            // A decision that is not found counts as none: each is looked at, by no index.
            rows::REVIEW.check(db)?;
            let mut query = db.prepare_cached(
                "SELECT key, chosen FROM review NOT INDEXED WHERE sync = ?1 AND chosen IS NOT NULL
                 UNION ALL SELECT 'left_out:' || side || ':' || id, 'leave' FROM left_out
                 WHERE sync = ?1",
            )?;
            let rows = query
                .query_map([sync], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<Result<_, _>>()?;
            Ok(rows)
        })
    }
}
