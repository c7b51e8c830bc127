//! What waits for the person, with whom each question is about.

use renraku_engine::api::{Evidence, HeldBy, ReviewItem, Run, Seen};
use renraku_engine::core::contact::{Module, Side};
use renraku_engine::core::message::Message;
use renraku_engine::{Engine, Failure};
use serde_json::{Value, json};

use crate::command::{Answer, done};
use crate::error::CommandError;

/// The open items. In words each tells who it is about, and how to answer; a script has the ids.
pub(crate) fn open(
    engine: &Engine,
    module: Option<Module>,
    in_words: bool,
) -> Result<Answer, CommandError> {
    let mut review = engine.review(module)?;
    if in_words {
        // What was answered waits for the next run, and for nobody.
        review.items.retain(|item| item.chosen.is_none());
    }
    let mut answer = done(&review)?;
    let items = answer.document.get_mut("items").and_then(Value::as_array_mut);
    for (shown, item) in items.into_iter().flatten().zip(&review.items).filter(|_| in_words) {
        shown["who"] = json!(who(engine, item)?);
    }
    if !review.items.is_empty() {
        answer.next.push(Message::new("cli-answer"));
    }
    Ok(answer)
}

/// The contacts of an item.
fn who(engine: &Engine, item: &ReviewItem) -> Result<Vec<Value>, Failure> {
    if item.zoho_id.is_none() && item.google.is_none() {
        return Ok(Vec::new());
    }
    let Evidence { zoho, google, beside } = engine.evidence(&item.item)?;
    let both = [(Side::Zoho, zoho), (Side::Google, google)];
    let beside = beside.map(|beside| (beside.side, Some(beside.contact)));
    let all = both.into_iter().chain(beside);
    Ok(all.filter_map(|(side, seen)| Some(told(side, &seen?))).collect())
}

/// Who somebody is: the side, the name, what tells it apart from others of that name.
fn told(side: Side, seen: &Seen) -> Value {
    let Seen { name, details, gone, .. } = seen;
    json!({"side": side, "gone": gone, "name": name, "details": details})
}

/// How a person goes on after these runs: with a plan that is held, and with what needs a decision.
pub(crate) fn next(runs: &[Run]) -> Vec<Message> {
    let held = runs.iter().filter(|run| match run.held.map(|held| held.reason) {
        Some(HeldBy::FirstPlan | HeldBy::ChangedSetup | HeldBy::NarrowedScope) => true,
        Some(HeldBy::MassChange) | None => false,
    });
    let approve = |run: &Run| Message::new("cli-approve").with("name", run.module.api_name());
    let asks = runs.iter().any(|run| run.review > 0);
    held.map(approve).chain(asks.then(|| Message::new("cli-decide"))).collect()
}
