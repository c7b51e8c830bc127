//! Zoho's ids: digits, too many for most readers of JSON numbers, so they come in quotes. Where an
//! answer leaves the quotes out, the digits are the same.

use std::fmt;

use serde::de::{Deserializer, Error, Visitor};
use serde_json::Value;

/// An id's digits, with or without quotes; nothing where there is none.
pub(super) fn id<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    from.deserialize_any(Digits)
}

/// An id inside a value.
pub(super) fn id_in(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned).or_else(|| value.as_u64().map(|number| number.to_string()))
}

struct Digits;

impl Visitor<'_> for Digits {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id")
    }
    fn visit_str<E: Error>(self, v: &str) -> Result<String, E> {
        Ok(v.to_owned())
    }
    fn visit_u64<E: Error>(self, v: u64) -> Result<String, E> {
        Ok(v.to_string())
    }
    fn visit_unit<E: Error>(self) -> Result<String, E> {
        Ok(String::new())
    }
}
