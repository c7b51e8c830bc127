//! Google's People API, the rest of its published behaviour: each switch and each small rule.

use std::time::Duration;

use renraku_sandbox::{Control, ParallelWrites, People, Quotas, Side};
use serde_json::{Value, json};

use crate::setup::{Answer, World};

pub(crate) const LIST: &str = "people/me/connections?personFields=names,emailAddresses,phoneNumbers,memberships,metadata&sources=READ_SOURCE_TYPE_CONTACT&requestSyncToken=true&pageSize=1000";

pub(crate) fn human(control: &Control, act: Value) -> Value {
    control.human(Side::Google, act.clone()).unwrap_or_else(|error| panic!("{act}: {error}"))
}

pub(crate) fn named(name: &str) -> Value {
    json!({"names": [{"givenName": name}]})
}

fn code(answer: &Answer) -> (u16, String) {
    (answer.status, answer.text("/error/status"))
}

impl World {
    /// The person etag, the source's etag and the time of a contact.
    async fn versions(&self, name: &str) -> [String; 3] {
        let read = self.g("GET", &format!("{name}?personFields=metadata"), None).await;
        ["/etag", "/metadata/sources/0/etag", "/metadata/sources/0/updateTime"]
            .map(|at| read.text(at))
    }
}

#[tokio::test]
async fn every_change_moves_both_etags_and_the_time() {
    let world = World::new(People::Empty).await;
    let (name, _) = world.person(named("A")).await;
    let label =
        world.g("POST", "contactGroups", Some(json!({"contactGroup": {"name": "L"}}))).await;
    let label = label.text("/resourceName");
    let png = json!({"photoBytes": "iVBORw0KGgpoaQ=="});
    for (method, path, body) in [
        ("PATCH", format!("{name}:updateContact?updatePersonFields=names"), named("B")),
        ("POST", format!("{label}/members:modify"), json!({"resourceNamesToAdd": [name]})),
        ("POST", format!("{label}/members:modify"), json!({"resourceNamesToRemove": [name]})),
        ("PATCH", format!("{name}:updateContactPhoto"), png),
    ] {
        let before = world.versions(&name).await;
        world.control.advance(Duration::from_millis(5));
        let mut body = body;
        if path.contains("updateContact?") {
            body["etag"] = json!(before[0]);
        }
        let done = world.g(method, &path, Some(body)).await;
        assert_eq!(done.status, 200, "{path}: {}", done.body);
        let after = world.versions(&name).await;
        assert!(before.iter().zip(&after).all(|(b, a)| b != a), "{path}: {before:?} {after:?}");
    }
    let before = world.versions(&name).await;
    let content = world.g("GET", &format!("{name}?personFields=names"), None).await.at("/names");
    human(&world.control, json!({"op": "enrich", "contact": name}));
    assert_ne!(world.versions(&name).await[0], before[0], "the etag moves by itself");
    let now = world.g("GET", &format!("{name}?personFields=names"), None).await.at("/names");
    assert_eq!(now, content, "and nothing else");
    let update = format!("{name}:updateContact?updatePersonFields=names&personFields=names");
    let mut etag = world.versions(&name).await[0].clone();
    for turn in ["C", "D"] {
        let mut body = named(turn);
        body["etag"] = json!(etag);
        let done = world.g("PATCH", &update, Some(body)).await;
        assert_eq!(done.status, 200, "the answer's etag holds for the next update");
        etag = done.text("/etag");
    }
    world.control.set_switches(|s| s.google.etag_varies = false);
    let one = world.g("GET", &format!("{name}?personFields=names"), None).await.text("/etag");
    let two = world.g("GET", &format!("{name}?personFields=metadata"), None).await.text("/etag");
    assert_eq!(one, two, "the simple way");
    world.sandbox.stop().await;
}

#[tokio::test]
async fn a_create_is_not_idempotent() {
    let world = World::new(People::Empty).await;
    let (one, _) = world.person(named("Twin")).await;
    let (two, _) = world.person(named("Twin")).await;
    assert_ne!(one, two);
    world.sandbox.stop().await;
}

#[tokio::test]
async fn sync_tokens_end_in_every_published_way() {
    for (status, word, told) in [
        (400, "FAILED_PRECONDITION", "FAILED_PRECONDITION"),
        (400, "INVALID_ARGUMENT", "INVALID_ARGUMENT"),
        (410, "FAILED_PRECONDITION", "FAILED_PRECONDITION"),
    ] {
        let world = World::new(People::Empty).await;
        for n in 0..4 {
            world.person(named(&n.to_string())).await;
        }
        let list = LIST.replace("pageSize=1000", "pageSize=2");
        let first = world.g("GET", &list, None).await;
        let last = world
            .g("GET", &format!("{list}&pageToken={}", first.text("/nextPageToken")), None)
            .await;
        let token = last.text("/nextSyncToken");
        human(&world.control, json!({"op": "delete_all"}));
        let delta = world.g("GET", &format!("{list}&syncToken={token}"), None).await;
        let next = delta.text("/nextPageToken");
        world.control.set_switches(|s| {
            s.google.expired_sync_http = status;
            s.google.expired_sync_status = word.to_owned();
        });
        world
            .control
            .call("POST", "expire", json!({"what": "google_sync_tokens"}))
            .expect("expired");
        let late =
            world.g("GET", &format!("{list}&syncToken={token}&pageToken={next}"), None).await;
        assert_eq!(code(&late), (status, told.to_owned()), "in the middle of its pages");
        assert_eq!(late.text("/error/details/0/reason"), "EXPIRED_SYNC_TOKEN");
        assert_eq!(late.text("/error/details/0/domain"), "people.googleapis.com");
        world.sandbox.stop().await;
    }
    for (from_full, status) in [(true, 400), (false, 200)] {
        let world = World::new(People::Empty).await;
        world.person(named("One")).await;
        world.control.set_switches(|s| {
            s.google.sync_age_from_full = from_full;
            s.google.access_token_life_s = 100 * 86_400;
        });
        let login =
            crate::setup::google_login(&world.http, &world.google, crate::setup::CONTACTS).await;
        let world = World { google_token: login.text("/access_token"), ..world };
        let mut token = world.g("GET", LIST, None).await.text("/nextSyncToken");
        for day in [4, 4] {
            world.control.advance(Duration::from_secs(day * 86_400));
            let delta = world.g("GET", &format!("{LIST}&syncToken={token}"), None).await;
            if day == 4 && delta.status == 200 {
                token = delta.text("/nextSyncToken");
            } else {
                assert_eq!(delta.status, status, "eight days after the full list");
            }
        }
        let last = world.g("GET", &format!("{LIST}&syncToken={token}"), None).await.status;
        assert_eq!(last, status, "counted from the full list: {from_full}");
        world.sandbox.stop().await;
    }
}

#[tokio::test]
async fn people_vanish_come_back_and_are_renamed() {
    let world = World::new(People::Empty).await;
    let (one, _) = world.person(named("One")).await;
    world.control.set_switches(|s| {
        s.google.empty_lists = true;
        s.google.empty_gives_sync_token = true;
    });
    let empty = world.g("GET", LIST, None).await;
    assert_eq!((empty.status, empty.at("/connections")), (200, Value::Null), "all gone, with 200");
    world.control.set_switches(|s| s.google.empty_lists = false);
    human(&world.control, json!({"op": "delete", "contact": one}));
    let token = world.g("GET", LIST, None).await.text("/nextSyncToken");
    human(&world.control, json!({"op": "restore", "contact": one, "same_id": true}));
    let delta = world.g("GET", &format!("{LIST}&syncToken={token}"), None).await;
    assert_eq!(delta.text("/connections/0/resourceName"), one, "a change, under its old name");
    let moved = human(&world.control, json!({"op": "rename", "contact": one}));
    let new = moved.get("resourceName").and_then(Value::as_str).unwrap_or_default().to_owned();
    let ask = format!("people:batchGet?personFields=names&resourceNames={one}");
    let lost = world.g("GET", &ask, None).await;
    assert_eq!(lost.at("/responses/0/status/code"), json!(5));
    world.control.set_switches(|s| s.google.follow_renames = true);
    let found = world.g("GET", &ask, None).await;
    assert_eq!(found.text("/responses/0/requestedResourceName"), one);
    assert_eq!(found.text("/responses/0/person/resourceName"), new);
    world.sandbox.stop().await;
}

#[tokio::test]
async fn every_batch_has_its_end_and_does_nothing_past_it() {
    let world = World::new(People::Empty).await;
    let (name, etag) = world.person(named("A")).await;
    let names = |many: usize| vec![name.clone(); many];
    let people: serde_json::Map<String, Value> =
        (0..201).map(|n| (format!("people/c{n}"), json!({"etag": etag}))).collect();
    let asked = |many: usize| {
        format!(
            "people:batchGet?personFields=names{}",
            format!("&resourceNames={name}").repeat(many)
        )
    };
    let group = "contactGroups/myContacts/members:modify";
    for (method, path, body, status) in [
        ("GET", asked(201), None, 400),
        ("GET", asked(200), None, 200),
        (
            "POST",
            "people:batchUpdateContacts".to_owned(),
            Some(json!({"contacts": people, "updateMask": "names", "readMask": "names"})),
            400,
        ),
        (
            "POST",
            "people:batchDeleteContacts".to_owned(),
            Some(json!({"resourceNames": names(501)})),
            400,
        ),
        (
            "POST",
            group.to_owned(),
            Some(json!({"resourceNamesToAdd": names(600), "resourceNamesToRemove": names(401)})),
            400,
        ),
    ] {
        let answer = world.g(method, &path, body).await;
        assert_eq!(answer.status, status, "{method} {}", path.chars().take(60).collect::<String>());
    }
    let (other, second) = world.person(named("B")).await;
    let change = |etag: &str| json!({"contacts": {name.as_str(): {"etag": etag, "names": [{"givenName": "X"}]}, other.as_str(): {"etag": "%stale", "names": []}}, "updateMask": "names", "readMask": "names"});
    world.control.set_switches(|s| s.google.batch_update_partial = true);
    let partial = world.g("POST", "people:batchUpdateContacts", Some(change(&etag))).await;
    assert_eq!(partial.status, 400);
    let read = world.g("GET", &format!("{name}?personFields=names"), None).await;
    assert_eq!(read.text("/names/0/givenName"), "X", "the good one is written all the same");
    world.control.set_switches(|s| s.google.batch_update_silent = true);
    let body = json!({"contacts": {other.as_str(): {"etag": second, "names": [{"givenName": "Y"}]}}, "updateMask": "names", "readMask": "names"});
    let silent = world.g("POST", "people:batchUpdateContacts", Some(body)).await;
    assert_eq!(
        (silent.status, silent.body),
        (200, json!({})),
        "nothing shown, even with a read mask"
    );
    world.control.set_switches(|s| s.google.batch_delete_ignores_unknown = true);
    let delete = json!({"resourceNames": [name, "people/c9"]});
    assert_eq!(world.g("POST", "people:batchDeleteContacts", Some(delete)).await.status, 200);
    world.sandbox.stop().await;
}

#[tokio::test]
async fn every_quota_and_cap_has_its_words() {
    let world = World::new(People::Empty).await;
    let quotas = |change: fn(&mut Quotas)| {
        world.control.set_switches(|s| {
            s.google.quotas = Quotas::default();
            change(&mut s.google.quotas);
        });
    };
    let body = || Some(named("N"));
    for (what, change, method, path, body, limit) in [
        (
            "a full list has a quota of its own",
            (|q| q.full_syncs = Some(0)) as fn(&mut Quotas),
            "GET",
            LIST.to_owned(),
            None,
            Value::Null,
        ),
        (
            "creates",
            |q| q.critical_writes = Some(0),
            "POST",
            "people:createContact".to_owned(),
            body(),
            json!("CriticalWritesPerMinutePerProjectPerUser"),
        ),
        (
            "creates are counted by the day",
            |q| q.daily_writes = Some(0),
            "POST",
            "people:createContact".to_owned(),
            body(),
            json!("DailyContactWritesPerProjectPerUser"),
        ),
        (
            "groups",
            |q| q.reads = Some(0),
            "GET",
            "contactGroups".to_owned(),
            None,
            json!("ReadsPerMinutePerProjectPerUser"),
        ),
        (
            "labels are written",
            |q| q.writes = Some(0),
            "POST",
            "contactGroups".to_owned(),
            Some(json!({"contactGroup": {"name": "L"}})),
            json!("WritesPerMinutePerProjectPerUser"),
        ),
        (
            "a batch costs six",
            |q| q.critical_writes = Some(5),
            "POST",
            "people:batchCreateContacts".to_owned(),
            Some(json!({"contacts": [{"contactPerson": {}}], "readMask": ""})),
            json!("CriticalWritesPerMinutePerProjectPerUser"),
        ),
    ] {
        quotas(change);
        let answer = world.g(method, &path, body).await;
        assert_eq!(code(&answer), (429, "RESOURCE_EXHAUSTED".to_owned()), "{what}");
        assert_eq!(answer.at("/error/details/0/metadata/quota_limit"), limit, "{what}");
        assert!(!answer.headers.contains_key("retry-after"), "{what}: none unless asked for");
    }
    quotas(|_| ());
    world.control.set_switches(|s| {
        s.google.fbs_exhausted = true;
        s.google.retry_after = Some(9);
    });
    let hidden = world.g("POST", "people:createContact", body()).await;
    assert_eq!(
        hidden.text("/error/details/0/violations/0/description"),
        "FBS quota limit exceeded"
    );
    assert_eq!(hidden.headers.get("retry-after").and_then(|v| v.to_str().ok()), Some("9"));
    assert_eq!(world.g("GET", LIST, None).await.status, 200, "reads go on");
    world.control.set_switches(|s| s.google.fbs_exhausted = false);
    let (name, _) = world.person(named("Full")).await;
    for (status, trash) in [(400, false), (429, true)] {
        world.control.set_switches(|s| {
            s.google.contact_cap = 1;
            s.google.cap_status = status;
            s.google.cap_counts_trash = trash;
        });
        let full = world.g("POST", "people:createContact", body()).await;
        assert_eq!(full.status, status);
        assert!(full.text("/error/message").contains("MY_CONTACTS_OVERFLOW_COUNT"));
        human(&world.control, json!({"op": "delete_all"}));
        let after = world.g("POST", "people:createContact", body()).await.status;
        assert_eq!(after, if trash { status } else { 200 }, "the bin counts: {trash}");
    }
    assert_eq!(world.g("GET", &format!("{name}?personFields=names"), None).await.status, 404);
    world.sandbox.stop().await;
}

#[tokio::test]
async fn writes_at_the_same_time_are_answered_as_the_switch_says() {
    let world = World::new(People::Empty).await;
    world
        .control
        .call("POST", "rules", json!({"side": "google", "method": "POST", "do": {"delay_ms": 150}}))
        .expect("a rule");
    for (how, status) in [
        (ParallelWrites::Fine, 200),
        (ParallelWrites::Aborted, 409),
        (ParallelWrites::Unavailable, 503),
        (ParallelWrites::Etag, 400),
    ] {
        world.control.set_switches(|s| s.google.parallel_writes = how);
        let (one, two) = tokio::join!(
            world.g("POST", "people:createContact", Some(named("A"))),
            world.g("POST", "people:createContact", Some(named("B"))),
        );
        let mut both = [one.status, two.status];
        both.sort_unstable();
        assert_eq!(both, [200, status], "{how:?}");
    }
    world.sandbox.stop().await;
}
