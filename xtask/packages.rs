//! System packages: installed on Debian and Ubuntu, named exactly everywhere else.

use std::collections::BTreeSet;
use std::io::{IsTerminal, stdin};
use std::path::Path;

use crate::process::{Job, in_path};

/// What packages are wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Building and opening the app.
    Build,
    /// Also running the end-to-end tests.
    Test,
}

/// What the build links.
const BUILD: [&str; 6] = [
    "build-essential",
    "pkg-config",
    "libwebkit2gtk-4.1-dev",
    "libayatana-appindicator3-dev",
    "librsvg2-dev",
    "xdg-utils",
];

/// A screen, a session bus, a keychain, a maker of certificates, both WebDrivers, fonts for Japanese, and a clock that tests move.
const TEST: [&str; 11] = [
    "webkit2gtk-driver",
    "xvfb",
    "xauth",
    "dbus",
    "gnome-keyring",
    "openssl",
    "fonts-noto-cjk",
    "libglib2.0-bin",
    "gsettings-desktop-schemas",
    "ca-certificates",
    "faketime",
];

/// Where the login browser comes from: Ubuntu's packages are named otherwise.
const BROWSER_DEBIAN: [&str; 2] = ["chromium", "chromium-driver"];
const BROWSER_UBUNTU: [&str; 2] = ["chromium-browser", "chromium-chromedriver"];

/// Installs the packages that are missing, or says what to install.
pub(crate) fn ensure(purpose: Purpose) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        return elsewhere(purpose);
    }
    if in_path("apt-get").is_none() || in_path("dpkg-query").is_none() {
        return other_linux();
    }
    let missing = missing(&wanted(purpose));
    if missing.is_empty() {
        println!("   every system package is installed");
        return Ok(());
    }
    println!("   missing: {}", missing.join(" "));
    install(&missing)
}

fn wanted(purpose: Purpose) -> Vec<&'static str> {
    let mut names = BUILD.to_vec();
    if purpose == Purpose::Test {
        names.extend(TEST);
        let ubuntu =
            std::fs::read_to_string("/etc/os-release").is_ok_and(|text| text.contains("ID=ubuntu"));
        names.extend(if ubuntu { BROWSER_UBUNTU } else { BROWSER_DEBIAN });
    }
    names
}

fn missing(names: &[&'static str]) -> Vec<&'static str> {
    let listed = Job::new("dpkg-query")
        .args(["-W", "-f", "${Package} ${db:Status-Status}\n"])
        .quiet_output();
    let listed = listed.unwrap_or_default();
    let installed: BTreeSet<&str> =
        listed.lines().filter_map(|line| line.strip_suffix(" installed")).collect();
    names.iter().copied().filter(|name| !installed.contains(name)).collect()
}

fn install(missing: &[&str]) -> Result<(), String> {
    let by_hand = format!(
        "sudo apt-get update && sudo apt-get install --no-install-recommends {}",
        missing.join(" ")
    );
    let update = apt(&["update", "-qq"])?.run();
    // An old list often still serves; only the installation decides.
    if let Err(why) = update {
        println!("   the package list could not be renewed ({why}); going on with the old one");
    }
    let mut args = vec!["install", "-y", "-qq", "--no-install-recommends"];
    args.extend(missing);
    apt(&args)?.minutes(20).run().map_err(|why| format!("{why}\nBy hand: {by_hand}"))
}

/// `apt-get` as root: as it is, or through sudo, which may ask only where somebody can answer.
fn apt(args: &[&str]) -> Result<Job, String> {
    let quiet = ["DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=300"];
    let root = Job::new("id").args(["-u"]).quiet_output().is_some_and(|id| id == "0");
    let job = if root {
        Job::new("env").args(quiet)
    } else if in_path("sudo").is_none() {
        return Err(format!(
            "installing needs root and sudo is not there; as root: apt-get {}",
            args.join(" ")
        ));
    } else if stdin().is_terminal() {
        Job::new("sudo").args(["env"]).args(quiet).with_input()
    } else {
        Job::new("sudo").args(["-n", "env"]).args(quiet)
    };
    Ok(job.args(args))
}

/// Linux without apt: the build tells soon enough what is missing, so a person is told beforehand what that would be.
fn other_linux() -> Result<(), String> {
    let found = Job::new("pkg-config")
        .args(["--exists", "webkit2gtk-4.1", "ayatana-appindicator3-0.1", "librsvg-2.0"])
        .quiet_output()
        .is_some();
    if found {
        return Ok(());
    }
    let line = if in_path("dnf").is_some() {
        "sudo dnf install gcc gcc-c++ make pkgconf webkit2gtk4.1-devel libayatana-appindicator-gtk3-devel librsvg2-devel xdg-utils"
    } else if in_path("pacman").is_some() {
        "sudo pacman -S --needed base-devel webkit2gtk-4.1 libayatana-appindicator librsvg xdg-utils"
    } else if in_path("zypper").is_some() {
        "sudo zypper install gcc gcc-c++ make pkgconf webkit2gtk3-devel libayatana-appindicator3-devel librsvg-devel xdg-utils"
    } else {
        "a C compiler, make, pkg-config, and the development files of WebKitGTK 4.1, Ayatana AppIndicator 3 and librsvg 2"
    };
    Err(format!("Please install first, then run this again:\n{line}"))
}

fn elsewhere(purpose: Purpose) -> Result<(), String> {
    if purpose == Purpose::Test {
        println!(
            "   the end-to-end tests run on Linux only; use `cargo xtask test unit`, `ui` and `lint` here"
        );
    }
    if cfg!(target_os = "macos") {
        let tools =
            Path::new("/Library/Developer/CommandLineTools").exists() || in_path("clang").is_some();
        return if tools {
            Ok(())
        } else {
            Err("Please run `xcode-select --install`, then this again.".into())
        };
    }
    println!(
        "   Windows needs the Microsoft C++ Build Tools and the WebView2 runtime (part of Windows 11)."
    );
    Ok(())
}
