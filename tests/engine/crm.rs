//! What Zoho's CRM is particular about: how its queries are written, what its writes set off, what
//! its pick lists are called, whose a duplicate is.

use renraku_engine::api::{Outcome, ReviewKind};
use renraku_engine::core::contact::Side;
use serde_json::{Value, json};

use super::edits::in_step;
use super::people::{card, id, person};
use super::rig::{Rig, done, wrote};

/// A person in Google with a company.
fn works_at(rig: &Rig, number: usize, company: &str) -> String {
    let google = rig.add(Side::Google, &person(number));
    let fields = json!({"organizations": [{"name": company}]});
    rig.act(Side::Google, json!({"op": "edit", "contact": google, "fields": fields}));
    google
}

fn account(rig: &Rig, name: &str) -> String {
    let fields = json!({"Account_Name": name});
    id(&rig.act(Side::Zoho, json!({"op": "create", "module": "Accounts", "fields": fields})))
}

/// The accounts that stand in Zoho, sorted.
fn accounts(rig: &Rig) -> Vec<String> {
    let store = rig.control.store(renraku_sandbox::Side::Zoho);
    let records = store.pointer("/modules/Accounts/records").and_then(Value::as_array).cloned();
    let name = |r: &Value| r.get("Account_Name").and_then(Value::as_str).map(str::to_owned);
    let mut names: Vec<String> = records.iter().flatten().filter_map(name).collect();
    names.sort();
    names
}

/// The company of the record with this e-mail address.
fn company_of(rig: &Rig, email: &str) -> Option<String> {
    let record = rig.raw(Side::Zoho, &rig.find(Side::Zoho, "Email", email)).expect("the record");
    record.pointer("/Account_Name/name").and_then(Value::as_str).map(str::to_owned)
}

#[tokio::test]
async fn names_and_keys_with_apostrophes_and_backslashes_are_looked_up() {
    for backslash in ["refused", "literal", "escape"] {
        let rig = Rig::new().await;
        let part = json!({"zoho": {"coql_backslash": backslash}});
        rig.control.call("PATCH", "switches", part).expect("the switch");
        let there = ["Macy's", "AC\\DC", "O'Neil \\ Sons", "100% _real_"];
        for name in there {
            account(&rig, name);
        }
        for (number, company) in there.iter().chain(&["New 'n' \\ Shiny"]).enumerate() {
            works_at(&rig, number, company);
        }
        // A view that nobody is in: who is outside it is found by the key.
        let outside = card(&[("Last_Name", "O'Neill"), ("Email", "o'neill@a.test")]);
        rig.add(Side::Zoho, &outside);
        rig.add(Side::Google, &outside);
        let view = json!({"op": "view", "module": "Contacts", "name": "VIP", "condition": "Customer_Rank = 'VIP'"});
        rig.act(Side::Zoho, view);
        rig.contacts(json!({"zoho_view": "VIP"})).await;
        let run = rig.synced().await;
        assert_eq!(run.outcome, Outcome::Completed, "{backslash}: {run:?}");
        let mut all: Vec<&str> = there.iter().chain(&["New 'n' \\ Shiny"]).copied().collect();
        all.sort_unstable();
        assert_eq!(accounts(&rig), all, "{backslash}: none twice");
        for (number, name) in there.iter().enumerate() {
            let company = company_of(&rig, &format!("p{number}@a.test"));
            assert_eq!(company.as_deref(), Some(*name), "{backslash}");
        }
        rig.find(Side::Zoho, "Email", "o'neill@a.test");
    }
}

#[tokio::test]
async fn one_name_that_zoho_cannot_read_stops_nobody() {
    let rig = Rig::new().await;
    rig.control.set_switches(|s| s.zoho.coql_chokes_on = vec!["Odd".to_owned()]);
    for name in ["Odd Ltd", "Fine Ltd"] {
        account(&rig, name);
    }
    for (number, company) in ["Odd Ltd", "Fine Ltd", "Newly Ltd"].iter().enumerate() {
        works_at(&rig, number, company);
    }
    rig.contacts(json!({})).await;
    let preview = rig.engine().preview(None).await.expect("a preview").runs;
    assert_eq!(preview.first().map(|run| run.outcome), Some(Outcome::Completed));
    rig.synced().await;
    rig.settle().await;
    assert_eq!(accounts(&rig), ["Fine Ltd", "Newly Ltd", "Odd Ltd"], "no second account");
    assert_eq!(company_of(&rig, "p0@a.test"), None, "nobody knows whether it is there");
    assert_eq!(company_of(&rig, "p1@a.test").as_deref(), Some("Fine Ltd"));
    let open = rig.review();
    let [item] = open.as_slice() else { panic!("one question: {open:?}") };
    assert_eq!((item.kind, item.field.as_deref()), (ReviewKind::Invalid, Some("Account_Name")));
    assert!(item.reason.contains("could not be asked"), "{}", item.reason);

    rig.control.set_switches(|s| s.zoho.coql_chokes_on.clear());
    rig.engine().resolve(&[&item.item], "retry").expect("it can be tried again");
    rig.settle().await;
    assert_eq!(company_of(&rig, "p0@a.test").as_deref(), Some("Odd Ltd"));
    assert_eq!((accounts(&rig).len(), rig.review().len()), (3, 0));
}

#[tokio::test]
async fn where_queries_are_refused_the_list_knows_the_accounts() {
    let rig = Rig::new().await;
    account(&rig, "Known Ltd");
    works_at(&rig, 1, "KNOWN limited");
    rig.contacts(json!({})).await;
    let error = json!({"code": "INVALID_QUERY", "details": {}, "message": "m", "status": "error"});
    rig.fault(json!({"side": "zoho", "path": "*/coql",
                     "do": {"answer": {"status": 400, "json": error}}}));
    rig.synced().await;
    assert_eq!(accounts(&rig), ["Known Ltd"]);
    assert_eq!(company_of(&rig, "p1@a.test").as_deref(), Some("Known Ltd"));
}

#[tokio::test]
async fn accounts_that_may_not_be_seen_are_not_made_again() {
    let rig = Rig::new().await;
    account(&rig, "Known Ltd");
    works_at(&rig, 1, "Known Ltd");
    rig.act(
        Side::Zoho,
        json!({"op": "rights", "module": "Accounts", "view": false, "create": true}),
    );
    rig.contacts(json!({})).await;
    rig.synced().await;
    assert_eq!(accounts(&rig), ["Known Ltd"], "whether it is there cannot be told");
    assert_eq!(rig.review().len(), 1);
}

#[tokio::test]
async fn a_company_is_found_by_any_spelling_of_its_legal_form() {
    let rig = Rig::new().await;
    let pairs = [
        ("㈱みなと", "株式会社みなと"),
        ("（株）ひかり", "ひかり株式会社"),
        ("合同会社ソラ", "ソラ(同)"),
        ("(有)丸山", "有限会社　丸山"),
        ("株式会社ＮＴＡ", "NTA"),
        ("ﾐﾄﾞﾘ商会", "ﾐﾄﾞﾘ商会㈱"),
        ("Acme Incorporated", "ACME, Inc."),
        ("Müller GmbH", "müller gmbh"),
    ];
    for (zoho, _) in pairs {
        account(&rig, zoho);
    }
    account(&rig, "Acme GmbH");
    for (number, (_, google)) in pairs.iter().enumerate() {
        works_at(&rig, number, google);
    }
    works_at(&rig, 20, "Acme LLC");
    rig.contacts(json!({})).await;
    rig.synced().await;
    rig.settle().await;
    for (number, (zoho, google)) in pairs.iter().enumerate() {
        let company = company_of(&rig, &format!("p{number}@a.test"));
        assert_eq!(company.as_deref(), Some(*zoho), "{google}");
    }
    let made = accounts(&rig);
    assert!(made.contains(&"Acme LLC".to_owned()), "another legal form is another company");
    assert_eq!(made.len(), pairs.len() + 2, "{made:?}");
}

#[tokio::test]
async fn no_write_sets_anything_off() {
    let rig = in_step(4, json!({})).await;
    let fired = || {
        let store = rig.control.store(renraku_sandbox::Side::Zoho);
        let count = |name: &str| store.get(name).and_then(Value::as_u64).expect("a count");
        (count("workflow_firings"), count("cadence_firings"))
    };
    assert_eq!(fired(), (0, 0), "nothing yet");
    works_at(&rig, 10, "Newly Ltd");
    let edited = rig.find(Side::Google, "Email", "p0@a.test");
    rig.edit(Side::Google, &edited, "Title", Some("Chief"));
    let gone = rig.find(Side::Google, "Email", "p1@a.test");
    rig.delete(Side::Google, &gone);
    rig.synced().await;
    rig.decide(ReviewKind::Deletion, "delete");
    let run = rig.synced().await;
    assert_eq!(run.zoho.deleted, 1, "{run:?}");
    let wrote = rig.writes(Side::Zoho);
    for call in ["POST /crm/v8/Accounts", "POST /crm/v8/Contacts", "PUT /crm/v8/Contacts"] {
        assert!(wrote.iter().any(|one| one == call), "{call}: {wrote:?}");
    }
    assert_eq!(fired(), (0, 0), "no workflow and no cadence");
}

#[tokio::test]
async fn a_pick_list_speaks_what_people_see() {
    let rig = Rig::new().await;
    let field = |set: Value| {
        let act =
            json!({"op": "field", "module": "Contacts", "api_name": "Customer_Rank", "set": set});
        rig.act(Side::Zoho, act);
    };
    field(json!({"renamed": {"Gold": "Silver", "Silver": "Gold", "VIP": "重要"}}));
    let rank = |number: usize| {
        let email = format!("p{number}@a.test");
        let zoho = rig.raw(Side::Zoho, &rig.find(Side::Zoho, "Email", &email)).expect("a record");
        let google = rig.raw(Side::Google, &rig.find(Side::Google, "Email", &email));
        let google = google.expect("a person");
        let google = google.pointer("/userDefined/0/value").and_then(Value::as_str);
        let zoho = zoho.get("Customer_Rank").and_then(Value::as_str).unwrap_or_default();
        (zoho.to_owned(), google.unwrap_or_default().to_owned())
    };
    for (number, shown) in ["Gold", "Silver", "重要"].iter().enumerate() {
        let mut fields = json!(person(number));
        fields["Customer_Rank"] = json!(shown);
        rig.act(Side::Zoho, json!({"op": "create", "module": "Contacts", "fields": fields}));
    }
    // The default of an old setup is an actual value.
    let defaults = json!({"Last_Name": "-", "Customer_Rank": "VIP"});
    rig.contacts(json!({"custom_fields": ["Customer_Rank"], "defaults": defaults})).await;
    rig.synced().await;
    for (number, shown) in ["Gold", "Silver", "重要"].iter().enumerate() {
        assert_eq!(rank(number), ((*shown).to_owned(), (*shown).to_owned()));
    }
    let google = rig.find(Side::Google, "Email", "p0@a.test");
    for written in ["Silver", "重要", "Gold"] {
        let fields = json!({"userDefined": [{"key": "Customer_Rank", "value": written}]});
        rig.act(Side::Google, json!({"op": "edit", "contact": google, "fields": fields}));
        rig.synced().await;
        assert_eq!(rank(0), (written.to_owned(), written.to_owned()), "Google's edit travels");
    }
    let zoho = rig.find(Side::Zoho, "Email", "p1@a.test");
    let edit = json!({"Customer_Rank": "Gold"});
    rig.act(
        Side::Zoho,
        json!({"op": "edit", "module": "Contacts", "record": zoho, "fields": edit}),
    );
    rig.settle().await;
    assert_eq!(rank(1), ("Gold".to_owned(), "Gold".to_owned()), "and so does Zoho's");
    assert!(rig.review().is_empty());
}

#[tokio::test]
async fn a_duplicate_in_another_module_is_named_and_nobody_is_matched() {
    let rig = in_step(1, json!({})).await;
    for module in ["Contacts", "Leads"] {
        let unique =
            json!({"op": "field", "module": module, "api_name": "Email", "set": {"unique": false}});
        rig.act(Side::Zoho, unique);
    }
    let lead = json!({"Last_Name": "Lead", "Company": "C", "Email": "p7@a.test"});
    rig.act(Side::Zoho, json!({"op": "create", "module": "Leads", "fields": lead}));
    let google = rig.add(Side::Google, &person(7));
    let run = rig.synced().await;
    assert_eq!(wrote(&run), 0, "{run:?}");
    let open = rig.review();
    let [item] = open.as_slice() else { panic!("one question: {open:?}") };
    assert_eq!(item.kind, ReviewKind::Refused, "it is no match");
    assert!(item.reason.contains("Leads"), "the module is named: {}", item.reason);
    assert!(item.reason.contains("Nothing was lost"), "{}", item.reason);
    rig.settle().await;
    assert_eq!(rig.review(), open, "it stays until its cause is gone");
    assert!(rig.raw(Side::Google, &google).is_some());

    let lead =
        json!({"op": "edit", "module": "Leads", "record": "p7@a.test", "fields": {"Email": null}});
    rig.act(Side::Zoho, lead);
    // Nobody hears of what changes in the other module: each run tries once.
    rig.settle().await;
    rig.agree(2);
    assert!(rig.review().is_empty());
}

#[tokio::test]
async fn a_record_on_hold_is_its_own_matter_and_is_tried_again_by_itself() {
    let hold = |state: Value| {
        move |rig: &Rig, id: &str| {
            let mut act = json!({"op": "state", "module": "Contacts", "record": id});
            act.as_object_mut().expect("a map").extend(state.as_object().expect("a map").clone());
            rig.act(Side::Zoho, act);
        }
    };
    for (state, free, word) in [
        (json!({"waiting": "review"}), json!({"waiting": "none"}), "under review"),
        (json!({"waiting": "approval"}), json!({"waiting": "none"}), "approval"),
        (json!({"locked": true}), json!({"locked": false}), "locked"),
    ] {
        for flat in [false, true] {
            let rig = in_step(3, json!({})).await;
            let ids: Vec<[String; 2]> = (0..3)
                .map(|n| Side::BOTH.map(|s| rig.find(s, "Email", &format!("p{n}@a.test"))))
                .collect();
            hold(state.clone())(&rig, &ids[1][0]);
            for [_, google] in &ids {
                rig.edit(Side::Google, google, "Title", Some("Chief"));
            }
            if flat {
                // The whole batch is answered with the one record's refusal.
                let error = json!({"code": "NOT_REVIEWED", "details": {}, "message": "m", "status": "error"});
                rig.fault(json!({"side": "zoho", "method": "PUT", "times": 1,
                                 "do": {"answer": {"status": 400, "json": error}}}));
            }
            let run = done(rig.approve().await);
            assert_eq!(run.zoho.updated, 2, "{word}, flat {flat}: the others go on: {run:?}");
            let open = rig.review();
            let [item] = open.as_slice() else { panic!("one question: {open:?}") };
            assert!(item.reason.contains(word), "{word}: {}", item.reason);
            let again = done(rig.approve().await);
            assert_eq!((wrote(&again), rig.review().len()), (0, 1), "it is still on hold");
            hold(free.clone())(&rig, &ids[1][0]);
            let run = done(rig.approve().await);
            assert_eq!((wrote(&run), rig.review().len()), (1, 0), "tried again by itself: {run:?}");
            rig.settle().await;
            rig.agree(3);
        }
    }
}
