//! What belongs together: a name is one thing, and so is an address. Two sides that split one
//! differently agree, and where they do not, no part of one side is put among the other's.

use std::collections::{BTreeMap, BTreeSet};

use crate::contact::{Card, Pair, Side};
use crate::field::{is_cjk, plain_width};
use crate::mapping::{Group, Mapping};
use crate::merge::{Verdict, doubtful, verdict};

use super::fields::stands_in;
use super::world::Rules;

/// Parts of a whole in the orders in which people write them.
type Orders = &'static [&'static [&'static str]];

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

/// One name or address: its rules by part, and the orders of the parts.
struct Whole {
    parts: Vec<(usize, &'static str)>,
    orders: Orders,
}

/// The verdict about the rules that are judged together: those of names and addresses that both sides
/// have and that were never settled, or settled in another split; with it the first rule of each
/// whole. All others are judged one by one. `doubted` tells whether the base may be older than what was
/// last settled, `winner` tells whose value counts where both say something
/// else.
pub(super) fn verdicts(
    rules: &Rules<'_>,
    known: impl Fn(usize) -> bool,
    base: Pair<&Card>,
    now: Pair<&Card>,
    doubted: bool,
    winner: impl Fn(usize, Pair<Option<&str>>) -> Option<Side>,
) -> BTreeMap<usize, (Verdict, usize)> {
    let mapping = rules.mapping;
    let mut verdicts = BTreeMap::new();
    for whole in wholes(mapping, known) {
        let all = || whole.parts.iter().map(|(rule, _)| *rule);
        let settled = all().any(|rule| Side::BOTH.iter().any(|s| base[*s].get(rule).is_some()));
        let forms = Pair::of(|side| whole.forms(mapping, side, now[side]));
        // A name that nobody gave, for which only a default stands, is no name: the other one counts.
        let stood_in = !settled
            && forms.zoho.is_none()
            && forms.google.is_some()
            && all().any(|rule| now.zoho.get(rule).is_some());
        let judged = match settled {
            // One that is empty is filled part by part.
            false => stood_in || (forms.zoho.is_some() && forms.google.is_some()),
            true => all().any(|rule| {
                let (zoho, google) = (base.zoho.get(rule), base.google.get(rule));
                let stands = |rule: usize| {
                    mapping.rules().get(rule).is_some_and(|spec| stands_in(spec, zoho))
                };
                !(mapping.same(rule, zoho, google) || google.is_none() && stands(rule))
            }),
        };
        if !judged {
            continue;
        }
        let changed = Pair::of(|side| match stood_in {
            true => side == Side::Google,
            false => {
                all().any(|rule| mapping.edited(rule, base[side].get(rule), now[side].get(rule)))
            }
        });
        let changed = if doubted { doubtful(changed) } else { changed };
        let equal = agree(&forms);
        let first = all().next().unwrap_or_default();
        let mut parts: Vec<usize> = all().collect();
        parts.sort_unstable();
        let says = Pair::of(|side| said(&parts, now[side]));
        let winner =
            winner(first, Pair { zoho: says.zoho.as_deref(), google: says.google.as_deref() });
        let verdict = verdict(changed, equal, rules.direction, winner);
        verdicts.extend(all().map(|rule| (rule, (verdict, first))));
    }
    verdicts
}

/// What a card says in these parts, as the person is asked about it.
pub(super) fn said(parts: &[usize], card: &Card) -> Option<String> {
    let parts: Vec<&str> = parts.iter().filter_map(|rule| card.get(*rule)).collect();
    Some(parts.join(" ")).filter(|text| !text.is_empty())
}

/// Whether two ways to write a whole out have one in common.
fn agree(forms: &Pair<Option<BTreeSet<String>>>) -> bool {
    match (&forms.zoho, &forms.google) {
        (Some(zoho), Some(google)) => !zoho.is_disjoint(google),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// The parts of names and addresses that are the same, be they split otherwise.
pub(super) fn alike(mapping: &Mapping, now: Pair<&Card>) -> BTreeSet<usize> {
    let wholes = wholes(mapping, |_| true).into_iter();
    let alike =
        wholes.filter(|whole| agree(&Pair::of(|side| whole.forms(mapping, side, now[side]))));
    alike.flat_map(|whole| whole.parts.into_iter().map(|(rule, _)| rule)).collect()
}

fn wholes(mapping: &Mapping, known: impl Fn(usize) -> bool) -> Vec<Whole> {
    let mut wholes = Vec::new();
    for slot in mapping.slots() {
        let kinds: &[Orders] = match slot.group {
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
        };
        for orders in kinds {
            let of = |part: &&str| orders.iter().any(|order| order.contains(part));
            let parts = slot.rules.iter().copied();
            let parts: Vec<_> = parts.filter(|(rule, part)| of(part) && known(*rule)).collect();
            if parts.len() > 1 {
                wholes.push(Whole { parts, orders });
            }
        }
    }
    wholes
}

impl Whole {
    /// The ways to write the whole out; none where it is empty.
    fn forms(&self, mapping: &Mapping, side: Side, card: &Card) -> Option<BTreeSet<String>> {
        let value = |part: &str| {
            let (rule, _) = self.parts.iter().find(|(_, name)| *name == part)?;
            let value = card.get(*rule)?;
            let spec = mapping.rules().get(*rule)?;
            // What stands in for a name that nobody gave is none.
            (side == Side::Google || !stands_in(spec, Some(value))).then_some(value)
        };
        let forms = self.orders.iter().map(|order| {
            let parts: Vec<&str> = order.iter().filter_map(|part| value(part)).collect();
            written_out(&parts.join(" "))
        });
        let forms: BTreeSet<String> = forms.filter(|form| !form.is_empty()).collect();
        Some(forms).filter(|forms| !forms.is_empty())
    }
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
