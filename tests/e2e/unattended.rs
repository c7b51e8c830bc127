//! What the app does by itself, hidden in the tray: the timer, the pause, a network that goes and
//! comes back. No window is open, so these run beside the other tests.

use renraku_sandbox::{Options, Side};
use renraku_tests::desktop::{App, Display, Notices, TrayHost};
use renraku_tests::world::World;
use serde_json::json;

#[tokio::test]
async fn hidden_it_syncs_by_itself_and_outlasts_a_lost_network() {
    let mut world = World::in_step(1).await;
    let display = Display::start(world.surroundings()).await;
    let mut host = TrayHost::start(world.bus()).await;
    let notices = Notices::start(world.bus()).await;
    let control = world.control();
    let act = json!({"op": "create", "module": "Contacts", "fields": {"Last_Name": "Timer", "Email": "timer@a.test"}});
    control.human(Side::Zoho, act).expect("the record is made");
    let at_google = |control: &renraku_sandbox::Control| {
        control.store(Side::Google).to_string().contains("timer@a.test")
    };

    // The timer's own run.
    let mut app = App::start_by_hand(world.surroundings(), &["--hidden"]);
    let tray = host.tray().await;
    let begun = tray.status_becomes("up to date", |line| line.starts_with("up to date, ")).await;
    assert!(!at_google(&control), "nothing is due yet");
    let synced = tray
        .status_becomes("up to date again", |line| {
            line.starts_with("up to date, ") && line != begun
        })
        .await;
    assert!(at_google(&control), "the timer has synced");
    assert_eq!(display.titles(), Vec::<String>::new(), "without a window");

    // The network is gone: that is said, with the time up to which all is complete.
    world.stop_sandbox().await;
    tray.click("Sync now").await;
    let offline = tray.status_becomes("offline", |line| line.starts_with("offline")).await;
    let time = synced.trim_start_matches("up to date, ");
    assert_eq!(offline, format!("offline; complete as of {time}"), "never fresher than it is");

    // It is back: the timer goes on by itself.
    let keep = Some(world.home().join("stand-ins.json"));
    world.start_sandbox(Options { keep, ..Options::default() }).await;
    tray.status_becomes("up to date by itself", |line| line.starts_with("up to date")).await;
    assert_eq!(notices.so_far(), Vec::<String>::new(), "nothing of it needed the person");
    tray.click("Quit").await;
    assert_eq!(app.ended().await, Some(0), "Quit ends it");
}

#[tokio::test]
async fn paused_nothing_runs_and_what_was_missed_runs_once() {
    let mut world = World::in_step(1).await;
    let _display = Display::start(world.surroundings()).await;
    let mut host = TrayHost::start(world.bus()).await;
    let mut app = App::start_by_hand(world.surroundings(), &["--hidden"]);
    let tray = host.tray().await;
    tray.click("Until resumed").await;
    tray.status_becomes("paused", |line| line == "paused").await;
    let control = world.control();
    let calls = || {
        control.count(Side::Google, renraku_sandbox::Traffic::Api)
            + control.count(Side::Zoho, renraku_sandbox::Traffic::Api)
    };
    let before = calls();
    // Nothing happens: there is no event to wait for, only the time in which it would.
    tokio::time::sleep(std::time::Duration::from_secs(65)).await;
    assert_eq!(calls(), before, "no call while it rests");
    tray.click("Resume").await;
    tray.status_becomes("syncing or done", |line| line.starts_with("up to date")).await;
    let look = async {
        while calls() == before {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    renraku_tests::world::within(20, "the run that was missed", look).await;
    tray.click("Quit").await;
    assert_eq!(app.ended().await, Some(0), "Quit ends it");
}
