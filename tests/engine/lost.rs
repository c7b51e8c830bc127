//! A lost database: everybody is found again and nobody is created (B2).

use renraku_engine::api::ReviewKind;
use renraku_engine::core::contact::Side;
use renraku_sandbox::People;
use serde_json::{Value, json};

use super::edits::in_step;
use super::people::{Card, card, person};
use super::rig::{Rig, done, tally, wrote};

#[tokio::test]
async fn a_lost_database_creates_nobody() {
    let mut rig = in_step(6, json!({})).await;
    // No key, no phone: only the mark that the create carried tells.
    rig.add(Side::Zoho, &card(&[("Last_Name", "Unmarked")]));
    rig.add(Side::Google, &card(&[("Last_Name", "Bare"), ("Phone", "+1 212 555 0909")]));
    rig.settle().await;
    rig.agree(8);
    rig.lose_database().await;
    rig.contacts(json!({})).await;
    rig.control.clear_requests();
    let run = rig.synced().await;
    assert_eq!(run.matched, 8, "everybody is found again: {run:?}");
    for side in Side::BOTH {
        assert_eq!(tally(&run, side), (0, 0, 0), "0 creates, nothing to write");
    }
    rig.settle().await;
    rig.agree(8);
}

/// The database is lost, and the same sync is set up again; what its first run does.
async fn again(rig: &mut Rig, direction: &str, what: &str) -> u32 {
    again_with(rig, json!({"direction": direction}), what).await
}

async fn again_with(rig: &mut Rig, keys: Value, what: &str) -> u32 {
    rig.lose_database().await;
    rig.contacts(keys).await;
    let run = done(rig.approve().await);
    for side in Side::BOTH {
        assert_eq!(tally(&run, side).0, 0, "{what}: 0 creates: {run:?} {:?}", rig.review());
    }
    let before = Side::BOTH.map(|side| rig.cards(side));
    rig.settle().await;
    assert_eq!(Side::BOTH.map(|side| rig.cards(side)), before, "{what}: nor later");
    run.matched
}

#[tokio::test]
async fn the_sample_people_are_found_again_in_every_direction() {
    for direction in ["two_way", "zoho_to_google", "google_to_zoho"] {
        let mut rig = Rig::with(People::Sample).await;
        rig.contacts(json!({"direction": direction})).await;
        rig.synced().await;
        rig.settle().await;
        again(&mut rig, direction, direction).await;
    }
}

#[tokio::test]
async fn whatever_little_is_known_of_a_contact_it_is_not_created_again() {
    let people: [(&str, Card); 9] = [
        ("a key", card(&[("Last_Name", "Key"), ("Email", "key@a.test")])),
        ("a name and a phone", card(&[("Last_Name", "Phone"), ("Phone", "+1 212 555 0001")])),
        ("a name alone", card(&[("First_Name", "Ada"), ("Last_Name", "Alone")])),
        ("a name and a note", card(&[("Last_Name", "Noted"), ("Description", "Met at the fair")])),
        ("a name and no key", card(&[("Last_Name", "Home"), ("Secondary_Email", "home@a.test")])),
        ("a given name alone", card(&[("First_Name", "Given"), ("Mobile", "+1 212 555 0002")])),
        ("a phone alone", card(&[("Phone", "+1 212 555 0003")])),
        ("a private e-mail alone", card(&[("Secondary_Email", "alone@a.test")])),
        ("a note alone", card(&[("Description", "Nothing else"), ("Mobile", "+1 212 555 0004")])),
    ];
    for direction in ["two_way", "zoho_to_google", "google_to_zoho"] {
        for origin in Side::BOTH {
            for (what, person) in &people {
                let what = format!("{what} from {}, {direction}", origin.name());
                let mut rig = Rig::new().await;
                let mut person = person.clone();
                if origin == Side::Zoho {
                    person.entry("Last_Name".to_owned()).or_insert_with(|| "-".to_owned());
                }
                rig.add(origin, &person);
                for by_phone in [true, false] {
                    let keys = json!({"direction": direction, "match_without_email": by_phone});
                    rig.contacts(keys.clone()).await;
                    rig.settle().await;
                    let pairs = rig.engine().syncs().expect("the syncs")[0].linked;
                    let found = again_with(&mut rig, keys, &what).await;
                    assert_eq!(found, pairs, "{what}, {by_phone}: whoever was a pair is one again");
                    assert_eq!(rig.review(), [], "{what}, {by_phone}: and nothing is asked");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_mark_is_written_with_what_is_written_anyway_and_by_no_write_of_its_own() {
    let mut rig = in_step(0, json!({})).await;
    let ada = card(&[("First_Name", "Ada"), ("Last_Name", "Byron"), ("Email", "ada@a.test")]);
    let ids = Side::BOTH.map(|side| (side, rig.add(side, &ada)));
    let [(_, zoho), (_, google)] = &ids;
    let run = rig.synced().await;
    assert_eq!((run.matched, wrote(&run)), (1, 0), "matched and not written: {run:?}");
    let marked =
        |rig: &Rig| rig.raw(Side::Google, google).expect("the person").get("clientData").is_some();
    assert!(!marked(&rig), "no mark yet");
    rig.edit(Side::Zoho, zoho, "Title", Some("Countess"));
    rig.settle().await;
    assert!(marked(&rig), "the mark went along");
    // Now nothing else has to tell who is who.
    rig.edit(Side::Zoho, zoho, "Email", Some("other@a.test"));
    rig.edit(Side::Zoho, zoho, "Last_Name", Some("Lovelace"));
    again(&mut rig, "two_way", "only the mark").await;
    // Nobody can tell any more which of two values is the newer one.
    assert_eq!(rig.review().len(), 2, "name and address are asked about: {:?}", rig.review());
    for _ in 0..2 {
        rig.decide(ReviewKind::Difference, "zoho");
    }
    rig.settle().await;
    rig.agree(1);
}

#[tokio::test]
async fn what_is_edited_while_a_found_pair_sleeps_is_an_edit_when_it_wakes() {
    let mut rig = Rig::new().await;
    let condition = "Assistant = 'Key'";
    rig.act(
        Side::Zoho,
        json!({"op": "view", "module": "Contacts", "name": "Key", "condition": condition}),
    );
    let keys = json!({"zoho_view": "Key"});
    rig.add(Side::Google, &person(1));
    rig.contacts(keys.clone()).await;
    rig.synced().await;
    let zoho = rig.find(Side::Zoho, "Email", "p1@a.test");
    let google = rig.find(Side::Google, "Email", "p1@a.test");
    // What the sync created is outside the view until a person puts it there.
    rig.lose_database().await;
    rig.contacts(keys).await;
    assert_eq!(rig.synced().await.matched, 1, "found again");
    rig.edit(Side::Zoho, &zoho, "Phone", None);
    assert_eq!(wrote(&rig.synced().await), 0, "the pair sleeps");
    let inside = json!({"Assistant": "Key"});
    rig.act(
        Side::Zoho,
        json!({"op": "edit", "module": "Contacts", "record": zoho, "fields": inside}),
    );
    rig.settle().await;
    for (side, id) in [(Side::Zoho, &zoho), (Side::Google, &google)] {
        assert_eq!(rig.value(side, id, "Phone"), None, "cleared in {}", side.name());
    }
}

/// A sync of the records that a view shows, none of whom it shows any more.
async fn outside_a_view(people: &[Card]) -> Rig {
    let rig = Rig::new().await;
    let view = json!({"op": "view", "module": "Contacts", "name": "Key",
                      "condition": "Assistant = 'Key'"});
    rig.act(Side::Zoho, view);
    for person in people {
        rig.add(Side::Google, person);
    }
    rig.contacts(json!({"zoho_view": "Key"})).await;
    rig.synced().await;
    rig.settle().await;
    assert_eq!(rig.cards(Side::Zoho).len(), people.len(), "everybody is there");
    rig
}

#[tokio::test]
async fn who_is_outside_the_view_is_found_by_whatever_little_is_known() {
    let people = [
        card(&[("Last_Name", "Phone"), ("Phone", "+1 212 555 0001")]),
        card(&[("First_Name", "Ada"), ("Last_Name", "O'Alone \\ Sons")]),
        card(&[("Last_Name", "Home"), ("Secondary_Email", "home@a.test")]),
        card(&[("First_Name", "Given"), ("Mobile", "+1 212 555 0002")]),
        card(&[("Phone", "+1 212 555 0003")]),
        card(&[("Description", "Nothing else")]),
    ];
    let mut rig = outside_a_view(&people).await;
    for _ in 0..2 {
        rig.lose_database().await;
        rig.contacts(json!({"zoho_view": "Key"})).await;
        rig.settle().await;
        for side in Side::BOTH {
            let cards = rig.cards(side);
            assert_eq!(cards.len(), people.len(), "{}: {cards:?}", side.name());
        }
    }
}

#[tokio::test]
async fn whoever_is_named_by_a_mark_alone_is_found_outside_the_view() {
    let mut rig = Rig::new().await;
    let view = json!({"op": "view", "module": "Contacts", "name": "Key",
                      "condition": "Assistant = 'Key'"});
    rig.act(Side::Zoho, view);
    let zoho = rig.add(Side::Zoho, &card(&[("Last_Name", "Old")]));
    let edit = |fields: Value| json!({"op": "edit", "module": "Contacts", "record": zoho, "fields": fields});
    rig.act(Side::Zoho, edit(json!({"Assistant": "Key"})));
    rig.contacts(json!({"zoho_view": "Key"})).await;
    rig.synced().await;
    let google = rig.find(Side::Google, "Last_Name", "Old");
    rig.lose_database().await;
    rig.act(Side::Zoho, edit(json!({"Assistant": null, "Last_Name": "New"})));
    rig.contacts(json!({"zoho_view": "Key"})).await;
    rig.settle().await;
    assert_eq!(rig.cards(Side::Zoho).len(), 1, "nobody is made: {:?}", rig.review());
    assert_eq!(rig.value(Side::Google, &google, "Last_Name").as_deref(), Some("Old"), "it sleeps");
}

#[tokio::test]
async fn nobody_but_namesakes_is_read_from_outside_the_view() {
    let rig = outside_a_view(&[]).await;
    for given in ["Ada", "Bert"] {
        let other = [("First_Name", given), ("Last_Name", "Berg"), ("Phone", "+1 212 555 0009")];
        rig.add(Side::Zoho, &card(&other));
    }
    let anna = card(&[("First_Name", "Anna"), ("Last_Name", "Berg"), ("Phone", "+1 212 555 0009")]);
    rig.add(Side::Google, &anna);
    rig.settle().await;
    assert_eq!(rig.cards(Side::Zoho).len(), 3, "she is another one: {:?}", rig.review());
    rig.add(
        Side::Google,
        &card(&[("First_Name", "Bert"), ("Last_Name", "Berg"), ("Phone", "+1 212 555 0009")]),
    );
    rig.settle().await;
    assert_eq!(rig.cards(Side::Zoho).len(), 3, "he was there: {:?}", rig.review());
}

#[tokio::test]
async fn who_has_neither_name_nor_address_is_found_outside_the_label() {
    let mut rig = Rig::new().await;
    let keys = json!({"google_label": "CRM"});
    let google = rig.add_with(Side::Google, &card(&[("Description", "Nothing else")]), &["CRM"]);
    rig.contacts(keys.clone()).await;
    rig.synced().await;
    rig.settle().await;
    rig.lose_database().await;
    rig.act(Side::Google, json!({"op": "remove_from_label", "label": "CRM", "contacts": [google]}));
    rig.contacts(keys).await;
    rig.settle().await;
    for side in Side::BOTH {
        assert_eq!(rig.cards(side).len(), 1, "{}: {:?}", side.name(), rig.review());
    }
}

#[tokio::test]
async fn namesakes_who_were_no_pair_are_asked_about_where_no_database_was_lost() {
    for direction in ["two_way", "zoho_to_google", "google_to_zoho"] {
        let rig = Rig::new().await;
        for side in Side::BOTH {
            rig.add(side, &card(&[("First_Name", "Ada"), ("Last_Name", "Alone")]));
        }
        rig.contacts(json!({"direction": direction})).await;
        let run = rig.synced().await;
        assert_eq!((run.matched, run.review), (0, 1), "{direction}: the first run asks: {run:?}");
        // Forgetting is no loss: who begins anew is asked anew.
        rig.engine().forget_everything(None).await.expect("it is forgotten");
        for side in Side::BOTH {
            rig.connect_one(side).await;
        }
        rig.contacts(json!({"direction": direction})).await;
        let run = rig.synced().await;
        assert_eq!((run.matched, run.review), (0, 1), "{direction}: and after forgetting: {run:?}");
    }
}

#[tokio::test]
async fn as_many_as_were_there_are_found_by_their_cards_and_others_are_asked_about() {
    for direction in ["zoho_to_google", "google_to_zoho"] {
        let source = if direction == "google_to_zoho" { Side::Google } else { Side::Zoho };
        let mut rig = Rig::new().await;
        let ada = card(&[("First_Name", "Ada"), ("Last_Name", "Alone")]);
        for _ in 0..2 {
            rig.add(source, &ada);
        }
        rig.contacts(json!({"direction": direction})).await;
        rig.settle().await;
        let found = again(&mut rig, direction, "two of one name").await;
        assert_eq!((found, rig.review().len()), (2, 0), "{direction}: {:?}", rig.review());
        // One more on the other side since: nobody knows whose counterpart is whose.
        rig.lose_database().await;
        rig.add(source.other(), &ada);
        rig.contacts(json!({"direction": direction})).await;
        let run = done(rig.approve().await);
        let marked = if direction == "google_to_zoho" { 0 } else { 2 };
        assert_eq!(run.matched, marked, "{direction}: only a mark tells: {run:?}");
        assert_eq!(tally(&run, source), (0, 0, 0), "{direction}: nobody is created: {run:?}");
    }
}
