//! What is shipped, as a bill of materials (CycloneDX 1.6, JSON), from the lock files alone.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::notices::{Metadata, shipped};
use crate::project::Project;

/// Where the bill lies once it is written.
pub(crate) fn file(project: &Project) -> PathBuf {
    project.target.join("notices").join("sbom.cdx.json")
}

/// Writes the bill of everything that the shipped programs and their pages contain.
pub(crate) fn write(project: &Project) -> Result<(), String> {
    let metadata = Metadata::of(project)?;
    let lock = project.ui().join("package-lock.json");
    let lock = fs::read_to_string(&lock)
        .map_err(|error| format!("{} cannot be read: {error}", project.shown(&lock)))?;
    let lock: Value =
        serde_json::from_str(&lock).map_err(|error| format!("npm's lock: {error}"))?;
    let bill = bill(&metadata, &lock);
    let count = bill.get("components").and_then(Value::as_array).map_or(0, Vec::len);
    let file = file(project);
    fs::create_dir_all(file.parent().unwrap_or(Path::new(".")))
        .and_then(|()| fs::write(&file, format!("{bill:#}\n")))
        .map_err(|error| format!("{} cannot be written: {error}", project.shown(&file)))?;
    println!("   {count} components: see {}", project.shown(&file));
    Ok(())
}

fn bill(metadata: &Metadata, npm: &Value) -> Value {
    let crates = shipped(metadata).into_iter().map(|package| {
        component("cargo", &package.name, &package.version, package.license.as_deref())
    });
    let packages = npm.get("packages").and_then(Value::as_object).into_iter().flatten();
    let pages = packages.filter_map(|(path, package)| {
        let is_shipped = package.get("dev").and_then(Value::as_bool) != Some(true);
        let name = path.rsplit_once("node_modules/").map(|(_, name)| name)?;
        let text = |key: &str| package.get(key).and_then(Value::as_str);
        is_shipped
            .then(|| component("npm", name, text("version").unwrap_or_default(), text("license")))
    });
    let mut components: Vec<Value> = crates.chain(pages).collect();
    components.sort_by_key(|one| one.get("purl").map(Value::to_string));
    components.dedup();
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {
            "type": "application",
            "name": "renraku",
            "version": env!("CARGO_PKG_VERSION"),
        }},
        "components": components,
    })
}

fn component(kind: &str, name: &str, version: &str, licence: Option<&str>) -> Value {
    // A name with a scope keeps its slash; the sign before it is written as its number.
    let purl = format!("pkg:{kind}/{}@{version}", name.replace('@', "%40"));
    let mut one = json!({
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
    });
    if let (Some(licence), Some(one)) = (licence, one.as_object_mut()) {
        one.insert("licenses".to_owned(), json!([{"expression": licence.replace('/', " OR ")}]));
    }
    one
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{bill, component};
    use crate::notices::tests::linked;

    #[test]
    fn what_is_shipped_is_listed_once_and_what_only_builds_it_is_not() {
        let npm = json!({"packages": {
            "": {"name": "renraku"},
            "node_modules/svelte": {"version": "5.0.0", "license": "MIT"},
            "node_modules/a/node_modules/@fluent/bundle": {"version": "1.0.0", "license": "Apache-2.0"},
            "node_modules/vite": {"version": "7.0.0", "license": "MIT", "dev": true},
        }});
        let bill = bill(&linked(), &npm);
        let named = |one: &serde_json::Value| one["purl"].as_str().unwrap_or_default().to_owned();
        let names: Vec<String> =
            bill["components"].as_array().into_iter().flatten().map(named).collect();
        assert_eq!(
            names,
            ["pkg:cargo/linked@1.0.0", "pkg:npm/%40fluent/bundle@1.0.0", "pkg:npm/svelte@5.0.0"]
        );
    }

    #[test]
    fn an_old_spelling_of_two_licences_becomes_an_expression() {
        let one = component("cargo", "x", "1.0.0", Some("MIT/Apache-2.0"));
        assert_eq!(one["licenses"], json!([{"expression": "MIT OR Apache-2.0"}]));
    }
}
