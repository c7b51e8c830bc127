//! What the command line says and does about contacts.

use std::path::Path;

use clap::ValueEnum;
use renraku_engine::api::{ContactQuery, ContactState, FileForm, Whose};
use renraku_engine::core::contact::Module;
use renraku_engine::core::message::Message;
use renraku_engine::{Engine, FailureCode};
use serde_json::{Value, json};

use crate::command::{Answer, done, told};
use crate::error::CommandError;

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Form {
    Vcard,
    Csv,
}

/// The state that is called like this.
pub(crate) fn state(name: &str) -> Result<ContactState, String> {
    let named = |state: &ContactState| {
        serde_json::to_value(state).ok().and_then(|value| value.as_str().map(str::to_owned))
    };
    ContactState::ALL.into_iter().find(|state| named(state).as_deref() == Some(name)).ok_or_else(
        || {
            let names: Vec<String> = ContactState::ALL.iter().filter_map(named).collect();
            format!("there are the states {}", names.join(", "))
        },
    )
}

/// Every contact that is asked for.
pub(crate) fn list(
    engine: &Engine,
    module: Option<Module>,
    find: String,
    state: Option<ContactState>,
) -> Result<Answer, CommandError> {
    if let Some(module) = module
        && !engine.syncs()?.iter().any(|sync| sync.module == module)
    {
        let said = Message::new("error-not-set-up").with("module", module.api_name());
        return Err(CommandError::new(FailureCode::Invalid, said));
    }
    let query = ContactQuery { module, find, state, offset: 0, most: u32::MAX };
    listed(json!({"contacts": engine.contacts(&query)?.contacts}))
}

/// The one contact that was acted on, as the list shows it now.
pub(crate) fn one(engine: &Engine, contact: &str) -> Result<Answer, CommandError> {
    listed(json!({"contacts": [engine.contact(contact)?.contact]}))
}

fn listed(document: Value) -> Result<Answer, CommandError> {
    told(document, &["company"])
}

/// Both sides' contacts of every module that is set up, a file a side.
pub(crate) fn export(engine: &Engine, dir: &Path, form: Form) -> Result<Answer, CommandError> {
    let (form, ending) = match form {
        Form::Vcard => (FileForm::Vcard, "vcf"),
        Form::Csv => (FileForm::Csv, "csv"),
    };
    std::fs::create_dir_all(dir).map_err(|error| {
        let said = Message::new("cli-error-folder").with("file", dir.display());
        CommandError::new(FailureCode::Failed, said.with("why", error))
    })?;
    let mut files = Vec::new();
    for sync in engine.syncs()? {
        for (whose, side) in [(Whose::Zoho, "zoho"), (Whose::Google, "google")] {
            let name = format!("{}-{side}.{ending}", sync.module.api_name().to_lowercase());
            let file = dir.join(name);
            let count = engine.export(sync.module, whose, form, &file)?;
            files.push(
                json!({"file": file, "module": sync.module, "side": side, "contacts": count}),
            );
        }
    }
    if files.is_empty() {
        let said = Message::new("error-nothing-set-up");
        return Err(CommandError::new(FailureCode::Invalid, said));
    }
    done(json!({"files": files}))
}
