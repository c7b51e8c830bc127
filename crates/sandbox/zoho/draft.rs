//! From an item of a request to checked cells: mandatory fields, types, lookups, read-only rules.

use serde_json::{Map, Value, json};

use super::Asked;
use super::check::{Cell, check};
use super::errors::item;
use super::fields::{FieldDef, Kind};
use super::layout::Layout;
use super::store::{ME, Org, Rec, in_cells};

/// Checked changes of one record.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) cells: Vec<(usize, Cell)>,
    owner: Option<usize>,
    tags: Option<Vec<String>>,
}

impl Draft {
    pub(crate) fn apply(self, rec: &mut Rec) {
        for (index, cell) in self.cells {
            rec.set(index, cell);
        }
        if let Some(owner) = self.owner {
            rec.owner = owner;
        }
        if let Some(tags) = self.tags {
            rec.tags = tags;
        }
    }
}

fn missing(name: &str, path: &str) -> Value {
    item(
        "MANDATORY_NOT_FOUND",
        "required field not found",
        &json!({"api_name": name, "json_path": format!("{path}.{name}")}),
    )
}

/// Checks one item of a request.
///
/// # Errors
/// The error item: the only bad field's, or all of them together.
pub(crate) fn prepare(
    asked: &Asked<'_>,
    org: &mut Org,
    module: &str,
    map: &Map<String, Value>,
    path: &str,
    old: Option<&Rec>,
) -> Result<Draft, Value> {
    let mut draft = Draft::default();
    let mut errors = Vec::new();
    let Some(here) = org.modules.get(module) else { return Ok(draft) };
    let layout = Layout::named(here, map).ok_or_else(|| {
        let at = format!("{path}.Layout.id");
        item(
            "INVALID_DATA",
            "the id given seems to be invalid",
            &json!({"api_name": "id", "json_path": at}),
        )
    })?;
    let fields: Vec<(usize, FieldDef)> = here
        .fields
        .iter()
        .cloned()
        .enumerate()
        .filter(|(_, f)| !f.gone)
        .filter(|(_, f)| layout.requires(f) || map.contains_key(&f.api_name) && layout.holds(f))
        .collect();
    for (index, field) in &fields {
        let name = &field.api_name;
        let at = format!("{path}.{name}");
        let Some(value) = map.get(name) else {
            if old.is_none() && layout.requires(field) {
                errors.push(missing(name, path));
            }
            continue;
        };
        if name == "id" || name == "Layout" {
            continue;
        }
        if !field.writable || field.read_only || !field.visible {
            if asked.switches.refuse_read_only {
                errors.push(item(
                    "INVALID_DATA",
                    "the field is not editable",
                    &json!({"api_name": name, "json_path": at}),
                ));
            }
            continue;
        }
        if name == "Owner" {
            let id = value.get("id").and_then(Value::as_str).and_then(|t| t.parse::<u64>().ok());
            match org.users.iter().position(|u| Some(u.id) == id) {
                Some(user) => draft.owner = Some(user),
                None => errors.push(item("INVALID_DATA", "invalid data", &json!({"expected_data_type": "ownerlookup", "api_name": name, "json_path": at}))),
            }
            continue;
        }
        if name == "Tag" {
            let list = value.as_array().map_or(&[][..], Vec::as_slice);
            draft.tags = Some(
                list.iter()
                    .filter_map(|t| t.get("name").and_then(Value::as_str))
                    .map(str::to_owned)
                    .collect(),
            );
            continue;
        }
        if !in_cells(field) {
            continue;
        }
        match cell(asked, org, field, value, &at) {
            Ok(None) if field.mandatory => errors.push(missing(name, path)),
            Ok(cell) => draft
                .cells
                .push((*index, appended(map, field, old.and_then(|r| r.cell(*index)), cell))),
            Err(error) => errors.push(error),
        }
    }
    if asked.switches.refuse_unknown_fields {
        let known = |name: &str| {
            name.starts_with('$')
                || org.modules.get(module).is_some_and(|m| m.field(name).is_some_and(|f| !f.gone))
        };
        for name in map.keys().filter(|n| !known(n)) {
            errors.push(item(
                "INVALID_DATA",
                "the field api name given seems to be invalid",
                &json!({"api_name": name, "json_path": format!("{path}.{name}")}),
            ));
        }
    }
    match errors.len() {
        0 => Ok(draft),
        n if n > 1 && asked.switches.multiple_errors => Err(item(
            "MULTIPLE_OR_MULTI_ERRORS",
            "Multiple errors in the request",
            &json!({"errors": errors}),
        )),
        _ => Err(errors.into_iter().next().unwrap_or(Value::Null)),
    }
}

/// `$append_values` adds to a multi-select instead of replacing it.
fn appended(map: &Map<String, Value>, field: &FieldDef, old: Option<&str>, new: Cell) -> Cell {
    let append =
        map.get("$append_values").and_then(|a| a.get(&field.api_name)).and_then(Value::as_bool)
            == Some(true);
    let (Some(old), Some(text), true, Kind::Multiselectpicklist) = (old, &new, append, field.kind)
    else {
        return new;
    };
    let list = |t: &str| serde_json::from_str::<Vec<String>>(t).unwrap_or_default();
    let mut all = list(old);
    all.extend(list(text).into_iter().filter(|v| !list(old).contains(v)));
    Some(json!(all).to_string())
}

fn cell(
    asked: &Asked<'_>,
    org: &mut Org,
    field: &FieldDef,
    value: &Value,
    at: &str,
) -> Result<Cell, Value> {
    let Some(target) = &field.lookup else {
        let speaks_actual = asked.switches.pick_lists_speak_actual && field.kind == Kind::Picklist;
        let shown = value.as_str().filter(|_| speaks_actual).map(|text| json!(field.display(text)));
        let value = shown.as_ref().unwrap_or(value);
        return check(field, value, at, asked.switches.restrict_pick_lists);
    };
    let invalid = || {
        item(
            "INVALID_DATA",
            "the id given seems to be invalid",
            &json!({"api_name": field.api_name, "json_path": at, "expected_data_type": "lookup"}),
        )
    };
    let name = value.as_str().or_else(|| {
        if value.get("id").is_none() { value.get("name").and_then(Value::as_str) } else { None }
    });
    if let Some(name) = name {
        return if target == "Accounts" && asked.switches.account_by_name {
            let id = org.account_named(name, ME, asked.now);
            Ok(Some(format!("\"{id}\"")))
        } else {
            Err(invalid())
        };
    }
    let cell = check(field, value, at, false)?;
    let known = cell.as_deref().is_none_or(|text| {
        text.trim_matches('"').parse().is_ok_and(|id: u64| {
            org.modules.get(target).is_some_and(|m| m.records.contains_key(&id))
        })
    });
    if known { Ok(cell) } else { Err(invalid()) }
}
