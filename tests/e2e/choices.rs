//! What is chosen in the window: who stays out, what becomes of those outside a scope, what an undo
//! puts back, and a run that is stopped.

use std::time::Duration;

use renraku_sandbox::Side;
use serde_json::{Value, json};

use super::{Desk, holds, newest_run, run_is_listed, sync_now};

#[tokio::test]
async fn a_contact_left_out_in_the_plan_is_taken_up_again_under_contacts() {
    let mut desk = Desk::in_step(0).await;
    let services = desk.services();
    let app = desk.open_in_step().await;
    let window = app.page();
    let shared = services.shared_emails().await;
    let [one, other, ..] = shared.as_slice() else { panic!("some contacts are on both sides") };
    let control = desk.world.control();
    desk.title_in_zoho(shared.get(..2).expect("two of them"), "Chief of plans");

    // The plan shows both; one is unticked and stays as it is.
    window.press("Preview the next run").await;
    window.see("2 of 2 contacts are synced").await;
    window.press_css("[data-testid=planned] [data-testid=tick]").await;
    window.see("1 of 2 contacts are synced").await;
    window.see("One stays out of this sync").await;
    window.shoot("plan-one-left-out").await;
    window.press_css("[data-testid=approve]").await;
    window.see("One contact was left out, as you chose.").await;
    window.shoot("done-one-left-out").await;
    assert_eq!(desk.titled_in_google("Chief of plans"), 1, "the one that was left ticked");

    // Contacts shows it as left out, and takes it up again.
    let google = control.store(Side::Google);
    let people = google.pointer("/people").and_then(Value::as_array).expect("people");
    let is_written = |email: &str| {
        people
            .iter()
            .map(Value::to_string)
            .any(|one| one.contains(&format!("\"{email}\"")) && one.contains("Chief of plans"))
    };
    let left = if is_written(one) { other } else { one };
    window.press_css("[data-testid=nav-contacts]").await;
    window.fill("Name, e-mail, phone or company", left).await;
    window.press_css("[data-testid=contact][data-state=kept_out] [data-testid=contact-show]").await;
    window.see("You left it out of the sync.").await;
    window.shoot("contacts-left-out").await;
    window.press_css("[data-testid=contact-resume]").await;
    window.miss("You left it out of the sync.").await;
    window.press_css("[data-testid=nav-overview]").await;
    sync_now(window).await;
    assert_eq!(desk.titled_in_google("Chief of plans"), 2, "taken up again, it is written");
}

#[tokio::test]
async fn nobody_approves_a_plan_that_a_run_has_changed_since() {
    let mut desk = Desk::in_step(0).await;
    let shared = desk.services().shared_emails().await;
    let [one, other, ..] = shared.as_slice() else { panic!("some contacts are on both sides") };
    let app = desk.open_in_step().await;
    let window = app.page();
    desk.title_in_zoho(std::slice::from_ref(one), "Chief of approvals");
    window.press("Preview the next run").await;
    window.see("1 of 1 contacts are synced").await;

    // A run that somebody else begins writes it, and somebody else is changed.
    desk.tray.tray().await.click("Sync now").await;
    let written = async {
        while desk.titled_in_google("Chief of approvals") == 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    renraku_tests::world::within(30, "the tray's run", written).await;
    desk.title_in_zoho(std::slice::from_ref(other), "Chief of approvals");

    // What is approved is not what would be written: the plan as it is now is shown instead.
    window.press("Approve and sync one contact").await;
    window.see("A sync has run since this plan was made").await;
    window.shoot("plan-superseded").await;
    assert_eq!(desk.titled_in_google("Chief of approvals"), 1, "nothing is written unseen");
    window.press("Approve and sync one contact").await;
    window.see("1 changed in Google").await;
    assert_eq!(desk.titled_in_google("Chief of approvals"), 2, "what was seen is written");
}

#[tokio::test]
async fn a_narrower_scope_is_decided_where_it_is_saved() {
    let mut desk = Desk::in_step(0).await;
    let app = desk.open_in_step().await;
    let window = app.page();
    let control = desk.world.control();
    let before = [Side::Zoho, Side::Google].map(|side| control.store(side));
    control.clear_requests();

    window.press_css("[data-testid=edit-Contacts]").await;
    window.see("Which contacts").await;
    window.press_css("input[name=whose][value=labelled]").await;
    window.pick("[data-testid=google-label]", "Customers").await;
    window.press_css("[data-testid=save]").await;
    window.see("contacts are left out by this change").await;
    window.press_css("[data-testid=scope-person] button").await;
    window.see("Open in Google").await;
    window.shoot("scope-dialog").await;
    let log = control.call("GET", "log?traffic=api", Value::Null).expect("there is a log");
    let requests = log.pointer("/requests").and_then(Value::as_array).cloned();
    assert_eq!(crate::people::writing(&requests.unwrap_or_default()), 0, "nothing is written");

    // Cancelled, the page keeps what was chosen, and saving asks again.
    window.press_css("[data-testid=scope-cancel]").await;
    window.miss("What should happen to them?").await;
    window.press_css("[data-testid=save]").await;
    window.see("contacts are left out by this change").await;

    // The default leaves everybody where they are; it is approved like every plan.
    window.press_css("[data-testid=scope-decide]").await;
    window.miss("What should happen to them?").await;
    window.see("What you chose takes effect when you approve.").await;
    window.shoot("scope-decided").await;
    window.press_css("[data-testid=approve]").await;
    window.see("Both sides are in step").await;
    let count = |store: &Value, pointer: &str| {
        store.pointer(pointer).and_then(Value::as_array).map(Vec::len)
    };
    let after = [Side::Zoho, Side::Google].map(|side| control.store(side));
    for (index, pointer) in ["/modules/Contacts/records", "/people"].into_iter().enumerate() {
        let [was, is] = [&before, &after].map(|all| all.get(index).and_then(|s| count(s, pointer)));
        assert_eq!(is, was, "{pointer}: nobody is gone");
    }
    window.press_css("[data-testid=nav-needs-you]").await;
    window.see("Nothing needs you").await;
}

#[tokio::test]
async fn an_undo_is_shown_first_and_is_in_step_again() {
    let mut desk = Desk::in_step(0).await;
    let services = desk.services();
    let app = desk.open_in_step().await;
    let window = app.page();
    let shared = services.shared_emails().await;
    desk.title_in_zoho(shared.get(..8).expect("eight of them"), "Chief of undoing");
    let run = sync_now(window).await;
    assert_eq!(desk.titled_in_google("Chief of undoing"), 8);

    window.press_css(&format!("[data-testid=run-{run}]")).await;
    window.press("Undo this run").await;
    window.see("8 contacts get back the values they had before the run.").await;
    window.shoot("undo-of-eight").await;
    assert_eq!(desk.titled_in_google("Chief of undoing"), 8, "the preview writes nothing");
    window.press_css("[data-testid=undo-confirm]").await;
    window.see("8 of 8 changes are put back.").await;
    window.shoot("undone-eight").await;
    assert_eq!(desk.titled_in_google("Chief of undoing"), 0, "Google has its own values again");
    window.press_css("[data-testid=nav-overview]").await;
    run_is_listed(window, run + 1).await;
    sync_now(window).await;
    window.press_css("[data-testid=nav-contacts]").await;
    window.press_css("[data-testid=state-kept_out]").await;
    window.miss("You left it out of the sync.").await;
    let email = shared.first().expect("one");
    let page = desk.open_contact(&services.google, email).await;
    assert!(!holds(&page, "Chief of undoing").await, "and the next run leaves it at that");
}

#[tokio::test]
async fn a_run_is_stopped_and_goes_on_later() {
    let mut desk = Desk::in_step(0).await;
    let app = desk.open_in_step().await;
    let window = app.page();
    let control = desk.world.control();
    let people: Vec<Value> = (0..450)
        .map(|number| {
            json!({"Last_Name": format!("Stop{number}"), "Email": format!("stop{number}@a.test")})
        })
        .collect();
    for fields in people {
        let act = json!({"op": "create", "module": "Contacts", "fields": fields});
        control.human(Side::Zoho, act).expect("the record is created");
    }
    control.add_rule(
        serde_json::from_value(json!({"path": "*batchCreateContacts*", "do": {"delay_ms": 1500}}))
            .expect("a rule"),
    );
    let next = newest_run(window).await + 1;
    window.press_css("[data-testid=sync-now]").await;
    window.see("Writing to Google").await;
    window.press_css("[data-testid=stop]").await;
    window.see("Stopping after what is being sent now").await;
    run_is_listed(window, next).await;
    window.see("left for the next run").await;
    window.shoot("stopped").await;
    let there = |store: Value| store.to_string().matches("@a.test").count();
    let written = there(control.store(Side::Google));
    assert!(written > 0 && written < 450, "some are written, the others wait: {written}");

    control.clear_rules();
    tokio::time::timeout(Duration::from_secs(60), sync_now(window)).await.expect("it ends");
    assert_eq!(there(control.store(Side::Google)), 450, "the next run goes on, nobody is doubled");
    window.miss("left for the next run").await;
}
