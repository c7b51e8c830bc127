//! People as Google has them.

use serde_json::{Map, Value, json};

use super::card::{Card, StreetAddress};
use crate::google::actions::{fill, find, label_id};
use crate::google::store::{MY_CONTACTS, Record, Store};

fn address(place: &StreetAddress, kind: &str) -> Value {
    json!({"type": kind, "streetAddress": place.0, "city": place.1, "region": place.2, "postalCode": place.3, "country": place.4})
}

/// A card as a Person.
pub(crate) fn person(card: &Card) -> Map<String, Value> {
    let mut name = json!({"familyName": card.family, "givenName": card.given});
    if let (Some(map), true) = (name.as_object_mut(), card.japanese) {
        map.insert("phoneticFamilyName".to_owned(), json!(card.family_kana));
        map.insert("phoneticGivenName".to_owned(), json!(card.given_kana));
    }
    let typed = |pairs: &[(&String, &str)]| -> Vec<Value> {
        pairs
            .iter()
            .filter(|(v, _)| !v.is_empty())
            .map(|(v, kind)| json!({"value": v, "type": kind}))
            .collect()
    };
    let mut out = Map::new();
    out.insert("names".to_owned(), json!([name]));
    out.insert(
        "emailAddresses".to_owned(),
        json!(typed(&[(&card.email, "work"), (&card.home_email, "home")])),
    );
    let phones = [
        (&card.phone, "work"),
        (&card.mobile, "mobile"),
        (&card.home_phone, "home"),
        (&card.fax, "workFax"),
    ];
    out.insert("phoneNumbers".to_owned(), json!(typed(&phones)));
    let mut organization = Map::new();
    for (key, value) in
        [("name", &card.company), ("title", &card.title), ("department", &card.department)]
    {
        if !value.is_empty() {
            organization.insert(key.to_owned(), json!(value));
        }
    }
    if !organization.is_empty() {
        out.insert("organizations".to_owned(), json!([organization]));
    }
    let mut addresses: Vec<Value> = card.work.iter().map(|p| address(p, "work")).collect();
    addresses.extend(card.home.iter().map(|p| address(p, "home")));
    out.insert("addresses".to_owned(), json!(addresses));
    if let Some((year, month, day)) = card.birthday {
        let date = match year {
            Some(year) => json!({"year": year, "month": month, "day": day}),
            None => json!({"month": month, "day": day}),
        };
        out.insert("birthdays".to_owned(), json!([{"date": date}]));
    }
    if !card.note.is_empty() {
        out.insert("biographies".to_owned(), json!([{"value": card.note}]));
    }
    if !card.loyalty.is_empty() {
        out.insert("userDefined".to_owned(), json!([{"key": "Loyalty_ID", "value": card.loyalty}]));
    }
    out
}

/// Adds a person with labels; what does not fit is left out (the sample's own test says that nothing is).
pub(crate) fn add(store: &mut Store, person: &Map<String, Value>, labels: &[&str], at: i64) -> u64 {
    let id = store.take_id();
    let mut record = Record { id, ..Record::default() };
    record.groups.insert(MY_CONTACTS.to_owned());
    for label in labels {
        record.groups.insert(label_id(store, label, at));
    }
    let _ = fill(&mut record, person, "JP");
    store.put(id, Some(record), at);
    id
}

/// Contacts that test a client's manners: no name, no e-mail, odd types, long and foreign texts.
pub(crate) fn oddities() -> Vec<(Map<String, Value>, Vec<&'static str>)> {
    let long = "長い説明 ".repeat(200);
    let list = json!([
        [{"names": [{"givenName": "Rosa", "familyName": "Emoji 🌸"}], "emailAddresses": [{"value": "rosa@flowers.example", "type": "work"}], "nicknames": [{"value": "🌹"}]}, ["Friends of the house"]],
        [{"names": [{"givenName": "ليلى", "familyName": "حداد"}], "phoneNumbers": [{"value": "+962 6 555 0101", "type": "mobile"}]}, []],
        [{"names": [{"givenName": "דנה", "familyName": "לוי"}], "emailAddresses": [{"value": "dana@levi.example", "type": "work"}, {"value": "dana@ship.example", "type": "cabin"}]}, []],
        [{"organizations": [{"name": "Only A Company Ltd."}], "phoneNumbers": [{"value": "+44 20 7946 0000", "type": "work"}]}, []],
        [{"phoneNumbers": [{"value": "0120-000-111"}]}, []],
        [{"emailAddresses": [{"value": "no.name@nowhere.example"}]}, []],
        [{}, []],
        [{"names": [{"givenName": "Boris", "familyName": "Worker"}], "emailAddresses": [{"value": "boris@ironbridge.example", "type": "work"}],
          "organizations": [{"name": "Ironbridge Steel PLC", "title": "Welder", "startDate": {"year": 2015, "month": 4, "day": 1}, "endDate": {"year": 2024, "month": 3, "day": 31}},
                            {"name": "Night School", "type": "school"}]}, []],
        [{"names": [{"givenName": "Tekla", "familyName": "Many"}],
          "emailAddresses": [{"value": "tekla@many.example", "type": "work"}, {"value": "tekla2@many.example", "type": "work"}, {"value": "tekla@home.example", "type": "home"}, {"value": "tekla@club.example", "type": "chess club"}],
          "phoneNumbers": [{"value": "+46 31 555 01 01", "type": "work"}, {"value": "+46 31 555 01 02", "type": "work"}, {"value": "+46 70 555 01 03", "type": "mobile"}, {"value": "031-555 01 04", "type": "summer house"}],
          "addresses": [{"type": "work", "streetAddress": "Storgatan 1", "city": "Göteborg", "country": "Sweden"}, {"type": "other", "streetAddress": "Box 12", "poBox": "12", "city": "Kiruna", "country": "Sweden"}],
          "urls": [{"value": "https://many.example", "type": "work"}, {"value": "https://tekla.example/blog", "type": "blog"}],
          "relations": [{"person": "Olof Many", "type": "spouse"}], "events": [{"date": {"year": 2010, "month": 6, "day": 20}, "type": "anniversary"}]}, ["VIP"]],
        [{"names": [{"givenName": "Vera", "familyName": "Textbirthday"}], "birthdays": [{"text": "some day in May"}], "emailAddresses": [{"value": "vera@text.example", "type": "home"}]}, []],
        [{"names": [{"givenName": "Longina", "familyName": "Notes"}], "biographies": [{"value": long}], "emailAddresses": [{"value": "longina@notes.example", "type": "work"}]}, []],
        [{"names": [{"honorificPrefix": "Dr.", "givenName": "Ada", "middleName": "Byron", "familyName": "Sample", "honorificSuffix": "PhD"}], "emailAddresses": [{"value": "ada@sample.example", "type": "work"}],
          "userDefined": [{"key": "Shoe size", "value": "38"}, {"key": "Loyalty_ID", "value": "L-ADA"}], "imClients": [{"username": "ada", "protocol": "jabber"}]}, ["VIP"]],
        [{"names": [{"givenName": "花子", "familyName": "佐藤"}], "phoneNumbers": [{"value": "０９０－１１１１－２２２２", "type": "mobile"}]}, []],
        [{"names": [{"givenName": "Twin", "familyName": "Twin"}], "emailAddresses": [{"value": "twin@double.example", "type": "work"}]}, []],
        [{"names": [{"givenName": "Twin", "familyName": "Twin"}], "emailAddresses": [{"value": "Twin@double.example", "type": "work"}], "phoneNumbers": [{"value": "+1 503-555-7777", "type": "work"}]}, []],
        [{"names": [{"givenName": "Supplier", "familyName": "Sam"}], "organizations": [{"name": "Kawasemi Supplies"}], "emailAddresses": [{"value": "office@kawasemi-supplies.example", "type": "work"}]}, ["Suppliers"]],
    ]);
    let labels = ["Friends of the house", "VIP", "Suppliers"];
    let pair = |item: &Value| {
        let person = item.get(0).and_then(Value::as_object).cloned().unwrap_or_default();
        let own = item.get(1).and_then(Value::as_array).cloned().unwrap_or_default();
        (person, labels.into_iter().filter(|l| own.iter().any(|o| o == l)).collect())
    };
    list.as_array().map(|l| l.iter().map(pair).collect()).unwrap_or_default()
}

/// Links two contacts to public profiles, whose items mix in where profiles are asked for.
pub(crate) fn link_profiles(store: &mut Store, at: i64) {
    for (n, email) in ["ada@sample.example", "boris@ironbridge.example"].into_iter().enumerate() {
        let id = format!("10220000000000000000{n}");
        let metadata = json!({"verified": true, "source": {"type": "PROFILE", "id": id}});
        let profile = json!({
            "id": id,
            "names": [{"metadata": metadata, "displayName": "Profile Name", "givenName": "Profile", "familyName": "Name"}],
            "emailAddresses": [{"metadata": metadata, "value": email}],
        });
        if let Ok(contact) = find(store, email) {
            store.edit(contact, at, |r| r.profile = Some(profile));
        }
    }
}
