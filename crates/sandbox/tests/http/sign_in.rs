//! What Zoho's sign-in demands of a client by default, and each of its other readings.

use serde_json::Value;

use renraku_sandbox::{AutoApprove, People, Pkce, ScopeSpelling, ZohoSwitches, clients};

use crate::setup::{CHALLENGE, REDIRECT, VERIFIER, World, ZOHO_SCOPES, post_form};

/// A world whose Zoho is as it is by default.
async fn world(change: impl FnOnce(&mut ZohoSwitches)) -> World {
    let world = World::new(People::Empty).await;
    world.control.set_switches(|s| {
        s.zoho = ZohoSwitches { auto_approve: AutoApprove::Allow, ..ZohoSwitches::default() };
        change(&mut s.zoho);
    });
    world
}

/// Asks at a data centre; what comes back, or the title of the page that does not.
async fn ask(world: &World, centre: &str, redirect: &str, pkce: bool) -> Result<String, String> {
    ask_as(world, clients().zoho_client_id, centre, redirect, pkce).await
}

/// As [`ask`], with another client.
async fn ask_as(
    world: &World,
    client: &str,
    centre: &str,
    redirect: &str,
    pkce: bool,
) -> Result<String, String> {
    let mut query = vec![
        ("client_id", client),
        ("redirect_uri", redirect),
        ("response_type", "code"),
        ("scope", ZOHO_SCOPES),
        ("state", "s"),
        ("access_type", "offline"),
    ];
    if pkce {
        query.extend([("code_challenge", CHALLENGE), ("code_challenge_method", "S256")]);
    }
    let mut at = format!("{}/oauth/v2/auth", server(world, centre).await);
    loop {
        let page = world.http.get(&at).query(&query).send().await.expect("an answer");
        let to = page.headers().get("location").and_then(|to| to.to_str().ok());
        let Some(to) = to.map(str::to_owned) else {
            let html = page.text().await.expect("text");
            let title = html.split("id=\"error-title\">").nth(1).and_then(|t| t.split('<').next());
            return Err(title.unwrap_or(&html).to_owned());
        };
        if let Some(back) = to.strip_prefix(redirect) {
            let told = |key: &str| {
                let mut pairs = back.trim_start_matches('?').split('&');
                pairs.find_map(|pair| pair.strip_prefix(key)).map(str::to_owned)
            };
            return Ok(told("code=").or_else(|| told("error=")).expect("a code or an error"));
        }
        // Another data centre goes on, and has it all in its address.
        at = to;
        query.clear();
    }
}

/// The accounts server of a data centre.
async fn server(world: &World, centre: &str) -> String {
    let endpoints = world.sandbox.endpoints();
    let first = endpoints.pointer("/zoho/accounts").and_then(Value::as_str).expect("an address");
    let answer = world.http.get(format!("{first}/oauth/serverinfo")).send().await;
    let list: Value = answer.expect("an answer").json().await.expect("a list");
    let found = list.pointer(&format!("/locations/{centre}")).and_then(Value::as_str);
    found.expect("its address").to_owned()
}

/// Takes a code to the token endpoint; the answer's error, or the scopes that it tells.
async fn buy(
    world: &World,
    centre: &str,
    code: &str,
    more: &[(&str, &str)],
) -> Result<String, String> {
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT),
        ("client_id", clients().zoho_client_id),
    ];
    form.extend_from_slice(more);
    let url = format!("{}/oauth/v2/token", server(world, centre).await);
    let answer = post_form(&world.http, &url, &form).await;
    match answer.text("/error") {
        error if error.is_empty() => Ok(answer.text("/scope")),
        error => Err(error),
    }
}

#[tokio::test]
async fn a_client_signs_in_where_it_is_registered() {
    let secret = ("client_secret", clients().zoho_client_secret);
    let verifier = ("code_verifier", VERIFIER);
    let invalid = Err("Invalid Client".to_owned());
    let home = world(|_| {}).await;
    assert_eq!(ask(&home, "eu", REDIRECT, true).await, invalid, "another centre knows it not");
    let code = ask(&home, "us", REDIRECT, true).await.expect("a code");
    assert!(buy(&home, "us", &code, &[secret, verifier]).await.is_ok());

    let moved = world(|s| s.client_centre = "jp".to_owned()).await;
    assert_eq!(ask(&moved, "us", REDIRECT, true).await, invalid);
    let abroad = world(|s| s.data_centre = "eu".to_owned()).await;
    let code = ask(&abroad, "us", REDIRECT, true).await.expect("sent on to another centre");
    assert!(buy(&abroad, "eu", &code, &[secret, verifier]).await.is_ok());
    let closed = world(|s| {
        s.data_centre = "eu".to_owned();
        s.multi_dc = false;
    })
    .await;
    assert_eq!(ask(&closed, "us", REDIRECT, true).await, invalid, "not open to other centres");
    let refused = buy(&closed, "eu", "1000.x", &[secret]).await;
    assert_eq!(refused, Err("invalid_client".to_owned()), "nor is it at the token endpoint");
}

#[tokio::test]
async fn a_client_shows_its_secret_and_its_one_redirect() {
    let world = world(|_| {}).await;
    for other in [
        "http://127.0.0.1:48620/callback",
        "http://localhost:48620/callback/",
        "http://localhost:1/cb",
    ] {
        let page = ask(&world, "us", other, true).await;
        assert_eq!(page, Err("Invalid Redirect Uri".to_owned()), "{other}");
    }
    let code = ask(&world, "us", REDIRECT, true).await.expect("a code");
    let refused = buy(&world, "us", &code, &[("code_verifier", VERIFIER)]).await;
    assert_eq!(refused, Err("invalid_client_secret".to_owned()));
    world.control.set_switches(|s| s.zoho.secret_required = false);
    assert!(buy(&world, "us", &code, &[("code_verifier", VERIFIER)]).await.is_ok());
}

#[tokio::test]
async fn pkce_is_taken_or_refused_as_the_switch_says() {
    let secret = ("client_secret", clients().zoho_client_secret);
    let verifier = ("code_verifier", VERIFIER);
    for pkce in
        [Pkce::Checked, Pkce::RefusedOnPage, Pkce::RefusedByRedirect, Pkce::RefusedWithTokens]
    {
        let world = world(|s| s.pkce = pkce).await;
        let code = ask(&world, "us", REDIRECT, false).await.expect("without it nobody minds");
        assert!(buy(&world, "us", &code, &[secret]).await.is_ok(), "{pkce:?}");
        let with = match ask(&world, "us", REDIRECT, true).await {
            Ok(code) if code.starts_with("1000.") => {
                buy(&world, "us", &code, &[secret, verifier]).await
            }
            said => said,
        };
        match pkce {
            Pkce::ByType | Pkce::Checked => assert!(with.is_ok(), "{with:?}"),
            Pkce::RefusedOnPage => assert_eq!(with, Err("Invalid Request".to_owned())),
            Pkce::RefusedByRedirect => assert_eq!(with, Ok("invalid_request".to_owned())),
            Pkce::RefusedWithTokens => assert_eq!(with, Err("invalid_request".to_owned())),
        }
    }
}

#[tokio::test]
async fn each_type_of_client_has_its_own_rule_about_pkce() {
    let world = world(|_| {}).await;
    let known = clients();
    let refused = Err("Invalid Request".to_owned());
    let (apps, servers) = (known.zoho_client_id, known.zoho_server_client_id);
    for (client, pkce) in [(apps, false), (servers, true)] {
        let page = ask_as(&world, client, "us", REDIRECT, pkce).await;
        assert_eq!(page, refused, "{client} {pkce}");
    }
    let code = ask_as(&world, servers, "us", REDIRECT, false).await.expect("a code");
    let form = |id, secret| {
        [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", REDIRECT),
            ("client_id", id),
            ("client_secret", secret),
        ]
    };
    let url = format!("{}/oauth/v2/token", server(&world, "us").await);
    let mixed = form(servers, known.zoho_client_secret);
    let mixed = post_form(&world.http, &url, &mixed).await;
    assert_eq!(mixed.text("/error"), "invalid_client_secret", "each has its own secret");
    let own = form(servers, known.zoho_server_client_secret);
    let own = post_form(&world.http, &url, &own).await;
    assert!(!own.text("/access_token").is_empty(), "{}", own.body);
}

#[tokio::test]
async fn granted_scopes_are_told_as_the_switch_says() {
    let secret = ("client_secret", clients().zoho_client_secret);
    let asked: Vec<&str> = ZOHO_SCOPES.split(',').collect();
    for spelling in [
        ScopeSpelling::Capitals,
        ScopeSpelling::Asked,
        ScopeSpelling::Commas,
        ScopeSpelling::Silent,
    ] {
        let world = world(|s| {
            s.scope_spelling = spelling;
            s.pkce = Pkce::Checked;
        })
        .await;
        let code = ask(&world, "us", REDIRECT, false).await.expect("a code");
        let told = buy(&world, "us", &code, &[secret]).await.expect("tokens");
        let as_asked = told == asked.join(" ");
        let mut words: Vec<String> = told.split([' ', ',']).map(str::to_lowercase).collect();
        let mut meant: Vec<String> = asked.iter().map(|scope| scope.to_lowercase()).collect();
        words.sort();
        meant.sort();
        match spelling {
            ScopeSpelling::Silent => assert_eq!(told, ""),
            ScopeSpelling::Asked => assert!(as_asked, "{told}"),
            ScopeSpelling::Capitals | ScopeSpelling::Commas => {
                assert!(!as_asked, "{told}");
                assert_eq!(words, meant, "the same ones");
            }
        }
    }
    let world = world(|s| {
        s.scopes_dropped = vec!["ZohoCRM.coql.READ".to_owned()];
        s.pkce = Pkce::Checked;
    })
    .await;
    let code = ask(&world, "us", REDIRECT, false).await.expect("a code");
    let told = buy(&world, "us", &code, &[secret]).await.expect("tokens").to_lowercase();
    assert!(!told.contains("coql") && told.contains("modules.all"), "{told}");
}

#[tokio::test]
async fn what_one_client_was_given_no_other_one_renews() {
    // Somebody who has never consented: a refresh token comes with it.
    let world = world(|s| s.login_as = 1).await;
    let known = clients();
    let code = ask_as(&world, known.zoho_server_client_id, "us", REDIRECT, false).await;
    let (code, token) =
        (code.expect("a code"), format!("{}/oauth/v2/token", server(&world, "us").await));
    let apps = [("client_id", known.zoho_client_id), ("client_secret", known.zoho_client_secret)];
    let servers = [
        ("client_id", known.zoho_server_client_id),
        ("client_secret", known.zoho_server_client_secret),
    ];
    let mut bought = String::new();
    for (client, refused) in [(apps, true), (servers, false)] {
        let mut form = vec![("grant_type", "authorization_code"), ("code", code.as_str())];
        form.push(("redirect_uri", REDIRECT));
        form.extend(client);
        let answer = post_form(&world.http, &token, &form).await;
        assert_eq!(answer.text("/error") == "invalid_code", refused, "a code: {}", answer.body);
        bought = answer.text("/refresh_token");
    }
    for (client, refused) in [(apps, true), (servers, false)] {
        let mut form = vec![("grant_type", "refresh_token"), ("refresh_token", bought.as_str())];
        form.extend(client);
        let answer = post_form(&world.http, &token, &form).await;
        assert_eq!(answer.text("/error") == "invalid_code", refused, "Zoho: {}", answer.body);
    }
    let scope = format!("openid email {}", crate::setup::CONTACTS);
    let google = crate::setup::google_login(&world.http, &world.google, &scope).await;
    let bought = google.text("/refresh_token");
    for (id, secret, refused) in [
        (known.google_next_client_id, known.google_next_client_secret, true),
        (known.google_client_id, known.google_client_secret, false),
    ] {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", bought.as_str()),
            ("client_id", id),
            ("client_secret", secret),
        ];
        let answer = post_form(&world.http, &format!("{}/token", world.google), &form).await;
        assert_eq!(answer.text("/error") == "unauthorized_client", refused, "{}", answer.body);
    }
}
