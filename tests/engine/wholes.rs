//! Names and addresses are one thing each, whichever side is read first; a birthday's year travels.

use renraku_engine::api::ReviewKind;
use renraku_engine::core::contact::Side;
use serde_json::{Value, json};

use super::people::id;
use super::rig::{Rig, wrote};

/// Two that meet by their e-mail: the record and the person.
async fn met(zoho: Value, google: Value, keys: Value) -> (Rig, String, String) {
    let rig = Rig::new().await;
    let mut fields = json!({"Email": "jan@a.test"});
    let mut person = json!({"emailAddresses": [{"type": "work", "value": "jan@a.test"}]});
    for (all, more) in [(&mut fields, zoho), (&mut person, google)] {
        let more = more.as_object().cloned().unwrap_or_default();
        all.as_object_mut().expect("an object").extend(more);
    }
    let made = rig.act(Side::Zoho, json!({"op": "create", "module": "Contacts", "fields": fields}));
    let person = rig.act(Side::Google, json!({"op": "create", "fields": person}));
    rig.contacts(keys).await;
    rig.settle().await;
    (rig, id(&made), id(&person))
}

fn names(rig: &Rig, zoho: &str, google: &str) -> [String; 4] {
    let record = rig.raw(Side::Zoho, zoho).expect("the record");
    let person = rig.raw(Side::Google, google).expect("the person");
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or("~").to_owned();
    let name = person.pointer("/names/0");
    [
        text(record.get("First_Name")),
        text(record.get("Last_Name")),
        text(name.and_then(|name| name.get("givenName"))),
        text(name.and_then(|name| name.get("familyName"))),
    ]
}

#[tokio::test]
async fn a_name_in_another_split_stays_on_both_sides() {
    for (zoho, given, family) in [
        (json!({"Last_Name": "Jan de Vries"}), "Jan", "de Vries"),
        (json!({"Last_Name": "山田太郎"}), "太郎", "山田"),
        (json!({"Last_Name": "山田　太郎"}), "太郎", "山田"),
        (json!({"First_Name": "山田", "Last_Name": "太郎"}), "太郎", "山田"),
    ] {
        for keys in [
            json!({"conflict_winner": "zoho"}),
            json!({"conflict_winner": "google"}),
            json!({"direction": "zoho_to_google"}),
            json!({"direction": "google_to_zoho"}),
        ] {
            let what = format!("{zoho} | {given} + {family}, {keys}");
            let google = json!({"names": [{"givenName": given, "familyName": family}]});
            let (rig, record, person) = met(zoho.clone(), google, keys).await;
            let first = zoho.get("First_Name").and_then(Value::as_str).unwrap_or("~");
            let last = zoho.get("Last_Name").and_then(Value::as_str).unwrap_or("~");
            assert_eq!(names(&rig, &record, &person), [first, last, given, family], "{what}");
            let run = rig.synced().await;
            assert_eq!((wrote(&run), rig.review().len()), (0, 0), "{what}: {run:?}");
        }
    }
}

#[tokio::test]
async fn an_edit_of_a_name_in_another_split_goes_as_a_whole() {
    for side in Side::BOTH {
        let google = json!({"names": [{"givenName": "Jan", "familyName": "de Vries"}]});
        let zoho = json!({"Last_Name": "Jan de Vries"});
        let (rig, record, person) = met(zoho, google, json!({})).await;
        let expected = match side {
            Side::Zoho => {
                rig.edit(side, &record, "Last_Name", Some("Jan de Boer"));
                ["~", "Jan de Boer", "~", "Jan de Boer"]
            }
            Side::Google => {
                rig.edit(side, &person, "Last_Name", Some("de Boer"));
                ["Jan", "de Boer", "Jan", "de Boer"]
            }
        };
        rig.settle().await;
        assert_eq!(names(&rig, &record, &person), expected, "edited in {}", side.name());
    }
}

#[tokio::test]
async fn the_parts_of_two_addresses_are_never_mixed() {
    for winner in ["zoho", "google"] {
        let zoho =
            json!({"Last_Name": "Vries", "Mailing_Street": "2-1 Umeda", "Mailing_City": "Osaka"});
        let google = json!({
            "names": [{"familyName": "Vries"}],
            "addresses": [{"type": "work", "city": "Kyoto", "postalCode": "604-0000"},
                          {"type": "home", "city": "Nara"}]});
        let (rig, record, person) = met(zoho, google, json!({"conflict_winner": winner})).await;
        let record = rig.raw(Side::Zoho, &record).expect("the record");
        let person = rig.raw(Side::Google, &person).expect("the person");
        let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or("~").to_owned();
        let zoho = ["Mailing_Street", "Mailing_City", "Mailing_Zip"].map(|f| text(record.get(f)));
        let at = |part: &str| text(person.pointer(&format!("/addresses/0/{part}")));
        let google = ["streetAddress", "city", "postalCode"].map(at);
        let expected = match winner {
            "zoho" => ["2-1 Umeda", "Osaka", "~"],
            _ => ["~", "Kyoto", "604-0000"],
        };
        assert_eq!((zoho, google), (expected.map(str::to_owned), expected.map(str::to_owned)));
        assert_eq!(text(record.get("Other_City")), "Nara", "{winner}: an empty one is filled");
    }
}

/// A name and an address that both sides edited, each in parts of its own.
#[tokio::test]
async fn a_whole_that_both_sides_edited_is_one_difference() {
    for rule in ["zoho", "google", "ask"] {
        let name = json!({"givenName": "太郎", "familyName": "山田"});
        let at =
            json!({"type": "work", "streetAddress": "Old 1", "city": "Osaka", "postalCode": "1"});
        let zoho = json!({"First_Name": "太郎", "Last_Name": "山田", "Mailing_Street": "Old 1",
                          "Mailing_City": "Osaka", "Mailing_Zip": "1"});
        let google = json!({"names": [name], "addresses": [at]});
        let (rig, record, person) = met(zoho, google, json!({"conflict_winner": rule})).await;
        let both = |rig: &Rig| {
            let text =
                |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or("~").to_owned();
            let zoho = rig.raw(Side::Zoho, &record).expect("the record");
            let google = rig.raw(Side::Google, &person).expect("the person");
            let names = names(rig, &record, &person);
            let z = ["Mailing_Street", "Mailing_City", "Mailing_Zip"].map(|f| text(zoho.get(f)));
            let g = ["streetAddress", "city", "postalCode"]
                .map(|part| text(google.pointer(&format!("/addresses/0/{part}"))));
            [(names[..2].to_vec(), z), (names[2..].to_vec(), g)]
        };
        let fields =
            json!({"First_Name": null, "Last_Name": "山田太郎", "Mailing_Street": "Old 2"});
        rig.act(
            Side::Zoho,
            json!({"op": "edit", "module": "Contacts", "record": record, "fields": fields}),
        );
        let at =
            json!({"type": "work", "streetAddress": "New 9", "city": "Kyoto", "postalCode": "9"});
        let name = json!({"givenName": "次郎", "familyName": "山田"});
        let fields = json!({"names": [name], "addresses": [at]});
        rig.act(Side::Google, json!({"op": "edit", "contact": person, "fields": fields}));
        let typed = both(&rig);
        let run = rig.synced().await;
        let winner = match rule {
            "ask" => {
                assert_eq!((wrote(&run), run.review), (0, 2), "asked once each: {run:?}");
                assert_eq!(both(&rig), typed, "and nothing is written before");
                rig.decide(ReviewKind::Difference, "google");
                rig.decide(ReviewKind::Difference, "google");
                rig.synced().await;
                &typed[1]
            }
            "zoho" => &typed[0],
            _ => &typed[1],
        };
        assert_eq!(both(&rig), [winner.clone(), winner.clone()], "{rule}: {run:?}");
        assert_eq!(run.conflicts, if rule == "ask" { 0 } else { 2 }, "{rule}: {run:?}");
        rig.settle().await;
    }
}

/// The answer to a difference of which the first part was equal is good for once too.
#[tokio::test]
async fn an_answer_about_a_name_is_good_for_once() {
    let name = json!({"givenName": "Jan", "familyName": "Vries"});
    let zoho = json!({"First_Name": "Jan", "Last_Name": "Vries"});
    let keys = json!({"conflict_winner": "ask"});
    let (rig, record, person) = met(zoho, json!({"names": [name]}), keys).await;
    for round in 0..2 {
        rig.edit(Side::Zoho, &record, "Last_Name", Some("de Boer"));
        rig.edit(Side::Google, &person, "Last_Name", Some("de Groot"));
        let run = rig.synced().await;
        assert_eq!((wrote(&run), run.review), (0, 1), "round {round}: {run:?}");
        rig.decide(ReviewKind::Difference, "google");
        rig.settle().await;
        let all = ["Jan", "de Groot", "Jan", "de Groot"];
        assert_eq!(names(&rig, &record, &person), all, "round {round}");
        rig.edit(Side::Zoho, &record, "Last_Name", Some("Vries"));
        rig.settle().await;
    }
}

#[tokio::test]
async fn a_year_that_is_added_in_zoho_reaches_google_and_none_is_invented() {
    let yearless = json!({"names": [{"familyName": "Vries"}], "birthdays": [{"date": {"month": 5, "day": 7}}]});
    let born = |rig: &Rig, google: &str| {
        let person = rig.raw(Side::Google, google).expect("the person");
        person.pointer("/birthdays/0/date").cloned().unwrap_or_default()
    };
    let full = json!({"year": 1980, "month": 5, "day": 7});
    for winner in ["zoho", "google"] {
        let keys = || json!({"conflict_winner": winner});
        let none = json!({"Last_Name": "Vries"});
        let (rig, record, person) = met(none, yearless.clone(), keys()).await;
        assert_eq!(born(&rig, &person), json!({"month": 5, "day": 7}), "{winner}: kept");
        let there = |rig: &Rig, record: &str| {
            rig.raw(Side::Zoho, record)
                .and_then(|r| r.get("Date_of_Birth").cloned())
                .unwrap_or_default()
        };
        assert_eq!(there(&rig, &record), Value::Null, "{winner}: not invented");
        // The year is typed in Zoho.
        let fields = json!({"Date_of_Birth": "1980-05-07"});
        let act = json!({"op": "edit", "module": "Contacts", "record": record, "fields": fields});
        rig.act(Side::Zoho, act);
        rig.settle().await;
        assert_eq!(born(&rig, &person), full, "{winner}: typed later");
        assert_eq!(there(&rig, &record), json!("1980-05-07"), "{winner}");
        // Or stood there when the two met.
        let known = json!({"Last_Name": "Vries", "Date_of_Birth": "1980-05-07"});
        let (rig, _, person) = met(known, yearless.clone(), keys()).await;
        assert_eq!(born(&rig, &person), full, "{winner}: at a first match");
        // Taken away again in Google it stays in Zoho.
        let fields = json!({"birthdays": [{"date": {"month": 5, "day": 7}}]});
        rig.act(Side::Google, json!({"op": "edit", "contact": person, "fields": fields}));
        rig.settle().await;
        assert_eq!(
            born(&rig, &person),
            json!({"month": 5, "day": 7}),
            "{winner}: none is invented"
        );
    }
}

#[tokio::test]
async fn a_name_that_nobody_gave_gives_way_to_the_one_on_the_other_side() {
    for (zoho, person, expected) in [
        (json!({"Last_Name": "-"}), ("Old", "Boss"), ["Old", "Boss"]),
        (json!({"Last_Name": "-"}), ("", "Solo"), ["~", "Solo"]),
        (json!({"First_Name": "Zed", "Last_Name": "-"}), ("Old", "Boss"), ["Zed", "-"]),
    ] {
        for winner in ["zoho", "google"] {
            let what = format!("{zoho} beside {person:?}, {winner}");
            let name = match person {
                ("", family) => json!({"familyName": family}),
                (given, family) => json!({"givenName": given, "familyName": family}),
            };
            let keys = json!({"conflict_winner": winner});
            let (rig, record, contact) = met(zoho.clone(), json!({"names": [name]}), keys).await;
            let [first, last, given, family] = names(&rig, &record, &contact);
            let expected = match (zoho.get("First_Name"), winner) {
                (Some(_), "google") => ["Old", "Boss"],
                _ => expected,
            };
            assert_eq!([&first, &last], expected, "{what}: in Zoho");
            // A family name that the winner lacks is not lost unasked.
            let asked = expected == ["Zed", "-"];
            let person = if asked { ["Old", "Boss"] } else { expected };
            assert_eq!([&given, &family], person, "{what}: in Google");
            assert_eq!(rig.review().len(), usize::from(asked), "{what}: {:?}", rig.review());
        }
    }
}
