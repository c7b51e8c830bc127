//! Cargo's part: lint, build, test, tools.
//!
//! Everything of `test` is built with one selection (the whole workspace, all its targets): cargo then unites the
//! features of the dependencies once, and no dependency is compiled twice.

use crate::process::Job;
use crate::project::Project;
use crate::stamp::{Fingerprint, Stamp};

/// The WebDriver front for Tauri apps, from crates.io.
const TAURI_DRIVER: &str = "2.1.0";

/// The package of the workspace-wide tests.
const TESTS: &str = "renraku-tests";

fn cargo(project: &Project, args: &[&str]) -> Job {
    Job::new(&project.cargo).dir(&project.root).args(args).minutes(30)
}

/// Refuses a lock file that does not fit, where nobody is there to commit a new one.
fn locked(project: &Project) -> &'static [&'static str] {
    if project.ci { &["--locked"] } else { &[] }
}

/// Formats the code.
pub(crate) fn fmt(project: &Project) -> Result<(), String> {
    cargo(project, &["fmt", "--all"]).run()
}

/// Formatting is as rustfmt wants it.
pub(crate) fn fmt_check(project: &Project) -> Result<(), String> {
    component("fmt", "rustfmt", project)?;
    cargo(project, &["fmt", "--all", "--check"])
        .run()
        .map_err(|why| format!("{why}\n`cargo xtask fmt` formats everything."))
}

/// No warning of rustc or clippy anywhere in the workspace.
pub(crate) fn clippy(project: &Project) -> Result<(), String> {
    component("clippy", "clippy", project)?;
    cargo(project, &["clippy", "--workspace", "--all-targets"])
        .args(locked(project))
        .args(["--", "-D", "warnings"])
        .run()
}

fn component(subcommand: &str, name: &str, project: &Project) -> Result<(), String> {
    match Job::new(&project.cargo).args([subcommand, "--version"]).quiet_output() {
        Some(_) => Ok(()),
        None => Err(format!("{name} is missing: please run `rustup component add {name}`.")),
    }
}

/// The app alone, for a person who wants to see it.
pub(crate) fn build_app(project: &Project) -> Result<(), String> {
    cargo(project, &["build", "--package", "renraku"]).args(locked(project)).run()
}

/// Everything the tests need, with the selection that every test run uses.
pub(crate) fn build_all(project: &Project) -> Result<(), String> {
    cargo(project, &["build", "--workspace", "--lib", "--bins", "--tests"])
        .args(locked(project))
        .run()
}

/// The profile of the app as it is shipped.
pub(crate) const APP: &str = "app";

/// The command line, built for measuring.
pub(crate) fn build_cli(project: &Project, profile: &str) -> Result<(), String> {
    cargo(project, &["build", "--profile", profile, "--package", "renraku-cli"])
        .args(locked(project))
        .run()
}

/// The app as it is shipped.
pub(crate) fn build_shipped_app(project: &Project) -> Result<(), String> {
    cargo(project, &["build", "--profile", APP, "--package", "renraku"])
        .args(locked(project))
        // What the bundler builds it with.
        .args(["--features", "tauri/custom-protocol"])
        .run()
}

/// The figures of performance, measured on what this profile built.
pub(crate) fn bench(project: &Project, profile: &str, args: &[String]) -> Result<(), String> {
    cargo(project, &["bench", "--package", TESTS, "--bench", "figures"])
        .args(locked(project))
        .args(["--"])
        .args(args)
        .env("RENRAKU_BIN_DIR", project.target.join(profile))
        .env("RENRAKU_TOOLS", project.tools())
        .run()
}

/// Licences, crates and sources by `deny.toml`, where cargo-deny is installed. It needs no network for
/// these.
pub(crate) fn deny(project: &Project) -> Result<(), String> {
    if Job::new(&project.cargo).args(["deny", "--version"]).quiet_output().is_none() {
        println!("   cargo-deny is not installed: left out");
        return Ok(());
    }
    let check = ["deny", "--offline", "check", "licenses", "bans", "sources"];
    cargo(project, &check).run()
}

/// What a soak repeats: random lives, faults, kills, damage, backups, clocks.
const SOAK: &str =
    "model|crash|faults|weather|races|damage|astray|backups|lost|retentions|clocks|forgets";

/// One round of a soak: so many lives from this seed on, and everything that hurts beside.
pub(crate) fn soak(project: &Project, seed: u64, lives: u64) -> Result<(), String> {
    let job = if has_nextest(project) {
        let set = format!("package({TESTS}) & test(/^engine::({SOAK})::/)");
        nextest(project, &set, &[]).args(["--success-output", "final"])
    } else {
        cargo(project, &["test", "--workspace", "--test", "renraku"])
            .args(locked(project))
            .args(["--", "--nocapture"])
            .args(SOAK.split('|').map(|part| format!("engine::{part}::")))
    };
    in_world(project, job)
        .env("RENRAKU_MODEL_FROM", seed.to_string())
        .env("RENRAKU_MODEL_SEQUENCES", lives.to_string())
        .run()
}

/// The tests of the crates themselves; `filter` is part of a test's name.
pub(crate) fn unit(project: &Project, filter: &[String]) -> Result<(), String> {
    if has_nextest(project) {
        return nextest(project, &format!("not package({TESTS})"), filter).run();
    }
    // Plain cargo cannot leave one package's tests out without also changing the selection; the price is a second
    // build of some dependencies, on machines without nextest only.
    cargo(project, &["test", "--workspace", "--exclude", TESTS])
        .args(locked(project))
        .args(["--"])
        .args(filter)
        .run()
}

/// A part of the tests crate that is run alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Suite {
    /// The rules of the house.
    Tidy,
    /// The app in its real window.
    EndToEnd,
    /// Everything between: engine, command line, keychain and sandbox together.
    World,
}

/// The modules that hold the suites with a module of their own.
const TIDY: &str = "tidy::";
const END_TO_END: &str = "e2e::";

impl Suite {
    /// The set in nextest's language.
    fn set(self) -> String {
        match self {
            Self::Tidy => format!("package({TESTS}) & test(/^{TIDY}/)"),
            Self::EndToEnd => format!("package({TESTS}) & test(/^{END_TO_END}/)"),
            Self::World => format!("package({TESTS}) & not test(/^({TIDY}|{END_TO_END})/)"),
        }
    }

    /// The same for the standard test runner.
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Tidy => &[TIDY],
            Self::EndToEnd => &[END_TO_END, "--test-threads=1"],
            Self::World => &["--skip", TIDY, "--skip", END_TO_END, "--test-threads=2"],
        }
    }
}

/// Runs a part of the tests crate; `filter` is part of a test's name.
pub(crate) fn suite(project: &Project, suite: Suite, filter: &[String]) -> Result<(), String> {
    let job = if has_nextest(project) {
        nextest(project, &suite.set(), filter)
    } else {
        cargo(project, &["test", "--workspace", "--test", "renraku"])
            .args(locked(project))
            .args(["--"])
            .args(filter)
            .args(suite.arguments())
    };
    in_world(project, job).run()
}

/// Tells the tests where the programs and tools lie.
fn in_world(project: &Project, job: Job) -> Job {
    job.env("RENRAKU_BIN_DIR", project.target.join("debug")).env("RENRAKU_TOOLS", project.tools())
}

fn has_nextest(project: &Project) -> bool {
    Job::new(&project.cargo).args(["nextest", "--version"]).quiet_output().is_some()
}

fn nextest(project: &Project, set: &str, filter: &[String]) -> Job {
    cargo(
        project,
        &["nextest", "run", "--workspace", "--lib", "--bins", "--tests", "--no-fail-fast"],
    )
    .args(locked(project))
    .args(["-E", set])
    .args(filter)
}

/// Builds tauri-driver into the target folder, once per version.
pub(crate) fn tools(project: &Project) -> Result<(), String> {
    let folder = project.tools();
    let stamp = Stamp::new(&project.stamps(), "tauri-driver", &Fingerprint::of(TAURI_DRIVER));
    let program = folder.join("bin").join(format!("tauri-driver{}", std::env::consts::EXE_SUFFIX));
    if stamp.is_fresh() && program.is_file() {
        println!("   tauri-driver {TAURI_DRIVER} is there");
        return Ok(());
    }
    cargo(
        project,
        &["install", "tauri-driver", "--locked", "--force", "--version", TAURI_DRIVER, "--root"],
    )
    .args([&folder])
    .env("CARGO_TARGET_DIR", folder.join("build"))
    .run()
    .map_err(|why| {
        format!("{why}\ntauri-driver comes from crates.io: is the registry reachable?")
    })?;
    stamp.set()
}
