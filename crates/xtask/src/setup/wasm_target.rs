//! A compiler for WebAssembly.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::wasm_fallback;
use crate::process::{Program, on_path, program};
use crate::step::step;
use crate::workspace;

pub const TARGET: &str = "wasm32-unknown-unknown";

/// How WebAssembly is compiled on this machine.
pub struct Wasm {
    /// Another compiler than the toolchain's own, where that one can't have the target.
    rustc: Option<PathBuf>,
}

impl Wasm {
    /// A cargo command for the browser's half.
    pub fn cargo(&self, subcommand: &str) -> Program {
        let cargo = crate::process::cargo().arg(subcommand);
        match &self.rustc {
            Some(rustc) => cargo.env("RUSTC", rustc),
            None => cargo,
        }
    }

    /// Clippy belongs to one compiler: beside a stand-in there is none.
    pub fn has_clippy(&self) -> bool {
        self.rustc.is_none()
    }
}

pub fn ensure() -> Result<Wasm> {
    if standard_library_is_there()? {
        return Ok(Wasm { rustc: None });
    }
    let folder = workspace::kept("wasm-toolchain");
    if let Some(rustc) = wasm_fallback::installed(&folder) {
        return Ok(Wasm { rustc: Some(rustc) });
    }
    if on_path("rustup").is_some() {
        let added = step(&format!("rustup target add {TARGET}"), || {
            program("rustup").args(["target", "add", TARGET]).run().map(drop)
        });
        match added {
            Ok(()) => return Ok(Wasm { rustc: None }),
            Err(refused) => println!("   {refused:#}"),
        }
    }
    match wasm_fallback::install(&folder) {
        Ok(rustc) => Ok(Wasm { rustc: Some(rustc) }),
        Err(error) => bail!(
            "this Rust toolchain can't compile for {TARGET}: add the target (rustup target add {TARGET}). \
             Debian's own toolchain was tried instead: {error:#}"
        ),
    }
}

fn standard_library_is_there() -> Result<bool> {
    let folder = program("rustc").args(["--print", "target-libdir", "--target", TARGET]).output()?;
    Ok(Path::new(folder.trim()).is_dir())
}
