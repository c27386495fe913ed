//! Plans for destructive acts: preview, then apply exactly that or less (product §4).

use serde::{Deserialize, Serialize};

use crate::name::{DisplayName, Handle};
use crate::profile::NameChange;
use crate::time::{Span, Timestamp};

/// A plan can be applied this long.
pub const PLAN_LIFETIME: Span = Span::minutes(10);

/// Names shown of one kind; the count is always whole.
pub const PLAN_NAMES_SHOWN: usize = 100;

/// An act that needs a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    DeleteOrg,
    RenameOrg,
    ResetAuth,
}

impl Act {
    pub const fn name(self) -> &'static str {
        match self {
            Self::DeleteOrg => "delete_org",
            Self::RenameOrg => "rename_org",
            Self::ResetAuth => "reset_auth",
        }
    }
}

/// Everything of one kind that the act destroys, renames or locks out. `ids` is the exact set that apply compares;
/// it stays on the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanSet {
    pub kind: String,
    pub ids: Vec<String>,
    pub names: Vec<String>,
}

/// What a preview shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanPreview {
    /// Single use; bound to actor, session, organization, act and arguments.
    pub token: String,
    pub act: Act,
    pub handle: Handle,
    pub display_name: DisplayName,
    pub goes: Vec<PlanSection>,
    /// What gets another name.
    #[serde(default)]
    pub changes: Vec<NameChange>,
    /// The handle that a rename takes.
    #[serde(default)]
    pub new_handle: Option<Handle>,
    /// Whether a reset includes the tokens of service accounts and workspaces.
    #[serde(default)]
    pub service_tokens: bool,
    /// What stays, in words.
    pub stays: Vec<String>,
    /// What could not be found out, in words.
    #[serde(default)]
    pub unknown: Vec<String>,
    /// Days between a deletion and its beginning; 0 is at once.
    #[serde(default)]
    pub grace_days: u32,
    pub expires_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanSection {
    /// “people who belong nowhere else”
    pub label: String,
    pub count: u64,
    /// At most [`PLAN_NAMES_SHOWN`].
    pub names: Vec<String>,
}

/// Whether doing `now` would destroy, rename or lock out something that `shown` didn't list.
pub fn grew(shown: &[PlanSet], now: &[PlanSet]) -> bool {
    now.iter().any(|set| {
        let before = shown.iter().find(|old| old.kind == set.kind);
        set.ids.iter().any(|id| before.is_none_or(|old| !old.ids.contains(id)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(kind: &str, ids: &[&str]) -> PlanSet {
        let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        PlanSet { kind: kind.to_owned(), names: ids.clone(), ids }
    }

    #[test]
    fn only_what_was_not_shown_counts_as_growth() {
        let shown = [set("people", &["1", "2"]), set("links", &["a"])];
        for (now, grown) in [
            (vec![set("people", &["1", "2"]), set("links", &["a"])], false),
            (vec![set("links", &["a"]), set("people", &["2", "1"])], false),
            (vec![set("people", &["1"])], false),
            (vec![], false),
            (vec![set("sessions", &[])], false),
            // As many as before, but another one.
            (vec![set("people", &["1", "3"])], true),
            (vec![set("people", &["1", "2", "3"])], true),
            (vec![set("sessions", &["1"])], true),
        ] {
            assert_eq!(grew(&shown, &now), grown, "{now:?}");
        }
    }

    #[test]
    fn renamed_things_are_still_the_same() {
        let mut renamed = set("people", &["1"]);
        renamed.names = vec!["another name".into()];
        assert!(!grew(&[set("people", &["1"])], &[renamed]));
    }
}
