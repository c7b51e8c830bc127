//! What is sent, and what is kept of it: the pure parts around a batch's bodies.

use std::collections::{BTreeMap, BTreeSet};

use renraku_core::compile::Compiled;
use renraku_core::contact::Card;
use renraku_core::field::Kind;
use renraku_core::plan::{Step, Verb};
use renraku_core::timestamp::Timestamp;
use renraku_services::google::wire::{ChangeError, whole_person};
use renraku_services::zoho::wire::json_value;
use serde_json::Value;

use crate::sync::session::Session;

/// Splits steps into batches that one `If-Unmodified-Since` guards each: the newest version in the
/// batch. A record that somebody changes after it was read gets a time that is not before `seen`,
/// the newest time that was known at its read; so the guard is never later than the earliest `seen`
/// of its batch. Records that were read together share it, and their batches are as large as can be.
///
/// Zoho's times are whole seconds: of two edits in one second, one before the read and one after
/// it, the second looks like the first. No condition of Zoho's tells them apart; the next read
/// begins seconds earlier and compares contents, so the later edit is still seen and travels, except
/// in a field that this very batch wrote.
pub(crate) fn guardable(steps: Vec<(Step, Timestamp)>, most: usize) -> Vec<Vec<Step>> {
    let own = |step: &Step| version(step).map_or(Timestamp::MIN, |(at, _)| at);
    let mut rest = steps;
    rest.sort_by_key(|(step, seen)| own(step).max(*seen));
    let mut batches = Vec::new();
    while let Some((first, seen)) = rest.first() {
        let ceiling = own(first).max(*seen);
        let (now, later) =
            rest.into_iter().partition::<Vec<_>, _>(|(step, _)| own(step) <= ceiling);
        let mut now = now.into_iter().map(|(step, _)| step).peekable();
        while now.peek().is_some() {
            batches.push(now.by_ref().take(most).collect());
        }
        rest = later;
    }
    batches
}

fn version(step: &Step) -> Option<(Timestamp, &str)> {
    match &step.verb {
        Verb::Update { version, .. } => Some((version.parse().ok()?, version)),
        Verb::Create { .. } | Verb::Delete { .. } => None,
    }
}

/// The newest version of a batch.
pub(crate) fn newest_version(steps: &[Step]) -> Option<String> {
    steps.iter().filter_map(version).max().map(|(_, version)| version.to_owned())
}

/// Adds the defaults of fields outside the mapping to a new record.
pub(crate) fn add_defaults(
    body: &mut Value,
    rules: &Compiled,
    companies: &BTreeMap<String, String>,
) {
    let Some(body) = body.as_object_mut() else { return };
    for (field, value) in &rules.extra_defaults {
        let kind = rules.default_kinds.get(field).unwrap_or(&Kind::Text);
        if let Some(value) = json_value(kind, value, companies) {
            body.entry(field.clone()).or_insert(value);
        }
    }
}

/// Adds a person's own content of further fields, so that one mask serves a whole batch. A field that
/// the mask names and the body lacks would be cleared.
///
/// # Errors
/// Where one of the fields cannot go back whole; then the body is as it was.
pub(crate) fn widen(
    body: &mut Value,
    raw: &str,
    fields: &BTreeSet<&'static str>,
) -> Result<(), ChangeError> {
    let whole = whole_person(raw, fields)?;
    if let (Some(body), Value::Object(whole)) = (body.as_object_mut(), whole) {
        for (key, value) in whole {
            body.entry(key).or_insert(value);
        }
    }
    Ok(())
}

/// What a written Zoho record looks like: Zoho does not echo, so the sent fields are put into the
/// copy that was read.
pub(crate) fn zoho_raw(
    old: Option<&str>,
    body: &Value,
    card: &Card,
    session: &Session,
    id: &str,
    version: &str,
) -> String {
    let mut record: serde_json::Map<String, Value> =
        old.and_then(|raw| serde_json::from_str(raw).ok()).unwrap_or_default();
    if let Some(sent) = body.as_object() {
        for (key, value) in sent {
            record.insert(key.clone(), value.clone());
        }
    }
    for (rule, spec) in session.mapping.rules().iter().enumerate() {
        if old.is_none() && !session.held.contains(&rule) {
            // What a new record was not given is empty, and known to be.
            record.entry(spec.zoho.clone()).or_insert(Value::Null);
        }
        if let (Kind::Company, Some(name)) = (&spec.kind, card.get(rule))
            && let Some(Value::Object(lookup)) = record.get_mut(&spec.zoho)
        {
            lookup.insert("name".to_owned(), Value::String(name.to_owned()));
        }
    }
    record.insert("id".to_owned(), Value::String(id.to_owned()));
    record.insert("Modified_Time".to_owned(), Value::String(version.to_owned()));
    Value::Object(record).to_string()
}
