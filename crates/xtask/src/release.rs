//! `cargo xtask build --release`: everything in one file.

use std::path::PathBuf;

use anyhow::Result;

use crate::process::cargo;
use crate::step::step;
use crate::{site, workspace};

/// Builds target/release/tenantry, which carries the site in itself, and returns its path.
pub fn build() -> Result<PathBuf> {
    let site = site::build(site::Kind::Release)?;
    step("server (release)", || {
        cargo().args(["build", "--release", "-p", "server", "--features", "embed"]).env("TENANTRY_SITE", &site).run()
    })?;
    let binary = workspace::target().join("release").join("tenantry");
    println!("   {}", binary.display());
    Ok(binary)
}
