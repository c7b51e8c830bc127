//! Many contacts of one name that nothing else tells apart: each is asked about beside one other at a
//! time, and nobody is made before the person has answered about it.

use std::collections::BTreeMap;

use renraku_engine::api::{ContactAction, ContactQuery, ReviewItem, ReviewKind};
use renraku_engine::core::contact::{Module, Side};
use serde_json::json;

use super::people::{Card, card};
use super::rig::{LAG, Rig, done, tally};

/// A contact of everybody's name with a note of its own.
fn namesake(side: Side, number: usize) -> Card {
    let note = format!("{} {number}", side.name());
    card(&[("First_Name", "Ana"), ("Last_Name", "Silva"), ("Description", &note)])
}

async fn namesakes(zoho: usize, google: usize) -> Rig {
    let rig = Rig::new().await;
    for (side, many) in [(Side::Zoho, zoho), (Side::Google, google)] {
        for number in 0..many {
            rig.add(side, &namesake(side, number));
        }
    }
    rig.contacts(json!({})).await;
    done(rig.approve().await);
    rig
}

/// The open questions whether two are one person, or what to do about one.
fn questions(rig: &Rig) -> Vec<ReviewItem> {
    let mut open = rig.review();
    open.retain(|item| item.chosen.is_none());
    for item in &open {
        assert_eq!(item.kind, ReviewKind::Match, "{item:?}");
    }
    open
}

fn answer(rig: &Rig, items: &[ReviewItem], choice: &str) {
    let ids: Vec<&str> = items.iter().map(|item| item.item.as_str()).collect();
    rig.engine().resolve(&ids, choice).expect("the choice is offered");
}

#[tokio::test]
async fn each_of_many_namesakes_is_in_one_question_at_a_time() {
    for (zoho, google) in [(100, 100), (3, 40), (40, 3)] {
        let what = format!("{zoho} and {google}");
        let rig = namesakes(zoho, google).await;
        let open = questions(&rig);
        assert_eq!(open.len(), zoho.max(google), "{what}: one question a contact");
        // Some are answered, the others wait as they were.
        let pairs = zoho.min(google);
        let some: Vec<ReviewItem> =
            open.iter().filter(|item| item.choices.iter().any(|c| c == "link")).cloned().collect();
        assert_eq!(some.len(), pairs, "{what}");
        let (first, rest) = some.split_at(2);
        answer(&rig, first, "separate");
        done(rig.sync().await);
        let now = questions(&rig);
        assert!(now.len() <= open.len(), "{what}: a contact is in one question at a time");
        let waits = rest.iter().all(|old| now.iter().any(|item| item.item == old.item));
        assert!(waits, "{what}: who is not answered about waits as before");
        let (mut answers, mut now) = (2, now);
        while !now.is_empty() {
            answers += now.len();
            assert!(answers <= 3 * (zoho + google), "{what}: the answers grow with the contacts");
            answer(&rig, &now, "separate");
            done(rig.sync().await);
            now = questions(&rig);
        }
        rig.settle().await;
        rig.agree(zoho + google);
        // One more of that name is another matter, and one question.
        rig.add(Side::Zoho, &namesake(Side::Zoho, 1_000));
        done(rig.sync().await);
        assert_eq!(questions(&rig), [], "{what}: nobody without a counterpart is left");
        rig.settle().await;
        rig.agree(zoho + google + 1);
    }
}

#[tokio::test]
async fn a_namesake_who_comes_later_is_another_question() {
    let rig = Rig::new().await;
    // Only Google is written: whoever stays in Google alone stays without a counterpart.
    for number in 0..3 {
        rig.add(Side::Google, &namesake(Side::Google, number));
    }
    rig.add(Side::Zoho, &namesake(Side::Zoho, 0));
    rig.contacts(json!({"direction": "zoho_to_google"})).await;
    done(rig.approve().await);
    for made in [0, 0, 1] {
        let open = questions(&rig);
        let beside = open.iter().filter(|item| item.choices.iter().any(|c| c == "link"));
        answer(&rig, &beside.cloned().collect::<Vec<_>>(), "separate");
        let run = done(rig.sync().await);
        assert_eq!(tally(&run, Side::Google), (made, 0, 0), "it may be the next: {run:?}");
    }
    assert_eq!(questions(&rig), [], "the one record has its counterpart");
    rig.add(Side::Zoho, &namesake(Side::Zoho, 1));
    done(rig.sync().await);
    let open = questions(&rig);
    assert!(!open.is_empty(), "it may be any of the three");
    let beside = open.iter().filter(|item| item.choices.iter().any(|c| c == "link"));
    let beside: Vec<ReviewItem> = beside.cloned().collect();
    assert_eq!(beside.len(), 1, "{open:?}");
    answer(&rig, &beside, "link");
    done(rig.sync().await);
    assert_eq!(questions(&rig), [], "nobody is left to ask about");
    assert_eq!(rig.cards(Side::Google).len(), 4, "nobody was made");
    rig.settle().await;
}

/// What is typed where: the side, the field and its value.
type Typed = &'static [(Side, &'static str, &'static str)];

#[tokio::test]
async fn what_two_namesakes_get_meanwhile_answers_no_question() {
    let edits: [(&str, Typed); 4] = [
        (
            "an address each",
            &[(Side::Zoho, "Email", "a@a.test"), (Side::Google, "Email", "b@a.test")],
        ),
        (
            "an address and a number",
            &[(Side::Google, "Email", "a@a.test"), (Side::Zoho, "Phone", "+1 212 555 0101")],
        ),
        ("another name", &[(Side::Zoho, "Last_Name", "Souza")]),
        (
            "another name and a number each",
            &[
                (Side::Google, "Last_Name", "Souza"),
                (Side::Google, "Mobile", "+1 212 555 0102"),
                (Side::Zoho, "Mobile", "+1 212 555 0103"),
            ],
        ),
    ];
    for (what, edits) in edits {
        for choice in ["link", "separate"] {
            for at_once in [true, false] {
                let what = format!("{what}, at once: {at_once}, {choice}");
                let rig = namesakes(1, 1).await;
                let open = questions(&rig);
                let only = |side: Side| rig.everybody(side).remove(0).0;
                for (side, field, value) in edits {
                    rig.edit(*side, &only(*side), field, Some(value));
                    if !at_once {
                        rig.settle().await;
                    }
                }
                rig.settle().await;
                let ids = |open: &[ReviewItem]| -> Vec<String> {
                    open.iter().map(|item| item.item.clone()).collect()
                };
                assert_eq!(ids(&questions(&rig)), ids(&open), "{what}: the same question");
                let many = |rig: &Rig| Side::BOTH.map(|side| rig.cards(side).len());
                assert_eq!(many(&rig), [1, 1], "{what}: nobody is made");
                answer(&rig, &open, choice);
                rig.settle().await;
                rig.agree(if choice == "link" { 1 } else { 2 });
                assert_eq!(questions(&rig), [], "{what}: answered");
            }
        }
    }
}

/// What namesakes have in common beside their name.
type Common = &'static [(&'static str, &'static str)];

/// The linked pairs that can be kept apart.
fn separable(rig: &Rig) -> Vec<(String, String)> {
    let all = ContactQuery { most: 1_000, ..ContactQuery::default() };
    let mut all = rig.engine().contacts(&all).expect("the list").contacts;
    all.retain(|contact| contact.actions.contains(&ContactAction::Separate));
    all.into_iter().filter_map(|contact| Some((contact.zoho_id?, contact.google?))).collect()
}

/// Calls everybody separate but for one pair where one `stays`: so many answers at a time, the open
/// questions first, then the pairs that were linked.
async fn separate_in_portions(rig: &Rig, portion: usize, stays: bool, what: &str) {
    let kept: Vec<(String, String)> = separable(rig).into_iter().take(stays.into()).collect();
    let mut answered: BTreeMap<(Side, String), usize> = BTreeMap::new();
    for _ in 0..60 {
        let open = questions(rig);
        let mut pairs = separable(rig);
        pairs.retain(|pair| !kept.contains(pair));
        if open.is_empty() && pairs.is_empty() {
            let contacts = rig.cards(Side::Zoho).len() + rig.cards(Side::Google).len();
            let all: usize = answered.values().sum();
            assert!(all <= 6 * contacts, "{what}: {all} times asked about {contacts}");
            return;
        }
        let by_question: Vec<ReviewItem> = open.into_iter().take(portion).collect();
        pairs.truncate(portion - by_question.len());
        let asked = by_question.iter().flat_map(|item| {
            let ids = [(Side::Zoho, &item.zoho_id), (Side::Google, &item.google)];
            ids.into_iter().filter_map(|(side, id)| Some((side, id.clone()?)))
        });
        let linked = pairs.iter().flat_map(|(zoho, google)| {
            [(Side::Zoho, zoho.clone()), (Side::Google, google.clone())]
        });
        for contact in asked.chain(linked) {
            *answered.entry(contact).or_default() += 1;
        }
        answer(rig, &by_question, "separate");
        for (zoho, google) in pairs {
            let apart = rig.engine().separate(Module::Contacts, &zoho, &google).await;
            apart.expect("kept apart");
        }
        let run = done(rig.sync().await);
        let deleted = Side::BOTH.map(|side| tally(&run, side).2);
        assert_eq!((deleted, run.matched), ([0, 0], 0), "{what}: {run:?}");
        rig.later(LAG);
    }
    panic!("{what}: it comes to no end");
}

#[tokio::test]
async fn answers_in_portions_make_each_a_contact_of_its_own() {
    let kinds: [(&str, Common); 3] = [
        ("nothing", &[]),
        ("a number", &[("Phone", "+1 212 555 0199")]),
        ("an address", &[("Email", "office@a.test")]),
    ];
    for (kind, common) in kinds {
        for (zoho, google, portion) in
            [(3, 3, 1), (3, 3, 2), (5, 5, 2), (5, 5, 3), (2, 4, 1), (4, 2, 2)]
        {
            for stays in [false, true] {
                let what = format!("{kind}, {zoho} and {google} by {portion}, one stays: {stays}");
                let rig = Rig::new().await;
                for (side, many) in [(Side::Zoho, zoho), (Side::Google, google)] {
                    for number in 0..many {
                        let mut one = namesake(side, number);
                        one.extend(card(common));
                        rig.add(side, &one);
                    }
                }
                rig.contacts(json!({})).await;
                done(rig.approve().await);
                let open = questions(&rig);
                let beside = open.iter().find(|item| item.choices.iter().any(|c| c == "link"));
                if let Some(first) = beside.filter(|_| stays) {
                    answer(&rig, std::slice::from_ref(first), "link");
                    done(rig.sync().await);
                }
                separate_in_portions(&rig, portion, stays, &what).await;
                rig.settle().await;
                assert_eq!(questions(&rig), [], "{what}: nothing is asked again");
                rig.agree(zoho + google - usize::from(stays));
            }
        }
    }
}

#[tokio::test]
async fn who_was_kept_apart_is_no_second_copy_of_ours() {
    let limits = json!({"first_run": 100, "later_run": 1, "google_contacts": 25_000});
    let rig = Rig::new().await;
    for side in Side::BOTH {
        let mut one = namesake(side, 0);
        one.extend(card(&[("Email", "office@a.test")]));
        rig.add(side, &one);
    }
    rig.contacts(json!({"limits": limits})).await;
    done(rig.approve().await);
    rig.settle().await;
    let pairs = separable(&rig);
    assert_eq!(pairs.len(), 1, "they are taken for one person");
    for (zoho, google) in pairs {
        rig.engine().separate(Module::Contacts, &zoho, &google).await.expect("kept apart");
    }
    // One gets its counterpart in this run, the other, which carries our mark, in the next.
    for (run, waiting) in [(1, 1), (2, 0)] {
        let report = rig.sync().await;
        let deleted = Side::BOTH.map(|side| tally(&report, side).2);
        assert_eq!((deleted, report.waiting), ([0, 0], waiting), "run {run}: {report:?}");
        rig.later(LAG);
    }
    rig.settle().await;
    rig.agree(2);
}

/// The open questions whether two are one person, of which so many are expected.
fn beside(rig: &Rig, many: usize, what: &str) -> Vec<ReviewItem> {
    let mut open = questions(rig);
    open.retain(|item| item.choices.iter().any(|choice| choice == "link"));
    assert_eq!(open.len(), many, "{what}: {open:?}");
    open
}

#[tokio::test]
async fn nobody_about_whom_a_question_is_open_is_made_by_an_answer_about_another() {
    for (zoho, google) in [(1, 2), (2, 1)] {
        for looked in [false, true] {
            for choice in ["separate", "link"] {
                let what = format!("{zoho} and {google}, {choice}, looked: {looked}");
                let rig = namesakes(zoho, google).await;
                answer(&rig, &beside(&rig, 1, &what), choice);
                if looked {
                    rig.engine().preview(None).await.expect("a preview");
                }
                let run = done(rig.sync().await);
                let made = tally(&run, Side::Zoho).0 + tally(&run, Side::Google).0;
                let open = questions(&rig);
                assert_eq!(open.len(), 1, "{what}: the other question waits: {open:?}");
                if choice == "separate" {
                    assert_eq!(made, 1, "{what}: who can be nobody else: {run:?}");
                    answer(&rig, &beside(&rig, 1, &what), "link");
                } else {
                    assert_eq!(made, 0, "{what}: {run:?}");
                    rig.settle().await;
                    assert_eq!(questions(&rig), open, "{what}: as long as nobody answers");
                    answer(&rig, &open, "separate");
                }
                rig.settle().await;
                assert_eq!(questions(&rig), [], "{what}");
                rig.agree(2);
            }
        }
    }
}

#[tokio::test]
async fn namesakes_who_stand_crosswise_are_offered_beside_each_other_next() {
    for at_once in [true, false] {
        let what = format!("at once: {at_once}");
        let rig = namesakes(2, 2).await;
        let first = beside(&rig, 2, &what);
        let portions: Vec<&[ReviewItem]> =
            if at_once { vec![&first] } else { first.chunks(1).collect() };
        for portion in portions {
            answer(&rig, portion, "separate");
            let run = done(rig.sync().await);
            let made = Side::BOTH.map(|side| tally(&run, side).0);
            assert_eq!(made, [0, 0], "{what}: each may be the other's: {run:?}");
        }
        answer(&rig, &beside(&rig, 2, &what), "link");
        rig.settle().await;
        assert_eq!(questions(&rig), [], "{what}");
        rig.agree(2);
    }
}

#[tokio::test]
async fn nobody_is_made_beside_namesakes_whom_it_never_met_before_the_person_says_so() {
    for many in [4, 6] {
        for alone in ["separate", "ignore"] {
            let what = format!("{many} a side, alone: {alone}");
            let rig = namesakes(many, many).await;
            let mut asked = 0;
            loop {
                let mut open = questions(&rig);
                open.retain(|item| item.choices.iter().any(|choice| choice == "link"));
                if open.is_empty() {
                    break;
                }
                asked += open.len();
                answer(&rig, &open, "separate");
                let run = done(rig.sync().await);
                let made = Side::BOTH.map(|side| tally(&run, side).0);
                assert_eq!(made, [0, 0], "{what}: each may be another one's: {run:?}");
            }
            assert!((3 * many..=4 * many).contains(&asked), "{what}: few are met: {asked}");
            let open = questions(&rig);
            assert_eq!(open.len(), 2 * many, "{what}: each is asked about alone");
            answer(&rig, &open, alone);
            rig.settle().await;
            assert_eq!(questions(&rig), [], "{what}: that is the end of it");
            let all = if alone == "separate" { 2 * many } else { many };
            assert_eq!(Side::BOTH.map(|side| rig.cards(side).len()), [all, all], "{what}");
        }
    }
}

#[tokio::test]
async fn namesakes_with_one_number_and_other_addresses_are_asked_about() {
    let one = |side: Side, number: usize| {
        let mut one = namesake(side, number);
        let email = format!("{}{number}@a.test", side.name());
        one.extend(card(&[("Phone", "+1 212 555 0107"), ("Email", &email)]));
        one
    };
    for (zoho, google) in [(1, 1), (2, 1), (1, 2), (3, 3)] {
        for choice in ["link", "separate"] {
            let what = format!("{zoho} and {google}, {choice}");
            let rig = Rig::new().await;
            for (side, many) in [(Side::Zoho, zoho), (Side::Google, google)] {
                (0..many).for_each(|number| drop(rig.add(side, &one(side, number))));
            }
            rig.contacts(json!({})).await;
            let run = done(rig.approve().await);
            let made = Side::BOTH.map(|side| tally(&run, side).0);
            assert_eq!(made, [0, 0], "{what}: nobody is made beside a namesake of the same number");
            answer(&rig, &beside(&rig, zoho.min(google), &what), choice);
            for _ in 0..4 {
                done(rig.sync().await);
                answer(&rig, &questions(&rig), "separate");
            }
            rig.settle().await;
            assert_eq!(questions(&rig), [], "{what}");
            let linked = if choice == "link" { zoho.min(google) } else { 0 };
            rig.agree(zoho + google - linked);
        }
    }
}

#[tokio::test]
async fn words_that_are_no_address_tell_nobody_from_a_namesake() {
    let rig = Rig::new().await;
    let name: Common = &[("First_Name", "Ang"), ("Last_Name", "Xi")];
    let of = |more: Common| name.iter().chain(more).copied().collect::<Vec<_>>();
    rig.add(Side::Zoho, &card(&of(&[("Email", "ang@a.test"), ("Phone", "+1 212 555 0107")])));
    rig.add(Side::Google, &card(&of(&[("Email", "none"), ("Phone", "+1 212 555 0107")])));
    rig.contacts(json!({})).await;
    let run = done(rig.approve().await);
    assert_eq!(run.matched, 1, "the name and the number tell: {run:?}");
    rig.settle().await;
    assert_eq!(Side::BOTH.map(|side| rig.cards(side).len()), [1, 1], "nobody is made");
}
