//! Everything stored on a side as JSON, for tests to compare.

use chrono_tz::Tz;
use serde_json::{Value, json};

use crate::google::Google;
use crate::google::field::Mask;
use crate::google::render::{View, person};
use crate::world::World;
use crate::zoho::columns::{Column, Look, record};

/// `{"account": {...}, "people": [Person], "bin": [Person], "labels": [{"resourceName", "name", "members": [...]}]}`.
pub(crate) fn google(google: &Google, account: usize) -> Result<Value, String> {
    let account = google
        .accounts
        .get(account)
        .ok_or_else(|| format!("there is no Google account {account}"))?;
    let view = View {
        mask: Mask::all(),
        profiles: true,
        cap: None,
        language: "en",
        turn: 0,
        etag_varies: true,
        base: google.base.clone(),
    };
    let store = &account.store;
    let parsed = |text: String| serde_json::from_str::<Value>(&text).unwrap_or(Value::Null);
    let people: Vec<Value> = store
        .people
        .values()
        .filter_map(|e| e.now.as_ref().map(|r| parsed(person(r, &e.previous, &view))))
        .collect();
    let bin: Vec<Value> = store
        .people
        .values()
        .filter_map(|e| e.binned.as_ref())
        .map(|r| parsed(person(r, &[], &view)))
        .collect();
    let labels: Vec<Value> = store
        .groups
        .values()
        .filter(|g| !g.deleted)
        .map(|g| {
            let members: Vec<String> = store
                .members
                .get(&g.id)
                .into_iter()
                .flatten()
                .map(|m| format!("people/c{m}"))
                .collect();
            json!({"resourceName": g.resource(), "name": g.name, "members": members})
        })
        .collect();
    Ok(
        json!({"account": {"sub": account.sub, "email": account.email}, "people": people, "bin": bin, "labels": labels}),
    )
}

/// `{"org": {...}, "modules": {"Contacts": {"records": [...], "deleted": [...]}}, "workflow_firings": 0, "cadence_firings": 0}`.
pub(crate) fn zoho(world: &World, account: usize) -> Result<Value, String> {
    let zone = world.switches().zoho.time_zone.parse().unwrap_or(Tz::UTC);
    let look = Look {
        zone,
        lookup_id_only: false,
        empty_multi_null: false,
        actual_picks: false,
        withheld: Vec::new(),
    };
    let zoho = world.zoho();
    let org =
        zoho.orgs.get(account).ok_or_else(|| format!("there is no Zoho account {account}"))?;
    let mut modules = serde_json::Map::new();
    for (name, module) in &org.modules {
        let columns = Column::all(module);
        let parsed = |text: String| serde_json::from_str::<Value>(&text).unwrap_or(Value::Null);
        let records: Vec<Value> = module
            .records
            .values()
            .map(|r| parsed(record(org, module, r, &columns, &look)))
            .collect();
        let deleted: Vec<Value> = module
            .bin
            .values()
            .map(|b| json!({"permanent": b.permanent, "record": parsed(record(org, module, &b.rec, &columns, &look))}))
            .collect();
        modules.insert(name.clone(), json!({"records": records, "deleted": deleted}));
    }
    let email = org.users.first().map(|u| u.email.clone());
    Ok(
        json!({"org": {"id": org.id.to_string(), "company": org.company, "email": email}, "modules": modules, "workflow_firings": org.workflow_firings, "cadence_firings": org.cadence_firings}),
    )
}
