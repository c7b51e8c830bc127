//! The installer of this platform. The command line, its manual and completions, what others wrote and
//! what everything is made of go into it beside the app.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::process::Job;
use crate::project::Project;
use crate::{notices, rust, sbom};

/// Builds the installer. The front-end is built already.
pub(crate) fn build(project: &Project) -> Result<(), String> {
    let program = if cfg!(windows) { "tauri.cmd" } else { "tauri" };
    let tauri = project.ui().join("node_modules/.bin").join(program);
    let bundles: &[&str] = if cfg!(target_os = "linux") { &["--bundles", "deb"] } else { &[] };
    // The shell is no default member of the workspace: it is named.
    let shell = ["--", "--package", "renraku", "--profile", rust::APP];
    let config = if cfg!(target_os = "linux") { linux(project)? } else { json!({}) };
    Job::new(tauri)
        .dir(&project.root)
        .args(["build", "--config", &config.to_string()])
        .args(bundles)
        .args(shell)
        .minutes(60)
        .run()?;
    println!("   see {}", project.shown(&project.target.join(rust::APP).join("bundle")));
    Ok(())
}

/// What the package of Linux holds beside the app: where each file goes, and where it comes from.
fn linux(project: &Project) -> Result<Value, String> {
    let cli = project.target.join(rust::APP).join("renraku-cli");
    let share = project.target.join("package");
    let fresh = fs::remove_dir_all(&share).or_else(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    });
    fresh.and_then(|()| fs::create_dir_all(&share)).map_err(|error| unwritten(&share, &error))?;

    let mut files = Map::new();
    let mut put = |within: &str, from: &Path| {
        files.insert(within.to_owned(), json!(from.display().to_string()));
    };
    put("/usr/bin/renraku-cli", &cli);
    for page in manual(&cli, &share.join("man"))? {
        let name = page.file_name().unwrap_or_default().to_string_lossy().into_owned();
        put(&format!("/usr/share/man/man1/{name}"), &page);
    }
    for (shell, within) in [
        ("bash", "/usr/share/bash-completion/completions/renraku-cli"),
        ("zsh", "/usr/share/zsh/vendor-completions/_renraku-cli"),
        ("fish", "/usr/share/fish/vendor_completions.d/renraku-cli.fish"),
    ] {
        let script = Job::new(&cli).args(["completions", shell]).quiet_output();
        let script = script.ok_or_else(|| format!("renraku-cli completions {shell} failed"))?;
        let file = share.join(shell);
        fs::write(&file, script + "\n").map_err(|error| unwritten(&file, &error))?;
        put(within, &file);
    }
    put("/usr/share/doc/renraku/THIRD-PARTY-NOTICES.md", &notices::file(project));
    put("/usr/share/doc/renraku/sbom.cdx.json", &sbom::file(project));
    for licence in ["LICENSE-MIT", "LICENSE-APACHE", "CHANGELOG.md"] {
        put(&format!("/usr/share/doc/renraku/{licence}"), &project.root.join(licence));
    }
    put(
        "/usr/share/metainfo/app.renraku.metainfo.xml",
        &project.root.join("src-tauri/linux/app.renraku.metainfo.xml"),
    );
    Ok(json!({"bundle": {"linux": {"deb": {"files": files}}}}))
}

/// The manual's pages, pressed as Debian wants them: without a time of their own, so that the same
/// sources give the same package.
fn manual(cli: &Path, dir: &Path) -> Result<Vec<PathBuf>, String> {
    Job::new(cli).args(["man".as_ref(), dir.as_os_str()]).run()?;
    Job::new("gzip").args(["-9", "-n", "-r"]).args([dir]).run()?;
    let entries = fs::read_dir(dir).map_err(|error| unwritten(dir, &error))?;
    Ok(entries.flatten().map(|entry| entry.path()).collect())
}

fn unwritten(path: &Path, error: &std::io::Error) -> String {
    format!("{} cannot be written: {error}", path.display())
}
