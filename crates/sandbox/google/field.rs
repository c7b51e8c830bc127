//! The person fields and the masks that name them (People API discovery document, 2025-11).

use serde::{Deserialize, Serialize};

struct Info {
    name: &'static str,
    update: bool,
    read: bool,
    singleton: bool,
}

const fn info(name: &'static str, update: bool) -> Info {
    Info { name, update, read: true, singleton: false }
}

const fn single(name: &'static str) -> Info {
    Info { name, update: true, read: true, singleton: true }
}

const FIELDS: [Info; 30] = [
    info("addresses", true),
    info("ageRanges", false),
    single("biographies"),
    single("birthdays"),
    info("calendarUrls", true),
    info("clientData", true),
    info("coverPhotos", false),
    info("emailAddresses", true),
    info("events", true),
    info("externalIds", true),
    single("genders"),
    info("imClients", true),
    info("interests", true),
    info("locales", true),
    info("locations", true),
    info("memberships", true),
    info("metadata", false),
    info("miscKeywords", true),
    single("names"),
    info("nicknames", true),
    info("occupations", true),
    info("organizations", true),
    info("phoneNumbers", true),
    info("photos", false),
    info("relations", true),
    info("sipAddresses", true),
    info("skills", false),
    info("urls", true),
    info("userDefined", true),
    Info { name: "fileAses", update: false, read: false, singleton: false },
];

/// One field of a person, as its place in the list of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Field(u8);

impl Field {
    pub(crate) const ADDRESSES: Self = Self(0);
    pub(crate) const BIRTHDAYS: Self = Self(3);
    pub(crate) const EMAILS: Self = Self(7);
    pub(crate) const GENDERS: Self = Self(10);
    pub(crate) const MEMBERSHIPS: Self = Self(15);
    pub(crate) const METADATA: Self = Self(16);
    pub(crate) const NAMES: Self = Self(18);
    pub(crate) const ORGANIZATIONS: Self = Self(21);
    pub(crate) const PHONES: Self = Self(22);
    pub(crate) const PHOTOS: Self = Self(23);

    /// The field of that name; `snake_case` is understood too.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let camel = camel(name);
        FIELDS.iter().position(|f| f.name == camel).and_then(|i| u8::try_from(i).ok()).map(Self)
    }

    fn info(self) -> &'static Info {
        FIELDS.get(usize::from(self.0)).unwrap_or(&FIELDS[0])
    }

    pub(crate) fn name(self) -> &'static str {
        self.info().name
    }

    pub(crate) fn is_singleton(self) -> bool {
        self.info().singleton
    }

    /// All fields that an update may name.
    pub(crate) fn updatable() -> impl Iterator<Item = Self> {
        (0u8..30).map(Self).filter(|f| f.info().update)
    }
}

fn camel(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut up = false;
    for c in name.trim().chars() {
        if c == '_' {
            up = true;
        } else if up {
            out.extend(c.to_uppercase());
            up = false;
        } else {
            out.push(c);
        }
    }
    out
}

/// A set of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Mask(u64);

impl Mask {
    pub(crate) const EMPTY: Self = Self(0);

    /// All readable fields.
    pub(crate) fn all() -> Self {
        (0u8..30).map(Field).filter(|f| f.info().read).fold(Self::EMPTY, Self::with)
    }

    pub(crate) fn with(self, field: Field) -> Self {
        Self(self.0 | 1 << field.0)
    }

    pub(crate) fn has(self, field: Field) -> bool {
        self.0 & (1 << field.0) != 0
    }

    pub(crate) fn fields(self) -> impl Iterator<Item = Field> {
        (0u8..30).map(Field).filter(move |f| self.has(*f))
    }

    /// The numbers of the fields, for etags.
    pub(crate) fn numbers(self) -> Vec<u8> {
        self.fields().map(|f| f.0 + 1).collect()
    }

    pub(crate) fn bits(self) -> u64 {
        self.0
    }

    /// A read mask such as `names,emailAddresses`; `Err` names the path that does not exist.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        Self::parse(text, |f| f.read)
    }

    /// An update mask; `Err` names the path that may not be updated.
    pub(crate) fn update(text: &str) -> Result<Self, String> {
        Self::parse(text, |f| f.update)
    }

    fn parse(text: &str, fits: impl Fn(&Info) -> bool) -> Result<Self, String> {
        let mut mask = Self::EMPTY;
        for path in text.split(',').map(str::trim).filter(|p| !p.is_empty()) {
            let path = path.strip_prefix("person.").unwrap_or(path);
            match Field::named(path).filter(|f| fits(f.info())) {
                Some(field) => mask = mask.with(field),
                None => return Err(path.to_owned()),
            }
        }
        Ok(mask)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_know_their_fields() {
        assert_eq!(Mask::all().fields().count(), 29);
        assert_eq!(Field::updatable().count(), 24);
        for field in
            [Field::NAMES, Field::PHOTOS, Field::MEMBERSHIPS, Field::METADATA, Field::PHONES]
        {
            assert_eq!(Field::named(field.name()), Some(field));
        }
        for (text, good) in [
            ("names,phone_numbers", true),
            ("names, metadata", true),
            ("names.givenName", false),
            ("fileAses", false),
            ("", true),
        ] {
            assert_eq!(Mask::read(text).is_ok(), good, "{text}");
        }
        assert_eq!(Mask::update("names,metadata"), Err("metadata".to_owned()));
    }
}
