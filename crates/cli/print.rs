//! Printing: one JSON document, or words for a person.

use std::fmt::Write as _;
use std::io::Write as _;

use renraku_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::error::CommandError;
use crate::terminal::{is_unseen, printable, sentence};

/// Prints an answer.
pub(crate) fn document(document: &Value, json: bool) {
    if document.is_null() {
        return;
    }
    let text = if json { quiet_json(document) } else { words(document) };
    let mut out = std::io::stdout().lock();
    // A closed pipe is the reader's choice.
    let _ = writeln!(out, "{}", text.trim_end());
    let _ = out.flush();
}

/// JSON in which nothing steers a terminal or turns what follows around: such a character stands there as
/// its number, which every reader of JSON takes for the character. Outside of texts there is none.
fn quiet_json(document: &Value) -> String {
    let mut quiet = String::new();
    for c in document.to_string().chars() {
        match c {
            c if is_unseen(c) || matches!(c, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}') => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(quiet, "\\u{unit:04x}");
                }
            }
            c => quiet.push(c),
        }
    }
    quiet
}

/// Prints a failure: on standard output as JSON, else as a sentence on standard error.
pub(crate) fn failure(failure: &CommandError, json: bool) {
    if json {
        let error = json!({"error": {"code": failure.code, "message": failure.message}});
        document(&error, true);
    } else {
        eprintln!("{}", sentence(&failure.message));
    }
}

/// Prints what is wrong with the command itself.
pub(crate) fn usage(message: &str) {
    document(&json!({"error": {"code": "usage", "message": message.trim_end()}}), true);
}

/// Where the stand-ins are, and how to use them.
pub(crate) fn sandbox(stand_ins: &Sandbox) -> Value {
    let clients = renraku_sandbox::clients();
    json!({
        "endpoints": stand_ins.endpoints(),
        "pages": {"google": stand_ins.google_page(), "zoho": stand_ins.zoho_page()},
        "clients": clients,
    })
}

/// A document in words.
fn words(document: &Value) -> String {
    let list = |key: &str| document.get(key).and_then(Value::as_array);
    if let Some(runs) = list("runs") {
        return lines(runs, "There are no runs yet.", run);
    }
    if let Some(syncs) = list("syncs") {
        return lines(syncs, "Nothing is set up yet.", sync);
    }
    if let Some(items) = list("items") {
        return lines(items, "Nothing waits for you.", item);
    }
    if let Some(contacts) = list("contacts") {
        return lines(contacts, "There are no such contacts.", contact);
    }
    if let Some(changes) = list("changes") {
        return lines(changes, "This run wrote nothing.", change);
    }
    if let Some(script) = document.get("script").and_then(Value::as_str) {
        return script.to_owned();
    }
    let told = |key: &str| -> Vec<String> {
        list(key).into_iter().flatten().filter_map(Value::as_str).map(sentence).collect()
    };
    if list("would_go").is_some() {
        let all = told("would_go").join("\n- ");
        return format!("This would go:\n- {all}\nTo forget it all, add --yes.");
    }
    if list("gone").is_some() {
        let (gone, left) = (told("gone").join("\n- "), told("left").join("\n- "));
        let gone = format!("Forgotten:\n- {gone}");
        return if left.is_empty() {
            gone
        } else {
            format!("{gone}\nCould not be removed:\n- {left}")
        };
    }
    if let Some(days) = document.get("retention_days").and_then(Value::as_u64) {
        return match days {
            0 => "The history and the copies of deleted contacts are kept for ever.".to_owned(),
            1 => "The history and the copies of deleted contacts are kept for one day.".to_owned(),
            days => {
                format!("The history and the copies of deleted contacts are kept for {days} days.")
            }
        };
    }
    let mut text = String::new();
    plain(document, 0, &mut text);
    text
}

fn lines(list: &[Value], empty: &str, line: fn(&Value) -> String) -> String {
    if list.is_empty() {
        return empty.to_owned();
    }
    list.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What stands under a key: a sentence of the engine's, or what anybody wrote.
fn text(value: &Value, key: &str) -> String {
    let clean = if matches!(key, "reason" | "why") { sentence } else { printable };
    value.get(key).and_then(Value::as_str).map_or_else(|| "–".to_owned(), clean)
}

/// A contact's name with what tells it apart from others of that name.
fn known(contact: &Value, name: &str) -> String {
    let details = contact.get("details").and_then(Value::as_array).into_iter().flatten();
    let told = std::iter::once(text(contact, name)).chain(details.map(one_line));
    told.collect::<Vec<_>>().join(" · ")
}

fn count(value: &Value, path: &str) -> u64 {
    value.pointer(path).and_then(Value::as_u64).unwrap_or(0)
}

fn run(run: &Value) -> String {
    let preview = run.get("preview").is_some();
    // Neither a preview nor a run that is held has written anything.
    let meant = preview || text(run, "outcome") == "held";
    let [created, updated, deleted] = match meant {
        true => ["to create", "to update", "to delete"],
        false => ["created", "updated", "deleted"],
    };
    let side = |name: &str| {
        format!(
            "{} {created}, {} {updated}, {} {deleted}",
            count(run, &format!("/{name}/created")),
            count(run, &format!("/{name}/updated")),
            count(run, &format!("/{name}/deleted"))
        )
    };
    let mut words = format!(
        "{} {} · {} · {}\n  Zoho: {}\n  Google: {}\n  {} newly linked, {} conflicts, {} for review, {} waiting",
        if preview { "Preview".to_owned() } else { format!("Run {}", count(run, "/run")) },
        text(run, "module"),
        text(run, "outcome"),
        text(run, "finished_at"),
        side("zoho"),
        side("google"),
        count(run, "/matched"),
        count(run, "/conflicts"),
        count(run, "/review"),
        count(run, "/waiting"),
    );
    if count(run, "/differ") > 0 {
        let _ = write!(words, ", {} left different", count(run, "/differ"));
    }
    if let Some(message) = run.get("message").and_then(Value::as_str) {
        let _ = write!(words, "\n  {}", sentence(message));
    }
    for one in run.get("outside").and_then(Value::as_array).into_iter().flatten() {
        let _ =
            write!(words, "\n  out of the scope in {}: {}", text(one, "side"), known(one, "name"));
    }
    for operation in run.get("operations").and_then(Value::as_array).into_iter().flatten() {
        let _ = write!(
            words,
            "\n  {} in {}: {} ({})",
            text(operation, "kind"),
            text(operation, "side"),
            known(operation, "contact"),
            text(operation, "why")
        );
        for field in operation.get("fields").and_then(Value::as_array).into_iter().flatten() {
            let _ = write!(
                words,
                "\n    {}: {} → {}",
                text(field, "field"),
                text(field, "before"),
                text(field, "after")
            );
        }
    }
    words
}

fn sync(sync: &Value) -> String {
    format!(
        "{} · {} · {} · last synced {} · next {} · {} waiting · {} need you · {} differ",
        text(sync, "module"),
        text(sync, "direction"),
        text(sync, "state"),
        text(sync, "last_synced_at"),
        text(sync, "next_run_at"),
        count(sync, "/waiting"),
        count(sync, "/needs_you"),
        count(sync, "/differ")
    )
}

fn item(item: &Value) -> String {
    let choices = item
        .get("choices")
        .and_then(Value::as_array)
        .map_or_else(String::new, |list| list.iter().map(one_line).collect::<Vec<_>>().join(" | "));
    let who = item.get("who").and_then(Value::as_array).into_iter().flatten();
    let who: String = who.map(|one| format!("\n  {}", one_line(one))).collect();
    format!(
        "{} · {} · {} · {}\n  {}{who}\n  choose: {choices}",
        text(item, "item"),
        text(item, "module"),
        text(item, "kind"),
        text(item, "contact"),
        text(item, "reason")
    )
}

fn contact(contact: &Value) -> String {
    let all = |key: &str| contact.get(key).map_or_else(String::new, one_line);
    let emails = Some(all("emails")).filter(|emails| !emails.is_empty());
    let mut words = format!("{} · {}", text(contact, "contact"), text(contact, "name"));
    if let Some(emails) = emails {
        let _ = write!(words, " · {emails}");
    }
    let _ = write!(
        words,
        " · {}\n  {}\n  you can: {}",
        text(contact, "state").replace('_', " "),
        text(contact, "reason"),
        all("actions")
    );
    words
}

fn change(change: &Value) -> String {
    let mut words = format!(
        "{} · {} {} · {}: {} → {} · {}",
        text(change, "contact"),
        text(change, "side"),
        text(change, "kind"),
        text(change, "field"),
        text(change, "before"),
        text(change, "after"),
        text(change, "why")
    );
    if change.get("overwritten").is_some_and(Value::is_string) {
        let _ = write!(words, " · overwritten: {}", text(change, "overwritten"));
    }
    words
}

/// Anything else: names and values, indented.
fn plain(value: &Value, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::Object(_) => {
                        let _ = writeln!(out, "{indent}{key}:");
                        plain(value, depth + 1, out);
                    }
                    Value::Array(list) if list.iter().any(Value::is_object) => {
                        let _ = writeln!(out, "{indent}{key}:");
                        for entry in list {
                            let _ = writeln!(out, "{indent}  - {}", one_line(entry));
                        }
                    }
                    Value::Array(_)
                    | Value::Null
                    | Value::Bool(_)
                    | Value::Number(_)
                    | Value::String(_) => {
                        let _ = writeln!(out, "{indent}{key}: {}", one_line(value));
                    }
                }
            }
        }
        Value::Array(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            let _ = writeln!(out, "{indent}{}", one_line(value));
        }
    }
}

fn one_line(value: &Value) -> String {
    match value {
        Value::String(text) => printable(text),
        Value::Null => "–".to_owned(),
        Value::Array(list) => list.iter().map(one_line).collect::<Vec<_>>().join(", "),
        Value::Object(map) => map
            .iter()
            .filter(|(_, value)| !matches!(value, Value::Null) && **value != json!([]))
            .map(|(key, value)| format!("{key} {}", one_line(value)))
            .collect::<Vec<_>>()
            .join(" · "),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{printable, quiet_json, sentence, words};

    #[test]
    fn nothing_in_a_json_document_steers_the_terminal_and_all_of_it_is_there() {
        for (text, shown) in [
            ("a\u{202e}b", "\"a\\u202eb\""),
            ("a\u{200b}\u{feff}\u{ad}b", "\"a\\u200b\\ufeff\\u00adb\""),
            ("a\u{e0020}b", "\"a\\udb40\\udc20b\""),
            ("👩\u{200d}🌾\u{fe0f}", "\"👩\u{200d}🌾\u{fe0f}\""),
            ("\u{9b}31m", "\"\\u009b31m\""),
            ("\u{2068}דוד\u{2069}", "\"\\u2068דוד\\u2069\""),
            ("a\u{2028}\u{200f}\u{61c}\u{7f}", "\"a\\u2028\\u200f\\u061c\\u007f\""),
            ("佐藤 👩\u{200d}🚀 \u{1b}\n", "\"佐藤 👩\u{200d}🚀 \\u001b\\n\""),
        ] {
            let quiet = quiet_json(&json!(text));
            assert_eq!(quiet, shown);
            let read: serde_json::Value = serde_json::from_str(&quiet).unwrap();
            assert_eq!(read, json!(text), "what is read is what was written");
        }
    }

    #[test]
    fn nothing_in_a_text_steers_the_terminal() {
        let cases = [
            ("Ada Miller", "Ada Miller", "plain"),
            ("a\u{2028}b\u{2029}c", "a ⏎ b ⏎ c", "lines end where they look as if they did"),
            ("a\u{202e}b", "a\u{fffd}b", "nothing is turned around"),
            ("a\u{2067}b", "a\u{fffd}b", "an isolation that is not closed would hold what follows"),
            ("a\u{2069}\u{2068}b", "a\u{fffd}\u{fffd}b", "nor one that closes another's"),
            ("\u{2067}a\u{2069}", "\u{fffd}a\u{fffd}", "nor does a closed one turn what is in it"),
            (
                "\u{200b}\u{feff}\u{2060}\u{ad}\u{180e}\u{fff9}\u{e0020}",
                "\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}",
                "nothing is hidden",
            ),
            ("👩\u{200d}🌾\u{fe0f}", "👩\u{200d}🌾\u{fe0f}", "one picture"),
            ("a\u{61c}\u{200e}\u{200f}b", "a\u{fffd}\u{fffd}\u{fffd}b", "no mark of direction"),
            ("a\u{206a}b", "a\u{fffd}b", "nor one that is out of use"),
            ("a\u{9b}31m", "a\u{fffd}31m", "the control characters beyond ASCII too"),
        ];
        for (text, shown, why) in cases {
            assert_eq!(printable(text), shown, "{why}");
            assert_eq!(sentence(text), shown, "in a sentence too: {why}");
        }
        for (text, shown, why) in [
            ("\u{2068}דוד\u{2069} was written", "\u{2068}דוד\u{2069} was written", "its own stay"),
            (
                "\u{2068}\u{61c}\u{2069}\u{1b}",
                "\u{2068}\u{fffd}\u{2069}\u{fffd}",
                "and nothing else",
            ),
            (
                "\u{2068}a\u{2068}b\u{2069}\u{2069}",
                "\u{fffd}a\u{fffd}b\u{fffd}\u{fffd}",
                "none inside",
            ),
        ] {
            assert_eq!(sentence(text), shown, "{why}");
        }
    }

    #[test]
    fn a_document_in_words() {
        let none = json!({"created": 0, "updated": 0, "deleted": 0, "requests": 1});
        let run = |keys: serde_json::Value| {
            let mut run = json!({"run": 3, "module": "Contacts", "outcome": "completed",
                "finished_at": "2026-11-22T10:00:04Z", "google": none,
                "zoho": {"created": 2, "updated": 0, "deleted": 1, "requests": 1}, "matched": 0,
                "conflicts": 0, "review": 0, "waiting": 0});
            run.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
            json!({"runs": [run]})
        };
        let fields = json!([{"field": "Title", "before": null, "after": "a\nb\u{1b}[31m"}]);
        let operation = json!({"side": "zoho", "kind": "create", "contact": "\u{7}Ada",
            "details": ["ada@a.test"], "why": "It is new in Google.", "fields": fields});
        for (document, expected) in [
            (json!({"runs": []}), "There are no runs yet."),
            (run(json!({})), "Zoho: 2 created, 0 updated, 1 deleted"),
            (run(json!({"outcome": "held"})), "Zoho: 2 to create, 0 to update, 1 to delete"),
            (run(json!({"preview": true})), "Preview Contacts"),
            (
                run(json!({"preview": true, "operations": [operation]})),
                "create in zoho: \u{fffd}Ada · ada@a.test (It is new in Google.)\n    Title: – → a ⏎ b\u{fffd}[31m",
            ),
            (
                run(json!({"preview": true, "outside": [{"side": "google", "name": "Ada",
                    "details": ["ada@a.test", "Acme"]}]})),
                "out of the scope in google: Ada · ada@a.test · Acme",
            ),
            (
                json!({"items": [{"item": "1", "module": "Contacts", "kind": "deletion",
                    "contact": "Ada", "reason": "It was deleted in Google.",
                    "who": ["in Zoho: Ada · ada@a.test"], "choices": ["keep"]}]}),
                "It was deleted in Google.\n  in Zoho: Ada · ada@a.test\n  choose: keep",
            ),
            (json!({"connected": true, "email": "a\u{1b}b"}), "email: a\u{fffd}b"),
            (
                json!({"changes": [{"contact": "\u{2067}Ada\u{2069}", "after": "\u{61c}=1"}]}),
                "\u{fffd}Ada\u{fffd} · – – · –: – → \u{fffd}=1 · –",
            ),
            (json!({"retention_days": 90}), "are kept for 90 days."),
            (json!({"retention_days": 0}), "are kept for ever."),
            (
                json!({"syncs": [{"module": "Contacts", "needs_you": 1, "differ": 2}]}),
                "1 need you · 2 differ",
            ),
        ] {
            let shown = words(&document);
            assert!(shown.contains(expected), "{expected}:\n{shown}");
        }
    }
}
