//! Service accounts: programs that belong to an organization as members do. They have tokens, and never sign in
//! (product §1, §8).

use serde::{Deserialize, Serialize};

use crate::audit::AuditRow;
use crate::error::{Fault, FieldError};
use crate::id::ServiceAccountId;
use crate::name::is_direction_control;
use crate::org::OrgHeader;
use crate::people::{Role, Viewer};
use crate::time::Timestamp;
use crate::token::TokenRow;

pub const NAME_MAX: usize = 60;
pub const DESCRIPTION_MAX: usize = 200;
/// Service accounts an organization may have.
pub const ACCOUNTS_MAX: i64 = 100;
/// What a service account can be: it is never external.
pub const ROLES: [Role; 2] = [Role::Member, Role::Owner];

/// Checked values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceAccount {
    pub name: String,
    pub description: String,
    pub role: Role,
}

impl ServiceAccount {
    /// By which names are unique in an organization.
    pub fn folded_name(&self) -> String {
        self.name.to_lowercase()
    }
}

/// As typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ServiceAccountForm {
    pub name: String,
    pub description: String,
    /// `member` or `owner`; empty is `member`.
    pub role: String,
}

impl ServiceAccountForm {
    /// Checks everything at once.
    pub fn check(&self) -> Result<ServiceAccount, Fault> {
        let mut fields = Vec::new();
        let mut text = |field: &'static str, what: &str, text: &str, max: usize| {
            let text = text.trim();
            if text.chars().count() > max {
                fields.push(FieldError::new(field, format!("{what} has at most {max} characters.")));
            }
            if text.chars().any(|c| c.is_control() || is_direction_control(c)) {
                fields.push(FieldError::new(field, format!("{what} can't contain control characters.")));
            }
            text.to_owned()
        };
        let name = text("name", "A name", &self.name, NAME_MAX);
        let description = text("description", "A description", &self.description, DESCRIPTION_MAX);
        if name.is_empty() {
            fields.push(FieldError::new("name", "Enter a name that tells what the account is for."));
        }
        let role = match self.role.as_str() {
            "" => Some(Role::Member),
            role => Role::from_name(role).filter(|role| ROLES.contains(role)),
        };
        if role.is_none() {
            fields.push(FieldError::new("role", "A service account is a member or an owner."));
        }
        match role {
            Some(role) if fields.is_empty() => Ok(ServiceAccount { name, description, role }),
            _ => Err(Fault::Invalid { fields }),
        }
    }
}

impl From<&ServiceAccountRow> for ServiceAccountForm {
    fn from(row: &ServiceAccountRow) -> Self {
        Self { name: row.name.clone(), description: row.description.clone(), role: row.role.name().to_owned() }
    }
}

/// A service account as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceAccountRow {
    pub id: ServiceAccountId,
    pub name: String,
    pub description: String,
    pub role: Role,
    /// Off: its tokens are refused until it is turned on again.
    pub active: bool,
    /// Counts its changes.
    pub version: i64,
    pub created_at: Timestamp,
    /// How many tokens it has.
    pub tokens: i64,
    /// When one of them was last used.
    pub last_used_at: Option<Timestamp>,
}

/// The page of an organization's service accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceAccountsPage {
    pub viewer: Viewer,
    pub org: OrgHeader,
    /// By name.
    pub rows: Vec<ServiceAccountRow>,
    pub now: Timestamp,
}

/// The page of one service account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ServiceAccountPage {
    pub viewer: Viewer,
    pub org: OrgHeader,
    pub row: ServiceAccountRow,
    /// Newest first.
    pub tokens: Vec<TokenRow>,
    /// What it did last, newest first.
    pub did: Vec<AuditRow>,
    pub now: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_wrong_is_told_at_once() {
        let form = |name: &str, description: &str, role: &str| ServiceAccountForm {
            name: name.into(),
            description: description.into(),
            role: role.into(),
        };
        let made = form(" CI ", "", "").check().unwrap();
        assert_eq!((made.name.as_str(), made.role, made.folded_name().as_str()), ("CI", Role::Member, "ci"));
        assert_eq!(form("CI", "", "owner").check().unwrap().role, Role::Owner);
        let fault = form(" ", &"x".repeat(201), "external").check().unwrap_err();
        let fields: Vec<&str> = fault.field_errors().iter().map(|error| error.field.as_ref()).collect();
        assert_eq!(fields, ["description", "name", "role"]);
        for bad in ["a\u{202e}b", "a\nb", &"é".repeat(61)] {
            assert!(form(bad, "", "").check().is_err(), "{bad:?}");
        }
    }
}
