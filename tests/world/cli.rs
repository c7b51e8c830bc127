//! `renraku-cli` as a real process.

use std::path::PathBuf;
use std::process::Stdio;

use serde_json::Value;

use super::process::{Surroundings, within};

/// The longest that one command may take, seconds; a login alone waits five minutes for a person.
const LIMIT: u64 = 120;

/// What a command answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// The one document on standard output; null when there was none.
    pub json: Value,
    /// Everything on standard error.
    pub errors: String,
}

impl Answer {
    /// Expects exit code 0 and returns the document.
    pub fn done(self) -> Value {
        assert_eq!(self.code, Some(0), "the command is done: {} {}", self.json, self.errors);
        self.json
    }

    /// Expects the exit code given and returns the message of the error.
    pub fn refused(&self, code: i32) -> &str {
        assert_eq!(self.code, Some(code), "the exit code: {} {}", self.json, self.errors);
        let message = self.json.pointer("/error/message").and_then(Value::as_str);
        message.unwrap_or_else(|| panic!("an error with a message: {}", self.json))
    }
}

/// Runs `renraku-cli --json ARGS` to its end.
pub(crate) async fn run(surroundings: &Surroundings, args: &[&str]) -> Answer {
    let mut command = surroundings.command(program("renraku-cli"));
    command.arg("--json").args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
    // The stand-ins are on this computer: a proxy is not asked, and this one leads nowhere.
    command.env("http_proxy", "http://127.0.0.1:9");
    let what = format!("renraku-cli {}", args.join(" "));
    let output = within(LIMIT, &what, command.output()).await;
    let output = output.unwrap_or_else(|error| panic!("{what}: {error}"));
    let text = String::from_utf8(output.stdout).expect("standard output is UTF-8");
    let json = match text.trim() {
        "" => Value::Null,
        text => serde_json::from_str(text)
            .unwrap_or_else(|error| panic!("{what}: one JSON document on stdout: {error}: {text}")),
    };
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    Answer { code: output.status.code(), json, errors }
}

/// A program that the workspace's build made: in `RENRAKU_BIN_DIR`, or beside this test's folder.
pub fn program(name: &str) -> PathBuf {
    let folder = match std::env::var_os("RENRAKU_BIN_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => beside_tests(),
    };
    let file = folder.join(name);
    assert!(file.is_file(), "{} is built (cargo xtask test builds it)", file.display());
    file
}

/// The tests lie in `target/debug/deps`, the programs in `target/debug`.
pub(crate) fn beside_tests() -> PathBuf {
    let test = std::env::current_exe().expect("the test knows its place");
    test.ancestors().nth(2).expect("the build's folder is above it").to_path_buf()
}
