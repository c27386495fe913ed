//! Processes: asynchronous work a person can watch.

use serde::{Deserialize, Serialize};

use crate::id::ProcessId;
use crate::people::Viewer;
use crate::time::{Span, Timestamp};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProcessState {
    Queued,
    Running,
    /// A step failed and waits for its next attempt.
    Waiting,
    Succeeded,
}

impl ProcessState {
    pub const ALL: [Self; 4] = [Self::Queued, Self::Running, Self::Waiting, Self::Succeeded];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Succeeded => "succeeded",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    Pending,
    Done,
}

impl StepState {
    pub const ALL: [Self; 2] = [Self::Pending, Self::Done];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Done => "done",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// The steps of deleting an organization, in their order. A later capability adds its own before `Organization`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeletionStep {
    Links,
    People,
    Revisions,
    Organization,
}

impl DeletionStep {
    pub const ALL: [Self; 4] = [Self::Links, Self::People, Self::Revisions, Self::Organization];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Links => "links",
            Self::People => "people",
            Self::Revisions => "revisions",
            Self::Organization => "organization",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Links => "Void one-time links and open plans",
            Self::People => "Remove memberships, and people who belong nowhere else",
            Self::Revisions => "Remove the history of its settings",
            Self::Organization => "Remove the organization and hold its handle",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepRow {
    pub label: String,
    pub state: StepState,
    pub attempts: i64,
    /// Rows removed so far.
    pub done: i64,
    pub last_error: Option<String>,
}

/// A deletion as it runs, and its report when it has ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeletionPage {
    pub viewer: Viewer,
    pub id: ProcessId,
    pub handle: String,
    pub display_name: String,
    pub state: ProcessState,
    pub steps: Vec<StepRow>,
    pub started_by: String,
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    /// Until when nobody else can take the handle; once finished.
    pub held_until: Option<Timestamp>,
    pub next_attempt_at: Option<Timestamp>,
    pub now: Timestamp,
}

/// How long a job waits before its next attempt: 2 s, doubling, at most 10 minutes.
pub fn backoff(attempts: u32) -> Span {
    Span::from_seconds((1_i64 << attempts.clamp(1, 10)).min(600))
}
