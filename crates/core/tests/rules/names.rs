//! What a name is to the promises: one thing, said anew as simply as can be.

use renraku_core::contact::{Card, Pair, Side};
use renraku_core::mapping::{Group, Mapping};
use renraku_core::plan::{Linked, details};

use crate::worlds::{EMAIL, FAMILY, GIVEN, PHONE, mapping};

/// The whole name, family first and given first; none where nobody gave one.
fn names(side: Side, card: &Card) -> Option<[String; 2]> {
    let family = card.get(FAMILY).filter(|name| side == Side::Google || *name != "-");
    let parts = [family, card.get(GIVEN)].map(Option::unwrap_or_default);
    let [family, given] = parts;
    let whole = [format!("{family}{given}"), format!("{given}{family}")];
    Some(whole).filter(|[whole, _]| !whole.is_empty())
}

/// Whether both sides named somebody, so that the names are compared as wholes: two that were never
/// settled and both have one, or two of which both changed it. And then whether it is the same.
pub(crate) fn names_meet(pair: &Linked, zoho: &Card, google: &Card) -> Option<bool> {
    let base = |side: Side| [FAMILY, GIVEN].into_iter().find_map(|rule| pair.base[side].get(rule));
    let settled = Side::BOTH.into_iter().any(|side| base(side).is_some());
    let (z, g) = (names(Side::Zoho, zoho), names(Side::Google, google));
    let meet = match settled {
        true => both_changed(pair, zoho, google),
        false => z.is_some() && g.is_some(),
    };
    meet.then(|| {
        z.zip(g).is_some_and(|(zoho, google)| zoho.iter().any(|name| google.contains(name)))
    })
}

/// Whether each side changed the name in a way of its own, and they did not merely add to it.
fn both_changed(pair: &Linked, zoho: &Card, google: &Card) -> bool {
    let now = Pair { zoho, google };
    let said = |side: Side, card: &Card, rule: usize| {
        let stands_in = |name: &str| side == Side::Zoho && name == "-";
        card.get(rule).filter(|name| !stands_in(name)).map(str::to_owned)
    };
    let is = |rule: usize| Pair::of(|side| said(side, now[side], rule));
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
        sides.len() < 2 && sides.iter().all(|s| said(*s, &pair.base[*s], *rule).is_none())
    });
    let stands = same.iter().any(|rule| google.get(*rule).is_some());
    own(Side::Zoho) && own(Side::Google) && !(adds && stands)
}

/// Whether only a default stands in Zoho for a name that Google knows, and the two were never settled.
pub(crate) fn stands_in(pair: &Linked, zoho: &Card, google: &Card) -> bool {
    let base = |rule: &usize| Side::BOTH.iter().any(|side| pair.base[*side].get(*rule).is_some());
    ![FAMILY, GIVEN].iter().any(base)
        && zoho.get(FAMILY).is_some()
        && names(Side::Zoho, zoho).is_none()
        && names(Side::Google, google).is_some()
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
