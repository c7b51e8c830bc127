//! What a Google person holds in one piece where Zoho has parts: an address or a name that nobody
//! split, a birthday in words. It stays where it is, and the person is told.

use crate::contact::{Pair, Record, RecordId, Side};
use crate::decision::piece_key;

use super::name::name;
use super::planner::Planner;
use super::question::{About, Question};

impl Planner<'_> {
    /// Asks about what a person holds in one piece and this sync would write if it had parts: towards
    /// Zoho, or over it from there. `ids` are empty where there is no counterpart yet.
    pub(super) fn ask_about_pieces(
        &mut self,
        ids: &Pair<RecordId>,
        records: Pair<Option<&Record>>,
    ) {
        let fields = self.in_pieces(&records);
        let Some(google) = records.google.filter(|_| !fields.is_empty()) else { return };
        let card = records.zoho.map_or(&google.card, |record| &record.card);
        let known = |id: &RecordId| Some(id.clone()).filter(|id| !id.is_empty());
        self.ask(Question {
            key: piece_key(&google.id, &fields),
            contact: name(self.rules.mapping, card),
            ids: Pair { zoho: known(&ids.zoho), google: known(&ids.google) },
            about: About::InOnePiece { fields },
        });
    }

    /// The first Zoho field of each place that the person holds in one piece and this sync would write
    /// if it had parts.
    pub(super) fn in_pieces(&self, records: &Pair<Option<&Record>>) -> Vec<String> {
        let mut fields = Vec::new();
        let Some(google) = records.google.filter(|record| !record.whole.is_empty()) else {
            return fields;
        };
        let mapping = self.rules.mapping;
        let zoho_says = |rule: &usize| records.zoho.is_some_and(|r| r.card.get(*rule).is_some());
        for slot in mapping.slots() {
            let mut rules = slot.rules.iter().map(|(rule, _)| *rule);
            let whole =
                |rule: &usize| google.whole.contains(rule) && !self.rules.held.contains(rule);
            let Some(first) = rules.clone().filter(whole).min() else { continue };
            let writes = |side: Side| self.rules.direction.writes(side);
            if writes(Side::Zoho) || (writes(Side::Google) && rules.any(|rule| zoho_says(&rule))) {
                fields.extend(mapping.rules().get(first).map(|spec| spec.zoho.clone()));
            }
        }
        fields
    }
}
