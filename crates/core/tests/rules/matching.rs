//! Who is one person: pairs that must and must not match.

use renraku_core::contact::{Pair, Record};
use renraku_core::decision::{Decisions, duplicate_key, match_key};
use renraku_core::field::{email_key, fold};
use renraku_core::matching::{Asked, Entry, Evidence, Matched, Reason, Ways, pair_up};

use crate::table::{cases, check, expect};
use crate::worlds::{FAMILY, NOTE, PHONE, card, mapping, record};

/// A contact written as `name; e-mail, e-mail; phone, phone; mark; note`.
fn read(id: &str, text: &str) -> (Record, Evidence) {
    let parts: Vec<&str> = text.split(';').map(str::trim).collect();
    let list = |index: usize| -> Vec<String> {
        let part = parts.get(index).copied().unwrap_or_default();
        part.split(',').map(|v| v.trim().to_owned()).filter(|v| !v.is_empty()).collect()
    };
    let name = parts.first().copied().unwrap_or_default();
    let mut names: Vec<String> = vec![fold(name)];
    if let Some((one, other)) = name.split_once(' ') {
        names.push(fold(&format!("{other} {one}")));
    }
    names.retain(|name| !name.is_empty());
    let emails: Vec<String> = list(1).iter().map(|e| email_key(e)).collect();
    let evidence = Evidence {
        keys: emails.iter().filter(|e| !e.starts_with("home:")).cloned().collect(),
        emails: emails.iter().map(|e| e.trim_start_matches("home:").to_owned()).collect(),
        nameless: names.is_empty(),
        names,
        phones: list(2),
        marks: list(3),
        region: Some("JP".to_owned()),
    };
    let family = name.split_whitespace().last().unwrap_or_default();
    let mut said = card(&[(FAMILY, family), (NOTE, parts.get(4).copied().unwrap_or_default())]);
    said.set(PHONE, evidence.phones.first().map(String::as_str));
    (record(id, said), evidence)
}

fn pair(
    zoho: &[(Record, Evidence)],
    google: &[(Record, Evidence)],
    by_phone: bool,
    decisions: &Decisions,
    asked: &Asked,
) -> Matched {
    pair_where(zoho, google, (by_phone, false), decisions, asked)
}

/// As [`pair`], where a database may have been lost.
fn pair_where(
    zoho: &[(Record, Evidence)],
    google: &[(Record, Evidence)],
    (by_phone, lost): (bool, bool),
    decisions: &Decisions,
    asked: &Asked,
) -> Matched {
    let entries = |list: &'_ [(Record, Evidence)]| -> Vec<(Record, Evidence)> { list.to_vec() };
    let (zoho, google) = (entries(zoho), entries(google));
    let lists = Pair {
        zoho: zoho
            .iter()
            .map(|(record, evidence)| Entry { record, evidence, twin: false, bereft: None })
            .collect(),
        google: google
            .iter()
            .map(|(record, evidence)| Entry { record, evidence, twin: false, bereft: None })
            .collect(),
    };
    let mapping = mapping();
    let ways = Ways {
        mapping: &mapping,
        by_name_and_phone: by_phone,
        by_card: true,
        lost,
        decisions,
        asked,
    };
    pair_up(&lists, ways)
}

fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Mark => "mark",
        Reason::Email => "e-mail",
        Reason::NameAndPhone => "name and phone",
        Reason::NameAndEmail => "name and e-mail",
        Reason::SharedEmail => "e-mail of another name",
        Reason::NameOnly => "name",
        Reason::Namesakes => "name of several",
        Reason::WholeCard => "whole card",
        Reason::UniqueField => "unique field",
        Reason::Decided => "decided",
    }
}

#[test]
fn two_contacts() {
    check(include_str!("tables/two.txt"), 3, |cells| {
        let (zoho, google) = (read("z1", &cells[0]), read("people/1", &cells[1]));
        let out = pair(&[zoho], &[google], true, &Decisions::new(), &Asked::default());
        let found = match (out.matches.first(), out.doubtful.first()) {
            (Some((_, _, by)), None) => reason(*by).to_owned(),
            (None, Some((_, _, by))) => format!("doubt by {}", reason(*by)),
            (None, None) => "two people".to_owned(),
            (Some(_), Some(_)) => "both".to_owned(),
        };
        assert!(out.duplicates.is_empty(), "two contacts are no duplicates");
        expect(&cells[2], &found)
    });
}

/// Several contacts a side, between `/`; what is expected is a list such as
/// `1-2 e-mail, 2?1 name, z2 twin`.
#[test]
fn several_contacts() {
    for case in cases(include_str!("tables/several.txt"), 4) {
        let read_all = |text: &str, of: &str| -> Vec<(Record, Evidence)> {
            let parts = text.split('/').map(str::trim).filter(|t| !t.is_empty());
            parts.enumerate().map(|(i, t)| read(&format!("{of}{}", i + 1), t)).collect()
        };
        let (zoho, google) = (read_all(&case.cells[0], "z"), read_all(&case.cells[1], "g"));
        let (mut decisions, mut asked) = (Decisions::new(), Asked::default());
        for word in case.cells[2].split(',').map(str::trim).filter(|w| !w.is_empty()) {
            if let Some((z, g)) = word.split_once('?') {
                asked.open.insert((z.to_owned(), g.to_owned()), Reason::NameOnly);
                continue;
            }
            let (key, choice) = word.split_once('=').expect("key=choice");
            let key = match key.split_once('-') {
                Some((z, g)) => match_key(z, g),
                None => duplicate_key(renraku_core::contact::Side::Zoho, key),
            };
            decisions.insert(key, choice.to_owned());
        }
        let told = |zoho: &[(Record, Evidence)], google: &[(Record, Evidence)]| {
            let out = pair(zoho, google, true, &decisions, &asked);
            let id = |side: &[(Record, Evidence)], i: usize| side[i].0.id[1..].to_owned();
            let mut all: Vec<String> = Vec::new();
            for (z, g, by) in &out.matches {
                all.push(format!("{}-{} {}", id(zoho, *z), id(google, *g), reason(*by)));
            }
            for (z, g, by) in &out.doubtful {
                all.push(format!("{}?{} {}", id(zoho, *z), id(google, *g), reason(*by)));
            }
            for (side, i) in &out.duplicates {
                let list = if side.name() == "zoho" { zoho } else { google };
                all.push(format!("{} twin", list[*i].0.id));
            }
            all.sort();
            all.join(", ")
        };
        let found = told(&zoho, &google);
        assert_eq!(found, case.cells[3], "line {}: {}", case.line, case.sentence);
        let (mut back_z, mut back_g) = (zoho, google);
        back_z.reverse();
        back_g.reverse();
        assert_eq!(told(&back_z, &back_g), found, "line {}: the order counts", case.line);
    }
}

#[test]
fn without_the_option_name_and_phone_ask() {
    let zoho = read("z1", "山田 太郎; ; 03-1234-5678");
    let google = read("people/1", "山田太郎; t@x.jp; 03-1234-5678");
    let out = pair(&[zoho], &[google], false, &Decisions::new(), &Asked::default());
    let asked = Matched { doubtful: vec![(0, 0, Reason::NameAndPhone)], ..Matched::default() };
    assert_eq!(out, asked, "they are neither linked nor made twice");
}

#[test]
fn six_hundred_namesakes_a_side_are_six_hundred_questions() {
    for (zoho, google) in [(600, 600), (600, 599), (1, 600)] {
        let all = |of: &str, many: usize| -> Vec<(Record, Evidence)> {
            (0..many).map(|number| read(&format!("{of}{number}"), "John Smith")).collect()
        };
        let out =
            pair(&all("z", zoho), &all("g", google), true, &Decisions::new(), &Asked::default());
        assert!(out.matches.is_empty(), "nobody is linked by a name alone");
        assert_eq!(out.doubtful.len(), zoho.min(google), "each is asked about once");
        assert_eq!(out.duplicates.len(), zoho.abs_diff(google), "and who is left is shown");
    }
}

#[test]
fn after_a_lost_database_the_whole_card_tells_before_the_name_is_doubted() {
    let check =
        |zoho: &[&str], google: &[&str], by_phone: bool, expected: [usize; 2], why: &str| {
            let read_all = |all: &[&str], of: &str| -> Vec<(Record, Evidence)> {
                all.iter().enumerate().map(|(i, text)| read(&format!("{of}{i}"), text)).collect()
            };
            let (zoho, google) = (read_all(zoho, "z"), read_all(google, "g"));
            let (decisions, asked) = (Decisions::new(), Asked::default());
            let out = pair_where(&zoho, &google, (by_phone, true), &decisions, &asked);
            assert_eq!([out.matches.len(), out.doubtful.len()], expected, "{why}: {out:?}");
            let whole = |(_, _, by): &(usize, usize, Reason)| *by == Reason::WholeCard;
            assert!(out.matches.iter().all(whole), "{why}: {out:?}");
        };
    check(&["Ada"], &["Ada"], true, [1, 0], "a name alone");
    check(&["Ada", "Ada"], &["Ada", "Ada"], true, [2, 0], "as many on one side as on the other");
    check(&["Ada", "Ada"], &["Ada"], true, [0, 1], "not as many: one is asked about");
    check(&["Ada; ; ; ; a"], &["Ada; ; ; ; b"], true, [0, 1], "another note: the person decides");
    let phone = "Ada; ; 03-1234-5678";
    check(&[phone], &[phone], false, [1, 0], "without name and phone it is the whole card too");
    check(&[phone, phone], &[phone, phone], true, [2, 0], "a number that is not unique");
    let mail = "Ada; home:a@b.c";
    let out = pair_where(
        &[read("z1", "Ada")],
        &[read("g1", mail)],
        (true, true),
        &Decisions::new(),
        &Asked::default(),
    );
    assert!(out.matches.is_empty(), "who has an address is told by that: {out:?}");
}
