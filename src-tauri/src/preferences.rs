//! What the person chose for the app itself; kept by the engine as one setting.

use renraku_engine::catalogue::Language;
use renraku_engine::{Engine, Failure, PREFERENCES};
use serde::{Deserialize, Serialize};
use specta::Type;

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Theme {
    /// As the system.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// The app's own settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub(crate) struct Preferences {
    /// The chosen language; none follows the system.
    pub(crate) language: Option<Language>,
    /// Light or dark.
    pub(crate) theme: Theme,
    /// Whether closing the window leaves the app in the tray.
    pub(crate) close_to_tray: bool,
    /// Whether notifications are shown.
    pub(crate) notifications: bool,
    /// Whether the person was told once that closing leaves the app in the tray.
    pub(crate) close_notice_seen: bool,
}

impl Default for Preferences {
    fn default() -> Self {
        Preferences {
            language: None,
            theme: Theme::System,
            close_to_tray: true,
            notifications: true,
            close_notice_seen: false,
        }
    }
}

impl Preferences {
    /// The saved ones; the defaults where nothing (readable) is saved.
    pub(crate) fn load(engine: &Engine) -> Preferences {
        let text = engine.setting(PREFERENCES).ok().flatten();
        text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }

    /// Saves them.
    pub(crate) fn save(&self, engine: &Engine) -> Result<(), Failure> {
        let text = serde_json::to_string(self).unwrap_or_default();
        engine.set_setting(PREFERENCES, &text)
    }

    /// The language to speak now.
    pub(crate) fn speaks(&self) -> Language {
        self.language.unwrap_or_else(of_system)
    }
}

/// The system's language.
pub(crate) fn of_system() -> Language {
    sys_locale::get_locale().as_deref().map_or(Language::En, Language::of_tag)
}
