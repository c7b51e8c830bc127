//! The form of one record, made from the module's field list.

use serde_json::{Map, Value, json};

use super::fields::{FieldDef, Kind};
use super::page::shown;
use super::store::{Module, Org, Rec, in_cells};
use crate::html::esc;
use crate::http::field;

/// Whether a person types this field by hand.
fn typed(field: &FieldDef) -> bool {
    in_cells(field) && field.writable && field.visible && field.kind != Kind::Profileimage
}

/// What stands in a field's input.
fn current(org: &Org, module: &Module, rec: Option<&Rec>, field: &FieldDef) -> String {
    let Some(rec) = rec else { return String::new() };
    let cell = module.index(&field.api_name).and_then(|i| rec.cell(i));
    match (field.kind, &field.lookup) {
        (Kind::Lookup, Some(target)) => {
            let id = cell.and_then(|c| c.trim_matches('"').parse().ok());
            id.and_then(|id| org.lookup_name(target, id)).unwrap_or_default()
        }
        (Kind::Multiselectpicklist, _) => {
            let list: Vec<String> =
                cell.and_then(|c| serde_json::from_str(c).ok()).unwrap_or_default();
            list.join(", ")
        }
        _ => cell
            .and_then(|c| serde_json::from_str::<Value>(c).ok())
            .map(|v| shown(&v))
            .unwrap_or_default(),
    }
}

fn input(org: &Org, module: &Module, rec: Option<&Rec>, field: &FieldDef) -> String {
    let name = &field.api_name;
    let value = current(org, module, rec, field);
    let label = format!(
        "<label for=\"field-{name}\">{}{}</label>",
        esc(&field.label),
        if field.mandatory { " *" } else { "" }
    );
    let control = match field.kind {
        Kind::Textarea => {
            format!("<textarea id=\"field-{name}\" name=\"{name}\">\n{}</textarea>", esc(&value))
        }
        Kind::Boolean => {
            let ticked = if value == "true" { " checked" } else { "" };
            format!(
                "<span><input type=\"checkbox\" id=\"field-{name}\" name=\"{name}\" value=\"true\"{ticked}></span>"
            )
        }
        Kind::Picklist => {
            let mut options = String::from("<option value=\"\">-</option>");
            let known = field.picks.contains(&value);
            for pick in field.picks.iter().chain((!known && !value.is_empty()).then_some(&value)) {
                let selected = if *pick == value { " selected" } else { "" };
                options.push_str(&format!(
                    "<option value=\"{}\"{selected}>{}</option>",
                    esc(pick),
                    esc(pick)
                ));
            }
            format!("<select id=\"field-{name}\" name=\"{name}\">{options}</select>")
        }
        Kind::Text
        | Kind::Email
        | Kind::Phone
        | Kind::Website
        | Kind::Multiselectpicklist
        | Kind::Date
        | Kind::Datetime
        | Kind::Integer
        | Kind::Currency
        | Kind::Lookup
        | Kind::Ownerlookup
        | Kind::Bigint
        | Kind::Layout
        | Kind::Profileimage => {
            let hint = match field.kind {
                Kind::Date => " placeholder=\"yyyy-mm-dd\"",
                Kind::Lookup => " placeholder=\"name\"",
                Kind::Multiselectpicklist => " placeholder=\"separated by commas\"",
                Kind::Text
                | Kind::Textarea
                | Kind::Email
                | Kind::Phone
                | Kind::Website
                | Kind::Picklist
                | Kind::Datetime
                | Kind::Integer
                | Kind::Currency
                | Kind::Boolean
                | Kind::Ownerlookup
                | Kind::Bigint
                | Kind::Layout
                | Kind::Profileimage => "",
            };
            if value.contains('\n') {
                format!(
                    "<textarea id=\"field-{name}\" name=\"{name}\">\n{}</textarea>",
                    esc(&value)
                )
            } else {
                format!(
                    "<input type=\"text\" id=\"field-{name}\" name=\"{name}\" value=\"{}\"{hint}>",
                    esc(&value)
                )
            }
        }
    };
    label + &control
}

/// The form's HTML.
pub(crate) fn render(org: &Org, module: &Module, rec: Option<&Rec>, title: &str) -> String {
    let name = &module.api_name;
    let hidden = |id: u64| {
        format!(
            "<input type=\"hidden\" name=\"module\" value=\"{name}\"><input type=\"hidden\" name=\"id\" value=\"{id}\">"
        )
    };
    let mut out =
        format!("<h1>{}</h1><form method=\"post\" action=\"/ui/save\" class=\"card\">", esc(title));
    out.push_str(&rec.map_or_else(
        || format!("<input type=\"hidden\" name=\"module\" value=\"{name}\">"),
        |r| hidden(r.id),
    ));
    out.push_str("<div class=\"grid\">");
    for field in module.fields.iter().filter(|f| typed(f)) {
        out.push_str(&input(org, module, rec, field));
    }
    let tags = rec.map(|r| r.tags.join(", ")).unwrap_or_default();
    out.push_str(&format!(
        "<label for=\"field-Tag\">Tags</label><input type=\"text\" id=\"field-Tag\" name=\"Tag\" value=\"{}\" placeholder=\"separated by commas\"></div>",
        esc(&tags)
    ));
    out.push_str(&format!(
        "<div class=\"actions\"><a class=\"button\" href=\"/?module={name}\">Cancel</a><button class=\"main\" id=\"save\">Save</button></div></form>"
    ));
    if let Some(rec) = rec {
        out.push_str(&format!(
            "<div class=\"bar\"><form method=\"post\" action=\"/ui/delete\">{}<button class=\"danger\" id=\"delete\">Move to recycle bin</button></form>",
            hidden(rec.id)
        ));
        if name == "Leads" && !rec.converted {
            out.push_str(&format!("<form method=\"post\" action=\"/ui/convert\">{}<button id=\"convert\">Convert lead</button></form>", hidden(rec.id)));
        }
        out.push_str("</div>");
    }
    out
}

fn parts(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned).collect()
}

/// The values of a sent form that differ from the record as it is.
pub(crate) fn read(
    org: &Org,
    module: &Module,
    rec: Option<&Rec>,
    values: &[(String, String)],
) -> Map<String, Value> {
    let mut out = Map::new();
    for def in module.fields.iter().filter(|f| typed(f)) {
        let name = &def.api_name;
        let old = current(org, module, rec, def);
        let new = field(values, name).map(|t| t.replace("\r\n", "\n")).unwrap_or_default();
        if def.kind == Kind::Boolean {
            if (new == "true") != (old == "true") {
                out.insert(name.clone(), json!(new == "true"));
            }
            continue;
        }
        if new == old {
            continue;
        }
        let value = match def.kind {
            _ if new.is_empty() => Value::Null,
            Kind::Multiselectpicklist => json!(parts(&new)),
            Kind::Integer | Kind::Currency => serde_json::from_str(&new).unwrap_or(json!(new)),
            Kind::Lookup if name != "Account_Name" => match looked_up(org, def, &new) {
                Some(id) => json!({"id": id.to_string()}),
                None => json!(new),
            },
            Kind::Lookup
            | Kind::Text
            | Kind::Textarea
            | Kind::Email
            | Kind::Phone
            | Kind::Website
            | Kind::Picklist
            | Kind::Date
            | Kind::Datetime
            | Kind::Boolean
            | Kind::Ownerlookup
            | Kind::Bigint
            | Kind::Layout
            | Kind::Profileimage => json!(new),
        };
        out.insert(name.clone(), value);
    }
    let tags = parts(field(values, "Tag").unwrap_or(""));
    if rec.map_or(!tags.is_empty(), |r| r.tags != tags) {
        out.insert("Tag".to_owned(), json!(tags));
    }
    out
}

fn looked_up(org: &Org, field: &FieldDef, name: &str) -> Option<u64> {
    let module = org.modules.get(field.lookup.as_ref()?)?;
    module.records.values().find(|r| module.display_name(r) == name).map(|r| r.id)
}
