//! What waits for the person, with whom each question is about.

use renraku_engine::api::{Evidence, ReviewItem, Seen};
use renraku_engine::core::contact::{Module, Side};
use renraku_engine::{Engine, Failure};
use serde_json::{Value, json};

use crate::command::{Answer, done};
use crate::error::CommandError;

/// The open items. In words each tells who it is about; a script has the ids.
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
    Ok(answer)
}

/// The contacts of an item, each in one line.
fn who(engine: &Engine, item: &ReviewItem) -> Result<Vec<String>, Failure> {
    if item.zoho_id.is_none() && item.google.is_none() {
        return Ok(Vec::new());
    }
    let Evidence { zoho, google, beside } = engine.evidence(&item.item)?;
    let both = [(Side::Zoho, zoho), (Side::Google, google)];
    let beside = beside.map(|beside| (beside.side, Some(beside.contact)));
    let all = both.into_iter().chain(beside);
    Ok(all.filter_map(|(side, seen)| Some(line(side, &seen?))).collect())
}

fn line(side: Side, seen: &Seen) -> String {
    let gone = if seen.gone { ", deleted" } else { "" };
    let told: Vec<&str> = std::iter::once(seen.name.as_str())
        .chain(seen.details.iter().map(String::as_str))
        .filter(|one| !one.is_empty())
        .collect();
    format!("in {}{gone}: {}", side.title(), told.join(" · "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_told_by_its_side_its_name_and_what_tells_it_apart() {
        let seen = |name: &str, details: &[&str], gone: bool| Seen {
            id: "1".to_owned(),
            name: name.to_owned(),
            details: details.iter().map(|one| (*one).to_owned()).collect(),
            changed_at: None,
            gone,
            fields: Vec::new(),
        };
        for (seen, told) in [
            (seen("Ada", &["a@a.test", "Acme"], false), "in Google: Ada · a@a.test · Acme"),
            (seen("Ada", &["a@a.test"], true), "in Google, deleted: Ada · a@a.test"),
            (seen("", &["+1 212 555 0100"], false), "in Google: +1 212 555 0100"),
        ] {
            assert_eq!(line(Side::Google, &seen), told);
        }
    }
}
