//! What the window keeps of a way that a person left in the middle. It can keep nothing else, and read
//! nothing else: the database's other settings are none of its business.

use renraku_core::contact::{Module, Side};
use renraku_engine::{Engine, Failure};
use serde::{Deserialize, Serialize};
use specta::Type;

/// No draft is longer; a longer one is not kept.
const LONGEST: usize = 1 << 18;

/// A way that can be left in the middle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DraftOf {
    /// Setting a module's sync up.
    Setup(Module),
    /// Registering an OAuth client of a service.
    Client(Side),
}

impl DraftOf {
    fn key(self) -> String {
        match self {
            DraftOf::Setup(module) => format!("wizard-{}", module.api_name()),
            DraftOf::Client(side) => format!("connect-{}", side.name()),
        }
    }

    /// Where the person was; none where nothing is kept.
    pub(crate) fn kept(self, engine: &Engine) -> Result<Option<String>, Failure> {
        Ok(engine.setting(&self.key())?.filter(|text| !text.is_empty()))
    }

    /// Keeps where the person is; nothing more where they came to the end.
    pub(crate) fn keep(self, engine: &Engine, text: Option<&str>) -> Result<(), Failure> {
        match text.unwrap_or_default() {
            text if text.len() > LONGEST => Ok(()),
            text => engine.set_setting(&self.key(), text),
        }
    }
}
