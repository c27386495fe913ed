//! Workspace settings: a JSON document that people write, checked to the letter, kept as they wrote it.
//!
//! The way of a text: [`syntax`] makes a tree with positions, [`rules`] walks it, collects every fault and builds the
//! [`WorkspaceSettings`], [`types`] says what these are and [`written`] how they may be written (the JSON Schema comes
//! from there). [`mask`] keeps values of `envs` out of sight.

mod dns;
mod effective;
mod mask;
mod report;
mod rules;
mod secret;
mod summary;
mod syntax;
mod types;
mod value;
mod written;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;

use crate::error::FieldError;

pub use dns::{DnsView, classify_dns};
pub use effective::effective;
pub use mask::{MASK, REDACTED, has_env_literals, mask_envs, mask_pair, redact_envs};
pub(super) use summary::changes;
pub use types::{Env, EnvValue, K8sMount, K8sSource, Mount, WorkspaceSettings};
pub(crate) use value::secret_name;

/// Longest text, in bytes.
pub const TEXT_MAX: usize = 256 * 1024;
/// Deepest nesting of brackets; the settings themselves need three.
pub const DEPTH_MAX: usize = 32;
/// Most errors, and most warnings, that one check lists.
pub const LISTED_MAX: usize = 100;

/// A text that passed, and what its author may want to think over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    pub settings: WorkspaceSettings,
    /// What is allowed but unwise, such as a password as a plain value.
    pub warnings: Vec<FieldError>,
}

/// Reads a text; blank text sets nothing. Every broken rule is listed with its line, column and JSON pointer; broken
/// syntax is one error.
pub fn check(text: &str) -> Result<Checked, Vec<FieldError>> {
    let Some(root) = syntax::parse(text).map_err(|error| vec![error])? else {
        return Ok(Checked { settings: WorkspaceSettings::default(), warnings: Vec::new() });
    };
    let mut report = report::Report::new(text);
    let settings = rules::read(&root, &mut report);
    report.into_result().map(|warnings| Checked { settings, warnings })
}
