//! What no manifest can hold: which room of the core may know which other, and that the core is pure.

use super::{Source, names, none, sources};

/// Code that must not name what stands in `words`.
struct Room {
    /// The start of the paths it holds for.
    below: &'static str,
    words: &'static [&'static str],
    rule: &'static str,
}

const ROOMS: [Room; 6] = [
    Room {
        below: "crates/core/",
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
        words: &["crate::matching", "crate::merge", "crate::plan", "crate::explain"],
        rule: "mapping knows contact only",
    },
    Room {
        below: "crates/core/matching",
        words: &["crate::plan", "crate::explain"],
        rule: "matching does not know the plan",
    },
    Room {
        below: "crates/core/merge",
        words: &["crate::plan", "crate::explain"],
        rule: "merge does not know the plan",
    },
    Room {
        below: "crates/core/plan",
        words: &["crate::explain"],
        rule: "the plan does not know its explanation",
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
        let inside = code.iter().filter(|source| source.path.starts_with(room.below));
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
