//! One made-up person, before it is written down as Google or Zoho would have it.

use super::names::{
    COMPANIES, DEPARTMENTS_JA, DEPARTMENTS_WEST, FAMILY_JA, FAMILY_WEST, GIVEN_JA, GIVEN_WEST,
    PLACES_JA, PLACES_WEST, TITLES_JA, TITLES_WEST,
};
use crate::random::Random;

/// Street, city, state, postal code, country.
pub(crate) type StreetAddress = (String, String, String, String, String);

/// A made-up person. The same number always gives the same person.
#[derive(Debug, Clone, Default)]
pub(crate) struct Card {
    pub(crate) number: usize,
    pub(crate) japanese: bool,
    pub(crate) family: String,
    pub(crate) given: String,
    pub(crate) family_kana: String,
    pub(crate) given_kana: String,
    pub(crate) email: String,
    pub(crate) home_email: String,
    pub(crate) phone: String,
    pub(crate) mobile: String,
    pub(crate) home_phone: String,
    pub(crate) fax: String,
    pub(crate) company: String,
    pub(crate) title: String,
    pub(crate) department: String,
    pub(crate) work: Option<StreetAddress>,
    pub(crate) home: Option<StreetAddress>,
    /// Year, month, day; a year is missing with some.
    pub(crate) birthday: Option<(Option<i64>, i64, i64)>,
    pub(crate) note: String,
    pub(crate) loyalty: String,
    pub(crate) rank: String,
}

fn at<T: Clone>(list: &[T], index: usize) -> Option<T> {
    list.get(index.checked_rem(list.len())?).cloned()
}

fn place(list: &[(&str, &str, &str, &str, &str)], index: usize) -> Option<StreetAddress> {
    let own = |t: &str| t.to_owned();
    at(list, index).map(|(a, b, c, d, e)| (own(a), own(b), own(c), own(d), own(e)))
}

/// The person of that number.
pub(crate) fn card(number: usize, seed: u64) -> Card {
    let mut random = Random::new(seed ^ (u64::try_from(number).unwrap_or(0) << 20));
    let japanese = !number.is_multiple_of(3);
    let company = at(&COMPANIES, if japanese { random.below(20) } else { 20 + random.below(20) })
        .unwrap_or_default();
    let mut out = Card { number, japanese, company: company.0.to_owned(), ..Card::default() };
    let romaji;
    if japanese {
        let family = at(&FAMILY_JA, number).unwrap_or_default();
        let given = at(&GIVEN_JA, number / FAMILY_JA.len() + number * 5).unwrap_or_default();
        (out.family, out.family_kana) = (family.0.to_owned(), family.1.to_owned());
        (out.given, out.given_kana) = (given.0.to_owned(), given.1.to_owned());
        romaji = format!("{}.{}", given.2, family.2);
    } else {
        out.family = at(&FAMILY_WEST, number).unwrap_or_default().to_owned();
        out.given =
            at(&GIVEN_WEST, number / FAMILY_WEST.len() + number * 5).unwrap_or_default().to_owned();
        let letters = |t: &str| {
            t.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_lowercase()
        };
        romaji = format!("{}.{}", letters(&out.given), letters(&out.family));
    }
    out.email = format!("{romaji}{number}@{}", company.1);
    let digits = |random: &mut Random, n: usize| {
        (0..n)
            .map(|_| char::from(b'0' + u8::try_from(random.below(10)).unwrap_or(0)))
            .collect::<String>()
    };
    let (four, last) = (digits(&mut random, 4), digits(&mut random, 4));
    if japanese {
        out.phone = format!("03-{four}-{last}");
        out.mobile = format!("090-{last}-{}", digits(&mut random, 4));
    } else {
        out.phone = format!("+1 503-555-{last}");
        out.mobile = format!("+1 (971) 555-{}", digits(&mut random, 4));
    }
    if random.chance(0.3) {
        out.home_email = format!("{romaji}.{number}@home.example");
    }
    if random.chance(0.25) {
        out.home_phone = if japanese {
            format!("045-{}-{last}", digits(&mut random, 3))
        } else {
            format!("+1 541-555-{}", digits(&mut random, 4))
        };
    }
    if random.chance(0.2) {
        out.fax = if japanese {
            format!("03-{four}-{}", digits(&mut random, 4))
        } else {
            format!("+1 503-555-{}", digits(&mut random, 4))
        };
    }
    let titles = if japanese { &TITLES_JA } else { &TITLES_WEST };
    out.title = at(titles, random.below(8)).unwrap_or_default().to_owned();
    if random.chance(0.6) {
        let departments = if japanese { &DEPARTMENTS_JA } else { &DEPARTMENTS_WEST };
        out.department = at(departments, random.below(5)).unwrap_or_default().to_owned();
    }
    let places = if japanese { &PLACES_JA } else { &PLACES_WEST };
    out.work = place(places, random.below(12));
    if random.chance(0.2) {
        out.home = place(places, random.below(12));
    }
    if random.chance(0.35) {
        let year = i64::try_from(1950 + random.below(55)).unwrap_or(1980);
        let with_year = random.chance(0.7);
        let month = i64::try_from(1 + random.below(12)).unwrap_or(1);
        let day = i64::try_from(1 + random.below(28)).unwrap_or(1);
        out.birthday = Some((with_year.then_some(year), month, day));
    }
    if random.chance(0.3) {
        out.note = if japanese {
            format!("展示会で名刺交換。\n次回訪問は来月。\n担当: 営業{}課", 1 + number % 4)
        } else {
            format!("Met at the spring fair.\nPrefers e-mail.\n\nBooth {}", 10 + number % 40)
        };
    }
    if random.chance(0.5) {
        out.loyalty = format!("L-{:05}", 10_000 + number);
    }
    out.rank = at(&["VIP", "Gold", "Silver", "Standard", "Standard"], random.below(5))
        .unwrap_or_default()
        .to_owned();
    out
}
