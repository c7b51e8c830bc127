//! Pure: what can be told of a contact that cannot be read as a whole, be it for a cut emoji, a value
//! of another type than documented, or a list that is none. It is named and recognised by what is
//! left; nothing of it is ever written anywhere.

use renraku_core::contact::{Mark, Module, Side};
use renraku_core::timestamp::Timestamp;
use serde_json::Value;

use crate::received::{Evidence, Received, Sight, full_names};

/// The text as JSON, with a mark in the place of every half of a character.
fn mended(raw: &str) -> Value {
    serde_json::from_str(raw)
        .or_else(|_| serde_json::from_str(&without_halves(raw)))
        .unwrap_or_default()
}

/// The text of JSON with `\ufffd` for every escaped half of a character whose other half is missing.
fn without_halves(raw: &str) -> String {
    let unit = |at: usize| {
        let digits = raw.get(at..)?.strip_prefix("\\u")?.get(..4)?;
        u16::from_str_radix(digits, 16).ok()
    };
    let mut mended = String::with_capacity(raw.len());
    let mut at = 0;
    while let Some(c) = raw.get(at..).and_then(|rest| rest.chars().next()) {
        let (taken, half) = match (c, unit(at)) {
            ('\\', Some(0xd800..=0xdbff)) => match unit(at + 6) {
                Some(0xdc00..=0xdfff) => (12, false),
                Some(_) | None => (6, true),
            },
            ('\\', Some(0xdc00..=0xdfff)) => (6, true),
            ('\\', Some(_)) => (6, false),
            // An escaped backslash is not the beginning of an escape.
            ('\\', None) => {
                let next = raw.get(at + 1..).and_then(|rest| rest.chars().next());
                (1 + next.map_or(0, char::len_utf8), false)
            }
            (c, _) => (c.len_utf8(), false),
        };
        match half {
            true => mended.push_str("\\ufffd"),
            false => mended.push_str(raw.get(at..at + taken).unwrap_or_default()),
        }
        at += taken.max(1);
    }
    mended
}

/// The text or number under a key.
fn text(value: &Value, key: &str) -> Option<String> {
    let text = match value.get(key)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        // A lookup.
        Value::Object(lookup) => lookup.get("name")?.as_str()?.trim().to_owned(),
        Value::Null | Value::Bool(_) | Value::Array(_) => return None,
    };
    Some(text).filter(|text| !text.is_empty())
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap_or(Timestamp::UNIX_EPOCH)
}

/// A person as a page's item.
pub(crate) fn person(raw: &str) -> Received {
    let value = mended(raw);
    let metadata = value.get("metadata").cloned().unwrap_or_default();
    let sources = list(&metadata, "sources");
    let newest = sources.filter_map(|source| text(source, "updateTime")).map(|at| time(&at)).max();
    Received {
        id: text(&value, "resourceName").unwrap_or_default(),
        version: text(&value, "etag").unwrap_or_default(),
        modified: newest.unwrap_or(Timestamp::UNIX_EPOCH),
        deleted: metadata.get("deleted") == Some(&Value::Bool(true)),
        former: Vec::new(),
        created_by: None,
        converted: false,
        readable: false,
        raw: raw.into(),
    }
}

/// A record as a page's item.
pub(crate) fn record(raw: &str) -> Received {
    let value = mended(raw);
    let version = text(&value, "Modified_Time").unwrap_or_default();
    Received {
        id: text(&value, "id").unwrap_or_default(),
        modified: time(&version),
        version,
        deleted: false,
        former: Vec::new(),
        created_by: None,
        converted: false,
        readable: false,
        raw: raw.into(),
    }
}

/// What a person can be recognised by.
pub fn sight(raw: &str) -> Sight {
    let value = mended(raw);
    let emails = |work: bool| {
        let entries = list(&value, "emailAddresses");
        let wanted = entries.filter(|e| !work || text(e, "type").as_deref() == Some("work"));
        wanted.filter_map(|e| text(e, "value")).collect()
    };
    let groups = list(&value, "memberships")
        .filter_map(|m| text(m.get("contactGroupMembership")?, "contactGroupResourceName"));
    let marks = list(&value, "clientData")
        .filter(|data| text(data, "key").as_deref() == Some(Mark::KEY))
        .filter_map(|data| Mark::parse(&text(data, "value")?));
    Sight {
        memberships: groups.collect(),
        marks: marks.collect(),
        evidence: Evidence {
            work_emails: emails(true),
            emails: emails(false),
            phones: list(&value, "phoneNumbers").filter_map(|p| text(p, "value")).collect(),
            names: names_of_person(&value),
            nameless: false,
            organisation: list(&value, "organizations").find_map(|o| text(o, "name")),
        },
    }
}

fn names_of_person(value: &Value) -> Vec<String> {
    let Some(name) = list(value, "names").next() else { return Vec::new() };
    let part = |key: &str| text(name, key);
    full_names(
        part("displayName").as_deref(),
        part("givenName").as_deref(),
        part("middleName").as_deref(),
        part("familyName").as_deref(),
    )
}

/// What a record can be recognised by.
pub fn evidence(raw: &str, module: Module) -> Evidence {
    let value = mended(raw);
    let all = |keys: &[&str]| keys.iter().filter_map(|key| text(&value, key)).collect();
    Evidence {
        work_emails: all(&["Email"]),
        emails: all(&["Email", "Secondary_Email"]),
        phones: all(&["Phone", "Mobile", "Home_Phone", "Other_Phone"]),
        names: names_of_record(&value, module),
        nameless: false,
        organisation: ["Account_Name", "Company", "Vendor_Name"]
            .iter()
            .find_map(|key| text(&value, key)),
    }
}

fn names_of_record(value: &Value, module: Module) -> Vec<String> {
    let part = |key: &str| text(value, key);
    match module {
        Module::Vendors => part("Vendor_Name").into_iter().collect(),
        Module::Contacts | Module::Leads => full_names(
            part("Full_Name").as_deref(),
            part("First_Name").as_deref(),
            None,
            part("Last_Name").as_deref(),
        ),
    }
}

/// The name a person reads, or whatever else tells the contact apart; empty where nothing does.
pub fn told_name(side: Side, module: Module, raw: &str) -> String {
    let value = mended(raw);
    let (names, found) = match side {
        Side::Google => (names_of_person(&value), sight(raw).evidence),
        Side::Zoho => (names_of_record(&value, module), evidence(raw, module)),
    };
    let rest = found.organisation.into_iter().chain(found.emails).chain(found.phones);
    names.into_iter().chain(rest).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_cannot_be_read_is_named_as_far_as_possible() {
        let people = [
            (
                r#"{"resourceName":"people/c1","names":[{"displayName":"Ada \ud83d"}]}"#,
                "Ada \u{fffd}",
            ),
            (
                r#"{"resourceName":"people/c1","names":[{"displayName":"Ada \ude00!"}]}"#,
                "Ada \u{fffd}!",
            ),
            (
                r#"{"resourceName":"people/c1","names":[{"displayName":"Ada \ud83d\ude00 \\ud83d"}],"phoneNumbers":null}"#,
                "Ada 😀 \\ud83d",
            ),
            (
                r#"{"resourceName":"people/c1","names":null,"emailAddresses":[{"value":"a@a.test"}]}"#,
                "a@a.test",
            ),
            (
                r#"{"resourceName":"people/c1","names":{"displayName":"Ada"},"organizations":[{"name":"Ltd"}]}"#,
                "Ltd",
            ),
            (r#"{"resourceName":"people/c1","names":[{"displayName":5,"familyName":"Ada"}]}"#, "5"),
            (r#"{"resourceName":"people/c1"}"#, ""),
        ];
        for (raw, name) in people {
            assert_eq!(told_name(Side::Google, Module::Contacts, raw), name, "{raw}");
            assert_eq!(person(raw).id, "people/c1", "{raw}");
        }
        let records = [
            (r#"{"id":"7","Last_Name":"Ada","Modified_Time":"yesterday"}"#, "Ada"),
            (r#"{"id":7,"Last_Name":{"a":1},"Email":"a@a.test"}"#, "a@a.test"),
            (r#"{"id":"7","Full_Name":"Ada \ud83d","Email":[]}"#, "Ada \u{fffd}"),
            (
                r#"{"id":"7","Full_Name":"花子 山田","First_Name":"花子","Last_Name":"山田"}"#,
                "山田 花子",
            ),
            (
                r#"{"id":"7","Full_Name":"Ada Byron","First_Name":"Ada","Last_Name":"Byron"}"#,
                "Ada Byron",
            ),
        ];
        for (raw, name) in records {
            assert_eq!(told_name(Side::Zoho, Module::Contacts, raw), name, "{raw}");
            assert_eq!(record(raw).id, "7", "{raw}");
        }
        assert_eq!(person("no JSON at all").id, "", "what is no contact has no name");
    }
}
