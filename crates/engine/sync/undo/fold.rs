//! What a run did, contact by contact.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use renraku_core::contact::{RecordId, Side};
use renraku_store::ChangeRow;

use crate::api::OperationKind;

/// A contact that a run wrote, by the side that was written.
pub(super) type Written = (Side, Option<RecordId>);

pub(super) fn written(change: &ChangeRow) -> Written {
    (change.side, change.id().cloned())
}

/// What a run did to each contact as a whole: one that it wrote twice goes all the way back.
pub(crate) fn fold(changes: Vec<ChangeRow>, contact: Option<&str>) -> Vec<ChangeRow> {
    let about = |change: &ChangeRow| {
        let ids = [change.zoho_id.as_deref(), change.google_id.as_deref()];
        contact.is_none() || ids.contains(&contact)
    };
    let mut whole: BTreeMap<(Side, Option<RecordId>), ChangeRow> = BTreeMap::new();
    for change in changes.into_iter().filter(about) {
        let first = match whole.entry((change.side, change.id().cloned())) {
            Entry::Vacant(free) => {
                free.insert(change);
                continue;
            }
            Entry::Occupied(first) => first.into_mut(),
        };
        first.kind = match (first.kind, change.kind) {
            (OperationKind::Create, OperationKind::Update) => OperationKind::Create,
            (_, last) => last,
        };
        first.label = first.label.take().or(change.label);
        for note in change.fields {
            match first.fields.iter_mut().find(|known| known.field == note.field) {
                Some(known) => known.after = note.after,
                None => first.fields.push(note),
            }
        }
    }
    whole.into_values().collect()
}
