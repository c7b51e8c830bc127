//! Two values for one field: whose counts. The sync's rule says it, or the person does: for a single
//! difference by choosing, or for all of them by the rule that asks; then a difference waits, and
//! nothing is overwritten before.

use crate::contact::{Card, Pair, RecordId, Side};
use crate::decision::difference_key;
use crate::mapping::Mapping;

use super::name::name;
use super::patch::PairPatch;
use super::planner::Planner;
use super::question::{About, Difference, Question, both};
use super::whole::said;

impl PairPatch {
    /// The differences that this patch decides: none of which nothing is written.
    pub(super) fn decided(&mut self, mapping: &Mapping) -> Vec<Difference> {
        let mut decided = std::mem::take(&mut self.differences);
        decided.retain(|difference| {
            let written = &self.patch[difference.taken.other()];
            let mut rules = difference.fields.iter().filter_map(|field| mapping.by_zoho(field));
            rules.any(|rule| written.contains_key(&rule))
        });
        decided
    }
}

impl Planner<'_> {
    /// Who wins a difference: what the person chose of these two values, else the sync's rule. Where
    /// nothing is known of what was last settled no rule can tell.
    pub(super) fn winner(
        &self,
        rule: usize,
        ids: &Pair<RecordId>,
        said: Pair<Option<&str>>,
        untold: bool,
    ) -> Option<Side> {
        let chosen = || {
            let field = &self.rules.mapping.rules().get(rule)?.zoho;
            let key = difference_key(ids, field, said.zoho, said.google);
            let chosen = self.rules.decisions.get(&key)?;
            Side::BOTH.into_iter().find(|side| side.name() == chosen)
        };
        let chosen = if self.chooses { chosen() } else { None };
        chosen.or(self.rules.winner.side().filter(|_| !untold))
    }

    /// Asks whose value counts, once for all parts of a whole.
    pub(super) fn ask_difference(
        &self,
        rule: usize,
        ids: &Pair<RecordId>,
        now: Pair<&Card>,
        out: &mut PairPatch,
    ) {
        let asked = self.difference(rule, ids, now, out).map(|(question, _)| question);
        out.open.extend(asked);
    }

    /// Notes that this side's value is taken, once for all parts of a whole.
    pub(super) fn note_difference(
        &self,
        rule: usize,
        ids: &Pair<RecordId>,
        now: Pair<&Card>,
        taken: Side,
        out: &mut PairPatch,
    ) {
        let noted = self.difference(rule, ids, now, out);
        out.differences.extend(noted.map(|(question, fields)| Difference {
            question,
            fields,
            taken,
        }));
    }

    fn difference(
        &self,
        rule: usize,
        ids: &Pair<RecordId>,
        now: Pair<&Card>,
        out: &PairPatch,
    ) -> Option<(Question, Vec<String>)> {
        let mapping = self.rules.mapping;
        let whole = out.together.get(&rule).map(|(_, first)| *first);
        let spec = mapping.rules().get(rule).filter(|_| whole.is_none_or(|f| f == rule))?;
        let parts: Vec<usize> = match whole {
            Some(first) => {
                let together = out.together.iter().filter(|(_, (_, of))| *of == first);
                together.map(|(part, _)| *part).collect()
            }
            None => vec![rule],
        };
        let values = Pair::of(|side| said(&parts, now[side]));
        // A person is told the part that differs, whichever the whole is asked about by.
        let differs =
            |part: &&usize| !mapping.same(**part, now.zoho.get(**part), now.google.get(**part));
        let named = parts.iter().find(differs).and_then(|part| mapping.rules().get(*part));
        let question = Question {
            key: difference_key(ids, &spec.zoho, values.zoho.as_deref(), values.google.as_deref()),
            contact: name(mapping, now.zoho),
            ids: both(ids),
            about: About::Difference {
                field: named.unwrap_or(spec).zoho.clone(),
                zoho: values.zoho,
                google: values.google,
            },
        };
        let others = parts.iter().filter(|part| **part != rule);
        let others = others.filter_map(|part| mapping.rules().get(*part));
        let fields = std::iter::once(spec).chain(others);
        Some((question, fields.map(|spec| spec.zoho.clone()).collect()))
    }
}
