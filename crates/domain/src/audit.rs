//! The audit log's vocabulary: one variant a verb. An entry holds opaque ids and masked changes, never a secret, and
//! a person's particulars only as salted hashes (their plain form lives in a side table, which erasing clears).

use serde::{Deserialize, Serialize};

use crate::id::{LinkId, MemberId, OrgId, PersonId, ProcessId, SessionId, TokenId};
use crate::org::Hold;
use crate::people::Role;
use crate::revision::FieldChange;
use crate::time::Timestamp;

/// Which chain an entry belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Chain {
    /// Sign-in and credentials of one person.
    Account(PersonId),
    /// What concerns the whole instance.
    Instance,
    Org(OrgId),
}

impl Chain {
    /// As stored.
    pub fn name(&self) -> String {
        match self {
            Self::Account(person) => format!("account:{person}"),
            Self::Instance => "instance".to_owned(),
            Self::Org(org) => format!("org:{org}"),
        }
    }
}

/// What was done. Serialized with a stable tag, which is the verb that filters name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "action")]
pub enum Action {
    #[serde(rename = "instance.set_up")]
    InstanceSetUp { person: PersonId },
    #[serde(rename = "setup_link.made")]
    SetupLinkMade { link: LinkId },
    #[serde(rename = "person.created")]
    PersonCreated { person: PersonId, platform_admin: bool },
    #[serde(rename = "person.removed")]
    PersonRemoved { person: PersonId },
    #[serde(rename = "session.started")]
    SignedIn { session: SessionId },
    #[serde(rename = "session.refused")]
    SignInRefused { count: i64 },
    #[serde(rename = "session.ended")]
    SignedOut { session: SessionId },
    #[serde(rename = "organization.created")]
    OrgCreated { handle: String, display_name: String },
    #[serde(rename = "organization.settings_saved")]
    SettingsSaved { version: i64, changes: Vec<FieldChange>, reason: Option<String> },
    #[serde(rename = "organization.revision_restored")]
    RevisionRestored { version: i64, restored: i64, changes: Vec<FieldChange>, reason: Option<String> },
    #[serde(rename = "organization.revision_redacted")]
    RevisionRedacted { version: i64, reason: String },
    #[serde(rename = "bootstrap_link.rotated")]
    BootstrapLinkRotated { link: LinkId },
    #[serde(rename = "bootstrap_link.revoked")]
    BootstrapLinkRevoked { link: LinkId },
    #[serde(rename = "bootstrap_link.redeemed")]
    BootstrapLinkRedeemed { link: LinkId, member: MemberId },
    #[serde(rename = "member.added")]
    MemberAdded { member: MemberId, person: PersonId, role: Role },
    /// Created again through the administration API before its bootstrap.
    #[serde(rename = "organization.reconfigured")]
    OrgReconfigured,
    #[serde(rename = "organization.hold_set")]
    HoldSet { hold: Hold },
    #[serde(rename = "organization.hold_lifted")]
    HoldLifted { hold: Hold },
    #[serde(rename = "token.created")]
    TokenCreated { token: TokenId, name: String, scopes: String, expires_at: Option<Timestamp> },
    #[serde(rename = "token.changed")]
    TokenChanged { token: TokenId, active: bool },
    #[serde(rename = "token.deleted")]
    TokenDeleted { token: TokenId, name: String },
    #[serde(rename = "organization.display_name_changed")]
    DisplayNameChanged { before: String, after: String },
    #[serde(rename = "organization.handle_changed")]
    HandleChanged { before: String, after: String },
    #[serde(rename = "organization.alias_retired")]
    AliasRetired { handle: String, held_until: Timestamp },
    #[serde(rename = "organization.managed_by")]
    ManagedBySet { partner: OrgId },
    #[serde(rename = "organization.deletion_started")]
    DeletionStarted { process: ProcessId, goes: Vec<(String, u64)> },
    #[serde(rename = "organization.deleted")]
    OrgDeleted { process: ProcessId, org: OrgId, handle: String, chain_seq: i64, chain_hash: String },
}

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Who {
    Person {
        person: PersonId,
        impersonator: Option<PersonId>,
        /// The personal token they used instead of the console.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token: Option<TokenId>,
    },
    /// A token of the instance.
    Token { token: TokenId },
    /// The administration token of the configuration.
    AdministrationToken,
    /// Someone not signed in, holding a one-time link or trying to sign in.
    Anonymous,
    /// The server's own jobs and command line.
    System,
}
