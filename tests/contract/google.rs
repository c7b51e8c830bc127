//! Google: methods, parameters, bodies and answers of the discovery document.

use std::path::Path;

use renraku_sandbox::LogEntry;
use serde_json::Value;

use super::schema::Book;

pub(super) struct Google(Book);

impl Google {
    pub(super) fn open(folder: &Path) -> Google {
        Google(Book::open(&folder.join("google/people-v1-discovery.json")))
    }

    /// Everything in a call and its answer that the document does not know.
    pub(super) fn faults(&self, call: &LogEntry) -> Vec<String> {
        let book = &self.0;
        let Some(method) = methods(book.at("/resources")).find(|method| fits(method, call)) else {
            return vec!["no such method is published".to_owned()];
        };
        let known = |name: &str| {
            let own = method.get("parameters").and_then(|all| all.get(name));
            own.or_else(|| book.at("/parameters").get(name)).is_some()
        };
        let mut faults: Vec<String> = call
            .query
            .keys()
            .filter(|name| !known(name))
            .map(|name| format!("the parameter {name} is unknown"))
            .collect();
        match method.get("request") {
            Some(schema) => faults.extend(book.faults(schema, &call.body, "request")),
            None if !call.body.is_null() => faults.push("a body that is not wanted".to_owned()),
            None => {}
        }
        match (call.status, method.get("response")) {
            (200, Some(schema)) => faults.extend(book.faults(schema, &call.answer, "answer")),
            (200, None) => faults.push("no answer is published".to_owned()),
            (status, _) => {
                // Errors are the same for all methods, and their frame is in no document.
                let error = call.answer.get("error").unwrap_or(&Value::Null);
                let told = error.get("code").and_then(Value::as_u64) == Some(u64::from(status));
                if !told || error.get("status").and_then(Value::as_str).is_none() {
                    faults.push(format!("an error of another form: {}", call.answer));
                }
            }
        }
        faults
    }
}

/// All methods of a document's resources, those of inner resources too.
fn methods(resources: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    let resources = resources.as_object().into_iter().flat_map(|map| map.values());
    Box::new(resources.flat_map(|resource| {
        let own = resource.get("methods").and_then(Value::as_object).into_iter();
        let inner = methods(resource.get("resources").unwrap_or(&Value::Null));
        own.flat_map(|map| map.values()).chain(inner)
    }))
}

/// Whether a call is one of this method: same verb, same path but for the names in it.
fn fits(method: &Value, call: &LogEntry) -> bool {
    let text = |key: &str| method.get(key).and_then(Value::as_str).unwrap_or_default();
    let parts = |path: &str| -> Vec<String> {
        path.trim_start_matches('/').split('/').map(str::to_owned).collect()
    };
    let (wanted, given) = (parts(text("flatPath")), parts(&call.path));
    let same = |wanted: &String, given: &String| match wanted.strip_prefix('{') {
        None => wanted == given,
        // `{peopleId}:updateContact`
        Some(rest) => {
            let verb = rest.split_once('}').map_or("", |(_, verb)| verb);
            given.strip_suffix(verb).is_some_and(|name| !name.is_empty() && !name.contains(':'))
        }
    };
    text("httpMethod") == call.method
        && wanted.len() == given.len()
        && wanted.iter().zip(&given).all(|(wanted, given)| same(wanted, given))
}
