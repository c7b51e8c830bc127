//! What is empty and what is only not told, on both sides: a value that an answer does not tell is never
//! taken for one that somebody cleared.

use renraku_core::contact::Module;
use renraku_core::field::Kind;
use renraku_core::mapping::{GooglePath, Mapping, Rule};

/// What a card holds: a text, nothing, or what nobody can tell; or the contact cannot be read.
fn found<E>(read: Result<renraku_core::contact::Record, E>) -> String {
    let Ok(record) = read else { return "unreadable".to_owned() };
    match record.card.get(0) {
        Some(text) => text.to_owned(),
        None if record.unread.contains(&0) => "not told".to_owned(),
        None => "empty".to_owned(),
    }
}

fn mapping(kind: &Kind, place: &str) -> Mapping {
    let rule = Rule {
        zoho: "Field".to_owned(),
        google: GooglePath::parse(place).expect("a place"),
        kind: kind.clone(),
        zoho_length: None,
        required: false,
        zoho_writable: true,
        default: None,
    };
    Mapping::new(Module::Contacts, vec![rule])
}

#[test]
fn zoho_tells_what_is_empty() {
    let texts = [Kind::Text, Kind::Note, Kind::Email, Kind::Phone { region: None }, Kind::Url];
    let others = [Kind::Date, Kind::Moment, Kind::Number, Kind::Choice(Vec::new())];
    let kinds = texts.into_iter().chain(others);
    let kinds: Vec<Kind> = kinds.chain([Kind::Choices(Vec::new()), Kind::Company]).collect();
    for (json, expected) in [
        (r#""Field": null,"#, "empty"),
        (r#""Field": "","#, "empty"),
        (r#""Field": " ","#, "empty"),
        (r#""Field": "\u200b","#, "empty"),
        (r#""Field": [],"#, "empty"),
        (r#""Field": [null],"#, "empty"),
        (r#""Field": [""],"#, "empty"),
        (r#""Field": "x","#, "x"),
        (r#""Field": ["x", "y"],"#, "x;y"),
        (r#""Field": {"id": null, "name": null},"#, "empty"),
        (r#""Field": {"id": "7", "name": "x"},"#, "x"),
        (r#""Field": {"id": "7", "name": null},"#, "not told"),
        (r#""Field": {"id": "7", "name": ""},"#, "not told"),
        (r#""Field": {"id": "7"},"#, "not told"),
        (r#""Field": [{"id": "7", "name": "x"}, {"id": "8"}],"#, "not told"),
        (r#""Other": null,"#, "not told"),
        ("", "not told"),
        (r#""Field": {},"#, "unreadable"),
        (r#""Field": {"value": "x"},"#, "unreadable"),
    ] {
        for kind in &kinds {
            let raw = format!(r#"{{{json} "id": "1", "Modified_Time": "2026-01-02T03:04:05Z"}}"#);
            let found = found(super::wire::record(&raw, &mapping(kind, "userDefined[Field]")));
            assert_eq!(found, expected, "{kind:?} {json}");
        }
    }
}

#[test]
fn google_tells_what_is_empty() {
    let texts = [
        ("nicknames", "nicknames", "value"),
        ("emailAddresses[work]", "emailAddresses", "value"),
        ("phoneNumbers[work]", "phoneNumbers", "value"),
        ("names.familyName", "names", "familyName"),
        ("organizations.name", "organizations", "name"),
        ("addresses[work].city", "addresses", "city"),
        ("urls[work]", "urls", "value"),
        ("biographies", "biographies", "value"),
        ("userDefined[Field]", "userDefined", "value"),
    ];
    let label = |field: &str| match field {
        "userDefined" => r#""key": "Field""#,
        _ => r#""type": "work""#,
    };
    let person = |field: &str, list: String| {
        format!(
            r#"{{"resourceName": "people/c1", "etag": "e"{}{list}}}"#,
            match list.is_empty() {
                true => String::new(),
                false => format!(r#", "{field}": "#),
            }
        )
    };
    for (place, field, part) in texts {
        let entry = |value: &str| format!(r#"[{{{}, "{part}": {value}}}]"#, label(field));
        for (list, expected) in [
            (String::new(), "empty"),
            ("[]".to_owned(), "empty"),
            (format!("[{{{}}}]", label(field)), "empty"),
            (entry("null"), "empty"),
            (entry(r#""""#), "empty"),
            (entry(r#"" ""#), "empty"),
            (entry(r#""\u200b""#), "empty"),
            (entry(r#""x""#), "x"),
            ("null".to_owned(), "unreadable"),
            ("[null]".to_owned(), "unreadable"),
            (entry("7"), "unreadable"),
        ] {
            let raw = person(field, list);
            let found = found(crate::google::wire::record(&raw, &mapping(&Kind::Text, place)));
            assert_eq!(found, expected, "{place} {raw}");
        }
    }
    for (place, field, list, expected) in [
        ("birthdays", "birthdays", r#"[{"date": {"month": 5, "day": 17}}]"#, "--05-17"),
        ("birthdays", "birthdays", r#"[{"date": {}}]"#, "not told"),
        ("birthdays", "birthdays", r#"[{"text": "May"}]"#, "not told"),
        ("birthdays", "birthdays", "[{}]", "empty"),
        ("names.familyName", "names", r#"[{"unstructuredName": "Jan Vries"}]"#, "not told"),
        (
            "addresses[work].city",
            "addresses",
            r#"[{"type": "work", "formattedValue": "Umeda"}]"#,
            "not told",
        ),
    ] {
        let raw = person(field, list.to_owned());
        let kind = if field == "birthdays" { Kind::Date } else { Kind::Text };
        let found = found(crate::google::wire::record(&raw, &mapping(&kind, place)));
        assert_eq!(found, expected, "{place} {raw}");
    }
}
