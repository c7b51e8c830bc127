//! What the tray shows: icon, tooltip and menu, as data in the person's language. Pure; it is drawn
//! only where it differs from what is shown, for a menu that is redrawn closes under the mouse.

use chrono::{DateTime, TimeZone};
use fluent_bundle::FluentValue;
use renraku_core::contact::{Pair, Side};
use renraku_engine::Until;
use renraku_engine::catalogue::Catalogue;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::status::Status;

/// How long the person wants the timer to rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PauseFor {
    /// An hour.
    Hour,
    /// Until eight in the morning of the next day.
    Tomorrow,
    /// Until it is resumed.
    Resumed,
}

/// What an entry of the menu does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// Runs all syncs.
    Sync,
    /// Shows the window.
    Open,
    /// Rests the timer.
    Pause(PauseFor),
    /// Lets it go on.
    Resume,
    /// Shows what waits for the person.
    NeedsYou,
    /// Shows the settings.
    Settings,
    /// Ends the app.
    Quit,
}

impl Action {
    const ALL: [Action; 9] = [
        Action::Sync,
        Action::Open,
        Action::Pause(PauseFor::Hour),
        Action::Pause(PauseFor::Tomorrow),
        Action::Pause(PauseFor::Resumed),
        Action::Resume,
        Action::NeedsYou,
        Action::Settings,
        Action::Quit,
    ];

    /// Its name in the menu's events.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Action::Sync => "sync",
            Action::Open => "open",
            Action::Pause(PauseFor::Hour) => "pause-hour",
            Action::Pause(PauseFor::Tomorrow) => "pause-tomorrow",
            Action::Pause(PauseFor::Resumed) => "pause-resumed",
            Action::Resume => "resume",
            Action::NeedsYou => "needs-you",
            Action::Settings => "settings",
            Action::Quit => "quit",
        }
    }

    /// The action of that name.
    pub(crate) fn named(id: &str) -> Option<Action> {
        Action::ALL.into_iter().find(|action| action.id() == id)
    }
}

/// An entry of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Entry {
    /// A line that is only read.
    Status(String),
    /// A line between groups.
    Separator,
    /// Something to choose.
    Choice {
        /// What it does.
        action: Action,
        /// What is written.
        text: String,
        /// Whether it can be chosen now.
        enabled: bool,
    },
    /// Entries behind an entry.
    Sub {
        /// What is written.
        text: String,
        /// Whether it opens now.
        enabled: bool,
        /// What is behind it.
        choices: Vec<(Action, String)>,
    },
}

/// What the tray shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TrayMenu {
    /// The drawing, a PNG.
    pub(crate) icon: &'static [u8],
    /// The text beside the pointer.
    pub(crate) tooltip: String,
    /// The menu from top to bottom.
    pub(crate) entries: Vec<Entry>,
}

impl TrayMenu {
    /// The menu of a status, while the timer may rest and so many things wait for the person.
    pub(crate) fn of<Z: TimeZone>(
        catalogue: &Catalogue,
        status: &Status,
        rest: Option<Until>,
        needs_you: u32,
        now: &DateTime<Z>,
    ) -> TrayMenu {
        let line = line(catalogue, status, now);
        let tooltip =
            catalogue.say_with("tray-tooltip", &[("status", FluentValue::from(line.as_str()))]);
        let choice = |action: Action, text: String| Entry::Choice { action, text, enabled: true };
        let count = [("count", FluentValue::from(needs_you))];
        let pause = match rest {
            Some(_) => choice(Action::Resume, catalogue.say("tray-resume")),
            None => Entry::Sub {
                text: catalogue.say("tray-pause"),
                enabled: runs(status),
                choices: vec![
                    (Action::Pause(PauseFor::Hour), catalogue.say("tray-pause-hour")),
                    (Action::Pause(PauseFor::Tomorrow), catalogue.say("tray-pause-tomorrow")),
                    (Action::Pause(PauseFor::Resumed), catalogue.say("tray-pause-until-resumed")),
                ],
            },
        };
        let entries = vec![
            Entry::Status(line),
            Entry::Separator,
            Entry::Choice {
                action: Action::Sync,
                text: catalogue.say("tray-sync-now"),
                enabled: runs(status) && !matches!(status, Status::Syncing | Status::SignedOut),
            },
            choice(Action::Open, catalogue.say("tray-open")),
            pause,
            choice(Action::NeedsYou, catalogue.say_with("tray-needs-you", &count)),
            choice(Action::Settings, catalogue.say("tray-settings")),
            Entry::Separator,
            choice(Action::Quit, catalogue.say("tray-quit")),
        ];
        TrayMenu { icon: icon(status), tooltip, entries }
    }
}

/// Whether there is a sync that the timer runs.
fn runs(status: &Status) -> bool {
    !matches!(status, Status::Blocked | Status::SetUp | Status::Off)
}

/// States differ in shape, not only in colour.
fn icon(status: &Status) -> &'static [u8] {
    match status {
        Status::SetUp | Status::Off => include_bytes!("../../../icons/tray/set-up.png"),
        Status::SignedOut | Status::Vanished(_) | Status::NeedsYou(..) => {
            include_bytes!("../../../icons/tray/needs-you.png")
        }
        Status::Blocked | Status::Error(_) => include_bytes!("../../../icons/tray/error.png"),
        Status::Syncing => include_bytes!("../../../icons/tray/syncing.png"),
        Status::Paused(_) => include_bytes!("../../../icons/tray/paused.png"),
        Status::Offline(_) | Status::Throttled(_) | Status::Waiting(..) => {
            include_bytes!("../../../icons/tray/waiting.png")
        }
        Status::UpToDate(_) => include_bytes!("../../../icons/tray/up-to-date.png"),
    }
}

/// The status in one line, with the time where there is one.
fn line<Z: TimeZone>(catalogue: &Catalogue, status: &Status, now: &DateTime<Z>) -> String {
    let timed = |id: &str, time: &Option<String>, count: u32| {
        let time = time.as_deref().and_then(|text| text.parse().ok());
        let time = time.map(|at| catalogue.when(at, now));
        let time = FluentValue::from(time.unwrap_or_else(|| "none".to_owned()));
        catalogue.say_with(id, &[("time", time), ("count", FluentValue::from(count))])
    };
    match status {
        Status::Blocked => catalogue.say("tray-status-blocked"),
        Status::SetUp => catalogue.say("tray-status-set-up"),
        Status::SignedOut => catalogue.say("tray-status-signed-out"),
        Status::Syncing => catalogue.say("tray-status-syncing"),
        Status::Off => catalogue.say("tray-status-off"),
        Status::Paused(Until::Resumed) => catalogue.say("tray-status-paused"),
        Status::Paused(Until::Time(at)) => {
            let time = FluentValue::from(catalogue.when(*at, now));
            catalogue.say_with("tray-status-paused-until", &[("time", time)])
        }
        Status::Error(time) => timed("tray-status-error", time, 0),
        Status::Offline(time) => timed("tray-status-offline", time, 0),
        Status::Throttled(time) => timed("tray-status-throttled", time, 0),
        Status::UpToDate(time) => timed("tray-status-up-to-date", time, 0),
        Status::Waiting(count, time) => timed("tray-status-waiting", time, *count),
        Status::Vanished(gone) => catalogue.say_with("tray-status-vanished", &vanished(*gone)),
        Status::NeedsYou(count, time) => timed("tray-status-needs-you", time, *count),
    }
}

/// What is said about contacts that vanished: how many and where, and where nothing was deleted. Where
/// they vanished from both sides, how many did from each.
pub(crate) fn vanished(gone: Pair<u32>) -> Vec<(&'static str, FluentValue<'static>)> {
    let side = if gone.zoho > 0 { Side::Zoho } else { Side::Google };
    let both = if gone.zoho > 0 && gone.google > 0 { "both" } else { "one" };
    vec![
        ("sides", FluentValue::from(both)),
        ("count", FluentValue::from(gone[side])),
        ("there", FluentValue::from(gone[side.other()])),
        ("service", FluentValue::from(side.title())),
        ("other", FluentValue::from(side.other().title())),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::FixedOffset;
    use renraku_engine::catalogue::Language;

    use super::*;

    fn every_status() -> Vec<Status> {
        let at = || Some("2026-11-22T01:05:00Z".to_owned());
        let end: renraku_core::timestamp::Timestamp = "2026-11-22T23:00:00Z".parse().unwrap();
        vec![
            Status::Blocked,
            Status::SetUp,
            Status::SignedOut,
            Status::Error(at()),
            Status::Error(None),
            Status::Syncing,
            Status::Vanished(Pair { zoho: 1, google: 0 }),
            Status::Vanished(Pair { zoho: 0, google: 291 }),
            Status::Vanished(Pair { zoho: 12, google: 291 }),
            Status::NeedsYou(1, at()),
            Status::NeedsYou(3, None),
            Status::Paused(Until::Resumed),
            Status::Paused(Until::Time(end)),
            Status::Offline(at()),
            Status::Offline(None),
            Status::Throttled(at()),
            Status::Throttled(None),
            Status::Waiting(12, at()),
            Status::Waiting(12, None),
            Status::UpToDate(at()),
            Status::UpToDate(None),
            Status::Off,
        ]
    }

    fn now() -> DateTime<FixedOffset> {
        DateTime::parse_from_rfc3339("2026-11-22T10:30:00+09:00").unwrap()
    }

    fn menu(language: Language, status: &Status) -> TrayMenu {
        TrayMenu::of(&Catalogue::of(language), status, None, 0, &now())
    }

    #[test]
    fn the_status_line_says_how_everything_stands_in_both_languages() {
        let expected = "\
            Renraku – cannot open its data | Renraku – データを開けません
            Renraku – set-up needed | Renraku – 設定が必要です
            Renraku – sign in again | Renraku – 再サインインが必要です
            Renraku – the last run failed; complete as of 10:05 | Renraku – 前回の同期に失敗しました（10:05 まで同期済み）
            Renraku – the last run failed | Renraku – 前回の同期に失敗しました
            Renraku – syncing… | Renraku – 同期しています…
            Renraku – one contact disappeared from Zoho; nothing was deleted in Google | Renraku – Zoho から 1 件の連絡先がなくなりました（Google では何も削除していません）
            Renraku – 291 contacts disappeared from Google; nothing was deleted in Zoho | Renraku – Google から 291 件の連絡先がなくなりました（Zoho では何も削除していません）
            Renraku – contacts disappeared: 12 from Zoho, 291 from Google; nothing was deleted for it | Renraku – Zoho から 12 件、Google から 291 件の連絡先がなくなりました（それによる削除はしていません）
            Renraku – one thing needs you; complete as of 10:05 | Renraku – 要確認 1 件（10:05 まで同期済み）
            Renraku – 3 things need you | Renraku – 要確認 3 件
            Renraku – paused | Renraku – 一時停止中
            Renraku – paused until Nov 23, 08:00 | Renraku – 11月23日 08:00 まで一時停止中
            Renraku – offline; complete as of 10:05 | Renraku – オフライン（10:05 まで同期済み）
            Renraku – offline | Renraku – オフライン
            Renraku – waiting for a service; complete as of 10:05 | Renraku – サービスの制限で待機中（10:05 まで同期済み）
            Renraku – waiting for a service | Renraku – サービスの制限で待機中
            Renraku – 12 waiting for the next run; complete as of 10:05 | Renraku – 次回待ち 12 件（10:05 まで同期済み）
            Renraku – 12 waiting for the next run | Renraku – 次回待ち 12 件
            Renraku – up to date, 10:05 | Renraku – 最新です（10:05）
            Renraku – up to date | Renraku – 最新です
            Renraku – turned off | Renraku – 無効";
        let said = every_status().into_iter().map(|status| {
            let (en, ja) = (menu(Language::En, &status), menu(Language::Ja, &status));
            format!("{} | {}", en.tooltip, ja.tooltip)
        });
        assert!(
            expected.lines().map(str::trim).eq(said.clone()),
            "{:#?}",
            said.collect::<Vec<_>>()
        );
    }

    #[test]
    fn every_state_has_a_drawing_that_loads_and_unlike_states_unlike_ones() {
        let drawings: BTreeSet<&[u8]> = every_status().iter().map(icon).collect();
        assert_eq!(drawings.len(), 7, "a shape for each kind of state");
        for drawing in drawings {
            assert!(tauri::image::Image::from_bytes(drawing).is_ok());
        }
    }

    #[test]
    fn the_menu_offers_what_can_be_done_now() {
        let check = |status: Status, rest: Option<Until>, expected: &str, why: &str| {
            let menu = TrayMenu::of(&Catalogue::of(Language::En), &status, rest, 2, &now());
            let entries = menu.entries.iter().filter_map(|entry| match entry {
                Entry::Status(_) | Entry::Separator => None,
                Entry::Choice { action, enabled, .. } => Some((action.id(), *enabled)),
                Entry::Sub { enabled, .. } => Some(("pause", *enabled)),
            });
            let menu: Vec<String> =
                entries.map(|(id, on)| format!("{id}{}", if on { "" } else { "-" })).collect();
            assert_eq!(menu.join(" "), expected, "{why}");
        };
        let resting = Some(Until::Resumed);
        let all = "sync open pause needs-you settings quit";
        let nothing = "sync- open pause- needs-you settings quit";
        check(Status::UpToDate(None), None, all, "at rest");
        check(Status::Error(None), None, all, "trying again is allowed");
        check(Status::Offline(None), None, all, "so it is offline");
        check(Status::SetUp, None, nothing, "nothing to run");
        check(Status::Off, None, nothing, "turned off");
        check(Status::Blocked, None, nothing, "no engine");
        let busy = "sync- open pause needs-you settings quit";
        check(Status::Syncing, None, busy, "one run at a time; the timer may rest after it");
        check(Status::SignedOut, None, busy, "a run would only fail");
        let resume = "sync open resume needs-you settings quit";
        check(Status::Paused(Until::Resumed), resting, resume, "paused");
        check(Status::NeedsYou(2, None), resting, resume, "paused behind a question");
    }

    #[test]
    fn the_count_is_in_the_entry() {
        let texts = |language: Language, needs_you: u32| {
            let menu =
                TrayMenu::of(&Catalogue::of(language), &Status::Syncing, None, needs_you, &now());
            let mut texts = menu.entries.into_iter().filter_map(|entry| match entry {
                Entry::Choice { action: Action::NeedsYou, text, .. } => Some(text),
                Entry::Choice { .. } | Entry::Status(_) | Entry::Separator | Entry::Sub { .. } => {
                    None
                }
            });
            texts.next().unwrap()
        };
        assert_eq!(texts(Language::En, 0), "Needs you");
        assert_eq!(texts(Language::En, 3), "Needs you (3)");
        assert_eq!(texts(Language::Ja, 3), "要確認（3）");
    }

    #[test]
    fn every_action_is_found_by_its_id() {
        for action in Action::ALL {
            assert_eq!(Action::named(action.id()), Some(action));
        }
        assert_eq!(Action::named("no such thing"), None);
    }
}
