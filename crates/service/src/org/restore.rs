use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::OrgRestore;
use domain::org::OrgState;
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use crate::ctx::Ctx;
use crate::error::Error;

/// Calls off a deletion whose time of grace lasts: the organization is as it was, its workspaces asleep.
pub async fn restore(ctx: &Ctx, handle: &str) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<OrgRestore> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let org = grant.org(&tx)?.clone();
    let late = || Fault::conflict("The deletion has begun and can't be called off any more.");
    if org.state.is_open() {
        return Err(Fault::conflict("This organization isn't being deleted.").into());
    }
    if org.state != OrgState::PendingDeletion {
        return Err(late().into());
    }
    let process = storage::process::cancel(&mut tx, &grant).await?.ok_or_else(late)?;
    storage::deletion::reopen(&mut tx, &grant).await?;
    let action = Action::DeletionCancelled { process };
    tx.commit(Audit::one(Entry::new(Chain::Org(org.id), grant.who(), Some(grant.via()), action))).await?;
    Ok(())
}
