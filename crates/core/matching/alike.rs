//! Whether one contact may be another one that is known already, on whichever sides the two are.

use super::{Evidence, Reason, phone_keys, share};
use crate::contact::{Record, Side};
use crate::field::phone_key;
use crate::mapping::Mapping;

/// The one value that both have and that told they are one person, as Zoho's contact has it.
pub(crate) fn shared<'a>(by: Reason, zoho: &'a Evidence, google: &Evidence) -> Option<&'a str> {
    let value = match by {
        Reason::Email => zoho.keys.iter().find(|key| google.keys.contains(key)),
        Reason::NameAndEmail | Reason::SharedEmail => {
            zoho.emails.iter().find(|email| google.emails.contains(email))
        }
        Reason::NameAndPhone => {
            let known = phone_keys(google);
            let region = zoho.region.as_deref();
            zoho.phones.iter().find(|phone| known.contains(&phone_key(phone, region)))
        }
        Reason::Mark
        | Reason::NameOnly
        | Reason::Namesakes
        | Reason::WholeCard
        | Reason::UniqueField
        | Reason::Decided => None,
    };
    value.map(String::as_str)
}

/// A contact beside another one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Likely<'a> {
    /// Its side.
    pub(crate) side: Side,
    /// The contact.
    pub(crate) record: &'a Record,
    /// What it can be recognised by.
    pub(crate) evidence: &'a Evidence,
}

impl Likely<'_> {
    /// What it says in everything that is mapped, where it says anything.
    fn card(&self, mapping: &Mapping) -> Option<Vec<String>> {
        let card = mapping.card_key(self.side, &self.record.card);
        card.iter().any(|value| !value.is_empty()).then_some(card)
    }

    /// Whether it has neither address nor number.
    fn is_bare(&self) -> bool {
        self.evidence.emails.is_empty() && self.evidence.phones.is_empty()
    }

    /// Whether it has neither name nor address.
    fn is_untold(&self) -> bool {
        self.evidence.nameless && self.evidence.emails.is_empty()
    }

    /// The Zoho records that it is, or that our marks on it name.
    fn records(&self) -> impl Iterator<Item = &String> {
        let own = (self.side == Side::Zoho).then_some(&self.record.id);
        own.into_iter().chain(&self.evidence.marks)
    }

    /// Under what it is found: whoever may be it has one of these too.
    pub(crate) fn traces(&self, mapping: &Mapping) -> Vec<(&'static str, Vec<String>)> {
        let one = |kind, value: &String| (kind, vec![value.clone()]);
        let names = self.evidence.names.iter().map(|name| one("name", name));
        let emails = self.evidence.emails.iter().map(|email| one("email", email));
        let records = self.records().map(|id| one("record", id));
        let untold = self.card(mapping).filter(|_| self.is_untold());
        names.chain(emails).chain(records).chain(untold.map(|card| ("card", card))).collect()
    }
}

/// What tells that two contacts may be one person, and whether it tells for certain: as contacts of both
/// sides are recognised, so is somebody who comes later.
pub(crate) fn alike(mapping: &Mapping, a: Likely<'_>, b: Likely<'_>) -> Option<(Reason, bool)> {
    let (one, other) = (a.evidence, b.evidence);
    if a.records().any(|id| b.records().any(|of| id == of)) {
        return Some((Reason::Mark, true));
    }
    let named = !one.nameless && !other.nameless;
    let namesakes = share(&one.names, &other.names);
    if share(&one.emails, &other.emails) {
        return Some(match namesakes || !named {
            true if share(&one.keys, &other.keys) => (Reason::Email, true),
            true => (Reason::NameAndEmail, true),
            false => (Reason::SharedEmail, false),
        });
    }
    let same = || a.card(mapping).is_some_and(|card| b.card(mapping) == Some(card));
    if !named || !namesakes {
        let untold = a.is_untold() && b.is_untold();
        return (untold && same()).then_some((Reason::WholeCard, true));
    }
    if !phone_keys(one).is_disjoint(&phone_keys(other)) {
        // Two addresses that differ speak against it.
        let sure = one.emails.is_empty() || other.emails.is_empty();
        return Some((Reason::NameAndPhone, sure));
    }
    let tells = a.is_bare() || b.is_bare();
    tells.then(|| if same() { (Reason::WholeCard, true) } else { (Reason::NameOnly, false) })
}
