//! How many people and how much data organizations hold (the administration API's *stats*).

use serde::{Deserialize, Serialize};

/// People of one role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RoleCount {
    /// Not revoked; frozen ones count.
    pub active: i64,
    pub revoked: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OrgStats {
    pub owners: RoleCount,
    pub members: RoleCount,
    pub externals: RoleCount,
}

impl OrgStats {
    pub const fn active(&self) -> i64 {
        self.owners.active + self.members.active + self.externals.active
    }

    pub const fn users(&self) -> i64 {
        self.active() + self.owners.revoked + self.members.revoked + self.externals.revoked
    }
}
