//! People type while a run reads and writes: their edits are merged, never overwritten unseen.

use renraku_engine::api::Outcome;
use renraku_engine::core::contact::Side;
use serde_json::json;

use super::edits::in_step;
use super::rig::{Rig, at, done, tally};

fn write_method(side: Side) -> &'static str {
    if side == Side::Zoho { "PUT" } else { "POST" }
}

#[tokio::test]
async fn an_edit_between_reading_and_writing_is_merged_and_not_overwritten() {
    for side in Side::BOTH {
        let rig = in_step(3, json!({})).await;
        let here = rig.find(side, "Email", "p0@a.test");
        let there = rig.find(side.other(), "Email", "p0@a.test");
        rig.edit(side.other(), &there, "Title", Some("Chief"));
        // The person's hand is quicker than the run's write.
        let hand = rig.edit_act(side, &here, "Description", Some("Typed meanwhile"));
        rig.tick();
        rig.fault(json!({"side": at(side), "method": write_method(side), "nth": 1, "times": 1,
                   "do": {"human_before": [hand]}}));
        let run = rig.synced().await;
        assert_eq!(run.outcome, Outcome::Completed, "{run:?}");
        let both = [("Title", "Chief"), ("Description", "Typed meanwhile")];
        for (field, value) in both {
            assert_eq!(rig.value(side, &here, field).as_deref(), Some(value), "in {}", side.name());
        }
        rig.settle().await;
        rig.agree(3);
    }
}

#[tokio::test]
async fn an_edit_right_after_our_write_is_an_edit() {
    for side in Side::BOTH {
        // Whether Google's lists trail the writes, ours and the person's.
        for lag in [0, 300_000_u32] {
            let rig = in_step(2, json!({})).await;
            rig.control.set_switches(|switches| switches.google.write_lag_ms = lag.into());
            let here = rig.find(side, "Email", "p0@a.test");
            let there = rig.find(side.other(), "Email", "p0@a.test");
            rig.edit(side.other(), &there, "Title", Some("Chief"));
            rig.later(std::time::Duration::from_millis(lag.into()));
            let hand = rig.edit_act(side, &here, "Title", Some("Boss"));
            rig.fault(json!({"side": at(side), "method": write_method(side), "nth": 1, "times": 1,
                       "do": {"human_after": [hand]}}));
            rig.synced().await;
            // While the lists trail, neither our write nor the edit is taken back.
            rig.synced().await;
            let what = format!("edited in {} after our write, lag {lag}", side.name());
            assert_eq!(rig.value(side, &here, "Title").as_deref(), Some("Boss"), "{what}");
            rig.settle().await;
            rig.agree(2);
            let value = rig.value(side.other(), &there, "Title");
            assert_eq!(value.as_deref(), Some("Boss"), "{what}");
        }
    }
}

#[tokio::test]
async fn a_contact_that_is_edited_before_it_is_deleted_is_not_deleted() {
    for gone in Side::BOTH {
        let left = gone.other();
        let rig = in_step(3, json!({"on_delete": "delete"})).await;
        let other = rig.find(left, "Email", "p1@a.test");
        rig.delete(gone, &rig.find(gone, "Email", "p1@a.test"));
        rig.later(super::rig::LAG);
        // Whether the loss may be a merge is found out once, by the first reading after it.
        rig.engine().preview(None).await.expect("a preview");
        // The last read of a run is the look before the deletion.
        rig.control.clear_requests();
        rig.engine().preview(None).await.expect("a preview");
        let reads = rig.calls().len();
        let hand = rig.edit_act(left, &other, "Title", Some("Still wanted"));
        rig.fault(json!({"nth": reads + 1, "times": 1, "do": {"human_before": [hand]}}));
        let run = done(rig.sync().await);
        assert_eq!(tally(&run, left), (0, 0, 0), "edited at the last moment: {run:?}");
        assert_eq!(rig.value(left, &other, "Title").as_deref(), Some("Still wanted"));
        rig.settle().await;
        assert_eq!(rig.review().len(), 1, "a question: {:?}", rig.review());
    }
}

/// Many records, so that Zoho is read in more than one page; the first and the last of them.
async fn many() -> (Rig, String, String) {
    const MANY: usize = 230;
    let rig = in_step(MANY, json!({"conflict_winner": "zoho"})).await;
    for (zoho, _) in rig.everybody(Side::Zoho) {
        rig.edit(Side::Zoho, &zoho, "Description", Some("A note"));
    }
    let end = |number: usize| rig.find(Side::Zoho, "Email", &format!("p{number}@a.test"));
    let (first, last) = (end(0), end(MANY - 1));
    (rig, first, last)
}

/// While the second page of Zoho is read, somebody edits a record of the first page, and later one
/// that is still to come.
fn edited_behind_the_read(rig: &Rig, first: &str, last: &str) {
    let hand = rig.edit_act(Side::Zoho, first, "Title", Some("Typed behind the read"));
    let minute =
        renraku_core::timestamp::Timestamp::from_microsecond(rig.control.now() + 60_000_000)
            .expect("a time");
    let touch = json!({"op": "touch", "module": "Contacts", "records": [last],
                       "at": minute.utc().format("%Y-%m-%dT%H:%M:%S+00:00").to_string()});
    rig.fault(json!({"side": "zoho", "path": "*/coql", "nth": 2, "times": 1,
                     "do": {"human_before": [hand, touch]}}));
}

#[tokio::test]
async fn an_edit_behind_a_read_of_many_pages_is_seen_by_the_next_read() {
    let (rig, first, last) = many().await;
    edited_behind_the_read(&rig, &first, &last);
    rig.synced().await;
    rig.control.clear_rules();
    rig.settle().await;
    rig.agree(230);
    let google = rig.find(Side::Google, "Email", "p0@a.test");
    let title = rig.value(Side::Google, &google, "Title");
    assert_eq!(title.as_deref(), Some("Typed behind the read"));
}

#[tokio::test]
async fn an_edit_behind_a_read_of_many_pages_is_not_overwritten_by_this_run() {
    let (rig, first, last) = many().await;
    for number in [0, 229] {
        let google = rig.find(Side::Google, "Email", &format!("p{number}@a.test"));
        rig.edit(Side::Google, &google, "Title", Some("From Google"));
    }
    edited_behind_the_read(&rig, &first, &last);
    let run = rig.synced().await;
    let title = |id: &str| rig.value(Side::Zoho, id, "Title");
    assert_eq!(title(&first).as_deref(), Some("Typed behind the read"), "{run:?}");
    assert_eq!(title(&last).as_deref(), Some("From Google"), "the others are written");
    rig.settle().await;
    rig.agree(230);
}

#[tokio::test]
async fn a_full_list_that_breaks_off_begins_again_once() {
    use renraku_sandbox::People;
    let people = People::Generated { count: 1100, shared: 0, seed: 1 };
    for (refusals, ends_well) in [(1, true), (2, false)] {
        let rig = Rig::with(people.clone()).await;
        rig.contacts(json!({"direction": "zoho_to_google"})).await;
        // The second page of each list.
        rig.fault(json!({"side": "google", "path": "/v1/people/me/connections*", "every": 2,
                         "times": refusals, "do": {"answer": {"status": 400, "json": {"error": {
                         "code": 400, "status": "INVALID_ARGUMENT", "message": "No."}}}}}));
        let run = rig.engine().preview(None).await.expect("it begins").runs;
        let run = run.first().expect("one");
        assert_eq!(run.outcome != Outcome::Failed, ends_well, "{:?}", run.message);
        if !ends_well {
            let said = run.message.clone().unwrap_or_default();
            assert!(said.contains("Nothing was lost"), "it says so: {said}");
        }
    }
}

#[tokio::test]
async fn a_page_without_a_body_is_not_the_end_of_a_list() {
    let (rig, _, last) = many().await;
    rig.edit(Side::Zoho, &last, "Title", Some("On the second page"));
    let nothing = json!({"answer": {"status": 200}});
    rig.fault(json!({"side": "zoho", "path": "*/coql", "nth": 2, "times": 1, "do": nothing}));
    let run = rig.approve().await;
    assert_eq!(run.outcome, Outcome::Failed, "{run:?}");
    rig.control.clear_rules();
    rig.settle().await;
    rig.agree(230);
}
