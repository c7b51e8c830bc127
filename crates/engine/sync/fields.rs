//! What Zoho's fields are now. An administrator changes them without a word to anybody: a field goes
//! out of this user's sight, takes no changes any more, gets shorter, or its options get other names. So
//! they are asked for once before a run's first write of values to Zoho or of a list's option to Google,
//! where a record leaves it open whether a field is still there, and in each run as long as a row is at
//! rest or somebody is asked about a value that a field does not take as it is.
//!
//! What is new goes into the sync's rules in one transaction with what follows from it: which records
//! are read again, and which pairs are planned again.

use std::collections::BTreeSet;

use renraku_core::compile::FieldFacts;
use renraku_core::compile::Rest;
use renraku_core::contact::Side;
use renraku_core::message::Message;
use renraku_core::news::News;
use renraku_core::plan::{About, Question, Step, Verb};
use renraku_core::timestamp::Timestamp;
use renraku_services::RemoteError;
use renraku_services::zoho::metadata::{FieldInfo, Layout};
use renraku_store::{Store, StoreError, fields_feed};

use crate::sync::companies::forget_refusals;
use crate::sync::error::{OfSide, RunError};
use crate::sync::pull::zoho_side;
use crate::sync::session::Session;
use crate::text::message;

/// What came of a look.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Looked {
    /// Whether other fields are asked for in records than before.
    pub(crate) asks: bool,
    /// Whether another plan may come of it.
    plans: bool,
    /// Whether what was read of the records counts no more.
    reads: bool,
}

/// Looks again at the fields where a row is at rest, or a value waits that a field does not take as it
/// is.
pub(crate) async fn recall(session: &mut Session) -> Result<(), RunError> {
    let rests = session.rules.resting().next().is_some();
    if rests || awaits(session)? {
        look(session).await?;
    }
    Ok(())
}

/// Whether the person is asked about a value that goes to Zoho once its field is another one.
fn awaits(session: &Session) -> Result<bool, StoreError> {
    let open = session.store.open_questions(session.sync.id)?;
    Ok(open.iter().any(|row| {
        let about = &row.question.about;
        let waits = matches!(about, About::Misfit { side: Side::Zoho, misfit, .. } if misfit.is_the_fields());
        row.chosen.is_none() && waits
    }))
}

/// Asks Zoho which fields there are for this user and what they are like, and works by that.
pub(crate) async fn look(session: &mut Session) -> Result<Looked, RunError> {
    let known = match session.zoho.fields(session.module()).await {
        // Who may not see the fields' list is told by the records alone.
        Err(RemoteError::Rights { .. } | RemoteError::ScopeMissing { .. }) => {
            session.looked = true;
            return Ok(Looked::default());
        }
        known => facts(&known.of(Side::Zoho)?, None),
    };
    session.looked = true;
    let News { rules, renamed } = session.rules.now(&known, session.sync.setup.direction);
    let mut shown: BTreeSet<&str> = known.iter().map(|field| field.api_name.as_str()).collect();
    shown.retain(|field| !rules.resting_as(Rest::OtherType).any(|other| other == *field));
    let fields: Vec<String> =
        rules.fields.iter().filter(|field| shown.contains(field.as_str())).cloned().collect();
    let mut looked = Looked { asks: fields != session.fields, ..Looked::default() };
    session.fields = fields;
    if rules == session.rules {
        return Ok(looked);
    }
    let (mapping, held) = (session.mapping.clone(), session.held.clone());
    let closed = session.closed.clone();
    session.sync.rules = serde_json::to_string(&rules).map_err(StoreError::from)?;
    session.follow(rules);
    session.renamed.clone_from(&renamed);
    looked.plans = mapping != session.mapping || held != session.held || closed != session.closed;
    looked.reads = !renamed.is_empty() || !held.is_subset(&session.held);
    let (ledger, sync) = (session.sync.ledger, session.sync.id);
    session.store.write(|db| {
        Store::save_rules(db, sync, &session.sync.rules)?;
        Store::rename_in_sent(db, sync, &mapping, &renamed)?;
        if looked.reads {
            // What happened meanwhile on either side travels now.
            Store::put_cursor(db, ledger, &fields_feed(session.module()), None)?;
        }
        if looked.plans {
            Store::try_judged(db, sync)?;
            forget_refusals(db, ledger)?;
            Store::mark_all_dirty(db, sync)?;
        }
        Ok(())
    })?;
    Ok(looked)
}

/// Looks at the fields in the middle of a run, and reads the records again where what was read of them
/// counts no more; then `known` is Zoho's newest time of that read. Whether to plan again.
pub(crate) async fn look_and_read(
    session: &mut Session,
    pass: i64,
    known: &mut Option<Timestamp>,
) -> Result<bool, RunError> {
    let looked = look(session).await?;
    if looked.reads {
        *known = zoho_side(session, pass).await?;
    }
    Ok(looked.plans)
}

/// Whether these steps and questions depend on what Zoho's fields are, and this run has yet to ask.
pub(crate) fn is_due<'a>(
    session: &Session,
    mut steps: impl Iterator<Item = &'a Step>,
    questions: &[Question],
) -> bool {
    let rules = session.mapping.rules();
    let is_list = |rule: usize| rules.get(rule).is_some_and(|spec| spec.kind.is_list());
    // An option that the last run did not know under this name may have got it for everybody.
    let writes = |step: &Step| match &step.verb {
        Verb::Create { .. } => step.side == Side::Zoho,
        Verb::Update { patch, .. } => {
            step.side == Side::Zoho || patch.keys().any(|rule| is_list(*rule))
        }
        Verb::Delete { .. } => false,
    };
    let misfit = |question: &Question| {
        matches!(question.about, About::Misfit { side: Side::Zoho, judged: false, .. })
            && question.about.account().is_none()
    };
    !session.looked && (steps.any(writes) || questions.iter().any(misfit))
}

/// What is to be said of rows that are at rest.
pub(crate) fn said(session: &Session) -> Option<Message> {
    let label = |field| session.rules.labels.get(field).map_or(field, String::as_str).to_owned();
    let labels = |rest| -> Vec<String> { session.rules.resting_as(rest).map(label).collect() };
    [Rest::Unseen, Rest::OtherType, Rest::ReadOnly].into_iter().find_map(|rest| {
        let fields = labels(rest);
        (!fields.is_empty()).then(|| message::at_rest(rest, &fields))
    })
}

/// The module's fields that this user sees, as the rules need them; mandatory by the system or by the
/// person's layout.
pub(crate) fn facts(fields: &[FieldInfo], layout: Option<&Layout>) -> Vec<FieldFacts> {
    let required = layout.map(|layout| layout.required.as_slice()).unwrap_or_default();
    fields
        .iter()
        .filter(|field| field.visible)
        .map(|field| FieldFacts {
            api_name: field.api_name.clone(),
            label: field.label.clone(),
            data_type: field.data_type.clone(),
            length: field.length,
            mandatory: field.mandatory || required.contains(&field.api_name),
            writable: field.writable,
            choices: field.choices.clone(),
            options: field.options.clone(),
            lookup: field.lookup.clone(),
        })
        .collect()
}
