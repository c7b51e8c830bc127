//! Which entry a write edits, and what no rule reads.

use serde_json::{Value, json};

use super::wire::*;
use super::wire_tests::{card, changed, mapping, patch, person, shown};

#[test]
fn content_without_parts_is_content() {
    let mapping = mapping();
    let check = |fields: Value, expected: &[&str], why: &str| {
        let record = record(&person(fields), &mapping).expect(why);
        let unread = record.unread.iter().filter_map(|rule| mapping.rules().get(*rule));
        let unread: Vec<&str> = unread.map(|rule| rule.zoho.as_str()).collect();
        assert_eq!(unread, expected, "{why}");
        assert!(shown(&mapping, &record.card).is_empty(), "{why}");
    };
    let work =
        ["Mailing_Street", "Mailing_City", "Mailing_State", "Mailing_Zip", "Mailing_Country"];
    check(json!({}), &[], "nothing at all");
    check(
        json!({"addresses": [{"type": "work", "formattedValue": "2-1 Umeda\nOsaka"}]}),
        &work,
        "an address in one piece",
    );
    check(
        json!({"addresses": [{"type": "cabin", "formattedValue": "2-1 Umeda\nOsaka"}]}),
        &[],
        "at a place that is not mapped",
    );
    check(
        json!({"addresses": [{"type": "work", "poBox": "9", "formattedValue": "9"}]}),
        &[],
        "with a part, others can be added",
    );
    check(json!({"birthdays": [{"text": "spring"}]}), &["Date_of_Birth"], "a birthday in words");
    check(
        json!({"birthdays": [{"date": {"month": 5}}]}),
        &["Date_of_Birth"],
        "a birthday without its day",
    );
    check(
        json!({"names": [{"unstructuredName": "Mara Vell"}]}),
        &["First_Name", "Last_Name", "Furigana"],
        "a name that nobody split",
    );
}

#[test]
fn a_write_edits_the_entry_in_place_and_keeps_its_label() {
    let mapping = mapping();
    let phones = |list: Value| person(json!({ "phoneNumbers": list }));
    let check = |list: Value,
                 before: &[(&str, &str)],
                 values: &[(&str, Option<&str>)],
                 expected: Value,
                 why: &str| {
        let raw = phones(list);
        let before = card(&mapping, before);
        let (body, _) =
            changed_person(&raw, &mapping, &before, &patch(&mapping, values), None, None)
                .expect(why);
        assert_eq!(body["phoneNumbers"], expected, "{why}");
    };
    let phone = [("Phone", "1")];
    check(
        json!([{"value": "1"}]),
        &phone,
        &[("Phone", Some("2"))],
        json!([{"value": "2"}]),
        "without a label",
    );
    check(
        json!([{"value": "5", "type": "main"}, {"value": "1", "type": "cabin"}]),
        &phone,
        &[("Phone", Some("2"))],
        json!([{"value": "5", "type": "main"}, {"value": "2", "type": "cabin"}]),
        "with one's own",
    );
    check(
        json!([{"value": "1", "type": "other"}]),
        &phone,
        &[("Other_Phone", Some("2"))],
        json!([{"value": "1", "type": "other"}, {"value": "2", "type": "other"}]),
        "an entry that another place reads is not filled over",
    );
    check(
        json!([{"value": "1"}, {"value": "2", "type": "mobile"}]),
        &[("Phone", "1"), ("Mobile", "2")],
        &[("Phone", None), ("Mobile", Some("1"))],
        json!([{"value": "1", "type": "mobile"}]),
        "two places at once",
    );
}

#[test]
fn content_without_parts_is_not_filled_over() {
    let whole = json!({"type": "work", "formattedValue": "2-1 Umeda"});
    let (body, _) = changed(json!({"addresses": [whole]}), &[("Mailing_City", Some("Kyoto"))])
        .expect("a change");
    assert_eq!(body["addresses"], json!([whole, {"type": "work", "city": "Kyoto"}]));
    let (body, _) =
        changed(json!({"addresses": [whole]}), &[("Other_City", Some("Kyoto"))]).expect("a change");
    assert_eq!(
        body["addresses"],
        json!([whole, {"type": "home", "city": "Kyoto"}]),
        "nor lost beside others"
    );
}
