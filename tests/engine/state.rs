//! What stands on a side, without what every write changes.

use renraku_engine::core::contact::Side;
use renraku_sandbox::Control;
use serde_json::Value;

use super::rig::at;

/// Ids, times, versions and addresses of pictures; and our mark, which goes along with writes made
/// anyway.
const MOVING: [&str; 10] = [
    "id",
    "resourceName",
    "etag",
    "metadata",
    "Modified_Time",
    "Created_Time",
    "Last_Activity_Time",
    "Modified_By",
    "clientData",
    "url",
];

/// A side's contacts (and Zoho's companies), sorted, as text.
pub(crate) fn still(control: &Control, side: Side) -> Vec<String> {
    let store = control.store(at(side));
    let paths: &[&str] = match side {
        Side::Zoho => &["/modules/Contacts/records", "/modules/Accounts/records"],
        Side::Google => &["/people"],
    };
    let mut all: Vec<String> = Vec::new();
    for path in paths {
        let contacts = store.pointer(path).and_then(Value::as_array).cloned();
        all.extend(contacts.unwrap_or_default().iter().map(|contact| bare(contact).to_string()));
    }
    all.sort();
    all
}

fn bare(value: &Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(
            map.iter()
                .filter(|(key, _)| !MOVING.contains(&key.as_str()))
                .map(|(key, value)| (key.clone(), bare(value)))
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.iter().map(bare).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}
