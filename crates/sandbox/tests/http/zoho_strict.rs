//! What Zoho does to a client that takes it for kinder than it is, and the switches that make it so.

use renraku_sandbox::{CoqlBackslash, People, Side};
use serde_json::{Value, json};

use crate::setup::World;
use crate::zoho::ids;
use crate::zoho_more::one;

#[tokio::test]
async fn the_query_language_doubles_apostrophes_and_takes_a_hundred_values() {
    let world = World::new(People::Empty).await;
    world.contact(json!({"Last_Name": "O'Neil", "Email": "o'neil@a.test"})).await;
    world.contact(json!({"Last_Name": "AC\\DC"})).await;
    let ask = async |condition: &str| {
        world.coql(&format!("select id, Last_Name from Contacts where {condition}")).await
    };
    let found = |answer: &crate::setup::Answer| (answer.status, ids(answer).len());
    for (condition, hits) in [
        ("Last_Name = 'O''Neil'", 1),
        ("Email in ('o''neil@a.test', 'x@a.test')", 1),
        ("Last_Name like '%''n%'", 1),
        ("Last_Name = \"O'Neil\"", 1),
        ("'Last_Name' = 'O''Neil'", 1),
    ] {
        assert_eq!(found(&ask(condition).await), (200, hits), "{condition}");
    }
    for condition in ["Last_Name = 'O\\'Neil'", "Email in ('a@b.test', 'o\\'neil@a.test')"] {
        for backslash in [CoqlBackslash::Refused, CoqlBackslash::Literal, CoqlBackslash::Escape] {
            world.control.set_switches(|s| s.zoho.coql_backslash = backslash);
            assert_eq!(ask(condition).await.text("/code"), "SYNTAX_ERROR", "{condition}");
        }
    }
    for (backslash, literal, escaped) in [
        (CoqlBackslash::Refused, 400, 400),
        (CoqlBackslash::Literal, 200, 204),
        (CoqlBackslash::Escape, 204, 200),
    ] {
        world.control.set_switches(|s| s.zoho.coql_backslash = backslash);
        assert_eq!(ask("Last_Name = 'AC\\DC'").await.status, literal, "{backslash:?}");
        assert_eq!(ask("Last_Name = 'AC\\\\DC'").await.status, escaped, "{backslash:?}");
    }
    let values = |many: usize| {
        let values: Vec<String> = (0..many).map(|i| format!("'p{i}@a.test'")).collect();
        format!("Email in ({})", values.join(","))
    };
    let columns = |many: usize| {
        let names = vec!["Last_Name"; many].join(", ");
        format!("select {names} from Contacts where id is not null")
    };
    for (values_most, columns_most) in [(100, 500), (50, 50)] {
        world.control.set_switches(|s| {
            s.zoho.coql_in_limit = values_most;
            s.zoho.coql_columns = columns_most;
        });
        assert_eq!(ask(&values(values_most)).await.status, 204);
        assert_eq!(ask(&values(values_most + 1)).await.text("/code"), "LIMIT_EXCEEDED");
        assert_eq!(world.coql(&columns(columns_most)).await.status, 200);
        let more = world.coql(&columns(columns_most + 1)).await;
        assert_eq!(more.text("/code"), "LIMIT_EXCEEDED");
    }
    world.control.set_switches(|s| s.zoho.coql_chokes_on = vec!["Neil".to_owned()]);
    assert_eq!(ask("Last_Name = 'O''Neil'").await.text("/code"), "SYNTAX_ERROR");
    assert_eq!(found(&ask("Last_Name = 'x'").await), (204, 0), "others are read");
    world.sandbox.stop().await;
}

#[tokio::test]
async fn cadences_run_unless_they_are_skipped() {
    let world = World::new(People::Empty).await;
    let fired = || {
        let store = world.control.store(Side::Zoho);
        let count = |name: &str| store.get(name).and_then(Value::as_u64).expect("a count");
        (count("workflow_firings"), count("cadence_firings"))
    };
    let skip = json!([{"name": "cadences"}]);
    let id = world.contact(json!({"Last_Name": "A"})).await;
    let before = fired();
    for (method, module, keys, workflows, cadences) in [
        ("PUT", "Contacts", json!({}), 1, 1),
        ("PUT", "Contacts", json!({"trigger": []}), 0, 1),
        ("PUT", "Contacts", json!({"skip_feature_execution": skip}), 1, 0),
        ("PUT", "Contacts", json!({"trigger": [], "skip_feature_execution": skip}), 0, 0),
        ("POST", "Accounts", json!({"trigger": []}), 0, 1),
        ("POST", "Accounts", json!({"trigger": [], "skip_feature_execution": skip}), 0, 0),
    ] {
        let before = fired();
        let record = json!({"id": id, "Last_Name": "B", "Account_Name": "Acme"});
        let mut body = json!({"data": [record]});
        if module == "Contacts" {
            body["data"][0]["Account_Name"] = Value::Null;
        }
        body.as_object_mut().expect("a map").extend(keys.as_object().expect("a map").clone());
        assert_eq!(world.code(method, module, Some(body)).await.1, "SUCCESS");
        let after = fired();
        let more = (after.0 - before.0, after.1 - before.1);
        assert_eq!(more, (workflows, cadences), "{method} {module} {keys}");
    }
    world.control.set_switches(|s| s.zoho.cadences = false);
    let with = fired().1;
    world.contact(json!({"Last_Name": "C"})).await;
    assert_eq!(fired().1, with, "an organisation without cadences");
    assert!(before.1 <= with);
    world.sandbox.stop().await;
}

#[tokio::test]
async fn pick_lists_speak_what_is_shown() {
    let world = World::new(People::Empty).await;
    let id = world.contact(json!({"Last_Name": "A", "Customer_Rank": "Gold"})).await;
    let swapped = json!({"renamed": {"Gold": "Silver", "Silver": "Gold", "VIP": "重要"}});
    let act =
        json!({"op": "field", "module": "Contacts", "api_name": "Customer_Rank", "set": swapped});
    world.does(act);
    let fields = world.z("GET", "settings/fields?module=Contacts", None).await;
    let all = fields.at("/fields").as_array().expect("fields").clone();
    let field = all.iter().find(|f| f["api_name"] == "Customer_Rank").expect("the field");
    let option = |shown: &str| {
        let list = field["pick_list_values"].as_array().expect("options");
        list.iter().find(|o| o["display_value"] == shown).expect("the option")["actual_value"]
            .clone()
    };
    assert_eq!((option("Silver"), option("重要")), (json!("Gold"), json!("VIP")));
    let rank = async || {
        let record = world.z("GET", &format!("Contacts/{id}"), None).await;
        let query = "select Customer_Rank from Contacts where id is not null";
        let query = world.coql(query).await.text("/data/0/Customer_Rank");
        assert_eq!(record.text("/data/0/Customer_Rank"), query, "COQL speaks alike");
        query
    };
    assert_eq!(rank().await, "Silver", "the record followed its option");
    for (speaks_actual, written, shown) in [
        (false, "重要", "重要"),
        (false, "VIP", "VIP"),
        (true, "VIP", "VIP"),
        (true, "Gold", "Gold"),
    ] {
        world.control.set_switches(|s| s.zoho.pick_lists_speak_actual = speaks_actual);
        let body = one(json!({"id": id, "Customer_Rank": written}));
        assert_eq!(world.code("PUT", "Contacts", body).await.1, "SUCCESS");
        assert_eq!(rank().await, shown, "an unknown value is taken as it is");
    }
    world.control.set_switches(|s| s.zoho.pick_lists_speak_actual = false);
    assert_eq!(rank().await, "Silver", "what was called Gold at first");
    world.sandbox.stop().await;
}

#[tokio::test]
async fn a_duplicate_may_be_of_another_module() {
    let world = World::new(People::Empty).await;
    for module in ["Contacts", "Leads"] {
        world.does(
            json!({"op": "field", "module": module, "api_name": "Email", "set": {"unique": false}}),
        );
    }
    let lead = json!({"Last_Name": "L", "Company": "C", "Email": "l@a.test"});
    let lead = world.z("POST", "Leads", one(lead)).await.text("/data/0/details/id");
    let contact = one(json!({"Last_Name": "L", "Email": "L@a.test"}));
    let refused = world.z("POST", "Contacts", contact.clone()).await;
    assert_eq!(refused.text("/data/0/code"), "DUPLICATE_DATA", "{}", refused.body);
    assert_eq!(refused.text("/data/0/details/duplicate_record/module/api_name"), "Leads");
    assert_eq!(refused.text("/data/0/details/duplicate_record/id"), lead);
    world.control.set_switches(|s| s.zoho.duplicates_across_modules = false);
    assert_eq!(world.code("POST", "Contacts", contact.clone()).await.1, "SUCCESS");
    let again = world.z("POST", "Contacts", contact).await;
    assert_eq!(again.text("/data/0/details/duplicate_record/module/api_name"), "Contacts");
    world.sandbox.stop().await;
}

#[tokio::test]
async fn a_field_may_be_missing_from_an_answer() {
    let world = World::new(People::Empty).await;
    world.contact(json!({"Last_Name": "A", "Title": "T"})).await;
    let query = "select Last_Name, Title from Contacts where id is not null";
    world.control.set_switches(|s| s.zoho.withheld_fields = vec!["Title".to_owned()]);
    let list = world.z("GET", "Contacts?fields=Last_Name,Title", None).await;
    for record in [list.at("/data/0"), world.coql(query).await.at("/data/0")] {
        assert_eq!(record["Last_Name"], "A");
        assert!(record.get("Title").is_none(), "{record}");
    }
    world.control.set_switches(|s| s.zoho.withheld_fields.clear());
    assert_eq!(world.coql(query).await.text("/data/0/Title"), "T");
    let removed = |gone: bool| {
        let act = json!({"op": "field", "module": "Contacts", "api_name": "Title", "set": {"gone": gone}});
        world.does(act);
    };
    removed(true);
    for (refused, list) in [(false, ""), (true, "INVALID_DATA")] {
        world.control.set_switches(|s| s.zoho.refuse_unknown_fields = refused);
        assert_eq!(world.coql(query).await.text("/code"), "INVALID_QUERY");
        let answer = world.z("GET", "Contacts?fields=Last_Name,Title", None).await;
        assert_eq!(answer.text("/code"), list, "refused: {refused}: {}", answer.body);
    }
    let fields = world.z("GET", "settings/fields?module=Contacts", None).await;
    assert!(!fields.body.to_string().contains("\"Title\""), "it is listed no more");
    removed(false);
    assert_eq!(world.coql(query).await.text("/data/0/Title"), "T", "what it held comes back");
    world.sandbox.stop().await;
}
