//! The label that limits a sync: found by its id, made where it is missing.

use renraku_core::contact::Side;
use renraku_core::field::fold;
use renraku_services::{Google, RemoteError};
use renraku_store::Store;

use crate::sync::error::{OfSide, RunError};
use crate::sync::session::Session;

/// What a change of a person's labels is called among the fields of a contact.
pub(crate) const LABELS: &str = "memberships";

/// Where a label's id is remembered.
pub(crate) fn feed(name: &str) -> String {
    format!("label:{name}")
}

/// Whether this names a group of Google's own (*starred*, *myContacts*) and no label of the person's:
/// a sync cannot be limited to one, and no label of that name can be made.
pub(crate) async fn is_googles_own(google: &Google, label: &str) -> Result<bool, RemoteError> {
    let plain = |text: &str| {
        let text = text.strip_prefix("contactGroups/").unwrap_or(text);
        fold(text).replace(' ', "")
    };
    let wanted = plain(label);
    let mut meant = google.groups().await?;
    meant.retain(|group| plain(&group.name) == wanted || plain(&group.id) == wanted);
    Ok(!meant.is_empty() && meant.iter().all(|group| !group.label))
}

/// The label's id; made where it is missing and writing is allowed.
///
/// A label that somebody is in is there. One without members is looked for: where it was deleted,
/// everybody who was in it is outside now, and that is asked about like a setup that became narrower.
pub(crate) async fn label(session: &mut Session, make: bool) -> Result<Option<String>, RunError> {
    let Some(name) = &session.rules.label else { return Ok(None) };
    let ledger = session.sync.ledger;
    let feed = feed(name);
    let known = session.store.cursor(ledger, &feed)?;
    if let Some(id) = &known
        && session.store.read(|db| Store::any_member(db, ledger, id))?
    {
        return Ok(known);
    }
    let groups = session.google.groups().await.of(Side::Google)?;
    let mut labels = groups.into_iter().filter(|group| group.label);
    let found = match &known {
        // It may have another name by now.
        Some(id) => labels.find(|group| group.id == *id),
        None => labels.find(|group| group.name == *name),
    };
    let id = match found {
        Some(group) => Some(group.id),
        None if make => Some(session.google.create_group(name).await.of(Side::Google)?.id),
        None => None,
    };
    if known != id {
        session.sync.narrowed |= known.is_some();
        session.store.write(|db| {
            Store::put_cursor(db, ledger, &feed, id.as_deref())?;
            Store::save_standing(db, &session.sync)
        })?;
    }
    Ok(id)
}
