//! Kinds of values on their whole way: what is not text is read, compared and sent as Zoho keeps it.

use renraku_engine::core::contact::{Module, Side};
use serde_json::{Value, json};

use super::people::{card, person};
use super::rig::{Rig, tally};

/// The records of a module that a run made in an empty Zoho.
fn only_record(rig: &Rig, module: &str) -> Value {
    let records = rig.control.store(renraku_sandbox::Side::Zoho);
    let of_module =
        records.pointer(&format!("/modules/{module}/records")).and_then(Value::as_array);
    let [one] = of_module.map_or(&[][..], Vec::as_slice) else { panic!("one record of {module}") };
    one.clone()
}

#[tokio::test]
async fn defaults_of_fields_outside_the_mapping_are_sent_in_their_types() {
    let mapping = json!([{"zoho": "Last_Name", "google": "names.familyName"}]);
    for (module, defaults, expected) in [
        (
            "Contacts",
            json!({"Account_Name": "Aozora", "Interests": "Golf, Tea", "Email_Opt_Out": "yes",
                   "Date_of_Birth": "1980-05-17", "Lead_Source": "Partner"}),
            json!({"Interests": ["Golf", "Tea"], "Email_Opt_Out": true,
                   "Date_of_Birth": "1980-05-17", "Lead_Source": "Partner"}),
        ),
        (
            "Leads",
            json!({"No_of_Employees": "12", "Annual_Revenue": "1000.5"}),
            json!({"No_of_Employees": 12, "Annual_Revenue": 1000.5}),
        ),
    ] {
        let rig = Rig::new().await;
        rig.add(Side::Google, &card(&[("Last_Name", "Vell")]));
        rig.setup(json!({"module": module, "mapping": mapping, "defaults": defaults})).await;
        let module_named = serde_json::from_value(json!(module)).expect("a module");
        let run = rig.approve_of(module_named).await;
        assert_eq!(tally(&run, Side::Zoho), (1, 0, 0), "{module}: {run:?} {:?}", rig.review());
        let record = only_record(&rig, module);
        for (field, value) in expected.as_object().expect("fields") {
            assert_eq!(record.get(field), Some(value), "{field} of {record}");
        }
        if module_named == Module::Contacts {
            let account = record.pointer("/Account_Name/name").or(record.get("Account_Name"));
            assert!(account.is_some_and(|name| !name.is_null()), "it has an account: {record}");
        }
    }
}

#[tokio::test]
async fn several_choices_travel_both_ways() {
    let rig = Rig::new().await;
    let zoho = rig.add(Side::Zoho, &person(1));
    let choose = |choices: Value| json!({"op": "edit", "module": "Contacts", "record": zoho, "fields": {"Interests": choices}});
    rig.act(Side::Zoho, choose(json!(["Golf", "Tea"])));
    rig.contacts(json!({"custom_fields": ["Interests"]})).await;
    rig.settle().await;
    let google = rig.find(Side::Google, "Email", "p1@a.test");
    let written =
        |rig: &Rig| rig.raw(Side::Google, &google).expect("it is there")["userDefined"].clone();
    assert_eq!(written(&rig)[0]["value"], "Golf; Tea");

    let custom = json!([{"key": "Interests", "value": "Travel、Golf"}]);
    rig.act(
        Side::Google,
        json!({"op": "edit", "contact": google, "fields": {"userDefined": custom}}),
    );
    rig.settle().await;
    let record = rig.raw(Side::Zoho, &zoho).expect("it is there");
    assert_eq!(record["Interests"], json!(["Travel", "Golf"]));

    rig.act(Side::Zoho, choose(Value::Null));
    rig.settle().await;
    assert!(written(&rig).as_array().is_none_or(Vec::is_empty), "cleared: {}", written(&rig));
}
