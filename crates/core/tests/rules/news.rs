//! What Zoho's fields are now, against what they were at the set-up.

use std::collections::BTreeMap;

use renraku_core::compile::Rest;
use renraku_core::compile::{Compiled, FieldFacts, compile};
use renraku_core::contact::Module;
use renraku_core::setup::{Direction, MappingChoice, MappingRow, Setup};

/// A field of this name; `options` are ids, what each was called at first, and what it is called.
fn field(api_name: &str, data_type: &str, options: &[(&str, &str, &str)]) -> FieldFacts {
    FieldFacts {
        api_name: api_name.to_owned(),
        label: api_name.to_owned(),
        data_type: data_type.to_owned(),
        length: Some(100),
        mandatory: false,
        writable: true,
        choices: options.iter().map(|(_, a, d)| ((*a).to_owned(), (*d).to_owned())).collect(),
        options: (options.iter().filter(|(id, ..)| !id.is_empty()))
            .map(|(id, _, name)| ((*id).to_owned(), (*name).to_owned()))
            .collect(),
        lookup: None,
    }
}

fn rank(options: &[(&str, &str, &str)]) -> FieldFacts {
    field("Rank", "picklist", options)
}

fn rules(fields: &[FieldFacts]) -> Compiled {
    let row = |(zoho, google): (&str, &str)| MappingRow {
        zoho: zoho.to_owned(),
        google: google.to_owned(),
    };
    let mut setup = Setup::new(Module::Contacts);
    setup.mapping = MappingChoice::Rows(
        [("Title", "organizations.title"), ("Rank", "userDefined[Rank]")].map(row).to_vec(),
    );
    compile(&setup, fields, None).expect("it fits")
}

#[test]
fn a_row_is_at_rest_as_long_as_its_field_cannot_take_part() {
    let title = || field("Title", "text", &[]);
    let rules = rules(&[title(), rank(&[])]);
    for (now, rest) in [
        (vec![], Some(Rest::Unseen)),
        (vec![title()], None),
        (vec![field("Title", "date", &[])], Some(Rest::OtherType)),
        (vec![field("Title", "textarea", &[])], None),
        (vec![FieldFacts { writable: false, ..title() }], Some(Rest::ReadOnly)),
        (vec![FieldFacts { length: Some(5), mandatory: true, ..title() }], None),
    ] {
        let fields: Vec<FieldFacts> = now.iter().cloned().chain([rank(&[])]).collect();
        let news = rules.now(&fields, Direction::TwoWay);
        for reason in [Rest::Unseen, Rest::OtherType, Rest::ReadOnly] {
            let found: Vec<&str> = news.rules.resting_as(reason).collect();
            let expected: &[&str] = if rest == Some(reason) { &["Title"] } else { &[] };
            assert_eq!(found, expected, "{reason:?} of {now:?}");
        }
        assert_eq!(news.rules.resting().count(), usize::from(rest.is_some()), "{now:?}");
        let mapping = news.rules.mapping(Module::Contacts);
        let rule = mapping.rules().first().expect("the title");
        assert_eq!(rule.zoho_writable, rest != Some(Rest::ReadOnly), "{now:?}");
        if let ([now], None) = (now.as_slice(), rest) {
            assert_eq!((rule.zoho_length, rule.required), (now.length, now.mandatory), "{now:?}");
        }
        // Once it is as it was, so are the rules.
        assert_eq!(
            news.rules.now(&[title(), rank(&[])], Direction::TwoWay).rules,
            rules,
            "{now:?}"
        );
    }
}

fn rules_of_open() -> Compiled {
    rules(&[field("Title", "text", &[]), rank(&[])])
}

#[test]
fn what_took_no_changes_at_the_set_up_stays_closed_and_is_no_news() {
    let closed = FieldFacts { writable: false, ..field("Title", "text", &[]) };
    let rules = rules(&[closed.clone(), rank(&[])]);
    let open = rules_of_open();
    let one_way = open.now(&[closed.clone(), rank(&[])], Direction::ZohoToGoogle);
    assert_eq!(one_way.rules, open, "nothing is written to Zoho");
    for writable in [false, true] {
        let news =
            rules.now(&[FieldFacts { writable, ..closed.clone() }, rank(&[])], Direction::TwoWay);
        assert_eq!(news.rules, rules, "writable now: {writable}");
    }
}

#[test]
fn options_are_known_by_their_ids_and_else_by_what_they_were_called_at_first() {
    let gold = [("1", "Gold", "Gold"), ("2", "Silver", "Silver")];
    for (before, now, renamed) in [
        (&gold[..], &gold[..], &[][..]),
        (
            &gold,
            &[("1", "Gold", "Silver"), ("2", "Silver", "Gold")],
            &[("Gold", "Silver"), ("Silver", "Gold")],
        ),
        // Whatever becomes of the actual value.
        (&gold, &[("1", "Golden", "Golden"), ("2", "Silver", "Silver")], &[("Gold", "Golden")]),
        // One goes, one comes, they change places.
        (&gold, &[("3", "VIP", "VIP"), ("2", "Silver", "Silver")], &[]),
        (&gold, &[("2", "Silver", "Silver"), ("1", "Gold", "Gold")], &[]),
        // No ids were kept, or none is told.
        (&[("", "Gold", "Gold")], &[("1", "Gold", "Golden")], &[("Gold", "Golden")]),
        // An answer without any option.
        (&gold, &[], &[]),
    ] {
        let title = || field("Title", "text", &[]);
        let news = rules(&[title(), rank(before)]).now(&[title(), rank(now)], Direction::TwoWay);
        let expected: BTreeMap<String, String> =
            renamed.iter().map(|(old, new)| ((*old).to_owned(), (*new).to_owned())).collect();
        let found = news.renamed.get("Rank").cloned().unwrap_or_default();
        assert_eq!(found, expected, "{before:?} to {now:?}");
        if !now.is_empty() {
            let saved = rules(&[title(), rank(now)]);
            let since = saved.renamed_since(&rules(&[title(), rank(before)]));
            assert_eq!(since.get("Rank").cloned().unwrap_or_default(), expected, "saved again");
        }
    }
}
