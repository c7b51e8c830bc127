//! Labels in a life: they are changed and taken off, and that is no edit.

use rand::Rng;
use rand::seq::IndexedRandom;
use renraku_engine::core::contact::Side;

use super::super::people::Card;
use super::super::reference::Person;
use super::Life;

/// Labels that have a place of their own beside the one of the number that people change.
const OTHERS: [&str; 2] = ["home", "other"];

impl Life {
    /// Whether labels no longer tell which of two merged numbers is the mobile one.
    pub(super) fn is_relabelled(&self, google: &str) -> bool {
        self.rig.phone_label(google).is_some_and(|label| label != "mobile")
    }

    /// A label is changed or taken off in Google, perhaps with the number: the number stays where
    /// it is in Zoho. Both are in step before, so that the place has read this entry.
    pub(super) async fn relabel(&mut self) {
        self.stop().await;
        let Some((google, number)) = self.numbered().await else { return };
        const LABELS: [&str; 7] = ["", "", "mobile", "home", "other", "main", "villa"];
        let label = *LABELS.choose(&mut self.random).expect("some");
        // Under a label that has a place of its own it would be another number.
        let edited = !OTHERS.contains(&label) && self.random.random();
        let next = if edited { self.value("Mobile") } else { number };
        let Some(before) = self.rig.card(Side::Google, &google) else { return };
        self.rig.relabel_phone(&google, label, &next);
        self.note(format!("{google}'s phone is {next} under {label:?}"));
        let mine = |person: &Person| before.get("Last_Name") == Some(&person.key);
        if let Some(index) = self.people.iter().position(mine) {
            self.typed(index, Side::Google, &google, &before);
        }
        if OTHERS.contains(&label) {
            // Edited before anybody has seen it there it would be another number.
            self.stop().await;
        }
    }

    /// Somebody in step who has a mobile number: the id in Google, and the number. Where nobody has
    /// one somebody gets it.
    async fn numbered(&mut self) -> Option<(String, String)> {
        let all = |life: &Life| -> Vec<(String, Card)> {
            let there = life.rig.everybody(Side::Google).into_iter();
            let known = |card: &Card| {
                let mine = |person: &&Person| card.get("Last_Name") == Some(&person.key);
                let person = life.people.iter().find(mine);
                person.is_some_and(|person| person.alone.is_none() && person.settled)
            };
            there.filter(|(_, card)| known(card)).collect()
        };
        let (id, card) = all(self).choose(&mut self.random)?.clone();
        if card.contains_key("Mobile") {
            return Some((id, card.get("Mobile")?.clone()));
        }
        let source = self.rules.target.map_or(Side::Google, Side::other);
        let key = card.get("Last_Name")?.clone();
        let (contact, before) = self.there(source, &key).into_iter().next()?;
        let index = self.people.iter().position(|person| person.key == key)?;
        let number = self.value("Mobile");
        self.rig.edit(source, &contact, "Mobile", Some(&number));
        self.typed(index, source, &contact, &before);
        self.stop().await;
        self.rig.card(Side::Google, &id).filter(|card| card.get("Mobile") == Some(&number))?;
        Some((id, number))
    }
}
