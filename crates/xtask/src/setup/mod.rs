//! Installs what a command needs and the machine lacks.

mod npm;
mod python;
mod system;
mod wasm_fallback;
mod wasm_target;

use anyhow::Result;

pub use python::python;
pub use system::{chromium, is_root, postgres_programs};
pub use wasm_target::{TARGET as WASM_TARGET, Wasm};

/// For everything that builds the site.
pub fn for_site() -> Result<Wasm> {
    system::ensure(&[system::NODE])?;
    npm::install("site")?;
    wasm_target::ensure()
}

/// For `test`: also the browser, its driver, the second database engine, and what stands in for Stripe.
pub fn for_tests() -> Result<()> {
    system::ensure(&[system::NODE, system::CHROMIUM, system::POSTGRES, system::PYTHON, system::FAKETIME])?;
    npm::install("end2end")?;
    python::install()?;
    for_site().map(drop)
}
