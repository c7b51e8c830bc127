//! Whoever is called in step holds the same on both sides; whoever does not is told so.

use renraku_engine::api::{ContactQuery, ContactState};
use renraku_engine::core::contact::Side;

use super::super::people::{Row, read};
use super::Life;

impl Life {
    /// No contact is called in step whose sides differ in a field that is looked at. Entries with labels
    /// are left to the reference: a value may stand under another one.
    pub(super) fn nobody_differs_in_silence(&self) {
        let plain: Vec<Row> =
            self.rig.rows.iter().copied().filter(|row| row.2.is_empty()).collect();
        let query = ContactQuery { most: 1_000, ..ContactQuery::default() };
        let listed = self.rig.engine().contacts(&query).expect("the list").contacts;
        for one in listed.into_iter().filter(|one| one.state == ContactState::InStep) {
            let (Some(zoho), Some(google)) = (&one.zoho_id, &one.google) else { continue };
            let says = |side: Side, id: &str| {
                self.rig.raw(side, id).map(|contact| read(&plain, side, &contact))
            };
            let (zoho, google) = (says(Side::Zoho, zoho), says(Side::Google, google));
            assert_eq!(zoho, google, "it is called in step: {one:?}");
        }
    }
}
