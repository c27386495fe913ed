//! Who may depend on whom. The two halves are looked at apart, each with its own features: built together they would
//! hide what only one of them asks for.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process::cargo;
use crate::setup::WASM_TARGET;

/// A crate of the workspace, and those it may use directly (outside of tests).
const LAYERS: [(&str, &[&str]); 13] = [
    ("domain", &[]),
    ("ui", &["domain"]),
    ("monaco", &[]),
    ("storage", &["domain"]),
    ("service", &["domain", "storage"]),
    ("integrations", &["domain", "service"]),
    ("app", &["domain", "monaco", "service", "ui"]),
    ("frontend", &["app"]),
    ("server", &["app", "domain", "integrations", "service", "storage"]),
    ("testkit-macros", &[]),
    ("testkit", &["domain", "storage", "testkit-macros"]),
    ("testapp", &["domain", "integrations", "service", "storage", "testkit"]),
    ("xtask", &[]),
];

/// Only these speak SQL; `testkit` makes the databases for tests.
const SQL: [&str; 2] = ["storage", "testkit"];

/// Only this one calls out to other machines.
const HTTP_CLIENT: &str = "integrations";

/// Crates that are an HTTP client, and features that make one of a crate.
const HTTP_CLIENTS: [&str; 12] = [
    "attohttpc",
    "awc",
    "curl",
    "hyper-rustls",
    "hyper-tls",
    "isahc",
    "minreq",
    "reqwest",
    "surf",
    "ureq",
    "hyper feature \"client\"",
    "hyper-util feature \"client\"",
];

/// What a browser has no use for, and must not learn.
const SERVER_ONLY: [&str; 9] =
    ["storage", "service", "integrations", "server", "sqlx", "sqlx-core", "tokio", "axum", "argon2"];

pub fn check() -> Result<()> {
    let mut broken = Vec::new();
    layers(&mut broken)?;
    for half in [
        &["-p", "domain"] as &[&str],
        &["-p", "ui", "--features", "hydrate"],
        &["-p", "app", "--features", "hydrate"],
        &["-p", "frontend"],
    ] {
        let half = [half, &["--target", WASM_TARGET]].concat();
        absent(&half, &[&SERVER_ONLY as &[&str], &HTTP_CLIENTS].concat(), &mut broken)?;
    }
    for half in [
        &["-p", "domain"] as &[&str],
        &["-p", "ui", "--features", "ssr"],
        &["-p", "storage"],
        &["-p", "service"],
        &["-p", "app", "--features", "ssr"],
    ] {
        absent(half, &HTTP_CLIENTS, &mut broken)?;
    }
    // The domain is the same on both sides.
    absent(&["-p", "domain"], &SERVER_ONLY, &mut broken)?;
    if broken.is_empty() { Ok(()) } else { bail!("{}", broken.join("\n        ")) }
}

/// The direct dependencies, from the manifests.
fn layers(broken: &mut Vec<String>) -> Result<()> {
    let metadata = cargo().args(["metadata", "--no-deps", "--format-version", "1"]).output()?;
    let metadata: Value = serde_json::from_str(&metadata).context("reading cargo metadata")?;
    let rules: BTreeMap<&str, &[&str]> = LAYERS.into_iter().collect();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default();
        let Some(allowed) = rules.get(name) else {
            broken.push(format!("{name} has no place among the layers: give it one in {}", file!()));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            // `kind` is null, "dev" or "build": tests may use what they like.
            let used = dependency["name"].as_str().unwrap_or_default();
            if dependency["kind"] == "dev" {
                continue;
            }
            if rules.contains_key(used) && !allowed.contains(&used) {
                broken.push(format!("{name} must not depend on {used}"));
            }
            if used.starts_with("sqlx") && !SQL.contains(&name) {
                broken.push(format!("{name} must not depend on {used}: SQL belongs to storage"));
            }
            if HTTP_CLIENTS.contains(&used) && name != HTTP_CLIENT {
                broken.push(format!("{name} must not depend on {used}: calling out belongs to {HTTP_CLIENT}"));
            }
        }
    }
    Ok(())
}

/// That none of `forbidden` is anywhere below the selected package.
fn absent(selection: &[&str], forbidden: &[&str], broken: &mut Vec<String>) -> Result<()> {
    let tree = cargo()
        .args(["tree", "-e", "normal,features", "--prefix", "none", "--format", "{p}"])
        .args(selection)
        .output()?;
    let present = names(&tree);
    for name in forbidden.iter().filter(|name| present.contains(**name)) {
        broken.push(format!("{} must not pull in {name}", selection.join(" ")));
    }
    Ok(())
}

/// Names of crates (`serde v1.0.0 (proc-macro)`) and of features (`serde feature "derive"`).
fn names(tree: &str) -> BTreeSet<String> {
    tree.lines()
        .map(|line| match line.split_once(" v") {
            Some((name, _)) => name.to_owned(),
            None => line.trim_end_matches(" (*)").to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_and_features_are_told_apart() {
        let tree =
            "hyper v1.8.1\nhyper feature \"client\"\nhyper feature \"http1\" (*)\nring v0.17.14 (/somewhere) (*)";
        let found = names(tree);
        for name in ["hyper", "hyper feature \"client\"", "hyper feature \"http1\"", "ring"] {
            assert!(found.contains(name), "{name} is not in {found:?}");
        }
    }
}
