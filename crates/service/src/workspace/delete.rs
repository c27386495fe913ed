use domain::Fault;
use domain::audit::{Action, Chain};
use domain::authz::cap::WorkspacesWrite;
use storage::authz::{Granted, Target};
use storage::{Audit, Entry};

use super::{announce, row};
use crate::ctx::Ctx;
use crate::error::Error;

/// Deletes an archived workspace for good, once the minimum archiving period is over.
pub async fn delete(ctx: &Ctx, handle: &str, workspace: &str) -> Result<(), Error> {
    let mut tx = ctx.write().await?;
    let grant: Granted<WorkspacesWrite> = tx.authorize(&ctx.actor(), Target::Handle(handle), ctx.now()).await?;
    let id = workspace.parse().map_err(|_| Fault::NotFound)?;
    let stored = storage::workspace::find(&mut tx, &grant, id).await?.ok_or(Fault::NotFound)?;
    let settings = storage::org::settings(&mut tx, &grant).await?.settings;
    let org = grant.header(&tx)?;
    let gone = row(stored, &org, &settings);
    if !gone.is_deletable(ctx.now()) {
        let message = match gone.deletable_at {
            Some(at) => format!("The workspace “{}” can be deleted from {} on.", gone.name, at.short()),
            None => format!("Archive the workspace “{}” first.", gone.name),
        };
        return Err(Fault::conflict(message).into());
    }
    storage::workspace::delete(&mut tx, &grant, id).await?;
    announce::change(ctx, &mut tx, &grant, "workspace.deleted", &gone, None).await?;
    let action = Action::WorkspaceDeleted { workspace: id, name: gone.name.to_string() };
    tx.commit(Audit::one(Entry::new(Chain::Org(org.id), grant.who(), Some(grant.via()), action))).await?;
    ctx.services().jobs.notify_one();
    Ok(())
}
