//! Every contact on either side, with its state, the one reason and the fitting actions; and one
//! contact with what both sides hold and what was written for it.

mod act;
mod list;
mod stand;

use renraku_core::contact::{Module, Pair, RecordId, Side};

/// Who a contact is towards the window and the command line: the module, and its id in Zoho, or in
/// Google where it has no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ContactId {
    /// The module.
    pub(crate) module: Module,
    /// The side that the id is of.
    pub(crate) side: Side,
    /// The id.
    pub(crate) id: RecordId,
}

impl ContactId {
    /// The contact of these ids.
    pub(crate) fn of(module: Module, ids: &Pair<Option<RecordId>>) -> String {
        let id = ids.zoho.as_ref().or(ids.google.as_ref()).map_or("", String::as_str);
        format!("{}:{id}", module.api_name())
    }

    /// The contact that is named like this.
    pub(crate) fn parse(text: &str) -> Option<ContactId> {
        let (module, id) = text.split_once(':')?;
        let side = if id.starts_with("people/") { Side::Google } else { Side::Zoho };
        let module = Module::parse(module).filter(|_| !id.is_empty())?;
        Some(ContactId { module, side, id: id.to_owned() })
    }
}
