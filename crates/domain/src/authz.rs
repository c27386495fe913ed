//! Who may do what: named capabilities, one matrix, one pure decision. The server decides with it; the browser uses
//! it to leave out or disable a control with its reason.

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::people::Role;

/// What a permission is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// One organization.
    Org,
    /// The whole instance.
    Instance,
    /// The signed-in person's own account.
    Account,
}

/// A permission as a type, so that a proof can name it.
pub trait Capability: Send + Sync + 'static {
    const PERMISSION: Permission;
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident: $scope:ident = $text:literal),* $(,)?) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Permission { $($(#[$doc])* #[serde(rename = $text)] $name),* }

        impl Permission {
            pub const ALL: &[Self] = &[$(Self::$name),*];

            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            pub const fn scope(self) -> Scope {
                match self { $(Self::$name => Scope::$scope),* }
            }
        }

        /// One type a permission.
        pub mod cap {
            $(
                $(#[$doc])*
                #[derive(Debug)]
                pub enum $name {}
                impl super::Capability for $name {
                    const PERMISSION: super::Permission = super::Permission::$name;
                }
            )*
        }
    };
}

permissions! {
    /// See that the organization exists, and its landing page.
    OrgRead: Org = "org.read",
    /// See the Org Profile page.
    OrgProfileRead: Org = "org.profile.read",
    /// Change display name and handle, retire aliases.
    OrgProfileWrite: Org = "org.profile.write",
    /// See and export the organization's audit log.
    OrgAuditRead: Org = "org.audit.read",
    /// See where the audit log is streamed to, and how far that has come.
    OrgStreamRead: Org = "org.audit_stream.read",
    /// Have the audit log streamed to an address.
    OrgStreamWrite: Org = "org.audit_stream.write",
    /// See the Admin page, its revisions and the bootstrap link's state.
    OrgAdminRead: Org = "org.admin.read",
    /// Fetch the settings as workspaces are given them, secrets included.
    WorkspaceSettingsRead: Org = "org.workspace_settings.read",
    /// Save the Admin page, restore a revision.
    OrgAdminWrite: Org = "org.admin.write",
    /// Blank a secret value out of past revisions.
    RevisionRedact: Org = "org.revision.redact",
    /// Make, rotate and revoke the bootstrap link; become the owner.
    BootstrapWrite: Org = "org.bootstrap.write",
    /// Set and lift the hold *expired*.
    OrgHoldWrite: Org = "org.hold.write",
    /// See which secrets the organization has; nobody sees their values.
    OrgSecretsRead: Org = "org.secrets.read",
    /// Set and remove the organization's secrets.
    OrgSecretsWrite: Org = "org.secrets.write",
    /// See the organization's service accounts and their tokens.
    ServiceAccountsRead: Org = "service_accounts.read",
    /// Add, change and delete service accounts, and make their tokens.
    ServiceAccountsWrite: Org = "service_accounts.write",
    /// See the workspaces.
    WorkspacesRead: Org = "workspaces.read",
    /// Create workspaces, rename them, let them sleep, archive and delete them.
    WorkspacesWrite: Org = "workspaces.write",
    /// See the tokens of workspaces.
    WorkspaceTokensRead: Org = "workspaces.tokens.read",
    /// Make, switch and delete tokens of workspaces.
    WorkspaceTokensWrite: Org = "workspaces.tokens.write",
    /// See cloud accounts and their resources.
    CloudRead: Org = "cloud_accounts.read",
    /// Connect and disconnect cloud accounts.
    CloudWrite: Org = "cloud_accounts.write",
    /// See how people sign in to the organization.
    AuthRead: Org = "org.authentication.read",
    /// Change how people sign in to the organization.
    AuthWrite: Org = "org.authentication.write",
    /// Have everybody sign in to the organization again.
    AuthReset: Org = "org.authentication.reset",
    /// See what the organization used, and its limits.
    UsageRead: Org = "usage.read",
    /// Say from where on the organization is warned or capped.
    UsageLimitsWrite: Org = "usage.limits.write",
    /// See the organization's plan, invoices and ways to pay.
    BillingRead: Org = "billing.read",
    /// Subscribe, cancel, and change how the organization pays.
    BillingWrite: Org = "billing.write",
    /// Mark invoices as paid or void, and note agreed ways to pay.
    BillingSettle: Org = "billing.settle",
    /// Preview and start the deletion.
    OrgDelete: Org = "org.delete",
    /// Call off a deletion while its time of grace lasts.
    OrgRestore: Org = "org.restore",
    /// Watch the organization's processes.
    OrgProcessesRead: Org = "org.processes.read",
    /// List the organizations one can see.
    OrgsList: Account = "orgs.list",
    /// Create an organization.
    OrgCreate: Instance = "orgs.create",
    /// Watch the instance's processes.
    ProcessRead: Instance = "processes.read",
    /// Retry a process, and give up its steps.
    ProcessWrite: Instance = "processes.write",
    /// See what is set for the whole instance.
    InstanceSettingsRead: Instance = "instance.settings.read",
    /// Change what is set for the whole instance.
    InstanceSettingsWrite: Instance = "instance.settings.write",
    /// See what was mailed, links hidden.
    MailRead: Instance = "instance.mail.read",
    /// Send mail again, and see its links.
    MailWrite: Instance = "instance.mail.write",
    /// See the tokens of the instance.
    InstanceTokensRead: Instance = "instance.tokens.read",
    /// Make, switch and delete tokens of the instance.
    InstanceTokensWrite: Instance = "instance.tokens.write",
    /// Tell what organizations have used.
    UsageWrite: Instance = "usage.write",
    /// See what can be measured, and its prices.
    MetersRead: Instance = "meters.read",
    /// Add meters, change and archive them.
    MetersWrite: Instance = "meters.write",
    /// See the plans, and the invoices of all organizations.
    PlansRead: Instance = "plans.read",
    /// Add, change and archive plans.
    PlansWrite: Instance = "plans.write",
    /// Add people, mark platform administrators.
    PeopleWrite: Instance = "people.write",
    /// Erase a person: the account, and what the audit log shows of them.
    PeopleErase: Instance = "people.erase",
    /// Count every organization's people and workspaces.
    StatsRead: Instance = "stats.read",
    /// Encrypt stored secrets under another key.
    KeysRotate: Instance = "keys.rotate",
    /// Check every chain of the audit log.
    AuditVerify: Instance = "audit.verify",
    /// See and end one's own session.
    OwnSession: Account = "account.session",
    /// See who one is.
    Whoami: Account = "account.whoami",
    /// See one's own tokens.
    AccountRead: Account = "account.read",
    /// Make, switch and delete one's own tokens.
    AccountTokens: Account = "account.tokens",
}

impl Permission {
    /// Whether it changes an organization, which one that is being deleted refuses.
    pub const fn changes_org(self) -> bool {
        matches!(
            self,
            Self::OrgProfileWrite
                | Self::OrgAdminWrite
                | Self::RevisionRedact
                | Self::BootstrapWrite
                | Self::OrgHoldWrite
                | Self::OrgSecretsWrite
                | Self::ServiceAccountsWrite
                | Self::WorkspacesWrite
                | Self::WorkspaceTokensWrite
                | Self::CloudWrite
                | Self::AuthWrite
                | Self::AuthReset
                | Self::OrgStreamWrite
                | Self::UsageLimitsWrite
                | Self::BillingWrite
                | Self::OrgDelete
        )
    }

    /// Whether owners keep it while the organization is held for nothing but its bill.
    pub const fn stays_for_billing(self) -> bool {
        matches!(
            self,
            Self::OrgRead
                | Self::UsageRead
                | Self::UsageLimitsWrite
                | Self::BillingRead
                | Self::BillingWrite
                | Self::OrgAuditRead
        )
    }

    /// Whether a token that only reads may have it. Not what workspaces are given: the values of secrets are in it.
    pub const fn only_reads(self) -> bool {
        matches!(
            self,
            Self::OrgRead
                | Self::OrgProfileRead
                | Self::OrgAuditRead
                | Self::OrgStreamRead
                | Self::OrgAdminRead
                | Self::WorkspaceTokensRead
                | Self::OrgSecretsRead
                | Self::ServiceAccountsRead
                | Self::WorkspacesRead
                | Self::CloudRead
                | Self::AuthRead
                | Self::UsageRead
                | Self::BillingRead
                | Self::MetersRead
                | Self::PlansRead
                | Self::OrgsList
                | Self::OrgProcessesRead
                | Self::ProcessRead
                | Self::InstanceSettingsRead
                | Self::MailRead
                | Self::InstanceTokensRead
                | Self::StatsRead
                | Self::AuditVerify
                | Self::Whoami
                | Self::AccountRead
        )
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// By which rule an actor holds a permission; stands in the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    PlatformAdministrator,
    PartnerOwner,
    Owner,
    Member,
    External,
    Oneself,
    System,
    /// A token of the instance.
    AdminToken,
    /// A token that tells what was used.
    MeterToken,
    /// A token of one of the organization's workspaces.
    Workspace,
}

/// What is known of a signed-in actor in relation to the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    pub platform_admin: bool,
    /// A token of the instance, which stands for a platform administrator without an account.
    pub admin_token: bool,
    /// A token of the instance that tells what was used.
    pub meter_token: bool,
    /// A token of one of the target organization's workspaces.
    pub workspace_token: bool,
    /// The active role in the target organization, a person's or a service account's.
    pub role: Option<Role>,
    /// Active owner of the partner that manages the target organization.
    pub partner_owner: bool,
}

/// The rules that hold a permission, weakest need first.
const fn holders(permission: Permission) -> &'static [Via] {
    use Permission as P;
    match permission {
        P::OrgRead => &[Via::PlatformAdministrator, Via::Owner, Via::PartnerOwner, Via::Member, Via::External],
        P::OrgProfileRead | P::OrgProfileWrite | P::OrgAuditRead => {
            &[Via::PlatformAdministrator, Via::Owner, Via::PartnerOwner]
        }
        P::WorkspaceSettingsRead | P::WorkspacesWrite => &[Via::PlatformAdministrator, Via::Owner, Via::PartnerOwner],
        P::UsageRead | P::UsageLimitsWrite => &[Via::PlatformAdministrator, Via::Owner, Via::PartnerOwner],
        P::BillingRead | P::BillingWrite => &[Via::PlatformAdministrator, Via::Owner, Via::PartnerOwner],
        P::WorkspacesRead => &[Via::PlatformAdministrator, Via::Owner, Via::PartnerOwner, Via::Member],
        P::AuthRead | P::AuthWrite | P::AuthReset => &[Via::PlatformAdministrator, Via::Owner],
        P::OrgStreamRead | P::OrgStreamWrite => &[Via::PlatformAdministrator, Via::Owner],
        P::OrgSecretsRead | P::OrgSecretsWrite | P::CloudRead => &[Via::PlatformAdministrator, Via::Owner],
        // Not a partner's owners: such a token would outlast their power.
        P::WorkspaceTokensRead | P::WorkspaceTokensWrite => &[Via::PlatformAdministrator, Via::Owner],
        P::ServiceAccountsRead | P::ServiceAccountsWrite => &[Via::PlatformAdministrator, Via::Owner],
        P::CloudWrite | P::KeysRotate => &[Via::PlatformAdministrator],
        P::OrgAdminRead | P::OrgAdminWrite | P::RevisionRedact | P::BootstrapWrite => &[Via::PlatformAdministrator],
        // The instance's setting may keep owners from it.
        P::OrgDelete | P::OrgProcessesRead => &[Via::PlatformAdministrator, Via::Owner, Via::PartnerOwner],
        P::OrgHoldWrite | P::OrgRestore | P::OrgCreate | P::ProcessRead => &[Via::PlatformAdministrator],
        P::ProcessWrite | P::InstanceSettingsRead | P::InstanceSettingsWrite => &[Via::PlatformAdministrator],
        P::BillingSettle | P::PlansRead | P::PlansWrite => &[Via::PlatformAdministrator],
        P::MailRead | P::MailWrite | P::UsageWrite | P::MetersRead | P::MetersWrite => &[Via::PlatformAdministrator],
        P::InstanceTokensRead | P::InstanceTokensWrite => &[Via::PlatformAdministrator],
        P::PeopleWrite | P::PeopleErase | P::StatsRead | P::AuditVerify => &[Via::PlatformAdministrator],
        P::OrgsList | P::OwnSession | P::Whoami | P::AccountRead | P::AccountTokens => &[Via::Oneself],
    }
}

/// Whether `standing` holds `permission`, and by which rule.
pub fn can(permission: Permission, standing: Standing) -> Option<Via> {
    use Permission as P;
    if standing.admin_token {
        // It has no account of its own, but knows who it is and sees every organization.
        let holds = permission.scope() != Scope::Account || matches!(permission, P::OrgsList | P::Whoami);
        return holds.then_some(Via::AdminToken);
    }
    if standing.meter_token {
        return matches!(permission, P::UsageWrite | P::Whoami).then_some(Via::MeterToken);
    }
    if standing.workspace_token {
        return matches!(permission, P::OrgRead | P::WorkspaceSettingsRead | P::Whoami).then_some(Via::Workspace);
    }
    holders(permission).iter().copied().find(|via| match via {
        Via::PlatformAdministrator => standing.platform_admin,
        Via::PartnerOwner => standing.partner_owner,
        Via::Owner => standing.role == Some(Role::Owner),
        Via::Member => standing.role == Some(Role::Member),
        Via::External => standing.role == Some(Role::External),
        Via::Oneself => true,
        Via::System | Via::AdminToken | Via::MeterToken | Via::Workspace => false,
    })
}

/// Whether only platform administrators hold it; for everyone else it doesn't exist.
pub fn is_platform_only(permission: Permission) -> bool {
    matches!(holders(permission), [Via::PlatformAdministrator])
}

/// All permissions about an organization that `standing` holds there.
pub fn held(standing: Standing) -> Vec<Permission> {
    Permission::ALL.iter().copied().filter(|p| p.scope() == Scope::Org && can(*p, standing).is_some()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_role_by_permission_table_is_as_committed() {
        let standings = [
            ("outsider", Standing::default()),
            ("external", Standing { role: Some(Role::External), ..Standing::default() }),
            ("member", Standing { role: Some(Role::Member), ..Standing::default() }),
            ("owner", Standing { role: Some(Role::Owner), ..Standing::default() }),
            ("partner owner", Standing { partner_owner: true, ..Standing::default() }),
            ("administrator", Standing { platform_admin: true, ..Standing::default() }),
            ("admin token", Standing { admin_token: true, ..Standing::default() }),
            ("meter token", Standing { meter_token: true, ..Standing::default() }),
            ("workspace", Standing { workspace_token: true, ..Standing::default() }),
        ];
        let mut table = format!("{:30}", "permission");
        for (name, _) in standings {
            table += &format!("{name:15}");
        }
        for permission in Permission::ALL {
            table += &format!("\n{:30}", permission.name());
            for (_, standing) in standings {
                table += &format!("{:15}", if can(*permission, standing).is_some() { "yes" } else { "." });
            }
        }
        let table: Vec<&str> = table.lines().map(str::trim_end).collect();
        insta::assert_snapshot!("role_by_permission", table.join("\n"));
    }
}
