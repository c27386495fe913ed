//! `cargo xtask gen`: files that follow from the code and are committed all the same, so that the browser's half needs
//! no generator and a review sees what changed. An example of `domain` knows what they hold.

use anyhow::Result;

use crate::native::{SELECTION, linting_cargo};
use crate::step::step;

pub fn write() -> Result<()> {
    step("generated files", || example("--write"))
}

/// Fails if a committed file isn't what the code generates.
pub fn check() -> Result<()> {
    step("generated files are as generated", || example("--check"))
}

fn example(mode: &str) -> Result<()> {
    linting_cargo("run").args(SELECTION).args(["--quiet", "--example", "gen", "--", mode]).run().map(drop)
}
