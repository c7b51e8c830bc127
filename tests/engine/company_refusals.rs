//! A company that Zoho refuses, as an account or as a contact's company: the contact is written without it,
//! one item a cause says why, and it is tried again once a day, with the rights, or with *Try again*.

use renraku_engine::api::{Outcome, SyncState};
use renraku_engine::core::contact::Side;
use serde_json::{Value, json};

use super::companies::{DAY, accounts, answered, attempts, company, employ, waiting};
use super::rig::{Rig, tally};

/// What Zoho answers of one record whose company's id it does not take.
fn not_taken(message: &str, details: Value) -> Value {
    let item = json!({"code": "INVALID_DATA", "message": message, "status": "error",
        "details": details});
    json!({"data": [item]})
}

/// The forms in which it may say so.
fn forms() -> [Value; 3] {
    [
        not_taken(
            "the id given seems to be invalid",
            json!({"api_name": "Account_Name", "expected_data_type": "lookup",
                "json_path": "$.data[0].Account_Name"}),
        ),
        not_taken("invalid data", json!({"api_name": "Account_Name"})),
        not_taken(
            "the id given seems to be invalid",
            json!({"api_name": "id", "json_path": "$.data[0].Account_Name.id"}),
        ),
    ]
}

fn add_account(rig: &Rig, name: &str) {
    let fields = json!({"Account_Name": name});
    rig.act(Side::Zoho, json!({"op": "create", "module": "Accounts", "fields": fields}));
}

fn state(rig: &Rig) -> Option<SyncState> {
    rig.engine().syncs().expect("the syncs").first().map(|sync| sync.state)
}

#[tokio::test]
async fn a_new_contact_whose_company_is_not_taken_is_created_without_it() {
    for form in forms() {
        let rig = Rig::new().await;
        add_account(&rig, "Acme");
        employ(&rig, 1, "Acme");
        rig.contacts(json!({})).await;
        answered(&rig, "/crm/v8/Contacts", 202, form.clone(), Some(1));
        let run = rig.approve().await;
        assert_eq!(tally(&run, Side::Zoho), (1, 0, 0), "{form}: {run:?}");
        assert_eq!((company(&rig, 1), run.review), (None, 1), "{form}");
        let items = waiting(&rig);
        let [item] = items.as_slice() else { panic!("{form}: one item: {items:?}") };
        assert!(item.reason.contains("did not take “Acme”"), "{form}: {}", item.reason);
        assert_eq!(state(&rig), Some(SyncState::NeedsYou), "{form}");
        rig.control.clear_requests();
        let run = rig.sync().await;
        assert_eq!((rig.writes(Side::Zoho), run.review), (Vec::new(), 1), "{form}: it is quiet");
        rig.later(DAY);
        rig.sync().await;
        assert_eq!((company(&rig, 1).as_deref(), waiting(&rig)), (Some("Acme"), vec![]), "{form}");
        rig.settle().await;
    }
}

#[tokio::test]
async fn what_else_is_edited_is_written_where_a_company_is_not_taken() {
    let rig = Rig::new().await;
    add_account(&rig, "Acme");
    employ(&rig, 1, "");
    rig.contacts(json!({})).await;
    rig.approve().await;
    rig.settle().await;
    let [form, ..] = forms();
    let answer = json!({"answer": {"status": 202, "json": form}});
    rig.fault(json!({"side": "zoho", "path": "/crm/v8/Contacts", "method": "PUT", "times": 1,
        "do": answer}));
    let google = rig.find(Side::Google, "Email", "p1@a.test");
    rig.act(
        Side::Google,
        json!({"op": "edit", "contact": google,
            "fields": {"organizations": [{"name": "Acme", "title": "Chief"}]}}),
    );
    let run = rig.sync().await;
    assert_eq!((tally(&run, Side::Zoho), run.review), ((0, 1, 0), 1), "{run:?}");
    let zoho = rig.find(Side::Zoho, "Email", "p1@a.test");
    assert_eq!(rig.value(Side::Zoho, &zoho, "Title").as_deref(), Some("Chief"));
    assert_eq!((company(&rig, 1), waiting(&rig).len()), (None, 1));
}

#[tokio::test]
async fn a_contact_that_is_refused_with_and_without_its_company_is_asked_about() {
    let rig = Rig::new().await;
    add_account(&rig, "Acme");
    employ(&rig, 1, "Acme");
    rig.contacts(json!({})).await;
    let [form, ..] = forms();
    answered(&rig, "/crm/v8/Contacts", 202, form, None);
    let run = rig.approve().await;
    assert_eq!(tally(&run, Side::Zoho), (0, 0, 0), "{run:?}");
    assert!(run.review > 0, "nothing that is not written is passed over: {run:?}");
    for _ in 0..2 {
        rig.sync().await;
        assert_eq!(state(&rig), Some(SyncState::NeedsYou));
    }
}

/// Makes a field of accounts mandatory, or optional again.
fn demand(rig: &Rig, mandatory: bool) {
    rig.act(
        Side::Zoho,
        json!({"op": "field", "module": "Accounts", "api_name": "Industry",
            "set": {"mandatory": mandatory}}),
    );
}

#[tokio::test]
async fn a_field_that_every_account_needs_is_one_item_that_names_it_and_keeps_its_number() {
    for again in ["retry", "a day"] {
        let rig = Rig::new().await;
        demand(&rig, true);
        for number in 1..=6 {
            employ(&rig, number, &format!("Company {}", number % 3));
        }
        rig.contacts(json!({})).await;
        let run = rig.approve().await;
        assert_eq!((tally(&run, Side::Zoho), run.review), ((6, 0, 0), 1), "{run:?}");
        let items = waiting(&rig);
        let [item] = items.as_slice() else { panic!("one item: {items:?}") };
        for part in ["6 contacts", "Industry", "Nothing was lost", "Try again"] {
            assert!(item.reason.contains(part), "\"{part}\" in \"{}\"", item.reason);
        }
        rig.control.clear_requests();
        employ(&rig, 7, "Company 7");
        let run = rig.sync().await;
        let numbers: Vec<String> = waiting(&rig).into_iter().map(|item| item.item).collect();
        let same = std::slice::from_ref(&item.item);
        assert_eq!(numbers, same, "the same question has the same number");
        assert_eq!((attempts(&rig), run.review), (0, 1), "Zoho has said it");
        demand(&rig, false);
        match again {
            "retry" => rig.engine().resolve(&[&item.item], "retry").expect("it is heard"),
            _later => rig.later(DAY),
        }
        let run = rig.sync().await;
        assert_eq!((run.review, waiting(&rig), accounts(&rig)), (0, vec![], 4), "{again}");
        assert_eq!(run.outcome, Outcome::Completed, "{again}: {run:?}");
        rig.settle().await;
    }
}

#[tokio::test]
async fn a_name_that_is_no_accounts_is_one_item_and_try_again_frees_the_company() {
    let rig = Rig::new().await;
    let refused = not_taken("invalid data", json!({"api_name": "Account_Name"}));
    answered(&rig, "/crm/v8/Accounts", 400, refused, None);
    for number in 1..=2 {
        employ(&rig, number, "Acme");
    }
    rig.contacts(json!({})).await;
    rig.approve().await;
    let items = waiting(&rig);
    let [item] = items.as_slice() else { panic!("one item a company: {items:?}") };
    assert!(item.reason.contains("“Acme”"), "{}", item.reason);
    rig.control.clear_rules();
    rig.engine().resolve(&[&item.item], "retry").expect("it is heard");
    rig.sync().await;
    assert_eq!((company(&rig, 1), company(&rig, 2)), (Some("Acme".into()), Some("Acme".into())));
    assert_eq!((waiting(&rig), accounts(&rig)), (vec![], 1));
}

#[tokio::test]
async fn names_that_cannot_be_asked_about_are_one_item() {
    let rig = Rig::new().await;
    rig.control.set_switches(|all| all.zoho.coql_chokes_on = vec!["Company".to_owned()]);
    for number in 1..=6 {
        employ(&rig, number, &format!("Company {number}"));
    }
    rig.contacts(json!({})).await;
    let run = rig.approve().await;
    assert_eq!((tally(&run, Side::Zoho), run.review), ((6, 0, 0), 1), "{run:?}");
    let items = waiting(&rig);
    let [item] = items.as_slice() else { panic!("one item: {items:?}") };
    assert!(item.reason.contains("6 contacts"), "{}", item.reason);
    rig.control.set_switches(|all| all.zoho.coql_chokes_on.clear());
    rig.sync().await;
    assert_eq!((waiting(&rig), accounts(&rig)), (vec![], 6));
}
