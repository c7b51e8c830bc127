//! Which place a person's entries belong to, from one end to the other: an address without a label that
//! Zoho has in part or in full, another one beside it, and labels that one entry leaves to another.

use renraku_engine::api::ContactState;
use renraku_engine::core::contact::Side;
use serde_json::{Map, Value, json};

use super::edits::in_step;
use super::people::{google_fields, person};
use super::rig::Rig;

/// The person of number 0 in both services, with an address in each; their ids.
async fn met(zoho: &Value, google: &Value, winner: &str) -> (Rig, [String; 2]) {
    let rig = Rig::new().await;
    let mut fields: Map<String, Value> =
        person(0).into_iter().map(|(field, value)| (field, json!(value))).collect();
    fields.extend(zoho.as_object().expect("fields").clone());
    let zoho = rig.make(Side::Zoho, fields.into(), &[]);
    let mut fields = google_fields(&person(0));
    fields.insert("addresses".to_owned(), json!([google]));
    let google = rig.make(Side::Google, fields.into(), &[]);
    rig.contacts(json!({"conflict_winner": winner})).await;
    rig.settle().await;
    (rig, [zoho, google])
}

/// What stands in these fields of a record.
fn says(rig: &Rig, zoho: &str, fields: [&str; 4]) -> [Value; 4] {
    let record = rig.raw(Side::Zoho, zoho).expect("it is there");
    fields.map(|field| record.get(field).cloned().unwrap_or_default())
}

/// The addresses of a person: label, street, city, postal code.
fn addresses(rig: &Rig, google: &str) -> Vec<[Value; 4]> {
    let person = rig.raw(Side::Google, google).expect("it is there");
    let all = person.get("addresses").and_then(Value::as_array).cloned().unwrap_or_default();
    let part = |one: &Value, part: &str| one.get(part).cloned().unwrap_or_default();
    let parts = ["type", "streetAddress", "city", "postalCode"];
    all.iter().map(|one| parts.map(|name| part(one, name))).collect()
}

const MAILING: [&str; 4] = ["Mailing_Street", "Mailing_City", "Mailing_Zip", "Other_City"];

#[tokio::test]
async fn an_address_that_lacks_a_part_of_zohos_is_the_same_one() {
    let full = json!(["2-1 Umeda", "Osaka", "530-0001", null]);
    for winner in ["zoho", "google"] {
        for (zoho, google) in [
            (
                json!({"Mailing_Street": "2-1 Umeda", "Mailing_City": "Osaka",
                       "Mailing_Zip": "530-0001"}),
                json!({"streetAddress": "2-1 Umeda", "city": "Osaka"}),
            ),
            (
                json!({"Mailing_Street": "2-1 Umeda", "Mailing_City": "Osaka"}),
                json!({"streetAddress": "2-1 Umeda", "city": "Osaka", "postalCode": "530-0001"}),
            ),
        ] {
            let what = format!("{winner} wins, {google}");
            let (rig, ids) = met(&zoho, &google, winner).await;
            assert_eq!(json!(says(&rig, &ids[0], MAILING)), full, "{what}");
            let there = json!([[null, "2-1 Umeda", "Osaka", "530-0001"]]);
            assert_eq!(json!(addresses(&rig, &ids[1])), there, "{what}");
        }
    }
}

#[tokio::test]
async fn an_address_of_another_city_fills_the_place_that_is_free() {
    for winner in ["zoho", "google"] {
        let zoho = json!({"Mailing_Street": "2-1 Umeda", "Mailing_City": "Osaka"});
        let google = json!({"streetAddress": "5 Gion", "city": "Kyoto"});
        let (rig, ids) = met(&zoho, &google, winner).await;
        let there = says(&rig, &ids[0], MAILING);
        assert_eq!(json!(there), json!(["2-1 Umeda", "Osaka", null, "Kyoto"]), "{winner} wins");
        let there = json!([[null, "5 Gion", "Kyoto", null], ["work", "2-1 Umeda", "Osaka", null]]);
        assert_eq!(json!(addresses(&rig, &ids[1])), there, "{winner} wins");
    }
}

#[tokio::test]
async fn a_place_reads_its_label_again_where_another_entry_left_it() {
    let rig = in_step(1, json!({"conflict_winner": "zoho"})).await;
    let [zoho, google] = Side::BOTH.map(|side| rig.find(side, "Email", "p0@a.test"));
    let number = |number: u16| format!("+1 212 555 {number}");
    rig.edit(Side::Zoho, &zoho, "Mobile", Some(&number(7777)));
    rig.settle().await;
    let first = rig.value(Side::Zoho, &zoho, "Phone").expect("a number");
    let entries = |entries: &[(&str, &str)]| -> Value {
        entries.iter().map(|(label, value)| json!({"type": label, "value": value})).collect()
    };
    let put = |list: Value| {
        let fields = json!({"phoneNumbers": list});
        rig.act(Side::Google, json!({"op": "edit", "contact": google, "fields": fields}));
    };
    let fields = ["Phone", "Mobile", "Home_Phone", "Other_Phone"];
    put(entries(&[("home", &first), ("work", &number(7777))]));
    rig.settle().await;
    let there = json!([number(7777), null, first, null]);
    assert_eq!(json!(says(&rig, &zoho, fields)), there);
    // An edit in Zoho goes to the entry with the label.
    rig.edit(Side::Zoho, &zoho, "Phone", Some(&number(8888)));
    rig.settle().await;
    let there = json!([number(8888), null, first, null]);
    assert_eq!(json!(says(&rig, &zoho, fields)), there);
    let person = rig.raw(Side::Google, &google).expect("it is there");
    let all = person.get("phoneNumbers").and_then(Value::as_array).cloned().unwrap_or_default();
    let part = |one: &Value, part: &str| one.get(part).cloned().unwrap_or_default();
    let all: Vec<[Value; 2]> =
        all.iter().map(|one| ["type", "value"].map(|name| part(one, name))).collect();
    assert_eq!(json!(all), json!([["home", first], ["work", number(8888)]]));
}

#[tokio::test]
async fn a_value_for_which_no_field_is_left_is_said() {
    let rig = in_step(1, json!({})).await;
    let google = rig.find(Side::Google, "Email", "p0@a.test");
    let number = |number: usize| format!("+1 212 555 {number}");
    let labels = ["work", "mobile", "home", "other", "workFax", ""];
    let list = |many: usize| -> Value {
        let entries = labels.iter().enumerate().take(many);
        let mut all: Vec<Value> =
            entries.map(|(at, label)| json!({"type": label, "value": number(7000 + at)})).collect();
        // Once more what a place reads.
        all.push(json!({"type": "main", "value": number(7000)}));
        all.into()
    };
    for (many, said) in [(5, false), (6, true)] {
        let fields = json!({"phoneNumbers": list(many)});
        rig.act(Side::Google, json!({"op": "edit", "contact": google, "fields": fields}));
        rig.settle().await;
        let one = rig.one("p0@a.test");
        assert_eq!(one.state, ContactState::InStep, "{one:?}");
        let told = one.reason.contains(&number(7005)) && one.reason.contains("no field");
        assert_eq!(told, said, "{one:?}");
        assert!(!one.reason.contains(&number(7000)), "{one:?}");
    }
}
