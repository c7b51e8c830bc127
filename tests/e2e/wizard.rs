//! The wizard is left and taken up again.

use super::Desk;

#[tokio::test]
async fn a_wizard_left_halfway_is_where_it_was_after_a_restart() {
    let mut desk = Desk::new().await;
    let app = desk.open_app().await;
    let window = app.page();
    desk.sign_in(window).await;
    window.press("Set up the sync").await;
    window.see("What should be kept in step, and which way?").await;
    window.choose("Google overwrites Zoho").await;
    window.choose("All contacts").await;
    window.press("Next").await;
    window.see("Map the fields").await;
    let tray = desk.tray.tray().await;
    tray.click("Quit").await;
    tray.gone().await;
    drop(app);

    let app = desk.open_app().await;
    let window = app.page();
    window.press("Set up the sync").await;
    window.see("Map the fields").await;
    window.press("Back").await;
    window.see("What should be kept in step, and which way?").await;
    let chosen = fantoccini::Locator::Css("input[name=winner]:checked");
    let chosen = window.client().find(chosen).await.expect("one of the two is chosen");
    assert_eq!(chosen.attr("value").await.ok().flatten().as_deref(), Some("google"));
}
