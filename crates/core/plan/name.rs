//! What a contact is called.

use crate::contact::Card;
use crate::field::is_cjk;
use crate::mapping::{Group, Mapping};

/// A contact's name as a person reads it: family name first where it is written in Japanese or
/// Chinese characters; else the organisation, an e-mail or a phone number.
#[must_use]
pub fn name(mapping: &Mapping, card: &Card) -> String {
    let part = |group: Group, label: &str, part: &str| {
        mapping.by_google(group, label, part).and_then(|rule| card.get(rule))
    };
    let given = part(Group::Names, "", "givenName");
    let family = part(Group::Names, "", "familyName");
    let full = match (family, given) {
        (Some(family), Some(given)) if family.chars().any(is_cjk) => format!("{family} {given}"),
        (Some(family), Some(given)) => format!("{given} {family}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => String::new(),
    };
    if !full.is_empty() {
        return full;
    }
    let first = |group: Group| {
        let rules = mapping.rules().iter().enumerate();
        rules.filter(|(_, spec)| spec.google.group == group).find_map(|(rule, _)| card.get(rule))
    };
    part(Group::Organizations, "", "name")
        .or_else(|| first(Group::EmailAddresses))
        .or_else(|| first(Group::PhoneNumbers))
        .unwrap_or_default()
        .to_owned()
}
