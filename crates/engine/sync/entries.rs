//! How a person's entries stand once one side of the pair was written, so that each place finds its own
//! again at the next look.

use renraku_core::contact::{Card, Pair, Side};
use renraku_core::seen::{Hint, Seen};
use renraku_store::{Base, Db, LinkRow, Place, Store, StoreError};
use serde_json::Value;

use crate::sync::session::Session;

/// The entries that were sent are how the person's entries stand now. Where one was taken away, the
/// place it was read from may now show another one that stood behind it (a second work phone). That
/// one was sent along and is no edit.
pub(crate) fn adopt_next_entry(
    session: &Session,
    db: &Db,
    link: &mut LinkRow,
    sent: &Card,
    body: &Value,
) -> Result<(), StoreError> {
    let Some(person) = session.parse(Side::Google, &body.to_string()) else { return Ok(()) };
    let said = Pair::of(|side| session.card(&link.base[side]));
    let place = Place::of(Side::Zoho, session.module());
    let record = Store::mirrored(db, session.sync.ledger, place, &link.ids.zoho)?;
    let record = record.and_then(|row| session.parse(Side::Zoho, &row.raw));
    // A place that Zoho fills is not empty, although nothing of it was sent.
    let zoho = record.as_ref().map_or(&said.zoho, |record| &record.card);
    let sought = session.mapping.sought(Pair { zoho: &said.zoho, google: sent }, zoho, false);
    let hint = Hint { said: &sought, base: Some(sent), seen: None };
    let now = session.mapping.reading(&person.card, &person.listed, hint);
    let shows = session.mapping.resolve(&person.card, &person.listed, &said.google);
    for slot in session.mapping.slots() {
        let emptied = slot.rules.iter().map(|(rule, _)| *rule);
        if emptied.clone().any(|rule| sent.get(rule).is_some()) {
            continue;
        }
        let rules = session.mapping.rules();
        for rule in emptied.filter(|rule| now.card.get(*rule) == shows.get(*rule)) {
            if let (Some(spec), Some(shown)) = (rules.get(rule), shows.get(rule)) {
                link.base.google.insert(spec.zoho.clone(), shown.into());
            }
        }
    }
    link.seen.renew(now.seen, |field| body.get(field).is_some());
    Ok(())
}

/// How the entries of a person stand whose places say this.
pub(crate) fn look(session: &Session, db: &Db, id: &str, says: &Base) -> Result<Seen, StoreError> {
    let row = Store::mirrored(db, session.sync.ledger, Place::Google, id)?;
    let person = row.and_then(|row| session.parse(Side::Google, &row.raw));
    let says = session.card(says);
    Ok(person.map_or_else(Seen::default, |person| {
        session.mapping.reading(&person.card, &person.listed, (&says).into()).seen
    }))
}
