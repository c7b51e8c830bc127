//! The page where a person edits Zoho's contacts.

use crate::html::{Brand, notice};
use crate::http::{Call, Reply};
use crate::world::World;

pub(crate) fn answer(_world: &World, _call: &Call) -> Reply {
    Reply::html(200, notice(Brand::Zoho, "CRM", ""))
}
