//! `ledger`, `account`, `sync` and `setting`: whose contacts are synced, and how.

use std::collections::BTreeSet;

use renraku_core::compile::Compiled;
use renraku_core::contact::{Module, Side};
use renraku_core::plan::REMOVAL;
use renraku_core::setup::Setup;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{SCOPE_KEY, Store, StoreError};
use crate::fields_feed;

/// Where an account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Connected.
    Connected,
    /// It must be connected again; everything else is kept.
    SignedOut,
    /// The person disconnected it; its settings and links are kept.
    Disconnected,
}

impl Standing {
    pub(super) fn number(self) -> i64 {
        match self {
            Standing::Connected => 0,
            Standing::SignedOut => 1,
            Standing::Disconnected => 2,
        }
    }

    fn of(number: i64) -> Standing {
        match number {
            0 => Standing::Connected,
            1 => Standing::SignedOut,
            _ => Standing::Disconnected,
        }
    }
}

/// What a changed setup may write, until that was approved or nothing came of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Renewed {
    /// Zoho fields whose row of the mapping is new or points elsewhere than before.
    pub fields: BTreeSet<String>,
    /// Whether anything at all may be written because of it: more contacts, another direction.
    pub anything: bool,
}

impl Renewed {
    /// What a setup may write that the one before it did not.
    /// `differs` tells whether
    /// differences wait for the person.
    fn of(before: &Setup, now: &Setup, fields: BTreeSet<String>, differs: bool) -> Option<Renewed> {
        let wider = |old: &Option<String>, new: &Option<String>| old.is_some() && old != new;
        let writes = |side: Side| now.direction.writes(side) && !before.direction.writes(side);
        // What the written side of a one-way sync was allowed to keep is written over then.
        let source_wins = now.winner().side().is_some_and(|s| !now.direction.writes(s));
        let anything = wider(&before.google_label, &now.google_label)
            || wider(&before.zoho_view, &now.zoho_view)
            || Side::BOTH.into_iter().any(writes)
            || (now.match_without_email && !before.match_without_email)
            || (before.winner() != now.winner() && (differs || source_wins));
        Some(Renewed { fields, anything }).filter(|all| all.anything || !all.fields.is_empty())
    }

    fn and(mut self, more: Option<Renewed>) -> Renewed {
        if let Some(more) = more {
            self.fields.extend(more.fields);
            self.anything |= more.anything;
        }
        self
    }
}

/// One configured sync.
#[derive(Debug, Clone, PartialEq)]
pub struct SyncRow {
    /// Its number.
    pub id: i64,
    /// The ledger it belongs to.
    pub ledger: i64,
    /// The setup as it was given.
    pub setup: Setup,
    /// The rules that were worked out from the setup and the live accounts, as JSON.
    pub rules: String,
    /// Whether it runs.
    pub enabled: bool,
    /// Whether the first plan was approved.
    pub approved: bool,
    /// Whether the very first run is over.
    pub first_done: bool,
    /// Whether the scope changed since the last run.
    pub narrowed: bool,
    /// The end of the last run that completed.
    pub last_synced_at: Option<String>,
    /// The end of the last run.
    pub last_attempt_at: Option<String>,
    /// Contacts that a limit left for later.
    pub waiting: u32,
    /// What its setup changed that was not approved yet.
    pub renewed: Option<Renewed>,
}

const COLUMNS: &str = "id, ledger, setup, rules, enabled, approved, first_done, narrowed, \
                       last_synced_at, last_attempt_at, waiting, renewed";

fn row(row: &Row<'_>) -> rusqlite::Result<SyncRow> {
    let setup: String = row.get(2)?;
    let renewed: Option<String> = row.get(11)?;
    let setup = serde_json::from_str(&setup).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(2, rusqlite::types::Type::Text, error.into())
    })?;
    Ok(SyncRow {
        id: row.get(0)?,
        ledger: row.get(1)?,
        setup,
        rules: row.get(3)?,
        enabled: row.get(4)?,
        approved: row.get(5)?,
        first_done: row.get(6)?,
        narrowed: row.get(7)?,
        last_synced_at: row.get(8)?,
        last_attempt_at: row.get(9)?,
        waiting: row.get(10)?,
        // One that cannot be read asks for an approval too many, not too few.
        renewed: renewed.map(|text| {
            serde_json::from_str(&text)
                .unwrap_or(Renewed { fields: BTreeSet::new(), anything: true })
        }),
    })
}

impl Store {
    /// The number of the ledger of these identities, made where it is missing.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn ledger(&self, org: &str, zoho_user: &str, google: &str) -> Result<i64, StoreError> {
        let known = |db: &Connection| -> Result<Option<i64>, StoreError> {
            let sql = "SELECT id FROM ledger WHERE org = ?1 AND zoho_user = ?2 AND google = ?3";
            let mut query = db.prepare_cached(sql)?;
            Ok(query.query_row(params![org, zoho_user, google], |row| row.get(0)).optional()?)
        };
        // Asked with every look at the syncs, which is to wait for no write.
        if let Some(id) = self.read(known)? {
            return Ok(id);
        }
        self.write_kept(|db| {
            if let Some(id) = known(db)? {
                return Ok(id);
            }
            db.execute(
                "INSERT INTO ledger (org, zoho_user, google) VALUES (?1, ?2, ?3)",
                params![org, zoho_user, google],
            )?;
            Ok(db.last_insert_rowid())
        })
    }

    /// What is stored about an account, and where it stands.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn account<G: DeserializeOwned>(
        &self,
        side: Side,
    ) -> Result<Option<(G, Standing)>, StoreError> {
        self.read(|db| {
            let found: Option<(String, i64)> = db
                .query_row(
                    "SELECT grant_json, standing FROM account WHERE service = ?1",
                    [side.name()],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .optional()?;
            found.map(|(json, n)| Ok((serde_json::from_str(&json)?, Standing::of(n)))).transpose()
        })
    }

    /// Stores an account; tokens are never part of it.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn put_account<G: Serialize>(&self, side: Side, grant: &G) -> Result<(), StoreError> {
        let json = serde_json::to_string(grant)?;
        self.write_kept(|db| {
            db.execute(
                "INSERT OR REPLACE INTO account (service, grant_json, standing) VALUES (?1, ?2, 0)",
                params![side.name(), json],
            )?;
            Ok(())
        })
    }

    /// Notes where an account stands; its settings and links stay.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn set_standing(&self, side: Side, standing: Standing) -> Result<(), StoreError> {
        self.write_kept(|db| {
            db.execute(
                "UPDATE account SET standing = ?2 WHERE service = ?1",
                params![side.name(), standing.number()],
            )?;
            Ok(())
        })
    }

    /// Notes that a ledger's account is signed out, where it is still the connected one.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn sign_out(&self, side: Side, ledger: i64) -> Result<(), StoreError> {
        self.write_kept(|db| {
            db.execute(
                "UPDATE account SET standing = ?2
                 WHERE service = ?1 AND EXISTS (
                     SELECT 1 FROM ledger WHERE id = ?3 AND CASE ?1
                     WHEN 'google' THEN google = json_extract(grant_json, '$.account')
                     ELSE zoho_user = json_extract(grant_json, '$.zoho.user')
                         AND org = json_extract(grant_json, '$.zoho.org') END)",
                params![side.name(), Standing::SignedOut.number(), ledger],
            )?;
            Ok(())
        })
    }

    /// The syncs of a ledger, in the order of the modules.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn syncs(&self, ledger: i64) -> Result<Vec<SyncRow>, StoreError> {
        self.read(|db| {
            let sql = format!("SELECT {COLUMNS} FROM sync WHERE ledger = ?1 ORDER BY module");
            let mut query = db.prepare_cached(&sql)?;
            let rows = query.query_map([ledger], row)?.collect::<Result<_, _>>()?;
            Ok(rows)
        })
    }

    /// Creates or replaces a module's sync. What it has linked stays, and one that is turned off
    /// stays off; everything mirrored is looked at again under the new rules. A base belongs to a row
    /// of the mapping: a row that is new or points elsewhere than before starts without one.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn put_sync(
        &self,
        ledger: i64,
        setup: &Setup,
        rules: &Compiled,
    ) -> Result<i64, StoreError> {
        let json = serde_json::to_string(setup)?;
        self.write_kept(|db| {
            let old = sync_of(db, ledger, setup.module)?;
            let narrowed = old.as_ref().map(|old| &old.setup).is_some_and(|old| {
                (old.google_label != setup.google_label && setup.google_label.is_some())
                    || (old.zoho_view != setup.zoho_view && setup.zoho_view.is_some())
            });
            db.execute(
                "INSERT INTO sync (ledger, module, setup, rules) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (ledger, module) DO UPDATE
                 SET setup = ?3, rules = ?4, narrowed = max(narrowed, ?5)",
                params![
                    ledger,
                    setup.module.api_name(),
                    json,
                    serde_json::to_string(rules)?,
                    narrowed
                ],
            )?;
            let id = db.query_row(
                "SELECT id FROM sync WHERE ledger = ?1 AND module = ?2",
                params![ledger, setup.module.api_name()],
                |row| row.get(0),
            )?;
            if let Some(old) = old {
                let scope = |setup: &Setup| (setup.google_label.clone(), setup.zoho_view.clone());
                if scope(&old.setup) != scope(setup) {
                    // What was asked, or answered, was about whom another scope leaves out.
                    Store::forget_question(db, id, SCOPE_KEY)?;
                    Store::forget_answers(db, id, REMOVAL)?;
                }
                let before: Compiled = serde_json::from_str(&old.rules).unwrap_or_default();
                let renamed = rules.renamed_since(&before);
                let (before, now) = (before.mapping(setup.module), rules.mapping(setup.module));
                Store::rename_in_sent(db, id, &before, &renamed)?;
                if !renamed.is_empty() {
                    Store::put_cursor(db, ledger, &fields_feed(setup.module), None)?;
                }
                let moved = now.moved_since(&before);
                if !moved.is_empty() {
                    Store::forget_bases(db, id, &moved)?;
                }
                Store::move_journal(db, id, &before, &now)?;
                let differs = Store::any_difference(db, id)?;
                let renewed = Renewed::of(&old.setup, setup, moved, differs);
                Store::try_judged(db, id)?;
                if let (true, Some(renewed)) = (old.approved, renewed) {
                    let renewed = serde_json::to_string(&renewed.and(old.renewed))?;
                    db.execute("UPDATE sync SET renewed = ?2 WHERE id = ?1", params![id, renewed])?;
                }
                // What was shown was the plan of another setup.
                Store::forget_shown(db, id)?;
            }
            Store::mark_all_dirty(db, id)?;
            Ok(id)
        })
    }

    /// Turns a sync on or off; its links stay.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn enable(&self, id: i64, enabled: bool) -> Result<(), StoreError> {
        self.write_kept(|db| {
            db.execute("UPDATE sync SET enabled = ?2 WHERE id = ?1", params![id, enabled])?;
            Ok(())
        })
    }

    /// Saves the rules of a sync.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn save_rules(db: &Connection, id: i64, rules: &str) -> Result<(), StoreError> {
        db.execute("UPDATE sync SET rules = ?2 WHERE id = ?1", params![id, rules])?;
        Ok(())
    }

    /// Saves where a sync stands.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn save_standing(db: &Connection, sync: &SyncRow) -> Result<(), StoreError> {
        let renewed = sync.renewed.as_ref().map(serde_json::to_string).transpose()?;
        db.prepare_cached(
            "UPDATE sync SET approved = ?2, first_done = ?3, narrowed = ?4, last_synced_at = ?5,
                 last_attempt_at = ?6, waiting = ?7, rules = ?8, renewed = ?9 WHERE id = ?1",
        )?
        .execute(params![
            sync.id,
            sync.approved,
            sync.first_done,
            sync.narrowed,
            sync.last_synced_at,
            sync.last_attempt_at,
            sync.waiting,
            sync.rules,
            renewed
        ])?;
        Ok(())
    }

    /// A setting of the app.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.read(|db| {
            Ok(db
                .query_row("SELECT value FROM setting WHERE key = ?1", [key], |row| row.get(0))
                .optional()?)
        })
    }

    /// Saves a setting of the app.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn put_setting(&self, key: &str, value: &str) -> Result<(), StoreError> {
        self.write_kept(|db| {
            db.execute(
                "INSERT OR REPLACE INTO setting (key, value) VALUES (?1, ?2)",
                params![key, value],
            )?;
            Ok(())
        })
    }

    /// The setting `key`, which is `value` from now on where it was never saved.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn setting_or(&self, key: &str, value: &str) -> Result<String, StoreError> {
        if let Some(known) = self.setting(key)? {
            return Ok(known);
        }
        self.write_kept(|db| {
            db.execute("INSERT OR IGNORE INTO setting (key, value) VALUES (?1, ?2)", [key, value])?;
            Ok(db.query_row("SELECT value FROM setting WHERE key = ?1", [key], |row| row.get(0))?)
        })
    }

    /// Saves a setting in place of one that held a secret: nothing of the old one stays in the files.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn put_setting_over(&self, key: &str, value: &str) -> Result<(), StoreError> {
        self.wiping(|db| {
            db.execute("UPDATE setting SET value = ?2 WHERE key = ?1", params![key, value])?;
            Ok(())
        })
    }

    /// Forgets a setting of the app.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn forget_setting(&self, key: &str) -> Result<(), StoreError> {
        self.wiping(|db| {
            db.execute("DELETE FROM setting WHERE key = ?1", [key])?;
            Ok(())
        })
    }
}

fn sync_of(db: &Connection, ledger: i64, module: Module) -> Result<Option<SyncRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM sync WHERE ledger = ?1 AND module = ?2");
    Ok(db.prepare_cached(&sql)?.query_row(params![ledger, module.api_name()], row).optional()?)
}
