//! Secrets of an organization: values that workspace settings name, which can be set and never read (product §6).

use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::id::SecretId;
use crate::org::OrgHeader;
use crate::people::Viewer;
use crate::settings::workspace::{EnvValue, WorkspaceSettings, secret_name};
use crate::time::Timestamp;

/// Longest value, in bytes.
pub const VALUE_MAX: usize = 32 * 1024;
/// Secrets an organization may have.
pub const SECRETS_MAX: i64 = 200;

/// A secret's name as typed.
pub fn parse_name(text: &str) -> Result<String, Fault> {
    let name = text.trim();
    if name.is_empty() {
        return Err(Fault::invalid("name", "Enter the name that settings call the secret by."));
    }
    secret_name(name).map_err(|message| Fault::invalid("name", message))?;
    Ok(name.to_owned())
}

/// Whether a value can be kept. The sentences don't show it.
pub fn check_value(value: &str) -> Result<(), Fault> {
    if value.is_empty() {
        return Err(Fault::invalid("value", "Enter the value."));
    }
    if value.len() > VALUE_MAX {
        return Err(Fault::invalid("value", format!("A value has at most {VALUE_MAX} bytes.")));
    }
    if value.contains('\0') {
        return Err(Fault::invalid("value", "A value can't contain the character U+0000."));
    }
    Ok(())
}

/// The names of secrets that settings use, each once, in their order.
pub fn named_in(settings: &WorkspaceSettings) -> Vec<String> {
    let mut names = Vec::new();
    for env in &settings.envs {
        if let EnvValue::Secret(name) = &env.value
            && !names.contains(name)
        {
            names.push(name.clone());
        }
    }
    names
}

/// A secret as lists show it; never its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretRow {
    pub id: SecretId,
    pub name: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Who set the value last.
    pub updated_by: String,
    /// Whether the workspace settings name it.
    pub used: bool,
}

/// What the page and programs see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretsView {
    pub org: OrgHeader,
    /// By name.
    pub secrets: Vec<SecretRow>,
    /// Names that the workspace settings use and no secret has.
    pub missing: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretsPage {
    pub viewer: Viewer,
    pub view: SecretsView,
    pub now: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_settings_can_use() {
        assert_eq!(parse_name(" db-password.1 ").as_deref(), Ok("db-password.1"));
        for bad in ["", " ", "-x", "a b", "ä", &"x".repeat(200)] {
            assert!(parse_name(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn values_are_bounded_and_never_repeated() {
        assert_eq!(check_value("line\nline"), Ok(()));
        for bad in ["", "a\0secret", &"secret".repeat(10_000)] {
            assert!(!check_value(bad).unwrap_err().to_string().contains("secret"));
        }
    }
}
