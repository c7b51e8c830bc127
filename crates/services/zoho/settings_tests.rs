//! What Zoho's settings mean, as tables: a field's rights and lists, a module's flags, whose layout.

use serde_json::{Value, json};

use super::metadata::{FieldInfo, Layout, Me, ModuleInfo};
use super::settings::{FieldsAnswer, LayoutsAnswer, ModulesAnswer, UsersAnswer};

fn field(item: Value) -> FieldInfo {
    let answer: FieldsAnswer =
        serde_json::from_value(json!({"fields": [item]})).expect("an answer");
    answer.fields.into_iter().map(FieldInfo::from).next().expect("a field")
}

#[test]
fn a_field_is_writable_only_where_nothing_speaks_against_it() {
    let check = |keys: Value, writable: bool, why: &str| {
        let mut item = json!({"api_name": "X", "data_type": "text", "operation_type": {"api_create": true, "api_update": true}});
        if let (Some(item), Value::Object(keys)) = (item.as_object_mut(), keys) {
            item.extend(keys);
        }
        assert_eq!(field(item).writable, writable, "{why}");
    };
    check(json!({}), true, "nothing");
    check(json!({"operation_type": null}), true, "older answers tell no operations");
    check(
        json!({"operation_type": {"api_create": true, "api_update": false}}),
        false,
        "no updates",
    );
    check(
        json!({"operation_type": {"api_create": false, "api_update": true}}),
        false,
        "no creates",
    );
    check(json!({"read_only": true}), false, "for this user");
    check(json!({"field_read_only": true}), false, "for everybody");
    check(json!({"virtual_field": true}), false, "a virtual field");
    check(json!({"read_only": null, "virtual_field": null}), true, "nulls are no flags");
}

#[test]
fn a_field_tells_what_a_mapping_needs() {
    let list = field(
        json!({"api_name": "Rank", "field_label": "ランク", "data_type": "picklist", "length": 120, "custom_field": true,
        "unique": {}, "pick_list_values": [
            {"display_value": "金", "actual_value": "Gold", "type": "used"},
            {"display_value": "Telex", "actual_value": "Telex", "type": "unused"},
            {"display_value": "Silver"}]}),
    );
    let choice = |actual: &str, display: &str| (actual.to_owned(), display.to_owned());
    assert_eq!(list.choices, [choice("Gold", "金"), choice("Silver", "Silver")], "those in use");
    assert_eq!(
        (list.label.as_str(), list.length, list.custom, list.unique),
        ("ランク", Some(120), true, false)
    );
    for (unique, expected) in
        [(json!({"case_sensitive": false}), true), (json!({}), false), (Value::Null, false)]
    {
        assert_eq!(field(json!({"api_name": "X", "unique": unique})).unique, expected);
    }
    for (lookup, expected) in [
        (json!({"module": {"api_name": "Accounts", "id": "1"}}), Some("Accounts")),
        (json!({"module": "Accounts"}), Some("Accounts")),
        (json!({}), None),
        (Value::Null, None),
    ] {
        let found = field(json!({"api_name": "X", "data_type": "lookup", "lookup": lookup})).lookup;
        assert_eq!(found.as_deref(), expected);
    }
    assert!(field(json!({"api_name": "X", "textarea": {"type": "rich_text"}})).rich_text);
    assert_eq!(field(json!({"api_name": "X"})).label, "X", "no label: the key");
}

#[test]
fn a_hidden_module_is_none() {
    let module = |keys: Value| {
        let mut item = json!({"api_name": "Contacts", "plural_label": "連絡先", "viewable": true, "creatable": true,
            "editable": true, "deletable": true, "api_supported": true});
        if let (Some(item), Value::Object(keys)) = (item.as_object_mut(), keys) {
            item.extend(keys);
        }
        let answer: ModulesAnswer =
            serde_json::from_value(json!({"modules": [item]})).expect("an answer");
        answer.modules.into_iter().map(ModuleInfo::from).next().expect("a module")
    };
    assert_eq!(module(json!({})).label, "連絡先", "people's own word for it");
    for (keys, seen) in [
        (json!({}), true),
        (json!({"visible": true, "visibility": 1, "status": "visible"}), true),
        (json!({"visible": false}), false),
        (json!({"visibility": 0}), false),
        (json!({"visibility": -1}), false),
        (json!({"status": "user_hidden"}), false),
        (json!({"status": "scheduled_for_deletion"}), false),
        (json!({"viewable": false}), false),
    ] {
        assert_eq!(module(keys.clone()).view, seen, "{keys}");
    }
    assert!(!module(json!({"api_supported": false})).api);
}

#[test]
fn the_layout_is_the_one_on_which_this_person_makes_records() {
    let layouts = json!({"layouts": [
        {"id": "1", "name": "Standard", "profiles": [{"id": "admin", "default": true}], "sections": [{"fields": [{"api_name": "A", "required": true}, {"api_name": "B", "required": false}]}]},
        {"id": "2", "name": "Sales", "profiles": [{"id": "sales"}, {"id": "temp", "default": true}], "sections": [{"fields": [{"api_name": "C", "required": true}]}, {"fields": [{"api_name": "D", "required": true}]}]},
        {"id": "3", "name": "Own", "profiles": [{"id": "sales", "default": true}], "sections": null},
    ]});
    let answer: LayoutsAnswer = serde_json::from_value(layouts).expect("an answer");
    let layouts: Vec<Layout> = answer.layouts.into_iter().map(Layout::from).collect();
    assert_eq!(layouts[1].required, ["C", "D"], "of all sections");
    for (profile, id, why) in [
        (Some("admin"), "1", "theirs"),
        (Some("sales"), "3", "of two the one they begin with"),
        (Some("temp"), "2", "another profile's beginnings are not theirs"),
        (Some("nobody"), "1", "none is theirs: the first"),
        (None, "1", "the profile is not told: the first"),
    ] {
        assert_eq!(Layout::of(&layouts, profile).map(|l| l.id.as_str()), Some(id), "{why}");
    }
    assert_eq!(Layout::of(&[], None), None);
}

#[test]
fn the_user_tells_where_national_numbers_belong() {
    let me = |keys: Value| {
        let mut item = json!({"id": "1", "email": "a@b.test"});
        if let (Some(item), Value::Object(keys)) = (item.as_object_mut(), keys) {
            item.extend(keys);
        }
        let answer: UsersAnswer =
            serde_json::from_value(json!({"users": [item]})).expect("an answer");
        answer.users.into_iter().map(Me::from).next().expect("a user")
    };
    assert_eq!(me(json!({"country_locale": "ja_JP"})).country.as_deref(), Some("JP"));
    assert_eq!(me(json!({"locale": "en-GB"})).country.as_deref(), Some("GB"));
    assert_eq!(me(json!({"zuid": 123, "full_name": " "})).zuid.as_deref(), Some("123"));
    assert_eq!(me(json!({"profile": {"name": "Sales", "id": "9"}})).profile.as_deref(), Some("9"));
}
