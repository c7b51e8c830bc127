//! What a script in the page could do: next to nothing.

use std::path::Path;

use serde_json::{Value, json};

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the project");
    std::fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn document(path: &str) -> Value {
    serde_json::from_str(&read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_page_runs_its_own_scripts_and_reaches_nobody() {
    let security = document("tauri.conf.json").pointer("/app/security").cloned().expect("a policy");
    let policy = security.get("csp").expect("a policy");
    let says = |part: &str| policy.get(part).and_then(Value::as_str).unwrap_or_default();
    assert_eq!(says("default-src"), "'none'", "what is not named is not allowed");
    assert_eq!(says("connect-src"), "ipc: http://ipc.localhost", "the app's own calls alone");
    for part in ["script-src", "style-src"] {
        assert_eq!(says(part), "'self'", "{part}: nothing inline, nothing from elsewhere");
    }
    for part in ["base-uri", "form-action", "frame-ancestors"] {
        assert_eq!(says(part), "'none'", "{part}");
    }
    let all = policy.to_string();
    for word in ["unsafe", "*", "https:", "blob:"] {
        assert!(!all.contains(word), "{word} is in the policy");
    }
    assert_eq!(security.get("dangerousDisableAssetCspModification"), None);
    assert_eq!(security.get("freezePrototype"), Some(&json!(true)));
}

#[test]
fn the_page_may_hear_events_and_nothing_else_of_the_desktop() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the project");
    let files = std::fs::read_dir(folder.join("capabilities")).expect("the folder").count();
    assert_eq!(files, 1, "one capability");
    let main = document("capabilities/main.json");
    let permissions = json!(["core:event:allow-listen", "core:event:allow-unlisten"]);
    assert_eq!(main.get("permissions"), Some(&permissions));
    assert_eq!(main.get("windows"), Some(&json!(["main"])));
    assert_eq!(main.get("remote"), None, "no page of the web");
}

#[test]
fn the_page_names_no_setting_and_is_told_no_secret() {
    let commands = read("src-tauri/src/commands.rs");
    for word in ["key: String", ".setting(", ".set_setting(", "Secret", "client_file_text"] {
        assert!(!commands.contains(word), "{word} in a command");
    }
}
