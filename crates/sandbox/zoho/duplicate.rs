//! Unique fields, and the organisation's duplicate preference.

use serde_json::{Value, json};

use super::Asked;
use super::draft::Draft;
use super::errors::item;
use super::store::{Module, Org, Rec};

/// The modules whose records a unique field is compared with: its own, and, where the organisation's
/// duplicate preference says so, Leads with Contacts.
fn compared<'o>(asked: &Asked<'_>, org: &'o Org, module: &str) -> Vec<&'o Module> {
    let other = match module {
        "Leads" => Some("Contacts"),
        "Contacts" => Some("Leads"),
        _ => None,
    };
    let other = other.filter(|_| asked.switches.duplicates_across_modules);
    std::iter::once(module).chain(other).filter_map(|name| org.modules.get(name)).collect()
}

/// Refuses values that another record holds in a unique field, or held when the call began (`before`).
pub(crate) fn unique(
    asked: &Asked<'_>,
    org: &Org,
    module: &str,
    draft: &Draft,
    index: usize,
    (own, before): (Option<u64>, &[Rec]),
) -> Result<(), Value> {
    let Some(here) = org.modules.get(module) else { return Ok(()) };
    for (at, cell) in &draft.cells {
        let (Some(field), Some(cell)) = (here.fields.get(*at), cell) else { continue };
        let Some(case) = field.unique else { continue };
        let holder = compared(asked, org, module).into_iter().find_map(|there| {
            let at = there.index(&field.api_name)?;
            let same = |r: &&Rec| {
                r.cell(at).is_some_and(|c| {
                    if case { c == cell } else { c.to_lowercase() == cell.to_lowercase() }
                }) && Some(r.id) != own
                    && !r.converted
            };
            let before = before.iter().filter(|_| there.api_name == here.api_name);
            there.records.values().chain(before).find(same).map(|other| (there, other))
        });
        if let Some((there, other)) = holder {
            let owner = org.users.get(other.owner).map_or(
                Value::Null,
                |u| json!({"name": u.name, "id": u.id.to_string(), "zuid": u.id.to_string()}),
            );
            let details = json!({
                "api_name": field.api_name,
                "json_path": format!("$.data[{index}].{}", field.api_name),
                "id": other.id.to_string(),
                "duplicate_record": {"id": other.id.to_string(), "Owner": owner, "module": {"api_name": there.api_name, "id": there.id.to_string()}},
                "more_records": false,
            });
            return Err(item("DUPLICATE_DATA", "duplicate data", &details));
        }
    }
    Ok(())
}
