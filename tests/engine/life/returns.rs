//! Contacts that come back: out of a bin, or with an address book that is imported again.

use rand::Rng;
use renraku_engine::core::contact::Side;
use serde_json::{Map, Value, json};

use super::super::people::{Card, id};
use super::super::reference::FIELDS;
use super::super::rig::{LAG, tally, wrote};
use super::Life;
use super::fields::Way;

/// What an address book's file holds.
const GOOGLE: [&str; 10] = [
    "names",
    "nicknames",
    "emailAddresses",
    "phoneNumbers",
    "addresses",
    "organizations",
    "birthdays",
    "biographies",
    "userDefined",
    "relations",
];
const ZOHO: [&str; 12] = [
    "First_Name",
    "Last_Name",
    "Email",
    "Secondary_Email",
    "Phone",
    "Mobile",
    "Title",
    "Description",
    "Date_of_Birth",
    "Skype_ID",
    "Twitter",
    super::VIEW,
];

/// A contact in a bin.
#[derive(Clone, Debug)]
pub(super) struct Lost {
    pub(super) key: String,
    pub(super) side: Side,
    pub(super) id: String,
    /// After how many runs it was deleted.
    pub(super) runs: u32,
}

/// Whether two contacts are told to be one person without their link: by the name, and where no address
/// is the key also by what each can be reached at.
fn are_one(keyed: bool, a: &Card, b: &Card) -> bool {
    let fields: &[&str] = match keyed {
        true => &["First_Name"],
        false => &["First_Name", "Mobile", "Secondary_Email"],
    };
    fields.iter().all(|field| a.get(*field) == b.get(*field))
}

/// What an address book's file holds of a contact.
pub(super) fn filed(side: Side, raw: &Value) -> Value {
    let names: &[&str] = match side {
        Side::Zoho => &ZOHO,
        Side::Google => &GOOGLE,
    };
    let there = |name: &&&str| raw.get(**name).is_some_and(|value| !value.is_null());
    let fields = names
        .iter()
        .filter(there)
        .filter_map(|name| Some(((*name).to_owned(), raw.get(*name)?.clone())));
    Value::Object(fields.collect::<Map<_, _>>())
}

impl Life {
    /// Whether the two contacts of a person are told to be one without their link.
    pub(super) fn is_one(&self, key: &str) -> bool {
        let card = |side: Side| self.there(side, key).into_iter().next().map(|(_, card)| card);
        let person = self.people.iter().find(|person| person.key == *key);
        person.is_some_and(|person| match (card(Side::Zoho), card(Side::Google)) {
            (Some(zoho), Some(google)) => are_one(person.keyed, &zoho, &google),
            (Some(_) | None, _) => true,
        })
    }

    /// Somebody comes back out of the bin.
    pub(super) fn restore(&mut self) {
        if self.lost.is_empty() {
            return;
        }
        let at = self.random.random_range(0..self.lost.len());
        let lost = self.lost.swap_remove(at);
        // Whoever is kept alone stays so.
        if self.rules.on_delete == "keep" && lost.runs != self.runs {
            return;
        }
        self.bring_back(&lost);
    }

    /// Puts a contact back as its service does: with its old times, or under a new id.
    pub(super) fn bring_back(&mut self, lost: &Lost) -> bool {
        let (side, other) = (lost.side, lost.side.other());
        let Some(index) = self.people.iter().position(|person| person.key == lost.key) else {
            return false;
        };
        let stands = self.there(other, &lost.key).into_iter().next();
        let Some(person) = self.people.get_mut(index) else { return false };
        if person.gone[other] || person.decided.is_some() {
            return false;
        }
        let known = person.paired;
        let before = self.rig.binned(side, &lost.id);
        let keyed = person.keyed;
        let alike = stands.as_ref().is_none_or(|(_, card)| are_one(keyed, card, &before));
        let unseen = self
            .hidden
            .as_ref()
            .is_some_and(|hidden| hidden.way == Way::Gone || hidden.field == "First_Name");
        let new_id = side == Side::Google && alike && !unseen && self.random.random();
        let act = match side {
            Side::Zoho => json!({"op": "restore", "module": "Contacts", "record": lost.id}),
            Side::Google => json!({"op": "restore", "contact": lost.id, "same_id": !new_id}),
        };
        self.rig.act(side, act);
        self.note(format!("{} is restored in {}, under a new id: {new_id}", lost.key, side.name()));
        let Some(person) = self.people.get_mut(index) else { return false };
        person.gone[side] = false;
        if stands.is_none() && (known || lost.runs != self.runs) {
            // It went on the other side too by then.
            person.revived = Some(side);
            person.edits.values_mut().for_each(|edits| edits[other] = None);
        } else if new_id && stands.is_some() {
            person.renew();
            self.afresh(index, &FIELDS);
        }
        true
    }

    /// A whole address book is deleted and imported again.
    pub(super) async fn import_again(&mut self) {
        self.stop().await;
        let side = self.side();
        let mine = |life: &Life, key: &String| {
            let mut people = life.people.iter().filter(|person| person.key == *key);
            people.any(|person| person.settled && person.alone.is_none() && life.is_one(key))
        };
        let everybody = self.rig.everybody(side).into_iter();
        let (ids, keys): (Vec<String>, Vec<String>) = everybody
            .filter_map(|(id, mut card)| Some((id, card.remove("Last_Name")?)))
            .filter(|(_, key)| mine(self, key))
            .unzip();
        let all: Vec<Value> =
            self.rig.raws(side).into_iter().filter(|raw| ids.contains(&id(raw))).collect();
        for id in &ids {
            self.rig.delete(side, id);
        }
        if self.rules.on_delete == "ask" && self.random.random() {
            self.rig.later(LAG);
            let run = self.rig.approve().await;
            self.runs += 1;
            self.note(format!(
                "run while they are gone: {:?}, {} under Review",
                run.outcome, run.review
            ));
            assert_eq!(wrote(&run), 0, "it is asked first (P10): {run:?}");
        }
        for raw in all {
            self.make_again(side, &raw);
        }
        self.note(format!(
            "{} contacts are deleted and imported again in {}",
            ids.len(),
            side.name()
        ));
        if self.lag {
            self.rig.later(LAG);
        }
        for index in 0..self.people.len() {
            let Some(person) = self.people.get_mut(index) else { continue };
            if keys.contains(&person.key) {
                person.renewed = true;
                self.afresh(index, &FIELDS);
            }
        }
        if self.random.random() {
            self.rig.later(LAG);
            let run = self.rig.approve().await;
            self.runs += 1;
            self.note(format!("run: {:?}", run.outcome));
            for side in Side::BOTH {
                let (created, _, deleted) = tally(&run, side);
                assert_eq!((created, deleted), (0, 0), "they are known by what they are: {run:?}");
            }
        }
    }
}
