//! Companies that Zoho keeps no account of, and gets none of for now.

use crate::contact::{Card, Pair, RecordId, Side};
use crate::field::Kind;

use super::patch::PairPatch;
use super::planner::Planner;

impl Planner<'_> {
    /// Takes them out of what is written to Zoho, and asks about each; true where there are any. The rest
    /// of the contact goes on, a new one too. `google` is who names them.
    pub(super) fn without_accounts(
        &mut self,
        out: &mut PairPatch,
        ids: &Pair<RecordId>,
        google: &Card,
        contact: impl Fn() -> String,
    ) -> bool {
        if self.rules.companies.is_empty() {
            return false;
        }
        let mapping = self.rules.mapping;
        let rules = mapping.rules().iter().enumerate();
        for (rule, _) in rules.filter(|(_, spec)| spec.kind == Kind::Company) {
            let named = out.patch.zoho.get(&rule).and_then(Option::as_deref);
            let Some(misfit) = named.and_then(|name| self.rules.companies.get(name)) else {
                continue;
            };
            out.take_back(mapping, Side::Zoho, rule);
            out.without_account.insert(rule);
            let value = google.get(rule).unwrap_or_default();
            self.ask_misfit(ids, (rule, Side::Zoho), misfit.clone(), value, contact());
        }
        !out.without_account.is_empty()
    }
}
