//! What the organisation is like: modules, fields, layouts, views, users, profiles.

use serde_json::{Value, json};

use super::Asked;
use super::errors::{Fault, invalid_data, invalid_module, missing_param, no_permission};
use super::fields::{FieldDef, Kind};
use super::layout::Layout;
use super::store::{ME, Module, Org, in_cells};
use crate::catalogue::Language;
use crate::clock::zoned_seconds;
use crate::http::Reply;

fn module_json(org: &Org, module: &Module) -> Value {
    let rights = module.rights;
    json!({
        "id": module.id.to_string(),
        "api_name": module.api_name,
        "module_name": module.api_name,
        "singular_label": module.singular,
        "plural_label": module.plural,
        "actual_singular_label": module.api_name.trim_end_matches('s'),
        "actual_plural_label": module.api_name,
        "viewable": rights.view,
        "creatable": rights.create,
        "editable": rights.edit,
        "deletable": rights.delete,
        "convertable": module.api_name == "Leads",
        "api_supported": true,
        "visible": module.visible,
        "visibility": i32::from(module.visible),
        "status": if module.visible { "visible" } else { "user_hidden" },
        "generated_type": "default",
        "profiles": [{"name": "Sales", "id": org.profile_id.to_string()}],
        "recycle_bin_on_delete": true,
        "access_type": "org_based",
        "parent_module": {},
        "modified_time": null,
        "global_search_supported": true,
        "presence_sub_menu": true,
        "quick_create": true,
        "web_link": null,
    })
}

/// `GET /settings/modules` and `/settings/modules/{name}`.
pub(crate) fn modules(org: &Org, name: Option<&str>) -> Result<Reply, Fault> {
    let list: Vec<Value> = match name {
        None => org.modules.values().map(|m| module_json(org, m)).collect(),
        Some(name) => {
            vec![org.modules.get(name).map(|m| module_json(org, m)).ok_or_else(invalid_module)?]
        }
    };
    Ok(Reply::json(200, &json!({"modules": list})))
}

/// The module that `?module=` names.
fn wanted<'o>(asked: &Asked<'_>, org: &'o Org) -> Result<&'o Module, Fault> {
    let name = asked
        .call
        .param("module")
        .filter(|t| !t.is_empty())
        .ok_or_else(|| missing_param("module"))?;
    org.modules.get(name).filter(|m| m.visible).ok_or_else(invalid_module)
}

fn pick_values(field: &FieldDef) -> Vec<Value> {
    let value = |(n, (text, kind)): (usize, (&String, &str))| {
        json!({
            "display_value": text,
            "actual_value": field.actual(text),
            "reference_value": text,
            "sequence_number": n + 1,
            "id": field.pick_id(text).to_string(),
            "type": kind,
        })
    };
    let used = field.picks.iter().map(|p| (p, "used"));
    used.chain(field.unused_picks.iter().map(|p| (p, "unused"))).enumerate().map(value).collect()
}

fn field_json(org: &Org, field: &FieldDef, speaks: Language) -> Value {
    let owner_oddity = field.api_name == "Owner";
    let beside = !in_cells(field);
    let api = field.writable;
    let mut out = json!({
        "id": field.id.to_string(),
        "api_name": field.api_name,
        "field_label": speaks.word(&field.label),
        "display_label": speaks.word(&field.label),
        "data_type": field.kind.name(),
        "json_type": field.kind.json_type(),
        "length": field.length,
        "decimal_place": if field.kind == Kind::Currency { json!(2) } else { Value::Null },
        "system_mandatory": field.mandatory,
        "custom_field": field.custom,
        "field_read_only": owner_oddity || !field.writable,
        "read_only": field.read_only || !field.writable && beside,
        "visible": field.visible,
        "operation_type": {"web_create": api, "web_update": api, "api_create": api, "api_update": api},
        "view_type": {"view": field.visible, "edit": api, "quick_create": field.mandatory, "create": api},
        "unique": field.unique.map_or(json!({}), |case| json!({"case_sensitive": case})),
        "pick_list_values": pick_values(field),
        "virtual_field": false,
        "textarea": if field.kind == Kind::Textarea { json!({"type": "large"}) } else { Value::Null },
        "lookup": field.lookup.as_ref().map_or(json!({}), |m| json!({
            "display_label": m, "api_name": field.api_name, "module": {"id": org.modules.get(m).map(|m| m.id.to_string()), "api_name": m},
        })),
        "formula": {},
        "auto_number": {},
        "crypt": null,
        "currency": {},
        "multiselectlookup": {},
        "created_source": if field.custom { "custom" } else { "default" },
        "type": "used",
        "profiles": [{"permission_type": permission(field), "name": "Sales", "id": org.profile_id.to_string()}],
    });
    if let (Some(map), false) = (out.as_object_mut(), field.kind == Kind::Textarea) {
        map.remove("textarea");
    }
    out
}

fn permission(field: &FieldDef) -> &'static str {
    match (field.visible, field.read_only) {
        (false, _) => "hidden",
        (true, true) => "read_only",
        (true, false) => "read_write",
    }
}

/// `GET /settings/fields?module=`.
pub(crate) fn fields(asked: &Asked<'_>, org: &Org) -> Result<Reply, Fault> {
    let module = wanted(asked, org)?;
    if asked.call.param("type") == Some("unused") {
        return Ok(Reply::empty(204));
    }
    let list: Vec<Value> = module
        .fields
        .iter()
        .filter(|f| !f.gone)
        .map(|f| field_json(org, f, asked.switches.language))
        .collect();
    Ok(Reply::json(200, &json!({"fields": list})))
}

/// `GET /settings/layouts?module=`: a standard layout, and a short one with other demands.
pub(crate) fn layouts(asked: &Asked<'_>, org: &Org) -> Result<Reply, Fault> {
    let module = wanted(asked, org)?;
    let layout_field = |f: &FieldDef, sequence: usize, required: bool| {
        let mut value = field_json(org, f, asked.switches.language);
        if let Some(map) = value.as_object_mut() {
            map.insert("required".to_owned(), json!(required));
            map.insert("sequence_number".to_owned(), json!(sequence));
            map.insert("default_value".to_owned(), Value::Null);
            map.insert("show_type".to_owned(), json!(7));
        }
        value
    };
    let shown: Vec<&FieldDef> =
        module.fields.iter().filter(|f| f.visible && !f.gone && f.api_name != "id").collect();
    let standard: Vec<Value> = shown
        .iter()
        .enumerate()
        .map(|(i, f)| layout_field(f, i + 1, Layout::Standard.requires(f)))
        .collect();
    // The short layout offers the first half of a list only.
    let fewer = |mut value: Value| {
        if let Some(picks) = value.get_mut("pick_list_values").and_then(Value::as_array_mut) {
            picks.truncate(picks.len().div_ceil(2));
        }
        value
    };
    let short: Vec<Value> = shown
        .iter()
        .filter(|f| Layout::Short.holds(f))
        .enumerate()
        .map(|(i, f)| fewer(layout_field(f, i + 1, Layout::Short.requires(f))))
        .collect();
    let layout = |id: u64, name: &str, fields: Vec<Value>, profiles: Value| {
        json!({
            "id": id.to_string(), "name": name, "display_label": name, "api_name": name, "visible": true, "status": "active",
            "generated_type": "default", "has_more_profiles": false, "profiles": profiles,
            "sections": [{"id": (id + 100).to_string(), "name": format!("{} Information", module.singular), "api_name": "main",
                "display_label": format!("{} Information", module.singular), "sequence_number": 1, "isSubformSection": false, "tab_traversal": 2,
                "column_count": 2, "fields": fields}],
        })
    };
    let profile = json!([{"name": "Sales", "id": org.profile_id.to_string(), "default": true, "_default_view": {"name": "Standard", "id": (module.id + 1).to_string()}}]);
    let list = [
        layout(Layout::Standard.id(module), "Standard", standard, profile),
        layout(Layout::Short.id(module), "Short", short, json!([])),
    ];
    Ok(Reply::json(200, &json!({"layouts": list})))
}

/// `GET /settings/custom_views?module=`.
pub(crate) fn views(asked: &Asked<'_>, org: &Org) -> Result<Reply, Fault> {
    let module = wanted(asked, org)?;
    let list: Vec<Value> = module
        .views
        .iter()
        .enumerate()
        .map(|(i, v)| {
            json!({
                "id": v.id.to_string(), "name": v.name, "display_value": v.name,
                "system_name": v.system_name, "system_defined": v.system_name.is_some(), "default": i == 0,
                "category": if v.system_name.is_some() { "public_views" } else { "created_by_me" },
                "favorite": null, "locked": false, "access_type": "public",
            })
        })
        .collect();
    let default = module.views.first().map(|v| v.id.to_string());
    let info = json!({"per_page": 200, "default": default, "count": list.len(), "page": 1, "more_records": false, "translation": {}});
    Ok(Reply::json(200, &json!({"custom_views": list, "info": info})))
}

fn user_json(asked: &Asked<'_>, org: &Org, index: usize) -> Value {
    let Some(user) = org.users.get(index) else { return Value::Null };
    let (first, last) = user.name.split_once(' ').unwrap_or(("", &user.name));
    json!({
        "id": user.id.to_string(), "email": user.email, "full_name": user.name, "first_name": first, "last_name": last,
        "locale": "en_US", "language": "en_US", "country_locale": "en_US", "time_zone": asked.switches.time_zone,
        "profile": {"name": "Sales", "id": org.profile_id.to_string()}, "role": {"name": "Manager", "id": (org.profile_id + 1).to_string()},
        "status": "active", "confirm": true, "zuid": (user.id % 1_000_000_007).to_string(),
        "date_format": "MM/dd/yyyy", "time_format": "hh:mm a", "type__s": "Regular User", "microsoft": false,
        "Modified_Time": zoned_seconds(asked.now, asked.look.zone),
    })
}

/// `GET /users`.
pub(crate) fn users(asked: &Asked<'_>, org: &Org) -> Reply {
    let list: Vec<Value> = match asked.call.param("type") {
        Some("CurrentUser") => vec![user_json(asked, org, ME)],
        Some(_) | None => (0..org.users.len()).map(|i| user_json(asked, org, i)).collect(),
    };
    let info = json!({"per_page": 200, "count": list.len(), "page": 1, "more_records": false});
    Reply::json(200, &json!({"users": list, "info": info}))
}

/// `GET /org`.
pub(crate) fn org(asked: &Asked<'_>, org: &Org) -> Reply {
    let edition = asked.switches.edition;
    let free = edition == crate::switches::Edition::Free;
    let trial = asked.switches.trial;
    Reply::json(
        200,
        &json!({"org": [{
            "id": org.id.to_string(), "zgid": (org.id % 1_000_000_007).to_string(), "company_name": org.company, "alias": null,
            "primary_email": org.users.first().map(|u| &u.email), "time_zone": asked.switches.time_zone, "country_code": "US", "country": "US",
            "currency": "US Dollar", "currency_symbol": "$", "iso_code": "USD", "currency_locale": "en_US", "type": asked.switches.org_type, "gapps_enabled": false,
            "privacy_settings": false, "mc_status": false, "max_per_page": "200", "domain_name": format!("org{}", org.id % 1_000_000_007),
            "license_details": {
                "paid": !free && !trial, "paid_type": if free { json!("free") } else { serde_json::to_value(edition).unwrap_or(Value::Null) },
                "paid_expiry": null, "trial_type": if trial { serde_json::to_value(edition).unwrap_or(Value::Null) } else { Value::Null }, "trial_expiry": null, "users_license_purchased": 3,
            },
        }]}),
    )
}

/// `GET /settings/profiles` and `/settings/profiles/{id}`.
pub(crate) fn profiles(org: &Org, id: Option<&str>) -> Result<Reply, Fault> {
    if !org.manage_profiles {
        return Err(no_permission(&["Crm_Implied_Manage_Profiles".to_owned()]));
    }
    let own = org.profile_id.to_string();
    let mut profile = json!({"id": own, "api_name": "Sales", "name": "Sales", "display_label": "Sales", "description": "Sales people",
        "type": "normal_profile", "custom": true, "created_time": null, "modified_time": null});
    match id {
        None => {}
        Some(id) if id == own => {
            if let Some(map) = profile.as_object_mut() {
                map.insert("permissions_details".to_owned(), json!(permissions(org)));
            }
        }
        Some(_) => return Err(invalid_data(&json!({"resource_path_index": 2}))),
    }
    Ok(Reply::json(200, &json!({"profiles": [profile]})))
}

fn permissions(org: &Org) -> Vec<Value> {
    let mut list = Vec::new();
    let mut add = |name: String, label: &str, module: Option<&Module>, enabled: bool| {
        let module = module.map(|m| json!({"api_name": m.api_name, "id": m.id.to_string()}));
        let id = org.profile_id + 10 + u64::try_from(list.len()).unwrap_or(0);
        list.push(json!({"id": id.to_string(), "name": name, "display_label": label, "module": module, "enabled": enabled, "customizable": true, "parent_permissions": null}));
    };
    for module in org.modules.values() {
        let rights = module.rights;
        for (verb, enabled) in [
            ("View", rights.view),
            ("Create", rights.create),
            ("Edit", rights.edit),
            ("Delete", rights.delete),
        ] {
            add(format!("Crm_Implied_{verb}_{}", module.api_name), verb, Some(module), enabled);
        }
    }
    add(
        "Crm_Implied_Gcontact_Sync".to_owned(),
        "Sync with Google Contact",
        None,
        org.gcontact_sync,
    );
    add("Crm_Implied_Gcal_Sync".to_owned(), "Sync with Google Calendar", None, false);
    add("Crm_Implied_Api_Access".to_owned(), "Zoho CRM API Access", None, org.api_access);
    add("Crm_Implied_Manage_Profiles".to_owned(), "Manage Profiles", None, org.manage_profiles);
    list
}
