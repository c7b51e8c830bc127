//! What a service refused before: it is not sent again as long as the person is asked about it.

use crate::contact::{Pair, RecordId, Side};
use crate::decision::{is, misfit_key};
use crate::field::Misfit;

use super::planner::Planner;
use super::question::{About, Question};
use super::step::FieldNote;

impl Planner<'_> {
    /// Asks about a value that a side does not take.
    pub(super) fn ask_misfit(
        &mut self,
        ids: &Pair<RecordId>,
        (rule, side): (usize, Side),
        misfit: Misfit,
        value: &str,
        contact: String,
    ) {
        let spec = self.rules.mapping.rules().get(rule);
        let field = spec.map_or_else(String::new, |spec| spec.zoho.clone());
        let known = |id: &RecordId| Some(id.clone()).filter(|id| !id.is_empty());
        self.ask(Question {
            key: misfit_key(ids, side, &field, value),
            contact,
            ids: Pair::of(|side| known(&ids[side])),
            about: About::Misfit { side, field, misfit, judged: false },
        });
    }

    /// Whether the service refused exactly this contact without naming a field, and if so, whether it
    /// waits for the person; what is left as it is waits for nothing.
    pub(super) fn refused(
        &mut self,
        ids: &Pair<RecordId>,
        side: Side,
        notes: &[FieldNote],
    ) -> Option<bool> {
        let (decisions, open) = (self.rules.decisions, self.rules.refused);
        if notes.is_empty() || (decisions.is_empty() && open.is_empty()) {
            return None;
        }
        let key = misfit_key(ids, side, "", &written(notes));
        if is(decisions, &key, "ignore") {
            return Some(false);
        }
        let question = open.get(&key)?.clone();
        self.ask(question);
        Some(true)
    }

    /// What is found under the key of the question about a value, be it from before the contact was
    /// created on the other side.
    fn about<T>(
        ids: &Pair<RecordId>,
        to: Side,
        field: &str,
        value: &str,
        find: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let unborn = || {
            let mut ids = ids.clone();
            ids[to].clear();
            ids
        };
        find(&misfit_key(ids, to, field, value))
            .or_else(|| find(&misfit_key(&unborn(), to, field, value)))
    }

    /// Whether the person said to leave this value where it is.
    pub(super) fn is_left(&self, ids: &Pair<RecordId>, to: Side, field: &str, value: &str) -> bool {
        let decisions = self.rules.decisions;
        let left = |key: &str| is(decisions, key, "ignore").then_some(());
        !decisions.is_empty() && Self::about(ids, to, field, value, left).is_some()
    }

    /// The open question about this value, where the service refused it.
    pub(super) fn refused_before(
        &self,
        ids: &Pair<RecordId>,
        to: Side,
        field: &str,
        value: &str,
    ) -> Option<Question> {
        let open = self.rules.refused;
        let of = |key: &str| open.get(key).cloned();
        if open.is_empty() { None } else { Self::about(ids, to, field, value, of) }
    }
}

/// What a step writes, in one text: the value of a [`misfit_key`] where the service refuses a contact
/// and names no field. Other values are another question.
#[must_use]
pub fn written(notes: &[FieldNote]) -> String {
    let each = notes
        .iter()
        .map(|note| format!("{}={}", note.field, note.after.as_deref().unwrap_or_default()));
    each.collect::<Vec<_>>().join("\u{1f}")
}
