//! Kinds of values: when two of them mean the same, and what one becomes on the other side.

mod company;
mod key;
mod misfit;
mod zoho;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::text::{seen, visible, written};
use crate::timestamp::calendar_day;

pub use self::company::{company_cores, fold_company, has_same_form, same_company};
pub use self::key::is_cjk;
pub(crate) use self::key::plain_width;
pub use self::key::{email_key, fold, phone_key};
pub use self::misfit::Misfit;
pub use self::zoho::is_email;

/// What kind of value a mapped field holds, by the Zoho field's type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// One line of text.
    Text,
    /// Several lines of text.
    Note,
    /// An e-mail address.
    Email,
    /// A phone number; `region` (ISO 3166 alpha-2) is where national numbers belong.
    Phone {
        /// The region, if known.
        region: Option<String>,
    },
    /// A web address.
    Url,
    /// A calendar date, perhaps without a year.
    Date,
    /// One of a list: pairs of actual and display value. The display value is what Zoho speaks; the
    /// actual one, which stays when an option is renamed, is read in old settings only.
    Choice(Vec<(String, String)>),
    /// Several of a list, separated by semicolons: pairs of actual and display value.
    Choices(Vec<(String, String)>),
    /// An instant, with its offset from UTC.
    Moment,
    /// A whole or decimal number.
    Number,
    /// Yes or no, as `true` and `false`.
    Flag,
    /// The name of a company that Zoho keeps as a record of its own (a lookup).
    Company,
}

/// What a value becomes when it is written to Zoho.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fit {
    /// It is written like this.
    Value(String),
    /// The field cannot hold such a value and should be left alone (a birthday without a year).
    Skip,
    /// It cannot be valid there.
    Invalid(Misfit),
}

/// The year that address books write where nobody gave one: a leap year long before anybody's birth.
const NO_YEAR: &str = "1604";

/// A date in the neutral form, split: the year where there is one, and `MM-DD`.
fn split_date(text: &str) -> Option<(Option<&str>, &str)> {
    let text = text.trim();
    if let Some(day) = text.strip_prefix("--") {
        return Some((None, day));
    }
    let (year, day) = (text.get(..4)?, text.get(5..10)?);
    Some((Some(year).filter(|year| *year != NO_YEAR), day))
}

impl Kind {
    /// Whether two values mean the same in this field. Empty equals only empty.
    #[must_use]
    pub fn same(&self, a: Option<&str>, b: Option<&str>) -> bool {
        match (seen(a), seen(b)) {
            (None, None) => true,
            (None, Some(_)) | (Some(_), None) => false,
            (Some(a), Some(b)) => a == b || self.equivalent(a, b),
        }
    }

    /// A form of a value that is equal for two that mean the same in this field. For looking up,
    /// never for writing.
    #[must_use]
    pub fn key(&self, value: &str) -> String {
        let plain = &*visible(value);
        match self {
            Kind::Text | Kind::Date => line(plain).into_owned(),
            Kind::Note => note(plain),
            Kind::Email => email_key(plain),
            Kind::Phone { region } => phone_key(plain, region.as_deref()),
            Kind::Url => url_key(plain),
            Kind::Choice(_) => line(plain).into_owned(),
            Kind::Choices(list) => chosen(list, plain, shown)
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect::<Vec<_>>()
                .join(";"),
            Kind::Moment => {
                moment(plain).map_or_else(|| line(plain).into_owned(), |at| at.to_string())
            }
            Kind::Number => plain
                .trim()
                .parse::<f64>()
                .map_or_else(|_| line(plain).into_owned(), |number| number.to_string()),
            Kind::Flag => flag(plain).map_or_else(|| line(plain).into_owned(), |f| f.to_string()),
            Kind::Company => fold_company(plain),
        }
    }

    /// Whether one side no longer says what it said before. As [`Kind::same`], but a year that was
    /// added to a date, or taken away, is an edit although both dates mean the same day.
    #[must_use]
    pub fn edited(&self, before: Option<&str>, now: Option<&str>) -> bool {
        let year =
            |text: Option<&str>| text.and_then(split_date).is_some_and(|(year, _)| year.is_some());
        !self.same(before, now) || (*self == Kind::Date && year(before) != year(now))
    }

    /// Whether `now` is the same date as `before`, and tells the year that `before` leaves out.
    #[must_use]
    pub fn tells_the_year(&self, before: Option<&str>, now: Option<&str>) -> bool {
        let year = |text: Option<&str>| text.and_then(split_date).map(|(year, _)| year.is_some());
        *self == Kind::Date
            && self.same(before, now)
            && year(before) == Some(false)
            && year(now) == Some(true)
    }

    fn equivalent(&self, a: &str, b: &str) -> bool {
        let (a, b) = (&*visible(a), &*visible(b));
        match self {
            Kind::Text | Kind::Choice(_) => line(a) == line(b),
            Kind::Note => note(a) == note(b),
            Kind::Email => email_key(a) == email_key(b),
            Kind::Phone { region } => {
                phone_key(a, region.as_deref()) == phone_key(b, region.as_deref())
            }
            Kind::Url => url_key(a) == url_key(b),
            Kind::Date => match (split_date(a), split_date(b)) {
                (Some((year_a, day_a)), Some((year_b, day_b))) => {
                    day_a == day_b && (year_a == year_b || year_a.is_none() || year_b.is_none())
                }
                (None, _) | (_, None) => line(a) == line(b),
            },
            Kind::Choices(list) => {
                let set = |text| chosen(list, text, shown).collect::<BTreeSet<_>>();
                set(a) == set(b)
            }
            Kind::Moment => match (moment(a), moment(b)) {
                (Some(a), Some(b)) => a == b,
                (None, _) | (_, None) => line(a) == line(b),
            },
            Kind::Number => same_number(a.trim(), b.trim()),
            Kind::Flag => flag(a).is_some() && flag(a) == flag(b),
            Kind::Company => same_company(a, b),
        }
    }

    /// What a value becomes when it is written to Zoho. Lengths count characters.
    ///
    /// Zoho neither shortens nor repairs: what breaks a rule is refused (its insert page), so a
    /// value that cannot be valid is named here instead of being sent.
    #[must_use]
    pub fn fit_zoho(&self, value: &str, max: Option<u32>) -> Fit {
        match (self.is_list(), self.fitted(&self.plainly(value), max)) {
            // An option is called what it is called.
            (true, Fit::Invalid(_)) => self.fitted(value, max),
            (_, fit) => fit,
        }
    }

    /// The value as it is written to either service: without characters that show nothing, which come
    /// along when text is copied and which nobody types on purpose. The side that they were typed on
    /// keeps them.
    fn plainly<'a>(&self, value: &'a str) -> Cow<'a, str> {
        match self {
            Kind::Text | Kind::Note | Kind::Company => written(value),
            Kind::Email
            | Kind::Phone { .. }
            | Kind::Url
            | Kind::Date
            | Kind::Choice(_)
            | Kind::Choices(_)
            | Kind::Moment
            | Kind::Number
            | Kind::Flag => visible(value),
        }
    }

    fn fitted(&self, value: &str, max: Option<u32>) -> Fit {
        let fitted = match self {
            Kind::Text => line(value).into_owned(),
            Kind::Company => value.nfc().collect::<String>().trim().to_owned(),
            Kind::Note => note(value),
            Kind::Email => match zoho::email(value) {
                Some(address) => address,
                None => return Fit::Invalid(Misfit::Email),
            },
            Kind::Phone { .. } => match zoho::phone(value) {
                Some(text) => text,
                None => return Fit::Invalid(Misfit::Phone),
            },
            Kind::Url => match zoho::url(value) {
                Some(text) => text,
                None => return Fit::Invalid(Misfit::Url),
            },
            Kind::Date => match split_date(value) {
                Some((None, _)) => return Fit::Skip,
                Some((Some(_), _)) if calendar_day(value).is_some() => value.trim().to_owned(),
                Some((Some(_), _)) | None => return Fit::Invalid(Misfit::Date),
            },
            Kind::Choice(list) => match shown(list, value) {
                Some(display) => display.to_owned(),
                None => return Fit::Invalid(Misfit::NotInList),
            },
            Kind::Choices(list) => {
                let known = |choice| list.iter().any(|(_, display)| display == choice);
                // The length counts one choice's characters, and Zoho made the list itself.
                return match chosen(list, value, shown).all(known) {
                    true => Fit::Value(chosen(list, value, shown).collect::<Vec<_>>().join(";")),
                    false => Fit::Invalid(Misfit::NotInList),
                };
            }
            Kind::Moment => match moment(value) {
                Some(at) => at.utc().format("%Y-%m-%dT%H:%M:%S+00:00").to_string(),
                None => return Fit::Invalid(Misfit::Date),
            },
            Kind::Number => match value.trim().parse::<f64>() {
                Ok(number) if number.is_finite() => value.trim().to_owned(),
                Ok(_) | Err(_) => return Fit::Invalid(Misfit::Number),
            },
            Kind::Flag => match flag(value) {
                Some(flag) => flag.to_string(),
                None => return Fit::Invalid(Misfit::Flag),
            },
        };
        match max {
            Some(max) if fitted.chars().count() > max as usize => {
                Fit::Invalid(Misfit::TooLong { max })
            }
            Some(_) | None => Fit::Value(fitted),
        }
    }

    /// What an old setting means: there an option stands for what it was called at first.
    #[must_use]
    pub fn setting(&self, value: &str) -> String {
        match self {
            Kind::Choice(list) => spoken(list, value).unwrap_or(value).to_owned(),
            Kind::Choices(list) => chosen(list, value, spoken).collect::<Vec<_>>().join(";"),
            Kind::Text
            | Kind::Note
            | Kind::Email
            | Kind::Phone { .. }
            | Kind::Url
            | Kind::Date
            | Kind::Moment
            | Kind::Number
            | Kind::Flag
            | Kind::Company => value.to_owned(),
        }
    }

    /// Whether it is one of a list, or several.
    #[must_use]
    pub fn is_list(&self) -> bool {
        matches!(self, Kind::Choice(_) | Kind::Choices(_))
    }

    /// What Zoho's value is called once options of the list have other names: new ones by old.
    #[must_use]
    pub fn renamed(&self, value: &str, names: &BTreeMap<String, String>) -> String {
        let now = |one: &str| names.get(one.trim()).cloned().unwrap_or_else(|| one.to_owned());
        if let Kind::Choices(list) = self {
            return chosen(list, value, shown).map(now).collect::<Vec<_>>().join(";");
        }
        now(value)
    }

    /// What a Zoho value becomes when it is written to Google: several choices apart by spaces too, an
    /// option as it is, everything else without what shows nothing.
    #[must_use]
    pub fn fit_google(&self, value: &str) -> String {
        match self {
            Kind::Choices(list) => chosen(list, value, shown).collect::<Vec<_>>().join("; "),
            Kind::Choice(_) => value.to_owned(),
            Kind::Text
            | Kind::Email
            | Kind::Phone { .. }
            | Kind::Note
            | Kind::Url
            | Kind::Date
            | Kind::Moment
            | Kind::Number
            | Kind::Flag
            | Kind::Company => self.plainly(value).into_owned(),
        }
    }
}

/// A street may hold several lines too, and each service ends them its own way.
fn line(text: &str) -> Cow<'_, str> {
    let trimmed = text.trim();
    match (trimmed.is_ascii(), trimmed.contains('\r')) {
        (true, false) => Cow::Borrowed(trimmed),
        (false, false) => Cow::Owned(trimmed.nfc().collect()),
        (_, true) => Cow::Owned(unix_ends(trimmed).nfc().collect()),
    }
}

fn unix_ends(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

fn note(text: &str) -> String {
    let unix = unix_ends(text);
    let lines: Vec<&str> = unix.split('\n').map(str::trim_end).collect();
    lines.join("\n").trim_end().nfc().collect()
}

fn url_key(text: &str) -> String {
    let text = text.trim().trim_end_matches('/');
    let bare = match text.split_once("://") {
        Some((scheme, rest)) if ["http", "https"].contains(&scheme.to_lowercase().as_str()) => rest,
        Some(_) | None => text,
    };
    // Letters of the host are alike; those of the path are not.
    let host = bare.find(['/', '?', '#']).unwrap_or(bare.len());
    let (host, path) = bare.split_at(host);
    format!("{}{path}", host.to_lowercase())
}

/// A list's options: pairs of actual and display value.
type Options = [(String, String)];

/// The choice that is shown like this.
fn shown<'a>(list: &'a Options, value: &str) -> Option<&'a str> {
    list.iter().map(|(_, display)| display.as_str()).find(|display| *display == value.trim())
}

/// A choice as Zoho speaks it: by its display value, or, where no choice is shown like that, by the
/// actual value, which it was called at first.
fn spoken<'a>(list: &'a Options, value: &str) -> Option<&'a str> {
    let first = || list.iter().find(|(actual, _)| actual == value.trim());
    shown(list, value).or_else(|| first().map(|(_, display)| display.as_str()))
}

/// The choices of a text, each as `find` knows it where it does. People also write commas, which a
/// choice may hold itself.
fn chosen<'a>(
    list: &'a Options,
    text: &'a str,
    find: fn(&'a Options, &str) -> Option<&'a str>,
) -> impl Iterator<Item = &'a str> + use<'a> {
    let parts = text.split([';', '；', '\n']).flat_map(move |part| match find(list, part) {
        Some(display) => vec![display],
        None => part
            .split([',', '、', '，'])
            .map(|one| find(list, one).unwrap_or_else(|| one.trim()))
            .collect(),
    });
    parts.filter(|choice| !choice.is_empty())
}

/// Long whole numbers are compared digit by digit: a float would take neighbours for one.
fn same_number(a: &str, b: &str) -> bool {
    if let (Ok(a), Ok(b)) = (a.parse::<i128>(), b.parse::<i128>()) {
        return a == b;
    }
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => (a - b).abs() < f64::EPSILON,
        (Ok(_) | Err(_), _) => line(a) == line(b),
    }
}

/// The instant of an ISO 8601 text with an offset.
fn moment(text: &str) -> Option<crate::timestamp::Timestamp> {
    text.trim().parse().ok()
}

fn flag(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "true" | "yes" | "1" | "はい" => Some(true),
        "false" | "no" | "0" | "いいえ" => Some(false),
        _ => None,
    }
}
