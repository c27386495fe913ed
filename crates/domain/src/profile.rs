//! *Org Profile*: what an organization is called, and by which addresses it is found.

use serde::{Deserialize, Serialize};

use crate::name::Handle;
use crate::org::{OrgHeader, OrgName};
use crate::people::Viewer;
use crate::time::{Span, Timestamp};

/// Renames that an organization's own people may make within [`RENAME_WINDOW`].
pub const RENAMES_MAX: i64 = 5;
pub const RENAME_WINDOW: Span = Span::days(30);
/// Retired aliases, and handles of deleted organizations, are held this long for their organization alone.
pub const HANDLE_HELD: Span = Span::days(90);

/// A former handle that still leads to the organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alias {
    pub handle: String,
    /// When it stopped being the handle.
    pub since: Timestamp,
    /// How often somebody came by it.
    pub hits: i64,
    pub last_hit_at: Option<Timestamp>,
}

/// What the platform decides, for the organization's people to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetByPlatform {
    /// The name of the plan it is on, whoever provides it.
    pub plan: Option<String>,
    /// `None` is unlimited, `Some(0)` nobody.
    pub seats: Option<u32>,
    pub enforce_mfa: bool,
    pub platform_domain: Option<String>,
    pub login_domain: Option<String>,
    pub managed_by: Option<OrgName>,
}

/// An organization's names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileView {
    pub org: OrgHeader,
    /// What a save must name.
    pub version: i64,
    /// Newest first.
    pub aliases: Vec<Alias>,
    /// Renames still possible now; `None` for those who aren't limited.
    pub renames_left: Option<i64>,
    pub platform: SetByPlatform,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfilePage {
    pub viewer: Viewer,
    pub profile: ProfileView,
    /// Whether the viewer may delete the organization.
    pub may_delete: bool,
    pub now: Timestamp,
}

/// What becomes of DNS names when the handle changes; every name under the first moves to the second.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameChange {
    pub before: String,
    pub after: String,
}

/// The suffix of an organization's workspace names; `None` while the platform has no domain.
pub fn dns_suffix(handle: &Handle, platform_domain: Option<&str>) -> Option<String> {
    platform_domain.map(|domain| format!("{}.{domain}", handle.dns_label()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suffix_is_label_and_domain() {
        let handle = Handle::parse("Acme_1").unwrap();
        assert_eq!(dns_suffix(&handle, Some("apps.example.com")).as_deref(), Some("acme-1.apps.example.com"));
        assert_eq!(dns_suffix(&handle, None), None);
    }
}
