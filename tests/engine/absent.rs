//! Absent is not empty: a field that Zoho no longer shows, or leaves out of an answer, is held on both
//! sides and said; nothing is cleared for it.

use renraku_engine::api::{ContactAction, ContactState, ReviewKind, SyncState};
use renraku_engine::core::contact::Side;
use serde_json::{Value, json};

use super::metadata::{field, titled};
use super::people::id;
use super::rig::{LAG, Rig, done, wrote};

/// The titles that stand in Google.
fn titles(rig: &Rig, ids: &[[String; 2]]) -> Vec<Option<String>> {
    ids.iter().map(|[_, google]| rig.value(Side::Google, google, "Title")).collect()
}

#[tokio::test]
async fn a_field_that_is_removed_or_hidden_clears_nothing_and_goes_on_once_it_is_back() {
    for strict in [false, true] {
        for (away, back) in [
            (json!({"visible": false}), json!({"visible": true})),
            (json!({"gone": true}), json!({"gone": false})),
        ] {
            let what = format!("{away}, strict {strict}");
            let (rig, ids) = titled(3, "zoho").await;
            rig.control.set_switches(|s| s.zoho.refuse_unknown_fields = strict);
            field(&rig, "Title", away);
            let kept = titles(&rig, &ids);
            // Every record changes; one person changes the very field in Google.
            for [zoho, _] in &ids {
                rig.edit(Side::Zoho, zoho, "Description", Some("Met in May"));
            }
            let run = done(rig.approve().await);
            let said = run.message.clone().unwrap_or_default();
            assert!(said.contains("Title") && said.contains("no longer shows"), "{what}: {said}");
            assert_eq!(run.google.updated, 3, "{what}: the other fields travel");
            assert_eq!(titles(&rig, &ids), kept, "{what}: nothing is cleared");
            rig.edit(Side::Google, &ids[0][1], "Title", Some("Head"));
            rig.edit(Side::Google, &ids[0][1], "Phone", Some("+1 212 555 7777"));
            let run = done(rig.approve().await);
            assert!(run.message.is_some(), "{what}: it is said each time");
            let phone = rig.value(Side::Zoho, &ids[0][0], "Phone");
            assert_eq!(phone.as_deref(), Some("+1 212 555 7777"), "{what}");
            rig.later(LAG);
            let run = done(rig.approve().await);
            assert_eq!((wrote(&run), run.waiting), (0, 1), "{what}: Google's edit waits: {run:?}");
            assert!(rig.review().is_empty(), "{what}");

            field(&rig, "Title", back);
            let run = done(rig.approve().await);
            assert_eq!(run.message, None, "{what}");
            rig.settle().await;
            let title = |n: usize| rig.value(Side::Zoho, &ids[n][0], "Title");
            assert_eq!(title(0).as_deref(), Some("Head"), "{what}: Google's edit was kept for it");
            assert_eq!(title(1).as_deref(), Some("Chief"), "{what}");
            rig.agree(3);
        }
    }
}

#[tokio::test]
async fn what_was_hidden_during_one_run_alone_is_read_again() {
    for away in ["visible", "gone"] {
        let (rig, ids) = titled(3, "zoho").await;
        field(&rig, "Title", json!({away: away == "gone"}));
        rig.edit(Side::Zoho, &ids[0][0], "Description", Some("Met in May"));
        done(rig.approve().await);
        field(&rig, "Title", json!({away: away != "gone"}));
        rig.settle().await;
        assert_eq!(titles(&rig, &ids), vec![Some("Chief".to_owned()); 3], "{away}");
        rig.agree(3);
    }
}

#[tokio::test]
async fn a_new_person_goes_without_a_field_that_is_hidden_and_gets_it_later() {
    let (rig, _) = titled(1, "zoho").await;
    field(&rig, "Title", json!({"visible": false}));
    let one = rig.find(Side::Zoho, "Email", "p0@a.test");
    rig.edit(Side::Zoho, &one, "Description", Some("so that it is noticed"));
    rig.synced().await;
    let mut new = super::people::person(5);
    new.insert("Title".to_owned(), "Novice".to_owned());
    rig.add(Side::Google, &new);
    rig.synced().await;
    let made = rig.find(Side::Zoho, "Email", "p5@a.test");
    field(&rig, "Title", json!({"visible": true}));
    rig.settle().await;
    assert_eq!(rig.value(Side::Zoho, &made, "Title").as_deref(), Some("Novice"));
    rig.agree(2);
}

#[tokio::test]
async fn what_one_answer_leaves_out_is_looked_at_again_at_once() {
    let (rig, ids) = titled(2, "zoho").await;
    rig.edit(Side::Zoho, &ids[0][0], "Description", Some("Met in May"));
    let mut record = rig.raw(Side::Zoho, &ids[0][0]).expect("the record");
    record.as_object_mut().map(|record| record.remove("Title"));
    let page = json!({"data": [record], "info": {"count": 1, "more_records": false}});
    rig.fault(json!({"side": "zoho", "path": "*/coql", "times": 1,
                     "do": {"answer": {"status": 200, "json": page}}}));
    let run = done(rig.approve().await);
    assert_eq!((wrote(&run), run.waiting, run.message.as_deref()), (1, 0, None), "{run:?}");
    let note = rig.value(Side::Google, &ids[0][1], "Description");
    assert_eq!(note.as_deref(), Some("Met in May"));
    rig.settle().await;
    assert_eq!(titles(&rig, &ids), vec![Some("Chief".to_owned()); 2]);
    rig.agree(2);
}

#[tokio::test]
async fn what_every_answer_leaves_out_waits_and_is_said() {
    let (rig, ids) = titled(2, "zoho").await;
    rig.control.set_switches(|s| s.zoho.withheld_fields = vec!["Title".to_owned()]);
    rig.edit(Side::Zoho, &ids[0][0], "Description", Some("Met in May"));
    rig.edit(Side::Google, &ids[0][1], "Title", Some("Head"));
    for _ in 0..2 {
        let run = done(rig.approve().await);
        let said = run.message.clone().unwrap_or_default();
        assert!(said.contains("left out fields of one contact in its answer: Title."), "{said}");
        assert_eq!(run.waiting, 1, "{run:?}");
    }
    assert_eq!(rig.value(Side::Zoho, &ids[0][0], "Title").as_deref(), Some("Chief"));
    rig.control.set_switches(|s| s.zoho.withheld_fields.clear());
    rig.settle().await;
    assert_eq!(rig.value(Side::Zoho, &ids[0][0], "Title").as_deref(), Some("Head"));
    rig.agree(2);
}

#[tokio::test]
async fn what_a_person_clears_is_cleared() {
    let (rig, ids) = titled(2, "zoho").await;
    rig.edit(Side::Zoho, &ids[0][0], "Title", None);
    rig.edit(Side::Google, &ids[1][1], "Title", None);
    rig.settle().await;
    assert_eq!(titles(&rig, &ids), [None, None]);
    rig.agree(2);
    // A new record's empty fields are known to be empty.
    let made = rig.add(Side::Google, &super::people::person(9));
    rig.synced().await;
    rig.control.clear_requests();
    rig.edit(Side::Google, &made, "Title", Some("Chief"));
    rig.synced().await;
    let looked = rig.calls().iter().filter(|call| call.contains("settings/fields")).count();
    assert_eq!(looked, 1, "nobody doubts it, and it is asked before the write: {:?}", rig.calls());
    let zoho = rig.find(Side::Zoho, "Email", "p9@a.test");
    let record = rig.raw(Side::Zoho, &zoho).expect("the record");
    assert_eq!((id(&record), record["Title"].as_str()), (zoho, Some("Chief")));
}

/// A pair in step whose person then holds only what no rule reads.
async fn without_parts(google: Value) -> (Rig, String, String) {
    let (rig, ids) = titled(1, "zoho").await;
    let [zoho, person] = ids.into_iter().next().expect("one");
    rig.act(Side::Google, json!({"op": "edit", "contact": person, "fields": google}));
    (rig, zoho, person)
}

/// One question about a field that Google holds in one piece, and nothing says that all is well.
fn asked_about(rig: &Rig, field: &str, what: &str) {
    let open = rig.review();
    let [item] = open.as_slice() else { panic!("{what}: one question: {open:?}") };
    assert_eq!(item.kind, ReviewKind::Unreadable, "{what}: {item:?}");
    assert_eq!(item.field.as_deref(), Some(field), "{what}: {item:?}");
    assert_eq!(item.choices, ["retry", "ignore"], "{what}");
    assert!(item.zoho_id.is_some() && item.google.is_some(), "{what}: of both: {item:?}");
    let state = rig.engine().syncs().expect("the syncs").first().expect("one").state;
    assert_eq!(state, SyncState::NeedsYou, "{what}");
}

#[tokio::test]
async fn content_without_parts_that_reaches_no_record_is_told_until_it_is_split() {
    for label in ["work", ""] {
        let what = format!("under {label:?}");
        let rig = Rig::new().await;
        let text = "2-1 Umeda, Osaka";
        let whole = match label {
            "" => json!({"formattedValue": text}),
            label => json!({"type": label, "formattedValue": text}),
        };
        let fields = json!({"names": [{"familyName": "Vries"}], "addresses": [whole],
            "emailAddresses": [{"type": "work", "value": "p0@a.test"}]});
        let google = id(&rig.act(Side::Google, json!({"op": "create", "fields": fields})));
        rig.contacts(json!({})).await;
        rig.synced().await;
        rig.settle().await;
        asked_about(&rig, "Mailing_Street", &what);
        let one = rig.one("p0@a.test");
        let review = one.actions.contains(&ContactAction::Review);
        assert!(one.state == ContactState::NeedsYou && review, "{what}: {one:?}");
        // A birthday in words beside it: one question about the contact.
        let words = json!({"birthdays": [{"text": "early in May"}]});
        rig.act(Side::Google, json!({"op": "edit", "contact": google, "fields": words}));
        rig.settle().await;
        let open = rig.review();
        let [item] = open.as_slice() else { panic!("{what}: one question: {open:?}") };
        assert!(item.reason.contains("Mailing Street, Date of Birth"), "{what}: {item:?}");
        let split = json!({"birthdays": [], "addresses": [{"type": "work", "city": "Osaka"}]});
        rig.act(Side::Google, json!({"op": "edit", "contact": google, "fields": split}));
        rig.settle().await;
        assert_eq!(rig.review(), Vec::new(), "{what}: split, it travels");
        let record = rig.find(Side::Zoho, "Email", "p0@a.test");
        let record = rig.raw(Side::Zoho, &record).expect("the record");
        assert_eq!(record["Mailing_City"], "Osaka", "{what}");
    }
}

#[tokio::test]
async fn what_a_one_way_sync_would_not_write_anyway_is_not_asked_about() {
    let (rig, zoho, google) = without_parts(json!({})).await;
    rig.contacts(json!({"direction": "zoho_to_google"})).await;
    let whole = json!([{"type": "work", "formattedValue": "2-1 Umeda, Osaka"}]);
    let act = json!({"op": "edit", "contact": google, "fields": {"addresses": whole}});
    rig.act(Side::Google, act);
    rig.settle().await;
    assert_eq!(rig.review(), Vec::new(), "Zoho says nothing there");
    let fields = json!({"Mailing_City": "Kyoto"});
    let act = json!({"op": "edit", "module": "Contacts", "record": zoho, "fields": fields});
    rig.act(Side::Zoho, act);
    rig.settle().await;
    asked_about(&rig, "Mailing_Street", "what Zoho says does not arrive");
}

#[tokio::test]
async fn content_without_parts_is_kept_in_google_and_clears_nothing_in_zoho() {
    let address = json!({"type": "work", "formattedValue": "2-1 Umeda\nKita, Osaka"});
    for (list, entry, field, value) in [
        ("addresses", address, "Mailing_City", "Kyoto"),
        ("birthdays", json!({"text": "early in May"}), "Date_of_Birth", "1980-05-07"),
    ] {
        for known in [false, true] {
            let what = format!("{list}, known before: {known}");
            let (rig, zoho, google) = without_parts(json!({})).await;
            let type_in_zoho = |field: &str, value: &str| {
                let fields = json!({field: value});
                rig.act(
                    Side::Zoho,
                    json!({"op": "edit", "module": "Contacts", "record": zoho, "fields": fields}),
                );
            };
            if known {
                type_in_zoho(field, value);
                rig.settle().await;
            }
            let act = json!({"op": "edit", "contact": google, "fields": {list: [entry]}});
            rig.act(Side::Google, act);
            rig.settle().await;
            type_in_zoho(field, value);
            // Something else travels beside it, in the same field and in others.
            type_in_zoho("Other_City", "Nara");
            type_in_zoho("Phone", "+1 212 555 7777");
            rig.settle().await;
            let person = rig.raw(Side::Google, &google).expect("the person");
            let items = person[list].as_array().cloned().unwrap_or_default();
            let key = if list == "addresses" { "formattedValue" } else { "text" };
            assert!(items.iter().any(|item| item[key] == entry[key]), "{what}: {items:?}");
            assert!(!person.to_string().contains(value), "{what}: {items:?}");
            assert!(person.to_string().contains("Nara"), "{what}: {person}");
            let record = rig.raw(Side::Zoho, &zoho).expect("the record");
            assert_eq!(record[field], value, "{what}: Zoho's stays");
            let first = if list == "addresses" { "Mailing_Street" } else { field };
            asked_about(&rig, first, &what);
            let told = |rig: &Rig, state: ContactState| {
                let one = rig.one("p0@a.test");
                let split = one.reason.contains("not split into parts");
                assert!(one.state == state && split, "{what}: {one:?}");
            };
            told(&rig, ContactState::NeedsYou);
            rig.decide(ReviewKind::Unreadable, "retry");
            rig.settle().await;
            asked_about(&rig, first, &what);
            rig.decide(ReviewKind::Unreadable, "ignore");
            rig.settle().await;
            assert_eq!(rig.review(), Vec::new(), "{what}: it stays as it is");
            told(&rig, ContactState::Differs);
        }
    }
}

#[tokio::test]
async fn what_the_first_answer_left_out_of_a_new_record_arrives_later() {
    let (rig, _) = titled(1, "zoho").await;
    rig.control.set_switches(|s| s.zoho.withheld_fields = vec!["Title".to_owned()]);
    let mut new = super::people::person(5);
    new.insert("Title".to_owned(), "Novice".to_owned());
    rig.add(Side::Zoho, &new);
    for _ in 0..2 {
        done(rig.approve().await);
        let google = rig.find(Side::Google, "Email", "p5@a.test");
        assert_eq!(rig.value(Side::Google, &google, "Title"), None, "the rest is there");
    }
    rig.control.set_switches(|s| s.zoho.withheld_fields.clear());
    rig.settle().await;
    rig.agree(2);
}

/// A title typed in Google for a new person, one that is changed and one that is cleared, none of which
/// Zoho would take because the field is hidden: the ids of both ends.
async fn untaken() -> (Rig, Vec<[String; 2]>) {
    let (rig, mut ids) = titled(2, "zoho").await;
    field(&rig, "Title", json!({"visible": false}));
    for ([_, google], title) in ids.iter().zip([Some("Head"), None]) {
        rig.edit(Side::Google, google, "Title", title);
    }
    let mut new = super::people::person(5);
    new.insert("Title".to_owned(), "Novice".to_owned());
    let google = rig.add(Side::Google, &new);
    rig.control.clear_requests();
    let run = rig.synced().await;
    let said = run.message.clone().unwrap_or_default();
    assert!(said.contains("Title"), "it is known before anything is written: {run:?}");
    assert_eq!(run.zoho.updated, 0, "nothing in vain: {run:?}");
    ids.push([rig.find(Side::Zoho, "Email", "p5@a.test"), google]);
    (rig, ids)
}

#[tokio::test]
async fn what_zoho_would_not_take_is_no_edit_and_is_sent_later() {
    // For how many runs the field is hidden, and whether people edit the records meanwhile.
    for (runs, touched) in [(1, false), (1, true), (2, false), (2, true)] {
        let what = format!("{runs} runs, touched {touched}");
        let (rig, ids) = untaken().await;
        if touched {
            for [zoho, _] in &ids {
                rig.edit(Side::Zoho, zoho, "Description", Some("Met in May"));
            }
        }
        for _ in 1..runs {
            rig.synced().await;
        }
        field(&rig, "Title", json!({"visible": true}));
        rig.settle().await;
        let expected = [Some("Head".to_owned()), None, Some("Novice".to_owned())];
        assert_eq!(titles(&rig, &ids), expected, "{what}: as it was typed");
        rig.agree(3);
        assert_eq!(rig.review(), Vec::new(), "{what}");
    }
}

#[tokio::test]
async fn what_a_person_undoes_in_zoho_right_after_a_write_is_an_edit() {
    let (rig, ids) = titled(2, "zoho").await;
    rig.edit(Side::Google, &ids[0][1], "Title", Some("Head"));
    rig.edit(Side::Google, &ids[1][1], "Mobile", Some("+1 212 555 4321"));
    rig.synced().await;
    rig.edit(Side::Zoho, &ids[0][0], "Title", Some("Chief"));
    rig.edit(Side::Zoho, &ids[1][0], "Mobile", None);
    rig.settle().await;
    assert_eq!(titles(&rig, &ids), vec![Some("Chief".to_owned()); 2]);
    assert_eq!(rig.value(Side::Google, &ids[1][1], "Mobile"), None);
    rig.agree(2);
}
