//! What a person decided, and the keys under which it is remembered. The same question has the same
//! key in every run.

use std::collections::BTreeMap;

use crate::contact::{Pair, RecordId, Side};

/// What a person decided about a review item, by the item's key.
pub type Decisions = BTreeMap<String, String>;

/// The key of the question whether two contacts are one person.
#[must_use]
pub fn match_key(zoho: &str, google: &str) -> String {
    format!("match:{zoho}:{google}")
}

/// The two ids of a [`match_key`], Zoho's first; `None` where the key is another question's. Zoho's
/// ids are digits, so the first colon ends them.
pub(crate) fn matched_ids(key: &str) -> Option<(&str, &str)> {
    key.strip_prefix("match:")?.split_once(':')
}

/// The contacts that a question shows beside others they may be: of a [`match_key`] or a
/// [`duplicate_key`], none where the key is another question's.
#[must_use]
pub fn shown_beside(key: &str) -> Vec<(Side, RecordId)> {
    let matched = matched_ids(key).map(|(zoho, google)| {
        vec![(Side::Zoho, zoho.to_owned()), (Side::Google, google.to_owned())]
    });
    let alone = || {
        let (side, id) = key.strip_prefix("duplicate:")?.split_once(':')?;
        let side = Side::BOTH.into_iter().find(|one| one.name() == side)?;
        Some(vec![(side, id.to_owned())])
    };
    matched.or_else(alone).unwrap_or_default()
}

/// The key of the question what to do about a contact that shares its key with others.
#[must_use]
pub fn duplicate_key(side: Side, id: &str) -> String {
    format!("duplicate:{}:{id}", side.name())
}

/// The key under which it is remembered that the person left a contact out of the sync.
#[must_use]
pub fn left_out_key(side: Side, id: &str) -> String {
    format!("left_out:{}:{id}", side.name())
}

/// The key of the question what to do about the counterpart of a deleted contact. What was decided
/// about an unedited contact says nothing about an edited one.
#[must_use]
pub fn deletion_key(link: i64, edited: bool) -> String {
    let suffix = if edited { ":edited" } else { "" };
    format!("deletion:{link}{suffix}")
}

/// The key of the question whether the lost contact of a one-way sync is made again. It names the
/// lost one, so that an answer is good for one loss.
#[must_use]
pub fn recreate_key(link: i64, lost: &str) -> String {
    format!("recreate:{link}:{lost}")
}

/// The key of the question what becomes of everybody who vanished on a side at once.
#[must_use]
pub fn mass_key(side: Side) -> String {
    format!("mass_change:{}", side.name())
}

/// The key of the question about a contact that cannot be read.
#[must_use]
pub fn unreadable_key(side: Side, id: &str) -> String {
    format!("unreadable:{}:{id}", side.name())
}

/// The key of the question about what a person holds in one piece. It names the fields: others are
/// another question.
#[must_use]
pub fn piece_key(google: &str, fields: &[String]) -> String {
    format!("one_piece:{google}:{}", fields.join(","))
}

/// The key of the question about a link whose end was merged into a linked contact.
#[must_use]
pub fn merged_key(link: i64) -> String {
    format!("merged:{link}")
}

/// The key of the question about a value that a side does not take. It names the value: another
/// value is another question.
#[must_use]
pub fn misfit_key(ids: &Pair<RecordId>, side: Side, field: &str, value: &str) -> String {
    format!("misfit:{}:{}:{}:{field}:{value}", ids.zoho, ids.google, side.name())
}

/// The value that such a key names.
#[must_use]
pub fn misfit_value<'k>(key: &'k str, side: Side, field: &str) -> Option<&'k str> {
    key.split_once(&format!(":{}:{field}:", side.name())).map(|(_, value)| value)
}

/// What the keys of questions about two values begin with.
pub(crate) const DIFFERENCE: &str = "difference:";

/// The key of the question which of two values a field takes. It names both: other values are another
/// question.
#[must_use]
pub fn difference_key(
    ids: &Pair<RecordId>,
    field: &str,
    zoho: Option<&str>,
    google: Option<&str>,
) -> String {
    let (z, g) = (zoho.unwrap_or_default(), google.unwrap_or_default());
    format!("{DIFFERENCE}{}:{}:{field}:{}:{z}:{g}", ids.zoho, ids.google, z.len())
}

/// Whether this was the answer to the question.
pub(crate) fn is(decisions: &Decisions, key: &str, choice: &str) -> bool {
    decisions.get(key).is_some_and(|chosen| chosen == choice)
}

/// The contacts of which the person said that they are nobody whom they were shown beside, and beside
/// how many each was shown.
pub(crate) fn apart(decisions: &Decisions) -> BTreeMap<(Side, RecordId), usize> {
    let separate = decisions.iter().filter(|(_, choice)| *choice == "separate");
    let mut apart = BTreeMap::new();
    for contact in separate.flat_map(|(key, _)| shown_beside(key)) {
        *apart.entry(contact).or_default() += 1;
    }
    apart
}
