//! Batches towards Google.

use std::collections::{BTreeMap, BTreeSet};

use renraku_core::contact::{RecordId, Side};
use renraku_core::mapping::Group;
use renraku_core::plan::{Step, Verb};
use renraku_services::google::wire::{ChangeError, changed_person, new_person, unshared_fields};
use renraku_services::{ItemReply, Refusal, RemoteError, Written};
use renraku_store::{Place, Store};
use serde_json::Value;

use super::{Sending, is_empty};
use crate::sync::companies::leave_out;
use crate::sync::error::{OfSide, RunError};
use crate::sync::payload::widen;

/// Google takes 200 people a write.
const BATCH: usize = 200;

/// A step with what is sent for it.
struct Change {
    step: Step,
    body: Value,
    /// The fields that the step changes.
    mask: BTreeSet<&'static str>,
    /// The person as read; empty for a create or delete.
    raw: String,
    /// The fields of the person that nobody else's change may touch.
    unshared: BTreeSet<&'static str>,
}

/// Changes that go out in one call, with one mask for all of them.
#[derive(Default)]
struct Batch {
    changes: Vec<Change>,
    mask: BTreeSet<&'static str>,
    unshared: BTreeSet<&'static str>,
}

impl Batch {
    /// Whether nobody in the batch would have a field touched that must stay out of it.
    fn takes(&self, change: &Change) -> bool {
        self.changes.len() < BATCH
            && self.mask.is_disjoint(&change.unshared)
            && self.unshared.is_disjoint(&change.mask)
    }

    fn add(&mut self, change: Change) {
        self.mask.extend(&change.mask);
        self.unshared.extend(&change.unshared);
        self.changes.push(change);
    }

    /// Every change with its whole body: what the others change goes along as it is.
    fn ready(self) -> impl Iterator<Item = (Step, Result<Value, ChangeError>)> {
        let mask = self.mask;
        self.changes.into_iter().map(move |change| {
            let Change { step, mut body, mask: own, raw, .. } = change;
            let others: BTreeSet<_> = mask.difference(&own).copied().collect();
            let update = matches!(step.verb, Verb::Update { .. });
            let whole = match update && !others.is_empty() {
                true => widen(&mut body, &raw, &others),
                false => Ok(()),
            };
            (step, whole.map(|()| body))
        })
    }
}

/// As few batches as there can be: nobody's outcome depends on who shares the batch.
fn batches(changes: Vec<Change>) -> Vec<Batch> {
    let mut full = Vec::new();
    let mut open: Vec<Batch> = Vec::new();
    for change in changes {
        match open.iter_mut().find(|batch| batch.takes(&change)) {
            Some(batch) => batch.add(change),
            None => {
                let mut batch = Batch::default();
                batch.add(change);
                open.push(batch);
            }
        }
        full.extend(open.extract_if(.., |batch| batch.changes.len() == BATCH));
    }
    full.append(&mut open);
    full
}

impl Sending<'_> {
    pub(super) async fn google(&mut self, queue: Vec<Step>) -> Result<(), RunError> {
        let mut changes = Vec::with_capacity(queue.len());
        for step in queue {
            let mut rest = Some(step);
            while let Some(step) = rest.take() {
                match self.change(step)? {
                    Ok(change) => changes.push(change),
                    Err((step, error)) => rest = self.without(step, &error)?,
                }
            }
        }
        for batch in batches(changes) {
            let mask = batch.mask.clone();
            let mut ready = Vec::with_capacity(batch.changes.len());
            for (step, body) in batch.ready() {
                match body {
                    Ok(body) => ready.push((step, body)),
                    Err(error) => self.park(&step, &self.refusal(&step, &error))?,
                }
            }
            if !ready.is_empty() {
                self.batch(Side::Google, ready, &mask).await?;
            }
        }
        Ok(())
    }

    /// What is sent for a step towards Google; the step and the reason where Google would refuse it.
    fn change(&self, step: Step) -> Result<Result<Change, (Step, ChangeError)>, RunError> {
        let mapping = &self.session.mapping;
        let plain = |step, body| Change {
            step,
            body,
            mask: BTreeSet::new(),
            raw: String::new(),
            unshared: BTreeSet::new(),
        };
        match &step.verb {
            Verb::Create { card } => {
                let zoho_id = self.zoho_id(&step)?.unwrap_or_default();
                let mark = self.session.mark(&zoho_id);
                let body = new_person(card, mapping, &mark, self.label);
                Ok(Ok(plain(step, body)))
            }
            Verb::Update { id, before, patch, label, .. } => {
                let row = self
                    .session
                    .store
                    .read(|db| Store::mirrored(db, self.session.sync.ledger, Place::Google, id))?;
                let raw = row.map(|row| row.raw).unwrap_or_default();
                let mark = self.zoho_id(&step)?.map(|id| self.session.mark(&id));
                let label = self.label.filter(|_| *label);
                let made = changed_person(&raw, mapping, before, patch, mark.as_ref(), label)
                    .and_then(|(body, mask)| Ok((body, mask, unshared_fields(&raw)?)));
                match made {
                    Ok((body, mask, unshared)) => {
                        Ok(Ok(Change { step, body, mask, raw, unshared }))
                    }
                    Err(ChangeError::Wire(_)) => {
                        let what = "a stored contact".to_owned();
                        Err(RemoteError::Broken { what, unknown: false }).of(Side::Google)
                    }
                    Err(error) => Ok(Err((step, error))),
                }
            }
            Verb::Delete { id, .. } => {
                let body = Value::String(id.clone());
                Ok(Ok(plain(step, body)))
            }
        }
    }

    /// A step without what Google would refuse of it, which is asked about field by field; none where
    /// nothing else is left of it.
    fn without(&self, mut step: Step, error: &ChangeError) -> Result<Option<Step>, RunError> {
        let rules = self.session.mapping.rules();
        let held: Vec<(usize, String)> = match &step.verb {
            Verb::Update { patch, .. } => patch
                .keys()
                .filter(|rule| error.is_about(**rule, &self.session.mapping))
                .filter_map(|rule| Some((*rule, rules.get(*rule)?.zoho.clone())))
                .collect(),
            Verb::Create { .. } | Verb::Delete { .. } => Vec::new(),
        };
        if held.is_empty() {
            self.park(&step, &self.refusal(&step, error))?;
            return Ok(None);
        }
        for (rule, field) in held {
            let refusal = Refusal { misfit: error.misfit(), field: Some(field.clone()) };
            self.park(&step, &refusal)?;
            leave_out(&mut step, rule, &field);
        }
        Ok(Some(step).filter(|step| !is_empty(step)))
    }

    /// Google may answer a write without showing the result: those people are read directly, so
    /// that nothing is planned on the copy from before the write.
    pub(super) async fn show(&self, replies: &mut [ItemReply]) -> Result<(), RunError> {
        let unseen: Vec<RecordId> = replies
            .iter()
            .filter_map(|reply| match reply {
                ItemReply::Done(written) if written.raw.is_none() => Some(written.id.clone()),
                ItemReply::Done(_)
                | ItemReply::Stale
                | ItemReply::Gone
                | ItemReply::Refused(_)
                | ItemReply::Duplicate { .. }
                | ItemReply::Unknown => None,
            })
            .collect();
        if unseen.is_empty() {
            return Ok(());
        }
        let mut found: BTreeMap<RecordId, _> = match self.session.google.batch_get(&unseen).await {
            Ok(found) => found.into_iter().collect(),
            Err(_) => BTreeMap::new(),
        };
        for reply in replies {
            let ItemReply::Done(written) = reply else { continue };
            if written.raw.is_some() {
                continue;
            }
            match found.remove(&written.id).flatten() {
                Some(read) => {
                    *written = Written::from(read);
                }
                // The journal keeps it until the next run has looked.
                None => *reply = ItemReply::Unknown,
            }
        }
        Ok(())
    }

    /// What is wrong with a change that Google would refuse.
    fn refusal(&self, step: &Step, error: &ChangeError) -> Refusal {
        let rules = self.session.mapping.rules();
        let field = match error {
            ChangeError::Misfit { rule, .. } => rules.get(*rule).map(|r| r.zoho.clone()),
            ChangeError::EmploymentDates => Some(Group::Organizations.name().to_owned()),
            ChangeError::TooManyEntries(field) => Some((*field).to_owned()),
            ChangeError::Wire(_) => None,
        };
        Refusal { misfit: error.misfit(), field: field.filter(|_| !step.fields.is_empty()) }
    }
}
