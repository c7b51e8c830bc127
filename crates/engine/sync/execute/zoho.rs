//! Batches towards Zoho.

use std::collections::BTreeSet;

use renraku_core::contact::Side;
use renraku_core::plan::{Step, Verb};
use renraku_core::timestamp::Timestamp;
use renraku_services::Refusal;
use renraku_services::zoho::wire::{changed_record, new_record};
use renraku_store::{Place, Store, StoreError};
use serde_json::Value;

use super::{Ready, Sending, is_empty};
use crate::sync::companies::leave_out;
use crate::sync::error::RunError;
use crate::sync::payload::{add_defaults, guardable};

/// Zoho takes 100 records a write.
const BATCH: usize = 100;

impl Sending<'_> {
    pub(super) async fn zoho(&mut self, mut queue: Vec<Step>) -> Result<(), RunError> {
        self.companies.make(self.session, &mut queue).await?;
        let mapping = &self.session.mapping;
        for mut steps in guardable(self.seen(queue)?, BATCH) {
            for step in &mut steps {
                self.without_accounts(step)?;
            }
            steps.retain(|step| !is_empty(step));
            let ready: Vec<Ready> = steps
                .into_iter()
                .map(|step| {
                    let body = match &step.verb {
                        Verb::Create { card } => {
                            let mut body = new_record(card, mapping, self.companies.ids());
                            let rules = &self.session.rules;
                            add_defaults(&mut body, rules, self.companies.ids());
                            body
                        }
                        Verb::Update { id, patch, .. } => {
                            changed_record(id, patch, mapping, self.companies.ids())
                        }
                        Verb::Delete { id, .. } => Value::String(id.clone()),
                    };
                    (step, body)
                })
                .collect();
            self.batch(Side::Zoho, ready, &BTreeSet::new()).await?;
        }
        Ok(())
    }

    /// A company without an account is left out of the step and asked about; the rest goes on.
    fn without_accounts(&self, step: &mut Step) -> Result<(), RunError> {
        for (rule, misfit) in self.companies.without_account(step, &self.session.mapping) {
            let spec = self.session.mapping.rules().get(rule);
            let field = spec.map(|spec| spec.zoho.clone()).unwrap_or_default();
            let refusal = Refusal { misfit, field: Some(field.clone()) };
            self.park(step, &refusal)?;
            leave_out(step, rule, &field);
        }
        Ok(())
    }

    /// When each record was read, in Zoho's own time: whoever changed it since did so then or later.
    fn seen(&self, queue: Vec<Step>) -> Result<Vec<(Step, Timestamp)>, RunError> {
        let known = self.known.unwrap_or_default();
        let place = Place::Zoho(self.session.module());
        let read = self.session.store.read(|db| {
            let seen = |mut step: Step| {
                let mut own = None;
                if let Verb::Update { id, version, .. } = &mut step.verb {
                    let row = Store::mirrored(db, self.session.sync.ledger, place, id)?;
                    if let Some(row) = row {
                        own = Timestamp::from_microsecond(row.seen);
                        // A field of it was emptied first: that write made it newer.
                        if self.out.written.contains(&step.subject) {
                            *version = row.version;
                        }
                    }
                }
                Ok((step, known.max(own.unwrap_or_default())))
            };
            queue.into_iter().map(seen).collect::<Result<_, StoreError>>()
        });
        read.map_err(RunError::from)
    }
}
