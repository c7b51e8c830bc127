//! From what changed to what is written: the plan, what holds it, and who waits.

use std::collections::{BTreeMap, BTreeSet};

use renraku_core::contact::Side;
use renraku_core::message::Message;
use renraku_core::plan::{LedgerUpdate, Plan, PlanInput, Rules, plan};
use renraku_store::{Place, ShownRow, Store, StoreError};

use crate::api::{Held, HeldBy};
use crate::sync::companies::Companies;
use crate::sync::error::RunError;
use crate::sync::gather::{Gathered, gather};
use crate::sync::pair::known_ids;
use crate::sync::refused::free;
use crate::sync::report::holding;
use crate::sync::session::{Contacts, RunMode, Session};
use crate::sync::{approval, guard, lost};
use crate::text::message;

/// The contacts that a plan leaves for later.
pub(crate) fn waiting(session: &Session, plan: &Plan) -> Result<Contacts, StoreError> {
    if plan.waiting.is_empty() && plan.lagging.is_empty() {
        return Ok(Contacts::new());
    }
    let matched: BTreeMap<&str, &str> = plan
        .ledger_updates
        .iter()
        .filter_map(|ledger_update| match ledger_update {
            LedgerUpdate::Link { ids, .. } => Some((ids.google.as_str(), ids.zoho.as_str())),
            LedgerUpdate::Learn { .. }
            | LedgerUpdate::Suspend { .. }
            | LedgerUpdate::End { .. }
            | LedgerUpdate::Stop { .. }
            | LedgerUpdate::Move { .. } => None,
        })
        .collect();
    session.store.read(|db| {
        let mut left = Contacts::new();
        for (side, id) in plan.waiting.union(&plan.lagging) {
            let zoho = match side {
                Side::Zoho => None,
                Side::Google => match matched.get(id.as_str()) {
                    Some(zoho) => Some((*zoho).to_owned()),
                    None => {
                        Store::link_of(db, session.sync.id, *side, id)?.map(|link| link.ids.zoho)
                    }
                },
            };
            left.insert(zoho.map_or_else(|| (*side, id.clone()), |zoho| (Side::Zoho, zoho)));
        }
        Ok(left)
    })
}

/// Contacts that are still changed: what a full account leaves waiting.
pub(crate) fn left_over(session: &Session) -> Result<Contacts, StoreError> {
    let dirty = session.store.read(|db| Store::dirty(db, session.sync.id, Side::Zoho))?;
    Ok(dirty.into_iter().map(|id| (Side::Zoho, id)).collect())
}

/// How many writes have an unknown outcome; whom they are about waits.
pub(crate) fn unsettled(session: &Session, left: &mut Contacts) -> Result<usize, StoreError> {
    let rows = session.store.unfinished(session.sync.id)?;
    session.store.read(|db| {
        for row in &rows {
            let ids = known_ids(db, &row.step)?;
            let zoho = ids.zoho.map(|id| (Side::Zoho, id));
            left.extend(zoho.or(ids.google.map(|id| (Side::Google, id))));
        }
        Ok(rows.len())
    })
}

/// What a run is about to do.
pub(crate) struct Decided {
    /// The plan.
    pub(crate) planned: Plan,
    /// What holds it, in words and in numbers.
    pub(crate) held: Option<(Message, Held)>,
    /// The plan whose approval this run carries out, and nothing else.
    pub(crate) shown: Option<ShownRow>,
    /// Who was left out because that plan did not show them.
    pub(crate) unseen: Contacts,
}

/// Plans. Companies that the plan names and that nobody knows yet are looked up, in one call for all of
/// them; where some have no account and get none, it is planned once more without those. `so_far` are
/// how many this run has written, and whether it plans for the first time.
pub(crate) async fn propose(
    session: &Session,
    gathered: &mut Gathered,
    label: Option<&str>,
    so_far: (u32, bool),
    companies: &mut Companies,
) -> Result<Plan, RunError> {
    loop {
        let world = std::mem::take(&mut gathered.world);
        let planned = planned(session, world, so_far, companies)?;
        if !companies.look_up(session, planned.once_approved()).await? {
            return Ok(planned);
        }
        *gathered = gather(session, label)?;
    }
}

fn planned(
    session: &Session,
    world: PlanInput,
    (written, first): (u32, bool),
    companies: &Companies,
) -> Result<Plan, StoreError> {
    let decisions = companies.holding(session)?;
    let mut refused = session.store.refused(session.sync.id)?;
    let asked = session.store.read(|db| Store::asked_beside(db, session.sync.id))?;
    let free = session.store.read(|db| free(session, db, &refused, first))?;
    free.iter().for_each(|key| drop(refused.remove(key)));
    let setup = &session.sync.setup;
    let limits = setup.limits;
    let links = match world.linked.is_empty() {
        true => 0,
        false => session.store.count_links(session.sync.id)?,
    };
    let people =
        session.store.read(|db| Store::count_here(db, session.sync.ledger, Place::Google))?;
    let none = BTreeSet::new();
    let renewed = session.sync.renewed.as_ref().map_or(&none, |renewed| &renewed.fields);
    let rules = Rules {
        mapping: &session.mapping,
        direction: setup.direction,
        winner: setup.winner(),
        on_delete: setup.on_delete,
        match_without_email: setup.match_without_email,
        label: session.rules.label.is_some(),
        narrowed: session.sync.narrowed,
        first_run: !session.sync.first_done,
        lost: !session.sync.first_done && session.store.is_lost()?,
        links,
        alarms: lost::open(session)?,
        limit: limit(session).saturating_sub(written),
        google_room: limits.google_contacts.saturating_sub(people),
        extra_defaults: &session.rules.extra_defaults,
        decisions: &decisions,
        asked: &asked,
        renewed,
        held: &session.held,
        closed: &session.closed,
        refused: &refused,
        companies: companies.denied(),
    };
    Ok(plan(world, &rules))
}

/// How many contacts a run may write.
fn limit(session: &Session) -> u32 {
    let limits = session.sync.setup.limits;
    if session.sync.first_done { limits.later_run } else { limits.first_run }
}

/// Says what holds a plan. `written` are how many contacts this run has written.
pub(crate) fn decide(
    session: &Session,
    mut planned: Plan,
    written: u32,
    mode: RunMode,
) -> Result<Decided, StoreError> {
    let decisions = session.store.decisions(session.sync.id)?;
    let shown = approval::bound(session, mode)?;
    let room = limit(session).saturating_sub(written);
    let approval = (mode, shown.as_ref());
    let narrowed = guard::narrowed(session, &mut planned, &decisions, approval, room)?;
    let alarm = lost::holds(session, &planned);
    let by = if !session.sync.approved {
        Some(HeldBy::FirstPlan)
    } else if narrowed.is_some() {
        Some(HeldBy::NarrowedScope)
    } else if alarm {
        Some(HeldBy::MassChange)
    } else if approval::is_due(session, &planned) {
        Some(HeldBy::ChangedSetup)
    } else {
        None
    };
    let mut gone = lost::gone(&planned);
    if mode == RunMode::Approved {
        planned.approve();
    }
    let unseen = match &shown {
        Some(shown) => approval::keep_to(session, &mut planned, shown)?,
        None => Contacts::new(),
    };
    let held = match (mode, by) {
        (RunMode::Approved, _) | (RunMode::Sync | RunMode::Due, None) => None,
        (RunMode::Preview, None) => {
            approval::show(session, &planned, mode)?;
            None
        }
        (RunMode::Preview | RunMode::Sync | RunMode::Due, Some(by)) => {
            approval::show(session, &planned, mode)?;
            let anew = session.store.anew()?;
            let first = || message::first_plan(&planned, anew.as_ref());
            let said = match by {
                HeldBy::FirstPlan => Some(first()),
                HeldBy::ChangedSetup => Some(message::changed_setup(&planned)),
                HeldBy::NarrowedScope => narrowed,
                HeldBy::MassChange => lost::alarm(session, &planned),
            };
            if by != HeldBy::MassChange {
                gone = renraku_core::contact::Pair::default();
            }
            Some((said.unwrap_or_else(first), holding(by, &planned, gone)))
        }
    };
    if mode == RunMode::Preview {
        planned.steps.append(&mut planned.alarmed.steps);
        planned.steps.append(&mut planned.alarmed.later);
    }
    Ok(Decided { planned, held, shown, unseen })
}
