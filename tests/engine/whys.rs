//! "Why is this contact not synced?" has one plain answer for every contact (B6).

use renraku_engine::api::{ReviewKind, Why};
use renraku_engine::core::contact::{Module, Side};
use serde_json::json;

use super::edits::in_step;
use super::people::{Card, card, id, person};
use super::rig::{LAG, Rig};

impl Rig {
    /// The one answer about a contact's side.
    fn why(&self, side: Side, query: &str) -> Why {
        let all = self.engine().why(query).expect("an answer");
        let mut mine = all.iter().filter(|why| why.side == side);
        let one = mine.next().unwrap_or_else(|| panic!("{query} in {}: {all:?}", side.name()));
        assert!(mine.next().is_none(), "one answer: {all:?}");
        one.clone()
    }

    fn told(&self, side: Side, query: &str, part: &str, action: Option<&str>) {
        let why = self.why(side, query);
        assert!(why.reason.contains(part), "{part:?} of {why:?}");
        assert_eq!(why.action.as_deref(), action, "{why:?}");
        assert!(!why.synced, "{why:?}");
    }
}

fn ada() -> Card {
    card(&[("First_Name", "Ada"), ("Last_Name", "Byron"), ("Email", "ada@a.test")])
}

#[tokio::test]
async fn in_step_waiting_and_turned_off() {
    let rig = in_step(2, json!({})).await;
    for side in Side::BOTH {
        let why = rig.why(side, "Given1");
        assert!(why.synced && why.reason == "Zoho and Google hold the same.", "{why:?}");
    }
    for query in ["", "  ", "nobody", "emailAddresses", "resourceName", "Last_Name"] {
        let found = rig.engine().why(query).expect("an answer");
        assert_eq!(found, Vec::new(), "{query:?} is nobody");
    }
    // Not read yet: nothing is known of it.
    let new = rig.add(Side::Zoho, &ada());
    assert_eq!(rig.engine().why("Byron").expect("an answer"), Vec::new(), "not read yet");
    rig.edit(Side::Zoho, &rig.find(Side::Zoho, "Email", "p1@a.test"), "Title", Some("Chief"));
    rig.engine().preview(None).await.expect("a preview reads");
    rig.told(Side::Zoho, &new, "waits for the next run", Some("sync"));
    rig.told(Side::Google, "p1@a.test", "newest change waits for the next run", Some("sync"));
    rig.engine().set_enabled(Module::Contacts, false).expect("off");
    rig.told(Side::Zoho, "p0@a.test", "turned off", Some("enable"));
    rig.contacts(json!({"frequency_minutes": 5})).await;
    // Other settings do not turn it on.
    rig.told(Side::Zoho, "p0@a.test", "turned off", Some("enable"));
}

#[tokio::test]
async fn any_part_of_a_contact_finds_it() {
    let rig = Rig::new().await;
    let yamada = card(&[
        ("First_Name", "太郎"),
        ("Last_Name", "山田"),
        ("Email", "Taro@Example.JP"),
        ("Mobile", "090-1234-5678"),
    ]);
    let made = rig.add(Side::Zoho, &yamada);
    rig.contacts(json!({})).await;
    rig.synced().await;
    for query in ["山田", "山田 太郎", "taro@example.jp", "TARO", "1234-5678", "09012345678", &made]
    {
        let why = rig.why(Side::Zoho, query);
        assert_eq!(why.id, made, "{query}");
    }
    for query in ["山田", "taro@example.jp", "09012345678"] {
        assert!(rig.why(Side::Google, query).synced, "{query}");
    }
}

#[tokio::test]
async fn limits_and_a_full_account() {
    let rig = Rig::new().await;
    for number in 0..4 {
        rig.add(Side::Zoho, &person(number));
    }
    rig.contacts(json!({"limits": {"first_run": 1, "later_run": 1}})).await;
    rig.synced().await;
    rig.told(Side::Zoho, "p3@a.test", "one run writes 1 contacts at most", Some("sync"));
    rig.contacts(json!({"limits": {"google_contacts": 2}})).await;
    rig.synced().await;
    rig.told(Side::Zoho, "p3@a.test", "Google account is full", None);
}

#[tokio::test]
async fn outside_the_direction_the_view_and_the_label() {
    for (direction, side) in [("zoho_to_google", Side::Google), ("google_to_zoho", Side::Zoho)] {
        let rig = Rig::new().await;
        rig.add(side, &ada());
        rig.contacts(json!({"direction": direction})).await;
        rig.synced().await;
        rig.told(side, "ada@a.test", "This sync only goes from", Some("edit"));
    }
    let rig = Rig::new().await;
    let view = json!({"op": "view", "module": "Contacts", "name": "Key", "condition": "Assistant = 'Key'"});
    rig.act(Side::Zoho, view);
    rig.add(Side::Google, &ada());
    rig.add_with(Side::Google, &person(1), &["CRM"]);
    rig.add(Side::Zoho, &person(1));
    rig.contacts(json!({"google_label": "CRM", "zoho_view": "Key"})).await;
    rig.synced().await;
    rig.told(Side::Google, "ada@a.test", "does not have the Google label", Some("edit"));
    rig.told(Side::Zoho, "p1@a.test", "outside the Zoho view", None);
    rig.told(Side::Google, "p1@a.test", "outside the Zoho view", None);
}

#[tokio::test]
async fn what_waits_for_the_person_and_what_was_decided() {
    let rig = in_step(2, json!({})).await;
    let long = "x".repeat(300);
    rig.add(Side::Google, &card(&[("Last_Name", "Long"), ("Title", &long)]));
    for side in Side::BOTH {
        rig.add(side, &card(&[("Last_Name", "Bare")]));
    }
    rig.add(Side::Google, &person(0));
    rig.delete(Side::Zoho, &rig.find(Side::Zoho, "Email", "p1@a.test"));
    rig.later(LAG);
    rig.synced().await;
    rig.told(Side::Google, "Long", "cannot be written", Some("review"));
    rig.told(Side::Zoho, "Bare", "Both have the same name", Some("review"));
    rig.told(Side::Google, "Bare", "Both have the same name", Some("review"));
    rig.told(Side::Google, "p1@a.test", "deleted in Zoho", Some("review"));
    rig.told(Side::Zoho, "p1@a.test", "deleted in Zoho", None);
    let twin = rig.review().into_iter().find(|i| i.reason.contains("Another contact"));
    let twin = twin.and_then(|item| item.google).expect("a twin");
    rig.told(Side::Google, &twin, "Another contact", Some("review"));
    rig.decide(ReviewKind::Deletion, "keep");
    for item in rig.review().iter().filter(|item| item.choices.contains(&"ignore".to_owned())) {
        rig.engine().resolve(&[&item.item], "ignore").expect("it can be ignored");
    }
    rig.settle().await;
    rig.told(Side::Google, "p1@a.test", "keep it and stop syncing", None);
    rig.told(Side::Google, &twin, "you chose to leave this one", None);
    assert!(rig.why(Side::Google, "Long").synced, "without the field that was ignored");
}

#[tokio::test]
async fn hidden_converted_merged_elsewhere_and_empty() {
    let rig = in_step(3, json!({})).await;
    let hidden = rig.find(Side::Zoho, "Email", "p0@a.test");
    let state = json!({"op": "state", "module": "Contacts", "record": hidden, "hidden": true});
    rig.act(Side::Zoho, state);
    let keep = rig.find(Side::Google, "Email", "p1@a.test");
    let lose = rig.find(Side::Google, "Email", "p2@a.test");
    rig.act(Side::Google, json!({"op": "merge", "survivor": keep, "losers": [lose]}));
    rig.add(Side::Google, &card(&[]));
    rig.synced().await;
    // Only a complete read tells that a record cannot be seen any more.
    rig.contacts(json!({"custom_fields": ["Assistant"]})).await;
    rig.synced().await;
    rig.told(Side::Zoho, &hidden, "cannot see it in Zoho", None);
    rig.told(Side::Google, "p0@a.test", "cannot see it in Zoho", None);
    rig.told(Side::Google, &lose, "merged with another", None);
    let empty = rig
        .raws(Side::Google)
        .iter()
        .map(id)
        .find(|id| rig.card(Side::Google, id).is_some_and(|card| card.is_empty()));
    rig.told(
        Side::Google,
        &empty.expect("somebody empty"),
        "no value in any of the fields",
        Some("edit"),
    );

    let rig = Rig::new().await;
    let fields = json!({"Last_Name": "Lead", "Company": "C", "Email": "lead@a.test"});
    rig.act(Side::Zoho, json!({"op": "create", "module": "Leads", "fields": fields}));
    let other = json!({"Last_Name": "Other", "Company": "C", "Email": "other@a.test"});
    let other = rig.act(Side::Zoho, json!({"op": "create", "module": "Leads", "fields": other}));
    rig.setup(json!({"module": "Leads", "defaults": {"Last_Name": "-", "Company": "-"}})).await;
    rig.approve_of(Module::Leads).await;
    rig.contacts(json!({})).await;
    rig.synced().await;
    let answers = rig.engine().why("lead@a.test").expect("answers");
    let of = |module: Module, side: Side| {
        let mut mine = answers.iter().filter(|why| why.module == module && why.side == side);
        mine.next().map(|why| why.reason.clone()).unwrap_or_default()
    };
    assert_eq!(of(Module::Leads, Side::Google), "Zoho and Google hold the same.", "{answers:?}");
    let elsewhere = of(Module::Contacts, Side::Google);
    assert!(elsewhere.contains("another module"), "{answers:?}");
    rig.act(Side::Zoho, json!({"op": "convert", "record": id(&other)}));
    // No list tells of it: it is found out when something is to be written.
    let google = rig.find(Side::Google, "Email", "other@a.test");
    rig.edit(Side::Google, &google, "Title", Some("Chief"));
    rig.later(LAG);
    rig.approve_of(Module::Leads).await;
    let answers = rig.engine().why(&id(&other)).expect("answers");
    let converted = answers.iter().any(|why| why.reason.contains("The lead was converted"));
    assert!(converted, "{answers:?}");
}

#[tokio::test]
async fn a_frozen_field() {
    let rig = in_step(1, json!({})).await;
    let zoho = rig.find(Side::Zoho, "Email", "p0@a.test");
    rig.flip(&zoho).await;
    rig.told(Side::Zoho, "p0@a.test", "keeps flipping", Some("review"));
    rig.decide(ReviewKind::Frozen, "ignore");
    rig.settle().await;
    assert_eq!(rig.review(), Vec::new(), "it was decided");
    let why = rig.why(Side::Zoho, "p0@a.test");
    assert!(why.synced && why.reason.contains("apart from Title"), "{why:?}");
}
