//! What the person chooses in a plan is part of what is approved: who is kept out, which of two values
//! counts, and the answers to the questions that stand beside the writes.

use renraku_engine::api::{
    ContactAction, ContactState, Event, Operation, Outcome, Phase, ReviewKind, Run, Sync, SyncState,
};
use renraku_engine::core::contact::{Module, Side};
use serde_json::json;

use super::edits::in_step;
use super::people::person;
use super::rig::{LAG, Rig, done, tally, wrote};

async fn preview(rig: &Rig) -> Run {
    rig.tick();
    let runs = rig.engine().preview(None).await.expect("a preview").runs;
    runs.into_iter().next().expect("one run")
}

/// What the engine calls the contact of an operation.
fn named(operation: &Operation) -> String {
    let id = operation.zoho_id.as_ref().or(operation.google.as_ref());
    format!("Contacts:{}", id.expect("an id"))
}

async fn leave_out(rig: &Rig, who: &[String]) {
    rig.engine().leave_out(who).await.expect("they are left out");
}

async fn take_up(rig: &Rig, who: &[String]) {
    rig.engine().take_up(who).await.expect("they are taken up");
}

/// A first plan: six who are new on the other side, and three pairs with another title on each side.
async fn first_plan() -> (Rig, Vec<Operation>) {
    let rig = Rig::new().await;
    for number in 0..3 {
        rig.add(Side::Zoho, &person(number));
        rig.add(Side::Google, &person(number + 3));
        for side in Side::BOTH {
            let mut card = person(number + 6);
            card.insert("Title".to_owned(), format!("Chief in {}", side.name()));
            rig.add(side, &card);
        }
    }
    rig.contacts(json!({})).await;
    let operations = preview(&rig).await.operations.expect("its operations");
    assert_eq!(operations.len(), 9, "{operations:?}");
    rig.control.clear_requests();
    (rig, operations)
}

/// Which contacts of the plan were written, by what they are called.
fn written(rig: &Rig, run: &Run) -> Vec<String> {
    let mut names: Vec<String> =
        rig.history(run.run).changes.into_iter().map(|change| change.contact).collect();
    names.sort();
    names.dedup();
    names
}

#[tokio::test]
async fn a_run_writes_exactly_what_was_left_ticked() {
    // Every set of three of the nine.
    for out in [[0, 1, 2], [3, 4, 5], [6, 7, 8], [0, 4, 8], [2, 3, 7]] {
        let (rig, operations) = first_plan().await;
        let is_out = |at: &usize| out.contains(at);
        let all = || operations.iter().enumerate();
        let unticked: Vec<String> =
            all().filter(|(at, _)| is_out(at)).map(|(_, one)| named(one)).collect();
        leave_out(&rig, &unticked).await;
        let run = rig.approve().await;
        assert_eq!(run.outcome, Outcome::Completed, "{out:?}: {run:?}");
        let mut ticked: Vec<String> =
            all().filter(|(at, _)| !is_out(at)).map(|(_, one)| one.contact.clone()).collect();
        ticked.sort();
        assert_eq!(written(&rig, &run), ticked, "{out:?}");
        assert_eq!(wrote(&run), 6, "{out:?}: {run:?}");

        // They are whom the list of contacts shows as left out, and takes up again.
        for one in &unticked {
            let found = rig.engine().contact(one).expect("it is listed").contact;
            assert_eq!(
                (found.state, found.actions.as_slice()),
                (ContactState::KeptOut, [ContactAction::Resume].as_slice()),
                "{out:?}: {found:?}"
            );
        }

        // It is remembered, whatever happens to them.
        for one in all().filter(|(at, _)| is_out(at)).map(|(_, one)| one) {
            let (side, id) = match (&one.zoho_id, &one.google) {
                (Some(id), _) => (Side::Zoho, id),
                (None, Some(id)) => (Side::Google, id),
                (None, None) => panic!("{one:?} has an id"),
            };
            rig.edit(side, id, "Description", Some("Elsewhere"));
        }
        rig.later(LAG);
        rig.control.clear_requests();
        let run = done(rig.sync().await);
        assert_eq!((wrote(&run), run.review), (0, 0), "{out:?}: {run:?}");
        for side in Side::BOTH {
            assert_eq!(rig.writes(side), Vec::<String>::new(), "{out:?}");
        }

        take_up(&rig, &unticked).await;
        rig.settle().await;
        rig.agree(9);
    }
}

#[tokio::test]
async fn the_other_value_of_a_difference() {
    let (rig, _) = first_plan().await;
    let shown = preview(&rig).await;
    let differences = shown.differences.expect("its differences");
    assert_eq!(differences.len(), 3, "{differences:?}");
    let first = differences.first().expect("one");
    assert_eq!(
        (first.taken, first.fields.as_slice()),
        (Side::Zoho, ["Title".to_owned()].as_slice())
    );
    let take = |side: Side| rig.engine().take_value(Module::Contacts, first, side);
    for side in [Side::Google, Side::Zoho, Side::Google] {
        take(side).await.expect("it is taken");
        let again = preview(&rig).await.differences.expect("its differences");
        let now = again.iter().find(|one| one.zoho_id == first.zoho_id).expect("it is still there");
        assert_eq!(now.taken, side, "as often as the person likes");
    }
    let run = rig.approve().await;
    assert_eq!(
        (tally(&run, Side::Zoho), tally(&run, Side::Google)),
        ((3, 1, 0), (3, 2, 0)),
        "{run:?}"
    );
    let title = rig.value(Side::Zoho, &first.zoho_id, "Title");
    assert_eq!(title.as_deref(), Some("Chief in google"));
    assert_eq!(rig.review(), Vec::new(), "nothing is left to decide");
    rig.settle().await;
    rig.agree(9);
}

#[tokio::test]
async fn a_chosen_name_is_taken_as_a_whole() {
    let rig = Rig::new().await;
    for (side, given, family) in
        [(Side::Zoho, "Robert", "Smith"), (Side::Google, "Bob", "Smithson")]
    {
        let mut card = person(1);
        card.insert("First_Name".to_owned(), given.to_owned());
        card.insert("Last_Name".to_owned(), family.to_owned());
        rig.add(side, &card);
    }
    rig.contacts(json!({})).await;
    let differences = preview(&rig).await.differences.expect("its differences");
    let [name] = differences.as_slice() else { panic!("one difference: {differences:?}") };
    assert_eq!(name.fields.len(), 2, "{name:?}");
    rig.engine().take_value(Module::Contacts, name, Side::Google).await.expect("it is taken");
    assert_eq!(preview(&rig).await.differences.map(|all| all.len()), Some(1));
    let run = rig.approve().await;
    assert_eq!(
        (tally(&run, Side::Zoho), tally(&run, Side::Google)),
        ((0, 1, 0), (0, 0, 0)),
        "{run:?}"
    );
    let value = |field: &str| rig.value(Side::Zoho, &name.zoho_id, field);
    let said = [value("First_Name"), value("Last_Name")].map(Option::unwrap_or_default);
    assert_eq!(said, ["Bob", "Smithson"]);
}

#[tokio::test]
async fn a_plan_has_its_questions_answered_beside_it() {
    let rig = Rig::new().await;
    for side in Side::BOTH {
        // The same name and nothing else in common: perhaps one person.
        let mut card = person(1);
        card.remove("Email");
        card.remove("Mobile");
        card.remove("Phone");
        rig.add(side, &card);
    }
    rig.add(Side::Zoho, &person(2));
    rig.contacts(json!({})).await;
    rig.control.clear_requests();
    let shown = preview(&rig).await;
    assert_eq!(shown.review, 1, "{shown:?}");
    let open = rig.review();
    let [asked] = open.as_slice() else { panic!("one question: {open:?}") };
    assert_eq!(asked.kind, ReviewKind::Match);
    preview(&rig).await;
    assert_eq!(rig.review().len(), 1, "the same one, however often the plan is read");
    for side in Side::BOTH {
        assert_eq!(rig.writes(side), Vec::<String>::new(), "nothing is written");
    }
    rig.decide(ReviewKind::Match, "separate");
    let shown = preview(&rig).await;
    assert_eq!(shown.operations.map(|all| all.len()), Some(3), "the answer is in the next plan");
    let run = rig.approve().await;
    assert_eq!(wrote(&run), 3, "{run:?}");

    // A question that no longer arises goes with the plan that asked it.
    let rig = in_step(1, json!({})).await;
    let [zoho, google] = Side::BOTH.map(|side| rig.find(side, "Email", "p0@a.test"));
    rig.delete(Side::Google, &google);
    rig.later(LAG);
    preview(&rig).await;
    assert_eq!(rig.review().len(), 1, "a deletion is asked about");
    rig.delete(Side::Zoho, &zoho);
    rig.later(LAG);
    preview(&rig).await;
    assert_eq!(rig.review(), Vec::new(), "gone on both sides there is nothing to ask");
}

#[tokio::test]
async fn a_run_that_is_stopped_ends_after_the_batch_in_flight_and_goes_on_later() {
    let rig = Rig::new().await;
    for number in 0..450 {
        rig.add(Side::Zoho, &person(number));
    }
    rig.contacts(json!({})).await;
    rig.tick();
    let mut events = rig.engine().events();
    let stop = async {
        // The first batch is done.
        while let Ok(event) = events.recv().await {
            if let Event::Progress(progress) = event
                && (progress.phase, progress.done > 0) == (Phase::Writing, true)
            {
                return rig.engine().stop();
            }
        }
    };
    let (runs, ()) = tokio::join!(rig.engine().sync(Some(Module::Contacts), true), stop);
    let run = runs.expect("it ends").runs.into_iter().next().expect("one run");
    assert_eq!((run.outcome, run.stopped), (Outcome::Partial, true), "{run:?}");
    let (created, ..) = tally(&run, Side::Google);
    assert!(created > 0 && created < 450, "{run:?}");
    assert_eq!(run.waiting, 450 - created, "what waits is counted");
    assert_eq!(run.last_synced_at, None, "it does not look fresh");
    assert!(run.message.is_some_and(|said| said.starts_with("You stopped the run")));
    assert_eq!(rig.cards(Side::Google).len(), created as usize, "nothing is lost or half done");
    rig.later(LAG);
    let run = done(rig.sync().await);
    assert_eq!((tally(&run, Side::Google), run.waiting), ((450 - created, 0, 0), 0), "{run:?}");
    rig.settle().await;
    rig.agree(450);
}

#[tokio::test]
async fn a_run_that_is_stopped_while_it_reads_writes_nothing() {
    let rig = in_step(3, json!({})).await;
    rig.add(Side::Zoho, &person(7));
    rig.later(LAG);
    rig.control.clear_requests();
    let before = rig.engine().syncs().expect("the syncs");
    let mut events = rig.engine().events();
    let stop = async {
        while let Ok(event) = events.recv().await {
            if let Event::Progress(progress) = event
                && progress.phase == Phase::Reading
            {
                return rig.engine().stop();
            }
        }
    };
    let (runs, ()) = tokio::join!(rig.engine().sync(Some(Module::Contacts), false), stop);
    let run = runs.expect("it ends").runs.into_iter().next().expect("one run");
    assert_eq!((run.outcome, run.stopped, wrote(&run)), (Outcome::Partial, true, 0), "{run:?}");
    assert!(run.message.is_some_and(|said| said.contains("while it was reading")));
    let after = rig.engine().syncs().expect("the syncs");
    let fresh = |syncs: &[Sync]| syncs.first().and_then(|sync| sync.last_synced_at.clone());
    assert_eq!(fresh(&after), fresh(&before), "it does not look fresh");
    assert_eq!(after.first().map(|sync| sync.state), Some(SyncState::Waiting), "nor in step");
    let run = done(rig.sync().await);
    assert_eq!(tally(&run, Side::Google), (1, 0, 0), "the next run does it all: {run:?}");
    rig.settle().await;
    rig.agree(4);
}

#[tokio::test]
async fn a_plan_asks_what_becomes_of_those_outside_a_narrower_scope() {
    let outside = Some("does not have the Google label");
    for (choice, stays) in [("leave", outside), ("unlink", Some("unlinked")), ("remove", None)] {
        let rig = in_step(3, json!({})).await;
        rig.contacts(json!({"google_label": "CRM"})).await;
        rig.control.clear_requests();
        let shown = preview(&rig).await;
        assert!(shown.held.is_some() && shown.message.is_some(), "{choice}: it waits: {shown:?}");
        for side in Side::BOTH {
            assert_eq!(rig.writes(side), Vec::<String>::new(), "{choice}: nothing is written");
        }
        let outside = shown.outside.expect("whom it is about");
        assert_eq!(outside.len(), 3, "{choice}: {outside:?}");
        for one in &outside {
            let known = rig.engine().contact(&one.contact).expect("it is known").contact;
            assert_eq!((&known.name, one.side), (&one.name, Side::Google), "{choice}: {known:?}");
            let number = one.name.strip_prefix("Given").and_then(|rest| rest.chars().next());
            let phone = format!("+1 212 555 100{}", number.expect("a number"));
            let told = [known.emails.clone(), vec![phone]].concat();
            assert_eq!(one.details, told, "{choice}: what tells them apart is told");
        }
        rig.decide(ReviewKind::Scope, choice);
        let shown = preview(&rig).await;
        let deletes = shown.operations.unwrap_or_default();
        assert!(deletes.iter().all(|one| one.details.len() == 2), "{choice}: {deletes:?}");
        let deletes = deletes.len();
        assert_eq!(deletes, if choice == "remove" { 3 } else { 0 }, "{choice}");
        let run = rig.approve().await;
        assert_eq!(run.outcome, Outcome::Completed, "{choice}: {run:?}");
        assert_eq!(rig.review(), Vec::new(), "{choice}: it is answered");
        let left = rig.cards(Side::Zoho).len();
        assert_eq!(left, if choice == "remove" { 0 } else { 3 }, "{choice}");
        let syncs = rig.engine().syncs().expect("the syncs");
        let now = syncs.first().map(|sync| sync.linked);
        assert_eq!(now, Some(0), "{choice}: nobody is called in step");
        for one in rig.listed("a.test") {
            let paired = stays.is_none_or(|why| one.reason.contains(why));
            assert!(paired, "{choice}: {one:?}");
        }
    }
}

#[tokio::test]
async fn what_was_said_about_one_scope_says_nothing_about_another() {
    let rig = in_step(3, json!({})).await;
    rig.contacts(json!({"google_label": "CRM"})).await;
    preview(&rig).await;
    rig.decide(ReviewKind::Scope, "remove");
    rig.contacts(json!({"google_label": "VIP"})).await;
    let shown = preview(&rig).await;
    assert_eq!(shown.operations.map(|all| all.len()), Some(0), "nobody is removed unasked");
    assert!(shown.held.is_some(), "it is asked anew");
    rig.contacts(json!({})).await;
    assert_eq!(rig.review(), Vec::new(), "with everybody inside there is nothing to ask");
    let run = rig.approve().await;
    assert_eq!((run.outcome, wrote(&run)), (Outcome::Completed, 0), "{run:?}");
    rig.agree(3);
}

#[tokio::test]
async fn an_approval_of_any_plan_writes_what_it_showed() {
    let rig = in_step(2, json!({})).await;
    rig.add(Side::Zoho, &person(5));
    assert_eq!(preview(&rig).await.operations.map(|all| all.len()), Some(1));
    rig.add(Side::Zoho, &person(6));
    let run = rig.approve().await;
    assert_eq!((tally(&run, Side::Google), run.waiting), ((1, 0, 0), 1), "{run:?}");
    rig.settle().await;
    rig.agree(4);
}
