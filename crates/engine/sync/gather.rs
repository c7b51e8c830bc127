//! From the database to the planner's world: what changed, the links it belongs to, and whom an
//! unlinked contact could be matched with. Work follows the change, not the address book's size.

mod block;
mod known;
mod presence;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use renraku_core::contact::{Module, Pair, Record, RecordId, Side};
use renraku_core::field::{email_key, is_email};
use renraku_core::matching::Evidence;
use renraku_core::plan::{CreateBlock, Known, Linked, PlanInput, Presence, Question, Unlinked};
use renraku_services::received::Evidence as Found;
use renraku_store::{Db, LinkRow, MirrorRow, Place, State, Store, StoreError, Traces};

use crate::sync::guard::is_inside;
use crate::sync::look::mark_trace;
use crate::sync::lost::vanished;
use crate::sync::readable;
use crate::sync::session::Session;
use crate::sync::settle::FLIPS;

/// What the planner needs, and which contacts are changed without being anyone's business.
pub(crate) struct Gathered {
    pub(crate) world: PlanInput,
    /// Changed contacts that need no plan: outside the scope and unlinked, or gone.
    pub(crate) idle: Vec<(Side, RecordId)>,
    /// Questions about contacts that cannot be read.
    pub(crate) unreadable: Vec<Question>,
    /// Every contact that was looked at.
    pub(crate) touched: BTreeSet<(Side, RecordId)>,
    /// Records from which Zoho's answer left out fields that are mapped, and which.
    pub(crate) unread: BTreeMap<RecordId, BTreeSet<String>>,
    /// Whether a field is empty in a linked record that was not: cleared, or hidden from this user.
    pub(crate) cleared: bool,
    /// Contacts that a pair, a key or a change names and of which there is no copy.
    pub(crate) astray: BTreeSet<(Side, RecordId)>,
}

/// Collects everything that changed since it was last settled.
pub(crate) fn gather(session: &Session, label: Option<&str>) -> Result<Gathered, StoreError> {
    session.store.list_traces()?;
    session.store.read(|db| {
        let sync = session.sync.id;
        let any_unreadable = |side: Side| {
            let place = Place::of(side, session.module());
            let rows = Store::unreadable(db, session.sync.ledger, place)?;
            Ok::<_, StoreError>(!rows.is_empty())
        };
        let mut gatherer = Gatherer {
            session,
            db,
            label,
            unsure: Store::unsure(db, sync)?,
            unsure_links: Store::unsure_links(db, sync)?,
            unasked: crate::sync::outside::unasked(session, db)?,
            left_asked: vanished(session, db)?.into_iter().map(|(_, left)| left).collect(),
            other_syncs: Store::any_other_sync(db, session.sync.ledger, sync)?,
            any_unreadable: Pair {
                zoho: any_unreadable(Side::Zoho)?,
                google: any_unreadable(Side::Google)?,
            },
            any_link: Store::any_link(db, sync)?,
            linked: Vec::new(),
            unlinked: Pair::default(),
            known: Vec::new(),
            idle: Vec::new(),
            unreadable: BTreeMap::new(),
            unread: BTreeMap::new(),
            cleared: false,
            astray: RefCell::default(),
        };
        Store::changed_links(db, sync, |link, changed| gatherer.link(link, changed))?;
        for side in Side::BOTH {
            let place = Place::of(side, session.module());
            Store::changed_alone(db, sync, session.sync.ledger, place, |id, row| {
                gatherer.alone(side, id, row)
            })?;
        }
        gatherer.candidates()?;
        gatherer.gone_apart()?;
        let gathered = gatherer.finish();
        match gathered.world.is_coherent() {
            true => Ok(gathered),
            false => Err(StoreError::contradiction()),
        }
    })
}

struct Gatherer<'a> {
    session: &'a Session,
    db: &'a Db,
    label: Option<&'a str>,
    /// Contacts for which a create has an unknown outcome.
    unsure: Pair<BTreeSet<RecordId>>,
    /// Pairs one end of which may just have been made again, by the side of that end.
    unsure_links: Pair<BTreeSet<i64>>,
    /// E-mail addresses and people's ids of which Zoho could not be asked whether anybody outside the
    /// view is it.
    unasked: BTreeSet<String>,
    /// Contacts that are asked about beside one that was deleted.
    left_asked: BTreeSet<(Side, RecordId)>,
    /// Whether the ledger has other syncs.
    other_syncs: bool,
    /// Whether anybody on a side cannot be read.
    any_unreadable: Pair<bool>,
    /// Whether this sync has any link: without one nobody is a twin or a second copy.
    any_link: bool,
    linked: Vec<Linked>,
    /// In the order of their ids as long as only changed ones are in.
    unlinked: Pair<Vec<Unlinked>>,
    /// Contacts that are none, and that an unlinked contact may be.
    known: Vec<Known>,
    idle: Vec<(Side, RecordId)>,
    /// Questions about contacts that cannot be read.
    unreadable: BTreeMap<String, Question>,
    unread: BTreeMap<RecordId, BTreeSet<String>>,
    cleared: bool,
    /// Contacts that were looked for and of which there is no copy.
    astray: RefCell<BTreeSet<(Side, RecordId)>>,
}

impl Gatherer<'_> {
    fn place(&self, side: Side) -> Place {
        Place::of(side, self.session.module())
    }

    /// The copy of a contact that something here names. Where there is none, that led astray: nothing is
    /// to follow from it.
    fn row(&self, side: Side, id: &str) -> Result<Option<MirrorRow>, StoreError> {
        let row = self.copy(side, id)?;
        if row.is_none() {
            self.astray.borrow_mut().insert((side, id.to_owned()));
        }
        Ok(row)
    }

    /// Whether a copy is of whom it stands for. One that is not led astray, too.
    fn is_its_own(&self, side: Side, row: &MirrorRow, record: &Record) -> bool {
        let own = record.id == row.id;
        if !own {
            self.astray.borrow_mut().insert((side, row.id.clone()));
        }
        own
    }

    /// The copy of a contact, if there is one.
    fn copy(&self, side: Side, id: &str) -> Result<Option<MirrorRow>, StoreError> {
        Store::mirrored(self.db, self.session.sync.ledger, self.place(side), id)
    }

    fn in_scope(&self, side: Side, row: &MirrorRow) -> bool {
        is_inside(self.session, side, row, self.label)
    }

    /// A link with a changed end.
    fn link(&mut self, link: LinkRow, changed: Pair<bool>) -> Result<(), StoreError> {
        if link.stopped {
            let ends = Side::BOTH.into_iter().filter(|side| changed[*side]);
            self.idle.extend(ends.map(|side| (side, link.ids[side].clone())));
            return Ok(());
        }
        let linked = self.linked_pair(link)?;
        let doubts = readable::doubts(self.session, &linked);
        self.cleared |= doubts.cleared;
        self.unread.extend(doubts.unread);
        self.linked.push(linked);
        Ok(())
    }

    /// A changed contact without a link.
    fn alone(
        &mut self,
        side: Side,
        id: RecordId,
        row: Option<MirrorRow>,
    ) -> Result<(), StoreError> {
        if row.is_none() {
            self.astray.borrow_mut().insert((side, id.clone()));
        }
        match row.filter(|row| self.in_scope(side, row) || self.is_untold(row)) {
            Some(row) if row.state == State::Here => self.lone(side, row),
            Some(row) if row.state == State::Unreadable => {
                self.cannot_read(side, &row, None);
                Ok(())
            }
            Some(_) | None => {
                self.idle.push((side, id));
                Ok(())
            }
        }
    }

    /// Takes an unlinked contact into the world.
    fn lone(&mut self, side: Side, mut row: MirrorRow) -> Result<(), StoreError> {
        let Some((mut record, found)) = self.session.digest(side, &row.raw) else {
            self.cannot_read(side, &row, None);
            return Ok(());
        };
        if !self.is_its_own(side, &row, &record) {
            return Ok(());
        }
        record.version.clone_from(&row.version);
        let in_scope = self.in_scope(side, &row);
        if side == Side::Zoho && in_scope {
            // What the answer left out is wanted once it has a counterpart.
            let left_out = readable::left_out(self.session, &record);
            self.unread.extend((!left_out.is_empty()).then(|| (record.id.clone(), left_out)));
        }
        let evidence = self.evidence(found, std::mem::take(&mut row.traces));
        let block = match (self.is_echo(side, &row, &record, &evidence)?, side) {
            (true, Side::Google) => Some(CreateBlock::Echo),
            // Nothing proves that no person made it: it is asked about.
            (true, Side::Zoho) => Some(CreateBlock::Twin),
            (false, _) => self.block(side, &row.id, &evidence)?,
        };
        self.unlinked[side].push(Unlinked { record, in_scope, evidence, block });
        Ok(())
    }

    fn evidence(&self, found: Found, traces: Traces) -> Evidence {
        to_match_by(found, traces, self.session.module(), self.session.rules.region.clone())
    }

    fn is_linked(&self, side: Side, id: &str) -> Result<bool, StoreError> {
        Ok(self.any_link && Store::is_linked(self.db, self.session.sync.id, side, id)?)
    }

    fn name_kind(&self) -> &'static str {
        if self.session.module() == Module::Vendors { "org" } else { "name" }
    }

    /// The names by which a mirrored contact is looked up.
    fn names<'r>(&self, row: &'r MirrorRow) -> &'r [String] {
        if self.session.module() == Module::Vendors { &row.traces.orgs } else { &row.traces.names }
    }

    /// Whether a contact that is there has neither name nor address by which it could be looked up:
    /// outside the scope too it may be somebody's counterpart, by all that it says.
    fn is_untold(&self, row: &MirrorRow) -> bool {
        let told = [&row.traces.keys, &row.traces.emails].into_iter().any(|all| !all.is_empty());
        row.state == State::Here && !told && self.names(row).is_empty()
    }

    /// Whoever carries one of these e-mail addresses, under whatever label.
    fn with_addresses(
        &self,
        side: Side,
        addresses: &[String],
    ) -> Result<BTreeSet<RecordId>, StoreError> {
        let mut found = BTreeSet::new();
        for address in addresses {
            for kind in ["key", "email"] {
                found.extend(self.with(kind, side, address)?);
            }
        }
        Ok(found)
    }

    /// Whether a linked contact's counterpart is gone.
    fn lost_its_counterpart(&self, side: Side, id: &str) -> Result<bool, StoreError> {
        let Some(link) = Store::link_of(self.db, self.session.sync.id, side, id)? else {
            return Ok(false);
        };
        if link.stopped {
            return Ok(false);
        }
        let other = self.row(side.other(), &link.ids[side.other()])?;
        Ok(other.is_some_and(|row| row.state == State::Gone))
    }

    /// Whether a linked contact looks for a counterpart itself, because its own is gone: then it keeps
    /// nobody from being created. Who is out of sight looks for nobody.
    fn is_bereft(&self, side: Side, id: &str) -> Result<bool, StoreError> {
        let seen = self.row(side, id)?.is_some_and(|row| row.state == State::Here);
        Ok(seen && self.lost_its_counterpart(side, id)?)
    }

    fn with(&self, kind: &str, side: Side, value: &str) -> Result<Vec<RecordId>, StoreError> {
        Store::with_trace(self.db, self.session.sync.ledger, self.place(side), kind, value)
    }

    /// Everybody the changed contacts could be matched with, and everybody who competes for them.
    fn candidates(&mut self) -> Result<(), StoreError> {
        if self.everybody()? {
            return Ok(());
        }
        let names = self.name_kind();
        let mut traces: BTreeSet<(&'static str, String)> = BTreeSet::new();
        let mut found = self.left_asked.clone();
        let mut marked: BTreeSet<RecordId> = BTreeSet::new();
        let unlinked = Side::BOTH.into_iter().flat_map(|side| {
            self.unlinked[side].iter().map(move |s| (side, &s.record.id, &s.evidence))
        });
        // Whoever lost its counterpart looks for one too.
        let bereft = self.linked.iter().filter_map(|pair| {
            let gone = Side::BOTH.into_iter().find(|side| pair.now[*side] == Presence::Gone)?;
            let left = pair.left.as_ref()?;
            let known = [&left.evidence, &left.lost];
            Some(known.map(|evidence| (gone.other(), &pair.ids[gone.other()], evidence)))
        });
        for (side, id, evidence) in unlinked.chain(bereft.flatten()) {
            for kind in ["key", "email"] {
                traces.extend(evidence.emails.iter().map(|email| (kind, email.clone())));
            }
            traces.extend(evidence.names.iter().map(|name| (names, name.clone())));
            marked.extend(evidence.marks.iter().cloned());
            if side == Side::Zoho {
                traces.insert(("mark", mark_trace(self.session.module(), id)));
            }
            // Whoever it is asked about beside, whatever either of the two became since.
            found.extend(Store::asked_with(self.db, self.session.sync.id, side, id)?);
        }
        for (kind, value) in traces {
            for side in Side::BOTH {
                found.extend(self.with(kind, side, &value)?.into_iter().map(|id| (side, id)));
            }
        }
        let named = &found;
        marked.retain(|id| !named.contains(&(Side::Zoho, id.clone())));
        found.extend(marked.iter().map(|id| (Side::Zoho, id.clone())));
        let changed = |(side, id): &(Side, RecordId)| {
            self.unlinked[*side].binary_search_by(|s| s.record.id.cmp(id)).is_ok()
        };
        found.retain(|contact| !changed(contact));
        let mut linked = Vec::new();
        for (side, id) in found {
            if self.is_linked(side, &id)? {
                linked.push((side, id));
                continue;
            }
            // A person's mark may name a record that nobody has read.
            let row =
                if marked.contains(&id) { self.copy(side, &id)? } else { self.row(side, &id)? };
            if let Some(row) = row.filter(|row| row.state == State::Here) {
                self.lone(side, row)?;
            }
        }
        linked.into_iter().try_for_each(|(side, id)| self.acquaint(side, &id))
    }

    /// Whether everybody who is there is in the world already: then there is nobody to look for.
    fn everybody(&self) -> Result<bool, StoreError> {
        let ledger = self.session.sync.ledger;
        for side in Side::BOTH {
            let there = Store::count_here(self.db, ledger, self.place(side))?;
            if self.unlinked[side].len() < there as usize {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn finish(mut self) -> Gathered {
        let mut survivors: Pair<BTreeSet<RecordId>> = Pair::default();
        for link in &mut self.linked {
            for side in Side::BOTH {
                if let Presence::MergedInto { survivor, linked: taken } = &mut link.now[side] {
                    // One survivor takes over one link; it has a link now.
                    *taken |= !survivors[side].insert(survivor.clone());
                }
            }
        }
        for side in Side::BOTH {
            self.unlinked[side].retain(|lone| !survivors[side].contains(&lone.record.id));
        }
        let mut touched: BTreeSet<_> = self.idle.iter().cloned().collect();
        for side in Side::BOTH {
            touched.extend(self.linked.iter().map(|l| (side, l.ids[side].clone())));
            touched.extend(self.unlinked[side].iter().map(|s| (side, s.record.id.clone())));
        }
        let unreadable: Vec<Question> = self.unreadable.into_values().collect();
        for question in &unreadable {
            let ids = Side::BOTH.map(|side| question.ids[side].clone().map(|id| (side, id)));
            touched.extend(ids.into_iter().flatten());
        }
        let world = PlanInput { linked: self.linked, unlinked: self.unlinked, known: self.known };
        Gathered {
            world,
            idle: self.idle,
            unreadable,
            touched,
            unread: self.unread,
            cleared: self.cleared,
            astray: self.astray.into_inner(),
        }
    }

    fn linked_pair(&mut self, link: LinkRow) -> Result<Linked, StoreError> {
        let now = Pair {
            zoho: self.presence(Side::Zoho, &link)?,
            google: self.presence(Side::Google, &link)?,
        };
        let frozen = self
            .session
            .mapping
            .rules()
            .iter()
            .enumerate()
            .filter(|(_, rule)| link.flips.get(&rule.zoho).is_some_and(|flip| flip.count >= FLIPS))
            .map(|(index, _)| index)
            .collect();
        let (left, perhaps_merged) = self.bereavement(&link, &now)?;
        Ok(Linked {
            left,
            perhaps_merged,
            link: link.id,
            base: Pair {
                zoho: self.session.card(&link.base.zoho),
                google: self.session.card(&link.base.google),
            },
            seen: link.seen,
            sent: link.sent,
            fresh: link.fresh,
            doubted: link.doubted,
            frozen,
            differs: link.differs,
            suspended: link.suspended,
            now,
            ids: link.ids,
        })
    }
}

/// What a contact is matched by, from what it says and what it is looked up by.
pub(crate) fn to_match_by(
    found: Found,
    traces: Traces,
    module: Module,
    region: Option<String>,
) -> Evidence {
    let prefix = format!("{}:", module.api_name());
    let marks = traces.marks.iter().filter_map(|mark| mark.strip_prefix(&prefix));
    Evidence {
        marks: marks.map(str::to_owned).collect(),
        nameless: found.nameless && module != Module::Vendors,
        // Catalogue that are no address ("none") tell nobody and contradict nobody.
        keys: traces.keys.into_iter().filter(|key| is_email(key)).collect(),
        emails: found.emails.iter().map(|e| email_key(e)).filter(|key| is_email(key)).collect(),
        names: if module == Module::Vendors { traces.orgs } else { traces.names },
        phones: found.phones,
        region,
    }
}
