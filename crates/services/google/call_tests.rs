//! The calls against the stand-in: one behaviour per row of what Google answers.

use std::collections::{BTreeMap, BTreeSet};

use renraku_core::contact::Side;
use renraku_sandbox::{CreateMemberships, People};
use serde_json::{Value, json};

use super::wire::{memberships, name_of, whole_person};
use super::{Google, PeoplePage, Received};
use crate::stand_ins::StandIns;
use crate::{ItemReply, RemoteError};

const NAMES: [&str; 1] = ["names"];

async fn read(
    google: &Google,
    token: Option<&str>,
) -> Result<(Vec<Received>, String), RemoteError> {
    let mut all = Vec::new();
    let mut last = None;
    let mut keep = |page: PeoplePage| {
        assert_eq!(page.last, page.next_sync_token.is_some(), "the token comes with the last page");
        last = page.next_sync_token;
        all.extend(page.people);
        Ok(())
    };
    let token = google.people(token, &mut keep).await?;
    assert_eq!(last, token);
    Ok((all, token.expect("the account gives one")))
}

fn named(name: &str) -> Value {
    json!({"names": [{"givenName": name}]})
}

fn done(replies: &[ItemReply]) -> Vec<&str> {
    let kind = |reply: &ItemReply| match reply {
        ItemReply::Done(_) => "done",
        ItemReply::Stale => "stale",
        ItemReply::Gone => "gone",
        ItemReply::Refused(_) => "refused",
        ItemReply::Duplicate { .. } => "duplicate",
        ItemReply::Unknown => "unknown",
    };
    replies.iter().map(kind).collect()
}

/// A change of the name, as an update wants it.
fn renamed(person: &Received, name: &str) -> (String, Value) {
    let mut body = whole_person(&person.raw, &NAMES.into()).expect("a person");
    body["names"] = json!([{"givenName": name}]);
    (person.id.clone(), body)
}

#[tokio::test]
async fn a_full_list_then_quiet_then_only_what_changed() {
    let world = StandIns::with(People::Generated { count: 1500, shared: 0, seed: 1 }).await;
    let google = world.google().await;
    let (all, token) = read(&google, None).await.expect("a list");
    assert_eq!((all.len(), google.requests()), (1500, 2), "a thousand a page");
    let (none, token) = read(&google, Some(&token)).await.expect("a quiet delta");
    assert_eq!((none.len(), google.requests()), (0, 3));
    let (gone, moved) = (all[0].id.clone(), all[1].id.clone());
    world.google_does(json!({"op": "delete", "contact": gone}));
    world.google_does(json!({"op": "rename", "contact": moved}));
    let (changed, _) = read(&google, Some(&token)).await.expect("a delta");
    let dead: Vec<_> = changed.iter().filter(|p| p.deleted).map(|p| p.id.as_str()).collect();
    assert!(dead.contains(&gone.as_str()), "{dead:?}");
    assert!(
        changed.iter().any(|p| p.former == [moved.clone()] && !p.deleted),
        "the old name is told"
    );
    assert_eq!(google.account_size().await, Ok(Some(1499)));
}

#[tokio::test]
async fn expiry_is_told_by_reason_and_by_any_400_with_a_token() {
    let world = StandIns::with(People::Generated { count: 1, shared: 0, seed: 1 }).await;
    let google = world.google().await;
    let (_, token) = read(&google, None).await.expect("a list");
    for (status, word) in [(400, "FAILED_PRECONDITION"), (400, "INVALID_ARGUMENT"), (410, "GONE")] {
        world.control.set_switches(|s| {
            s.google.expired_sync_http = status;
            s.google.expired_sync_status = word.to_owned();
            s.google.sync_token_life_s = -1;
        });
        assert_eq!(read(&google, Some(&token)).await, Err(RemoteError::Expired), "{status} {word}");
    }
    assert_eq!(read(&google, Some("garbage")).await, Err(RemoteError::Expired), "no reason given");
    assert!(read(&google, None).await.is_ok(), "without a token all is well");
}

#[tokio::test]
async fn creates_are_one_call_and_say_who_is_at_fault() {
    let world = StandIns::empty().await;
    let google = world.google().await;
    let people: Vec<Value> = (0..200).map(|i| named(&format!("P{i}"))).collect();
    let replies = google.create(&people).await.expect("replies");
    assert_eq!(google.requests(), 1);
    for (i, reply) in replies.iter().enumerate() {
        let ItemReply::Done(written) = reply else { panic!("{reply:?}") };
        assert_eq!(
            name_of(written.raw.as_deref().expect("the person")),
            Ok(format!("P{i}")),
            "in order"
        );
        assert!(!written.version.is_empty());
    }
    let two_names = json!({"names": [{"givenName": "a"}, {"givenName": "b"}]});
    let replies = google.create(&[named("ok"), two_names, named("fine")]).await.expect("replies");
    assert_eq!(done(&replies), ["done", "refused", "done"], "all or nothing, then without the one");
    assert_eq!(google.account_size().await, Ok(Some(202)));
}

#[tokio::test]
async fn a_lost_answer_to_a_create_is_unknown_and_never_sent_again() {
    let path = "/v1/people:batchCreateContacts";
    let html = json!({"answer_after": {"status": 200, "html": "<html>gateway</html>"}});
    let faults = [
        (json!("drop_after"), 1),
        (json!("truncate"), 1),
        (json!({"answer_after": {"status": 503}}), 1),
        (html, 1),
        (json!({"answer": {"status": 500}}), 0),
        (json!("drop_before"), 0),
    ];
    for (fault, made) in faults {
        let world = StandIns::empty().await;
        let google = world.google().await;
        world.fault(Side::Google, "POST", path, 1, fault.clone());
        let replies = google.create(&[named("A")]).await.expect("replies");
        assert_eq!(done(&replies), ["unknown"], "{fault}");
        assert_eq!(google.requests(), 1, "{fault}: not sent again");
        assert_eq!(google.account_size().await, Ok(Some(made)), "{fault}");
    }
}

#[tokio::test]
async fn a_read_survives_what_passes() {
    let faults = [
        json!("drop_before"),
        json!("drop_after"),
        json!("truncate"),
        json!({"answer": {"status": 500}}),
        json!({"answer": {"status": 502, "html": "<html>"}}),
        json!({"answer": {"status": 200, "html": "<html>"}}),
        json!({"too_many": null}),
        json!({"answer": {"status": 503, "retry_after": 1}}),
    ];
    for fault in faults {
        let world = StandIns::with(People::Generated { count: 1, shared: 0, seed: 1 }).await;
        let google = world.google().await;
        world.fault(Side::Google, "GET", "/v1/people/*", 2, fault.clone());
        assert!(read(&google, None).await.is_ok(), "{fault}");
        assert_eq!(google.requests(), 3, "{fault}: two failed, one came through");
    }
}

#[tokio::test]
async fn throttling_waits_as_asked_and_says_so() {
    let world = StandIns::empty().await;
    let google = world.google().await;
    world.fault(Side::Google, "POST", "*batchCreate*", 1, json!({"too_many": 1}));
    let began = std::time::Instant::now();
    let replies = google.create(&[named("A")]).await.expect("replies");
    assert_eq!(done(&replies), ["done"], "a refused write did nothing, so it is sent again");
    assert!(began.elapsed() >= std::time::Duration::from_secs(1), "Retry-After is kept");
    assert_eq!(world.waits.lock().expect("the list").len(), 1, "the window hears of it");
    world.fault(Side::Google, "POST", "*batchCreate*", 9, json!({"too_many": 3600}));
    let replies = google.create(&[named("B")]).await;
    assert!(matches!(replies, Err(RemoteError::Throttled { until: Some(_), .. })), "{replies:?}");
    world.control.clear_rules();
    world.control.set_switches(|s| s.google.fbs_exhausted = true);
    let before = google.requests();
    let replies = google.create(&[named("C")]).await;
    assert!(matches!(replies, Err(RemoteError::Throttled { until: None, .. })), "{replies:?}");
    assert_eq!(google.requests(), before + 1, "hours: not tried again");
    assert_eq!(google.account_size().await, Ok(Some(1)));
}

#[tokio::test]
async fn updates_are_guarded_one_by_one() {
    for partial in [false, true] {
        let world = StandIns::empty().await;
        let ids: Vec<String> = (0..4).map(|i| world.add_person(named(&format!("P{i}")))).collect();
        let google = world.google().await;
        world.control.set_switches(|s| s.google.batch_update_partial = partial);
        let people: Vec<Received> = google
            .batch_get(&ids)
            .await
            .expect("people")
            .into_iter()
            .filter_map(|(_, p)| p)
            .collect();
        world.google_does(json!({"op": "edit", "contact": ids[1], "fields": named("Theirs")}));
        world.google_does(json!({"op": "delete", "contact": ids[2]}));
        let changes: Vec<_> = people.iter().map(|p| renamed(p, "Ours")).collect();
        let mask = BTreeSet::from(NAMES);
        let replies = google.update(&changes, &mask).await.expect("replies");
        let expected = if partial { "stale" } else { "done" };
        assert_eq!(done(&replies), [expected, "stale", "gone", expected], "partial: {partial}");
        let now = google.batch_get(&ids).await.expect("people");
        let names: Vec<_> =
            now.iter().map(|(_, p)| p.as_ref().map(|p| name_of(&p.raw).expect("a name"))).collect();
        let name = |n: &str| Some(n.to_owned());
        assert_eq!(names, [name("Ours"), name("Theirs"), None, name("Ours")]);
    }
}

#[tokio::test]
async fn a_silent_update_is_read_back() {
    let world = StandIns::empty().await;
    let id = world.add_person(named("Old"));
    let google = world.google().await;
    world.control.set_switches(|s| s.google.batch_update_silent = true);
    let people = google.batch_get(std::slice::from_ref(&id)).await.expect("people");
    let person = people[0].1.as_ref().expect("the person");
    let replies = google.update(&[renamed(person, "New")], &NAMES.into()).await.expect("replies");
    let [ItemReply::Done(written)] = replies.as_slice() else { panic!("{replies:?}") };
    assert_ne!(written.version, person.version);
    assert_eq!(name_of(written.raw.as_deref().expect("the person")).as_deref(), Ok("New"));
}

#[tokio::test]
async fn deletes_already_done_are_done() {
    for ignores in [false, true] {
        let world = StandIns::empty().await;
        let ids: Vec<String> = (0..3).map(|i| world.add_person(named(&format!("P{i}")))).collect();
        let google = world.google().await;
        world.control.set_switches(|s| s.google.batch_delete_ignores_unknown = ignores);
        world.google_does(json!({"op": "delete", "contact": ids[1]}));
        let replies = google.delete(&ids).await.expect("replies");
        assert_eq!(done(&replies), ["done", "done", "done"]);
        assert_eq!(google.account_size().await.map(Option::unwrap_or_default), Ok(0));
        world.add_person(named("Other"));
    }
    let world = StandIns::empty().await;
    let id = world.add_person(named("A"));
    let google = world.google().await;
    world.fault(Side::Google, "POST", "*batchDelete*", 1, json!("drop_after"));
    assert_eq!(done(&google.delete(&[id]).await.expect("replies")), ["done"], "seen to be gone");
}

#[tokio::test]
async fn renamed_and_missing_people_are_told_apart() {
    for follow in [true, false] {
        let world = StandIns::empty().await;
        let ids: Vec<String> = (0..3).map(|i| world.add_person(named(&format!("P{i}")))).collect();
        let google = world.google().await;
        world.control.set_switches(|s| s.google.follow_renames = follow);
        world.google_does(json!({"op": "rename", "contact": ids[0]}));
        world.google_does(json!({"op": "delete", "contact": ids[1]}));
        let found: BTreeMap<_, _> =
            google.batch_get(&ids).await.expect("people").into_iter().collect();
        assert_eq!(found[&ids[0]].is_some(), follow);
        assert!(found[&ids[0]].as_ref().is_none_or(|p| p.id != ids[0]), "the new id is inside");
        assert!(found[&ids[1]].is_none() && found[&ids[2]].is_some());
    }
}

#[tokio::test]
async fn the_cap_stops_creates_and_nothing_else() {
    for status in [400, 429] {
        let world = StandIns::empty().await;
        let id = world.add_person(named("A"));
        let google = world.google().await;
        world.control.set_switches(|s| {
            s.google.contact_cap = 1;
            s.google.cap_status = status;
        });
        assert_eq!(google.create(&[named("B")]).await, Err(RemoteError::Full), "{status}");
        let people = google.batch_get(&[id]).await.expect("people");
        let change = renamed(people[0].1.as_ref().expect("the person"), "C");
        assert_eq!(
            done(&google.update(&[change], &NAMES.into()).await.expect("replies")),
            ["done"]
        );
    }
}

#[tokio::test]
async fn rights_and_tokens() {
    let world = StandIns::with(People::Generated { count: 1, shared: 0, seed: 1 }).await;
    let google = world.google().await;
    world.control.advance(std::time::Duration::from_secs(4000));
    assert!(read(&google, None).await.is_ok(), "an expired token is renewed, once");
    assert_eq!(google.requests(), 2);
    world.control.set_switches(|s| s.google.service_disabled = true);
    let refused = RemoteError::Refused { code: "SERVICE_DISABLED".to_owned(), field: None };
    assert_eq!(read(&google, None).await.err(), Some(refused));
}

#[tokio::test]
async fn labels_are_made_once_and_fill() {
    let world = StandIns::empty().await;
    let ids: Vec<String> = (0..2).map(|i| world.add_person(named(&format!("P{i}")))).collect();
    let google = world.google().await;
    let label = google.create_group("Customers").await.expect("a label");
    assert_eq!(
        google.create_group("Customers").await.map(|g| g.id),
        Ok(label.id.clone()),
        "the same one"
    );
    let add = [ids.clone(), vec!["people/c999999".to_owned()]].concat();
    let left = google.modify_members(&label.id, &add, &[]).await.expect("an answer");
    assert_eq!(left.not_found, ["people/c999999"], "200, yet not all was done");
    let groups = google.groups().await.expect("groups");
    let labels: Vec<_> =
        groups.iter().filter(|g| g.label).map(|g| (g.name.as_str(), g.members)).collect();
    assert_eq!(labels, [("Customers", 2)], "Google's own groups are no labels");
    google.modify_members(&label.id, &[], &ids).await.expect("an answer");
    let mine = groups.iter().find(|g| g.id == super::MY_CONTACTS).expect("the main list");
    let left = google.modify_members(&mine.id, &[], &ids).await.expect("an answer");
    assert_eq!(left.last_group.len(), 2, "a contact keeps one group at least");
}

#[tokio::test]
async fn a_label_named_at_the_create_is_joined_however_google_takes_it() {
    for (how, calls) in [
        (CreateMemberships::Taken, 1),
        // Added, and read back.
        (CreateMemberships::Ignored, 3),
        // Refused, sent without, added, and read back.
        (CreateMemberships::Refused, 4),
    ] {
        let world = StandIns::empty().await;
        let google = world.google().await;
        let label = google.create_group("Customers").await.expect("a label").id;
        world.control.set_switches(|s| s.google.create_memberships = how);
        let before = google.requests();
        let member =
            |group: &str| json!({"contactGroupMembership": {"contactGroupResourceName": group}});
        let person = |n: usize| {
            let mut person = named(&format!("P{n}"));
            person["memberships"] = json!([member(super::MY_CONTACTS), member(&label)]);
            person
        };
        let people: Vec<Value> = (0..150).map(person).collect();
        let replies = google.create(&people).await.expect("replies");
        for reply in &replies {
            let ItemReply::Done(written) = reply else { panic!("{how:?}: {reply:?}") };
            let raw = written.raw.as_deref().expect("the person");
            let mut inside = memberships(raw).expect("groups");
            inside.sort();
            let mut wanted = vec![super::MY_CONTACTS.to_owned(), label.clone()];
            wanted.sort();
            assert_eq!(inside, wanted, "{how:?}");
        }
        assert_eq!(google.requests() - before, calls, "{how:?}");
        let change = renamed(&person_of(&replies[0]), "New");
        let replies = google.update(&[change], &NAMES.into()).await.expect("replies");
        assert_eq!(done(&replies), ["done"], "{how:?}: the version is the newest");
    }
}

/// The person that a reply shows.
fn person_of(reply: &ItemReply) -> Received {
    let ItemReply::Done(written) = reply else { panic!("{reply:?}") };
    super::wire::read(written.raw.as_deref().expect("the person"))
}
