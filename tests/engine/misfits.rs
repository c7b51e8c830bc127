//! What a service does not take is asked about; the rest of the contact and everybody else go on, and
//! nothing is believed that was not written.

use renraku_engine::api::ReviewKind;
use renraku_engine::core::contact::Side;
use serde_json::json;

use super::edits::in_step;
use super::metadata::ranked;
use super::people::person;
use super::rig::{Rig, wrote};

/// The one open question about a value: its field and its item.
fn question(rig: &Rig) -> (Option<String>, String) {
    let open = rig.review();
    let [item] = open.as_slice() else { panic!("one question: {open:?}") };
    assert_eq!(item.kind, ReviewKind::Invalid, "about a value");
    (item.field.clone(), item.item.clone())
}

#[tokio::test]
async fn a_company_without_an_account_is_asked_about_and_stays_where_it_is() {
    let rig = in_step(1, json!({})).await;
    let google = rig.find(Side::Google, "Email", "p0@a.test");
    let zoho = rig.find(Side::Zoho, "Email", "p0@a.test");
    rig.act(
        Side::Zoho,
        json!({"op": "rights", "module": "Accounts",
               "view": true, "create": false, "edit": true, "delete": true}),
    );
    let company = json!([{"name": "Aurora Trading", "title": "Chief"}]);
    rig.act(
        Side::Google,
        json!({"op": "edit", "contact": google, "fields": {"organizations": company}}),
    );
    rig.synced().await;
    assert_eq!(question(&rig).0.as_deref(), Some("Account_Name"), "the company is asked about");
    assert_eq!(rig.value(Side::Zoho, &zoho, "Title").as_deref(), Some("Chief"), "the rest goes on");
    let organisation = |rig: &Rig| {
        let person = rig.raw(Side::Google, &google).expect("the person");
        person.pointer("/organizations/0/name").and_then(|n| n.as_str()).map(str::to_owned)
    };
    rig.settle().await;
    assert_eq!(organisation(&rig).as_deref(), Some("Aurora Trading"), "and is not taken back");

    rig.engine().resolve(&[question(&rig).1], "ignore").expect("it can be ignored");
    rig.edit(Side::Zoho, &zoho, "Title", Some("Head"));
    rig.settle().await;
    assert!(rig.review().is_empty(), "an ignored value is not asked about again");
    assert_eq!(organisation(&rig).as_deref(), Some("Aurora Trading"), "it stays");
    assert_eq!(rig.value(Side::Google, &google, "Title").as_deref(), Some("Head"), "others travel");
}

#[tokio::test]
async fn a_company_that_a_new_record_went_without_can_be_tried_again() {
    let rig = in_step(0, json!({})).await;
    let rights = |create: bool| {
        let rights = json!({"op": "rights", "module": "Accounts",
                            "view": true, "create": create, "edit": true, "delete": true});
        rig.act(Side::Zoho, rights);
    };
    rights(false);
    let google = rig.add(Side::Google, &person(1));
    let company = json!({"organizations": [{"name": "Aurora Trading"}]});
    rig.act(Side::Google, json!({"op": "edit", "contact": google, "fields": company}));
    rig.settle().await;
    let zoho = rig.find(Side::Zoho, "Email", "p1@a.test");
    let record = |rig: &Rig| rig.raw(Side::Zoho, &zoho).expect("the record").to_string();
    assert!(!record(&rig).contains("Aurora"), "created without its company");
    let tries =
        |rig: &Rig| rig.writes(Side::Zoho).iter().filter(|c| c.ends_with("/Accounts")).count();
    let before = tries(&rig);
    // The question outlives whatever else happens to the contact, and nothing is tried in vain.
    rig.edit(Side::Google, &google, "Title", Some("Chief"));
    rig.settle().await;
    assert_eq!(question(&rig).0.as_deref(), Some("Account_Name"), "it is still asked about");
    assert_eq!(tries(&rig), before, "no account is asked for again");
    rights(true);
    rig.engine().resolve(&[question(&rig).1], "retry").expect("it can be tried again");
    rig.settle().await;
    assert!(record(&rig).contains("Aurora"), "the company follows: {}", record(&rig));
    assert!(rig.review().is_empty(), "and nothing is left to ask");
}

#[tokio::test]
async fn a_value_that_zoho_refuses_is_asked_about_once_and_can_be_ignored() {
    let rig = in_step(2, json!({})).await;
    // The administrator makes a field shorter after the setup: only Zoho's answer tells.
    rig.act(
        Side::Zoho,
        json!({"op": "field", "module": "Contacts", "api_name": "Title", "set": {"length": 10}}),
    );
    let ids = |number: usize| {
        Side::BOTH.map(|side| rig.find(side, "Email", &format!("p{number}@a.test")))
    };
    let ([zoho, google], [other, person]) = (ids(0), ids(1));
    rig.edit(Side::Google, &google, "Title", Some("Head of a very long title"));
    rig.edit(Side::Google, &person, "Title", Some("Short"));
    rig.synced().await;
    assert_eq!(question(&rig).0.as_deref(), Some("Title"), "the field is named");
    assert_eq!(rig.value(Side::Zoho, &other, "Title").as_deref(), Some("Short"), "others go on");
    rig.settle().await;

    rig.engine().resolve(&[question(&rig).1], "ignore").expect("it can be ignored");
    rig.edit(Side::Google, &google, "Description", Some("Met in May"));
    rig.settle().await;
    assert!(rig.review().is_empty(), "it is not asked about again");
    let there = |field: &str| rig.value(Side::Zoho, &zoho, field);
    assert_eq!(there("Description").as_deref(), Some("Met in May"), "other fields travel");
    assert_eq!(there("Title"), None, "the refused one does not");
    let kept = rig.value(Side::Google, &google, "Title");
    assert_eq!(kept.as_deref(), Some("Head of a very long title"), "and stays where it was typed");

    // Another value is another question.
    rig.edit(Side::Google, &google, "Title", Some("Head of an even longer title"));
    rig.synced().await;
    let (field, item) = question(&rig);
    assert_eq!(field.as_deref(), Some("Title"), "a new value is asked about anew");
    rig.edit(Side::Google, &google, "Title", Some("Head"));
    rig.engine().resolve(&[&item], "retry").expect("it can be tried again");
    let run = rig.synced().await;
    assert_eq!(wrote(&run), 1, "mended, it travels");
    assert_eq!(there("Title").as_deref(), Some("Head"));
    assert!(rig.review().is_empty(), "and nothing is left to ask");
}

#[tokio::test]
async fn a_field_that_google_shows_in_part_is_named_and_the_others_travel() {
    let rig = in_step(1, json!({})).await;
    let [zoho, google] = Side::BOTH.map(|side| rig.find(side, "Email", "p0@a.test"));
    let address = |n: usize| match n {
        0 => json!({"value": "p0@a.test", "type": "work"}),
        n => json!({"value": format!("p0.{n}@a.test"), "type": "home"}),
    };
    let emails: Vec<_> = (0..100).map(address).collect();
    let fields = json!({"emailAddresses": emails});
    rig.act(Side::Google, json!({"op": "edit", "contact": google, "fields": fields}));
    rig.settle().await;
    rig.edit(Side::Zoho, &zoho, "Email", Some("new@a.test"));
    rig.edit(Side::Zoho, &zoho, "Title", Some("Chief"));
    rig.synced().await;
    let open = rig.review();
    let [item] = open.as_slice() else { panic!("one question: {open:?}") };
    assert_eq!(item.field.as_deref(), Some("Email"), "the field is named: {item:?}");
    assert!(item.reason.contains("a hundred entries"), "in a sentence: {item:?}");
    assert!(!item.reason.contains('_'), "without a code: {item:?}");
    let title = rig.value(Side::Google, &google, "Title");
    assert_eq!(title.as_deref(), Some("Chief"), "the other field travels");
    let person = rig.raw(Side::Google, &google).expect("the person");
    let count = person.get("emailAddresses").and_then(|list| list.as_array()).map(Vec::len);
    assert_eq!(count, Some(100), "nothing is lost");
    rig.settle().await;
}

#[tokio::test]
async fn a_company_with_employment_dates_holds_no_other_field() {
    let rig = in_step(1, json!({})).await;
    let [zoho, google] = Side::BOTH.map(|side| rig.find(side, "Email", "p0@a.test"));
    let dated = json!([{"name": "Acme", "startDate": {"year": 2020, "month": 1, "day": 1}}]);
    let fields = json!({"organizations": dated});
    rig.act(Side::Google, json!({"op": "edit", "contact": google, "fields": fields}));
    rig.settle().await;
    rig.edit(Side::Zoho, &zoho, "Title", Some("Chief"));
    rig.edit(Side::Zoho, &zoho, "Phone", Some("+1 212 555 9999"));
    rig.synced().await;
    let (field, _) = question(&rig);
    assert_eq!(field.as_deref(), Some("Title"), "the field is named");
    let phone = rig.value(Side::Google, &google, "Phone");
    assert_eq!(phone.as_deref(), Some("+1 212 555 9999"), "the other field travels");
    rig.settle().await;
}

#[tokio::test]
async fn a_value_goes_by_itself_once_its_field_takes_it() {
    // What the field is like first, what is typed, and what the field is like then.
    for (field, narrow, typed, wide) in [
        ("Title", json!({"length": 5}), "Headmaster", json!({"length": 100})),
        (
            "Customer_Rank",
            json!({"picks": ["VIP", "Gold"]}),
            "Silver",
            json!({"picks": ["VIP", "Gold", "Silver"]}),
        ),
    ] {
        let (rig, ids) = ranked(&["VIP"], json!({})).await;
        let [zoho, google] = &ids[0];
        let mut rig = rig;
        if field == "Title" {
            rig.rows = super::people::ROWS.to_vec();
            rig.contacts(json!({})).await;
            rig.settle().await;
        }
        super::metadata::field(&rig, field, narrow);
        rig.edit(Side::Google, google, field, Some(typed));
        rig.synced().await;
        assert_eq!(question(&rig).0.as_deref(), Some(field), "it is asked about");
        rig.settle().await;
        assert_ne!(rig.value(Side::Zoho, zoho, field).as_deref(), Some(typed));
        // Nobody does anything but the administrator.
        super::metadata::field(&rig, field, wide);
        let run = rig.synced().await;
        assert_eq!(rig.value(Side::Zoho, zoho, field).as_deref(), Some(typed), "{run:?}");
        assert!(rig.review().is_empty(), "{field}: nothing is left to ask");
    }
}
