//! The active user report, as people see it.

use serde::{Deserialize, Serialize};

use crate::people::Role;
use crate::time::Timestamp;

/// Somebody who was active.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivePerson {
    pub name: String,
    pub email: String,
    pub role: Role,
    pub last_seen_at: Option<Timestamp>,
}

/// What asking for a test report answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestReport {
    /// How many addresses it goes to.
    pub recipients: u64,
}

/// The page behind the link that ends reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnsubscribePage {
    pub organization: String,
    /// Since when no more reports come.
    pub since: Option<Timestamp>,
}
