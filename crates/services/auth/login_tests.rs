//! Logins and tokens against the stand-ins.

use std::time::Duration;

use renraku_core::contact::Side;
use renraku_core::message::{Failure, FailureCode};
use renraku_sandbox::{AutoApprove, Traffic};

use super::oauth::Login;
use super::signed_in::SignedIn;
use super::tokens::ClientOf;
use super::{Access, Keychain, Secret, Secrets, TakenBack, Tokens, ZohoRedirect};
use crate::stand_ins::{StandIns, client};
use crate::{RemoteError, Zoho};

fn code(done: Result<SignedIn, Failure>) -> Option<FailureCode> {
    done.err().map(|f| f.code)
}

/// Zoho refuses every login whose address is not the registered one, to the letter.
#[test]
fn what_is_to_be_registered_at_zoho_is_what_is_sent() {
    let sent = ZohoRedirect::default().to_string();
    for (name, text) in [
        ("README.md", include_str!("../../../README.md")),
        ("real-accounts.md", include_str!("../../../docs/real-accounts.md")),
    ] {
        assert!(text.contains(&sent), "{name} names {sent}");
        let others = text.matches(":48620").count();
        assert_eq!(others, text.matches(&sent).count(), "{name}: no other");
    }
}

#[tokio::test]
async fn a_login_tells_who_and_what() {
    let world = StandIns::empty().await;
    let google = world.sign_in(Side::Google).await.expect("a login").grant;
    assert!(!google.account.is_empty() && google.email.contains('@') && google.zoho.is_none());
    assert!(google.scopes.iter().any(|s| s.ends_with("/auth/contacts")));
    let zoho = world.sign_in(Side::Zoho).await.expect("a login").grant;
    let centre = zoho.zoho.expect("Zoho's part");
    assert!(!centre.org.is_empty() && !centre.user.is_empty() && !centre.organisation.is_empty());
    assert_eq!(centre.data_centre, "us");
    assert!(zoho.email.contains('@') && !zoho.scopes.is_empty());
}

#[tokio::test]
async fn a_token_is_renewed_where_its_organisation_lives() {
    // The last one is in no table of ours: what the answers name is enough.
    for centre in ["eu", "zz"] {
        let world = StandIns::empty().await;
        world.control.set_switches(|s| s.zoho.data_centre = centre.to_owned());
        let signed_in = world.sign_in(Side::Zoho).await.expect("a login");
        let grant = signed_in.grant.zoho.expect("Zoho's part");
        assert_eq!(grant.data_centre, centre);
        assert_ne!(grant.accounts_server, world.endpoints.zoho.accounts, "its own accounts server");
        world.control.advance(Duration::from_secs(4000));
        let tokens = Tokens::fresh(
            Side::Zoho,
            &world.http,
            &world.endpoints,
            client(Side::Zoho),
            Some(&grant.accounts_server),
            signed_in.secrets,
            Some(grant.api_domain),
        );
        let zoho = Zoho::new(&world.http, tokens, world.retry_budget());
        assert!(zoho.me().await.is_ok(), "renewed at the right place");
    }
}

#[tokio::test]
async fn refusals_have_their_code() {
    let world = StandIns::empty().await;
    let check = async |side: Side, approve: AutoApprove, expected: FailureCode| {
        world.control.set_switches(|s| {
            s.google.auto_approve = approve;
            s.zoho.auto_approve = approve;
        });
        assert_eq!(code(world.sign_in(side).await), Some(expected), "{side:?} {approve:?}");
    };
    check(Side::Google, AutoApprove::Deny, FailureCode::LoginAborted).await;
    check(Side::Zoho, AutoApprove::Deny, FailureCode::LoginAborted).await;
    check(Side::Google, AutoApprove::Untick, FailureCode::ScopeMissing).await;
}

#[tokio::test]
async fn a_login_that_never_comes_back_ends() {
    let world = StandIns::empty().await;
    for side in [Side::Google, Side::Zoho] {
        let login = world.begin(side).await.expect("a login");
        let done = login.within(Duration::from_millis(30)).finish().await;
        let failure = done.expect_err("nobody came back");
        assert_eq!(
            (failure.code, failure.id.as_str()),
            (FailureCode::LoginAborted, "error-login-late")
        );
        let told = |name: &str| failure.args.get(name).map(String::as_str);
        assert_eq!((told("side"), told("minutes")), (Some(side.name()), Some("1")));
        let redirect = told("redirect").expect("the address that it comes back to");
        assert!(redirect.starts_with("http://"), "{redirect}");
    }
}

#[tokio::test]
async fn a_google_sign_in_without_an_address_says_which_right_is_missing() {
    let world = StandIns::empty().await;
    world.control.set_switches(|s| s.google.scopes_dropped = vec!["email".to_owned()]);
    let failure = world.sign_in(Side::Google).await.expect_err("nobody knows whose it is");
    assert_eq!(failure.id, "error-scope-missing-email");
}

#[tokio::test]
async fn a_proxy_that_keeps_a_request_back_is_named() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let answers = [
        (Some("407 Proxy Authentication Required"), "error-proxy-password"),
        (Some("403 Forbidden"), "error-proxy-refused"),
        (None, "error-proxy-away"),
    ];
    for (answer, expected) in answers {
        let door = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = door.local_addr().expect("its address").port();
        let proxy = reqwest::Proxy::all(format!("http://127.0.0.1:{port}")).expect("a proxy");
        let client = reqwest::Client::builder().proxy(proxy).build().expect("a client");
        match answer {
            None => drop(door),
            Some(status) => drop(tokio::spawn(async move {
                let (mut stream, _) = door.accept().await.expect("a connection");
                let mut asked = [0; 1024];
                let _ = stream.read(&mut asked).await.expect("what it asks");
                let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
                stream.write_all(answer.as_bytes()).await.expect("its answer");
            })),
        }
        let error = client.get("https://accounts.zoho.test/").send().await.expect_err("kept back");
        let failure = crate::unreached::lost(&error).failure(Side::Zoho);
        assert_eq!((failure.id.as_str(), failure.code), (expected, FailureCode::Offline));
    }
}

#[tokio::test]
async fn strangers_and_favicons_do_not_disturb_a_login() {
    let world = StandIns::empty().await;
    let login = world.begin(Side::Google).await.expect("a login");
    let url = login.url().to_owned();
    let query = reqwest::Url::parse(&url).expect("an address");
    let redirect =
        query.query_pairs().find(|(k, _)| k == "redirect_uri").expect("one").1.into_owned();
    let finish = tokio::spawn(login.finish());
    let idle = tokio::net::TcpStream::connect(
        redirect.trim_start_matches("http://").trim_end_matches("/callback"),
    );
    let _idle = idle.await.expect("a connection that never speaks");
    for noise in [
        redirect.clone(),
        format!("{redirect}?code=x&state=wrong"),
        redirect.replace("callback", "favicon.ico"),
    ] {
        assert_eq!(reqwest::get(noise).await.expect("an answer").status(), 404);
    }
    let page = reqwest::get(url).await.expect("the page").text().await.expect("its text");
    let signed_in = finish.await.expect("the login").expect("it is done");
    let named = format!("<strong>{}</strong> としてサインインしました", signed_in.grant.email);
    assert!(page.contains("Signed in") && page.contains(&named), "{page}");
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let world = StandIns::empty().await;
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = taken.local_addr().expect("an address").port();
    let mut client = client(Side::Zoho);
    client.registered.redirect.port = port;
    let login = Login::zoho(&world.http, &world.endpoints, client).await;
    let failure = login.err().expect("a failure");
    assert_eq!(failure.args.get("port"), Some(&port.to_string()), "{failure:?}");
}

#[tokio::test]
async fn a_wrong_client_is_told_from_a_lost_grant() {
    let world = StandIns::empty().await;
    let signed_in = world.sign_in(Side::Google).await.expect("a login");
    world.control.advance(Duration::from_secs(4000));
    let with = |client| {
        let secrets = signed_in.secrets.clone();
        let secrets = Secrets { access: None, ..secrets };
        Tokens::fresh(Side::Google, &world.http, &world.endpoints, client, None, secrets, None)
    };
    let mut wrong = client(Side::Google);
    wrong.secret = None;
    let failure = with(wrong).access().await.expect_err("a failure").failure(Side::Google);
    assert_eq!(failure.code, FailureCode::NoClient);
    let tokens = with(client(Side::Google));
    assert!(tokens.access().await.is_ok());
    let revoked = tokens.revoke(Duration::ZERO, || true).await;
    assert_eq!(revoked, Ok(TakenBack::Confirmed));
    assert_eq!(with(client(Side::Google)).access().await, Err(RemoteError::SignedOut));
}

#[tokio::test]
async fn many_calls_at_once_renew_once() {
    let world = StandIns::empty().await;
    for side in Side::BOTH {
        let tokens = world.tokens(side).await;
        let Access { token, .. } = tokens.access().await.expect("a token");
        world.control.advance(Duration::from_secs(4000));
        world.control.clear_requests();
        let renewals = (0..20).map(|_| {
            let (tokens, token) = (std::sync::Arc::clone(&tokens), token.clone());
            tokio::spawn(async move { tokens.renewed(&token).await })
        });
        let renewals: Vec<_> = renewals.collect();
        let mut got: Vec<Secret> = Vec::new();
        for renewal in renewals {
            got.push(renewal.await.expect("a task").expect("a token").token);
        }
        assert!(got.iter().all(|t| *t == got[0] && *t != token), "{side:?}: one new token for all");
        let asked = match side {
            Side::Google => renraku_sandbox::Side::Google,
            Side::Zoho => renraku_sandbox::Side::Zoho,
        };
        assert_eq!(world.control.count(asked, Traffic::Token), 1, "{side:?}");
    }
}

#[tokio::test]
async fn a_shut_token_endpoint_is_waited_for_not_signed_out() {
    for status in [400, 200] {
        let world = StandIns::empty().await;
        let tokens = world.tokens(Side::Zoho).await;
        world.control.set_switches(|s| {
            s.zoho.throttle_refresh = true;
            s.zoho.throttle_status = status;
        });
        let mut last = tokens.access().await;
        for _ in 0..12 {
            let Ok(access) = &last else { break };
            last = tokens.renewed(&access.token.clone()).await;
        }
        assert!(matches!(last, Err(RemoteError::Throttled { until: Some(_), .. })), "{last:?}");
        world.control.clear_requests();
        let old = Secret::new("refused");
        // The last good token still does; asking for another one asks nobody.
        assert!(tokens.access().await.is_ok());
        let current = tokens.access().await.expect("a token").token;
        assert_ne!(current, old);
        assert!(matches!(tokens.renewed(&current).await, Err(RemoteError::Throttled { .. })));
        assert_eq!(world.control.requests().len(), 0, "retries lengthen the lockout");
    }
}

#[tokio::test]
async fn nothing_prints_a_token() {
    let world = StandIns::empty().await;
    let signed_in = world.sign_in(Side::Zoho).await.expect("a login");
    let printed = format!("{signed_in:?} {:?}", client(Side::Zoho));
    let (access, _) = signed_in.secrets.access.as_ref().expect("a token");
    let secret = client(Side::Zoho).secret.expect("a secret");
    for text in [signed_in.secrets.refresh.expose(), access.expose(), secret.expose()] {
        assert!(!printed.contains(text), "a token in {printed}");
    }
    let stored = serde_json::to_string(&signed_in.grant).expect("JSON");
    assert!(
        !stored.contains(access.expose()) && !stored.contains(signed_in.secrets.refresh.expose())
    );
}

#[tokio::test]
async fn a_grant_is_taken_back_at_both_services() {
    let world = StandIns::empty().await;
    for side in Side::BOTH {
        let tokens = world.tokens(side).await;
        let access = tokens.access().await.expect("a token");
        let revoked = tokens.revoke(Duration::ZERO, || true).await;
        assert_eq!(revoked, Ok(TakenBack::Confirmed));
        let refused = tokens.renewed(&access.token).await;
        assert_eq!(refused, Err(RemoteError::SignedOut), "{side:?}: nothing is left here");
        let requests = world.control.requests();
        let last = requests.last().expect("the revocation");
        assert!(last.path.contains("revoke") && last.status == 200, "{side:?}: {last:?}");
    }
}

/// Two programs on one keychain, as the window and the command line are.
async fn two_programs(world: &StandIns, side: Side) -> [std::sync::Arc<Tokens>; 2] {
    let SignedIn { grant, secrets } = world.sign_in(side).await.expect("a login");
    let store = keyring_core::mock::Store::new().expect("a keychain in memory");
    let keychain = Keychain::new("folder", "test").kept_in(store);
    keychain.put(side, &grant.account, &secrets).await.expect("it is kept");
    [(); 2].map(|()| {
        let (http, endpoints) = (&world.http, &world.endpoints);
        let client = ClientOf::Given(client(side));
        Tokens::new(http, endpoints, client, keychain.clone(), &grant)
    })
}

#[tokio::test]
async fn one_programs_token_serves_the_other() {
    for (side, at) in
        [(Side::Google, renraku_sandbox::Side::Google), (Side::Zoho, renraku_sandbox::Side::Zoho)]
    {
        let world = StandIns::empty().await;
        let [window, line] = two_programs(&world, side).await;
        world.control.clear_requests();
        let first = window.access().await.expect("a token").token;
        assert_eq!(line.access().await.expect("a token").token, first, "{side:?}");
        assert_eq!(world.control.count(at, Traffic::Token), 0, "{side:?}: the login's still does");
        let second = window.renewed(&first).await.expect("a token").token;
        assert_eq!(line.renewed(&first).await.expect("a token").token, second, "{side:?}");
        assert_eq!(world.control.count(at, Traffic::Token), 1, "{side:?}: bought once");
    }
}

#[tokio::test]
async fn one_program_knows_that_the_other_found_the_door_shut() {
    let world = StandIns::empty().await;
    let [window, line] = two_programs(&world, Side::Zoho).await;
    world.control.set_switches(|s| s.zoho.throttle_refresh = true);
    let mut last = window.access().await;
    while let Ok(access) = last {
        last = window.renewed(&access.token).await;
    }
    assert!(matches!(last, Err(RemoteError::Throttled { until: Some(_), .. })), "{last:?}");
    let current = line.access().await.expect("the last good one still does").token;
    world.control.clear_requests();
    let asked = line.renewed(&current).await;
    assert!(matches!(asked, Err(RemoteError::Throttled { until: Some(_), .. })), "{asked:?}");
    assert_eq!(world.control.requests().len(), 0, "nobody knocks in vain");
}
