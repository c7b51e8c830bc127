//! "Why is this contact not synced?": any contact, one plain reason, one fitting action.

use renraku_core::contact::Side;
use renraku_core::setup::Direction;

use crate::api::{Failure, Why};
use crate::engine::Engine;
use crate::remote::{google, zoho};
use crate::session::store_failure;
use crate::store::{MirrorRow, Place, State, Store, StoreError, SyncRow};
use crate::words;

/// The most contacts that one search shows.
const MOST: usize = 50;

impl Engine {
    /// Searches contacts by any part of their text and says of each where it stands.
    ///
    /// # Errors
    /// [`crate::FailureCode::Store`].
    pub fn why(&self, query: &str) -> Result<Vec<Why>, Failure> {
        let query = query.trim();
        if query.is_empty() {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for sync in self.sync_rows()? {
            let label = match &sync.setup.google_label {
                Some(name) => self
                    .inner
                    .store
                    .cursor(sync.ledger, &format!("label:{name}"))
                    .map_err(store_failure)?,
                None => None,
            };
            let rules: renraku_core::compile::Compiled =
                serde_json::from_str(&sync.rules).map_err(|e| store_failure(e.into()))?;
            let about = About { sync: &sync, view: rules.view.as_deref(), label: label.as_deref() };
            let part = self
                .inner
                .store
                .read(|db| {
                    let mut part = Vec::new();
                    for side in Side::BOTH {
                        let place = Place::of(side, sync.setup.module);
                        for row in Store::search(db, sync.ledger, place, query, MOST)? {
                            part.push(about.explain(db, side, &row)?);
                        }
                    }
                    Ok(part)
                })
                .map_err(store_failure)?;
            found.extend(part);
        }
        found.truncate(MOST);
        Ok(found)
    }
}

struct About<'a> {
    sync: &'a SyncRow,
    view: Option<&'a str>,
    label: Option<&'a str>,
}

impl About<'_> {
    fn explain(
        &self,
        db: &rusqlite::Connection,
        side: Side,
        row: &MirrorRow,
    ) -> Result<Why, StoreError> {
        let module = self.sync.setup.module;
        let name = match side {
            Side::Zoho => zoho::wire::name_of(&row.raw, module),
            Side::Google => google::wire::name_of(&row.raw),
        };
        let (synced, reason, action) = self.reason(db, side, row)?;
        Ok(Why {
            contact: name.unwrap_or_default(),
            module,
            side,
            id: row.id.clone(),
            synced,
            reason,
            action: action.map(str::to_owned),
        })
    }

    fn reason(
        &self,
        db: &rusqlite::Connection,
        side: Side,
        row: &MirrorRow,
    ) -> Result<(bool, String, Option<&'static str>), StoreError> {
        let not = |reason: &str, action: Option<&'static str>| (false, reason.to_owned(), action);
        let service = match side {
            Side::Zoho => "Zoho",
            Side::Google => "Google",
        };
        match row.state {
            State::Here => {}
            State::Gone => return Ok(not(&format!("It was deleted in {service}."), None)),
            State::Hidden => return Ok(not(&format!("You cannot see it in {service} now."), None)),
            State::Converted => {
                return Ok(not(
                    "The lead was converted; the contact it became is synced in its place.",
                    None,
                ));
            }
            State::Merged(_) => {
                return Ok(not(&format!("It was merged with another contact in {service}."), None));
            }
        }
        if !self.sync.enabled {
            return Ok(not("This sync is turned off.", Some("enable")));
        }
        let asked = Store::questions_about(
            db,
            self.sync.id,
            &std::iter::once((side, row.id.clone())).collect(),
        )?;
        if let Some(first) = asked.first() {
            return Ok((false, words::question(&first.question), Some("review")));
        }
        if let Some(link) = Store::link_of(db, self.sync.id, side, &row.id)? {
            if link.stopped {
                return Ok(not("You decided to keep it and stop syncing it.", None));
            }
            if let Some(asleep) = link.asleep {
                return Ok((false, words::asleep(asleep), None));
            }
            if Store::is_dirty(db, self.sync.id, side, &row.id)? {
                return Ok(not(
                    "It is synced; its newest change waits for the next run.",
                    Some("sync"),
                ));
            }
            return Ok((true, "It is in step.".to_owned(), None));
        }
        let inside = match (side, self.view, self.sync.setup.google_label.as_ref(), self.label) {
            (Side::Zoho, Some(view), _, _) => row.scopes == view,
            (Side::Google, _, Some(_), Some(label)) => row.scopes.split(' ').any(|s| s == label),
            (Side::Google, _, Some(_), None) => false,
            (Side::Zoho, None, _, _) | (Side::Google, _, None, _) => true,
        };
        if !inside {
            return Ok(match side {
                Side::Zoho => not("It is outside the Zoho view of this sync.", Some("edit")),
                Side::Google => {
                    not("It does not have the Google label of this sync.", Some("edit"))
                }
            });
        }
        if Store::is_unsure(db, self.sync.id, side, &row.id)? {
            return Ok(not(
                "Creating it was interrupted; Renraku first makes sure that it does not exist yet.",
                Some("sync"),
            ));
        }
        if side == Side::Google
            && Store::linked_elsewhere(db, self.sync.ledger, self.sync.id, &row.id)?
        {
            return Ok(not("It is synced with a record in another module.", None));
        }
        if Store::is_dirty(db, self.sync.id, side, &row.id)? {
            return Ok(not("It waits for the next run.", Some("sync")));
        }
        Ok(match (self.sync.setup.direction, side) {
            (Direction::ZohoToGoogle, Side::Google) => {
                not("This sync only goes from Zoho to Google.", Some("edit"))
            }
            (Direction::GoogleToZoho, Side::Zoho) => {
                not("This sync only goes from Google to Zoho.", Some("edit"))
            }
            (Direction::TwoWay | Direction::ZohoToGoogle | Direction::GoogleToZoho, _) => {
                not("It has no value in any of the fields that are synced.", Some("edit"))
            }
        })
    }
}
