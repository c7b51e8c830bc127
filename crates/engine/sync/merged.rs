//! Whether a record that is gone may have been merged into another one. Zoho tells of a merge only as of
//! a deletion. What is deleted by hand goes to the bin, and whoever is merged away does not, says Zoho's help:
//! who was never there may have been merged, whatever else is known. Where such a record is told of as one in
//! the bin all the same, the survivor tells: it is written at the same moment, may be changed again later and
//! may be outside the view. Whoever was changed at that moment may be it, and so may whoever was changed since
//! and has something that the lost one had and that tells people apart, or took something over from it. It
//! is found out once, by the first reading after the loss that is whole: what anybody, this program too,
//! writes later says nothing of it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use renraku_core::contact::{Card, RecordId, Side};
use renraku_core::field::Kind;
use renraku_core::mapping::{Group, Rule};
use renraku_core::setup::OnDelete;
use renraku_core::timestamp::Timestamp;
use renraku_services::zoho::RecordPage;
use renraku_store::{Db, MirrorRow, Place, Store, StoreError};

use crate::sync::error::{OfSide, RunError};
use crate::sync::look::take_record;
use crate::sync::session::Session;

/// How long before or after a deletion, in microseconds, a merge may have written to the survivor.
const MERGING: i64 = 1_000_000;

/// Whether it matters: where a deletion is asked about, a merge is told there.
pub(crate) fn judges(session: &Session) -> bool {
    let setup = &session.sync.setup;
    setup.on_delete == OnDelete::Delete && setup.direction.writes(Side::Google)
}

/// Judges the losses that are new: of those that are in the bin it is read who was changed since the first,
/// outside the view too. `for_good` are those that never were there.
pub(crate) async fn judge_losses(
    session: &Session,
    for_good: &BTreeSet<RecordId>,
    pass: i64,
) -> Result<(), RunError> {
    if !judges(session) {
        return Ok(());
    }
    let (ledger, module) = (session.sync.ledger, session.module());
    let mut losses =
        session.store.read(|db| Store::unjudged(db, session.sync.id, ledger, module))?;
    let merged = losses.extract_if(.., |(id, _)| for_good.contains(id)).collect::<Vec<_>>();
    if !merged.is_empty() {
        let place = Place::Zoho(module);
        session.store.write(|db| {
            merged.iter().try_for_each(|(id, _)| Store::judge(db, ledger, place, id, true))
        })?;
    }
    let Some(oldest) = losses.iter().map(|(_, at)| at.saturating_sub(MERGING)).min() else {
        return Ok(());
    };
    read_since(session, oldest, pass).await?;
    session
        .store
        .write(|db| {
            let changed = Changed::since(session, db, oldest)?;
            let place = Place::Zoho(module);
            for (id, at) in &losses {
                let Some(lost) = Store::mirrored(db, ledger, place, id)? else { continue };
                let merged = changed.may_hold(session, db, &lost, *at)?;
                Store::judge(db, ledger, place, id, merged)?;
            }
            Ok(())
        })
        .map_err(RunError::from)
}

/// Reads who was changed since a moment, in microseconds: of those outside the view nothing else does, and
/// the others may have been changed since they were read.
async fn read_since(session: &Session, moment: i64, pass: i64) -> Result<(), RunError> {
    let (ledger, module) = (session.sync.ledger, session.module());
    let since = Timestamp::from_microsecond(moment);
    let Some(since) = since.and_then(|at| at.checked_sub(TimeDelta::seconds(1))) else {
        return Ok(());
    };
    let known = session
        .store
        .read(|db| Store::count_since(db, ledger, Place::Zoho(module), since.as_microsecond()))?;
    let mut on_page = |page: RecordPage| {
        session.store.write(|db| {
            let mut records = page.records.iter();
            records.try_for_each(|read| take_record(session, db, read, None, pass, None))
        })?;
        Ok(())
    };
    session
        .zoho
        .records(module, session.zoho_fields(), Some((since, known)), &mut on_page)
        .await
        .of(Side::Zoho)
}

/// A value by which one record may be another one: the kind of it, its part, and the value in a form that
/// is equal for two that mean the same.
type Sign = (Group, &'static str, String);

/// Who was changed since a moment.
#[derive(Default)]
struct Changed {
    /// When, each in microseconds.
    moments: BTreeSet<i64>,
    /// When the last one was changed that has a sign.
    signs: BTreeMap<Sign, i64>,
}

impl Changed {
    fn since(session: &Session, db: &Db, moment: i64) -> Result<Changed, StoreError> {
        let mut changed = Changed::default();
        let place = Place::Zoho(session.module());
        Store::changed_since(db, session.sync.ledger, place, moment, |row| {
            changed.moments.insert(row.modified);
            let Some(record) = session.parse(Side::Zoho, &row.raw) else { return Ok(()) };
            let link = Store::link_of(db, session.sync.id, Side::Zoho, &row.id)?;
            let before = link.map(|link| session.card(&link.base.zoho));
            for (rule, spec) in session.mapping.rules().iter().enumerate() {
                let tells = match &before {
                    _ if is_ones_own(spec) => true,
                    Some(before) if is_shared_by_many(spec) => before.get(rule).is_none(),
                    Some(before) => spec.kind.edited(before.get(rule), record.card.get(rule)),
                    None => !is_shared_by_many(spec),
                };
                let Some(sign) = sign(spec, rule, &record.card).filter(|_| tells) else { continue };
                let last = changed.signs.entry(sign).or_insert(row.modified);
                *last = row.modified.max(*last);
            }
            Ok(())
        })?;
        Ok(changed)
    }

    /// Whether a lost record may live on in one of them.
    fn may_hold(
        &self,
        session: &Session,
        db: &Db,
        lost: &MirrorRow,
        at: i64,
    ) -> Result<bool, StoreError> {
        let first = at.saturating_sub(MERGING);
        if self.moments.range(first..=at.saturating_add(MERGING)).next().is_some() {
            return Ok(true);
        }
        let card = match session.parse(Side::Zoho, &lost.raw) {
            Some(record) => record.card,
            None => {
                let link = Store::link_of(db, session.sync.id, Side::Zoho, &lost.id)?;
                link.map(|link| session.card(&link.base.zoho)).unwrap_or_default()
            }
        };
        let mut rules = session.mapping.rules().iter().enumerate();
        Ok(rules.any(|(rule, spec)| {
            let sign = sign(spec, rule, &card);
            sign.and_then(|sign| self.signs.get(&sign)).is_some_and(|last| *last >= first)
        }))
    }
}

/// What a record says in a field; nothing where a default only stands in for it.
fn sign(spec: &Rule, rule: usize, card: &Card) -> Option<Sign> {
    let value = card.get(rule).filter(|value| spec.default.as_deref() != Some(*value))?;
    if spec.kind == Kind::Flag {
        return None;
    }
    Some((spec.google.group, spec.google.part, spec.kind.key(value)))
}

/// Whether a field holds what one person has and few others: a family name, an e-mail address, a number.
fn is_ones_own(spec: &Rule) -> bool {
    matches!(spec.google.group, Group::EmailAddresses | Group::PhoneNumbers)
        || spec.google.part == "familyName"
}

/// Whether a field holds what many people have in common: their company, their town, one of a list.
fn is_shared_by_many(spec: &Rule) -> bool {
    let kind = spec.kind.is_list() || spec.kind == Kind::Company;
    let place = match spec.google.group {
        Group::Addresses => spec.google.part != "streetAddress",
        Group::Names | Group::Organizations => true,
        Group::Nicknames
        | Group::EmailAddresses
        | Group::PhoneNumbers
        | Group::Birthdays
        | Group::Urls
        | Group::Biographies
        | Group::UserDefined => false,
    };
    kind || place
}
