//! Notifications: for what needs the person, a finished first run and held deletions, once per
//! episode.

use std::collections::BTreeSet;

use renraku_core::contact::{Module, Pair};
use renraku_engine::api::{Outcome, Run, Sync, SyncState};
use renraku_engine::catalogue::Catalogue;
use tauri::AppHandle;
use tauri_plugin_notification::NotificationExt;

use crate::status;
use crate::tray::menu;

/// Something worth a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notice {
    /// So many things wait for the person.
    NeedsYou(u32),
    /// So many contacts vanished at once from each side.
    Vanished(Pair<u32>),
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
    alarm: bool,
    signed_out: bool,
    held: BTreeSet<Module>,
    begun: BTreeSet<Module>,
}

impl Episodes {
    /// The episodes that were already running when the app started: they were told before.
    pub(crate) fn running(syncs: &[Sync]) -> Episodes {
        let mut episodes = Episodes::default();
        episodes.look(syncs);
        for sync in syncs {
            if sync.last_synced_at.is_some() {
                episodes.begun.insert(sync.module);
            }
            if sync.held {
                episodes.held.insert(sync.module);
            }
        }
        episodes
    }

    /// What the new state of things makes worth telling.
    pub(crate) fn look(&mut self, syncs: &[Sync]) -> Option<Notice> {
        // A held run has a notice of its own, and the questions of a first plan stand in it.
        let begun = syncs.iter().filter(|sync| sync.last_synced_at.is_some());
        let open: u32 = begun.map(|sync| sync.needs_you.saturating_sub(sync.held.into())).sum();
        let lost = syncs.iter().any(|s| s.enabled && s.state == SyncState::SignedOut);
        let alarm = status::alarm(syncs);
        let alarmed = std::mem::replace(&mut self.alarm, alarm.is_some());
        let was_open = std::mem::replace(&mut self.needs_you, open > 0);
        let was_lost = std::mem::replace(&mut self.signed_out, lost);
        let (newly_open, newly_lost) = (open > 0 && !was_open, lost && !was_lost);
        if newly_lost {
            Some(Notice::SignedOut)
        } else if let Some(gone) = alarm.filter(|_| !alarmed) {
            Some(Notice::Vanished(gone))
        } else {
            newly_open.then_some(Notice::NeedsYou(open))
        }
    }

    /// What a finished run makes worth telling; `linked` contacts are in step after it. A plan and
    /// an undo were asked for in the window, where their end is shown.
    pub(crate) fn finished(&mut self, run: &Run, linked: u32) -> Option<Notice> {
        // What vanished has a notice of its own.
        if run.preview || run.undo || (run.alarm && run.outcome == Outcome::Held) {
            return None;
        }
        match run.outcome {
            Outcome::Completed | Outcome::Partial => {
                self.held.remove(&run.module);
                self.begun.insert(run.module).then_some(Notice::FirstRun(linked))
            }
            // A first plan that waits for approval is on the screen already.
            Outcome::Held => (self.begun.contains(&run.module) && self.held.insert(run.module))
                .then_some(Notice::Held),
            Outcome::Failed => None,
        }
    }
}

impl Notice {
    /// Title and body.
    fn said(self, catalogue: &Catalogue) -> (String, String) {
        let counted = |id: &str, count: u32| catalogue.say_with(id, &[("count", count.into())]);
        match self {
            Notice::NeedsYou(n) => {
                (catalogue.say("notify-needs-you-title"), counted("notify-needs-you-body", n))
            }
            Notice::Vanished(gone) => {
                let told = menu::vanished(gone);
                (
                    catalogue.say_with("notify-vanished-title", &told),
                    catalogue.say_with("notify-vanished-body", &told),
                )
            }
            Notice::SignedOut => {
                (catalogue.say("notify-signed-out-title"), catalogue.say("notify-signed-out-body"))
            }
            Notice::FirstRun(n) => {
                (catalogue.say("notify-first-run-title"), counted("notify-first-run-body", n))
            }
            Notice::Held => (catalogue.say("notify-held-title"), catalogue.say("notify-held-body")),
        }
    }
}

/// Shows it; a system without notifications stays silent.
pub(crate) fn show(app: &AppHandle, catalogue: &Catalogue, notice: Notice) {
    let (title, body) = notice.said(catalogue);
    if let Err(error) = app.notification().builder().title(title).body(body).show() {
        tracing::debug!(%error, "no notification");
    }
}

#[cfg(test)]
mod tests {
    use renraku_engine::catalogue::Language;

    use super::*;
    use crate::status::tests as stand;

    fn sync(needs_you: u32, state: SyncState, begun: bool) -> Sync {
        let last_synced_at = begun.then(|| "2026-11-22T10:05:00Z".to_owned());
        Sync { needs_you, last_synced_at, ..stand::sync(state) }
    }

    fn run(outcome: Outcome) -> Run {
        let mut run = Run::begun(Module::Contacts, String::new());
        run.outcome = outcome;
        run
    }

    #[test]
    fn what_needs_the_person_is_told_once_until_it_was_settled() {
        use SyncState as S;
        let mut episodes = Episodes::default();
        let mut check = |n: u32, state: S, expected: Option<Notice>, why: &str| {
            assert_eq!(episodes.look(&[sync(n, state, true)]), expected, "{why}");
        };
        check(0, S::UpToDate, None, "nothing");
        check(2, S::NeedsYou, Some(Notice::NeedsYou(2)), "the first time");
        check(2, S::Syncing, None, "a run in between settles nothing");
        check(5, S::NeedsYou, None, "more of the same episode");
        check(0, S::UpToDate, None, "settled");
        check(1, S::NeedsYou, Some(Notice::NeedsYou(1)), "a new episode");
        check(1, S::SignedOut, Some(Notice::SignedOut), "a lost sign-in has its own");
        check(1, S::SignedOut, None, "once");
        check(0, S::Offline, None, "offline needs nobody");
        check(0, S::Failed, None, "nor does a failed run, by itself");
        check(0, S::SignedOut, Some(Notice::SignedOut), "lost again after it was back");
        check(0, S::Disabled, None, "what is turned off needs nobody");
    }

    #[test]
    fn contacts_that_vanish_have_a_notice_of_their_own() {
        let open = || [stand::alarmed(sync(1, SyncState::NeedsYou, true))];
        let vanished = Some(Notice::Vanished(Pair { zoho: 0, google: 291 }));
        let mut episodes = Episodes::running(&[sync(0, SyncState::UpToDate, true)]);
        let mut held = run(Outcome::Held);
        held.alarm = true;
        assert_eq!(episodes.finished(&held, 7), None, "no notice of a brake besides");
        assert_eq!(episodes.look(&open()), vanished, "how many, and where");
        assert_eq!(episodes.look(&open()), None, "once");
        assert_eq!(episodes.look(&[sync(1, SyncState::NeedsYou, true)]), None, "the same episode");
        assert_eq!(episodes.look(&open()), vanished, "another time, beside an open question");
    }

    #[test]
    fn an_episode_from_before_the_start_is_not_told_again() {
        let mut episodes = Episodes::running(&[sync(2, SyncState::SignedOut, true)]);
        assert_eq!(episodes.look(&[sync(3, SyncState::SignedOut, true)]), None);
        let held = Sync { held: true, ..sync(1, SyncState::NeedsYou, true) };
        let mut episodes = Episodes::running(std::slice::from_ref(&held));
        assert_eq!(episodes.finished(&run(Outcome::Held), 7), None, "a brake");
        assert_eq!(episodes.look(&[held]), None, "which is no question besides");
        assert_eq!(episodes.finished(&run(Outcome::Completed), 7), None, "no first run");
    }

    #[test]
    fn only_the_first_run_is_told_and_a_brake_once() {
        use Outcome as O;
        let mut episodes = Episodes::running(&[sync(0, SyncState::AwaitingApproval, false)]);
        let mut check = |run: Run, expected: Option<Notice>, why: &str| {
            assert_eq!(episodes.finished(&run, 7), expected, "{why}");
        };
        let preview = || {
            let mut plan = run(O::Completed);
            plan.preview = true;
            plan
        };
        let undo = |outcome| {
            let mut undo = run(outcome);
            undo.undo = true;
            undo
        };
        check(preview(), None, "a plan is no run");
        check(run(O::Held), None, "the first plan is approved on the screen");
        check(run(O::Failed), None, "tried again");
        check(run(O::Completed), Some(Notice::FirstRun(7)), "the first run");
        check(run(O::Partial), None, "every other run is silent");
        check(undo(O::Held), None, "what an undo left is on the screen");
        check(run(O::Held), Some(Notice::Held), "the brake");
        check(run(O::Held), None, "the same brake");
        check(preview(), None, "looking at it settles nothing");
        check(run(O::Held), None, "still the same");
        check(run(O::Completed), None, "approved");
        check(run(O::Held), Some(Notice::Held), "another one");
    }

    #[test]
    fn each_notice_speaks_the_persons_language() {
        let check = |notice: Notice, en: &str, ja: &str| {
            let said = |language| {
                let (title, body) = notice.said(&Catalogue::of(language));
                format!("{title}: {body}")
            };
            assert_eq!(said(Language::En), en);
            assert_eq!(said(Language::Ja), ja);
        };
        check(
            Notice::NeedsYou(1),
            "Renraku needs you: One contact needs your decision.",
            "確認が必要です: 1 件の連絡先について、確認をお願いします。",
        );
        check(
            Notice::NeedsYou(3),
            "Renraku needs you: 3 contacts need your decision.",
            "確認が必要です: 3 件の連絡先について、確認をお願いします。",
        );
        check(
            Notice::Vanished(Pair { zoho: 0, google: 291 }),
            "291 contacts disappeared from Google: Nothing was deleted in Zoho. Choose in Renraku what to do about them.",
            "Google から 291 件の連絡先がなくなりました: Zoho では何も削除していません。どうするかを Renraku で選んでください。",
        );
        check(
            Notice::SignedOut,
            "Sign in again: Nothing is synced until you sign in again.",
            "再サインインが必要です: サインインするまで同期を休止します。",
        );
        check(
            Notice::FirstRun(120),
            "The first sync is done: 120 contacts are in step now.",
            "最初の同期が終わりました: 120 件の連絡先を同期しました。",
        );
        check(
            Notice::Held,
            "A sync needs your approval: It would do more than usual, so nothing was written. Please look at its plan.",
            "同期を保留しました: 普段より大きな変更のため、何も書き込んでいません。計画を確かめてください。",
        );
    }
}
