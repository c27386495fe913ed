//! How the server's half is compiled. `run` and `test` select the same packages under the same compiler, which lints
//! while it compiles: one compilation serves linting, testing and serving.

use anyhow::Result;

use crate::process::{Program, cargo};
use crate::step::step;

/// All default members, and the generator of `cargo xtask gen` with what it needs: the same features everywhere, so that
/// no dependency is compiled for one command and then otherwise for the next.
pub const SELECTION: [&str; 2] = ["--features", "domain/schema"];

/// Cargo with clippy as the compiler of this workspace's crates, warnings denied. Clippy leaves optimising to LLVM,
/// so nothing that is released is built by it.
pub fn linting_cargo(subcommand: &str) -> Program {
    linting(cargo().arg(subcommand))
}

/// Puts clippy in the compiler's place for a cargo command.
pub fn linting(cargo: Program) -> Program {
    cargo
        .env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver")
        // Clippy's own way of taking several arguments in one variable.
        .env("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__")
}

/// The dev server, target/debug/tenantry.
pub fn build() -> Result<()> {
    step("server (dev)", || linting_cargo("build").args(SELECTION).run().map(drop))
}
