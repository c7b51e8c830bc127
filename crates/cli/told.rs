//! A document in words for a person: runs, what waits, contacts, changes.

use renraku_engine::core::message::Message;
use serde_json::Value;

use crate::speech::Speech;
use crate::terminal::{printable, sentence};

/// What tells one entry of a list.
type Line<T> = fn(&T, &Value) -> String;

/// What tells documents.
pub(crate) struct Teller<'a>(pub(crate) &'a Speech);

impl Teller<'_> {
    /// The document, line by line.
    pub(crate) fn document(&self, document: &Value) -> String {
        let lists: [(&str, &str, Line<Self>); 5] = [
            ("runs", "cli-runs-none", Self::run),
            ("syncs", "cli-syncs-none", Self::sync),
            ("items", "needs-you-empty-title", Self::item),
            ("contacts", "cli-contacts-none", Self::contact),
            ("changes", "run-empty-title", Self::change),
        ];
        for (key, none, line) in lists {
            if let Some(list) = document.get(key).and_then(Value::as_array) {
                let lines: Vec<String> = list.iter().map(|one| line(self, one)).collect();
                return if lines.is_empty() { self.say(none) } else { lines.join("\n") };
            }
        }
        self.other(document)
    }

    /// A message without arguments.
    pub(crate) fn say(&self, id: &str) -> String {
        self.tell(&Message::new(id))
    }

    pub(crate) fn tell(&self, message: &Message) -> String {
        self.0.tell(message)
    }

    /// A message about so many; nothing where there are none.
    fn some(&self, id: &str, count: u64) -> Option<String> {
        (count > 0).then(|| self.tell(&Message::new(id).with("count", count)))
    }

    /// A name and what stands beside it.
    pub(crate) fn fact(&self, id: &str, value: &str) -> String {
        let fact = Message::new("cli-fact").with("name", self.say(id));
        self.tell(&fact.with("value", printable(value)))
    }

    pub(crate) fn module(&self, value: &Value) -> String {
        self.0.catalogue.module(text_of(value, "module"))
    }

    /// What a service is called.
    pub(crate) fn side(&self, value: &Value) -> String {
        self.say(&format!("side-{}", text_of(value, "side")))
    }

    /// What a field is called.
    fn field(&self, api_name: &str) -> String {
        match self.0.labels.get(api_name) {
            Some(label) => printable(label),
            None if api_name == "memberships" => self.say("place-memberships"),
            None => printable(&api_name.replace('_', " ")),
        }
    }

    /// A contact's name with what tells it apart from others of that name.
    fn known(&self, contact: &Value, key: &str) -> String {
        let name = Some(text_of(contact, key)).filter(|name| !name.is_empty());
        let name = name.map_or_else(|| self.say("no-name"), printable);
        let details = list(contact, "details").iter().filter_map(Value::as_str).map(printable);
        std::iter::once(name).chain(details).collect::<Vec<_>>().join(" · ")
    }

    fn run(&self, run: &Value) -> String {
        let preview = flag(run, "preview");
        let mut head = vec![if preview {
            self.say("cli-preview")
        } else {
            self.tell(&Message::new("run-title").with("run", count(run, "/run")))
        }];
        head.push(self.module(run));
        head.extend(flag(run, "undo").then(|| self.say("contact-run-undo")));
        if !preview {
            head.push(self.say(&format!("outcome-{}", text_of(run, "outcome"))));
            head.extend(self.time(run, "finished_at"));
        }
        let mut lines = vec![head.join(" · ")];
        let writes = self.writes(run, preview || text_of(run, "outcome") == "held");
        if writes.is_empty() && preview {
            lines.push(self.say("plan-agree-text"));
        }
        lines.extend(writes);
        let beside = [
            self.some("plan-tab-matches", count(run, "/matched")),
            self.some("cli-conflicts", count(run, "/conflicts")),
            self.some("nav-needs-you-count", count(run, "/review")),
            self.some("cli-failed", count(run, "/failed")),
            self.some("cli-waiting", count(run, "/waiting")),
            self.some("picture-differ", count(run, "/differ")),
        ];
        let beside: Vec<String> = beside.into_iter().flatten().collect();
        lines.extend(Some(beside.join(" · ")).filter(|line| !line.is_empty()));
        lines.extend(run.get("message").and_then(Value::as_str).map(sentence));
        lines.extend(list(run, "outside").iter().map(|one| self.outside(one)));
        lines.extend(list(run, "operations").iter().flat_map(|one| self.operation(one)));
        if preview {
            lines.push(self.say("cli-previewed"));
        }
        lines.join("\n  ")
    }

    /// What was or would be written, a line a side; nothing of a side that is left alone.
    fn writes(&self, run: &Value, meant: bool) -> Vec<String> {
        let kinds = match meant {
            true => ["cli-would-create", "cli-would-update", "cli-would-delete"],
            false => ["wrote-create", "wrote-update", "wrote-delete"],
        };
        let side = |(side, service): (&str, &str)| {
            let one = |(id, kind): (&str, &str)| {
                let count = count(run, &format!("/{side}/{kind}"));
                let said = Message::new(id).with("count", count).with("service", service);
                (count > 0).then(|| self.tell(&said))
            };
            let told = kinds.into_iter().zip(["created", "updated", "deleted"]).filter_map(one);
            Some(told.collect::<Vec<_>>().join(" · ")).filter(|line| !line.is_empty())
        };
        [("zoho", "Zoho"), ("google", "Google")].into_iter().filter_map(side).collect()
    }

    fn outside(&self, one: &Value) -> String {
        let outside = Message::new("cli-outside").with("service", self.side(one));
        self.tell(&outside.with("contact", self.known(one, "name")))
    }

    fn operation(&self, operation: &Value) -> Vec<String> {
        let said = Message::new("cli-operation-why")
            .with("kind", self.say(&format!("kind-{}", text_of(operation, "kind"))))
            .with("service", self.side(operation))
            .with("contact", self.known(operation, "contact"))
            .with("why", sentence(text_of(operation, "why")));
        let field = |one: &Value| {
            let name = self.field(text_of(one, "field"));
            format!("  {name}: {} → {}", value(one, "before"), value(one, "after"))
        };
        let fields = list(operation, "fields").iter().map(field);
        std::iter::once(self.tell(&said)).chain(fields).collect()
    }

    /// A time under a key, as people read it.
    fn time(&self, of: &Value, key: &str) -> Option<String> {
        self.0.catalogue.when_text(of.get(key).and_then(Value::as_str))
    }

    fn sync(&self, sync: &Value) -> String {
        let head = [
            self.module(sync),
            self.say(&format!("direction-{}", text_of(sync, "direction"))),
            self.say(&format!("state-{}", text_of(sync, "state"))),
        ];
        let last = self.time(sync, "last_synced_at").unwrap_or_else(|| self.say("never"));
        let next = match self.time(sync, "next_run_at") {
            Some(next) => next,
            None if !flag(sync, "enabled") => self.say("next-off"),
            None if text_of(sync, "state") == "awaiting_approval" => self.say("next-approval"),
            None => self.say("next-asked"),
        };
        let facts = [
            Some(self.fact("fact-last-synced", &last)),
            Some(self.fact("fact-next", &next)),
            self.some("cli-waiting", count(sync, "/waiting")),
            self.some("nav-needs-you-count", count(sync, "/needs_you")),
            self.some("picture-differ", count(sync, "/differ")),
        ];
        let facts: Vec<String> = facts.into_iter().flatten().collect();
        format!("{}\n  {}", head.join(" · "), facts.join(" · "))
    }

    fn item(&self, item: &Value) -> String {
        let kind = text_of(item, "kind");
        let mut head = vec![printable(text_of(item, "item")), self.module(item)];
        head.push(self.say(&format!("review-{kind}")));
        head.extend(Some(text_of(item, "contact")).filter(|c| !c.is_empty()).map(printable));
        let mut lines = vec![head.join(" · "), sentence(text_of(item, "reason"))];
        lines.extend(list(item, "who").iter().map(|one| self.who(one)));
        for choice in list(item, "choices").iter().filter_map(Value::as_str) {
            let does = self.say(&format!("does-{kind}-{choice}"));
            lines.push(self.tell(
                &Message::new("cli-fact").with("name", printable(choice)).with("value", does),
            ));
        }
        if let Some(chosen) = item.get("chosen").and_then(Value::as_str) {
            let choice = self.say(&format!("choice-{kind}-{chosen}"));
            lines.push(self.tell(&Message::new("chosen").with("choice", choice)));
        }
        lines.join("\n  ")
    }

    /// One of the contacts that a question is about.
    fn who(&self, one: &Value) -> String {
        let id = if flag(one, "gone") { "cli-side-gone" } else { "cli-side" };
        let side = self.tell(&Message::new(id).with("service", self.side(one)));
        let fact = Message::new("cli-fact").with("name", side);
        self.tell(&fact.with("value", self.known(one, "name")))
    }

    fn contact(&self, contact: &Value) -> String {
        let mut head = vec![printable(text_of(contact, "contact")), self.known(contact, "name")];
        head.extend(list(contact, "emails").iter().filter_map(Value::as_str).map(printable));
        head.push(self.say(&format!("contact-state-{}", text_of(contact, "state"))));
        // What is changed on a page of the window is changed here by a setup file.
        let command = |action: &str| if action == "edit" { "setup" } else { action }.to_owned();
        let commands: Vec<String> =
            list(contact, "actions").iter().filter_map(Value::as_str).map(command).collect();
        let mut lines = vec![head.join(" · "), sentence(text_of(contact, "reason"))];
        if !commands.is_empty() {
            let said = Message::new("cli-commands").with("commands", commands.join(", "));
            lines.push(self.tell(&said));
        }
        lines.join("\n  ")
    }

    fn change(&self, change: &Value) -> String {
        let said = Message::new("cli-operation")
            .with("kind", self.say(&format!("kind-{}", text_of(change, "kind"))))
            .with("service", self.side(change))
            .with("contact", self.known(change, "contact"));
        let mut parts = vec![self.tell(&said)];
        if let Some(field) = change.get("field").and_then(Value::as_str) {
            let (before, after) = (value(change, "before"), value(change, "after"));
            parts.push(format!("{}: {before} → {after}", self.field(field)));
        }
        parts.extend(Some(sentence(text_of(change, "why"))).filter(|why| !why.is_empty()));
        if let Some(lost) = change.get("overwritten").and_then(Value::as_str) {
            parts.push(self.tell(&Message::new("overwritten").with("value", printable(lost))));
        }
        parts.join(" · ")
    }
}

/// A text under a key; empty where there is none.
pub(crate) fn text_of<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// A contact's value under a key, as anybody may have written it.
fn value(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).map_or_else(|| "–".to_owned(), printable)
}

pub(crate) fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

pub(crate) fn flag(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or_default()
}

pub(crate) fn count(value: &Value, path: &str) -> u64 {
    value.pointer(path).and_then(Value::as_u64).unwrap_or_default()
}

#[cfg(test)]
#[path = "told_tests.rs"]
mod tests;
