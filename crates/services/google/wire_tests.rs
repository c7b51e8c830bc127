//! The wire as tables: a person's JSON in, a card out, a patch back in.

use std::collections::{BTreeMap, BTreeSet};

use renraku_core::contact::{Card, Mark, Module, Text};
use renraku_core::field::{Kind, Misfit};
use renraku_core::mapping::{GooglePath, Mapping, Rule, defaults};
use serde_json::{Value, json};

use super::wire::*;

pub(super) fn mapping() -> Mapping {
    let extra =
        [("Loyalty_ID", "userDefined[Loyalty_ID]"), ("Furigana", "names.phoneticGivenName")];
    let rows = defaults(Module::Contacts).into_iter().chain(extra);
    let rule = |(zoho, google): (&str, &str)| Rule {
        zoho: zoho.to_owned(),
        google: GooglePath::parse(google).expect("a place"),
        kind: if zoho == "Date_of_Birth" { Kind::Date } else { Kind::Text },
        zoho_length: None,
        required: false,
        zoho_writable: true,
        default: None,
    };
    Mapping::new(Module::Contacts, rows.map(rule).collect())
}

fn mark() -> Mark {
    Mark { org: "77".to_owned(), module: Module::Contacts, zoho_id: "4001".to_owned() }
}

/// The card's values by Zoho's names, for reading.
pub(super) fn shown(mapping: &Mapping, card: &Card) -> BTreeMap<String, String> {
    let rules = mapping.rules().iter().enumerate();
    rules.filter_map(|(i, r)| Some((r.zoho.clone(), card.get(i)?.to_owned()))).collect()
}

pub(super) fn card(mapping: &Mapping, values: &[(&str, &str)]) -> Card {
    let mut card = Card::empty(mapping.rules().len());
    for (name, value) in values {
        card.set(mapping.by_zoho(name).expect("a rule"), Some(value));
    }
    card
}

pub(super) fn patch(
    mapping: &Mapping,
    values: &[(&str, Option<&str>)],
) -> BTreeMap<usize, Option<Text>> {
    let rule = |name: &str| mapping.by_zoho(name).expect("a rule");
    values.iter().map(|(name, value)| (rule(name), value.map(Text::from))).collect()
}

pub(super) fn person(fields: Value) -> String {
    let mut person = json!({
        "resourceName": "people/c1", "etag": "%E1",
        "metadata": {"sources": [
            {"type": "PROFILE", "updateTime": "2030-01-01T00:00:00Z"},
            {"type": "CONTACT", "id": "65", "etag": "#s", "updateTime": "2026-01-02T03:04:05.678901Z"}]}
    });
    let own = person.as_object_mut().expect("an object");
    own.extend(fields.as_object().expect("fields").clone());
    person.to_string()
}

#[test]
fn a_person_becomes_a_card() {
    let mapping = mapping();
    let check = |fields: Value, expected: &[(&str, &str)], why: &str| {
        let record = record(&person(fields), &mapping).expect(why);
        let expected: BTreeMap<String, String> =
            expected.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        assert_eq!(shown(&mapping, &record.card), expected, "{why}");
        assert_eq!(record.version, "%E1");
        assert_eq!(record.modified.to_string(), "2026-01-02T03:04:05.678901Z", "the contact's own");
    };
    check(json!({}), &[], "nothing at all");
    check(
        json!({"names": [{"givenName": "Mara", "familyName": "Vell", "displayName": "Mara Vell"}]}),
        &[("First_Name", "Mara"), ("Last_Name", "Vell")],
        "the parts, not the display form",
    );
    check(
        json!({"names": [
            {"metadata": {"source": {"type": "PROFILE"}}, "givenName": "Not"},
            {"metadata": {"source": {"type": "CONTACT"}}, "givenName": "Mara"}]}),
        &[("First_Name", "Mara")],
        "a linked profile's items are not the contact's",
    );
    check(
        json!({"emailAddresses": [
            {"value": "cabin@x.test", "type": "cabin"}, {"value": "none@x.test"},
            {"value": "w1@x.test", "type": "work"},
            {"value": "w2@x.test", "type": "work", "metadata": {"primary": true}},
            {"value": "h@x.test", "type": "home"}]}),
        &[("Email", "w2@x.test"), ("Secondary_Email", "h@x.test")],
        "by type, the primary first; the rest finds no empty place",
    );
    check(
        json!({"emailAddresses": [{"value": "cabin@x.test", "type": "cabin"}, {"value": "none@x.test"}],
               "addresses": [{"city": "Kyoto"}],
               "phoneNumbers": [{"value": "1", "type": "work"}, {"value": "1"}]}),
        &[("Email", "none@x.test"), ("Mailing_City", "Kyoto"), ("Phone", "1")],
        "what has no type fills empty places, and no value two of them",
    );
    check(
        json!({"birthdays": [{"date": {"year": 1980, "month": 5, "day": 7}}]}),
        &[("Date_of_Birth", "1980-05-07")],
        "a whole date",
    );
    check(
        json!({"birthdays": [{"date": {"month": 2, "day": 29}}]}),
        &[("Date_of_Birth", "--02-29")],
        "no year",
    );
    check(json!({"birthdays": [{"text": "spring"}]}), &[], "a birthday in words is no date");
    check(
        json!({"biographies": [{"value": "a\n\"b\" \u{1f600}", "contentType": "TEXT_PLAIN"}]}),
        &[("Description", "a\n\"b\" \u{1f600}")],
        "escapes",
    );
    check(
        json!({"userDefined": [{"key": "Other", "value": "x"}, {"key": "Loyalty_ID", "value": "7"}]}),
        &[("Loyalty_ID", "7")],
        "custom fields by their key",
    );
    check(
        json!({"organizations": [{"name": "  "}, {"name": "Acme", "current": true}]}),
        &[("Account_Name", "Acme")],
        "blank is empty",
    );
}

#[test]
fn all_entries_are_listed_and_marks_are_ours_alone() {
    let mapping = mapping();
    let raw = person(json!({
        "emailAddresses": [{"value": "a@x.test", "type": "work"}, {"value": "b@x.test"},
                           {"value": "c@x.test", "type": "cabin", "metadata": {"primary": true}}],
        "clientData": [{"key": "csync-uid", "value": "1"}, {"key": "renraku", "value": "Contacts:77:4001"},
                       {"key": "renraku", "value": "junk"}]}));
    let record = record(&raw, &mapping).expect("a person");
    assert_eq!(record.marks, [mark()]);
    let listed: Vec<(&str, &str)> = record
        .listed
        .iter()
        .map(|entry| (entry.label.as_str(), entry.part("value").map_or("", |value| &**value)))
        .collect();
    assert_eq!(listed, [("cabin", "c@x.test"), ("work", "a@x.test"), ("", "b@x.test")]);
}

#[test]
fn what_matching_and_scopes_see() {
    let raw = person(json!({
        "names": [{"displayName": "山田 太郎", "givenName": "太郎", "familyName": "山田"}],
        "emailAddresses": [{"value": "h@x.test", "type": "home"}, {"value": "w@x.test", "type": "work"}],
        "phoneNumbers": [{"value": "03-1234-5678"}],
        "organizations": [{"name": "山田商事"}],
        "memberships": [{"contactGroupMembership": {"contactGroupResourceName": "contactGroups/a"}},
                        {"domainMembership": {"inViewerDomain": true}},
                        {"contactGroupMembership": {"contactGroupId": "b"}}]}));
    let seen = evidence(&raw).expect("a person");
    assert_eq!(seen.work_emails, ["w@x.test"]);
    assert_eq!(seen.emails, ["h@x.test", "w@x.test"]);
    assert_eq!(seen.names, ["山田 太郎", "太郎 山田"]);
    assert_eq!(seen.organisation.as_deref(), Some("山田商事"));
    assert_eq!(memberships(&raw).expect("a person"), ["contactGroups/a", "contactGroups/b"]);
    assert_eq!(name_of(&raw).as_deref(), Ok("山田 太郎"));
    let check =
        |fields: Value, name: &str| assert_eq!(name_of(&person(fields)).as_deref(), Ok(name));
    check(json!({"organizations": [{"name": "Acme"}], "phoneNumbers": [{"value": "1"}]}), "Acme");
    check(json!({"phoneNumbers": [{"value": "1"}]}), "1");
    check(json!({}), "");
    assert!(record("[]", &mapping()).is_err() && record("{", &mapping()).is_err(), "no person");
}

#[test]
fn a_new_person_has_the_card_the_mark_and_the_label() {
    let mapping = mapping();
    let card = card(
        &mapping,
        &[
            ("Last_Name", "Vell"),
            ("Email", "m@x.test"),
            ("Mailing_City", "Kyoto"),
            ("Date_of_Birth", "--02-29"),
            ("Description", "hi"),
            ("Loyalty_ID", "7"),
            ("Title", "CEO"),
        ],
    );
    assert_eq!(
        new_person(&card, &mapping, &mark(), Some("contactGroups/l")),
        json!({
            "names": [{"familyName": "Vell"}],
            "emailAddresses": [{"value": "m@x.test", "type": "work"}],
            "addresses": [{"city": "Kyoto", "type": "work"}],
            "birthdays": [{"date": {"month": 2, "day": 29}}],
            "biographies": [{"value": "hi", "contentType": "TEXT_PLAIN"}],
            "organizations": [{"title": "CEO"}],
            "userDefined": [{"key": "Loyalty_ID", "value": "7"}],
            "clientData": [{"key": "renraku", "value": "Contacts:77:4001"}],
            "memberships": [
                {"contactGroupMembership": {"contactGroupResourceName": "contactGroups/l"}},
                {"contactGroupMembership": {"contactGroupResourceName": "contactGroups/myContacts"}}]
        })
    );
}

/// The before-card is what reading gives.
pub(super) fn changed(
    fields: Value,
    values: &[(&str, Option<&str>)],
) -> Result<(Value, BTreeSet<&'static str>), ChangeError> {
    let mapping = mapping();
    let raw = person(fields);
    let before = record(&raw, &mapping).expect("a person").card;
    changed_person(&raw, &mapping, &before, &patch(&mapping, values), None, None)
}

#[test]
fn a_change_is_merged_inside_its_entry() {
    let check = |fields: Value, values: &[(&str, Option<&str>)], expected: Value, why: &str| {
        let (body, mask) = changed(fields, values).expect(why);
        let mut body = body.as_object().expect("an object").clone();
        assert_eq!(body.remove("etag"), Some(json!("%E1")), "the guard goes along");
        body.remove("resourceName");
        assert_eq!(Value::Object(body.clone()), expected, "{why}");
        assert_eq!(
            mask,
            body.keys().map(String::as_str).collect(),
            "{why}: the mask is what is sent"
        );
    };
    check(
        json!({"names": [{"metadata": {"primary": true}, "displayName": "Dr. Ada B. Love", "unstructuredName": "Dr. Ada B. Love",
                          "honorificPrefix": "Dr.", "givenName": "Ada", "middleName": "B.", "familyName": "Love"}]}),
        &[("First_Name", Some("Eva"))],
        json!({"names": [{"honorificPrefix": "Dr.", "givenName": "Eva", "middleName": "B.", "familyName": "Love"}]}),
        "the surname is not lost when the first name changes",
    );
    check(
        json!({"organizations": [{"name": "Old Ltd", "title": "x", "current": false},
                                 {"metadata": {"primary": true}, "name": "Acme", "title": "CTO", "jobDescription": "all", "type": "work"}]}),
        &[("Title", Some("CEO"))],
        json!({"organizations": [{"name": "Acme", "title": "CEO", "jobDescription": "all", "type": "work"},
                                 {"name": "Old Ltd", "title": "x", "current": false}]}),
        "the employer and the former one stay, and the primary one goes first",
    );
    check(
        json!({"emailAddresses": [{"value": "a@x.test", "type": "work", "displayName": "A"}, {"value": "c@x.test", "type": "cabin", "formattedType": "cabin"}]}),
        &[("Email", Some("b@x.test")), ("Secondary_Email", Some("h@x.test"))],
        json!({"emailAddresses": [{"value": "b@x.test", "type": "work", "displayName": "A"}, {"value": "c@x.test", "type": "cabin"},
                                  {"value": "h@x.test", "type": "home"}]}),
        "other types stay, a new one is added",
    );
    check(
        json!({"phoneNumbers": [{"value": "1", "type": "work", "canonicalForm": "+1"}, {"value": "2", "type": "mobile"}]}),
        &[("Phone", None)],
        json!({"phoneNumbers": [{"value": "2", "type": "mobile"}]}),
        "a removed value removes its entry",
    );
    check(
        json!({"phoneNumbers": [{"value": "1", "type": "work"}]}),
        &[("Phone", None)],
        json!({"phoneNumbers": []}),
        "the last one clears the field",
    );
    check(
        json!({"addresses": [{"type": "work", "city": "Kyoto", "poBox": "9", "formattedValue": "9 Kyoto", "countryCode": "JP", "country": "Japan"},
                             {"type": "home", "formattedValue": "somewhere\nelse"}]}),
        &[("Mailing_City", Some("Osaka")), ("Mailing_Zip", Some("530"))],
        json!({"addresses": [{"type": "work", "city": "Osaka", "poBox": "9", "postalCode": "530", "countryCode": "JP", "country": "Japan"},
                             {"type": "home", "formattedValue": "somewhere\nelse"}]}),
        "the formatted form goes only where a part changed",
    );
    check(
        json!({"addresses": [{"type": "work", "country": "Japan", "countryCode": "JP"}]}),
        &[("Mailing_Country", Some("France"))],
        json!({"addresses": [{"type": "work", "country": "France"}]}),
        "the country's code follows the country",
    );
    check(
        json!({"addresses": [{"type": "work", "city": "Kyoto", "poBox": "9"}]}),
        &[("Mailing_City", None)],
        json!({"addresses": [{"type": "work", "poBox": "9"}]}),
        "what is not mapped keeps the entry",
    );
    check(
        json!({"birthdays": [{"date": {"month": 5, "day": 7}, "text": "7 May"}]}),
        &[("Date_of_Birth", Some("1980-05-07"))],
        json!({"birthdays": [{"date": {"year": 1980, "month": 5, "day": 7}}]}),
        "a year is added",
    );
    check(
        json!({"biographies": [{"value": "<b>x</b>", "contentType": "TEXT_HTML"}]}),
        &[("Description", Some("<i>y</i>"))],
        json!({"biographies": [{"value": "<i>y</i>", "contentType": "TEXT_HTML"}]}),
        "the content type stays",
    );
    check(
        json!({"userDefined": [{"key": "Other", "value": "x"}]}),
        &[("Loyalty_ID", Some("7"))],
        json!({"userDefined": [{"key": "Other", "value": "x"}, {"key": "Loyalty_ID", "value": "7"}]}),
        "others' custom fields stay",
    );
    check(json!({}), &[("First_Name", None)], json!({"names": []}), "clearing what is not there");
}

#[test]
fn the_entry_is_the_one_that_was_read() {
    let mapping = mapping();
    let raw = person(json!({"emailAddresses": [
        {"value": "a@x.test", "type": "work"}, {"value": "b@x.test", "type": "work"}]}));
    let check = |before: &str, expected: Value, why: &str| {
        let before = card(&mapping, &[("Email", before)]);
        let patch = patch(&mapping, &[("Email", Some("new@x.test"))]);
        let (body, _) = changed_person(&raw, &mapping, &before, &patch, None, None).expect(why);
        assert_eq!(body["emailAddresses"], expected, "{why}");
    };
    let a = json!({"value": "a@x.test", "type": "work"});
    let b = json!({"value": "b@x.test", "type": "work"});
    let new = json!({"value": "new@x.test", "type": "work"});
    check("b@x.test", json!([a, new]), "the second one was meant");
    check("a@x.test", json!([new, b]), "the first one was meant");
    check("gone@x.test", json!([a, b, new]), "neither: a stranger's value is not overwritten");
}

#[test]
fn what_google_would_refuse_is_not_sent() {
    let dated = json!({"organizations": [{"name": "Acme", "startDate": {"year": 2020}}], "names": [{"givenName": "A"}]});
    assert_eq!(
        changed(dated.clone(), &[("Title", Some("x"))]).err(),
        Some(ChangeError::EmploymentDates)
    );
    assert!(
        changed(dated.clone(), &[("First_Name", Some("B"))]).is_ok(),
        "other fields can change"
    );
    let mask = BTreeSet::from(["organizations"]);
    assert_eq!(whole_person(&person(dated), &mask).err(), Some(ChangeError::EmploymentDates));
    let many: Vec<Value> =
        (0..100).map(|i| json!({"value": format!("{i}@x.test"), "type": "work"})).collect();
    let many = json!({"emailAddresses": many});
    assert_eq!(
        changed(many, &[("Email", None)]).err(),
        Some(ChangeError::TooManyEntries("emailAddresses"))
    );
    let rule = mapping().by_zoho("Date_of_Birth").expect("a rule");
    let misfit = ChangeError::Misfit { rule, misfit: Misfit::Date };
    assert_eq!(changed(json!({}), &[("Date_of_Birth", Some("soon"))]).err(), Some(misfit));
}

#[test]
fn marks_and_labels_are_added_once() {
    let mapping = mapping();
    let check = |fields: Value, expected: &[&str], why: &str| {
        let (body, mask) = changed_person(
            &person(fields),
            &mapping,
            &Card::empty(0),
            &BTreeMap::new(),
            Some(&mark()),
            Some("contactGroups/l"),
        )
        .expect(why);
        assert_eq!(mask, expected.iter().copied().collect(), "{why}");
        body
    };
    let group = |name: &str| json!({"contactGroupMembership": {"contactGroupResourceName": name}});
    let body = check(
        json!({"clientData": [{"key": "csync-uid", "value": "1", "metadata": {}}],
               "memberships": [group("contactGroups/myContacts"), {"domainMembership": {}}]}),
        &["clientData", "memberships"],
        "both missing",
    );
    assert_eq!(
        body["clientData"],
        json!([{"key": "csync-uid", "value": "1"}, {"key": "renraku", "value": "Contacts:77:4001"}])
    );
    assert_eq!(
        body["memberships"],
        json!([group("contactGroups/myContacts"), group("contactGroups/l")])
    );
    check(
        json!({"clientData": [{"key": "renraku", "value": "Contacts:77:4001"}], "memberships": [group("contactGroups/l")]}),
        &[],
        "both there",
    );
}
