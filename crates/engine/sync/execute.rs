//! Carrying a plan out: journal, send, settle.
//!
//! *Invariant:* the ledger never claims more than was heard, and no write leaves unless its intent
//! is on disk. A batch's intents are committed, then the batch is sent, then each item's outcome,
//! link, bases and history go in one transaction. What is left in the journal after a crash is
//! settled by [`crate::sync::recover`] before anything new is planned.

mod google;
mod zoho;

use std::collections::{BTreeMap, BTreeSet};

use renraku_core::contact::{RecordId, Side};
use renraku_core::plan::{Step, Subject, Verb, Why, in_turns};
use renraku_core::timestamp::Timestamp;
use renraku_services::{ItemReply, Refusal, RemoteError};
use renraku_store::{Place, State, Store};
use serde_json::Value;

use crate::api::{Phase, Tally};
use crate::sync::companies::Companies;
use crate::sync::error::{OfSide, RunError};
use crate::sync::look::{look_at_people, look_at_records};
use crate::sync::pair::{clean_pair, known_ids};
use crate::sync::payload::newest_version;
use crate::sync::refused::{ask_misfit, unique};
use crate::sync::session::Session;
use crate::sync::settle::{Settled, settle};

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
    /// Whether the person stopped it before everything was sent.
    pub(crate) cut: bool,
    /// Whether Google's cap stopped creates there; everything else went on.
    pub(crate) full: bool,
    /// What stopped one side, the other went on.
    pub(crate) stopped: Vec<RunError>,
}

/// Sends everything. `known` is Zoho's newest time that the read before this plan knew when it
/// began.
pub(crate) async fn apply(
    session: &Session,
    run: i64,
    steps: Vec<Step>,
    label: Option<&str>,
    known: Option<Timestamp>,
    companies: &mut Companies,
) -> Result<Applied, RunError> {
    let since = newest_zoho(session)?;
    let queues = queues(session, steps)?;
    let mut left: BTreeMap<Subject, u32> = BTreeMap::new();
    for step in queues.values().flatten() {
        *left.entry(step.subject.clone()).or_default() += 1;
    }
    let total = queues.values().map(Vec::len).sum::<usize>();
    let total = u32::try_from(total).unwrap_or(u32::MAX);
    let mut sending = Sending {
        session,
        run,
        label,
        known,
        companies,
        since,
        left,
        done: 0,
        total,
        out: Applied::default(),
    };
    for ((side, ..), queue) in queues {
        if sending.out.stopped.iter().any(|stopped| stopped.side() == Some(side)) {
            continue;
        }
        if session.stop.is_asked() {
            sending.out.cut = true;
            break;
        }
        let result = sending.queue(side, queue).await;
        match result {
            Ok(()) => {}
            Err(RunError::Service(_, RemoteError::Full)) => sending.out.full = true,
            Err(error) if error.is_local() => return Err(error),
            Err(error) => sending.out.stopped.push(error),
        }
    }
    session.store.list_traces()?;
    Ok(sending.out)
}

/// Steps by side, kind of write and turn.
type Queues = BTreeMap<(Side, u8, usize), Vec<Step>>;

/// The order in which everything is sent.
fn queues(session: &Session, steps: Vec<Step>) -> Result<Queues, RunError> {
    let mut queues = Queues::new();
    for step in steps {
        let order = match step.verb {
            Verb::Update { .. } => 0,
            Verb::Create { .. } => 1,
            Verb::Delete { .. } => 2,
        };
        queues.entry((step.side, order, 0)).or_default().push(step);
    }
    if let Some(updates) = queues.remove(&(Side::Zoho, 0, 0)) {
        let unique = unique(session)?;
        let turns = in_turns(updates, &unique).into_iter().enumerate();
        queues.extend(turns.map(|(turn, steps)| ((Side::Zoho, 0, turn), steps)));
    }
    Ok(queues)
}

/// Zoho's newest time that we know of.
fn newest_zoho(session: &Session) -> Result<String, RunError> {
    let place = Place::Zoho(session.module());
    let newest = session.store.newest(session.sync.ledger, place)?;
    let at = newest.and_then(Timestamp::from_microsecond);
    Ok(at.map(|at| at.to_string()).unwrap_or_default())
}

struct Sending<'a> {
    session: &'a Session,
    run: i64,
    label: Option<&'a str>,
    known: Option<Timestamp>,
    /// What is known of the companies that are written.
    companies: &'a mut Companies,
    /// Zoho's newest time before anything was sent: where a lost create is looked for.
    since: String,
    /// Steps of each pair that are not settled yet.
    left: BTreeMap<Subject, u32>,
    done: u32,
    total: u32,
    out: Applied,
}

/// A step and the body that is sent for it.
type Ready = (Step, Value);

impl Sending<'_> {
    async fn queue(&mut self, side: Side, queue: Vec<Step>) -> Result<(), RunError> {
        let mut queue = self.unchanged(side, queue).await?;
        queue.retain(|step| match &step.verb {
            Verb::Update { id, .. } => !self.out.reread.contains(&(side, id.clone())),
            Verb::Create { .. } | Verb::Delete { .. } => true,
        });
        match side {
            Side::Zoho => self.zoho(queue).await,
            Side::Google => self.google(queue).await,
        }
    }

    /// Neither service deletes on a condition. So who is to be deleted is looked at directly before,
    /// and whoever was edited since the plan was made is planned again.
    async fn unchanged(&mut self, side: Side, queue: Vec<Step>) -> Result<Vec<Step>, RunError> {
        let doomed: Vec<(RecordId, String)> = (queue.iter())
            .filter_map(|step| match &step.verb {
                Verb::Delete { id, version } => Some((id.clone(), version.clone())),
                Verb::Create { .. } | Verb::Update { .. } => None,
            })
            .collect();
        let ids: Vec<RecordId> = doomed.iter().map(|(id, _)| id.clone()).collect();
        match side {
            Side::Zoho => look_at_records(self.session, &ids, 0).await?,
            Side::Google => look_at_people(self.session, &ids, 0).await?,
        }
        let place = Place::of(side, self.session.module());
        let changed = self.session.store.read(|db| {
            let mut changed = BTreeSet::new();
            for (id, version) in doomed {
                let row = Store::mirrored(db, self.session.sync.ledger, place, &id)?;
                if !row.is_some_and(|row| row.state == State::Here && row.version == version) {
                    changed.insert((side, id));
                }
            }
            Ok(changed)
        });
        let changed = changed?;
        let mut queue = queue;
        queue.retain(|step| match &step.verb {
            Verb::Delete { id, .. } => !changed.contains(&(side, id.clone())),
            Verb::Create { .. } | Verb::Update { .. } => true,
        });
        self.out.reread.extend(changed);
        Ok(queue)
    }

    /// The Zoho record of a step's pair.
    fn zoho_id(&self, step: &Step) -> Result<Option<RecordId>, RunError> {
        match &step.subject {
            Subject::Origin(Side::Zoho, id) => Ok(Some(id.clone())),
            Subject::Origin(Side::Google, _) => Ok(None),
            Subject::Match(ids) => Ok(Some(ids.zoho.clone())),
            Subject::Link(link) => {
                let link = self.session.store.read(|db| Store::link(db, *link))?;
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
    ) -> Result<(), RunError> {
        if self.session.stop.is_asked() {
            self.out.cut = true;
            return Ok(());
        }
        let (steps, bodies): (Vec<Step>, Vec<Value>) = ready.into_iter().unzip();
        let session = self.session;
        let rows = session.store.write(|db| {
            Store::intend(db, self.run, session.sync.id, &steps, &self.since, session.now())
        })?;
        let answer = self.send(side, &steps, &bodies, mask).await;
        let replies = match answer {
            Ok(replies) => replies,
            Err(error) => {
                if error.outcome_unknown() {
                    self.out.unknown += u32::try_from(steps.len()).unwrap_or(u32::MAX);
                } else {
                    session
                        .store
                        .write(|db| rows.iter().try_for_each(|row| Store::settle_row(db, *row)))?;
                }
                return Err(error);
            }
        };
        session.store.write(|db| {
            let sent = rows.iter().zip(&steps).zip(&bodies).zip(&replies);
            // Refusals first: whoever stood in the way is noted as it was when the call was sent.
            let (done, rest): (Vec<_>, Vec<_>) =
                sent.partition(|(_, reply)| matches!(reply, ItemReply::Done(_)));
            for (((row, step), body), reply) in rest.into_iter().chain(done) {
                let left = self.left.get_mut(&step.subject).map_or(0, |left| {
                    *left = left.saturating_sub(1);
                    *left
                });
                let settled = match self.companies.not_taken(session, db, step, reply)? {
                    true => Settled::Reread,
                    false => settle(session, db, self.run, step, body, reply, left == 0)?,
                };
                if settled != Settled::Unknown {
                    Store::settle_row(db, *row)?;
                }
                self.out.count(step, settled);
                if settled == Settled::Reread && matches!(step.verb, Verb::Create { .. }) {
                    // Nobody was created: whose counterpart it is to be is planned again.
                    let origin = step.side.other();
                    let id = known_ids(db, step)?[origin].clone();
                    self.out.reread.extend(id.map(|id| (origin, id)));
                }
                if matches!(settled, Settled::Reread | Settled::Rest | Settled::Unknown) {
                    // What is left of the pair is looked at again.
                    self.left.insert(step.subject.clone(), u32::MAX);
                }
            }
            Ok(())
        })?;
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
    ) -> Result<Vec<ItemReply>, RunError> {
        let (session, module) = (self.session, self.session.module());
        let ids =
            || bodies.iter().filter_map(|b| b.as_str().map(str::to_owned)).collect::<Vec<_>>();
        match (side, steps.first().map(|step| &step.verb)) {
            (_, None) => Ok(Vec::new()),
            (Side::Zoho, Some(Verb::Create { .. })) => {
                session.zoho.insert(module, bodies).await.of(side)
            }
            (Side::Zoho, Some(Verb::Update { .. })) => {
                // One time guards the whole batch; see `guardable`.
                let newest = newest_version(steps);
                session.zoho.update(module, bodies, newest.as_deref()).await.of(side)
            }
            (Side::Zoho, Some(Verb::Delete { .. })) => {
                session.zoho.delete(module, &ids()).await.of(side)
            }
            (Side::Google, Some(Verb::Create { .. })) => {
                let mut replies = session.google.create(bodies).await.of(side)?;
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
                let mut replies = session.google.update(&people, mask).await.of(side)?;
                self.show(&mut replies).await?;
                Ok(replies)
            }
            (Side::Google, Some(Verb::Delete { .. })) => {
                session.google.delete(&ids()).await.of(side)
            }
        }
    }

    /// A step, or a part of it, that cannot be sent: the person is asked, the rest goes on.
    fn park(&self, step: &Step, refusal: &Refusal) -> Result<(), RunError> {
        let session = self.session;
        session
            .store
            .write(|db| {
                ask_misfit(session, db, step, refusal, false)?;
                clean_pair(session, db, step)
            })
            .map_err(RunError::from)
    }
}

impl Applied {
    /// Counts what became of a step.
    pub(crate) fn count(&mut self, step: &Step, settled: Settled) {
        let tally = match step.side {
            Side::Zoho => &mut self.zoho,
            Side::Google => &mut self.google,
        };
        if settled == Settled::Done {
            self.written.insert(step.subject.clone());
        }
        if step.why == Why::HandedOn && matches!(settled, Settled::Done | Settled::Rest) {
            // The contact's own write is still to come.
            return;
        }
        match (settled, &step.verb) {
            (Settled::Done, Verb::Create { .. }) => tally.created += 1,
            (Settled::Done, Verb::Update { .. }) => tally.updated += 1,
            (Settled::Done, Verb::Delete { .. }) => tally.deleted += 1,
            (
                Settled::Reread | Settled::Rest,
                Verb::Update { id, .. } | Verb::Delete { id, .. },
            ) => {
                self.reread.insert((step.side, id.clone()));
            }
            (Settled::Unknown, _) => self.unknown += 1,
            (Settled::Reread | Settled::Rest, Verb::Create { .. }) | (Settled::Asked, _) => {}
        }
    }
}

/// An update from which everything was left out.
fn is_empty(step: &Step) -> bool {
    matches!(&step.verb, Verb::Update { patch, label: false, .. } if patch.is_empty())
}
