//! Where a contact lives.

use renraku_core::contact::{Module, Side};

/// Where a contact lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The Google account.
    Google,
    /// A module of the Zoho organisation.
    Zoho(Module),
}

impl Place {
    /// The stored name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Place::Google => "google",
            Place::Zoho(module) => module.api_name(),
        }
    }

    /// The place of a side, for a module's sync.
    #[must_use]
    pub fn of(side: Side, module: Module) -> Place {
        match side {
            Side::Google => Place::Google,
            Side::Zoho => Place::Zoho(module),
        }
    }

    /// The side it is on.
    #[must_use]
    pub fn side(self) -> Side {
        match self {
            Place::Google => Side::Google,
            Place::Zoho(_) => Side::Zoho,
        }
    }
}
