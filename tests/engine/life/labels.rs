//! Labels in a life: they are changed and taken off, and that is no edit.

use rand::Rng;
use rand::seq::IndexedRandom;
use renraku_engine::core::contact::Side;

use super::Life;

impl Life {
    /// Whether labels no longer tell which of two merged numbers is the mobile one.
    pub(super) fn is_relabelled(&self, google: &str) -> bool {
        self.rig.phone_label(google).is_some_and(|label| label != "mobile")
    }

    /// Whether a person's phone number stands under a label that is not its place's.
    pub(super) fn is_odd(&self, google: &str) -> bool {
        self.rig.phone_label(google).is_some_and(|label| !["", "mobile"].contains(&label.as_str()))
    }

    /// A label is changed or taken off in Google, perhaps with the number: the number stays where
    /// it is in Zoho.
    pub(super) fn relabel(&mut self) {
        let Some((index, side, contact, card)) = self.somebody() else { return };
        let (Some(number), Some(person)) = (card.get("Mobile"), self.people.get(index)) else {
            return;
        };
        // Both were in step, so that the place has read this entry.
        let known = person.settled && person.agreed.get("Mobile") == Some(number);
        if side == Side::Zoho || !known || person.edits.contains_key("Mobile") {
            return;
        }
        const LABELS: [&str; 7] = ["", "", "mobile", "home", "other", "main", "villa"];
        let label = *LABELS.choose(&mut self.random).expect("some");
        let edited = label.is_empty() && !self.is_odd(&contact) && self.random.random();
        let next = if edited { self.value("Mobile") } else { number.clone() };
        self.rig.relabel_phone(&contact, label, &next);
        self.note(format!("{contact}'s phone is {next} under {label:?}"));
        self.typed(index, side, &contact, &card);
    }
}
