//! How far long work is, on standard error: a bar on a terminal, a plain line now and then elsewhere.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use renraku_engine::Engine;
use renraku_engine::api::{Event, Phase, Progress};
use renraku_engine::core::contact::Side;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinHandle;

/// How long work lasts before a plain line tells of it, and how far apart two of them are.
const NOW_AND_THEN: Duration = Duration::from_secs(5);

/// Tells of the engine's work until it is dropped.
pub(crate) struct Follower {
    task: JoinHandle<()>,
    bar: Option<ProgressBar>,
}

impl Follower {
    /// Follows what this engine does from now on.
    pub(crate) fn of(engine: &Engine) -> Follower {
        let bar = std::io::stderr()
            .is_terminal()
            .then(|| ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(8)));
        let mut events = engine.events();
        let shown = bar.clone();
        let task = tokio::spawn(async move {
            let mut lines = Lines { since: Instant::now(), told: String::new() };
            loop {
                match events.recv().await {
                    Ok(Event::Progress(progress)) => match &shown {
                        Some(bar) => draw(bar, &progress),
                        None => lines.tell(&progress, Instant::now()),
                    },
                    Ok(Event::Finished(_) | Event::Changed) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => break,
                }
            }
        });
        Follower { task, bar }
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.task.abort();
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn draw(bar: &ProgressBar, progress: &Progress) {
    let template = match progress.total {
        Some(_) => "{msg} [{bar:30}] {pos} of {len}",
        None => "{spinner} {msg}",
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_length(u64::from(progress.total.unwrap_or_default()));
    bar.set_position(u64::from(progress.done));
    let count = progress.total.is_none() && progress.done > 0;
    let done = if count { format!(", {} so far", progress.done) } else { String::new() };
    bar.set_message(format!("{}{done}{}", what(progress), left(progress)));
    bar.tick();
}

/// Plain lines: none for work that is soon done, then one now and then.
struct Lines {
    since: Instant,
    told: String,
}

impl Lines {
    fn tell(&mut self, progress: &Progress, now: Instant) {
        if let Some(line) = self.line(progress, now) {
            eprintln!("{line}");
        }
    }

    /// The line that is due, if one is.
    fn line(&mut self, progress: &Progress, now: Instant) -> Option<String> {
        if now.duration_since(self.since) < NOW_AND_THEN {
            return None;
        }
        let of = match (progress.total, progress.done) {
            (Some(total), done) => format!(": {done} of {total}"),
            (None, 0) => String::new(),
            (None, done) => format!(": {done} so far"),
        };
        let line = format!("{}{of}{}", what(progress), left(progress));
        if line == self.told {
            return None;
        }
        self.since = now;
        self.told.clone_from(&line);
        Some(line)
    }
}

/// What is being done.
fn what(progress: &Progress) -> String {
    let service = match progress.side {
        Some(Side::Zoho) => "Zoho",
        Some(Side::Google) => "Google",
        None => "both sides",
    };
    let module = progress.module.api_name();
    match progress.phase {
        Phase::Recovering => format!("{module}, settling what an interrupted run left"),
        Phase::Reading => format!("{module}, reading {service}"),
        Phase::Planning => format!("{module}, working out what to do"),
        Phase::Writing => format!("{module}, writing to {service}"),
        Phase::Waiting => match &progress.waiting_until {
            Some(until) => format!("{module}, {service} asks to wait until {}", clock(until)),
            None => format!("{module}, {service} asks to wait"),
        },
    }
}

/// How long it is likely to take.
fn left(progress: &Progress) -> String {
    match progress.seconds_left {
        Some(seconds) if seconds >= 90 => format!(", about {} minutes left", (seconds + 30) / 60),
        Some(seconds) => format!(", about {seconds} seconds left"),
        None => String::new(),
    }
}

/// A time of day as it is read on this computer.
fn clock(at: &str) -> String {
    match chrono::DateTime::parse_from_rfc3339(at) {
        Ok(at) => at.with_timezone(&chrono::Local).format("%H:%M").to_string(),
        Err(_) => at.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use renraku_engine::core::contact::Module;

    use super::*;

    fn writing(done: u32, total: Option<u32>) -> Progress {
        Progress {
            module: Module::Contacts,
            phase: Phase::Writing,
            side: Some(Side::Google),
            done,
            total,
            seconds_left: Some(200),
            waiting_until: None,
        }
    }

    #[test]
    fn a_plain_line_now_and_then() {
        let begun = Instant::now();
        let mut lines = Lines { since: begun, told: String::new() };
        let after = |seconds: u64| begun + Duration::from_secs(seconds);
        for (seconds, progress, expected, why) in [
            (1, writing(200, Some(6_000)), None, "what is soon done is not told of"),
            (
                6,
                writing(1_200, Some(6_000)),
                Some("Contacts, writing to Google: 1200 of 6000, about 3 minutes left"),
                "what lasts is",
            ),
            (7, writing(1_400, Some(6_000)), None, "not with every batch"),
            (12, writing(1_200, Some(6_000)), None, "nor twice the same"),
            (
                13,
                writing(1_600, None),
                Some("Contacts, writing to Google: 1600 so far, about 3 minutes left"),
                "where nobody knows of how many",
            ),
        ] {
            assert_eq!(lines.line(&progress, after(seconds)).as_deref(), expected, "{why}");
        }
    }
}
