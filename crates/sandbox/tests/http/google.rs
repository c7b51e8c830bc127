//! Google's People API.

use renraku_sandbox::{People, Quotas};
use serde_json::{Value, json};

use crate::setup::{Answer, World};

const LIST: &str = "people/me/connections?personFields=names,emailAddresses,metadata&requestSyncToken=true&pageSize=1000";

impl World {
    async fn delta(&self, token: &str) -> Answer {
        self.g("GET", &format!("{LIST}&syncToken={token}"), None).await
    }
}

fn names(answer: &Answer) -> Vec<String> {
    let list = answer.at("/connections");
    let list = list.as_array().cloned().unwrap_or_default();
    list.iter()
        .filter_map(|p| p.get("resourceName").and_then(Value::as_str))
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn the_sample_is_there() {
    let world = World::new(People::Sample).await;
    let list = world.g("GET", LIST, None).await;
    assert_eq!(list.status, 200);
    assert!(names(&list).len() >= 200);
    assert!(!list.text("/nextSyncToken").is_empty());
    let groups = world.g("GET", "contactGroups?pageSize=100", None).await;
    assert!(groups.body.to_string().contains("\"VIP\""));
    world.sandbox.stop().await;
}

#[tokio::test]
async fn an_update_replaces_what_it_names() {
    let world = World::new(People::Empty).await;
    let made =
        json!({"names": [{"givenName": "A", "familyName": "B"}], "phoneNumbers": [{"value": "1"}]});
    let (name, etag) = world.person(made).await;
    let path = format!(
        "{name}:updateContact?updatePersonFields=names&personFields=names,phoneNumbers,metadata"
    );
    let source = |etag: &str| json!({"sources": [{"type": "CONTACT", "id": "x", "etag": etag}]});
    let read = world.g("GET", &format!("{name}?personFields=metadata"), None).await;
    let source_etag = read.text("/metadata/sources/0/etag");
    for (body, status, word, why) in [
        (json!({"etag": "%bad", "names": []}), 400, "FAILED_PRECONDITION", "a stale etag"),
        (
            json!({"etag": source_etag, "names": []}),
            400,
            "FAILED_PRECONDITION",
            "the source's etag in the person's slot",
        ),
        (
            json!({"metadata": source("#bad"), "names": []}),
            400,
            "FAILED_PRECONDITION",
            "a stale source etag",
        ),
        (json!({"names": []}), 400, "INVALID_ARGUMENT", "no etag"),
        (
            json!({"metadata": {"sources": [{"type": "PROFILE", "etag": "x"}]}}),
            400,
            "INVALID_ARGUMENT",
            "no contact source",
        ),
        (
            json!({"etag": etag, "names": [{"givenName": "a"}, {"givenName": "b"}]}),
            400,
            "INVALID_ARGUMENT",
            "two names",
        ),
    ] {
        let answer = world.g("PATCH", &path, Some(body)).await;
        assert_eq!((answer.status, answer.text("/error/status").as_str()), (status, word), "{why}");
    }
    let good = world
        .g(
            "PATCH",
            &path,
            Some(json!({"metadata": source(&source_etag), "names": [{"givenName": "C"}]})),
        )
        .await;
    assert_eq!((good.status, good.text("/names/0/displayName").as_str()), (200, "C"));
    assert_eq!(good.text("/phoneNumbers/0/value"), "1");
    let cleared = world.g("PATCH", &path, Some(json!({"etag": good.text("/etag")}))).await;
    assert_eq!((cleared.status, cleared.at("/names")), (200, Value::Null));
    let other_mask = world.g("GET", &format!("{name}?personFields=names,phoneNumbers"), None).await;
    assert_ne!(other_mask.text("/etag"), cleared.text("/etag"), "the person etag holds the mask");
    for (target, status, text) in [
        ("people/me", 400, "Resource name \"people/me\" is not a valid contact person resource."),
        ("people/c1", 404, "Requested entity was not found."),
    ] {
        let path = format!("{target}:updateContact?updatePersonFields=names");
        let answer = world.g("PATCH", &path, Some(json!({"etag": "%x"}))).await;
        assert_eq!((answer.status, answer.text("/error/message").as_str()), (status, text));
    }
    world.sandbox.stop().await;
}

#[tokio::test]
async fn deltas_tell_changes_and_tombstones() {
    let world = World::new(People::Empty).await;
    let (kept, _) = world.person(json!({"names": [{"givenName": "Kept"}]})).await;
    let (gone, _) = world.person(json!({"names": [{"givenName": "Gone"}]})).await;
    let full = world.g("GET", LIST, None).await;
    let token = full.text("/nextSyncToken");
    let quiet = world.delta(&token).await;
    assert_eq!(
        quiet.body.as_object().map(|o| o.keys().cloned().collect::<Vec<_>>()),
        Some(vec!["nextSyncToken".to_owned()])
    );
    assert_eq!(world.g("DELETE", &format!("{gone}:deleteContact"), None).await.status, 200);
    assert_eq!(world.g("DELETE", &format!("{gone}:deleteContact"), None).await.status, 404);
    world
        .control
        .human(
            renraku_sandbox::Side::Google,
            json!({"op": "edit", "contact": kept, "fields": {"names": [{"givenName": "New"}]}}),
        )
        .expect("edited");
    let delta = world.delta(&token).await;
    assert_eq!(names(&delta), [gone.clone(), kept.clone()]);
    assert_eq!(delta.at("/connections/0/metadata/deleted"), json!(true));
    assert_eq!(delta.text("/connections/0/metadata/sources/0/updateTime"), "1970-01-01T00:00:00Z");
    assert_eq!(delta.text("/connections/1/names/0/givenName"), "New");
    assert_eq!(delta.at("/totalItems"), json!(2));
    let full = world.g("GET", LIST, None).await;
    assert_eq!(names(&full), [kept]);
    world.sandbox.stop().await;
}

#[tokio::test]
async fn sync_tokens_are_bound_and_expire() {
    let world = World::new(People::Sample).await;
    let token = world.g("GET", LIST, None).await.text("/nextSyncToken");
    let other = world
        .g(
            "GET",
            &format!(
                "people/me/connections?personFields=names&requestSyncToken=true&syncToken={token}"
            ),
            None,
        )
        .await;
    assert_eq!(other.text("/error/message"), "Request contains an invalid argument.");
    assert_eq!(world.delta("garbage").await.status, 400);
    world.control.advance(std::time::Duration::from_secs(8 * 86_400));
    let login =
        crate::setup::google_login(&world.http, &world.google, crate::setup::CONTACTS).await;
    let world = World { google_token: login.text("/access_token"), ..world };
    let expired = world.delta(&token).await;
    assert_eq!(
        (expired.status, expired.text("/error/details/0/reason").as_str()),
        (400, "EXPIRED_SYNC_TOKEN")
    );
    assert_eq!(expired.text("/error/status"), "FAILED_PRECONDITION");
    let token = world.g("GET", LIST, None).await.text("/nextSyncToken");
    world.control.call("POST", "expire", json!({"what": "google_sync_tokens"})).expect("expired");
    assert_eq!(world.delta(&token).await.text("/error/details/0/reason"), "EXPIRED_SYNC_TOKEN");
    world.sandbox.stop().await;
}

#[tokio::test]
async fn pages_hold_everybody_once() {
    let world = World::new(People::Sample).await;
    let mut seen = Vec::new();
    let mut next = String::new();
    loop {
        let path = format!(
            "people/me/connections?personFields=names&requestSyncToken=true&pageSize=37{next}"
        );
        let page = world.g("GET", &path, None).await;
        seen.extend(names(&page));
        let token = page.text("/nextPageToken");
        assert_eq!(token.is_empty(), !page.text("/nextSyncToken").is_empty());
        if token.is_empty() {
            break;
        }
        next = format!("&pageToken={token}");
    }
    let count = seen.len();
    seen.sort();
    seen.dedup();
    let store = world.control.store(renraku_sandbox::Side::Google);
    assert_eq!(
        (seen.len(), count),
        (count, store.pointer("/people").and_then(Value::as_array).map_or(0, Vec::len))
    );
    assert_eq!(
        world.g("GET", "people/me/connections?personFields=names&pageSize=1001", None).await.status,
        400
    );
    world.sandbox.stop().await;
}

#[tokio::test]
async fn writes_lag_in_lists_only() {
    let world = World::new(People::Empty).await;
    world.control.set_switches(|s| {
        s.google.write_lag_ms = 10_000;
        s.google.empty_gives_sync_token = true;
    });
    let token = world.g("GET", LIST, None).await.text("/nextSyncToken");
    let (name, _) = world.person(json!({"names": [{"givenName": "A"}]})).await;
    assert_eq!(world.g("GET", &format!("{name}?personFields=names"), None).await.status, 200);
    assert_eq!(names(&world.delta(&token).await), Vec::<String>::new());
    assert_eq!(names(&world.g("GET", LIST, None).await), Vec::<String>::new());
    let touched = json!({"op": "edit", "contact": name, "fields": {"names": [{"givenName": "B"}]}});
    world.control.human(renraku_sandbox::Side::Google, touched.clone()).expect("edited");
    assert_eq!(names(&world.g("GET", LIST, None).await), Vec::<String>::new(), "still unseen");
    world.control.advance(std::time::Duration::from_secs(11));
    assert_eq!(names(&world.delta(&token).await), [name]);
    let again = json!({"op": "edit", "contact": names(&world.g("GET", LIST, None).await)[0], "fields": {"names": [{"givenName": "C"}]}});
    world.control.human(renraku_sandbox::Side::Google, again).expect("edited");
    let old = world.g("GET", LIST, None).await;
    assert_eq!(
        old.text("/connections/0/names/0/givenName"),
        "B",
        "what was seen last, not what was there first"
    );
    world.sandbox.stop().await;
}

#[tokio::test]
async fn people_act_and_names_move() {
    let world = World::new(People::Empty).await;
    let human = |act: Value| world.control.human(renraku_sandbox::Side::Google, act).expect("done");
    let (one, _) = world.person(json!({"emailAddresses": [{"value": "one@a.test", "type": "work"}], "names": [{"givenName": "One"}]})).await;
    let (two, _) =
        world.person(json!({"emailAddresses": [{"value": "two@a.test", "type": "home"}]})).await;
    let token = world.g("GET", LIST, None).await.text("/nextSyncToken");
    human(json!({"op": "merge", "survivor": one, "losers": ["two@a.test"]}));
    let merged = world.g("GET", &format!("{one}?personFields=emailAddresses"), None).await;
    assert_eq!(
        merged.at("/emailAddresses").as_array().map(Vec::len),
        Some(2),
        "its own and the other"
    );
    assert!(merged.body.to_string().contains("two@a.test"), "{}", merged.body);
    assert_eq!(world.g("GET", &format!("{two}?personFields=names"), None).await.status, 404);
    let moved = human(json!({"op": "rename", "contact": one}));
    let new = moved.get("resourceName").and_then(Value::as_str).unwrap_or_default().to_owned();
    let delta = world.delta(&token).await;
    assert_eq!(names(&delta), [two, new.clone()]);
    assert_eq!(delta.at("/connections/1/metadata/previousResourceNames"), json!([one]));
    let old = format!("{one}?personFields=names");
    assert_eq!(world.g("GET", &old, None).await.status, 404, "the old name is nobody's");
    world.control.set_switches(|s| s.google.follow_renames = true);
    assert_eq!(world.g("GET", &old, None).await.text("/resourceName"), new);
    human(json!({"op": "delete", "contact": new}));
    human(json!({"op": "restore", "contact": new, "same_id": false}));
    assert_eq!(world.g("GET", &format!("{new}?personFields=names"), None).await.status, 404);
    human(json!({"op": "delete_all"}));
    assert_eq!(world.g("GET", LIST, None).await.at("/connections"), Value::Null);
    world.sandbox.stop().await;
}

#[tokio::test]
async fn quotas_caps_and_switches() {
    let world = World::new(People::Empty).await;
    world.control.set_switches(|s| {
        s.google.quotas = Quotas { critical_reads: Some(2), ..Quotas::default() }
    });
    let create = |n: u32| json!({"names": [{"givenName": format!("N{n}")}]});
    for (n, status) in [(1, 200), (2, 200), (3, 429)] {
        let answer = world.g("POST", "people:createContact", Some(create(n))).await;
        assert_eq!(answer.status, status, "a write trips the read bucket");
    }
    let over = world.g("GET", LIST, None).await;
    assert_eq!(
        over.text("/error/details/0/metadata/quota_limit"),
        "CriticalReadsPerMinutePerProjectPerUser"
    );
    world.control.advance(std::time::Duration::from_secs(61));
    assert_eq!(world.g("GET", LIST, None).await.status, 200);
    world.control.set_switches(|s| {
        s.google.quotas = Quotas::default();
        s.google.contact_cap = 2;
    });
    let full = world.g("POST", "people:createContact", Some(create(4))).await;
    assert!(full.text("/error/message").contains("MY_CONTACTS_OVERFLOW_COUNT"));
    world.control.set_switches(|s| s.google.service_disabled = true);
    assert_eq!(
        world.g("GET", LIST, None).await.text("/error/details/0/reason"),
        "SERVICE_DISABLED"
    );
    assert!(world.control.call("PATCH", "switches", json!({"google": {"no_such": 1}})).is_err());
    world.sandbox.stop().await;
}

#[tokio::test]
async fn what_is_refused() {
    let world = World::new(People::Empty).await;
    for (method, path, body, status) in [
        ("GET", "people/me/connections", None, 400),
        ("GET", "people/me/connections?personFields=nonsense", None, 400),
        ("POST", "people/me:createContact", Some(json!({})), 404),
        ("POST", "people:createContact", Some(json!({})), 200),
        (
            "POST",
            "people:createContact",
            Some(json!({"organizations": [{"name": "x", "startDate": {"year": 2000}}]})),
            500,
        ),
        ("GET", "people/c1?personFields=names", None, 404),
        ("PATCH", "people/c1:updateContactPhoto", Some(json!({"photoBytes": "aGVsbG8="})), 400),
        ("GET", "elsewhere", None, 404),
    ] {
        let answer = world.g(method, path, body).await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.body);
    }
    let (name, etag) = world.person(json!({"names": [{"givenName": "P"}]})).await;
    let png = json!({"photoBytes": "iVBORw0KGgpoaQ==", "personFields": "photos"});
    let photo = world.g("PATCH", &format!("{name}:updateContactPhoto"), Some(png)).await;
    assert_eq!((photo.status, photo.at("/person/photos/0/default")), (200, Value::Null));
    assert_ne!(photo.text("/person/etag"), etag);
    world.sandbox.stop().await;
}
