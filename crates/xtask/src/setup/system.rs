//! Programs that come from the system: Node, Chromium, PostgreSQL, Python, libfaketime.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::process::{on_path, program};
use crate::step::step;

pub struct Need {
    name: &'static str,
    found: fn() -> bool,
    /// Debian's packages for it.
    packages: &'static [&'static str],
}

pub const NODE: Need =
    Need { name: "Node.js 20 or newer with npm", found: node_is_new_enough, packages: &["nodejs", "npm"] };

pub const CHROMIUM: Need =
    Need { name: "Chromium", found: || chromium().is_ok(), packages: &["chromium", "fonts-liberation"] };

pub const POSTGRES: Need =
    Need { name: "PostgreSQL", found: || postgres_programs().is_ok(), packages: &["postgresql"] };

pub const PYTHON: Need = Need {
    name: "Python 3.11 or newer with venv",
    found: python_is_new_enough,
    packages: &["python3", "python3-venv"],
};

/// Turns the clock of servers that are tested.
pub const FAKETIME: Need = Need { name: "libfaketime", found: has_faketime, packages: &["faketime"] };

fn has_faketime() -> bool {
    let folders = fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    folders.into_iter().any(|folder| folder.path().join("faketime/libfaketime.so.1").exists())
}

/// Installs what is missing where that is possible unattended: as root on a Debian.
pub fn ensure(needs: &[Need]) -> Result<()> {
    let missing: Vec<&Need> = needs.iter().filter(|need| !(need.found)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = missing.iter().map(|need| need.name).collect();
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages).copied().collect();
    if !is_root() || on_path("apt-get").is_none() {
        bail!("install {} first; on Debian and Ubuntu: sudo apt-get install {}", names.join(", "), packages.join(" "));
    }
    step(&format!("system packages: {}", packages.join(" ")), || {
        apt_get(&["update", "-qq"])?;
        apt_get(&[&["install", "-qq", "-y", "--no-install-recommends"], packages.as_slice()].concat())
    })?;
    match missing.iter().find(|need| !(need.found)()) {
        Some(need) => bail!("the system's packages bring no {}: install it by other means", need.name),
        None => Ok(()),
    }
}

fn apt_get(args: &[&str]) -> Result<()> {
    program("apt-get").args(args).env("DEBIAN_FRONTEND", "noninteractive").run().map(drop)
}

/// Whether this process may act for the whole system.
pub fn is_root() -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
    }
    #[cfg(not(unix))]
    false
}

fn node_is_new_enough() -> bool {
    let version = program("node").arg("--version").output().unwrap_or_default();
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse().ok());
    major.is_some_and(|major: u32| major >= 20) && on_path("npm").is_some()
}

fn python_is_new_enough() -> bool {
    let check = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))";
    program("python3").args(["-c", check]).run_quietly().is_ok()
}

/// The browser of the end-to-end tests; `TENANTRY_CHROMIUM` names another one.
pub fn chromium() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("TENANTRY_CHROMIUM") {
        return Ok(PathBuf::from(named));
    }
    ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find_map(on_path)
        .context("no Chromium on this machine")
}

/// The folder of `initdb` and `postgres`. Debian keeps them off the search path, a folder for each major version.
pub fn postgres_programs() -> Result<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path());
    let newest = versions
        .filter(|version| version.join("bin/initdb").exists())
        .max_by_key(|version| version.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok()));
    newest
        .map(|version| version.join("bin"))
        .or_else(|| on_path("initdb").as_deref().and_then(Path::parent).map(Path::to_path_buf))
        .context("no PostgreSQL on this machine")
}
