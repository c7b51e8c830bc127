//! Random lives against a simple reference: edits, deletions, labels, runs, lost answers, expired
//! tokens, restarts, turning off and on. At every stop nobody is doubled, nothing is lost, both
//! sides agree, and the second run is quiet.
//!
//! `RENRAKU_MODEL_SEED` replays one sequence, `RENRAKU_MODEL_SEQUENCES` sets their number.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use renraku_engine::api::{Outcome, ReviewKind};
use renraku_engine::core::contact::{Module, Pair, Side};
use serde_json::json;

use super::people::{card, id};
use super::rig::{LAG, Rig, at};

const SEQUENCES: u64 = 2000;
const STEPS: usize = 12;
/// The fields that people change; the key stays, so that the test knows who is who.
const FIELDS: [&str; 4] = ["Title", "Description", "Mobile", "First_Name"];

/// The last value that a person gave a field on one side, and after how many runs.
#[derive(Clone, Debug)]
struct Edit {
    value: Option<String>,
    runs: u32,
}

/// One person since the last stop.
#[derive(Debug, Default)]
struct Person {
    key: String,
    /// What both sides said then.
    agreed: BTreeMap<&'static str, String>,
    edits: BTreeMap<&'static str, Pair<Option<Edit>>>,
    gone: Pair<bool>,
    /// A deletion was decided by hand: the two sides are no pair any more.
    apart: bool,
}

struct Life {
    rig: Rig,
    random: StdRng,
    people: Vec<Person>,
    winner: Side,
    label: bool,
    runs: u32,
    /// Whether the last run left something open, so that a create may have landed unheard.
    open: bool,
    values: u32,
    added: u32,
    steps: Vec<String>,
}

impl Life {
    async fn begin(seed: u64) -> Life {
        let mut random = StdRng::seed_from_u64(seed);
        let winner = if random.random() { Side::Zoho } else { Side::Google };
        let label = random.random_ratio(1, 3);
        let limit = if random.random_ratio(1, 4) { 2 } else { 500 };
        let rig = Rig::new().await;
        if random.random_ratio(1, 4) {
            rig.control.set_switches(|switches| switches.google.write_lag_ms = 90_000);
        }
        let keys = json!({"conflict_winner": winner.name(), "on_delete": "delete",
                              "google_label": label.then_some("CRM"),
                              "limits": {"first_run": 10_000, "later_run": limit}});
        rig.contacts(keys).await;
        Life {
            rig,
            random,
            people: Vec::new(),
            winner,
            label,
            runs: 0,
            open: false,
            values: 0,
            added: 0,
            steps: vec![format!("winner {}, label {label}, limit {limit}", winner.name())],
        }
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

    /// A contact by its key, if it is there.
    fn there(&self, side: Side, key: &str) -> Option<String> {
        let all = self.rig.raws(side);
        all.iter().find(|contact| contact.to_string().contains(key)).map(id)
    }

    fn add(&mut self) {
        let side = self.side();
        self.added += 1;
        let number = self.added;
        let key = format!("p{number}@a.test");
        let title = self.value("Title");
        let fields = [
            ("First_Name", format!("Given{number}")),
            ("Last_Name", format!("Family{number}")),
            ("Email", key.clone()),
            ("Title", title),
        ];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(f, v)| (*f, v.as_str())).collect();
        self.rig.add_with(side, &card(&fields), if self.label { &["CRM"] } else { &[] });
        let mut person = Person { key, ..Person::default() };
        for field in FIELDS {
            let value =
                fields.iter().find(|(name, _)| *name == field).map(|(_, v)| (*v).to_owned());
            if let Some(value) = value {
                person.agreed.insert(field, value);
            }
        }
        self.steps.push(format!("{} is added in {}", person.key, side.name()));
        self.people.push(person);
    }

    fn somebody(&mut self) -> Option<(usize, Side, String)> {
        let side = self.side();
        let alive: Vec<(usize, String)> = (self.people.iter().enumerate())
            .filter(|(_, person)| !person.apart)
            .filter_map(|(index, person)| Some((index, self.there(side, &person.key)?)))
            .collect();
        let (index, contact) = alive.choose(&mut self.random)?.clone();
        Some((index, side, contact))
    }

    fn edit(&mut self) {
        let Some((index, side, contact)) = self.somebody() else { return };
        let field = *FIELDS.choose(&mut self.random).expect("some");
        let has = self.rig.value(side, &contact, field).is_some();
        let clear = has && self.random.random_ratio(1, 5);
        let value = if clear { None } else { Some(self.value(field)) };
        self.rig.edit(side, &contact, field, value.as_deref());
        let runs = self.runs;
        if let Some(person) = self.people.get_mut(index) {
            self.steps.push(format!("{} {field} := {value:?} in {}", person.key, side.name()));
            let pair = person.edits.entry(field).or_insert(Pair { zoho: None, google: None });
            pair[side] = Some(Edit { value, runs });
        }
    }

    fn delete(&mut self) {
        // Whoever deletes a contact that was created a moment ago without an answer leaves nothing
        // to tell that it was ever there: it is created again, and nobody can know better.
        if self.open {
            return;
        }
        let Some((index, side, contact)) = self.somebody() else { return };
        self.rig.delete(side, &contact);
        if let Some(person) = self.people.get_mut(index) {
            person.gone[side] = true;
            self.steps.push(format!("{} is deleted in {}", person.key, side.name()));
        }
    }

    fn relabel(&mut self) {
        let Some((_, Side::Google, contact)) = self.somebody().filter(|_| self.label) else {
            return;
        };
        let inside = self.random.random();
        let op = if inside { "add_to_label" } else { "remove_from_label" };
        self.rig.act(Side::Google, json!({"op": op, "label": "CRM", "contacts": [contact]}));
        self.steps.push(format!("{op} {contact}"));
    }

    async fn run(&mut self) {
        let faulty = self.random.random_ratio(1, 2);
        if faulty {
            const FAULTS: [&str; 3] = ["drop_after", "drop_before", "truncate"];
            let action = *FAULTS.choose(&mut self.random).expect("some");
            let side = at(self.side());
            let nth: u64 = self.random.random_range(1..5);
            let write = self.random.random_ratio(2, 3);
            let method = write.then_some("POST");
            let rule =
                json!({"side": side, "method": method, "nth": nth, "times": 1, "do": action});
            self.steps.push(format!("fault {rule}"));
            self.rig.fault(rule);
        }
        let run = self.rig.approve().await;
        self.rig.control.clear_rules();
        self.runs += 1;
        self.open = run.outcome != Outcome::Completed;
        self.steps
            .push(format!("run: {:?} zoho {:?} google {:?}", run.outcome, run.zoho, run.google));
    }

    async fn step(&mut self) {
        match self.random.random_range(0..20) {
            0..=2 => self.add(),
            3..=9 => self.edit(),
            10 => self.delete(),
            11 => self.relabel(),
            12..=15 => self.run().await,
            16 => {
                let what = "google_sync_tokens";
                self.rig.control.call("POST", "expire", json!({"what": what})).expect("expired");
                self.steps.push("the sync token expires".to_owned());
            }
            17 => {
                self.rig.later(if self.random.random() { LAG } else { Duration::from_secs(60) });
                self.steps.push("time goes by".to_owned());
            }
            18 => {
                self.rig.engine().set_enabled(Module::Contacts, false).expect("off");
                self.rig.reopen();
                self.rig.engine().set_enabled(Module::Contacts, true).expect("on");
                self.steps.push("off, restarted, on".to_owned());
            }
            _ => self.stop().await,
        }
    }

    /// Everybody is back inside, everything settles, and all promises are looked at.
    async fn stop(&mut self) {
        self.steps.push("stop".to_owned());
        self.back_inside();
        self.rig.settle().await;
        // New people joined the label while it settled, or their persons were outside.
        while let Some(item) = self
            .rig
            .review()
            .into_iter()
            .find(|i| i.kind == ReviewKind::Deletion && i.chosen.is_none())
        {
            let person = self.people.iter_mut().find(|person| {
                let known = [&item.zoho_id, &item.google].into_iter().flatten();
                Side::BOTH.iter().any(|side| {
                    let there = self
                        .rig
                        .raws(*side)
                        .into_iter()
                        .find(|contact| contact.to_string().contains(&person.key));
                    there.is_some_and(|there| known.clone().any(|known| *known == id(&there)))
                })
            });
            let person = person.expect("the question is about somebody");
            assert!(!person.edits.is_empty(), "an unedited contact is not asked about: {item:?}");
            person.apart = true;
            self.rig.engine().resolve(&item.item, "keep").expect("it can be kept");
        }
        self.rig.settle().await;
        self.look();
    }

    fn back_inside(&mut self) {
        if self.label {
            let all: Vec<String> = self.rig.raws(Side::Google).iter().map(id).collect();
            self.rig
                .act(Side::Google, json!({"op": "add_to_label", "label": "CRM", "contacts": all}));
        }
    }

    /// Every value that any run ever wrote over.
    fn told(&self) -> BTreeSet<String> {
        let runs = self.rig.engine().history().expect("the history").runs;
        let changes = runs.iter().flat_map(|run| self.rig.history(run.run).changes);
        changes.flat_map(|change| [change.before, change.overwritten]).flatten().collect()
    }

    fn look(&mut self) {
        assert_eq!(self.rig.review(), Vec::new(), "nothing is left to decide");
        let told = self.told();
        let stands = Pair::of(|side| self.rig.cards(side));
        for person in &mut self.people {
            let here = Pair::of(|side| {
                let mine = stands[side].iter().filter(|c| c.get("Email") == Some(&person.key));
                mine.cloned().collect::<Vec<_>>()
            });
            for side in Side::BOTH {
                assert!(here[side].len() <= 1, "{} is once in {} (P2)", person.key, side.name());
            }
            if person.apart {
                let alone = here.zoho.len() + here.google.len();
                assert_eq!(alone, 1, "{} was kept on one side (P10)", person.key);
                continue;
            }
            if person.gone.zoho || person.gone.google {
                assert_eq!((here.zoho.len(), here.google.len()), (0, 0), "{} is gone", person.key);
                continue;
            }
            assert_eq!(here.zoho.len(), 1, "{} is in Zoho (P1)", person.key);
            assert_eq!(here.zoho, here.google, "{} agrees (P4)", person.key);
            for field in FIELDS {
                let value = here.zoho.first().and_then(|card| card.get(field)).cloned();
                let edits = person.edits.remove(field).unwrap_or(Pair { zoho: None, google: None });
                expect(&person.key, field, person.agreed.get(field), &edits, self.winner, &value);
                for edit in [&edits.zoho, &edits.google].into_iter().flatten() {
                    let kept = edit
                        .value
                        .as_ref()
                        .is_none_or(|v| Some(v) == value.as_ref() || told.contains(v));
                    assert!(kept, "{} {field} {edit:?} is lost (P1)", person.key);
                }
                match value {
                    Some(value) => person.agreed.insert(field, value),
                    None => person.agreed.remove(field),
                };
            }
        }
        self.people.retain(|person| !person.gone.zoho && !person.gone.google || person.apart);
    }
}

/// What a field may hold, by who edited it last and whether a run came in between.
fn expect(
    key: &str,
    field: &str,
    agreed: Option<&String>,
    edits: &Pair<Option<Edit>>,
    winner: Side,
    value: &Option<String>,
) {
    let allowed: Vec<Option<String>> = match (&edits.zoho, &edits.google) {
        (None, None) => vec![agreed.cloned()],
        (Some(edit), None) | (None, Some(edit)) => vec![edit.value.clone()],
        (Some(zoho), Some(google)) => {
            let sure = zoho.runs == google.runs && zoho.value.is_some() && google.value.is_some();
            let best = if winner == Side::Zoho { zoho } else { google };
            if sure {
                vec![best.value.clone()]
            } else {
                vec![zoho.value.clone(), google.value.clone()]
            }
        }
    };
    assert!(allowed.contains(value), "{key} {field} is {value:?}, not one of {allowed:?} (P1)");
}

async fn sequence(seed: u64) -> Result<(), Vec<String>> {
    let mut life = Life::begin(seed).await;
    for _ in 0..2 {
        life.add();
    }
    let mut steps = 0;
    let lived = futures_util::FutureExt::catch_unwind(AssertUnwindSafe(async {
        while steps < STEPS {
            life.step().await;
            steps += 1;
        }
        life.stop().await;
    }));
    let lived = lived.await;
    lived.map_err(|_| life.steps)
}

#[test]
fn random_lives_keep_every_promise() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seeds: Vec<u64> = match number("RENRAKU_MODEL_SEED") {
        Some(seed) => vec![seed],
        None => (0..number("RENRAKU_MODEL_SEQUENCES").unwrap_or(SEQUENCES)).collect(),
    };
    let began = Instant::now();
    let workers = std::thread::available_parallelism().map_or(2, |n| n.get().min(8));
    let failed = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..workers)
            .map(|worker| {
                let mine: Vec<u64> = seeds.iter().copied().skip(worker).step_by(workers).collect();
                scope.spawn(move || {
                    let mut failed = Vec::new();
                    for seed in mine {
                        let runtime =
                            tokio::runtime::Builder::new_current_thread().enable_all().build();
                        let runtime = runtime.expect("a runtime");
                        let lived =
                            catch_unwind(AssertUnwindSafe(|| runtime.block_on(sequence(seed))));
                        if let Err(steps) = lived.unwrap_or_else(|_| Err(Vec::new())) {
                            println!("RENRAKU_MODEL_SEED={seed}:\n  {}", steps.join("\n  "));
                            failed.push(seed);
                        }
                    }
                    failed
                })
            })
            .collect();
        let all = workers.into_iter().flat_map(|worker| worker.join().expect("a worker"));
        all.collect::<BTreeSet<u64>>()
    });
    println!("{} sequences in {:?}, failed: {failed:?}", seeds.len(), began.elapsed());
    assert_eq!(failed, BTreeSet::new(), "replay one with RENRAKU_MODEL_SEED");
}
