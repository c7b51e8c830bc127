//! The front-end's npm packages, checks and build.

use crate::process::Job;
use crate::project::Project;
use crate::stamp::{Fingerprint, Stamp};

/// The oldest Node that the front-end's tools run on.
const NODE: u32 = 20;

fn npm(project: &Project) -> Job {
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    Job::new(program).dir(project.ui()).env("CI", "true").env("NO_UPDATE_NOTIFIER", "1")
}

/// Checks that Node is there and new enough.
pub(crate) fn check_node() -> Result<(), String> {
    let found = Job::new("node").args(["--version"]).quiet_output();
    let major = found
        .as_deref()
        .and_then(|text| text.trim_start_matches('v').split('.').next()?.parse::<u32>().ok());
    match major {
        Some(major) if major >= NODE => Ok(()),
        Some(major) => Err(format!(
            "Node {major} is too old: please install Node {NODE} or newer (https://nodejs.org)."
        )),
        None => Err(format!(
            "Node is not installed: please install Node {NODE} or newer (https://nodejs.org)."
        )),
    }
}

/// Brings `node_modules` to what the lock file says, when it is not already.
pub(crate) fn packages(project: &Project) -> Result<(), String> {
    check_node()?;
    let lock = project.ui().join("package-lock.json");
    let node = Job::new("node").args(["--version"]).quiet_output().unwrap_or_default();
    let state = Fingerprint::of("npm ci").with(node.as_bytes()).with_path(&lock, &[]);
    let stamp = Stamp::new(&project.stamps(), "npm-ci", &state);
    if stamp.is_fresh() && project.ui().join("node_modules").is_dir() {
        println!("   npm packages are up to date");
        return Ok(());
    }
    npm(project).args(["ci", "--no-audit", "--no-fund"]).run()?;
    stamp.set()
}

/// Type check of TypeScript and Svelte.
pub(crate) fn check(project: &Project) -> Result<(), String> {
    npm(project).args(["run", "check"]).minutes(5).run()
}

/// The front-end's own tests.
pub(crate) fn test(project: &Project) -> Result<(), String> {
    npm(project).args(["test"]).run()
}

/// Builds `ui/dist`, when a source changed since the last build.
pub(crate) fn build(project: &Project) -> Result<(), String> {
    let state = Fingerprint::of("vite build")
        .with_path(&project.ui(), &["node_modules", "dist", "dist-demo", "coverage", ".svelte-kit"])
        .with_path(&project.root.join("locales"), &[]);
    let stamp = Stamp::new(&project.stamps(), "vite-build", &state);
    if stamp.is_fresh() && project.ui().join("dist/index.html").is_file() {
        println!("   ui/dist is up to date");
        return Ok(());
    }
    npm(project).args(["run", "build"]).minutes(5).run()?;
    stamp.set()
}

/// Every screen without a barrier, and every flow by keyboard alone, in the real Chromium; `wanted`
/// is what the name of a look or a walk has in it.
pub(crate) fn barriers(project: &Project, wanted: &[String]) -> Result<(), String> {
    npm(project).args(["run", "barriers", "--"]).args(wanted).minutes(20).run()
}

/// Takes the pictures of every screen, in the web view that shows the app on Linux.
pub(crate) fn gallery(project: &Project) -> Result<(), String> {
    npm(project).args(["run", "gallery"]).minutes(60).run()
}
