//! npm packages, exactly those of the lock file.

use anyhow::Result;

use crate::fingerprint::{Inputs, Stamp};
use crate::process::program;
use crate::step::step;
use crate::workspace;

/// `npm ci` in a folder of the workspace, unless it holds what its lock file says.
pub fn install(folder: &str) -> Result<()> {
    let dir = workspace::root().join(folder);
    let inputs = Inputs::default().file(&dir.join("package.json"))?.file(&dir.join("package-lock.json"))?;
    let stamp = Stamp::new(&format!("npm-{folder}"), inputs);
    if stamp.holds(&[&dir.join("node_modules").join(".package-lock.json")]) {
        return Ok(());
    }
    step(&format!("npm packages of {folder}/"), || {
        program("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
            .dir(&dir)
            .run()?;
        stamp.set()
    })
}
