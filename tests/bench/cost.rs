//! What a command costs. The kernel tells a process about the children that it has waited for, all
//! together: so each command gets a parent of its own, this program again.

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{Usage, UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use renraku_tests::world::{World, program};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The argument that makes this program measure instead of printing figures.
pub(crate) const MEASURE: &str = "--measure";

/// What one command cost.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Cost {
    /// CPU time of all its threads, user and system.
    pub(crate) cpu: Duration,
    /// From start to end.
    pub(crate) wall: Duration,
    /// The most memory it held at once, KiB.
    pub(crate) peak_kib: u64,
    /// Calls of both services that its runs made.
    pub(crate) calls: u64,
}

/// CPU time, user and system.
pub(crate) fn cpu(usage: &Usage) -> Duration {
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Duration::from_micros(u64::try_from(micros).unwrap_or(0))
}

/// Runs the command that follows the file's name, and writes into the file what it cost.
pub(crate) fn measure(args: &[String]) -> ExitCode {
    let [file, program, args @ ..] = args else {
        panic!("{MEASURE} takes a file and a command");
    };
    let begun = Instant::now();
    let status = Command::new(program).args(args).status().expect("the command starts");
    let wall = begun.elapsed();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the kernel tells what it cost");
    let peak_kib = u64::try_from(usage.max_rss()).unwrap_or(0);
    let cost = Cost { cpu: cpu(&usage), wall, peak_kib, calls: 0 };
    std::fs::write(file, serde_json::to_string(&cost).expect("JSON")).expect("the file is written");
    u8::try_from(status.code().unwrap_or(1)).unwrap_or(1).into()
}

/// Runs `renraku-cli --json ARGS` in a world and tells what it cost and what it answered.
pub(crate) async fn of(world: &mut World, args: &[&str]) -> (Cost, Value) {
    let file = world.home().join("cost.json");
    let this = std::env::current_exe().expect("this program knows its place");
    let mut command = world.surroundings().command(this);
    command.arg(MEASURE).arg(&file).arg(program("renraku-cli")).arg("--json").args(args);
    let output = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).output().await;
    let output = output.unwrap_or_else(|error| panic!("renraku-cli {args:?}: {error}"));
    let answer: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    assert!(output.status.success(), "renraku-cli {args:?}: {answer}");
    (Cost { calls: calls(&answer), ..read(&file) }, answer)
}

fn read(file: &Path) -> Cost {
    let text = std::fs::read_to_string(file).expect("the cost was written");
    serde_json::from_str(&text).expect("the cost as it was written")
}

fn calls(answer: &Value) -> u64 {
    let runs = answer.get("runs").and_then(Value::as_array).into_iter().flatten();
    let of = |run: &Value, side: &str| run.pointer(side).and_then(Value::as_u64).unwrap_or(0);
    runs.map(|run| of(run, "/zoho/requests") + of(run, "/google/requests")).sum()
}
