//! The catalogue of messages (Project Fluent, the window's own files): what the engine, the tray and
//! the notifications say in the person's language.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde::{Deserialize, Serialize};
use specta::Type;
use unic_langid::LanguageIdentifier;

use crate::message::Message;

/// A language that the catalogue is complete in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    En,
    /// Japanese.
    Ja,
}

impl Language {
    /// The language for a system's tag such as `ja-JP`: Japanese where it is Japanese, else English.
    #[must_use]
    pub fn of_tag(tag: &str) -> Language {
        if tag.to_lowercase().starts_with("ja") { Language::Ja } else { Language::En }
    }

    fn source(self) -> &'static str {
        match self {
            Language::En => include_str!("../../locales/en.ftl"),
            Language::Ja => include_str!("../../locales/ja.ftl"),
        }
    }

    fn id(self) -> LanguageIdentifier {
        let tag = match self {
            Language::En => "en",
            Language::Ja => "ja",
        };
        tag.parse().unwrap_or_default()
    }
}

/// The messages of one language.
pub struct Words {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl Words {
    /// The catalogue of `language`.
    #[must_use]
    pub fn of(language: Language) -> Words {
        // What could be parsed of a faulty file is still shown; a test keeps it faultless.
        let resource = match FluentResource::try_new(language.source().to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        let mut bundle = FluentBundle::new_concurrent(vec![language.id()]);
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(resource);
        Words { language, bundle }
    }

    /// The message without arguments.
    #[must_use]
    pub fn say(&self, id: &str) -> String {
        self.say_with(id, &[])
    }

    /// The message with its arguments; the id itself where there is no such message.
    #[must_use]
    pub fn say_with(&self, id: &str, args: &[(&str, FluentValue<'_>)]) -> String {
        let args: FluentArgs<'_> = args.iter().cloned().collect();
        self.find(id, &args).unwrap_or_else(|| id.to_owned())
    }

    /// What the engine has to say. Numbers choose plurals, times are told as people read them.
    pub(crate) fn tell(&self, message: &Message) -> String {
        let args: Vec<(&str, FluentValue<'_>)> =
            message.args.iter().map(|(name, value)| (name.as_str(), self.value(value))).collect();
        self.say_with(&message.id, &args)
    }

    fn value<'a>(&self, text: &'a str) -> FluentValue<'a> {
        match (text.parse::<u32>(), self.when_text(Some(text))) {
            (Ok(number), _) => FluentValue::from(number),
            (Err(_), Some(time)) => FluentValue::from(time),
            (Err(_), None) => FluentValue::from(text),
        }
    }

    fn find(&self, id: &str, args: &FluentArgs<'_>) -> Option<String> {
        let pattern = self.bundle.get_message(id)?.value()?;
        let mut faults = Vec::new();
        Some(self.bundle.format_pattern(pattern, Some(args), &mut faults).into_owned())
    }

    /// A time as people read it: the hour alone where it is today, else with the day.
    #[must_use]
    pub fn when(&self, at: Timestamp, now: &Zoned) -> String {
        let at = at.to_zoned(now.time_zone().clone());
        let form = match (at.date() == now.date(), self.language) {
            (true, Language::En | Language::Ja) => "%H:%M",
            (false, Language::En) => "%b %-d, %H:%M",
            (false, Language::Ja) => "%-m月%-d日 %H:%M",
        };
        at.strftime(form).to_string()
    }

    /// An RFC 3339 time as people read it; nothing where it is none.
    #[must_use]
    pub fn when_text(&self, at: Option<&str>) -> Option<String> {
        let at: Timestamp = at?.parse().ok()?;
        Some(self.when(at, &Timestamp::now().to_zoned(TimeZone::system())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_catalogues_parse() {
        for language in [Language::En, Language::Ja] {
            let parsed = FluentResource::try_new(language.source().to_owned());
            let faults = parsed.err().map(|(_, faults)| faults);
            assert!(faults.is_none(), "{language:?}: {faults:?}");
        }
    }

    #[test]
    fn times_name_the_day_only_where_it_is_another() {
        let now: Zoned = "2026-11-22T10:30:00+09:00[Asia/Tokyo]".parse().unwrap();
        let check = |at: &str, language: Language, expected: &str| {
            let at: Timestamp = at.parse().unwrap();
            assert_eq!(Words::of(language).when(at, &now), expected, "{at}");
        };
        check("2026-11-22T01:05:00Z", Language::En, "10:05");
        check("2026-11-21T01:05:00Z", Language::En, "Nov 21, 10:05");
        check("2026-11-21T01:05:00Z", Language::Ja, "11月21日 10:05");
    }

    #[test]
    fn the_systems_tag_chooses_the_language() {
        for (tag, expected) in [
            ("ja", Language::Ja),
            ("ja-JP", Language::Ja),
            ("JA_jp", Language::Ja),
            ("en-GB", Language::En),
            ("de", Language::En),
            ("C", Language::En),
        ] {
            assert_eq!(Language::of_tag(tag), expected, "{tag}");
        }
    }
}
