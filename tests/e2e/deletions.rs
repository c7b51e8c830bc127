//! Deletions wait for the person.

use fantoccini::Locator;
use renraku_sandbox::Side;
use serde_json::json;

use super::{Desk, sync_now};

#[tokio::test]
async fn deletions_wait_are_decided_and_carried_out() {
    let mut desk = Desk::in_step(0).await;
    let services = desk.services();
    let app = desk.open_in_step().await;
    let window = app.page();
    let tray = desk.tray.tray().await;
    let shared = services.shared_emails().await;
    let [one, two, three, ..] = shared.as_slice() else { panic!("some are on both sides") };

    // One by hand on Google's page, two more in Zoho: nothing is deleted on the other side.
    let page = desk.open_contact(&services.google, one).await;
    page.press_css("#delete").await;
    page.see("Create contact").await;
    let control = desk.world.control();
    for record in [two, three] {
        let act = json!({"op": "delete", "module": "Contacts", "record": record});
        control.human(Side::Zoho, act).expect("the record is deleted");
    }
    sync_now(window).await;
    assert!(control.store(Side::Zoho).to_string().contains(&format!("\"{one}\"")), "kept so far");
    assert_eq!(desk.notices.titles(1).await, ["Renraku needs you"], "told once");
    tray.click("Needs you (3)").await;
    window.see("It was deleted in Google. Delete it in Zoho too, put it back, or keep it").await;
    window.shoot("held-deletions").await;

    // Who it is about: each with the address, and both contacts side by side.
    for email in [one, two, three] {
        window.see(email).await;
    }
    window.press_css("[data-testid^=compare-]").await;
    window.see("Close the comparison").await;
    window.see("Last Name").await;
    window.shoot("decided-with-evidence").await;

    // Decided all at once; the plan and its button name the deletions, and the next run does as it was told.
    window.press_css("[data-testid=pick-all]").await;
    window.press_css("[data-testid=bulk-delete]").await;
    window.see("Chosen: Delete").await;
    window.press_css("[data-testid=nav-overview]").await;
    window.press("Preview the next run").await;
    window.see("3 contacts would be deleted.").await;
    window.see("Approve: delete 3").await;
    let red = Locator::Css("[data-testid=approve].primary.danger");
    assert!(window.client().find(red).await.is_ok(), "the button looks like what it does");
    window.shoot("plan-deletes").await;
    window.press_css("[data-testid=nav-overview]").await;
    sync_now(window).await;
    let (zoho, google) = (control.store(Side::Zoho), control.store(Side::Google));
    let kept = |store: &serde_json::Value, pointer: &str, email: &str| {
        store.pointer(pointer).is_some_and(|all| all.to_string().contains(&format!("\"{email}\"")))
    };
    assert!(!kept(&zoho, "/modules/Contacts/records", one), "deleted in Zoho, as decided");
    assert!(!kept(&google, "/people", two) && !kept(&google, "/people", three), "and in Google");
    window.press_css("[data-testid=nav-needs-you]").await;
    window.see("Nothing needs you").await;
    tray.status_becomes("up to date", |line| line.starts_with("up to date")).await;
    assert_eq!(desk.notices.so_far().len(), 1, "nothing more was told");
}

#[tokio::test]
async fn a_flood_of_deletions_rings_until_the_person_has_chosen() {
    let mut desk = Desk::in_step(0).await;
    let app = desk.open_in_step().await;
    let window = app.page();
    let control = desk.world.control();
    let before = control.store(Side::Zoho).pointer("/modules/Contacts/records").cloned();
    control.human(Side::Google, json!({"op": "delete_all"})).expect("everybody is deleted");
    sync_now(window).await;
    let after = control.store(Side::Zoho).pointer("/modules/Contacts/records").cloned();
    assert_eq!(before, after, "nobody is deleted in Zoho");
    let tray = desk.tray.tray().await;
    tray.status_becomes("the alarm", |line| line.contains("disappeared from Google")).await;
    let told = desk.notices.titles(1).await;
    assert!(told.iter().all(|title| title.contains("disappeared from Google")), "{told:?}");
    window.see("Nothing was deleted in Zoho.").await;
    window.shoot("alarm").await;
    sync_now(window).await;
    let after = control.store(Side::Zoho).pointer("/modules/Contacts/records").cloned();
    assert_eq!(before, after, "nor by the next run");
    assert_eq!(desk.notices.so_far().len(), 1, "and not told again");

    // Put back by one press, without a plan to look at.
    window.press_css("[data-testid=alarm-put_back]").await;
    window.see("Up to date").await;
    window.miss("Decide one by one").await;
}
