//! Every developer verb of the project: `cargo xtask help` lists them.
//!
//! The verbs install what they need, skip what is already done (stamps below the target folder) and never wait for
//! ever: each child process has a time limit.

mod frontend;
mod notices;
mod package;
mod packages;
mod process;
mod project;
mod rust;
mod sbom;
mod stamp;
mod steps;
mod verbs;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask VERB

  run [ARGS…]         install what is missing, build, and open the app against the built-in sandbox
                      (ARGS go to the app; `--real` opens it without the sandbox)
  test                everything CI runs: set-up, formatting, clippy, front-end, unit and end-to-end tests
  test setup          only the set-up of the tests: system packages, tauri-driver, npm packages
  test lint           rustfmt and clippy with warnings as errors
  test ui             the front-end's type check, tests and build
  test unit [FILTER]  the Rust tests of the headless crates (FILTER: part of a test's name)
  test tidy           the rules of ARCHITECTURE.md, as tests; seconds
  test world [FILTER] engine, command line, real keychain and sandbox together
  test e2e [FILTER]   the app in its real window, its tray and the browser login, under Xvfb
  test barriers [FILTER]  every screen in both languages and themes with axe, every flow by keyboard
  bench [FILTER]      figures of performance beside their goals, from a release build; --people N;
                      `bench desktop` is about the app in its window
  soak [--minutes N]  random lives, faults, kills, damage and backups, again and again, until the minutes
                      (60 without it) are over or a promise is broken
  fmt                 format the Rust code
  gallery             take the screenshots of docs/screenshots anew
  notices             gather the licences of everything that is shipped
  package             build the installer of this platform (Linux: .deb)
  help                this list
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (verb, rest) = match args.split_first() {
        Some((verb, rest)) => (verb.as_str(), rest),
        None => ("help", [].as_slice()),
    };
    let outcome = match verb {
        "run" => verbs::run(rest),
        "test" => verbs::test(rest),
        "bench" => verbs::bench(rest),
        "soak" => verbs::soak(rest),
        "fmt" => verbs::fmt(),
        "gallery" => verbs::gallery(),
        "notices" => verbs::notices(),
        "package" => verbs::package(),
        "help" | "-h" | "--help" => {
            print!("{HELP}");
            Ok(())
        }
        other => {
            eprintln!("There is no verb \"{other}\".\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}
