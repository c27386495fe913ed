use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::Permission;
use domain::authz::cap::OrgDelete;
use domain::id::{JobId, ProcessId};
use domain::plan::{Act, PlanSet, grew};
use domain::time::Span;
use storage::authz::{Granted, Target};
use storage::process::Subject;
use storage::{Audit, Entry};

use super::plan;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::job::deletion::state_during;
use crate::secret::Secret;
use crate::workspace::announce;

/// A deletion that was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deleted {
    pub process: ProcessId,
    /// Whether the actor may watch it; an owner is shut out with everybody else.
    pub may_watch: bool,
}

/// Applies a deletion plan: closes the organization at once and leaves the rest to a job, which begins after the time of
/// grace. When more would go than was shown, nothing happens and the fault holds a new preview.
pub async fn delete(ctx: &Ctx, handle: &str, token: &str, confirm: &str) -> Result<Deleted, Error> {
    let looked = plan::look(ctx, handle).await?;
    let mut tx = ctx.write().await?;
    let grant: Granted<OrgDelete> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    plan::refuse_owners(&mut tx, &grant).await?;
    let org = grant.org(&tx)?.clone();
    if confirm != org.handle.as_str() {
        return Err(Fault::invalid(
            "confirm",
            format!("Type the organization's handle exactly as it is written: {}", org.handle),
        )
        .into());
    }
    let token_hash = Secret::from(token.to_owned()).token_hash();
    let shown =
        storage::plan::take(&mut tx, &grant, &token_hash, Act::DeleteOrg, plan::ARGUMENTS).await?.ok_or_else(|| {
            Fault::conflict("The preview has expired or was used already. Nothing was deleted. Open it again.")
        })?;
    plan::refuse_while_managing(&mut tx, &grant).await?;
    for listed in &looked {
        listed.keep(ctx, &mut tx, &grant).await?;
    }
    let sets = storage::plan::deletion_sets(&mut tx, &grant, ctx.now()).await?;
    if grew(&shown, &sets) {
        let preview = Box::new(plan::record(ctx, &mut tx, &grant, &sets, &looked).await?);
        tx.commit(Audit::none("the plan was refused and replaced by a new preview")).await?;
        return Err(Fault::PlanGrew { preview }.into());
    }
    let grace_days = plan::grace_days(&storage::instance::settings(&mut tx).await?, grant.via());
    let due_at = (grace_days > 0).then(|| ctx.now().plus(Span::days(i64::from(grace_days))));
    let process = ctx.new_id(ProcessId::new);
    storage::deletion::close(&mut tx, &grant, state_during(grace_days)).await?;
    if due_at.is_some() {
        for (id, name, version) in storage::deletion::rest_workspaces(&mut tx, &grant).await? {
            announce::slept(ctx, &mut tx, &grant, id, &name, version).await?;
        }
    }
    let resources: Vec<Subject> =
        subjects(&sets, "resources").into_iter().map(|(id, name)| (id, format!("End {name}"))).collect();
    let accounts: Vec<Subject> = subjects(&sets, "cloud_accounts")
        .into_iter()
        .map(|(id, name)| (id, format!("Make sure that nothing is left in {name}")))
        .collect();
    storage::process::insert_deletion(&mut tx, &grant, process, due_at, &resources, &accounts).await?;
    let job = ctx.new_id(JobId::new);
    storage::job::insert(&mut tx, job, crate::job::DELETE_ORG, process, due_at.unwrap_or_else(|| ctx.now())).await?;
    let goes = sets.iter().map(|set| (set.kind.clone(), set.ids.len() as u64)).collect();
    let action = Action::DeletionStarted { process, goes };
    let may_watch = grant.also(Permission::ProcessRead);
    tx.commit(Audit::one(Entry::new(Chain::Org(org.id), grant.who(), Some(grant.via()), action))).await?;
    ctx.services().jobs.notify_one();
    Ok(Deleted { process, may_watch })
}

/// Ids and names of everything of one kind.
fn subjects(sets: &[PlanSet], kind: &str) -> Vec<Subject> {
    let of_kind = sets.iter().filter(|set| set.kind == kind);
    of_kind.flat_map(|set| set.ids.iter().cloned().zip(set.names.iter().cloned())).collect()
}
