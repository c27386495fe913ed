//! Python packages, exactly those of `python.txt`, in a place of their own.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use crate::fingerprint::{Inputs, Stamp};
use crate::process::program;
use crate::step::step;
use crate::workspace;

/// The Python that has them.
pub fn python() -> PathBuf {
    workspace::kept("python").join("bin/python")
}

/// Makes it anew, unless it holds what the list says.
pub fn install() -> Result<()> {
    let list = workspace::root().join("crates/xtask/src/setup/python.txt");
    let stamp = Stamp::new("python", Inputs::default().file(&list)?);
    if stamp.holds(&[&python()]) {
        return Ok(());
    }
    step("Python packages of the tests", || {
        let folder = workspace::kept("python");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        program("python3").args(["-m", "venv"]).arg(&folder).run()?;
        program(python())
            .args(["-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check", "--requirement"])
            .arg(&list)
            .run()?;
        stamp.set()
    })
}
