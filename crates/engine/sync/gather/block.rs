//! Why a contact without a link may be matched and not created.

use std::collections::BTreeSet;

use renraku_core::contact::{Record, Side};
use renraku_core::matching::Evidence;
use renraku_core::plan::{CreateBlock, duplicate_key};
use renraku_store::{MirrorRow, Store, StoreError};

use super::Gatherer;

impl Gatherer<'_> {
    pub(super) fn block(
        &self,
        side: Side,
        id: &str,
        evidence: &Evidence,
    ) -> Result<Option<CreateBlock>, StoreError> {
        if self.unsure[side].contains(id) {
            return Ok(Some(CreateBlock::Unsure));
        }
        let sync = &self.session.sync;
        if side == Side::Google
            && self.other_syncs
            && Store::taken_elsewhere(self.db, sync.ledger, sync.id, id)?
        {
            return Ok(Some(CreateBlock::OtherModule));
        }
        if self.any_unreadable[side.other()] && self.may_be_unreadable(side.other(), evidence)? {
            return Ok(Some(CreateBlock::Unreadable));
        }
        let unasked = |value: &String| self.unasked.contains(value);
        if side == Side::Google
            && (self.unasked.contains(id) || evidence.emails.iter().any(unasked))
        {
            return Ok(Some(CreateBlock::Unasked));
        }
        if self.left_asked.contains(&(side, id.to_owned())) {
            return Ok(Some(CreateBlock::Vanished));
        }
        if !self.any_link {
            return Ok(None);
        }
        for mark in &evidence.marks {
            // A copy of a person: the record that its mark names has its counterpart.
            if self.is_linked(Side::Zoho, mark)? {
                return Ok(Some(CreateBlock::Twin));
            }
        }
        let other = side.other();
        for key in &evidence.keys {
            for twin in self.with("key", other, key)? {
                if self.is_linked(other, &twin)? && !self.is_bereft(other, &twin)? {
                    return Ok(Some(CreateBlock::Twin));
                }
            }
        }
        if self.is_beside_a_loss(side, id, evidence)? {
            return Ok(Some(CreateBlock::Twin));
        }
        // Any other address tells together with the name.
        for twin in self.with_addresses(other, &evidence.emails)? {
            let Some(row) = self.row(other, &twin)? else { continue };
            if self.names(&row).iter().any(|name| evidence.names.contains(name))
                && self.is_linked(other, &twin)?
                && !self.is_bereft(other, &twin)?
            {
                return Ok(Some(CreateBlock::Twin));
            }
        }
        Ok(None)
    }

    /// Whether the person is asked about this contact because of a pair that carries one of its keys and
    /// lost the other end: until it is decided what becomes of that pair the question is open.
    fn is_beside_a_loss(
        &self,
        side: Side,
        id: &str,
        evidence: &Evidence,
    ) -> Result<bool, StoreError> {
        let mut twins = BTreeSet::new();
        for key in &evidence.keys {
            twins.extend(self.with("key", side, key)?);
        }
        twins.remove(id);
        for twin in twins {
            if self.is_bereft(side, &twin)? {
                let key = duplicate_key(side, id);
                let asked = Store::question_called(self.db, self.session.sync.id, &key)?;
                return Ok(asked.is_some_and(|row| row.chosen.is_none()));
            }
        }
        Ok(false)
    }

    /// Whether this seems to be a second copy of a contact that we created: in Google it carries the
    /// same mark, which proves it, in Zoho the same user made it within moments, as a person who copies
    /// a record does too; and it holds exactly what we sent.
    pub(super) fn is_echo(
        &self,
        side: Side,
        row: &MirrorRow,
        record: &Record,
        evidence: &Evidence,
    ) -> Result<bool, StoreError> {
        if !self.any_link {
            return Ok(false);
        }
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
            let card = mapping.resolve(&record.card, &record.listed, &sent);
            let same = (0..mapping.rules().len())
                .filter(|rule| !record.unread.contains(rule))
                .all(|rule| mapping.same(rule, card.get(rule), sent.get(rule)));
            let ours = side == Side::Google
                || (link.by.is_none()
                    && made_together(&row.raw, &other.raw, &self.session.zoho_grant.user));
            if same && ours {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether two Zoho records were both made by this user within two minutes.
fn made_together(a: &str, b: &str, user: &str) -> bool {
    #[derive(serde::Deserialize)]
    struct Made {
        #[serde(rename = "Created_Time")]
        at: Option<renraku_core::timestamp::Timestamp>,
        #[serde(rename = "Created_By")]
        by: Option<By>,
    }
    #[derive(serde::Deserialize)]
    struct By {
        id: String,
    }
    let made = |raw: &str| -> Option<(renraku_core::timestamp::Timestamp, String)> {
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
