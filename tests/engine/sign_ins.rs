//! Signing in and out: where it starts, whose account it is, and what is left behind.

use std::time::Duration;

use keyring_core::api::CredentialApi as _;
use renraku_engine::api::{DataCentre, Event, Outcome, SyncState};
use renraku_engine::catalogue::english;
use renraku_engine::core::contact::{Module, Side};
use renraku_engine::core::timestamp::Timestamp;
use renraku_engine::{Engine, FailureCode, GivenClients, SignInAs};
use renraku_sandbox::Pkce;
use serde_json::{Value, json};

use super::edits::in_step;
use super::registered::{next, registered};
use super::rig::{Rig, at};

/// Longer than any access token lives.
const TOKENS_END: Duration = Duration::from_secs(2 * 60 * 60);
/// The sentence that the client changed.
const CHANGED: &str = "error-client-changed";

#[tokio::test]
async fn a_later_sign_in_starts_where_the_last_one_did() {
    let rig = Rig::new().await;
    rig.control.set_switches(|s| s.zoho.client_centre = "jp".to_owned());
    rig.log_in(Side::Zoho, Some(DataCentre::Jp)).await.expect("it is said once");
    rig.connect_one(Side::Zoho).await;
    rig.engine().disconnect(Side::Zoho).await.expect("it is disconnected");
    rig.connect_one(Side::Zoho).await;
    rig.control.set_switches(|s| s.zoho.client_centre = "eu".to_owned());
    rig.log_in(Side::Zoho, Some(DataCentre::Eu)).await.expect("what is said counts");
    rig.connect_one(Side::Zoho).await;
}

#[tokio::test]
async fn what_a_sign_in_teaches_of_its_client_is_told_with_it() {
    let rig = Rig::new().await;
    rig.control.set_switches(|s| s.zoho.client_centre = "jp".to_owned());
    rig.log_in(Side::Zoho, Some(DataCentre::Jp)).await.expect("it is said once");
    let told = rig.engine().clients().expect("the clients").zoho;
    assert_eq!((told.data_centre, told.pkce), (Some(DataCentre::Jp), true));
    let file = rig.engine().client_file_text().await.expect("a file for colleagues");
    assert!(file.contains("\"jp\""), "{file}");
}

#[tokio::test]
async fn a_client_that_takes_no_pkce_is_signed_in_without_it_from_then_on() {
    for (pkce, said) in [(Pkce::ByType, true), (Pkce::RefusedByRedirect, false)] {
        let mut rig = Rig::new().await;
        let mut clients = next();
        if let Some(zoho) = &mut clients.zoho {
            zoho.registered.pkce = true;
            zoho.registered.pkce_is_told = true;
        }
        rig.reopen_as(clients.clone());
        rig.control.set_switches(|switches| switches.zoho.pkce = pkce);
        let without = SignInAs { without_pkce: said, ..SignInAs::default() };
        rig.log_in_as(Side::Zoho, without).await.expect("it is said, or found out");
        assert!(!rig.engine().clients().expect("the clients").zoho.pkce, "{pkce:?}: it is told");
        rig.control.clear_requests();
        rig.log_in(Side::Zoho, None).await.expect("and remembered");
        let asked = rig.control.requests();
        let began = asked.iter().filter(|r| r.path.contains("/oauth/v2/auth")).count();
        assert_eq!(began, 1, "{pkce:?}: nobody is refused first");
        rig.reopen_as(registered());
        rig.log_in(Side::Zoho, None).await.expect("another client in between");
        rig.reopen_as(clients);
        assert!(!rig.engine().clients().expect("the clients").zoho.pkce, "{pkce:?}: still known");
    }
}

#[tokio::test]
async fn what_is_said_of_pkce_counts_before_what_was_learned() {
    let mut rig = Rig::new().await;
    rig.control.set_switches(|switches| switches.zoho.pkce = Pkce::Checked);
    let without = SignInAs { without_pkce: true, ..SignInAs::default() };
    rig.log_in_as(Side::Zoho, without).await.expect("once without");
    assert!(!rig.engine().clients().expect("the clients").zoho.pkce, "it is remembered");
    let mut clients = registered();
    if let Some(zoho) = &mut clients.zoho {
        zoho.registered.pkce_is_told = true;
    }
    rig.reopen_as(clients);
    assert!(rig.engine().clients().expect("the clients").zoho.pkce, "the file says otherwise");
    rig.control.clear_requests();
    rig.log_in(Side::Zoho, None).await.expect("with it again");
    let asked = rig.control.requests();
    let began = asked.iter().find(|r| r.path.contains("/oauth/v2/auth")).expect("it began");
    assert!(began.query.contains_key("code_challenge"), "{:?}", began.query);
}

fn log_in_as(rig: &Rig, side: Side, account: usize) {
    rig.control.set_switches(|switches| match side {
        Side::Zoho => switches.zoho.login_as = account,
        Side::Google => switches.google.login_as = account,
    });
}

fn who(rig: &Rig, side: Side) -> Option<String> {
    let accounts = rig.engine().accounts().expect("the accounts");
    match side {
        Side::Zoho => accounts.zoho.email,
        Side::Google => accounts.google.email,
    }
}

#[tokio::test]
async fn another_account_is_asked_about_and_nothing_is_synced_before() {
    for side in Side::BOTH {
        let rig = in_step(3, json!({})).await;
        let mine = who(&rig, side);
        log_in_as(&rig, side, 1);
        let asked = rig.log_in(side, None).await.expect_err("another one has signed in");
        assert!(Engine::asks_about_another_account(&asked), "{asked:?}");
        assert_eq!(asked.code, FailureCode::Held);
        let named = |key: &str| asked.args.get(key).cloned().unwrap_or_default();
        assert!(named("before").contains(mine.as_deref().expect("mine")), "{asked:?}");
        assert_ne!(named("now"), named("before"));
        assert_eq!(who(&rig, side), mine, "mine stays connected until the answer");
        rig.control.clear_requests();
        rig.settle().await;
        rig.agree(3);

        rig.engine().leave_other_account(side).await;
        let gone = rig.engine().take_other_account(side).await;
        assert!(gone.is_err_and(|f| f.code == FailureCode::NotConnected), "it was left");
        rig.log_in(side, None).await.expect_err("it is asked about each time");
        rig.engine().take_other_account(side).await.expect("it is taken");
        assert_ne!(who(&rig, side), mine);
        assert_eq!(rig.engine().syncs().expect("the syncs"), Vec::new(), "nothing is synced");

        log_in_as(&rig, side, 0);
        rig.engine().disconnect(side).await.expect("disconnected");
        rig.log_in(side, None).await.expect("whoever left the other one is not asked");
        assert_eq!(who(&rig, side), mine);
        log_in_as(&rig, side, 0);
        rig.log_in(side, None).await.expect("the same account is no other one");
    }
}

/// The revocations so far, on this side.
fn revocations(rig: &Rig, side: Side) -> usize {
    let log = rig.control.requests();
    log.iter().filter(|r| r.side == at(side) && r.path.contains("revoke")).count()
}

#[tokio::test]
async fn a_revocation_that_is_not_confirmed_is_said_and_tried_again() {
    let answers = [
        (json!({"status": 400, "json": {"error": "invalid_request"}}), false),
        (json!({"status": 503, "html": "<h1>Later</h1>"}), false),
        (json!({"status": 200, "json": {"error": "general_error"}}), false),
        (json!({"status": 400, "json": {"error": "invalid_token"}}), true),
    ];
    for (side, (answer, dead)) in
        Side::BOTH.into_iter().flat_map(|side| answers.clone().map(|answer| (side, answer)))
    {
        let mut rig = Rig::new().await;
        let what = format!("{} {answer}", side.name());
        rig.fault(json!({"side": side.name(), "traffic": "token", "path": "*revoke*",
            "do": {"answer": answer}}));
        rig.control.clear_requests();
        let done = rig.engine().disconnect(side).await;
        let connected = |rig: &Rig| {
            let accounts = rig.engine().accounts().expect("the accounts");
            match side {
                Side::Zoho => accounts.zoho.connected,
                Side::Google => accounts.google.connected,
            }
        };
        assert!(!connected(&rig), "{what}: disconnected here in any case");
        if dead {
            assert_eq!((done, revocations(&rig, side)), (Ok(()), 1), "{what}: gone is gone");
            continue;
        }
        let said = english(&done.expect_err("it is said"));
        assert!(said.contains("https://"), "{what}: with the page to do it by hand: {said}");
        assert_eq!(revocations(&rig, side), 3, "{what}: tried again at once");
        rig.control.clear_rules();
        rig.reopen();
        rig.control.clear_requests();
        rig.engine().settle_in().await;
        assert_eq!(revocations(&rig, side), 1, "{what}: and at the next start");
        rig.engine().settle_in().await;
        assert_eq!(rig.engine().disconnect(side).await, Ok(()), "{what}: now it is done");
        assert_eq!(revocations(&rig, side), 1, "{what}: done is done");
        let tokens = rig.control.call("GET", "log?traffic=token", Value::Null).expect("the log");
        assert!(!tokens.to_string().contains("1000."), "{what}: no token in the log");
    }
}

/// Zoho's answer to the next call of this path.
fn answers(rig: &Rig, path: &str, answer: Value) -> u64 {
    let rule = json!({"side": "zoho", "traffic": "token", "path": path, "do": {"answer": answer}});
    rig.fault(rule)
}

#[tokio::test]
async fn an_answer_that_a_sign_in_cannot_use_is_told_as_such() {
    let tokens = |api: Value| {
        let mut tokens = json!({"access_token": "1000.a", "refresh_token": "1000.r",
            "token_type": "Bearer", "expires_in": 3600});
        if let (Some(tokens), false) = (tokens.as_object_mut(), api.is_null()) {
            tokens.insert("api_domain".to_owned(), api);
        }
        json!({"status": 200, "json": tokens})
    };
    let denied = json!({"error": "Access Denied", "error_description": "too many requests"});
    for (answer, said, why) in [
        (tokens(Value::Null), "API address", "no address of the API"),
        (tokens(json!("https://evil.test")), "none of Zoho's", "a stranger's"),
        (tokens(json!("http://10.1.2.3")), "API address", "not encrypted"),
        (tokens(json!(7)), "without tokens", "a number"),
        (
            json!({"status": 200, "html": "<h1>Hm</h1>"}),
            "sign in to the network",
            "a page of somebody in between",
        ),
        (
            json!({"status": 200, "json": {"error": "general_error"}}),
            "a problem of its own",
            "its own trouble",
        ),
        (
            json!({"status": 200, "json": {"error": "invalid_redirect_uri"}}),
            "(http://localhost:",
            "the redirect is named",
        ),
        (json!({"status": 400, "json": denied}), "takes no sign-in until", "too many"),
        (json!({"status": 400, "json": {"error": "invalid_code"}}), "did not accept", "the code"),
    ] {
        let rig = in_step(1, json!({})).await;
        answers(&rig, "*/oauth/v2/token", answer);
        let failure = rig.log_in(Side::Zoho, None).await.expect_err(why);
        let message = &english(&failure);
        assert!(message.contains(said), "{why}: \"{said}\" in \"{message}\"");
        assert!(!message.contains("next run") && !message.contains("the rest"), "{why}: {message}");
        rig.control.clear_rules();
        rig.control.clear_requests();
        rig.settle().await;
        rig.agree(1);
    }
}

#[tokio::test]
async fn a_data_centre_that_nobody_knows_is_refused_and_never_replaced() {
    let list = |centres: Value| json!({"status": 200, "json": {"locations": centres}});
    for (answer, named, why) in [
        (list(json!({"jp": "https://accounts.zoho.jp"})), "accounts.zoho.jp", "beside stand-ins"),
        (list(json!({"jp": "http://10.1.2.3:80"})), "10.1.2.3", "another computer"),
        (list(json!({"jp": "nonsense"})), "nonsense", "no address"),
        (list(json!({"us": "http://127.0.0.1:1"})), "jp", "not in the list"),
    ] {
        let rig = Rig::new().await;
        answers(&rig, "*/oauth/serverinfo", answer);
        rig.control.clear_requests();
        let failure = rig.log_in(Side::Zoho, Some(DataCentre::Jp)).await.expect_err(why);
        assert!(english(&failure).contains(named), "{why}: {failure}");
        assert!(english(&failure).contains("Nothing was sent"), "{why}: {failure}");
        let asked = rig.control.requests();
        assert_eq!(asked.len(), 1, "{why}: the list alone is asked for: {asked:?}");
        assert!(who(&rig, Side::Zoho).is_some(), "{why}: the one before stays");
    }
    // Where no list is kept there is but the one server.
    let rig = Rig::new().await;
    answers(&rig, "*/oauth/serverinfo", json!({"status": 404, "html": "no such page"}));
    rig.log_in(Side::Zoho, Some(DataCentre::Jp)).await.expect("it is the one that was named");
}

/// What a version that kept no client with its sign-ins left in the keychain.
fn without_their_clients(rig: &Rig) {
    for entry in rig.entries() {
        let Ok(bytes) = entry.get_secret() else { continue };
        let Ok(Value::Object(mut kept)) = serde_json::from_slice(&bytes) else { continue };
        if kept.remove("client").is_some() {
            let bytes = serde_json::to_vec(&kept).expect("JSON");
            entry.set_secret(&bytes).expect("it is kept");
        }
    }
}

#[tokio::test]
async fn a_sign_in_goes_on_with_the_client_that_made_it() {
    let mut rig = in_step(2, json!({})).await;
    for _ in 0..2 {
        rig.reopen_as(next());
        rig.later(TOKENS_END);
        rig.settle().await;
        rig.agree(2);
    }
    for side in Side::BOTH {
        rig.control.clear_requests();
        assert_eq!(rig.engine().disconnect(side).await, Ok(()), "and it is taken back");
        assert_eq!(revocations(&rig, side), 1);
    }
}

#[tokio::test]
async fn a_sign_in_whose_client_is_gone_says_that_it_changed() {
    for side in Side::BOTH {
        let mut rig = in_step(1, json!({})).await;
        without_their_clients(&rig);
        let clients = match side {
            Side::Zoho => GivenClients { zoho: next().zoho, ..registered() },
            Side::Google => GivenClients { google: next().google, ..registered() },
        };
        rig.reopen_as(clients);
        rig.later(TOKENS_END);
        let failure = rig.approve_or_fail().await.expect_err("no other client renews it");
        assert_eq!((failure.code, failure.id.as_str()), (FailureCode::SignedOut, CHANGED));
        rig.connect_one(side).await;
        rig.settle().await;
        rig.agree(1);
    }
}

#[tokio::test]
async fn a_sign_in_of_an_earlier_version_learns_its_client_when_it_is_renewed() {
    let mut rig = in_step(1, json!({})).await;
    without_their_clients(&rig);
    rig.later(TOKENS_END);
    rig.settle().await;
    rig.reopen_as(next());
    rig.later(TOKENS_END);
    rig.settle().await;
    rig.agree(1);
}

#[tokio::test]
async fn a_new_sign_in_with_another_program_is_noticed_and_a_run_follows() {
    let mut rig = in_step(3, json!({"frequency_minutes": 60})).await;
    for what in ["google_access", "google_refresh"] {
        rig.control.call("POST", "expire", json!({"what": what})).expect("it expires");
    }
    rig.later(std::time::Duration::from_secs(7_200));
    let lost = rig.engine().sync(None, false).await.expect_err("the sign-in is lost");
    assert_eq!(lost.code, FailureCode::SignedOut, "{lost:?}");
    let open = rig.open_another();
    let mut events = open.events();
    let _timer = open.start_timer();
    rig.connect_one(Side::Google).await;
    let run = loop {
        if let Event::Finished(run) = events.recv().await.expect("the engine tells") {
            break run;
        }
    };
    assert_eq!(run.outcome, Outcome::Completed, "the open program has run: {run:?}");
    let stands = open.syncs().expect("the syncs").pop().expect("one").state;
    assert_eq!(stands, SyncState::UpToDate);
}

#[tokio::test]
async fn who_is_found_signed_out_while_nothing_runs_is_told_at_once() {
    let rig = in_step(1, json!({})).await;
    for what in ["zoho_access", "zoho_refresh"] {
        rig.control.call("POST", "expire", json!({"what": what})).expect("it expires");
    }
    rig.later(std::time::Duration::from_secs(7_200));
    let mut events = rig.engine().events();
    let lost = rig.engine().fields(Module::Contacts).await.expect_err("the sign-in is lost");
    assert_eq!(lost.code, FailureCode::SignedOut, "{lost:?}");
    assert!(matches!(events.try_recv(), Ok(Event::Changed)), "whoever shows the accounts asks");
}

#[tokio::test]
async fn after_a_new_sign_in_a_run_is_due_at_once_and_the_old_failure_is_over() {
    for side in Side::BOTH {
        let rig = in_step(3, json!({"frequency_minutes": 60})).await;
        for what in ["access", "refresh"] {
            let what = format!("{}_{what}", side.name());
            rig.control.call("POST", "expire", json!({"what": what})).expect("it expires");
        }
        rig.later(std::time::Duration::from_secs(7_200));
        let lost = rig.engine().sync(None, false).await.expect_err("the sign-in is lost");
        assert_eq!(lost.code, FailureCode::SignedOut, "{lost:?}");
        let stands = || rig.engine().syncs().expect("the syncs").pop().expect("one");
        assert_eq!(stands().state, SyncState::SignedOut);

        rig.connect_one(side).await;
        let again = stands();
        assert_eq!((again.state, again.message), (SyncState::Waiting, None), "the failure is over");
        let due: Timestamp = again.next_run_at.expect("it is due").parse().expect("a time");
        let last: Timestamp = again.last_synced_at.expect("it ran").parse().expect("a time");
        assert!(due.duration_since(last).num_minutes() >= 120, "now, not an hour after: {due}");
        rig.synced().await;
        assert_eq!(stands().state, SyncState::UpToDate);
    }
}

#[tokio::test]
async fn a_token_answer_that_cannot_be_read_is_no_missing_connection() {
    for (side, expired) in [(Side::Zoho, "zoho_access"), (Side::Google, "google_access")] {
        for answer in [json!([]), Value::Null, json!("no object")] {
            let what = format!("{} {answer}", side.name());
            let rig = in_step(2, json!({})).await;
            rig.control.call("POST", "expire", json!({"what": expired})).expect("expired");
            rig.fault(json!({"side": side.name(), "traffic": "token", "path": "*", "times": 99,
                "do": {"answer": {"status": 200, "json": answer}}}));
            let runs = rig.engine().sync(None, false).await.expect("a run that says so");
            let run = runs.runs.first().expect("one run");
            assert_eq!(run.outcome, Outcome::Failed, "{what}: {run:?}");
            let message = run.message.as_deref().unwrap_or_default();
            assert!(message.contains("cannot be read"), "{what}: {message}");
            rig.control.clear_rules();
            rig.settle().await;
            rig.agree(2);
        }
    }
}
