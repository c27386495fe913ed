//! The plan of a deletion: what preview shows and apply compares.

use domain::Fault;
use domain::authz::cap::OrgDelete;
use domain::id::PlanId;
use domain::plan::{Act, PLAN_LIFETIME, PLAN_NAMES_SHOWN, PlanPreview, PlanSection, PlanSet};
use storage::WriteTx;
use storage::authz::Granted;

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

/// Records a plan for `sets` and answers what to show.
pub(super) async fn record(
    ctx: &Ctx,
    tx: &mut WriteTx,
    grant: &Granted<OrgDelete>,
    sets: &[PlanSet],
) -> Result<PlanPreview, Error> {
    let token = Secret::random(ctx.services().rng());
    let expires_at = ctx.now().plus(PLAN_LIFETIME);
    let plan = storage::plan::NewPlan {
        id: ctx.new_id(PlanId::new),
        token_hash: &token.token_hash(),
        act: Act::DeleteOrg,
        arguments: ARGUMENTS,
        shown: sets,
        expires_at,
    };
    storage::plan::insert(tx, grant, &plan).await?;
    let org = grant.org(tx)?;
    Ok(PlanPreview {
        token: token.expose().to_owned(),
        act: Act::DeleteOrg,
        handle: org.handle.clone(),
        display_name: org.display_name.clone(),
        goes: sets.iter().map(section).collect(),
        stays: stays(org.handle.as_str()),
        expires_at,
    })
}

fn section(set: &PlanSet) -> PlanSection {
    let count = set.ids.len() as u64;
    let label = match (set.kind.as_str(), count) {
        ("members", 1) => "membership",
        ("members", _) => "memberships",
        ("people", 1) => "person who belongs nowhere else, with their account",
        ("people", _) => "people who belong nowhere else, with their accounts",
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
