//! The computer's own keychain: how it begins, and what its entries are called.

use renraku_sandbox::{AutoApprove, Options};
use renraku_tests::desktop::{Display, Prompter};
use renraku_tests::world::{KeychainState, World};

#[tokio::test]
async fn a_keychain_that_was_never_used_gets_its_default_collection() {
    let mut world = World::with_keychain(KeychainState::Empty).await;
    world.start_sandbox(Options::default()).await;
    world.control().set_switches(|all| all.google.auto_approve = AutoApprove::Allow);
    let display = Display::start(world.surroundings()).await;
    let has_default =
        async |world: &World| world.keychain().expect("there is a keychain").has_default().await;
    assert!(!has_default(&world).await, "it was never used");
    let _prompter = Prompter::start(&world.surroundings().clone(), world.bus()).await;
    let (answer, ()) = tokio::join!(world.connect("google"), display.choose_password("pw"));
    answer.done();
    assert!(has_default(&world).await, "it has one now");
    let accounts = world.cli(&["accounts"]).await.done();
    assert_eq!(accounts["google"]["connected"], true, "and the sign-in is in it: {accounts}");
    let names = world.keychain().expect("there is a keychain").names().await;
    assert!(names.iter().any(|name| name.starts_with("google|")), "{names:?}");
}

#[tokio::test]
async fn what_lies_under_the_data_folders_path_is_found_once_and_moved() {
    let mut world = World::in_sandbox(Options::default()).await;
    world.connect_both().await;
    let (home, data) = (world.home().to_owned(), world.data_dir());
    let link = home.join("link");
    std::os::unix::fs::symlink(&data, &link).expect("a link");
    std::fs::create_dir(home.join("beside")).expect("a folder");
    let round = home.join("beside").join("..").join("data");
    let whole = data.canonicalize().expect("it is there");
    let today = world.keychain().expect("there is a keychain").names().await;
    // What earlier versions called the folder: its whole path, or as it was given.
    let paths = [&data, &link, &round, &data.join("."), &std::path::PathBuf::from("data")];
    for (given, called) in paths.iter().flat_map(|path| [(path, *path), (path, &whole)]) {
        let called = called.to_str().expect("a path");
        let what = format!("{} as {called}", given.display());
        world.surroundings().set("RENRAKU_DATA_DIR", given);
        let keychain = world.keychain().expect("there is a keychain");
        for name in today.iter().filter(|name| !name.starts_with("database|")) {
            let mut parts: Vec<&str> = name.split('|').collect();
            *parts.get_mut(1).expect("the folder's own name") = called;
            keychain.rename(name, &parts.join("|")).await;
        }
        assert_ne!(keychain.names().await, today, "{what}: an earlier version's");
        // It asks both services, so both sign-ins are used.
        world.cli(&["scopes", "Contacts"]).await.done();
        let names = world.keychain().expect("there is a keychain").names().await;
        assert_eq!(names, today, "{what}: moved, and nothing is left behind");
    }
    for given in paths {
        world.surroundings().set("RENRAKU_DATA_DIR", given);
        world.cli(&["scopes", "Contacts"]).await.done();
        let names = world.keychain().expect("there is a keychain").names().await;
        assert_eq!(names, today, "{}: the same folder by another path", given.display());
    }
}
