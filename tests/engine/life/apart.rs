//! Somebody is set apart in a life, and made again on one side.

use rand::Rng;
use renraku_engine::core::contact::Side;
use serde_json::Value;

use super::super::reference::FIELDS;
use super::super::rig::{LAG, tally};
use super::Life;

impl Life {
    /// Somebody is left out or unlinked, deleted on one side and made again there: nobody is made beside
    /// them, and once they are taken up again the two are one pair.
    pub(super) async fn set_apart(&mut self) {
        self.stop().await;
        let Some((index, side, gone, _)) = self.somebody() else { return };
        let Some(person) = self.people.get(index) else { return };
        let key = person.key.clone();
        let stays = self.there(side.other(), &key).into_iter().next();
        let Some((stays, _)) = stays.filter(|_| person.settled && self.is_one(&key)) else {
            return;
        };
        let left_out: bool = self.random.random();
        let zoho = if side == Side::Zoho { &gone } else { &stays };
        let contact = format!("Contacts:{zoho}");
        match left_out {
            true => self.rig.engine().leave_out(&[contact]).await.expect("it is left out"),
            false => self.rig.engine().unlink(&contact).await.expect("it is unlinked"),
        }
        let raw = self.rig.raw(side, &gone).expect("it is there");
        if self.random.random() {
            self.run_and_make_nobody().await;
        }
        self.rig.delete(side, &gone);
        if self.random.random() {
            self.rig.later(LAG);
            self.run_and_make_nobody().await;
        }
        let again = self.make_again(side, &raw);
        self.note(format!("{key} is set apart, left out: {left_out}, made again in {side:?}"));
        self.rig.later(LAG);
        self.run_and_make_nobody().await;
        let is_it =
            |id: &Option<String>| id.as_ref().is_some_and(|id| [&stays, &again].contains(&id));
        let mut rows = self.rig.listed(&key);
        rows.retain(|row| is_it(&row.zoho_id) || is_it(&row.google));
        let rows: Vec<String> = rows.into_iter().map(|row| row.contact).collect();
        self.rig.engine().take_up(&rows).await.expect("it is taken up");
        self.run_and_make_nobody().await;
        if let Some(person) = self.people.get_mut(index) {
            person.renewed = true;
            self.afresh(index, &FIELDS);
        }
    }

    async fn run_and_make_nobody(&mut self) {
        let run = self.rig.approve().await;
        self.runs += 1;
        self.note(format!("run: {:?}", run.outcome));
        for side in Side::BOTH {
            let (created, _, deleted) = tally(&run, side);
            assert_eq!((created, deleted), (0, 0), "they are known by what they are: {run:?}");
        }
    }

    /// A contact is made again as an address book's file holds it; its new id.
    pub(super) fn make_again(&self, side: Side, raw: &Value) -> String {
        let labels: &[&str] = if self.rules.label { &["CRM"] } else { &[] };
        self.rig.make(side, super::returns::filed(side, raw), labels)
    }
}
