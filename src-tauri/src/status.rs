//! How everything stands: one state for all syncs together. Pure.

use renraku_core::contact::Pair;
use renraku_engine::Until;
use renraku_engine::api::{Accounts, Sync, SyncState};

/// The state of everything, the most urgent one first in [`of`]. A time says up to when everything
/// that is turned on is complete: a run that failed since never looks fresh.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Status {
    /// The engine could not be opened.
    Blocked,
    /// No account or no sync yet, or a first plan that was not approved.
    SetUp,
    /// An account must be connected again.
    SignedOut,
    /// The last run failed, and trying again alone may not help.
    Error(Option<String>),
    /// A run is under way.
    Syncing,
    /// So many contacts vanished at once from each side, and nobody has chosen yet what becomes of them.
    Vanished(Pair<u32>),
    /// Something waits for the person.
    NeedsYou(u32, Option<String>),
    /// The timer rests.
    Paused(Until),
    /// A service cannot be reached; it goes on by itself.
    Offline(Option<String>),
    /// A service asks to wait; it goes on by itself.
    Throttled(Option<String>),
    /// Limits left so many for the next run.
    Waiting(u32, Option<String>),
    /// All done.
    UpToDate(Option<String>),
    /// Every sync is turned off.
    Off,
}

/// How many things wait for the person.
pub(crate) fn needs_you(syncs: &[Sync]) -> u32 {
    syncs.iter().map(|sync| sync.needs_you).sum()
}

/// How many contacts vanished from each side, by the alarms that are open.
pub(crate) fn alarm(syncs: &[Sync]) -> Option<Pair<u32>> {
    let mut gone = Pair::default();
    for alarm in syncs.iter().flat_map(|sync| &sync.alarms) {
        gone[alarm.side] += alarm.contacts;
    }
    Some(gone).filter(|gone| *gone != Pair::default())
}

/// The state of everything together.
pub(crate) fn of(accounts: &Accounts, syncs: &[Sync], rest: Option<Until>) -> Status {
    let any = |state: SyncState| syncs.iter().any(|s| s.enabled && s.state == state);
    let on = || syncs.iter().filter(|s| s.enabled);
    let complete = on().map(|s| s.complete_as_of.clone()).min().flatten();
    if any(SyncState::Syncing) {
        return Status::Syncing;
    }
    let lost = accounts.zoho.needs_sign_in || accounts.google.needs_sign_in;
    if lost || any(SyncState::SignedOut) {
        return Status::SignedOut;
    }
    if let Some(gone) = alarm(syncs) {
        return Status::Vanished(gone);
    }
    if syncs.is_empty() || any(SyncState::AwaitingApproval) {
        return Status::SetUp;
    }
    if any(SyncState::Failed) {
        return Status::Error(complete);
    }
    let open = needs_you(syncs);
    if open > 0 {
        return Status::NeedsYou(open, complete);
    }
    if let Some(until) = rest {
        return Status::Paused(until);
    }
    if any(SyncState::Offline) {
        return Status::Offline(complete);
    }
    if any(SyncState::Throttled) {
        return Status::Throttled(complete);
    }
    if any(SyncState::Waiting) {
        return Status::Waiting(on().map(|s| s.waiting).sum(), complete);
    }
    if on().next().is_none() {
        return Status::Off;
    }
    Status::UpToDate(complete)
}

#[cfg(test)]
pub(crate) mod tests {
    use renraku_core::contact::{Module, Side};
    use renraku_core::setup::Direction;
    use renraku_engine::api::{Account, Alarm};

    use super::*;

    /// A sync as it may stand.
    pub(crate) fn sync(state: SyncState) -> Sync {
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
            held: false,
            linked: 0,
            differ: 0,
            frequency_minutes: 60,
            message: None,
            alarms: Vec::new(),
        }
    }

    /// The same where 291 contacts vanished from Google.
    pub(crate) fn alarmed(sync: Sync) -> Sync {
        let choices = ["put_back", "delete", "one_by_one"].map(str::to_owned).to_vec();
        let alarm = Alarm { item: "1".to_owned(), side: Side::Google, contacts: 291, choices };
        let alarms = if sync.enabled { vec![alarm] } else { Vec::new() };
        Sync { alarms, ..sync }
    }

    #[test]
    fn while_contacts_are_missing_nothing_else_is_said_to_be_well() {
        use SyncState as S;
        let check = |state: S, expected: Status, why: &str| {
            let syncs = [alarmed(sync(state)), sync(S::UpToDate)];
            assert_eq!(of(&Accounts::default(), &syncs, Some(Until::Resumed)), expected, "{why}");
        };
        let alarm = || Status::Vanished(Pair { zoho: 0, google: 291 });
        for state in [S::NeedsYou, S::UpToDate, S::Waiting, S::Offline, S::Throttled, S::Failed] {
            check(state, alarm(), "the alarm");
        }
        check(S::Syncing, Status::Syncing, "what happens now is shown");
        check(S::SignedOut, Status::SignedOut, "nothing can be chosen before");
        check(S::Disabled, Status::Paused(Until::Resumed), "a sync that is off rings no bell");
    }

    #[test]
    fn whoever_vanished_is_counted_in_every_sync_and_on_both_sides() {
        let mut other = alarmed(sync(SyncState::NeedsYou));
        let zoho =
            Alarm { side: Side::Zoho, contacts: 12, ..other.alarms.first().unwrap().clone() };
        other.alarms.push(zoho);
        let syncs = [alarmed(sync(SyncState::NeedsYou)), other];
        assert_eq!(alarm(&syncs), Some(Pair { zoho: 12, google: 582 }));
        assert_eq!(alarm(&[sync(SyncState::NeedsYou)]), None);
    }

    #[test]
    fn the_most_urgent_state_wins() {
        use SyncState as S;
        let check = |states: &[S], rest: Option<Until>, expected: Status, why: &str| {
            let syncs: Vec<Sync> = states.iter().copied().map(sync).collect();
            assert_eq!(of(&Accounts::default(), &syncs, rest), expected, "{why}");
        };
        let at = || Some("2026-11-22T10:05:00Z".to_owned());
        let resting = Some(Until::Resumed);
        check(&[], None, Status::SetUp, "nothing is set up");
        check(&[], resting, Status::SetUp, "a pause is no set-up");
        check(&[S::AwaitingApproval], None, Status::SetUp, "the first plan is open");
        check(&[S::UpToDate], None, Status::UpToDate(at()), "at rest");
        check(&[S::UpToDate, S::Failed], None, Status::Error(at()), "failed beside fresh");
        check(&[S::UpToDate, S::Offline], None, Status::Offline(at()), "offline beside fresh");
        check(
            &[S::Offline, S::Throttled],
            None,
            Status::Offline(at()),
            "nothing without a network",
        );
        check(&[S::Waiting, S::Throttled], None, Status::Throttled(at()), "a quota before a limit");
        check(&[S::Offline, S::Failed], None, Status::Error(at()), "what does not pass first");
        check(&[S::Failed, S::Syncing], None, Status::Syncing, "what happens now is shown");
        check(&[S::Syncing], resting, Status::Syncing, "a run asked for while the timer rests");
        check(&[S::NeedsYou], resting, Status::NeedsYou(3, at()), "questions outlast a pause");
        check(&[S::NeedsYou, S::Offline], None, Status::NeedsYou(3, at()), "only the person can");
        check(&[S::UpToDate], resting, Status::Paused(Until::Resumed), "paused");
        check(&[S::Offline], resting, Status::Paused(Until::Resumed), "nothing tries meanwhile");
        check(&[S::Failed], resting, Status::Error(at()), "an error outlasts a pause");
        check(&[S::Waiting], None, Status::Waiting(12, at()), "limits");
        check(&[S::SignedOut], resting, Status::SignedOut, "sign-in lost");
        check(&[S::Disabled], None, Status::Off, "turned off");
        check(&[S::UpToDate, S::Disabled], None, Status::UpToDate(at()), "off does not count");
    }

    #[test]
    fn a_lost_account_shows_before_any_run_has_found_out() {
        let lost = Account { needs_sign_in: true, ..Account::default() };
        let accounts = Accounts { google: lost, ..Accounts::default() };
        assert_eq!(of(&accounts, &[sync(SyncState::UpToDate)], None), Status::SignedOut);
    }

    #[test]
    fn everything_is_only_as_complete_as_its_oldest_part() {
        let check = |times: [Option<&str>; 2], expected: Option<&str>, why: &str| {
            let syncs = times.map(|time| Sync {
                complete_as_of: time.map(str::to_owned),
                ..sync(SyncState::UpToDate)
            });
            let status = of(&Accounts::default(), &syncs, None);
            assert_eq!(status, Status::UpToDate(expected.map(str::to_owned)), "{why}");
        };
        let (old, new) = (Some("2026-11-21T10:05:00Z"), Some("2026-11-22T10:05:00Z"));
        check([new, old], old, "the older of two");
        check([new, None], None, "one has never been completed");
    }
}
