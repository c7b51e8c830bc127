//! Pure: a Google person's JSON to and from records and cards.

use std::collections::{BTreeMap, BTreeSet};

use renraku_core::contact::{Card, Mark, Record, Text};
use renraku_core::field::Misfit;
use renraku_core::mapping::Mapping;
use serde_json::Value;

/// A person's JSON that is no person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the contact as received cannot be read")]
pub struct WireError;

/// Why a change cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// The stored person cannot be read.
    #[error("the contact as received cannot be read")]
    Wire(#[from] WireError),
    /// It would be refused; the rule is its place in the mapping.
    #[error("the change would be refused")]
    Misfit {
        /// The rule that cannot be written.
        rule: usize,
        /// Why.
        misfit: Misfit,
    },
}

/// What a person can be matched by.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Evidence {
    /// E-mail addresses of type *work*, in order.
    pub work_emails: Vec<String>,
    /// All e-mail addresses, in order.
    pub emails: Vec<String>,
    /// All phone numbers, in order.
    pub phones: Vec<String>,
    /// Ways to write the full name, the plainest first; empty where there is none.
    pub names: Vec<String>,
    /// The organisation's name.
    pub organisation: Option<String>,
}

/// The person reduced to the mapping.
///
/// # Errors
/// Where the text is no person.
pub fn record(_raw: &str, _mapping: &Mapping) -> Result<Record, WireError> {
    Err(WireError)
}

/// The groups a person is in.
///
/// # Errors
/// Where the text is no person.
pub fn memberships(_raw: &str) -> Result<Vec<String>, WireError> {
    Err(WireError)
}

/// The name a person reads, or whatever else tells the contact apart; empty where there is nothing.
///
/// # Errors
/// Where the text is no person.
pub fn name_of(_raw: &str) -> Result<String, WireError> {
    Err(WireError)
}

/// What to match the person by.
///
/// # Errors
/// Where the text is no person.
pub fn evidence(_raw: &str) -> Result<Evidence, WireError> {
    Err(WireError)
}

/// The body of a new person: the card's fields, our mark, and the label where there is one (with
/// `myContacts`, or the contact would vanish from the person's main list).
#[must_use]
pub fn new_person(_card: &Card, _mapping: &Mapping, _mark: &Mark, _label: Option<&str>) -> Value {
    Value::Null
}

/// The person with a patch merged in: the whole of every field that changes, and their mask.
/// `before` is the card that was read: it says which of several entries is meant. `mark` is added
/// where it is not there, `label` where the person is not in it.
///
/// # Errors
/// Where the text is no person, or Google would refuse the change.
pub fn changed_person(
    _raw: &str,
    _mapping: &Mapping,
    _before: &Card,
    _patch: &BTreeMap<usize, Option<Text>>,
    _mark: Option<&Mark>,
    _label: Option<&str>,
) -> Result<(Value, BTreeSet<&'static str>), ChangeError> {
    Err(ChangeError::Wire(WireError))
}

/// The person's own content of the mask's fields, with its etag: lets people whose changes differ
/// share one batch with the union of their masks.
///
/// # Errors
/// Where the text is no person.
pub fn whole_person(_raw: &str, _mask: &BTreeSet<&'static str>) -> Result<Value, WireError> {
    Err(WireError)
}
