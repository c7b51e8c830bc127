//! Labels and views: what is outside sleeps, wakes when it is back, and is never deleted.

use renraku_engine::api::{HeldBy, Outcome, ReviewKind, SyncState};
use renraku_engine::catalogue::english;
use renraku_engine::core::contact::Side;
use serde_json::json;

use super::people::person;
use super::rig::{Rig, tally, wrote};

#[tokio::test]
async fn a_group_of_googles_own_is_refused_at_set_up() {
    let rig = Rig::new().await;
    let setup =
        |label: &str| serde_json::from_value(json!({"module": "Contacts", "google_label": label}));
    for label in
        ["starred", "Starred", "myContacts", "My Contacts", "contactGroups/starred", "family"]
    {
        let refused = rig.engine().setup(setup(label).expect("a setup")).await;
        let told = english(&refused.expect_err("it is no label"));
        assert!(told.contains(label) && told.contains("Google"), "{label}: {told}");
    }
    assert!(rig.engine().syncs().expect("the syncs").is_empty(), "nothing is saved");
    rig.engine()
        .setup(setup("Star").expect("a setup"))
        .await
        .expect("a name of one's own is taken");
}

#[tokio::test]
async fn a_label_limits_google_and_its_members_come_and_go() {
    let rig = Rig::new().await;
    let inside = rig.add_with(Side::Google, &person(1), &["CRM"]);
    let outside = rig.add(Side::Google, &person(2));
    rig.add(Side::Zoho, &person(3));
    rig.contacts(json!({"google_label": "CRM", "on_delete": "delete"})).await;
    rig.synced().await;
    rig.settle().await;
    assert_eq!(rig.cards(Side::Zoho).len(), 2, "who has no label is not copied");
    let copied = rig.find(Side::Google, "Email", "p3@a.test");
    let members = |rig: &Rig| -> Vec<String> {
        let store = rig.control.store(renraku_sandbox::Side::Google);
        let labels = store.get("labels").and_then(|l| l.as_array()).cloned().unwrap_or_default();
        let crm = labels.into_iter().find(|l| l.get("name").is_some_and(|n| n == "CRM"));
        let members = crm.and_then(|l| l.get("members").cloned()).unwrap_or_default();
        serde_json::from_value(members).expect("names")
    };
    assert!(members(&rig).contains(&copied), "a new person joins the label");

    rig.act(Side::Google, json!({"op": "remove_from_label", "label": "CRM", "contacts": [inside]}));
    let zoho = rig.find(Side::Zoho, "Email", "p1@a.test");
    rig.edit(Side::Zoho, &zoho, "Title", Some("While asleep"));
    let run = rig.synced().await;
    assert_eq!(wrote(&run), 0, "who left the label sleeps: {run:?}");
    rig.settle().await;
    assert_eq!(rig.value(Side::Google, &inside, "Title"), None, "asleep");
    assert!(rig.card(Side::Zoho, &zoho).is_some(), "leaving is no deletion");

    rig.act(Side::Google, json!({"op": "add_to_label", "label": "CRM", "contacts": [inside]}));
    let run = rig.synced().await;
    assert_eq!(tally(&run, Side::Google), (0, 1, 0), "awake again: {run:?}");
    assert_eq!(rig.value(Side::Google, &inside, "Title").as_deref(), Some("While asleep"));
    rig.settle().await;
    assert_eq!(rig.cards(Side::Zoho).len(), 2, "nobody twice");
    assert_eq!(rig.cards(Side::Google).len(), 3, "nobody twice");
    assert!(rig.card(Side::Google, &outside).is_some(), "who is outside is left alone");
}

#[tokio::test]
async fn a_record_whose_person_is_outside_the_label_is_linked_and_joins_it() {
    let rig = Rig::new().await;
    let google = rig.add(Side::Google, &person(1));
    rig.add(Side::Zoho, &person(1));
    rig.contacts(json!({"google_label": "CRM"})).await;
    rig.synced().await;
    rig.settle().await;
    rig.agree(1);
    let person = rig.raw(Side::Google, &google).expect("the person");
    let groups = person.get("memberships").map(ToString::to_string).unwrap_or_default();
    assert_eq!(groups.matches("contactGroupResourceName").count(), 2, "it joined: {groups}");
}

#[tokio::test]
async fn a_view_limits_zoho_and_its_records_come_and_go() {
    let rig = Rig::new().await;
    rig.act(
        Side::Zoho,
        json!({"op": "view", "module": "Contacts", "name": "Key", "condition": "Department = 'Key'"}),
    );
    let inside = rig.add(Side::Zoho, &person(1));
    let outside = rig.add(Side::Zoho, &person(2));
    rig.edit_department(&inside, Some("Key"));
    // A person whose record is outside the view: linked, not created again.
    rig.add(Side::Google, &person(2));
    rig.contacts(json!({"zoho_view": "Key", "on_delete": "delete"})).await;
    rig.synced().await;
    rig.settle().await;
    assert_eq!(rig.cards(Side::Google).len(), 2, "the view's record is copied");
    assert_eq!(rig.cards(Side::Zoho).len(), 2, "no twin of who is outside the view");
    let google = rig.find(Side::Google, "Email", "p1@a.test");

    rig.edit_department(&inside, None);
    rig.edit(Side::Google, &google, "Title", Some("While asleep"));
    rig.settle().await;
    assert_eq!(rig.value(Side::Zoho, &inside, "Title"), None, "asleep");
    assert!(rig.card(Side::Google, &google).is_some(), "leaving is no deletion");

    rig.edit_department(&inside, Some("Key"));
    rig.settle().await;
    assert_eq!(rig.value(Side::Zoho, &inside, "Title").as_deref(), Some("While asleep"));
    assert_eq!(rig.cards(Side::Google).len(), 2, "nobody twice");
    assert_eq!(rig.cards(Side::Zoho).len(), 2, "nobody twice");
    assert!(rig.card(Side::Zoho, &outside).is_some(), "who is outside is left alone");
}

#[tokio::test]
async fn a_deleted_label_asks_before_anything_happens() {
    let rig = Rig::new().await;
    for number in 0..3 {
        rig.add_with(Side::Google, &person(number), &["CRM"]);
    }
    rig.contacts(json!({"google_label": "CRM", "on_delete": "delete"})).await;
    rig.synced().await;
    rig.settle().await;
    rig.act(Side::Google, json!({"op": "delete_label", "name": "CRM"}));
    rig.control.clear_requests();
    rig.later(super::rig::LAG);
    let run = rig.sync().await;
    assert_eq!(run.outcome, Outcome::Held, "a label that is gone is a narrower scope: {run:?}");
    let open = rig.review();
    assert!(open.iter().any(|item| item.kind == ReviewKind::Scope), "it is asked about: {open:?}");
    for side in Side::BOTH {
        assert_eq!(rig.cards(side).len(), 3, "nobody is deleted");
    }
    rig.settle().await;
    for side in Side::BOTH {
        assert_eq!(rig.cards(side).len(), 3, "nobody is deleted or doubled");
    }
    // The sync is not dead: whoever is new gets the label, made anew.
    rig.add(Side::Zoho, &person(7));
    rig.settle().await;
    let new = rig.find(Side::Google, "Email", "p7@a.test");
    assert_eq!(rig.members("CRM"), [new].into(), "it is there again");
}

#[tokio::test]
async fn what_becomes_of_those_outside_a_narrower_scope_is_decided() {
    for choice in ["leave", "unlink", "remove"] {
        for side in Side::BOTH {
            let what = format!("{choice}, narrowed in {}", side.name());
            let rig = Rig::new().await;
            rig.act(
                Side::Zoho,
                json!({"op": "view", "module": "Contacts", "name": "Key",
                       "condition": "Assistant = 'Key'"}),
            );
            for number in 0..3 {
                let zoho = rig.add(Side::Zoho, &person(number));
                if number == 0 {
                    rig.act(
                        Side::Zoho,
                        json!({"op": "edit", "module": "Contacts", "record": zoho,
                               "fields": {"Assistant": "Key"}}),
                    );
                }
            }
            rig.contacts(json!({})).await;
            rig.synced().await;
            rig.settle().await;
            let inside = rig.find(Side::Google, "Email", "p0@a.test");
            let label = json!({"op": "add_to_label", "label": "CRM", "contacts": [inside]});
            rig.act(Side::Google, label);
            let narrower = match side {
                Side::Zoho => json!({"zoho_view": "Key"}),
                Side::Google => json!({"google_label": "CRM"}),
            };
            rig.contacts(narrower).await;
            let held = rig.sync().await;
            assert_eq!(held.outcome, Outcome::Held, "{what}: {held:?}");
            rig.decide(ReviewKind::Scope, choice);
            rig.later(super::rig::LAG);
            let run = rig.sync().await;
            assert_eq!(run.outcome, Outcome::Completed, "{what}: {run:?}");
            let other = side.other();
            let removed = if choice == "remove" { 2 } else { 0 };
            assert_eq!(tally(&run, other), (0, 0, removed), "{what}: {run:?}");
            assert_eq!(tally(&run, side), (0, 0, 0), "{what}: {run:?}");
            rig.settle().await;
            assert_eq!(rig.cards(side).len(), 3, "{what}: who is outside stays there");
            let left = 3 - usize::try_from(removed).expect("few");
            assert_eq!(rig.cards(other).len(), left, "{what}");
            assert_eq!(rig.review(), Vec::new(), "{what}: nothing is open");
            // Back to everything: what was left wakes, what was unlinked stays apart.
            let outside = rig.find(side, "Email", "p1@a.test");
            rig.edit(side, &outside, "Title", Some("Edited"));
            rig.contacts(json!({})).await;
            rig.settle().await;
            let there: Vec<_> = (rig.cards(other).into_iter())
                .filter(|card| card.get("Email").is_some_and(|email| email == "p1@a.test"))
                .collect();
            assert!(there.len() <= 1, "{what}: nobody twice");
            let follows = there.first().is_some_and(|card| card.contains_key("Title"));
            assert_eq!(follows, choice != "unlink", "{what}: wide again: {there:?}");
        }
    }
}

#[tokio::test]
async fn asking_whom_a_scope_leaves_out_changes_nothing() {
    let rig = Rig::new().await;
    rig.act(
        Side::Zoho,
        json!({"op": "view", "module": "Contacts", "name": "Key", "condition": "Assistant = 'Key'"}),
    );
    for number in 0..4 {
        let zoho = rig.add(Side::Zoho, &person(number));
        if number < 2 {
            rig.act(
                Side::Zoho,
                json!({"op": "edit", "module": "Contacts", "record": zoho,
                       "fields": {"Assistant": "Key"}}),
            );
        }
    }
    rig.contacts(json!({})).await;
    rig.synced().await;
    rig.settle().await;
    // Who is asked about, and who had the label when the contacts were last read, is not all there is.
    let deleted = rig.find(Side::Google, "Email", "p3@a.test");
    rig.act(Side::Google, json!({"op": "delete", "contact": deleted}));
    rig.later(super::rig::LAG);
    rig.sync().await;
    let inside = rig.find(Side::Google, "Email", "p0@a.test");
    rig.act(Side::Google, json!({"op": "add_to_label", "label": "CRM", "contacts": [inside]}));
    let state = || {
        let all =
            serde_json::from_value(json!({"find": "", "offset": 0, "most": 50})).expect("a query");
        let contacts = rig.engine().contacts(&all).expect("the contacts");
        format!("{:?} {:?} {contacts:?}", rig.engine().syncs(), rig.review())
    };
    let before = state();
    assert!(rig.review().iter().any(|item| item.kind == ReviewKind::Deletion), "a question");
    rig.control.clear_requests();

    let told = async |keys: serde_json::Value| {
        let mut setup = json!({"module": "Contacts", "defaults": {"Last_Name": "-"}});
        let all = setup.as_object_mut().expect("an object");
        all.extend(keys.as_object().cloned().expect("keys"));
        let setup = serde_json::from_value(setup).expect("a setup");
        let outside = rig.engine().leaves_out(setup).await.expect("it is told");
        let mut named: Vec<_> = outside.into_iter().map(|one| (one.side, one.name)).collect();
        named.sort();
        named
    };
    for (keys, side, who) in [
        (json!({"google_label": "CRM"}), Side::Google, vec![1, 2]),
        (json!({"google_label": "Nobody has it"}), Side::Google, vec![0, 1, 2]),
        (json!({"zoho_view": "Key"}), Side::Zoho, vec![2]),
        (json!({}), Side::Zoho, vec![]),
        (json!({"frequency_minutes": 15}), Side::Zoho, vec![]),
    ] {
        let outside = told(keys.clone()).await;
        assert_eq!(outside.len(), who.len(), "{keys}: {outside:?}");
        for (number, (at, name)) in who.into_iter().zip(outside) {
            assert_eq!(at, side, "{keys}");
            assert!(name.contains(&format!("Family{number}")), "{keys}: {name}");
        }
    }
    assert_eq!(state(), before, "whoever asks has changed nothing");
    for side in Side::BOTH {
        assert_eq!(rig.writes(side), Vec::<String>::new(), "nothing is written");
    }
    let next = rig.sync().await;
    assert_ne!(next.outcome, Outcome::Held, "nor is the next run held: {next:?}");
}

#[tokio::test]
async fn a_scope_is_saved_with_what_becomes_of_those_outside() {
    let rig = Rig::new().await;
    for number in 0..3 {
        rig.add(Side::Google, &person(number));
    }
    rig.contacts(json!({})).await;
    rig.synced().await;
    rig.settle().await;
    let setup = || {
        let keys =
            json!({"module": "Contacts", "defaults": {"Last_Name": "-"}, "google_label": "CRM"});
        serde_json::from_value(keys).expect("a setup")
    };
    let refused = rig.engine().setup_leaving(setup(), 3, "perhaps").await;
    assert!(refused.is_err_and(|failure| english(&failure).contains("perhaps")), "no such choice");
    assert_eq!(rig.review(), Vec::new(), "and nothing is saved");
    rig.engine().setup_leaving(setup(), 3, "leave").await.expect("it is saved");
    let asked = rig.review();
    let chosen: Vec<_> = asked.iter().map(|item| (item.kind, item.chosen.as_deref())).collect();
    assert_eq!(chosen, [(ReviewKind::Scope, Some("leave"))], "it waits for the next run");

    // Until a run has carried it out, the answer can be taken back.
    let items: Vec<String> = asked.iter().map(|item| item.item.clone()).collect();
    rig.engine().take_back(&items).expect("it is taken back");
    assert_eq!(rig.sync().await.outcome, Outcome::Held, "open again, it holds the run");
    rig.decide(ReviewKind::Scope, "leave");
    let run = rig.sync().await;
    assert_eq!(run.outcome, Outcome::Completed, "{run:?}");
    assert_eq!(rig.review(), Vec::new(), "nothing is open");
    for side in Side::BOTH {
        assert_eq!(rig.cards(side).len(), 3, "nobody is gone");
    }
}

pub(super) fn setup(keys: &serde_json::Value) -> renraku_engine::core::setup::Setup {
    let mut all = json!({"module": "Contacts", "defaults": {"Last_Name": "-"}});
    let object = all.as_object_mut().expect("an object");
    object.extend(keys.as_object().cloned().expect("keys"));
    serde_json::from_value(all).expect("a setup")
}

#[tokio::test]
async fn removing_many_outside_a_scope_waits_for_the_plan_and_gives_nobody_the_label() {
    let asks = json!({"conflict_winner": "ask"});
    let narrow = json!({"conflict_winner": "ask", "google_label": "CRM"});
    for (many, waits) in [(24, true), (10, false)] {
        let what = format!("{many} contacts");
        let rig = Rig::new().await;
        for number in 0..many {
            // Some pairs were never written: their difference waits for an answer.
            for side in Side::BOTH {
                let mut card = person(number);
                if number % 5 == 1 {
                    card.insert("Title".to_owned(), format!("Chief in {}", side.name()));
                }
                rig.add(side, &card);
            }
        }
        rig.contacts(asks.clone()).await;
        rig.synced().await;
        rig.settle().await;
        let inside = rig.find(Side::Google, "Email", "p0@a.test");
        rig.act(
            Side::Google,
            json!({"op": "add_to_label", "label": "CRM", "contacts": [inside.clone()]}),
        );
        let outside = rig.engine().leaves_out(setup(&narrow)).await.expect("it is told");
        assert_eq!(outside.len(), many - 1, "{what}: everybody who is left out is shown");
        let shown = u32::try_from(outside.len()).expect("few");
        let saved = rig.engine().setup_leaving(setup(&narrow), shown, "remove").await;
        saved.expect("it is saved");
        let told = |rig: &Rig| {
            let sync = rig.engine().syncs().expect("the syncs").remove(0);
            (sync.state, sync.message.unwrap_or_default())
        };
        let (state, message) = told(&rig);
        assert!(message.contains(&shown.to_string()), "{what}: what is about to happen: {message}");
        assert_eq!(message.contains("need your approval"), waits, "{what}: {message}");
        assert!(!waits || state == SyncState::NeedsYou, "{what}: {state:?}");
        rig.control.clear_requests();
        rig.later(super::rig::LAG);
        let mut run = rig.sync().await;
        if waits {
            let held = run.held.map(|held| (held.reason, held.deletes));
            assert_eq!(held, Some((HeldBy::NarrowedScope, shown)), "{what}: {run:?}");
            assert_eq!(told(&rig).0, SyncState::NeedsYou, "{what}");
            for side in Side::BOTH {
                assert_eq!(rig.writes(side), Vec::<String>::new(), "{what}: nothing is written");
            }
            run = rig.approve().await;
        }
        assert_eq!(tally(&run, Side::Zoho), (0, 0, shown), "{what}: {run:?}");
        assert_eq!(tally(&run, Side::Google), (0, 0, 0), "{what}: {run:?}");
        let only: std::collections::BTreeSet<_> = [inside].into();
        assert_eq!(rig.members("CRM"), only, "{what}: nobody joins the label unasked");

        rig.later(super::rig::LAG);
        rig.engine().undo(run.run, None).await.expect("an undo");
        assert_eq!(rig.cards(Side::Zoho).len(), many, "{what}: everybody is back");
        rig.settle().await;
        assert_eq!(rig.members("CRM"), only, "{what}: nor after an undo");
        for side in Side::BOTH {
            assert_eq!(rig.cards(side).len(), many, "{what}: nobody twice");
        }
        // Everybody is chosen again: who was put back is a pair again.
        rig.contacts(asks.clone()).await;
        rig.settle().await;
        for side in Side::BOTH {
            assert_eq!(rig.cards(side).len(), many, "{what}: nobody twice");
        }
    }
}

#[tokio::test]
async fn whoever_falls_out_after_the_answer_is_shown_before_anybody_is_removed() {
    let rig = Rig::new().await;
    for number in 0..6 {
        rig.add_with(Side::Google, &person(number), &["CRM"]);
    }
    rig.contacts(json!({})).await;
    rig.synced().await;
    rig.settle().await;
    let narrow = json!({"google_label": "CRM"});
    let leaver = rig.find(Side::Google, "Email", "p1@a.test");
    rig.act(Side::Google, json!({"op": "remove_from_label", "label": "CRM", "contacts": [leaver]}));
    rig.engine().setup_leaving(setup(&narrow), 1, "remove").await.expect("it is saved");
    let leaver = rig.find(Side::Google, "Email", "p2@a.test");
    rig.act(Side::Google, json!({"op": "remove_from_label", "label": "CRM", "contacts": [leaver]}));
    rig.later(super::rig::LAG);
    let held = rig.sync().await.held.map(|held| (held.reason, held.deletes));
    assert_eq!(held, Some((HeldBy::NarrowedScope, 2)), "one was shown, two are outside");
    assert_eq!(tally(&rig.approve().await, Side::Zoho), (0, 0, 2), "as the plan shows");
}

#[tokio::test]
async fn a_narrower_scope_asks_first() {
    let rig = Rig::new().await;
    for number in 0..3 {
        rig.add(Side::Google, &person(number));
    }
    rig.contacts(json!({})).await;
    rig.synced().await;
    rig.settle().await;
    rig.contacts(json!({"google_label": "CRM"})).await;
    rig.control.clear_requests();
    let held = rig.sync().await;
    assert_eq!(held.outcome, Outcome::Held, "a narrower scope asks: {held:?}");
    for side in Side::BOTH {
        assert_eq!(rig.writes(side), Vec::<String>::new(), "nothing is written");
    }
    rig.settle().await;
    for side in Side::BOTH {
        assert_eq!(rig.cards(side).len(), 3, "they sleep; nobody is deleted");
    }
}

impl Rig {
    fn edit_department(&self, id: &str, value: Option<&str>) {
        self.act(
            Side::Zoho,
            json!({"op": "edit", "module": "Contacts", "record": id, "fields": {"Department": value}}),
        );
    }
}
