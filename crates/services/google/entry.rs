//! A person's JSON as typed, borrowed structs: reading 25,000 people builds no JSON trees.

use std::borrow::Cow;

use renraku_core::mapping::Group;
use serde::Deserialize;

/// A text that borrows from the input where it holds no escapes.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Str<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

type Opt<'a> = Option<Str<'a>>;

/// Boxed, as an entry is large and a list of one grows to four at once.
pub(super) type List<'a> = Vec<Box<Entry<'a>>>;

/// A person, in the fields of this program's mask. Items of other sources than the contact itself
/// (a linked profile's) are told by [`Entry::own`].
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Person<'a> {
    #[serde(borrow)]
    pub(super) resource_name: Str<'a>,
    #[serde(borrow, default)]
    pub(super) etag: Opt<'a>,
    #[serde(borrow, default)]
    pub(super) metadata: Metadata<'a>,
    #[serde(borrow, default)]
    pub(super) names: List<'a>,
    #[serde(borrow, default)]
    pub(super) nicknames: List<'a>,
    #[serde(borrow, default)]
    pub(super) email_addresses: List<'a>,
    #[serde(borrow, default)]
    pub(super) phone_numbers: List<'a>,
    #[serde(borrow, default)]
    pub(super) addresses: List<'a>,
    #[serde(borrow, default)]
    pub(super) organizations: List<'a>,
    #[serde(borrow, default)]
    pub(super) birthdays: List<'a>,
    #[serde(borrow, default)]
    pub(super) urls: List<'a>,
    #[serde(borrow, default)]
    pub(super) biographies: List<'a>,
    #[serde(borrow, default)]
    pub(super) user_defined: List<'a>,
    #[serde(borrow, default)]
    pub(super) client_data: List<'a>,
    #[serde(borrow, default)]
    pub(super) memberships: Vec<Membership<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Metadata<'a> {
    #[serde(borrow, default)]
    pub(super) sources: Vec<Source<'a>>,
    #[serde(borrow, default)]
    pub(super) previous_resource_names: Vec<Str<'a>>,
    #[serde(default)]
    pub(super) deleted: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Source<'a> {
    #[serde(borrow, default, rename = "type")]
    pub(super) kind: Opt<'a>,
    #[serde(borrow, default)]
    pub(super) update_time: Opt<'a>,
}

/// One entry of any field: all parts that any of them may have.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Entry<'a> {
    #[serde(borrow)]
    pub(super) metadata: EntryMetadata<'a>,
    #[serde(borrow, rename = "type")]
    pub(super) kind: Opt<'a>,
    #[serde(borrow)]
    pub(super) key: Opt<'a>,
    #[serde(borrow)]
    pub(super) value: Opt<'a>,
    #[serde(borrow)]
    pub(super) given_name: Opt<'a>,
    #[serde(borrow)]
    pub(super) family_name: Opt<'a>,
    #[serde(borrow)]
    pub(super) middle_name: Opt<'a>,
    #[serde(borrow)]
    pub(super) honorific_prefix: Opt<'a>,
    #[serde(borrow)]
    pub(super) honorific_suffix: Opt<'a>,
    #[serde(borrow)]
    pub(super) phonetic_given_name: Opt<'a>,
    #[serde(borrow)]
    pub(super) phonetic_family_name: Opt<'a>,
    #[serde(borrow)]
    pub(super) display_name: Opt<'a>,
    #[serde(borrow)]
    pub(super) street_address: Opt<'a>,
    #[serde(borrow)]
    pub(super) extended_address: Opt<'a>,
    #[serde(borrow)]
    pub(super) city: Opt<'a>,
    #[serde(borrow)]
    pub(super) region: Opt<'a>,
    #[serde(borrow)]
    pub(super) postal_code: Opt<'a>,
    #[serde(borrow)]
    pub(super) country: Opt<'a>,
    #[serde(borrow)]
    pub(super) name: Opt<'a>,
    #[serde(borrow)]
    pub(super) title: Opt<'a>,
    #[serde(borrow)]
    pub(super) department: Opt<'a>,
    #[serde(borrow)]
    pub(super) text: Opt<'a>,
    #[serde(borrow)]
    po_box: Opt<'a>,
    #[serde(borrow)]
    formatted_value: Opt<'a>,
    #[serde(borrow)]
    unstructured_name: Opt<'a>,
    pub(super) date: Option<Date>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct EntryMetadata<'a> {
    pub(super) primary: bool,
    #[serde(borrow)]
    source: Option<EntrySource<'a>>,
}

#[derive(Debug, Deserialize)]
struct EntrySource<'a> {
    #[serde(borrow, default, rename = "type")]
    kind: Opt<'a>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "Numbers")]
pub(super) struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// A date as received.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Numbers {
    year: u16,
    month: u8,
    day: u8,
}

impl TryFrom<Numbers> for Date {
    type Error = &'static str;

    /// A year, a month and a day may each be missing; what is there has to be a day of the calendar.
    fn try_from(Numbers { year, month, day }: Numbers) -> Result<Date, Self::Error> {
        let known = |given: u32, or: u32| if given == 0 { or } else { given };
        // 2000 was a leap year: 29 February is a birthday too.
        let year_or = known(year.into(), 2000).try_into().map_err(|_| "no year")?;
        let (month_or, day_or) = (known(month.into(), 1), known(day.into(), 1));
        chrono::NaiveDate::from_ymd_opt(year_or, month_or, day_or)
            .ok_or("no day of the calendar")?;
        Ok(Date { year, month, day })
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Membership<'a> {
    #[serde(borrow, default)]
    pub(super) contact_group_membership: Option<GroupMembership<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GroupMembership<'a> {
    #[serde(borrow, default)]
    pub(super) contact_group_resource_name: Opt<'a>,
    #[serde(borrow, default)]
    pub(super) contact_group_id: Opt<'a>,
}

/// The text inside, unless it is blank.
pub(super) fn said<'b>(text: &'b Option<Str<'_>>) -> Option<&'b str> {
    text.as_ref().map(|s| s.0.as_ref()).filter(|s| !s.trim().is_empty())
}

impl Entry<'_> {
    /// Whether the entry is the contact's own, and not a linked profile's.
    pub(super) fn own(&self) -> bool {
        self.metadata.source.as_ref().and_then(|s| said(&s.kind)).is_none_or(|k| k == "CONTACT")
    }

    /// Whether a person wrote something here that has no parts: an address or a name that nobody
    /// split, a birthday in words. It is content, and nothing says what belongs where in it.
    pub(super) fn is_unread(&self, group: Group) -> bool {
        let split = || group.parts().iter().any(|part| self.part(part).is_some());
        match group {
            Group::Names => (said(&self.unstructured_name).is_some()) && !split(),
            Group::Addresses => {
                said(&self.formatted_value).is_some() && said(&self.po_box).is_none() && !split()
            }
            Group::Birthdays => (said(&self.text).is_some() || self.date.is_some()) && !split(),
            Group::Nicknames
            | Group::EmailAddresses
            | Group::PhoneNumbers
            | Group::Organizations
            | Group::Urls
            | Group::Biographies
            | Group::UserDefined => false,
        }
    }

    /// The value of a part, in its neutral text form.
    pub(super) fn part(&self, part: &str) -> Option<Cow<'_, str>> {
        let text = match part {
            "value" => &self.value,
            "givenName" => &self.given_name,
            "familyName" => &self.family_name,
            "middleName" => &self.middle_name,
            "honorificPrefix" => &self.honorific_prefix,
            "honorificSuffix" => &self.honorific_suffix,
            "phoneticGivenName" => &self.phonetic_given_name,
            "phoneticFamilyName" => &self.phonetic_family_name,
            "streetAddress" => &self.street_address,
            "extendedAddress" => &self.extended_address,
            "city" => &self.city,
            "region" => &self.region,
            "postalCode" => &self.postal_code,
            "country" => &self.country,
            "name" => &self.name,
            "title" => &self.title,
            "department" => &self.department,
            "date" => {
                return self.date.as_ref().and_then(Date::neutral).map(Cow::Owned);
            }
            _ => return None,
        };
        said(text).map(Cow::Borrowed)
    }
}

impl Date {
    /// `1980-05-17`, `--05-17` without a year; none where it is no day.
    fn neutral(&self) -> Option<String> {
        let Date { year, month, day } = *self;
        match (year, month, day) {
            (_, 0, _) | (_, _, 0) => None,
            (0, month, day) => Some(format!("--{month:02}-{day:02}")),
            (year, month, day) => Some(format!("{year:04}-{month:02}-{day:02}")),
        }
    }
}
