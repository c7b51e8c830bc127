//! What the services' pages leave open: a whole life goes well under either reading of each question.

use renraku_engine::api::{Outcome, ReviewKind};
use renraku_engine::core::contact::Side;
use renraku_sandbox::{
    AutoApprove, LogEntry, LongText, People, Quotas, Switches, Traffic, open_points,
};
use serde_json::{Value, json};

use super::edits::in_step;
use super::people::{card, person};
use super::rig::{LAG, Rig, done, wrote};

/// The first sync through a view and a label, an edit each way and one that crosses another, a record
/// that Zoho refuses, deletions of which one is gone already, ended tokens: and every run that follows
/// has nothing to do. The calls and their answers.
async fn life(what: &str, patch: Value) -> Vec<LogEntry> {
    let rig = Rig::under(People::Empty, patch).await;
    let all = json!({"op": "view", "module": "Contacts", "name": "All of us", "condition": "Last_Name is not null"});
    rig.act(Side::Zoho, all);
    for number in 0..8 {
        rig.add(Side::Zoho, &person(number));
    }
    for number in 6..12 {
        rig.add_with(Side::Google, &person(number), &["Ours"]);
    }
    let company = |number: usize, name: &str| {
        let contact = format!("p{number}@a.test");
        let fields = json!({"organizations": [{"name": name}]});
        json!({"op": "edit", "contact": contact, "fields": fields})
    };
    rig.act(Side::Google, company(10, "O'Neil \\ Sons"));
    // Two of a kind in Google, of which one is on the card.
    let phones = json!({"phoneNumbers": [{"value": "03-1", "type": "work"},
        {"value": "03-2", "type": "work"}, {"value": "090-3", "type": "mobile"}]});
    rig.act(Side::Google, json!({"op": "edit", "contact": "p9@a.test", "fields": phones}));
    let known =
        json!({"op": "create", "module": "Accounts", "fields": {"Account_Name": "Known Ltd"}});
    rig.act(Side::Zoho, known);
    rig.act(Side::Google, company(11, "Known Ltd"));
    rig.contacts(json!({"google_label": "Ours", "zoho_view": "All of us", "on_delete": "delete"}))
        .await;
    rig.synced().await;
    rig.settle().await;
    rig.agree(12);
    assert_eq!(rig.review(), Vec::new(), "{what}: nothing is asked");
    assert_eq!(rig.members("Ours").len(), 12, "{what}: everybody is in the label");

    let find = |side: Side, number: usize| rig.find(side, "Email", &format!("p{number}@a.test"));
    rig.edit(Side::Google, &find(Side::Google, 0), "Title", Some("From Google"));
    rig.edit(Side::Zoho, &find(Side::Zoho, 1), "Title", Some("From Zoho"));
    let run = rig.synced().await;
    assert_eq!(wrote(&run), 2, "{what}: {run:?}");
    // Its name in Google is another one from now on.
    rig.act(Side::Google, json!({"op": "rename", "contact": find(Side::Google, 9)}));
    rig.edit(Side::Zoho, &find(Side::Zoho, 9), "Title", Some("Renamed"));
    rig.settle().await;
    rig.agree(12);
    // Of two in one batch, one is edited by a hand at the last moment.
    for (side, method, path) in [
        (Side::Zoho, "PUT", "/crm/v8/Contacts"),
        (Side::Google, "POST", "/v1/people:batchUpdateContacts"),
    ] {
        let hand = rig.edit_act(side, &find(side, 2), "Description", Some("By hand"));
        for number in [2, 3] {
            let other = find(side.other(), number);
            rig.edit(side.other(), &other, "Title", Some(&format!("Before {}", side.name())));
        }
        let fault = rig
            .fault(json!({"side": side.name(), "method": method, "path": path, "times": 1,
            "do": {"human_before": [hand]}}));
        rig.settle().await;
        rig.over(fault);
        rig.agree(12);
        let title = rig.value(side, &find(side, 2), "Title");
        assert_eq!(title, Some(format!("Before {}", side.name())), "{what}");
    }
    // Alone in its call, and refused.
    let locked =
        json!({"op": "state", "module": "Contacts", "record": find(Side::Zoho, 4), "locked": true});
    rig.act(Side::Zoho, locked);
    rig.edit(Side::Google, &find(Side::Google, 4), "Title", Some("Refused"));
    assert_eq!(wrote(&done(rig.approve().await)), 0, "{what}: the record is locked");
    let [asked] = &rig.review()[..] else { panic!("{what}: {:?}", rig.review()) };
    assert_eq!(asked.kind, ReviewKind::Invalid, "{what}");
    let free = json!({"op": "state", "module": "Contacts", "record": find(Side::Zoho, 4), "locked": false});
    rig.act(Side::Zoho, free);
    rig.settle().await;
    rig.agree(12);

    for end in ["google_access", "zoho_access", "google_sync_tokens"] {
        rig.control.call("POST", "expire", json!({"what": end})).expect("it has ended");
    }
    let gone = json!({"op": "delete", "contact": find(Side::Google, 5)});
    rig.fault(json!({"side": "google", "path": "/v1/people:batchDeleteContacts", "times": 1,
        "do": {"human_before": [gone]}}));
    for number in [5, 6] {
        rig.delete(Side::Zoho, &find(Side::Zoho, number));
    }
    rig.delete(Side::Google, &find(Side::Google, 8));
    rig.settle().await;
    rig.agree(9);
    assert_eq!(rig.review(), Vec::new(), "{what}: nothing is left to ask");
    // More than a week without a full list.
    for day in 0..9 {
        rig.later(LAG * 130);
        rig.edit(Side::Zoho, &find(Side::Zoho, 1), "Title", Some(&format!("Day {day}")));
        assert_eq!(rig.synced().await.outcome, Outcome::Completed, "{what}: day {day}");
    }
    rig.settle().await;
    rig.agree(9);
    let log = rig.control.requests();
    log.into_iter().filter(|entry| entry.traffic == Traffic::Api && entry.status != 0).collect()
}

/// Every reading of the open points of one service: all the first ones in one life, for they are the
/// defaults, and each of the others in its own.
async fn lives(service: &str) {
    let contracts = crate::contract::Contracts::open();
    let mine = open_points().iter().filter(|point| point.switch.starts_with(service));
    for (place, point) in mine.enumerate() {
        let skipped = usize::from(place > 0);
        for reading in point.readings.iter().skip(skipped) {
            let what = format!("{} = {reading}", point.switch);
            let mut switches = point.under(reading);
            let switch = switches.as_object_mut().expect("switches by their names");
            let google = switch.entry("google").or_insert_with(|| json!({}));
            if let Some(google) = google.as_object_mut() {
                let lag = Switches::default().google.write_lag_ms;
                google.entry("write_lag_ms").or_insert(json!(lag));
            }
            switch.insert("log_answers".to_owned(), json!(true));
            let calls = life(&what, switches).await;
            if let Some(contracts) = &contracts {
                let faults = contracts.faults(&calls);
                assert!(faults.is_empty(), "{what}: {}", faults.join("\n"));
            }
        }
    }
}

#[tokio::test]
async fn a_whole_life_goes_well_under_either_reading_of_zohos_pages() {
    lives("zoho.").await;
}

#[tokio::test]
async fn a_whole_life_goes_well_under_either_reading_of_googles_pages() {
    lives("google.").await;
}

#[tokio::test]
async fn a_whole_life_goes_well_where_the_services_do_all_that_they_may() {
    let mut switches = Switches::strict();
    switches.google.auto_approve = AutoApprove::Allow;
    switches.zoho.auto_approve = AutoApprove::Allow;
    life("strict", json!(switches)).await;
}

#[tokio::test]
async fn what_is_over_googles_quota_of_a_minute_is_done_by_a_later_run() {
    let rig = in_step(3, json!({})).await;
    rig.control.set_switches(|switches| {
        // One batch of writes a minute.
        let strict = Switches::strict().google.quotas;
        switches.google.quotas = Quotas { critical_writes: Some(6), ..strict };
        switches.google.retry_after = Some(600);
    });
    rig.edit(Side::Zoho, &rig.find(Side::Zoho, "Email", "p0@a.test"), "Title", Some("Chief"));
    rig.add(Side::Zoho, &person(3));
    let run = rig.approve().await;
    assert_eq!(wrote(&run), 1, "the one or the other: {run:?}");
    let said = run.message.unwrap_or_default();
    assert!(said.contains("has asked Renraku to wait until"), "{said}");
    rig.settle().await;
    rig.agree(4);
}

#[test]
fn whoever_goes_down_the_list_of_the_first_hour_meets_every_open_point() {
    let page = include_str!("../../docs/real-accounts.md");
    for point in open_points() {
        assert!(page.contains(point.switch), "docs/real-accounts.md has no {}", point.switch);
    }
}

#[tokio::test]
async fn a_text_that_google_keeps_only_in_part_is_asked_about_and_never_cut_in_zoho() {
    let long = format!("{}. The end", "A long story ".repeat(100));
    for long_text in [LongText::Cut, LongText::Refused, LongText::Taken] {
        let what = format!("{long_text:?}");
        let rig = in_step(3, json!({"on_delete": "delete"})).await;
        rig.control.set_switches(|switches| switches.google.long_text = long_text);
        let mut new = person(3);
        new.insert("Description".to_owned(), long.clone());
        rig.add(Side::Zoho, &new);
        let find =
            |side: Side, number: usize| rig.find(side, "Email", &format!("p{number}@a.test"));
        rig.edit(Side::Zoho, &find(Side::Zoho, 0), "Description", Some(&long));
        rig.edit(Side::Zoho, &find(Side::Zoho, 0), "Title", Some("Chief"));
        rig.edit(Side::Zoho, &find(Side::Zoho, 1), "Title", Some("Other"));
        rig.settle().await;
        let story = |side: Side, number: usize| rig.value(side, &find(side, number), "Description");
        assert_eq!(story(Side::Zoho, 0).as_deref(), Some(&*long), "{what}: nobody cut it");
        assert_eq!(story(Side::Zoho, 3).as_deref(), Some(&*long), "{what}: nobody cut it");
        let title = |number: usize| rig.value(Side::Google, &find(Side::Google, number), "Title");
        assert_eq!(title(1).as_deref(), Some("Other"), "{what}: others go on");
        let open = rig.review();
        match long_text {
            LongText::Taken => {
                assert_eq!(open, Vec::new(), "{what}");
                rig.agree(4);
                continue;
            }
            LongText::Refused => {
                assert_eq!(open.len(), 2, "{what}: {open:?}");
                continue;
            }
            LongText::Cut => {}
        }
        assert_eq!(open.len(), 2, "{what}: {open:?}");
        for item in &open {
            assert_eq!(
                (item.kind, item.field.as_deref()),
                (ReviewKind::Invalid, Some("Description"))
            );
            assert!(
                item.reason.contains("1,024") || item.reason.contains("1024"),
                "{}",
                item.reason
            );
        }
        assert_eq!(title(0).as_deref(), Some("Chief"), "the rest of it was written");

        // Whatever else is edited later, what Google has left of the text is nobody's edit.
        for number in [0, 3] {
            rig.edit(Side::Google, &find(Side::Google, number), "Title", Some("Boss"));
        }
        rig.settle().await;
        for number in [0, 3] {
            assert_eq!(story(Side::Zoho, number).as_deref(), Some(&*long), "nobody cut it");
            let boss = rig.value(Side::Zoho, &find(Side::Zoho, number), "Title");
            assert_eq!(boss.as_deref(), Some("Boss"));
        }

        // A shorter text ends the question; what a person writes in Google is an edit as ever.
        rig.edit(Side::Zoho, &find(Side::Zoho, 0), "Description", Some("Short"));
        rig.edit(Side::Zoho, &find(Side::Zoho, 3), "Description", None);
        rig.settle().await;
        assert_eq!(rig.review(), Vec::new(), "the cause is gone");
        rig.edit(Side::Google, &find(Side::Google, 0), "Description", Some("From Google"));
        rig.settle().await;
        rig.agree(4);
    }
}

#[tokio::test]
async fn a_record_that_a_sync_puts_under_review_waits_for_its_person_and_nobody_else_does() {
    let rig = in_step(3, json!({})).await;
    rig.control.set_switches(|switches| switches.zoho.review_process = true);
    let find = |side: Side, number: usize| rig.find(side, "Email", &format!("p{number}@a.test"));
    let edit = |number: usize, title: &str| {
        rig.edit(Side::Google, &find(Side::Google, number), "Title", Some(title));
    };
    edit(0, "First");
    rig.settle().await;
    edit(0, "Second");
    edit(1, "Other");
    rig.settle().await;
    let title = |number: usize| rig.value(Side::Zoho, &find(Side::Zoho, number), "Title");
    assert_eq!(title(0).as_deref(), Some("First"), "it is under review");
    assert_eq!(title(1).as_deref(), Some("Other"), "the others go on");
    let open = rig.review();
    let [item] = open.as_slice() else { panic!("one question: {open:?}") };
    assert!(item.reason.contains("review"), "{}", item.reason);
    let reviewed = json!({"op": "state", "module": "Contacts", "record": find(Side::Zoho, 0), "waiting": "no"});
    rig.act(Side::Zoho, reviewed);
    rig.settle().await;
    assert_eq!(title(0).as_deref(), Some("Second"), "it is tried again by itself");
    assert_eq!(rig.review(), Vec::new());
}

#[tokio::test]
async fn a_card_without_long_texts_is_nobodys_question() {
    let rig = in_step(1, json!({})).await;
    let two = card(&[("Last_Name", "Family"), ("Description", &"x".repeat(1024))]);
    rig.add(Side::Zoho, &two);
    rig.settle().await;
    assert_eq!(rig.review(), Vec::new());
    rig.agree(2);
}
