//! The command line as a person or a script uses it: real processes, a real keychain, the stand-ins.

use renraku_sandbox::{AutoApprove, Options, Side, Traffic};
use renraku_tests::world::{KeychainState, Owned, World, program, within};
use serde_json::{Value, json};

use crate::people;

/// The number at a JSON pointer of the first run.
fn number(runs: &Value, pointer: &str) -> u64 {
    let value = runs.pointer(&format!("/runs/0{pointer}")).and_then(Value::as_u64);
    value.unwrap_or_else(|| panic!("a number at {pointer} in {runs}"))
}

/// The text at a JSON pointer of the first run.
fn outcome(runs: &Value) -> &str {
    let value = runs.pointer("/runs/0/outcome").and_then(Value::as_str);
    value.unwrap_or_else(|| panic!("an outcome in {runs}"))
}

/// How many calls so far wrote contacts on either side.
fn writes(world: &World) -> usize {
    let log = world.control().call("GET", "log?traffic=api", Value::Null).expect("there is a log");
    let requests = log.pointer("/requests").and_then(Value::as_array).cloned();
    people::writing(&requests.unwrap_or_default())
}

async fn with_contacts_set_up() -> World {
    let mut world = World::in_sandbox(Options::default()).await;
    world.connect_both().await;
    let setup = world.file("setup.json", r#"{"module": "Contacts"}"#);
    world.cli(&["setup", &setup]).await.done();
    world
}

#[tokio::test]
async fn the_main_job_from_login_to_a_quiet_second_run() {
    let world = with_contacts_set_up().await;
    // Where a query answers look-ups with ids alone, what was just written costs a call more.
    world.control().set_switches(|all| all.zoho.coql_lookup_id_only = false);
    let accounts = world.cli(&["accounts"]).await.done();
    for service in ["zoho", "google"] {
        let connected = accounts.pointer(&format!("/{service}/connected"));
        assert_eq!(connected, Some(&json!(true)), "{service} is connected: {accounts}");
    }

    let preview = world.cli(&["preview", "Contacts"]).await.done();
    let planned = preview.pointer("/runs/0/operations").and_then(Value::as_array).map(Vec::len);
    assert!(planned.is_some_and(|planned| planned > 100), "the plan has operations: {planned:?}");
    let held = world.cli(&["sync", "Contacts"]).await;
    assert_eq!((held.code, outcome(&held.json)), (Some(3), "held"), "the first plan waits");
    assert_eq!(writes(&world), 0, "nothing was written before the plan was approved");

    let first = world.cli(&["sync", "Contacts", "--approve-held"]).await.done();
    assert_eq!(outcome(&first), "completed", "{first}");
    assert!(number(&first, "/matched") >= 100, "those on both sides were recognised: {first}");
    let created = number(&first, "/zoho/created") + number(&first, "/google/created");
    assert!(created >= 100, "those on one side went to the other: {first}");

    world.control().clear_requests();
    let second = world.cli(&["sync", "Contacts"]).await.done();
    assert_eq!(outcome(&second), "completed", "{second}");
    assert_eq!(writes(&world), 0, "with nothing changed, nothing is written");
    let calls = world.control().count(Side::Google, Traffic::Api)
        + world.control().count(Side::Zoho, Traffic::Api);
    assert_eq!(calls, 3, "a quiet run makes three calls: {second}");
    let requests = number(&second, "/zoho/requests") + number(&second, "/google/requests");
    assert_eq!(requests, calls, "the run tells its calls: {second}");
}

#[tokio::test]
async fn edits_on_both_sides_arrive_on_the_other() {
    let world = with_contacts_set_up().await;
    world.cli(&["sync", "--approve-held"]).await.done();
    let control = world.control();
    let shared = people::shared_emails(&control.store(Side::Zoho), &control.store(Side::Google));
    let [one, other, ..] = shared.as_slice() else { panic!("some contacts are on both sides") };
    let human = |side, act| control.human(side, act).expect("the act is possible");
    let title = json!({"Title": "部長"});
    human(Side::Zoho, json!({"op": "edit", "module": "Contacts", "record": one, "fields": title}));
    let note = json!({"biographies": [{"value": "Met in Kyōto"}]});
    human(Side::Google, json!({"op": "edit", "contact": other, "fields": note}));
    let run = world.cli(&["sync", "Contacts"]).await.done();
    assert_eq!(outcome(&run), "completed", "{run}");
    let google = control.store(Side::Google).to_string();
    assert!(google.contains("部長"), "Zoho's edit is at Google");
    let zoho = control.store(Side::Zoho).to_string();
    assert!(zoho.contains("Met in Kyōto"), "Google's edit is at Zoho");
}

#[tokio::test]
async fn tokens_are_in_the_keychain_and_nowhere_else() {
    let mut world = World::in_sandbox(Options::default()).await;
    let mut printed = Vec::new();
    let mut secrets: Vec<String> = Vec::new();
    let known = renraku_sandbox::clients();
    secrets.extend([known.google_client_secret, known.zoho_client_secret].map(str::to_owned));
    world.connect_both().await;
    let setup = world.file("setup.json", r#"{"module": "Contacts"}"#);
    let later = |seconds: u64| std::time::Duration::from_secs(seconds);
    // A whole life: runs, failures of every kind, tokens that end, a lost sign-in, the way out.
    for (fault, args, code) in [
        (Value::Null, vec!["accounts"], 0),
        (Value::Null, vec!["setup", &setup], 0),
        (Value::Null, vec!["preview"], 0),
        (Value::Null, vec!["sync", "--approve-held"], 0),
        (json!({"do": {"answer": {"status": 500, "html": "<h1>Oops</h1>"}}}), vec!["sync"], 1),
        (json!({"do": "truncate"}), vec!["sync"], 1),
        (
            json!({"traffic": "token", "do": {"answer": {"status": 400, "json": {"error": "weird"}}}}),
            vec!["sync"],
            1,
        ),
        (
            json!({"traffic": "token", "do": {"answer": {"status": 200, "html": "<h1>Hm</h1>"}}}),
            vec!["sync"],
            1,
        ),
        (Value::Null, vec!["sync"], 0),
        (json!("zoho_refresh"), vec!["sync"], 4),
        (Value::Null, vec!["review"], 0),
        (Value::Null, vec!["history"], 0),
        (Value::Null, vec!["disconnect", "zoho"], 0),
        (Value::Null, vec!["disconnect", "google"], 0),
    ] {
        let control = world.control();
        if let Some(what) = fault.as_str() {
            drop(control.call("POST", "expire", json!({"what": what})));
        } else if !fault.is_null() {
            control.add_rule(serde_json::from_value(fault.clone()).expect("a rule"));
            // The tokens end, so that new ones are asked for.
            control.advance(later(4000));
        }
        let answer = world.cli(&args).await;
        control.clear_rules();
        assert_eq!(answer.code, Some(code), "{args:?} {fault}: {} {}", answer.json, answer.errors);
        printed.push(format!("{} {}", answer.json, answer.errors));
        let kept = world.keychain().expect("there is a keychain").secrets().await;
        secrets.extend(kept.iter().flat_map(|(_, secret)| long_words(secret)));
    }
    let kept = world.keychain().expect("there is a keychain").secrets().await;
    let logins = kept.iter().filter(|(name, _)| !name.contains("database|"));
    assert_eq!(
        logins.count(),
        0,
        "nothing but the count of writes is left in the keychain: {kept:?}"
    );
    // Whose the tokens are is no secret: the clients' ids are told everywhere.
    secrets.retain(|text| text != known.google_client_id && text != known.zoho_client_id);
    secrets.sort();
    secrets.dedup();
    assert!(secrets.len() > 6, "several tokens were there in their time: {}", secrets.len());
    let mut files = Vec::new();
    all_files(&world.data_dir(), &mut files);
    assert!(!files.is_empty(), "the data folder holds the database");
    for file in files {
        let bytes = std::fs::read(&file).expect("its files can be read");
        printed.push(format!("{}: {}", file.display(), String::from_utf8_lossy(&bytes)));
    }
    for text in printed {
        let found = secrets.iter().find(|secret| text.contains(secret.as_str()));
        assert_eq!(found, None, "a secret in {}", text.chars().take(200).collect::<String>());
    }
}

#[tokio::test]
async fn many_commands_in_a_row_share_one_token() {
    let world = with_contacts_set_up().await;
    world.control().set_switches(|all| all.zoho.throttle_refresh = true);
    world.control().clear_requests();
    for _ in 0..12 {
        world.cli(&["fields", "Contacts"]).await.done();
    }
    for side in [Side::Zoho, Side::Google] {
        assert_eq!(
            world.control().count(side, Traffic::Token),
            0,
            "{side:?}: the login's token does"
        );
    }
    world.control().call("POST", "expire", json!({"what": "zoho_access"})).expect("expired");
    for _ in 0..3 {
        world.cli(&["fields", "Contacts"]).await.done();
    }
    assert_eq!(world.control().count(Side::Zoho, Traffic::Token), 1, "bought once, kept for all");
}

#[tokio::test]
async fn a_code_connects_zoho_alone() {
    let world = World::in_sandbox(Options::default()).await;
    let refused = world.cli(&["connect", "google", "--code"]).await;
    assert!(refused.refused(2).contains("browser"), "{}", refused.json);
    world.control().add_rule(
        serde_json::from_value(json!({"traffic": "token", "path": "*/device/code",
            "do": {"answer": {"status": 200, "json": {"error": "invalid_client"}}}}))
        .expect("a rule"),
    );
    let refused = world.cli(&["connect", "zoho", "--code"]).await;
    assert!(refused.refused(1).contains("does not know this client"), "{}", refused.json);
}

/// What may be a token in an entry of the keychain: words of at least 20 letters and digits. Whose
/// they are is no secret; the count of what was written is a bare number.
fn long_words(entry: &str) -> Vec<String> {
    let mut entry: Value = serde_json::from_str(entry).expect("an entry is JSON");
    if let Some(login) = entry.as_object_mut() {
        login.remove("account").expect("whose it is");
    }
    let text = entry.to_string();
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)));
    words.filter(|word| word.len() >= 20).map(ToOwned::to_owned).collect()
}

pub(crate) fn all_files(folder: &std::path::Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            all_files(&entry.path(), files);
        } else {
            files.push(entry.path());
        }
    }
}

#[tokio::test]
async fn the_data_folder_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let world = with_contacts_set_up().await;
    let mode = std::fs::metadata(world.data_dir()).expect("there is a data folder").permissions();
    assert_eq!(mode.mode() & 0o077, 0, "nobody else reads the data folder");
}

#[tokio::test]
async fn a_right_that_is_missing_fails_a_preview_and_a_run_and_is_named_in_words() {
    let world = with_contacts_set_up().await;
    let rights = json!({"op": "rights", "module": "Contacts", "view": false, "create": true,
        "edit": true, "delete": true});
    world.control().human(renraku_sandbox::Side::Zoho, rights).expect("the right is gone");
    for command in ["preview", "sync"] {
        let answer = world.cli(&[command]).await;
        assert_eq!((answer.code, outcome(&answer.json)), (Some(1), "failed"), "{command}");
        let said = answer.json.pointer("/runs/0/message").and_then(Value::as_str);
        let said = said.unwrap_or_default();
        assert!(said.contains("lacks the right to view contacts"), "{command}: {said}");
    }
}

#[tokio::test]
async fn a_refused_login_says_so_and_connects_nothing() {
    let mut world = World::in_sandbox(Options::default()).await;
    world.control().set_switches(|all| {
        all.google.auto_approve = AutoApprove::Deny;
        all.zoho.auto_approve = AutoApprove::Deny;
    });
    for service in ["zoho", "google"] {
        let answer = world.connect(service).await;
        assert!(!answer.refused(1).is_empty(), "{service}: a sentence");
        let accounts = world.cli(&["accounts"]).await.done();
        let connected = accounts.pointer(&format!("/{service}/connected"));
        assert_eq!(connected, Some(&json!(false)), "{service} is not connected");
    }
}

#[tokio::test]
async fn an_unticked_contacts_box_is_no_connection() {
    let mut world = World::in_sandbox(Options::default()).await;
    world.control().set_switches(|all| all.google.auto_approve = AutoApprove::Untick);
    let answer = world.connect("google").await;
    assert!(!answer.refused(1).is_empty(), "a sentence says which box");
}

#[tokio::test]
async fn a_bad_setup_file_is_refused_and_changes_nothing() {
    let world = with_contacts_set_up().await;
    let before = world.cli(&["syncs"]).await.done();
    for (file, named, why) in [
        (r#"{"module": "Contacts", "colour": 1}"#, "colour", "an unknown key"),
        (r#"{"module": "Deals"}"#, "Deals", "an unknown module"),
        (r#"{"module": "Contacts", "direction": "up"}"#, "up", "an unknown value"),
        (
            r#"{"module": "Contacts", "zoho_view": "No such view"}"#,
            "No such view",
            "an unknown view",
        ),
        (
            r#"{"module": "Contacts", "mapping": [{"zoho": "Last_Nam", "google": "names.familyName"}]}"#,
            "Last_Nam",
            "an unknown field",
        ),
        (
            r#"{"module": "Contacts", "mapping": [{"zoho": "Last_Name", "google": "birthdays"}]}"#,
            "Last_Name",
            "types that cannot be mapped",
        ),
        (r#"{"module": "Contacts", "limits": []}"#, "limits", "a list in place of an object"),
        (
            r#"{"module": "Contacts", "limits": {"later_run": "many"}}"#,
            "limits.later_run",
            "a type",
        ),
        (
            r#"{"module": "Contacts", "mapping": [["Last_Name", "names.familyName"]]}"#,
            "mapping",
            "a row",
        ),
        (r#"{"module": "Contacts", "mapping": []}"#, "mapping", "nothing to sync"),
        (r#"["Contacts"]"#, "object", "no object"),
        (
            r#"{"module": "Contacts", "limits": {"later_run": 1, "later_run": 2}}"#,
            "the key limits.later_run stands there twice",
            "a key twice",
        ),
        ("{", "", "no JSON at all"),
    ] {
        let path = world.file("bad.json", file);
        let answer = world.cli(&["setup", &path]).await;
        let message = answer.refused(2);
        assert!(message.contains(named), "{why}: \"{named}\" is named in: {message}");
        let after = world.cli(&["syncs"]).await.done();
        assert_eq!(after, before, "{why}: what was configured stays");
    }
}

#[tokio::test]
async fn a_mistake_in_the_command_is_an_error_with_code_2() {
    let world = World::with_keychain(KeychainState::Absent).await;
    for args in [&["nonsense"][..], &["sync", "--nope"], &["fields", "Nope"], &["resolve", "1"]] {
        let answer = world.cli(args).await;
        assert!(!answer.refused(2).is_empty(), "{args:?}: a sentence in the document");
        assert_eq!(answer.json.pointer("/error/code"), Some(&json!("usage")), "{args:?}");
    }
}

#[tokio::test]
async fn answers_have_the_documented_keys_and_no_others() {
    const RUN: &str = "conflicts failed finished_at google last_synced_at matched message module \
                       outcome review run started_at waiting zoho";
    let world = with_contacts_set_up().await;
    let check = async |args: &[&str], place: &str, expected: &str| {
        let answer = world.cli(args).await.done();
        let found = answer.pointer(place).and_then(Value::as_object);
        let keys: Vec<&String> = found.map(|map| map.keys().collect()).unwrap_or_default();
        let mut expected: Vec<&str> = expected.split_whitespace().collect();
        expected.sort_unstable();
        assert_eq!(keys, expected, "{args:?} at {place}: {answer}");
    };
    world.cli(&["sync", "--approve-held"]).await.done();
    check(&["accounts"], "/zoho", "connected data_centre email organisation scopes").await;
    check(&["accounts"], "/google", "connected email scopes").await;
    let sync = "complete_as_of direction enabled last_synced_at module needs_you next_run_at state \
                waiting";
    check(&["syncs"], "/syncs/0", sync).await;
    check(&["sync"], "/runs/0", RUN).await;
    check(&["sync"], "/runs/0/zoho", "created deleted requests updated").await;
    check(&["preview"], "/runs/0", &format!("{RUN} operations preview")).await;
    check(&["history"], "/runs/0", RUN).await;
    let change = "after before contact field google kind overwritten side why zoho_id";
    check(&["history", "--run", "1"], "/changes/0", change).await;
}

#[tokio::test]
async fn what_needs_an_account_exits_with_4_before_there_is_one() {
    let world = World::in_sandbox(Options::default()).await;
    for args in [&["fields", "Contacts"][..], &["scopes", "Contacts"]] {
        assert!(!world.cli(args).await.refused(4).is_empty(), "{args:?}");
    }
}

#[tokio::test]
async fn the_sandbox_command_says_what_is_wrong() {
    let world = World::with_keychain(KeychainState::Absent).await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("its number").port().to_string();
    let answer = world.cli(&["sandbox", "--port", &port]).await;
    assert!(answer.refused(1).contains(&port), "the port is named: {}", answer.json);
    let file = world.file("people.json", "{\"google\": 7");
    let answer = world.cli(&["sandbox", "--data", &file]).await;
    assert!(answer.refused(1).contains("people.json"), "the file is named: {}", answer.json);
}

#[tokio::test]
async fn a_sync_that_is_off_does_not_run_and_comes_back_as_it_was() {
    let world = with_contacts_set_up().await;
    world.cli(&["sync", "--approve-held"]).await.done();
    world.cli(&["disable", "Contacts"]).await.done();
    world.control().clear_requests();
    let none = world.cli(&["sync"]).await.done();
    assert_eq!(none, json!({"runs": []}), "nothing is on");
    assert!(world.control().requests().is_empty(), "nothing was asked of anybody");
    world.cli(&["enable", "Contacts"]).await.done();
    let again = world.cli(&["sync", "Contacts"]).await.done();
    assert_eq!(outcome(&again), "completed", "{again}");
    assert_eq!(writes(&world), 0, "its links were kept: nobody is created again");

    world.cli(&["disable", "Contacts"]).await.done();
    let setup = world.file("again.json", &json!({"module": "Contacts"}).to_string());
    let set_up = world.cli(&["setup", &setup]).await.done();
    assert_eq!(set_up.pointer("/syncs/0/enabled"), Some(&json!(true)), "set up anew, it is on");
}

#[tokio::test]
async fn ctrl_c_stops_after_what_is_being_sent_and_the_next_run_goes_on() {
    let mut world = with_contacts_set_up().await;
    let slow = json!({"do": {"delay_ms": 700}});
    world.control().add_rule(serde_json::from_value(slow).expect("a rule"));
    let mut command = world.surroundings().command(program("renraku-cli"));
    command.args(["--json", "sync", "--approve-held"]);
    let mut run = Owned::start("renraku-cli", command);
    let sending = async {
        while writes(&world) == 0 {
            assert!(run.is_running(), "it is writing");
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    within(60, "the first write", sending).await;
    let process = run.id().expect("it runs").to_string();
    let told = std::process::Command::new("kill").args(["-INT", &process]).status();
    assert!(told.is_ok_and(|status| status.success()), "it is told to stop");
    assert_eq!(run.ended().await, Some(0), "it ends by itself");
    let history = world.cli(&["history"]).await.done();
    assert_eq!(outcome(&history), "partial", "{history}");
    assert_eq!(history.pointer("/runs/0/last_synced_at"), Some(&Value::Null), "not fresh");
    let waiting = number(&history, "/waiting");
    assert!(waiting > 0, "what waits is told: {history}");

    world.control().clear_rules();
    let next = world.cli(&["sync"]).await.done();
    assert_eq!((outcome(&next), number(&next, "/waiting")), ("completed", 0), "{next}");
    let before = writes(&world);
    world.cli(&["sync"]).await.done();
    assert_eq!(writes(&world), before, "all is there, and nobody twice");
}
