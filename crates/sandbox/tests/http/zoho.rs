//! Zoho's CRM API.

use std::time::Duration;

use renraku_sandbox::{Automation, People, Side, ZohoSwitches};
use serde_json::{Value, json};

use crate::setup::{Answer, World};

pub(crate) fn ids(answer: &Answer) -> Vec<String> {
    let list = answer.at("/data");
    let list = list.as_array().cloned().unwrap_or_default();
    list.iter().filter_map(|r| r.get("id").and_then(Value::as_str)).map(str::to_owned).collect()
}

#[tokio::test]
async fn the_sample_is_there() {
    let world = World::new(People::Sample).await;
    let list =
        world.z("GET", "Contacts?fields=Last_Name,Email,Account_Name,Modified_Time", None).await;
    assert_eq!((list.status, list.at("/info/count")), (200, json!(200)));
    assert_eq!(list.at("/info").as_object().map(serde_json::Map::len), Some(11));
    assert_eq!(list.at("/info/more_records"), json!(true));
    let offsets: std::collections::BTreeSet<String> = list
        .at("/data")
        .as_array()
        .cloned()
        .unwrap_or_default()
        .iter()
        .filter_map(|r| r.get("Modified_Time").and_then(Value::as_str))
        .map(|t| t.chars().skip(19).collect())
        .collect();
    assert_eq!(offsets.len(), 2, "summer and winter time on one page: {offsets:?}");
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
async fn insert_update_delete_restore() {
    let world = World::new(People::Empty).await;
    let id = world.contact(json!({"Last_Name": "Doe", "Email": "doe@a.test"})).await;
    assert!(id.len() >= 18 && id.parse::<u64>().is_ok_and(|n| n > 1 << 53));
    let put = world.z("PUT", "Contacts", Some(json!({"data": [{"id": id, "Phone": "1", "Email": null}, {"id": "1"}], "trigger": []}))).await;
    assert_eq!(
        (put.status, put.text("/data/0/message").as_str(), put.text("/data/1/code").as_str()),
        (207, "record updated", "INVALID_DATA")
    );
    let one = world.z("GET", &format!("Contacts/{id}"), None).await;
    assert_eq!((one.text("/data/0/Phone").as_str(), one.at("/data/0/Email")), ("1", Value::Null));
    let gone = world.z("DELETE", &format!("Contacts?ids={id},1&wf_trigger=false"), None).await;
    assert_eq!((gone.status, gone.text("/data/1/message").as_str()), (207, "record not deleted"));
    for path in
        ["Contacts?fields=Email".to_owned(), format!("Contacts/{id}"), "Leads/deleted".to_owned()]
    {
        let empty = world.z("GET", &path, None).await;
        assert_eq!((empty.status, empty.body), (204, Value::Null), "{path}");
    }
    let deleted = world.z("GET", "Contacts/deleted", None).await;
    assert_eq!(
        (deleted.text("/data/0/id"), deleted.text("/data/0/type")),
        (id.clone(), "recycle".to_owned())
    );
    world.control.advance(Duration::from_secs(3000));
    world
        .control
        .human(Side::Zoho, json!({"op": "restore", "module": "Contacts", "record": id}))
        .expect("restored");
    assert_eq!(world.z("GET", "Contacts/deleted", None).await.status, 204);
    assert_eq!(ids(&world.z("GET", "Contacts?fields=Email", None).await), [id]);
    world.sandbox.stop().await;
}

#[tokio::test]
async fn a_restored_record_has_its_old_time_or_a_new_one() {
    for bumps in [false, true] {
        let world = World::new(People::Empty).await;
        world.control.set_switches(|switches| switches.zoho.restore_bumps = bumps);
        let id = world.contact(json!({"Last_Name": "A", "Email": "a@a.test"})).await;
        let time = || async {
            let found = world.z("GET", "Contacts?fields=Modified_Time", None).await;
            found.body.pointer("/data/0/Modified_Time").cloned()
        };
        let before = time().await;
        for act in ["delete", "restore"] {
            world.control.advance(std::time::Duration::from_secs(5));
            let act = json!({"op": act, "module": "Contacts", "record": id});
            world.control.human(Side::Zoho, act).expect("it is done");
        }
        assert_eq!(time().await != before, bumps, "the time moved");
        world.sandbox.stop().await;
    }
}

#[tokio::test]
async fn what_a_write_is_refused_for() {
    let world = World::new(People::Empty).await;
    let taken =
        world.contact(json!({"Last_Name": "Taken", "Loyalty_ID": "L1", "Email": "t@a.test"})).await;
    world.control.human(Side::Zoho, json!({"op": "field", "module": "Contacts", "api_name": "Loyalty_ID", "set": {"unique": false}})).expect("set");
    for (record, code, detail) in [
        (json!({"Email": "x@a.test"}), "MANDATORY_NOT_FOUND", "/details/api_name"),
        (json!({"Last_Name": "A", "Email": "bad"}), "INVALID_DATA", "/details/expected_data_type"),
        (
            json!({"Last_Name": "A", "Phone": "() Not provided."}),
            "INVALID_DATA",
            "/details/expected_data_type",
        ),
        (json!({"Last_Name": "x".repeat(81)}), "INVALID_DATA", "/details/maximum_length"),
        (
            json!({"Last_Name": "A", "Date_of_Birth": "2001-02-30"}),
            "INVALID_DATA",
            "/details/json_path",
        ),
        (
            json!({"Last_Name": "A", "Email_Opt_Out": "yes"}),
            "INVALID_DATA",
            "/details/expected_data_type",
        ),
        (
            json!({"Last_Name": "A", "Account_Name": {"id": "123"}}),
            "INVALID_DATA",
            "/details/api_name",
        ),
        (
            json!({"Last_Name": "A", "Account_Name": {"name": "Acme"}}),
            "INVALID_DATA",
            "/details/api_name",
        ),
        (
            json!({"Last_Name": "A", "Loyalty_ID": "l1"}),
            "DUPLICATE_DATA",
            "/details/duplicate_record/id",
        ),
        (
            json!({"Email": "bad", "Phone": "x"}),
            "MULTIPLE_OR_MULTI_ERRORS",
            "/details/errors/1/code",
        ),
    ] {
        let answer = world.z("POST", "Contacts", Some(json!({"data": [record.clone()]}))).await;
        assert_eq!((answer.status, answer.text("/data/0/code").as_str()), (400, code), "{record}");
        assert_ne!(
            answer.at(&format!("/data/0{detail}")),
            Value::Null,
            "{record}: {}",
            answer.body
        );
    }
    let twin = world.contact(json!({"Last_Name": "Twin", "Email": "t@a.test"})).await;
    assert_ne!(twin, taken, "e-mail addresses may repeat");
    let many: Vec<Value> = (0..101).map(|_| json!({"Last_Name": "x"})).collect();
    let over = world.z("POST", "Contacts", Some(json!({"data": many}))).await;
    assert_eq!(
        (over.status, over.text("/code").as_str(), over.at("/details/maximum_length")),
        (400, "LIMIT_EXCEEDED", json!(100))
    );
    let mixed =
        world.z("POST", "Contacts", Some(json!({"data": [{"Last_Name": "Good"}, {}]}))).await;
    assert_eq!((mixed.status, mixed.text("/data/0/code").as_str()), (207, "SUCCESS"));
    world.sandbox.stop().await;
}

#[tokio::test]
async fn unmodified_since_guards_a_write() {
    let world = World::new(People::Empty).await;
    let id = world.contact(json!({"Last_Name": "Doe"})).await;
    let seen = world.z("GET", &format!("Contacts/{id}"), None).await.text("/data/0/Modified_Time");
    world.control.advance(Duration::from_secs(5));
    world.control.human(Side::Zoho, json!({"op": "edit", "module": "Contacts", "record": id, "fields": {"Title": "CEO"}, "as": "colleague"})).expect("edited");
    let body = json!({"data": [{"id": id, "Title": "CTO"}], "trigger": []});
    let stale =
        world.zh("PUT", "Contacts", Some(body.clone()), &[("if-unmodified-since", &seen)]).await;
    assert_eq!((stale.status, stale.text("/data/0/code").as_str()), (412, "ALREADY_MODIFIED"));
    let now = stale.text("/data/0/details/Modified_Time");
    assert_eq!(
        world.zh("PUT", "Contacts", Some(body), &[("if-unmodified-since", &now)]).await.status,
        200
    );
    world.sandbox.stop().await;
}

#[tokio::test]
async fn lists_page_and_filter() {
    let world = World::new(People::Generated { count: 2300, shared: 0, seed: 1 }).await;
    let fields = "Contacts?fields=Email,Modified_Time";
    let mut seen = Vec::new();
    let mut token = String::new();
    for page in 1..=10 {
        let answer = world.z("GET", &format!("{fields}&page={page}"), None).await;
        seen.extend(ids(&answer));
        token = answer.text("/info/next_page_token");
    }
    assert_eq!(
        world.z("GET", &format!("{fields}&page=11"), None).await.text("/code"),
        "DISCRETE_PAGINATION_LIMIT_EXCEEDED"
    );
    for (path, code) in [
        (format!("{fields}&page=2&page_token={token}"), "AMBIGUITY_DURING_PROCESSING"),
        (format!("Contacts?fields=Email&page_token={token}"), "TOKEN_BOUND_DATA_MISMATCH"),
        (format!("{fields}&page_token=x"), "INVALID_DATA"),
        ("Contacts".to_owned(), "REQUIRED_PARAM_MISSING"),
        (format!("{fields}&per_page=201"), "INVALID_DATA"),
        (format!("{fields}&cvid=1&sort_by=id"), "AMBIGUITY_DURING_PROCESSING"),
        (format!("{fields}&cvid=1"), "INVALID_DATA"),
        (format!("Contacts?fields={}", vec!["Email"; 51].join(",")), "LIMIT_EXCEEDED"),
        ("Nowhere?fields=id".to_owned(), "INVALID_MODULE"),
        ("Contacts/deleted?type=x".to_owned(), "PATTERN_NOT_MATCHED"),
    ] {
        let answer = world.z("GET", &path, None).await;
        assert_eq!((answer.status, answer.text("/code").as_str()), (400, code), "{path}");
    }
    while !token.is_empty() {
        let answer = world.z("GET", &format!("{fields}&page_token={token}"), None).await;
        seen.extend(ids(&answer));
        token = answer.text("/info/next_page_token");
    }
    let count = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((count, seen.len()), (2300, 2300));
    let newest = world
        .z("GET", &format!("{fields}&sort_by=Modified_Time&per_page=1"), None)
        .await
        .text("/data/0/Modified_Time");
    let quiet = world.zh("GET", fields, None, &[("if-modified-since", &newest)]).await;
    assert_eq!((quiet.status, quiet.body), (304, Value::Null));
    let id = world.contact(json!({"Last_Name": "New"})).await;
    assert_eq!(ids(&world.zh("GET", fields, None, &[("if-modified-since", &newest)]).await), [id]);
    world.sandbox.stop().await;
}

#[tokio::test]
async fn views_rights_and_metadata() {
    let world = World::new(People::Sample).await;
    let views = world.z("GET", "settings/custom_views?module=Contacts", None).await;
    assert_eq!(views.text("/custom_views/1/name"), "VIP");
    let vip = world
        .z(
            "GET",
            &format!("Contacts?fields=Customer_Rank&cvid={}", views.text("/custom_views/1/id")),
            None,
        )
        .await;
    assert!(
        !ids(&vip).is_empty()
            && vip
                .at("/data")
                .as_array()
                .is_some_and(|l| l.iter().all(|r| r.get("Customer_Rank") == Some(&json!("VIP"))))
    );
    let fields = world.z("GET", "settings/fields?module=Contacts", None).await;
    let field = |name: &str| {
        fields
            .at("/fields")
            .as_array()
            .and_then(|l| l.iter().find(|f| f.get("api_name") == Some(&json!(name))))
            .cloned()
            .unwrap_or_default()
    };
    for (name, key, want) in [
        ("Last_Name", "system_mandatory", json!(true)),
        ("Loyalty_ID", "custom_field", json!(true)),
        ("Customer_Rank", "data_type", json!("picklist")),
        ("Modified_Time", "field_read_only", json!(true)),
        ("Email", "unique", json!({})),
        ("Account_Name", "data_type", json!("lookup")),
        ("Owner", "field_read_only", json!(true)),
    ] {
        assert_eq!(field(name).get(key), Some(&want), "{name}.{key}");
    }
    let layouts = world.z("GET", "settings/layouts?module=Leads", None).await;
    assert!(layouts.at("/layouts/0/sections/0/fields").as_array().is_some_and(|l| {
        l.iter().any(|f| {
            f.get("api_name") == Some(&json!("Company")) && f.get("required") == Some(&json!(true))
        })
    }));
    let me = world.z("GET", "users?type=CurrentUser", None).await;
    let profile = world
        .z("GET", &format!("settings/profiles/{}", me.text("/users/0/profile/id")), None)
        .await;
    assert!(profile.body.to_string().contains("Crm_Implied_Gcontact_Sync"));
    assert_eq!(world.z("GET", "org", None).await.text("/org/0/type"), "production");
    let human = |act: Value| world.control.human(Side::Zoho, act).expect("done");
    human(json!({"op": "rights", "module": "Contacts", "edit": false}));
    let put = world.z("PUT", "Contacts", Some(json!({"data": [{"id": "1"}]}))).await;
    assert_eq!(
        (put.status, put.at("/details/permissions")),
        (403, json!(["Crm_Implied_Edit_Contacts"]))
    );
    assert_eq!(
        world.z("GET", "settings/modules/Contacts", None).await.at("/modules/0/editable"),
        json!(false)
    );
    human(json!({"op": "profile", "manage_profiles": false}));
    assert_eq!(
        world.z("GET", "settings/profiles", None).await.at("/details/permissions/0"),
        json!("Crm_Implied_Manage_Profiles")
    );
    human(json!({"op": "module", "module": "Vendors", "set": {"visible": false}}));
    assert_eq!(world.z("GET", "Vendors?fields=id", None).await.text("/code"), "INVALID_MODULE");
    human(json!({"op": "profile", "api_access": false}));
    assert_eq!(
        world.z("GET", "org", None).await.at("/details/permissions"),
        json!(["Crm_Implied_Api_Access"])
    );
    world.sandbox.stop().await;
}

#[tokio::test]
async fn upsert_leads_states_and_merges() {
    let world = World::new(People::Empty).await;
    let human = |act: Value| world.control.human(Side::Zoho, act).expect("done");
    let id = world.contact(json!({"Last_Name": "Doe", "Email": "doe@a.test"})).await;
    let both = json!({"data": [{"Last_Name": "Doe", "Email": "DOE@a.test", "Title": "CEO"}, {"Last_Name": "New", "Email": "new@a.test"}], "duplicate_check_fields": ["Email"]});
    let up = world.z("POST", "Contacts/upsert", Some(both)).await;
    assert_eq!(
        (up.status, up.text("/data/0/action").as_str(), up.text("/data/1/action").as_str()),
        (200, "update", "insert")
    );
    let lead = world
        .z(
            "POST",
            "Leads",
            Some(json!({"data": [{"Last_Name": "Lee", "Company": "Acme", "Email": "lee@a.test"}]})),
        )
        .await
        .text("/data/0/details/id");
    human(json!({"op": "convert", "record": lead}));
    assert_eq!(world.z("GET", "Leads?fields=Email", None).await.status, 204);
    let both = world.z("GET", "Leads?fields=Converted__s&converted=both", None).await;
    assert_eq!(both.at("/data/0/Converted__s"), json!(true));
    assert_eq!(world.z("GET", "Leads/deleted", None).await.status, 204);
    human(json!({"op": "state", "module": "Contacts", "record": id, "locked": true}));
    let locked =
        world.z("PUT", &format!("Contacts/{id}"), Some(json!({"data": [{"Title": "x"}]}))).await;
    assert_eq!(locked.text("/data/0/code"), "RECORD_LOCKED");
    human(
        json!({"op": "state", "module": "Contacts", "record": id, "locked": false, "hidden": true}),
    );
    assert_eq!(world.z("GET", &format!("Contacts/{id}"), None).await.status, 204);
    assert_eq!(world.z("GET", "Contacts/deleted", None).await.status, 204);
    human(json!({"op": "state", "module": "Contacts", "record": id, "hidden": false}));
    human(json!({"op": "merge", "module": "Contacts", "survivor": "new@a.test", "losers": [id]}));
    assert_eq!(world.z("GET", "Contacts/deleted", None).await.text("/data/0/id"), id);
    human(json!({"op": "touch", "module": "Contacts"}));
    world.sandbox.stop().await;
}

#[tokio::test]
async fn automations_credits_and_concurrency() {
    let world = World::new(People::Empty).await;
    let rule = Automation {
        module: "Contacts".into(),
        field: "Department".into(),
        value: json!("Auto"),
        delay_ms: 2000,
        always: false,
    };
    world.control.set_switches(|s| s.zoho.automations = vec![rule]);
    let loud = world
        .z("POST", "Contacts", Some(json!({"data": [{"Last_Name": "Loud"}]})))
        .await
        .text("/data/0/details/id");
    let quiet = world.contact(json!({"Last_Name": "Quiet"})).await;
    world.control.advance(Duration::from_secs(3));
    for (id, want, by) in [(loud, json!("Auto"), "Workflow"), (quiet, Value::Null, "Sora Sales")] {
        let one = world.z("GET", &format!("Contacts/{id}"), None).await;
        assert_eq!(
            (one.at("/data/0/Department"), one.text("/data/0/Modified_By/name").as_str()),
            (want, by)
        );
    }
    world
        .control
        .set_switches(|s| s.zoho = ZohoSwitches { credits: Some(10), ..ZohoSwitches::default() });
    let near = world.z("GET", "org", None).await;
    assert_eq!(
        near.headers.get("x-api-credits-remaining").and_then(|v| v.to_str().ok()),
        Some("5")
    );
    for _ in 0..5 {
        world.z("GET", "org", None).await;
    }
    let over = world.z("GET", "org", None).await;
    assert_eq!((over.status, over.text("/code").as_str()), (429, "RATE_LIMIT_EXCEEDED"));
    world.control.set_switches(|s| {
        s.zoho = ZohoSwitches { concurrency: Some(1), ..ZohoSwitches::default() }
    });
    world
        .control
        .call("POST", "rules", json!({"side": "zoho", "do": {"delay_ms": 150}}))
        .expect("a rule");
    let (one, two) = tokio::join!(world.z("GET", "org", None), world.z("GET", "users", None));
    let mut both = [one.status, two.status];
    both.sort_unstable();
    assert_eq!(both, [200, 429]);
    world.sandbox.stop().await;
}
