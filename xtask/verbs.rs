//! What each verb does, step by step.

use std::time::{Duration, Instant};

use crate::packages::{self, Purpose};
use crate::process::Job;
use crate::project::Project;
use crate::rust::Suite;
use crate::steps::{Failure, Steps};
use crate::{frontend, notices, package, rust, sbom};

fn project(verb: &'static str) -> Result<(Project, Steps), Failure> {
    let project = Project::find().map_err(|why| Failure::early(verb, why))?;
    Ok((project, Steps::begin(verb)))
}

/// Installs what is missing, builds, and opens the app.
pub(crate) fn run(args: &[String]) -> Result<(), Failure> {
    let (project, mut steps) = project("run")?;
    let again = "cargo xtask run";
    steps.once("System packages for the build", again, || packages::ensure(Purpose::Build))?;
    steps.once("npm packages", again, || frontend::packages(&project))?;
    steps.once("Front-end build", again, || frontend::build(&project))?;
    steps.step("App build", again, || rust::build_app(&project))?;
    let real = args.iter().any(|arg| arg == "--real");
    let mut passed: Vec<&str> = if real { Vec::new() } else { vec!["--sandbox"] };
    passed.extend(args.iter().map(String::as_str).filter(|arg| *arg != "--real"));
    steps.step("The app (it ends with Quit in its tray menu)", again, || {
        screen()?;
        Job::new(project.built("renraku")).dir(&project.root).args(passed).run_until_closed()
    })?;
    steps.finish();
    Ok(())
}

/// A window needs a screen; without one GTK's own message would be all there is.
fn screen() -> Result<(), String> {
    let there = !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    if there {
        return Ok(());
    }
    Err("The app is built, but there is no screen to show it on (neither DISPLAY nor WAYLAND_DISPLAY is set).\n\
         `xvfb-run cargo xtask run` opens it on an invisible one."
        .into())
}

/// A part of the tests that can be run alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Setup,
    Lint,
    Ui,
    Barriers,
    Unit,
    Tidy,
    World,
    EndToEnd,
}

impl Part {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "setup" => Self::Setup,
            "lint" => Self::Lint,
            "ui" => Self::Ui,
            "barriers" => Self::Barriers,
            "unit" => Self::Unit,
            "tidy" => Self::Tidy,
            "world" => Self::World,
            "e2e" => Self::EndToEnd,
            _ => return None,
        })
    }
}

const ALL: [Part; 8] = [
    Part::Setup,
    Part::Lint,
    Part::Ui,
    Part::Barriers,
    Part::Unit,
    Part::Tidy,
    Part::World,
    Part::EndToEnd,
];

/// Lives of one round of a soak.
const LIVES: u64 = 200;

/// Repeats everything that hurts, each round with other lives, until the minutes are over or something
/// fails. The round that is under way is ended.
pub(crate) fn soak(args: &[String]) -> Result<(), Failure> {
    let (project, mut steps) = project("soak")?;
    let again = "cargo xtask soak";
    let minutes = match args {
        [] => 60,
        [flag, minutes] if flag == "--minutes" => {
            minutes.parse().map_err(|_| Failure::early("soak", "--minutes takes a whole number"))?
        }
        _ => return Err(Failure::early("soak", "cargo xtask soak [--minutes N]")),
    };
    setup(&project, &mut steps)?;
    steps.once("Programs and tests", again, || rust::build_all(&project))?;
    let begun = Instant::now();
    let over = Duration::from_secs(60 * minutes);
    let mut rounds = 0;
    while rounds == 0 || begun.elapsed() < over {
        let seed = rounds * LIVES;
        let name = format!("Round {}: lives {seed} to {}", rounds + 1, seed + LIVES - 1);
        steps.step(&name, again, || rust::soak(&project, seed, LIVES))?;
        rounds += 1;
    }
    println!(
        "\n{rounds} rounds, {} lives, {} minutes",
        rounds * LIVES,
        begun.elapsed().as_secs() / 60
    );
    steps.finish();
    Ok(())
}

/// Runs all parts, or the one named.
pub(crate) fn test(args: &[String]) -> Result<(), Failure> {
    let (project, mut steps) = project("test")?;
    let Some((name, filter)) = args.split_first() else {
        // Cheap answers first: a formatting slip should not cost a build.
        steps.once("Formatting", "cargo xtask test lint", || rust::fmt_check(&project))?;
        for part in ALL {
            one(&project, &mut steps, part, &[])?;
        }
        steps.finish();
        return Ok(());
    };
    let Some(part) = Part::named(name) else {
        let why = format!(
            "there is no part \"{name}\": setup, lint, ui, barriers, unit, tidy, world, e2e"
        );
        return Err(Failure::early("test", why));
    };
    one(&project, &mut steps, part, filter)?;
    steps.finish();
    Ok(())
}

fn one(project: &Project, steps: &mut Steps, part: Part, filter: &[String]) -> Result<(), Failure> {
    match part {
        Part::Setup => setup(project, steps),
        Part::Lint => {
            let again = "cargo xtask test lint";
            steps.once("Formatting", again, || rust::fmt_check(project))?;
            built_ui(project, steps, again)?;
            steps.step("Clippy on the whole workspace", again, || rust::clippy(project))?;
            steps.step("Licences, crates and sources", again, || rust::deny(project))?;
            steps.step("Third-party notices", again, || notices::gather(project))
        }
        Part::Ui => {
            let again = "cargo xtask test ui";
            steps.once("npm packages", again, || frontend::packages(project))?;
            steps.step("Front-end type check", again, || frontend::check(project))?;
            steps.step("Front-end tests", again, || frontend::test(project))?;
            steps.once("Front-end build", again, || frontend::build(project))
        }
        Part::Barriers => {
            let again = "cargo xtask test barriers";
            setup(project, steps)?;
            steps.step("Screens without barriers, flows by keyboard", again, || {
                frontend::barriers(project, filter)
            })
        }
        Part::Unit => {
            let again = "cargo xtask test unit";
            built_all(project, steps, again)?;
            steps.step("Unit and property tests", again, || rust::unit(project, filter))
        }
        Part::Tidy => {
            let again = "cargo xtask test tidy";
            built_all(project, steps, again)?;
            steps
                .step("The rules of the house", again, || rust::suite(project, Suite::Tidy, filter))
        }
        Part::World => {
            let again = "cargo xtask test world";
            setup(project, steps)?;
            built_all(project, steps, again)?;
            steps.step("Command line, keychain and sandbox", again, || {
                rust::suite(project, Suite::World, filter)
            })
        }
        Part::EndToEnd => {
            let again = "cargo xtask test e2e";
            setup(project, steps)?;
            built_all(project, steps, again)?;
            steps.step("End to end in the real window", again, || {
                rust::suite(project, Suite::EndToEnd, filter)
            })
        }
    }
}

fn setup(project: &Project, steps: &mut Steps) -> Result<(), Failure> {
    let again = "cargo xtask test setup";
    steps.once("System packages for build and tests", again, || packages::ensure(Purpose::Test))?;
    steps.once("tauri-driver", again, || rust::tools(project))?;
    steps.once("npm packages", again, || frontend::packages(project))
}

/// The app embeds the front-end, so it has to be built before anything compiles the shell.
fn built_ui(project: &Project, steps: &mut Steps, again: &str) -> Result<(), Failure> {
    steps.once("System packages for the build", again, || packages::ensure(Purpose::Build))?;
    steps.once("npm packages", again, || frontend::packages(project))?;
    steps.once("Front-end build", again, || frontend::build(project))
}

fn built_all(project: &Project, steps: &mut Steps, again: &str) -> Result<(), Failure> {
    built_ui(project, steps, again)?;
    steps.once("Build of everything", again, || rust::build_all(project))
}

/// Measures the release build of the command line; `args` go to the figures.
pub(crate) fn bench(args: &[String]) -> Result<(), Failure> {
    let (project, mut steps) = project("bench")?;
    let again = "cargo xtask bench";
    let profile = if args.iter().any(|arg| arg == "desktop") {
        setup(&project, &mut steps)?;
        built_ui(&project, &mut steps, again)?;
        steps.step("The app as it is shipped", again, || rust::build_shipped_app(&project))?;
        rust::APP
    } else {
        "release"
    };
    steps.step("The command line", again, || rust::build_cli(&project, profile))?;
    steps.step("Figures", again, || rust::bench(&project, profile, args))?;
    steps.finish();
    Ok(())
}

/// Formats the Rust code.
pub(crate) fn fmt() -> Result<(), Failure> {
    let (project, mut steps) = project("fmt")?;
    steps.once("Formatting", "cargo xtask fmt", || rust::fmt(&project))
}

/// Takes the documentation's screenshots anew.
pub(crate) fn gallery() -> Result<(), Failure> {
    let (project, mut steps) = project("gallery")?;
    let again = "cargo xtask gallery";
    setup(&project, &mut steps)?;
    steps.step("Screenshots", again, || frontend::gallery(&project))?;
    steps.finish();
    Ok(())
}

/// Gathers the licences of everything that is shipped.
pub(crate) fn notices() -> Result<(), Failure> {
    let (project, mut steps) = project("notices")?;
    let again = "cargo xtask notices";
    steps.once("npm packages", again, || frontend::packages(&project))?;
    steps.once("Front-end build", again, || frontend::build(&project))?;
    steps.step("Third-party notices", again, || notices::gather(&project))?;
    steps.finish();
    Ok(())
}

/// Builds this platform's installer.
pub(crate) fn package() -> Result<(), Failure> {
    let (project, mut steps) = project("package")?;
    let again = "cargo xtask package";
    built_ui(&project, &mut steps, again)?;
    steps.step("Third-party notices", again, || notices::gather(&project))?;
    steps.step("Bill of materials", again, || sbom::write(&project))?;
    steps.step("The command line", again, || rust::build_cli(&project, rust::APP))?;
    steps.step("Release build and installer", again, || package::build(&project))?;
    steps.finish();
    Ok(())
}
