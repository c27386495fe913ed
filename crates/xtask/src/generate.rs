//! `cargo xtask gen`: files that follow from the code and are committed all the same, so that the browser's half needs
//! no generator and a review sees what changed. An example of `domain` knows what they hold.

use anyhow::Result;

use crate::native::{SELECTION, linting_cargo};
use crate::step::step;
use crate::workspace::root;

pub fn write() -> Result<()> {
    step("generated files", || example("--write"))?;
    step("docs/openapi.json", || {
        // A test of `server` compares it.
        let document = linting_cargo("run").args(["--quiet", "--bin", "tenantry", "--", "openapi"]).output()?;
        Ok(std::fs::write(root().join("docs/openapi.json"), document)?)
    })
}

/// Fails if a committed file isn't what the code generates.
pub fn check() -> Result<()> {
    step("generated files are as generated", || example("--check"))
}

fn example(mode: &str) -> Result<()> {
    linting_cargo("run").args(SELECTION).args(["--quiet", "--example", "gen", "--", mode]).run().map(drop)
}
