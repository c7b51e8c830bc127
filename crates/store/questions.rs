//! Questions that go on under other circumstances: what was left for a cause that passes, and what is asked
//! about a contact that has its counterpart now.

use renraku_core::field::Misfit;
use renraku_core::plan::Question;
use rusqlite::{Connection, params};

use crate::review::{ReviewRow, among};
use crate::{Store, StoreError};

impl Store {
    /// What the person said to leave although only a cause that passes keeps it from being written.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn left_for_a_cause(&self, sync: i64) -> Result<Vec<ReviewRow>, StoreError> {
        let mut left = self.read(|db| among(db, "sync = ?1 AND chosen = 'ignore'", sync))?;
        left.retain(|row| row.question.about.common_cause().is_some_and(Misfit::is_every_companys));
        Ok(left)
    }

    /// A question about a contact is now one about these ids, under this key: it keeps its number.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn ask_under(
        db: &Connection,
        sync: i64,
        old: &str,
        question: &Question,
    ) -> Result<(), StoreError> {
        db.prepare_cached(
            "UPDATE OR IGNORE review SET key = ?3, question = ?4 WHERE sync = ?1 AND key = ?2",
        )?
        .execute(params![sync, old, question.key, serde_json::to_string(question)?])?;
        Ok(())
    }
}
