//! `generation`: how often runs have changed what the pairs are believed to say. The keychain holds the
//! same number; a lower one here means that an older copy of the database was put back.

use renraku_core::plan::About;
use rusqlite::{Connection, OptionalExtension, params};

use super::{KEPT, SET_ASIDE, Store, StoreError};
use crate::ReviewRow;

/// The setting that says that the database is an older copy, until a run has completed since.
const OLDER: &str = "older_database";

/// The setting that says that another database stood in the place of this one before and was lost.
const LOST: &str = "lost_database";

/// Why a database begins with a plan that is to be approved, though everything was in step before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Anew {
    /// The one before was damaged.
    Damaged {
        /// The name of the file that it was set aside as.
        file: String,
        /// What was taken over.
        kept: Kept,
    },
    /// There was none any more.
    Missing {
        /// What was taken over, from the copy beside it.
        kept: Kept,
    },
    /// It is an older copy of itself.
    Older,
}

/// What a new database took over from the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Accounts, settings, and what was decided about whom.
    Everything,
    /// Accounts and settings; what was decided about whom may be missing.
    Settings,
    /// Neither accounts nor syncs.
    Nothing,
}

impl Kept {
    /// The stored word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Kept::Everything => "everything",
            Kept::Settings => "settings",
            Kept::Nothing => "nothing",
        }
    }
}

impl Store {
    /// The number of this database; none where it is a new one.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn generation(&self) -> Result<Option<i64>, StoreError> {
        self.read(|db| {
            let mut query = db.prepare_cached("SELECT number FROM generation")?;
            Ok(query.query_row([], |row| row.get(0)).optional()?)
        })
    }

    /// Gives this database its next number.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn put_generation(&self, number: i64) -> Result<(), StoreError> {
        self.write(|db| number_it(db, number))
    }

    /// Notes that the database is an older copy: what its pairs are believed to say may be older than
    /// what was last settled, and every sync begins with a plan that is to be approved.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn doubt(&self, number: i64) -> Result<(), StoreError> {
        self.write(|db| {
            db.execute("UPDATE link SET doubted = 1", [])?;
            db.execute("UPDATE sync SET approved = 0, first_done = 0, renewed = NULL", [])?;
            db.execute("DELETE FROM shown", [])?;
            db.execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?1, '')", [OLDER])?;
            number_it(db, number)
        })
    }

    /// Trusts the pairs of a sync again that were looked at since and are not asked about.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn trust(db: &Connection, sync: i64) -> Result<(), StoreError> {
        if !db
            .prepare_cached("SELECT 1 FROM link WHERE sync = ?1 AND doubted = 1")?
            .exists([sync])?
        {
            return Ok(());
        }
        let open = Store::open_among(db, sync)?;
        let differs = |row: &ReviewRow| matches!(row.question.about, About::Difference { .. });
        let asked = open.into_iter().filter(differs).filter_map(|row| row.question.ids.zoho);
        let asked = serde_json::to_string(&asked.collect::<Vec<_>>())?;
        db.execute(
            "UPDATE link SET doubted = 0
             WHERE sync = ?1 AND doubted = 1 AND asleep IS NULL
                 AND zoho_id NOT IN (SELECT value FROM json_each(?2))
                 AND NOT EXISTS (SELECT 1 FROM dirty d WHERE d.sync = link.sync
                     AND d.id = CASE d.side WHEN 'zoho' THEN zoho_id ELSE google_id END)",
            params![sync, asked],
        )?;
        Ok(())
    }

    /// Why everything begins with a plan again, until a run has completed since.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn anew(&self) -> Result<Option<Anew>, StoreError> {
        if let Some(file) = self.setting(SET_ASIDE)? {
            let known = [Kept::Everything, Kept::Nothing];
            let word = self.setting(KEPT)?;
            let kept = known.into_iter().find(|kept| word.as_deref() == Some(kept.word()));
            let kept = kept.unwrap_or(Kept::Settings);
            return Ok(Some(match file.is_empty() {
                true => Anew::Missing { kept },
                false => Anew::Damaged { file, kept },
            }));
        }
        Ok(self.setting(OLDER)?.map(|_| Anew::Older))
    }

    /// Notes that another database stood here before this one.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn put_lost(&self) -> Result<(), StoreError> {
        match self.is_lost()? {
            true => Ok(()),
            false => self.put_setting(LOST, ""),
        }
    }

    /// Whether pairs may be unknown here that were linked before: their database was lost, damaged, or is
    /// an older copy.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn is_lost(&self) -> Result<bool, StoreError> {
        Ok(self.setting(LOST)?.is_some() || self.anew()?.is_some())
    }

    /// Notes that the contacts of a database that began anew are known again.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn whole_again(db: &Connection) -> Result<(), StoreError> {
        db.prepare_cached("DELETE FROM setting WHERE key IN (?1, ?2, ?3)")?
            .execute([SET_ASIDE, KEPT, OLDER])?;
        Ok(())
    }
}

fn number_it(db: &Connection, number: i64) -> Result<(), StoreError> {
    db.prepare_cached("INSERT OR REPLACE INTO generation (id, number) VALUES (1, ?1)")?
        .execute([number])?;
    Ok(())
}
