//! The command line before anybody is signed in: the keychain, and the OAuth clients.

use renraku_sandbox::{AutoApprove, Options};
use renraku_tests::world::{KeychainState, World};
use serde_json::json;

use crate::cli::all_files;

#[tokio::test]
async fn without_a_keychain_login_fails_with_a_sentence() {
    for state in [KeychainState::Absent, KeychainState::Locked] {
        let mut world = World::with_keychain(state).await;
        world.start_sandbox(Options::default()).await;
        world.control().set_switches(|all| all.google.auto_approve = AutoApprove::Allow);
        let answer = world.connect("google").await;
        let message = answer.refused(1).to_lowercase();
        assert!(message.contains("keychain"), "{state:?}: the message names it: {message}");
    }
    for (desktop, named, other) in [
        ("ubuntu:GNOME", "Passwords and Keys", "KDE Wallet"),
        ("KDE", "KDE Wallet", "Passwords and Keys"),
        ("sway", "KeePassXC", "KDE Wallet"),
    ] {
        let mut world = World::with_keychain(KeychainState::Empty).await;
        world.surroundings().set("XDG_CURRENT_DESKTOP", desktop);
        world.start_sandbox(Options::default()).await;
        let answer = world.connect("google").await;
        let said = answer.refused(1);
        assert!(said.contains("collection"), "not locked, but empty: {said}");
        assert!(said.contains(named) && !said.contains(other), "{desktop}: {said}");
    }
}

#[tokio::test]
async fn the_clients_are_told_and_come_from_a_file_without_their_secret() {
    let mut world = World::new().await;
    let none = json!({"source": "none", "client_id": null, "secret": false});
    let told = world.cli(&["clients"]).await.done();
    assert_eq!(told["google"], none);
    let usual = json!({"source": "none", "client_id": null, "secret": false, "data_centre": null,
        "redirect": "http://localhost:48620/callback", "pkce": true, "suggested_data_centre": "us"});
    assert_eq!(told["zoho"], usual);
    for (variable, value, centre) in
        [("TZ", "Asia/Tokyo", "jp"), ("LANG", "de_DE.UTF-8", "eu"), ("LANG", "ja_JP.UTF-8", "jp")]
    {
        let usual = if variable == "TZ" { "UTC" } else { "C.UTF-8" };
        world.surroundings().set(variable, value);
        let told = world.cli(&["clients"]).await.done();
        assert_eq!(told["zoho"]["suggested_data_centre"], centre, "{variable}={value}");
        world.surroundings().set(variable, usual);
    }
    let lost = world.cli(&["clients", "/nowhere/office.json"]).await;
    let said = lost.refused(2);
    assert!(said.contains("no such file") && !said.contains("os error"), "{said}");
    let none = world.cli(&["connect", "zoho"]).await;
    assert!(none.refused(1).contains("renraku-cli clients FILE"), "{}", none.json);
    for (key, value) in [
        (
            "zoho.client_secret is empty",
            r#"{"zoho": {"client_id": "1000.A", "client_secret": ""}}"#,
        ),
        ("zoho.datacentre", r#"{"zoho": {"client_id": "1000.A", "datacentre": "jp"}}"#),
        ("mars", r#"{"zoho": {"client_id": "1000.A", "data_centre": "mars"}}"#),
        ("web sites", r#"{"web": {"client_id": "7.apps.googleusercontent.com"}}"#),
        ("zoho.client_id", r#"{"zoho": {"client_id": "7.apps.googleusercontent.com"}}"#),
        (
            "zoho.client_id stands there twice",
            r#"{"zoho": {"client_id": "1000.A", "client_id": "1000.B"}}"#,
        ),
        (
            "example.com",
            r#"{"zoho": {"client_id": "1000.A", "redirect": "http://example.com:1/"}}"#,
        ),
    ] {
        let file = world.file("office.json", value);
        let answer = world.cli(&["clients", &file]).await;
        let message = answer.refused(2);
        assert!(message.contains(key) && message.contains("office.json"), "{message}");
        assert_eq!(world.cli(&["clients"]).await.done(), told, "nothing is kept");
    }
    let file = r#"{"google": {"client_id": "7-a.apps.googleusercontent.com",
        "client_secret": "secret-of-google"}, "zoho": {"client_id": "1000.A",
        "client_secret": "secret-of-zoho", "data_centre": "jp"}}"#;
    let file = world.file("office.json", file);
    let told = world.cli(&["clients", &file]).await.done();
    assert_eq!(told["google"]["source"], "file");
    assert_eq!(told["zoho"]["data_centre"], "jp");
    assert_eq!(told["zoho"]["secret"], true);
    assert_eq!(world.cli(&["clients"]).await.done(), told);
    let kept = world.keychain().expect("there is a keychain").secrets().await;
    assert!(kept.iter().any(|(_, secret)| secret.contains("secret-of-zoho")), "{}", kept.len());
    let mut files = Vec::new();
    all_files(&world.data_dir(), &mut files);
    for file in files {
        let bytes = std::fs::read(&file).expect("its files can be read");
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("secret-of-"), "a secret in {}", file.display());
    }
    let bare = r#"{"zoho": {"client_id": "1000.A", "data_centre": "jp"}}"#;
    let bare = world.file("bare.json", bare);
    assert_eq!(world.cli(&["clients", &bare]).await.done(), told, "the secret of this id stays");
    let other = r#"{"zoho": {"client_id": "1000.B"}}"#;
    let answer = world.cli(&["clients", &world.file("other.json", other)]).await;
    assert_eq!(answer.json["zoho"]["secret"], false, "another id has none");
    assert!(answer.errors.contains("client secret for Zoho CRM is missing"), "{}", answer.errors);
    world.cli(&["clients", &file]).await.done();
    world.surroundings().set("RENRAKU_ZOHO_CLIENT_ID", "1000.ENV");
    for args in [&["clients"][..], &["clients", &file]] {
        let answer = world.cli(args).await;
        assert_eq!(answer.json["zoho"]["source"], "environment");
        let said = &answer.errors;
        assert!(said.contains("another registration with Zoho"), "it is not silent: {said}");
        assert!(!said.contains("with Google"), "the file's is in force there: {said}");
    }
    let answer = world.cli(&["connect", "zoho", "--no-browser"]).await;
    assert!(answer.refused(1).contains("secret"), "{}", answer.json);
    assert!(!answer.errors.contains("http"), "before any address is shown: {}", answer.errors);
    let answer = world.cli(&["connect", "zoho", "--data-centre", "mars"]).await;
    assert!(answer.refused(2).contains("jp"), "the data centres are named: {}", answer.json);
}

#[tokio::test]
async fn an_id_of_the_wrong_form_is_named_before_a_browser_opens() {
    let mut world = World::new().await;
    for (service, variable, id, form) in [
        ("zoho", "RENRAKU_ZOHO_CLIENT", "7.apps.googleusercontent.com", "one of Google's"),
        ("zoho", "RENRAKU_ZOHO_CLIENT", "1000.A B", "a blank"),
        ("zoho", "RENRAKU_ZOHO_CLIENT", "A", "begin with 1000."),
        ("google", "RENRAKU_GOOGLE_CLIENT", "1000.A", "one of Zoho's"),
        ("google", "RENRAKU_GOOGLE_CLIENT", "7-a", "end in .apps.googleusercontent.com"),
    ] {
        world.surroundings().set(&format!("{variable}_ID"), id);
        world.surroundings().set(&format!("{variable}_SECRET"), "s");
        let answer = world.cli(&["connect", service, "--no-browser"]).await;
        assert!(answer.refused(2).contains(form), "{id}: {}", answer.json);
        assert_eq!(answer.errors, "", "{id}: no address is shown, and nothing is waited for");
        let answer = world.cli(&["clients"]).await;
        assert_eq!(answer.json[service]["source"], "environment");
        assert!(answer.errors.contains(form), "{id}: {}", answer.errors);
    }
}

#[tokio::test]
async fn nothing_that_the_environment_says_is_passed_over_in_silence() {
    let mut world = World::new().await;
    let file = r#"{"zoho": {"client_id": "1000.A", "client_secret": "s", "data_centre": "jp"}}"#;
    world.cli(&["clients", &world.file("office.json", file)]).await.done();
    world.surroundings().set("RENRAKU_ZOHO_CLIENT_ID", "foo");
    let told = world.cli(&["clients"]).await;
    for said in ["begin with 1000.", "another registration with Zoho"] {
        assert!(told.errors.contains(said), "{said}: {}", told.errors);
    }
    world.surroundings().set("RENRAKU_ZOHO_CLIENT_ID", "");
    for (service, other, names) in [
        ("zoho", "google", ["RENRAKU_ZOHO_PKCE", "RENRAKU_ZOHO_DATA_CENTRE"]),
        ("google", "zoho", ["RENRAKU_GOOGLE_CLIENT_SECRET", "RENRAKU_GOOGLE_CLIENT_IDENTITY"]),
    ] {
        for name in names {
            world.surroundings().set(name, "zz");
        }
        let told = world.cli(&["clients"]).await.errors;
        assert!(told.contains("which is not used"), "{told}");
        // Neither is sent anywhere: one has no client, the other is registered elsewhere.
        let mut asked = Vec::new();
        for service in [service, other] {
            let args = ["connect", service, "--data-centre", "eu"];
            let args = if service == "google" { &args[..2] } else { &args[..] };
            asked.push(world.cli(args).await.errors);
        }
        for name in names {
            let said = |text: &String| text.contains(name);
            assert!(said(&told), "{name}: {told}");
            let by_service: Vec<bool> = asked.iter().map(said).collect();
            assert_eq!(by_service, [true, false], "{name}: {asked:?}");
            world.surroundings().set(name, "");
        }
    }
}

#[tokio::test]
async fn connect_says_what_it_waits_for_and_what_was_left_out() {
    let mut world = World::in_sandbox(Options::default()).await;
    world.control().set_switches(|all| {
        all.zoho.auto_approve = AutoApprove::Allow;
        all.google.auto_approve = AutoApprove::Allow;
        all.zoho.scopes_dropped = vec!["ZohoCRM.modules.leads.ALL".to_owned()];
    });
    for (service, warns) in [("zoho", true), ("google", false)] {
        let answer = world.connect(service).await;
        let waits: Vec<&str> =
            answer.errors.lines().filter(|line| line.contains("five minutes")).collect();
        assert_eq!(waits.len(), 1, "{service}: one line: {}", answer.errors);
        let offered = answer.errors.contains("--without-pkce");
        assert_eq!(offered, service == "zoho", "{service}: {}", answer.errors);
        let connected = answer.done();
        let warnings = connected["warnings"].as_array().cloned().expect("a list");
        assert_eq!(warnings.len(), usize::from(warns), "{service}: {connected}");
        let told = warnings.iter().all(|one| one.to_string().contains("leads cannot be synced"));
        assert!(told, "{service}: {connected}");
    }
}
