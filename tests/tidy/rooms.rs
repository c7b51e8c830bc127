//! Which room of a crate may know which other, by the paths that its code names.

use super::{Source, names, none, sources};

/// Code that must not name what stands in `words`.
struct Room {
    /// The start of the paths it holds for.
    below: &'static str,
    /// Paths below it that are the exception, and are the owners.
    but: &'static [&'static str],
    words: &'static [&'static str],
    rule: &'static str,
}

const ROOMS: [Room; 12] = [
    Room {
        below: "crates/core/",
        but: &[],
        words: &[
            "std::time",
            "SystemTime",
            "Instant::now",
            "Utc::now",
            "Local::now",
            "std::fs",
            "std::net",
            "std::env",
            "std::process",
            "std::thread",
            "rand::",
            "async fn",
            "tokio::",
        ],
        rule: "core is pure: time, ids and chance come in as arguments",
    },
    Room {
        below: "crates/core/contact",
        but: &[],
        words: &[
            "crate::mapping",
            "crate::matching",
            "crate::merge",
            "crate::plan",
            "crate::explain",
        ],
        rule: "contact is the lowest room of core",
    },
    Room {
        below: "crates/core/mapping",
        but: &[],
        words: &["crate::matching", "crate::merge", "crate::plan", "crate::explain"],
        rule: "mapping knows contact only",
    },
    Room {
        below: "crates/core/matching",
        but: &[],
        words: &["crate::plan", "crate::explain"],
        rule: "matching does not know the plan",
    },
    Room {
        below: "crates/core/merge",
        but: &[],
        words: &["crate::plan", "crate::explain"],
        rule: "merge does not know the plan",
    },
    Room {
        below: "crates/core/plan",
        but: &[],
        words: &["crate::explain"],
        rule: "the plan does not know its explanation",
    },
    Room {
        below: "crates/engine/remote",
        but: &[],
        words: &["renraku_store"],
        rule: "the services' clients do not know the store",
    },
    Room {
        below: "crates/engine/auth",
        but: &[],
        words: &["renraku_store"],
        rule: "the login does not know the store",
    },
    // A handle may be passed through, so that several tables change in one transaction.
    Room {
        below: "",
        but: &["crates/store/"],
        words: &[
            "rusqlite::params",
            ".prepare(",
            ".prepare_cached(",
            ".query_row(",
            ".query_map(",
            ".execute_batch(",
            "SELECT",
            "INSERT INTO",
            "DELETE FROM",
        ],
        rule: "SQL is written in the store only",
    },
    Room {
        below: "",
        but: &["crates/engine/remote", "crates/engine/auth"],
        words: &["reqwest::"],
        rule: "only the services' clients and the login speak HTTP",
    },
    Room {
        below: "",
        // engine.rs hands the keychain through that it was opened on.
        but: &["crates/engine/auth", "crates/engine/engine.rs"],
        words: &["keyring::", "keyring_core::", "zbus_secret_service_keyring_store::"],
        rule: "only the login speaks to the keychain",
    },
    Room {
        below: "crates/sandbox/",
        but: &[],
        words: &["renraku_core", "renraku_engine"],
        rule: "the sandbox is an independent reading of the services",
    },
];

/// The Rust code of the product and of its developer verbs.
fn product() -> Vec<Source> {
    ["crates", "src-tauri", "xtask"].iter().flat_map(|at| sources(at, &[".rs"])).collect()
}

#[test]
fn every_room_knows_only_what_it_may() {
    let code = product();
    for room in &ROOMS {
        let inside = code.iter().filter(|source| {
            source.path.starts_with(room.below)
                && !room.but.iter().any(|owner| source.path.starts_with(owner))
        });
        let mut broken = Vec::new();
        for source in inside {
            for (number, line) in source.product() {
                for word in room.words.iter().filter(|word| names(line, word)) {
                    broken.push(format!("{}:{number} names {word}", source.path));
                }
            }
        }
        none(&format!("{}:", room.rule), &broken);
    }
}

#[test]
fn only_its_door_reaches_rust_from_the_front_end() {
    let door = "ui/src/lib/backend/";
    let mut broken = Vec::new();
    for source in sources("ui/src", &[".ts", ".svelte", ".js"]) {
        if source.path.starts_with(door) {
            continue;
        }
        for (number, line) in source.code() {
            if line.contains("@tauri-apps") || line.contains("__TAURI") {
                broken.push(format!("{}:{number}", source.path));
            }
        }
    }
    none(&format!("Only {door} imports Tauri:"), &broken);
}

#[test]
fn nothing_listens_beyond_loopback() {
    let words = ["0.0.0.0", "UNSPECIFIED", "[::]", "::0]"];
    let mut broken = Vec::new();
    for source in product() {
        for (number, line) in source.product() {
            if words.iter().any(|word| line.contains(word)) {
                broken.push(format!("{}:{number} {}", source.path, line.trim()));
            }
        }
    }
    none("Every listener is on 127.0.0.1:", &broken);
}
