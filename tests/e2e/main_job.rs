//! From an empty machine to contacts in step, and everything a person does on the way.

use super::Desk;

#[tokio::test]
async fn from_an_empty_machine_to_contacts_in_step() {
    let mut desk = Desk::new().await;
    let app = desk.open_app().await;
    let window = app.page();

    // 1. Both logins, in the real browser.
    window.see("Keep Zoho and Google Contacts in step").await;
    window.shoot("welcome").await;
    desk.sign_in(window).await;
    window.shoot("connected").await;
    let secrets = desk.world.keychain().expect("there is a keychain").secrets().await;
    assert!(!secrets.is_empty(), "the sign-ins are in the keychain");

    // 2. Three steps, then the plan; nothing is written before it is approved.
    desk.set_up_contacts(window).await;
    window.see("Approve and write").await;
    window.shoot("plan").await;
    let stand_ins = desk.stand_ins(window).await;
    assert_eq!(stand_ins.writes().await, 0, "a plan writes nothing");

    // 3. The run, then one that has nothing to do: by button and from the tray.
    window.press_css("[data-testid=approve]").await;
    window.see("Both sides are in step").await;
    window.see("Last synced").await;
    window.shoot("done").await;
    let written = stand_ins.writes().await;
    assert!(written > 0, "the approved plan was written");
    window.press("To the overview").await;
    window.see("Last synced").await;
    window.shoot("overview").await;
    let runs = runs_shown(&desk, window).await;
    window.press_css("[data-testid=sync-now]").await;
    runs_become(window, runs + 1).await;
    let tray = desk.tray.tray().await;
    tray.click("Sync now").await;
    runs_become(window, runs + 2).await;
    assert_eq!(stand_ins.writes().await, written, "both sides agreed: nothing was written");

    // 4. An edit on each side, by hand, arrives on the other.
    let shared = stand_ins.shared_emails().await;
    let [one, other, ..] = shared.as_slice() else { panic!("some contacts are on both sides") };
    let google = open_contact(&desk, &stand_ins.google, one).await;
    google.shoot("sandbox-google").await;
    google.fill("Notes", "Met in Kyōto, likes 抹茶").await;
    google.press("Save").await;
    google.see("Create contact").await;
    let zoho = open_contact(&desk, &stand_ins.zoho, other).await;
    zoho.shoot("sandbox-zoho").await;
    zoho.fill("Title", "営業部長").await;
    zoho.press("Save").await;
    zoho.see("Create Contact").await;
    tray.click("Sync now").await;
    runs_become(window, runs + 3).await;
    let google = open_contact(&desk, &stand_ins.google, other).await;
    assert!(holds(google, "営業部長").await, "Zoho's edit is on Google's page");
    let zoho = open_contact(&desk, &stand_ins.zoho, one).await;
    assert!(holds(zoho, "Met in Kyōto, likes 抹茶").await, "Google's edit is on Zoho's page");

    // 5. Close to the tray, reopen, quit, start again.
    desk.display.close_window("Renraku");
    window.see("Renraku keeps running in the tray").await;
    window.shoot("close-notice").await;
    window.press("Keep running in the tray").await;
    desk.display.wait_for_window("Renraku", false).await;
    tray.click("Open Renraku").await;
    desk.display.wait_for_window("Renraku", true).await;
    let window = app.reopened().await;
    window.see("Last synced").await;
    tray.click("Quit").await;
    tray.gone().await;
    drop(app);

    let app = desk.open_app().await;
    let window = app.page();
    window.see("Overview").await;
    window.see("Last synced").await;
    window.shoot("after-restart").await;
    assert!(window.text().await.contains("Aozora Trading"), "the accounts are still known");
    window.press_css("[data-testid=sync-now]").await;
    runs_become(window, runs + 4).await;
    let stand_ins = desk.stand_ins(window).await;
    let google = open_contact(&desk, &stand_ins.google, other).await;
    assert!(holds(google, "営業部長").await, "the stand-ins remember as well");
}

/// How many runs the overview lists.
async fn runs_shown(_desk: &Desk, window: &renraku_tests::desktop::Page) -> usize {
    let runs = fantoccini::Locator::Css("[data-testid^=run-]");
    window.client().find_all(runs).await.map_or(0, |runs| runs.len())
}

async fn runs_become(window: &renraku_tests::desktop::Page, count: usize) {
    let last = format!("[data-testid=run-{count}]");
    let wait = window.client().wait().at_most(std::time::Duration::from_secs(30));
    let found = wait.for_element(fantoccini::Locator::Css(&last)).await;
    assert!(found.is_ok(), "run {count} is listed:\n{}", window.text().await);
    window.miss("Syncing…").await;
}

/// Opens the form of the contact with this e-mail on one of the stand-ins' pages.
async fn open_contact<'a>(
    desk: &'a Desk,
    page: &str,
    email: &str,
) -> &'a renraku_tests::desktop::Page {
    let page = desk.browser.visit(page).await;
    page.fill("Search", email).await;
    page.press("Find").await;
    page.see(email).await;
    page.press_css("a.open").await;
    page.see("Save").await;
    page
}

/// Whether a field of the form holds this text.
async fn holds(page: &renraku_tests::desktop::Page, text: &str) -> bool {
    page.client().source().await.is_ok_and(|html| html.contains(text))
}
