//! Notifications: for what needs the person, a finished first run and held deletions, once per
//! episode.

use std::collections::BTreeSet;

use fluent_bundle::FluentValue;
use renraku_core::contact::Module;
use renraku_engine::api::{Outcome, Run, Sync, SyncState};
use tauri::AppHandle;
use tauri_plugin_notification::NotificationExt;

use renraku_engine::words::Words;

/// Something worth a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notice {
    /// So many things wait for the person.
    NeedsYou(u32),
    /// An account must be connected again.
    SignedOut,
    /// A sync's first run is finished; so many contacts are in step.
    FirstRun(u32),
    /// A run was held by a brake.
    Held,
}

/// What was already told, so that nothing is told twice before it was settled in between.
#[derive(Debug, Default)]
pub(crate) struct Episodes {
    needs_you: bool,
    signed_out: bool,
    held: BTreeSet<Module>,
    begun: BTreeSet<Module>,
}

impl Episodes {
    /// The episodes that were already running when the app started: they were told before.
    pub(crate) fn running(syncs: &[Sync]) -> Episodes {
        let mut episodes = Episodes::default();
        episodes.look(syncs);
        episodes
    }

    /// What the new state of things makes worth telling.
    pub(crate) fn look(&mut self, syncs: &[Sync]) -> Option<Notice> {
        // A held run has a notice of its own.
        let open: u32 = syncs.iter().map(|s| s.needs_you).sum();
        let lost = syncs.iter().any(|s| s.enabled && s.state == SyncState::SignedOut);
        for sync in syncs.iter().filter(|s| s.last_synced_at.is_some()) {
            self.begun.insert(sync.module);
        }
        let was_open = std::mem::replace(&mut self.needs_you, open > 0);
        let was_lost = std::mem::replace(&mut self.signed_out, lost);
        let (newly_open, newly_lost) = (open > 0 && !was_open, lost && !was_lost);
        if newly_lost {
            Some(Notice::SignedOut)
        } else {
            newly_open.then_some(Notice::NeedsYou(open))
        }
    }

    /// What a finished run makes worth telling; `linked` contacts are in step after it.
    pub(crate) fn finished(&mut self, run: &Run, linked: u32) -> Option<Notice> {
        match run.outcome {
            Outcome::Completed | Outcome::Partial => {
                self.held.remove(&run.module);
                (self.begun.insert(run.module) && !run.undo).then_some(Notice::FirstRun(linked))
            }
            // A first plan that waits for approval is on the screen already.
            Outcome::Held => (self.begun.contains(&run.module) && self.held.insert(run.module))
                .then_some(Notice::Held),
            Outcome::Failed => None,
        }
    }
}

/// Shows it; a system without notifications stays silent.
pub(crate) fn show(app: &AppHandle, words: &Words, notice: Notice) {
    let (title, body) = match notice {
        Notice::NeedsYou(n) => (
            words.say("notify-needs-you-title"),
            words.say_with("notify-needs-you-body", &[("count", FluentValue::from(n))]),
        ),
        Notice::SignedOut => {
            (words.say("notify-signed-out-title"), words.say("notify-signed-out-body"))
        }
        Notice::FirstRun(n) => (
            words.say("notify-first-run-title"),
            words.say_with("notify-first-run-body", &[("count", FluentValue::from(n))]),
        ),
        Notice::Held => (words.say("notify-held-title"), words.say("notify-held-body")),
    };
    if let Err(error) = app.notification().builder().title(title).body(body).show() {
        tracing::debug!(%error, "no notification");
    }
}

#[cfg(test)]
mod tests {
    use renraku_core::setup::Direction;

    use super::*;

    fn sync(needs_you: u32, state: SyncState, begun: bool) -> Sync {
        Sync {
            module: Module::Contacts,
            enabled: true,
            direction: Direction::TwoWay,
            state,
            last_synced_at: begun.then(|| "2026-11-22T10:05:00Z".to_owned()),
            complete_as_of: None,
            next_run_at: None,
            waiting: 0,
            needs_you,
            linked: 0,
            frequency_minutes: 60,
            message: None,
        }
    }

    fn run(outcome: Outcome) -> Run {
        let mut run = Run::begun(Module::Contacts, String::new());
        run.outcome = outcome;
        run
    }

    #[test]
    fn needs_you_is_told_once_until_it_was_settled() {
        let mut episodes = Episodes::default();
        let mut check = |n: u32, expected: Option<Notice>, why: &str| {
            assert_eq!(episodes.look(&[sync(n, SyncState::UpToDate, true)]), expected, "{why}");
        };
        check(0, None, "nothing");
        check(2, Some(Notice::NeedsYou(2)), "the first time");
        check(5, None, "more of the same episode");
        check(0, None, "settled");
        check(1, Some(Notice::NeedsYou(1)), "a new episode");
    }

    #[test]
    fn an_episode_from_before_the_start_is_not_told_again() {
        let mut episodes = Episodes::running(&[sync(2, SyncState::SignedOut, true)]);
        assert_eq!(episodes.look(&[sync(3, SyncState::SignedOut, true)]), None);
    }

    #[test]
    fn only_the_first_run_is_told_and_a_brake_once() {
        let mut episodes = Episodes::running(&[sync(0, SyncState::AwaitingApproval, false)]);
        let mut check = |outcome: Outcome, expected: Option<Notice>, why: &str| {
            assert_eq!(episodes.finished(&run(outcome), 7), expected, "{why}");
        };
        check(Outcome::Held, None, "the first plan is approved on the screen");
        check(Outcome::Completed, Some(Notice::FirstRun(7)), "the first run");
        check(Outcome::Completed, None, "every other run is silent");
        check(Outcome::Held, Some(Notice::Held), "the brake");
        check(Outcome::Held, None, "the same brake");
        check(Outcome::Completed, None, "approved");
        check(Outcome::Held, Some(Notice::Held), "another one");
    }
}
