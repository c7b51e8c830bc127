//! Who is one person, on both sides as they stand: an address under any label, an address book that
//! was imported again, an address that several people use, a database that was lost, namesakes.

use renraku_engine::api::ReviewKind;
use renraku_engine::core::contact::Side;
use serde_json::{Value, json};

use super::edits::in_step;
use super::people::{Card, card, google_fields, person};
use super::rig::{LAG, Rig, tally, wrote};

const ADA: [(&str, &str); 2] = [("First_Name", "Ada"), ("Last_Name", "Byron")];

/// A Google person called Ada Byron, with one address under a label of its own making.
fn ada_with(rig: &Rig, label: Option<&str>) -> Value {
    let mut fields = google_fields(&card(&ADA));
    let entry = match label {
        Some(label) => json!({"value": "Ada@a.test", "type": label}),
        None => json!({"value": "Ada@a.test"}),
    };
    fields.insert("emailAddresses".to_owned(), json!([entry]));
    rig.act(Side::Google, json!({"op": "create", "fields": fields}))
}

fn counts(rig: &Rig) -> (usize, usize, usize) {
    (rig.cards(Side::Zoho).len(), rig.cards(Side::Google).len(), rig.review().len())
}

#[tokio::test]
async fn an_address_under_any_label_makes_no_twins() {
    let email = ("Email", "ada@a.test");
    let second = ("Secondary_Email", "ada@a.test");
    for label in [None, Some("home"), Some("other"), Some("Ski club"), Some("work")] {
        for field in [email, second] {
            for (name, questions) in [(ADA, 0), ([("First_Name", "Lord"), ADA[1]], 1)] {
                // The main address of both tells whatever the names are.
                let questions = if label == Some("work") && field == email { 0 } else { questions };
                for later in [false, true] {
                    let what = format!("{label:?}, {field:?}, {name:?}, later: {later}");
                    let rig = if later { in_step(1, json!({})).await } else { Rig::new().await };
                    ada_with(&rig, label);
                    rig.add(Side::Zoho, &card(&[name[0], name[1], field]));
                    if !later {
                        rig.contacts(json!({})).await;
                    }
                    rig.settle().await;
                    let many = 1 + usize::from(later);
                    assert_eq!(counts(&rig), (many, many, questions), "{what}: {:?}", rig.review());
                }
            }
        }
    }
}

/// People who can be told by more or less: one with everything, and some with little.
fn all_sorts(many: usize) -> Vec<Card> {
    let mut all: Vec<Card> = (0..many).map(person).collect();
    all.extend([
        card(&[("First_Name", "Only"), ("Last_Name", "Name")]),
        card(&[("Last_Name", "Note"), ("Description", "Met in Oslo")]),
        card(&[("Last_Name", "Caller"), ("Phone", "+1 212 555 0077")]),
        card(&[("Phone", "020/555 01 03")]),
        card(&[("Description", "Nothing but a note")]),
        card(&[("Title", "Nothing but a title")]),
    ]);
    all
}

#[tokio::test]
async fn a_name_in_another_shape_of_its_letters_makes_no_twins() {
    // As keyboards and address books write the same names; only a number tells more.
    for (zoho, google) in [
        (("辻\u{e0100}", "太郎"), ("辻", "太郎")),
        (("佐々", "太郎"), ("佐々", "\u{3164}太郎")),
        (("𠮷", "太郎"), ("𠮷\u{fe00}", "太郎")),
    ] {
        let rig = Rig::new().await;
        for (side, (family, given)) in [(Side::Zoho, zoho), (Side::Google, google)] {
            let name = [("Last_Name", family), ("First_Name", given)];
            rig.add(side, &card(&[&name[..], &[("Mobile", "+81 90 1234 5678")]].concat()));
        }
        rig.contacts(json!({})).await;
        rig.settle().await;
        assert_eq!(counts(&rig), (1, 1, 0), "{zoho:?} {google:?}: {:?}", rig.review());
    }
}

#[tokio::test]
async fn an_address_book_that_was_imported_again_is_linked_again() {
    for rule in ["ask", "delete"] {
        for many in [1, 14] {
            for asked_before in [false, true] {
                let what = format!("{rule}, {many} and more, asked before: {asked_before}");
                let rig = Rig::new().await;
                let people = all_sorts(many);
                for one in &people {
                    rig.add(Side::Google, one);
                }
                rig.contacts(json!({"on_delete": rule})).await;
                rig.settle().await;
                assert_eq!(counts(&rig), (people.len(), people.len(), 0), "{what}: before");
                let records = rig.everybody(Side::Zoho);
                for (id, _) in rig.everybody(Side::Google) {
                    rig.delete(Side::Google, &id);
                }
                if asked_before {
                    let run = rig.sync().await;
                    if rule == "delete" && run.zoho.deleted > 0 {
                        // Few enough for the rule: they are gone on both sides.
                        continue;
                    }
                    assert!(!rig.review().is_empty(), "{what}: it is asked");
                }
                for one in &people {
                    rig.add(Side::Google, one);
                }
                let run = rig.sync().await;
                assert_eq!(wrote(&run), 0, "{what}: nobody is made or deleted: {run:?}");
                rig.settle().await;
                assert_eq!(rig.review(), [], "{what}: nothing is asked");
                assert_eq!(rig.everybody(Side::Zoho), records, "{what}: the records are as before");
                assert_eq!(rig.cards(Side::Google).len(), people.len(), "{what}: nobody twice");
                // They are in step again.
                let found = rig.find(Side::Zoho, "Last_Name", "Note");
                rig.edit(Side::Zoho, &found, "Title", Some("In step"));
                rig.settle().await;
                let there = rig.find(Side::Google, "Title", "In step");
                let note = rig.value(Side::Google, &there, "Description");
                assert_eq!(note.as_deref(), Some("Met in Oslo"), "{what}");
            }
        }
    }
}

#[tokio::test]
async fn who_says_something_else_on_the_written_side_is_known_when_it_is_imported_again() {
    let people = [
        card(&[("First_Name", "Ada"), ("Last_Name", "Key"), ("Email", "ada@a.test")]),
        card(&[("First_Name", "Bo"), ("Last_Name", "Phone"), ("Mobile", "+1 212 555 0001")]),
        card(&[("First_Name", "Cy"), ("Last_Name", "Home"), ("Secondary_Email", "cy@a.test")]),
        card(&[("First_Name", "Di"), ("Last_Name", "Note"), ("Description", "Met in Oslo")]),
    ];
    for direction in ["zoho_to_google", "google_to_zoho"] {
        for gone in Side::BOTH {
            for (rule, asked_before, edited) in [
                ("ask", false, true),
                ("ask", true, false),
                ("delete", false, false),
                ("delete", false, true),
            ] {
                // A name alone tells nobody for certain who says something new.
                let people = if edited { &people[..3] } else { &people[..] };
                let what = format!(
                    "{direction}, {}, {rule}, asked {asked_before}, edited {edited}",
                    gone.name()
                );
                let rig = Rig::new().await;
                for one in people {
                    let source =
                        if direction == "zoho_to_google" { Side::Zoho } else { Side::Google };
                    rig.add(source, one);
                }
                rig.contacts(json!({"direction": direction, "on_delete": rule})).await;
                rig.settle().await;
                let target = if direction == "zoho_to_google" { Side::Google } else { Side::Zoho };
                for (number, (id, _)) in rig.everybody(target).into_iter().enumerate() {
                    rig.edit(target, &id, "First_Name", Some("Other"));
                    rig.edit(target, &id, "Mobile", Some(&format!("+1 212 555 010{number}")));
                }
                rig.settle().await;
                let stood = rig.everybody(gone);
                stood.iter().for_each(|(id, _)| rig.delete(gone, id));
                if asked_before {
                    rig.later(LAG);
                    assert_eq!(wrote(&rig.sync().await), 0, "{what}: it is asked");
                }
                for (_, mut card) in stood {
                    if edited {
                        card.insert("Title".to_owned(), "New".to_owned());
                    }
                    rig.add(gone, &card);
                }
                rig.later(LAG);
                let run = rig.sync().await;
                for side in Side::BOTH {
                    let (created, _, deleted) = tally(&run, side);
                    assert_eq!((created, deleted), (0, 0), "{what}: {run:?}");
                }
                rig.settle().await;
                let (zoho, google, asked) = counts(&rig);
                let many = people.len();
                assert_eq!((zoho, google), (many, many), "{what}: {:?}", rig.review());
                assert_eq!(asked, 0, "{what}: {:?}", rig.review());
            }
        }
    }
}

#[tokio::test]
async fn who_is_imported_again_outside_the_view_is_known_and_nobody_is_deleted() {
    for rule in ["ask", "delete"] {
        let rig = Rig::new().await;
        let view = json!({"op": "view", "module": "Contacts", "name": "Key",
                          "condition": "Assistant = 'Key'"});
        rig.act(Side::Zoho, view);
        let all = all_sorts(1);
        for one in &all {
            rig.add(Side::Google, one);
        }
        let inside = |rig: &Rig| {
            for (record, _) in rig.everybody(Side::Zoho) {
                let edit = json!({"op": "edit", "module": "Contacts", "record": record,
                                  "fields": {"Assistant": "Key"}});
                rig.act(Side::Zoho, edit);
            }
        };
        rig.contacts(json!({"zoho_view": "Key", "on_delete": rule})).await;
        rig.settle().await;
        inside(&rig);
        rig.settle().await;
        let stood = rig.everybody(Side::Zoho);
        stood.iter().for_each(|(id, _)| rig.delete(Side::Zoho, id));
        stood.iter().for_each(|(_, card)| drop(rig.add(Side::Zoho, card)));
        rig.settle().await;
        assert_eq!(counts(&rig), (all.len(), all.len(), 0), "{rule}: {:?}", rig.review());
        inside(&rig);
        rig.settle().await;
        assert_eq!(counts(&rig), (all.len(), all.len(), 0), "{rule}: awake: {:?}", rig.review());
    }
}

#[tokio::test]
async fn who_gets_the_address_of_a_lost_contact_is_not_its_successor() {
    for side in Side::BOTH {
        let rig = in_step(2, json!({"on_delete": "ask"})).await;
        let lost = rig.find(side, "Email", "p1@a.test");
        rig.delete(side, &lost);
        let inheritance =
            card(&[("First_Name", "New"), ("Last_Name", "Clerk"), ("Email", "p1@a.test")]);
        rig.add(side, &inheritance);
        rig.settle().await;
        let what = format!("{}: {:?}", side.name(), rig.review());
        let there = rig.everybody(side.other());
        let named = |name: &str| {
            there.iter().filter(|(_, c)| c.get("Last_Name").is_some_and(|n| n == name)).count()
        };
        assert_eq!((named("Family1"), named("Clerk")), (1, 1), "two people, {what}");
        let kinds: Vec<ReviewKind> = rig.review().iter().map(|item| item.kind).collect();
        assert_eq!(kinds, [ReviewKind::Deletion], "the deletion is a matter of its own, {what}");
    }
}

#[tokio::test]
async fn one_of_a_couple_with_one_address_is_deleted_and_not_merged() {
    for side in Side::BOTH {
        let rig = Rig::new().await;
        for name in ["Anna", "Bert"] {
            let one = [("First_Name", name), ("Last_Name", "Berg"), ("Email", "bergs@a.test")];
            for side in Side::BOTH {
                rig.add(side, &card(&one));
            }
        }
        rig.contacts(json!({"on_delete": "ask"})).await;
        rig.settle().await;
        assert_eq!(counts(&rig), (2, 2, 0), "the couple is in step: {:?}", rig.review());
        rig.delete(side, &rig.find(side, "First_Name", "Bert"));
        rig.settle().await;
        let kinds: Vec<ReviewKind> = rig.review().iter().map(|item| item.kind).collect();
        assert_eq!(kinds, [ReviewKind::Deletion], "{}: {:?}", side.name(), rig.review());
        assert_eq!(rig.cards(side.other()).len(), 2, "nobody is deleted");
    }
}

#[tokio::test]
async fn a_lost_database_doubles_nobody_who_can_be_told_by_little() {
    let mut rig = Rig::new().await;
    let little: Vec<Card> = all_sorts(1).into_iter().collect();
    for one in &little {
        rig.add(Side::Google, one);
    }
    let more = [
        json!({"birthdays": [{"date": {"year": 1980, "month": 5, "day": 17}}]}),
        json!({"addresses": [{"type": "work", "city": "Utrecht", "streetAddress": "Oudegracht 1"}]}),
        json!({"phoneNumbers": [{"type": "mobile", "value": "020/555 01 04"}]}),
    ];
    for fields in more {
        rig.act(Side::Google, json!({"op": "create", "fields": fields}));
    }
    rig.contacts(json!({})).await;
    rig.settle().await;
    let many = little.len() + 3;
    assert_eq!(counts(&rig), (many, many, 0), "{:?}", rig.review());
    rig.lose_database().await;
    rig.contacts(json!({})).await;
    rig.settle().await;
    let (zoho, google, _) = counts(&rig);
    assert_eq!((zoho, google), (many, many), "nobody is made again: {:?}", rig.review());
    assert_eq!(rig.review(), Vec::new(), "whole cards tell who have a name alone");
}

#[tokio::test]
async fn namesakes_are_asked_about_once_each() {
    let rig = Rig::new().await;
    for number in 0..12 {
        for side in Side::BOTH {
            let note = format!("Note {number}");
            rig.add(side, &card(&[ADA[0], ADA[1], ("Description", &note)]));
        }
    }
    rig.contacts(json!({})).await;
    rig.settle().await;
    assert_eq!(counts(&rig), (12, 12, 12), "one question a person");
}

#[tokio::test]
async fn a_deletion_that_may_be_a_merge_is_asked_about() {
    for alike in [false, true] {
        let rig = in_step(2, json!({"on_delete": "delete"})).await;
        let loser = rig.find(Side::Zoho, "Email", "p1@a.test");
        let survivor = rig.find(Side::Zoho, "Email", "p0@a.test");
        if alike {
            let name = [("First_Name", "Given1"), ("Last_Name", "Family1")];
            for (field, value) in name {
                rig.edit(Side::Zoho, &survivor, field, Some(value));
            }
            rig.settle().await;
        }
        let merge =
            json!({"op": "merge", "module": "Contacts", "survivor": survivor, "losers": [loser]});
        rig.act(Side::Zoho, merge);
        rig.settle().await;
        assert_eq!(rig.cards(Side::Google).len(), 2, "nobody is deleted, alike: {alike}");
        assert_eq!(rig.review().len(), 1, "it is asked, alike: {alike}");
        // A plain deletion is still carried out.
        let rig = in_step(2, json!({"on_delete": "delete"})).await;
        rig.delete(Side::Zoho, &rig.find(Side::Zoho, "Email", "p1@a.test"));
        rig.settle().await;
        rig.agree(1);
    }
}

#[tokio::test]
async fn whoever_zoho_cannot_be_asked_for_gets_no_twin_outside_the_view() {
    for (chokes, held, answers_later) in
        [(vec!["odd"], 0, false), (vec!["odd", "Byron"], 1, false), (vec!["odd", "Byron"], 1, true)]
    {
        let what = format!("no query may hold {chokes:?}");
        let rig = Rig::new().await;
        let view = json!({"op": "view", "module": "Contacts", "name": "Key",
                          "condition": "Department = 'Key'"});
        rig.act(Side::Zoho, view);
        let chokes = chokes.into_iter().map(str::to_owned).collect();
        rig.control.set_switches(|s| s.zoho.coql_chokes_on = chokes);
        let odd = card(&[ADA[0], ADA[1], ("Email", "odd@a.test")]);
        for side in Side::BOTH {
            rig.add(side, &odd);
        }
        rig.add(Side::Google, &person(1));
        rig.contacts(json!({"zoho_view": "Key"})).await;
        rig.settle().await;
        assert_eq!(counts(&rig), (2, 2, held), "{what}, the others go on: {:?}", rig.review());
        if held == 0 {
            // Found by the name.
            continue;
        }
        let open = rig.review();
        let told = open.first().map(|item| item.reason.clone()).unwrap_or_default();
        assert!(told.contains("could not be asked"), "{what}: {told}");
        if answers_later {
            rig.control.set_switches(|s| s.zoho.coql_chokes_on = Vec::new());
            rig.settle().await;
            assert_eq!(counts(&rig), (2, 2, 0), "{what}: Zoho answers, and nothing is asked");
            continue;
        }
        rig.decide(ReviewKind::Match, "separate");
        rig.settle().await;
        assert_eq!(counts(&rig), (3, 2, 0), "{what}: the person knows better");
    }
}

#[tokio::test]
async fn who_has_no_name_is_not_taken_for_whoever_had_the_address() {
    let rig = Rig::new().await;
    let boss = card(&[("First_Name", "Old"), ("Last_Name", "Boss"), ("Email", "info@a.test")]);
    rig.add(Side::Zoho, &boss);
    rig.contacts(json!({})).await;
    rig.settle().await;
    rig.delete(Side::Google, &rig.find(Side::Google, "Email", "info@a.test"));
    let new = card(&[("Email", "info@a.test"), ("Description", "The new one")]);
    let new = rig.add(Side::Google, &new);
    rig.settle().await;
    assert_eq!(rig.value(Side::Google, &new, "Last_Name"), None, "nobody's name");
    let zoho = rig.cards(Side::Zoho);
    let boss = zoho.iter().find(|card| card.get("Last_Name").is_some_and(|name| name == "Boss"));
    let boss = boss.expect("the old one stays until the question is answered");
    assert_eq!(boss.get("Description"), None, "and gets no note of another one's");
    assert!(rig.review().iter().any(|item| item.kind == ReviewKind::Deletion), "it is asked about");
}

#[tokio::test]
async fn a_record_that_a_person_copied_in_zoho_is_never_deleted() {
    for direction in ["two_way", "zoho_to_google"] {
        for kim in [
            card(&[("First_Name", "Kim"), ("Last_Name", "Lee"), ("Phone", "+1 212 555 0100")]),
            card(&[("First_Name", "Kim"), ("Last_Name", "Lee"), ("Email", "kim@a.test")]),
        ] {
            let rig = Rig::new().await;
            rig.add(Side::Zoho, &kim);
            rig.contacts(json!({"direction": direction})).await;
            rig.synced().await;
            rig.add(Side::Zoho, &kim);
            rig.settle().await;
            assert_eq!(rig.cards(Side::Zoho).len(), 2, "{direction}, {kim:?}");
            assert_eq!(rig.cards(Side::Google).len(), 1, "{direction}, {kim:?}");
            assert_eq!(rig.review().len(), 1, "{direction}, {kim:?}: it is asked about");
        }
    }
}
