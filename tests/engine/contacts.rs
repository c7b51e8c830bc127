//! The list of every contact: one row a person, one state and reason for each, and a way out of every
//! state (N4, B6).

use renraku_engine::api::{
    Contact, ContactAction, ContactPage, ContactQuery, ContactState, FailureCode, ReviewKind, Seen,
};
use renraku_engine::core::contact::{Module, Side};
use serde_json::json;

use super::edits::in_step;
use super::people::{Card, card, person};
use super::rig::{LAG, Rig, wrote};

use ContactAction::{Edit, Enable, LeaveOut, Resume, Review, Separate, Sync, Unlink};
use ContactState::{Differs, InStep, KeptOut, NeedsYou, Unlinked, Waiting};

impl Rig {
    /// What the list says to this.
    pub(crate) fn listed(&self, find: &str) -> Vec<Contact> {
        let query = ContactQuery { find: find.to_owned(), most: 100, ..ContactQuery::default() };
        self.engine().contacts(&query).expect("the list").contacts
    }

    /// The one row that is found by this.
    pub(crate) fn one(&self, find: &str) -> Contact {
        let mut found = self.listed(find);
        assert_eq!(found.len(), 1, "{find}: one row a person: {found:?}");
        found.pop().expect("it is one")
    }

    /// Where the one who is found by this stands, and by which ways out of it.
    pub(crate) fn stands(
        &self,
        find: &str,
        state: ContactState,
        part: &str,
        actions: &[ContactAction],
    ) {
        let one = self.one(find);
        assert_eq!(one.state, state, "{find}: {one:?}");
        assert!(one.reason.contains(part), "{part:?} of {one:?}");
        assert_eq!(one.actions, actions, "{one:?}");
    }

    fn page(&self, query: ContactQuery) -> ContactPage {
        self.engine().contacts(&query).expect("the list")
    }

    async fn leave_out(&self, find: &str) {
        self.engine().leave_out(&[self.one(find).contact]).await.expect("it is left out");
    }

    async fn take_up(&self, find: &str) {
        self.engine().take_up(&[self.one(find).contact]).await.expect("it is taken up");
    }
}

fn ada() -> Card {
    card(&[("First_Name", "Ada"), ("Last_Name", "Byron"), ("Email", "ada@a.test")])
}

#[tokio::test]
async fn in_step_waiting_and_turned_off() {
    let rig = in_step(2, json!({})).await;
    rig.stands("Given1", InStep, "Zoho and Google hold the same.", &[LeaveOut, Unlink]);
    for find in ["nobody", "emailAddresses", "resourceName", "Last_Name", "-()"] {
        assert_eq!(rig.listed(find), Vec::new(), "{find:?} is nobody");
    }
    assert_eq!(rig.listed("  ").len(), 2, "without a search it is everybody");
    let new = rig.add(Side::Zoho, &ada());
    assert_eq!(rig.listed("Byron"), Vec::new(), "not read yet: nothing is known of it");
    rig.edit(Side::Zoho, &rig.find(Side::Zoho, "Email", "p1@a.test"), "Title", Some("Chief"));
    rig.engine().preview(None).await.expect("a preview reads");
    rig.stands(&new, Waiting, "synced by the next run", &[Sync, LeaveOut]);
    rig.stands("p1@a.test", Waiting, "latest change goes out", &[Sync, LeaveOut, Unlink]);
    rig.engine().set_enabled(Module::Contacts, false).expect("off");
    rig.stands("p0@a.test", KeptOut, "turned off", &[Enable]);
    rig.contacts(json!({"frequency_minutes": 5})).await;
    // Other settings do not turn it on.
    rig.stands("p0@a.test", KeptOut, "turned off", &[Enable]);
}

#[tokio::test]
async fn any_part_of_a_contact_finds_it() {
    let rig = Rig::new().await;
    let made = rig.add(
        Side::Zoho,
        &card(&[
            ("First_Name", "太郎"),
            ("Last_Name", "山田"),
            ("Email", "Taro@Example.JP"),
            ("Mobile", "090-1234-5678"),
        ]),
    );
    let kana = card(&[("Last_Name", "ヤマダ"), ("Email", "kana@a.test")]);
    rig.add(Side::Google, &kana);
    rig.contacts(json!({})).await;
    rig.synced().await;
    for find in [
        "山田",
        "山田 太郎",
        "太郎 taro@",
        "ＴＡＲＯ＠example.jp",
        "1234-5678",
        "090 1234 5678",
        &made,
    ] {
        let one = rig.one(find);
        assert_eq!(one.zoho_id.as_ref(), Some(&made), "{find}");
        assert!(one.google.is_some(), "{find}: with its counterpart: {one:?}");
        assert_eq!(one.contact, format!("Contacts:{made}"), "{find}");
        assert_eq!(one.emails, ["Taro@Example.JP"], "each address once");
    }
    assert_eq!(rig.one("ﾔﾏﾀﾞ").name, "ヤマダ", "the width of the letters does not matter");
    assert_eq!(rig.listed("山田 kana"), Vec::new(), "every part has to be there");
}

#[tokio::test]
async fn a_page_is_a_part_of_the_list_with_the_numbers_of_all() {
    let rig = in_step(5, json!({})).await;
    rig.leave_out("p3@a.test").await;
    let page = rig.page(ContactQuery { offset: 1, most: 2, ..ContactQuery::default() });
    let names: Vec<&str> = page.contacts.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["Given1 Family1", "Given2 Family2"], "by name");
    assert_eq!((page.total, page.counts.in_step, page.counts.kept_out), (5, 4, 1), "{page:?}");
    let query = ContactQuery { state: Some(KeptOut), most: 10, ..ContactQuery::default() };
    let page = rig.page(query);
    assert_eq!((page.total, page.contacts.len()), (1, 1), "{page:?}");
    assert_eq!(page.counts.in_step, 4, "the numbers of the other states stay: {page:?}");
    let query = ContactQuery { find: "p4@".to_owned(), most: 10, ..ContactQuery::default() };
    assert_eq!(rig.page(query).counts.in_step, 1, "the numbers follow the search");
    let query = ContactQuery { module: Some(Module::Leads), most: 9, ..ContactQuery::default() };
    assert_eq!(rig.page(query), ContactPage::default(), "nothing is set up for leads");
}

#[tokio::test]
async fn limits_and_a_full_account() {
    let rig = Rig::new().await;
    for number in 0..4 {
        rig.add(Side::Zoho, &person(number));
    }
    rig.contacts(json!({"limits": {"first_run": 1, "later_run": 1}})).await;
    rig.synced().await;
    rig.stands("p3@a.test", Waiting, "one run writes 1 contacts at most", &[Sync, LeaveOut]);
    rig.contacts(json!({"limits": {"google_contacts": 2}})).await;
    rig.synced().await;
    rig.stands("p3@a.test", Waiting, "Google account is full", &[Sync, LeaveOut]);
}

#[tokio::test]
async fn outside_the_direction_the_view_and_the_label() {
    for (direction, side) in [("zoho_to_google", Side::Google), ("google_to_zoho", Side::Zoho)] {
        let rig = Rig::new().await;
        rig.add(side, &ada());
        rig.contacts(json!({"direction": direction})).await;
        rig.synced().await;
        rig.stands("ada@a.test", KeptOut, "This sync only goes from", &[Edit]);
    }
    let rig = Rig::new().await;
    let view = json!({"op": "view", "module": "Contacts", "name": "Key", "condition": "Assistant = 'Key'"});
    rig.act(Side::Zoho, view);
    rig.add(Side::Google, &ada());
    rig.add_with(Side::Google, &person(1), &["CRM"]);
    rig.add(Side::Zoho, &person(1));
    rig.contacts(json!({"google_label": "CRM", "zoho_view": "Key"})).await;
    rig.synced().await;
    rig.stands("ada@a.test", KeptOut, "does not have the Google label", &[Edit]);
    rig.stands("p1@a.test", KeptOut, "outside the Zoho view", &[Edit, Unlink, Separate]);
}

#[tokio::test]
async fn who_was_left_out_is_not_written_until_it_is_taken_up_again() {
    let rig = in_step(2, json!({})).await;
    let zoho = rig.find(Side::Zoho, "Email", "p0@a.test");
    let google = rig.find(Side::Google, "Email", "p0@a.test");
    rig.leave_out("p0@a.test").await;
    rig.edit(Side::Zoho, &zoho, "Title", Some("Chief"));
    rig.edit(Side::Google, &google, "Description", Some("Met"));
    // One without a counterpart, left out before the run that would create it.
    rig.add(Side::Google, &ada());
    rig.engine().preview(None).await.expect("a preview reads");
    rig.leave_out("ada@a.test").await;
    assert_eq!(rig.settle().await, 1, "nothing is written for them");
    for find in ["p0@a.test", "ada@a.test"] {
        rig.stands(find, KeptOut, "You left it out", &[Resume]);
    }
    // Whom somebody makes by hand on the other side is recognised, and left out too.
    let by_hand = rig.add(Side::Zoho, &ada());
    assert_eq!(rig.settle().await, 1, "no second contact is made of it");
    rig.stands(&by_hand, KeptOut, "You left it out", &[Resume]);
    rig.edit(Side::Zoho, &by_hand, "Title", Some("Countess"));
    // A loss is no matter of theirs either.
    rig.delete(Side::Google, &google);
    rig.later(LAG);
    assert_eq!(rig.settle().await, 1, "nothing is deleted");
    assert_eq!(rig.review(), Vec::new(), "and nothing asked");
    let state = rig.raw(Side::Zoho, &zoho).is_some();
    assert!(state, "it is still there");
    rig.take_up("p0@a.test").await;
    rig.take_up(&by_hand).await;
    rig.stands(
        &by_hand,
        Waiting,
        "goes out with the next run",
        &[Sync, LeaveOut, Unlink, Separate],
    );
    rig.settle().await;
    for (find, title) in [("p0@a.test", "Chief"), ("ada@a.test", "Countess")] {
        assert_eq!(rig.one(find).state, InStep, "{:?}", rig.one(find));
        let google = rig.find(Side::Google, "Email", find);
        assert_eq!(rig.value(Side::Google, &google, "Title").as_deref(), Some(title), "{find}");
    }
    rig.agree(3);
}

#[tokio::test]
async fn an_unlinked_pair_stays_as_it_is_until_it_is_taken_up_again() {
    let rig = in_step(2, json!({})).await;
    let alone = rig.add(Side::Google, &ada());
    rig.engine().preview(None).await.expect("a preview reads");
    let named = format!("Contacts:{alone}");
    for refused in [named.as_str(), "Contacts:1", "Leads:1", "p0@a.test", "Contacts:"] {
        let told = rig.engine().unlink(refused).await;
        assert!(told.is_err_and(|told| told.code == FailureCode::Invalid), "{refused}");
    }
    let pair = rig.one("p0@a.test");
    rig.engine().unlink(&pair.contact).await.expect("it is unlinked");
    rig.stands("p0@a.test", Unlinked, "both stay as they are", &[Resume]);
    let zoho = rig.find(Side::Zoho, "Email", "p0@a.test");
    rig.edit(Side::Zoho, &zoho, "Title", Some("Chief"));
    rig.settle().await;
    assert_eq!(rig.everybody(Side::Google).len(), 3, "neither is created again");
    rig.take_up("p0@a.test").await;
    rig.settle().await;
    assert_eq!(rig.one("p0@a.test").state, InStep);
    rig.agree(3);
}

#[tokio::test]
async fn what_waits_for_the_person_and_what_was_kept() {
    let rig = in_step(2, json!({})).await;
    let long = "x".repeat(300);
    rig.add(Side::Google, &card(&[("Last_Name", "Long"), ("Title", &long)]));
    for side in Side::BOTH {
        rig.add(side, &card(&[("Last_Name", "Bare")]));
    }
    let twin = rig.add(Side::Google, &person(0));
    rig.delete(Side::Zoho, &rig.find(Side::Zoho, "Email", "p1@a.test"));
    rig.later(LAG);
    rig.synced().await;
    rig.stands("Long", NeedsYou, "cannot be written", &[Review, LeaveOut]);
    for one in rig.listed("Bare") {
        assert_eq!(one.state, NeedsYou, "{one:?}");
        assert!(one.reason.contains("Both have the same name"), "{one:?}");
    }
    rig.stands("p1@a.test", NeedsYou, "deleted in Zoho", &[Review, LeaveOut, Unlink]);
    rig.stands(&twin, NeedsYou, "has another contact", &[Review, LeaveOut]);
    rig.decide(ReviewKind::Deletion, "keep");
    rig.stands("p1@a.test", Waiting, "carried out by the next run", &[Sync, LeaveOut, Unlink]);
    for item in rig.review().iter().filter(|item| item.choices.contains(&"ignore".to_owned())) {
        rig.engine().resolve(&[&item.item], "ignore").expect("it can be ignored");
    }
    rig.settle().await;
    rig.stands("p1@a.test", Unlinked, "deleted in Zoho", &[Resume]);
    rig.stands(&twin, KeptOut, "you chose to leave this one", &[Resume]);
    rig.stands("Long", Differs, "Title differs", &[Resume, LeaveOut, Unlink]);
    // Nothing of it is a dead end.
    for find in ["p1@a.test", twin.as_str(), "Long"] {
        rig.take_up(find).await;
    }
    rig.settle().await;
    assert_eq!(rig.one("p1@a.test").state, InStep, "put back where it was deleted");
    rig.find(Side::Zoho, "Email", "p1@a.test");
    assert_eq!(rig.one(&twin).state, NeedsYou, "asked about again");
    assert_eq!(rig.one("Long").state, NeedsYou, "tried again");
    // Who is left out is asked about no longer.
    rig.leave_out(&twin).await;
    rig.leave_out("Long").await;
    rig.settle().await;
    let left: Vec<String> = rig.review().into_iter().map(|item| item.contact).collect();
    assert_eq!(left, ["Bare"], "only the two that may be one person");
}

#[tokio::test]
async fn the_source_of_a_one_way_sync_is_never_put_back() {
    let rig = in_step(2, json!({"direction": "zoho_to_google"})).await;
    rig.delete(Side::Zoho, &rig.find(Side::Zoho, "Email", "p1@a.test"));
    rig.later(LAG);
    rig.synced().await;
    rig.decide(ReviewKind::Deletion, "keep");
    rig.settle().await;
    rig.stands("p1@a.test", Unlinked, "deleted in Zoho", &[Resume]);
    rig.take_up("p1@a.test").await;
    assert_eq!(rig.settle().await, 1, "nothing is written");
    rig.stands("p1@a.test", NeedsYou, "deleted in Zoho", &[Review, LeaveOut, Unlink]);
    // The target's loss is made good.
    rig.decide(ReviewKind::Deletion, "delete");
    rig.delete(Side::Google, &rig.find(Side::Google, "Email", "p0@a.test"));
    rig.later(LAG);
    rig.settle().await;
    rig.decide(ReviewKind::Deletion, "leave");
    rig.settle().await;
    rig.stands("p0@a.test", Unlinked, "deleted in Google", &[Resume]);
    rig.take_up("p0@a.test").await;
    rig.settle().await;
    assert_eq!(rig.one("p0@a.test").state, InStep);
    rig.find(Side::Google, "Email", "p0@a.test");
}

#[tokio::test]
async fn who_came_back_meanwhile_is_not_made_a_second_time() {
    let rig = in_step(2, json!({})).await;
    let google = rig.find(Side::Google, "Email", "p1@a.test");
    rig.delete(Side::Google, &google);
    rig.later(LAG);
    rig.synced().await;
    rig.decide(ReviewKind::Deletion, "keep");
    rig.settle().await;
    rig.act(Side::Google, json!({"op": "restore", "contact": google, "same_id": true}));
    rig.take_up("p1@a.test").await;
    assert_eq!(rig.settle().await, 1, "it is there");
    assert_eq!(rig.one("p1@a.test").state, InStep);
    rig.agree(2);
}

#[tokio::test]
async fn hidden_merged_elsewhere_and_empty() {
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
    rig.stands(&hidden, KeptOut, "cannot see it in Zoho", &[Sync, Unlink]);
    rig.stands(&lose, NeedsYou, "merged", &[Review, LeaveOut, Unlink]);
    let asked = rig.review().into_iter().find(|item| item.kind == ReviewKind::Match);
    let seen = rig.engine().evidence(&asked.expect("it is asked about").item).expect("evidence");
    let email = |seen: &Seen| {
        seen.fields.iter().find(|one| one.field == "Email").map(|one| one.value.clone())
    };
    let beside = seen.beside.expect("the other record");
    assert_eq!(beside.side, Side::Zoho, "two records are one person");
    let both = [email(&seen.zoho.expect("one record")), email(&beside.contact)];
    assert_eq!(both.map(Option::unwrap_or_default), ["p2@a.test", "p1@a.test"], "both are shown");
    let nothing = rig.listed("").into_iter().filter(|one| one.name.is_empty());
    let nothing: Vec<Contact> = nothing.collect();
    assert_eq!(nothing.len(), 1, "{nothing:?}");
    assert_eq!((nothing[0].state, &nothing[0].actions[..]), (KeptOut, &[Edit][..]));
    assert!(nothing[0].reason.contains("no value in any of the fields"), "{nothing:?}");
    rig.decide(ReviewKind::Match, "keep");
    rig.settle().await;
    rig.stands(&lose, KeptOut, "merged with another", &[Resume, Unlink]);
    rig.take_up(&lose).await;
    rig.settle().await;
    let left = rig.one(&rig.find(Side::Zoho, "Email", "p2@a.test"));
    assert_eq!(left.google, None, "it is a contact of its own: {left:?}");
    assert_eq!(left.state, NeedsYou, "and is asked about, for its address is taken: {left:?}");
}

#[tokio::test]
async fn several_syncs_list_each_person_once() {
    let rig = Rig::new().await;
    let fields = json!({"Last_Name": "Lead", "Company": "C", "Email": "lead@a.test"});
    rig.act(Side::Zoho, json!({"op": "create", "module": "Leads", "fields": fields}));
    rig.add(Side::Google, &ada());
    let to_google = json!({"module": "Leads", "direction": "zoho_to_google",
        "defaults": {"Last_Name": "-", "Company": "-"}});
    rig.setup(to_google).await;
    rig.approve_of(Module::Leads).await;
    rig.contacts(json!({})).await;
    rig.engine().preview(Some(Module::Contacts)).await.expect("a preview reads");
    let ada = rig.one("ada@a.test");
    assert_eq!((ada.module, ada.state), (Module::Contacts, Waiting), "whose it will be: {ada:?}");
    rig.synced().await;
    assert_eq!(rig.one("ada@a.test").state, InStep);
    let lead = rig.one("lead@a.test");
    assert_eq!((lead.module, lead.state), (Module::Leads, InStep), "{lead:?}");
    let query = ContactQuery {
        module: Some(Module::Contacts),
        find: "lead@a.test".to_owned(),
        most: 9,
        ..ContactQuery::default()
    };
    let here = rig.page(query).contacts;
    let [here] = &here[..] else { panic!("one: {here:?}") };
    assert!(here.reason.contains("another module"), "asked about one module: {here:?}");
    assert_eq!((here.state, &here.actions[..]), (KeptOut, &[Edit][..]));
}

#[tokio::test]
async fn a_frozen_field_is_synced_again() {
    let rig = in_step(1, json!({})).await;
    let zoho = rig.find(Side::Zoho, "Email", "p0@a.test");
    rig.flip(&zoho).await;
    rig.stands("p0@a.test", NeedsYou, "keeps changing back and forth", &[Review, LeaveOut, Unlink]);
    rig.decide(ReviewKind::Frozen, "ignore");
    rig.settle().await;
    assert_eq!(rig.review(), Vec::new(), "it was decided");
    rig.stands(
        "p0@a.test",
        Differs,
        "Title differs: it kept changing back and forth",
        &[Resume, LeaveOut, Unlink],
    );
    rig.take_up("p0@a.test").await;
    rig.settle().await;
    rig.stands("p0@a.test", InStep, "hold the same", &[LeaveOut, Unlink]);
    rig.agree(1);
}

#[tokio::test]
async fn one_contact_with_both_sides_and_its_own_history() {
    let rig = in_step(2, json!({})).await;
    let zoho = rig.find(Side::Zoho, "Email", "p0@a.test");
    rig.edit(Side::Zoho, &zoho, "Title", Some("Chief"));
    let run = rig.synced().await;
    rig.edit(Side::Zoho, &rig.find(Side::Zoho, "Email", "p1@a.test"), "Title", Some("Another's"));
    rig.synced().await;
    let one = rig.one("p0@a.test");
    let detail = rig.engine().contact(&one.contact).expect("the contact");
    assert_eq!(detail.contact, one, "as in the list");
    let sides = [&detail.evidence.zoho, &detail.evidence.google];
    for seen in sides.into_iter().map(|side| side.as_ref().expect("both sides")) {
        let title = seen.fields.iter().find(|field| field.field == "Title");
        assert_eq!(title.map(|field| field.value.as_str()), Some("Chief"), "{seen:?}");
    }
    let runs: Vec<u32> = detail.history.iter().map(|entry| entry.run).collect();
    assert_eq!(runs.first(), Some(&run.run), "the newest first: {detail:?}");
    let written = &detail.history[0].changes;
    assert_eq!(written.len(), 1, "its own alone: {written:?}");
    assert_eq!(written[0].after.as_deref(), Some("Chief"));
    // The list's name of a contact is good for an undo of what a run did to it.
    let undone = rig.engine().undo(run.run, Some(&one.contact)).await.expect("an undo");
    assert_eq!(wrote(&undone), 1, "{undone:?}");
    let google = rig.find(Side::Google, "Email", "p0@a.test");
    assert_eq!(rig.value(Side::Google, &google, "Title"), None);
    let detail = rig.engine().contact(&one.contact).expect("the contact");
    assert!(detail.history[0].undo, "the undo is in its history: {detail:?}");
    let unknown = rig.engine().contact("Contacts:1");
    assert!(unknown.is_err_and(|told| told.code == FailureCode::Invalid));
}
