//! The two layouts of every module: the standard one with all fields, and a short one that asks for an e-mail.

use serde_json::{Map, Value};

use super::fields::FieldDef;
use super::store::Module;

/// The layout that a write names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// None: only what the system demands counts.
    Unnamed,
    Standard,
    Short,
}

impl Layout {
    /// The layout that an item of a request names; `None` when there is no such layout.
    pub(crate) fn named(module: &Module, map: &Map<String, Value>) -> Option<Self> {
        let Some(id) = map.get("Layout").and_then(|l| l.get("id")).and_then(Value::as_str) else {
            return Some(Self::Unnamed);
        };
        [Self::Standard, Self::Short].into_iter().find(|l| l.id(module).to_string() == id)
    }

    pub(crate) fn id(self, module: &Module) -> u64 {
        match self {
            Self::Unnamed | Self::Standard => module.id + 1,
            Self::Short => module.id + 2,
        }
    }

    /// Whether the layout shows a field; a write with a layout ignores the others.
    pub(crate) fn holds(self, field: &FieldDef) -> bool {
        match self {
            Self::Unnamed | Self::Standard => true,
            Self::Short => {
                field.layout_required
                    || ["Email", "Phone", "Owner", "Lead_Source"].contains(&field.api_name.as_str())
            }
        }
    }

    /// Whether a field must have a value on the layout.
    pub(crate) fn requires(self, field: &FieldDef) -> bool {
        match self {
            Self::Unnamed => field.mandatory,
            Self::Standard => field.layout_required,
            Self::Short => field.layout_required || field.api_name == "Email",
        }
    }
}
