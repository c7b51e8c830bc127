//! A company that waits for its account in Zoho: each run looks it up again, and the item under review
//! goes with its cause. A missing right is one item for all who wait for it, before the first write too.

use renraku_engine::api::{Outcome, ReviewItem, ReviewKind};
use renraku_engine::core::contact::{Module, Side};
use serde_json::{Value, json};

use std::time::Duration;

use super::people::{google_fields, person};
use super::rig::{Rig, at, tally};

/// After it a right that was refused is asked for again.
pub(crate) const DAY: Duration = Duration::from_secs(86_400);

/// A person in Google who works for a company.
pub(crate) fn employ(rig: &Rig, number: usize, company: &str) {
    let mut fields = google_fields(&person(number));
    fields.insert("organizations".to_owned(), json!([{"name": company}]));
    rig.act(Side::Google, json!({"op": "create", "fields": fields}));
}

/// Zoho's accounts.
pub(crate) fn accounts(rig: &Rig) -> usize {
    let store = rig.control.store(at(Side::Zoho));
    let accounts = store.pointer("/modules/Accounts/records").and_then(Value::as_array);
    accounts.map_or(0, Vec::len)
}

/// The company that a contact's record names.
pub(crate) fn company(rig: &Rig, number: usize) -> Option<String> {
    let id = rig.find(Side::Zoho, "Email", &format!("p{number}@a.test"));
    let record = rig.raw(Side::Zoho, &id)?;
    Some(record.pointer("/Account_Name/name")?.as_str()?.to_owned())
}

fn rights(rig: &Rig, view: bool, create: bool) {
    let op = json!({"op": "rights", "module": "Accounts", "view": view, "create": create});
    rig.act(Side::Zoho, op);
}

/// The items about companies.
pub(crate) fn waiting(rig: &Rig) -> Vec<ReviewItem> {
    rig.review().into_iter().filter(|item| item.kind == ReviewKind::Invalid).collect()
}

/// What keeps a company from its account, and what ends it.
struct Cause {
    what: &'static str,
    begins: fn(&Rig),
    ends: fn(&Rig),
    said: &'static str,
}

/// Answers each call to a path so, as often as is said.
pub(crate) fn answered(rig: &Rig, path: &str, status: u16, json: Value, times: Option<u64>) {
    let answer = json!({"answer": {"status": status, "json": json}});
    rig.fault(
        json!({"side": "zoho", "path": path, "method": "POST", "times": times, "do": answer}),
    );
}

/// What Zoho answers where a right is missing.
fn forbidden() -> Value {
    json!({"code": "NO_PERMISSION", "details": {"permissions": ["Crm_Implied_Create_Accounts"]},
        "message": "permission denied", "status": "error"})
}

/// The attempts to create accounts since the log was cleared.
pub(crate) fn attempts(rig: &Rig) -> usize {
    let writes = rig.writes(Side::Zoho);
    writes.iter().filter(|write| write.contains("/Accounts")).count()
}

const CAUSES: [Cause; 4] = [
    Cause {
        what: "the right to see accounts",
        begins: |rig| rights(rig, false, false),
        ends: |rig| rights(rig, true, true),
        said: "Accounts: View",
    },
    Cause {
        what: "the right to create accounts",
        begins: |rig| rights(rig, true, false),
        ends: |rig| rights(rig, true, true),
        said: "Accounts: Create",
    },
    Cause {
        what: "one passing refusal of the right",
        begins: |rig| answered(rig, "/crm/v8/Accounts", 403, forbidden(), Some(1)),
        ends: |rig| rig.later(DAY),
        said: "Accounts: Create",
    },
    Cause {
        what: "a query that Zoho does not take",
        begins: |rig| {
            rig.control.set_switches(|all| all.zoho.coql_chokes_on = vec!["Acme".to_owned()]);
        },
        ends: |rig| rig.control.set_switches(|all| all.zoho.coql_chokes_on.clear()),
        said: "could not be asked",
    },
];

#[tokio::test]
async fn a_company_is_looked_up_again_by_each_run_until_its_cause_is_gone() {
    for Cause { what, begins, ends, said } in CAUSES {
        let rig = Rig::new().await;
        begins(&rig);
        employ(&rig, 1, "Acme");
        rig.contacts(json!({})).await;
        let run = rig.approve().await;
        assert_eq!(tally(&run, Side::Zoho), (1, 0, 0), "{what}: the rest goes on: {run:?}");
        assert_eq!(company(&rig, 1), None, "{what}");
        let items = waiting(&rig);
        let [item] = items.as_slice() else { panic!("{what}: one item: {items:?}") };
        assert!(item.reason.contains(said), "{what}: \"{said}\" in \"{}\"", item.reason);
        assert!(item.reason.contains("tries again by itself"), "{what}: {}", item.reason);

        ends(&rig);
        let run = rig.sync().await;
        assert_eq!(tally(&run, Side::Zoho), (0, 1, 0), "{what}: it is over: {run:?}");
        assert_eq!(company(&rig, 1).as_deref(), Some("Acme"), "{what}");
        assert_eq!(waiting(&rig), [], "{what}: the item goes with its cause");
        assert_eq!((run.review, accounts(&rig)), (0, 1), "{what}");
        rig.settle().await;
    }
}

#[tokio::test]
async fn of_two_accounts_that_differ_in_their_legal_form_none_is_chosen() {
    let rig = Rig::new().await;
    for name in ["Twin GmbH", "Twin AG"] {
        let fields = json!({"Account_Name": name});
        rig.act(Side::Zoho, json!({"op": "create", "module": "Accounts", "fields": fields}));
    }
    employ(&rig, 1, "Twin");
    rig.contacts(json!({})).await;
    let run = rig.approve().await;
    assert_eq!(tally(&run, Side::Zoho), (1, 0, 0), "the rest goes on: {run:?}");
    assert_eq!((company(&rig, 1), accounts(&rig)), (None, 2), "none is chosen, none is made");
    let items = waiting(&rig);
    let [item] = items.as_slice() else { panic!("one item: {items:?}") };
    assert!(item.reason.contains("several accounts of this name"), "{}", item.reason);
    let id = rig.find(Side::Google, "Email", "p1@a.test");
    let fields = json!({"organizations": [{"name": "Twin AG"}]});
    rig.act(Side::Google, json!({"op": "edit", "contact": id, "fields": fields}));
    rig.settle().await;
    assert_eq!(company(&rig, 1).as_deref(), Some("Twin AG"), "the legal form tells");
    assert_eq!(waiting(&rig), [], "the item goes with its cause");
}

#[tokio::test]
async fn those_who_wait_are_looked_up_in_one_call_and_nothing_is_written_for_them() {
    let rig = Rig::new().await;
    rights(&rig, true, false);
    for number in 1..=30 {
        employ(&rig, number, &format!("Company {number}"));
    }
    rig.contacts(json!({})).await;
    rig.approve().await;
    rig.control.clear_requests();
    let run = rig.sync().await;
    assert_eq!((tally(&run, Side::Zoho), run.outcome), ((0, 0, 0), Outcome::Completed), "{run:?}");
    let asked = rig.control.requests();
    let queries = asked.iter().filter(|r| r.path.ends_with("/coql")).count();
    assert!(queries <= 2, "one look-up for all, and the read: {queries}");
    assert_eq!(rig.writes(Side::Zoho), Vec::<String>::new(), "nothing is sent for them");
    rig.control.clear_requests();
    // The limit of a run is not used up by those who wait.
    rig.contacts(json!({"limits": {"later_run": 5}})).await;
    for number in 31..=33 {
        employ(&rig, number, "Company 1");
    }
    let run = rig.approve().await;
    assert_eq!(tally(&run, Side::Zoho), (3, 0, 0), "{run:?}");
}

#[tokio::test]
async fn a_missing_right_is_one_item_before_the_first_write_too() {
    let rig = Rig::new().await;
    rig.act(
        Side::Zoho,
        json!({"op": "create", "module": "Accounts", "fields": {"Account_Name": "Known"}}),
    );
    rights(&rig, true, false);
    employ(&rig, 1, "Known");
    for number in 2..=4 {
        employ(&rig, number, &format!("Company {number}"));
    }
    rig.contacts(json!({})).await;
    let preview = rig.engine().preview(Some(Module::Contacts)).await.expect("a preview");
    let shown = preview.runs.first().expect("one run");
    assert_eq!(shown.review, 1, "{shown:?}");
    let companies = shown.operations.iter().flatten().flat_map(|operation| &operation.fields);
    let companies: Vec<_> =
        companies.filter(|f| f.field == "Account_Name").map(|f| f.after.as_deref()).collect();
    assert_eq!(companies, [Some("Known")], "only what can be written is shown");
    let said = |when: &str| {
        let items = waiting(&rig);
        let [item] = items.as_slice() else { panic!("{when}: one item: {items:?}") };
        for part in ["The companies of 3 contacts", "Accounts: Create", "Nothing was lost"] {
            assert!(item.reason.contains(part), "{when}: \"{part}\" in \"{}\"", item.reason);
        }
        assert_eq!((item.contact.as_str(), &item.zoho_id, &item.google), ("", &None, &None));
        item.item.clone()
    };
    said("the plan");
    let run = rig.sync().await;
    assert_eq!((run.outcome, run.review), (Outcome::Held, 1), "{run:?}");
    assert_eq!(rig.writes(Side::Zoho), Vec::<String>::new(), "before the first write");
    let run = rig.approve().await;
    assert_eq!((tally(&run, Side::Zoho), run.review), ((4, 0, 0), 1), "{run:?}");
    assert_eq!(company(&rig, 1).as_deref(), Some("Known"), "a company that is there is linked");
    let item = said("the run");
    assert_eq!(rig.engine().syncs().expect("the syncs").first().map(|s| s.needs_you), Some(1));

    rig.engine().resolve(&[item], "ignore").expect("it is one answer for all");
    for _ in 0..2 {
        let run = rig.sync().await;
        assert_eq!((run.review, waiting(&rig)), (0, vec![]), "it holds: {run:?}");
    }
    rights(&rig, true, true);
    rig.settle().await;
    let made = (2..=4).map(|number| company(&rig, number).is_some());
    assert!(made.into_iter().all(|made| made), "what is left holds while the right is missing");
    assert_eq!((accounts(&rig), rig.review()), (4, vec![]), "and no longer");
}

#[tokio::test]
async fn a_company_that_zoho_refuses_is_not_sent_again_and_is_used_once_it_is_there() {
    let rig = Rig::new().await;
    let invalid = json!({"code": "INVALID_DATA", "details": {"api_name": "Account_Name"},
        "message": "invalid data", "status": "error"});
    answered(&rig, "/crm/v8/Accounts", 400, json!({"data": [invalid]}), None);
    employ(&rig, 1, "Acme");
    rig.contacts(json!({})).await;
    rig.approve().await;
    rig.control.clear_requests();
    let run = rig.sync().await;
    assert_eq!(tally(&run, Side::Zoho), (0, 0, 0), "{run:?}");
    assert_eq!(rig.writes(Side::Zoho), Vec::<String>::new(), "it is not sent again");
    assert_eq!(waiting(&rig).len(), 1);
    rig.control.clear_rules();
    rig.act(
        Side::Zoho,
        json!({"op": "create", "module": "Accounts", "fields": {"Account_Name": "Acme"}}),
    );
    rig.sync().await;
    assert_eq!((company(&rig, 1).as_deref(), waiting(&rig)), (Some("Acme"), vec![]));
}

#[tokio::test]
async fn a_right_that_is_granted_and_refused_is_not_tried_in_vain() {
    let mismatch = || json!({"code": "OAUTH_SCOPE_MISMATCH", "details": {}, "message": "x", "status": "error"});
    let each = || json!({"data": [forbidden(), forbidden()]});
    let refusals: [(u16, Value, &str); 3] = [
        (403, forbidden(), "your Zoho profile"),
        (400, each(), "your Zoho profile"),
        (401, mismatch(), "your sign-in"),
    ];
    for (status, refusal, said) in refusals {
        let mut rig = Rig::new().await;
        answered(&rig, "/crm/v8/Accounts", status, refusal.clone(), None);
        employ(&rig, 1, "Acme");
        employ(&rig, 2, "Beta");
        rig.contacts(json!({})).await;
        rig.approve().await;
        assert_eq!(attempts(&rig), 1, "{refusal}: the list of modules allows it");
        let items = waiting(&rig);
        let [item] = items.as_slice() else { panic!("{refusal}: one item: {items:?}") };
        assert!(item.reason.contains(said), "{refusal}: {}", item.reason);

        rig.control.clear_requests();
        rig.reopen();
        employ(&rig, 3, "Gamma");
        for _ in 0..3 {
            rig.later(Duration::from_secs(3_600));
            rig.sync().await;
        }
        assert_eq!(attempts(&rig), 0, "{refusal}: Zoho has said it");
        assert_eq!(
            (waiting(&rig).len(), company(&rig, 3)),
            (1, None),
            "{refusal}: the rest goes on"
        );

        // Each way in which rights are read anew, and a day.
        let item = waiting(&rig).first().map(|item| item.item.clone()).expect("it is still open");
        rig.engine().resolve(&[item], "retry").expect("it is tried again");
        rig.sync().await;
        assert_eq!(attempts(&rig), 1, "{refusal}: who wants it tried again is heard");
        rig.connect_one(Side::Zoho).await;
        rig.sync().await;
        assert_eq!(attempts(&rig), 2, "{refusal}: a new sign-in may have it");
        rig.engine().scopes(Module::Contacts).await.expect("the rights are read");
        rig.sync().await;
        assert_eq!(attempts(&rig), 3, "{refusal}: the rights were read anew");
        rig.control.clear_rules();
        rig.later(DAY);
        rig.sync().await;
        assert_eq!((waiting(&rig), accounts(&rig)), (vec![], 3), "{refusal}: the cause is gone");
    }
}
