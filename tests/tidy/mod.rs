//! The rules of ARCHITECTURE.md, as tests: each says which rule was broken, where, and by what.

mod documents;
mod manifests;
mod rooms;
mod sources;
mod window;

use std::path::{Path, PathBuf};

/// Folders that nobody wrote.
const NOT_OURS: [&str; 6] = ["target", "node_modules", "dist", "gen", ".git", ".svelte-kit"];

/// A file of the repository.
struct Source {
    /// The path as a person writes it, with `/`.
    path: String,
    text: String,
}

impl Source {
    /// The lines with their numbers, counted from 1.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// The lines that hold code: no comments.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines().filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// The lines of code that are part of the product: above the file's unit tests, none in a file
    /// of tests.
    fn product(&self) -> impl Iterator<Item = (usize, &str)> {
        let apart = ["/tests/", "/examples/", "_tests.rs", "/tests.rs"];
        let apart = apart.iter().any(|part| self.path.contains(part));
        let tests = self.lines().find(|(_, line)| line.trim() == "#[cfg(test)]");
        let end = if apart { 0 } else { tests.map_or(usize::MAX, |(line, _)| line) };
        self.code().take_while(move |(line, _)| *line < end)
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the repository").into()
}

/// Every file below `folder` whose name ends with one of `endings`.
fn sources(folder: &str, endings: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    collect(&root().join(folder), endings, &mut found);
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

fn collect(folder: &Path, endings: &[&str], found: &mut Vec<Source>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            if !NOT_OURS.contains(&name.as_str()) {
                collect(&path, endings, found);
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            let below = path.strip_prefix(root()).expect("it lies in the repository");
            let path_text = below.to_string_lossy().replace('\\', "/");
            found.extend(
                std::fs::read_to_string(&path).ok().map(|text| Source { path: path_text, text }),
            );
        }
    }
}

/// Fails with all places at once.
fn none(rule: &str, places: &[String]) {
    assert!(places.is_empty(), "{rule}\n  {}", places.join("\n  "));
}

/// Whether `line` names `word` as a word of its own.
fn names(line: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + word.len()..).and_then(|text| text.chars().next());
        !(before.is_some_and(part) || word.ends_with(part) && after.is_some_and(part))
    })
}
