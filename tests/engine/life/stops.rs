//! Where a life stops: everything settles, every question is answered, and all promises are looked at.

use std::collections::BTreeSet;

use rand::Rng;
use rand::seq::IndexedRandom;
use renraku_engine::api::{ReviewItem, ReviewKind};
use renraku_engine::core::contact::{Pair, Side};
use serde_json::json;

use super::super::people::id;
use super::{Life, VIEW};

impl Life {
    /// Everybody is back inside, everything settles, every question is answered, and all promises
    /// are looked at.
    pub(crate) async fn stop(&mut self) {
        self.note("stop");
        self.reveal();
        self.ungarble();
        loop {
            let moved = self.back_inside();
            let before = self.kept();
            self.rig.settle().await;
            self.check(&before);
            let asked: Vec<ReviewItem> =
                self.rig.review().into_iter().filter(|item| item.chosen.is_none()).collect();
            if !moved && asked.is_empty() {
                break;
            }
            for item in asked {
                self.answer(&item);
            }
        }
        self.look();
    }

    fn answer(&mut self, item: &ReviewItem) {
        let known = [(Side::Zoho, &item.zoho_id), (Side::Google, &item.google)];
        let keys: Vec<String> = known
            .iter()
            .filter_map(|(side, id)| self.rig.card(*side, id.as_ref()?)?.get("Last_Name").cloned())
            .collect();
        if item.choices.iter().any(|choice| choice == "link") {
            assert!(matches!(keys.as_slice(), [a, b] if a == b), "one person: {item:?}");
            self.note(format!("link: {}", item.reason));
            self.rig.engine().resolve(&[&item.item], "link").expect("it is offered");
            return;
        }
        if item.kind == ReviewKind::MassChange {
            self.answer_for_all(item);
            return;
        }
        if item.kind == ReviewKind::Difference {
            let choice = item.choices.choose(&mut self.random).expect("a choice");
            self.steps.push(format!("{choice}: {}", item.reason));
            self.rig.engine().resolve(&[&item.item], choice).expect("it is offered");
            return;
        }
        if item.kind == ReviewKind::Unreadable {
            // It stays in one piece, as the reference has it.
            self.note(format!("ignore: {}", item.reason));
            self.rig.engine().resolve(&[&item.item], "ignore").expect("it is offered");
            return;
        }
        let lost = self.lost.iter().position(|lost| keys.contains(&lost.key));
        if let Some(lost) =
            lost.filter(|_| item.kind == ReviewKind::Deletion && self.random.random_ratio(1, 3))
        {
            let lost = self.lost.swap_remove(lost);
            if self.bring_back(&lost) {
                return;
            }
        }
        // The reference knows no contact that is made anew: putting back has tests of its own.
        let known: Vec<&String> = item.choices.iter().filter(|c| *c != "put_back").collect();
        let choice = known.choose(&mut self.random).map(|c| (*c).clone()).expect("a choice");
        self.note(format!("{choice}: {}", item.reason));
        self.rig.engine().resolve(&[&item.item], &choice).expect("it is offered");
        if item.kind == ReviewKind::Match {
            // Two that were merged on one side: there is nothing to choose.
            assert_eq!(item.choices, ["keep"], "nobody is taken for somebody else: {item:?}");
            return;
        }
        let key = keys.into_iter().next().expect("the question is about somebody");
        let person = self.people.iter_mut().find(|person| person.key == key);
        let person = person.expect("the question is about somebody known");
        if choice == "create" {
            // What was typed into the lost contact went with it, by its person's own hand.
            person.drift.clear();
            for edits in person.edits.values_mut() {
                let target = self.rules.target.expect("only a target is created again");
                edits[target] = None;
            }
        }
        person.decided = Some(choice);
    }

    /// Whether anybody was outside.
    pub(super) fn back_inside(&mut self) -> bool {
        let mut outside = BTreeSet::new();
        if self.rules.view {
            let all = self.rig.raws(Side::Zoho);
            let out = all.iter().filter(|raw| raw.get(VIEW).is_none_or(|value| value != "Key"));
            for record in out.map(id) {
                self.view(&record, true);
                outside.insert(record);
            }
        }
        if self.rules.label {
            let members = self.rig.members("CRM");
            let all = self.rig.raws(Side::Google);
            let out = all.iter().map(id).filter(|id| !members.contains(id)).collect::<Vec<_>>();
            if !out.is_empty() {
                let act = json!({"op": "add_to_label", "label": "CRM", "contacts": out});
                self.rig.act(Side::Google, act);
            }
            outside.extend(out);
        }
        !outside.is_empty()
    }

    /// Every value that any run ever wrote over.
    fn told(&self) -> BTreeSet<String> {
        let runs = self.rig.engine().history().expect("the history").runs;
        let changes = runs.iter().flat_map(|run| self.rig.history(run.run).changes);
        changes.flat_map(|change| [change.before, change.overwritten]).flatten().collect()
    }

    /// Every number that stands in Google: what fills no place stays where it is.
    fn numbers(&self) -> BTreeSet<String> {
        let people = self.rig.raws(Side::Google);
        let lists = people.iter().filter_map(|person| person.get("phoneNumbers")?.as_array());
        let numbers = lists.flatten().filter_map(|entry| entry.get("value")?.as_str());
        numbers.map(str::to_owned).collect()
    }

    fn look(&mut self) {
        self.nobody_differs_in_silence();
        self.lost.clear();
        let told: BTreeSet<String> = self.told().into_iter().chain(self.numbers()).collect();
        let stands = Pair::of(|side| self.rig.cards(side));
        let rules = self.rules.clone();
        self.people.retain_mut(|person| {
            let here = Pair::of(|side| {
                let mine = stands[side].iter().filter(|c| c.get("Last_Name") == Some(&person.key));
                mine.cloned().collect::<Vec<_>>()
            });
            person.look(&rules, &here, &told)
        });
        if let Some(target) = self.rules.target {
            let writes = self.rig.writes(target.other());
            assert_eq!(writes, Vec::<String>::new(), "the source is not written (P6)");
        }
    }
}
