//! What Google makes of fields, how much of them it shows, and the frames of its answers.

use renraku_sandbox::People;
use serde_json::{Value, json};

use crate::google_more::{LIST, human};
use crate::setup::{Answer, World};

#[tokio::test]
async fn profiles_mix_in_unless_only_the_contact_is_asked_for() {
    let world = World::new(People::Empty).await;
    let (name, _) = world.person(json!({"names": [{"givenName": "Own"}]})).await;
    let profile = json!({"id": "111111111111111111111", "names": [{"metadata": {"source": {"type": "PROFILE", "id": "111111111111111111111"}}, "givenName": "Other"}]});
    human(&world.control, json!({"op": "profile", "contact": name, "profile": profile}));
    let all = world.g("GET", &format!("{name}?personFields=names,metadata"), None).await;
    assert_eq!(all.at("/names").as_array().map(Vec::len), Some(2), "{}", all.body);
    let own = world
        .g("GET", &format!("{name}?personFields=names&sources=READ_SOURCE_TYPE_CONTACT"), None)
        .await;
    assert_eq!(own.at("/names").as_array().map(Vec::len), Some(1));
    world.sandbox.stop().await;
}

#[tokio::test]
async fn fields_come_back_as_the_server_makes_them() {
    let world = World::new(People::Empty).await;
    world.control.set_switches(|s| s.google.shuffle_items = false);
    let long = "長".repeat(1000);
    let person = json!({
        "names": [{"givenName": "Dana", "displayName": "ignored", "metadata": {"primary": false}}],
        "phoneNumbers": [{"value": "03-1234-5678", "type": "work", "canonicalForm": "+1"}, {"value": "1", "type": "cabin"}, {"value": "2"}],
        "emailAddresses": [{"value": "twice@a.test"}, {"value": "twice@a.test"}],
        "biographies": [{"value": format!("🎌 مرحبا {long}")}],
        "userDefined": [{"key": "k", "value": "1"}, {"key": "k", "value": "2"}],
        "externalIds": [{"value": "x", "type": "account"}],
        "clientData": [{"key": "a", "value": "1"}, {"key": "a", "value": "1"}],
        "photos": [{"url": "https://evil.test/x"}],
    });
    let (name, _) = world.person(person).await;
    let read = world.g("GET", &format!("{name}?personFields=names,phoneNumbers,emailAddresses,biographies,userDefined,clientData,externalIds,photos"), None).await;
    for (at, want) in [
        ("/names/0/displayName", json!("Dana")),
        ("/names/0/metadata/primary", json!(true)),
        ("/names/0/metadata/sourcePrimary", json!(true)),
        ("/phoneNumbers/0/canonicalForm", json!("+81312345678")),
        ("/phoneNumbers/1/formattedType", json!("cabin")),
        ("/phoneNumbers/2/formattedType", Value::Null),
        ("/emailAddresses/1/value", json!("twice@a.test")),
        ("/userDefined/1/value", json!("2")),
        ("/clientData/1/value", json!("1")),
        ("/externalIds/0/value", json!("x")),
        ("/photos/0/default", json!(true)),
        ("/biographies/0/value", json!(format!("🎌 مرحبا {long}"))),
    ] {
        assert_eq!(read.at(at), want, "{at}");
    }
    let narrow = world.g("GET", &format!("{name}?personFields=names"), None).await;
    let mut keys: Vec<String> =
        narrow.body.as_object().map(|m| m.keys().cloned().collect()).unwrap_or_default();
    keys.sort();
    assert_eq!(keys, ["etag", "names", "resourceName"], "only what the mask names, and who it is");
    let japanese = world.http.get(format!("{}/v1/{name}?personFields=phoneNumbers", world.google));
    let japanese =
        japanese.bearer_auth(&world.google_token).header("accept-language", "ja").send().await;
    let japanese = Answer::of(japanese.expect("an answer")).await;
    assert_eq!(japanese.text("/phoneNumbers/0/formattedType"), "勤務先");
    let text = json!({"birthdays": [{"text": "in spring"}]});
    human(&world.control, json!({"op": "edit", "contact": name, "fields": text}));
    let read = world.g("GET", &format!("{name}?personFields=birthdays"), None).await;
    assert_eq!(read.text("/birthdays/0/text"), "in spring", "a day in words");
    world.control.set_switches(|s| s.google.refuse_display_name_only = true);
    let shown = json!({"names": [{"displayName": "Only"}]});
    assert_eq!(world.g("POST", "people:createContact", Some(shown.clone())).await.status, 400);
    world.control.set_switches(|s| {
        s.google.refuse_display_name_only = false;
        s.google.refuse_empty_create = true;
    });
    assert_eq!(world.g("POST", "people:createContact", Some(json!({}))).await.status, 400);
    world.control.set_switches(|s| s.google.refuse_empty_create = false);
    assert_eq!(world.g("POST", "people:createContact", Some(shown)).await.status, 200);
    let text = json!({"birthdays": [{"text": "some day in May"}]});
    assert_eq!(world.g("POST", "people:createContact", Some(text.clone())).await.status, 400);
    world.control.set_switches(|s| s.google.text_birthdays_fail = false);
    assert_eq!(world.g("POST", "people:createContact", Some(text)).await.status, 200);
    world.control.set_switches(|s| s.google.organization_dates_fail = false);
    let dated = json!({"organizations": [{"name": "x", "startDate": {"year": 2000, "month": 1, "day": 2}}]});
    assert_eq!(world.g("POST", "people:createContact", Some(dated)).await.status, 200);
    world.sandbox.stop().await;
}

#[tokio::test]
async fn entries_come_in_another_order_with_each_call_and_one_of_them_is_the_primary_one() {
    let world = World::new(People::Empty).await;
    let phones = json!([{"value": "1"}, {"value": "2"}, {"value": "3"}]);
    let (name, _) = world.person(json!({"phoneNumbers": phones})).await;
    let mut first = std::collections::BTreeSet::new();
    for _ in 0..3 {
        let read = world.g("GET", &format!("{name}?personFields=phoneNumbers"), None).await;
        let all = read.at("/phoneNumbers").as_array().cloned().unwrap_or_default();
        let primary = |p: &&Value| p.pointer("/metadata/primary") == Some(&json!(true));
        let primaries: Vec<&Value> = all.iter().filter(primary).collect();
        assert_eq!((all.len(), primaries.len()), (3, 1), "{}", read.body);
        let value = primaries.first().and_then(|p| p.get("value"));
        assert_eq!(value, Some(&json!("1")), "wherever it stands");
        first.insert(read.text("/phoneNumbers/0/value"));
    }
    assert_eq!(first.len(), 3, "each was the first one once: {first:?}");
    world.sandbox.stop().await;
}

#[tokio::test]
async fn lists_cut_long_fields_and_single_reads_do_not() {
    let world = World::new(People::Empty).await;
    let many: Vec<Value> = (0..120)
        .map(|n| json!({"value": format!("someone{n}@example.test"), "type": "work"}))
        .collect();
    let (name, _) = world.person(json!({"emailAddresses": many})).await;
    let list = world.g("GET", LIST, None).await;
    assert_eq!(list.at("/connections/0/emailAddresses").as_array().map(Vec::len), Some(100));
    let one = world.g("GET", &format!("{name}?personFields=emailAddresses"), None).await;
    assert_eq!(one.at("/emailAddresses").as_array().map(Vec::len), Some(120));
    for (size, clamp, status, count) in
        [(0, false, 200, 1), (1000, false, 200, 1), (1001, false, 400, 0), (5000, true, 200, 1)]
    {
        world.control.set_switches(|s| s.google.clamp_page_size = clamp);
        let page = world
            .g("GET", &format!("people/me/connections?personFields=names&pageSize={size}"), None)
            .await;
        let found = page.at("/connections").as_array().map_or(0, Vec::len);
        assert_eq!((page.status, found), (status, count), "pageSize {size}");
    }
    world.sandbox.stop().await;
}

#[tokio::test]
async fn errors_have_the_old_array_too_and_strangers_get_a_page() {
    let world = World::new(People::Empty).await;
    world.control.set_switches(|s| s.google.old_errors = true);
    let missing = world.g("GET", "people/c1?personFields=names", None).await;
    assert_eq!(missing.text("/error/errors/0/reason"), "notFound");
    let page = world
        .http
        .get(format!("{}/nowhere", world.google))
        .bearer_auth(&world.google_token)
        .send()
        .await
        .expect("an answer");
    assert_eq!(page.status().as_u16(), 404);
    assert!(page.text().await.expect("text").contains("<html"), "the front end's page is no JSON");
    for path in ["/v1/userinfo", "/oauth2/v2/userinfo"] {
        let who = world
            .http
            .get(format!("{}{path}", world.google))
            .bearer_auth(&world.google_token)
            .send()
            .await
            .expect("an answer");
        assert!(who.text().await.expect("text").contains("sora.sales@gmail.example"), "{path}");
    }
    world.sandbox.stop().await;
}
