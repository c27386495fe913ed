//! Processes: asynchronous work a person can watch.

use serde::{Deserialize, Serialize};

use crate::id::{CloudAccountId, MailId, OrgId, ProcessId};
use crate::org::OrgHeader;
use crate::people::Viewer;
use crate::time::{Span, Timestamp};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProcessState {
    /// Waits for the end of a time of grace, and can be called off until then.
    Scheduled,
    Queued,
    Running,
    /// A step failed, or goes on elsewhere, and waits for its next attempt.
    Waiting,
    Succeeded,
    /// Called off before it began.
    Cancelled,
}

impl ProcessState {
    pub const ALL: [Self; 6] =
        [Self::Scheduled, Self::Queued, Self::Running, Self::Waiting, Self::Succeeded, Self::Cancelled];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Succeeded => "succeeded",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Scheduled => "Scheduled",
            Self::Queued => "Starting",
            Self::Running => "Running",
            Self::Waiting => "Waiting",
            Self::Succeeded => "Finished",
            Self::Cancelled => "Called off",
        }
    }

    /// Whether nothing more will happen.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Succeeded | Self::Cancelled)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    Pending,
    Done,
    /// Given up by a person, who said why.
    Abandoned,
}

impl StepState {
    pub const ALL: [Self; 3] = [Self::Pending, Self::Done, Self::Abandoned];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Done => "done",
            Self::Abandoned => "abandoned",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// What a step of a deletion does, in the order in which these are done. A later capability adds its own before
/// `Organization`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeletionStep {
    Subscription,
    FinalInvoice,
    Links,
    /// Ends one cloud resource.
    Resource,
    /// Looks whether a cloud account has anything left.
    Account,
    Workspaces,
    CloudAccounts,
    People,
    Revisions,
    /// Removes the files of its avatar.
    Objects,
    Usage,
    Organization,
}

impl DeletionStep {
    pub const ALL: [Self; 12] = [
        Self::Subscription,
        Self::FinalInvoice,
        Self::Links,
        Self::Resource,
        Self::Account,
        Self::Workspaces,
        Self::CloudAccounts,
        Self::People,
        Self::Revisions,
        Self::Objects,
        Self::Usage,
        Self::Organization,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Subscription => "subscription",
            Self::FinalInvoice => "final_invoice",
            Self::Links => "links",
            Self::Resource => "resource",
            Self::Account => "account",
            Self::Workspaces => "workspaces",
            Self::CloudAccounts => "cloud_accounts",
            Self::People => "people",
            Self::Revisions => "revisions",
            Self::Objects => "objects",
            Self::Usage => "usage",
            Self::Organization => "organization",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }

    /// Whether there is one for each thing it is about, or one in all.
    pub const fn is_one_each(self) -> bool {
        matches!(self, Self::Resource | Self::Account)
    }

    /// Whether a person may give it up: what lies elsewhere can be out of reach for ever, what lies here can't.
    pub const fn may_be_abandoned(self) -> bool {
        matches!(self, Self::FinalInvoice | Self::Resource | Self::Account | Self::Workspaces | Self::Objects)
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Subscription => "Cancel the subscription",
            Self::FinalInvoice => "Close the final invoice",
            Self::Links => "Void one-time links and open plans",
            Self::Resource => "End a cloud resource",
            Self::Account => "Make sure that nothing is left in a cloud account",
            Self::Workspaces => "Remove workspaces and tell connectors",
            Self::CloudAccounts => "Disconnect cloud accounts",
            Self::People => "Remove memberships, and people who belong nowhere else",
            Self::Revisions => "Remove its secrets and the history of its settings",
            Self::Objects => "Remove its avatar",
            Self::Usage => "Remove what was used; invoices stay",
            Self::Organization => "Remove the organization and hold its handle",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepRow {
    /// Tells it from the process's other steps, and orders them.
    pub position: i64,
    pub step: DeletionStep,
    /// The id of what it is about, for steps of which there is one each.
    pub subject: String,
    pub label: String,
    pub state: StepState,
    pub attempts: i64,
    /// Rows removed so far.
    pub done: i64,
    pub last_error: Option<String>,
    pub abandoned: Option<Abandoned>,
}

/// Who gave a step up, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Abandoned {
    pub by: String,
    pub reason: String,
}

/// A line of a process's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    pub at: Timestamp,
    pub text: String,
}

/// A process as it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProcessView {
    pub id: ProcessId,
    pub org: OrgId,
    pub handle: String,
    pub display_name: String,
    pub state: ProcessState,
    /// Moves with every change.
    pub version: i64,
    pub steps: Vec<StepRow>,
    /// Oldest first, at most the newest [`LOG_SHOWN`].
    pub log: Vec<LogLine>,
    pub started_by: String,
    pub started_at: Timestamp,
    /// When it begins by itself, while it is scheduled.
    pub due_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    /// Until when nobody else can take the handle; once finished.
    pub held_until: Option<Timestamp>,
    pub next_attempt_at: Option<Timestamp>,
}

/// Lines of a log that are shown.
pub const LOG_SHOWN: i64 = 200;

/// The page of one process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProcessPage {
    pub viewer: Viewer,
    pub process: ProcessView,
    /// Whether the viewer may retry, give up steps, and restore.
    pub can_act: bool,
    pub now: Timestamp,
}

/// A process in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessRow {
    pub id: ProcessId,
    pub handle: String,
    pub display_name: String,
    pub state: ProcessState,
    pub steps: i64,
    /// Those that are done or given up.
    pub steps_over: i64,
    pub started_by: String,
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}

/// What a list of processes may be asked for; unknown values fall back to everything.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ProcessesQuery {
    pub state: Option<ProcessState>,
    /// Those that began before this one; for the next page.
    pub before: Option<ProcessId>,
}

impl ProcessesQuery {
    /// Reads URL parameters; `get` looks one up.
    pub fn from_params(get: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            state: get("state").as_deref().and_then(ProcessState::from_name),
            before: get("before").and_then(|id| id.parse().ok()),
        }
    }

    /// The URL parameters of what is asked for, unescaped.
    pub fn to_params(&self) -> Vec<(&'static str, String)> {
        let parameters = [
            ("state", self.state.map(|state| state.name().to_owned())),
            ("before", self.before.map(|id| id.to_string())),
        ];
        parameters.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

/// The page of an organization's processes, or of the whole instance's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProcessesPage {
    pub viewer: Viewer,
    /// `None`: the instance's.
    pub org: Option<OrgHeader>,
    pub query: ProcessesQuery,
    /// Newest first.
    pub rows: Vec<ProcessRow>,
    pub more: bool,
    pub now: Timestamp,
}

/// What a step says that only takes its time.
pub const STILL_GOING: &str = "It is on its way out; this looks again.";

/// How long a job waits before its next attempt: 2 s, doubling, at most 10 minutes.
pub fn backoff(attempts: u32) -> Span {
    Span::from_seconds((1_i64 << attempts.clamp(1, 10)).min(600))
}

/// What a job tells a connector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    pub org: OrgId,
    pub account: CloudAccountId,
    /// JSON, as it is sent.
    pub event: String,
}

/// What a job does after the end of DNS names changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DnsMove {
    pub org: OrgId,
    pub handle: String,
    /// What the names ended with, and end with now.
    pub before: Option<String>,
    pub after: Option<String>,
    /// The last workspace that was told of.
    pub done_until: String,
}

/// What a job sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailToSend {
    pub mail: MailId,
}

macro_rules! payloads {
    ($($name:ident),*) => {$(
        impl $name {
            /// As a job keeps it.
            pub fn to_text(&self) -> String {
                // Texts and identifiers only: nothing that JSON can't say.
                serde_json::to_string(self).unwrap_or_default()
            }

            pub fn from_text(text: &str) -> Option<Self> {
                serde_json::from_str(text).ok()
            }
        }
    )*};
}

payloads!(Notification, DnsMove, MailToSend);
