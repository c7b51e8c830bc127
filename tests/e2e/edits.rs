//! Edits on both sides, what became of them, and taking it back.

use super::{Desk, holds, newest_run, run_is_listed, sync_now};

#[tokio::test]
async fn a_conflict_is_decided_shown_and_undone() {
    let mut desk = Desk::in_step(0).await;
    let services = desk.services();
    let app = desk.open_in_step().await;
    let window = app.page();
    let shared = services.shared_emails().await;
    let [email, ..] = shared.as_slice() else { panic!("some contacts are on both sides") };

    // The same field, in another way on each side.
    desk.edit(&services.zoho, email, "Title", "Zoho's word").await;
    desk.edit(&services.google, email, "Job title", "Google's word").await;
    let run = sync_now(window).await;
    let google = desk.open_contact(&services.google, email).await;
    assert!(
        holds(&google, "Zoho&#39;s word").await || holds(&google, "Zoho's word").await,
        "the winner is on Google's page"
    );
    let zoho = desk.open_contact(&services.zoho, email).await;
    assert!(!holds(&zoho, "Google").await, "the loser is nowhere");

    // The loser is in the history.
    window.press_css(&format!("[data-testid=run-{run}]")).await;
    window.press_css("[data-testid=change] button").await;
    window.see("The two sides differ; Zoho wins in this sync.").await;
    window.see("Not kept from the other side: Google's word").await;
    window.shoot("conflict").await;

    // Undone, Google has its own word again, and the next run leaves that alone.
    window.press("Undo this run").await;
    window.see("One contact gets back the values it had before the run.").await;
    window.shoot("undo-preview").await;
    window.press_css("[data-testid=undo-confirm]").await;
    window.see("1 of 1 changes are put back.").await;
    window.shoot("undone").await;
    let google = desk.open_contact(&services.google, email).await;
    assert!(holds(&google, "Google").await, "the value from before the run is back");
    window.press_css("[data-testid=nav-overview]").await;
    let undo = newest_run(window).await;
    assert_eq!(undo, run + 1, "the undo is a run of its own");
    run_is_listed(window, undo).await;
}
