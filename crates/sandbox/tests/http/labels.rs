//! Batches and labels of the People API.

use renraku_sandbox::{CreateMemberships, People};
use serde_json::{Value, json};

use crate::setup::World;

#[tokio::test]
async fn batches_are_all_or_nothing() {
    let world = World::new(People::Empty).await;
    let person = |name: &str| json!({"contactPerson": {"names": [{"givenName": name}]}});
    let bad = json!({"contacts": [person("A"), {"contactPerson": {"birthdays": [{"date": {"month": 13, "day": 1}}]}}], "readMask": "names"});
    let refused = world.g("POST", "people:batchCreateContacts", Some(bad)).await;
    assert_eq!(
        (refused.status, refused.at("/error/details/0/contactErrors/1/code")),
        (400, json!(3))
    );
    let many: Vec<Value> = (0..201).map(|_| person("x")).collect();
    for (body, status, why) in [
        (json!({"contacts": many, "readMask": "names"}), 400, "201 contacts"),
        (json!({"contacts": [person("A")]}), 400, "no read mask"),
        (json!({"contacts": [person("A")], "readMask": ""}), 200, "an empty read mask"),
    ] {
        assert_eq!(
            world.g("POST", "people:batchCreateContacts", Some(body)).await.status,
            status,
            "{why}"
        );
    }
    let made = world
        .g(
            "POST",
            "people:batchCreateContacts",
            Some(json!({"contacts": [person("B"), person("C")], "readMask": "names"})),
        )
        .await;
    assert_eq!(made.text("/createdPeople/1/person/names/0/givenName"), "C");
    let (one, two) = (
        made.text("/createdPeople/0/person/resourceName"),
        made.text("/createdPeople/1/person/resourceName"),
    );
    let change = |second: &str| {
        json!({"contacts": {one.as_str(): {"etag": made.text("/createdPeople/0/person/etag"), "names": [{"givenName": "B2"}]},
                            two.as_str(): {"etag": second, "names": [{"givenName": "C2"}]}}, "updateMask": "names", "readMask": "names"})
    };
    let refused = world.g("POST", "people:batchUpdateContacts", Some(change("%bad"))).await;
    assert_eq!(
        refused.at("/error/details/0/contactErrors").get(&two).and_then(|e| e.get("code")),
        Some(&json!(9))
    );
    let good = world
        .g(
            "POST",
            "people:batchUpdateContacts",
            Some(change(&made.text("/createdPeople/1/person/etag"))),
        )
        .await;
    assert_eq!(good.status, 200, "nothing of the refused batch was done, so both etags still hold");
    let found = world.g("GET", &format!("people:batchGet?personFields=names&resourceNames={one}&resourceNames=people/c9&resourceNames={one}"), None).await;
    assert_eq!(
        (
            found.text("/responses/0/person/names/0/givenName").as_str(),
            found.at("/responses/1/status/code")
        ),
        ("B2", json!(5))
    );
    assert_eq!(
        world
            .g(
                "POST",
                "people:batchDeleteContacts",
                Some(json!({"resourceNames": [one, "people/c9"]}))
            )
            .await
            .status,
        404
    );
    assert_eq!(
        world
            .g("POST", "people:batchDeleteContacts", Some(json!({"resourceNames": [one, two]})))
            .await
            .status,
        200
    );
    world.sandbox.stop().await;
}

#[tokio::test]
async fn labels() {
    let world = World::new(People::Empty).await;
    let (name, _) = world.person(json!({"names": [{"givenName": "A"}]})).await;
    let made =
        world.g("POST", "contactGroups", Some(json!({"contactGroup": {"name": "Club"}}))).await;
    let group = made.text("/resourceName");
    assert_eq!(
        world
            .g("POST", "contactGroups", Some(json!({"contactGroup": {"name": "Club"}})))
            .await
            .status,
        409
    );
    let add = world
        .g(
            "POST",
            &format!("{group}/members:modify"),
            Some(json!({"resourceNamesToAdd": [name, "people/c9"]})),
        )
        .await;
    assert_eq!((add.status, add.at("/notFoundResourceNames")), (200, json!(["people/c9"])));
    let mine = world
        .g(
            "POST",
            "contactGroups/myContacts/members:modify",
            Some(json!({"resourceNamesToRemove": [name]})),
        )
        .await;
    assert_eq!(mine.body, json!({}));
    let last = world
        .g(
            "POST",
            &format!("{group}/members:modify"),
            Some(json!({"resourceNamesToRemove": [name]})),
        )
        .await;
    assert_eq!(last.at("/canNotRemoveLastContactGroupResourceNames"), json!([name]));
    let one = world.g("GET", &format!("{group}?maxMembers=10"), None).await;
    assert_eq!((one.at("/memberCount"), one.at("/memberResourceNames")), (json!(1), json!([name])));
    let stale =
        world.g("PUT", &group, Some(json!({"contactGroup": {"name": "X", "etag": "old"}}))).await;
    assert_eq!(
        (stale.status, stale.text("/error/message").as_str()),
        (409, "Contact group etag is outdated")
    );
    let renamed = world
        .g("PUT", &group, Some(json!({"contactGroup": {"name": "X", "etag": one.text("/etag")}})))
        .await;
    assert_eq!(renamed.text("/name"), "X");
    let list = world.g("GET", "contactGroups", None).await;
    assert_eq!(list.at("/totalItems"), json!(9));
    assert_eq!(world.g("DELETE", "contactGroups/friends", None).await.status, 400);
    assert_eq!(world.g("DELETE", &format!("{group}?deleteContacts=false"), None).await.status, 200);
    let back = world.g("GET", &format!("{name}?personFields=memberships"), None).await;
    assert_eq!(back.text("/memberships/0/contactGroupMembership/contactGroupId"), "myContacts");
    let delta = world
        .g("GET", &format!("contactGroups?syncToken={}", list.text("/nextSyncToken")), None)
        .await;
    assert_eq!(delta.at("/contactGroups/0/metadata/deleted"), json!(true));
    world.control.set_switches(|s| s.google.create_memberships = CreateMemberships::Taken);
    let create = json!({"names": [{"givenName": "B"}], "memberships": [{"contactGroupMembership": {"contactGroupResourceName": "contactGroups/starred"}}]});
    let made = world.g("POST", "people:createContact?personFields=memberships", Some(create)).await;
    assert_eq!(made.text("/memberships/0/contactGroupMembership/contactGroupId"), "starred");
    world.sandbox.stop().await;
}
