//! The stand-ins, and what the product sends, against the services' own published contracts:
//! Google's discovery document and Zoho's OpenAPI files.
//!
//! The contracts belong to the services and are no part of this project. They are looked for in
//! `RENRAKU_CONTRACTS`, else in `../shared/contracts` beside the project; where they are not, the
//! tests say that they were not run.

mod google;
mod schema;
mod zoho;

use std::path::PathBuf;

use renraku_engine::core::contact::{Module, Side};
use renraku_sandbox::{LogEntry, People, Traffic};
use serde_json::json;

use crate::engine::rig::{Rig, at};

/// The folder of the contracts.
fn folder() -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/contracts");
    let folder = std::env::var_os("RENRAKU_CONTRACTS").map_or_else(beside, PathBuf::from);
    let there = folder.is_dir();
    if !there {
        let place = folder.display();
        eprintln!("NOT RUN: the services' published contracts are not in {place}");
    }
    there.then_some(folder)
}

/// Every call of a life that touches everything that the product ever asks for.
async fn every_call() -> Vec<LogEntry> {
    let rig = Rig::with(People::Sample).await;
    rig.control.set_switches(|switches| switches.log_answers = true);
    rig.control.clear_requests();
    for module in [Module::Contacts, Module::Leads, Module::Vendors] {
        rig.engine().fields(module).await.expect("the fields");
        rig.engine().scopes(module).await.expect("the scopes");
    }
    rig.contacts(json!({"google_label": "Customers of ours", "on_delete": "delete"})).await;
    rig.settle().await;
    rig.setup(json!({"module": "Leads", "zoho_view": "Hot leads", "direction": "two_way"})).await;
    rig.approve_of(Module::Leads).await;
    let (at_zoho, at_google) = Side::BOTH.map(|side| rig.control.store(at(side))).into();
    let shared = crate::people::shared_emails(&at_zoho, &at_google);
    let one = |side: Side, number: usize| {
        rig.find(side, "Email", shared.get(number).expect("some contacts are on both sides"))
    };
    let (zoho, google) = (|n| one(Side::Zoho, n), |n| one(Side::Google, n));
    rig.edit(Side::Zoho, &zoho(0), "Title", Some("Chief"));
    rig.edit(Side::Google, &google(0), "Title", Some("Boss"));
    rig.delete(Side::Zoho, &zoho(4));
    rig.delete(Side::Google, &google(5));
    // Some calls that end badly: a stale version, a refused record, a lost answer, an old token.
    let hand = rig.edit_act(Side::Google, &google(2), "Description", Some("Meanwhile"));
    rig.edit(Side::Zoho, &zoho(2), "Title", Some("Third"));
    rig.fault(json!({"side": "google", "method": "POST", "nth": 1, "times": 1, "do": {"human_before": [hand]}}));
    rig.fault(json!({"side": "zoho", "method": "PUT", "nth": 1, "times": 1, "do": "drop_after"}));
    rig.settle().await;
    rig.control.call("POST", "expire", json!({"what": "google_sync_tokens"})).expect("expired");
    rig.act(Side::Zoho, json!({"op": "rights", "module": "Contacts", "edit": false}));
    rig.edit(Side::Google, &google(3), "Title", Some("Fourth"));
    rig.approve().await;
    rig.act(Side::Zoho, json!({"op": "rights", "module": "Contacts", "edit": true}));
    rig.settle().await;
    let log = rig.control.requests();
    log.into_iter().filter(|entry| entry.traffic == Traffic::Api && entry.status != 0).collect()
}

/// What both services publish.
pub(crate) struct Contracts {
    google: google::Google,
    zoho: zoho::Zoho,
}

impl Contracts {
    /// None where they are not on this computer.
    pub(crate) fn open() -> Option<Contracts> {
        let folder = folder()?;
        let (google, zoho) = (google::Google::open(&folder), zoho::Zoho::open(&folder));
        Some(Contracts { google, zoho })
    }

    /// Everything in these calls and their answers that is not published.
    pub(crate) fn faults(&self, calls: &[LogEntry]) -> Vec<String> {
        let mut faults = Vec::new();
        for call in calls {
            let found = match call.side {
                renraku_sandbox::Side::Google => self.google.faults(call),
                renraku_sandbox::Side::Zoho => self.zoho.faults(call),
            };
            let name = format!("{} {} -> {}", call.method, call.path, call.status);
            faults.extend(found.into_iter().map(|fault| format!("{name}: {fault}")));
        }
        faults.sort();
        faults.dedup();
        faults
    }
}

#[tokio::test]
async fn what_is_asked_and_answered_is_what_the_services_publish() {
    let Some(contracts) = Contracts::open() else { return };
    let calls = every_call().await;
    let faults = contracts.faults(&calls);
    assert!(calls.len() > 60, "a whole life was looked at: {} calls", calls.len());
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
