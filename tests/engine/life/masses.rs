//! Everybody vanishes from a side at once in a life: one question about all of them.

use rand::Rng;
use rand::seq::IndexedRandom;
use renraku_engine::api::ReviewItem;

use super::super::rig::{LAG, wrote};
use super::Life;
use super::returns::Lost;

/// So many that the loss of all is no everyday matter.
const MANY: usize = 11;

impl Life {
    /// All pairs lose an end on one side. Nothing is written for them before somebody has chosen.
    pub(super) async fn lose_many(&mut self) {
        // With a small limit a crowd takes longer than a test may.
        if self.rules.limit < 100 {
            return;
        }
        let crowd = if self.rules.target.is_some() { 2 * MANY } else { MANY };
        for _ in 0..crowd {
            self.add();
        }
        self.stop().await;
        // Who was just made where the view does not look stands outside it, and is nobody's loss.
        if self.back_inside() {
            self.stop().await;
        }
        let side = self.side();
        let mine: Vec<(usize, String)> = (self.people.iter().enumerate())
            .filter(|(_, person)| person.settled && person.alone.is_none())
            .map(|(index, person)| (index, person.key.clone()))
            .collect();
        if mine.len() < MANY {
            return;
        }
        for (index, key) in &mine {
            let Some((id, _)) = self.there(side, key).into_iter().next() else { continue };
            self.rig.delete(side, &id);
            if let Some(person) = self.people.get_mut(*index) {
                person.paired = true;
                person.gone[side] = true;
            }
            self.lost.push(Lost { key: key.clone(), side, id, runs: self.runs });
        }
        self.note(format!("{} contacts vanish in {}", mine.len(), side.name()));
        self.rig.later(LAG);
        let run = self.rig.sync().await;
        self.runs += 1;
        self.note(format!("run: {:?}, {} under Review", run.outcome, run.review));
        assert!(run.alarm, "it is told: {run:?}");
        assert_eq!(wrote(&run), 0, "nothing is written before somebody has chosen: {run:?}");
        if self.random.random() {
            self.restore();
        }
        self.stop().await;
    }

    /// What becomes of everybody who vanished.
    pub(super) fn answer_for_all(&mut self, item: &ReviewItem) {
        let choice = item.choices.choose(&mut self.random).cloned().expect("a choice");
        self.note(format!("{choice}: {}", item.reason));
        self.rig.engine().resolve(&[&item.item], &choice).expect("it is offered");
        for person in &mut self.people {
            let vanished = person.gone.zoho != person.gone.google && person.paired;
            if vanished && person.decided.is_none() && choice != "one_by_one" {
                let made = choice == "put_back";
                person.decided = Some(if made { "create".to_owned() } else { choice.clone() });
            }
        }
    }
}
