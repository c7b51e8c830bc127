//! One random life: what people, services and the program do in it, and what is looked at when it
//! stops.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use renraku_engine::api::Outcome;
use renraku_engine::core::contact::{Module, Side};
use serde_json::json;

use super::people::{Card, card, google_fields};
use super::reference::{Edit, FIELDS, Person, Rules};
use super::rig::{LAG, Rig, at, tally};

mod apart;
mod calm;
mod fields;
mod labels;
mod masses;
mod merges;
mod returns;
mod rows;
mod stops;
mod watch;

use fields::{Hidden, Odd};
use returns::Lost;

/// The field that the view looks at; it is not mapped.
const VIEW: &str = "Assistant";

/// From this seed on lives are wide: differences are asked about, everybody vanishes at once, a person
/// has a hundred numbers, days stand at the end of a month. Older lives stay as they were, so that their
/// seeds tell the same.
pub(crate) const WIDE: u64 = 10_000;

/// One life.
pub(crate) struct Life {
    rig: Rig,
    random: StdRng,
    rules: Rules,
    /// Whether its people do everything that people may do.
    wide: bool,
    people: Vec<Person>,
    runs: u32,
    /// Whether Google's lists trail behind what people do there.
    lag: bool,
    /// Whether the last run left something open, so that a create may have landed unheard.
    open: bool,
    values: u32,
    added: u32,
    /// Who was deleted since the last stop.
    lost: Vec<Lost>,
    hidden: Option<Hidden>,
    odd: Option<Odd>,
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
            asks: false,
            on_delete: ["delete", "delete", "ask", "keep"].choose(&mut random).expect("some"),
            label: random.random_ratio(1, 3),
            view: random.random_ratio(1, 4),
            limit: if random.random_ratio(1, 4) { 2 } else { 500 },
        };
        let wide = seed >= WIDE;
        let asks = wide && rules.target.is_none() && random.random_ratio(1, 3);
        let rules = Rules { asks, ..rules };
        let mut rig = Rig::new().await;
        rig.rows = rows::first();
        let (strict, bumps): (bool, bool) = (random.random(), random.random());
        rig.control.set_switches(|switches| {
            switches.zoho.refuse_unknown_fields = strict;
            switches.zoho.restore_bumps = bumps;
        });
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
            wide,
            people: Vec::new(),
            runs: 0,
            lag,
            open: false,
            values: 0,
            added: 0,
            lost: Vec::new(),
            hidden: None,
            odd: None,
            steps,
        };
        life.set_up().await;
        life.rig.control.clear_requests();
        life
    }

    async fn set_up(&self) {
        let rules = &self.rules;
        let winner = if rules.asks { "ask" } else { rules.winner.name() };
        let keys = json!({"mapping": self.mapping(), "direction": rules.direction(), "conflict_winner": winner,
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
            "Secondary_Email" => format!("s{}@b.test", self.values),
            "Date_of_Birth" => {
                let number = self.values;
                if self.wide && number.is_multiple_of(3) {
                    return format!("{}-02-29", 1904 + number / 3 * 4);
                }
                let (year, month) = (1950 + number / 12, 1 + number % 12);
                format!("{year}-{month:02}-{:02}", 1 + number % 28)
            }
            _ => format!("Value {}", self.values),
        }
    }

    /// The contacts of a side with this key.
    fn there(&self, side: Side, key: &str) -> Vec<(String, Card)> {
        let all = self.rig.everybody(side).into_iter();
        all.filter(|(_, card)| card.get("Last_Name").is_some_and(|name| name == key)).collect()
    }

    pub(crate) fn add(&mut self) {
        self.added += 1;
        let number = self.added;
        let key = format!("Family{number}");
        // Nobody can match a person that Google does not show yet.
        let both = !self.lag && self.random.random_ratio(1, 6);
        let born = match (both, self.side()) {
            (true, _) => Side::BOTH.to_vec(),
            (false, side) => vec![side],
        };
        // Two that were added apart are one person by their address; one may have none.
        const LABELS: [Option<&str>; 8] = [
            Some("work"),
            Some("work"),
            Some("work"),
            Some("work"),
            Some(""),
            Some("other"),
            Some("club"),
            None,
        ];
        let label = *LABELS.choose(&mut self.random).expect("some");
        let label = if both { label.or(Some("work")) } else { label };
        let keyed = match born.as_slice() {
            [Side::Google] => label.is_some_and(|label| label != "club"),
            _ => label.is_some(),
        };
        let mut person = Person { key: key.clone(), keyed, ..Person::default() };
        for side in &born {
            let title = self.value("Title");
            let given = format!("Given{number}");
            let email = format!("p{number}@a.test");
            let mut fields = card(&[("First_Name", &given), ("Last_Name", &key)]);
            // A row for it may be away.
            if self.rig.rows.iter().any(|row| row.0 == "Title" && row.1 == "organizations") {
                fields.insert("Title".to_owned(), title.clone());
            }
            let typed: Vec<(&'static str, Option<String>)> =
                ["First_Name", "Title"].map(|field| (field, fields.get(field).cloned())).to_vec();
            let made = match side {
                Side::Zoho => {
                    fields.extend(label.map(|_| ("Email".to_owned(), email)));
                    self.rig.add(*side, &fields)
                }
                Side::Google => {
                    let mut person = google_fields(&fields);
                    let entry = label.map(|label| json!([{"value": email, "type": label}]));
                    person.extend(entry.map(|entry| ("emailAddresses".to_owned(), entry)));
                    let labels: &[&str] = if self.rules.label { &["CRM"] } else { &[] };
                    self.rig.make(*side, json!(person), labels)
                }
            };
            if *side == Side::Zoho && self.random.random_ratio(3, 4) {
                self.view(&made, true);
            }
            for (field, value) in typed {
                if value.is_some() {
                    person.typed(&self.rules, *side, field, Edit { value, runs: self.runs });
                }
            }
        }
        if self.rules.target.is_some_and(|target| born == [target]) {
            person.alone = self.rules.target;
        }
        self.note(format!("{key} is added in {born:?}, e-mail under {label:?}"));
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
                let mine = |person: &Person| card.get("Last_Name") == Some(&person.key);
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
        let mapped = self.rig.rows.iter().any(|row| row.0 == field);
        // A day typed where Google holds words is a birthday like any other.
        let dated = side == Side::Google && field == "Date_of_Birth";
        let open = self.people.get(index).is_some_and(|person| dated || person.is_open(field));
        if !mapped || !open || self.is_out_of_sight(side, field) {
            return;
        }
        let clear = card.contains_key(field) && self.random.random_ratio(1, 5);
        let value = if clear { None } else { Some(self.value(field)) };
        self.rig.edit(side, &contact, field, value.as_deref());
        if let Some(person) = self.people.get_mut(index).filter(|_| dated) {
            person.closed.remove(field);
        }
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
        if (paired && !person.settled) || person.absorbs.is_some() || person.renewed {
            return;
        }
        person.paired |= paired;
        person.gone[side] = true;
        self.rig.delete(side, &contact);
        self.note(format!("{key} is deleted in {}", side.name()));
        self.lost.push(Lost { key, side, id: contact, runs: self.runs });
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
        let before = self.kept();
        self.run_as_it_may().await;
        self.runs += 1;
        self.check(&before);
    }

    /// A run in good or bad weather, or one that is killed.
    async fn run_as_it_may(&mut self) {
        let side = at(self.side());
        let nth: u64 = self.random.random_range(1..9);
        let mut fault = None;
        match self.random.random_range(0..6) {
            0 | 1 => {
                const FAULTS: [&str; 3] = ["drop_after", "drop_before", "truncate"];
                let action = *FAULTS.choose(&mut self.random).expect("some");
                let write = self.random.random_ratio(2, 3);
                let method = write.then_some("POST");
                let rule = json!({"side": side, "method": method, "nth": nth.div_ceil(2),
                                  "times": 1, "do": action});
                self.note(format!("fault {rule}"));
                fault = Some(self.rig.fault(rule));
            }
            2 => {
                let before: bool = self.random.random();
                let done = self.rig.killed_at(nth, before).await;
                self.open = true;
                self.note(format!("run, killed at call {nth}, before {before}: {done:?}"));
                return;
            }
            _ => {}
        }
        let run = self.rig.approve().await;
        self.open = run.outcome != Outcome::Completed;
        if fault.is_none() && !self.open {
            self.look_at_odd();
        }
        fault.into_iter().for_each(|fault| self.rig.over(fault));
        self.note(format!("run: {:?} zoho {:?} google {:?}", run.outcome, run.zoho, run.google));
    }

    pub(crate) async fn step(&mut self) {
        let moves = if self.wide { 64 } else { 58 };
        match self.random.random_range(0..moves) {
            58..=60 => self.lose_many().await,
            61..=63 => self.set_apart().await,
            0..=6 => self.add(),
            7..=20 => self.edit(),
            21..=24 => self.delete(),
            25..=28 => self.move_scope(),
            29..=36 => self.run().await,
            37 | 38 => {
                let what = "google_sync_tokens";
                self.rig.control.call("POST", "expire", json!({"what": what})).expect("expired");
                self.note("the sync token expires");
            }
            39 | 40 => {
                self.rig.later(if self.random.random() { LAG } else { Duration::from_secs(60) });
                self.note("time goes by");
            }
            41 => {
                self.rig.engine().set_enabled(Module::Contacts, false).expect("off");
                self.rig.reopen();
                self.rig.engine().set_enabled(Module::Contacts, true).expect("on");
                self.note("off, restarted, on");
            }
            42 => self.merge().await,
            43 => self.lose_database().await,
            44 | 45 => self.relabel().await,
            46 => self.import_again().await,
            47 => self.remap().await,
            48..=50 => self.restore(),
            51 | 52 => self.plant(),
            53 => self.type_outside(),
            54 | 55 if self.hidden.is_none() => self.hide(),
            54 | 55 => {
                self.reveal();
                self.rig.approve().await;
                self.runs += 1;
            }
            56 if self.odd.is_none() => self.garble(),
            56 => self.ungarble(),
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
        // Whoever is told by the name alone is asked about before anything else is learnt of them.
        self.stop().await;
    }
}
