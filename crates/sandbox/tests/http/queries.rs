//! COQL, search and layouts of the CRM API.

use renraku_sandbox::{People, Side};
use serde_json::{Value, json};

use crate::setup::World;
use crate::zoho::ids;

#[tokio::test]
async fn coql_and_search() {
    let world = World::new(People::Empty).await;
    let human = |act: Value| world.control.human(Side::Zoho, act).expect("done");
    human(
        json!({"op": "create", "module": "Contacts", "fields": {"Last_Name": "Alpha", "First_Name": "Ann", "Email": "Ann@A.test", "Account_Name": "Acme", "Customer_Rank": "VIP"}}),
    );
    human(
        json!({"op": "create", "module": "Contacts", "fields": {"Last_Name": "Beta", "Email": "b_b@a.test", "Phone": "+1 555 0100"}}),
    );
    human(json!({"op": "create", "module": "Contacts", "fields": {"Last_Name": "Gamma"}}));
    for (text, hits) in [
        ("Email in ('ann@a.test', 'x@a.test')", 1),
        ("Email is null", 1),
        ("Email is not null and Customer_Rank != 'VIP'", 1),
        ("(Last_Name like '%a%') and (Email like 'b%' or First_Name = 'ann')", 2),
        ("Last_Name like 'al%'", 1),
        ("Last_Name like 'a%l%'", 0),
        ("Last_Name not in ('Alpha', 'Beta')", 1),
        ("Account_Name.Account_Name = 'Acme'", 1),
        ("Modified_Time > '2001-01-01T00:00:00+09:00'", 3),
        ("Created_Time between '2001-01-01T00:00:00Z' and '2002-01-01T00:00:00Z'", 0),
        ("id > 1 order by Last_Name desc limit 1, 5", 2),
    ] {
        let answer = world
            .coql(&format!("select id, Last_Name, Account_Name from Contacts where {text}"))
            .await;
        let want = if hits == 0 { 204 } else { 200 };
        assert_eq!((answer.status, ids(&answer).len()), (want, hits), "{text}: {}", answer.body);
    }
    for (query, code) in [
        ("select id from Contacts", "SYNTAX_ERROR"),
        ("select Nope from Contacts where id is not null", "INVALID_QUERY"),
        ("select id from Contacts where Description = 'x'", "INVALID_QUERY"),
        ("select id from Contacts where id is not null limit 2001", "LIMIT_EXCEEDED"),
        ("select id from Nowhere where id is not null", "INVALID_MODULE"),
    ] {
        assert_eq!(world.coql(query).await.text("/code"), code, "{query}");
    }
    for (path, hits) in [
        ("email=b-b", 1),
        ("criteria=(Last_Name:equals:alp)", 1),
        ("criteria=((Last_Name:equals:Alpha)and(Email:equals:zzz))", 0),
        ("phone=5550100", 1),
        ("word=gamma", 1),
    ] {
        let answer = world.z("GET", &format!("Contacts/search?{path}"), None).await;
        assert_eq!(ids(&answer).len(), hits, "{path}");
    }
    world.control.set_switches(|s| s.zoho.search_lag_ms = 30_000);
    human(json!({"op": "create", "module": "Contacts", "fields": {"Last_Name": "Delta"}}));
    assert_eq!(world.z("GET", "Contacts/search?word=delta", None).await.status, 204);
    assert_eq!(
        world.z("GET", "Contacts/search", None).await.text("/code"),
        "EXPECTED_PARAM_MISSING"
    );
    world.sandbox.stop().await;
}

#[tokio::test]
async fn a_named_layout_makes_its_own_demands() {
    let world = World::new(People::Empty).await;
    let layouts = world.z("GET", "settings/layouts?module=Leads", None).await;
    let (standard, short) = (layouts.text("/layouts/0/id"), layouts.text("/layouts/1/id"));
    for (record, code, why) in [
        (json!({"Last_Name": "A"}), "SUCCESS", "no layout: the system asks for the last name only"),
        (json!({"Last_Name": "A", "Layout": {"id": standard}}), "MANDATORY_NOT_FOUND", "a company"),
        (json!({"Last_Name": "A", "Company": "C", "Layout": {"id": standard}}), "SUCCESS", ""),
        (
            json!({"Last_Name": "A", "Company": "C", "Layout": {"id": short}}),
            "MANDATORY_NOT_FOUND",
            "an e-mail",
        ),
        (json!({"Last_Name": "A", "Layout": {"id": "1"}}), "INVALID_DATA", "no such layout"),
    ] {
        let answer = world.z("POST", "Leads", Some(json!({"data": [record]}))).await;
        assert_eq!(answer.text("/data/0/code"), code, "{why}");
    }
    let full = json!({"Last_Name": "A", "Company": "C", "Email": "a@a.test", "City": "Oslo", "Layout": {"id": short}});
    let id =
        world.z("POST", "Leads", Some(json!({"data": [full]}))).await.text("/data/0/details/id");
    let lead = world.z("GET", &format!("Leads/{id}"), None).await;
    assert_eq!(lead.at("/data/0/City"), Value::Null, "the short layout has no city");
    world.sandbox.stop().await;
}
