//! Workspaces: units of the platform's work, which live under a DNS name of their organization (product §1, §6).

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::error::Fault;
use crate::id::{OrgId, WorkspaceId};
use crate::name::Handle;
use crate::org::OrgHeader;
use crate::people::Viewer;
use crate::time::{Span, Timestamp};
use crate::token::TokenRow;

/// Longest name; leaves room in a DNS name for the organization's label and the platform's domain.
pub const NAME_MAX: usize = 40;
/// Longest search that is looked at, in characters.
pub const SEARCH_MAX: usize = NAME_MAX;

/// A workspace's name: the first label of its DNS name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WorkspaceName(String);

impl WorkspaceName {
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let refuse = |message: String| Err(Fault::invalid("name", message));
        let name = text.trim();
        if name.is_empty() {
            return refuse("Enter a name.".to_owned());
        }
        if name.chars().count() > NAME_MAX {
            return refuse(format!("A workspace's name has at most {NAME_MAX} characters."));
        }
        if let Some(c) = name.chars().find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '-')) {
            let hint = if c.is_ascii_uppercase() { "; use small letters" } else { "" };
            return refuse(format!("A workspace's name has small letters, digits and “-”, no “{c}”{hint}."));
        }
        if name.starts_with('-') || name.ends_with('-') || name.contains("--") {
            return refuse("A “-” stands between letters or digits, one at a time.".to_owned());
        }
        Ok(Self(name.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WorkspaceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<WorkspaceName> for String {
    fn from(name: WorkspaceName) -> Self {
        name.0
    }
}

impl TryFrom<String> for WorkspaceName {
    type Error = Fault;

    fn try_from(text: String) -> Result<Self, Fault> {
        Self::parse(&text)
    }
}

/// `{workspace}.{label of the organization}.{platform domain}`; `None` while the platform has no domain.
pub fn dns_name(name: &WorkspaceName, handle: &Handle, platform_domain: Option<&str>) -> Option<String> {
    crate::profile::dns_suffix(handle, platform_domain).map(|suffix| format!("{name}.{suffix}"))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkspaceState {
    Active,
    /// Keeps its data and runs nothing.
    Asleep,
    /// Put away; can be deleted for good after the minimum archiving period.
    Archived,
}

impl WorkspaceState {
    pub const ALL: [Self; 3] = [Self::Active, Self::Asleep, Self::Archived];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Asleep => "asleep",
            Self::Archived => "archived",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Asleep => "Asleep",
            Self::Archived => "Archived",
        }
    }

    /// The state after `act`; `None` where it makes no sense.
    pub const fn after(self, act: WorkspaceAct) -> Option<Self> {
        match (self, act) {
            (Self::Active, WorkspaceAct::Sleep) => Some(Self::Asleep),
            (Self::Asleep, WorkspaceAct::Wake) => Some(Self::Active),
            (Self::Active | Self::Asleep, WorkspaceAct::Archive) => Some(Self::Archived),
            // What was put away comes back without starting anything.
            (Self::Archived, WorkspaceAct::Restore) => Some(Self::Asleep),
            _ => None,
        }
    }
}

/// What moves a workspace from one state to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkspaceAct {
    Sleep,
    Wake,
    Archive,
    Restore,
}

impl WorkspaceAct {
    pub const ALL: [Self; 4] = [Self::Sleep, Self::Wake, Self::Archive, Self::Restore];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Sleep => "sleep",
            Self::Wake => "wake",
            Self::Archive => "archive",
            Self::Restore => "restore",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.name() == name)
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Sleep => "Let sleep",
            Self::Wake => "Wake",
            Self::Archive => "Archive",
            Self::Restore => "Restore",
        }
    }

    /// The tag of the event that connectors get.
    pub const fn event(self) -> &'static str {
        match self {
            Self::Sleep => "workspace.slept",
            Self::Wake => "workspace.woken",
            Self::Archive => "workspace.archived",
            Self::Restore => "workspace.restored",
        }
    }
}

/// A workspace as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceRow {
    pub id: WorkspaceId,
    pub name: WorkspaceName,
    pub dns_name: Option<String>,
    pub state: WorkspaceState,
    /// Counts its changes.
    pub version: i64,
    pub created_at: Timestamp,
    pub archived_at: Option<Timestamp>,
    /// From when it can be deleted for good, once archived.
    pub deletable_at: Option<Timestamp>,
}

impl WorkspaceRow {
    pub fn is_deletable(&self, now: Timestamp) -> bool {
        self.deletable_at.is_some_and(|at| at <= now)
    }
}

/// From when an archived workspace can be deleted.
pub fn deletable_at(archived_at: Option<Timestamp>, archiving_seconds: u32) -> Option<Timestamp> {
    archived_at.map(|at| at.plus(Span::from_seconds(i64::from(archiving_seconds))))
}

/// What a list of workspaces may be asked for; unknown values fall back to everything.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct WorkspacesQuery {
    /// Part of the name.
    pub search: String,
    pub state: Option<WorkspaceState>,
    /// Those after this name; for the next page.
    pub after: Option<String>,
}

impl WorkspacesQuery {
    /// Reads URL parameters; `get` looks one up.
    pub fn from_params(get: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            search: get("search").unwrap_or_default().trim().chars().take(SEARCH_MAX).collect(),
            state: get("state").as_deref().and_then(WorkspaceState::from_name),
            after: get("after").filter(|after| WorkspaceName::parse(after).is_ok()),
        }
    }

    /// The URL parameters of what is asked for, unescaped.
    pub fn to_params(&self) -> Vec<(&'static str, String)> {
        let parameters = [
            ("search", Some(self.search.clone()).filter(|search| !search.is_empty())),
            ("state", self.state.map(|state| state.name().to_owned())),
            ("after", self.after.clone()),
        ];
        parameters.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    pub fn is_filtered(&self) -> bool {
        !self.search.is_empty() || self.state.is_some()
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorkspacesPage {
    pub viewer: Viewer,
    pub org: OrgHeader,
    pub query: WorkspacesQuery,
    /// By name.
    pub rows: Vec<WorkspaceRow>,
    /// Whether more follow.
    pub more: bool,
    /// What DNS names end with; `None` while the platform has no domain.
    pub suffix: Option<String>,
    /// The minimum archiving period.
    pub archiving_seconds: u32,
    pub now: Timestamp,
}

/// The page of one workspace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorkspacePage {
    pub viewer: Viewer,
    pub org: OrgHeader,
    pub row: WorkspaceRow,
    /// What its DNS name ends with; `None` while the platform has no domain.
    pub suffix: Option<String>,
    /// Newest first; `None` for those who may not make any.
    pub tokens: Option<Vec<TokenRow>>,
    pub now: Timestamp,
}

/// What a connector is told: a JSON object with `type`, `timestamp` and `data`. `version` lets a receiver drop what comes
/// out of order.
#[derive(Debug, Clone, Serialize)]
pub struct WorkspaceEvent<'a> {
    #[serde(rename = "type")]
    pub kind: &'a str,
    /// RFC 3339.
    pub timestamp: String,
    pub data: EventData<'a>,
}

#[derive(Debug, Clone, Serialize)]
pub struct EventData<'a> {
    pub organization: EventOrg<'a>,
    pub workspace: EventWorkspace<'a>,
}

#[derive(Debug, Clone, Serialize)]
pub struct EventOrg<'a> {
    pub id: OrgId,
    pub handle: &'a str,
}

#[derive(Debug, Clone, Serialize)]
pub struct EventWorkspace<'a> {
    pub id: WorkspaceId,
    pub name: &'a str,
    pub state: &'a str,
    pub version: i64,
    pub dns_name: Option<&'a str>,
    /// The DNS name before, where it changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dns_name_before: Option<&'a str>,
}

impl WorkspaceEvent<'_> {
    pub fn to_json(&self) -> String {
        // Texts and numbers only: nothing that JSON can't say.
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_dns_labels() {
        for good in ["a", "0", "build-1", &"x".repeat(NAME_MAX)] {
            assert!(WorkspaceName::parse(good).is_ok(), "{good}");
        }
        for bad in ["", " ", "-a", "a-", "a--b", "A", "a_b", "ä", "a.b", &"x".repeat(NAME_MAX + 1)] {
            assert!(WorkspaceName::parse(bad).is_err(), "{bad}");
        }
        let name = WorkspaceName::parse(" build ").unwrap();
        let handle = Handle::parse("Acme_1").unwrap();
        assert_eq!(dns_name(&name, &handle, Some("apps.example.com")).unwrap(), "build.acme-1.apps.example.com");
        assert_eq!(dns_name(&name, &handle, None), None);
    }

    proptest! {
        #![proptest_config(crate::testing::config())]

        /// Whatever is done to it in whatever order, only what is archived can be restored, and nothing else changes twice.
        #[test]
        fn states_follow_their_machine(acts in proptest::collection::vec(0..4_usize, 0..20)) {
            let mut state = WorkspaceState::Active;
            for act in acts.into_iter().map(|n| WorkspaceAct::ALL[n]) {
                let Some(next) = state.after(act) else { continue };
                prop_assert_ne!(next, state);
                prop_assert_eq!(next == WorkspaceState::Archived, act == WorkspaceAct::Archive);
                prop_assert_eq!(next.after(act), None);
                state = next;
            }
        }

        #[test]
        fn a_query_reads_what_it_writes(search in "[a-z0-9-]{0,40}", state in 0..4_usize, after in proptest::option::of("[a-z]{1,9}")) {
            let query = WorkspacesQuery { search, state: WorkspaceState::ALL.get(state).copied(), after };
            let params = query.to_params();
            let get = |name: &str| params.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone());
            prop_assert_eq!(WorkspacesQuery::from_params(get), query.clone());
        }
    }
}
