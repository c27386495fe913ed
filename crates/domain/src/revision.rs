//! Revisions of settings: every save is one, and every one can be seen, compared and restored (product §5).

use serde::{Deserialize, Serialize};

use crate::org::OrgHeader;
use crate::people::Viewer;
use crate::time::Timestamp;

/// Longest reason, in characters.
pub const REASON_MAX: usize = 500;

/// A line of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisionRow {
    /// Counts up by one a save; the organization's settings version.
    pub version: i64,
    pub author: String,
    pub at: Timestamp,
    pub reason: Option<String>,
    /// Labels of the fields it changed.
    pub changed: Vec<String>,
    /// The revision it restored.
    pub restored_from: Option<i64>,
    /// When a value in it was blanked; it can't be restored since.
    pub redacted_at: Option<Timestamp>,
}

/// A field's value before and after, in words, secrets masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The form field's name.
    pub field: String,
    pub label: String,
    pub before: String,
    pub after: String,
}

/// A field that two people changed: what it was when this form was loaded, what it is, what was typed here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldConflict {
    pub field: String,
    pub label: String,
    pub base: String,
    pub theirs: String,
    pub yours: String,
    /// Whether it was changed here at all, which the words can't tell where they mask a value.
    pub touched: bool,
}

/// One revision beside another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RevisionPage {
    pub viewer: Viewer,
    pub org: OrgHeader,
    pub revision: RevisionRow,
    /// What it is compared with: its predecessor, or the one asked for. `None` for the first.
    pub against: Option<RevisionRow>,
    pub changes: Vec<FieldChange>,
    /// Workspace settings of `against` and of this one; `envs` values masked.
    pub before_text: String,
    pub after_text: String,
    /// The version a restore must name.
    pub current_version: i64,
    /// All versions, newest first, at most 200, for the comparison's menu.
    pub versions: Vec<i64>,
    /// Whether it holds a value of `envs` that can be redacted.
    pub has_secrets: bool,
    pub now: Timestamp,
}
