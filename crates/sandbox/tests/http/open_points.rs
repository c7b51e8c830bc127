//! The readings of what the services' pages leave open, as the stand-ins show them.

use renraku_sandbox::{CreateMemberships, LongText, People, StaleBatch};
use serde_json::{Value, json};

use crate::setup::World;

#[tokio::test]
async fn a_view_without_changes_answers_as_the_switch_says() {
    let world = World::new(People::Empty).await;
    let view = json!({"op": "view", "module": "Contacts", "name": "All", "condition": "Last_Name is not null"});
    world.control.human(renraku_sandbox::Side::Zoho, view).expect("a view");
    world.contact(json!({"Last_Name": "A"})).await;
    let views = world.z("GET", "settings/custom_views?module=Contacts", None).await;
    let all = views.at("/custom_views").as_array().cloned().unwrap_or_default();
    let mine = all.iter().find(|view| view["name"] == "All").expect("it is listed");
    let path = format!("Contacts?fields=Last_Name&cvid={}", mine["id"].as_str().expect("an id"));
    let never = [("if-modified-since", "2100-01-01T00:00:00+00:00")];
    for status in [204, 304] {
        world.control.set_switches(|s| s.zoho.unchanged_view_status = status);
        let quiet = world.zh("GET", &path, None, &never).await;
        assert_eq!((quiet.status, quiet.body), (status, Value::Null));
    }
    let list = world.zh("GET", "Contacts?fields=Last_Name", None, &never).await;
    assert_eq!(list.status, 304, "other lists are documented");
    world.sandbox.stop().await;
}

#[tokio::test]
async fn one_newer_record_refuses_its_whole_batch_or_itself_alone() {
    for how in [StaleBatch::Whole, StaleBatch::Each] {
        let world = World::new(People::Empty).await;
        world.control.set_switches(|s| s.zoho.stale_batch = how);
        let old = world.contact(json!({"Last_Name": "Old"})).await;
        world.control.advance(std::time::Duration::from_secs(10));
        let new = world.contact(json!({"Last_Name": "New"})).await;
        let one = world.z("GET", &format!("Contacts/{old}"), None).await;
        let version = one.text("/data/0/Modified_Time");
        let both =
            json!({"data": [{"id": old, "Title": "x"}, {"id": new, "Title": "x"}], "trigger": []});
        let header = [("if-unmodified-since", version.as_str())];
        let answer = world.zh("PUT", "Contacts", Some(both), &header).await;
        let written = world.z("GET", &format!("Contacts/{old}"), None).await.text("/data/0/Title");
        match how {
            StaleBatch::Whole => {
                assert_eq!((answer.status, answer.at("/data/1")), (412, Value::Null));
                assert_eq!(answer.text("/data/0/details/id"), new, "it is named");
                assert_eq!(written, "", "nothing is written");
            }
            StaleBatch::Each => {
                assert_eq!(answer.status, 207);
                assert_eq!(answer.text("/data/1/code"), "ALREADY_MODIFIED");
                assert_eq!(written, "x", "the other one is written");
            }
        }
        world.sandbox.stop().await;
    }
}

#[tokio::test]
async fn an_updated_record_enters_the_review_process_where_there_is_one() {
    let world = World::new(People::Empty).await;
    let id = world.contact(json!({"Last_Name": "A"})).await;
    let update = json!({"data": [{"id": id, "Title": "x"}], "trigger": []});
    for (review, second) in [(false, "SUCCESS"), (true, "NOT_REVIEWED")] {
        world.control.set_switches(|s| s.zoho.review_process = review);
        let first = world.z("PUT", "Contacts", Some(update.clone())).await;
        assert_eq!(first.text("/data/0/code"), "SUCCESS");
        let again = world.z("PUT", "Contacts", Some(update.clone())).await;
        assert_eq!(again.text("/data/0/code"), second);
    }
    world.sandbox.stop().await;
}

#[tokio::test]
async fn a_long_text_is_cut_refused_or_taken() {
    let world = World::new(People::Empty).await;
    for (how, status, kept) in
        [(LongText::Cut, 200, 1024), (LongText::Refused, 400, 0), (LongText::Taken, 200, 2000)]
    {
        world.control.set_switches(|s| s.google.long_text = how);
        let person = json!({"biographies": [{"value": "長".repeat(2000)}]});
        let made =
            world.g("POST", "people:createContact?personFields=biographies", Some(person)).await;
        assert_eq!(made.status, status, "{how:?}");
        assert_eq!(made.text("/biographies/0/value").chars().count(), kept, "{how:?}");
    }
    world.sandbox.stop().await;
}

#[tokio::test]
async fn groups_that_a_create_names_are_passed_over_refused_or_taken() {
    let world = World::new(People::Empty).await;
    for (how, status, group) in [
        (CreateMemberships::Ignored, 200, "myContacts"),
        (CreateMemberships::Refused, 400, ""),
        (CreateMemberships::Taken, 200, "starred"),
    ] {
        world.control.set_switches(|s| s.google.create_memberships = how);
        let group_of = json!({"contactGroupMembership": {"contactGroupResourceName": "contactGroups/starred"}});
        let person = json!({"names": [{"givenName": "B"}], "memberships": [group_of]});
        let made =
            world.g("POST", "people:createContact?personFields=memberships", Some(person)).await;
        let told = made.text("/memberships/0/contactGroupMembership/contactGroupId");
        assert_eq!((made.status, told.as_str()), (status, group), "{how:?}");
    }
    world.sandbox.stop().await;
}
