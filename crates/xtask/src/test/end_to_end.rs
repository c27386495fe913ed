//! The console in a browser (end2end/). The specs' fixtures start servers of their own.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::report::Outcome;
use crate::process::program;
use crate::step::step;
use crate::{setup, site, workspace};

#[derive(Clone, Copy)]
pub enum Engine {
    /// All specs.
    Sqlite,
    /// The specs tagged `@core`.
    Postgres,
}

impl Engine {
    const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

pub fn run(engine: Engine, postgres: &str) -> Outcome {
    let title = format!("end-to-end on {}", engine.name());
    step(&title, || specs(engine, postgres)).unwrap_or_else(|error| Outcome::check(Err(error)))
}

fn specs(engine: Engine, postgres: &str) -> Result<Outcome> {
    let folder = workspace::root().join("end2end");
    let results = workspace::kept(&format!("e2e-{}.json", engine.name()));
    // Results of an earlier run are not to be taken for this one's.
    fs::write(&results, "")?;
    let (status, _) = program("node")
        .args(["node_modules/@playwright/test/cli.js", "test"])
        .env("ENGINE", engine.name())
        .env("TENANTRY_BIN", workspace::dev_binary())
        .env("TENANTRY_SITE_FILE", site::Kind::Release.pack())
        .env("TENANTRY_TEST_POSTGRES", postgres)
        .env("TENANTRY_TEST_LOCALSTRIPE", setup::python())
        .env("TENANTRY_CHROMIUM", setup::chromium()?)
        .env("TENANTRY_E2E_RESULTS", &results)
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .dir(&folder)
        .run_to_end()?;
    let (passed, failed) = counts(&results).unwrap_or_default();
    // A run that fails without a failed spec (a broken configuration, no spec at all) is a failure still.
    let failed = failed.max(u64::from(!status.success()));
    Ok(Outcome { passed, failed, ..Outcome::default() })
}

/// From the report of Playwright's `json` reporter.
fn counts(results: &Path) -> Result<(u64, u64)> {
    let report: Value = serde_json::from_slice(&fs::read(results)?).context("reading Playwright's report")?;
    let count = |name: &str| report["stats"][name].as_u64().unwrap_or(0);
    Ok((count("expected"), count("unexpected") + count("flaky")))
}
