//! What the documents name is there.

use super::{none, root, sources};

/// The endings of files that the documents send a reader to.
const ENDINGS: [&str; 8] = [".rs", ".svelte", ".ts", ".ftl", ".sql", ".toml", ".md", ".json"];

/// Where a path of a document may begin: the repository, or the folder of crates.
const BEGINNINGS: [&str; 2] = ["", "crates/"];

#[test]
fn every_file_that_a_document_names_exists() {
    let top = root();
    let folders: Vec<String> = BEGINNINGS
        .iter()
        .flat_map(|beginning| std::fs::read_dir(top.join(beginning)).into_iter().flatten())
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let mut missing = Vec::new();
    for source in sources("", &[".md"]) {
        for (number, line) in source.lines() {
            // What stands between two backticks.
            for named in line.split('`').skip(1).step_by(2) {
                let Some((folder, _)) = named.split_once('/') else { continue };
                let is_path = ENDINGS.iter().any(|ending| named.ends_with(ending))
                    && folders.iter().any(|known| known == folder)
                    && !named.contains([' ', '*', '<', '{', '…']);
                let exists = |beginning: &&str| top.join(format!("{beginning}{named}")).is_file();
                if is_path && !BEGINNINGS.iter().any(exists) {
                    missing.push(format!("{}:{number} {named}", source.path));
                }
            }
        }
    }
    none("Documents name files that exist:", &missing);
}
