//! Which Zoho field belongs to which Google field. A mapping is data: rules, and the slots that
//! group the rules which live in the same entry of a Google person.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::contact::{Card, Module, Side};
use crate::field::Kind;

/// A Google person's field that holds entries, as the People API names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// `names`, one a person.
    Names,
    /// `nicknames`.
    Nicknames,
    /// `emailAddresses`.
    EmailAddresses,
    /// `phoneNumbers`.
    PhoneNumbers,
    /// `addresses`.
    Addresses,
    /// `organizations`.
    Organizations,
    /// `birthdays`, one a person.
    Birthdays,
    /// `urls`.
    Urls,
    /// `biographies`, one a person.
    Biographies,
    /// `userDefined`, entries with a key.
    UserDefined,
}

impl Group {
    /// Every group, with its name in the People API.
    pub const ALL: [(Group, &'static str); 10] = [
        (Group::Names, "names"),
        (Group::Nicknames, "nicknames"),
        (Group::EmailAddresses, "emailAddresses"),
        (Group::PhoneNumbers, "phoneNumbers"),
        (Group::Addresses, "addresses"),
        (Group::Organizations, "organizations"),
        (Group::Birthdays, "birthdays"),
        (Group::Urls, "urls"),
        (Group::Biographies, "biographies"),
        (Group::UserDefined, "userDefined"),
    ];

    /// The People API's name, as in its masks.
    #[must_use]
    pub fn name(self) -> &'static str {
        Group::ALL.iter().find(|(g, _)| *g == self).map_or("", |(_, n)| n)
    }

    /// The parts of an entry that can be mapped; `value` where the entry is a single value.
    #[must_use]
    pub fn parts(self) -> &'static [&'static str] {
        match self {
            Group::Names => &[
                "givenName",
                "familyName",
                "middleName",
                "honorificPrefix",
                "honorificSuffix",
                "phoneticGivenName",
                "phoneticFamilyName",
            ],
            Group::Addresses => {
                &["streetAddress", "extendedAddress", "city", "region", "postalCode", "country"]
            }
            Group::Organizations => &["name", "title", "department"],
            Group::Birthdays => &["date"],
            Group::Nicknames
            | Group::EmailAddresses
            | Group::PhoneNumbers
            | Group::Urls
            | Group::Biographies
            | Group::UserDefined => &["value"],
        }
    }

    /// Whether an entry is told apart by its type (or key) in square brackets.
    #[must_use]
    pub fn typed(self) -> bool {
        match self {
            Group::EmailAddresses
            | Group::PhoneNumbers
            | Group::Addresses
            | Group::Urls
            | Group::UserDefined => true,
            Group::Names
            | Group::Nicknames
            | Group::Organizations
            | Group::Birthdays
            | Group::Biographies => false,
        }
    }
}

/// A place in a Google person: `phoneNumbers[work]`, `addresses[home].city`, `names.givenName`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GooglePath {
    /// The field.
    pub group: Group,
    /// The entry's type or key; empty where the group has none.
    pub label: String,
    /// The part of the entry.
    pub part: &'static str,
}

impl GooglePath {
    /// Reads the written form.
    ///
    /// # Errors
    /// Returns the text itself where it names no place that can be mapped.
    pub fn parse(text: &str) -> Result<GooglePath, String> {
        let refuse = || text.to_owned();
        let (head, part) = match (text.find(']'), text.rfind('.')) {
            (Some(close), _) => {
                let rest = text.get(close + 1..).unwrap_or_default();
                (
                    text.get(..=close).unwrap_or_default(),
                    rest.strip_prefix('.').or(rest.is_empty().then_some("")),
                )
            }
            (None, Some(dot)) => (text.get(..dot).unwrap_or_default(), text.get(dot + 1..)),
            (None, None) => (text, Some("")),
        };
        let part = part.ok_or_else(refuse)?;
        let (name, label) = match head.split_once('[') {
            Some((name, label)) => (name, label.strip_suffix(']').ok_or_else(refuse)?),
            None => (head, ""),
        };
        let group = Group::ALL.iter().find(|(_, n)| *n == name).ok_or_else(refuse)?.0;
        if group.typed() == label.trim().is_empty() {
            return Err(refuse());
        }
        let single = matches!(group.parts(), ["value" | "date"]);
        let part = match (part, single) {
            ("", true) => group.parts().first().copied(),
            ("", false) | (_, true) => None,
            (part, false) => group.parts().iter().copied().find(|p| *p == part),
        };
        Ok(GooglePath { group, label: label.to_owned(), part: part.ok_or_else(refuse)? })
    }
}

impl fmt::Display for GooglePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.group.name())?;
        if !self.label.is_empty() {
            write!(f, "[{}]", self.label)?;
        }
        match self.part {
            "value" | "date" => Ok(()),
            part => write!(f, ".{part}"),
        }
    }
}

/// One row of a mapping.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// The Zoho field's `api_name`.
    pub zoho: String,
    /// Where it lives in a Google person.
    pub google: GooglePath,
    /// What kind of value it is: how it is compared and fitted.
    pub kind: Kind,
    /// The longest text Zoho takes, in characters; `None` where it told none.
    pub zoho_length: Option<u32>,
    /// Whether Zoho refuses a record without it.
    pub required: bool,
    /// Whether this user may write it in Zoho.
    pub zoho_writable: bool,
    /// What takes its place in Zoho where it is empty and required.
    pub default: Option<String>,
}

/// The rules that live in one entry of a Google person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// The field.
    pub group: Group,
    /// The entry's type or key.
    pub label: String,
    /// The rules' places in [`Mapping::rules`], with the part each one means.
    pub rules: Vec<(usize, &'static str)>,
}

/// All rules of a sync, in the order in which cards hold their values.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapping {
    /// The module it is for.
    pub module: Module,
    rules: Vec<Rule>,
    slots: Vec<Slot>,
}

impl Mapping {
    /// A mapping of these rules.
    #[must_use]
    pub fn new(module: Module, rules: Vec<Rule>) -> Mapping {
        let mut by_entry: BTreeMap<(Group, String), Vec<(usize, &'static str)>> = BTreeMap::new();
        for (index, rule) in rules.iter().enumerate() {
            by_entry
                .entry((rule.google.group, rule.google.label.clone()))
                .or_default()
                .push((index, rule.google.part));
        }
        let slots = by_entry
            .into_iter()
            .map(|((group, label), rules)| Slot { group, label, rules })
            .collect();
        Mapping { module, rules, slots }
    }

    /// The rules; a rule's index is its place in every [`Card`].
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The entries of a Google person that the rules touch.
    #[must_use]
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// The rule of this Zoho field.
    #[must_use]
    pub fn by_zoho(&self, api_name: &str) -> Option<usize> {
        self.rules.iter().position(|r| r.zoho == api_name)
    }

    /// The rule of this Google place.
    #[must_use]
    pub fn by_google(&self, group: Group, label: &str, part: &str) -> Option<usize> {
        self.rules.iter().position(|r| {
            r.google.group == group && r.google.label == label && r.google.part == part
        })
    }

    /// The Zoho fields whose row this mapping has and the one before it did not, be it that the row
    /// is new or that it points elsewhere; and those whose row is no longer there.
    #[must_use]
    pub fn moved_since(&self, before: &Mapping) -> BTreeSet<String> {
        let only = |mine: &Mapping, other: &Mapping| -> Vec<String> {
            let gone =
                mine.rules.iter().filter(|rule| other.row(&rule.zoho, &rule.google).is_none());
            gone.map(|rule| rule.zoho.clone()).collect()
        };
        only(self, before).into_iter().chain(only(before, self)).collect()
    }

    /// The rule that joins this Zoho field and this Google place.
    #[must_use]
    pub fn row(&self, api_name: &str, place: &GooglePath) -> Option<usize> {
        self.rules.iter().position(|rule| rule.zoho == api_name && rule.google == *place)
    }

    /// Whether two values of this rule's field mean the same.
    #[must_use]
    pub fn same(&self, rule: usize, a: Option<&str>, b: Option<&str>) -> bool {
        self.rules.get(rule).is_some_and(|r| r.kind.same(a, b))
    }

    /// What a card says, in a form that is equal where two cards mean the same in every field. What
    /// only stands in for an empty field in Zoho counts as empty.
    #[must_use]
    pub fn card_key(&self, side: Side, card: &Card) -> Vec<String> {
        let key = |(rule, spec): (usize, &Rule)| {
            let value = card.get(rule)?;
            let stands_in = side == Side::Zoho && spec.default.as_deref() == Some(value);
            (!stands_in).then(|| spec.kind.key(value))
        };
        self.rules.iter().enumerate().map(|rule| key(rule).unwrap_or_default()).collect()
    }

    /// Whether one side no longer says in this rule's field what it said before.
    #[must_use]
    pub fn edited(&self, rule: usize, before: Option<&str>, now: Option<&str>) -> bool {
        self.rules.get(rule).is_some_and(|r| r.kind.edited(before, now))
    }
}

/// The default mapping of a module: `(Zoho api_name, Google place)`, in the order of the wizard.
#[must_use]
pub fn defaults(module: Module) -> Vec<(&'static str, &'static str)> {
    const PERSON: [(&str, &str); 2] =
        [("First_Name", "names.givenName"), ("Last_Name", "names.familyName")];
    const REACH: [(&str, &str); 7] = [
        ("Email", "emailAddresses[work]"),
        ("Secondary_Email", "emailAddresses[home]"),
        ("Phone", "phoneNumbers[work]"),
        ("Mobile", "phoneNumbers[mobile]"),
        ("Home_Phone", "phoneNumbers[home]"),
        ("Other_Phone", "phoneNumbers[other]"),
        ("Fax", "phoneNumbers[workFax]"),
    ];
    const ONE_ADDRESS: [(&str, &str); 5] = [
        ("Street", "addresses[work].streetAddress"),
        ("City", "addresses[work].city"),
        ("State", "addresses[work].region"),
        ("Zip_Code", "addresses[work].postalCode"),
        ("Country", "addresses[work].country"),
    ];
    const NOTE: [(&str, &str); 1] = [("Description", "biographies")];
    match module {
        Module::Contacts => [
            &PERSON[..],
            &REACH,
            &[
                ("Account_Name", "organizations.name"),
                ("Title", "organizations.title"),
                ("Department", "organizations.department"),
                ("Mailing_Street", "addresses[work].streetAddress"),
                ("Mailing_City", "addresses[work].city"),
                ("Mailing_State", "addresses[work].region"),
                ("Mailing_Zip", "addresses[work].postalCode"),
                ("Mailing_Country", "addresses[work].country"),
                ("Other_Street", "addresses[home].streetAddress"),
                ("Other_City", "addresses[home].city"),
                ("Other_State", "addresses[home].region"),
                ("Other_Zip", "addresses[home].postalCode"),
                ("Other_Country", "addresses[home].country"),
                ("Date_of_Birth", "birthdays"),
            ],
            &NOTE,
        ]
        .concat(),
        Module::Leads => [
            &PERSON[..],
            &REACH,
            &[
                ("Designation", "organizations.title"),
                ("Company", "organizations.name"),
                ("Website", "urls[work]"),
            ],
            &ONE_ADDRESS,
            &NOTE,
        ]
        .concat(),
        Module::Vendors => [
            &[
                ("Vendor_Name", "organizations.name"),
                ("Email", "emailAddresses[work]"),
                ("Phone", "phoneNumbers[work]"),
                ("Website", "urls[work]"),
            ][..],
            &ONE_ADDRESS,
            &NOTE,
        ]
        .concat(),
    }
}
