//! Carrying a plan out: journal, send, settle.
//!
//! *Invariant:* the ledger never claims more than was heard, and no write leaves unless its intent
//! is on disk. A batch's intents are committed, then the batch is sent, then each item's outcome,
//! link, bases and history go in one transaction. What is left in the journal after a crash is
//! settled by [`crate::recover`] before anything new is planned.

use std::collections::{BTreeMap, BTreeSet};

use renraku_core::contact::{RecordId, Side};
use renraku_core::field::Misfit;
use renraku_core::mapping::Group;
use renraku_core::plan::{Step, Subject, Verb};
use serde_json::Value;

use crate::api::{Phase, Tally};
use crate::body::{add_defaults, ask_misfit, newest_version, widen};
use crate::companies::{Companies, companies, homeless, leave_out};
use crate::remote::google::wire::{ChangeError, changed_person, new_person};
use crate::remote::zoho::wire::{changed_record, new_record};
use crate::remote::{ItemReply, Refusal, RemoteError};
use crate::session::{Session, store_failure};
use crate::settle::{Settled, clean_pair, settle};
use crate::store::{Place, Store};

/// Google takes 200 people a write, Zoho 100 records.
const GOOGLE_BATCH: usize = 200;
const ZOHO_BATCH: usize = 100;

/// What came of a plan.
#[derive(Debug, Default)]
pub(crate) struct Applied {
    pub(crate) zoho: Tally,
    pub(crate) google: Tally,
    /// Contacts that changed under our hands, to be read and planned again.
    pub(crate) reread: BTreeSet<(Side, RecordId)>,
    /// Pairs that were written, each once whichever side.
    pub(crate) written: BTreeSet<Subject>,
    /// Writes of unknown outcome.
    pub(crate) unknown: u32,
    /// Whether Google's cap stopped creates there; everything else went on.
    pub(crate) full: bool,
    /// What stopped one side, the other went on.
    pub(crate) stopped: Vec<(Side, RemoteError)>,
}

/// Sends everything.
pub(crate) async fn apply(
    session: &Session,
    run: i64,
    steps: Vec<Step>,
    label: Option<&str>,
    since: &str,
) -> Result<Applied, RemoteError> {
    let mut left: BTreeMap<Subject, u32> = BTreeMap::new();
    for step in &steps {
        *left.entry(step.subject.clone()).or_default() += 1;
    }
    let total = u32::try_from(steps.len()).unwrap_or(u32::MAX);
    let mut sending =
        Sending { session, run, label, since, left, done: 0, total, out: Applied::default() };
    let mut queues: BTreeMap<(Side, u8), Vec<Step>> = BTreeMap::new();
    for step in steps {
        let order = match step.verb {
            Verb::Update { .. } => 0,
            Verb::Create { .. } => 1,
            Verb::Delete { .. } => 2,
        };
        queues.entry((step.side, order)).or_default().push(step);
    }
    for ((side, _), queue) in queues {
        if sending.out.stopped.iter().any(|(stopped, _)| *stopped == side) {
            continue;
        }
        let result = match side {
            Side::Zoho => sending.zoho(queue).await,
            Side::Google => sending.google(queue).await,
        };
        match result {
            Ok(()) => {}
            Err(error @ RemoteError::Local(_)) => return Err(error),
            Err(RemoteError::Full) => sending.out.full = true,
            Err(error) => sending.out.stopped.push((side, error)),
        }
    }
    Ok(sending.out)
}

struct Sending<'a> {
    session: &'a Session,
    run: i64,
    label: Option<&'a str>,
    since: &'a str,
    /// Steps of each pair that are not settled yet.
    left: BTreeMap<Subject, u32>,
    done: u32,
    total: u32,
    out: Applied,
}

/// A step and the body that is sent for it.
type Ready = (Step, Value);

impl Sending<'_> {
    async fn zoho(&mut self, queue: Vec<Step>) -> Result<(), RemoteError> {
        let companies = companies(self.session, &queue).await?;
        let mapping = &self.session.mapping;
        let mut rest = queue.into_iter().peekable();
        while rest.peek().is_some() {
            let mut steps: Vec<Step> = rest.by_ref().take(ZOHO_BATCH).collect();
            for step in &mut steps {
                self.without_accounts(step, &companies)?;
            }
            steps.retain(|step| !is_empty(step));
            let ready: Vec<Ready> = steps
                .into_iter()
                .map(|step| {
                    let body = match &step.verb {
                        Verb::Create { card } => {
                            let mut body = new_record(card, mapping, &companies);
                            add_defaults(&mut body, &self.session.rules.extra_defaults);
                            body
                        }
                        Verb::Update { id, patch, .. } => {
                            changed_record(id, patch, mapping, &companies)
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
    fn without_accounts(
        &mut self,
        step: &mut Step,
        companies: &Companies,
    ) -> Result<(), RemoteError> {
        for rule in homeless(step, &self.session.mapping, companies) {
            let spec = self.session.mapping.rules().get(rule);
            let field = spec.map(|spec| spec.zoho.clone()).unwrap_or_default();
            let refusal = Refusal { misfit: Misfit::NoAccount, field: Some(field.clone()) };
            self.park(step, &refusal)?;
            leave_out(step, rule, &field);
        }
        Ok(())
    }

    async fn google(&mut self, queue: Vec<Step>) -> Result<(), RemoteError> {
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
                let chunk: Vec<_> = rest.by_ref().take(GOOGLE_BATCH).collect();
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

    /// The Zoho record of a step's pair.
    fn zoho_id(&self, step: &Step) -> Result<Option<RecordId>, RemoteError> {
        match &step.subject {
            Subject::Origin(Side::Zoho, id) => Ok(Some(id.clone())),
            Subject::Origin(Side::Google, _) => Ok(None),
            Subject::Match(ids) => Ok(Some(ids.zoho.clone())),
            Subject::Link(link) => {
                let link =
                    self.session.store.read(|db| Store::link(db, *link)).map_err(store_failure)?;
                Ok(link.map(|link| link.ids.zoho))
            }
        }
    }

    /// One batch: intents on disk, one call, every outcome in one transaction.
    async fn batch(
        &mut self,
        side: Side,
        ready: Vec<Ready>,
        mask: &BTreeSet<&'static str>,
    ) -> Result<(), RemoteError> {
        let (steps, bodies): (Vec<Step>, Vec<Value>) = ready.into_iter().unzip();
        let session = self.session;
        let rows = session
            .store
            .write(|db| {
                Store::intend(db, self.run, session.sync.id, &steps, self.since, session.now())
            })
            .map_err(store_failure)?;
        let answer = self.send(side, &steps, &bodies, mask).await;
        let replies = match answer {
            Ok(replies) => replies,
            Err(error) => {
                if error.outcome_unknown() {
                    self.out.unknown += u32::try_from(steps.len()).unwrap_or(u32::MAX);
                } else {
                    session
                        .store
                        .write(|db| rows.iter().try_for_each(|row| Store::settle_row(db, *row)))
                        .map_err(store_failure)?;
                }
                return Err(error);
            }
        };
        session
            .store
            .write(|db| {
                for (((row, step), body), reply) in
                    rows.iter().zip(&steps).zip(&bodies).zip(&replies)
                {
                    let left = self.left.get_mut(&step.subject).map_or(0, |left| {
                        *left = left.saturating_sub(1);
                        *left
                    });
                    let settled = settle(session, db, self.run, step, body, reply, left == 0)?;
                    if settled != Settled::Unknown {
                        Store::settle_row(db, *row)?;
                    }
                    self.out.count(step, settled);
                    if matches!(settled, Settled::Reread | Settled::Unknown) {
                        // What is left of the pair is looked at again.
                        self.left.insert(step.subject.clone(), u32::MAX);
                    }
                }
                Ok(())
            })
            .map_err(store_failure)?;
        self.done += u32::try_from(steps.len()).unwrap_or(u32::MAX);
        session.progress(Phase::Writing, Some(side), self.done, Some(self.total));
        Ok(())
    }

    async fn send(
        &self,
        side: Side,
        steps: &[Step],
        bodies: &[Value],
        mask: &BTreeSet<&'static str>,
    ) -> Result<Vec<ItemReply>, RemoteError> {
        let (session, module) = (self.session, self.session.module());
        let ids =
            || bodies.iter().filter_map(|b| b.as_str().map(str::to_owned)).collect::<Vec<_>>();
        match (side, steps.first().map(|step| &step.verb)) {
            (_, None) => Ok(Vec::new()),
            (Side::Zoho, Some(Verb::Create { .. })) => session.zoho.insert(module, bodies).await,
            (Side::Zoho, Some(Verb::Update { .. })) => {
                // One time guards the whole batch: whatever was changed after the newest record of
                // it was read is newer than that record, and is refused.
                let newest = newest_version(steps);
                session.zoho.update(module, bodies, newest.as_deref()).await
            }
            (Side::Zoho, Some(Verb::Delete { .. })) => session.zoho.delete(module, &ids()).await,
            (Side::Google, Some(Verb::Create { .. })) => {
                let mut replies = session.google.create(bodies).await?;
                self.show(&mut replies).await?;
                Ok(replies)
            }
            (Side::Google, Some(Verb::Update { .. })) => {
                let people: Vec<(String, Value)> = steps
                    .iter()
                    .zip(bodies)
                    .filter_map(|(step, body)| match &step.verb {
                        Verb::Update { id, .. } => Some((id.clone(), body.clone())),
                        Verb::Create { .. } | Verb::Delete { .. } => None,
                    })
                    .collect();
                let mut replies = session.google.update(&people, mask).await?;
                self.show(&mut replies).await?;
                Ok(replies)
            }
            (Side::Google, Some(Verb::Delete { .. })) => session.google.delete(&ids()).await,
        }
    }

    /// Google may answer a write without showing the result: those people are read directly, so
    /// that nothing is planned on the copy from before the write.
    async fn show(&self, replies: &mut [ItemReply]) -> Result<(), RemoteError> {
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

    /// A step, or a part of it, that cannot be sent: the person is asked, the rest goes on.
    fn park(&self, step: &Step, refusal: &Refusal) -> Result<(), RemoteError> {
        let session = self.session;
        session
            .store
            .write(|db| {
                ask_misfit(session, db, step, refusal)?;
                clean_pair(session, db, step)
            })
            .map_err(|error| RemoteError::from(store_failure(error)))
    }
}

/// An update from which everything was left out.
fn is_empty(step: &Step) -> bool {
    matches!(&step.verb, Verb::Update { patch, label: false, .. } if patch.is_empty())
}

impl Applied {
    fn count(&mut self, step: &Step, settled: Settled) {
        let tally = match step.side {
            Side::Zoho => &mut self.zoho,
            Side::Google => &mut self.google,
        };
        if settled == Settled::Done {
            self.written.insert(step.subject.clone());
        }
        match (settled, &step.verb) {
            (Settled::Done, Verb::Create { .. }) => tally.created += 1,
            (Settled::Done, Verb::Update { .. }) => tally.updated += 1,
            (Settled::Done, Verb::Delete { .. }) => tally.deleted += 1,
            (Settled::Reread, Verb::Update { id, .. } | Verb::Delete { id, .. }) => {
                self.reread.insert((step.side, id.clone()));
            }
            (Settled::Unknown, _) => self.unknown += 1,
            (Settled::Reread, Verb::Create { .. }) | (Settled::Asked, _) => {}
        }
    }
}
