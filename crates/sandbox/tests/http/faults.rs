//! Faults, hooks, the log, and the control API over HTTP.

use renraku_sandbox::{Options, People, SandboxError, Side, Traffic, start};
use serde_json::{Value, json};

use crate::setup::{Answer, World};

impl World {
    async fn sandbox(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        let mut request = self.http.request(method, format!("{}/_sandbox/{path}", self.google));
        if let Some(body) = body {
            request = request.json(&body);
        }
        Answer::of(request.send().await.expect("an answer")).await
    }

    fn people(&self) -> usize {
        self.control
            .store(Side::Google)
            .pointer("/people")
            .and_then(Value::as_array)
            .map_or(0, Vec::len)
    }

    async fn raw_create(&self) -> Result<reqwest::Response, reqwest::Error> {
        self.http
            .post(format!("{}/v1/people:createContact", self.google))
            .bearer_auth(&self.google_token)
            .json(&json!({}))
            .send()
            .await
    }
}

#[tokio::test]
async fn each_fault_does_what_it_says() {
    let world = World::new(People::Empty).await;
    for (action, answered, status, made) in [
        (json!("drop_before"), false, 0, 0),
        (json!("drop_after"), false, 0, 1),
        (json!({"answer": {"status": 503, "html": "<h1>no</h1>"}}), true, 503, 0),
        (json!({"answer_after": {"status": 500, "json": {}}}), true, 500, 1),
        (json!("duplicate"), true, 200, 2),
        (json!({"too_many": 7}), true, 429, 0),
        (json!("truncate"), true, 200, 1),
        (json!({"human_before": [{"op": "create", "fields": {}}]}), true, 200, 2),
        (json!({"human_after": [{"op": "delete_all"}]}), true, 200, 0),
    ] {
        world.control.call("POST", "human/google", json!({"op": "delete_all"})).expect("emptied");
        world.control.clear_rules();
        let rule = json!({"side": "google", "method": "POST", "path": "/v1/people:create*", "nth": 1, "do": action});
        assert_eq!(world.sandbox("POST", "rules", Some(rule)).await.status, 200);
        let outcome = world.raw_create().await;
        assert_eq!(outcome.is_ok(), answered, "{action}");
        if let Ok(response) = outcome {
            assert_eq!(response.status().as_u16(), status, "{action}");
            if status == 429 {
                assert_eq!(
                    response.headers().get("retry-after").and_then(|v| v.to_str().ok()),
                    Some("7")
                );
            }
            let text = response.text().await.unwrap_or_default();
            let whole = serde_json::from_str::<Value>(&text).is_ok();
            assert_eq!(whole, action != json!("truncate") && status != 503, "{action}: {text}");
        }
        assert_eq!(world.people(), made, "{action}");
    }
    world.sandbox.stop().await;
}

#[tokio::test]
async fn the_log_and_the_counts() {
    let world = World::new(People::Sample).await;
    world.g("GET", "people/me/connections?personFields=names&sources=A&sources=B", None).await;
    world.z("POST", "Contacts", Some(json!({"data": [{"Last_Name": "L"}], "trigger": []}))).await;
    let counts = world.sandbox("GET", "counts", None).await;
    assert_eq!(
        counts.body,
        json!({"google": {"api": 1, "token": 0, "login": 0}, "zoho": {"api": 1, "token": 0, "login": 0}})
    );
    let log = world.sandbox("GET", "log?side=zoho&traffic=api", None).await;
    assert_eq!(log.at("/requests/0/body/trigger"), json!([]));
    assert_eq!(
        (log.text("/requests/0/path").as_str(), log.at("/requests/0/status")),
        ("/crm/v8/Contacts", json!(201))
    );
    assert_eq!(world.control.count(Side::Google, Traffic::Api), 1);
    assert_eq!(world.sandbox("DELETE", "log", None).await.status, 200);
    assert!(world.control.requests().is_empty());
    world.sandbox.stop().await;
}

#[tokio::test]
async fn control_over_http() {
    let world = World::new(People::Sample).await;
    for (method, path, body, status) in [
        ("GET", "endpoints", None, 200),
        ("GET", "clients", None, 200),
        ("GET", "store/google", None, 200),
        ("GET", "store/zoho?account=1", None, 200),
        ("GET", "store/zoho?account=9", None, 400),
        ("PATCH", "switches", Some(json!({"google": {"write_lag_ms": 5}})), 200),
        ("PATCH", "switches", Some(json!({"google": {"write_lagms": 5}})), 400),
        ("PUT", "switches", Some(json!("strict")), 200),
        ("POST", "rules", Some(json!({"do": "explode"})), 400),
        ("DELETE", "rules", None, 200),
        ("POST", "human/zoho", Some(json!([{"op": "touch", "module": "Contacts"}])), 200),
        (
            "POST",
            "human/zoho",
            Some(json!({"op": "create", "module": "Contacts", "fields": {"Email": "bad"}})),
            400,
        ),
        (
            "POST",
            "human/google",
            Some(json!({"op": "edit", "contact": "nobody@a.test", "fields": {}})),
            400,
        ),
        ("POST", "clock", Some(json!({"advance_s": 60, "stopped": true})), 200),
        ("POST", "expire", Some(json!({"what": "zoho_access"})), 200),
        ("POST", "expire", Some(json!({"what": "everything"})), 400),
        ("POST", "reset", None, 200),
        ("GET", "nothing", None, 400),
    ] {
        let answer = world.sandbox(method, path, body).await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.body);
    }
    world.sandbox.stop().await;
}

#[tokio::test]
async fn answers_are_compressed_for_who_asks() {
    let world = World::new(People::Generated { count: 3000, shared: 1500, seed: 7 }).await;
    let url = format!(
        "{}/v1/people/me/connections?personFields=names,emailAddresses,phoneNumbers&pageSize=1000",
        world.google
    );
    let zipped = reqwest::Client::builder().no_proxy().build().expect("a client");
    let body: Value = serde_json::from_str(
        &zipped
            .get(&url)
            .bearer_auth(&world.google_token)
            .send()
            .await
            .expect("an answer")
            .text()
            .await
            .expect("text"),
    )
    .expect("json");
    assert_eq!(body.pointer("/connections").and_then(Value::as_array).map(Vec::len), Some(1000));
    world.sandbox.stop().await;
}

#[tokio::test]
async fn what_keeps_it_from_starting() {
    let world = World::new(People::Empty).await;
    let port: u16 = world.google.rsplit(':').next().and_then(|p| p.parse().ok()).expect("a port");
    let taken = start(Options { port: Some(port), ..Options::default() }).await.expect_err("taken");
    assert!(matches!(taken, SandboxError::PortTaken(p) if p == port), "{taken}");
    let folder = std::env::temp_dir().join(format!("renraku-sandbox-{port}"));
    std::fs::create_dir_all(&folder).expect("a folder");
    for (text, says) in [
        ("{\"google\": {\n  \"people\": [{]}}", "line 2"),
        ("{\"googel\": {}}", "googel"),
        (
            "{\"zoho\": {\"Contacts\": [{\"Last_Name\": \"A\"}, {\"Email\": 5}]}}",
            "zoho.Contacts, entry 2",
        ),
        ("{\"google\": {\"people\": [{\"nmaes\": []}]}}", "google.people, entry 1"),
    ] {
        let file = folder.join("people.json");
        std::fs::write(&file, text).expect("written");
        let error =
            start(Options { data: Some(file), people: People::Empty, ..Options::default() })
                .await
                .expect_err("malformed");
        assert!(
            error.to_string().contains(says) && error.to_string().contains("people.json"),
            "{error}"
        );
    }
    let file = folder.join("good.json");
    let text = r#"{"google": {"labels": ["VIP"], "people": [{"names": [{"givenName": "Aya"}], "labels": ["VIP"]}]}, "zoho": {"Contacts": [{"Last_Name": "Doe", "Account_Name": "Acme"}]}}"#;
    std::fs::write(&file, text).expect("written");
    let sandbox = start(Options { data: Some(file), people: People::Empty, ..Options::default() })
        .await
        .expect("started");
    assert_eq!(
        sandbox
            .control()
            .store(Side::Google)
            .pointer("/labels/0/members")
            .and_then(Value::as_array)
            .map(Vec::len),
        Some(1)
    );
    sandbox.stop().await;
    std::fs::remove_dir_all(&folder).expect("removed");
    world.sandbox.stop().await;
}

#[tokio::test]
async fn a_kept_sandbox_goes_on_where_it_was() {
    let folder = std::env::temp_dir().join(format!("renraku-sandbox-keep-{}", std::process::id()));
    let file = folder.join("state.json");
    let options = || Options { keep: Some(file.clone()), ..Options::default() };
    let sandbox = start(options()).await.expect("started");
    let before = sandbox.endpoints();
    let made = json!({"op": "create", "fields": {"emailAddresses": [{"value": "kept@a.test"}]}});
    let url = format!("{}_sandbox/human/google", sandbox.google_page());
    let answer =
        crate::setup::plain_client().post(url).json(&made).send().await.expect("an answer");
    assert_eq!(answer.status().as_u16(), 200);
    let store = sandbox.control().store(Side::Google);
    sandbox.stop().await;

    let sandbox = start(options()).await.expect("started again");
    assert_eq!(sandbox.endpoints(), before);
    assert_eq!(sandbox.control().store(Side::Google), store);
    sandbox.stop().await;
    std::fs::write(&file, "{}").expect("written");
    let error = start(options()).await.expect_err("not what was kept");
    assert!(error.to_string().contains("remove the file"), "{error}");
    std::fs::remove_dir_all(&folder).expect("removed");
}
