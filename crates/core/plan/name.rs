//! What a contact is called, and what tells it apart from others of its name.

use crate::contact::Card;
use crate::field::is_cjk;
use crate::mapping::{Group, Mapping, Rule};

use super::fitted::stands_in;

/// A contact's name as a person reads it: family name first where it is written in Japanese or
/// Chinese characters; else the organisation, an e-mail or a phone number. What only stands in for a name
/// that nobody gave names nobody.
#[must_use]
pub fn name(mapping: &Mapping, card: &Card) -> String {
    let said =
        |(rule, spec): (usize, &Rule)| card.get(rule).filter(|value| !stands_in(spec, Some(value)));
    let part = |group: Group, label: &str, part: &str| {
        let rule = mapping.by_google(group, label, part)?;
        said((rule, mapping.rules().get(rule)?))
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
        rules.filter(|(_, spec)| spec.google.group == group).find_map(said)
    };
    part(Group::Organizations, "", "name")
        .or_else(|| first(Group::EmailAddresses))
        .or_else(|| first(Group::PhoneNumbers))
        .unwrap_or_default()
        .to_owned()
}

/// What tells a contact apart from others of its name: the first e-mail address, the company and the first
/// phone number that it has. What is its name already tells nothing.
#[must_use]
pub fn details(mapping: &Mapping, card: &Card) -> Vec<String> {
    let called = name(mapping, card);
    let first = |group: Group, part: &str| {
        let rules = mapping.rules().iter().enumerate();
        rules
            .filter(|(_, spec)| spec.google.group == group && spec.google.part == part)
            .find_map(|(rule, spec)| card.get(rule).filter(|value| !stands_in(spec, Some(value))))
    };
    let telling = [
        (Group::EmailAddresses, "value"),
        (Group::Organizations, "name"),
        (Group::PhoneNumbers, "value"),
    ];
    let values = telling.into_iter().filter_map(|(group, part)| first(group, part));
    values.filter(|value| *value != called).map(str::to_owned).collect()
}
