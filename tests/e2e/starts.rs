//! How the app starts, and starts again.

use renraku_tests::desktop::App;

use super::Desk;

#[tokio::test]
async fn a_second_start_shows_the_first_window_and_ends() {
    let mut desk = Desk::new().await;
    let app = desk.open_app().await;
    app.page().see("Keep Zoho and Google Contacts in step").await;
    let tray = desk.tray.tray().await;
    desk.display.close_window("Renraku");
    app.page().press("Keep running in the tray").await;
    desk.display.wait_for_window("Renraku", false).await;

    let mut at_login = App::start_by_hand(desk.world.surroundings(), &["--sandbox", "--hidden"]);
    assert_eq!(at_login.ended().await, Some(0), "one that starts at login ends as well");
    let mut second = App::start_by_hand(desk.world.surroundings(), &["--sandbox"]);
    assert_eq!(second.ended().await, Some(0), "the second one ends at once");
    desk.display.wait_for_window("Renraku", true).await;
    app.reopened().await.see("Keep Zoho and Google Contacts in step").await;
    tray.click("Quit").await;
    tray.gone().await;
}

#[tokio::test]
async fn started_hidden_it_is_in_the_tray_only() {
    let mut desk = Desk::new().await;
    let mut app = App::start_by_hand(desk.world.surroundings(), &["--sandbox", "--hidden"]);
    let tray = desk.tray.tray().await;
    let labels = tray.labels().await;
    assert!(labels.iter().any(|label| label == "Sync now"), "the menu is there: {labels:?}");
    assert!(!tray.icon().await.is_empty(), "the icon has a picture");
    assert_eq!(desk.display.titles(), Vec::<String>::new(), "no window");
    tray.click("Open Renraku").await;
    desk.display.wait_for_window("Renraku", true).await;
    tray.click("Quit").await;
    assert_eq!(app.ended().await, Some(0), "Quit ends it");
}

#[tokio::test]
async fn the_window_has_the_size_that_it_was_left_with() {
    let mut desk = Desk::new().await;
    let app = desk.open_app().await;
    app.page().see("Keep Zoho and Google Contacts in step").await;
    let tray = desk.tray.tray().await;
    let size = (1010, 690);
    desk.display.resize("Renraku", size).await;
    desk.display.close_window("Renraku");
    app.page().press("Keep running in the tray").await;
    desk.display.wait_for_window("Renraku", false).await;
    tray.click("Open Renraku").await;
    desk.display.wait_for_window("Renraku", true).await;
    desk.display.wait_for_size("Renraku", size).await;
    tray.click("Quit").await;
    tray.gone().await;
    drop(app);
    let _app = desk.open_app().await;
    desk.display.wait_for_size("Renraku", size).await;
}

#[tokio::test]
async fn an_unknown_argument_is_named() {
    let mut desk = Desk::new().await;
    let mut app = App::start_by_hand(desk.world.surroundings(), &["--sandbx"]);
    assert_eq!(app.ended().await, Some(2), "a usage error");
}
