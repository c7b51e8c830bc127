//! The other documents in words: accounts, clients, fields and scopes, files, what is kept here.

use renraku_engine::core::message::Message;
use serde_json::Value;

use crate::terminal::{printable, sentence};
use crate::told::{Teller, count, flag, list, text_of};

impl Teller<'_> {
    /// A document that is no list of runs, questions or contacts.
    pub(crate) fn other(&self, document: &Value) -> String {
        let has = |key: &str| document.get(key).is_some();
        if let Some(script) = document.get("script").and_then(Value::as_str) {
            return script.to_owned();
        }
        if has("would_go") {
            let hint = self.say("cli-would-go");
            return format!("{}\n{hint}", self.sentences("forget-list", document, "would_go"));
        }
        if has("gone") {
            let gone = self.sentences("forgotten-gone", document, "gone");
            return match list(document, "left") {
                [] => gone,
                _ => format!("{gone}\n{}", self.sentences("forgotten-left", document, "left")),
            };
        }
        if let Some(days) = document.get("retention_days").and_then(Value::as_u64) {
            return self.tell(&Message::new("cli-retention").with("count", days));
        }
        if has("connected") {
            return self.account(document).join("\n");
        }
        if has("directions") {
            return self.scopes(document);
        }
        if has("files") {
            let files = list(document, "files").iter().map(|file| self.exported(file));
            return files.collect::<Vec<_>>().join("\n");
        }
        if let Some(file) = ["file", "dir"].into_iter().find(|key| has(key)) {
            let saved = Message::new("cli-saved").with("file", printable(text_of(document, file)));
            return self.tell(&saved);
        }
        match (document.get("zoho"), document.get("google")) {
            (Some(Value::Array(zoho)), Some(Value::Array(google))) => self.fields(zoho, google),
            (Some(zoho), Some(google)) if zoho.get("source").is_some() => {
                self.named([self.client(zoho), self.client(google)])
            }
            (Some(zoho), Some(google)) => self.named([self.account(zoho), self.account(google)]),
            (Some(_) | None, _) => {
                let mut text = String::new();
                plain(document, 0, &mut text);
                text
            }
        }
    }

    /// A heading with its sentences.
    fn sentences(&self, heading: &str, document: &Value, key: &str) -> String {
        let told = list(document, key).iter().filter_map(Value::as_str).map(sentence);
        std::iter::once(self.say(heading)).chain(told).collect::<Vec<_>>().join("\n- ")
    }

    /// What is to be said of each service, below its name.
    fn named(&self, [zoho, google]: [Vec<String>; 2]) -> String {
        let both = [("account-zoho", zoho), ("account-google", google)];
        let told = both.map(|(id, lines)| format!("{}\n  {}", self.say(id), lines.join("\n  ")));
        told.join("\n")
    }

    fn account(&self, account: &Value) -> Vec<String> {
        let state = match (flag(account, "connected"), flag(account, "needs_sign_in")) {
            (true, _) => "account-connected",
            (false, true) => "account-lost",
            (false, false) => "cli-not-connected",
        };
        let fact = |(id, key): (&str, &str)| {
            let value = Some(text_of(account, key)).filter(|value| !value.is_empty())?;
            Some(self.fact(id, value))
        };
        let mut lines = vec![self.say(state)];
        lines.extend(
            [("account-email", "email"), ("account-organisation", "organisation")]
                .into_iter()
                .filter_map(fact),
        );
        lines.extend(self.centre(text_of(account, "data_centre")));
        let rights: Vec<&str> = list(account, "scopes").iter().filter_map(Value::as_str).collect();
        if !rights.is_empty() {
            lines.push(self.fact("account-rights", &rights.join(", ")));
        }
        lines
    }

    /// A data centre by its country, with the word that a command takes for it.
    fn centre(&self, centre: &str) -> Option<String> {
        let named = Message::new("client-centre-named")
            .with("name", self.say(&format!("data-centre-{centre}")))
            .with("domain", centre);
        (!centre.is_empty()).then(|| self.fact("account-data-centre", &self.tell(&named)))
    }

    fn client(&self, client: &Value) -> Vec<String> {
        let yes = |key: &str| self.say(if flag(client, key) { "flag-true" } else { "flag-false" });
        let source = self.say(&format!("client-source-{}", text_of(client, "source")));
        let mut lines = vec![self.fact("client-source", &source)];
        if text_of(client, "source") == "none" {
            return lines;
        }
        lines.push(self.fact("client-id", text_of(client, "client_id")));
        lines.push(self.fact("client-secret", &yes("secret")));
        lines.extend(self.centre(text_of(client, "data_centre")));
        let suggested = text_of(client, "suggested_data_centre");
        if !suggested.is_empty() {
            let named = Message::new("cli-centre-suggested").with("name", suggested);
            lines.push(self.fact("account-data-centre", &self.tell(&named)));
        }
        if client.get("redirect").is_some() {
            lines.push(self.fact("client-redirect", text_of(client, "redirect")));
            lines.push(self.fact("cli-pkce", &yes("pkce")));
        }
        lines
    }

    /// Both sides' fields, by the names that a setup file has for them.
    fn fields(&self, zoho: &[Value], google: &[Value]) -> String {
        let one = |field: &Value| {
            let label = printable(text_of(field, "label"));
            let places = list(field, "google").iter().filter_map(Value::as_str).map(printable);
            let places: Vec<String> = places.collect();
            let mut told = vec![printable(text_of(field, "api_name")), label];
            told.extend(flag(field, "mandatory").then(|| self.say("cli-mandatory")));
            told.extend((!flag(field, "writable")).then(|| self.say("cli-read-only")));
            told.push(match places.is_empty() {
                true => self.say("fields-unsyncable-why"),
                false => places.join(", "),
            });
            told.join(" · ")
        };
        let zoho = zoho.iter().map(one);
        let google = google.iter().map(|place| printable(text_of(place, "path")));
        let lines = std::iter::once(self.say("fields-zoho")).chain(zoho);
        let places = std::iter::once(self.say("fields-google")).chain(google);
        format!(
            "{}\n{}",
            lines.collect::<Vec<_>>().join("\n  "),
            places.collect::<Vec<_>>().join("\n  ")
        )
    }

    fn scopes(&self, scopes: &Value) -> String {
        let one = |scope: &Value| {
            let name = printable(text_of(scope, "name"));
            let members = scope.get("members").and_then(Value::as_u64);
            let members = members.map(|m| self.tell(&Message::new("cli-members").with("count", m)));
            std::iter::once(name).chain(members).collect::<Vec<_>>().join(" · ")
        };
        let all = |heading: &str, key: &str| {
            let told = list(scopes, key).iter().map(one);
            std::iter::once(self.say(heading)).chain(told).collect::<Vec<_>>().join("\n  ")
        };
        let directions = list(scopes, "directions").iter().filter_map(Value::as_str);
        let directions = directions.map(|way| self.say(&format!("direction-{way}")));
        let directions: Vec<String> = directions.collect();
        let everybody = Message::new("cli-everybody").with("count", count(scopes, "/everybody"));
        let mut lines = vec![
            all("cli-views", "views"),
            all("cli-labels", "labels"),
            self.tell(&everybody),
            self.fact("wizard-direction", &directions.join(", ")),
        ];
        lines.extend(scopes.get("limited_because").and_then(Value::as_str).map(sentence));
        lines.join("\n")
    }

    fn exported(&self, file: &Value) -> String {
        let saved = Message::new("files-saved").with("count", count(file, "/contacts"));
        let told = [
            printable(text_of(file, "file")),
            self.module(file),
            self.side(file),
            self.tell(&saved),
        ];
        told.join(" · ")
    }
}

/// Anything else: names and values, indented.
fn plain(value: &Value, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    let Value::Object(map) = value else { return };
    for (key, value) in map {
        match value {
            Value::Object(_) => {
                out.push_str(&format!("{indent}{key}:\n"));
                plain(value, depth + 1, out);
            }
            Value::String(text) => out.push_str(&format!("{indent}{key}: {}\n", printable(text))),
            Value::Array(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {
                out.push_str(&format!("{indent}{key}: {value}\n"));
            }
        }
    }
}
