//! The manual's pages and the shells' completions, made from the commands themselves.

use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;
use renraku_engine::FailureCode;
use renraku_engine::core::message::Message;
use serde_json::json;

use crate::command::{Answer, Cli, done};
use crate::error::CommandError;

/// The script that completes the commands in this shell.
pub(crate) fn completions(shell: Shell) -> Result<Answer, CommandError> {
    let mut command = Cli::command();
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, name, &mut script);
    done(json!({"script": String::from_utf8_lossy(&script)}))
}

/// Writes a page for the program and one for each of its commands.
pub(crate) fn pages(dir: &Path) -> Result<Answer, CommandError> {
    let refuse = |error: std::io::Error| {
        let said = Message::new("cli-error-manual").with("file", dir.display());
        CommandError::new(FailureCode::Failed, said.with("why", error))
    };
    std::fs::create_dir_all(dir).map_err(refuse)?;
    clap_mangen::generate_to(Cli::command(), dir).map_err(refuse)?;
    done(json!({"dir": dir}))
}
