//! What is handed to somebody who helps tells how things stand and nothing of anybody.

use renraku_engine::api::ReviewKind;
use renraku_engine::core::contact::Side;
use renraku_engine::support::Desktop;
use serde_json::{Value, json};

use super::edits::in_step;

#[tokio::test]
async fn the_file_for_somebody_who_helps_counts_and_names_nobody() {
    let rig = in_step(4, json!({"on_delete": "ask"})).await;
    rig.edit(Side::Zoho, &rig.find(Side::Zoho, "Email", "p0@a.test"), "Title", Some("Secretary"));
    let gone = rig.find(Side::Google, "Email", "p2@a.test");
    rig.delete(Side::Google, &gone);
    rig.settle().await;
    let asked = rig.engine().review(None).expect("the questions").items;
    assert!(asked.iter().any(|item| item.kind == ReviewKind::Deletion), "somebody is asked about");

    let desktop = Desktop { tray: true, paused: false };
    let text = rig.engine().support(Some(desktop)).expect("the file");
    let told: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(told["syncs"][0]["needs_you"], 1, "{text}");
    assert_eq!(told["syncs"][0]["linked"], 3, "{text}");
    assert_eq!((&told["sandbox"], &told["desktop"]["tray"]), (&json!(true), &json!(true)));
    assert!(told["runs"].as_array().is_some_and(|runs| runs.len() >= 2), "{text}");
    for side in [&told["zoho"], &told["google"]] {
        assert_eq!(side["connected"], true, "{text}");
    }
    let account = rig.engine().accounts().expect("the accounts");
    let mut secrets = vec!["@", "p0", "Secretary", gone.as_str(), "people/", "client_id", "/tmp"];
    secrets.extend(account.zoho.organisation.as_deref());
    for secret in secrets {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
}
