//! The plan of a deletion: what preview shows and apply compares.

use domain::Fault;
use domain::authz::Via;
use domain::authz::cap::OrgDelete;
use domain::id::PlanId;
use domain::instance::{InstanceSettings, PARTNER_GRACE_DAYS};
use domain::plan::{Act, PLAN_LIFETIME, PLAN_NAMES_SHOWN, PlanPreview, PlanSection, PlanSet};
use domain::profile::NameChange;
use storage::WriteTx;
use storage::authz::{Granted, Target};
use storage::plan::Plans;

use crate::cloud::{Listed, list_all};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::secret::Secret;

/// The deletion takes no arguments.
pub(super) const ARGUMENTS: &str = "{}";

/// Organizations named in the refusal.
const MANAGED_NAMED: i64 = 10;

/// An organization that still manages others can't be deleted.
pub(super) async fn refuse_while_managing(tx: &mut WriteTx, grant: &Granted<OrgDelete>) -> Result<(), Error> {
    let managed = storage::org::managed(tx, grant, MANAGED_NAMED).await?;
    if managed.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = managed.iter().map(|org| format!("{} ({})", org.display_name, org.handle)).collect();
    Err(Fault::conflict(format!(
        "This organization manages others, which must be moved to another partner first: {}.",
        names.join(", ")
    ))
    .into())
}

/// Records the plan of a deletion and answers what to show.
pub(super) async fn record(
    ctx: &Ctx,
    tx: &mut WriteTx,
    grant: &Granted<OrgDelete>,
    sets: &[PlanSet],
    looked: &[Listed],
) -> Result<PlanPreview, Error> {
    let stays = stays(grant.org(tx)?.handle.as_str());
    let goes = sets.iter().filter(|set| !set.ids.is_empty() || ALWAYS_SHOWN.contains(&set.kind.as_str())).map(section);
    let goes = goes.collect();
    let draft = Draft { act: Act::DeleteOrg, arguments: ARGUMENTS, sets, goes, changes: Vec::new(), stays };
    let preview = draft.record(ctx, tx, grant).await?;
    let settings = storage::instance::settings(tx).await?;
    let unknown = looked.iter().filter_map(|listed| {
        let error = listed.answer.as_ref().err()?;
        let name = &listed.account.name;
        let known = match listed.account.listed_at {
            Some(at) => format!("What it had at {} is listed", at.short()),
            None => "Nothing of it is listed".to_owned(),
        };
        Some(format!("The cloud account {name} could not be checked: {error} {known}; what else it has goes as well."))
    });
    Ok(PlanPreview { unknown: unknown.collect(), grace_days: grace_days(&settings, grant.via()), ..preview })
}

/// Shown even when there are none.
const ALWAYS_SHOWN: [&str; 4] = ["members", "people", "links", "revisions"];

/// Days between this actor's deletion and its beginning.
pub(super) fn grace_days(settings: &InstanceSettings, via: Via) -> u32 {
    match via {
        Via::PartnerOwner => settings.deletion_grace_days.max(PARTNER_GRACE_DAYS),
        _ => settings.deletion_grace_days,
    }
}

/// The instance may keep deleting to its administrators.
pub(super) async fn refuse_owners(tx: &mut WriteTx, grant: &Granted<OrgDelete>) -> Result<(), Error> {
    let asks = matches!(grant.via(), Via::Owner | Via::PartnerOwner);
    if asks && !storage::instance::settings(tx).await?.owners_may_delete {
        let message = "On this console organizations are deleted by its administrators. Ask them.";
        return Err(Fault::Forbidden { message: message.to_owned() }.into());
    }
    Ok(())
}

/// Asks every connector what runs there, outside of any transaction.
pub(super) async fn look(ctx: &Ctx, handle: &str) -> Result<Vec<Listed>, Error> {
    let accounts = {
        let mut tx = ctx.read().await?;
        let grant: Granted<OrgDelete> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
        storage::cloud::of_org(&mut tx, &grant).await?
    };
    list_all(ctx, accounts).await
}

/// A plan that nobody has seen yet.
pub(crate) struct Draft<'a> {
    pub act: Act,
    /// In canonical form.
    pub arguments: &'a str,
    /// What apply compares.
    pub sets: &'a [PlanSet],
    pub goes: Vec<PlanSection>,
    pub changes: Vec<NameChange>,
    pub stays: Vec<String>,
}

impl Draft<'_> {
    /// Keeps it for applying and answers what to show.
    pub async fn record<P: Plans>(self, ctx: &Ctx, tx: &mut WriteTx, grant: &Granted<P>) -> Result<PlanPreview, Error> {
        let token = Secret::random(ctx.services().rng());
        let expires_at = ctx.now().plus(PLAN_LIFETIME);
        let plan = storage::plan::NewPlan {
            id: ctx.new_id(PlanId::new),
            token_hash: &token.token_hash(),
            act: self.act,
            arguments: self.arguments,
            shown: self.sets,
            expires_at,
        };
        storage::plan::insert(tx, grant, &plan).await?;
        let org = grant.org(tx)?;
        Ok(PlanPreview {
            token: token.expose().to_owned(),
            act: self.act,
            handle: org.handle.clone(),
            display_name: org.display_name.clone(),
            goes: self.goes,
            changes: self.changes,
            new_handle: None,
            service_tokens: false,
            stays: self.stays,
            unknown: Vec::new(),
            grace_days: 0,
            expires_at,
        })
    }
}

fn section(set: &PlanSet) -> PlanSection {
    let count = set.ids.len() as u64;
    let label = match (set.kind.as_str(), count) {
        ("members", 1) => "membership",
        ("members", _) => "memberships",
        ("people", 1) => "person who belongs nowhere else, with their account",
        ("people", _) => "people who belong nowhere else, with their accounts",
        ("resources", 1) => "cloud resource that is ended at its provider",
        ("resources", _) => "cloud resources that are ended at their providers",
        ("workspaces", 1) => "workspace",
        ("workspaces", _) => "workspaces",
        ("cloud_accounts", 1) => "cloud account",
        ("cloud_accounts", _) => "cloud accounts",
        ("service_accounts", 1) => "service account, with its tokens",
        ("service_accounts", _) => "service accounts, with their tokens",
        ("secrets", 1) => "secret",
        ("secrets", _) => "secrets",
        ("links", 1) => "live bootstrap link",
        ("links", _) => "live bootstrap links",
        ("revisions", 1) => "revision of its settings",
        _ => "revisions of its settings",
    };
    PlanSection { label: label.to_owned(), count, names: set.names.iter().take(PLAN_NAMES_SHOWN).cloned().collect() }
}

fn stays(handle: &str) -> Vec<String> {
    vec![
        "The audit log of the organization.".to_owned(),
        "People who also belong to another organization, and platform administrators.".to_owned(),
        format!("The handle “{handle}”, held for 90 days so that nobody else can take it."),
    ]
}
