//! The catalogue of messages (Project Fluent, the window's own files): what the engine, the tray and
//! the notifications say in the person's language.

use std::sync::LazyLock;

use chrono::{DateTime, Local, TimeZone};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use renraku_core::contact::Module;
use renraku_core::message::{Failure, Message, SEVERAL};
use renraku_core::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;
use unic_langid::LanguageIdentifier;
use unicode_bidi::BidiClass;

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
            Language::En => include_str!("../../../locales/en.ftl"),
            Language::Ja => include_str!("../../../locales/ja.ftl"),
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
pub struct Catalogue {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl Catalogue {
    /// The catalogue of `language`.
    #[must_use]
    pub fn of(language: Language) -> Catalogue {
        // What could be parsed of a faulty file is still shown; a test keeps it faultless.
        let resource = match FluentResource::try_new(language.source().to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        let mut bundle = FluentBundle::new_concurrent(vec![language.id()]);
        // Texts from outside are isolated where it matters (see `isolated`).
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(resource);
        Catalogue { language, bundle }
    }

    /// The message without arguments.
    #[must_use]
    pub fn say(&self, id: &str) -> String {
        self.say_with(id, &[])
    }

    /// The message with its arguments; the id itself where there is no such message.
    #[must_use]
    pub fn say_with(&self, id: &str, args: &[(&str, FluentValue<'_>)]) -> String {
        let args: FluentArgs<'_> =
            args.iter().map(|(name, value)| (*name, isolated(value))).collect();
        self.find(id, &args).unwrap_or_else(|| id.to_owned())
    }

    /// What the engine has to say. Numbers choose plurals, times are told as people read them.
    #[must_use]
    pub fn tell(&self, message: &Message) -> String {
        let args: Vec<(&str, FluentValue<'_>)> = message
            .args
            .iter()
            .map(|(name, text)| (name.as_str(), self.told(name, text)))
            .collect();
        self.say_with(&message.id, &args)
    }

    /// An argument as its sentence takes it: modules by their names, fields as the language sets names
    /// off in a sentence.
    fn told<'a>(&self, name: &str, text: &'a str) -> FluentValue<'a> {
        match (name, self.language) {
            ("module", _) => FluentValue::from(self.module(text)),
            ("field" | "fields" | "place" | "entry", Language::En) => FluentValue::from(text),
            ("field" | "fields" | "place" | "entry", Language::Ja) => {
                let named = text.split(SEVERAL).map(|one| format!("「{one}」"));
                FluentValue::from(named.collect::<String>())
            }
            _ => self.value(text),
        }
    }

    /// A module's name; what Zoho calls it where it is none of those that are synced.
    #[must_use]
    pub fn module(&self, api_name: &str) -> String {
        match Module::parse(api_name) {
            Some(module) => self.say(&format!("module-{}", module.api_name())),
            None => api_name.to_owned(),
        }
    }

    /// What a failure says: what happened, that nothing was lost, and what to do.
    #[must_use]
    pub fn failure(&self, failure: &Failure) -> String {
        self.tell(&Message::from(failure))
    }

    fn value<'a>(&self, text: &'a str) -> FluentValue<'a> {
        // A phone number is no count: its zeros stay.
        let number = text.parse::<u32>().ok().filter(|number| number.to_string() == text);
        match (number, self.when_text(Some(text))) {
            (Some(number), _) => FluentValue::from(number),
            (None, Some(time)) => FluentValue::from(time),
            (None, None) => FluentValue::from(text),
        }
    }

    fn find(&self, id: &str, args: &FluentArgs<'_>) -> Option<String> {
        let pattern = self.bundle.get_message(id)?.value()?;
        let mut faults = Vec::new();
        Some(self.bundle.format_pattern(pattern, Some(args), &mut faults).into_owned())
    }

    /// A time as people read it: the hour alone where it is today, else with the day.
    #[must_use]
    pub fn when<Z: TimeZone>(&self, at: Timestamp, now: &DateTime<Z>) -> String {
        let at = at.utc().with_timezone(&now.timezone());
        let form = match (at.date_naive() == now.date_naive(), self.language) {
            (true, Language::En | Language::Ja) => "%H:%M",
            (false, Language::En) => "%b %-d, %H:%M",
            (false, Language::Ja) => "%-m月%-d日 %H:%M",
        };
        at.naive_local().format(form).to_string()
    }

    /// An RFC 3339 time as people read it; nothing where it is none.
    #[must_use]
    pub fn when_text(&self, at: Option<&str>) -> Option<String> {
        let at: Timestamp = at?.parse().ok()?;
        Some(self.when(at, &Local::now()))
    }
}

static ENGLISH: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::of(Language::En));

/// What a failure says, in English: the command line's language.
#[must_use]
pub fn english(failure: &Failure) -> String {
    ENGLISH.failure(failure)
}

/// A text from outside, told apart from the sentence around it where it is written from right to
/// left or holds marks that change the direction: a contact's name must not turn a sentence around.
/// Other texts carry no marks, so that they can be searched and compared.
fn isolated<'a>(value: &FluentValue<'a>) -> FluentValue<'a> {
    match value {
        FluentValue::String(text) if text.chars().any(turns) => {
            let plain: String = text.chars().filter(|c| !directs(*c)).collect();
            FluentValue::from(format!("\u{2068}{plain}\u{2069}"))
        }
        FluentValue::String(_)
        | FluentValue::Number(_)
        | FluentValue::Custom(_)
        | FluentValue::None
        | FluentValue::Error => value.clone(),
    }
}

/// Whether a character is written from right to left, or directs those that follow.
fn turns(c: char) -> bool {
    directs(c) || matches!(unicode_bidi::bidi_class(c), BidiClass::R | BidiClass::AL)
}

/// Whether a character is one of Unicode's marks for embedding, overriding and isolating.
fn directs(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
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
        let now = DateTime::parse_from_rfc3339("2026-11-22T10:30:00+09:00").unwrap();
        let check = |at: &str, language: Language, expected: &str| {
            let at: Timestamp = at.parse().unwrap();
            assert_eq!(Catalogue::of(language).when(at, &now), expected, "{at}");
        };
        check("2026-11-22T01:05:00Z", Language::En, "10:05");
        check("2026-11-21T01:05:00Z", Language::En, "Nov 21, 10:05");
        check("2026-11-21T01:05:00Z", Language::Ja, "11月21日 10:05");
    }

    #[test]
    fn fields_and_modules_are_named_in_the_language_of_the_sentence() {
        let differs = |fields: &str| Message::new("engine-why-differs").with("field", fields);
        let elsewhere = Message::new("error-sync-off").with("module", "Vendors");
        for (message, english, japanese) in [
            (differs("Phone"), "Phone differs", "「Phone」が両側で異なります"),
            (differs("姓, 役職"), "姓, 役職 differs", "「姓」「役職」が両側で異なります"),
            (elsewhere, "sync of Vendors", "仕入先の同期"),
        ] {
            for (language, expected) in [(Language::En, english), (Language::Ja, japanese)] {
                let said = Catalogue::of(language).tell(&message);
                assert!(
                    said.starts_with(expected) || said.contains(expected),
                    "{expected}: {said}"
                );
            }
        }
        // What holds for every sentence of the engine's: no other marks around a field's name.
        let own = |line: &&str| line.contains("「{ $field") || line.contains("「{ $place }」");
        let lines = Language::Ja.source().lines().filter(own);
        let engines = lines.filter(|line| line.starts_with("engine-") || line.starts_with(' '));
        assert_eq!(engines.count(), 0, "the marks come with the name");
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

    #[test]
    fn a_name_does_not_turn_a_sentence_around() {
        let check = |text: &'static str, expected: &str, why: &str| {
            let FluentValue::String(shown) = isolated(&FluentValue::from(text)) else {
                panic!("a text");
            };
            assert_eq!(shown, expected, "{why}");
        };
        check("Anna Müller", "Anna Müller", "left to right: as it is");
        check("山田 太郎", "山田 太郎", "Japanese: as it is");
        check("+81 3-5550-1000", "+81 3-5550-1000", "a number: as it is");
        check("דוד לוי", "\u{2068}דוד לוי\u{2069}", "Hebrew stays among itself");
        check("أحمد", "\u{2068}أحمد\u{2069}", "Arabic too");
        check("Anna\u{202e}gnp.exe", "\u{2068}Annagnp.exe\u{2069}", "an override is left out");
        check("Anna\u{2069}\u{2067}", "\u{2068}Anna\u{2069}", "nobody leaves the isolation");
    }
}
