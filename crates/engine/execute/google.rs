//! Batches towards Google.

use std::collections::{BTreeMap, BTreeSet};

use renraku_core::contact::{RecordId, Side};
use renraku_core::mapping::Group;
use renraku_core::plan::{Step, Verb};
use serde_json::Value;

use super::Sending;
use crate::body::widen;
use crate::remote::google::wire::{ChangeError, changed_person, new_person};
use crate::remote::{ItemReply, Refusal, RemoteError};
use crate::session::store_failure;
use crate::store::{Place, Store};

/// Google takes 200 people a write.
const BATCH: usize = 200;

impl Sending<'_> {
    pub(super) async fn google(&mut self, queue: Vec<Step>) -> Result<(), RemoteError> {
        // Google refuses a company entry with employment dates, so people who have one never share
        // a mask with the companies of others.
        let mut plain = Vec::new();
        let mut dated = Vec::new();
        for step in queue {
            match self.body(&step)? {
                Ok((body, mask, raw)) => {
                    let has_dates = raw.contains("\"startDate\"") || raw.contains("\"endDate\"");
                    let list = if has_dates { &mut dated } else { &mut plain };
                    list.push((step, body, mask, raw));
                }
                Err(error) => self.park(&step, &self.refusal(&step, &error))?,
            }
        }
        for list in [plain, dated] {
            let mut rest = list.into_iter().peekable();
            while rest.peek().is_some() {
                let chunk: Vec<_> = rest.by_ref().take(BATCH).collect();
                let union: BTreeSet<&'static str> =
                    chunk.iter().flat_map(|(_, _, mask, _)| mask.iter().copied()).collect();
                let mut ready = Vec::with_capacity(chunk.len());
                for (step, mut body, mask, raw) in chunk {
                    let others: BTreeSet<_> = union.difference(&mask).copied().collect();
                    if matches!(step.verb, Verb::Update { .. }) && !others.is_empty() {
                        widen(&mut body, &raw, &others);
                    }
                    ready.push((step, body));
                }
                self.batch(Side::Google, ready, &union).await?;
            }
        }
        Ok(())
    }

    /// The body of a step towards Google, its mask, and the person it changes.
    #[expect(clippy::type_complexity, reason = "three parts of one body")]
    fn body(
        &self,
        step: &Step,
    ) -> Result<Result<(Value, BTreeSet<&'static str>, String), ChangeError>, RemoteError> {
        let mapping = &self.session.mapping;
        match &step.verb {
            Verb::Create { card } => {
                let zoho_id = self.zoho_id(step)?.unwrap_or_default();
                let mark = self.session.mark(&zoho_id);
                Ok(Ok((
                    new_person(card, mapping, &mark, self.label),
                    BTreeSet::new(),
                    String::new(),
                )))
            }
            Verb::Update { id, before, patch, label, .. } => {
                let row = self
                    .session
                    .store
                    .read(|db| Store::mirrored(db, self.session.sync.ledger, Place::Google, id))
                    .map_err(store_failure)?;
                let raw = row.map(|row| row.raw).unwrap_or_default();
                let mark = self.zoho_id(step)?.map(|id| self.session.mark(&id));
                let label = self.label.filter(|_| *label);
                match changed_person(&raw, mapping, before, patch, mark.as_ref(), label) {
                    Ok((body, mask)) => Ok(Ok((body, mask, raw))),
                    Err(ChangeError::Wire(_)) => Err(RemoteError::Broken {
                        what: "a stored contact".to_owned(),
                        unknown: false,
                    }),
                    Err(error) => Ok(Err(error)),
                }
            }
            Verb::Delete { id, .. } => {
                Ok(Ok((Value::String(id.clone()), BTreeSet::new(), String::new())))
            }
        }
    }

    /// Google may answer a write without showing the result: those people are read directly, so
    /// that nothing is planned on the copy from before the write.
    pub(super) async fn show(&self, replies: &mut [ItemReply]) -> Result<(), RemoteError> {
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
                    written.version = read.etag;
                    written.modified = read.updated;
                    written.raw = Some(read.raw);
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
            ChangeError::Wire(_) | ChangeError::TooManyEntries => None,
        };
        Refusal { misfit: error.misfit(), field: field.filter(|_| !step.fields.is_empty()) }
    }
}
