//! Which client counts, and where its secret rests.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use keyring_core::api::CredentialStore;
use renraku_core::contact::Side;
use renraku_services::auth::{
    ClientKey, Endpoints, GivenClients, Keychain, OauthClient, Registration, Secret, Secrets,
};

use crate::api::{ClientDraft, ClientSource, DataCentre, ZohoClient};
use crate::handle::engine::{Engine, Options};
use crate::text::catalogue;

const FILE: &str = r#"{"zoho": {"client_id": "1000.FILE", "client_secret": "f", "data_centre": "jp",
    "redirect": "http://127.0.0.1:5000/x", "pkce": false}}"#;

fn keychain() -> Arc<CredentialStore> {
    keyring_core::mock::Store::new().expect("a keychain in memory")
}

fn open(folder: &Path, keychain: &Arc<CredentialStore>, clients: GivenClients) -> Engine {
    let options = Options { data_dir: folder.to_owned(), endpoints: Endpoints::default(), clients };
    let now = Arc::new(|| Utc::now().into());
    Engine::open_on(options, now, Arc::clone(keychain), Duration::ZERO).expect("it opens")
}

fn given(id: &str, secret: Option<&str>) -> GivenClients {
    let secret = secret.map(Secret::new);
    let client = OauthClient { id: id.to_owned(), secret, registered: Registration::default() };
    GivenClients { zoho: Some(client), ..GivenClients::default() }
}

fn typed(id: &str, secret: &str) -> ClientDraft {
    ClientDraft {
        client_id: id.to_owned(),
        client_secret: secret.to_owned(),
        data_centre: Some(DataCentre::Eu),
        redirect: None,
        pkce: false,
    }
}

/// The client in force: where it comes from, and its id.
fn zoho(engine: &Engine) -> (ClientSource, Option<String>) {
    let zoho = engine.clients().expect("the clients").zoho;
    (zoho.source, zoho.client_id)
}

fn is(source: ClientSource, id: &str) -> (ClientSource, Option<String>) {
    (source, Some(id.to_owned()))
}

async fn secret(engine: &Engine) -> String {
    let client = engine.inner.shelf.client(Side::Zoho).await.expect("a whole client");
    client.secret.map(|secret| secret.expose().to_owned()).unwrap_or_default()
}

#[tokio::test]
async fn the_first_source_that_has_a_client_counts() {
    let (home, keychain) = (tempfile::tempdir().expect("a folder"), keychain());
    let data = home.path().join("data");
    let engine = open(&data, &keychain, GivenClients::default());
    assert_eq!(zoho(&engine), (ClientSource::None, None));
    let failure = engine.inner.shelf.client(Side::Zoho).await.expect_err("nothing is there");
    assert_eq!(failure.id, "error-no-client");
    let draft = typed("1000.TYPED", "t");
    engine.save_client(Side::Zoho, &draft).await.expect("it is kept");
    assert_eq!(zoho(&engine), is(ClientSource::Settings, "1000.TYPED"));
    assert_eq!(secret(&engine).await, "t");

    let beside = home.path().join("program");
    std::fs::create_dir(&beside).expect("a folder");
    std::fs::write(beside.join("renraku-clients.json"), FILE).expect("a file");
    let places = GivenClients { beside: vec![beside.clone()], ..GivenClients::default() };
    let engine = open(&data, &keychain, places.clone());
    assert_eq!(zoho(&engine), is(ClientSource::File, "1000.FILE"), "a file beats the settings");
    let told = engine.clients().expect("the clients").zoho;
    assert_eq!(told.data_centre, Some(DataCentre::Jp));
    assert_eq!((told.redirect.as_str(), told.pkce), ("http://127.0.0.1:5000/x", false));
    std::fs::write(data.join("clients.json"), FILE.replace("FILE", "DATA")).expect("a file");
    assert_eq!(zoho(&engine), is(ClientSource::File, "1000.DATA"), "the data folder's is first");
    let named = home.path().join("named.json");
    std::fs::write(&named, FILE.replace("FILE", "NAMED")).expect("a file");
    let places = GivenClients { file: Some(named), ..places };
    let engine = open(&data, &keychain, places.clone());
    assert_eq!(
        zoho(&engine),
        is(ClientSource::File, "1000.NAMED"),
        "the named one is the only one"
    );

    let all = GivenClients { file: places.file, ..given("1000.ENV", Some("e")) };
    let engine = open(&data, &keychain, all);
    assert_eq!(zoho(&engine), is(ClientSource::Environment, "1000.ENV"));
    assert_eq!(secret(&engine).await, "e");
}

#[tokio::test]
async fn a_sign_in_is_renewed_for_the_client_that_made_it() {
    let (home, keychain) = (tempfile::tempdir().expect("a folder"), keychain());
    let engine = open(home.path(), &keychain, given("1000.ENV", Some("e")));
    let draft = typed("1000.TYPED", "t");
    engine.save_client(Side::Zoho, &draft).await.expect("it is kept");
    let kept = |id: &str| ClientKey { id: id.to_owned(), secret: Secret::new("k") };
    for (id, key, expected, why) in [
        (Some("1000.TYPED"), None, Ok(("1000.TYPED", "t")), "wherever it comes from"),
        (Some("1000.TYPED"), Some(kept("1000.TYPED")), Ok(("1000.TYPED", "t")), "as it is now"),
        (Some("1000.GONE"), Some(kept("1000.GONE")), Ok(("1000.GONE", "k")), "as it was kept"),
        (None, Some(kept("1000.GONE")), Ok(("1000.GONE", "k")), "as it was learned"),
        (None, None, Ok(("1000.ENV", "e")), "nobody kept which: the one in force"),
        (Some("1000.GONE"), None, Err("error-client-changed"), "its secret is gone"),
        (Some("1000.GONE"), Some(kept("1000.X")), Err("error-client-changed"), "another one's"),
    ] {
        let client = engine.inner.shelf.client_of(Side::Zoho, id, key).await;
        let client = client.map(|c| (c.id, c.secret.expect("a secret").expose().to_owned()));
        let expected = expected.map(|(id, secret)| (id.to_owned(), secret.to_owned()));
        assert_eq!(client.map_err(|failure| failure.id), expected.map_err(str::to_owned), "{why}");
    }
    let engine = open(home.path(), &keychain, given("1000.ENV", None));
    let lacks = engine.inner.shelf.client_of(Side::Zoho, Some("1000.ENV"), None).await;
    assert_eq!(lacks.expect_err("no secret").id, "error-client-secret-missing", "it is still set");
}

#[tokio::test]
async fn what_is_missing_is_named_before_a_browser_opens() {
    let keychain = keychain();
    for (id, secret, expected) in [
        ("1000.ENV", None, "error-client-secret-missing"),
        ("", Some("e"), "error-client-id-missing"),
        ("7.apps.googleusercontent.com", Some("e"), "error-client-id-form"),
        ("1000.A/B", None, "error-client-id-form"),
        ("1000.ENV", Some("1000.ENV"), "error-client-secret-form"),
    ] {
        let home = tempfile::tempdir().expect("a folder");
        let engine = open(home.path(), &keychain, given(id, secret));
        let never = crate::BrowserChoice::Print(Box::new(|_| panic!("no browser opens")));
        let failure = engine.connect(Side::Zoho, never).await.expect_err("it is not whole");
        let wrong = expected.ends_with("form");
        let code = if wrong { crate::FailureCode::Invalid } else { crate::FailureCode::NoClient };
        assert_eq!((failure.id.as_str(), failure.code), (expected, code));
        let said = engine.clients().expect("the clients").zoho.notices;
        assert_eq!(said, [catalogue::english(&failure)], "it is told with the clients, too");
    }
}

#[tokio::test]
async fn a_file_that_is_taken_rests_here_without_its_secret() {
    let (home, keychain) = (tempfile::tempdir().expect("a folder"), keychain());
    let engine = open(home.path(), &keychain, GivenClients::default());
    let file = FILE.replace("\"f\"", "\"hush-of-the-file\"");
    engine.take_client_file(&file).await.expect("it is taken");
    assert_eq!(zoho(&engine), is(ClientSource::File, "1000.FILE"));
    assert_eq!(secret(&engine).await, "hush-of-the-file");
    let passed_on = engine.client_file_text().await.expect("a file for colleagues");
    assert!(passed_on.contains("hush-of-the-file") && passed_on.contains("\"jp\""));

    let bare = |id: &str| format!(r#"{{"zoho": {{"client_id": "{id}", "pkce": true}}}}"#);
    engine.take_client_file(&bare("1000.FILE")).await.expect("it is taken");
    assert_eq!(secret(&engine).await, "hush-of-the-file", "this id's secret is known");
    assert!(engine.clients().expect("the clients").zoho.pkce, "the rest is the newer file's");
    engine.take_client_file(&bare("1000.BARE")).await.expect("it is taken");
    let lacks = engine.inner.shelf.client(Side::Zoho).await.expect_err("another id has none");
    assert_eq!(lacks.id, "error-client-secret-missing");
    engine.take_client_file(&file).await.expect("it is taken again");

    let wrong = engine.take_client_file(&FILE.replace("pkce", "pckе")).await;
    assert_eq!(wrong.expect_err("an unknown key").id, "error-client-file");
    assert_eq!(secret(&engine).await, "hush-of-the-file", "what was there stays in force");

    engine.save_client(Side::Zoho, &typed("1000.OWN", "hush-of-mine")).await.expect("kept");
    assert_eq!(zoho(&engine), is(ClientSource::Settings, "1000.OWN"), "the newest that I gave");
    let draft = ClientDraft {
        redirect: Some("http://localhost:7000/".to_owned()),
        ..typed("1000.OWN", "")
    };
    assert_eq!(engine.check_client(Side::Zoho, &draft).expect("a check"), None, "it is kept");
    engine.save_client(Side::Zoho, &draft).await.expect("changed");
    assert_eq!(secret(&engine).await, "hush-of-mine", "its secret stays");
    let other = typed("1000.OTHER", "");
    let failure = engine.check_client(Side::Zoho, &other).expect("a check").expect("a mistake");
    assert_eq!(failure.id, "error-client-secret-missing", "another id has none");
    drop(engine);
    for entry in std::fs::read_dir(home.path()).expect("the folder") {
        let bytes = std::fs::read(entry.expect("a file").path()).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("hush-of"), "no secret is in a file");
    }
    let engine = open(home.path(), &keychain, GivenClients::default());
    let nothing = typed("", "");
    let told = engine.save_client(Side::Zoho, &nothing).await.expect("forgotten");
    assert_eq!(told.zoho.source, ClientSource::None);
}

#[tokio::test]
async fn a_secret_of_an_earlier_version_moves_to_the_keychain() {
    let (home, keychain) = (tempfile::tempdir().expect("a folder"), keychain());
    let engine = open(home.path(), &keychain, GivenClients::default());
    let old = r#"{"id": "1000.OLD", "secret": "hush-of-old"}"#;
    engine.set_setting("oauth.zoho", old).expect("as an earlier version left it");
    assert_eq!(secret(&engine).await, "hush-of-old", "it is in force before it has moved");
    engine.settle_in().await;
    assert_eq!(secret(&engine).await, "hush-of-old");
    assert_eq!(zoho(&engine), is(ClientSource::Settings, "1000.OLD"));
    for name in ["renraku.db", "renraku.db-wal"] {
        let bytes = std::fs::read(home.path().join(name)).unwrap_or_default();
        assert!(
            !String::from_utf8_lossy(&bytes).contains("hush-of-old"),
            "nothing is left in {name}"
        );
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_used_is_named_where_it_is_asked_for() {
    let (home, keychain) = (tempfile::tempdir().expect("a folder"), keychain());
    let file = home.path().join("office.json");
    let places = GivenClients { file: Some(file.clone()), ..GivenClients::default() };
    let engine = open(&home.path().join("data"), &keychain, places);
    let check = |why: &str| {
        let failure = engine.clients().expect_err(why);
        assert!(
            catalogue::english(&failure).contains("office.json"),
            "{why}: {}",
            catalogue::english(&failure)
        );
        assert_eq!(failure.code, crate::FailureCode::Invalid, "{why}");
    };
    check("it is not there");
    std::fs::write(&file, FILE.replace("jp", "mars")).expect("a file");
    check("it names no data centre");
    std::fs::write(&file, " ".repeat(100_000)).expect("a file");
    check("it is endless");
}

#[cfg(unix)]
#[tokio::test]
async fn every_path_to_the_data_folder_finds_the_same_secrets() {
    let (home, keychain) = (tempfile::tempdir().expect("a folder"), keychain());
    let data = home.path().join("data");
    // The first start makes the folder: there was no path to resolve before.
    let engine = open(&data, &keychain, GivenClients::default());
    let draft = typed("1000.MINE", "t");
    engine.save_client(Side::Zoho, &draft).await.expect("it is kept");
    drop(engine);
    let link = home.path().join("link");
    std::os::unix::fs::symlink(&data, &link).expect("a link");
    std::fs::create_dir(home.path().join("beside")).expect("a folder");
    let moved = home.path().join("moved");
    let round = home.path().join("beside").join("..").join("data");
    for path in [&data, &link, &round, &home.path().join("data/.")] {
        let engine = open(path, &keychain, GivenClients::default());
        assert_eq!(secret(&engine).await, "t", "{}", path.display());
    }
    std::fs::rename(&data, &moved).expect("it is moved");
    let engine = open(&moved, &keychain, GivenClients::default());
    assert_eq!(secret(&engine).await, "t", "another place is the same folder");
}

#[tokio::test]
async fn what_an_earlier_version_kept_under_a_path_is_carried_over() {
    let store = keychain();
    let folder = Path::new("/somewhere/data");
    let secrets = Secrets { refresh: Secret::new("r"), access: None, shut: None, client: None };
    let old = Keychain::new("/somewhere/data", "real").kept_in(Arc::clone(&store));
    old.put(Side::Zoho, "me", &secrets).await.expect("as an earlier version left it");
    let new = Keychain::new("name", "real").once_called(folder).kept_in(Arc::clone(&store));
    assert_eq!(new.get(Side::Zoho, "me").await.expect("a look"), Some(secrets.clone()));
    assert_eq!(old.get(Side::Zoho, "me").await.expect("a look"), None, "it is moved");
    let later = Keychain::new("name", "real").kept_in(Arc::clone(&store));
    assert_eq!(later.get(Side::Zoho, "me").await.expect("a look"), Some(secrets.clone()));
    old.put(Side::Zoho, "me", &secrets).await.expect("one that was left behind");
    new.remove(Side::Zoho).await.expect("a sign-out");
    assert_eq!(old.get(Side::Zoho, "me").await.expect("a look"), None, "nothing is left behind");
}

#[tokio::test]
async fn the_port_alone_is_chosen_over_a_files_client() {
    let folder = tempfile::tempdir().expect("a folder");
    let engine = open(folder.path(), &keychain(), GivenClients::default());
    engine.take_client_file(FILE).await.expect("it is taken");
    let draft = |redirect: &str| ClientDraft {
        client_id: String::new(),
        client_secret: String::new(),
        data_centre: None,
        redirect: Some(redirect.to_owned()),
        pkce: false,
    };
    let wrong = engine.check_client(Side::Zoho, &draft("http://127.0.0.1:80/x")).expect("checked");
    assert_eq!(wrong.map(|failure| failure.id).as_deref(), Some("error-client-redirect"));
    let own = draft("http://127.0.0.1:48700/x");
    assert_eq!(engine.check_client(Side::Zoho, &own).expect("checked"), None);
    let before = engine.clients().expect("the clients").zoho;
    let told = engine.save_client(Side::Zoho, &own).await.expect("it is saved").zoho;
    assert_eq!(told.redirect, "http://127.0.0.1:48700/x");
    let same = ZohoClient { redirect: before.redirect.clone(), ..told };
    assert_eq!(same, before, "all else stays the file's");
    let back = draft(&before.redirect);
    let told = engine.save_client(Side::Zoho, &back).await.expect("it is saved").zoho;
    assert_eq!(told, before, "the file's own ends the choice");
    engine.save_client(Side::Zoho, &own).await.expect("it is saved");
    let newer = FILE.replace(":5000", ":5001");
    let told = engine.take_client_file(&newer).await.expect("it is taken").zoho;
    assert!(told.redirect.contains(":5001"), "a file that says another is believed: {told:?}");
}
