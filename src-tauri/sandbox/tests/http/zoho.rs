//! Zoho's CRM API.

use renraku_sandbox::People;
use serde_json::json;

use crate::setup::World;

#[tokio::test]
async fn the_sample_is_there() {
    let world = World::new(People::Sample).await;
    let list =
        world.z("GET", "Contacts?fields=Last_Name,Email,Account_Name,Modified_Time", None).await;
    assert_eq!((list.status, list.at("/info/count")), (200, json!(200)));
    assert_eq!(list.at("/info/more_records"), json!(true));
    let all = world
        .coql("select id, Email, Account_Name from Contacts where id is not null limit 2000")
        .await;
    assert!(all.at("/info/count").as_u64().unwrap_or(0) >= 200);
    for module in ["Leads", "Vendors"] {
        let some = world.z("GET", &format!("{module}?fields=id,Email"), None).await;
        assert!(some.at("/info/count").as_u64().unwrap_or(0) >= 24, "{module}");
    }
    world.sandbox.stop().await;
}

#[tokio::test]
async fn insert_update_delete() {
    let world = World::new(People::Empty).await;
    let id = world.contact(json!({"Last_Name": "Doe", "Email": "doe@a.test"})).await;
    let put = world
        .z("PUT", "Contacts", Some(json!({"data": [{"id": id, "Phone": "1"}], "trigger": []})))
        .await;
    assert_eq!((put.status, put.text("/data/0/message").as_str()), (200, "record updated"));
    let gone = world.z("DELETE", &format!("Contacts?ids={id}&wf_trigger=false"), None).await;
    assert_eq!(gone.status, 200);
    let list = world.z("GET", "Contacts?fields=Email", None).await;
    assert_eq!(list.status, 204);
    let deleted = world.z("GET", "Contacts/deleted", None).await;
    assert_eq!(deleted.text("/data/0/id"), id);
    world.sandbox.stop().await;
}
