//! "Why is this contact not synced?": any contact, one plain reason, one fitting action.

use renraku_core::compile::Compiled;
use renraku_core::contact::Side;
use renraku_core::setup::Direction;

use crate::api::{Failure, Why};
use crate::engine::Engine;
use crate::message::{self, Message};
use crate::remote::{google, zoho};
use crate::session::store_failure;
use crate::store::{MirrorRow, Place, State, Store, StoreError, SyncRow};
use crate::views::rules;
use crate::words::Words;

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
            let rules = rules(&sync)?;
            let words = self.words();
            let about =
                About { sync: &sync, rules: &rules, label: label.as_deref(), words: &words };
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
    rules: &'a Compiled,
    label: Option<&'a str>,
    words: &'a Words,
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
            reason: self.words.tell(&reason.labelled(&self.rules.labels)),
            action: action.map(str::to_owned),
        })
    }

    fn reason(
        &self,
        db: &rusqlite::Connection,
        side: Side,
        row: &MirrorRow,
    ) -> Result<(bool, Message, Option<&'static str>), StoreError> {
        let not = |reason: &str, action| (false, Message::new(reason), action);
        let at = |reason: &str| (false, Message::of(reason, side), None);
        match row.state {
            State::Here => {}
            State::Gone => return Ok(at("engine-why-deleted")),
            State::Hidden => return Ok(at("engine-asleep-hidden")),
            State::Converted => return Ok(not("engine-why-converted", None)),
            State::Merged(_) => return Ok(at("engine-asleep-merged")),
        }
        if !self.sync.enabled {
            return Ok(not("engine-why-off", Some("enable")));
        }
        let asked = Store::questions_about(
            db,
            self.sync.id,
            &std::iter::once((side, row.id.clone())).collect(),
        )?;
        if let Some(first) = asked.first() {
            return Ok((false, message::question(&first.question), Some("review")));
        }
        if let Some(link) = Store::link_of(db, self.sync.id, side, &row.id)? {
            if link.stopped {
                return Ok(not("engine-why-stopped", None));
            }
            if let Some(asleep) = link.asleep {
                return Ok((false, message::asleep(asleep), None));
            }
            if Store::is_dirty(db, self.sync.id, side, &row.id)? {
                return Ok(not("engine-why-dirty", Some("sync")));
            }
            return Ok((true, Message::new("engine-why-in-step"), None));
        }
        let label = (self.sync.setup.google_label.as_ref(), self.label);
        let inside = match (side, self.rules.view.as_ref(), label) {
            (Side::Zoho, Some(view), _) => row.scopes == *view,
            (Side::Google, _, (Some(_), Some(label))) => row.scopes.split(' ').any(|s| s == label),
            (Side::Google, _, (Some(_), None)) => false,
            (Side::Zoho, None, _) | (Side::Google, _, (None, _)) => true,
        };
        if !inside {
            return Ok(match side {
                Side::Zoho => not("engine-asleep-view", Some("edit")),
                Side::Google => not("engine-asleep-label", Some("edit")),
            });
        }
        if Store::is_unsure(db, self.sync.id, side, &row.id)? {
            return Ok(not("engine-why-unsure", Some("sync")));
        }
        if side == Side::Google
            && Store::linked_elsewhere(db, self.sync.ledger, self.sync.id, &row.id)?
        {
            return Ok(not("engine-why-elsewhere", None));
        }
        if Store::is_dirty(db, self.sync.id, side, &row.id)? {
            return Ok(not("engine-why-waits", Some("sync")));
        }
        Ok(match (self.sync.setup.direction, side) {
            (Direction::ZohoToGoogle, Side::Google) => {
                not("engine-why-only-to-google", Some("edit"))
            }
            (Direction::GoogleToZoho, Side::Zoho) => not("engine-why-only-to-zoho", Some("edit")),
            (Direction::TwoWay | Direction::ZohoToGoogle | Direction::GoogleToZoho, _) => {
                not("engine-why-nothing", Some("edit"))
            }
        })
    }
}
