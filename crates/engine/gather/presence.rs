//! What a side knows of one contact: whether it is there, gone, merged away, or cannot be read.

use std::collections::BTreeSet;

use renraku_core::contact::{RecordId, Side};
use renraku_core::field::email_key;
use renraku_core::mapping::Group;
use renraku_core::matching::Evidence;
use renraku_core::plan::Presence;

use super::Gatherer;
use crate::pull::mark_trace;
use crate::remote::told::told_name;
use crate::store::{LinkRow, MirrorRow, State, StoreError};

impl Gatherer<'_> {
    pub(super) fn presence(&mut self, side: Side, link: &LinkRow) -> Result<Presence, StoreError> {
        if self.unsure_links[side].contains(&link.id) {
            return Ok(Presence::Lagging);
        }
        let Some(row) = self.row(side, &link.ids[side])? else { return Ok(Presence::Hidden) };
        Ok(match &row.state {
            State::Here => match self.session.parse(side, &row.raw) {
                Some(mut record) => {
                    record.version.clone_from(&row.version);
                    Presence::Here { record, in_scope: self.in_scope(side, &row) }
                }
                None => self.cannot_read(side, &row, Some(&link.ids[side.other()])),
            },
            State::Unreadable => self.cannot_read(side, &row, Some(&link.ids[side.other()])),
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
        match self.row(side, &survivor)?.map(|row| row.state) {
            Some(State::Here) => {}
            Some(State::Unreadable) => return Ok(Presence::Unreadable),
            Some(State::Gone | State::Hidden | State::Converted | State::Merged(_)) | None => {
                return Ok(Presence::Gone);
            }
        }
        let linked = self.is_linked(side, &survivor)?;
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

    /// Asks about a contact that is there and cannot be read. It stays changed, so that it is looked
    /// at again.
    pub(super) fn cannot_read(
        &mut self,
        side: Side,
        row: &MirrorRow,
        other: Option<&RecordId>,
    ) -> Presence {
        let contact = told_name(side, self.session.module(), &row.raw);
        let question = crate::lost::unreadable(side, row, other.cloned(), contact);
        self.unreadable.insert(question.key.clone(), question);
        Presence::Unreadable
    }

    /// Whether somebody who cannot be read may be the counterpart.
    pub(super) fn may_be_unreadable(
        &self,
        side: Side,
        evidence: &Evidence,
    ) -> Result<bool, StoreError> {
        for (kind, values) in [("key", &evidence.keys), (self.name_kind(), &evidence.names)] {
            for value in values {
                for id in self.with(kind, side, value)? {
                    let row = self.row(side, &id)?;
                    if row.is_some_and(|row| row.state == State::Unreadable)
                        && !self.is_linked(side, &id)?
                    {
                        return Ok(true);
                    }
                }
            }
        }
        Ok(false)
    }
}
