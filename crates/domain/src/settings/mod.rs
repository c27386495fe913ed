//! An organization's settings as the Admin page edits them: the checked values, the form they are typed in, and what
//! changed between two of them.
//!
//! [`SettingsForm`] is text from a person; [`SettingsForm::check`] is the only way from there to [`Settings`]. It is
//! the same code in the browser and on the server.

use serde::{Deserialize, Serialize};

use crate::billing::PlanKey;
use crate::email::Email;
use crate::host::HostName;

mod check;
mod compare;
pub mod field;
mod form;
pub mod limits;
#[cfg(feature = "schema")]
pub mod schema;
#[cfg(test)]
mod tests;
pub mod workspace;

pub use compare::conflicts;
pub use form::{LIMITED, SettingsForm, UNLIMITED};
pub use limits::Limits;

/// JSON Schema of the workspace settings, for the editor; `cargo xtask gen` writes it from the Rust types.
pub const WORKSPACE_SCHEMA: &str = include_str!("../generated/workspace-settings.schema.json");

/// Highest seat limit that can be typed; whoever needs more chooses *Unlimited*.
pub const SEATS_MAX: u32 = 1_000_000;
/// Most addresses a report goes to.
pub const RECIPIENTS_MAX: usize = 100;

/// An organization's settings, checked. Serialized as the snapshot that a revision keeps; keys that a later version
/// adds are read from older snapshots as their defaults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub partner: bool,
    pub enforce_mfa: bool,
    pub report: Report,
    /// Suffix of the organization's workspace DNS names; `None` takes the instance's.
    pub platform_domain: Option<HostName>,
    /// `None` is unlimited; `Some(0)` is nobody.
    pub seats: Option<u32>,
    pub default_user_host: Option<HostName>,
    pub login_domain: Option<HostName>,
    /// The plan that the platform provides; what is bought doesn't stand here.
    pub plan: Option<PlanKey>,
    pub limits: Limits,
    /// The author's text with its formatting and key order; empty or `{}` sets nothing.
    pub workspace: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            partner: false,
            enforce_mfa: false,
            report: Report::default(),
            platform_domain: None,
            seats: None,
            default_user_host: None,
            login_domain: None,
            plan: None,
            limits: Limits::default(),
            workspace: "{}".to_owned(),
        }
    }
}

/// The active user report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    pub enabled: bool,
    /// No two of them differ only by case; never empty while the report is on.
    pub recipients: Vec<Email>,
    pub schedule: Schedule,
    /// An IANA name.
    pub time_zone: String,
}

impl Default for Report {
    fn default() -> Self {
        Self {
            enabled: false,
            recipients: Vec::new(),
            schedule: Schedule::default(),
            time_zone: crate::time_zone::UTC.to_owned(),
        }
    }
}

/// How often the active user report goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Schedule {
    #[default]
    Weekly,
    Daily,
    Monthly,
}

impl Schedule {
    pub const ALL: [Self; 3] = [Self::Weekly, Self::Daily, Self::Monthly];

    /// The form value.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Weekly => "weekly",
            Self::Daily => "daily",
            Self::Monthly => "monthly",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|schedule| schedule.name() == name)
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Weekly => "Weekly",
            Self::Daily => "Daily",
            Self::Monthly => "Monthly",
        }
    }
}
