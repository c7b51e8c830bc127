//! Logins that a person does not finish, in the real browser.

use super::Desk;

#[tokio::test]
async fn a_refused_login_loses_nothing_and_can_be_tried_again() {
    let mut desk = Desk::new().await;
    let app = desk.open_app().await;
    let window = app.page();
    let zoho = desk.follow(window, "Connect Zoho").await;
    zoho.press("Reject").await;
    window.miss("Waiting for you to sign in").await;
    let refused = window.text().await;
    assert!(refused.contains("Connect Zoho"), "it can be tried again:\n{refused}");
    window.shoot("login-refused").await;

    // Cancelled in the window while the page is open: the next try is a new one.
    let page = desk.follow(window, "Connect Zoho").await;
    page.see("Renraku would like to access your Zoho CRM").await;
    window.press("Cancel").await;
    window.see("Connect Zoho").await;
    desk.sign_in(window).await;
}

#[tokio::test]
async fn an_unticked_contacts_box_is_explained() {
    let mut desk = Desk::new().await;
    let app = desk.open_app().await;
    let window = app.page();
    let zoho = desk.follow(window, "Connect Zoho").await;
    zoho.press("Accept").await;
    window.see("Aozora Trading").await;
    let google = desk.follow(window, "Connect Google").await;
    google.press_css("#scope-contacts").await;
    google.press("Allow").await;
    window.see("Connect again and leave the box for contacts ticked").await;
    window.shoot("login-unticked").await;
    let google = desk.follow(window, "Connect Google").await;
    google.press("Allow").await;
    window.see("sora.sales@gmail.example").await;
}

#[tokio::test]
async fn a_google_login_that_is_refused_or_left_can_be_tried_again() {
    let mut desk = Desk::new().await;
    let app = desk.open_app().await;
    let window = app.page();
    let zoho = desk.follow(window, "Connect Zoho").await;
    zoho.press("Accept").await;
    window.see("Aozora Trading").await;
    let google = desk.follow(window, "Connect Google").await;
    google.press_css("#deny").await;
    google.see("Access was not granted").await;
    window.miss("Waiting for you to sign in").await;
    window.see("Connect Google").await;

    // The browser's page is closed: nothing ever comes back, and the window can still be told.
    desk.follow(window, "Connect Google").await;
    desk.browser.visit("about:blank").await;
    window.see("Waiting for you to sign in").await;
    window.press("Cancel").await;
    window.see("Connect Google").await;
    let google = desk.follow(window, "Connect Google").await;
    google.press("Allow").await;
    window.see("sora.sales@gmail.example").await;
}
