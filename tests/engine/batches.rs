//! Nobody's outcome depends on who shares the batch: what one contact changes touches no other one.

use renraku_engine::api::ReviewKind;
use renraku_engine::core::contact::Side;
use serde_json::{Value, json};

use super::people::{card, id};
use super::rig::{Rig, wrote};

/// Two people in one run: the first has something that cannot go back whole and changes a telephone
/// number, the second changes that very field. The first one's fields by name, as they stand then.
async fn beside(what: &str, fields: Value, change: (&str, &str)) {
    let rig = Rig::new().await;
    let mut first = json!({"names": [{"givenName": "Ada", "familyName": "Byron"}],
        "phoneNumbers": [{"value": "+1 212 555 0001", "type": "work"}],
        "biographies": [{"value": "Met in Turin", "contentType": "TEXT_PLAIN"}],
        "addresses": [{"type": "work", "city": "London"}]});
    let more = fields.as_object().expect("fields").clone();
    first.as_object_mut().expect("a person").extend(more);
    let first = id(&rig.act(Side::Google, json!({"op": "create", "fields": first})));
    let second = card(&[
        ("First_Name", "Grace"),
        ("Last_Name", "Hopper"),
        ("Email", "grace@a.test"),
        ("Phone", "+1 212 555 0002"),
    ]);
    rig.add(Side::Google, &second);
    rig.contacts(json!({})).await;
    rig.settle().await;
    let kept = |rig: &Rig| {
        let person = rig.raw(Side::Google, &first).expect("the first one");
        let mut names = vec!["names", "biographies", "addresses"];
        names.extend(fields.as_object().expect("fields").keys().map(String::as_str));
        names.iter().map(|name| person.get(*name).cloned()).collect::<Vec<_>>()
    };
    let before = kept(&rig);
    let ada = rig.find(Side::Zoho, "Last_Name", "Byron");
    let grace = rig.find(Side::Zoho, "Last_Name", "Hopper");
    rig.edit(Side::Zoho, &ada, "Phone", Some("+1 212 555 0009"));
    let (field, value) = change;
    for (field, value) in [(field, value), ("Description", "Admiral"), ("Mailing_City", "New York")]
    {
        rig.act(
            Side::Zoho,
            json!({"op": "edit", "module": "Contacts", "record": grace, "fields": {field: value}}),
        );
    }
    let run = rig.synced().await;
    assert_eq!((wrote(&run), run.failed), (2, 0), "{what}: {run:?}");
    let asked = rig.review();
    assert!(asked.iter().all(|item| item.kind == ReviewKind::Unreadable), "{what}: {asked:?}");
    assert_eq!(kept(&rig), before, "{what}: everything else is as it was");
    assert_eq!(
        rig.value(Side::Google, &first, "Phone").as_deref(),
        Some("+1 212 555 0009"),
        "{what}"
    );
    assert_eq!(wrote(&rig.synced().await), 0, "{what}: and then it is quiet");
}

#[tokio::test]
async fn what_one_contact_changes_touches_no_other_one() {
    let many = |kind: &str, value: &dyn Fn(usize) -> String| -> Value {
        (0..100)
            .map(|n| json!({"value": value(n), "type": if n == 0 { "work" } else { kind }}))
            .collect()
    };
    let emails = many("home", &|n| format!("ada{n}@a.test"));
    let urls = many("blog", &|n| format!("https://a.test/{n}"));
    beside("a hundred e-mails", json!({"emailAddresses": emails}), ("Email", "admiral@a.test"))
        .await;
    beside("a hundred links", json!({"urls": urls}), ("Email", "admiral@a.test")).await;
    beside(
        "a birthday of text alone",
        json!({"birthdays": [{"text": "around Easter"}]}),
        ("Date_of_Birth", "1906-12-09"),
    )
    .await;
    beside(
        "employment dates",
        json!({"organizations": [{"name": "Acme", "startDate": {"year": 2020, "month": 1, "day": 1}}]}),
        ("Title", "Admiral"),
    )
    .await;
}
