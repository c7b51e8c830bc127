//! What people and the organisation do in Zoho CRM, for hooks, the browser page and sample data.

use serde_json::{Map, Value, json};

use super::Zoho;
use super::act::ZohoAct;
use super::coql::parse::condition;
use super::fields::Kind;
use super::store::{ListView, ME, Org, Waiting, blank, in_cells};
use super::write::checked;
use crate::clock::{SECOND, parse_time};
use crate::switches::ZohoSwitches;

fn no_module(name: &str) -> String {
    format!("there is no module {name}")
}

/// The id behind an id or e-mail address.
pub(crate) fn find(org: &Org, module: &str, record: &str) -> Result<u64, String> {
    let here = org.modules.get(module).ok_or_else(|| no_module(module))?;
    if let Some(id) = record.parse::<u64>().ok().filter(|id| here.records.contains_key(id)) {
        return Ok(id);
    }
    let by_email =
        here.by_email.get(&record.to_lowercase()).and_then(|ids| ids.iter().next().copied());
    by_email.ok_or_else(|| format!("{module} has no record {record}"))
}

/// Does one act; gives what it made, or a sentence about what is wrong.
pub(crate) fn act(
    zoho: &mut Zoho,
    account: usize,
    act: ZohoAct,
    switches: &ZohoSwitches,
    now: i64,
) -> Result<Value, String> {
    let org =
        zoho.orgs.get_mut(account).ok_or_else(|| format!("there is no Zoho account {account}"))?;
    match act {
        ZohoAct::Create { module, fields, who } => {
            create(org, &module, &fields, who.index(), now).map(|id| json!({"id": id.to_string()}))
        }
        ZohoAct::Edit { module, record, fields, who } => {
            let id = find(org, &module, &record)?;
            edit(org, &module, id, &fields, who.index(), switches, now)?;
            Ok(json!({"id": id.to_string()}))
        }
        ZohoAct::Delete { module, record, who } => {
            let id = find(org, &module, &record)?;
            here(org, &module)?.recycle(id, who.index(), now);
            Ok(json!({"id": id.to_string()}))
        }
        ZohoAct::DeleteAll { module } => {
            let here = here(org, &module)?;
            let ids: Vec<u64> = here.records.keys().copied().collect();
            for id in &ids {
                here.recycle(*id, ME, now);
            }
            Ok(json!({"deleted": ids.len()}))
        }
        ZohoAct::Restore { module, record } => {
            let id: u64 = record.parse().map_err(|_| format!("{record} is no record id"))?;
            let restored = here(org, &module)?.restore(id, ME, now, switches.restore_bumps);
            if restored {
                Ok(json!({"id": record}))
            } else {
                Err(format!("{record} is not in the recycle bin"))
            }
        }
        ZohoAct::Purge { module, record } => {
            let binned =
                record.parse().ok().and_then(|id: u64| here(org, &module).ok()?.bin.get_mut(&id));
            binned
                .map(|b| b.permanent = true)
                .ok_or_else(|| format!("{record} is not in the recycle bin"))?;
            Ok(json!({}))
        }
        ZohoAct::Merge { module, survivor, losers } => {
            merge(org, &module, &survivor, &losers, switches, now)
        }
        ZohoAct::Convert { record } => convert(org, &record, now),
        ZohoAct::State { module, record, locked, hidden, waiting } => {
            let id = find(org, &module, &record)?;
            if let Some(rec) = here(org, &module)?.records.get_mut(&id) {
                rec.locked = locked.unwrap_or(rec.locked);
                rec.hidden = hidden.unwrap_or(rec.hidden);
                rec.waiting = match waiting.as_deref() {
                    None => rec.waiting,
                    Some("approval") => Some(Waiting::Approval),
                    Some("review") => Some(Waiting::Review),
                    Some(_) => None,
                };
            }
            Ok(json!({}))
        }
        ZohoAct::Touch { module, records, at } => touch(org, &module, &records, at.as_deref(), now),
        ZohoAct::Field { module, api_name, set } => field(org, &module, &api_name, &set),
        ZohoAct::Module { module, set } => {
            let here = here(org, &module)?;
            let text = |key: &str| set.get(key).and_then(Value::as_str).map(str::to_owned);
            here.singular = text("singular").unwrap_or_else(|| here.singular.clone());
            here.plural = text("plural").unwrap_or_else(|| here.plural.clone());
            here.visible = set.get("visible").and_then(Value::as_bool).unwrap_or(here.visible);
            Ok(json!({}))
        }
        ZohoAct::Rights { module, view, create, edit, delete } => {
            let rights = &mut here(org, &module)?.rights;
            rights.view = view.unwrap_or(rights.view);
            rights.create = create.unwrap_or(rights.create);
            rights.edit = edit.unwrap_or(rights.edit);
            rights.delete = delete.unwrap_or(rights.delete);
            Ok(json!({}))
        }
        ZohoAct::Profile { api_access, gcontact_sync, manage_profiles } => {
            org.api_access = api_access.unwrap_or(org.api_access);
            org.gcontact_sync = gcontact_sync.unwrap_or(org.gcontact_sync);
            org.manage_profiles = manage_profiles.unwrap_or(org.manage_profiles);
            Ok(json!({}))
        }
        ZohoAct::View { module, name, condition: text } => {
            condition(&text).map_err(|_| format!("{text} is no condition"))?;
            let id = org.take_id();
            let here = here(org, &module)?;
            match here.views.iter_mut().find(|v| v.name == name) {
                Some(view) => view.condition = text,
                None => here.views.push(ListView { id, name, system_name: None, condition: text }),
            }
            Ok(json!({}))
        }
        ZohoAct::DropView { module, name } => {
            here(org, &module)?.views.retain(|v| v.name != name || v.system_name.is_some());
            Ok(json!({}))
        }
    }
}

fn here<'o>(org: &'o mut Org, module: &str) -> Result<&'o mut super::store::Module, String> {
    org.modules.get_mut(module).ok_or_else(|| no_module(module))
}

/// Values by api_name as cells; accounts by name, tags and owner included.
fn values(
    org: &mut Org,
    module: &str,
    fields: &Map<String, Value>,
    by: usize,
    now: i64,
) -> Result<Vec<(usize, Option<String>)>, String> {
    let mut cells = Vec::new();
    for (name, value) in fields {
        let skip =
            org.modules.get(module).and_then(|m| m.field(name)).is_some_and(|f| !in_cells(f));
        if skip || name == "id" || name == "Tag" {
            continue;
        }
        let value = match value.as_str() {
            Some(text) if name == "Account_Name" && module == "Contacts" && !text.is_empty() => {
                json!({"id": org.account_named(text, by, now).to_string()})
            }
            Some("") => Value::Null,
            Some(_) | None => value.clone(),
        };
        cells.push(checked(org, module, name, &value)?);
    }
    Ok(cells)
}

fn tags(fields: &Map<String, Value>) -> Option<Vec<String>> {
    let list = fields.get("Tag")?.as_array()?;
    Some(
        list.iter()
            .filter_map(|t| t.as_str().or_else(|| t.get("name").and_then(Value::as_str)))
            .map(str::to_owned)
            .collect(),
    )
}

/// Adds a record and gives its id; `fields` may bring an id along.
pub(crate) fn create(
    org: &mut Org,
    module: &str,
    fields: &Map<String, Value>,
    by: usize,
    now: i64,
) -> Result<u64, String> {
    let cells = values(org, module, fields, by, now)?;
    let given = fields.get("id").and_then(|v| v.as_str().and_then(|t| t.parse::<u64>().ok()));
    let id = match given {
        Some(id) => {
            org.reserve_id(id);
            id
        }
        None => org.take_id(),
    };
    let mut rec = blank(id, by, now);
    for (index, cell) in cells {
        rec.set(index, cell);
    }
    rec.tags = tags(fields).unwrap_or_default();
    for tag in rec.tags.clone() {
        org.tag_id(&tag);
    }
    here(org, module)?.put(rec);
    Ok(id)
}

/// Changes fields of a record.
pub(crate) fn edit(
    org: &mut Org,
    module: &str,
    id: u64,
    fields: &Map<String, Value>,
    by: usize,
    switches: &ZohoSwitches,
    now: i64,
) -> Result<(), String> {
    let cells = values(org, module, fields, by, now)?;
    let tags = tags(fields);
    here(org, module)?.edit(id, by, now, |rec| {
        for (index, cell) in cells {
            rec.set(index, cell);
        }
        if let Some(tags) = tags {
            rec.tags = tags;
        }
    });
    if module == "Accounts" && switches.account_rename_bumps {
        super::write::bump_contacts(org, id, now);
    }
    Ok(())
}

fn merge(
    org: &mut Org,
    module: &str,
    survivor: &str,
    losers: &[String],
    switches: &ZohoSwitches,
    now: i64,
) -> Result<Value, String> {
    let keep = find(org, module, survivor)?;
    for loser in losers {
        let id = find(org, module, loser)?;
        if id == keep {
            return Err(format!("{loser} is the survivor"));
        }
        let here = here(org, module)?;
        let cells = here.records.get(&id).map(|r| r.cells.clone()).unwrap_or_default();
        here.recycle(id, ME, now);
        if switches.merge_reports_deleted {
            if let Some(binned) = here.bin.get_mut(&id) {
                binned.permanent = !switches.merge_fills_bin;
            }
        } else {
            here.bin.remove(&id);
        }
        here.edit(keep, ME, now, |rec| {
            for (index, cell) in cells.into_iter().enumerate() {
                if let (Some(text), None) = (cell, rec.cell(index)) {
                    rec.set(index, Some(text.into_string()));
                }
            }
        });
    }
    Ok(json!({"id": keep.to_string()}))
}

fn convert(org: &mut Org, record: &str, now: i64) -> Result<Value, String> {
    let id = find(org, "Leads", record)?;
    let leads = here(org, "Leads")?;
    let Some(lead) = leads.records.get(&id).cloned() else {
        return Err(format!("there is no lead {record}"));
    };
    let mut fields = Map::new();
    let pairs = [
        ("First_Name", "First_Name"),
        ("Last_Name", "Last_Name"),
        ("Email", "Email"),
        ("Secondary_Email", "Secondary_Email"),
        ("Phone", "Phone"),
        ("Mobile", "Mobile"),
        ("Fax", "Fax"),
        ("Designation", "Title"),
        ("Company", "Account_Name"),
        ("Street", "Mailing_Street"),
        ("City", "Mailing_City"),
        ("State", "Mailing_State"),
        ("Zip_Code", "Mailing_Zip"),
        ("Country", "Mailing_Country"),
        ("Description", "Description"),
    ];
    for (from, to) in pairs {
        let text = leads.text(&lead, from);
        if !text.is_empty() {
            fields.insert(to.to_owned(), json!(text));
        }
    }
    let contact = create(org, "Contacts", &fields, ME, now)?;
    let leads = here(org, "Leads")?;
    let place = leads.index("Converted_Contact");
    leads.edit(id, ME, now, |rec| {
        rec.converted = true;
        if let Some(index) = place {
            rec.set(index, Some(format!("\"{contact}\"")));
        }
    });
    Ok(json!({"contact": contact.to_string()}))
}

fn touch(
    org: &mut Org,
    module: &str,
    records: &[String],
    at: Option<&str>,
    now: i64,
) -> Result<Value, String> {
    let at = match at {
        None => now,
        Some(text) => parse_time(text).ok_or_else(|| format!("{text} is no time"))?,
    };
    let mut ids = Vec::new();
    for record in records {
        ids.push(find(org, module, record)?);
    }
    let here = here(org, module)?;
    if records.is_empty() {
        ids = here.records.keys().copied().collect();
    }
    for id in &ids {
        here.edit(*id, ME, at.div_euclid(SECOND) * SECOND, |_| {});
    }
    Ok(json!({"touched": ids.len()}))
}

fn field(
    org: &mut Org,
    module: &str,
    api_name: &str,
    set: &Map<String, Value>,
) -> Result<Value, String> {
    let here = here(org, module)?;
    if let Some(renamed) = set.get("renamed") {
        let renamed = serde_json::from_value(renamed.clone());
        let renamed = renamed.map_err(|_| "renamed must be texts by texts".to_owned())?;
        here.rename_picks(api_name, &renamed)?;
    }
    let field = here
        .fields
        .iter_mut()
        .find(|f| f.api_name == api_name)
        .ok_or_else(|| format!("{module} has no field {api_name}"))?;
    for (key, value) in set {
        let flag = value.as_bool().ok_or_else(|| format!("{key} must be true or false"));
        let texts = || {
            value
                .as_array()
                .map(|l| l.iter().filter_map(Value::as_str).map(str::to_owned).collect())
                .ok_or_else(|| format!("{key} must be a list of texts"))
        };
        match key.as_str() {
            "label" => field.label = value.as_str().unwrap_or_default().to_owned(),
            "length" => {
                field.length = value
                    .as_u64()
                    .and_then(|n| usize::try_from(n).ok())
                    .ok_or_else(|| "length must be a number".to_owned())?
            }
            "mandatory" => field.mandatory = flag?,
            "layout_required" => field.layout_required = flag?,
            "visible" => field.visible = flag?,
            "gone" => field.gone = flag?,
            "read_only" => field.read_only = flag?,
            "unique" => field.unique = value.as_bool(),
            "data_type" => {
                let name = value.as_str().unwrap_or_default();
                field.kind = Kind::of(name).ok_or_else(|| format!("no field is a {name}"))?;
            }
            "picks" => field.set_picks(value)?,
            "unused_picks" => field.unused_picks = texts()?,
            "renamed" => {}
            other => return Err(format!("a field has no attribute {other}")),
        }
    }
    Ok(json!({}))
}
