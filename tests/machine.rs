//! The tests' own world is what it says: otherwise nothing that it proves is worth anything.

use renraku_tests::desktop::{Chromium, Display, TrayHost};
use renraku_tests::world::{KeychainState, World};

#[tokio::test]
async fn an_unlocked_keychain_is_there_and_private() {
    let one = World::new().await;
    let other = World::new().await;
    for world in [&one, &other] {
        let keychain = world.keychain().expect("this world has a keychain");
        assert!(!keychain.is_locked().await, "it is open");
        assert_eq!(keychain.secrets().await, Vec::new(), "nothing of another test is in it");
    }
    assert_ne!(one.bus().address(), other.bus().address(), "each has its own bus");
}

#[tokio::test]
async fn a_locked_keychain_is_locked() {
    let world = World::with_keychain(KeychainState::Locked).await;
    assert!(world.keychain().expect("it is there").is_locked().await, "nobody unlocked it");
}

#[tokio::test]
async fn a_world_without_keychain_has_none() {
    let world = World::with_keychain(KeychainState::Absent).await;
    let bus = world.bus().connect().await;
    let bus = zbus::fdo::DBusProxy::new(&bus).await.expect("the bus answers");
    let name = "org.freedesktop.secrets".try_into().expect("a name");
    assert!(!bus.name_has_owner(name).await.expect("it knows its names"), "no Secret Service");
}

#[tokio::test]
async fn the_browser_hands_over_what_it_was_asked_to_open() {
    let mut world = World::new().await;
    let command = world.browser().command().to_path_buf();
    for address in ["http://127.0.0.1:1/a?b=c&d='e f'", "http://127.0.0.1:2/"] {
        let opened = world.surroundings().command(&command).arg(address).status().await;
        assert!(opened.is_ok_and(|status| status.success()), "the command runs");
        assert_eq!(world.browser().opened().await, address, "the address arrives unharmed");
    }
}

#[tokio::test]
async fn nothing_outlives_its_world() {
    let mut world = World::new().await;
    let mut command = world.surroundings().command("sh");
    // A grandchild that its parent leaves behind.
    command.args(["-c", "sleep 600 >/dev/null 2>&1 & echo $!"]);
    let orphan = command.output().await.expect("sh runs");
    let orphan = String::from_utf8(orphan.stdout).expect("a number");
    let entry = std::path::Path::new("/proc").join(orphan.trim());
    assert!(entry.exists(), "the orphan runs");
    drop(world);
    // What has ended but was not yet buried has no environment any more.
    let environ = std::fs::read(entry.join("environ")).unwrap_or_default();
    assert_eq!(environ, b"", "the orphan ended");
}

#[tokio::test]
async fn the_desktop_has_a_screen_a_tray_and_a_browser() {
    let mut world = World::with_keychain(KeychainState::Absent).await;
    let display = Display::start(world.surroundings()).await;
    assert_eq!(display.titles(), Vec::<String>::new(), "nothing is on the screen yet");
    let _host = TrayHost::start(world.bus()).await;
    let browser = Chromium::start(world.surroundings()).await;
    let page = browser
        .visit("data:text/html,<label>Name <input></label><button onclick=\"document.title=1\">Go on</button>")
        .await;
    page.fill("Name", "連絡先").await;
    assert_eq!(page.value("Name").await, "連絡先", "what was typed is there");
    page.press("Go on").await;
    assert_eq!(page.client().title().await.ok().as_deref(), Some("1"), "the button was pressed");
}
