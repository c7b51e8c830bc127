//! A sign-in that was taken away, and comes back.

use renraku_sandbox::Side;
use serde_json::json;

use super::{Desk, sync_now};

#[tokio::test]
async fn a_lost_sign_in_asks_once_and_goes_on_where_it_was() {
    let mut desk = Desk::in_step(0).await;
    let services = desk.services();
    let app = desk.open_in_step().await;
    let window = app.page();
    let tray = desk.tray.tray().await;
    let shared = services.shared_emails().await;
    let [email, ..] = shared.as_slice() else { panic!("some contacts are on both sides") };

    let control = desk.world.control();
    control.call("POST", "expire", json!({"what": "google_account"})).expect("access is revoked");
    desk.title_in_zoho(std::slice::from_ref(email), "部長");
    tray.click("Sync now").await;
    tray.status_becomes("sign in again", |line| line == "sign in again").await;
    assert_eq!(desk.notices.titles(1).await, ["Sign in again"], "told once");
    let sync = tray.wait_for("Sync now", |entry| entry.label == "Sync now").await;
    assert!(!sync.enabled, "another run would only fail");
    window.see("Google asks you to sign in again").await;
    window.shoot("sign-in-lost").await;
    let written = services.writes().await;

    // The same account again: nothing is set up anew, nobody is created twice.
    let google = desk.follow(window, "Sign in again").await;
    google.see("Renraku wants access to your Google Account").await;
    google.press("Allow").await;
    window.miss("Google asks you to sign in again").await;
    window.see("Recent runs").await;
    tray.status_becomes("no longer signed out", |line| line != "sign in again").await;
    sync_now(window).await;
    assert!(control.store(Side::Google).to_string().contains("部長"), "the edit has arrived");
    assert_eq!(services.writes().await, written + 1, "and nothing else was written");
    tray.status_becomes("up to date", |line| line.starts_with("up to date")).await;
    assert_eq!(desk.notices.so_far().len(), 1, "nothing more was told");
}
