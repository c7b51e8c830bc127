//! Undo of a run brings back what was there, and leaves alone what was edited since.

use renraku_engine::api::{ContactState, Event, Operation, Outcome, Phase, ReviewKind, SyncState};
use renraku_engine::catalogue::english;
use renraku_engine::core::contact::Side;
use serde_json::json;

use super::edits::in_step;
use super::people::{card, person};
use super::rig::{LAG, Rig, done, tally, wrote};
use super::state::still;

#[tokio::test]
async fn a_run_is_undone_to_the_letter() {
    let rig = in_step(4, json!({"on_delete": "delete"})).await;
    for (side, key) in [(Side::Zoho, "p0@a.test"), (Side::Google, "p1@a.test")] {
        let id = rig.find(side, "Email", key);
        rig.edit(side, &id, "Title", Some("Chief"));
        rig.edit(side, &id, "Phone", None);
    }
    rig.add(Side::Zoho, &person(7));
    rig.add(Side::Google, &person(8));
    let before = Side::BOTH.map(|side| still(&rig.control, side));
    let run = rig.synced().await;
    assert!(wrote(&run) >= 4, "there is something to undo: {run:?}");
    rig.later(LAG);
    let undone = rig.engine().undo(run.run, None).await.expect("the undo runs");
    assert_eq!(undone.outcome, Outcome::Completed, "{undone:?}");
    let after = Side::BOTH.map(|side| still(&rig.control, side));
    assert_eq!(after, before, "everything is as it was");
    rig.later(LAG);
    let again = rig.engine().undo(run.run, None).await.expect("the undo runs");
    assert_eq!((again.outcome, wrote(&again)), (Outcome::Completed, 0), "{again:?}");
    let said = again.message.as_deref().unwrap_or_default();
    assert!(said.contains("Nothing had to be put back"), "it is told so: {again:?}");
    assert_eq!(rig.review(), [], "and nothing is asked");
    let quiet = rig.synced().await;
    assert_eq!(wrote(&quiet), 0, "the next run does not do it again: {quiet:?}");
    rig.settle().await;
    assert_eq!(Side::BOTH.map(|side| still(&rig.control, side)), before, "nor does any later one");
    // A new edit travels again.
    rig.edit(Side::Zoho, &rig.find(Side::Zoho, "Email", "p0@a.test"), "Title", Some("Again"));
    rig.settle().await;
    let google = rig.find(Side::Google, "Email", "p0@a.test");
    assert_eq!(rig.value(Side::Google, &google, "Title").as_deref(), Some("Again"));
}

#[tokio::test]
async fn a_first_run_is_undone() {
    let rig = Rig::new().await;
    for number in 0..4 {
        rig.add(Side::Zoho, &person(number));
        rig.add(Side::Google, &person(number + 2));
    }
    let before = Side::BOTH.map(|side| still(&rig.control, side));
    rig.contacts(json!({})).await;
    let run = rig.synced().await;
    rig.later(LAG);
    let undone = rig.engine().undo(run.run, None).await.expect("the undo runs");
    assert_eq!(tally(&undone, Side::Zoho), (0, 0, 2), "{undone:?}");
    assert_eq!(tally(&undone, Side::Google), (0, 0, 2), "{undone:?}");
    assert_eq!(Side::BOTH.map(|side| still(&rig.control, side)), before, "everything is as it was");
    rig.settle().await;
    assert_eq!(Side::BOTH.map(|side| still(&rig.control, side)), before, "and stays so");
}

#[tokio::test]
async fn the_creation_of_somebody_whose_origin_was_put_back_is_undone_for_good() {
    for origin in Side::BOTH {
        let rig = in_step(3, json!({"on_delete": "ask"})).await;
        rig.add(origin, &person(7));
        let run = rig.synced().await;
        assert_eq!(tally(&run, origin.other()), (1, 0, 0), "{run:?}");
        rig.later(LAG);
        rig.delete(origin, &rig.find(origin, "Email", "p7@a.test"));
        rig.later(LAG);
        done(rig.sync().await);
        let asked = rig.review();
        let [question] = asked.as_slice() else { panic!("one question: {asked:?}") };
        rig.engine().resolve(&[&question.item], "put_back").expect("it is decided");
        let back = rig.synced().await;
        assert_eq!(tally(&back, origin), (1, 0, 0), "{back:?}");
        rig.later(LAG);
        let undone = rig.engine().undo(run.run, None).await.expect("the undo runs");
        assert_eq!(tally(&undone, origin.other()), (0, 0, 1), "{undone:?}");
        rig.settle().await;
        assert_eq!(rig.review(), [], "what an undo took away is no deletion of a person's");
        rig.find(origin, "Email", "p7@a.test");
        assert_eq!(rig.cards(origin.other()).len(), 3, "and nobody is created again");
    }
}

#[tokio::test]
async fn a_deletion_is_undone() {
    for gone in Side::BOTH {
        let rig = in_step(3, json!({"on_delete": "delete"})).await;
        rig.delete(gone, &rig.find(gone, "Email", "p1@a.test"));
        rig.later(LAG);
        let run = rig.synced().await;
        assert_eq!(tally(&run, gone.other()), (0, 0, 1), "{run:?}");
        rig.later(LAG);
        let undone = rig.engine().undo(run.run, None).await.expect("the undo runs");
        assert_eq!(tally(&undone, gone.other()), (1, 0, 0), "{undone:?}");
        let back = rig.find(gone.other(), "Email", "p1@a.test");
        let card = rig.card(gone.other(), &back).expect("it is back");
        assert_eq!(card, person(1), "with all it had");
        let again = rig.engine().undo(run.run, None).await.expect("the undo runs");
        assert_eq!(wrote(&again), 0, "a second undo brings nobody back twice: {again:?}");
        rig.settle().await;
        rig.agree(3);
        rig.edit(gone.other(), &back, "Title", Some("In step"));
        rig.settle().await;
        rig.agree(3);
        assert_eq!(rig.review(), [], "nothing is open");
    }
}

#[tokio::test]
async fn who_was_added_to_the_label_leaves_it_again() {
    let rig = Rig::new().await;
    for number in 0..3 {
        rig.add(Side::Google, &person(number));
        rig.add(Side::Zoho, &person(number));
    }
    let titled = rig.find(Side::Zoho, "Email", "p0@a.test");
    rig.edit(Side::Zoho, &titled, "Title", Some("Chief"));
    let before = Side::BOTH.map(|side| still(&rig.control, side));
    rig.contacts(json!({"google_label": "CRM"})).await;
    let run = rig.synced().await;
    assert_eq!(rig.members("CRM").len(), 3, "they joined: {run:?}");
    rig.later(LAG);
    let mut events = rig.engine().events();
    let shown = rig.engine().undo_preview(run.run, None).await.expect("a preview");
    assert_eq!(rig.members("CRM").len(), 3, "a preview writes nothing");
    let told: Vec<_> = std::iter::from_fn(|| events.try_recv().ok()).collect();
    assert!(told.iter().any(|event| matches!(event, Event::Progress(_))), "it reads: {told:?}");
    assert!(
        matches!(told.last(), Some(Event::Finished(_))),
        "who looks on hears the end: {told:?}"
    );
    let leaves = |operation: &Operation| {
        let labels = operation.fields.iter().filter(|field| field.field == "memberships");
        labels.map(|field| (field.before.clone(), field.after.clone())).collect::<Vec<_>>()
    };
    let shown_leaving: Vec<_> = shown.operations.iter().flatten().map(leaves).collect();
    let leaving = vec![(Some("CRM".to_owned()), None)];
    assert_eq!(shown_leaving, vec![leaving; 3], "each of three leaves it: {shown:?}");
    assert_eq!(tally(&shown, Side::Google), (0, 3, 0), "and each is counted once: {shown:?}");
    let undone = rig.engine().undo(run.run, None).await.expect("the undo runs");
    assert!(rig.members("CRM").is_empty(), "they left: {undone:?}");
    assert_eq!(undone.message.as_deref(), Some("3 of 3 changes are put back."), "{undone:?}");
    assert_eq!(tally(&undone, Side::Google), (0, 3, 0), "each is counted once: {undone:?}");
    let labels = |run: u32| {
        let changes = rig.history(run).changes;
        assert!(changes.iter().all(|change| change.field.is_some()), "no blank row: {changes:?}");
        let of = changes.into_iter().filter(|c| c.field.as_deref() == Some("memberships"));
        of.map(|change| (change.before, change.after)).collect::<Vec<_>>()
    };
    let name = || Some("CRM".to_owned());
    assert_eq!(labels(run.run), vec![(None, name()); 3], "the history tells who joined");
    assert_eq!(labels(undone.run), vec![(name(), None); 3], "and who left");
    let explained = |rig: &Rig| {
        rig.one("p1@a.test").reason.contains("You undid the run that had added it to the label")
    };
    assert!(explained(&rig), "it is told why: {:?}", rig.one("p1@a.test"));
    rig.settle().await;
    assert!(explained(&rig), "later too: {:?}", rig.one("p1@a.test"));
    assert!(rig.members("CRM").is_empty(), "and nobody joins again");
    assert_eq!(Side::BOTH.map(|side| still(&rig.control, side)), before, "everything is as it was");
    let one = rig.one("p1@a.test");
    rig.engine().take_up(&[&one.contact]).await.expect("it is taken up again");
    rig.settle().await;
    assert_eq!(rig.members("CRM").len(), 1, "who is taken up again joins the label again");
    assert_eq!(rig.one("p1@a.test").state, ContactState::InStep);
}

#[tokio::test]
async fn what_was_edited_since_is_left_and_listed() {
    let rig = in_step(3, json!({})).await;
    let zoho = rig.find(Side::Zoho, "Email", "p0@a.test");
    let google = rig.find(Side::Google, "Email", "p0@a.test");
    rig.edit(Side::Zoho, &zoho, "Title", Some("Chief"));
    rig.edit(Side::Zoho, &zoho, "Description", Some("A note"));
    let made = rig.add(Side::Zoho, &card(&[("Last_Name", "New"), ("Email", "new@a.test")]));
    let run = rig.synced().await;
    rig.edit(Side::Google, &google, "Title", Some("Boss"));
    let copy = rig.find(Side::Google, "Email", "new@a.test");
    rig.edit(Side::Google, &copy, "Title", Some("Kept"));
    rig.later(LAG);
    let undone = rig.engine().undo(run.run, None).await.expect("the undo runs");
    assert_eq!(undone.outcome, Outcome::Partial, "it wrote, and the person is told: {undone:?}");
    assert_eq!((tally(&undone, Side::Google), undone.review), ((0, 1, 0), 2), "{undone:?}");
    assert_eq!(rig.value(Side::Google, &google, "Title").as_deref(), Some("Boss"), "left");
    assert_eq!(rig.value(Side::Google, &google, "Description"), None, "undone");
    assert!(rig.card(Side::Google, &copy).is_some(), "an edited contact is not deleted");
    let listed: Vec<_> = rig.review().into_iter().filter(|i| i.kind == ReviewKind::Undo).collect();
    assert_eq!(listed.len(), 2, "{listed:?}");
    rig.settle().await;
    assert_eq!(rig.value(Side::Zoho, &zoho, "Title").as_deref(), Some("Boss"), "and synced");
    assert_eq!(rig.value(Side::Zoho, &made, "Title").as_deref(), Some("Kept"), "and synced");
}

#[tokio::test]
async fn one_contact_of_a_run_is_undone() {
    for side in Side::BOTH {
        let rig = in_step(3, json!({})).await;
        let ids = ["p0@a.test", "p1@a.test"].map(|key| rig.find(side, "Email", key));
        for id in &ids {
            rig.edit(side, id, "Title", Some("Chief"));
        }
        let made = rig.add(side, &person(7));
        let run = rig.synced().await;
        rig.later(LAG);
        let title = |key: &str| {
            let id = rig.find(side.other(), "Email", key);
            rig.value(side.other(), &id, "Title")
        };
        let undone = rig.engine().undo(run.run, Some(&ids[0])).await.expect("the undo runs");
        assert_eq!(tally(&undone, side.other()), (0, 1, 0), "one contact: {undone:?}");
        assert_eq!((title("p0@a.test"), title("p1@a.test").as_deref()), (None, Some("Chief")));
        // The other end names it as well as its origin.
        let copy = rig.find(side.other(), "Email", "p7@a.test");
        let undone = rig.engine().undo(run.run, Some(&copy)).await.expect("the undo runs");
        assert_eq!(tally(&undone, side.other()), (0, 0, 1), "the created one goes: {undone:?}");
        rig.settle().await;
        assert_eq!((title("p0@a.test"), title("p1@a.test").as_deref()), (None, Some("Chief")));
        assert_eq!(rig.cards(side.other()).len(), 3, "it does not come back");
        assert!(rig.card(side, &made).is_some(), "its origin stays");
        let untouched = rig.find(side, "Email", "p2@a.test");
        let refused = rig.engine().undo(run.run, Some(&untouched)).await;
        assert!(refused.is_err_and(|f| english(&f).contains("wrote nothing")), "nothing to undo");
    }
}

#[tokio::test]
async fn what_is_edited_while_the_undo_runs_is_left_and_listed() {
    for side in Side::BOTH {
        let rig = in_step(3, json!({})).await;
        let origin = rig.find(side.other(), "Email", "p0@a.test");
        rig.edit(side.other(), &origin, "Title", Some("Chief"));
        let run = rig.synced().await;
        rig.later(LAG);
        let here = rig.find(side, "Email", "p0@a.test");
        let hand = rig.edit_act(side, &here, "Title", Some("At the last moment"));
        let method = if side == Side::Zoho { "PUT" } else { "POST" };
        rig.fault(json!({"side": super::rig::at(side), "method": method, "nth": 1, "times": 1,
                         "do": {"human_before": [hand]}}));
        let undone = rig.engine().undo(run.run, None).await.expect("the undo runs");
        assert_eq!(undone.outcome, Outcome::Held, "the person is told: {undone:?}");
        let title = rig.value(side, &here, "Title");
        assert_eq!(title.as_deref(), Some("At the last moment"), "left");
        rig.settle().await;
        rig.agree(3);
    }
}

#[tokio::test]
async fn an_undo_is_undone() {
    let rig = in_step(2, json!({})).await;
    let zoho = rig.find(Side::Zoho, "Email", "p0@a.test");
    rig.edit(Side::Zoho, &zoho, "Title", Some("Chief"));
    rig.add(Side::Zoho, &person(7));
    let run = rig.synced().await;
    rig.later(LAG);
    let after = Side::BOTH.map(|side| still(&rig.control, side));
    let undone = rig.engine().undo(run.run, None).await.expect("the undo runs");
    rig.later(LAG);
    let again = rig.engine().undo(undone.run, None).await.expect("the undo runs");
    assert_eq!(again.outcome, Outcome::Completed, "{again:?}");
    assert_eq!(Side::BOTH.map(|side| still(&rig.control, side)), after, "as before the undo");
    rig.settle().await;
    assert_eq!(Side::BOTH.map(|side| still(&rig.control, side)), after, "and it stays");
}

#[tokio::test]
async fn who_left_a_label_by_an_undo_joins_it_again_when_that_is_undone() {
    for label in [Some("CRM"), None] {
        let rig = Rig::new().await;
        for number in 0..3 {
            rig.add(Side::Google, &person(number));
            rig.add(Side::Zoho, &person(number));
        }
        let titled = rig.find(Side::Zoho, "Email", "p0@a.test");
        rig.edit(Side::Zoho, &titled, "Title", Some("Chief"));
        rig.contacts(json!({"google_label": "CRM"})).await;
        let run = rig.synced().await;
        rig.later(LAG);
        let undone = rig.engine().undo(run.run, None).await.expect("the undo runs");
        rig.later(LAG);
        rig.contacts(json!({"google_label": label})).await;
        let shown = rig.engine().undo_preview(undone.run, None).await.expect("a preview");
        let joins = shown.operations.iter().flatten().filter(|operation| {
            let labels = operation.fields.iter().filter(|field| field.field == "memberships");
            labels.filter(|field| field.after.as_deref() == Some("CRM")).count() == 1
        });
        let many = if label.is_some() { 3 } else { 0 };
        assert_eq!(joins.count(), many, "{label:?}: {shown:?}");
        let again = rig.engine().undo(undone.run, None).await.expect("the undo runs");
        assert_eq!(rig.members("CRM").len(), many, "{label:?}: {again:?}");
        let google = rig.find(Side::Google, "Email", "p0@a.test");
        assert_eq!(
            rig.value(Side::Google, &google, "Title").as_deref(),
            Some("Chief"),
            "{label:?}"
        );
        assert_eq!(rig.review(), [], "{label:?}: nothing that nobody can decide");
        let told = again.message.clone().unwrap_or_default();
        let told_before = shown.message.clone().unwrap_or_default();
        if label.is_some() {
            assert_eq!(told, "3 of 3 changes are put back.", "{again:?}");
            rig.settle().await;
            assert_eq!(rig.members("CRM").len(), 3, "and it stays");
            let once_more = rig.engine().undo(again.run, None).await.expect("the undo runs");
            assert!(rig.members("CRM").is_empty(), "and back once more: {once_more:?}");
        } else {
            for told in [&told, &told_before] {
                assert!(told.contains("They are not added to it again"), "it is named: {told}");
            }
        }
    }
}

/// How an undo that was cut off goes on.
#[derive(Debug, Clone, Copy, PartialEq)]
enum GoesOn {
    /// The next run takes it up.
    Run,
    /// The app is open again.
    Timer,
    /// The person asks for it again.
    Undo,
}

#[tokio::test]
async fn an_undo_that_was_cut_off_goes_on() {
    for goes_on in [GoesOn::Run, GoesOn::Timer, GoesOn::Undo] {
        let mut rig = Rig::new().await;
        for number in 0..250 {
            rig.add(Side::Google, &person(number));
        }
        rig.contacts(json!({})).await;
        let run = done(rig.approve().await);
        rig.later(LAG);
        let mut events = rig.engine().events();
        let state = |rig: &Rig| rig.engine().syncs().expect("the syncs").remove(0).state;
        let first_batch = async {
            while let Ok(event) = events.recv().await {
                if let Event::Progress(progress) = event
                    && (progress.phase, progress.done > 0) == (Phase::Writing, true)
                {
                    assert_eq!(
                        state(&rig),
                        SyncState::Syncing,
                        "whoever closes the window is asked"
                    );
                    break;
                }
            }
        };
        tokio::select! {
            undone = rig.engine().undo(run.run, None) => panic!("not cut off: {undone:?}"),
            () = first_batch => {}
        }
        assert_ne!(state(&rig), SyncState::Syncing, "what was cut off is not under way");
        let left = rig.cards(Side::Zoho).len();
        assert!((1..250).contains(&left), "{left} are left");
        rig.reopen();
        let message = rig.engine().syncs().expect("the syncs").remove(0).message;
        let message = message.unwrap_or_default();
        assert!(message.contains("undo was interrupted"), "{goes_on:?}: {message}");
        match goes_on {
            GoesOn::Run => drop(done(rig.sync().await)),
            GoesOn::Undo => {
                rig.engine().undo(run.run, None).await.expect("the undo runs");
            }
            GoesOn::Timer => {
                let mut events = rig.engine().events();
                let _timer = rig.engine().start_timer();
                while !matches!(events.recv().await, Ok(Event::Finished(run)) if run.undo) {}
            }
        }
        assert_eq!(rig.cards(Side::Zoho).len(), 0, "{goes_on:?}: everything is put back");
        let runs = rig.engine().history().expect("the history").runs;
        let undone: Vec<_> = runs.into_iter().filter(|run| run.undo).collect();
        let [undone] = undone.as_slice() else { panic!("{goes_on:?}: one undo: {undone:?}") };
        assert_eq!(tally(undone, Side::Zoho), (0, 0, 250), "{goes_on:?}: {undone:?}");
        let told = Some("250 of 250 changes are put back.");
        assert_eq!(undone.message.as_deref(), told, "{goes_on:?}: {undone:?}");
        rig.settle().await;
        assert_eq!(rig.cards(Side::Zoho).len(), 0, "{goes_on:?}: and it is over");
    }
}

#[tokio::test]
async fn an_undo_counts_what_it_cannot_put_back() {
    let rig = in_step(3, json!({})).await;
    for number in 0..3 {
        let zoho = rig.find(Side::Zoho, "Email", &format!("p{number}@a.test"));
        rig.edit(Side::Zoho, &zoho, "Title", Some("Chief"));
    }
    let run = rig.synced().await;
    rig.delete(Side::Google, &rig.find(Side::Google, "Email", "p1@a.test"));
    rig.later(LAG);
    let undone = rig.engine().undo(run.run, None).await.expect("the undo runs");
    assert_eq!(undone.message.as_deref(), Some("2 of 3 changes are put back."), "{undone:?}");
}

#[tokio::test]
async fn what_keeps_a_field_from_going_back_is_told() {
    let cases = [
        (json!({"read_only": true}), "takes no changes from you in Zoho"),
        (json!({"visible": false}), "You do not see Title in Zoho"),
    ];
    for (set, reason) in cases {
        let rig = in_step(2, json!({})).await;
        let google = rig.find(Side::Google, "Email", "p0@a.test");
        rig.edit(Side::Google, &google, "Title", Some("Chief"));
        let run = rig.synced().await;
        rig.act(
            Side::Zoho,
            json!({"op": "field", "module": "Contacts", "api_name": "Title", "set": set}),
        );
        rig.settle().await;
        let undone = rig.engine().undo(run.run, None).await.expect("the undo runs");
        assert_eq!(undone.outcome, Outcome::Held, "{reason}: {undone:?}");
        let open = rig.review();
        let told: Vec<&str> = open.iter().map(|item| item.reason.as_str()).collect();
        assert!(told.len() == 1 && told.iter().all(|t| t.contains(reason)), "{reason}: {told:?}");
    }
}

#[tokio::test]
async fn a_created_contact_that_an_undo_took_away_says_so() {
    for side in Side::BOTH {
        let rig = in_step(2, json!({})).await;
        rig.add(side, &person(7));
        let run = rig.synced().await;
        rig.later(LAG);
        rig.engine().undo(run.run, None).await.expect("the undo runs");
        rig.settle().await;
        let one = rig.one("p7@a.test");
        assert_eq!(one.state, ContactState::Unlinked, "{one:?}");
        assert!(one.reason.contains("You undid the run that had made it"), "{one:?}");
        rig.engine().take_up(&[&one.contact]).await.expect("it is taken up again");
        rig.settle().await;
        rig.agree(3);
    }
}
