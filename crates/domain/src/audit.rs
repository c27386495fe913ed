//! The audit log's vocabulary: one variant a verb. An entry holds opaque ids and masked changes, never a secret, and
//! a person's particulars only as salted hashes (their plain form lives in a side table, which erasing clears).

use serde::{Deserialize, Serialize};

use crate::audit_stream::StreamPanel;
use crate::auth_policy::{AuthForm, AuthPolicy, ResetDone};
use crate::avatar::AvatarHash;
use crate::billing::page::ProvidedBy;
use crate::billing::{InvoiceNumber, PlanKey};
use crate::cloud::ConnectorKind;
use crate::id::{
    ActorId, CloudAccountId, DeviceId, LinkId, MailId, MemberId, OrgId, PersonId, ProcessId, SecretId,
    ServiceAccountId, SessionId, TokenId, WorkspaceId,
};
use crate::money::Money;
use crate::org::{Hold, OrgHeader};
use crate::people::{Role, Viewer};
use crate::revision::FieldChange;
use crate::time::Timestamp;
use crate::usage::{Day, Dimension, MeterKey};
use crate::workspace::WorkspaceAct;

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
    /// What the log shows of them beside the opaque id is cleared.
    #[serde(rename = "person.erased")]
    PersonErased { person: PersonId },
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
    TokenCreated {
        token: TokenId,
        name: String,
        scopes: String,
        expires_at: Option<Timestamp>,
        /// The service account or workspace it is for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<String>,
    },
    #[serde(rename = "token.changed")]
    TokenChanged {
        token: TokenId,
        /// Entries of earlier versions have none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        active: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<String>,
    },
    #[serde(rename = "token.deleted")]
    TokenDeleted {
        token: TokenId,
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<String>,
    },
    /// Somebody signed a program in.
    #[serde(rename = "device.approved")]
    DeviceApproved { device: DeviceId, client: String },
    #[serde(rename = "device.denied")]
    DeviceDenied { device: DeviceId, client: String },
    #[serde(rename = "organization.display_name_changed")]
    DisplayNameChanged { before: String, after: String },
    #[serde(rename = "organization.handle_changed")]
    HandleChanged { before: String, after: String },
    /// The hash of the new files.
    #[serde(rename = "organization.avatar_changed")]
    AvatarChanged { avatar: AvatarHash },
    #[serde(rename = "organization.avatar_reset")]
    AvatarReset,
    #[serde(rename = "organization.alias_retired")]
    AliasRetired { handle: String, held_until: Timestamp },
    #[serde(rename = "authentication.changed")]
    AuthChanged { version: i64, before: AuthPolicy, after: AuthPolicy },
    #[serde(rename = "authentication.reset")]
    AuthReset { done: ResetDone },
    #[serde(rename = "service_account.created")]
    ServiceAccountCreated { account: ServiceAccountId, name: String, role: Role },
    /// Names of the fields.
    #[serde(rename = "service_account.changed")]
    ServiceAccountChanged {
        account: ServiceAccountId,
        name: String,
        changed: Vec<String>,
        /// Before and after, where it changed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role: Option<(Role, Role)>,
    },
    #[serde(rename = "service_account.switched")]
    ServiceAccountSwitched { account: ServiceAccountId, name: String, active: bool },
    #[serde(rename = "service_account.deleted")]
    ServiceAccountDeleted { account: ServiceAccountId, name: String },
    #[serde(rename = "secret.set")]
    SecretSet { secret: SecretId, name: String, replaced: bool },
    #[serde(rename = "secret.removed")]
    SecretRemoved { secret: SecretId, name: String },
    #[serde(rename = "workspace.created")]
    WorkspaceCreated { workspace: WorkspaceId, name: String },
    #[serde(rename = "workspace.renamed")]
    WorkspaceRenamed { workspace: WorkspaceId, before: String, after: String },
    #[serde(rename = "workspace.moved")]
    WorkspaceMoved { workspace: WorkspaceId, name: String, act: WorkspaceAct },
    #[serde(rename = "workspace.deleted")]
    WorkspaceDeleted { workspace: WorkspaceId, name: String },
    #[serde(rename = "cloud_account.connected")]
    CloudAccountConnected { account: CloudAccountId, name: String, connector: ConnectorKind, url: String },
    /// Names of the fields, never the secret.
    #[serde(rename = "cloud_account.changed")]
    CloudAccountChanged { account: CloudAccountId, name: String, changed: Vec<String> },
    #[serde(rename = "cloud_account.disconnected")]
    CloudAccountDisconnected { account: CloudAccountId, name: String },
    #[serde(rename = "keys.rotated")]
    KeysRotated { key: String, values: u64 },
    #[serde(rename = "audit.exported")]
    AuditExported { format: String },
    /// Scheme and host of the address; the rest of it may be a secret.
    #[serde(rename = "audit_stream.set")]
    StreamSet { origin: String, replaced: bool },
    #[serde(rename = "audit_stream.secret_rotated")]
    StreamSecretRotated,
    #[serde(rename = "audit_stream.paused")]
    StreamPaused,
    #[serde(rename = "audit_stream.resumed")]
    StreamResumed,
    #[serde(rename = "audit_stream.tested")]
    StreamTested { arrived: bool },
    /// With the last entry that arrived.
    #[serde(rename = "audit_stream.removed")]
    StreamRemoved { origin: String, delivered: i64 },
    #[serde(rename = "organization.managed_by")]
    ManagedBySet { partner: OrgId },
    #[serde(rename = "organization.deletion_started")]
    DeletionStarted { process: ProcessId, goes: Vec<(String, u64)> },
    #[serde(rename = "organization.deletion_cancelled")]
    DeletionCancelled { process: ProcessId },
    #[serde(rename = "process.step_abandoned")]
    StepAbandoned { process: ProcessId, step: String, reason: String },
    #[serde(rename = "instance.setting_changed")]
    InstanceSettingChanged { name: String, before: String, after: String },
    #[serde(rename = "report.test_sent")]
    TestReportSent { recipients: u64 },
    #[serde(rename = "report.unsubscribed")]
    ReportUnsubscribed,
    /// Before and after, in words; `None` for no limit.
    #[serde(rename = "usage.limit_changed")]
    UsageLimitChanged { dimension: Dimension, before: Option<String>, after: Option<String> },
    #[serde(rename = "usage.capped")]
    UsageCapped { dimension: Dimension, used: String, limit: String },
    #[serde(rename = "usage.cap_lifted")]
    UsageCapLifted { dimension: Dimension },
    #[serde(rename = "usage.test_sent")]
    UsageTestSent { dimension: Dimension, recipients: u64 },
    #[serde(rename = "usage.exported")]
    UsageExported { first: Day, last: Day },
    #[serde(rename = "meter.created")]
    MeterCreated { meter: MeterKey },
    /// Names of the fields.
    #[serde(rename = "meter.changed")]
    MeterChanged { meter: MeterKey, changed: Vec<String> },
    #[serde(rename = "plan.created")]
    PlanCreated { plan: PlanKey },
    /// Names of the fields.
    #[serde(rename = "plan.changed")]
    PlanChanged { plan: PlanKey, changed: Vec<String> },
    #[serde(rename = "subscription.started")]
    SubscriptionStarted { plan: PlanKey, by: ProvidedBy, trial: bool },
    #[serde(rename = "subscription.changed")]
    SubscriptionChanged { before: PlanKey, after: PlanKey },
    /// At the end of its cycle, unless that is undone.
    #[serde(rename = "subscription.cancelled")]
    SubscriptionCancelled { plan: PlanKey },
    #[serde(rename = "subscription.cancel_undone")]
    SubscriptionKept { plan: PlanKey },
    #[serde(rename = "subscription.lapsed")]
    SubscriptionLapsed { plan: PlanKey },
    #[serde(rename = "subscription.ended")]
    SubscriptionEnded { plan: PlanKey },
    #[serde(rename = "invoice.issued")]
    InvoiceIssued { number: InvoiceNumber, total: Money },
    #[serde(rename = "invoice.paid")]
    InvoicePaid { number: InvoiceNumber, total: Money, note: String },
    #[serde(rename = "invoice.voided")]
    InvoiceVoided { number: InvoiceNumber, total: Money, reason: String },
    /// What it is called; never a card's number.
    #[serde(rename = "payment_method.added")]
    PaymentMethodAdded { label: String },
    #[serde(rename = "payment_method.default_set")]
    PaymentMethodDefaultSet { label: String },
    #[serde(rename = "payment_method.removed")]
    PaymentMethodRemoved { label: String },
    #[serde(rename = "mail.revealed")]
    MailRevealed { mail: MailId, subject: String },
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
    Token {
        token: TokenId,
    },
    ServiceAccount {
        account: ServiceAccountId,
        token: TokenId,
    },
    /// A token of a workspace.
    Workspace {
        workspace: WorkspaceId,
        token: TokenId,
    },
    /// The administration token of the configuration.
    AdministrationToken,
    /// Someone not signed in, holding a one-time link or trying to sign in.
    Anonymous,
    /// The server's own jobs and command line.
    System,
}

/// What the log may be asked for; unknown values fall back to no filter, so that a link never fails.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditQuery {
    /// A tag of [`ACTIONS`].
    pub action: Option<String>,
    /// Who did it.
    pub actor: Option<ActorId>,
    /// Days in UTC, `YYYY-MM-DD`, both included.
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    /// Entries before this number; for the next page.
    pub before: Option<i64>,
}

impl AuditQuery {
    /// Reads URL parameters; `get` looks one up.
    pub fn from_params(get: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            action: get("action").filter(|tag| ACTIONS.iter().any(|(known, _)| known == tag)),
            actor: get("actor").and_then(|id| id.parse().ok()),
            from: get("from").as_deref().and_then(Timestamp::parse_day),
            until: get("until").as_deref().and_then(Timestamp::parse_day),
            before: get("before").and_then(|seq| seq.parse().ok()),
        }
    }

    /// The URL parameters of what is asked for, unescaped.
    pub fn to_params(&self) -> Vec<(&'static str, String)> {
        let parameters = [
            ("action", self.action.clone()),
            ("actor", self.actor.map(|actor| actor.to_string())),
            ("from", self.from.map(Timestamp::day)),
            ("until", self.until.map(Timestamp::day)),
            ("before", self.before.map(|seq| seq.to_string())),
        ];
        parameters.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    pub fn is_filtered(&self) -> bool {
        self.action.is_some() || self.actor.is_some() || self.from.is_some() || self.until.is_some()
    }
}

/// What an organization's log may hold: the tag of an action, and what it is called.
pub const ACTIONS: &[(&str, &str)] = &[
    ("organization.created", "Organization created"),
    ("organization.reconfigured", "Organization configured anew"),
    ("organization.settings_saved", "Settings saved"),
    ("organization.revision_restored", "Revision restored"),
    ("organization.revision_redacted", "Revision redacted"),
    ("organization.display_name_changed", "Display name changed"),
    ("organization.handle_changed", "Handle changed"),
    ("organization.avatar_changed", "Avatar changed"),
    ("organization.avatar_reset", "Avatar reset"),
    ("organization.alias_retired", "Alias retired"),
    ("organization.hold_set", "Hold set"),
    ("organization.hold_lifted", "Hold lifted"),
    ("organization.managed_by", "Managing partner set"),
    ("organization.deletion_started", "Deletion started"),
    ("organization.deletion_cancelled", "Deletion called off"),
    ("process.step_abandoned", "Step of a process given up"),
    ("bootstrap_link.rotated", "Bootstrap link made"),
    ("bootstrap_link.revoked", "Bootstrap link revoked"),
    ("bootstrap_link.redeemed", "Bootstrap link redeemed"),
    ("member.added", "Member added"),
    ("person.removed", "Person removed"),
    ("authentication.changed", "Authentication changed"),
    ("authentication.reset", "Authentication reset"),
    ("service_account.created", "Service account added"),
    ("service_account.changed", "Service account changed"),
    ("service_account.switched", "Service account turned on or off"),
    ("service_account.deleted", "Service account deleted"),
    ("token.created", "Token made"),
    ("token.changed", "Token turned on or off"),
    ("token.deleted", "Token deleted"),
    ("workspace.created", "Workspace created"),
    ("workspace.renamed", "Workspace renamed"),
    ("workspace.moved", "Workspace put to sleep, woken, archived or restored"),
    ("workspace.deleted", "Workspace deleted"),
    ("secret.set", "Secret set"),
    ("secret.removed", "Secret removed"),
    ("cloud_account.connected", "Cloud account connected"),
    ("cloud_account.changed", "Cloud account changed"),
    ("cloud_account.disconnected", "Cloud account disconnected"),
    ("audit.exported", "Audit log exported"),
    ("audit_stream.set", "Audit log stream set"),
    ("audit_stream.secret_rotated", "Secret of the audit log stream rotated"),
    ("audit_stream.paused", "Audit log stream paused"),
    ("audit_stream.resumed", "Audit log stream resumed"),
    ("audit_stream.tested", "Audit log stream tested"),
    ("audit_stream.removed", "Audit log stream turned off"),
    ("report.test_sent", "Test report sent"),
    ("report.unsubscribed", "Recipient unsubscribed from the report"),
    ("usage.limit_changed", "Limit of use changed"),
    ("usage.capped", "Use capped"),
    ("usage.cap_lifted", "Cap on use lifted"),
    ("usage.test_sent", "Test warning of use sent"),
    ("usage.exported", "Use exported"),
    ("subscription.started", "Plan begun"),
    ("subscription.changed", "Plan changed"),
    ("subscription.cancelled", "Plan cancelled"),
    ("subscription.cancel_undone", "Cancellation of the plan undone"),
    ("subscription.lapsed", "Plan lapsed"),
    ("subscription.ended", "Plan ended"),
    ("invoice.issued", "Invoice issued"),
    ("invoice.paid", "Invoice paid"),
    ("invoice.voided", "Invoice voided"),
    ("payment_method.added", "Way to pay added"),
    ("payment_method.default_set", "Default way to pay changed"),
    ("payment_method.removed", "Way to pay removed"),
];

/// Who stands for somebody whose name is no longer kept.
pub const REMOVED_PERSON: &str = "A person who was removed";

/// What a tag is called; the tag itself when a newer version wrote it.
pub fn label(tag: &str) -> &str {
    ACTIONS.iter().find(|(known, _)| *known == tag).map_or(tag, |(_, label)| label)
}

impl Action {
    /// What the entry tells beside its label: a name and its value each, secrets masked.
    pub fn details(&self) -> Vec<(String, String)> {
        let pair = |name: &str, value: &dyn std::fmt::Display| (name.to_owned(), value.to_string());
        let changes = |version: i64, changes: &[FieldChange], reason: &Option<String>| {
            let version = std::iter::once(pair("Version", &version));
            let changes =
                changes.iter().map(|change| (change.label.clone(), format!("{} → {}", change.before, change.after)));
            let reason = reason.iter().map(|reason| pair("Reason", reason));
            version.chain(changes).chain(reason).collect::<Vec<_>>()
        };
        match self {
            Self::OrgCreated { handle, display_name } => {
                vec![pair("Handle", handle), pair("Display name", display_name)]
            }
            Self::SettingsSaved { version, changes: changed, reason } => changes(*version, changed, reason),
            Self::RevisionRestored { version, restored, changes: changed, reason } => {
                let restored = std::iter::once(pair("Restored", restored));
                restored.chain(changes(*version, changed, reason)).collect()
            }
            Self::RevisionRedacted { version, reason } => vec![pair("Revision", version), pair("Reason", reason)],
            Self::DisplayNameChanged { before, after } | Self::HandleChanged { before, after } => {
                vec![("Change".to_owned(), format!("{before} → {after}"))]
            }
            Self::AliasRetired { handle, held_until } => {
                vec![pair("Handle", handle), pair("Held until", &held_until.short())]
            }
            Self::HoldSet { hold } | Self::HoldLifted { hold } => vec![pair("Hold", &hold.name())],
            Self::MemberAdded { role, .. } => vec![pair("Role", role)],
            Self::DeletionStarted { goes, .. } => goes.iter().map(|(kind, count)| pair(kind, count)).collect(),
            Self::AuthChanged { before, after, .. } => {
                let (before, after) = (AuthForm::from(before), AuthForm::from(after));
                let fields = [
                    ("Console sessions, hours", before.console_hours, after.console_hours),
                    ("Command line, hours", before.cli_hours, after.cli_hours),
                    ("Tokens, days", before.token_days, after.token_days),
                    ("Trusted domains", before.trusted_domains, after.trusted_domains),
                ];
                let or_none = |text: String| if text.is_empty() { "not set".to_owned() } else { text };
                let changed = fields.into_iter().filter(|(_, before, after)| before != after);
                changed
                    .map(|(name, before, after)| (name.to_owned(), format!("{} → {}", or_none(before), or_none(after))))
                    .collect()
            }
            Self::AuthReset { done } => vec![
                pair("People", &done.people),
                pair("Sessions", &done.sessions),
                pair("Tokens", &done.tokens),
                pair("Tokens of programs", &done.service_tokens),
            ],
            Self::SecretSet { name, replaced, .. } => {
                let what = if *replaced { "New value" } else { "New secret" };
                vec![pair("Name", name), pair("What", &what)]
            }
            Self::ServiceAccountCreated { name, role, .. } => vec![pair("Name", name), pair("Role", role)],
            Self::ServiceAccountChanged { name, changed, role, .. } => {
                let role = role.iter().map(|(before, after)| ("Role".to_owned(), format!("{before} → {after}")));
                [pair("Name", name), pair("Changed", &changed.join(", "))].into_iter().chain(role).collect()
            }
            Self::ServiceAccountSwitched { name, active, .. } => {
                vec![pair("Name", name), pair("State", if *active { &"On" } else { &"Off" })]
            }
            Self::TokenCreated { name, scopes, expires_at, of, .. } => {
                let expires = expires_at.map_or_else(|| "Never".to_owned(), Timestamp::short);
                let said = [pair("Name", name), pair("Scopes", scopes), pair("Expires", &expires)];
                of.iter().map(|of| pair("Of", of)).chain(said).collect()
            }
            Self::TokenChanged { name, active, of, .. } => {
                let state = pair("State", if *active { &"On" } else { &"Off" });
                let said = of.iter().map(|of| pair("Of", of)).chain(name.iter().map(|name| pair("Name", name)));
                said.chain([state]).collect()
            }
            Self::TokenDeleted { name, of, .. } => {
                of.iter().map(|of| pair("Of", of)).chain([pair("Name", name)]).collect()
            }
            Self::SecretRemoved { name, .. }
            | Self::ServiceAccountDeleted { name, .. }
            | Self::WorkspaceCreated { name, .. }
            | Self::WorkspaceDeleted { name, .. }
            | Self::CloudAccountDisconnected { name, .. } => vec![pair("Name", name)],
            Self::WorkspaceRenamed { before, after, .. } => vec![("Change".to_owned(), format!("{before} → {after}"))],
            Self::WorkspaceMoved { name, act, .. } => vec![pair("Name", name), pair("Act", &act.label())],
            Self::CloudAccountConnected { name, connector, url, .. } => {
                vec![pair("Name", name), pair("Connector", &connector.label()), pair("Address", url)]
            }
            Self::CloudAccountChanged { name, changed, .. } => {
                vec![pair("Name", name), pair("Changed", &changed.join(", "))]
            }
            Self::StepAbandoned { step, reason, .. } => vec![pair("Step", step), pair("Reason", reason)],
            Self::TestReportSent { recipients } => vec![pair("Recipients", recipients)],
            Self::UsageLimitChanged { dimension, before, after } => {
                let words = |limit: &Option<String>| limit.clone().unwrap_or_else(|| "none".to_owned());
                vec![(dimension.label().to_owned(), format!("{} → {}", words(before), words(after)))]
            }
            Self::UsageCapped { dimension, used, limit } => {
                vec![pair("Dimension", &dimension.label()), pair("Used", used), pair("Limit", limit)]
            }
            Self::UsageCapLifted { dimension } => vec![pair("Dimension", &dimension.label())],
            Self::UsageTestSent { dimension, recipients } => {
                vec![pair("Dimension", &dimension.label()), pair("Recipients", recipients)]
            }
            Self::SubscriptionStarted { plan, by, trial } => {
                let by = match by {
                    ProvidedBy::Direct => "Bought",
                    ProvidedBy::Partner => "Provided by the partner",
                    ProvidedBy::Platform => "Provided by the platform",
                };
                let trial = trial.then(|| pair("Trial", &"yes"));
                [pair("Plan", plan), pair("How", &by)].into_iter().chain(trial).collect()
            }
            Self::SubscriptionChanged { before, after } => vec![("Plan".to_owned(), format!("{before} → {after}"))],
            Self::SubscriptionCancelled { plan }
            | Self::SubscriptionKept { plan }
            | Self::SubscriptionLapsed { plan }
            | Self::SubscriptionEnded { plan } => vec![pair("Plan", plan)],
            Self::InvoiceIssued { number, total } => vec![pair("Number", number), pair("Total", total)],
            Self::InvoicePaid { number, total, note } => {
                let note = (!note.is_empty()).then(|| pair("Note", note));
                [pair("Number", number), pair("Total", total)].into_iter().chain(note).collect()
            }
            Self::InvoiceVoided { number, total, reason } => {
                vec![pair("Number", number), pair("Total", total), pair("Reason", reason)]
            }
            Self::PaymentMethodAdded { label }
            | Self::PaymentMethodDefaultSet { label }
            | Self::PaymentMethodRemoved { label } => vec![pair("What", label)],
            Self::UsageExported { first, last } => vec![("Days".to_owned(), format!("{first} to {last}"))],
            Self::AuditExported { format } => vec![pair("Format", format)],
            Self::StreamSet { origin, replaced } => {
                let what = if *replaced { "Another address" } else { "New stream" };
                vec![pair("Address", origin), pair("What", &what)]
            }
            Self::StreamTested { arrived } => vec![pair("Arrived", if *arrived { &"yes" } else { &"no" })],
            Self::StreamRemoved { origin, delivered } => {
                vec![pair("Address", origin), pair("Delivered up to entry", delivered)]
            }
            _ => Vec::new(),
        }
    }
}

/// An entry for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    /// Counts up by one within the chain.
    pub seq: i64,
    pub at: Timestamp,
    /// The tag of the action.
    pub action: String,
    pub who: String,
    /// For a filter by who did it.
    pub actor: Option<ActorId>,
    /// A name and its value each.
    pub details: Vec<(String, String)>,
    pub address: Option<String>,
    pub request: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditPage {
    pub viewer: Viewer,
    pub org: OrgHeader,
    pub query: AuditQuery,
    /// Newest first.
    pub rows: Vec<AuditRow>,
    /// Whether there are older ones.
    pub more: bool,
    /// `None` for those who may not see where the log is streamed to.
    pub stream: Option<StreamPanel>,
    pub now: Timestamp,
}
