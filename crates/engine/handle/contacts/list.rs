//! The list: a page of it, and one contact of it in full.

use std::collections::BTreeSet;
use std::sync::Arc;

use renraku_core::contact::{Module, Pair, RecordId, Side};
use renraku_core::field::fold;
use renraku_core::mapping::Mapping;
use renraku_core::message::Message;
use renraku_core::plan::Why;
use renraku_services::received::Evidence as Found;
use renraku_services::unreadable::told_name;
use renraku_services::{google, zoho};
use renraku_store::{
    Cause, ContactFilter, Db, ListedRow, Listing, MirrorRow, Place, State, Store, StoreError,
    SyncRow,
};

use super::stand::{Known, state};
use crate::api::{
    Contact, ContactDetail, ContactId, ContactPage, ContactQuery, ContactRun, ContactState,
    Failure, FailureCode,
};
use crate::handle::engine::Engine;
use crate::handle::views::told_changes;
use crate::sync::label;
use crate::sync::session::rules;

/// How many contacts are listed afresh in one transaction.
const PAGE: u32 = 1_000;

/// How many changed contacts are looked through to tell how many wait.
const GLANCE: u32 = 500;

/// The most runs that a contact's history shows.
const RUNS: usize = 100;

/// A sync with what its part of the list depends on.
pub(super) struct Part {
    pub(super) sync: SyncRow,
    rules: renraku_core::compile::Compiled,
    mapping: Mapping,
    label: Option<Option<String>>,
    said: Option<Message>,
}

impl Part {
    fn listing(&self) -> Listing<'_> {
        Listing {
            sync: &self.sync,
            view: self.rules.view.as_deref(),
            label: self.label.as_ref().map(|label| label.as_deref()),
        }
    }

    fn module(&self) -> Module {
        self.sync.setup.module
    }

    fn place(&self, side: Side) -> Place {
        Place::of(side, self.module())
    }
}

impl Engine {
    /// A page of the list of every contact on either side, by name.
    ///
    /// # Errors
    /// [`FailureCode::Store`].
    pub fn contacts(&self, query: &ContactQuery) -> Result<ContactPage, Failure> {
        let parts = self.parts(query.module)?;
        self.list_anew(&parts)?;
        let find = query.find.trim();
        let mut filter = ContactFilter {
            terms: find.split_whitespace().map(bare).filter(|term| !term.is_empty()).collect(),
            id: find.to_owned(),
            causes: Vec::new(),
        };
        if !find.is_empty() && filter.terms.is_empty() {
            // Nobody is found by signs alone.
            return Ok(ContactPage::default());
        }
        let listings: Vec<Listing<'_>> = parts.iter().map(Part::listing).collect();
        let read = |db: &Db| {
            let mut page = ContactPage::default();
            for (cause, count) in Store::count_listed(db, &listings, &filter)? {
                *page.counts.of(state(cause)) += count;
            }
            page.total = match query.state {
                Some(state) => *page.counts.of(state),
                None => ContactState::ALL.into_iter().map(|one| *page.counts.of(one)).sum(),
            };
            if let Some(wanted) = query.state {
                filter.causes.extend(Cause::ALL.into_iter().filter(|c| state(*c) == wanted));
            }
            let rows = Store::listed(db, &listings, &filter, query.offset, query.most)?;
            for row in rows {
                if let Some(part) = parts.iter().find(|part| part.sync.id == row.sync) {
                    page.contacts.push(self.contact_of(db, part, row)?);
                }
            }
            Ok(page)
        };
        self.inner.store.read(read).map_err(Failure::from)
    }

    /// One contact with what both sides hold and what was written for it.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] where there is no such contact.
    pub fn contact(&self, contact: &str) -> Result<ContactDetail, Failure> {
        let (part, row) = self.listed(contact)?;
        let ids = ids(&row);
        let store = &self.inner.store;
        let (found, changes) = store.read(|db| {
            let changes = Store::changes_about(db, part.sync.id, &ids)?;
            Ok((self.contact_of(db, &part, row)?, changes))
        })?;
        let catalogue = self.catalogue();
        let label = self.label_of(&part.sync)?;
        let mut history: Vec<ContactRun> = Vec::new();
        for (report, change) in changes {
            if history.last().is_none_or(|last| last.run != report.run) {
                if history.len() == RUNS {
                    break;
                }
                history.push(ContactRun {
                    run: report.run,
                    at: report.finished_at,
                    undo: report.undo,
                    changes: Vec::new(),
                });
            }
            if let Some(last) = history.last_mut() {
                last.changes.extend(told_changes(&catalogue, change, label.as_ref()));
            }
        }
        Ok(ContactDetail { contact: found, evidence: self.seen(&part.sync, &ids)?, history })
    }

    /// How many contacts of a sync wait, as their list tells it; what the last run left where that is
    /// more, or where more changed since than can be looked through for a glance.
    pub(crate) fn waiting(&self, sync: &SyncRow) -> Result<u32, Failure> {
        let store = &self.inner.store;
        let some = store.read(|db| Store::perhaps_waiting(db, sync.id, GLANCE));
        let some = some?;
        if some.is_empty() || some.len() > GLANCE as usize || !sync.approved {
            return Ok(if some.is_empty() { 0 } else { sync.waiting });
        }
        let parts = self.parts(Some(sync.setup.module))?;
        let Some(part) = parts.first() else { return Ok(sync.waiting) };
        let read = |db: &Db| {
            let mut waiting = BTreeSet::new();
            for (side, id) in &some {
                let row = Store::listed_as(db, &part.listing(), *side, id)?;
                let row = row.filter(|row| state(row.cause) == ContactState::Waiting);
                waiting.extend(row.map(|row| (row.zoho, row.google)));
            }
            Ok(u32::try_from(waiting.len()).unwrap_or(u32::MAX))
        };
        Ok(store.read(read)?.max(sync.waiting))
    }

    /// A contact's row of the list, with its sync's part.
    pub(super) fn listed(&self, contact: &str) -> Result<(Part, ListedRow), Failure> {
        let unknown =
            || Failure::new(FailureCode::Invalid, "error-no-contact").with("contact", contact);
        let named = ContactId::parse(contact).ok_or_else(unknown)?;
        let parts = self.parts(Some(named.module))?;
        self.list_anew(&parts)?;
        let part = parts.into_iter().next().ok_or_else(unknown)?;
        let row = self
            .inner
            .store
            .read(|db| Store::listed_as(db, &part.listing(), named.side, &named.id))?
            .ok_or_else(unknown)?;
        Ok((part, row))
    }

    /// The rows of contacts, each with its sync; the list is brought up to date once for all.
    pub(super) fn listed_among(
        &self,
        contacts: &[impl AsRef<str>],
    ) -> Result<Vec<(Arc<SyncRow>, ListedRow)>, Failure> {
        let unknown = |contact: &str| {
            Failure::new(FailureCode::Invalid, "error-no-contact").with("contact", contact)
        };
        let parts = self.parts(None)?;
        self.list_anew(&parts)?;
        let syncs: Vec<Arc<SyncRow>> =
            parts.iter().map(|part| Arc::new(part.sync.clone())).collect();
        let row = |db: &Db, contact: &str| {
            let Some(named) = ContactId::parse(contact) else { return Ok(None) };
            let mut of = parts.iter().zip(&syncs);
            let Some((part, sync)) = of.find(|(part, _)| part.module() == named.module) else {
                return Ok(None);
            };
            let row = Store::listed_as(db, &part.listing(), named.side, &named.id)?;
            Ok(row.map(|row| (Arc::clone(sync), row)))
        };
        let store = &self.inner.store;
        let all = contacts.iter().map(AsRef::as_ref);
        let rows: Vec<Option<_>> = store
            .read(|db| all.map(|contact| row(db, contact)).collect::<Result<_, StoreError>>())?;
        let named = rows.into_iter().zip(contacts);
        named.map(|(row, contact)| row.ok_or_else(|| unknown(contact.as_ref()))).collect()
    }

    fn parts(&self, module: Option<Module>) -> Result<Vec<Part>, Failure> {
        let store = &self.inner.store;
        let mut parts = Vec::new();
        for sync in self.sync_rows()? {
            if module.is_some_and(|module| module != sync.setup.module) {
                continue;
            }
            let rules = rules(&sync)?;
            let label = match &sync.setup.google_label {
                Some(name) => {
                    let feed = label::feed(name);
                    Some(store.cursor(sync.ledger, &feed)?)
                }
                None => None,
            };
            let last = store.last_run(sync.id)?;
            parts.push(Part {
                mapping: rules.mapping(sync.setup.module),
                rules,
                label,
                said: last.and_then(|run| run.said),
                sync,
            });
        }
        Ok(parts)
    }

    /// Lists everybody about whom something is new.
    fn list_anew(&self, parts: &[Part]) -> Result<(), Failure> {
        let store = &self.inner.store;
        for part in parts {
            for side in Side::BOTH {
                let (ledger, place) = (part.sync.ledger, part.place(side));
                loop {
                    let rows = store.to_list(ledger, place, PAGE)?;
                    if rows.is_empty() {
                        break;
                    }
                    store.write(|db| {
                        rows.iter().try_for_each(|row| {
                            let (name, catalogue) = listing_words(part, side, row);
                            Store::list(db, ledger, place, row, &name, &catalogue)
                        })
                    })?;
                }
            }
        }
        Ok(())
    }

    /// A row of the list as the person sees it.
    fn contact_of(&self, db: &Db, part: &Part, row: ListedRow) -> Result<Contact, StoreError> {
        let sync = &part.sync;
        let ids = Pair { zoho: row.zoho, google: row.google };
        let copy = |side: Side| match &ids[side] {
            Some(id) => Store::mirrored(db, sync.ledger, part.place(side), id),
            None => Ok(None),
        };
        let copies = Pair { zoho: copy(Side::Zoho)?, google: copy(Side::Google)? };
        let link = match (&ids.zoho, &ids.google) {
            (Some(zoho), Some(_)) => Store::link_of(db, sync.id, Side::Zoho, zoho)?,
            (_, _) => None,
        };
        let undone = match &link {
            Some(link) if row.cause == Cause::Differs => {
                let changes = Store::changes_about(db, sync.id, &ids)?;
                let mut notes = changes.iter().flat_map(|(_, change)| &change.fields);
                let newest = notes.find(|note| link.differs.contains(&note.field));
                newest.is_some_and(|note| note.why == Why::Undo)
            }
            Some(_) if row.cause == Cause::Stopped => {
                let newest = Store::changes_about(db, sync.id, &ids)?.into_iter().next();
                newest.is_some_and(|(_, change)| change.why == Why::Undo)
            }
            Some(_) | None => false,
        };
        let known = Known {
            undone,
            cause: row.cause,
            sync,
            mapping: &part.mapping,
            resting: part.rules.resting().collect(),
            said: part.said.as_ref(),
            questions: Store::decided_or_asked(db, sync.id, &ids)?,
            link,
            copies: &copies,
            ids: ids.clone(),
        };
        let reason = known.reason().labelled(&part.rules.labels);
        let actions = known.actions();
        let mut contact = Contact {
            contact: ContactId::of(part.module(), &ids),
            module: part.module(),
            name: String::new(),
            state: state(row.cause),
            reason: self.catalogue().tell(&reason),
            zoho_id: ids.zoho,
            google: ids.google,
            emails: Vec::new(),
            company: None,
            actions,
        };
        for side in Side::BOTH {
            let Some(copy) = &copies[side] else { continue };
            let found = found(part, side, &copy.raw);
            if contact.name.is_empty() {
                contact.name = name(part, side, copy);
            }
            contact.company = contact.company.or(found.organisation);
            // What was deleted is no address of anybody's any more.
            if copy.state == State::Gone && copies[side.other()].is_some() {
                continue;
            }
            for email in found.emails {
                let known = |other: &String| fold(other) == fold(&email);
                if !contact.emails.iter().any(known) {
                    contact.emails.push(email);
                }
            }
        }
        Ok(contact)
    }
}

fn name(part: &Part, side: Side, copy: &MirrorRow) -> String {
    let read = match side {
        Side::Zoho => zoho::wire::name_of(&copy.raw, &part.mapping).ok(),
        Side::Google => google::wire::name_of(&copy.raw).ok(),
    };
    read.unwrap_or_else(|| told_name(side, part.module(), &copy.raw))
}

fn found(part: &Part, side: Side, raw: &str) -> Found {
    match side {
        Side::Zoho => zoho::wire::evidence(raw, &part.mapping).ok(),
        Side::Google => google::wire::evidence(raw).ok(),
    }
    .unwrap_or_default()
}

/// A text as it is searched: folded, without what people write between digits.
fn bare(text: &str) -> String {
    fold(text).replace([' ', '-', '(', ')'], "")
}

/// What a contact is listed by: its folded name, and everything it is found by.
fn listing_words(part: &Part, side: Side, copy: &MirrorRow) -> (String, String) {
    let name = name(part, side, copy);
    let found = found(part, side, &copy.raw);
    let mut words: Vec<String> = std::iter::once(name.as_str())
        .chain(found.names.iter().map(String::as_str))
        .chain(found.emails.iter().map(String::as_str))
        .chain(found.phones.iter().map(String::as_str))
        .chain(found.organisation.as_deref())
        .map(bare)
        .collect();
    words.sort();
    words.dedup();
    (fold(&name), format!("{}\n", words.join("\n")))
}

/// The ids of a row.
pub(super) fn ids(row: &ListedRow) -> Pair<Option<RecordId>> {
    Pair { zoho: row.zoho.clone(), google: row.google.clone() }
}
