use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::OrgDelete;
use domain::id::{JobId, ProcessId};
use domain::plan::{Act, grew};
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use super::plan;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::secret::Secret;

/// Applies a deletion plan: closes the organization at once and leaves the rest to a job. Answers the process to
/// watch. When more would go than was shown, nothing happens and the fault holds a new preview.
pub async fn delete(ctx: &Ctx, handle: &str, token: &str, confirm: &str) -> Result<ProcessId, Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<OrgDelete> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
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
    let sets = storage::plan::deletion_sets(&mut tx, &grant, ctx.now()).await?;
    if grew(&shown, &sets) {
        let preview = Box::new(plan::record(ctx, &mut tx, &grant, &sets).await?);
        tx.commit(Audit::none("the plan was refused and replaced by a new preview")).await?;
        return Err(Fault::PlanGrew { preview }.into());
    }
    let process = ctx.new_id(ProcessId::new);
    storage::process::start_deletion(&mut tx, &grant, process).await?;
    storage::job::insert(&mut tx, ctx.new_id(JobId::new), crate::job::DELETE_ORG, process).await?;
    let goes = sets.iter().map(|set| (set.kind.clone(), set.ids.len() as u64)).collect();
    let action = Action::DeletionStarted { process, goes };
    tx.commit(Audit::one(Entry::new(Chain::Org(org.id), grant.who(), Some(grant.via()), action))).await?;
    ctx.services().jobs.notify_one();
    Ok(process)
}
