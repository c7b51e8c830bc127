//! Zoho: operations, parameters, bodies and answers of the OpenAPI files.

use std::path::Path;

use renraku_sandbox::LogEntry;
use serde_json::Value;

use super::schema::Book;

/// The files of the operations that are used.
const FILES: [&str; 9] =
    ["record", "coql", "fields", "layouts", "modules", "custom-views", "users", "org", "profiles"];

pub(super) struct Zoho(Vec<Book>);

impl Zoho {
    pub(super) fn open(folder: &Path) -> Zoho {
        let file = |name: &&str| folder.join(format!("zoho/v8-oas31/{name}.json"));
        Zoho(FILES.iter().map(file).map(|file| Book::open(&file)).collect())
    }

    /// Everything in a call and its answer that the files do not know.
    pub(super) fn faults(&self, call: &LogEntry) -> Vec<String> {
        let path = call.path.strip_prefix("/crm/v8").unwrap_or(&call.path);
        let verb = call.method.to_lowercase();
        let all = self.0.iter().flat_map(|book| {
            let paths = book.at("/paths").as_object().into_iter().flatten();
            paths.map(move |(template, operations)| (book, template, operations))
        });
        // Catalogue come before places: `/{module}/deleted` before `/{module}/{recordID}`.
        let fitting = all.filter(|(_, template, _)| fits(template, path));
        let nearest = fitting.min_by_key(|(_, template, _)| template.matches('{').count());
        let found = nearest.and_then(|(book, _, all)| Some((book, all.get(&verb)?)));
        let Some((book, operation)) = found else {
            return vec!["no such operation is published".to_owned()];
        };
        let mut faults = Vec::new();
        let parameters = operation.get("parameters").and_then(Value::as_array);
        let known: Vec<&str> = parameters
            .into_iter()
            .flatten()
            .filter_map(|parameter| book.follow(parameter).get("name")?.as_str())
            .collect();
        for name in call.query.keys().filter(|name| !known.contains(&name.as_str())) {
            faults.push(format!("the parameter {name} is unknown"));
        }
        if let Some(schema) = operation.pointer("/requestBody/content/application~1json/schema") {
            faults.extend(book.faults(schema, &call.body, "request"));
        }
        let answers = operation.get("responses").unwrap_or(&Value::Null);
        match answers.get(call.status.to_string()) {
            Some(answer) => {
                if let Some(schema) = answer.pointer("/content/application~1json/schema") {
                    // A stand-in may say less than the service; what it says must be right.
                    let said = book.faults(schema, &call.answer, "answer");
                    faults.extend(said.into_iter().filter(|fault| !fault.ends_with(": missing")));
                }
            }
            None => faults.push("no such status is published".to_owned()),
        }
        faults.retain(|fault| {
            let places: String = fault.chars().filter(|c| !c.is_ascii_digit()).collect();
            !KNOWN.iter().any(|(known, _)| fault.contains(known) || places.contains(known))
        });
        faults
    }
}

/// Where the files and Zoho's own pages and examples disagree, with what the pages say.
const KNOWN: [(&str, &str); 11] = [
    ("Created_By.email: unknown", "users have a name, an id and an e-mail address everywhere"),
    ("page_token: [\"string\"]", "all eleven keys are there, null where there is no page"),
    ("page_token_expiry: [\"string\"]", "the same"),
    ("the parameter wf_trigger", "on a delete it keeps automations from running"),
    ("no such status is published", "304 and 429 are described in words only"),
    ("answer.code: unknown", "errors of a request are flat in the newer examples"),
    ("answer.message: unknown", "the same"),
    ("answer.details: unknown", "the same"),
    ("answer.status: unknown", "the same"),
    ("modules[].visible: unknown", "the pages list it beside visibility"),
    ("org[0].max_per_page: unknown", "the pages list it"),
];

/// Whether a path is one of a template's.
fn fits(template: &str, path: &str) -> bool {
    let parts = |path: &str| -> Vec<String> {
        path.trim_matches('/').split('/').map(str::to_owned).collect()
    };
    let (wanted, given) = (parts(template), parts(path));
    wanted.len() == given.len()
        && wanted.iter().zip(&given).all(|(w, g)| w.starts_with('{') || w == g)
}
