//! What a side knows of one contact: whether it is there, gone, merged away, or cannot be read.

use std::collections::BTreeSet;

use renraku_core::contact::{Pair, RecordId, Side};
use renraku_core::field::{email_key, phone_key};
use renraku_core::mapping::Group;
use renraku_core::matching::Evidence;
use renraku_core::plan::{Left, Presence};
use renraku_services::unreadable::told_name;
use renraku_store::{LinkRow, MirrorRow, State, Store, StoreError};

use super::Gatherer;
use crate::sync::look::{mark_trace, traces};
use crate::sync::merged::judges;

/// Whether a name or a phone number of two contacts is the same.
fn agree(a: &Evidence, b: &Evidence) -> bool {
    let numbers = |evidence: &Evidence| -> BTreeSet<String> {
        let region = evidence.region.as_deref();
        evidence.phones.iter().map(|phone| phone_key(phone, region)).collect()
    };
    a.names.iter().any(|name| b.names.contains(name)) || !numbers(a).is_disjoint(&numbers(b))
}

impl Gatherer<'_> {
    pub(super) fn presence(&mut self, side: Side, link: &LinkRow) -> Result<Presence, StoreError> {
        if self.unsure_links[side].contains(&link.id) {
            return Ok(Presence::Lagging);
        }
        let Some(row) = self.row(side, &link.ids[side])? else { return Ok(Presence::Hidden) };
        Ok(match &row.state {
            State::Here => match self.session.parse(side, &row.raw) {
                Some(record) if !self.is_its_own(side, &row, &record) => Presence::Hidden,
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
            // It went after this run's reading: the next one finds out whether it was merged.
            State::Gone
                if side == Side::Zoho && row.perhaps_merged.is_none() && judges(self.session) =>
            {
                Presence::Lagging
            }
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
            Some(State::Gone | State::Hidden | State::Converted | State::Merged(_)) => {
                return Ok(Presence::Gone);
            }
            None => return Ok(Presence::Hidden),
        }
        let linked = self.is_linked(side, &survivor)?;
        Ok(Presence::MergedInto { survivor, linked })
    }

    /// Merging two contacts deletes one of them: the other carries the lost one's mark, or its key
    /// beside one of its own. Where the key was its own before, as a couple's is, its name or one of
    /// its numbers has to agree. A contact without a link that does so is found later, as is everybody
    /// who takes a lost one's place.
    fn survivor(&self, side: Side, link: &LinkRow) -> Result<Option<RecordId>, StoreError> {
        let mut found = BTreeSet::new();
        if side == Side::Google {
            found.extend(self.with(
                "mark",
                side,
                &mark_trace(self.session.module(), &link.ids.zoho),
            )?);
        }
        let rule = self
            .session
            .mapping
            .by_google(Group::EmailAddresses, "work", "value")
            .and_then(|rule| self.session.mapping.rules().get(rule));
        let key_of = |link: &LinkRow| {
            rule.and_then(|rule| link.base[side].get(&rule.zoho)).map(|key| email_key(key))
        };
        let lost = self.row(side, &link.ids[side])?.and_then(|row| self.recognised_by(side, &row));
        if let (Some(key), Some(lost)) = (key_of(link), lost) {
            for id in self.with_addresses(side, std::slice::from_ref(&key))? {
                let Some(row) = self.row(side, &id)? else { continue };
                let Some(own) = Store::link_of(self.db, self.session.sync.id, side, &id)? else {
                    continue;
                };
                let took_over = key_of(&own).is_some_and(|own| own != key);
                let survivor = self.recognised_by(side, &row);
                if took_over || survivor.is_some_and(|survivor| agree(&lost, &survivor)) {
                    found.insert(id);
                }
            }
        }
        found.remove(&link.ids[side]);
        Ok(if found.len() == 1 { found.pop_first() } else { None })
    }

    /// What a mirrored contact was recognised by when it was read last.
    pub(super) fn recognised_by(&self, side: Side, row: &MirrorRow) -> Option<Evidence> {
        let (_, found) = self.session.digest(side, &row.raw)?;
        let traces = traces(&found, &[], &self.session.zoho_grant.org);
        Some(self.evidence(found, traces))
    }

    /// Where one end of a pair is gone: what whoever took its place is recognised by, and whether the
    /// lost one may have been merged into another contact: Zoho tells of a merge only as of a deletion.
    pub(super) fn bereavement(
        &self,
        link: &LinkRow,
        now: &Pair<Presence>,
    ) -> Result<(Option<Left>, bool), StoreError> {
        let side = match (&now.zoho, &now.google) {
            (Presence::Gone, Presence::Here { .. }) => Side::Zoho,
            (Presence::Here { .. }, Presence::Gone) => Side::Google,
            (_, _) => return Ok((None, false)),
        };
        let left = self.row(side.other(), &link.ids[side.other()])?;
        let evidence = left.and_then(|row| self.recognised_by(side.other(), &row));
        let row = self.row(side, &link.ids[side])?;
        // Of whom nothing can be read any more it counts what was settled last.
        let said = row.as_ref().and_then(|row| self.session.parse(side, &row.raw));
        let said = said.map_or_else(|| self.session.card(&link.base[side]), |lost| lost.card);
        let lost = row.and_then(|row| self.recognised_by(side, &row)).unwrap_or_default();
        let left = evidence.map(|evidence| Left { evidence, lost, said });
        let merged = side == Side::Zoho && self.perhaps_merged(&link.ids.zoho)?;
        Ok((left, merged))
    }

    fn perhaps_merged(&self, lost: &str) -> Result<bool, StoreError> {
        let Some(row) = self.row(Side::Zoho, lost)? else { return Ok(false) };
        if row.perhaps_merged == Some(true) {
            return Ok(true);
        }
        let Some(evidence) = self.recognised_by(Side::Zoho, &row) else { return Ok(false) };
        let mut alike = self.with_addresses(Side::Zoho, &evidence.emails)?;
        for name in evidence.names.iter().filter(|_| !evidence.nameless) {
            alike.extend(self.with(self.name_kind(), Side::Zoho, name)?);
        }
        alike.remove(lost);
        Ok(!alike.is_empty())
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
        let question = crate::sync::lost::unreadable(side, row, other.cloned(), contact);
        self.unreadable.insert(question.key.clone(), question);
        Presence::Unreadable
    }

    /// Whether somebody who cannot be read may be the counterpart: one without a link, or one that
    /// lost the contact it was linked with.
    pub(super) fn may_be_unreadable(
        &self,
        side: Side,
        evidence: &Evidence,
    ) -> Result<bool, StoreError> {
        let mut alike = self.with_addresses(side, &evidence.emails)?;
        for name in &evidence.names {
            alike.extend(self.with(self.name_kind(), side, name)?);
        }
        for id in alike {
            let row = self.row(side, &id)?;
            if row.is_some_and(|row| row.state == State::Unreadable)
                && (!self.is_linked(side, &id)? || self.lost_its_counterpart(side, &id)?)
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
