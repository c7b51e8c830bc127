//! Logging in: codes, tokens, refresh, revoke, consent pages, data centres, the device flow.

use std::time::Duration;

use renraku_sandbox::{AutoApprove, DeviceLife, People, clients};
use serde_json::{Value, json};

use crate::setup::{
    CHALLENGE, CONTACTS, REDIRECT, VERIFIER, World, ZOHO_SCOPES, google_login, post_form,
    redirected, value, zoho_login,
};

#[tokio::test]
async fn google_codes_work_once_and_with_everything_right() {
    let world = World::new(People::Empty).await;
    let (id, secret) = (clients().google_client_id, clients().google_client_secret);
    let authorize = format!("{}/o/oauth2/v2/auth", world.google);
    let token = format!("{}/token", world.google);
    let query = [
        ("client_id", id),
        ("redirect_uri", "http://127.0.0.1:1/cb"),
        ("response_type", "code"),
        ("scope", CONTACTS),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    for (change, error) in [
        (("client_secret", ""), "invalid_request"),
        (("client_secret", "wrong"), "invalid_client"),
        (("client_id", "wrong"), "invalid_client"),
        (("code_verifier", "wrong"), "invalid_grant"),
        (("code_verifier", ""), "invalid_grant"),
        (("redirect_uri", "http://127.0.0.1:2/cb"), "redirect_uri_mismatch"),
        (("code", "wrong"), "invalid_grant"),
        (("grant_type", "none"), "unsupported_grant_type"),
        (("", ""), ""),
    ] {
        let back = redirected(&world.http, &authorize, &query).await;
        let form: Vec<(&str, &str)> = [
            ("grant_type", "authorization_code"),
            ("code", value(&back, "code")),
            ("redirect_uri", "http://127.0.0.1:1/cb"),
            ("client_id", id),
            ("client_secret", secret),
            ("code_verifier", VERIFIER),
        ]
        .into_iter()
        .map(|(k, v)| if k == change.0 { change } else { (k, v) })
        .collect();
        let answer = post_form(&world.http, &token, &form).await;
        assert_eq!(answer.text("/error"), error, "{change:?}");
        if error.is_empty() {
            assert_eq!(answer.at("/expires_in"), json!(3599));
            assert_eq!(
                post_form(&world.http, &token, &form).await.text("/error"),
                "invalid_grant",
                "used twice"
            );
        }
    }
    for (name, wrong) in [
        ("client_id", "x"),
        ("redirect_uri", "https://evil.test/"),
        ("response_type", "token"),
        ("scope", "nope"),
        ("code_challenge", "short"),
    ] {
        let query: Vec<(&str, &str)> =
            query.iter().map(|(k, v)| if *k == name { (*k, wrong) } else { (*k, *v) }).collect();
        let page = world.http.get(&authorize).query(&query).send().await.expect("an answer");
        assert!(page.status().is_client_error(), "{name}: shown in the browser, no redirect");
    }
    world.sandbox.stop().await;
}

#[tokio::test]
async fn google_tokens_live_and_die() {
    let world = World::new(People::Empty).await;
    let first = google_login(&world.http, &world.google, &format!("openid email {CONTACTS}")).await;
    assert_eq!(first.text("/id_token").split('.').count(), 3);
    let refresh = first.text("/refresh_token");
    let token = format!("{}/token", world.google);
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh.as_str()),
        ("client_id", clients().google_client_id),
        ("client_secret", clients().google_client_secret),
    ];
    world.control.advance(Duration::from_secs(3601));
    let late = world.g("GET", "people/me/connections?personFields=names", None).await;
    assert_eq!((late.status, late.text("/error/status").as_str()), (401, "UNAUTHENTICATED"));
    let renewed = post_form(&world.http, &token, &form).await;
    assert_eq!((renewed.status, renewed.at("/refresh_token")), (200, Value::Null));
    let access = renewed.text("/access_token");
    let who = world
        .http
        .get(format!("{}/v1/userinfo", world.google))
        .bearer_auth(&access)
        .send()
        .await
        .expect("an answer");
    assert!(who.text().await.expect("text").contains("email_verified"));
    let revoke = format!("{}/revoke", world.google);
    assert_eq!(post_form(&world.http, &revoke, &[("token", &refresh)]).await.status, 200);
    assert_eq!(post_form(&world.http, &revoke, &[("token", &refresh)]).await.status, 400);
    assert_eq!(
        post_form(&world.http, &token, &form).await.text("/error_description"),
        "Token has been expired or revoked."
    );
    world.sandbox.stop().await;
}

#[tokio::test]
async fn google_scopes_are_what_was_ticked() {
    let world = World::new(People::Empty).await;
    world.control.set_switches(|s| s.google.auto_approve = AutoApprove::Untick);
    let tokens =
        google_login(&world.http, &world.google, &format!("openid email {CONTACTS}")).await;
    assert!(!tokens.text("/scope").contains(CONTACTS));
    let world = World { google_token: tokens.text("/access_token"), ..world };
    let refused = world.g("GET", "people/me/connections?personFields=names", None).await;
    assert_eq!(
        (refused.status, refused.text("/error/details/0/reason").as_str()),
        (403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT")
    );
    assert!(refused.headers.contains_key("www-authenticate"));
    world.control.set_switches(|s| s.google.auto_approve = AutoApprove::Allow);
    let tokens = google_login(&world.http, &world.google, &format!("{CONTACTS}.readonly")).await;
    let world = World { google_token: tokens.text("/access_token"), ..world };
    assert_eq!(world.g("GET", "people/me/connections?personFields=names", None).await.status, 200);
    assert_eq!(world.g("POST", "people:createContact", Some(json!({}))).await.status, 403);
    world.sandbox.stop().await;
}

/// The hidden request number of a consent page.
fn request_of(html: &str) -> String {
    html.split("name=\"request\" value=\"")
        .nth(1)
        .and_then(|t| t.split('"').next())
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test]
async fn the_boxes_of_googles_page_begin_as_the_switch_says() {
    let world = World::new(People::Empty).await;
    let query = [
        ("client_id", clients().google_client_id),
        ("redirect_uri", "http://127.0.0.1:1/cb"),
        ("response_type", "code"),
        ("scope", CONTACTS),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    for ticked in [true, false] {
        world.control.set_switches(|s| {
            s.google.auto_approve = AutoApprove::Off;
            s.google.boxes_ticked = ticked;
        });
        let page = world.http.get(format!("{}/o/oauth2/v2/auth", world.google)).query(&query);
        let page = page.send().await.expect("a page").text().await.expect("its text");
        let with_box = page.contains("name=\"scope-contacts\" value=\"1\" checked");
        assert!(page.contains("id=\"scope-contacts\""), "{page}");
        assert_eq!(with_box, ticked, "{page}");
    }
    world.sandbox.stop().await;
}

#[tokio::test]
async fn consent_pages_work_as_plain_forms() {
    let world = World::new(People::Empty).await;
    world.control.set_switches(|s| {
        s.google.auto_approve = AutoApprove::Off;
        s.zoho.auto_approve = AutoApprove::Off;
    });
    let endpoints = world.sandbox.endpoints();
    let accounts =
        endpoints.pointer("/zoho/accounts").and_then(Value::as_str).expect("an address").to_owned();
    let google = format!("{}/o/oauth2/v2/auth", world.google);
    for (url, id, scope, page_id, form, wanted) in [
        (
            google.clone(),
            clients().google_client_id,
            CONTACTS,
            "id=\"scope-contacts\"",
            vec![("answer", "allow"), ("scope-contacts", "1")],
            "code",
        ),
        (
            google.clone(),
            clients().google_client_id,
            CONTACTS,
            "id=\"allow\"",
            vec![("answer", "allow")],
            "code",
        ),
        (
            google,
            clients().google_client_id,
            CONTACTS,
            "id=\"deny\"",
            vec![("answer", "deny")],
            "error",
        ),
        (
            format!("{accounts}/oauth/v2/auth"),
            clients().zoho_client_id,
            ZOHO_SCOPES,
            "id=\"accept\"",
            vec![("answer", "accept")],
            "code",
        ),
        (
            format!("{accounts}/oauth/v2/auth"),
            clients().zoho_client_id,
            ZOHO_SCOPES,
            "id=\"reject\"",
            vec![("answer", "reject")],
            "error",
        ),
    ] {
        let query = [
            ("client_id", id),
            ("redirect_uri", REDIRECT),
            ("response_type", "code"),
            ("scope", scope),
            ("state", "s"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        let html = world
            .http
            .get(&url)
            .query(&query)
            .send()
            .await
            .expect("a page")
            .text()
            .await
            .expect("text");
        assert!(html.contains(page_id), "{page_id}");
        let request = request_of(&html);
        let base = url.split("/o").next().expect("a base");
        let action =
            html.split("action=\"").nth(1).and_then(|t| t.split('"').next()).expect("an action");
        let mut form = form.clone();
        form.push(("request", &request));
        let answer =
            world.http.post(format!("{base}{action}")).form(&form).send().await.expect("an answer");
        let to = answer
            .headers()
            .get("location")
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        assert!(
            to.starts_with(&format!("{REDIRECT}?"))
                && to.contains(&format!("{wanted}="))
                && to.contains("state=s"),
            "{to}"
        );
        let again =
            world.http.post(format!("{base}{action}")).form(&form).send().await.expect("an answer");
        assert_eq!(again.status().as_u16(), 400, "a page answers once");
    }
    world.sandbox.stop().await;
}

#[tokio::test]
async fn zoho_tokens_and_data_centres() {
    let world = World::new(People::Empty).await;
    let endpoints = world.sandbox.endpoints();
    let accounts =
        endpoints.pointer("/zoho/accounts").and_then(Value::as_str).expect("an address").to_owned();
    let lasting = [("access_type", "offline"), ("prompt", "consent")];
    let again =
        zoho_login(&world.http, &accounts, ZOHO_SCOPES, &[("access_type", "offline")]).await;
    assert_eq!(again.at("/refresh_token"), Value::Null, "consented before, not asked again");
    let tokens = zoho_login(&world.http, &accounts, ZOHO_SCOPES, &lasting).await;
    let refresh = tokens.text("/refresh_token");
    let token = format!("{accounts}/oauth/v2/token");
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", clients().zoho_client_id),
        ("client_secret", clients().zoho_client_secret),
        ("refresh_token", refresh.as_str()),
    ];
    world.control.set_switches(|s| s.zoho.throttle_refresh = true);
    for n in 2..=10 {
        let answer = post_form(&world.http, &token, &form).await;
        assert_eq!(
            (answer.at("/refresh_token"), answer.at("/expires_in")),
            (Value::Null, json!(3600)),
            "token {n}"
        );
    }
    let over = post_form(&world.http, &token, &form).await;
    assert_eq!((over.status, over.text("/error").as_str()), (400, "Access Denied"));
    world.control.advance(Duration::from_secs(601));
    assert_eq!(post_form(&world.http, &token, &form).await.status, 200);
    let wrong = [
        ("grant_type", "authorization_code"),
        ("client_id", clients().zoho_client_id),
        ("client_secret", clients().zoho_client_secret),
        ("code", "x"),
    ];
    let answer = post_form(&world.http, &token, &wrong).await;
    assert_eq!((answer.status, answer.text("/error").as_str()), (200, "invalid_code"));

    world.control.set_switches(|s| s.zoho.data_centre = "eu".to_owned());
    let eu = zoho_login(&world.http, &accounts, ZOHO_SCOPES, &lasting).await;
    assert_ne!(eu.text("/api_domain"), world.zoho);
    let elsewhere = World { zoho_token: eu.text("/access_token"), ..world };
    let refused = elsewhere.z("GET", "org", None).await;
    assert_eq!(
        (refused.status, refused.text("/code").as_str()),
        (401, "INVALID_TOKEN"),
        "a token of one centre at another's API"
    );
    let moved = World { zoho: eu.text("/api_domain"), ..elsewhere };
    assert_eq!(moved.z("GET", "org", None).await.status, 200);
    let gone = post_form(
        &moved.http,
        &format!("{accounts}/oauth/v2/token/revoke"),
        &[("token", &eu.text("/refresh_token"))],
    )
    .await;
    assert_eq!(gone.status, 200);
    assert_eq!(moved.z("GET", "org", None).await.status, 401);
    let servers = moved
        .http
        .get(format!("{accounts}/oauth/serverinfo"))
        .send()
        .await
        .expect("an answer")
        .text()
        .await
        .expect("text");
    assert!(servers.contains("\"jp\""));
    moved.sandbox.stop().await;
}

#[tokio::test]
async fn zoho_scopes_redirects_and_devices() {
    let world = World::new(People::Empty).await;
    let endpoints = world.sandbox.endpoints();
    let accounts =
        endpoints.pointer("/zoho/accounts").and_then(Value::as_str).expect("an address").to_owned();
    let narrow = zoho_login(
        &world.http,
        &accounts,
        "ZohoCRM.modules.contacts.READ,ZohoCRM.settings.fields.READ",
        &[],
    )
    .await;
    let world = World { zoho_token: narrow.text("/access_token"), ..world };
    for (method, path, status) in [
        ("GET", "Contacts/deleted", 204),
        ("GET", "settings/fields?module=Contacts", 200),
        ("GET", "Leads?fields=id", 401),
        ("POST", "Contacts", 401),
        ("GET", "org", 401),
        ("GET", "settings/modules", 401),
    ] {
        let answer = world.z(method, path, (method == "POST").then(|| json!({"data": [{}]}))).await;
        assert_eq!(answer.status, status, "{method} {path}");
    }
    world
        .control
        .set_switches(|s| s.zoho.redirect_uri = Some("http://127.0.0.1:8976/oauth".to_owned()));
    let query = [
        ("client_id", clients().zoho_client_id),
        ("redirect_uri", "http://127.0.0.1:1/cb"),
        ("response_type", "code"),
        ("scope", ZOHO_SCOPES),
    ];
    let page = world
        .http
        .get(format!("{accounts}/oauth/v2/auth"))
        .query(&query)
        .send()
        .await
        .expect("a page");
    assert_eq!(page.status().as_u16(), 400);

    let ask = [
        ("client_id", clients().zoho_client_id),
        ("grant_type", "device_request"),
        ("scope", ZOHO_SCOPES),
        ("access_type", "offline"),
    ];
    let begin = format!("{accounts}/oauth/v3/device/code");
    for (life, told) in [(DeviceLife::Seconds, 300), (DeviceLife::Milliseconds, 300_000)] {
        world.control.set_switches(|s| s.zoho.device_life = life);
        let device = post_form(&world.http, &begin, &ask).await;
        assert_eq!(device.at("/expires_in"), json!(told), "{life:?}");
    }
    let device = post_form(&world.http, &begin, &ask).await;
    let code = device.text("/device_code");
    let poll = [
        ("client_id", clients().zoho_client_id),
        ("client_secret", clients().zoho_client_secret),
        ("grant_type", "device_token"),
        ("code", code.as_str()),
    ];
    let url = format!("{accounts}/oauth/v3/device/token");
    assert_eq!(post_form(&world.http, &url, &poll).await.text("/error"), "authorization_pending");
    assert_eq!(post_form(&world.http, &url, &poll).await.text("/error"), "slow_down");
    world
        .control
        .call("POST", "device", json!({"user_code": device.text("/user_code"), "approve": true}))
        .expect("approved");
    world.control.advance(Duration::from_secs(31));
    assert!(!post_form(&world.http, &url, &poll).await.text("/refresh_token").is_empty());
    world.sandbox.stop().await;
}
