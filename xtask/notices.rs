//! What others wrote and is shipped with Renraku: names, licences and their texts, gathered from the
//! crates and npm packages that the lock files name. Nothing is looked up on the network.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::process::Job;
use crate::project::Project;

/// The programs that are shipped.
const SHIPPED: [&str; 2] = ["renraku", "renraku-cli"];

/// How the names of files begin in which a package tells its licence.
const FILES: [&str; 4] = ["LICEN", "COPYING", "UNLICENSE", "NOTICE"];

#[derive(Deserialize)]
pub(crate) struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

impl Metadata {
    /// What Cargo says of the workspace and all that it depends on.
    pub(crate) fn of(project: &Project) -> Result<Metadata, String> {
        let answer = Job::new(&project.cargo)
            .dir(&project.root)
            .args(["metadata", "--format-version", "1", "--locked"])
            .quiet_output()
            .ok_or("cargo metadata failed: does Cargo.lock fit?")?;
        serde_json::from_str(&answer).map_err(|error| format!("cargo metadata: {error}"))
    }
}

#[derive(Deserialize)]
pub(crate) struct Package {
    id: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) license: Option<String>,
    repository: Option<String>,
    manifest_path: PathBuf,
    source: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<DependencyKind>,
}

#[derive(Deserialize)]
struct DependencyKind {
    /// None for what is linked; `build` and `dev` stay behind.
    kind: Option<String>,
}

/// Where the notices lie once they are gathered.
pub(crate) fn file(project: &Project) -> PathBuf {
    project.target.join("notices").join("THIRD-PARTY-NOTICES.md")
}

/// Gathers the notices of everything that is shipped. A package without a licence is an error that
/// names it.
pub(crate) fn gather(project: &Project) -> Result<(), String> {
    let metadata = Metadata::of(project)?;
    let mut crates = shipped(&metadata);
    crates.sort_by_key(|package| (&package.name, &package.version));
    let npm = project.ui().join("dist/.vite/license.md");
    let npm = fs::read_to_string(&npm)
        .map_err(|error| format!("{} is missing ({error})", project.shown(&npm)))?;
    let text = written(&crates, &npm)?;
    let file = file(project);
    fs::create_dir_all(file.parent().unwrap_or(Path::new(".")))
        .and_then(|()| fs::write(&file, text))
        .map_err(|error| format!("{} cannot be written: {error}", project.shown(&file)))?;
    println!("   {} crates: see {}", crates.len(), project.shown(&file));
    Ok(())
}

/// The packages of others that the shipped programs link, on whatever system.
pub(crate) fn shipped(metadata: &Metadata) -> Vec<&Package> {
    let packages: BTreeMap<&str, &Package> =
        metadata.packages.iter().map(|package| (package.id.as_str(), package)).collect();
    let nodes: BTreeMap<&str, &Node> =
        metadata.resolve.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
    let ours = metadata
        .packages
        .iter()
        .filter(|package| package.source.is_none() && SHIPPED.contains(&package.name.as_str()));
    let mut open: Vec<&str> = ours.map(|package| package.id.as_str()).collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        let linked =
            |dependency: &&Dependency| dependency.dep_kinds.iter().any(|kind| kind.kind.is_none());
        let next = nodes.get(id).into_iter().flat_map(|node| node.deps.iter().filter(linked));
        open.extend(next.map(|dependency| dependency.pkg.as_str()));
    }
    let all = seen.iter().filter_map(|id| packages.get(id).copied());
    all.filter(|package| package.source.is_some()).collect()
}

/// The notices in words: a list of the crates, then each text once with those that it is of.
fn written(crates: &[&Package], npm: &str) -> Result<String, String> {
    let mut list = String::new();
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in crates {
        let name = format!("{} {}", package.name, package.version);
        let found = licence_texts(&package.manifest_path)?;
        let Some(licence) = package.license.as_deref().or(found.first().map(|_| "see below"))
        else {
            return Err(format!("{name} tells no licence: it cannot be shipped"));
        };
        let home = package.repository.as_deref().unwrap_or("https://crates.io");
        let _ = writeln!(list, "- {name}: {licence}, {home}");
        for text in found {
            texts.entry(text).or_default().push(name.clone());
        }
    }
    let mut out =
        String::from("# Third-party notices\n\nRenraku contains these works of others.\n");
    let _ = write!(out, "\n## Rust crates\n\n{list}\n## Texts of their licences\n");
    for (text, names) in &texts {
        let _ = write!(out, "\n### {}\n\n{text}\n", names.join(", "));
    }
    let _ = write!(out, "\n## npm packages\n\n{npm}\n");
    Ok(out)
}

/// What a package's own files say of its licence.
fn licence_texts(manifest: &Path) -> Result<Vec<String>, String> {
    let folder = manifest.parent().unwrap_or(Path::new("."));
    let entries = fs::read_dir(folder)
        .map_err(|error| format!("{} cannot be read: {error}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries
        .flatten()
        .filter(|entry| {
            let name = entry.file_name().to_string_lossy().to_uppercase();
            !name.ends_with(".RS") && FILES.iter().any(|start| name.starts_with(start))
        })
        .map(|entry| entry.path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    let texts = files.iter().map(|file| {
        let bytes = fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
        let text = String::from_utf8_lossy(&bytes);
        Ok(text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned())
    });
    texts.collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use std::path::PathBuf;

    use super::{Dependency, DependencyKind, Metadata, Node, Package, Resolve, shipped, written};

    fn package(name: &str, licence: Option<&str>, source: Option<&str>) -> Package {
        Package {
            id: name.into(),
            name: name.into(),
            version: "1.0.0".into(),
            license: licence.map(str::to_owned),
            repository: None,
            manifest_path: PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"),
            source: source.map(str::to_owned),
        }
    }

    fn node(id: &str, deps: &[(&str, Option<&str>)]) -> Node {
        let dependency = |(pkg, kind): &(&str, Option<&str>)| Dependency {
            pkg: (*pkg).to_owned(),
            dep_kinds: vec![DependencyKind { kind: kind.map(str::to_owned) }],
        };
        Node { id: id.into(), deps: deps.iter().map(dependency).collect() }
    }

    /// The app with one crate that it links; others only build it, test it or are strangers.
    pub(crate) fn linked() -> Metadata {
        let registry = Some("registry");
        Metadata {
            packages: vec![
                package("renraku", Some("MIT"), None),
                package("renraku-core", Some("MIT"), None),
                package("linked", Some("MIT"), registry),
                package("builder", Some("MIT"), registry),
                package("tester", Some("MIT"), registry),
                package("stranger", Some("MIT"), registry),
            ],
            resolve: Resolve {
                nodes: vec![
                    node("renraku", &[("renraku-core", None), ("builder", Some("build"))]),
                    node("renraku-core", &[("linked", None), ("tester", Some("dev"))]),
                ],
            },
        }
    }

    #[test]
    fn what_is_linked_is_named_and_what_only_builds_or_tests_is_not() {
        let metadata = linked();
        let names: Vec<&str> = shipped(&metadata).iter().map(|p| p.name.as_str()).collect();
        assert_eq!(names, ["linked"], "our own crates need no notice to ourselves");
    }

    #[test]
    fn a_package_without_any_licence_is_not_shipped() {
        let silent = package("silent", None, Some("registry"));
        assert!(written(&[&silent], "").is_err_and(|why| why.contains("silent 1.0.0")));
        let told = package("told", Some("ISC"), Some("registry"));
        assert!(written(&[&told], "").is_ok_and(|text| text.contains("- told 1.0.0: ISC")));
    }
}
