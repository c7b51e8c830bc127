//! Desktops that lack something, and a web view that dies.

use std::process::Command;

use renraku_tests::desktop::{App, Display, Start};
use renraku_tests::world::{World, within};

use super::Desk;

#[tokio::test]
async fn without_a_tray_the_window_does_everything_and_closing_quits() {
    let mut world = World::new().await;
    let display = Display::start(world.surroundings()).await;
    let app = App::start(world.surroundings(), Start::Sandbox).await;
    let window = app.page();
    window.see("Keep Zoho and Google Contacts in step").await;
    let mut text = window.text().await;
    window.press_css("[data-testid=nav-settings]").await;
    window.see("Renraku starts with its window").await;
    text += &window.text().await;
    assert!(!text.to_lowercase().contains("tray"), "no text mentions it:\n{text}");
    display.close_window("Renraku");
    within(20, "the app's end: nothing would bring a hidden window back", async {
        while !world.surroundings().running("renraku").is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_web_view_that_dies_comes_back() {
    let mut desk = Desk::new().await;
    let mut app = App::start_by_hand(desk.world.surroundings(), &["--sandbox"]);
    // Not while it is still being started: WebKit takes that for a broken installation.
    desk.display.wait_for_paint("Renraku").await;
    let one = web_process(&mut desk, None).await;
    let killed = Command::new("kill").args(["-KILL", &one.to_string()]).status();
    assert!(killed.is_ok_and(|status| status.success()), "the web process is killed");
    web_process(&mut desk, Some(one)).await;
    assert!(app.is_running(), "the app has outlived it");
    let tray = desk.tray.tray().await;
    tray.click("Quit").await;
    assert_eq!(app.ended().await, Some(0), "Quit ends it");
}

/// The web view's process, once there is another one than before.
async fn web_process(desk: &mut Desk, before: Option<u32>) -> u32 {
    within(20, "the web view's process", async {
        loop {
            let all = desk.world.surroundings().running("WebKitWebProcess");
            if let Some(pid) = all.into_iter().find(|pid| Some(*pid) != before) {
                return pid;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    })
    .await
}
