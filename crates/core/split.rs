//! A name is one thing, and so is an address: in how many parts it was typed and in which order makes
//! no other one of it.

use std::collections::BTreeSet;

use crate::field::{fold, is_cjk, plain_width};
use crate::mapping::Group;

/// Parts of a whole in the orders in which people write them.
pub(crate) type Orders = &'static [&'static [&'static str]];

const NAME: Orders = &[
    &["givenName", "middleName", "familyName"],
    &["familyName", "givenName", "middleName"],
    &["familyName", "middleName", "givenName"],
];
const READING: Orders =
    &[&["phoneticGivenName", "phoneticFamilyName"], &["phoneticFamilyName", "phoneticGivenName"]];
const ADDRESS: Orders = &[
    &["streetAddress", "extendedAddress", "city", "region", "postalCode", "country"],
    &["streetAddress", "extendedAddress", "postalCode", "city", "region", "country"],
    &["extendedAddress", "streetAddress", "city", "region", "postalCode", "country"],
    &["country", "postalCode", "region", "city", "streetAddress", "extendedAddress"],
    &["postalCode", "region", "city", "streetAddress", "extendedAddress", "country"],
];

/// The wholes that one entry of a field holds.
pub(crate) fn wholes(group: Group) -> &'static [Orders] {
    match group {
        Group::Names => &[NAME, READING],
        Group::Addresses => &[ADDRESS],
        Group::Nicknames
        | Group::EmailAddresses
        | Group::PhoneNumbers
        | Group::Organizations
        | Group::Birthdays
        | Group::Urls
        | Group::Biographies
        | Group::UserDefined => &[],
    }
}

/// The ways to write a whole out that has these parts; none where it is empty. Two wholes are the same
/// where they have one of them in common.
pub(crate) fn forms<'a>(
    orders: Orders,
    part: impl Fn(&str) -> Option<&'a str>,
) -> BTreeSet<String> {
    let forms = orders.iter().map(|order| {
        let parts: Vec<&str> = order.iter().filter_map(|name| part(name)).collect();
        written_out(&parts.join(" "))
    });
    forms.filter(|form| !form.is_empty()).collect()
}

/// Whether two wholes are written out alike but for case and script of kana.
pub(crate) fn reads_alike(a: &BTreeSet<String>, b: &BTreeSet<String>) -> bool {
    a.iter().any(|a| b.iter().any(|b| fold(a) == fold(b)))
}

/// Whether a whole that is written out like this says every word of another one, and more. Words in
/// Japanese and Chinese characters stand without spaces: there a name begins or ends with the other.
pub(crate) fn holds_all_of(full: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    let holds = |full: &str, other: &str| {
        let mut words: Vec<&str> = full.split(' ').collect();
        let all = other.split(' ').all(|word| {
            let found = words.iter().position(|one| *one == word);
            found.map(|at| words.remove(at)).is_some()
        });
        let joined = other.chars().all(is_cjk) && !other.is_empty();
        full != other && (all || (joined && (full.starts_with(other) || full.ends_with(other))))
    };
    full.iter().any(|full| other.iter().any(|other| holds(&fold(full), &fold(other))))
}

/// Whether two wholes are one of which each side left parts out: no part says something else, and
/// one of them has nothing that the other lacks, or they are the same in more than one part. `parts`
/// tells of each which of the two have it, and whether they say the same.
pub(crate) fn complete_each_other(parts: impl Iterator<Item = ([bool; 2], bool)>) -> bool {
    let (mut same, mut only) = (0, [0, 0]);
    for (there, equal) in parts {
        match there {
            [true, true] if equal => same += 1,
            [true, true] => return false,
            [true, false] => only[0] += 1,
            [false, true] => only[1] += 1,
            [false, false] => {}
        }
    }
    same > 1 || (same == 1 && only.contains(&0))
}

/// A text in one width, its words apart by single spaces: neither spaces beside Japanese and Chinese
/// characters nor marks between words tell where it was split.
fn written_out(text: &str) -> String {
    let mut out = String::new();
    let plain = plain_width(text);
    for word in plain.split(|c: char| c.is_whitespace() || matches!(c, ',' | '、' | ';')) {
        let joined = out.chars().next_back().is_some_and(is_cjk) || word.starts_with(is_cjk);
        if !out.is_empty() && !joined && !word.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}
