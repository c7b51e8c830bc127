//! Zoho's CRM API, the rest of its published behaviour: each switch and each small rule.

use std::time::Duration;

use renraku_sandbox::{Edition, People, Side};
use serde_json::{Value, json};

use crate::setup::World;
use crate::zoho::ids;

const FIELDS: &str = "Contacts?fields=Last_Name,Email,Modified_Time";

impl World {
    pub(crate) fn does(&self, act: Value) -> Value {
        self.control.human(Side::Zoho, act.clone()).unwrap_or_else(|error| panic!("{act}: {error}"))
    }

    pub(crate) async fn code(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> (u16, String) {
        let answer = self.z(method, path, body).await;
        let inner = answer.text("/data/0/code");
        (answer.status, if inner.is_empty() { answer.text("/code") } else { inner })
    }
}

pub(crate) fn one(record: Value) -> Option<Value> {
    Some(json!({"data": [record], "trigger": []}))
}

#[tokio::test]
async fn tokens_end_and_are_called_by_either_name() {
    let world = World::new(People::Empty).await;
    assert_eq!(world.z("GET", "org", None).await.status, 200);
    world.control.advance(Duration::from_secs(3601));
    for code in ["INVALID_TOKEN", "AUTHENTICATION_FAILURE"] {
        world.control.set_switches(|s| s.zoho.unauthorized_code = code.to_owned());
        assert_eq!(world.code("GET", "org", None).await, (401, code.to_owned()));
    }
    let bare =
        world.http.get(format!("{}/crm/v8/org", world.zoho)).send().await.expect("an answer");
    assert_eq!(bare.status().as_u16(), 401, "no token at all");
    world.sandbox.stop().await;
}

#[tokio::test]
async fn pages_end_where_they_should_and_their_tokens_too() {
    let world = World::new(People::Generated { count: 400, shared: 0, seed: 2 }).await;
    for (page, more) in [(1, true), (2, false)] {
        let answer = world.z("GET", &format!("{FIELDS}&page={page}"), None).await;
        assert_eq!(answer.at("/info/more_records"), json!(more), "400 is two full pages");
        assert_eq!(ids(&answer).len(), 200);
    }
    let first = world.z("GET", FIELDS, None).await;
    let token = first.text("/info/next_page_token");
    assert!(!first.text("/info/page_token_expiry").is_empty());
    world.control.call("POST", "expire", json!({"what": "zoho_pages"})).expect("expired");
    assert_eq!(
        world.code("GET", &format!("{FIELDS}&page_token={token}"), None).await,
        (400, "EXPIRED_VALUE".to_owned())
    );
    // A person deletes a record of the first page between the two: the second page shifts.
    let gone = ids(&first)[0].clone();
    let act = json!({"op": "delete", "module": "Contacts", "record": gone});
    world
        .control
        .call(
            "POST",
            "rules",
            json!({"side": "zoho", "path": "*/Contacts", "nth": 1, "do": {"human_before": [act]}}),
        )
        .expect("a rule");
    let second = world.z("GET", &format!("{FIELDS}&page=2"), None).await;
    assert_eq!(ids(&second).len(), 199, "one record is on no page any more");
    world.sandbox.stop().await;
}

#[tokio::test]
async fn the_boundary_second_is_as_the_switch_says_and_imports_share_it() {
    let world = World::new(People::Generated { count: 250, shared: 0, seed: 2 }).await;
    world.control.call("POST", "clock", json!({"stopped": true})).expect("stopped");
    world.does(json!({"op": "touch", "module": "Contacts"}));
    let newest = world.z("GET", FIELDS, None).await.text("/data/0/Modified_Time");
    let header = [("if-modified-since", newest.as_str())];
    assert_eq!(world.zh("GET", FIELDS, None, &header).await.status, 304);
    world.control.set_switches(|s| s.zoho.modified_since_inclusive = true);
    let all = world.zh("GET", FIELDS, None, &header).await;
    assert_eq!(
        (ids(&all).len(), all.at("/info/more_records")),
        (200, json!(true)),
        "all in one second"
    );
    world.control.set_switches(|s| s.zoho.date_skew_s = 300);
    let now = world.control.now() / 1_000_000;
    let date = world
        .z("GET", "org", None)
        .await
        .headers
        .get("date")
        .and_then(|v| v.to_str().ok())
        .map(str::to_owned);
    let told = chrono::DateTime::parse_from_rfc2822(&date.unwrap_or_default());
    assert_eq!(told.expect("a date").timestamp() - now, 300, "the header is ahead");
    world.sandbox.stop().await;
}

#[tokio::test]
async fn the_bin_forgets() {
    let world = World::new(People::Empty).await;
    let id = world.contact(json!({"Last_Name": "Gone"})).await;
    world.control.set_switches(|s| s.zoho.access_token_life_s = 1000 * 86_400);
    let tokens = crate::setup::zoho_login(
        &world.http,
        world
            .sandbox
            .endpoints()
            .pointer("/zoho/accounts")
            .and_then(Value::as_str)
            .expect("an address"),
        crate::setup::ZOHO_SCOPES,
        &[],
    )
    .await;
    let world = World { zoho_token: tokens.text("/access_token"), ..world };
    world.z("DELETE", &format!("Contacts?ids={id}"), None).await;
    let at = world.z("GET", "Contacts/deleted", None).await.text("/data/0/deleted_time");
    let later = world.zh("GET", "Contacts/deleted", None, &[("if-modified-since", &at)]).await;
    assert_eq!(later.status, 304, "filtered by the time of the deletion");
    for (days, kind, name) in [(1, "recycle", json!("Gone")), (60, "permanent", Value::Null)] {
        world.control.advance(Duration::from_secs(days * 86_400));
        let deleted = world.z("GET", "Contacts/deleted?type=all", None).await;
        assert_eq!(deleted.text("/data/0/type"), kind, "after {days} more days");
        assert_eq!(deleted.at("/data/0/display_name"), name);
        assert_eq!(deleted.at("/data/0/deleted_by").is_null(), kind == "permanent");
    }
    world.control.advance(Duration::from_secs(61 * 86_400));
    assert_eq!(world.z("GET", "Contacts/deleted", None).await.status, 204, "after 120 days");
    world.sandbox.stop().await;
}

#[tokio::test]
async fn options_may_be_called_otherwise_than_at_first() {
    let world = World::new(People::Empty).await;
    let picks = json!(["Web", {"display": "Right", "actual": "Left"}, {"display": "Left", "actual": "Right"}]);
    let field = |picks: &Value| json!({"op": "field", "module": "Contacts", "api_name": "Lead_Source", "set": {"picks": picks}});
    world.does(field(&picks));
    let fields = world.z("GET", "settings/fields?module=Contacts", None).await.at("/fields");
    let all = fields.as_array().expect("a list");
    let source = all.iter().find(|f| f["api_name"] == "Lead_Source").expect("the field");
    let options = source["pick_list_values"].as_array().expect("options").iter();
    let names: Vec<(&str, &str)> = options
        .filter_map(|o| Some((o["display_value"].as_str()?, o["actual_value"].as_str()?)))
        .filter(|(display, _)| *display != "-None-")
        .collect();
    assert_eq!(names, [("Web", "Web"), ("Right", "Left"), ("Left", "Right")]);
    for wrong in [json!("Web"), json!([1]), json!([{"display": "Web"}])] {
        let control = world.sandbox.control();
        assert!(control.human(renraku_sandbox::Side::Zoho, field(&wrong)).is_err(), "{wrong}");
    }
    world.sandbox.stop().await;
}

#[tokio::test]
async fn metadata_tells_what_a_setup_needs() {
    let world = World::new(People::Empty).await;
    world.does(json!({"op": "field", "module": "Contacts", "api_name": "Lead_Source", "set": {"label": "きっかけ", "picks": ["Web", "Fair", "Call", "Post"], "unused_picks": ["Telex"]}}));
    world.does(
        json!({"op": "field", "module": "Contacts", "api_name": "Fax", "set": {"visible": false}}),
    );
    world.does(json!({"op": "field", "module": "Contacts", "api_name": "Mobile", "set": {"read_only": true, "length": 12}}));
    world.does(json!({"op": "module", "module": "Contacts", "set": {"singular": "取引先担当者", "plural": "取引先担当者"}}));
    let fields = world.z("GET", "settings/fields?module=Contacts", None).await.at("/fields");
    let field = |name: &str| {
        fields
            .as_array()
            .and_then(|all| all.iter().find(|f| f["api_name"] == name))
            .cloned()
            .unwrap_or_default()
    };
    assert_eq!(field("Lead_Source")["field_label"], "きっかけ", "labels are people's words");
    let kinds: Vec<&str> = field("Lead_Source")["pick_list_values"]
        .as_array()
        .map(|all| {
            all.iter()
                .filter_map(|p| p["type"].as_str())
                .map(|t| if t == "used" { "used" } else { "unused" })
                .collect()
        })
        .unwrap_or_default();
    assert_eq!(kinds, ["used", "used", "used", "used", "unused"]);
    assert_eq!(field("Fax")["visible"], false, "a hidden field is listed");
    assert_eq!(
        (field("Mobile")["read_only"].clone(), field("Mobile")["length"].clone()),
        (json!(true), json!(12))
    );
    assert_eq!(
        field("Owner")["operation_type"]["api_update"],
        true,
        "although it is read-only for ever"
    );
    let modules = world.z("GET", "settings/modules/Contacts", None).await;
    assert_eq!(modules.text("/modules/0/plural_label"), "取引先担当者");
    assert_eq!(modules.text("/modules/0/api_name"), "Contacts");
    let layouts = world.z("GET", "settings/layouts?module=Contacts", None).await;
    let of = |layout: usize, what: &str| -> Vec<String> {
        let fields = layouts.at(&format!("/layouts/{layout}/sections/0/fields"));
        let fields = fields.as_array().cloned().unwrap_or_default();
        match what {
            "required" => fields
                .iter()
                .filter(|f| f["required"] == true)
                .filter_map(|f| f["api_name"].as_str())
                .map(str::to_owned)
                .collect(),
            name => fields
                .iter()
                .find(|f| f["api_name"] == name)
                .and_then(|f| f["pick_list_values"].as_array())
                .into_iter()
                .flatten()
                .filter_map(|p| p["actual_value"].as_str())
                .map(str::to_owned)
                .collect(),
        }
    };
    assert_ne!(of(0, "required"), of(1, "required"), "each layout makes its own demands");
    assert!(of(0, "Lead_Source").len() > of(1, "Lead_Source").len(), "and offers its own lists");
    for (edition, trial, paid) in [
        (Edition::Free, false, false),
        (Edition::Enterprise, true, false),
        (Edition::Enterprise, false, true),
    ] {
        world.control.set_switches(|s| {
            s.zoho.edition = edition;
            s.zoho.trial = trial;
            s.zoho.org_type = "sandbox".to_owned();
            s.zoho.time_zone = "Asia/Tokyo".to_owned();
        });
        let org = world.z("GET", "org", None).await;
        assert_eq!(org.at("/org/0/license_details/paid"), json!(paid), "{edition:?} {trial}");
        assert_eq!(
            (org.text("/org/0/type").as_str(), org.text("/org/0/time_zone").as_str()),
            ("sandbox", "Asia/Tokyo")
        );
    }
    assert_eq!(
        world.z("GET", "users?type=CurrentUser", None).await.text("/users/0/time_zone"),
        "Asia/Tokyo"
    );
    world.sandbox.stop().await;
}

#[tokio::test]
async fn lookups_tags_and_lists_have_their_forms() {
    let world = World::new(People::Empty).await;
    let account = world
        .does(json!({"op": "create", "module": "Accounts", "fields": {"Account_Name": "Acme"}}));
    let account = account
        .get("id")
        .and_then(Value::as_str)
        .or(account.as_str())
        .unwrap_or_default()
        .to_owned();
    let id = world
        .contact(json!({"Last_Name": "Doe", "Account_Name": {"id": account}, "Interests": ["Tea"]}))
        .await;
    let read = async || world.z("GET", &format!("Contacts/{id}"), None).await;
    assert_eq!(read().await.at("/data/0/Account_Name"), json!({"name": "Acme", "id": account}));
    assert_eq!(read().await.at("/data/0/Owner").as_object().map(serde_json::Map::len), Some(3));
    for (bumps, same) in [(false, true), (true, false)] {
        world.control.set_switches(|s| s.zoho.account_rename_bumps = bumps);
        let before = read().await.text("/data/0/Modified_Time");
        world.control.advance(Duration::from_secs(5));
        let name = format!("Acme {bumps}");
        world.does(json!({"op": "edit", "module": "Accounts", "record": account, "fields": {"Account_Name": name}}));
        let after = read().await;
        assert_eq!(after.text("/data/0/Account_Name/name"), name);
        assert_eq!(after.text("/data/0/Modified_Time") == before, same, "bumps: {bumps}");
    }
    world.control.set_switches(|s| s.zoho.account_by_name = true);
    let named =
        world.contact(json!({"Last_Name": "Ray", "Account_Name": {"name": "New Ltd"}})).await;
    assert_eq!(
        world.z("GET", &format!("Contacts/{named}"), None).await.text("/data/0/Account_Name/name"),
        "New Ltd"
    );
    world
        .z(
            "PUT",
            "Contacts",
            one(json!({"id": id, "Interests": ["Golf"], "$append_values": {"Interests": true}})),
        )
        .await;
    assert_eq!(read().await.at("/data/0/Interests"), json!(["Tea", "Golf"]), "appended");
    world.z("PUT", "Contacts", one(json!({"id": id, "Interests": ["Golf"]}))).await;
    assert_eq!(read().await.at("/data/0/Interests"), json!(["Golf"]), "replaced");
    world.z("PUT", "Contacts", one(json!({"id": id, "Interests": []}))).await;
    assert_eq!(read().await.at("/data/0/Interests"), json!([]));
    assert_eq!(read().await.at("/data/0/Phone"), Value::Null);
    world.control.set_switches(|s| s.zoho.empty_multiselect_null = true);
    assert_eq!(read().await.at("/data/0/Interests"), Value::Null);
    let tagged = World::new(People::Sample).await;
    let tags = tagged.z("GET", "Contacts?fields=Tag&per_page=200", None).await.body.to_string();
    assert!(tags.contains("\"Tag\":[{\"") && tags.contains("\"name\""), "tags are objects");
    tagged.sandbox.stop().await;
    for (reports, status) in [(true, 200), (false, 204)] {
        let world = World::new(People::Empty).await;
        world.control.set_switches(|s| s.zoho.merge_reports_deleted = reports);
        let (one, two) = (
            world.contact(json!({"Last_Name": "A"})).await,
            world.contact(json!({"Last_Name": "B", "Phone": "1"})).await,
        );
        world.does(json!({"op": "merge", "module": "Contacts", "survivor": one, "losers": [two]}));
        assert_eq!(
            world.z("GET", "Contacts/deleted", None).await.status,
            status,
            "reported: {reports}"
        );
        assert_eq!(
            world.z("GET", &format!("Contacts/{one}"), None).await.text("/data/0/Phone"),
            "1"
        );
        world.sandbox.stop().await;
    }
    world.sandbox.stop().await;
}

#[tokio::test]
async fn calls_cost_credits_and_too_many_at_once_are_refused() {
    let world = World::new(People::Empty).await;
    let ten: Vec<Value> = (0..11).map(|n| json!({"Last_Name": n.to_string()})).collect();
    let view = world
        .z("GET", "settings/custom_views?module=Contacts", None)
        .await
        .text("/custom_views/0/id");
    let query = |limit: u32| {
        Some(
            json!({"select_query": format!("select id from Contacts where id is not null limit {limit}")}),
        )
    };
    for (method, path, body, cost) in [
        ("GET", FIELDS.to_owned(), None, 1),
        ("GET", format!("{FIELDS}&cvid={view}"), None, 3),
        ("GET", "Contacts/deleted".to_owned(), None, 2),
        ("POST", "Contacts".to_owned(), Some(json!({"data": ten, "trigger": []})), 2),
        ("POST", "coql".to_owned(), query(200), 1),
        ("POST", "coql".to_owned(), query(1000), 2),
        ("POST", "coql".to_owned(), query(2000), 3),
    ] {
        let world = World::new(People::Empty).await;
        world.control.set_switches(|s| s.zoho.credits = Some(cost));
        let path = if path.contains("cvid") {
            format!(
                "{FIELDS}&cvid={}",
                world
                    .z("GET", "settings/custom_views?module=Contacts", None)
                    .await
                    .text("/custom_views/0/id")
            )
        } else {
            path
        };
        world
            .control
            .set_switches(|s| s.zoho.credits = Some(cost + u64::from(path.contains("cvid"))));
        let good = world.z(method, &path, body.clone()).await;
        assert!(good.status < 300, "{method} {path}: {}", good.body);
        assert_eq!(
            good.headers.get("x-api-credits-remaining").and_then(|v| v.to_str().ok()),
            Some("0"),
            "{method} {path} costs {cost}"
        );
        let over = world.z(method, &path, body).await;
        assert_eq!(over.status, 429, "{method} {path}");
        assert!(!over.headers.contains_key("retry-after"));
        world.control.advance(Duration::from_secs(86_401));
        world.sandbox.stop().await;
    }
    world.control.set_switches(|s| {
        s.zoho.edition = Edition::Ultimate;
        s.zoho.concurrency_enforced = true;
        s.zoho.too_many_code = "RATE_LIMIT_EXCEEDED".to_owned();
    });
    world
        .control
        .call("POST", "rules", json!({"side": "zoho", "do": {"delay_ms": 300}}))
        .expect("a rule");
    let queries = futures(&world, 12, true).await;
    assert_eq!(queries, [10, 2], "ten heavy calls at once in every edition");
    let reads = futures(&world, 12, false).await;
    assert_eq!(reads, [12, 0], "light ones only count for the edition's 25");
    world.sandbox.stop().await;
}

/// How many of these calls at once were answered, and how many refused.
async fn futures(world: &World, many: usize, heavy: bool) -> [usize; 2] {
    let calls = (0..many).map(|_| {
        let (http, token) = (world.http.clone(), world.zoho_token.clone());
        let url = format!("{}/crm/v8/{}", world.zoho, if heavy { "coql" } else { "org" });
        let request = if heavy {
            http.post(url)
                .body("{\"select_query\": \"select id from Contacts where id is not null\"}")
        } else {
            http.get(url)
        };
        tokio::spawn(request.header("authorization", format!("Zoho-oauthtoken {token}")).send())
    });
    let calls: Vec<_> = calls.collect();
    let (mut answered, mut refused) = (0, 0);
    for call in calls {
        match call.await.expect("a task").expect("an answer").status().as_u16() {
            429 => refused += 1,
            _ => answered += 1,
        }
    }
    [answered, refused]
}

#[tokio::test]
async fn an_answer_may_trickle() {
    let world = World::new(People::Generated { count: 300, shared: 0, seed: 2 }).await;
    world
        .control
        .call("POST", "rules", json!({"do": {"trickle_ms": 400}, "nth": 1}))
        .expect("a rule");
    let began = std::time::Instant::now();
    let slow = world.z("GET", FIELDS, None).await;
    assert_eq!(ids(&slow).len(), 200, "whole in the end");
    assert!(began.elapsed() >= Duration::from_millis(300), "in its own time");
    world
        .control
        .call("POST", "rules", json!({"side": "zoho", "method": "POST", "do": "drop_after"}))
        .expect("a rule");
    let lost = world
        .http
        .post(format!("{}/crm/v8/Contacts", world.zoho))
        .header("authorization", format!("Zoho-oauthtoken {}", world.zoho_token))
        .json(&json!({"data": [{"Last_Name": "Lost"}]}))
        .send()
        .await;
    assert!(lost.is_err(), "no answer");
    let found = world.control.store(Side::Zoho).to_string();
    assert!(found.contains("\"Lost\""), "and yet it is there");
    world.sandbox.stop().await;
}
