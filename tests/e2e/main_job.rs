//! From an empty machine to contacts in step, and everything a person does on the way.

use std::os::unix::fs::PermissionsExt;

use super::{Desk, holds, newest_run, run_is_listed, sync_now};

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
    window.see("Approve and sync").await;
    window.shoot("plan").await;
    window.press_css("[data-testid=tab-matches]").await;
    window.see("Both have the same main e-mail.").await;
    window.shoot("matches").await;
    let stand_ins = desk.stand_ins(window).await;
    assert_eq!(stand_ins.writes().await, 0, "a plan writes nothing");

    // 3. The run, then one that has nothing to do: by button and from the tray.
    window.press_css("[data-testid=approve]").await;
    window.see("Done; something needs you").await;
    window.see("Last synced").await;
    window.shoot("done").await;
    let written = stand_ins.writes().await;
    assert!(written > 0, "the approved plan was written");
    window.press("To the overview").await;
    window.see("Last synced").await;
    window.shoot("overview").await;
    sync_now(window).await;
    let tray = desk.tray.tray().await;
    let quiet = newest_run(window).await + 1;
    tray.click("Sync now").await;
    run_is_listed(window, quiet).await;
    assert_eq!(stand_ins.writes().await, written, "both sides agreed: nothing was written");
    let told = desk.notices.titles(2).await;
    assert_eq!(told, ["The first sync is done", "Renraku needs you"], "the plan is no news");

    // 4. An edit on each side, by hand, arrives on the other.
    let shared = stand_ins.shared_emails().await;
    let [one, other, ..] = shared.as_slice() else { panic!("some contacts are on both sides") };
    desk.open_contact(&stand_ins.google, one).await.shoot("sandbox-google").await;
    desk.edit(&stand_ins.google, one, "Notes", "Met in Kyōto, likes 抹茶").await;
    desk.open_contact(&stand_ins.zoho, other).await.shoot("sandbox-zoho").await;
    desk.edit(&stand_ins.zoho, other, "Title", "営業部長").await;
    tray.click("Sync now").await;
    run_is_listed(window, quiet + 1).await;
    let google = desk.open_contact(&stand_ins.google, other).await;
    assert!(holds(&google, "営業部長").await, "Zoho's edit is on Google's page");
    let zoho = desk.open_contact(&stand_ins.zoho, one).await;
    assert!(holds(&zoho, "Met in Kyōto, likes 抹茶").await, "Google's edit is on Zoho's page");

    // 5. Close to the tray, reopen, quit, start again.
    desk.display.close_window("Renraku");
    window.see("Renraku keeps running in the tray").await;
    window.shoot("close-notice").await;
    window.press("Keep running in the tray").await;
    desk.display.wait_for_window("Renraku", false).await;
    tray.click("Open Renraku").await;
    desk.display.wait_for_window("Renraku", true).await;
    app.reopened().await.see("Last synced").await;
    tray.click("Quit").await;
    tray.gone().await;
    drop(app);
    let mode = std::fs::metadata(desk.world.data_dir().join("sandbox"))
        .expect("a data folder")
        .permissions()
        .mode();
    assert_eq!(mode & 0o077, 0, "the data folder is its owner's alone");

    let app = desk.open_app().await;
    let window = app.page();
    window.see("Overview").await;
    window.see("Last synced").await;
    window.shoot("after-restart").await;
    assert!(window.text().await.contains("Aozora Trading"), "the accounts are still known");
    assert_eq!(sync_now(window).await, quiet + 2, "the history goes on");
    let stand_ins = desk.stand_ins(window).await;
    let google = desk.open_contact(&stand_ins.google, other).await;
    assert!(holds(&google, "営業部長").await, "the stand-ins remember as well");
    assert_eq!(desk.notices.so_far().len(), 2, "nothing is told again");
}
