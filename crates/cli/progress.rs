//! How far long work is, on standard error: a bar on a terminal, a plain line now and then elsewhere.

use std::io::IsTerminal;
use std::sync::Arc;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use renraku_engine::Engine;
use renraku_engine::api::{Event, Phase, Progress};
use renraku_engine::catalogue::Catalogue;
use renraku_engine::core::message::Message;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinHandle;

/// How long work lasts before a plain line tells of it, and how far apart two of them are.
const NOW_AND_THEN: Duration = Duration::from_secs(5);
/// How often it is looked whether a line is due: a phase may last without any news of it.
const LOOKED: Duration = Duration::from_secs(1);
/// How often the bar's sign of life moves.
const TURN: Duration = Duration::from_millis(120);

/// Tells of the engine's work until it is dropped.
pub(crate) struct Follower {
    task: JoinHandle<()>,
    bar: Option<ProgressBar>,
}

impl Follower {
    /// Follows what this engine does from now on, in its language.
    pub(crate) fn of(engine: &Engine) -> Follower {
        // Nothing is drawn before there is something to tell.
        let bar = std::io::stderr().is_terminal().then(ProgressBar::hidden);
        let mut events = engine.events();
        let catalogue = engine.catalogue();
        let shown = bar.clone();
        let task = tokio::spawn(async move {
            let mut lines =
                Lines { since: Instant::now(), told: String::new(), last: None, catalogue };
            let mut looks = tokio::time::interval(LOOKED);
            loop {
                tokio::select! {
                    heard = events.recv() => match heard {
                        Ok(Event::Progress(progress)) => match &shown {
                            Some(bar) => draw(bar, &lines.catalogue, &progress),
                            None => lines.last = Some(progress),
                        },
                        Ok(Event::Finished(_)) => lines.last = None,
                        Ok(Event::Changed) | Err(RecvError::Lagged(_)) => {}
                        Err(RecvError::Closed) => break,
                    },
                    _ = looks.tick() => {}
                }
                if let Some(line) = lines.due(Instant::now()) {
                    eprintln!("{line}");
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

/// What stands on the terminal: the figures first, for what does not fit into the line is cut off.
fn draw(bar: &ProgressBar, catalogue: &Catalogue, progress: &Progress) {
    let template = match progress.total {
        Some(_) => "{spinner} [{bar:16}] {wide_msg}",
        None => "{spinner} {wide_msg}",
    };
    bar.set_length(u64::from(progress.total.unwrap_or_default()));
    bar.set_position(u64::from(progress.done));
    bar.set_message(in_one_line(catalogue, progress));
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
    if bar.is_hidden() {
        bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(8));
        bar.enable_steady_tick(TURN);
    }
}

/// Plain lines: none for work that is soon done, then one now and then.
struct Lines {
    since: Instant,
    told: String,
    /// What was heard last of work that is not done.
    last: Option<Progress>,
    catalogue: Arc<Catalogue>,
}

impl Lines {
    /// The line that is due, if one is.
    fn due(&mut self, now: Instant) -> Option<String> {
        if now.duration_since(self.since) < NOW_AND_THEN {
            return None;
        }
        let line = in_one_line(&self.catalogue, self.last.as_ref()?);
        if line == self.told {
            return None;
        }
        self.since = now;
        self.told.clone_from(&line);
        Some(line)
    }
}

/// How far the work is, in one line.
fn in_one_line(catalogue: &Catalogue, progress: &Progress) -> String {
    let figures = match (progress.total, progress.done) {
        (Some(total), done) => {
            Some(Message::new("progress-of").with("done", done).with("total", total))
        }
        (None, 0) => None,
        (None, done) => Some(Message::new("cli-so-far").with("count", done)),
    };
    let told = figures.into_iter().chain(left(progress)).map(|message| catalogue.tell(&message));
    let module = catalogue.module(progress.module.api_name());
    told.chain([module, catalogue.tell(&phase(progress))]).collect::<Vec<_>>().join(" · ")
}

/// What is being done.
fn phase(progress: &Progress) -> Message {
    let of = |id: &str, named: &str| match progress.side {
        Some(side) => Message::of(named, side),
        None => Message::new(id),
    };
    match progress.phase {
        Phase::Recovering => Message::new("phase-recovering"),
        Phase::Reading => of("phase-reading", "phase-reading-side"),
        Phase::Planning => Message::new("phase-planning"),
        Phase::Writing => of("phase-writing", "phase-writing-side"),
        Phase::Waiting => match (&progress.waiting_until, progress.side) {
            (Some(until), Some(side)) => {
                Message::of("phase-waiting-until", side).with("time", until)
            }
            (Some(_), None) | (None, _) => Message::new("phase-waiting"),
        },
    }
}

/// How long it is likely to take, as the window says it.
fn left(progress: &Progress) -> Option<Message> {
    Some(match progress.seconds_left? {
        ..60 => Message::new("left-under-a-minute"),
        seconds @ ..3_600 => Message::new("left-minutes").with("count", seconds.div_ceil(60)),
        seconds => {
            let hours = f64::from((seconds + 180) / 360) / 10.0;
            Message::new("left-hours").with("count", hours)
        }
    })
}

#[cfg(test)]
mod tests {
    use renraku_engine::catalogue::Language;
    use renraku_engine::core::contact::{Module, Side};

    use super::*;

    fn at(phase: Phase, done: u32, total: Option<u32>, seconds_left: Option<u32>) -> Progress {
        let side = (phase == Phase::Writing).then_some(Side::Google);
        let module = Module::Contacts;
        Progress { module, phase, side, done, total, seconds_left, waiting_until: None }
    }

    #[test]
    fn a_plain_line_now_and_then() {
        let begun = Instant::now();
        let catalogue = Arc::new(Catalogue::of(Language::En));
        let mut lines = Lines { since: begun, told: String::new(), last: None, catalogue };
        let writing = |done, total| Some(at(Phase::Writing, done, total, Some(170)));
        let planning = Some(at(Phase::Planning, 0, None, None));
        for (seconds, heard, expected, why) in [
            (1, writing(200, Some(6_000)), None, "what is soon done is not told of"),
            (
                6,
                writing(1_200, Some(6_000)),
                Some("1200 of 6000 · about 3 minutes left · Contacts · Writing to Google…"),
                "what lasts is",
            ),
            (7, writing(1_400, Some(6_000)), None, "not with every batch"),
            (12, writing(1_200, Some(6_000)), None, "nor twice the same"),
            (
                13,
                writing(1_600, None),
                Some("1600 so far · about 3 minutes left · Contacts · Writing to Google…"),
                "where nobody knows of how many",
            ),
            (14, planning, None, "a phase of which there is one word of news"),
            (19, None, Some("Contacts · Working out what to do…"), "is told of all the same"),
            (30, None, None, "and once"),
        ] {
            lines.last = heard.or_else(|| lines.last.take());
            let due = lines.due(begun + Duration::from_secs(seconds));
            assert_eq!(due.as_deref(), expected, "{why}");
        }
    }

    #[test]
    fn the_rest_is_told_as_the_window_tells_it() {
        let catalogue = Catalogue::of(Language::En);
        for (seconds, said) in [
            (1, "less than a minute left"),
            (59, "less than a minute left"),
            (60, "about a minute left"),
            (61, "about 2 minutes left"),
            (3_600, "about one hour left"),
            (7_000, "about 1.9 hours left"),
        ] {
            let progress = at(Phase::Writing, 1, Some(2), Some(seconds));
            assert_eq!(left(&progress).map(|left| catalogue.tell(&left)).as_deref(), Some(said));
        }
    }
}
