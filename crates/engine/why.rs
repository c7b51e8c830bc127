//! "Why is this contact not synced?": any contact, one plain reason, one fitting action.

use renraku_core::compile::Compiled;
use renraku_core::contact::Side;
use renraku_core::field::fold;
use renraku_core::mapping::Mapping;
use renraku_core::plan::{Asleep, Decisions, duplicate_key};
use rusqlite::Connection;

use crate::api::{Failure, Why};
use crate::engine::Engine;
use crate::message::{self, Message};
use crate::remote::{google, zoho};
use crate::session::store_failure;
use crate::settle::FLIPS;
use crate::store::{LinkRow, MirrorRow, Place, State, Store, StoreError, SyncRow};
use crate::views::rules;
use crate::words::Words;

/// The most contacts that one search shows.
const MOST: usize = 50;

impl Engine {
    /// Searches contacts by any part of their names, e-mails, phones and companies, or by their id,
    /// and says of each where it stands.
    ///
    /// # Errors
    /// [`crate::FailureCode::Store`].
    pub fn why(&self, query: &str) -> Result<Vec<Why>, Failure> {
        let query = query.trim();
        if query.is_empty() {
            return Ok(Vec::new());
        }
        let (store, words) = (&self.inner.store, self.words());
        let mut found = Vec::new();
        for sync in self.sync_rows()? {
            let label = match &sync.setup.google_label {
                Some(name) => {
                    store.cursor(sync.ledger, &format!("label:{name}")).map_err(store_failure)?
                }
                None => None,
            };
            let rules = rules(&sync)?;
            let last = store.last_run(sync.id).map_err(store_failure)?;
            let about = About {
                label: label.as_deref(),
                mapping: rules.mapping(sync.setup.module),
                rules: &rules,
                decisions: store.decisions(sync.id).map_err(store_failure)?,
                said: last.and_then(|run| run.said),
                sync: &sync,
            };
            found.extend(store.read(|db| about.search(db, query, &words)).map_err(store_failure)?);
        }
        found.truncate(MOST);
        Ok(found)
    }
}

struct About<'a> {
    sync: &'a SyncRow,
    rules: &'a Compiled,
    mapping: Mapping,
    /// The id of the sync's label, where it is known.
    label: Option<&'a str>,
    decisions: Decisions,
    /// What the last run had to say.
    said: Option<Message>,
}

/// Whether it is synced, the reason, and the action that fits.
type Reason = (bool, Message, Option<&'static str>);

fn not(reason: &str, action: Option<&'static str>) -> Reason {
    (false, Message::new(reason), action)
}

impl About<'_> {
    fn search(&self, db: &Connection, query: &str, words: &Words) -> Result<Vec<Why>, StoreError> {
        let mut found = Vec::new();
        for side in Side::BOTH {
            let place = Place::of(side, self.sync.setup.module);
            let wanted = |row: &MirrorRow| row.id == query || self.is_called(side, row, query);
            for row in Store::search(db, self.sync.ledger, place, MOST, wanted)? {
                let link = Store::link_of(db, self.sync.id, side, &row.id)?;
                let (synced, reason, action) = self.reason(db, side, &row, link.as_ref())?;
                found.push(Why {
                    contact: self.name(side, &row),
                    module: self.sync.setup.module,
                    side,
                    id: row.id,
                    counterpart: link.map(|link| link.ids[side.other()].clone()),
                    synced,
                    reason: words.tell(&reason.labelled(&self.rules.labels)),
                    action: action.map(str::to_owned),
                });
            }
        }
        Ok(found)
    }

    fn name(&self, side: Side, row: &MirrorRow) -> String {
        let name = match side {
            Side::Zoho => zoho::wire::name_of(&row.raw, self.sync.setup.module),
            Side::Google => google::wire::name_of(&row.raw),
        };
        name.unwrap_or_default()
    }

    fn is_called(&self, side: Side, row: &MirrorRow, query: &str) -> bool {
        let known = match side {
            Side::Zoho => zoho::wire::evidence(&row.raw, &self.mapping),
            Side::Google => google::wire::evidence(&row.raw),
        };
        let known = known.unwrap_or_default();
        let bare = |text: &str| fold(text).replace([' ', '-', '(', ')'], "");
        let query = bare(query);
        let name = std::iter::once(self.name(side, row));
        let mut words = name
            .chain(known.names)
            .chain(known.emails)
            .chain(known.phones)
            .chain(known.organisation);
        words.any(|word| bare(&word).contains(&query))
    }

    fn reason(
        &self,
        db: &Connection,
        side: Side,
        row: &MirrorRow,
        link: Option<&LinkRow>,
    ) -> Result<Reason, StoreError> {
        let at = |reason: &str| (false, Message::of(reason, side), None);
        match row.state {
            State::Here => {}
            // Zoho tells of a merge only as a deletion; the link knows more.
            State::Gone if link.is_some_and(|link| link.asleep == Some(Asleep::Merged(side))) => {
                return Ok(at("engine-asleep-merged"));
            }
            State::Gone => return Ok(at("engine-why-deleted")),
            State::Hidden => return Ok(at("engine-asleep-hidden")),
            State::Unreadable => {
                return Ok((false, Message::of("engine-ask-unreadable", side), Some("review")));
            }
            State::Converted => return Ok(not("engine-why-converted", None)),
            State::Merged(_) => return Ok(at("engine-asleep-merged")),
        }
        if !self.sync.enabled {
            return Ok(not("engine-why-off", Some("enable")));
        }
        let mine = std::iter::once((side, row.id.clone())).collect();
        let asked = Store::questions_about(db, self.sync.id, &mine)?;
        if let Some(first) = asked.iter().find(|asked| asked.chosen.is_none()) {
            return Ok((false, message::question(&first.question), Some("review")));
        }
        match link {
            Some(link) => self.linked(db, side, row, link),
            None => self.alone(db, side, row),
        }
    }

    fn linked(
        &self,
        db: &Connection,
        side: Side,
        row: &MirrorRow,
        link: &LinkRow,
    ) -> Result<Reason, StoreError> {
        if link.stopped {
            return Ok(not("engine-why-stopped", None));
        }
        if let Some(asleep) = link.asleep {
            return Ok((false, message::asleep(asleep), None));
        }
        let other = &link.ids[side.other()];
        if Store::is_dirty(db, self.sync.id, side, &row.id)?
            || Store::is_dirty(db, self.sync.id, side.other(), other)?
        {
            return Ok(not("engine-why-dirty", Some("sync")));
        }
        if let Some(field) = self.unread(db, side, row, link)? {
            return Ok((true, Message::new("engine-why-unsplit").with("field", field), None));
        }
        let frozen = link.flips.iter().find(|(_, flip)| flip.count >= FLIPS);
        let reason = match (frozen, link.by) {
            (Some((field, _)), _) => Message::new("engine-why-frozen").with("field", field),
            (None, Some(by)) => message::alike("engine-why-matched", by),
            (None, None) => Message::new("engine-why-in-step"),
        };
        Ok((true, reason, link.by.map(|_| "separate")))
    }

    /// The first field that is left alone because Google's person holds it in one piece.
    fn unread(
        &self,
        db: &Connection,
        side: Side,
        row: &MirrorRow,
        link: &LinkRow,
    ) -> Result<Option<String>, StoreError> {
        let person = match side {
            Side::Google => Some(row.raw.clone()),
            Side::Zoho => {
                let ledger = self.sync.ledger;
                Store::mirrored(db, ledger, Place::Google, &link.ids.google)?.map(|row| row.raw)
            }
        };
        let read = person.and_then(|raw| google::wire::record(&raw, &self.mapping).ok());
        let rule = read.and_then(|record| record.whole.first().copied());
        Ok(rule.and_then(|rule| self.mapping.rules().get(rule)).map(|spec| spec.zoho.clone()))
    }

    fn alone(&self, db: &Connection, side: Side, row: &MirrorRow) -> Result<Reason, StoreError> {
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
        if Store::unsure(db, self.sync.id)?[side].contains(&row.id) {
            return Ok(not("engine-why-unsure", Some("sync")));
        }
        if side == Side::Google
            && Store::linked_elsewhere(db, self.sync.ledger, self.sync.id, &row.id)?
        {
            return Ok(not("engine-why-elsewhere", None));
        }
        if !self.sync.setup.direction.writes(side.other()) {
            return Ok(match side {
                Side::Google => not("engine-why-only-to-google", Some("edit")),
                Side::Zoho => not("engine-why-only-to-zoho", Some("edit")),
            });
        }
        if self.is_empty(side, row) {
            return Ok(not("engine-why-nothing", Some("edit")));
        }
        let ignored = self.decisions.get(&duplicate_key(side, &row.id));
        if ignored.is_some_and(|choice| choice == "ignore") {
            return Ok(not("engine-why-ignored", None));
        }
        Ok(self.waits(side))
    }

    fn is_empty(&self, side: Side, row: &MirrorRow) -> bool {
        let record = match side {
            Side::Zoho => zoho::wire::record(&row.raw, &self.mapping),
            Side::Google => google::wire::record(&row.raw, &self.mapping),
        };
        record.is_ok_and(|record| record.card.0.iter().all(Option::is_none))
    }

    /// Why a contact that will be created on the other side is not there yet.
    fn waits(&self, side: Side) -> Reason {
        let limits = self.sync.setup.limits;
        if side == Side::Zoho && self.said == Some(message::google_full(limits.google_contacts)) {
            return not("engine-why-full", None);
        }
        if self.sync.waiting > 0 {
            let limit = if self.sync.first_done { limits.later_run } else { limits.first_run };
            return (false, Message::new("engine-why-limit").with("limit", limit), Some("sync"));
        }
        not("engine-why-waits", Some("sync"))
    }
}
