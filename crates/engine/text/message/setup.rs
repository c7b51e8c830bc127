//! What is to be said of a setup.

use std::collections::BTreeMap;

use renraku_core::compile::SetupError;
use renraku_core::contact::Module;
use renraku_core::message::Message;

/// Rights that are missing in a module, by name: some of `create`, `edit`, `delete`.
pub(crate) fn missing_rights(missing: &[&str], module: Module) -> Message {
    Message::new("engine-rights-write")
        .with("module", module.api_name())
        .with("rights", missing.join("-"))
}

/// What is wrong with a setup. Fields are named by label and key: labels are what people know, keys
/// are what a setup file has, and two fields can have the same label.
pub(crate) fn mistake(error: &SetupError, labels: &BTreeMap<String, String>) -> Message {
    let named = |field: &str| match labels.get(field) {
        Some(label) if label != field => format!("{label} ({field})"),
        Some(_) | None => field.to_owned(),
    };
    match error {
        SetupError::UnknownField { module, field } => {
            Message::new("engine-setup-no-field").with("module", module).with("field", field)
        }
        SetupError::UnknownPlace(place) => {
            Message::new("engine-setup-no-place").with("place", place)
        }
        SetupError::Types { field, data_type, place } => Message::new("engine-setup-types")
            .with("field", named(field))
            .with("type", data_type)
            .with("place", place),
        SetupError::Twice(name) => Message::new("engine-setup-twice").with("field", named(name)),
        SetupError::NoDefault(field) => {
            Message::new("engine-setup-no-default").with("field", named(field))
        }
        SetupError::BadDefault(field) => {
            Message::new("engine-setup-bad-default").with("field", named(field))
        }
        SetupError::ReadOnly(field) => {
            Message::new("engine-setup-read-only").with("field", named(field))
        }
        SetupError::NoRows => Message::new("engine-setup-no-rows"),
        SetupError::UnknownMapping(word) => {
            Message::new("engine-setup-no-mapping").with("mapping", word)
        }
        SetupError::OutOfRange(entry) => Message::new("engine-setup-range").with("entry", entry),
    }
}

/// A custom view that the module does not have.
pub(crate) fn no_view(view: &str, module: Module) -> Message {
    Message::new("engine-setup-no-view").with("view", view).with("module", module.api_name())
}

/// A label that is a group of Google's own.
pub(crate) fn own_group(label: &str) -> Message {
    Message::new("engine-setup-own-group").with("label", label)
}
