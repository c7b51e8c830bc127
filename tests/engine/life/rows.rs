//! The setup of a life: its mapping's rows are new, point elsewhere, or go.

use rand::Rng;
use rand::seq::IndexedRandom;
use renraku_engine::api::Outcome;
use renraku_engine::core::contact::{Module, Pair, Side};
use renraku_engine::core::mapping::defaults;
use serde_json::{Value, json};

use super::super::people::{ROWS, Row};
use super::super::rig::wrote;
use super::Life;

/// The places in which a field may live. Skype's is no row at first.
pub(super) const CHOICES: [Row; 11] = [
    ("Title", "organizations", "", "title"),
    ("Title", "nicknames", "", "value"),
    ("Title", "userDefined", "Post", "value"),
    ("Description", "biographies", "", "value"),
    ("Description", "userDefined", "Note", "value"),
    ("Mobile", "phoneNumbers", "mobile", "value"),
    ("Mobile", "phoneNumbers", "main", "value"),
    ("Secondary_Email", "emailAddresses", "home", "value"),
    ("Date_of_Birth", "birthdays", "", "date"),
    ("Skype_ID", "userDefined", "Skype", "value"),
    ("Skype_ID", "nicknames", "", "value"),
];

/// The rows at first: the wizard's, as far as people type in them.
pub(super) fn first() -> Vec<Row> {
    let birthday = CHOICES.into_iter().filter(|row| row.0 == "Date_of_Birth");
    ROWS.into_iter().chain(birthday).collect()
}

/// A row's place as a setup writes it.
fn place(row: &Row) -> String {
    let (_, list, label, part) = *row;
    let label = if label.is_empty() { String::new() } else { format!("[{label}]") };
    let part = if ["value", "date"].contains(&part) { String::new() } else { format!(".{part}") };
    format!("{list}{label}{part}")
}

impl Life {
    /// The mapping as a setup writes it; the rows that nobody types in are the wizard's.
    pub(super) fn mapping(&self) -> Value {
        let ours = |field: &str| CHOICES.iter().any(|row| row.0 == field);
        let rest = defaults(Module::Contacts).into_iter().filter(|(field, _)| !ours(field));
        let rest = rest.map(|(field, google)| json!({"zoho": field, "google": google}));
        let mine = self.rig.rows.iter().filter(|row| ours(row.0));
        let mine = mine.map(|row| json!({"zoho": row.0, "google": place(row)}));
        rest.chain(mine).collect()
    }

    /// A row goes, comes, or points elsewhere. Nothing is written for it before somebody approved.
    pub(super) async fn remap(&mut self) {
        self.stop().await;
        let field = CHOICES.choose(&mut self.random).expect("some").0;
        let free =
            |row: &&Row| !self.rig.rows.iter().any(|r| (r.1, r.2, r.3) == (row.1, row.2, row.3));
        let mut next: Vec<Option<Row>> =
            CHOICES.iter().filter(|row| row.0 == field).filter(free).copied().map(Some).collect();
        // Without a row of its own a number would fill another one's.
        if field != "Mobile" {
            next.push(None);
        }
        let Some(next) = next.choose(&mut self.random).copied() else { return };
        self.rig.rows.retain(|row| row.0 != field);
        self.rig.rows.extend(next);
        self.note(format!("{field} is mapped to {next:?}"));
        for index in 0..self.people.len() {
            self.afresh(index, &[field]);
        }
        if self.random.random() {
            self.rules.winner = self.rules.winner.other();
            self.note(format!("{} wins", self.rules.winner.name()));
        }
        self.set_up().await;
        if self.random.random() {
            let before = Pair::of(|side| self.rig.everybody(side));
            let run = self.rig.sync().await;
            self.runs += 1;
            self.note(format!("run, not approved: {:?}", run.outcome));
            let held = run.outcome == Outcome::Held;
            assert!(held || wrote(&run) == 0, "nothing that was not shown: {run:?}");
            assert_eq!(before, Pair::of(|side| self.rig.everybody(side)), "nothing is written");
        }
    }

    /// What the two sides said of these fields of a person counts no more.
    pub(super) fn afresh(&mut self, index: usize, fields: &[&'static str]) {
        let Some(key) = self.people.get(index).map(|person| person.key.clone()) else { return };
        let cards =
            Pair::of(|side: Side| self.there(side, &key).into_iter().next().map(|(_, card)| card));
        for field in fields {
            let now =
                Pair::of(|side| cards[side].as_ref().and_then(|card| card.get(*field)).cloned());
            if let Some(person) = self.people.get_mut(index) {
                person.afresh(&self.rules, field, &now, self.runs);
            }
        }
    }
}
