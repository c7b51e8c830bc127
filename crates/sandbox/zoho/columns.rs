//! Turns records into the JSON of answers, column by column, without parsing stored values.

use std::fmt::Write as _;

use chrono_tz::Tz;
use serde_json::{Value, json};

use super::fields::Kind;
use super::store::{Module, Org, Rec, in_cells, plain};
use crate::clock::{SECOND, zoned_seconds};

/// Where a column's value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Column {
    Cell(usize),
    Multi(usize),
    Pick(usize),
    Bool(usize),
    Lookup(usize, String),
    Owner,
    CreatedBy,
    ModifiedBy,
    CreatedTime,
    ModifiedTime,
    Id,
    FullName,
    Tag,
    Layout,
    Locked,
    Converted,
    Status,
    Fixed(&'static str),
}

/// How values are shown.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    pub(crate) zone: Tz,
    pub(crate) lookup_id_only: bool,
    pub(crate) empty_multi_null: bool,
    /// Whether pick lists show their actual values.
    pub(crate) actual_picks: bool,
    /// Fields that are left out.
    pub(crate) withheld: Vec<String>,
}

impl Column {
    /// The column of that API name; `None` when the module has no such field.
    pub(crate) fn of(module: &Module, name: &str) -> Option<Self> {
        let fixed = match name {
            "id" => Some(Self::Id),
            "Owner" => Some(Self::Owner),
            "Created_By" => Some(Self::CreatedBy),
            "Modified_By" => Some(Self::ModifiedBy),
            "Created_Time" => Some(Self::CreatedTime),
            "Modified_Time" | "Change_Log_Time__s" | "Last_Activity_Time" => {
                Some(Self::ModifiedTime)
            }
            "Full_Name" => Some(Self::FullName),
            "Tag" => Some(Self::Tag),
            "Layout" => Some(Self::Layout),
            "Locked__s" | "$locked_for_me" => Some(Self::Locked),
            "Converted__s" | "$converted" => Some(Self::Converted),
            "Record_Status__s" => Some(Self::Status),
            "$approved" | "$editable" => Some(Self::Fixed("true")),
            "$in_merge" => Some(Self::Fixed("false")),
            "$approval_state" => Some(Self::Fixed("\"approved\"")),
            "$review" | "$state" | "$review_process" | "$orchestration" | "$pathfinder" => {
                Some(Self::Fixed("null"))
            }
            "$currency_symbol" => Some(Self::Fixed("\"$\"")),
            "$sharing_permission" => Some(Self::Fixed("\"full_access\"")),
            _ => None,
        };
        let known = name.starts_with('$')
            || ["id", "Change_Log_Time__s", "Last_Activity_Time"].contains(&name)
            || module.field(name).is_some();
        if let Some(column) = fixed {
            return known.then_some(column);
        }
        let index = module.index(name)?;
        let field = module.fields.get(index).filter(|field| !field.gone)?;
        if !field.visible {
            return Some(Self::Fixed("null"));
        }
        Some(match (field.kind, &field.lookup) {
            (Kind::Lookup, Some(target)) => Self::Lookup(index, target.clone()),
            (Kind::Multiselectpicklist, _) => Self::Multi(index),
            (Kind::Picklist, _) => Self::Pick(index),
            (Kind::Boolean, _) => Self::Bool(index),
            _ => Self::Cell(index),
        })
    }

    /// All columns that a record shows when none are asked for.
    pub(crate) fn all(module: &Module) -> Vec<(String, Self)> {
        let own = module
            .fields
            .iter()
            .filter(|f| in_cells(f) || f.api_name != "Last_Activity_Time")
            .map(|f| f.api_name.clone());
        let extra = [
            "$approval_state",
            "$approved",
            "$editable",
            "$in_merge",
            "$locked_for_me",
            "$currency_symbol",
        ];
        own.chain(extra.into_iter().map(str::to_owned))
            .filter_map(|name| Self::of(module, &name).map(|c| (name, c)))
            .collect()
    }

    /// Writes the value of one record.
    pub(crate) fn write(
        &self,
        org: &Org,
        module: &Module,
        rec: &Rec,
        look: &Look,
        out: &mut String,
    ) {
        match self {
            Self::Cell(index) => out.push_str(rec.cell(*index).unwrap_or("null")),
            Self::Pick(index) => match (rec.cell(*index), module.fields.get(*index)) {
                (Some(cell), Some(field)) if look.actual_picks => {
                    let _ = write!(out, "{}", json!(field.actual(&plain(cell))));
                }
                (cell, _) => out.push_str(cell.unwrap_or("null")),
            },
            Self::Bool(index) => out.push_str(rec.cell(*index).unwrap_or("false")),
            Self::Multi(index) => {
                let empty = if look.empty_multi_null { "null" } else { "[]" };
                out.push_str(rec.cell(*index).unwrap_or(empty));
            }
            Self::Lookup(index, target) => {
                let Some(id) = rec.cell(*index) else {
                    out.push_str("null");
                    return;
                };
                let name = if look.lookup_id_only {
                    None
                } else {
                    id.trim_matches('"').parse().ok().and_then(|n| org.lookup_name(target, n))
                };
                match name {
                    Some(name) => {
                        let _ = write!(out, "{{\"name\":{},\"id\":{id}}}", Value::String(name));
                    }
                    None => {
                        let _ = write!(out, "{{\"id\":{id}}}");
                    }
                }
            }
            Self::Owner => user(org, rec.owner, look, out),
            Self::CreatedBy => user(org, rec.created_by, look, out),
            Self::ModifiedBy => user(org, rec.modified_by, look, out),
            Self::CreatedTime => time(rec.created, look, out),
            Self::ModifiedTime => time(rec.modified, look, out),
            Self::Id => {
                let _ = write!(out, "\"{}\"", rec.id);
            }
            Self::FullName => {
                let name = module.display_name(rec);
                let text = if name.is_empty() { Value::Null } else { Value::String(name) };
                let _ = write!(out, "{text}");
            }
            Self::Tag => {
                let tags: Vec<Value> =
                    rec.tags.iter().map(|t| json!({"name": t, "id": org.tags.get(t).map_or_else(String::new, u64::to_string), "color_code": null})).collect();
                let _ = write!(out, "{}", Value::Array(tags));
            }
            Self::Layout => {
                let _ = write!(out, "{{\"name\":\"Standard\",\"id\":\"{}\"}}", module.id + 1);
            }
            Self::Locked => out.push_str(if rec.locked { "true" } else { "false" }),
            Self::Converted => out.push_str(if rec.converted { "true" } else { "false" }),
            Self::Status => out.push_str("\"Available\""),
            Self::Fixed(text) => out.push_str(text),
        }
    }
}

fn user(org: &Org, index: usize, look: &Look, out: &mut String) {
    let Some(user) = org.users.get(index) else {
        out.push_str("null");
        return;
    };
    let _ = if look.lookup_id_only {
        write!(out, "{{\"id\":\"{}\"}}", user.id)
    } else {
        write!(
            out,
            "{{\"name\":\"{}\",\"id\":\"{}\",\"email\":\"{}\"}}",
            user.name, user.id, user.email
        )
    };
}

fn time(at: i64, look: &Look, out: &mut String) {
    let _ = write!(out, "\"{}\"", zoned_seconds(at * SECOND, look.zone));
}

/// One record with the given columns; `id` comes whether asked or not.
pub(crate) fn record(
    org: &Org,
    module: &Module,
    rec: &Rec,
    columns: &[(String, Column)],
    look: &Look,
) -> String {
    let mut out = String::with_capacity(512);
    let _ = write!(out, "{{\"id\":\"{}\"", rec.id);
    for (name, column) in columns {
        if name != "id" && !look.withheld.contains(name) {
            let _ = write!(out, ",\"{name}\":");
            column.write(org, module, rec, look, &mut out);
        }
    }
    out.push('}');
    out
}

/// A value as conditions and sorting see it.
#[derive(Debug, Clone, PartialEq, PartialOrd)]
pub(crate) enum Val {
    Null,
    Bool(bool),
    Number(f64),
    Id(u64),
    /// Whole seconds.
    Time(i64),
    /// Lower case.
    Text(String),
}

/// The value of a column for comparing.
pub(crate) fn val(org: &Org, module: &Module, rec: &Rec, column: &Column) -> Val {
    let user_id = |index: usize| org.users.get(index).map_or(Val::Null, |u| Val::Id(u.id));
    match column {
        Column::Cell(index) | Column::Pick(index) => {
            let Some(cell) = rec.cell(*index) else { return Val::Null };
            match cell.parse::<f64>() {
                Ok(number) => Val::Number(number),
                Err(_) => Val::Text(plain(cell).to_lowercase()),
            }
        }
        Column::Multi(index) => rec.cell(*index).map_or(Val::Null, |c| Val::Text(c.to_lowercase())),
        Column::Bool(index) => Val::Bool(rec.cell(*index) == Some("true")),
        Column::Lookup(index, _) => rec
            .cell(*index)
            .and_then(|c| c.trim_matches('"').parse().ok())
            .map_or(Val::Null, Val::Id),
        Column::Owner => user_id(rec.owner),
        Column::CreatedBy => user_id(rec.created_by),
        Column::ModifiedBy => user_id(rec.modified_by),
        Column::CreatedTime => Val::Time(rec.created),
        Column::ModifiedTime => Val::Time(rec.modified),
        Column::Id => Val::Id(rec.id),
        Column::FullName => Val::Text(module.display_name(rec).to_lowercase()),
        Column::Tag => Val::Text(rec.tags.join(",").to_lowercase()),
        Column::Locked => Val::Bool(rec.locked),
        Column::Converted => Val::Bool(rec.converted),
        Column::Status => Val::Text("available".to_owned()),
        Column::Layout => Val::Id(module.id + 1),
        Column::Fixed(_) => Val::Null,
    }
}
