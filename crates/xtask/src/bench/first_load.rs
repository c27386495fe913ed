//! What a browser fetches when it opens the Admin page for the first time.

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process::program;
use crate::{setup, workspace};

pub struct Fetched {
    pub requests: u64,
    bytes: f64,
}

impl Fetched {
    pub fn kilobytes(&self) -> f64 {
        self.bytes / 1000.0
    }
}

pub struct FirstLoad {
    pub without_monaco: Fetched,
    pub with_monaco: Fetched,
}

pub fn measure(url: &str, cookie: &str) -> Result<FirstLoad> {
    let report = program("node")
        .arg("support/first-load.mjs")
        .args([url, cookie])
        .env("TENANTRY_CHROMIUM", setup::chromium()?)
        .dir(&workspace::root().join("end2end"))
        .output()?;
    let report: Value = serde_json::from_str(&report).context("reading what the browser fetched")?;
    let fetched = |part: &str| -> Result<Fetched> {
        Ok(Fetched {
            requests: report[part]["requests"].as_u64().context("no number of requests")?,
            bytes: report[part]["bytes"].as_f64().context("no number of bytes")?,
        })
    };
    Ok(FirstLoad { without_monaco: fetched("withoutMonaco")?, with_monaco: fetched("withMonaco")? })
}
