//! From the database to the planner's world: what changed, the links it belongs to, and whom an
//! unlinked contact could be matched with. Work follows the change, not the address book's size.

use std::collections::{BTreeMap, BTreeSet};

use renraku_core::contact::{Module, Pair, Record, RecordId, Side};
use renraku_core::field::email_key;
use renraku_core::mapping::Group;
use renraku_core::matching::Evidence;
use renraku_core::plan::{Bar, Linked, Presence, Stranger, World};
use rusqlite::Connection;

use crate::pull::mark_trace;
use crate::session::Session;
use crate::settle::FLIPS;
use crate::store::{LinkRow, MirrorRow, Place, State, Store, StoreError};

/// What the planner needs, and which contacts are changed without being anyone's business.
pub(crate) struct Gathered {
    pub(crate) world: World,
    /// Changed contacts that need no plan: outside the scope and unlinked, or gone.
    pub(crate) idle: Vec<(Side, RecordId)>,
    /// Every contact that was looked at.
    pub(crate) touched: BTreeSet<(Side, RecordId)>,
}

/// Collects everything that changed since it was last settled.
pub(crate) fn gather(session: &Session, label: Option<&str>) -> Result<Gathered, StoreError> {
    session.store.read(|db| {
        let mut gatherer = Gatherer {
            session,
            db,
            label,
            linked: BTreeMap::new(),
            strangers: Pair::default(),
            idle: Vec::new(),
        };
        for side in Side::BOTH {
            for id in Store::dirty(db, session.sync.id, side)? {
                gatherer.changed(side, &id)?;
            }
        }
        gatherer.finish()
    })
}

struct Gatherer<'a> {
    session: &'a Session,
    db: &'a Connection,
    label: Option<&'a str>,
    linked: BTreeMap<i64, LinkRow>,
    strangers: Pair<BTreeMap<RecordId, Stranger>>,
    idle: Vec<(Side, RecordId)>,
}

impl Gatherer<'_> {
    fn place(&self, side: Side) -> Place {
        Place::of(side, self.session.module())
    }

    fn row(&self, side: Side, id: &str) -> Result<Option<MirrorRow>, StoreError> {
        Store::mirrored(self.db, self.session.sync.ledger, self.place(side), id)
    }

    fn in_scope(&self, side: Side, row: &MirrorRow) -> bool {
        match side {
            Side::Zoho => self.session.rules.view.as_ref().is_none_or(|view| row.scopes == *view),
            Side::Google => match (&self.session.rules.label, self.label) {
                (None, _) => true,
                (Some(_), None) => false,
                (Some(_), Some(label)) => row.scopes.split(' ').any(|scope| scope == label),
            },
        }
    }

    fn changed(&mut self, side: Side, id: &str) -> Result<(), StoreError> {
        if let Some(link) = Store::link_of(self.db, self.session.sync.id, side, id)? {
            if link.stopped {
                self.idle.push((side, id.to_owned()));
            } else {
                self.linked.insert(link.id, link);
            }
            return Ok(());
        }
        let row = self.row(side, id)?;
        match row.filter(|row| row.state == State::Here) {
            Some(row) if self.in_scope(side, &row) => {
                self.stranger(side, row)?;
                self.candidates(side, id)
            }
            Some(_) | None => {
                self.idle.push((side, id.to_owned()));
                Ok(())
            }
        }
    }

    /// Takes an unlinked contact into the world.
    fn stranger(&mut self, side: Side, row: MirrorRow) -> Result<(), StoreError> {
        if self.strangers[side].contains_key(&row.id) {
            return Ok(());
        }
        let Some(mut record) = self.session.parse(side, &row.raw) else {
            self.idle.push((side, row.id));
            return Ok(());
        };
        record.version.clone_from(&row.version);
        let evidence = self.evidence(side, &row)?;
        let bar = match self.is_echo(side, &row, &record, &evidence)? {
            true => Some(Bar::Echo),
            false => self.bar(side, &row.id, &evidence)?,
        };
        let in_scope = self.in_scope(side, &row);
        self.strangers[side].insert(row.id, Stranger { record, in_scope, evidence, bar });
        Ok(())
    }

    fn evidence(&self, side: Side, row: &MirrorRow) -> Result<Evidence, StoreError> {
        use crate::remote::{google, zoho};
        let (module, mapping) = (self.session.module(), &self.session.mapping);
        let found = match side {
            Side::Zoho => zoho::wire::evidence(&row.raw, mapping).unwrap_or_default(),
            Side::Google => google::wire::evidence(&row.raw).unwrap_or_default(),
        };
        let traces = Store::traces(self.db, self.session.sync.ledger, self.place(side), &row.id)?;
        let prefix = format!("{}:", module.api_name());
        Ok(Evidence {
            keys: traces.keys,
            emails: found.emails.iter().map(|e| email_key(e)).collect(),
            names: if module == Module::Vendors { traces.orgs } else { traces.names },
            phones: found.phones,
            marks: traces
                .marks
                .iter()
                .filter_map(|mark| mark.strip_prefix(&prefix).map(str::to_owned))
                .collect(),
            region: self.session.rules.region.clone(),
        })
    }

    fn bar(&self, side: Side, id: &str, evidence: &Evidence) -> Result<Option<Bar>, StoreError> {
        let sync = &self.session.sync;
        if Store::is_unsure(self.db, sync.id, side, id)? {
            return Ok(Some(Bar::Unsure));
        }
        if side == Side::Google && Store::linked_elsewhere(self.db, sync.ledger, sync.id, id)? {
            return Ok(Some(Bar::OtherModule));
        }
        for mark in &evidence.marks {
            // A copy of a person: the record that its mark names has its counterpart.
            if Store::link_of(self.db, sync.id, Side::Zoho, mark)?.is_some() {
                return Ok(Some(Bar::Twin));
            }
        }
        let other = side.other();
        for key in &evidence.keys {
            for twin in self.with("key", other, key)? {
                if Store::link_of(self.db, sync.id, other, &twin)?.is_some() {
                    return Ok(Some(Bar::Twin));
                }
            }
        }
        Ok(None)
    }

    /// Whether this is a second copy of a contact that we created: in Google it carries the same
    /// mark, in Zoho the same user made it within moments; and it holds exactly what we sent.
    fn is_echo(
        &self,
        side: Side,
        row: &MirrorRow,
        record: &Record,
        evidence: &Evidence,
    ) -> Result<bool, StoreError> {
        let sync = self.session.sync.id;
        let mut twins = BTreeSet::new();
        match side {
            Side::Google => {
                for zoho in &evidence.marks {
                    if let Some(link) = Store::link_of(self.db, sync, Side::Zoho, zoho)? {
                        twins.insert(link.ids.google);
                    }
                }
            }
            Side::Zoho => {
                let kind = self.name_kind();
                for (kind, values) in [("key", &evidence.keys), (kind, &evidence.names)] {
                    for value in values {
                        twins.extend(self.with(kind, side, value)?);
                    }
                }
            }
        }
        twins.remove(&row.id);
        for twin in twins {
            let Some(link) = Store::link_of(self.db, sync, side, &twin)? else { continue };
            let Some(other) = self.row(side, &twin)? else { continue };
            let sent = self.session.card(&link.base[side]);
            let mapping = &self.session.mapping;
            let card = mapping.resolve(&record.card, &record.alternatives, &sent);
            let same = (0..mapping.rules().len())
                .all(|rule| mapping.same(rule, card.get(rule), sent.get(rule)));
            let ours = side == Side::Google
                || (link.created
                    && made_together(&row.raw, &other.raw, &self.session.zoho_grant.user));
            if same && ours {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn name_kind(&self) -> &'static str {
        if self.session.module() == Module::Vendors { "org" } else { "name" }
    }

    fn with(&self, kind: &str, side: Side, value: &str) -> Result<Vec<RecordId>, StoreError> {
        Store::with_trace(self.db, self.session.sync.ledger, self.place(side), kind, value)
    }

    /// Everybody a contact could be matched with, and everybody who competes for them.
    fn candidates(&mut self, side: Side, id: &str) -> Result<(), StoreError> {
        let Some(stranger) = self.strangers[side].get(id) else { return Ok(()) };
        let names = self.name_kind();
        let Evidence { keys, names: known_as, marks, .. } = stranger.evidence.clone();
        let mut found: BTreeSet<(Side, RecordId)> = BTreeSet::new();
        for (kind, values) in [("key", keys), (names, known_as)] {
            for value in values {
                for at in Side::BOTH {
                    found.extend(self.with(kind, at, &value)?.into_iter().map(|id| (at, id)));
                }
            }
        }
        match side {
            Side::Google => found.extend(marks.into_iter().map(|id| (Side::Zoho, id))),
            Side::Zoho => {
                let mark = mark_trace(self.session.module(), id);
                let marked = self.with("mark", Side::Google, &mark)?;
                found.extend(marked.into_iter().map(|id| (Side::Google, id)));
            }
        }
        for (at, id) in found {
            let linked = Store::link_of(self.db, self.session.sync.id, at, &id)?.is_some();
            if let Some(row) = self.row(at, &id)?.filter(|row| row.state == State::Here && !linked)
            {
                self.stranger(at, row)?;
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Gathered, StoreError> {
        let mut linked = Vec::with_capacity(self.linked.len());
        let mut heirs: BTreeSet<(Side, RecordId)> = BTreeSet::new();
        for link in std::mem::take(&mut self.linked).into_values() {
            let mut link = self.linked(link)?;
            for side in Side::BOTH {
                if let Presence::MergedInto { survivor, linked: taken } = &mut link.now[side] {
                    // One survivor takes over one link; it is no stranger any more.
                    *taken |= !heirs.insert((side, survivor.clone()));
                    self.strangers[side].remove(survivor);
                }
            }
            linked.push(link);
        }
        let mut touched: BTreeSet<_> = self.idle.iter().cloned().collect();
        for side in Side::BOTH {
            touched.extend(linked.iter().map(|l: &Linked| (side, l.ids[side].clone())));
            touched.extend(self.strangers[side].keys().map(|id| (side, id.clone())));
        }
        let Pair { zoho, google } = self.strangers;
        let strangers =
            Pair { zoho: zoho.into_values().collect(), google: google.into_values().collect() };
        Ok(Gathered { world: World { linked, strangers }, idle: self.idle, touched })
    }

    fn linked(&self, link: LinkRow) -> Result<Linked, StoreError> {
        let frozen = self
            .session
            .mapping
            .rules()
            .iter()
            .enumerate()
            .filter(|(_, rule)| link.flips.get(&rule.zoho).is_some_and(|flip| flip.count >= FLIPS))
            .map(|(index, _)| index)
            .collect();
        Ok(Linked {
            link: link.id,
            base: Pair {
                zoho: self.session.card(&link.base.zoho),
                google: self.session.card(&link.base.google),
            },
            fresh: link.fresh,
            frozen,
            asleep: link.asleep.is_some(),
            now: Pair {
                zoho: self.presence(Side::Zoho, &link)?,
                google: self.presence(Side::Google, &link)?,
            },
            ids: link.ids,
        })
    }

    fn presence(&self, side: Side, link: &LinkRow) -> Result<Presence, StoreError> {
        let Some(row) = self.row(side, &link.ids[side])? else { return Ok(Presence::Hidden) };
        Ok(match &row.state {
            State::Here => match self.session.parse(side, &row.raw) {
                Some(mut record) => {
                    record.version.clone_from(&row.version);
                    Presence::Here { record, in_scope: self.in_scope(side, &row) }
                }
                None => Presence::Hidden,
            },
            State::Hidden => Presence::Hidden,
            State::Converted => Presence::Converted,
            State::Merged(survivor) => self.merged(side, survivor.clone())?,
            State::Gone => match self.survivor(side, link)? {
                Some(survivor) => self.merged(side, survivor)?,
                None => Presence::Gone,
            },
        })
    }

    fn merged(&self, side: Side, survivor: RecordId) -> Result<Presence, StoreError> {
        let here = self.row(side, &survivor)?.is_some_and(|row| row.state == State::Here);
        if !here {
            return Ok(Presence::Gone);
        }
        let linked = Store::link_of(self.db, self.session.sync.id, side, &survivor)?.is_some();
        Ok(Presence::MergedInto { survivor, linked })
    }

    /// Merging two contacts deletes one of them: the other carries the lost one's mark or its key.
    fn survivor(&self, side: Side, link: &LinkRow) -> Result<Option<RecordId>, StoreError> {
        let mut found = BTreeSet::new();
        if side == Side::Google {
            found.extend(self.with(
                "mark",
                side,
                &mark_trace(self.session.module(), &link.ids.zoho),
            )?);
        }
        let key = self
            .session
            .mapping
            .by_google(Group::EmailAddresses, "work", "value")
            .and_then(|rule| self.session.mapping.rules().get(rule))
            .and_then(|rule| link.base[side].get(&rule.zoho));
        if let Some(key) = key {
            found.extend(self.with("key", side, &email_key(key))?);
        }
        found.remove(&link.ids[side]);
        Ok(if found.len() == 1 { found.pop_first() } else { None })
    }
}

/// Whether two Zoho records were both made by this user within two minutes.
fn made_together(a: &str, b: &str, user: &str) -> bool {
    #[derive(serde::Deserialize)]
    struct Made {
        #[serde(rename = "Created_Time")]
        at: Option<jiff::Timestamp>,
        #[serde(rename = "Created_By")]
        by: Option<By>,
    }
    #[derive(serde::Deserialize)]
    struct By {
        id: String,
    }
    let made = |raw: &str| -> Option<(jiff::Timestamp, String)> {
        let made: Made = serde_json::from_str(raw).ok()?;
        Some((made.at?, made.by?.id))
    };
    match (made(a), made(b)) {
        (Some((at, by)), Some((other, _))) => {
            by == user && at.as_second().abs_diff(other.as_second()) <= 120
        }
        (None, _) | (_, None) => false,
    }
}
