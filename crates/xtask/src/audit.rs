//! `cargo xtask audit`: known vulnerabilities, licences, and where the dependencies come from (deny.toml).

use anyhow::{Result, bail};

use crate::process::{cargo, on_path};
use crate::step::step;

pub fn audit() -> Result<()> {
    if on_path("cargo-deny").is_none() {
        bail!("cargo-deny is not installed; get it with: cargo install --locked cargo-deny");
    }
    step("cargo deny check", || cargo().args(["deny", "--all-features", "check"]).run().map(drop))
}
