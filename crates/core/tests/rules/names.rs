//! What a name is to the promises: one thing, said anew as simply as can be.

use renraku_core::contact::{Card, Pair, Side};
use renraku_core::mapping::{Group, Mapping};
use renraku_core::plan::{Linked, details, name};

use crate::worlds::{EMAIL, FAMILY, GIVEN, PHONE, mapping};

/// How two names that are compared as wholes stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Names {
    /// They are one.
    Same,
    /// The winner's counts.
    Differ,
    /// This side says the other's name and more of it.
    Fuller(Side),
    /// The winner lacks a part that the loser has, and nobody took it away.
    Asked,
}

/// A part of a name; what stands in for one is none.
pub(crate) fn part(card: &Card, rule: usize) -> Option<&str> {
    card.get(rule).filter(|name| *name != "-")
}

/// The whole name, family first and given first; none where nobody gave one.
fn names(card: &Card) -> Option<[String; 2]> {
    let [family, given] = [FAMILY, GIVEN].map(|rule| part(card, rule).unwrap_or_default());
    let whole = [format!("{family}{given}"), format!("{given}{family}")];
    Some(whole).filter(|[whole, _]| !whole.is_empty())
}

/// How the names stand to each other where both sides named somebody, so that they are compared as
/// wholes: two that were never settled, or two of which both changed it.
pub(crate) fn names_meet(pair: &Linked, now: Pair<&Card>, winner: Side) -> Option<Names> {
    let base = |side: Side| [FAMILY, GIVEN].into_iter().find_map(|rule| pair.base[side].get(rule));
    let settled = Side::BOTH.into_iter().any(|side| base(side).is_some());
    let says_any = |side: Side| [FAMILY, GIVEN].iter().any(|r| now[side].get(*r).is_some());
    let whole = Pair::of(|side| names(now[side]));
    let lost = |rule: &usize| {
        part(now[winner], *rule).is_none()
            && part(&pair.base[winner], *rule).is_none()
            && part(now[winner.other()], *rule).is_some()
    };
    let differ = if [FAMILY, GIVEN].iter().any(lost) { Names::Asked } else { Names::Differ };
    let meets = if settled { both_changed(pair, now.zoho, now.google) } else { !fills(now) };
    let equal =
        whole.zoho.iter().flatten().any(|name| whole.google.iter().flatten().any(|g| g == name));
    match (&whole.zoho, &whole.google) {
        (Some(_), Some(_)) | (None, _) | (_, None) if settled => {
            meets.then_some(if equal { Names::Same } else { differ })
        }
        (Some(_), Some(_)) if equal => Some(Names::Same),
        (Some(_), Some(_)) if !meets => None,
        (Some(_), Some(_)) => Some(fuller(now).map_or(differ, Names::Fuller)),
        (None, Some(_)) => says_any(Side::Zoho).then_some(Names::Fuller(Side::Google)),
        (Some(_), None) => says_any(Side::Google).then_some(Names::Fuller(Side::Zoho)),
        (None, None) => None,
    }
}

/// Whether two names have a part in common and otherwise only fill each other's empty ones.
fn fills(now: Pair<&Card>) -> bool {
    let both = [FAMILY, GIVEN].map(|rule| (part(now.zoho, rule), part(now.google, rule)));
    both.iter().any(|(z, g)| z.is_some() && z == g)
        && both.iter().all(|(z, g)| z == g || z.is_none() || g.is_none())
}

/// The side one part of whose name is all that the other one says.
fn fuller(now: Pair<&Card>) -> Option<Side> {
    let parts = |side: Side| [FAMILY, GIVEN].into_iter().filter_map(move |r| part(now[side], r));
    Side::BOTH.into_iter().find(|side| {
        let (mut full, mut other) = (parts(*side), parts(side.other()));
        let one = other.next();
        parts(*side).count() == 2 && other.next().is_none() && full.any(|name| Some(name) == one)
    })
}

/// Whether each side changed the name in a way of its own, and they did not merely add to it.
fn both_changed(pair: &Linked, zoho: &Card, google: &Card) -> bool {
    let now = Pair { zoho, google };
    let is = |rule: usize| Pair::of(|side| part(now[side], rule));
    let alike = |rule: &usize| {
        let Pair { zoho: z, google: g } = is(*rule);
        z == g || zoho.get(*rule) == google.get(*rule)
    };
    let (same, apart): (Vec<usize>, Vec<usize>) = [FAMILY, GIVEN].into_iter().partition(alike);
    let edited = |side: Side, rule: usize| pair.base[side].get(rule) != now[side].get(rule);
    let own = |side: Side| apart.iter().any(|rule| edited(side, *rule));
    // What stands there stays, and no two parts are added in one place.
    let adds = apart.iter().all(|rule| {
        let sides: Vec<Side> = Side::BOTH.into_iter().filter(|side| edited(*side, *rule)).collect();
        sides.len() < 2 && sides.iter().all(|s| part(&pair.base[*s], *rule).is_none())
    });
    let stands = same.iter().any(|rule| google.get(*rule).is_some());
    own(Side::Zoho) && own(Side::Google) && !(adds && stands)
}

#[test]
fn what_tells_a_contact_apart_is_its_address_its_company_and_its_number() {
    let mut rules = mapping().rules().to_vec();
    let company = rules.len();
    let mut more = rules.first().expect("a rule").clone();
    more.zoho = "Account_Name".to_owned();
    more.google.group = Group::Organizations;
    more.google.part = "name";
    rules.push(more);
    let mapping = Mapping::new(mapping().module, rules);
    let check = |values: &[(usize, &str)], told: &[&str], why: &str| {
        let mut known = Card::empty(company + 1);
        for (rule, value) in values {
            known.set(*rule, Some(value));
        }
        assert_eq!(details(&mapping, &known), told, "{why}");
    };
    let (email, phone) = ((EMAIL, "a@a.test"), (PHONE, "+1 212 555 0100"));
    let all = [phone, (company, "Acme"), email, (FAMILY, "Lovelace"), (GIVEN, "Ada")];
    check(&all, &["a@a.test", "Acme", "+1 212 555 0100"], "the address first, no name");
    check(&[(FAMILY, "Lovelace"), phone], &["+1 212 555 0100"], "what is there");
    check(&[(company, "Acme"), phone], &["+1 212 555 0100"], "a company that is the name");
    check(&[email], &[], "an address that is the name");
    check(&[], &[], "nothing is known");
}

#[test]
fn what_stands_in_for_a_name_names_nobody() {
    let mapping = mapping();
    let check = |values: &[(usize, &str)], called: &str, why: &str| {
        let mut known = Card::empty(mapping.rules().len());
        for (rule, value) in values {
            known.set(*rule, Some(value));
        }
        assert_eq!(name(&mapping, &known), called, "{why}");
    };
    check(&[(GIVEN, "Jan"), (FAMILY, "-")], "Jan", "the given name alone");
    check(&[(FAMILY, "-"), (EMAIL, "a@a.test")], "a@a.test", "whoever has no name at all");
    check(&[(GIVEN, "Jan"), (FAMILY, "Vries")], "Jan Vries", "a name that was given stays");
    check(&[(GIVEN, "花子"), (FAMILY, "斎藤")], "斎藤 花子", "the family name in front");
}
