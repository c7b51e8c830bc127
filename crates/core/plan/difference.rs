//! A difference where the person decides: it waits, and nothing is overwritten before.

use crate::contact::{Card, Pair, RecordId, Side};
use crate::decision::difference_key;

use super::fields::Fields;
use super::whole::said;
use super::{About, Planner, Question, both, name};

impl Planner<'_> {
    /// Who wins a difference: the sync's rule, or what the person chose of these two values. Where the
    /// base is doubted no rule can tell.
    pub(super) fn winner(
        &self,
        rule: usize,
        ids: &Pair<RecordId>,
        said: Pair<Option<&str>>,
        doubted: bool,
    ) -> Option<Side> {
        self.rules.winner.side().filter(|_| !doubted).or_else(|| {
            let field = &self.rules.mapping.rules().get(rule)?.zoho;
            let key = difference_key(ids, field, said.zoho, said.google);
            let chosen = self.rules.decisions.get(&key)?;
            Side::BOTH.into_iter().find(|side| side.name() == chosen)
        })
    }

    /// Asks whose value counts, once for all parts of a whole.
    pub(super) fn ask_difference(
        &self,
        rule: usize,
        ids: &Pair<RecordId>,
        now: Pair<&Card>,
        out: &mut Fields,
    ) {
        let mapping = self.rules.mapping;
        let whole = out.together.get(&rule).map(|(_, first)| *first);
        let Some(spec) = mapping.rules().get(rule).filter(|_| whole.is_none_or(|f| f == rule))
        else {
            return;
        };
        let parts: Vec<usize> = match whole {
            Some(first) => {
                let together = out.together.iter().filter(|(_, (_, of))| *of == first);
                together.map(|(part, _)| *part).collect()
            }
            None => vec![rule],
        };
        let values = Pair::of(|side| said(&parts, now[side]));
        out.open.push(Question {
            key: difference_key(ids, &spec.zoho, values.zoho.as_deref(), values.google.as_deref()),
            contact: name(mapping, now.zoho),
            ids: both(ids),
            about: About::Difference {
                field: spec.zoho.clone(),
                zoho: values.zoho,
                google: values.google,
            },
        });
    }
}
