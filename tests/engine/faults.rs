//! The network loses answers, repeats requests and refuses some: nobody is doubled, nothing is lost.

use renraku_engine::api::{Event, Outcome, ReviewKind, SyncState};
use renraku_engine::core::contact::Side;
use serde_json::{Value, json};

use super::edits::in_step;
use super::people::{card, person};
use super::rig::{LAG, Rig, at, done, wrote};
use super::state::still;

/// Changes of every kind on both sides.
fn stir(rig: &Rig) {
    for number in [20, 21] {
        rig.add(Side::Zoho, &person(number));
        rig.add(Side::Google, &person(number + 10));
    }
    for side in Side::BOTH {
        let number = if side == Side::Zoho { 0 } else { 1 };
        let id = rig.find(side, "Email", &format!("p{number}@a.test"));
        rig.edit(side, &id, "Title", Some("Chief"));
        rig.delete(side, &rig.find(side, "Email", &format!("p{}@a.test", number + 2)));
    }
}

/// What the stirred world comes to without any fault.
async fn undisturbed() -> [Vec<String>; 2] {
    let rig = in_step(6, json!({"on_delete": "delete"})).await;
    stir(&rig);
    rig.settle().await;
    rig.agree(8);
    Side::BOTH.map(|side| still(&rig.control, side))
}

#[tokio::test]
async fn a_write_whose_answer_is_lost_or_that_is_done_twice_doubles_nobody() {
    let expected = undisturbed().await;
    for side in Side::BOTH {
        for fault in ["drop_after", "drop_before", "truncate", "duplicate"] {
            for call in 1..=5_u64 {
                let what = format!("{fault} at write {call} to {}", side.name());
                let rig = in_step(6, json!({"on_delete": "delete"})).await;
                stir(&rig);
                // Every method but GET; Zoho's queries are among them.
                let rules: &[&str] =
                    if side == Side::Zoho { &["POST", "PUT", "DELETE"] } else { &["POST"] };
                for method in rules {
                    rig.fault(
                        json!({"side": at(side), "method": method, "nth": call, "do": fault}),
                    );
                }
                rig.later(LAG);
                rig.approve().await;
                rig.control.clear_rules();
                rig.settle().await;
                let found = Side::BOTH.map(|side| still(&rig.control, side));
                if fault == "duplicate" {
                    // The second copy stands there; it is nobody's counterpart and is not copied.
                    for (found, expected) in found.iter().zip(&expected) {
                        let mut unique = found.clone();
                        unique.dedup();
                        assert_eq!(&unique, expected, "{what}");
                    }
                } else {
                    assert_eq!(found, expected, "{what}");
                }
            }
        }
    }
}

#[tokio::test]
async fn gateways_and_limits_in_between_change_nothing_at_the_end() {
    let expected = undisturbed().await;
    for (what, action) in [
        (
            "a gateway's page after the effect",
            json!({"answer_after": {"status": 502, "html": "<h1>Bad</h1>"}}),
        ),
        ("a gateway's page instead", json!({"answer": {"status": 503, "html": "<h1>Busy</h1>"}})),
        (
            "an internal error after the effect",
            json!({"answer_after": {"status": 500, "json": {}}}),
        ),
        (
            "a success page that is none",
            json!({"answer": {"status": 200, "html": "<h1>Hello</h1>"}}),
        ),
        ("too many", json!({"too_many": 0})),
    ] {
        for every in [2, 3, 5] {
            let rig = in_step(6, json!({"on_delete": "delete"})).await;
            stir(&rig);
            rig.fault(json!({"every": every, "times": 4, "do": action}));
            rig.later(LAG);
            rig.approve().await;
            rig.control.clear_rules();
            rig.settle().await;
            let found = Side::BOTH.map(|side| still(&rig.control, side));
            assert_eq!(found, expected, "{what}, every {every}");
        }
    }
}

#[tokio::test]
async fn a_clock_that_is_set_back_does_not_hold_a_create_of_unknown_outcome_for_ever() {
    let rig = in_step(0, json!({})).await;
    rig.add(Side::Zoho, &card(&[("Last_Name", "Byron"), ("Email", "ada@a.test")]));
    rig.fault(json!({"side": "google", "method": "POST", "times": 1, "do": "drop_before"}));
    let run = rig.approve().await;
    assert!(run.waiting > 0, "its outcome is not known: {run:?}");
    rig.control.clear_rules();
    let day = json!({"advance_s": -86_400});
    rig.control.call("POST", "clock", day).expect("the clock is set back");
    let run = rig.sync().await;
    assert_eq!((wrote(&run), run.waiting > 0), (0, true), "it waits as if just sent: {run:?}");
    rig.later(LAG);
    let run = rig.sync().await;
    assert_eq!((wrote(&run), run.waiting), (1, 0), "then it is sent once more: {run:?}");
    rig.settle().await;
    rig.agree(1);
}

#[tokio::test]
async fn a_run_that_heard_of_no_write_failed_and_looks_no_fresher() {
    let rig = in_step(2, json!({})).await;
    rig.later(LAG);
    for (number, side) in Side::BOTH.into_iter().enumerate() {
        let id = rig.find(side, "Email", &format!("p{number}@a.test"));
        rig.edit(side, &id, "Title", Some("Chief"));
    }
    let fresh = |rig: &Rig| rig.engine().syncs().expect("the syncs")[0].last_synced_at.clone();
    let before = fresh(&rig);
    for (side, method) in [("zoho", "PUT"), ("google", "POST")] {
        rig.fault(json!({"side": side, "method": method, "do": "drop_before"}));
    }
    let run = rig.approve().await;
    assert_eq!(run.outcome, Outcome::Failed, "{run:?}");
    assert!(run.message.is_some_and(|said| said.contains("lost")), "and says why");
    assert_eq!(fresh(&rig), before, "it never looks fresh");
    rig.control.clear_rules();
    rig.settle().await;
    rig.agree(2);
}

#[tokio::test]
async fn one_bad_contact_does_not_stop_the_others() {
    // Zoho refuses one record of a batch: a field that takes fewer characters than it says.
    let rig = Rig::new().await;
    for number in 0..40 {
        rig.add(Side::Google, &person(number));
    }
    rig.add(
        Side::Google,
        &card(&[("Last_Name", "Bad"), ("Email", "bad@a.test"), ("Title", &"x".repeat(300))]),
    );
    rig.contacts(json!({})).await;
    let run = done(rig.approve().await);
    assert_eq!(run.zoho.created, 40, "the good ones are there: {run:?}");
    assert_eq!(run.review, 1, "the bad one is asked about: {run:?}");
    let item = rig.review().into_iter().next().expect("an item");
    assert_eq!(
        (item.kind, item.field.as_deref()),
        (ReviewKind::Invalid, Some("Title")),
        "{item:?}"
    );
    rig.settle().await;
    let google = rig.find(Side::Google, "Email", "bad@a.test");
    rig.edit(Side::Google, &google, "Title", Some("Short"));
    rig.settle().await;
    rig.agree(41);
    assert_eq!(rig.review(), Vec::new(), "mended, and no longer asked");
}

#[tokio::test]
async fn a_record_that_zoho_refuses_is_asked_about_alone() {
    let rig = in_step(5, json!({})).await;
    let locked = rig.find(Side::Zoho, "Email", "p0@a.test");
    rig.act(
        Side::Zoho,
        json!({"op": "state", "module": "Contacts", "record": locked, "locked": true}),
    );
    for number in 0..5 {
        let id = rig.find(Side::Google, "Email", &format!("p{number}@a.test"));
        rig.edit(Side::Google, &id, "Title", Some("Chief"));
    }
    let run = done(rig.approve().await);
    assert_eq!(run.zoho.updated, 4, "the others are written: {run:?}");
    rig.act(
        Side::Zoho,
        json!({"op": "state", "module": "Contacts", "record": locked, "locked": false}),
    );
    for item in rig.review() {
        rig.engine().resolve(&[&item.item], "retry").expect("it can be tried again");
    }
    rig.settle().await;
    rig.agree(5);
}

#[tokio::test]
async fn a_field_that_flips_is_frozen() {
    let rig = in_step(1, json!({})).await;
    let zoho = rig.find(Side::Zoho, "Email", "p0@a.test");
    let google = rig.find(Side::Google, "Email", "p0@a.test");
    let writes = rig.flip(&zoho).await;
    assert!(writes <= 5, "it stops: {writes} writes");
    let frozen: Vec<_> =
        rig.review().into_iter().filter(|i| i.kind == ReviewKind::Frozen).collect();
    assert_eq!(frozen.len(), 1, "and asks: {frozen:?}");
    rig.edit(Side::Zoho, &zoho, "Mobile", Some("+1 212 555 4321"));
    rig.settle().await;
    let mobile = rig.value(Side::Google, &google, "Mobile");
    assert_eq!(mobile.as_deref(), Some("+1 212 555 4321"), "other fields go on");
    rig.decide(ReviewKind::Frozen, "retry");
    rig.edit(Side::Zoho, &zoho, "Title", Some("Thawed"));
    rig.settle().await;
    assert_eq!(rig.value(Side::Google, &google, "Title").as_deref(), Some("Thawed"), "thawed");
    assert_eq!(rig.review(), Vec::new(), "and nothing is asked any more");
}

impl Rig {
    /// An automation puts a title back, again and again, and the person too; how often a run wrote.
    pub(crate) async fn flip(&self, zoho: &str) -> u32 {
        let mut writes = 0;
        for turn in 0..12 {
            let title = if turn % 2 == 0 { "Chief" } else { "Boss" };
            self.edit(Side::Zoho, zoho, "Title", Some(title));
            self.later(LAG);
            writes += wrote(&self.synced().await);
        }
        writes
    }
}

#[tokio::test]
async fn what_is_not_mapped_stays_byte_for_byte() {
    let rig = Rig::new().await;
    let mut rich: Value = json!({
        "names": [{"givenName": "Ada", "familyName": "Byron", "middleName": "K.", "phoneticGivenName": "エイダ"}],
        "nicknames": [{"value": "Addie"}],
        "emailAddresses": [
            {"value": "private@a.test", "type": "Hockey team"},
            {"value": "ada@a.test", "type": "work", "displayName": "Ada at work"},
            {"value": "second@a.test", "type": "work"}],
        "phoneNumbers": [{"value": "+1 212 555 0001", "type": "work"}, {"value": "+1 212 555 0002", "type": "Boat"}],
        "addresses": [{"type": "other", "streetAddress": "1 Side St", "city": "Elsewhere"}],
        "relations": [{"person": "Charles", "type": "friend"}],
        "events": [{"date": {"year": 2020, "month": 2, "day": 3}, "type": "anniversary"}],
        "userDefined": [{"key": "Shoe size", "value": "38"}],
        "urls": [{"value": "https://a.test", "type": "blog"}]});
    let fields = rich.take();
    let made = rig.act(
        Side::Google,
        json!({"op": "create", "fields": fields, "labels": ["Friends", "starred"]}),
    );
    let google = super::people::id(&made);
    rig.contacts(json!({})).await;
    rig.settle().await;
    let zoho = rig.find(Side::Zoho, "Email", "ada@a.test");
    rig.act(
        Side::Zoho,
        json!({"op": "edit", "module": "Contacts", "record": zoho,
               "fields": {"Assistant": "Grace", "Skype_ID": "grace.s"}}),
    );
    let before = |rig: &Rig| {
        let mut google = rig.raw(Side::Google, &google).expect("the person");
        let mut zoho = rig.raw(Side::Zoho, &zoho).expect("the record");
        for contact in [&mut google, &mut zoho] {
            let contact = contact.as_object_mut().expect("an object");
            // What is mapped and edited below, and what every write changes.
            contact.retain(|key, _| {
                ![
                    "etag",
                    "metadata",
                    "organizations",
                    "clientData",
                    "Title",
                    "Modified_Time",
                    "Last_Activity_Time",
                    "Modified_By",
                    "Phone",
                ]
                .contains(&key.as_str())
            });
            if let Some(items) = contact.get_mut("phoneNumbers").and_then(Value::as_array_mut) {
                items.retain(|item| item.get("type").is_none_or(|kind| kind != "work"));
            }
        }
        (google, zoho)
    };
    let was = before(&rig);
    rig.edit(Side::Zoho, &zoho, "Title", Some("Countess"));
    rig.edit(Side::Zoho, &zoho, "Phone", Some("+1 212 555 0009"));
    rig.settle().await;
    rig.edit(Side::Google, &google, "Title", Some("Analyst"));
    rig.settle().await;
    assert_eq!(rig.value(Side::Google, &google, "Phone").as_deref(), Some("+1 212 555 0009"));
    assert_eq!(rig.value(Side::Zoho, &zoho, "Title").as_deref(), Some("Analyst"));
    assert_eq!(before(&rig), was, "everything else is as it was (P5)");
}

#[tokio::test]
async fn lists_that_lag_behind_our_writes_are_not_believed() {
    let rig = Rig::new().await;
    rig.control.set_switches(|switches| switches.google.write_lag_ms = 300_000);
    for number in 0..3 {
        rig.add(Side::Zoho, &person(number));
    }
    rig.contacts(json!({"on_delete": "delete"})).await;
    for _ in 0..6 {
        rig.synced().await;
        rig.control.call("POST", "expire", json!({"what": "google_sync_tokens"})).expect("expired");
        let zoho = rig.find(Side::Zoho, "Email", "p0@a.test");
        let minute = std::time::Duration::from_secs(60);
        rig.later(minute);
        rig.edit(Side::Zoho, &zoho, "Title", Some(&format!("At {}", rig.control.now())));
    }
    rig.settle().await;
    rig.agree(3);
}

#[tokio::test]
async fn a_first_run_that_was_cut_off_says_so_and_goes_on_by_itself() {
    let mut rig = Rig::new().await;
    for name in ["Ada", "Ben"] {
        rig.add(Side::Zoho, &card(&[("Last_Name", name)]));
    }
    rig.contacts(json!({})).await;
    let write = "/v1/people:batchCreate*";
    rig.fault(
        json!({"side": "google", "method": "POST", "path": write, "do": {"human_after": []}}),
    );
    {
        let run = std::pin::pin!(rig.approve());
        assert_eq!(rig.until_struck(run).await, None, "it is cut off in the middle of its write");
    }
    let outcomes = |rig: &Rig| {
        let runs = rig.engine().history().expect("the history is read").runs;
        runs.iter().map(|run| run.outcome).collect::<Vec<_>>()
    };
    assert_eq!(outcomes(&rig), [], "what is under way is not told as over");
    rig.control.clear_rules();
    rig.reopen();

    let look = |rig: &Rig| {
        let syncs = rig.engine().syncs().expect("the syncs are read");
        let [sync] = syncs.as_slice() else { panic!("one sync: {syncs:?}") };
        (sync.state, sync.next_run_at.clone())
    };
    let (state, next) = look(&rig);
    assert_eq!(state, SyncState::Failed, "never fresher than it is");
    assert_eq!(outcomes(&rig), [Outcome::Failed]);
    let next: renraku_core::timestamp::Timestamp =
        next.expect("it runs again").parse().expect("a time");
    assert!(next.as_microsecond() <= rig.control.now(), "at once: {next}");

    let mut events = rig.engine().events();
    let _timer = rig.engine().start_timer();
    let run = loop {
        if let Event::Finished(run) = events.recv().await.expect("the engine tells") {
            break run;
        }
    };
    assert_ne!(run.outcome, Outcome::Failed, "the timer has taken it up: {run:?}");
    rig.settle().await;
    rig.agree(2);
}

#[tokio::test]
async fn whom_a_list_without_an_end_told_of_is_neither_kept_nor_asked_about() {
    let rig = in_step(2, json!({})).await;
    let nobody = |number: u32| {
        json!({"resourceName": format!("people/c90000{number}"), "etag": "e",
            "metadata": {"sources": [{"type": "CONTACT", "updateTime": "2026-11-22T10:00:00Z"}]},
            "names": [{"familyName": format!("Nobody{number}"), "metadata": {"primary": true}}]})
    };
    let page = json!({"connections": [nobody(1), nobody(2)], "nextPageToken": "P"});
    let answer = json!({"answer": {"status": 200, "json": page}});
    let rule = json!({"side": "google", "path": "*connections*", "do": answer});
    let fault = rig.fault(rule);
    let failed = rig.sync().await;
    assert_eq!(failed.outcome, Outcome::Failed, "{failed:?}");
    assert!(failed.message.is_some_and(|said| said.contains("without an end")), "it is said");
    rig.over(fault);
    rig.control.clear_requests();
    rig.settle().await;
    rig.agree(2);
    let asked = rig.control.requests();
    let looks = asked.iter().filter(|entry| entry.path.contains("batchGet")).count();
    assert_eq!(looks, 0, "nobody is looked for who never was");
}

#[tokio::test]
async fn parts_that_are_nested_without_an_end_are_called_so() {
    for (side, path, of) in [
        (Side::Google, "/v1/people/me/connections", "{\"connections\": ["),
        (Side::Zoho, "/crm/v8/coql", "{\"data\": ["),
    ] {
        let rig = in_step(2, json!({})).await;
        let (open, shut) = ("[".repeat(200_000), "]".repeat(200_000));
        let deep = json!({"status": 200, "html": format!("{of}{open}{shut}]}}")});
        rig.edit(side, &rig.find(side, "Email", "p0@a.test"), "Title", Some("New"));
        let fault = rig.fault(json!({"side": side.name(), "path": path, "do": {"answer": deep}}));
        let run = rig.sync().await;
        let said = run.message.clone().unwrap_or_default();
        assert!(said.contains("nested without an end"), "{}: {run:?}", side.name());
        rig.over(fault);
        rig.settle().await;
        rig.agree(2);
    }
}
