//! The fewest calls that the services' documented batch and page sizes allow, job by job: the
//! formulas of a run's floor, held to at numbers that are small and keep every rounding.

use renraku_engine::core::contact::Side;
use renraku_sandbox::People;
use serde_json::{Value, json};

use super::rig::{Rig, done, wrote};

/// A first run, or a later one.
struct Job {
    what: &'static str,
    people: usize,
    shared: usize,
    setup: Value,
    /// Whose contacts are taken away before the first run.
    empty: Option<Side>,
    floor: usize,
    /// Calls above the floor, each with its reason in `what`.
    beside: usize,
}

fn parts(all: usize, size: usize) -> usize {
    all.div_ceil(size)
}

async fn calls_of(job: &Job) -> (usize, Rig) {
    let people = People::Generated { count: job.people, shared: job.shared, seed: 4 };
    // The floor is that of queries which answer lookups with their names.
    let rig = Rig::under(people, json!({"zoho": {"coql_lookup_id_only": false}})).await;
    if let Some(side) = job.empty {
        let act = match side {
            Side::Zoho => json!({"op": "delete_all", "module": "Contacts"}),
            Side::Google => json!({"op": "delete_all"}),
        };
        rig.act(side, act);
    }
    rig.contacts(job.setup.clone()).await;
    rig.control.clear_requests();
    let run = rig.synced().await;
    let calls = rig.calls();
    let told = run.zoho.requests + run.google.requests;
    assert_eq!(told as usize, calls.len(), "{}: the report counts them", job.what);
    (calls.len(), rig)
}

#[tokio::test]
async fn each_first_run_costs_its_floor() {
    let n = 2_100;
    let even = 1_200;
    for job in [
        Job {
            what: "Google to an emptied Zoho; its fields, the accounts and its bin are looked up once",
            people: n,
            shared: 0,
            setup: json!({"direction": "google_to_zoho"}),
            empty: Some(Side::Zoho),
            // Everybody was deleted: who is in the bin is read once, by the first run instead of the second.
            floor: parts(n, 1000) + 1 + parts(n, 100) + parts(n, 200),
            beside: 2,
        },
        Job {
            what: "Zoho to an empty Google; Zoho's bin is looked up once",
            people: n,
            shared: 0,
            setup: json!({"direction": "zoho_to_google"}),
            empty: Some(Side::Google),
            floor: 1 + parts(n, 200) + parts(n, 2000) + 1,
            beside: 0,
        },
        Job {
            what: "both ways, half of each side shared; Zoho's fields, the accounts and its bin are looked up once",
            people: even,
            shared: even / 2,
            setup: json!({}),
            empty: None,
            floor: parts(even, 1000) + parts(even, 400) + parts(even, 2000) + parts(even, 200) + 1,
            beside: 2,
        },
    ] {
        let (calls, _) = calls_of(&job).await;
        println!("{}: {calls} calls, floor {}", job.what, job.floor);
        assert_eq!(calls, job.floor + job.beside, "{}", job.what);
        assert!(calls * 10 <= job.floor * 11 + 60, "{}: within the goal", job.what);
    }
}

#[tokio::test]
async fn later_runs_cost_what_changed() {
    let n = 2_000;
    let job = Job {
        what: "in step",
        people: n,
        shared: n,
        setup: json!({}),
        empty: None,
        floor: 0,
        beside: 0,
    };
    let (_, rig) = calls_of(&job).await;
    rig.settle().await;

    rig.control.clear_requests();
    let quiet = rig.synced().await;
    assert_eq!((wrote(&quiet), rig.calls().len()), (0, 3), "nothing changed: exactly three calls");

    let changed = n / 100;
    let keys: Vec<String> = rig.raws(Side::Zoho).iter().map(super::people::id).collect();
    for id in keys.iter().take(changed) {
        rig.edit(Side::Zoho, id, "Title", Some("Edited in Zoho"));
    }
    let people: Vec<String> = rig.raws(Side::Google).iter().map(super::people::id).collect();
    for id in people.iter().rev().take(changed) {
        rig.edit(Side::Google, id, "Title", Some("Edited in Google"));
    }
    rig.control.clear_requests();
    let run = done(rig.sync().await);
    assert_eq!((run.zoho.updated, run.google.updated), (20, 20), "one in a hundred: {run:?}");
    let floor = 1 + parts(changed, 200) + 2 + parts(changed, 100);
    let log = rig.calls();
    let looked = log.iter().filter(|call| call.contains("settings/fields")).count();
    assert_eq!(
        (log.len() - looked, looked),
        (floor, 1),
        "one in a hundred changed on each side, and what Zoho's fields are is asked once: {log:?}"
    );

    rig.settle().await;
    rig.control.set_switches(|switches| switches.zoho.coql_lookup_id_only = true);
    for id in keys.iter().take(changed) {
        rig.edit(Side::Zoho, id, "Title", Some("Edited again"));
    }
    rig.control.clear_requests();
    done(rig.sync().await);
    let log = rig.calls();
    let floor = 1 + 2 + parts(changed, 200);
    assert_eq!(log.len(), floor + 1, "the accounts' names are looked up at once: {log:?}");
}
