//! One world in which the real program is killed, and put back to the moment before, again and
//! again.
//!
//! A create of unknown outcome is held for up to ten minutes of wall clock (the lag of Google's
//! lists), so the program's clock is moved by libfaketime, and the stand-ins' by their hook.

use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use renraku_engine::core::contact::Side;
use renraku_sandbox::{Control, LogEntry, Options, People, Snapshot, Traffic};
use renraku_tests::world::{World, program, within};
use serde_json::{Value, json};

use super::people::{card, google_fields, person};
use super::rig::at;
use super::state::still;

/// Minutes that go by between two runs: longer than the lag.
const PAUSE: u64 = 11;
/// Long enough for the test to act before the call is carried out.
const STALL: u64 = 400;
/// Those who vanish at once: more than ten.
const VANISHED: std::ops::Range<usize> = 20..31;
/// The signal that nobody can catch.
const KILLED: i32 = 9;

/// A kind of run that is killed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scenario {
    First,
    Later,
    Undo,
    /// An undo of a run that added people to the sync's label.
    UndoLabels,
    /// The answer to an alarm is carried out.
    Alarm(&'static str),
}

/// Where a run is killed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Point {
    /// The call has no effect.
    BeforeCall(u64),
    /// The call has its effect, and the answer is not heard.
    AfterCall(u64),
    /// Nothing of the transaction is in the database.
    BeforeCommit(u64),
    /// The transaction is in the database, and nothing came after it.
    AfterCommit(u64),
    /// The disk has no room for the transaction, nor for anything after it. The program lives on.
    FullDisk(u64),
}

/// What the keychain knows of databases.
type Databases = Vec<(zbus::zvariant::OwnedObjectPath, Vec<u8>)>;

/// The moment before the run that is killed.
struct Moment {
    services: Snapshot,
    databases: Databases,
    minutes: u64,
}

/// A world that has come to the moment before the run that is killed.
pub(crate) struct Stage {
    world: World,
    /// libfaketime.
    clock: PathBuf,
    /// What kills at commits.
    killer: PathBuf,
    minutes: u64,
    command: Vec<String>,
    moment: Option<Moment>,
}

impl Stage {
    /// Comes to just before the run that is killed.
    pub(crate) async fn at(scenario: Scenario) -> Stage {
        let mut world = World::new().await;
        forget_the_dead();
        // The wrapper would stand between the test and the program that it kills.
        let mut ask = world.surroundings().command("faketime");
        let output = ask.args(["-f", "+0", "printenv", "LD_PRELOAD"]).output().await;
        let output = output.expect("libfaketime is installed (package faketime)").stdout;
        let clock = String::from_utf8(output).expect("a path").trim().to_owned();
        assert!(!clock.is_empty(), "libfaketime is installed (package faketime)");
        let source = world.file("kill.c", include_str!("kill.c"));
        let killer = world.home().join("kill.so");
        let mut compile = world.surroundings().command("cc");
        compile.args(["-shared", "-fPIC", "-Wall", "-Werror", "-o"]).arg(&killer).arg(source);
        let compiled = compile.status().await.expect("a C compiler is installed");
        assert!(compiled.success(), "kill.c is compiled");
        let empty = Options { people: People::Empty, ..Options::default() };
        world.start_sandbox(empty).await;
        world.connect_both().await;
        let clock = PathBuf::from(clock);
        let command = ["sync", "Contacts", "--approve-held"].map(str::to_owned).to_vec();
        let mut stage = Stage { world, clock, killer, minutes: 0, command, moment: None };
        stage.prepare(scenario).await;
        let databases = stage.world.keychain().expect("a keychain").databases().await;
        let services = stage.control().snapshot();
        stage.moment = Some(Moment { services, databases, minutes: stage.minutes });
        copy(&stage.world.data_dir(), &stage.kept());
        stage
    }

    async fn prepare(&mut self, scenario: Scenario) {
        for number in 0..4 {
            self.add(Side::Zoho, number);
            self.add(Side::Google, number + 2);
        }
        let (rule, label) = match scenario {
            Scenario::First | Scenario::Later | Scenario::Undo => ("delete", None),
            Scenario::UndoLabels => ("delete", Some("CRM")),
            Scenario::Alarm(_) => {
                VANISHED.for_each(|number| self.add(Side::Zoho, number));
                ("ask", None)
            }
        };
        let setup = json!({"module": "Contacts", "on_delete": rule, "google_label": label});
        let file = self.world.file("setup.json", &setup.to_string());
        self.cli(&["setup", &file]).await;
        if matches!(scenario, Scenario::First) {
            return;
        }
        let first = self.run().await;
        self.pause();
        if matches!(scenario, Scenario::UndoLabels) {
            self.undo(&first);
            return;
        }
        self.run().await;
        self.pause();
        if let Scenario::Alarm(answer) = scenario {
            VANISHED.for_each(|number| self.delete(Side::Google, number));
            self.edit(Side::Zoho, VANISHED.start, "Edited since");
            self.run().await;
            self.answer(answer).await;
            self.pause();
            return;
        }
        self.add(Side::Zoho, 10);
        self.add(Side::Google, 11);
        self.edit(Side::Zoho, 0, "From Zoho");
        self.edit(Side::Google, 1, "From Google");
        self.delete(Side::Zoho, 2);
        self.delete(Side::Google, 3);
        if matches!(scenario, Scenario::Undo) {
            let done = self.run().await;
            self.pause();
            self.undo(&done);
        }
    }

    /// What is killed is the undo of this run.
    fn undo(&mut self, done: &Value) {
        let run = done.pointer("/runs/0/run").expect("a run").to_string();
        self.command = vec!["undo".to_owned(), run];
    }

    /// Answers the one open alarm.
    async fn answer(&mut self, choice: &str) {
        let open = self.cli(&["review"]).await;
        let items = open.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
        let alarm = items.iter().find(|item| item.get("kind") == Some(&json!("mass_change")));
        let alarm = alarm.and_then(|item| item.get("item")).and_then(Value::as_str);
        let alarm = alarm.unwrap_or_else(|| panic!("an alarm in {open}"));
        self.cli(&["resolve", alarm, choice]).await;
    }

    /// Everything is as it was just before the run that is killed.
    async fn rewind(&mut self) {
        let moment = self.moment.as_ref().expect("the stage is set");
        self.minutes = moment.minutes;
        let control = self.world.control();
        control.restore(&moment.services);
        control.clear_rules();
        control.clear_requests();
        copy(&self.kept(), &self.world.data_dir());
        // Without that, the database would be known for an older copy.
        self.world.keychain().expect("a keychain").put_databases_back(&moment.databases).await;
    }

    fn kept(&self) -> PathBuf {
        self.world.home().join("kept")
    }

    fn control(&self) -> Control {
        self.world.control()
    }

    fn act(&self, side: Side, act: Value) {
        let control = self.control();
        control.advance(Duration::from_secs(2));
        control.human(at(side), act.clone()).unwrap_or_else(|e| panic!("{act}: {e}"));
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

    fn program(&mut self, args: &[&str]) -> tokio::process::Command {
        forget_the_dead();
        let preload = format!("{} {}", self.clock.display(), self.killer.display());
        let mut command = self.world.surroundings().command(program("renraku-cli"));
        command.env("LD_PRELOAD", preload).env("FAKETIME", format!("+{}m", self.minutes));
        command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        command.arg("--json").args(args).stdout(Stdio::piped()).stderr(Stdio::inherit());
        command
    }

    fn killed_program(&mut self) -> tokio::process::Command {
        let args = self.command.clone();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        self.program(&args)
    }

    async fn cli(&mut self, args: &[&str]) -> Value {
        let output = within(60, &args.join(" "), self.program(args).output()).await;
        let output = output.expect("it runs");
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{args:?}: {error}"))
    }

    async fn run(&mut self) -> Value {
        self.cli(&["sync", "Contacts", "--approve-held"]).await
    }

    /// The command runs to its end; how many API calls it makes.
    pub(crate) async fn count_calls(&mut self) -> u64 {
        self.rewind().await;
        let output = within(60, "the command", self.killed_program().output()).await;
        assert!(output.is_ok_and(|o| o.status.success()), "the command is done");
        let log = self.control().requests();
        log.iter().filter(|entry| entry.traffic == Traffic::Api).count() as u64
    }

    /// Runs until nothing is left to do; what stands on both sides then.
    pub(crate) async fn settle(&mut self, what: &str) -> [Vec<String>; 2] {
        for _ in 0..6 {
            self.pause();
            let done = self.run().await;
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

    /// Runs the command from its moment and kills it at a point; false where it never gets there.
    /// What was not a sync is given again then, as its person would.
    pub(crate) async fn kill(&mut self, point: Point) -> bool {
        self.rewind().await;
        let killed = match point {
            Point::BeforeCall(call) => {
                self.kill_at_call(call, 600_000, point).await;
                true
            }
            Point::AfterCall(call) => {
                self.kill_at_call(call, STALL, point).await;
                true
            }
            Point::BeforeCommit(commit) => self.kill_at_commit("before", commit).await,
            Point::AfterCommit(commit) => self.kill_at_commit("after", commit).await,
            Point::FullDisk(commit) => self.fill_the_disk(commit).await,
        };
        if killed && self.command.first().is_some_and(|verb| verb == "undo") {
            self.pause();
            let output = within(60, "the command again", self.killed_program().output()).await;
            assert!(output.is_ok(), "it runs");
        }
        killed
    }

    async fn kill_at_commit(&mut self, instant: &str, commit: u64) -> bool {
        let mut command = self.killed_program();
        command.env("KILL_AT", format!("{instant} {commit}"));
        let ended = within(60, "the end", command.output()).await.expect("it runs").status;
        assert!(ended.success() || ended.signal() == Some(KILLED), "{instant} {commit}: {ended}");
        ended.signal() == Some(KILLED)
    }

    /// The command ends by itself, and says why.
    async fn fill_the_disk(&mut self, commit: u64) -> bool {
        let folder = self.world.data_dir();
        let mut command = self.killed_program();
        command.env("FULL", folder).env("FULL_AT", commit.to_string());
        let ended = within(60, "the end", command.output()).await.expect("it runs");
        if ended.status.success() {
            return false;
        }
        assert_eq!(ended.status.code(), Some(1), "a full disk at commit {commit}");
        let told: Value = serde_json::from_slice(&ended.stdout).expect("a document");
        assert_eq!(told.pointer("/error/code"), Some(&json!("store")), "{commit}: {told}");
        true
    }

    /// What a command says whose disk is full from its first commit on, and how many grants the
    /// services were asked to take back by then.
    pub(crate) async fn on_a_full_disk(&mut self, args: &[&str]) -> (Value, usize) {
        self.control().clear_requests();
        let folder = self.world.data_dir();
        let mut command = self.program(args);
        command.env("FULL", folder).env("FULL_AT", "1");
        let ended = within(60, "the end", command.output()).await.expect("it runs");
        let log = self.control().requests();
        let revoked = log.iter().filter(|entry| entry.path.ends_with("/revoke")).count();
        (serde_json::from_slice(&ended.stdout).expect("a document"), revoked)
    }

    /// What a command says.
    pub(crate) async fn with_room(&mut self, args: &[&str]) -> Value {
        let ended = within(60, "the end", self.program(args).output()).await.expect("it runs");
        serde_json::from_slice(&ended.stdout).expect("a document")
    }

    async fn kill_at_call(&mut self, call: u64, stall: u64, point: Point) {
        let what = format!("{point:?}");
        let rule = json!({"nth": call, "times": 1, "do": {"delay_ms": stall}});
        self.control().add_rule(serde_json::from_value(rule).expect("a rule"));
        let mut child = self.killed_program().spawn().expect("the program starts");
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
        let reached = within(30, &what, nth(self, |_| true)).await;
        signal("-STOP", &pid).await;
        if matches!(point, Point::AfterCall(_)) {
            assert_eq!(reached.status, 0, "{what}: it was stopped before the answer");
            within(30, &what, nth(self, |entry| entry.status != 0)).await;
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

/// The files of one folder, and nothing else, in the other.
fn copy(from: &Path, to: &Path) {
    let _ = std::fs::remove_dir_all(to);
    std::fs::create_dir_all(to).expect("the folder is made");
    for file in std::fs::read_dir(from).expect("the folder").flatten() {
        if file.path().is_file() {
            std::fs::copy(file.path(), to.join(file.file_name())).expect("the file is copied");
        }
    }
}

/// What libfaketime shares under a process's number outlives a killed one, and stops whoever gets the
/// number next.
fn forget_the_dead() {
    for entry in std::fs::read_dir("/dev/shm").into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let number =
            ["faketime_shm_", "sem.faketime_sem_"].iter().find_map(|p| name.strip_prefix(p));
        if number.is_some_and(|number| !std::path::Path::new("/proc").join(number).exists()) {
            drop(std::fs::remove_file(entry.path()));
        }
    }
}
