//! Limits hold exactly, and nothing is forgotten (P9).

use renraku_engine::api::{HeldBy, Outcome, ReviewKind, Run, SyncState};
use renraku_engine::core::contact::Side;
use serde_json::json;

use super::edits::in_step;
use super::people::person;
use super::rig::{LAG, Rig, done, tally, wrote};
use super::scopes::setup;

#[tokio::test]
async fn the_rest_waits_and_is_done_by_later_runs() {
    for side in Side::BOTH {
        let rig = Rig::new().await;
        for number in 0..12 {
            rig.add(side, &person(number));
        }
        rig.contacts(json!({"limits": {"first_run": 5, "later_run": 3, "google_contacts": 25000}}))
            .await;
        let first = rig.synced().await;
        assert_eq!((wrote(&first), first.waiting), (5, 7), "the first run: {first:?}");
        assert_eq!(first.outcome, Outcome::Partial, "some are waiting");
        for (done, waiting) in [(3, 4), (3, 1), (1, 0), (0, 0)] {
            let run = rig.synced().await;
            assert_eq!((wrote(&run), run.waiting), (done, waiting), "a later run: {run:?}");
        }
        rig.settle().await;
        rig.agree(12);
    }
}

#[tokio::test]
async fn a_limit_counts_contacts_that_are_written_and_no_others() {
    let rig = in_step(8, json!({"limits": {"first_run": 100, "later_run": 3}})).await;
    for number in 0..5 {
        let side = if number % 2 == 0 { Side::Zoho } else { Side::Google };
        let id = rig.find(side, "Email", &format!("p{number}@a.test"));
        rig.edit(side, &id, "Title", Some("Edited"));
    }
    // One contact with a write on each side is one contact.
    for (side, field) in [(Side::Zoho, "Mobile"), (Side::Google, "Description")] {
        let id = rig.find(side, "Email", "p0@a.test");
        rig.edit(side, &id, field, Some("+1 212 555 0001"));
    }
    let run = rig.synced().await;
    assert_eq!(run.waiting, 2, "three contacts are written, two wait: {run:?}");
    rig.settle().await;
    rig.agree(8);
}

#[tokio::test]
async fn a_limit_counts_whom_a_narrower_scope_removes() {
    let limits = json!({"first_run": 100, "later_run": 3});
    let rig = in_step(8, json!({"limits": limits.clone()})).await;
    let inside = rig.find(Side::Google, "Email", "p0@a.test");
    rig.act(Side::Google, json!({"op": "add_to_label", "label": "CRM", "contacts": [inside]}));
    let narrow = setup(&json!({"google_label": "CRM", "limits": limits}));
    rig.engine().setup_leaving(narrow, 7, "remove").await.expect("it is saved");
    for (removed, waiting) in [(3, 4), (3, 1), (1, 0), (0, 0)] {
        rig.later(LAG);
        let run = rig.synced().await;
        assert_eq!((tally(&run, Side::Zoho), run.waiting), ((0, 0, removed), waiting), "{run:?}");
    }
    assert_eq!(rig.cards(Side::Zoho).len(), 1, "who has the label stays");
    assert_eq!(rig.cards(Side::Google).len(), 8, "and so does everybody on the other side");
}

/// Many pairs of which one has the label that is chosen, and whose others are to be removed; how many of
/// them wait for an approval.
async fn removing(pairs: usize) -> (Rig, u32) {
    let limits = json!({"first_run": 100, "later_run": 5});
    let rig = in_step(pairs, json!({"limits": limits.clone()})).await;
    let inside = rig.find(Side::Google, "Email", "p0@a.test");
    rig.act(Side::Google, json!({"op": "add_to_label", "label": "CRM", "contacts": [inside]}));
    let outside = u32::try_from(pairs - 1).expect("few");
    let narrow = setup(&json!({"google_label": "CRM", "limits": limits}));
    rig.engine().setup_leaving(narrow, outside, "remove").await.expect("it is saved");
    rig.later(LAG);
    let held = rig.sync().await.held.map(|held| (held.reason, held.deletes));
    assert_eq!(held, Some((HeldBy::NarrowedScope, outside)), "the whole removal is shown");
    (rig, outside)
}

/// How many contacts a run removed, how many wait, and how many wait for an approval.
fn removed(run: &Run) -> (u32, u32, Option<u32>) {
    assert_eq!(tally(run, Side::Google), (0, 0, 0), "{run:?}");
    (run.zoho.deleted, run.waiting, run.held.as_ref().map(|held| held.deletes))
}

#[tokio::test]
async fn a_removal_that_was_approved_once_is_carried_out_in_portions() {
    let (rig, _) = removing(24).await;
    assert_eq!(removed(&rig.approve().await), (5, 18, None), "the first portion");
    for (gone, waiting) in [(5, 13), (5, 8), (5, 3), (3, 0), (0, 0)] {
        let sync = rig.engine().syncs().expect("the syncs").remove(0);
        assert_ne!(sync.state, SyncState::NeedsYou, "nothing is to be approved: {sync:?}");
        let left = gone + waiting;
        let told = sync.message.unwrap_or_default();
        assert!(left == 0 || told.contains(&left.to_string()), "{left} are left: {told}");
        rig.later(LAG);
        assert_eq!(removed(&rig.sync().await), (gone, waiting, None), "by the timer too");
    }
    assert_eq!(rig.cards(Side::Zoho).len(), 1, "who has the label stays");
    assert_eq!(rig.cards(Side::Google).len(), 24, "and everybody on the other side");
    assert_eq!(rig.review(), Vec::new(), "nothing is open");
}

#[tokio::test]
async fn deletions_that_were_approved_together_are_carried_out_in_portions() {
    let limits = json!({"first_run": 100, "later_run": 5});
    let rig = in_step(24, json!({"on_delete": "delete", "limits": limits})).await;
    let everybody: Vec<String> =
        rig.everybody(Side::Google).into_iter().map(|(id, _)| id).collect();
    let [gone @ .., kept] = everybody.as_slice() else { panic!("nobody") };
    gone.iter().for_each(|id| rig.delete(Side::Google, id));
    rig.later(LAG);
    assert_eq!(removed(&rig.sync().await).2, Some(23), "the plan shows all of them");
    rig.delete(Side::Google, kept);
    rig.later(LAG);
    assert_eq!(removed(&rig.approve().await).0, 5, "the first portion");
    for gone in [5, 5, 5] {
        rig.later(LAG);
        let run = rig.sync().await;
        assert_eq!((removed(&run).0, run.outcome), (gone, Outcome::Partial), "{run:?}");
    }
    // Whoever vanished later is one of few by then: the rule decides.
    rig.settle().await;
    rig.agree(0);
}

#[tokio::test]
async fn what_an_approved_removal_did_not_show_is_shown_before_anybody_else_goes() {
    for change in ["one more leaves the label", "one who waits is edited"] {
        let (rig, outside) = removing(24).await;
        assert_eq!(removed(&rig.approve().await), (5, outside - 5, None), "{change}");
        let mut left = outside - 5;
        match change {
            "one who waits is edited" => {
                let there = rig.cards(Side::Zoho);
                let waits = there.iter().filter_map(|card| card.get("Email"));
                let waits = waits.filter(|email| *email != "p0@a.test").max().expect("one waits");
                let id = rig.find(Side::Zoho, "Email", waits);
                rig.edit(Side::Zoho, &id, "Title", Some("Typed by a colleague"));
            }
            _ => {
                let id = rig.find(Side::Google, "Email", "p0@a.test");
                let leaves = json!({"op": "remove_from_label", "label": "CRM", "contacts": [id]});
                rig.act(Side::Google, leaves);
                left += 1;
            }
        }
        rig.later(LAG);
        assert_eq!(removed(&rig.sync().await).2, Some(left), "{change}: it is shown");
        assert_eq!(rig.cards(Side::Zoho).len(), 19, "{change}: nobody goes before");
        assert_eq!(removed(&rig.approve().await), (5, left - 5, None), "{change}: and goes on");
        rig.later(LAG);
        assert_eq!(removed(&rig.sync().await), (5, left - 10, None), "{change}: in portions");
    }
}

#[tokio::test]
async fn an_approved_removal_that_is_taken_back_removes_nobody_else() {
    let (rig, _) = removing(24).await;
    rig.approve().await;
    let items: Vec<String> = rig.review().into_iter().map(|item| item.item).collect();
    rig.engine().take_back(&items).expect("it is taken back");
    rig.later(LAG);
    assert_eq!(rig.sync().await.outcome, Outcome::Held, "it is asked again");
    rig.decide(ReviewKind::Scope, "leave");
    rig.settle().await;
    assert_eq!(rig.cards(Side::Zoho).len(), 19, "whoever was there stays");
}

#[tokio::test]
async fn what_waits_survives_an_expired_sync_token_and_a_restart() {
    let mut rig = Rig::new().await;
    for number in 0..9 {
        rig.add(if number % 2 == 0 { Side::Zoho } else { Side::Google }, &person(number));
    }
    rig.contacts(json!({"limits": {"first_run": 2, "later_run": 2}})).await;
    for _ in 0..5 {
        let run = rig.synced().await;
        assert!(wrote(&run) <= 2, "the limit holds: {run:?}");
        rig.control.call("POST", "expire", json!({"what": "google_sync_tokens"})).expect("expired");
        rig.reopen();
    }
    rig.settle().await;
    rig.agree(9);
}

#[tokio::test]
async fn an_expired_sync_token_means_a_full_list_and_no_change() {
    let rig = in_step(5, json!({"on_delete": "delete"})).await;
    rig.delete(Side::Google, &rig.find(Side::Google, "Email", "p4@a.test"));
    rig.edit(Side::Google, &rig.find(Side::Google, "Email", "p3@a.test"), "Title", Some("New"));
    rig.control.call("POST", "expire", json!({"what": "google_sync_tokens"})).expect("expired");
    rig.settle().await;
    rig.agree(4);
    assert_eq!(
        rig.value(Side::Zoho, &rig.find(Side::Zoho, "Email", "p3@a.test"), "Title").as_deref(),
        Some("New")
    );
}

#[tokio::test]
async fn at_googles_cap_creates_stop_and_the_rest_goes_on() {
    // By the sync's own limit, and by Google's refusal under either status.
    for (own, cap, status) in [(4, 25_000, 400), (25_000, 4, 400), (25_000, 4, 429)] {
        let rig = Rig::new().await;
        rig.control.set_switches(|switches| {
            switches.google.contact_cap = cap;
            switches.google.cap_status = status;
        });
        for number in 0..6 {
            rig.add(Side::Zoho, &person(number));
        }
        let edited = rig.add(Side::Google, &person(0));
        rig.contacts(json!({"limits": {"google_contacts": own}})).await;
        let run = rig.synced().await;
        assert!(run.message.is_some(), "it says so: {run:?}");
        // Google refuses a batch that does not fit as a whole.
        let there = rig.cards(Side::Google).len();
        assert!(there == 4 || (cap == 4 && there < 4), "own {own}, cap {cap}, {status}: {run:?}");
        rig.edit(Side::Google, &edited, "Title", Some("Still synced"));
        rig.later(super::rig::LAG);
        rig.synced().await;
        let zoho = rig.find(Side::Zoho, "Email", "p0@a.test");
        assert_eq!(rig.value(Side::Zoho, &zoho, "Title").as_deref(), Some("Still synced"));
        rig.control.set_switches(|switches| switches.google.contact_cap = 25_000);
        rig.contacts(json!({"limits": {"google_contacts": 25_000}})).await;
        rig.settle().await;
        rig.agree(6);
        assert_eq!(tally(&rig.synced().await, Side::Google), (0, 0, 0), "nobody twice");
    }
}

#[tokio::test]
async fn an_account_without_a_contact_and_a_place_to_go_on_from_is_read_in_full_next_time() {
    let rig = Rig::new().await;
    rig.control.set_switches(|s| s.google.empty_gives_sync_token = false);
    rig.contacts(json!({})).await;
    for _ in 0..2 {
        done(rig.approve().await);
    }
    rig.add(Side::Google, &person(1));
    rig.settle().await;
    assert!(!rig.find(Side::Zoho, "Email", "p1@a.test").is_empty(), "who comes later is found");
}
