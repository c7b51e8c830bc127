//! Logins that a person does not finish, or cannot, in the real browser.

use renraku_tests::world::KeychainState;

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

    // Another program has the port that Zoho's redirect names.
    let other = std::net::TcpListener::bind("127.0.0.1:48620").expect("the port is free again");
    window.press("Connect Zoho").await;
    window.see("The port 48620 that the sign-in answers to is taken: by another program").await;
    window.shoot("login-port-taken").await;
    drop(other);
    desk.sign_in(window).await;

    // The box for contacts was unticked.
    window.press_css("[data-testid=disconnect-google]").await;
    window.see("Disconnect Google?").await;
    window.press_css("[data-testid=disconnect-dialog] .danger").await;
    let google = desk.follow(window, "Connect Google").await;
    google.press_css("#scope-contacts").await;
    google.press("Allow").await;
    window.see("Connect again and tick the box for contacts").await;
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
    desk.visit("about:blank").await;
    window.see("Waiting for you to sign in").await;
    window.press("Cancel").await;
    window.see("Connect Google").await;
    let google = desk.follow(window, "Connect Google").await;
    google.press("Allow").await;
    window.see("sora.sales@gmail.example").await;
}

#[tokio::test]
async fn without_an_open_keychain_nobody_is_sent_to_a_login_in_vain() {
    for (state, sentence) in [
        (KeychainState::Absent, "There is no keychain on this computer"),
        (KeychainState::Locked, "The keychain is locked. Unlock it and try again"),
    ] {
        let mut desk = Desk::with_keychain(state).await;
        let app = desk.open_app().await;
        app.page().press("Connect Zoho").await;
        app.page().see(sentence).await;
        app.page().see("Connect Zoho").await;
    }
}
