//! Questions about the stand-ins' people and requests, asked of their JSON.

use serde_json::Value;

/// The work e-mails that exactly one contact has on each side.
pub(crate) fn shared_emails(zoho: &Value, google: &Value) -> Vec<String> {
    let once = |emails: Vec<String>| {
        let times = |email| emails.iter().filter(|other| *other == email).count();
        emails.iter().filter(|email| times(*email) == 1).cloned().collect::<Vec<_>>()
    };
    let list = |value: &Value, pointer: &str| {
        value.pointer(pointer).and_then(Value::as_array).cloned().unwrap_or_default()
    };
    let text = |value: &Value, key: &str| Some(value.get(key)?.as_str()?.to_lowercase());
    let records = list(zoho, "/modules/Contacts/records");
    let records = once(records.iter().filter_map(|record| text(record, "Email")).collect());
    let persons = list(google, "/people");
    let work = persons.iter().flat_map(|person| list(person, "/emailAddresses"));
    let work = work.filter(|email| text(email, "type").as_deref() == Some("work"));
    let persons = once(work.filter_map(|email| text(&email, "value")).collect());
    records.into_iter().filter(|email| persons.contains(email)).collect()
}

/// How many of these API requests, as the log has them, write contacts.
pub(crate) fn writing(requests: &[Value]) -> usize {
    let text = |request: &Value, key: &str| {
        request.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let writes = requests.iter().filter(|request| {
        // Queries are sent by POST.
        text(request, "method") != "GET" && !text(request, "path").ends_with("/coql")
    });
    writes.count()
}
