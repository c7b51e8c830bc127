//! Which crate may depend on what.

use toml::Table;

use super::{none, root};

/// The IO, clock and chance that the planner must not be able to reach.
const NOT_PURE: [&str; 13] = [
    "tokio",
    "reqwest",
    "rusqlite",
    "rand",
    "getrandom",
    "axum",
    "hyper",
    "tauri",
    "keyring",
    "zbus",
    "ureq",
    "oauth2",
    "tracing",
];

/// A crate with what it must not depend on, by the start of the name. `renraku` ends every list of
/// its own crates that are allowed, given first.
struct Wall {
    manifest: &'static str,
    own: &'static [&'static str],
    forbidden: &'static [&'static str],
}

const WALLS: [Wall; 8] = [
    Wall { manifest: "crates/core/Cargo.toml", own: &[], forbidden: &NOT_PURE },
    Wall {
        manifest: "crates/store/Cargo.toml",
        own: &["renraku-core"],
        forbidden: &["tauri", "tokio", "reqwest", "oauth2", "keyring", "axum"],
    },
    Wall {
        manifest: "crates/services/Cargo.toml",
        own: &["renraku-core"],
        forbidden: &["tauri", "axum", "wry", "rusqlite", "fluent"],
    },
    Wall {
        manifest: "crates/engine/Cargo.toml",
        own: &["renraku-core", "renraku-services", "renraku-store"],
        forbidden: &["tauri", "axum", "wry", "rusqlite", "reqwest", "oauth2", "keyring"],
    },
    Wall { manifest: "crates/sandbox/Cargo.toml", own: &[], forbidden: &["tauri", "rusqlite"] },
    Wall {
        manifest: "crates/cli/Cargo.toml",
        own: &["renraku-core", "renraku-engine", "renraku-sandbox"],
        forbidden: &["tauri", "rusqlite", "reqwest", "wry"],
    },
    Wall {
        manifest: "Cargo.toml",
        own: &["renraku-core", "renraku-engine", "renraku-sandbox"],
        forbidden: &["rusqlite", "reqwest"],
    },
    Wall {
        manifest: "xtask/Cargo.toml",
        own: &[],
        forbidden: &["tauri", "tokio", "reqwest", "rusqlite"],
    },
];

#[test]
fn every_crate_keeps_to_its_side_of_the_walls() {
    let mut broken = Vec::new();
    for wall in &WALLS {
        for name in dependencies(wall.manifest) {
            let foreign = name.starts_with("renraku") && !wall.own.contains(&name.as_str());
            let forbidden = wall.forbidden.iter().any(|start| name.starts_with(start));
            if foreign || forbidden {
                broken.push(format!("{} depends on {name}", wall.manifest));
            }
        }
    }
    none("A crate is a wall (ARCHITECTURE.md, who may know whom):", &broken);
}

#[test]
fn every_crate_of_the_workspace_has_the_workspace_lints() {
    let members = std::iter::once("Cargo.toml".to_owned()).chain(members());
    let without = members.filter(|manifest| {
        let lints = parsed(manifest).get("lints").and_then(|lints| lints.get("workspace")).cloned();
        lints != Some(toml::Value::Boolean(true))
    });
    none("Every crate takes the workspace's lints:", &without.collect::<Vec<_>>());
}

/// What the product itself links: development dependencies may be anything.
fn dependencies(manifest: &str) -> Vec<String> {
    let parsed = parsed(manifest);
    let mut names: Vec<String> = table_names(parsed.get("dependencies"));
    let targets = parsed.get("target").and_then(toml::Value::as_table);
    for target in targets.into_iter().flat_map(Table::values) {
        names.extend(table_names(target.get("dependencies")));
    }
    names
}

fn table_names(table: Option<&toml::Value>) -> Vec<String> {
    table
        .and_then(toml::Value::as_table)
        .map(|table| table.keys().cloned().collect())
        .unwrap_or_default()
}

fn members() -> impl Iterator<Item = String> {
    let workspace = parsed("Cargo.toml");
    let members = workspace.get("workspace").and_then(|table| table.get("members")).cloned();
    let members = members.and_then(|list| list.as_array().cloned()).unwrap_or_default();
    members.into_iter().filter_map(|member| Some(format!("{}/Cargo.toml", member.as_str()?)))
}

fn parsed(manifest: &str) -> Table {
    let text = std::fs::read_to_string(root().join(manifest))
        .unwrap_or_else(|error| panic!("{manifest}: {error}"));
    text.parse().unwrap_or_else(|error| panic!("{manifest}: {error}"))
}
