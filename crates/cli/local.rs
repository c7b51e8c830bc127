//! What a command takes from this computer: the data folder, a setup file, the stand-ins.

use std::path::{Path, PathBuf};

use renraku_engine::catalogue::Language;
use renraku_engine::core::message::Message;
use renraku_engine::core::setup::Setup;
use renraku_engine::{Engine, FailureCode, strict_json, write_private};
use serde_json::{Value, json};

use crate::command::{Answer, done};
use crate::error::CommandError;
use crate::speech::{Speech, of_system};

/// `RENRAKU_DATA_DIR`, else the platform's folder for application data: the window's.
pub(crate) fn data_dir() -> Result<PathBuf, CommandError> {
    if let Some(dir) = std::env::var_os("RENRAKU_DATA_DIR").filter(|dir| !dir.is_empty()) {
        return Ok(PathBuf::from(dir));
    }
    usual_data_dir()
        .ok_or_else(|| CommandError::new(FailureCode::Store, Message::new("cli-error-no-home")))
}

/// The window's folder, where none is named.
pub(crate) fn usual_data_dir() -> Option<PathBuf> {
    Some(directories::BaseDirs::new()?.data_dir().join("renraku"))
}

/// The setup that a file holds.
pub(crate) fn read_setup(file: &Path) -> Result<Setup, CommandError> {
    let refuse = |what: String| {
        let said = Message::new("cli-error-setup-file").with("file", file.display());
        CommandError::new(FailureCode::Invalid, said.with("why", what))
    };
    let text = strict_json::text_of(file).map_err(|error| refuse(error.to_string()))?;
    let value = strict_json::parse(&text).map_err(|error| refuse(error.to_string()))?;
    // Lists in place of objects would be read as their values in order.
    let rows = value.get("mapping").and_then(Value::as_array).into_iter().flatten();
    let named = rows.map(|row| ("mapping", row)).chain(value.get("limits").map(|l| ("limits", l)));
    for (key, value) in std::iter::once(("the file", &value)).chain(named) {
        if !value.is_object() {
            return Err(refuse(format!("{key}: expected an object")));
        }
    }
    serde_path_to_error::deserialize(&value).map_err(|error| {
        let key = error.path().to_string();
        refuse(if key == "." { error.into_inner().to_string() } else { error.to_string() })
    })
}

/// Saves the file for somebody who helps; one that is there already stays as it is.
pub(crate) fn support(engine: &Engine, file: &Path) -> Result<Answer, CommandError> {
    let refuse = |id: &str| {
        let said = Message::new(id).with("file", file.display());
        move |why: String| CommandError::new(FailureCode::Invalid, said.with("why", why))
    };
    if file.exists() {
        return Err(refuse("cli-error-file-there")(String::new()));
    }
    let text = engine.support(None)?;
    write_private(file, &text).map_err(|error| refuse("cli-error-file")(error.to_string()))?;
    done(json!({"file": file}))
}

/// Serves the stand-ins until stopped.
pub(crate) async fn sandbox(
    port: Option<u16>,
    data: Option<PathBuf>,
    speech: &Speech,
) -> Result<Answer, CommandError> {
    let people = match data {
        Some(_) => renraku_sandbox::People::Empty,
        None => renraku_sandbox::People::Sample,
    };
    let switches = renraku_sandbox::Switches::quick();
    let options = renraku_sandbox::Options {
        port,
        data,
        people,
        switches,
        ..renraku_sandbox::Options::default()
    };
    let stand_ins = renraku_sandbox::start(options).await.map_err(|error| {
        let said = Message::new("error-sandbox").with("detail", error);
        CommandError::new(FailureCode::Failed, said)
    })?;
    // Its pages and its fields are in the person's language.
    stand_ins.control().set_switches(|switches| {
        switches.zoho.language = match (speech.json, of_system()) {
            (true, _) | (false, Language::En) => renraku_sandbox::Language::En,
            (false, Language::Ja) => renraku_sandbox::Language::Ja,
        };
    });
    let document = crate::print::sandbox(&stand_ins);
    crate::print::document(&document, speech);
    // Until stopped: by the terminal, or by whoever started it.
    let _ = tokio::signal::ctrl_c().await;
    stand_ins.stop().await;
    done(Value::Null)
}
