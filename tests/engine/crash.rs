//! Killed at any instant, the next run brings the same end (P7): the real program is killed with
//! SIGKILL before every call's effect, and after every call's effect but before its answer is
//! heard, and then started again.
//!
//! A create of unknown outcome is held for up to ten minutes of wall clock (the lag of Google's
//! lists), so the program's clock is moved by libfaketime, and the stand-ins' by their hook.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use renraku_engine::core::contact::Side;
use renraku_sandbox::{Control, LogEntry, Options, People, Traffic};
use renraku_tests::world::{World, program, within};
use serde_json::{Value, json};

use super::people::{card, google_fields, person};
use super::rig::at;
use super::state::still;

/// Minutes that go by between two runs: longer than the lag.
const PAUSE: u64 = 11;
/// Long enough for the test to act before the call is carried out.
const STALL: u64 = 400;

/// A kind of run that is killed.
#[derive(Clone, Copy, Debug)]
enum Scenario {
    First,
    Later,
    Undo,
}

/// Where it is killed.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Instant {
    Before,
    After,
}

/// One world, in which one state after another is set up.
struct Stage {
    world: World,
    clock: PathBuf,
    minutes: u64,
    number: u32,
}

impl Stage {
    async fn new() -> Stage {
        let mut world = World::new().await;
        // The wrapper would stand between the test and the program that it kills.
        let mut ask = world.surroundings().command("faketime");
        let output = ask.args(["-f", "+0", "printenv", "LD_PRELOAD"]).output().await;
        let output = output.expect("libfaketime is installed (package faketime)").stdout;
        let clock = String::from_utf8(output).expect("a path").trim().to_owned();
        assert!(!clock.is_empty(), "libfaketime is installed (package faketime)");
        Stage { world, clock: PathBuf::from(clock), minutes: 0, number: 0 }
    }

    fn control(&self) -> Control {
        self.world.control()
    }

    fn act(&self, side: Side, act: Value) -> String {
        let control = self.control();
        control.advance(Duration::from_secs(2));
        let made = control.human(at(side), act.clone()).unwrap_or_else(|e| panic!("{act}: {e}"));
        let id = made.get("id").or_else(|| made.get("resourceName")).and_then(Value::as_str);
        id.unwrap_or_default().to_owned()
    }

    fn add(&self, side: Side, number: usize) {
        let mut card = person(number);
        if number.is_multiple_of(2) {
            card.extend(self::card(&[("Title", "Chief")]));
        }
        let act = match side {
            Side::Zoho => {
                let mut fields = json!(card);
                if let Some(fields) = fields.as_object_mut().filter(|_| number.is_multiple_of(3)) {
                    fields.insert("Account_Name".to_owned(), json!(format!("Company {number}")));
                }
                json!({"op": "create", "module": "Contacts", "fields": fields})
            }
            Side::Google => json!({"op": "create", "fields": google_fields(&card)}),
        };
        self.act(side, act);
    }

    fn edit(&self, side: Side, number: usize, value: &str) {
        let contact = format!("p{number}@a.test");
        self.act(
            side,
            match side {
                Side::Zoho => {
                    json!({"op": "edit", "module": "Contacts", "record": contact, "fields": {"Description": value}})
                }
                Side::Google => {
                    json!({"op": "edit", "contact": contact, "fields": {"biographies": [{"value": value}]}})
                }
            },
        );
    }

    fn delete(&self, side: Side, number: usize) {
        let contact = format!("p{number}@a.test");
        self.act(
            side,
            match side {
                Side::Zoho => json!({"op": "delete", "module": "Contacts", "record": contact}),
                Side::Google => json!({"op": "delete", "contact": contact}),
            },
        );
    }

    /// Time goes by on all clocks.
    fn pause(&mut self) {
        self.minutes += PAUSE;
        self.control().advance(Duration::from_secs(PAUSE * 60));
    }

    fn command(&mut self, args: &[&str]) -> tokio::process::Command {
        let mut command = self.world.surroundings().command(program("renraku-cli"));
        command.env("LD_PRELOAD", &self.clock).env("FAKETIME", format!("+{}m", self.minutes));
        command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        command.arg("--json").args(args).stdout(Stdio::piped()).stderr(Stdio::inherit());
        command
    }

    async fn cli(&mut self, args: &[&str]) -> Value {
        let output = within(60, &args.join(" "), self.command(args).output()).await;
        let output = output.expect("it runs");
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{args:?}: {error}"))
    }

    /// Fresh accounts and a fresh database, up to just before the run that is killed; its command.
    async fn set_up(&mut self, scenario: Scenario) -> Vec<String> {
        self.number += 1;
        self.minutes = 0;
        let data = self.world.home().join(format!("data-{}", self.number));
        self.world.surroundings().set("RENRAKU_DATA_DIR", data);
        let empty = Options { people: People::Empty, ..Options::default() };
        self.world.start_sandbox(empty).await;
        self.world.connect_both().await;
        for number in 0..4 {
            self.add(Side::Zoho, number);
            self.add(Side::Google, number + 2);
        }
        let setup = json!({"module": "Contacts", "on_delete": "delete"}).to_string();
        let file = self.world.file("setup.json", &setup);
        self.cli(&["setup", &file]).await;
        let sync = ["sync", "Contacts", "--approve-held"];
        if matches!(scenario, Scenario::Later | Scenario::Undo) {
            self.cli(&sync).await;
            self.pause();
            self.cli(&sync).await;
            self.pause();
            self.add(Side::Zoho, 10);
            self.add(Side::Google, 11);
            self.edit(Side::Zoho, 0, "From Zoho");
            self.edit(Side::Google, 1, "From Google");
            self.delete(Side::Zoho, 2);
            self.delete(Side::Google, 3);
        }
        let mut command = sync.map(str::to_owned).to_vec();
        if matches!(scenario, Scenario::Undo) {
            let done = self.cli(&sync).await;
            self.pause();
            let run = done.pointer("/runs/0/run").expect("a run").to_string();
            command = vec!["undo".to_owned(), run];
        }
        self.control().clear_requests();
        command
    }

    /// Runs until nothing is left to do; what stands on both sides then.
    async fn settle(&mut self, what: &str) -> [Vec<String>; 2] {
        for _ in 0..6 {
            self.pause();
            let done = self.cli(&["sync", "Contacts", "--approve-held"]).await;
            let number = |path: &str| {
                let found = done.pointer(&format!("/runs/0/{path}")).and_then(Value::as_u64);
                found.unwrap_or_else(|| panic!("{what}: {path} in {done}"))
            };
            let written: u64 = ["zoho", "google"]
                .iter()
                .flat_map(|side| {
                    ["created", "updated", "deleted"].map(|verb| format!("{side}/{verb}"))
                })
                .map(|path| number(&path))
                .sum();
            if written == 0 && number("waiting") == 0 {
                return Side::BOTH.map(|side| still(&self.control(), side));
            }
        }
        panic!("{what}: the runs after it do not end");
    }

    /// Runs the command and kills it at its n-th call.
    async fn kill(&mut self, command: &[String], call: u64, instant: Instant, what: &str) {
        let stall = match instant {
            Instant::Before => 600_000,
            Instant::After => STALL,
        };
        let rule = json!({"nth": call, "times": 1, "do": {"delay_ms": stall}});
        self.control().add_rule(serde_json::from_value(rule).expect("a rule"));
        let args: Vec<&str> = command.iter().map(String::as_str).collect();
        let mut child = self.command(&args).spawn().expect("the program starts");
        let pid = child.id().expect("it runs").to_string();
        let nth = async |stage: &Stage, there: fn(&LogEntry) -> bool| loop {
            let log = stage.control().requests();
            let mut api = log.into_iter().filter(|entry| entry.traffic == Traffic::Api);
            let index = usize::try_from(call - 1).unwrap_or_default();
            if let Some(entry) = api.nth(index).filter(there) {
                break entry;
            }
            tokio::time::sleep(Duration::from_millis(3)).await;
        };
        let reached = within(30, what, nth(self, |_| true)).await;
        signal("-STOP", &pid).await;
        if instant == Instant::After {
            assert_eq!(reached.status, 0, "{what}: it was stopped before the answer");
            within(30, what, nth(self, |entry| entry.status != 0)).await;
        }
        signal("-KILL", &pid).await;
        let ended = child.wait().await.expect("it ended");
        assert!(ended.code().is_none(), "{what}: it was killed");
        self.control().clear_rules();
    }
}

async fn signal(signal: &str, pid: &str) {
    let sent = tokio::process::Command::new("kill").args([signal, pid]).status().await;
    assert!(sent.is_ok_and(|status| status.success()), "{signal} is sent");
}

async fn matrix(scenario: Scenario) {
    let mut stage = Stage::new().await;
    let command = stage.set_up(scenario).await;
    let args: Vec<&str> = command.iter().map(String::as_str).collect();
    stage.cli(&args).await;
    let log = stage.control().requests();
    let calls = log.iter().filter(|entry| entry.traffic == Traffic::Api).count();
    let expected = stage.settle("not killed").await;
    let mut failures = Vec::new();
    let mut points = 0;
    for call in 1..=u64::try_from(calls).unwrap_or_default() {
        for instant in [Instant::Before, Instant::After] {
            let what = format!("{scenario:?}, killed {instant:?} call {call}");
            let command = stage.set_up(scenario).await;
            stage.kill(&command, call, instant, &what).await;
            if matches!(scenario, Scenario::Undo) {
                stage.pause();
                let args: Vec<&str> = command.iter().map(String::as_str).collect();
                stage.cli(&args).await;
            }
            points += 1;
            let found = stage.settle(&what).await;
            if found != expected {
                failures.push(format!("{what}:\n  {found:#?}"));
            }
        }
    }
    println!("{scenario:?}: {points} points, {} failures", failures.len());
    assert!(failures.is_empty(), "expected {expected:#?}\n{}", failures.join("\n"));
}

#[tokio::test]
async fn a_first_run_killed_anywhere() {
    matrix(Scenario::First).await;
}

#[tokio::test]
async fn a_later_run_killed_anywhere() {
    matrix(Scenario::Later).await;
}

#[tokio::test]
async fn an_undo_killed_anywhere() {
    matrix(Scenario::Undo).await;
}
