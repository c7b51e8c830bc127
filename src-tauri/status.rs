//! What the tray shows: one state for all syncs together. Pure.

use renraku_engine::api::{Accounts, Sync, SyncState};

/// Until when the timer rests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Rest {
    /// It does not.
    None,
    /// Until this time (RFC 3339).
    Until(String),
    /// Until the person resumes it.
    Resumed,
}

/// The tray's state, the most urgent one first in [`of`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Status {
    /// No account or no sync yet, or a first plan that was not approved.
    SetUp,
    /// An account must be connected again.
    SignedOut,
    /// The last run failed, and trying again alone does not help.
    Error,
    /// A run is under way.
    Syncing,
    /// Something waits for the person.
    NeedsYou(u32),
    /// The timer rests.
    Paused(Rest),
    /// Offline, a quota or a limit: it goes on by itself.
    Waiting(u32),
    /// All done; the time of the oldest sync's completeness.
    UpToDate(Option<String>),
    /// Every sync is turned off.
    Off,
}

impl Status {
    /// The drawing of the state.
    pub(crate) fn icon(&self) -> &'static [u8] {
        match self {
            Status::SetUp | Status::Off => include_bytes!("../icons/tray/set-up.png"),
            Status::SignedOut | Status::NeedsYou(_) => {
                include_bytes!("../icons/tray/needs-you.png")
            }
            Status::Error => include_bytes!("../icons/tray/error.png"),
            Status::Syncing => include_bytes!("../icons/tray/syncing.png"),
            Status::Paused(_) => include_bytes!("../icons/tray/paused.png"),
            Status::Waiting(_) => include_bytes!("../icons/tray/waiting.png"),
            Status::UpToDate(_) => include_bytes!("../icons/tray/up-to-date.png"),
        }
    }
}

/// How many things wait for the person; a plan that a guard held is one.
pub(crate) fn needs_you(syncs: &[Sync]) -> u32 {
    let one = |sync: &Sync| match sync.state {
        SyncState::NeedsYou => sync.needs_you.max(1),
        SyncState::AwaitingApproval
        | SyncState::UpToDate
        | SyncState::Syncing
        | SyncState::Disabled
        | SyncState::Waiting
        | SyncState::SignedOut
        | SyncState::Failed => sync.needs_you,
    };
    syncs.iter().map(one).sum()
}

/// The state of everything together.
pub(crate) fn of(accounts: &Accounts, syncs: &[Sync], rest: &Rest) -> Status {
    let any = |state: SyncState| syncs.iter().any(|s| s.enabled && s.state == state);
    if any(SyncState::Syncing) {
        return Status::Syncing;
    }
    let lost = accounts.zoho.needs_sign_in || accounts.google.needs_sign_in;
    if lost || any(SyncState::SignedOut) {
        return Status::SignedOut;
    }
    if syncs.is_empty() || any(SyncState::AwaitingApproval) {
        return Status::SetUp;
    }
    if any(SyncState::Failed) {
        return Status::Error;
    }
    let open = needs_you(syncs);
    if open > 0 {
        return Status::NeedsYou(open);
    }
    if *rest != Rest::None {
        return Status::Paused(rest.clone());
    }
    if any(SyncState::Waiting) {
        return Status::Waiting(syncs.iter().map(|s| s.waiting).sum());
    }
    if syncs.iter().all(|s| !s.enabled) {
        return Status::Off;
    }
    let oldest = syncs.iter().filter(|s| s.enabled).map(|s| s.complete_as_of.clone()).min();
    Status::UpToDate(oldest.flatten())
}

#[cfg(test)]
mod tests {
    use renraku_core::contact::Module;
    use renraku_core::setup::Direction;

    use super::*;

    fn sync(state: SyncState) -> Sync {
        Sync {
            module: Module::Contacts,
            enabled: state != SyncState::Disabled,
            direction: Direction::TwoWay,
            state,
            last_synced_at: None,
            complete_as_of: Some("2026-11-22T10:05:00Z".to_owned()),
            next_run_at: None,
            waiting: if state == SyncState::Waiting { 12 } else { 0 },
            needs_you: if state == SyncState::NeedsYou { 3 } else { 0 },
            linked: 0,
            frequency_minutes: 60,
            message: None,
        }
    }

    #[test]
    fn the_most_urgent_state_wins() {
        let check = |states: &[SyncState], rest: Rest, expected: Status, why: &str| {
            let syncs: Vec<Sync> = states.iter().copied().map(sync).collect();
            assert_eq!(of(&Accounts::default(), &syncs, &rest), expected, "{why}");
        };
        let at = Some("2026-11-22T10:05:00Z".to_owned());
        check(&[], Rest::None, Status::SetUp, "nothing is set up");
        check(&[SyncState::UpToDate], Rest::None, Status::UpToDate(at.clone()), "at rest");
        check(
            &[SyncState::UpToDate, SyncState::Failed],
            Rest::None,
            Status::Error,
            "a failed sync is never hidden behind a fresh one",
        );
        check(
            &[SyncState::Failed, SyncState::Syncing],
            Rest::None,
            Status::Syncing,
            "what happens now is shown",
        );
        check(
            &[SyncState::NeedsYou],
            Rest::Resumed,
            Status::NeedsYou(3),
            "questions outlast a pause",
        );
        check(&[SyncState::UpToDate], Rest::Resumed, Status::Paused(Rest::Resumed), "paused");
        let held = Sync { needs_you: 0, ..sync(SyncState::NeedsYou) };
        assert_eq!(
            of(&Accounts::default(), &[held], &Rest::None),
            Status::NeedsYou(1),
            "a held plan is never shown as up to date"
        );
        check(&[SyncState::Waiting], Rest::None, Status::Waiting(12), "limits");
        check(&[SyncState::SignedOut], Rest::None, Status::SignedOut, "sign-in lost");
        check(&[SyncState::Disabled], Rest::None, Status::Off, "turned off");
        check(&[SyncState::AwaitingApproval], Rest::None, Status::SetUp, "first plan open");
        check(
            &[SyncState::UpToDate, SyncState::Disabled],
            Rest::None,
            Status::UpToDate(at),
            "a sync that is off does not count",
        );
    }

    #[test]
    fn every_state_has_a_drawing_that_loads() {
        for status in [
            Status::SetUp,
            Status::SignedOut,
            Status::Error,
            Status::Syncing,
            Status::Paused(Rest::None),
            Status::Waiting(1),
            Status::UpToDate(None),
            Status::Off,
        ] {
            assert!(tauri::image::Image::from_bytes(status.icon()).is_ok(), "{status:?}");
        }
    }
}
