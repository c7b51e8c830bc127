//! What Zoho accepts as a field's value: types, lengths, patterns.

use serde_json::{Value, json};

use super::errors::item;
use super::fields::{FieldDef, Kind};
use crate::clock::{is_date, parse_time};

/// A value ready to be stored: JSON text, or nothing.
pub(crate) type Cell = Option<String>;

fn wrong(field: &FieldDef, path: &str, expected: &str) -> Value {
    let details =
        json!({"expected_data_type": expected, "api_name": field.api_name, "json_path": path});
    item("INVALID_DATA", "invalid data", &details)
}

fn too_long(field: &FieldDef, path: &str) -> Value {
    let details =
        json!({"maximum_length": field.length, "api_name": field.api_name, "json_path": path});
    item("INVALID_DATA", "invalid data", &details)
}

/// Checks a value against its field; lookups come back as the id's text.
///
/// # Errors
/// The error item that Zoho would answer.
pub(crate) fn check(
    field: &FieldDef,
    value: &Value,
    path: &str,
    restrict_picks: bool,
) -> Result<Cell, Value> {
    if value.is_null() {
        return Ok(None);
    }
    let expected = field.kind.name();
    let fail = || wrong(field, path, expected);
    match field.kind {
        Kind::Boolean => value.as_bool().map(|b| Some(b.to_string())).ok_or_else(fail),
        Kind::Integer | Kind::Bigint => {
            let number = value.as_i64().ok_or_else(fail)?;
            let text = number.to_string();
            if text.trim_start_matches('-').len() > field.length {
                Err(too_long(field, path))
            } else {
                Ok(Some(text))
            }
        }
        Kind::Currency => value.as_f64().map(|n| Some(n.to_string())).ok_or_else(fail),
        Kind::Lookup | Kind::Ownerlookup | Kind::Layout => {
            let id = value.get("id").and_then(|v| {
                v.as_str().map(str::to_owned).or_else(|| v.as_u64().map(|n| n.to_string()))
            });
            id.filter(|t| t.parse::<u64>().is_ok())
                .map(|t| Some(format!("\"{t}\"")))
                .ok_or_else(fail)
        }
        Kind::Multiselectpicklist => {
            let list = value.as_array().ok_or_else(fail)?;
            let texts: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            if texts.len() != list.len()
                || restrict_picks && !texts.iter().all(|t| field.picks.iter().any(|p| p == t))
            {
                return Err(fail());
            }
            Ok(if texts.is_empty() { None } else { Some(value.to_string()) })
        }
        Kind::Text
        | Kind::Textarea
        | Kind::Email
        | Kind::Phone
        | Kind::Website
        | Kind::Picklist
        | Kind::Date
        | Kind::Datetime
        | Kind::Profileimage => {
            let text = value.as_str().ok_or_else(fail)?;
            if text.is_empty() {
                return Ok(None);
            }
            if text.chars().count() > field.length && field.kind != Kind::Datetime {
                return Err(too_long(field, path));
            }
            let good = match field.kind {
                Kind::Email => is_email(text),
                Kind::Phone => is_phone(text),
                Kind::Website => is_website(text),
                Kind::Date => is_date(text),
                Kind::Datetime => parse_time(text).is_some(),
                Kind::Picklist => !restrict_picks || field.picks.iter().any(|p| p == text),
                Kind::Text
                | Kind::Textarea
                | Kind::Profileimage
                | Kind::Boolean
                | Kind::Integer
                | Kind::Bigint
                | Kind::Currency
                | Kind::Lookup
                | Kind::Ownerlookup
                | Kind::Layout
                | Kind::Multiselectpicklist => true,
            };
            if good { Ok(Some(json!(text).to_string())) } else { Err(fail()) }
        }
    }
}

/// Local part begins with a letter, digit or one of `_+-`; 4 to 256 after the `@`; a top level of 2 to 22 letters.
pub(crate) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let local_good = local.chars().next().is_some_and(|c| c.is_alphanumeric() || "_+-".contains(c))
        && local.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c));
    let top = domain.rsplit('.').next().unwrap_or("");
    let labels = domain
        .split('.')
        .all(|l| !l.is_empty() && l.chars().all(|c| c.is_alphanumeric() || c == '-'));
    local_good
        && (4..=256).contains(&domain.chars().count())
        && domain.contains('.')
        && labels
        && (2..=22).contains(&top.chars().count())
        && top.chars().all(char::is_alphabetic)
}

/// Letters, digits, `+ ( ) - . , ; # /` and spaces; begins with a digit, letter, `+` or an open bracket and a digit.
pub(crate) fn is_phone(text: &str) -> bool {
    let mut chars = text.chars();
    let first = match (chars.next(), chars.next()) {
        (Some(c), _) if c.is_ascii_alphanumeric() || c == '+' || c == '.' => true,
        (Some('('), Some(c)) => c.is_ascii_alphanumeric() || c == '+',
        (Some(_) | None, _) => false,
    };
    first
        && text.chars().all(|c| c.is_ascii_alphanumeric() || " +()-.,;#/".contains(c))
        && text.chars().any(|c| c.is_ascii_digit())
}

fn is_website(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["http://", "https://", "ftp://", "www."]
        .iter()
        .any(|p| lower.strip_prefix(p).is_some_and(|rest| rest.contains('.')))
        && !text.contains(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (text, good) in [
            ("a@b.test", true),
            ("山田@例え.日本", true),
            ("a b@c.test", false),
            (".a@b.test", false),
            ("a@b", false),
            ("a@b.t", false),
            ("o'neil+x@mail.example.com", true),
        ] {
            assert_eq!(is_email(text), good, "{text}");
        }
        for (text, good) in [
            ("+81 90-1234-5678", true),
            ("(03) 1234-5678", true),
            ("() Not provided.", false),
            ("０３", false),
            ("03 1234 ext. 5", true),
            ("03‑1234", false),
        ] {
            assert_eq!(is_phone(text), good, "{text}");
        }
        for (text, good) in [("https://a.test", true), ("www.a.test", true), ("example.com", false)]
        {
            assert_eq!(is_website(text), good, "{text}");
        }
    }
}
