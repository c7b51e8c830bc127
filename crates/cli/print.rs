//! Printing: one JSON document, or words for a person.

use std::fmt::Write as _;
use std::io::Write as _;

use renraku_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::command::Answer;
use crate::error::CommandError;
use crate::speech::Speech;
use crate::terminal::{is_unseen, sentence};
use crate::told::Teller;

/// Prints an answer. What helps to go on is for a person alone.
pub(crate) fn answer(answer: &Answer, speech: &Speech) {
    document(&answer.document, speech);
    for next in answer.next.iter().filter(|_| !speech.json) {
        line(&speech.catalogue.tell(next));
    }
}

/// Prints a document.
pub(crate) fn document(document: &Value, speech: &Speech) {
    if document.is_null() {
        return;
    }
    line(&match speech.json {
        true => quiet_json(document),
        false => Teller(speech).document(document),
    });
}

fn line(text: &str) {
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
pub(crate) fn failure(failure: &CommandError, speech: &Speech) {
    let message = failure.told(speech);
    if speech.json {
        document(&json!({"error": {"code": failure.code, "message": message}}), speech);
    } else {
        eprintln!("{}", sentence(&message));
    }
}

/// Prints what is wrong with the command itself.
pub(crate) fn usage(message: &str) {
    line(&quiet_json(&json!({"error": {"code": "usage", "message": message.trim_end()}})));
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::quiet_json;
    use crate::terminal::{printable, sentence};

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
}
