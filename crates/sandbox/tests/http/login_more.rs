//! Logging in, the rest: every end of a token, refusals that only the browser sees, other accounts.

use std::time::Duration;

use renraku_sandbox::{People, clients};
use serde_json::{Value, json};

use crate::setup::{
    Answer, CHALLENGE, CONTACTS, REDIRECT, VERIFIER, World, ZOHO_SCOPES, google_login, post_form,
    redirected, value, zoho_login,
};

const DAY: u64 = 86_400;

impl World {
    async fn renew(&self, refresh: &str) -> Answer {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh),
            ("client_id", clients().google_client_id),
            ("client_secret", clients().google_client_secret),
        ];
        post_form(&self.http, &format!("{}/token", self.google), &form).await
    }

    fn accounts(&self, centre: &str) -> String {
        let endpoints = self.control.call("GET", "endpoints", Value::Null).expect("addresses");
        assert_eq!(centre, "us", "the login begins there");
        endpoints.pointer("/zoho/accounts").and_then(Value::as_str).expect("one").to_owned()
    }
}

#[tokio::test]
async fn a_google_sign_in_has_many_ends() {
    for end in ["account", "testing", "unused", "cap", "access"] {
        let world = World::new(People::Empty).await;
        if end == "testing" {
            world.control.set_switches(|s| s.google.refresh_token_life_s = Some(7 * DAY as i64));
        }
        let first = google_login(&world.http, &world.google, CONTACTS).await;
        let refresh = first.text("/refresh_token");
        assert_eq!(world.renew(&refresh).await.status, 200, "{end}: alive");
        match end {
            "account" => {
                world
                    .control
                    .call("POST", "expire", json!({"what": "google_account"}))
                    .expect("revoked");
            }
            "testing" => {
                assert_eq!(first.at("/refresh_token_expires_in"), json!(7 * DAY - 1));
                world.control.advance(Duration::from_secs(8 * DAY));
            }
            "unused" => world.control.advance(Duration::from_secs(184 * DAY)),
            "cap" => {
                world.control.set_switches(|s| s.google.refresh_token_cap = 3);
                for _ in 0..3 {
                    google_login(&world.http, &world.google, CONTACTS).await;
                }
            }
            _ => {
                let form = [("token", first.text("/access_token"))];
                let form: Vec<(&str, &str)> = form.iter().map(|(k, v)| (*k, v.as_str())).collect();
                let gone = post_form(&world.http, &format!("{}/revoke", world.google), &form).await;
                assert_eq!(gone.status, 200, "an access token ends the whole grant too");
            }
        }
        let dead = world.renew(&refresh).await;
        assert_eq!((dead.status, dead.text("/error").as_str()), (400, "invalid_grant"), "{end}");
        assert_eq!(dead.text("/error_description"), "Token has been expired or revoked.", "{end}");
        world.sandbox.stop().await;
    }
}

#[tokio::test]
async fn some_refusals_are_seen_by_the_browser_alone() {
    let world = World::new(People::Empty).await;
    let query = [
        ("client_id", clients().google_client_id),
        ("redirect_uri", "http://127.0.0.1:1/cb"),
        ("response_type", "code"),
        ("scope", CONTACTS),
    ];
    let url = format!("{}/o/oauth2/v2/auth", world.google);
    for (failure, status) in [
        ("admin_policy_enforced", 400),
        ("disallowed_useragent", 403),
        ("org_internal", 403),
        ("access_denied", 403),
    ] {
        world.control.set_switches(|s| s.google.browser_failure = Some(failure.to_owned()));
        let page = world.http.get(&url).query(&query).send().await.expect("a page");
        assert_eq!(page.status().as_u16(), status, "{failure}: a page and no redirect");
        assert!(page.text().await.expect("text").contains(failure), "{failure} is named");
    }
    world.control.set_switches(|s| s.google.browser_failure = None);
    let back = redirected(&world.http, &url, &query).await;
    let names: Vec<&str> = back.iter().map(|(name, _)| name.as_str()).collect();
    assert!(names.contains(&"code") && names.contains(&"scope") && names.len() > 2, "{names:?}");
    world.sandbox.stop().await;
}

#[tokio::test]
async fn another_account_is_somebody_else() {
    let world = World::new(People::Empty).await;
    let mut subs = Vec::new();
    for account in [0, 1] {
        world.control.set_switches(|s| s.google.login_as = account);
        let scope = format!("openid email {CONTACTS}");
        let token = google_login(&world.http, &world.google, &scope).await.text("/access_token");
        let who = world.http.get(format!("{}/v1/userinfo", world.google)).bearer_auth(token);
        subs.push(Answer::of(who.send().await.expect("an answer")).await.text("/sub"));
    }
    assert!(subs[0] != subs[1] && !subs[0].is_empty(), "{subs:?}");
    world.sandbox.stop().await;
}

#[tokio::test]
async fn a_zoho_code_is_for_one_use_one_place_and_two_minutes() {
    let world = World::new(People::Empty).await;
    let accounts = world.accounts("us");
    let begin = async |method: &str, challenge: &str| {
        let query = [
            ("client_id", clients().zoho_client_id),
            ("redirect_uri", REDIRECT),
            ("response_type", "code"),
            ("scope", ZOHO_SCOPES),
            ("code_challenge", challenge),
            ("code_challenge_method", method),
        ];
        redirected(&world.http, &format!("{accounts}/oauth/v2/auth"), &query).await
    };
    let buy = async |server: &str, code: &str, verifier: &str| {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("client_id", clients().zoho_client_id),
            ("client_secret", clients().zoho_client_secret),
            ("code_verifier", verifier),
        ];
        post_form(&world.http, &format!("{server}/oauth/v2/token"), &form).await
    };
    for (method, challenge, verifier, good) in [
        ("S256", CHALLENGE, VERIFIER, true),
        ("plain", VERIFIER, VERIFIER, true),
        ("S256", CHALLENGE, "wrong", false),
        ("plain", VERIFIER, "wrong", false),
    ] {
        let back = begin(method, challenge).await;
        let answer = buy(&accounts, value(&back, "code"), verifier).await;
        assert_eq!(!answer.text("/access_token").is_empty(), good, "{method} {verifier}");
        let again = buy(&accounts, value(&back, "code"), verifier).await;
        assert_eq!(again.text("/error"), "invalid_code", "used once, good or bad");
    }
    let back = begin("S256", CHALLENGE).await;
    world.control.advance(Duration::from_secs(121));
    for status in [200, 400] {
        world.control.set_switches(|s| s.zoho.token_error_status = status);
        let late = buy(&accounts, value(&back, "code"), VERIFIER).await;
        assert_eq!(
            (late.status, late.text("/error").as_str()),
            (status, "invalid_code"),
            "too late"
        );
    }
    for centre in ["eu", "zz"] {
        world.control.set_switches(|s| s.zoho.data_centre = centre.to_owned());
        let back = begin("S256", CHALLENGE).await;
        assert_eq!(value(&back, "location"), centre);
        let server = value(&back, "accounts-server").to_owned();
        let wrong = buy(&accounts, value(&back, "code"), VERIFIER).await;
        assert_eq!(wrong.text("/error"), "invalid_code", "{centre}: at the wrong server");
        let right = buy(&server, value(&back, "code"), VERIFIER).await;
        assert!(!right.text("/api_domain").is_empty(), "{centre}: and lives on at its own");
    }
    world.sandbox.stop().await;
}

#[tokio::test]
async fn the_newest_sign_in_at_zoho_pushes_the_oldest_out() {
    let world = World::new(People::Empty).await;
    let accounts = world.accounts("us");
    let lasting = [("access_type", "offline"), ("prompt", "consent")];
    let first =
        zoho_login(&world.http, &accounts, ZOHO_SCOPES, &lasting).await.text("/refresh_token");
    let renew = async |refresh: &str| {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", clients().zoho_client_id),
            ("client_secret", clients().zoho_client_secret),
            ("refresh_token", refresh),
        ];
        post_form(&world.http, &format!("{accounts}/oauth/v2/token"), &form).await
    };
    for _ in 0..19 {
        zoho_login(&world.http, &accounts, ZOHO_SCOPES, &lasting).await;
    }
    assert!(!renew(&first).await.text("/access_token").is_empty(), "twenty live side by side");
    zoho_login(&world.http, &accounts, ZOHO_SCOPES, &lasting).await;
    assert_eq!(renew(&first).await.text("/error"), "invalid_code", "the 21st ends the first");
    world.sandbox.stop().await;
}

#[tokio::test]
async fn a_code_made_in_the_console_needs_no_redirect() {
    let world = World::new(People::Empty).await;
    let accounts = world.accounts("us");
    let made = json!({"scope": ZOHO_SCOPES, "life_s": 60});
    let code = world.control.call("POST", "self_client", made).expect("a code");
    let code = code.get("code").and_then(Value::as_str).expect("its text").to_owned();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", clients().zoho_client_id),
        ("client_secret", clients().zoho_client_secret),
        ("code", &code),
    ];
    let tokens = post_form(&world.http, &format!("{accounts}/oauth/v2/token"), &form).await;
    assert!(!tokens.text("/refresh_token").is_empty(), "{}", tokens.body);
    let ask = [
        ("client_id", clients().zoho_client_id),
        ("grant_type", "device_request"),
        ("scope", ZOHO_SCOPES),
    ];
    let device = post_form(&world.http, &format!("{accounts}/oauth/v3/device/code"), &ask)
        .await
        .text("/device_code");
    world.control.advance(Duration::from_secs(301));
    let poll = [
        ("client_id", clients().zoho_client_id),
        ("client_secret", clients().zoho_client_secret),
        ("grant_type", "device_token"),
        ("code", device.as_str()),
    ];
    let late = post_form(&world.http, &format!("{accounts}/oauth/v3/device/token"), &poll).await;
    assert_eq!(late.text("/error"), "expired");
    world.sandbox.stop().await;
}
