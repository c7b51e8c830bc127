//! Google's People API.

use renraku_sandbox::People;
use serde_json::json;

use crate::setup::World;

#[tokio::test]
async fn the_sample_is_there() {
    let world = World::new(People::Sample).await;
    let list = world.g("GET", "people/me/connections?personFields=names,emailAddresses,metadata,memberships&pageSize=1000&requestSyncToken=true", None).await;
    assert_eq!(list.status, 200);
    assert!(list.at("/connections").as_array().map_or(0, Vec::len) >= 200);
    assert!(!list.text("/nextSyncToken").is_empty());
    let groups = world.g("GET", "contactGroups?pageSize=100", None).await;
    assert!(groups.body.to_string().contains("\"VIP\""));
    world.sandbox.stop().await;
}

#[tokio::test]
async fn an_update_replaces_what_it_names() {
    let world = World::new(People::Empty).await;
    let (name, etag) = world.person(json!({"names": [{"givenName": "A", "familyName": "B"}], "phoneNumbers": [{"value": "1"}]})).await;
    let path =
        format!("{name}:updateContact?updatePersonFields=names&personFields=names,phoneNumbers");
    let stale = world.g("PATCH", &path, Some(json!({"etag": "%bad", "names": []}))).await;
    assert_eq!((stale.status, stale.text("/error/status").as_str()), (400, "FAILED_PRECONDITION"));
    let none = world.g("PATCH", &path, Some(json!({"names": []}))).await;
    assert_eq!((none.status, none.text("/error/status").as_str()), (400, "INVALID_ARGUMENT"));
    let good =
        world.g("PATCH", &path, Some(json!({"etag": etag, "names": [{"givenName": "C"}]}))).await;
    assert_eq!(good.status, 200);
    assert_eq!(good.text("/names/0/displayName"), "C");
    assert_eq!(good.text("/phoneNumbers/0/value"), "1");
    assert_ne!(good.text("/etag"), etag);
    world.sandbox.stop().await;
}
