//! A contact as an address card (vCard 3.0, which Google, Apple, Outlook and phones all take). Pure.

use calcard::vcard::{
    VCard, VCardEntry, VCardParameter, VCardParameterName, VCardProperty, VCardType, VCardValue,
    VCardVersion,
};
use renraku_core::contact::Side;
use renraku_core::mapping::{Group, Mapping, Slot};

use super::Person;

/// The card's text, with its end.
pub(super) fn of(mapping: &Mapping, person: &Person) -> String {
    let values = Values { mapping, person };
    let mut entries = vec![
        VCardEntry::new(VCardProperty::Fn).with_value(values.shown_name()),
        // Demanded by the format, also where a contact has no name.
        VCardEntry::new(VCardProperty::N).with_values(values.name_parts()),
    ];
    for side in Side::BOTH {
        if let Some(id) = &person.ids[side] {
            let uid = format!("{}-{}", side.name(), id.trim_start_matches("people/"));
            entries.push(VCardEntry::new(VCardProperty::Uid).with_value(uid));
            break;
        }
    }
    entries.extend(mapping.slots().iter().flat_map(|slot| values.entries(slot)));
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = VCard { entries }.write_to(&mut text, VCardVersion::V3_0);
    text
}

/// A text with the one kind of line end that the format knows.
fn with_one_line_end(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

struct Values<'a> {
    mapping: &'a Mapping,
    person: &'a Person,
}

impl Values<'_> {
    fn at(&self, group: Group, label: &str, part: &str) -> Option<String> {
        let rule = self.mapping.by_google(group, label, part)?;
        Some(with_one_line_end(self.person.card.get(rule)?))
    }

    fn name(&self, part: &str) -> Option<String> {
        self.at(Group::Names, "", part)
    }

    /// The name on the card; a card without one takes what it has.
    fn shown_name(&self) -> String {
        let name = self.person.name.trim();
        if name.is_empty() {
            let first = self.person.card.0.iter().flatten().next();
            first.map_or_else(|| "-".to_owned(), |value| with_one_line_end(value))
        } else {
            with_one_line_end(name)
        }
    }

    fn name_parts(&self) -> Vec<VCardValue> {
        let parts = ["familyName", "givenName", "middleName", "honorificPrefix", "honorificSuffix"];
        parts.map(|part| self.name(part).unwrap_or_default().into()).to_vec()
    }

    /// The lines of one entry of the mapping.
    fn entries(&self, slot: &Slot) -> Vec<VCardEntry> {
        let label = slot.label.as_str();
        let part = |part: &str| self.at(slot.group, label, part);
        let one = |property: VCardProperty, value: Option<String>| {
            value.map(|value| VCardEntry::new(property).with_value(value).with_params(types(label)))
        };
        match slot.group {
            Group::Names => [
                ("X-PHONETIC-FIRST-NAME", part("phoneticGivenName")),
                ("X-PHONETIC-LAST-NAME", part("phoneticFamilyName")),
            ]
            .into_iter()
            .filter_map(|(name, value)| one(VCardProperty::Other(name.to_owned()), value))
            .collect(),
            Group::Nicknames => one(VCardProperty::Nickname, part("value")).into_iter().collect(),
            Group::EmailAddresses => one(VCardProperty::Email, part("value")).into_iter().collect(),
            Group::PhoneNumbers => one(VCardProperty::Tel, part("value")).into_iter().collect(),
            Group::Urls => one(VCardProperty::Url, part("value")).into_iter().collect(),
            Group::Biographies => one(VCardProperty::Note, part("value")).into_iter().collect(),
            Group::Birthdays => one(VCardProperty::Bday, part("date")).into_iter().collect(),
            Group::Organizations => {
                let company = [part("name"), part("department")];
                let known = company.iter().any(Option::is_some);
                let company = company.map(|value| value.unwrap_or_default().into()).to_vec();
                let company =
                    known.then(|| VCardEntry::new(VCardProperty::Org).with_values(company));
                company.into_iter().chain(one(VCardProperty::Title, part("title"))).collect()
            }
            Group::Addresses => {
                let lines =
                    ["extendedAddress", "streetAddress", "city", "region", "postalCode", "country"]
                        .map(part);
                if lines.iter().all(Option::is_none) {
                    return Vec::new();
                }
                // The first place is the post office box, which neither service keeps apart.
                let values = std::iter::once(None).chain(lines);
                let values = values.map(|value| value.unwrap_or_default().into()).collect();
                vec![
                    VCardEntry::new(VCardProperty::Adr)
                        .with_values(values)
                        .with_params(types(label)),
                ]
            }
            Group::UserDefined => {
                let value = part("value");
                let property = VCardProperty::Other(extension(label));
                value.map(|value| VCardEntry::new(property).with_value(value)).into_iter().collect()
            }
        }
    }
}

/// A Google type as the card's types.
fn types(label: &str) -> Vec<VCardParameter> {
    let known: &[VCardType] = match label {
        "" => &[],
        "work" => &[VCardType::Work],
        "home" => &[VCardType::Home],
        "mobile" => &[VCardType::Cell],
        "workMobile" => &[VCardType::Work, VCardType::Cell],
        "workFax" => &[VCardType::Work, VCardType::Fax],
        "homeFax" => &[VCardType::Home, VCardType::Fax],
        "otherFax" => &[VCardType::Fax],
        "pager" => &[VCardType::Pager],
        other => {
            let name = VCardParameterName::Type;
            return vec![VCardParameter::new(name, other.to_uppercase())];
        }
    };
    known.iter().map(|kind| VCardParameter::typ(kind.clone())).collect()
}

/// A custom field's name as the format lets one be called.
fn extension(key: &str) -> String {
    let plain = key.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' });
    format!("X-{}", plain.collect::<String>().to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::super::tests::mapping;
    use super::*;
    use renraku_core::contact::{Card, Pair};

    const ROWS: [(&str, &str, &str); 14] = [
        ("First_Name", "text", "names.givenName"),
        ("Last_Name", "text", "names.familyName"),
        ("Kana", "text", "names.phoneticFamilyName"),
        ("Email", "email", "emailAddresses[work]"),
        ("Fax", "phone", "phoneNumbers[workFax]"),
        ("Mobile", "phone", "phoneNumbers[mobile]"),
        ("Account_Name", "text", "organizations.name"),
        ("Department", "text", "organizations.department"),
        ("Title", "text", "organizations.title"),
        ("Street", "text", "addresses[work].streetAddress"),
        ("City", "text", "addresses[work].city"),
        ("Date_of_Birth", "date", "birthdays"),
        ("Description", "textarea", "biographies"),
        ("Loyalty_ID", "text", "userDefined[Loyalty_ID]"),
    ];

    fn check(name: &str, values: [Option<&str>; 14], expected: &[&str], why: &str) {
        let person = Person {
            ids: Pair { zoho: Some("57".to_owned()), google: None },
            name: name.to_owned(),
            card: Card(values.iter().map(|value| value.map(Into::into)).collect()),
        };
        let text = of(&mapping(&ROWS), &person);
        // A folded line goes on with a space.
        let lines: Vec<String> = text.replace("\r\n ", "").lines().map(str::to_owned).collect();
        let inner: Vec<&str> = lines.iter().map(String::as_str).collect();
        let (first, rest) = inner.split_at(2);
        assert_eq!(first, ["BEGIN:VCARD", "VERSION:3.0"], "{why}");
        let (last, inner) = rest.split_last().unwrap();
        assert_eq!(*last, "END:VCARD", "{why}");
        assert_eq!(inner, expected, "{why}");
        assert!(text.split("\r\n").all(|line| line.len() <= 76), "lines are folded: {why}");
        // A reader of the format finds the same again.
        let read = VCard::parse(&text).expect("a card");
        let found = read.property(&VCardProperty::Fn).and_then(|e| e.values.first()?.as_text());
        let shown = expected[0].split_once(':').unwrap().1;
        assert_eq!(found, Some(shown), "{why}");
    }

    #[test]
    fn a_contact_as_a_card() {
        let some = Some;
        check(
            "Anna Miller",
            [
                some("Anna"),
                some("Miller"),
                None,
                some("anna@example.com"),
                some("+1 555 0100"),
                some("+1 555 0101"),
                some("Blue; Harbor, Inc."),
                some("Sales"),
                some("CTO"),
                some("1 Main St"),
                some("Dublin"),
                some("1980-05-17"),
                some("Met in Osaka.\r\nCall after ten."),
                some("L-7"),
            ],
            &[
                "FN:Anna Miller",
                "N:Miller;Anna;;;",
                "UID:zoho-57",
                "EMAIL;TYPE=WORK:anna@example.com",
                "TEL;TYPE=CELL:+1 555 0101",
                "TEL;TYPE=WORK,FAX:+1 555 0100",
                "ADR;TYPE=WORK:;;1 Main St;Dublin;;;",
                "ORG:Blue\\; Harbor\\, Inc.;Sales",
                "TITLE:CTO",
                "BDAY:1980-05-17",
                "NOTE:Met in Osaka.\\nCall after ten.",
                "X-LOYALTY-ID:L-7",
            ],
            "everything in its place, special characters escaped",
        );
        let mut few = [None; 14];
        few[1] = some("佐藤");
        few[2] = some("さとう");
        few[11] = some("--05-17");
        check(
            "佐藤",
            few,
            &[
                "FN;CHARSET=UTF-8:佐藤",
                "N;CHARSET=UTF-8:佐藤;;;;",
                "UID:zoho-57",
                "X-PHONETIC-LAST-NAME;CHARSET=UTF-8:さとう",
                "BDAY:--05-17",
            ],
            "Japanese with its reading; a birthday without a year",
        );
        let mut nameless = [None; 14];
        nameless[3] = some("info@example.com");
        check(
            "",
            nameless,
            &["FN:info@example.com", "N:;;;;", "UID:zoho-57", "EMAIL;TYPE=WORK:info@example.com"],
            "a contact without a name is called by what it has",
        );
        check("", [None; 14], &["FN:-", "N:;;;;", "UID:zoho-57"], "nothing at all is still a card");
    }
}
