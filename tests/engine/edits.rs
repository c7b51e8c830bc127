//! What people change travels, by the merge table; nothing else is touched.

use renraku_engine::api::{Operation, Outcome};
use renraku_engine::core::contact::{Pair, Side};
use serde_json::json;

use super::people::{card, person};
use super::rig::{Rig, done, tally, wrote};

/// Two sides in step, with these many contacts.
pub(crate) async fn in_step(many: usize, keys: serde_json::Value) -> Rig {
    let rig = Rig::new().await;
    for number in 0..many {
        rig.add(Side::Zoho, &person(number));
    }
    rig.contacts(keys).await;
    rig.synced().await;
    rig.settle().await;
    rig.control.clear_requests();
    rig
}

#[tokio::test]
async fn the_first_plan_waits_and_then_does_what_it_showed() {
    let rig = Rig::new().await;
    rig.add(Side::Zoho, &person(1));
    rig.add(Side::Google, &person(2));
    for side in Side::BOTH {
        rig.add(side, &person(3));
    }
    rig.contacts(json!({})).await;
    rig.control.clear_requests();
    let preview = rig.engine().preview(None).await.expect("a preview").runs;
    let preview = preview.into_iter().next().expect("one");
    let held = rig.sync().await;
    assert_eq!(held.outcome, Outcome::Held, "the first plan waits");
    for side in Side::BOTH {
        assert_eq!(rig.writes(side), Vec::<String>::new(), "nothing is written before approval");
    }
    let run = rig.synced().await;
    for side in Side::BOTH {
        assert_eq!(tally(&run, side), tally(&preview, side), "what was shown is done");
    }
    assert_eq!((run.matched, preview.matched), (1, 1), "one pair is matched");
    rig.settle().await;
    rig.agree(3);
}

#[tokio::test]
async fn the_plan_tells_of_the_company_that_is_added_to_zoho() {
    let rig = Rig::new().await;
    let companies = [(1, "Known Ltd"), (2, "New Ltd"), (3, "NEW ltd")];
    for (number, company) in companies {
        let id = rig.add(Side::Google, &person(number));
        let fields = json!({"organizations": [{"name": company}]});
        rig.act(Side::Google, json!({"op": "edit", "contact": id, "fields": fields}));
    }
    let known = json!({"Account_Name": "Known Ltd"});
    rig.act(Side::Zoho, json!({"op": "create", "module": "Accounts", "fields": known}));
    rig.contacts(json!({})).await;
    let preview = rig.engine().preview(None).await.expect("a preview").runs.remove(0);
    let told = |number: usize| {
        let operations = preview.operations.as_deref().unwrap_or_default();
        let of = |o: &&Operation| o.contact.ends_with(&number.to_string());
        operations.iter().find(of).expect("an operation").why.contains("account")
    };
    assert_eq!([told(1), told(2), told(3)], [false, true, true], "{preview:?}");
    let run = rig.synced().await;
    let accounts = |log: &[String]| log.iter().filter(|c| c.ends_with("/Accounts")).count();
    assert_eq!(accounts(&rig.writes(Side::Zoho)), 1, "one is added");
    let history = rig.history(run.run).changes;
    let why = history.iter().filter(|c| c.why.contains("account")).count();
    assert_eq!(why, 2, "and the history says so: {history:?}");
}

#[tokio::test]
async fn a_run_with_nothing_changed_costs_three_calls() {
    let rig = in_step(5, json!({})).await;
    let run = rig.synced().await;
    assert_eq!(wrote(&run), 0, "nothing is written");
    assert_eq!((run.zoho.requests, run.google.requests), (2, 1), "the report counts them");
    assert_eq!(rig.calls().len(), 3, "three calls: {:?}", rig.calls());
}

/// One edit, and what stands on both sides after it.
struct Edit {
    what: &'static str,
    side: Side,
    field: &'static str,
    value: Option<&'static str>,
}

#[tokio::test]
async fn an_edit_travels_whichever_side_it_was_made_on() {
    let both = |what, field, value| Side::BOTH.map(|side| Edit { what, side, field, value });
    let edits = [
        both("a phone", "Phone", Some("+1 212 555 7777")),
        both("an e-mail", "Email", Some("new@a.test")),
        both("a second e-mail", "Secondary_Email", Some("home@a.test")),
        both("a name", "Last_Name", Some("山田")),
        both("a title", "Title", Some("Head of sales")),
        both("a note of two lines", "Description", Some("one\ntwo")),
        both("a first name taken away", "First_Name", None),
        both("a phone taken away", "Phone", None),
        both("an e-mail taken away", "Email", None),
    ];
    for Edit { what, side, field, value } in edits.into_iter().flatten() {
        let rig = in_step(2, json!({})).await;
        let name = side.name();
        let id = rig.find(side, "Email", "p1@a.test");
        let other = rig.find(side.other(), "Email", "p1@a.test");
        rig.edit(side, &id, field, value);
        let run = rig.synced().await;
        assert_eq!(tally(&run, side.other()), (0, 1, 0), "{what} in {name}: {run:?}");
        assert_eq!(tally(&run, side), (0, 0, 0), "{what} in {name} is not written back");
        let there = rig.value(side.other(), &other, field);
        assert_eq!(there.as_deref(), value, "{what} in {name} arrives");
        let told = rig.history(run.run).changes;
        let told = told.iter().find(|c| c.field.as_deref() == Some(field)).expect("told");
        assert_eq!((told.side, told.after.as_deref()), (side.other(), value), "{what}: history");
        assert!(told.before.is_some() || told.after.is_some(), "{what}: before and after");
        assert!(!told.why.is_empty(), "{what}: a reason");
        rig.settle().await;
        rig.agree(2);
    }
}

#[tokio::test]
async fn edits_of_different_fields_of_one_contact_are_merged() {
    let rig = in_step(1, json!({})).await;
    let zoho = rig.find(Side::Zoho, "Email", "p0@a.test");
    let google = rig.find(Side::Google, "Email", "p0@a.test");
    rig.edit(Side::Zoho, &zoho, "Title", Some("Chief"));
    rig.edit(Side::Google, &google, "Mobile", Some("+1 212 555 9999"));
    let run = rig.synced().await;
    assert_eq!(run.conflicts, 0, "no conflict");
    rig.settle().await;
    rig.agree(1);
    assert_eq!(rig.value(Side::Google, &google, "Title").as_deref(), Some("Chief"));
    assert_eq!(rig.value(Side::Zoho, &zoho, "Mobile").as_deref(), Some("+1 212 555 9999"));
}

#[tokio::test]
async fn the_winner_decides_and_the_loser_is_in_the_history() {
    for winner in Side::BOTH {
        let rig = in_step(1, json!({"conflict_winner": winner.name()})).await;
        let ids = Side::BOTH.map(|side| (side, rig.find(side, "Email", "p0@a.test")));
        for (side, id) in &ids {
            rig.edit(*side, id, "Title", Some(side.name()));
        }
        let run = rig.synced().await;
        assert_eq!(run.conflicts, 1, "a conflict: {run:?}");
        for (side, id) in &ids {
            assert_eq!(rig.value(*side, id, "Title").as_deref(), Some(winner.name()));
        }
        let changes = rig.history(run.run).changes;
        let lost = changes.iter().find(|c| c.field.as_deref() == Some("Title")).expect("told");
        assert_eq!(lost.overwritten.as_deref(), Some(winner.other().name()), "the loser");
        rig.settle().await;
        rig.agree(1);
        let undone = done(rig.engine().undo(run.run, None).await.expect("the undo runs"));
        assert_eq!(wrote(&undone), 1, "the loser comes back: {undone:?}");
        let loser = &ids.iter().find(|(side, _)| *side == winner.other()).expect("it").1;
        let back = rig.value(winner.other(), loser, "Title");
        assert_eq!(back.as_deref(), Some(winner.other().name()), "the loser is back");
    }
}

#[tokio::test]
async fn both_sides_empty_their_fields_alike_and_the_same_edit_twice_is_none() {
    let rig = in_step(1, json!({})).await;
    for side in Side::BOTH {
        let id = rig.find(side, "Email", "p0@a.test");
        rig.edit(side, &id, "Title", Some("Same"));
        rig.edit(side, &id, "Phone", None);
    }
    let run = rig.synced().await;
    assert_eq!(wrote(&run), 0, "both sides say the same: {run:?}");
    rig.settle().await;
    rig.agree(1);
}

#[tokio::test]
async fn a_required_field_takes_its_default_in_zoho_only() {
    let rig = Rig::new().await;
    let nameless = card(&[("First_Name", "Ada"), ("Email", "ada@a.test")]);
    let google = rig.add(Side::Google, &nameless);
    rig.contacts(json!({"defaults": {"Last_Name": "unknown"}})).await;
    rig.synced().await;
    rig.settle().await;
    let zoho = rig.find(Side::Zoho, "Email", "ada@a.test");
    assert_eq!(rig.value(Side::Zoho, &zoho, "Last_Name").as_deref(), Some("unknown"));
    assert_eq!(rig.card(Side::Google, &google), Some(nameless), "Google stays as it was");
    rig.edit(Side::Google, &google, "Last_Name", Some("Lovelace"));
    rig.synced().await;
    assert_eq!(rig.value(Side::Zoho, &zoho, "Last_Name").as_deref(), Some("Lovelace"));
    rig.edit(Side::Google, &google, "Last_Name", None);
    rig.synced().await;
    assert_eq!(rig.value(Side::Zoho, &zoho, "Last_Name").as_deref(), Some("unknown"));
    rig.settle().await;
}

#[tokio::test]
async fn one_way_writes_nothing_to_its_source() {
    for (direction, source) in [("zoho_to_google", Side::Zoho), ("google_to_zoho", Side::Google)] {
        let rig = Rig::new().await;
        for side in Side::BOTH {
            rig.add(side, &person(1));
        }
        for number in [2, 4] {
            rig.add(source, &person(number));
        }
        let lonely = rig.add(source.other(), &person(3));
        rig.contacts(json!({"direction": direction, "on_delete": "delete"})).await;
        rig.control.clear_requests();
        rig.synced().await;
        rig.settle().await;
        let (id, there) = (
            rig.find(source, "Email", "p1@a.test"),
            rig.find(source.other(), "Email", "p1@a.test"),
        );
        rig.edit(source, &id, "Title", Some("From the source"));
        rig.edit(source.other(), &there, "Mobile", Some("+1 212 555 0042"));
        rig.synced().await;
        rig.settle().await;
        let target = source.other();
        assert_eq!(rig.value(target, &there, "Title").as_deref(), Some("From the source"));
        assert_eq!(rig.value(source, &id, "Mobile"), None, "the target's edit stays there");
        assert_eq!(rig.value(target, &there, "Mobile").as_deref(), Some("+1 212 555 0042"));
        assert_eq!(rig.cards(source).len(), 3, "nobody is created in the source");
        assert!(rig.card(target, &lonely).is_some(), "the target's own contact stays");
        let copied = rig.find(target, "Email", "p2@a.test");
        rig.delete(target, &copied);
        rig.settle().await;
        assert_eq!(rig.cards(source).len(), 3, "a deletion in the target reaches nobody");
        let followed = rig.find(target, "Email", "p4@a.test");
        rig.delete(source, &rig.find(source, "Email", "p4@a.test"));
        rig.delete(source, &id);
        rig.settle().await;
        assert_eq!(rig.card(target, &followed), None, "a deletion in the source is followed");
        assert!(rig.card(target, &there).is_some(), "but not of what was edited in the target");
        assert_eq!(rig.writes(source), Vec::<String>::new(), "{direction} (P6)");
    }
}

#[tokio::test]
async fn an_entry_behind_the_one_that_was_cleared_does_not_come_forward() {
    let rig = Rig::new().await;
    let phones = json!([{"value": "+1 212 555 0001", "type": "work"},
                        {"value": "+1 212 555 0002", "type": "work"}]);
    let fields = json!({"names": [{"givenName": "Ada", "familyName": "Byron"}],
                        "emailAddresses": [{"value": "ada@a.test", "type": "work"}],
                        "phoneNumbers": phones});
    let made = rig.act(Side::Google, json!({"op": "create", "fields": fields}));
    let google = super::people::id(&made);
    rig.contacts(json!({})).await;
    rig.synced().await;
    rig.settle().await;
    let zoho = rig.find(Side::Zoho, "Email", "ada@a.test");
    rig.edit(Side::Zoho, &zoho, "Phone", None);
    rig.synced().await;
    let nick =
        json!({"op": "edit", "contact": google, "fields": {"nicknames": [{"value": "Addie"}]}});
    rig.act(Side::Google, nick);
    rig.settle().await;
    assert_eq!(rig.value(Side::Zoho, &zoho, "Phone"), None, "it stays cleared");
    let person = rig.raw(Side::Google, &google).expect("the person").to_string();
    assert!(!person.contains("555 0001") && person.contains("555 0002"), "{person}");
}

#[tokio::test]
async fn a_flag_that_is_taken_away_is_false() {
    let rig = Rig::new().await;
    let zoho = rig.add(Side::Zoho, &person(0));
    rig.contacts(json!({"custom_fields": ["Email_Opt_Out"]})).await;
    rig.synced().await;
    rig.settle().await;
    let google = rig.find(Side::Google, "Email", "p0@a.test");
    for flag in [false, true] {
        let fields = json!({"Email_Opt_Out": flag});
        rig.act(
            Side::Zoho,
            json!({"op": "edit", "module": "Contacts", "record": zoho, "fields": fields}),
        );
        rig.settle().await;
        rig.act(
            Side::Google,
            json!({"op": "edit", "contact": google, "fields": {"userDefined": []}}),
        );
        let run = rig.synced().await;
        assert_eq!(wrote(&run), u32::from(flag), "false is as good as empty: {run:?}");
        let quiet = rig.synced().await;
        assert_eq!(wrote(&quiet), 0, "the second run is quiet: {quiet:?}");
        let record = rig.raw(Side::Zoho, &zoho).expect("the record");
        assert_eq!(record.get("Email_Opt_Out"), Some(&json!(false)), "{flag}");
    }
}

#[tokio::test]
async fn in_one_direction_the_source_wins_unless_something_else_was_said() {
    for (direction, source) in [("zoho_to_google", Side::Zoho), ("google_to_zoho", Side::Google)] {
        for (said, wins) in [(None, true), (Some(source), true), (Some(source.other()), false)] {
            let rig = Rig::new().await;
            let ends = Pair::of(|side| {
                let mut card = person(1);
                card.extend(self::card(&[("Title", side.name())]));
                rig.add(side, &card)
            });
            let mut keys = json!({"direction": direction});
            if let (Some(said), Some(keys)) = (said, keys.as_object_mut()) {
                keys.insert("conflict_winner".to_owned(), json!(said.name()));
            }
            rig.contacts(keys).await;
            rig.synced().await;
            rig.settle().await;
            let target = source.other();
            let expected = if wins { source } else { target };
            let stands = rig.value(target, &ends[target], "Title");
            assert_eq!(stands.as_deref(), Some(expected.name()), "{direction}, {said:?}");
            assert_eq!(rig.value(source, &ends[source], "Title").as_deref(), Some(source.name()));
        }
    }
}
