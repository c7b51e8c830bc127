//! The tray's menu and icon, read and clicked over the session bus.

use std::collections::BTreeSet;

use super::{Desk, newest_run, run_is_listed};

#[tokio::test]
async fn the_menu_says_how_things_stand_and_does_what_it_offers() {
    let mut desk = Desk::in_step(60).await;
    let app = desk.open_in_step().await;
    let window = app.page();
    let tray = desk.tray.tray().await;
    let mut drawings = BTreeSet::from([tray.icon().await]);

    // At rest: the time of the last run is in the first line.
    let labels = tray.labels().await;
    let [status, rest @ ..] = labels.as_slice() else { panic!("there is a menu") };
    assert!(is_time(status.strip_prefix("up to date, ").unwrap_or_default()), "{status}");
    assert_eq!(
        rest,
        [
            "Sync now",
            "Open Renraku",
            "Pause",
            "For one hour",
            "Until tomorrow",
            "Until resumed",
            "Needs you",
            "Settings",
            "Quit",
        ]
    );

    // Sync now: the run is seen, in the tray while it lasts and in the window.
    let next = newest_run(window).await + 1;
    let rule = serde_json::json!({"side": "google", "do": {"delay_ms": 1500}, "times": 1});
    let control = desk.world.control();
    control.call("POST", "rules", rule).expect("the next call takes its time");
    tray.click("Sync now").await;
    tray.status_becomes("syncing", |line| line == "syncing…").await;
    drawings.insert(tray.icon().await);
    let sync = tray.wait_for("Sync now", |entry| entry.label == "Sync now").await;
    assert!(!sync.enabled, "one run at a time");
    run_is_listed(window, next).await;
    tray.status_becomes("up to date", |line| line.starts_with("up to date")).await;

    // Pause, and on again; the window says the same.
    tray.click("For one hour").await;
    let status = tray.status_becomes("paused", |line| line.starts_with("paused until ")).await;
    assert!(
        is_time(status.trim_start_matches("paused until ")) || status.contains(','),
        "{status}"
    );
    drawings.insert(tray.icon().await);
    window.see("Automatic syncs are paused until").await;
    let labels = tray.labels().await;
    assert!(labels.contains(&"Resume".to_owned()), "{labels:?}");
    assert!(!labels.contains(&"Pause".to_owned()), "{labels:?}");
    tray.click("Resume").await;
    tray.status_becomes("no longer paused", |line| line.starts_with("up to date")).await;
    window.miss("Automatic syncs are paused").await;
    tray.click("Until tomorrow").await;
    tray.status_becomes("paused until eight", |line| line.ends_with("08:00")).await;
    window.press("Resume").await;
    tray.status_becomes("no longer paused", |line| line.starts_with("up to date")).await;
    tray.click("Until resumed").await;
    tray.status_becomes("paused", |line| line == "paused").await;

    // Its screens.
    tray.click("Settings").await;
    window.see("Language and appearance").await;
    tray.click("Needs you").await;
    window.see("Nothing needs you").await;

    assert_eq!(drawings.len(), 3, "states differ in shape");

    // A pause outlives the app.
    tray.click("Quit").await;
    tray.gone().await;
    drop(app);
    let app = desk.open_connected().await;
    app.page().see("Automatic syncs are paused until you resume them").await;
    let tray = desk.tray.tray().await;
    tray.status_becomes("still paused", |line| line == "paused").await;
    tray.click("Resume").await;
    app.page().miss("Automatic syncs are paused").await;
}

/// `10:05`.
fn is_time(text: &str) -> bool {
    let digits = text.split(':').all(|part| part.len() == 2 && part.parse::<u8>().is_ok());
    digits && text.len() == 5
}
