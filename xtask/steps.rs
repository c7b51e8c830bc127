//! Steps with a heading, a time, and on failure the command that runs the step alone.

use std::fmt;
use std::time::{Duration, Instant};

/// The steps of one verb, in the order they ran.
#[derive(Debug)]
pub(crate) struct Steps {
    verb: &'static str,
    begun: Instant,
    done: Vec<(String, Duration)>,
}

/// A step that failed.
#[derive(Debug)]
pub(crate) struct Failure {
    step: String,
    why: String,
    alone: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "FAILED at: {}\n  {}", self.step, self.why.replace('\n', "\n  "))?;
        write!(out, "  This step alone: {}", self.alone)
    }
}

impl Failure {
    /// A failure before any step began.
    pub(crate) fn early(verb: &str, why: impl Into<String>) -> Self {
        Self { step: verb.to_owned(), why: why.into(), alone: format!("cargo xtask {verb}") }
    }
}

impl Steps {
    /// Starts the clock of a verb.
    pub(crate) fn begin(verb: &'static str) -> Self {
        Self { verb, begun: Instant::now(), done: Vec::new() }
    }

    /// Runs one step under its heading. `alone` is the command that repeats it.
    pub(crate) fn step(
        &mut self,
        name: &str,
        alone: &str,
        work: impl FnOnce() -> Result<(), String>,
    ) -> Result<(), Failure> {
        println!("\n== {name}");
        let begun = Instant::now();
        let outcome = work();
        let took = begun.elapsed();
        match outcome {
            Ok(()) => {
                println!("   ok, {}", shown(took));
                self.done.push((name.to_owned(), took));
                Ok(())
            }
            Err(why) => Err(Failure {
                step: format!("{name} (after {})", shown(took)),
                why,
                alone: alone.to_owned(),
            }),
        }
    }

    /// Runs a step that several parts of a verb begin with, the first time only.
    pub(crate) fn once(
        &mut self,
        name: &str,
        alone: &str,
        work: impl FnOnce() -> Result<(), String>,
    ) -> Result<(), Failure> {
        if self.done.iter().any(|(done, _)| done == name) {
            return Ok(());
        }
        self.step(name, alone, work)
    }

    /// Tells what was done and how long each step took.
    pub(crate) fn finish(self) {
        println!(
            "\n== cargo xtask {}: {} steps done in {}",
            self.verb,
            self.done.len(),
            shown(self.begun.elapsed())
        );
        for (name, took) in &self.done {
            println!("   {:>8}  {name}", shown(*took));
        }
    }
}

fn shown(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds >= 60 {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}
