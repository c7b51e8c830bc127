//! What the server makes of a person's fields when they are written: it drops what only it may set
//! and derives names, formatted types, canonical phone numbers and postal addresses.

use serde_json::{Map, Value, json};

use super::errors::{Fault, internal, invalid, invalid_argument};
use super::field::Field;
use crate::clock::is_day;
use crate::switches::{GoogleSwitches, LongText};

/// Whose item it is: the hexadecimal id of the contact's source.
pub(crate) fn source_id(id: u64) -> String {
    format!("{id:016x}")
}

const OUTPUT_ONLY: [&str; 5] =
    ["metadata", "formattedType", "canonicalForm", "displayNameLastFirst", "formattedProtocol"];

/// Takes an incoming field apart: items without what only the server may set.
///
/// # Errors
/// The service's own answers: two items in a singleton field, a day that does not exist,
/// organizations with dates, a name with nothing but displayName, a text that is too long (by switch).
pub(crate) fn accept(
    field: Field,
    value: Option<&Value>,
    switches: &GoogleSwitches,
) -> Result<Vec<Value>, Fault> {
    let items: Vec<&Map<String, Value>> = match value {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(list)) => {
            let objects: Vec<_> = list.iter().filter_map(Value::as_object).collect();
            if objects.len() != list.len() {
                return Err(invalid_argument());
            }
            objects
        }
        Some(Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
            return Err(invalid_argument());
        }
    };
    let mut accepted = Vec::new();
    for item in items {
        let mut item = item.clone();
        item.retain(|key, value| !OUTPUT_ONLY.contains(&key.as_str()) && !blank(value));
        for text in item.values_mut() {
            shorten(text, switches)?;
        }
        if field == Field::NAMES && !name_parts(&mut item, switches)? {
            continue;
        }
        if field == Field::ORGANIZATIONS
            && switches.organization_dates_fail
            && (item.contains_key("startDate") || item.contains_key("endDate"))
        {
            return Err(internal());
        }
        if field == Field::BIRTHDAYS {
            check_birthday(&item, switches)?;
        }
        if field == Field::GENDERS {
            item.remove("formattedValue");
        }
        if !item.is_empty() {
            accepted.push(Value::Object(item));
        }
    }
    if field.is_singleton() && accepted.len() > 1 {
        return Err(invalid(format!(
            "Cannot have more than one person.{} per source.",
            field.name()
        )));
    }
    Ok(accepted)
}

/// What becomes of a text that is too long.
fn shorten(value: &mut Value, switches: &GoogleSwitches) -> Result<(), Fault> {
    let Value::String(text) = value else { return Ok(()) };
    let Some((end, _)) = text.char_indices().nth(switches.longest_text) else { return Ok(()) };
    match switches.long_text {
        LongText::Taken => {}
        LongText::Cut => text.truncate(end),
        LongText::Refused => return Err(invalid_argument()),
    }
    Ok(())
}

fn blank(value: &Value) -> bool {
    value.is_null()
        || value.as_str().is_some_and(str::is_empty)
        || value.as_bool() == Some(false)
        || value.as_array().is_some_and(Vec::is_empty)
}

/// Leaves the writable parts of a name; false when nothing is left.
fn name_parts(item: &mut Map<String, Value>, switches: &GoogleSwitches) -> Result<bool, Fault> {
    let display = item.remove("displayName").is_some();
    let parts = ["givenName", "familyName", "middleName", "honorificPrefix", "honorificSuffix"];
    let structured = parts.iter().any(|p| item.contains_key(*p));
    if structured {
        item.remove("unstructuredName");
    } else if let Some(text) =
        item.remove("unstructuredName").and_then(|v| v.as_str().map(str::to_owned))
    {
        let words: Vec<&str> = text.split_whitespace().collect();
        if let Some((last, first)) = words.split_last() {
            if first.is_empty() {
                item.insert("givenName".to_owned(), json!(last));
            } else {
                item.insert("givenName".to_owned(), json!(first.join(" ")));
                item.insert("familyName".to_owned(), json!(last));
            }
        }
    }
    if item.is_empty() && display && switches.refuse_display_name_only {
        return Err(invalid_argument());
    }
    Ok(!item.is_empty())
}

fn check_birthday(item: &Map<String, Value>, switches: &GoogleSwitches) -> Result<(), Fault> {
    let Some(date) = item.get("date") else {
        let text = item.contains_key("text") && !switches.text_birthdays_fail;
        return if text { Ok(()) } else { Err(invalid("Invalid person.birthdays date.")) };
    };
    let part = |name: &str| date.get(name).and_then(Value::as_i64);
    let good = match (part("month"), part("day")) {
        (Some(month), Some(day)) => is_day(part("year"), month, day),
        (None, _) | (_, None) => false,
    };
    if good { Ok(()) } else { Err(invalid("Invalid person.birthdays date.")) }
}

/// The stored text of a field: its items with everything that the server adds.
pub(crate) fn render(field: Field, items: &[Value], id: u64, region: &str) -> Option<Box<str>> {
    if items.is_empty() {
        return None;
    }
    let rendered: Vec<Value> = items
        .iter()
        .enumerate()
        .map(|(i, item)| render_item(field, item, i == 0, id, region))
        .collect();
    Some(Value::Array(rendered).to_string().into_boxed_str())
}

fn render_item(field: Field, item: &Value, primary: bool, id: u64, region: &str) -> Value {
    let mut metadata = Map::new();
    if primary {
        metadata.insert("primary".to_owned(), json!(true));
    }
    metadata.insert("source".to_owned(), json!({"type": "CONTACT", "id": source_id(id)}));
    if field == Field::NAMES {
        metadata.insert("sourcePrimary".to_owned(), json!(true));
    }
    let mut out = Map::new();
    out.insert("metadata".to_owned(), Value::Object(metadata));
    if let Some(map) = item.as_object() {
        for (key, value) in map {
            out.insert(key.clone(), value.clone());
        }
    }
    let text = |out: &Map<String, Value>, key: &str| {
        out.get(key).and_then(Value::as_str).map(str::to_owned)
    };
    if let Some(kind) = text(&out, "type") {
        out.insert("formattedType".to_owned(), json!(formatted_type(&kind, "en")));
    }
    if field == Field::NAMES {
        derive_name(&mut out);
    } else if field == Field::PHONES {
        if let Some(form) = text(&out, "value").and_then(|v| canonical(&v, region)) {
            out.insert("canonicalForm".to_owned(), json!(form));
        }
    } else if field == Field::ADDRESSES {
        derive_address(&mut out);
    } else if field.name() == "biographies" && !out.contains_key("contentType") {
        out.insert("contentType".to_owned(), json!("TEXT_PLAIN"));
    }
    Value::Object(out)
}

fn derive_name(out: &mut Map<String, Value>) {
    let part = |key: &str| out.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
    let join = |parts: &[&str]| {
        parts.iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join(" ")
    };
    let (prefix, given, middle) = (part("honorificPrefix"), part("givenName"), part("middleName"));
    let (family, suffix) = (part("familyName"), part("honorificSuffix"));
    let east = family.chars().chain(given.chars()).any(|c| ('\u{3040}'..='\u{9fff}').contains(&c));
    let display = if east && prefix.is_empty() && middle.is_empty() && suffix.is_empty() {
        join(&[&family, &given])
    } else {
        let name = join(&[&prefix, &given, &middle, &family]);
        if suffix.is_empty() { name } else { format!("{name}, {suffix}") }
    };
    let rest = join(&[&prefix, &given, &middle]);
    let last_first = if family.is_empty() || rest.is_empty() {
        display.clone()
    } else if east {
        format!("{family} {rest}")
    } else {
        format!("{family}, {rest}")
    };
    if !display.is_empty() {
        out.insert("displayName".to_owned(), json!(display));
        out.insert("displayNameLastFirst".to_owned(), json!(last_first));
        out.insert("unstructuredName".to_owned(), json!(display));
    }
}

const COUNTRIES: [(&str, &str); 16] = [
    ("japan", "JP"),
    ("日本", "JP"),
    ("united states", "US"),
    ("usa", "US"),
    ("united kingdom", "GB"),
    ("germany", "DE"),
    ("deutschland", "DE"),
    ("france", "FR"),
    ("netherlands", "NL"),
    ("india", "IN"),
    ("italy", "IT"),
    ("spain", "ES"),
    ("canada", "CA"),
    ("australia", "AU"),
    ("sweden", "SE"),
    ("brazil", "BR"),
];

fn derive_address(out: &mut Map<String, Value>) {
    let country = out.get("country").and_then(Value::as_str).unwrap_or("").to_owned();
    if !out.contains_key("countryCode") {
        let found = COUNTRIES.iter().find(|(name, _)| *name == country.to_lowercase());
        if let Some((_, code)) = found {
            out.insert("countryCode".to_owned(), json!(code));
        }
    }
    if out.contains_key("formattedValue") {
        return;
    }
    let part = |key: &str| out.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
    let line = |parts: &[String]| {
        parts.iter().filter(|p| !p.is_empty()).cloned().collect::<Vec<_>>().join(" ")
    };
    let lines: Vec<String> = if part("countryCode") == "JP" || country == "日本" {
        let post = part("postalCode");
        let post = if post.is_empty() { post } else { format!("〒{post}") };
        vec![
            post,
            line(&[part("region"), part("city")]),
            part("streetAddress"),
            part("extendedAddress"),
            country,
        ]
    } else {
        vec![
            part("poBox"),
            part("streetAddress"),
            part("extendedAddress"),
            line(&[part("city"), part("region"), part("postalCode")]),
            country,
        ]
    };
    let text = lines.into_iter().filter(|l| !l.is_empty()).collect::<Vec<_>>().join("\n");
    if !text.is_empty() {
        out.insert("formattedValue".to_owned(), json!(text));
    }
}

/// The words for a known type; a custom one is its own word.
pub(crate) fn formatted_type(kind: &str, language: &str) -> String {
    let words = [
        ("home", "Home", "自宅"),
        ("work", "Work", "勤務先"),
        ("other", "Other", "その他"),
        ("mobile", "Mobile", "携帯"),
        ("main", "Main", "代表"),
        ("homeFax", "Home Fax", "Fax（自宅）"),
        ("workFax", "Work Fax", "Fax（勤務先）"),
        ("otherFax", "Other Fax", "Fax（その他）"),
        ("pager", "Pager", "ポケベル"),
        ("workMobile", "Work Mobile", "携帯（勤務先）"),
        ("workPager", "Work Pager", "ポケベル（勤務先）"),
        ("googleVoice", "Google Voice", "Google Voice"),
        ("homePage", "Home Page", "ホームページ"),
        ("blog", "Blog", "ブログ"),
        ("profile", "Profile", "プロフィール"),
        ("school", "School", "学校"),
        ("anniversary", "Anniversary", "記念日"),
    ];
    match words.iter().find(|(k, _, _)| *k == kind) {
        Some((_, _, ja)) if language == "ja" => (*ja).to_owned(),
        Some((_, en, _)) => (*en).to_owned(),
        None => kind.to_owned(),
    }
}

/// E.164 when the number can be read as one, with national numbers read in `region`.
pub(crate) fn canonical(value: &str, region: &str) -> Option<String> {
    if value.chars().any(char::is_alphabetic) {
        return None;
    }
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    if value.trim_start().starts_with('+') {
        return (8..=15).contains(&digits.len()).then(|| format!("+{digits}"));
    }
    let (prefix, trunk, lengths) = match region {
        "US" => ("1", "", 10..=10),
        "GB" => ("44", "0", 10..=10),
        "DE" => ("49", "0", 7..=11),
        "FR" => ("33", "0", 9..=9),
        "NL" => ("31", "0", 9..=9),
        _ => ("81", "0", 9..=10),
    };
    let national = digits.strip_prefix(trunk)?;
    lengths.contains(&national.len()).then(|| format!("+{prefix}{national}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(field: Field, item: &Value) -> Value {
        let switches = GoogleSwitches::default();
        let items = accept(field, Some(&json!([item])), &switches).expect("accepted");
        let text = render(field, &items, 101, "JP").unwrap_or_else(|| "[null]".into());
        serde_json::from_str::<Value>(&text).expect("json")[0].clone()
    }

    #[test]
    fn the_server_derives() {
        let cases = [
            (
                "names",
                json!({"givenName": "Ada", "familyName": "Lovelace", "honorificPrefix": "Dr.", "middleName": "Byron"}),
                "displayNameLastFirst",
                json!("Lovelace, Dr. Ada Byron"),
            ),
            (
                "names",
                json!({"givenName": "花子", "familyName": "山田"}),
                "displayName",
                json!("山田 花子"),
            ),
            ("names", json!({"unstructuredName": "Mara Q. Vell"}), "familyName", json!("Vell")),
            (
                "phoneNumbers",
                json!({"value": "090-1234-5678", "type": "mobile"}),
                "canonicalForm",
                json!("+819012345678"),
            ),
            ("phoneNumbers", json!({"value": "ext. 12"}), "canonicalForm", Value::Null),
            (
                "phoneNumbers",
                json!({"value": "1", "type": "cabin"}),
                "formattedType",
                json!("cabin"),
            ),
            (
                "addresses",
                json!({"streetAddress": "1 Main St", "city": "Springfield", "country": "USA"}),
                "formattedValue",
                json!("1 Main St\nSpringfield\nUSA"),
            ),
            ("addresses", json!({"country": "Japan"}), "countryCode", json!("JP")),
            ("biographies", json!({"value": "a\nb"}), "contentType", json!("TEXT_PLAIN")),
        ];
        for (field, item, key, want) in cases {
            let field = Field::named(field).expect("field");
            assert_eq!(one(field, &item).get(key).cloned().unwrap_or(Value::Null), want, "{item}");
        }
    }

    #[test]
    fn the_server_refuses() {
        let switches = GoogleSwitches::default();
        for (field, value, http) in [
            ("names", json!([{"givenName": "a"}, {"givenName": "b"}]), 400),
            ("birthdays", json!([{"date": {"month": 2, "day": 30}}]), 400),
            ("birthdays", json!([{"text": "some day in May"}]), 400),
            ("organizations", json!([{"name": "x", "startDate": {"year": 2001}}]), 500),
            ("emailAddresses", json!("a@b.test"), 400),
        ] {
            let field = Field::named(field).expect("field");
            let refused = accept(field, Some(&value), &switches).expect_err("refused");
            assert_eq!(refused.http, http, "{value}");
        }
    }
}
