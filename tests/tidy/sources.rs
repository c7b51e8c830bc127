//! What no file holds, and how large one gets.

use super::{none, sources};

/// Beyond this a file has outgrown its room.
const CEILING: usize = 450;

/// What is left for later has no place in the main branch. Spelt in two halves, so that this file
/// is not its own find.
const LEFT_OPEN: [(&str, &str); 8] = [
    ("TO", "DO"),
    ("FIX", "ME"),
    ("XX", "X"),
    ("todo", "!("),
    ("unimplemented", "!("),
    ("#[ign", "ore"),
    ("dbg", "!("),
    ("debugger", ";"),
];

/// In the front-end's tests these run less than everything.
const LEFT_OUT: [(&str, &str); 4] =
    [(".sk", "ip("), (".on", "ly("), (".to", "do("), ("@ts-ign", "ore")];

const CODE: [&str; 3] = [".rs", ".ts", ".svelte"];

/// Names that tell nothing of what is inside.
const NAMELESS: [&str; 8] =
    ["utils", "util", "manager", "helper", "helpers", "service", "common", "misc"];

#[test]
fn no_file_outgrows_its_room() {
    let large = sources("", &CODE).into_iter().filter_map(|source| {
        let lines = source.lines().count();
        (lines > CEILING && !is_generated(&source.text))
            .then(|| format!("{}: {lines}", source.path))
    });
    none(&format!("Files have at most {CEILING} lines:"), &large.collect::<Vec<_>>());
}

#[test]
fn nothing_is_left_open() {
    let mut broken = Vec::new();
    for source in sources("", &CODE) {
        let more = if source.path.ends_with(".rs") { &[][..] } else { &LEFT_OUT };
        for (number, line) in source.lines() {
            for (first, second) in LEFT_OPEN.iter().chain(more) {
                if line.contains(&[*first, *second].concat()) {
                    broken.push(format!("{}:{number} {first}{second}", source.path));
                }
            }
        }
    }
    none("Nothing is left open or left out:", &broken);
}

#[test]
fn every_file_has_a_name_that_tells_something() {
    let nameless = sources("", &CODE).into_iter().filter(|source| {
        let parts = source.path.split('/').flat_map(|part| part.split('.'));
        parts.into_iter().any(|part| NAMELESS.contains(&part))
    });
    let paths: Vec<_> = nameless.map(|source| source.path).collect();
    none("No module is called after nothing:", &paths);
}

#[test]
fn no_file_tells_of_one_machine() {
    let own: [(&str, &str); 2] = [("/wo", "rk/"), ("/ro", "ot/")];
    let mut broken = Vec::new();
    for source in sources("", &[".rs", ".ts", ".svelte", ".md", ".json", ".toml", ".yml"]) {
        for (number, line) in source.lines() {
            if own.iter().any(|(first, second)| line.contains(&[*first, *second].concat())) {
                broken.push(format!("{}:{number} {}", source.path, line.trim()));
            }
        }
    }
    none("No path of somebody's own machine:", &broken);
}

/// Bindings that a tool writes are as long as they are.
fn is_generated(text: &str) -> bool {
    text.lines().take(5).any(|line| line.contains("generated"))
}
