//! Zoho's writes, the rest: what is refused, item by item or as a whole.

use std::time::Duration;

use renraku_sandbox::People;
use serde_json::{Value, json};

use crate::setup::World;
use crate::zoho_more::one;

#[tokio::test]
async fn what_is_gone_is_answered_as_the_switch_says() {
    let world = World::new(People::Empty).await;
    let id = world.contact(json!({"Last_Name": "Gone"})).await;
    world.z("DELETE", &format!("Contacts/{id}"), None).await;
    assert_eq!(world.z("GET", &format!("Contacts/{id}"), None).await.status, 204);
    world.control.set_switches(|s| s.zoho.missing_record_status = 400);
    assert_eq!(
        world.code("GET", &format!("Contacts/{id}"), None).await,
        (400, "INVALID_DATA".to_owned())
    );
    let put = world.z("PUT", "Contacts", one(json!({"id": id, "Last_Name": "X"}))).await;
    assert_eq!(put.text("/data/0/message"), "the id given seems to be invalid");
    assert_eq!(
        world.z("DELETE", &format!("Contacts/{id}"), None).await.text("/data/0/message"),
        "record not deleted"
    );
    assert_eq!(
        world.code("DELETE", "Contacts", None).await,
        (400, "REQUIRED_PARAM_MISSING".to_owned())
    );
    let many = vec!["1"; 101].join(",");
    assert_eq!(
        world.code("DELETE", &format!("Contacts?ids={many}"), None).await,
        (400, "LIMIT_EXCEEDED".to_owned())
    );
    world.sandbox.stop().await;
}

#[tokio::test]
async fn a_write_is_refused_item_by_item() {
    let world = World::new(People::Empty).await;
    let id = world.contact(json!({"Last_Name": "Doe", "Email": "doe@a.test"})).await;
    let clear = world.z("PUT", "Contacts", one(json!({"id": id, "Last_Name": null}))).await;
    assert_eq!((clear.status, clear.text("/data/0/code").as_str()), (400, "MANDATORY_NOT_FOUND"));
    assert_eq!(clear.text("/data/0/details/json_path"), "$.data[0].Last_Name");
    assert_eq!(
        world.code("POST", "Vendors", one(json!({"Email": "v@a.test"}))).await.1,
        "MANDATORY_NOT_FOUND"
    );
    for (switch, record, status, code) in [
        ("all failed", json!({}), 202, "MANDATORY_NOT_FOUND"),
        (
            "first error only",
            json!({"Last_Name": "A", "Email": "bad", "Phone": "x"}),
            202,
            "INVALID_DATA",
        ),
        (
            "read-only refused",
            json!({"Last_Name": "A", "Created_Time": "2020-01-01T00:00:00Z"}),
            202,
            "INVALID_DATA",
        ),
        ("unknown refused", json!({"Last_Name": "A", "Nope": 1}), 202, "INVALID_DATA"),
        (
            "lists restricted",
            json!({"Last_Name": "A", "Lead_Source": "Nowhere"}),
            202,
            "INVALID_DATA",
        ),
    ] {
        world.control.set_switches(|s| {
            s.zoho.all_failed_status = 202;
            s.zoho.multiple_errors = false;
            s.zoho.refuse_read_only = true;
            s.zoho.refuse_unknown_fields = true;
            s.zoho.restrict_pick_lists = true;
        });
        assert_eq!(
            world.code("POST", "Contacts", one(record)).await,
            (status, code.to_owned()),
            "{switch}"
        );
    }
    world.control.set_switches(|s| s.zoho = renraku_sandbox::ZohoSwitches::default());
    let lenient = json!({"Last_Name": "A", "Created_Time": "2020-01-01T00:00:00Z", "Nope": 1, "Lead_Source": "Nowhere"});
    assert_eq!(
        world.code("POST", "Contacts", one(lenient)).await.1,
        "SUCCESS",
        "ignored otherwise"
    );
    for (waiting, code) in [("approval", "NOT_APPROVED"), ("review", "NOT_REVIEWED")] {
        world.does(json!({"op": "state", "module": "Contacts", "record": id, "waiting": waiting}));
        assert_eq!(
            world.code("PUT", "Contacts", one(json!({"id": id, "Title": "x"}))).await.1,
            code
        );
    }
    world.does(json!({"op": "state", "module": "Contacts", "record": id, "waiting": "none", "locked": true}));
    let read =
        world.z("GET", &format!("Contacts?fields=$locked_for_me,Last_Name&ids={id}"), None).await;
    assert_eq!(read.at("/data/0/$locked_for_me"), json!(true), "{}", read.body);
    assert_eq!(world.code("DELETE", &format!("Contacts?ids={id}"), None).await.1, "RECORD_LOCKED");
    world.does(json!({"op": "state", "module": "Contacts", "record": id, "locked": false}));
    world.does(
        json!({"op": "field", "module": "Contacts", "api_name": "Title", "set": {"unique": true}}),
    );
    world.contact(json!({"Last_Name": "B", "Title": "Unique"})).await;
    for (title, code) in [("unique", "SUCCESS"), ("Unique", "DUPLICATE_DATA")] {
        assert_eq!(
            world.code("POST", "Contacts", one(json!({"Last_Name": "C", "Title": title}))).await.1,
            code,
            "case counts"
        );
    }
    world.sandbox.stop().await;
}

#[tokio::test]
async fn requests_are_refused_as_a_whole_flat_or_wrapped() {
    let world = World::new(People::Empty).await;
    for (method, path, status, code) in [
        ("GET", "settings/nothing", 404, "INVALID_URL_PATTERN"),
        ("GET", "Contacts/1/2/3", 404, "INVALID_URL_PATTERN"),
        ("PATCH", "Contacts", 400, "INVALID_REQUEST_METHOD"),
        ("POST", "settings/fields", 400, "INVALID_REQUEST_METHOD"),
        ("GET", "settings/fields?module=Nowhere", 400, "INVALID_MODULE"),
        ("GET", "settings/fields", 400, "REQUIRED_PARAM_MISSING"),
    ] {
        let body = (method != "GET").then(|| json!({"data": [{}]}));
        assert_eq!(
            world.code(method, path, body).await,
            (status, code.to_owned()),
            "{method} {path}"
        );
    }
    world.does(json!({"op": "rights", "module": "Contacts", "create": false}));
    for (wrapped, at) in [(false, "/code"), (true, "/data/0/code")] {
        world.control.set_switches(|s| s.zoho.wrapped_write_errors = wrapped);
        let refused = world.z("POST", "Contacts", one(json!({"Last_Name": "A"}))).await;
        assert_eq!(
            (refused.status, refused.text(at).as_str()),
            (403, "NO_PERMISSION"),
            "wrapped: {wrapped}"
        );
    }
    world.sandbox.stop().await;
}

#[tokio::test]
async fn an_upsert_checks_the_fields_that_it_is_told() {
    let world = World::new(People::Empty).await;
    world.does(json!({"op": "field", "module": "Contacts", "api_name": "Loyalty_ID", "set": {"unique": false}}));
    let id =
        world.contact(json!({"Last_Name": "Doe", "Email": "doe@a.test", "Loyalty_ID": "L1"})).await;
    for (record, fields, action, why) in [
        (
            json!({"Last_Name": "D", "Email": "doe@a.test"}),
            Value::Null,
            "update",
            "without a list the system's field counts",
        ),
        (
            json!({"Last_Name": "D", "Email": "doe@a.test", "Loyalty_ID": "L2"}),
            json!(["Loyalty_ID"]),
            "insert",
            "a list without it ignores it",
        ),
        (
            json!({"Last_Name": "D", "Email": "other@a.test", "Loyalty_ID": "L1"}),
            json!(["Email"]),
            "update",
            "unique fields count all the same",
        ),
    ] {
        let mut body = json!({"data": [record], "trigger": []});
        if !fields.is_null() {
            body["duplicate_check_fields"] = fields;
        }
        let answer = world.z("POST", "Contacts/upsert", Some(body)).await;
        assert_eq!(answer.text("/data/0/action"), action, "{why}: {}", answer.body);
    }
    let seen = world.z("GET", &format!("Contacts/{id}"), None).await.text("/data/0/Modified_Time");
    world.control.advance(Duration::from_secs(5));
    world.does(json!({"op": "edit", "module": "Contacts", "record": id, "fields": {"Title": "T"}}));
    let body = one(json!({"Last_Name": "E", "Loyalty_ID": "L1"}));
    let stale = world.zh("POST", "Contacts/upsert", body, &[("if-unmodified-since", &seen)]).await;
    assert_eq!((stale.status, stale.text("/data/0/code").as_str()), (412, "ALREADY_MODIFIED"));
    world.sandbox.stop().await;
}
