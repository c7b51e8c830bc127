//! A published schema, and what in a value breaks it: enough of JSON Schema for Google's discovery
//! documents and for OpenAPI 3.0 and 3.1.

use std::path::Path;

use serde_json::{Map, Value};

/// A document of schemas that point to each other.
pub(super) struct Book(Value);

impl Book {
    pub(super) fn open(file: &Path) -> Book {
        let text = std::fs::read_to_string(file);
        let text = text.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        Book(serde_json::from_str(&text).expect("the published document is JSON"))
    }

    pub(super) fn at(&self, pointer: &str) -> &Value {
        self.0.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// What a reference stands for: a pointer (OpenAPI), or a schema's bare name (discovery).
    pub(super) fn follow<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let Some(reference) = schema.get("$ref").and_then(Value::as_str) else { return schema };
        let found = match reference.strip_prefix('#') {
            Some(pointer) => self.at(pointer),
            None => self.at(&format!("/schemas/{reference}")),
        };
        assert!(!found.is_null(), "the document has {reference}");
        self.follow(found)
    }

    /// Everything in `value` that `schema` does not allow, each with its place.
    pub(super) fn faults(&self, schema: &Value, value: &Value, place: &str) -> Vec<String> {
        let schema = self.follow(schema);
        for words in ["oneOf", "anyOf"] {
            let Some(choices) = schema.get(words).and_then(Value::as_array) else { continue };
            let tried = choices.iter().map(|choice| self.faults(choice, value, place));
            // What is nearest tells most.
            return tried.min_by_key(Vec::len).unwrap_or_default();
        }
        let all = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
        let mut faults: Vec<String> =
            all.flat_map(|part| self.faults(part, value, place)).collect();
        let kinds = kinds(schema);
        if !kinds.is_empty() && !kinds.iter().any(|kind| is(kind, value)) {
            faults.push(format!("{place}: {kinds:?} expected, found {value}"));
            return faults;
        }
        if let Some(allowed) = schema.get("enum").and_then(Value::as_array)
            && !value.is_null()
            && !allowed.contains(value)
        {
            faults.push(format!("{place}: {value} is none of the published values"));
        }
        match value {
            Value::Object(map) => faults.extend(self.object(schema, map, place)),
            Value::Array(items) => {
                if let Some(each) = schema.get("items") {
                    for (index, item) in items.iter().enumerate() {
                        faults.extend(self.faults(each, item, &format!("{place}[{index}]")));
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
        faults
    }

    fn object(&self, schema: &Value, map: &Map<String, Value>, place: &str) -> Vec<String> {
        let known = schema.get("properties").and_then(Value::as_object);
        let more = schema.get("additionalProperties");
        let mut faults = Vec::new();
        for (key, value) in map {
            let place = format!("{place}.{key}");
            match (known.and_then(|known| known.get(key)), more) {
                (Some(schema), _) => faults.extend(self.faults(schema, value, &place)),
                (None, Some(Value::Bool(false))) => faults.push(format!("{place}: unknown")),
                (None, Some(Value::Object(_))) => {
                    faults.extend(self.faults(more.unwrap_or(&Value::Null), value, &place));
                }
                // Discovery documents name every property there is.
                (None, None) if known.is_some() && schema.get("id").is_some() => {
                    faults.push(format!("{place}: unknown"));
                }
                (None, _) => {}
            }
        }
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        for name in required.filter_map(Value::as_str).filter(|name| !map.contains_key(*name)) {
            faults.push(format!("{place}.{name}: missing"));
        }
        faults
    }
}

fn kinds(schema: &Value) -> Vec<&str> {
    let mut kinds: Vec<&str> = match schema.get("type") {
        Some(Value::String(kind)) => vec![kind.as_str()],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if schema.get("nullable") == Some(&Value::Bool(true)) && !kinds.is_empty() {
        kinds.push("null");
    }
    kinds
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    }
}

#[test]
fn what_breaks_a_schema_is_named_with_its_place() {
    let book = Book(serde_json::json!({
        "schemas": {"Day": {"id": "Day", "type": "object", "properties": {"year": {"type": "integer"}}}},
        "open": {"type": "object", "required": ["code"], "additionalProperties": false, "properties": {
            "code": {"type": ["string", "null"], "enum": ["GOOD"]}, "day": {"$ref": "Day"},
            "either": {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "boolean"}}]}}},
    }));
    let check = |value: Value, faults: &[&str]| {
        assert_eq!(book.faults(book.at("/open"), &value, "x"), faults, "{value}");
    };
    check(serde_json::json!({"code": "GOOD", "day": {"year": 2000}, "either": "a"}), &[]);
    check(serde_json::json!({"code": null, "either": [true]}), &[]);
    check(serde_json::json!({}), &["x.code: missing"]);
    check(serde_json::json!({"code": "BAD"}), &["x.code: \"BAD\" is none of the published values"]);
    check(serde_json::json!({"code": "GOOD", "new": 1}), &["x.new: unknown"]);
    check(serde_json::json!({"code": "GOOD", "day": {"month": 1}}), &["x.day.month: unknown"]);
    check(
        serde_json::json!({"code": "GOOD", "day": {"year": "2000"}}),
        &["x.day.year: [\"integer\"] expected, found \"2000\""],
    );
}
