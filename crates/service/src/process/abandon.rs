use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::ProcessWrite;
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;

/// Gives up a step that can't succeed; the process goes on without it, and its report says so.
pub async fn abandon(ctx: &Ctx, process: &str, position: i64, reason: &str) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<ProcessWrite> = tx.authorize(&ctx.actor(), Target::None, ctx.now()).await?;
    let id = process.parse().map_err(|_| Fault::NotFound)?;
    let found = storage::process::find(&mut tx, &grant, id).await?.ok_or(Fault::NotFound)?;
    let reason = crate::org::reason(reason)?;
    let reason = reason.ok_or_else(|| Fault::invalid("reason", "Say why; the final report shows it."))?;
    let step = found.steps.into_iter().find(|step| step.position == position).ok_or(Fault::NotFound)?;
    if !step.step.may_be_abandoned() {
        return Err(Fault::conflict("This step works here alone and can't be given up. It is tried again.").into());
    }
    let label = storage::process::abandon(&mut tx, &grant, id, position, reason).await?;
    let label = label.ok_or_else(|| Fault::conflict("The step is over already."))?;
    storage::job::hurry(&mut tx, &grant, id).await?;
    let action = Action::StepAbandoned { process: id, step: label, reason: reason.to_owned() };
    tx.commit(Audit::one(Entry::new(Chain::Org(found.org), grant.who(), Some(grant.via()), action))).await?;
    ctx.services().jobs.notify_one();
    Ok(())
}
