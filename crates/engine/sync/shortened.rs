//! What Google keeps shorter than it was sent. Google publishes no lengths; a service that cuts a text
//! without a word would have its beginning taken for a person's edit, and the rest deleted in Zoho.

use renraku_core::contact::{Pair, Side};
use renraku_core::field::Misfit;
use renraku_core::plan::{About, Question, Step, Verb, misfit_key};
use renraku_services::Written;
use renraku_store::{Db, Store, StoreError};

use crate::sync::pair::link_of;
use crate::sync::session::Session;

/// Holds the fields of which a write's own answer shows only the beginning. Both bases take what is
/// left: so Zoho's whole text is an edit that Google does not take, which is asked about as a refusal
/// is, and nobody's text becomes shorter.
pub(crate) fn hold(
    session: &Session,
    db: &Db,
    step: &Step,
    written: &Written,
) -> Result<(), StoreError> {
    let (Side::Google, Some(raw)) = (step.side, &written.raw) else { return Ok(()) };
    let Some(person) = session.parse(Side::Google, raw) else { return Ok(()) };
    let Some(card) = step.verb.card_after() else { return Ok(()) };
    let patch = match &step.verb {
        Verb::Update { patch, .. } => Some(patch),
        Verb::Create { .. } | Verb::Delete { .. } => None,
    };
    let shows = session.mapping.resolve(&person.card, &person.listed, &card);
    let mut cut = Vec::new();
    for (rule, spec) in session.mapping.rules().iter().enumerate() {
        let written = patch.is_none_or(|patch| patch.contains_key(&rule));
        if let (true, Some(sent), Some(shown)) = (written, card.get(rule), shows.get(rule))
            && is_beginning(shown, sent)
        {
            cut.push((rule, &spec.zoho, shown));
        }
    }
    if cut.is_empty() {
        return Ok(());
    }
    let Some(mut link) = link_of(session, db, step)? else { return Ok(()) };
    for (rule, field, shown) in cut {
        let said = step.learn.get(rule).and_then(|said| said[Side::Zoho].clone());
        for side in Side::BOTH {
            link.base[side].insert(field.clone(), shown.into());
        }
        let max = u32::try_from(shown.chars().count()).unwrap_or(u32::MAX);
        let about = About::Misfit {
            side: Side::Google,
            field: field.clone(),
            misfit: Misfit::TooLong { max },
            judged: true,
        };
        let question = Question {
            key: misfit_key(&link.ids, Side::Google, field, said.as_deref().unwrap_or_default()),
            contact: step.contact.clone(),
            ids: Pair::of(|side| Some(link.ids[side].clone())),
            about,
        };
        Store::ask(db, session.sync.id, &question)?;
    }
    Store::save_link(db, &link)
}

/// Whether `shown` is the beginning of what was sent, and more than white space is missing.
fn is_beginning(shown: &str, sent: &str) -> bool {
    sent.strip_prefix(shown.trim_end()).is_some_and(|rest| !rest.trim().is_empty())
        && !shown.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::is_beginning;

    #[test]
    fn only_a_real_end_is_missed() {
        for (shown, sent, cut) in [
            ("A long", "A long note", true),
            ("A long ", "A long note", true),
            ("A long note", "A long note", false),
            ("A long note", "A long note \n", false),
            ("", "A long note", false),
            ("Another", "A long note", false),
            ("長い", "長い文", true),
        ] {
            assert_eq!(is_beginning(shown, sent), cut, "{shown:?} of {sent:?}");
        }
    }
}
