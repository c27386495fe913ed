//! Organizations: their states, and what their pages show.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

use crate::authz::Permission;
use crate::avatar::AvatarHash;
use crate::billing::page::ProvidedBy;
use crate::billing::{Plan, PlanKey};
use crate::id::{OrgId, ProcessId};
use crate::link::{LinkStatus, NewLink};
use crate::name::{DisplayName, Handle};
use crate::page::{Cursor, OrgsQuery};
use crate::people::{Role, Viewer};
use crate::revision::RevisionRow;
use crate::settings::SettingsForm;
use crate::time::Timestamp;

/// `pending_bootstrap → active → pending_deletion → deleting`; a deleted organization is no organization any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrgState {
    PendingBootstrap,
    Active,
    PendingDeletion,
    Deleting,
}

impl OrgState {
    pub const ALL: [Self; 4] = [Self::PendingBootstrap, Self::Active, Self::PendingDeletion, Self::Deleting];

    pub const fn name(self) -> &'static str {
        match self {
            Self::PendingBootstrap => "pending_bootstrap",
            Self::Active => "active",
            Self::PendingDeletion => "pending_deletion",
            Self::Deleting => "deleting",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether settings may still change.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::PendingBootstrap | Self::Active)
    }
}

impl fmt::Display for OrgState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PendingBootstrap => "Waiting for its owner",
            Self::Active => "Active",
            Self::PendingDeletion => "Deletion scheduled",
            Self::Deleting => "Deleting",
        })
    }
}

/// Why an organization is closed to its own people for a time; several can be set at once, each lifted only by its own
/// path (product §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hold {
    /// `is_expired` of the administration API.
    Expired,
    /// Something is to be paid. Owners keep what they need for that.
    Billing,
}

impl Hold {
    pub const ALL: [Self; 2] = [Self::Expired, Self::Billing];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Billing => "billing",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|hold| hold.name() == name)
    }

    /// What the organization's people are told.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Expired => "This organization has expired. Ask the people who run this console to reopen it.",
            Self::Billing => {
                "This organization is closed until its bill is settled. Its owners can do that on the page Billing."
            }
        }
    }
}

/// A set of holds; as stored, their names in order, separated by commas.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Holds(BTreeSet<Hold>);

impl Holds {
    pub fn parse(text: &str) -> Option<Self> {
        text.split(',').filter(|name| !name.is_empty()).map(Hold::from_name).collect::<Option<_>>().map(Self)
    }

    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|hold| hold.name())
    }

    pub fn first(&self) -> Option<Hold> {
        self.0.first().copied()
    }

    pub fn is_only(&self, hold: Hold) -> bool {
        self.0.iter().eq([&hold])
    }

    pub fn contains(&self, hold: Hold) -> bool {
        self.0.contains(&hold)
    }

    /// The set with or without `hold`; `None` when that changes nothing.
    pub fn with(&self, hold: Hold, set: bool) -> Option<Self> {
        let mut holds = self.clone();
        let changed = if set { holds.0.insert(hold) } else { holds.0.remove(&hold) };
        changed.then_some(holds)
    }
}

impl fmt::Display for Holds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().collect::<Vec<_>>().join(","))
    }
}

/// The organization a page is about, as its viewer may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgHeader {
    pub id: OrgId,
    pub handle: Handle,
    pub display_name: DisplayName,
    pub avatar: Option<AvatarHash>,
    pub state: OrgState,
    /// What the viewer may do here.
    pub can: Vec<Permission>,
}

impl OrgHeader {
    pub fn can(&self, permission: Permission) -> bool {
        self.can.contains(&permission)
    }
}

/// One row of the organizations table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgRow {
    pub id: OrgId,
    pub handle: Handle,
    pub display_name: DisplayName,
    pub avatar: Option<AvatarHash>,
    pub state: OrgState,
    pub partner: bool,
    pub managed_by: Option<OrgName>,
    pub created_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgName {
    pub handle: Handle,
    pub display_name: DisplayName,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrgsPage {
    pub viewer: Viewer,
    /// What the page was asked for, with anything unknown set right.
    pub query: OrgsQuery,
    pub rows: Vec<OrgRow>,
    pub previous: Option<Cursor>,
    pub next: Option<Cursor>,
    pub can_create: bool,
    /// The clock the page's relative times count from.
    pub now: Timestamp,
}

/// An entry of the organization switcher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwitcherEntry {
    pub id: OrgId,
    pub handle: Handle,
    pub display_name: DisplayName,
    pub avatar: Option<AvatarHash>,
}

/// An organization's landing page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrgPage {
    pub viewer: Viewer,
    pub org: OrgHeader,
    pub role: Option<Role>,
    pub owners: Vec<String>,
    pub members: i64,
    pub managed_by: Option<OrgName>,
    pub platform_domain: Option<String>,
    /// Shown to those who may hand the organization over.
    pub link: Option<LinkStatus>,
    pub created_at: Timestamp,
    pub deletion: Option<Deletion>,
    pub now: Timestamp,
}

/// The process that deletes an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deletion {
    pub process: ProcessId,
    /// When its time of grace ends, if it has one.
    pub due_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdminPage {
    pub viewer: Viewer,
    pub org: OrgHeader,
    /// What a save must name.
    pub version: i64,
    pub form: SettingsForm,
    /// Recipients of the report who want no more of it.
    pub unsubscribed: Vec<String>,
    /// Every plan, archived ones last.
    pub plans: Vec<Plan>,
    /// The plan it is on, and who put it there.
    pub subscription: Option<(PlanKey, ProvidedBy)>,
    pub owners: Vec<String>,
    pub link: Option<LinkStatus>,
    /// Newest first, at most 20.
    pub revisions: Vec<RevisionRow>,
    pub deletion: Option<Deletion>,
    pub now: Timestamp,
}

/// What creating an organization answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedOrg {
    pub handle: Handle,
    pub display_name: DisplayName,
    /// `None` when the creator became the owner.
    pub link: Option<NewLink>,
}

/// What a saved Admin page answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSettings {
    pub version: i64,
    /// Labels of the fields that changed; empty when nothing did.
    pub changed: Vec<String>,
}
