//! A contact as its service says it, and what it can be recognised by: one shape for both services.

use renraku_core::contact::{Mark, Record, RecordId};
use renraku_core::field::{is_cjk, phone_key};
use renraku_core::timestamp::Timestamp;

use crate::reply::Written;

/// One contact as received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The service's id: Google's resource name, Zoho's record id.
    pub id: RecordId,
    /// What the next guarded write must carry: Google's etag under this program's one fixed mask,
    /// Zoho's `Modified_Time` as it was written.
    pub version: String,
    /// When the contact was last changed, by the service's clock; the epoch for a tombstone.
    pub modified: Timestamp,
    /// Google: whether it is a tombstone.
    pub deleted: bool,
    /// Google: resource names it had before.
    pub former: Vec<String>,
    /// Zoho: the id of the user who created it.
    pub created_by: Option<String>,
    /// Zoho's leads: whether it was converted.
    pub converted: bool,
    /// Whether the answer says in the documented form who this is and when it was changed. What else
    /// is in it shows only as it is looked at.
    pub readable: bool,
    /// The contact's JSON text as received; Zoho's lookups are `{name, id}` in it.
    pub raw: Box<str>,
}

impl Received {
    /// A contact as it is after a write, with the text that it says now.
    #[must_use]
    pub fn after(written: &Written, raw: Box<str>) -> Received {
        Received {
            id: written.id.clone(),
            version: written.version.clone(),
            modified: written.modified,
            deleted: false,
            former: Vec::new(),
            created_by: None,
            converted: false,
            readable: true,
            raw,
        }
    }
}

impl From<Received> for Written {
    fn from(read: Received) -> Written {
        let Received { id, version, modified, raw, .. } = read;
        Written { id, version, modified, raw: Some(raw) }
    }
}

/// A contact's JSON that is no contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the contact as received cannot be read")]
pub struct WireError;

/// What a contact can be matched by.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Evidence {
    /// The key: e-mail addresses of type *work* (Zoho: the primary one), in order.
    pub work_emails: Vec<String>,
    /// All e-mail addresses, in order.
    pub emails: Vec<String>,
    /// All phone numbers, in order.
    pub phones: Vec<String>,
    /// Ways to write the full name, the plainest first. Who has none is called what address books
    /// show instead: the organisation, the e-mail addresses, the phone numbers.
    pub names: Vec<String>,
    /// Whether it has no name of its own.
    pub nameless: bool,
    /// The organisation's name.
    pub organisation: Option<String>,
}

impl Evidence {
    /// With a name for the nameless.
    pub(crate) fn called(mut self) -> Evidence {
        if self.names.is_empty() {
            self.nameless = true;
            // However a number is written, it is the same one.
            let phones = self.phones.iter().map(|phone| phone_key(phone, None));
            let shown = self.organisation.iter().chain(&self.emails).cloned();
            self.names = shown.chain(phones).collect();
        }
        self
    }
}

/// What a plan looks at, from one pass over the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    /// The person reduced to the mapping.
    pub record: Record,
    /// What to match the person by.
    pub evidence: Evidence,
}

/// What a person is looked up by, whatever the mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// The groups the person is in.
    pub memberships: Vec<String>,
    /// What to match the person by.
    pub evidence: Evidence,
    /// Our own marks.
    pub marks: Vec<Mark>,
}

/// The ways to write a full name, without repeats, the one that people read first: with the family name
/// in front where it is written in Japanese or Chinese characters, else as displayed; then given name
/// first, with the middle name, family name first.
pub(crate) fn full_names(
    display: Option<&str>,
    given: Option<&str>,
    middle: Option<&str>,
    family: Option<&str>,
) -> Vec<String> {
    let join = |parts: &[Option<&str>]| {
        let parts: Vec<&str> =
            parts.iter().filter_map(|p| p.map(str::trim).filter(|p| !p.is_empty())).collect();
        parts.join(" ")
    };
    let mut all = Vec::new();
    let family_first = family.is_some_and(|family| family.chars().any(is_cjk))
        && given.is_some_and(|given| !given.trim().is_empty());
    for name in [
        if family_first { join(&[family, given]) } else { String::new() },
        join(&[display]),
        join(&[given, family]),
        join(&[given, middle, family]),
        join(&[family, given]),
    ] {
        if !name.is_empty() && !all.contains(&name) {
            all.push(name);
        }
    }
    all
}
