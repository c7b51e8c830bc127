//! One random life: what people, services and the program do in it, and what is looked at when it
//! stops.

use std::collections::BTreeSet;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use renraku_engine::api::{Outcome, ReviewItem, ReviewKind};
use renraku_engine::core::contact::{Module, Pair, Side};
use serde_json::json;

use super::people::{Card, card, id};
use super::reference::{Edit, FIELDS, Person, Rules};
use super::rig::{LAG, Rig, at, tally};

mod labels;
mod merges;

/// The field that the view looks at; it is not mapped.
const VIEW: &str = "Assistant";

/// One life.
pub(crate) struct Life {
    rig: Rig,
    random: StdRng,
    rules: Rules,
    people: Vec<Person>,
    runs: u32,
    /// Whether Google's lists trail behind what people do there.
    lag: bool,
    /// Whether the last run left something open, so that a create may have landed unheard.
    open: bool,
    values: u32,
    added: u32,
    /// What happened, for whoever replays it.
    pub(crate) steps: Vec<String>,
}

impl Life {
    pub(crate) async fn begin(seed: u64) -> Life {
        let mut random = StdRng::seed_from_u64(seed);
        let rules = Rules {
            target: *[None, None, None, Some(Side::Google), Some(Side::Zoho)]
                .choose(&mut random)
                .expect("some"),
            winner: if random.random() { Side::Zoho } else { Side::Google },
            on_delete: ["delete", "delete", "ask", "keep"].choose(&mut random).expect("some"),
            label: random.random_ratio(1, 3),
            view: random.random_ratio(1, 4),
            limit: if random.random_ratio(1, 4) { 2 } else { 500 },
        };
        let rig = Rig::new().await;
        let lag = random.random_ratio(1, 4);
        if lag {
            rig.control.set_switches(|switches| switches.google.write_lag_ms = 90_000);
        }
        let condition = format!("{VIEW} = 'Key'");
        let view =
            json!({"op": "view", "module": "Contacts", "name": "Key", "condition": condition});
        rig.act(Side::Zoho, view);
        let steps = vec![format!("{rules:?}")];
        let life = Life {
            rig,
            random,
            rules,
            people: Vec::new(),
            runs: 0,
            lag,
            open: false,
            values: 0,
            added: 0,
            steps,
        };
        life.set_up().await;
        life.rig.control.clear_requests();
        life
    }

    async fn set_up(&self) {
        let rules = &self.rules;
        let keys = json!({"direction": rules.direction(), "conflict_winner": rules.winner.name(),
                          "on_delete": rules.on_delete,
                          "google_label": rules.label.then_some("CRM"),
                          "zoho_view": rules.view.then_some("Key"),
                          "limits": {"first_run": 10_000, "later_run": rules.limit}});
        self.rig.contacts(keys).await;
    }

    fn note(&mut self, step: impl Into<String>) {
        self.steps.push(step.into());
    }

    fn side(&mut self) -> Side {
        if self.random.random() { Side::Zoho } else { Side::Google }
    }

    fn value(&mut self, field: &str) -> String {
        self.values += 1;
        match field {
            "Mobile" => format!("+1 212 556 {:04}", self.values),
            _ => format!("Value {}", self.values),
        }
    }

    /// The contacts of a side with this key.
    fn there(&self, side: Side, key: &str) -> Vec<(String, Card)> {
        let all = self.rig.everybody(side).into_iter();
        all.filter(|(_, card)| card.get("Email").is_some_and(|email| email == key)).collect()
    }

    pub(crate) fn add(&mut self) {
        self.added += 1;
        let number = self.added;
        let key = format!("p{number}@a.test");
        // Nobody can match a person that Google does not show yet.
        let both = !self.lag && self.random.random_ratio(1, 6);
        let born = match (both, self.side()) {
            (true, _) => Side::BOTH.to_vec(),
            (false, side) => vec![side],
        };
        let mut person = Person { key: key.clone(), ..Person::default() };
        for side in &born {
            let title = self.value("Title");
            let name = [format!("Given{number}"), format!("Family{number}")];
            let fields = card(&[
                ("First_Name", &name[0]),
                ("Last_Name", &name[1]),
                ("Email", &key),
                ("Title", &title),
            ]);
            let made =
                self.rig.add_with(*side, &fields, if self.rules.label { &["CRM"] } else { &[] });
            if *side == Side::Zoho && self.random.random_ratio(3, 4) {
                self.view(&made, true);
            }
            for (field, value) in [("First_Name", name[0].clone()), ("Title", title)] {
                let edit = Edit { value: Some(value), runs: self.runs };
                person.typed(&self.rules, *side, field, edit);
            }
        }
        if self.rules.target.is_some_and(|target| born == [target]) {
            person.alone = self.rules.target;
        }
        self.note(format!("{key} is added in {born:?}"));
        self.people.push(person);
    }

    fn view(&self, record: &str, inside: bool) {
        let value = if inside { Some("Key") } else { None };
        self.rig.act(
            Side::Zoho,
            json!({"op": "edit", "module": "Contacts", "record": record, "fields": {VIEW: value}}),
        );
    }

    /// A contact that somebody may touch: its person's place, its side, its id and card.
    fn somebody(&mut self) -> Option<(usize, Side, String, Card)> {
        let side = self.side();
        let all = self.rig.everybody(side).into_iter();
        let alive: Vec<(usize, String, Card)> = all
            .filter_map(|(contact, card)| {
                let mine = |person: &Person| card.get("Email") == Some(&person.key);
                let index = self.people.iter().position(mine)?;
                self.people.get(index)?.alone.is_none().then_some((index, contact, card))
            })
            .collect();
        let (index, contact, card) = alive.choose(&mut self.random)?.clone();
        Some((index, side, contact, card))
    }

    fn edit(&mut self) {
        let Some((index, side, contact, card)) = self.somebody() else { return };
        let field = *FIELDS.choose(&mut self.random).expect("some");
        // Under a label that is not its own an edited number is another one.
        if field == "Mobile" && side == Side::Google && self.is_odd(&contact) {
            return;
        }
        let clear = card.contains_key(field) && self.random.random_ratio(1, 5);
        let value = if clear { None } else { Some(self.value(field)) };
        self.rig.edit(side, &contact, field, value.as_deref());
        self.typed(index, side, &contact, &card);
    }

    /// What somebody changed in a contact, as its page shows it now.
    fn typed(&mut self, index: usize, side: Side, contact: &str, before: &Card) {
        let now = self.rig.card(side, contact).expect("it is there");
        let Some(person) = self.people.get_mut(index) else { return };
        for field in FIELDS.into_iter().filter(|field| before.get(*field) != now.get(*field)) {
            let edit = Edit { value: now.get(field).cloned(), runs: self.runs };
            self.steps.push(format!(
                "{} {field} := {:?} in {}",
                person.key,
                edit.value,
                side.name()
            ));
            person.typed(&self.rules, side, field, edit);
        }
    }

    fn delete(&mut self) {
        // Whoever deletes a contact that was created a moment ago without an answer leaves nothing
        // to tell that it was ever there: it is created again, and nobody can know better.
        if self.open {
            return;
        }
        let Some((index, side, contact, _)) = self.somebody() else { return };
        let key = self.people.get(index).map(|person| person.key.clone()).unwrap_or_default();
        let paired = !self.there(side.other(), &key).is_empty();
        let Some(person) = self.people.get_mut(index) else { return };
        // A list that lags still shows who was deleted a moment ago: such a stranger is taken for one
        // that is there, and nobody can know better.
        if self.lag && side == Side::Google && !paired {
            return;
        }
        // Nobody has linked the two yet: it would be the deletion of a stranger. And with whom it
        // was merged another contact would go too.
        if (paired && !person.settled) || person.absorbs.is_some() {
            return;
        }
        person.paired |= paired;
        person.gone[side] = true;
        self.rig.delete(side, &contact);
        self.note(format!("{key} is deleted in {}", side.name()));
    }

    fn move_scope(&mut self) {
        let Some((_, side, contact, _)) = self.somebody() else { return };
        let inside: bool = self.random.random();
        match side {
            Side::Google if self.rules.label => {
                let op = if inside { "add_to_label" } else { "remove_from_label" };
                self.rig.act(side, json!({"op": op, "label": "CRM", "contacts": [contact]}));
            }
            Side::Zoho if self.rules.view => self.view(&contact, inside),
            Side::Google | Side::Zoho => return,
        }
        self.note(format!("{contact} inside: {inside}"));
    }

    async fn run(&mut self) {
        let side = at(self.side());
        let nth: u64 = self.random.random_range(1..9);
        match self.random.random_range(0..6) {
            0 | 1 => {
                const FAULTS: [&str; 3] = ["drop_after", "drop_before", "truncate"];
                let action = *FAULTS.choose(&mut self.random).expect("some");
                let write = self.random.random_ratio(2, 3);
                let method = write.then_some("POST");
                let rule = json!({"side": side, "method": method, "nth": nth.div_ceil(2),
                                  "times": 1, "do": action});
                self.note(format!("fault {rule}"));
                self.rig.fault(rule);
            }
            2 => {
                let before: bool = self.random.random();
                let done = self.rig.killed_at(nth, before).await;
                self.runs += 1;
                self.open = true;
                self.note(format!("run, killed at call {nth}, before {before}: {done:?}"));
                return;
            }
            _ => {}
        }
        let run = self.rig.approve().await;
        self.rig.control.clear_rules();
        self.runs += 1;
        self.open = run.outcome != Outcome::Completed;
        self.note(format!("run: {:?} zoho {:?} google {:?}", run.outcome, run.zoho, run.google));
    }

    pub(crate) async fn step(&mut self) {
        match self.random.random_range(0..46) {
            0..=6 => self.add(),
            7..=20 => self.edit(),
            21..=23 => self.delete(),
            24..=27 => self.move_scope(),
            28..=35 => self.run().await,
            36 | 37 => {
                let what = "google_sync_tokens";
                self.rig.control.call("POST", "expire", json!({"what": what})).expect("expired");
                self.note("the sync token expires");
            }
            38 | 39 => {
                self.rig.later(if self.random.random() { LAG } else { Duration::from_secs(60) });
                self.note("time goes by");
            }
            40 => {
                self.rig.engine().set_enabled(Module::Contacts, false).expect("off");
                self.rig.reopen();
                self.rig.engine().set_enabled(Module::Contacts, true).expect("on");
                self.note("off, restarted, on");
            }
            41 => self.merge().await,
            42 => self.lose_database().await,
            43 | 44 => self.relabel().await,
            _ => self.stop().await,
        }
    }

    /// Both sides are in step when the database is lost: everybody is found again (B2).
    async fn lose_database(&mut self) {
        self.stop().await;
        if self.people.iter().any(|person| person.alone.is_some()) {
            return;
        }
        self.note("the database is lost");
        self.rig.lose_database().await;
        self.set_up().await;
        let run = self.rig.approve().await;
        self.note(format!("found again: {}, {:?} {:?}", run.matched, run.outcome, run.message));
        for side in Side::BOTH {
            assert_eq!(tally(&run, side).0, 0, "nobody is created again (B2): {run:?}");
        }
    }

    /// Everybody is back inside, everything settles, every question is answered, and all promises
    /// are looked at.
    pub(crate) async fn stop(&mut self) {
        self.note("stop");
        loop {
            let moved = self.back_inside();
            self.rig.settle().await;
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
        let known = [(Side::Zoho, &item.zoho_id), (Side::Google, &item.google)];
        let mut keys = known
            .iter()
            .filter_map(|(side, id)| self.rig.card(*side, id.as_ref()?)?.get("Email").cloned());
        let key = keys.next().expect("the question is about somebody");
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
    fn back_inside(&mut self) -> bool {
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

    fn look(&mut self) {
        let told = self.told();
        let stands = Pair::of(|side| self.rig.cards(side));
        let rules = self.rules.clone();
        self.people.retain_mut(|person| {
            let here = Pair::of(|side| {
                let mine = stands[side].iter().filter(|c| c.get("Email") == Some(&person.key));
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
